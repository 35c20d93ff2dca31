"""The layers of the original notebook, mended so that they run and learn.

One step of one sequence at a time, column vectors of shape (H, 1), a Python
loop over everything: kept as what the vectorised layers are measured against.
Only what kept it from running or from computing the right gradient is changed:
U is made once, gradients and the carried gradient start at zero for every
sequence, state arrays have the length of the sequence, and the loss is a mean.
"""

import numpy as np

from rnn_lib import VanillaRNN


class OriginalRNN:
    """The step-by-step network, with the parameters of a VanillaRNN."""

    def __init__(self, network: VanillaRNN) -> None:
        p = network.parameters
        self.U, self.W, self.V = p["U"].copy(), p["W"].copy(), p["V"].copy()
        self.b, self.c = p["b"][:, np.newaxis].copy(), p["c"][:, np.newaxis].copy()

    def gradients(self, x: np.ndarray, targets: np.ndarray) -> tuple[float, dict]:
        """Return the mean loss over x (N, T, K) and the gradient of each array."""
        total = 0.0
        sums = {name: np.zeros_like(getattr(self, name)) for name in "UWbVc"}
        for row, answers in zip(x, targets, strict=True):
            total += self._sequence(row[:, :, np.newaxis], answers, sums)
        count = targets.size
        return total / count, {name: g / count for name, g in sums.items()}

    def _sequence(self, x: np.ndarray, targets: np.ndarray, sums: dict) -> float:
        """Add the gradients of one sequence x (T, K, 1) to `sums`."""
        h = np.zeros((len(x) + 1, len(self.b), 1), x.dtype)  # h[t] is h_{t-1}
        y_hat = np.zeros((len(x), len(self.c), 1), x.dtype)
        for t in range(len(x)):
            weighted_input = self.U @ x[t]  # (H, 1)
            h[t + 1] = np.tanh(weighted_input + self.W @ h[t] + self.b)
            output = self.V @ h[t + 1] + self.c  # (K, 1)
            exponentials = np.exp(output - output.max())
            y_hat[t] = exponentials / exponentials.sum()
        from_next = np.zeros_like(self.b)
        for t in reversed(range(len(x))):
            delta_output = y_hat[t].copy()
            delta_output[targets[t]] -= 1
            sums["V"] += delta_output @ h[t + 1].T
            sums["c"] += delta_output
            delta = (self.V.T @ delta_output + from_next) * (1 - h[t + 1] ** 2)
            from_next = self.W.T @ delta
            sums["W"] += delta @ h[t].T
            sums["b"] += delta
            sums["U"] += delta @ x[t].T
        return float(-np.log(y_hat[np.arange(len(x)), targets]).sum())
