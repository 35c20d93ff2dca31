"""Every chapter, as students get it, runs where there is nothing else of the course.

Each chapter is run once. Every check runs twice: on the stub, where it has to find
nothing right, then on the book's solution. After that the stub comes back, so that all
that follows runs as it does for a student who has written nothing. What the cells of
the chapter show is compared with what the notebook stores.
"""

import difflib
import json
import zipfile

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from book.tools import notebooks
from exercises import checks
from exercises.handout import release

pytestmark = pytest.mark.kernels
OTHERS = [p for p in notebooks.book_notebooks() if p not in notebooks.chapters()]


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def is_solution(cell: NotebookNode) -> bool:
    return "solution" in cell.metadata.get("tags", [])


def with_solutions(released: list, chapter: list) -> tuple[list, list, list]:
    """Return the cells to run, those of the chapter, and the checks of the stubs."""
    given = dict(zip((cell.id for cell in released), released, strict=True))
    assert list(given) == [cell.id for cell in chapter if not is_solution(cell)]
    run, own, unsolved = [], [], []
    for before, cell, after in zip(
        [None, *chapter], chapter, [*chapter[1:], None], strict=False
    ):
        if is_solution(cell):
            unsolved.append(nbformat.v4.new_code_cell(given[after.id].source))
            run.append(unsolved[-1])
        own.append(nbformat.v4.new_code_cell(cell.source))
        own[-1].metadata = given.get(cell.id, cell).metadata
        run.append(own[-1])
        if before is not None and is_solution(before):
            stub = chapter[chapter.index(before) - 1]
            run.append(nbformat.v4.new_code_cell(given[stub.id].source))
    return run, own, unsolved


def run(cells: list[NotebookNode], folder) -> None:
    """Run cells in a fresh kernel that starts in `folder`."""
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(
        notebook,
        timeout=None,
        kernel_name="python3",
        extra_arguments=notebooks.KERNEL_ARGUMENTS,
        resources={"metadata": {"path": str(folder)}},
    ).execute()


def shown(cell: NotebookNode) -> str:
    """Return what a cell shows; of pictures only that they are there."""
    parts = []
    for output in notebooks.merged_streams(cell.outputs):
        if output.output_type == "stream":
            parts.append(f"{output.name}:\n{output.text}")
        elif output.output_type == "error":
            parts.append(f"{output.ename}: {output.evalue}")
        else:
            data = {k: "" if "image" in k else v for k, v in output.data.items()}
            parts += [f"{kind}:\n{data[kind]}" for kind in sorted(data)]
    return "\n".join(parts)


def differences(cells: list[NotebookNode], stored: list[NotebookNode]) -> str:
    """Return how what cells show differs from what is stored, as a diff."""
    lines = []
    for cell, known in zip(cells, stored, strict=True):
        pair = [shown(one).splitlines() for one in (known, cell)]
        lines += difflib.unified_diff(*pair, "stored", f"cell {known.id}", lineterm="")
    return "\n".join(lines)


@pytest.mark.parametrize("path", notebooks.chapters(), ids=lambda path: path.stem)
def test_a_release_runs_scores_zero_and_shows_what_is_stored(
    path, tmp_path, monkeypatch
):
    with zipfile.ZipFile(release.release(path, tmp_path)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / path.stem
    monkeypatch.delenv("PYTHONPATH", raising=False)
    released = code_cells(nbformat.read(folder / path.name, 4))
    stored = code_cells(notebooks.read(path))
    cells, own, unsolved = with_solutions(released, stored)
    where = nbformat.v4.new_code_cell(
        "import json, sys\nprint(json.dumps([str(m.__file__) for name, m in "
        "sys.modules.items() if name.split('.')[0] in ('rnn_lib', 'exercises')]))"
    )
    run([*cells, where], folder)

    assert differences(own, stored) == ""
    files = json.loads(where.outputs[0].text)
    assert any("rnn_lib" in file for file in files)
    assert all(file.startswith(str(folder)) for file in files)
    assert len(unsolved) == len(checks.of_chapter(path.stem))
    for cell in unsolved:
        (report,) = [output.data for output in cell.outputs]
        assert "exercise-report" in report["text/html"]
        assert "✓" not in report["text/plain"]


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_other_notebooks_show_what_is_stored(path):
    """They run where they stand, so that the installed package is what they use."""
    stored = code_cells(notebooks.read(path))
    cells = [nbformat.v4.new_code_cell(cell.source) for cell in stored]
    run(cells, path.parent)
    assert differences(cells, stored) == ""


def test_a_difference_is_found():
    def cell(*outputs):
        return nbformat.v4.new_code_cell("1", id="a", outputs=list(outputs))

    output = nbformat.v4.new_output
    text = output("stream", name="stdout", text="2\n")
    other = output("stream", name="stdout", text="3\n")
    picture = output("display_data", data={"image/png": "x", "text/plain": "<Figure>"})
    redrawn = output("display_data", data={"image/png": "y", "text/plain": "<Figure>"})
    error = output("error", ename="KeyError", evalue="k", traceback=["here"])
    elsewhere = output("error", ename="KeyError", evalue="k", traceback=["there"])
    assert differences([cell(text)], [cell(text)]) == ""
    assert differences([cell(picture, elsewhere)], [cell(redrawn, error)]) == ""
    assert "-2\n+3" in differences([cell(other)], [cell(text)])
    assert differences([cell()], [cell(picture)])
    assert differences([cell(text)], [cell(text, error)])
