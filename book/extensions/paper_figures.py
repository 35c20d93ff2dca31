"""The figures to play with on paper: how they stand at the start, drawn as PDF.

The scripts of a figure give an SVG whose colours come from a style sheet. Here
matplotlib draws the same lines, boxes and words, so no other program is needed:
svglib, a converter that pip installs, reads no ``var(--U)`` and drops the line.
"""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Polygon, Rectangle
from matplotlib.text import Text
from sphinx.util.texescape import escape

from book.extensions import figures
from book.extensions.repository import ROOT
from rnn_lib.plots import COLOURS, GREY

INK, RULE = "#222832", "#C4C9D0"
POINTS = 0.75  # of a unit of the SVG on paper
ANCHORS = {"start": "left", "middle": "center", "end": "right"}
FADED = {"later": 0.35, "done": 0.75, "off": 0.35}
"""How much of a drawing is left in a group of this kind."""
STATES = {"rnn-backward": {"move": 11}}
"""What is shown on paper, where the start would be a table without numbers."""
FIXED_DATE = {"CreationDate": None}  # the same bytes from every build


def view(name: str) -> ElementTree.Element:
    """Return the figure `name` as it stands on paper: picture, numbers, words."""
    with figures.loaded(name) as (engine, data):
        engine.eval(f"var figure = rnnFigures.known[{json.dumps(name)}]")
        engine.eval(f"var data = {data}")
        state = f"{{...figure.start(data), ...{json.dumps(STATES.get(name, {}))}}}"
        shown = json.loads(engine.eval(f"JSON.stringify(figure.view(data, {state}))"))
    parts = f"{shown['picture']}{shown['table']}<p>{shown['text']}</p>"
    return ElementTree.fromstring(f"<div>{parts}</div>")


def kinds(node: ElementTree.Element) -> list[str]:
    """Return the classes of `node`."""
    return node.get("class", "").split()


def colour(names: list[str]) -> str:
    """Return the colour that the style sheet gives to these classes."""
    if "grid" in names:
        return RULE
    if {"axis", "rung", "rail"} & set(names):
        return GREY
    if "chosen" in names:
        return COLOURS["state"]
    return next((COLOURS[name] for name in names if name in COLOURS), INK)


def numbers(node: ElementTree.Element, *keys: str) -> list[float]:
    """Return these attributes of `node` as numbers."""
    return [float(node.get(key, 0)) for key in keys]


def points(node: ElementTree.Element) -> list[tuple[float, ...]]:
    """Return the corners of a polygon or a polyline."""
    return [tuple(map(float, pair.split(","))) for pair in node.get("points").split()]


def stroke(node, xs, ys, alpha: float, off: bool) -> Line2D:
    """Return a line in the colour and style of `node`."""
    names = kinds(node)
    thin = {"axis": 1.2, "grid": 1, "rung": 1, "chosen": 4}
    width = next((thin[name] for name in names if name in thin), 2.5)
    style = (0, (2, 2)) if "dashed" in names or off else "-"
    return Line2D(
        xs,
        ys,
        color=colour(names),
        linewidth=width * POINTS,
        linestyle=style,
        alpha=alpha,
    )


def artists(node, alpha: float = 1.0, off: bool = False):
    """Give what draws one element of the SVG, without its text."""
    names = kinds(node)
    tag = node.tag
    if tag == "line":
        x1, y1, x2, y2 = numbers(node, "x1", "y1", "x2", "y2")
        yield stroke(node, [x1, x2], [y1, y2], alpha, off)
    elif tag == "polyline":
        yield stroke(node, *zip(*points(node), strict=True), alpha, off)
    elif tag == "polygon":
        yield Polygon(points(node), color=colour(names), linewidth=0, alpha=alpha)
    elif tag == "circle":
        x, y, r = numbers(node, "cx", "cy", "r")
        face = "white" if {"open", "state"} & set(names) else colour(names)
        yield Circle((x, y), r, facecolor=face, edgecolor=colour(names), zorder=3)
    elif tag == "rect" and "bar" in names:
        x, y, width, height = numbers(node, "x", "y", "width", "height")
        paint = {"color": colour(names), "alpha": 0.75, "linewidth": 0}
        yield Rectangle((x, y), width, height, **paint)
    elif tag == "rect":
        x, y, width, height = numbers(node, "x", "y", "width", "height")
        yield FancyBboxPatch(
            (x, y),
            width,
            height,
            boxstyle=f"round,pad=0,rounding_size={node.get('rx', 0)}",
            facecolor="none",
            edgecolor=colour(names),
            linewidth=2 * POINTS,
            alpha=alpha,
        )


def words(node: ElementTree.Element, grey: bool) -> Text:
    """Return the text of `node`; a raised or lowered part becomes TeX's."""
    text = node.text or ""
    for part in node.iter("tspan"):
        sign = "^" if float(part.get("dy")) < 0 else "_"
        text += f"${sign}{{{part.text}}}$"
    names = kinds(node)
    return Text(
        *numbers(node, "x", "y"),
        text,
        color=GREY if grey else colour(names),
        fontsize=12 * POINTS,
        ha=ANCHORS[node.get("text-anchor", "start")],
        va="baseline",
        style="italic" if "name" in names else "normal",
        weight="bold" if {"letter", "strong"} & set(names) else "normal",
    )


def drawing(*pictures: ElementTree.Element) -> Figure:
    """Return pictures of one height, side by side, as a matplotlib figure."""
    sizes = [tuple(map(float, svg.get("viewBox").split()[2:])) for svg in pictures]
    whole, height = sum(width for width, _ in sizes), sizes[0][1]
    figure = Figure(figsize=(whole * POINTS / 72, height * POINTS / 72))
    FigureCanvasPdf(figure)
    left = 0
    for svg, (width, _) in zip(pictures, sizes, strict=True):
        place = (left / whole, 0, width / whole, 1)
        ax = figure.add_axes(place, xlim=(0, width), ylim=(height, 0))
        ax.set_axis_off()
        add(ax, svg)
        left += width
    return figure


def add(ax, group: ElementTree.Element) -> None:
    """Draw all that is in `group` into `ax`."""
    faded = [name for name in kinds(group) if name in FADED]
    alpha = FADED[faded[0]] if faded else 1.0
    for node in group:
        if node.tag == "g":
            add(ax, node)
        elif node.tag == "text":
            ax.add_artist(words(node, bool(faded)))
        else:
            for artist in artists(node, alpha, "off" in faded):
                ax.add_artist(artist)


def cover() -> Figure:
    """Return the cover; its arrows back are dashed, as on the page."""
    page = ElementTree.parse(ROOT / "book" / "cover.html")
    for node in page.iter("line"):
        if "gradient" in kinds(node):
            node.set("class", "gradient dashed")
    return drawing(*page.iter("svg"))


def write_all(folder: Path) -> None:
    """Write the cover and the picture of every figure into `folder`."""
    pictures = {name: drawing(next(view(name).iter("svg"))) for name in figures.SCRIPTS}
    pictures["cover"] = cover()
    for name, picture in pictures.items():
        picture.savefig(folder / f"{name}.pdf", metadata=FIXED_DATE)


# The numbers below the picture


def cell_text(cell: ElementTree.Element) -> str:
    """Return a cell of a table in LaTeX; its small print gets a line of its own."""
    text = escape(cell.text or "")
    for part in cell.iter("small"):
        text = rf"\paperrow{{{text}}}{{{escape(part.text)}}}"
    return text


def table(node: ElementTree.Element) -> str:
    """Return a table of the figure in LaTeX."""
    rows = [[cell_text(cell) for cell in row] for row in node.iter("tr")]
    columns = "l" + "r" * (len(rows[0]) - 1)
    head, *body = [" & ".join(row) + r" \\" for row in rows]
    lines = [
        rf"\begin{{tabular}}{{{columns}}}",
        head,
        r"\hline\rule{0pt}{2.6ex}%",
        *body,
    ]
    caption = escape(node.find("caption").text)
    return "\n".join([rf"\papertable{{{caption}}}", *lines, r"\end{tabular}"])


def source(name: str) -> str:
    """Return the LaTeX of the figure `name`: picture, numbers and description."""
    page = view(name)
    tables = [table(node) for node in page.iter("table")]
    words = escape("".join(page.find("p").itertext()))
    picture = rf"\noindent\includegraphics{{{name}.pdf}}\par"
    return "\n".join([picture, *tables, rf"\papertext{{{words}}}"])
