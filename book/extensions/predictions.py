"""Fold the stored answer to a prediction away until the reader asks for it.

Below a box with the class ``predict``, the next code cell answers, and so does every
code cell that follows it directly. Their outputs are folded on the pages in HTML.
"""

from itertools import dropwhile, takewhile

from docutils import nodes


class predicted(nodes.container):
    """The output of a cell, folded."""


def is_part(node: nodes.Node, name: str) -> bool:
    """Tell whether `node` is this part of a notebook."""
    return isinstance(node, nodes.container) and node.get("nb_element") == name


def is_cell(node: nodes.Node) -> bool:
    """Tell whether `node` is a cell with code."""
    return is_part(node, "cell_code")


def answers(box: nodes.admonition) -> list[nodes.Element]:
    """Return the cells that answer the prediction in `box`."""
    after = box.parent.children[box.parent.index(box) + 1 :]
    return list(takewhile(is_cell, dropwhile(lambda node: not is_cell(node), after)))


def fold(app, doctree: nodes.document, docname: str) -> None:
    """Put what answers a prediction into an element that is closed."""
    if app.builder.format != "html":
        return
    for box in doctree.findall(nodes.admonition):
        cells = answers(box) if "predict" in box["classes"] else []
        for output in (node for cell in cells for node in cell.children):
            if is_part(output, "cell_code_output"):
                output.children = [
                    predicted("", *output.children, classes=["predicted"])
                ]
                output.setup_child(output[0])


def visit(self, node: predicted) -> None:
    """Begin the folded output with the words that open it."""
    picture = next(iter(node.findall(nodes.image)), None)
    words = "Show the figure" if picture else "Show what it prints"
    self.body.append(f'<details class="predicted"><summary>{words}</summary>\n')


def depart(self, node: predicted) -> None:
    """End the folded output."""
    self.body.append("</details>\n")


def setup(app):
    """Register what happens when."""
    app.add_node(predicted, html=(visit, depart))
    app.connect("doctree-resolved", fold)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
