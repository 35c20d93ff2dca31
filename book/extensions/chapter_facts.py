"""Show what a chapter says of itself: its minutes, exercises and what it needs.

The numbers stand once, in the box *In this chapter*. On the page they are moved to a
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
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_subtitle

TIME = re.compile(
    r"Time:?:?\s+(?:about )?(\d+) minutes, and (\d+) for the exercises\.?"
)
EXERCISE_TIME = re.compile(r"\d+ minutes")
NOTEBOOK = "Notebook (.ipynb)"
ARCHIVE = "Notebook and rnn_lib (.zip)"


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
    needs: tuple[str, ...]
    """Labels of the chapters that it builds on."""
    parts_need: tuple[str, ...]
    """Labels of those that only its last sections use."""


class repeated_facts(nodes.paragraph):
    """The place of the facts of another chapter, until all pages are read."""


def starts_with(paragraph: nodes.Node, words: str) -> bool:
    """Tell whether a paragraph starts with these words in bold."""
    first = next((node for node in paragraph.children if node.astext()), None)
    return isinstance(first, nodes.strong) and first.astext().startswith(words)


def find(doctree: nodes.document, words: str) -> nodes.paragraph | None:
    """Return the paragraph of *In this chapter* that starts with `words`."""
    for box in doctree.findall(nodes.admonition):
        if "admonition-in-this-chapter" in box["classes"]:
            for paragraph in box.findall(nodes.paragraph):
                if starts_with(paragraph, words):
                    return paragraph
    return None


def needed(paragraph: nodes.paragraph) -> tuple[list[str], list[str]]:
    """Return the labels for the whole chapter, and for its last sections."""
    whole, part, before = [], [], ""
    for node in paragraph.findall():
        if isinstance(node, addnodes.pending_xref) and node.get("reftype") == "ref":
            (part if "last section" in before else whole).append(node["reftarget"])
        elif isinstance(node, nodes.Text):
            before += node.astext()
    return whole, part


def exercises_of(doctree: nodes.document) -> tuple[Exercise, ...]:
    """Return the exercises of a page."""
    found = []
    for node in doctree.findall(exercise_enumerable_node):
        title = next(node.findall(exercise_subtitle)).astext()
        time = EXERCISE_TIME.search(node.next_node(nodes.strong).astext())[0]
        found.append(Exercise(node["label"], title, time))
    return tuple(found)


def facts_of(doctree: nodes.document) -> Facts | None:
    """Return the facts of a page, or None if it is no chapter."""
    time, need = find(doctree, "Time"), find(doctree, "You need")
    match = TIME.match(time.astext()) if time else None
    if match is None or need is None:
        return None
    whole, part = needed(need)
    return Facts(
        int(match[1]), int(match[2]), exercises_of(doctree), tuple(whole), tuple(part)
    )


def collect(app, doctree: nodes.document) -> None:
    """Keep the facts of a page that was read."""
    if not hasattr(app.env, "chapter_facts"):
        app.env.chapter_facts = {}
    facts = facts_of(doctree)
    if facts:
        app.env.chapter_facts[app.env.docname] = facts


def forget(app, env, docname: str) -> None:
    """Drop the facts of a page that is read again."""
    getattr(env, "chapter_facts", {}).pop(docname, None)


def merge(app, env, docnames, other) -> None:
    """Take over what another process has read."""
    env.chapter_facts = {
        **getattr(env, "chapter_facts", {}),
        **getattr(other, "chapter_facts", {}),
    }


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


def docname_of(env, label: str) -> str:
    """Return the page on which a label stands."""
    return env.get_domain("std").labels[label][0]


def sentence(env, facts: Facts) -> str:
    """Return what the front page says of a chapter."""
    said = f"{facts.minutes} minutes, exercises {facts.exercise_minutes} minutes"
    if facts.parts_need:
        numbers = [
            env.toc_secnumbers[docname_of(env, x)][""][0] for x in facts.parts_need
        ]
        said += f"; the end builds on chapter {' and '.join(map(str, numbers))}"
    return said


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
        exercise_list(facts, numbers),
    ]
    items = "".join(f"<li>{part}</li>" for part in parts)
    return nodes.raw("", f'<ul class="chapter-line">{items}</ul>', format="html")


def show(app, doctree: nodes.document, docname: str) -> None:
    """Fill in the facts, and put the line of a chapter below its title."""
    known = getattr(app.env, "chapter_facts", {})
    for node in list(doctree.findall(repeated_facts)):
        text = sentence(app.env, known[docname_of(app.env, node["label"])])
        node.replace_self(nodes.paragraph("", text, classes=["facts"]))
    title = next(doctree.findall(nodes.title), None)
    if app.builder.format != "html" or docname not in known or title is None:
        return
    section = title.parent
    numbers = app.env.toc_fignumbers[docname]["exercise"]
    section.insert(section.index(title) + 1, line(known[docname], docname, numbers))
    time = find(doctree, "Time")
    time.parent.remove(time)


def setup(app):
    """Register what happens when; after the extension that adds the live bar."""
    app.add_directive("chapters", Chapters)
    app.add_node(repeated_facts)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("doctree-resolved", show, priority=600)
    return {
        "version": "1.0",
        "env_version": 3,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
