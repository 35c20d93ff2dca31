"""Inventing names: the lead over Kneser-Ney, mixtures, and what units have learnt.

A seed stands for a split of the names, seed + 1; the networks of a split have the
seeds 0, 1 and 2.
"""

import os
import pickle
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import torch

from reference.seeds import claim
from rnn_lib import (
    Adam,
    AdditiveNGram,
    KneserNeyNGram,
    VanillaRNN,
    evaluate,
    one_hot,
    softmax,
    train,
)
from rnn_lib.names import NAME_SYMBOLS, load_names, pad_names, split_names
from rnn_lib.torch_names import NameGRU, name_loss, name_tensors, train_names

VOWEL = np.array([letter in "AEIOUY" for letter in NAME_SYMBOLS.symbols[1:]])


@cache
def split_of(seed):
    """Return the names, and inputs, targets and mask of each part."""
    split = split_names(load_names(), seed=seed + 1)
    data = {}
    for part, names in split._asdict().items():
        inputs, targets, mask = pad_names(names)
        data[part] = one_hot(inputs, 27), targets, mask
    return split, data


def untrained(seed):
    """Return a network as it is before training."""
    network = VanillaRNN(27, 256, initialization="orthogonal", seed=seed)
    network.input_layer.U *= 48
    return network


def fit(data, seed, epochs=20, drop=0.15):
    """Return a network, trained as in the chapter, at its best epoch."""
    network, rng = untrained(seed), np.random.default_rng(seed)
    adam, losses = Adam(), []
    x, targets, mask = data["train"]
    how = {"batch_size": 64, "max_norm": 1.0, "shuffle": True, "seed": rng}
    for epoch in range(epochs):
        adam.learning_rate = 0.002 * (1 + np.cos(np.pi * epoch / epochs))
        kept = rng.random((*mask.shape, 1)) >= drop
        record = {"optimizer": adam, "epochs": 1, "mask": mask}
        train(network, x * kept, targets, **record, **how)
        losses.append(evaluate(network, *data["validation"])[0])
        if losses[-1] == min(losses):
            values = {k: v.copy() for k, v in network.parameters.items()}
    network.set_parameters(values)
    return network


def trained(seed, start=0):
    """Return `fit`, which the processes of one table share through a file."""
    folder = Path(tempfile.gettempdir()) / f"names-{os.getppid()}"
    folder.mkdir(exist_ok=True)
    file = folder / f"{seed}-{start}.pickle"
    if not file.exists():
        values = fit(split_of(seed)[1], start).parameters
        file.write_bytes(pickle.dumps(dict(values)))
    network = untrained(start)
    network.set_parameters(pickle.loads(file.read_bytes()))
    return network


@cache
def neural(seed, start=0):
    """Return the network's probabilities at each position of the test names."""
    return softmax(trained(seed, start).forward(split_of(seed)[1]["test"][0])[0])


def best(seed, kind, orders, settings):
    """Return the n-gram model of a kind that is best on the validation names."""
    split = split_of(seed)[0]
    models = [kind(split.train, n, s) for n in orders for s in settings]
    return min(models, key=lambda model: model.loss(split.validation))


@cache
def opponent(seed):
    """Return the best Kneser-Ney model."""
    return best(seed, KneserNeyNGram, (4, 5, 6, 7), (None, 0.75, 0.85, 0.95))


claim("order of the best Kneser-Ney model")(lambda seed: opponent(seed).order)
claim("order of the best additive model")(
    lambda seed: best(seed, AdditiveNGram, (3, 4, 5), (0.05, 0.1, 0.5)).order
)


@cache
def counted(seed):
    """Return the probabilities of that model at each position of the test names."""
    split, data = split_of(seed)
    mask, read, model = data["test"][2], pad_names(split.test).inputs, opponent(seed)
    found = np.full((*mask.shape, 27), 1 / 27)
    for n, t in zip(*np.nonzero(mask), strict=True):
        found[n, t] = model.probabilities(read[n, : t + 1])
    return found


def lead(seed, p, q):
    """Return the lead of p over q in nats per symbol, and two standard errors."""
    _, targets, mask = split_of(seed)[1]["test"]
    gain = np.log(np.take_along_axis(p / q, targets[..., None], axis=-1)[..., 0])
    gain, symbols = (gain * mask).sum(axis=1), mask.sum(axis=1)
    drawn = np.random.default_rng(0).integers(len(gain), size=(1000, len(gain)))
    leads = gain[drawn].sum(axis=1) / symbols[drawn].sum(axis=1)
    return gain.sum() / symbols.sum(), 2 * leads.std()


@claim("network over Kneser-Ney: lead in nats per symbol")
def network_over_counts(seed):
    return lead(seed, neural(seed), counted(seed))[0]


@claim("network over Kneser-Ney: two standard errors over names")
def uncertainty(seed):
    return lead(seed, neural(seed), counted(seed))[1]


@claim("half and half over Kneser-Ney")
def half_over_counts(seed):
    return lead(seed, (neural(seed) + counted(seed)) / 2, counted(seed))[0]


@claim("half and half over network")
def half_over_network(seed):
    return lead(seed, (neural(seed) + counted(seed)) / 2, neural(seed))[0]


@claim("average of three networks over Kneser-Ney")
def three_over_counts(seed):
    average = np.mean([neural(seed, start) for start in range(3)], axis=0)
    return lead(seed, average, counted(seed))[0]


@claim("GRU over tanh network")
def gru_over_network(seed):
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    split, data = split_of(seed)
    model = NameGRU(embedding_size=32, hidden_size=128, dropout=0.2)
    train_names(model, split.train, epochs=10, learning_rate=0.008, seed=seed)
    with torch.no_grad():
        loss = name_loss(model, *name_tensors(split.test)).item()
    return evaluate(trained(seed), *data["test"])[0] - loss


def alike(rows, group):
    """Return the mean cosine within a group, less that with the rest."""
    rows = rows - rows.mean(axis=0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = rows @ rows.T
    within = cosines[np.ix_(group, group)][~np.eye(6, dtype=bool)]
    return within.mean() - cosines[group][:, ~group].mean()


@claim("random groups at least as alike as the vowels, of 999")
def groups_above(seed):
    change = trained(seed).input_layer.U - untrained(0).input_layer.U
    rows, rng = change[:, 1:].T, np.random.default_rng(0)
    chance = [alike(rows, rng.permutation(VOWEL)) for _ in range(999)]
    return np.sum(np.array(chance) >= alike(rows, VOWEL))


def probe(seed, network, question):
    """Return the score on the test names of the unit best on training names."""
    rows = {}
    for part in ("train", "test"):
        x, _, mask = split_of(seed)[1][part]
        network.forward(x)
        states = network.hidden_layer.states[mask][:3000]
        rows[part] = states, question(x, mask)[mask][:3000]
    cuts = np.linspace(-0.9, 0.9, 19)
    states, answer = rows["train"]
    right = [((states > c) == answer[:, np.newaxis]).mean(axis=0) for c in cuts]
    right = np.array(right)
    cut, unit = np.unravel_index(np.abs(right - 0.5).argmax(), right.shape)
    states, answer = rows["test"]
    score = np.mean((states[:, unit] > cuts[cut]) == answer)
    return score if right[cut, unit] >= 0.5 else 1 - score


def is_vowel(x, mask):
    """Tell at which positions a vowel has been read."""
    return x[..., 1:][..., VOWEL].any(axis=-1)


def four_read(x, mask):
    """Tell at which positions four letters have been read."""
    return np.broadcast_to(np.arange(mask.shape[1]) >= 4, mask.shape)


for name, question in (("vowel", is_vowel), ("four read", four_read)):
    claim(f"best unit for {name!r}, untrained")(
        lambda seed, question=question: probe(seed, untrained(0), question)
    )
    claim(f"best unit for {name!r}, trained")(
        lambda seed, question=question: probe(seed, trained(seed), question)
    )
