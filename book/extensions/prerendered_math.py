"""Draw mathematics while the book is built, with KaTeX.

The pages need no script for formulas and ask no other host for anything: they
hold KaTeX's HTML, MathML for screen readers, and a style sheet with its fonts
copied to ``_static/katex/``. A formula that KaTeX cannot read is a warning that
names its source line, so the warning-fatal build fails on it.

U, W, V, the hidden states h and gradients of the loss get a class each, and so the
colours of the figures. Nothing else of the drawing changes, and the MathML stays
KaTeX's own.
"""

import fnmatch
import html
import re
import shutil
from pathlib import Path

from docutils import nodes
from docutils.nodes import SkipNode
from py_mini_racer import JSEvalException, MiniRacer
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from book.extensions.fetched_files import KATEX, FetchError

logger = logging.getLogger(__name__)
STYLE_SHEET = "katex/katex.min.css"
GRADIENTS = re.compile(
    r"""\\[td]?frac \s* \{ (?:dL | \\partial\s*\\ell_t) \} \s*
        \{ (?:[^{}] | \{[^{}]*\})* \}
    | dL/d (?:\\theta | [a-zA-Z]) (?:_ (?:\{[^{}]*\} | \w))?
    | ^ d(?:[UWVbc] | [zho]_(?:\{[^{}]*\} | \w)) $""",
    re.VERBOSE,
)
"""Derivatives of the loss, and dU, dz_t, ... where they are all of a formula."""
MARK = "#abcdef"  # a colour that no formula has: it marks gradients
SPAN = re.compile(r"<span([^>]*)>")
SYMBOL = re.compile(r'<span class="mord mathnormal"([^>]*)>([UWVhg])</span>')
GATE = "g_t"  # a gate has the letter of a gradient
CLASSES = {"U": "U", "W": "W", "V": "V", "h": "state"}
BEFORE = re.compile(r"[(\[“‘]+$")  # punctuation that stays with the formula after it
AFTER = re.compile(r"^[.,:;?!)\]”’'-]+")  # and with the formula before it
LONG = 40  # a formula with more letters in its source may have to break itself
NUMBERED = re.compile(r"\\(begin|end)\{(align|alignat|equation|gather)\}")


class Renderer:
    """KaTeX in an embedded JavaScript engine; each formula is drawn once."""

    def __init__(self, script: Path):
        self.engine = MiniRacer()
        self.engine.eval(script.read_text("utf-8"))
        self.drawn = {}

    def draw(self, tex: str, display: bool) -> str:
        """Return KaTeX's own HTML of formula `tex`."""
        options = {"displayMode": display, "throwOnError": True, "strict": "error"}
        return self.engine.call("katex.renderToString", tex, options)

    def render(self, tex: str, display: bool, location, short: bool = False) -> str:
        """Return the HTML of formula `tex`, or its source if it has an error.

        `short` tells whether the letter g stands for a gradient.
        """
        short = short and GATE not in tex
        key = (tex, display, short)
        if key not in self.drawn:
            try:
                plain = self.draw(tex, display)
                marked = mark_gradients(tex)
                drawing = plain if marked == tex else self.draw(marked, display)
            except JSEvalException as error:
                message = str(error).strip().splitlines()[0].split("Error: ", 1)[-1]
                logger.warning("formula: %s", message, location=location)
                return f"<code>{html.escape(tex)}</code>"
            letters = CLASSES | ({"g": "gradient"} if short else {})
            self.drawn[key] = with_classes(plain, drawing, letters)
        return self.drawn[key]


def mark_gradients(tex: str) -> str:
    """Give the gradients in `tex` the colour `MARK`."""
    return GRADIENTS.sub(lambda found: rf"\textcolor{{{MARK}}}{{{found[0]}}}", tex)


def class_of_colour(span: re.Match) -> str:
    """Return a span with a class in place of the colour `MARK`."""
    if MARK not in span[1]:
        return span[0]
    attributes = span[1].replace(f"color:{MARK};", "").replace(' style=""', "")
    return "<span" + attributes.replace('class="', 'class="gradient ', 1) + ">"


def with_classes(plain: str, drawing: str, letters: dict[str, str]) -> str:
    """Return `drawing` with classes for colours, and the MathML of `plain`."""

    def class_of_letter(span: re.Match) -> str:
        if span[2] not in letters:
            return span[0]
        kind = f"mord mathnormal {letters[span[2]]}"
        return f'<span class="{kind}"{span[1]}>{span[2]}</span>'

    start = '<span class="katex-html"'
    mathml = plain.split(start, 1)[0]
    shown = SPAN.sub(class_of_colour, drawing.split(start, 1)[1])
    return mathml + start + SYMBOL.sub(class_of_letter, shown)


def for_katex(tex: str) -> str:
    r"""Return displayed `tex` in the form that KaTeX draws as Sphinx means it.

    Lines split by a bare ``\\`` get an environment, and environments that would
    number their lines do not, because Sphinx numbers the formula.
    """
    if r"\\" in tex and r"\begin" not in tex:
        name = "aligned" if "&" in tex else "gathered"
        return rf"\begin{{{name}}}{tex}\end{{{name}}}"
    return NUMBERED.sub(r"\\\1{\2*}", tex)


def short_gradients(translator) -> bool:
    """Tell whether the letter g stands for a gradient on the page being written."""
    builder = translator.builder
    patterns = builder.config.short_gradients
    return any(fnmatch.fnmatch(builder.current_docname, p) for p in patterns)


def visit_inline(translator, node) -> None:
    """Write an inline formula."""
    renderer = translator.builder.app.math_drawing
    translator.body.append(
        translator.starttag(node, "span", "", CLASS="math notranslate nohighlight")
        + renderer.render(node.astext(), False, node, short_gradients(translator))
        + "</span>"
    )
    raise SkipNode


def visit_display(translator, node) -> None:
    """Write a displayed formula, with its number where it has one."""
    renderer = translator.builder.app.math_drawing
    body = translator.body
    body.append(translator.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "Link to this equation")
        body.append("</span>")
    tex = for_katex(node.astext().strip())
    drawing = renderer.render(tex, True, node, short_gradients(translator))
    body.append(drawing + "</div>\n")
    raise SkipNode


def keep_punctuation(app, doctree: nodes.document, docname: str) -> None:
    """Hold inline formulas together with the punctuation that touches them.

    A browser may break a line on both sides of a formula, even before a comma.
    """
    if app.builder.format != "html":
        return
    for formula in list(doctree.findall(nodes.math)):
        parent, place = formula.parent, formula.parent.index(formula)
        texts = [
            part if isinstance(part, nodes.Text) else nodes.Text("")
            for part in (
                parent[place - 1] if place else None,
                parent[place + 1] if place + 1 < len(parent) else None,
            )
        ]
        before, after = BEFORE.search(texts[0]), AFTER.search(texts[1])
        if len(formula.astext()) > LONG or not (before or after):
            continue
        held = nodes.inline(classes=["formula"])
        parent[place] = held
        if before:
            parent[place - 1] = nodes.Text(texts[0][: before.start()])
            held += nodes.Text(before[0])
        held += formula
        if after:
            parent[place + 1] = nodes.Text(texts[1][after.end() :])
            held += nodes.Text(after[0])


def start(app) -> None:
    """Load KaTeX and copy what the pages need from it into the book."""
    if app.builder.format != "html":
        return
    try:
        source = KATEX.locate()
    except FetchError as error:
        raise ExtensionError(str(error)) from None
    app.math_drawing = Renderer(source / "katex.min.js")
    shutil.copytree(
        source,
        Path(app.outdir) / "_static" / "katex",
        ignore=shutil.ignore_patterns("*.js"),
        dirs_exist_ok=True,
    )


def add_style(app, pagename, templatename, context, doctree) -> None:
    """Link the style sheet from pages that hold a formula."""
    if app.builder.format != "html":
        return
    if app.env.get_domain("math").has_equations(pagename):
        app.builder.add_css_file(STYLE_SHEET)


def setup(app):
    """Register the renderer under the name ``prerendered``."""
    app.add_config_value("short_gradients", [], "html")
    app.add_html_math_renderer(
        "prerendered", (visit_inline, None), (visit_display, None)
    )
    app.connect("builder-inited", start)
    app.connect("doctree-resolved", keep_punctuation)
    app.connect("html-page-context", add_style)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": False}
