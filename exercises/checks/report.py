"""What a check says, as text and for a notebook."""

from __future__ import annotations

import html
from dataclasses import dataclass

from exercises.checks.console import printable, read

BADGE = (
    "display:inline-block;min-width:5.5em;padding:0 .4em;margin:.1em .5em .1em 0;"
    "border-radius:.3em;color:#fff;background:"
)
GREEN, RED = "#1a7f37", "#b3261e"


HALF = "where only the type is wrong counts half"
"""What is said where `Report.near` is not 0."""


@dataclass(frozen=True)
class Report:
    """What a check found.

    Parameters
    ----------
    title : str
        The exercise.
    lines : tuple of (bool, str)
        One per case: whether it passed, and what was tried or went wrong.
    diagnosis : str or None
        What is wrong and where to look; None if nothing is.
    fraction : float
        Share of the points, from 0 to 1.
    wrong : str or None
        Name of the listed wrong answer that was recognised.
    kind : str or None
        What was recognised of an answer that is not listed.
    near : int
        How many cases failed with the right numbers in a wrong type; each gives half.
    """

    title: str
    lines: tuple[tuple[bool, str], ...]
    diagnosis: str | None
    fraction: float
    wrong: str | None = None
    kind: str | None = None
    near: int = 0

    @property
    def summary(self) -> str:
        """How many cases passed, in words."""
        passed = sum(ok for ok, _ in self.lines)
        if passed == len(self.lines):
            return f"All {passed} checks passed."
        if self.near:
            passed += self.near / 2
            return f"{passed:g} of {len(self.lines)} checks passed; {HALF}."
        return f"{passed} of {len(self.lines)} checks passed."

    def __repr__(self) -> str:
        """Return the report as plain text that standard output can show."""
        read(self)
        rows = [self.title]
        rows += [f"{_verdict(ok)}  {text}" for ok, text in self.lines]
        if self.diagnosis:
            rows.append(self.diagnosis)
        return printable("\n".join([*rows, self.summary]))

    def _repr_html_(self) -> str:
        """Return the report for a notebook, in words and in colour."""
        read(self)
        rows = [f"<strong>{html.escape(self.title)}</strong>"]
        for ok, text in self.lines:
            badge = f'<span style="{BADGE}{GREEN if ok else RED}">{_verdict(ok)}</span>'
            rows.append(badge + html.escape(text))
        if self.diagnosis:
            rows.append(f"<strong>Diagnosis.</strong> {html.escape(self.diagnosis)}")
        rows.append(html.escape(self.summary))
        page = "\n".join(f"<div>{row}</div>" for row in rows)
        return f'<div class="exercise-report">\n{page}\n</div>'


def _verdict(ok: bool) -> str:
    return "✓ passed" if ok else "✗ failed"
