"""Exercises on letters as vectors, counting and floors."""

from __future__ import annotations

import numpy as np

from exercises.checks.engine import Case, Exercise, Question, Wrong

CHAPTER = "01_one_hot"


# decode_one_hot


def decode_one_hot(vectors: np.ndarray, symbols: str) -> str:
    """Return the text whose one-hot vectors are the rows of `vectors`."""
    return "".join(symbols[k] for k in vectors.argmax(axis=1))


def _argmax_over_steps(vectors: np.ndarray, symbols: str) -> str:
    return "".join(symbols[k] for k in vectors.argmax(axis=0))


def _value_for_place(vectors: np.ndarray, symbols: str) -> str:
    return "".join(symbols[int(v)] for v in vectors.max(axis=1))


def _one_argmax(vectors: np.ndarray, symbols: str) -> str:
    return symbols[vectors.argmax() % len(symbols)]


def _decode_cases() -> list[Case]:
    def vectors(text: str, symbols: str) -> np.ndarray:
        return np.eye(len(symbols))[[symbols.index(s) for s in text]]

    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    texts = [("CB", "ABC"), ("BACA", "ABC"), ("HELLO", alphabet), ("3102", "0123")]
    return [
        Case(f"{text} in {symbols}", (vectors(text, symbols), symbols), i == 1)
        for i, (text, symbols) in enumerate(texts)
    ]


# count_pairs


def count_pairs(indices: np.ndarray, size: int) -> np.ndarray:
    """Count how often each symbol is followed by each, within the rows."""
    counts = np.zeros((size, size), dtype=int)
    np.add.at(counts, (indices[:, :-1], indices[:, 1:]), 1)
    return counts


def _pairs_once(indices: np.ndarray, size: int) -> np.ndarray:
    counts = np.zeros((size, size), dtype=int)
    counts[indices[:, :-1], indices[:, 1:]] += 1
    return counts


def _pairs_transposed(indices: np.ndarray, size: int) -> np.ndarray:
    return count_pairs(indices, size).T


def _pairs_across_rows(indices: np.ndarray, size: int) -> np.ndarray:
    return count_pairs(indices.reshape(1, -1), size)


def _pairs_as_floats(indices: np.ndarray, size: int) -> np.ndarray:
    return count_pairs(indices, size).astype(float)


def _pairs_around(indices: np.ndarray, size: int) -> np.ndarray:
    counts = np.zeros((size, size), dtype=int)
    np.add.at(counts, (indices, np.roll(indices, -1, axis=1)), 1)
    return counts


def _pair_cases() -> list[Case]:
    rng = np.random.default_rng(1)
    return [
        Case("one row, three symbols", (np.array([[0, 1, 2, 1, 2]]), 3)),
        Case("two rows", (np.array([[0, 0, 1], [2, 0, 0]]), 4), True),
        Case("a random draw", (rng.integers(0, 5, (3, 20)), 5)),
        Case("another random draw", (rng.integers(0, 3, (4, 9)), 7)),
    ]


# mean_perplexity


def mean_perplexity(probabilities: np.ndarray, targets: np.ndarray) -> float:
    """Return e to the mean of minus ln of the right letters' probabilities."""
    return float(np.exp(-np.log(_right(probabilities, targets)).mean()))


def _right(probabilities: np.ndarray, targets: np.ndarray) -> np.ndarray:
    k = targets[..., np.newaxis]
    return np.take_along_axis(probabilities, k, axis=-1)


def _exp_of_sum(probabilities: np.ndarray, targets: np.ndarray) -> float:
    return float(np.exp(-np.log(_right(probabilities, targets)).sum()))


def _no_exp(probabilities: np.ndarray, targets: np.ndarray) -> float:
    return float(-np.log(_right(probabilities, targets)).mean())


def _bits_and_e(probabilities: np.ndarray, targets: np.ndarray) -> float:
    return float(np.exp(-np.log2(_right(probabilities, targets)).mean()))


def _no_minus(probabilities: np.ndarray, targets: np.ndarray) -> float:
    return float(np.exp(np.log(_right(probabilities, targets)).mean()))


def _exp_before_mean(probabilities: np.ndarray, targets: np.ndarray) -> float:
    return float((1 / _right(probabilities, targets)).mean())


def _all_letters(probabilities: np.ndarray, targets: np.ndarray) -> float:
    return float(np.exp(-np.log(probabilities).mean()))


def _perplexity_cases() -> list[Case]:
    rng = np.random.default_rng(2)

    def draw(*shape: int) -> tuple[np.ndarray, np.ndarray]:
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


# best_accuracy


def best_accuracy(counts: np.ndarray) -> float:
    """Return the largest share of positions that a table can have right."""
    return float(counts.max(axis=1).sum() / counts.sum())


def _best_per_answer(counts: np.ndarray) -> float:
    return float(counts.max(axis=0).sum() / counts.sum())


def _mean_of_shares(counts: np.ndarray) -> float:
    return float((counts.max(axis=1) / counts.sum(axis=1)).mean())


def _one_answer(counts: np.ndarray) -> float:
    return float(counts.sum(axis=0).max() / counts.sum())


def _number_right(counts: np.ndarray) -> float:
    return float(counts.max(axis=1).sum())


def _accuracy_cases() -> list[Case]:
    rng = np.random.default_rng(3)
    return [
        Case("two letters", (np.array([[3, 1], [2, 0]]),)),
        Case("more answers than letters", (np.array([[4, 0, 1], [2, 5, 3]]),), True),
        Case("a random draw", (rng.integers(1, 9, (4, 6)),)),
        Case("another random draw", (rng.integers(1, 9, (5, 2)),)),
    ]


# entropy_floor


def entropy_floor(counts: np.ndarray) -> float:
    """Return the lowest mean loss of a table, in nats per letter."""
    loss = 0.0
    for line in counts:
        seen = line[line > 0]
        loss -= (seen * np.log(seen / seen.sum())).sum()
    return float(loss / counts.sum())


def _zero_times_log_zero(counts: np.ndarray) -> float:
    shares = counts / counts.sum(axis=1, keepdims=True)
    return float(-(counts * np.log(shares)).sum() / counts.sum())


def _lines_weigh_the_same(counts: np.ndarray) -> float:
    return float(np.mean([entropy_floor(line[np.newaxis]) for line in counts]))


def _floor_of_columns(counts: np.ndarray) -> float:
    return entropy_floor(counts.T)


def _joint_entropy(counts: np.ndarray) -> float:
    return entropy_floor(counts.reshape(1, -1))


def _sum_of_nats(counts: np.ndarray) -> float:
    return entropy_floor(counts) * float(counts.sum())


def _floor_in_bits(counts: np.ndarray) -> float:
    return entropy_floor(counts) / float(np.log(2))


def _no_view(counts: np.ndarray) -> float:
    return entropy_floor(counts.sum(axis=0, keepdims=True))


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


EXERCISES = (
    Exercise(
        name="decode_one_hot",
        title="From vectors back to letters",
        chapter=CHAPTER,
        points=2,
        minutes=5,
        solution=decode_one_hot,
        cases=_decode_cases,
        wrong=(
            Wrong(
                "argmax over the steps",
                _argmax_over_steps,
                "the largest entry is looked for along axis 0, the letters of the "
                "text, instead of axis 1, the symbols",
            ),
            Wrong(
                "value for place",
                _value_for_place,
                "the largest value of a vector, always 1, is taken instead of the "
                "place where it stands",
            ),
            Wrong(
                "one argmax",
                _one_argmax,
                "argmax is called without an axis: it looks for one place in the "
                "whole array",
            ),
        ),
        forbidden=("rnn_lib.from_one_hot", "rnn_lib.ALPHABET", "rnn_lib.Vocabulary"),
        section="From numbers to vectors",
    ),
    Exercise(
        name="count_pairs",
        title="Count what follows what",
        chapter=CHAPTER,
        points=3,
        minutes=8,
        solution=count_pairs,
        cases=_pair_cases,
        wrong=(
            Wrong(
                "each pair once",
                _pairs_once,
                "`counts[i, j] += 1` is called with arrays of indices: a pair that "
                "occurs several times in them is counted once",
            ),
            Wrong(
                "transposed",
                _pairs_transposed,
                "lines and columns are swapped; the letter that comes first is the "
                "line",
            ),
            Wrong(
                "across rows",
                _pairs_across_rows,
                "the last letter of a row is paired with the first of the next row, "
                "as if all rows were one text",
            ),
            Wrong(
                "round the end",
                _pairs_around,
                "the last letter of a row is paired with the first of the same row, "
                "as np.roll does",
            ),
            Wrong(
                "floats",
                _pairs_as_floats,
                "np.zeros is called without dtype=int, so that the counts are floats",
            ),
        ),
        forbidden=(),
        section="Count before you model",
    ),
    Exercise(
        name="mean_perplexity",
        title="Perplexity of a prediction",
        chapter=CHAPTER,
        points=3,
        minutes=8,
        solution=mean_perplexity,
        cases=_perplexity_cases,
        wrong=(
            Wrong(
                "sum for mean",
                _exp_of_sum,
                "the losses of all positions are summed instead of averaged",
            ),
            Wrong(
                "no exponential",
                _no_exp,
                "the mean loss itself is returned, without the exponential",
            ),
            Wrong(
                "bits and e",
                _bits_and_e,
                "the logarithm has base 2 and the exponential base e",
            ),
            Wrong("no minus", _no_minus, "the minus sign is missing"),
            Wrong(
                "exponential before the mean",
                _exp_before_mean,
                "1 / p is averaged: the exponential comes before the mean, not after",
            ),
            Wrong(
                "all letters",
                _all_letters,
                "the probabilities of all letters are averaged, not only those of "
                "the right ones",
            ),
        ),
        forbidden=("rnn_lib.cross_entropy",),
        section="Scoring a prediction",
    ),
    Exercise(
        name="best_accuracy",
        title="The best that a table can do",
        chapter=CHAPTER,
        points=2,
        minutes=6,
        solution=best_accuracy,
        cases=_accuracy_cases,
        wrong=(
            Wrong(
                "best per answer",
                _best_per_answer,
                "the largest entry of each column is taken; a predictor sees the "
                "line, and chooses the column",
            ),
            Wrong(
                "mean of shares",
                _mean_of_shares,
                "the shares of the lines are averaged although some letters occur "
                "more often than others",
            ),
            Wrong(
                "one answer",
                _one_answer,
                "one answer is given to all letters: that is a predictor which sees "
                "nothing",
            ),
            Wrong(
                "number, not share",
                _number_right,
                "the number of right answers is not divided by the number of positions",
            ),
        ),
        forbidden=("rnn_lib.floor", "rnn_lib.ladder", "rnn_lib.baselines"),
        section="The floor for one letter",
    ),
    Exercise(
        name="entropy_floor",
        title="A floor from a table of counts",
        chapter=CHAPTER,
        points=4,
        minutes=12,
        solution=entropy_floor,
        cases=_floor_cases,
        wrong=(
            Wrong(
                "0 times ln 0",
                _zero_times_log_zero,
                "answers that never occur are left in the sum: 0 · ln 0 is NaN in "
                "NumPy. They have to be left out",
            ),
            Wrong(
                "lines weigh the same",
                _lines_weigh_the_same,
                "the entropies of the lines are averaged although some letters occur "
                "more often than others",
            ),
            Wrong(
                "columns",
                _floor_of_columns,
                "the shares are taken along the columns, the answers, instead of the "
                "lines, what the predictor sees",
            ),
            Wrong(
                "whole table",
                _joint_entropy,
                "each count is divided by the total of the table and not by the "
                "total of its line",
            ),
            Wrong(
                "sum for mean",
                _sum_of_nats,
                "the nats of all positions are summed instead of averaged",
            ),
            Wrong(
                "bits",
                _floor_in_bits,
                "the logarithm has base 2: that is the floor in bits, not in nats",
            ),
            Wrong(
                "sees nothing",
                _no_view,
                "the lines are added up first: that is the floor of a predictor "
                "which sees nothing",
            ),
        ),
        forbidden=("rnn_lib.floor", "rnn_lib.ladder", "rnn_lib.baselines"),
        section="The floor for one letter",
    ),
)

QUESTIONS = (Question("sixth_row", "A sixth row", CHAPTER, points=3, minutes=8),)
