"""The floors: closed forms on the five sequences, and bounds on any data."""

import math
from collections import defaultdict
from dataclasses import FrozenInstanceError
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_lib.baselines import (
    Floor,
    first_letter_only,
    floor,
    ladder,
    last_letters,
    nothing,
    whole_prefix,
)
from rnn_lib.data import INPUT_ROWS, TARGET_ROWS
from tests.support import PROPERTY, exactly

VIEWS = [nothing, last_letters(1), last_letters(2), whole_prefix, first_letter_only]


@st.composite
def rows_and_answers(draw):
    """Up to six input rows of A to C, and as many answers."""
    lengths = draw(st.lists(st.integers(1, 7), min_size=1, max_size=6))
    text = [st.text("ABC", min_size=n, max_size=n) for n in lengths]
    return [draw(row) for row in text], [draw(row) for row in text]


# Views


def test_what_each_view_shows():
    assert [last_letters(1)("ABC", t) for t in range(3)] == [("A",), ("B",), ("C",)]
    assert [last_letters(2)("ABC", t) for t in range(3)] == [
        ("A",),
        ("A", "B"),
        ("B", "C"),
    ]
    assert last_letters(3)("ABCDE", 4) == ("C", "D", "E")
    assert [nothing("ABC", t) for t in range(3)] == [None] * 3
    assert [whole_prefix("ABC", t) for t in range(3)] == [
        ("A",),
        ("A", "B"),
        ("A", "B", "C"),
    ]
    assert [first_letter_only("ABC", t) for t in range(3)] == ["A", None, None]


def test_views_take_lists_and_arrays_of_symbols():
    rows = np.array([list("AB"), list("BA")])
    assert floor(rows, rows, whole_prefix) == floor(
        ["AB", "BA"], ["AB", "BA"], whole_prefix
    )
    assert floor(rows.tolist(), rows.tolist(), last_letters(2)).loss == 0


@pytest.mark.parametrize(
    ("count", "error", "message"),
    [
        (0, ValueError, "count: expected at least 1, got 0"),
        (1.0, TypeError, "count: expected a whole number, got 1.0"),
    ],
)
def test_counts_that_are_refused(count, error, message):
    with pytest.raises(error, match=exactly(message)):
        last_letters(count)


# The five sequences


@pytest.mark.parametrize(
    ("name", "loss", "correct", "accuracy"),
    [
        ("nothing", 3.2581, 5, 0.038),
        ("current letter", 0.8984, 81, 0.623),
        ("last 2 letters", 0.2133, 110, 0.846),
        ("last 3 letters", 0.1493, 116, 0.892),
        ("whole prefix", 0.0, 130, 1.0),
    ],
)
def test_the_ladder(name, loss, correct, accuracy):
    rung = ladder(INPUT_ROWS, TARGET_ROWS)[name]
    assert rung.loss == pytest.approx(loss, abs=5e-5)
    assert (rung.correct, rung.total) == (correct, 130)
    assert rung.accuracy == pytest.approx(accuracy, abs=5e-4)


def test_the_ladder_falls_and_each_rung_is_a_floor():
    rungs = ladder(INPUT_ROWS, TARGET_ROWS)
    views = [nothing, *(last_letters(n) for n in (1, 2, 3)), whole_prefix]
    assert list(rungs) == [
        "nothing",
        "current letter",
        "last 2 letters",
        "last 3 letters",
        "whole prefix",
    ]
    assert list(rungs.values()) == [floor(INPUT_ROWS, TARGET_ROWS, v) for v in views]
    losses = [rung.loss for rung in rungs.values()]
    assert losses == sorted(losses, reverse=True)
    assert len(set(losses)) == 5


def test_letter_frequencies_are_a_uniform_guess():
    """Every target letter occurs five times: ln 26, and 5 of 130 right."""
    assert floor(INPUT_ROWS, TARGET_ROWS, nothing).loss == pytest.approx(
        math.log(26), rel=1e-12
    )


def test_the_floor_of_the_current_letter_by_an_independent_count():
    table = np.zeros((26, 26))
    for row, answers in zip(INPUT_ROWS, TARGET_ROWS, strict=True):
        for letter, answer in zip(row, answers, strict=True):
            table[ord(letter) - 65, ord(answer) - 65] += 1
    shares = table / table.sum(axis=1, keepdims=True)
    nats = -(table * np.log(np.where(shares > 0, shares, 1))).sum() / 130
    rung = floor(INPUT_ROWS, TARGET_ROWS, last_letters(1))
    assert rung.loss == pytest.approx(nats, rel=1e-12)
    assert rung.correct == table.max(axis=1).sum()


def test_blind_after_the_first_letter():
    """Where a network ends whose state is the same from the second step on.

    The first five answers B, A, C, N, I are free. Of the 125 others, these
    five letters make up 4 each and the remaining 21 letters 5 each.
    """
    rung = floor(INPUT_ROWS, TARGET_ROWS, first_letter_only)
    nats = 5 * 4 * math.log(125 / 4) + 21 * 5 * math.log(125 / 5)
    assert rung.loss == pytest.approx(nats / 130, rel=1e-12)
    assert rung.loss == pytest.approx(3.1294, abs=5e-5)
    assert (rung.correct, rung.total) == (10, 130)


def test_a_perfect_view_costs_zero_and_not_minus_zero():
    loss = floor(INPUT_ROWS, TARGET_ROWS, whole_prefix).loss
    assert (loss, math.copysign(1, loss)) == (0, 1)
    assert type(loss) is float


# Any data


@PROPERTY
@given(rows_and_answers(), st.sampled_from(VIEWS), st.integers(0, 2**32))
def test_no_predictor_beats_the_floor_and_the_frequencies_reach_it(drawn, view, seed):
    inputs, targets = drawn
    places = [(row, t) for row in inputs for t in range(len(row))]
    answers = "".join(targets)
    counts = defaultdict(lambda: dict.fromkeys("ABC", 0))
    for place, answer in zip(places, answers, strict=True):
        counts[view(*place)][answer] += 1

    rng = np.random.default_rng(seed)
    some = {
        seen: dict(zip("ABC", rng.dirichlet([1] * 3), strict=True)) for seen in counts
    }
    best = {
        seen: {letter: n / sum(found.values()) for letter, n in found.items()}
        for seen, found in counts.items()
    }

    def measure(predictor):
        given_answers = [
            (predictor[view(*place)], answer)
            for place, answer in zip(places, answers, strict=True)
        ]
        nats = -math.fsum(math.log(shares[answer]) for shares, answer in given_answers)
        right = sum(max(p, key=p.get) == answer for p, answer in given_answers)
        return nats / len(places), right

    rung = floor(inputs, targets, view)
    assert rung.total == len(places)
    loss, right = measure(some)
    assert loss >= rung.loss - 1e-12
    assert right <= rung.correct
    loss, right = measure(best)
    assert loss == pytest.approx(rung.loss, abs=1e-12)
    assert right == rung.correct
    assert rung.accuracy == right / len(places)


@PROPERTY
@given(rows_and_answers())
def test_seeing_more_never_hurts(drawn):
    rungs = list(ladder(*drawn).values())
    for less, more in pairwise(rungs):
        assert more.loss <= less.loss + 1e-12
        assert more.correct >= less.correct
    assert 0 <= rungs[-1].loss <= rungs[0].loss <= math.log(3) + 1e-12


@PROPERTY
@given(rows_and_answers(), st.sampled_from(VIEWS), st.randoms(use_true_random=False))
def test_order_repetition_and_names_do_not_matter(drawn, view, random):
    inputs, targets = drawn
    rung = floor(inputs, targets, view)

    order = list(range(len(inputs)))
    random.shuffle(order)
    again = [[rows[n] for n in order] for rows in drawn]
    renamed = [[row.translate(str.maketrans("ABC", "CAB")) for row in r] for r in drawn]
    for other in (again, renamed):
        other = floor(*other, view)
        assert other.loss == pytest.approx(rung.loss, abs=1e-12)
        assert (other.correct, other.total) == (rung.correct, rung.total)

    twice = floor(inputs * 2, targets * 2, view)
    assert twice.loss == pytest.approx(rung.loss, abs=1e-12)
    assert (twice.correct, twice.total) == (2 * rung.correct, 2 * rung.total)


# The result, and bad input


def test_a_floor_is_a_fixed_record():
    rung = Floor(0.5, 3, 4)
    assert rung.accuracy == 0.75
    assert rung == Floor(loss=0.5, correct=3, total=4)
    with pytest.raises(FrozenInstanceError):
        rung.loss = 0.0


@pytest.mark.parametrize("function", [ladder, lambda i, t: floor(i, t, nothing)])
@pytest.mark.parametrize(
    ("inputs", "targets", "message"),
    [
        (
            ["AB", "A"],
            ["AB", "AB"],
            "targets: expected rows of lengths [2, 1] like the inputs, got [2, 2]",
        ),
        (
            ["AB"],
            ["AB", "A"],
            "targets: expected rows of lengths [2] like the inputs, got [2, 1]",
        ),
        ([], [], "inputs: expected at least one symbol, got none"),
        (["", ""], ["", ""], "inputs: expected at least one symbol, got none"),
    ],
)
def test_rows_that_are_refused(function, inputs, targets, message):
    with pytest.raises(ValueError, match=exactly(message)):
        function(inputs, targets)
