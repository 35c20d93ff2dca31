"""What is said of an answer: of errors, of None, of parts that are right."""

import numpy as np
import pytest

from exercises import checks
from exercises.box.runner import Outcome
from exercises.checks.engine import Case, Exercise
from exercises.checks.mutants import mutants
from exercises.checks.undone import unfinished
from exercises.checks.where import common


def made(solution, *args, labels=()) -> Exercise:
    """Return an exercise with one case for each tuple of arguments."""
    return Exercise(
        name="own",
        title="Own",
        chapter="-",
        points=1,
        minutes=1,
        solution=solution,
        cases=lambda: [
            Case(labels[i] if labels else f"case {i}", one)
            for i, one in enumerate(args)
        ],
        section="A section",
    )


RNG = np.random.default_rng(3)
DRAWS = [(RNG.normal(size=shape),) for shape in ((2, 3), (3, 2), (4, 3))]
CURVES = [(np.array(one, float),) for one in ([3, 1], [3, 2, 4], [1, 1], [5, 0, 1])]


def last_low(losses):
    """Return the last place of a curve that is below 2, or None."""
    below = np.flatnonzero(losses < 2)
    return int(below[-1]) if len(below) and below[-1] == len(losses) - 1 else None


LOW = made(last_low, *CURVES)
SQUARES = made(lambda x: x**2, *DRAWS)


def test_a_missing_return_is_asked_for_only_where_nothing_ever_comes_back():
    assert "return statement missing" in SQUARES(lambda x: None).diagnosis
    some = SQUARES(lambda x: x**2 if len(x) > 2 else None)
    assert "it returns None. Which way through" in some.diagnosis
    assert "return statement" not in some.diagnosis
    assert "return statement missing" in LOW(lambda losses: None).diagnosis


def test_what_stands_for_none_is_named():
    report = LOW(lambda losses: -7 if last_low(losses) is None else last_low(losses))
    assert report.kind == "Where None is asked for, there comes -7"
    assert not LOW(lambda losses: -7).kind


def doubled(arrays):
    """Return a dict with all arrays of another one doubled."""
    return {name: 2 * array for name, array in arrays.items()}


TWICE = made(
    doubled,
    *(({"a": RNG.normal(size=(2, 3)), "b": RNG.normal(size=2)},) for _ in "123"),
)


def test_whoever_changes_a_dict_is_told_so():
    def within(arrays):
        for name in arrays:
            arrays[name] = 2 * arrays[name]
        return arrays

    report = TWICE(within)
    assert "changes a dict" in report.diagnosis
    assert "x = x - m" not in report.diagnosis
    assert "changes an array" in SQUARES(lambda x: np.square(x, out=x)).diagnosis


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda arrays: (doubled(arrays), 1.0), "Item 0 of the tuple is right"),
        (
            lambda arrays: {name: 2 * arrays[name] for name in ["a"]},
            "Only one name comes back",
        ),
        (
            lambda arrays: {
                f"d{name}": array for name, array in doubled(arrays).items()
            },
            "their names are not, such as 'da'",
        ),
        (
            lambda arrays: {**doubled(arrays), "b": np.ones(2)},
            "All is right but for 'b'.",
        ),
    ],
)
def test_right_parts_of_an_answer_are_seen(function, text):
    assert text in TWICE(function).diagnosis


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda x: 0.3 * x**2, "0.3 times the right result"),
        (lambda x: x**2 + 0.7, "larger by 0.7 everywhere"),
        (lambda x: np.roll(x.ravel() ** 2, 2).reshape(x.shape), "in other places"),
        (lambda x: x * np.abs(x), "but for their signs"),
        (lambda x: (x**2)[None, None], "axes of length 1 are too many"),
    ],
)
def test_what_all_numbers_have_in_common_is_said(function, text):
    report = SQUARES(function)
    assert text in report.kind, report


def test_right_numbers_of_another_type_have_nothing_in_common():
    whole = (Outcome(np.array([1, 2, 3])), Outcome(np.array([4, 5, 6])))
    floats = [Outcome(one.value.astype(float)) for one in whole]
    assert not common(whole, floats, 1e-7)
    assert not common(whole, [Outcome(error="ValueError")] * 2, 1e-7)
    assert not unfinished(whole, floats, 1e-7)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (np.s_[1:], "Along axis 0 only the first is right"),
        (np.s_[:-1], "Along axis 0 only the last is right"),
        (np.s_[:1], "Along axis 0 only the first is wrong"),
        (np.s_[:, -1], "Along axis 1 only the last is wrong"),
    ],
)
def test_the_end_that_is_right_is_named(place, text):
    def function(x):
        new = x**2
        new[place] += RNG.normal(size=new[place].shape)
        return new

    assert text in made(lambda x: x**2, *DRAWS[2:] * 3)(function).diagnosis


def test_the_only_case_that_fails_is_named():
    labelled = made(lambda x: x**2, *DRAWS, labels=["wide", "tall", "taller"])
    report = labelled(lambda x: x**2 if len(x) != 3 else np.cos(x))
    assert "Only one case fails, “tall”" in report.diagnosis
    assert "Only one case" not in labelled(np.cos).diagnosis


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda x: x @ np.ones((26, x.shape[1])), "may need a transpose"),
        (lambda x: x + np.ones((1, 26)), "No argument has the size 26"),
        (lambda x: x.T + x if len(x) > 2 else x, "the other way round"),
        (lambda x: x.sum(axis=5), "`axis=-1` is the last"),
        (lambda x: x ^ 2, "write `**`"),
        (lambda x: {}["U"], "a name in every input"),
        (lambda x: np.array([])[-1], "Nothing is in the array here"),
    ],
)
def test_what_helps_against_an_error_is_said(function, text):
    assert text in SQUARES(function).diagnosis


def test_shapes_with_three_axes_are_not_turned_round():
    report = made(lambda x: x, (np.ones((1, 2, 3)),))(lambda x: x + np.ones((2, 3, 2)))
    assert "transpose" not in report.diagnosis


def summed(x):
    """Return the sums of the squares of what adds up; with a loop."""
    found = []
    total = np.zeros(x.shape[1])
    for row in x:
        total = total + row
        found.append(total**2)
    return np.array(found)


SUMMED = made(summed, *DRAWS)


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda x: np.cumsum(x[::-1], axis=0) ** 2, "the loop runs the other way"),
        (lambda x: np.cumsum(x[::2], axis=0) ** 2, "every second turn"),
        (lambda x: (np.cumsum(x, axis=0) + x) * 0 + x * 0 + 1, "not named"),
    ],
)
def test_a_loop_that_is_wrong_as_a_whole_is_named(function, text):
    kind = SUMMED(function).kind or "not named"
    assert text in kind


def test_what_stands_before_a_loop_may_be_set_in_every_turn():
    made_of_it = dict(mutants(summed))
    (anew,) = (one for text, one in made_of_it.items() if "turn, with `total" in text)
    assert np.allclose(anew(DRAWS[0][0]), DRAWS[0][0] ** 2)
    (early,) = (one for text, one in made_of_it.items() if "`return` stands" in text)
    assert len(early(DRAWS[0][0])) == 1


def test_a_mistake_made_in_several_places_is_one():
    texts = [text for text, _ in mutants(checks.log_softmax_rows.ways[0])]
    assert any(
        text.endswith("runs along axis 1 instead of axis -1, and so with `sum`")
        for text in texts
    )


def test_making_mistakes_leaves_the_code_as_it_is():
    def results(functions):
        for function in functions:
            try:
                yield repr(function(DRAWS[0][0]))
            except Exception as error:
                yield repr(error)

    functions = [function for _, function in mutants(summed)]
    alone = [*results(functions)]
    again = [*results(reversed([function for _, function in mutants(summed)]))]
    assert alone == again[::-1]
    assert len(set(alone)) > 5


@pytest.mark.parametrize(
    ("name", "function", "text"),
    [
        (
            "logit_gradient",
            lambda logits, targets: (
                (
                    np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
                    - np.eye(logits.shape[-1])[targets]
                )
                / targets.size
            ),
            "the softmax runs over axis 1",
        ),
        (
            "count_parameters",
            lambda vocab_size, hidden_size: (
                2 * hidden_size * vocab_size + hidden_size
                ^ 2 + hidden_size + vocab_size
            ),
            "`^` is written for a power",
        ),
        (
            "sgd_update",
            lambda parameters, gradients, rate: {
                k: parameters[k] - 0.3 * gradients[k] for k in parameters
            },
            "`rate` is 0.3, whatever is given",
        ),
        (
            "next_state",
            lambda x_t, h_before, U, W, b: np.maximum(
                0, x_t @ U.T + h_before @ W.T + b
            ),
            "the rectifier",
        ),
        (
            "through_tanh",
            lambda d_states, states: d_states * np.sqrt(1 - states**2),
            "the root of the slope",
        ),
        (
            "count_parameters",
            lambda vocab_size, hidden_size: (
                hidden_size * (vocab_size + hidden_size + 1)
            ),
            "the terms",
        ),
    ],
)
def test_one_thing_taken_for_another_is_named(name, function, text):
    assert text in checks.EXERCISES[name](function).kind


def test_the_square_of_a_norm_is_not_the_norm():
    def clip(gradients, max_norm):
        square = sum((g**2).sum() for g in gradients.values())
        factor = max_norm / np.sqrt(square) if square > max_norm else 1.0
        return {name: factor * g for name, g in gradients.items()}

    assert checks.clip_gradients(clip).fraction < 1
