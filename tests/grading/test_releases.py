"""Every chapter, as students get it, runs where there is nothing else of the course."""

import ast
import zipfile

import nbformat
import pytest
from nbclient import NotebookClient

from book.tools import notebooks
from exercises import checks
from exercises.box.notebook_code import bound_names, used_names
from exercises.handout import release

pytestmark = pytest.mark.kernels


def is_for_an_exercise(source: str) -> bool:
    """Tell whether a cell is a stub or a check."""
    last = source.splitlines()[-1]
    return last.startswith("checks.") or "raise NotImplementedError" in source


def needed(cells: list) -> list:
    """Return the cells that the exercises need, in order, and those that they are."""
    kept, names = [], set()
    for cell in reversed(cells):
        statements = ast.parse(cell.source).body
        given = set().union(*map(bound_names, statements))
        if is_for_an_exercise(cell.source) or given & names:
            kept.insert(0, cell)
            names |= set().union(*map(used_names, statements))
    return kept


@pytest.mark.parametrize("path", notebooks.chapters(), ids=lambda path: path.stem)
def test_a_release_runs_unsolved_and_scores_zero(path, tmp_path, monkeypatch):
    """What no exercise needs is run in the chapter, where it is the same."""
    with zipfile.ZipFile(release.release(path, tmp_path)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / path.stem
    for package in ("rnn_lib", "exercises"):
        for file in (folder / package).rglob("*.*"):
            ours = release.ROOT / file.relative_to(folder)
            assert file.read_bytes() == ours.read_bytes()
    notebook = nbformat.read(folder / path.name, 4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    chapter = [c for c in notebooks.read(path).cells if c.cell_type == "code"]
    unsolved = [c for c in chapter if "solution" not in c.metadata.get("tags", [])]
    assert [cell.source for cell in code] == [cell.source for cell in unsolved]

    monkeypatch.delenv("PYTHONPATH", raising=False)
    where = nbformat.v4.new_code_cell("import rnn_lib; print(rnn_lib.__file__)")
    notebook.cells = [*needed(code), where]
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=1800, resources=resources).execute()
    assert str(folder) in notebook.cells[-1].outputs[0].text

    shown = [out.get("data", {}) for cell in notebook.cells for out in cell.outputs]
    reports = [d for d in shown if "exercise-report" in d.get("text/html", "")]
    asked = sum(c.source.splitlines()[-1].startswith("checks.") for c in unsolved)
    assert len(reports) == asked >= len(checks.of_chapter(path.stem))
    assert all("✓" not in one["text/plain"] for one in reports)
