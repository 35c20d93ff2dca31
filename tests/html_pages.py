"""The pages of the built book, read once with the standard library."""

import functools
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

ADDRESSES = {
    "a": "href", "area": "href", "form": "action", "link": "href", "object": "data",
    "use": "href",
}  # fmt: skip
"""Where the address stands in these elements; in all others it is `src`."""


@dataclass
class Parsed(HTMLParser):
    """What one page holds."""

    name: str
    ids: Counter = field(default_factory=Counter)
    addresses: list[tuple[str, str]] = field(default_factory=list)
    images: list[dict] = field(default_factory=list)
    kinds: set[tuple] = field(default_factory=set)  # of elements: tag and classes
    description: str = ""
    language: str = ""
    title: str = ""

    def __post_init__(self):
        super().__init__()
        self.inside = None

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.inside = tag
        self.kinds.add((tag, found.get("class")))
        if "id" in found:
            self.ids[found["id"]] += 1
        if address := found.get(ADDRESSES.get(tag, "src")):
            self.addresses.append((tag, address))
        if tag == "img":
            self.images.append(found)
        if tag == "meta" and found.get("http-equiv", "").lower() == "refresh":
            self.addresses.append((tag, found["content"].partition("url=")[2]))
        if tag == "meta" and found.get("name") == "description":
            self.description = found["content"]
        if tag == "html":
            self.language = found.get("lang", "")

    def handle_data(self, data):
        if self.inside == "title" and not self.title:
            self.title = data.strip()

    @property
    def internal(self) -> list[tuple[str, str]]:
        """Return (page or file, fragment) for all that belongs to the book.

        An address that starts at the root of a server keeps its slash: whoever opens
        the page as a file has no such root.
        """
        found = []
        for _, address in self.addresses:
            if not (urlsplit(address).scheme or address.startswith("//")):
                path, fragment = urldefrag(urljoin(f"/{self.name}", address))
                path = unquote(urlsplit(path).path)
                if not address.startswith("/"):
                    path = path[1:]
                found.append((path, unquote(fragment)))
        return found

    @property
    def external(self) -> list[tuple[str, str]]:
        """Return (tag, address) for all that does not."""
        return [
            (tag, address)
            for tag, address in self.addresses
            if urlsplit(address).scheme or address.startswith("//")
        ]


@functools.lru_cache(maxsize=200)
def parsed(name: str, text: str) -> Parsed:
    """Return what the page called `name` holds."""
    page = Parsed(name)
    page.feed(text)
    return page


def read(folder: Path) -> dict[str, Parsed]:
    """Return all pages of the book in `folder`, by their address.

    What lies in ``_static`` belongs to the theme and is no page.
    """
    pages = {}
    for file in sorted(folder.rglob("*.html")):
        name = file.relative_to(folder).as_posix()
        if not name.startswith("_static/"):
            pages[name] = parsed(name, file.read_text("utf-8"))
    return pages


def broken(folder: Path, pages: dict[str, Parsed]) -> list[str]:
    """Return the internal addresses that lead nowhere, with their pages."""
    found = []
    for page in pages.values():
        for path, fragment in set(page.internal):
            exists = not path.startswith("/") and (folder / path).is_file()
            if exists and fragment and path in pages:
                exists = fragment in pages[path].ids
            if not exists:
                found.append(f"{page.name}: {path}#{fragment}")
    return sorted(found)
