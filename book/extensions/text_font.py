"""Serve the face of the text with the book: Literata, cut down to what is used.

Like KaTeX, it comes from a pinned package, is checked by hash and kept in
``.cache/``, never in the repository. What is cut is kept there too, until this module
or fontTools changes. The two files of the package are 1.9 MB; what
is served is 50 kB: Latin letters, one optical size, weights from 400 to 700. Without
the package the book is built with a face of the reader's system.
"""

import hashlib
import logging
import shutil
import tempfile
from pathlib import Path

import fontTools
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from book.extensions import fetched_files
from book.extensions.fetched_files import FetchError

logging.getLogger("fontTools").setLevel(logging.ERROR)  # or it tells of each table

VERSION = "3.103"
PACKAGE = f"fontpkg-literata=={VERSION}"  # two fonts and their licence
FOLDER = "fontpkg_literata/"
CACHE = fetched_files.CACHE / f"literata-{VERSION}"
HASH_LIST = Path(__file__).with_name("text_font.sha256")
CHARACTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *map(ord, "ıŒœěřč–—‘’“”•…′−×←→↑↓≈≤≥"),
)
FACES = {
    "literata.woff2": (
        "files/Literata[opsz,wght].ttf",
        {"opsz": 14, "wght": (400, 700)},
    ),
    "literata-italic.woff2": (
        "files/Literata-Italic[opsz,wght].ttf",
        {"opsz": 14, "wght": 400},
    ),
}
"""The files that are served: the font each is made from, and what of its axes stays."""


def cut(source: Path, target: Path, axes: dict) -> None:
    """Write to `target` what the pages need of the font `source`."""
    options = subset.Options(flavor="woff2", hinting=False)
    options.layout_features = ["calt", "ccmp", "kern", "liga", "lnum", "locl", "mark"]
    options.layout_features += ["mkmk", "tnum"]
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=CHARACTERS)
    cutter.subset(font)
    font = instancer.instantiateVariableFont(font, axes)
    font.flavor = "woff2"
    font.save(target)


def fetch(names: list[str], folder: Path) -> None:
    """Take the files `names` out of the package into `folder`."""
    fetched_files.unpack(PACKAGE, FOLDER, names, folder)


def locate() -> Path:
    """Return a folder with the files that are served."""
    hashes = fetched_files.read_hashes(HASH_LIST)
    originals = fetched_files.locate(CACHE, hashes, fetch)
    made_by = Path(__file__).read_bytes() + fontTools.version.encode()
    folder = originals / hashlib.sha256(made_by).hexdigest()[:12]
    if not all((folder / name).is_file() for name in FACES):
        with tempfile.TemporaryDirectory(dir=originals) as scratch:
            fresh = Path(scratch)
            for name, (source, axes) in FACES.items():
                cut(originals / source, fresh / name, axes)
            fetched_files.move(list(FACES), fresh, folder)
    return folder


def style() -> str:
    """Return the style sheet that names the files."""
    faces = []
    for name in FACES:
        slope, weight = ("italic", "400") if "italic" in name else ("normal", "400 700")
        faces.append(
            "@font-face {\n"
            "  font-display: swap;\n"
            "  font-family: Literata;\n"
            f"  font-style: {slope};\n"
            f"  font-weight: {weight};\n"
            f'  src: url("{name}") format("woff2");\n'
            "}\n"
        )
    return "".join(faces)


def provide(app) -> None:
    """Copy the files into the book, or go on without."""
    if app.builder.format != "html":
        return
    try:
        source = locate()
    except FetchError as error:
        reason = " ".join(str(error).split())[:200]
        print(f"Built with a face of the reader's system: no Literata ({reason})")
        return
    folder = Path(app.outdir) / "_static" / "text"
    shutil.copytree(source, folder, dirs_exist_ok=True)
    shutil.copyfile(CACHE / "LICENSE", folder / "LICENSE.txt")
    (folder / "text.css").write_text(style(), "utf-8")
    app.add_css_file("text/text.css", priority=400)


def setup(app):
    """Run before any page is written."""
    app.connect("builder-inited", provide)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
