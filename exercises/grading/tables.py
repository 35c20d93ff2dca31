"""Write and read the tables: grades, answers to read, and gradebooks."""

import csv
import os
from pathlib import Path

from exercises.grading.judging import TO_READ, Result
from exercises.grading.submissions import Submission

Graded = list[tuple[Submission, list[Result]]]
READ_COLUMNS = ["id", "student", "exercise", "maximum", "points", "answer"]


def guarded(value):
    """Return `value` so that a spreadsheet takes text for text, not a formula."""
    if isinstance(value, str) and value[:1] in tuple("=+-@\t\r"):
        return "'" + value
    return value


def number(points: float | None) -> str:
    """Return points for a table; blank where there are none."""
    return "" if points is None else f"{points:g}"


def write_csv(path: Path, rows: list[list]) -> None:
    """Write a table in one go, so that an interruption leaves the old one."""
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([[guarded(v) for v in row] for row in rows])
    os.replace(draft, path)


def total(results: list[Result]) -> float | None:
    """Return the points of a student; None if nothing could be graded."""
    points = [r.points for r in results if r.points is not None]
    return round(sum(points), 2) if points else None


def status(submission: Submission, results: list[Result]) -> str:
    """Return in plain words what happened to a submission."""
    if submission.cells is None:
        return f"not graded: {submission.problem}"
    blank = [r for r in results if r.points is None and r.status != TO_READ]
    words = [r for r in results if r.status == TO_READ]
    usual = ("right", "not attempted", TO_READ, "read")
    odd = [
        r for r in results if r.status not in usual and not r.lines and r.points == 0
    ]
    odd += [r for r in results if r.lines and "checks passed" not in r.status]
    notes = list(submission.notes)
    notes += [f"{r.key}: {r.status}" for r in blank + odd if r.status not in usual]
    if words:
        notes.append(f"{len(words)} answer{'s' * (len(words) > 1)} to read")
    graded = len(results) - len(blank) - len(words)
    head = f"{graded} of {len(results)} exercises graded" if blank else "graded"
    return "; ".join([head, *notes])


def write_grades(path: Path, graded: Graded, blanks: list[Result]) -> None:
    """Write a row per student and a column per exercise."""
    most = sum(result.maximum for result in blanks)
    rows = [["student", "id", *(r.key for r in blanks), "total", "maximum"]]
    rows[0] += ["status", "file"]
    for submission, results in graded:
        points = [number(r.points) for r in results] or [""] * len(blanks)
        ends = [number(total(results)), number(most), status(submission, results)]
        rows.append([submission.name, submission.id, *points, *ends, submission.file])
    write_csv(path, rows)


def normal(answer: str) -> str:
    """Return an answer as it compares after a round through a spreadsheet."""
    text = str(guarded(answer)).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip().lstrip("'")


def write_to_read(path: Path, graded: Graded) -> None:
    """Write the answers in words, with the points that they have got so far."""
    rows = [READ_COLUMNS]
    for submission, results in graded:
        for r in results:
            if r.answer:
                who = [submission.id, submission.name, r.key, number(r.maximum)]
                rows.append([*who, number(r.points), r.answer])
    write_csv(path, rows)


def merge_points(path: Path, graded: Graded) -> list[str]:
    """Take over the points that were filled in; return what could not be taken over."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, restkey="more"))
    filled = {}
    for row in rows:
        key = (row.get("id") or "").lstrip("'"), (row.get("exercise") or "").lstrip("'")
        if (row.get("points") or "").strip():
            filled[key] = row
    problems = []
    for submission, results in graded:
        for r in results:
            key = submission.id.lstrip("'"), r.key
            row = filled.pop(key, None) if r.answer else None
            if row is None:
                continue
            if normal(row.get("answer") or "") != normal(r.answer):
                problems.append(f"{key[0]}, {key[1]}: the answer has changed since")
                continue
            try:
                points = float(row["points"].strip().replace(",", "."))
            except ValueError:
                points = -1.0
            if not 0 <= points <= r.maximum:
                problems.append(f"{key[0]}, {key[1]}: {row['points']!r} are no points")
                continue
            r.points, r.status = points, "read"
    problems += [f"{i}, {e}: no such answer was handed in" for i, e in filled]
    return problems


def write_canvas(path: Path, graded: Graded, title: str, most: float) -> None:
    """Write a gradebook that Canvas imports; it matches students by ID."""
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title]
    rows = [head, ["Points Possible", "", "", "", "", number(most)]]
    for submission, results in graded:
        key = submission.id if submission.system == "canvas" else ""
        login = "" if submission.system == "canvas" else submission.id
        points = number(total(results))
        rows.append([submission.name, key, "", login, "", points])
    write_csv(path, rows)


def write_moodle(path: Path, graded: Graded, most: float) -> None:
    """Write a grading worksheet for Moodle; it matches students by identifier."""
    rows = [["Identifier", "Full name", "Status", "Grade", "Maximum Grade"]]
    rows[0] += ["Grade can be changed", "Feedback comments"]
    for submission, results in graded:
        moodle = submission.system == "moodle"
        key = f"Participant {submission.id}" if moodle else submission.id
        said = status(submission, results)
        ends = [number(total(results)), number(most), "Yes", said]
        rows.append([key, submission.name, "Submitted for grading", *ends])
    write_csv(path, rows)
