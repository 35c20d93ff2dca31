"""Wrong answers to the exercises of chapter 8, from the questions and stubs alone."""

from itertools import pairwise

import numpy as np
import torch

from tests.exercises.invented import collector

ANSWERS, wrong = collector()


# pad_symbols


def padded(words):
    """Return a right batch, to be spoilt."""
    T = max(len(word) for word in words) + 1
    inputs = np.zeros((len(words), T), dtype=int)
    targets = np.zeros_like(inputs)
    mask = np.zeros(inputs.shape, dtype=bool)
    for n, word in enumerate(words):
        inputs[n, 1 : len(word) + 1] = word
        targets[n, : len(word)] = word
        mask[n, : len(word) + 1] = True
    return inputs, targets, mask


@wrong("pad_symbols", "the mask ends with the letters")
def _(words):
    inputs, targets, mask = padded(words)
    for n, word in enumerate(words):
        mask[n, len(word)] = False
    return inputs, targets, mask


@wrong("pad_symbols", "the mask from the inputs: letters only")
def _(words):
    inputs, targets, _ = padded(words)
    return inputs, targets, inputs != 0


@wrong("pad_symbols", "the mask from the targets: letters only")
def _(words):
    inputs, targets, _ = padded(words)
    return inputs, targets, targets > 0


@wrong("pad_symbols", "T without the boundary, so the longest name has no end")
def _(words):
    return tuple(array[:, :-1] for array in padded(words))


@wrong("pad_symbols", "T one too many")
def _(words):
    return tuple(np.pad(array, ((0, 0), (0, 1))) for array in padded(words))


@wrong("pad_symbols", "always 14 steps, as for the census")
def _(words):
    room = 14 - padded(words)[0].shape[1]
    return tuple(np.pad(array, ((0, 0), (0, room))) for array in padded(words))


@wrong("pad_symbols", "inputs and targets swapped")
def _(words):
    inputs, targets, mask = padded(words)
    return targets, inputs, mask


@wrong("pad_symbols", "the targets are the inputs")
def _(words):
    inputs, _, mask = padded(words)
    return inputs, inputs.copy(), mask


@wrong("pad_symbols", "the inputs begin with the first letter")
def _(words):
    _, targets, mask = padded(words)
    return targets.copy(), targets, mask


@wrong("pad_symbols", "padding in front")
def _(words):
    inputs, targets, mask = padded(words)
    for n, word in enumerate(words):
        for array in (inputs, targets, mask):
            array[n] = np.roll(array[n], array.shape[1] - len(word) - 1)
    return inputs, targets, mask


@wrong("pad_symbols", "True at padding")
def _(words):
    inputs, targets, mask = padded(words)
    return inputs, targets, ~mask


@wrong("pad_symbols", "0 and 1 for the mask")
def _(words):
    inputs, targets, mask = padded(words)
    return inputs, targets, mask.astype(int)


@wrong("pad_symbols", "inputs and targets as decimal numbers")
def _(words):
    inputs, targets, mask = padded(words)
    return inputs.astype(float), targets.astype(float), mask


@wrong("pad_symbols", "lists for arrays")
def _(words):
    return tuple(array.tolist() for array in padded(words))


@wrong("pad_symbols", "-1 as padding")
def _(words):
    inputs, targets, mask = padded(words)
    return np.where(mask, inputs, -1), np.where(mask, targets, -1), mask


@wrong("pad_symbols", "-100 as padding of the targets, as for PyTorch")
def _(words):
    inputs, targets, mask = padded(words)
    return inputs, np.where(mask, targets, -100), mask


@wrong("pad_symbols", "cut to the shortest")
def _(words):
    T = min(len(word) for word in words) + 1
    return tuple(array[:, :T] for array in padded(words))


@wrong("pad_symbols", "longest name first")
def _(words):
    return padded(sorted(words, key=len, reverse=True))


@wrong("pad_symbols", "time first")
def _(words):
    return tuple(array.T.copy() for array in padded(words))


@wrong("pad_symbols", "one-hot inputs")
def _(words):
    inputs, targets, mask = padded(words)
    return np.eye(27)[inputs], targets, mask


@wrong("pad_symbols", "the boundary is appended to the words themselves")
def _(words):
    whole = padded(words)
    for word in words:
        word.append(0)
    return whole


@wrong("pad_symbols", "no mask")
def _(words):
    return padded(words)[:2]


@wrong("pad_symbols", "all True: the mask has not been cut")
def _(words):
    inputs, targets, mask = padded(words)
    return inputs, targets, np.ones_like(mask)


@wrong("pad_symbols", "the targets rolled, so the first letter comes round")
def _(words):
    inputs, _, mask = padded(words)
    return inputs, np.roll(inputs[:, 1:], -1, axis=1), mask


@wrong("pad_symbols", "a row of zeros repeated by reference")
def _(words):
    T = max(len(word) for word in words) + 1
    inputs, targets = ([[0] * T] * len(words) for _ in range(2))
    mask = [[False] * T] * len(words)
    for n, word in enumerate(words):
        inputs[n][1 : len(word) + 1] = word
        targets[n][: len(word)] = word
        mask[n][: len(word) + 1] = [True] * (len(word) + 1)
    return np.array(inputs), np.array(targets), np.array(mask)


@wrong("pad_symbols", "as many steps as the first name takes")
def _(words):
    T = len(words[0]) + 1
    inputs = np.zeros((len(words), T), dtype=int)
    targets, mask = np.zeros_like(inputs), np.zeros(inputs.shape, dtype=bool)
    for n, word in enumerate(words):
        inputs[n, 1 : len(word) + 1] = word
        targets[n, : len(word)] = word
        mask[n, : len(word) + 1] = True
    return inputs, targets, mask


# masked_mean


@wrong("masked_mean", "losses times mask, mean over all positions")
def _(losses, mask):
    return float((losses * mask).mean())


@wrong("masked_mean", "the mask is not used")
def _(losses, mask):
    return float(losses.mean())


@wrong("masked_mean", "the mean over the padding")
def _(losses, mask):
    return float(losses[~mask].mean()) if (~mask).any() else 0.0


@wrong("masked_mean", "sum for mean")
def _(losses, mask):
    return float(losses[mask].sum())


@wrong("masked_mean", "the mean of the means of the rows")
def _(losses, mask):
    return float(np.mean((losses * mask).sum(axis=1) / mask.sum(axis=1)))


@wrong("masked_mean", "one mean for each row")
def _(losses, mask):
    return (losses * mask).sum(axis=1) / mask.sum(axis=1)


@wrong("masked_mean", "one mean for each step")
def _(losses, mask):
    return (losses * mask).sum(axis=0) / mask.sum(axis=0)


@wrong("masked_mean", "divides by the number of rows")
def _(losses, mask):
    return float(losses[mask].sum() / len(losses))


@wrong("masked_mean", "the padding is set to 0 in place")
def _(losses, mask):
    losses[~mask] = 0
    return float(losses.sum() / mask.sum())


@wrong("masked_mean", "the mean of what is not 0 after masking")
def _(losses, mask):
    kept = losses * mask
    return float(kept[kept != 0].mean())


@wrong("masked_mean", "the sum of all losses over the real positions")
def _(losses, mask):
    return float(losses.sum() / mask.sum())


@wrong("masked_mean", "whole numbers: //")
def _(losses, mask):
    return float(losses[mask].sum() // mask.sum())


@wrong("masked_mean", "the perplexity")
def _(losses, mask):
    return float(np.exp(losses[mask].mean()))


@wrong("masked_mean", "the real losses themselves")
def _(losses, mask):
    return losses[mask]


@wrong("masked_mean", "every row is as long as the first")
def _(losses, mask):
    return float(losses[:, : mask[0].sum()].mean())


@wrong("masked_mean", "the mask as an index of numbers")
def _(losses, mask):
    return float(losses[mask.astype(int)].mean())


@wrong("masked_mean", "the end symbol is left out")
def _(losses, mask):
    letters = mask.copy()
    letters[np.arange(len(mask)), mask.sum(axis=1) - 1] = False
    return float(losses[letters].mean()) if letters.any() else 0.0


@wrong("masked_mean", "prints the mean")
def _(losses, mask):
    print(losses[mask].mean())


# pair_probabilities


def count(rows, size):
    counts = np.zeros((size, size))
    for row in rows:
        for r, s in pairwise(row):
            counts[r, s] += 1
    return counts


def share(counts):
    return counts / counts.sum(axis=1, keepdims=True)


@wrong("pair_probabilities", "divides by the sums of the columns")
def _(rows, size, added):
    counts = count(rows, size) + added
    return counts / counts.sum(axis=0, keepdims=True)


@wrong("pair_probabilities", "keepdims forgotten")
def _(rows, size, added):
    counts = count(rows, size) + added
    return counts / counts.sum(axis=1)


@wrong("pair_probabilities", "nothing is added")
def _(rows, size, added):
    counts = count(rows, size)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@wrong("pair_probabilities", "added after dividing")
def _(rows, size, added):
    counts = count(rows, size)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1) + added


@wrong("pair_probabilities", "the sums are those before adding")
def _(rows, size, added):
    counts = count(rows, size)
    return (counts + added) / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@wrong("pair_probabilities", "the denominator gets `added` once, not K times")
def _(rows, size, added):
    counts = count(rows, size)
    return (counts + added) / (counts.sum(axis=1, keepdims=True) + added)


@wrong("pair_probabilities", "the symbol before and the symbol after swapped")
def _(rows, size, added):
    return share(count(rows, size).T + added)


@wrong("pair_probabilities", "transposed at the end")
def _(rows, size, added):
    return share(count(rows, size) + added).T


@wrong("pair_probabilities", "without the start")
def _(rows, size, added):
    return share(count([row[1:] for row in rows], size) + added)


@wrong("pair_probabilities", "without the end")
def _(rows, size, added):
    return share(count([row[:-1] for row in rows], size) + added)


@wrong("pair_probabilities", "letters only, no boundary")
def _(rows, size, added):
    return share(count([row[1:-1] for row in rows], size) + added)


@wrong("pair_probabilities", "one more boundary at both ends")
def _(rows, size, added):
    return share(count([[0, *row, 0] for row in rows], size) + added)


@wrong("pair_probabilities", "divides by the sum of the whole table")
def _(rows, size, added):
    counts = count(rows, size) + added
    return counts / counts.sum()


@wrong("pair_probabilities", "all names in one row, with pairs across the border")
def _(rows, size, added):
    return share(count([[s for row in rows for s in row]], size) + added)


@wrong("pair_probabilities", "seen or not, instead of how often")
def _(rows, size, added):
    return share((count(rows, size) > 0) + added)


@wrong("pair_probabilities", "added only where nothing was seen")
def _(rows, size, added):
    counts = count(rows, size)
    counts[counts == 0] = added
    return share(counts)


@wrong("pair_probabilities", "a pair that occurs twice in a name counts once: +=")
def _(rows, size, added):
    counts = np.zeros((size, size))
    for row in rows:
        counts[row[:-1], row[1:]] += 1
    return share(counts + added)


@wrong("pair_probabilities", "an array of int, to which a float is added in place")
def _(rows, size, added):
    counts = count(rows, size).astype(int)
    counts += added
    return share(counts)


@wrong("pair_probabilities", "the array of int drops the decimals of what is added")
def _(rows, size, added):
    counts = np.full((size, size), added, dtype=int)
    for row in rows:
        for r, s in pairwise(row):
            counts[r, s] += 1
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@wrong("pair_probabilities", "1 is added, whatever `added` says")
def _(rows, size, added):
    return share(count(rows, size) + 1)


@wrong("pair_probabilities", "every pair goes round: the end is followed by the start")
def _(rows, size, added):
    return share(count([[*row, row[0]] for row in rows], size) + added)


@wrong("pair_probabilities", "27 symbols, whatever the size")
def _(rows, size, added):
    return share(count(rows, 27) + added)


@wrong("pair_probabilities", "symbols two apart")
def _(rows, size, added):
    counts = np.full((size, size), added, dtype=float)
    for row in rows:
        for r, s in zip(row, row[2:], strict=False):
            counts[r, s] += 1
    return share(counts)


@wrong("pair_probabilities", "the counts")
def _(rows, size, added):
    return count(rows, size) + added


@wrong("pair_probabilities", "added for each name")
def _(rows, size, added):
    return share(count(rows, size) + added * len(rows))


# continuations


@wrong("continuations", "how often, not in how many surroundings")
def _(counts):
    return counts.sum(axis=0) / counts.sum()


@wrong("continuations", "how many symbols follow: the wrong axis")
def _(counts):
    return (counts > 0).sum(axis=1) / (counts > 0).sum()


@wrong("continuations", "the numbers, not the shares")
def _(counts):
    return (counts > 0).sum(axis=0)


@wrong("continuations", "divided by K: the mean of a column")
def _(counts):
    return (counts > 0).mean(axis=0)


@wrong("continuations", "divided by the number of all pairs, seen or not")
def _(counts):
    return (counts > 0).sum(axis=0) / counts.size


@wrong("continuations", "different pairs over all occurrences")
def _(counts):
    return (counts > 0).sum(axis=0) / counts.sum()


@wrong("continuations", "seen more than once")
def _(counts):
    often = counts > 1
    return often.sum(axis=0) / max(often.sum(), 1)


@wrong("continuations", ">= 0, which is true everywhere")
def _(counts):
    return (counts >= 0).sum(axis=0) / (counts >= 0).sum()


@wrong("continuations", "seen exactly once")
def _(counts):
    once = counts == 1
    return once.sum(axis=0) / max(once.sum(), 1)


@wrong("continuations", "a column of shares: keepdims")
def _(counts):
    return ((counts > 0).sum(axis=0, keepdims=True) / (counts > 0).sum()).T


@wrong("continuations", "a row of shares with two axes")
def _(counts):
    return (counts > 0).sum(axis=0, keepdims=True) / (counts > 0).sum()


@wrong("continuations", "a list")
def _(counts):
    return ((counts > 0).sum(axis=0) / (counts > 0).sum()).tolist()


@wrong("continuations", "a symbol after itself does not count")
def _(counts):
    seen = (counts > 0) & ~np.eye(len(counts), dtype=bool)
    return seen.sum(axis=0) / max(seen.sum(), 1)


@wrong("continuations", "//")
def _(counts):
    return (counts > 0).sum(axis=0) // (counts > 0).sum()


@wrong("continuations", "how many different counts, by np.unique")
def _(counts):
    kinds = np.array([len(np.unique(column)) for column in counts.T])
    return kinds / kinds.sum()


@wrong("continuations", "divided by the largest")
def _(counts):
    pairs = (counts > 0).sum(axis=0)
    return pairs / pairs.max()


@wrong("continuations", "divided by the number of symbols that occur after something")
def _(counts):
    seen = counts > 0
    return seen.sum(axis=0) / seen.any(axis=0).sum()


@wrong("continuations", "the pairs that do not occur")
def _(counts):
    unseen = counts == 0
    return unseen.sum(axis=0) / max(unseen.sum(), 1)


@wrong("continuations", "the share of each pair, not added up")
def _(counts):
    return (counts > 0) / (counts > 0).sum()


@wrong("continuations", "the counts are set to 1 in place")
def _(counts):
    counts[counts > 0] = 1
    return counts.sum(axis=0) / counts.sum()


# symbol_perplexity


@wrong("symbol_perplexity", "the end is not counted")
def _(nats, letters):
    return float(np.exp(nats.sum() / letters.sum()))


@wrong("symbol_perplexity", "the mean of the means of the names")
def _(nats, letters):
    return float(np.exp(np.mean(nats / (letters + 1))))


@wrong("symbol_perplexity", "per name")
def _(nats, letters):
    return float(np.exp(nats.mean()))


@wrong("symbol_perplexity", "the mean of the perplexities of the names")
def _(nats, letters):
    return float(np.exp(nats / (letters + 1)).mean())


@wrong("symbol_perplexity", "no exponential")
def _(nats, letters):
    return float(nats.sum() / (letters + 1).sum())


@wrong("symbol_perplexity", "one end for all names together")
def _(nats, letters):
    return float(np.exp(nats.sum() / (letters.sum() + 1)))


@wrong("symbol_perplexity", "2 to the power of the loss in nats")
def _(nats, letters):
    return float(2 ** (nats.sum() / (letters + 1).sum()))


@wrong("symbol_perplexity", "the start counts too")
def _(nats, letters):
    return float(np.exp(nats.sum() / (letters + 2).sum()))


@wrong("symbol_perplexity", "one for each name")
def _(nats, letters):
    return np.exp(nats / (letters + 1))


@wrong("symbol_perplexity", "exp of the sums, then divided")
def _(nats, letters):
    return float(np.exp(nats.sum()) / (letters + 1).sum())


@wrong("symbol_perplexity", "whole numbers: //")
def _(nats, letters):
    return float(np.exp(nats.sum() // (letters + 1).sum()))


@wrong("symbol_perplexity", "the lengths are counted up in place")
def _(nats, letters):
    letters += 1
    return float(np.exp(nats.sum() / letters.sum()))


@wrong("symbol_perplexity", "the sign turned round")
def _(nats, letters):
    return float(np.exp(-nats.sum() / (letters + 1).sum()))


@wrong("symbol_perplexity", "the means of the names, weighted by their letters")
def _(nats, letters):
    return float(np.exp(np.average(nats / (letters + 1), weights=letters)))


@wrong("symbol_perplexity", "the sums are taken for means of the symbols")
def _(nats, letters):
    total = (nats * (letters + 1)).sum() / (letters + 1).sum()
    return float(np.exp(total))


@wrong("symbol_perplexity", "symbols over nats")
def _(nats, letters):
    return float(np.exp((letters + 1).sum() / nats.sum()))


@wrong("symbol_perplexity", "the logarithm for the exponential")
def _(nats, letters):
    return float(np.log(nats.sum() / (letters + 1).sum()))


# at_temperature


def softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@wrong("at_temperature", "times the temperature")
def _(logits, temperature):
    return softmax(logits * temperature)


@wrong("at_temperature", "the largest is not taken off")
def _(logits, temperature):
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(logits / temperature)
        return e / e.sum(axis=-1, keepdims=True)


@wrong("at_temperature", "the largest of the whole array is taken off")
def _(logits, temperature):
    scaled = logits / temperature
    e = np.exp(scaled - scaled.max())
    with np.errstate(invalid="ignore"):
        return e / e.sum(axis=-1, keepdims=True)


@wrong("at_temperature", "divided by the sum of the whole array")
def _(logits, temperature):
    scaled = logits / temperature
    e = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return e / e.sum()


@wrong("at_temperature", "softmax down the rows")
def _(logits, temperature):
    return softmax(logits.T / temperature).T


@wrong("at_temperature", "keepdims forgotten in the sum")
def _(logits, temperature):
    scaled = logits / temperature
    e = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


@wrong("at_temperature", "keepdims forgotten in the maximum")
def _(logits, temperature):
    scaled = logits / temperature
    e = np.exp(scaled - scaled.max(axis=-1))
    return e / e.sum(axis=-1, keepdims=True)


@wrong("at_temperature", "probabilities divided by the temperature")
def _(logits, temperature):
    return softmax(logits) / temperature


@wrong("at_temperature", "softmax of the probabilities, divided by the temperature")
def _(logits, temperature):
    return softmax(softmax(logits) / temperature)


@wrong("at_temperature", "in place")
def _(logits, temperature):
    logits /= temperature
    logits -= logits.max(axis=-1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=-1, keepdims=True)
    return logits


@wrong("at_temperature", "the likeliest letter gets everything")
def _(logits, temperature):
    return np.eye(logits.shape[1])[logits.argmax(axis=-1)]


@wrong("at_temperature", "no temperature")
def _(logits, temperature):
    return softmax(logits)


@wrong("at_temperature", "cut off at 50, so that exp does not overflow")
def _(logits, temperature):
    e = np.exp(np.clip(logits / temperature, -50, 50))
    return e / e.sum(axis=-1, keepdims=True)


@wrong("at_temperature", "powers of the probabilities, not divided by their sum")
def _(logits, temperature):
    return softmax(logits) ** (1 / temperature)


@wrong("at_temperature", "the largest is taken off before, and only it is divided")
def _(logits, temperature):
    return softmax(logits - logits.max(axis=-1, keepdims=True) / temperature)


@wrong("at_temperature", "the temperature is taken off")
def _(logits, temperature):
    return softmax(logits - temperature)


@wrong("at_temperature", "a tensor")
def _(logits, temperature):
    return torch.softmax(torch.tensor(logits) / temperature, dim=-1)


@wrong("at_temperature", "torch's softmax with dim=0")
def _(logits, temperature):
    return torch.softmax(torch.tensor(logits) / temperature, dim=0).numpy()


@wrong("at_temperature", "the logarithms of the probabilities")
def _(logits, temperature):
    scaled = logits / temperature
    scaled = scaled - scaled.max(axis=-1, keepdims=True)
    return scaled - np.log(np.exp(scaled).sum(axis=-1, keepdims=True))


@wrong("at_temperature", "small temperatures are taken for 1")
def _(logits, temperature):
    return softmax(logits / max(temperature, 1))


@wrong("at_temperature", "the divided logits, without softmax")
def _(logits, temperature):
    return logits / temperature


@wrong("at_temperature", "// for /")
def _(logits, temperature):
    return softmax(logits // temperature)


# What a second reader did


def batch(words, T):
    """Return the batch with T steps."""
    inputs, targets = np.zeros((2, len(words), T), int)
    mask = np.zeros((len(words), T), bool)
    for n, word in enumerate(words):
        inputs[n, 1 : len(word) + 1] = word
        targets[n, : len(word)] = word
        mask[n, : len(word) + 1] = True
    return inputs, targets, mask


def longest(words):
    """Return the length of the longest name."""
    return max(map(len, words))


wrong("pad_symbols", "one step too few")(lambda words: batch(words, longest(words)))


@wrong("pad_symbols", "27 at padding")
def _(words):
    inputs, targets, mask = batch(words, longest(words) + 1)
    return np.where(mask, inputs, 27), np.where(mask, targets, 27), mask


@wrong("pad_symbols", "the mask where both are letters")
def _(words):
    inputs, targets, _ = batch(words, longest(words) + 1)
    return inputs, targets, (inputs > 0) & (targets > 0)


@wrong("pad_symbols", "a boundary put into the names themselves")
def _(words):
    for word in words:
        word.insert(0, 0)
    return batch([word[1:] for word in words], longest(words))


wrong("masked_mean", "the mean of the columns' means")(
    lambda losses, mask: np.mean(
        [a[m].mean() for a, m in zip(losses.T, mask.T, strict=True) if m.any()]
    )
)
wrong("masked_mean", "NaN at padding")(
    lambda losses, mask: np.where(mask, losses, np.nan).mean()
)


def pairs(rows, size):
    """Return how often each symbol follows each."""
    counts = np.zeros((size, size))
    for row in rows:
        np.add.at(counts, (row[:-1], row[1:]), 1)
    return counts


wrong("pair_probabilities", "divided by size what is added")(
    lambda rows, size, added: (
        (pairs(rows, size) + added / size)
        / (pairs(rows, size) + added / size).sum(axis=1, keepdims=True)
    )
)
wrong("pair_probabilities", "the softmax of the counts")(
    lambda rows, size, added: (
        np.exp(pairs(rows, size) + added)
        / np.exp(pairs(rows, size) + added).sum(axis=1, keepdims=True)
    )
)
wrong("pair_probabilities", "27 symbols, whatever size is")(
    lambda rows, size, added: (
        (pairs(rows, 27) + added) / (pairs(rows, 27) + added).sum(axis=1, keepdims=True)
    )
)
wrong("continuations", "not divided")(lambda counts: (counts > 0).sum(axis=0))
wrong("continuations", "divided with //")(
    lambda counts: (counts > 0).sum(axis=0) // (counts > 0).sum()
)
wrong("continuations", "divided by the counts of the symbol")(
    lambda counts: (counts > 0).sum(axis=0) / np.maximum(counts.sum(axis=0), 1)
)
wrong("symbol_perplexity", "10 to the power")(
    lambda nats, letters: 10 ** (nats.sum() / (letters + 1).sum())
)
wrong("symbol_perplexity", "a bracket too few")(
    lambda nats, letters: np.exp(nats.sum() / letters.sum() + 1)
)
wrong("symbol_perplexity", "the sum of the names' perplexities")(
    lambda nats, letters: np.exp(nats / (letters + 1)).sum()
)
wrong("at_temperature", "the largest number taken off before dividing")(
    lambda logits, temperature: (
        np.exp(logits / temperature - logits.max(axis=-1, keepdims=True))
        / np.exp(logits / temperature - logits.max(axis=-1, keepdims=True)).sum(
            axis=-1, keepdims=True
        )
    )
)
wrong("at_temperature", "the numbers divided by their sum, without exp")(
    lambda logits, temperature: logits / logits.sum(axis=-1, keepdims=True)
)
wrong("at_temperature", "exp of the sum below")(
    lambda logits, temperature: (
        np.exp(logits / temperature)
        / np.exp((logits / temperature).sum(axis=-1, keepdims=True))
    )
)
