"""The examination of a whole network passes the one of the book and names mistakes."""

from pathlib import Path

import nbformat
import numpy as np
import pytest

from exercises import checks
from exercises.checks.examiner import unwritten

ROOT = Path(__file__).parents[2]
SOURCE = (ROOT / "reference" / "whole.py").read_text("utf-8")
PAGE = SOURCE.partition('"""\n\n')[2].rstrip("\n")

MISTAKES = {
    "W.T, forward": ('p["W"].T', 'p["W"]', "`W` is used without its transpose"),
    "no state": ('+ before @ p["W"].T', "", "not carried from step to step"),
    "no b": ('p["W"].T + p["b"]', 'p["W"].T', "`b` is left out"),
    "no c": (' + p["c"], h', ", h", "`c` is left out"),
    "no tanh": ("np.tanh(", "(", "tanh is left out"),
    "sum": (".mean()", ".sum()", "the sum over all letters"),
    "overflow": ("o = o - o.max(axis=-1, keepdims=True)", "o = o", "1,000 times"),
    "no N T": (" / y.size", "", "not divided by the number of letters"),
    "one path": (" + from_next", "", "the second path"),
    "W.T, back": ('dz[:, t] @ p["W"]', 'dz[:, t] @ p["W"].T', "on the way back"),
    "tanh twice": ("1 - h[:, t] ** 2", "1 - np.tanh(h[:, t]) ** 2", "tanh(z) already"),
    "own step": ("einsum(rows, dz, before)", "einsum(rows, dz, h)", "its own step"),
    "uphill": ("p[name] -= rate", "p[name] += rate", "against the gradient"),
    "not in place": ("p[name] -= rate * step", "p = p | {}", "change the arrays"),
    "too short": ("updates=300", "updates=3", "expected below 0.1"),
    "always 0": ("read.append(int(", "read.append(0 * int(", "drawn at random"),
    "forgets": ("[[read]]", "[[read[-1:]]]", "carry its state"),
    "no seed": ("default_rng(seed), 1", "default_rng(), 1", "the same seed"),
    "missing": ('"dh": dh, ', "", "dh is missing"),
    "crash": ("y[..., None]", "y[None]", "loss: mean cross-entropy: raised"),
}


def report(source: str):
    """Examine what `source` defines."""
    found = {}
    exec(compile(source, "answer", "exec"), found)
    return checks.whole(found)


def test_the_network_of_the_book_passes():
    found = report(SOURCE)
    assert found.fraction == 1
    assert found.diagnosis is None
    assert "All 8 checks passed." in repr(found)


def test_the_network_of_the_book_is_short_and_the_front_page_says_how_short():
    lines = [line for line in PAGE.splitlines() if line.strip()]
    assert len(lines) <= 70
    front_page = (ROOT / "intro.md").read_text("utf-8")
    assert f"{{dropdown}} The whole network in {len(lines)} lines" in front_page


def test_the_chapter_shows_the_network_of_the_book_after_an_empty_cell():
    notebook = nbformat.read(ROOT / "chapters" / "09_on_your_own.ipynb", 4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    (place,) = [
        i for i, one in enumerate(code) if "solution" in one.metadata.get("tags", ())
    ]
    empty, solution, check = code[place - 1 : place + 2]
    assert solution.source == PAGE
    assert empty.source.startswith("#")
    assert "\n" not in empty.source
    assert check.source.endswith("checks.whole(globals())")


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named(name):
    right, wrong, message = MISTAKES[name]
    assert right in SOURCE
    found = report(SOURCE.replace(right, wrong))
    assert found.fraction < 1
    assert message in repr(found)


def test_what_builds_on_something_wrong_is_not_asked():
    found = report(SOURCE.replace('p["W"].T', 'p["W"]'))
    asked = {text.split(":")[0]: text for _, text in found.lines}
    assert "not asked" in asked["backward"]
    assert "not asked" in asked["memory"]
    assert "not asked" not in asked["loss"]


def test_an_empty_page_is_examined():
    found = checks.whole({})
    assert found.fraction == 0
    assert found.lines[0] == (False, "start: shapes and seeds: not written yet")
    assert found.diagnosis == "Begin with start: shapes and seeds: not written yet."
    assert repr(checks.whole(*[unwritten] * 6)) == repr(found)


def test_what_is_written_first_is_examined_first():
    kept = SOURCE[: SOURCE.index("def loss(")]
    asked = {text.split(":")[0]: ok for ok, text in report(kept).lines}
    written = [name for name, ok in asked.items() if ok]
    assert written == ["start", "forward"]


def test_the_gradients_are_those_of_the_library():
    from exercises.checks import examiner
    from rnn_lib import VanillaRNN

    p, x, y = examiner.data()
    network = VanillaRNN(x.shape[-1], len(p["b"]))
    network.set_parameters(p)
    assert network.loss(x, y) == pytest.approx(
        examiner.right_loss(examiner.run(p, x)[0], y)
    )
    ours = examiner.gradients(p, x, y)
    for name, gradient in network.backward().items():
        np.testing.assert_allclose(ours[name], gradient, atol=1e-12)
