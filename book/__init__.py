"""How the pages are made: one Sphinx extension that loads the parts of `extensions`.

The parts work in this order. `light_pages` comes last: it looks at finished pages.
"""

PARTS = (
    "without_torch",
    "chapter_facts",
    "citation_roles",
    "colours",
    "live_cells",
    "figures",
    "paper",
    "predictions",
    "prerendered_math",
    "search_terms",
    "source_pages",
    "student_notebooks",
    "launch_buttons",
    "light_pages",
)


def setup(app):
    """Load all parts."""
    for part in PARTS:
        app.setup_extension(f"book.extensions.{part}")
    return {"parallel_read_safe": True}
