"""The PyTorch model of names: padding has no effect, and it learns."""

import math

import pytest

torch = pytest.importorskip("torch")

from rnn_lib import torch_names  # noqa: E402
from rnn_lib.names import load_names  # noqa: E402
from rnn_lib.torch_names import (  # noqa: E402
    NameGRU,
    name_loss,
    name_tensors,
    train_names,
)


def test_a_batch_is_the_mean_over_the_positions_of_its_names():
    torch.manual_seed(0)
    model = NameGRU(4, 8).double().eval()
    names = ["AL", "CLARISSA", "ANN"]
    alone = [name_loss(model, *name_tensors([n])).item() * (len(n) + 1) for n in names]
    wanted = sum(alone) / sum(len(n) + 1 for n in names)
    got = name_loss(model, *name_tensors(names)).item()
    assert got == pytest.approx(wanted, abs=1e-12)


def test_training_lowers_the_loss_and_is_reproducible():
    names = load_names()[::20]
    losses = []
    for _ in range(2):
        torch.manual_seed(0)
        model = NameGRU(8, 16)
        train_names(model, names, epochs=5, learning_rate=0.01)
        assert not model.training
        losses.append(name_loss(model, *name_tensors(names)).item())
    assert losses[0] == losses[1]
    assert losses[0] < math.log(27) - 0.5


def test_an_interrupted_training_leaves_the_model_in_evaluation_mode(monkeypatch):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(torch_names, "name_loss", interrupted)
    model = NameGRU(4, 8)
    with pytest.raises(KeyboardInterrupt):
        train_names(model, ["ANNA", "BOB"], epochs=1)
    assert not model.training
