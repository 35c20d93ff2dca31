"""How the pages are made: one Sphinx extension that loads the parts of `extensions`.

The parts work in this order. `light_pages` comes last: it looks at finished pages.
"""

import gc

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
    # A build needs to its end what it makes; looking for garbage takes a quarter of it.
    gc.set_threshold(1_000_000, 20, 1_000)
    for part in PARTS:
        app.setup_extension(f"book.extensions.{part}")
    return {"parallel_read_safe": True}
