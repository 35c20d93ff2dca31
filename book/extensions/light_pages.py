"""Make pages light: one style sheet, icons in use only, scripts that wait.

The theme and the extensions bring style sheets of 95 kB and a script of 540 kB for
icons, both as they travel, compressed. A page needs a third of the one and nothing
of the other. So after the build

- the rules of those style sheets that name a class that no page and no script knows
  are dropped, and the rest is written to one file, ``_static/styles/in-use.css``,
  with the style sheets of the book behind it;
- the theme's icon fonts are cut down to the icons that are left in it; their licence
  is ``_static/vendor/fontawesome/LICENSE.txt``, which the theme does not carry;
- pictures get their size, so that no text jumps when they arrive, and are fetched
  when the reader comes near;
- code has no elements without a colour of their own: 4 kB of a chapter, compressed;
- the theme's script no longer measures all code, which would lay out all of it.

While the pages are written, scripts are told to wait for the page, and each page gets
a description for search engines. ``book/templates/layout.html`` leaves out what the
theme would add.
"""

import hashlib
import html
import logging
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import imagesize
import tinycss2
from docutils import nodes
from fontTools import subset

logging.getLogger("fontTools").setLevel(logging.ERROR)  # or it tells of each table

BUNDLE = "styles/in-use.css"
STYLES = (
    "basic.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "copybutton.css",
    "exercise.css",
    "togglebutton.css",
    "mystnb.*.css",
    "sphinx-design.min.css",
)
"""What the bundle begins with, in the order in which pages would load it."""

OWN_STYLES = (
    "colours.css",
    "live/live.css",
    "figures/figures.css",
    "katex/katex.min.css",
    "accessible.css",
    "book.css",
    "print.css",
)
"""What comes after it, whole: classes of what a live cell shows stand in no page.

Pages load these and no other style sheet, whoever asks for one: see `bundled`.
"""

FONTS = {
    "fa-solid-900": ("Font Awesome 6 Free", 900),
    "fa-regular-400": ("Font Awesome 6 Free", 400),
    "fa-brands-400": ("Font Awesome 6 Brands", 400),
}
"""The fonts of the icons, with the family and the weight that the rules ask for."""

FOLDER = "vendor/fontawesome/webfonts"
FACE = (
    '@font-face{{font-display:block;font-family:"{family}";font-style:normal;'
    'font-weight:{weight};src:url(../{folder}/{name}.woff) format("woff")}}'
)
UNUSED = (
    "_modules/index.html",  # no page links to it, and its list is not well formed
    "_static/scripts/fontawesome.js*",
    "_static/sphinx_highlight.js",
    "_static/vendor/fontawesome/webfonts/*.ttf",  # what is left is in *.woff
    "_static/vendor/fontawesome/webfonts/*.woff2",
    "_static/**/*.map",
)
"""What no page asks for."""

THEME_SCRIPT = "scripts/pydata-sphinx-theme.js"
MEASURES = re.compile(
    r'"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)'
)
"""Where that script begins to look for code that scrolls, as book.js does."""

DOES_NOT = "void 0/* book.js */"

OTHER_PAGES = {
    "genindex": "Every term, function and class of the book, from A to Z.",
    "py-modindex": "The modules of the package rnn_lib.",
    "search": "Search the text and the code of the book.",
}
"""Descriptions of pages that Sphinx makes by itself."""

QUIET = {"skip_comments": True, "skip_whitespace": True}


# Style sheets


def class_names(selector: list) -> set[str]:
    """Return the classes that something needs to have to be meant by `selector`."""
    return {
        name.value
        for dot, name in zip(selector, selector[1:], strict=False)
        if dot.type == "literal" and dot.value == "." and name.type == "ident"
    }


def split_selectors(prelude: list) -> list[list]:
    """Return the selectors of a rule, which commas divide."""
    found = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


def text_of(tokens: list) -> str:
    """Return tokens as CSS."""
    return tinycss2.serialize(tokens).strip()


def in_use(rules: list, words: set[str]) -> str:
    """Return the rules whose classes all stand in `words`, as CSS.

    Fonts and imports are left out: there is one font, and one style sheet.
    """
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [
                text_of(selector)
                for selector in split_selectors(rule.prelude)
                if class_names(selector) <= words
            ]
            if selectors:
                kept.append(f"{','.join(selectors)}{{{text_of(rule.content)}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            content = tinycss2.parse_rule_list(rule.content, **QUIET)
            inner = in_use(content, words)
            if inner:
                condition = text_of(rule.prelude)
                kept.append(f"@{rule.at_keyword} {condition}{{{inner}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword not in (
            "charset",
            "font-face",
            "import",
        ):
            kept.append(rule.serialize())
    return "".join(kept)


def licences(css: str) -> str:
    """Return the comments that say whose work a style sheet is, each once."""
    return "".join(dict.fromkeys(re.findall(r"/\*!.*?\*/", css, re.DOTALL)))


def words_of(folder: Path) -> set[str]:
    """Return every class of the pages in `folder` and every word of its scripts."""
    words = set()
    for page in folder.rglob("*.html"):
        for classes in re.findall(r'class="([^"]*)"', page.read_text("utf-8")):
            words |= set(html.unescape(classes).split())
    for script in (folder / "_static").rglob("*.js"):
        if script.name != "fontawesome.js":
            words |= set(re.findall(r"[\w-]+", script.read_text("utf-8")))
    return words


def moved(css: str, folder: Path) -> str:
    """Return a style sheet of `folder` with the addresses that hold in the bundle."""
    here = (Path("..") / folder).as_posix()
    return re.sub(r'url\((["\']?)(?!["\']|data:|#)', rf"url(\1{here}/", css)


# Icons


def icons(css: str) -> set[int]:
    """Return the code points of all icons that a style sheet shows."""
    written = {int(code, 16) for code in re.findall(r"\\([ef][0-9a-f]{3})\b", css)}
    return written | {ord(sign) for sign in css if "\ue000" <= sign <= "\uf8ff"}


def cut_font(source: Path, target: Path, wanted: set[int]) -> None:
    """Write the font `source` with no other icons than those `wanted`."""
    options = subset.Options(flavor="woff", notdef_outline=True)
    options.name_IDs = ["*"]  # who made it, and the licence
    with subset.load_font(source, options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=wanted)
        cutter.subset(font)
        subset.save_font(font, target, options)


def write_bundle(folder: Path) -> str:
    """Write the style sheet and the fonts for the pages in `folder`.

    Returns
    -------
    str
        A version, which changes when the style sheet does.
    """
    static = folder / "_static"
    words = words_of(folder)
    paths = [path for name in STYLES for path in sorted(static.glob(name))]
    sources = [path.read_text("utf-8") for path in paths]
    css = "".join(licences(source) for source in sources)
    for source in sources:
        css += in_use(tinycss2.parse_stylesheet(source, **QUIET), words)
    wanted = icons(css)
    for path in filter(Path.is_file, map(static.joinpath, OWN_STYLES)):
        css += moved(path.read_text("utf-8"), path.parent.relative_to(static))
    for name, (family, weight) in FONTS.items():
        source = static / FOLDER / f"{name}.ttf"
        cut_font(source, source.with_suffix(".woff"), wanted)
        css += FACE.format(family=family, weight=weight, folder=FOLDER, name=name)
    (static / BUNDLE).write_text(css, "utf-8")
    return hashlib.sha256(css.encode()).hexdigest()[:8]


# Pages


def sized(tag: re.Match, page: Path) -> str:
    """Return an ``<img>`` with width and height, fetched when it comes near.

    A picture that says how many of its pixels make an inch is shown with 100 to it:
    plots have twice as many, so that they are sharp on a fine screen.
    """
    text = tag[0]
    source = re.search(r'\bsrc="([^"]*\.png)"', text)
    if source is None or " loading=" in text:
        return text
    path = page.parent / unquote(source[1])
    width, height = imagesize.get(path)
    dpi, _ = imagesize.getDPI(path)
    if dpi > 0:
        width, height = width * 100 // dpi, height * 100 // dpi
    size = (
        "" if " width=" in text or width < 0 else f' width="{width}" height="{height}"'
    )
    return f'<img{size} loading="lazy"{text[4:]}'


PLAIN_CODE = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')
"""Names, punctuation and blanks, which have the colour of all code."""


def plainer(block: re.Match) -> str:
    """Return a block of code without the elements that change nothing.

    They are more than half of those in code.
    """
    code = PLAIN_CODE.sub(r"\1", block[1])
    return f"<pre>{code}</pre>"


def lighten(page: Path, version: str) -> None:
    """Finish one page."""
    before = page.read_text("utf-8")
    after = re.sub(r'(in-use\.css)[^"]*"', rf'\1?v={version}"', before)
    after = re.sub(r'<i class="([^"]*\bfa-)', r'<i aria-hidden="true" class="\1', after)
    after = after.replace(' id="exercise-content"', "")  # again for each exercise
    after = re.sub(r"<img\b[^>]*>", lambda tag: sized(tag, page), after)
    after = re.sub(r"<pre>(.*?)</pre>", plainer, after, flags=re.DOTALL)
    if after != before:
        page.write_text(after, "utf-8")


def measure_no_code(script: Path) -> None:
    """Take out of the theme's script that it measures all code.

    Raises
    ------
    ValueError
        If this is another script than that of the pinned version.
    """
    text = script.read_text("utf-8")
    if DOES_NOT in text:
        return
    text, found = MEASURES.subn(DOES_NOT, text)
    if not found:
        raise ValueError(f"{script.name} does not measure code as expected")
    script.write_text(text, "utf-8")


def never_done(app, env, added, changed, removed) -> list[str]:
    """Write one page in any case, because Sphinx stops early where it has none.

    Then neither the pages with source code nor the files of ``_static`` would be
    written, which were taken away or may have changed.
    """
    return [app.config.root_doc]


def forget_modules(app) -> None:
    """Have the pages with source code written again.

    Sphinx keeps those whose code is unchanged, with the head that they had.
    """
    if app.builder.name == "html":
        shutil.rmtree(Path(app.outdir) / "_modules", ignore_errors=True)


def finish(app, exception) -> None:
    """Write the bundle and finish all pages."""
    if exception is not None or app.builder.name != "html":
        return
    folder = Path(app.outdir)
    version = write_bundle(folder)
    measure_no_code(folder / "_static" / THEME_SCRIPT)
    for page in folder.rglob("*.html"):
        lighten(page, version)
    for pattern in UNUSED:
        for file in folder.glob(pattern):
            file.unlink()


def description(doctree, pagename: str, title: str) -> str:
    """Return the first paragraph of a page that can do without formulas, cut."""
    for paragraph in doctree.findall(nodes.paragraph) if doctree else []:
        formulas = [node.astext() for node in paragraph.findall(nodes.math)]
        plain = all(formula.isalnum() for formula in formulas)
        if plain and isinstance(paragraph.parent, nodes.section):
            return cut(" ".join(paragraph.astext().split()))
    return OTHER_PAGES.get(pagename, f"The source code of {title}.")


def cut(text: str, longest: int = 160) -> str:
    """Return `text`, or its beginning up to the end of a word."""
    if len(text) <= longest:
        return text
    return text[: text.rindex(" ", 0, longest)].rstrip(",;:") + " …"


def write_head(app, pagename, templatename, context, doctree) -> None:
    """Give a page its description, its style sheet and scripts that wait."""
    if app.builder.name != "html":
        return
    title = re.sub(r"<[^>]*>", "", context.get("title", ""))
    words = description(doctree, pagename, html.unescape(title))
    context["metatags"] = context.get("metatags", "") + (
        f'<meta name="description" content="{html.escape(words)}" />'
    )
    context["css_files"] = [css for css in context["css_files"] if not bundled(css)]
    context["script_files"] = [
        script
        for script in context["script_files"]
        if "sphinx_highlight" not in str(script.filename)  # search.js marks instead
    ]
    for script in context["script_files"]:
        # Scripts inside the page set what is set up by the first.
        if script.filename and "documentation_options" not in str(script.filename):
            script.attributes.setdefault("defer", "defer")


def bundled(css) -> bool:
    """Tell whether a style sheet is in the bundle."""
    path = Path(str(css.filename).split("?")[0])
    return any(path.match(f"_static/{name}") for name in STYLES + OWN_STYLES)


def setup(app):
    """Run when a page is about to be written, and after the build."""
    app.connect("builder-inited", forget_modules)
    app.connect("env-get-outdated", never_done)
    app.connect("html-page-context", write_head, priority=900)
    app.connect("build-finished", finish, priority=900)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
