"""What the tests of the box share: a box, and hand-ins that are run in it."""

import os
from pathlib import Path

import pytest

from exercises import checks
from exercises.box import wire
from exercises.grading import grade, running, sandbox
from exercises.grading.judging import Item
from exercises.grading.submissions import Submission
from tests import hand_ins


def chapter_of(name: str) -> Path:
    """Return the chapter of an exercise."""
    return hand_ins.CHAPTER.with_name(f"{checks.EXERCISES[name].chapter}.ipynb")


def box_or_skip() -> sandbox.Box:
    """Return a box; skip where there is none, and fail where there must be one."""
    try:
        return sandbox.Box()
    except sandbox.NoSandbox as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


def submission(cells: list[str]) -> Submission:
    """Return a hand-in with these code cells."""
    return Submission("a", "a", "plain", cells=[("code", cell) for cell in cells])


def points(box, answers: dict[str, str], before: str = "", seconds: float = 10.0):
    """Run one chapter's exercises with these answers; return results by name."""
    chapter = chapter_of(next(iter(answers)))
    work = grade.assignment(chapter)
    items = [item for item in work.items if item.key in answers]
    items.sort(key=lambda item: list(answers).index(item.key))
    cells = ["import numpy as np", before, *answers.values()]
    found = running.grade_code(submission(cells), items, box, seconds, work.imports)
    return {result.key: result for result in found}


def outcomes(box, name: str, source: str, whole: bool = False) -> list:
    """Return what an answer returns on each case, and has to say otherwise.

    With `whole`, nothing is withheld from it.
    """
    item = Item.of(checks.EXERCISES[name])
    budget = running.Budget(100.0)
    workers = running.Workers(box, ["import numpy as np", source], [])
    task = running.task_of(item, 0, box, budget, running.MEMORY)
    private = running.private_of(item, box)
    if whole:
        private["library"] = box.library(())
    try:
        ran = workers.run({**task, "case_seconds": 60.0}, private)
    finally:
        workers.end()
    messages = [wire.loads(line) for line in ran.said]
    assert messages[0]["state"][0] == "loaded", messages[0]
    return [wire.unpack_outcome(one, 9) for one in messages[1:]]
