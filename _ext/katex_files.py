"""Provide KaTeX's own files, checked against the hashes in ``katex.sha256``.

The files are not kept in the repository. They are taken, once, from a pinned
Python package that carries an unchanged copy of KaTeX's release, and stay in
``.cache/``.
"""

import shutil
import tempfile
import zipfile
from pathlib import Path

import fetched_files
from fetched_files import FetchError

VERSION = "0.16.40"
PACKAGE = "djangocms-katex==1.0.2"  # only its copy of KaTeX is used, none of its code
FOLDER = "djangocms_katex/static/djangocms_katex/vendor/katex/"

CACHE = fetched_files.CACHE / f"katex-{VERSION}"
HASH_LIST = Path(__file__).with_name("katex.sha256")


class KatexError(RuntimeError):
    """KaTeX's files are missing or are not the ones that were recorded."""


def recorded_hashes() -> dict[str, str]:
    """Return ``{file name: SHA-256}`` as kept in the repository."""
    return fetched_files.read_hashes(HASH_LIST)


def wrong_files(folder: Path) -> list[str]:
    """Return the names of files that are missing from `folder` or differ."""
    return fetched_files.wrong_files(folder, recorded_hashes())


def unpack(wheel: Path, folder: Path) -> None:
    """Copy the recorded files out of the package `wheel` into `folder`."""
    with zipfile.ZipFile(wheel) as archive:
        for name in recorded_hashes():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(FOLDER + name))


def download(folder: Path) -> None:
    """Fetch the package with pip and unpack KaTeX into `folder`."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            wheel = fetched_files.download_wheel(PACKAGE, Path(scratch))
        except FetchError as error:
            raise KatexError(
                f"{error}\nThe package carries KaTeX {VERSION}. "
                f"Without a network: put the `dist` folder and the LICENSE of KaTeX "
                f"{VERSION} into {folder}."
            ) from None
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
