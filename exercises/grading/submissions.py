"""Find out who handed in what: folders and zips as Moodle, Canvas and Gradescope make.

Whose a file is, its place in the folder or zip says, where the LMS or the teacher named
it, and nothing that a student chose. The files themselves are opened by
`exercises.grading.reading`, in a process of its own for each hand-in.
"""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from exercises.grading import reading

ROOT = Path(__file__).resolve().parents[2]
ON_THE_CLOCK = 30  # so many times as long as on the processor: a machine may be busy
ANY = re.DOTALL  # a name may hold line breaks
MOODLE = r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)"
MOODLE_FOLDER = re.compile(MOODLE + "_?", ANY)
MOODLE_FILE = re.compile(MOODLE + "_.+", ANY)
MOODLE_FIRST = re.compile(MOODLE.replace(".+", ".+?", 1) + "_.+", ANY)
CANVAS = re.compile(r"(?P<name>[^_/]+)_(?P<late>LATE_)?(?P<id>\d+)_\d+_.+", ANY)
GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")
EXPORT = re.compile(r"assignment_\d+_export")
METADATA = "submission_metadata.yml"


@dataclass
class Submission:
    """What one student handed in; `cells` is None if there is nothing to grade."""

    id: str
    name: str
    system: str
    file: str = ""
    cells: list[tuple[str, str]] | None = None
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    came: str = ""  # when, as Gradescope writes it
    late: bool | None = None  # what Canvas says
    key: bytes = b""  # what its place says of its owner, to the last bit

    @property
    def code(self) -> list[str]:
        """The sources of the code cells."""
        return [source for kind, source in self.cells or [] if kind == "code"]

    @property
    def digest(self) -> str:
        """A fingerprint of the contents."""
        text = json.dumps([self.cells, self.problem])
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def slug(self) -> str:
        """A file name for this student, safe on every system and unique."""
        plain = re.sub(r"[^A-Za-z0-9]+", "-", self.name).strip("-")[:40] or "student"
        return f"{plain}-{hashlib.sha256(self.id.encode()).hexdigest()[:8]}"


def clean(text: str) -> str:
    """Return `text` without what no file or page can hold, or nobody can see."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    kinds = ((c, unicodedata.category(c)) for c in text)
    return "".join(
        c if c.isprintable() or c in "\n\t" else " " if kind == "Zs" else "�"
        for c, kind in kinds
        if kind != "Cf"
    )


def in_line(text: str) -> str:
    """Return a name for a table: cleaned, on one line, with single blanks."""
    return " ".join(clean(text).split()) or "unnamed"


def looks(text: str) -> str:
    """Return `text` as it looks: names for which this is the same could be mistaken.

    Upper and lower case, forms of Unicode, blanks and whatever else separates words
    make no difference.
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    plain = (c if unicodedata.category(c)[0] in "LNM" else " " for c in clean(text))
    return "-".join("".join(plain).split())


def ask(kind: str, seconds: int = reading.SECONDS, **question) -> dict:
    """Have a question answered by a process with limits; ValueError says why not."""
    question |= {"kind": kind, "seconds": seconds}
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r})"
    start += "; from exercises.grading import reading; reading.main()"
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-B", "-c", start],
                input=json.dumps(question).encode(),
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=ON_THE_CLOCK * seconds,
            )
        except subprocess.TimeoutExpired as error:
            raise ValueError(reading.TOO_LONG) from error
        if done.returncode in (-signal.SIGKILL, -signal.SIGXCPU):
            raise ValueError(reading.TOO_LONG)
        if done.returncode:
            raise ValueError("it cannot be read")
        answer.seek(0)
        return json.loads(answer.read())


def owner(part: str, is_folder: bool) -> Submission:
    """Return a submission, still empty, of the student whose file or folder it is."""
    folder, file = MOODLE_FOLDER.fullmatch(part), MOODLE_FILE.fullmatch(part)
    if is_folder and folder:
        return Submission(folder["id"], folder["name"], "moodle")
    if not is_folder and file:
        first = MOODLE_FIRST.fullmatch(part)
        if first.groups() == file.groups():
            return Submission(file["id"], file["name"], "moodle")
        why = "its name can be read as that of two students"
        return Submission(part, part, "plain", problem=why)
    if is_folder and (match := GRADESCOPE.fullmatch(part)):
        return Submission(match["id"], part, "gradescope")
    if not is_folder and (match := CANVAS.fullmatch(part)):
        late = bool(match["late"])
        return Submission(match["id"], match["name"], "canvas", late=late)
    name = part if is_folder else PurePosixPath(part).stem.removesuffix(".ipynb")
    return Submission(name or "unnamed", name or "unnamed", "plain")


@dataclass(frozen=True)
class Entry:
    """A file or folder with a name that an LMS or the teacher gave it.

    `part` is what `reading` finds it by: a path in the folder, or a number in the zip,
    where each file in a folder has an entry of its own. `depth` is how many parts of
    the path say whose it is.
    """

    name: str
    is_folder: bool
    part: str | int
    depth: int = 1


def entry_of(parts: list[str], is_folder: bool, part: str | int) -> Entry:
    """Return the entry of a path; an export of Gradescope is one folder deeper."""
    depth = 2 if len(parts) > 1 and EXPORT.fullmatch(parts[0]) else 1
    return Entry(parts[depth - 1], is_folder or len(parts) > depth, part, depth)


def entries_of(path: Path) -> list[Entry]:
    """Return what lies at the top of a folder or zip.

    Raises
    ------
    ValueError
        If it is neither a folder nor a zip.
    """
    if not path.is_dir():
        try:
            names = ask("names", 30, path=str(path))["names"]
        except ValueError:
            raise ValueError(f"{path} is neither a folder nor a zip") from None
        paths = [reading.parts_of(name) for name in names]
        found = [
            entry_of(parts, name.endswith("/"), index)
            for index, (name, parts) in enumerate(zip(names, paths, strict=True))
        ]
        return [e for e in found if not (e.depth == 1 and EXPORT.fullmatch(e.name))]
    found = []
    for one in os.scandir(path):
        places, is_folder = [[one.name]], one.is_dir(follow_symlinks=False)
        if is_folder and EXPORT.fullmatch(one.name):
            places = [[one.name, name] for name in os.listdir(one)]
        for parts in places:
            folder = is_folder and path.joinpath(*parts).is_dir()
            found.append(entry_of(parts, folder, "/".join(parts)))
    return found


def question_about(path: Path, entries: list[Entry]) -> dict:
    """Return what `reading` has to know to open `entries`."""
    where = {"path": str(path), "zip": not path.is_dir(), "depth": entries[0].depth}
    return where | {"parts": [entry.part for entry in entries]}


def read(
    submission: Submission, path: Path, entries: list[Entry], names: list[str]
) -> None:
    """Fill in what was handed in; whatever goes wrong becomes the problem."""
    submission.file = clean(entries[0].name)
    try:
        said = ask("read", names=names, **question_about(path, entries))
    except ValueError as error:
        said = {"problem": str(error)}
    submission.problem = submission.problem or clean(said.get("problem", ""))[:300]
    if submission.problem:
        return
    submission.cells = [tuple(cell) for cell in said["cells"]]
    submission.file = clean(said["file"])
    submission.notes += [clean(note)[:300] for note in said["notes"]]


def read_folder(submission: Submission, folder: Path, names: list[str]) -> None:
    """Fill in what one student handed in, all of a folder."""
    read(submission, folder.parent, [Entry(folder.name, True, folder.name)], names)


def name_people(path: Path, entries: list[Entry], found: list[Submission]) -> None:
    """Give submissions to Gradescope the names and times in the metadata beside."""
    own = [one for one in found if one.system == "gradescope"]
    metadata = [entry for entry in entries if entry.name == METADATA]
    if not own or not metadata:
        return
    try:
        said = ask("people", 60, **question_about(path, metadata[:1]))
    except ValueError:
        said = {"people": {}, "times": {}}
    people = said["people"]
    for submission in own:
        submission.came = said["times"].get(submission.id, "")
        if submission.id in people:
            submission.name = in_line(people[submission.id])
        else:
            submission.notes.append(f"{METADATA} does not say whose it is")


def tell_apart(found: list[Submission]) -> None:
    """Make each id unlike all others, also for those who mistake similar names."""
    alike: dict[str, list[Submission]] = {}
    for submission in found:
        alike.setdefault(looks(submission.id), []).append(submission)
    for group in alike.values():
        known = [one for one in group if one.system != "plain"]
        for one in group if len(group) > 1 else ():
            note = f"{len(group)} hand-ins have names or numbers that look the same"
            one.notes += [note] * (note not in one.notes)
            if known != [one]:  # a number of an LMS stays, so that it is recognised
                one.id += f" ({hashlib.sha256(one.key).hexdigest()[:8]})"
    if len(alike) < len(found):
        tell_apart(found)


def find(path: Path, names: list[str] | tuple = ()) -> list[Submission]:
    """Return the submissions in a folder or zip, sorted by name.

    Parameters
    ----------
    path : Path
    names : list of str
        The functions that are asked for: of several notebooks of a student, one that
        defines them is graded.

    Raises
    ------
    ValueError
        If there is no such folder or zip, or nothing in it.
    """
    path = path.resolve()
    entries = entries_of(path)
    students: dict[tuple, tuple[Submission, list[Entry]]] = {}
    for entry in entries:
        if reading.is_junk([entry.name]) or entry.name == METADATA:
            continue
        new = owner(entry.name, entry.is_folder)
        key = new.system, new.id, new.name
        submission, own = students.setdefault(key, (new, []))
        submission.late = submission.late or new.late
        own.append(entry)
    if not students:
        raise ValueError(f"there are no files in {path}")
    found = [submission for submission, _ in students.values()]
    for submission, own in students.values():
        read(submission, path, own, list(names))
        raw = f"{submission.system} {submission.id} {submission.name}"
        submission.key = raw.encode("utf-8", "surrogatepass")
        submission.id, submission.name = (
            in_line(submission.id),
            in_line(submission.name),
        )
    name_people(path, entries, found)
    tell_apart(found)
    return sorted(found, key=lambda s: (s.name.lower(), s.id))
