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

from rnn_lib.layers import Arrays, HiddenLayer, sum_of_outer
from rnn_lib.network import VanillaRNN

# Wrong gradients -------------------------------------------------------------


class NoTranspose(VanillaRNN):
    """On the way back, W stands where its transpose belongs."""

    class Hidden(HiddenLayer):
        def through_time(
            self, from_output: np.ndarray, slope: np.ndarray
        ) -> tuple[np.ndarray, np.ndarray]:
            dz, from_next = np.empty_like(slope), np.zeros_like(slope[0])
            for t in reversed(range(len(dz))):
                dz[t] = slope[t] * (from_output[t] + from_next)
                from_next = dz[t] @ self.W.T
            return dz, from_next


class OnePath(VanillaRNN):
    """What comes back from the next step is left out."""

    class Hidden(HiddenLayer):
        def through_time(
            self, from_output: np.ndarray, slope: np.ndarray
        ) -> tuple[np.ndarray, np.ndarray]:
            dz = slope * from_output
            return dz, dz[0] @ self.W


class SameStep(VanillaRNN):
    """The gradient of W is built with h_t in the place of h_{t-1}."""

    class Hidden(HiddenLayer):
        def gradient_of_W(self, dz: np.ndarray) -> np.ndarray:
            return sum_of_outer(dz, self._h)


class LastTermOnly(VanillaRNN):
    """The gradient of W is assigned at each step, where it should be added."""

    class Hidden(HiddenLayer):
        def gradient_of_W(self, dz: np.ndarray) -> np.ndarray:
            for dz_t, before_t in zip(dz[::-1], self._read[::-1], strict=True):
                dW = dz_t.T @ before_t
            return dW


class SlopeOfState(VanillaRNN):
    """The slope is taken as 1 - tanh(h)^2: tanh is applied to h again."""

    class Hidden(HiddenLayer):
        def slope(self, h: np.ndarray) -> np.ndarray:
            return 1 - np.tanh(h) ** 2


# Something is left over from an earlier call ---------------------------------


class LeftOverPath(VanillaRNN):
    """The last step gets what the first step of the call before sent back."""

    class Hidden(HiddenLayer):
        d_initial_state: np.ndarray | None = None

        def through_time(
            self, from_output: np.ndarray, slope: np.ndarray
        ) -> tuple[np.ndarray, np.ndarray]:
            left = self.d_initial_state
            if left is not None and left.shape == from_output[-1].shape:
                from_output[-1] += left
            return super().through_time(from_output, slope)


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
        self._start = self.hidden_layer.final_state


# The right gradient of the wrong thing ---------------------------------------


class NoTanh(VanillaRNN):
    """The state is z_t itself, without tanh; the gradient fits."""

    class Hidden(HiddenLayer):
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


class StatesSizedByVocabulary(VanillaRNN):
    """The final state is looked up at place K - 1, whatever the length."""

    class Hidden(HiddenLayer):
        places = 0

        @property
        def final_state(self) -> np.ndarray:
            padded = np.pad(self.states, ((0, 0), (0, self.places), (0, 0)))
            return padded[:, self.places - 1]

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
