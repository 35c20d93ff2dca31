"""The writer in PyTorch, for texts of millions of characters."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from rnn_lib.encoding import Vocabulary
from rnn_lib.network import draw
from rnn_lib.storage import save_parameters
from rnn_lib.validation import check_seed, check_size
from rnn_lib.yours.text import END, Text, windows
from rnn_lib.yours.writer import SYMBOLS, Writer, load_arrays


class TextGRU(nn.Module):
    """Embedding, dropout, GRU, dropout and a linear layer.

    Parameters
    ----------
    vocab_size, hidden_size : int
    embedding_size : int
    dropout : float
        Share of the numbers that are set to zero while training.
    """

    def __init__(
        self,
        vocab_size: int,
        hidden_size: int,
        embedding_size: int = 64,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_size)
        self.gru = nn.GRU(embedding_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, vocab_size)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, inputs: torch.Tensor, state: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the logits of every position, and the last state.

        Parameters
        ----------
        inputs : Tensor of int, shape (N, T)
        state : Tensor, shape (1, N, H), optional

        Returns
        -------
        logits : Tensor, shape (N, T, K)
        state : Tensor, shape (1, N, H)
        """
        states, last = self.gru(self.dropout(self.embedding(inputs)), state)
        return self.fc(self.dropout(states)), last


def clock(minutes: float) -> Callable[[], float]:
    """Return a function that tells which share of the minutes from now on is left.

    Raises
    ------
    ValueError
        If `minutes` is not positive.
    """
    if not minutes > 0:
        raise ValueError(f"minutes: expected a positive number, got {minutes}")
    start = time.monotonic()
    return lambda: max(0.0, 1 - (time.monotonic() - start) / (60 * minutes))


class TorchWriter(Writer):
    """A `TextGRU` with its vocabulary; `lines` writes lines as `Writer` does.

    Parameters
    ----------
    vocabulary : Vocabulary
    hidden_size : int
    seed : int
        For the weights. It sets the seed of PyTorch.
    device : str, optional
        By default the GPU if there is one.

    Attributes
    ----------
    model : TextGRU
    losses : list of float
        Of the validation part after each epoch of `fit`.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        hidden_size: int = 512,
        seed: int = 0,
        device: str | None = None,
    ) -> None:
        torch.manual_seed(seed)
        self.vocabulary = vocabulary
        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        size = check_size("hidden_size", hidden_size)
        self.model = TextGRU(len(vocabulary), size).to(self.device).eval()
        self.losses: list[float] = []

    def fit(
        self,
        text: Text,
        *,
        epochs: int = 100,
        patience: int = 2,
        window: int = 64,
        batch_size: int = 32,
        learning_rate: float = 0.003,
        minutes: float = float("inf"),
        seed: int | np.random.Generator = 0,
    ) -> Self:
        """Train until the validation loss no longer falls; keep the best parameters.

        The text is read in `batch_size` strands side by side, and the state goes on
        from window to window; gradients do not. An epoch that brings nothing halves
        the learning rate; with `minutes` it falls to zero while they pass.

        Parameters
        ----------
        text : Text
        epochs, patience, window, batch_size, learning_rate
            As for `Writer.fit`.
        minutes : float
            Training ends after the update at which they are over.
        seed : int or numpy.random.Generator
            For the order of lines, and for where a text is cut.

        Returns
        -------
        TorchWriter
            Itself.

        Raises
        ------
        TypeError, ValueError
            If an argument is unusable or a window is longer than the text.
        """
        rng, rate, time_left = check_seed(seed), learning_rate, clock(minutes)
        window = check_size("window", window)
        rows = check_size("batch_size", batch_size)
        optimizer = torch.optim.Adam(self.model.parameters(), learning_rate)
        best, self.losses, left = self._copy(), [], patience
        progress = tqdm(range(check_size("epochs", epochs)), desc="epochs", leave=False)
        try:
            for _ in progress:
                strands = self._strands(text.train, rows, window, rng)
                self._epoch(optimizer, strands, window, rate, time_left)
                self.losses.append(self.loss(text.validation))
                progress.set_postfix(validation=f"{self.losses[-1]:.4f}")
                if self.losses[-1] < min(self.losses[:-1], default=np.inf):
                    best, left = self._copy(), patience
                else:
                    self.model.load_state_dict(best)
                    rate, left = rate / 2, left - 1
                if left < 0 or not time_left():
                    break
        except KeyboardInterrupt:
            progress.close()
        finally:
            self.model.load_state_dict(best)
            self.model.eval()
        return self

    def _copy(self) -> dict[str, torch.Tensor]:
        return {name: t.clone() for name, t in self.model.state_dict().items()}

    def _strands(
        self, pieces: list[np.ndarray], rows: int, window: int, rng: np.random.Generator
    ) -> torch.Tensor:
        """Return a text as strands of one length, shape (N, M), cut anew each time."""
        row = np.concatenate([pieces[place] for place in rng.permutation(len(pieces))])
        if len(row) <= window:
            raise ValueError(
                f"window: expected fewer than the {len(row)} symbols, got {window}"
            )
        rows = min(rows, max(1, len(row) // (4 * window)))  # four windows long at least
        row = np.roll(row, int(rng.integers(len(row))))
        used = row[: len(row) // rows * rows].reshape(rows, -1)
        return torch.from_numpy(used).to(self.device)

    def _epoch(
        self,
        optimizer,
        strands: torch.Tensor,
        window: int,
        rate: float,
        time_left: Callable[[], float],
    ) -> None:
        """Read all strands once, with an update after each window."""
        self.model.train()
        state = None
        for start in range(0, strands.shape[1] - 1, window):
            targets = strands[:, start + 1 : start + 1 + window]
            inputs = strands[:, start : start + targets.shape[1]]
            optimizer.param_groups[0]["lr"] = rate * time_left()
            optimizer.zero_grad()
            logits, state = self.model(inputs, state)
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            optimizer.step()
            state = state.detach()
            if not time_left():
                break
        self.model.eval()

    @torch.no_grad()
    def loss(self, pieces: Sequence[np.ndarray], window: int = 2048) -> float:
        """Return the mean cross-entropy in nats per symbol.

        Parameters
        ----------
        pieces : sequence of ndarray of int
            Each is read from a state of zero.
        window : int
            How many symbols of a single piece are read at once; the state goes on,
            so it changes nothing.

        Returns
        -------
        float
        """
        if len(pieces) == 1:
            data = windows(pieces, min(window, len(pieces[0]) - 1))
        else:
            data = windows(pieces, max(len(piece) - 1 for piece in pieces))
        tensors = [torch.from_numpy(array).to(self.device) for array in data]
        rows = 1 if len(pieces) == 1 else 256
        total, state = 0.0, None
        for inputs, targets, mask in zip(
            *(t.split(rows) for t in tensors), strict=True
        ):
            logits, state = self.model(inputs, state if rows == 1 else None)
            losses = nn.functional.cross_entropy(
                logits[mask], targets[mask], reduction="sum"
            )
            total += float(losses)
        return total / int(data.mask.sum())

    @torch.no_grad()
    def write(
        self,
        start: str = "",
        length: int = 200,
        *,
        temperature: float = 1.0,
        seed: int | np.random.Generator = 0,
    ) -> str:
        """Write on after `start`; see `Writer.write`."""
        rng, written = check_seed(seed), []
        read, state = self.vocabulary.encode(END + start), None
        for _ in range(check_size("length", length)):
            inputs = torch.from_numpy(read)[np.newaxis].to(self.device)
            logits, state = self.model(inputs, state)
            written.append(draw(logits[0, -1].cpu().numpy(), temperature, rng))
            read = np.array(written[-1:])
        return self.vocabulary.decode(np.array(written))

    def save(self, path: str | Path) -> None:
        """Write symbols and parameters to a ``.npz`` file; see `Writer.save`."""
        arrays = {name: t.cpu().numpy() for name, t in self.model.state_dict().items()}
        symbols = np.array([ord(symbol) for symbol in self.vocabulary.symbols])
        save_parameters(path, {SYMBOLS: symbols, **arrays})

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Return a writer that `save` has stored; see `Writer.load`."""
        vocabulary, arrays = load_arrays(path, "gru.weight_hh_l0")
        writer = cls(vocabulary, arrays["gru.weight_hh_l0"].shape[1])
        state = {name: torch.from_numpy(array) for name, array in arrays.items()}
        writer.model.load_state_dict(state)
        return writer
