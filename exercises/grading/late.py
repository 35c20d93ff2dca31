"""When a hand-in was due, when it came, and what being late costs."""

import math
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from exercises.grading.submissions import Submission
from exercises.grading.tables import person, read_table, unguarded

EXTENSIONS = ["student", "due", "handed in"]
STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
STEPS["week"] = timedelta(weeks=1)
PENALTY = re.compile(r"(\d+(?:[.,]\d+)?) ?%(?: ?(?:a|an|per|each|/) ?(hour|day|week))?")
FORMS = ["%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S"]
MOODLE_FORMS = ["%d %B %Y, %I:%M %p", "%B %d, %Y, %I:%M %p", "%d %B %Y, %H:%M"]
UNKNOWN = "not known"


@dataclass(frozen=True)
class Late:
    """What is known about the time of one hand-in.

    `share` is the part of the points that is taken off; None where it cannot be told.
    """

    due: str = ""
    handed_in: str = ""
    text: str = ""
    share: float | None = 0.0

    def __bool__(self) -> bool:
        return bool(self.due or self.text)

    def deducted(self, points: float) -> float:
        """Return what is taken off `points`."""
        return round((self.share or 0.0) * points, 2)

    def cells(self, points: float | None) -> list[str]:
        """Return the cells of the table."""
        off = "" if points is None else f"{self.deducted(points):g}"
        known = UNKNOWN if self.share is None else off
        return [self.due, self.handed_in, self.text, known]


def written(moment: datetime | None) -> str:
    """Return a moment for a table."""
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def local(moment: datetime) -> datetime:
    """Return a moment by the clock of this machine."""
    return moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment


def read_due(text: str, place: str) -> datetime:
    """Return until when a hand-in is in time: to the end of the day or minute.

    Raises
    ------
    ValueError
        If it is no date.
    """
    text = text.strip()
    for form in FORMS:
        try:
            text = datetime.strptime(text, form).isoformat()
        except ValueError:
            continue
    try:
        moment = local(datetime.fromisoformat(text))
    except ValueError as error:
        raise ValueError(
            f"{place}: {text!r} is no date such as 2026-11-20 or '2026-11-20 23:59'"
        ) from error
    if re.fullmatch(r"\d{4}-?\d\d-?\d\d", text):
        return moment.replace(hour=23, minute=59, second=59)
    return moment.replace(second=moment.second or 59)


def read_time(text: str) -> datetime | None:
    """Return the time of a hand-in as Moodle or Gradescope writes it, None if unknown.

    Moodle writes "Friday, 20 November 2026, 11:58 PM".
    """
    text = re.sub(r"^[A-Za-z]+, ", "", text.strip().replace("\u202f", " "))
    for form in MOODLE_FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    try:
        return local(datetime.fromisoformat(re.sub(r" (Z|UTC)$", "+00:00", text)))
    except (ValueError, OverflowError):
        return None


def read_penalty(text: str) -> tuple[float, str]:
    """Return share and step of a penalty such as "10 % a day" or "20 %".

    Raises
    ------
    ValueError
        If it is none.
    """
    match = PENALTY.fullmatch(" ".join(text.split()))
    share = float(match[1].replace(",", ".")) / 100 if match else 2.0
    if share > 1:
        raise ValueError(f"--penalty {text!r}: write '10 % a day', or '20 %' for once")
    return share, match[2] or ""


def amount(over: timedelta) -> str:
    """Return how late something is, in words."""
    minutes = math.ceil(over / timedelta(minutes=1))
    for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size or size == 1:
            count = round(minutes / size, 1)
            return f"{count:g} {unit}{'s' * (count != 1)} late"
    raise AssertionError


@dataclass
class Policy:
    """Due date, extensions and penalty of an assignment."""

    due: datetime | None = None
    share: float = 0.0
    step: str = ""
    extensions: dict[str, datetime] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    rows: list = field(default_factory=list)

    @classmethod
    def read(cls, due: str | None, extensions: Path | None, penalty: str | None):
        """Read the options; raise ValueError for the first that is wrong."""
        policy = cls(read_due(due, "--due") if due else None)
        if penalty:
            policy.share, policy.step = read_penalty(penalty)
        if extensions:
            policy.rows, _ = read_table(extensions, EXTENSIONS, ["student"])
        return policy

    def match(self, found: list[Submission], known: dict) -> None:
        """Find the students with an extension.

        Raises
        ------
        ValueError
            For one who is unknown, or for a penalty where nobody can be late.
        """
        dated = self.due or self.rows or any(one.system == "canvas" for one in found)
        if self.share and not dated:
            raise ValueError("--penalty needs --due")
        for place, row in self.rows:
            one = person(row["student"], known, place)
            if due := unguarded(row.get("due", "")):
                self.extensions[one.id] = read_due(due, place)
            if text := unguarded(row.get("handed in", "")):
                moment = read_time(text) or read_due(text, place)
                self.times[one.id] = moment.replace(second=0)

    def of(self, one: Submission) -> Late:
        """Return what is known about the time of a hand-in."""
        due = self.extensions.get(one.id, self.due)
        came, marked = self.times.get(one.id) or read_time(one.came), one.late
        cells = written(due), written(came)
        if due and came:
            if came <= due:
                return Late(*cells, "in time")
            over = came - due
            steps = math.ceil(over / STEPS[self.step]) if self.step else 1
            return Late(*cells, amount(over), min(1.0, self.share * steps))
        if marked:
            share = (
                self.share if not self.step and one.id not in self.extensions else None
            )
            share = share if self.share else 0.0
            return Late(*cells, "late, says Canvas; by how much is not known", share)
        if marked is False and due:
            return Late(*cells, "in time, says Canvas")
        if due:
            return Late(*cells, UNKNOWN, None if self.share else 0.0)
        return Late()
