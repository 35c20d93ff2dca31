"""Exercises on finding what is wrong with a network."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from exercises.checks.engine import Case, altered
from exercises.checks.topic import Topic
from rnn_lib.encoding import one_hot
from rnn_lib.gradcheck import check_gradients

if TYPE_CHECKING:
    from exercises.box.arguments import Suspect

topic = Topic("05_broken_notebook")
Array = np.ndarray
PREPARE = "exercises.box.arguments:with_network"
LIMIT = 1e-6


def _drawn_rows(seed: int, N: int, T: int, K: int) -> tuple[Array, Array]:
    """Return random inputs (N, T, K) and targets (N, T)."""
    rng = np.random.default_rng(seed)
    read, answers = rng.integers(0, K, (2, N, T))
    return one_hot(read, K), answers


def _read_cases() -> list[Case]:
    original = (
        "def backward(self, t, delta_output):\n"
        "    delta_activatiation = delta_output + self.next_delta\n"
        "    delta_sum = delta_activation * (1 - self.states[t] ** 2)\n"
        "    return delta_sum\n"
    )
    loop = "for t, (x, y) in rows:\n    h = x\n    first, last = h, t\nprint(last)\n"
    loop += "f = lambda unused: 1\nprint(f)\n"
    return [
        Case("one line", ("a = 1",)),
        Case("assigned and read", ("a = 1\nprint(a)\na = 2",)),
        Case("a line of the original", (original,), True),
        Case("assigned twice", ("los = 1\nlos = 2\nprint(loss)",)),
        Case("a loop, and several names at once", (loop,)),
        Case("an attribute is no name", ("self.states = h = None\nprint(self.h)",)),
    ]


@topic.exercise(
    title="The other half of a misspelling",
    points=2,
    minutes=8,
    cases=_read_cases,
    section="Errors that can be found without running",
)
def never_read(source: str) -> list[str]:
    """Return the names that are assigned and never read, in alphabetical order."""
    return sorted(set(_names(source, ast.Store)) - set(_names(source, ast.Load)))


def _names(source: str, context: type) -> list[str]:
    """Return the names that are assigned, or those that are read, repeats kept."""
    names = [node for node in ast.walk(ast.parse(source)) if type(node) is ast.Name]
    return [name.id for name in names if type(name.ctx) is context]


never_read.wrong_answer(
    "never written",
    "the names are listed that are read and never assigned: that is the other list, "
    "and the one of this section",
    lambda source: sorted(
        set(_names(source, ast.Load)) - set(_names(source, ast.Store))
    ),
)


@never_read.wrong_answer(
    "occurs once",
    "names that occur only once are listed; one that is assigned twice and never read "
    "is missed",
)
def _(source):
    written, read = _names(source, ast.Store), _names(source, ast.Load)
    return sorted(name for name in set(written) if (written + read).count(name) == 1)


never_read.wrong_answer(
    "all written",
    "every name that is assigned is listed, read or not",
    lambda source: sorted(set(_names(source, ast.Store))),
)
never_read.wrong_answer(
    "named twice",
    "a name is listed once for each assignment; make it a set first",
    lambda source: sorted(
        name
        for name in _names(source, ast.Store)
        if name not in _names(source, ast.Load)
    ),
)


def _answer_cases() -> list[Case]:
    tried = [
        ("a healthy network", "healthy", 51, 3),
        ("the state of one batch starts the next", "state carried over", 53, 3),
        ("new input weights for each batch", "fresh input weights", 67, 3),
        ("the same, and the other row is longer", "fresh input weights", 57, 5),
        ("wrong in another way", "no transpose", 59, 3),
        ("a healthy network, and a longer row", "healthy", 61, 5),
        ("a small change, at the first step only", "first answer drifts", 63, 3),
        ("a large change, at the first step only", "first answer jumps", 69, 3),
        ("a large change, at the last step only", "last answer jumps", 71, 3),
        ("a large change, in the last row only", "last row jumps", 73, 3),
        ("the logits change, and no letter with them", "answers rise", 67, 3),
        ("the states change, and the answers do not", "state drifts", 65, 3),
    ]
    return [
        Case(
            label,
            (kind, _drawn_rows(seed, 2, 3, 4)[0], _drawn_rows(seed + 1, 2, T, 4)[0]),
            i == 2,
        )
        for i, (label, kind, seed, T) in enumerate(tried)
    ]


@topic.exercise(
    title="Ask again, with something in between",
    points=3,
    minutes=8,
    cases=_answer_cases,
    section="Ask the same question twice",
    forbidden=("rnn_lib.probes", "rnn_lib.bugs"),
    prepare=PREPARE,
)
def changes_its_answer(network: Suspect, x: Array, other: Array) -> bool:
    """Tell whether the answer to x is another one after `other` was read."""
    before = network.forward(x)[0].copy()
    network.forward(other)
    return not np.allclose(network.forward(x)[0], before)


@changes_its_answer.wrong_answer(
    "no copy",
    "the first answer is not copied: the network writes the second into the same "
    "array, and an array always equals itself",
)
def _(network, x, other):
    before = network.forward(x)[0]
    network.forward(other)
    return not np.allclose(network.forward(x)[0], before)


@changes_its_answer.wrong_answer(
    "nothing between",
    "the same question is asked twice with nothing in between; what one row leaves to "
    "another shows only when another is read",
)
def _(network, x, other):
    before = network.forward(x)[0].copy()
    return not np.allclose(network.forward(x)[0], before)


@changes_its_answer.wrong_answer(
    "answer to other",
    "the answers to two different inputs are compared; they differ in a healthy "
    "network too",
)
def _(network, x, other):
    before = network.forward(x)[0].copy()
    after = network.forward(other)[0]
    return after.shape != before.shape or not np.allclose(after, before)


@changes_its_answer.wrong_answer(
    "letters only",
    "only the most likely letters are compared; they can stay the same while every "
    "number changes",
)
def _(network, x, other):
    before = network.forward(x)[0].argmax(axis=-1)
    network.forward(other)
    return not np.array_equal(network.forward(x)[0].argmax(axis=-1), before)


@changes_its_answer.wrong_answer(
    "states",
    "the final states are compared, the second thing that `forward` returns; the "
    "answers are the logits, the first",
)
def _(network, x, other):
    before = network.forward(x)[1].copy()
    network.forward(other)
    return not np.allclose(network.forward(x)[1], before)


changes_its_answer.wrong_answer(
    "the other way round",
    "True is returned for a network that does *not* change its answer",
    lambda network, x, other: not changes_its_answer.solution(network, x, other),
)


def _left_cases() -> list[Case]:
    return [
        Case("a healthy network", ("healthy", *_drawn_rows(63, 2, 3, 4))),
        Case(
            "gradients are never cleared",
            ("gradients pile up", *_drawn_rows(65, 2, 3, 4)),
        ),
        Case(
            "a path from the call before",
            ("left-over path", *_drawn_rows(67, 1, 3, 5)),
            True,
        ),
        Case("the same, other rows", ("left-over path", *_drawn_rows(69, 2, 4, 6))),
        Case("wrong, but twice the same", ("tanh twice", *_drawn_rows(71, 2, 3, 4))),
    ]


@topic.exercise(
    title="What is left over",
    points=3,
    minutes=8,
    cases=_left_cases,
    section="Ask again",
    forbidden=("rnn_lib.probes", "rnn_lib.bugs"),
    prepare=PREPARE,
)
def left_over(network: Suspect, x: Array, targets: Array) -> list[str]:
    """Return the names whose gradient is another one when asked for again."""
    return _asked_twice(network, x, targets, lambda g, h: not np.allclose(g, h))


def _asked_twice(
    network: Suspect, x: Array, targets: Array, listed: Callable[[Array, Array], bool]
) -> list[str]:
    """Return the names whose first and second gradients are to be listed."""
    network.loss(x, targets)
    first = {name: g.copy() for name, g in network.backward().items()}
    network.loss(x, targets)
    second = network.backward()
    return [name for name in first if listed(first[name], second[name])]


@left_over.wrong_answer(
    "no copy",
    "no difference is ever seen, as when the first gradients are not copied, and the "
    "network writes the second ones into the same arrays",
)
def _(network, x, targets):
    network.loss(x, targets)
    first = network.backward()
    network.loss(x, targets)
    second = network.backward()
    return [name for name in first if not np.allclose(first[name], second[name])]


left_over.wrong_answer(
    "doubled only",
    "only gradients that have doubled are listed; what is left over need not be the "
    "gradient itself",
    lambda network, x, targets: _asked_twice(
        network, x, targets, lambda g, h: np.allclose(2 * g, h)
    ),
)
left_over.wrong_answer(
    "every number",
    "an array is listed only if every number of it differs; one is enough",
    lambda network, x, targets: _asked_twice(
        network, x, targets, lambda g, h: not np.isclose(g, h).any()
    ),
)
left_over.wrong_answer(
    "the healthy",
    "the arrays are listed whose gradient is the same both times",
    lambda network, x, targets: _asked_twice(network, x, targets, np.allclose),
)


def _short_cases() -> list[Case]:
    read = np.array([[2, 1, 0, 3]])
    return [
        Case("tanh of tanh", ("tanh twice", *_drawn_rows(73, 1, 3, 4))),
        Case("a healthy network", ("healthy", *_drawn_rows(75, 1, 3, 4))),
        Case(
            "W without its transpose", ("no transpose", *_drawn_rows(77, 3, 2, 4)), True
        ),
        Case("= instead of +=", ("= instead of +=", *_drawn_rows(79, 2, 4, 3))),
        Case("h of the same step", ("h of the same step", *_drawn_rows(81, 1, 3, 5))),
        Case(
            "a single hidden unit", ("no transpose, 1 unit", *_drawn_rows(83, 2, 4, 3))
        ),
        Case("an error of a thousandth", ("nearly right", *_drawn_rows(84, 2, 3, 4))),
        Case(
            "wrong for one letter, the first",
            ("one letter wrong", one_hot(read, 4), np.array([[0, 3, 2, 1]])),
        ),
    ]


@topic.exercise(
    title="The smallest example that fails",
    points=4,
    minutes=10,
    cases=_short_cases,
    section="Check against overfit",
    forbidden=("rnn_lib.probes", "rnn_lib.bugs"),
    prepare=PREPARE,
    seconds=5.0,
)
def shortest_row(network: Suspect, x: Array, targets: Array) -> int | None:
    """Return the fewest steps on which a gradient check sees an error."""
    return _first_wrong(network, x, targets)


def _first_wrong(
    network: Suspect,
    x: Array,
    targets: Array,
    limit: float = LIMIT,
    names: str = "UWbVc",
) -> int | None:
    for T in range(1, x.shape[1] + 1):
        errors = check_gradients(network, x[:, :T], targets[:, :T])
        if max(errors[name] for name in names) > limit:
            return T
    return None


@shortest_row.wrong_answer(
    "one step alone",
    "every step is checked by itself, and no row of two; an error on the way through "
    "time needs two steps",
)
def _(network, x, targets):
    for t in range(x.shape[1]):
        errors = check_gradients(network, x[:, t : t + 1], targets[:, t : t + 1])
        if max(errors.values()) > LIMIT:
            return t + 1
    return None


shortest_row.wrong_answer(
    "from 0",
    "t is returned; the number of steps is t + 1",
    altered(shortest_row.solution, lambda T: None if T is None else T - 1),
)
shortest_row.wrong_answer(
    "too strict",
    "rounding is taken for an error: central differences are never exact",
    lambda network, x, targets: _first_wrong(network, x, targets, limit=0.0),
)
shortest_row.wrong_answer(
    "only W",
    "only the gradient of W is looked at; with two steps a wrong transpose shows in dU "
    "and db, and not yet in dW",
    lambda network, x, targets: _first_wrong(network, x, targets, names="W"),
)
shortest_row.wrong_answer(
    "one too long",
    "a number comes back although no length fails; None was asked for",
    lambda network, x, targets: _first_wrong(network, x, targets) or x.shape[1] + 1,
)
shortest_row.wrong_answer(
    "all steps",
    "only the whole row is checked",
    lambda network, x, targets: (
        x.shape[1] if _first_wrong(network, x, targets) else None
    ),
)
shortest_row.wrong_answer(
    "never whole",
    "the whole row is never checked: `range(1, T)` ends before T",
    lambda network, x, targets: _first_wrong(network, x[:, :-1], targets[:, :-1]),
)


def _name_cases() -> list[Case]:
    kinds = ("healthy", "tanh twice", "h of the same step", "= instead of +=")
    kinds += ("no transpose", "one path only")
    sizes = ((1, 3, 4), (2, 4, 3), (2, 3, 5), (1, 4, 4), (3, 4, 5), (2, 5, 4))
    return [
        Case(f"suspect {i + 1}", (kind, *_drawn_rows(85 + i, *size)), i == 1)
        for i, (kind, size) in enumerate(zip(kinds, sizes, strict=True))
    ]


@topic.exercise(
    title="Which bug is this?",
    points=6,
    minutes=20,
    cases=_name_cases,
    section="Check against overfit",
    forbidden=("rnn_lib.probes", "rnn_lib.bugs"),
    prepare=PREPARE,
    seconds=5.0,
)
def name_the_bug(network: Suspect, x: Array, targets: Array) -> str:
    """Return which wrong gradient the network has, by its name in the zoo."""
    return _verdict(network, x, targets)


def _arrays_off(network: Suspect, x: Array, targets: Array, T: int) -> set:
    """Return the names whose gradient is wrong on the first T steps."""
    errors = check_gradients(network, x[:, :T], targets[:, :T])
    return {name for name, error in errors.items() if error > LIMIT}


def _verdict(
    network: Suspect,
    x: Array,
    targets: Array,
    one_step: bool = True,
    change: str = "symmetric",
) -> str:
    if one_step:
        alone = _arrays_off(network, x, targets, 1)
        if alone:
            return "h of the same step" if alone == {"W"} else "tanh twice"
    off = _arrays_off(network, x, targets, x.shape[1])
    if not off:
        return "healthy"
    if off == {"W"}:
        return "= instead of +="
    W = network.parameters["W"]
    W[:] = {"symmetric": W + W.T, "none": W, "zero": 0 * W}[change]
    off = _arrays_off(network, x, targets, x.shape[1])
    return "one path only" if off else "no transpose"


def _swapped(a: str, b: str) -> Callable:
    """Return a wrong answer that takes one bug for the other."""
    return altered(name_the_bug.solution, lambda said: {a: b, b: a}.get(said, said))


name_the_bug.wrong_answer(
    "no single step",
    "no check is made with one step only, which tells those bugs apart that do not "
    "need time",
    lambda network, x, targets: _verdict(network, x, targets, one_step=False),
)
name_the_bug.wrong_answer(
    "W as it was",
    "W is not symmetric, as when it stays as it was drawn: a wrong transpose and a "
    "missing path then spoil the same three gradients",
    lambda network, x, targets: _verdict(network, x, targets, change="none"),
)
name_the_bug.wrong_answer(
    "W zero",
    "`one path only` is taken for `no transpose`, as when W is set to zero: then "
    "nothing comes back from the next step, and a missing path is not missed",
    lambda network, x, targets: _verdict(network, x, targets, change="zero"),
)
name_the_bug.wrong_answer(
    "paths swapped",
    "`no transpose` and `one path only` are swapped: a W that equals its transpose "
    "hides the first and not the second",
    _swapped("one path only", "no transpose"),
)
name_the_bug.wrong_answer(
    "W swapped",
    "`= instead of +=` and `h of the same step` are swapped: at step 0, before which "
    "the state is zero, the right gradient of W is zero",
    _swapped("= instead of +=", "h of the same step"),
)


# Less common


def _scopes(source: str, kinds: tuple[type, ...]) -> list[str]:
    """Return names that are no names of variables: of attributes or arguments."""
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    return [getattr(node, "attr", getattr(node, "arg", "")) for node in found]


def _unread(source: str, written: list[str] = (), read: list[str] = ()) -> list[str]:
    """Return the names that are never read, with more names written or read."""
    stored = set(_names(source, ast.Store)) | set(written)
    return sorted(stored - set(_names(source, ast.Load)) - set(read))


def _assigned(source: str, lines: Iterable[ast.AST], most: int | None = None) -> list:
    """Return the names that some lines assign to, `most` a line, if never read."""
    lines = [line for line in lines if type(line) is ast.Assign]
    targets = [target for line in lines for target in line.targets[:most]]
    names = {target.id for target in targets if type(target) is ast.Name}
    return sorted(names - set(_names(source, ast.Load)))


for _name, _message, _wrong in (
    (
        "attributes written",
        "attributes such as `self.states` are taken for names that are assigned",
        lambda source: _unread(source, written=_scopes(source, (ast.Attribute,))),
    ),
    (
        "attributes read",
        "attributes such as `self.h` are taken for names that are read",
        lambda source: _unread(source, read=_scopes(source, (ast.Attribute,))),
    ),
    (
        "arguments",
        "arguments of functions are taken for names that are assigned",
        lambda source: _unread(source, written=_scopes(source, (ast.arg,))),
    ),
    (
        "first one",
        "only the first name is returned",
        lambda source: never_read.solution(source)[:1],
    ),
    (
        "short names",
        "names of one letter are left out",
        lambda source: [n for n in never_read.solution(source) if len(n) > 1],
    ),
    (
        "joined",
        "the names are joined to one text; a list is asked for",
        lambda source: ", ".join(never_read.solution(source)),
    ),
    (
        "top only",
        "only the top of the program is looked at, and not what stands in functions "
        "and loops",
        lambda source: _assigned(source, ast.parse(source).body),
    ),
    (
        "plain assignments",
        "only plain assignments are looked at: no loop, and no tuple",
        lambda source: _assigned(source, ast.walk(ast.parse(source))),
    ),
    (
        "first target",
        "only the first target of an assignment is looked at",
        lambda source: _assigned(source, ast.walk(ast.parse(source)), most=1),
    ),
    (
        "nothing is a Store",
        "`ctx == ast.Store` compares an object with its class and is never true: "
        "`isinstance` tells",
        lambda source: [],
    ),
):
    never_read.wrong_answer(_name, _message, _wrong)

for _name, _message, _wrong in (
    (
        "first row",
        "only the first row is compared",
        lambda before, after: not np.allclose(before[0], after[0]),
    ),
    (
        "last step",
        "only the last step is compared",
        lambda before, after: not np.allclose(before[:, -1], after[:, -1]),
    ),
    (
        "tolerance",
        "the tolerance is so large that small changes pass",
        lambda before, after: not np.allclose(before, after, atol=0.1),
    ),
    (
        "every number",
        "True is returned only if every number has changed; one is enough",
        lambda before, after: bool((~np.isclose(before, after)).all()),
    ),
    (
        "how far",
        "it is returned how far the answers are apart; True or False is asked for",
        lambda before, after: float(np.abs(before - after).max()),
    ),
    (
        "comparisons",
        "each number is compared by itself; one answer is asked for",
        lambda before, after: ~np.isclose(before, after),
    ),
):

    def _asked_again(network, x, other, _wrong=_wrong):
        before = network.forward(x)[0].copy()
        network.forward(other)
        return _wrong(before, network.forward(x)[0])

    changes_its_answer.wrong_answer(
        _name,
        _message,
        _asked_again,
    )


@changes_its_answer.wrong_answer(
    "copy too late",
    "the first answer is copied only after the other was read, and by then the network "
    "has written over it",
)
def _(network, x, other):
    before = network.forward(x)[0]
    network.forward(other)
    before = before.copy()
    after = network.forward(x)[0]
    return before.shape != after.shape or not np.allclose(after, before)


@changes_its_answer.wrong_answer(
    "parameters",
    "it is compared whether the parameters have changed, and not the answers",
)
def _(network, x, other):
    before = {k: p.copy() for k, p in network.parameters.items()}
    network.forward(x)
    network.forward(other)
    network.forward(x)
    return any((before[k] != p).any() for k, p in network.parameters.items())


for _name, _message, _change in (
    (
        "first name",
        "only the first name is returned",
        lambda names: names[:1],
    ),
    ("any", "True or False is returned; the names are asked for", bool),
    (
        "first three",
        "only U, W and b are looked at",
        lambda names: [n for n in names if n in "UWb"],
    ),
    (
        "None",
        "None is returned where nothing is left over; an empty list is asked for",
        lambda names: names or None,
    ),
    ("joined", "the names are joined to one text", "".join),
    ("joined with commas", "the names are joined to one text", ", ".join),
):
    left_over.wrong_answer(
        f"names: {_name}", _message, altered(left_over.solution, _change)
    )

left_over.wrong_answer(
    "truths",
    "True or False is returned for each name; the names are asked for",
    lambda network, x, targets: [
        n in left_over.solution(network, x, targets) for n in "UWbVc"
    ],
)
left_over.wrong_answer(
    "first number",
    "only the first number of each array is compared",
    lambda network, x, targets: _asked_twice(
        network, x, targets, lambda g, h: not np.isclose(g.flat[0], h.flat[0])
    ),
)
left_over.wrong_answer(
    "tolerance",
    "the tolerance is so large that small changes pass",
    lambda network, x, targets: _asked_twice(
        network, x, targets, lambda g, h: not np.allclose(g, h, atol=0.1)
    ),
)

for _name, _message, _wrong in (
    (
        "0 for healthy",
        "0 is returned for a healthy network; None is asked for",
        lambda network, x, targets: _first_wrong(network, x, targets) or 0,
    ),
    (
        "length for healthy",
        "the length of the row is returned for a healthy network; None is asked for",
        lambda network, x, targets: _first_wrong(network, x, targets) or x.shape[1],
    ),
    (
        "U only",
        "only the gradient of U is looked at",
        lambda network, x, targets: _first_wrong(network, x, targets, names="U"),
    ),
    (
        "coarse",
        "the limit is so large that small errors pass",
        lambda network, x, targets: _first_wrong(network, x, targets, limit=0.1),
    ),
    (
        "first that passes",
        "the first length that passes is returned, and not the first that fails",
        lambda network, x, targets: next(
            (
                T
                for T in range(1, x.shape[1] + 1)
                if max(check_gradients(network, x[:, :T], targets[:, :T]).values())
                <= LIMIT
            ),
            None,
        ),
    ),
    (
        "rows",
        "the steps are never cut: rows are left out in their place, as `x[:n]` does, "
        "or nothing is",
        lambda network, x, targets: next(
            (
                n
                for n in range(1, len(x) + 1)
                if max(check_gradients(network, x[:n], targets[:n]).values()) > LIMIT
            ),
            None,
        ),
    ),
    (
        "from 2",
        "one step alone is never checked: the loop begins with two",
        lambda network, x, targets: (
            T if (T := _first_wrong(network, x, targets)) != 1 else 2
        ),
    ),
    (
        "first turn",
        "only the first step is checked, as when the loop returns in its first turn",
        lambda network, x, targets: _first_wrong(network, x[:, :1], targets[:, :1]),
    ),
    (
        "last steps",
        "the last steps of the rows are checked, `x[:, -T:]`, and not the first",
        lambda network, x, targets: next(
            (
                T
                for T in range(1, x.shape[1] + 1)
                if max(check_gradients(network, x[:, -T:], targets[:, -T:]).values())
                > LIMIT
            ),
            None,
        ),
    ),
    (
        "never",
        "None comes back for every network, as when all arrays have to fail and not "
        "one of them, or when nothing is returned",
        lambda network, x, targets: None,
    ),
    (
        "all lengths",
        "all lengths that fail are returned; the smallest is asked for",
        lambda network, x, targets: [
            T
            for T in range(1, x.shape[1] + 1)
            if max(check_gradients(network, x[:, :T], targets[:, :T]).values()) > LIMIT
        ],
    ),
):
    shortest_row.wrong_answer(_name, _message, _wrong)

for _name, _message, _change in (
    (
        "never healthy",
        "a healthy network gets the name of a bug",
        {"healthy": "no transpose"},
    ),
    (
        "one-step bugs swapped",
        "`tanh twice` and `h of the same step` are swapped: the first spoils more than "
        "W in one step",
        {"tanh twice": "h of the same step", "h of the same step": "tanh twice"},
    ),
    (
        "W alone",
        "a wrong W on the whole row is taken for `h of the same step`, which shows "
        "in one step already",
        {"= instead of +=": "h of the same step"},
    ),
    (
        "None for healthy",
        "None is returned for a healthy network; its name is 'healthy'",
        {"healthy": None},
    ),
    (
        "one step",
        "only one step is checked, in which three of the bugs do not show",
        dict.fromkeys(("= instead of +=", "one path only", "no transpose"), "healthy"),
    ),
    (
        "other name",
        "`one path only` goes by another name; take those of the zoo",
        {"one path only": "one path"},
    ),
):
    name_the_bug.wrong_answer(
        _name,
        _message,
        altered(
            name_the_bug.solution, lambda said, change=_change: change.get(said, said)
        ),
    )


topic.question("three_reports", "Three reports", points=4, minutes=8)
