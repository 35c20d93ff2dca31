"""From the release to the grades, with good hand-ins and with hostile ones."""

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from book.tools import notebooks
from exercises import checks
from exercises.__main__ import main
from exercises.grading import grade, sandbox, submissions, tables
from tests import hand_ins
from tests.grading.boxed import box_or_skip

pytestmark = pytest.mark.grader
EXERCISES = checks.of_chapter(hand_ins.CHAPTER.stem)
OTHERS = [one.name for one in EXERCISES if one.name != hand_ins.VICTIM]
CHAPTERS = [path for path in notebooks.chapters() if checks.of_chapter(path.stem)]
POINTS = {one.name: one.points for one in EXERCISES}
HIDDEN = f"""
# {hand_ins.SECRET}
from exercises.checks import Case, Exercise

EXERCISES = [
    Exercise(
        name="count_pairs", title="{hand_ins.SECRET}", chapter="-", points=5, minutes=1,
        solution=lambda *a: "{hand_ins.SECRET}", wrong=(), forbidden=(), section="-",
        cases=lambda: [Case("{hand_ins.SECRET}", (["AB"], ["BC"], "ABC"))],
    )
]
"""
ODD_NAMES = ("=1+1", "Zoë O'Neil & <b>co", "..%2F..%2Fetc")


@pytest.fixture(scope="module")
def boxed():
    """Skip where there is no sandbox."""
    box_or_skip().close()


def hand_in(folder, places: str) -> None:
    """Write all hand-ins of the end-to-end run."""
    solved = hand_ins.solved()
    kinds = {
        "good": solved,
        "unsolved": hand_ins.unsolved(),
        "stripped": hand_ins.stripped(solved),
        "nochecks": hand_ins.without(solved, "checks."),
        "deleted": hand_ins.without(solved, f"def {hand_ins.VICTIM}("),
        "syntax": hand_ins.attack("return (("),
        "broken": hand_ins.attack("return ''", before="@nothing_of_this_name"),
        "flooded": hand_ins.flooded(solved),
        "copied": hand_ins.with_cell(solved, hand_ins.source_of(hand_ins.VICTIM), at=4),
        "stublast": hand_ins.with_cell(
            solved, f"def {hand_ins.VICTIM}(a, b):\n    raise NotImplementedError"
        ),
        "numpy": hand_ins.with_cell(
            solved,
            "import numpy as np\nnp.array_equal = np.allclose = lambda *a: True",
            0,
        ),
        "tampered": hand_ins.with_cell(
            solved, "from exercises import checks\nchecks.EXERCISES.clear()\nexit()", 0
        ),
        "prints": hand_ins.attack("for _ in range(10**6):\n    print('x' * 100)"),
        "look": hand_ins.attack(hand_ins.LOOK.format(places=places)),
        "manycells": hand_ins.with_cell(solved, "(" * 100_000, 3),
    }
    kinds["kernel"] = hand_ins.solved()
    kinds["kernel"]["metadata"] = {"kernelspec": {"name": "no-such-kernel"}}
    attacks = hand_ins.ATTACKS.items()
    kinds |= {name: hand_ins.attack(body) for name, (body, _) in attacks}
    kinds |= dict.fromkeys(ODD_NAMES, solved)
    unusual = hand_ins.UNUSUAL.items()
    kinds |= {name: hand_ins.solved({hand_ins.VICTIM: s}) for name, s in unusual}
    kinds["weird"] = hand_ins.stripped(hand_ins.solved())
    kinds["weird"]["cells"] += [5, {"cell_type": ["x"], "source": {"a": 1}}]
    for name, notebook in kinds.items():
        hand_ins.write(folder / f"{name}.ipynb", notebook)
    hand_ins.write(folder / "renamed (2).txt", solved)
    hand_ins.write(folder / "twice" / "hw-9.ipynb", hand_ins.unsolved())
    hand_ins.write(folder / "twice" / "hw-10.ipynb", solved)
    for name, when in (("hw-9", 1), ("hw-10", 2)):
        os.utime(folder / "twice" / f"{name}.ipynb", (when, when))
    (folder / "notjson.ipynb").write_bytes(b"\x00\xff{{{")
    (folder / "nocells.ipynb").write_text('{"cells": 7}')
    with zipfile.ZipFile(folder / "essay.docx", "w") as archive:
        archive.writestr("word/document.xml", "<p/>")
    (folder / "nested.ipynb").write_text("[" * 200_000)
    (folder / "link.ipynb").symlink_to("/etc/passwd")


def gradebooks(root) -> None:
    """Write the tables that Moodle and Canvas would export."""
    names = [one.name for one in submissions.find(root / "in")]
    canvas = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Ch (1)"]]
    canvas += [[name, *[""] * 5] for name in names]
    moodle = [["Identifier", "Full name", "Grade", "Last modified (grade)"]]
    moodle += [[f"Participant {i}", name, "", "-"] for i, name in enumerate(names)]
    for name, table in (("canvas.csv", canvas), ("moodle.csv", moodle)):
        with (root / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(table)


@pytest.fixture(scope="module")
def run(boxed, tmp_path_factory):
    """Grade everything once; return the folder with the results."""
    root = tmp_path_factory.mktemp("course")
    (root / "hidden.py").write_text(HIDDEN, "utf-8")
    places = f"{str(root / 'hidden.py')!r}, {str(root / 'in')!r}, {str(root)!r}"
    hand_in(root / "in", places + f", {str(hand_ins.CHAPTER)!r}")
    gradebooks(root)
    problems = grade.grade(
        root / "in",
        hand_ins.CHAPTER,
        root / "out",
        hidden=root / "hidden.py",
        seconds=3,
        canvas=root / "canvas.csv",
        moodle=root / "moodle.csv",
    )
    assert problems == []
    return root


def rows(path) -> dict[str, dict]:
    """Return the rows of a table by student."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {row["student"]: row for row in csv.DictReader(stream)}


@pytest.fixture(scope="module")
def grades(run):
    return rows(run / "out" / "grades.csv")


def points_of_others(row: dict) -> bool:
    """Tell whether every exercise but the victim has full marks."""
    return all(float(row[name] or -1) == POINTS[name] for name in OTHERS)


GOOD = "good stripped nochecks flooded copied stublast numpy tampered kernel"
MORE = ("weird", "renamed (2)", "Zoë O'Neil & <b>co")
GOOD += " twice manycells '=1+1 ..%2F..%2Fetc"


@pytest.mark.parametrize("name", [*GOOD.split(), *hand_ins.UNUSUAL, *MORE])
def test_good_work_gets_its_points(name, grades):
    row = grades[name]
    assert points_of_others(row)
    assert float(row[hand_ins.VICTIM]) == POINTS[hand_ins.VICTIM]


def test_the_release_scores_zero(grades):
    row = grades["unsolved"]
    assert [row[name] for name in POINTS] == ["0"] * len(POINTS)
    assert row[hand_ins.QUESTION] == "0"
    assert row["total"] == "0"


@pytest.mark.parametrize("name", [*hand_ins.ATTACKS, "prints"])
def test_an_attack_costs_one_exercise(name, grades):
    row = grades[name]
    assert points_of_others(row), row["status"]
    assert row[hand_ins.VICTIM] == "0"
    page_status = hand_ins.ATTACKS.get(name, ("", ""))[1]
    if "of" not in page_status.split():
        assert page_status in row["status"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("deleted", "function not found"),
        ("syntax", "its cell is not Python: line"),
        ("broken", "its cell cannot be run: NameError"),
    ],
)
def test_what_cannot_be_graded_is_blank(name, reason, grades):
    assert grades[name][hand_ins.VICTIM] == ""
    assert points_of_others(grades[name])
    assert reason in grades[name]["status"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("notjson", "not JSON"),
        ("nocells", "no cells"),
        ("essay", "not JSON"),
        ("nested", "not JSON"),
    ],
)
def test_an_unreadable_hand_in_is_blank(name, reason, grades):
    row = grades[name]
    assert row["total"] == ""
    assert all(row[one] == "" for one in POINTS)
    assert reason in row["status"]


def test_links_are_not_followed(grades):
    assert "links are not followed" in grades["link"]["status"]


def test_a_submission_sees_no_file_of_the_grader(run, grades):
    assert points_of_others(grades["look"])
    page = next((run / "out" / "feedback").glob("look-*.html")).read_text("utf-8")
    assert "found: []" in page


def test_hidden_checks_are_counted_and_never_shown(run, grades):
    assert "count_pairs (hidden)" in grades["good"]
    for path in (run / "out" / "feedback").glob("*.html"):
        text = path.read_text("utf-8")
        assert hand_ins.SECRET not in text
    text = next((run / "out" / "feedback").glob("good-*.html")).read_text("utf-8")
    assert "Hidden checks of count_pairs: 0 of 5 points" in text


def test_the_maximum_counts_words_and_hidden_checks(grades):
    question = checks.questions_of(hand_ins.CHAPTER.stem)[0]
    expected = sum(POINTS.values()) + question.points + 5
    assert float(grades["good"]["maximum"]) == expected


def test_feedback_is_one_harmless_file_with_the_diagnosis(run):
    pages = list((run / "out" / "feedback").glob("*.html"))
    assert len(pages) == len(rows(run / "out" / "grades.csv"))
    for path in pages:
        text = path.read_text("utf-8")
        assert "<b>co" not in text
        assert "<script" not in text
        assert "http" not in text.replace('http-equiv="Content-Security-Policy"', "")
    text = next(p for p in pages if p.name.startswith("endless")).read_text("utf-8")
    assert "endless loop" in text


def test_gradebooks_list_every_student(run, grades):
    for name, column in (("canvas.csv", "Student"), ("moodle.csv", "Full name")):
        with (run / "out" / name).open(encoding="utf-8-sig", newline="") as stream:
            students = [row[column] for row in csv.DictReader(stream)]
        assert set(grades) <= set(students)


def test_words_are_read_and_merged_by_a_second_run(run, monkeypatch):
    """The second run resumes: nothing is run again."""
    path = run / "out" / "to-read.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.reader(stream))
    place = {name: i for i, name in enumerate(table[0])}
    for row in table[1:]:
        student = row[place["student"]]
        if student == "good":
            assert row[place["answer"]] == hand_ins.WORDS
            row[place["points"]] = "2,5"
        if student == "kernel":
            row[place["points"]] = "99"
        if student == "copied":
            row[place["points"]], row[place["answer"]] = "1", "another answer"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(table)
    before = rows(run / "out" / "grades.csv")

    monkeypatch.setattr(grade, "grade_one", None)
    problems = grade.grade(
        run / "in",
        hand_ins.CHAPTER,
        run / "out",
        hidden=run / "hidden.py",
        resume=True,
        seconds=3,
    )
    assert sorted(p.split(",")[0] for p in problems) == ["copied", "kernel"]
    after = rows(run / "out" / "grades.csv")
    assert after["good"][hand_ins.QUESTION] == "2.5"
    assert after["kernel"][hand_ins.QUESTION] == ""
    assert float(after["good"]["total"]) == float(before["good"]["total"]) + 2.5


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_solutions_get_all_points_and_the_release_none(chapter, boxed, tmp_path):
    hand_ins.write(tmp_path / "in" / "none.ipynb", hand_ins.unsolved(chapter))
    full = hand_ins.solved(chapter=chapter)
    hand_ins.write(tmp_path / "in" / "full.ipynb", full)
    out = tmp_path / "out"
    assert main(["grade", str(tmp_path / "in"), str(chapter), "--out", str(out)]) == 0
    table = rows(out / "grades.csv")
    exercises = checks.of_chapter(chapter.stem)
    words = checks.questions_of(chapter.stem)
    for one in exercises:
        assert float(table["full"][one.name]) == one.points, table["full"]["status"]
        assert float(table["none"][one.name]) == 0
    assert all(table["full"][one.name] == "" for one in words)
    code = sum(one.points for one in exercises)
    assert float(table["full"]["total"]) == code
    assert table["none"]["total"] == "0"
    assert float(table["full"]["maximum"]) == code + sum(one.points for one in words)


def test_thirty_ordinary_hand_ins_are_all_graded(boxed, tmp_path):
    notebook = hand_ins.solved()
    for number in range(30):
        hand_ins.write(tmp_path / "in" / f"student{number:02d}.ipynb", notebook)
    grade.grade(tmp_path / "in", hand_ins.CHAPTER, tmp_path / "out")
    full = {row["total"] for row in rows(tmp_path / "out" / "grades.csv").values()}
    assert full == {tables.number(sum(POINTS.values()))}


@pytest.mark.parametrize("chapter", [1, 7])
def test_a_worker_loads_only_what_an_exercise_can_need(chapter, boxed, tmp_path):
    """PyTorch and matplotlib take longer to import than most answers to run."""
    path = CHAPTERS[chapter - 1]
    name = checks.of_chapter(path.stem)[0].name
    heavy = "[m for m in ('to' 'rch', 'matplotlib', 'rnn_lib') if m in sys.modules]"
    source = f"import sys\ndef {name}(*args):\n    raise ValueError({heavy})"
    hand_ins.write(tmp_path / "in" / "a.ipynb", hand_ins.solved({name: source}, path))
    grade.grade(tmp_path / "in", path, tmp_path / "out")
    page = next((tmp_path / "out" / "feedback").glob("a-*.html")).read_text("utf-8")
    assert "raised ValueError: []" in page


def test_resume_grades_only_what_is_missing(boxed, tmp_path, monkeypatch):
    for name in ("a", "b"):
        hand_ins.write(tmp_path / "in" / f"{name}.ipynb", hand_ins.unsolved())
    grade.grade(tmp_path / "in", hand_ins.CHAPTER, tmp_path / "out")
    progress = tmp_path / "out" / "progress.jsonl"
    lines = [line for line in progress.read_text().splitlines() if line]
    progress.write_text(lines[0] + "\n" + lines[1][:50])
    graded = []
    really = grade.grade_one

    def counted(one, *rest):
        graded.append(one.name)
        return really(one, *rest)

    monkeypatch.setattr(grade, "grade_one", counted)
    grade.grade(tmp_path / "in", hand_ins.CHAPTER, tmp_path / "out", resume=True)
    assert graded == ["b"]
    assert set(rows(tmp_path / "out" / "grades.csv")) == {"a", "b"}


def test_what_could_not_be_started_is_blank_and_tried_again(
    boxed, tmp_path, monkeypatch
):
    def none_starts(*arguments):
        raise sandbox.NotStarted("the worker does not answer")

    hand_ins.write(tmp_path / "in" / "a.ipynb", hand_ins.solved())
    with monkeypatch.context() as patch:
        patch.setattr("exercises.grading.running.Worker", none_starts)
        grade.grade(tmp_path / "in", hand_ins.CHAPTER, tmp_path / "out")
    row = rows(tmp_path / "out" / "grades.csv")["a"]
    assert all(row[name] == "" for name in POINTS)
    assert "no worker could be started: the worker does not answer" in row["status"]
    grade.grade(tmp_path / "in", hand_ins.CHAPTER, tmp_path / "out", resume=True)
    row = rows(tmp_path / "out" / "grades.csv")["a"]
    assert float(row["total"]) == sum(POINTS.values())


def test_without_bubblewrap_nothing_runs_unless_asked(tmp_path, monkeypatch, capsys):
    hand_ins.write(tmp_path / "in" / "a.ipynb", hand_ins.solved())
    monkeypatch.setattr(shutil, "which", lambda name: None)
    arguments = ["grade", str(tmp_path / "in"), str(hand_ins.CHAPTER)]
    arguments += ["--out", str(tmp_path / "out")]
    assert main(arguments) == 2
    assert "--no-sandbox" in capsys.readouterr().err
    assert not (tmp_path / "out" / "grades.csv").exists()
    assert main([*arguments, "--no-sandbox"]) == 0
    assert "WITHOUT A SANDBOX" in capsys.readouterr().err
    total = rows(tmp_path / "out" / "grades.csv")["a"]["total"]
    assert float(total) == sum(POINTS.values())


def test_the_gradescope_zip_grades_by_itself(boxed, tmp_path):
    """Unpacked as Gradescope does it, with the interpreter of the tests."""
    assert main(["autograder", str(hand_ins.CHAPTER), "--out", str(tmp_path)]) == 0
    archive = next(tmp_path.glob("*-gradescope.zip"))
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "source")
    hand_ins.write(tmp_path / "submission" / "any name.ipynb", hand_ins.solved())
    command = [sys.executable, "-m", "exercises", "gradescope"]
    command += [f"chapters/{hand_ins.CHAPTER.name}", "--folder", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "source")}
    subprocess.run(command, cwd=tmp_path / "source", env=environment, check=True)
    result = json.loads((tmp_path / "results" / "results.json").read_text())
    assert sum(t["score"] for t in result["tests"]) == sum(POINTS.values())
