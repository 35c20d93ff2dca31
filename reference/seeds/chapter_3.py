"""The backward pass: one copy of W per step, broken passes, and long products."""

import numpy as np

from reference.seeds import claim
from rnn_lib import (
    VanillaRNN,
    check_gradients,
    load_five_sequences,
    relative_error,
    tanh_slope,
)

X, Y = load_five_sequences()


def network(seed):
    """Return the chapter's network of 16 units, with another draw."""
    return VanillaRNN(26, 16, seed=seed)


def norms(seed):
    """Return the norm of the gradient of each copy of W, and that of their sum."""
    one = network(seed)
    one.loss(X, Y)
    shared = one.backward()["W"]
    do = one.output_layer.backward(np.array(one._d_logits))
    hidden = one.hidden_layer
    dz = hidden.backward(do)
    before = np.concatenate([hidden.initial_state[:, None], hidden.states[:, :-1]], 1)
    copies = np.einsum("nti,ntj->tij", dz, before)
    return np.linalg.norm(copies, axis=(1, 2)), np.linalg.norm(shared)


@claim("norm of the sum / if all agreed")
def agreement(seed):
    copies, shared = norms(seed)
    return shared / copies.sum()


@claim("norm of the sum / if at right angles")
def right_angles(seed):
    copies, shared = norms(seed)
    return shared / np.sqrt(np.sum(copies**2))


@claim("largest gradient of a copy / smallest but that of step 0")
def spread(seed):
    copies, _ = norms(seed)
    return copies.max() / copies[1:].min()


@claim("right gradients: largest error of the check")
def right(seed):
    return max(check_gradients(network(seed), X, Y).values())


def broken(net, mistake, x=X, y=Y):
    """Return the errors of dU, dW and db with a mistake in the backward pass."""
    net.loss(x, y)
    wanted = {name: g.copy() for name, g in net.backward().items()}
    W, V, h = net.hidden_layer.W, net.output_layer.V, net.hidden_layer.states
    do = np.array(net._d_logits)
    before = np.concatenate([np.zeros_like(h[:, :1]), h[:, :-1]], axis=1)
    dU, dW, db, from_next = 0, 0, 0, 0
    for t in reversed(range(h.shape[1])):
        dh = do[:, t] @ V + (0 if mistake == "second path" else from_next)
        dz = dh * (1 - h[:, t] ** 2)
        from_next = dz @ (W.T if mistake == "transpose" else W)
        dU = dU + dz.T @ x[:, t]
        db = db + dz.sum(axis=0)
        dW = dz.T @ before[:, t] + (0 if mistake == "= for +=" else dW)
    got = {"U": dU, "W": dW, "b": db}
    return {name: relative_error(got[name], wanted[name]) for name in got}


@claim("transpose: smallest error of dU, dW, db")
def transpose(seed):
    return min(broken(network(seed), "transpose").values())


@claim("second path: smallest error of dU, dW, db")
def second_path(seed):
    return min(broken(network(seed), "second path").values())


@claim("= for +=: error of dW")
def assigned(seed):
    return broken(network(seed), "= for +=")["W"]


@claim("symmetric W: error of the transpose")
def symmetric(seed):
    net = network(seed)
    net.hidden_layer.W += net.hidden_layer.W.T.copy()
    return max(broken(net, "transpose").values())


@claim("uniform(0, 1): slopes above 0 from step 1 on")
def saturated(seed):
    net = VanillaRNN(26, 128, initialization="original", seed=seed)
    net.loss(X, Y)
    return (tanh_slope(net.hidden_layer.states[:, 1:]) > 0).sum()


def stretch(seed, scale):
    """Return the largest stretch over 25 steps, the median of the five rows."""
    net = network(seed)
    net.hidden_layer.W *= scale
    net.forward(X)
    found = []
    for states in net.hidden_layer.states:
        product = np.eye(16)
        for h in states[1:]:
            product = (1 - h**2)[:, None] * net.hidden_layer.W @ product
        found.append(np.linalg.norm(product, 2))
    return np.median(found)


@claim("stretch over 25 steps, W as drawn")
def stretch_1(seed):
    return stretch(seed, 1)


@claim("stretch over 25 steps, 2 W")
def stretch_2(seed):
    return stretch(seed, 2)


@claim("stretch over 25 steps, 5 W")
def stretch_5(seed):
    return stretch(seed, 5)
