"""A reader scrolls through the built book: does the text move as the wheel turns?

A section that is laid out above the window may be higher or less high than it was
guessed to be. Then the text jumps under the eyes of the reader.
"""

import pytest

WIDE, PHONE = 1280, 390
LONG = "chapters/03_backward_pass.html"
STEADY = 4  # px that a step of the wheel may be off

# Where the text in the window stands; what is not laid out does not.
PLACES = """new Promise((tell) => requestAnimationFrame(() => setTimeout(() => {
  window.text ??= [...document.querySelectorAll(
    '.bd-article :is(p, pre, h2, h3, li, table, img, .katex-display), footer p')];
  tell(window.text.map((box) => {
    if (!box.checkVisibility({ contentVisibilityAuto: true })) return null;
    const { top, bottom, height } = box.getBoundingClientRect();
    return height && bottom > 0 && top < innerHeight ? top : null;
  }));
})))"""
AT_TOP = "scrollY <= 1"
AT_END = "scrollY + innerHeight >= document.documentElement.scrollHeight - 1"


def opened(chromium, url: str, width: int):
    """Open a page that nobody has seen, with the size of a window or of a phone."""
    page = chromium.page(fresh=True)
    page.prefer(reduced_motion="reduce")
    page.resize(width, 844)
    page.open(url)
    page.wait_for("document.fonts.status === 'loaded'")
    return page


def turn(page, pixels: int) -> None:
    """Turn the wheel of the mouse over the text."""
    x = page.run("innerWidth") * 0.6
    place = {"x": x, "y": 400, "deltaX": 0, "deltaY": pixels}
    page.send("Input.dispatchMouseEvent", type="mouseWheel", **place)


def moves(before: list, after: list) -> list[float]:
    """Return how far each text moved that was in the window before and after."""
    pairs = zip(before, after, strict=True)
    return [old - new for old, new in pairs if None not in (old, new)]


def at_rest(page) -> list:
    """Return where the text stands once it has come to rest."""
    before, after = None, page.run(PLACES)
    while before != after:
        before, after = after, page.run(PLACES)
    return after


def jumps(page, pixels: int, steps: int) -> list[tuple[int, float]]:
    """Turn the wheel until the end of the page; tell at which steps the text jumped."""
    found = []
    end = AT_END if pixels > 0 else AT_TOP
    before = at_rest(page)
    for step in range(steps):
        turn(page, pixels)
        after = at_rest(page)
        if page.run(end):
            break
        moved = moves(before, after)
        assert moved, f"step {step} went too far"
        found += [(step, move) for move in moved if abs(move - pixels) > STEADY][:1]
        before = after
    return found


def test_nothing_jumps_on_the_way_down(address, chromium):
    page = opened(chromium, f"{address}/{LONG}", PHONE)
    assert jumps(page, 300, steps=120) == []
    assert page.run("scrollY") > 30_000
    page.close()


def go_to_the_end(page, how: str) -> None:
    """Go to the end of the page, with a key or as with a scroll bar.

    What comes into view is laid out, and the page may grow: then once more.
    """
    for _ in range(10):
        if how == "key":
            page.press("End", 35)
        else:
            page.run("scrollTo(0, document.documentElement.scrollHeight)")
        at_rest(page)
        if page.run(f"scrollY > 10000 && {AT_END}"):
            return
    raise AssertionError("the end of the page was not reached")


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("how", ["key", "scroll bar"])
def test_nothing_jumps_on_the_way_up_from_the_end(address, chromium, width, how):
    page = opened(chromium, f"{address}/{LONG}", width)
    go_to_the_end(page, how)
    assert jumps(page, -300, steps=300) == []
    assert page.run(AT_TOP)
    page.close()


def test_what_is_far_below_waits_while_the_reader_is_above(address, chromium):
    page = opened(chromium, f"{address}/{LONG}", PHONE)
    turn(page, 300)
    at_rest(page)
    last = (
        "[...document.querySelectorAll('.bd-article > section > section > *')].at(-1)"
    )
    assert not page.run(f"{last}.checkVisibility({{contentVisibilityAuto: true}})")
    page.close()


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_find_of_the_browser_reaches_what_waits(address, chromium, width):
    page = opened(chromium, f"{address}/{LONG}", width)
    text = page.run(
        "[...document.querySelectorAll('.bd-article > section > section')].at(-3)"
        ".querySelector('p').firstChild.data.slice(0, 30)"
    )
    assert page.run(f"window.find({text!r})")
    at_rest(page)
    assert page.run("scrollY") > 10_000
    found = "getSelection().getRangeAt(0).getBoundingClientRect()"
    assert page.run(f"{found}.top > 0 && {found}.bottom < innerHeight")
    page.close()


# Without scripts

SEEN = """[...document.querySelectorAll('button, input, select, textarea')]
  .filter((control) => control.checkVisibility({ visibilityProperty: true }))
  .map((control) => control.ariaLabel ?? control.className)"""


@pytest.fixture
def plain(chromium):
    """Open an empty page on which no script runs."""
    page = chromium.page(fresh=True)
    page.prefer(color_scheme="dark")
    page.send("Emulation.setScriptExecutionDisabled", value=True)
    yield page
    page.close()


@pytest.mark.parametrize("width", [WIDE, 1000, PHONE])
def test_a_page_without_scripts_has_colours_and_no_idle_controls(address, plain, width):
    plain.resize(width)
    plain.open(f"{address}/{LONG}")
    assert plain.run(SEEN) == ["Download this page"]
    header = "document.querySelector('.bd-header-article')"
    ground = f"getComputedStyle({header}).backgroundColor"
    assert plain.run(ground) == "rgb(253, 252, 250)"
    turn(plain, 500)
    plain.wait_for("scrollY > 100")
    on_top = (
        "document.elementFromPoint(innerWidth / 2, 20).closest('.bd-header-article')"
    )
    assert plain.run(f"{on_top} !== null")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_page_without_scripts_leads_to_other_chapters(address, plain, width):
    plain.resize(width)
    plain.open(f"{address}/{LONG}")
    link = "document.querySelector('.bd-links a[href*=\"07_\"]')"
    plain.click(link)
    plain.wait_for("location.pathname.includes('/07_')")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_bars_and_controls_have_the_colours_of_the_page(address, chromium, theme):
    page = chromium.page(fresh=True)
    page.prefer(color_scheme=theme)
    page.open(f"{address}/{LONG}")
    style = "getComputedStyle(document.querySelector('.bd-sidebar-primary'))"
    assert page.run(f"{style}.colorScheme") == theme
    assert (page.run(f"{style}.scrollbarColor") == "auto") is (theme == "light")
    page.close()
