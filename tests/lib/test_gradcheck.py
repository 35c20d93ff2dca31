"""Finite differences: their values, what they leave alone, what they can see."""

import numpy as np
import pytest

from rnn_lib import (
    HiddenLayer,
    InputLayer,
    OutputLayer,
    VanillaRNN,
    check_gradients,
    load_five_sequences,
    numerical_gradient,
    relative_error,
    tanh_slope,
    tiny_network,
)
from rnn_lib.layers import by_sequence, by_step
from tests.cases import ONE_UNIT, Sizes, assert_says, copies, make_case
from tests.support import frozen

SOME = Sizes(N=3, T=4, K=5, H=2, out=6)


# Numerical gradient ---------------------------------------------------------


def test_gradient_of_a_quadratic_is_exact_up_to_rounding():
    a = np.array([[1.0, -2.0, 3.0], [0.0, 0.5, -4.0]])
    weights = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    gradient = numerical_gradient(lambda: float((weights * a**2).sum()), a)
    assert gradient.shape == a.shape
    np.testing.assert_allclose(gradient, 2 * weights * a, rtol=1e-8, atol=1e-8)


def test_array_is_left_as_it_was():
    a = np.array([0.1, 1e-9, 1e9, -0.3])
    kept = a.copy()
    numerical_gradient(lambda: float(a.sum()), a)
    np.testing.assert_array_equal(a, kept)


@pytest.mark.parametrize("step", [1e-5, 1e-3, 0.5, 2])
def test_step_is_taken_to_both_sides(step):
    """At 0 the central difference of a**3 is step**2, and nothing else."""
    a = np.zeros(1)
    setting = {} if step == 1e-5 else {"step": step}
    gradient = numerical_gradient(lambda: float(a[0] ** 3), a, **setting)
    np.testing.assert_allclose(gradient, step**2, rtol=1e-12)


def test_one_number_moves_at_a_time():
    a = np.array([1.0, 2.0, 4.0])
    seen = []

    def function():
        seen.append(a.copy())
        return 0.0

    numerical_gradient(function, a, step=0.5)
    steps = [0.5, -0.5]
    wanted = [a + step * np.eye(3)[place] for place in range(3) for step in steps]
    np.testing.assert_array_equal(seen, wanted)


@pytest.mark.parametrize(
    ("array", "came"),
    [
        (np.zeros(2, np.float32), "float32"),
        (np.zeros(2, int), "int64"),
        ([1.0, 2.0], "list"),
        (1.0, "float"),
        (np.float64(1.0), "float64"),
    ],
)
def test_only_arrays_of_float64_can_be_moved(array, came):
    with pytest.raises(TypeError, match=f"expected an array of float64, got {came}$"):
        numerical_gradient(lambda: 0.0, array)


@pytest.mark.parametrize(
    ("step", "error"), [(0, ValueError), (-1e-5, ValueError), ("small", TypeError)]
)
def test_step_must_be_positive(step, error):
    with pytest.raises(error, match=r"step: expected a .*number"):
        numerical_gradient(lambda: 0.0, np.zeros(2), step)


# Relative error -------------------------------------------------------------


@pytest.mark.parametrize(
    ("got", "wanted", "error"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([0.0, 0.0], [0.0, 0.0], 0.0),
        ([1.0, 4.0], [2.0, 4.0], 0.25),
        ([1.0, -8.0], [2.0, 4.0], 1.5),
        ([1, -3], [2, 5], 1.6),
        ([0.0], [1e-300], 1.0),
        ([-2e-5], [2e-5], 2.0),
        (1.0, 2.0, 0.5),
        ([[0.0, 3.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]], 1.0),
        ([1.0, np.nan], [1.0, 2.0], np.inf),
        ([1.0, 2.0], [1.0, np.inf], np.inf),
        ([np.inf], [np.inf], np.inf),
    ],
)
def test_relative_error_is_a_share_of_the_largest_value(got, wanted, error):
    for one, other in ((got, wanted), (wanted, got)):
        found = relative_error(one, other)
        assert type(found) is float
        assert found == error


@pytest.mark.parametrize(
    ("got", "wanted", "parts"),
    [
        (np.ones(3), np.ones((3, 1)), ["(3, 1)", "got shape (3,)"]),
        (np.ones((2, 3)), np.ones((3, 2)), ["(3, 2)", "got shape (2, 3)"]),
        (np.ones(0), np.ones(0), ["(0,)", "at least one value", "got shape (0,)"]),
    ],
)
def test_relative_error_needs_two_arrays_of_one_shape(got, wanted, parts):
    with pytest.raises(ValueError, match="got: expected shape") as caught:
        relative_error(got, wanted)
    assert_says(caught.value, "got", *parts)


# The check of a network -----------------------------------------------------


def test_right_gradients_pass():
    case = make_case(SOME)
    errors = check_gradients(case.network, case.x, case.targets, case.h0)
    assert list(errors) == ["U", "W", "b", "V", "c", "h0"]
    assert all(0 < error < 1e-6 for error in errors.values())


def test_without_a_state_there_is_none_to_check():
    case = make_case(SOME)
    errors = check_gradients(case.network, case.x, case.targets)
    assert list(errors) == ["U", "W", "b", "V", "c"]
    assert all(0 < error < 1e-6 for error in errors.values())


def test_tiny_network_and_the_five_sequences_pass():
    errors = check_gradients(tiny_network(), np.eye(3)[[[0, 1, 0]]], [[1, 0, 2]])
    assert max(errors.values()) < 1e-8
    x, targets = load_five_sequences()
    errors = check_gradients(VanillaRNN(26, 4), x, targets)
    assert max(errors.values()) < 1e-6


def test_step_reaches_the_differences():
    case = make_case(SOME)
    arguments = case.network, case.x, case.targets, case.h0
    fine = check_gradients(*arguments)
    coarse = check_gradients(*arguments, step=0.1)
    assert check_gradients(*arguments, step=1e-5) == fine
    assert all(coarse[name] > 1e3 * fine[name] for name in fine)


def test_everything_is_left_as_it_was():
    case = make_case(SOME)
    parameters = copies(case.network.parameters)
    state = case.h0.copy()
    check_gradients(case.network, case.x, case.targets, state)
    np.testing.assert_array_equal(state, case.h0)
    for name, array in case.network.parameters.items():
        np.testing.assert_array_equal(array, parameters[name])


def test_lists_and_float32_arguments_will_do():
    case = make_case(SOME)
    h0 = frozen(np.array(case.h0, dtype=np.float32))
    errors = check_gradients(
        case.network, case.x.tolist(), case.targets.tolist(), h0.tolist()
    )
    assert max(errors.values()) < 1e-6
    assert check_gradients(case.network, case.x, case.targets, h0) == errors


def without_transpose(layer, d_states):
    """Multiply by the transpose of W where W is right."""
    states = layer.states
    dz = np.empty_like(d_states)
    from_next = np.zeros_like(d_states[:, 0])
    for t in reversed(range(states.shape[1])):
        dz[:, t] = (d_states[:, t] + from_next) * tanh_slope(states[:, t])
        from_next = dz[:, t] @ layer.W.T
    return dz, from_next


def without_next_step(layer, d_states):
    """Forget the second path into each state."""
    dz = d_states * tanh_slope(layer.states)
    return dz, dz[:, 0] @ layer.W


def with_slope_of_tanh_again(layer, d_states):
    """Take the slope at tanh h where it should be taken at z."""
    dz = np.empty_like(d_states)
    from_next = np.zeros_like(d_states[:, 0])
    for t in reversed(range(d_states.shape[1])):
        slope = tanh_slope(np.tanh(layer.states[:, t]))
        dz[:, t] = (d_states[:, t] + from_next) * slope
        from_next = dz[:, t] @ layer.W
    return dz, from_next


@pytest.mark.parametrize(
    "broken", [without_transpose, without_next_step, with_slope_of_tanh_again]
)
def test_wrong_way_back_is_seen_in_every_gradient_below(monkeypatch, broken):
    def backward_steps(self, dh):  # (T, N, H)
        dz, self.d_initial_state = broken(self, by_sequence(dh))
        before = [self.initial_state[:, np.newaxis], self.states[:, :-1]]
        self.dW = np.einsum("nti,ntj->ij", dz, np.concatenate(before, axis=1))
        self.db = dz.sum(axis=(0, 1))
        return by_step(dz)

    monkeypatch.setattr(HiddenLayer, "backward_steps", backward_steps)
    case = make_case(SOME)
    errors = check_gradients(case.network, case.x, case.targets, case.h0)
    assert min(errors[name] for name in ("U", "W", "b", "h0")) > 1e-3
    assert max(errors["V"], errors["c"]) < 1e-6


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        (InputLayer, "U"),
        (HiddenLayer, "W"),
        (HiddenLayer, "b"),
        (OutputLayer, "V"),
        (OutputLayer, "c"),
    ],
)
def test_one_wrong_gradient_is_named(monkeypatch, layer, name):
    right = layer.backward_steps

    def backward_steps(self, upstream):
        below = right(self, upstream)
        setattr(self, f"d{name}", 2 * getattr(self, f"d{name}"))
        return below

    monkeypatch.setattr(layer, "backward_steps", backward_steps)
    case = make_case(SOME)
    errors = check_gradients(case.network, case.x, case.targets, case.h0)
    # Twice the right gradient is off by half of the larger of the two.
    assert errors.pop(name) == pytest.approx(0.5, abs=1e-6)
    assert max(errors.values()) < 1e-6


def test_wrong_gradient_of_the_state_is_named(monkeypatch):
    right = HiddenLayer.backward_steps

    def backward_steps(self, dh):
        dz = right(self, dh)
        self.d_initial_state = -self.d_initial_state
        return dz

    monkeypatch.setattr(HiddenLayer, "backward_steps", backward_steps)
    case = make_case(ONE_UNIT)
    errors = check_gradients(case.network, case.x, case.targets, case.h0)
    assert errors.pop("h0") == pytest.approx(2, abs=1e-6)
    assert max(errors.values()) < 1e-6


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("call", range(6))
def test_the_array_is_as_it_was_when_the_function_stops_halfway(error, call):
    array = np.array([1.0, -2.0, 3.0])
    calls = []

    def function():
        if len(calls) == call:
            raise error
        calls.append(array.copy())
        return 0.0

    with pytest.raises(error):
        numerical_gradient(function, array, 0.5)
    assert len(calls) == call
    assert array.tolist() == [1, -2, 3]


# Bad input ------------------------------------------------------------------


def test_network_in_float32_is_refused():
    case = make_case(SOME, dtype=np.float32)
    with pytest.raises(TypeError, match="expected an array of float64, got float32"):
        check_gradients(case.network, case.x, case.targets)


@pytest.mark.parametrize(
    ("h0", "error", "parts"),
    [
        (np.zeros((2, 2)), ValueError, ["initial_state", "(3, 2)", "(2, 2)"]),
        (np.zeros(2), ValueError, ["initial_state", "(N, H)", "(2,)"]),
        ([[0, 0], [0]], ValueError, ["initial_state", "different lengths"]),
        ([["a", "b"]], TypeError, ["initial_state", "real numbers", "<U1"]),
        (np.full((3, 2), np.nan), ValueError, ["initial_state", "nan", "(0, 0)"]),
    ],
)
def test_unusable_state_is_refused(h0, error, parts):
    case = make_case(SOME)
    with pytest.raises(error) as caught:
        check_gradients(case.network, case.x, case.targets, h0)
    assert_says(caught.value, *parts)


def test_unusable_arrays_and_steps_are_refused():
    case = make_case(SOME)
    with pytest.raises(ValueError, match=r"x: expected shape \(N, T, 5\)"):
        check_gradients(case.network, case.d_logits, case.targets)
    with pytest.raises(ValueError, match=r"targets: expected shape \(3, 4\)"):
        check_gradients(case.network, case.x, case.targets[:, :2])
    with pytest.raises(ValueError, match="step: expected a finite number above 0"):
        check_gradients(case.network, case.x, case.targets, step=0)
