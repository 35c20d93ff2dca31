"""Gradients over time, influence and truncation, against PyTorch's autograd."""

from functools import partial

import numpy as np
import pytest
import torch

from rnn_lib import VanillaRNN
from rnn_lib.memory import (
    gradient_norms,
    influence,
    spectral_radius,
    state_gradients,
    truncated_gradients,
)
from rnn_lib.torch_twin import gradients_from_torch, to_torch
from tests.cases import Sizes, make_case
from tests.support import exactly

SIZES = Sizes(N=3, T=7, K=4, H=5, out=6)


def unrolled(network, x):
    """Return the states, kept for gradients, and logits of PyTorch step by step."""
    U, W, b, V, c = (torch.tensor(a) for a in network.parameters.values())
    h = torch.zeros(len(x), len(b), dtype=torch.float64, requires_grad=True)
    states = []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ U.T + h @ W.T + b)
        h.retain_grad()
        states.append(h)
    return states, torch.stack([h @ V.T + c for h in states], dim=1)


def test_the_spectral_radius():
    assert spectral_radius([[0, -2], [2, 0]]) == pytest.approx(2)  # eigenvalues ±2i
    assert spectral_radius([[1, 5], [0, -3]]) == pytest.approx(3)
    assert spectral_radius([[-0.25]]) == 0.25


@pytest.mark.parametrize("W", [np.ones((2, 3)), [1.0, 2.0], [[np.nan]], "W"])
def test_the_spectral_radius_needs_a_square_matrix(W):
    with pytest.raises((TypeError, ValueError), match="W: expected"):
        spectral_radius(W)


def test_the_spectral_radius_says_what_it_expected():
    with pytest.raises(ValueError, match=exactly("W: expected shape (H, H), got (2,)")):
        spectral_radius([1.0, 2.0])


@pytest.mark.parametrize("T", [1, 7])
def test_state_gradients_are_those_of_autograd(T):
    case = make_case(Sizes(3, T, 4, 5, 6), seed=1)
    case.network.forward(case.x)
    found = state_gradients(case.network, case.d_logits)
    states, logits = unrolled(case.network, torch.tensor(case.x))
    (logits * torch.tensor(case.d_logits)).sum().backward()
    expected = np.stack([h.grad.numpy() for h in states], axis=1)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_state_gradients_need_a_forward_pass():
    with pytest.raises(ValueError, match="forward"):
        state_gradients(VanillaRNN(4, 5), np.zeros((1, 1, 4)))


def test_gradient_norms_are_those_of_autograd():
    case = make_case(SIZES, seed=2)
    answers = case.targets[:, 0]
    found = gradient_norms(case.network, case.x, answers)
    expected = np.zeros((SIZES.N, SIZES.T))
    for n in range(SIZES.N):  # one sequence at a time, so nothing is averaged away
        states, logits = unrolled(case.network, torch.tensor(case.x[n : n + 1]))
        last = torch.tensor(answers[n : n + 1])
        torch.nn.functional.cross_entropy(logits[:, -1], last).backward()
        expected[n] = [float(h.grad.norm()) for h in states]
    np.testing.assert_allclose(found, expected.mean(axis=0), rtol=1e-12)


@pytest.mark.parametrize("answers", [[0, 1], [[0], [1], [2]], [0, 1, 6], [0.5, 1, 2]])
def test_gradient_norms_check_the_answers(answers):
    case = make_case(SIZES)
    with pytest.raises((TypeError, ValueError), match="answers: expected"):
        gradient_norms(case.network, case.x, answers)


def test_influence_is_the_size_of_the_jacobian():
    case = make_case(SIZES, seed=3)
    row = torch.tensor(case.x[0])
    jacobian = torch.autograd.functional.jacobian(
        lambda x: unrolled(case.network, x[None])[1][0], row
    )  # (T, out, T, K)
    expected = jacobian.pow(2).sum(dim=(1, 3)).sqrt().numpy()
    found = influence(case.network, case.x[0])
    assert found.shape == (SIZES.T, SIZES.T)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)
    assert not found[np.triu_indices(SIZES.T, 1)].any()


def test_influence_wants_one_sequence():
    case = make_case(SIZES)
    with pytest.raises(ValueError, match="x: expected"):
        influence(case.network, case.x)


def detached(network, x, targets, steps, mask):
    """Return loss and gradients of PyTorch with the state detached between pieces."""
    model = to_torch(network)
    x, targets, mask = (torch.tensor(a) for a in (x, targets, mask))
    total, h = 0.0, None
    for start in range(0, x.shape[1], steps):
        piece = slice(start, start + steps)
        logits, h = model(x[:, piece], h)
        kept = mask[:, piece]
        losses = torch.nn.functional.cross_entropy(
            logits[kept], targets[:, piece][kept], reduction="sum"
        )
        (losses / mask.sum()).backward()
        total += losses.item() / int(mask.sum())
        h = h.detach()
    return total, gradients_from_torch(model)


MASKS = {
    "all": np.ones((3, 7), dtype=bool),
    "last": np.arange(7) == np.full((3, 1), 6),
    "padding": np.arange(7) < np.array([[7], [2], [5]]),
}


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize("steps", [1, 3, 6, 7, 20])
def test_truncated_gradients_are_those_of_detached_pieces(steps, mask):
    case = make_case(SIZES, seed=4)
    loss, found = truncated_gradients(case.network, case.x, case.targets, steps, mask)
    expected_loss, expected = detached(case.network, case.x, case.targets, steps, mask)
    assert loss == pytest.approx(expected_loss, abs=1e-12)
    assert set(found) == set(expected)
    for name, gradient in found.items():
        np.testing.assert_allclose(gradient, expected[name], rtol=0, atol=1e-12)


def test_without_a_mask_every_position_counts_and_a_long_piece_cuts_nothing():
    case = make_case(SIZES, seed=5)
    loss, found = truncated_gradients(case.network, case.x, case.targets, SIZES.T)
    assert loss == pytest.approx(case.network.loss(case.x, case.targets), abs=1e-12)
    for name, gradient in case.network.backward().items():
        np.testing.assert_allclose(found[name], gradient, rtol=0, atol=1e-12)


def test_truncation_changes_the_gradient_and_not_the_loss():
    case = make_case(SIZES, seed=6)
    full_loss, full = truncated_gradients(case.network, case.x, case.targets, SIZES.T)
    loss, cut = truncated_gradients(case.network, case.x, case.targets, 2)
    assert loss == pytest.approx(full_loss, abs=1e-12)
    for name in "Vc":
        np.testing.assert_allclose(cut[name], full[name], rtol=0, atol=1e-12)
    for name in "UWb":
        assert np.abs(cut[name] - full[name]).max() > 1e-4


@pytest.mark.parametrize("steps", [0, -1, 1.5, None])
def test_the_length_of_a_piece_is_checked(steps):
    case = make_case(SIZES)
    with pytest.raises((TypeError, ValueError), match="steps: expected"):
        truncated_gradients(case.network, case.x, case.targets, steps)


def test_a_mask_of_another_shape_is_refused():
    case = make_case(SIZES)
    with pytest.raises(ValueError, match="mask: expected"):
        truncated_gradients(
            case.network, case.x, case.targets, 2, np.ones((3, 6), dtype=bool)
        )


# Bad input

FUNCTIONS = {
    "gradient_norms": partial(gradient_norms, answers=[0, 0, 0]),
    "influence": influence,
    "truncated_gradients": partial(
        truncated_gradients, targets=np.zeros((3, 7), dtype=int), steps=2
    ),
}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("gradient_norms", "(N, T, 4)"),
        ("influence", "(T, 4)"),
        ("truncated_gradients", "(N, T, 4)"),
    ],
)
def test_inputs_of_another_shape_are_refused(name, wanted):
    message = exactly(f"x: expected shape {wanted}, got (4,)")
    with pytest.raises(ValueError, match=message):
        FUNCTIONS[name](make_case(SIZES).network, np.zeros(4))


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        (np.zeros((3, 6), dtype=int), "targets: expected shape (3, 7), got (3, 6)"),
        (
            np.full((3, 7), 6),
            "targets: expected indices from 0 to 5, got 6 at position (0, 0)",
        ),
    ],
)
def test_targets_of_truncation_are_checked(targets, message):
    case = make_case(SIZES)
    with pytest.raises(ValueError, match=exactly(message)):
        truncated_gradients(case.network, case.x, targets, 2)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_inputs_too_large_for_the_network_are_refused_before_it_runs(name):
    """The position is that in the array given, and a backward still to come is kept."""
    case = make_case(SIZES, dtype=np.float32)
    case.network.loss(case.x, case.targets)
    x = np.zeros((SIZES.N, SIZES.T, SIZES.K))
    x[0, 5, 1] = 1e300
    x, place = (x[0], (5, 1)) if name == "influence" else (x, (0, 5, 1))
    message = exactly(f"x: expected finite numbers, got inf at position {place}")
    with pytest.raises(ValueError, match=message):
        FUNCTIONS[name](case.network, x)
    assert set(case.network.backward()) == set("UWbVc")
