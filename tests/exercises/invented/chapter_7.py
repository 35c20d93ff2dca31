"""Wrong answers to the exercises of chapter 7, from the questions and stubs alone."""

import numpy as np

from tests.exercises.invented import collector

ANSWERS, wrong = collector()


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# factor_per_step


@wrong("factor_per_step", "n steps between n lengths")
def _(norms):
    return float((norms[-1] / norms[0]) ** (1 / len(norms)))


@wrong("factor_per_step", "first over last")
def _(norms):
    return float((norms[0] / norms[-1]) ** (1 / (len(norms) - 1)))


@wrong("factor_per_step", "the arithmetic mean of the factors")
def _(norms):
    return float(np.mean(norms[1:] / norms[:-1]))


@wrong("factor_per_step", "no root")
def _(norms):
    return float(norms[-1] / norms[0])


@wrong("factor_per_step", "divides where a root belongs")
def _(norms):
    return float(norms[-1] / norms[0] / (len(norms) - 1))


@wrong("factor_per_step", "the mean logarithm, without exp")
def _(norms):
    return float(np.mean(np.diff(np.log(norms))))


@wrong("factor_per_step", "the mean difference of two lengths")
def _(norms):
    return float((norms[-1] - norms[0]) / (len(norms) - 1))


@wrong("factor_per_step", "79 steps, whatever came")
def _(norms):
    return float((norms[-1] / norms[0]) ** (1 / 79))


@wrong("factor_per_step", "1 // (n - 1)")
def _(norms):
    return float((norms[-1] / norms[0]) ** (1 // (len(norms) - 1)))


@wrong("factor_per_step", "** 1 / (n - 1) without brackets")
def _(norms):
    return float((norms[-1] / norms[0]) ** 1 / (len(norms) - 1))


@wrong("factor_per_step", "the first factor only")
def _(norms):
    return float(norms[1] / norms[0])


@wrong("factor_per_step", "the last factor only")
def _(norms):
    return float(norms[-1] / norms[-2])


@wrong("factor_per_step", "log10 and then exp")
def _(norms):
    steps = len(norms) - 1
    return float(np.exp((np.log10(norms[-1]) - np.log10(norms[0])) / steps))


@wrong("factor_per_step", "the slope of a line fitted to the logarithms")
def _(norms):
    return float(np.exp(np.polyfit(np.arange(len(norms)), np.log(norms), 1)[0]))


@wrong("factor_per_step", "an array of all factors")
def _(norms):
    return norms[1:] / norms[:-1]


@wrong("factor_per_step", "the longest for the first, the shortest for the last")
def _(norms):
    return float((norms.min() / norms.max()) ** (1 / (len(norms) - 1)))


@wrong("factor_per_step", "the root of the last length, not of the ratio")
def _(norms):
    return float(norms[-1] ** (1 / (len(norms) - 1)))


@wrong("factor_per_step", "raised to n - 1")
def _(norms):
    return float((norms[-1] / norms[0]) ** (len(norms) - 1))


@wrong("factor_per_step", "n - 2 steps")
def _(norms):
    return float((norms[-1] / norms[0]) ** (1 / max(len(norms) - 2, 1)))


# with_radius


def spectral(W):
    return np.abs(np.linalg.eigvals(W)).max()


@wrong("with_radius", "times the radius, without dividing by the old one")
def _(W, radius):
    return W * radius


@wrong("with_radius", "divided by the old radius only")
def _(W, radius):
    return W / spectral(W)


@wrong("with_radius", "the ratio upside down")
def _(W, radius):
    return W * spectral(W) / radius


@wrong("with_radius", "the spectral norm for the radius")
def _(W, radius):
    return W * radius / np.linalg.norm(W, 2)


@wrong("with_radius", "np.linalg.norm without an order")
def _(W, radius):
    return W * radius / np.linalg.norm(W)


@wrong("with_radius", "the largest eigenvalue, without np.abs")
def _(W, radius):
    return W * radius / np.linalg.eigvals(W).max()


@wrong(
    "with_radius", "np.abs of the largest, which is the one with the largest real part"
)
def _(W, radius):
    return W * radius / np.abs(np.linalg.eigvals(W).max())


@wrong("with_radius", "the largest real part")
def _(W, radius):
    return W * radius / np.linalg.eigvals(W).real.max()


@wrong("with_radius", "np.abs of the real parts")
def _(W, radius):
    return W * radius / np.abs(np.linalg.eigvals(W).real).max()


@wrong("with_radius", "eigvalsh, for symmetric matrices")
def _(W, radius):
    return W * radius / np.abs(np.linalg.eigvalsh(W)).max()


@wrong("with_radius", "in place")
def _(W, radius):
    W *= radius / spectral(W)
    return W


@wrong("with_radius", "the largest entry for the largest eigenvalue")
def _(W, radius):
    return W * radius / np.abs(W).max()


@wrong("with_radius", "the first eigenvalue")
def _(W, radius):
    return W * radius / np.abs(np.linalg.eigvals(W)[0])


@wrong("with_radius", "the smallest absolute value")
def _(W, radius):
    return W * radius / np.abs(np.linalg.eigvals(W)).min()


@wrong("with_radius", "the mean absolute value")
def _(W, radius):
    return W * radius / np.abs(np.linalg.eigvals(W)).mean()


@wrong("with_radius", "adds the difference on the diagonal")
def _(W, radius):
    return W + (radius - spectral(W)) * np.eye(len(W))


@wrong("with_radius", "the factor itself")
def _(W, radius):
    return radius / spectral(W)


@wrong("with_radius", "the root of the ratio")
def _(W, radius):
    return W * np.sqrt(radius / spectral(W))


@wrong("with_radius", "each row divided by its length")
def _(W, radius):
    return radius * W / np.linalg.norm(W, axis=1, keepdims=True)


# state_jacobian


def product(steps, H):
    """Return the product of `steps`, the first at the right."""
    whole = np.eye(H)
    for one in steps:
        whole = one @ whole
    return whole


def of_steps(W, states):
    return [(1 - h[:, np.newaxis] ** 2) * W for h in states]


@wrong("state_jacobian", "a factor for step 0 too")
def _(W, states):
    return product(of_steps(W, states), len(W))


@wrong("state_jacobian", "step 1 at the left")
def _(W, states):
    return product(of_steps(W, states)[:0:-1], len(W))


@wrong("state_jacobian", "slopes on the columns: no new axis")
def _(W, states):
    return product([(1 - h**2) * W for h in states[1:]], len(W))


@wrong("state_jacobian", "transposed")
def _(W, states):
    return product(of_steps(W, states[1:]), len(W)).T


@wrong("state_jacobian", "the slope of the state before")
def _(W, states):
    return product(of_steps(W, states[:-1]), len(W))


@wrong("state_jacobian", "no slopes")
def _(W, states):
    return np.linalg.matrix_power(W, len(states) - 1)


@wrong("state_jacobian", "W transposed")
def _(W, states):
    return product(of_steps(W.T, states[1:]), len(W))


@wrong("state_jacobian", "1 - h for 1 - h squared")
def _(W, states):
    return product([(1 - h[:, np.newaxis]) * W for h in states[1:]], len(W))


@wrong("state_jacobian", "tanh of the state once more")
def _(W, states):
    return product(of_steps(W, np.tanh(states[1:])), len(W))


@wrong("state_jacobian", "* for @")
def _(W, states):
    whole = np.ones_like(W)
    for one in of_steps(W, states[1:]):
        whole = one * whole
    return whole


@wrong("state_jacobian", "@ for the slopes, so the rows are added up")
def _(W, states):
    whole = np.eye(len(W))
    for h in states[1:]:
        whole = (1 - h**2) @ W * whole
    return whole


@wrong("state_jacobian", "the sum of the steps")
def _(W, states):
    return np.sum(of_steps(W, states[1:]), axis=0)


@wrong("state_jacobian", "the last step only")
def _(W, states):
    return of_steps(W, states)[-1]


@wrong("state_jacobian", "starts with zeros")
def _(W, states):
    whole = np.zeros_like(W)
    for one in of_steps(W, states[1:]):
        whole = one @ whole
    return whole


@wrong("state_jacobian", "starts with ones for the identity")
def _(W, states):
    whole = np.ones_like(W)
    for one in of_steps(W, states[1:]):
        whole = one @ whole
    return whole


@wrong("state_jacobian", "leaves out the last step")
def _(W, states):
    return product(of_steps(W, states[1:-1]), len(W))


@wrong("state_jacobian", "starts with W and steps from 1 on: one W too many")
def _(W, states):
    whole = W
    for one in of_steps(W, states[1:]):
        whole = one @ whole
    return whole


@wrong("state_jacobian", "h squared for 1 - h squared")
def _(W, states):
    return product([h[:, np.newaxis] ** 2 * W for h in states[1:]], len(W))


@wrong("state_jacobian", "the mean slope of each step")
def _(W, states):
    return product([(1 - h**2).mean() * W for h in states[1:]], len(W))


@wrong("state_jacobian", "a list of the matrices of all steps")
def _(W, states):
    return of_steps(W, states[1:])


# gradient_arrives


def places(length):
    return np.arange(length)[:, np.newaxis], np.arange(length)


@wrong("gradient_arrives", "later states of the piece too")
def _(length, steps):
    t, s = places(length)
    return t // steps == s // steps


@wrong("gradient_arrives", "not its own step")
def _(length, steps):
    t, s = places(length)
    return (t // steps == s // steps) & (s < t)


@wrong("gradient_arrives", "outputs and states swapped")
def _(length, steps):
    t, s = places(length)
    return (t // steps == s // steps) & (t <= s)


@wrong("gradient_arrives", "the last k steps of each output")
def _(length, steps):
    t, s = places(length)
    return (s <= t) & (t - s < steps)


@wrong("gradient_arrives", "the last k steps, one too many")
def _(length, steps):
    t, s = places(length)
    return (s <= t) & (t - s <= steps)


@wrong("gradient_arrives", "pieces counted from the end")
def _(length, steps):
    t, s = places(length)
    piece_t, piece_s = (length - 1 - t) // steps, (length - 1 - s) // steps
    return (piece_t == piece_s) & (s <= t)


@wrong("gradient_arrives", "numbers for truth values")
def _(length, steps):
    t, s = places(length)
    return ((t // steps == s // steps) & (s <= t)).astype(float)


@wrong("gradient_arrives", "whole numbers for truth values")
def _(length, steps):
    t, s = places(length)
    return (t // steps == s // steps) * (s <= t) * 1


@wrong("gradient_arrives", "the same place in the piece: % for //")
def _(length, steps):
    t, s = places(length)
    return (t % steps == s % steps) & (s <= t)


@wrong("gradient_arrives", "True where it is cut")
def _(length, steps):
    t, s = places(length)
    return ~((t // steps == s // steps) & (s <= t))


@wrong("gradient_arrives", "all earlier pieces: no cut")
def _(length, steps):
    return np.tri(length, dtype=bool)


@wrong("gradient_arrives", "/ for //, so only its own step")
def _(length, steps):
    t, s = places(length)
    return (t / steps == s / steps) & (s <= t)


@wrong("gradient_arrives", "k for the number of pieces")
def _(length, steps):
    t, s = places(length)
    size = max(length // steps, 1)
    return (t // size == s // size) & (s <= t)


@wrong("gradient_arrives", "steps counted from 1")
def _(length, steps):
    t, s = places(length)
    return ((t + 1) // steps == (s + 1) // steps) & (s <= t)


@wrong("gradient_arrives", "the shorter last piece is left out")
def _(length, steps):
    table = np.zeros((length, length), dtype=bool)
    for first in range(0, length - steps + 1, steps):
        piece = slice(first, first + steps)
        table[piece, piece] = np.tri(steps, dtype=bool)
    return table


@wrong("gradient_arrives", "or for and")
def _(length, steps):
    t, s = places(length)
    return (t // steps == s // steps) | (s <= t)


@wrong("gradient_arrives", "a list of lists")
def _(length, steps):
    def arrives(t, s):
        return s <= t and t // steps == s // steps

    return [[arrives(t, s) for s in range(length)] for t in range(length)]


@wrong("gradient_arrives", "all pieces before its own")
def _(length, steps):
    t, s = places(length)
    return (t // steps > s // steps) & (s <= t)


@wrong("gradient_arrives", "rows repeated by reference, so all are the last")
def _(length, steps):
    table = [[False] * length] * length
    for t in range(length):
        for s in range(length):
            table[t][s] = s <= t and t // steps == s // steps
    return np.array(table)


# loss_over_pieces


@wrong("loss_over_pieces", "the plain mean")
def _(losses, counts):
    return float(np.mean(losses))


@wrong("loss_over_pieces", "the sum over all positions")
def _(losses, counts):
    return float(np.sum(losses * counts))


@wrong("loss_over_pieces", "the sum of the means")
def _(losses, counts):
    return float(np.sum(losses))


@wrong("loss_over_pieces", "the sum of the means over all positions")
def _(losses, counts):
    return float(np.sum(losses) / np.sum(counts))


@wrong("loss_over_pieces", "the whole sum over the number of pieces")
def _(losses, counts):
    return float(np.sum(losses * counts) / len(losses))


@wrong("loss_over_pieces", "the mean over the pieces in which something counts")
def _(losses, counts):
    return float(losses[counts > 0].mean())


@wrong("loss_over_pieces", "//")
def _(losses, counts):
    return float(np.sum(losses * counts) // np.sum(counts))


@wrong("loss_over_pieces", "divides by each count, and adds")
def _(losses, counts):
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.sum(losses / counts))


@wrong("loss_over_pieces", "takes the losses for sums: the mean of loss / count")
def _(losses, counts):
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.mean(losses / counts))


@wrong("loss_over_pieces", "all pieces but the last are as long as the first")
def _(losses, counts):
    return float(np.sum(losses * counts[0]) / np.sum(counts))


@wrong("loss_over_pieces", "counts as large as the largest")
def _(losses, counts):
    return float(np.sum(losses * counts) / (counts.max() * len(counts)))


@wrong("loss_over_pieces", "leaves the last piece out")
def _(losses, counts):
    return float(np.sum((losses * counts)[:-1]) / np.sum(counts[:-1]))


@wrong("loss_over_pieces", "the share of each piece, not added up")
def _(losses, counts):
    return losses * counts / counts.sum()


@wrong("loss_over_pieces", "losses and counts swapped")
def _(losses, counts):
    return float(np.sum(losses * counts) / np.sum(losses))


@wrong("loss_over_pieces", "a mean that goes on: half old, half new")
def _(losses, counts):
    mean = losses[0]
    for loss in losses[1:]:
        mean = (mean + loss) / 2
    return float(mean)


@wrong("loss_over_pieces", "divides by the positions of the pieces whose loss is not 0")
def _(losses, counts):
    return float(np.sum(losses * counts) / np.sum(counts[losses != 0]))


@wrong("loss_over_pieces", "prints the mean")
def _(losses, counts):
    print(np.sum(losses * counts) / np.sum(counts))


@wrong("loss_over_pieces", "the losses are multiplied in place")
def _(losses, counts):
    losses *= counts
    return float(losses.sum() / counts.sum())


# gated_states


def gated(scores, candidates, start, step):
    states, h = [], start
    for g, candidate in zip(sigmoid(scores), candidates, strict=True):
        h = step(g, h, candidate)
        states.append(h)
    return np.array(states)


@wrong("gated_states", "no sigmoid")
def _(scores, candidates, start):
    states, h = [], start
    for g, candidate in zip(scores, candidates, strict=True):
        h = g * h + (1 - g) * candidate
        states.append(h)
    return np.array(states)


@wrong("gated_states", "g and 1 - g swapped")
def _(scores, candidates, start):
    return gated(scores, candidates, start, lambda g, h, c: (1 - g) * h + g * c)


@wrong("gated_states", "the state is not carried: always start")
def _(scores, candidates, start):
    return gated(scores, candidates, start, lambda g, h, c: g * start + (1 - g) * c)


@wrong("gated_states", "the candidate before stands in for the state")
def _(scores, candidates, start):
    before = np.vstack([start, candidates[:-1]])
    g = sigmoid(scores)
    return g * before + (1 - g) * candidates


@wrong("gated_states", "start stands in row 0, and the last state is missing")
def _(scores, candidates, start):
    states = [start]
    for g, candidate in zip(sigmoid(scores), candidates, strict=True):
        states.append(g * states[-1] + (1 - g) * candidate)
    return np.array(states[:-1])


@wrong("gated_states", "start stands in row 0, so there is a row too many")
def _(scores, candidates, start):
    states = [start]
    for g, candidate in zip(sigmoid(scores), candidates, strict=True):
        states.append(g * states[-1] + (1 - g) * candidate)
    return np.array(states)


@wrong("gated_states", "the last state only")
def _(scores, candidates, start):
    step = gated(scores, candidates, start, lambda g, h, c: g * h + (1 - g) * c)
    return step[-1]


@wrong("gated_states", "1 - g forgotten")
def _(scores, candidates, start):
    return gated(scores, candidates, start, lambda g, h, c: g * h + c)


@wrong("gated_states", "1 - g before the state, too")
def _(scores, candidates, start):
    return gated(scores, candidates, start, lambda g, h, c: (1 - g) * (h + c))


@wrong("gated_states", "tanh for sigmoid")
def _(scores, candidates, start):
    states, h = [], start
    for g, candidate in zip(np.tanh(scores), candidates, strict=True):
        h = g * h + (1 - g) * candidate
        states.append(h)
    return np.array(states)


@wrong("gated_states", "1 / (1 + exp(a)): the sign of the score")
def _(scores, candidates, start):
    return gated(-scores, candidates, start, lambda g, h, c: g * h + (1 - g) * c)


@wrong("gated_states", "tanh of the candidates")
def _(scores, candidates, start):
    def step(g, h, c):
        return g * h + (1 - g) * np.tanh(c)

    return gated(scores, candidates, start, step)


@wrong("gated_states", "tanh of the new state")
def _(scores, candidates, start):
    def step(g, h, c):
        return np.tanh(g * h + (1 - g) * c)

    return gated(scores, candidates, start, step)


@wrong("gated_states", "one array, put into the list again and again")
def _(scores, candidates, start):
    states, h = [], start.copy()
    for g, candidate in zip(sigmoid(scores), candidates, strict=True):
        h *= g
        h += (1 - g) * candidate
        states.append(h)
    return np.array(states)


@wrong("gated_states", "start is changed in place")
def _(scores, candidates, start):
    states, h = [], start
    for g, candidate in zip(sigmoid(scores), candidates, strict=True):
        h *= g
        h += (1 - g) * candidate
        states.append(h.copy())
    return np.array(states)


@wrong("gated_states", "softmax for sigmoid")
def _(scores, candidates, start):
    p = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    states, h = [], start
    for g, candidate in zip(p, candidates, strict=True):
        h = g * h + (1 - g) * candidate
        states.append(h)
    return np.array(states)


@wrong("gated_states", "a list of states")
def _(scores, candidates, start):
    return list(gated(scores, candidates, start, lambda g, h, c: g * h + (1 - g) * c))


@wrong("gated_states", "the gate of the step before")
def _(scores, candidates, start):
    earlier = np.roll(scores, 1, axis=0)
    return gated(earlier, candidates, start, lambda g, h, c: g * h + (1 - g) * c)


@wrong("gated_states", "the first step is skipped: range(1, T)")
def _(scores, candidates, start):
    g, states = sigmoid(scores), np.zeros_like(scores)
    states[0] = start
    for t in range(1, len(scores)):
        states[t] = g[t] * states[t - 1] + (1 - g[t]) * candidates[t]
    return states


@wrong("gated_states", "starts from zeros")
def _(scores, candidates, start):
    step = gated(scores, candidates, 0 * start, lambda g, h, c: g * h + (1 - g) * c)
    return step


# What a second reader did

wrong("factor_per_step", "median of the factors")(
    lambda norms: np.median(norms[1:] / norms[:-1])
)
wrong("factor_per_step", "the factors upside down")(
    lambda norms: np.mean(norms[:-1] / norms[1:])
)
wrong("with_radius", "divided by the radius that is wanted")(
    lambda W, radius: W / radius
)
wrong("with_radius", "divided by the trace")(
    lambda W, radius: W * radius / np.abs(np.trace(W))
)
wrong("with_radius", "complex numbers")(
    lambda W, radius: W.astype(complex) * radius / np.abs(np.linalg.eigvals(W)).max()
)
wrong("state_jacobian", "entry by entry")(
    lambda W, states: np.prod([(1 - h**2)[:, None] * W for h in states[1:]], axis=0)
)
wrong("state_jacobian", "the mean of the steps")(
    lambda W, states: np.mean([(1 - h**2)[:, None] * W for h in states[1:]], axis=0)
)
wrong("gradient_arrives", "later states too, from the start of the piece")(
    lambda length, steps: (
        np.arange(length) >= np.arange(length)[:, None] // steps * steps
    )
)
wrong("gradient_arrives", "pieces longer by one")(
    lambda length, steps: np.array(
        [
            [s <= t and s // (steps + 1) == t // (steps + 1) for s in range(length)]
            for t in range(length)
        ]
    )
)
wrong("loss_over_pieces", "a count of at least 1")(
    lambda losses, counts: (losses * counts).sum() / np.maximum(counts, 1).sum()
)
wrong("loss_over_pieces", "the weights divided with //")(
    lambda losses, counts: (losses * (counts // counts.sum())).sum()
)
wrong("loss_over_pieces", "the mean times all counts")(
    lambda losses, counts: losses.mean() * counts.sum()
)


@wrong("gated_states", "the start stored in the first row")
def _(scores, candidates, start):
    states = np.zeros_like(candidates)
    states[0] = start
    for t in range(1, len(scores)):
        g = 1 / (1 + np.exp(-scores[t]))
        states[t] = g * states[t - 1] + (1 - g) * candidates[t]
    return states


@wrong("gated_states", "the sigmoid twice")
def _(scores, candidates, start):
    h, states = start, []
    for score, candidate in zip(scores, candidates, strict=True):
        g = 1 / (1 + np.exp(-1 / (1 + np.exp(-score))))
        h = g * h + (1 - g) * candidate
        states.append(h)
    return np.array(states)
