"""The repository as several extensions know it: its folder and its chapters."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def is_chapter(docname: str) -> bool:
    """Tell whether a page is a notebook that students work through."""
    return docname.startswith("chapters/")
