"""A build after a build, with nothing or with little changed in between."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import html_pages

ROOT = Path(__file__).resolve().parents[2]
CONF = f"""
import sys
sys.path.append({str(ROOT)!r})
extensions = ["sphinx.ext.autodoc", "sphinx.ext.viewcode",
    "book.extensions.light_pages", "book.extensions.search_terms"]
templates_path = [{str(ROOT / "book" / "templates")!r}]
html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = ["own.css"]
"""
INDEX = "Book\n====\n\n.. automodule:: rnn_lib.functional\n   :members:\n"
OTHER = ":orphan:\n\nOther\n=====\n\n:math:`h_t`\n"


@pytest.fixture
def build(tmp_path):
    """Return what builds a book of two pages, and gives its folder."""
    source, html = tmp_path / "source", tmp_path / "html"
    (source / "_static").mkdir(parents=True)
    (source / "conf.py").write_text(CONF, "utf-8")
    (source / "index.rst").write_text(INDEX, "utf-8")
    (source / "other.rst").write_text(OTHER, "utf-8")
    (source / "_static" / "own.css").write_text("p { color: red }", "utf-8")

    def run() -> Path:
        command = [sys.executable, "-m", "sphinx", "-q", source, html]
        subprocess.run(command, check=True, cwd=ROOT)
        return html

    return run


def contents(folder: Path) -> dict[str, bytes]:
    """Return every page, style sheet and the search index below `folder`."""
    files = [*folder.rglob("*.html"), *folder.rglob("*.css")]
    files.append(folder / "searchindex.js")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_nothing_is_lost_when_nothing_has_changed(build):
    html = build()
    before = contents(html)
    assert "_modules/rnn_lib/functional.html" in before
    assert b'"h_t": [[1, ' in before["searchindex.js"]  # an entry, not a word
    assert contents(build()) == before
    assert html_pages.broken(html, html_pages.read(html)) == []


def test_a_changed_style_sheet_arrives(build, tmp_path):
    build()
    (tmp_path / "source" / "_static" / "own.css").write_text("p { color: blue }")
    assert contents(build())["_static/own.css"] == b"p { color: blue }"


def test_a_page_that_is_gone_is_not_found_any_more(build, tmp_path):
    build()
    (tmp_path / "source" / "other.rst").unlink()
    text = contents(build())["searchindex.js"].decode()
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    assert index["docnames"] == ["index"]
    assert "h_t" not in index["indexentries"]
