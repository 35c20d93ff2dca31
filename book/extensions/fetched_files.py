"""Third-party files that are fetched once, checked by hash and kept out of git.

Several processes may do that at once, so a file is checked beside the cache and then
moved into it: others see it whole or not at all.

`KATEX` and `AXE` say where their files come from, and where else the same files are.
Python for the browser has its sources in `pyodide_files`.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from book.extensions.repository import ROOT

CACHE = ROOT / ".cache"


class FetchError(RuntimeError):
    """Files could not be fetched, or are not the ones that were recorded."""


def read_hashes(hash_list: Path) -> dict[str, str]:
    """Return ``{file name: SHA-256}`` as kept in the repository."""
    lines = hash_list.read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def differs(path: Path, digest: str) -> bool:
    """Tell whether the file at `path` is missing or has another SHA-256."""
    return not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest


def wrong_files(folder: Path, hashes: dict[str, str]) -> list[str]:
    """Return the names of files that are missing from `folder` or differ."""
    return [name for name, digest in hashes.items() if differs(folder / name, digest)]


def locate(
    folder: Path, hashes: dict[str, str], fetch: Callable[[list[str], Path], None]
) -> Path:
    """Return `folder`, with the recorded files in it.

    Parameters
    ----------
    fetch
        Writes the files with the given names below the given folder.

    Raises
    ------
    FetchError
        If a file cannot be had, or is not the recorded one.
    """
    wanted = wrong_files(folder, hashes)
    if not wanted:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        fresh = Path(scratch)
        fetch(wanted, fresh)
        if wrong := wrong_files(fresh, {name: hashes[name] for name in wanted}):
            raise FetchError(f"not as recorded for {folder.name}: {', '.join(wrong)}")
        move(wrong_files(folder, hashes), fresh, folder)
    return folder


def move(names: list[str], fresh: Path, folder: Path) -> None:
    """Move files from `fresh`, on the same disk, to `folder`, each in one step."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(fresh / name, folder / name)


def unpack(
    requirement: str, inside: str, names: list[str], folder: Path, python: str = "3.11"
) -> None:
    """Copy files out of the wheel of `requirement` into `folder`.

    `inside` is the folder in the wheel; names that are not in it are passed over.
    """
    with tempfile.TemporaryDirectory() as scratch:
        wheel = download_wheel(requirement, Path(scratch), python)
        with zipfile.ZipFile(wheel) as archive:
            there = set(archive.namelist())
            for name in names:
                if inside + name in there:
                    target = folder / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(archive.read(inside + name))


def download_wheel(requirement: str, folder: Path, python: str = "3.11") -> Path:
    """Fetch the wheel of `requirement` with pip, without installing it."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    pip += ["--disable-pip-version-check", "--only-binary", ":all:"]
    pip += ["--retries", "1", "--timeout", "20"]
    # What the wheel carries is wanted, whatever Python it is made for.
    pip += ["--python-version", python, "--dest", str(folder), requirement]
    done = subprocess.run(pip, capture_output=True, text=True)
    if done.returncode != 0:
        raise FetchError(f"pip could not fetch {requirement}:\n{done.stderr.strip()}")
    name = requirement.split("==")[0].replace("-", "_")
    (wheel,) = folder.glob(f"{name}-*.whl")
    return wheel


@dataclass(frozen=True)
class Release:
    """An unchanged copy of a release that a pinned Python package carries.

    None of the package's own code is used. The hashes are in ``<name>.sha256``.
    """

    name: str
    version: str
    package: str
    inside: str
    """The folder in the package."""
    second_source: str
    """Where the same files are, should the package be gone."""
    python: str = "3.11"
    """A version that the package asks for."""

    @property
    def cache(self) -> Path:
        """Where the files are kept."""
        return CACHE / f"{self.name}-{self.version}"

    def hashes(self) -> dict[str, str]:
        """Return ``{file name: SHA-256}``."""
        return read_hashes(Path(__file__).with_name(f"{self.name}.sha256"))

    def fetch(self, names: list[str], folder: Path) -> None:
        """Take the files `names` out of the package into `folder`."""
        try:
            unpack(self.package, self.inside, names, folder, self.python)
        except FetchError as error:
            raise FetchError(
                f"{error}\nInstead, put {self.second_source} into {self.cache}."
            ) from None

    def locate(self) -> Path:
        """Return a folder with the recorded files; fetch what is missing."""
        return locate(self.cache, self.hashes(), self.fetch)


KATEX = Release(
    "katex",
    "0.16.40",
    package="djangocms-katex==1.0.2",
    inside="djangocms_katex/static/djangocms_katex/vendor/katex/",
    second_source="LICENSE and the folder `dist` of the npm package katex@0.16.40",
)
AXE = Release(
    "axe-core",
    "4.14.0",
    package="pytest-playwright-axe==4.14.0",
    inside="pytest_playwright_axe/resources/",
    second_source="axe.min.js of the npm package axe-core@4.14.0",
    python="3.12",
)
