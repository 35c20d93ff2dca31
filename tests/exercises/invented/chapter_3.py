"""Wrong answers to the exercises of chapter 3, as new readers give them."""

import numpy as np

from rnn_lib import softmax
from tests.exercises.invented import collector

ANSWERS, wrong = collector()

# logit_gradient


def _one_hot_targets(logits, targets):
    return np.eye(logits.shape[-1])[targets]


@wrong("logit_gradient", "not divided: the gradient of the sum")
def _(logits, targets):
    return softmax(logits) - _one_hot_targets(logits, targets)


@wrong("logit_gradient", "divided by N only")
def _(logits, targets):
    return (softmax(logits) - _one_hot_targets(logits, targets)) / len(logits)


@wrong("logit_gradient", "divided by T only")
def _(logits, targets):
    y = _one_hot_targets(logits, targets)
    return (softmax(logits) - y) / logits.shape[1]


@wrong("logit_gradient", "divided by N T K, logits.size")
def _(logits, targets):
    return (softmax(logits) - _one_hot_targets(logits, targets)) / logits.size


@wrong("logit_gradient", "sign: y minus y hat")
def _(logits, targets):
    return (_one_hot_targets(logits, targets) - softmax(logits)) / targets.size


@wrong("logit_gradient", "the softmax forgotten, logits minus y")
def _(logits, targets):
    return (logits - _one_hot_targets(logits, targets)) / targets.size


@wrong("logit_gradient", "subtracts the index of the target from every number")
def _(logits, targets):
    return (softmax(logits) - targets[..., np.newaxis]) / targets.size


@wrong("logit_gradient", "softmax over the whole array")
def _(logits, targets):
    e = np.exp(logits - logits.max())
    return (e / e.sum() - _one_hot_targets(logits, targets)) / targets.size


@wrong("logit_gradient", "softmax over time, axis 1")
def _(logits, targets):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return (p - _one_hot_targets(logits, targets)) / targets.size


@wrong("logit_gradient", "squared error: through the slope of the softmax")
def _(logits, targets):
    p = softmax(logits)
    d = p - _one_hot_targets(logits, targets)
    return p * (d - (p * d).sum(axis=-1, keepdims=True)) / targets.size


@wrong("logit_gradient", "only the entry of the right letter, the others stay 0")
def _(logits, targets):
    y = _one_hot_targets(logits, targets)
    return y * (softmax(logits) - y) / targets.size


@wrong("logit_gradient", "the derivative by the probabilities, minus y over y hat")
def _(logits, targets):
    return -_one_hot_targets(logits, targets) / softmax(logits) / targets.size


@wrong("logit_gradient", "one-hot of size targets.max() + 1 instead of K")
def _(logits, targets):
    y = np.eye(targets.max() + 1)[targets]
    return (softmax(logits) - y) / targets.size


@wrong("logit_gradient", "subtracts 1/NT from y hat, y hat itself not divided")
def _(logits, targets):
    return softmax(logits) - _one_hot_targets(logits, targets) / targets.size


@wrong("logit_gradient", "subtracts 1 at every step for each target of the row")
def _(logits, targets):
    p = softmax(logits)
    for n in range(len(targets)):
        p[n, :, targets[n]] -= 1
    return p / targets.size


# through_tanh


@wrong("through_tanh", "tanh taken again: 1 - tanh(h) squared")
def _(d_states, states):
    return d_states * (1 - np.tanh(states) ** 2)


@wrong("through_tanh", "divided by the slope")
def _(d_states, states):
    return d_states / (1 - states**2)


@wrong("through_tanh", "the square forgotten: 1 - h")
def _(d_states, states):
    return d_states * (1 - states)


@wrong("through_tanh", "the slope of the sigmoid, h (1 - h)")
def _(d_states, states):
    return d_states * states * (1 - states)


@wrong("through_tanh", "the slope alone")
def _(d_states, states):
    return 1 - states**2


@wrong("through_tanh", "in place: d_states *= slope")
def _(d_states, states):
    d_states *= 1 - states**2
    return d_states


@wrong("through_tanh", "the arguments swapped: h times 1 - dh squared")
def _(d_states, states):
    return states * (1 - d_states**2)


@wrong("through_tanh", "sign: h squared minus 1")
def _(d_states, states):
    return d_states * (states**2 - 1)


@wrong("through_tanh", "square of the difference, (1 - h) ** 2")
def _(d_states, states):
    return d_states * (1 - states) ** 2


@wrong("through_tanh", "bracket forgotten: dh * 1 - h ** 2")
def _(d_states, states):
    return d_states * 1 - states**2


@wrong("through_tanh", "the forward function: tanh of dh")
def _(d_states, states):
    return np.tanh(d_states)


@wrong("through_tanh", "1 + h squared")
def _(d_states, states):
    return d_states * (1 + states**2)


@wrong("through_tanh", "added up over units, as a dot product")
def _(d_states, states):
    return (d_states * (1 - states**2)).sum(axis=-1)


@wrong("through_tanh", "2 h instead of h squared")
def _(d_states, states):
    return d_states * (1 - 2 * states)


# hidden_gradients


@wrong("hidden_gradients", "the path through the next step forgotten")
def _(d_outputs, states, W):
    return d_outputs * (1 - states**2)


@wrong("hidden_gradients", "dz @ W.T instead of dz @ W")
def _(d_outputs, states, W):
    dz = np.zeros_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dz[:, t] = (d_outputs[:, t] + from_next) * (1 - states[:, t] ** 2)
        from_next = dz[:, t] @ W.T
    return dz


@wrong("hidden_gradients", "walks forward in time")
def _(d_outputs, states, W):
    dz = np.zeros_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in range(states.shape[1]):
        dz[:, t] = (d_outputs[:, t] + from_next) * (1 - states[:, t] ** 2)
        from_next = dz[:, t] @ W
    return dz


@wrong("hidden_gradients", "hands dh on instead of dz: the slope is left out")
def _(d_outputs, states, W):
    dz = np.zeros_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dh = d_outputs[:, t] + from_next
        dz[:, t] = dh * (1 - states[:, t] ** 2)
        from_next = dh @ W
    return dz


@wrong("hidden_gradients", "slope on the output path only, dh * slope + from_next")
def _(d_outputs, states, W):
    dz = np.zeros_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dz[:, t] = d_outputs[:, t] * (1 - states[:, t] ** 2) + from_next
        from_next = dz[:, t] @ W
    return dz


@wrong("hidden_gradients", "adds into d_outputs through a view")
def _(d_outputs, states, W):
    dz = np.zeros_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dh = d_outputs[:, t]
        dh += from_next
        dz[:, t] = dh * (1 - states[:, t] ** 2)
        from_next = dz[:, t] @ W
    return dz


@wrong("hidden_gradients", "the slope of the next step, states[:, t + 1]")
def _(d_outputs, states, W):
    dz = np.zeros_like(states)
    from_next = np.zeros_like(states[:, 0])
    T = states.shape[1]
    for t in reversed(range(T)):
        h = states[:, min(t + 1, T - 1)]
        dz[:, t] = (d_outputs[:, t] + from_next) * (1 - h**2)
        from_next = dz[:, t] @ W
    return dz


@wrong("hidden_gradients", "stops before step 0, range(T - 1, 0, -1)")
def _(d_outputs, states, W):
    dz = np.zeros_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in range(states.shape[1] - 1, 0, -1):
        dz[:, t] = (d_outputs[:, t] + from_next) * (1 - states[:, t] ** 2)
        from_next = dz[:, t] @ W
    return dz


@wrong("hidden_gradients", "appends while walking back: steps in reverse order")
def _(d_outputs, states, W):
    dz, from_next = [], np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        here = (d_outputs[:, t] + from_next) * (1 - states[:, t] ** 2)
        dz.append(here)
        from_next = here @ W
    return np.stack(dz, axis=1)


@wrong("hidden_gradients", "stacked in front: (T, N, H)")
def _(d_outputs, states, W):
    dz, from_next = [], np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        here = (d_outputs[:, t] + from_next) * (1 - states[:, t] ** 2)
        dz.insert(0, here)
        from_next = here @ W
    return np.array(dz)


@wrong("hidden_gradients", "returns dL/dh, no slope at the end")
def _(d_outputs, states, W):
    dh = np.zeros_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dh[:, t] = d_outputs[:, t] + from_next
        from_next = (dh[:, t] * (1 - states[:, t] ** 2)) @ W
    return dh


@wrong("hidden_gradients", "the slope forgotten altogether")
def _(d_outputs, states, W):
    dz = np.zeros_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dz[:, t] = d_outputs[:, t] + from_next
        from_next = dz[:, t] @ W
    return dz


@wrong("hidden_gradients", "from_next adds up over steps, += instead of =")
def _(d_outputs, states, W):
    dz = np.zeros_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dz[:, t] = (d_outputs[:, t] + from_next) * (1 - states[:, t] ** 2)
        from_next += dz[:, t] @ W
    return dz


@wrong("hidden_gradients", "one step back only: what comes on from t + 2 is lost")
def _(d_outputs, states, W):
    slope = 1 - states**2
    dz = d_outputs * slope
    dz[:, :-1] += (dz[:, 1:] @ W) * slope[:, :-1]
    return dz


@wrong("hidden_gradients", "tanh again in the slope")
def _(d_outputs, states, W):
    dz = np.zeros_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dh = d_outputs[:, t] + from_next
        dz[:, t] = dh * (1 - np.tanh(states[:, t]) ** 2)
        from_next = dz[:, t] @ W
    return dz


@wrong("hidden_gradients", "returns after the loop only what is left of from_next")
def _(d_outputs, states, W):
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dz = (d_outputs[:, t] + from_next) * (1 - states[:, t] ** 2)
        from_next = dz @ W
    return from_next


@wrong("hidden_gradients", "the next step's state through W: adds h @ W, not dz @ W")
def _(d_outputs, states, W):
    dz = np.zeros_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dz[:, t] = (d_outputs[:, t] + from_next) * (1 - states[:, t] ** 2)
        from_next = states[:, t] @ W
    return dz


# recurrent_gradient


def _before(states, initial_state):
    """Return the state before each step, (N, T, H)."""
    return np.concatenate([initial_state[:, np.newaxis], states[:, :-1]], axis=1)


@wrong("recurrent_gradient", "the state of the same step, h_t instead of h_{t-1}")
def _(dz, states, initial_state):
    return sum(dz[:, t].T @ states[:, t] for t in range(dz.shape[1]))


@wrong("recurrent_gradient", "step 0 left out, as if the initial state were zero")
def _(dz, states, initial_state):
    dW = np.zeros((dz.shape[2],) * 2)
    for t in range(1, dz.shape[1]):
        dW += dz[:, t].T @ states[:, t - 1]
    return dW


@wrong("recurrent_gradient", "states[:, t - 1] at t = 0, which is the last state")
def _(dz, states, initial_state):
    dW = np.zeros((dz.shape[2],) * 2)
    for t in range(dz.shape[1]):
        dW += dz[:, t].T @ states[:, t - 1]
    return dW


@wrong("recurrent_gradient", "transposed: h.T @ dz")
def _(dz, states, initial_state):
    before = _before(states, initial_state)
    return sum(before[:, t].T @ dz[:, t] for t in range(dz.shape[1]))


@wrong("recurrent_gradient", "= instead of +=, only the last step counts")
def _(dz, states, initial_state):
    before = _before(states, initial_state)
    for t in range(dz.shape[1]):
        dW = dz[:, t].T @ before[:, t]
    return dW


@wrong("recurrent_gradient", "mean over the steps")
def _(dz, states, initial_state):
    before = _before(states, initial_state)
    terms = [dz[:, t].T @ before[:, t] for t in range(dz.shape[1])]
    return np.mean(terms, axis=0)


@wrong("recurrent_gradient", "mean over the sequences, divided by N")
def _(dz, states, initial_state):
    before = _before(states, initial_state)
    return np.einsum("nti,ntj->ij", dz, before) / len(dz)


@wrong("recurrent_gradient", "not summed over steps: (T, H, H)")
def _(dz, states, initial_state):
    before = _before(states, initial_state)
    return np.array([dz[:, t].T @ before[:, t] for t in range(dz.shape[1])])


@wrong("recurrent_gradient", "not summed over sequences: (N, H, H)")
def _(dz, states, initial_state):
    return np.einsum("nti,ntj->nij", dz, _before(states, initial_state))


@wrong("recurrent_gradient", "summed over steps before the product, not after")
def _(dz, states, initial_state):
    return dz.sum(axis=1).T @ _before(states, initial_state).sum(axis=1)


@wrong("recurrent_gradient", "the initial state at every step")
def _(dz, states, initial_state):
    return sum(dz[:, t].T @ initial_state for t in range(dz.shape[1]))


@wrong("recurrent_gradient", "the state after the step, h_{t+1}, last step left out")
def _(dz, states, initial_state):
    T = dz.shape[1]
    return sum(dz[:, t].T @ states[:, t + 1] for t in range(T - 1)) + np.zeros(
        (dz.shape[2],) * 2
    )


@wrong("recurrent_gradient", "only the first sequence, np.outer of row 0")
def _(dz, states, initial_state):
    before = _before(states, initial_state)
    return sum(np.outer(dz[0, t], before[0, t]) for t in range(dz.shape[1]))


@wrong("recurrent_gradient", "multiplied by the slope once more")
def _(dz, states, initial_state):
    dz = dz * (1 - states**2)
    return np.einsum("nti,ntj->ij", dz, _before(states, initial_state))


@wrong("recurrent_gradient", "the last step left out, range(T - 1)")
def _(dz, states, initial_state):
    before = _before(states, initial_state)
    dW = np.zeros((dz.shape[2],) * 2)
    for t in range(dz.shape[1] - 1):
        dW += dz[:, t].T @ before[:, t]
    return dW


@wrong("recurrent_gradient", "minus sign, ready for the update")
def _(dz, states, initial_state):
    return -np.einsum("nti,ntj->ij", dz, _before(states, initial_state))


@wrong("recurrent_gradient", "product of numbers and not outer: only the diagonal")
def _(dz, states, initial_state):
    return np.diag((dz * _before(states, initial_state)).sum(axis=(0, 1)))


# way_back


def _walk(
    parameters,
    x,
    targets,
    initial_state,
    states,
    logits,
    *,
    outputs=lambda d, count: d / count,
    on=lambda dz, W: dz @ W,
    slope=lambda h, t: 1 - h[:, t] ** 2,
    after=lambda dh, from_next: dh + from_next,
    h_before=_before,
    finish=lambda found: found,
    reduce=lambda g: g.sum(axis=0),
):
    """Return every array, where one step of the way may be another function."""
    U, W, b, V, c = (parameters[name] for name in "UWbVc")
    N, T, K = logits.shape
    before = h_before(states, initial_state)
    do = outputs(softmax(logits) - np.eye(K)[targets], N * T)
    found, from_next = {}, np.zeros((N, len(b)))
    dV, dc, dW = np.zeros_like(V), np.zeros_like(c), np.zeros_like(W)
    dU, db = np.zeros_like(U), np.zeros_like(b)
    for t in reversed(range(T)):
        found[f"do_{t}"], found[f"from_next_{t}"] = do[:, t], from_next
        dh = after(do[:, t] @ V, from_next)
        dz = dh * slope(states, t)
        found[f"dh_{t}"], found[f"dz_{t}"] = dh, dz
        from_next = on(dz, W)
        dV += do[:, t].T @ states[:, t]
        dc += reduce(do[:, t])
        dW += dz.T @ before[:, t]
        dU += dz.T @ x[:, t]
        db += reduce(dz)
    found |= {"dh_first": from_next}
    return finish(found | {"dV": dV, "dc": dc, "dW": dW, "dU": dU, "db": db})


@wrong("way_back", "do not divided by N T")
def _(*arguments):
    return _walk(*arguments, outputs=lambda d, count: d)


@wrong("way_back", "sign of do turned round")
def _(*arguments):
    return _walk(*arguments, outputs=lambda d, count: -d / count)


@wrong("way_back", "do divided by T only")
def _(*arguments):
    return _walk(*arguments, outputs=lambda d, count: d / d.shape[1])


@wrong("way_back", "from_next = dz @ W.T")
def _(*arguments):
    return _walk(*arguments, on=lambda dz, W: dz @ W.T)


@wrong("way_back", "from_next never updated: stays zero")
def _(*arguments):
    return _walk(*arguments, on=lambda dz, W: np.zeros_like(dz))


@wrong("way_back", "from_next not added to dh")
def _(*arguments):
    return _walk(*arguments, after=lambda dh, from_next: dh)


@wrong("way_back", "slope forgotten, dz = dh")
def _(*arguments):
    return _walk(*arguments, slope=lambda h, t: 1)


@wrong("way_back", "slope without the square, 1 - h")
def _(*arguments):
    return _walk(*arguments, slope=lambda h, t: 1 - h[:, t])


@wrong("way_back", "slope of the step before, h[:, t - 1]")
def _(*arguments):
    return _walk(*arguments, slope=lambda h, t: 1 - h[:, t - 1] ** 2)


@wrong("way_back", "dW with the state of the same step")
def _(*arguments):
    return _walk(*arguments, h_before=lambda states, initial_state: states)


@wrong("way_back", "dW with zeros for the initial state")
def _(*arguments):
    def zeros_first(states, initial_state):
        return _before(states, np.zeros_like(initial_state))

    return _walk(*arguments, h_before=zeros_first)


@wrong("way_back", "dW with np.roll: the last state before step 0")
def _(*arguments):
    def rolled(states, initial_state):
        return np.roll(states, 1, axis=1)

    return _walk(*arguments, h_before=rolled)


@wrong("way_back", "dc and db as means over the batch")
def _(*arguments):
    return _walk(*arguments, reduce=lambda g: g.mean(axis=0))


@wrong("way_back", "only the five gradients, without the steps on the way")
def _(*arguments):
    def sums_only(found):
        return {name: found[name] for name in ("dV", "dc", "dW", "dU", "db")}

    return _walk(*arguments, finish=sums_only)


@wrong("way_back", "dh_first forgotten")
def _(*arguments):
    def without(found):
        return {name: g for name, g in found.items() if name != "dh_first"}

    return _walk(*arguments, finish=without)


@wrong("way_back", "the names without underscore: do0, dh0, dz0")
def _(*arguments):
    def renamed(found):
        return {name.replace("_", ""): g for name, g in found.items()}

    return _walk(*arguments, finish=renamed)


@wrong("way_back", "a tuple of the five gradients instead of a dict")
def _(*arguments):
    def as_tuple(found):
        return tuple(found[name] for name in ("dU", "dW", "db", "dV", "dc"))

    return _walk(*arguments, finish=as_tuple)


@wrong("way_back", "dW and dU transposed")
def _(*arguments):
    def turned(found):
        return found | {"dW": found["dW"].T, "dU": found["dU"].T}

    return _walk(*arguments, finish=turned)


@wrong("way_back", "from_next_t holds what step t sends on, not what it gets")
def _(*arguments):
    def shifted(found):
        W, T = arguments[0]["W"], arguments[1].shape[1]
        sent = {f"from_next_{t}": found[f"dz_{t}"] @ W for t in range(T)}
        return found | sent

    return _walk(*arguments, finish=shifted)


@wrong("way_back", "from_next is one array, changed in place: all entries the same")
def _(*arguments):
    def one_array(found):
        T = arguments[1].shape[1]
        return found | {f"from_next_{t}": found["dh_first"] for t in range(T)}

    return _walk(*arguments, finish=one_array)


@wrong("way_back", "dh_first is dh of step 0")
def _(*arguments):
    def first(found):
        return found | {"dh_first": found["dh_0"]}

    return _walk(*arguments, finish=first)


@wrong("way_back", "sums start at each step anew: those of step 0 only")
def _(parameters, x, targets, initial_state, states, logits):
    arguments = parameters, x, targets, initial_state, states, logits

    def last(found):
        do, dz = found["do_0"], found["dz_0"]
        return found | {
            "dV": do.T @ states[:, 0],
            "dc": do.sum(axis=0),
            "dW": dz.T @ initial_state,
            "dU": dz.T @ x[:, 0],
            "db": dz.sum(axis=0),
        }

    return _walk(*arguments, finish=last)


# central_difference


@wrong("central_difference", "one-sided")
def _(f, theta, step):
    theta = theta.astype(float)
    slopes, here = np.zeros(theta.shape), f(theta)
    for place in np.ndindex(theta.shape):
        moved = theta.copy()
        moved[place] += step
        slopes[place] = (f(moved) - here) / step
    return slopes


@wrong("central_difference", "divided by step instead of twice the step")
def _(f, theta, step):
    theta = theta.astype(float)
    slopes = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[place] += step
        down[place] -= step
        slopes[place] = (f(up) - f(down)) / step
    return slopes


@wrong("central_difference", "/ 2 * step, which multiplies by the step")
def _(f, theta, step):
    theta = theta.astype(float)
    slopes = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[place] += step
        down[place] -= step
        slopes[place] = (f(up) - f(down)) / 2 * step
    return slopes


@wrong("central_difference", "all numbers moved at once")
def _(f, theta, step):
    theta = theta.astype(float)
    slope = (f(theta + step) - f(theta - step)) / (2 * step)
    return np.full(theta.shape, slope)


@wrong("central_difference", "one number: the slope of all moved together")
def _(f, theta, step):
    return (f(theta + step) - f(theta - step)) / (2 * step)


@wrong("central_difference", "the numbers are not put back before the next is moved")
def _(f, theta, step):
    theta = theta.astype(float)
    slopes = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        theta[place] += step
        up = f(theta)
        theta[place] -= 2 * step
        slopes[place] = (up - f(theta)) / (2 * step)
    return slopes


@wrong("central_difference", "whole numbers stay whole: theta.copy()")
def _(f, theta, step):
    slopes = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[place] = theta[place] + step
        down[place] = theta[place] - step
        slopes[place] = (f(up) - f(down)) / (2 * step)
    return slopes


@wrong("central_difference", "slopes stored in zeros_like(theta), whole for whole")
def _(f, theta, step):
    slopes = np.zeros_like(theta)
    theta = theta.astype(float)
    for place in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[place] += step
        down[place] -= step
        slopes[place] = (f(up) - f(down)) / (2 * step)
    return slopes


@wrong("central_difference", "moves theta itself and leaves it moved")
def _(f, theta, step):
    slopes = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        theta[place] += step
        up = f(theta)
        theta[place] -= 2 * step
        slopes[place] = (up - f(theta)) / (2 * step)
    return slopes


@wrong("central_difference", "for one axis only: range(len(theta))")
def _(f, theta, step):
    theta = theta.astype(float)
    slopes = np.zeros(len(theta))
    for i in range(len(theta)):
        up, down = theta.copy(), theta.copy()
        up[i] += step
        down[i] -= step
        slopes[i] = (f(up) - f(down)) / (2 * step)
    return slopes


@wrong("central_difference", "two axes only: two nested loops")
def _(f, theta, step):
    theta = theta.astype(float)
    slopes = np.zeros(theta.shape)
    for i in range(theta.shape[0]):
        for j in range(theta.shape[1]):
            up, down = theta.copy(), theta.copy()
            up[i, j] += step
            down[i, j] -= step
            slopes[i, j] = (f(up) - f(down)) / (2 * step)
    return slopes


@wrong("central_difference", "a flat list of slopes")
def _(f, theta, step):
    theta, slopes = theta.astype(float), []
    for place in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[place] += step
        down[place] -= step
        slopes.append((f(up) - f(down)) / (2 * step))
    return slopes


@wrong("central_difference", "1e-5 for the step, whatever is asked")
def _(f, theta, step):
    theta, step = theta.astype(float), 1e-5
    slopes = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[place] += step
        down[place] -= step
        slopes[place] = (f(up) - f(down)) / (2 * step)
    return slopes


@wrong("central_difference", "up and down swapped, wrong sign")
def _(f, theta, step):
    theta = theta.astype(float)
    slopes = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[place] += step
        down[place] -= step
        slopes[place] = (f(down) - f(up)) / (2 * step)
    return slopes


@wrong("central_difference", "second derivative: f(up) - 2 f + f(down)")
def _(f, theta, step):
    theta = theta.astype(float)
    slopes = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[place] += step
        down[place] -= step
        slopes[place] = (f(up) - 2 * f(theta) + f(down)) / step**2
    return slopes


@wrong("central_difference", "moved by a share of the number, theta * (1 + step)")
def _(f, theta, step):
    theta = theta.astype(float)
    slopes = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[place] *= 1 + step
        down[place] *= 1 - step
        slopes[place] = (f(up) - f(down)) / (2 * step)
    return slopes


@wrong("central_difference", "puts back by one step only, so it drifts")
def _(f, theta, step):
    theta = theta.astype(float)
    slopes = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        theta[place] += step
        up = f(theta)
        theta[place] -= step
        slopes[place] = (up - f(theta)) / (2 * step)
    return slopes


# What readers did later, of all exercises


@wrong("central_difference", "2D only")
def _(f, theta, step):
    m, s = theta.astype(float), np.empty(theta.shape)
    for i in range(theta.shape[0]):
        for j in range(theta.shape[1]):
            m[i, j] = theta[i, j] + step
            a = f(m)
            m[i, j] = theta[i, j] - step
            b = f(m)
            s[i, j] = (a - b) / (2 * step)
            m[i, j] = theta[i, j]
    return s


@wrong("central_difference", "f of number")
def _(f, theta, step):
    s = np.empty(theta.shape)
    for p in np.ndindex(theta.shape):
        s[p] = (f(theta[p] + step) - f(theta[p] - step)) / (2 * step)
    return s


@wrong("central_difference", "backward difference")
def _(f, theta, step):
    m, s = theta.astype(float), np.empty(theta.shape)
    base = f(m)
    for p in np.ndindex(theta.shape):
        m[p] = theta[p] - step
        s[p] = (base - f(m)) / step
        m[p] = theta[p]
    return s


@wrong("central_difference", "step halved twice: +- step/2 but divided by 2 step")
def _(f, theta, step):
    m, s = theta.astype(float), np.empty(theta.shape)
    for p in np.ndindex(theta.shape):
        m[p] = theta[p] + step / 2
        a = f(m)
        m[p] = theta[p] - step / 2
        b = f(m)
        s[p] = (a - b) / (2 * step)
        m[p] = theta[p]
    return s


@wrong("hidden_gradients", "W @ dz raises or wrong")
def _(d_outputs, states, W):
    T = states.shape[1]
    dz = np.zeros_like(states)
    nxt = np.zeros_like(states[:, 0])
    for t in range(T - 1, -1, -1):
        dz[:, t] = (d_outputs[:, t] + nxt) * (1 - states[:, t] ** 2)
        nxt = W @ dz[:, t]
    return dz


@wrong("hidden_gradients", "d_outputs of the next step")
def _(d_outputs, states, W):
    N, T, H = states.shape
    dz = np.zeros_like(states)
    nxt = np.zeros((N, H))
    for t in reversed(range(T)):
        dz[:, t] = (d_outputs[:, t] + nxt) * (1 - states[:, t] ** 2)
        nxt = d_outputs[:, t] @ W
    return dz


@wrong("hidden_gradients", "loop per n but nxt not reset between rows")
def _(d_outputs, states, W):
    N, T, H = states.shape
    dz = np.zeros_like(states)
    nxt = np.zeros(H)
    for n in range(N):
        for t in reversed(range(T)):
            dz[n, t] = (d_outputs[n, t] + nxt) * (1 - states[n, t] ** 2)
            nxt = W.T @ dz[n, t]
    return dz


@wrong(
    "hidden_gradients", "slope missing on the path only: nxt multiplied twice by slope"
)
def _(d_outputs, states, W):
    T = states.shape[1]
    dz = np.zeros_like(states)
    nxt = np.zeros_like(states[:, 0])
    for t in reversed(range(T)):
        s = 1 - states[:, t] ** 2
        dz[:, t] = (d_outputs[:, t] + nxt * s) * s
        nxt = dz[:, t] @ W
    return dz


@wrong("hidden_gradients", "nxt elementwise with diag")
def _(d_outputs, states, W):
    T = states.shape[1]
    dz = np.zeros_like(states)
    nxt = np.zeros_like(states[:, 0])
    for t in reversed(range(T)):
        dz[:, t] = (d_outputs[:, t] + nxt) * (1 - states[:, t] ** 2)
        nxt = dz[:, t] * np.diag(W)
    return dz


@wrong("logit_gradient", "softmax over axis 1")
def _(logits, targets):
    e = np.exp(logits)
    return (
        e / e.sum(axis=1, keepdims=True) - np.eye(logits.shape[-1])[targets]
    ) / targets.size


@wrong("logit_gradient", "softmax over all")
def _(logits, targets):
    e = np.exp(logits)
    return (e / e.sum() - np.eye(logits.shape[-1])[targets]) / targets.size


@wrong("logit_gradient", "eye(26)")
def _(logits, targets):
    return (softmax(logits) - np.eye(26)[targets]) / targets.size


@wrong("logit_gradient", "p[targets] -= 1")
def _(logits, targets):
    p = softmax(logits)
    p[:, :, targets] -= 1
    return p / targets.size


@wrong("logit_gradient", "in place on softmax but mean over batch")
def _(logits, targets):
    return (softmax(logits) - np.eye(logits.shape[-1])[targets]).mean(axis=(0, 1))


@wrong("logit_gradient", "one-hot from argmax of logits")
def _(logits, targets):
    y = np.eye(logits.shape[-1])[logits.argmax(-1)]
    return (softmax(logits) - y) / targets.size


@wrong("logit_gradient", "log softmax")
def _(logits, targets):
    return (np.log(softmax(logits)) - np.eye(logits.shape[-1])[targets]) / targets.size


@wrong("logit_gradient", "p(1-p)")
def _(logits, targets):
    p = softmax(logits)
    return p * (1 - p) / targets.size


@wrong("recurrent_gradient", "the initial state at the end, after the later states")
def _(dz, states, initial_state):
    before = np.concatenate([states[:, 1:], initial_state[:, None]], axis=1)
    return np.einsum("nti,ntj->ij", dz, before)


@wrong("recurrent_gradient", "reads the loop backwards with before forward")
def _(dz, states, initial_state):
    H = states.shape[-1]
    g, before = np.zeros((H, H)), initial_state
    for t in reversed(range(states.shape[1])):
        g += dz[:, t].T @ before
        before = states[:, t]
    return g


@wrong("recurrent_gradient", "db instead")
def _(dz, states, initial_state):
    return dz.sum(axis=(0, 1))


@wrong("recurrent_gradient", "tuple")
def _(dz, states, initial_state):
    before = np.concatenate([initial_state[:, None], states[:, :-1]], axis=1)
    return np.einsum("nti,ntj->ij", dz, before), before


@wrong("through_tanh", "matmul")
def _(d_states, states):
    return d_states @ (1 - states**2).T


@wrong("through_tanh", "tanh of d")
def _(d_states, states):
    return np.tanh(d_states) * states


@wrong("through_tanh", "^2")
def _(d_states, states):
    return d_states * (1 - states ^ 2)


@wrong("through_tanh", "squared product 1 - (d h)^2")
def _(d_states, states):
    return 1 - (d_states * states) ** 2


@wrong("through_tanh", "sqrt")
def _(d_states, states):
    return d_states * np.sqrt(1 - states**2)


@wrong("through_tanh", "h^3")
def _(d_states, states):
    return d_states * (1 - states**3)


@wrong("logit_gradient", "p * y")
def _(logits, targets):
    return softmax(logits) * np.eye(logits.shape[-1])[targets] / targets.size


@wrong("through_tanh", "the slope twice")
def _(d_states, states):
    return d_states * (1 - states**2) ** 2


@wrong("central_difference", "divided by the square of the step")
def _(f, theta, step):
    m, s = theta.astype(float), np.empty(theta.shape)
    for p in np.ndindex(theta.shape):
        m[p] = theta[p] + step
        a = f(m)
        m[p] = theta[p] - step
        b = f(m)
        m[p] = theta[p]
        s[p] = (a - b) / step**2
    return s
