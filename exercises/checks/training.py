"""Exercises on training."""

from __future__ import annotations

import numpy as np

from exercises.checks.engine import Case, Exercise, Question, Wrong

CHAPTER = "04_training"
Arrays = dict[str, np.ndarray]


def _draw(rng: np.random.Generator, K: int, H: int, scale: float = 1.0) -> Arrays:
    """Return five random arrays with the shapes of a network."""
    shapes = {"U": (H, K), "W": (H, H), "b": (H,), "V": (K, H), "c": (K,)}
    return {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}


# stays_below


def stays_below(losses: np.ndarray, floor: float) -> int | None:
    """Return the first epoch from which on the loss is below the floor."""
    above = np.flatnonzero(losses >= floor)
    epoch = int(above[-1]) + 2 if above.size else 1
    return epoch if epoch <= len(losses) else None


def _first_crossing(losses: np.ndarray, floor: float) -> int | None:
    below = np.flatnonzero(losses < floor)
    return int(below[0]) + 1 if below.size else None


def _counted_from_zero(losses: np.ndarray, floor: float) -> int | None:
    epoch = stays_below(losses, floor)
    return None if epoch is None else epoch - 1


def _never_not_seen(losses: np.ndarray, floor: float) -> int | None:
    above = np.flatnonzero(losses >= floor)
    return int(above[-1]) + 2 if above.size else 1


def _equal_is_below(losses: np.ndarray, floor: float) -> int | None:
    return stays_below(losses, float(np.nextafter(floor, np.inf)))


def _last_above(losses: np.ndarray, floor: float) -> int | None:
    above = np.flatnonzero(losses >= floor)
    return int(above[-1]) + 1 if above.size else None


def _below_cases() -> list[Case]:
    rng = np.random.default_rng(31)
    noisy = np.linspace(3, 0.1, 60) + rng.normal(size=60) / 5
    return [
        Case("crosses once", (np.array([3.0, 2.0, 0.8, 0.5]), 0.9)),
        Case("goes back once", (np.array([3.0, 0.8, 1.2, 0.7, 0.6]), 0.9), True),
        Case("equal to the floor is not below", (np.array([3.0, 0.5, 0.25]), 0.5)),
        Case("never below", (np.array([3.0, 2.0, 1.5]), 0.9)),
        Case("below, and above at the end", (np.array([3.0, 0.5, 2.0]), 0.9)),
        Case("below from the start", (np.array([0.5, 0.25]), 0.9)),
        Case("a noisy curve", (noisy, 1.0)),
    ]


# sgd_update


def sgd_update(parameters: Arrays, gradients: Arrays, rate: float) -> Arrays:
    """Return the parameters after one update."""
    return {name: parameters[name] - rate * gradients[name] for name in parameters}


def _uphill(parameters: Arrays, gradients: Arrays, rate: float) -> Arrays:
    return sgd_update(parameters, gradients, -rate)


def _no_rate(parameters: Arrays, gradients: Arrays, rate: float) -> Arrays:
    return sgd_update(parameters, gradients, 1.0)


def _step_alone(parameters: Arrays, gradients: Arrays, rate: float) -> Arrays:
    return {name: -rate * gradients[name] for name in parameters}


def _sign_of_gradient(parameters: Arrays, gradients: Arrays, rate: float) -> Arrays:
    signs = {name: np.sign(gradients[name]) for name in parameters}
    return sgd_update(parameters, signs, rate)


def _update_in_place(parameters: Arrays, gradients: Arrays, rate: float) -> Arrays:
    for name in parameters:
        parameters[name] -= rate * gradients[name]
    return parameters


def _sgd_cases() -> list[Case]:
    rng = np.random.default_rng(32)
    one, slope = {"w": np.array([1.0, -2.0])}, {"w": np.array([0.5, 0.25])}
    return [
        Case("one array, rate 0.1", (one, slope, 0.1)),
        Case("five arrays, rate 0.3", (_draw(rng, 3, 2), _draw(rng, 3, 2), 0.3)),
        Case("read-only, rate 2", (_draw(rng, 4, 3), _draw(rng, 4, 3), 2.0), True),
    ]


# adam_path


def adam_path(gradients: np.ndarray, rate: float) -> np.ndarray:
    """Return where Adam stands after each update, from 0."""
    return _adam(gradients, rate)


def _adam(
    gradients: np.ndarray,
    rate: float,
    start: int = 1,
    correct: bool = True,
    epsilon_inside: bool = False,
    square: bool = True,
    weigh: bool = True,
) -> np.ndarray:
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


def _no_correction(gradients: np.ndarray, rate: float) -> np.ndarray:
    return _adam(gradients, rate, correct=False)


def _counts_from_zero(gradients: np.ndarray, rate: float) -> np.ndarray:
    return _adam(gradients, rate, start=0)


def _epsilon_inside(gradients: np.ndarray, rate: float) -> np.ndarray:
    return _adam(gradients, rate, epsilon_inside=True)


def _not_squared(gradients: np.ndarray, rate: float) -> np.ndarray:
    return _adam(gradients, rate, square=False)


def _not_weighed(gradients: np.ndarray, rate: float) -> np.ndarray:
    return _adam(gradients, rate, weigh=False)


def _adam_uphill(gradients: np.ndarray, rate: float) -> np.ndarray:
    return -_adam(gradients, rate)


def _steps_alone(gradients: np.ndarray, rate: float) -> np.ndarray:
    return np.diff(_adam(gradients, rate), axis=0, prepend=0)


def _adam_cases() -> list[Case]:
    rng = np.random.default_rng(33)
    sizes = np.array([[100.0, -0.02, 1e-4], [50.0, 0.01, 2e-4]])
    return [
        Case("one update of one number", (np.array([[2.0]]), 0.5)),
        Case("gradients of all sizes", (sizes, 0.1), True),
        Case("a random draw", (rng.normal(size=(6, 4)), 0.25)),
        Case("another random draw", (rng.normal(size=(12, 2)), 1.0)),
    ]


# slope_per_step


def slope_per_step(states: np.ndarray) -> np.ndarray:
    """Return the mean slope of tanh at each step."""
    return (1 - states**2).mean(axis=(0, 2))


def _slope_of_tanh_again(states: np.ndarray) -> np.ndarray:
    return (1 - np.tanh(states) ** 2).mean(axis=(0, 2))


def _slope_of_mean(states: np.ndarray) -> np.ndarray:
    return 1 - states.mean(axis=(0, 2)) ** 2


def _slope_per_unit(states: np.ndarray) -> np.ndarray:
    return (1 - states**2).mean(axis=(0, 1))


def _slope_per_row(states: np.ndarray) -> np.ndarray:
    return (1 - states**2).mean(axis=0)


def _slope_over_all(states: np.ndarray) -> np.ndarray:
    return np.array((1 - states**2).mean())


def _slope_cases() -> list[Case]:
    rng = np.random.default_rng(34)

    def draw(N: int, T: int, H: int, scale: float) -> tuple[np.ndarray]:
        return (np.tanh(scale * rng.normal(size=(N, T, H))),)

    return [
        Case("one row, two units", (np.array([[[0.5, -0.5], [1.0, 0.0]]]),)),
        Case("read-only", draw(2, 3, 4, 1.0), True),
        Case("as many steps as units", draw(2, 5, 5, 0.5)),
        Case("nearly saturated", draw(4, 3, 2, 5.0)),
    ]


# clip_gradients


def clip_gradients(gradients: Arrays, max_norm: float) -> Arrays:
    """Return the gradients, shortened together if they are too long."""
    return _shortened(gradients, max_norm, np.sqrt(_sum_of_squares(gradients)))


def _sum_of_squares(gradients: Arrays) -> float:
    return sum((g**2).sum() for g in gradients.values())


def _shortened(gradients: Arrays, max_norm: float, norm: float) -> Arrays:
    """Return the gradients, shortened if `norm`, right or wrong, is too large."""
    factor = max_norm / norm if norm > max_norm else 1.0
    return {name: factor * g for name, g in gradients.items()}


def _clip_by_value(gradients: Arrays, max_norm: float) -> Arrays:
    return {name: g.clip(-max_norm, max_norm) for name, g in gradients.items()}


def _each_array(gradients: Arrays, max_norm: float) -> Arrays:
    return {k: clip_gradients({k: g}, max_norm)[k] for k, g in gradients.items()}


def _always_scaled(gradients: Arrays, max_norm: float) -> Arrays:
    norm = np.sqrt(_sum_of_squares(gradients))
    return {name: g * (max_norm / norm) for name, g in gradients.items()}


def _sum_of_norms(gradients: Arrays, max_norm: float) -> Arrays:
    norm = sum(np.sqrt((g**2).sum()) for g in gradients.values())
    return _shortened(gradients, max_norm, norm)


def _no_root(gradients: Arrays, max_norm: float) -> Arrays:
    return _shortened(gradients, max_norm, _sum_of_squares(gradients))


def _mean_square(gradients: Arrays, max_norm: float) -> Arrays:
    numbers = np.concatenate([g.ravel() for g in gradients.values()])
    return _shortened(gradients, max_norm, np.sqrt((numbers**2).mean()))


def _clip_in_place(gradients: Arrays, max_norm: float) -> Arrays:
    norm = np.sqrt(_sum_of_squares(gradients))
    for g in gradients.values():
        g *= max_norm / norm if norm > max_norm else 1.0
    return gradients


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
    ]


EXERCISES = (
    Exercise(
        name="stays_below",
        title="Read a crossing off a curve",
        chapter=CHAPTER,
        points=3,
        minutes=8,
        solution=stays_below,
        cases=_below_cases,
        wrong=(
            Wrong(
                "first crossing",
                _first_crossing,
                "the first epoch below the floor is taken, although the loss comes "
                "back above it later",
            ),
            Wrong(
                "counted from 0",
                _counted_from_zero,
                "epochs are counted from 0; in this book they count from 1",
            ),
            Wrong(
                "never not seen",
                _never_not_seen,
                "a curve that ends above the floor gets the epoch after the last one, "
                "and not None",
            ),
            Wrong(
                "equal is below",
                _equal_is_below,
                "a loss that is equal to the floor counts as below it",
            ),
            Wrong(
                "last above",
                _last_above,
                "the last epoch above the floor is returned, and not the one after it",
            ),
        ),
        forbidden=(),
        section="Five rows, against the floors",
    ),
    Exercise(
        name="sgd_update",
        title="One update",
        chapter=CHAPTER,
        points=2,
        minutes=5,
        solution=sgd_update,
        cases=_sgd_cases,
        wrong=(
            Wrong(
                "uphill",
                _uphill,
                "the gradient is added and not subtracted: the loss climbs",
                "The learning rate",
            ),
            Wrong("no rate", _no_rate, "the learning rate is left out"),
            Wrong(
                "step alone",
                _step_alone,
                "the step is returned and not the parameters after it",
            ),
            Wrong(
                "sign",
                _sign_of_gradient,
                "every number moves by the same distance, in the direction of the "
                "sign; that is nearly Adam, not SGD",
                "SGD and Adam",
            ),
            Wrong(
                "in place",
                _update_in_place,
                "the arrays are changed in place with `-=`; this exercise asks for "
                "new ones",
            ),
        ),
        forbidden=("rnn_lib.SGD", "rnn_lib.make_optimizer", "rnn_lib.optimizers"),
        section="The loop, written once",
    ),
    Exercise(
        name="adam_path",
        title="Adam, update by update",
        chapter=CHAPTER,
        points=4,
        minutes=12,
        solution=adam_path,
        cases=_adam_cases,
        wrong=(
            Wrong(
                "no bias correction",
                _no_correction,
                "the hats are left out: without the bias correction the first steps "
                "are about three times as long",
            ),
            Wrong(
                "updates counted from 0",
                _counts_from_zero,
                "updates are counted from 0: then 1 − β⁰ = 0 is divided by. Count "
                "from 1",
            ),
            Wrong("epsilon inside", _epsilon_inside, "ε stands inside the square root"),
            Wrong("not squared", _not_squared, "q averages g and not g²"),
            Wrong(
                "not weighed",
                _not_weighed,
                "the new gradient is added whole: the factors 1 − β are missing",
            ),
            Wrong("uphill", _adam_uphill, "the steps are added and not subtracted"),
            Wrong(
                "steps alone",
                _steps_alone,
                "the single steps are returned and not the place they lead to",
            ),
        ),
        forbidden=("rnn_lib.Adam", "rnn_lib.make_optimizer", "rnn_lib.optimizers"),
        section="SGD and Adam",
    ),
    Exercise(
        name="slope_per_step",
        title="Are the states saturated?",
        chapter=CHAPTER,
        points=1,
        minutes=4,
        solution=slope_per_step,
        cases=_slope_cases,
        wrong=(
            Wrong(
                "tanh again",
                _slope_of_tanh_again,
                "tanh is applied to h, which is a tanh already",
            ),
            Wrong(
                "slope of the mean",
                _slope_of_mean,
                "the mean of the states is taken first and the slope afterwards: "
                "units at −1 and 1 then look like units at 0",
            ),
            Wrong(
                "per unit",
                _slope_per_unit,
                "the mean runs over the steps and leaves one number per unit",
            ),
            Wrong(
                "over sequences only",
                _slope_per_row,
                "the mean runs over the sequences and not over the units",
            ),
            Wrong("over all", _slope_over_all, "the mean runs over the steps as well"),
        ),
        forbidden=("rnn_lib.tanh_slope", "rnn_lib.functional"),
        section="What the first steps do",
    ),
    Exercise(
        name="clip_gradients",
        title="Clip by the global norm",
        chapter=CHAPTER,
        points=3,
        minutes=10,
        solution=clip_gradients,
        cases=_clip_cases,
        wrong=(
            Wrong(
                "by value",
                _clip_by_value,
                "every number is clipped by itself, which turns the gradient",
            ),
            Wrong(
                "each array",
                _each_array,
                "every array is clipped by its own norm; the norm is that of all "
                "arrays together",
            ),
            Wrong(
                "always scaled",
                _always_scaled,
                "the gradient is always brought to the length max_norm: short ones "
                "become longer, and one that is zero becomes NaN",
            ),
            Wrong(
                "sum of norms",
                _sum_of_norms,
                "the norms of the arrays are added; it is their squares that add up",
            ),
            Wrong("no root", _no_root, "the square root is left out of the norm"),
            Wrong(
                "mean square",
                _mean_square,
                "the mean of the squares is taken and not their sum",
            ),
            Wrong(
                "in place",
                _clip_in_place,
                "the arrays are changed with `*=`; whoever called the function may "
                "still need the gradient as it was",
            ),
        ),
        forbidden=("rnn_lib.clip_by_norm", "rnn_lib.global_norm", "rnn_lib.optimizers"),
        section="Clipping the gradient",
    ),
)

QUESTIONS = (Question("flat_curves", "Two flat curves", CHAPTER, points=3, minutes=8),)
