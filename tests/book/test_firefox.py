"""What readers do, in a Firefox: cells, an exercise, figures, links into pages."""

import json

import pytest

from book.tools import notebooks
from tests import firefox, html_pages
from tests.book import test_live as live
from tests.support import left_out

PATH = notebooks.chapters()[0]
SOLUTION = "decode_one_hot"


@pytest.fixture(scope="module")
def browser():
    """Start a Firefox."""
    path = firefox.find()
    if path is None:
        left_out("no Firefox was found")
    with firefox.Firefox(path) as browser:
        yield browser


@pytest.fixture
def page(browser):
    """Give a page; at the end, no error may stand in its console."""
    yield browser
    assert browser.complaints() == []


def test_an_error_on_a_page_is_found(browser, address):
    browser.open(f"{address}/intro.html")
    browser.run("console.error('said')")
    browser.run("setTimeout(() => { throw new Error('thrown'); }, 0)")
    browser.wait_for("new Promise((done) => setTimeout(() => done(true), 100))")
    assert browser.complaints() == ["said", "Error: thrown"]


def test_all_cells_of_a_chapter_run(page, book, address):
    if not (book / "_static" / "live" / "manifest.json").is_file():
        left_out("the book was built without Python for the browser")
    page.open(f"{address}/chapters/{PATH.stem}.html")
    live.click(page, "Run all cells")
    live.wait_until_idle(page)
    shown = {cell["id"]: cell for cell in page.run(live.SHOWN)}
    cells = {f"cell-{cell.id}": cell for cell in live.code_cells(PATH)}
    found = {name: live.differences(cells[name], shown[name]) for name in shown}
    assert len(shown) > 20
    assert {name: list_ for name, list_ in found.items() if list_} == {}


def test_an_exercise_is_answered_and_the_answer_stays(page, book, address):
    if not (book / "_static" / "live" / "manifest.json").is_file():
        left_out("the book was built without Python for the browser")
    cells = live.code_cells(PATH)
    sources = [cell.source for cell in cells]
    stub = next(n for n, s in enumerate(sources) if s.startswith(f"def {SOLUTION}("))
    check = sources.index(f"checks.{SOLUTION}({SOLUTION})")
    right = sources[stub + 1]
    name = right.split("(")[0].removeprefix("def ")
    assert (name, cells[stub + 1].metadata.tags[0]) == (SOLUTION, "solution")

    page.open(f"{address}/chapters/{PATH.stem}.html")
    page.press("Shift", 16)  # brings in the fields that are far away
    for answer, verdict in ((f"def {SOLUTION}(v, s): return s", "✗"), (right, "✓")):
        live.write(page, stub + 1, answer)
        report = live.run(page, check + 1)
        assert verdict in report
    assert "✗" not in report
    page.reload()
    page.press("Shift", 16)
    assert page.run(f"{live.field(page, stub + 1)}.value").split() == right.split()
    assert "✗" not in live.run(page, check + 1)
    page.run("localStorage.clear()")


def figures(book) -> list[str]:
    """Return the pages with figures to play with."""
    pages = html_pages.read(book)
    return [n for n, page in pages.items() if "figures/common.js" in str(page.internal)]


def test_figures_answer_to_keys_and_mouse(page, book, address):
    moved = set()
    for name in figures(book):
        page.open(f"{address}/{name}")
        for number in range(page.run("document.querySelectorAll('.play').length")):
            figure = f"document.querySelectorAll('.play')[{number}]"
            before = page.run(f"{figure}.textContent")
            controls = f"{figure}.querySelectorAll('button, input, select')"
            for control in range(page.run(f"{controls}.length")):
                page.click(f"{controls}[{control}]")
                page.press("ArrowRight", 39)
                page.press("ArrowDown", 40)
            page.wait_for(f"{json.dumps(before)} !== {figure}.textContent")
            moved.add(page.run(f"{figure}.localName + {figure}.id"))
    assert len(moved) >= 5


def deep_links(book) -> list[str]:
    """Return ten sections that lie far down in their pages."""
    found = []
    for path in notebooks.chapters():
        text = (book / "chapters" / f"{path.stem}.html").read_text("utf-8")
        ids = [part.split('"')[0] for part in text.split('<section id="')[1:]]
        found += [f"chapters/{path.stem}.html#{ids[n]}" for n in (-4, -len(ids) // 2)]
    return found[:10]


@pytest.mark.parametrize("number", range(10))
def test_a_link_into_a_page_leads_to_its_heading(page, book, address, number):
    place = deep_links(book)[number]
    page.open("about:blank")
    page.open(f"{address}/{place}")
    page.run("document.fonts.ready.then(() => true)")
    section = f"document.getElementById({json.dumps(place.split('#')[1])})"
    page.wait_for(f"Math.abs({section}.getBoundingClientRect().top) < 150")
    page.run("new Promise((done) => setTimeout(() => done(true), 500))")
    assert abs(page.run(f"{section}.getBoundingClientRect().top")) < 150
    assert page.run("scrollY") > 1000
