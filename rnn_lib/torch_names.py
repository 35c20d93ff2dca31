"""A model of names in PyTorch: embedding, GRU, linear layer, and its training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from rnn_lib.names import NAME_SYMBOLS, pad_names

IGNORED = -100
"""What a target is set to at padding; ``nn.CrossEntropyLoss`` leaves it out."""


class NameGRU(nn.Module):
    """Embedding, dropout, GRU, dropout and a linear layer.

    Parameters
    ----------
    embedding_size, hidden_size : int
    dropout : float
        Share of the numbers that are set to zero while training.
    """

    def __init__(
        self, embedding_size: int = 32, hidden_size: int = 256, dropout: float = 0.3
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(len(NAME_SYMBOLS), embedding_size)
        self.gru = nn.GRU(embedding_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, len(NAME_SYMBOLS))
        self.dropout = nn.Dropout(dropout)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the logits of every position.

        Parameters
        ----------
        inputs : Tensor of int, shape (N, T)

        Returns
        -------
        Tensor, shape (N, T, 27)
        """
        states, _ = self.gru(self.dropout(self.embedding(inputs)))
        return self.fc(self.dropout(states))


def name_tensors(names: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs and targets, shape (N, T), targets `IGNORED` at padding.

    Parameters
    ----------
    names : sequence of str

    Returns
    -------
    inputs, targets : Tensor of int, shape (N, T)
    """
    inputs, targets, mask = pad_names(names)
    ignored = np.where(mask, targets, IGNORED)
    return torch.from_numpy(inputs), torch.from_numpy(ignored)


def name_loss(
    model: NameGRU, inputs: torch.Tensor, targets: torch.Tensor
) -> torch.Tensor:
    """Return the mean cross-entropy over the real positions, in nats.

    Parameters
    ----------
    model : NameGRU
    inputs, targets : Tensor of int, shape (N, T)

    Returns
    -------
    Tensor
        A scalar with its gradient.
    """
    logits = model(inputs).flatten(0, 1)
    return nn.functional.cross_entropy(logits, targets.flatten(), ignore_index=IGNORED)


def train_names(
    model: NameGRU,
    names: Sequence[str],
    *,
    epochs: int = 12,
    learning_rate: float = 0.004,
    batch_size: int = 64,
    seed: int = 0,
) -> None:
    """Train `model` in place with Adam, clipping at 1 and a falling rate.

    Afterwards the model is in evaluation mode, also where training is interrupted.

    Parameters
    ----------
    model : NameGRU
    names : sequence of str
    epochs : int
    learning_rate : float
        At the start; it falls along a cosine.
    batch_size : int
    seed : int
        For the order of the names. Dropout draws from PyTorch's own generator.
    """
    inputs, targets = name_tensors(names)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    generator = torch.Generator().manual_seed(seed)
    model.train()
    try:
        for _ in range(epochs):
            order = torch.randperm(len(inputs), generator=generator)
            for rows in order.split(batch_size):
                optimizer.zero_grad()
                name_loss(model, inputs[rows], targets[rows]).backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
            schedule.step()
    finally:
        model.eval()
