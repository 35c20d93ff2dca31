"""What is graded: the exercises of a chapter that count, and for how much."""

import hashlib
import json
import runpy
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from exercises import checks
from exercises.box import wire
from exercises.grading.judging import Item, Result
from exercises.grading.overrides import chosen
from exercises.handout import release


@dataclass
class Assignment:
    """What is graded: a chapter, its exercises and the notebook as handed out."""

    chapter: str
    title: str
    items: list[Item]
    questions: list
    handed_out: list[tuple[str, str]]
    imports: list[str]
    others: set[str]

    @property
    def blanks(self) -> list[Result]:
        """An empty result per exercise, in the order of the columns."""
        asked = [Result(q.name, q.title, q.points, None, "") for q in self.questions]
        return [item.result(None, "") for item in self.items] + asked

    @property
    def names(self) -> list[str]:
        """The functions that are asked for."""
        return [item.exercise.name for item in self.items]

    @property
    def maximum(self) -> float:
        """All points, those for answers in words included."""
        return sum(blank.maximum for blank in self.blanks)

    @cached_property
    def digests(self) -> dict[str, str]:
        """A fingerprint per exercise of all that decides on its points."""
        parts = {q.name: [q.points] for q in self.questions}
        for item in self.items:
            one = item.exercise
            parts[item.key] = [one.points, item.cases, one.tolerance, one.seconds]
            parts[item.key] += [one.prepare, one.forbidden]
            parts[item.key] += [wire.pack_outcome(right) for right in one.expected]
        return {key: digest_of([key, *part]) for key, part in parts.items()}

    def part(self, keys: set[str]) -> "Assignment":
        """Return the same with some of the exercises only."""
        items = [item for item in self.items if item.key in keys]
        return replace(
            self, items=items, questions=[q for q in self.questions if q.name in keys]
        )


def digest_of(parts: list) -> str:
    """Return what differs where one of the parts does."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def hidden_exercises(path: Path) -> list:
    """Return the exercises that the Python file at `path` defines as ``EXERCISES``.

    Raises
    ------
    ValueError
        If there are none.
    """
    try:
        found = runpy.run_path(str(path)).get("EXERCISES")
    except (OSError, ValueError):
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise ValueError(f"{path} cannot be run: {reason}") from error
    exercises = list(found.values() if isinstance(found, dict) else found or ())
    if not all(isinstance(one, checks.Exercise) for one in exercises) or not exercises:
        raise ValueError(f"{path} defines no EXERCISES, a list of Exercise")
    return exercises


def assignment(
    chapter: Path,
    hidden: Path | None = None,
    only: str | None = None,
    points: str | None = None,
) -> Assignment:
    """Return what is to be graded for the chapter in the notebook at `chapter`.

    Raises
    ------
    ValueError
        If the chapter has no exercises, or `hidden` holds none, or `only` or `points`
        names one that is not there.
    """
    notebook = release.student_notebook(chapter)
    code, words = checks.of_chapter(chapter.stem), checks.questions_of(chapter.stem)
    if not code and not words and not hidden:
        raise ValueError(f"{chapter} has no exercises")
    kept = chosen([*code, *words], only, points)
    questions = [one for one in kept if isinstance(one, checks.Question)]
    items = [Item.of(one) for one in kept if isinstance(one, checks.Exercise)]
    if hidden:
        items += [Item.of(one, hidden=True) for one in hidden_exercises(hidden)]
    needs_torch = "torch" in release.packages_of(release.code_of(notebook))
    imports = ["torch"] if needs_torch else []
    handed_out = [(cell.cell_type, cell.source) for cell in notebook.cells]
    title = release.title_of(notebook) or chapter.stem
    others = {one.name for one in [*code, *words]} - {one.name for one in kept}
    parts = [chapter.stem, title, items, questions, handed_out, imports, others]
    return Assignment(*parts)
