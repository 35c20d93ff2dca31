"""Exercises on the forward pass."""

from __future__ import annotations

import numpy as np

from exercises.checks.engine import Case, altered
from exercises.checks.topic import Topic

topic = Topic("02_forward_pass")
Array = np.ndarray


def _count_cases() -> list[Case]:
    sizes = [(3, 2), (2, 5), (26, 32), (96, 256)]
    return [Case(f"K = {K}, H = {H}", (K, H), i == 1) for i, (K, H) in enumerate(sizes)]


@topic.exercise(
    title="Count the parameters",
    points=1,
    minutes=3,
    cases=_count_cases,
    section="The network unrolled",
    forbidden=("rnn_lib.VanillaRNN", "rnn_lib.initialize"),
)
def count_parameters(vocab_size: int, hidden_size: int) -> int:
    """Return how many numbers U, W, b, V and c hold together."""
    K, H = vocab_size, hidden_size
    return H * K + H * H + H + K * H + K


count_parameters.wrong_answer(
    "no biases",
    "the biases b and c are left out",
    lambda vocab_size, hidden_size: (2 * vocab_size + hidden_size) * hidden_size,
)
count_parameters.wrong_answer(
    "no c",
    "the output bias c is left out",
    lambda vocab_size, hidden_size: (2 * vocab_size + hidden_size + 1) * hidden_size,
)
count_parameters.wrong_answer(
    "c of size H",
    "c is taken to have H numbers; it is added to the scores, of which there are K",
    lambda vocab_size, hidden_size: (2 * vocab_size + hidden_size + 2) * hidden_size,
)
count_parameters.wrong_answer(
    "no W",
    "the memory weights W are left out",
    lambda vocab_size, hidden_size: (2 * vocab_size + 1) * hidden_size + vocab_size,
)


def _step_cases() -> list[Case]:
    rng = np.random.default_rng(11)

    def draw(N: int, K: int, H: int) -> tuple[Array, ...]:
        shapes = (N, K), (N, H), (H, K), (H, H), (H,)
        return tuple(rng.normal(size=shape) / 2 for shape in shapes)

    small = np.array([[1.0, 0.0]]), np.array([[0.5, -0.5]])
    weights = np.eye(2), np.array([[0.0, 1.0], [0.5, 0.0]]), np.array([0.0, 0.25])
    return [
        Case("one sequence, two units", (*small, *weights)),
        Case("4 sequences, 3 letters, 2 units", draw(4, 3, 2), True),
        Case("2 sequences, 3 letters, 5 units", draw(2, 3, 5)),
        Case("5 sequences, 7 letters, 4 units", draw(5, 7, 4)),
    ]


@topic.exercise(
    title="One step for a batch",
    points=2,
    minutes=6,
    cases=_step_cases,
    section="A batch of sequences, and why a transpose appears",
    forbidden=("rnn_lib.HiddenLayer", "rnn_lib.layers"),
)
def next_state(x_t: Array, h_before: Array, U: Array, W: Array, b: Array) -> Array:
    """Return the states after one step of all sequences."""
    return np.tanh(x_t @ U.T + h_before @ W.T + b)


next_state.wrong_answer(
    "no transpose",
    "h_before is multiplied by W and not by its transpose; W is square, so nothing "
    "complains",
    altered(next_state.solution, W=np.transpose),
)
next_state.wrong_answer(
    "no tanh",
    "tanh is left out",
    lambda x_t, h_before, U, W, b: x_t @ U.T + h_before @ W.T + b,
    section="Why tanh?",
)
next_state.wrong_answer(
    "no bias", "the bias b is left out", altered(next_state.solution, b=np.zeros_like)
)
next_state.wrong_answer(
    "bias outside",
    "b is added after tanh, not before",
    lambda x_t, h_before, U, W, b: np.tanh(x_t @ U.T + h_before @ W.T) + b,
)
next_state.wrong_answer(
    "letter only",
    "the old state is left out, so that nothing is remembered",
    altered(next_state.solution, W=np.zeros_like),
    section="A state that is handed on",
)
next_state.wrong_answer(
    "averaged state",
    "the old state is averaged over the batch; each sequence has its own",
    altered(next_state.solution, h_before=lambda h: h.mean(axis=0)),
)


def _log_softmax_cases() -> list[Case]:
    rng = np.random.default_rng(12)
    return [
        Case("scores 0, 1, 2", (np.array([[0.0, 1.0, 2.0]]),)),
        Case("two rows", (np.array([[0.0, 2.0, 1.0], [3.0, 1.0, 0.5]]),)),
        Case("a read-only random draw", (rng.normal(size=(2, 3, 5)),), True),
        Case("scores 1000, 1001, 1002", (np.array([[1000.0, 1001.0, 1002.0]]),)),
        Case("scores 0 and 1000", (np.array([[0.0, 1000.0]]),)),
        Case(
            "rows far apart",
            (np.array([[0.0, 1.0], [-2000.0, -2001.0], [0.0, 3000.0]]),),
        ),
        Case("no axis but K", (rng.normal(size=4),)),
    ]


@topic.exercise(
    title="The logarithm of the softmax",
    points=3,
    minutes=10,
    cases=_log_softmax_cases,
    section="The softmax",
    forbidden=(
        "rnn_lib.log_softmax",
        "rnn_lib.softmax",
        "rnn_lib.cross_entropy",
        "rnn_lib.cross_entropy_gradient",
        "rnn_lib.cross_entropy_and_gradient",
    ),
)
def log_softmax_rows(logits: Array) -> Array:
    """Return the logarithm of the softmax over the last axis."""
    return _log_softmax(logits, logits.max(axis=-1, keepdims=True))


def _log_softmax(logits: Array, shift: Array, axis: int | None = -1) -> Array:
    """Return the logarithm for a shift and an axis that may be wrong."""
    shifted = logits - shift
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


@log_softmax_rows.wrong_answer(
    "logarithm of the softmax",
    "the probabilities are computed first: one that is too small to store becomes 0, "
    "and its logarithm minus infinity",
)
def _(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.log(powers / powers.sum(axis=-1, keepdims=True))


log_softmax_rows.wrong_answer(
    "no shift",
    "the largest score is not subtracted before the exponential, which overflows",
    lambda logits: _log_softmax(logits, 0),
)
log_softmax_rows.wrong_answer(
    "logarithm of the naive softmax",
    "the naive softmax is taken first and its logarithm afterwards; it overflows",
    lambda logits: np.log(np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)),
)
log_softmax_rows.wrong_answer(
    "first axis",
    "maximum and sum run along the first axis instead of the last",
    lambda logits: _log_softmax(logits, logits.max(axis=0, keepdims=True), axis=0),
)
log_softmax_rows.wrong_answer(
    "one maximum",
    "one maximum is subtracted from all rows: in a row far below it all exponentials "
    "become 0",
    lambda logits: _log_softmax(logits, logits.max()),
)
log_softmax_rows.wrong_answer(
    "one sum",
    "all rows are added up in one sum, because axis=-1 is missing",
    lambda logits: _log_softmax(logits, logits.max(), axis=None),
)
log_softmax_rows.wrong_answer(
    "no logarithm",
    "the probabilities are returned and not their logarithms",
    lambda logits: np.exp(log_softmax_rows.solution(logits)),
)


@log_softmax_rows.wrong_answer(
    "in place",
    "the maximum is subtracted with `-=`, which changes the array of whoever called "
    "the function",
)
def _(logits):
    logits -= logits.max(axis=-1, keepdims=True)
    return _log_softmax(logits, 0)


def _reset_cases() -> list[Case]:
    rng = np.random.default_rng(13)

    def draw(N: int, T: int, K: int, H: int, share: float) -> tuple[Array, ...]:
        shapes = (H, K), (H, H), (H,)
        weights = [rng.normal(size=shape) / 2 for shape in shapes]
        x = np.eye(K)[rng.integers(0, K, (N, T))]
        starts = rng.random((N, T)) < share
        starts[:, 0] = True
        return x, starts, *weights

    return [
        Case("one row, one text", draw(1, 3, 2, 2, 0.0)),
        Case("two rows, new texts at other places", draw(2, 5, 3, 2, 0.4), True),
        Case("a random draw", draw(4, 7, 3, 5, 0.3)),
        Case("every letter a new text", draw(3, 4, 2, 3, 1.0)),
    ]


@topic.exercise(
    title="Several texts in one row",
    points=4,
    minutes=12,
    cases=_reset_cases,
    section="Who resets what, and when",
    forbidden=("rnn_lib.HiddenLayer", "rnn_lib.layers"),
)
def states_with_resets(x: Array, starts: Array, U: Array, W: Array, b: Array) -> Array:
    """Return the states of a batch in which new texts begin at any place."""
    N, T, H = *x.shape[:2], len(b)
    states = np.empty((N, T, H))
    h = np.zeros((N, H))
    for t in range(T):
        h = np.where(starts[:, t, np.newaxis], 0, h)
        h = np.tanh(x[:, t] @ U.T + h @ W.T + b)
        states[:, t] = h
    return states


states_with_resets.wrong_answer(
    "never reset",
    "the state is carried from one text into the next",
    altered(states_with_resets.solution, starts=np.zeros_like),
)
states_with_resets.wrong_answer(
    "all rows reset",
    "all rows are reset as soon as a text begins in one of them",
    altered(states_with_resets.solution, starts=lambda s: s | s.any(axis=0)),
)
states_with_resets.wrong_answer(
    "reset one step late",
    "the state is reset after the first letter of a text is read, and not before",
    altered(
        states_with_resets.solution,
        starts=lambda s: np.pad(s, ((0, 0), (1, 0)))[:, :-1],
    ),
)


@states_with_resets.wrong_answer(
    "zeros stored",
    "the new state is set to zero, and not the old one from which it is computed",
)
def _(x, starts, U, W, b):
    N, T, H = *x.shape[:2], len(b)
    states = np.empty((N, T, H))
    h = np.zeros((N, H))
    for t in range(T):
        h = np.tanh(x[:, t] @ U.T + h @ W.T + b)
        h[starts[:, t]] = 0
        states[:, t] = h
    return states


states_with_resets.wrong_answer(
    "no transpose",
    "h is multiplied by W and not by its transpose",
    altered(states_with_resets.solution, W=np.transpose),
    section="A batch of sequences, and why a transpose appears",
)


def _continue_cases() -> list[Case]:
    rng = np.random.default_rng(14)

    def draw(K: int, H: int, length: int) -> tuple:
        shapes = (H, K), (H, H), (H,), (K, H), (K,)
        weights = [rng.normal(size=shape) for shape in shapes]
        return int(rng.integers(K)), length, *weights

    return [
        Case("two letters, one step", draw(2, 3, 1)),
        Case("three letters, six steps", draw(3, 2, 6), True),
        Case("a random draw", draw(7, 5, 12)),
        Case("another random draw", draw(9, 4, 20)),
    ]


@topic.exercise(
    title="A network that reads what it says",
    points=4,
    minutes=12,
    cases=_continue_cases,
    section="A state that is handed on",
    forbidden=("rnn_lib.VanillaRNN", "rnn_lib.layers"),
)
def continue_text(
    first: int, length: int, U: Array, W: Array, b: Array, V: Array, c: Array
) -> Array:
    """Return the letters that the network says when it reads its own answers."""
    k, h, said = first, np.zeros(len(b)), []
    for _ in range(length):
        h = np.tanh(U[:, k] + W @ h + b)
        k = int((V @ h + c).argmax())
        said.append(k)
    return np.array(said)


continue_text.wrong_answer(
    "state lost",
    "the state is set to zero at every step",
    altered(continue_text.solution, W=np.zeros_like),
    section="Who resets what, and when",
)
continue_text.wrong_answer(
    "same letter",
    "the first letter is read at every step, and not what the network said last",
    lambda first, length, U, W, b, V, c: continue_text.solution(
        first, length, np.repeat(U[:, [first]], len(c), axis=1), W, b, V, c
    ),
)
continue_text.wrong_answer(
    "first letter included",
    "the letter that was given is returned as the first answer",
    lambda first, length, U, W, b, V, c: np.array(
        [first, *continue_text.solution(first, length, U, W, b, V, c)[:-1]]
    ),
)
continue_text.wrong_answer(
    "no transpose",
    "h is multiplied by the transpose of W: for one state as a vector it is `W @ h`",
    altered(continue_text.solution, W=np.transpose),
    section="A batch of sequences, and why a transpose appears",
)
continue_text.wrong_answer(
    "no c",
    "the output bias c is left out",
    altered(continue_text.solution, c=np.zeros_like),
)


# Less common


for _name, _message, _wrong in (
    (
        "copies for each step",
        "the weights are counted once for each of 26 steps; all steps share them",
        lambda K, H: 26 * count_parameters.solution(K, H),
    ),
    (
        "always 2746",
        "2746 is returned, whatever the sizes",
        lambda K, H: 2746,
    ),
    (
        "always 26 letters",
        "26 letters are taken, whatever `vocab_size` is",
        lambda K, H: count_parameters.solution(26, H),
    ),
    (
        "V square",
        "V is taken for K by K; it leads from H units to K letters",
        lambda K, H: count_parameters.solution(K, H) - K * H + K * K,
    ),
    (
        "two biases of the state",
        "there is one bias of H numbers too many, as in PyTorch; here there is b alone",
        lambda K, H: count_parameters.solution(K, H) + H,
    ),
    (
        "sizes added",
        "the two sizes of a matrix are added and not multiplied",
        lambda K, H: 2 * (H + K) + 2 * H + H + K,
    ),
    (
        "no b",
        "the hidden bias b is left out",
        lambda K, H: count_parameters.solution(K, H) - H,
    ),
):
    count_parameters.wrong_answer(
        _name,
        _message,
        _wrong,
    )

for _name, _message, _wrong in (
    (
        "tanh of each term",
        "tanh is taken of each term by itself; the terms are added first",
        lambda x, h, U, W, b: np.tanh(x @ U.T) + np.tanh(h @ W.T) + np.tanh(b),
    ),
    (
        "tanh of two",
        "tanh is taken of the two products by themselves; they are added first",
        lambda x, h, U, W, b: np.tanh(x @ U.T) + np.tanh(h @ W.T + b),
    ),
    (
        "diagonal of W",
        "each unit sees only itself: h is multiplied number by number, and not by the "
        "matrix W",
        lambda x, h, U, W, b: np.tanh(x @ U.T + h * np.diag(W) + b),
    ),
    (
        "old state added",
        "the old state is added to the new one",
        lambda x, h, U, W, b: np.tanh(x @ U.T + h @ W.T + b) + h,
    ),
    (
        "old state added within",
        "the old state is added inside tanh, without W",
        lambda x, h, U, W, b: np.tanh(x @ U.T + h + b),
    ),
):
    next_state.wrong_answer(
        _name,
        _message,
        _wrong,
    )

for _name, _message, _wrong in (
    (
        "small number inside",
        "a small number is added inside the logarithm: a probability that is 0 gets "
        "the logarithm of that number",
        lambda logits: np.log(np.exp(log_softmax_rows.solution(logits)) + 1e-12),
    ),
    (
        "scores clipped",
        "the scores are clipped before the exponential; subtract the largest",
        lambda logits: (
            logits - np.log(np.exp(logits.clip(-50, 50)).sum(axis=-1, keepdims=True))
        ),
    ),
    (
        "all clipped",
        "the scores are clipped, and large ones become equal; subtract the largest",
        lambda logits: log_softmax_rows.solution(logits.clip(-50, 50)),
    ),
    (
        "mean subtracted",
        "the mean score is subtracted and not the largest, so that exp can overflow",
        lambda logits: _log_softmax(logits, logits.mean(axis=-1, keepdims=True)),
    ),
    (
        "only two axes",
        "a loop over the first axis takes each part for one row of scores, which it is "
        "with two axes only",
        lambda logits: np.array([_log_softmax(a, a.max(), axis=None) for a in logits]),
    ),
):
    log_softmax_rows.wrong_answer(_name, _message, _wrong)


def _resets(x: Array, starts: Array, U: Array, W: Array, b: Array, how: str) -> Array:
    """Return the states when the reset is made in a way that is wrong."""
    h, found = np.zeros((len(x), len(b))), []
    for t in range(x.shape[1]):
        new, x_t = starts[:, t, np.newaxis], x[:, t]
        if how == "letter":
            x_t = np.where(new, 0, x_t)
        elif how == "bias":
            h = np.where(new, b, h)
        elif how == "all":
            h = h * (not new.all())
        else:
            h = np.where(new, 0, h)
        if how == "stored" and found:
            found[-1] = np.where(new, 0, found[-1])
        h = np.tanh(x_t @ U.T + h @ W.T + b)
        found.append(h)
    return np.array(found).swapaxes(0, 1)


for _name, _message in (
    ("letter", "the letter is set to zero where a text begins, and not the state"),
    ("bias", "the state is set to b where a text begins, and not to zero"),
    ("all", "the state is reset only where a text begins in all rows at once"),
    ("stored", "the stored state of the step before is set to zero as well"),
):
    states_with_resets.wrong_answer(
        f"reset: {_name}",
        _message,
        lambda x, starts, U, W, b, how=_name: _resets(x, starts, U, W, b, how),
    )


def _said(first: int, length: int, arrays: tuple, how: str) -> Array:
    """Return what a network says that is wrong in some way."""
    U, W, b, V, c = arrays
    k, h, said = first, np.zeros(len(b)), []
    for _ in range(length):
        h = np.tanh((U[:, 0] * k if how == "number" else U[:, k]) + W @ h + b)
        k = int((h if how == "unit" else V @ h + c).argmax())
        said.append(k)
        k = k % len(c)
    return np.array(said)


for _name, _message in (
    ("number", "the index is used as a number: a column of U is multiplied by it"),
    ("unit", "the largest unit of the state is taken: V and c are not used"),
):
    continue_text.wrong_answer(
        f"index: {_name}",
        _message,
        lambda first, length, U, W, b, V, c, how=_name: _said(
            first, length, (U, W, b, V, c), how
        ),
    )

continue_text.wrong_answer(
    "last letter",
    "only the last letter is returned: collect what is said at each step",
    lambda first, length, U, W, b, V, c: int(
        continue_text.solution(first, length, U, W, b, V, c)[-1]
    ),
)


topic.question("what_to_keep", "What has to be kept", points=2, minutes=6)
