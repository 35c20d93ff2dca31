"""A network that writes on after it has read a text of your own, in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from tqdm import tqdm

from rnn_lib.encoding import Vocabulary, one_hot
from rnn_lib.network import VanillaRNN
from rnn_lib.optimizers import Adam, clip_by_norm
from rnn_lib.storage import load_parameters, save_parameters
from rnn_lib.validation import check_number, check_seed, check_size
from rnn_lib.yours.text import END, Text, windows

SYMBOLS = "symbols"
"""Name of the array that holds the vocabulary in a file, as numbers of letters."""


class Writer:
    """A `VanillaRNN` with its vocabulary.

    Parameters
    ----------
    vocabulary : Vocabulary
        The line end is symbol 0.
    hidden_size : int
    seed : int or numpy.random.Generator

    Attributes
    ----------
    network : VanillaRNN
        In float32.
    losses : list of float
        Of the validation part after each epoch of `fit`.
    window : int
        After so many symbols the state starts at zero again; `fit` sets it.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        hidden_size: int = 128,
        seed: int | np.random.Generator = 0,
    ) -> None:
        self.vocabulary = vocabulary
        self.network = VanillaRNN(
            len(vocabulary),
            hidden_size,
            initialization="orthogonal",
            seed=seed,
            dtype=np.float32,
        )
        self.losses: list[float] = []
        self.window = 64

    def fit(
        self,
        text: Text,
        *,
        epochs: int = 100,
        patience: int = 3,
        window: int = 64,
        batch_size: int = 32,
        learning_rate: float = 0.003,
        seed: int | np.random.Generator = 0,
    ) -> Self:
        """Train until the validation loss no longer falls; keep the best parameters.

        Adam, clipped at a norm of 1. The state starts at zero in each window. An epoch
        that brings nothing halves the learning rate. If it is interrupted, the best
        parameters so far are kept too.

        Parameters
        ----------
        text : Text
        epochs : int
            At most.
        patience : int
            How many epochs in a row may bring nothing; one more ends the training.
        window : int
            The longest window, T.
        batch_size : int
            Windows per update.
        learning_rate : float
        seed : int or numpy.random.Generator
            For the order of the windows.

        Returns
        -------
        Writer
            Itself.

        Raises
        ------
        TypeError, ValueError
            If an argument is unusable or a window is longer than the text.
        """
        data = windows(text.train, window)
        rng, optimizer = check_seed(seed), Adam(learning_rate)
        size = check_size("batch_size", batch_size)
        patience = check_size("patience", patience)
        best = {name: array.copy() for name, array in self.network.parameters.items()}
        self.losses, left, self.window = [], patience, data.inputs.shape[1]
        progress = tqdm(range(check_size("epochs", epochs)), desc="epochs", leave=False)
        try:
            for _ in progress:
                order = rng.permutation(len(data.inputs))
                for start in range(0, len(order), size):
                    self._update(data, order[start : start + size], optimizer)
                self.losses.append(self.loss(text.validation))
                progress.set_postfix(validation=f"{self.losses[-1]:.4f}")
                if self.losses[-1] < min(self.losses[:-1], default=np.inf):
                    best = {k: a.copy() for k, a in self.network.parameters.items()}
                    left = patience
                elif left == 0:
                    break
                else:
                    left, optimizer.learning_rate = (
                        left - 1,
                        optimizer.learning_rate / 2,
                    )
        except KeyboardInterrupt:
            progress.close()
        finally:
            self.network.set_parameters(best)
        return self

    def _update(self, data, rows: np.ndarray, optimizer: Adam) -> None:
        """Make one update from some of the windows."""
        used = data.mask[rows].any(axis=0)  # no step that is padding in all
        inputs, targets, mask = (array[rows][:, used] for array in data)
        self.network.loss(self._one_hot(inputs), targets, mask=mask)
        gradients, _ = clip_by_norm(self.network.backward(), 1.0)
        optimizer.step(self.network.parameters, gradients)

    def _one_hot(self, indices: np.ndarray) -> np.ndarray:
        return one_hot(indices, len(self.vocabulary), self.network.dtype)

    def loss(self, pieces: Sequence[np.ndarray]) -> float:
        """Return the mean cross-entropy in nats per symbol, with the window of `fit`.

        Parameters
        ----------
        pieces : sequence of ndarray of int

        Returns
        -------
        float

        Raises
        ------
        TypeError, ValueError
            As `rnn_lib.yours.text.windows`.
        """
        longest = max((len(piece) - 1 for piece in pieces), default=0)
        data = windows(pieces, min(self.window, max(longest, 1)))
        total = 0.0
        for start in range(0, len(data.inputs), 256):
            inputs, targets, mask = (array[start : start + 256] for array in data)
            loss = self.network.loss(self._one_hot(inputs), targets, mask=mask)
            total += loss * mask.sum()
        return float(total / data.mask.sum())

    def write(
        self,
        start: str = "",
        length: int = 200,
        *,
        temperature: float = 1.0,
        seed: int | np.random.Generator = 0,
    ) -> str:
        """Write on after `start`, from the beginning of a line if it is empty.

        Parameters
        ----------
        start : str
        length : int
            How many symbols to write.
        temperature : float
        seed : int or numpy.random.Generator

        Returns
        -------
        str
            What was written, without `start`.

        Raises
        ------
        TypeError, ValueError
            If `start` has a symbol that the text did not have, or an argument is
            unusable.
        """
        prompt = self.vocabulary.encode(END + start)
        written = self.network.generate(
            prompt, length, temperature=temperature, seed=seed
        )
        return self.vocabulary.decode(written)

    def lines(
        self,
        count: int,
        start: str = "",
        *,
        longest: int = 80,
        temperature: float = 1.0,
        seed: int | np.random.Generator = 0,
    ) -> list[str]:
        """Write lines, each from a state of zero.

        Parameters
        ----------
        count : int
        start : str
            How each of them begins.
        longest : int
            A line is cut there.
        temperature : float
        seed : int or numpy.random.Generator

        Returns
        -------
        list of str

        Raises
        ------
        TypeError, ValueError
            If an argument is unusable.
        """
        rng = check_seed(seed)
        temperature = check_number("temperature", temperature)
        written = [
            start + self.write(start, longest, temperature=temperature, seed=rng)
            for _ in range(check_size("count", count))
        ]
        return [line.split(END)[0] for line in written]

    def save(self, path: str | Path) -> None:
        """Write the symbols and the parameters, whose shapes are the sizes, to a file.

        Parameters
        ----------
        path : str or Path
            Ends in ``.npz``.

        Raises
        ------
        TypeError, ValueError
            As `rnn_lib.storage.save_parameters`.
        """
        symbols = np.array([ord(symbol) for symbol in self.vocabulary.symbols])
        save_parameters(path, {SYMBOLS: symbols, **self.network.parameters})

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Return a writer that `save` has stored.

        Parameters
        ----------
        path : str or Path

        Returns
        -------
        Writer

        Raises
        ------
        FileNotFoundError
        TypeError, ValueError
            If the file holds something else.
        """
        vocabulary, arrays = load_arrays(path, "W")
        writer = cls(vocabulary, len(arrays["W"]))
        writer.network.set_parameters(arrays)
        return writer


def load_arrays(
    path: str | Path, needed: str
) -> tuple[Vocabulary, dict[str, np.ndarray]]:
    """Return the vocabulary and the parameters in a file.

    Parameters
    ----------
    path : str or Path
    needed : str
        Name of a parameter that has to be there.

    Returns
    -------
    vocabulary : Vocabulary
    arrays : dict of str to ndarray

    Raises
    ------
    FileNotFoundError
    ValueError
        If the file was not written by a writer of this kind.
    """
    arrays = load_parameters(path)
    if not {SYMBOLS, needed} <= arrays.keys():
        raise ValueError(
            f"{path}: expected {SYMBOLS!r} and {needed!r} among its arrays, "
            f"got {sorted(arrays)}"
        )
    symbols = arrays.pop(SYMBOLS)
    return Vocabulary(chr(int(number)) for number in symbols.ravel()), arrays
