"""Peak memory of a training step, against the arrays that it has to keep."""

import tracemalloc

import numpy as np
import pytest

from rnn_lib import VanillaRNN, one_hot


@pytest.mark.parametrize(
    ("N", "T", "K", "H"), [(32, 64, 96, 256), (8, 200, 20, 32), (1, 1000, 26, 128)]
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_peak_of_a_step_is_near_what_must_be_kept(N, T, K, H, dtype):
    """x, o and dL/do of size K; h, dL/dh and dL/dz of size H, for each step."""
    rng = np.random.default_rng(0)
    x = one_hot(rng.integers(0, K, (N, T)), K, dtype)
    targets = rng.integers(0, K, (N, T))
    network = VanillaRNN(K, H, dtype=dtype)
    tracemalloc.start()
    try:
        network.loss(x, targets)
        network.backward()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    kept = N * T * 3 * (K + H) * np.dtype(dtype).itemsize
    gradients = sum(array.nbytes for array in network.gradients.values())
    assert kept < peak < 1.5 * kept + gradients
