"""Exercises on letters as vectors, counting and floors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from exercises.checks.engine import Case
from exercises.checks.topic import Topic

topic = Topic("01_one_hot")
Array = np.ndarray


def _decode_cases() -> list[Case]:
    def vectors(text: str, symbols: str) -> Array:
        return np.eye(len(symbols))[[symbols.index(s) for s in text]]

    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    texts = [("CB", "ABC"), ("BACA", "ABC"), ("HELLO", alphabet), ("3102", "0123")]
    texts += [("cBaD!ec", "aBcDe!")]
    return [
        Case(f"{text} in {symbols}", (vectors(text, symbols), symbols), i == 1)
        for i, (text, symbols) in enumerate(texts)
    ]


@topic.exercise(
    title="From vectors back to letters",
    points=2,
    minutes=5,
    cases=_decode_cases,
    section="From numbers to vectors",
    forbidden=("rnn_lib.from_one_hot", "rnn_lib.Vocabulary.decode"),
)
def decode_one_hot(vectors: Array, symbols: str) -> str:
    """Return the text whose one-hot vectors are the rows of `vectors`."""
    return "".join(symbols[k] for k in vectors.argmax(axis=1))


decode_one_hot.wrong_answer(
    "argmax over the steps",
    "the largest entry is looked for along axis 0, the letters of the text, instead of "
    "axis 1, the symbols",
    lambda vectors, symbols: "".join(symbols[k] for k in vectors.argmax(axis=0)),
)
decode_one_hot.wrong_answer(
    "value for place",
    "the largest value of a vector, always 1, is taken instead of the place where it "
    "stands",
    lambda vectors, symbols: "".join(symbols[int(v)] for v in vectors.max(axis=1)),
)
decode_one_hot.wrong_answer(
    "one argmax",
    "argmax is called without an axis and looks for one place in the whole array, or "
    "the loop returns after the first letter",
    lambda vectors, symbols: symbols[vectors.argmax() % len(symbols)],
)


def _pair_cases() -> list[Case]:
    rng = np.random.default_rng(1)
    return [
        Case("one row, three symbols", (np.array([[0, 1, 2, 1, 2]]), 3)),
        Case("two rows", (np.array([[0, 0, 1], [2, 0, 0]]), 4), True),
        Case("a random draw", (rng.integers(0, 5, (3, 20)), 5)),
        Case("another random draw", (rng.integers(0, 3, (4, 9)), 7)),
    ]


@topic.exercise(
    title="Count what follows what",
    points=3,
    minutes=8,
    cases=_pair_cases,
    section="Count before you model",
)
def count_pairs(indices: Array, size: int) -> Array:
    """Count how often each symbol is followed by each, within the rows."""
    counts = np.zeros((size, size), dtype=int)
    np.add.at(counts, (indices[:, :-1], indices[:, 1:]), 1)
    return counts


@count_pairs.wrong_answer(
    "each pair once",
    "`counts[i, j] += 1` is called with arrays of indices: a pair that occurs several "
    "times in them is counted once",
)
def _(indices, size):
    counts = np.zeros((size, size), dtype=int)
    counts[indices[:, :-1], indices[:, 1:]] += 1
    return counts


count_pairs.wrong_answer(
    "transposed",
    "lines and columns are swapped; the letter that comes first is the line",
    lambda indices, size: count_pairs.solution(indices, size).T,
)
count_pairs.wrong_answer(
    "across rows",
    "the last letter of a row is paired with the first of the next row, as if all rows "
    "were one text",
    lambda indices, size: count_pairs.solution(indices.reshape(1, -1), size),
)


@count_pairs.wrong_answer(
    "round the end",
    "the last letter of a row is paired with the first of the same row, as np.roll "
    "does",
)
def _(indices, size):
    counts = np.zeros((size, size), dtype=int)
    np.add.at(counts, (indices, np.roll(indices, -1, axis=1)), 1)
    return counts


count_pairs.wrong_answer(
    "floats",
    "np.zeros is called without dtype=int, so that the counts are floats",
    lambda indices, size: count_pairs.solution(indices, size).astype(float),
)


def _perplexity_cases() -> list[Case]:
    rng = np.random.default_rng(2)

    def draw(*shape: int) -> tuple[Array, Array]:
        scores = np.exp(rng.normal(size=shape))
        probabilities = scores / scores.sum(axis=-1, keepdims=True)
        return probabilities, rng.integers(0, shape[-1], shape[:-1])

    even = np.full((1, 3, 4), 0.25)
    return [
        Case("an even guess among 4", (even, np.array([[0, 3, 1]]))),
        Case("two letters", (np.array([[[0.5, 0.5], [0.9, 0.1]]]), np.array([[0, 1]]))),
        Case("a random draw", draw(2, 5, 3), True),
        Case("another random draw", draw(4, 3, 7)),
    ]


@topic.exercise(
    title="Perplexity of a prediction",
    points=3,
    minutes=8,
    cases=_perplexity_cases,
    section="Scoring a prediction",
    forbidden=("rnn_lib.cross_entropy", "rnn_lib.cross_entropy_and_gradient"),
)
def mean_perplexity(probabilities: Array, targets: Array) -> float:
    """Return e to the mean of minus ln of the right letters' probabilities."""
    return float(np.exp(_nats(probabilities, targets).mean()))


def _nats(probabilities: Array, targets: Array) -> Array:
    return -np.log(_right(probabilities, targets))


def _right(probabilities: Array, targets: Array) -> Array:
    return np.take_along_axis(probabilities, targets[..., np.newaxis], axis=-1)


mean_perplexity.wrong_answer(
    "sum for mean",
    "the losses of all positions are summed instead of averaged",
    lambda probabilities, targets: float(np.exp(_nats(probabilities, targets).sum())),
)
mean_perplexity.wrong_answer(
    "no exponential",
    "the mean loss itself is returned, without the exponential",
    lambda probabilities, targets: float(_nats(probabilities, targets).mean()),
)
mean_perplexity.wrong_answer(
    "bits and e",
    "the logarithm has base 2 and the exponential base e",
    lambda probabilities, targets: float(
        np.exp(-np.log2(_right(probabilities, targets)).mean())
    ),
)
mean_perplexity.wrong_answer(
    "no minus",
    "the minus sign is missing",
    lambda probabilities, targets: float(np.exp(-_nats(probabilities, targets).mean())),
)
mean_perplexity.wrong_answer(
    "exponential before the mean",
    "1 / p is averaged: the exponential comes before the mean, not after",
    lambda probabilities, targets: float((1 / _right(probabilities, targets)).mean()),
)
mean_perplexity.wrong_answer(
    "all letters",
    "the probabilities of all letters are averaged, not only those of the right ones",
    lambda probabilities, targets: float(np.exp(-np.log(probabilities).mean())),
)


def _accuracy_cases() -> list[Case]:
    rng = np.random.default_rng(3)
    return [
        Case("two letters", (np.array([[3, 1], [2, 0]]),)),
        Case("more answers than letters", (np.array([[4, 0, 1], [2, 5, 3]]),), True),
        Case("a random draw", (rng.integers(1, 9, (4, 6)),)),
        Case("another random draw", (rng.integers(1, 9, (5, 2)),)),
    ]


@topic.exercise(
    title="The best that a table can do",
    points=2,
    minutes=6,
    cases=_accuracy_cases,
    section="The floor for one letter",
    forbidden=("rnn_lib.floor", "rnn_lib.ladder", "rnn_lib.baselines"),
)
def best_accuracy(counts: Array) -> float:
    """Return the largest share of positions that a table can have right."""
    return float(counts.max(axis=1).sum() / counts.sum())


best_accuracy.wrong_answer(
    "best per answer",
    "the largest entry of each column is taken; a predictor sees the line, and chooses "
    "the column",
    lambda counts: float(counts.max(axis=0).sum() / counts.sum()),
)
best_accuracy.wrong_answer(
    "mean of shares",
    "the shares of the lines are averaged although some letters occur more often than "
    "others",
    lambda counts: float((counts.max(axis=1) / counts.sum(axis=1)).mean()),
)
best_accuracy.wrong_answer(
    "one answer",
    "one answer is given to all letters: that is a predictor which sees nothing",
    lambda counts: float(counts.sum(axis=0).max() / counts.sum()),
)
best_accuracy.wrong_answer(
    "number, not share",
    "the number of right answers is not divided by the number of positions",
    lambda counts: float(counts.max(axis=1).sum()),
)


def _floor_cases() -> list[Case]:
    rng = np.random.default_rng(4)
    return [
        Case("two letters, no zero", (np.array([[3, 1], [2, 2]]),)),
        Case("lines of different weight", (np.array([[6, 3, 3], [1, 1, 2]]),), True),
        Case("an answer that never occurs", (np.array([[3, 0, 1], [0, 5, 4]]),)),
        Case("a random draw", (rng.integers(1, 9, (4, 6)),)),
        Case("five letters, seven answers", (np.eye(5, 7, dtype=int) + 2,)),
        Case("each letter has one answer", (np.array([[0, 7], [2, 0]]),)),
    ]


@topic.exercise(
    title="A floor from a table of counts",
    points=4,
    minutes=12,
    cases=_floor_cases,
    section="The floor for one letter",
    forbidden=("rnn_lib.floor", "rnn_lib.ladder", "rnn_lib.baselines"),
)
def entropy_floor(counts: Array) -> float:
    """Return the lowest mean loss of a table, in nats per letter."""
    loss = 0.0
    for line in counts:
        seen = line[line > 0]
        loss -= (seen * np.log(seen / seen.sum())).sum()
    return float(loss / counts.sum())


@entropy_floor.wrong_answer(
    "0 times ln 0",
    "answers that never occur are left in the sum: 0 · ln 0 is NaN in NumPy. They have "
    "to be left out",
)
def _(counts):
    shares = counts / counts.sum(axis=1, keepdims=True)
    return float(-(counts * np.log(shares)).sum() / counts.sum())


entropy_floor.wrong_answer(
    "lines weigh the same",
    "the entropies of the lines are averaged although some letters occur more often "
    "than others",
    lambda counts: float(
        np.mean([entropy_floor.solution(line[np.newaxis]) for line in counts])
    ),
)
entropy_floor.wrong_answer(
    "columns",
    "the shares are taken along the columns, the answers, instead of the lines, what "
    "the predictor sees",
    lambda counts: entropy_floor.solution(counts.T),
)
entropy_floor.wrong_answer(
    "whole table",
    "each count is divided by the total of the table and not by the total of its line",
    lambda counts: entropy_floor.solution(counts.reshape(1, -1)),
)
entropy_floor.wrong_answer(
    "sum for mean",
    "the nats of all positions are summed instead of averaged",
    lambda counts: entropy_floor.solution(counts) * float(counts.sum()),
)
entropy_floor.wrong_answer(
    "bits",
    "the logarithm has base 2: that is the floor in bits, not in nats",
    lambda counts: entropy_floor.solution(counts) / float(np.log(2)),
)
entropy_floor.wrong_answer(
    "sees nothing",
    "the lines are added up first: that is the floor of a predictor which sees nothing",
    lambda counts: entropy_floor.solution(counts.sum(axis=0, keepdims=True)),
)


# Less common

for _name, _message, _wrong in (
    (
        "letters A to Z",
        "the letters A to Z are taken, whatever `symbols` is",
        lambda vectors, symbols: "".join(chr(65 + k) for k in vectors.argmax(axis=1)),
    ),
    (
        "indices",
        "the indices are joined and not the symbols that stand there",
        lambda vectors, symbols: "".join(str(k) for k in vectors.argmax(axis=1)),
    ),
    (
        "order of the symbols",
        "the letters come in the order of `symbols` and not of the rows",
        lambda vectors, symbols: "".join(
            symbols[k] for k in sorted(vectors.argmax(axis=1))
        ),
    ),
):
    decode_one_hot.wrong_answer(_name, _message, _wrong)


def _pairs_of(*pairs: tuple[Array, Array], size: int) -> Array:
    """Return the counts of pairs, right or wrong."""
    counts = np.zeros((size, size), dtype=int)
    for first, second in pairs:
        np.add.at(counts, (first, second), 1)
    return counts


for _name, _message, _wrong in (
    (
        "last pair lost",
        "the last pair of each row is left out; a row of T letters has T - 1 pairs",
        lambda indices, size: count_pairs.solution(indices[:, :-1], size),
    ),
    (
        "first pair lost",
        "the first pair of each row is left out; a row of T letters has T - 1 pairs",
        lambda indices, size: count_pairs.solution(indices[:, 1:], size),
    ),
    (
        "down the columns",
        "letters are paired with those below them, in the next row",
        lambda indices, size: count_pairs.solution(indices.T, size),
    ),
    (
        "first row only",
        "only the first row is counted",
        lambda indices, size: count_pairs.solution(indices[:1], size),
    ),
    (
        "last row only",
        "only the last row is counted: does the table start anew for each row?",
        lambda indices, size: count_pairs.solution(indices[-1:], size),
    ),
    (
        "any later symbol",
        "a letter is paired with every later one of its row, and not with the next",
        lambda indices, size: _pairs_of(
            *((indices[:, :-d], indices[:, d:]) for d in range(1, indices.shape[1])),
            size=size,
        ),
    ),
    (
        "two apart",
        "letters are paired that stand two places apart",
        lambda indices, size: _pairs_of((indices[:, :-2], indices[:, 2:]), size=size),
    ),
    (
        "both directions",
        "each pair is counted in both directions, so that the table is symmetric",
        lambda indices, size: (
            count_pairs.solution(indices, size) + count_pairs.solution(indices, size).T
        ),
    ),
    (
        "shares",
        "the counts of a line are divided by their sum; counts are asked for",
        lambda indices, size: (
            count_pairs.solution(indices, size)
            / np.maximum(
                1, count_pairs.solution(indices, size).sum(axis=1, keepdims=True)
            )
        ),
    ),
    (
        "26 by 26",
        "the table is 26 by 26, whatever `size` is",
        lambda indices, size: count_pairs.solution(indices, 26),
    ),
):
    count_pairs.wrong_answer(_name, _message, _wrong)

for _name, _message, _wrong in (
    (
        "entropy of the prediction",
        "the entropy of the prediction is taken: the targets are not used",
        lambda p, t: float(np.exp(-(p * np.log(p)).sum(axis=-1).mean())),
    ),
    (
        "largest probability",
        "the largest probability is taken and not that of the right letter",
        lambda p, t: float(np.exp(-np.log(p.max(axis=-1)).mean())),
    ),
    (
        "divided by the sequences",
        "the sum is divided by N alone; the mean is over all N · T positions",
        lambda p, t: float(np.exp(_nats(p, t).sum() / len(t))),
    ),
    (
        "divided by the steps",
        "the sum is divided by T alone; the mean is over all N · T positions",
        lambda p, t: float(np.exp(_nats(p, t).sum() / t.shape[1])),
    ),
    (
        "divided by all numbers",
        "the sum is divided by N · T · K; the mean is over the N · T positions",
        lambda p, t: float(np.exp(_nats(p, t).sum() / p.size)),
    ),
    (
        "last letter only",
        "only the last letter of each sequence counts",
        lambda p, t: float(np.exp(_nats(p, t)[:, -1].mean())),
    ),
    (
        "first letter only",
        "only the first letter of each sequence counts",
        lambda p, t: float(np.exp(_nats(p, t)[:, 0].mean())),
    ),
    (
        "mean over sequences",
        "each sequence gets its own perplexity, and these are averaged",
        lambda p, t: float(np.exp(_nats(p, t).mean(axis=(1, 2))).mean()),
    ),
):
    mean_perplexity.wrong_answer(
        _name,
        _message,
        _wrong,
    )

for _name, _message, _wrong in (
    (
        "130 positions",
        "the number is divided by 130, whatever the table",
        lambda counts: float(counts.max(axis=1).sum() / 130),
    ),
    (
        "place of the largest",
        "argmax gives the place of the largest entry; its value is needed",
        lambda counts: float(counts.argmax(axis=1).sum() / counts.sum()),
    ),
    (
        "whole numbers",
        "`//` cuts the share to a whole number",
        lambda counts: float(counts.max(axis=1).sum() // counts.sum()),
    ),
    (
        "diagonal",
        "the diagonal is taken, as if each letter were answered by itself",
        lambda counts: float(np.trace(counts) / counts.sum()),
    ),
):
    best_accuracy.wrong_answer(_name, _message, _wrong)


def _floor(counts: Array, of: Callable) -> float:
    """Return the sum of what `of` says of each line, divided by the total."""
    return float(sum(of(line[line > 0]) for line in counts) / counts.sum())


for _name, _message, _wrong in (
    (
        "largest share",
        "only the largest share of a line is taken; every answer that occurs counts",
        lambda counts: _floor(
            counts, lambda line: -line.sum() * np.log(line.max() / line.sum())
        ),
    ),
    (
        "something inside the logarithm",
        "1e-3 is added to the shares inside the logarithm, which changes the floor; "
        "leave out the zeros",
        lambda counts: float(
            -(counts * np.log(counts / counts.sum(axis=1, keepdims=True) + 1e-3)).sum()
            / counts.sum()
        ),
    ),
    (
        "divided by the entries",
        "the sum is divided by the number of entries above 0 and not by that of "
        "positions",
        lambda counts: (
            entropy_floor.solution(counts) * float(counts.sum() / (counts > 0).sum())
        ),
    ),
    (
        "divided by 130",
        "the sum is divided by 130, whatever the table",
        lambda counts: entropy_floor.solution(counts) * float(counts.sum()) / 130,
    ),
    (
        "logarithms of counts",
        "the logarithm is taken of the counts and not of their shares",
        lambda counts: _floor(counts, lambda line: -(line * np.log(line)).sum()),
    ),
):
    entropy_floor.wrong_answer(_name, _message, _wrong)


topic.question("sixth_row", "A sixth row", points=3, minutes=8)
