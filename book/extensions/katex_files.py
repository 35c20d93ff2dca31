"""Provide KaTeX's own files, checked against the hashes in ``katex.sha256``.

The files are not kept in the repository. They are taken, once, from a pinned
Python package that carries an unchanged copy of KaTeX's release, and stay in
``.cache/``.
"""

from pathlib import Path

from book.extensions import fetched_files
from book.extensions.fetched_files import FetchError

VERSION = "0.16.40"
PACKAGE = "djangocms-katex==1.0.2"  # only its copy of KaTeX is used, none of its code
FOLDER = "djangocms_katex/static/djangocms_katex/vendor/katex/"

CACHE = fetched_files.CACHE / f"katex-{VERSION}"
HASH_LIST = Path(__file__).with_name("katex.sha256")


def fetch(names: list[str], folder: Path) -> None:
    """Take the files `names` out of the package into `folder`."""
    try:
        fetched_files.unpack(PACKAGE, FOLDER, names, folder)
    except FetchError as error:
        raise FetchError(
            f"{error}\nThe package carries KaTeX {VERSION}. "
            f"Without a network: put the `dist` folder and the LICENSE of KaTeX "
            f"{VERSION} into {CACHE}."
        ) from None


def locate() -> Path:
    """Return a folder that holds exactly the recorded files."""
    return fetched_files.locate(CACHE, fetched_files.read_hashes(HASH_LIST), fetch)
