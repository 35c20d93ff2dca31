"""Wrong answers to the exercises of chapter 4, as new readers give them."""

import math

import numpy as np

from tests.exercises.invented import collector

ANSWERS, wrong = collector()

# sgd_update


@wrong("sgd_update", "plus instead of minus")
def _(parameters, gradients, rate):
    return {k: parameters[k] + rate * gradients[k] for k in parameters}


@wrong("sgd_update", "in place: parameters[k] -= ...")
def _(parameters, gradients, rate):
    for k in parameters:
        parameters[k] -= rate * gradients[k]
    return parameters


@wrong("sgd_update", "in place through a shallow copy of the dict")
def _(parameters, gradients, rate):
    new = parameters.copy()
    for k in new:
        new[k] -= rate * gradients[k]
    return new


@wrong("sgd_update", "replaces the arrays in the dict that was passed")
def _(parameters, gradients, rate):
    for k in parameters:
        parameters[k] = parameters[k] - rate * gradients[k]
    return parameters


@wrong("sgd_update", "the rate forgotten")
def _(parameters, gradients, rate):
    return {k: parameters[k] - gradients[k] for k in parameters}


@wrong("sgd_update", "divided by the rate")
def _(parameters, gradients, rate):
    return {k: parameters[k] - gradients[k] / rate for k in parameters}


@wrong("sgd_update", "only the change, without the old parameters")
def _(parameters, gradients, rate):
    return {k: -rate * gradients[k] for k in parameters}


@wrong("sgd_update", "a list of arrays")
def _(parameters, gradients, rate):
    return [parameters[k] - rate * gradients[k] for k in parameters]


@wrong("sgd_update", "pairs by place, not by name: zip of the values")
def _(parameters, gradients, rate):
    pairs = zip(parameters.values(), gradients.values(), strict=True)
    new = [p - rate * g for p, g in pairs]
    return dict(zip(parameters, new, strict=True))


@wrong("sgd_update", "changes and returns nothing")
def _(parameters, gradients, rate):
    new = {}
    for k in parameters:
        new[k] = parameters[k] - rate * gradients[k]


@wrong("sgd_update", "rate * (theta - g), bracket in the wrong place")
def _(parameters, gradients, rate):
    return {k: rate * (parameters[k] - gradients[k]) for k in parameters}


@wrong("sgd_update", "(1 - rate) theta - rate g, as in a moving average")
def _(parameters, gradients, rate):
    return {k: (1 - rate) * p - rate * gradients[k] for k, p in parameters.items()}


@wrong("sgd_update", "against the sign of the gradient only")
def _(parameters, gradients, rate):
    return {k: p - rate * np.sign(gradients[k]) for k, p in parameters.items()}


@wrong("sgd_update", "returns in the loop, after the first array")
def _(parameters, gradients, rate):
    new = {}
    for k in parameters:
        new[k] = parameters[k] - rate * gradients[k]
        return new


@wrong("sgd_update", "biases left out, only U, W and V")
def _(parameters, gradients, rate):
    return {
        k: p - rate * gradients[k] if p.ndim == 2 else p.copy()
        for k, p in parameters.items()
    }


# stays_below


@wrong("stays_below", "the first epoch below, whatever comes later")
def _(losses, floor):
    below = np.flatnonzero(losses < floor)
    return int(below[0]) + 1 if len(below) else None


@wrong("stays_below", "counts from 0")
def _(losses, floor):
    above = np.flatnonzero(losses >= floor)
    if len(above) == 0:
        return 0
    return None if above[-1] == len(losses) - 1 else int(above[-1]) + 1


@wrong("stays_below", "a loss equal to the floor counts as below")
def _(losses, floor):
    above = np.flatnonzero(losses > floor)
    if len(above) == 0:
        return 1
    return None if above[-1] == len(losses) - 1 else int(above[-1]) + 2


@wrong("stays_below", "one past the end instead of None")
def _(losses, floor):
    above = np.flatnonzero(losses >= floor)
    return int(above[-1]) + 2 if len(above) else 1


@wrong("stays_below", "None where the loss is below from the start")
def _(losses, floor):
    above = np.flatnonzero(losses >= floor)
    if len(above) == 0 or above[-1] == len(losses) - 1:
        return None
    return int(above[-1]) + 2


@wrong("stays_below", "fails where no epoch is above: above[-1] of nothing")
def _(losses, floor):
    above = np.flatnonzero(losses >= floor)
    return None if above[-1] == len(losses) - 1 else int(above[-1]) + 2


@wrong("stays_below", "the last epoch that is not below")
def _(losses, floor):
    above = np.flatnonzero(losses >= floor)
    if len(above) == 0:
        return 1
    return None if above[-1] == len(losses) - 1 else int(above[-1]) + 1


@wrong("stays_below", "the first epoch not below, plus one")
def _(losses, floor):
    above = np.flatnonzero(losses >= floor)
    if len(above) == 0:
        return 1
    return None if above[-1] == len(losses) - 1 else int(above[0]) + 2


@wrong("stays_below", "-1 instead of None")
def _(losses, floor):
    above = np.flatnonzero(losses >= floor)
    if len(above) == 0:
        return 1
    return -1 if above[-1] == len(losses) - 1 else int(above[-1]) + 2


@wrong("stays_below", "how many epochs are below")
def _(losses, floor):
    return int((losses < floor).sum()) or None


@wrong("stays_below", "for how many epochs it stays below at the end")
def _(losses, floor):
    count = 0
    for loss in losses[::-1]:
        if loss >= floor:
            break
        count += 1
    return count or None


@wrong("stays_below", "above and below mixed up")
def _(losses, floor):
    below = np.flatnonzero(losses < floor)
    if len(below) == 0:
        return 1
    return None if below[-1] == len(losses) - 1 else int(below[-1]) + 2


@wrong("stays_below", "argmax of the condition: 1 where none is below")
def _(losses, floor):
    return int(np.argmax(losses < floor)) + 1


@wrong("stays_below", "the first of two epochs in a row below")
def _(losses, floor):
    for i in range(len(losses) - 1):
        if losses[i] < floor and losses[i + 1] < floor:
            return i + 1
    return None


@wrong("stays_below", "tests from each epoch on, but without the last one")
def _(losses, floor):
    for i in range(len(losses) - 1):
        if np.all(losses[i:-1] < floor):
            return i + 1
    return None


@wrong("stays_below", "range(len - 1): a curve below at the last epoch only is None")
def _(losses, floor):
    for i in range(len(losses) - 1):
        if np.all(losses[i:] < floor):
            return i + 1
    return None


@wrong("stays_below", "the epoch of the lowest loss")
def _(losses, floor):
    return int(np.argmin(losses)) + 1 if losses.min() < floor else None


@wrong("stays_below", "the string 'None'")
def _(losses, floor):
    above = np.flatnonzero(losses >= floor)
    if len(above) == 0:
        return 1
    return "None" if above[-1] == len(losses) - 1 else int(above[-1]) + 2


# adam_path


def _adam(
    gradients,
    rate,
    beta1=0.9,
    beta2=0.999,
    square=lambda g: g**2,
    step=lambda m, q: m / (np.sqrt(q) + 1e-8),
    start=1,
    correct_m=True,
    correct_q=True,
):
    """Return the path, where one part of the rule may be another."""
    m = q = theta = np.zeros(gradients.shape[1])
    path = []
    for i, g in enumerate(gradients, start=start):
        m = beta1 * m + (1 - beta1) * g
        q = beta2 * q + (1 - beta2) * square(g)
        m_hat = m / (1 - beta1**i) if correct_m else m
        q_hat = q / (1 - beta2**i) if correct_q else q
        theta = theta - rate * step(m_hat, q_hat)
        path.append(theta)
    return np.array(path)


@wrong("adam_path", "no bias correction")
def _(gradients, rate):
    return _adam(gradients, rate, correct_m=False, correct_q=False)


@wrong("adam_path", "bias correction of m only")
def _(gradients, rate):
    return _adam(gradients, rate, correct_q=False)


@wrong("adam_path", "bias correction of q only")
def _(gradients, rate):
    return _adam(gradients, rate, correct_m=False)


@wrong("adam_path", "i counts from 0, division by 0 at the first update")
def _(gradients, rate):
    with np.errstate(all="ignore"):
        return _adam(gradients, rate, start=0)


@wrong("adam_path", "i counts from 2")
def _(gradients, rate):
    return _adam(gradients, rate, start=2)


@wrong("adam_path", "root forgotten")
def _(gradients, rate):
    return _adam(gradients, rate, step=lambda m, q: m / (q + 1e-8))


@wrong("adam_path", "epsilon under the root")
def _(gradients, rate):
    return _adam(gradients, rate, step=lambda m, q: m / np.sqrt(q + 1e-8))


@wrong("adam_path", "betas swapped")
def _(gradients, rate):
    return _adam(gradients, rate, beta1=0.999, beta2=0.9)


@wrong("adam_path", "q of g instead of g squared")
def _(gradients, rate):
    def step(m, q):
        return m / (np.sqrt(np.abs(q)) + 1e-8)

    return _adam(gradients, rate, square=lambda g: g, step=step)


@wrong("adam_path", "plus: moves along the gradient")
def _(gradients, rate):
    return -_adam(gradients, rate)


@wrong("adam_path", "the same array appended each time, changed in place")
def _(gradients, rate):
    m, q, theta = (np.zeros(gradients.shape[1]) for _i in range(3))
    path = []
    for i, g in enumerate(gradients, start=1):
        m = 0.9 * m + 0.1 * g
        q = 0.999 * q + 0.001 * g**2
        theta -= rate * (m / (1 - 0.9**i)) / (np.sqrt(q / (1 - 0.999**i)) + 1e-8)
        path.append(theta)
    return np.array(path)


@wrong("adam_path", "corrected averages carried on to the next update")
def _(gradients, rate):
    m = q = theta = np.zeros(gradients.shape[1])
    path = []
    for i, g in enumerate(gradients, start=1):
        m = (0.9 * m + 0.1 * g) / (1 - 0.9**i)
        q = (0.999 * q + 0.001 * g**2) / (1 - 0.999**i)
        theta = theta - rate * m / (np.sqrt(q) + 1e-8)
        path.append(theta)
    return np.array(path)


@wrong("adam_path", "only the end of the path")
def _(gradients, rate):
    return _adam(gradients, rate)[-1]


@wrong("adam_path", "the steps, not added up")
def _(gradients, rate):
    return np.diff(_adam(gradients, rate), axis=0, prepend=0.0)


@wrong("adam_path", "starts with a line of zeros, one line too many")
def _(gradients, rate):
    path = _adam(gradients, rate)
    return np.vstack([np.zeros(path.shape[1]), path])


@wrong("adam_path", "the position before each update")
def _(gradients, rate):
    path = _adam(gradients, rate)
    return np.vstack([np.zeros(path.shape[1]), path[:-1]])


@wrong("adam_path", "shares swapped: (1 - beta) of the old, beta of the new")
def _(gradients, rate):
    m = q = theta = np.zeros(gradients.shape[1])
    path = []
    for i, g in enumerate(gradients, start=1):
        m = 0.1 * m + 0.9 * g
        q = 0.001 * q + 0.999 * g**2
        m_hat, q_hat = m / (1 - 0.9**i), q / (1 - 0.999**i)
        theta = theta - rate * m_hat / (np.sqrt(q_hat) + 1e-8)
        path.append(theta)
    return np.array(path)


@wrong("adam_path", "plain SGD, rate times the sum of the gradients")
def _(gradients, rate):
    return -rate * gradients.cumsum(axis=0)


@wrong("adam_path", "beta times i instead of to the power of i")
def _(gradients, rate):
    m = q = theta = np.zeros(gradients.shape[1])
    path = []
    for i, g in enumerate(gradients, start=1):
        m = 0.9 * m + 0.1 * g
        q = 0.999 * q + 0.001 * g**2
        m_hat, q_hat = m / abs(1 - 0.9 * i), q / abs(1 - 0.999 * i)
        theta = theta - rate * m_hat / (np.sqrt(q_hat) + 1e-8)
        path.append(theta)
    return np.array(path)


@wrong("adam_path", "momentum without (1 - beta): m = 0.9 m + g, q = 0.999 q + g²")
def _(gradients, rate):
    m = q = theta = np.zeros(gradients.shape[1])
    path = []
    for i, g in enumerate(gradients, start=1):
        m = 0.9 * m + g
        q = 0.999 * q + g**2
        m_hat, q_hat = m / (1 - 0.9**i), q / (1 - 0.999**i)
        theta = theta - rate * m_hat / (np.sqrt(q_hat) + 1e-8)
        path.append(theta)
    return np.array(path)


@wrong("adam_path", "epsilon forgotten, nan where the gradient is 0")
def _(gradients, rate):
    with np.errstate(invalid="ignore"):
        return _adam(gradients, rate, step=lambda m, q: m / np.sqrt(q))


# slope_per_step


@wrong("slope_per_step", "mean over sequences only: (T, H)")
def _(states):
    return (1 - states**2).mean(axis=0)


@wrong("slope_per_step", "mean over units only: (N, T)")
def _(states):
    return (1 - states**2).mean(axis=2)


@wrong("slope_per_step", "mean over steps and units: (N,)")
def _(states):
    return (1 - states**2).mean(axis=(1, 2))


@wrong("slope_per_step", "mean over everything, one number")
def _(states):
    return (1 - states**2).mean()


@wrong("slope_per_step", "mean over sequences and steps: (H,)")
def _(states):
    return (1 - states**2).mean(axis=(0, 1))


@wrong("slope_per_step", "sum instead of mean")
def _(states):
    return (1 - states**2).sum(axis=(0, 2))


@wrong("slope_per_step", "slope of the mean state")
def _(states):
    return 1 - states.mean(axis=(0, 2)) ** 2


@wrong("slope_per_step", "tanh again")
def _(states):
    return (1 - np.tanh(states) ** 2).mean(axis=(0, 2))


@wrong("slope_per_step", "the square forgotten")
def _(states):
    return (1 - states).mean(axis=(0, 2))


@wrong("slope_per_step", "absolute value instead of the square")
def _(states):
    return (1 - np.abs(states)).mean(axis=(0, 2))


@wrong("slope_per_step", "the mean square itself, how saturated instead of the slope")
def _(states):
    return (states**2).mean(axis=(0, 2))


@wrong("slope_per_step", "keepdims, (1, T, 1)")
def _(states):
    return (1 - states**2).mean(axis=(0, 2), keepdims=True)


@wrong("slope_per_step", "the first step left out")
def _(states):
    return (1 - states[:, 1:] ** 2).mean(axis=(0, 2))


@wrong("slope_per_step", "median instead of mean")
def _(states):
    return np.median(1 - states**2, axis=(0, 2))


@wrong("slope_per_step", "differences of the states from step to step")
def _(states):
    return np.diff(states, axis=1).mean(axis=(0, 2))


@wrong("slope_per_step", "reshape to (T, N H) without moving the axis")
def _(states):
    N, T, H = states.shape
    return (1 - states.reshape(T, N * H) ** 2).mean(axis=1)


@wrong("slope_per_step", "divides the sum over both by N only")
def _(states):
    return (1 - states**2).sum(axis=(0, 2)) / len(states)


@wrong("slope_per_step", "squares the slope: (1 - h) ** 2")
def _(states):
    return ((1 - states) ** 2).mean(axis=(0, 2))


# clip_gradients


def _norm(gradients):
    return np.sqrt(sum((g**2).sum() for g in gradients.values()))


@wrong("clip_gradients", "each array by its own norm")
def _(gradients, max_norm):
    new = {}
    for k, g in gradients.items():
        norm = np.linalg.norm(g)
        new[k] = g * min(1, max_norm / norm) if norm > 0 else g.copy()
    return new


@wrong("clip_gradients", "by value: np.clip of every number")
def _(gradients, max_norm):
    return {k: np.clip(g, -max_norm, max_norm) for k, g in gradients.items()}


@wrong("clip_gradients", "min forgotten: short ones are made longer")
def _(gradients, max_norm):
    norm = _norm(gradients) or 1.0
    return {k: g * max_norm / norm for k, g in gradients.items()}


@wrong("clip_gradients", "max instead of min")
def _(gradients, max_norm):
    norm = _norm(gradients) or max_norm
    return {k: g * max(1, max_norm / norm) for k, g in gradients.items()}


@wrong("clip_gradients", "in place")
def _(gradients, max_norm):
    norm = _norm(gradients)
    if norm > max_norm:
        for k in gradients:
            gradients[k] *= max_norm / norm
    return gradients


@wrong("clip_gradients", "the root forgotten")
def _(gradients, max_norm):
    norm = sum((g**2).sum() for g in gradients.values())
    factor = min(1, max_norm / norm) if norm > 0 else 1
    return {k: g * factor for k, g in gradients.items()}


@wrong("clip_gradients", "the norms of the arrays added up")
def _(gradients, max_norm):
    norm = sum(np.linalg.norm(g) for g in gradients.values())
    factor = min(1, max_norm / norm) if norm > 0 else 1
    return {k: g * factor for k, g in gradients.items()}


@wrong("clip_gradients", "the largest of the norms")
def _(gradients, max_norm):
    norm = max(np.linalg.norm(g) for g in gradients.values())
    factor = min(1, max_norm / norm) if norm > 0 else 1
    return {k: g * factor for k, g in gradients.items()}


@wrong("clip_gradients", "divides by the norm in any case: nan where it is 0")
def _(gradients, max_norm):
    norm = _norm(gradients)
    with np.errstate(invalid="ignore"):
        return {k: g / norm * min(norm, max_norm) for k, g in gradients.items()}


@wrong("clip_gradients", "ZeroDivisionError where the norm is 0")
def _(gradients, max_norm):
    norm = math.sqrt(sum((g**2).sum() for g in gradients.values()))
    return {k: g * min(1, max_norm / norm) for k, g in gradients.items()}


@wrong("clip_gradients", "the sum of absolute values for the norm")
def _(gradients, max_norm):
    norm = sum(np.abs(g).sum() for g in gradients.values())
    factor = min(1, max_norm / norm) if norm > 0 else 1
    return {k: g * factor for k, g in gradients.items()}


@wrong("clip_gradients", "the largest number for the norm")
def _(gradients, max_norm):
    norm = max(np.abs(g).max() for g in gradients.values())
    factor = min(1, max_norm / norm) if norm > 0 else 1
    return {k: g * factor for k, g in gradients.items()}


@wrong("clip_gradients", "the fraction upside down: norm over max_norm")
def _(gradients, max_norm):
    factor = min(1, _norm(gradients) / max_norm)
    return {k: g * factor for k, g in gradients.items()}


@wrong("clip_gradients", "scaled to norm 1, max_norm forgotten in the factor")
def _(gradients, max_norm):
    norm = _norm(gradients)
    factor = 1 / norm if norm > max_norm else 1.0
    return {k: g * factor for k, g in gradients.items()}


@wrong("clip_gradients", "a pair: the arrays and the norm, as clip_by_norm does")
def _(gradients, max_norm):
    norm = _norm(gradients)
    factor = max_norm / norm if norm > max_norm else 1.0
    return {k: g * factor for k, g in gradients.items()}, norm


@wrong("clip_gradients", "the same arrays where nothing has to be shortened")
def _(gradients, max_norm):
    norm = _norm(gradients)
    if norm <= max_norm:
        return gradients
    return {k: g * (max_norm / norm) for k, g in gradients.items()}


@wrong("clip_gradients", "zeros where the gradient is too long")
def _(gradients, max_norm):
    keep = _norm(gradients) <= max_norm
    return {k: g * keep for k, g in gradients.items()}


@wrong("clip_gradients", "mean square instead of the sum of squares")
def _(gradients, max_norm):
    count = sum(g.size for g in gradients.values())
    norm = _norm(gradients) / np.sqrt(count)
    factor = min(1, max_norm / norm) if norm > 0 else 1
    return {k: g * factor for k, g in gradients.items()}


@wrong("clip_gradients", "the norm of the first array only")
def _(gradients, max_norm):
    first = next(iter(gradients.values()))
    norm = np.linalg.norm(first)
    factor = min(1, max_norm / norm) if norm > 0 else 1
    return {k: g * factor for k, g in gradients.items()}


@wrong("clip_gradients", "the norm over all arrays, but each array gets max_norm")
def _(gradients, max_norm):
    if _norm(gradients) <= max_norm:
        return {k: g.copy() for k, g in gradients.items()}
    return {k: g * max_norm / (np.linalg.norm(g) or 1.0) for k, g in gradients.items()}


# What readers did later, of all exercises


@wrong("adam_path", "momentum path")
def _(gradients, rate):
    m = th = 0
    path = []
    for g in gradients:
        m = 0.9 * m + 0.1 * g
        th = th - rate * m
        path.append(th)
    return np.array(path)


@wrong("adam_path", "sign steps")
def _(gradients, rate):
    return -rate * np.cumsum(np.sign(gradients), axis=0)


@wrong("clip_gradients", "root of each summed array")
def _(gradients, max_norm):
    n = np.sqrt(sum(g.sum() ** 2 for g in gradients.values()))
    s = max_norm / n if n > max_norm else 1.0
    return {k: g * s for k, g in gradients.items()}


@wrong("clip_gradients", "no condition, epsilon")
def _(gradients, max_norm):
    n = _norm(gradients) + 1e-8
    return {k: g / n for k, g in gradients.items()}


@wrong("clip_gradients", "only returns in if")
def _(gradients, max_norm):
    n = _norm(gradients)
    if n > max_norm:
        return {k: g * max_norm / n for k, g in gradients.items()}


@wrong("clip_gradients", "fixed names")
def _(gradients, max_norm):
    n = np.sqrt(sum((gradients[k] ** 2).sum() for k in ("U", "W", "V")))
    s = max_norm / n if n > max_norm else 1.0
    return {k: g * s for k, g in gradients.items()}


@wrong("clip_gradients", "1/5 of the limit to each")
def _(gradients, max_norm):
    limit = max_norm / len(gradients)
    out = {}
    for k, g in gradients.items():
        n = np.linalg.norm(g)
        out[k] = g * limit / n if n > limit else g.copy()
    return out


@wrong("clip_gradients", "the square of the norm is compared with the limit")
def _(gradients, max_norm):
    n = sum((g**2).sum() for g in gradients.values())
    s = max_norm / np.sqrt(n) if n > max_norm else 1.0
    return {k: g * s for k, g in gradients.items()}


@wrong("clip_gradients", "np.clip upper only")
def _(gradients, max_norm):
    return {k: np.minimum(g, max_norm) for k, g in gradients.items()}


@wrong("clip_gradients", "subtracts excess")
def _(gradients, max_norm):
    n = _norm(gradients)
    return {k: g - max(0, n - max_norm) for k, g in gradients.items()}


@wrong("clip_gradients", "sqrt of factor")
def _(gradients, max_norm):
    n = _norm(gradients)
    s = np.sqrt(max_norm / n) if n > max_norm else 1
    return {k: g * s for k, g in gradients.items()}


@wrong("sgd_update", "returns None, replaced in dict")
def _(parameters, gradients, rate):
    for k in parameters:
        parameters[k] = parameters[k] - rate * gradients[k]


@wrong("sgd_update", "hard-coded names missing c")
def _(parameters, gradients, rate):
    return {k: parameters[k] - rate * gradients[k] for k in ("U", "W", "b", "V")}


@wrong("sgd_update", "fixed rate 0.3")
def _(parameters, gradients, rate):
    return {k: parameters[k] - 0.3 * gradients[k] for k in parameters}


@wrong("sgd_update", "normalised")
def _(parameters, gradients, rate):
    return {
        k: parameters[k] - rate * gradients[k] / np.linalg.norm(gradients[k])
        for k in parameters
    }


@wrong("sgd_update", "multiplicative: p * (1 - rate * g)")
def _(parameters, gradients, rate):
    return {k: parameters[k] * (1 - rate * gradients[k]) for k in parameters}


@wrong("slope_per_step", "mean state")
def _(states):
    return states.mean(axis=(0, 2))


@wrong("slope_per_step", "difference of steps")
def _(states):
    return np.diff(states, axis=1).mean(axis=(0, 2))


@wrong("slope_per_step", "std")
def _(states):
    return (1 - states**2).std(axis=(0, 2))


@wrong("slope_per_step", "mean squared norm")
def _(states):
    return (1 - (states**2).sum(axis=2)).mean(axis=0)


@wrong("slope_per_step", "max")
def _(states):
    return (1 - states**2).max(axis=(0, 2))


@wrong("slope_per_step", "h(1-h)")
def _(states):
    return (states * (1 - states)).mean(axis=(0, 2))


@wrong("slope_per_step", "squares the mean of abs")
def _(states):
    return 1 - np.abs(states).mean(axis=(0, 2)) ** 2


@wrong("slope_per_step", "slope of slope")
def _(states):
    return np.gradient(states, axis=1).mean(axis=(0, 2))


@wrong("stays_below", "last above, not the next")
def _(losses, floor):
    above = np.flatnonzero(losses >= floor)
    return int(above[-1]) + 1 if len(above) else 1


@wrong("stays_below", "0 instead of None")
def _(losses, floor):
    above = np.flatnonzero(losses >= floor)
    e = int(above[-1]) + 2 if len(above) else 1
    return e if e <= len(losses) else 0


@wrong("stays_below", "returns the loss")
def _(losses, floor):
    above = np.flatnonzero(losses >= floor)
    e = int(above[-1]) + 1 if len(above) else 0
    return losses[e] if e < len(losses) else None


@wrong("stays_below", "last below")
def _(losses, floor):
    below = np.flatnonzero(losses < floor)
    return int(below[-1]) + 1 if len(below) else None


@wrong("stays_below", "the first crossing of two neighbours")
def _(losses, floor):
    for i in range(len(losses) - 1):
        if losses[i] >= floor and losses[i + 1] < floor:
            return i + 2
    return None


@wrong("stays_below", "last crossing only, no check for all below")
def _(losses, floor):
    found = None
    for i in range(len(losses) - 1):
        if losses[i] >= floor > losses[i + 1]:
            found = i + 2
    return found


@wrong("stays_below", "monotone: losses[i:].mean() < floor")
def _(losses, floor):
    for i in range(len(losses)):
        if losses[i:].mean() < floor:
            return i + 1
    return None


@wrong("stays_below", "nan for None")
def _(losses, floor):
    above = np.flatnonzero(losses >= floor)
    e = int(above[-1]) + 2 if len(above) else 1
    return e if e <= len(losses) else np.nan


@wrong("stays_below", "the number of epochs that are not below, plus 1")
def _(losses, floor):
    below = losses < floor
    return int(len(losses) - below.sum()) + 1


@wrong("stays_below", "the rest after the epoch is looked at, not from it on")
def _(losses, floor):
    for i in range(len(losses)):
        if (losses[i + 1 :] < floor).all():
            return i + 1
    return None


@wrong("stays_below", "above the floor to the end")
def _(losses, floor):
    below = np.flatnonzero(losses <= floor)
    return None if len(below) == 0 else int(below[0]) + 1


@wrong("stays_below", "float")
def _(losses, floor):
    above = np.flatnonzero(losses >= floor)
    e = float(above[-1]) + 2 if len(above) else 1.0
    return e if e <= len(losses) else None


@wrong("adam_path", "uses g not m")
def _(gradients, rate):
    q = th = 0
    path = []
    for g in gradients:
        q = 0.999 * q + 0.001 * g**2
        th = th - rate * g / (np.sqrt(q) + 1e-8)
        path.append(th)
    return np.array(path)


@wrong("slope_per_step", "norm of h")
def _(states):
    return 1 - np.linalg.norm(states, axis=2).mean(axis=0)


@wrong("clip_gradients", "the factor, for the arrays that are too long by themselves")
def _(gradients, max_norm):
    n = _norm(gradients)
    s = max_norm / n if n > max_norm else 1
    return {
        k: (g * s if np.linalg.norm(g) > max_norm else g.copy())
        for k, g in gradients.items()
    }


@wrong("clip_gradients", "norm of mean")
def _(gradients, max_norm):
    n = np.mean([np.linalg.norm(g) for g in gradients.values()])
    s = max_norm / n if n > max_norm else 1
    return {k: g * s for k, g in gradients.items()}
