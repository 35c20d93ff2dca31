"""Chapter 4: training on the five rows, with 128 units."""

from functools import cache

import numpy as np

from reference.seeds import claim
from rnn_lib import (
    ALPHABET,
    SGD,
    Adam,
    VanillaRNN,
    evaluate,
    ladder,
    load_five_sequences,
    one_hot,
    tanh_slope,
    train,
)
from rnn_lib.data import INPUT_ROWS, TARGET_ROWS

X, TARGETS = load_five_sequences()
RUNGS = ladder(INPUT_ROWS, TARGET_ROWS)
SINGLE = RUNGS["current letter"].loss


def first(condition):
    """Return the first epoch, from 1, at which `condition` holds; else nan."""
    return 1 + np.argmax(condition) if np.any(condition) else np.nan


def new(seed, scheme="uniform", wider=1.0):
    """Return a fresh network; U is drawn `wider` times as wide."""
    network = VanillaRNN(26, 128, initialization=scheme, seed=seed)
    network.parameters["U"] *= wider
    return network


class Momentum:
    """SGD along a running average of the gradient."""

    def __init__(self, rate):
        self.rate, self.m = rate, {}

    def step(self, parameters, gradients):
        """Change the parameters in place."""
        for k, g in gradients.items():
            self.m[k] = 0.9 * self.m.get(k, 0) + 0.1 * g
            parameters[k] -= self.rate * self.m[k]


@cache
def run(seed, kind, rate, epochs=200, **options):
    """Return a trained network, its losses and its accuracies."""
    made = {name: options.pop(name) for name in ("scheme", "wider") if name in options}
    network = new(seed, **made)
    optimizer = kind(rate)
    record = train(network, X, TARGETS, optimizer=optimizer, epochs=epochs, **options)
    return network, np.array(record.losses), np.array(record.accuracies), record


def below(seed, *args, **options):
    """Return the first epoch with a loss below 0.8984."""
    return first(run(seed, *args, **options)[1] < SINGLE)


def learnt(seed, *args, **options):
    """Return the first epoch with all letters right."""
    return first(run(seed, *args, **options)[2] == 1)


# The loop, the learning rate

for rate in (0.3, 1.0, 3.0):

    @claim(f"SGD {rate}: loss before update 20")
    def _(seed, rate=rate):
        return run(seed, SGD, rate)[1][19]

    @claim(f"SGD {rate}: highest loss in 200 epochs")
    def _(seed, rate=rate):
        return run(seed, SGD, rate)[1].max()

    @claim(f"SGD {rate}: last loss")
    def _(seed, rate=rate):
        return run(seed, SGD, rate)[1][-1]

    @claim(f"SGD {rate}: letters right at the end")
    def _(seed, rate=rate):
        return 130 * run(seed, SGD, rate)[2][-1]


@claim("SGD 0.01: last loss")
def _(seed):
    return run(seed, SGD, 0.01)[1][-1]


def kept(seed, rate):
    """Return which share of its promise one step of SGD keeps."""
    network = new(seed)
    before = network.loss(X, TARGETS)
    gradients = network.backward()
    promised = rate * sum((g**2).sum() for g in gradients.values())
    SGD(rate).step(network.parameters, gradients)
    return (before - network.loss(X, TARGETS)) / promised


for rate in (1, 10, 100, 1000):

    @claim(f"one step of SGD {rate}: share of the promise")
    def _(seed, rate=rate):
        return kept(seed, rate)


def ratio_of_W(seed, optimizer, updates, scheme="uniform"):
    """Return the length of update number `updates` of W as a share of W."""
    network = new(seed, scheme)
    for _ in range(updates):
        network.loss(X, TARGETS)
        gradients = network.backward()
        before = network.parameters["W"].copy()
        optimizer.step(network.parameters, gradients)
    moved = network.parameters["W"] - before
    return np.linalg.norm(moved) / np.linalg.norm(before)


for rate in (0.01, 0.3, 1.0, 3.0):

    @claim(f"SGD {rate}: update 10 as a share of W")
    def _(seed, rate=rate):
        return ratio_of_W(seed, SGD(rate), 10)


@claim("Adam 0.001: update 10 as a share of W")
def _(seed):
    return ratio_of_W(seed, Adam(0.001), 10)


@claim("uniform(0, 1), Adam 0.001: update 10 as a share of W")
def _(seed):
    return ratio_of_W(seed, Adam(0.001), 10, "original")


# Momentum and Adam


@claim("momentum, rate 1: all letters right")
def _(seed):
    return learnt(seed, Momentum, 1.0)


@claim("SGD 0.3: all letters right")
def _(seed):
    return learnt(seed, SGD, 0.3)


@cache
def steps_of_adam(seed):
    """Return the longest step of each update, in units of the rate, and all moves."""
    network, adam, longest = new(seed), Adam(0.001), []
    start = np.concatenate([p.ravel() for p in network.parameters.values()])
    last = start
    for _ in range(200):
        network.loss(X, TARGETS)
        adam.step(network.parameters, network.backward())
        here = np.concatenate([p.ravel() for p in network.parameters.values()])
        longest.append(np.abs(here - last).max() / 0.001)
        last = here
    return np.array(longest), np.abs(last - start)


@claim("Adam: longest step in units of the rate")
def _(seed):
    return steps_of_adam(seed)[0].max()


@claim("Adam: farthest move in 200 updates")
def _(seed):
    return steps_of_adam(seed)[1].max()


# One row, five rows


@claim("one row, Adam: letters right after 100 epochs, of 26")
def _(seed):
    record = train(new(seed), X[1:2], TARGETS[1:2], optimizer=Adam(0.001), epochs=100)
    return 26 * record.accuracies[-1]


@claim("one row without memory, Adam: letters right, of 26")
def _(seed):
    x, targets = X[1].reshape(26, 1, 26), TARGETS[1].reshape(26, 1)
    record = train(new(seed), x, targets, optimizer=Adam(0.001), epochs=100)
    return 26 * record.accuracies[-1]


@cache
def control(seed):
    """Return the network without memory, trained on single letters."""
    x, targets = X.reshape(130, 1, 26), TARGETS.reshape(130, 1)
    network = new(seed)
    train(network, x, targets, optimizer=Adam(0.01), epochs=300)
    return network, evaluate(network, x, targets)


@claim("control: loss above 0.8984")
def _(seed):
    return control(seed)[1][0] - SINGLE


@claim("control: letters right")
def _(seed):
    return 130 * control(seed)[1][1]


@claim("Adam: loss below 0.8984")
def _(seed):
    return below(seed, Adam, 0.001)


@claim("Adam: loss below 0.2133")
def _(seed):
    return first(run(seed, Adam, 0.001)[1] < RUNGS["last 2 letters"].loss)


@claim("Adam: accuracy above 62.3 %")
def _(seed):
    return first(run(seed, Adam, 0.001)[2] > RUNGS["current letter"].accuracy)


@claim("Adam: all letters right")
def _(seed):
    return learnt(seed, Adam, 0.001)


@claim("Adam: last loss after 200 epochs")
def _(seed):
    return run(seed, Adam, 0.001)[1][-1]


# Starting values


@claim("uniform(0, 1): first loss")
def _(seed):
    return new(seed, "original").loss(X, TARGETS)


@claim("uniform(0, 1): largest slope after the first step")
def _(seed):
    network = new(seed, "original")
    network.forward(X)
    return tanh_slope(network.hidden_layer.states)[:, 1:].max()


for kind, rate in ((Adam, 0.01), (Adam, 0.001), (SGD, 0.3), (Adam, 0.1)):

    @claim(f"uniform(0, 1), {kind.__name__} {rate}: loss after 400")
    def _(seed, kind=kind, rate=rate):
        return run(seed, kind, rate, 400, scheme="original")[1][-1]


for scheme in ("uniform", "orthogonal", "original"):

    @claim(f"{scheme}: spectral radius of W")
    def _(seed, scheme=scheme):
        return np.abs(np.linalg.eigvals(new(seed, scheme).parameters["W"])).max()

    @claim(f"{scheme}: largest singular value of W")
    def _(seed, scheme=scheme):
        return np.linalg.svd(new(seed, scheme).parameters["W"], compute_uv=False)[0]


@claim("orthogonal: loss below 0.8984")
def _(seed):
    return below(seed, Adam, 0.001, scheme="orthogonal")


@claim("orthogonal: all letters right")
def _(seed):
    return learnt(seed, Adam, 0.001, scheme="orthogonal")


for wider in (4, 8, 16, 64):

    @claim(f"U {wider} times as wide: loss below 0.8984")
    def _(seed, wider=wider):
        return below(seed, Adam, 0.001, 300, wider=wider)

    @claim(f"U {wider} times as wide: all letters right")
    def _(seed, wider=wider):
        return learnt(seed, Adam, 0.001, 300, wider=wider)


# Clipping


@claim("SGD 3, clipped to 0.25: last loss")
def _(seed):
    return run(seed, SGD, 3.0, max_norm=0.25)[1][-1]


@claim("SGD 3, clipped to 0.25: all letters right")
def _(seed):
    return learnt(seed, SGD, 3.0, max_norm=0.25)


@claim("SGD 3, clipped to 0.25: clipped in updates 101 to 200")
def _(seed):
    norms = run(seed, SGD, 3.0, max_norm=0.25)[3].gradient_norms
    return np.sum(np.array(norms[100:]) > 0.25)


@claim("SGD 3, not clipped: longest gradient")
def _(seed):
    return max(run(seed, SGD, 3.0)[3].gradient_norms)


@claim("Adam: gradients longer than 1 in 200 updates")
def _(seed):
    return np.sum(np.array(run(seed, Adam, 0.001)[3].gradient_norms) > 1)


# Batches and new rows


@claim("row by row: updates to all letters, over all rows at once")
def _(seed):
    network, adam = new(seed), Adam(0.001)
    epochs = 0
    while evaluate(network, X, TARGETS)[1] < 1:
        train(network, X, TARGETS, optimizer=adam, epochs=1, batch_size=1)
        epochs += 1
    return 5 * epochs / (learnt(seed, Adam, 0.001) - 1)


def on_new_rows(network, memory=True):
    """Return how many of 26 are right on each of the 24 new alphabets."""
    alphabet = "".join(ALPHABET.symbols)
    rows = [alphabet[k:] + alphabet[:k] for k in range(26) if alphabet[k] not in "AM"]
    x = one_hot(ALPHABET.encode_batch(rows), 26)
    answers = ALPHABET.encode_batch([row[1:] + row[0] for row in rows])
    shape = (24, 26) if memory else (24 * 26, 1)
    said = network.predict(x.reshape(*shape, 26)).reshape(24, 26)
    return np.sum(said == answers, axis=1)


@claim("new alphabets, all letters learnt: share right")
def _(seed):
    return on_new_rows(run(seed, Adam, 0.001)[0]).mean() / 26


@claim("new alphabets, all letters learnt: worst row, of 26")
def _(seed):
    return on_new_rows(run(seed, Adam, 0.001)[0]).min()


@claim("new alphabets, all letters learnt: best row, of 26")
def _(seed):
    return on_new_rows(run(seed, Adam, 0.001)[0]).max()


@claim("new alphabets, control: share right")
def _(seed):
    return on_new_rows(control(seed)[0], memory=False).mean() / 26
