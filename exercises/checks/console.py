"""Text for a console that does not know every letter, and for a plain script."""

from __future__ import annotations

import sys
import weakref

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


_unread: dict[int, weakref.finalize] = {}


def unread(report: object) -> object:
    """Return `report`, and in a plain script print it if nobody looks at it.

    A notebook and a prompt show what a line returns. A script does not, and a check
    would say nothing there. It prints when the report is given up, unless it has
    been shown: `read`.

    Parameters
    ----------
    report : object

    Returns
    -------
    object
        `report` itself.
    """
    shown = "IPython" in sys.modules and sys.modules["IPython"].get_ipython()
    if not shown and sys.platform != "emscripten" and not hasattr(sys, "ps1"):
        text = repr(report)
        _unread[id(report)] = weakref.finalize(report, _print, id(report), text)
    return report


def read(report: object) -> None:
    """Note that a report is shown; it is not printed any more."""
    if one := _unread.pop(id(report), None):
        one.detach()


def _print(key: int, text: str) -> None:
    _unread.pop(key, None)
    print(text)
