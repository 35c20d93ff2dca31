"""Take the ARIA roles out of the bibliography that do not fit its markup.

Docutils writes the bibliography as ``role="list"`` without list items and marks
its entries with roles that the standard has dropped. Without them the same text
is read, and checkers for accessibility have nothing to report.
"""

ROLES = (
    ('<div role="list" class="citation-list">', '<div class="citation-list">'),
    (' role="doc-biblioentry"', ""),
    (' role="doc-backlink"', ""),
)


def drop_roles(app, pagename, templatename, context, doctree) -> None:
    """Change the page's text before it is put into the template."""
    if body := context.get("body"):
        for old, new in ROLES:
            body = body.replace(old, new)
        context["body"] = body


def setup(app):
    """Look at every page."""
    app.connect("html-page-context", drop_roles)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
