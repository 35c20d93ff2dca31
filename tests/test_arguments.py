"""The functions that exercises are tried on have the slopes that are known."""

import numpy as np
import pytest

from rnn_lib.arguments import FUNCTIONS, with_function


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
