"""A book of two pages, built in a moment, for the tests of one extension."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat

from book.tools import notebooks

ROOT = Path(__file__).resolve().parent.parent
INDEX = "# Book\n\n```{toctree}\nchapters/01_a\n```\n"


class SmallBook:
    """A front page and one chapter, which imports NumPy, in `folder`.

    Attributes
    ----------
    source, html : Path
        Folders of what the book is made from and of its pages.
    """

    def __init__(self, folder: Path, configuration: str) -> None:
        self.source, self.html = folder / "source", folder / "build" / "html"
        (self.source / "chapters").mkdir(parents=True)
        (self.source / "conf.py").write_text(configuration, "utf-8")
        (self.source / "index.md").write_text(INDEX, "utf-8")
        v4 = nbformat.v4
        cells = [v4.new_markdown_cell("# A"), v4.new_code_cell("import numpy")]
        chapter = v4.new_notebook(cells=cells, metadata=notebooks.NOTEBOOK_METADATA)
        nbformat.write(chapter, self.source / "chapters" / "01_a.ipynb")

    def build(self, **environment: str) -> dict[str, str]:
        """Build the book, with more in the environment; return its pages by name."""
        command = [sys.executable, "-m", "sphinx", "-q", "-W", self.source, self.html]
        environment = os.environ | {"PYTHONPATH": str(ROOT)} | environment
        subprocess.run(command, check=True, env=environment)
        return {
            page: (self.html / f"{page}.html").read_text("utf-8")
            for page in ("index", "chapters/01_a")
        }
