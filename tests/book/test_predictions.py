"""Answers to predictions, which are folded in the pages until they are asked for."""

import re
from itertools import takewhile
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document

from book.extensions import predictions
from book.tools import notebooks

FIGURE = "document.getElementById('fig-memory-lags')"


def part(name, *children):
    """Return a part of a notebook, as the pages have it."""
    return nodes.container("", *children, nb_element=name)


def cell(text):
    """Return a cell that shows `text`."""
    output = part("cell_code_output", nodes.literal_block("", text))
    return part("cell_code", part("cell_code_source"), output)


def folded(*page, builder="html"):
    """Return what is folded on a page of these nodes."""
    doctree = new_document("a")
    doctree += page
    app = SimpleNamespace(builder=SimpleNamespace(format=builder))
    predictions.fold(app, doctree, "a")
    return [node.astext() for node in doctree.findall(predictions.predicted)]


def box(*classes):
    """Return an admonition."""
    return nodes.admonition("", classes=list(classes))


def text():
    """Return a paragraph."""
    return nodes.paragraph("", "text")


def test_the_cells_right_below_a_box_are_folded():
    below = box("tip", "predict"), text(), cell("a"), cell("b"), text(), cell("c")
    assert folded(*below) == ["a", "b"]
    assert folded(box("tip"), cell("a")) == []
    assert folded(text(), cell("a"), box("predict"), text()) == []


def test_a_cell_without_output_is_passed_over():
    silent = part("cell_code", part("cell_code_source"))
    assert folded(box("predict"), silent, cell("a")) == ["a"]


def test_on_paper_nothing_is_folded():
    assert folded(box("predict"), cell("a"), builder="latex") == []


def answers(path):
    """Return for each output that answers a prediction whether it is a picture."""
    found, cells = [], notebooks.read(path).cells
    for i, box in enumerate(cells):
        if re.search("^:class: .*predict", box.source, re.M):
            below = takewhile(lambda cell: cell.cell_type == "code", cells[i + 1 :])
            outputs = [cell.outputs for cell in below if cell.outputs]
            assert outputs, box.source
            found += [
                any("image/png" in output.get("data", {}) for output in shown)
                for shown in outputs
            ]
    return found


@pytest.mark.parametrize("path", notebooks.chapters(), ids=lambda path: path.stem)
def test_pages_fold_what_answers_a_prediction(book, path):
    page = (book / "chapters" / f"{path.stem}.html").read_text("utf-8")
    start = r'<div class="cell_output docutils container">\n<details class="predicted">'
    words = re.findall(start + r"<summary>(.*?)</summary>", page)
    pictures = answers(path)
    has_exercises = any("{exercise}" in c.source for c in notebooks.read(path).cells)
    assert len(pictures) > (5 if has_exercises else 2)
    assert words == [
        "Show the figure" if picture else "Show what it prints" for picture in pictures
    ]
    assert page.count('class="predicted"') == len(words)


@pytest.mark.parametrize("how", ["mouse", "keys"])
def test_an_answer_opens_when_it_is_asked_for(page, address, how):
    page.resize(390)
    page.open(f"{address}/chapters/06_pytorch.html")
    summary = "document.querySelector('.predicted summary')"
    output = "document.querySelector('.predicted .output')"
    page.place_of(summary)
    assert not page.run(f"{output}.checkVisibility()")
    if how == "mouse":
        page.click(summary)
    else:
        page.click("document.querySelector('.predict')")
        while page.run(f"document.activeElement !== {summary}"):
            page.press("Tab", 9)
        page.press(" ", 32, text=" ")
    page.wait_for(f"{output}.checkVisibility()")


@pytest.mark.parametrize("how", ["click", "address"])
def test_a_link_to_a_folded_figure_opens_it(page, address, how):
    page.resize(390)
    page.open(f"{address}/chapters/01_one_hot.html")  # another page
    chapter = f"{address}/chapters/07_long_memory.html"
    if how == "address":
        page.open(f"{chapter}#fig-memory-lags")
    else:
        page.open(chapter)
        page.place_of(f"{FIGURE}.closest('.cell')")
        assert not page.run(f"{FIGURE}.checkVisibility()")
        link = "document.querySelector('a.reference[href=\"#fig-memory-lags\"]')"
        page.place_of(link)  # what is above it is laid out then
        page.click(link)
    top = f"{FIGURE}.getBoundingClientRect().top"
    page.wait_for(f"{FIGURE}.checkVisibility() && {top} > -1 && {top} < 200")
