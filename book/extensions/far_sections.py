"""Let a long page be laid out section by section, as the reader comes near.

A chapter has up to 14,000 elements, and a phone takes seconds to lay them out. So the
sections of a page are marked with the class ``waits``, and the style sheet tells the
browser to leave them until they are wanted. Each says about how high it will be, for
the scroll bar: the letters of its text, whose height depends on the width of the
page, and the height of everything else.

Above the reader all heights have to be right, or the text would jump on the way back.
So what the reader has come near stays laid out, with all that is above it. Where a
place in the page is wanted, the page is laid out whole: see ``layout.html`` and
``book.js``.
"""

from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes

PARAGRAPH = 40
LINE_OF_CODE = 18
CELL = 160
FIGURE_TO_PLAY_WITH = 1050
HEIGHTS = {nodes.math_block: 110, nodes.image: 380, addnodes.desc: 50}
"""Heights in px, from a fit to all sections of the chapters, wide and on a phone."""

ROW = 2
"""How much more room a letter takes in the columns of a table."""

FOLDED = {"dropdown", "predicted"}
TEXT = (nodes.paragraph, nodes.title, nodes.term, addnodes.desc_signature)


def shown(node: nodes.Element) -> Iterator[nodes.Element]:
    """Give `node` and what shows below it before a click, but no cells of tables."""
    yield node
    children = [] if isinstance(node, nodes.row) else node.children
    for child in children:
        if isinstance(child, nodes.Element) and FOLDED.isdisjoint(child["classes"]):
            yield from shown(child)


def size(section: nodes.section) -> tuple[int, int]:
    """Return how many letters a section has, and how high the rest of it is, in px."""
    letters = rest = 0
    for node in shown(section):
        if isinstance(node, TEXT):
            letters += len(node.astext())
            rest += PARAGRAPH
        elif isinstance(node, nodes.literal_block):
            rest += LINE_OF_CODE * (node.astext().rstrip("\n").count("\n") + 1)
        elif "cell" in node["classes"]:
            rest += CELL
        elif "play" in node:
            rest += FIGURE_TO_PLAY_WITH
        elif isinstance(node, nodes.row):
            letters += ROW * len(node.astext())
            rest += PARAGRAPH
        else:
            rest += HEIGHTS.get(type(node), 0)
    return letters, rest


def mark(app, pagename, templatename, context, doctree) -> None:
    """Mark the sections of a page."""
    if app.builder.name != "html" or doctree is None or "body" not in context:
        return
    for section in doctree.findall(nodes.section):
        # The page itself is the section of its title.
        if isinstance(section.parent, nodes.section) and isinstance(
            section.parent.parent, nodes.document
        ):
            letters, rest = size(section)
            start = f'<section id="{section["ids"][0]}"'
            marked = (
                f'{start} class="waits" style="--letters: {letters}; --rest: {rest}px"'
            )
            context["body"] = context["body"].replace(start, marked)


def setup(app):
    """Run before a page is written."""
    app.connect("html-page-context", mark)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
