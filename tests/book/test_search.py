"""The search as a reader uses it: typed, clicked, tapped and read."""

import time

import pytest

FIELD = "document.querySelector('.bd-search-container input')"
RESULTS = "[...document.querySelectorAll('#search-results ul.search > li')]"
MARKS = "[...document.querySelectorAll('.found, .highlighted')]"
IN_WINDOW = """(() => {
  const {left, top, right, bottom} = %s.getBoundingClientRect();
  const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return right - left > 1 && top >= 0 && bottom <= innerHeight && %s.contains(seen);
})()"""
QUIET = """performance.now() - 300 > Math.max(
  ...performance.getEntriesByType('resource').map(one => one.responseEnd))"""
"""No more excerpts come, and results stay where they are."""

NAMES = (
    *("W_hh", "W_xh", "W_ih", "W_hy", "b_h", "weight_hh_l0", "BPTT", "teacher forcing"),
    *("exposure bias", "vanishing gradient", "exploding gradient", "cross entropy"),
    *("logits", "embedding", "many-to-many", "Elman", "hidden state", "minibatch"),
    *("backprop through time", "unrolling", "seq2seq", "early stopping", "char-rnn"),
    *("∂L/∂W", "negative log likelihood", "weight sharing", "start token", "TBPTT"),
)
"""What readers of other books and of PyTorch type."""


def search(page, address, query):
    """Type a query into the field of the search page and wait for all excerpts."""
    page.open(f"{address}/search.html")
    page.click(FIELD)
    page.type(f"{query}\n")
    page.wait_for("document.querySelector('p.search-summary')?.innerText > ''")
    page.wait_for(f"{RESULTS}.some(item => item.querySelector('.context'))")
    page.wait_for(QUIET)


def result(title, anchor=""):
    """Return an expression for the link of one result."""
    return (
        f"{RESULTS}.map(item => item.querySelector('a')).find("
        f"a => a.innerText.includes('{title}') && a.hash === '{anchor}')"
    )


def tap(page, element):
    """Touch the middle of an element, or what lies over it."""
    x, y = page.place_of(element)
    page.send("Emulation.setTouchEmulationEnabled", enabled=True)
    points = [{"x": x, "y": y}]
    page.send("Input.dispatchTouchEvent", type="touchStart", touchPoints=points)
    page.send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])


def arrive(page):
    """Wait until the page of a result is there, with its marks."""
    page.wait_for(
        "!location.pathname.endsWith('search.html')"
        " && document.readyState === 'complete'"
        f" && {MARKS}.length > 0"
    )


def texts(page):
    """Return what is marked, each once: of a formula, its source."""
    return set(
        page.run(
            f"{MARKS}.map(one => one.querySelector('annotation')?.textContent"
            " ?? one.innerText)"
        )
    )


def seen(page):
    """Return how many marks lie in the window, not below something else."""
    count = page.run(f"{MARKS}.length")
    marks = [f"{MARKS}[{n}]" for n in range(count)]
    return sum(page.run(IN_WINDOW % (mark, mark)) for mark in marks)


def test_an_excerpt_shows_each_formula_once_and_as_written(page, address):
    page.resize(1280)
    search(page, address, "hidden state")
    page.wait_for(f"{RESULTS}.filter(i => i.querySelector('.context')).length > 10")
    excerpts = page.run(f"{RESULTS}.map(i => i.innerText)")
    assert any("The vector h_t is the hidden state" in one for one in excerpts)
    assert not any(sign in "".join(excerpts) for sign in ("\\", "\u200b", "\u2061"))
    assert page.run(f"{MARKS}.length") >= len(excerpts) / 2
    search(page, address, "recurrence")
    excerpts = page.run(f"{RESULTS}.map(i => i.innerText)")
    assert any("U x_t + W h_{t-1} + b, h_t = tanh z_t" in one for one in excerpts)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_sign_in_the_field_lies_beside_the_text(page, address, width):
    page.resize(width)
    page.open(f"{address}/search.html?q=W")
    sign, text = page.run(
        f"(() => {{ const field = {FIELD}, style = getComputedStyle(field);"
        "const sign = field.parentNode.querySelector('.fa-magnifying-glass');"
        "return [sign.getBoundingClientRect().right,"
        "field.getBoundingClientRect().left + parseFloat(style.paddingLeft)]; })()"
    )
    assert sign < text


@pytest.mark.parametrize(
    ("query", "title", "marked"),
    [
        ("hidden state", "2. The", {"hidden state", "hidden states", "Hidden states"}),
        ("exploding gradients", "4. Training", {"exploding gradient"}),
        ("dL/dW", "3. The", {r"\frac{dL}{dW}", "dL/dW"}),
        ("early stopping", "8. Inv", {"Early stopping"}),
    ],
)
def test_a_result_opens_at_its_match(page, address, query, title, marked):
    page.resize(1280)
    search(page, address, query)
    page.click(result(title))
    arrive(page)
    assert texts(page) <= marked
    assert page.run("location.search") == ""
    assert seen(page) > 0
    assert page.run("Object.keys(localStorage).join()").find("highlight") < 0


def test_a_finger_opens_a_result_on_a_phone(page, address):
    page.resize(390, 844)
    search(page, address, "telephone")
    tap(page, result("2. The forward pass"))
    arrive(page)
    assert seen(page) > 0


def test_a_formula_that_is_written_otherwise_here_is_found(page, address):
    page.resize(1280)
    search(page, address, "∂L/∂W")
    page.click(result("Notation", "#id1"))
    arrive(page)
    assert texts(page) == {r"\partial L/\partial W"}
    assert seen(page) == 1


def test_signs_mark_no_letters(page, address):
    page.resize(1280)
    search(page, address, "∂L/∂W")
    page.click(result("3. The backward pass"))
    page.wait_for(
        "location.pathname.includes('03_') && document.readyState === 'complete'"
    )
    time.sleep(0.2)
    assert page.run("document.querySelectorAll('.highlighted, .found').length") == 0


def test_a_mark_leaves_formulas_as_they_are(page, address):
    drawn = "[...document.querySelectorAll('.katex-html')].map(k => k.innerHTML).join()"
    page.open(f"{address}/chapters/03_backward_pass.html")
    before = page.run(drawn)
    search(page, address, "W")
    page.click(result("3. The backward pass"))
    arrive(page)
    assert texts(page) == {"W"}
    assert page.run(drawn) == before


def test_a_match_in_what_is_folded_is_unfolded(page, address):
    """The word stands nowhere on the page but in an answer."""
    page.resize(1280)
    search(page, address, "coincidence")
    page.click(result("1. Letters"))
    arrive(page)
    assert seen(page) > 0
    assert page.run(f"{MARKS}[0].closest('details').open")


def test_marks_stay_on_their_page(page, address):
    page.resize(1280)
    search(page, address, "gradient")
    page.click(result("3. The backward pass"))
    arrive(page)
    hide = "document.querySelector('#searchbox :is(a, button)')"
    assert page.run(f"{hide} !== null")
    page.click("document.querySelector('a.right-next')")
    page.wait_for(
        "location.pathname.includes('04_') && document.readyState === 'complete'"
    )
    assert page.run("location.search") == ""
    assert page.run(f"{MARKS}.length") == 0
    assert page.run(f"{hide} === null")
    page.run("history.back()")
    page.wait_for(
        "location.pathname.includes('03_') && document.readyState === 'complete'"
    )


def test_a_page_that_is_no_result_has_no_marks(page, address):
    """Nothing stays behind of a search after which the reader goes elsewhere."""
    page.resize(1280)
    search(page, address, "gradient")
    page.click("document.querySelector('.bd-links a[href*=\"04_\"]')")
    page.wait_for(
        "location.pathname.includes('04_') && document.readyState === 'complete'"
    )
    time.sleep(0.2)
    assert page.run(f"{MARKS}.length") == 0


def test_marks_can_be_hidden(page, address):
    page.resize(1280)
    search(page, address, "gradient")
    page.click(result("3. The backward pass"))
    arrive(page)
    page.click("document.querySelector('#searchbox button')")
    assert page.run(f"{MARKS}.length") == 0
    page.reload()
    assert page.run(f"{MARKS}.length") == 0


def test_search_needs_no_storage(page, address):
    """Where it is full, what Sphinx would store is refused."""
    page.send(
        "Page.addScriptToEvaluateOnNewDocument",
        source="Storage.prototype.setItem = (name) => {"
        "if (name.startsWith('sphinx')) throw new Error('full'); }",
    )
    search(page, address, "hidden state")
    page.click(result("2. The forward pass"))
    arrive(page)


def test_a_book_in_a_folder_opens_with_its_marks(page, book):
    page.open(f"{book.as_uri()}/search.html")
    page.click(FIELD)
    page.type("hidden state\n")
    page.wait_for(f"{RESULTS}.length > 0")
    page.click(result("2. The forward pass"))
    arrive(page)
    assert seen(page) > 0


def test_names_from_elsewhere_are_found(page, address):
    missing = []
    for query in NAMES:
        page.open(f"{address}/search.html")
        page.click(FIELD)
        page.type(f"{query}\n")
        page.wait_for("document.querySelector('p.search-summary')?.innerText > ''")
        if not page.run(f"{RESULTS}.length"):
            missing.append(query)
    assert missing == []
