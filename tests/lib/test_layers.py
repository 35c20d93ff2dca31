"""Each layer alone: values, gradients, what is kept, and what is refused."""

import inspect

import numpy as np
import pytest
from hypothesis import example, given

from rnn_lib import HiddenLayer, InputLayer, OutputLayer, initialize, tanh_slope
from rnn_lib.layers import by_sequence, by_step
from tests.cases import (
    ALL_ONE,
    ONE_STEP,
    ONE_UNIT,
    SEEDS,
    SIZES,
    ReLULayer,
    Sizes,
    assert_near,
    assert_says,
    copies,
    draws,
    loop_forward,
    make_case,
    slopes,
)
from tests.support import frozen

SOME = Sizes(N=3, T=4, K=5, H=2, out=6)


def upstream_loss(layer, upstream, *arguments):
    """Return a loss whose gradient at the output of `layer` is `upstream`."""
    return float((upstream * layer.forward(*arguments)).sum())


# Forward: against a plain loop ----------------------------------------------


@draws(60)
@given(SIZES, SEEDS)
@example(ALL_ONE, 0)
@example(ONE_STEP, 0)
@example(ONE_UNIT, 0)
def test_forward_of_each_layer_agrees_with_a_plain_loop(sizes, seed):
    case = make_case(sizes, seed)
    p = case.network.parameters
    states, logits = loop_forward(p, case.x, case.h0)

    weighted = InputLayer(p["U"]).forward(case.x)
    for n, t, i in np.ndindex(weighted.shape):
        total = sum(p["U"][i, k] * case.x[n, t, k] for k in range(sizes.K))
        assert weighted[n, t, i] == pytest.approx(total, rel=1e-12, abs=1e-12)

    hidden = HiddenLayer(p["W"], p["b"])
    np.testing.assert_allclose(
        hidden.forward(frozen(weighted), case.h0), states, rtol=1e-12, atol=1e-13
    )
    output = OutputLayer(p["V"], p["c"])
    np.testing.assert_allclose(
        output.forward(frozen(states)), logits, rtol=1e-12, atol=1e-13
    )


def test_state_before_the_first_step_is_zero_unless_given():
    layer = HiddenLayer([[0.5, -1.0], [2.0, 0.25]], [0.1, -0.2])
    a = np.array([[[0.3, -0.4]], [[1.0, 2.0]]])
    expected = np.tanh(a + np.array([0.1, -0.2]))
    np.testing.assert_allclose(layer.forward(a), expected, rtol=1e-15)
    np.testing.assert_array_equal(layer.initial_state, np.zeros((2, 2)))
    np.testing.assert_array_equal(layer.forward(a, np.zeros((2, 2))), layer.forward(a))


def test_hidden_layer_keeps_first_all_and_last_states():
    case = make_case(SOME)
    layer = case.network.hidden_layer
    states = layer.forward(case.d_states, case.h0)
    np.testing.assert_array_equal(layer.states, states)
    np.testing.assert_array_equal(layer.initial_state, case.h0)
    np.testing.assert_array_equal(layer.final_state, states[:, -1])
    assert layer.states.shape == (3, 4, 2)
    assert layer.final_state.shape == layer.initial_state.shape == (3, 2)


def test_a_state_of_one_call_does_not_leak_into_the_next():
    case = make_case(SOME)
    layer = case.network.hidden_layer
    fresh = layer.forward(case.d_states).copy()
    layer.forward(case.d_states, case.h0)
    np.testing.assert_array_equal(layer.forward(case.d_states), fresh)


def test_results_of_an_earlier_call_stay_as_they_were():
    first, second = make_case(SOME, 1), make_case(SOME, 2)
    for layer, one, other, upstream in (
        (first.network.input_layer, first.x, second.x, first.d_states),
        (first.network.hidden_layer, first.d_states, second.d_states, first.d_states),
        (first.network.output_layer, first.d_states, second.d_states, first.d_logits),
    ):
        output = layer.forward(one)
        below = layer.backward(upstream)
        gradients = layer.gradients
        kept = [output.copy(), below.copy(), copies(gradients)]
        layer.forward(other)
        layer.backward(frozen(-2 * upstream))
        np.testing.assert_array_equal(output, kept[0])
        np.testing.assert_array_equal(below, kept[1])
        for name, gradient in gradients.items():
            np.testing.assert_array_equal(gradient, kept[2][name])


# Backward: against finite differences ---------------------------------------


@draws(60)
@given(SIZES, SEEDS)
@example(ALL_ONE, 0)
@example(ONE_STEP, 0)
@example(ONE_UNIT, 0)
def test_gradients_of_the_input_layer(sizes, seed):
    case = make_case(sizes, seed)
    U = frozen(case.network.parameters["U"].copy())
    layer = InputLayer(U)
    layer.forward(case.x)
    dx = layer.backward(case.d_states)

    def loss(U, x):
        return upstream_loss(InputLayer(U), case.d_states, x)

    assert_near(dx, slopes(lambda x: loss(U, x), case.x), 1e-6)
    assert_near(layer.dU, slopes(lambda U: loss(U, case.x), U), 1e-6)


@draws(60)
@given(SIZES, SEEDS)
@example(ALL_ONE, 0)
@example(ONE_STEP, 0)
@example(ONE_UNIT, 0)
def test_gradients_of_the_hidden_layer(sizes, seed):
    case = make_case(sizes, seed)
    W, b = (frozen(case.network.parameters[name].copy()) for name in "Wb")
    a = case.network.input_layer.forward(case.x)
    layer = HiddenLayer(W, b)
    layer.forward(a, case.h0)
    dz = layer.backward(case.d_states)

    def loss(W, b, a, h0):
        return upstream_loss(HiddenLayer(W, b), case.d_states, a, h0)

    assert_near(dz, slopes(lambda a: loss(W, b, a, case.h0), a), 1e-6)
    assert_near(layer.dW, slopes(lambda W: loss(W, b, a, case.h0), W), 1e-6)
    assert_near(layer.db, slopes(lambda b: loss(W, b, a, case.h0), b), 1e-6)
    assert_near(
        layer.d_initial_state, slopes(lambda h0: loss(W, b, a, h0), case.h0), 1e-6
    )


@draws(60)
@given(SIZES, SEEDS)
@example(ALL_ONE, 0)
@example(ONE_STEP, 0)
@example(ONE_UNIT, 0)
def test_gradients_of_the_output_layer(sizes, seed):
    case = make_case(sizes, seed)
    V, c = (frozen(case.network.parameters[name].copy()) for name in "Vc")
    states = case.d_states
    layer = OutputLayer(V, c)
    layer.forward(states)
    d_states = layer.backward(case.d_logits)

    def loss(V, c, states):
        return upstream_loss(OutputLayer(V, c), case.d_logits, states)

    assert_near(d_states, slopes(lambda h: loss(V, c, h), states), 1e-6)
    assert_near(layer.dV, slopes(lambda V: loss(V, c, states), V), 1e-6)
    assert_near(layer.dc, slopes(lambda c: loss(V, c, states), c), 1e-6)


def test_shared_gradient_of_W_is_the_sum_over_its_copies():
    case = make_case(SOME)
    layer = case.network.hidden_layer
    states = layer.forward(case.d_states, case.h0)
    dz = layer.backward(case.d_states)
    before = np.concatenate([case.h0[:, np.newaxis], states[:, :-1]], axis=1)
    copies_of_W = np.einsum("nti,ntj->tij", dz, before)
    assert len(copies_of_W) == SOME.T
    np.testing.assert_allclose(layer.dW, copies_of_W.sum(axis=0), rtol=1e-12)


def test_gradient_at_one_state_reaches_no_later_step():
    case = make_case(Sizes(N=2, T=6, K=3, H=4, out=5))
    layer = case.network.hidden_layer
    layer.forward(case.d_states, case.h0)
    upstream = np.zeros(case.d_states.shape)
    upstream[:, 3] = case.d_states[:, 3]
    dz = layer.backward(frozen(upstream))
    assert np.all(dz[:, :4] != 0)
    np.testing.assert_array_equal(dz[:, 4:], 0)


def test_gradient_that_arrives_at_the_final_state_is_added_to_the_last_step():
    """Two halves, joined by the state and its gradient, are one whole."""
    case = make_case(Sizes(N=2, T=7, K=3, H=4, out=5))
    W, b = case.network.parameters["W"], case.network.parameters["b"]
    a, d_states = case.x @ case.network.parameters["U"].T, case.d_states
    whole, left, right = (HiddenLayer(W, b) for _ in range(3))

    states = whole.forward(a, case.h0)
    dz = whole.backward(d_states)

    first = left.forward(a[:, :3], case.h0)
    second = right.forward(a[:, 3:], left.final_state)
    np.testing.assert_allclose(np.concatenate([first, second], 1), states, rtol=1e-14)

    dz_right = right.backward(d_states[:, 3:])
    joined = d_states[:, :3].copy()
    joined[:, -1] += right.d_initial_state
    dz_left = left.backward(joined)
    assert_near(np.concatenate([dz_left, dz_right], 1), dz, 1e-13)
    assert_near(left.dW + right.dW, whole.dW, 1e-13)
    assert_near(left.db + right.db, whole.db, 1e-13)
    assert_near(left.d_initial_state, whole.d_initial_state, 1e-13)


def test_gradients_are_computed_anew_by_each_backward():
    case = make_case(SOME)
    a = case.d_states
    for layer, argument, upstream in (
        (case.network.input_layer, case.x, case.d_states),
        (case.network.hidden_layer, a, case.d_states),
        (case.network.output_layer, a, case.d_logits),
    ):
        layer.forward(argument)
        below = layer.backward(upstream).copy()
        gradients = copies(layer.gradients)
        np.testing.assert_array_equal(layer.backward(upstream), below)
        for name, gradient in layer.gradients.items():
            np.testing.assert_array_equal(gradient, gradients[name])


def test_gradients_scale_with_the_upstream_gradient():
    case = make_case(SOME)
    for layer, argument, upstream in (
        (case.network.input_layer, case.x, case.d_states),
        (case.network.hidden_layer, case.d_states, case.d_states),
        (case.network.output_layer, case.d_states, case.d_logits),
    ):
        layer.forward(argument)
        below = layer.backward(upstream)
        gradients = copies(layer.gradients)
        # A power of two scales without rounding.
        np.testing.assert_array_equal(layer.backward(-4 * upstream), -4 * below)
        for name, gradient in layer.gradients.items():
            np.testing.assert_array_equal(gradient, -4 * gradients[name])


def test_gradient_of_the_input_may_be_left_out():
    case = make_case(SOME)
    layer = case.network.input_layer
    layer.forward(case.x)
    assert layer.backward(case.d_states).shape == case.x.shape
    dU = layer.dU.copy()
    layer.dU[...] = 0
    assert layer.backward(case.d_states, input_gradient=False) is None
    np.testing.assert_array_equal(layer.dU, dU)


# Memory ---------------------------------------------------------------------


def test_arrays_by_step_lie_one_step_after_the_other():
    array = frozen(np.arange(24.0).reshape(2, 3, 4))
    steps = by_step(array)
    assert steps.shape == (3, 2, 4)
    assert steps.flags.c_contiguous
    assert not any(
        np.shares_memory(by_step(part), part) for part in (array[:1], array[:, :1])
    )
    for n, t in np.ndindex(2, 3):
        np.testing.assert_array_equal(steps[t, n], array[n, t])
    np.testing.assert_array_equal(by_sequence(steps), array)
    assert np.shares_memory(by_sequence(steps), steps)


@pytest.mark.parametrize("sizes", [SOME, Sizes(1, 4, 5, 2, 6), Sizes(3, 1, 5, 2, 6)])
def test_it_does_not_matter_how_an_array_lies_in_memory(sizes):
    case = make_case(sizes)
    arguments = (case.x, case.d_states, case.d_states)
    upstreams = (case.d_states, case.d_states, case.d_logits)
    for layer, argument, upstream in zip(
        case.network.layers, arguments, upstreams, strict=True
    ):
        output = layer.forward(argument)
        below = layer.backward(upstream)
        gradients = layer.gradients
        for lay in (np.asfortranarray, every_second, backwards):
            assert_near(layer.forward(lay(argument)), output, 1e-14)
            assert_near(layer.backward(lay(upstream)), below, 1e-14)
            for name, gradient in layer.gradients.items():
                assert_near(gradient, gradients[name], 1e-13)


def every_second(array):
    """Return the same numbers as a view of every second row, step and column."""
    wide = np.full([2 * size for size in array.shape], np.nan)
    wide[::2, ::2, ::2] = array
    return wide[::2, ::2, ::2]


def backwards(array):
    """Return the same numbers as a view that runs backwards through its memory."""
    return np.ascontiguousarray(array[::-1, ::-1, ::-1])[::-1, ::-1, ::-1]


def test_a_layer_keeps_and_hands_out_no_array_of_others(whose_layer):
    """Refill what went in and came out, and look back: nothing has changed."""
    layer, arguments, upstream = whose_layer
    wanted_output = layer.forward(*arguments).copy()
    wanted_below = layer.backward(upstream).copy()
    wanted = copies(layer.gradients)

    given = [array.copy() for array in arguments]
    output = layer.forward(*given)
    np.testing.assert_array_equal(output, wanted_output)
    for array in (*given, output, *handed_out(layer)):
        array[...] = 9
    arriving = upstream.copy()
    below = layer.backward(arriving)
    np.testing.assert_array_equal(arriving, upstream)
    np.testing.assert_array_equal(below, wanted_below)
    for name, gradient in layer.gradients.items():
        np.testing.assert_array_equal(gradient, wanted[name])
    below[...] = arriving[...] = 9
    assert_same_gradients(layer, wanted)
    np.testing.assert_array_equal(layer.backward(upstream), wanted_below)
    assert_same_gradients(layer, wanted)


def assert_same_gradients(layer, wanted):
    """Assert that the layer's gradients are the very numbers wanted."""
    for name, gradient in layer.gradients.items():
        np.testing.assert_array_equal(gradient, wanted[name])


def handed_out(layer):
    """Return the arrays that a hidden layer shows of its last forward pass."""
    if not isinstance(layer, HiddenLayer):
        return []
    return [layer.states, layer.initial_state, layer.final_state]


@pytest.fixture(
    params=[
        (number, sizes)
        for number in range(3)
        for sizes in (SOME, Sizes(1, 4, 5, 2, 6), Sizes(3, 1, 5, 2, 6), ALL_ONE)
    ],
    ids=str,
)
def whose_layer(request):
    """Return a layer, arguments for its forward, and an upstream gradient."""
    number, sizes = request.param
    case = make_case(sizes)
    layer = case.network.layers[number]
    arguments = [(case.x,), (case.d_states, case.h0), (case.d_states,)][number]
    return layer, arguments, (case.d_states, case.d_states, case.d_logits)[number]


# Another activation ---------------------------------------------------------


class ExpLayer(HiddenLayer):
    def activation(self, z):
        return np.exp(z)

    def slope(self, h):
        return h  # the very array that was given


@pytest.mark.parametrize("kind", [ReLULayer, ExpLayer])
@pytest.mark.parametrize("sizes", [SOME, ONE_STEP, ONE_UNIT, Sizes(1, 4, 5, 2, 6)])
def test_another_activation_has_the_right_gradients(kind, sizes):
    case = make_case(sizes, 1)
    parameters = case.network.hidden_layer.parameters
    W, b = (frozen(0.3 * parameters[name]) for name in "Wb")
    a, h0, upstream = case.d_states, case.h0, case.d_states
    layer = kind(W, b)
    states = layer.forward(a, h0)
    for before, a_t, h_t in zip(
        np.concatenate([h0[:, None], states[:, :-1]], 1).swapaxes(0, 1),
        a.swapaxes(0, 1),
        states.swapaxes(0, 1),
        strict=True,
    ):
        assert_near(h_t, layer.activation(a_t + before @ W.T + b), 1e-13)
    dz = layer.backward(upstream)
    np.testing.assert_array_equal(layer.states, states)

    def loss(W, b, a, h0):
        return upstream_loss(kind(W, b), upstream, a, h0)

    assert_near(dz, slopes(lambda a: loss(W, b, a, h0), a), 1e-6)
    assert_near(layer.dW, slopes(lambda W: loss(W, b, a, h0), W), 1e-6)
    assert_near(layer.db, slopes(lambda b: loss(W, b, a, h0), b), 1e-6)
    assert_near(layer.d_initial_state, slopes(lambda h: loss(W, b, a, h), h0), 1e-6)


def test_a_relu_layer_has_five_lines():
    lines = inspect.getsource(ReLULayer).splitlines()
    assert len([line for line in lines if line]) == 5


# Parameters -----------------------------------------------------------------


def test_layers_name_their_parameters_and_gradients():
    case = make_case(SOME)
    case.network.loss(case.x, case.targets)
    case.network.backward()
    for layer, names in zip(
        case.network.layers, (["U"], ["W", "b"], ["V", "c"]), strict=True
    ):
        assert list(layer.parameters) == list(layer.gradients) == names
        for name in names:
            assert layer.parameters[name] is getattr(layer, name)
            assert layer.gradients[name] is getattr(layer, f"d{name}")
            assert layer.gradients[name].shape == layer.parameters[name].shape


def test_layers_copy_the_arrays_they_are_made_from():
    p = initialize("uniform", 4, 3, 5)
    kept = copies(p)
    layers = (
        InputLayer(p["U"]),
        HiddenLayer(p["W"], p["b"]),
        OutputLayer(p["V"], p["c"]),
    )
    for layer in layers:
        for name, array in layer.parameters.items():
            np.testing.assert_array_equal(array, kept[name])
            array += 1
            np.testing.assert_array_equal(p[name], kept[name])


def test_lists_of_whole_numbers_will_do():
    layer = HiddenLayer([[0, 1], [1, 0]], [0, 0])
    assert layer.W.dtype == layer.b.dtype == np.float64
    states = layer.forward([[[1, 0], [0, 0]]], [[0, 2]])
    step = np.tanh([1.0 + 2.0, 0.0])
    np.testing.assert_allclose(states, [[step, np.tanh(step[::-1])]], rtol=1e-15)


# Types ----------------------------------------------------------------------


@pytest.mark.parametrize("arriving", [np.float32, np.float64])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_layer_computes_in_the_type_of_its_weights(dtype, arriving):
    case = make_case(SOME, dtype=dtype)
    other = make_case(SOME, dtype=arriving)
    x, h0, a = other.x, other.h0, other.d_states
    inner, hidden, outer = case.network.layers
    results = [
        inner.forward(x),
        hidden.forward(a, h0),
        outer.forward(a),
        inner.backward(a),
        hidden.backward(a),
        outer.backward(other.d_logits),
        hidden.states,
        hidden.initial_state,
        hidden.final_state,
        hidden.d_initial_state,
        hidden.forward(a),
    ]
    for layer in case.network.layers:
        results += [*layer.parameters.values(), *layer.gradients.values()]
    assert {array.dtype for array in results} == {np.dtype(dtype)}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_loop_over_time_computes_in_the_type_of_its_weights(dtype, monkeypatch):
    seen = []
    tanh = np.tanh
    monkeypatch.setattr(np, "tanh", lambda z: seen.append(z.dtype) or tanh(z))
    case = make_case(SOME, dtype=dtype)
    case.network.forward(case.x)
    assert seen == SOME.T * [np.dtype(dtype)]


def test_a_number_too_large_for_float32_is_refused_where_it_comes_in():
    inner, hidden, outer = make_case(SOME, dtype=np.float32).network.layers
    ones = {width: np.ones((1, 2, width)) for width in (2, 5, 6)}
    large = {width: 1e300 * array for width, array in ones.items()}
    refused(ValueError, lambda: inner.forward(large[5]), "x", "inf")
    refused(ValueError, lambda: hidden.forward(large[2]), "weighted", "inf")
    refused(
        ValueError,
        lambda: hidden.forward(ones[2], [[0, 1e300]]),
        "initial_state",
        "inf at position (0, 1)",
    )
    refused(ValueError, lambda: outer.forward(large[2]), "states", "inf")
    for layer, width, upstream, name in (
        (inner, 5, large[2], "d_weighted"),
        (hidden, 2, large[2], "d_states"),
        (outer, 2, large[6], "d_logits"),
    ):
        layer.forward(ones[width])
        refused(
            ValueError, lambda i=layer, up=upstream: i.backward(up), name, "got inf"
        )


def test_bias_takes_the_type_of_the_weights():
    b32, b64 = np.zeros(2, np.float32), np.zeros(2)
    assert HiddenLayer(np.eye(2, dtype=np.float32), b64).b.dtype == np.float32
    assert HiddenLayer(np.eye(2), b32).b.dtype == np.float64
    assert OutputLayer(np.eye(2, dtype=np.float32), b64).c.dtype == np.float32
    assert OutputLayer(np.eye(2), b32).c.dtype == np.float64


# Extremes -------------------------------------------------------------------


def test_saturated_units_pass_no_gradient_and_nothing_warns():
    layer = HiddenLayer(np.eye(2), np.zeros(2))
    a = np.array([[[1e4, -1e4], [1e4, -1e4]]])
    with np.errstate(all="raise"):
        states = layer.forward(a)
        dz = layer.backward(np.ones((1, 2, 2)))
    np.testing.assert_array_equal(states, [[[1, -1], [1, -1]]])
    np.testing.assert_array_equal(tanh_slope(states), 0)
    np.testing.assert_array_equal(dz, 0)
    np.testing.assert_array_equal(layer.dW, 0)
    np.testing.assert_array_equal(layer.d_initial_state, 0)


# Bad input ------------------------------------------------------------------

NAN_AT_THE_END = np.array([[[0.0, 0.0], [0.0, np.nan]]])


def refused(error, call, name, *parts):
    """Assert that `call` raises `error` and that its message says all of `parts`."""
    with pytest.raises(error) as caught:
        call()
    assert_says(caught.value, name, *parts)


@pytest.mark.parametrize(
    ("make", "error", "parts"),
    [
        (lambda: InputLayer([1.0, 2.0]), ValueError, ["U", "(H, K)", "(2,)"]),
        (lambda: InputLayer(np.ones((2, 0))), ValueError, ["U", "(H, K)", "(2, 0)"]),
        (lambda: InputLayer([["a"]]), TypeError, ["U", "real numbers", "<U1"]),
        (lambda: InputLayer([[1, 2], [3]]), ValueError, ["U", "different lengths"]),
        (lambda: InputLayer([[1, np.inf]]), ValueError, ["U", "inf", "(0, 1)"]),
        (
            lambda: HiddenLayer(np.ones((2, 3)), np.ones(2)),
            ValueError,
            ["W", "(2, 2)", "(2, 3)"],
        ),
        (
            lambda: HiddenLayer(np.ones((3, 2)), np.ones(3)),
            ValueError,
            ["W", "(3, 3)", "(3, 2)"],
        ),
        (
            lambda: HiddenLayer(np.ones((0, 0)), np.ones(0)),
            ValueError,
            ["W", "(H, H)", "(0, 0)"],
        ),
        (lambda: HiddenLayer(1.0, [1.0]), ValueError, ["W", "(H, H)", "()"]),
        (lambda: HiddenLayer([[1], [2, 3]], [1]), ValueError, ["W", "different len"]),
        (
            lambda: HiddenLayer(np.ones((2, 2)), np.ones(3)),
            ValueError,
            ["b", "(2,)", "(3,)"],
        ),
        (
            lambda: HiddenLayer(np.ones((2, 2)), np.ones((2, 1))),
            ValueError,
            ["b", "(2,)", "(2, 1)"],
        ),
        (lambda: HiddenLayer([[np.nan]], [0]), ValueError, ["W", "nan", "(0, 0)"]),
        (lambda: HiddenLayer([[0.0]], [-np.inf]), ValueError, ["b", "-inf", "(0,)"]),
        (lambda: OutputLayer(np.ones(3), 1.0), ValueError, ["V", "(K, H)", "(3,)"]),
        (
            lambda: OutputLayer(np.ones((2, 3)), np.ones(3)),
            ValueError,
            ["c", "(2,)", "(3,)"],
        ),
        (lambda: OutputLayer([[1j]], [0]), TypeError, ["V", "real", "complex128"]),
        (lambda: OutputLayer([[1.0]], [None]), TypeError, ["c", "real", "object"]),
    ],
)
def test_unusable_parameters_are_refused(make, error, parts):
    refused(error, make, *parts)


@pytest.fixture
def layers():
    """Return an input, a hidden and an output layer with K = 3, H = 2."""
    return make_case(Sizes(N=1, T=1, K=3, H=2, out=4)).network.layers


@pytest.mark.parametrize(
    ("x", "error", "parts"),
    [
        (np.ones((2, 5, 4)), ValueError, ["x", "(N, T, 3)", "(2, 5, 4)"]),
        (np.ones((5, 3)), ValueError, ["x", "(N, T, 3)", "(5, 3)"]),
        (np.ones((1, 2, 5, 3)), ValueError, ["x", "(N, T, 3)", "(1, 2, 5, 3)"]),
        (np.ones((2, 0, 3)), ValueError, ["x", "(N, T, 3)", "(2, 0, 3)"]),
        (np.ones((0, 2, 3)), ValueError, ["x", "(N, T, 3)", "(0, 2, 3)"]),
        ([[[1, 0, 0], [1, 0]]], ValueError, ["x", "different lengths"]),
        ([[["A", "B", "C"]]], TypeError, ["x", "real numbers", "<U1"]),
        (None, TypeError, ["x", "expected an array", "None"]),
        ([[[None]]], TypeError, ["x", "real numbers", "object"]),
        ([[[0, np.inf, 0]]], ValueError, ["x", "finite", "inf", "(0, 0, 1)"]),
    ],
)
def test_input_layer_refuses_unusable_input(layers, x, error, parts):
    refused(error, lambda: layers[0].forward(x), *parts)


@pytest.mark.parametrize(
    ("weighted", "h0", "parts"),
    [
        (np.ones((2, 5, 3)), None, ["weighted", "(N, T, 2)", "(2, 5, 3)"]),
        (np.ones((5, 2)), None, ["weighted", "(N, T, 2)", "(5, 2)"]),
        (np.ones((1, 0, 2)), None, ["weighted", "(N, T, 2)", "(1, 0, 2)"]),
        (NAN_AT_THE_END, None, ["weighted", "finite", "nan", "(0, 1, 1)"]),
        (np.ones((3, 1, 2)), np.ones((1, 2)), ["initial_state", "(3, 2)", "(1, 2)"]),
        (np.ones((3, 1, 2)), np.ones((3, 3)), ["initial_state", "(3, 2)", "(3, 3)"]),
        (np.ones((3, 1, 2)), np.ones(2), ["initial_state", "(3, 2)", "(2,)"]),
        (np.ones((1, 1, 2)), [[0, np.inf]], ["initial_state", "inf", "(0, 1)"]),
    ],
)
def test_hidden_layer_refuses_unusable_input(layers, weighted, h0, parts):
    refused(ValueError, lambda: layers[1].forward(weighted, h0), *parts)


@pytest.mark.parametrize(
    ("states", "parts"),
    [
        (np.ones((2, 5, 4)), ["states", "(N, T, 2)", "(2, 5, 4)"]),
        (np.ones((5, 2)), ["states", "(N, T, 2)", "(5, 2)"]),
        (NAN_AT_THE_END, ["states", "finite", "nan", "(0, 1, 1)"]),
    ],
)
def test_output_layer_refuses_unusable_input(layers, states, parts):
    refused(ValueError, lambda: layers[2].forward(states), *parts)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_backward_before_forward_is_refused(layers, number):
    layer = layers[number]
    message = (
        f"^{type(layer).__name__}: call forward first; there is no forward pass to"
    )
    with pytest.raises(ValueError, match=message):
        layer.backward(np.ones((1, 1, 2)))


@pytest.mark.parametrize("name", ["states", "initial_state", "final_state"])
def test_states_before_forward_are_refused(layers, name):
    message = (
        "^HiddenLayer: call forward first; there is no forward pass to look back on$"
    )
    with pytest.raises(ValueError, match=message):
        getattr(layers[1], name)


def test_gradients_before_backward_are_refused(layers):
    for layer in layers:
        message = f"^{type(layer).__name__}: call backward first; there is no backward "
        with pytest.raises(ValueError, match=message + "pass to look back on$"):
            _ = layer.gradients


@pytest.mark.parametrize(
    ("number", "name", "width", "wanted"),
    [
        (0, "d_weighted", 2, "(2, 5, 2)"),
        (1, "d_states", 2, "(2, 5, 2)"),
        (2, "d_logits", 4, "(2, 5, 4)"),
    ],
)
def test_upstream_gradient_must_match_the_forward_pass(
    layers, number, name, width, wanted
):
    layer = layers[number]
    layer.forward(np.ones((2, 5, 3 if number == 0 else 2)))
    for shape in ((5, 2, width), (2, 5, width + 1), (1, 5, width), (2, 5), (10, width)):
        refused(
            ValueError,
            lambda s=shape: layer.backward(np.ones(s)),
            name,
            wanted,
            str(shape),
        )
    infinite = np.zeros((2, 5, width))
    infinite[1, 2, 0] = -np.inf
    refused(ValueError, lambda: layer.backward(infinite), name, "-inf", "(1, 2, 0)")
    refused(TypeError, lambda: layer.backward("up"), name, "real numbers", "<U2")
