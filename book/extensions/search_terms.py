"""Let the search find symbols: W, h_t, dV, ŷ, ∂ and the like.

Sphinx keeps no word of one or two letters and nothing that is not a word. Here each
page gets hidden index entries, which the search compares with the query as it was
typed: the page on notation for every symbol and name of code in its table, first in
the list; any page for the short formulas in its text.
"""

import pickle
import re
import unicodedata
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import ENV_PICKLE_FILENAME

NOTATION = "reference/notation"
LONGEST = 5
COMMANDS = {
    "hat y": "ŷ",
    "tilde h": "h̃",
    "ell": "ℓ",
    "theta": "θ",
    "eta": "η",
    "varepsilon": "ε",
    "partial": "∂",
    "odot": "⊙",
    "lVert": "‖",
    "rVert": "‖",
    "cdot": "·",
    "top": "⊤",
    "lambda": "λ",
    "tau": "τ",
    "sigma": "σ",
    "rho": "ρ",
}


def plain(tex: str) -> str:
    r"""Return a formula as one types it: ``\hat y_t`` as ``ŷ_t``."""
    tex = re.sub(r"\\(hat|tilde)\s*\{(\w)\}", r"\\\1 \2", tex)
    for command, sign in COMMANDS.items():
        tex = re.sub(rf"\\{command}(?![a-zA-Z])", sign, tex)
    return re.sub(r"[{}\s]|\\,", "", tex)


def forms(tex: str) -> set[str]:
    """Return what one may type for a symbol: with and without its index."""
    whole = plain(tex)
    if "\\" in whole:
        return set()
    found = {whole, whole.strip("‖·"), re.split(r"[_^]", whole)[0]}
    found |= {form.replace("ŷ", "y_hat") for form in found}
    found |= {unicodedata.normalize("NFD", form) for form in found}
    return {form for form in found if form.strip("·")}


def of_notation(doctree: nodes.document) -> set[str]:
    """Return the symbols and the names of code in the table of the page."""
    found = set()
    for row in doctree.findall(nodes.row):
        symbol, code = row.children[:2]
        for formula in symbol.findall(nodes.math):
            found |= forms(formula.astext())
        for name in code.findall(nodes.literal):
            found |= {name.astext(), re.split(r"[\[.]", name.astext())[0]}
    return {form for form in found if form}


def section_of_table(doctree: nodes.document) -> str:
    """Return the id of the section that holds the first table."""
    node = next(doctree.findall(nodes.table))
    while not isinstance(node, nodes.section):
        node = node.parent
    return node["ids"][0]


def of_text(doctree: nodes.document) -> set[str]:
    """Return the formulas of a page that are no longer than a symbol."""
    formulas = (formula.astext() for formula in doctree.findall(nodes.math))
    found = {form for tex in formulas for form in forms(tex)}
    short = {form for form in found if len(form) <= LONGEST}
    return {form for form in short if re.match(r"[^\W\d]|[∂⊙‖⊤]", form)}


def add_entries(app, doctree: nodes.document, docname: str) -> None:
    """Add the hidden entries to a page."""
    if app.builder.format != "html":
        return
    first = docname == NOTATION
    found = of_notation(doctree) if first else of_text(doctree)
    place = section_of_table(doctree) if first else ""
    main = "main" if first else ""
    entries = [("single", form, place, main, None) for form in sorted(found)]
    if entries:
        doctree.append(addnodes.index(entries=entries))


def keep_entries(app, exception) -> None:
    """Store the entries for the next build, which asks only the pages it writes.

    Sphinx stores what it knows before it writes the pages, and so without them.
    """
    if exception is None and app.builder.format == "html":
        with (Path(app.doctreedir) / ENV_PICKLE_FILENAME).open("wb") as file:
            pickle.dump(app.env, file, pickle.HIGHEST_PROTOCOL)


def forget_entries(app, env, docname: str) -> None:
    """Drop the entries of a page that is gone or will be read again."""
    env._search_index_index_entries.pop(docname, None)


def setup(app):
    """Run when references are resolved, before the search index is fed."""
    app.connect("doctree-resolved", add_entries)
    app.connect("env-purge-doc", forget_entries)
    app.connect("build-finished", keep_entries)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
