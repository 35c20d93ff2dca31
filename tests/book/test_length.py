"""Chapters stay short, and promise the minutes that a first reading takes."""

import nbformat
import pytest
import torch

from book.tools import length, notebooks
from reference import seeds
from reference.seeds import __main__ as table
from tests.book.test_instructors import CHAPTERS, TIME

WORDS = 7_500


@pytest.mark.parametrize("path", notebooks.chapters(), ids=lambda path: path.stem)
def test_a_chapter_is_short_and_says_how_long_it_takes(path):
    found = length.length_of(path)
    said = int(TIME.search(CHAPTERS[path.stem])[1])
    assert found.words <= WORDS
    assert found.minutes <= said <= (60 if path.stem[:2] in ("01", "02") else 75)


def test_what_counts_as_words_and_minutes(tmp_path):
    v4 = nbformat.v4
    solution = {"tags": ["solution", "hide-input"]}
    cells = [
        v4.new_markdown_cell("word " * 400),
        v4.new_markdown_cell("```{admonition} Predict\n:class: predict\nWhat?\n```"),
        v4.new_code_cell(
            "a = 1\n\nprint(a)", outputs=[v4.new_output("stream", text="1\n")]
        ),
        v4.new_markdown_cell("```{exercise} Title\n" + "word " * 100 + "\n```"),
        v4.new_code_cell("def f(): ..."),
        v4.new_code_cell("def f(): return 1", metadata=solution),
        v4.new_markdown_cell("word " * 100),
    ]
    nbformat.write(v4.new_notebook(cells=cells), tmp_path / "a.ipynb")
    found = length.length_of(tmp_path / "a.ipynb")
    assert found.words == 400 + 6 + 4 + 1 + 103 + 3 + 4 + 100
    assert found.minutes == pytest.approx((500 + 6) / 200 + 1 + 2 * 8 / 60)


def test_claims_of_every_chapter_are_measured():
    table.load()
    chapters = {claim.chapter for claim in seeds.CLAIMS}
    assert chapters >= set(range(1, len(notebooks.chapters()) + 1))
    names = [(claim.chapter, claim.text) for claim in seeds.CLAIMS]
    assert len(set(names)) == len(names)
    assert all(len(text) <= 71 for _, text in names)  # the column of the table
    assert len(seeds.SEEDS) >= 8


def test_no_claim_is_measured_without_gradients():
    """A claim may be the first of its process, and has to train then."""
    table.load()
    assert hasattr(torch.no_grad()(abs), "__wrapped__")  # so it would show
    assert [c.text for c in seeds.CLAIMS if hasattr(c.measure, "__wrapped__")] == []
