"""Every chapter, as students get it, runs where there is nothing else of the course."""

import zipfile

import nbformat
import pytest
from nbclient import NotebookClient

from book.tools import notebooks
from exercises import checks
from exercises.handout import release

pytestmark = pytest.mark.kernels


@pytest.mark.parametrize("path", notebooks.chapters(), ids=lambda path: path.stem)
def test_a_release_runs_unsolved_and_scores_zero(path, tmp_path, monkeypatch):
    with zipfile.ZipFile(release.release(path, tmp_path)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / path.stem
    monkeypatch.delenv("PYTHONPATH", raising=False)
    notebook = nbformat.read(folder / path.name, 4)
    cell = nbformat.v4.new_code_cell("import rnn_lib; print(rnn_lib.__file__)")
    notebook.cells.append(cell)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=1800, resources=resources).execute()
    assert str(folder) in notebook.cells[-1].outputs[0].text

    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    shown = [out.get("data", {}) for cell in code for out in cell.outputs]
    reports = [d for d in shown if "exercise-report" in d.get("text/html", "")]
    assert len(reports) == len(checks.of_chapter(path.stem))
    assert all("✓" not in one["text/plain"] for one in reports)
