"""Turn the Markdown of the book (MyST) into Markdown that every notebook program shows.

Directives become headings, quotes and ``<details>``; roles become text. Numbers of
figures and equations are those of the book.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from pybtex.database import parse_file
from pybtex.richtext import Text

FENCE = re.compile(r"(?P<fence>`{3,}|:{3,})\{(?P<name>[\w:-]+)\}[ \t]*(?P<argument>.*)")
OPTION = re.compile(r":(?P<key>[\w-]+):[ \t]*(?P<value>.*)")
ROLE = re.compile(r"\{(?P<name>[\w:.-]+)\}`(?P<content>[^`]+)`")
TARGET = re.compile(r"\((?P<label>[\w:.-]+)\)=\s*")
LINK = re.compile(
    r"(?<!!)\[(?P<text>[^\]]*)\]\((?!https?:)[\w./-]*(?:\.\w+|#)[^)\s]*\)"
)
EQUATION = re.compile(r"^\$\$[ \t]*\((?P<label>[\w:.-]+)\)[ \t]*$", re.M)
WITH_LABEL = re.compile(r"(?P<text>.*?)\s*<(?P<label>[^<>]+)>", re.S)
CODE_ROLES = {"class", "func", "meth", "mod", "attr", "obj", "py:class", "py:func"}
NOTES = {"note", "tip", "warning", "important", "caution", "hint", "seealso"}


@dataclass
class Labels:
    """What the roles of the book refer to."""

    titles: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    works: dict[str, tuple[str, str]] = field(default_factory=dict)


def works_of(path: Path) -> dict[str, tuple[str, str]]:
    """Return authors and year of each work in a BibTeX file."""
    works = {}
    for key, entry in parse_file(str(path)).entries.items():
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        names = [
            " ".join(person.prelast_names + person.last_names) for person in people
        ]
        text = names[0] if names else key
        if len(names) == 2:
            text = f"{names[0]} and {names[1]}"
        elif len(names) > 2:
            text = f"{names[0]} et al."
        works[key] = str(Text.from_latex(text)), entry.fields.get("year", "n.d.")
    return works


def labels_of(root: Path) -> Labels:
    """Collect the labels of all chapters below `root`."""
    labels = Labels(works=works_of(root / "reference" / "references.bib"))
    for path in sorted((root / "chapters").glob("*.ipynb")):
        chapter = int(path.name.split("_")[0])
        counts = {"Figure": 0, "": 0, "Exercise": 0}

        def count(kind: str, label: str, chapter=chapter, counts=counts) -> None:
            counts[kind] += 1
            labels.numbers[label] = f"{kind} {chapter}.{counts[kind]}".strip()

        for cell in nbformat.read(path, 4).cells:
            name = cell.metadata.get("mystnb", {}).get("figure", {}).get("name")
            if name:
                count("Figure", name)
            if cell.cell_type != "markdown":
                continue
            for match in re.finditer(r"\((\S+)\)=\s+#+ (.*)", cell.source):
                labels.titles[match[1]] = match[2].strip()
            for match in EQUATION.finditer(cell.source):
                count("", match["label"])
            for match in re.finditer(r"\{play\} \S+\n:name: (\S+)", cell.source):
                count("Figure", match[1])
            exercise = r"\{exercise\}[ \t]*(.*)\n(?::.*\n)*?:label:[ \t]*(\S+)"
            for match in re.finditer(exercise, cell.source):
                count("Exercise", match[2])
                labels.titles[match[2]] = match[1].strip()
    return labels


def role(name: str, content: str, labels: Labels) -> str:
    """Return the text that stands for one role."""
    match = WITH_LABEL.fullmatch(content)
    text, label = (match["text"], match["label"]) if match else ("", content)
    if name in ("cite:t", "cite:p", "cite"):
        works = [labels.works.get(key.strip(), (key, "")) for key in label.split(",")]
        form = "{} ({})" if name == "cite:t" else "{}, {}"
        joined = "; ".join(form.format(*work) for work in works)
        return joined if name == "cite:t" else f"({joined})"
    if name == "eq":
        return f"({labels.numbers.get(label, label)})"
    if name == "numref":
        number = labels.numbers.get(label, label)
        parts = ("%s", "{number}")
        plain = number.split()[-1]
        for part in parts:
            text = text.replace(part, plain)
        return text or number
    if name == "ref":
        return text or labels.titles.get(label) or labels.numbers.get(label, label)
    if name == "math":
        return f"${content}$"
    if name in CODE_ROLES:
        return f"`{(text or label).removeprefix('~')}`"
    return text or label


def inline(text: str, labels: Labels) -> str:
    """Return a piece of Markdown without roles, labels and links into the book."""

    def equation(match: re.Match) -> str:
        return f"\\tag{{{labels.numbers.get(match['label'], '')}}}\n$$"

    text = EQUATION.sub(equation, text)
    text = ROLE.sub(lambda m: role(m["name"], m["content"], labels), text)
    text = LINK.sub(lambda m: m["text"], text)
    lines = [line for line in text.split("\n") if not TARGET.fullmatch(line)]
    return "\n".join(line for line in lines if not re.match(r"%\s|\+\+\+", line))


def quoted(title: str, body: str) -> str:
    """Return a block quote with a bold title."""
    lines = [f"**{title}**", "", *body.strip("\n").split("\n")]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def folded(title: str, body: str) -> str:
    """Return a block that opens at a click."""
    start = f"<details>\n<summary><b>{title}</b></summary>\n\n"
    return f"{start}{body.strip()}\n\n</details>"


def directive(
    name: str, argument: str, options: dict, body: str, labels: Labels
) -> str:
    """Return the plain Markdown for one directive; `body` is plain already."""
    title = inline(argument, labels)
    if name == "dropdown" or "dropdown" in options.get("class", ""):
        return folded(title or "More", body)
    if name == "exercise":
        number = labels.numbers.get(options.get("label", ""), "Exercise")
        return f"### {number}: {title}\n\n{body.strip()}"
    if name == "play":
        number = labels.numbers.get(options.get("name", ""), "Figure")
        return quoted(f"{number}, to play with on the chapter's page", body)
    if name == "admonition":
        return quoted(title or "Note", body)
    if name in NOTES:
        return quoted(name.capitalize(), f"{title}\n{body}" if title else body)
    if name == "math":
        return f"$$\n{body.strip()}\n$$"
    if name in ("code-block", "code", "sourcecode"):
        return f"```{argument}\n{body.rstrip()}\n```"
    if name in ("figure", "image"):
        alt = options.get("alt", "")
        return "\n\n".join(part for part in (f"*Figure.* {alt}", body.strip()) if part)
    if name in ("tableofcontents", "bibliography", "only", "raw", "glossary"):
        return ""
    return quoted(title, body) if title else body.strip()


def split_options(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return the options at the start of a directive, and the lines after them."""
    options = {}
    while lines and (match := OPTION.fullmatch(lines[0])):
        options[match["key"]] = match["value"]
        lines = lines[1:]
    return options, lines


def to_plain(text: str, labels: Labels) -> str:
    """Return plain Markdown for the MyST in `text`."""
    parts, loose, lines = [], [], text.split("\n")

    def flush() -> None:
        if loose:
            parts.append(inline("\n".join(loose), labels))
            loose.clear()

    while lines:
        line = lines.pop(0)
        match = FENCE.fullmatch(line)
        verbatim = re.match(r"(`{3,}|~{3,})", line)
        if not match and not verbatim:
            loose.append(line)
            continue
        flush()
        fence = match["fence"] if match else verbatim[1]
        body = []
        while lines and not re.fullmatch(re.escape(fence) + r"[ \t]*", lines[0]):
            body.append(lines.pop(0))
        lines = lines[1:]
        if not match:
            parts.append("\n".join([line, *body, fence]))
            continue
        options, body = split_options(body)
        own = "\n".join(body)
        if match["name"] not in ("math", "code-block", "code", "sourcecode"):
            own = to_plain(own, labels)
        parts.append(
            directive(match["name"], match["argument"].strip(), options, own, labels)
        )
    flush()
    return "\n".join(part for part in parts if part).strip("\n")
