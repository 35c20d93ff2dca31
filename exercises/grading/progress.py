"""Grade all hand-ins, and keep what is done for the next run."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from exercises.grading import marks
from exercises.grading.judging import NOT_STARTED, Result
from exercises.grading.sandbox import Box
from exercises.grading.submissions import Submission
from exercises.grading.work import Assignment, digest_of


def read_progress(path: Path) -> dict[str, dict[str, dict]]:
    """Return what earlier runs have graded, by hand-in and exercise."""
    done: dict[str, dict[str, dict]] = {}
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            try:
                entry = json.loads(line)
                for one in entry["kept"]:
                    one["result"] = Result(**one["result"])
                    done.setdefault(entry["hand-in"], {})[one["result"].key] = one
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # the line that was being written when the run stopped
    return done


@dataclass
class Run:
    """Grade, with the function `grade_one`, what is not graded yet.

    `settings` are all options that change what a hand-in gets for its code. They are
    stored with each result. With ``--resume`` a result is taken over only if hand-in,
    exercise and settings are the same. `again` holds the hand-ins and the exercises
    that ``--regrade`` names: they are graded again, and other settings change nothing
    for the rest.
    """

    grade_one: Callable
    work: Assignment
    settings: dict
    progress: Path
    resume: bool = False
    again: tuple[set[str], set[str]] = (set(), set())

    def __post_init__(self) -> None:
        self.done = read_progress(self.progress) if self.resume else {}

    def kept(self, one: Submission) -> dict[str, Result]:
        """Return what is graded already, by exercise."""
        found = {}
        students, exercises = self.again
        for key, entry in self.done.get(hand_in(one), {}).items():
            same = entry["digest"] == self.work.digests.get(key)
            same = same and (any(self.again) or entry["settings"] == self.settings)
            if same and one.id not in students and key not in exercises:
                found[key] = entry["result"]
        return found

    def graded(self, one: Submission, box: Box) -> tuple[list[Result], list[dict]]:
        """Return the results of one hand-in, and what is to be stored of them."""
        kept, keys = self.kept(one), set(self.work.digests)
        if one.cells is None or not keys - set(kept):
            new = []
        else:
            part = self.work.part(keys - set(kept))
            new = self.grade_one(one, part, box, self.settings["seconds"])
        entries = [
            {"digest": self.work.digests[r.key], "settings": self.settings}
            | {"result": r.as_dict()}
            for r in new
            if not r.status.startswith(NOT_STARTED)
        ]
        results = kept | {r.key: r for r in new}
        return [results[key] for key in self.order if key in results], entries

    @property
    def order(self) -> list[str]:
        """The exercises in the order of the columns."""
        return [blank.key for blank in self.work.blanks]

    def all(self, found: list[Submission], box: Box) -> list[marks.Student]:
        """Grade every hand-in, two at a time on two cores, and keep what is done."""
        students = []
        with (
            self.progress.open("a" if self.resume else "w", encoding="utf-8") as stream,
            ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool,
        ):
            stream.write("\n")  # ends the line that an interrupted run was writing
            futures = [pool.submit(self.graded, one, box) for one in found]
            try:
                pairs = zip(found, futures, strict=True)
                for one, future in tqdm(pairs, total=len(found), unit="student"):
                    try:
                        results, entries = future.result()
                    except Exception as error:  # costs this hand-in, nobody else's
                        one.problem = f"the grader failed on it: {type(error).__name__}"
                        one.cells, results, entries = None, [], []
                    students.append(marks.Student(one, results))
                    if entries:
                        entry = {"hand-in": hand_in(one), "kept": entries}
                        stream.write(json.dumps(entry) + "\n")
                        stream.flush()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return students


def hand_in(one: Submission) -> str:
    """Return a fingerprint of who handed in what."""
    return digest_of([one.system, one.id, one.digest])
