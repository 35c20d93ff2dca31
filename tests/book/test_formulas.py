"""Formulas: drawn by KaTeX, with the colours of the figures and no other change."""

import re
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from docutils import nodes

from book.extensions import fetched_files, prerendered_math
from book.tools import notebooks

FORMULA = re.compile(
    r"\$\$(.+?)\$\$|(?<!\\)\$(?=\S)([^$\n]+?)\$|```\{math\}[^\n]*\n(.*?)```", re.S
)
CHILDREN = {"mfrac": 2, "mover": 2, "mroot": 2, "msub": 2, "msubsup": 3, "msup": 2}
CHILDREN |= {"munder": 2, "munderover": 3}


@pytest.fixture(scope="module")
def renderer():
    """Give KaTeX with the colours."""
    made = prerendered_math.Renderer(fetched_files.KATEX.locate() / "katex.min.js")
    yield made
    made.engine.close()


def formulas_of(path) -> set[tuple[str, bool]]:
    """Return the formulas of a page, each with whether it is displayed."""
    if path.suffix == ".md":
        text = path.read_text("utf-8")
    else:
        cells = notebooks.read(path).cells
        text = "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
    text = re.sub(r"```python.*?```", "", text, flags=re.S)
    found = set()
    for shown, inline, block in FORMULA.findall(text):
        if shown or block:
            found.add((prerendered_math.for_katex((shown or block).strip()), True))
        else:
            found.add((inline, False))
    return found


def without_classes(drawing: str) -> str:
    """Return a drawing as KaTeX made it."""
    drawing = drawing.replace('class="gradient ', 'class="')
    return re.sub(r"mathnormal (?:U|W|V|state|gradient)\"", 'mathnormal"', drawing)


def coloured(drawing: str) -> list[tuple[str, str]]:
    """Return each coloured letter, and its class."""
    single = re.findall(r'mathnormal (U|W|V|state|gradient)"[^>]*>(\w)<', drawing)
    inside = re.findall(r'class="gradient mord mathnormal[^"]*"[^>]*>(\w)<', drawing)
    return [(letter, name) for name, letter in single] + [
        (letter, "gradient") for letter in inside
    ]


PAGES = [
    *notebooks.book_notebooks(),
    notebooks.ROOT / "reference/notation.md",
]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_only_classes_are_added(renderer, path):
    found = formulas_of(path)
    assert len(found) >= 5
    for tex, display in found:
        for short in (False, True):
            drawing = renderer.render(tex, display, None, short)
            assert "abcdef" not in drawing, tex
            assert without_classes(drawing) == renderer.draw(tex, display), tex
            formula = re.search(r"<math.*</math>", drawing, re.S)[0]
            for part in ElementTree.fromstring(formula).iter():
                kind = part.tag.rpartition("}")[2]
                assert len(part) == CHILDREN.get(kind, len(part)), tex


def test_the_formula_of_a_step_has_its_colours(renderer):
    drawing = renderer.render(r"h_t = \tanh(U x_t + W h_{t-1} + b)", True, None)
    expected = [("U", "U"), ("W", "W"), ("h", "state"), ("h", "state")]
    assert sorted(coloured(drawing)) == expected
    assert coloured(renderer.render("o_t = V h_t + c", True, None)) == [
        ("V", "V"),
        ("h", "state"),
    ]


@pytest.mark.parametrize(
    ("tex", "letters"),
    [
        ("dL/dW", "dLdW"),
        (r"dL/d\theta", "dLdθ"),
        ("dL/dh_{-1}", "dLdh"),
        ("dW", "dW"),
        (r"\frac{dL}{dU}", "dUdL"),
        (r"\frac{\partial \ell_t}{\partial o_{t,k}}", "otkt"),
    ],
)
def test_gradients_of_the_loss_have_one_colour(renderer, tex, letters):
    found = coloured(renderer.render(tex, False, None))
    assert "".join(letter for letter, _ in found) == letters
    assert {name for _, name in found} == {"gradient"}


def test_other_derivatives_are_no_gradients(renderer):
    drawing = renderer.render(r"\frac{dh_t}{dW}", True, None)
    assert sorted(coloured(drawing)) == [("W", "W"), ("h", "state")]
    assert coloured(renderer.render("b_{hh}", False, None)) == []


def test_g_is_a_gradient_only_where_the_page_says_so(renderer):
    assert coloured(renderer.render("g_i", False, None)) == []
    assert coloured(renderer.render("g_i", False, None, True)) == [("g", "gradient")]
    assert coloured(renderer.render("g_t", False, None, True)) == []


@pytest.mark.parametrize("tex", ["dU", "dz_t", "dh_t", "do_{t+1}"])
def test_a_gradient_in_short_has_its_colour(renderer, tex):
    letters = coloured(renderer.render(tex, False, None))
    assert [name for _, name in letters[:2]] == ["gradient", "gradient"]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["Step ", ["t"], ", and (", ["W"], ") has ", ["1 + " * 20], "."], "t, (W)"),
        (["", ["x"], ", ", ["h"], ", ", ["y"], "."], "x, h, y."),
    ],
)
def test_punctuation_stays_with_its_formula(parts, expected):
    paragraph = nodes.paragraph()
    paragraph += [
        nodes.Text(part) if isinstance(part, str) else nodes.math("", *part)
        for part in parts
    ]
    text = paragraph.astext()
    app = SimpleNamespace(builder=SimpleNamespace(format="html"))
    prerendered_math.keep_punctuation(app, paragraph, "page")
    held = [node.astext() for node in paragraph.findall(nodes.inline)]
    assert " ".join(held) == expected
    assert paragraph.astext() == text
