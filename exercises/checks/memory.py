"""Exercises on long memory."""

from __future__ import annotations

import numpy as np

from exercises.checks.engine import Case, Exercise, Question, Wrong, altered

CHAPTER = "07_long_memory"


# factor_per_step


def factor_per_step(norms: np.ndarray) -> float:
    """Return by which factor the length changes at each step, on average."""
    return float((norms[-1] / norms[0]) ** (1 / (len(norms) - 1)))


def _steps_one_too_many(norms: np.ndarray) -> float:
    return float((norms[-1] / norms[0]) ** (1 / len(norms)))


def _no_steps(norms: np.ndarray) -> float:
    return float(norms[-1] / norms[0])


def _divided_by_steps(norms: np.ndarray) -> float:
    return float(norms[-1] / norms[0] / (len(norms) - 1))


def _mean_of_factors(norms: np.ndarray) -> float:
    return float((norms[1:] / norms[:-1]).mean())


def _upside_down(norms: np.ndarray) -> float:
    return 1 / factor_per_step(norms)


def _logarithm(norms: np.ndarray) -> float:
    return float(np.log(factor_per_step(norms)))


def _factor_cases() -> list[Case]:
    rng = np.random.default_rng(71)
    return [
        Case("one step", (np.array([2.0, 1.0]),)),
        Case("down, then up", (np.array([1.0, 0.25, 0.5]),)),
        Case("the same at every step, read-only", (2.0 * 0.75 ** np.arange(9),), True),
        Case("growing", (1.5 ** np.arange(6) * np.exp(rng.normal(size=6) / 4),)),
        Case("79 steps", (0.6 ** np.arange(80) * np.exp(rng.normal(size=80) / 2),)),
    ]


# state_jacobian


def state_jacobian(W: np.ndarray, states: np.ndarray) -> np.ndarray:
    """Return the derivatives of the last state by the first."""
    found = np.eye(len(W))
    for h in states[1:]:
        found = ((1 - h**2)[:, np.newaxis] * W) @ found
    return found


def _jacobian_transposed(W: np.ndarray, states: np.ndarray) -> np.ndarray:
    return state_jacobian(W, states).T.copy()


def _jacobian_order(W: np.ndarray, states: np.ndarray) -> np.ndarray:
    found = np.eye(len(W))
    for h in states[1:]:
        found = found @ ((1 - h**2)[:, np.newaxis] * W)
    return found


def _way_back(W: np.ndarray, states: np.ndarray) -> np.ndarray:
    found = np.eye(len(W))
    for h in states[1:]:
        found = (W.T * (1 - h**2)) @ found
    return found


def _slope_of_columns(W: np.ndarray, states: np.ndarray) -> np.ndarray:
    found = np.eye(len(W))
    for h in states[1:]:
        found = (W * (1 - h**2)) @ found
    return found


def _one_step_too_many(W: np.ndarray, states: np.ndarray) -> np.ndarray:
    return state_jacobian(W, np.concatenate([states[:1], states]))


def _slopes_one_early(W: np.ndarray, states: np.ndarray) -> np.ndarray:
    return state_jacobian(W, np.roll(states, 1, axis=0))


def _no_slope(W: np.ndarray, states: np.ndarray) -> np.ndarray:
    return np.linalg.matrix_power(W, len(states) - 1)


def _entry_by_entry(W: np.ndarray, states: np.ndarray) -> np.ndarray:
    found = np.ones(W.shape) if len(states) > 1 else np.eye(len(W))
    for h in states[1:]:
        found = (1 - h**2)[:, np.newaxis] * W * found
    return found


def _jacobian_cases() -> list[Case]:
    rng = np.random.default_rng(72)

    def draw(T: int, H: int) -> tuple[np.ndarray, np.ndarray]:
        return rng.normal(size=(H, H)), np.tanh(rng.normal(size=(T, H)))

    W, states = [[0.0, 1.0], [0.5, 0.0]], [[0.25, 0.0], [0.5, 0.0]]
    return [
        Case("two states of two units", (np.array(W), np.array(states))),
        Case("one state: it is itself", draw(1, 3)),
        Case("three states", draw(3, 2)),
        Case("a read-only random draw", draw(4, 3), True),
        Case("as many states as units", draw(5, 5)),
    ]


# with_radius


def with_radius(W: np.ndarray, radius: float) -> np.ndarray:
    """Return a multiple of W with this spectral radius."""
    return W * (radius / np.abs(np.linalg.eigvals(W)).max())


def _only_multiplied(W: np.ndarray, radius: float) -> np.ndarray:
    return W * radius


def _without_radius(W: np.ndarray, radius: float) -> np.ndarray:
    return with_radius(W, 1.0)


def _largest_real_part(W: np.ndarray, radius: float) -> np.ndarray:
    return W * (radius / np.linalg.eigvals(W).real.max())


def _absolute_real_part(W: np.ndarray, radius: float) -> np.ndarray:
    return W * (radius / np.abs(np.linalg.eigvals(W).real).max())


def _largest_stretch(W: np.ndarray, radius: float) -> np.ndarray:
    return W * (radius / np.linalg.norm(W, 2))


def _length_of_all(W: np.ndarray, radius: float) -> np.ndarray:
    return W * (radius / np.linalg.norm(W))


def _largest_entry(W: np.ndarray, radius: float) -> np.ndarray:
    return W * (radius / np.abs(W).max())


def _radius_in_place(W: np.ndarray, radius: float) -> np.ndarray:
    W *= radius / np.abs(np.linalg.eigvals(W)).max()
    return W


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


# gradient_arrives


def gradient_arrives(length: int, steps: int) -> np.ndarray:
    """Return which states the error at each output reaches."""
    t, s = np.arange(length)[:, np.newaxis], np.arange(length)
    return (s <= t) & (s // steps == t // steps)


def _window(length: int, steps: int) -> np.ndarray:
    t, s = np.arange(length)[:, np.newaxis], np.arange(length)
    return (s <= t) & (t - s < steps)


def _columns_are_outputs(length: int, steps: int) -> np.ndarray:
    return gradient_arrives(length, steps).T.copy()


def _both_ways(length: int, steps: int) -> np.ndarray:
    t, s = np.arange(length)[:, np.newaxis], np.arange(length)
    return s // steps == t // steps


def _not_itself(length: int, steps: int) -> np.ndarray:
    return gradient_arrives(length, steps) & ~np.eye(length, dtype=bool)


def _nothing_cut(length: int, steps: int) -> np.ndarray:
    return np.tri(length, dtype=bool)


def _pieces_from_the_end(length: int, steps: int) -> np.ndarray:
    return gradient_arrives(length, steps)[::-1, ::-1].T.copy()


def _number_of_pieces(length: int, steps: int) -> np.ndarray:
    return gradient_arrives(length, -(-length // steps))


def _arrives_cases() -> list[Case]:
    return [
        Case("4 steps in pieces of 2", (4, 2)),
        Case("5 steps in pieces of 2: the last is shorter", (5, 2)),
        Case("pieces of 1", (3, 1)),
        Case("one piece", (3, 3)),
        Case("pieces longer than the sequence", (4, 9)),
        Case("26 steps in pieces of 4", (26, 4), True),
    ]


# loss_over_pieces


def loss_over_pieces(losses: np.ndarray, counts: np.ndarray) -> float:
    """Return the mean over all positions, from the means over the pieces."""
    return float((losses * counts).sum() / counts.sum())


def _plain_mean(losses: np.ndarray, counts: np.ndarray) -> float:
    return float(losses.mean())


def _mean_of_those(losses: np.ndarray, counts: np.ndarray) -> float:
    return float(losses[counts > 0].mean())


def _sum_of_losses(losses: np.ndarray, counts: np.ndarray) -> float:
    return float(losses.sum())


def _sum_over_positions(losses: np.ndarray, counts: np.ndarray) -> float:
    return float((losses * counts).sum())


def _by_pieces(losses: np.ndarray, counts: np.ndarray) -> float:
    return float((losses * counts).mean())


def _divided_by_counts(losses: np.ndarray, counts: np.ndarray) -> float:
    real = counts > 0
    return float((losses[real] / counts[real]).sum())


def _last_piece(losses: np.ndarray, counts: np.ndarray) -> float:
    return float(losses[-1])


def _pieces_cases() -> list[Case]:
    rng = np.random.default_rng(74)
    return [
        Case("two pieces, 3 and 1 positions", (np.array([1.0, 3.0]), np.array([3, 1]))),
        Case("equal pieces, read-only", (np.array([2.0, 1.0]), np.array([5, 5])), True),
        Case(
            "nothing counts but in the last piece",
            (np.array([0.0, 0.0, 1.5]), np.array([0, 0, 2])),
        ),
        Case(
            "a piece in which nothing counts",
            (np.array([2.0, 0.0, 0.5]), np.array([4, 0, 2])),
        ),
        Case("26 steps in pieces of 4", (rng.random(7) * 3, np.array([4] * 6 + [2]))),
    ]


# gated_states


def gated_states(
    scores: np.ndarray, candidates: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """Return the states of a memory with a gate."""
    return _mixed(_sigmoid(scores), candidates, start)


def _mixed(gates: np.ndarray, candidates: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return the states for gates that are right or wrong."""
    h, found = start, []
    for g, candidate in zip(gates, candidates, strict=True):
        h = g * h + (1 - g) * candidate
        found.append(h)
    return np.array(found)


def _sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


def _gate_no_sigmoid(
    scores: np.ndarray, candidates: np.ndarray, start: np.ndarray
) -> np.ndarray:
    return _mixed(scores, candidates, start)


def _gate_is_tanh(
    scores: np.ndarray, candidates: np.ndarray, start: np.ndarray
) -> np.ndarray:
    return _mixed(np.tanh(scores), candidates, start)


def _candidate_whole(
    scores: np.ndarray, candidates: np.ndarray, start: np.ndarray
) -> np.ndarray:
    h, found = start, []
    for g, candidate in zip(_sigmoid(scores), candidates, strict=True):
        h = g * h + candidate
        found.append(h)
    return np.array(found)


def _from_start_each_time(
    scores: np.ndarray, candidates: np.ndarray, start: np.ndarray
) -> np.ndarray:
    g = _sigmoid(scores)
    return g * start + (1 - g) * candidates


def _start_first(
    scores: np.ndarray, candidates: np.ndarray, start: np.ndarray
) -> np.ndarray:
    later = gated_states(scores, candidates, start)
    return np.concatenate([start[np.newaxis], later[:-1]])


def _gated_cases() -> list[Case]:
    rng = np.random.default_rng(75)

    def draw(T: int, H: int, gate: float = 0.0) -> tuple[np.ndarray, ...]:
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


EXERCISES = (
    Exercise(
        name="factor_per_step",
        title="The factor of a straight line",
        chapter=CHAPTER,
        points=2,
        minutes=6,
        solution=factor_per_step,
        cases=_factor_cases,
        wrong=(
            Wrong(
                "one step too many",
                _steps_one_too_many,
                "the root is taken by the number of lengths: from T lengths there "
                "are only T - 1 steps",
            ),
            Wrong(
                "no steps",
                _no_steps,
                "the factor over all steps together is returned, and not that of one",
            ),
            Wrong(
                "divided by steps",
                _divided_by_steps,
                "the factor is divided by the number of steps; factors multiply, so "
                "it takes a root",
            ),
            Wrong(
                "mean of factors",
                _mean_of_factors,
                "the plain mean of the single factors is taken: half and then double "
                "would be growth. The mean of factors is the geometric one",
            ),
            Wrong(
                "upside down",
                _upside_down,
                "first and last are exchanged: lag 0 comes first in the array",
            ),
            Wrong(
                "logarithm",
                _logarithm,
                "the slope of the logarithm is returned; the factor is exp of it",
            ),
        ),
        forbidden=(),
        section="The gradient, step by step back in time",
    ),
    Exercise(
        name="with_radius",
        title="Set the spectral radius",
        chapter=CHAPTER,
        points=2,
        minutes=6,
        solution=with_radius,
        cases=_radius_cases,
        wrong=(
            Wrong(
                "only multiplied",
                _only_multiplied,
                "W is multiplied by the radius that is wanted, without dividing by "
                "the one it has",
            ),
            Wrong(
                "always 1",
                _without_radius,
                "W is divided by its spectral radius and not multiplied by the one "
                "that is wanted",
            ),
            Wrong(
                "largest real part",
                _largest_real_part,
                "the largest real part of an eigenvalue is taken; -4 counts as 4, "
                "and a complex number as its distance from 0",
            ),
            Wrong(
                "absolute real part",
                _absolute_real_part,
                "the imaginary parts of the eigenvalues are thrown away",
            ),
            Wrong(
                "largest stretch",
                _largest_stretch,
                "the largest singular value is taken: that is the most that W does "
                "to a length in one step, and not what each of many steps does",
            ),
            Wrong(
                "norm of all numbers",
                _length_of_all,
                "the norm of all entries of W is taken for the spectral radius",
            ),
            Wrong(
                "largest entry",
                _largest_entry,
                "the largest entry of W is taken for the spectral radius",
            ),
            Wrong(
                "in place",
                _radius_in_place,
                "W is changed with `*=`; this exercise asks for a new matrix",
            ),
        ),
        forbidden=("rnn_lib.memory",),
        section="Predicting the slope",
    ),
    Exercise(
        name="state_jacobian",
        title="From one state to a later one",
        chapter=CHAPTER,
        points=4,
        minutes=10,
        solution=state_jacobian,
        cases=_jacobian_cases,
        wrong=(
            Wrong(
                "transposed",
                _jacobian_transposed,
                "the result is transposed: row i belongs to unit i of the last state. "
                "The gradient goes back with the transpose, a change goes on without",
            ),
            Wrong(
                "order of the steps",
                _jacobian_order,
                "the matrices are multiplied in the wrong order: that of a later step "
                "stands further to the left",
            ),
            Wrong(
                "W transposed",
                altered(state_jacobian, W=np.transpose),
                "W is used transposed",
            ),
            Wrong(
                "matrices of the way back",
                _way_back,
                "these are the matrices that carry a gradient back, the transpose of "
                "W times the slopes. A change goes forward: W first, then the slopes",
            ),
            Wrong(
                "slopes on columns",
                _slope_of_columns,
                "the slopes multiply the columns of W; the slope of unit i belongs to "
                "row i. `[:, np.newaxis]` makes a column of them",
            ),
            Wrong(
                "one step too many",
                _one_step_too_many,
                "the slope and W of the first state are multiplied too: from T states "
                "there are T - 1 steps",
            ),
            Wrong(
                "slopes of the step before",
                _slopes_one_early,
                "the slopes are those of the state a step starts from; the tanh of a "
                "step gives the state it ends in",
            ),
            Wrong(
                "no slope",
                _no_slope,
                "the slopes of tanh are left out: this is W multiplied with itself",
                "Predicting the slope",
            ),
            Wrong(
                "tanh again",
                altered(state_jacobian, states=np.tanh),
                "the slope is taken as 1 - tanh(h)²; h is tanh of something already, "
                "so the slope is 1 - h²",
            ),
            Wrong(
                "entry by entry",
                _entry_by_entry,
                "the matrices are multiplied entry by entry, with `*` for `@`",
            ),
        ),
        forbidden=("rnn_lib.memory", "rnn_lib.layers"),
        section="Which input is used for which output",
    ),
    Exercise(
        name="gradient_arrives",
        title="What a cut leaves",
        chapter=CHAPTER,
        points=4,
        minutes=9,
        solution=gradient_arrives,
        cases=_arrives_cases,
        wrong=(
            Wrong(
                "a window that moves",
                _window,
                "every output reaches back the same number of steps. The cuts stand "
                "still: the first output of a piece reaches no state but its own",
            ),
            Wrong(
                "rows and columns",
                _columns_are_outputs,
                "rows and columns are exchanged: row t is the output, column s the "
                "state",
            ),
            Wrong(
                "both ways",
                _both_ways,
                "an error also reaches later states of the same piece; no output "
                "depends on a state after it",
            ),
            Wrong(
                "not its own state",
                _not_itself,
                "the state of the same step is left out; the output is computed "
                "from it",
            ),
            Wrong(
                "nothing cut",
                _nothing_cut,
                "nothing is cut: this is backpropagation through the whole sequence",
            ),
            Wrong(
                "pieces from the end",
                _pieces_from_the_end,
                "the pieces are counted from the end, so that the first one is "
                "shorter and not the last",
            ),
            Wrong(
                "number of pieces",
                _number_of_pieces,
                "`steps` is taken for the number of pieces; it is the length of one",
            ),
        ),
        forbidden=("rnn_lib.memory",),
        section="Truncated backpropagation",
    ),
    Exercise(
        name="loss_over_pieces",
        title="The loss of all pieces",
        chapter=CHAPTER,
        points=2,
        minutes=5,
        solution=loss_over_pieces,
        cases=_pieces_cases,
        wrong=(
            Wrong(
                "plain mean",
                _plain_mean,
                "the plain mean of the pieces is taken, so a position in a short "
                "piece weighs more than one in a long piece",
            ),
            Wrong(
                "mean of those that count",
                _mean_of_those,
                "pieces in which nothing counts are left out, but all others weigh "
                "the same, however many positions they have",
            ),
            Wrong(
                "sum",
                _sum_of_losses,
                "the means of the pieces are added: the loss, and every gradient with "
                "it, grows with the number of pieces",
            ),
            Wrong(
                "sum over positions",
                _sum_over_positions,
                "the sum over all positions is returned and not the mean",
            ),
            Wrong(
                "divided by the pieces",
                _by_pieces,
                "the sum over all positions is divided by the number of pieces, not "
                "by that of positions",
            ),
            Wrong(
                "divided by the counts",
                _divided_by_counts,
                "each mean is divided by its count; the mean was divided by it "
                "already, and has to be multiplied",
            ),
            Wrong(
                "last piece",
                _last_piece,
                "the loss of the last piece alone is returned",
            ),
        ),
        forbidden=("rnn_lib.memory",),
        section="Keep, detach, reset",
    ),
    Exercise(
        name="gated_states",
        title="A memory with a gate",
        chapter=CHAPTER,
        points=3,
        minutes=8,
        solution=gated_states,
        cases=_gated_cases,
        wrong=(
            Wrong(
                "gate turned round",
                altered(gated_states, scores=np.negative),
                "g and 1 - g are exchanged: here an open gate keeps the old memory",
            ),
            Wrong(
                "no sigmoid",
                _gate_no_sigmoid,
                "the scores are used as gates, without the sigmoid",
            ),
            Wrong(
                "tanh for the gate",
                _gate_is_tanh,
                "tanh is taken for the sigmoid; a gate is between 0 and 1, and not "
                "between -1 and 1",
            ),
            Wrong(
                "candidate added whole",
                _candidate_whole,
                "the candidate is added whole: the factor 1 - g is missing",
            ),
            Wrong(
                "always from the start",
                _from_start_each_time,
                "every step mixes the candidate with the first memory and not with "
                "that of the step before",
            ),
            Wrong(
                "the start first",
                _start_first,
                "the memory before the first step is returned as the first state, and "
                "the last state is missing",
            ),
            Wrong(
                "tanh of the candidate",
                altered(gated_states, candidates=np.tanh),
                "tanh is applied to the candidates, which are values of tanh already",
            ),
        ),
        forbidden=(),
        section="What a gate changes",
    ),
)

QUESTIONS = (Question("healthy_norm", "A healthy norm", CHAPTER, points=3, minutes=8),)
