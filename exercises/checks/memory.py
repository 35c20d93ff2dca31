"""Exercises on long memory."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from exercises.checks.engine import Case, altered
from exercises.checks.topic import Topic

topic = Topic("07_long_memory")
Array = np.ndarray


def _factor_cases() -> list[Case]:
    rng = np.random.default_rng(71)
    return [
        Case("one step", (np.array([2.0, 1.0]),)),
        Case("down, then up", (np.array([1.0, 0.25, 0.5]),)),
        Case("the same at every step, read-only", (2.0 * 0.75 ** np.arange(9),), True),
        Case("growing", (1.5 ** np.arange(6) * np.exp(rng.normal(size=6) / 4),)),
        Case("79 steps", (0.6 ** np.arange(80) * np.exp(rng.normal(size=80) / 2),)),
    ]


@topic.exercise(
    title="The factor of a straight line",
    points=2,
    minutes=6,
    cases=_factor_cases,
    section="The gradient, step by step back in time",
)
def factor_per_step(norms: Array) -> float:
    """Return by which factor the length changes at each step, on average."""
    return float((norms[-1] / norms[0]) ** (1 / (len(norms) - 1)))


factor_per_step.wrong_answer(
    "one step too many",
    "the root is taken by the number of lengths: from T lengths there are only T - 1 "
    "steps",
    lambda norms: float((norms[-1] / norms[0]) ** (1 / len(norms))),
)
factor_per_step.wrong_answer(
    "no steps",
    "the factor over all steps together is returned, and not that of one",
    lambda norms: float(norms[-1] / norms[0]),
)
factor_per_step.wrong_answer(
    "divided by steps",
    "the factor is divided by the number of steps; factors multiply, so it takes a "
    "root",
    lambda norms: float(norms[-1] / norms[0] / (len(norms) - 1)),
)
factor_per_step.wrong_answer(
    "mean of factors",
    "the plain mean of the single factors is taken: half and then double would be "
    "growth. The mean of factors is the geometric one",
    lambda norms: float((norms[1:] / norms[:-1]).mean()),
)
factor_per_step.wrong_answer(
    "upside down",
    "first and last are exchanged: lag 0 comes first in the array",
    lambda norms: 1 / factor_per_step.solution(norms),
)
factor_per_step.wrong_answer(
    "logarithm",
    "the slope of the logarithm is returned; the factor is exp of it",
    lambda norms: float(np.log(factor_per_step.solution(norms))),
)


def _radius_cases() -> list[Case]:
    rng = np.random.default_rng(73)
    turned = np.array([[0.6, -0.8], [0.8, 0.6]])  # the eigenvalues are 0.6 ± 0.8 i
    return [
        Case("diagonal", (np.diag([2.0, 0.5]), 1.0)),
        Case("a negative eigenvalue is the largest", (np.diag([1.0, -4.0]), 1.0)),
        Case("a rotation: complex eigenvalues", (turned, 0.9)),
        Case("far from symmetric", (np.array([[0.5, 8.0], [0.0, 0.25]]), 1.0)),
        Case("a read-only random draw", (rng.normal(size=(5, 5)), 0.8), True),
        Case("a larger random draw", (rng.normal(size=(16, 16)), 1.5)),
    ]


@topic.exercise(
    title="Set the spectral radius",
    points=2,
    minutes=6,
    cases=_radius_cases,
    section="Predicting the slope",
    forbidden=("rnn_lib.memory",),
)
def with_radius(W: Array, radius: float) -> Array:
    """Return a multiple of W with this spectral radius."""
    return W * (radius / np.abs(np.linalg.eigvals(W)).max())


with_radius.wrong_answer(
    "only multiplied",
    "W is multiplied by the radius that is wanted, without dividing by the one it has",
    lambda W, radius: W * radius,
)
with_radius.wrong_answer(
    "always 1",
    "W is divided by its spectral radius and not multiplied by the one that is wanted",
    lambda W, radius: with_radius.solution(W, 1.0),
)
with_radius.wrong_answer(
    "largest real part",
    "the largest real part of an eigenvalue is taken; -4 counts as 4, and a complex "
    "number as its distance from 0",
    lambda W, radius: W * (radius / np.linalg.eigvals(W).real.max()),
)
with_radius.wrong_answer(
    "absolute real part",
    "the imaginary parts of the eigenvalues are thrown away",
    lambda W, radius: W * (radius / np.abs(np.linalg.eigvals(W).real).max()),
)
with_radius.wrong_answer(
    "largest stretch",
    "the largest singular value is taken: that is the most that W does to a length in "
    "one step, and not what each of many steps does",
    lambda W, radius: W * (radius / np.linalg.norm(W, 2)),
)
with_radius.wrong_answer(
    "norm of all numbers",
    "the norm of all entries of W is taken for the spectral radius",
    lambda W, radius: W * (radius / np.linalg.norm(W)),
)
with_radius.wrong_answer(
    "largest entry",
    "the largest entry of W is taken for the spectral radius",
    lambda W, radius: W * (radius / np.abs(W).max()),
)


@with_radius.wrong_answer(
    "in place", "W is changed with `*=`; this exercise asks for a new matrix"
)
def _(W, radius):
    W *= radius / np.abs(np.linalg.eigvals(W)).max()
    return W


def _jacobian_cases() -> list[Case]:
    rng = np.random.default_rng(72)

    def draw(T: int, H: int) -> tuple[Array, Array]:
        return rng.normal(size=(H, H)), np.tanh(rng.normal(size=(T, H)))

    W, states = [[0.0, 1.0], [0.5, 0.0]], [[0.25, 0.0], [0.5, 0.0]]
    return [
        Case("two states of two units", (np.array(W), np.array(states))),
        Case("one state: it is itself", draw(1, 3)),
        Case("three states", draw(3, 2)),
        Case("a read-only random draw", draw(4, 3), True),
        Case("as many states as units", draw(5, 5)),
    ]


@topic.exercise(
    title="From one state to a later one",
    points=4,
    minutes=10,
    cases=_jacobian_cases,
    section="Which input is used for which output",
    forbidden=("rnn_lib.memory", "rnn_lib.layers"),
)
def state_jacobian(W: Array, states: Array) -> Array:
    """Return the derivatives of the last state by the first."""
    return _product(W, [(1 - h**2)[:, np.newaxis] * W for h in states[1:]])


def _product(W: Array, steps: list[Array]) -> Array:
    """Return the product of matrices of the size of W, the first on the right."""
    found = np.eye(len(W))
    for step in steps:
        found = step @ found
    return found


state_jacobian.wrong_answer(
    "transposed",
    "the result is transposed: row i belongs to unit i of the last state. The gradient "
    "goes back with the transpose, a change goes on without",
    lambda W, states: state_jacobian.solution(W, states).T.copy(),
)


@state_jacobian.wrong_answer(
    "order of the steps",
    "the matrices are multiplied in the wrong order: that of a later step stands "
    "further to the left",
)
def _(W, states):
    found = np.eye(len(W))
    for h in states[1:]:
        found = found @ ((1 - h**2)[:, np.newaxis] * W)
    return found


state_jacobian.wrong_answer(
    "W transposed",
    "W is used transposed",
    altered(state_jacobian.solution, W=np.transpose),
)
state_jacobian.wrong_answer(
    "matrices of the way back",
    "these are the matrices that carry a gradient back, the transpose of W times the "
    "slopes. A change goes forward: W first, then the slopes",
    lambda W, states: _product(W, [W.T * (1 - h**2) for h in states[1:]]),
)
state_jacobian.wrong_answer(
    "slopes on columns",
    "the slopes multiply the columns of W; the slope of unit i belongs to row i. `[:, "
    "np.newaxis]` makes a column of them",
    lambda W, states: _product(W, [W * (1 - h**2) for h in states[1:]]),
)
state_jacobian.wrong_answer(
    "one step too many",
    "the slope and W of the first state are multiplied too: from T states there are T "
    "- 1 steps",
    lambda W, states: state_jacobian.solution(W, np.concatenate([states[:1], states])),
)
state_jacobian.wrong_answer(
    "slopes of the step before",
    "the slopes are those of the state a step starts from; the tanh of a step gives "
    "the state it ends in",
    lambda W, states: state_jacobian.solution(W, np.roll(states, 1, axis=0)),
)
state_jacobian.wrong_answer(
    "no slope",
    "the slopes of tanh are left out: this is W multiplied with itself",
    lambda W, states: np.linalg.matrix_power(W, len(states) - 1),
    section="Predicting the slope",
)
state_jacobian.wrong_answer(
    "tanh again",
    "the slope is taken as 1 - tanh(h)²; h is tanh of something already, so the slope "
    "is 1 - h²",
    altered(state_jacobian.solution, states=np.tanh),
)


@state_jacobian.wrong_answer(
    "entry by entry", "the matrices are multiplied entry by entry, with `*` for `@`"
)
def _(W, states):
    found = np.ones(W.shape) if len(states) > 1 else np.eye(len(W))
    for h in states[1:]:
        found = (1 - h**2)[:, np.newaxis] * W * found
    return found


def _arrives_cases() -> list[Case]:
    return [
        Case("4 steps in pieces of 2", (4, 2)),
        Case("5 steps in pieces of 2: the last is shorter", (5, 2)),
        Case("pieces of 1", (3, 1)),
        Case("one piece", (3, 3)),
        Case("pieces longer than the sequence", (4, 9)),
        Case("26 steps in pieces of 4", (26, 4), True),
    ]


@topic.exercise(
    title="What a cut leaves",
    points=4,
    minutes=9,
    cases=_arrives_cases,
    section="Truncated backpropagation",
    forbidden=("rnn_lib.memory",),
)
def gradient_arrives(length: int, steps: int) -> Array:
    """Return which states the error at each output reaches."""
    t, s = np.arange(length)[:, np.newaxis], np.arange(length)
    return (s <= t) & (s // steps == t // steps)


gradient_arrives.wrong_answer(
    "a window that moves",
    "every output reaches back the same number of steps. The cuts stand still: the "
    "first output of a piece reaches no state but its own",
    lambda length, steps: np.tri(length) > np.tri(length, k=-steps),
)
gradient_arrives.wrong_answer(
    "rows and columns",
    "rows and columns are exchanged: row t is the output, column s the state",
    altered(gradient_arrives.solution, lambda found: found.T.copy()),
)
gradient_arrives.wrong_answer(
    "both ways",
    "an error also reaches later states of the same piece; no output depends on a "
    "state after it",
    altered(gradient_arrives.solution, lambda found: found | found.T),
)
gradient_arrives.wrong_answer(
    "not its own state",
    "the state of the same step is left out; the output is computed from it",
    altered(gradient_arrives.solution, lambda found: np.tril(found, k=-1)),
)
gradient_arrives.wrong_answer(
    "nothing cut",
    "nothing is cut: this is backpropagation through the whole sequence",
    lambda length, steps: np.tri(length, dtype=bool),
)
gradient_arrives.wrong_answer(
    "pieces from the end",
    "the pieces are counted from the end, so that the first one is shorter and not the "
    "last",
    altered(gradient_arrives.solution, lambda found: found[::-1, ::-1].T.copy()),
)
gradient_arrives.wrong_answer(
    "number of pieces",
    "`steps` is taken for the number of pieces; it is the length of one",
    lambda length, steps: gradient_arrives.solution(length, -(-length // steps)),
)


def _pieces_cases() -> list[Case]:
    drawn = np.random.default_rng(74).random(7) * 3
    drawn[1] = 0.0  # a loss of 0 counts too
    tried = [
        ("two pieces, 3 and 1 positions", [1.0, 3.0], [3, 1]),
        ("equal pieces, read-only", [2.0, 1.0], [5, 5]),
        ("nothing counts but in the last piece", [0.0, 0.0, 1.5], [0, 0, 2]),
        ("a piece in which nothing counts", [2.0, 0.0, 0.5], [4, 0, 2]),
        ("26 steps in pieces of 4", drawn, [4] * 6 + [2]),
    ]
    return [
        Case(label, (np.array(losses), np.array(counts)), i == 1)
        for i, (label, losses, counts) in enumerate(tried)
    ]


@topic.exercise(
    title="The loss of all pieces",
    points=2,
    minutes=5,
    cases=_pieces_cases,
    section="Keep, detach, reset",
    forbidden=("rnn_lib.memory",),
)
def loss_over_pieces(losses: Array, counts: Array) -> float:
    """Return the mean over all positions, from the means over the pieces."""
    return float((losses * counts).sum() / counts.sum())


loss_over_pieces.wrong_answer(
    "plain mean",
    "the plain mean of the pieces is taken, so a position in a short piece weighs more "
    "than one in a long piece",
    lambda losses, counts: float(losses.mean()),
)
loss_over_pieces.wrong_answer(
    "mean of those that count",
    "pieces in which nothing counts are left out, but all others weigh the same, "
    "however many positions they have",
    lambda losses, counts: float(losses[counts > 0].mean()),
)
loss_over_pieces.wrong_answer(
    "sum",
    "the means of the pieces are added: the loss, and every gradient with it, grows "
    "with the number of pieces",
    lambda losses, counts: float(losses.sum()),
)
loss_over_pieces.wrong_answer(
    "sum over positions",
    "the sum over all positions is returned and not the mean",
    lambda losses, counts: float((losses * counts).sum()),
)
loss_over_pieces.wrong_answer(
    "divided by the pieces",
    "the sum over all positions is divided by the number of pieces, not by that of "
    "positions",
    lambda losses, counts: float((losses * counts).mean()),
)
loss_over_pieces.wrong_answer(
    "divided by the counts",
    "each mean is divided by its count; the mean was divided by it already, and has to "
    "be multiplied",
    lambda losses, counts: float((losses / counts)[counts > 0].sum()),
)
loss_over_pieces.wrong_answer(
    "last piece",
    "the loss of the last piece alone is returned",
    lambda losses, counts: float(losses[-1]),
)


def _gated_cases() -> list[Case]:
    rng = np.random.default_rng(75)

    def draw(T: int, H: int, gate: float = 0.0) -> tuple[Array, ...]:
        scores = gate + rng.normal(size=(T, H))
        return scores, np.tanh(rng.normal(size=(T, H))), np.tanh(rng.normal(size=H))

    half = np.zeros((2, 1)), np.array([[1.0], [0.5]]), np.array([0.5])
    return [
        Case("one unit, a gate of one half", half),
        Case("three steps, read-only", draw(3, 2), True),
        Case("as many steps as units", draw(4, 4)),
        Case("open gates", draw(5, 3, gate=3.0)),
        Case("closed gates", draw(3, 5, gate=-3.0)),
    ]


@topic.exercise(
    title="A memory with a gate",
    points=3,
    minutes=8,
    cases=_gated_cases,
    section="What a gate changes",
)
def gated_states(scores: Array, candidates: Array, start: Array) -> Array:
    """Return the states of a memory with a gate."""
    g = _sigmoid(scores)
    return _states(g, (1 - g) * candidates, start)


def _states(gates: Array, news: Array, start: Array) -> Array:
    """Return the states, each a share of the one before and something new."""
    h, found = start, []
    for g, new in zip(gates, news, strict=True):
        h = g * h + new
        found.append(h)
    return np.array(found)


def _sigmoid(a: Array) -> Array:
    return 1 / (1 + np.exp(-a))


gated_states.wrong_answer(
    "gate turned round",
    "g and 1 - g are exchanged: here an open gate keeps the old memory",
    altered(gated_states.solution, scores=np.negative),
)
gated_states.wrong_answer(
    "no sigmoid",
    "the scores are used as gates, without the sigmoid",
    lambda scores, candidates, start: _states(scores, (1 - scores) * candidates, start),
)
gated_states.wrong_answer(
    "tanh for the gate",
    "tanh is taken for the sigmoid; a gate is between 0 and 1, and not between -1 and "
    "1",
    lambda scores, candidates, start: _states(
        np.tanh(scores), (1 - np.tanh(scores)) * candidates, start
    ),
)
gated_states.wrong_answer(
    "candidate added whole",
    "the candidate is added whole: the factor 1 - g is missing",
    lambda scores, candidates, start: _states(_sigmoid(scores), candidates, start),
)


@gated_states.wrong_answer(
    "always from the start",
    "every step mixes the candidate with the first memory and not with that of the "
    "step before",
)
def _(scores, candidates, start):
    g = _sigmoid(scores)
    return g * start + (1 - g) * candidates


gated_states.wrong_answer(
    "the start first",
    "the memory before the first step is returned as the first state, and the last "
    "state is missing",
    lambda scores, candidates, start: np.array(
        [start, *gated_states.solution(scores, candidates, start)[:-1]]
    ),
)
gated_states.wrong_answer(
    "tanh of the candidate",
    "tanh is applied to the candidates, which are values of tanh already",
    altered(gated_states.solution, candidates=np.tanh),
)


# Less common

for _name, _message, _wrong in (
    (
        "mean difference",
        "the mean difference of two lengths is returned, and not a factor",
        lambda norms: float(np.diff(norms).mean()),
    ),
    (
        "79 steps",
        "79 steps are taken, however many lengths there are",
        lambda norms: float((norms[-1] / norms[0]) ** (1 / 79)),
    ),
    (
        "whole exponent",
        "`//` makes the exponent a whole number",
        lambda norms: float((norms[-1] / norms[0]) ** (1 // (len(norms) - 1))),
    ),
    (
        "first factor",
        "only the factor of the first step is returned",
        lambda norms: float(norms[1] / norms[0]),
    ),
    (
        "last factor",
        "only the factor of the last step is returned",
        lambda norms: float(norms[-1] / norms[-2]),
    ),
    (
        "fitted line",
        "a line is fitted to all logarithms; asked for is what leads from the first "
        "length to the last",
        lambda norms: float(
            np.exp(np.polyfit(np.arange(len(norms)), np.log(norms), 1)[0])
        ),
    ),
    (
        "longest and shortest",
        "the longest and the shortest length are taken for the first and the last",
        lambda norms: float((norms.min() / norms.max()) ** (1 / (len(norms) - 1))),
    ),
    (
        "one step too few",
        "T - 2 steps are taken: from T lengths there are T - 1",
        lambda norms: float((norms[-1] / norms[0]) ** (1 / max(1, len(norms) - 2))),
    ),
    (
        "ends of the array",
        "T - 2 steps are taken: from T lengths there are T - 1",
        lambda norms: float((norms[-1] / norms[0]) ** (1 / (len(norms) - 2))),
    ),
):
    factor_per_step.wrong_answer(_name, _message, _wrong)

for _name, _message, _wrong in (
    (
        "no absolute value",
        "the largest eigenvalue is taken and not its absolute value",
        lambda W, radius: W * (radius / np.linalg.eigvals(W).max()),
    ),
    (
        "largest of the real",
        "the eigenvalue with the largest real part is taken, and np.abs of it; first "
        "np.abs, then the largest",
        lambda W, radius: W * (radius / np.abs(np.linalg.eigvals(W).max())),
    ),
    (
        "symmetric",
        "`eigvalsh` is for symmetric matrices; for any matrix it is `eigvals`",
        lambda W, radius: W * (radius / np.abs(np.linalg.eigvalsh(W)).max()),
    ),
    (
        "added on the diagonal",
        "a number is added on the diagonal; asked for is a multiple of W",
        lambda W, radius: (
            W + (radius - np.abs(np.linalg.eigvals(W)).max()) * np.eye(len(W))
        ),
    ),
    (
        "root",
        "the root of the ratio is taken; eigenvalues grow as W does",
        lambda W, radius: W * np.sqrt(radius / np.abs(np.linalg.eigvals(W)).max()),
    ),
    (
        "rows of length 1",
        "each row is divided by its own length",
        lambda W, radius: W / np.linalg.norm(W, axis=1, keepdims=True) * radius,
    ),
    (
        "determinant",
        "the determinant is taken for the spectral radius",
        lambda W, radius: W * (radius / np.abs(np.linalg.det(W))),
    ),
):
    with_radius.wrong_answer(_name, _message, _wrong)


def _steps_of(W: Array, states: Array) -> list[Array]:
    return [(1 - h**2)[:, np.newaxis] * W for h in states[1:]]


for _name, _message, _wrong in (
    (
        "entries of the right steps",
        "the matrices are multiplied entry by entry, with `*` for `@`",
        lambda W, states: np.prod([np.eye(len(W)), *_steps_of(W, states)], axis=0),
    ),
    (
        "sum",
        "the matrices of the steps are added; they are multiplied",
        lambda W, states: sum(_steps_of(W, states), np.zeros_like(W)),
    ),
    (
        "last step",
        "only the last step is returned; all steps are multiplied",
        lambda W, states: [np.eye(len(W)), *_steps_of(W, states)][-1],
    ),
    (
        "first step",
        "only the first step is returned; all steps are multiplied",
        lambda W, states: [*_steps_of(W, states), np.eye(len(W))][0],
    ),
    (
        "zeros to start",
        "the product starts from zeros and stays zero; start from np.eye(H)",
        lambda W, states: np.zeros_like(W),
    ),
    (
        "ones to start",
        "the product starts from ones; start from the identity, np.eye(H)",
        lambda W, states: _product(W, _steps_of(W, states)) @ np.ones_like(W),
    ),
    (
        "W to start",
        "the product starts from W, which is one step too many; start from np.eye(H)",
        lambda W, states: _product(W, _steps_of(W, states)) @ W,
    ),
    (
        "square as slope",
        "h² is taken for the slope; it is 1 − h²",
        lambda W, states: _product(W, [(h**2)[:, np.newaxis] * W for h in states[1:]]),
    ),
    (
        "mean slope",
        "all units get the mean slope of the step; each has its own",
        lambda W, states: _product(W, [(1 - h**2).mean() * W for h in states[1:]]),
    ),
):
    state_jacobian.wrong_answer(_name, _message, _wrong)


def _table(length: int, of: Callable) -> Array:
    """Return a table of truth from a function of output t and state s."""
    t, s = np.arange(length)[:, np.newaxis], np.arange(length)
    return np.broadcast_to(of(t, s), (length, length)).copy()


for _name, _message, _of in (
    (
        "one more",
        "every output reaches back `steps` states, and one more. The cuts stand still",
        lambda t, s, k: (s <= t) & (t - s <= k),
    ),
    (
        "place in the piece",
        "states at the same place of each piece are reached: `%` stands for `//`",
        lambda t, s, k: (s <= t) & (s % k == t % k),
    ),
    (
        "place in the piece, both ways",
        "states at the same place of each piece are reached: `%` stands for `//`",
        lambda t, s, k: s % k == t % k,
    ),
    (
        "own step only",
        "every step is a piece of its own, as when `/` stands for `//`",
        lambda t, s, k: (s <= t) & (s / k == t / k),
    ),
    (
        "piece and later ones",
        "all states from the start of the piece on are reached, later ones as well",
        lambda t, s, k: s >= t // k * k,
    ),
    (
        "on both sides",
        "every output reaches states on both sides; only earlier ones feed it, and the "
        "cuts stand still",
        lambda t, s, k: abs(t - s) < k,
    ),
    (
        "counted from 1",
        "the steps are counted from 1, so that the first piece is one step shorter",
        lambda t, s, k: (s <= t) & ((s + 1) // k == (t + 1) // k),
    ),
    (
        "or",
        "one of the two conditions is enough; both have to hold",
        lambda t, s, k: (s <= t) | (s // k == t // k),
    ),
):
    gradient_arrives.wrong_answer(
        _name,
        _message,
        lambda length, steps, of=_of: _table(length, lambda t, s: of(t, s, steps)),
    )

gradient_arrives.wrong_answer(
    "last piece left out",
    "the last piece is left out where it is shorter",
    lambda length, steps: _table(
        length,
        lambda t, s: (
            (s <= t) & (s // steps == t // steps) & (t < length // steps * steps)
        ),
    ),
)
gradient_arrives.wrong_answer(
    "number of pieces, cut",
    "`steps` is taken for the number of pieces; it is the length of one",
    lambda length, steps: gradient_arrives.solution(length, max(1, length // steps)),
)

for _name, _message, _wrong in (
    (
        "whole numbers",
        "`//` cuts the mean to a whole number",
        lambda losses, counts: float((losses * counts).sum() // counts.sum()),
    ),
    (
        "means of the shares",
        "the losses are taken for sums and divided by their counts; they are means",
        lambda losses, counts: float(
            (losses / np.maximum(counts, 1)).sum() / (counts > 0).sum()
        ),
    ),
    (
        "sums divided",
        "the losses are taken for sums and divided by all positions; they are means",
        lambda losses, counts: float((losses / np.maximum(counts, 1)).mean()),
    ),
    (
        "as long as the first",
        "all pieces but the last are taken to be as long as the first",
        lambda losses, counts: _weighed(losses, [counts[0]] * len(counts), counts[-1]),
    ),
    (
        "as long as the largest",
        "all pieces are taken to be as long as the longest",
        lambda losses, counts: (
            float((losses * counts).sum()) / float(counts.max() * len(counts))
        ),
    ),
    (
        "last left out",
        "the last piece is left out",
        lambda losses, counts: float((losses * counts)[:-1].sum() / counts[:-1].sum()),
    ),
    (
        "half and half",
        "each piece is averaged with all before it, half and half",
        lambda losses, counts: _halved(losses),
    ),
    (
        "positions of losses",
        "pieces with a loss of 0 are left out of the number of positions",
        lambda losses, counts: float(
            (losses * counts).sum() / counts[losses != 0].sum()
        ),
    ),
):
    loss_over_pieces.wrong_answer(_name, _message, _wrong)


def _weighed(losses: Array, counts: list, last: int) -> float:
    weights = np.array([*counts[:-1], last])
    return float((losses * weights).sum() / weights.sum())


def _halved(losses: Array) -> float:
    mean = losses[0]
    for loss in losses[1:]:
        mean = (mean + loss) / 2
    return float(mean)


def _gated(scores: Array, candidates: Array, h: Array, how: str) -> Array:
    """Return the states of a memory whose gate is wrong in some way."""
    found, before = [], h
    for t, (score, candidate) in enumerate(zip(scores, candidates, strict=True)):
        g = _sigmoid(score)
        if how == "softmax":
            g = np.exp(score) / np.exp(score).sum()
        old = before if how == "candidate" else h
        new = (1 - g) * old if how == "twice" else g * old
        h = new + (1 - g) * candidate
        h = np.tanh(h) if how == "tanh" else h
        if t == 0 and how in ("skipped", "start stored"):
            h = before if how == "start stored" else np.zeros_like(h)
        before = candidate
        found.append(h)
    return np.array(found)


for _name, _message in (
    ("candidate", "the candidate of the step before stands in for the state"),
    ("twice", "1 - g stands before the state as well; there it is g"),
    ("tanh", "tanh is taken of the new state; the candidate has had it already"),
    ("softmax", "a softmax is taken for the sigmoid: every unit has its own gate"),
    ("skipped", "the first step is left out"),
    (
        "start stored",
        "the memory before the first step is stored as h_0; h_0 is what the first step "
        "makes of it",
    ),
):
    gated_states.wrong_answer(
        f"gate: {_name}",
        _message,
        lambda scores, candidates, start, how=_name: _gated(
            scores, candidates, start, how
        ),
    )


topic.question("healthy_norm", "A healthy norm", points=3, minutes=8)
