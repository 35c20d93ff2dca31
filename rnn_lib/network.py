"""VanillaRNN: three layers, a loss, its gradients, and what one does with them."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import numpy as np

from rnn_lib.functional import cross_entropy_and_gradient, softmax
from rnn_lib.initialization import initialize
from rnn_lib.layers import (
    Arrays,
    HiddenLayer,
    InputLayer,
    Layer,
    OutputLayer,
    by_sequence,
)
from rnn_lib.validation import (
    check_array,
    check_indices,
    check_number,
    check_seed,
    check_size,
)


class VanillaRNN:
    """A recurrent network with one tanh layer (Elman 1990).

    ``h_t = tanh(U x_t + W h_{t-1} + b)`` and ``o_t = V h_t + c``; the softmax
    of o_t is the prediction for step t.

    Parameters
    ----------
    vocab_size : int
        K, the number of symbols.
    hidden_size : int
        H, the number of hidden units; unrelated to the length of a sequence.
    output_size : int, optional
        Number of output symbols where it differs from `vocab_size`.
    initialization : {"uniform", "orthogonal", "original"}
        See `rnn_lib.initialization.initialize`.
    seed : int or numpy.random.Generator
        The same seed gives the same parameters.
    dtype : float32 or float64
        Type of every array in the network.

    Attributes
    ----------
    Hidden : type
        Class of the hidden layer. A subclass of VanillaRNN may name another.
    input_layer, hidden_layer, output_layer
        The three layers, which hold parameters, gradients and states.
    logits : ndarray, shape (N, T, K)
        o_t of the last ``forward``, ``loss`` or ``predict``.

    Raises
    ------
    TypeError, ValueError
        If a size is not a whole number of at least 1, or `initialization` or
        `dtype` is unknown.
    """

    Hidden: type[HiddenLayer] = HiddenLayer

    def __init__(
        self,
        vocab_size: int,
        hidden_size: int,
        output_size: int | None = None,
        *,
        initialization: str = "uniform",
        seed: int | np.random.Generator = 0,
        dtype: type | np.dtype = np.float64,
    ) -> None:
        self.vocab_size = check_size("vocab_size", vocab_size)
        self.hidden_size = check_size("hidden_size", hidden_size)
        if output_size is None:
            output_size = vocab_size
        self.output_size = check_size("output_size", output_size)
        sizes = (self.vocab_size, self.hidden_size, self.output_size)
        p = initialize(initialization, *sizes, seed, dtype)
        self.input_layer = InputLayer(p["U"])
        self.hidden_layer = self.Hidden(p["W"], p["b"])
        self.output_layer = OutputLayer(p["V"], p["c"])
        self._d_logits: np.ndarray | None = None

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Input, hidden and output layer."""
        return self.input_layer, self.hidden_layer, self.output_layer

    @property
    def dtype(self) -> np.dtype:
        """Type of the parameters, float32 or float64."""
        return self.input_layer.U.dtype

    @property
    def parameters(self) -> Arrays:
        """U, W, b, V, c by name: the arrays themselves, not copies."""
        return {k: v for layer in self.layers for k, v in layer.parameters.items()}

    @property
    def gradients(self) -> Arrays:
        """Gradients of the last ``backward`` by parameter name."""
        return {k: v for layer in self.layers for k, v in layer.gradients.items()}

    @property
    def parameter_count(self) -> int:
        """How many numbers are learnt: HK + HH + H + KH + K.

        The last two K are `output_size` where that differs.
        """
        return sum(array.size for array in self.parameters.values())

    def set_parameters(self, values: Mapping[str, np.ndarray]) -> None:
        """Overwrite all five parameter arrays.

        Parameters
        ----------
        values : mapping of str to array_like
            U (H, K), W (H, H), b (H,), V (K, H), c (K,); copied.

        Raises
        ------
        TypeError, ValueError
            If a name is missing or unknown, or an array does not fit. The
            network is then left as it was.
        """
        own = self.parameters
        if not isinstance(values, Mapping):
            raise TypeError(f"values: expected names with arrays, got {values!r}")
        if set(values) != set(own):
            given = sorted(values, key=str)
            raise ValueError(f"values: expected the names {sorted(own)}, got {given}")
        checked = {
            name: np.array(check_array(name, values[name], array.shape, array.dtype))
            for name, array in own.items()
        }
        for name, array in own.items():
            array[...] = checked[name]
        self._d_logits = None

    def forward(
        self, x: np.ndarray, initial_state: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Run all steps of all sequences.

        Parameters
        ----------
        x : array_like, shape (N, T, K)
            One-hot inputs.
        initial_state : array_like, shape (N, H), optional
            h_{-1}; zeros if not given.

        Returns
        -------
        logits : ndarray, shape (N, T, K)
        final_state : ndarray, shape (N, H)
            h_{T-1}; give it back as `initial_state` to go on.

        Raises
        ------
        TypeError, ValueError
            If an array is not finite or has another shape, or NaN or infinity
            comes out: the message names the parameter that holds one, if any.
        """
        self._d_logits = None
        x = self.input_layer.check_input("x", x)
        if initial_state is not None:
            shape = (x.shape[1], self.hidden_size)
            initial_state = check_array(
                "initial_state", initial_state, shape, self.dtype
            )
        a = self.input_layer.forward_steps(x)
        h = self.hidden_layer.forward_steps(a, initial_state)
        self.logits = by_sequence(self.output_layer.forward_steps(h))
        if not np.isfinite(self.logits).all():
            self._check_parameters()
            check_array("logits", self.logits, self.logits.shape)
        return self.logits.copy(order="K"), self.hidden_layer.final_state

    def loss(
        self,
        x: np.ndarray,
        targets: np.ndarray,
        initial_state: np.ndarray | None = None,
        mask: np.ndarray | None = None,
    ) -> float:
        """Run the network and return its mean cross-entropy in nats per letter.

        Parameters
        ----------
        x : array_like, shape (N, T, K)
        targets : array_like of int, shape (N, T)
            Index of the right symbol at each position.
        initial_state : array_like, shape (N, H), optional
        mask : array_like of bool, shape (N, T), optional
            True at real positions, False at padding, which must come after
            the end of a sequence. The mean is over the real positions.

        Returns
        -------
        float

        Raises
        ------
        TypeError, ValueError
            If an array is unusable or the shapes do not match.
        """
        logits, _ = self.forward(x, initial_state)
        loss, self._d_logits = cross_entropy_and_gradient(logits, targets, mask)
        return loss

    def backward(self, d_logits: np.ndarray | None = None) -> Arrays:
        """Return the gradient of every parameter.

        It looks back on the last forward pass, so call it before an update
        changes the parameters.

        Parameters
        ----------
        d_logits : array_like, shape (N, T, K), optional
            dL/do_t of some other loss. If not given, L is the loss that
            ``loss`` has just returned.

        Returns
        -------
        dict of str to ndarray
            dL/dU and so on, under the names of the parameters.

        Raises
        ------
        TypeError, ValueError
            If there is nothing to look back on, or the shape does not match.
        """
        if d_logits is None:
            if self._d_logits is None:
                raise ValueError(
                    "backward: expected a call of loss just before, or d_logits; "
                    "got neither"
                )
            do = self._d_logits.swapaxes(0, 1)
        else:
            do = self.output_layer.check_upstream("d_logits", d_logits)
        dh = self.output_layer.backward_steps(do)
        dz = self.hidden_layer.backward_steps(dh)
        self.input_layer.backward_steps(dz)
        return self.gradients

    def predict(
        self, x: np.ndarray, initial_state: np.ndarray | None = None
    ) -> np.ndarray:
        """Return the most likely symbol at every position.

        Parameters
        ----------
        x : array_like, shape (N, T, K)
        initial_state : array_like, shape (N, H), optional

        Returns
        -------
        ndarray of int, shape (N, T)

        Raises
        ------
        TypeError, ValueError
            As ``forward``, and if a parameter is not finite.
        """
        self._check_parameters()
        logits, _ = self.forward(x, initial_state)
        return logits.argmax(axis=-1)

    def generate(
        self,
        prompt: np.ndarray,
        length: int,
        *,
        temperature: float = 1.0,
        seed: int | np.random.Generator = 0,
    ) -> np.ndarray:
        """Read a prompt, then write: each new symbol becomes the next input.

        Parameters
        ----------
        prompt : array_like of int, shape (T,)
            What the network reads first, as indices.
        length : int
            How many symbols to write.
        temperature : float
            Symbols are drawn from ``softmax(o / temperature)``; 0 takes the
            most likely one.
        seed : int or numpy.random.Generator

        Returns
        -------
        ndarray of int, shape (length,)

        Raises
        ------
        TypeError, ValueError
            If an argument is unusable, a parameter is not finite, or the
            network has other symbols at its output than at its input.
        """
        if self.output_size != self.vocab_size:
            raise ValueError(
                f"generate: expected as many symbols out as in ({self.vocab_size}), "
                f"got {self.output_size}"
            )
        read = check_indices("prompt", prompt, ("T",), self.vocab_size)
        written = np.empty(check_size("length", length), dtype=np.intp)
        temperature = check_number("temperature", temperature)
        rng = check_seed(seed)
        self._check_parameters()
        identity = np.eye(self.vocab_size, dtype=self.dtype)
        state = None
        for position in range(written.size):
            logits, state = self.forward(identity[read][np.newaxis], state)
            written[position] = draw(logits[0, -1], temperature, rng)
            read = written[position : position + 1]
        return written

    def _check_parameters(self) -> None:
        """Raise ValueError if a parameter is not finite."""
        for name, array in self.parameters.items():
            check_array(name, array, array.shape)


def draw(logits: np.ndarray, temperature: float, rng: np.random.Generator) -> int:
    """Return one index drawn from ``softmax(logits / temperature)``."""
    logits = logits.astype(np.float64) - logits.max()
    # Below this, a ratio of probabilities would overflow: take the largest.
    if temperature * sys.float_info.max <= -logits.min():
        return int(logits.argmax())
    return int(rng.choice(logits.size, p=softmax(logits / temperature)))
