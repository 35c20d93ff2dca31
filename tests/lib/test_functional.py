"""Softmax, cross-entropy and the slope of tanh against closed forms."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rnn_lib.functional import (
    cross_entropy,
    cross_entropy_and_gradient,
    cross_entropy_gradient,
    log_softmax,
    softmax,
    tanh_slope,
)
from tests.support import PROPERTY, exactly, frozen

FLOATS = [np.float32, np.float64]


def logit_arrays(limit=50.0, min_dims=1):
    """Arrays of finite logits, 1 to 3 axes with up to 4 places each."""
    return hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=min_dims, max_dims=3, max_side=4),
        elements=st.floats(-limit, limit),
    )


@st.composite
def logits_and_targets(draw, limit=50.0):
    """Logits (..., K) and a target for each position (...)."""
    logits = draw(logit_arrays(limit))
    index = st.integers(0, logits.shape[-1] - 1)
    return logits, draw(hnp.arrays(np.int64, logits.shape[:-1], elements=index))


def plain_log_softmax(row):
    """Log softmax of one short list, one number at a time."""
    largest = max(row)
    log_sum = largest + math.log(math.fsum(math.exp(o - largest) for o in row))
    return [o - log_sum for o in row]


# The slope of tanh


@PROPERTY
@given(st.floats(-3, 3))
def test_tanh_slope_is_the_derivative_of_tanh(z):
    step = 1e-5
    difference = (math.tanh(z + step) - math.tanh(z - step)) / (2 * step)
    assert tanh_slope(np.tanh(z)) == pytest.approx(difference, abs=1e-9)


@pytest.mark.parametrize("dtype", FLOATS)
def test_tanh_slope_by_hand(dtype):
    states = frozen([[0, 0.5, -0.5], [1, -1, 0.25]], dtype)
    slope = tanh_slope(states)
    assert slope.tolist() == [[1, 0.75, 0.75], [0, 0, 0.9375]]
    assert slope.dtype == dtype


# Softmax


@PROPERTY
@given(logit_arrays())
def test_softmax_against_one_number_at_a_time(logits):
    logits.setflags(write=False)
    probabilities, logs = softmax(logits), log_softmax(logits)
    assert probabilities.shape == logs.shape == logits.shape
    for place in np.ndindex(logits.shape[:-1]):
        wanted = plain_log_softmax(logits[place].tolist())
        np.testing.assert_allclose(logs[place], wanted, rtol=0, atol=1e-13)
        np.testing.assert_allclose(
            probabilities[place], np.exp(wanted), rtol=1e-12, atol=0
        )


@PROPERTY
@given(logit_arrays(limit=1e4))
def test_softmax_is_a_distribution(logits):
    with np.errstate(all="raise"):
        probabilities = softmax(logits)
    assert (probabilities >= 0).all()
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1, rtol=1e-14)


@PROPERTY
@given(logit_arrays(limit=2.0**40), st.integers(-(2**40), 2**40))
def test_adding_a_constant_to_all_logits_changes_nothing(logits, constant):
    logits = np.round(logits)  # whole numbers, so that the sums are exact
    assert np.array_equal(softmax(logits + constant), softmax(logits))
    assert np.array_equal(log_softmax(logits + constant), log_softmax(logits))


@PROPERTY
@given(logit_arrays())
def test_a_larger_logit_never_has_a_smaller_probability(logits):
    order = logits.argsort(axis=-1)
    rising = np.take_along_axis(softmax(logits), order, axis=-1)
    assert (np.diff(rising, axis=-1) >= 0).all()


@PROPERTY
@given(logit_arrays(min_dims=2), st.randoms(use_true_random=False))
def test_positions_do_not_see_each_other(logits, random):
    order = list(range(len(logits)))
    random.shuffle(order)
    for function in (softmax, log_softmax):
        np.testing.assert_allclose(
            function(logits[order]), function(logits)[order], rtol=1e-14
        )


@pytest.mark.parametrize("dtype", FLOATS)
def test_softmax_undoes_the_logarithm(dtype):
    wanted = np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]], dtype)
    logits = frozen(np.log(wanted) + 3, dtype)
    tolerance = 16 * np.finfo(dtype).eps
    for got in (softmax(logits), np.exp(log_softmax(logits))):
        assert got.dtype == dtype
        np.testing.assert_allclose(got, wanted, rtol=tolerance)


@pytest.mark.parametrize("dtype", FLOATS)
def test_huge_logits(dtype):
    """Neither overflow nor the logarithm of 0, where exp(1e4) is infinite."""
    logits = frozen([[1e4, -1e4], [-1e4, -1e4], [0, 1e4]], dtype)
    with np.errstate(all="raise"):
        assert softmax(logits).tolist() == [[1, 0], [0.5, 0.5], [0, 1]]
        logs = log_softmax(logits)
    assert logs.dtype == dtype
    np.testing.assert_allclose(
        logs, [[0, -2e4], [-math.log(2)] * 2, [-1e4, 0]], rtol=1e-6
    )


def test_logits_as_far_apart_as_numbers_go():
    far = np.array([1.7e308, -1.7e308])
    with np.errstate(all="raise"):
        assert softmax(far).tolist() == [1, 0]
        assert cross_entropy(far, 0) == 0


def test_tanh_slope_takes_lists():
    assert tanh_slope([0.0, 0.5, 1.0]).tolist() == [1, 0.75, 0]


def test_a_vocabulary_of_one_symbol_is_certain():
    assert softmax([[7.0], [-1e4]]).tolist() == [[1], [1]]
    assert log_softmax([7.0]).tolist() == [0]
    assert cross_entropy([[7.0]], [0]) == 0
    assert cross_entropy_gradient([[7.0]], [0]).tolist() == [[0]]


def test_softmax_takes_lists_of_integers():
    assert softmax([0, 0, 0, 0]).tolist() == [0.25] * 4


@pytest.mark.parametrize("function", [softmax, log_softmax])
@pytest.mark.parametrize(
    ("logits", "error", "message"),
    [
        (1.0, ValueError, "logits: expected shape (..., K), got ()"),
        (
            [],
            ValueError,
            "logits: expected shape (..., K), got (0,); an axis is empty",
        ),
        (
            [[1], [1, 2]],
            ValueError,
            "logits: expected an array, got rows of different lengths",
        ),
        (
            [[0, np.nan]],
            ValueError,
            "logits: expected finite numbers, got nan at position (0, 1)",
        ),
        (
            [[0, np.inf]],
            ValueError,
            "logits: expected finite numbers, got inf at position (0, 1)",
        ),
        (["A"], TypeError, "logits: expected real numbers, got an array of dtype <U1"),
    ],
)
def test_logits_that_are_refused(function, logits, error, message):
    with pytest.raises(error, match=exactly(message)):
        function(logits)


# Cross-entropy


@PROPERTY
@given(logits_and_targets())
def test_cross_entropy_is_the_mean_over_positions(drawn):
    logits, targets = frozen(drawn[0]), frozen(drawn[1])
    losses = [
        -plain_log_softmax(logits[place].tolist())[targets[place]]
        for place in np.ndindex(targets.shape)
    ]
    loss = cross_entropy(logits, targets)
    assert type(loss) is float
    assert loss == pytest.approx(math.fsum(losses) / len(losses), abs=1e-12)


@PROPERTY
@given(logits_and_targets(limit=1e4))
def test_bounds_of_the_loss(drawn):
    logits, targets = drawn
    with np.errstate(all="raise"):
        loss = cross_entropy(logits, targets)
        gradient = cross_entropy_gradient(logits, targets)
    chosen = np.take_along_axis(logits, targets[..., np.newaxis], axis=-1)
    behind = float((logits.max(axis=-1, keepdims=True) - chosen).mean())
    assert math.copysign(1, loss) == 1  # not -0.0 either
    assert behind - 1e-9 <= loss <= behind + math.log(logits.shape[-1]) + 1e-9
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("K", [1, 2, 26, 1000])
def test_a_uniform_guess_costs_the_logarithm_of_the_vocabulary(K):
    logits = np.full((2, 3, K), 4.0)
    assert cross_entropy(logits, np.zeros((2, 3), int)) == pytest.approx(math.log(K))


def test_a_certain_right_answer_costs_nothing_and_a_wrong_one_the_distance():
    logits = frozen([[1e4, -1e4], [1e4, -1e4]])
    loss = cross_entropy(logits, [0, 0])
    assert f"{loss:.4f}" == "0.0000"
    assert cross_entropy(logits, [1, 1]) == 2e4
    assert cross_entropy(logits, [0, 1]) == 1e4


def test_cross_entropy_in_bits_of_a_known_distribution():
    """With probabilities 1/2, 1/4, 1/4 the three answers take 1, 2 and 2 bits."""
    logits = np.log([[0.5, 0.25, 0.25]] * 3)
    nats = cross_entropy(logits, [0, 1, 2])
    assert nats / math.log(2) == pytest.approx(5 / 3, rel=1e-12)


@PROPERTY
@given(logits_and_targets(), st.randoms(use_true_random=False))
def test_renaming_the_symbols_changes_nothing(drawn, random):
    logits, targets = drawn
    order = list(range(logits.shape[-1]))
    random.shuffle(order)
    renamed = np.argsort(order)[targets]
    assert cross_entropy(logits[..., order], renamed) == pytest.approx(
        cross_entropy(logits, targets), abs=1e-12
    )


def test_float32_losses_are_averaged_in_float64():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 3, (400, 5)).astype(np.float32)
    targets = rng.integers(0, 5, 400)
    losses = -log_softmax(logits)[np.arange(400), targets]
    assert losses.dtype == np.float32
    loss = cross_entropy(logits, targets)
    assert loss == pytest.approx(math.fsum(losses.tolist()) / 400, rel=1e-14)
    assert loss == pytest.approx(cross_entropy(logits.astype(float), targets), rel=1e-6)


# Its gradient


@PROPERTY
@given(logits_and_targets(limit=5.0))
def test_gradient_by_finite_differences(drawn):
    logits, targets = drawn
    gradient = cross_entropy_gradient(frozen(logits), frozen(targets))
    step = 1e-5
    for place in np.ndindex(logits.shape):
        moved = np.zeros_like(logits)
        moved[place] = step
        above, below = (cross_entropy(logits + m, targets) for m in (moved, -moved))
        assert gradient[place] == pytest.approx((above - below) / (2 * step), abs=1e-9)


@PROPERTY
@given(logits_and_targets())
def test_gradient_is_prediction_less_target_over_positions(drawn):
    logits, targets = drawn
    wanted = softmax(logits)
    for place in np.ndindex(targets.shape):
        wanted[place][targets[place]] -= 1
    gradient = cross_entropy_gradient(logits, targets)
    assert np.array_equal(gradient, wanted / targets.size)
    np.testing.assert_allclose(gradient.sum(axis=-1), 0, atol=1e-15)


@PROPERTY
@given(logits_and_targets())
def test_one_pass_gives_both_loss_and_gradient(drawn):
    logits, targets = drawn
    loss, gradient = cross_entropy_and_gradient(logits, targets)
    assert loss == cross_entropy(logits, targets)
    np.testing.assert_array_equal(gradient, cross_entropy_gradient(logits, targets))


def test_gradient_by_hand():
    gradient = cross_entropy_gradient(
        np.log([[0.5, 0.25, 0.25], [0.8, 0.1, 0.1]]), [1, 0]
    )
    np.testing.assert_allclose(
        gradient, [[0.25, -0.375, 0.125], [-0.1, 0.05, 0.05]], rtol=1e-12
    )


@pytest.mark.parametrize("dtype", FLOATS)
def test_gradient_keeps_the_type(dtype):
    gradient = cross_entropy_gradient(frozen([[0, 1], [2, 0]], dtype), [0, 1])
    assert gradient.dtype == dtype
    assert gradient.shape == (2, 2)


def test_gradient_with_probabilities_too_small_to_divide():
    with np.errstate(all="raise"):
        gradient = cross_entropy_gradient([[0, -744.5], [0, 0]], [0, 0])
    assert gradient[1].tolist() == [-0.25, 0.25]
    assert abs(gradient[0]).max() < 1e-300


@PROPERTY
@given(logits_and_targets())
def test_a_step_against_the_gradient_lowers_the_loss(drawn):
    logits, targets = drawn
    gradient = cross_entropy_gradient(logits, targets)
    assume(np.abs(gradient).max() > 1e-3)
    assert cross_entropy(logits - 0.1 * gradient, targets) < cross_entropy(
        logits, targets
    )


@pytest.mark.parametrize("function", [cross_entropy, cross_entropy_gradient])
@pytest.mark.parametrize(
    ("targets", "error", "message"),
    [
        ([0, 1], ValueError, "targets: expected shape (2, 3), got (2,)"),
        ([[0, 1, 2]] * 3, ValueError, "targets: expected shape (2, 3), got (3, 3)"),
        (
            [[[0], [1], [2]]] * 2,
            ValueError,
            "targets: expected shape (2, 3), got (2, 3, 1)",
        ),
        (
            [[0, 1, 2], [0, 4, 9]],
            ValueError,
            "targets: expected indices from 0 to 3, got 4 at position (1, 1)",
        ),
        (
            [[0, 1, -1], [0, 1, 2]],
            ValueError,
            "targets: expected indices from 0 to 3, got -1 at position (0, 2)",
        ),
        (
            [[0, 1], [0]],
            ValueError,
            "targets: expected an array, got rows of different lengths",
        ),
        (
            [[0.0, 1.0, 2.0]] * 2,
            TypeError,
            "targets: expected integer indices, got an array of dtype float64",
        ),
    ],
)
def test_targets_that_are_refused(function, targets, error, message):
    with pytest.raises(error, match=exactly(message)):
        function(np.zeros((2, 3, 4)), targets)


@pytest.mark.parametrize("function", [cross_entropy, cross_entropy_gradient])
def test_logits_of_the_loss_must_be_finite(function):
    message = "logits: expected finite numbers, got -inf at position (0, 1)"
    with pytest.raises(ValueError, match=exactly(message)):
        function([[0.0, -np.inf]], [0])
