"""No function in the box answers an exercise that is being graded."""

import dataclasses
from pathlib import Path

import pytest

from exercises import checks
from tests.grading import boxed

pytestmark = pytest.mark.grader
HUNT = Path(__file__).with_name("hunt.py").read_text("utf-8")


@pytest.fixture(scope="module")
def box():
    box = boxed.box_or_skip()
    yield box
    box.close()


def right_ones(exercise, outcomes: list, tables: list[dict]) -> list[str]:
    """Return the names under which every case has the right value.

    Of a tuple, its first two members may also be the answer.
    """
    found = []
    for name in set.intersection(*map(set, tables)):
        values = [table[name] for table in tables]
        tried = [values]
        if all(type(v) is tuple and len(v) > 1 for v in values):
            tried += [[v[0] for v in values], [v[1] for v in values]]
        for one in tried:
            pairs = zip(outcomes, one, strict=True)
            given = [dataclasses.replace(o, value=v, changed=()) for o, v in pairs]
            if exercise.judge(given).fraction == 1:
                found.append(name)
    return found


def hunt(box, exercise, whole: bool = False) -> list[str]:
    """Return the functions in the box that answer an exercise on all its cases."""
    source = f"{HUNT}\n\n{exercise.name} = hunt\n"
    outcomes = boxed.outcomes(box, exercise.name, source, whole)
    assert not any(one.error or one.timed_out for one in outcomes), outcomes[0]
    assert min(one.value[1] for one in outcomes) > 100, "hardly anything was tried"
    return right_ones(exercise, outcomes, [one.value[0] for one in outcomes])


@pytest.mark.parametrize("name", checks.EXERCISES)
def test_nothing_in_the_box_answers_the_exercise(name, box):
    assert hunt(box, checks.EXERCISES[name]) == []


@pytest.mark.parametrize(
    "name", ["log_softmax_rows", "logit_gradient", "clip_gradients"]
)
def test_the_hunt_would_find_an_answer(name, box):
    assert hunt(box, checks.EXERCISES[name], whole=True) != []
