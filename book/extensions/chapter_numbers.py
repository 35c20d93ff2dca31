"""Give each chapter the number that its file name starts with.

Sphinx counts chapters in the order of the table of contents. Here
``chapters/06_pytorch`` is chapter 6, whatever stands before it, so numbers of
chapters, sections, figures and equations stay when a chapter is added.
"""

import re

from sphinx.environment.collectors.toctree import TocTreeCollector

CHAPTER = re.compile(r"(?:.*/)?(\d+)_[^/]*")


def chapter_number(docname: str) -> int | None:
    """Return 6 for ``chapters/06_pytorch`` and None for other pages."""
    match = CHAPTER.fullmatch(docname)
    return int(match[1]) if match else None


def renumber(app, env) -> list[str]:
    """Replace the counted chapter number on each numbered chapter's page."""
    changed = []
    for docname, sections in env.toc_secnumbers.items():
        number = chapter_number(docname)
        counted = sections.get("")
        if number is None or not counted or counted[0] == number:
            continue
        for anchor, counted in sections.items():
            if counted:
                sections[anchor] = (number, *counted[1:])
        for entry in env.tocs[docname].findall():
            if isinstance(getattr(entry, "attributes", {}).get("secnumber"), list):
                entry["secnumber"] = [number, *entry["secnumber"][1:]]
        env.titles[docname]["secnumber"] = [number]
        changed.append(docname)
    if changed:
        changed += TocTreeCollector().assign_figure_numbers(env)
    return changed


def setup(app):
    """Run after Sphinx has counted."""
    app.connect("env-get-updated", renumber, priority=900)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
