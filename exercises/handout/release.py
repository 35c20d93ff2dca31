"""Make the student's version of a chapter: no solutions, no outputs, plain Markdown."""

import ast
import io
import re
import zipfile
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from exercises.handout.plain_markdown import Labels, labels_of, to_plain

ROOT = Path(__file__).resolve().parents[2]
PINNED = ("numpy", "tqdm", "matplotlib", "torch")
ALWAYS = ("numpy", "tqdm", "ipykernel")
OURS = ("rnn_lib", "exercises")
NOT_FOR_STUDENTS = ("grading", "handout", "__main__.py", "__pycache__")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same zip from the same chapter
SETUP = """> **Before you start.** This notebook needs the folders `rnn_lib` and
> `exercises` beside it. They are in the zip of this chapter. Install once what they
> need: `pip install -r requirements.txt` (README.md says more). Write your answers
> where it says `raise NotImplementedError`. Do not rename the functions: they are found
> by name."""
README = """# {title}

A notebook to work through, with {exercises} exercises. You need Python 3.11,
3.12, 3.13 or 3.14.

1. Unpack this folder and keep its files together.
2. In the folder, install what the notebook needs, best in an environment of its own:

   ```
   python -m venv .venv
   source .venv/bin/activate        (Windows: .venv\\Scripts\\activate)
   python -m pip install -r requirements.txt jupyterlab
   ```

3. Open it: `jupyter lab {name}`, or open the folder in VS Code and choose
   the environment as kernel.

On Google Colab upload the zip instead, and run this in a first cell of the notebook:

```
!unzip -o {stem}.zip && pip install -q tqdm
import sys; sys.path.insert(0, "{stem}")
```

An exercise is a function to write where it says `raise NotImplementedError`. The cell
below it checks your answer and says what is wrong with it. Answers in words go into the
cell that says "Your answer". Later cells do not need your functions, so the notebook
runs from top to bottom at any time.

Hand in the notebook, {name}. Do not rename the functions, and keep the lines
"Your answer": they are how your answers are found.
"""


@cache
def labels(root: Path = ROOT) -> Labels:
    """Return the labels of the book."""
    return labels_of(root)


def code_of(notebook: NotebookNode) -> list[str]:
    """Return the sources of the code cells."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def title_of(notebook: NotebookNode) -> str:
    """Return the first heading."""
    for cell in notebook.cells:
        match = re.search(r"^# (.*)", cell.source, re.M)
        if cell.cell_type == "markdown" and match:
            return match[1].strip()
    return ""


def student_cell(cell: NotebookNode) -> NotebookNode:
    """Return a cell without outputs and without metadata of the book."""
    if cell.cell_type == "markdown":
        return nbformat.v4.new_markdown_cell(
            to_plain(cell.source, labels()), id=cell.id
        )
    metadata = {}
    tags = [tag for tag in cell.metadata.get("tags", []) if tag == "raises-exception"]
    if tags:
        metadata["tags"] = tags
    if "hide-input" in cell.metadata.get("tags", []):
        metadata["jupyter"] = {"source_hidden": True}
    return nbformat.v4.new_code_cell(cell.source, metadata=metadata, id=cell.id)


def caption_cell(cell: NotebookNode) -> list[NotebookNode]:
    """Return a cell with the caption of a figure, if `cell` draws one."""
    figure = cell.metadata.get("mystnb", {}).get("figure", {})
    if not figure.get("caption"):
        return []
    number = labels().numbers.get(figure.get("name"), "Figure")
    text = f"*{number}.* {to_plain(figure['caption'].strip(), labels())}"
    return [nbformat.v4.new_markdown_cell(text, id=f"{cell.id}-caption"[:64])]


def student_notebook(
    chapter: Path, setup: list[NotebookNode] | None = None
) -> NotebookNode:
    """Return the notebook at `chapter` as students get it, with `setup` after its head.

    By default that is one cell about the zip.
    """
    source = nbformat.read(chapter, as_version=4)
    cells = []
    for cell in source.cells:
        if "solution" in cell.metadata.get("tags", []):
            continue
        plain = student_cell(cell)
        if plain.source.strip():
            cells += [plain, *caption_cell(cell)]
    if setup is None:
        setup = [nbformat.v4.new_markdown_cell(SETUP, id="before-you-start")]
    metadata = {"kernelspec": source.metadata.get("kernelspec", {})}
    metadata["language_info"] = {"name": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[*cells[:1], *setup, *cells[1:]], metadata=metadata
    )
    nbformat.validate(notebook)
    return notebook


@cache
def imported(source: str, top_only: bool = False) -> set[str]:
    """Return the full names of the modules, and of what is taken from them."""
    try:
        tree = ast.parse(re.sub(r"^[%!].*", "pass", source, flags=re.M))
    except SyntaxError:
        return set()
    found = set()
    for node in tree.body if top_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
    return found


def packages_of(sources: list[str], root: Path = ROOT) -> set[str]:
    """Return the packages that code needs, also through our own modules."""
    todo = set().union(*map(imported, sources))
    seen, packages = set(), set()
    while todo:
        name = todo.pop()
        seen.add(name)
        first = name.split(".")[0]
        if first not in OURS:
            packages.add(first)
            continue
        path = root / Path(*name.split("."))
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.is_file():
                todo |= imported(file.read_text("utf-8"), top_only=True) - seen
    return packages & set(PINNED)


def requirements(sources: list[str], more: tuple[str, ...], root: Path = ROOT) -> bytes:
    """Return the lines of requirements.txt that the code and `more` need."""
    wanted = packages_of(sources, root) | set(more)
    lines = (root / "requirements.txt").read_text("utf-8").splitlines()
    kept = [line for line in lines if line.split("==")[0] in wanted]
    return ("\n".join(kept) + "\n").encode()


def library_files(root: Path = ROOT) -> dict[str, bytes]:
    """Return the files of `rnn_lib`, of the checks, and the licence."""
    files = [p for name in OURS for p in sorted((root / name).rglob("*"))]
    files = [p for p in files if p.is_file() and not {*p.parts} & {*NOT_FOR_STUDENTS}]
    files = [*files, root / "LICENSE"]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def student_files(chapter: Path) -> dict[str, bytes]:
    """Return the files that students get, by their path in the zip."""
    notebook = student_notebook(chapter)
    code = code_of(notebook)
    count = sum("raise NotImplementedError" in source for source in code)
    count += sum("**Your answer (ex-" in cell.source for cell in notebook.cells)
    readme = README.format(
        title=title_of(notebook), exercises=count, name=chapter.name, stem=chapter.stem
    )
    return {
        chapter.name: nbformat.writes(notebook).encode() + b"\n",
        "README.md": readme.encode(),
        "requirements.txt": requirements(code, ALWAYS),
        **library_files(),
    }


def zip_bytes(files: dict[str, bytes], executable: set[str] = frozenset()) -> bytes:
    """Return a zip whose bytes depend on nothing but its contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.external_attr = (0o755 if name in executable else 0o644) << 16
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def write_zip(path: Path, files: dict[str, bytes], executable: set[str] = frozenset()):
    """Write a zip; see `zip_bytes`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zip_bytes(files, executable))


def release(chapter: Path, out: Path) -> Path:
    """Write the student zip of a chapter into the folder `out`; return its path."""
    files = {f"{chapter.stem}/{n}": data for n, data in student_files(chapter).items()}
    path = out / f"{chapter.stem}.zip"
    write_zip(path, files)
    return path
