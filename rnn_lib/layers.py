"""The three layers of the network, each over a whole batch of sequences.

The formulas stand in ``forward_steps`` and ``backward_steps``. These work step by
step, on arrays of shape (T, N, size), keep what the way back will need, and check
nothing. A VanillaRNN calls them one after the other, so a subclass that computes
something else replaces them, or the methods that they call.

``forward`` and ``backward`` are the way to use a layer by itself. They check what
comes in, copy it, and turn it from (N, T, size) to (T, N, size) and back. So nothing
that a layer keeps is shared with its caller, except the parameters and their
gradients, and no argument is changed. Gradients are computed anew each time: nothing
is carried over from an earlier call.

Where a line is not the plainest one, a comment says what the plainest would cost: the
time of that method as a multiple of its time now, on one core, in float32, with T = 26
and H = 128.
"""

from __future__ import annotations

import numpy as np

from rnn_lib.functional import tanh_slope
from rnn_lib.validation import check_array

Arrays = dict[str, np.ndarray]


class Layer:
    """What the three layers share: weights, what they read, and their gradient.

    The first of the `names` are the weights, of shape (size out, size in).
    """

    names: tuple[str, ...] = ()

    @property
    def parameters(self) -> Arrays:
        """The parameter arrays themselves, by name (not copies)."""
        return {name: getattr(self, name) for name in self.names}

    @property
    def gradients(self) -> Arrays:
        """Gradients from the last ``backward``, by parameter name."""
        return {name: _kept(self, f"d{name}", "backward") for name in self.names}

    def check_input(self, name: str, value: np.ndarray) -> np.ndarray:
        """Return a checked copy of an input of the layer, one step after the other.

        Parameters
        ----------
        name : str
            What the caller calls it, for the message.
        value : array_like, shape (N, T, size in)

        Returns
        -------
        ndarray, shape (T, N, size in)

        Raises
        ------
        TypeError, ValueError
            If `value` is not a finite array of that shape.
        """
        weights = self.parameters[self.names[0]]
        shape = ("N", "T", weights.shape[1])
        return by_step(check_array(name, value, shape, weights.dtype))

    def check_upstream(self, name: str, value: np.ndarray) -> np.ndarray:
        """Return a checked copy of dL/d output, one step after the other.

        Parameters
        ----------
        name : str
            What the caller calls it, for the message.
        value : array_like, shape (N, T, size out)

        Returns
        -------
        ndarray, shape (T, N, size out)

        Raises
        ------
        TypeError, ValueError
            If there was no ``forward``, or the array does not match it.
        """
        T, N, _ = _kept(self, "_read").shape
        weights = self.parameters[self.names[0]]
        shape = (N, T, weights.shape[0])
        return by_step(check_array(name, value, shape, weights.dtype))


class InputLayer(Layer):
    """Weighted inputs ``a_t = U x_t``.

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

    def forward_steps(self, x: np.ndarray) -> np.ndarray:
        """Return a_t for every step, (T, N, H), and keep x, (T, N, K)."""
        self._read = x
        return _times(x, self.U.T)

    def backward_steps(self, da: np.ndarray) -> None:
        """Store dU, from dL/da of shape (T, N, H)."""
        self.dU = sum_of_outer(da, self._read)

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
        return by_sequence(self.forward_steps(self.check_input("x", x)))

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
        da = self.check_upstream("d_weighted", d_weighted)
        self.backward_steps(da)
        return by_sequence(_times(da, self.U)) if input_gradient else None


class HiddenLayer(Layer):
    """Hidden states ``h_t = tanh(a_t + W h_{t-1} + b)`` with ``a_t = U x_t``.

    A subclass with another `activation` and its `slope` is a layer of its own, right
    in every gradient.

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
        h_0 ... h_{T-1} of the last ``forward``; a copy, as the next two are.
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

    def activation(self, z: np.ndarray) -> np.ndarray:
        """Return h_t for z_t, both (N, H)."""
        return np.tanh(z)

    def slope(self, h: np.ndarray) -> np.ndarray:
        """Return the slope of the activation where its value is h, any shape."""
        return tanh_slope(h)

    def forward_steps(
        self, a: np.ndarray, initial_state: np.ndarray | None = None
    ) -> np.ndarray:
        """Return h_t for every step, from a and to h of shape (T, N, H)."""
        T, N, H = a.shape
        all_states = np.empty((T + 1, N, H), a.dtype)  # h_{-1} comes first
        before, h = all_states[:-1], all_states[1:]  # before[t] is h_{t-1}
        before[0] = 0 if initial_state is None else initial_state
        np.add(a, self.b, out=h)  # b at each step: 1.2 with N = 1, 1.0 with N = 32
        W_T = np.ascontiguousarray(self.W.T)  # no copy: 0.9 with N = 1, 1.5 with N = 32
        for h_t, before_t in zip(h, before, strict=True):
            z_t = h_t + before_t @ W_T  # h_t holds a_t + b so far
            h_t[:] = self.activation(z_t)
        self._read, self._h = before, h
        return h

    def backward_steps(self, dh: np.ndarray) -> np.ndarray:
        """Store dW, db and dL/dh_{-1}; return dL/dz, (T, N, H).

        `dh` is dL/dh_t along the output path only, (T, N, H); it is written over.
        """
        slope = self.slope(self._h)  # at each step: 1.5 with N = 1, 1.0 with N = 32
        dz, self.d_initial_state = self.through_time(dh, slope)
        self.dW = self.gradient_of_W(dz)
        self.db = _rows(dz).sum(axis=0)
        return dz

    def through_time(
        self, from_output: np.ndarray, slope: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return dL/dz, (T, N, H), and dL/dh_{-1}, (N, H).

        Two paths lead into h_t: through the output at step t (`from_output`, which is
        written over) and through step t + 1 (``W.T @ dL/dz_{t+1}``); see Werbos 1990,
        or Goodfellow et al. 2016, section 10.2.2.
        """
        dz = from_output  # a new array: 1.06 with N = 1, a tenth of a step if large
        from_next = np.zeros_like(dz[0])  # no step follows the last
        steps = zip(dz[::-1], slope[::-1], strict=True)  # by index: 1.2 with N = 1
        for dz_t, slope_t in steps:
            dz_t += from_next  # both paths: dL/dh_t
            dz_t *= slope_t  # dL/dz_t
            from_next = dz_t @ self.W  # W^T dL/dz_t, with one row per sequence
        return dz, from_next

    def gradient_of_W(self, dz: np.ndarray) -> np.ndarray:
        """Return dL/dW: W read h_{t-1} at step t."""
        return sum_of_outer(dz, self._read)

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
        a = self.check_input("weighted", weighted)
        if initial_state is not None:
            shape = (a.shape[1], self.b.size)
            initial_state = check_array(
                "initial_state", initial_state, shape, self.W.dtype
            )
        self.forward_steps(a, initial_state)
        return self.states

    def backward(self, d_states: np.ndarray) -> np.ndarray:
        """Back-propagate through time: store dW, db and dL/dh_{-1}.

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
        return by_sequence(
            self.backward_steps(self.check_upstream("d_states", d_states))
        )

    @property
    def states(self) -> np.ndarray:
        """h_0 ... h_{T-1} of the last ``forward``, shape (N, T, H)."""
        return by_sequence(_kept(self, "_h")).copy()

    @property
    def initial_state(self) -> np.ndarray:
        """h_{-1} of the last ``forward``, shape (N, H)."""
        return _kept(self, "_read")[0].copy()

    @property
    def final_state(self) -> np.ndarray:
        """h_{T-1} of the last ``forward``, shape (N, H)."""
        return _kept(self, "_h")[-1].copy()


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

    def forward_steps(self, h: np.ndarray) -> np.ndarray:
        """Return o_t for every step, (T, N, K), and keep h, (T, N, H)."""
        self._read = h
        o = _times(h, self.V.T)
        o += self.c
        return o

    def backward_steps(self, do: np.ndarray) -> np.ndarray:
        """Store dV and dc; return V^T dL/do_t, (T, N, H), from dL/do, (T, N, K)."""
        self.dV = sum_of_outer(do, self._read)
        self.dc = _rows(do).sum(axis=0)
        return _times(do, self.V)

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
        return by_sequence(self.forward_steps(self.check_input("states", states)))

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
        do = self.check_upstream("d_logits", d_logits)
        return by_sequence(self.backward_steps(do))


def by_step(array: np.ndarray) -> np.ndarray:
    """Return a copy of (N, T, size) as (T, N, size), step after step in memory."""
    return np.array(array.swapaxes(0, 1), order="C")


def by_sequence(array: np.ndarray) -> np.ndarray:
    """Return (T, N, size) as (N, T, size): the same numbers, seen batch first."""
    return array.swapaxes(0, 1)


def _times(array: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Return ``array @ matrix`` for every step, (T, N, size).

    It is one product of T * N rows. ``array @ matrix``, which is T products, takes 2.2
    times as long with N = 1, and 1.4 times with N = 32.
    """
    return (_rows(array) @ matrix).reshape(*array.shape[:2], -1)


def sum_of_outer(d: np.ndarray, read: np.ndarray) -> np.ndarray:
    """Return the gradient of weights used at every step: the sum of d read^T.

    The sum is over sequences and steps, d is dL with respect to what the weights
    gave, and `read` is what they were multiplied by.
    """
    return _rows(d).T @ _rows(read)


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
