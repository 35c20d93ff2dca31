"""Starting values: their shapes, ranges, spectra, and that a seed repeats them."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnn_lib.initialization import initialize
from tests.support import PROPERTY, exactly

SCHEMES = ["uniform", "orthogonal", "original"]
sizes = st.integers(1, 9)


def spectral_radius(W):
    return abs(np.linalg.eigvals(W)).max()


@PROPERTY
@given(
    st.sampled_from(SCHEMES), sizes, sizes, sizes, st.sampled_from([np.float32, float])
)
def test_shapes_and_types(scheme, K, H, out, dtype):
    parameters = initialize(scheme, K, H, out, dtype=dtype)
    assert {name: array.shape for name, array in parameters.items()} == {
        "U": (H, K),
        "W": (H, H),
        "b": (H,),
        "V": (out, H),
        "c": (out,),
    }
    assert list(parameters) == ["U", "W", "b", "V", "c"]
    assert {array.dtype for array in parameters.values()} == {np.dtype(dtype)}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_seed_repeats_and_another_differs(scheme):
    first, same, other = (initialize(scheme, 4, 3, 5, seed) for seed in (7, 7, 8))
    narrow = initialize(scheme, 4, 3, 5, 7, np.float32)
    default = initialize(scheme, 4, 3, 5)
    zero = initialize(scheme, 4, 3, 5, seed=0)
    for name in first:
        assert np.array_equal(first[name], same[name])
        assert not np.any(first[name] == other[name])
        assert np.array_equal(first[name].astype(np.float32), narrow[name])
        assert np.array_equal(default[name], zero[name])
        assert default[name].dtype == np.float64


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_generator_goes_on_where_it_stands(scheme):
    rng = np.random.default_rng(7)
    first, second = (initialize(scheme, 4, 3, 5, rng) for _ in range(2))
    seeded = initialize(scheme, 4, 3, 5, 7)
    for name in first:
        assert np.array_equal(first[name], seeded[name])
        assert not np.any(second[name] == seeded[name])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_numbers_do_not_repeat(scheme):
    """Neither within an array nor from one array to the next."""
    parameters = initialize(scheme, 6, 5, 7)
    numbers = np.concatenate([array.ravel() for array in parameters.values()])
    assert len(np.unique(numbers)) == numbers.size


@pytest.mark.parametrize("H", [4, 9, 100])
def test_uniform_fills_one_over_root_h_for_every_array(H):
    """U too: the bound depends on H, not on the number of symbols."""
    parameters = initialize("uniform", 300, H, 200)
    bound = 1 / math.sqrt(H)
    for name in "UWVc":
        array = parameters[name]
        assert abs(array).max() <= bound
        # Of n uniform numbers, the largest comes within a few parts in n.
        reach = bound * (1 - 12 / array.size)
        assert array.min() < -reach
        assert array.max() > reach
        # Their mean has a standard deviation of bound / sqrt(3 n).
        assert abs(array.mean()) < 4 * bound / math.sqrt(3 * array.size)
    assert abs(parameters["b"]).max() <= bound


@pytest.mark.parametrize("H", [4, 64])
def test_uniform_has_the_range_of_pytorch(H):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        recurrent, linear = torch.nn.RNN(300, H), torch.nn.Linear(H, 300)
    parameters = initialize("uniform", 300, H, 300, dtype=np.float32)
    for name, theirs in [
        ("U", recurrent.weight_ih_l0),
        ("V", linear.weight),
        ("c", linear.bias),
    ]:
        ours, theirs = parameters[name], theirs.detach().numpy()
        assert ours.shape == theirs.shape
        assert ours.min() == pytest.approx(theirs.min(), rel=0.05)
        assert ours.max() == pytest.approx(theirs.max(), rel=0.05)


def test_orthogonal_keeps_the_length_of_every_vector():
    for H in (1, 2, 5, 64):
        W = initialize("orthogonal", 3, H, 3)["W"]
        np.testing.assert_allclose(W.T @ W, np.eye(H), atol=1e-13)
        np.testing.assert_allclose(abs(np.linalg.eigvals(W)), 1, rtol=1e-12)


def test_orthogonal_changes_nothing_but_w():
    orthogonal, uniform = (initialize(s, 4, 3, 5, 7) for s in ("orthogonal", "uniform"))
    for name in "UbVc":
        assert np.array_equal(orthogonal[name], uniform[name])
    assert not np.any(orthogonal["W"] == uniform["W"])


def test_orthogonal_matrices_are_drawn_evenly():
    """No direction is preferred: each entry has mean 0 and variance 1/H.

    Without the signs, the diagonal would lean to one side, and a 1 by 1
    matrix would always be the same.
    """
    draws = 400
    rng = np.random.default_rng(0)
    ones = [initialize("orthogonal", 1, 1, 1, rng)["W"].item() for _ in range(draws)]
    assert set(ones) == {-1.0, 1.0}
    assert abs(np.mean(ones)) < 4 / math.sqrt(draws)
    W = np.array([initialize("orthogonal", 1, 3, 1, rng)["W"] for _ in range(draws)])
    assert abs(W.mean(axis=0)).max() < 4 / math.sqrt(3 * draws)
    np.testing.assert_allclose(
        (W**2).mean(axis=0), 1 / 3, atol=4 * 0.3 / math.sqrt(draws)
    )


def test_original_fills_zero_to_one():
    for array in initialize("original", 300, 200, 300).values():
        assert array.min() >= 0
        assert array.max() <= 1
        reach = 12 / array.size
        assert array.min() < reach
        assert array.max() > 1 - reach
        assert abs(array.mean() - 0.5) < 4 / math.sqrt(12 * array.size)


@pytest.mark.parametrize("seed", range(5))
def test_spectral_radii_with_128_units(seed):
    """The largest factor by which W alone can stretch a state, step after step.

    A matrix of numbers from U(0, 1) has one large eigenvalue near H/2, about
    64.2 here. Numbers from U(-1/sqrt(H), 1/sqrt(H)) have the standard deviation
    1/sqrt(3 H), and the eigenvalues fill a disc of radius 1/sqrt(3) = 0.577.
    """
    original, uniform = (
        spectral_radius(initialize(scheme, 1, 128, 1, seed)["W"])
        for scheme in ("original", "uniform")
    )
    assert 63.0 < original < 65.4
    assert 0.50 < uniform < 0.68


def test_the_spectral_radius_that_the_course_names():
    W = initialize("original", 26, 128, 26)["W"]
    assert spectral_radius(W) == pytest.approx(64.5, abs=0.05)


@pytest.mark.parametrize("scheme", ["Uniform", "", "xavier", None, 0])
def test_unknown_schemes_are_named(scheme):
    message = exactly(
        "initialization: expected one of ['original', 'orthogonal', 'uniform'], "
        f"got {scheme!r}"
    )
    with pytest.raises(ValueError, match=message):
        initialize(scheme, 3, 2, 3)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(
    ("size", "error", "message"),
    [
        (0, ValueError, "expected at least 1, got 0"),
        (-3, ValueError, "expected at least 1, got -3"),
        (2.0, TypeError, "expected a whole number, got 2.0"),
        (True, TypeError, "expected a whole number, got True"),
    ],
)
def test_sizes_that_are_refused(place, size, error, message):
    given_sizes = [3, 2, 4]
    given_sizes[place] = size
    name = ("input_size", "hidden_size", "output_size")[place]
    with pytest.raises(error, match=exactly(f"{name}: {message}")):
        initialize("uniform", *given_sizes)


def test_other_types_are_refused():
    message = exactly("dtype: expected float32 or float64, got 'flaot32'")
    with pytest.raises(TypeError, match=message):
        initialize("uniform", 3, 2, 3, dtype="flaot32")
