"""Give the pages the colours of the figures: one source, ``rnn_lib.plots.COLOURS``.

The build writes them to ``_static/colours.css`` as ``--U``, ``--W``, ``--V``,
``--state`` and ``--gradient``. In the dark ``book.css`` turns the pictures of the
notebooks round with the filters ``invert`` and ``hue-rotate``; the same formula gives
the colours of formulas and figures to play with, so that they stay the same.
"""

import ast
from pathlib import Path

from book.extensions.repository import ROOT

INVERT = 0.915
"""How far pictures are inverted in the dark: white becomes 1 - INVERT."""
LUMA = (0.213, 0.715, 0.072)
"""The weights of red, green and blue that CSS filters use."""


def constant(module: Path, name: str) -> object:
    """Return a value that stands in a module as it is, without importing anything."""
    for node in ast.parse(module.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    raise ValueError(f"{module.name} has no {name}")


COLOURS = constant(ROOT / "rnn_lib" / "plots.py", "COLOURS")


def channels(colour: str) -> tuple[float, ...]:
    """Return red, green and blue of ``#rrggbb``, from 0 to 1."""
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))


def in_the_dark(colour: str) -> str:
    """Return what ``invert(INVERT) hue-rotate(180deg)`` makes of a colour."""
    inverted = [INVERT - (2 * INVERT - 1) * c for c in channels(colour)]
    # Each filter keeps its result between 0 and 1.
    twice = 2 * sum(w * c for w, c in zip(LUMA, inverted, strict=True))
    turned = [min(1.0, max(0.0, twice - c)) for c in inverted]
    return "#" + "".join(f"{round(255 * c):02x}" for c in turned)


def style() -> str:
    """Return the style sheet."""
    light = [f"  --{name}: {colour.lower()};" for name, colour in COLOURS.items()]
    dark = [f"  --{name}: {in_the_dark(c)};" for name, c in COLOURS.items()]
    return "\n".join(
        [
            "/* Written by book/extensions/colours.py from rnn_lib.plots.COLOURS. */",
            *(":root {", *light, f"  --invert: {INVERT};", "}"),
            *('html[data-theme="dark"] {', *dark, "}", ""),
        ]
    )


def write(app) -> None:
    """Write the style sheet into the book."""
    if app.builder.format == "html":
        folder = Path(app.outdir) / "_static"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "colours.css").write_text(style(), "utf-8")
        app.add_css_file("colours.css", priority=400)


def setup(app):
    """Write before any page is."""
    app.connect("builder-inited", write)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
