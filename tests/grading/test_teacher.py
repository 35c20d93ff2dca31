"""The teacher has the last word: points and comments by hand, dates, choices."""

import csv
import json
import re
import shlex
import time
import zipfile
from datetime import datetime

import pytest

from book.tools import notebooks
from exercises import checks
from exercises.__main__ import main
from exercises.checks import Report
from exercises.grading import autograder, copies, feedback, grade, late, tables
from exercises.grading.marks import Student
from exercises.grading.overrides import name_of
from exercises.grading.submissions import Submission, find, owner
from tests.grading.desk import CHAPTER, THREE, Desk, result
from tests.grading.samples import make

OVERRIDES = "student,exercise,points,comment\n"


@pytest.fixture
def desk(monkeypatch, tmp_path):
    return Desk(monkeypatch, tmp_path)


# Tables as spreadsheets write them

TEXT = "student{0}exercise{0}points{0}comment\nZoë Größe{0}next_state{0}{1}{0}schön\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "sep={0}\n"])
def test_a_table_is_read_as_a_spreadsheet_writes_it(desk, encoding, delimiter, start):
    points = "1.5" if delimiter == "," else "1,5"
    text = start.format(delimiter) + TEXT.format(delimiter, points)
    path = desk.write("my.csv", text.replace("\n", "\r\n"), encoding)
    assert desk.run("--overrides", path) == 0
    row = desk.rows()["Zoë Größe"]
    assert (row["next_state"], row["total"]) == ("1.5", "1.5")
    assert "schön" in desk.page("Zo-")


def test_lines_may_end_as_on_old_machines(desk):
    text = TEXT.format(",", "1").replace("\n", "\r")
    assert desk.run("--overrides", desk.write("o.csv", text)) == 0
    assert desk.rows()["Zoë Größe"]["next_state"] == "1"


def test_utf16_of_the_other_order_is_read(desk):
    text = "\ufeff" + TEXT.format("\t", "2")
    assert desk.run("--overrides", desk.write("o.csv", text, "utf-16-be")) == 0
    assert desk.rows()["Zoë Größe"]["next_state"] == "2"


HEAD = "student,due\n"
REFUSED = {
    "unknown header": ("overrides", "student,exercise,mark\n", "'mark'"),
    "translated header": ("overrides", "Student;Aufgabe;Punkte\n", "'aufgabe'"),
    "no header": ("overrides", "Ann Lee,next_state,1\n", "'ann lee'"),
    "header twice": ("overrides", "student,exercise,points,points\n", "'points'"),
    "header missing": ("overrides", "student,points\n", "'exercise'"),
    "empty file": ("overrides", "", "'student'"),
    "no student": ("overrides", OVERRIDES + ",next_state,1,\n", "no student"),
    "unknown student": ("overrides", OVERRIDES + "Nobody,next_state,1,\n", "'Nobody'"),
    "unknown exercise": ("overrides", OVERRIDES + "Ann Lee,nothing,1,\n", "'nothing'"),
    "too much": ("overrides", OVERRIDES + "Ann Lee,next_state,3,\n", "0 and 2"),
    "negative": ("overrides", OVERRIDES + "Ann Lee,next_state,-1,\n", "'-1'"),
    "nan": ("overrides", OVERRIDES + "Ann Lee,next_state,nan,\n", "'nan'"),
    "words": ("overrides", OVERRIDES + "Ann Lee,next_state,full,\n", "'full'"),
    "decimal comma": ("overrides", OVERRIDES + "Ann Lee,next_state,1,5\n", "2.5"),
    "more cells": ("overrides", OVERRIDES + "Ann Lee,next_state,1,5,x\n", "line 2"),
    "points for nothing": ("overrides", OVERRIDES + "Ann Lee,,1,\n", "exercise"),
    "twice": ("overrides", OVERRIDES + 2 * "Ann Lee,next_state,1,\n", "line 3"),
    "open quote": ("overrides", OVERRIDES + '"Ann Lee,next_state,1,\n', "line 2"),
    "zip": ("overrides", "PK\x03\x04", "save the spreadsheet as CSV"),
    "zeros": ("overrides", "\0s\0t", "UTF-8"),
    "late student": ("extensions", HEAD + "Nobody,2026-11-30\n", "'Nobody'"),
    "no date": ("extensions", HEAD + "Ann Lee,30/11/2026\n", "'30/11/2026'"),
    "plan of nothing": ("only", "exercise,points\n", "none of its exercises"),
    "plan with a typo": ("only", "exercise,points\nnext_stat,1\n", "'next_stat'"),
    "plan header": ("only", "name\nnext_state\n", "'name'"),
    "plan twice": ("only", "exercise\nnext_state\nex-next-state\n", "twice"),
    "plan points": ("points", "exercise,points\nnext_state,\n", "NAME=POINTS"),
    "worksheet": ("moodle", "Identifier,Full name,Grade\n", "Last modified (grade)"),
    "gradebook": ("canvas", "Student,Section\n", "'ID'"),
    "other class": (
        "moodle",
        "Identifier,Grade,Last modified (grade)\nParticipant 1,,\n",
        "none of these students",
    ),
    "scale": (
        "moodle",
        "Identifier,Grade,Maximum grade,Last modified (grade)\nParticipant 4101,,OK,\n",
        "scale",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_wrong_table_is_refused_by_name_before_anything_is_graded(kind, desk, capsys):
    option, text, said = REFUSED[kind]
    path = desk.write("given.csv", text)
    assert desk.run(f"--{option}", path) == 1
    assert said in capsys.readouterr().err
    assert desk.graded == []
    assert not desk.out.exists()


OPTIONS = {
    "only": ["--only", "nothing"],
    "another chapter": ["--only", "decode_one_hot"],
    "points": ["--points", "next_state=x"],
    "points below 0": ["--points", "next_state=-1"],
    "due": ["--due", "soon"],
    "penalty": ["--penalty", "much"],
    "penalty above all": ["--penalty", "120 %"],
    "seconds": ["--seconds", "0"],
    "missing file": ["--overrides", "/nowhere.csv"],
    "missing worksheet": ["--moodle", "/nowhere.csv"],
    "regrade": ["--regrade", "Ann Lee"],
    "penalty for nobody": ["--penalty", "20 %"],
    "assignment without gradebook": ["--assignment", "x"],
    "hidden": ["--hidden", str(make.HERE / "moodle.csv")],
    "hidden without exercises": ["--hidden", make.__file__],
}


@pytest.mark.parametrize("kind", OPTIONS)
def test_a_wrong_option_fails_at_the_start(kind, desk, capsys):
    assert desk.run(*OPTIONS[kind]) == 1
    assert len(capsys.readouterr().err) > 10
    assert desk.graded == []
    assert not desk.out.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id;exercise;Punkte;answer\n", "'punkte'"),
        ("id,exercise,points,answer\n4101,what_to_keepp,1,x\n", "'what_to_keepp'"),
    ],
)
def test_a_wrong_table_of_answers_is_refused_before_the_run(desk, capsys, text, said):
    desk.write("out/to-read.csv", text)
    assert desk.run() == 1
    assert said in capsys.readouterr().err
    assert desk.graded == []


# Points by hand


def test_every_run_respects_the_overrides_beside_its_results(desk):
    assert desk.run() == 0
    assert (desk.out / "overrides.csv").read_text("utf-8-sig") == OVERRIDES
    text = OVERRIDES + "bo chan,states_with_resets,2.5,Well argued.\n"
    text += "4101,,,See me.\n'=Eve O'Neil,ex-next-state,,Nearly.\n"
    desk.write("out/overrides.csv", text)
    for more in ([], ["--resume"]):
        assert desk.run(*more) == 0
        row = desk.rows()["Bo Chan"]
        assert row["states_with_resets"] == "2.5"
        assert "states_with_resets: points given by hand" in row["status"]
        assert "2.5 of 4 points" in desk.page("Bo-Chan")
        assert "Well argued." in desk.page("Bo-Chan")
        assert "See me." in desk.page("Ann-Lee")
        assert "Nearly." in desk.page("Eve")
        assert desk.rows()["'=Eve O'Neil"]["next_state"] == "2"
    assert (desk.out / "overrides.csv").read_text() == text


def test_what_cannot_be_read_can_be_graded_by_hand(desk):
    path = desk.write("o.csv", OVERRIDES + "Zoë Größe,next_state,1,On paper.\n")
    assert desk.run("--overrides", path) == 0
    row = desk.rows()["Zoë Größe"]
    assert (row["next_state"], row["count_parameters"], row["total"]) == ("1", "", "1")
    assert row["status"].startswith("not graded: essay.docx")
    assert "On paper." in desk.page("Zo-")


def test_a_second_table_of_overrides_comes_on_top(desk):
    desk.write("out/overrides.csv", OVERRIDES + "Ann Lee,next_state,1,\n")
    path = desk.write("o.csv", OVERRIDES + "Bo Chan,next_state,0,\n")
    assert desk.run("--overrides", path) == 0
    rows = desk.rows()
    assert (rows["Ann Lee"]["next_state"], rows["Bo Chan"]["next_state"]) == ("1", "0")
    assert desk.run("--overrides", desk.out / "overrides.csv") == 0
    desk.write("o.csv", OVERRIDES + "4101,next_state,0,\n")
    assert desk.run("--overrides", path) == 1


def test_two_students_of_one_name_need_their_ids():
    found = [Submission(i, "Ann Lee", "moodle") for i in ("1", "2")]
    known = tables.people([*found, Submission("3", "1", "plain")])
    assert tables.person("1", known, "place").name == "Ann Lee"
    with pytest.raises(ValueError, match="may be 1, 2; write the id"):
        tables.person("ann lee", known, "place")


def test_a_name_is_known_however_it_is_written():
    found = [Submission("1", "Zoe\u0308  Größe", "moodle")]
    known = tables.people(found)
    assert tables.person("ZO\xcb GRÖSSE", known, "place") is found[0]


def test_an_id_is_known_without_its_zeros():
    found = [Submission(i, i, "plain") for i in ("0012", "x", "7", "07")]
    known = tables.people(found)
    assert tables.person("12", known, "place").id == "0012"
    assert tables.person("7", known, "place").id == "7"
    assert tables.person("07", known, "place").id == "07"


@pytest.mark.parametrize("bo", ['"Chan, Bo"', "Bo Chan", "7002"])
def test_names_of_the_gradebook_are_known(bo, desk):
    text = f"{OVERRIDES}{bo},next_state,1,\nann,next_state,0,\n"
    path = desk.write("o.csv", text)
    options = ["--overrides", path, "--canvas", desk_sample("canvas.csv")]
    assert desk.run(*options, sample="canvas.zip") == 0
    assert desk.rows()["chanbo"]["next_state"] == "1"
    assert desk.rows()["leeann"]["next_state"] == "0"


def desk_sample(name: str):
    """Return the path of a sample."""
    return make.HERE / name


# Answers in words


def test_points_and_comments_on_words_come_back_from_a_spreadsheet(desk):
    assert desk.run() == 0
    table = desk.rows("to-read.csv", "id")
    table["4101"] |= {"points": "1,5", "comment": "Say why, Zoë."}
    table["4102"] |= {"comment": "Only a comment."}
    text = ";".join(next(iter(table.values()))) + "\r\n"
    for row in table.values():
        text += (
            ";".join('"' + v.replace('"', '""') + '"' for v in row.values()) + "\r\n"
        )
    desk.write("out/to-read.csv", text, "cp1252")
    assert desk.run("--resume") == 0
    assert desk.graded == []
    assert desk.rows()["Ann Lee"]["what_to_keep"] == "1.5"
    assert desk.rows()["Bo Chan"]["what_to_keep"] == ""
    assert "Say why, Zoë." in desk.page("Ann-Lee")
    assert "Only a comment." in desk.page("Bo-Chan")
    again = (desk.out / "to-read.csv").read_text("utf-8-sig")
    assert again.splitlines()[0].startswith("id;student;")
    desk.run("--resume")
    assert (desk.out / "to-read.csv").read_text("utf-8-sig") == again


def test_a_table_without_comments_is_still_read(desk):
    desk.run()
    rows = desk.rows("to-read.csv", "id").values()
    text = "id,exercise,points,answer\n"
    text += "".join(f'{r["id"]},{r["exercise"]},2,"{r["answer"]}"\n' for r in rows)
    desk.write("out/to-read.csv", text)
    assert desk.run("--resume") == 0
    assert {row["what_to_keep"] for row in desk.rows().values()} == {"2", ""}


def test_what_is_not_asked_for_keeps_its_points(desk):
    desk.run()
    before = (desk.out / "to-read.csv").read_text("utf-8-sig")
    desk.write("out/to-read.csv", before.replace(",2,,,", ",2,1,good,"))
    desk.run("--only", THREE)
    desk.run()
    assert {row["what_to_keep"] for row in desk.rows().values()} == {"1", ""}


def test_nothing_is_overwritten_without_a_copy(desk):
    desk.run("--moodle", desk_sample("moodle.csv"))
    names = ["grades.csv", "to-read.csv", "moodle.csv", "feedback.zip"]
    page = next((desk.out / "feedback").glob("Ann*"))
    names.append(f"feedback/{page.name}")
    for name in names:
        path = desk.out / name
        old = path.read_bytes()
        path.write_bytes(old.replace(b"\r\n", b"\r\n\r\n", 1) + b"\r\n")
    changed = {name: (desk.out / name).read_bytes() for name in names}
    desk.run("--moodle", desk_sample("moodle.csv"))
    (kept,) = (desk.out / "before").iterdir()
    assert {name: (kept / name).read_bytes() for name in names} == changed
    desk.run("--moodle", desk_sample("moodle.csv"))
    assert list((desk.out / "before").iterdir()) == [kept]


# A choice of exercises and of points


@pytest.mark.parametrize(
    ("options", "columns"),
    [
        (["--only", THREE], {"count_parameters": 1, "next_state": 2}),
        (["--only", "ex-next-state"], {"next_state": 2}),
        (["--only", "what_to_keep, next_state=5"], {"next_state": 5}),
        (["--only", THREE, "--points", "next_state=0.5"], {"next_state": 0.5}),
        (["--points", "next_state=7,count_parameters=0"], {"next_state": 7}),
    ],
)
def test_exercises_and_points_are_chosen(desk, options, columns):
    assert desk.run(*options) == 0
    row = desk.rows()["Ann Lee"]
    for name, points in columns.items():
        assert float(row[name]) == points
    if options[0] == "--only":
        names = [name_of(part.split("=")[0]) for part in options[1].split(",")]
        graded = {key for _, key in desk.graded}
        assert graded == {*names} - {"what_to_keep"}
        assert ("what_to_keep" in row) == ("what_to_keep" in names)
    most = sum(float(row["maximum"]) for row in desk.rows().values())
    assert most == 5 * float(row["maximum"])


def test_a_plan_may_cover_several_chapters(desk):
    text = "exercise;points\ndecode_one_hot;9\nnext_state;1,5\nex-count-parameters;\n"
    assert desk.run("--only", desk.write("plan.csv", text)) == 0
    row = desk.rows()["Ann Lee"]
    assert (row["next_state"], row["count_parameters"], row["maximum"]) == (
        "1.5",
        "1",
        "2.5",
    )


def test_the_plans_of_the_guide_name_exercises_that_can_be_chosen():
    guide = (notebooks.ROOT / "instructors" / "guide.md").read_text("utf-8")
    named = set(re.findall(r"\{ref\}`(ex-[a-z-]+)`", guide))
    assert len(named) > 5
    assert {name_of(label) for label in named} <= {*checks.EXERCISES, *checks.QUESTIONS}


# Late


def policy(due="2026-11-20 23:59", penalty="10 % a day", **more) -> late.Policy:
    """Return a policy with what is known of student 1."""
    made = late.Policy.read(due, None, penalty)
    for name, value in more.items():
        setattr(made, name, {"1": late.read_due(value, "here").replace(second=0)})
    return made


def ann(name="Ann_1_assignsubmission_file_x.ipynb") -> Submission:
    """Return a hand-in of student 1, with the name that an LMS gave it."""
    return owner(name, is_folder=False)


@pytest.mark.parametrize(
    ("came", "text", "share"),
    [
        ("2026-11-20 23:59", "in time", 0),
        ("2026-11-21 00:00", "1 minute late", 0.1),
        ("2026-11-21 23:59", "1 day late", 0.1),
        ("2026-11-22 12:00", "1.5 days late", 0.2),
        ("2027-01-01 00:00", "41 days late", 1),
    ],
)
def test_each_day_begun_costs_its_share(came, text, share):
    known = policy(times=came).of(ann())
    assert (known.text, known.share) == (text, pytest.approx(share))
    assert known.deducted(10) == pytest.approx(10 * share)


def test_an_extension_moves_the_date_of_one_student():
    made = policy(times="2026-11-25 10:00", extensions="2026-11-25")
    assert made.of(ann()).text == "in time"
    assert made.of(ann()).due == "2026-11-25 23:59"


def test_canvas_says_late_and_not_by_how_much():
    name = "annlee_LATE_1_2_x.ipynb"
    known = policy().of(ann(name))
    assert "late, says Canvas" in known.text
    assert known.share is None
    assert policy(penalty="20 %").of(ann(name)).share == 0.2
    assert policy(due=None, penalty="20 %").of(ann(name)).share == 0.2
    in_time = ann("annlee_1_2_LATE_1_2_x.ipynb")
    assert policy().of(in_time).text.startswith("in time")
    assert policy(times="2026-11-22 12:00").of(ann(name)).share == 0.2


def test_without_a_time_nothing_is_taken_off_and_it_is_said(desk, capsys):
    assert desk.run("--due", "2026-11-20", "--penalty", "10 % a day") == 0
    assert "not known, nothing taken off: " in capsys.readouterr().err
    row = desk.rows()["Bo Chan"]
    assert (row["late"], row["deducted"]) == ("not known", "not known")
    assert row["total"] == "11"


def test_without_dates_there_are_no_columns_for_them(desk):
    desk.run()
    assert "due" not in desk.rows()["Bo Chan"]


def test_one_late_student_with_moodle(desk):
    text = (
        "student;due;handed in\nCleo Ruiz;18.11.2026 12:00;\nAnn Lee;;24.11.2026 9:00\n"
    )
    options = ["--due", "2026-11-20 23:59", "--penalty", "10%/day", "--only", THREE]
    options += ["--moodle", desk_sample("moodle.csv")]
    options += ["--extensions", desk.write("e.csv", text)]
    assert desk.run(*options) == 0
    rows = desk.rows()
    assert rows["Bo Chan"]["late"] == "1.4 days late"
    assert (rows["Bo Chan"]["deducted"], rows["Bo Chan"]["total"]) == ("0.8", "3.2")
    assert (rows["Cleo Ruiz"]["due"], rows["Cleo Ruiz"]["deducted"]) == (
        "2026-11-18 12:00",
        "2.1",
    )
    assert rows["Ann Lee"]["deducted"] == "2.8"
    assert "1.4 days late: 0.8 taken off 4 points." in desk.page("Bo-Chan")
    assert "3.2 of 7 points" in desk.page("Bo-Chan")
    assert "late" not in desk.page("Eve").lower()


@pytest.mark.parametrize(
    ("text", "share", "step"),
    [
        ("10 % a day", 0.1, "day"),
        ("10%/day", 0.1, "day"),
        ("2,5 % per hour", 0.025, "hour"),
        ("20 %", 0.2, ""),
        ("5% each week", 0.05, "week"),
    ],
)
def test_penalties_are_read(text, share, step):
    assert late.read_penalty(text) == (pytest.approx(share), step)


@pytest.mark.parametrize(
    "text",
    [
        "Friday, 20 November 2026, 9:05 PM",
        "Friday, November 20, 2026, 9:05 PM",
        "20 November 2026, 21:05",
        "2026-11-20 21:05:00",
    ],
)
def test_times_of_moodle_are_read(text):
    assert late.read_time(text) == datetime(2026, 11, 20, 21, 5)


def test_times_of_gradescope_are_read(desk):
    assert desk.run("--due", "2026-11-20", sample="gradescope.zip") == 0
    assert desk.rows()["Ann Lee"]["late"] == "in time"
    assert desk.rows()["Bo Chan"]["late"].endswith("days late")


@pytest.mark.parametrize(
    "came",
    ["0001-01-01T00:00:00+14:00", "9" * 400, "2026-02-31", "[" * 9_000, "[1]", "~"],
)
def test_odd_times_of_gradescope_are_not_known(came, tmp_path):
    (tmp_path / "submission_7").mkdir()
    (tmp_path / "submission_7" / "a.ipynb").write_bytes(make.ANN)
    text = f"submission_7:\n  :created_at: {came}\n"
    (tmp_path / "submission_metadata.yml").write_text(text)
    (one,) = find(tmp_path)
    assert one.cells
    assert policy().of(one).text == "not known"


# Again


def test_one_student_or_one_exercise_is_graded_again(desk):
    desk.run()
    everything = set(desk.graded)
    assert desk.run("--regrade", "bo chan") == 0
    assert {who for who, _ in desk.graded} == {"4102"}
    assert desk.run("--regrade", "ex-next-state") == 0
    assert {key for _, key in desk.graded} == {"next_state"}
    assert len(desk.graded) == len({who for who, _ in everything})
    assert (
        desk.run("--regrade", "4101", "--regrade", "next_state", "--seconds", "60") == 0
    )
    assert {*desk.graded} == {
        pair for pair in everything if "4101" in pair or "next_state" in pair
    }
    assert desk.run("--regrade", "nobody") == 1
    assert len(desk.rows()) == 5


def test_resume_notices_what_changes_a_grade(desk):
    desk.run("--only", THREE)
    desk.run("--only", THREE, "--resume")
    assert desk.graded == []
    desk.run("--resume")
    assert {key for _, key in desk.graded} == {"log_softmax_rows", "continue_text"}
    desk.run("--resume", "--points", "next_state=1")
    assert {key for _, key in desk.graded} == {"next_state"}
    assert desk.rows()["Ann Lee"]["next_state"] == "1"
    desk.run("--resume", "--seconds", "20")
    assert len(desk.graded) == 4 * 5


def test_options_that_are_left_out_are_named(desk, capsys):
    desk.run("--due", "2026-11-20", "--only", THREE)
    assert "not given now" not in capsys.readouterr().err
    desk.run("--only", "next_state")
    assert capsys.readouterr().err.count("not given now") == 1


def test_a_hand_in_on_which_the_grader_fails_costs_nobody_else(desk, monkeypatch):
    really = desk.grade_one

    def fails(one, *rest):
        if one.name == "Ann Lee":
            raise RuntimeError(one.name)
        return really(one, *rest)

    monkeypatch.setattr(grade, "grade_one", fails)
    assert desk.run() == 0
    rows = desk.rows()
    assert (rows["Ann Lee"]["total"], rows["Cleo Ruiz"]["total"]) == ("", "14")
    assert "not graded: the grader failed on it" in rows["Ann Lee"]["status"]


# The same code


def test_the_same_code_is_flagged_for_the_teacher_only(desk):
    desk.run()
    rows = desk.rows()
    assert rows["Ann Lee"]["same code as"] == "Cleo Ruiz"
    assert rows["Cleo Ruiz"]["same code as"] == "Ann Lee"
    assert rows["Bo Chan"]["same code as"] == ""
    assert "Cleo" not in desk.page("Ann-Lee")


BASE = "def f(x):\n    total = 0\n    for row in x:\n        total = total + row\n"
BASE += "    return np.sqrt(total)"
ALIKE = [
    BASE.replace("total", "s").replace("row", "r"),
    BASE.replace("    total = 0", '    """Mine."""\n\n    total=0  # start'),
]
UNLIKE = [BASE.replace("sqrt", "exp"), BASE.replace("= 0", "= 1")]


def test_names_and_comments_make_no_code_another():
    assert {copies.fingerprint(code) for code in ALIKE} == {copies.fingerprint(BASE)}
    for code in UNLIKE:
        assert copies.fingerprint(code) != copies.fingerprint(BASE)


@pytest.mark.parametrize("part", [" ", "for ", "a = ", '"', "'", "#", "(", "a,", "\n"])
def test_no_code_takes_long_to_compare(part):
    before = time.process_time()
    copies.fingerprint(part * (copies.LONGEST // len(part)))
    copies.fingerprint(part * 1_000_000)
    assert time.process_time() - before < 2


def test_what_everybody_writes_is_no_copy():
    def student(name, code):
        return Student(Submission(name, name, "plain", cells=[("code", code)]), [])

    short = [student(name, "def f(x):\n    return x") for name in "ab"]
    copies.flag(short, ["f"], [], [])
    stubs = [student(name, BASE) for name in "ab"]
    copies.flag(stubs, ["f"], [("code", BASE)], [])
    assert [one.same_code for one in short + stubs] == [""] * 4
    book = [student(name, BASE + 9 * "\nz = f(0) + 1") for name in "ab"]
    copies.flag(book, ["f"], [], book[0].submission.cells)
    assert book[0].same_code == "b, the book's solutions"


# The page


def test_a_part_of_the_points_is_explained_beside_them():
    lines = [(True, "a"), (True, "b"), *[(False, "c")] * 4]
    text = feedback.section(result(0.33, lines))
    assert "0.33 of 1 point</h2>" in text
    assert (
        "2 of 6 cases passed; all count the same, so this is 2/6 of the points." in text
    )
    text = feedback.section(result(0.0, lines))
    assert "2 of 6 cases passed, but it gives the same answer to all." in text


def test_right_numbers_of_a_wrong_type_count_half_and_the_page_says_so():
    half = result(0.5, [(True, "a"), *[(False, "b")] * 2, (False, "c")])
    half.status = Report("", tuple(half.lines), None, 0.5, near=2).summary[:-1]
    text = feedback.section(half)
    assert "2 of 4 checks passed; where only the type is wrong counts half." in text
    assert "1 of 4" not in text
    assert tables.note(half) == half.status


def test_a_part_of_the_points_is_explained_also_where_something_went_wrong():
    slow = result(0.5, [(True, "a"), (False, "b")])
    slow.status = "took too long"
    text = feedback.section(slow)
    assert "<p>Took too long. 1 of 2 cases passed; all count the same" in text
    slow.by_hand = True
    assert "of 2 cases" not in feedback.section(slow)


def test_comments_on_the_page_are_text():
    shown = feedback.section(result(1.0, comment="<b>x</b>\nsecond line"))
    assert "&lt;b&gt;x&lt;/b&gt;\nsecond line" in shown


@pytest.mark.parametrize("text", ["=1", " =1", "\n@x", "\t1", "＝1", "-2", "+2", "@x"])
def test_no_text_of_a_student_is_a_formula(text):
    assert tables.guarded(text) == "'" + text
    assert tables.unguarded("'" + text) == text


def test_ordinary_text_stays_as_it_is():
    for text in ("-", "Ann", "'quoted'", "", "a = b", 3.5):
        assert tables.guarded(text) == text
    assert tables.unguarded("'tis") == "'tis"


# The page about grading

PAGE = (notebooks.ROOT / "instructors" / "grading.md").read_text("utf-8")
COMMANDS = re.findall(
    r"^python -m exercises (grade tests.*)$", PAGE.replace("\\\n", ""), re.M
)


def test_the_commands_of_the_page_work(desk, monkeypatch):
    monkeypatch.chdir(notebooks.ROOT)
    assert len(COMMANDS) > 3
    for command in COMMANDS:
        desk.graded.clear()
        assert " --out ../" in command
        assert main(shlex.split(command.replace("../", f"{desk.folder}/"))) == 0
    assert desk.graded == [("4102", name) for name in THREE.split(",")]
    example = PAGE.split("```\nstudent,")[1].split("```")[0]
    desk.write("grades/overrides.csv", "student," + example)
    assert main(shlex.split(COMMANDS[0].replace("../", f"{desk.folder}/"))) == 0


def test_the_page_names_every_option(capsys):
    with pytest.raises(SystemExit):
        main(["grade", "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert {option for option in options if option not in PAGE} == set()
    named = set(re.findall(r"(?<!-)--[a-z][a-z-]*", PAGE))
    assert named - options == set()


# Gradescope


def test_gradescope_respects_plan_and_overrides(desk, monkeypatch, tmp_path):
    monkeypatch.setattr(autograder, "Box", lambda **more: desk)
    monkeypatch.setattr(autograder, "grade_one", desk.grade_one)
    monkeypatch.setattr(desk, "close", lambda: None, raising=False)
    text = OVERRIDES + "ANN@example.org,next_state,0.5,Again.\nBo,next_state,0,\n"
    path = desk.write("o.csv", text)
    archive = autograder.autograder(CHAPTER, tmp_path, THREE, "next_state=3", path)
    with tables_of(archive) as opened:
        run = opened.read("run_autograder").decode()
        assert "--only plan.csv --overrides overrides.csv" in run
        (tmp_path / "plan.csv").write_bytes(opened.read("plan.csv"))
        assert opened.read("overrides.csv").decode() == text
    folder = tmp_path / "autograder"
    (folder / "submission").mkdir(parents=True)
    (folder / "submission" / "a.ipynb").write_bytes(make.ANN)
    users = [{"email": "ann@example.org", "name": "Ann Lee", "id": 5}]
    metadata = json.dumps({"users": users})
    (folder / "submission_metadata.json").write_text(metadata)
    autograder.grade_here(CHAPTER, folder, str(tmp_path / "plan.csv"), None, path)
    said = json.loads((folder / "results" / "results.json").read_text())
    scores = {
        test["name"]: (test["score"], test["max_score"]) for test in said["tests"]
    }
    assert sorted(scores.values()) == [(0.5, 3.0), (1.0, 1.0), (4.0, 4.0)]
    assert any("Again." in test["output"] for test in said["tests"])


def tables_of(path):
    """Open a zip."""
    return zipfile.ZipFile(path)


def test_a_wrong_override_stops_the_zip_for_gradescope(tmp_path):
    path = tmp_path / "o.csv"
    path.write_text(OVERRIDES + "Ann,nothing,1,\n")
    with pytest.raises(ValueError, match="no exercise 'nothing'"):
        autograder.autograder(CHAPTER, tmp_path, overrides=path)


def test_the_sample_hand_ins_are_those_of_the_script():
    for name, data in make.samples().items():
        assert (make.HERE / name).read_bytes() == data
    for name in ("moodle.csv", "canvas.csv"):
        text = (make.HERE / name).read_text("utf-8")
        assert len({len(row) for row in csv.reader(text.splitlines())}) == 1
