"""Let readers run and change the NumPy cells of a chapter on its page.

The pages that ``live_pages`` in ``_config.yml`` names get a script, and every code
cell is marked: ``live``; ``live-torch`` where it needs PyTorch, which does not run in a
browser; or ``live-slow`` where it needs a cell with the tag ``not-live``. Python comes
with the book, below ``_static/live/``, and is fetched by the page with the first Run.
With ``LIVE=0`` in the environment, or where Python cannot be brought in, the book is
built without, and its pages say so in one line.
"""

import ast
import fnmatch
import hashlib
import html
import json
import os
import re
import shutil
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

import nbformat
from docutils import nodes

from book.extensions import pyodide_files
from book.extensions.fetched_files import FetchError
from book.extensions.repository import ROOT
from exercises.handout.release import library_files

SOURCE = ROOT / "book" / "live"
PACKAGES = (ROOT / "rnn_lib", ROOT / "exercises")
WITHOUT = (
    "This copy of the book was built without Python for the browser: "
    "make book, with a network, adds it, and the code on this page can be run here."
)
BAR = """
<div class="live-bar pst-js-only" data-version="{version}">
<span class="live-button">Run all</span><span>Python runs in your browser: {loads}.
Change any cell and run it<span class="live-keys">, or press Shift+Enter</span>.</span>
</div>"""
PAGE_FILES = (
    "live.css",
    "live.js",
    "live_backend.py",
    "live_runtime.py",
    "run.mjs",
    "worker.mjs",
)


# What a cell needs


def imported(tree: ast.AST) -> set[str]:
    """Return the full names of all modules that `tree` imports."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def uses_any(imports: set[str], modules: set[str]) -> bool:
    """Tell whether one of `imports` is, or is a part of, one of `modules`."""
    return any(name in modules or name.split(".")[0] in modules for name in imports)


@cache
def imports_of(packages: tuple[Path, ...]) -> dict[str, set[str]]:
    """Return what each module of `packages` imports."""
    found = {}
    for path in (file for package in packages for file in package.rglob("*.py")):
        if path.stem != "__init__":
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name] = imported(ast.parse(path.read_text("utf-8")))
    return found


@cache
def modules_that_need(library: str, packages: tuple[Path, ...] = PACKAGES) -> set[str]:
    """Return the modules of `packages` that import `library`, directly or not."""
    trees = imports_of(packages)
    found = {library}
    while more := {n for n, uses in trees.items() if uses_any(uses, found)} - found:
        found |= more
    return found


def drawing_words() -> list[str]:
    """Return the words in a cell for which the page loads matplotlib."""
    modules = modules_that_need("matplotlib")
    return sorted({name.split(".")[-1] for name in modules})


def loads(sources: list[str], start: float, draw: float) -> str:
    """Say how many megabytes live cells with these sources load, and when."""
    words = re.compile(rf"\b({'|'.join(drawing_words())})\b")
    draws = [bool(words.search(source)) for source in sources]
    if draws[0]:
        return f"the first Run loads {start + draw:.0f} MB"
    more = f", the first figure {draw:.0f} MB more" if any(draws) else ""
    return f"the first Run loads {start:.0f} MB{more}"


def left_out(sources: list[str], modules: set[str], out=()) -> list[bool]:
    """Tell for each cell whether it cannot run on the page.

    It cannot if it imports one of `modules`, if its number is in `out`, or if it
    uses a name that was last given in such a cell.
    """
    lost, found = set(), []
    for number, source in enumerate(sources):
        tree = ast.parse(source)
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        given = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                given.add(node.name)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                given |= {
                    (alias.asname or alias.name).split(".")[0] for alias in node.names
                }
        cannot = number in out or uses_any(imported(tree), modules)
        cannot = cannot or bool((read - given) & lost)
        found.append(cannot)
        lost = lost | given if cannot else lost - given
    return found


# What the pages fetch


def write_manifest(folder: Path, start: list[str], draw: list[str]) -> str:
    """Write what the worker needs to know; return the version of all files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + path.read_bytes())
    version = digest.hexdigest()[:12]
    manifest = {
        "store": f"live-{version}",
        "start": start,
        "draw": draw,
        "drawing": drawing_words(),
        "sizes": {path.name: path.stat().st_size for path in files},
        "hashes": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
            if path.name in start + draw
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return version


def megabytes(files: Iterable[Path]) -> float:
    """Return the size of all these files."""
    return sum(path.stat().st_size for path in files) / 1e6


def provide(folder: Path) -> tuple[str, float, float]:
    """Copy all files of the live cells into `folder`.

    Returns
    -------
    version : str
        Changes when any of the files does.
    start, draw : float
        The megabytes that the first Run loads, and those that the first figure does.
    """
    source = pyodide_files.locate()
    python = folder / "pyodide"
    python.mkdir(parents=True)
    for name in pyodide_files.recorded_hashes():
        shutil.copyfile(source / name, python / name)
    own = metadata.version("rnn_lib")
    pyodide_files.write_wheel("rnn_lib", own, library_files(), python)
    pyodide_files.write_lock(python)
    for name in PAGE_FILES:
        shutil.copyfile(SOURCE / name, folder / name)
    shutil.copytree(SOURCE / "licences", folder / "licences")
    for wheel in python.glob("*.whl"):
        text = "\n\n".join(pyodide_files.licences(wheel))
        name = wheel.name.split("-")[0]
        (folder / "licences" / f"{name}.txt").write_text(text, "utf-8")
    first = ("numpy-", "tqdm-", "rnn_lib-")
    wheels = sorted(path.name for path in python.glob("*.whl"))
    start = ["pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"]
    start += [name for name in wheels if name.startswith(first)]
    draw = [name for name in wheels if not name.startswith(first)]
    version = write_manifest(folder, start, draw)
    scripts = [*python.glob("*.mjs"), folder / "manifest.json"]
    scripts += [folder / name for name in PAGE_FILES if not name.startswith("live.")]
    first = [python / name for name in start] + scripts
    return version, megabytes(first), megabytes(python / name for name in draw)


# The build


def is_live(app, docname: str) -> bool:
    """Tell whether the page is one that `live_pages` names."""
    patterns = app.config.live_pages
    return any(fnmatch.fnmatch(docname, pattern) for pattern in patterns)


def start(app) -> None:
    """Bring Python in, or go on without."""
    app.live = None
    if app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static" / "live"
    shutil.rmtree(folder, ignore_errors=True)
    if os.environ.get("LIVE") == "0":
        return
    try:
        app.live = provide(folder)
    except FetchError as error:
        reason = " ".join(str(error).split())[:200]
        print(f"Built without Run buttons: no Python for the browser ({reason})")


def outdated(app, env, added, changed, removed) -> list[str]:
    """Write the live pages again if what they load is not what they loaded."""
    before, env.live_cells = getattr(env, "live_cells", None), app.live
    if before == app.live:
        return []
    return [docname for docname in env.found_docs if is_live(app, docname)]


def notebook_cells(app, docname: str) -> list[nbformat.NotebookNode]:
    """Return the cells of the notebook behind a page."""
    path = Path(app.env.doc2path(docname))
    return nbformat.read(path, 4).cells if path.suffix == ".ipynb" else []


def mark_cells(app, doctree, docname: str) -> None:
    """Give each code cell its class and an id, and the page its bar."""
    if app.builder.format != "html" or not is_live(app, docname):
        return
    if app.live:
        cells = notebook_cells(app, docname)
        found = [
            node
            for node in doctree.findall(nodes.container)
            if node.get("nb_element") == "cell_code"
        ]
        sources = [cells[node["cell_index"]].source for node in found]
        slow = {i for i, node in enumerate(found) if "tag_not-live" in node["classes"]}
        torch = left_out(sources, modules_that_need("torch"))
        out = left_out(sources, modules_that_need("torch"), slow)
        for i, node in enumerate(found):
            kind = "live-torch" if torch[i] else "live-slow" if out[i] else "live"
            node["classes"].append(kind)
            node["ids"].append(f"cell-{cells[node['cell_index']].id}")
        version, start, draw = app.live
        live = [s for s, lost in zip(sources, out, strict=True) if not lost]
        # Until the script comes, as high as it will be then.
        bar = BAR.format(version=version, loads=loads(live, start, draw))
    else:
        bar = f'<p class="live-without">{html.escape(WITHOUT)}</p>'
    title = next(doctree.findall(nodes.title), None)
    if title is not None:
        title.parent.insert(
            title.parent.index(title) + 1, nodes.raw("", bar, format="html")
        )


def add_script(app, pagename, templatename, context, doctree) -> None:
    """Load the script on the live pages, and on no other."""
    if app.builder.format == "html" and app.live and is_live(app, pagename):
        app.add_js_file("live/live.js", loading_method="defer")
        app.add_css_file("live/live.css")


def setup(app):
    """Register what happens when."""
    app.add_config_value("live_pages", [], "html")
    app.connect("builder-inited", start)
    app.connect("env-get-outdated", outdated)
    app.connect("doctree-resolved", mark_cells)
    app.connect("html-page-context", add_script)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": False}
