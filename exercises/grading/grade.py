"""Grade a folder of submissions: the run as a whole."""

import hashlib
import json
import os
import runpy
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from exercises import checks
from exercises.box import wire
from exercises.grading import feedback, tables
from exercises.grading.judging import NOT_STARTED, Item, Result, grade_words
from exercises.grading.running import grade_code
from exercises.grading.sandbox import Box
from exercises.grading.settings import fingerprint
from exercises.grading.submissions import Submission, find
from exercises.handout import release


@dataclass(frozen=True)
class Assignment:
    """What is graded: a chapter, its exercises and the notebook as handed out."""

    chapter: str
    title: str
    items: list[Item]
    questions: list
    handed_out: list[tuple[str, str]]
    imports: list[str]

    @property
    def blanks(self) -> list[Result]:
        """An empty result per exercise, in the order of the columns."""
        asked = [Result(q.name, q.title, q.points, None, "") for q in self.questions]
        return [item.result(None, "") for item in self.items] + asked

    @property
    def maximum(self) -> float:
        """All points, those for answers in words included."""
        return sum(blank.maximum for blank in self.blanks)

    @property
    def digest(self) -> str:
        """A fingerprint of the cases and of what is expected."""
        parts = [[i.key, i.cases, i.exercise.points] for i in self.items]
        parts += [[q.name, q.points] for q in self.questions]
        expected = [one for item in self.items for one in item.exercise.expected]
        parts += [wire.pack_outcome(outcome) for outcome in expected]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def hidden_exercises(path: Path) -> list:
    """Return the exercises that the Python file at `path` defines as ``EXERCISES``.

    Raises
    ------
    ValueError
        If there are none.
    """
    found = runpy.run_path(str(path)).get("EXERCISES")
    exercises = list(found.values() if isinstance(found, dict) else found or ())
    if not all(isinstance(one, checks.Exercise) for one in exercises) or not exercises:
        raise ValueError(f"{path} defines no EXERCISES, a list of Exercise")
    return exercises


def assignment(chapter: Path, hidden: Path | None = None) -> Assignment:
    """Return what is to be graded for the chapter in the notebook at `chapter`.

    Raises
    ------
    ValueError
        If the chapter has no exercises, or `hidden` holds none.
    """
    notebook = release.student_notebook(chapter)
    items = [Item.of(one) for one in checks.of_chapter(chapter.stem)]
    if hidden:
        items += [Item.of(one, hidden=True) for one in hidden_exercises(hidden)]
    questions = checks.questions_of(chapter.stem)
    if not items and not questions:
        raise ValueError(f"{chapter} has no exercises")
    needs_torch = "torch" in release.packages_of(release.code_of(notebook))
    imports = ["torch"] if needs_torch else []
    handed_out = [(cell.cell_type, cell.source) for cell in notebook.cells]
    title = release.title_of(notebook) or chapter.stem
    return Assignment(chapter.stem, title, items, questions, handed_out, imports)


def grade_one(submission: Submission, work: Assignment, box: Box, seconds: float):
    """Return the results of one submission, in the order of the columns."""
    if submission.cells is None:
        return []
    results = grade_code(submission, work.items, box, seconds, work.imports)
    return results + grade_words(submission, work.questions, work.handed_out)


def read_progress(path: Path) -> dict[str, list[Result]]:
    """Return what an interrupted run has graded, by fingerprint."""
    done = {}
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            try:
                entry = json.loads(line)
                done[entry["digest"]] = [Result(**r) for r in entry["results"]]
            except (ValueError, KeyError, TypeError):
                continue  # the line that was being written when the run stopped
    return done


def run_all(
    found: list[Submission],
    work: Assignment,
    box: Box,
    progress: Path,
    resume: bool,
    seconds: float,
    settings: str,
) -> list:
    """Grade every submission, two at a time on two cores, and keep what is done.

    `settings` is the fingerprint of what decides on points.
    """
    done = read_progress(progress) if resume else {}

    def digest(one: Submission) -> str:
        text = f"{settings} {one.id} {one.digest}"
        return hashlib.sha256(text.encode()).hexdigest()

    def to_keep(one: Submission, results: list[Result]) -> bool:
        again = any(result.status.startswith(NOT_STARTED) for result in results)
        return digest(one) not in done and not again

    def graded(one: Submission) -> list[Result]:
        if digest(one) in done:
            return done[digest(one)]
        return grade_one(one, work, box, seconds)

    results = []
    with (
        progress.open("a" if resume else "w", encoding="utf-8") as stream,
        ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool,
    ):
        stream.write("\n")  # ends the line that an interrupted run was writing
        futures = [pool.submit(graded, one) for one in found]
        try:
            pairs = zip(found, futures, strict=True)
            for one, future in tqdm(pairs, total=len(found), unit="student"):
                results.append((one, future.result()))
                if to_keep(*results[-1]):
                    entry = {"digest": digest(one)}
                    entry["results"] = [r.as_dict() for r in results[-1][1]]
                    stream.write(json.dumps(entry) + "\n")
                    stream.flush()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return results


def grade(
    submissions: Path,
    chapter: Path,
    out: Path,
    sandbox: bool = True,
    hidden: Path | None = None,
    resume: bool = False,
    seconds: float = 10.0,
    canvas: Path | None = None,
    moodle: Path | None = None,
) -> list[str]:
    """Grade and write all files; return what the instructor should know.

    Raises
    ------
    ValueError
        If there is nothing to grade.
    grading.sandbox.NoSandbox
        If bubblewrap is missing or does not work.
    """
    found = find(submissions)
    work = assignment(chapter, hidden)
    out.mkdir(parents=True, exist_ok=True)
    options = {"work": work.digest, "seconds": seconds, "sandbox": sandbox}
    settings = fingerprint(chapter, hidden, **options)
    secrets = [p for p in (submissions, out, hidden) if p is not None]
    box = Box(sandbox, tuple(secrets))
    try:
        progress = out / "progress.jsonl"
        graded = run_all(found, work, box, progress, resume, seconds, settings)
    finally:
        box.close()
    problems = tables.merge_points(out / "to-read.csv", graded)
    if problems:
        shutil.copy(out / "to-read.csv", out / "to-read.before.csv")
    tables.write_grades(out / "grades.csv", graded, work.blanks)
    tables.write_to_read(out / "to-read.csv", graded)
    feedback.write_pages(out / "feedback", graded, work.title, work.maximum)
    if canvas:
        tables.write_canvas(canvas, graded, work.title, work.maximum)
    if moodle:
        tables.write_moodle(moodle, graded, work.maximum)
    return problems
