"""What several extensions know of the repository: its code and its chapters.

A module that imports this one can import `grading` too, from wherever the build is
started.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))


def is_chapter(docname: str) -> bool:
    """Tell whether a page is a notebook that students work through."""
    return docname.startswith("chapters/")
