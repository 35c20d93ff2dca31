"""Provide axe-core, which looks for what shuts readers out, for the tests.

Its script is not kept in the repository. It is taken, once, from a pinned Python
package that carries an unchanged copy of the release, is checked against the hash in
``axe.sha256`` and stays in ``.cache/``.
"""

from pathlib import Path

from book.extensions import fetched_files

VERSION = "4.14.0"
PACKAGE = "pytest-playwright-axe==4.14.0"  # only its copy of axe-core is used
FOLDER = "pytest_playwright_axe/resources/"
PYTHON = "3.12"  # the package asks for it; what it carries does not

CACHE = fetched_files.CACHE / f"axe-core-{VERSION}"
HASH_LIST = Path(__file__).with_name("axe.sha256")


def fetch(names: list[str], folder: Path) -> None:
    """Take the files `names` out of the package into `folder`."""
    fetched_files.unpack(PACKAGE, FOLDER, names, folder, PYTHON)


def locate() -> Path:
    """Return the path of the script, which is the recorded one."""
    hashes = fetched_files.read_hashes(HASH_LIST)
    (name,) = hashes
    return fetched_files.locate(CACHE, hashes, fetch) / name
