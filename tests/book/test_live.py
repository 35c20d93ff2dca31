"""The cells of every live chapter, run in a real browser by the built book itself."""

import itertools
import json
import shutil
import time
from pathlib import Path
from typing import ClassVar

import pytest
import yaml

from book.extensions import fetched_files, live_cells, pyodide_files
from book.tools import notebooks
from exercises.handout.release import library_files
from tests import browser
from tests.small_book import SmallBook
from tests.support import left_out

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 900  # for all cells of one chapter, on a busy machine
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["sphinx"]["config"]
LIVE = [
    path
    for path in notebooks.chapters()
    if any(path.relative_to(ROOT).match(f"{p}.ipynb") for p in CONFIG["live_pages"])
]
CONTROL, SHIFT = 2, 8
WIDE, PHONE = 1280, 390


def code_cells(path: Path) -> list:
    return [cell for cell in notebooks.read(path).cells if cell.cell_type == "code"]


# The pages


@pytest.fixture(scope="module")
def book(book):
    """Return the folder of the book if it has Python for the browser."""
    if not (book / "_static" / "live" / "manifest.json").is_file():
        left_out("the book was built without Python for the browser")
    return book


def click(page, name: str) -> None:
    """Click the button with this name."""
    page.click(f"[...document.querySelectorAll('button')].find(b => {named(name)})")


def named(name: str) -> str:
    return f"(b.ariaLabel || b.textContent) === {json.dumps(name)}"


def states(page) -> list[str]:
    """Return the state of each live cell."""
    return page.run(
        "[...document.querySelectorAll('.cell.live')].map(c => c.dataset.state)"
    )


def wait_until_idle(page, seconds: float = SECONDS) -> None:
    """Wait until no cell runs or waits."""
    page.wait_for(
        "![...document.querySelectorAll('.cell.live')]"
        ".some(c => ['running', 'waiting'].includes(c.dataset.state))",
        seconds,
    )


def run(page, number: int) -> str:
    """Run one cell and return the text that it shows."""
    click(page, f"Run cell {number}")
    wait_until_idle(page)
    return shown(page, number)


def start(page, number: int) -> None:
    """Press Run and wait until the cell runs."""
    click(page, f"Run cell {number}")
    status = "document.querySelector('.live-status').textContent"
    page.wait_for(f"{status} === 'Running cell {number}'")


def shown(page, number: int) -> str:
    return page.run(
        f"document.querySelectorAll('.cell.live')[{number - 1}]"
        ".querySelector('.cell_output').textContent"
    )


def editor(number: int) -> str:
    """Return an expression for the code of a live cell, with its field."""
    return f"document.querySelectorAll('.live-editor')[{number - 1}]"


def field(page, number: int) -> str:
    """Scroll to a cell, unfold it and return an expression for its field."""
    folded = f"{editor(number)}.closest('details:not([open])')"
    if page.run(f"{folded} !== null"):
        page.click(f"{folded}.querySelector('summary')")
    page.place_of(editor(number))
    page.wait_for(f"{editor(number)}.querySelector('textarea') !== null")
    return f"{editor(number)}.querySelector('textarea')"


def write(page, number: int, source: str) -> None:
    """Click into a cell, select all and type `source` in its place."""
    page.click(field(page, number))
    page.press("a", 65, CONTROL)
    for i, line in enumerate(source.split("\n")):
        if i:
            page.press("Enter", 13, text="\r")
            page.press("Home", 36, SHIFT)  # the indentation that Enter has brought
        page.type(line)


SHOWN = """[...document.querySelectorAll('.cell.live')].map(cell => {
  const all = (kind) => [...cell.querySelectorAll(`.cell_output ${kind}`)];
  return {
    id: cell.id,
    state: cell.dataset.state,
    printed: all('.stream pre').map(e => e.textContent).join(''),
    value: all('.text_plain pre').map(e => e.textContent).join(''),
    html: all('.text_html').length,
    error: all('.traceback pre').map(e => e.textContent).join(''),
    pictures: all('img').map(i => ({alt: i.alt, width: i.width,
      sharp: Math.floor(i.naturalWidth / 2) === Number(i.getAttribute('width')),
      fresh: i.src.startsWith('data:image/png')})),
  };
})"""


def differences(cell, live: dict) -> list[str]:
    """Compare what a cell shows on the page with what the notebook stores."""
    stored = {"printed": "", "value": "", "error": "", "html": 0, "pictures": 0}
    for output in cell.outputs:
        data = output.get("data", {})
        if output.output_type == "stream":
            stored["printed"] += output.text
        elif output.output_type == "error":
            stored["error"] = f"{output.ename}: {output.evalue}"
        elif "image/png" in data:
            stored["pictures"] += 1
        elif "text/html" in data:
            stored["html"] += 1
        else:
            stored["value"] += data["text/plain"]
    found = [
        f"{key}: {live[key]!r}, stored {stored[key]!r}"
        for key in ("printed", "value", "html")
        if live[key] != stored[key]
    ]
    if stored["error"] not in live["error"] or bool(stored["error"]) != bool(
        live["error"]
    ):
        found.append(f"error: {live['error']!r}, stored {stored['error']!r}")
    if len(live["pictures"]) != stored["pictures"]:
        found.append(f"{len(live['pictures'])} pictures")
    alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt")
    for picture in live["pictures"]:
        good = picture["fresh"] and picture["sharp"] and picture["width"] > 100
        if not good or picture["alt"] != alt:
            found.append(f"picture: {picture}")
    return found


def test_there_are_live_chapters():
    names = [path.stem[:2] for path in LIVE]
    assert names[:5] == ["01", "02", "03", "04", "05"]
    assert "06" not in names


@pytest.fixture(scope="module")
def running(chromium, address):
    """Open all live chapters and let them run side by side."""
    pages = {}
    for path in LIVE:
        pages[path] = page = chromium.page()
        page.open(f"{address}/chapters/{path.stem}.html")
        before = page.requests()
        assert all(url.startswith(address) for url in before)
        assert not any("pyodide" in url or "worker" in url for url in before)
        click(page, "Run all cells")
    yield pages
    for page in pages.values():
        page.close()


@pytest.mark.parametrize("path", LIVE, ids=lambda path: path.stem)
def test_every_cell_shows_on_the_page_what_the_notebook_stores(running, address, path):
    page = running[path]
    wait_until_idle(page)
    live = {cell["id"]: cell for cell in page.run(SHOWN)}
    cells = {f"cell-{cell.id}": cell for cell in code_cells(path)}
    assert live.keys() <= cells.keys()
    found = {name: differences(cells[name], shown) for name, shown in live.items()}
    assert {name: list_ for name, list_ in found.items() if list_} == {}
    for name, shown in live.items():
        raises = "raises-exception" in cells[name].metadata.get("tags", [])
        assert shown["state"] == ("error" if raises else "done"), name
    outside = [url for url in page.requests() if not url.startswith((address, "data:"))]
    assert all(url.startswith("blob:") for url in outside)
    assert page.complaints() == []


def test_what_the_reader_typed_survives_and_can_be_undone(page, address):
    page.open(f"{address}/chapters/02_forward_pass.html")
    original = page.run(f"{field(page, 1)}.value")
    write(page, 1, "1 / 0")
    page.press("Enter", 13, SHIFT)
    wait_until_idle(page)
    text = shown(page, 1)
    assert text.strip().endswith("ZeroDivisionError: division by zero")
    assert 'File "cell 1", line 1' in text
    assert "pyodide" not in text.lower()
    assert "_evaluate" not in text
    page.reload()
    assert page.run(f"{field(page, 1)}.value") == "1 / 0"
    click(page, "Undo my changes in cell 1")
    assert page.run(f"{field(page, 1)}.value") == original
    click(page, "Bring my changes back in cell 1")
    assert page.run(f"{field(page, 1)}.value") == "1 / 0"
    click(page, "Undo my changes in cell 1")
    page.reload()
    assert page.run(f"{field(page, 1)}.value") == original


def test_reset_brings_the_stored_outputs_back(page, address):
    page.open(f"{address}/chapters/01_one_hot.html")
    stored = shown(page, 1)
    write(page, 1, "print('other')")
    assert run(page, 1).strip() == "other"
    click(page, "Reset all outputs")
    assert shown(page, 1) == stored
    assert states(page)[0] == ""
    click(page, "Undo my changes in cell 1")


@pytest.fixture(scope="module")
def desk(book, tmp_path_factory):
    """Serve a folder that has Python, for pages of a test's own: folder, address."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(book / "_static" / "live", folder / "live")
    with browser.served(folder) as address:
        yield folder, address


NUMBERS = itertools.count()


def open_exercise(page, desk, cells) -> None:
    """Open a page with these cells: template, id, class, source.

    The number in its address is that of no page before: one that was written in the
    same second would be taken from the browser's store.
    """
    folder, address = desk
    text = "".join(kind.format(id=n, tag=t, source=s) for kind, n, t, s in cells)
    (folder / "exercise.html").write_text(EXERCISE.format(cells=text), "utf-8")
    page.open(f"{address}/exercise.html?{next(NUMBERS)}")


EXERCISE = """<!doctype html><html lang="en"><meta charset="utf-8">
<title>Exercise</title>
<link rel="icon" href="data:,"><body>
<div class="live-bar" data-version="test"></div>
{cells}<script defer src="live/live.js"></script></body></html>"""
CELL = """<div class="cell live {tag}" id="cell-{id}"><div class="cell_input">
<div class="highlight"><pre>{source}\n</pre></div></div></div>"""


def test_the_solution_of_an_exercise_gives_way_to_the_readers_answer(page, desk):
    cells = (
        (CELL, "stub", "", "def answer():\n    return 'not written yet'"),
        (CELL, "solution", "tag_solution", "def answer():\n    return 'from the book'"),
        (CELL, "check", "", "print(answer())"),
    )
    open_exercise(page, desk, cells)
    assert run(page, 3).strip() == "not written yet"
    click(page, "Run all cells")
    wait_until_idle(page)
    assert shown(page, 3).strip() == "from the book"
    write(page, 1, "def answer():\n    return 'mine'")
    click(page, "Run all cells")
    wait_until_idle(page)
    assert shown(page, 3).strip() == "mine"
    click(page, "Run the solution, cell 2")
    wait_until_idle(page)
    assert shown(page, 2).strip() == ""
    assert run(page, 3).strip() == "from the book"
    click(page, "Undo my changes in cell 1")


REPORT = """<div class="cell_output"><div class="output text_html">
<div class="exercise-report">All 4 checks passed.</div></div></div></div>"""
FOLDED = """<div class="cell live {tag}" id="cell-{id}"><details><summary>Show</summary>
<div class="cell_input"><div class="highlight"><pre>{source}\n</pre></div></div>
</details></div>"""


def note(page, number: int) -> str:
    """Return what stands beside the button of a cell."""
    return page.run(
        f"document.querySelectorAll('.cell.live')[{number - 1}]"
        ".querySelector('.live-tools .live-note').textContent"
    )


def labels(page) -> list[str]:
    """Return what stands on the button of each cell."""
    return page.run(
        "[...document.querySelectorAll('.live-tools')]"
        ".map(e => e.querySelector('button').textContent)"
    )


AN_EXERCISE = (
    (CELL, "stub", "", "def answer():\n    return 'not written yet'"),
    (FOLDED, "book", "tag_solution", "def answer():\n    return 'from the book'"),
    (CELL.removesuffix("</div>") + REPORT, "check", "", "print(answer())"),
    (FOLDED, "figure", "tag_hide-input", "print('drawn')"),
)
"""A stub, its solution, its check, and code that is folded."""


@pytest.fixture
def exercise(page, desk):
    """Open the page of an exercise on which nothing has been done."""
    open_exercise(page, desk, AN_EXERCISE)
    yield page
    page.run("localStorage.clear()")


@pytest.fixture(scope="module")
def desk_at_work(chromium, desk):
    """Open the page of an exercise on which Python goes on from test to test."""
    page = chromium.page(fresh=True)
    open_exercise(page, desk, AN_EXERCISE)
    yield page
    page.close()


@pytest.fixture
def at_work(desk_at_work):
    """Give the page of an exercise on which cells ran; all that is typed is undone."""
    page = desk_at_work
    yield page
    undo = (
        "[...document.querySelectorAll('[aria-label^=\"Undo my changes\"]')]"
        ".find((one) => !one.hidden)"
    )
    while page.run(f"{undo} !== undefined"):
        page.click(undo)
    assert page.complaints() == []


def test_a_changed_cell_is_run_again_before_what_is_below_it(at_work):
    page = at_work
    for answer in ("wrong", "right"):
        write(page, 1, f"def answer():\n    return '{answer}'")
        if answer == "right":
            assert note(page, 1) == "changed, not run"
            assert states(page)[0] == ""
        assert run(page, 3).strip() == answer
        assert note(page, 1).startswith("done in")
    # The same text as before is not news.
    write(page, 1, "other")
    assert note(page, 1) == "changed, not run"
    write(page, 1, "def answer():\n    return 'right'")
    assert note(page, 1).startswith("done in")


def test_a_cell_that_was_changed_while_it_ran_runs_again(at_work):
    page = at_work
    write(page, 1, "import time\ntime.sleep(3)\ndef answer():\n    return 'old'")
    start(page, 1)
    write(page, 1, "def answer():\n    return 'new'")
    assert run(page, 3).strip() == "new"
    assert note(page, 1).startswith("done in")


def test_enter_keeps_the_indentation(at_work):
    page = at_work
    write(page, 1, "for i in range(2):")
    page.type("\nprint(i)")
    assert run(page, 1).split() == ["0", "1"]


def test_a_flood_of_output_is_cut(at_work):
    page = at_work
    write(page, 1, "while True:\n    print('x' * 1000)")
    click(page, "Run cell 1")
    page.wait_for(
        "document.querySelector('.cell.live .cell_output').textContent"
        ".includes('the rest is not shown')"
    )
    assert len(shown(page, 1)) < 150_000
    click(page, "Stop Python")
    assert states(page)[0] == "stopped"


def test_a_cell_that_was_stopped_runs_again_when_it_has_changed(at_work):
    page = at_work
    write(page, 1, "while True:\n    pass")
    start(page, 1)
    click(page, "Stop Python")
    assert note(page, 1) == "stopped"
    write(page, 1, "def answer():\n    return 'mended'")
    assert note(page, 1) == "changed, not run"
    assert run(page, 3).strip() == "mended"


def test_an_endless_loop_is_stopped_and_the_page_stays_alive(at_work):
    page = at_work
    write(page, 3, "while True:\n    pass")
    start(page, 3)
    assert states(page)[2] == "running"
    click(page, "Stop Python")
    assert states(page)[2] == "stopped"
    # Cell 4 needs cell 1, which runs again; the endless cell does not.
    write(page, 4, "print(answer())")
    assert run(page, 4).strip() == "not written yet"
    assert states(page) == ["done", None, "stopped", "done"]


def test_the_stored_report_of_a_check_says_whose_it_is(exercise):
    page = exercise
    assert shown(page, 3).startswith("Of the book’s solution.")
    write(page, 1, "def answer():\n    return 'mine'")
    page.reload()
    assert shown(page, 3).startswith("Of the book’s solution.")
    assert run(page, 3).strip() == "mine"
    click(page, "Reset all outputs")
    assert shown(page, 3).startswith("Of the book’s solution.")
    assert "Of the book" not in shown(page, 1)


def test_the_button_of_a_folded_cell_says_what_it_runs(exercise):
    page = exercise
    assert labels(page) == ["Run", "Run the solution", "Run", "Run the folded code"]
    page.click("document.querySelectorAll('summary')[1]")
    page.wait_for("!document.body.innerText.includes('Run the folded code')")
    assert labels(page) == ["Run", "Run the solution", "Run", "Run"]


UPLOAD = "document.querySelector('.live-file input')"


def choose(page, path: Path) -> None:
    """Choose a file where the page asks for one, as its dialogue does."""
    page.place_of(UPLOAD)
    found = page.send("Runtime.evaluate", expression=UPLOAD)["result"]["objectId"]
    page.send("DOM.setFileInputFiles", files=[str(path)], objectId=found)


def test_a_text_of_the_readers_own_gets_into_python_and_nowhere_else(
    page, desk, tmp_path
):
    source = (
        "from pathlib import Path\nfile = Path('yours.txt')\n"
        "text = file.read_text('utf-8') if file.exists() else 'none'"
    )
    cells = (
        (CELL, "file", "tag_upload", source),
        (CELL, "size", "", "size = len(text)"),
        (CELL, "show", "", "print(text, size)"),
    )
    open_exercise(page, desk, cells)
    page.wait_for("document.querySelectorAll('.live-file').length === 1")
    assert run(page, 3).strip() == "none 4"
    for number, poem in enumerate(("été", "🙂")):
        path = tmp_path / f"poem {number}.txt"
        path.write_text(poem, "utf-8")
        choose(page, path)
        assert note(page, 1) == "another text, not run"
        assert run(page, 3).strip() == f"{poem} {len(poem)}"
    click(page, "Run cell 1")
    wait_until_idle(page)
    path.unlink()
    click(page, "Run cell 1")
    wait_until_idle(page)
    assert note(page, 1).startswith("poem 1.txt could not be read. Choose it")
    asked = page.messages()
    sent = [e for e in asked if e["method"] == "Network.requestWillBeSent"]
    assert {e["params"]["request"]["method"] for e in sent} == {"GET"}


WHERE = "Use the notebook for it: the top of the page offers it."
NOT_HERE = {
    "input('Name: ')": "input() does not work on this page: "
    "write the value into the code instead.",
    "import torch": f"The module torch is not available on this page. {WHERE}",
    "import rnn_lib.torch_twin": "The module torch is not available on this page. "
    + WHERE,
    "from pandas.api import types": "The module pandas is not available on this page. "
    + WHERE,
    "display(1)": f"display() is not available on this page. {WHERE}",
    "%timeit 1 + 1": "The command “%timeit 1 + 1” is not available on this page. "
    + WHERE,
    "if True:\n    !pip install x": "The command “!pip install x” is not available on "
    f"this page. {WHERE}",
    "import threading\nthreading.Thread(target=print).start()": "Threads are not "
    f"available on this page. {WHERE}",
}


def test_what_a_page_does_not_have_gets_one_line(exercise):
    page = exercise
    for source, line in NOT_HERE.items():
        write(page, 1, source)
        assert run(page, 1) == line
        assert note(page, 1).startswith("stopped by")
    write(page, 1, "import rnn_lib.nothing")
    assert "ModuleNotFoundError: No module named 'rnn_lib.nothing'" in run(page, 1)
    write(page, 1, "nothing + 1")
    assert run(page, 1).endswith("NameError: name 'nothing' is not defined\n")
    write(page, 1, "1 +")
    assert "SyntaxError" in run(page, 1)
    write(page, 1, "import sys\nprint(repr(sys.stdin.readline()))")
    assert run(page, 1).strip() == "''"


PILOT = "document.querySelector('.live-pilot')"


def test_stop_stands_beside_the_button_that_was_pressed(exercise):
    page = exercise
    write(page, 1, "while True:\n    pass")
    assert page.run(f"{PILOT} === null")
    click(page, "Run cell 3")
    page.wait_for(f"{PILOT}?.textContent.endsWith('Running cell 1')")
    beside = f"{PILOT}.parentNode === document.querySelectorAll('.live-tools')[2]"
    assert page.run(beside)
    assert page.run(f"{PILOT}.textContent").startswith(
        "StopRuns the cell above first. "
    )
    page.press("Tab", 9)
    assert page.run("document.activeElement.textContent") == "Stop"
    page.press("Enter", 13, text="\r")
    page.wait_for(f"{PILOT} === null")
    assert page.run("document.activeElement.ariaLabel") == "Run cell 3"
    assert states(page)[0] == "stopped"


def test_a_cell_that_was_not_run_says_which_stopped_above_it(exercise):
    page = exercise
    write(page, 1, "1 / 0")
    click(page, "Run cell 3")
    wait_until_idle(page)
    assert note(page, 3) == "not run: cell 1 above it stopped"
    link = "document.querySelectorAll('.live-tools')[2].querySelector('a').hash"
    assert page.run(link) == "#cell-stub"


def test_an_output_stays_until_there_is_a_new_one(exercise):
    page = exercise
    output = "document.querySelectorAll('.cell_output')[2]"
    height = page.run(f"{output}.offsetHeight")
    write(page, 1, "import time\ntime.sleep(1)\ndef answer():\n    return 'mine'")
    click(page, "Run cell 3")
    page.wait_for(f"{PILOT}?.textContent.endsWith('Running cell 1')")
    assert page.run(f"{output}.ariaBusy") == "true"
    assert page.run(f"{output}.offsetHeight") == height
    assert "All 4 checks passed." in shown(page, 3)
    wait_until_idle(page)
    assert page.run(f"{output}.ariaBusy") is None
    assert shown(page, 3).strip() == "mine"
    write(page, 3, "while True: pass")
    click(page, "Run cell 3")
    page.wait_for(f"{PILOT}?.textContent.endsWith('Running cell 3')")
    click(page, "Stop Python")
    assert shown(page, 3).strip() == "mine"
    assert page.run(f"{output}.ariaBusy") is None


def test_long_output_has_a_box_and_long_lines_end(page, address):
    page.open(f"{address}/chapters/01_one_hot.html")
    page.resize(WIDE)
    height = "document.querySelector('.cell.live .cell_output').offsetHeight"
    write(page, 1, "for i in range(1_100):\n    print(i)")
    assert run(page, 1).split()[-1] == "1099"
    assert page.run(height) < 700
    scrolls = "document.querySelector('.cell.live .stream pre').tabIndex"
    page.wait_for(f"{scrolls} === 0")
    write(page, 1, "print('short')")
    run(page, 1)
    page.wait_for(f"{scrolls} === -1")
    for source in ("list(range(200_000))", "print(list(range(200_000)))"):
        write(page, 1, source)
        text = run(page, 1)
        assert len(text) < 2_100
        assert "the line goes on" in text
    write(page, 1, "print('a' * 1_999)\nprint('b' * 2_000, end='')\nprint('c')")
    lines = run(page, 1).split("\n")
    assert lines[0] == "a" * 1_999
    assert lines[1] == "b" * 2_000 + " … the line goes on"
    click(page, "Undo my changes in cell 1")


class Moody(browser.QuietHandler):
    """A server that gives no answer about some files."""

    silent_on: ClassVar[set[str]] = set()

    def do_GET(self):
        if any(name in self.path for name in self.silent_on):
            self.close_connection = True
        else:
            super().do_GET()


def test_what_could_not_be_fetched_is_named_and_fetched_again(chromium, desk):
    page = chromium.page(fresh=True)
    left = {"run.mjs", "worker.mjs", "manifest", "pyodide.mjs", "numpy-"}
    left |= {"live_runtime"}
    with browser.served(desk[0], handler=Moody) as address:
        open_exercise(page, (desk[0], address), [(CELL, "a", "", "print(6 * 7)")])
        while left:
            Moody.silent_on = {*left}
            click(page, "Run cell 1")
            wait_until_idle(page)
            assert states(page) == ["error"]
            said = note(page, 1)
            [named] = [file for file in left if said.startswith(file)]
            assert said.endswith("could not be fetched. Press Run to try again.")
            assert page.run(f"{PILOT} === null")
            left.remove(named)
        Moody.silent_on = set()
        assert run(page, 1).strip() == "42"
        assert note(page, 1).startswith("done in")
    page.close()


def test_matplotlib_is_fetched_again_and_python_stays(chromium, desk):
    page = chromium.page(fresh=True)
    cells = [(CELL, "a", "", "x = 6"), (CELL, "b", "", "import matplotlib\nprint(x)")]
    with browser.served(desk[0], handler=Moody) as address:
        open_exercise(page, (desk[0], address), cells)
        run(page, 1)
        Moody.silent_on = {"matplotlib-"}
        assert run(page, 2) == ""
        assert note(page, 2).startswith("matplotlib-")
        Moody.silent_on = set()
        assert run(page, 2).strip() == "6"
        assert states(page) == ["done", "done"]
    page.close()


SPOIL = """(async () => {
  const [name] = await caches.keys();
  const store = await caches.open(name);
  for (const request of await store.keys()) {
    if (!request.url.includes('FILE')) continue;
    const size = (await (await store.match(request)).blob()).size;
    await store.put(request, new Response(new Blob([new Uint8Array(size)])));
  }
})()"""


SPOILT = """(async () => {
  const [name] = await caches.keys();
  const store = await caches.open(name);
  const request = (await store.keys()).find(({ url }) => url.includes('FILE'));
  const kept = await (await store.match(request)).arrayBuffer();
  return new Uint8Array(kept).every((byte) => byte === 0);
})()"""


def test_what_is_kept_and_spoilt_is_fetched_again(chromium, desk):
    files = ("pyodide.asm.wasm", "numpy-", "matplotlib-")
    page = chromium.page(fresh=True)
    source = "import matplotlib, numpy\nprint(6 * 7)"
    open_exercise(page, desk, [(CELL, "a", "", source)])
    assert run(page, 1).strip() == "42"
    for file in files:
        page.run(SPOIL.replace("FILE", file))
        assert page.run(SPOILT.replace("FILE", file))
    page.reload()
    assert run(page, 1).strip() == "42"
    assert not any(page.run(SPOILT.replace("FILE", file)) for file in files)
    page.close()


def test_a_section_that_a_check_names_is_a_link(chromium, address):
    page = chromium.page(fresh=True)  # with nothing in it that another test typed
    page.open(f"{address}/chapters/01_one_hot.html")
    number, _ = page.run(STUBS)[0]
    assert "may help" in run(page, number + 2)
    link = "[...document.querySelectorAll('.exercise-report a')].at(-1)"
    assert page.run(f"{link}.textContent") == "From numbers to vectors"
    page.click(link)
    heading = "document.querySelector('#from-numbers-to-vectors h2')"
    page.wait_for(f"Math.abs({heading}.getBoundingClientRect().top) < 200")
    page.close()


LISTEN = """window.told = [];
new MutationObserver(() => told.push(
  document.querySelector('.live-pilot')?.textContent ?? '')).observe(
  document.body, {childList: true, subtree: true, characterData: true})"""


@pytest.mark.parametrize(
    ("name", "more_than"), [("01_one_hot", 10), ("03_backward_pass", 4)]
)
def test_files_are_fetched_with_the_first_run_which_says_how_much(
    chromium, book, name, more_than
):
    asked = []
    page = chromium.page(fresh=True)
    with browser.served(book, asked) as address:
        page.open(f"{address}/chapters/{name}.html")
        said = page.run("document.querySelector('.live-summary').textContent")
        before = len(asked)
        assert [path for path in asked if "/pyodide/" in path] == []
        page.run(LISTEN)
        run(page, 1)
        told = page.run("told")
        files = {path.split("?")[0] for path in asked[before:]}
        if name == "01_one_hot":  # and only once
            page.reload()
            write(page, 1, "import matplotlib")
            run(page, 1)
    page.close()
    loading = [text for text in told if "Fetching Python: " in text]
    done = [float(text.split()[-4]) for text in loading]
    assert done == sorted(done)
    assert done[-1] > float(loading[0].split()[-2]) / 2
    start = told.index("StopStarting Python")
    assert told.index(loading[-1]) < start < told.index("StopRunning cell 1")
    first = int(said.split("first Run loads ")[1].split()[0])
    size = sum((book / path[1:]).stat().st_size for path in files if "/live/" in path)
    assert first == round(size / 1e6)
    assert ("the first figure" in said) == (name != "01_one_hot")
    fetched = [path for path in asked if path.endswith((".whl", ".wasm", ".zip"))]
    assert len(fetched) > more_than
    assert sorted(set(fetched)) == sorted(fetched)


# What is typed is kept


def second_tab(chromium, page):
    """Open the same page once more, in a tab that shares what is kept."""
    other = chromium.page()
    other.open(page.run("location.href"))
    return other


def news(page, number: int) -> str:
    """Return what a cell says of other tabs."""
    return page.run(
        f"document.querySelectorAll('.live-news')[{number - 1}].textContent"
    )


def text_of(page, number: int) -> str:
    return page.run(f"{field(page, number)}.value")


def test_two_tabs_do_not_overwrite_each_other(chromium, exercise):
    page, other = exercise, second_tab(chromium, exercise)
    write(page, 1, "first = 1")
    other.wait_for("document.querySelector('.live-news').textContent !== ''")
    assert text_of(other, 1) == "first = 1"  # nothing was typed there
    assert news(other, 1) == "Changed in another tab."
    write(other, 1, "second = 2")
    page.wait_for("document.querySelector('.live-news').textContent !== ''")
    assert text_of(page, 1) == "first = 1"
    assert news(page, 1).startswith("Changed in another tab too")
    # What is kept is what stands there now, also what was typed since.
    page.click(field(page, 1))
    page.press("End", 35, CONTROL)
    page.type("3")
    click(page, "Keep this text")
    assert text_of(page, 1) == "first = 13"
    assert news(page, 1) == ""
    other.wait_for("document.querySelector('.live-news').textContent.includes('too')")
    click(other, "Keep this text")
    page.wait_for("document.querySelector('.live-news').textContent !== ''")
    click(page, "Take the other")
    assert text_of(page, 1) == "second = 2"
    assert news(page, 1) == ""
    # Undo in one tab does not take the answer from the other, nor from the browser.
    click(page, "Undo my changes in cell 1")
    other.wait_for("document.querySelector('.live-news').textContent.includes('kept')")
    assert text_of(other, 1) == "second = 2"
    other.reload()
    assert text_of(other, 1) == "second = 2"
    other.close()


def test_the_notebook_can_be_downloaded_with_the_readers_answers(
    chromium, address, tmp_path
):
    page = chromium.page(fresh=True)
    page.open(f"{address}/chapters/01_one_hot.html")
    chromium.send(
        "Browser.setDownloadBehavior",
        behavior="allow",
        downloadPath=str(tmp_path),
        browserContextId=page.context,
    )
    write(page, 2, "mine = 1")
    click(page, "Notebook with my answers")
    path, until = tmp_path / "01_one_hot.ipynb", time.monotonic() + 60
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.1)
    cells = [c for c in notebooks.read(path).cells if c.cell_type == "code"]
    assert [c.source for c in cells].count("mine = 1") == 1
    assert len(cells) > 20
    page.close()


@pytest.mark.parametrize("why", ["full", "denied"])
def test_a_browser_that_keeps_nothing_is_told_of(address, why):
    settings = {"cookies": 2} if why == "denied" else {}
    path = browser.find()
    if path is None:
        left_out("no Chromium was found")
    with browser.Chromium(path, settings) as chromium:
        page = chromium.page()
        if why == "full":
            page.open(f"{address}/intro.html")
            page.run(FILL)
        page.resize(WIDE)
        page.open(f"{address}/chapters/01_one_hot.html")
        write(page, 1, "print(6 * 7)")
        assert "keeps nothing" in page.run("document.body.innerText")
        before = page.run("document.documentElement.dataset.theme")
        page.click("document.querySelector('.theme-switch-button')")
        assert page.run("document.documentElement.dataset.theme") != before
        assert run(page, 1).strip() == "42"
        assert page.complaints() == []


FILL = """(() => {
  for (let size = 1 << 22; size; size >>= 1) {
    try {
      for (;;) localStorage.setItem(`${size} ${Math.random()}`, 'x'.repeat(size));
    } catch { /* it is full for texts of this size */ }
  }
  try {
    for (let i = 0; ; i += 1) localStorage.setItem(i, '');
  } catch { /* it is full */ }
})()"""


def test_a_browser_that_keeps_is_not_said_to_keep_nothing(page, address):
    page.open(f"{address}/chapters/01_one_hot.html")
    write(page, 1, "1")
    assert "keeps nothing" not in page.run("document.body.innerText")
    click(page, "Undo my changes in cell 1")


def test_from_disk_the_page_says_how_to_serve_it(page, book):
    page.open((book / "chapters" / "01_one_hot.html").as_uri())
    assert "python -m http.server" in page.run(
        "document.querySelector('.live-bar').innerText"
    )
    assert page.run("document.querySelectorAll('.live-button').length") == 0


# Which cells can run without PyTorch


def test_cells_that_need_pytorch_are_found_by_what_they_use():
    sources = [
        "import numpy as np\nx = np.ones(3)",
        "import torch\ny = torch.ones(3)",
        "print(y)",
        "def show(a):\n    print(a + y)",
        "show(1)",
        "y = 1",
        "print(x, y)",
        "from rnn_lib.torch_twin import to_torch",
        "from rnn_lib import torch_twin",
    ]
    needs = live_cells.left_out(sources, live_cells.modules_that_need("torch"))
    expected = [False, True, True, True, True, False, False, True, True]
    assert needs == expected


def test_cells_that_use_a_slow_cell_are_left_out_with_it():
    sources = ["a = 1", "b = 2", "print(a)", "c = b", "print(c)", "b = 3\nprint(b)"]
    assert live_cells.left_out(sources, set(), {1}) == [
        False, True, False, True, True, False,
    ]  # fmt: skip


def test_modules_that_draw_are_found():
    modules = live_cells.modules_that_need("matplotlib")
    assert {"matplotlib", "rnn_lib.plots", "rnn_lib.diagrams"} <= modules
    assert "rnn_lib.layers" not in modules
    assert "rnn_lib.torch_twin" in live_cells.modules_that_need("torch")


# The files


def test_files_that_differ_are_found_and_not_used(tmp_path, monkeypatch, capsys):
    cache = tmp_path / "cache"
    monkeypatch.setattr(pyodide_files, "CACHE", cache)
    monkeypatch.setenv("PYODIDE_URL", (tmp_path / "nowhere").as_uri())
    monkeypatch.setattr(
        pyodide_files,
        "fetch_from_packages",
        lambda names, folder: [(folder / name).write_text("?") for name in names],
    )
    with pytest.raises(fetched_files.FetchError, match="not as recorded"):
        pyodide_files.locate()
    assert list(cache.iterdir()) == []
    assert capsys.readouterr().out.count("PYODIDE_URL: no ") == 1


def test_an_address_is_asked_first(tmp_path, monkeypatch):
    source, cache = tmp_path / "source", tmp_path / "cache"
    source.mkdir()
    (source / "a.whl").write_text("a")
    digest = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    monkeypatch.setattr(pyodide_files, "CACHE", cache)
    monkeypatch.setattr(pyodide_files, "recorded_hashes", lambda: {"a.whl": digest})
    monkeypatch.setattr(pyodide_files, "fetch_from_packages", pytest.fail)
    monkeypatch.setenv("PYODIDE_URL", f"{source.as_uri()}/")
    assert (pyodide_files.locate() / "a.whl").read_text() == "a"


def test_the_wheel_of_the_package_is_the_same_each_time(tmp_path):
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
        pyodide_files.write_wheel("rnn_lib", "1.0", library_files(), folder)
    name = "rnn_lib-1.0-py3-none-any.whl"
    assert (first / name).read_bytes() == (second / name).read_bytes()
    entry = pyodide_files.lock_entry(first / name)
    assert (entry["name"], entry["version"]) == ("rnn-lib", "1.0")
    assert entry["imports"] == ["rnn_lib"]


def test_every_file_that_is_served_has_its_licence(book):
    live = book / "_static" / "live"
    wheels = {path.name.split("-")[0] for path in (live / "pyodide").glob("*.whl")}
    texts = {path.stem: path.read_text("utf-8") for path in live.glob("licences/*")}
    assert {"numpy", "matplotlib", "tqdm", "rnn_lib"} < wheels
    assert wheels | {"README", "pyodide", "python"} == texts.keys()
    assert [name for name, text in texts.items() if len(text) < 500] == []
    assert pyodide_files.VERSION in texts["README"]


def test_the_version_of_tqdm_is_that_of_the_requirements():
    requirements = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert pyodide_files.TQDM in requirements


CONF = """
extensions = ["myst_nb", "book.extensions.live_cells"]
live_pages = ["chapters/*"]
nb_execution_mode = "off"
"""


def test_a_book_can_be_built_without_run_buttons(tmp_path):
    small = SmallBook(tmp_path, CONF)
    live = small.html / "_static" / "live"
    if "live-bar" not in small.build(LIVE="1")["chapters/01_a"]:
        left_out("Python for the browser could not be brought in")
    assert (live / "manifest.json").is_file()
    pages = small.build(LIVE="0")
    assert live_cells.WITHOUT in pages["chapters/01_a"]
    for text in pages.values():
        assert "live-bar" not in text
        assert "live.js" not in text
    assert not live.exists()


# A hand on the code

STUBS = """[...document.querySelectorAll('.live-editor')].map((editor, i) =>
  [i + 1, editor.textContent.split('\\n').length]).filter(([i]) =>
  document.querySelectorAll('.live-editor')[i - 1].textContent
    .includes('raise NotImplementedError'))"""

# Where a letter of the coloured code stands: line and column, both from 0.
LETTER = """(() => {
  const walker = document.createTreeWalker(%s.querySelector('pre'),
    NodeFilter.SHOW_TEXT);
  let line = 0, column = 0;
  while (walker.nextNode()) {
    const text = walker.currentNode;
    for (let i = 0; i < text.data.length; i += 1) {
      if (line === %d && column === %d) {
        const letter = document.createRange();
        letter.setStart(text, i);
        letter.setEnd(text, i + 1);
        const { left, top, height } = letter.getBoundingClientRect();
        return [left + 1, top + height / 2];
      }
      column += 1;
      if (text.data[i] === '\\n') [line, column] = [line + 1, 0];
    }
  }
})()"""

CARET = """(() => {
  const area = document.activeElement;
  const before = area.value?.slice(0, area.selectionStart).split('\\n') ?? [''];
  return [before.length - 1, before.at(-1).length];
})()"""

SAME_PLACE = """(() => {
  const area = %s, code = area.parentNode.querySelector('pre');
  const box = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [left, top, width, height].map(Math.round);
  };
  const look = getComputedStyle(area);
  return { same: `${box(area)}` === `${box(code)}`, size: parseFloat(look.fontSize),
    hidden: area.scrollHeight - area.clientHeight,
    caret: look.caretColor !== 'rgba(0, 0, 0, 0)' };
})()"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("chapter", [1, 2, 3, 5, 7])
def test_a_click_lands_on_the_letter_and_typing_enters_there(
    page, address, chapter, width, theme
):
    page.resize(width)
    page.prefer(color_scheme=theme)
    path = next(p for p in LIVE if p.stem.startswith(f"0{chapter}"))
    page.open(f"{address}/chapters/{path.stem}.html")
    number, lines = page.run(STUBS)[0]
    area = field(page, number)
    point = page.tap_at if width == PHONE else page.click_at
    for line in (0, lines // 2, lines - 2):
        text = page.run(f"{area}.value").split("\n")[line]
        column = min(len(text) - 1, 6) if text else 0
        place = page.run(LETTER % (editor(number), line, column))
        point(*place)
        page.wait_for(f"document.activeElement === {area}")
        page.wait_for(f"`${{{CARET}}}` === '{line},{column}'")
    before = page.run(f"{area}.value")
    page.type("q")
    assert len(page.run(f"{area}.value")) == len(before) + 1
    assert page.run(f"{editor(number)}.querySelector('pre').textContent") == (
        page.run(f"{area}.value") + "\n"
    )
    seen = page.run(SAME_PLACE % area)
    assert seen == {
        "same": True, "hidden": 0, "caret": True, "size": 16 if width == PHONE else 13,
    }  # fmt: skip
    click(page, f"Undo my changes in cell {number}")


def test_the_copy_button_lies_free(page, address):
    page.resize(WIDE)
    page.open(f"{address}/chapters/01_one_hot.html")
    number, _ = page.run(STUBS)[0]
    write(page, number, "copied = 1")
    copy = f"{editor(number)}.closest('.highlight').querySelector('.copybtn')"
    x, y = page.place_of(copy)
    assert page.run(f"{copy}.contains(document.elementFromPoint({x}, {y}))")
    click(page, f"Undo my changes in cell {number}")


def test_forced_colours_show_the_text_once(page, address):
    page.send(
        "Emulation.setEmulatedMedia",
        features=[{"name": "forced-colors", "value": "active"}],
    )
    page.open(f"{address}/chapters/01_one_hot.html")
    area = field(page, 1)
    assert page.run(
        f"getComputedStyle({editor(1)}.querySelector('pre')).visibility"
    ) == ("hidden")
    assert page.run(f"getComputedStyle({area}).color") != "rgba(0, 0, 0, 0)"


BUTTONS = """[...document.querySelectorAll(':is(.bd-article, .bd-header-article)' +
    ' :is(button, summary)')]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.9)
  .map((one) => one.outerHTML.slice(0, 120))"""
SMALL_FIELDS = """[...document.querySelectorAll('input[type=text], select, textarea')]
  .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 16).length"""
OVER_TEXT = """[...document.querySelectorAll('body *')].filter((one) => {
  const { left, right, bottom } = one.getBoundingClientRect();
  return one.checkVisibility({ visibilityProperty: true }) &&
    left < innerWidth && right > 0 && bottom > 0 &&
    (one.matches('.bd-article .copybtn') || getComputedStyle(one).position === 'fixed');
}).map((one) => one.outerHTML.slice(0, 120))"""


def test_a_finger_finds_every_button(page, address):
    page.resize(PHONE)
    for path in LIVE:
        page.open(f"{address}/chapters/{path.stem}.html#top")
        assert page.run(BUTTONS) == [], path.stem
        page.press("Shift", 16)  # brings in all fields
        assert page.run(SMALL_FIELDS) == 0, path.stem
        page.send(
            "Input.dispatchMouseEvent", type="mouseWheel",
            x=200, y=400, deltaX=0, deltaY=900,
        )  # fmt: skip
        page.wait_for("scrollY > 500")
        assert page.run(OVER_TEXT) == [], path.stem
        text = page.run("document.querySelector('.live-bar').innerText")
        assert "Shift" not in text


FIELDS = "document.querySelectorAll('.live-editor textarea').length"


def test_fields_come_with_the_reader_or_with_a_key(page, address):
    page.open(f"{address}/chapters/02_forward_pass.html")
    cells = page.run("document.querySelectorAll('.cell.live').length")
    page.wait_for(f"0 < {FIELDS}")
    assert page.run(FIELDS) < cells / 2
    far = "[...document.querySelectorAll('.cell.live:not(.tag_hide-input)')].at(-1)"
    page.run(f"{far}.scrollIntoView()")
    page.wait_for(f"{far}.querySelector('textarea') !== null")
    assert page.run(FIELDS) < cells
    page.press("Tab", 9)
    assert page.run(FIELDS) == cells


def test_script_for_a_page_is_light():
    assert (ROOT / "book" / "live" / "live.js").stat().st_size < 16_000
