"""Chapter 6: the original's PyTorch model, from other seeds than its 42."""

from functools import cache

import numpy as np
import torch
from torch import nn

from reference.seeds import claim
from rnn_lib import load_five_sequences

X, TARGETS = map(torch.from_numpy, load_five_sequences())
LETTERS = torch.eye(26, dtype=torch.float64)


class AlphabetRNN(nn.Module):
    """The model of the chapter, in 64 bits."""

    def __init__(self, seed):
        torch.manual_seed(seed)
        super().__init__()
        self.rnn = nn.RNN(26, 128, batch_first=True)
        self.fc = nn.Linear(128, 26)
        self.double()

    def forward(self, x):
        """Return the logits."""
        return self.fc(self.rnn(x)[0])


def mean_loss(logits):
    """Return the mean cross-entropy of logits (N, T, K)."""
    return nn.functional.cross_entropy(logits.flatten(0, 1), TARGETS.flatten())


def softmax_first(logits):
    """Return the loss of a softmax before the loss."""
    return mean_loss(torch.softmax(logits, dim=2))


def time_first(logits):
    """Return the loss of logits and targets flattened in different orders."""
    return mean_loss(logits.transpose(0, 1))


def unflattened(logits):
    """Return the loss that takes time for the classes."""
    return nn.functional.cross_entropy(logits, TARGETS)


@cache
def run(seed, loss_of=mean_loss, epochs=200, clear=True, batch_first=True):
    """Return the trained model and its losses."""
    model = AlphabetRNN(seed)
    model.rnn.batch_first = batch_first
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    losses = []
    for _ in range(epochs):
        if clear:
            optimizer.zero_grad()
        loss = loss_of(model(X))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model, np.array(losses)


@torch.no_grad()
def right(model):
    """Return how many of the 130 training letters are right."""
    return (model(X).argmax(dim=2) == TARGETS).sum().item()


@torch.no_grad()
def rotations(model):
    """Return which letters are right on the 24 alphabets that are new."""
    starts = torch.tensor([k for k in range(26) if k not in (0, 12)])
    rows = (starts[:, None] + torch.arange(26)) % 26
    return (model(LETTERS[rows]).argmax(dim=2) == (rows + 1) % 26).double()


@torch.no_grad()
def after_the_alphabet(model):
    """Return the probabilities after B, C, ..., Z, A, sorted, and that of B."""
    row = (torch.arange(26) + 1) % 26
    chances = torch.softmax(model(LETTERS[row][None])[0, -1], dim=0)
    return chances.sort(descending=True).values, chances[1].item()


@torch.no_grad()
def written(model, first):
    """Return how many letters in a row follow the alphabet, if it writes on."""
    letter, state = first, None
    for count in range(26):
        states, state = model.rnn(LETTERS[letter][None, None], state)
        letter = model.fc(states)[0, -1].argmax().item()
        if letter != (first + count + 1) % 26:
            return count
    return 26


@claim("10 epochs: last loss printed")
def _(seed):
    return run(seed, epochs=10)[1][-1]


@claim("10 epochs: letters right, of 130")
def _(seed):
    return right(run(seed, epochs=10)[0])


@claim("10 epochs: highest probability after B, ..., Z, A")
def _(seed):
    return after_the_alphabet(run(seed, epochs=10)[0])[0][0]


@claim("10 epochs: its lead over the second")
def _(seed):
    first, second = after_the_alphabet(run(seed, epochs=10)[0])[0][:2]
    return first - second


@claim("200 epochs: last loss")
def _(seed):
    return run(seed)[1][-1]


@claim("200 epochs: first loss below 0.8984, epoch")
def _(seed):
    return 1 + np.argmax(run(seed)[1] < 0.8984)


@claim("200 epochs: letters right, of 130")
def _(seed):
    return right(run(seed)[0])


@claim("200 epochs: highest probability after B, ..., Z, A")
def _(seed):
    return after_the_alphabet(run(seed)[0])[0][0]


@claim("200 epochs: probability of B there")
def _(seed):
    return after_the_alphabet(run(seed)[0])[1]


@claim("200 epochs: next letters on B, ..., Z, A, of 26")
def _(seed):
    return rotations(run(seed)[0])[0].sum()


@claim("200 epochs: next letters on 24 new alphabets, %")
def _(seed):
    return 100 * rotations(run(seed)[0]).mean()


@claim("200 epochs: the same at the first position, %")
def _(seed):
    return 100 * rotations(run(seed)[0])[:, 0].mean()


@claim("200 epochs: the same at the last position, %")
def _(seed):
    return 100 * rotations(run(seed)[0])[:, -1].mean()


for name, start in (("A", 0), ("M", 12)):

    @claim(f"200 epochs: letters of the row written after {name}")
    def _(seed, start=start):
        return written(run(seed)[0], start)


@claim("without zero_grad: lowest loss")
def _(seed):
    return run(seed, clear=False)[1].min()


@claim("without zero_grad: highest loss")
def _(seed):
    return run(seed, clear=False)[1].max()


@claim("without zero_grad: last loss")
def _(seed):
    return run(seed, clear=False)[1][-1]


@claim("without zero_grad: letters right, of 130")
def _(seed):
    return right(run(seed, clear=False)[0])


@claim("softmax first: last loss")
def _(seed):
    return run(seed, softmax_first)[1][-1]


@claim("softmax first: letters right, of 130")
def _(seed):
    return right(run(seed, softmax_first)[0])


@claim("batch_first forgotten: last loss")
def _(seed):
    return run(seed, batch_first=False)[1][-1]


@claim("batch_first forgotten: letters right, of 130")
def _(seed):
    return right(run(seed, batch_first=False)[0])


@claim("batch_first forgotten: rows alone, letters right")
def _(seed):
    model = run(seed, batch_first=False)[0]
    alone = torch.cat([model(row[None]) for row in X]).argmax(dim=2)
    return (alone == TARGETS).sum().item()


@claim("flattened in another order: last loss")
def _(seed):
    return run(seed, time_first)[1][-1]


@claim("flattened in another order: letters right, of 130")
def _(seed):
    return right(run(seed, time_first)[0])


@claim("not flattened: last loss")
def _(seed):
    return run(seed, unflattened)[1][-1]


@claim("not flattened: letters right, of 130")
def _(seed):
    return right(run(seed, unflattened)[0])
