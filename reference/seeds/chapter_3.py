"""The backward pass: one copy of W per step, broken passes, and long products."""

import numpy as np

from reference.seeds import claim
from rnn_lib import (
    VanillaRNN,
    check_gradients,
    cross_entropy_gradient,
    load_five_sequences,
    relative_error,
    tanh_slope,
)
from rnn_lib.bugs import BUGS

X, Y = load_five_sequences()


def norms(seed):
    """Return the norm of the gradient of each copy of W, and that of their sum."""
    network = VanillaRNN(26, 16, seed=seed)
    network.loss(X, Y)
    shared = network.backward()["W"].copy()
    hidden = network.hidden_layer
    do = cross_entropy_gradient(network.logits, Y)
    dz = hidden.backward(do @ network.parameters["V"])
    copies = np.einsum("nti,ntj->tij", dz[:, 1:], hidden.states[:, :-1])
    return np.linalg.norm(copies, axis=(1, 2)), np.linalg.norm(shared)


@claim("norm of the sum / sum of the norms")
def agreement(seed):
    copies, shared = norms(seed)
    return shared / copies.sum()


@claim("norm of the sum / if at right angles")
def right_angles(seed):
    copies, shared = norms(seed)
    return shared / np.sqrt(np.sum(copies**2))


@claim("right gradients, largest error of the check")
def right(seed):
    return max(check_gradients(VanillaRNN(26, 16, seed=seed), X, Y).values())


def errors(seed, bug):
    """Return the errors of the gradients that this mistake spoils."""
    found = check_gradients(BUGS[bug].network(26, 16, seed=seed), X, Y)
    return [found[name] for name in ("U", "W", "b")]


@claim("no transpose, smallest error of dU, dW, db")
def no_transpose(seed):
    return min(errors(seed, "no transpose"))


@claim("one path only, smallest error of dU, dW, db")
def one_path(seed):
    return min(errors(seed, "one path only"))


@claim("= instead of +=, error of dW")
def assigned(seed):
    return errors(seed, "= instead of +=")[1]


@claim("symmetric W, largest error of no transpose")
def symmetric(seed):
    right, wrong = VanillaRNN(26, 16, seed=seed), BUGS["no transpose"].network(26, 16)
    right.hidden_layer.W += right.hidden_layer.W.T.copy()
    wrong.set_parameters(right.parameters)
    right.loss(X, Y)
    wrong.loss(X, Y)
    wanted, got = right.backward(), wrong.backward()
    return max(relative_error(got[name], wanted[name]) for name in wanted)


@claim("uniform(0, 1), slopes above 0 from step 1 on")
def saturated(seed):
    network = VanillaRNN(26, 128, initialization="original", seed=seed)
    network.loss(X, Y)
    return (tanh_slope(network.hidden_layer.states[:, 1:]) > 0).sum()


def stretch(seed, scale):
    """Return the largest stretch over 25 steps, the median of the five rows."""
    network = VanillaRNN(26, 16, seed=seed)
    network.hidden_layer.W *= scale
    network.forward(X)
    found = []
    for states in network.hidden_layer.states:
        product = np.eye(16)
        for h in states[1:]:
            product = (1 - h**2)[:, None] * network.hidden_layer.W @ product
        found.append(np.linalg.norm(product, 2))
    return np.median(found)


@claim("stretch over 25 steps, W as drawn")
def stretch_as_drawn(seed):
    return stretch(seed, 1)


@claim("stretch over 25 steps, 5 W")
def stretch_of_five(seed):
    return stretch(seed, 5)
