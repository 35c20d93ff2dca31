"""How well is a megabyte of English learnt in ten minutes? Network against n-gram.

The text is the prose in the docstrings of NumPy, matplotlib and PyTorch, whose versions
are pinned: paragraphs of words, each once. ``python reference/benchmark/own_text.py``
takes the ten minutes; ``--megabytes`` and ``--minutes`` change the sizes. There are 1.9
megabytes of prose; a longer text goes on with the rest of the docstrings.
"""

import argparse
import ast
import random
import re
import time
from pathlib import Path

import matplotlib
import numpy
import torch

from rnn_lib.yours.ngrams import best_ngram
from rnn_lib.yours.text import split_text
from rnn_lib.yours.torch_writer import TorchWriter

PACKAGES = (numpy, matplotlib, torch)
PROSE = re.compile(r"[\w\s,;:.'()\"?!-]{60,}")


def paragraphs(folder: Path) -> list[str]:
    """Return the paragraphs of all docstrings below `folder`."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        try:
            nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        except (SyntaxError, UnicodeDecodeError):
            continue
        kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
        for text in (ast.get_docstring(n) for n in nodes if isinstance(n, kinds)):
            parts = re.split(r"\n\s*\n", text or "")
            found |= dict.fromkeys(" ".join(part.split()) for part in parts)
    return list(found)


def is_prose(line: str) -> bool:
    """Tell whether a paragraph is made of words."""
    return bool(PROSE.fullmatch(line)) and line.count(" ") > len(line) / 9


def english(size: int) -> str:
    """Return `size` characters, prose first, a paragraph a line, in a random order."""
    folders = [Path(package.__file__).parent for package in PACKAGES]
    lines = dict.fromkeys(line for f in folders for line in paragraphs(f))
    prose = [line for line in lines if is_prose(line)]
    rest = [line for line in lines if not is_prose(line)]
    for some in (prose, rest):
        random.Random(0).shuffle(some)
    text = "\n".join(prose + rest)
    assert len(text) >= size, f"only {len(text):,} characters were found"
    return text[:size]


def main() -> None:
    """Print the losses on the test part, and how long each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=1.0)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--hidden", type=int, default=384)
    a = parser.parse_args()
    text = split_text(english(int(a.megabytes * 1e6)))
    for name, fit in (
        ("Kneser-Ney", lambda: best_ngram(text)),
        (
            f"GRU, {a.hidden} units",
            lambda: TorchWriter(text.vocabulary, a.hidden).fit(text, minutes=a.minutes),
        ),
    ):
        start = time.perf_counter()
        model = fit()
        minutes = (time.perf_counter() - start) / 60
        loss = model.loss(text.test)
        more = getattr(model, "order", None) or f"{len(model.losses)} epochs"
        print(f"{name:16}{loss:8.4f} nats{minutes:8.1f} minutes   {more}", flush=True)


if __name__ == "__main__":
    main()
