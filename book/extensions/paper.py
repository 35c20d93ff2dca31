"""Arrange the book for paper; for the pages in HTML nothing here runs.

What a page folds away has to stand somewhere in print. A hint stays with its
exercise. Solutions, the reports of checks on them and the answers to "Check
yourself" move to the end of their chapter, and where they were stands on which page
they are. Code that only draws a figure is left out.

The fonts for code come from matplotlib: they have every sign that is printed.
"""

import fnmatch
import re
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.builders.latex.nodes import thebibliography
from sphinx.util.texescape import escape

from book.extensions.repository import is_chapter

STYLE = Path(__file__).with_name("paper.sty")
MATPLOTLIB = Path(find_spec("matplotlib").origin).parent  # not imported: it is slow
FONTS = MATPLOTLIB / "mpl-data" / "fonts" / "ttf"
TITLE_OF_FRONT_PAGE = "About this book"
WIDE = 84  # characters; longer lines are printed smaller


def latex(source: str) -> nodes.raw:
    """Return a node that writes `source` into the LaTeX file."""
    return nodes.raw("", f"{source}\n", format="latex")


# Before the build


def start(app) -> None:
    """Put style, fonts and drawn figures where LaTeX finds them."""
    if app.builder.format != "latex":
        return
    app.builder.context["release"] = version("rnn_lib")
    folder = Path(app.outdir)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(STYLE, folder / STYLE.name)
    for font in FONTS.glob("DejaVuSansMono*.ttf"):
        shutil.copyfile(font, folder / font.name)
    from book.extensions import paper_figures  # brings matplotlib: only for LaTeX

    paper_figures.write_all(folder)


# Parts and chapters


def parts(app) -> dict[str, str]:
    """Return the caption of each part by the page that it starts with."""
    trees = app.config.external_site_map.root.subtrees
    pages = sorted(app.env.found_docs)
    firsts = [fnmatch.filter(pages, str(tree.items[0]))[0] for tree in trees]
    return {first: tree.caption for first, tree in zip(firsts, trees, strict=True)}


def number_chapters(app, book) -> None:
    """Start the parts, and number chapters as the HTML pages are numbered."""
    captions = parts(app)
    for page in list(book.findall(addnodes.start_of_file)):
        docname = page["docname"]
        if isinstance(page.parent.parent.parent, addnodes.start_of_file):
            continue  # a section of another page
        before = []
        if docname in captions:
            before.append(latex(rf"\part{{{escape(captions[docname])}}}"))
        if number := app.env.toc_secnumbers.get(docname, {}).get(""):
            before.append(latex(r"\setcounter{secnumdepth}{1}"))
            before.append(latex(rf"\setcounter{{chapter}}{{{number[0] - 1}}}"))
        else:
            before.append(latex(r"\papernonumber"))
        page.parent.insert(page.parent.index(page), before)


def title_front_page(book) -> None:
    """Make one chapter without a number of the text of the front page."""
    root = next(book.findall(nodes.section))
    text = [node for node in root.children[1:] if not holds_pages(node)]
    for node in text:
        root.remove(node)
    section = nodes.section("", nodes.title("", TITLE_OF_FRONT_PAGE), *text)
    root.insert(1, [latex(r"\papernonumber"), section])


def holds_pages(node) -> bool:
    """Tell whether other pages of the book are inside `node`."""
    return next(iter(node.findall(addnodes.start_of_file)), None) is not None


# What is folded away in HTML


def is_design(node, name: str) -> bool:
    """Tell whether `node` is the component `name` of sphinx_design."""
    return isinstance(node, nodes.container) and node.get("design_component") == name


def is_dropdown(node) -> bool:
    """Tell whether `node` is a ``{dropdown}``."""
    return is_design(node, "dropdown")


def has_class(node, name: str) -> bool:
    """Tell whether `node` has the class `name`."""
    return isinstance(node, nodes.Element) and name in node.get("classes", [])


def is_exercise(node) -> bool:
    """Tell whether `node` is an ``{exercise}``."""
    return type(node).__name__ == "exercise_enumerable_node"


def is_check(node) -> bool:
    """Tell whether `node` is a cell that checks a solution."""
    return has_class(node, "cell") and node.astext().startswith("checks.")


def number_of_question(node) -> str | None:
    """Return "2" for a paragraph that starts with a bold ``2.``."""
    if not isinstance(node, nodes.paragraph):
        return None
    parts = [part for part in node.children if part.astext()]
    if not parts or not isinstance(parts[0], nodes.strong):
        return None
    number = parts[0].astext().rstrip(".")
    return number if number.isdigit() else None


def unfold(dropdown) -> list[nodes.Node]:
    """Return the content of `dropdown`, with its title before the first words."""
    return run_in(*dropdown.children)


def run_in(title, *content) -> list[nodes.Node]:
    """Return `content` with a title in bold before its first words."""
    end = "" if title.astext().endswith((".", "?", "!")) else "."
    words = nodes.strong("", "", *copies(title), nodes.Text(end))
    if content and isinstance(content[0], nodes.paragraph):
        content[0].insert(0, [words, nodes.Text(" ")])
        return list(content)
    return [nodes.paragraph("", "", words), *content]


def unfold_card(card) -> list[nodes.Node]:
    """Return the words of a card, without the link that covers it."""
    body = next(card.findall(lambda node: is_design(node, "card-body")))
    return run_in(*body.children)


def collect_answers(page) -> list[tuple[str, str, list[nodes.Node]]]:
    """Take the answers out of a chapter: the label, the title and the nodes of each.

    Where they were stays a line that says on which page they are, after the
    choices if the question has some.
    """
    found = []
    for section in list(page.findall(nodes.section)):
        title, label, taken, choices = None, None, [], None
        for node in list(section.children):
            if is_exercise(node):
                title, label = node.next_node(nodes.title).astext(), node["label"]
                taken, choices = [], None
            elif number := number_of_question(node):
                title = f"Check yourself, question {number}"
                label = f"{page['docname']}-{number}"
                taken, choices = [], nodes.bullet_list()
            answer = is_dropdown(node) or has_class(node, "tag_solution")
            if label is None or not (answer or (taken and is_check(node))):
                continue
            if taken:
                section.remove(node)
            else:
                pointer = latex(rf"\paperanswer{{{label}}}")
                section.replace(
                    node, [pointer] if choices is None else [choices, pointer]
                )
                found.append((label, title, taken))
            if choices is not None:
                words = nodes.paragraph("", "", *copies(node[0]))
                choices += nodes.list_item("", words)
            taken += unfold(node) if is_dropdown(node) else [node]
    return found


def copies(node) -> list[nodes.Node]:
    """Return a copy of what is in `node`."""
    return [child.deepcopy() for child in node.children]


def move_answers(page) -> None:
    """Move the answers of a chapter into a section at its end."""
    answers = collect_answers(page)
    if not answers:
        return
    section = nodes.section("", nodes.title("", "Answers"))
    for label, title, content in answers:
        section += latex(rf"\paperlabel{{{label}}}")
        section += nodes.rubric("", title)
        section += content
    page.next_node(nodes.section).append(section)


# Cells


def arrange_cells(book) -> None:
    """Leave out code that draws a figure, and print wide lines smaller."""
    for cell in list(book.findall(lambda node: has_class(node, "cell"))):
        if has_class(cell, "tag_hide-input") and not has_class(cell, "tag_solution"):
            code = next(cell.findall(lambda node: has_class(node, "cell_input")))
            cell.remove(code)
    for block in list(book.findall(nodes.literal_block)):
        if max(map(len, block.astext().splitlines()), default=0) > WIDE:
            place = block.parent.index(block)
            block.parent.insert(place + 1, latex(r"\paperwideend"))
            block.parent.insert(place, latex(r"\paperwide"))


def break_names(book) -> None:
    """Let names in tables break after a dot or an underscore."""
    for cell in book.findall(nodes.entry):
        for text in list(cell.findall(nodes.Text)):
            if isinstance(text.parent, nodes.literal):
                words = re.sub(r"(?<=\w)([._/])(?=\w)", "\\1\u200b", text)
                text.parent.replace(text, nodes.Text(words))


def link_exercises(app, book) -> None:
    """Let references to exercises lead to the label that exercises have in LaTeX."""
    for reference in list(book.findall(addnodes.number_reference)):
        address = reference.get("refuri", "#")  # of another page
        label = reference.get("refid") or address.split("#")[-1]
        if label in app.env.sphinx_exercise_registry:
            link = rf"\hyperref[exercise:{label}]{{{escape(reference.astext())}}}"
            reference.replace_self(nodes.raw("", link, format="latex"))


def place_bibliography(book) -> None:
    """Put the works below the heading of their own page."""
    for works in list(book.findall(thebibliography)):
        docname = works.next_node(nodes.citation)["docname"]
        works.parent.remove(works)
        for page in book.findall(addnodes.start_of_file):
            if page["docname"] == docname:
                page.next_node(nodes.section).append(works)
                break


def draw_figures(book) -> None:
    """Show how each figure to play with stands at the start."""
    from book.extensions import paper_figures

    for figure in list(book.findall(nodes.figure)):
        if name := figure.get("play"):
            figure.insert(0, latex(paper_figures.source(name)))


def arrange(app, book, docname: str) -> None:
    """Change the tree of the whole book, as the LaTeX builder joins it."""
    if app.builder.format != "latex":
        return
    number_chapters(app, book)
    title_front_page(book)
    arrange_cells(book)
    draw_figures(book)
    for page in list(book.findall(addnodes.start_of_file)):
        if is_chapter(page["docname"]):
            move_answers(page)
    for dropdown in list(book.findall(is_dropdown)):
        dropdown.replace_self(unfold(dropdown))
    for card in list(book.findall(lambda node: is_design(node, "card"))):
        card.replace_self(unfold_card(card))
    break_names(book)
    link_exercises(app, book)
    place_bibliography(book)


def setup(app):
    """Register what is done for the LaTeX builder."""
    app.connect("builder-inited", start)
    app.connect("doctree-resolved", arrange)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
