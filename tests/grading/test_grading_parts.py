"""The parts of the grader one by one; nothing here runs a submission."""

import ast
import csv
import re
import time
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from book.extensions import student_notebooks
from book.tools import notebooks
from exercises import checks
from exercises.box import notebook_code, runner, wire
from exercises.grading import tables
from exercises.grading.judging import Item, Result, interpret, judged
from exercises.handout import release
from exercises.handout.plain_markdown import Labels, to_plain, works_of
from tests import hand_ins

# The wire

PLAIN = [
    None,
    True,
    7,
    -0.0,
    float("inf"),
    "text 😀 é",
    [1, (2.5, "x")],
    {"a": 2**900, "b": [None]},
    np.arange(6).reshape(2, 3),
    np.zeros((0, 4)),
    np.array(3.5),
    np.array([[True, False]]),
    np.arange(6.0, dtype=np.float32).reshape(3, 2).T,
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_data_come_through_unchanged(value):
    back = wire.unpack(wire.loads(wire.dumps({"v": wire.pack(value)}))["v"])
    assert runner.same(runner.plain(value), back)


def test_nan_comes_through():
    assert np.isnan(wire.unpack(wire.pack(float("nan"))))


def test_other_things_become_odd():
    assert wire.unpack(wire.pack(object())) == runner.Odd("an unknown object")
    assert type(wire.unpack(wire.pack(2**1000))) is runner.Odd


DEEP: list = ["plain", None]
for _ in range(30):
    DEEP = ["list", [DEEP]]
JUNK = [
    None,
    [],
    ["int", 5],
    ["int", "9" * 5000],
    ["int", "x"],
    ["float", "x"],
    ["plain", 3],
    ["str", ["x"]],
    ["str", "x" * 20_000],
    ["object", "x"],
    ["list", "x"],
    ["list", [1]],
    ["dict", [["x"]]],
    ["dict", [[["list", []], ["plain", None]]]],
    ["dict", [[["int", "1"], ["plain", None]]]],
    ["array", ["<f8", [2], "AAAA"]],
    ["array", ["|O", [1], "AAAAAAAAAAA="]],
    ["array", ["<f8", [-1], ""]],
    ["array", ["<f8", [True], ""]],
    ["array", ["<f8", [2**40, 2**40], ""]],
    ["array", ["<f8", [2**30, 0], ""]],
    ["array", ["<f8", [0, 2000, 2000], ""]],
    ["list", [["list", [["plain", None]] * 9_000]] * 9],
    ["array", ["<f8", [1], "!!!!"]],
    ["array", [["<f8"], [1], ""]],
    [["int"], "1"],
    DEEP,
]


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: repr(junk)[:40])
def test_junk_is_refused(junk):
    with pytest.raises(wire.WireError):
        wire.unpack(junk)


NOTHING = [(2**30, 0), (0, 2**30), (2000, 0, 2000)]


@pytest.mark.parametrize("shape", NOTHING)
def test_an_array_of_no_numbers_may_still_be_large(shape):
    """The judge goes through its rows, and would not come to an end."""
    found = runner.run_case(lambda: np.empty(shape), runner.Case("", ()))
    assert found.value == runner.Odd("a very large array")


@pytest.mark.parametrize("shape", [(10**6, 0), (10**6,), (1, 10**6)])
def test_the_judge_comes_to_an_end(shape):
    """It runs outside the box, where no limit stops it."""
    for exercise in {one.chapter: one for one in checks.EXERCISES.values()}.values():
        value = wire.unpack(wire.pack(runner.plain(np.ones(shape))))
        item, start = Item.of(exercise), time.process_time()
        outcomes = [runner.Outcome(value=value)] * len(exercise.all_cases)
        assert judged(item, outcomes).points == 0
        assert time.process_time() - start < 15, exercise.name


@pytest.mark.parametrize(
    "line", [b"", b"[1]", b"{", b'{"a": NaN}', b"\xff", b"[" * 100_000, b"1" * 10_000]
)
def test_a_line_that_is_no_object_is_refused(line):
    with pytest.raises(wire.WireError):
        wire.loads(line)


def good_lines(item: Item) -> list[bytes]:
    """Return what an honest worker says about the right answer."""
    lines = [wire.dumps({"state": ["loaded", ""]})]
    for index, outcome in enumerate(item.exercise.expected):
        lines.append(wire.dumps({"case": index, **wire.pack_outcome(outcome)}))
    return lines


@pytest.fixture(scope="module")
def item() -> Item:
    return Item.of(checks.EXERCISES[hand_ins.VICTIM])


def test_an_honest_worker_gets_full_marks(item):
    result = interpret(item, good_lines(item), "ended")
    assert (result.points, result.status) == (item.exercise.points, "right")


LIES = {
    "no state": lambda lines: lines[1:],
    "twice": lambda lines: [*lines, lines[-1]],
    "swapped": lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
    "junk": lambda lines: [*lines[:-1], b"[[["],
    "flags": lambda lines: [lines[0], lines[1].replace(b"false", b"0"), *lines[2:]],
    "changed": lambda lines: [
        lines[0],
        lines[1].replace(b'"changed": []', b'"changed": [99]'),
    ],
    "error": lambda lines: [lines[0], lines[1].replace(b'"error": ""', b'"error": 1')],
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_costs_the_exercise(lie, item):
    result = interpret(item, LIES[lie](good_lines(item)), "ended")
    assert (result.points, result.status) == (0.0, "gave an answer that cannot be read")


# The code of a notebook


def kept(cells: list[str], name: str) -> str:
    """Return the source of what `name` needs."""
    statements, _ = notebook_code.parse(cells)
    found = notebook_code.needed(statements, name)
    return "\n".join(ast.unparse(node) for node, _ in found)


def test_only_what_a_function_needs_is_run():
    cells = [
        "import numpy as np, os\nfrom rnn_lib import softmax, checks",
        "x = slow()\nprint(x)\nSCALE = 2 * UNIT",
        "UNIT = 3\nos.path = None\ndel UNIT",
        "def helper(x):\n    return np.exp(x) * SCALE",
        "def f(x):\n    return [helper(y) for y in x]",
        "def g(",
    ]
    assert kept(cells, "f") == (
        "import numpy as np\nSCALE = 2 * UNIT\nUNIT = 3\n"
        "def helper(x):\n    return np.exp(x) * SCALE\n"
        "def f(x):\n    return [helper(y) for y in x]"
    )


def test_the_last_definition_that_is_no_stub_counts():
    stub = 'def f(x):\n    """Doc."""\n    raise NotImplementedError("later")'
    both = ["def f(x):\n    return 1", "f = lambda x: 2"]
    assert kept(both, "f") == "f = lambda x: 2"
    assert kept(["def f(x):\n    return 1", stub], "f").endswith("return 1")
    assert "NotImplementedError" in kept([stub], "f")


# Tables


def test_a_spreadsheet_takes_names_for_text(tmp_path):
    tables.write_csv(tmp_path / "t.csv", [["=1+1", "-2", "@x", 3, "plain"]])
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert next(csv.reader(stream)) == ["'=1+1", "'-2", "'@x", "3", "plain"]


def test_points_and_blanks_add_up():
    def result(points):
        return Result("k", "t", 2, points, "s")

    assert tables.total([result(1.5), result(None), result(0)]) == 1.5
    assert tables.total([result(None)]) is None
    assert [tables.number(p) for p in (None, 0.0, 2.5)] == ["", "0", "2.5"]


# The release

LABELS = Labels(
    {"chap-a": "The first"},
    {"fig-a": "Figure 1.2", "eq-a": "1.3", "ex-a": "Exercise 1.4"},
    {"ada1843": ("Lovelace", "1843")},
)


@pytest.mark.parametrize(
    ("myst", "plain"),
    [
        ("see {ref}`chap-a` or {ref}`here <chap-a>`", "see The first or here"),
        ("{numref}`fig-a`, {numref}`panel %s <fig-a>`", "Figure 1.2, panel 1.2"),
        ("{eq}`eq-a`, {term}`units <unit>`, {term}`unit`", "(1.3), units, unit"),
        ("{cite:t}`ada1843`; {cite:p}`ada1843`", "Lovelace (1843); (Lovelace, 1843)"),
        ("(chap-a)=\n# The first", "# The first"),
        ("$$\na\n$$ (eq-a)", "$$\na\n\\tag{1.3}\n$$"),
        ("[a](../b.md), [c](https://example.org/)", "a, [c](https://example.org/)"),
        ("```{admonition} Hm\n:class: tip\nbody\n```", "> **Hm**\n>\n> body"),
        (":::{note}\nbody\n:::", "> **Note**\n>\n> body"),
        ("```python\n{ref}`x`\n```", "```python\n{ref}`x`\n```"),
        ("% a comment\ntext", "text"),
        (
            "````{exercise} Do it\n:label: ex-a\n\n**2 points.**\n\n"
            "```{dropdown} Hint\nh {term}`x`\n```\n````",
            "### Exercise 1.4: Do it\n\n**2 points.**\n\n<details>\n"
            "<summary><b>Hint</b></summary>\n\nh x\n\n</details>",
        ),
    ],
)
def test_myst_becomes_plain_markdown(myst, plain):
    assert to_plain(myst, LABELS) == plain


def test_authors_are_named_as_they_write_themselves(tmp_path):
    authors = r"Luko{\v{s}}evi{\v{c}}ius, Mantas and van Merri{\"e}nboer, Bart"
    group = "author = {{Bureau of Letters}}"
    (tmp_path / "r.bib").write_text(
        f"@book{{a, author = {{{authors}}}, year = 2009}}\n@book{{b, {group}}}", "utf-8"
    )
    assert works_of(tmp_path / "r.bib") == {
        "a": ("Lukoševičius and van Merriënboer", "2009"),
        "b": ("Bureau of Letters", "n.d."),
    }


@pytest.mark.parametrize("path", notebooks.chapters(), ids=lambda path: path.stem)
def test_a_release_shows_no_solution_no_output_and_no_directive(path):
    notebook = release.student_notebook(path)
    nbformat.validate(notebook)
    hidden = {
        cell.source
        for cell in notebooks.read(path).cells
        if "solution" in cell.metadata.get("tags", [])
    }
    for cell in notebook.cells:
        assert cell.source not in hidden
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        if cell.cell_type == "markdown":
            assert not re.search(r"^(```|:::)\{\w+\}", cell.source, re.M)
            assert not re.search(r"\{(ref|numref|eq|term|cite:.)\}`", cell.source)
            assert not re.search(r"\]\([^)]*\.(md|ipynb)", cell.source)


def test_a_release_needs_only_what_its_chapter_imports():
    assert release.packages_of(["import numpy\nimport rnn_lib.torch_twin"]) >= {"torch"}
    assert "torch" not in release.packages_of(["from rnn_lib import softmax"])
    assert "matplotlib" in release.packages_of(["from rnn_lib.plots import COLOURS"])
    files = release.student_files(hand_ins.CHAPTER)
    pins = files["requirements.txt"].decode()
    assert "torch" not in pins
    assert all("==" in line for line in pins.splitlines())
    folders = {tuple(name.split("/")[:2]) for name in files if name.count("/") > 1}
    ours = {("exercises", "box"), ("exercises", "checks"), ("rnn_lib", "datasets")}
    ours |= {("rnn_lib", "yours")}
    assert folders == ours


def test_the_same_chapter_gives_the_same_zip(tmp_path):
    paths = [release.release(hand_ins.CHAPTER, tmp_path / name) for name in "ab"]
    assert paths[0].read_bytes() == paths[1].read_bytes()


# The download button


def build(folder, fmt="html"):
    """Return what the extension sees of a build with one chapter and one page."""
    sources = folder / "_sources"
    for name in ("chapters/01_one_hot.ipynb", "intro.md", "reference/speed.ipynb"):
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        (sources / name).write_text("as it was", "utf-8")
    paths = {"intro": notebooks.ROOT / "intro.md"}
    paths["chapters/01_one_hot"] = hand_ins.CHAPTER
    paths["reference/speed"] = notebooks.ROOT / "reference" / "speed.ipynb"
    env = SimpleNamespace(found_docs=set(paths), doc2path=paths.get)
    builder = SimpleNamespace(format=fmt)
    return SimpleNamespace(env=env, builder=builder, outdir=folder)


def test_the_download_button_gives_the_student_notebook(tmp_path):
    student_notebooks.replace_sources(build(tmp_path), None)
    folder = tmp_path / "_sources" / "chapters"
    given = nbformat.read(folder / "01_one_hot.ipynb", 4)
    assert given == release.student_notebook(hand_ins.CHAPTER)
    assert (folder / "01_one_hot.zip").exists()
    for other in ("intro.md", "reference/speed.ipynb"):
        assert (tmp_path / "_sources" / other).read_text("utf-8") == "as it was"


@pytest.mark.parametrize(("page", "more"), [("chapters/a", [".zip"]), ("intro", [])])
def test_the_download_button_lists_the_zip_of_a_chapter(page, more):
    group = {"label": "download-buttons"}
    group["buttons"] = [{"text": ".ipynb"}, {"text": ".pdf"}]
    context = {"header_buttons": [group]}
    context["pathto"] = lambda name, kind: f"../{name}"
    student_notebooks.offer_zip(None, page, "page.html", context, None)
    assert [one["text"] for one in group["buttons"]] == [".ipynb", *more, ".pdf"]
    for one in group["buttons"][1:-1]:
        assert one["url"] == "../_sources/chapters/a.zip"


@pytest.mark.parametrize(("fmt", "error"), [("latex", None), ("html", OSError())])
def test_other_builds_are_left_alone(fmt, error, tmp_path):
    student_notebooks.replace_sources(build(tmp_path, fmt), error)
    copy = tmp_path / "_sources" / "chapters" / "01_one_hot.ipynb"
    assert copy.read_text("utf-8") == "as it was"
