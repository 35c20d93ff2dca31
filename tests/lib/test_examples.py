"""The tiny network: its numbers, and that they can be worked out by hand."""

import math

import numpy as np
import pytest

from rnn_lib.examples import TINY_INPUT, TINY_TARGET, TINY_VOCABULARY, tiny_network
from rnn_lib.network import VanillaRNN

WEIGHTS = {
    "U": [[1.0, 0.0, -1.0], [0.5, -0.5, 1.0]],
    "W": [[0.5, -1.0], [1.0, 0.5]],
    "b": [0.5, 0.0],
    "V": [[1.0, 0.0], [-1.0, 1.0], [0.5, -1.0]],
    "c": [0.0, 0.5, 0.0],
}


def by_hand():
    """Return the states and logits of reading ABA, with scalars only."""
    p, q = 0.0, 0.0
    states, logits = [], []
    for letter in "ABA":
        column = "ABC".index(letter)
        u, v = WEIGHTS["U"][0][column], WEIGHTS["U"][1][column]
        p, q = (
            math.tanh(u + 0.5 * p - 1.0 * q + 0.5),
            math.tanh(v + 1.0 * p + 0.5 * q + 0.0),
        )
        states.append([p, q])
        logits.append([p, -p + q + 0.5, 0.5 * p - q])
    return states, logits


def test_the_letters():
    assert TINY_VOCABULARY.symbols == ("A", "B", "C")
    assert TINY_INPUT == "ABA"
    assert TINY_TARGET == "BAC"


def test_the_same_input_letter_wants_two_answers():
    """Only a memory can tell the two apart."""
    wanted = [b for a, b in zip(TINY_INPUT, TINY_TARGET, strict=True) if a == "A"]
    assert wanted == ["B", "C"]


def test_the_weights():
    network = tiny_network()
    assert isinstance(network, VanillaRNN)
    assert network.dtype == np.float64
    assert {k: v.tolist() for k, v in network.parameters.items()} == WEIGHTS


def test_the_weights_are_easy_to_calculate_with_and_a_mix_up_shows():
    parameters = tiny_network().parameters
    for array in parameters.values():
        assert np.array_equal(2 * array, np.round(2 * array))
        assert abs(array).max() <= 1
    W = parameters["W"]
    assert not np.array_equal(W, W.T)
    assert len({tuple(array.ravel()) for array in parameters.values()}) == 5


def test_each_call_gives_a_network_of_its_own():
    tiny_network().parameters["W"][...] = 9
    assert tiny_network().parameters["W"].tolist() == WEIGHTS["W"]


def test_the_first_step_by_hand():
    """z_0 = (1 + 1/2, 1/2 + 0) = (1.5, 0.5)."""
    network = tiny_network()
    logits, _ = network.forward([[[1, 0, 0]]])
    h = [math.tanh(1.5), math.tanh(0.5)]
    assert network.hidden_layer.states[0, 0].tolist() == pytest.approx(h, rel=1e-12)
    wanted = [h[0], -h[0] + h[1] + 0.5, 0.5 * h[0] - h[1]]
    assert logits[0, 0].tolist() == pytest.approx(wanted, rel=1e-12)


def test_three_steps_with_scalars():
    network = tiny_network()
    states, logits = by_hand()
    x = np.eye(3)[TINY_VOCABULARY.encode(TINY_INPUT)][np.newaxis]
    got, final = network.forward(x)
    np.testing.assert_allclose(network.hidden_layer.states[0], states, rtol=1e-12)
    np.testing.assert_allclose(got[0], logits, rtol=1e-12)
    np.testing.assert_allclose(final[0], states[-1], rtol=1e-12)

    targets = TINY_VOCABULARY.encode(TINY_TARGET)
    losses = [
        math.log(math.fsum(map(math.exp, row))) - row[target]
        for row, target in zip(logits, targets, strict=True)
    ]
    assert network.loss(x, [targets]) == pytest.approx(sum(losses) / 3, rel=1e-12)


def test_the_two_as_leave_different_states():
    states, _ = by_hand()
    assert np.abs(np.subtract(states[0], states[2])).max() > 0.2
