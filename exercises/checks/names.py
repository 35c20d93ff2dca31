"""Exercises on inventing names."""

from __future__ import annotations

import numpy as np

from exercises.checks.engine import Case, Exercise, Question, Wrong
from rnn_lib.functional import softmax

CHAPTER = "08_names"
Words = list[list[int]]
Padded = tuple[np.ndarray, np.ndarray, np.ndarray]


# pad_symbols


def pad_symbols(words: Words) -> Padded:
    """Return inputs, targets and mask."""
    inputs, targets, mask = _empty(words, 1)
    for row, word in enumerate(words):
        n = len(word)
        inputs[row, 1 : n + 1] = word
        targets[row, :n] = word
        mask[row, : n + 1] = True
    return inputs, targets, mask


def _empty(words: Words, more: int) -> Padded:
    shape = len(words), max(map(len, words)) + more
    return np.zeros(shape, int), np.zeros(shape, int), np.zeros(shape, bool)


def _not_shifted(words: Words) -> Padded:
    _, targets, mask = pad_symbols(words)
    return targets, targets.copy(), mask


def _end_not_counted(words: Words) -> Padded:
    inputs, targets, _ = pad_symbols(words)
    return inputs, targets, targets != 0


def _start_not_counted(words: Words) -> Padded:
    inputs, targets, _ = pad_symbols(words)
    return inputs, targets, inputs != 0


def _no_start(words: Words) -> Padded:
    inputs, targets, mask = _empty(words, 0)
    for row, word in enumerate(words):
        n = len(word)
        inputs[row, :n] = word
        targets[row, : n - 1] = word[1:]
        mask[row, :n] = True
    return inputs, targets, mask


def _padding_in_front(words: Words) -> Padded:
    inputs, targets, mask = _empty(words, 1)
    for row, word in enumerate(words):
        n = len(word)
        inputs[row, mask.shape[1] - n :] = word
        targets[row, -1 - n : -1] = word
        mask[row, -1 - n :] = True
    return inputs, targets, mask


def _a_step_too_long(words: Words) -> Padded:
    longer = pad_symbols([*words, [1] * (max(map(len, words)) + 1)])
    return longer[0][:-1], longer[1][:-1], longer[2][:-1]


def _mask_turned(words: Words) -> Padded:
    inputs, targets, mask = pad_symbols(words)
    return inputs, targets, ~mask


def _exchanged(words: Words) -> Padded:
    inputs, targets, mask = pad_symbols(words)
    return targets, inputs, mask


def _all_count(words: Words) -> Padded:
    inputs, targets, mask = pad_symbols(words)
    return inputs, targets, np.ones_like(mask)


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


# masked_mean


def masked_mean(losses: np.ndarray, mask: np.ndarray) -> float:
    """Return the mean of the losses at real positions."""
    return float(losses[mask].mean())


def _over_all(losses: np.ndarray, mask: np.ndarray) -> float:
    return float((losses * mask).mean())


def _mask_unused(losses: np.ndarray, mask: np.ndarray) -> float:
    return float(losses.mean())


def _mean_of_rows(losses: np.ndarray, mask: np.ndarray) -> float:
    return float(((losses * mask).sum(axis=1) / mask.sum(axis=1)).mean())


def _sum_of_real(losses: np.ndarray, mask: np.ndarray) -> float:
    return float(losses[mask].sum())


def _per_row(losses: np.ndarray, mask: np.ndarray) -> float:
    return float(losses[mask].sum() / len(losses))


def _of_padding(losses: np.ndarray, mask: np.ndarray) -> float:
    return float((losses * ~mask).sum() / max(1, (~mask).sum()))


def _all_by_real(losses: np.ndarray, mask: np.ndarray) -> float:
    return float(losses.sum() / mask.sum())


def _masked_cases() -> list[Case]:
    rng = np.random.default_rng(82)

    def draw(T: int, *sizes: int) -> tuple[np.ndarray, np.ndarray]:
        mask = np.arange(T) < np.array(sizes)[:, np.newaxis]
        return 3 * rng.random(mask.shape), mask

    small = np.array([[1.0, 2.0, 3.0], [4.0, 9.0, 9.0]])
    real = np.array([[True, True, True], [True, False, False]])
    return [
        Case("rows of 3 and 1", (small, real)),
        Case("no padding", draw(4, 4, 4)),
        Case("a read-only random draw", draw(6, 2, 6, 3), True),
        Case("mostly padding", draw(40, 5, 3)),
    ]


# pair_probabilities


def pair_probabilities(rows: Words, size: int, added: float) -> np.ndarray:
    """Return the probability of each symbol after each, from smoothed counts."""
    counts = _pairs(rows, size) + added
    return counts / counts.sum(axis=1, keepdims=True)


def _pairs(rows: Words, size: int) -> np.ndarray:
    counts = np.zeros((size, size))
    for row in rows:
        for before, after in zip(row, row[1:], strict=False):
            counts[before, after] += 1
    return counts


def _columns_sum_to_1(rows: Words, size: int, added: float) -> np.ndarray:
    counts = _pairs(rows, size) + added
    return counts / counts.sum(axis=0)


def _table_sums_to_1(rows: Words, size: int, added: float) -> np.ndarray:
    counts = _pairs(rows, size) + added
    return counts / counts.sum()


def _pairs_turned(rows: Words, size: int, added: float) -> np.ndarray:
    counts = _pairs(rows, size).T + added
    return counts / counts.sum(axis=1, keepdims=True)


def _added_above_only(rows: Words, size: int, added: float) -> np.ndarray:
    counts = _pairs(rows, size)
    with np.errstate(all="ignore"):
        return (counts + added) / counts.sum(axis=1, keepdims=True)


def _added_once_below(rows: Words, size: int, added: float) -> np.ndarray:
    counts = _pairs(rows, size)
    return (counts + added) / (counts.sum(axis=1, keepdims=True) + added)


def _added_afterwards(rows: Words, size: int, added: float) -> np.ndarray:
    counts = _pairs(rows, size)
    with np.errstate(all="ignore"):
        return counts / counts.sum(axis=1, keepdims=True) + added


def _repeats_once(rows: Words, size: int, added: float) -> np.ndarray:
    counts = np.full((size, size), added)
    for row in rows:
        counts[row[:-1], row[1:]] += 1
    return counts / counts.sum(axis=1, keepdims=True)


def _unseen_only(rows: Words, size: int, added: float) -> np.ndarray:
    counts = _pairs(rows, size)
    counts[counts == 0] = added
    return counts / counts.sum(axis=1, keepdims=True)


def _always_one(rows: Words, size: int, added: float) -> np.ndarray:
    return pair_probabilities(rows, size, 1.0)


def _not_smoothed(rows: Words, size: int, added: float) -> np.ndarray:
    counts = _pairs(rows, size)
    with np.errstate(all="ignore"):
        return counts / counts.sum(axis=1, keepdims=True)


def _across_names(rows: Words, size: int, added: float) -> np.ndarray:
    return pair_probabilities([[s for row in rows for s in row]], size, added)


def _counts_alone(rows: Words, size: int, added: float) -> np.ndarray:
    return _pairs(rows, size) + added


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


# continuations


def continuations(counts: np.ndarray) -> np.ndarray:
    """Return the share of the different pairs that end in each symbol."""
    seen = counts > 0
    return seen.sum(axis=0) / seen.sum()


def _how_often(counts: np.ndarray) -> np.ndarray:
    return counts.sum(axis=0) / counts.sum()


def _followers(counts: np.ndarray) -> np.ndarray:
    seen = counts > 0
    return seen.sum(axis=1) / seen.sum()


def _numbers_not_shares(counts: np.ndarray) -> np.ndarray:
    return (counts > 0).sum(axis=0).astype(float)


def _share_of_symbols(counts: np.ndarray) -> np.ndarray:
    return (counts > 0).mean(axis=0)


def _once_is_not_enough(counts: np.ndarray) -> np.ndarray:
    seen = counts > 1
    return seen.sum(axis=0) / max(1, seen.sum())


def _by_all_counts(counts: np.ndarray) -> np.ndarray:
    return (counts > 0).sum(axis=0) / counts.sum()


def _continuation_cases() -> list[Case]:
    rng = np.random.default_rng(84)
    one_context = np.array([[0, 9, 1], [0, 0, 1], [2, 0, 1]])
    return [
        Case("a symbol that follows one other, often", (one_context,)),
        Case("a symbol that nothing goes before", (np.array([[0, 1], [0, 3]]),)),
        Case("a read-only random draw", (rng.poisson(0.8, (5, 5)),), True),
        Case("a larger random draw", (rng.poisson(0.5, (12, 12)),)),
    ]


# symbol_perplexity


def symbol_perplexity(nats: np.ndarray, letters: np.ndarray) -> float:
    """Return the perplexity per symbol from the losses of whole names."""
    return float(np.exp(nats.sum() / (letters + 1).sum()))


def _end_forgotten(nats: np.ndarray, letters: np.ndarray) -> float:
    return float(np.exp(nats.sum() / letters.sum()))


def _per_name(nats: np.ndarray, letters: np.ndarray) -> float:
    return float(np.exp(nats.mean()))


def _mean_of_name_losses(nats: np.ndarray, letters: np.ndarray) -> float:
    return float(np.exp((nats / (letters + 1)).mean()))


def _mean_of_perplexities(nats: np.ndarray, letters: np.ndarray) -> float:
    return float(np.exp(nats / (letters + 1)).mean())


def _to_the_power_of_2(nats: np.ndarray, letters: np.ndarray) -> float:
    return float(2 ** (nats.sum() / (letters + 1).sum()))


def _loss_alone(nats: np.ndarray, letters: np.ndarray) -> float:
    return float(nats.sum() / (letters + 1).sum())


def _padding_counted(nats: np.ndarray, letters: np.ndarray) -> float:
    return float(np.exp(nats.sum() / ((letters.max() + 1) * len(letters))))


def _start_and_end(nats: np.ndarray, letters: np.ndarray) -> float:
    return float(np.exp(nats.sum() / (letters + 2).sum()))


def _symbol_cases() -> list[Case]:
    rng = np.random.default_rng(85)

    def draw(count: int) -> tuple[np.ndarray, np.ndarray]:
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


# at_temperature


def at_temperature(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Return the probabilities at this temperature."""
    return softmax(logits / temperature)


def _times_temperature(logits: np.ndarray, temperature: float) -> np.ndarray:
    return softmax(logits * temperature)


def _without_temperature(logits: np.ndarray, temperature: float) -> np.ndarray:
    return softmax(logits)


def _softmax_first(logits: np.ndarray, temperature: float) -> np.ndarray:
    return softmax(logits) / temperature


def _softmax_twice(logits: np.ndarray, temperature: float) -> np.ndarray:
    return softmax(softmax(logits) / temperature)


def _over_the_rows(logits: np.ndarray, temperature: float) -> np.ndarray:
    powers = np.exp((logits - logits.max()) / temperature)
    with np.errstate(all="ignore"):
        return powers / powers.sum(axis=0)


def _over_everything(logits: np.ndarray, temperature: float) -> np.ndarray:
    powers = np.exp((logits - logits.max()) / temperature)
    return powers / powers.sum()


def _no_shift(logits: np.ndarray, temperature: float) -> np.ndarray:
    with np.errstate(all="ignore"):
        powers = np.exp(logits / temperature)
        return powers / powers.sum(axis=-1, keepdims=True)


def _logits_in_place(logits: np.ndarray, temperature: float) -> np.ndarray:
    logits /= temperature
    return softmax(logits)


def _temperature_cases() -> list[Case]:
    rng = np.random.default_rng(86)
    return [
        Case("two logits at 0.5", (np.array([[1.0, 0.0]]), 0.5)),
        Case("the temperature 1", (rng.normal(size=(2, 3)), 1.0)),
        Case("two rows at 2", (np.array([[0.0, 1.0, 2.0], [3.0, 0.0, 0.0]]), 2.0)),
        Case("a read-only random draw at 1.5", (rng.normal(size=(3, 5)), 1.5), True),
        Case("very cold: 0.01", (np.array([[20.0, 19.99, 0.0]]), 0.01)),
    ]


EXERCISES = (
    Exercise(
        name="pad_symbols",
        title="Pad a batch",
        chapter=CHAPTER,
        points=3,
        minutes=10,
        solution=pad_symbols,
        cases=_pad_cases,
        wrong=(
            Wrong(
                "not shifted",
                _not_shifted,
                "inputs and targets are the same: the network would read what it is "
                "to say. The boundary goes before the letters of the inputs",
                "The names",
            ),
            Wrong(
                "end not counted",
                _end_not_counted,
                "the boundary at the end of a name is not real in the mask, as with "
                "`targets != 0`; the network must learn to say it",
            ),
            Wrong(
                "start not counted",
                _start_not_counted,
                "the mask is `inputs != 0`: the first position, which says the first "
                "letter, is left out",
            ),
            Wrong(
                "no start",
                _no_start,
                "there is no boundary before the first letter, which is then read "
                "but never predicted",
                "The names",
            ),
            Wrong(
                "padding in front",
                _padding_in_front,
                "the padding stands before the names: the states of real positions "
                "would depend on it",
            ),
            Wrong(
                "a step too long",
                _a_step_too_long,
                "there is one step too many: a name of n letters takes n + 1 positions",
                "The names",
            ),
            Wrong(
                "mask turned round",
                _mask_turned,
                "the mask is True at padding; here it is True at real positions",
            ),
            Wrong(
                "exchanged",
                _exchanged,
                "inputs and targets are exchanged: what is read begins with the "
                "boundary, what is said ends with it",
                "The names",
            ),
            Wrong(
                "everything counts", _all_count, "the mask is True at padding as well"
            ),
        ),
        forbidden=("rnn_lib.pad_names", "rnn_lib.names"),
        section="Padding and masks",
    ),
    Exercise(
        name="masked_mean",
        title="A mean with a mask",
        chapter=CHAPTER,
        points=2,
        minutes=5,
        solution=masked_mean,
        cases=_masked_cases,
        wrong=(
            Wrong(
                "divided by all",
                _over_all,
                "the sum over the real positions is divided by the number of all "
                "positions, and the loss falls with every column of padding",
            ),
            Wrong("mask not used", _mask_unused, "the mask is not used"),
            Wrong(
                "mean of the rows",
                _mean_of_rows,
                "the means of the rows are averaged: a position of a short name then "
                "weighs more than one of a long name",
            ),
            Wrong("sum", _sum_of_real, "the sum is returned and not the mean"),
            Wrong(
                "per row",
                _per_row,
                "the sum is divided by the number of names, not of positions",
            ),
            Wrong(
                "mean of the padding",
                _of_padding,
                "the mean runs over the padding; the mask is True at real positions",
            ),
            Wrong(
                "padding added",
                _all_by_real,
                "the losses at padding are added to the sum, although the divisor is "
                "the number of real positions",
            ),
        ),
        forbidden=("rnn_lib.cross_entropy", "rnn_lib.functional"),
        section="Padding and masks",
    ),
    Exercise(
        name="pair_probabilities",
        title="Counts with a little added",
        chapter=CHAPTER,
        points=3,
        minutes=9,
        solution=pair_probabilities,
        cases=_smoothed_cases,
        wrong=(
            Wrong(
                "columns sum to 1",
                _columns_sum_to_1,
                "the columns sum to 1 and not the rows; a row holds what may follow "
                "one symbol",
            ),
            Wrong(
                "table sums to 1",
                _table_sums_to_1,
                "the whole table sums to 1: these are probabilities of a pair, and "
                "not of a symbol when the one before it is known",
            ),
            Wrong(
                "pairs turned round",
                _pairs_turned,
                "row and column of a pair are exchanged: the row is the symbol that "
                "stands before",
            ),
            Wrong(
                "added above only",
                _added_above_only,
                "the number is added to the counts and not to what they are divided "
                "by: the rows sum to more than 1",
            ),
            Wrong(
                "added once below",
                _added_once_below,
                "the number is added once to the divisor; it was added to each of the "
                "K counts, so K times",
            ),
            Wrong(
                "added to probabilities",
                _added_afterwards,
                "the number is added after the division, to probabilities",
            ),
            Wrong(
                "unseen pairs only",
                _unseen_only,
                "the number is given only to the pairs that never occur; it is added "
                "to all of them",
            ),
            Wrong("always 1", _always_one, "1 is added, whatever `added` is"),
            Wrong(
                "not smoothed",
                _not_smoothed,
                "nothing is added: unseen pairs get 0, and a symbol that never occurs "
                "0 / 0",
            ),
            Wrong(
                "a pair once in a name",
                _repeats_once,
                "a pair that occurs twice in a name is counted once: `+= 1` at places "
                "that repeat adds only one. `np.add.at` adds each time",
            ),
            Wrong(
                "across names",
                _across_names,
                "pairs are counted across the border of two names as well",
            ),
            Wrong(
                "counts",
                _counts_alone,
                "counts are returned: they are not divided by the sum of their row",
            ),
        ),
        forbidden=("rnn_lib.AdditiveNGram", "rnn_lib.ngrams", "rnn_lib.baselines"),
        section="What to beat",
    ),
    Exercise(
        name="continuations",
        title="In how many surroundings",
        chapter=CHAPTER,
        points=3,
        minutes=8,
        solution=continuations,
        cases=_continuation_cases,
        wrong=(
            Wrong(
                "how often",
                _how_often,
                "a pair counts as often as it occurs. Kneser and Ney count each "
                "different pair once",
            ),
            Wrong(
                "followers",
                _followers,
                "what is counted is how many different symbols come after; here it is "
                "how many stand before",
            ),
            Wrong(
                "numbers",
                _numbers_not_shares,
                "numbers are returned: they are not divided by the number of all "
                "different pairs",
            ),
            Wrong(
                "share of the symbols",
                _share_of_symbols,
                "the numbers are divided by K, so that they do not sum to 1; divide "
                "by the number of different pairs",
            ),
            Wrong(
                "divided by occurrences",
                _by_all_counts,
                "the number of different pairs is divided by that of all pairs read",
            ),
            Wrong(
                "twice at least",
                _once_is_not_enough,
                "pairs that occur once are left out",
            ),
        ),
        forbidden=("rnn_lib.KneserNeyNGram", "rnn_lib.ngrams"),
        section="What to beat",
    ),
    Exercise(
        name="symbol_perplexity",
        title="From names to symbols",
        chapter=CHAPTER,
        points=2,
        minutes=6,
        solution=symbol_perplexity,
        cases=_symbol_cases,
        wrong=(
            Wrong(
                "end forgotten",
                _end_forgotten,
                "the sum is divided by the number of letters; the end of each name is "
                "a symbol too, and its loss is in the sum",
            ),
            Wrong(
                "per name",
                _per_name,
                "the mean is taken over names: this is the perplexity of a whole "
                "name, and not of a symbol",
            ),
            Wrong(
                "mean of the names",
                _mean_of_name_losses,
                "each name weighs the same, however long; the mean runs over symbols",
            ),
            Wrong(
                "mean of perplexities",
                _mean_of_perplexities,
                "each name gets its own perplexity, and these are averaged; the mean "
                "comes before the exponential",
            ),
            Wrong(
                "power of 2",
                _to_the_power_of_2,
                "2 is raised to a loss in nats; nats go with e, bits with 2",
            ),
            Wrong(
                "loss",
                _loss_alone,
                "the loss per symbol is returned: the exponential is missing",
            ),
            Wrong(
                "padding counted",
                _padding_counted,
                "the sum is divided by all positions of the padded batch",
                "Padding and masks",
            ),
            Wrong(
                "start counted",
                _start_and_end,
                "the start counts as a symbol; it is read and never predicted",
                "The names",
            ),
        ),
        forbidden=(),
        section="Training in NumPy",
    ),
    Exercise(
        name="at_temperature",
        title="Warmer and colder",
        chapter=CHAPTER,
        points=2,
        minutes=7,
        solution=at_temperature,
        cases=_temperature_cases,
        wrong=(
            Wrong(
                "multiplied",
                _times_temperature,
                "the logits are multiplied by the temperature: then a high one makes "
                "the likely symbol likelier",
            ),
            Wrong(
                "no effect",
                _without_temperature,
                "the temperature has no effect, as when probabilities are divided by "
                "it and then by their sum: it cancels. Divide the logits",
            ),
            Wrong(
                "softmax first",
                _softmax_first,
                "the probabilities are divided by the temperature and no longer sum "
                "to 1",
            ),
            Wrong(
                "softmax twice",
                _softmax_twice,
                "softmax is applied to probabilities; it takes the logits",
            ),
            Wrong(
                "over the rows",
                _over_the_rows,
                "the columns sum to 1 and not the rows",
            ),
            Wrong(
                "over everything",
                _over_everything,
                "all rows together sum to 1, and not each of them",
            ),
            Wrong(
                "no shift",
                _no_shift,
                "the largest logit is not taken off before exp: at a low temperature "
                "exp overflows, and inf / inf is NaN",
            ),
            Wrong(
                "in place",
                _logits_in_place,
                "the logits are changed with `/=`; whoever called the function may "
                "still need them",
            ),
        ),
        forbidden=("rnn_lib.softmax", "rnn_lib.log_softmax", "rnn_lib.functional"),
        section="Sampling",
    ),
)

QUESTIONS = (
    Question("lower_perplexity", "A lower perplexity", CHAPTER, points=3, minutes=8),
)
