"""Write the pages with source code from what was read for the reference.

Without this, viewcode imports each module in every build, and with them matplotlib.
"""

from sphinx.util.build_phase import BuildPhase


def known_source(app, modname: str) -> tuple | None:
    """Return code and tags as the last reading of the reference found them."""
    if app.phase <= BuildPhase.READING:
        return None
    entry = app.env._viewcode_modules.get(modname)
    return entry[:2] if entry else None


def setup(app):
    """Answer viewcode, which asks again when it writes."""
    app.connect("viewcode-find-source", known_source)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": False}
