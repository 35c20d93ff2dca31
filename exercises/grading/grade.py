"""Grade a folder of submissions: the run as a whole."""

import hashlib
import json
import os
import runpy
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from tqdm import tqdm

from exercises import checks
from exercises.box import wire
from exercises.grading import copies, exports, feedback, late, marks, tables
from exercises.grading.judging import NOT_STARTED, Item, Result, grade_code, grade_words
from exercises.grading.late import Policy
from exercises.grading.overrides import OVERRIDES, Overrides, chosen, one_of
from exercises.grading.sandbox import Box
from exercises.grading.settings import code_digest
from exercises.grading.submissions import Submission, find
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
    imports = ["torch", "rnn_lib.torch_twin"] if needs_torch else []
    handed_out = [(cell.cell_type, cell.source) for cell in notebook.cells]
    title = release.title_of(notebook) or chapter.stem
    others = {one.name for one in [*code, *words]} - {one.name for one in kept}
    parts = [chapter.stem, title, items, questions, handed_out, imports, others]
    return Assignment(*parts)


def grade_one(submission: Submission, work: Assignment, box: Box, seconds: float):
    """Return the results of one submission, in the order of the columns."""
    if submission.cells is None:
        return []
    results = grade_code(submission, work.items, box, seconds, work.imports)
    return results + grade_words(submission, work.questions, work.handed_out)


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
    """Grade what is not graded yet.

    `settings` are all options that change what a hand-in gets for its code. They are
    stored with each result. With ``--resume`` a result is taken over only if hand-in,
    exercise and settings are the same. `again` holds the hand-ins and the exercises
    that ``--regrade`` names: they are graded again, and other settings change nothing
    for the rest.
    """

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
            new = grade_one(one, part, box, self.settings["seconds"])
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


def to_regrade(
    names: list[str], known: dict, work: Assignment
) -> tuple[set[str], set[str]]:
    """Return the ids and the exercises that are meant; ValueError if there are none."""
    ids, keys = set(), set()
    there = list(work.digests)
    for name in names:
        try:
            ids.add(tables.person(name, known, "--regrade").id)
        except ValueError as unknown:
            try:
                keys.add(one_of(name, there, "--regrade"))
            except ValueError:
                raise unknown from None
    return ids, keys


def book_cells(chapter: Path) -> list[tuple[str, str]]:
    """Return the cells of the chapter with its solutions."""
    cells = json.loads(chapter.read_text("utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


@dataclass
class Desk:
    """What the teacher gives beside the hand-ins, read before anything is graded."""

    words: marks.Words
    overrides: Overrides
    policy: Policy
    worksheet: exports.Worksheet | None = None
    gradebook: exports.Gradebook | None = None

    @property
    def sheets(self) -> list[exports.Sheet]:
        """The tables of other systems."""
        return [sheet for sheet in (self.worksheet, self.gradebook) if sheet]

    def match(
        self, found: list[Submission], work: Assignment
    ) -> tuple[dict, list[str]]:
        """Find everybody in the tables; return who is who, and what is missing."""

        def aliases(one: Submission) -> list[str]:
            return [name for sheet in self.sheets for name in sheet.aliases(one)]

        known = tables.people(found, aliases)
        self.overrides.match(known, work.blanks, work.others)
        if self.worksheet:
            self.policy.times |= self.worksheet.times(found)
        self.policy.match(known)
        notes = [text for sheet in self.sheets for text in sheet.missing(found)]
        notes += [text for sheet in self.sheets for text in sheet.scale(work.maximum)]
        return known, notes

    def decide(self, students: list[marks.Student], work: Assignment) -> list[str]:
        """Add what is late, and what is given by hand; return what is not known."""
        for one in students:
            one.late = self.policy.of(one.submission)
            one.results, one.comment = self.overrides.apply(
                one.submission.id.casefold(), one.results, work.blanks
            )
        unknown = [s for s in students if s.late.share is None]
        unknown += [s for s in students if s.late.text == late.UNKNOWN]
        names = ", ".join(dict.fromkeys(s.submission.name for s in unknown))
        text = f"late or not is not known, nothing taken off: {names}"
        return [text] if names else []


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
    only: str | None = None,
    points: str | None = None,
    overrides: Path | None = None,
    due: str | None = None,
    extensions: Path | None = None,
    penalty: str | None = None,
    regrade: list[str] | None = None,
    assignment_name: str | None = None,
) -> list[str]:
    """Grade and write all files; return what the instructor should know.

    All options are read, and everybody they name is found, before anything is graded.

    Raises
    ------
    ValueError
        If there is nothing to grade, or an option is wrong.
    grading.sandbox.NoSandbox
        If bubblewrap is missing or does not work.
    """
    if not 0 < seconds < float("inf"):
        raise ValueError(f"--seconds {seconds}: give more than 0")
    own, progress = out / "overrides.csv", out / "progress.jsonl"
    if regrade and not progress.exists():
        raise ValueError(f"--regrade: nothing was graded before in {out}")
    by_hand = [
        path
        for path in (own, overrides)
        if path and (path == overrides or path.exists())
    ]
    desk = Desk(
        marks.Words.read(out / "to-read.csv"),
        Overrides.read(*by_hand),
        Policy.read(due, extensions, penalty),
        exports.Worksheet.read(moodle) if moodle else None,
        exports.Gradebook.read(canvas) if canvas else None,
    )
    work = assignment(chapter, hidden, only, points)
    if desk.gradebook:
        desk.gradebook.choose(assignment_name, work.title)
    found = find(submissions)
    desk.policy.times = late.gradescope_times(submissions)
    known, notes = desk.match(found, work)
    again = to_regrade(regrade or [], known, work)
    out.mkdir(parents=True, exist_ok=True)
    secrets = [submissions, out, hidden, overrides, extensions, moodle, canvas]
    settings = {"seconds": seconds, "sandbox": sandbox, "code": code_digest()}
    run = Run(work, settings, progress, resume or bool(regrade), again)
    box = Box(sandbox, tuple(path for path in secrets if path is not None))
    try:
        students = run.all(found, box)
    finally:
        box.close()
    notes += desk.words.merge(students, known)
    options = {"--only": only, "--points": points, "--hidden": hidden, "--due": due}
    options |= {"--extensions": extensions, "--penalty": penalty, "--canvas": canvas}
    options |= {"--moodle": moodle, "--overrides": overrides}
    folder = tables.Folder(out)
    notes += left_out(folder, {name: str(o) for name, o in options.items() if o})
    folder.write_csv("to-read.csv", desk.words.table(students), desk.words.delimiter)
    notes += desk.decide(students, work)
    copies.flag(students, work.names, work.handed_out, book_cells(chapter))
    write_results(folder, students, work, desk)
    return notes


def left_out(folder: tables.Folder, options: dict[str, str]) -> list[str]:
    """Say which options the last run in this folder had and this one has not."""
    path = folder.path / "options.json"
    try:
        last = dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        last = {}
    tables.write_whole(path, json.dumps(options).encode())
    return [
        f"{name} was {value!r} in the last run here and is not given now"
        for name, value in last.items()
        if name not in options
    ]


def write_results(
    folder: tables.Folder, students: list[marks.Student], work: Assignment, desk: Desk
) -> None:
    """Write the table of grades, the pages, and what goes back to other systems."""
    folder.write_csv("grades.csv", marks.grades(students, work.blanks))
    if not (folder.path / "overrides.csv").exists():
        folder.write_csv("overrides.csv", [OVERRIDES])
    files = {}
    for one in students:
        page = feedback.page(one, work.title, work.maximum)
        folder.write(f"feedback/{one.submission.slug}.html", page.encode())
        name = exports.feedback_name(one.submission, work.chapter)
        files[name] = exports.feedback_file(name, page)
    folder.write("feedback.zip", release.zip_bytes(files))
    for name, sheet in (("moodle", desk.worksheet), ("canvas", desk.gradebook)):
        if sheet:
            rows = sheet.filled(students, work.maximum)
            folder.write(f"{name}.csv", tables.csv_bytes(rows))
