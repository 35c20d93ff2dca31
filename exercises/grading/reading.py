"""Read what one student handed in: the only place that opens such files.

It runs as a process of its own, for one hand-in at a time, with little memory and time.
Whatever a file does to the code that reads it therefore costs that hand-in. A question
comes in as JSON, an answer goes out as JSON. Nothing is unpacked or written.

A notebook is read as JSON and not through nbformat, which refuses notebooks with small
defects that editors produce; only the kind and the text of each cell are used.
"""

import gc
import io
import itertools
import json
import os
import re
import signal
import stat
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from exercises.box import notebook_code
from exercises.grading.magics import plain_python

MEMORY = 2**30
SECONDS = 4  # of the processor
MAX_FILE = 100 * 2**20  # a notebook may carry a lot of stored output
MAX_ALL = 300 * 2**20  # of all files of one hand-in, unpacked
MAX_FILES = 1000
MAX_ZIPS = 3  # one within another
MAX_CELL = 500_000
MAX_TEXT = 2_000_000  # of all cells
MAX_ANSWER = 64 * 2**20  # what this process may say
SKIPPED = {"__MACOSX", ".ipynb_checkpoints", "Thumbs.db", "desktop.ini"}
TOO_LONG = "it takes too long to read"
TOO_MUCH = "it needs too much memory to read"
SPACE = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"  # and marks of an encoding
OF_AN_LMS = re.compile(
    r".+_\d+_assignsubmission_(file|onlinetext).*|[^_/]+_(LATE_)?\d{3,}_\d{3,}_.+"
    r"|submission_\d+|submission_metadata\.yml",
    re.DOTALL,
)


class Unreadable(ValueError):
    """A file is no notebook; the message completes a sentence that begins with it."""


class TimeUp(BaseException):
    """The time for this hand-in is over."""


@dataclass
class File:
    """One file that was handed in: on the disk, in a zip, or only a reason why not."""

    name: str
    time: float = 0.0
    size: int = 0
    opened: Callable | None = None
    problem: str = ""

    @property
    def is_notebook(self) -> bool:
        """Tell whether it is called a notebook."""
        return self.name.lower().endswith(".ipynb")


def parts_of(name: str) -> list[str]:
    """Return the parts of a path in a zip or folder, without those that lead out."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return [part for part in parts if part not in ("..", ".", "/")] or ["unnamed"]


def is_junk(parts: list[str]) -> bool:
    """Tell whether a system, an editor or an LMS left a file."""
    if any(part in SKIPPED or part.startswith("._") for part in parts):
        return True
    return parts[-1].startswith(".") and not parts[-1].endswith(".ipynb")


def natural(text: str) -> list:
    """Return a key that sorts "hw-10" after "hw-9"."""
    parts = re.split(r"([0-9]{1,15})", text)
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in parts]


def open_plain(path: Path) -> io.BufferedReader:
    """Open a file on the disk that is neither a link nor a device."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unreadable("is no plain file")
    return os.fdopen(descriptor, "rb")


def files_of_folder(top: Path, name: str) -> Iterator[File]:
    """Yield the files at and below a path; links are not followed."""
    todo = [(top, name)]
    while todo:
        path, name = todo.pop()
        try:
            info = path.lstat()
            if stat.S_ISDIR(info.st_mode):
                inside = sorted(os.listdir(path), reverse=True)
                todo += [(path / n, f"{name}/{n}") for n in inside]
                continue
        except OSError as error:
            yield File(name, problem=f"cannot be opened: {error.strerror}")
            continue
        if stat.S_ISLNK(info.st_mode):
            yield File(name, problem="is a link, and links are not followed")
        elif not stat.S_ISREG(info.st_mode):
            yield File(name, problem="is no plain file")
        else:
            opened = lambda path=path: open_plain(path)  # noqa: E731
            yield File(name, info.st_mtime, info.st_size, opened)


def seconds_of(date: tuple) -> float:
    """Return the time that a zip states, as the disk states it."""
    try:
        return time.mktime((*date, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0


def files_of_zip(stream, prefix: str, only: set[int] | None = None) -> Iterator[File]:
    """Yield the files in a zip, or those with the numbers `only`."""
    try:
        archive = zipfile.ZipFile(stream)
        members = archive.infolist()
    except (MemoryError, TimeUp):
        raise
    except Exception as error:  # a damaged zip raises almost anything
        raise Unreadable("is a damaged zip, and is not JSON") from error
    for number, info in enumerate(members):
        if info.is_dir() or (only is not None and number not in only):
            continue
        name, when = prefix + info.filename, seconds_of(info.date_time)
        if info.flag_bits & 1:
            yield File(name, when, problem="is locked with a password")
            continue
        opened = lambda info=info: archive.open(info)  # noqa: E731
        yield File(name, when, info.file_size, opened)


def cells_of(notebook) -> tuple[list[tuple[str, str]], list[str]]:
    """Return kind and text of each cell, and what was left out."""
    cells = notebook.get("cells") if type(notebook) is dict else None
    sheets = notebook.get("worksheets") if type(notebook) is dict else None
    if type(sheets) is list:  # notebooks of format 3
        found = [s["cells"] for s in sheets if type(s) is dict and "cells" in s]
        cells = [cell for part in found if type(part) is list for cell in part]
    if type(cells) is not list:
        raise Unreadable("is not a notebook: it has no cells")
    kept, total, left_out = [], 0, 0
    for cell in cells:
        if type(cell) is not dict:
            continue
        source = cell.get("source", cell.get("input", ""))
        if type(source) is list:
            source = "".join(part for part in source if type(part) is str)
        if type(source) is not str:
            continue
        kind = str(cell.get("cell_type"))[:20]
        if len(source) > MAX_CELL and kind != "code":
            source = source[:MAX_CELL]  # a picture may stand in the text
        if len(source) > MAX_CELL or total + len(source) > MAX_TEXT:
            left_out += 1
            continue
        total += len(source)
        source = source.encode("utf-8", "replace").decode("utf-8")
        kept.append((kind, source))
    return kept, [f"{left_out} of its cells left out: too long"] if left_out else []


class Reader:
    """Looks through the files of one hand-in for notebooks."""

    def __init__(self, names: list[str], depth: int) -> None:
        self.names = names
        self.depth = depth  # so many parts of a path say whose the file is
        self.left = MAX_ALL
        self.count = 0
        self.notebooks: list[dict] = []
        self.reasons: list[tuple[str, str]] = []
        self.claim = ""

    def bytes_of(self, stream, most: int) -> bytes:
        """Read at most `most` bytes, as long as this hand-in may have more."""
        data = stream.read(min(most, self.left) + 1)
        self.left = max(self.left - len(data), 0)
        if len(data) > most or not self.left:
            raise Unreadable("is too large")
        return data

    def read_all(self, files: Iterator[File], zips: int = 0) -> None:
        """Read files, those that are called notebooks first."""
        files = list(files)
        for file in sorted(files, key=lambda file: not file.is_notebook):
            parts = parts_of(file.name)
            own = parts[self.depth :]
            if is_junk(own or parts[-1:]):
                continue
            claims = [part for part in own if OF_AN_LMS.fullmatch(part)]
            self.claim = self.claim or (claims or [""])[0]
            self.count += 1
            if self.count > MAX_FILES:
                continue
            try:
                self.read(file, zips)
            except Unreadable as error:
                self.reasons.append((file.name, str(error)))
            except MemoryError:
                self.reasons.append((file.name, "needs too much memory"))
            except OSError as error:
                self.reasons.append((file.name, f"cannot be opened: {error.strerror}"))
            except Exception:  # a damaged member of a zip raises almost anything
                self.reasons.append((file.name, "is damaged"))

    def read(self, file: File, zips: int) -> None:
        """Read one file: a notebook, a zip, or raise Unreadable."""
        if file.problem:
            raise Unreadable(file.problem)
        with file.opened() as stream:
            head = stream.read(64)
            if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
                if zips == MAX_ZIPS:
                    raise Unreadable("is a zip in too many zips")
                if zips or not isinstance(stream, io.BufferedReader):
                    rest = self.bytes_of(stream, MAX_FILE)
                    stream = io.BytesIO(head + rest)
                return self.read_all(files_of_zip(stream, f"{file.name}/"), zips + 1)
            if not head:
                raise Unreadable("is empty")
            if head.lstrip(SPACE)[:1] not in (b"{", b""):
                raise Unreadable("is not a notebook: it is not JSON")
            if file.size > MAX_FILE:
                raise Unreadable("is too large")
            self.notebook(file, head + self.bytes_of(stream, MAX_FILE))

    def notebook(self, file: File, data: bytes) -> None:
        """Keep the cells of a notebook, with what decides which one is graded."""
        try:
            text = data.decode(json.detect_encoding(data), "replace")
            notebook = json.loads(text, parse_int=float)  # no number is too long
        except (ValueError, RecursionError) as error:
            raise Unreadable("is not a notebook: it is not JSON") from error
        cells, notes = cells_of(notebook)
        cells = [
            (kind, plain_python(source) if kind == "code" else source)
            for kind, source in cells
        ]
        statements, _ = notebook_code.parse([s for kind, s in cells if kind == "code"])
        own = [notebook_code.definition(statements, name) for name in self.names]
        own = [node for node in own if node is not None]
        answered = not all(map(notebook_code.is_stub, own))
        rank = (answered, len(own), file.time, natural(file.name))
        one = {"file": file.name, "cells": cells, "notes": notes, "rank": rank}
        self.notebooks.append(one)

    def sentences(self, reasons: list[tuple[str, str]]) -> list[str]:
        """Return reasons in words, the first three."""
        return [f"{parts_of(name)[-1][:80]} {why}" for name, why in reasons[:3]]

    def answer(self, stopped: str = "") -> dict:
        """Return the cells of the notebook that is graded, or say why there is none."""
        if not self.notebooks:
            reasons = [*filter(None, [stopped]), *self.sentences(self.reasons)]
            reasons += self.remarks()
            return {"problem": "; ".join(reasons) or "no file"}
        best = max(self.notebooks, key=lambda one: one["rank"])
        newest = max(self.notebooks, key=lambda one: one["rank"][2:])
        notes = []
        if len(self.notebooks) > 1:
            why = "the last" if best is newest else "the last that has the answers"
            name = parts_of(best["file"])[-1]
            notes.append(f"{len(self.notebooks)} notebooks; graded {why}, {name}")
        lost = [one for one in self.reasons if one[0].endswith((".ipynb", ".zip"))]
        notes += [*filter(None, [stopped]), *best["notes"], *self.sentences(lost)]
        notes += self.remarks()
        return {"file": best["file"], "cells": best["cells"], "notes": notes}

    def remarks(self) -> list[str]:
        """Return what else the teacher should know."""
        found = []
        if self.count > MAX_FILES:
            found.append(f"{self.count} files, of which {MAX_FILES} were read")
        if self.claim:
            found.append(
                f"{self.claim[:80]!r} in it looks like a name of an LMS and counts for "
                "nothing; to grade a whole download, name the download itself"
            )
        return found


def read(question: dict) -> dict:
    """Answer about one hand-in: the cells to grade, or why there are none."""
    reader = Reader(question["names"], question["depth"])
    path, parts, stopped = Path(question["path"]), question["parts"], ""
    try:
        if question["zip"]:
            with open_plain(path) as stream:
                reader.read_all(files_of_zip(stream, "", set(parts)))
        else:
            files = (files_of_folder(path / part, part) for part in parts)
            reader.read_all(itertools.chain.from_iterable(files))
    except TimeUp:
        stopped = TOO_LONG
    except MemoryError:
        stopped = TOO_MUCH
    return reader.answer(stopped)


def names_in_zip(question: dict) -> dict:
    """Return number and name of each entry of a zip."""
    with open_plain(Path(question["path"])) as stream:
        names = [info.filename for info in zipfile.ZipFile(stream).infolist()]
    return {"names": names}


def people(question: dict) -> dict:
    """Return names and times that Gradescope states, by submission."""
    import yaml

    path = Path(question["path"])
    if question["zip"]:
        with zipfile.ZipFile(path) as archive:
            data = archive.read(archive.infolist()[question["parts"][0]])
    else:
        with open_plain(path / question["parts"][0]) as stream:
            data = stream.read(MAX_FILE)
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # makes nothing but text
    found, times = {}, {}
    for key, entry in yaml.load(data, loader).items():
        if type(key) is not str or type(entry) is not dict:
            continue
        key, came = key.removeprefix("submission_"), entry.get(":created_at")
        if type(came) is str:
            times[key] = came[:60]
        submitters = entry.get(":submitters")
        names = [p.get(":name") for p in submitters or () if type(p) is dict]
        names = [name for name in names if type(name) is str]
        if names:
            found[key] = ", ".join(names)[:300]
    return {"people": found, "times": times}


def ring(number: int, frame: object) -> None:
    """Raise TimeUp, once: the system says that the time is over."""
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    raise TimeUp


def limit(name: str, soft: int, hard: int) -> None:
    """Set a limit of this process, no higher than it is."""
    import resource  # Windows has none; it makes releases, but grades nothing

    what = getattr(resource, name)
    now = resource.getrlimit(what)[1]
    most = hard if now == resource.RLIM_INFINITY else min(hard, now)
    resource.setrlimit(what, (min(soft, most), most))


def main() -> None:
    """Answer the question on standard input, within limits."""
    gc.disable()  # it takes most of the time where there are many lists, and ends soon
    question = json.loads(sys.stdin.buffer.read())
    signal.signal(signal.SIGXCPU, ring)
    seconds = question["seconds"]
    limit("RLIMIT_CPU", seconds, seconds + 2)
    limit("RLIMIT_AS", MEMORY, MEMORY)
    limit("RLIMIT_FSIZE", MAX_ANSWER, MAX_ANSWER)
    limit("RLIMIT_CORE", 0, 0)
    kinds = {"read": read, "names": names_in_zip, "people": people}
    json.dump(kinds[question["kind"]](question), sys.stdout)
