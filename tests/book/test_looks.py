"""What a reader sees of the built book, in a real browser."""

import base64
import io
import math
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from matplotlib.image import imread

from book.extensions.repository import ROOT
from book.tools import notebooks
from rnn_lib import ladder
from rnn_lib.data import INPUT_ROWS, TARGET_ROWS

SPINE = ("chap-one-hot", "chap-forward", "chap-backward", "chap-training")
QUERIES = {
    "h_t": "reference/notation.html",
    "ŷ": "reference/notation.html",
    "y\u0302": "reference/notation.html",
    "y_hat": "reference/notation.html",
    "o_t": "reference/notation.html",
    "∂": "reference/notation.html",
    "⊙": "reference/notation.html",
    "U": "reference/notation.html",
    "W": "reference/notation.html",
    "V": "reference/notation.html",
    "b": "reference/notation.html",
    "perplexity": "reference/notation.html#term-perplexity",
    "dW": "reference/notation.html",
    "dV": "chapters/03_backward_pass.html",
    "learning_rate": "reference/notation.html",
    "cross_entropy": "reference/api.html#rnn_lib.functional.cross_entropy",
    "VanillaRNN": "reference/api.html#rnn_lib.network.VanillaRNN",
    "clip_by_norm": "reference/api.html#rnn_lib.optimizers.clip_by_norm",
    "tanh": "chapters/02_forward_pass.html",
    "GRU": "reference/notation.html#term-GRU",
}
"""What is typed, and the page that has to come first."""


def markdown_of(path: Path) -> str:
    """Return all text of a notebook."""
    cells = notebooks.read(path).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def minutes_of(path: Path) -> tuple[str, str]:
    """Return the minutes that a chapter states; no second ones without exercises."""
    text = markdown_of(path)
    pattern = r"\*\*Time\*\* (\d+) minutes(?:, and (\d+) for)?"
    (found,) = re.findall(pattern, text)
    assert bool(found[1]) == ("{exercise}" in text)
    return found


# The line below a title, and the front page


@pytest.mark.parametrize("path", notebooks.chapters(), ids=lambda path: path.stem)
def test_minutes_and_exercises_stand_below_the_title(book, path):
    page = (book / "chapters" / f"{path.stem}.html").read_text("utf-8")
    (line,) = re.findall(r'<ul class="chapter-line">(.*)', page)
    minutes, exercise_minutes = minutes_of(path)
    count = len(re.findall(r"\{exercise\}", markdown_of(path)))
    assert f"<li>{minutes} minutes</li>" in line
    found = re.findall(r"<summary>(.*?)</summary>", line)
    assert found == [f"{count} exercises, {exercise_minutes} minutes"] * (count > 0)
    assert "for the exercises." not in page
    targets = re.findall(r'href="([^"#]+)"', line)
    assert len(targets) == 2
    for target in targets:
        assert (book / "chapters" / target).is_file()


@pytest.mark.parametrize("path", notebooks.chapters(), ids=lambda path: path.stem)
def test_every_exercise_is_listed_at_the_top(book, path):
    page = (book / "chapters" / f"{path.stem}.html").read_text("utf-8")
    found = re.findall(
        r'<li><a href="#(ex-[\w-]+)">([\d.]+) (.*?)</a> <span>(\d+ minutes)</span>',
        page,
    )
    stated = re.findall(
        r"\{exercise\} (.*)\n:label: (.*)\n\n\*\*\d+ points?, (\d+ minutes)",
        markdown_of(path),
    )
    assert [(title, label, time) for label, _, title, time in found] == [
        (title.replace("'", "’"), label, time) for title, label, time in stated
    ]
    for label, number, title, _ in found:
        place = page.index(f'<div class="exercise admonition" id="{label}">')
        heading = re.sub(r"<[^>]*>", "", page[place : page.index("</p>", place)])
        assert heading.split() == f"Exercise {number} ({title})".split()


@pytest.mark.parametrize("how", ["mouse", "keys"])
def test_the_list_of_exercises_leads_to_one(page, address, how):
    page.resize(390, 800)
    page.open(f"{address}/chapters/06_pytorch.html")
    summary = "document.querySelector('.chapter-line summary')"
    link = "document.querySelectorAll('.chapter-line details a')[2]"
    assert not page.run(f"{link}.checkVisibility()")
    if how == "mouse":
        page.click(summary)
        page.click(link)
    else:
        page.click("document.querySelector('h1')")
        for wanted in (summary, link):
            while page.run(f"document.activeElement !== {wanted}"):
                page.press("Tab", 9)
            page.press("Enter", 13, text="\r")
    page.wait_for("location.hash === '#ex-growing-graph'")
    top = "document.getElementById('ex-growing-graph').getBoundingClientRect().top"
    page.wait_for(f"scrollY > 2000 && {top} > 0 && {top} < 200")


@pytest.mark.parametrize("path", notebooks.chapters(), ids=lambda path: path.stem)
def test_the_label_of_an_answer_in_words_is_not_on_the_page(book, path):
    page = (book / "chapters" / f"{path.stem}.html").read_text("utf-8")
    places = markdown_of(path).count("**Your answer (ex-")
    assert (places > 0) == ("{exercise}" in markdown_of(path))
    assert page.count("<strong>Your answer</strong>") == places
    assert "Your answer (ex-" not in page


def test_the_front_page_lists_every_chapter_with_its_minutes(book):
    page = (book / "intro.html").read_text("utf-8")
    items = re.findall(r"<li><p>(.*?)</li>", page, re.S)
    listed = [item for item in items if 'class="facts"' in item]
    assert len(listed) == len(notebooks.chapters())
    for path, item in zip(notebooks.chapters(), listed, strict=True):
        minutes, exercise_minutes = minutes_of(path)
        assert f"chapters/{path.stem}.html" in item
        more = f", exercises {exercise_minutes} minutes" if exercise_minutes else ""
        assert f"<p>{minutes} minutes{more}</p>" in re.sub(r"<p [^>]*>", "<p>", item)


def test_what_the_front_page_says_of_the_path_is_what_chapters_need():
    front_page = (notebooks.ROOT / "intro.md").read_text("utf-8")
    needs = {}
    for path in notebooks.chapters():
        text = markdown_of(path)
        (label,) = re.findall(r"^\((chap-[\w-]+)\)=\n# ", text, re.M)
        (need,) = re.findall(r"\*\*You need\*\*(.*?)\n```", text, re.S)
        whole, *part = re.split(r"last section", need)
        said = re.search(rf"^{label}: .*builds on .*<(.*)>`$", front_page, re.M)
        assert re.findall(r"<(chap-[\w-]+)>", "".join(part)) == (
            [said[1]] if said else []
        )
        needs[label] = set(re.findall(r"\{ref\}`[^`<]*<(chap-[\w-]+)>`", whole))
    assert tuple(needs)[: len(SPINE)] == SPINE
    for before, label in zip(SPINE, SPINE[1:], strict=False):
        assert before in needs[label]
    for label, wanted in needs.items():
        assert wanted <= set(SPINE), f"{label} needs a chapter that may be left out"


def test_the_three_doors_are_on_the_first_screen(page, address):
    page.resize(1280, 800)
    page.open(f"{address}/intro.html")
    doors = page.run(
        "[...document.querySelectorAll('.doors .sd-card')].map((card) => "
        "[card.querySelector('.sd-card-title').textContent.trim(), "
        "card.querySelector('a').getAttribute('href'), "
        "card.getBoundingClientRect().bottom])"
    )
    assert [name for name, _, _ in doors] == ["Read", "Run", "Teach"]
    assert [target for _, target, _ in doors] == [
        "chapters/01_one_hot.html#chap-one-hot",
        "#run-it",
        "instructors/guide.html#guide",
    ]
    assert max(bottom for _, _, bottom in doors) <= 800


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_door_looks_like_a_link_and_all_of_it_leads_on(page, address, mode):
    page.resize(1280, 800)
    page.prefer(color_scheme=mode)
    page.open(f"{address}/intro.html")
    door = "document.querySelectorAll('.doors .sd-card')[2]"
    style = f"getComputedStyle({door}.querySelector('.sd-card-title'))"
    link = "getComputedStyle(document.querySelector('.bd-article p > a')).color"
    assert page.run(f"{style}.color === {link}")
    assert page.run(f"{style}.textDecorationLine") == "none"
    x, y = page.place_of(door, y=0.9)
    page.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
    page.wait_for(f"{style}.textDecorationLine === 'underline'")
    page.click_at(x, y)
    page.wait_for("location.pathname === '/instructors/guide.html'")


RUNGS = {
    "sees nothing": "3.258",
    "sees current letter": "0.8984",
    "sees last 2 letters": "0.2133",
    "sees last 3 letters": "0.1493",
    "sees whole prefix": "0",
}


def test_the_cover_says_what_its_numbers_are(book):
    page = (book / "intro.html").read_text("utf-8")
    label = re.search(r'class="cover" role="img" aria-label="([^"]*)"', page)[1]
    rungs = ", ".join(f"{name}: {loss}" for name, loss in RUNGS.items())
    assert f"mean loss in nats per letter of a predictor that {rungs}." in label
    words = re.findall(r"<text[^>]*>(.*?)</text>", page)[10:]
    shown = [name for name in RUNGS if "3" not in name]
    assert words[0] == "mean loss, nats per letter"
    assert words[1:] == [word for name in shown for word in (RUNGS[name], name)]


def test_the_cover_shows_the_data():
    page = (ROOT / "book" / "cover.html").read_text("utf-8")
    floors = ladder(INPUT_ROWS, TARGET_ROWS)
    losses = {f"sees {name}": rung.loss + 0.0 for name, rung in floors.items()}
    assert {name: f"{loss:.4g}" for name, loss in losses.items()} == RUNGS
    reads, says = INPUT_ROWS[1][:5], TARGET_ROWS[1][:5]
    assert f"over the letters {', '.join(reads)}: each" in page
    assert f"an answer, {', '.join(says)}." in page
    letters = re.findall(r'text-anchor="middle">(.*)</text>', page)
    assert letters == [
        letter for pair in zip(reads, says, strict=True) for letter in pair
    ]
    rungs = [float(y) for y in re.findall(r'y1="(.*?)" .*class="rung"', page)]
    # Heights are stretched by a square root.
    highest = losses["sees nothing"]
    heights = [128 * math.sqrt(loss / highest) for loss in losses.values()]
    assert [172 - y for y in rungs] == pytest.approx(heights, abs=0.06)


@pytest.mark.parametrize("width", [360, 390, 620, 800, 1280])
def test_the_words_of_the_cover_can_be_read(page, address, width):
    page.resize(width, 800)
    page.open(f"{address}/intro.html")
    words = page.run(
        "[...document.querySelectorAll('.cover text')].map((word) => {"
        "const svg = word.ownerSVGElement, box = svg.getBoundingClientRect();"
        "const scale = box.width / svg.viewBox.baseVal.width;"
        "const {left, right} = word.getBoundingClientRect();"
        "const size = parseFloat(getComputedStyle(word).fontSize) * scale;"
        "return [size, left >= box.left && right <= box.right && right < innerWidth];"
        "})"
    )
    assert len(words) == 19
    assert min(size for size, _ in words) >= 11.5
    assert all(inside for _, inside in words)


# Text


def test_a_line_of_text_has_about_seventy_letters(page, address):
    page.resize(1280, 800)
    page.open(f"{address}/chapters/05_broken_notebook.html")
    letters = page.run(
        "(() => { const p = [...document.querySelectorAll('.bd-article section > p')]"
        ".find((p) => p.textContent.length > 300 && !p.querySelector('.katex'));"
        "const lines = p.getBoundingClientRect().height / "
        "parseFloat(getComputedStyle(p).lineHeight);"
        "return p.textContent.length / lines; })()"
    )
    assert 55 <= letters <= 80


TEXT = "document.querySelectorAll('.bd-article section p')"
SMALL_OR_DENSE = f"""[...{TEXT}].filter((p) => {{
  const {{ fontFamily, fontSize, lineHeight }} = getComputedStyle(p);
  return /Awesome|mono/i.test(fontFamily) ||
    parseFloat(fontSize) < 12 || parseFloat(lineHeight) < 1.25 * parseFloat(fontSize);
}}).map((p) => p.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("name", ["chapters/02_forward_pass", "reference/api", "intro"])
def test_every_paragraph_has_the_font_of_the_page_and_room(page, address, name):
    page.resize(390, 800)
    page.open(f"{address}/{name}.html")
    assert page.run(f"{TEXT}.length") > 5
    assert page.run(SMALL_OR_DENSE) == []


# Pictures and formulas


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_picture_stands_on_the_ground_of_the_page(page, address, mode):
    page.resize(1280, 800)
    page.prefer(color_scheme=mode)
    page.open(f"{address}/chapters/02_forward_pass.html")
    # A picture is loaded when it comes near.
    page.run("document.querySelector('.bd-article figure img').scrollIntoView()")
    page.wait_for("document.querySelector('.bd-article figure img').complete")
    box = page.run(
        "(() => { const b = document.querySelector('.bd-article figure img')"
        ".getBoundingClientRect(); return [b.x, b.y + scrollY, b.width, b.height]; })()"
    )
    x, y, width, height = box
    clip = {"x": x - 4, "y": y, "width": width, "height": height, "scale": 1}
    shot = page.send("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
    pixels = imread(io.BytesIO(base64.b64decode(shot["data"])))
    ground, corner = pixels[5, 0, :3], pixels[5, 8, :3]
    assert abs(ground - corner).max() < 0.01
    assert bool(ground.mean() > 0.9) is (mode == "light")
    # Something is drawn, and stands out.
    assert abs(pixels[:, 8:, :3] - ground).max() > 0.6


def test_formulas_have_the_colours_of_the_style_sheet(page, address):
    page.resize(1280, 800)
    page.open(f"{address}/chapters/02_forward_pass.html")
    for name in ("U", "W", "V", "state"):
        colour = page.run(
            f"[getComputedStyle(document.querySelector('.katex .{name}')).color, "
            "(() => { const s = document.createElement('i'); document.body.append(s);"
            f"s.style.color = 'var(--{name})'; return getComputedStyle(s).color; }})()]"
        )
        assert colour[0] == colour[1] != "rgb(0, 0, 0)"


# Search


def test_search_finds_symbols_and_names(page, address):
    page.resize(1280, 800)
    for query, wanted in QUERIES.items():
        page.open(f"{address}/search.html?q={quote(query)}")
        page.wait_for("document.querySelector('#search-results ul.search a') !== null")
        first = page.run(
            "document.querySelector('#search-results ul.search a').getAttribute('href')"
        )
        assert re.sub(r"\?[^#]*", "", first).startswith(wanted), (query, first)


STRETCHED = """[...document.querySelectorAll('.cell_output img')].map((picture) => {
  const { width, height } = picture.getBoundingClientRect();
  return [width, width / height / (picture.naturalWidth / picture.naturalHeight)];
})"""


@pytest.mark.parametrize("width", [1280, 390])
def test_a_picture_keeps_its_proportions_and_a_size_to_read(page, address, width):
    page.resize(width)
    page.open(f"{address}/chapters/05_broken_notebook.html")
    page.run("for (const picture of document.images) picture.loading = 'eager'")
    page.wait_for("[...document.images].every((picture) => picture.complete)")
    shown = page.run(STRETCHED)
    assert len(shown) == 3
    assert all(size >= 600 and abs(ratio - 1) < 0.01 for size, ratio in shown)
