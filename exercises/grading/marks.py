"""What a run knows of each student, and the two tables that it writes of it.

`grades.csv` has a row per student. `to-read.csv` has the answers in words, and comes
back with points and comments.
"""

from dataclasses import dataclass, field
from pathlib import Path

from exercises.grading.judging import Result
from exercises.grading.late import Late
from exercises.grading.submissions import Submission
from exercises.grading.tables import (
    guarded,
    number,
    person,
    read_points,
    read_table,
    status,
    total,
    unguarded,
)

READ_COLUMNS = ["id", "student", "exercise", "maximum", "points", "comment", "answer"]


@dataclass
class Student:
    """What a run knows of one student."""

    submission: Submission
    results: list[Result]
    late: Late = field(default_factory=Late)
    comment: str = ""
    same_code: str = ""

    @property
    def total(self) -> float | None:
        """The points, less what being late costs; None if nothing could be graded."""
        points = total(self.results)
        return None if points is None else round(points - self.late.deducted(points), 2)


def grades(students: list[Student], blanks: list[Result]) -> list[list]:
    """Return a row per student and a column per exercise."""
    most = sum(result.maximum for result in blanks)
    timed = any(student.late for student in students)
    times = ["due", "handed in", "late", "deducted"] if timed else []
    head = ["student", "id", *(r.key for r in blanks), *times, "total", "maximum"]
    rows = [[*head, "status", "same code as", "file"]]
    for one in students:
        points = [number(r.points) for r in one.results] or [""] * len(blanks)
        cells = one.late.cells(total(one.results)) if timed else []
        ends = [number(one.total), number(most), status(one.submission, one.results)]
        who = [one.submission.name, one.submission.id]
        row = [*who, *points, *cells, *ends, one.same_code, one.submission.file]
        rows.append(row)
    return rows


def normal(answer: str) -> str:
    """Return an answer as it compares after a round through a spreadsheet."""
    text = str(guarded(answer)).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip().lstrip("'")


@dataclass
class Words:
    """What `to-read.csv` held when the run began."""

    rows: list[tuple[str, dict[str, str]]]
    delimiter: str = ","

    @classmethod
    def read(cls, path: Path) -> "Words":
        """Read the table, if there is one; raise ValueError if it is none of ours."""
        needed = ["id", "exercise", "points", "answer"]
        return (
            cls(*read_table(path, READ_COLUMNS, needed)) if path.exists() else cls([])
        )

    def check(self, names: set[str]) -> None:
        """Raise ValueError for an exercise that is none of `names`."""
        for place, row in self.rows:
            if (name := unguarded(row["exercise"])) not in names:
                raise ValueError(f"{place}: no exercise {name!r} in words here")

    def merge(self, students: list[Student], known: dict) -> list[str]:
        """Take points and comments over; return what could not be taken over."""
        filled = {}
        for place, row in self.rows:
            if not (row["points"] + row.get("comment", "")).strip():
                continue
            try:
                who = person(row["id"], known, place).id
            except ValueError:
                who = unguarded(row["id"])
            filled[who, unguarded(row["exercise"])] = row
        problems = []
        for one in students:
            for r in one.results:
                key = one.submission.id, r.key
                row = filled.pop(key, None) if r.answer else None
                if row is None:
                    continue
                place = ", ".join(key)
                if normal(row["answer"]) != normal(r.answer):
                    problems.append(f"{place}: the answer has changed since")
                    continue
                r.comment = unguarded(row.get("comment", ""))
                try:
                    points = read_points(row["points"], r.maximum, place)
                except ValueError as error:
                    problems.append(str(error))
                    continue
                if points is not None:
                    r.points, r.status = points, "read"
        keys = {r.key for one in students for r in one.results}
        problems += [f"{i}, {e}: no such answer" for i, e in filled if e in keys]
        self.rows = [("", row) for row in filled.values()]
        return problems

    def table(self, students: list[Student]) -> list[list]:
        """Return the answers; what was filled in and not taken over comes last."""
        rows = [READ_COLUMNS]
        for one in students:
            for r in one.results:
                if r.answer:
                    who = [one.submission.id, one.submission.name, r.key]
                    got = [number(r.maximum), number(r.points), r.comment]
                    rows.append([*who, *got, r.answer])
        rows += [[row.get(name, "") for name in READ_COLUMNS] for _, row in self.rows]
        return rows
