"""Exercises on training."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from exercises.checks.engine import Case, altered
from exercises.checks.topic import Topic

topic = Topic("04_training")
Array = np.ndarray
Arrays = dict[str, Array]


def _draw(rng: np.random.Generator, K: int, H: int, scale: float = 1.0) -> Arrays:
    """Return five random arrays with the shapes of a network."""
    shapes = {"U": (H, K), "W": (H, H), "b": (H,), "V": (K, H), "c": (K,)}
    return {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}


def _below_cases() -> list[Case]:
    rng = np.random.default_rng(31)
    noisy = np.linspace(3, 0.1, 60) + rng.normal(size=60) / 5
    long = np.linspace(2, 0.5, 900) + rng.normal(size=900) / 9
    return [
        Case("crosses once", (np.array([3.0, 2.0, 0.8, 0.5]), 0.9)),
        Case("goes back once", (np.array([3.0, 0.8, 1.2, 0.7, 0.6]), 0.9), True),
        Case("equal to the floor is not below", (np.array([3.0, 0.5, 0.25]), 0.5)),
        Case("never below", (np.array([3.0, 2.0, 1.5]), 0.9)),
        Case("below, and above at the end", (np.array([3.0, 0.5, 2.0]), 0.9)),
        Case("below from the start", (np.array([0.5, 0.25]), 0.9)),
        Case("a noisy curve", (noisy, 1.0)),
        Case("a long one", (long, 1.5)),
        Case("the same one, and a lower floor", (long, 1.0)),
    ]


@topic.exercise(
    title="Read a crossing off a curve",
    points=3,
    minutes=8,
    cases=_below_cases,
    section="Five rows, against the floors",
)
def stays_below(losses: Array, floor: float) -> int | None:
    """Return the first epoch from which on the loss is below the floor."""
    epoch = _last_above(losses, floor) + 1
    return epoch if epoch <= len(losses) else None


def _last_above(losses: Array, floor: float) -> int:
    """Return the last epoch that is not below the floor, or 0."""
    above = np.flatnonzero(losses >= floor)
    return int(above[-1]) + 1 if above.size else 0


stays_below.wrong_answer(
    "first crossing",
    "the first epoch below the floor is taken, although the loss comes back above it "
    "later",
    altered(stays_below.solution, losses=np.minimum.accumulate),
)
stays_below.wrong_answer(
    "counted from 0",
    "epochs are counted from 0; in this book they count from 1",
    altered(stays_below.solution, lambda epoch: None if epoch is None else epoch - 1),
)
stays_below.wrong_answer(
    "never not seen",
    "a curve that ends above the floor gets the epoch after the last one, and not None",
    lambda losses, floor: _last_above(losses, floor) + 1,
)
stays_below.wrong_answer(
    "equal is below",
    "a loss that is equal to the floor counts as below it",
    altered(stays_below.solution, floor=lambda floor: np.nextafter(floor, np.inf)),
)
stays_below.wrong_answer(
    "last above",
    "the last epoch above the floor is returned, and not the one after it",
    lambda losses, floor: _last_above(losses, floor) or None,
)


def _sgd_cases() -> list[Case]:
    rng = np.random.default_rng(32)
    five = _draw(rng, 3, 2)
    other = dict(reversed(_draw(rng, 3, 2).items()))  # the names count, not the order
    one, slope = {"w": np.array([1.0, -2.0])}, {"w": np.array([0.5, 0.25])}
    return [
        Case("one array, rate 0.1", (one, slope, 0.1)),
        Case("five arrays, rate 0.3", (five, other, 0.3)),
        Case("read-only, rate 2", (_draw(rng, 4, 3), _draw(rng, 4, 3), 2.0), True),
    ]


@topic.exercise(
    title="One update",
    points=2,
    minutes=5,
    cases=_sgd_cases,
    section="The loop, written once",
    forbidden=("rnn_lib.SGD", "rnn_lib.make_optimizer", "rnn_lib.optimizers"),
)
def sgd_update(parameters: Arrays, gradients: Arrays, rate: float) -> Arrays:
    """Return the parameters after one update."""
    return {name: parameters[name] - rate * gradients[name] for name in parameters}


sgd_update.wrong_answer(
    "uphill",
    "the gradient is added and not subtracted: the loss climbs",
    altered(sgd_update.solution, rate=lambda rate: -rate),
    section="The learning rate",
)
sgd_update.wrong_answer(
    "no rate",
    "the learning rate is left out",
    altered(sgd_update.solution, rate=lambda rate: 1.0),
)
sgd_update.wrong_answer(
    "step alone",
    "the step is returned and not the parameters after it",
    lambda parameters, gradients, rate: {
        name: -rate * gradients[name] for name in parameters
    },
)
sgd_update.wrong_answer(
    "sign",
    "every number moves by the same distance, in the direction of the sign; that is "
    "nearly Adam, not SGD",
    altered(
        sgd_update.solution,
        gradients=lambda gradients: {name: np.sign(g) for name, g in gradients.items()},
    ),
    section="SGD and Adam",
)


@sgd_update.wrong_answer(
    "in place",
    "the arrays are changed in place with `-=`; this exercise asks for new ones",
)
def _(parameters, gradients, rate):
    for name in parameters:
        parameters[name] -= rate * gradients[name]
    return parameters


def _adam_cases() -> list[Case]:
    rng = np.random.default_rng(33)
    sizes = np.array([[100.0, -0.02, 1e-4], [50.0, 0.01, 2e-4]])
    return [
        Case("one update of one number", (np.array([[2.0]]), 0.5)),
        Case("gradients of all sizes", (sizes, 0.1), True),
        Case("a random draw", (rng.normal(size=(6, 4)), 0.25)),
        Case("another random draw", (rng.normal(size=(12, 2)), 1.0)),
    ]


@topic.exercise(
    title="Adam, update by update",
    points=4,
    minutes=12,
    cases=_adam_cases,
    section="SGD and Adam",
    forbidden=("rnn_lib.Adam", "rnn_lib.make_optimizer", "rnn_lib.optimizers"),
)
def adam_path(gradients: Array, rate: float) -> Array:
    """Return where Adam stands after each update, from 0."""
    return _adam(gradients, rate)


def _adam(
    gradients: Array,
    rate: float,
    start: int = 1,
    correct: bool = True,
    epsilon_inside: bool = False,
    square: bool = True,
    weigh: bool = True,
) -> Array:
    """Run Adam, or one of the versions that are not Adam."""
    m = q = theta = np.zeros(gradients.shape[1])
    path = []
    for i, g in enumerate(gradients, start=start):
        m = 0.9 * m + (0.1 if weigh else 1) * g
        q = 0.999 * q + (0.001 if weigh else 1) * (g**2 if square else g)
        m_hat = m / (1 - 0.9**i) if correct else m
        q_hat = q / (1 - 0.999**i) if correct else q
        down = np.sqrt(q_hat + 1e-8) if epsilon_inside else np.sqrt(q_hat) + 1e-8
        theta = theta - rate * m_hat / down
        path.append(theta)
    return np.array(path)


adam_path.wrong_answer(
    "no bias correction",
    "the hats are left out: without the bias correction the first steps are about "
    "three times as long",
    lambda gradients, rate: _adam(gradients, rate, correct=False),
)
adam_path.wrong_answer(
    "updates counted from 0",
    "updates are counted from 0: then 1 − β⁰ = 0 is divided by. Count from 1",
    lambda gradients, rate: _adam(gradients, rate, start=0),
)
adam_path.wrong_answer(
    "epsilon inside",
    "ε stands inside the square root",
    lambda gradients, rate: _adam(gradients, rate, epsilon_inside=True),
)
adam_path.wrong_answer(
    "not squared",
    "q averages g and not g²",
    lambda gradients, rate: _adam(gradients, rate, square=False),
)
adam_path.wrong_answer(
    "not weighed",
    "the new gradient is added whole: the factors 1 − β are missing",
    lambda gradients, rate: _adam(gradients, rate, weigh=False),
)
adam_path.wrong_answer(
    "uphill",
    "the steps are added and not subtracted",
    lambda gradients, rate: -_adam(gradients, rate),
)
adam_path.wrong_answer(
    "steps alone",
    "the single steps are returned and not the place they lead to",
    lambda gradients, rate: np.diff(_adam(gradients, rate), axis=0, prepend=0),
)


def _slope_cases() -> list[Case]:
    rng = np.random.default_rng(34)

    def draw(N: int, T: int, H: int, scale: float) -> tuple[Array]:
        return (np.tanh(scale * rng.normal(size=(N, T, H))),)

    return [
        Case("one row, two units", (np.array([[[0.5, -0.5], [1.0, 0.0]]]),)),
        Case("read-only", draw(2, 3, 4, 1.0), True),
        Case("as many steps as units", draw(2, 5, 5, 0.5)),
        Case("nearly saturated", draw(4, 3, 2, 5.0)),
    ]


@topic.exercise(
    title="Are the states saturated?",
    points=1,
    minutes=4,
    cases=_slope_cases,
    section="What the first steps do",
    forbidden=("rnn_lib.tanh_slope",),
)
def slope_per_step(states: Array) -> Array:
    """Return the mean slope of tanh at each step."""
    return (1 - states**2).mean(axis=(0, 2))


slope_per_step.wrong_answer(
    "tanh again",
    "tanh is applied to h, which is a tanh already",
    lambda states: (1 - np.tanh(states) ** 2).mean(axis=(0, 2)),
)
slope_per_step.wrong_answer(
    "slope of the mean",
    "the mean of the states is taken first and the slope afterwards: units at −1 and 1 "
    "then look like units at 0",
    lambda states: 1 - states.mean(axis=(0, 2)) ** 2,
)
slope_per_step.wrong_answer(
    "per unit",
    "the mean runs over the steps and leaves one number per unit",
    lambda states: (1 - states**2).mean(axis=(0, 1)),
)
slope_per_step.wrong_answer(
    "over sequences only",
    "the mean runs over the sequences and not over the units",
    lambda states: (1 - states**2).mean(axis=0),
)
slope_per_step.wrong_answer(
    "over all",
    "the mean runs over the steps as well",
    lambda states: np.array((1 - states**2).mean()),
)


def _clip_cases() -> list[Case]:
    rng = np.random.default_rng(35)
    zeros = {"U": np.zeros((2, 3)), "b": np.zeros(2)}
    return [
        Case("two numbers", ({"g": np.array([3.0, 0.5])}, 1.0)),
        Case("two arrays", ({"U": np.array([[3.0]]), "b": np.array([4.0])}, 1.0)),
        Case("short ones stay", ({"U": np.array([[0.3]]), "b": np.array([0.4])}, 1.0)),
        Case("a read-only random draw", (_draw(rng, 3, 2, 2.0), 0.25), True),
        Case("a random draw", (_draw(rng, 5, 4), 2.0)),
        Case("all zero", (zeros, 1.0)),
        Case("a limit below 1", ({"U": np.array([[0.25]]), "b": np.array([0.6])}, 0.5)),
        Case("a limit above 1", ({"U": np.array([[1.8]]), "b": np.array([2.4])}, 4.0)),
    ]


@topic.exercise(
    title="Clip by the global norm",
    points=3,
    minutes=10,
    cases=_clip_cases,
    section="Clipping the gradient",
    tolerance=2e-6,  # to divide by norm + 1e-6, as PyTorch does, is right
    forbidden=("rnn_lib.clip_by_norm", "rnn_lib.global_norm", "rnn_lib.optimizers"),
)
def clip_gradients(gradients: Arrays, max_norm: float) -> Arrays:
    """Return the gradients, shortened together if they are too long."""
    return _shortened(gradients, max_norm, np.sqrt(_sum_of_squares(gradients)))


def _sum_of_squares(gradients: Arrays) -> float:
    return sum((g**2).sum() for g in gradients.values())


def _shortened(gradients: Arrays, max_norm: float, norm: float) -> Arrays:
    """Return the gradients, shortened if `norm`, right or wrong, is too large."""
    factor = max_norm / norm if norm > max_norm else 1.0
    return {name: factor * g for name, g in gradients.items()}


clip_gradients.wrong_answer(
    "by value",
    "every number is clipped by itself, which turns the gradient",
    lambda gradients, max_norm: {
        name: g.clip(-max_norm, max_norm) for name, g in gradients.items()
    },
)
clip_gradients.wrong_answer(
    "each array",
    "every array is clipped by its own norm; the norm is that of all arrays together",
    lambda gradients, max_norm: {
        k: clip_gradients.solution({k: g}, max_norm)[k] for k, g in gradients.items()
    },
)
clip_gradients.wrong_answer(
    "always scaled",
    "the gradient is always brought to the length max_norm: short ones become longer, "
    "and one that is zero becomes NaN",
    lambda gradients, max_norm: {
        name: g * (max_norm / np.sqrt(_sum_of_squares(gradients)))
        for name, g in gradients.items()
    },
)
clip_gradients.wrong_answer(
    "sum of norms",
    "the norms of the arrays are added; it is their squares that add up",
    lambda gradients, max_norm: _shortened(
        gradients, max_norm, sum(np.sqrt((g**2).sum()) for g in gradients.values())
    ),
)
clip_gradients.wrong_answer(
    "no root",
    "the square root is left out of the norm",
    lambda gradients, max_norm: _shortened(
        gradients, max_norm, _sum_of_squares(gradients)
    ),
)


@clip_gradients.wrong_answer(
    "mean square", "the mean of the squares is taken and not their sum"
)
def _(gradients, max_norm):
    numbers = np.concatenate([g.ravel() for g in gradients.values()])
    return _shortened(gradients, max_norm, np.sqrt((numbers**2).mean()))


@clip_gradients.wrong_answer(
    "in place",
    "the arrays are changed with `*=`; whoever called the function may still need the "
    "gradient as it was",
)
def _(gradients, max_norm):
    norm = np.sqrt(_sum_of_squares(gradients))
    for g in gradients.values():
        g *= max_norm / norm if norm > max_norm else 1.0
    return gradients


# Less common

for _name, _message, _wrong in (
    (
        "brackets",
        "the rate multiplies the difference: rate · (θ − g)",
        lambda p, g, r: {n: r * (p[n] - g[n]) for n in p},
    ),
    (
        "moving average",
        "the parameter is multiplied by 1 − rate, as in a moving average",
        lambda p, g, r: {n: (1 - r) * p[n] - r * g[n] for n in p},
    ),
    (
        "biases left out",
        "the biases are left out",
        lambda p, g, r: {n: p[n] - r * g[n] for n in p if p[n].ndim > 1},
    ),
    (
        "biases not moved",
        "the biases stay as they were",
        lambda p, g, r: {n: p[n] - r * g[n] * (p[n].ndim > 1) for n in p},
    ),
    (
        "by place",
        "parameters and gradients are paired by their place in the dict, not by name",
        lambda p, g, r: {
            n: one - r * other if one.shape == other.shape else one
            for (n, one), other in zip(p.items(), g.values(), strict=True)
        },
    ),
):
    sgd_update.wrong_answer(
        _name,
        _message,
        _wrong,
    )


def _below(losses: Array, floor: float) -> Array:
    return np.flatnonzero(losses < floor)


for _name, _message, _wrong in (
    (
        "last above as it is",
        "the last epoch that is not below is returned, and not the one after it",
        lambda losses, floor: _last_above(losses, floor),
    ),
    (
        "first above",
        "the epoch after the first one that is not below is taken; the last one counts",
        lambda losses, floor: (
            int(np.flatnonzero(losses >= floor)[0]) + 2
            if (losses >= floor).any()
            else 1
        ),
    ),
    (
        "number below",
        "the epochs below the floor are counted",
        lambda losses, floor: len(_below(losses, floor)),
    ),
    (
        "number at the end",
        "it is returned for how many epochs the loss stays below at the end",
        lambda losses, floor: len(losses) - _last_above(losses, floor),
    ),
    (
        "last below",
        "the last epoch below the floor is taken",
        lambda losses, floor: max(_below(losses, floor) + 1, default=None),
    ),
    (
        "lowest loss",
        "the epoch of the lowest loss is returned",
        lambda losses, floor: int(losses.argmin()) + 1,
    ),
    (
        "minus 1 for never",
        "-1 stands for never; None is asked for",
        lambda losses, floor: stays_below.solution(losses, floor) or -1,
    ),
    (
        "text for never",
        "the text 'None' stands for never; None is asked for",
        lambda losses, floor: stays_below.solution(losses, floor) or "None",
    ),
    (
        "above for below",
        "above and below are mixed up",
        lambda losses, floor: stays_below.solution(-losses, -floor),
    ),
    (
        "from the start not seen",
        "a curve that is below from the start gets None",
        lambda losses, floor: (
            None if (losses < floor).all() else stays_below.solution(losses, floor)
        ),
    ),
    (
        "first, or 1",
        "the first epoch below is taken, and 1 where there is none, as argmax does",
        lambda losses, floor: int((losses < floor).argmax()) + 1,
    ),
    (
        "last epoch forgotten",
        "a curve that is below at the last epoch only gets None",
        lambda losses, floor: (
            None
            if _last_above(losses, floor) >= len(losses) - 1
            else stays_below.solution(losses, floor)
        ),
    ),
    (
        "last epoch left out",
        "the last epoch is not looked at",
        lambda losses, floor: stays_below.solution(losses[:-1], floor),
    ),
    (
        "two in a row",
        "the first of two epochs in a row below is taken; all later ones must be",
        lambda losses, floor: next(
            (
                i + 1
                for i in range(len(losses) - 1)
                if (losses[i : i + 2] < floor).all()
            ),
            None,
        ),
    ),
):
    stays_below.wrong_answer(_name, _message, _wrong)


def _adam_like(gradients: Array, rate: float, how: str) -> Array:
    """Return the path of something that is nearly Adam."""
    a, b = (0.999, 0.9) if how == "betas" else (0.9, 0.999)
    m = q = theta = np.zeros(gradients.shape[1])
    path = []
    for i, g in enumerate(gradients, start=1):
        if how == "shares":
            m, q = (1 - a) * m + a * g, (1 - b) * q + b * g**2
        else:
            m, q = a * m + (1 - a) * g, b * q + (1 - b) * g**2
        i = i + (how == "from 2")
        down = (1 - a * i, 1 - b * i) if how == "times" else (1 - a**i, 1 - b**i)
        m_hat, q_hat = m / down[0], q / down[1]
        if how == "carried":
            m, q = m_hat, q_hat
        step = g if how == "sgd" else m_hat / (np.sqrt(q_hat) + 1e-8)
        theta = theta - rate * step
        path.append(theta)
    return np.array(path)


for _name, _message in (
    ("betas", "the two β are swapped: 0.9 belongs to m, 0.999 to q"),
    ("shares", "β and 1 − β are swapped: most of the old average stays"),
    ("from 2", "updates are counted from 2; the first has i = 1"),
    ("times", "β is multiplied by i and not raised to it"),
    ("carried", "the corrected averages are carried on to the next update"),
    ("sgd", "this is plain SGD: every step is rate times the gradient"),
):
    adam_path.wrong_answer(
        f"nearly: {_name}",
        _message,
        lambda gradients, rate, how=_name: _adam_like(gradients, rate, how),
    )

slope_per_step.wrong_answer(
    "absolute value",
    "the absolute value of h is taken and not its square",
    lambda states: (1 - np.abs(states)).mean(axis=(0, 2)),
)
slope_per_step.wrong_answer(
    "square of the bracket",
    "1 − h is squared, and not h",
    lambda states: ((1 - states) ** 2).mean(axis=(0, 2)),
)


def _norm_of(of: Callable) -> Callable:
    """Return a wrong answer with another norm."""
    return lambda gradients, max_norm: _shortened(
        gradients, max_norm, of([*gradients.values()])
    )


for _name, _message, _wrong in (
    (
        "largest norm",
        "the largest norm of an array is taken; the norm is that of all together",
        _norm_of(lambda arrays: max(np.sqrt((g**2).sum()) for g in arrays)),
    ),
    (
        "absolute values",
        "absolute values are summed; the norm is the root of the sum of squares",
        _norm_of(lambda arrays: sum(np.abs(g).sum() for g in arrays)),
    ),
    (
        "largest number",
        "the largest number is taken for the norm",
        _norm_of(lambda arrays: max(np.abs(g).max() for g in arrays)),
    ),
    (
        "first array",
        "the norm is that of the first array alone",
        _norm_of(lambda arrays: np.sqrt((arrays[0] ** 2).sum())),
    ),
    (
        "lengthened",
        "short gradients are lengthened and long ones stay: max for min",
        lambda gradients, max_norm: {
            n: g * max(1.0, max_norm / np.sqrt(_sum_of_squares(gradients)))
            for n, g in gradients.items()
        },
    ),
    (
        "upside down",
        "the factor is norm / max_norm and not max_norm / norm",
        lambda gradients, max_norm: {
            n: g * max(1.0, np.sqrt(_sum_of_squares(gradients)) / max_norm)
            for n, g in gradients.items()
        },
    ),
    (
        "upside down, min",
        "the factor is norm / max_norm and not max_norm / norm",
        lambda gradients, max_norm: {
            n: g * min(1.0, np.sqrt(_sum_of_squares(gradients)) / max_norm)
            for n, g in gradients.items()
        },
    ),
    (
        "zeros",
        "a gradient that is too long is replaced by zeros",
        lambda gradients, max_norm: {
            n: g * (np.sqrt(_sum_of_squares(gradients)) <= max_norm)
            for n, g in gradients.items()
        },
    ),
):
    clip_gradients.wrong_answer(
        _name,
        _message,
        _wrong,
    )


def _every_to_the_limit(gradients: Arrays, max_norm: float) -> Arrays:
    if _sum_of_squares(gradients) <= max_norm**2:
        return gradients
    norms = {name: np.sqrt((g**2).sum()) for name, g in gradients.items()}
    return {name: g * max_norm / norms[name] for name, g in gradients.items()}


def _square_compared(gradients: Arrays, max_norm: float) -> Arrays:
    square = _sum_of_squares(gradients)
    factor = max_norm / np.sqrt(square) if square > max_norm else 1.0
    return {name: factor * g for name, g in gradients.items()}


clip_gradients.wrong_answer(
    "limit for each",
    "every array is brought to max_norm as soon as all together are longer; one factor "
    "is for all",
    _every_to_the_limit,
)
clip_gradients.wrong_answer(
    "square compared",
    "the square of the norm is compared with max_norm, and not the norm",
    _square_compared,
)
clip_gradients.wrong_answer(
    "from above only",
    "every number is clipped by itself, and from above only",
    lambda gradients, max_norm: {
        name: np.minimum(g, max_norm) for name, g in gradients.items()
    },
)


topic.question("flat_curves", "Two flat curves", points=3, minutes=8)
