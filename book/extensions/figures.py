"""Figures to play with: the directive ``{play}``.

````
```{play} rnn-forward
:name: play-forward

What the figure shows, and what to try.
```
````

Each is a custom element in ``book/figures/``. The page gets its numbers
(``book/figures/data/``), the scripts that it needs and, drawn while the book is built
by those scripts, how it stands at the start: that is what is seen where no script
runs. Pages without such a figure load no script of it.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from py_mini_racer import MiniRacer
from sphinx.util.docutils import SphinxDirective

SOURCE = Path(__file__).resolve().parents[1] / "figures"
SCRIPTS = {
    "rnn-forward": ("common.js", "tiny.js", "rnn-forward.js"),
    "rnn-backward": ("common.js", "tiny.js", "rnn-backward.js"),
    "rnn-lag": ("common.js", "rnn-lag.js"),
    "rnn-ladder": ("common.js", "rnn-ladder.js"),
    "rnn-temperature": ("common.js", "rnn-temperature.js"),
}
"""Each figure and its scripts, in the order in which they are loaded."""


def needed(name: str) -> list[Path]:
    """Return the files from which the figure `name` is made."""
    scripts = [SOURCE / script for script in SCRIPTS[name]]
    return [*scripts, SOURCE / "data" / f"{name}.json"]


@contextmanager
def loaded(name: str) -> Iterator[tuple[MiniRacer, str]]:
    """Give an engine that has read the figure's scripts, and its data as text.

    An engine left open can keep the process from ending.
    """
    *scripts, data = needed(name)
    engine = MiniRacer()
    try:
        for script in scripts:
            engine.eval(script.read_text("utf-8"))
        yield engine, data.read_text("utf-8").strip()
    finally:
        engine.close()


def element(name: str) -> str:
    """Return the HTML of the figure `name`."""
    with loaded(name) as (engine, data):
        still = engine.eval(f"rnnFigures.still({json.dumps(name)}, {data})")
    inside = data.replace("<", "\\u003c")
    return (
        f'<{name} class="play"><script type="application/json">{inside}</script>'
        f'<div class="play-still">{still}</div></{name}>'
    )


class Play(SphinxDirective):
    """A numbered figure with the element, and the content as its caption."""

    required_arguments = 1
    has_content = True
    option_spec = {"name": directives.unchanged_required}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        """Return the figure."""
        name = self.arguments[0]
        if name not in SCRIPTS:
            raise self.error(f"play: expected one of {sorted(SCRIPTS)}, got {name!r}")
        for file in needed(name):
            self.env.note_dependency(str(file))
        self.env.metadata[self.env.docname].setdefault("figures", [])
        self.env.metadata[self.env.docname]["figures"].append(name)
        figure = nodes.figure(classes=["play-figure"], play=name)
        figure += nodes.raw("", element(name), format="html")
        caption = nodes.caption()
        for node in self.parse_content_to_nodes():
            if not isinstance(node, nodes.paragraph) or len(caption):
                raise self.error("play: expected one paragraph as the caption")
            caption += node.children
        figure += caption
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]


def copy_files(app) -> None:
    """Copy scripts and style into the book."""
    if app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static" / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    for file in [*SOURCE.glob("*.js"), *SOURCE.glob("*.css")]:
        shutil.copyfile(file, folder / file.name)


def add_files(app, pagename, templatename, context, doctree) -> None:
    """Load the scripts and the style on pages that have such a figure."""
    names = app.env.metadata.get(pagename, {}).get("figures", [])
    if app.builder.format != "html" or not names:
        return
    app.add_css_file("figures/figures.css")
    for script in dict.fromkeys(s for name in names for s in SCRIPTS[name]):
        app.add_js_file(f"figures/{script}", loading_method="defer")


def setup(app):
    """Register the directive."""
    app.add_directive("play", Play)
    app.connect("builder-inited", copy_files)
    app.connect("html-page-context", add_files)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
