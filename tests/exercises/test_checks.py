"""The exercises: their engine, their checks, and how they stand in the chapters."""

import ast
import contextlib
import inspect
import io
import pkgutil
import re
import subprocess
import sys
import threading
import time
import warnings
import weakref
from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.tools import notebooks
from exercises import checks
from exercises.box import runner
from exercises.box.runner import Odd, plain, run_case, same
from exercises.checks.compare import agree, problem, short
from exercises.checks.diagnosis import failure
from exercises.checks.engine import Case, Exercise, Outcome, Wrong, altered
from exercises.checks.topic import Topic
from rnn_lib.network import VanillaRNN

EXERCISES = list(checks.EXERCISES.values())
WRONG = [(one, wrong) for one in EXERCISES for wrong in one.wrong]
PATHS = {path.stem: path for path in notebooks.chapters()}


def double(x):
    """Return twice the array `x`; the solution of the exercise below."""
    return 2 * x


def tripled(x):
    return 3 * x


def in_place(x):
    x *= 2
    return x


def example(**changes) -> Exercise:
    """Return a small exercise."""
    settings = {
        "name": "double",
        "title": "Twice",
        "chapter": "none",
        "points": 2,
        "minutes": 1,
        "solution": double,
        "cases": lambda: [
            Case("one", (np.array([1.0]),)),
            Case("a row", (np.array([1.0, -2.0, 3.0]),), True),
            Case("not square", (np.arange(6.0).reshape(2, 3),)),
        ],
        "wrong": (Wrong("three", tripled, "3 is taken for 2", "Another"),),
        "forbidden": (),
        "section": "A section",
        "seconds": 0.3,
    }
    return Exercise(**(settings | changes))


# Every exercise


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_the_solution_gets_full_marks(exercise):
    report = exercise(exercise.solution)
    assert report.fraction == 1, report
    assert report.diagnosis is None
    assert "✗" not in repr(report)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_the_stub_gets_nothing(exercise):
    def stub(*args):
        raise NotImplementedError

    report = exercise(stub)
    assert report.fraction == 0
    assert "not written yet" in report.diagnosis
    assert exercise(lambda *args: None).fraction == 0


@pytest.mark.parametrize(
    ("exercise", "wrong"), WRONG, ids=lambda one: re.sub(r"\W+", "-", one.name)
)
def test_a_listed_wrong_answer_is_rejected_and_named(exercise, wrong):
    report = exercise(wrong.function)
    assert report.fraction < 1
    assert report.wrong == wrong.name, report
    assert wrong.message in report.diagnosis
    outcomes = exercise.run(wrong.function)
    assert not all(one.error for one in outcomes), "any error would match it"


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_what_gives_an_exercise_away_exists(exercise):
    for name in exercise.forbidden:
        package, *rest = name.split(".")
        assert package == "rnn_lib"
        pkgutil.resolve_name(f"rnn_lib.{'.'.join(rest)}")


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_arguments_are_not_prepared_where_the_answers_are(exercise):
    """A grader's worker has no `exercises.checks`."""
    assert not exercise.prepare.startswith("exercises.checks")


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_an_exercise_is_complete(exercise):
    assert len(exercise.wrong) >= 2
    assert len(exercise.all_cases) >= 3
    assert any(case.read_only for case in exercise.all_cases)
    assert f"exercises.checks.{exercise.name}" not in sys.modules
    names = [wrong.name for wrong in exercise.wrong]
    assert len(set(names)) == len(names)
    for wrong in exercise.wrong:
        assert not wrong.message.endswith(".")
        parameters = [inspect.signature(f).parameters for f in (wrong.function,)]
        assert list(parameters[0]) == list(
            inspect.signature(exercise.solution).parameters
        )
    for case in exercise.all_cases:
        assert same(plain(case.args), case.args), "the arguments are plain data"
    for outcome in exercise.expected:
        assert not outcome.error
        assert not outcome.changed
        assert not outcome.timed_out
        assert type(outcome.value) is not Odd


# The modules

FOLDER = Path(checks.__file__).parents[1]
BOX_NAME = "exercises.box"
BOX = sorted(FOLDER.glob("box/*.py"))
FILES = [*sorted(FOLDER.glob("checks/*.py")), *BOX]
ENGINE = {"__init__", "compare", "diagnosis", "engine", "errors", "runner", "topic"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_module_of_checks_can_be_read(path):
    """A topic is a list of small answers and may be long; the engine may not."""
    text = path.read_text("utf-8")
    if path.stem in ENGINE:
        assert len(text.splitlines()) <= 350
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            doc = node.body[0] if ast.get_docstring(node) else None
            lines = node.end_lineno - node.lineno + 1
            lines -= doc.end_lineno - doc.lineno + 1 if doc else 0
            assert lines <= 40, node.name
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name[0] != "_":
            assert ast.get_docstring(node), node.name


@pytest.mark.parametrize("path", BOX, ids=lambda path: path.stem)
def test_the_box_needs_nothing_that_knows_an_answer(path):
    """A grader copies it into a place where, of the course, `rnn_lib` is all."""
    modules = re.findall(r"^ *(?:from|import) ([\w.]+)", path.read_text("utf-8"), re.M)
    assert not [
        m for m in modules if m.startswith("exercises") and not m.startswith(BOX_NAME)
    ]
    others = {m.split(".")[0] for m in modules} - sys.stdlib_module_names
    ours = {"rnn_lib"} if path.stem == "arguments" else set()
    assert others <= {"exercises", "numpy", *ours}


# In the chapters


def cell_with(notebook, pattern: str, kind: str = "code") -> list[int]:
    """Return the positions of the cells in which `pattern` is found."""
    return [
        i
        for i, cell in enumerate(notebook.cells)
        if cell.cell_type == kind and re.search(pattern, cell.source, re.M)
    ]


def function_of(source: str, name: str) -> ast.FunctionDef:
    """Return the definition of function `name` in `source`."""
    found = [n for n in ast.parse(source).body if getattr(n, "name", "") == name]
    assert len(found) == 1
    return found[0]


def headings(notebook) -> set[str]:
    """Return all headings of a chapter."""
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    return set(re.findall(r"^#+ (.*)$", text, re.M))


def parts(exercise) -> tuple:
    """Return the chapter and the positions of question, stub, solution and check."""
    notebook = notebooks.read(PATHS[exercise.chapter])
    label = "ex-" + exercise.name.replace("_", "-")
    question = cell_with(notebook, rf"^:label: {label}$", "markdown")
    definitions = cell_with(notebook, rf"^def {exercise.name}\(")
    check = cell_with(notebook, rf"^checks\.{exercise.name}\({exercise.name}\)$")
    assert [len(question), len(definitions), len(check)] == [1, 2, 1]
    stub, solution = definitions
    assert question[0] < stub < solution < check[0]
    return notebook, question[0], stub, solution, check[0]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_the_four_parts_stand_in_the_chapter(exercise):
    notebook, question, stub, solution, check = parts(exercise)
    cells = notebook.cells
    text = cells[question].source
    points = "1 point" if exercise.points == 1 else f"{exercise.points} points"
    assert f"{{exercise}} {exercise.title}\n" in text
    assert f"**{points}, {exercise.minutes} minutes.**" in text
    assert f"`{exercise.name}`" in text
    assert "{dropdown} Hint" in text
    assert "solution" not in cells[stub].metadata.get("tags", [])
    assert set(cells[solution].metadata.tags) == {"solution", "hide-input"}
    settings = cells[solution].metadata.mystnb
    assert settings.code_prompt_show == "Show a solution"
    assert settings.code_prompt_hide == "Hide the solution"
    assert "tags" not in cells[check].metadata

    written = function_of(cells[stub].source, exercise.name)
    assert ast.unparse(written.body[-1]) == "raise NotImplementedError"
    assert ast.get_docstring(written)
    expected = list(inspect.signature(exercise.solution).parameters)
    for cell in (cells[stub], cells[solution]):
        arguments = function_of(cell.source, exercise.name).args
        assert [arg.arg for arg in arguments.args] == expected


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_the_stored_check_is_the_report_of_the_solution(exercise):
    notebook, *_, check = parts(exercise)
    report = exercise(exercise.solution)
    data = notebook.cells[check].outputs[0].data
    assert data["text/plain"] == repr(report)
    assert data["text/html"] == report._repr_html_()


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_the_sections_it_names_are_headings_of_its_chapter(exercise):
    known = headings(notebooks.read(PATHS[exercise.chapter]))
    named = {exercise.section} | {w.section for w in exercise.wrong if w.section}
    assert named <= known


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_no_later_cell_uses_the_readers_function(exercise):
    notebook, _, stub, solution, check = parts(exercise)
    for i, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and i not in (stub, solution, check):
            source = "\n".join(
                line for line in cell.source.splitlines() if line[:1] not in "%!"
            )
            names = {getattr(n, "id", "") for n in ast.walk(ast.parse(source))}
            assert exercise.name not in names, f"cell {i + 1}"


@pytest.mark.parametrize(
    "question", checks.QUESTIONS.values(), ids=lambda one: one.name
)
def test_an_exercise_in_words_has_its_place_and_a_model_answer(question):
    notebook = notebooks.read(PATHS[question.chapter])
    label = "ex-" + question.name.replace("_", "-")
    asked = cell_with(notebook, rf"^:label: {label}$", "markdown")
    marker = rf"^\*\*Your answer \({label}\)\*\*"
    answer = cell_with(notebook, marker, "markdown")
    assert [len(asked), len(answer)] == [1, 1]
    assert asked[0] + 1 == answer[0]
    text = notebook.cells[asked[0]].source
    points = "1 point" if question.points == 1 else f"{question.points} points"
    assert f"{{exercise}} {question.title}\n" in text
    assert f"**{points}, {question.minutes} minutes, in words.**" in text
    model = notebook.cells[answer[0] + 1]
    assert model.metadata.tags == ["solution"]
    assert "{dropdown} A model answer" in model.source


def test_every_exercise_of_a_chapter_is_registered():
    for path in PATHS.values():
        notebook = notebooks.read(path)
        text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
        found = re.findall(r"^:label: ex-(\S+)$", text, re.M)
        known = checks.of_chapter(path.stem) + checks.questions_of(path.stem)
        assert sorted(n.replace("-", "_") for n in found) == sorted(
            one.name for one in known
        )


@pytest.mark.parametrize("chapter", sorted({one.chapter for one in EXERCISES}))
def test_a_chapter_says_how_long_its_exercises_take(chapter):
    known = checks.of_chapter(chapter) + checks.questions_of(chapter)
    assert 4 <= len(checks.of_chapter(chapter))
    assert checks.questions_of(chapter)
    assert len(known) <= 7
    text = notebooks.read(PATHS[chapter]).cells[0].source
    minutes = sum(one.minutes for one in known)
    assert re.search(rf"\*\*Time.*, and {minutes} for the exercises\.", text)


@pytest.fixture
def figures_closed():
    """Close the figures that a test has drawn."""
    yield
    plt.close("all")


@pytest.mark.usefixtures("figures_closed")
def test_an_unsolved_chapter_runs_from_top_to_bottom():
    """The code cells of chapter 1 without solutions."""
    notebook = notebooks.read(PATHS["01_one_hot"])
    space = {"__name__": "__main__"}
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "code" and "solution" not in tags:
            code, last = cell.source, ast.parse(cell.source).body[-1]
            if isinstance(last, ast.Expr) and "checks." in ast.unparse(last):
                code = f"report = {cell.source}"
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(code, "cell", "exec"), space)
            if "report" in space:
                assert space.pop("report").fraction == 0


def test_the_first_array_of_the_way_back_that_is_off_is_named():
    def way_back(parameters, x, targets, initial_state, states, logits):
        arrays = (parameters, x, targets, initial_state, states, logits)
        found = checks.way_back.solution(*arrays)
        return found | {name: found[name] / 2 for name in ("dz_0", "dh_first", "dW")}

    report = checks.way_back(way_back)
    assert report.wrong is None
    assert all("the first that is off is 'dz_0': " in text for _, text in report.lines)


def test_the_way_back_ends_in_the_gradients_of_the_package():
    for case in checks.way_back.all_cases:
        parameters, x, targets, initial_state, states, logits = case.args
        network = VanillaRNN(x.shape[-1], states.shape[-1])
        network.set_parameters(parameters)
        network.loss(x, targets, initial_state)
        np.testing.assert_allclose(network.logits, logits, rtol=1e-12)
        found = checks.way_back.solution(*case.args)
        for name, gradient in network.backward().items():
            np.testing.assert_allclose(found[f"d{name}"], gradient, rtol=1e-9)
        first = network.hidden_layer.d_initial_state
        np.testing.assert_allclose(found["dh_first"], first, rtol=1e-9)


# The engine


def test_the_names_of_the_checks():
    assert checks.decode_one_hot is checks.EXERCISES["decode_one_hot"]
    assert "decode_one_hot" in dir(checks)
    with pytest.raises(AttributeError, match="there is no check named nothing"):
        checks.nothing  # noqa: B018
    names = [one.name for topic in checks.TOPICS for one in topic.exercises]
    assert len(set(names)) == len(names)
    assert not set(checks.EXERCISES) & set(checks.QUESTIONS)


def test_importing_the_package_does_not_import_the_checks():
    code = "import sys, rnn_lib; print('exercises.checks' in sys.modules)"
    code += "; from exercises import checks; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "False\nFalse\n"


def test_a_report_reads_well():
    assert repr(example()(double)).splitlines() == [
        "Exercise double: Twice",
        "✓ passed  one",
        "✓ passed  a row",
        "✓ passed  not square",
        "All 3 checks passed.",
    ]
    assert repr(example()(tripled)).splitlines() == [
        "Exercise double: Twice",
        "✗ failed  one: expected [2.], got [3.]",
        "✗ failed  a row: expected [ 2., -4., 6.], got [ 3., -6., 9.]",
        "✗ failed  not square: expected [[ 0., 2., 4.], [ 6., 8., 10.]], "
        "got [[ 0., 3., 6.], [ 9., 12., 15.]]",
        "This is what you get when 3 is taken for 2. See the section “Another”.",
        "0 of 3 checks passed.",
    ]
    page = example()(tripled)._repr_html_()
    assert page.count("✗ failed") == 3
    assert "background:#b3261e" in page


class Hostile:
    """Claims to be whatever one likes."""

    __array_priority__ = 1e9

    def __eq__(self, other):
        return True

    __hash__ = None

    def __array__(self, *args, **kwargs):
        raise SystemExit

    def __str__(self):
        raise KeyboardInterrupt

    __repr__ = __str__

    @property
    def __class__(self):
        return np.ndarray


class Sub(np.ndarray):
    """An array that equals everything."""

    def __eq__(self, other):
        return np.ones(self.shape, bool)

    __hash__ = None


class Loud(Exception):
    def __str__(self):
        raise ValueError("no text")


def raising(error):
    def function(x):
        raise error

    return function


def flood(x):
    while True:
        print("x" * 10_000)


def stubborn(x):
    while True:
        try:
            while True:
                pass
        except Exception:
            pass


def nested(x):
    out = []
    out.append(out)
    return out


def recursive(x):
    return recursive(x)


def warning(x):
    warnings.warn("careful", stacklevel=1)
    return np.log(-x)


BROAD = [
    (lambda x: None, "return statement missing"),
    (lambda x: Hostile(), "not a number or an array"),
    (lambda x: (2 * x).view(Sub), "not a number or an array"),
    (lambda x: np.full(1, None), "not a number or an array"),
    (nested, "got a list of 1"),
    (lambda x: 10**400, "a very large number"),
    (lambda x: [[0] * 9_999] * 9_999, "got a list of 9999"),
    (lambda x: 1j * x, "an array of type complex128"),
    (lambda x: {"a" * 500: 1}, "keys are not strings"),
    (raising(ValueError("one\n\x1b[31mtwo")), "raised ValueError: one ?[31mtwo"),
    (lambda x: x * np.nan, "NaN"),
    (lambda x: (2 * x)[np.newaxis], "expected shape (1,), got (1, 1)"),
    (lambda x: (2 * x).astype(int), "an array of floats, got one of whole numbers"),
    (lambda x: (2 * x).astype(np.float32), "expected float64, got float32"),
    (lambda x: (2 * x).tolist(), "got a list of 1"),
    (lambda x: "2", "got a string"),
    (lambda x: x + 5, "double(x=[1.]): expected [2.], got [6.]"),
    (lambda x: x @ np.ones((5, 5)), "one of them may need a transpose"),
    (lambda: 2, "raised TypeError"),
    (in_place, "changes an array"),
    (raising(SystemExit(0)), "raised SystemExit: 0"),
    (raising(KeyboardInterrupt()), "raised KeyboardInterrupt"),
    (raising(GeneratorExit()), "raised GeneratorExit"),
    (raising(Loud()), "raised Loud"),
    (raising(NotImplementedError()), "not written yet"),
    (recursive, "raised RecursionError"),
    (warning, "NaN"),
    (flood, "endless loop"),
    (stubborn, "endless loop"),
    (3, "raised TypeError"),
    (None, "raised TypeError"),
]


@pytest.mark.parametrize(("function", "text"), BROAD)
def test_any_function_is_judged_and_nothing_escapes(function, text, capfd):
    report = example()(function)
    assert report.fraction < 1
    assert text in f"{report.diagnosis} {report.lines}"
    assert report._repr_html_()
    assert capfd.readouterr() == ("", "")


def test_an_endless_loop_costs_one_time_limit():
    outcomes = example().run(flood)
    assert [one.timed_out for one in outcomes] == [True, False, False]
    assert [one.skipped for one in outcomes] == [False, True, True]


def test_only_time_of_the_processor_counts():
    """A busy machine gives a function little of it, as if it slept."""
    quick = example(solution=lambda x: (time.sleep(0.4), 2 * x)[1])
    assert not any(one.timed_out for one in quick.run(quick.solution))


def test_a_function_that_only_waits_is_stopped_by_the_clock():
    outcomes = example(seconds=0.05).run(lambda x: time.sleep(10_000))
    assert outcomes[0].timed_out


def test_a_huge_answer_is_not_walked_to_its_end(monkeypatch):
    seen, really = [], runner._plain
    monkeypatch.setattr(runner, "_plain", lambda *a: seen.append(0) or really(*a))
    inner: list = [0] * 9_999
    for _ in range(10):
        inner = [inner] * 9_999
    plain(inner)
    assert len(seen) <= runner.MAX_DEPTH * runner.MAX_ITEMS


def test_outside_the_main_thread_there_is_no_limit_and_no_error():
    reports = []
    thread = threading.Thread(target=lambda: reports.append(example()(double)))
    thread.start()
    thread.join()
    assert reports[0].fraction == 1


def test_arguments_are_copies_and_changes_are_seen():
    array = np.array([1.0, 2.0])
    outcome = run_case(in_place, Case("x", (array,)))
    assert outcome.changed == (0,)
    assert array.tolist() == [1, 2]
    outcome = run_case(in_place, Case("x", (array,), read_only=True))
    assert (outcome.error, outcome.changed) == ("ValueError", ())


def test_what_is_judged_is_data():
    right = [Outcome(2 * case.args[0]) for case in example().all_cases]
    assert example().judge(right).fraction == 1
    right[1] = Outcome(right[1].value + 1e-6)
    report = example().judge(right)
    assert [ok for ok, _ in report.lines] == [True, False, True]
    assert report.fraction == pytest.approx(2 / 3)


def test_the_same_answer_to_everything_gets_nothing():
    report = example()(lambda x: np.array([2.0]))
    assert [ok for ok, _ in report.lines] == [True, False, False]
    assert report.fraction == 0


def test_a_topic_collects_its_exercises_and_they_their_wrong_answers():
    topic = Topic("a_chapter")
    settings = {"points": 2, "minutes": 1, "section": "A section"}

    @topic.exercise(title="Twice", cases=example().cases, **settings)
    def twice(x):
        return 2 * x

    topic.question("why", "Why twice", points=1, minutes=4)
    assert topic.exercises == [twice]
    assert (twice.name, twice.chapter, twice.forbidden) == ("twice", "a_chapter", ())
    assert twice.solution(3) == 6
    (question,) = topic.questions
    assert (question.name, question.chapter) == ("why", "a_chapter")

    twice.wrong_answer("three", "3 is taken for 2", tripled, section="Another")
    assert twice(tripled).wrong == "three"
    assert twice(in_place).wrong is None

    @twice.wrong_answer("in place", "the array itself is doubled")
    def kept(x):
        return in_place(x)

    assert twice(in_place).wrong == "in place", "also after a check"
    assert kept(1) == 2
    three, other = twice.wrong
    assert three == Wrong("three", tripled, "3 is taken for 2", "Another")
    assert (other.function, other.section) == (kept, "")


def test_an_altered_function_changes_arguments_and_results():
    def minus(x, by=1):
        return x - by

    assert altered(minus, by=lambda by: 10 * by)(5, 2) == -15
    assert altered(minus, abs)(5, 7) == 2
    assert altered(minus, abs, x=lambda x: 0)(5, 7) == 7
    assert list(inspect.signature(altered(minus, abs)).parameters) == ["x", "by"]


def shifted(x, by):
    """Return real arguments for the test below."""
    return (lambda: x + by,)


def test_arguments_that_are_not_data_are_prepared():
    exercise = example(
        solution=lambda f: f() * 2,
        cases=lambda: [Case("f", (np.ones(2), 1.0))],
        prepare=f"{__name__}:shifted",
        wrong=(),
    )
    assert exercise.expected[0].value.tolist() == [4, 4]
    assert exercise(lambda f: f() + f()).fraction == 1
    assert exercise(lambda f: f()).fraction == 0


@pytest.mark.parametrize(
    ("expected", "given", "kind"),
    [
        (1.0, 1, None),
        (1.0, np.array(1.0), None),
        (1.0, True, "type"),
        (1.0, 2**999, "value"),
        (1.0, np.array([1.0]), "type"),
        (1.0, float("nan"), "nan"),
        (float("inf"), float("inf"), None),
        (1.0, float("inf"), "value"),
        (2, 2, None),
        (2, 2.0, "type"),
        (True, True, None),
        (True, 1, "type"),
        (True, False, "value"),
        ("a", "a", None),
        ("a", "b", "value"),
        ((1.0, 2.0), [1.0, 2.0], None),
        ((1.0, 2.0), (1.0,), "length"),
        ((1.0, 2.0), (1.0, 3.0), "value"),
        ((1.0,), 1.0, "type"),
        ({"a": 1.0}, {"a": 1.0}, None),
        ({"a": 1.0}, {"a": float("nan")}, "nan"),
        ({"a": 1.0}, {"b": 1.0}, "keys"),
        ({"a": 1.0}, {"a": 1.0, "b": 2}, "keys"),
        ({"a": 1.0}, {"a": 2.0}, "value"),
        ({"a": 1.0}, [1.0], "type"),
        (np.array([1, 2]), np.array([1, 3]), "value"),
        (np.array([1, 2]), np.array([1, 2], np.int32), None),
        (np.arange(20.0), np.arange(20.0) + 1, "value"),
        (np.array([True]), np.array([1]), "dtype"),
    ],
)
def test_values_are_compared_by_exact_type(expected, given, kind):
    found = problem(expected, given, 1e-7)
    assert (found and found[0]) == kind
    assert agree(expected, given, 1e-7) == (kind is None)


def test_mistakes_with_nan_in_the_same_places_agree():
    nan = float("nan")
    known = {"a": nan, "b": [np.array([nan, 1.0])]}
    assert agree(known, {"a": nan, "b": (np.array([nan, 1.0]),)}, 1e-7)
    assert not agree(known, {"a": nan, "b": [np.array([1.0, nan])]}, 1e-7)
    assert not agree(known, {"a": 1.0, "b": [np.array([nan, 1.0])]}, 1e-7)


def test_the_alarm_is_not_lost_while_python_takes_an_object_away(monkeypatch):
    monkeypatch.setattr(runner, "_ringing", [runner._Watch(0)])
    kept = SimpleNamespace(f_code=weakref.finalize.__call__.__code__)
    runner._ring(14, kept)
    with pytest.raises(runner.TimeUp):
        runner._ring(14, inspect.currentframe())


def test_long_values_are_shortened():
    assert len(short(list(range(1000)))) == 160
    assert short(np.zeros((3, 5))).endswith("of shape (3, 5)")


@pytest.mark.parametrize(
    ("expected", "given", "message"),
    [
        (None, np.array(3), "expected None, got a whole number"),
        ("a", np.array(True), "expected a string, got True or False"),
        (None, {"a": 1}, "expected None, got a dict"),
        ({"a": 1}, 1 + 2j, "expected a dict, got an object of type complex"),
    ],
)
def test_what_is_no_number_is_compared_by_its_type(expected, given, message):
    assert problem(expected, plain(given), 1e-7) == ("type", message)


def test_short_texts_of_dicts_and_odd_things():
    assert short({"a": 1.5, "b": [True]}) == "{'a': 1.5, 'b': [True]}"
    assert short(plain(object())) == "an object of type object"


def test_what_did_not_run_is_said_first():
    fine = Outcome(value=1)
    for outcome, kind in (
        (Outcome(skipped=True), "skipped"),
        (Outcome(timed_out=True), "time"),
        (Outcome(error="NotImplementedError"), "unwritten"),
        (Outcome(error="KeyError", message="x"), "error"),
    ):
        assert failure(fine, outcome, 1e-7)[0] == kind
    raised = Outcome(error="ValueError", message="one text")
    assert failure(raised, Outcome(error="ValueError", message="other"), 1e-7) is None
    assert failure(raised, fine, 1e-7)[0] == "no error"
