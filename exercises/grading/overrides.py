"""What the teacher decides: which exercises count, for how much, and by hand."""

from dataclasses import dataclass, replace
from pathlib import Path

from exercises import checks
from exercises.grading.judging import Result
from exercises.grading.tables import (
    BY_HAND,
    NOT_GRADED,
    alike,
    number,
    person,
    read_points,
    read_table,
    unguarded,
)

OVERRIDES = ["student", "exercise", "points", "comment"]
PLAN = ["exercise", "points"]


def name_of(text: str) -> str:
    """Return the name of an exercise that was written as a name or as a label."""
    return text.strip().removeprefix("ex-").replace("-", "_")


def one_of(text: str, names: list[str], place: str) -> str:
    """Return the exercise that is meant; raise ValueError if there is none."""
    text = unguarded(text)
    name = text if text in names else name_of(text)
    if name not in names:
        raise ValueError(
            f"{place}: no exercise {text!r} here; there are {', '.join(names)}"
        )
    return name


def read_plan(text: str, option: str, names: list[str]) -> dict[str, float | None]:
    """Return the exercises that `--only` or `--points` names, with their points.

    A file may list exercises of other chapters too: they are left out.

    Raises
    ------
    ValueError
        If an exercise is unknown or its points are none.
    """
    if text.lower().endswith(".csv"):
        rows, _ = read_table(Path(text), PLAN, ["exercise"])
        pairs = [(place, r["exercise"], r.get("points", "")) for place, r in rows]
        elsewhere = {*checks.EXERCISES, *checks.QUESTIONS} - {*names}
    else:
        parts = [part.partition("=") for part in text.split(",") if part.strip()]
        pairs = [(option, name, points) for name, _, points in parts]
        elsewhere = set()
    plan: dict[str, float | None] = {}
    for place, exercise, points in pairs:
        if name_of(unguarded(exercise)) in elsewhere:
            continue
        name = one_of(exercise, names, place)
        if name in plan:
            raise ValueError(f"{place}: {name} stands there twice")
        plan[name] = read_points(points, None, place)
    if not plan:
        raise ValueError(f"{option} {text}: none of its exercises is in this chapter")
    if option == "--points" and None in plan.values():
        raise ValueError(f"{option} {text}: write NAME=POINTS for each exercise")
    return plan


def chosen(exercises: list, only: str | None, points: str | None) -> list:
    """Return the exercises that count, with their points, in the order of the book."""
    names = [one.name for one in exercises]
    plan: dict[str, float | None] = dict.fromkeys(names)
    if only:
        plan = read_plan(only, "--only", names)
    if points:
        more = read_plan(points, "--points", names)
        plan |= {name: most for name, most in more.items() if name in plan}
    kept = [one for one in exercises if one.name in plan]
    return [
        one if plan[one.name] is None else replace(one, points=plan[one.name])
        for one in kept
    ]


@dataclass
class Overrides:
    """Points and comments by hand; a row without an exercise is about the whole."""

    rows: list[tuple[str, dict[str, str]]]

    @classmethod
    def read(cls, *paths: Path) -> "Overrides":
        """Read the tables; raise ValueError if the columns of one are others."""
        tables = [read_table(path, OVERRIDES, OVERRIDES[:3])[0] for path in paths]
        return cls([row for table in tables for row in table])

    def match(self, known: dict | None, blanks: list[Result], others: set[str]):
        """Find out whom and what each row is about, before anything is graded.

        Parameters
        ----------
        known : dict or None
            The students; None where a row may be about somebody else.
        blanks : list of Result
        others : set of str
            Exercises of the chapter that are not graded in this run.

        Raises
        ------
        ValueError
            For a student, an exercise or points that cannot be.
        """
        most = {blank.key: blank.maximum for blank in blanks}
        self.found: dict[str, dict[str, tuple[float | None, str]]] = {}
        for place, row in self.rows:
            who = alike(unguarded(row["student"]))
            if not who:
                raise ValueError(f"{place}: no student")
            if known is not None:
                who = alike(person(row["student"], known, place).id)
            text, comment = row["exercise"].strip(), unguarded(row.get("comment", ""))
            name = one_of(text, [*most, *others], place) if text else ""
            points = read_points(row["points"], most.get(name), place)
            if not name and points is not None:
                raise ValueError(f"{place}: points need an exercise")
            if comment.isdecimal():
                raise ValueError(
                    f"{place}: the comment {comment!r} looks like the rest of a "
                    'number; write 2.5 or "2,5"'
                )
            own = self.found.setdefault(who, {})
            if name in own:
                raise ValueError(f"{place}: a second row for the same exercise")
            own[name] = points, comment
        return self

    def apply(self, who: str, results: list[Result], blanks: list[Result]):
        """Return the results as decided by hand, and the comment on the whole."""
        rows = self.found.get(alike(who), {})
        if rows and not results:
            results = [replace(blank, status=NOT_GRADED) for blank in blanks]
        for result in results:
            if result.key not in rows:
                continue
            points, comment = rows[result.key]
            result.comment = "\n".join(t for t in (result.comment, comment) if t)
            if points is not None:
                was = (
                    "" if result.points is None else f", {number(result.points)} before"
                )
                result.points, result.by_hand = points, True
                result.status = BY_HAND + was
        return results, rows.get("", (None, ""))[1]
