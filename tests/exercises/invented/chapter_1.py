"""Wrong answers to the exercises of chapter 1, as new readers give them."""

from itertools import pairwise

import numpy as np

from tests.exercises.invented import collector

ANSWERS, wrong = collector()

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# decode_one_hot


@wrong("decode_one_hot", "argmax over time instead of over the symbols")
def _(vectors, symbols):
    return "".join(symbols[k] for k in vectors.argmax(axis=0))


@wrong("decode_one_hot", "argmax without an axis, so one letter for the whole array")
def _(vectors, symbols):
    return symbols[vectors.argmax() % len(symbols)]


@wrong("decode_one_hot", "a list of letters, not joined")
def _(vectors, symbols):
    return [symbols[k] for k in vectors.argmax(axis=1)]


@wrong("decode_one_hot", "an array of letters, by indexing an array of symbols")
def _(vectors, symbols):
    return np.array(list(symbols))[vectors.argmax(axis=-1)]


@wrong("decode_one_hot", "prints the text and returns nothing")
def _(vectors, symbols):
    print("".join(symbols[k] for k in vectors.argmax(axis=1)))


@wrong("decode_one_hot", "always takes the letters A to Z, not the symbols given")
def _(vectors, symbols):
    return "".join(chr(ord("A") + k) for k in vectors.argmax(axis=1))


@wrong("decode_one_hot", "joins the indices instead of the letters")
def _(vectors, symbols):
    return "".join(str(k) for k in vectors.argmax(axis=1))


@wrong("decode_one_hot", "letters in the order of the vocabulary, not of the rows")
def _(vectors, symbols):
    text = ""
    for k, symbol in enumerate(symbols):
        for t in range(len(vectors)):
            if vectors[t, k] == 1:
                text += symbol
    return text


@wrong("decode_one_hot", "returns inside the loop, after the first letter")
def _(vectors, symbols):
    text = ""
    for row in vectors:
        text += symbols[int(np.argmax(row))]
        return text


@wrong("decode_one_hot", "joined with blanks")
def _(vectors, symbols):
    return " ".join(symbols[k] for k in vectors.argmax(axis=1))


@wrong("decode_one_hot", "stops one row too early")
def _(vectors, symbols):
    text = ""
    for t in range(len(vectors) - 1):
        text += symbols[vectors[t].argmax()]
    return text


@wrong("decode_one_hot", "puts each new letter in front, so the text is backwards")
def _(vectors, symbols):
    text = ""
    for row in vectors:
        text = symbols[row.argmax()] + text
    return text


# count_pairs


@wrong("count_pairs", "adds with counts[a, b] += 1, which adds once where pairs repeat")
def _(indices, size):
    counts = np.zeros((size, size), dtype=int)
    counts[indices[:, :-1], indices[:, 1:]] += 1
    return counts


@wrong("count_pairs", "line and column swapped: line says which symbol follows")
def _(indices, size):
    counts = np.zeros((size, size), dtype=int)
    np.add.at(counts, (indices[:, 1:], indices[:, :-1]), 1)
    return counts


@wrong("count_pairs", "rows strung together, so pairs across two rows count too")
def _(indices, size):
    flat = indices.ravel()
    counts = np.zeros((size, size), dtype=int)
    np.add.at(counts, (flat[:-1], flat[1:]), 1)
    return counts


@wrong("count_pairs", "rolls the row, so its last symbol is followed by its first")
def _(indices, size):
    counts = np.zeros((size, size), dtype=int)
    np.add.at(counts, (indices, np.roll(indices, -1, axis=1)), 1)
    return counts


@wrong("count_pairs", "counts floats, np.zeros without a dtype")
def _(indices, size):
    counts = np.zeros((size, size))
    np.add.at(counts, (indices[:, :-1], indices[:, 1:]), 1)
    return counts


@wrong("count_pairs", "a table of 26 by 26, whatever the size")
def _(indices, size):
    counts = np.zeros((26, 26), dtype=int)
    np.add.at(counts, (indices[:, :-1], indices[:, 1:]), 1)
    return counts


@wrong("count_pairs", "shares of each line instead of counts")
def _(indices, size):
    counts = np.zeros((size, size))
    np.add.at(counts, (indices[:, :-1], indices[:, 1:]), 1)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@wrong("count_pairs", "loses the last pair of each row, range(T - 2)")
def _(indices, size):
    counts = np.zeros((size, size), dtype=int)
    for row in indices:
        for t in range(len(row) - 2):
            counts[row[t], row[t + 1]] += 1
    return counts


@wrong("count_pairs", "goes down the columns: pairs of neighbouring rows")
def _(indices, size):
    counts = np.zeros((size, size), dtype=int)
    np.add.at(counts, (indices[:-1], indices[1:]), 1)
    return counts


@wrong("count_pairs", "only the first row")
def _(indices, size):
    counts = np.zeros((size, size), dtype=int)
    for first, second in pairwise(indices[0]):
        counts[first, second] += 1
    return counts


@wrong("count_pairs", "every pair with any later symbol, not the one that follows")
def _(indices, size):
    counts = np.zeros((size, size), dtype=int)
    for row in indices:
        for i in range(len(row)):
            for j in range(i + 1, len(row)):
                counts[row[i], row[j]] += 1
    return counts


@wrong("count_pairs", "both directions counted, so the table is symmetric")
def _(indices, size):
    counts = np.zeros((size, size), dtype=int)
    for row in indices:
        for first, second in pairwise(row):
            counts[first, second] += 1
            counts[second, first] += 1
    return counts


@wrong("count_pairs", "a dict of pairs")
def _(indices, size):
    counts = {}
    for row in indices:
        for first, second in pairwise(row):
            pair = int(first), int(second)
            counts[pair] = counts.get(pair, 0) + 1
    return counts


@wrong("count_pairs", "takes the indices to count from 1 and subtracts 1")
def _(indices, size):
    counts = np.zeros((size, size), dtype=int)
    np.add.at(counts, (indices[:, :-1] - 1, indices[:, 1:] - 1), 1)
    return counts


# mean_perplexity


def _right(probabilities, targets):
    """Return the probability of each right letter, (N, T)."""
    k = targets[..., np.newaxis]
    return np.take_along_axis(probabilities, k, axis=-1)[..., 0]


@wrong("mean_perplexity", "the mean of the perplexities of the positions")
def _(probabilities, targets):
    return np.exp(-np.log(_right(probabilities, targets))).mean()


@wrong("mean_perplexity", "one over the mean probability")
def _(probabilities, targets):
    return 1 / _right(probabilities, targets).mean()


@wrong("mean_perplexity", "the loss without the exponential")
def _(probabilities, targets):
    return -np.log(_right(probabilities, targets)).mean()


@wrong("mean_perplexity", "e to the sum instead of the mean")
def _(probabilities, targets):
    return np.exp(-np.log(_right(probabilities, targets)).sum())


@wrong("mean_perplexity", "sign forgotten")
def _(probabilities, targets):
    return np.exp(np.log(_right(probabilities, targets)).mean())


@wrong("mean_perplexity", "log to base 2 and e for the power")
def _(probabilities, targets):
    return np.exp(-np.log2(_right(probabilities, targets)).mean())


@wrong("mean_perplexity", "natural log and 2 for the power")
def _(probabilities, targets):
    return 2 ** -np.log(_right(probabilities, targets)).mean()


@wrong("mean_perplexity", "perplexity of each sequence, array (N,)")
def _(probabilities, targets):
    return np.exp(-np.log(_right(probabilities, targets)).mean(axis=1))


@wrong("mean_perplexity", "mean over sequences of the perplexity of each")
def _(probabilities, targets):
    return np.exp(-np.log(_right(probabilities, targets)).mean(axis=1)).mean()


@wrong("mean_perplexity", "the entropy of the prediction, targets not used")
def _(probabilities, targets):
    return np.exp(-(probabilities * np.log(probabilities)).sum(axis=-1).mean())


@wrong("mean_perplexity", "the largest probability instead of the right letter's")
def _(probabilities, targets):
    return np.exp(-np.log(probabilities.max(axis=-1)).mean())


@wrong("mean_perplexity", "divides the sum by T only, not by N and T")
def _(probabilities, targets):
    total = -np.log(_right(probabilities, targets)).sum()
    return np.exp(total / targets.shape[1])


@wrong("mean_perplexity", "divides by the number of sequences only")
def _(probabilities, targets):
    total = -np.log(_right(probabilities, targets)).sum()
    return np.exp(total / len(targets))


@wrong("mean_perplexity", "mean over all N T K numbers of y ln p, K times too small")
def _(probabilities, targets):
    y = np.eye(probabilities.shape[-1])[targets]
    return np.exp(-np.mean(y * np.log(probabilities)))


@wrong("mean_perplexity", "mean log of all letters, right or not")
def _(probabilities, targets):
    return np.exp(-np.log(probabilities).mean())


@wrong("mean_perplexity", "only the last letter of each sequence")
def _(probabilities, targets):
    last = _right(probabilities, targets)[:, -1]
    return np.exp(-np.log(last).mean())


@wrong("mean_perplexity", "a softmax over what are probabilities already")
def _(probabilities, targets):
    e = np.exp(probabilities)
    p = e / e.sum(axis=-1, keepdims=True)
    return np.exp(-np.log(_right(p, targets)).mean())


# best_accuracy


@wrong("best_accuracy", "largest entry of each column instead of each line")
def _(counts):
    return counts.max(axis=0).sum() / counts.sum()


@wrong("best_accuracy", "mean of the shares of the lines, each line alike")
def _(counts):
    return (counts.max(axis=1) / counts.sum(axis=1)).mean()


@wrong("best_accuracy", "the number of right positions, not divided")
def _(counts):
    return counts.max(axis=1).sum()


@wrong("best_accuracy", "divides by 130")
def _(counts):
    return counts.max(axis=1).sum() / 130


@wrong("best_accuracy", "largest entry of the whole table")
def _(counts):
    return counts.max() / counts.sum()


@wrong("best_accuracy", "the place of the largest entry instead of its value")
def _(counts):
    return counts.argmax(axis=1).sum() / counts.sum()


@wrong("best_accuracy", "integer division")
def _(counts):
    return counts.max(axis=1).sum() // counts.sum()


@wrong("best_accuracy", "in per cent")
def _(counts):
    return 100 * counts.max(axis=1).sum() / counts.sum()


@wrong("best_accuracy", "the diagonal, as if letter k were answered by k")
def _(counts):
    return np.trace(counts) / counts.sum()


@wrong("best_accuracy", "divides by the number of lines")
def _(counts):
    return counts.max(axis=1).sum() / len(counts)


@wrong("best_accuracy", "divides by the number of entries of the table")
def _(counts):
    return counts.max(axis=1).sum() / counts.size


@wrong("best_accuracy", "one share for each line, array")
def _(counts):
    return counts.max(axis=1) / counts.sum(axis=1)


@wrong("best_accuracy", "rounded to three decimals")
def _(counts):
    return round(float(counts.max(axis=1).sum() / counts.sum()), 3)


@wrong("best_accuracy", "each answer used for one line only")
def _(counts):
    taken, right = set(), 0
    for line in counts:
        for k in np.argsort(-line):
            if k not in taken:
                taken.add(k)
                right += line[k]
                break
    return float(right / counts.sum())


# entropy_floor


@wrong("entropy_floor", "log to base 2")
def _(counts):
    p = counts / counts.sum(axis=1, keepdims=True)
    logs = np.log2(p, where=p > 0, out=np.zeros_like(p))
    return float(-(counts * logs).sum() / counts.sum())


@wrong("entropy_floor", "zeros not left out, 0 times minus infinity is nan")
def _(counts):
    p = counts / counts.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -(counts * np.log(p)).sum() / counts.sum()


@wrong("entropy_floor", "mean of the entropies, each line alike")
def _(counts):
    total = 0.0
    for line in counts:
        p = line[line > 0] / line.sum()
        total -= (p * np.log(p)).sum()
    return total / len(counts)


@wrong("entropy_floor", "sum of the entropies of the lines, not divided")
def _(counts):
    total = 0.0
    for line in counts:
        p = line[line > 0] / line.sum()
        total -= (p * np.log(p)).sum()
    return total


@wrong("entropy_floor", "shares of the whole table instead of each line")
def _(counts):
    p = counts[counts > 0] / counts.sum()
    return -(p * np.log(p)).sum()


@wrong("entropy_floor", "shares along the columns")
def _(counts):
    total = 0.0
    for column in counts.T:
        n = column[column > 0]
        total -= (n * np.log(n / column.sum())).sum()
    return total / counts.sum()


@wrong("entropy_floor", "sign forgotten")
def _(counts):
    total = 0.0
    for line in counts:
        n = line[line > 0]
        total += (n * np.log(n / n.sum())).sum()
    return total / counts.sum()


@wrong("entropy_floor", "the total in nats, not per letter")
def _(counts):
    total = 0.0
    for line in counts:
        n = line[line > 0]
        total -= (n * np.log(n / n.sum())).sum()
    return total


@wrong("entropy_floor", "the perplexity of the floor")
def _(counts):
    total = 0.0
    for line in counts:
        n = line[line > 0]
        total -= (n * np.log(n / n.sum())).sum()
    return np.exp(total / counts.sum())


@wrong("entropy_floor", "minus log of the largest share only")
def _(counts):
    total = 0.0
    for line in counts:
        total -= line.sum() * np.log(line.max() / line.sum())
    return total / counts.sum()


@wrong("entropy_floor", "minus log of the shares, not weighted by the counts")
def _(counts):
    total = 0.0
    for line in counts:
        n = line[line > 0]
        total -= np.log(n / n.sum()).sum()
    return total / counts.sum()


@wrong("entropy_floor", "adds one to each count, to get round the zeros")
def _(counts):
    total = 0.0
    for line in counts + 1:
        total -= (line * np.log(line / line.sum())).sum()
    return total / (counts + 1).sum()


@wrong("entropy_floor", "1e-3 inside the logarithm, to get round the zeros")
def _(counts):
    p = counts / counts.sum(axis=1, keepdims=True)
    return float(-(counts * np.log(p + 1e-3)).sum() / counts.sum())


@wrong("entropy_floor", "ignores the line: entropy of the answers alone")
def _(counts):
    n = counts.sum(axis=0)
    p = n[n > 0] / n.sum()
    return float(-(p * np.log(p)).sum())


@wrong("entropy_floor", "divides by the number of entries above 0")
def _(counts):
    total = 0.0
    for line in counts:
        n = line[line > 0]
        total -= (n * np.log(n / n.sum())).sum()
    return total / np.count_nonzero(counts)


@wrong("entropy_floor", "returns inside the loop, the first line only")
def _(counts):
    for line in counts:
        p = line[line > 0] / line.sum()
        return float(-(p * np.log(p)).sum())


@wrong("entropy_floor", "divides by 130")
def _(counts):
    total = 0.0
    for line in counts:
        n = line[line > 0]
        total -= (n * np.log(n / n.sum())).sum()
    return total / 130


# What readers did later, of all exercises


@wrong("best_accuracy", "max of share over lines")
def _(counts):
    return (counts.max(axis=1) / counts.sum(axis=1)).max()


@wrong("best_accuracy", "columns by range(len(counts))")
def _(counts):
    right = 0
    for i in range(len(counts)):
        best = 0
        for j in range(len(counts)):
            if counts[i, j] > best:
                best = counts[i, j]
        right += best
    return right / counts.sum()


@wrong("best_accuracy", "ratio of max to rest")
def _(counts):
    return counts.max(axis=1).sum() / (counts.sum() - counts.max(axis=1).sum())


@wrong("best_accuracy", "number of lines correct")
def _(counts):
    return (counts.max(axis=1) > counts.sum(axis=1) / 2).mean()


@wrong("count_pairs", "doesn't count identical letters")
def _(indices, size):
    c = np.zeros((size, size), dtype=int)
    for row in indices:
        for a, b in zip(row, row[1:], strict=False):
            if a != b:
                c[a, b] += 1
    return c


@wrong("count_pairs", "skips every second pair")
def _(indices, size):
    c = np.zeros((size, size), dtype=int)
    for row in indices:
        for t in range(0, len(row) - 1, 2):
            c[row[t], row[t + 1]] += 1
    return c


@wrong("count_pairs", "unigram counts")
def _(indices, size):
    return np.bincount(indices.ravel(), minlength=size)


@wrong("decode_one_hot", "range over K instead of T")
def _(vectors, symbols):
    text = ""
    for t in range(len(symbols)):
        text += symbols[np.argmax(vectors[t])]
    return text


@wrong("decode_one_hot", "str of list")
def _(vectors, symbols):
    return str([symbols[k] for k in vectors.argmax(axis=1)])


@wrong("decode_one_hot", "newline after each letter")
def _(vectors, symbols):
    out = ""
    for v in vectors:
        out += symbols[np.argmax(v)] + "\n"
    return out


@wrong("entropy_floor", "adds 1 to avoid zero")
def _(counts):
    c = counts + 1
    p = c / c.sum(axis=1, keepdims=True)
    return -(counts * np.log(p)).sum() / counts.sum()


@wrong("entropy_floor", "line > 1 drops single counts")
def _(counts):
    loss = 0.0
    for line in counts:
        s = line[line > 1]
        if len(s):
            loss -= (s * np.log(s / s.sum())).sum()
    return loss / counts.sum()


@wrong("entropy_floor", "weights forgotten in log p only: uses mean of logs")
def _(counts):
    h = 0
    for line in counts:
        p = line[line > 0] / line.sum()
        h -= line.sum() * np.log(p).mean()
    return h / counts.sum()


@wrong("entropy_floor", "number of answers as total: divides by len(line)")
def _(counts):
    h = 0
    for line in counts:
        s = line[line > 0]
        h -= (s * np.log(s / len(line))).sum()
    return h / counts.sum()


@wrong("entropy_floor", "1 minus the squares of the shares, for the entropy")
def _(counts):
    h = 0
    for line in counts:
        p = line / line.sum()
        h += line.sum() * (1 - (p**2).sum())
    return h / counts.sum()


@wrong("mean_perplexity", "fancy indexing probabilities[:, :, targets]")
def _(probabilities, targets):
    return np.exp(-np.log(probabilities[:, :, targets]).mean())


@wrong("mean_perplexity", "hard-coded 130")
def _(probabilities, targets):
    k = targets[..., None]
    r = np.take_along_axis(probabilities, k, axis=-1)
    return np.exp(-np.log(r).sum() / 130)


@wrong("mean_perplexity", "10 **")
def _(probabilities, targets):
    n, t = np.indices(targets.shape)
    return 10 ** (-np.log(probabilities[n, t, targets]).mean())


@wrong("mean_perplexity", "the exponential before the division by all positions")
def _(probabilities, targets):
    N, T = targets.shape
    s = 0
    for n in range(N):
        for t in range(T):
            s -= np.log(probabilities[n, t, targets[n, t]])
    return np.exp(s) / (N * T)


@wrong("decode_one_hot", "only the last letter, by = for +=")
def _(vectors, symbols):
    out = ""
    for row in vectors:
        out = symbols[row.argmax()]
    return out


@wrong("decode_one_hot", "the text in capitals")
def _(vectors, symbols):
    return "".join(symbols[k] for k in vectors.argmax(axis=1)).upper()


@wrong("mean_perplexity", "the sum divided by K")
def _(probabilities, targets):
    n, t = np.indices(targets.shape)
    return np.exp(-np.log(probabilities[n, t, targets]).sum() / probabilities.shape[-1])


@wrong("mean_perplexity", "mean over batch after exp per step")
def _(probabilities, targets):
    n, t = np.indices(targets.shape)
    return np.exp(-np.log(probabilities[n, t, targets]).mean(axis=0)).mean()


@wrong("entropy_floor", "divided by the number of answers of a line")
def _(counts):
    h = 0
    for line in counts:
        p = line[line > 0] / line.sum()
        h -= (p * np.log(p)).sum() / len(line)
    return h
