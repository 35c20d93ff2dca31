"""Padding changes neither loss nor gradients nor what training reports."""

import numpy as np
import pytest
import torch
from cases import Sizes, copies, make_case

from rnn_lib import (
    SGD,
    cross_entropy,
    cross_entropy_and_gradient,
    cross_entropy_gradient,
    evaluate,
    train,
)

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


@pytest.mark.parametrize("extra", [0, 1, 6])
def test_padding_changes_neither_loss_nor_gradients(extra):
    case = make_case(SIZES, seed=2)
    total = {name: np.zeros_like(a) for name, a in case.network.parameters.items()}
    loss = 0.0
    for n, length in enumerate(LENGTHS):  # each sequence by itself, without padding
        part = slice(n, n + 1), slice(0, length)
        weight = length / LENGTHS.sum()
        loss += weight * case.network.loss(case.x[part], case.targets[part])
        for name, gradient in case.network.backward().items():
            total[name] += weight * gradient
    x, targets, mask = padded(case, extra)
    assert case.network.loss(x, targets, mask=mask) == pytest.approx(loss, abs=1e-14)
    for name, gradient in case.network.backward().items():
        np.testing.assert_allclose(gradient, total[name], rtol=0, atol=1e-14)


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


def test_training_is_the_same_with_more_padding():
    ends = []
    for extra in (0, 4):
        case = make_case(SIZES, seed=4)
        x, targets, mask = padded(case, extra)
        train(case.network, x, targets, optimizer=SGD(0.5), epochs=3, mask=mask)
        ends.append(case.network.parameters)
    for name, array in ends[0].items():
        np.testing.assert_allclose(ends[1][name], array, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("mask", "error", "message"),
    [
        (MASK[:, :-1], ValueError, r"mask: expected"),
        (MASK.astype(int), TypeError, "mask: expected booleans"),
        (np.zeros_like(MASK), ValueError, "at least one True"),
    ],
)
def test_bad_masks_are_refused(mask, error, message):
    case = make_case(SIZES)
    for call in (
        lambda: case.network.loss(case.x, case.targets, mask=mask),
        lambda: evaluate(case.network, case.x, case.targets, mask=mask),
        lambda: train(
            case.network, case.x, case.targets, optimizer=SGD(), epochs=1, mask=mask
        ),
    ):
        with pytest.raises(error, match=message):
            call()
