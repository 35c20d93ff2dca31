"""Exercises on PyTorch. The checks need NumPy only; an answer may use PyTorch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from exercises.checks.engine import Case, Exercise, Question, Wrong
from rnn_lib.functional import cross_entropy, log_softmax, softmax

CHAPTER = "06_pytorch"
Arrays = dict[str, np.ndarray]
Shapes = dict[str, tuple]
Model = Callable[[np.ndarray], np.ndarray]


# parameter_shapes


def parameter_shapes(K: int, H: int) -> Shapes:
    """Return the shape of every parameter of the model, by its name."""
    return {
        "rnn.weight_ih_l0": (H, K),
        "rnn.weight_hh_l0": (H, H),
        "rnn.bias_ih_l0": (H,),
        "rnn.bias_hh_l0": (H,),
        "fc.weight": (K, H),
        "fc.bias": (K,),
    }


def _transposed(K: int, H: int) -> Shapes:
    shapes = parameter_shapes(K, H)
    return {name: shape[::-1] for name, shape in shapes.items()}


def _one_bias(K: int, H: int) -> Shapes:
    shapes = parameter_shapes(K, H)
    return {n: s for n, s in shapes.items() if n != "rnn.bias_hh_l0"}


def _columns(K: int, H: int) -> Shapes:
    shapes = parameter_shapes(K, H)
    return {n: s if len(s) == 2 else (*s, 1) for n, s in shapes.items()}


def _bias_of_inputs(K: int, H: int) -> Shapes:
    return {**parameter_shapes(K, H), "rnn.bias_ih_l0": (K,)}


def _no_prefix(K: int, H: int) -> Shapes:
    shapes = parameter_shapes(K, H)
    return {name.removeprefix("rnn."): shape for name, shape in shapes.items()}


def _shape_cases() -> list[Case]:
    sizes = ((3, 2), (26, 128), (7, 4), (5, 1))
    return [Case(f"K = {K}, H = {H}", (K, H), H == 128) for K, H in sizes]


# to_our_names


def to_our_names(arrays: Arrays) -> Arrays:
    """Return U, W, b, V and c from PyTorch's arrays."""
    return {
        "U": arrays["rnn.weight_ih_l0"],
        "W": arrays["rnn.weight_hh_l0"],
        "b": arrays["rnn.bias_ih_l0"] + arrays["rnn.bias_hh_l0"],
        "V": arrays["fc.weight"],
        "c": arrays["fc.bias"],
    }


def _first_bias(arrays: Arrays) -> Arrays:
    return {**to_our_names(arrays), "b": arrays["rnn.bias_ih_l0"]}


def _second_bias(arrays: Arrays) -> Arrays:
    return {**to_our_names(arrays), "b": arrays["rnn.bias_hh_l0"]}


def _mean_bias(arrays: Arrays) -> Arrays:
    ours = to_our_names(arrays)
    return {**ours, "b": ours["b"] / 2}


def _turned(arrays: Arrays) -> Arrays:
    return {name: array.T for name, array in to_our_names(arrays).items()}


def _U_and_W(arrays: Arrays) -> Arrays:
    ours = to_our_names(arrays)
    return {**ours, "U": ours["W"], "W": ours["U"]}


def _bias_in_place(arrays: Arrays) -> Arrays:
    arrays["rnn.bias_ih_l0"] += arrays["rnn.bias_hh_l0"]
    return {**to_our_names(arrays), "b": arrays["rnn.bias_ih_l0"]}


def _name_cases() -> list[Case]:
    def draw(seed: int, K: int, H: int) -> Arrays:
        rng = np.random.default_rng(seed)
        shapes = parameter_shapes(K, H)
        return {name: rng.normal(size=shape) for name, shape in shapes.items()}

    return [
        Case("one unit", (draw(91, 2, 1),)),
        Case("a random draw", (draw(92, 4, 3),)),
        Case("read-only arrays", (draw(93, 3, 5),), True),
        Case("as many units as letters", (draw(94, 4, 4),)),
    ]


# loss_of_probabilities


def loss_of_probabilities(probabilities: np.ndarray, targets: np.ndarray) -> float:
    """Return the mean cross-entropy of probabilities, in nats."""
    return float(-np.log(_chances(probabilities, targets)).mean())


def _chances(probabilities: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return the probability of the right letter at every position."""
    return np.take_along_axis(probabilities, targets[..., None], axis=-1)


def _softmax_again(probabilities: np.ndarray, targets: np.ndarray) -> float:
    return float(cross_entropy(probabilities, targets))


def _summed(probabilities: np.ndarray, targets: np.ndarray) -> float:
    return targets.size * loss_of_probabilities(probabilities, targets)


def _log_of_mean(probabilities: np.ndarray, targets: np.ndarray) -> float:
    return float(-np.log(_chances(probabilities, targets).mean()))


def _no_log(probabilities: np.ndarray, targets: np.ndarray) -> float:
    return float(-_chances(probabilities, targets).mean())


def _over_rows(probabilities: np.ndarray, targets: np.ndarray) -> float:
    return loss_of_probabilities(probabilities, targets) * targets.shape[1]


def _zero_times_infinity(probabilities: np.ndarray, targets: np.ndarray) -> float:
    wanted = np.eye(probabilities.shape[-1])[targets]
    return float(-(wanted * np.log(probabilities)).sum(axis=-1).mean())


def _probability_cases() -> list[Case]:
    def draw(seed: int, N: int, T: int, K: int) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(seed)
        return softmax(rng.normal(size=(N, T, K))), rng.integers(0, K, (N, T))

    targets = np.array([[0, 2, 1]])
    certain = np.eye(3)[targets]
    return [
        Case("one position", (np.array([[[0.25, 0.75]]]), np.array([[0]]))),
        Case("certain, and right", (certain, targets)),
        Case("a random draw", draw(95, 2, 3, 5)),
        Case("read-only arrays", draw(96, 3, 2, 4), True),
        Case("as many steps as letters", draw(97, 2, 4, 4)),
    ]


# rows_alone_agree


def rows_alone_agree(model: Model, x: np.ndarray) -> bool:
    """Tell whether each row gets the same answers alone as in its batch."""
    return bool(np.allclose(_each_alone(model, x), model(x)))


def _each_alone(model: Model, x: np.ndarray) -> np.ndarray:
    """Return the answers to the rows, each given as a batch of one."""
    return np.concatenate([model(x[n : n + 1]) for n in range(len(x))])


def _first_row(model: Model, x: np.ndarray) -> bool:
    return bool(np.allclose(model(x[:1]), model(x)[:1]))


def _last_row(model: Model, x: np.ndarray) -> bool:
    return bool(np.allclose(model(x[-1:]), model(x)[-1:]))


def _any_row(model: Model, x: np.ndarray) -> bool:
    rows = (slice(n, n + 1) for n in range(len(x)))
    return any(np.allclose(model(x[row]), model(x)[row]) for row in rows)


def _same_letters(model: Model, x: np.ndarray) -> bool:
    alone = _each_alone(model, x)
    return bool(np.array_equal(alone.argmax(-1), model(x).argmax(-1)))


def _same_shape(model: Model, x: np.ndarray) -> bool:
    return _each_alone(model, x).shape == model(x).shape


def _steps_alone(model: Model, x: np.ndarray) -> bool:
    alone = [model(x[:, t : t + 1]) for t in range(x.shape[1])]
    return bool(np.allclose(np.concatenate(alone, axis=1), model(x)))


def _row_cases() -> list[Case]:
    def draw(seed: int, N: int, T: int) -> np.ndarray:
        return np.random.default_rng(seed).normal(size=(N, T, 4))

    return [
        Case("a model that reads along the rows", ("along the rows", draw(98, 2, 3))),
        Case("from row to row", ("down the batch", draw(99, 3, 2)), True),
        Case("from the last row to the first", ("up the batch", draw(100, 4, 3))),
        Case("no memory at all", ("no memory", draw(101, 3, 2))),
        Case(
            "minus the mean of the batch", ("centred over the batch", draw(102, 3, 5))
        ),
        Case("a hint of the other rows", ("a hint of the batch", draw(103, 2, 4))),
    ]


# last_state_of_rows


def last_state_of_rows(h_n: np.ndarray) -> np.ndarray:
    """Return the final state of every row, in the last layer."""
    return h_n[-1]


def _last_of_axis_1(h_n: np.ndarray) -> np.ndarray:
    return h_n[:, -1]


def _first_layer(h_n: np.ndarray) -> np.ndarray:
    return h_n[0]


def _squeezed(h_n: np.ndarray) -> np.ndarray:
    return h_n.squeeze()


def _batch_first(h_n: np.ndarray) -> np.ndarray:
    return h_n.swapaxes(0, 1)


def _state_cases() -> list[Case]:
    def draw(seed: int, *shape: int) -> np.ndarray:
        return np.random.default_rng(seed).normal(size=shape)

    return [
        Case("two rows", (draw(104, 1, 2, 3),)),
        Case("one row", (draw(105, 1, 1, 4),), True),
        Case("two layers", (draw(106, 2, 3, 4),)),
        Case("as many layers as rows", (draw(107, 3, 3, 2),)),
    ]


# loss_time_first


def loss_time_first(logits: np.ndarray, targets: np.ndarray) -> float:
    """Return the mean cross-entropy of logits (T, N, K) and targets (N, T)."""
    return float(cross_entropy(logits.swapaxes(0, 1), targets))


def _flattened(logits: np.ndarray, targets: np.ndarray) -> float:
    return float(cross_entropy(logits.reshape(*targets.shape, -1), targets))


def _sum_of_losses(logits: np.ndarray, targets: np.ndarray) -> float:
    return targets.size * loss_time_first(logits, targets)


def _softmax_first(logits: np.ndarray, targets: np.ndarray) -> float:
    return loss_time_first(softmax(logits), targets)


def _classes_on_axis_1(logits: np.ndarray, targets: np.ndarray) -> float:
    scores = log_softmax(logits.swapaxes(0, 1).swapaxes(1, 2))  # (N, K, T)
    chances = np.take_along_axis(scores, targets[:, None] % scores.shape[1], axis=1)
    return float(-chances.mean())


def _rows_summed(logits: np.ndarray, targets: np.ndarray) -> float:
    return targets.shape[1] * loss_time_first(logits, targets)


def _time_cases() -> list[Case]:
    def draw(seed: int, N: int, T: int, K: int) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(seed)
        return rng.normal(size=(T, N, K)), rng.integers(0, K, (N, T))

    return [
        Case("one row, two steps", draw(108, 1, 2, 3)),
        Case("two rows, three steps", draw(109, 2, 3, 5)),
        Case("read-only arrays", draw(110, 4, 2, 3), True),
        Case("all sizes equal", draw(111, 4, 4, 4)),
    ]


EXERCISES = (
    Exercise(
        name="parameter_shapes",
        title="Six shapes",
        chapter=CHAPTER,
        points=2,
        minutes=5,
        solution=parameter_shapes,
        cases=_shape_cases,
        wrong=(
            Wrong(
                "transposed",
                _transposed,
                "the matrices are turned: PyTorch writes what comes out first and what "
                "goes in second, as this book does",
            ),
            Wrong("one bias", _one_bias, "the second bias of `nn.RNN` is left out"),
            Wrong(
                "columns",
                _columns,
                "a bias gets the shape of a column; it has one axis only",
            ),
            Wrong(
                "bias of inputs",
                _bias_of_inputs,
                "bias_ih gets one number per letter; it is added to z, so there is one "
                "per hidden unit",
            ),
            Wrong(
                "no prefix",
                _no_prefix,
                "the names lack `rnn.`, the attribute under which the layer is kept",
            ),
        ),
        forbidden=(),
        section="What `nn.RNN` holds",
    ),
    Exercise(
        name="to_our_names",
        title="From PyTorch's names to ours",
        chapter=CHAPTER,
        points=3,
        minutes=6,
        solution=to_our_names,
        cases=_name_cases,
        wrong=(
            Wrong(
                "first bias", _first_bias, "b is bias_ih alone; it is the sum of both"
            ),
            Wrong(
                "second bias", _second_bias, "b is bias_hh alone; it is the sum of both"
            ),
            Wrong(
                "mean", _mean_bias, "b is the mean of the two biases and not their sum"
            ),
            Wrong(
                "turned", _turned, "the matrices are transposed; they map as they are"
            ),
            Wrong("U and W", _U_and_W, "U and W are swapped: `ih` is input to hidden"),
            Wrong(
                "in place",
                _bias_in_place,
                "the sum is written into the model's own bias with `+=`, which changes "
                "the model",
            ),
        ),
        forbidden=("rnn_lib.torch_twin.parameters_from_torch",),
        section="What `nn.RNN` holds",
    ),
    Exercise(
        name="loss_of_probabilities",
        title="The loss of a model that ends in a softmax",
        chapter=CHAPTER,
        points=3,
        minutes=10,
        solution=loss_of_probabilities,
        cases=_probability_cases,
        wrong=(
            Wrong(
                "softmax again",
                _softmax_again,
                "probabilities are given to a loss that expects logits, and softmax is "
                "applied twice",
            ),
            Wrong("summed", _summed, "the losses are summed over all positions"),
            Wrong(
                "per row",
                _over_rows,
                "the losses are summed along each row, and only the rows are averaged",
            ),
            Wrong(
                "log of mean",
                _log_of_mean,
                "the mean comes before the logarithm; each position has a loss of its "
                "own, and the mean comes last",
            ),
            Wrong(
                "no log",
                _no_log,
                "the logarithm is missing. (`nn.NLLLoss` does not take it: it expects "
                "logarithms of probabilities)",
            ),
            Wrong(
                "zero times infinity",
                _zero_times_infinity,
                "one-hot targets multiply all the logarithms: where a probability is "
                "0, 0 times ln 0 is NaN. Pick out the right letter's probability first",
            ),
        ),
        forbidden=("rnn_lib.cross_entropy", "rnn_lib.functional"),
        section="Softmax before `CrossEntropyLoss`",
    ),
    Exercise(
        name="rows_alone_agree",
        title="A test for the direction of reading",
        chapter=CHAPTER,
        points=4,
        minutes=10,
        solution=rows_alone_agree,
        cases=_row_cases,
        wrong=(
            Wrong(
                "first row",
                _first_row,
                "only the first row is tried: with `batch_first` forgotten it is read "
                "first, from the zero state, in a batch as well as alone",
            ),
            Wrong("last row", _last_row, "only the last row is tried"),
            Wrong("any row", _any_row, "one row that agrees is enough; all have to"),
            Wrong(
                "same letters",
                _same_letters,
                "only the most likely letters are compared; they can agree while the "
                "numbers differ",
            ),
            Wrong(
                "same shape",
                _same_shape,
                "only the shapes are compared, and these are right in either direction",
            ),
            Wrong(
                "steps alone",
                _steps_alone,
                "single steps are given alone, and not single rows: a model with a "
                "memory has to fail that",
            ),
        ),
        forbidden=(),
        section="`batch_first` forgotten",
        prepare="exercises.box.arguments:with_model",
    ),
    Exercise(
        name="last_state_of_rows",
        title="The last state of every row",
        chapter=CHAPTER,
        points=2,
        minutes=4,
        solution=last_state_of_rows,
        cases=_state_cases,
        wrong=(
            Wrong(
                "axis 1",
                _last_of_axis_1,
                "`h_n[:, -1]` is returned: the last row of the batch, in every layer",
            ),
            Wrong(
                "first layer",
                _first_layer,
                "the first layer is taken; with two of them the last one is `h_n[-1]`",
            ),
            Wrong(
                "squeezed",
                _squeezed,
                "`squeeze` is used, which drops every axis of length 1, that of a "
                "batch of one row too, and none if there are two layers",
            ),
            Wrong(
                "batch first",
                _batch_first,
                "the axes are swapped and the axis of the layers is still there",
            ),
        ),
        forbidden=(),
        section="The final state is never batch-first",
    ),
    Exercise(
        name="loss_time_first",
        title="Logits with time first",
        chapter=CHAPTER,
        points=4,
        minutes=10,
        solution=loss_time_first,
        cases=_time_cases,
        wrong=(
            Wrong(
                "flattened",
                _flattened,
                "logits and targets are flattened in different orders: letter and "
                "target no longer belong together",
            ),
            Wrong(
                "classes on axis 1",
                _classes_on_axis_1,
                "softmax runs over time and not over the letters",
            ),
            Wrong(
                "softmax first",
                _softmax_first,
                "softmax is applied before a loss that applies it itself",
                "Softmax before `CrossEntropyLoss`",
            ),
            Wrong(
                "summed",
                _sum_of_losses,
                "the losses are summed and not averaged",
                "Sum against mean",
            ),
            Wrong(
                "per row",
                _rows_summed,
                "the losses are summed along each row, and only the rows are averaged",
                "Sum against mean",
            ),
        ),
        forbidden=("rnn_lib.cross_entropy", "rnn_lib.functional"),
        section="`view` is not a transpose",
    ),
)

QUESTIONS = (
    Question("growing_graph", "The graph that grows", CHAPTER, points=3, minutes=8),
)
