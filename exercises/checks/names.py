"""Exercises on inventing names."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from exercises.checks.engine import Case, altered
from exercises.checks.topic import Topic
from rnn_lib.functional import softmax

topic = Topic("08_names")
Array = np.ndarray
Words = list[list[int]]
Padded = tuple[Array, Array, Array]


def _pad_cases() -> list[Case]:
    rng = np.random.default_rng(81)

    def draw(*sizes: int) -> tuple[Words]:
        return ([rng.integers(1, 27, size).tolist() for size in sizes],)

    return [
        Case("AB and C", ([[1, 2], [3]],)),
        Case("one letter", ([[5]],)),
        Case("the short one first", draw(2, 4, 3), True),
        Case("all of one length", draw(3, 3)),
        Case("a random draw", draw(6, 1, 9, 4, 4)),
    ]


@topic.exercise(
    title="Pad a batch",
    points=3,
    minutes=10,
    cases=_pad_cases,
    section="Padding and masks",
    forbidden=("rnn_lib.pad_names", "rnn_lib.yours.text.windows"),
)
def pad_symbols(words: Words) -> Padded:
    """Return inputs, targets and mask."""
    shape = len(words), max(map(len, words)) + 1
    (inputs, targets), mask = np.zeros((2, *shape), int), np.zeros(shape, bool)
    for row, word in enumerate(words):
        n = len(word)
        inputs[row, 1 : n + 1] = word
        targets[row, :n] = word
        mask[row, : n + 1] = True
    return inputs, targets, mask


def _changed(change: Callable) -> Callable:
    """Return a wrong answer that is a change of the right three arrays."""
    return lambda words: change(*pad_symbols.solution(words))


pad_symbols.wrong_answer(
    "not shifted",
    "inputs and targets are the same: the network would read what it is to say. The "
    "boundary goes before the letters of the inputs",
    _changed(lambda inputs, targets, mask: (targets, targets.copy(), mask)),
    section="The names",
)
pad_symbols.wrong_answer(
    "end not counted",
    "the boundary at the end of a name is not real in the mask, as with `targets != "
    "0`; the network must learn to say it",
    _changed(lambda inputs, targets, mask: (inputs, targets, targets != 0)),
)
pad_symbols.wrong_answer(
    "start not counted",
    "the mask is `inputs != 0`: the first position, which says the first letter, is "
    "left out",
    _changed(lambda inputs, targets, mask: (inputs, targets, inputs != 0)),
)
pad_symbols.wrong_answer(
    "no start",
    "there is no boundary before the first letter, which is then read but never "
    "predicted",
    _changed(lambda *arrays: tuple(a[:, 1:] for a in arrays)),
    section="The names",
)


@pad_symbols.wrong_answer(
    "padding in front",
    "the padding stands before the names: the states of real positions would depend on "
    "it",
)
def _(words):
    arrays = pad_symbols.solution(words)
    for row, padding in enumerate((~arrays[2]).sum(axis=1)):
        for array in arrays:
            array[row] = np.roll(array[row], padding)
    return arrays


pad_symbols.wrong_answer(
    "a step too long",
    "there is one step too many: a name of n letters takes n + 1 positions",
    _changed(lambda *arrays: tuple(np.pad(a, ((0, 0), (0, 1))) for a in arrays)),
    section="The names",
)
pad_symbols.wrong_answer(
    "mask turned round",
    "the mask is True at padding; here it is True at real positions",
    _changed(lambda inputs, targets, mask: (inputs, targets, ~mask)),
)
pad_symbols.wrong_answer(
    "exchanged",
    "inputs and targets are exchanged: what is read begins with the boundary, what is "
    "said ends with it",
    _changed(lambda inputs, targets, mask: (targets, inputs, mask)),
    section="The names",
)
pad_symbols.wrong_answer(
    "everything counts",
    "the mask is True at padding as well",
    _changed(lambda inputs, targets, mask: (inputs, targets, np.ones_like(mask))),
)


def _masked_cases() -> list[Case]:
    rng = np.random.default_rng(82)

    def draw(T: int, *sizes: int) -> tuple[Array, Array]:
        mask = np.arange(T) < np.array(sizes)[:, np.newaxis]
        losses = 3 * rng.random(mask.shape)
        losses[0, 0] = 0.0  # it counts as well
        return losses, mask

    small = np.array([[1.0, 2.0, 3.0], [4.0, 9.0, 9.0]])
    real = np.array([[True, True, True], [True, False, False]])
    return [
        Case("rows of 3 and 1", (small, real)),
        Case("no padding", draw(4, 4, 4)),
        Case("a read-only random draw", draw(6, 2, 6, 3), True),
        Case("mostly padding", draw(40, 5, 3)),
    ]


@topic.exercise(
    title="A mean with a mask",
    points=2,
    minutes=5,
    cases=_masked_cases,
    section="Padding and masks",
    forbidden=("rnn_lib.cross_entropy", "rnn_lib.cross_entropy_and_gradient"),
)
def masked_mean(losses: Array, mask: Array) -> float:
    """Return the mean of the losses at real positions."""
    return float(losses[mask].mean())


masked_mean.wrong_answer(
    "divided by all",
    "the sum over the real positions is divided by the number of all positions, and "
    "the loss falls with every column of padding",
    lambda losses, mask: float((losses * mask).mean()),
)
masked_mean.wrong_answer(
    "mask not used", "the mask is not used", lambda losses, mask: float(losses.mean())
)
masked_mean.wrong_answer(
    "mean of the rows",
    "the means of the rows are averaged: a position of a short name then weighs more "
    "than one of a long name",
    lambda losses, mask: float(((losses * mask).sum(axis=1) / mask.sum(axis=1)).mean()),
)
masked_mean.wrong_answer(
    "sum",
    "the sum is returned and not the mean",
    lambda losses, mask: float(losses[mask].sum()),
)
masked_mean.wrong_answer(
    "per row",
    "the sum is divided by the number of names, not of positions",
    lambda losses, mask: float(losses[mask].sum() / len(losses)),
)
masked_mean.wrong_answer(
    "mean of the padding",
    "the mean runs over the padding; the mask is True at real positions",
    lambda losses, mask: float((losses * ~mask).sum() / max(1, (~mask).sum())),
)
masked_mean.wrong_answer(
    "padding added",
    "the losses at padding are added to the sum, although the divisor is the number of "
    "real positions",
    lambda losses, mask: float(losses.sum() / mask.sum()),
)


def _smoothed_cases() -> list[Case]:
    rng = np.random.default_rng(83)

    def draw(size: int, *lengths: int) -> Words:
        return [[0, *rng.integers(1, size, n).tolist(), 0] for n in lengths]

    return [
        Case("one name, one added", ([[0, 1, 2, 1, 0]], 3, 1.0)),
        Case("two names, a half added", ([[0, 1, 1, 0], [0, 2, 0]], 3, 0.5)),
        Case("a symbol that never occurs", ([[0, 1, 1, 0]], 4, 0.1), True),
        Case("a random draw", (draw(6, 4, 9, 2, 6), 6, 0.25)),
        Case("another random draw", (draw(5, 12, 3, 1), 5, 2.0)),
    ]


@topic.exercise(
    title="Counts with a little added",
    points=3,
    minutes=9,
    cases=_smoothed_cases,
    section="What to beat",
    forbidden=("rnn_lib.AdditiveNGram", "rnn_lib.ngrams", "rnn_lib.baselines"),
)
def pair_probabilities(rows: Words, size: int, added: float) -> Array:
    """Return the probability of each symbol after each, from smoothed counts."""
    return _normalised(_pairs(rows, size) + added)


def _normalised(counts: Array, axis: int | None = 1) -> Array:
    """Return the counts divided by their sums, which of the rows would be right."""
    return counts / counts.sum(axis=axis, keepdims=True)


def _pairs(rows: Words, size: int) -> Array:
    counts = np.zeros((size, size))
    for row in rows:
        for before, after in zip(row, row[1:], strict=False):
            counts[before, after] += 1
    return counts


pair_probabilities.wrong_answer(
    "columns sum to 1",
    "the columns sum to 1 and not the rows; a row holds what may follow one symbol",
    lambda rows, size, added: _normalised(_pairs(rows, size) + added, axis=0),
)
pair_probabilities.wrong_answer(
    "table sums to 1",
    "the whole table sums to 1: these are probabilities of a pair, and not of a symbol "
    "when the one before it is known",
    lambda rows, size, added: _normalised(_pairs(rows, size) + added, axis=None),
)
pair_probabilities.wrong_answer(
    "pairs turned round",
    "row and column of a pair are exchanged: the row is the symbol that stands before",
    lambda rows, size, added: _normalised(_pairs(rows, size).T + added),
)
pair_probabilities.wrong_answer(
    "added above only",
    "the number is added to the counts and not to what they are divided by: the rows "
    "sum to more than 1",
    lambda rows, size, added: (
        (_pairs(rows, size) + added) / _pairs(rows, size).sum(axis=1, keepdims=True)
    ),
)
pair_probabilities.wrong_answer(
    "added once below",
    "the number is added once to the divisor; it was added to each of the K counts, so "
    "K times",
    lambda rows, size, added: (
        (_pairs(rows, size) + added)
        / (_pairs(rows, size).sum(axis=1, keepdims=True) + added)
    ),
)
pair_probabilities.wrong_answer(
    "added to probabilities",
    "the number is added after the division, to probabilities",
    lambda rows, size, added: _normalised(_pairs(rows, size)) + added,
)
pair_probabilities.wrong_answer(
    "unseen pairs only",
    "the number is given only to the pairs that never occur; it is added to all of "
    "them",
    lambda rows, size, added: _normalised(
        np.where(_pairs(rows, size) == 0, added, _pairs(rows, size))
    ),
)
pair_probabilities.wrong_answer(
    "always 1",
    "1 is added, whatever `added` is",
    altered(pair_probabilities.solution, added=lambda added: 1.0),
)
pair_probabilities.wrong_answer(
    "not smoothed",
    "nothing is added: unseen pairs get 0, and a symbol that never occurs 0 / 0",
    lambda rows, size, added: _normalised(_pairs(rows, size)),
)


@pair_probabilities.wrong_answer(
    "a pair once in a name",
    "a pair that occurs twice in a name is counted once: `+= 1` at places that repeat "
    "adds only one. `np.add.at` adds each time",
)
def _(rows, size, added):
    counts = np.full((size, size), added)
    for row in rows:
        counts[row[:-1], row[1:]] += 1
    return _normalised(counts)


pair_probabilities.wrong_answer(
    "across names",
    "pairs are counted across the border of two names as well",
    altered(
        pair_probabilities.solution,
        rows=lambda rows: [[s for row in rows for s in row]],
    ),
)
pair_probabilities.wrong_answer(
    "counts",
    "counts are returned: they are not divided by the sum of their row",
    lambda rows, size, added: _pairs(rows, size) + added,
)


def _continuation_cases() -> list[Case]:
    rng = np.random.default_rng(84)
    one_context = np.array([[0, 9, 1], [0, 0, 1], [2, 0, 1]])
    return [
        Case("a symbol that follows one other, often", (one_context,)),
        Case("a symbol that nothing goes before", (np.array([[0, 1], [0, 3]]),)),
        Case("a read-only random draw", (rng.poisson(0.8, (5, 5)),), True),
        Case("a larger random draw", (rng.poisson(0.5, (12, 12)),)),
    ]


@topic.exercise(
    title="In how many surroundings",
    points=3,
    minutes=8,
    cases=_continuation_cases,
    section="What to beat",
    forbidden=("rnn_lib.KneserNeyNGram", "rnn_lib.ngrams"),
)
def continuations(counts: Array) -> Array:
    """Return the share of the different pairs that end in each symbol."""
    seen = counts > 0
    return seen.sum(axis=0) / seen.sum()


continuations.wrong_answer(
    "how often",
    "a pair counts as often as it occurs. Kneser and Ney count each different pair "
    "once",
    lambda counts: counts.sum(axis=0) / counts.sum(),
)
continuations.wrong_answer(
    "followers",
    "what is counted is how many different symbols come after; here it is how many "
    "stand before",
    altered(continuations.solution, counts=np.transpose),
)
continuations.wrong_answer(
    "numbers",
    "numbers are returned: they are not divided by the number of all different pairs",
    lambda counts: (counts > 0).sum(axis=0).astype(float),
)
continuations.wrong_answer(
    "share of the symbols",
    "the numbers are divided by K, so that they do not sum to 1; divide by the number "
    "of different pairs",
    lambda counts: (counts > 0).mean(axis=0),
)
continuations.wrong_answer(
    "divided by occurrences",
    "the number of different pairs is divided by that of all pairs read",
    lambda counts: (counts > 0).sum(axis=0) / counts.sum(),
)
continuations.wrong_answer(
    "twice at least",
    "pairs that occur once are left out",
    altered(continuations.solution, counts=lambda counts: counts - 1),
)


def _symbol_cases() -> list[Case]:
    rng = np.random.default_rng(85)

    def draw(count: int) -> tuple[Array, Array]:
        letters = rng.integers(2, 12, count)
        return (letters + 1) * (1.5 + rng.random(count)), letters

    even = np.log(27) * np.array([5.0, 3.0])
    return [
        Case("an even guess among 27", (even, np.array([4, 2]))),
        Case("one name", (np.array([8.0]), np.array([3]))),
        Case("an easy and a hard name", (np.array([2.0, 18.0]), np.array([7, 2]))),
        Case("a read-only random draw", draw(5), True),
        Case("a larger random draw", draw(40)),
    ]


@topic.exercise(
    title="From names to symbols",
    points=2,
    minutes=6,
    cases=_symbol_cases,
    section="Training in NumPy",
)
def symbol_perplexity(nats: Array, letters: Array) -> float:
    """Return the perplexity per symbol from the losses of whole names."""
    return float(np.exp(nats.sum() / (letters + 1).sum()))


symbol_perplexity.wrong_answer(
    "end forgotten",
    "the sum is divided by the number of letters; the end of each name is a symbol "
    "too, and its loss is in the sum",
    lambda nats, letters: float(np.exp(nats.sum() / letters.sum())),
)
symbol_perplexity.wrong_answer(
    "per name",
    "the mean is taken over names: this is the perplexity of a whole name, and not of "
    "a symbol",
    lambda nats, letters: float(np.exp(nats.mean())),
)
symbol_perplexity.wrong_answer(
    "mean of the names",
    "each name weighs the same, however long; the mean runs over symbols",
    lambda nats, letters: float(np.exp((nats / (letters + 1)).mean())),
)
symbol_perplexity.wrong_answer(
    "mean of perplexities",
    "each name gets its own perplexity, and these are averaged; the mean comes before "
    "the exponential",
    lambda nats, letters: float(np.exp(nats / (letters + 1)).mean()),
)
symbol_perplexity.wrong_answer(
    "power of 2",
    "2 is raised to a loss in nats; nats go with e, bits with 2",
    lambda nats, letters: float(2 ** (nats.sum() / (letters + 1).sum())),
)
symbol_perplexity.wrong_answer(
    "loss",
    "the loss per symbol is returned: the exponential is missing",
    lambda nats, letters: float(nats.sum() / (letters + 1).sum()),
)
symbol_perplexity.wrong_answer(
    "padding counted",
    "the sum is divided by all positions of the padded batch",
    lambda nats, letters: float(
        np.exp(nats.sum() / ((letters.max() + 1) * len(letters)))
    ),
    section="Padding and masks",
)
symbol_perplexity.wrong_answer(
    "start counted",
    "the start counts as a symbol; it is read and never predicted",
    lambda nats, letters: float(np.exp(nats.sum() / (letters + 2).sum())),
    section="The names",
)


def _temperature_cases() -> list[Case]:
    rng = np.random.default_rng(86)
    return [
        Case("two logits at 0.5", (np.array([[1.0, 0.0]]), 0.5)),
        Case("the temperature 1", (rng.normal(size=(2, 3)), 1.0)),
        Case("two rows at 2", (np.array([[0.0, 1.0, 2.0], [3.0, 0.0, 0.0]]), 2.0)),
        Case("a read-only random draw at 1.5", (rng.normal(size=(3, 5)), 1.5), True),
        Case(
            "very cold: 0.01",
            (np.array([[20.0, 19.99, 0], [-5, -5.01, -9], [30, 29.99, -30]]), 0.01),
        ),
    ]


@topic.exercise(
    title="Warmer and colder",
    points=2,
    minutes=7,
    cases=_temperature_cases,
    section="Sampling",
)
def at_temperature(logits: Array, temperature: float) -> Array:
    """Return the probabilities at this temperature."""
    return softmax(logits / temperature)


at_temperature.wrong_answer(
    "multiplied",
    "the logits are multiplied by the temperature: then a high one makes the likely "
    "symbol likelier",
    lambda logits, temperature: softmax(logits * temperature),
)
at_temperature.wrong_answer(
    "no effect",
    "the temperature has no effect, as when probabilities are divided by it and then "
    "by their sum: it cancels. Divide the logits",
    lambda logits, temperature: softmax(logits),
)
at_temperature.wrong_answer(
    "softmax first",
    "the probabilities are divided by the temperature and no longer sum to 1",
    lambda logits, temperature: softmax(logits) / temperature,
)
at_temperature.wrong_answer(
    "softmax twice",
    "softmax is applied to probabilities; it takes the logits",
    lambda logits, temperature: softmax(softmax(logits) / temperature),
)
at_temperature.wrong_answer(
    "over the rows",
    "the columns sum to 1 and not the rows",
    lambda logits, temperature: _normalised(
        np.exp((logits - logits.max()) / temperature), axis=0
    ),
)
at_temperature.wrong_answer(
    "over everything",
    "all rows together sum to 1, and not each of them",
    lambda logits, temperature: _normalised(
        np.exp((logits - logits.max()) / temperature), axis=None
    ),
)
at_temperature.wrong_answer(
    "no shift",
    "exp overflows at a low temperature, and inf / inf is NaN: divide first, then take "
    "the largest number of each row off, then exp",
    lambda logits, temperature: _normalised(np.exp(logits / temperature)),
)


@at_temperature.wrong_answer(
    "in place",
    "the logits are changed with `/=`; whoever called the function may still need them",
)
def _(logits, temperature):
    logits /= temperature
    return softmax(logits)


# Less common


def _filled(words: Words, inputs: int, targets: int) -> Padded:
    """Return the arrays with other numbers at padding."""
    x, y, mask = pad_symbols.solution(words)
    return np.where(mask, x, inputs), np.where(mask, y, targets), mask


for _name, _message, _wrong in (
    (
        "minus 1",
        "padding is -1; here it is 0, which the mask leaves out",
        lambda words: _filled(words, -1, -1),
    ),
    (
        "minus 100",
        "the targets are -100 at padding, as PyTorch has it; here they are 0",
        lambda words: _filled(words, 0, -100),
    ),
    (
        "minus 1 in the targets",
        "the targets are -1 at padding; here they are 0",
        lambda words: _filled(words, 0, -1),
    ),
    (
        "letters only",
        "the mask leaves out both the first position, which says the first letter, and "
        "the last, which says the end",
        lambda words: (
            *pad_symbols.solution(words)[:2],
            np.logical_and(*(a > 0 for a in pad_symbols.solution(words)[:2])),
        ),
    ),
    (
        "longest first",
        "the names are sorted by their length; the order stays",
        lambda words: pad_symbols.solution(sorted(words, key=len, reverse=True)),
    ),
    (
        "14 steps",
        "there are 14 steps, whatever the names",
        lambda words: tuple(
            np.pad(a, ((0, 0), (0, 14 - a.shape[1])))
            for a in pad_symbols.solution(words)
        ),
    ),
    (
        "cut to the shortest",
        "all names are cut to the length of the shortest",
        lambda words: tuple(
            a[:, : min(map(len, words)) + 1] for a in pad_symbols.solution(words)
        ),
    ),
):
    pad_symbols.wrong_answer(_name, _message, _wrong)

masked_mean.wrong_answer(
    "whole numbers",
    "`//` cuts the mean to a whole number",
    lambda losses, mask: float(losses[mask].sum() // mask.sum()),
)
masked_mean.wrong_answer(
    "zeros left out",
    "losses that are 0 are left out with the padding; the mask says what counts",
    lambda losses, mask: float((losses * mask)[(losses * mask) != 0].mean()),
)
masked_mean.wrong_answer(
    "mask as numbers",
    "the mask is used as an index of numbers, 0 and 1: rows 0 and 1 are taken",
    lambda losses, mask: float(losses[mask.astype(int)].mean()),
)


masked_mean.wrong_answer(
    "mean of columns",
    "the means of the columns are averaged: a position late in a name then weighs more",
    lambda losses, mask: float(
        np.mean([a[m].mean() for a, m in zip(losses.T, mask.T, strict=True) if m.any()])
    ),
)


def _counted(rows: Words, size: int, apart: int = 1) -> Array:
    """Return how often symbols stand so far apart."""
    counts = np.zeros((size, size))
    for row in rows:
        for before, after in zip(row, row[apart:], strict=False):
            counts[before, after] += 1
    return counts


for _name, _message, _wrong in (
    (
        "nothing added, no NaN",
        "nothing is added: pairs that never occur get 0",
        lambda rows, size, added: (
            _pairs(rows, size) / np.maximum(_pairs(rows, size).sum(1, keepdims=True), 1)
        ),
    ),
    (
        "added after dividing",
        "the number is added after dividing, to probabilities",
        lambda rows, size, added: (
            _pairs(rows, size) / np.maximum(_pairs(rows, size).sum(1, keepdims=True), 1)
            + added
        ),
    ),
    (
        "sums before adding",
        "the divisors are the sums before the number was added",
        lambda rows, size, added: (
            (_pairs(rows, size) + added)
            / np.maximum(_pairs(rows, size).sum(1, keepdims=True), 1)
        ),
    ),
    (
        "letters only",
        "the boundary is left out",
        lambda rows, size, added: pair_probabilities.solution(
            [row[1:-1] for row in rows], size, added
        ),
    ),
    (
        "boundaries doubled",
        "a boundary is added at both ends; the rows have it already",
        lambda rows, size, added: pair_probabilities.solution(
            [[0, *row, 0] for row in rows], size, added
        ),
    ),
    (
        "whole numbers",
        "the array of counts is one of whole numbers: what is added is cut off",
        lambda rows, size, added: pair_probabilities.solution(rows, size, int(added)),
    ),
    (
        "round the end",
        "the end of a name is followed by its start",
        lambda rows, size, added: pair_probabilities.solution(
            [[*row, row[0]] for row in rows], size, added
        ),
    ),
    (
        "two apart",
        "pairs are counted that stand two places apart",
        lambda rows, size, added: _normalised(_counted(rows, size, 2) + added),
    ),
    (
        "added for each name",
        "the number is added once for each name",
        lambda rows, size, added: _normalised(_pairs(rows, size) + added * len(rows)),
    ),
):
    pair_probabilities.wrong_answer(_name, _message, _wrong)


def _share(pairs: Array) -> Array:
    return pairs.sum(axis=0) / pairs.sum()


for _name, _message, _wrong in (
    (
        "all pairs",
        "the numbers are divided by that of all pairs, seen or not",
        lambda counts: (counts > 0).sum(axis=0) / counts.size,
    ),
    (
        "exactly once",
        "only pairs that occur exactly once are counted",
        lambda counts: _share(counts == 1),
    ),
    (
        "not after itself",
        "a symbol after itself is not counted",
        lambda counts: _share((counts > 0) & ~np.eye(len(counts), dtype=bool)),
    ),
    (
        "by the largest",
        "the numbers are divided by the largest of them; they have to sum to 1",
        lambda counts: (counts > 0).sum(axis=0) / (counts > 0).sum(axis=0).max(),
    ),
    (
        "by the symbols",
        "the numbers are divided by that of symbols that occur at all",
        lambda counts: (counts > 0).sum(axis=0) / (counts > 0).any(axis=0).sum(),
    ),
    (
        "pairs that do not occur",
        "the pairs are counted that do not occur",
        lambda counts: _share(counts == 0),
    ),
):
    continuations.wrong_answer(_name, _message, _wrong)

for _name, _message, _wrong in (
    (
        "exponential of the sums",
        "the exponential is taken of the sums, which are divided afterwards",
        lambda nats, letters: float((np.exp(nats) / (letters + 1)).mean()),
    ),
    (
        "exponential, then divided",
        "the exponential is taken of the whole sum, which is divided afterwards",
        lambda nats, letters: float(np.exp(nats.sum()) / (letters + 1).sum()),
    ),
    (
        "weighed by letters",
        "the means of the names are weighed by their letters, without the end",
        lambda nats, letters: float(
            np.exp((nats / (letters + 1) * letters).sum() / letters.sum())
        ),
    ),
    (
        "mean of means, without ends",
        "each name weighs the same, and its end is not counted; the mean runs over all "
        "symbols",
        lambda nats, letters: float(np.exp((nats / letters).mean())),
    ),
    (
        "sums as means",
        "the losses are taken for means over symbols; they are sums",
        lambda nats, letters: float(
            np.exp((nats * (letters + 1)).sum() / (letters + 1).sum())
        ),
    ),
    (
        "logarithm",
        "the logarithm is taken and not the exponential",
        lambda nats, letters: float(np.log(nats.sum() / (letters + 1).sum())),
    ),
):
    symbol_perplexity.wrong_answer(_name, _message, _wrong)

for _name, _message, _wrong in (
    (
        "down the rows",
        "the softmax runs down the rows, axis 0; every row has to sum to 1",
        lambda logits, temperature: softmax(logits.T / temperature).T,
    ),
    (
        "likeliest only",
        "the likeliest letter gets everything",
        lambda logits, temperature: np.eye(logits.shape[1])[logits.argmax(axis=1)],
    ),
    (
        "cut off at 50",
        "the logits are cut off at 50; subtract the largest of the row instead",
        lambda logits, temperature: softmax((logits / temperature).clip(max=50)),
    ),
    (
        "cut off both ways",
        "the logits are cut off at 50; subtract the largest of the row instead",
        lambda logits, temperature: softmax((logits / temperature).clip(-50, 50)),
    ),
    (
        "powers",
        "the probabilities are raised to 1 / τ and not divided by their sum",
        lambda logits, temperature: softmax(logits) ** (1 / temperature),
    ),
    (
        "logarithms",
        "the logarithms of the probabilities are returned",
        lambda logits, temperature: np.log(softmax(logits / temperature)),
    ),
    (
        "small ones as 1",
        "small temperatures are taken for 1",
        lambda logits, temperature: softmax(
            logits / (temperature if temperature > 0.1 else 1.0)
        ),
    ),
    (
        "largest of all",
        "what is taken off is not the largest number of each row, but one of the whole "
        "array, say: exp of all numbers of a row can then be 0, and 0 / 0 is NaN",
        lambda logits, temperature: _normalised(
            np.exp((logits - logits.max()) / temperature)
        ),
    ),
):
    at_temperature.wrong_answer(_name, _message, _wrong)


topic.question("lower_perplexity", "A lower perplexity", points=3, minutes=8)
