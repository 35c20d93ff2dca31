"""Long memory: the recall task, the share of a gradient by lag, truncation, gates."""

from functools import cache

import numpy as np
import torch
from torch import nn

from reference.seeds import claim
from rnn_lib import SGD, Adam, VanillaRNN, clip_by_norm, evaluate, load_five_sequences
from rnn_lib.memory import (
    gradient_norms,
    influence,
    spectral_radius,
    truncated_gradients,
)
from rnn_lib.tasks import recall


def right(network, length):
    """Return the share of right answers on new sequences, in percent."""
    new = recall(500, length, seed=999)
    return 100 * np.mean(network.predict(new.x)[:, -1] == new.targets[:, -1])


def share(network, lag):
    """Return the length of dL/dh at this lag over that at lag 0."""
    batch = recall(64, lag + 1, seed=1)
    norms = gradient_norms(network, batch.x, batch.targets[:, 0])
    return norms[0] / norms[-1]


@cache
def trained(seed, start, units, length, updates=300, steps=None):
    """Return a network trained on recall, by pieces of `steps` if given."""
    network = VanillaRNN(4, units, initialization=start, seed=seed)
    optimizer, rng = Adam(0.003), np.random.default_rng(100 + seed)
    for _ in range(updates):
        b = recall(64, length, seed=rng)
        _, g = truncated_gradients(network, b.x, b.targets, steps or length, b.mask)
        optimizer.step(network.parameters, clip_by_norm(g, max_norm=1.0)[0])
    return network


RUNS = (
    ("uniform", 32, 10),
    ("uniform", 32, 20),
    ("uniform", 64, 20),
    ("uniform", 64, 40),
    ("orthogonal", 32, 10),
    ("orthogonal", 32, 20),
    ("orthogonal", 32, 40),
)
for run in RUNS:
    name = "recall, {}, {} units, T = {}: % right".format(*run)
    claim(name)(lambda seed, run=run: right(trained(seed, *run), run[-1]))

for units in (32, 64):
    text = f"recall, uniform, {units} units, T = 20: radius "
    claim(text + "at the start")(
        lambda seed, units=units: spectral_radius(
            VanillaRNN(4, units, seed=seed).hidden_layer.W
        )
    )
    claim(text + "at the end")(
        lambda seed, units=units: spectral_radius(
            trained(seed, "uniform", units, 20).hidden_layer.W
        )
    )
    claim(f"uniform, {units} units: share at lag 19 at the start")(
        lambda seed, units=units: share(VanillaRNN(4, units, seed=seed), 19)
    )
    claim(f"uniform, {units} units, trained: share at lag 19")(
        lambda seed, units=units: share(trained(seed, "uniform", units, 20), 19)
    )


@claim("recall, orthogonal, 32 units, T = 80, 600 updates: % right")
def long_recall(seed):
    return right(trained(seed, "orthogonal", 32, 80, 600), 80)


def product_over_measured(start, seed):
    """Return the radius times a typical slope over the measured factor."""
    network = VanillaRNN(4, 32, initialization=start, seed=seed)
    factor = share(network, 79) ** (1 / 79)
    network.forward(recall(64, 80, seed=1).x)
    slope = np.exp(np.log(1 - network.hidden_layer.states**2).mean())
    return spectral_radius(network.hidden_layer.W) * slope / factor


for start in ("uniform", "orthogonal"):
    claim(f"{start}: radius times slope, over the measured factor")(
        lambda seed, start=start: product_over_measured(start, seed)
    )


def sgd_loss(seed, clip):
    """Return the mean of the last 10 of 100 losses, from 1.5 x orthogonal."""
    network = VanillaRNN(4, 32, initialization="orthogonal", seed=seed)
    network.hidden_layer.W *= 1.5
    optimizer, rng, losses = SGD(1.0), np.random.default_rng(5 + seed), []
    for _ in range(100):
        b = recall(64, 10, seed=rng)
        losses.append(network.loss(b.x, b.targets, mask=b.mask))
        short, _ = clip_by_norm(network.backward(), max_norm=1.0)
        optimizer.step(network.parameters, short if clip else network.gradients)
    return np.mean(losses[-10:])


claim("SGD at rate 1 without clipping: last losses")(lambda s: sgd_loss(s, False))
claim("SGD at rate 1 with clipping: last losses")(lambda s: sgd_loss(s, True))


@cache
def on_the_rows(seed, steps, epochs=120):
    """Return epochs to all letters, and influence before and after 100 of them."""
    x, targets = load_five_sequences()
    network, optimizer = VanillaRNN(26, 128, seed=seed), Adam(0.003)
    before = influence(network, x[0])
    first, after = epochs, None
    for epoch in range(1, epochs + 1):
        _, g = truncated_gradients(network, x, targets, steps)
        optimizer.step(network.parameters, clip_by_norm(g, max_norm=1.0)[0])
        if first == epochs and evaluate(network, x, targets)[1] == 1:
            first = epoch
        if epoch == 100 and steps == 26:
            after = influence(network, x[0])
    return first, before, after


for k in (1, 4, 26):
    claim(f"five rows, pieces of {k}: epochs to all letters")(
        lambda seed, k=k: on_the_rows(seed, k)[0]
    )


def strengthened(seed, lag):
    """Return the mean influence at this lag after training over that before."""
    _, before, after = on_the_rows(seed, 26)
    return np.diag(after, -lag).mean() / np.diag(before, -lag).mean()


for lag in (0, 10, 20):
    claim(f"influence at lag {lag}, trained over untrained")(
        lambda seed, lag=lag: strengthened(seed, lag)
    )


@claim("influence on outputs 2 to 13: first letter over current")
def first_letter(seed):
    _, _, after = on_the_rows(seed, 26)
    return np.median(after[1:13, 0] / np.diag(after)[1:13])


def bias(seed, start, steps=4):
    """Return how far the cut gradient is from the full one, as a share of it."""
    x, targets = load_five_sequences()
    network = VanillaRNN(26, 128, initialization=start, seed=seed)
    cut, full = (
        np.concatenate([g.ravel() for g in gradients.values()])
        for _, gradients in (
            truncated_gradients(network, x, targets, k) for k in (steps, 26)
        )
    )
    return np.linalg.norm(cut - full) / np.linalg.norm(full)


for start in ("uniform", "orthogonal"):
    claim(f"{start}, pieces of 4: bias")(lambda seed, s=start: bias(seed, s))


@claim("recall, orthogonal, 32 units, T = 20, pieces of 5: % right")
def recall_in_pieces(seed):
    return right(trained(seed, "orthogonal", 32, 20, steps=5), 20)


def gated(seed, kind, value):
    """Return the share of right answers of a cell of PyTorch, in percent."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    cell = getattr(nn, kind)(4, 32, batch_first=True).double()
    output = nn.Linear(32, 4).double()
    if value is not None:
        with torch.no_grad():
            cell.bias_ih_l0[32:64] = value
            cell.bias_hh_l0[32:64] = 0.0
    parameters = [*cell.parameters(), *output.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=0.003)
    rng = np.random.default_rng(100 + seed)
    for _ in range(300):
        batch = recall(64, 20, seed=rng)
        optimizer.zero_grad()
        logits = output(cell(torch.from_numpy(batch.x))[0][:, -1])
        answers = torch.from_numpy(batch.targets[:, 0])
        nn.functional.cross_entropy(logits, answers).backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
    new = recall(500, 20, seed=999)
    said = output(cell(torch.from_numpy(new.x))[0][:, -1]).argmax(dim=-1).numpy()
    return 100 * np.mean(said == new.targets[:, 0])


for kind in ("LSTM", "GRU"):
    for value, how in ((None, "as made"), (3.0, "gate bias 3")):
        claim(f"recall, {kind} {how}, 32 units, T = 20: % right")(
            lambda seed, kind=kind, value=value: gated(seed, kind, value)
        )
