"""Run the cells of a page. This file runs in the reader's browser, in Pyodide."""

import ast
import base64
import builtins
import io
import linecache
import os
import re
import struct
import sys
import traceback
import types

os.environ["MPLBACKEND"] = "module://live_backend"
os.environ["TQDM_DISABLE"] = "1"


SHARPNESS = 2
"""Pixels of a picture to one of the page, for screens that have more of them."""

NOTEBOOK = "Use the notebook for it: the top of the page offers it."
OF_NOTEBOOKS = ("display", "get_ipython")
COMMAND = re.compile(r"[%!?]|(pip|conda) |\w+ *= *[%!]|[\w.]+\?")
"""How a line begins that is a command to a notebook, and no Python."""

NO_BROWSER_HAS = {
    "can't start new thread": "Threads",
    "does not support processes": "Other programs",
    "<urlopen error": "Connections to the network",
}


class NotHereError(Exception):
    """Something that a cell on a page cannot have."""


def no_input(prompt: object = "") -> str:
    """Stand in for ``input``: a cell on a page has nobody to ask."""
    raise NotHereError(
        "input() does not work on this page: write the value into the code instead."
    )


builtins.input = no_input


class Session:
    """The names that the cells of one page share, and how a cell is run."""

    def __init__(self):
        from tqdm import tqdm  # only now: it reads the environment once

        tqdm.monitor_interval = 0  # a browser's Python starts no threads
        # Its own __main__, as in a notebook.
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        self.names = module.__dict__

    def run(self, source: str, number: int) -> dict:
        """Run one cell and return what it shows besides what it printed.

        Parameters
        ----------
        source : str
        number : int
            Names the cell in tracebacks.

        Returns
        -------
        dict
            ``text`` and ``html``: the value of the last expression;
            ``error``: a traceback, and its ``name`` and ``message``;
            ``figures``: pictures, see `drawn_figures`. None or empty where there is
            none.
        """
        shown = {"text": None, "html": None, "error": None, "figures": []}
        file = f"cell {number}"
        lines = source.splitlines(keepends=True)
        # So that tracebacks and `inspect` find the lines of the cell.
        linecache.cache[file] = (len(source), None, lines, file)
        try:
            value = self._evaluate(source, file)
            if value is not None:
                shown["text"], shown["html"] = repr(value), html_of(value)
            shown["figures"] = drawn_figures()
        except BaseException as error:
            close_figures()
            shown["error"] = not_here(error, lines) or readable_traceback(error)
            shown["name"], shown["message"] = type(error).__name__, str(error)
        return shown

    def _evaluate(self, source: str, file: str) -> object:
        """Run `source`; return the value of its last line if it is an expression."""
        tree = ast.parse(source, file)
        last = None
        quiet = source.rstrip().endswith(";")
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not quiet:
            last = ast.Expression(tree.body.pop().value)
        exec(compile(tree, file, "exec"), self.names)
        if last is None:
            return None
        return eval(compile(last, file, "eval"), self.names)


def html_of(value: object) -> str | None:
    """Return the HTML that `value` offers, if it does."""
    method = getattr(type(value), "_repr_html_", None)
    return method(value) if callable(method) else None


def not_here(error: BaseException, lines: list[str]) -> str | None:
    """Return one line about what pages do not have, if `error` is about that."""
    if isinstance(error, NotHereError):
        return str(error)
    missing = (getattr(error, "name", None) or "").partition(".")[0]
    what = None
    if isinstance(error, ModuleNotFoundError) and missing not in {"", *sys.modules}:
        what = f"The module {missing} is"
    elif isinstance(error, NameError) and missing in OF_NOTEBOOKS:
        what = f"{missing}() is"
    elif isinstance(error, SyntaxError) and error.lineno:
        line = lines[min(error.lineno, len(lines)) - 1].strip()
        what = f"The command “{line}” is" if COMMAND.match(line) else None
    else:
        found = [name for words, name in NO_BROWSER_HAS.items() if words in str(error)]
        what = f"{found[0]} are" if found else None
    return f"{what} not available on this page. {NOTEBOOK}" if what else None


def readable_traceback(error: BaseException) -> str:
    """Return the traceback of `error` from the first line of the reader's code."""
    frames = error.__traceback__
    while frames and not frames.tb_frame.f_code.co_filename.startswith("cell "):
        frames = frames.tb_next
    text = "".join(traceback.format_exception(type(error), error, frames))
    for folder in sys.path:
        if len(folder) > 1:
            text = text.replace(f'File "{folder}/', 'File "')
    return text


# Pictures are taken when a cell has ended.


def drawn_figures() -> list[dict]:
    """Return all open figures, and close them.

    Returns
    -------
    list of dict
        ``data``: a PNG picture in base64; ``width`` and ``height`` on the page, in px.
    """
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    pictures = []
    for number in pyplot.get_fignums():
        figure, buffer = pyplot.figure(number), io.BytesIO()
        dpi = SHARPNESS * figure.dpi
        figure.savefig(buffer, format="png", bbox_inches="tight", dpi=dpi)
        png = buffer.getvalue()
        width, height = (n // SHARPNESS for n in struct.unpack(">II", png[16:24]))
        data = base64.b64encode(png).decode()
        pictures.append({"data": data, "width": width, "height": height})
    close_figures()
    return pictures


def close_figures() -> None:
    """Forget the figures that are open."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
