"""Show what a chapter says of itself: its minutes and its exercises.

The minutes stand in the box *In this chapter*. On the page they are moved to a
line below the title, where a list of the exercises opens, and the directive
``{chapters}`` repeats them on the front page:

````
```{chapters}
chap-one-hot: turn letters into vectors, compute the floors
```
````
"""

import html
import re
from typing import NamedTuple

from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_subtitle

TIME = re.compile(r"Time\s+(\d+) minutes(?:, and (\d+) for the exercises)?")
EXERCISE_TIME = re.compile(r"\d+ minutes")
NOTEBOOK = "Notebook (.ipynb)"
ARCHIVE = "Notebook and its code (.zip)"


class Exercise(NamedTuple):
    """What the list of exercises says of one."""

    label: str
    title: str
    time: str


class Facts(NamedTuple):
    """What a chapter says of itself."""

    minutes: int
    exercise_minutes: int
    exercises: tuple[Exercise, ...]


class repeated_facts(nodes.paragraph):
    """The place of the facts of another chapter, until all pages are read."""


def find_time(doctree: nodes.document) -> nodes.paragraph | None:
    """Return the paragraph of *In this chapter* that says how long it takes."""
    for box in doctree.findall(nodes.admonition):
        if "admonition-in-this-chapter" in box["classes"]:
            for paragraph in box.findall(nodes.paragraph):
                if TIME.match(paragraph.astext()):
                    return paragraph
    return None


def exercises_of(doctree: nodes.document) -> tuple[Exercise, ...]:
    """Return the exercises of a page."""
    found = []
    for node in doctree.findall(exercise_enumerable_node):
        title = next(node.findall(exercise_subtitle)).astext()
        time = EXERCISE_TIME.search(node.next_node(nodes.strong).astext())[0]
        found.append(Exercise(node["label"], title, time))
    return tuple(found)


def collect(app, doctree: nodes.document) -> None:
    """Keep the facts of a page that was read, if it is a chapter."""
    if paragraph := find_time(doctree):
        minutes = map(int, TIME.match(paragraph.astext()).groups("0"))
        facts = Facts(*minutes, exercises_of(doctree))
        app.env.metadata[app.env.docname]["facts"] = facts


class Chapters(SphinxDirective):
    """A list of chapters, each with what one does in it and its facts."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        text, labels = [], []
        for line in self.content:
            label, _, does = line.partition(": ")
            labels.append(label)
            title = f"{{numref}}`{{number}}. {{name}} <{label}>`"
            text.append(f"* {title}\n\n  {does}\n")
        found = self.parse_text_to_nodes("\n".join(text))
        items = [item for node in found for item in node.findall(nodes.list_item)]
        for item, label in zip(items, labels, strict=True):
            item += repeated_facts("", "", label=label)
        for node in found:
            node["classes"].append("chapters")
        return found


def exercise_list(facts: Facts, numbers: dict[str, tuple[int, ...]]) -> str:
    """Return the list of the exercises, closed; `numbers` are theirs by label."""
    items = ""
    for label, title, time in facts.exercises:
        number = ".".join(map(str, numbers[label]))
        link = f'<a href="#{label}">{number} {html.escape(title)}</a>'
        items += f"<li>{link} <span>{time}</span></li>"
    words = f"{len(facts.exercises)} exercises, {facts.exercise_minutes} minutes"
    return f"<details><summary>{words}</summary><ul>{items}</ul></details>"


def line(facts: Facts, docname: str, numbers: dict) -> nodes.raw:
    """Return the line below a title."""
    source = "_sources/" + docname
    up = "../" * docname.count("/")
    parts = [
        f"{facts.minutes} minutes",
        f'<a href="{up}{source}.ipynb" download>{NOTEBOOK}</a>',
        f'<a href="{up}{source}.zip" download>{ARCHIVE}</a>',
    ]
    if facts.exercises:
        parts.append(exercise_list(facts, numbers))
    items = "".join(f"<li>{part}</li>" for part in parts)
    return nodes.raw("", f'<ul class="chapter-line">{items}</ul>', format="html")


def show(app, doctree: nodes.document, docname: str) -> None:
    """Fill in the facts, and put the line of a chapter below its title."""
    for node in list(doctree.findall(repeated_facts)):
        page, *_ = app.env.get_domain("std").labels[node["label"]]
        facts = app.env.metadata[page]["facts"]
        text = f"{facts.minutes} minutes"
        if facts.exercises:
            text += f", exercises {facts.exercise_minutes} minutes"
        node.replace_self(nodes.paragraph("", text, classes=["facts"]))
    facts = app.env.metadata[docname].get("facts")
    if app.builder.format != "html" or facts is None:
        return
    title = next(doctree.findall(nodes.title))
    section = title.parent
    numbers = app.env.toc_fignumbers.get(docname, {}).get("exercise", {})
    section.insert(section.index(title) + 1, line(facts, docname, numbers))
    time = find_time(doctree)
    time.parent.remove(time)


def setup(app):
    """Register what happens when; after the extension that adds the live bar."""
    app.add_directive("chapters", Chapters)
    app.add_node(repeated_facts)
    app.connect("doctree-read", collect)
    app.connect("doctree-resolved", show, priority=600)
    return {
        "version": "1.0",
        "env_version": 5,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
