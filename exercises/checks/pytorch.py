"""Exercises on PyTorch. The checks need NumPy only; an answer may use PyTorch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from exercises.checks.engine import Case, altered
from exercises.checks.topic import Topic
from rnn_lib.functional import cross_entropy, log_softmax, softmax

topic = Topic("06_pytorch")
Array = np.ndarray
Arrays = dict[str, Array]
Shapes = dict[str, tuple]
Model = Callable[[Array], Array]


def _normal(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


def _shape_cases() -> list[Case]:
    sizes = ((3, 2), (26, 128), (7, 4), (5, 1))
    return [Case(f"K = {K}, H = {H}", (K, H), H == 128) for K, H in sizes]


@topic.exercise(
    title="Six shapes",
    points=2,
    minutes=5,
    cases=_shape_cases,
    section="What `nn.RNN` holds",
)
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


parameter_shapes.wrong_answer(
    "transposed",
    "the matrices are turned: PyTorch writes what comes out first and what goes in "
    "second, as this book does",
    altered(
        parameter_shapes.solution,
        lambda shapes: {name: shape[::-1] for name, shape in shapes.items()},
    ),
)
parameter_shapes.wrong_answer(
    "one bias",
    "the second bias of `nn.RNN` is left out",
    altered(
        parameter_shapes.solution,
        lambda shapes: {n: s for n, s in shapes.items() if n != "rnn.bias_hh_l0"},
    ),
)
parameter_shapes.wrong_answer(
    "columns",
    "a bias gets the shape of a column; it has one axis only",
    altered(
        parameter_shapes.solution,
        lambda shapes: {n: (*s, 1)[:2] for n, s in shapes.items()},
    ),
)
parameter_shapes.wrong_answer(
    "bias of inputs",
    "bias_ih gets one number per letter; it is added to z, so there is one per hidden "
    "unit",
    lambda K, H: {**parameter_shapes.solution(K, H), "rnn.bias_ih_l0": (K,)},
)
parameter_shapes.wrong_answer(
    "no prefix",
    "the names lack `rnn.`, the attribute under which the layer is kept",
    altered(
        parameter_shapes.solution,
        lambda shapes: {n.removeprefix("rnn."): s for n, s in shapes.items()},
    ),
)


def _name_cases() -> list[Case]:
    def draw(seed: int, K: int, H: int) -> Arrays:
        rng = np.random.default_rng(seed)
        shapes = parameter_shapes.solution(K, H)
        return {name: rng.normal(size=shape) for name, shape in shapes.items()}

    return [
        Case("one unit", (draw(91, 2, 1),)),
        Case("a random draw", (draw(92, 4, 3),)),
        Case("read-only arrays", (draw(93, 3, 5),), True),
        Case("as many units as letters", (draw(94, 4, 4),)),
    ]


@topic.exercise(
    title="From PyTorch's names to ours",
    points=3,
    minutes=6,
    cases=_name_cases,
    section="What `nn.RNN` holds",
    forbidden=("rnn_lib.torch_twin.parameters_from_torch",),
)
def to_our_names(arrays: Arrays) -> Arrays:
    """Return U, W, b, V and c from PyTorch's arrays."""
    return {
        "U": arrays["rnn.weight_ih_l0"],
        "W": arrays["rnn.weight_hh_l0"],
        "b": arrays["rnn.bias_ih_l0"] + arrays["rnn.bias_hh_l0"],
        "V": arrays["fc.weight"],
        "c": arrays["fc.bias"],
    }


to_our_names.wrong_answer(
    "first bias",
    "b is bias_ih alone; it is the sum of both",
    lambda arrays: {**to_our_names.solution(arrays), "b": arrays["rnn.bias_ih_l0"]},
)
to_our_names.wrong_answer(
    "second bias",
    "b is bias_hh alone; it is the sum of both",
    lambda arrays: {**to_our_names.solution(arrays), "b": arrays["rnn.bias_hh_l0"]},
)
to_our_names.wrong_answer(
    "mean",
    "b is the mean of the two biases and not their sum",
    altered(to_our_names.solution, lambda ours: {**ours, "b": ours["b"] / 2}),
)
to_our_names.wrong_answer(
    "turned",
    "the matrices are transposed; they map as they are",
    altered(to_our_names.solution, lambda ours: {n: a.T for n, a in ours.items()}),
)
to_our_names.wrong_answer(
    "U and W",
    "U and W are swapped: `ih` is input to hidden",
    altered(
        to_our_names.solution, lambda ours: {**ours, "U": ours["W"], "W": ours["U"]}
    ),
)


@to_our_names.wrong_answer(
    "in place",
    "the sum is written into the model's own bias with `+=`, which changes the model",
)
def _(arrays):
    arrays["rnn.bias_ih_l0"] += arrays["rnn.bias_hh_l0"]
    return {**to_our_names.solution(arrays), "b": arrays["rnn.bias_ih_l0"]}


def _probability_cases() -> list[Case]:
    def draw(seed: int, N: int, T: int, K: int) -> tuple[Array, Array]:
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


@topic.exercise(
    title="The loss of a model that ends in a softmax",
    points=3,
    minutes=10,
    cases=_probability_cases,
    section="Softmax before `CrossEntropyLoss`",
)
def loss_of_probabilities(probabilities: Array, targets: Array) -> float:
    """Return the mean cross-entropy of probabilities, in nats."""
    return float(-np.log(_chances(probabilities, targets)).mean())


def _chances(probabilities: Array, targets: Array) -> Array:
    """Return the probability of the right letter at every position."""
    return np.take_along_axis(probabilities, targets[..., None], axis=-1)


loss_of_probabilities.wrong_answer(
    "softmax again",
    "probabilities are given to a loss that expects logits, and softmax is applied "
    "twice",
    lambda probabilities, targets: float(cross_entropy(probabilities, targets)),
)
loss_of_probabilities.wrong_answer(
    "summed",
    "the losses are summed over all positions",
    lambda probabilities, targets: (
        targets.size * loss_of_probabilities.solution(probabilities, targets)
    ),
)
loss_of_probabilities.wrong_answer(
    "per row",
    "the losses are summed along each row, and only the rows are averaged",
    lambda probabilities, targets: (
        targets.shape[1] * loss_of_probabilities.solution(probabilities, targets)
    ),
)
loss_of_probabilities.wrong_answer(
    "log of mean",
    "the mean comes before the logarithm; each position has a loss of its own, and the "
    "mean comes last",
    lambda probabilities, targets: float(
        -np.log(_chances(probabilities, targets).mean())
    ),
)
loss_of_probabilities.wrong_answer(
    "no log",
    "the logarithm is missing. (`nn.NLLLoss` does not take it: it expects logarithms "
    "of probabilities)",
    lambda probabilities, targets: float(-_chances(probabilities, targets).mean()),
)


@loss_of_probabilities.wrong_answer(
    "zero times infinity",
    "one-hot targets multiply all the logarithms: where a probability is 0, 0 times ln "
    "0 is NaN. Pick out the right letter's probability first",
)
def _(probabilities, targets):
    wanted = np.eye(probabilities.shape[-1])[targets]
    return float(-(wanted * np.log(probabilities)).sum(axis=-1).mean())


def _row_cases() -> list[Case]:
    tried = [
        ("a model that reads along the rows", "along the rows", 2, 3),
        ("from row to row", "down the batch", 3, 2),
        ("from the last row to the first", "up the batch", 4, 3),
        ("no memory at all", "no memory", 3, 2),
        ("minus the mean of the batch", "centred over the batch", 3, 5),
        ("a hint of the other rows", "a hint of the batch", 2, 4),
        ("the third row sees the first", "third row", 4, 3),
        ("the first row sees the last", "first row", 3, 3),
        ("along the rows, up to rounding", "along the rows, up to rounding", 3, 3),
        ("the last row sees the first", "last row", 3, 2),
        ("the same, at the first step only", "last row, first step", 3, 4),
        ("plus the largest of the batch", "the largest of the batch", 3, 2),
    ]
    return [
        Case(label, (model, _normal(98 + i, N, T, 4)), i == 1)
        for i, (label, model, N, T) in enumerate(tried)
    ]


@topic.exercise(
    title="A test for the direction of reading",
    points=4,
    minutes=10,
    cases=_row_cases,
    section="`batch_first` forgotten",
    prepare="exercises.box.arguments:with_model",
)
def rows_alone_agree(model: Model, x: Array) -> bool:
    """Tell whether each row gets the same answers alone as in its batch."""
    return bool(np.allclose(_each_alone(model, x), model(x)))


def _each_alone(model: Model, x: Array) -> Array:
    """Return the answers to the rows, each given as a batch of one."""
    return np.concatenate([model(x[n : n + 1]) for n in range(len(x))])


rows_alone_agree.wrong_answer(
    "first row",
    "only the first row is tried: with `batch_first` forgotten it is read first, from "
    "the zero state, in a batch as well as alone",
    lambda model, x: bool(np.allclose(model(x[:1]), model(x)[:1])),
)
rows_alone_agree.wrong_answer(
    "last row",
    "only the last row is tried",
    lambda model, x: bool(np.allclose(model(x[-1:]), model(x)[-1:])),
)
rows_alone_agree.wrong_answer(
    "first and last row",
    "only the first and the last row are tried",
    lambda model, x: bool(
        np.allclose(_each_alone(model, x)[[0, -1]], model(x)[[0, -1]])
    ),
)
rows_alone_agree.wrong_answer(
    "any row",
    "one row that agrees is enough; all have to",
    lambda model, x: any(map(np.allclose, _each_alone(model, x), model(x))),
)
rows_alone_agree.wrong_answer(
    "same letters",
    "only the most likely letters are compared; they can agree while the numbers "
    "differ",
    lambda model, x: bool(
        np.array_equal(_each_alone(model, x).argmax(-1), model(x).argmax(-1))
    ),
)
rows_alone_agree.wrong_answer(
    "same shape",
    "every model passes, as when only the shapes are compared, or a batch with itself",
    lambda model, x: _each_alone(model, x).shape == model(x).shape,
)


@rows_alone_agree.wrong_answer(
    "steps alone",
    "single steps are given alone, and not single rows: a model with a memory has to "
    "fail that",
)
def _(model, x):
    alone = [model(x[:, t : t + 1]) for t in range(x.shape[1])]
    return bool(np.allclose(np.concatenate(alone, axis=1), model(x)))


def _state_cases() -> list[Case]:
    return [
        Case("two rows", (_normal(104, 1, 2, 3),)),
        Case("one row", (_normal(105, 1, 1, 4),), True),
        Case("two layers", (_normal(106, 2, 3, 4),)),
        Case("as many layers as rows", (_normal(107, 3, 3, 2),)),
    ]


@topic.exercise(
    title="The last state of every row",
    points=2,
    minutes=4,
    cases=_state_cases,
    section="The final state is never batch-first",
)
def last_state_of_rows(h_n: Array) -> Array:
    """Return the final state of every row, in the last layer."""
    return h_n[-1]


last_state_of_rows.wrong_answer(
    "axis 1",
    "`h_n[:, -1]` is returned: the last row of the batch, in every layer",
    lambda h_n: h_n[:, -1],
)
last_state_of_rows.wrong_answer(
    "first layer",
    "the first layer is taken; with two of them the last one is `h_n[-1]`",
    lambda h_n: h_n[0],
)
last_state_of_rows.wrong_answer(
    "squeezed",
    "`squeeze` is used, which drops every axis of length 1, that of a batch of one row "
    "too, and none if there are two layers",
    lambda h_n: h_n.squeeze(),
)
last_state_of_rows.wrong_answer(
    "batch first",
    "the axes are swapped and the axis of the layers is still there",
    lambda h_n: h_n.swapaxes(0, 1),
)


def _time_cases() -> list[Case]:
    def draw(
        seed: int, N: int, T: int, K: int, scale: float = 1.0
    ) -> tuple[Array, Array]:
        rng = np.random.default_rng(seed)
        return scale * rng.normal(size=(T, N, K)), rng.integers(0, K, (N, T))

    return [
        Case("one row, two steps", draw(108, 1, 2, 3)),
        Case("two rows, three steps", draw(109, 2, 3, 5)),
        Case("read-only arrays", draw(110, 4, 2, 3), True),
        Case("all sizes equal", draw(111, 4, 4, 4)),
        Case("logits in the hundreds", draw(112, 3, 2, 3, 400)),
    ]


@topic.exercise(
    title="Logits with time first",
    points=4,
    minutes=10,
    cases=_time_cases,
    section="`view` is not a transpose",
)
def loss_time_first(logits: Array, targets: Array) -> float:
    """Return the mean cross-entropy of logits (T, N, K) and targets (N, T)."""
    return float(cross_entropy(logits.swapaxes(0, 1), targets))


loss_time_first.wrong_answer(
    "flattened",
    "logits and targets are flattened in different orders: letter and target no longer "
    "belong together",
    lambda logits, targets: float(
        cross_entropy(logits.reshape(*targets.shape, -1), targets)
    ),
)


@loss_time_first.wrong_answer(
    "classes on axis 1", "softmax runs over time and not over the letters"
)
def _(logits, targets):
    scores = log_softmax(logits.swapaxes(0, 1).swapaxes(1, 2))  # (N, K, T)
    chances = np.take_along_axis(scores, targets[:, None] % scores.shape[1], axis=1)
    return float(-chances.mean())


loss_time_first.wrong_answer(
    "softmax first",
    "softmax is applied before a loss that applies it itself",
    lambda logits, targets: loss_time_first.solution(softmax(logits), targets),
    section="Softmax before `CrossEntropyLoss`",
)
loss_time_first.wrong_answer(
    "summed",
    "the losses are summed and not averaged",
    lambda logits, targets: targets.size * loss_time_first.solution(logits, targets),
)
loss_time_first.wrong_answer(
    "per row",
    "the losses are summed along each row, and only the rows are averaged",
    lambda logits, targets: (
        targets.shape[1] * loss_time_first.solution(logits, targets)
    ),
)


# Less common

for _name, _message, _change in (
    (
        "doubled",
        "b is twice the first bias; it is the sum of both",
        lambda a: {"b": 2 * a["rnn.bias_ih_l0"]},
    ),
    (
        "sixth",
        "there is a sixth name for the second bias; b is the sum of both",
        lambda a: {"b": a["rnn.bias_ih_l0"], "b2": a["rnn.bias_hh_l0"]},
    ),
    (
        "end to end",
        "the biases are laid end to end; they are added",
        lambda a: {"b": np.concatenate([a["rnn.bias_ih_l0"], a["rnn.bias_hh_l0"]])},
    ),
    (
        "two rows",
        "the biases are two rows; they are added",
        lambda a: {"b": np.stack([a["rnn.bias_ih_l0"], a["rnn.bias_hh_l0"]])},
    ),
):
    to_our_names.wrong_answer(
        f"biases: {_name}",
        _message,
        lambda arrays, change=_change: {
            **to_our_names.solution(arrays),
            **change(arrays),
        },
    )

for _name, _message, _wrong in (
    (
        "without the layer",
        "the names lack `_l0`, the number of the layer",
        lambda K, H: {
            n.removesuffix("_l0"): s for n, s in parameter_shapes.solution(K, H).items()
        },
    ),
    (
        "output bias of H",
        "the output bias gets H numbers; it is added to K scores",
        lambda K, H: {**parameter_shapes.solution(K, H), "fc.bias": (H,)},
    ),
    (
        "sizes",
        "it is counted how many numbers there are; the shape is asked for",
        lambda K, H: {
            n: int(np.prod(s)) for n, s in parameter_shapes.solution(K, H).items()
        },
    ),
    (
        "numbers for tuples",
        "`(H)` is the number H; a tuple of one is `(H,)`",
        lambda K, H: {
            n: s if len(s) > 1 else s[0]
            for n, s in parameter_shapes.solution(K, H).items()
        },
    ),
    (
        "26 and 128",
        "K = 26 and H = 128 are taken, whatever is asked",
        lambda K, H: parameter_shapes.solution(26, 128),
    ),
    (
        "recurrent matrix",
        "the recurrent matrix gets (H, K); it leads from H units to H units",
        lambda K, H: {**parameter_shapes.solution(K, H), "rnn.weight_hh_l0": (H, K)},
    ),
    (
        "texts",
        "the shapes are texts; tuples are asked for",
        lambda K, H: {n: str(s) for n, s in parameter_shapes.solution(K, H).items()},
    ),
    (
        "arrays",
        "arrays are returned and not their shapes",
        lambda K, H: {
            n: np.zeros(s) for n, s in parameter_shapes.solution(K, H).items()
        },
    ),
):
    parameter_shapes.wrong_answer(_name, _message, _wrong)

for _name, _message, _wrong in (
    (
        "1 - p",
        "1 − p is taken for −ln p",
        lambda p, t: float((1 - _chances(p, t)).mean()),
    ),
    (
        "entropy",
        "the entropy of the prediction is taken: the targets are not used",
        lambda p, t: float(-(p * np.log(np.where(p > 0, p, 1))).sum(axis=-1).mean()),
    ),
    (
        "table of all",
        "`[:, :, targets]` picks the letters of all positions at each of them; "
        "`np.take_along_axis` picks one for one",
        lambda p, t: float(-np.log(p[:, :, t]).mean()),
    ),
    (
        "likeliest",
        "the likeliest letter is taken and not the right one",
        lambda p, t: float(-np.log(p.max(axis=-1)).mean()),
    ),
    (
        "last step",
        "only the last step counts",
        lambda p, t: loss_of_probabilities.solution(p[:, -1:], t[:, -1:]),
    ),
    (
        "all letters",
        "ln(1 − p) of all other letters is added, as for yes or no at each letter",
        lambda p, t: _binary(p, np.eye(p.shape[-1])[t]),
    ),
    (
        "reshape",
        "the axes are turned by reshape, which does not move letters with them",
        lambda p, t: float(
            -np.log(
                np.take_along_axis(
                    p.reshape(p.shape[0], p.shape[2], p.shape[1]),
                    t[:, np.newaxis],
                    axis=1,
                )
            ).mean()
        ),
    ),
):
    loss_of_probabilities.wrong_answer(
        _name,
        _message,
        _wrong,
    )


def _binary(p: Array, wanted: Array) -> float:
    terms = np.where(wanted > 0, -np.log(p), -np.log(1 - p))
    return float(terms.sum(axis=-1).mean())


for _name, _message, _wrong in (
    (
        "differ",
        "True is returned where they differ",
        lambda model, x: not rows_alone_agree.solution(model, x),
    ),
    (
        "all but the first",
        "the first row is not tried",
        lambda model, x: bool(np.allclose(_each_alone(model, x)[1:], model(x)[1:])),
    ),
    (
        "exact",
        "the numbers have to be the same to the last digit; another batch may be added "
        "up in another order, so compare with `np.allclose`",
        lambda model, x: bool((_each_alone(model, x) == model(x)).all()),
    ),
    (
        "second row",
        "only the second row is tried, or the first two",
        lambda model, x: bool(np.allclose(model(x[1:2]), model(x)[1:2])),
    ),
    (
        "means",
        "the means are compared; different answers can have the same",
        lambda model, x: bool(
            np.isclose(_each_alone(model, x).mean(), model(x).mean())
        ),
    ),
    (
        "order turned",
        "the order of the rows is turned round; a row alone is asked for",
        lambda model, x: bool(np.allclose(model(x[::-1])[::-1], model(x))),
    ),
    (
        "last step",
        "only the last step is compared",
        lambda model, x: bool(
            np.allclose(_each_alone(model, x)[:, -1], model(x)[:, -1])
        ),
    ),
    (
        "last row left out",
        "the last row is left out: `range(len(x) - 1)` ends before it",
        lambda model, x: bool(np.allclose(_each_alone(model, x)[:-1], model(x)[:-1])),
    ),
    (
        "all with row 0",
        "no model passes, not even one without a memory, as when the rows are compared "
        "with row 0 of the batch, or with others than their own",
        lambda model, x: bool(np.allclose(_each_alone(model, x), model(x)[:1])),
    ),
    (
        "row without its axis",
        "only a model without a memory passes, as when the axes are others: x[n] has "
        "none for the batch, and x[n : n + 1] keeps it",
        lambda model, x: bool(
            all(np.allclose(model(x[n]), model(x)[n]) for n in range(len(x)))
        ),
    ),
):
    rows_alone_agree.wrong_answer(_name, _message, _wrong)

for _name, _message, _wrong in (
    (
        "last unit",
        "the last unit is taken, and not the last layer",
        lambda h_n: h_n[..., -1],
    ),
    (
        "second layer",
        "the second layer is taken, however many there are",
        lambda h_n: h_n[1],
    ),
    (
        "layers side by side",
        "the layers stand side by side; only the last is asked for",
        lambda h_n: np.concatenate(list(h_n), axis=-1),
    ),
):
    last_state_of_rows.wrong_answer(_name, _message, _wrong)

for _name, _message, _wrong in (
    (
        "first row",
        "only the first row counts",
        lambda o, t: loss_time_first.solution(o[:, :1], t[:1]),
    ),
    (
        "logits for logarithms",
        "the logits themselves are taken for logarithms of probabilities",
        lambda o, t: float(
            -np.take_along_axis(o.swapaxes(0, 1), t[..., None], axis=-1).mean()
        ),
    ),
    (
        "both turned",
        "logits and targets are both turned, so that they do not fit again",
        lambda o, t: float(
            cross_entropy(o.swapaxes(0, 1).reshape(*t.T.shape, -1), t.T)
        ),
    ),
    (
        "exp overflows",
        "the largest logit is not taken off before exp, which overflows",
        lambda o, t: float(
            -np.log(
                np.take_along_axis(
                    np.exp(o) / np.exp(o).sum(axis=-1, keepdims=True),
                    t.T[..., None],
                    axis=-1,
                )
            ).mean()
        ),
    ),
):
    loss_time_first.wrong_answer(_name, _message, _wrong)


topic.question("growing_graph", "The graph that grows", points=3, minutes=8)
