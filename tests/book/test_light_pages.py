"""What is left of the style sheets and icons of the theme, and of long texts."""

import re
import shutil
from pathlib import Path

import pydata_sphinx_theme
import pytest
import tinycss2
from fontTools.ttLib import TTFont
from PIL import Image

from book.extensions import light_pages
from tests.support import left_out

WORDS = {"a", "b"}


def left(css: str) -> str:
    rules = tinycss2.parse_stylesheet(css, **light_pages.QUIET)
    return light_pages.in_use(rules, WORDS)


def test_rules_of_known_classes_are_kept():
    for css in (".a{x:1}", "p.a>.b{x:1}", "#id{x:1}", "p:not(.c){x:1}", "[y]{x:1}"):
        assert left(css) == css


def test_rules_of_unknown_classes_are_dropped():
    for css in (".c{x:1}", ".a .c{x:1}", ".a.c{x:1}", "@media print{.c{x:1}}"):
        assert left(css) == ""


def test_of_several_selectors_the_known_are_kept():
    assert left(".a,.c,p{x:1}") == ".a,p{x:1}"


def test_rules_inside_a_condition_are_looked_at():
    css = "@media (min-width:1px){.a{x:1}.c{x:1}}"
    assert left(css) == "@media (min-width:1px){.a{x:1}}"


def test_fonts_and_imports_are_left_out_and_movements_kept():
    movement = "@keyframes k{from{x:1}}"
    assert left(f'@import "a.css";@font-face{{x:1}}{movement}') == movement


def test_comments_on_licences_are_kept():
    css = "/*! A, MIT */p{x:1}/* note */\n/*! A, MIT */"
    assert light_pages.licences(css) == "/*! A, MIT */"


def test_icons_are_found_however_they_are_written():
    assert light_pages.icons(r'.a:before{content:"\f002"}') == {0xF002}
    assert light_pages.icons(".a{--icon:'\uf058'}.b{content:'a'}") == {0xF058}


def test_a_long_text_is_cut_after_a_word():
    assert light_pages.cut("short") == "short"
    text = light_pages.cut("word, " * 50)
    assert len(text) <= 162
    assert text.endswith("word …")


def test_a_picture_gets_its_size_once(tmp_path):
    Image.new("RGB", (30, 20)).save(tmp_path / "a.png")
    page = tmp_path / "a.html"
    shutil.copyfile(tmp_path / "a.png", tmp_path / "my a.png")
    tags = '<img src="my%20a.png"><img src="a.svg"><img src="https://x.test/b.png">'
    page.write_text('<img alt="A" src="a.png" />' + tags, "utf-8")
    expected = (
        '<img width="30" height="20" loading="lazy" alt="A" src="a.png" />'
        '<img width="30" height="20" loading="lazy" src="my%20a.png">'
        '<img src="a.svg"><img loading="lazy" src="https://x.test/b.png">'
    )
    for _ in range(2):
        light_pages.lighten(page, "1")
        assert page.read_text("utf-8") == expected


def test_a_fine_picture_is_shown_as_large_as_a_coarse_one(tmp_path):
    page = tmp_path / "a.html"
    for dpi, pixels in ((100, (31, 20)), (200, (62, 41)), (50, (15, 10))):
        Image.new("RGB", pixels).save(tmp_path / f"{dpi}.png", dpi=(dpi, dpi))
    page.write_text('<img src="100.png"><img src="200.png"><img src="50.png">', "utf-8")
    light_pages.lighten(page, "1")
    sizes = re.findall(r'width="(\d+)" height="(\d+)"', page.read_text("utf-8"))
    assert sizes == [("31", "20"), ("31", "20"), ("30", "20")]


def test_plots_of_the_book_are_light_and_sharp(book):
    plots = list((book / "_images").glob("*.png"))
    assert len(plots) > 20
    shown = {}
    for page in book.glob("*/*.html"):
        for tag in re.findall(r"<img[^>]*_images/[^>]*>", page.read_text("utf-8")):
            name = re.search(r'_images/([^"]*)"', tag)[1]
            shown[name] = int(re.search(r'width="(\d+)"', tag)[1])
    for plot in plots:
        with Image.open(plot) as image:
            assert image.mode == "P", plot.name
            assert image.width // 2 == shown[plot.name], plot.name


def test_code_has_no_elements_without_a_colour_of_their_own(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<pre><span class="n">a</span><span class="w"> </span>'
        '<span class="o">=</span><span class="p">[]</span></pre>'
        '<p><span class="n">a</span></p>',
        "utf-8",
    )
    for _ in range(2):
        light_pages.lighten(page, "1")
    text = page.read_text("utf-8")
    assert '<pre>a <span class="o">=</span>[]</pre>' in text
    assert '<p><span class="n">a</span></p>' in text


@pytest.mark.parametrize("kind", ["n", "nn", "p", "w"])
def test_what_loses_its_element_has_the_colour_of_all_code(book, kind):
    css = (book / "_static" / "pygments.css").read_text("utf-8")
    for theme in ("light", "dark"):
        start = rf'html\[data-theme="{theme}"\] \.highlight'
        [ground] = re.findall(start + r" \{ background: #\w+; color: (#\w+) \}", css)
        [found] = re.findall(start + rf" \.{kind} \{{ color: (#\w+) \}}", css)
        assert found == ground


def test_the_script_of_the_theme_measures_no_code(tmp_path, book):
    assert light_pages.DOES_NOT in (
        book / "_static" / light_pages.THEME_SCRIPT
    ).read_text("utf-8")
    other = tmp_path / "other.js"
    other.write_text("another version", "utf-8")
    with pytest.raises(ValueError, match=r"other\.js does not measure"):
        light_pages.measure_no_code(other)


def test_an_address_in_a_style_sheet_holds_in_the_bundle():
    rest = "e{src:url(data:x),url(\"data:x\"),url('#y')}"
    css = 'a{src:url("b.woff2"),url(c/d.woff2)}' + rest
    expected = 'a{src:url("../f/b.woff2"),url(../f/c/d.woff2)}' + rest
    assert light_pages.moved(css, Path("f")) == expected


def test_a_page_asks_at_once_for_the_fonts_that_it_shows(book):
    text = "../_static/text/literata.woff2"
    formulas = [
        f"../_static/katex/fonts/KaTeX_{name}.woff2"
        for name in ("Main-Regular", "Math-Italic")
    ]
    for name, expected in (
        ("chapters/02_forward_pass", [text, *formulas]),
        ("reference/api", [text]),
    ):
        page = (book / f"{name}.html").read_text("utf-8")
        assert ('class="katex"' in page) == (len(expected) > 1)
        asked = re.search(r"const href of \[([^]]*)\]", page)[1]
        assert re.findall(r'"(.*)"', asked) == expected
        assert all((book / "chapters" / font).is_file() for font in expected)


def test_every_style_sheet_of_the_book_is_in_the_bundle(book):
    bundle = (book / "_static" / light_pages.BUNDLE).read_text("utf-8")
    for name in light_pages.OWN_STYLES:
        if not (book / "_static" / name).is_file():
            left_out(f"the book was built without {name}")
        css = (book / "_static" / name).read_text("utf-8")
        assert light_pages.moved(css, Path(name).parent) in bundle, name
    for page in book.glob("chapters/*.html"):
        links = re.findall(r'<link[^>]*href="([^"]*\.css)', page.read_text("utf-8"))
        assert links == ["../_static/styles/in-use.css"]


def test_the_icons_are_served_with_their_licence_and_nothing_else(book):
    folder = book / "_static" / "vendor" / "fontawesome"
    found = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
    fonts = [f"webfonts/{name}.woff" for name in light_pages.FONTS]
    assert sorted(found) == sorted(["LICENSE.txt", *fonts])
    with TTFont(folder / fonts[0]) as font:
        version = font["name"].getDebugName(5)
    # The licence in the repository was taken from this release.
    assert "Font Awesome version: 6.5.2" in version
    assert not list(book.glob("_static/scripts/fontawesome*"))


def test_a_font_keeps_the_icons_that_are_wanted(tmp_path):
    theme = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme"
    source = theme / "static" / light_pages.FOLDER / "fa-solid-900.ttf"
    light_pages.cut_font(source, tmp_path / "a.woff", {0xF002, 0xE999})
    with TTFont(tmp_path / "a.woff") as font:
        assert set(font.getBestCmap()) == {0xF002}
