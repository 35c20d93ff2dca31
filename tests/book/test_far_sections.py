"""How high a section that is not laid out is guessed to be."""

from docutils import nodes
from sphinx import addnodes

from book.extensions import far_sections
from book.extensions.far_sections import CELL, HEIGHTS, LINE_OF_CODE, PARAGRAPH, ROW


def section(*children: nodes.Node) -> nodes.section:
    return nodes.section("", *children)


def paragraph(text: str) -> nodes.paragraph:
    return nodes.paragraph(text, text)


def test_text_counts_by_letters_and_paragraphs():
    part = section(nodes.title("", "Ten signs."), paragraph("five."))
    assert far_sections.size(part) == (15, 2 * PARAGRAPH)


def test_code_counts_by_lines_and_cells():
    code = nodes.literal_block("", "a = 1\n\nb = 2\n")
    cell = nodes.container("", code, classes=["cell"])
    assert far_sections.size(section(cell)) == (0, CELL + 3 * LINE_OF_CODE)


def test_formulas_pictures_and_functions_have_a_height():
    part = section(nodes.math_block("", "x"), nodes.image(), addnodes.desc())
    assert far_sections.size(part) == (0, sum(HEIGHTS.values()))


def test_rows_of_a_table_count_as_narrow_text():
    row = nodes.row("", nodes.entry("", paragraph("abc")))
    assert far_sections.size(section(row)) == (3 * ROW, PARAGRAPH)


def test_what_is_folded_away_does_not_count():
    folded = nodes.container("", paragraph("hidden"), classes=["dropdown"])
    part = section(folded, section(paragraph("seen")))
    assert far_sections.size(part) == (4, PARAGRAPH)
