"""Grade a folder of submissions: the run as a whole."""

import json
from pathlib import Path

from exercises.grading import copies, exports, feedback, late, marks, tables
from exercises.grading.desk import Desk, left_out, to_regrade
from exercises.grading.judging import grade_words
from exercises.grading.overrides import OVERRIDES, Overrides
from exercises.grading.progress import Run
from exercises.grading.running import grade_code
from exercises.grading.sandbox import Box
from exercises.grading.settings import code_digest
from exercises.grading.submissions import Submission, find
from exercises.grading.work import Assignment, assignment
from exercises.handout import release


def grade_one(submission: Submission, work: Assignment, box: Box, seconds: float):
    """Return the results of one submission, in the order of the columns."""
    if submission.cells is None:
        return []
    results = grade_code(submission, work.items, box, seconds, work.imports)
    return results + grade_words(submission, work.questions, work.handed_out)


def grade(
    submissions: Path,
    chapter: Path,
    out: Path,
    sandbox: bool = True,
    hidden: Path | None = None,
    resume: bool = False,
    seconds: float = 10.0,
    canvas: Path | None = None,
    moodle: Path | None = None,
    only: str | None = None,
    points: str | None = None,
    overrides: Path | None = None,
    due: str | None = None,
    extensions: Path | None = None,
    penalty: str | None = None,
    regrade: list[str] | None = None,
    assignment_name: str | None = None,
) -> list[str]:
    """Grade and write all files; return what the instructor should know.

    All options are read, and everybody they name is found, before anything is graded.

    Raises
    ------
    ValueError
        If there is nothing to grade, or an option is wrong.
    grading.sandbox.NoSandbox
        If bubblewrap is missing or does not work.
    """
    if not 0 < seconds < float("inf"):
        raise ValueError(f"--seconds {seconds}: give more than 0")
    if assignment_name and not canvas:
        raise ValueError("--assignment needs --canvas")
    own, progress = out / "overrides.csv", out / "progress.jsonl"
    if regrade and not progress.exists():
        raise ValueError(f"--regrade: nothing was graded before in {out}")
    by_hand = [own] * own.exists()
    if overrides and overrides.resolve() != own.resolve():
        by_hand.append(overrides)
    desk = Desk(
        marks.Words.read(out / "to-read.csv"),
        Overrides.read(*by_hand),
        late.Policy.read(due, extensions, penalty),
        exports.Worksheet.read(moodle) if moodle else None,
        exports.Gradebook.read(canvas) if canvas else None,
    )
    work = assignment(chapter, hidden, only, points)
    if desk.gradebook:
        desk.gradebook.choose(assignment_name, work.title)
    found = find(submissions, work.names)
    known, notes = desk.match(found, work)
    again = to_regrade(regrade or [], known, work)
    out.mkdir(parents=True, exist_ok=True)
    secrets = [submissions, out, hidden, overrides, extensions, moodle, canvas]
    settings = {"seconds": seconds, "sandbox": sandbox, "code": code_digest()}
    run = Run(grade_one, work, settings, progress, resume or bool(regrade), again)
    box = Box(sandbox, tuple(path for path in secrets if path is not None))
    try:
        students = run.all(found, box)
    finally:
        box.close()
    notes += desk.words.merge(students, known)
    options = {"--only": only, "--points": points, "--hidden": hidden, "--due": due}
    options |= {"--extensions": extensions, "--penalty": penalty}
    options |= {"--overrides": overrides}
    folder = tables.Folder(out)
    notes += left_out(folder, {name: str(o) for name, o in options.items() if o})
    folder.write_csv("to-read.csv", desk.words.table(students), desk.words.delimiter)
    notes += desk.decide(students, work)
    copies.flag(students, work.names, work.handed_out, book_cells(chapter))
    write_results(folder, students, work, desk)
    return notes


def write_results(
    folder: tables.Folder, students: list[marks.Student], work: Assignment, desk: Desk
) -> None:
    """Write the table of grades, the pages, and what goes back to other systems."""
    folder.write_csv("grades.csv", marks.grades(students, work.blanks))
    if not (folder.path / "overrides.csv").exists():
        folder.write_csv("overrides.csv", [OVERRIDES])
    files = {}
    for one in students:
        page = feedback.page(one, work.title, work.maximum)
        folder.write(f"feedback/{one.submission.slug}.html", page.encode())
        name = feedback.place_of(one.submission, work.chapter)
        files[name] = feedback.file_of(name, page)
    folder.write("feedback.zip", release.zip_bytes(files))
    for name, sheet in (("moodle", desk.worksheet), ("canvas", desk.gradebook)):
        if sheet:
            rows = sheet.filled(students, work.maximum)
            folder.write(f"{name}.csv", tables.csv_bytes(rows))


def book_cells(chapter: Path) -> list[tuple[str, str]]:
    """Return the cells of the chapter with its solutions."""
    cells = json.loads(chapter.read_text("utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
