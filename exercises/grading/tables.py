"""Read and write tables as spreadsheets do, and say what happened to a hand-in."""

import codecs
import csv
import io
import os
import re
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from exercises.checks.report import HALF
from exercises.grading.judging import TO_READ, Result
from exercises.grading.submissions import Submission

BY_HAND = "points given by hand"
NOT_GRADED = "not graded"
FORMULA = tuple("=+-@\t\r＝＋－＠")
ENCODINGS = {
    codecs.BOM_UTF8: ("utf-8-sig",),
    codecs.BOM_UTF16_LE: ("utf-16",),
    codecs.BOM_UTF16_BE: ("utf-16",),
    b"": ("utf-8", "cp1252"),
}
csv.field_size_limit(2**24)  # an answer in words, or a text that Moodle exports


def guarded(value):
    """Return `value` so that a spreadsheet takes text for text, not a formula."""
    if not isinstance(value, str) or value == "-":
        return value
    start = value[:1] + value.lstrip()[:1]
    return "'" + value if any(sign in FORMULA for sign in start) else value


def unguarded(text: str) -> str:
    """Return the text of a cell without blanks around it and without the guard."""
    text = text.strip()
    return text[1:] if text[:1] == "'" and guarded(text[1:]) == text else text


def number(points: float | None) -> str:
    """Return points for a table; blank where there are none."""
    return "" if points is None else f"{points:g}"


def points_of(got: float, most: float) -> str:
    """Return points in words."""
    return f"{number(got)} of {number(most)} point{'s' * (most != 1)}"


def csv_bytes(rows: list[list], delimiter: str = ",") -> bytes:
    """Return a table as a file that every spreadsheet opens."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file in one go, so that an interruption leaves the old one."""
    draft = path.with_name(path.name + ".part")
    draft.write_bytes(data)
    os.replace(draft, path)


def write_csv(path: Path, rows: list[list]) -> None:
    """Write a table in one go."""
    write_whole(path, csv_bytes([[guarded(v) for v in row] for row in rows]))


class Folder:
    """The folder of the results, which keeps every file that it replaces."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept = path / "before" / time.strftime("%Y-%m-%d-%H%M%S")
        count = 1
        while self.kept.exists():  # two runs in one second
            count += 1
            self.kept = self.kept.with_name(f"{self.kept.name[:17]}-{count}")

    def write(self, name: str, data: bytes) -> None:
        """Write a file; if it held something else, keep that below ``before``."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            old = path.read_bytes()
            if old == data:
                return
            kept = self.kept / name
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(old)
        write_whole(path, data)

    def write_csv(self, name: str, rows: list[list], delimiter: str = ",") -> None:
        """Write a table in which no text is a formula."""
        safe = [[guarded(value) for value in row] for row in rows]
        self.write(name, csv_bytes(safe, delimiter))


def decoded(path: Path) -> str:
    """Return the text of a file in any encoding that a spreadsheet writes."""
    data = path.read_bytes()
    if data.startswith(b"PK\x03\x04"):
        raise ValueError(f"{path} is no CSV file: save the spreadsheet as CSV")
    mark = next(mark for mark in ENCODINGS if data.startswith(mark))
    for encoding in ENCODINGS[mark]:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
    raise ValueError(f"{path} is in no encoding of a spreadsheet; save it as CSV UTF-8")


def read_rows(path: Path) -> tuple[list[tuple[int, list[str]]], str]:
    """Return the rows of a table, each with its line, and what separates the cells.

    Raises
    ------
    ValueError
        If it cannot be read, with the reason.
    """
    text = decoded(path)
    lines = text.splitlines() or [""]
    said = re.fullmatch(r'"?sep=(.)"?', lines[0])
    first = 1 if said else 0
    if said:
        delimiter = said[1]
    else:
        widths = {d: len(next(csv.reader(lines[:1], delimiter=d), [])) for d in ",;\t"}
        delimiter = max(widths, key=widths.get)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        for row in reader:
            rows.append((reader.line_num, row))
    except csv.Error as error:
        raise ValueError(f"{path}, line {reader.line_num}: {error}") from error
    return rows[first:], delimiter


def read_table(
    path: Path, columns: list[str], needed: list[str]
) -> tuple[list[tuple[str, dict[str, str]]], str]:
    """Return the rows of a table of ours, each with its place, and the separator.

    Raises
    ------
    ValueError
        If a header is unknown or missing, or a row has more cells than there are.
    """
    rows, delimiter = read_rows(path)
    head = [name.strip().casefold() for name in rows[0][1]] if rows else []
    while head and not head[-1]:
        head.pop()
    for problem, names in (
        ("an unknown column", [name for name in head if name not in columns]),
        ("no column", [name for name in needed if name not in head]),
        ("twice a column", [name for name in head if head.count(name) > 1]),
    ):
        if names:
            raise ValueError(
                f"{path} has {problem} {names[0]!r}; its first line should be "
                + delimiter.join(columns)
            )
    found = []
    for line, row in rows[1:]:
        place = f"{path.name}, line {line}"
        if any(cell.strip() for cell in row[len(head) :]):
            raise ValueError(
                f"{place}: {len(row)} cells for {len(head)} columns; "
                f"put quotes around a text or number that contains {delimiter!r}"
            )
        cells = row + [""] * (len(head) - len(row))
        if any(cell.strip() for cell in cells):
            found.append((place, dict(zip(head, cells, strict=False))))
    return found, delimiter


def read_points(text: str, most: float | None, place: str) -> float | None:
    """Return points as a spreadsheet writes them; None for an empty cell.

    Raises
    ------
    ValueError
        If they are no points between 0 and `most`.
    """
    text = unguarded(text)
    if not text:
        return None
    try:
        points = float(text.replace(",", "."))
    except ValueError:
        points = -1.0
    if not 0 <= points <= (float("1e6") if most is None else most):
        limit = "" if most is None else f" between 0 and {number(most)}"
        raise ValueError(f"{place}: {text!r} are no points{limit}")
    return points


def alike(text: str) -> str:
    """Return a name as it compares: case, blanks and forms of Unicode do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def people(
    found: list[Submission], aliases: Callable[[Submission], list[str]] = lambda one: []
) -> dict[str, list[Submission]]:
    """Return who is meant by an id, or else by a name or an alias."""
    known: dict[str, list[Submission]] = {}
    for one in found:
        names = [one.name, *aliases(one)]
        if one.id.isdecimal():  # spreadsheets take zeros away
            names.append(one.id.lstrip("0"))
        for name in {alike(name) for name in names}:
            known.setdefault(name, []).append(one)
    for one in found:
        known[alike(one.id)] = [one]
    return known


def person(text: str, known: dict[str, list[Submission]], place: str) -> Submission:
    """Return the student that a cell names.

    Raises
    ------
    ValueError
        If there is none or more than one.
    """
    meant = known.get(alike(unguarded(text)), [])
    if not meant:
        raise ValueError(f"{place}: no hand-in is by {unguarded(text)!r}")
    if len(meant) > 1:
        ids = ", ".join(one.id for one in meant)
        raise ValueError(f"{place}: {unguarded(text)!r} may be {ids}; write the id")
    return meant[0]


# What happened


def total(results: list[Result]) -> float | None:
    """Return the points of a student; None if nothing could be graded."""
    points = [r.points for r in results if r.points is not None]
    return round(sum(points), 2) if points else None


def shown_name(result: Result) -> str:
    """Return the name of an exercise for a student; of hidden checks only whose."""
    return (
        f"Hidden checks of {result.key.split()[0]}" if result.hidden else result.title
    )


def passed(result: Result) -> str:
    """Return how many cases passed, where only some did; else nothing."""
    good, count = sum(bool(ok) for ok, _ in result.lines), len(result.lines)
    if not 0 < good < count or HALF in result.status:
        return ""
    why = ", but it gives the same answer to all" if result.points == 0 else ""
    return f"{good} of {count} cases passed{why}"


def note(result: Result) -> str:
    """Return what there is to say about a result beside its points."""
    if result.by_hand:
        return BY_HAND
    if result.status in ("right", "not attempted", TO_READ, "read", NOT_GRADED):
        return ""
    if result.lines and result.status.endswith("checks passed"):
        return passed(result)
    return result.status if result.lines or not result.points else ""


def status(submission: Submission, results: list[Result], brief: bool = False) -> str:
    """Return in plain words what happened; `brief` leaves out the exercises."""
    notes = [f"{r.key}: {note(r)}" for r in results if note(r) and not brief]
    if submission.cells is None:
        return "; ".join([f"not graded: {submission.problem}", *notes])
    notes = [*submission.notes, *notes]
    blank = [r for r in results if r.points is None and r.status != TO_READ]
    words = [r for r in results if r.status == TO_READ]
    if words:
        notes.append(f"{len(words)} answer{'s' * (len(words) > 1)} to read")
    graded = len(results) - len(blank) - len(words)
    head = f"{graded} of {len(results)} exercises graded" if blank else "graded"
    return "; ".join([head, *notes])
