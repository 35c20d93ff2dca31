"""Other ways to write the right answers, for their code.

What can go wrong in a loop cannot in one line, so `exercises.checks.mutants` makes
mistakes in both. Each way is right; a test runs it.
"""

from __future__ import annotations

import numpy as np

from exercises.checks import (
    backward,
    forward,
    letters,
    memory,
    names,
    pytorch,
    training,
)
from rnn_lib.functional import log_softmax, softmax

# Letters as vectors ------------------------------------------------------------


@letters.decode_one_hot.another_way
def _(vectors, symbols):
    text = ""
    for vector in vectors:
        text += symbols[np.argmax(vector)]
    return text


@letters.decode_one_hot.another_way
def _(vectors, symbols):
    indices = np.argmax(vectors, axis=1)
    return "".join([symbols[i] for i in indices])


@letters.count_pairs.another_way
def _(indices, size):
    counts = np.zeros((size, size), dtype=int)
    for row in indices:
        for i in range(len(row) - 1):
            counts[row[i], row[i + 1]] += 1
    return counts


@letters.count_pairs.another_way
def _(indices, size):
    counts = np.zeros((size, size), dtype=int)
    for row in indices:
        for first, second in zip(row[:-1], row[1:], strict=True):
            counts[first, second] += 1
    return counts


@letters.count_pairs.another_way
def _(indices, size):
    first, second = indices[:, :-1].ravel(), indices[:, 1:].ravel()
    pairs = size * first + second
    return np.bincount(pairs, minlength=size * size).reshape(size, size)


@letters.mean_perplexity.another_way
def _(probabilities, targets):
    total, count = 0.0, 0
    for n in range(targets.shape[0]):
        for t in range(targets.shape[1]):
            total -= np.log(probabilities[n, t, targets[n, t]])
            count += 1
    return float(np.exp(total / count))


@letters.mean_perplexity.another_way
def _(probabilities, targets):
    one_hot = np.eye(probabilities.shape[-1])[targets]
    right = (probabilities * one_hot).sum(axis=-1)
    return float(np.exp(-np.log(right).mean()))


@letters.best_accuracy.another_way
def _(counts):
    right = 0
    for line in counts:
        right += line.max()
    return float(right / counts.sum())


@letters.best_accuracy.another_way
def _(counts):
    shares = counts.sum(axis=1) / counts.sum()
    best = counts.max(axis=1) / counts.sum(axis=1)
    return float((shares * best).sum())


@letters.entropy_floor.another_way
def _(counts):
    totals = counts.sum(axis=1, keepdims=True)
    shares = counts / totals
    logs = np.log(np.where(counts > 0, shares, 1))
    return float(-(counts * logs).sum() / counts.sum())


@letters.entropy_floor.another_way
def _(counts):
    total, floor = counts.sum(), 0.0
    for line in counts:
        p = line[line > 0] / line.sum()
        entropy = -(p * np.log(p)).sum()
        floor += line.sum() / total * entropy
    return float(floor)


# The forward pass --------------------------------------------------------------


@forward.count_parameters.another_way
def _(vocab_size, hidden_size):
    U = hidden_size * vocab_size
    W = hidden_size * hidden_size
    b = hidden_size
    V = vocab_size * hidden_size
    c = vocab_size
    return U + W + b + V + c


@forward.count_parameters.another_way
def _(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return H * K + H**2 + H + K * H + K


@forward.count_parameters.another_way
def _(vocab_size, hidden_size):
    return 2 * hidden_size * vocab_size + hidden_size**2 + hidden_size + vocab_size


@forward.next_state.another_way
def _(x_t, h_before, U, W, b):
    h = np.zeros_like(h_before)
    for n in range(len(x_t)):
        h[n] = np.tanh(U @ x_t[n] + W @ h_before[n] + b)
    return h


@forward.log_softmax_rows.another_way
def _(logits):
    m = logits.max(axis=-1, keepdims=True)
    total = np.exp(logits - m).sum(axis=-1, keepdims=True)
    return logits - m - np.log(total)


@forward.log_softmax_rows.another_way
def _(logits):
    logits = logits - np.max(logits, axis=-1, keepdims=True)
    return logits - np.log(np.sum(np.exp(logits), axis=-1, keepdims=True))


@forward.states_with_resets.another_way
def _(x, starts, U, W, b):
    N, T, H = x.shape[0], x.shape[1], b.shape[0]
    states = np.zeros((N, T, H))
    for n in range(N):
        h = np.zeros(H)
        for t in range(T):
            if starts[n, t]:
                h = np.zeros(H)
            h = np.tanh(U @ x[n, t] + W @ h + b)
            states[n, t] = h
    return states


@forward.states_with_resets.another_way
def _(x, starts, U, W, b):
    states = np.zeros((x.shape[0], x.shape[1], len(b)))
    h = np.zeros((x.shape[0], len(b)))
    for t in range(x.shape[1]):
        keep = 1 - starts[:, t][:, np.newaxis]
        h = np.tanh(x[:, t] @ U.T + (keep * h) @ W.T + b)
        states[:, t] = h
    return states


@forward.continue_text.another_way
def _(first, length, U, W, b, V, c):
    said, h = np.zeros(length, dtype=int), np.zeros(len(b))
    x = np.eye(len(c))[first]
    for t in range(length):
        h = np.tanh(U @ x + W @ h + b)
        o = V @ h + c
        said[t] = np.argmax(o)
        x = np.eye(len(c))[said[t]]
    return said


# The backward pass -------------------------------------------------------------


@backward.logit_gradient.another_way
def _(logits, targets):
    N, T = targets.shape
    gradient = softmax(logits)
    for n in range(N):
        for t in range(T):
            gradient[n, t, targets[n, t]] -= 1
    return gradient / (N * T)


@backward.logit_gradient.another_way
def _(logits, targets):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities = powers / powers.sum(axis=-1, keepdims=True)
    return (probabilities - np.eye(logits.shape[-1])[targets]) / targets.size


@backward.hidden_gradients.another_way
def _(d_outputs, states, W):
    N, T, H = states.shape
    dz, carried = np.zeros((N, T, H)), np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        dh = d_outputs[:, t] + carried
        dz[:, t] = dh * (1 - states[:, t] ** 2)
        carried = dz[:, t] @ W
    return dz


@backward.hidden_gradients.another_way
def _(d_outputs, states, W):
    T, dz = states.shape[1], np.zeros_like(states)
    for t in reversed(range(T)):
        dh = d_outputs[:, t].copy()
        if t < T - 1:
            dh += dz[:, t + 1] @ W
        dz[:, t] = dh * (1 - states[:, t] ** 2)
    return dz


@backward.recurrent_gradient.another_way
def _(dz, states, initial_state):
    dW, before = np.zeros((states.shape[2], states.shape[2])), initial_state
    for t in range(states.shape[1]):
        dW += dz[:, t].T @ before
        before = states[:, t]
    return dW


@backward.recurrent_gradient.another_way
def _(dz, states, initial_state):
    N, T, H = states.shape
    dW = np.zeros((H, H))
    for n in range(N):
        for t in range(T):
            before = states[n, t - 1] if t > 0 else initial_state[n]
            dW += np.outer(dz[n, t], before)
    return dW


@backward.recurrent_gradient.another_way
def _(dz, states, initial_state):
    dW = dz[:, 0].T @ initial_state
    for t in range(1, states.shape[1]):
        dW += dz[:, t].T @ states[:, t - 1]
    return dW


@backward.way_back.another_way
def _(parameters, x, targets, initial_state, states, logits):
    W, V = parameters["W"], parameters["V"]
    found = {f"d{k}": np.zeros_like(array) for k, array in parameters.items()}
    do = (softmax(logits) - np.eye(len(V))[targets]) / targets.size
    before = np.concatenate([initial_state[:, None], states[:, :-1]], axis=1)
    from_next = np.zeros_like(initial_state)
    for t in reversed(range(states.shape[1])):
        dh = do[:, t] @ V + from_next
        dz = dh * (1 - states[:, t] ** 2)
        found[f"do_{t}"], found[f"from_next_{t}"] = do[:, t], from_next
        found[f"dh_{t}"], found[f"dz_{t}"] = dh, dz
        from_next = dz @ W
        found["dV"] += do[:, t].T @ states[:, t]
        found["dc"] += do[:, t].sum(axis=0)
        found["dW"] += dz.T @ before[:, t]
        found["dU"] += dz.T @ x[:, t]
        found["db"] += dz.sum(axis=0)
    found["dh_first"] = from_next
    return found


@backward.central_difference.another_way
def _(f, theta, step):
    slopes = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        above, below = theta.astype(float), theta.astype(float)
        above[place] += step
        below[place] -= step
        slopes[place] = (f(above) - f(below)) / (2 * step)
    return slopes


# Training ----------------------------------------------------------------------


@training.sgd_update.another_way
def _(parameters, gradients, rate):
    updated = {}
    for name, value in parameters.items():
        updated[name] = value - rate * gradients[name]
    return updated


@training.adam_path.another_way
def _(gradients, rate):
    m = q = theta = np.zeros(gradients.shape[1])
    path = []
    for i, g in enumerate(gradients, start=1):
        m = 0.9 * m + 0.1 * g
        q = 0.999 * q + 0.001 * g**2
        m_hat, q_hat = m / (1 - 0.9**i), q / (1 - 0.999**i)
        theta = theta - rate * m_hat / (np.sqrt(q_hat) + 1e-8)
        path.append(theta)
    return np.array(path)


@training.adam_path.another_way
def _(gradients, rate):
    m, q = np.zeros(gradients.shape[1]), np.zeros(gradients.shape[1])
    theta, path = np.zeros(gradients.shape[1]), np.zeros(gradients.shape)
    for t in range(len(gradients)):
        g = gradients[t]
        m = 0.9 * m + (1 - 0.9) * g
        q = 0.999 * q + (1 - 0.999) * g**2
        m_hat = m / (1 - 0.9 ** (t + 1))
        q_hat = q / (1 - 0.999 ** (t + 1))
        theta = theta - rate * m_hat / (np.sqrt(q_hat) + 1e-8)
        path[t] = theta
    return path


@training.stays_below.another_way
def _(losses, floor):
    above = np.flatnonzero(losses >= floor)
    epoch = int(above[-1]) + 2 if len(above) else 1
    return epoch if epoch <= len(losses) else None


@training.stays_below.another_way
def _(losses, floor):
    found = None
    for epoch in range(1, len(losses) + 1):
        if losses[epoch - 1] >= floor:
            found = None
        elif found is None:
            found = epoch
    return found


@training.stays_below.another_way
def _(losses, floor):
    for i in range(len(losses)):
        if (losses[i:] < floor).all():
            return i + 1
    return None


@training.slope_per_step.another_way
def _(states):
    slopes = np.zeros(states.shape[1])
    for t in range(states.shape[1]):
        slopes[t] = np.mean(1 - states[:, t] ** 2)
    return slopes


@training.slope_per_step.another_way
def _(states):
    slope = 1 - states**2
    return slope.mean(axis=0).mean(axis=1)


@training.clip_gradients.another_way
def _(gradients, max_norm):
    total = 0.0
    for g in gradients.values():
        total += (g**2).sum()
    norm = np.sqrt(total)
    if norm <= max_norm:
        return {name: g.copy() for name, g in gradients.items()}
    return {name: g * max_norm / norm for name, g in gradients.items()}


@training.clip_gradients.another_way
def _(gradients, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in gradients.values()))
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return {name: g * factor for name, g in gradients.items()}


# PyTorch -----------------------------------------------------------------------


@pytorch.loss_of_probabilities.another_way
def _(probabilities, targets):
    total = 0.0
    for n in range(targets.shape[0]):
        for t in range(targets.shape[1]):
            total += -np.log(probabilities[n, t, targets[n, t]])
    return float(total / targets.size)


@pytorch.loss_time_first.another_way
def _(logits, targets):
    N, T = targets.shape
    shifted = logits - logits.max(axis=-1, keepdims=True)
    scores = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    total = 0.0
    for n in range(N):
        for t in range(T):
            total -= scores[t, n, targets[n, t]]
    return float(total / (N * T))


@pytorch.loss_time_first.another_way
def _(logits, targets):
    scores = log_softmax(logits)
    right = np.take_along_axis(scores, targets.T[..., np.newaxis], axis=-1)
    return float(-right.mean())


@pytorch.loss_of_probabilities.another_way
def _(probabilities, targets):
    one_hot = np.eye(probabilities.shape[-1])[targets]
    right = (probabilities * one_hot).sum(axis=-1)
    return float(-np.log(right).mean())


@pytorch.loss_time_first.another_way
def _(logits, targets):
    scores = log_softmax(logits.swapaxes(0, 1))
    one_hot = np.eye(logits.shape[-1])[targets]
    return float(-(scores * one_hot).sum(axis=-1).mean())


# Long memory -------------------------------------------------------------------


@memory.factor_per_step.another_way
def _(norms):
    steps = np.diff(np.log(norms))
    return float(np.exp(np.mean(steps)))


@memory.with_radius.another_way
def _(W, radius):
    values = np.linalg.eigvals(W)
    sizes = np.sqrt(values.real**2 + values.imag**2)
    return W * radius / sizes.max()


@memory.state_jacobian.another_way
def _(W, states):
    jacobian = np.eye(len(W))
    for t in range(len(states) - 1, 0, -1):
        step = (1 - states[t] ** 2)[:, np.newaxis] * W
        jacobian = jacobian @ step
    return jacobian


@memory.gradient_arrives.another_way
def _(length, steps):
    arrives = np.zeros((length, length), dtype=bool)
    for start in range(0, length, steps):
        for t in range(start, min(start + steps, length)):
            for s in range(start, t + 1):
                arrives[t, s] = True
    return arrives


@memory.loss_over_pieces.another_way
def _(losses, counts):
    weights = counts / counts.sum()
    return float((losses * weights).sum())


@memory.gated_states.another_way
def _(scores, candidates, start):
    states = np.zeros_like(candidates)
    for t in range(len(scores)):
        before = states[t - 1] if t > 0 else start
        g = 1 / (1 + np.exp(-scores[t]))
        states[t] = g * before + (1 - g) * candidates[t]
    return states


@memory.factor_per_step.another_way
def _(norms):
    logs = np.log(norms)
    return float(np.exp((logs[-1] - logs[0]) / (len(norms) - 1)))


@memory.factor_per_step.another_way
def _(norms):
    factors = norms[1:] / norms[:-1]
    return float(np.prod(factors) ** (1 / len(factors)))


@memory.with_radius.another_way
def _(W, radius):
    values = np.linalg.eigvals(W)
    largest = np.max(np.abs(values))
    return W / largest * radius


@memory.state_jacobian.another_way
def _(W, states):
    jacobian = np.eye(len(W))
    for t in range(1, len(states)):
        slope = 1 - states[t] ** 2
        jacobian = np.diag(slope) @ W @ jacobian
    return jacobian


@memory.gradient_arrives.another_way
def _(length, steps):
    arrives = np.zeros((length, length), dtype=bool)
    for t in range(length):
        for s in range(t + 1):
            arrives[t, s] = s // steps == t // steps
    return arrives


@memory.gradient_arrives.another_way
def _(length, steps):
    arrives = np.zeros((length, length), dtype=bool)
    for t in range(length):
        start = t // steps * steps
        arrives[t, start : t + 1] = True
    return arrives


@memory.loss_over_pieces.another_way
def _(losses, counts):
    total, count = 0.0, 0
    for loss, n in zip(losses, counts, strict=True):
        total += loss * n
        count += n
    return float(total / count)


@memory.gated_states.another_way
def _(scores, candidates, start):
    states, h = np.zeros_like(candidates), start
    for t in range(len(scores)):
        g = 1 / (1 + np.exp(-scores[t]))
        h = g * h + (1 - g) * candidates[t]
        states[t] = h
    return states


# Names -------------------------------------------------------------------------


@names.pad_symbols.another_way
def _(words):
    T = max(len(word) for word in words) + 1
    inputs, targets, mask = [], [], []
    for word in words:
        n = len(word)
        inputs.append([0] + word + [0] * (T - n - 1))
        targets.append(word + [0] * (T - n))
        mask.append([t <= n for t in range(T)])
    return np.array(inputs), np.array(targets), np.array(mask)


@names.masked_mean.another_way
def _(losses, mask):
    total, count = 0.0, 0
    for n in range(losses.shape[0]):
        for t in range(losses.shape[1]):
            if mask[n, t]:
                total += losses[n, t]
                count += 1
    return float(total / count)


@names.continuations.another_way
def _(counts):
    before = np.zeros(len(counts))
    for r in range(len(counts)):
        for s in range(len(counts)):
            if counts[r, s] > 0:
                before[s] += 1
    return before / before.sum()


@names.symbol_perplexity.another_way
def _(nats, letters):
    means = nats / (letters + 1)
    weights = (letters + 1) / (letters + 1).sum()
    return float(np.exp((means * weights).sum()))


@names.symbol_perplexity.another_way
def _(nats, letters):
    mean = nats.mean() / (letters.mean() + 1)
    return float(np.exp(mean))


@names.pad_symbols.another_way
def _(words):
    T = max(len(word) for word in words) + 1
    inputs = np.zeros((len(words), T), dtype=int)
    targets = np.zeros((len(words), T), dtype=int)
    mask = np.zeros((len(words), T), dtype=bool)
    for n, word in enumerate(words):
        for t, symbol in enumerate(word):
            inputs[n, t + 1] = symbol
            targets[n, t] = symbol
        mask[n, : len(word) + 1] = True
    return inputs, targets, mask


@names.masked_mean.another_way
def _(losses, mask):
    return float((losses * mask).sum() / mask.sum())


@names.pair_probabilities.another_way
def _(rows, size, added):
    counts = np.full((size, size), float(added))
    for row in rows:
        for i in range(len(row) - 1):
            counts[row[i], row[i + 1]] += 1
    return counts / counts.sum(axis=1, keepdims=True)


@names.pair_probabilities.another_way
def _(rows, size, added):
    counts = np.zeros((size, size))
    for row in rows:
        for before, after in zip(row[:-1], row[1:], strict=True):
            counts[before, after] += 1
    smoothed = counts + added
    totals = counts.sum(axis=1, keepdims=True) + size * added
    return smoothed / totals


@names.continuations.another_way
def _(counts):
    seen = (counts > 0).astype(int)
    return np.sum(seen, axis=0) / np.sum(seen)


@names.symbol_perplexity.another_way
def _(nats, letters):
    symbols = letters.sum() + len(letters)
    return float(np.exp(nats.sum() / symbols))


@names.at_temperature.another_way
def _(logits, temperature):
    scores = logits / temperature
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
