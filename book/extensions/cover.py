"""The cover: the network unrolled over the first letters, and the loss ladder.

``{cover}`` draws it on a page as SVG, in the colours of `rnn_lib.plots` (lighter in
the dark). Letters, answers and rungs are those of the data.
"""

import math

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from rnn_lib import ladder
from rnn_lib.data import INPUT_ROWS, TARGET_ROWS

ROW, STEPS = 1, 5
LABEL = (
    "A recurrent network unrolled over the letters {letters}: each letter goes up into "
    "a state, each state into the next and up into an answer, {answers}. Dashed arrows "
    "lead back from state to state. Beside it the loss ladder, the lowest mean loss in "
    "nats per letter of a predictor that {rungs}."
)
READS, STATE, SAYS = 168, 102, 34


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """Return a line."""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} class="{kind}"/>'


def arrow(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """Return a line with a head."""
    length = math.hypot(x2 - x1, y2 - y1)
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    bx, by = x2 - 9 * dx, y2 - 9 * dy
    corners = ((x2, y2), (bx - 5 * dy, by + 5 * dx), (bx + 5 * dy, by - 5 * dx))
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return line(x1, y1, bx, by, kind) + f'<polygon points="{points}" class="{kind}"/>'


def text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    """Return words."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'


def network(letters: str, answers: str) -> list[str]:
    """Return the parts of the unrolled network."""
    parts = []
    for t, (letter, answer) in enumerate(zip(letters, answers, strict=True)):
        x = 34 + 88 * t
        parts += [text(x, READS + 6, letter), text(x, SAYS, answer)]
        parts.append(arrow(x, READS - 14, x, STATE + 23, "U"))
        parts.append(arrow(x, STATE - 20, x, SAYS + 10, "V"))
        if t + 1 < STEPS:
            parts.append(arrow(x + 20, STATE - 5, x + 68, STATE - 5, "W"))
            parts.append(arrow(x + 70, STATE + 9, x + 20, STATE + 9, "gradient"))
        parts.append(f'<circle cx="{x}" cy="{STATE}" r="16" class="state"/>')
    return parts


def rungs(floors: dict[str, float], left: int = 4) -> list[str]:
    """Return the parts of the ladder; heights are stretched by a square root."""
    bottom, top, right = 172, 44, left + 40
    highest, names = max(floors.values()), list(floors)
    parts = [line(x, top - 10, x, bottom + 10, "rail") for x in (left, right)]
    parts.append(text(right + 14, 14, "mean loss, nats per letter", "start"))
    for name, loss in floors.items():
        y = bottom - (bottom - top) * math.sqrt(loss / highest)
        parts.append(line(left, y, right, y, "rung"))
        if name in (*names[:3], names[-1]):
            parts.append(text(right + 14, y + 5, f"{loss:.4g}", "start"))
            parts.append(text(right + 70, y + 5, f"sees {name}", "start"))
    return parts


def svg(width: int, parts: list[str]) -> str:
    """Return the parts of one picture as SVG."""
    return f'<svg viewBox="0 0 {width} 190">{"".join(parts)}</svg>'


def of_data() -> tuple[str, str, dict[str, float]]:
    """Return the letters, their answers and the loss of each rung."""
    floors = ladder(INPUT_ROWS, TARGET_ROWS).items()
    return (
        INPUT_ROWS[ROW][:STEPS],
        TARGET_ROWS[ROW][:STEPS],
        {name: rung.loss + 0.0 for name, rung in floors},
    )


def drawing() -> str:
    """Return the cover of the pages: two pictures, one below the other on a phone."""
    letters, answers, floors = of_data()
    label = LABEL.format(
        letters=", ".join(letters),
        answers=", ".join(answers),
        rungs=", ".join(f"sees {name}: {loss:.4g}" for name, loss in floors.items()),
    )
    pictures = svg(420, network(letters, answers)) + svg(256, rungs(floors))
    return f'<div class="cover" role="img" aria-label="{label}">{pictures}</div>'


def on_paper() -> str:
    """Return the cover as one picture."""
    letters, answers, floors = of_data()
    return svg(676, network(letters, answers) + rungs(floors, left=440))


class Cover(SphinxDirective):
    """The drawing, in the HTML book only."""

    def run(self) -> list[nodes.Node]:
        """Return the drawing."""
        return [nodes.raw("", drawing(), format="html")]


def setup(app):
    """Register the directive."""
    app.add_directive("cover", Cover)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
