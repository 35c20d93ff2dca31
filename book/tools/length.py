"""Print how long the chapters are: words, and minutes of a first reading.

A minute is 200 words of prose or one prediction; a line of code that is shown takes 8
seconds. Solutions are folded, and exercises have their own minutes: both count as
words, not as minutes. Work with a pencil comes on top.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat

CHAPTERS = Path(__file__).parents[2] / "chapters"
HIDDEN = {"solution", "hide-input", "remove-input", "hide-cell", "remove-cell"}
EXERCISE = re.compile(r"^`{3,}\{exercise\}|\*\*Your answer", re.MULTILINE)
FOLDED = re.compile(r"^(`{3,}|:{3,})\{dropdown\}.*?^\1\s*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Length:
    """Of one chapter: all words, and the minutes of its text."""

    words: int
    minutes: float


def words_in(text: str) -> int:
    """Return the number of words between blanks."""
    return len(text.split())


def text_of(output) -> str:
    """Return what an output prints."""
    return output.get("text", "") or output.get("data", {}).get("text/plain", "")


def length_of(path: Path) -> Length:
    """Measure one notebook."""
    words, minutes = 0, 0.0
    in_exercise = False
    for cell in nbformat.read(path, as_version=4).cells:
        tags = set(cell.metadata.get("tags", ()))
        words += words_in(cell.source)
        words += sum(words_in(text_of(output)) for output in cell.get("outputs", ()))
        if cell.cell_type == "markdown":
            in_exercise = "solution" in tags or bool(EXERCISE.search(cell.source))
            if not in_exercise and not tags & HIDDEN:
                minutes += words_in(FOLDED.sub("", cell.source)) / 200
                minutes += cell.source.count(":class: predict")
        elif not in_exercise and not tags & HIDDEN:
            lines = [line for line in cell.source.splitlines() if line.strip()]
            minutes += len(lines) * 8 / 60
    return Length(words, minutes)


def main(paths: list[Path]) -> None:
    """Print one line for each chapter."""
    for path in paths or sorted(CHAPTERS.glob("*.ipynb")):
        length = length_of(path)
        print(f"{path.stem:24}{length.words:7,} words {length.minutes:6.0f} minutes")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
