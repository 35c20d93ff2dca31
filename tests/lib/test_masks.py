"""Padding changes neither loss nor gradients nor what training reports."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_lib import (
    SGD,
    Adam,
    VanillaRNN,
    cross_entropy,
    cross_entropy_and_gradient,
    cross_entropy_gradient,
    evaluate,
    one_hot,
    train,
)
from rnn_lib.names import NAME_SYMBOLS, pad_names
from tests.cases import Sizes, copies, make_case
from tests.support import PROPERTY, exactly

SIZES = Sizes(N=3, T=7, K=4, H=5, out=4)
LENGTHS = np.array([7, 2, 5])
MASK = np.arange(SIZES.T) < LENGTHS[:, np.newaxis]  # (N, T)


def padded(case, extra: int):
    """Return inputs, targets and mask with `extra` steps of padding."""
    rng = np.random.default_rng(9)
    x = np.concatenate([case.x, rng.standard_normal((3, extra, SIZES.K))], axis=1)
    targets = np.concatenate([case.targets, rng.integers(0, 4, (3, extra))], axis=1)
    return x, targets, np.concatenate([MASK, np.zeros((3, extra), bool)], axis=1)


def test_the_loss_is_that_of_pytorch_with_ignored_positions():
    torch = pytest.importorskip("torch")
    case = make_case(SIZES, seed=1)
    logits = np.random.default_rng(1).standard_normal((3, 7, 4))
    tensor = torch.tensor(logits, requires_grad=True)
    wanted = torch.tensor(np.where(MASK, case.targets, -100)).reshape(-1)
    loss = torch.nn.functional.cross_entropy(tensor.reshape(-1, 4), wanted)
    loss.backward()
    both = cross_entropy_and_gradient(logits, case.targets, MASK)
    assert both[0] == pytest.approx(loss.item(), abs=1e-14)
    assert cross_entropy(logits, case.targets, MASK) == pytest.approx(both[0])
    np.testing.assert_allclose(both[1], tensor.grad.numpy(), rtol=0, atol=1e-15)
    alone = cross_entropy_gradient(logits, case.targets, MASK)
    assert np.array_equal(alone, both[1])


def test_a_batch_is_cut_where_its_longest_sequence_ends():
    """Steps that are padding in all rows would cost time and change nothing."""
    case = make_case(SIZES, seed=2)
    x, targets, mask = padded(case, 6)
    steps = []

    def loss(x, *others, **settings):
        steps.append(x.shape[1])
        return type(case.network).loss(case.network, x, *others, **settings)

    case.network.loss = loss
    train(
        case.network, x, targets, optimizer=SGD(0.1), epochs=1, batch_size=1, mask=mask
    )
    assert steps == LENGTHS.tolist()


def test_training_and_evaluation_count_real_positions_only():
    case = make_case(SIZES, seed=3)
    x, targets, mask = padded(case, 3)
    network = case.network
    loss, accuracy = evaluate(network, x, targets, mask=mask)
    right = (network.predict(x) == targets)[mask]
    assert accuracy == pytest.approx(right.mean(), abs=1e-15)
    start = copies(network.parameters)
    history = train(
        network, x, targets, optimizer=SGD(0.0), epochs=1, batch_size=2, mask=mask
    )
    assert history.losses == pytest.approx([loss], abs=1e-14)
    assert history.accuracies == pytest.approx([accuracy], abs=1e-14)
    assert all(np.array_equal(start[k], v) for k, v in network.parameters.items())


# Names of different lengths

NAMES = st.lists(st.text("ABCXYZ", min_size=1, max_size=6), min_size=1, max_size=5)


def arrays(names, length=None):
    """Return one-hot inputs, targets and mask."""
    inputs, targets, mask = pad_names(names, length)
    return one_hot(inputs, len(NAME_SYMBOLS)), targets, mask


def network(seed=0):
    return VanillaRNN(len(NAME_SYMBOLS), 7, seed=seed)


@PROPERTY
@given(NAMES, st.integers(0, 9))
def test_padding_to_any_length_changes_neither_loss_nor_gradients(names, more):
    model = network()
    shortest = model.loss(*arrays(names)[:2], mask=arrays(names)[2])
    wanted = {name: g.copy() for name, g in model.backward().items()}
    x, targets, mask = arrays(names, max(map(len, names)) + 1 + more)
    assert model.loss(x, targets, mask=mask) == pytest.approx(shortest, abs=1e-14)
    for name, gradient in model.backward().items():
        np.testing.assert_allclose(gradient, wanted[name], rtol=0, atol=1e-14)


@PROPERTY
@given(NAMES)
def test_a_padded_batch_is_the_mean_of_its_names_one_by_one(names):
    """No padding on this side at all: each name goes through by itself."""
    model = network()
    lone = []
    for name in names:
        x, targets, _ = arrays([name])
        loss = model.loss(x, targets)
        lone.append((len(name) + 1, loss, dict(model.backward())))
    total = sum(count for count, _, _ in lone)
    x, targets, mask = arrays(names)
    loss = model.loss(x, targets, mask=mask)
    assert loss == pytest.approx(sum(n * v for n, v, _ in lone) / total, abs=1e-14)
    for name, gradient in model.backward().items():
        wanted = sum(n * g[name] for n, _, g in lone) / total
        np.testing.assert_allclose(gradient, wanted, rtol=0, atol=1e-14)


def test_what_stands_in_the_padding_has_no_effect():
    model = network()
    x, targets, mask = arrays(["AL", "CLARISSA"])
    loss = model.loss(x, targets, mask=mask)
    wanted = {name: g.copy() for name, g in model.backward().items()}
    x[~mask], targets[~mask] = np.pi, 5
    assert model.loss(x, targets, mask=mask) == loss
    for name, gradient in model.backward().items():
        np.testing.assert_allclose(gradient, wanted[name], rtol=0, atol=1e-14)


def test_training_does_not_see_the_padding():
    names = ["AL", "CLARISSA", "BO", "ANN", "ABEL"]
    trained = []
    for length in (9, 14):
        x, targets, mask = arrays(names, length)
        model = network()
        history = train(
            model, x, targets, mask=mask, optimizer=Adam(0.01), epochs=5, batch_size=2
        )
        trained.append((model.parameters, history))
    (one, first), (other, second) = trained
    np.testing.assert_allclose(first.losses, second.losses, atol=1e-12)
    np.testing.assert_allclose(first.accuracies, second.accuracies, atol=1e-12)
    for name, array in one.items():
        np.testing.assert_allclose(array, other[name], rtol=0, atol=1e-9)


def test_a_mask_of_all_true_is_no_mask():
    x, targets, mask = arrays(["ANN", "BOB"])
    assert network().loss(x, targets, mask=mask) == network().loss(x, targets)
    assert evaluate(network(), x, targets, mask) == evaluate(network(), x, targets)


@pytest.mark.parametrize(
    ("mask", "error", "message"),
    [
        (
            np.ones((2, 4), int),
            TypeError,
            "mask: expected booleans, got an array of dtype int64",
        ),
        (np.ones((2, 3), bool), ValueError, "mask: expected shape (2, 4), got (2, 3)"),
        (
            np.zeros((2, 4), bool),
            ValueError,
            "mask: expected at least one True, got none",
        ),
    ],
)
def test_masks_that_are_refused(mask, error, message):
    x, targets, _ = arrays(["ANN", "BOB"])
    with pytest.raises(error, match=exactly(message)):
        network().loss(x, targets, mask=mask)
    with pytest.raises(error, match=exactly(message)):
        train(network(), x, targets, mask=mask, optimizer=Adam(), epochs=1)
    with pytest.raises(error, match=exactly(message)):
        evaluate(network(), x, targets, mask)
