"""What must hold for every page of the book.

The rules are small functions that take a notebook and return a list of problems.
Each is also tried on a notebook that breaks it.
"""

import copy
import re
from pathlib import Path

import nbformat
import pytest
import yaml

from book.tools import notebooks

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = notebooks.book_notebooks()
PAGE_FOLDERS = ("chapters", "reference", "instructors")
NOT_PAGES = {"README", "CONTRIBUTING"}

TAGS = {
    "raises-exception": "the cell shows an error on purpose; nbval compares it",
    "not-live": "work of minutes in a browser: no Run button there",
    "upload": "beside the cell the page offers to choose a file, yours.txt to Python",
    "hide-input": "code that draws a figure is folded, the figure is not",
    "solution": "the answer to an exercise; a student's notebook is made without it",
}
PLAY = re.compile(r"\{play\} \S+\n:name: (\S+)")
NUMREF = re.compile(r"\{numref\}`(?:[^`<]*<([\w-]+)>|([\w-]+))`")
ABSOLUTE_PATH = re.compile(
    r"(?<![\w.~/:-])/(?:home|opt|private|root|tmp|Users|usr|var|work)/\w"
    r"|\b[A-Z]:\\+(?:Program|Temp|Users|Windows)"
    r"|file:///"
)
# Written in two parts, so that this file passes its own test.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("download", "pytorch", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("anaconda", "org"),
        ("deb", "debian", "org"),
    )
)


def text_of(value) -> str:
    """Return all text in a cell, an output or any part of them."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        # Pictures are binary data in base64, in which anything may stand.
        parts = [v for k, v in value.items() if not str(k).startswith("image/")]
        return "\n".join(text_of(part) for part in parts)
    if isinstance(value, list):
        return "\n".join(text_of(part) for part in value)
    return ""


def code_cells(notebook):
    """Return the code cells of `notebook` with their position, from 1."""
    numbered = enumerate(notebook.cells, start=1)
    return [(i, cell) for i, cell in numbered if cell.cell_type == "code"]


def tags(cell) -> list[str]:
    """Return the tags of `cell`."""
    return cell.metadata.get("tags", [])


def not_run_in_order(notebook) -> list[str]:
    """Every code cell was run, once, from top to bottom."""
    return [
        f"cell {i}: execution count is {cell.execution_count}, expected {count}"
        for count, (i, cell) in enumerate(code_cells(notebook), start=1)
        if cell.execution_count != count
    ]


def unwanted_outputs(notebook) -> list[str]:
    """Nothing on stderr, and errors exactly where they are announced."""
    found = []
    for i, cell in code_cells(notebook):
        kinds = [output.get("name", output.output_type) for output in cell.outputs]
        if "stderr" in kinds:
            found.append(f"cell {i}: output on stderr")
        if ("error" in kinds) != ("raises-exception" in tags(cell)):
            found.append(f"cell {i}: an error and `raises-exception` go together")
    return found


def trailing_semicolons(notebook) -> list[str]:
    """No cell ends in ``;``, which hides an output from the comparison."""
    return [
        f"cell {i}: ends in ;"
        for i, cell in code_cells(notebook)
        if cell.source.rstrip().endswith(";")
    ]


def figure_names(notebook) -> list[str]:
    """Return the names under which figures of `notebook` can be referred to."""
    settings = [cell.metadata.get("mystnb", {}) for _, cell in code_cells(notebook)]
    return [s["figure"]["name"] for s in settings if s.get("figure", {}).get("name")]


def figure_problems(notebook) -> list[str]:
    """Every picture has a name, a caption and a text for those who cannot see it."""
    found = []
    for i, cell in code_cells(notebook):
        pictures = [
            output
            for output in cell.outputs
            if any(kind.startswith("image/") for kind in output.get("data", {}))
        ]
        if len(pictures) > 1:
            found.append(f"cell {i}: {len(pictures)} pictures share one caption")
        if pictures:
            settings = cell.metadata.get("mystnb", {})
            for part, key in (
                ("figure", "name"),
                ("figure", "caption"),
                ("image", "alt"),
            ):
                if not str(settings.get(part, {}).get(key, "")).strip():
                    found.append(f"cell {i}: picture without mystnb {part}.{key}")
    for i, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "markdown":
            if re.search(r"!\[\s*\]\(", cell.source):
                found.append(f"cell {i}: image without alt text")
            for block in re.findall(
                r"\{(?:figure|image)\}.*?(?:```|:::)", cell.source, re.S
            ):
                if not re.search(r"^:alt: *\S", block, re.M):
                    found.append(f"cell {i}: figure without :alt:")
    names = figure_names(notebook)
    return found + [f"figure name {n} used twice" for n in repeated(names)]


def unmentioned_figures(notebook) -> list[str]:
    """The text refers to every figure by its number."""
    sources = [c.source for c in notebook.cells if c.cell_type == "markdown"]
    text = "\n".join(sources)
    names = figure_names(notebook) + PLAY.findall(text)
    told = {a or b for a, b in NUMREF.findall(text)}
    return [f"no text refers to {name}" for name in names if name not in told]


def repeated(names) -> list[str]:
    """Return the names that occur more than once."""
    return sorted({name for name in names if names.count(name) > 1})


def absolute_paths(notebook) -> list[str]:
    """No folder of the machine on which the notebook was run."""
    return [
        f"cell {i}: absolute path {match[0]}"
        for i, cell in enumerate(notebook.cells, start=1)
        for match in ABSOLUTE_PATH.finditer(text_of(cell))
    ]


def unlisted_tags(notebook) -> list[str]:
    """Only tags that are listed above, each with its reason."""
    return [
        f"cell {i}: tag {tag} is not in the list in tests/book/test_book.py"
        for i, cell in enumerate(notebook.cells, start=1)
        for tag in tags(cell)
        if tag not in TAGS
    ]


def registry_hosts(text: str) -> list[str]:
    """Return the package registries that `text` names by host."""
    return [host for host in REGISTRIES if host in text]


RULES = (
    not_run_in_order,
    unwanted_outputs,
    trailing_semicolons,
    figure_problems,
    unmentioned_figures,
    absolute_paths,
    unlisted_tags,
)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_chapter_keeps_the_rule(rule, path):
    assert rule(notebooks.read(path)) == []


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_is_in_canonical_form(path):
    assert notebooks.is_canonical(path), "run `make notebooks`"


def test_figure_names_are_unique_in_the_book():
    names = [n for path in CHAPTERS for n in figure_names(notebooks.read(path))]
    assert repeated(names) == []


def test_every_work_of_the_bibliography_is_cited():
    works = (ROOT / "reference" / "references.bib").read_text("utf-8")
    pages = [ROOT / "intro.md", *ROOT.glob("reference/*.md"), *CHAPTERS]
    roles = re.findall(
        r"\{cite:\w\}`([^`]+)`", "".join(page.read_text("utf-8") for page in pages)
    )
    cited = {key for keys in roles for key in keys.split(",")}
    assert cited == set(re.findall(r"^@\w+\{(\w+),", works, re.M))


# Check yourself

ANSWER = re.compile(r"^```\{dropdown\} (.+)\n((?:.*\n)*?)```$", re.M)


def self_check(notebook) -> list[list[tuple[str, str]]]:
    """Return for each question the answers, each with what is said about it."""
    prose = [c.source for c in notebook.cells if c.cell_type == "markdown"]
    parts = re.split(r"^## (.+)\n", "\n\n".join(prose), flags=re.M)
    part = dict(zip(parts[1::2], parts[2::2], strict=True)).get("Check yourself", "")
    questions = re.split(r"^\*\*\d\.\*\* ", part, flags=re.M)[1:]
    return [ANSWER.findall(question) for question in questions]


def is_right(said: str) -> bool:
    """Tell whether an answer is called right."""
    return said.startswith("Right.")


def self_check_problems(notebook) -> list[str]:
    """Three questions; one answer is right, the others say why they are tempting."""
    questions = self_check(notebook)
    found = [] if len(questions) == 3 else [f"{len(questions)} questions"]
    for i, answers in enumerate(questions, start=1):
        if len(answers) not in (3, 4):
            found.append(f"question {i}: {len(answers)} answers")
        if sum(is_right(said) for _, said in answers) != 1:
            found.append(f"question {i}: not one right answer")
        if repeated([title for title, _ in answers]):
            found.append(f"question {i}: an answer comes twice")
        for title, said in answers:
            why = re.match(r"Tempting, because .*\sBut ", said, re.S)
            if not (is_right(said) or why):
                found.append(f"{title}: neither right nor tempting")
            if len(said.split()) < 10:
                found.append(f"{title}: not explained")
            if re.search(r"[$`*{]", title):
                found.append(f"{title}: a folded title in a notebook shows no markup")
    return found


@pytest.mark.parametrize("path", notebooks.chapters(), ids=lambda path: path.stem)
def test_self_checks_answer_every_answer(path):
    assert self_check_problems(notebooks.read(path)) == []


def test_the_right_answer_is_not_told_by_place_or_length():
    chapters = [self_check(notebooks.read(path)) for path in notebooks.chapters()]
    places, longest = [], []
    for questions in chapters:
        own = [[is_right(said) for _, said in one].index(True) for one in questions]
        assert len(set(own)) > 1
        places += own
        for answers, place in zip(questions, own, strict=True):
            lengths = [len(title) for title, _ in answers]
            longest.append(lengths[place] == max(lengths))
    assert all(places.count(place) >= len(places) // 4 for place in range(3))
    assert sum(longest) < len(longest) / 2


# The table of contents


def toc_entries(node, root: Path) -> list[str]:
    """Return the pages named anywhere below `node` of the ``_toc.yml`` in `root`."""
    if isinstance(node, list):
        return [entry for part in node for entry in toc_entries(part, root)]
    if not isinstance(node, dict):
        return []
    own = [node[key] for key in ("root", "file") if key in node]
    files = sorted(root.glob(node["glob"])) if "glob" in node else []
    own += [file.relative_to(root).with_suffix("").as_posix() for file in files]
    return own + [e for part in node.values() for e in toc_entries(part, root)]


def page_files(root: Path) -> list[str]:
    """Return the files below `root` that are written as pages, without suffix."""
    files = [path for kind in ("md", "ipynb") for path in root.glob(f"*.{kind}")]
    for folder in PAGE_FOLDERS:
        files += [
            f for kind in ("md", "ipynb") for f in root.glob(f"{folder}/*.{kind}")
        ]
    names = [file.relative_to(root).with_suffix("").as_posix() for file in files]
    return sorted(name for name in names if name not in NOT_PAGES)


def test_table_of_contents_and_files_agree():
    toc = toc_entries(yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8")), ROOT)
    assert CHAPTERS, "no chapter was found"
    assert sorted(toc) == page_files(ROOT)


def test_a_page_outside_the_table_of_contents_is_found(tmp_path):
    (tmp_path / "chapters").mkdir()
    for name in ("intro.md", "README.md", "chapters/01_a.ipynb", "chapters/02_b.md"):
        (tmp_path / name).touch()
    toc = {"root": "intro", "parts": [{"chapters": [{"file": "chapters/01_a"}]}]}
    assert toc_entries(toc, tmp_path) == ["intro", "chapters/01_a"]
    assert page_files(tmp_path) == ["chapters/01_a", "chapters/02_b", "intro"]
    toc = {"chapters": [{"glob": "chapters/*"}]}
    assert toc_entries(toc, tmp_path) == ["chapters/01_a", "chapters/02_b"]


# Every text in the repository


def text_files(root: Path) -> list[Path]:
    """Return the project's own text files, without what tools produce."""
    produced = {".venv", ".git", ".cache", "_build"}
    kinds = {".md", ".ipynb", ".py", ".txt", ".toml", ".yml", ".cff", ".css", ".js"}
    files = [root / "Makefile", root / ".ci" / "run"]
    for part in sorted(root.iterdir()):
        if part.is_dir() and part.name not in produced:
            files += [f for f in sorted(part.rglob("*")) if f.suffix in kinds]
        elif part.suffix in kinds:
            files.append(part)
    return files


def test_no_registry_is_named_by_its_host():
    files = text_files(ROOT)
    assert Path(__file__).resolve() in files
    named = {str(f): registry_hosts(f.read_text("utf-8")) for f in files}
    assert {f: hosts for f, hosts in named.items() if hosts} == {}


def test_a_registry_host_is_found():
    host = REGISTRIES[0]
    assert registry_hosts(f"pip install --index-url https://{host}/simple") == [host]


# The rules can fail


def good_notebook():
    """Return a notebook that keeps every rule."""
    v4 = nbformat.v4
    picture = v4.new_output("display_data", {"image/png": "aGVsbG8="})
    failure = v4.new_output("error", ename="ValueError", evalue="no", traceback=["no"])
    printed = v4.new_output("stream", name="stdout", text="1/2 of /etc\n")
    settings = {"figure": {"name": "fig-a", "caption": "A"}, "image": {"alt": "A line"}}
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell(
                "# Title\n\n![A drawing](a.svg) and $f:\\mathbb{R}$, {numref}`fig-a`"
            ),
            v4.new_code_cell("print(1)", execution_count=1, outputs=[printed]),
            v4.new_code_cell(
                "draw()",
                execution_count=2,
                outputs=[picture],
                metadata={"mystnb": settings, "tags": ["hide-input"]},
            ),
            v4.new_code_cell(
                "fail()",
                execution_count=3,
                outputs=[failure],
                metadata={"tags": ["raises-exception"]},
            ),
        ]
    )


def stderr_output():
    """Return a warning as a kernel stores it."""
    return nbformat.v4.new_output("stream", name="stderr", text="Warning")


def repeat_figure(notebook):
    """Add a second figure with the same name as the first."""
    notebook.cells.append(copy.deepcopy(notebook.cells[2]))


FIG = "{numref}`The map <fig-a>`"
PLAYED = "```{play} rnn-lag\n:name: play-a\n```"

BREAKS = (
    (not_run_in_order, lambda nb: nb.cells[1].update(execution_count=None)),
    (not_run_in_order, lambda nb: nb.cells[1].update(execution_count=7)),
    (not_run_in_order, lambda nb: nb.cells.reverse()),
    (unwanted_outputs, lambda nb: nb.cells[1].outputs.append(stderr_output())),
    (unwanted_outputs, lambda nb: nb.cells[3].metadata.pop("tags")),
    (unwanted_outputs, lambda nb: nb.cells[3].outputs.clear()),
    (trailing_semicolons, lambda nb: nb.cells[2].update(source="draw();\n")),
    (figure_problems, lambda nb: nb.cells[2].metadata.pop("mystnb")),
    (figure_problems, lambda nb: nb.cells[2].metadata.mystnb.pop("image")),
    (figure_problems, lambda nb: nb.cells[2].metadata.mystnb.figure.pop("caption")),
    (figure_problems, lambda nb: nb.cells[2].metadata.mystnb.figure.update(name=" ")),
    (figure_problems, lambda nb: nb.cells[2].outputs.append(nb.cells[2].outputs[0])),
    (figure_problems, lambda nb: nb.cells[0].update(source="![](a.svg)")),
    (figure_problems, lambda nb: nb.cells[0].update(source="```{figure} a.svg\n```")),
    (figure_problems, repeat_figure),
    (unmentioned_figures, lambda nb: nb.cells[0].update(source="a fig-a")),
    (unmentioned_figures, lambda nb: nb.cells[0].update(source=f"{FIG}\n{PLAYED}")),
    (absolute_paths, lambda nb: nb.cells[0].update(source="see /home/me/a.py")),
    (absolute_paths, lambda nb: nb.cells[1].outputs[0].update(text='"/Users/me/a"')),
    (absolute_paths, lambda nb: nb.cells[3].outputs[0].update(traceback=["/home/a"])),
    (absolute_paths, lambda nb: nb.cells[1].update(source="open('C:\\\\Users\\\\me')")),
    (unlisted_tags, lambda nb: nb.cells[1].metadata.update(tags=["nbval-skip"])),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_notebook_keeps_the_rule(rule):
    assert rule(good_notebook()) == []


@pytest.mark.parametrize(("rule", "damage"), BREAKS)
def test_a_broken_notebook_is_found(rule, damage):
    notebook = good_notebook()
    damage(notebook)
    assert rule(notebook) != []


def good_self_check() -> str:
    """Return a self-check as it should be."""
    tempting = "Tempting, because it is said so often by so many. But it is wrong."
    right = "Right. It is what the page above has shown, number by number."
    boxes = [("Yes", tempting), ("No", right), ("Never", tempting)]
    answers = [f"```{{dropdown}} {title}\n{said}\n```" for title, said in boxes]
    questions = ["\n\n".join([f"**{i}.** Is it?", *answers]) for i in (1, 2, 3)]
    return "\n\n".join(["## Check yourself", *questions, "## Further reading\n"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("**3.** Is it?", "Is it?"),
        ("## Check yourself", "## Check"),
        ("Right. It", "It"),
        ("Tempting, because", "Right. Since"),
        ("Tempting, because", "No, because"),
        ("But it is wrong.", "It is wrong."),
        (" It is what the page above has shown, number by number.", ""),
        ("{dropdown} Never", "{dropdown} Yes"),
        ("{dropdown} Never", "{dropdown} $N$"),
        ("```{dropdown} Never\nTempting", "Never\n"),
    ],
)
def test_a_broken_self_check_is_found(old, new):
    source = good_self_check()
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source)])
    assert self_check_problems(notebook) == []
    assert old in source
    notebook.cells[0].source = source.replace(old, new, 1)
    assert self_check_problems(notebook) != []
