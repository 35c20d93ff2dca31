"""Run the cells of a page. This file runs in the reader's browser, in Pyodide."""

import ast
import base64
import builtins
import io
import linecache
import os
import sys
import traceback
import types

os.environ["MPLBACKEND"] = "module://live_backend"
os.environ["TQDM_DISABLE"] = "1"


def no_input(prompt: object = "") -> str:
    """Stand in for ``input``: a cell on a page has nobody to ask."""
    raise RuntimeError(
        "input() is not available on this page: write the value into the code instead"
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
            ``figures``: PNG pictures in base64. None or empty where there is none.
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
            shown["error"] = readable_traceback(error)
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


def drawn_figures() -> list[str]:
    """Return all open figures as PNG in base64, and close them."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    pictures = []
    for number in pyplot.get_fignums():
        buffer = io.BytesIO()
        pyplot.figure(number).savefig(buffer, format="png", bbox_inches="tight")
        pictures.append(base64.b64encode(buffer.getvalue()).decode())
    close_figures()
    return pictures


def close_figures() -> None:
    """Forget the figures that are open."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
