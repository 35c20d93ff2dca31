"""Exercises on finding what is wrong with a network."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from exercises.checks.engine import Case, Exercise, Question, Wrong
from rnn_lib.encoding import one_hot
from rnn_lib.gradcheck import check_gradients

if TYPE_CHECKING:
    from exercises.box.arguments import Suspect

CHAPTER = "05_broken_notebook"
PREPARE = "exercises.box.arguments:with_network"
LIMIT = 1e-6


def _rows(seed: int, N: int, T: int, K: int) -> tuple[np.ndarray, np.ndarray]:
    """Return random inputs (N, T, K) and targets (N, T)."""
    rng = np.random.default_rng(seed)
    read, answers = rng.integers(0, K, (2, N, T))
    return one_hot(read, K), answers


# never_read


def never_read(source: str) -> list[str]:
    """Return the names that are assigned and never read, in alphabetical order."""
    written, read = _names(source)
    return sorted(set(written) - set(read))


def _names(source: str) -> tuple[list[str], list[str]]:
    """Return the names that are assigned and those that are read, repeats kept."""
    names = [node for node in ast.walk(ast.parse(source)) if type(node) is ast.Name]
    written = [name.id for name in names if type(name.ctx) is ast.Store]
    read = [name.id for name in names if type(name.ctx) is ast.Load]
    return written, read


def _never_written(source: str) -> list[str]:
    written, read = _names(source)
    return sorted(set(read) - set(written))


def _occurs_once(source: str) -> list[str]:
    written, read = _names(source)
    count = Counter(written + read)
    return sorted(name for name in set(written) if count[name] == 1)


def _all_written(source: str) -> list[str]:
    return sorted(set(_names(source)[0]))


def _as_often_as_written(source: str) -> list[str]:
    written, read = _names(source)
    return sorted(name for name in written if name not in read)


def _read_cases() -> list[Case]:
    original = (
        "def backward(self, t, delta_output):\n"
        "    delta_activatiation = delta_output + self.next_delta\n"
        "    delta_sum = delta_activation * (1 - self.states[t] ** 2)\n"
        "    return delta_sum\n"
    )
    loop = "for t, (x, y) in rows:\n    h = x\n    first, last = h, t\nprint(last)\n"
    return [
        Case("one line", ("a = 1",)),
        Case("assigned and read", ("a = 1\nprint(a)",)),
        Case("a line of the original", (original,), True),
        Case("assigned twice", ("los = 1\nlos = 2\nprint(loss)",)),
        Case("a loop, and several names at once", (loop,)),
        Case("an attribute is no name", ("self.states = h = None",)),
    ]


# changes_its_answer


def changes_its_answer(network: Suspect, x: np.ndarray, other: np.ndarray) -> bool:
    """Tell whether the answer to x is another one after `other` was read."""
    before = network.forward(x)[0].copy()
    network.forward(other)
    return not np.allclose(network.forward(x)[0], before)


def _without_copy(network: Suspect, x: np.ndarray, other: np.ndarray) -> bool:
    before = network.forward(x)[0]
    network.forward(other)
    return not np.allclose(network.forward(x)[0], before)


def _nothing_between(network: Suspect, x: np.ndarray, other: np.ndarray) -> bool:
    before = network.forward(x)[0].copy()
    return not np.allclose(network.forward(x)[0], before)


def _answer_to_other(network: Suspect, x: np.ndarray, other: np.ndarray) -> bool:
    before = network.forward(x)[0].copy()
    after = network.forward(other)[0]
    return after.shape != before.shape or not np.allclose(after, before)


def _letters_only(network: Suspect, x: np.ndarray, other: np.ndarray) -> bool:
    before = network.forward(x)[0].argmax(axis=-1)
    network.forward(other)
    return not np.array_equal(network.forward(x)[0].argmax(axis=-1), before)


def _stays_the_same(network: Suspect, x: np.ndarray, other: np.ndarray) -> bool:
    return not changes_its_answer(network, x, other)


def _answer_cases() -> list[Case]:
    def pair(seed: int, T: int) -> tuple[np.ndarray, np.ndarray]:
        return _rows(seed, 2, 3, 4)[0], _rows(seed + 1, 2, T, 4)[0]

    return [
        Case("a healthy network", ("healthy", *pair(51, 3))),
        Case(
            "the state of one batch starts the next",
            ("state carried over", *pair(53, 3)),
        ),
        Case(
            "new input weights for each batch",
            ("fresh input weights", *pair(67, 3)),
            True,
        ),
        Case(
            "the same, and the other row is longer",
            ("fresh input weights", *pair(57, 5)),
        ),
        Case("wrong in another way", ("no transpose", *pair(59, 3))),
        Case("a healthy network, and a longer row", ("healthy", *pair(61, 5))),
    ]


# left_over


def left_over(network: Suspect, x: np.ndarray, targets: np.ndarray) -> list[str]:
    """Return the names whose gradient is another one when asked for again."""
    first = _gradients(network, x, targets)
    second = _gradients(network, x, targets)
    return [name for name in first if not np.allclose(first[name], second[name])]


def _gradients(network: Suspect, x: np.ndarray, targets: np.ndarray) -> dict:
    network.loss(x, targets)
    return {name: g.copy() for name, g in network.backward().items()}


def _same_arrays(network: Suspect, x: np.ndarray, targets: np.ndarray) -> list[str]:
    network.loss(x, targets)
    first = network.backward()
    network.loss(x, targets)
    second = network.backward()
    return [name for name in first if not np.allclose(first[name], second[name])]


def _doubled(network: Suspect, x: np.ndarray, targets: np.ndarray) -> list[str]:
    first = _gradients(network, x, targets)
    second = _gradients(network, x, targets)
    return [name for name in first if np.allclose(2 * first[name], second[name])]


def _every_number(network: Suspect, x: np.ndarray, targets: np.ndarray) -> list[str]:
    first = _gradients(network, x, targets)
    second = _gradients(network, x, targets)
    return [n for n in first if not np.isclose(first[n], second[n]).any()]


def _the_healthy(network: Suspect, x: np.ndarray, targets: np.ndarray) -> list[str]:
    left = left_over(network, x, targets)
    return [name for name in "UWbVc" if name not in left]


def _left_cases() -> list[Case]:
    return [
        Case("a healthy network", ("healthy", *_rows(63, 2, 3, 4))),
        Case("gradients are never cleared", ("gradients pile up", *_rows(65, 2, 3, 4))),
        Case(
            "a path from the call before", ("left-over path", *_rows(67, 1, 3, 5)), True
        ),
        Case("the same, other rows", ("left-over path", *_rows(69, 2, 4, 6))),
        Case("wrong, but twice the same", ("tanh twice", *_rows(71, 2, 3, 4))),
    ]


# shortest_row


def shortest_row(network: Suspect, x: np.ndarray, targets: np.ndarray) -> int | None:
    """Return the fewest steps on which a gradient check sees an error."""
    return _first_wrong(network, x, targets)


def _first_wrong(
    network: Suspect,
    x: np.ndarray,
    targets: np.ndarray,
    limit: float = LIMIT,
    names: str = "UWbVc",
) -> int | None:
    for T in range(1, x.shape[1] + 1):
        errors = check_gradients(network, x[:, :T], targets[:, :T])
        if max(errors[name] for name in names) > limit:
            return T
    return None


def _one_step_alone(network: Suspect, x: np.ndarray, targets: np.ndarray) -> int | None:
    for t in range(x.shape[1]):
        errors = check_gradients(network, x[:, t : t + 1], targets[:, t : t + 1])
        if max(errors.values()) > LIMIT:
            return t + 1
    return None


def _from_zero(network: Suspect, x: np.ndarray, targets: np.ndarray) -> int | None:
    T = _first_wrong(network, x, targets)
    return None if T is None else T - 1


def _too_strict(network: Suspect, x: np.ndarray, targets: np.ndarray) -> int | None:
    return _first_wrong(network, x, targets, limit=0.0)


def _only_W(network: Suspect, x: np.ndarray, targets: np.ndarray) -> int | None:
    return _first_wrong(network, x, targets, names="W")


def _one_too_long(network: Suspect, x: np.ndarray, targets: np.ndarray) -> int | None:
    return _first_wrong(network, x, targets) or x.shape[1] + 1


def _all_steps(network: Suspect, x: np.ndarray, targets: np.ndarray) -> int | None:
    return x.shape[1] if _first_wrong(network, x, targets) else None


def _never_whole(network: Suspect, x: np.ndarray, targets: np.ndarray) -> int | None:
    return _first_wrong(network, x[:, :-1], targets[:, :-1])


def _short_cases() -> list[Case]:
    return [
        Case("tanh of tanh", ("tanh twice", *_rows(73, 1, 3, 4))),
        Case("a healthy network", ("healthy", *_rows(75, 1, 3, 4))),
        Case("W without its transpose", ("no transpose", *_rows(77, 3, 2, 4)), True),
        Case("= instead of +=", ("= instead of +=", *_rows(79, 2, 4, 3))),
        Case("h of the same step", ("h of the same step", *_rows(81, 1, 3, 5))),
        Case("a single hidden unit", ("no transpose, 1 unit", *_rows(83, 2, 4, 3))),
    ]


# name_the_bug


def _arrays_off(network: Suspect, x: np.ndarray, targets: np.ndarray, T: int) -> set:
    """Return the names whose gradient is wrong on the first T steps."""
    errors = check_gradients(network, x[:, :T], targets[:, :T])
    return {name for name, error in errors.items() if error > LIMIT}


def name_the_bug(network: Suspect, x: np.ndarray, targets: np.ndarray) -> str:
    """Return which wrong gradient the network has, by its name in the zoo."""
    return _verdict(network, x, targets)


def _verdict(
    network: Suspect,
    x: np.ndarray,
    targets: np.ndarray,
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


def _no_single_step(network: Suspect, x: np.ndarray, targets: np.ndarray) -> str:
    return _verdict(network, x, targets, one_step=False)


def _W_as_it_was(network: Suspect, x: np.ndarray, targets: np.ndarray) -> str:
    return _verdict(network, x, targets, change="none")


def _W_zero(network: Suspect, x: np.ndarray, targets: np.ndarray) -> str:
    return _verdict(network, x, targets, change="zero")


def _paths_swapped(network: Suspect, x: np.ndarray, targets: np.ndarray) -> str:
    said = _verdict(network, x, targets)
    pair = ("one path only", "no transpose")
    return pair[1 - pair.index(said)] if said in pair else said


def _W_swapped(network: Suspect, x: np.ndarray, targets: np.ndarray) -> str:
    said = _verdict(network, x, targets)
    pair = ("= instead of +=", "h of the same step")
    return pair[1 - pair.index(said)] if said in pair else said


def _name_cases() -> list[Case]:
    kinds = ("healthy", "tanh twice", "h of the same step", "= instead of +=")
    kinds += ("no transpose", "one path only")
    sizes = ((1, 3, 4), (2, 4, 3), (2, 3, 5), (1, 4, 4), (3, 4, 5), (2, 5, 4))
    return [
        Case(f"suspect {i + 1}", (kind, *_rows(85 + i, *size)), i == 1)
        for i, (kind, size) in enumerate(zip(kinds, sizes, strict=True))
    ]


EXERCISES = (
    Exercise(
        name="never_read",
        title="The other half of a misspelling",
        chapter=CHAPTER,
        points=2,
        minutes=8,
        solution=never_read,
        cases=_read_cases,
        wrong=(
            Wrong(
                "never written",
                _never_written,
                "the names are listed that are read and never assigned: that is the "
                "other list, and the one of this section",
            ),
            Wrong(
                "occurs once",
                _occurs_once,
                "names that occur only once are listed; one that is assigned twice and "
                "never read is missed",
            ),
            Wrong(
                "all written",
                _all_written,
                "every name that is assigned is listed, read or not",
            ),
            Wrong(
                "named twice",
                _as_often_as_written,
                "a name is listed once for each assignment; make it a set first",
            ),
        ),
        forbidden=(),
        section="Errors that can be found without running",
    ),
    Exercise(
        name="changes_its_answer",
        title="Ask again, with something in between",
        chapter=CHAPTER,
        points=3,
        minutes=8,
        solution=changes_its_answer,
        cases=_answer_cases,
        wrong=(
            Wrong(
                "no copy",
                _without_copy,
                "the first answer is not copied: the network writes the second into "
                "the same array, and an array always equals itself",
            ),
            Wrong(
                "nothing between",
                _nothing_between,
                "the same question is asked twice with nothing in between; what one "
                "row leaves to another shows only when another is read",
            ),
            Wrong(
                "answer to other",
                _answer_to_other,
                "the answers to two different inputs are compared; they differ in a "
                "healthy network too",
            ),
            Wrong(
                "letters only",
                _letters_only,
                "only the most likely letters are compared; they can stay the same "
                "while every number changes",
            ),
            Wrong(
                "the other way round",
                _stays_the_same,
                "True is returned for a network that does *not* change its answer",
            ),
        ),
        forbidden=("rnn_lib.probes", "rnn_lib.bugs", "rnn_lib.bugs.BUGS"),
        section="Ask the same question twice",
        prepare=PREPARE,
    ),
    Exercise(
        name="left_over",
        title="What is left over",
        chapter=CHAPTER,
        points=3,
        minutes=8,
        solution=left_over,
        cases=_left_cases,
        wrong=(
            Wrong(
                "no copy",
                _same_arrays,
                "the first gradients are not copied: the network writes the second "
                "ones into the same arrays, and no difference can be seen",
            ),
            Wrong(
                "doubled only",
                _doubled,
                "only gradients that have doubled are listed; what is left over need "
                "not be the gradient itself",
            ),
            Wrong(
                "every number",
                _every_number,
                "an array is listed only if every number of it differs; one is enough",
            ),
            Wrong(
                "the healthy",
                _the_healthy,
                "the arrays are listed whose gradient is the same both times",
            ),
        ),
        forbidden=("rnn_lib.probes", "rnn_lib.bugs", "rnn_lib.bugs.BUGS"),
        section="Ask again",
        prepare=PREPARE,
    ),
    Exercise(
        name="shortest_row",
        title="The smallest example that fails",
        chapter=CHAPTER,
        points=4,
        minutes=10,
        solution=shortest_row,
        cases=_short_cases,
        wrong=(
            Wrong(
                "one step alone",
                _one_step_alone,
                "every step is checked by itself; an error on the way through time "
                "needs two steps or more to show",
            ),
            Wrong("from 0", _from_zero, "t is returned; the number of steps is t + 1"),
            Wrong(
                "too strict",
                _too_strict,
                "rounding is taken for an error: central differences are never exact",
            ),
            Wrong(
                "only W",
                _only_W,
                "only the gradient of W is looked at; with two steps a wrong transpose "
                "shows in dU and db, and not yet in dW",
            ),
            Wrong(
                "one too long",
                _one_too_long,
                "a number comes back although no length fails; None was asked for",
            ),
            Wrong("all steps", _all_steps, "only the whole row is checked"),
            Wrong(
                "never whole",
                _never_whole,
                "the whole row is never checked: `range(1, T)` ends before T",
            ),
        ),
        forbidden=("rnn_lib.probes", "rnn_lib.bugs", "rnn_lib.bugs.BUGS"),
        section="A wrong gradient that passes the check",
        prepare=PREPARE,
        seconds=5.0,
    ),
    Exercise(
        name="name_the_bug",
        title="Which bug is this?",
        chapter=CHAPTER,
        points=6,
        minutes=20,
        solution=name_the_bug,
        cases=_name_cases,
        wrong=(
            Wrong(
                "no single step",
                _no_single_step,
                "no check is made with one step only, which tells those bugs apart "
                "that do not need time",
            ),
            Wrong(
                "W as it was",
                _W_as_it_was,
                "W stays as it was drawn: a wrong transpose and a missing path then "
                "spoil the same three gradients",
                "A wrong gradient that passes the check",
            ),
            Wrong(
                "W zero",
                _W_zero,
                "W is set to zero: then nothing comes back from the next step, and a "
                "missing path is no longer missed",
                "A wrong gradient that passes the check",
            ),
            Wrong(
                "paths swapped",
                _paths_swapped,
                "`no transpose` and `one path only` are swapped: a W that equals its "
                "transpose hides the first and not the second",
            ),
            Wrong(
                "W swapped",
                _W_swapped,
                "`= instead of +=` and `h of the same step` are swapped: at step 0, "
                "before which the state is zero, the right gradient of W is zero",
            ),
        ),
        forbidden=("rnn_lib.probes", "rnn_lib.bugs", "rnn_lib.bugs.BUGS"),
        section="Check against overfit",
        prepare=PREPARE,
        seconds=5.0,
    ),
)

QUESTIONS = (Question("three_reports", "Three reports", CHAPTER, points=4, minutes=8),)
