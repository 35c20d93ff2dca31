"""Re-execute the chapters and write them in canonical form.

    python book/tools/notebooks.py               execute and rewrite all notebooks
    python book/tools/notebooks.py PATH ...      only these
    python book/tools/notebooks.py --check       only say which are not canonical

Canonical form means that running the command again changes no byte, so a diff
shows what changed in the chapter and nothing about the machine it ran on.
"""

import argparse
import base64
import hashlib
import io
import itertools
import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import nbformat
import numpy as np
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
CELL_METADATA = ("mystnb", "tags")
NOTEBOOK_METADATA = {
    "kernelspec": {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    },
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
# Plots have two pixels where one is shown, for fine screens.
KERNEL_ARGUMENTS = [
    "--IPKernelApp.log_level=ERROR",
    "--InlineBackend.figure_formats=retina",
]
# One thread and no progress bar: the same numbers and the same output each time.
KERNEL_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "TQDM_DISABLE": "1",
}


def chapters() -> list[Path]:
    """Return the paths of all chapters."""
    return sorted((ROOT / "chapters").glob("*.ipynb"))


def book_notebooks() -> list[Path]:
    """Return the paths of all notebooks of the book: chapters, then reference."""
    return chapters() + sorted((ROOT / "reference").glob("*.ipynb"))


def scrub(text: str) -> str:
    """Take the folders of this machine out of a traceback.

    Files of the repository are named from its root, installed packages from
    ``site-packages/``, the standard library from ``python/``, and the home folder
    becomes ``~/``.
    """
    home = str(Path.home())
    for folder, name in (
        (sysconfig.get_path("purelib"), "site-packages/"),
        (str(ROOT), ""),
        (sysconfig.get_path("stdlib"), "python/"),
        (home, "~/"),
    ):
        if len(folder) > 1:
            for form in (folder, folder.replace(home, "~", 1)):
                text = text.replace(form + os.sep, name)
    return text


def without_repeats(frames: list[str]) -> list[str]:
    """Shorten a traceback in which one frame comes hundreds of times in a row."""
    kept = []
    for frame, run in itertools.groupby(frames):
        count = len(list(run))
        kept += [frame] * min(count, 2)
        if count > 2:
            kept.append("    [... the same frame, again and again ...]\n")
    return kept


def canonical_output(output: NotebookNode) -> NotebookNode:
    """Return one stored output without what depends on the machine."""
    if output.output_type == "error":
        output["traceback"] = without_repeats([scrub(f) for f in output.traceback])
    if "metadata" in output:
        output.metadata.pop("execution", None)
    return output


def merged_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring pieces of the same stream."""
    merged = []
    for output in outputs:
        last = merged[-1] if merged else None
        if (
            last is not None
            and output.output_type == last.output_type == "stream"
            and output.name == last.name
        ):
            last["text"] += output.text
        else:
            merged.append(output)
    return merged


def canonical_cell(cell: NotebookNode, index: int) -> NotebookNode:
    """Return `cell` with its source, the listed metadata and clean outputs."""
    kept = {key: cell.metadata[key] for key in CELL_METADATA if cell.metadata.get(key)}
    cell["metadata"] = kept
    cell["source"] = cell.source.rstrip("\n")
    if not cell.get("id"):
        seed = f"{index}\n{cell.source}".encode()
        cell["id"] = hashlib.sha256(seed).hexdigest()[:8]
    if cell.cell_type == "code":
        cell["outputs"] = merged_streams([canonical_output(o) for o in cell.outputs])
    return cell


def canonical_text(notebook: dict) -> str:
    """Return the canonical file of `notebook`, which is left as it is."""
    notebook = nbformat.from_dict(notebook)
    notebook["metadata"] = nbformat.from_dict(NOTEBOOK_METADATA)
    notebook["nbformat"], notebook["nbformat_minor"] = 4, 5
    cells = [canonical_cell(cell, i) for i, cell in enumerate(notebook.cells)]
    notebook["cells"] = [cell for cell in cells if cell.source]
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def read(path: Path) -> NotebookNode:
    """Read the notebook at `path` without changing anything in it."""
    return nbformat.v4.reads(path.read_text("utf-8"))


def is_canonical(path: Path) -> bool:
    """Tell whether the file at `path` is what this command would write."""
    return path.read_text("utf-8") == canonical_text(read(path))


def with_main_colours(png: bytes, most: int = 256) -> bytes:
    """Return an opaque picture with only the colours that it has most of.

    A plot has few: the rest are shades at the edges of its lines. Each of them
    becomes the nearest one that is kept, and the file a third as heavy.
    """
    image = Image.open(io.BytesIO(png))
    if image.mode == "P" or image.convert("RGBA").getextrema()[3] != (255, 255):
        return png
    pixels = np.asarray(image.convert("RGB"))
    colours, place, counts = np.unique(
        pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True
    )
    kept = colours[np.argsort(-counts, kind="stable")[:most]]
    distances = np.square(colours[:, np.newaxis].astype(int) - kept).sum(axis=2)
    nearest = distances.argmin(axis=1).astype(np.uint8)
    small = Image.fromarray(nearest[place.reshape(pixels.shape[:2])]).convert("P")
    small.putpalette(kept.tobytes())
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True, dpi=image.info.get("dpi"))
    return file.getvalue()


def lighten_plots(notebook: NotebookNode) -> None:
    """Store the plots of `notebook` with few colours."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if png := output.get("data", {}).get("image/png"):
                small = with_main_colours(base64.b64decode(png))
                output.data["image/png"] = base64.b64encode(small).decode()


def execute(path: Path) -> None:
    """Format, run and rewrite the notebook at `path`; leave it if a cell fails."""
    ruff = [sys.executable, "-m", "ruff", "format", "--quiet"]
    subprocess.run([*ruff, str(path)], check=True, cwd=ROOT)
    notebook = nbformat.v4.reads(canonical_text(read(path)))
    NotebookClient(
        notebook,
        timeout=1800,
        kernel_name="python3",
        extra_arguments=KERNEL_ARGUMENTS,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    lighten_plots(notebook)
    path.write_text(canonical_text(notebook), "utf-8")


def main() -> int:
    """Run the command line; return 0 if all went well."""
    sys.stdout.reconfigure(errors="backslashreplace")  # for the names of files
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", type=Path, help="default: all chapters")
    parser.add_argument("--check", action="store_true", help="change nothing")
    arguments = parser.parse_args()
    paths = [path.resolve() for path in arguments.paths] or book_notebooks()

    if arguments.check:
        wrong = [path for path in paths if not is_canonical(path)]
        for path in wrong:
            print(f"{path}: not in canonical form; run `make notebooks`")
        return 1 if wrong else 0

    os.environ.update(KERNEL_ENVIRONMENT)
    failed = False
    for path in paths:
        started = time.monotonic()
        try:
            execute(path)
        except CellExecutionError as error:
            failed = True
            print(f"{path}: not rewritten\n{error}", file=sys.stderr)
        else:
            print(f"{path}: {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
