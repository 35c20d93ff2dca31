"""Exercises on the backward pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from exercises.checks.engine import Case, altered
from exercises.checks.topic import Topic
from rnn_lib.functional import softmax
from rnn_lib.network import VanillaRNN

topic = Topic("03_backward_pass")
Array = np.ndarray


def _logit_cases() -> list[Case]:
    rng = np.random.default_rng(21)

    def draw(N: int, T: int, K: int) -> tuple[Array, Array]:
        return rng.normal(size=(N, T, K)), rng.integers(0, K, (N, T))

    return [
        Case("equal scores", (np.zeros((1, 2, 3)), np.array([[0, 2]]))),
        Case("a read-only random draw", draw(2, 3, 4), True),
        Case("a random draw", draw(5, 2, 7)),
        Case("scores near 1000", (draw(2, 3, 2)[0] + 1000, np.zeros((2, 3), int))),
    ]


@topic.exercise(
    title="The gradient of the logits",
    points=2,
    minutes=6,
    cases=_logit_cases,
    section="Where the way back starts: the loss",
    forbidden=("rnn_lib.cross_entropy_gradient", "rnn_lib.cross_entropy_and_gradient"),
)
def logit_gradient(logits: Array, targets: Array) -> Array:
    """Return the gradient of the mean cross-entropy by the logits."""
    return _sum_gradient(logits, targets) / targets.size


def _sum_gradient(logits: Array, targets: Array) -> Array:
    return softmax(logits) - np.eye(logits.shape[-1])[targets]


logit_gradient.wrong_answer(
    "sum for mean",
    "the losses are summed and not averaged: the division by N · T is missing",
    _sum_gradient,
)
logit_gradient.wrong_answer(
    "mean over sequences",
    "the division is by N alone; the mean is over all N · T positions",
    lambda logits, targets: _sum_gradient(logits, targets) / len(targets),
)
logit_gradient.wrong_answer(
    "mean over steps",
    "the division is by T alone; the mean is over all N · T positions",
    lambda logits, targets: _sum_gradient(logits, targets) / targets.shape[1],
)
logit_gradient.wrong_answer(
    "mean over numbers",
    "the division is by N · T · K; the mean is over the N · T positions",
    lambda logits, targets: _sum_gradient(logits, targets) / logits.size,
)
logit_gradient.wrong_answer(
    "sign",
    "the sign is turned: y − ŷ in place of ŷ − y",
    lambda logits, targets: -logit_gradient.solution(logits, targets),
)
logit_gradient.wrong_answer(
    "no target",
    "the one-hot targets are not subtracted",
    lambda logits, targets: softmax(logits) / targets.size,
)
logit_gradient.wrong_answer(
    "no softmax",
    "the softmax is left out",
    lambda logits, targets: (logits - np.eye(logits.shape[-1])[targets]) / targets.size,
)


@logit_gradient.wrong_answer(
    "squared error",
    "ŷ − y is taken for the gradient of a squared error and sent through the softmax "
    "once more",
)
def _(logits, targets):
    p, d = softmax(logits), logit_gradient.solution(logits, targets)
    return p * (d - (p * d).sum(axis=-1, keepdims=True))


def _tanh_cases() -> list[Case]:
    rng = np.random.default_rng(22)

    def draw(*shape: int) -> tuple[Array, Array]:
        return rng.normal(size=shape), np.tanh(rng.normal(size=shape))

    return [
        Case("two units", (np.array([1.0, -2.0]), np.array([0.5, -0.8]))),
        Case("one step of a batch", draw(3, 4)),
        Case("all steps, read-only", draw(2, 5, 3), True),
    ]


@topic.exercise(
    title="Back through tanh",
    points=1,
    minutes=3,
    cases=_tanh_cases,
    section="Step 2, the last",
    forbidden=("rnn_lib.tanh_slope",),
)
def through_tanh(d_states: Array, states: Array) -> Array:
    """Return dL/dz from dL/dh and h."""
    return d_states * (1 - states**2)


through_tanh.wrong_answer(
    "tanh of tanh",
    "tanh is applied to h, which is a tanh already",
    lambda d_states, states: d_states * (1 - np.tanh(states) ** 2),
)
through_tanh.wrong_answer(
    "inverse slope",
    "the slope of the inverse function, 1 / (1 − h²), is used",
    lambda d_states, states: d_states / (1 - states**2),
)
through_tanh.wrong_answer(
    "no square", "h is not squared", lambda d_states, states: d_states * (1 - states)
)
through_tanh.wrong_answer(
    "slope alone", "dL/dh is not multiplied in", lambda d_states, states: 1 - states**2
)


@through_tanh.wrong_answer(
    "in place",
    "the product is written into d_states with `*=`; whoever called the function may "
    "still need that array",
    section="Writing it",
)
def _(d_states, states):
    d_states *= 1 - states**2
    return d_states


def _hidden_cases() -> list[Case]:
    rng = np.random.default_rng(23)

    def draw(N: int, T: int, H: int) -> tuple[Array, ...]:
        shape = (N, T, H)
        states = np.tanh(rng.normal(size=shape))
        return rng.normal(size=shape), states, rng.normal(size=(H, H)) / 2

    return [
        Case("one step", draw(1, 1, 2)),
        Case("two steps, two units", draw(1, 2, 2)),
        Case("a read-only random draw", draw(3, 4, 2), True),
        Case("a random draw", draw(2, 6, 5)),
    ]


@topic.exercise(
    title="The loop back through time",
    points=4,
    minutes=15,
    cases=_hidden_cases,
    section="Two paths lead into a hidden state",
    forbidden=("rnn_lib.HiddenLayer", "rnn_lib.layers"),
)
def hidden_gradients(d_outputs: Array, states: Array, W: Array) -> Array:
    """Return dL/dz of every step from dL/dh along the output path."""
    dz = np.empty_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dz[:, t] = (d_outputs[:, t] + from_next) * (1 - states[:, t] ** 2)
        from_next = dz[:, t] @ W
    return dz


hidden_gradients.wrong_answer(
    "second path forgotten",
    "the path through the next step is forgotten",
    lambda d_outputs, states, W: d_outputs * (1 - states**2),
)
hidden_gradients.wrong_answer(
    "no transpose",
    "W goes back without its transpose; for rows that is `dz @ W`, and `dz @ W.T` is "
    "wrong",
    altered(hidden_gradients.solution, W=np.transpose),
    section="Step 1, where the paths meet",
)


@hidden_gradients.wrong_answer(
    "one step back",
    "each gradient is handed back one step and no further: the loop has to hand on "
    "what it has collected",
)
def _(d_outputs, states, W):
    slope = 1 - states**2
    dz = d_outputs * slope
    dz[:, :-1] += (d_outputs * slope)[:, 1:] @ W * slope[:, :-1]
    return dz


@hidden_gradients.wrong_answer(
    "slope on one path",
    "the slope of tanh is applied to the output path only, before the two paths are "
    "added",
)
def _(d_outputs, states, W):
    dz = np.empty_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dz[:, t] = d_outputs[:, t] * (1 - states[:, t] ** 2) + from_next
        from_next = dz[:, t] @ W
    return dz


@hidden_gradients.wrong_answer(
    "slope not handed on",
    "dL/dh in place of dL/dz is sent through W to the step before",
)
def _(d_outputs, states, W):
    dz = np.empty_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dh = d_outputs[:, t] + from_next
        dz[:, t] = dh * (1 - states[:, t] ** 2)
        from_next = dh @ W
    return dz


hidden_gradients.wrong_answer(
    "tanh of tanh",
    "the slope is 1 − tanh(h)²; h is a tanh already",
    altered(hidden_gradients.solution, states=np.tanh),
    section="Step 2, the last",
)


@hidden_gradients.wrong_answer(
    "in place",
    "`+=` writes into d_outputs, of which `d_outputs[:, t]` is a view",
    section="Writing it",
)
def _(d_outputs, states, W):
    dz = hidden_gradients.solution(d_outputs, states, W)
    d_outputs[:, :-1] += dz[:, 1:] @ W
    return dz


def _recurrent_cases() -> list[Case]:
    rng = np.random.default_rng(24)

    def draw(N: int, T: int, H: int) -> tuple[Array, ...]:
        states = np.tanh(rng.normal(size=(N, T, H)))
        return rng.normal(size=(N, T, H)), states, np.tanh(rng.normal(size=(N, H)))

    return [
        Case("two steps, two units", draw(1, 2, 2)),
        Case("a read-only random draw", draw(2, 3, 2), True),
        Case("a random draw", draw(3, 5, 4)),
        Case("another random draw", draw(4, 2, 3)),
    ]


@topic.exercise(
    title="The gradient of W",
    points=3,
    minutes=10,
    cases=_recurrent_cases,
    section="From the steps to the parameters",
    forbidden=("rnn_lib.HiddenLayer", "rnn_lib.layers"),
)
def recurrent_gradient(dz: Array, states: Array, initial_state: Array) -> Array:
    """Return dL/dW, the sum over sequences and steps."""
    before = np.concatenate([initial_state[:, np.newaxis], states[:, :-1]], axis=1)
    return np.einsum("nti,ntj->ij", dz, before)


recurrent_gradient.wrong_answer(
    "state of the step",
    "h_t is used in place of h_{t-1}: W is multiplied by the state before the step",
    lambda dz, states, initial_state: np.einsum("nti,ntj->ij", dz, states),
)
recurrent_gradient.wrong_answer(
    "initial state left out",
    "the initial state is left out; the use at step 0 counts as soon as it is not zero",
    altered(recurrent_gradient.solution, initial_state=np.zeros_like),
)
recurrent_gradient.wrong_answer(
    "shifted the wrong way",
    "each gradient is paired with the state after it and not with the one before",
    lambda dz, states, initial_state: np.einsum(
        "nti,ntj->ij", dz[:, :-1], states[:, 1:]
    ),
)
recurrent_gradient.wrong_answer(
    "= for +=, first step",
    "`=` is written for `+=` in a loop that runs back: only the term of step 0 is left",
    lambda dz, states, initial_state: dz[:, 0].T @ initial_state,
)


@recurrent_gradient.wrong_answer(
    "= for +=, last step",
    "`=` is written for `+=` in a loop that runs forward: only the term of the last "
    "step is left",
)
def _(dz, states, initial_state):
    before = np.concatenate([initial_state[:, np.newaxis], states[:, :-1]], axis=1)
    return dz[:, -1].T @ before[:, -1]


recurrent_gradient.wrong_answer(
    "transposed",
    "the factors of the outer product are swapped: the result is the transpose",
    altered(recurrent_gradient.solution, np.transpose),
    section="The whole pass in one table",
)
recurrent_gradient.wrong_answer(
    "mean over the batch",
    "the sum is divided by N; the mean is in dL/dz already",
    lambda dz, states, initial_state: (
        recurrent_gradient.solution(dz, states, initial_state) / len(dz)
    ),
    section="The whole pass in one table",
)


def _way_back_cases() -> list[Case]:
    rng = np.random.default_rng(26)

    def draw(N: int, T: int, K: int, H: int) -> tuple:
        network = VanillaRNN(K, H, seed=rng)
        x = np.eye(K)[rng.integers(0, K, (N, T))]
        start = np.tanh(rng.normal(size=(N, H)))
        logits, _ = network.forward(x, start)
        states = network.hidden_layer.states
        targets = rng.integers(0, K, (N, T))
        return network.parameters, x, targets, start, states, logits

    return [
        Case("one step", draw(1, 1, 3, 2)),
        Case("two steps", draw(1, 2, 3, 2)),
        Case("a read-only batch", draw(2, 3, 4, 3), True),
        Case("a batch", draw(3, 4, 2, 5)),
    ]


@topic.exercise(
    title="The whole way back",
    points=4,
    minutes=12,
    cases=_way_back_cases,
    section="The whole pass in one table",
    forbidden=(
        "rnn_lib.cross_entropy_gradient",
        "rnn_lib.cross_entropy_and_gradient",
        "rnn_lib.HiddenLayer",
        "rnn_lib.layers",
    ),
)
def way_back(
    parameters: dict[str, Array],
    x: Array,
    targets: Array,
    initial_state: Array,
    states: Array,
    logits: Array,
) -> dict[str, Array]:
    """Return every array of the backward pass, by name."""
    return _way_back(parameters, x, targets, initial_state, states, logits)


def _way_back(
    parameters: dict[str, Array],
    x: Array,
    targets: Array,
    initial_state: Array,
    states: Array,
    logits: Array,
    mistake: str = "",
) -> dict[str, Array]:
    """Return the arrays of `way_back`, in the order of the way, with a mistake."""
    W, V = parameters["W"], parameters["V"]
    do = _sum_gradient(logits, targets)
    do = do if mistake == "sum for mean" else do / targets.size
    slope = 1 - (np.tanh(states) if mistake == "tanh of tanh" else states) ** 2
    before = np.concatenate([initial_state[:, np.newaxis], states[:, :-1]], axis=1)
    read = states if mistake == "state of the step" else before
    back = W.T if mistake == "no transpose" else W
    found, sums, from_next = {}, {}, np.zeros_like(initial_state)
    for t in reversed(range(states.shape[1])):
        out = do[:, t] @ V
        dh = out if mistake == "second path" else out + from_next
        dz = dh * slope[:, t]
        if mistake == "slope on one path":
            dz = out * slope[:, t] + from_next
        sent = (dh if mistake == "slope not handed on" else dz) @ back
        found |= {
            f"do_{t}": do[:, t],
            f"from_next_{t}": sent if mistake == "what is sent" else from_next,
            f"dh_{t}": dz if mistake == "one array" else dh,
            f"dz_{t}": dz,
        }
        terms = {"dV": do[:, t].T @ states[:, t], "dc": do[:, t].sum(axis=0)}
        terms |= {"dW": dz.T @ read[:, t], "dU": dz.T @ x[:, t], "db": dz.sum(axis=0)}
        added = sums and mistake != "= for +="
        sums = {k: term + (sums[k] if added else 0) for k, term in terms.items()}
        from_next = sent
    return found | {"dh_first": from_next} | sums


def _mistaken(mistake: str) -> Callable:
    def wrong(parameters, x, targets, initial_state, states, logits):
        arrays = (parameters, x, targets, initial_state, states, logits)
        return _way_back(*arrays, mistake)

    return wrong


for _mistake, _message, _section in (
    (
        "sum for mean",
        "the losses are summed and not averaged: `do` is the first that is off, "
        "because the division by N · T is missing",
        "Where the way back starts: the loss",
    ),
    (
        "what is sent",
        "`from_next_t` is what step t sends back; asked for is what arrives at step t "
        "from step t + 1, which is zero at the last step",
        "",
    ),
    (
        "second path",
        "the path through the next step is forgotten: `from_next` is right and not "
        "added to `dh`",
        "Two paths lead into a hidden state",
    ),
    (
        "one array",
        "`dz` is formed from `dh` in place, so that both names stand for one array",
        "Writing it",
    ),
    (
        "slope on one path",
        "the slope of tanh is applied to the output path only, before the two paths "
        "are added",
        "Two paths lead into a hidden state",
    ),
    (
        "tanh of tanh",
        "the slope is 1 − tanh(h)²; h is a tanh already, and `dz` is the first that "
        "is off",
        "Step 2, the last",
    ),
    (
        "slope not handed on",
        "dL/dh in place of dL/dz is sent through W to the step before",
        "",
    ),
    (
        "no transpose",
        "W goes back without its transpose; for rows that is `dz @ W`, and `dz @ W.T` "
        "is wrong",
        "Step 1, where the paths meet",
    ),
    (
        "= for +=",
        "the whole way is right, and the sums are assigned with `=` where each step "
        "should add to them",
        "From the steps to the parameters",
    ),
    (
        "state of the step",
        "the whole way is right, and dW is built with h_t in place of h_{t-1}",
        "From the steps to the parameters",
    ),
):
    way_back.wrong_answer(_mistake, _message, _mistaken(_mistake), _section)


def _difference_cases() -> list[Case]:
    rng = np.random.default_rng(25)
    return [
        Case("squares of two numbers", ("sum of squares", np.array([1.0, -2.0]), 0.01)),
        Case("a product of three", ("product", np.array([0.5, 2.0, -1.0]), 0.1), True),
        Case("a matrix", ("sum of sines", rng.normal(size=(2, 3)), 0.01)),
        Case("whole numbers", ("product", np.array([[2, 3], [1, 5]]), 0.25)),
    ]


@topic.exercise(
    title="Measure a gradient",
    points=3,
    minutes=12,
    cases=_difference_cases,
    section="Checking a gradient",
    forbidden=("rnn_lib.numerical_gradient", "rnn_lib.gradcheck"),
    prepare="exercises.box.arguments:with_function",
)
def central_difference(f: Callable, theta: Array, step: float) -> Array:
    """Return the slopes of f at theta, measured on both sides."""
    return _slopes(f, theta.astype(float), step)


def _slopes(f: Callable, moved: Array, step: float) -> Array:
    """Measure the slopes at `moved`, which is written to and then put back."""
    slopes = np.empty(moved.shape)
    for place in np.ndindex(moved.shape):
        start = moved[place]
        moved[place] = start + step
        above = f(moved)
        moved[place] = start - step
        slopes[place] = (above - f(moved)) / (2 * step)
        moved[place] = start
    return slopes


@central_difference.wrong_answer("one-sided", "the difference is one-sided")
def _(f, theta, step):
    moved, slopes, start = theta.astype(float), np.empty(theta.shape), f(theta)
    for place in np.ndindex(theta.shape):
        moved[place] += step
        slopes[place] = (f(moved) - start) / step
        moved[place] = theta[place]
    return slopes


central_difference.wrong_answer(
    "not halved",
    "the difference is divided by the step; the two points are two steps apart",
    lambda f, theta, step: 2 * central_difference.solution(f, theta, step),
)


@central_difference.wrong_answer(
    "not put back", "a number is not put back before the next one is moved"
)
def _(f, theta, step):
    moved, slopes = theta.astype(float), np.empty(theta.shape)
    for place in np.ndindex(theta.shape):
        moved[place] += step
        above = f(moved)
        moved[place] -= 2 * step
        slopes[place] = (above - f(moved)) / (2 * step)
    return slopes


central_difference.wrong_answer(
    "integers",
    "the copy of an array of whole numbers is one too: a step of 0.25 is cut off when "
    "it is stored",
    lambda f, theta, step: _slopes(f, theta.copy(), step),
)
central_difference.wrong_answer(
    "all at once",
    "all numbers are moved at the same time, so that all their slopes are added up",
    lambda f, theta, step: np.full(
        theta.shape, (f(theta + step) - f(theta - step)) / (2 * step)
    ),
)


# Less common


def _softmax_over(logits: Array, axis: int | None) -> Array:
    """Return a softmax along an axis that may be wrong."""
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


for _name, _message, _wrong in (
    (
        "index subtracted",
        "the index of the target is subtracted and not its one-hot vector",
        lambda o, y: (softmax(o) - y[..., np.newaxis]) / y.size,
    ),
    (
        "softmax over everything",
        "the softmax runs over the whole array and not over the letters",
        lambda o, y: (_softmax_over(o, None) - np.eye(o.shape[-1])[y]) / y.size,
    ),
    (
        "softmax over time",
        "the softmax runs over time, axis 1, and not over the letters",
        lambda o, y: (_softmax_over(o, 1) - np.eye(o.shape[-1])[y]) / y.size,
    ),
    (
        "right letter only",
        "only the number of the right letter gets a gradient; the others have ŷ",
        lambda o, y: np.eye(o.shape[-1])[y] * (softmax(o) - 1) / y.size,
    ),
    (
        "by the probabilities",
        "this is the derivative by the probabilities, −y / ŷ, and not by the logits",
        lambda o, y: -np.eye(o.shape[-1])[y] / softmax(o) / y.size,
    ),
    (
        "targets of the row",
        "at every step 1 is subtracted for each target of the row",
        lambda o, y: (
            (softmax(o) - np.eye(o.shape[-1])[y].sum(axis=1, keepdims=True)) / y.size
        ),
    ),
    (
        "any target of the row",
        "at every step 1 is subtracted for all targets of the row",
        lambda o, y: (
            (softmax(o) - np.eye(o.shape[-1])[y].max(axis=1, keepdims=True)) / y.size
        ),
    ),
):
    logit_gradient.wrong_answer(_name, _message, _wrong)

for _name, _message, _wrong in (
    (
        "slope of the sigmoid",
        "h (1 − h) is the slope of the sigmoid; that of tanh is 1 − h²",
        lambda d, h: d * h * (1 - h),
    ),
    (
        "forward",
        "this is tanh itself, of dL/dh; its slope is needed",
        lambda d, h: np.tanh(d),
    ),
):
    through_tanh.wrong_answer(
        _name,
        _message,
        _wrong,
    )


def _loop(d_outputs: Array, h: Array, W: Array, how: str) -> Array:
    """Return the loop back through time with a mistake in it."""
    T, found = h.shape[1], np.zeros_like(h)
    from_next = np.zeros_like(h[:, 0])
    for t in reversed(range(how == "stop", T)):
        dh = d_outputs[:, t] + from_next
        place = min(t + 1, T - 1) if how == "next" else t
        dz = dh * (1 - h[:, place] ** 2)
        found[:, t] = dh if how == "dh" else dz
        from_next = (h[:, t] if how == "state" else dz) @ W
    return found


for _name, _message in (
    ("next", "the slope is that of the next step; step t has its own"),
    ("stop", "the loop ends before step 0"),
    ("dh", "dL/dh is returned: the slope of tanh is missing in what is stored"),
    ("state", "the state goes back through W, and not the gradient"),
):
    hidden_gradients.wrong_answer(
        f"loop: {_name}",
        _message,
        lambda d_outputs, states, W, how=_name: _loop(d_outputs, states, W, how),
    )

recurrent_gradient.wrong_answer(
    "slope again",
    "dL/dz is multiplied by the slope of tanh once more; it has passed tanh already",
    lambda dz, states, initial_state: recurrent_gradient.solution(
        dz * (1 - states**2), states, initial_state
    ),
)
recurrent_gradient.wrong_answer(
    "rolled states",
    "np.roll puts the last state before step 0; there stands the initial state",
    lambda dz, states, initial_state: np.einsum(
        "nti,ntj->ij", dz, np.roll(states, 1, axis=1)
    ),
)
recurrent_gradient.wrong_answer(
    "number by number",
    "numbers are multiplied and not all pairs of them: only the diagonal is right",
    lambda dz, states, initial_state: np.diag(
        np.diag(recurrent_gradient.solution(dz, states, initial_state))
    ),
)


@recurrent_gradient.wrong_answer(
    "sum number by number",
    "numbers are multiplied one by one, and one number per unit is left",
)
def _(dz, states, initial_state):
    return np.diag(recurrent_gradient.solution(dz, states, initial_state)).copy()


def _way_changed(change: Callable) -> Callable:
    """Return a wrong answer that changes the right arrays of the way back."""

    def wrong(parameters, x, targets, initial_state, states, logits):
        given = parameters, x, targets, initial_state, states, logits
        found = _way_back(*given)
        return found | change(found, *given)

    return wrong


def _rolled(found, parameters, x, targets, initial_state, states, logits):
    T = states.shape[1]
    return {"dW": sum(found[f"dz_{t}"].T @ states[:, t - 1] for t in range(T))}


for _name, _message, _change in (
    (
        "rolled states",
        "dW takes the last state for the one before step 0; there stands the initial "
        "state",
        _rolled,
    ),
    (
        "means of biases",
        "db and dc are averaged over the batch; the mean is in `do` already",
        lambda found, p, x, *_: {k: found[k] / len(x) for k in ("db", "dc")},
    ),
    (
        "turned matrices",
        "the factors of dW and dU are swapped: they are transposed",
        lambda found, *_: {k: found[k].T.copy() for k in ("dW", "dU")},
    ),
    (
        "same array",
        "all `from_next` are one array that is changed again and again",
        lambda found, *_: {
            k: found["dh_first"] for k in found if k.startswith("from_next")
        },
    ),
    (
        "first step",
        "`dh_first` is dh of step 0; asked for is what leaves step 0 through W",
        lambda found, *_: {"dh_first": found["dh_0"]},
    ),
):
    way_back.wrong_answer(_name, _message, _way_changed(_change))

for _name, _message, _wrong in (
    (
        "own step",
        "the step is 1e-5, whatever is asked",
        lambda f, theta, step: central_difference.solution(f, theta, 1e-5),
    ),
    (
        "share of the number",
        "a number is moved by a share of itself and not by `step`",
        lambda f, theta, step: _relative(f, theta.astype(float), step),
    ),
    (
        "second derivative",
        "f(above) − 2 f + f(below) is the second derivative, not the first",
        lambda f, theta, step: _second(f, theta.astype(float), step),
    ),
    (
        "from below",
        "the difference is one-sided, from below",
        lambda f, theta, step: _from_below(f, theta.astype(float), step),
    ),
    (
        "half a step",
        "each number is moved by half a step: then the two points are one step apart",
        lambda f, theta, step: central_difference.solution(f, theta, step / 2) / 2,
    ),
    (
        "whole rows",
        "`theta[i]` is moved, which is a whole row if there are two axes; each number "
        "has to be moved by itself",
        lambda f, theta, step: _by_rows(f, theta.astype(float), step),
    ),
):
    central_difference.wrong_answer(_name, _message, _wrong)


def _relative(f: Callable, theta: Array, step: float) -> Array:
    slopes = np.empty(theta.shape)
    for place in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[place] *= 1 + step
        below[place] *= 1 - step
        slopes[place] = (f(above) - f(below)) / (2 * step)
    return slopes


def _second(f: Callable, theta: Array, step: float) -> Array:
    slopes = np.empty(theta.shape)
    for place in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[place] += step
        below[place] -= step
        slopes[place] = (f(above) - 2 * f(theta) + f(below)) / step**2
    return slopes


def _from_below(f: Callable, theta: Array, step: float) -> Array:
    slopes = np.empty(theta.shape)
    for place in np.ndindex(theta.shape):
        below = theta.copy()
        below[place] -= step
        slopes[place] = (f(theta) - f(below)) / step
    return slopes


def _by_rows(f: Callable, theta: Array, step: float) -> Array:
    slopes = np.empty(theta.shape)
    for i in range(len(theta)):
        above, below = theta.copy(), theta.copy()
        above[i] += step
        below[i] -= step
        slopes[i] = (f(above) - f(below)) / (2 * step)
    return slopes


topic.question("frozen_memory", "A memory that is not trained", points=3, minutes=8)
