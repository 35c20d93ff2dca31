"""Third-party files that are fetched once, checked by hash and kept out of git."""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
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


def download_wheel(requirement: str, folder: Path, python: str = "3.11") -> Path:
    """Fetch the wheel of `requirement` with pip, without installing it."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    pip += ["--disable-pip-version-check", "--only-binary", ":all:"]
    # What the wheel carries is wanted, whatever Python it is made for.
    pip += ["--python-version", python, "--dest", str(folder), requirement]
    done = subprocess.run(pip, capture_output=True, text=True)
    if done.returncode != 0:
        raise FetchError(f"pip could not fetch {requirement}:\n{done.stderr.strip()}")
    name = requirement.split("==")[0].replace("-", "_")
    (wheel,) = folder.glob(f"{name}-*.whl")
    return wheel
