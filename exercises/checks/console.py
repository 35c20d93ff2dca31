"""Text for a console that does not know every letter."""

from __future__ import annotations

import sys

PLAIN = {
    "✓ ": "",
    "✗ ": "",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "…": "...",
    "–": "-",
    "−": "-",
    "×": "x",
}
"""What stands for a sign where the console has no such sign."""


def printable(text: str) -> str:
    """Return `text` in letters that standard output can show.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        `text` itself on a console in UTF-8. Elsewhere a sign that is missing is
        replaced as `PLAIN` says, and any other by its number, as in ``\\u2207``.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    for sign, plain in PLAIN.items():
        if sign.encode(encoding, "ignore").decode(encoding) != sign:
            text = text.replace(sign, plain)
    return text.encode(encoding, "backslashreplace").decode(encoding)
