"""Let the download button of a chapter give the student's notebook.

The theme links to the copy of a page's source below ``_sources``. After the build that
copy is replaced: no solutions, no outputs, and Markdown that every notebook program
shows. Beside it goes the zip that ``python -m exercises release`` makes,
and the button lists that too. On the page itself, the label by which the grader finds
an answer in words is left out.
"""

import re
from pathlib import Path
from zipfile import ZipFile

from docutils import nodes

from book.extensions.repository import is_chapter
from exercises.handout.release import release


def replace_sources(app, exception) -> None:
    """Write the student's notebook over the copy of each chapter."""
    if exception is not None or app.builder.format != "html":
        return
    for docname in sorted(filter(is_chapter, app.env.found_docs)):
        source = Path(app.env.doc2path(docname))
        copy = Path(app.outdir) / "_sources" / f"{docname}.ipynb"
        if copy.exists():
            with ZipFile(release(source, copy.parent)) as archive:
                copy.write_bytes(archive.read(f"{source.stem}/{source.name}"))


def offer_zip(app, pagename, templatename, context, doctree) -> None:
    """Put the zip below the notebook in the list that the download button opens."""
    if not is_chapter(pagename):
        return
    entry = {
        "type": "link",
        "url": f"{context['pathto']('_sources', 1)}/{pagename}.zip",
        "text": ".zip",
        "tooltip": "Download the notebook with all that it needs",
        "icon": "fas fa-file-zipper",
        "label": "download-zip-button",
    }
    for group in context.get("header_buttons", []):
        if group["label"] == "download-buttons":
            group["buttons"].insert(1, entry)


def drop_labels(app, doctree: nodes.document) -> None:
    """Call the place for an answer in words just that."""
    for place in doctree.findall(nodes.strong):
        if re.fullmatch(r"Your answer \(ex-[\w-]+\)", place.astext()):
            place.clear()
            place += nodes.Text("Your answer")


def setup(app):
    """Run when a page is read, gets its buttons, and is written."""
    app.connect("doctree-read", drop_labels)
    app.connect("html-page-context", offer_zip, priority=502)  # the theme's is 501
    app.connect("build-finished", replace_sources)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
