"""Make what a reader takes along: the book as PDF, and its pages as one zip.

``python book/tools/take_along.py pdf`` writes the book with LaTeX, and
``python book/tools/take_along.py offline`` packs the pages that ``make book`` built.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "_build"
NAME = f"how-a-recurrent-neural-network-works-{version('rnn_lib')}"
PACKAGES = (
    "latexmk texlive-xetex texlive-latex-extra texlive-fonts-recommended "
    "texlive-plain-generic fonts-texgyre fonts-texgyre-math"
)
NO_LATEX = (
    "The PDF needs latexmk and XeLaTeX. Install TeX Live or MacTeX; "
    f"on Debian and Ubuntu: apt install {PACKAGES}"
)
READ_ME = """How a Recurrent Neural Network Works, version {version}

Open index.html in a browser. The pages need no network.
"""
HOW_TO_RUN = """
To run code on the pages, a server has to hand them out, and Python has one: open a
terminal in this folder, run

    python3 -m http.server

and go to http://localhost:8000.
"""
DAY = (1980, 1, 1, 0, 0, 0)  # of every file, so that the same pages make the same zip
LEFT_OUT = {  # what is of use to Sphinx and to web servers only
    ".buildinfo",
    ".nojekyll",
    "sbt-webpack-macros.html",
    "webpack-macros.html",
}


class TakeAlongError(Exception):
    """What is missing, in words for the reader."""


def has_latex() -> bool:
    """Tell whether the programs that write the PDF are installed."""
    return all(shutil.which(program) for program in ("latexmk", "xelatex"))


def jupyter_book() -> Path:
    """Return the program that builds the book, first from where pip puts programs."""
    places = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    program = shutil.which("jupyter-book", path=places)
    if program is None:
        raise TakeAlongError("jupyter-book is not installed: run make install")
    return Path(program)


def write_latex(folder: Path) -> Path:
    """Build the LaTeX source of the book below `folder`; return its file."""
    subprocess.run(
        [jupyter_book(), "build", ROOT, "--quiet", "--builder", "latex"]
        + ["--path-output", folder, "-W", "-n", "--keep-going"],
        check=True,
    )
    return folder / "_build" / "latex" / "book.tex"


def complaints(log: str) -> list[str]:
    """Return what LaTeX could not find or draw."""
    kinds = r"^(?:! .*|Missing character: .*|LaTeX Warning: .* undefined.*)$"
    return sorted(set(re.findall(kinds, log, re.MULTILINE)))


def run_latex(source: Path) -> Path:
    """Run LaTeX as often as it takes; return the PDF."""
    if not has_latex():
        raise TakeAlongError(NO_LATEX)
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error"]
    done = subprocess.run(
        [*command, source.name],
        cwd=source.parent,
        capture_output=True,
        env=os.environ | {"max_print_line": "1000"},  # no warning cut in two
    )
    if done.returncode:
        log = source.with_suffix(".log")
        found = complaints(log.read_text("utf-8", "replace")) if log.exists() else []
        raise TakeAlongError("\n".join(["LaTeX stopped.", *found, NO_LATEX]))
    return source.with_suffix(".pdf")


def make_pdf() -> Path:
    """Write the PDF of the book; return where it is."""
    if not has_latex():
        raise TakeAlongError(NO_LATEX)
    pdf = run_latex(write_latex(BUILD / "paper"))
    return Path(shutil.copyfile(pdf, BUILD / f"{NAME}.pdf"))


def pack(pages: Path, target: Path) -> Path:
    """Pack the folder `pages` into the zip `target`, below one folder."""
    if not (pages / "index.html").exists():
        raise TakeAlongError(f"no book in {pages}: run make book first")
    files = sorted(
        path.relative_to(pages).as_posix()
        for path in pages.rglob("*")
        if path.is_file() and path.name not in LEFT_OUT
    )
    read_me = READ_ME.format(version=version("rnn_lib"))
    if "_static/live/manifest.json" in files:
        read_me += HOW_TO_RUN
    contents = {"READ ME.txt": read_me.encode}
    contents |= {name: (pages / name).read_bytes for name in files}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, read in contents.items():
            entry = zipfile.ZipInfo(f"{target.stem}/{name}", DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, read())
    return target


def main() -> None:
    """Run from the command line."""
    sys.stdout.reconfigure(errors="backslashreplace")  # for the names of files
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("pdf", "offline"))
    try:
        if parser.parse_args().what == "pdf":
            made = make_pdf()
        else:
            made = pack(BUILD / "html", BUILD / f"{NAME}.zip")
    except TakeAlongError as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError:
        sys.exit("The book could not be built; the reason stands above.")
    print(f"{made} ({made.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
