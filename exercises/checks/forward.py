"""Exercises on the forward pass."""

from __future__ import annotations

import numpy as np

from exercises.checks.engine import Case, Exercise, Question, Wrong, altered

CHAPTER = "02_forward_pass"


# count_parameters


def count_parameters(vocab_size: int, hidden_size: int) -> int:
    """Return how many numbers U, W, b, V and c hold together."""
    K, H = vocab_size, hidden_size
    return H * K + H * H + H + K * H + K


def _no_biases(vocab_size: int, hidden_size: int) -> int:
    return 2 * hidden_size * vocab_size + hidden_size**2


def _one_bias(vocab_size: int, hidden_size: int) -> int:
    return _no_biases(vocab_size, hidden_size) + hidden_size


def _both_biases_hidden(vocab_size: int, hidden_size: int) -> int:
    return _no_biases(vocab_size, hidden_size) + 2 * hidden_size


def _no_memory(vocab_size: int, hidden_size: int) -> int:
    return count_parameters(vocab_size, hidden_size) - hidden_size**2


def _count_cases() -> list[Case]:
    sizes = [(3, 2), (2, 5), (26, 32), (96, 256)]
    return [Case(f"K = {K}, H = {H}", (K, H), i == 1) for i, (K, H) in enumerate(sizes)]


# next_state


def next_state(
    x_t: np.ndarray, h_before: np.ndarray, U: np.ndarray, W: np.ndarray, b: np.ndarray
) -> np.ndarray:
    """Return the states after one step of all sequences."""
    return np.tanh(x_t @ U.T + h_before @ W.T + b)


def _no_tanh(
    x_t: np.ndarray, h_before: np.ndarray, U: np.ndarray, W: np.ndarray, b: np.ndarray
) -> np.ndarray:
    return x_t @ U.T + h_before @ W.T + b


def _bias_outside(
    x_t: np.ndarray, h_before: np.ndarray, U: np.ndarray, W: np.ndarray, b: np.ndarray
) -> np.ndarray:
    return np.tanh(x_t @ U.T + h_before @ W.T) + b


def _step_cases() -> list[Case]:
    rng = np.random.default_rng(11)

    def draw(N: int, K: int, H: int) -> tuple[np.ndarray, ...]:
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


# log_softmax_rows


def log_softmax_rows(logits: np.ndarray) -> np.ndarray:
    """Return the logarithm of the softmax over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _log_of_softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.log(powers / powers.sum(axis=-1, keepdims=True))


def _no_shift(logits: np.ndarray) -> np.ndarray:
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


def _log_of_naive(logits: np.ndarray) -> np.ndarray:
    return np.log(np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True))


def _first_axis(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(axis=0, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))


def _one_maximum(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max()
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _whole_sum(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max()
    return shifted - np.log(np.exp(shifted).sum())


def _no_logarithm(logits: np.ndarray) -> np.ndarray:
    return np.exp(log_softmax_rows(logits))


def _shift_in_place(logits: np.ndarray) -> np.ndarray:
    logits -= logits.max(axis=-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


def _log_softmax_cases() -> list[Case]:
    rng = np.random.default_rng(12)
    return [
        Case("scores 0, 1, 2", (np.array([[0.0, 1.0, 2.0]]),)),
        Case("two rows", (np.array([[0.0, 2.0, 1.0], [3.0, 1.0, 0.5]]),)),
        Case("a read-only random draw", (rng.normal(size=(2, 3, 5)),), True),
        Case("scores 1000, 1001, 1002", (np.array([[1000.0, 1001.0, 1002.0]]),)),
        Case("scores 0 and 1000", (np.array([[0.0, 1000.0]]),)),
        Case("rows far apart", (np.array([[0.0, 1.0], [-2000.0, -2001.0]]),)),
        Case("no axis but K", (rng.normal(size=4),)),
    ]


# states_with_resets


def states_with_resets(
    x: np.ndarray, starts: np.ndarray, U: np.ndarray, W: np.ndarray, b: np.ndarray
) -> np.ndarray:
    """Return the states of a batch in which new texts begin at any place."""
    N, T, H = *x.shape[:2], len(b)
    states = np.empty((N, T, H))
    h = np.zeros((N, H))
    for t in range(T):
        h = np.where(starts[:, t, np.newaxis], 0, h)
        h = np.tanh(x[:, t] @ U.T + h @ W.T + b)
        states[:, t] = h
    return states


def _in_all_rows(starts: np.ndarray) -> np.ndarray:
    return np.repeat(starts.any(axis=0)[np.newaxis], len(starts), axis=0)


def _one_step_late(starts: np.ndarray) -> np.ndarray:
    late = np.zeros_like(starts)
    late[:, 1:] = starts[:, :-1]
    return late


def _store_zeros(
    x: np.ndarray, starts: np.ndarray, U: np.ndarray, W: np.ndarray, b: np.ndarray
) -> np.ndarray:
    N, T, H = *x.shape[:2], len(b)
    states = np.empty((N, T, H))
    h = np.zeros((N, H))
    for t in range(T):
        h = np.tanh(x[:, t] @ U.T + h @ W.T + b)
        h[starts[:, t]] = 0
        states[:, t] = h
    return states


def _reset_cases() -> list[Case]:
    rng = np.random.default_rng(13)

    def draw(N: int, T: int, K: int, H: int, share: float) -> tuple[np.ndarray, ...]:
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


# continue_text


def continue_text(
    first: int,
    length: int,
    U: np.ndarray,
    W: np.ndarray,
    b: np.ndarray,
    V: np.ndarray,
    c: np.ndarray,
) -> np.ndarray:
    """Return the letters that the network says when it reads its own answers."""
    k, h, said = first, np.zeros(len(b)), []
    for _ in range(length):
        h = np.tanh(U[:, k] + W @ h + b)
        k = int((V @ h + c).argmax())
        said.append(k)
    return np.array(said)


def _same_letter(
    first: int,
    length: int,
    U: np.ndarray,
    W: np.ndarray,
    b: np.ndarray,
    V: np.ndarray,
    c: np.ndarray,
) -> np.ndarray:
    same = np.repeat(U[:, [first]], U.shape[1], axis=1)
    return continue_text(first, length, same, W, b, V, c)


def _first_included(
    first: int,
    length: int,
    U: np.ndarray,
    W: np.ndarray,
    b: np.ndarray,
    V: np.ndarray,
    c: np.ndarray,
) -> np.ndarray:
    said = continue_text(first, length, U, W, b, V, c)
    return np.concatenate([[first], said[:-1]])


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


EXERCISES = (
    Exercise(
        name="count_parameters",
        title="Count the parameters",
        chapter=CHAPTER,
        points=1,
        minutes=3,
        solution=count_parameters,
        cases=_count_cases,
        wrong=(
            Wrong("no biases", _no_biases, "the biases b and c are left out"),
            Wrong("no c", _one_bias, "the output bias c is left out"),
            Wrong(
                "c of size H",
                _both_biases_hidden,
                "c is taken to have H numbers; it is added to the scores, of which "
                "there are K",
            ),
            Wrong("no W", _no_memory, "the memory weights W are left out"),
        ),
        forbidden=("rnn_lib.VanillaRNN",),
        section="What is shared across time",
    ),
    Exercise(
        name="next_state",
        title="One step for a batch",
        chapter=CHAPTER,
        points=2,
        minutes=6,
        solution=next_state,
        cases=_step_cases,
        wrong=(
            Wrong(
                "no transpose",
                altered(next_state, W=np.transpose),
                "h_before is multiplied by W and not by its transpose; W is square, "
                "so nothing complains",
            ),
            Wrong("no tanh", _no_tanh, "tanh is left out", "Why tanh?"),
            Wrong(
                "no bias",
                altered(next_state, b=np.zeros_like),
                "the bias b is left out",
            ),
            Wrong("bias outside", _bias_outside, "b is added after tanh, not before"),
            Wrong(
                "letter only",
                altered(next_state, W=np.zeros_like),
                "the old state is left out, so that nothing is remembered",
                "A state that is handed on",
            ),
            Wrong(
                "averaged state",
                altered(next_state, h_before=lambda h: h.mean(axis=0)),
                "the old state is averaged over the batch; each sequence has its own",
            ),
        ),
        forbidden=("rnn_lib.VanillaRNN", "rnn_lib.HiddenLayer", "rnn_lib.layers"),
        section="A batch of sequences, and why a transpose appears",
    ),
    Exercise(
        name="log_softmax_rows",
        title="The logarithm of the softmax",
        chapter=CHAPTER,
        points=3,
        minutes=10,
        solution=log_softmax_rows,
        cases=_log_softmax_cases,
        wrong=(
            Wrong(
                "logarithm of the softmax",
                _log_of_softmax,
                "the probabilities are computed first: one that is too small to "
                "store becomes 0, and its logarithm minus infinity",
            ),
            Wrong(
                "no shift",
                _no_shift,
                "the largest score is not subtracted before the exponential, which "
                "overflows",
            ),
            Wrong(
                "logarithm of the naive softmax",
                _log_of_naive,
                "the naive softmax is taken first and its logarithm afterwards; it "
                "overflows",
            ),
            Wrong(
                "first axis",
                _first_axis,
                "maximum and sum run along the first axis instead of the last",
            ),
            Wrong(
                "one maximum",
                _one_maximum,
                "one maximum is subtracted from all rows: in a row far below it all "
                "exponentials become 0",
            ),
            Wrong(
                "one sum",
                _whole_sum,
                "all rows are added up in one sum, because axis=-1 is missing",
            ),
            Wrong(
                "no logarithm",
                _no_logarithm,
                "the probabilities are returned and not their logarithms",
            ),
            Wrong(
                "in place",
                _shift_in_place,
                "the maximum is subtracted with `-=`, which changes the array of "
                "whoever called the function",
            ),
        ),
        forbidden=("rnn_lib.log_softmax", "rnn_lib.softmax", "rnn_lib.functional"),
        section="A softmax that does not overflow",
    ),
    Exercise(
        name="states_with_resets",
        title="Several texts in one row",
        chapter=CHAPTER,
        points=4,
        minutes=12,
        solution=states_with_resets,
        cases=_reset_cases,
        wrong=(
            Wrong(
                "never reset",
                altered(states_with_resets, starts=np.zeros_like),
                "the state is carried from one text into the next",
            ),
            Wrong(
                "all rows reset",
                altered(states_with_resets, starts=_in_all_rows),
                "all rows are reset as soon as a text begins in one of them",
            ),
            Wrong(
                "reset one step late",
                altered(states_with_resets, starts=_one_step_late),
                "the state is reset after the first letter of a text is read, and "
                "not before",
            ),
            Wrong(
                "zeros stored",
                _store_zeros,
                "the new state is set to zero, and not the old one from which it is "
                "computed",
            ),
            Wrong(
                "no transpose",
                altered(states_with_resets, W=np.transpose),
                "h is multiplied by W and not by its transpose",
                "A batch of sequences, and why a transpose appears",
            ),
        ),
        forbidden=("rnn_lib.VanillaRNN", "rnn_lib.HiddenLayer", "rnn_lib.layers"),
        section="Who resets what, and when",
    ),
    Exercise(
        name="continue_text",
        title="A network that reads what it says",
        chapter=CHAPTER,
        points=4,
        minutes=12,
        solution=continue_text,
        cases=_continue_cases,
        wrong=(
            Wrong(
                "state lost",
                altered(continue_text, W=np.zeros_like),
                "the state is set to zero at every step",
                "Who resets what, and when",
            ),
            Wrong(
                "same letter",
                _same_letter,
                "the first letter is read at every step, and not what the network "
                "said last",
            ),
            Wrong(
                "first letter included",
                _first_included,
                "the letter that was given is returned as the first answer",
            ),
            Wrong(
                "no transpose",
                altered(continue_text, W=np.transpose),
                "h is multiplied by the transpose of W: for one state as a vector it "
                "is `W @ h`",
                "A batch of sequences, and why a transpose appears",
            ),
            Wrong(
                "no c",
                altered(continue_text, c=np.zeros_like),
                "the output bias c is left out",
            ),
        ),
        forbidden=("rnn_lib.VanillaRNN", "rnn_lib.layers"),
        section="A state that is handed on",
    ),
)

QUESTIONS = (
    Question("what_to_keep", "What has to be kept", CHAPTER, points=2, minutes=6),
)
