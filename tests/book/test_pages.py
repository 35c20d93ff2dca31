"""Every page of the built book in a real browser: can everyone read and use it?

Each page is opened once; its window is then narrowed and its colours are switched.
"""

import json
import time
from dataclasses import dataclass, field

import pytest

from book.extensions import fetched_files
from tests import html_pages
from tests.support import left_out

WIDE, PHONE, NARROW = 1280, 390, 360
CONTROL, SHIFT = 2, 8

# What a page is asked

TOO_WIDE = """(() => {
  const root = document.documentElement, width = root.clientWidth;
  const scrolls = (box) => ['auto', 'scroll', 'hidden'].includes(
    getComputedStyle(box).overflowX) && box.getBoundingClientRect().right <= width + 1;
  const inside = (box) => box && (scrolls(box) || inside(box.parentElement));
  const wide = [...document.querySelectorAll('main .bd-article *')].filter((element) =>
    element.getBoundingClientRect().right > width + 1 &&
    !inside(element.parentElement)).map((element) => element.outerHTML.slice(0, 80));
  if (root.scrollWidth > width) wide.push(`the page: ${root.scrollWidth}`);
  return wide;
})()"""

FORMULAS = r"""document.fonts.ready.then(() => {
  const found = [];
  for (const bad of document.querySelectorAll('.katex-error')) found.push(bad.title);
  const shapes = [...document.querySelectorAll('.katex-html')].filter(
    (drawn) => drawn.checkVisibility());
  for (const drawn of shapes)
    if (!drawn.getBoundingClientRect().width) found.push(drawn.textContent);
  const fonts = [...document.fonts].filter((font) => font.status === 'loaded');
  if (shapes.length && !fonts.some((font) => font.family.includes('KaTeX_Main')))
    found.push('no font');
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { textContent, parentElement } = walker.currentNode;
    const meant = 'pre, code, textarea, script, style, annotation';
    if (/\$\$|\\[([]|\\[a-z]+\{/.test(textContent) && !parentElement.closest(meant))
      found.push(textContent);
  }
  return found;
})"""

UNREADABLE_CODE = """[...document.querySelectorAll('.cell_input pre')].filter((pre) => {
  const box = pre.closest('.highlight');
  const size = parseFloat(getComputedStyle(pre).fontSize);
  return pre.checkVisibility() && (size < 12 || box.clientWidth < 280);
}).map((pre) => pre.textContent.slice(0, 80))"""

AXE = """axe.run(%s, %s).then((result) =>
  result.violations.flatMap((rule) => rule.nodes.map(
    (node) => `${rule.id}: ${node.html.slice(0, 200)}`)))"""
# What is far from the reader is not laid out, and pictures there are not fetched.
# Answers to predictions are folded.
LAY_OUT = """(() => {
  for (const folded of document.querySelectorAll('.predicted')) folded.open = true;
  const style = document.createElement('style');
  style.textContent = '* { content-visibility: visible !important }';
  document.head.append(style);
  for (const picture of document.images) picture.loading = 'eager';
})()"""
ALL_THERE = """document.fonts.status === 'loaded' &&
  [...document.images].every((picture) => picture.complete)"""
COLOUR_RULES = ("color-contrast", "link-in-text-block")

# Marks elements whose contrast has to be looked at and returns what it is made of: of
# all that hold text and have the same colours on the same backgrounds, three, and none
# if `seen` has these colours.
COLOURS = r"""((seen, mark) => {
  const grounds = new Map(), often = new Map();
  const control = 'input, select, textarea, button';
  for (const element of document.querySelectorAll('html, html *')) {
    const style = getComputedStyle(element);
    const { backgroundColor, backgroundImage, opacity, position } = style;
    const parent = grounds.get(element.parentElement) ?? '';
    const placed = /absolute|fixed|sticky/.test(position) ? position : '';
    const own = [backgroundColor, backgroundImage, opacity, placed].join();
    let ground = own === 'rgba(0, 0, 0, 0),none,1,' ? parent : parent + own;
    if (/^rgb\(.*\),none,1,/.test(own)) ground = own; // hides what is below it
    grounds.set(element, ground);
    const text = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!(text || element.matches(control)) || !element.checkVisibility()) continue;
    const link = element.closest('a');
    const found = [element.localName === 'a', style.color, style.fontWeight,
      style.textDecorationLine, parseFloat(style.fontSize) >= 18.6, ground,
      link && getComputedStyle(link.parentElement).color].join();
    if (seen.includes(found)) continue;
    often.set(found, (often.get(found) ?? 0) + 1);
    if (often.get(found) <= 3) element.classList.add('to-look-at', mark);
  }
  return [...often.keys()];
})(%s, %s)"""
# Each run of axe-core goes through the whole page: the rest of it is taken away.
THIN_OUT = """((asked) => {
  for (const block of document.querySelectorAll('.bd-article :is(section, dd) > *'))
    if (!block.matches(`${asked}, :has(${asked}), ${asked} *, h1, h2, h3, h4`))
      block.remove();
})(%s)"""


def run_axe(page, where: str, colours: bool) -> list[str]:
    """Return what axe-core finds, by the rules on colour or by all others."""
    options = {"resultTypes": ["violations"]}
    if colours:
        options["runOnly"] = COLOUR_RULES
    else:
        options["rules"] = {name: {"enabled": False} for name in COLOUR_RULES}
    return page.run(AXE % (where, json.dumps(options)))


def violations(page, where="document", seen: list[str] | None = None) -> list[str]:
    """Return what axe-core finds, wide and on a phone, in light and in dark.

    The rules on colour take nearly all the time, and are asked about samples. Colours
    that were `seen` are left out; those that are seen now are added. Little is left of
    the page.
    """
    page.run(LAY_OUT)
    found, marked, seen = [], {}, [] if seen is None else seen
    for width in (PHONE, WIDE):
        page.resize(width)
        switch(page, "light")
        rest = run_axe(page, where, colours=False)
        found += [f"{width} light: {line}" for line in rest]
    for theme in ("light", "dark"):
        for width in (WIDE, PHONE):
            page.resize(width)
            switch(page, theme)
            mark = f"{theme}-{width}"
            marked[mark] = page.run(COLOURS % (json.dumps(seen), json.dumps(mark)))
            seen += marked[mark]
    page.run(THIN_OUT % "'.to-look-at'")
    for mark in (mark for mark, colours in marked.items() if colours):
        theme, width = mark.split("-")
        page.resize(int(width))
        switch(page, theme)
        lines = run_axe(page, f"{{include: ['.{mark}']}}", colours=True)
        found += [f"{width} {theme}: {line}" for line in lines]
    return found


def switch(page, theme: str) -> None:
    """Show the page as the theme's button does."""
    page.run(
        "(() => { const { dataset } = document.documentElement;"
        f"dataset.mode = dataset.theme = '{theme}';"
        "window.dispatchEvent(new Event('resize')); })()"
    )


# All pages, once


@dataclass
class Visit:
    """What a page showed."""

    violations: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    bytes: int = 0


@pytest.fixture(scope="module")
def axe():
    """Return the script of axe-core."""
    try:
        return (fetched_files.AXE.locate() / "axe.min.js").read_text("utf-8")
    except fetched_files.FetchError as error:
        left_out(f"no axe-core: {' '.join(str(error).split())}")


SIZES = (WIDE, PHONE, NARROW)


def visit(page, url, allowed, sizes=SIZES, axe=None, colours=None) -> Visit:
    """Open a page and look at it in all sizes; with `axe`, also in all colours.

    `colours` are those that were seen on other pages; new ones are added.
    """
    seen = Visit()
    page.prefer(reduced_motion="reduce")
    page.resize(WIDE)
    page.send("Network.setCacheDisabled", cacheDisabled=True)
    page.open(url)
    page.run(LAY_OUT)
    page.wait_for(ALL_THERE)
    seen.bytes = page.received()
    for width in sizes:
        page.resize(width)
        for found, what in (
            (seen.too_wide, TOO_WIDE),
            (seen.formulas, FORMULAS),
            (seen.code, UNREADABLE_CODE),
        ):
            found += [f"{width}: {line}" for line in page.run(what)]
    if axe:
        page.run(f"{axe};0")
        seen.violations = violations(page, seen=colours)
    seen.complaints = page.complaints()
    seen.outside = [
        url for url in page.requests() if not url.startswith((allowed, "data:"))
    ]
    return seen


def names(book) -> list[str]:
    """Return the pages to visit; not the first, which only leads on to another.

    The pages of source code are made alike. The largest is visited, and so many others
    that every kind of element that one of them has is seen.
    """
    pages = html_pages.read(book)
    sources = [name for name in pages if name.startswith("_modules/")]
    chosen = [name for name in pages if name not in sources and name != "index.html"]
    unseen = set().union(*(pages[name].kinds for name in sources))
    for name in sorted(sources, key=lambda name: -(book / name).stat().st_size):
        if unseen & pages[name].kinds:
            chosen.append(name)
            unseen -= pages[name].kinds
    return chosen


@pytest.fixture(scope="module")
def visits(book, address, chromium, axe):
    """Visit every page on the server."""
    found, colours = {}, []
    for name in names(book):
        page = chromium.page()
        found[name] = visit(page, f"{address}/{name}", address, SIZES, axe, colours)
        page.close()
    return found


@pytest.fixture(scope="module")
def visits_of_files(book, chromium):
    """Visit every page as a file: what it fetches and prints, not its other sizes."""
    found = {}
    for name in names(book):
        page = chromium.page()
        found[name] = visit(page, (book / name).as_uri(), book.as_uri(), (WIDE,))
        page.close()
    return found


def told(visits, what) -> dict:
    """Return what there is to say about each page."""
    return {name: what(seen) for name, seen in visits.items() if what(seen)}


def test_axe_finds_nothing(visits):
    assert told(visits, lambda seen: seen.violations) == {}


@pytest.mark.browser
@pytest.mark.parametrize("how", ["visits", "visits_of_files"])
def test_every_page_is_whole(how, request):
    visits = request.getfixturevalue(how)
    assert len(visits) > 25
    assert any(name.startswith("_modules/") for name in visits)
    assert told(visits, lambda seen: seen.outside) == {}
    assert told(visits, lambda seen: seen.complaints) == {}
    assert told(visits, lambda seen: seen.formulas) == {}
    assert told(visits, lambda seen: seen.too_wide) == {}
    assert told(visits, lambda seen: seen.code) == {}


def test_pages_are_light(visits):
    heavy = {n: s.bytes for n, s in visits.items() if not 1 < s.bytes < 450_000}
    assert heavy == {}
    assert visits["chapters/04_training.html"].bytes > 100_000


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_link_leads_to_its_place_in_the_right_colours(address, page, width, theme):
    page.resize(width)
    page.prefer(color_scheme=theme)
    page.open(f"{address}/chapters/03_backward_pass.html")
    last = page.run("[...document.querySelectorAll('.bd-article section')].at(-1).id")
    page.open(f"{address}/chapters/05_broken_notebook.html")  # another page
    page.open(f"{address}/chapters/03_backward_pass.html#{last}")
    assert page.run("document.documentElement.dataset.theme") == theme
    page.wait_for("document.fonts.status === 'loaded'")
    place = f"document.getElementById('{last}').getBoundingClientRect().top"
    bottom = "scrollY + innerHeight >= document.documentElement.scrollHeight - 1"
    page.wait_for(f"scrollY > 5000 && (Math.abs({place}) < 100 || {bottom})")
    assert 0 <= page.run(place) < page.run("innerHeight")


def layout_objects(page) -> int:
    """Return how many boxes the browser has made for the page."""
    found = page.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in found if one["name"] == "LayoutObjects")


def test_a_long_page_is_laid_out_where_the_reader_is(address, chromium):
    page = chromium.page(fresh=True)
    page.send("Performance.enable")
    page.resize(PHONE)
    page.open(f"{address}/chapters/03_backward_pass.html")
    page.wait_for("document.fonts.status === 'loaded'")
    time.sleep(0.5)  # for scripts that wait
    at_first = layout_objects(page)
    page.run(LAY_OUT)
    page.run("document.body.offsetHeight")
    assert at_first < layout_objects(page) / 4
    page.close()


SECTIONS = "[...document.querySelectorAll('.bd-article > section > section')]"
LATE = f"{SECTIONS}.at(-4)"
TOP = f"{LATE}.getBoundingClientRect().top"


@pytest.mark.parametrize("how", ["click", "address"])
def test_a_place_in_a_page_is_found_while_sections_are_not_laid_out(
    address, chromium, how
):
    page = chromium.page(fresh=True)
    page.resize(PHONE)
    page.prefer(reduced_motion="reduce")
    page.open(f"{address}/chapters/03_backward_pass.html")
    assert page.run("document.documentElement.dataset.sections") == "later"
    if how == "click":
        page.click("document.querySelector('.secondary-toggle')")
        page.click(f"document.querySelector(`dialog[open] a[href='#${{{LATE}.id}}']`)")
    else:
        page.run(f"location.hash = {LATE}.id")
    page.wait_for(f"Math.abs({TOP}) < 100")
    time.sleep(0.5)
    assert abs(page.run(TOP)) < 100
    assert (
        page.run(f"{LATE}.previousElementSibling.getBoundingClientRect().height") > 50
    )
    page.close()


# Boxes near the reader that scroll, and that the keyboard cannot reach.
UNREACHED = """[...document.querySelectorAll('pre, .katex-display, table.table')]
  .filter((box) => {
    const { top, bottom } = box.getBoundingClientRect();
    return bottom > 0 && top < innerHeight && box.scrollWidth > box.clientWidth
      && box.tabIndex !== 0 && box.checkVisibility();
  }).map((box) => box.outerHTML.slice(0, 80))"""


def test_what_scrolls_can_be_reached_wherever_the_reader_goes(address, chromium):
    page = chromium.page(fresh=True)
    page.prefer(reduced_motion="reduce")
    page.open(f"{address}/chapters/03_backward_pass.html")
    for width in (WIDE, PHONE):  # down the page wide, then once more narrow
        page.resize(width)
        page.run("scrollTo(0, 0)")
        for _ in range(20):
            page.run("scrollBy(0, 700)")
            page.wait_for(f"{UNREACHED}.length === 0")
    reached = "document.querySelectorAll(':is(pre, .katex-display)[tabindex]').length"
    assert page.run(reached) > 5
    page.close()


def test_the_reader_comes_back_to_the_same_place(address, chromium):
    page = chromium.page(fresh=True)
    page.resize(PHONE)
    page.prefer(reduced_motion="reduce")
    page.open(f"{address}/chapters/03_backward_pass.html")
    for _ in range(20):
        page.run("scrollBy(0, 700)")
        time.sleep(0.05)
    near = f"{SECTIONS}.findIndex((part) => part.getBoundingClientRect().bottom > 0)"
    number = page.run(near)
    assert number > 3
    page.reload()
    assert page.run("document.documentElement.dataset.sections") is None
    page.wait_for(f"{near} === {number}")
    page.close()


BAD = """<!doctype html><main><div class="bd-article">
<p class="wide" style="width:1300px">This is wide</p>
<div class="box" style="overflow:auto"><p style="width:1400px">This scrolls</p></div>
<div class="cell_input"><div class="highlight"><pre style="font-size:11px">small
</pre></div></div>
<div class="cell_input"><div class="highlight" style="width:270px"><pre>narrow</pre>
</div></div>
<p>$$U x_t$$</p><span class="katex-error" title="no formula"></span>
<span class="katex-html">y</span><span class="katex-html"></span></div></main>"""


@pytest.mark.parametrize("width", [WIDE, PHONE, NARROW])
def test_a_page_that_is_not_whole_is_found(tmp_path, chromium, width):
    (tmp_path / "bad.html").write_text(BAD, "utf-8")
    page = chromium.page()
    seen = visit(page, (tmp_path / "bad.html").as_uri(), "file:")
    page.close()

    def found(lines: list[str]) -> list[str]:
        start = f"{width}: "
        return [line.removeprefix(start) for line in lines if line.startswith(start)]

    wide, whole = found(seen.too_wide)
    assert wide.startswith('<p class="wide"')
    assert whole.startswith("the page: 13")
    assert found(seen.code) == ["small\n", "narrow"]
    assert found(seen.formulas) == ["no formula", "", "no font", "$$U x_t$$"]


# After something was done


def live_cell(start: str) -> str:
    """Return an expression for the live cell whose code starts in this way."""
    return (
        "[...document.querySelectorAll('.cell.live')].find((cell) => "
        f"cell.querySelector('textarea')?.value.startsWith({json.dumps(start)}))"
    )


def test_axe_finds_nothing_after_cells_have_run(book, address, chromium, axe):
    if not (book / "_static" / "live" / "manifest.json").is_file():
        left_out("the book was built without Python for the browser")
    page = chromium.page(fresh=True)  # what is typed is forgotten with it
    page.prefer(reduced_motion="reduce")
    page.open(f"{address}/chapters/01_one_hot.html")
    stub = live_cell('def decode_one_hot(vectors, symbols):\n    """Return the text')
    check = live_cell("checks.decode_one_hot(decode_one_hot)")
    page.press("Shift", 16)  # brings in the fields that are far away
    page.click(f"{stub}.querySelector('textarea')")
    page.press("a", 65, CONTROL)
    page.type("def decode_one_hot(vectors, symbols):\nreturn vectors.sum()")
    # What is typed is no longer what `stub` and `check` look for.
    page.run(f"window.check = {check}")
    check = "window.check"
    page.click(f"{check}.querySelector('[aria-label^=\"Run cell\"]')")
    page.wait_for(f"{check}.dataset.state === 'done'", 600)
    assert page.run(f"{check}.querySelectorAll('.exercise-report').length") == 1
    pictures = "document.querySelectorAll('.cell_output img[src^=\"data:\"]').length"
    assert page.run(pictures) == 2
    page.run(f"{axe};0")
    assert violations(page) == []
    assert page.complaints() == []
    page.close()


MOVE = """(() => {
  const figures = [...document.querySelectorAll('.play')];
  for (const figure of figures) {
    for (const input of figure.querySelectorAll('input, select')) {
      if (input.type === 'range') input.value = input.max;
      else if (input.type === 'checkbox') input.checked = !input.checked;
      else if (input.type === 'text') input.value = 'ABC';
      else input.selectedIndex = input.options.length - 1;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }
    for (const button of figure.querySelectorAll('button')) button.click();
  }
  return figures.map((figure) => figure.localName);
})()"""


def test_axe_finds_nothing_after_figures_were_moved(book, address, chromium, axe):
    moved, colours = [], []
    for name, parsed in html_pages.read(book).items():
        if not any("figures/common.js" in path for path, _ in parsed.internal):
            continue
        page = chromium.page()
        page.prefer(reduced_motion="reduce")
        page.open(f"{address}/{name}")
        before = page.run("document.querySelector('.play').textContent")
        moved += page.run(MOVE)
        page.wait_for(
            f"{json.dumps(before)} !== document.querySelector('.play').textContent"
        )
        page.run(THIN_OUT % "'.play'")
        page.run(f"{axe};0")
        assert violations(page, "{include: ['.play']}", colours) == [], name
        assert page.complaints() == []
        page.close()
    assert len(set(moved)) == 5


def test_axe_finds_a_bad_page(tmp_path, chromium, axe):
    text = (
        "<!doctype html><img src='data:,'><p style='color:#ccc'>Too pale"
        "<style>[data-theme=dark] b { color: #444; background: #333 }</style>"
        "<b>Too dark, in the dark</b>"
    )
    (tmp_path / "bad.html").write_text(text, "utf-8")
    page = chromium.page()
    page.open((tmp_path / "bad.html").as_uri())
    page.run(f"{axe};0")
    found = " ".join(violations(page))
    assert "image-alt" in found
    assert "html-has-lang" in found
    assert "dark: color-contrast" in found
    page.close()


# The keyboard

START_TOUR = """(() => {
  window.tour = [];
  // What is marked may be a part of what has the focus, or the box around it.
  window.shown = (element) => [element, element.firstElementChild,
    element.closest('.highlight'), element.closest('.sd-card')].filter(Boolean);
  window.marks = (element) => window.shown(element).map((marked) => {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow, backgroundColor,
        borderColor, textDecorationLine, textDecorationThickness }
        = getComputedStyle(marked);
      return JSON.stringify([outlineStyle, outlineWidth, outlineColor, boxShadow,
        backgroundColor, borderColor, textDecorationLine, textDecorationThickness]);
    }).join();
  const all = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  window.expected = [...document.querySelectorAll(all)].filter((element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.disabled &&
    element.tabIndex >= 0 && !element.closest('dialog:not([open])'));
  return window.expected.length;
})()"""

STEP = """(() => {
  const element = document.activeElement;
  if (element === document.body || window.tour.some((t) => t.element === element))
    return false;
  const seen = window.shown(element).some((box) => {
    const { width, height, bottom, top } = box.getBoundingClientRect();
    return width > 0 && height > 0 && bottom > 0 && top < innerHeight;
  });
  window.tour.push({ element, focused: window.marks(element), seen });
  return true;
})()"""

END_TOUR = """(() => {
  document.activeElement.blur();
  const name = (element) => element.outerHTML.slice(0, 160);
  const been = new Set(window.tour.map((stop) => stop.element));
  return {
    missed: window.expected.filter((element) => !been.has(element)).map(name),
    unseen: window.tour.filter((stop) => !stop.seen).map((stop) => name(stop.element)),
    unmarked: window.tour.filter((stop) => stop.focused === window.marks(stop.element))
      .map((stop) => name(stop.element)),
  };
})()"""


def tour(page) -> dict:
    """Press Tab until the beginning comes round again; tell what was wrong."""
    page.press("Shift", 16)  # brings in the fields that are far away
    stops = page.run(START_TOUR)
    assert stops > 3
    for _ in range(2 * stops):
        page.press("Tab", 9)
        if not page.run(STEP):
            break
    return page.run(END_TOUR)


@pytest.mark.parametrize(
    "name", ["intro.html", "chapters/02_forward_pass.html", "search.html"]
)
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_tab_reaches_everything_and_shows_where_it_is(page, address, name, width):
    page.prefer(reduced_motion="reduce")
    page.resize(width)
    page.open(f"{address}/{name}")
    page.run("document.activeElement.blur()")
    assert tour(page) == {"missed": [], "unseen": [], "unmarked": []}


def tab_to(page, selector: str) -> None:
    """Press Tab until the first element of this kind that is shown has the focus.

    If it is in the text, its section is clicked first.
    """
    found = (
        f"[...document.querySelectorAll('{selector}')]"
        ".find((one) => one.checkVisibility())"
    )
    heading = f"{found}.closest('section')?.querySelector('h1, h2, h3')"
    if page.run(f"Boolean({heading})"):
        page.click(heading)
    for _ in range(200):
        page.press("Tab", 9)
        if page.run(f"document.activeElement === {found}"):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def test_keys_work_the_page(page, address):
    page.prefer(reduced_motion="reduce")
    page.resize(WIDE)
    page.open(f"{address}/chapters/02_forward_pass.html")
    focus = "document.activeElement"

    page.press("Tab", 9)
    assert page.run(f"{focus}.getAttribute('href')") == "#main-content"
    page.press("Enter", 13, text="\r")
    assert page.run("location.hash") == "#main-content"
    page.press("Tab", 9)
    assert page.run(f"{focus}.closest('main') !== null")

    page.open(f"{address}/chapters/02_forward_pass.html")
    tab_to(page, ".dropdown-toggle")
    page.press("Enter", 13, text="\r")
    page.press("ArrowDown", 40)
    assert page.run(f"{focus}.closest('.dropdown-menu.show') !== null")
    page.press("Escape", 27)
    assert page.run(f"{focus}.className.includes('dropdown-toggle')")

    tab_to(page, ".theme-switch-button")
    before = page.run("document.documentElement.dataset.mode")
    page.press("Enter", 13, text="\r")
    assert page.run("document.documentElement.dataset.mode") != before

    page.press("k", 75, 2)
    assert page.run("document.querySelector('#pst-search-dialog').open")
    page.press("Escape", 27)
    assert not page.run("document.querySelector('#pst-search-dialog').open")

    tab_to(page, "summary")
    closed = page.run(f"{focus}.parentElement.open")
    page.press("Enter", 13, text="\r")
    assert page.run(f"{focus}.parentElement.open") is not closed

    tab_to(page, ".play button")
    words = page.run(f"{focus}.closest('.play').innerText")
    for _ in range(3):  # to a button that does something at the start
        page.press("Enter", 13, text="\r")
        page.press("Tab", 9)
    assert page.run("document.querySelector('.play').innerText") != words


def test_tab_leaves_the_editor(page, address):
    page.open(f"{address}/chapters/02_forward_pass.html")
    if not page.run("document.querySelectorAll('.live-editor').length"):
        left_out("the book was built without Python for the browser")
    area = "document.querySelector('.live-editor textarea')"
    page.click("document.querySelector('.live-editor')")
    page.wait_for(f"document.activeElement === {area}")
    source = page.run(f"{area}.value")
    page.press("Tab", 9)
    assert page.run("document.activeElement.localName") == "button"
    page.press("Tab", 9, SHIFT)
    assert page.run(f"document.activeElement === {area}")
    assert page.run(f"{area}.value") == source


MOTION = """[...document.querySelectorAll('*')].flatMap((element) =>
  ['', '::before', '::after'].map((part) => [element, getComputedStyle(element, part)])
).filter(([, style]) => style.scrollBehavior === 'smooth' ||
  /[1-9]/.test(style.transitionDuration + style.animationDuration)
).map(([element]) => element.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("name", ["intro.html", "chapters/02_forward_pass.html"])
def test_nothing_moves_by_itself_for_those_who_ask(page, address, name):
    page.prefer(reduced_motion="no-preference")
    page.open(f"{address}/{name}")
    assert page.run(MOTION) != []
    page.prefer(reduced_motion="reduce")
    assert page.run(MOTION) == []
