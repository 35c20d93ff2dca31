"""What the tests of the teacher's tables share: a run in which nothing is executed."""

import copy
import csv
import functools
from collections.abc import Callable
from pathlib import Path

from book.tools import notebooks
from exercises.__main__ import main
from exercises.grading import grade
from exercises.grading.judging import Result, grade_words
from exercises.grading.submissions import Submission
from exercises.handout import release

SAMPLES = Path(__file__).parent / "samples"
CHAPTER = notebooks.ROOT / "chapters" / "02_forward_pass.ipynb"
THREE = "count_parameters,next_state,states_with_resets"
BAD = {"states_with_resets": [True, False, False, False]}


class NoBox:
    """Stands in for the box."""

    def __init__(self, *arguments) -> None:
        pass

    def close(self) -> None:
        """Do nothing."""


handed_out = functools.cache(release.student_notebook)


@functools.cache
def read_once(find: Callable, path: Path, *rest) -> list[Submission]:
    """Return the hand-ins of a sample."""
    return find(path, *rest)


def found(path: Path, *rest, find: Callable = grade.find) -> list[Submission]:
    """Return new copies of the hand-ins of a sample, which is read once."""
    return copy.deepcopy(read_once(find, path, *map(tuple, rest)))


class Desk:
    """Runs the command on a sample, with invented results, and notes what it grades."""

    def __init__(self, monkeypatch, folder: Path) -> None:
        self.out, self.folder, self.graded = folder / "out", folder, []
        monkeypatch.setattr(grade, "Box", NoBox)
        monkeypatch.setattr(grade, "grade_one", self.grade_one)
        monkeypatch.setattr(grade, "find", found)
        monkeypatch.setattr(release, "student_notebook", handed_out)

    def grade_one(self, one, work, box, seconds):
        """Give full marks, but for the third exercise of Bo."""
        if one.cells is None:
            return []
        results = []
        for item in work.items:
            self.graded.append((one.id, item.key))
            result = item.result(float(item.exercise.points), "right")
            if "Bo" in one.name or "bo" in one.name:
                for ok in BAD.get(item.key, []):
                    result.lines.append((ok, "a case"))
                if result.lines:
                    result.points, result.status = 1.0, "1 of 4 checks passed"
            results.append(result)
        return results + grade_words(one, work.questions, work.handed_out)

    def run(self, *options: str, sample: str = "moodle.zip") -> int:
        """Run the command."""
        self.graded.clear()
        arguments = ["grade", str(SAMPLES / sample), str(CHAPTER)]
        return main([*arguments, "--out", str(self.out), *map(str, options)])

    def write(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        """Write a file beside the results; return its path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(encoding))
        return path

    def rows(self, name: str = "grades.csv", key: str = "student") -> dict[str, dict]:
        """Return a table of the results by student."""
        with (self.out / name).open(encoding="utf-8-sig", newline="") as stream:
            return {row[key]: row for row in csv.DictReader(stream)}

    def page(self, name: str) -> str:
        """Return the page of feedback to a student."""
        return next((self.out / "feedback").glob(f"{name}*.html")).read_text("utf-8")


def result(points: float | None, lines: list | None = None, **more) -> Result:
    """Return a result of an exercise for 1 point."""
    status = "right"
    if lines:
        status = f"{sum(ok for ok, _ in lines)} of {len(lines)} checks passed"
    return Result("k", "Title", 1, points, status, lines or [], **more)
