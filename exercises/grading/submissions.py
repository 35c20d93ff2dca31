"""Find out who handed in what: folders and zips as Moodle, Canvas and Gradescope make.

Files are read in memory and never unpacked, so names with paths in them lead nowhere.
A notebook is read as JSON and not through nbformat, which refuses notebooks with small
defects that editors produce; only the kind and the text of each cell are used.
"""

import hashlib
import json
import os
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import yaml

MAX_BYTES = 256 * 2**20  # of one file: a notebook may carry 100 MB of stored output
MAX_CODE = 2 * 2**20
MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?")
CANVAS = re.compile(r"(?P<name>[^_/]+)_(?:LATE_)?(?P<id>\d+)_(?P<file>\d+)_.+")
GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")
SKIPPED = {"__MACOSX", ".ipynb_checkpoints", "submission_metadata.yml"}
SKIPPED |= {"Thumbs.db", "desktop.ini"}


@dataclass
class File:
    """One file that was handed in."""

    path: str
    time: tuple
    data: bytes | None  # None if it is too large to look at


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
    """Return `text` without what no file or page can hold."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)


def files_of_zip(path: Path, prefix: str = "") -> list[File]:
    """Return the files in the zip at `path`; one that cannot be read is a file."""
    found = []
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                small = info.file_size <= MAX_BYTES
                with archive.open(info) as stream:
                    data = stream.read(MAX_BYTES + 1) if small else None
                found.append(File(prefix + info.filename, info.date_time, data))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError):
        return [File(prefix.rstrip("/") or path.name, (0,), b"")]
    return found


def files_below(folder: Path) -> list[File]:
    """Return the files in a folder; zips in it are looked into, links not followed."""
    found = []
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(root) / name
            if path.is_symlink() or not path.is_file():
                continue
            inside = path.relative_to(folder).as_posix()
            if path.suffix.lower() == ".zip" and zipfile.is_zipfile(path):
                found += files_of_zip(path, f"{inside[:-4]}/")
                continue
            small = path.stat().st_size <= MAX_BYTES
            data = path.read_bytes() if small else None
            found.append(File(inside, (path.stat().st_mtime,), data))
    return found


def owner(path: str) -> tuple[str, str, str, str]:
    """Return system, id, name and the rest of `path`."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    parts = [part for part in parts if part not in ("..", ".", "/")] or ["unnamed"]
    for index, part in enumerate(parts):
        rest = "/".join(parts[index + 1 :])
        if match := MOODLE.match(part):
            return "moodle", match["id"], match["name"], rest or part
        if match := GRADESCOPE.fullmatch(part):
            return "gradescope", match["id"], part, rest
        if index == len(parts) - 1 and (match := CANVAS.fullmatch(part)):
            return "canvas", match["id"], match["name"], part
    name = parts[0] if len(parts) > 1 else PurePosixPath(parts[0]).stem
    name = name.removesuffix(".ipynb") or "unnamed"
    return "plain", name, name, "/".join(parts)


def gradescope_names(files: list[File]) -> dict[str, str]:
    """Return the names of the submitters, by number of submission."""
    names = {}
    for file in files:
        if PurePosixPath(file.path).name == "submission_metadata.yml" and file.data:
            try:
                entries = yaml.safe_load(file.data) or {}
                for key, entry in entries.items():
                    people = [str(p.get(":name")) for p in entry[":submitters"]]
                    names[str(key).removeprefix("submission_")] = ", ".join(people)
            except (yaml.YAMLError, AttributeError, KeyError, TypeError):
                continue
    return names


def read_cells(data: bytes | None) -> list[tuple[str, str]]:
    """Return kind and text of each cell; raise ValueError with the reason if not."""
    if data is None:
        raise ValueError("is too large")
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError, MemoryError) as error:
        raise ValueError("is not a notebook: it is not JSON") from error
    if type(notebook) is not dict:
        raise ValueError("is not a notebook: it has no cells")
    cells = notebook.get("cells")
    sheets = notebook.get("worksheets")
    if type(sheets) is list and sheets and type(sheets[0]) is dict:
        cells = sheets[0].get("cells")  # notebooks of format 3
    if type(cells) is not list:
        raise ValueError("is not a notebook: it has no cells")
    found = []
    for cell in cells:
        if type(cell) is not dict:
            continue
        source = cell.get("source", cell.get("input", ""))
        if type(source) is list:
            source = "".join(part for part in source if type(part) is str)
        if type(source) is str and len(source) <= MAX_CODE:
            found.append((str(cell.get("cell_type"))[:20], source))
    return found


def natural(text: str) -> list:
    """Return a key that sorts "hw-10" after "hw-9"."""
    parts = re.split(r"(\d+)", text)
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in parts]


def choose(submission: Submission, files: list[File]) -> None:
    """Take the latest notebook among the files of one student."""
    readable, reasons = [], []
    for file in files:
        try:
            readable.append((file, read_cells(file.data)))
        except ValueError as error:
            reasons.append(f"{PurePosixPath(file.path).name} {error}")
    if not readable:
        submission.problem = clean("; ".join(reasons[:3])[:300]) or "no file"
        submission.file = clean(files[0].path) if files else ""
        return
    readable.sort(key=lambda pair: (pair[0].time, natural(pair[0].path)))
    file, submission.cells = readable[-1]
    submission.file = clean(file.path)
    if len(readable) > 1:
        name = clean(PurePosixPath(file.path).name)
        submission.notes.append(f"{len(readable)} notebooks; graded the last, {name}")


def find(path: Path) -> list[Submission]:
    """Return the submissions in a folder or zip, sorted by name.

    Raises
    ------
    ValueError
        If there is no such folder or zip, or nothing in it.
    """
    if path.is_dir():
        files = files_below(path)
    elif zipfile.is_zipfile(path):
        files = files_of_zip(path)
    else:
        raise ValueError(f"{path} is neither a folder nor a zip")
    people = gradescope_names(files)
    students: dict[tuple, tuple[Submission, list[File]]] = {}
    for file in files:
        parts = PurePosixPath(file.path).parts
        if any(part in SKIPPED or part.startswith("._") for part in parts):
            continue
        system, key, name, _ = owner(file.path)
        if parts[-1].startswith(".") and not parts[-1].endswith(".ipynb"):
            continue
        name = people.get(key, name) if system == "gradescope" else name
        new = Submission(clean(key), clean(name), system), []
        students.setdefault((system, key), new)[1].append(file)
    if not students:
        raise ValueError(f"there are no files in {path}")
    for submission, own in students.values():
        choose(submission, own)
    found = [submission for submission, _ in students.values()]
    return sorted(found, key=lambda s: (s.name.lower(), s.id))
