"""VanillaRNN: values, gradients, symmetries, writing, types, and bad input."""

import math

import numpy as np
import pytest
from hypothesis import example, given

from rnn_lib import (
    InputLayer,
    VanillaRNN,
    cross_entropy_gradient,
    initialize,
    load_five_sequences,
    one_hot,
    softmax,
    tanh_slope,
    tiny_network,
)
from tests.cases import (
    ALL_ONE,
    ONE_STEP,
    ONE_UNIT,
    SEEDS,
    SIZES,
    Sizes,
    assert_near,
    assert_says,
    copies,
    draws,
    loop_forward,
    loop_loss,
    make_case,
    slopes,
)
from tests.support import frozen

SOME = Sizes(N=3, T=4, K=5, H=2, out=6)


def loss_and_gradients(network, x, targets, h0=None):
    """Return the loss, all gradients by name, and that of h0."""
    loss = network.loss(x, targets, h0)
    gradients = dict(network.backward())
    gradients["h0"] = network.hidden_layer.d_initial_state
    return loss, gradients


def assert_same(got, wanted):
    """Assert that two dictionaries hold the same names and the very same numbers."""
    assert list(got) == list(wanted)
    for name, array in got.items():
        np.testing.assert_array_equal(array, wanted[name], err_msg=name)


# How a network is made ------------------------------------------------------


def test_defaults():
    network = VanillaRNN(4, 3)
    assert (network.vocab_size, network.hidden_size, network.output_size) == (4, 3, 4)
    assert network.dtype == np.float64
    assert_same(network.parameters, initialize("uniform", 4, 3, 4, seed=0))
    assert network.layers == (
        network.input_layer,
        network.hidden_layer,
        network.output_layer,
    )


@pytest.mark.parametrize("scheme", ["uniform", "orthogonal", "original"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_setting_reaches_the_parameters(scheme, dtype):
    network = VanillaRNN(4, 3, 5, initialization=scheme, seed=7, dtype=dtype)
    assert network.output_size == 5
    assert network.dtype == dtype
    assert_same(network.parameters, initialize(scheme, 4, 3, 5, 7, dtype))


def test_seed_may_be_a_generator():
    rng = np.random.default_rng(3)
    first, second = VanillaRNN(4, 3, seed=rng), VanillaRNN(4, 3, seed=rng)
    assert_same(first.parameters, VanillaRNN(4, 3, seed=3).parameters)
    assert not np.array_equal(first.parameters["U"], second.parameters["U"])


@draws(60)
@given(SIZES, SEEDS)
@example(ALL_ONE, 0)
def test_shapes_and_number_of_parameters(sizes, seed):
    K, H, out = sizes.K, sizes.H, sizes.out
    case = make_case(sizes, seed)
    shapes = {name: array.shape for name, array in case.network.parameters.items()}
    assert shapes == {
        "U": (H, K),
        "W": (H, H),
        "b": (H,),
        "V": (out, H),
        "c": (out,),
    }
    count = case.network.parameter_count
    assert count == H * K + H * H + H + out * H + out
    logits, state = case.network.forward(case.x)
    assert logits.shape == (sizes.N, sizes.T, out)
    assert state.shape == (sizes.N, H)
    longer = np.concatenate([case.x, case.x], axis=1)
    assert case.network.forward(longer)[0].shape == (sizes.N, 2 * sizes.T, out)
    assert case.network.parameter_count == count


# Forward and loss -----------------------------------------------------------


@draws(60)
@given(SIZES, SEEDS)
@example(ALL_ONE, 0)
@example(ONE_STEP, 0)
@example(ONE_UNIT, 0)
def test_forward_loss_and_prediction_agree_with_a_plain_loop(sizes, seed):
    case = make_case(sizes, seed)
    network, x, h0 = case.network, case.x, case.h0
    for given_state, state in ((h0, h0), (None, np.zeros(h0.shape))):
        states, logits = loop_forward(network.parameters, x, state)
        wanted = loop_loss(logits, case.targets)

        got, final = network.forward(x, given_state)
        np.testing.assert_allclose(got, logits, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(final, states[:, -1], rtol=1e-12, atol=1e-12)
        np.testing.assert_array_equal(network.logits, got)
        np.testing.assert_array_equal(network.hidden_layer.states[:, -1], final)

        loss = network.loss(x, case.targets, given_state)
        assert type(loss) is float
        assert loss == pytest.approx(wanted, rel=1e-12, abs=1e-12)

        predicted = network.predict(x, given_state)
        assert predicted.dtype.kind == "i"
        np.testing.assert_array_equal(predicted, logits.argmax(axis=2))


def test_two_steps_worked_out_by_hand():
    """The network of the chapters: A, then B, with numbers from the formulas."""
    network = tiny_network()
    logits, final = network.forward(one_hot([[0, 1]], 3))
    first = [math.tanh(1.0 + 0.5), math.tanh(0.5)]
    second = [
        math.tanh(0.5 * first[0] - 1.0 * first[1] + 0.0 + 0.5),
        math.tanh(1.0 * first[0] + 0.5 * first[1] - 0.5),
    ]
    for t, h in enumerate((first, second)):
        wanted = [h[0], h[1] - h[0] + 0.5, 0.5 * h[0] - h[1]]
        np.testing.assert_allclose(logits[0, t], wanted, rtol=1e-14)
    np.testing.assert_allclose(final, [second], rtol=1e-14)


def test_final_state_belongs_to_the_caller():
    case = make_case(SOME)
    _, final = case.network.forward(case.x, case.h0)
    final += 1
    assert not np.array_equal(final, case.network.hidden_layer.final_state)


def test_logits_of_an_earlier_call_stay_as_they_were():
    case = make_case(SOME)
    logits, final = case.network.forward(case.x, case.h0)
    kept, kept_final = logits.copy(), final.copy()
    case.network.forward(-case.x)
    np.testing.assert_array_equal(logits, kept)
    np.testing.assert_array_equal(final, kept_final)


# Gradients ------------------------------------------------------------------


def slope_of(loss, network, name):
    """Return the numerical gradient of `loss` by one parameter, which it restores."""
    original = copies(network.parameters)

    def at(moved):
        network.set_parameters({**original, name: moved})
        return loss()

    gradient = slopes(at, original[name])
    network.set_parameters(original)
    return gradient


def test_gradients_of_the_loss_on_random_shapes():
    """Every gradient against central differences, on at least 50 shapes."""
    seen = set()

    @draws(80)
    @given(SIZES, SEEDS)
    @example(ALL_ONE, 0)
    @example(ONE_STEP, 0)
    @example(ONE_UNIT, 0)
    def check(sizes, seed):
        seen.add(sizes)
        case = make_case(sizes, seed)
        network, x, targets, h0 = case.network, case.x, case.targets, case.h0
        _, gradients = loss_and_gradients(network, x, targets, h0)
        for name in network.parameters:
            wanted = slope_of(lambda: network.loss(x, targets, h0), network, name)
            assert_near(gradients[name], wanted, 1e-6)
        wanted = slopes(lambda state: network.loss(x, targets, state), h0)
        assert_near(gradients["h0"], wanted, 1e-6)

    check()
    assert len(seen) >= 50
    assert sum(len({s.N, s.T, s.K, s.H, s.out}) == 5 for s in seen) >= 45
    assert sum(s.T == 1 for s in seen) >= 3
    assert sum(s.H == 1 for s in seen) >= 3


@draws(50)
@given(SIZES, SEEDS)
@example(ALL_ONE, 0)
@example(ONE_STEP, 0)
@example(ONE_UNIT, 0)
def test_gradients_of_any_other_loss_of_the_logits(sizes, seed):
    case = make_case(sizes, seed)
    network, x, h0 = case.network, case.x, case.h0

    def loss(state=h0):
        return float((case.d_logits * network.forward(x, state)[0]).sum())

    loss()
    gradients = copies(network.backward(case.d_logits))
    gradients["h0"] = network.hidden_layer.d_initial_state
    assert list(gradients) == ["U", "W", "b", "V", "c", "h0"]
    for name in network.parameters:
        assert_near(gradients[name], slope_of(loss, network, name), 1e-6)
    assert_near(gradients["h0"], slopes(loss, h0), 1e-6)


def test_backward_returns_the_gradients_it_stores():
    case = make_case(SOME)
    case.network.loss(case.x, case.targets)
    returned = case.network.backward()
    assert_same(returned, case.network.gradients)


def test_given_upstream_gradient_takes_the_place_of_the_loss():
    case = make_case(SOME)
    network = case.network
    logits, _ = network.forward(case.x, case.h0)
    by_hand = copies(
        network.backward(frozen(cross_entropy_gradient(logits, case.targets)))
    )
    _, gradients = loss_and_gradients(network, case.x, case.targets, case.h0)
    del gradients["h0"]
    assert_same(gradients, by_hand)
    other = copies(network.backward(case.d_logits))
    network.forward(case.x, case.h0)
    assert_same(network.backward(case.d_logits), other)
    assert not np.array_equal(other["V"], by_hand["V"])


def test_backward_does_not_work_out_the_gradient_of_the_inputs():
    case = make_case(Sizes(3, 7, 4, 5, 6))
    returned = []

    def backward_steps(*arguments):
        returned.append(InputLayer.backward_steps(layer, *arguments))

    layer = case.network.input_layer
    layer.backward_steps = backward_steps
    case.network.loss(case.x, case.targets)
    case.network.backward()
    assert returned == [None]


def test_two_calls_of_backward_give_the_same_gradients():
    case = make_case(SOME)
    case.network.loss(case.x, case.targets, case.h0)
    first = copies(case.network.backward())
    h0 = case.network.hidden_layer.d_initial_state.copy()
    assert_same(case.network.backward(), first)
    np.testing.assert_array_equal(case.network.hidden_layer.d_initial_state, h0)


def test_one_sequence_after_another_leaves_nothing_behind():
    one, other = make_case(SOME, 1), make_case(SOME, 2)
    network = one.network
    loss, fresh = loss_and_gradients(network, one.x, one.targets)
    fresh = copies(fresh)
    loss_and_gradients(network, other.x, other.targets, other.h0)
    again, gradients = loss_and_gradients(network, one.x, one.targets)
    assert again == loss
    assert_same(gradients, fresh)


def test_gradients_scale_with_the_upstream_gradient():
    case = make_case(SOME)
    case.network.forward(case.x, case.h0)
    once = copies(case.network.backward(case.d_logits))
    scaled = case.network.backward(frozen(-8 * case.d_logits))
    assert_same(scaled, {name: -8 * array for name, array in once.items()})


def test_targets_may_change_after_the_loss():
    case = make_case(SOME)
    _, wanted = loss_and_gradients(case.network, case.x, case.targets)
    wanted = copies(wanted)
    targets = case.targets.copy()
    case.network.loss(case.x, targets)
    targets[...] = (targets + 1) % SOME.out
    assert_same(case.network.backward(), {k: wanted[k] for k in "UWbVc"})


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(
    "sizes", [SOME, Sizes(1, 4, 5, 2, 6), Sizes(3, 1, 5, 2, 6), ALL_ONE], ids=str
)
def test_nothing_given_or_handed_out_is_looked_back_on(sizes, masked):
    """Refill every array between loss and backward: the gradients are the same."""
    case = make_case(sizes)
    network = case.network
    mask = np.ones(case.targets.shape, bool) if masked else None
    if masked:
        mask[1:, -1:] = False
    wanted_loss = network.loss(case.x, case.targets, case.h0, mask)
    wanted = copies(network.backward())
    d_h0 = network.hidden_layer.d_initial_state.copy()

    x, targets, h0 = case.x.copy(), case.targets.copy(), case.h0.copy()
    assert network.loss(x, targets, h0, mask) == wanted_loss
    hidden = network.hidden_layer
    shown = [hidden.states, hidden.initial_state, hidden.final_state, network.logits]
    for array in (x, h0, *shown):
        array[...] = 9
    targets[...] = 0
    if masked:
        mask[...] = True
    assert_same(copies(network.backward()), wanted)
    np.testing.assert_array_equal(hidden.d_initial_state, d_h0)
    for gradient in network.backward().values():
        gradient[...] = 9
    assert_same(copies(network.backward()), wanted)


@pytest.mark.parametrize(
    "sizes", [SOME, Sizes(1, 4, 5, 2, 6), Sizes(3, 1, 5, 2, 6), ALL_ONE], ids=str
)
def test_what_forward_returns_and_backward_takes_belongs_to_the_caller(sizes):
    case = make_case(sizes)
    network = case.network
    network.forward(case.x, case.h0)
    wanted = copies(network.backward(case.d_logits))
    x, h0, d_logits = case.x.copy(), case.h0.copy(), case.d_logits.copy()
    logits, final = network.forward(x, h0)
    kept = network.logits.copy()
    for array in (x, h0, logits, final):
        array[...] = 9
    np.testing.assert_array_equal(network.logits, kept)
    returned = network.backward(d_logits)
    np.testing.assert_array_equal(d_logits, case.d_logits)
    d_logits[...] = 9
    assert_same(returned, wanted)


def test_a_state_may_be_given_back_to_the_network_that_it_came_from():
    case = make_case(SOME)
    network = case.network
    network.forward(case.x)
    wanted = network.forward(case.x, network.hidden_layer.final_state.copy())[0]
    network.forward(case.x)
    got, _ = network.forward(case.x, network.hidden_layer.final_state)
    np.testing.assert_array_equal(got, wanted)


# What a recurrent network does not depend on --------------------------------


@draws(50)
@given(SIZES, SEEDS)
@example(Sizes(N=7, T=3, K=4, H=2, out=5), 0)
def test_order_of_the_rows_does_not_matter(sizes, seed):
    case = make_case(sizes, seed)
    network = case.network
    order = np.random.default_rng(seed).permutation(sizes.N)
    logits, final = network.forward(case.x, case.h0)
    loss, wanted = loss_and_gradients(network, case.x, case.targets, case.h0)
    wanted = copies(wanted)

    x, targets, h0 = case.x[order], case.targets[order], case.h0[order]
    moved, moved_final = network.forward(x, h0)
    assert_near(moved, logits[order], 1e-13)
    assert_near(moved_final, final[order], 1e-13)
    moved_loss, gradients = loss_and_gradients(network, x, targets, h0)
    assert moved_loss == pytest.approx(loss, rel=1e-12, abs=1e-13)
    assert_near(gradients.pop("h0"), wanted.pop("h0")[order], 1e-12)
    for name, gradient in gradients.items():
        assert_near(gradient, wanted[name], 1e-12)


@draws(50)
@given(SIZES, SEEDS)
@example(Sizes(N=7, T=3, K=4, H=2, out=5), 0)
def test_a_batch_is_its_rows_one_by_one(sizes, seed):
    """No row sees another: losses average, gradients of the sum add up."""
    case = make_case(sizes, seed)
    network = case.network
    logits, final = network.forward(case.x, case.h0)
    whole = copies(network.backward(case.d_logits))
    loss = network.loss(case.x, case.targets, case.h0)
    losses, sums = [], dict.fromkeys(whole, 0)
    for n in range(sizes.N):
        row = slice(n, n + 1)
        alone, alone_final = network.forward(case.x[row], case.h0[row])
        assert_near(alone, logits[row], 1e-13)
        assert_near(alone_final, final[row], 1e-13)
        for name, gradient in network.backward(case.d_logits[row]).items():
            sums[name] = sums[name] + gradient
        losses.append(network.loss(case.x[row], case.targets[row], case.h0[row]))
    assert loss == pytest.approx(np.mean(losses), rel=1e-12, abs=1e-13)
    for name, gradient in whole.items():
        assert_near(sums[name], gradient, 1e-12)


def test_order_of_the_five_sequences_does_not_matter():
    x, targets = load_five_sequences()
    network = VanillaRNN(26, 16)
    loss, wanted = loss_and_gradients(network, x, targets)
    wanted = copies(wanted)
    order = [3, 0, 4, 2, 1]
    moved, gradients = loss_and_gradients(network, x[order], targets[order])
    assert moved == pytest.approx(loss, rel=1e-14)
    del gradients["h0"]
    for name, gradient in gradients.items():
        assert_near(gradient, wanted[name], 1e-13)


@draws(50)
@given(SIZES, SEEDS)
@example(Sizes(N=2, T=7, K=4, H=3, out=5), 0)
def test_a_sequence_in_two_parts_is_one_run(sizes, seed):
    case = make_case(sizes, seed)
    doubled = np.concatenate([case.x, case.x[:, ::-1]], axis=1)
    logits, final = case.network.forward(doubled, case.h0)
    cut = 1 + seed % (2 * sizes.T - 1) if sizes.T > 1 else 1
    first, state = case.network.forward(doubled[:, :cut], case.h0)
    second, last = case.network.forward(doubled[:, cut:], state)
    assert first.shape[1] == cut
    assert_near(np.concatenate([first, second], axis=1), logits, 1e-13)
    assert_near(last, final, 1e-13)


@pytest.mark.parametrize("t", range(5))
def test_no_output_depends_on_a_later_input(t):
    sizes = Sizes(N=2, T=5, K=3, H=4, out=6)
    case = make_case(sizes)
    network = case.network
    logits, _ = network.forward(case.x, case.h0)

    changed = case.x.copy()
    changed[:, t] += 1.0
    moved, _ = network.forward(changed, case.h0)
    np.testing.assert_array_equal(moved[:, :t], logits[:, :t])
    assert np.all(np.abs(moved[:, t:] - logits[:, t:]).max(axis=2) > 1e-6)

    network.forward(case.x, case.h0)
    d_logits = np.zeros(logits.shape)
    d_logits[:, t] = case.d_logits[:, t]
    d_states = network.output_layer.backward(d_logits)
    dz = network.hidden_layer.backward(d_states)
    dx = network.input_layer.backward(dz)
    np.testing.assert_array_equal(dx[:, t + 1 :], 0)
    assert np.all(np.abs(dx[:, : t + 1]).max(axis=2) > 1e-9)


# When there is nothing to look back on --------------------------------------

NOTHING_TO_LOOK_BACK_ON = (
    "^backward: expected a call of loss just before, or d_logits; got neither$"
)


@pytest.mark.parametrize(
    "change",
    [
        lambda network, case: network.predict(case.x),
        lambda network, case: network.forward(case.x),
        lambda network, case: network.set_parameters(copies(network.parameters)),
    ],
    ids=["predict", "forward", "set_parameters"],
)
def test_backward_refuses_a_loss_that_is_out_of_date(change):
    case = make_case(SOME)
    case.network.loss(case.x, case.targets)
    change(case.network, case)
    with pytest.raises(ValueError, match=NOTHING_TO_LOOK_BACK_ON):
        case.network.backward()


@pytest.mark.parametrize(
    "attempt",
    [
        lambda network, case: network.loss(case.x, [[0]]),
        lambda network, case: network.loss(case.d_logits, case.targets),
        lambda network, case: network.forward(case.d_logits),
    ],
    ids=["loss, bad targets", "loss, bad x", "forward, bad x"],
)
def test_backward_refuses_the_loss_before_a_failed_call(attempt):
    case = make_case(SOME)
    case.network.loss(case.x, case.targets)
    with pytest.raises(ValueError, match="expected shape"):
        attempt(case.network, case)
    with pytest.raises(ValueError, match=NOTHING_TO_LOOK_BACK_ON):
        case.network.backward()


def test_backward_refuses_a_loss_from_before_writing():
    case = make_case(Sizes(N=3, T=4, K=5, H=2, out=5))
    case.network.loss(case.x, case.targets)
    case.network.generate([0], 1)
    with pytest.raises(ValueError, match=NOTHING_TO_LOOK_BACK_ON):
        case.network.backward()


def test_backward_before_any_forward_is_refused():
    network = VanillaRNN(3, 2)
    with pytest.raises(ValueError, match=NOTHING_TO_LOOK_BACK_ON):
        network.backward()
    with pytest.raises(ValueError, match="OutputLayer: call forward first"):
        network.backward(np.zeros((1, 1, 3)))
    with pytest.raises(ValueError, match="InputLayer: call backward first"):
        _ = network.gradients


def test_predict_leaves_parameters_and_gradients_alone():
    case = make_case(SOME)
    case.network.loss(case.x, case.targets)
    case.network.backward()
    parameters = copies(case.network.parameters)
    gradients = copies(case.network.gradients)
    case.network.predict(case.x)
    assert_same(case.network.parameters, parameters)
    assert_same(case.network.gradients, gradients)


# Setting parameters ---------------------------------------------------------


def test_set_parameters_copies_into_the_arrays_there_are():
    source = VanillaRNN(4, 3, 5, seed=1)
    network = VanillaRNN(4, 3, 5, seed=2)
    held = network.parameters
    values = {name: frozen(array) for name, array in source.parameters.items()}
    assert network.set_parameters(values) is None
    assert_same(held, values)
    for name, array in network.parameters.items():
        assert array is held[name]
        assert not np.shares_memory(array, values[name])


def test_set_parameters_may_swap_arrays_of_the_network_itself():
    network = VanillaRNN(3, 3)
    old = copies(network.parameters)
    own = network.parameters
    network.set_parameters(own | {"U": own["V"], "V": own["U"], "W": own["W"].T})
    swapped = old | {"U": old["V"], "V": old["U"], "W": old["W"].T}
    assert_same(network.parameters, swapped)


def test_set_parameters_takes_lists_and_other_types():
    network = VanillaRNN(1, 2, dtype=np.float32)
    network.set_parameters(
        {
            "c": np.array([5.0]),
            "V": [[3, 4]],
            "b": [1, 2],
            "W": np.eye(2),
            "U": [[0.5], [1]],
        }
    )
    assert {array.dtype for array in network.parameters.values()} == {
        np.dtype(np.float32)
    }
    np.testing.assert_array_equal(network.parameters["V"], [[3, 4]])
    np.testing.assert_array_equal(network.parameters["U"], [[0.5], [1]])


def changed(**arrays):
    """Return fitting values for K = 3, H = 2, with some of them replaced."""
    values = {
        "U": np.ones((2, 3)),
        "W": np.ones((2, 2)),
        "b": np.ones(2),
        "V": np.ones((3, 2)),
        "c": np.ones(3),
        **arrays,
    }
    return {name: value for name, value in values.items() if value is not None}


@pytest.mark.parametrize(
    ("values", "error", "parts"),
    [
        (
            changed(c=None),
            ValueError,
            ["values", "names ['U', 'V', 'W', 'b', 'c']", "got ['U', 'V"],
        ),
        (
            changed(Q=1),
            ValueError,
            ["values", "names ['U', 'V', 'W', 'b', 'c']", "'Q'"],
        ),
        (
            {**changed(c=None), 3: 1},
            ValueError,
            ["values", "names ['U', 'V', 'W', 'b', 'c']", "[3, 'U'"],
        ),
        ({}, ValueError, ["values", "expected the names", "got []"]),
        (None, TypeError, ["values", "names with arrays", "None"]),
        ([1, 2], TypeError, ["values", "names with arrays", "[1, 2]"]),
        (changed(c=np.ones(2)), ValueError, ["c", "(3,)", "(2,)"]),
        (changed(c=np.ones((3, 1))), ValueError, ["c", "(3,)", "(3, 1)"]),
        (changed(V=np.ones((2, 3))), ValueError, ["V", "(3, 2)", "(2, 3)"]),
        (changed(W=2.0), ValueError, ["W", "(2, 2)", "()"]),
        (changed(c=[0, 1, np.nan]), ValueError, ["c", "nan", "(2,)"]),
        (changed(c=["a", "b", "c"]), TypeError, ["c", "real numbers", "<U1"]),
        (changed(V=[[1, 2], [3]]), ValueError, ["V", "different lengths"]),
    ],
)
def test_set_parameters_that_fails_changes_nothing(values, error, parts):
    network = VanillaRNN(3, 2)
    kept = copies(network.parameters)
    with pytest.raises(error) as caught:
        network.set_parameters(values)
    assert_says(caught.value, *parts)
    assert_same(network.parameters, kept)


def test_set_parameters_refuses_a_number_too_large_for_float32():
    network = VanillaRNN(3, 2, dtype=np.float32)
    kept = copies(network.parameters)
    with pytest.raises(
        ValueError, match=r"^c: expected finite .* inf at position \(2,"
    ):
        network.set_parameters(changed(c=[0, 0, 1e300]))
    assert_same(network.parameters, kept)


# Writing --------------------------------------------------------------------


def writer(K=5, seed=21):
    """Return a network whose predictions are far from uniform."""
    network = VanillaRNN(K, 3, seed=seed)
    rng = np.random.default_rng(seed)
    network.set_parameters(
        {k: 1.2 * rng.standard_normal(p.shape) for k, p in network.parameters.items()}
    )
    return network


def continuation(network, text):
    """Return the logits after `text`, read from the start in one run."""
    logits, _ = network.forward(one_hot([text], network.vocab_size))
    return logits[0, -1]


@pytest.mark.parametrize("prompt", [[2], [0, 3, 3, 1], [4, 0]])
def test_temperature_zero_continues_a_prompt_as_forward_does(prompt):
    network = writer()
    text = list(prompt)
    for _ in range(8):
        text.append(int(continuation(network, text).argmax()))
    written = network.generate(frozen(np.array(prompt)), 8, temperature=0)
    assert written.tolist() == text[len(prompt) :]
    assert len(set(written.tolist())) > 1


@pytest.mark.parametrize("temperature", [0.0, 1e-320, 1e-300, 1e-9, 1e-3])
def test_temperature_towards_zero_is_argmax(temperature):
    network = writer()
    greedy = network.generate([1, 2], 12, temperature=0)
    for seed in range(5):
        written = network.generate([1, 2], 12, temperature=temperature, seed=seed)
        np.testing.assert_array_equal(written, greedy)


def test_temperature_zero_takes_the_first_of_equals():
    network = VanillaRNN(3, 1)
    network.set_parameters(
        {
            "U": np.zeros((1, 3)),
            "W": [[0]],
            "b": [0],
            "V": np.zeros((3, 1)),
            "c": [0] * 3,
        }
    )
    assert network.generate([0], 4, temperature=0).tolist() == [0, 0, 0, 0]
    # Equal logits stay equal at any temperature above 0.
    seen = network.generate([0], 60, temperature=1e-320)
    assert set(seen.tolist()) == {0, 1, 2}


def test_high_temperature_draws_all_symbols_alike_and_nothing_warns():
    network = writer(K=4)
    rng = np.random.default_rng(0)
    drawn = network.generate([0], 4000, temperature=1e300, seed=rng)
    counts = np.bincount(drawn, minlength=4)
    # 0.999 quantile of chi-square with 3 degrees of freedom.
    assert ((counts - 1000) ** 2 / 1000).sum() < 16.27


def chi_square(counts, probabilities):
    """Return Pearson's statistic of the counts against the probabilities."""
    expected = counts.sum() * probabilities
    return float(((counts - expected) ** 2 / expected).sum())


@pytest.mark.parametrize("temperature", [1.0, 0.5, 2.0])
def test_written_symbols_follow_the_predicted_distribution(temperature):
    network, prompt = writer(), [3, 0, 1]
    logits = continuation(network, prompt)
    rng = np.random.default_rng(11)
    setting = {} if temperature == 1.0 else {"temperature": temperature}
    drawn = [network.generate(prompt, 1, seed=rng, **setting)[0] for _ in range(4000)]
    counts = np.bincount(drawn, minlength=5)
    # 0.999 quantile of chi-square with 4 degrees of freedom.
    assert chi_square(counts, softmax(logits / temperature)) < 18.47
    for wrong in {0.5, 1.0, 2.0} - {temperature}:
        assert chi_square(counts, softmax(logits / wrong)) > 100


def test_pairs_of_written_symbols_follow_the_chain_of_predictions():
    network, prompt = writer(K=3), [2, 0]
    first = softmax(continuation(network, prompt))
    pairs = np.array(
        [first[a] * softmax(continuation(network, [*prompt, a])) for a in range(3)]
    )
    rng = np.random.default_rng(5)
    counts = np.zeros((3, 3))
    for _ in range(4000):
        a, b = network.generate(prompt, 2, seed=rng)
        counts[a, b] += 1
    # 0.999 quantile of chi-square with 8 degrees of freedom.
    assert chi_square(counts, pairs) < 26.12


def test_writing_is_reproducible_by_its_seed():
    network = writer()
    first = network.generate([0], 30, seed=1)
    np.testing.assert_array_equal(network.generate([0], 30, seed=1), first)
    by_generator = network.generate([0], 30, seed=np.random.default_rng(1))
    np.testing.assert_array_equal(by_generator, first)
    assert not np.array_equal(network.generate([0], 30, seed=2), first)
    unseeded = network.generate([0], 30)
    np.testing.assert_array_equal(unseeded, network.generate([0], 30, seed=0))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_written_symbols_are_indices(dtype):
    network = VanillaRNN(4, 3, dtype=dtype)
    written = network.generate([0, 3], 7)
    assert written.dtype == np.intp
    assert written.shape == (7,)
    assert set(written.tolist()) <= {0, 1, 2, 3}
    assert network.logits.dtype == dtype


@pytest.mark.parametrize("c", [[-1e4, 1e4, 0], [3, 5, 4], [-5, -3, -4], [1e4, 2e4, 0]])
@pytest.mark.parametrize("temperature", [0, 1e-320, 1e-305, 1e-3])
def test_any_logits_can_be_drawn_from(c, temperature):
    network = VanillaRNN(3, 1)
    network.set_parameters(
        {"U": np.zeros((1, 3)), "W": [[0]], "b": [0], "V": np.zeros((3, 1)), "c": c}
    )
    with np.errstate(all="raise"):
        assert network.generate([0], 5, temperature=temperature).tolist() == [1] * 5


# Types and extremes ---------------------------------------------------------


def test_float32_stays_float32_throughout():
    case = make_case(SOME, dtype=np.float32)
    network = case.network
    # Inputs of the other type are converted on the way in.
    network.loss(case.x.astype(np.float64), case.targets, case.h0.astype(np.float64))
    gradients = network.backward()
    logits, final = network.forward(case.x)
    given_gradients = network.backward(case.d_logits.astype(np.float64))
    hidden = network.hidden_layer
    arrays = [logits, final, network.logits, hidden.states, hidden.d_initial_state]
    for group in (gradients, given_gradients, network.gradients, network.parameters):
        arrays += group.values()
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
    assert network.dtype == np.float32


@draws(50)
@given(SIZES, SEEDS)
def test_float32_is_close_to_float64(sizes, seed):
    case = make_case(sizes, seed)
    small = VanillaRNN(sizes.K, sizes.H, sizes.out, dtype=np.float32)
    small.set_parameters(case.network.parameters)
    loss, gradients = loss_and_gradients(case.network, case.x, case.targets, case.h0)
    got, small_gradients = loss_and_gradients(small, case.x, case.targets, case.h0)
    assert got == pytest.approx(loss, rel=1e-5, abs=1e-6)
    for name, gradient in gradients.items():
        assert_near(small_gradients[name], gradient, 1e-3)


def test_float32_loss_of_the_five_sequences_is_close_to_float64():
    x, targets = load_five_sequences()
    large = VanillaRNN(26, 128)
    small = VanillaRNN(26, 128, dtype=np.float32)
    loss = large.loss(x, targets)
    assert small.loss(x, targets) == pytest.approx(loss, rel=1e-5)


def test_original_initialization_is_blind_from_the_second_step():
    x, targets = load_five_sequences()
    network = VanillaRNN(26, 128, initialization="original", seed=42)
    network.loss(x, targets)
    states = network.hidden_layer.states
    np.testing.assert_array_equal(states[:, 1:], 1.0)
    np.testing.assert_array_equal(tanh_slope(states[:, 1:]), 0.0)
    assert np.all(tanh_slope(states[:, 0]) > 0)
    gradients = network.backward()
    np.testing.assert_array_equal(gradients["W"], 0.0)
    assert np.all(gradients["b"] != 0)


def test_ten_thousand_steps_stay_finite():
    network = VanillaRNN(4, 16, initialization="orthogonal", seed=1)
    rng = np.random.default_rng(0)
    symbols = rng.integers(0, 4, (1, 10_001))
    loss = network.loss(one_hot(symbols[:, :-1], 4), symbols[:, 1:])
    gradients = network.backward()
    assert 0.5 * math.log(4) < loss < 2 * math.log(4)
    for gradient in gradients.values():
        assert np.isfinite(gradient).all()
        assert np.abs(gradient).max() > 0
    assert np.isfinite(network.hidden_layer.d_initial_state).all()


def test_logits_of_ten_thousand_do_not_warn():
    network = VanillaRNN(3, 1)
    network.set_parameters(
        {
            "U": np.zeros((1, 3)),
            "W": [[0]],
            "b": [0],
            "V": np.zeros((3, 1)),
            "c": [1e4, -1e4, 0],
        }
    )
    with np.errstate(all="raise"):
        loss = network.loss(one_hot([[0, 0]], 3), [[0, 1]])
        gradients = network.backward()
    assert loss == 1e4
    np.testing.assert_array_equal(gradients["c"], [0.5, -0.5, 0])


@pytest.mark.parametrize(
    ("dtype", "scale"),
    [(np.float64, 1e-310), (np.float64, 5e-324), (np.float32, 1e-40)],
)
def test_denormal_parameters_are_numbers_like_others(dtype, scale):
    """Logits that small leave a uniform guess, whose gradients are known."""
    network = VanillaRNN(3, 2, dtype=dtype)
    shapes = {name: array.shape for name, array in network.parameters.items()}
    parameters = {name: np.full(shape, scale, dtype) for name, shape in shapes.items()}
    parameters["V"] = np.ones((3, 2), dtype)
    network.set_parameters(parameters)
    x, targets = one_hot([[0, 2]], 3, dtype), np.array([[1, 1]])
    states, logits = loop_forward(parameters, x, np.zeros((1, 2)))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        got = network.loss(x, targets)
        gradients = network.backward()
    np.testing.assert_array_equal(network.hidden_layer.states, states.astype(dtype))
    np.testing.assert_array_equal(network.logits, logits.astype(dtype))
    assert network.logits.min() > 0
    assert got == pytest.approx(math.log(3), rel=1e-6)
    np.testing.assert_allclose(gradients["c"], [1 / 3, -2 / 3, 1 / 3], rtol=1e-6)
    for gradient in gradients.values():
        assert np.isfinite(gradient).all()


def test_a_vocabulary_of_one_symbol_has_no_loss():
    network = VanillaRNN(1, 2)
    assert network.loss(np.ones((2, 3, 1)), np.zeros((2, 3), int)) == 0.0
    for gradient in network.backward().values():
        np.testing.assert_array_equal(gradient, 0)
    assert network.generate([0], 3).tolist() == [0, 0, 0]


# Bad input ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "settings", "error", "parts"),
    [
        ((0, 2), {}, ValueError, ["vocab_size", "at least 1", "got 0"]),
        ((-3, 2), {}, ValueError, ["vocab_size", "at least 1", "got -3"]),
        ((3, 0), {}, ValueError, ["hidden_size", "at least 1", "got 0"]),
        ((3, 2, 0), {}, ValueError, ["output_size", "at least 1", "got 0"]),
        ((2.5, 2), {}, TypeError, ["vocab_size", "whole number", "2.5"]),
        ((3, "2"), {}, TypeError, ["hidden_size", "whole number", "'2'"]),
        ((3, True), {}, TypeError, ["hidden_size", "whole number", "True"]),
        ((3, None), {}, TypeError, ["hidden_size", "whole number", "None"]),
        ((3, 2, 4.0), {}, TypeError, ["output_size", "whole number", "4.0"]),
        (
            (3, 2),
            {"initialization": "xavier"},
            ValueError,
            ["initialization", "['original', 'orthogonal', 'uniform']", "'xavier'"],
        ),
        ((3, 2), {"seed": -1}, ValueError, ["seed", "at least 0", "got -1"]),
        ((3, 2), {"seed": None}, TypeError, ["seed", "whole number or a r", "None"]),
        ((3, 2), {"dtype": np.int64}, TypeError, ["dtype", "float32 or f", "int64"]),
        ((3, 2), {"dtype": "half"}, TypeError, ["dtype", "float32 or f", "'half'"]),
    ],
)
def test_network_refuses_unusable_settings(arguments, settings, error, parts):
    with pytest.raises(error) as caught:
        VanillaRNN(*arguments, **settings)
    assert_says(caught.value, *parts)


GOOD_X = frozen(np.ones((2, 4, 3)))
GOOD_TARGETS = frozen(np.zeros((2, 4), dtype=int))


@pytest.mark.parametrize(
    ("x", "h0", "error", "parts"),
    [
        (np.ones((4, 3)), None, ValueError, ["x", "(N, T, 3)", "(4, 3)"]),
        (np.ones((2, 4, 5)), None, ValueError, ["x", "(N, T, 3)", "(2, 4, 5)"]),
        (np.ones((2, 3, 4)), None, ValueError, ["x", "(N, T, 3)", "(2, 3, 4)"]),
        (np.ones((0, 4, 3)), None, ValueError, ["x", "(N, T, 3)", "(0, 4, 3)"]),
        (np.ones((2, 0, 3)), None, ValueError, ["x", "(N, T, 3)", "(2, 0, 3)"]),
        ([], None, ValueError, ["x", "(N, T, 3)", "(0,)"]),
        ([[[1, 0, 0]], [[1, 0]]], None, ValueError, ["x", "different lengths"]),
        (np.full((1, 1, 3), np.nan), None, ValueError, ["x", "nan", "(0, 0, 0)"]),
        ([["ABC"]], None, TypeError, ["x", "real numbers", "<U3"]),
        (
            GOOD_X,
            np.ones((1, 2, 2)),
            ValueError,
            ["initial_state", "(2, 2)", "(1, 2, 2"],
        ),
        (GOOD_X, np.ones((4, 2)), ValueError, ["initial_state", "(2, 2)", "(4, 2)"]),
        (GOOD_X, [[0, 0], [0, np.nan]], ValueError, ["initial_state", "nan", "(1, 1)"]),
        (GOOD_X, [[0, 0], [0]], ValueError, ["initial_state", "different lengths"]),
        (GOOD_X, "zero", TypeError, ["initial_state", "real numbers", "<U4"]),
    ],
)
@pytest.mark.parametrize("method", ["forward", "predict", "loss"])
def test_network_refuses_unusable_input(method, x, h0, error, parts):
    network = VanillaRNN(3, 2)
    arguments = (x, GOOD_TARGETS) if method == "loss" else (x,)
    with pytest.raises(error) as caught:
        getattr(network, method)(*arguments, initial_state=h0)
    assert_says(caught.value, *parts)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", "UWbVc")
def test_no_symbol_is_predicted_from_what_is_no_number(name, value):
    network = VanillaRNN(3, 2)
    network.parameters[name].flat[-1] = value
    for call in (
        lambda: network.predict(GOOD_X, np.ones((2, 2))),
        lambda: network.generate([0], 1, temperature=0),
    ):
        with pytest.raises(ValueError, match=f"^{name}: expected finite") as caught:
            call()
        assert_says(caught.value, name, f"got {value}")


@pytest.mark.parametrize("name", "UWbVc")
def test_nan_that_comes_out_of_forward_is_refused_by_the_name_of_its_parameter(name):
    network = VanillaRNN(3, 2)
    network.parameters[name].flat[-1] = np.nan
    for call in (
        lambda: network.forward(GOOD_X),
        lambda: network.loss(GOOD_X, GOOD_TARGETS),
    ):
        with pytest.raises(ValueError, match=f"^{name}: expected finite"):
            call()


def test_logits_too_large_for_their_type_are_refused():
    network = VanillaRNN(3, 2, dtype=np.float32)
    network.output_layer.V[...] = 3e38
    network.hidden_layer.b[...] = 9
    with np.errstate(over="ignore"), pytest.raises(ValueError, match=r"^logits: exp"):
        network.predict(GOOD_X)


@pytest.mark.parametrize(
    ("targets", "error", "parts"),
    [
        (np.zeros((2, 3), int), ValueError, ["targets", "(2, 4)", "(2, 3)"]),
        (np.zeros((1, 4), int), ValueError, ["targets", "(2, 4)", "(1, 4)"]),
        (np.zeros(8, int), ValueError, ["targets", "(2, 4)", "(8,)"]),
        (np.zeros((2, 4, 3), int), ValueError, ["targets", "(2, 4)", "(2, 4, 3)"]),
        (
            [[0, 1, 2, 0], [0, 1, 2, 3]],
            ValueError,
            ["targets", "0 to 2", "got 3", "(1, 3)"],
        ),
        (
            [[0, -1, 2, 0], [0, 1, 2, 0]],
            ValueError,
            ["targets", "0 to 2", "got -1", "(0, 1)"],
        ),
        (np.zeros((2, 4)), TypeError, ["targets", "integer indices", "float64"]),
        ([["A"] * 4] * 2, TypeError, ["targets", "integer indices", "<U1"]),
        ([[True] * 4] * 2, TypeError, ["targets", "integer indices", "bool"]),
        ([[0, 1, 2, 0], [0]], ValueError, ["targets", "different lengths"]),
    ],
)
def test_loss_refuses_targets_that_do_not_fit(targets, error, parts):
    with pytest.raises(error) as caught:
        VanillaRNN(3, 2).loss(GOOD_X, targets)
    assert_says(caught.value, *parts)


@pytest.mark.parametrize(
    ("d_logits", "error", "parts"),
    [
        (np.ones((2, 4, 2)), ValueError, ["d_logits", "(2, 4, 3)", "(2, 4, 2)"]),
        (np.ones((8, 3)), ValueError, ["d_logits", "(2, 4, 3)", "(8, 3)"]),
        (np.full((2, 4, 3), np.inf), ValueError, ["d_logits", "inf", "(0, 0, 0)"]),
        (0.0, ValueError, ["d_logits", "(2, 4, 3)", "()"]),
        ("mean", TypeError, ["d_logits", "real numbers", "<U4"]),
    ],
)
def test_backward_refuses_an_upstream_gradient_that_does_not_fit(
    d_logits, error, parts
):
    network = VanillaRNN(3, 2)
    network.forward(GOOD_X)
    with pytest.raises(error) as caught:
        network.backward(d_logits)
    assert_says(caught.value, *parts)


@pytest.mark.parametrize(
    ("arguments", "settings", "error", "parts"),
    [
        (([], 3), {}, ValueError, ["prompt", "(T,)", "(0,)"]),
        (([0.0], 3), {}, TypeError, ["prompt", "integer indices", "float64"]),
        ((np.zeros(0, int), 3), {}, ValueError, ["prompt", "(T,)", "(0,)"]),
        (([[0, 1]], 3), {}, ValueError, ["prompt", "(T,)", "(1, 2)"]),
        (([0, 3], 3), {}, ValueError, ["prompt", "from 0 to 2", "got 3", "(1,)"]),
        (([-1], 3), {}, ValueError, ["prompt", "from 0 to 2", "got -1", "(0,)"]),
        (("AB", 3), {}, ValueError, ["prompt", "(T,)", "()"]),
        ((["A", "B"], 3), {}, TypeError, ["prompt", "integer indices", "<U1"]),
        (([0], 0), {}, ValueError, ["length", "at least 1", "got 0"]),
        (([0], 2.0), {}, TypeError, ["length", "whole number", "2.0"]),
        (([0], 2), {"temperature": -1}, ValueError, ["temperature", "least 0", "-1"]),
        (([0], 2), {"temperature": np.inf}, ValueError, ["temperature", "fin", "inf"]),
        (([0], 2), {"temperature": np.nan}, ValueError, ["temperature", "fin", "nan"]),
        (([0], 2), {"seed": -1}, ValueError, ["seed", "at least 0", "got -1"]),
        (([0], 2), {"seed": 1.5}, TypeError, ["seed", "whole number or a r", "1.5"]),
        (([0], 2), {"temperature": "hot"}, TypeError, ["temperature", "num", "'hot'"]),
    ],
)
def test_generate_refuses_unusable_arguments(arguments, settings, error, parts):
    with pytest.raises(error) as caught:
        VanillaRNN(3, 2).generate(*arguments, **settings)
    assert_says(caught.value, *parts)


def test_generate_needs_the_same_symbols_out_as_in():
    with pytest.raises(ValueError, match=r"as many symbols out as in \(3\), got 5"):
        VanillaRNN(3, 2, 5).generate([0], 1)
