"""Exercises on the backward pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from exercises.checks.engine import Case, Exercise, Question, Wrong, altered
from rnn_lib.functional import softmax

CHAPTER = "03_backward_pass"


# logit_gradient


def logit_gradient(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return the gradient of the mean cross-entropy by the logits."""
    return _sum_gradient(logits, targets) / targets.size


def _sum_gradient(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return softmax(logits) - np.eye(logits.shape[-1])[targets]


def _mean_over_sequences(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return _sum_gradient(logits, targets) / len(targets)


def _mean_over_steps(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return _sum_gradient(logits, targets) / targets.shape[1]


def _mean_over_numbers(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return _sum_gradient(logits, targets) / logits.size


def _sign_turned(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return -logit_gradient(logits, targets)


def _no_target(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return softmax(logits) / targets.size


def _no_softmax(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return (logits - np.eye(logits.shape[-1])[targets]) / targets.size


def _squared_error(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    p, d = softmax(logits), logit_gradient(logits, targets)
    return p * (d - (p * d).sum(axis=-1, keepdims=True))


def _logit_cases() -> list[Case]:
    rng = np.random.default_rng(21)

    def draw(N: int, T: int, K: int) -> tuple[np.ndarray, np.ndarray]:
        return rng.normal(size=(N, T, K)), rng.integers(0, K, (N, T))

    return [
        Case("equal scores", (np.zeros((1, 2, 3)), np.array([[0, 2]]))),
        Case("a read-only random draw", draw(2, 3, 4), True),
        Case("a random draw", draw(5, 2, 7)),
        Case("scores near 1000", (draw(2, 3, 2)[0] + 1000, np.ones((2, 3), int))),
    ]


# through_tanh


def through_tanh(d_states: np.ndarray, states: np.ndarray) -> np.ndarray:
    """Return dL/dz from dL/dh and h."""
    return d_states * (1 - states**2)


def _tanh_of_tanh(d_states: np.ndarray, states: np.ndarray) -> np.ndarray:
    return d_states * (1 - np.tanh(states) ** 2)


def _inverse_slope(d_states: np.ndarray, states: np.ndarray) -> np.ndarray:
    return d_states / (1 - states**2)


def _no_square(d_states: np.ndarray, states: np.ndarray) -> np.ndarray:
    return d_states * (1 - states)


def _slope_alone(d_states: np.ndarray, states: np.ndarray) -> np.ndarray:
    return 1 - states**2


def _tanh_in_place(d_states: np.ndarray, states: np.ndarray) -> np.ndarray:
    d_states *= 1 - states**2
    return d_states


def _tanh_cases() -> list[Case]:
    rng = np.random.default_rng(22)

    def draw(*shape: int) -> tuple[np.ndarray, np.ndarray]:
        return rng.normal(size=shape), np.tanh(rng.normal(size=shape))

    return [
        Case("two units", (np.array([1.0, -2.0]), np.array([0.5, -0.8]))),
        Case("one step of a batch", draw(3, 4)),
        Case("all steps, read-only", draw(2, 5, 3), True),
    ]


# hidden_gradients


def hidden_gradients(
    d_outputs: np.ndarray, states: np.ndarray, W: np.ndarray
) -> np.ndarray:
    """Return dL/dz of every step from dL/dh along the output path."""
    dz = np.empty_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dz[:, t] = (d_outputs[:, t] + from_next) * (1 - states[:, t] ** 2)
        from_next = dz[:, t] @ W
    return dz


def _second_path_forgotten(
    d_outputs: np.ndarray, states: np.ndarray, W: np.ndarray
) -> np.ndarray:
    return d_outputs * (1 - states**2)


def _only_one_step_back(
    d_outputs: np.ndarray, states: np.ndarray, W: np.ndarray
) -> np.ndarray:
    slope = 1 - states**2
    dz = d_outputs * slope
    dz[:, :-1] += (d_outputs * slope)[:, 1:] @ W * slope[:, :-1]
    return dz


def _slope_on_one_path(
    d_outputs: np.ndarray, states: np.ndarray, W: np.ndarray
) -> np.ndarray:
    dz = np.empty_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dz[:, t] = d_outputs[:, t] * (1 - states[:, t] ** 2) + from_next
        from_next = dz[:, t] @ W
    return dz


def _slope_not_handed_on(
    d_outputs: np.ndarray, states: np.ndarray, W: np.ndarray
) -> np.ndarray:
    dz = np.empty_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dh = d_outputs[:, t] + from_next
        dz[:, t] = dh * (1 - states[:, t] ** 2)
        from_next = dh @ W
    return dz


def _output_in_place(
    d_outputs: np.ndarray, states: np.ndarray, W: np.ndarray
) -> np.ndarray:
    dz = np.empty_like(states)
    from_next = np.zeros_like(states[:, 0])
    for t in reversed(range(states.shape[1])):
        dh = d_outputs[:, t]
        dh += from_next
        dz[:, t] = dh * (1 - states[:, t] ** 2)
        from_next = dz[:, t] @ W
    return dz


def _hidden_cases() -> list[Case]:
    rng = np.random.default_rng(23)

    def draw(N: int, T: int, H: int) -> tuple[np.ndarray, ...]:
        shape = (N, T, H)
        states = np.tanh(rng.normal(size=shape))
        return rng.normal(size=shape), states, rng.normal(size=(H, H)) / 2

    return [
        Case("one step", draw(1, 1, 2)),
        Case("two steps, two units", draw(1, 2, 2)),
        Case("a read-only random draw", draw(3, 4, 2), True),
        Case("a random draw", draw(2, 6, 5)),
    ]


# recurrent_gradient


def recurrent_gradient(
    dz: np.ndarray, states: np.ndarray, initial_state: np.ndarray
) -> np.ndarray:
    """Return dL/dW, the sum over sequences and steps."""
    before = np.concatenate([initial_state[:, np.newaxis], states[:, :-1]], axis=1)
    return np.einsum("nti,ntj->ij", dz, before)


def _state_of_the_step(
    dz: np.ndarray, states: np.ndarray, initial_state: np.ndarray
) -> np.ndarray:
    return np.einsum("nti,ntj->ij", dz, states)


def _state_after(
    dz: np.ndarray, states: np.ndarray, initial_state: np.ndarray
) -> np.ndarray:
    return np.einsum("nti,ntj->ij", dz[:, :-1], states[:, 1:])


def _first_step_only(
    dz: np.ndarray, states: np.ndarray, initial_state: np.ndarray
) -> np.ndarray:
    return dz[:, 0].T @ initial_state


def _last_step_only(
    dz: np.ndarray, states: np.ndarray, initial_state: np.ndarray
) -> np.ndarray:
    before = np.concatenate([initial_state[:, np.newaxis], states[:, :-1]], axis=1)
    return dz[:, -1].T @ before[:, -1]


def _gradient_transposed(
    dz: np.ndarray, states: np.ndarray, initial_state: np.ndarray
) -> np.ndarray:
    return recurrent_gradient(dz, states, initial_state).T


def _mean_of_batch(
    dz: np.ndarray, states: np.ndarray, initial_state: np.ndarray
) -> np.ndarray:
    return recurrent_gradient(dz, states, initial_state) / len(dz)


def _recurrent_cases() -> list[Case]:
    rng = np.random.default_rng(24)

    def draw(N: int, T: int, H: int) -> tuple[np.ndarray, ...]:
        states = np.tanh(rng.normal(size=(N, T, H)))
        return rng.normal(size=(N, T, H)), states, np.tanh(rng.normal(size=(N, H)))

    return [
        Case("two steps, two units", draw(1, 2, 2)),
        Case("a read-only random draw", draw(2, 3, 2), True),
        Case("a random draw", draw(3, 5, 4)),
        Case("another random draw", draw(4, 2, 3)),
    ]


# central_difference


def central_difference(f: Callable, theta: np.ndarray, step: float) -> np.ndarray:
    """Return the slopes of f at theta, measured on both sides."""
    return _slopes(f, theta.astype(float), step)


def _slopes(f: Callable, moved: np.ndarray, step: float) -> np.ndarray:
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


def _one_sided(f: Callable, theta: np.ndarray, step: float) -> np.ndarray:
    moved, slopes, start = theta.astype(float), np.empty(theta.shape), f(theta)
    for place in np.ndindex(theta.shape):
        moved[place] += step
        slopes[place] = (f(moved) - start) / step
        moved[place] = theta[place]
    return slopes


def _not_halved(f: Callable, theta: np.ndarray, step: float) -> np.ndarray:
    return 2 * central_difference(f, theta, step)


def _not_put_back(f: Callable, theta: np.ndarray, step: float) -> np.ndarray:
    moved, slopes = theta.astype(float), np.empty(theta.shape)
    for place in np.ndindex(theta.shape):
        moved[place] += step
        above = f(moved)
        moved[place] -= 2 * step
        slopes[place] = (above - f(moved)) / (2 * step)
    return slopes


def _integers(f: Callable, theta: np.ndarray, step: float) -> np.ndarray:
    return _slopes(f, theta.copy(), step)


def _all_at_once(f: Callable, theta: np.ndarray, step: float) -> np.ndarray:
    slope = (f(theta + step) - f(theta - step)) / (2 * step)
    return np.full(theta.shape, slope)


def _difference_cases() -> list[Case]:
    rng = np.random.default_rng(25)
    return [
        Case("squares of two numbers", ("sum of squares", np.array([1.0, -2.0]), 0.01)),
        Case("a product of three", ("product", np.array([0.5, 2.0, -1.0]), 0.1), True),
        Case("a matrix", ("sum of sines", rng.normal(size=(2, 3)), 0.01)),
        Case("whole numbers", ("product", np.array([[2, 3], [1, 5]]), 0.25)),
    ]


EXERCISES = (
    Exercise(
        name="logit_gradient",
        title="The gradient of the logits",
        chapter=CHAPTER,
        points=2,
        minutes=6,
        solution=logit_gradient,
        cases=_logit_cases,
        wrong=(
            Wrong(
                "sum for mean",
                _sum_gradient,
                "the losses are summed and not averaged: the division by N · T is "
                "missing",
            ),
            Wrong(
                "mean over sequences",
                _mean_over_sequences,
                "the division is by N alone; the mean is over all N · T positions",
            ),
            Wrong(
                "mean over steps",
                _mean_over_steps,
                "the division is by T alone; the mean is over all N · T positions",
            ),
            Wrong(
                "mean over numbers",
                _mean_over_numbers,
                "the division is by N · T · K; the mean is over the N · T positions",
            ),
            Wrong("sign", _sign_turned, "the sign is turned: y − ŷ in place of ŷ − y"),
            Wrong("no target", _no_target, "the one-hot targets are not subtracted"),
            Wrong("no softmax", _no_softmax, "the softmax is left out"),
            Wrong(
                "squared error",
                _squared_error,
                "ŷ − y is taken for the gradient of a squared error and sent through "
                "the softmax once more",
            ),
        ),
        forbidden=(
            "rnn_lib.cross_entropy_gradient",
            "rnn_lib.cross_entropy_and_gradient",
            "rnn_lib.functional",
        ),
        section="Where the way back starts: the loss",
    ),
    Exercise(
        name="through_tanh",
        title="Back through tanh",
        chapter=CHAPTER,
        points=1,
        minutes=3,
        solution=through_tanh,
        cases=_tanh_cases,
        wrong=(
            Wrong(
                "tanh of tanh",
                _tanh_of_tanh,
                "tanh is applied to h, which is a tanh already",
            ),
            Wrong(
                "inverse slope",
                _inverse_slope,
                "the slope of the inverse function, 1 / (1 − h²), is used",
            ),
            Wrong("no square", _no_square, "h is not squared"),
            Wrong("slope alone", _slope_alone, "dL/dh is not multiplied in"),
            Wrong(
                "in place",
                _tanh_in_place,
                "the product is written into d_states with `*=`; whoever called the "
                "function may still need that array",
                "Writing it",
            ),
        ),
        forbidden=("rnn_lib.tanh_slope", "rnn_lib.functional"),
        section="Step 2, the last",
    ),
    Exercise(
        name="hidden_gradients",
        title="The loop back through time",
        chapter=CHAPTER,
        points=4,
        minutes=15,
        solution=hidden_gradients,
        cases=_hidden_cases,
        wrong=(
            Wrong(
                "second path forgotten",
                _second_path_forgotten,
                "the path through the next step is forgotten",
            ),
            Wrong(
                "no transpose",
                altered(hidden_gradients, W=np.transpose),
                "W goes back without its transpose; for rows that is `dz @ W`, and "
                "`dz @ W.T` is wrong",
                "Step 1, where the paths meet",
            ),
            Wrong(
                "one step back",
                _only_one_step_back,
                "each gradient is handed back one step and no further: the loop has "
                "to hand on what it has collected",
            ),
            Wrong(
                "slope on one path",
                _slope_on_one_path,
                "the slope of tanh is applied to the output path only, before the two "
                "paths are added",
            ),
            Wrong(
                "slope not handed on",
                _slope_not_handed_on,
                "dL/dh in place of dL/dz is sent through W to the step before",
            ),
            Wrong(
                "tanh of tanh",
                altered(hidden_gradients, states=np.tanh),
                "the slope is 1 − tanh(h)²; h is a tanh already",
                "Step 2, the last",
            ),
            Wrong(
                "in place",
                _output_in_place,
                "`+=` writes into d_outputs, of which `d_outputs[:, t]` is a view",
                "Writing it",
            ),
        ),
        forbidden=("rnn_lib.HiddenLayer", "rnn_lib.VanillaRNN", "rnn_lib.layers"),
        section="Two paths lead into a hidden state",
    ),
    Exercise(
        name="recurrent_gradient",
        title="The gradient of W",
        chapter=CHAPTER,
        points=3,
        minutes=10,
        solution=recurrent_gradient,
        cases=_recurrent_cases,
        wrong=(
            Wrong(
                "state of the step",
                _state_of_the_step,
                "h_t is used in place of h_{t-1}: W is multiplied by the state before "
                "the step",
            ),
            Wrong(
                "initial state left out",
                altered(recurrent_gradient, initial_state=np.zeros_like),
                "the initial state is left out; the use at step 0 counts as soon as it "
                "is not zero",
            ),
            Wrong(
                "shifted the wrong way",
                _state_after,
                "each gradient is paired with the state after it and not with the one "
                "before",
            ),
            Wrong(
                "= for +=, first step",
                _first_step_only,
                "`=` is written for `+=` in a loop that runs back: only the term of "
                "step 0 is left",
            ),
            Wrong(
                "= for +=, last step",
                _last_step_only,
                "`=` is written for `+=` in a loop that runs forward: only the term "
                "of the last step is left",
            ),
            Wrong(
                "transposed",
                _gradient_transposed,
                "the factors of the outer product are swapped: the result is the "
                "transpose",
                "The whole pass in one table",
            ),
            Wrong(
                "mean over the batch",
                _mean_of_batch,
                "the sum is divided by N; the mean is in dL/dz already",
                "The whole pass in one table",
            ),
        ),
        forbidden=("rnn_lib.HiddenLayer", "rnn_lib.VanillaRNN", "rnn_lib.layers"),
        section="From the steps to the parameters",
    ),
    Exercise(
        name="central_difference",
        title="Measure a gradient",
        chapter=CHAPTER,
        points=3,
        minutes=12,
        solution=central_difference,
        cases=_difference_cases,
        wrong=(
            Wrong("one-sided", _one_sided, "the difference is one-sided"),
            Wrong(
                "not halved",
                _not_halved,
                "the difference is divided by the step; the two points are two steps "
                "apart",
            ),
            Wrong(
                "not put back",
                _not_put_back,
                "a number is not put back before the next one is moved",
            ),
            Wrong(
                "integers",
                _integers,
                "the copy of an array of whole numbers is one too: a step of 0.25 is "
                "cut off when it is stored",
            ),
            Wrong(
                "all at once",
                _all_at_once,
                "all numbers are moved at the same time, so that all their slopes are "
                "added up",
            ),
        ),
        forbidden=("rnn_lib.numerical_gradient", "rnn_lib.gradcheck"),
        section="Checking a gradient",
        prepare="exercises.box.arguments:with_function",
    ),
)

QUESTIONS = (
    Question("frozen_memory", "A memory that is not trained", CHAPTER, 3, minutes=8),
)
