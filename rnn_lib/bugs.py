"""The bug zoo: networks that are wrong in one line each, and who sees it.

Every network is a VanillaRNN and is made and used like one. What is wrong with
it stands in the first line of its docstring. The errors are those of the
notebook that this course grew out of, and those that people make most often
when they write the backward pass themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_lib.layers import Arrays, HiddenLayer
from rnn_lib.network import VanillaRNN
from rnn_lib.validation import check_array


class StepByStep(HiddenLayer):
    """The hidden layer, one step at a time, right in every line.

    It computes what HiddenLayer computes. Each line that can go wrong is a
    method of its own, for a subclass to get wrong.
    """

    def forward(
        self, weighted: np.ndarray, initial_state: np.ndarray | None = None
    ) -> np.ndarray:
        """Return the hidden state after every step, as HiddenLayer does.

        Parameters
        ----------
        weighted : array_like, shape (N, T, H)
        initial_state : array_like, shape (N, H), optional

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
        h = np.zeros((N, T + 1, H), dtype)  # h_{-1} comes first
        if initial_state is not None:
            h[:, 0] = check_array("initial_state", initial_state, (N, H), dtype)
        for t in range(T):
            z = weighted[:, t] + h[:, t] @ self.W.T + self.b  # (N, H)
            h[:, t + 1] = self.activation(z)
        self._kept = h
        return self.states

    def backward(self, d_states: np.ndarray) -> np.ndarray:
        """Store dW, db and dL/dh_{-1} and return dL/dz_t, as HiddenLayer does.

        Parameters
        ----------
        d_states : array_like, shape (N, T, H)

        Returns
        -------
        ndarray, shape (N, T, H)

        Raises
        ------
        TypeError, ValueError
            If there was no ``forward``, or the array does not match it.
        """
        shape = self.states.shape
        d_states = check_array("d_states", d_states, shape, self.W.dtype)
        dz, self.dW = np.empty_like(d_states), np.zeros_like(self.W)
        from_next = self.after_the_last(d_states[:, 0])
        for t in reversed(range(shape[1])):
            dh = self.add_paths(d_states[:, t], from_next)
            dz[:, t] = dh * self.slope(self._all[:, t + 1])
            from_next = self.to_previous(dz[:, t])
            self.dW = self.add_steps(self.dW, dz[:, t].T @ self.read_by_W(t))
        self.db = dz.sum(axis=(0, 1))
        self.d_initial_state = from_next
        return dz

    @property
    def _all(self) -> np.ndarray:
        """h_{-1} ... h_{T-1} of the last ``forward``, shape (N, T + 1, H)."""
        if not hasattr(self, "_kept"):
            name = type(self).__name__
            raise ValueError(f"{name}: call forward first; there is no forward pass")
        return self._kept

    @property
    def states(self) -> np.ndarray:
        """h_0 ... h_{T-1} of the last ``forward``, shape (N, T, H)."""
        return self._all[:, 1:]

    @property
    def initial_state(self) -> np.ndarray:
        """h_{-1} of the last ``forward``, shape (N, H)."""
        return self._all[:, 0]

    @property
    def final_state(self) -> np.ndarray:
        """h_{T-1} of the last ``forward``, shape (N, H)."""
        return self._all[:, -1]

    def activation(self, z: np.ndarray) -> np.ndarray:
        """Return h_t for z_t, shape (N, H)."""
        return np.tanh(z)

    def slope(self, h: np.ndarray) -> np.ndarray:
        """Return the slope of the activation, given its value h_t."""
        return 1 - h**2

    def after_the_last(self, like: np.ndarray) -> np.ndarray:
        """Return the gradient that reaches the last step from a later one."""
        return np.zeros_like(like)

    def add_paths(self, from_output: np.ndarray, from_next: np.ndarray) -> np.ndarray:
        """Return dL/dh_t from what its two paths bring."""
        return from_output + from_next

    def to_previous(self, dz: np.ndarray) -> np.ndarray:
        """Return W^T dL/dz_t, with one row per sequence."""
        return dz @ self.W

    def read_by_W(self, t: int) -> np.ndarray:
        """Return what W was multiplied by at step t: h_{t-1}, shape (N, H)."""
        return self._all[:, t]

    def add_steps(self, total: np.ndarray, term: np.ndarray) -> np.ndarray:
        """Return the gradient of W so far with that of one more step."""
        return total + term


class WithLayer(VanillaRNN):
    """A VanillaRNN with another class of hidden layer; this one is healthy.

    It takes the arguments of VanillaRNN. A subclass names its layer `Hidden`.
    """

    Hidden: type[HiddenLayer] = StepByStep

    def __init__(self, *sizes: int, **settings: Any) -> None:
        super().__init__(*sizes, **settings)
        self.hidden_layer = self.Hidden(**self.hidden_layer.parameters)


# Wrong gradients -------------------------------------------------------------


class NoTranspose(WithLayer):
    """On the way back, W stands where its transpose belongs."""

    class Hidden(StepByStep):
        def to_previous(self, dz: np.ndarray) -> np.ndarray:
            return dz @ self.W.T


class OnePath(WithLayer):
    """What comes back from the next step is left out."""

    class Hidden(StepByStep):
        def add_paths(
            self, from_output: np.ndarray, from_next: np.ndarray
        ) -> np.ndarray:
            return from_output


class SameStep(WithLayer):
    """The gradient of W is built with h_t in the place of h_{t-1}."""

    class Hidden(StepByStep):
        def read_by_W(self, t: int) -> np.ndarray:
            return self._all[:, t + 1]


class LastTermOnly(WithLayer):
    """The gradient of W is assigned at each step, where it should be added."""

    class Hidden(StepByStep):
        def add_steps(self, total: np.ndarray, term: np.ndarray) -> np.ndarray:
            return term


class SlopeOfState(WithLayer):
    """The slope is taken as 1 - tanh(h)^2: tanh is applied to h again."""

    class Hidden(StepByStep):
        def slope(self, h: np.ndarray) -> np.ndarray:
            return 1 - np.tanh(h) ** 2


# Something is left over from an earlier call ---------------------------------


class LeftOverPath(WithLayer):
    """The last step gets what the first step of the call before sent back."""

    class Hidden(StepByStep):
        d_initial_state: np.ndarray | None = None

        def after_the_last(self, like: np.ndarray) -> np.ndarray:
            left = self.d_initial_state
            fits = left is not None and left.shape == like.shape
            return left if fits else np.zeros_like(like)


class GradientsPileUp(VanillaRNN):
    """Each backward adds its gradients to those of all calls before it."""

    _total: Arrays | None = None

    def backward(self, d_logits: np.ndarray | None = None) -> Arrays:
        gradients = super().backward(d_logits)
        for name, gradient in gradients.items():
            gradient += self._total[name] if self._total else 0
        self._total = {name: g.copy() for name, g in gradients.items()}
        return gradients


class NoticesBatches(VanillaRNN):
    """A healthy VanillaRNN that calls `another_batch` when the inputs change."""

    _last_x: np.ndarray | None = None

    def forward(
        self, x: np.ndarray, initial_state: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        if self._last_x is not None and not np.array_equal(x, self._last_x):
            self.another_batch()
        self._last_x = np.array(x)
        return super().forward(x, initial_state)

    def another_batch(self) -> None:
        """Do nothing: a healthy network does not mind."""


class FreshInputWeights(NoticesBatches):
    """New input weights are drawn for every new batch; what U learnt is lost."""

    _draws = 0

    def another_batch(self) -> None:
        self._draws += 1
        sizes = (self.vocab_size, self.hidden_size, self.output_size)
        fresh = VanillaRNN(*sizes, seed=1000 + self._draws, dtype=self.dtype)
        self.input_layer.U[...] = fresh.input_layer.U


class StateCarriedOver(NoticesBatches):
    """A batch starts from the state in which the batch before it ended."""

    _start: np.ndarray | None = None

    def forward(
        self, x: np.ndarray, initial_state: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        if initial_state is not None:
            return super().forward(x, initial_state)
        logits, final_state = super().forward(x)  # tells whether x is another one
        if self._start is not None and len(self._start) == len(logits):
            return super().forward(x, self._start)
        return logits, final_state

    def another_batch(self) -> None:
        self._start = self.hidden_layer.final_state.copy()


# The right gradient of the wrong thing ---------------------------------------


class NoTanh(WithLayer):
    """The state is z_t itself, without tanh; the gradient fits."""

    class Hidden(StepByStep):
        def activation(self, z: np.ndarray) -> np.ndarray:
            return z

        def slope(self, h: np.ndarray) -> np.ndarray:
            return np.ones_like(h)


class SaturatingStart(VanillaRNN):
    """Starts from uniform(0, 1) weights, W scaled as if there were 128 units."""

    def __init__(self, *sizes: int, **settings: Any) -> None:
        super().__init__(*sizes, **{**settings, "initialization": "original"})
        self.hidden_layer.W *= 128 / self.hidden_size


class SummedLoss(VanillaRNN):
    """The loss is the sum over all positions instead of their mean."""

    def loss(
        self,
        x: np.ndarray,
        targets: np.ndarray,
        initial_state: np.ndarray | None = None,
        mask: np.ndarray | None = None,
    ) -> float:
        mean = super().loss(x, targets, initial_state, mask)
        self._positions = np.size(targets) if mask is None else int(np.sum(mask))
        return mean * self._positions

    def backward(self, d_logits: np.ndarray | None = None) -> Arrays:
        gradients = super().backward(d_logits)
        if d_logits is None:
            for gradient in gradients.values():
                gradient *= self._positions
        return gradients


class StatesSizedByVocabulary(WithLayer):
    """The final state is looked up at place K - 1, whatever the length."""

    class Hidden(StepByStep):
        places = 0

        @property
        def final_state(self) -> np.ndarray:
            short = self.places - self.states.shape[1]
            padded = np.pad(self._all, ((0, 0), (0, max(0, short)), (0, 0)))
            return padded[:, self.places]

    def __init__(self, *sizes: int, **settings: Any) -> None:
        super().__init__(*sizes, **settings)
        self.hidden_layer.places = self.vocab_size


@dataclass(frozen=True)
class Bug:
    """A broken network, and the tests that see what is wrong with it.

    Attributes
    ----------
    network : type
        A subclass of VanillaRNN.
    seen_by : frozenset of str
        Names of probes in `rnn_lib.probes.PROBES`; no other probe sees it.
    """

    network: type[VanillaRNN]
    seen_by: frozenset[str]

    @property
    def description(self) -> str:
        """What is wrong, in one sentence."""
        return (self.network.__doc__ or "").splitlines()[0]


BUGS = {
    name: Bug(network, frozenset(seen_by))
    for name, network, seen_by in (
        ("no transpose", NoTranspose, ["gradient check"]),
        ("one path only", OnePath, ["gradient check"]),
        ("h of the same step", SameStep, ["gradient check"]),
        ("= instead of +=", LastTermOnly, ["gradient check"]),
        ("tanh twice", SlopeOfState, ["gradient check", "overfit"]),
        ("left-over path", LeftOverPath, ["overfit", "order"]),
        ("gradients pile up", GradientsPileUp, ["overfit", "order"]),
        ("fresh input weights", FreshInputWeights, ["overfit", "order", "halves"]),
        ("state carried over", StateCarriedOver, ["order", "halves"]),
        ("no tanh", NoTanh, ["formulas"]),
        ("saturating start", SaturatingStart, ["overfit", "first loss", "slopes"]),
        ("summed loss", SummedLoss, ["first loss"]),
        ("sized by vocabulary", StatesSizedByVocabulary, ["halves"]),
    )
}
"""Every bug by its name, in the order in which the classes stand.

:meta hide-value:
"""
