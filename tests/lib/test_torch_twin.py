"""The network in PyTorch: the original's numbers, and parity with NumPy."""

import numpy as np
import pytest
import torch
from hypothesis import example, given
from torch import nn

from rnn_lib import (
    SGD,
    Adam,
    VanillaRNN,
    load_five_sequences,
    one_hot,
    train,
)
from rnn_lib.torch_twin import (
    AlphabetRNN,
    gradients_from_torch,
    parameters_from_torch,
    to_torch,
)
from tests.cases import (
    ALL_ONE,
    ONE_STEP,
    ONE_UNIT,
    SEEDS,
    SIZES,
    ReLULayer,
    Sizes,
    assert_near,
    copies,
    draws,
    make_case,
)

SOME = Sizes(N=3, T=4, K=5, H=2, out=6)


def tensor(array):
    """Return a copy as a tensor, so that read-only arrays will do."""
    return torch.from_numpy(np.array(array))


def names_of(model):
    """Return name and shape of each parameter, in the order of creation."""
    return [(name, tuple(value.shape)) for name, value in model.named_parameters()]


# The original notebook ------------------------------------------------------


def test_ten_losses_and_the_prediction_of_the_original():
    torch.manual_seed(42)
    x, targets = (tensor(array) for array in load_five_sequences(np.float32))
    model = AlphabetRNN(26, 128, 26)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        logits, _ = model(x)
        loss = criterion(logits.view(-1, 26), targets.view(-1))
        loss.backward()
        optimizer.step()
        losses.append(f"{loss.item():.4f}")
    assert losses == [
        "3.2564",
        "3.2435",
        "3.2306",
        "3.2176",
        "3.2045",
        "3.1911",
        "3.1773",
        "3.1630",
        "3.1482",
        "3.1327",
    ]
    asked = tensor(one_hot([[*range(1, 26), 0]], 26, np.float32))
    with torch.no_grad():
        logits, _ = model(asked)
    assert logits[0, -1].argmax().item() == 24


def test_model_has_the_names_and_shapes_of_the_original():
    model = AlphabetRNN(4, 3, 5)
    assert isinstance(model.rnn, nn.RNN)
    assert isinstance(model.fc, nn.Linear)
    assert model.hidden_size == 3
    # This order decides which random numbers each parameter gets.
    assert names_of(model) == [
        ("rnn.weight_ih_l0", (3, 4)),
        ("rnn.weight_hh_l0", (3, 3)),
        ("rnn.bias_ih_l0", (3,)),
        ("rnn.bias_hh_l0", (3,)),
        ("fc.weight", (5, 3)),
        ("fc.bias", (5,)),
    ]


def test_model_is_batch_first_and_starts_at_zero():
    model = AlphabetRNN(4, 3, 5)
    x = torch.randn(2, 6, 4, generator=torch.Generator().manual_seed(0))
    logits, final = model(x)
    assert logits.shape == (2, 6, 5)
    assert final.shape == (1, 2, 3)
    zero_logits, zero_final = model(x, torch.zeros(1, 2, 3))
    assert torch.equal(logits, zero_logits)
    assert torch.equal(final, zero_final)
    moved, _ = model(x, torch.ones(1, 2, 3))
    assert not torch.equal(moved, logits)
    first, state = model(x[:, :2])
    second, _ = model(x[:, 2:], state)
    torch.testing.assert_close(torch.cat([first, second], dim=1), logits)


# Parity ---------------------------------------------------------------------


def test_parity_on_random_shapes():
    """Logits, final state and all gradients in float64, on at least 50 shapes."""
    seen = set()

    @draws(60)
    @given(SIZES, SEEDS)
    @example(ALL_ONE, 0)
    @example(ONE_STEP, 0)
    @example(ONE_UNIT, 0)
    def check(sizes, seed):
        seen.add(sizes)
        case = make_case(sizes, seed)
        network, model = case.network, to_torch(case.network)
        x = tensor(case.x).requires_grad_()
        h0 = tensor(case.h0)[None].requires_grad_()

        logits, final = network.forward(case.x, case.h0)
        torch_logits, torch_final = model(x, h0)
        assert torch_logits.dtype == torch.float64
        assert_near(logits, torch_logits.detach().numpy(), 1e-10)
        assert_near(final, torch_final.detach().numpy()[0], 1e-10)

        # A different upstream gradient for every logit.
        torch_logits.backward(tensor(case.d_logits))
        gradients = network.backward(case.d_logits)
        wanted = gradients_from_torch(model)
        assert list(gradients) == list(wanted)
        for name, gradient in gradients.items():
            assert_near(gradient, wanted[name], 1e-10)
        d_h0 = network.hidden_layer.d_initial_state
        assert_near(d_h0, h0.grad.numpy()[0], 1e-10)
        d_states = network.output_layer.backward(case.d_logits)
        dx = network.input_layer.backward(network.hidden_layer.backward(d_states))
        assert_near(dx, x.grad.numpy(), 1e-10)

    check()
    assert len(seen) >= 50
    assert sum(len({s.N, s.T, s.K, s.H, s.out}) == 5 for s in seen) >= 45


@pytest.mark.parametrize("sizes", [Sizes(4, 6, 5, 8, 3), Sizes(1, 5, 4, 9, 3)], ids=str)
def test_parity_with_relu_in_the_place_of_tanh(sizes):
    class ReLURNN(VanillaRNN):
        Hidden = ReLULayer

    case = make_case(sizes)
    network, model = ReLURNN(sizes.K, sizes.H, sizes.out), to_torch(case.network)
    network.set_parameters(case.network.parameters)
    rnn = nn.RNN(sizes.K, sizes.H, nonlinearity="relu", batch_first=True).double()
    rnn.load_state_dict(model.rnn.state_dict())
    model.rnn = rnn
    logits, _ = network.forward(case.x, case.h0)
    torch_logits, _ = model(tensor(case.x), tensor(case.h0)[None])
    assert (network.hidden_layer.states == 0).any()
    assert (network.hidden_layer.states > 1).any()
    assert_near(logits, torch_logits.detach().numpy(), 1e-10)
    torch_logits.backward(tensor(case.d_logits))
    wanted = gradients_from_torch(model)
    for name, gradient in network.backward(case.d_logits).items():
        assert_near(gradient, wanted[name], 1e-10)


@draws(50)
@given(SIZES, SEEDS)
@example(ALL_ONE, 0)
def test_parity_of_the_loss_and_its_gradients(sizes, seed):
    case = make_case(sizes, seed)
    network, model = case.network, to_torch(case.network)
    h0 = tensor(case.h0)[None].requires_grad_()
    logits, _ = model(tensor(case.x), h0)
    loss = nn.functional.cross_entropy(
        logits.reshape(-1, sizes.out), tensor(case.targets).reshape(-1)
    )
    loss.backward()
    got = network.loss(case.x, case.targets, case.h0)
    assert got == pytest.approx(loss.item(), rel=1e-10, abs=1e-12)
    wanted = gradients_from_torch(model)
    for name, gradient in network.backward().items():
        assert_near(gradient, wanted[name], 1e-10)
    d_h0 = network.hidden_layer.d_initial_state
    assert_near(d_h0, h0.grad.numpy()[0], 1e-10)


def test_parity_on_the_five_sequences_is_closer_than_a_trillionth():
    x, targets = load_five_sequences()
    network = VanillaRNN(26, 64)
    model = to_torch(network)
    logits, _ = model(tensor(x))
    loss = nn.functional.cross_entropy(logits.view(-1, 26), tensor(targets).view(-1))
    loss.backward()
    assert network.loss(x, targets) == pytest.approx(loss.item(), rel=1e-12)
    wanted = gradients_from_torch(model)
    for name, gradient in network.backward().items():
        assert_near(gradient, wanted[name], 1e-12)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (SGD, lambda parameters: torch.optim.SGD(parameters, lr=0.3)),
        (Adam, lambda parameters: torch.optim.Adam(parameters, lr=0.01)),
    ],
    ids=["SGD", "Adam"],
)
def test_parity_after_fifty_training_steps(ours, theirs):
    x, targets = load_five_sequences()
    network = VanillaRNN(26, 16, seed=3)
    start = copies(network.parameters)
    model = to_torch(network)
    optimizer = theirs(p for p in model.parameters() if p.requires_grad)
    losses = []
    for _ in range(50):
        optimizer.zero_grad()
        logits, _ = model(tensor(x))
        loss = nn.functional.cross_entropy(
            logits.view(-1, 26), tensor(targets).view(-1)
        )
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    optimizer = ours(0.3 if ours is SGD else 0.01)
    history = train(network, x, targets, optimizer=optimizer, epochs=50)
    assert history.losses == pytest.approx(losses, rel=1e-10)
    assert losses[-1] < losses[0] - 0.01
    trained = parameters_from_torch(model)
    for name, array in network.parameters.items():
        assert_near(array, trained[name], 1e-10)
        assert np.abs(array - start[name]).max() > 1e-3


def test_parity_over_ten_thousand_steps():
    network = VanillaRNN(3, 8, initialization="orthogonal", seed=2)
    symbols = np.random.default_rng(1).integers(0, 3, (1, 10_001))
    x, targets = one_hot(symbols[:, :-1], 3), symbols[:, 1:]
    model = to_torch(network)
    logits, final = model(tensor(x))
    loss = nn.functional.cross_entropy(logits.view(-1, 3), tensor(targets).view(-1))
    loss.backward()
    assert network.loss(x, targets) == pytest.approx(loss.item(), rel=1e-12)
    assert_near(network.hidden_layer.final_state, final[0].detach().numpy(), 1e-10)
    wanted = gradients_from_torch(model)
    for name, gradient in network.backward().items():
        assert_near(gradient, wanted[name], 1e-10)


# There and back -------------------------------------------------------------


@draws(50)
@given(SIZES, SEEDS)
@example(ALL_ONE, 0)
def test_parameters_come_back_unchanged(sizes, seed):
    for dtype in (np.float32, np.float64):
        network = make_case(sizes, seed, dtype).network
        back = parameters_from_torch(to_torch(network))
        assert list(back) == ["U", "W", "b", "V", "c"]
        for name, array in network.parameters.items():
            assert back[name].dtype == dtype
            np.testing.assert_array_equal(back[name], array)
        other = VanillaRNN(sizes.K, sizes.H, sizes.out, dtype=dtype)
        other.set_parameters(back)
        for name, array in other.parameters.items():
            np.testing.assert_array_equal(array, network.parameters[name])


def test_each_parameter_goes_to_its_place():
    network = make_case(SOME).network
    model, p = to_torch(network), network.parameters
    places = {
        "U": model.rnn.weight_ih_l0,
        "W": model.rnn.weight_hh_l0,
        "b": model.rnn.bias_ih_l0,
        "V": model.fc.weight,
        "c": model.fc.bias,
    }
    for name, place in places.items():
        np.testing.assert_array_equal(place.detach().numpy(), p[name])
        assert place.requires_grad
        assert place.is_leaf
    assert not model.rnn.bias_hh_l0.any()
    assert not model.rnn.bias_hh_l0.requires_grad
    assert model.hidden_size == SOME.H


@pytest.mark.parametrize(
    ("dtype", "torch_dtype"),
    [(np.float32, torch.float32), (np.float64, torch.float64)],
)
def test_model_has_the_type_of_the_network(dtype, torch_dtype):
    case = make_case(SOME, dtype=dtype)
    model = to_torch(case.network)
    assert {p.dtype for p in model.parameters()} == {torch_dtype}
    logits, final = model(tensor(case.x), tensor(case.h0)[None])
    assert logits.dtype == final.dtype == torch_dtype
    logits.sum().backward()
    assert {g.dtype for g in gradients_from_torch(model).values()} == {np.dtype(dtype)}
    got, _ = case.network.forward(case.x, case.h0)
    assert_near(got, logits.detach().numpy(), 1e-5 if dtype == np.float32 else 1e-12)


def test_neither_side_holds_the_memory_of_the_other():
    network = make_case(SOME).network
    kept = copies(network.parameters)
    model = to_torch(network)
    with torch.no_grad():
        for place in model.parameters():
            place.add_(1.0)
    for name, array in network.parameters.items():
        np.testing.assert_array_equal(array, kept[name])

    before = parameters_from_torch(model)
    for array in parameters_from_torch(model).values():
        array += 1
    model(torch.ones(1, 2, SOME.K, dtype=torch.float64))[0].sum().backward()
    gradients = gradients_from_torch(model)
    held = copies(gradients)
    for array in gradients_from_torch(model).values():
        array += 1
    for name, array in gradients_from_torch(model).items():
        np.testing.assert_array_equal(array, held[name])
    for place in model.parameters():
        if place.grad is not None:
            place.grad.zero_()
    with torch.no_grad():
        for place in model.parameters():
            place.add_(1.0)
    for name, array in parameters_from_torch(model).items():
        # b is the sum of two biases, and both were moved.
        step = 2.0 if name == "b" else 1.0
        np.testing.assert_allclose(array, before[name] + step, rtol=1e-15)
        np.testing.assert_array_equal(gradients[name], held[name])


def test_two_biases_of_any_model_become_one():
    """A model from elsewhere, both of its biases learnt, gives the same network."""
    torch.manual_seed(1)
    model = AlphabetRNN(5, 4, 3).double()
    assert model.rnn.bias_hh_l0.abs().min() > 0
    network = VanillaRNN(5, 4, 3)
    network.set_parameters(parameters_from_torch(model))
    case = make_case(Sizes(N=2, T=6, K=5, H=4, out=3))
    logits, final = model(tensor(case.x), tensor(case.h0)[None])
    got, state = network.forward(case.x, case.h0)
    assert_near(got, logits.detach().numpy(), 1e-13)
    assert_near(state, final[0].detach().numpy(), 1e-13)

    logits.backward(tensor(case.d_logits))
    wanted = gradients_from_torch(model)
    for name, gradient in network.backward(case.d_logits).items():
        assert_near(gradient, wanted[name], 1e-12)
    torch.testing.assert_close(model.rnn.bias_ih_l0.grad, model.rnn.bias_hh_l0.grad)


def test_gradients_before_backward_are_refused():
    model = to_torch(make_case(SOME).network)
    with pytest.raises(ValueError, match=r"loss\.backward\(\) first; no gradient of"):
        gradients_from_torch(model)
    model.fc.weight.grad = torch.zeros_like(model.fc.weight)
    model.rnn.weight_ih_l0.grad = torch.zeros_like(model.rnn.weight_ih_l0)
    message = r"model: call loss.* no gradient of \['W', 'b', 'c'\]$"
    with pytest.raises(ValueError, match=message):
        gradients_from_torch(model)
