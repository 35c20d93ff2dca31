"""What a reader takes along: the zip of the pages, printed pages, the PDF."""

import os
import re
import zipfile
from pathlib import Path

import pytest
import yaml

from book.extensions import paper_figures
from book.tools import notebooks, take_along
from rnn_lib.plots import COLOURS
from tests import html_pages
from tests.support import left_out

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "index.html",
    "intro.html",
    "chapters/02_forward_pass.html",
    "chapters/06_pytorch.html",
    "reference/api.html",
    "search.html",
)
BEYOND = 10  # points over the margin: less than the 6 mm that a printer needs


# The zip


@pytest.fixture(scope="module")
def unpacked(book, tmp_path_factory):
    """Pack the book, unpack it elsewhere, and return the folder of its pages."""
    folder = tmp_path_factory.mktemp("offline")
    packed = take_along.pack(book, folder / "book-1.zip")
    zipfile.ZipFile(packed).extractall(folder / "here")
    return folder / "here" / "book-1"


def small_book(folder: Path) -> Path:
    """Write a book of two files and one that is not packed."""
    folder.mkdir()
    (folder / "index.html").write_text("<p>a</p>")
    (folder / "b.html").write_text("<p>b</p>")
    (folder / ".buildinfo").write_text("what Sphinx keeps for itself")
    return folder


def test_the_same_pages_make_the_same_zip(tmp_path):
    first = take_along.pack(small_book(tmp_path / "a"), tmp_path / "book.zip")
    before = first.read_bytes()
    again = small_book(tmp_path / "c")
    os.utime(again / "b.html", (0, 1_000_000_000))
    assert take_along.pack(again, tmp_path / "book.zip").read_bytes() == before
    names = zipfile.ZipFile(first).namelist()
    assert names == ["book/READ ME.txt", "book/b.html", "book/index.html"]


@pytest.mark.parametrize("live", [True, False])
def test_the_zip_says_how_to_run_code_if_the_pages_can(tmp_path, live):
    folder = small_book(tmp_path / "a")
    if live:
        (folder / "_static" / "live").mkdir(parents=True)
        (folder / "_static" / "live" / "manifest.json").touch()
    packed = zipfile.ZipFile(take_along.pack(folder, tmp_path / "book.zip"))
    text = packed.read("book/READ ME.txt").decode()
    assert "Open index.html" in text
    assert ("python3 -m http.server" in text) == live


def test_what_latex_needs_is_named_alike_everywhere():
    for name in (".ci/run", "README.md"):
        text = (ROOT / name).read_text("utf-8")
        assert [p for p in take_along.PACKAGES.split() if p not in text] == [], name


def test_without_a_book_there_is_no_zip(tmp_path):
    with pytest.raises(take_along.TakeAlongError, match="run make book first"):
        take_along.pack(tmp_path, tmp_path / "book.zip")
    assert list(tmp_path.iterdir()) == []


def test_everything_that_a_page_names_is_in_the_zip(unpacked):
    pages = html_pages.read(unpacked)
    assert len(pages) > 20
    assert html_pages.broken(unpacked, pages) == []


def test_each_chapter_can_be_downloaded(unpacked):
    for path in notebooks.chapters():
        page = html_pages.read(unpacked)[f"chapters/{path.stem}.html"]
        for kind in ("ipynb", "zip"):
            file = f"_sources/chapters/{path.stem}.{kind}"
            assert (file, "") in page.internal
            assert (unpacked / file).stat().st_size > 1000


@pytest.mark.parametrize("name", PAGES)
def test_unpacked_pages_open_from_their_folder(chromium, unpacked, name):
    page = chromium.page()
    target = "intro.html" if name == "index.html" else name
    page.send("Page.navigate", url=(unpacked / name).as_uri())
    page.wait_for(
        f"location.pathname.endsWith({target!r}) && document.readyState === 'complete'"
    )
    failed = [e for e in page.messages() if e["method"] == "Network.loadingFailed"]
    asked = page.requests()
    complaints = page.complaints()
    page.close()
    assert failed == []
    assert complaints == []
    assert asked
    assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)


# A page printed from the browser

SHOWN = """(selector => [...document.querySelectorAll(selector)]
  .filter(e => e.checkVisibility() && e.getClientRects().length)
  .map(e => e.outerHTML.slice(0, 120)))"""
CUT = """[...document.querySelectorAll(
    '.bd-article :is(pre, .katex-display, table.table)')]
  .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1
    && getComputedStyle(e).overflowX !== 'visible')
  .map(e => e.textContent.slice(0, 60))"""
PRESSED = "button, input, select, textarea, .headerlink, nav, .bd-sidebar-primary"


@pytest.fixture
def printed(chromium, address):
    """Give a function that opens a page as it is printed, in dark mode on screen."""
    page = chromium.page()

    def show():
        page.open(f"{address}/chapters/02_forward_pass.html")
        page.run("document.documentElement.dataset.theme = 'dark'")
        page.send("Emulation.setEmulatedMedia", media="print")
        page.resize(700, 1000)
        return page

    yield show
    page.close()


def test_nothing_to_press_is_printed(printed):
    page = printed()
    assert page.run(f"{SHOWN}({PRESSED!r})") == []
    assert page.run(f"{SHOWN}('.play svg, .bd-article img').length") >= 3
    page.send("Emulation.setEmulatedMedia", media="screen")
    assert page.run(f"{SHOWN}({PRESSED!r}).length") > 20


def test_code_and_formulas_are_not_cut_off(printed):
    assert printed().run(CUT) == []


def test_answers_to_predictions_are_printed_and_links_to_exercises_are_not(printed):
    page = printed()
    folded = "'.predicted :is(pre, img)'"
    count = page.run(f"document.querySelectorAll({folded}).length")
    assert page.run(f"{SHOWN}({folded}).length") == count > 5
    line = page.run(f"{SHOWN}('.chapter-line > li')")
    assert len(line) == 2
    assert "6 exercises" in line[1]
    assert page.run(f"{SHOWN}('.chapter-line a')") == []


def test_paper_is_light_and_everything_on_it_is_open(printed):
    page = printed()
    closed = "document.querySelectorAll('details:not([open])').length"
    before = page.run(closed)
    assert before > 5
    page.run(
        "addEventListener('beforeprint', () => {"
        f" window.printed = [document.documentElement.dataset.theme, {closed}] }})"
    )
    assert page.send("Page.printToPDF")["data"]
    assert page.run("window.printed") == ["light", 0]
    page.wait_for(f"{closed} === {before}")
    assert page.run("document.documentElement.dataset.theme") == "dark"


# The figures to play with on paper


@pytest.mark.parametrize("name", paper_figures.figures.SCRIPTS)
def test_all_of_a_figure_is_drawn(name):
    svg = next(paper_figures.view(name).iter("svg"))
    (ax,) = paper_figures.drawing(svg).axes
    tags = [node.tag for node in svg.iter()]
    assert set(tags) <= {
        *("svg", "g", "text", "tspan", "line", "polyline", "polygon"),
        *("circle", "rect"),
    }
    assert len(ax.texts) == tags.count("text")
    assert len(ax.lines) == tags.count("line") + tags.count("polyline")
    shapes = tags.count("polygon") + tags.count("circle") + tags.count("rect")
    assert len(ax.patches) == shapes


def test_weights_have_their_colours_on_paper():
    svg = next(paper_figures.view("rnn-forward").iter("svg"))
    (ax,) = paper_figures.drawing(svg).axes
    assert {line.get_color() for line in ax.lines} == {
        COLOURS[name] for name in ("U", "V", "W")
    }


@pytest.mark.parametrize("name", paper_figures.figures.SCRIPTS)
def test_tables_on_paper_have_numbers(name):
    cells = [node.text for node in paper_figures.view(name).iter("td")]
    assert "·" not in cells


# The LaTeX source


@pytest.fixture(scope="module")
def latex_source(tmp_path_factory):
    """Write the LaTeX source of the book; no LaTeX is needed for that."""
    return take_along.write_latex(tmp_path_factory.mktemp("paper"))


@pytest.fixture(scope="module")
def tex(latex_source):
    """Return the text of the LaTeX source."""
    return latex_source.read_text("utf-8")


def test_chapters_have_the_numbers_of_their_files(tex):
    files = [path.stem for path in notebooks.chapters()]
    labels = re.findall(
        r"\\setcounter\{chapter\}\{(\d+)\}\s+\\sphinxstepscope\s+\\chapter\{.*\}\n"
        r"\\label\{\\detokenize\{chapters/(\w+):",
        tex,
    )
    assert [name for _, name in labels] == files
    assert [int(number) + 1 for number, _ in labels] == [
        int(name[:2]) for name in files
    ]


def test_parts_are_those_of_the_table_of_contents(tex):
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    captions = [part["caption"] for part in toc["parts"]]
    assert re.findall(r"\\part\{(.*)\}", tex) == captions


def test_each_answer_stands_where_it_is_announced(tex):
    announced = re.findall(r"\\paperanswer\{(.*?)\}", tex)
    found = re.findall(r"\\paperlabel\{(.*?)\}", tex)
    assert announced == found
    assert len(set(found)) == len(found)
    exercises = questions = 0
    for path in notebooks.chapters():
        for cell in notebooks.read(path).cells:
            exercises += cell.source.count("{exercise}")
            questions += len(re.findall(r"^\*\*\d\.\*\* ", cell.source, re.M))
    assert exercises > 40
    assert len(found) == exercises + questions


def test_solutions_are_printed_and_code_that_draws_is_not(tex):
    defined = re.findall(r"\\PYG\{n\+nf\}\{(.*?)\}\\PYG", tex)
    defined = [name.replace(r"\PYGZus{}", "_") for name in defined]
    for path in notebooks.chapters():
        for cell in notebooks.read(path).cells:
            tags = cell.metadata.get("tags", [])
            if cell.cell_type == "code" and "solution" in tags:
                name = re.search(r"^def (\w+)", cell.source, re.MULTILINE)[1]
                assert defined.count(name) >= 2, name  # stub and solution
    folded = [
        node
        for node in re.findall(
            r"sphinxuseclass\}\{tag_hide-input\}\n\\begin\{[^\n]*", tex
        )
        if "cell_input" in node
    ]
    assert len(folded) == tex.count("{tag_solution}")


def test_no_markup_of_the_pages_is_left(tex):
    tags = "a|br|button|code|details|div|em|p|pre|script|span|strong|summary|svg|t[dhr]"
    assert re.findall(rf"</?(?:{tags}|table|rnn-\w+)(?: [a-z-]+=|>|/>)", tex) == []
    for word in (
        "exercise-report",
        "play-still",
        "live-bar",
        "sd-card-body",
    ):
        assert word not in tex


def test_every_picture_is_there(latex_source, tex):
    pictures = re.findall(
        r"\\(?:sphinx)?includegraphics(?:\[.*?\])?\{+(.*?)\}+(\.\w+)?", tex
    )
    assert len(pictures) > 30
    missing = [
        a + b for a, b in pictures if not (latex_source.parent / (a + b)).exists()
    ]
    assert missing == []
    for name in paper_figures.figures.SCRIPTS:
        assert (f"{name}.pdf", "") in pictures


# The PDF


def test_without_latex_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setattr(take_along.shutil, "which", lambda program: None)
    with pytest.raises(take_along.TakeAlongError) as caught:
        take_along.make_pdf()
    assert len(str(caught.value).splitlines()) == 1
    assert "latexmk" in str(caught.value)


def test_complaints_of_latex_are_found():
    log = (
        "! LaTeX Error: File `a.sty' not found.\nall is well\n"
        "Missing character: There is no ✓ in font a!\n"
        "LaTeX Warning: Reference `b' on page 1 undefined on input line 2.\n"
    )
    assert len(take_along.complaints(log)) == 3
    assert take_along.complaints("Overfull \\hbox\nall is well\n") == []


def beyond_the_margin(log: str) -> list[str]:
    """Return the lines of `log` on boxes that stick out further than `BEYOND`."""
    lines = re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide\)(.*)", log)
    return [points + where for points, where in lines if float(points) > BEYOND]


def test_a_box_beyond_the_margin_is_found():
    log = "Overfull \\hbox (3.1pt too wide) at line 1\n"
    assert beyond_the_margin(log) == []
    log += "Overfull \\hbox (30.5pt too wide) in paragraph at lines 2--3\n"
    assert beyond_the_margin(log) == ["30.5 in paragraph at lines 2--3"]


def test_the_pdf_is_written_and_latex_has_nothing_to_complain(latex_source):
    if not take_along.has_latex():
        left_out("latexmk or xelatex was not found")
    pdf = take_along.run_latex(latex_source)
    assert pdf.read_bytes().startswith(b"%PDF")
    log = latex_source.with_suffix(".log").read_text("utf-8", "replace")
    assert take_along.complaints(log) == []
    assert beyond_the_margin(log) == []
    assert int(re.search(r"book\.\w+ \((\d+) pages", log)[1]) > 200
