"""Grades in the form in which Moodle and Canvas take them back.

Both give out a table and take the same table back. So it is filled in: what identifies
a student stays as it came, and only what these systems read of a grade is written.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from exercises.grading.judging import TO_READ
from exercises.grading.late import read_time
from exercises.grading.marks import Student
from exercises.grading.submissions import Submission
from exercises.grading.tables import (
    alike,
    guarded,
    number,
    points_of,
    read_rows,
    shown_name,
)

CANVAS_NAMES = ["student", "id", "sis user id", "sis login id", "integration id"]
CANVAS_NAMES += ["root account", "section"]
OURS = re.compile(r"\s*(?:<p[^>]*>)?\s*\[Graded: [^\]]*\](?:</p>)?")


def as_number(text: str) -> float | None:
    """Return a number of another system; None if it is none."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def comment(student: Student, most: float, old: str) -> str:
    """Return the comment on a hand-in, below what somebody else wrote before.

    It holds points and the teacher's words, and nothing of hidden checks. It stands in
    brackets, so that a later one takes its place.
    """
    text = f"Graded: {points_of(student.total or 0, most)}"
    if student.total is None:
        text = f"Graded: not yet, {student.submission.problem or 'look at it by hand'}"
    unread = sum(result.status == TO_READ for result in student.results)
    text += f", {unread} answer{'s' * (unread > 1)} still to be read" if unread else ""
    text += f" ({student.late.text})." if student.late.share else "."
    lines = [text, student.comment]
    lines += [f"{shown_name(r)}: {r.comment}" for r in student.results if r.comment]
    ours = "\n".join(line for line in lines if line).replace("[", "(").replace("]", ")")
    return "\n".join(part for part in (OURS.sub("", old).strip(), f"[{ours}]") if part)


@dataclass
class Sheet:
    """A table of another system."""

    path: Path
    head: list[str]
    rows: list[list[str]]

    @classmethod
    def read(cls, path: Path) -> "Sheet":
        """Read it; raise ValueError if the columns are not those of the system."""
        rows = [row for _, row in read_rows(path)[0] if any(row)]
        head = [name.strip() for name in rows[0]] if rows else []
        names = Counter(name.casefold() for name in head if name)
        if twice := [name for name, count in names.items() if count > 1]:
            raise ValueError(f"{path}: two columns have the name {twice[0]!r}")
        width = len(head)
        rows = [(row + [""] * width)[:width] for row in rows[1:]]
        sheet = cls(path, head, rows)
        sheet.check()
        return sheet

    def check(self) -> None:
        """Raise ValueError if a column is missing."""

    def column(self, name: str) -> int | None:
        """Return where a column is; None if there is none."""
        names = [one.casefold() for one in self.head]
        return names.index(name.casefold()) if name.casefold() in names else None

    def need(self, names: list[str], what: str) -> None:
        """Raise ValueError if one of the columns is missing."""
        for name in names:
            if self.column(name) is None:
                raise ValueError(f"{self.path} has no column {name!r}: {what}")

    @cached_property
    def rows_by(self) -> dict[str, dict[str, int]]:
        """The row of each value that only one row has, by column."""
        found = {}
        for name in self.names:
            column = self.column(name)
            values = [] if column is None else [alike(r[column]) for r in self.rows]
            counts = Counter(values)
            found[name] = {v: i for i, v in enumerate(values) if v and counts[v] == 1}
        return found

    def places(self, one: Submission) -> list[int]:
        """Return the row of a student; none if it is not known."""
        for found in self.rows_by.values():
            for text in (one.id, one.name):
                if alike(text) in found:
                    return [found[alike(text)]]
        return []

    def aliases(self, one: Submission) -> list[str]:
        """Return by which names a student is known here."""
        columns = [self.column(name) for name in self.names]
        columns = [column for column in columns if column is not None]
        rows = [self.rows[place] for place in self.places(one)]
        found = [row[column] for row in rows for column in columns if row[column]]
        # "Chan, Bo" is also Bo Chan.
        return found + [" ".join(reversed(n.split(", "))) for n in found if ", " in n]

    def missing(self, found: list[Submission]) -> list[str]:
        """Return who has no row.

        Raises
        ------
        ValueError
            If that is everybody, or if two hand-ins have the same row.
        """
        absent, owners = [], {}
        for one in found:
            places = self.places(one)
            absent += [] if places else [one.name]
            for place in places:
                if place in owners:
                    both = f"{owners[place]} and {one.name}"
                    raise ValueError(f"{self.path}: {both} are the same student there")
                owners[place] = one.name
        if not owners:
            raise ValueError(
                f"{self.path} has none of these students; is it another's?"
            )
        return [f"{self.path.name} has no row for {name}" for name in absent]

    def scale(self, most: float) -> list[str]:
        """Return a note if the system has another maximum."""
        other = self.maximum
        if not other or other == most:
            return []
        there, here = number(other), number(most)
        return [
            f"{self.path.name}: grades are scaled, {here} points here are {there} there"
        ]

    def scaled(self, points: float, most: float) -> str:
        """Return points on the scale of the system."""
        if self.maximum and most:
            points = round(points / most * self.maximum, 2)
        return number(points)


class Worksheet(Sheet):
    """The grading worksheet of Moodle; it matches students by identifier."""

    names = ("id number", "email address", "username", "full name")

    def check(self) -> None:
        """Raise ValueError if Moodle would not take it back."""
        what = "give the grading worksheet as Moodle, in English, writes it"
        self.need(["Identifier", "Grade", "Last modified (grade)"], what)

    def places(self, one: Submission) -> list[int]:
        """Return the row of a student."""
        if one.system != "moodle":
            return super().places(one)
        return self.numbers.get(one.id, [])

    @cached_property
    def numbers(self) -> dict[str, list[int]]:
        """The rows of each participant, by the number after the word."""
        column, found = self.column("Identifier"), {}
        for index, row in enumerate(self.rows):
            number = re.search(r"\d*$", row[column].strip())[0]
            found.setdefault(number, []).append(index)
        return found

    @property
    def maximum(self) -> float | None:
        """The points of the assignment in Moodle."""
        column = self.column("Maximum grade")
        if column is None or not self.rows:
            return None
        maximum = as_number(self.rows[0][column])
        if not maximum:
            raise ValueError(
                f"{self.path}: no number is the maximum grade; is it a scale?"
            )
        return maximum

    def times(self, found: list[Submission]) -> dict[str, datetime]:
        """Return when each student handed in, as far as it is known."""
        column = self.column("Last modified (submission)")
        known = {}
        for one in found if column is not None else []:
            for place in self.places(one):
                known[one.id] = read_time(self.rows[place][column])
        return {who: moment for who, moment in known.items() if moment}

    def filled(self, students: list[Student], most: float) -> list[list[str]]:
        """Return the worksheet with grades and comments, all else as it came."""
        grade, words = self.column("Grade"), self.column("Feedback comments")
        free = self.column("Grade can be changed")
        rows = [list(row) for row in self.rows]
        for student in students:
            for row in (rows[place] for place in self.places(student.submission)):
                if free is not None and row[free].strip().casefold() == "no":
                    continue
                if student.total is not None:
                    row[grade] = self.scaled(student.total, most)
                if words is not None:
                    row[words] = comment(student, most, row[words])
        shown = [self.column("Full name"), self.column("Online text")]
        for row in rows:
            for column in shown:
                if column is not None:
                    row[column] = guarded(row[column])
        return [self.head, *rows]


class Gradebook(Sheet):
    """The gradebook that Canvas exports; it matches students by ID."""

    names = ("sis login id", "sis user id", "student")
    assignment = -1

    def check(self) -> None:
        """Raise ValueError if Canvas would not take it back."""
        what = "give the gradebook as Canvas exports it"
        self.need(["Student", "ID", "Section"], what)

    def choose(self, name: str | None, title: str) -> None:
        """Find the column of the assignment; raise ValueError if it is not clear."""
        there = [n for n in self.head if re.fullmatch(r".+ \(\d+\)", n)]
        plain = {n: re.sub(r" \(\d+\)$", "", n) for n in there}
        wanted = (name or title).strip().casefold()
        meant = [n for n in there if wanted in (n.casefold(), plain[n].casefold())]
        meant = meant or (there if not name and len(there) == 1 else [])
        if len(meant) != 1:
            columns = ", ".join(map(repr, there)) or "its columns, but it has none"
            raise ValueError(f"{self.path}: give --assignment, one of {columns}")
        self.assignment = self.head.index(meant[0])

    def places(self, one: Submission) -> list[int]:
        """Return the row of a student."""
        if one.system != "canvas":
            return super().places(one)
        column = self.column("ID")
        return [i for i, row in enumerate(self.rows) if row[column].strip() == one.id]

    @property
    def maximum(self) -> float | None:
        """The points of the assignment in Canvas."""
        for row in self.rows:
            if "points possible" in row[0].casefold():
                return as_number(row[self.assignment])
        return None

    def filled(self, students: list[Student], most: float) -> list[list[str]]:
        """Return what identifies students, and the column of the assignment."""
        rows = [list(row) for row in self.rows]
        for student in students:
            for place in self.places(student.submission):
                if student.total is not None:
                    rows[place][self.assignment] = self.scaled(student.total, most)
        for row in rows:
            row[0] = guarded(row[0])
        kept = [
            i for i, name in enumerate(self.head) if name.casefold() in CANVAS_NAMES
        ]
        kept.append(self.assignment)
        return [[row[i] for i in kept] for row in [self.head, *rows]]
