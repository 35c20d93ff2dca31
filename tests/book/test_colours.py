"""The five colours: one source for charts, pages and formulas, and legible on all."""

import re
from pathlib import Path

import pytest

from book.extensions import colours
from rnn_lib.plots import COLOURS, GREY, SERIES
from tests.support import contrast

ROOT = Path(__file__).resolve().parents[2]
STYLE = (ROOT / "book" / "static" / "book.css").read_text("utf-8")
GROUNDS = ("--pst-color-background", "--pst-color-surface")
INKS = (
    "--pst-color-text-base",
    "--pst-color-text-muted",
    "--pst-color-link",
    "--pst-color-heading",
)


def block(style: str, selector: str) -> dict[str, str]:
    """Return the custom properties that a rule sets."""
    (body,) = re.findall(rf"^{re.escape(selector)} \{{(.*?)^\}}", style, re.S | re.M)
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))


def theme(mode: str) -> dict[str, str]:
    """Return the properties of the light or the dark theme."""
    return block(STYLE, f'html[data-theme="{mode}"]')


def grounds(mode: str) -> list[str]:
    """Return every ground that text stands on."""
    return [
        value
        for name, value in theme(mode).items()
        if name in GROUNDS or name.startswith("--tint")
    ]


def five(mode: str) -> dict[str, str]:
    """Return the five colours of a theme as the pages get them."""
    selector = ":root" if mode == "light" else 'html[data-theme="dark"]'
    found = block(colours.style(), selector)
    return {name: found[f"--{name}"] for name in COLOURS}


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_pages_have_the_colours_of_the_charts():
    assert five("light") == {name: c.lower() for name, c in COLOURS.items()}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_five_colours_are_legible_on_every_ground(mode):
    assert len(grounds(mode)) >= 6
    for ground in grounds(mode):
        for name, colour in five(mode).items():
            assert contrast(colour, ground) >= 4.5, (name, ground)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_and_links_are_legible_on_every_ground(mode):
    for ground in grounds(mode):
        for ink in INKS:
            assert contrast(theme(mode)[ink], ground) >= 4.5, (ink, ground)


def test_edges_of_boxes_stand_out():
    for mode in ("light", "dark"):
        for name in ("--edge-mistake", "--edge-exercise", "--pst-color-primary"):
            assert contrast(theme(mode)[name], theme(mode)["--tint-plain"]) >= 3


def test_what_is_drawn_stays_legible_when_a_picture_is_turned_round():
    ground = theme("dark")["--pst-color-background"]
    for colour in (*COLOURS.values(), GREY, *SERIES, "#000000"):
        assert contrast(colours.in_the_dark(colour), ground) >= 4


def test_the_ground_of_a_picture_is_no_lighter_than_the_page():
    ground = colours.channels(theme("dark")["--pst-color-background"])
    white = colours.channels(colours.in_the_dark("#ffffff"))
    assert all(w <= g for w, g in zip(white, ground, strict=True))
    assert all(g - w < 0.05 for w, g in zip(white, ground, strict=True))


def test_no_other_style_sheet_names_the_five_colours():
    own = {c.lower() for mode in ("light", "dark") for c in five(mode).values()}
    for path in (*ROOT.glob("book/*/*.css"), *ROOT.glob("book/figures/*.js")):
        named = set(re.findall(r"#[0-9a-f]{6}", path.read_text("utf-8").lower()))
        assert not own & named, path
