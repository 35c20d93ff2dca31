"""The same network in PyTorch, and the way there and back.

``nn.RNN`` has two biases where VanillaRNN has one: ``b_ih`` and ``b_hh`` are
added to the same sum. Values go to ``b_ih``; the other stays at zero.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from rnn_lib.network import VanillaRNN


class AlphabetRNN(nn.Module):
    """``nn.RNN`` and a linear layer, as in the original notebook.

    Parameters
    ----------
    input_size, hidden_size, output_size : int
        K, H and K.
    """

    def __init__(self, input_size: int, hidden_size: int, output_size: int) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(
        self, x: torch.Tensor, initial_state: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Run all steps of all sequences.

        Parameters
        ----------
        x : Tensor, shape (N, T, K)
        initial_state : Tensor, shape (1, N, H), optional
            h_{-1}; zeros if not given. The first axis counts layers, of which
            there is one; it comes first even with ``batch_first=True``.

        Returns
        -------
        logits : Tensor, shape (N, T, K)
        final_state : Tensor, shape (1, N, H)
        """
        states, final_state = self.rnn(x, initial_state)
        return self.fc(states), final_state


def _places(model: AlphabetRNN) -> dict[str, nn.Parameter]:
    """Return where each parameter of VanillaRNN lives in `model`."""
    return {
        "U": model.rnn.weight_ih_l0,
        "W": model.rnn.weight_hh_l0,
        "b": model.rnn.bias_ih_l0,
        "V": model.fc.weight,
        "c": model.fc.bias,
    }


def to_torch(network: VanillaRNN) -> AlphabetRNN:
    """Return a PyTorch model with the same parameters and the same behaviour.

    The second bias of ``nn.RNN`` is set to zero and left out of training:
    trained, it would move together with the first, and b twice as fast.

    Parameters
    ----------
    network : VanillaRNN
        float32 or float64; the model gets the same type.

    Returns
    -------
    AlphabetRNN
        Its arrays are copies.
    """
    dtype = torch.from_numpy(np.zeros(0, network.dtype)).dtype
    sizes = (network.vocab_size, network.hidden_size, network.output_size)
    model = AlphabetRNN(*sizes).to(dtype)
    with torch.no_grad():
        for name, place in _places(model).items():
            place.copy_(torch.from_numpy(network.parameters[name]))
        model.rnn.bias_hh_l0.zero_()
    model.rnn.bias_hh_l0.requires_grad_(False)
    return model


def parameters_from_torch(model: AlphabetRNN) -> dict[str, np.ndarray]:
    """Return copies of the parameters under the names of VanillaRNN.

    Parameters
    ----------
    model : AlphabetRNN

    Returns
    -------
    dict of str to ndarray
        U, W, b, V, c; b is the sum of the two biases of ``nn.RNN``. Ready for
        ``VanillaRNN.set_parameters``.
    """
    found = {name: place.detach().numpy() for name, place in _places(model).items()}
    found["b"] = found["b"] + model.rnn.bias_hh_l0.detach().numpy()
    return {name: array.copy() for name, array in found.items()}


def gradients_from_torch(model: AlphabetRNN) -> dict[str, np.ndarray]:
    """Return copies of the gradients under the names of VanillaRNN.

    Parameters
    ----------
    model : AlphabetRNN
        After ``loss.backward()``.

    Returns
    -------
    dict of str to ndarray
        dU, dW, db, dV, dc. The two biases of ``nn.RNN`` have the same
        gradient, which is that of b.

    Raises
    ------
    ValueError
        If a parameter has no gradient yet.
    """
    places = _places(model)
    missing = [name for name, place in places.items() if place.grad is None]
    if missing:
        raise ValueError(f"model: call loss.backward() first; no gradient of {missing}")
    return {name: place.grad.numpy().copy() for name, place in places.items()}
