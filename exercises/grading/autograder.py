"""A zip for Gradescope, and what runs inside its container.

Gradescope gives every submission a container of its own. Where bubblewrap does not work
in it, the worker runs as the user nobody, who may not read the folder of the grader.
"""

import json
from pathlib import Path

from exercises.grading import submissions
from exercises.grading.grade import assignment, grade_one
from exercises.grading.judging import Result
from exercises.grading.overrides import Overrides
from exercises.grading.sandbox import Box, NoSandbox
from exercises.grading.submissions import Submission
from exercises.grading.tables import csv_bytes, number, status
from exercises.handout import release
from exercises.handout.release import ROOT

SETUP = """#!/usr/bin/env bash
set -e
apt-get update
apt-get install -y python3-venv bubblewrap
python=python3
if ! python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
then
  apt-get install -y python3.11 python3.11-venv
  python=python3.11
fi
$python -m venv /opt/grading
/opt/grading/bin/pip install -r /autograder/source/requirements.txt
"""
RUN = """#!/usr/bin/env bash
set -e
chmod -R go-rwx /autograder
cd /autograder/source
/opt/grading/bin/python -m exercises gradescope chapters/{chapter}{options}
"""
NEEDED = ("ipython", "nbformat", "numpy", "pybtex", "pyyaml", "tqdm")


def autograder(
    chapter: Path,
    out: Path,
    only: str | None = None,
    points: str | None = None,
    overrides: Path | None = None,
) -> Path:
    """Write the Gradescope zip of a chapter into the folder `out`; return its path.

    Raises
    ------
    ValueError
        If `only`, `points` or `overrides` name what is not there.
    """
    work = assignment(chapter, None, only, points)
    given = [overrides] if overrides else []
    Overrides.read(*given).match(None, work.blanks, work.others)
    chapters = sorted((ROOT / "chapters").glob("*.ipynb"))
    files = [*chapters, *sorted((ROOT / "exercises").rglob("*.py"))]
    files += [ROOT / "reference" / "references.bib"]
    contents = {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in files}
    contents |= release.library_files()
    code = release.code_of(release.student_notebook(chapter))
    contents["requirements.txt"] = release.requirements(code, NEEDED)
    contents["setup.sh"] = SETUP.encode()
    plan = [["exercise", "points"]]
    plan += [[blank.key, number(blank.maximum)] for blank in work.blanks]
    contents["plan.csv"] = csv_bytes(plan)
    options = " --only plan.csv"
    if overrides:
        contents["overrides.csv"] = overrides.read_bytes()
        options += " --overrides overrides.csv"
    run = RUN.format(chapter=chapter.name, options=options)
    contents["run_autograder"] = run.encode()
    path = out / f"{chapter.stem}-gradescope.zip"
    release.write_zip(path, contents, {"setup.sh", "run_autograder"})
    return path


def test_entry(result: Result) -> dict:
    """Return one result as Gradescope shows it."""
    rows = [result.status]
    rows += [f"{'passed' if ok else 'failed'}: {text}" for ok, text in result.lines]
    rows += [text for text in (result.diagnosis, result.comment) if text]
    return {
        "name": result.title,
        "score": result.points or 0.0,
        "max_score": result.maximum,
        "output": "\n".join(rows),
    }


def people_here(folder: Path) -> list[dict]:
    """Return who handed in, as Gradescope says: id, name and email of each."""
    path = folder / "submission_metadata.json"
    try:
        return list(json.loads(path.read_text("utf-8"))["users"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def grade_here(
    chapter: Path,
    folder: Path,
    only: str | None = None,
    points: str | None = None,
    overrides: Path | None = None,
) -> None:
    """Grade the one submission in `folder` and write ``results/results.json``."""
    submission = Submission("submission", "submission", "gradescope")
    work = assignment(chapter, None, only, points)
    submissions.read_folder(submission, folder / "submission", work.names)
    given = [overrides] if overrides else []
    by_hand = Overrides.read(*given).match(None, work.blanks, work.others)
    try:
        box = Box(secrets=(folder,))
    except NoSandbox:
        box = Box(sandbox=False)
    try:
        results = grade_one(submission, work, box, 10.0)
    finally:
        box.close()
    said = {}
    for user in people_here(folder):
        for key in ("email", "name", "id"):
            who = str(user.get(key, ""))
            results, comment = by_hand.apply(who, results, work.blanks)
            said["comment"] = said.get("comment") or comment
    output = [status(submission, results), said.pop("comment", "")]
    said["output"] = "\n".join(text for text in output if text)
    said["tests"] = [test_entry(result) for result in results]
    if not results:
        said["score"] = 0.0
    (folder / "results").mkdir(exist_ok=True)
    (folder / "results" / "results.json").write_text(json.dumps(said), "utf-8")
