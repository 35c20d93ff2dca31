"""Mistakes that are not listed: which are named, and that none is named wrongly."""

import os
import subprocess
import sys
from collections import Counter, OrderedDict, namedtuple
from pathlib import Path

import numpy as np
import pytest

from exercises import checks
from exercises.box.runner import plain, same
from exercises.checks.compare import problem, short
from exercises.checks.engine import Case, Exercise
from exercises.checks.kinds import explain
from exercises.checks.mutants import mutants
from tests.exercises import diagnoses

EXERCISES = list(checks.EXERCISES.values())
WAYS = [(one, way) for one in EXERCISES for way in one.ways]
RIGHT_AFTER_ALL = {
    ("clip_gradients", "the same arrays where nothing has to be shortened"),
}


@pytest.fixture(scope="module")
def found():
    """What the checks say to all invented answers."""
    return [diagnoses.diagnose(*one) for one in diagnoses.invented()]


def test_most_invented_answers_are_named_and_none_passes(found):
    assert len(found) >= 200
    assert {one.exercise for one in found} == set(checks.EXERCISES)
    counts = Counter(one.group for one in found)
    named = counts["named: listed"] + counts["named: of a kind"]
    assert named >= 0.8 * len(found)
    assert counts["expected/got"] <= 0.1 * len(found)
    passed = {(one.exercise, one.done) for one in found if one.group == "passed"}
    assert passed == RIGHT_AFTER_ALL


def test_the_table_counts_every_answer_once(found):
    *_, counts, shares = diagnoses.table(found).splitlines()
    assert sum(map(int, counts.split()[1:])) == len(found)
    assert shares.count("%") == len(diagnoses.GROUPS)


@pytest.mark.parametrize(("exercise", "way"), WAYS, ids=lambda one: one.__class__)
def test_another_way_is_right(exercise, way):
    report = exercise(way)
    assert report.fraction == 1, report


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_no_kind_explains_a_right_answer_or_nonsense(exercise):
    matter, kinds = exercise.matter, exercise.kinds
    assert not explain(matter, kinds, exercise.expected)
    rng = np.random.default_rng(0)
    for function in (
        lambda *args: rng.normal(),
        lambda *args: rng.normal(size=(2, 3)),
        lambda *args: np.zeros((2, 2)),
        lambda *args: 0,
        lambda *args: [],
        lambda *args: 1 / 0,
    ):
        report = exercise(function)
        assert report.fraction < 1
        assert "What comes back is" not in (report.diagnosis or "")


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_a_kind_does_what_it_says_to_cases_of_this_exercise(exercise):
    """Every kind runs, and changes no case."""
    before = plain([case.args for case in exercise.all_cases])
    for kind in (kind for group in exercise.kinds for kind in group[:40]):
        assert kind[0] is kind[0]
        assert kind.message[0].isupper()
        assert not kind.message.endswith(".")
    assert same(before, plain([case.args for case in exercise.all_cases]))


def mean_of_squares(x):
    """Return the mean of the squares of each row; the solution below."""
    squares = x**2
    return squares.mean(axis=1)


def example() -> Exercise:
    """Return an exercise of which nothing is listed."""
    rng = np.random.default_rng(1)
    return Exercise(
        name="mean_of_squares",
        title="Squares",
        chapter="none",
        points=1,
        minutes=1,
        solution=mean_of_squares,
        cases=lambda: [
            Case("one row", (np.array([[1.0, 2.0]]),)),
            Case("a draw", (rng.normal(size=(3, 4)),)),
            Case("another", (rng.normal(size=(4, 3)),)),
        ],
        section="A section",
    )


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda x: -mean_of_squares(x), "with its sign turned"),
        (lambda x: (x**2).sum(axis=1), "multiplied by"),
        (lambda x: (x**2).mean(axis=0), "along axis 0 instead of axis 1"),
        (lambda x: (x**2).mean(), "summed along axis 0|over all axes|the mean of"),
        (lambda x: x.mean(axis=1), "without its power"),
        (lambda x: x.mean(axis=1) ** 2, "is averaged along axis 1 first"),
        (lambda x: np.abs(x).mean(axis=1), "absolute value"),
        (lambda x: mean_of_squares(x).round(3), "rounded to 3 digits"),
        (lambda x: mean_of_squares(x)[::-1], "turned back to front along axis 0"),
        (lambda x: np.roll(mean_of_squares(x), 1), "rolled by one along axis 0"),
        (lambda x: np.cumsum(mean_of_squares(x)), "added up step by step"),
        (lambda x: np.full(len(x), mean_of_squares(x)[-1]), "last part everywhere"),
        (lambda x: mean_of_squares(x)[:, None], "axis of length 1 too many"),
        (lambda x: mean_of_squares(x).tolist(), "as a list and not as an array"),
        (lambda x: (x**2) / x.shape[1], "sum over axis 1 is missing"),
        (lambda x: np.append(mean_of_squares(x), 7.0), "one too many, the last"),
        (lambda x: np.sqrt(mean_of_squares(x)), "square root"),
    ],
)
def test_a_mistake_of_a_kind_is_named(function, text):
    report = example()(function)
    assert report.fraction < 1
    assert report.wrong is None
    assert report.kind, report
    assert any(one in report.diagnosis for one in text.split("|")), report


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x.sum(axis=1) + 1.5,
        lambda x: np.zeros(len(x)),
        lambda x: np.arange(len(x)) / 3,
        lambda x: x[:, 0] * 0.123,
    ],
)
def test_a_mistake_of_no_kind_is_not_named(function):
    assert example()(function).kind is None


def test_a_built_in_function_has_no_code_to_make_mistakes_in():
    assert mutants(len) == []


def test_right_numbers_of_a_wrong_type_give_half():
    table = checks.count_pairs
    report = table(lambda indices, size: table.solution(indices, size).astype(float))
    assert report.fraction == 0.5
    assert report.summary.startswith("2 of 4 checks passed; ")
    assert "the numbers are right" in report.lines[0][1]
    wrong = table(lambda indices, size: table.solution(indices, size) + 0.5)
    assert wrong.fraction == 0


Pair = namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Pair(1, np.int64(2)), (1, 2)),
        (OrderedDict(a=np.float32(1)), {"a": 1.0}),
        (Counter("aab"), {"a": 2, "b": 1}),
        (np.str_("ab"), "ab"),
    ],
)
def test_kinds_of_tuple_dict_and_text_are_what_they_are(value, expected):
    assert same(plain(value), expected)


def test_what_a_derived_kind_says_of_itself_is_not_asked():
    class Liar(tuple):
        def __iter__(self):
            raise SystemExit

        __len__ = __getitem__ = __iter__

    assert plain(Liar((1, 2))) == (1, 2)


def test_torch_sizes_are_tuples():
    torch = pytest.importorskip("torch")
    shapes = checks.parameter_shapes
    report = shapes(
        lambda K, H: {n: torch.Size(s) for n, s in shapes.solution(K, H).items()}
    )
    assert report.fraction == 1


def test_clipping_as_pytorch_does_is_right():
    def clip(gradients, max_norm):
        norm = np.sqrt(sum((g**2).sum() for g in gradients.values()))
        factor = min(1, max_norm / (norm + 1e-6))
        return {name: g * factor for name, g in gradients.items()}

    assert checks.clip_gradients(clip).fraction == 1


@pytest.mark.parametrize(
    ("expected", "given", "text"),
    [
        (1.0, 1.0000001, "expected 1, got 1.0000001"),
        (["a"], ["a", "b"], "expected 1 item, got 2: ['a', 'b'] in place of ['a']"),
        (["a", "b"], ["b", "a"], "the right items in another order: ['b', 'a']"),
        (
            np.array([1.0, 2.0]),
            np.array([1.0, 2.00001]),
            "expected [1., 2.], got [1. , 2.00001]",
        ),
    ],
)
def test_a_difference_can_be_seen(expected, given, text):
    assert problem(expected, given, 1e-9)[1] == text


def test_small_arguments_are_shown_in_full():
    assert "of shape" not in short(np.arange(24.0), 0, 24, 300)
    report = checks.hidden_gradients(lambda d_outputs, states, W: 0.3 * states)
    assert "array of shape" not in report.diagnosis


SCRIPT = """
from exercises import checks
right = checks.count_parameters.solution
checks.count_parameters(right)
print("between")
print(checks.count_parameters(right).summary)
kept = checks.count_parameters(lambda vocab_size, hidden_size: 0)
print(kept)
"""


def test_a_check_in_a_script_prints_once():
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"},
    )
    assert not done.stderr
    assert done.stdout.startswith("Exercise count_parameters")
    assert done.stdout.count("0 of 4 checks passed.") == 1
    before, after = done.stdout.split("between\n")
    assert before.count("All 4 checks passed.") == 1
    assert after.count("Exercise count_parameters") == 2


OF_A_TEACHER = {
    "a word, of all": (lambda *all_of_it: "word", ["AB", 2]),
    "a sum, of all": (lambda *numbers: float(sum(numbers)), [1.5, 2.5]),
    "keywords": (lambda x, *more, k=2: x * k, [np.arange(4.0)]),
    "built in": (max, [3, 5]),
    "made by eval": (eval("lambda x: x + 1"), [2.0]),
}


@pytest.mark.parametrize("name", OF_A_TEACHER)
@pytest.mark.parametrize("answer", [0, "x", None, [1], np.ones((2, 2))], ids=repr)
def test_an_exercise_of_a_teacher_can_be_judged_whatever_its_solution_is(name, answer):
    solution, args = OF_A_TEACHER[name]
    one = Exercise(
        name="own", title="Own", chapter="-", points=1, minutes=1, solution=solution,
        cases=lambda: [Case("a", tuple(args)), Case("b", tuple(args))], section="-",
    )  # fmt: skip
    report = one.judge(one.run(lambda *given: answer))
    assert report.fraction == 0
    assert report.diagnosis
