"""The examination of a whole network that a reader has written from nothing.

``checks.whole(globals())`` asks one thing after the other, each on what was found right
before, and says of each what is wrong first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np

from exercises.box.runner import cut
from exercises.checks.engine import Report
from rnn_lib.baselines import ladder
from rnn_lib.data import INPUT_ROWS, TARGET_ROWS, load_five_sequences
from rnn_lib.encoding import one_hot

N, T, K, H = 3, 5, 4, 6
NAMES = ("U", "W", "b", "V", "c")
INSIDE = ("do", "dh", "dz")
FLOOR = ladder(INPUT_ROWS, TARGET_ROWS)["current letter"].loss
Parameters = dict[str, np.ndarray]


class Failed(Exception):
    """What is wrong, in words."""


@dataclass
class Work:
    """What the reader has written."""

    start: Callable
    forward: Callable
    loss: Callable
    backward: Callable
    train: Callable
    write: Callable


def data() -> tuple[Parameters, np.ndarray, np.ndarray]:
    """Return parameters, inputs (N, T, K) and targets (N, T) that all differ."""
    rng = np.random.default_rng(5)
    shapes = ((H, K), (H, H), (H,), (K, H), (K,))
    p = {n: rng.normal(0, 0.6, s) for n, s in zip(NAMES, shapes, strict=True)}
    x, y = rng.integers(0, K, (N, T)), rng.integers(0, K, (N, T))
    return p, one_hot(x, K), y


# What is right, and what comes out of a mistake that people make


def run(p, x, *, W=None, b=None, c=None, carried=False, bend=np.tanh):
    """Return logits and states; the keywords are mistakes."""
    W, b, c = (p[n] if v is None else v for n, v in (("W", W), ("b", b), ("c", c)))
    h = np.zeros((*x.shape[:2], len(p["b"])))
    rows = [slice(n, n + 1) for n in range(len(x))] if carried else [slice(None)]
    state = 0 * h[:1, 0] if carried else 0 * h[:, 0]
    for row in rows:
        for t in range(x.shape[1]):
            state = bend(x[row, t] @ p["U"].T + state @ W.T + b)
            h[row, t] = state
    return h @ p["V"].T + c, h


FORWARD = {
    "`W` is used without its transpose: for rows it is `h @ W.T`": {"W": np.transpose},
    "the state is not carried from step to step": {"W": np.zeros_like},
    "`b` is left out": {"b": np.zeros_like},
    "`c` is left out": {"c": np.zeros_like},
}


def forward_mistakes(p, x) -> Iterator[tuple[str, tuple]]:
    """Give what people write instead of the forward pass."""
    for text, change in FORWARD.items():
        yield text, run(p, x, **{name: f(p[name]) for name, f in change.items()})
    text = "the state of one sequence goes on into the next; each starts at zero"
    yield text, run(p, x, carried=True)
    yield "tanh is left out", run(p, x, bend=lambda z: z)
    yield "a sigmoid stands for tanh", run(p, x, bend=lambda z: 1 / (1 + np.exp(-z)))


def log_softmax(o: np.ndarray) -> np.ndarray:
    """Return the logarithm of the probabilities."""
    o = o - o.max(axis=-1, keepdims=True)
    return o - np.log(np.exp(o).sum(axis=-1, keepdims=True))


def right_loss(o, y) -> float:
    """Return the mean cross-entropy in nats per letter."""
    return float(-np.take_along_axis(log_softmax(o), y[..., None], -1).mean())


def loss_mistakes(right: float) -> dict[str, float]:
    """Return what people write instead of the mean, by the mistake."""
    return {
        "it is the sum over all letters, not their mean": right * N * T,
        "it is a mean over the sequences of their sums": right * T,
        "it is a mean over the steps of their sums": right * N,
        "the minus sign is missing": -right,
        "the logarithm is to the base 2": right / np.log(2),
        "it is divided by the size of the logits, N T K, not by N T": right / K,
    }


def gradients(
    p, x, y, *, second=True, slope=None, transposed=False, W_of=None, scale=1
):
    """Return everything that the backward pass computes; the keywords are mistakes."""
    o, h = run(p, x)
    do = scale * (np.exp(log_softmax(o)) - one_hot(y, K)) / y.size
    dh, dz, from_next = np.zeros_like(h), np.zeros_like(h), 0
    W = p["W"].T if transposed else p["W"]
    bend = 1 - h**2 if slope is None else slope(h)
    for t in reversed(range(h.shape[1])):
        dh[:, t] = do[:, t] @ p["V"] + (from_next if second else 0)
        dz[:, t] = dh[:, t] * bend[:, t]
        from_next = dz[:, t] @ W
    before = np.concatenate([np.zeros_like(h[:, :1]), h[:, :-1]], axis=1)
    before = before if W_of is None else W_of(h)
    outer = "nti,ntj->ij"
    found = {"do": do, "dh": dh, "dz": dz, "b": dz.sum((0, 1)), "c": do.sum((0, 1))}
    found |= {"U": np.einsum(outer, dz, x), "W": np.einsum(outer, dz, before)}
    return found | {"V": np.einsum(outer, do, h)}


BACKWARD = {
    "it is not divided by the number of letters, N T": {"scale": N * T},
    "it is divided by N, not by N T": {"scale": T},
    "it is divided by T, not by N T": {"scale": N},
    "its sign is wrong: it is ŷ - y": {"scale": -1},
    "the second path, from the next step, is left out": {"second": False},
    "W is transposed on the way back: for rows it is `dz @ W`": {"transposed": True},
    "the slope of tanh is left out": {"slope": np.ones_like},
    "the slope is 1 - tanh(h)²: h is tanh(z) already": {
        "slope": lambda h: 1 - np.tanh(h) ** 2
    },
    "the slope is 1 - h": {"slope": lambda h: 1 - h},
    "dz meets h of its own step, not of the step before": {"W_of": lambda h: h},
}


# The questions


def near(one, other) -> bool:
    """Tell whether two results agree to eight digits."""
    one = np.asarray(one, float)
    return one.shape == np.shape(other) and np.allclose(one, other, 1e-7, 1e-9)


def array(name: str, value, shape: tuple) -> np.ndarray:
    """Return `value` if it is an array of finite numbers of this shape."""
    if not isinstance(value, np.ndarray):
        raise Failed(f"{name}: expected an array, got {type(value).__name__}")
    if value.shape != shape:
        raise Failed(f"{name}: expected shape {shape}, got {value.shape}")
    if value.dtype.kind not in "fiu" or not np.isfinite(value).all():
        raise Failed(
            f"{name}: expected finite numbers, got {value.dtype} {value.flat[0]}"
        )
    return value


def known(mistakes, given, same: Callable) -> str:
    """Return the mistake that gives what was given, as the end of a sentence."""
    return next((f": {text}" for text, wrong in mistakes if same(given, wrong)), "")


def begins(work: Work) -> None:
    """``start`` returns parameters of the right shapes, other ones for another seed."""
    shapes = dict(zip(NAMES, ((7, 4), (7, 7), (7,), (4, 7), (4,)), strict=True))
    made = [work.start(4, 7, seed) for seed in (0, 0, 1)]
    for p in made:
        if not isinstance(p, dict) or set(p) != set(NAMES):
            got = sorted(p) if isinstance(p, dict) else type(p).__name__
            raise Failed(f"expected a dict with the names {sorted(NAMES)}, got {got}")
        for name, shape in shapes.items():
            if array(name, p[name], shape).dtype.kind != "f":
                raise Failed(f"{name}: expected floats, got {p[name].dtype}")
    if not near(made[0]["W"], made[1]["W"]):
        raise Failed("the same seed gave another W")
    if near(made[0]["W"], made[2]["W"]):
        raise Failed("seeds 0 and 1 gave the same W: is `seed` used?")
    if np.ptp(made[0]["W"]) == 0:
        raise Failed("all numbers of W are equal: then all units stay alike")


def reads(work: Work) -> None:
    """``forward`` returns logits and states, as the reference does."""
    p, x, _ = data()
    copies = {name: a.copy() for name, a in p.items()}
    given = work.forward(p, x.copy())
    if not isinstance(given, tuple) or len(given) != 2:
        raise Failed(f"expected the logits and the states, got {type(given).__name__}")
    if any(not near(p[name], copies[name]) for name in p):
        raise Failed("the parameters were changed")
    o, h = array("logits", given[0], (N, T, K)), array("states", given[1], (N, T, H))
    right_o, right_h = run(p, x)
    if near(o, right_o) and near(h, right_h):
        return
    why = known(
        forward_mistakes(p, x),
        (o, h),
        lambda a, b: near(a[0], b[0]) and near(a[1], b[1]),
    )
    if near(h, right_h):
        raise Failed("the states are right, the logits are not" + why)
    steps = [t for t in range(T) if not near(h[:, t], right_h[:, t])]
    raise Failed(f"the states are wrong from step {steps[0]} on{why}")


def measures(work: Work) -> None:
    """``loss`` is the mean cross-entropy, also for large logits."""
    p, x, y = data()
    o, _ = run(p, x)
    given, right = work.loss(o.copy(), y), right_loss(o, y)
    if np.ndim(given) != 0:
        raise Failed(f"expected one number, got an array of shape {np.shape(given)}")
    if not near(given, right):
        why = known(loss_mistakes(right).items(), given, near)
        raise Failed(f"expected {right:.6f}, got {float(given):.6f}{why}")
    with np.errstate(all="ignore"):
        large = float(work.loss(1000 * o, y))
    if not near(large, right_loss(1000 * o, y)):
        raise Failed(
            f"with logits 1,000 times as large it is {large}: "
            "subtract the largest first"
        )


def goes_back(work: Work) -> None:
    """``backward`` is right in each array, in the order in which they are computed."""
    p, x, y = data()
    given, right = work.backward(p, x.copy(), y), gradients(p, x, y)
    if not isinstance(given, dict):
        raise Failed(f"expected a dict, got {type(given).__name__}")
    if missing := [name for name in (*INSIDE, *NAMES) if name not in given]:
        raise Failed(f"{missing[0]} is missing among {sorted(map(str, given))}")
    for name in (*INSIDE, "V", "c", "U", "W", "b"):
        found = array(name, given[name], right[name].shape)
        if near(found, right[name]):
            continue
        wrong = ((t, gradients(p, x, y, **how)[name]) for t, how in BACKWARD.items())
        why = known(wrong, found, near)
        if name in INSIDE:
            steps = [t for t in range(T) if not near(found[:, t], right[name][:, t])]
            why = f" at step {steps[-1]}, where the way back meets it first{why}"
        else:
            last = gradients(p, x[:, -1:], y[:, -1:])[name] if not why else 0
            why = why or known([("", last)], found, near)
        raise Failed(f"{name} is the first that is wrong{why}")


def agrees(work: Work) -> None:
    """The gradients are the slopes of the reader's own loss."""
    p, x, y = data()
    given = work.backward(p, x, y)
    for name in NAMES:
        place = tuple(size // 2 for size in p[name].shape)
        ends = []
        for shift in (1e-5, -1e-5):
            p[name][place] += shift
            ends.append(float(work.loss(work.forward(p, x)[0], y)))
            p[name][place] -= shift
        slope = (ends[0] - ends[1]) / 2e-5
        if abs(slope - given[name][place]) > 1e-6:
            raise Failed(
                f"{name}{list(place)}: the loss rises by {slope:.6f} per unit, the "
                f"gradient says {given[name][place]:.6f}"
            )


def learns(work: Work) -> None:
    """``train`` brings the loss on one row close to zero, in place."""
    x, y = load_five_sequences()
    p = work.start(26, 16, 0)
    before = float(work.loss(work.forward(p, x[:1])[0], y[:1]))
    work.train(p, x[:1], y[:1])
    after = float(work.loss(work.forward(p, x[:1])[0], y[:1]))
    if not after < before:
        raise Failed(
            f"the loss on one row went from {before:.3f} to {after:.3f}: "
            "does `train` change the arrays of `p`, against the gradient?"
        )
    if after > 0.1:
        raise Failed(
            f"the loss on one row is {after:.3f} at the end; expected below 0.1"
        )


def remembers(work: Work) -> None:
    """On five rows the loss falls below what one letter allows."""
    x, y = load_five_sequences()
    p = work.start(26, 32, 0)
    work.train(p, x, y)
    o, _ = work.forward(p, x)
    if not (reached := right_loss(o, y)) < FLOOR:
        raise Failed(
            f"the loss on the five rows is {reached:.4f}; without memory {FLOOR:.4f} "
            "can be reached"
        )
    backwards, _ = work.forward(p, x[::-1])
    if not near(backwards[::-1], o):
        raise Failed("the rows in another order give other logits")


def writes(work: Work) -> None:
    """``write`` draws symbols, the same ones for the same seed."""
    p, _, _ = data()
    drawn = [list(work.write(p, 1, 40, seed)) for seed in (0, 0, 1)]
    if len(drawn[0]) != 40 or not {*drawn[0]} <= {*range(K)}:
        raise Failed(
            f"expected 40 numbers from 0 to {K - 1}, got {cut(str(drawn[0]), 60)}"
        )
    if drawn[0] != drawn[1]:
        raise Failed("the same seed wrote something else")
    if drawn[0] == drawn[2]:
        raise Failed("seeds 0 and 1 wrote the same: is each symbol drawn at random?")
    got = list(work.write(copier(), 1, 8, 0))
    wanted = [(n + 1) % K for n in [1, *got[:-2]]]  # the first of all is drawn freely
    if got[1:] != wanted:
        raise Failed(
            "a network that is sure of the letter after the last but one writes "
            f"{wanted} after {[1, got[0]]}, got {got[1:]}: does it read all that was "
            "written, or carry its state?"
        )


def copier() -> Parameters:
    """Return a network that says, two steps later, the symbol after each it reads.

    The first K units hold the symbol, the last K what stood in the first before.
    """
    sizes = {"U": (2 * K, K), "W": (2 * K, 2 * K), "b": 2 * K, "V": (K, 2 * K), "c": K}
    p = {name: np.zeros(size) for name, size in sizes.items()}
    p["U"][:K], p["W"][K:, :K] = 9 * np.eye(K), 9 * np.eye(K)
    p["V"][:, K:] = 99 * np.roll(np.eye(K), 1, axis=0)
    return p


QUESTIONS = (
    ("start: shapes and seeds", begins, ()),
    ("forward: states and logits", reads, ()),
    ("loss: mean cross-entropy", measures, ()),
    ("backward: each array on the way", goes_back, (reads,)),
    ("gradients: slopes of the loss", agrees, (reads, measures, goes_back)),
    ("train: one row by heart", learns, (begins, reads, measures, goes_back)),
    (
        "memory: five rows, below 0.8984",
        remembers,
        (begins, reads, measures, goes_back),
    ),
    ("write: one symbol after the other", writes, (reads,)),
)


def unwritten(*arguments) -> None:
    """Stand in for a function that is missing."""
    raise NotImplementedError


def whole(names: Mapping[str, object] | Callable, *more: Callable) -> Report:
    """Examine a network; the chapter that asks for it says what each part does.

    Parameters
    ----------
    names : mapping of str to object
        Holds the functions ``start``, ``forward``, ``loss``, ``backward``, ``train``
        and ``write`` under their names, as ``globals()`` does. What else it holds does
        not count; what is missing is reported as not written yet. The six functions, in
        this order, will do as well.

    Returns
    -------
    Report
        A line for each question. A question is left out if what it builds on is wrong.
    """
    parts = [part.name for part in fields(Work)]
    if callable(names):
        names = dict(zip(parts, (names, *more), strict=True))
    work, lines, wrong = Work(*(names.get(n, unwritten) for n in parts)), [], {}
    for label, question, needed in QUESTIONS:
        if any(one in wrong for one in needed):
            wrong[question] = "not asked, because of what is wrong above"
        else:
            try:
                with np.errstate(all="ignore"):
                    question(work)
            except Failed as failed:
                wrong[question] = str(failed)
            except NotImplementedError:
                wrong[question] = "not written yet"
            except Exception as error:
                said = cut(str(error), 90)
                wrong[question] = f"raised {type(error).__name__}: {said}"
        text = f"{label}: {wrong[question]}" if question in wrong else label
        lines.append((question not in wrong, text))
    first = next((text for ok, text in lines if not ok), None)
    diagnosis = f"Begin with {first}." if first else None
    passed = sum(ok for ok, _ in lines)
    return Report("The whole network", tuple(lines), diagnosis, passed / len(lines))
