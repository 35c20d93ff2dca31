"""The functions that exercises are tried on have the slopes that are known."""

import numpy as np
import pytest

from exercises.box.arguments import (
    FUNCTIONS,
    MODELS,
    with_function,
    with_model,
    with_network,
)
from rnn_lib.bugs import BUGS
from rnn_lib.encoding import one_hot
from rnn_lib.network import VanillaRNN


@pytest.mark.parametrize("shape", [(3,), (2, 3)])
def test_the_values_are_those_of_the_formulas(shape):
    theta = np.random.default_rng(0).normal(size=shape)
    a, b, c, *rest = theta.ravel()
    squares, theta_back, step = with_function("sum of squares", theta, 0.1)
    assert squares(theta) == pytest.approx(a * a + b * b + c * c + np.dot(rest, rest))
    assert theta_back is theta
    assert step == 0.1
    product = a * b * c * (rest[0] * rest[1] * rest[2] if rest else 1)
    assert FUNCTIONS["product"](theta) == pytest.approx(product)
    sines = sum(np.sin((i + 1) * v) for i, v in enumerate(theta.ravel()))
    assert FUNCTIONS["sum of sines"](theta) == pytest.approx(sines)


def test_all_return_floats():
    assert {type(f(np.array([[2, 3]]))) for f in FUNCTIONS.values()} == {float}


def some_rows(N=2, T=3, K=4):
    read, answers = np.random.default_rng(1).integers(0, K, (2, N, T))
    return one_hot(read, K), answers


@pytest.mark.parametrize("kind", ["healthy", *BUGS])
def test_a_suspect_computes_what_its_network_computes(kind):
    x, targets = some_rows()
    suspect, x_back, targets_back = with_network(kind, x, targets)
    make = VanillaRNN if kind == "healthy" else BUGS[kind].network
    network = make(4, 3, seed=0)
    assert x_back is x
    assert targets_back is targets
    assert suspect.loss(x, targets) == network.loss(x, targets)
    gradients, expected = suspect.backward(), network.backward()
    assert list(gradients) == list(expected)
    for name, gradient in gradients.items():
        np.testing.assert_array_equal(gradient, expected[name])
        np.testing.assert_array_equal(
            suspect.parameters[name], network.parameters[name]
        )
    for given, wanted in zip(suspect.forward(x), network.forward(x), strict=True):
        np.testing.assert_array_equal(given, wanted)


def test_a_suspect_starts_from_a_state_and_may_have_one_unit():
    x, targets = some_rows()
    suspect, *_ = with_network("no transpose, 1 unit", x, targets)
    assert suspect.parameters["W"].shape == (1, 1)
    network = VanillaRNN(4, 1, seed=0)
    h0 = np.full((2, 1), 0.5)
    assert suspect.loss(x, targets, h0) == network.loss(x, targets, h0)


def test_a_suspect_writes_over_what_it_returned():
    x, targets = some_rows()
    suspect, *_ = with_network("healthy", x, targets)
    first, _ = suspect.forward(x)
    kept = first.copy()
    again, _ = suspect.forward(x[::-1])
    assert again is first
    assert not np.array_equal(first, kept)
    suspect.loss(x, targets)
    gradients = suspect.backward()
    assert suspect.backward()["W"] is gradients["W"]


def test_only_models_that_read_along_the_rows_give_a_row_the_same_alone():
    x = np.random.default_rng(2).normal(size=(3, 4, 5))
    alone = {}
    for name in MODELS:
        model, x_back = with_model(name, x)
        assert x_back is x
        rows = np.concatenate([model(row[None]) for row in x])
        assert rows.shape == model(x).shape == x.shape
        alone[name] = np.allclose(rows, model(x))
    assert [name for name, same in alone.items() if same] == [
        "along the rows",
        "along the rows, up to rounding",
        "no memory",
    ]
