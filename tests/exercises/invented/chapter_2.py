"""Wrong answers to the exercises of chapter 2, as new readers give them."""

import numpy as np

from rnn_lib import softmax
from tests.exercises.invented import collector

ANSWERS, wrong = collector()

# count_parameters


@wrong("count_parameters", "c forgotten")
def _(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return H * K + H * H + H + K * H


@wrong("count_parameters", "both biases forgotten")
def _(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return H * K + H * H + K * H


@wrong("count_parameters", "W forgotten")
def _(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return H * K + H + K * H + K


@wrong("count_parameters", "U and V taken for the same matrix, counted once")
def _(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return H * K + H * H + H + K


@wrong("count_parameters", "the two sizes swapped")
def _(vocab_size, hidden_size):
    K, H = hidden_size, vocab_size
    return H * K + H * H + H + K * H + K


@wrong("count_parameters", "times 26 steps, each with its own weights")
def _(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return 26 * (H * K + H * H + H + K * H + K)


@wrong("count_parameters", "always 2746")
def _(vocab_size, hidden_size):
    return 2746


@wrong("count_parameters", "26 letters, whatever vocab_size is")
def _(vocab_size, hidden_size):
    H = hidden_size
    return H * 26 + H * H + H + 26 * H + 26


@wrong("count_parameters", "W taken for H numbers, 2 * H instead of H squared")
def _(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return H * K + 2 * H + H + K * H + K


@wrong("count_parameters", "V taken for K by K")
def _(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return H * K + H * H + H + K * K + K


@wrong("count_parameters", "one bias of size H too many, as PyTorch has two")
def _(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return H * K + H * H + 2 * H + K * H + K


@wrong("count_parameters", "a float, because of a division")
def _(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return (2 * H * K + 2 * H * H + 2 * H + 2 * K + 2 * H * K) / 2


@wrong("count_parameters", "a tuple of the five sizes, not added")
def _(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return H * K, H * H, H, K * H, K


@wrong("count_parameters", "adds the sizes instead of multiplying them")
def _(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return (H + K) + (H + H) + H + (K + H) + K


# next_state


@wrong("next_state", "W without its transpose")
def _(x_t, h_before, U, W, b):
    return np.tanh(x_t @ U.T + h_before @ W + b)


@wrong("next_state", "tanh forgotten")
def _(x_t, h_before, U, W, b):
    return x_t @ U.T + h_before @ W.T + b


@wrong("next_state", "b forgotten")
def _(x_t, h_before, U, W, b):
    return np.tanh(x_t @ U.T + h_before @ W.T)


@wrong("next_state", "written for a column: U @ x_t")
def _(x_t, h_before, U, W, b):
    return np.tanh(U @ x_t + W @ h_before + b)


@wrong("next_state", "columns: U @ x_t.T, b added to each column; result (H, N)")
def _(x_t, h_before, U, W, b):
    return np.tanh(U @ x_t.T + W @ h_before.T + b[:, np.newaxis])


@wrong("next_state", "b outside the tanh")
def _(x_t, h_before, U, W, b):
    return np.tanh(x_t @ U.T + h_before @ W.T) + b


@wrong("next_state", "tanh of each term, then added")
def _(x_t, h_before, U, W, b):
    return np.tanh(x_t @ U.T) + np.tanh(h_before @ W.T) + b


@wrong("next_state", "the memory forgotten, no W h")
def _(x_t, h_before, U, W, b):
    return np.tanh(x_t @ U.T + b)


@wrong("next_state", "elementwise product of h and b with W's diagonal")
def _(x_t, h_before, U, W, b):
    return np.tanh(x_t @ U.T + h_before * np.diag(W) + b)


@wrong("next_state", "sigmoid instead of tanh")
def _(x_t, h_before, U, W, b):
    return 1 / (1 + np.exp(-(x_t @ U.T + h_before @ W.T + b)))


@wrong("next_state", "adds into h_before and returns it")
def _(x_t, h_before, U, W, b):
    h_before[:] = np.tanh(x_t @ U.T + h_before @ W.T + b)
    return h_before


@wrong("next_state", "b subtracted, taken for a threshold")
def _(x_t, h_before, U, W, b):
    return np.tanh(x_t @ U.T + h_before @ W.T - b)


@wrong("next_state", "the mean state of the batch is used for all rows")
def _(x_t, h_before, U, W, b):
    shared = h_before.mean(axis=0)
    return np.tanh(x_t @ U.T + shared @ W.T + b)


@wrong("next_state", "adds the old state to the new one")
def _(x_t, h_before, U, W, b):
    return h_before + np.tanh(x_t @ U.T + h_before @ W.T + b)


@wrong("next_state", "only the first sequence of the batch")
def _(x_t, h_before, U, W, b):
    return np.tanh(U @ x_t[0] + W @ h_before[0] + b)


@wrong("next_state", "a list of states, one sequence after the other")
def _(x_t, h_before, U, W, b):
    states = []
    for n in range(len(x_t)):
        states.append(list(np.tanh(U @ x_t[n] + W @ h_before[n] + b)))
    return states


# log_softmax_rows


@wrong("log_softmax_rows", "one largest score for the whole array")
def _(logits):
    m = logits.max()
    e = np.exp(logits - m)
    with np.errstate(divide="ignore"):
        return logits - m - np.log(e.sum(axis=-1, keepdims=True))


@wrong("log_softmax_rows", "no shift, exponentials overflow")
def _(logits):
    with np.errstate(over="ignore", invalid="ignore"):
        return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


@wrong("log_softmax_rows", "log of a stable softmax, minus infinity where it is 0")
def _(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    with np.errstate(divide="ignore"):
        return np.log(e / e.sum(axis=-1, keepdims=True))


@wrong("log_softmax_rows", "1e-12 added inside the logarithm")
def _(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.log(e / e.sum(axis=-1, keepdims=True) + 1e-12)


@wrong("log_softmax_rows", "sum over the whole array")
def _(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum())


@wrong("log_softmax_rows", "axis 1 instead of the last")
def _(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@wrong("log_softmax_rows", "axis 0")
def _(logits):
    shifted = logits - logits.max(axis=0, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))


@wrong("log_softmax_rows", "keepdims missing")
def _(logits):
    shifted = logits - logits.max(axis=-1)
    return shifted - np.log(np.exp(shifted).sum(axis=-1))


@wrong("log_softmax_rows", "keepdims missing in the sum, the maximum has it")
def _(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1))


@wrong("log_softmax_rows", "the softmax without the logarithm")
def _(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@wrong("log_softmax_rows", "subtracts the maximum in place")
def _(logits):
    logits -= logits.max(axis=-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


@wrong("log_softmax_rows", "the maximum subtracted in the sum but not in front of it")
def _(logits):
    m = logits.max(axis=-1, keepdims=True)
    return logits - np.log(np.exp(logits - m).sum(axis=-1, keepdims=True))


@wrong("log_softmax_rows", "the maximum added back with the wrong sign")
def _(logits):
    m = logits.max(axis=-1, keepdims=True)
    return logits + m - np.log(np.exp(logits - m).sum(axis=-1, keepdims=True))


@wrong("log_softmax_rows", "minus the logarithm, as in the loss")
def _(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=-1, keepdims=True)) - shifted


@wrong("log_softmax_rows", "log to base 2")
def _(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    total = np.exp(shifted).sum(axis=-1, keepdims=True)
    return shifted / np.log(2) - np.log2(total)


@wrong("log_softmax_rows", "sum of the exponentials without its logarithm")
def _(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.exp(shifted).sum(axis=-1, keepdims=True)


@wrong("log_softmax_rows", "sum of logarithms instead of logarithm of the sum")
def _(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted)).sum(axis=-1, keepdims=True)


@wrong("log_softmax_rows", "scores clipped to 50 before the exponential")
def _(logits):
    o = np.clip(logits, -50, 50)
    return o - np.log(np.exp(o).sum(axis=-1, keepdims=True))


@wrong("log_softmax_rows", "subtracts the mean score, not the largest")
def _(logits):
    m = logits.mean(axis=-1, keepdims=True)
    with np.errstate(over="ignore"):
        total = np.exp(logits - m).sum(axis=-1, keepdims=True)
    return logits - m - np.log(total)


# states_with_resets


def _loop(x, starts, U, W, b, step):
    """Return all states; `step` makes the next of (t, x_t, begins, h)."""
    N, T, H = *x.shape[:2], len(b)
    h, states = np.zeros((N, H)), np.empty((N, T, H))
    for t in range(T):
        h = step(t, x[:, t], starts[:, t, np.newaxis], h)
        states[:, t] = h
    return states


@wrong("states_with_resets", "starts ignored")
def _(x, starts, U, W, b):
    def step(t, x_t, begins, h):
        return np.tanh(x_t @ U.T + h @ W.T + b)

    return _loop(x, starts, U, W, b, step)


@wrong("states_with_resets", "all rows reset where any row starts")
def _(x, starts, U, W, b):
    def step(t, x_t, begins, h):
        if begins.any():
            h = np.zeros_like(h)
        return np.tanh(x_t @ U.T + h @ W.T + b)

    return _loop(x, starts, U, W, b, step)


@wrong("states_with_resets", "condition inverted: resets everywhere else")
def _(x, starts, U, W, b):
    def step(t, x_t, begins, h):
        return np.tanh(x_t @ U.T + np.where(begins, h, 0) @ W.T + b)

    return _loop(x, starts, U, W, b, step)


@wrong("states_with_resets", "resets after the step, so the new state is zero")
def _(x, starts, U, W, b):
    def step(t, x_t, begins, h):
        return np.where(begins, 0, np.tanh(x_t @ U.T + h @ W.T + b))

    return _loop(x, starts, U, W, b, step)


@wrong("states_with_resets", "resets one step late, after storing the state")
def _(x, starts, U, W, b):
    N, T, H = *x.shape[:2], len(b)
    h, states = np.zeros((N, H)), np.empty((N, T, H))
    for t in range(T):
        h = np.tanh(x[:, t] @ U.T + h @ W.T + b)
        states[:, t] = h
        h = np.where(starts[:, t, np.newaxis], 0, h)
    return states


@wrong("states_with_resets", "resets one step early, starts[:, t + 1]")
def _(x, starts, U, W, b):
    N, T, H = *x.shape[:2], len(b)
    h, states = np.zeros((N, H)), np.empty((N, T, H))
    for t in range(T):
        if t + 1 < T:
            h = np.where(starts[:, t + 1, np.newaxis], 0, h)
        h = np.tanh(x[:, t] @ U.T + h @ W.T + b)
        states[:, t] = h
    return states


@wrong("states_with_resets", "resets when all rows start only")
def _(x, starts, U, W, b):
    def step(t, x_t, begins, h):
        if begins.all():
            h = np.zeros_like(h)
        return np.tanh(x_t @ U.T + h @ W.T + b)

    return _loop(x, starts, U, W, b, step)


@wrong("states_with_resets", "looks at the starts of row 0 for all rows")
def _(x, starts, U, W, b):
    def step(t, x_t, begins, h):
        if starts[0, t]:
            h = np.zeros_like(h)
        return np.tanh(x_t @ U.T + h @ W.T + b)

    return _loop(x, starts, U, W, b, step)


@wrong("states_with_resets", "W without its transpose")
def _(x, starts, U, W, b):
    def step(t, x_t, begins, h):
        return np.tanh(x_t @ U.T + np.where(begins, 0, h) @ W + b)

    return _loop(x, starts, U, W, b, step)


@wrong("states_with_resets", "only the last state, (N, H)")
def _(x, starts, U, W, b):
    h = np.zeros((len(x), len(b)))
    for t in range(x.shape[1]):
        h = np.where(starts[:, t, np.newaxis], 0, h)
        h = np.tanh(x[:, t] @ U.T + h @ W.T + b)
    return h


@wrong("states_with_resets", "states stacked in front: (T, N, H)")
def _(x, starts, U, W, b):
    h, states = np.zeros((len(x), len(b))), []
    for t in range(x.shape[1]):
        h = np.where(starts[:, t, np.newaxis], 0, h)
        h = np.tanh(x[:, t] @ U.T + h @ W.T + b)
        states.append(h)
    return np.array(states)


@wrong("states_with_resets", "keeps one array in a list: all steps show the last")
def _(x, starts, U, W, b):
    h, states = np.zeros((len(x), len(b))), []
    for t in range(x.shape[1]):
        h[starts[:, t]] = 0
        h[:] = np.tanh(x[:, t] @ U.T + h @ W.T + b)
        states.append(h)
    return np.stack(states, axis=1)


@wrong("states_with_resets", "zeroes the stored state of the step before as well")
def _(x, starts, U, W, b):
    N, T, H = *x.shape[:2], len(b)
    states = np.zeros((N, T, H))
    for t in range(T):
        h = states[:, t - 1]  # a view
        h[starts[:, t]] = 0
        states[:, t] = np.tanh(x[:, t] @ U.T + h @ W.T + b)
    return states


@wrong("states_with_resets", "np.where(starts[:, t], 0, h), without the new axis")
def _(x, starts, U, W, b):
    def step(t, x_t, begins, h):
        return np.tanh(x_t @ U.T + np.where(begins[:, 0], 0, h) @ W.T + b)

    return _loop(x, starts, U, W, b, step)


@wrong("states_with_resets", "the letter is blanked at a start, not the state")
def _(x, starts, U, W, b):
    def step(t, x_t, begins, h):
        return np.tanh(np.where(begins, 0, x_t) @ U.T + h @ W.T + b)

    return _loop(x, starts, U, W, b, step)


@wrong("states_with_resets", "resets to b instead of zero")
def _(x, starts, U, W, b):
    def step(t, x_t, begins, h):
        return np.tanh(x_t @ U.T + np.where(begins, b, h) @ W.T + b)

    return _loop(x, starts, U, W, b, step)


# continue_text


@wrong("continue_text", "the first letter is part of the result")
def _(first, length, U, W, b, V, c):
    h, said = np.zeros(len(b)), [first]
    while len(said) < length:
        h = np.tanh(U[:, said[-1]] + W @ h + b)
        said.append(int((V @ h + c).argmax()))
    return np.array(said)


@wrong("continue_text", "first letter in front, so one letter too many")
def _(first, length, U, W, b, V, c):
    h, said = np.zeros(len(b)), [first]
    for _t in range(length):
        h = np.tanh(U[:, said[-1]] + W @ h + b)
        said.append(int((V @ h + c).argmax()))
    return np.array(said)


@wrong("continue_text", "reads the first letter over and over")
def _(first, length, U, W, b, V, c):
    h, said = np.zeros(len(b)), []
    for _t in range(length):
        h = np.tanh(U[:, first] + W @ h + b)
        said.append(int((V @ h + c).argmax()))
    return np.array(said)


@wrong("continue_text", "state zero before every letter")
def _(first, length, U, W, b, V, c):
    k, said = first, []
    for _t in range(length):
        h = np.tanh(U[:, k] + W @ np.zeros(len(b)) + b)
        k = int((V @ h + c).argmax())
        said.append(k)
    return np.array(said)


@wrong("continue_text", "W transposed")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), []
    for _t in range(length):
        h = np.tanh(U[:, k] + h @ W + b)
        k = int((V @ h + c).argmax())
        said.append(k)
    return np.array(said)


@wrong("continue_text", "c forgotten")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), []
    for _t in range(length):
        h = np.tanh(U[:, k] + W @ h + b)
        k = int((V @ h).argmax())
        said.append(k)
    return np.array(said)


@wrong("continue_text", "b forgotten")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), []
    for _t in range(length):
        h = np.tanh(U[:, k] + W @ h)
        k = int((V @ h + c).argmax())
        said.append(k)
    return np.array(said)


@wrong("continue_text", "tanh forgotten")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), []
    for _t in range(length):
        h = U[:, k] + W @ h + b
        k = int((V @ h + c).argmax())
        said.append(k)
    return np.array(said)


@wrong("continue_text", "draws each letter instead of the most likely one")
def _(first, length, U, W, b, V, c):
    rng = np.random.default_rng(0)
    k, h, said = first, np.zeros(len(b)), []
    for _t in range(length):
        h = np.tanh(U[:, k] + W @ h + b)
        e = np.exp(V @ h + c)
        k = int(rng.choice(len(c), p=e / e.sum()))
        said.append(k)
    return np.array(said)


@wrong("continue_text", "the largest unit of the state, no V and c")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), []
    for _t in range(length):
        h = np.tanh(U[:, k] + W @ h + b)
        k = int(h.argmax()) % len(c)
        said.append(k)
    return np.array(said)


@wrong("continue_text", "one letter too few, range(length - 1)")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), []
    for _t in range(length - 1):
        h = np.tanh(U[:, k] + W @ h + b)
        k = int((V @ h + c).argmax())
        said.append(k)
    return np.array(said, dtype=int)


@wrong("continue_text", "reads the index as a number, U[:, 0] times k")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), []
    for _t in range(length):
        h = np.tanh(U[:, 0] * k + W @ h + b)
        k = int((V @ h + c).argmax())
        said.append(k)
    return np.array(said)


@wrong("continue_text", "the letters themselves, a string of A to Z")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), ""
    for _t in range(length):
        h = np.tanh(U[:, k] + W @ h + b)
        k = int((V @ h + c).argmax())
        said += "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[k]
    return said


@wrong("continue_text", "an array of floats, from np.zeros")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), np.zeros(length)
    for t in range(length):
        h = np.tanh(U[:, k] + W @ h + b)
        k = int((V @ h + c).argmax())
        said[t] = k
    return said


@wrong("continue_text", "the logits of each step instead of the letters")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), []
    for _t in range(length):
        h = np.tanh(U[:, k] + W @ h + b)
        o = V @ h + c
        k = int(o.argmax())
        said.append(o)
    return np.array(said)


@wrong("continue_text", "only the last letter, return of k")
def _(first, length, U, W, b, V, c):
    k, h = first, np.zeros(len(b))
    for _t in range(length):
        h = np.tanh(U[:, k] + W @ h + b)
        k = int((V @ h + c).argmax())
    return k


@wrong("continue_text", "the least likely letter, argmin")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), []
    for _t in range(length):
        h = np.tanh(U[:, k] + W @ h + b)
        k = int((V @ h + c).argmin())
        said.append(k)
    return np.array(said)


@wrong("continue_text", "says from the state before the letter was read")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), []
    for _t in range(length):
        new = int((V @ h + c).argmax())
        h = np.tanh(U[:, k] + W @ h + b)
        k = new
        said.append(k)
    return np.array(said)


@wrong("continue_text", "a row of U instead of a column, U[k]")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), []
    for _t in range(length):
        h = np.tanh(U[k] + W @ h + b)
        k = int((V @ h + c).argmax())
        said.append(k)
    return np.array(said)


# What readers did later, of all exercises


@wrong("continue_text", "sampling")
def _(first, length, U, W, b, V, c):
    rng = np.random.default_rng(0)
    k, h, said = first, np.zeros(len(b)), []
    for _ in range(length):
        h = np.tanh(U[:, k] + W @ h + b)
        k = rng.choice(len(c), p=softmax(V @ h + c))
        said.append(k)
    return np.array(said)


@wrong("continue_text", "stops at a repeated letter")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), []
    for _i in range(length):
        h = np.tanh(U[:, k] + W @ h + b)
        k = (V @ h + c).argmax()
        if k == first:
            break
        said.append(k)
    return np.array(said)


@wrong("count_parameters", "^ for **")
def _(vocab_size, hidden_size):
    return 2 * hidden_size * vocab_size + hidden_size ^ 2 + hidden_size + vocab_size


@wrong("count_parameters", "times T")
def _(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return 26 * (H * K + H * H + H) + K * H + K


@wrong("count_parameters", "V and c forgotten")
def _(vocab_size, hidden_size):
    return hidden_size * (vocab_size + hidden_size + 1)


@wrong("count_parameters", "product")
def _(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return (H * K) * (H * H) * H * (K * H) * K


@wrong("log_softmax_rows", "adds m twice")
def _(logits):
    m = logits.max(axis=-1, keepdims=True)
    return logits - m - m - np.log(np.exp(logits - m).sum(axis=-1, keepdims=True))


@wrong("log_softmax_rows", "epsilon in log")
def _(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.log(e / e.sum(axis=-1, keepdims=True) + 1e-9)


@wrong("log_softmax_rows", "loops over 2D only")
def _(logits):
    out = np.zeros_like(logits)
    for i, row in enumerate(logits):
        m = row.max()
        out[i] = row - m - np.log(np.exp(row - m).sum())
    return out


@wrong("log_softmax_rows", "subtract min")
def _(logits):
    s = logits - logits.min(axis=-1, keepdims=True)
    with np.errstate(over="ignore"):
        return s - np.log(np.exp(s).sum(axis=-1, keepdims=True))


@wrong("log_softmax_rows", "divides instead of subtract")
def _(logits):
    s = logits - logits.max(axis=-1, keepdims=True)
    return s / np.log(np.exp(s).sum(axis=-1, keepdims=True))


@wrong("log_softmax_rows", "returns log sum exp only")
def _(logits):
    m = logits.max(axis=-1, keepdims=True)
    return m + np.log(np.exp(logits - m).sum(axis=-1, keepdims=True))


@wrong("log_softmax_rows", "divide by max")
def _(logits):
    s = logits / logits.max(axis=-1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=-1, keepdims=True))


@wrong("next_state", "relu")
def _(x_t, h_before, U, W, b):
    return np.maximum(0, x_t @ U.T + h_before @ W.T + b)


@wrong("next_state", "tan")
def _(x_t, h_before, U, W, b):
    return np.tan(x_t @ U.T + h_before @ W.T + b)


@wrong("next_state", "b multiplies tanh")
def _(x_t, h_before, U, W, b):
    return np.tanh(x_t @ U.T + h_before @ W.T) * b


@wrong("next_state", "softmax for tanh")
def _(x_t, h_before, U, W, b):
    return softmax(x_t @ U.T + h_before @ W.T + b)


@wrong("next_state", "h_before * W")
def _(x_t, h_before, U, W, b):
    return np.tanh(x_t @ U.T + h_before * W + b)


@wrong("next_state", "tanh slope")
def _(x_t, h_before, U, W, b):
    return 1 - np.tanh(x_t @ U.T + h_before @ W.T + b) ** 2


@wrong("states_with_resets", "skips recurrent and bias at start")
def _(x, starts, U, W, b):
    N, T, _ = x.shape
    states = np.zeros((N, T, len(b)))
    for n in range(N):
        for t in range(T):
            if starts[n, t]:
                states[n, t] = np.tanh(U @ x[n, t])
            else:
                states[n, t] = np.tanh(U @ x[n, t] + W @ states[n, t - 1] + b)
    return states


@wrong("states_with_resets", "resets at t where starts of next t")
def _(x, starts, U, W, b):
    N, T, _ = x.shape
    h = np.zeros((N, len(b)))
    states = np.zeros((N, T, len(b)))
    for t in range(T):
        s = starts[:, min(t + 1, T - 1)]
        h = np.where(s[:, None], 0, h)
        h = np.tanh(x[:, t] @ U.T + h @ W.T + b)
        states[:, t] = h
    return states


@wrong("states_with_resets", "shared h over the rows in nested loop")
def _(x, starts, U, W, b):
    N, T, _ = x.shape
    states = np.zeros((N, T, len(b)))
    h = np.zeros(len(b))
    for t in range(T):
        for n in range(N):
            if starts[n, t]:
                h = np.zeros(len(b))
            h = np.tanh(U @ x[n, t] + W @ h + b)
            states[n, t] = h
    return states


@wrong("next_state", "averaged")
def _(x_t, h_before, U, W, b):
    return np.tanh((x_t @ U.T + h_before @ W.T + b) / 3)


@wrong("log_softmax_rows", "exp twice")
def _(logits):
    s = logits - logits.max(axis=-1, keepdims=True)
    return np.exp(s) - np.log(np.exp(s).sum(axis=-1, keepdims=True))


@wrong("continue_text", "reads the alphabet on, not its answers")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), []
    for _ in range(length):
        h = np.tanh(U[:, k] + W @ h + b)
        said.append((V @ h + c).argmax())
        k = (k + 1) % len(c)
    return np.array(said)


@wrong("continue_text", "c subtracted")
def _(first, length, U, W, b, V, c):
    k, h, said = first, np.zeros(len(b)), []
    for _ in range(length):
        h = np.tanh(U[:, k] + W @ h + b)
        k = (V @ h - c).argmax()
        said.append(k)
    return np.array(said)
