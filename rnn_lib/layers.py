"""The three layers of the network, each over a whole batch of sequences.

They share one contract. ``forward`` takes and returns arrays of shape
(N, T, size) and keeps what ``backward`` will need. ``backward`` takes the
gradient of the loss with respect to the output of the last ``forward``,
returns the gradient with respect to its input, and stores the gradients of
the layer's own parameters. They are computed anew each time: nothing is
carried over from an earlier call, and no argument is changed.
"""

from __future__ import annotations

import numpy as np

from rnn_lib.functional import tanh_slope
from rnn_lib.validation import check_array

Arrays = dict[str, np.ndarray]


class Layer:
    """What the three layers share: named parameters and their gradients."""

    names: tuple[str, ...] = ()

    @property
    def parameters(self) -> Arrays:
        """The parameter arrays themselves, by name (not copies)."""
        return {name: getattr(self, name) for name in self.names}

    @property
    def gradients(self) -> Arrays:
        """Gradients from the last ``backward``, by parameter name."""
        return {name: _kept(self, f"d{name}", "backward") for name in self.names}


class InputLayer(Layer):
    """Weighted inputs ``U x_t``.

    Parameters
    ----------
    U : array_like, shape (H, K)
        Input-to-hidden weights; copied. Their type, float32 or float64, is
        the type the layer computes in.

    Attributes
    ----------
    U, dU : ndarray, shape (H, K)
    """

    names = ("U",)

    def __init__(self, U: np.ndarray) -> None:
        self.U = _owned("U", U, ("H", "K"))

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return ``U x_t`` for every step.

        Parameters
        ----------
        x : array_like, shape (N, T, K)
            Inputs, one-hot in this course; any real numbers will do.

        Returns
        -------
        ndarray, shape (N, T, H)

        Raises
        ------
        TypeError, ValueError
            If `x` is not a finite array of that shape.
        """
        x = check_array("x", x, ("N", "T", self.U.shape[1]), self.U.dtype)
        self._x = by_step(x)
        T, N, _ = self._x.shape
        return by_sequence((_rows(self._x) @ self.U.T).reshape(T, N, -1))

    def backward(
        self, d_weighted: np.ndarray, *, input_gradient: bool = True
    ) -> np.ndarray | None:
        """Store dU and return dL/dx.

        Parameters
        ----------
        d_weighted : array_like, shape (N, T, H)
            dL with respect to the weighted inputs.
        input_gradient : bool
            Whether dL/dx is wanted. Training has no use for it.

        Returns
        -------
        ndarray, shape (N, T, K), or None

        Raises
        ------
        TypeError, ValueError
            If there was no ``forward``, or the array does not match it.
        """
        x = _kept(self, "_x")  # (T, N, K)
        shape = (x.shape[1], x.shape[0], self.U.shape[0])
        d_weighted = check_array("d_weighted", d_weighted, shape, self.U.dtype)
        d_rows = _rows(by_step(d_weighted))
        self.dU = d_rows.T @ _rows(x)
        if not input_gradient:
            return None
        return by_sequence((d_rows @ self.U).reshape(x.shape))


class HiddenLayer(Layer):
    """Hidden states ``h_t = tanh(a_t + W h_{t-1} + b)`` with ``a_t = U x_t``.

    Parameters
    ----------
    W : array_like, shape (H, H)
        Hidden-to-hidden weights, the same at every step; copied.
    b : array_like, shape (H,)
        Bias; copied.

    Attributes
    ----------
    W, dW : ndarray, shape (H, H)
    b, db : ndarray, shape (H,)
    states : ndarray, shape (N, T, H)
        h_0 ... h_{T-1} of the last ``forward``.
    initial_state, final_state : ndarray, shape (N, H)
        h_{-1} and h_{T-1} of the last ``forward``.
    d_initial_state : ndarray, shape (N, H)
        dL/dh_{-1} of the last ``backward``.

    Raises
    ------
    TypeError, ValueError
        If W is not square, b does not fit it, or a value is not finite.
    """

    names = ("W", "b")

    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        W = check_array("W", W, ("H", "H"))
        self.W = _owned("W", W, (len(W), len(W)))
        self.b = _owned("b", b, (len(W),), self.W.dtype)

    def forward(
        self, weighted: np.ndarray, initial_state: np.ndarray | None = None
    ) -> np.ndarray:
        """Return the hidden state after every step.

        Parameters
        ----------
        weighted : array_like, shape (N, T, H)
            ``U x_t``, what the input layer returns.
        initial_state : array_like, shape (N, H), optional
            h_{-1}; zeros if not given.

        Returns
        -------
        ndarray, shape (N, T, H)

        Raises
        ------
        TypeError, ValueError
            If an array is not finite or has another shape.
        """
        H, dtype = self.b.size, self.W.dtype
        weighted = check_array("weighted", weighted, ("N", "T", H), dtype)
        N, T, _ = weighted.shape
        # One place more than T: h_{-1} comes first, so that h[t] is h_{t-1}.
        h = np.empty((T + 1, N, H), dtype)
        h[0] = 0
        if initial_state is not None:
            h[0] = check_array("initial_state", initial_state, (N, H), dtype)
        np.add(by_step(weighted), self.b, out=h[1:])
        W_T = np.ascontiguousarray(self.W.T)  # a product with a copy is faster
        z_t = np.empty((N, H), dtype)  # one array for every z_t: no step makes another
        for before, h_t in zip(h[:-1], h[1:], strict=True):
            np.matmul(before, W_T, out=z_t)
            z_t += h_t  # which holds U x_t + b so far
            h_t[:] = np.tanh(z_t)
        self._h = h
        return self.states

    @property
    def states(self) -> np.ndarray:
        """h_0 ... h_{T-1} of the last ``forward``, shape (N, T, H)."""
        return by_sequence(_kept(self, "_h")[1:])

    @property
    def initial_state(self) -> np.ndarray:
        """h_{-1} of the last ``forward``, shape (N, H)."""
        return _kept(self, "_h")[0]

    @property
    def final_state(self) -> np.ndarray:
        """h_{T-1} of the last ``forward``, shape (N, H)."""
        return _kept(self, "_h")[-1]

    def backward(self, d_states: np.ndarray) -> np.ndarray:
        """Back-propagate through time: store dW, db and dL/dh_{-1}.

        Two paths lead into h_t: through the output at step t (`d_states`) and
        through step t + 1 (``W.T @ dL/dz_{t+1}``); see Werbos 1990, or
        Goodfellow et al. 2016, section 10.2.2.

        Parameters
        ----------
        d_states : array_like, shape (N, T, H)
            dL/dh_t along the output path only. A gradient that arrives at the
            final state from elsewhere is added to the last step.

        Returns
        -------
        ndarray, shape (N, T, H)
            dL/dz_t, which is also dL with respect to the weighted inputs.

        Raises
        ------
        TypeError, ValueError
            If there was no ``forward``, or the array does not match it.
        """
        d_states = check_array("d_states", d_states, self.states.shape, self.W.dtype)
        d_states = by_step(d_states)  # (T, N, H)
        dz = tanh_slope(self._h[1:])
        dh_t = np.zeros_like(d_states[0])  # (N, H); no step follows the last
        for dz_t, from_output in zip(dz[::-1], d_states[::-1], strict=True):
            dh_t += from_output  # both paths into h_t
            dz_t *= dh_t
            np.matmul(dz_t, self.W, out=dh_t)  # what goes on to step t - 1
        self.dW = _rows(dz).T @ _rows(self._h[:-1])
        self.db = _rows(dz).sum(axis=0)
        self.d_initial_state = dh_t
        return by_sequence(dz)


class OutputLayer(Layer):
    """Logits ``o_t = V h_t + c``.

    Parameters
    ----------
    V : array_like, shape (K, H)
        Hidden-to-output weights; copied.
    c : array_like, shape (K,)
        Bias; copied.

    Attributes
    ----------
    V, dV : ndarray, shape (K, H)
    c, dc : ndarray, shape (K,)

    Raises
    ------
    TypeError, ValueError
        If c does not fit V, or a value is not finite.
    """

    names = ("V", "c")

    def __init__(self, V: np.ndarray, c: np.ndarray) -> None:
        self.V = _owned("V", V, ("K", "H"))
        self.c = _owned("c", c, (self.V.shape[0],), self.V.dtype)

    def forward(self, states: np.ndarray) -> np.ndarray:
        """Return the logits of every step.

        Parameters
        ----------
        states : array_like, shape (N, T, H)

        Returns
        -------
        ndarray, shape (N, T, K)

        Raises
        ------
        TypeError, ValueError
            If `states` is not a finite array of that shape.
        """
        shape = ("N", "T", self.V.shape[1])
        self._states = by_step(check_array("states", states, shape, self.V.dtype))
        logits = _rows(self._states) @ self.V.T
        logits += self.c
        return by_sequence(logits.reshape(*self._states.shape[:2], -1))

    def backward(self, d_logits: np.ndarray) -> np.ndarray:
        """Store dV and dc and return dL/dh_t along the output path.

        Parameters
        ----------
        d_logits : array_like, shape (N, T, K)
            dL/do_t.

        Returns
        -------
        ndarray, shape (N, T, H)

        Raises
        ------
        TypeError, ValueError
            If there was no ``forward``, or the array does not match it.
        """
        states = _kept(self, "_states")  # (T, N, H)
        shape = (states.shape[1], states.shape[0], self.c.size)
        d_rows = _rows(by_step(check_array("d_logits", d_logits, shape, self.V.dtype)))
        self.dV = d_rows.T @ _rows(states)
        self.dc = d_rows.sum(axis=0)
        return by_sequence((d_rows @ self.V).reshape(states.shape))


def by_step(array: np.ndarray) -> np.ndarray:
    """Return (N, T, size) as (T, N, size), one step after the other in memory."""
    return np.ascontiguousarray(array.swapaxes(0, 1))


def by_sequence(array: np.ndarray) -> np.ndarray:
    """Return (T, N, size) as (N, T, size): the same numbers, seen batch first."""
    return array.swapaxes(0, 1)


def _rows(array: np.ndarray) -> np.ndarray:
    """Return (T, N, size) as (T * N, size): every step of every sequence a row."""
    return array.reshape(-1, array.shape[-1])


def _owned(
    name: str, value: np.ndarray, shape: tuple, dtype: np.dtype | None = None
) -> np.ndarray:
    """Return a checked copy, so that training never changes the caller's array."""
    return np.array(check_array(name, value, shape, dtype))


def _kept(layer: Layer, name: str, by: str = "forward") -> np.ndarray:
    """Return what the last ``forward`` or ``backward`` kept."""
    if not hasattr(layer, name):
        raise ValueError(
            f"{type(layer).__name__}: call {by} first; there is no {by} pass "
            "to look back on"
        )
    return getattr(layer, name)
