"""Every chapter, as students get it, runs where there is nothing else of the course."""

import zipfile

import nbformat
import pytest
from nbclient import NotebookClient

from book.extensions.live_cells import left_out
from book.tools import notebooks
from exercises import checks
from exercises.handout import release

pytestmark = pytest.mark.kernels


def without_slow_cells(notebook, chapter):
    """Return a release without the cells of minutes, and what uses them.

    They are those of the chapter, letter for letter, where they are run; no exercise
    may need them.
    """
    kept = [c for c in chapter.cells if "solution" not in c.metadata.get("tags", [])]
    kept = [c for c in kept if c.cell_type == "code"]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.source for cell in code] == [cell.source for cell in kept]
    slow = {n for n, c in enumerate(kept) if "not-live" in c.metadata.get("tags", [])}
    out = left_out([cell.source for cell in kept], set(), slow)
    gone = {cell.id for cell, is_out in zip(code, out, strict=True) if is_out}
    return [cell for cell in notebook.cells if cell.id not in gone]


@pytest.mark.parametrize("path", notebooks.chapters(), ids=lambda path: path.stem)
def test_a_release_runs_unsolved_and_scores_zero(path, tmp_path, monkeypatch):
    with zipfile.ZipFile(release.release(path, tmp_path)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / path.stem
    monkeypatch.delenv("PYTHONPATH", raising=False)
    notebook = nbformat.read(folder / path.name, 4)
    notebook.cells = without_slow_cells(notebook, notebooks.read(path))
    cell = nbformat.v4.new_code_cell("import rnn_lib; print(rnn_lib.__file__)")
    notebook.cells.append(cell)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=1800, resources=resources).execute()
    assert str(folder) in notebook.cells[-1].outputs[0].text

    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    shown = [out.get("data", {}) for cell in code for out in cell.outputs]
    reports = [d for d in shown if "exercise-report" in d.get("text/html", "")]
    asked = sum(cell.source.splitlines()[-1].startswith("checks.") for cell in code)
    assert len(reports) == asked >= len(checks.of_chapter(path.stem))
    assert all("✓" not in one["text/plain"] for one in reports)
