"""Grades and feedback as Moodle and Canvas take them back.

`moodle_takes` and `canvas_takes` follow what the importers of these systems do with a
file: which columns they look for, how they find a student, what they leave alone.
"""

import csv
import io
import json
import re
import zipfile
from pathlib import PurePosixPath

import pytest

from exercises.grading import exports, feedback
from exercises.grading.late import Late
from exercises.grading.marks import Student
from exercises.grading.submissions import Submission
from tests.grading.desk import THREE, Desk, result
from tests.grading.samples.make import HERE

MOODLE, CANVAS = HERE / "moodle.csv", HERE / "canvas.csv"
NUMBER = re.compile(r"\d+(\.\d{1,2})?")


@pytest.fixture
def desk(monkeypatch, tmp_path):
    return Desk(monkeypatch, tmp_path)


def table(path) -> list[list[str]]:
    """Return the rows of a file in UTF-8 with commas, as Moodle reads it."""
    text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def moodle_takes(path) -> dict[str, tuple[str, str]]:
    """Return grade and comment by number of participant."""
    head, *rows = table(path)
    identifier, grade = head.index("Identifier"), head.index("Grade")
    assert "Last modified (grade)" in head
    comment = head.index("Feedback comments")
    taken = {}
    for row in rows:
        assert row[identifier].startswith("Participant ")
        assert row[grade] == "" or NUMBER.fullmatch(row[grade])
        number = row[identifier].removeprefix("Participant ")
        taken[number] = row[grade], row[comment]
    return taken


def canvas_takes(path) -> dict[str, str]:
    """Return the grades of the assignment by the ID of the student."""
    head, *rows = table(path)
    assert head[:2] == ["Student", "ID"]
    assert head[2:5] == ["SIS User ID", "SIS Login ID", "Section"]
    (column,) = head[5:]
    assert re.fullmatch(r".+ \(\d+\)", column)
    assert "Points Possible" in rows[0][0]
    return {row[1]: row[5] for row in rows[1:]}


def place_in_moodle(name: str) -> tuple[str, str]:
    """Return the number of the participant and the name of the file in a zip."""
    for index, part in enumerate(PurePosixPath(name).parts):
        info = part.split("_", 4)
        if len(info) >= 4 and info[1].isdecimal() and info[2] == "assignsubmission":
            assert info[3] == "file"
            rest = [*info[4:], *PurePosixPath(name).parts[index + 1 :]]
            return info[1], "/".join(part for part in rest if part)
    raise AssertionError(name)


def test_moodle_takes_its_worksheet_back(desk):
    before = table(MOODLE)
    assert desk.run("--only", THREE, "--moodle", MOODLE) == 0
    assert table(MOODLE) == before
    after = table(desk.out / "moodle.csv")
    written = [before[0].index(n) for n in ("Grade", "Feedback comments")]
    shown = before[0].index("Full name")
    for old, new in zip(before, after, strict=True):
        for index, cell in enumerate(old):
            if index not in written:
                assert new[index].lstrip("'" if index == shown else "") == cell
    taken = moodle_takes(desk.out / "moodle.csv")
    assert {who: grade for who, (grade, _) in taken.items()} == {
        "4101": "100",
        "4102": "57.14",
        "4103": "100",
        "4104": "",
        "4105": "100",
        "4106": "",
    }
    assert taken["4104"] == ("", "")
    assert taken["4101"][1] == "<p>Welcome to the course.</p>\n[Graded: 7 of 7 points.]"
    assert "essay.docx" in taken["4106"][1]


def test_overrides_and_words_reach_moodle(desk):
    text = "student,exercise,points,comment\n4102,states_with_resets,3,Better now.\n"
    text += "4102,,,Ask me.\n"
    desk.write("out/overrides.csv", text)
    desk.run("--only", THREE, "--moodle", MOODLE)
    grade, comment = moodle_takes(desk.out / "moodle.csv")["4102"]
    assert grade == "85.71"
    assert comment.splitlines()[:2] == ["[Graded: 6 of 7 points.", "Ask me."]
    assert comment.endswith(": Better now.]")


def test_a_worksheet_that_was_filled_in_before_is_filled_in_anew(desk):
    desk.run("--only", THREE, "--moodle", MOODLE)
    first = desk.out / "moodle.csv"
    again = desk.folder / "again.csv"
    data = first.read_bytes().replace(b"[Graded: 7", b"<p>[Graded: 3")
    again.write_bytes(data.replace(b"points.]", b"points.]</p>Well done."))
    desk.run("--only", THREE, "--moodle", again)
    assert moodle_takes(desk.out / "moodle.csv")["4101"][1] == (
        "<p>Welcome to the course.</p>Well done.\n[Graded: 7 of 7 points.]"
    )


def test_a_comment_says_what_is_not_read_yet(desk):
    desk.run("--only", "what_to_keep,next_state", "--moodle", MOODLE)
    comment = moodle_takes(desk.out / "moodle.csv")["4103"][1]
    assert comment == "[Graded: 2 of 4 points, 1 answer still to be read.]"


def test_words_of_the_teacher_are_never_taken_for_ours():
    student = Student(Submission("1", "Ann", "moodle"), [result(1.0)], comment="a [b]")
    once = exports.comment(student, 1, "Graded: leniently.")
    assert once == "Graded: leniently.\n[Graded: 1 of 1 point.\na (b)]"
    assert exports.comment(student, 1, once) == once


def test_a_worksheet_saved_by_a_spreadsheet_is_written_as_moodle_reads_it(desk):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(table(MOODLE))
    path = desk.write("saved.csv", text.getvalue(), "cp1252")
    assert desk.run("--only", THREE, "--moodle", path) == 0
    assert moodle_takes(desk.out / "moodle.csv")["4101"][0] == "100"
    assert "Zoë" in (desk.out / "moodle.csv").read_text("utf-8")


def test_what_moodle_has_locked_stays(desk):
    text = MOODLE.read_text("utf-8").replace("55.00,100.00,Yes", "55.00,100.00,No")
    desk.run("--only", THREE, "--moodle", desk.write("locked.csv", text))
    assert moodle_takes(desk.out / "moodle.csv")["4101"] == (
        "55.00",
        "<p>Welcome to the course.</p>",
    )


def test_who_is_not_in_the_worksheet_is_named(desk, capsys):
    rows = [
        line for line in MOODLE.read_text("utf-8").splitlines() if "4103" not in line
    ]
    assert desk.run("--moodle", desk.write("group.csv", "\n".join(rows))) == 0
    assert "group.csv has no row for Cleo Ruiz" in capsys.readouterr().err


def test_the_points_of_the_system_are_named_where_they_differ(desk, capsys):
    desk.run("--only", THREE, "--moodle", MOODLE)
    said = capsys.readouterr().err
    assert "grades are scaled, 7 points here are 100 there" in said
    text = MOODLE.read_text("utf-8").replace("100.00", "7.00")
    desk.run("--only", THREE, "--moodle", desk.write("same.csv", text))
    assert "scaled" not in capsys.readouterr().err
    assert moodle_takes(desk.out / "moodle.csv")["4102"][0] == "4"


def test_canvas_takes_its_gradebook_back(desk):
    before = table(CANVAS)
    options = ["--canvas", CANVAS, "--points", "what_to_keep=0"]
    assert desk.run(*options, sample="canvas.zip") == 0
    assert table(CANVAS) == before
    head, *rows = table(desk.out / "canvas.csv")
    assert head == [*before[0][:5], "The Forward Pass (88002)"]
    assert [row[:5] for row in rows] == [row[:5] for row in before[1:]]
    assert rows[0][5] == before[1][6] == "14.00"
    assert canvas_takes(desk.out / "canvas.csv") == {
        "4501": "14",
        "4502": "11",
        "4503": "14",
        "4599": "",
    }


@pytest.mark.parametrize("name", ["letters as vectors", "Letters as Vectors (88001)"])
def test_another_column_of_the_gradebook_can_be_meant(desk, name):
    options = ["--only", THREE, "--canvas", CANVAS, "--assignment", name]
    assert desk.run(*options, sample="canvas.zip") == 0
    assert canvas_takes(desk.out / "canvas.csv")["4501"] == "17"


@pytest.mark.parametrize("more", [["--assignment", "Nothing"], []])
def test_a_column_that_is_not_clear_is_asked_for_at_the_start(desk, capsys, more):
    text = CANVAS.read_text("utf-8").replace("The Forward Pass", "Homework 2")
    path = desk.write("gradebook.csv", text)
    assert desk.run("--canvas", path, *more, sample="canvas.zip") == 1
    assert "'Homework 2 (88002)'" in capsys.readouterr().err
    assert desk.graded == []


def test_decimal_commas_of_the_gradebook_are_numbers(desk):
    text = CANVAS.read_text("utf-8").replace("14.00", '"14,0"')
    path = desk.write("gradebook.csv", text)
    options = ["--canvas", path, "--only", THREE]
    assert desk.run(*options, sample="canvas.zip") == 0
    assert canvas_takes(desk.out / "canvas.csv")["4501"] == "14"


def test_people_of_a_plain_folder_are_found_by_what_the_system_calls_them():
    sheet = exports.Worksheet.read(MOODLE)
    for name in ("Ann Lee", "ann lee", "7001", "ANN@example.org"):
        assert sheet.places(Submission(name, name, "plain")) == [0]
    assert sheet.places(Submission("4101", "4101", "plain")) == []
    book = exports.Gradebook.read(CANVAS)
    for name in ("Chan, Bo", "bo", "7002"):
        assert book.places(Submission(name, name, "plain")) == [2]


def test_two_hand_ins_never_share_a_row():
    sheet = exports.Worksheet.read(MOODLE)
    found = [Submission(name, name, "plain") for name in ("Ann Lee", "ann@example.org")]
    with pytest.raises(ValueError, match=r"Ann Lee and ann@example.org are the same"):
        sheet.missing(found)


# The zip of feedback


def files_in(path) -> dict[str, bytes]:
    """Return the files of a zip."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_moodle_finds_a_page_for_everybody_in_the_zip(desk):
    desk.run()
    files = files_in(desk.out / "feedback.zip")
    places = dict(place_in_moodle(name) for name in files)
    assert set(places) == {"4101", "4102", "4103", "4105", "4106"}
    assert set(places.values()) == {"02_forward_pass-feedback.html"}
    for name, data in files.items():
        who = name.split("_")[0]
        assert data.decode() == desk.page(re.sub("[^A-Za-z]+", "-", who).strip("-")[:3])


def test_a_name_with_the_signs_of_the_format_keeps_its_place():
    for name in ("A_B", "A/B", "A\\B", "A_9_assignsubmission_file_"):
        one = Submission("77", name, "moodle", file="x.ipynb")
        found = place_in_moodle(feedback.place_of(one, "chapter"))
        assert found == ("77", "chapter-feedback.html")


def test_canvas_gets_back_the_names_that_it_gave(desk):
    desk.run(sample="canvas.zip")
    files = files_in(desk.out / "feedback.zip")
    assert set(files) == set(files_in(HERE / "canvas.zip"))
    for data in files.values():
        (cell,) = json.loads(data)["cells"]
        assert cell["cell_type"] == "markdown"
        assert "<h1>" in cell["source"]
        assert "\n\n" not in cell["source"]


def test_feedback_is_a_file_of_the_kind_that_its_name_says():
    page = "<main>\nx\n\n\n\ny\n</main>"
    assert json.loads(feedback.file_of("a.IPYNB", page))["nbformat"] == 4
    with zipfile.ZipFile(io.BytesIO(feedback.file_of("a.zip", page))) as archive:
        assert archive.read("feedback.html").decode() == page
    assert feedback.file_of("a.py", page).decode() == page
    for folder in ("b_5_6_work", "b_5_6_work.zip"):
        inner = Submission("5", "b", "canvas", f"{folder}/inner.ipynb")
        assert feedback.place_of(inner, "c") == "b_5_6_work.zip"


def test_elsewhere_the_zip_has_a_page_per_student(desk):
    desk.run(sample="gradescope.zip")
    pages = {path.name for path in (desk.out / "feedback").iterdir()}
    assert set(files_in(desk.out / "feedback.zip")) == pages


# What must not leave


def test_nothing_of_a_hidden_check_is_in_a_comment():
    secret = "argument 31415"
    hidden = result(0.0, [(False, secret)], hidden=True, diagnosis=secret)
    hidden.status, hidden.title = f"its cell cannot be run: {secret}", secret
    student = Student(Submission("1", "Ann", "moodle"), [hidden, result(1.0)])
    assert exports.comment(student, 2, "") == "[Graded: 1 of 2 points.]"
    hidden.comment = "Ask me."
    assert secret not in exports.comment(student, 2, "")


def test_no_text_of_a_student_is_a_formula_in_an_export(desk):
    sheet = MOODLE.read_text("utf-8").replace("Ann Lee", "=Ann()")
    book = CANVAS.read_text("utf-8").replace("Lee, Ann", "@Ann()")
    desk.run("--moodle", desk.write("m.csv", sheet))
    desk.run("--canvas", desk.write("c.csv", book), sample="canvas.zip")
    for name in ("moodle.csv", "canvas.csv", "grades.csv", "to-read.csv"):
        cells = [cell for row in table(desk.out / name) for cell in row]
        assert [c for c in cells if c[:1] in tuple("=+@") or c[:1] == "-" != c] == []


def test_late_points_are_in_the_comment():
    late = Late("2026-11-20 23:59", "2026-11-22 12:00", "1.5 days late", 0.2)
    student = Student(Submission("1", "Ann", "moodle"), [result(1.0)], late)
    assert (
        exports.comment(student, 1, "") == "[Graded: 0.8 of 1 point (1.5 days late).]"
    )
