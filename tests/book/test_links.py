"""Links, anchors and pictures of the built book, without a browser."""

import pytest

from tests import html_pages


@pytest.fixture(scope="module")
def pages(book):
    return html_pages.read(book)


def test_every_link_and_every_file_is_there(book, pages):
    assert html_pages.broken(book, pages) == []


def test_every_page_can_be_reached(pages):
    reached, waiting = set(), ["index.html"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [path for path, _ in pages[name].internal if path in pages]
    # Sphinx writes it and links to it nowhere.
    assert pages.keys() - reached <= {"py-modindex.html"}


def test_an_id_is_given_once_on_a_page(pages):
    twice = {
        name: [id_ for id_, times in page.ids.items() if times > 1]
        for name, page in pages.items()
    }
    assert {name: ids for name, ids in twice.items() if ids} == {}


def test_every_picture_has_a_text_and_a_size(pages):
    missing = [
        f"{name}: {image.get('src')}"
        for name, page in pages.items()
        for image in page.images
        if "alt" not in image
        or (image["src"].endswith(".png") and not {"width", "height"} <= image.keys())
    ]
    assert missing == []


def test_other_sites_are_only_linked_to_and_by_https(pages):
    wrong = [
        f"{name}: {tag} {address}"
        for name, page in pages.items()
        for tag, address in page.external
        if not (tag == "a" and address.startswith("https://"))
        and not (tag == "img" and address.startswith("data:"))
    ]
    assert wrong == []


def test_every_page_says_what_it_is(pages):
    # The first only leads on to another.
    whole = {name: page for name, page in pages.items() if name != "index.html"}
    assert [name for name, page in whole.items() if not page.title] == []
    assert {page.language for page in whole.values()} == {"en"}
    lengths = {name: len(page.description) for name, page in whole.items()}
    assert {n: size for n, size in lengths.items() if not 15 <= size <= 165} == {}


# The check can fail

BAD = """<!doctype html><html lang="en"><title>A</title><body id="a">
<a href="b.html">1</a> <a href="#z">2</a> <a href="#a">3</a> <p id="a">
<a href="/index.html">5</a><video src="gone.mp4"></video>
<img src="gone.png"><a href="http://example.org/">4</a></body></html>"""


def test_a_broken_page_is_found(tmp_path):
    (tmp_path / "index.html").write_text(BAD, "utf-8")
    pages = html_pages.read(tmp_path)
    assert html_pages.broken(tmp_path, pages) == [
        "index.html: /index.html#",
        "index.html: b.html#",
        "index.html: gone.mp4#",
        "index.html: gone.png#",
        "index.html: index.html#z",
    ]
    for test in (
        test_an_id_is_given_once_on_a_page,
        test_every_picture_has_a_text_and_a_size,
        test_other_sites_are_only_linked_to_and_by_https,
    ):
        with pytest.raises(AssertionError):
            test(pages)
