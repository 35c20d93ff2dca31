"""Provide KaTeX's own files, checked against the hashes in ``katex.sha256``.

The files are not kept in the repository. They are taken, once, from a pinned
Python package that carries an unchanged copy of KaTeX's release, and stay in
``.cache/``.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

VERSION = "0.16.40"
PACKAGE = "djangocms-katex==1.0.2"  # only its copy of KaTeX is used, none of its code
FOLDER = "djangocms_katex/static/djangocms_katex/vendor/katex/"

HERE = Path(__file__).resolve().parent
CACHE = HERE.parent / ".cache" / f"katex-{VERSION}"
HASH_LIST = HERE / "katex.sha256"


class KatexError(RuntimeError):
    """KaTeX's files are missing or are not the ones that were recorded."""


def recorded_hashes() -> dict[str, str]:
    """Return ``{file name: SHA-256}`` as kept in the repository."""
    lines = HASH_LIST.read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def wrong_files(folder: Path) -> list[str]:
    """Return the names of files that are missing from `folder` or differ."""
    wrong = []
    for name, digest in recorded_hashes().items():
        path = folder / name
        if (
            not path.is_file()
            or hashlib.sha256(path.read_bytes()).hexdigest() != digest
        ):
            wrong.append(name)
    return wrong


def unpack(wheel: Path, folder: Path) -> None:
    """Copy the recorded files out of the package `wheel` into `folder`."""
    with zipfile.ZipFile(wheel) as archive:
        for name in recorded_hashes():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(FOLDER + name))


def download(folder: Path) -> None:
    """Fetch the package with pip and unpack KaTeX into `folder`."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    pip += ["--disable-pip-version-check", "--only-binary", ":all:"]
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            [*pip, "--dest", scratch, PACKAGE], capture_output=True, text=True
        )
        if done.returncode != 0:
            raise KatexError(
                f"pip could not fetch {PACKAGE}, which carries KaTeX {VERSION}:\n"
                f"{done.stderr.strip()}\n"
                f"Without a network: put the `dist` folder and the LICENSE of KaTeX "
                f"{VERSION} into {folder}."
            )
        (wheel,) = Path(scratch).glob("*.whl")
        fresh = Path(scratch) / "katex"
        unpack(wheel, fresh)
        if wrong := wrong_files(fresh):
            raise KatexError(
                f"{PACKAGE} does not carry the recorded KaTeX {VERSION}: "
                f"different or missing {', '.join(wrong)}"
            )
        shutil.copytree(fresh, folder, dirs_exist_ok=True)


def locate() -> Path:
    """Return a folder that holds exactly the recorded files."""
    if wrong_files(CACHE):
        download(CACHE)
    return CACHE
