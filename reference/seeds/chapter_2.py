"""The forward pass: networks before training, and what a state is worth."""

from functools import cache

import numpy as np

from reference.seeds import claim
from rnn_lib import (
    Adam,
    HiddenLayer,
    VanillaRNN,
    Vocabulary,
    evaluate,
    floor,
    load_five_sequences,
    one_hot,
    train,
)
from rnn_lib.baselines import last_letters
from rnn_lib.data import INPUT_ROWS, TARGET_ROWS

K, H = 26, 32
X, TARGETS = load_five_sequences()  # (5, 26, 26), (5, 26)


class LinearRNN(VanillaRNN):
    """A network without tanh."""

    class Hidden(HiddenLayer):
        """A layer whose state is z."""

        def activation(self, z):
            """Return z."""
            return z

        def slope(self, h):
            """Return 1 for each unit."""
            return np.ones_like(h)


def trained(network, x, targets):
    """Train as the chapter does; return the network, its loss and its accuracy."""
    train(network, x, targets, optimizer=Adam(0.01), epochs=300)
    return network, *evaluate(network, x, targets)


@claim("trace of a letter, fifteen letters later")
def trace_of_a_letter(seed):
    """Return the largest change of the last state of row 1."""
    network = VanillaRNN(K, H, seed=seed)
    changed = X[:1].copy()
    changed[0, 10] = one_hot(0, K)
    before = network.forward(X[:1])[1]
    return np.abs(network.forward(changed)[1] - before).max()


@claim("loss before training, H = 8")
def loss_before_training(seed):
    """Return the loss of the smallest network of the chapter."""
    return VanillaRNN(K, 8, seed=seed).loss(X, TARGETS)


@claim("loss before training, H = 128")
def loss_of_a_large_network(seed):
    """Return the loss of the largest network of the chapter."""
    return VanillaRNN(K, 128, seed=seed).loss(X, TARGETS)


@claim("loss before training, V times 100")
def loss_of_a_loud_network(seed):
    """Return the loss where the output weights are too large."""
    loud = VanillaRNN(K, H, seed=seed)
    loud.set_parameters(loud.parameters | {"V": 100 * loud.parameters["V"]})
    return loud.loss(X, TARGETS)


@cache
def carries(seed):
    """Return the network that carries its state, loss and accuracy."""
    return trained(VanillaRNN(K, H, seed=seed), X, TARGETS)


@claim("state carried: loss")
def loss_of_the_carried_state(seed):
    """Return the loss after training."""
    return carries(seed)[1]


@claim("state carried: letters right, of 130")
def right_with_the_carried_state(seed):
    """Return how many letters are right."""
    return 130 * carries(seed)[2]


@claim("state carried: different states")
def states_of_the_carried_state(seed):
    """Return how many states differ in six decimals."""
    states = carries(seed)[0].hidden_layer.states.reshape(130, H)
    return len(np.unique(states.round(6), axis=0))


@cache
def resets(seed):
    """Return the network that resets its state, loss and accuracy."""
    network = VanillaRNN(K, H, seed=seed)
    return trained(network, X.reshape(130, 1, 26), TARGETS.reshape(130, 1))


@claim("state reset: nats above the floor")
def above_the_floor(seed):
    """Return the loss less that of the best table."""
    return resets(seed)[1] - floor(INPUT_ROWS, TARGET_ROWS, last_letters(1)).loss


@claim("state reset: letters right, of 130")
def right_with_the_reset_state(seed):
    """Return how many letters are right."""
    return 130 * resets(seed)[2]


@claim("without tanh: letters right, of 130")
def right_without_tanh(seed):
    """Return how many letters the linear network gets right."""
    return 130 * trained(LinearRNN(K, H, seed=seed), X, TARGETS)[2]


def pairs_right(network):
    """Return how many of four pairs are compared rightly after training."""
    letters = Vocabulary("AB")
    pairs = one_hot(letters.encode_batch(["AA", "AB", "BA", "BB"]), 2)  # (4, 2, 2)
    wanted = letters.encode_batch(["AA", "AB", "BB", "BA"])  # (4, 2)
    network = trained(network, pairs, wanted)[0]
    return (network.predict(pairs)[:, 1] == wanted[:, 1]).sum()


@claim("two letters with tanh: pairs right, of 4")
def pairs_with_tanh(seed):
    """Return the number of the network of the book."""
    return pairs_right(VanillaRNN(2, 16, seed=seed))


@claim("two letters without tanh: pairs right, of 4")
def pairs_without_tanh(seed):
    """Return the number of the linear network."""
    return pairs_right(LinearRNN(2, 16, seed=seed))
