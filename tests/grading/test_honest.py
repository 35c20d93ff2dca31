"""Right answers in the forms that people write them in get their points."""

import ast
import builtins
import csv
import json
import sys
import time

import numpy as np
import pytest

from book.tools import notebooks
from exercises import checks
from exercises.__main__ import main
from exercises.box import names, notebook_code, wire
from exercises.grading import reading, sandbox
from exercises.grading.judging import ELSEWHERE, FURTHER, NOT_ATTEMPTED, grade_words
from exercises.grading.magics import plain_python
from exercises.grading.submissions import Submission
from tests import hand_ins

NAME = hand_ins.VICTIM
HEAD = f"def {NAME}(vectors, symbols):\n"
RIGHT = "return ''.join(symbols[k] for k in vectors.argmax(axis=1))"
ANSWER = f"{HEAD}    {RIGHT}"

# Magics


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        ("x = 1  # why?", "x = 1  # why?"),
        ("def f(U, W):\n    return U, W  # or W.T?", None),
        ('s = """\n%time\nwhat?\n!ls\n"""', None),
        ("x = (7\n% 4)", None),
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("x = 1\nx?\n?x\nx.y??\n!ls", "x = 1" + "\npass" * 4),
        ("%%capture\nx = 1", "x = 1\n"),
        ("%%capture out --no-stderr\n%%time\nx = 1", "x = 1\n"),
        ("\n\n%%time\nx = 1", "x = 1\n"),
        ("%%capture\n%config a\nx = 1", "pass\nx = 1"),
        ("%%html\n<b>", ""),
        ("%%bash\ndef f(): pass", ""),
        ("%time x = f(2)", "x = f(2)"),
        ("x = %time f(2)", "x = f(2)"),
        ("%timeit f(2)", "pass"),
        ("if x:\n    %time f()\n    !ls\nelse:\n    %pdb", None),
        (
            "def f():\n    %time x = 1\n    return x",
            "def f():\n    x = 1\n    return x",
        ),
        (">>> x = 1\n>>> y = 2", "x = 1\ny = 2"),
        ("In [1]: x = 1\n   ...: y = 2", "x = 1\ny = 2"),
        ("  x = 1\n  y = 2", "x = 1\ny = 2"),
        ("x = !ls", "x = get_ipython().getoutput('ls')"),
        ("x = 1 ?", "x = 1 ?\n"),
        ("%%time\ndef f(:", "def f(:\n"),
    ],
)
def test_what_is_a_magic_ipython_decides(cell, plain):
    found = plain_python(cell)
    if plain is not None:
        assert found == plain
    elif "%pdb" in cell:
        assert ast.dump(ast.parse(found)) == ast.dump(
            ast.parse("if x:\n    f()\n    pass\nelse:\n    pass")
        )
    else:
        assert found == cell


# What runs


def called(cells: list[str], *arguments, seconds: float = 10.0):
    """Return what the function `f` of a notebook returns, and what was not run."""
    statements, _ = notebook_code.parse([plain_python(cell) for cell in cells])
    function, left_out = notebook_code.load(statements, "f", seconds)
    return function(*arguments), left_out


FILLED = {  # code that fills `t`, which is {} or [] before
    "item": "t['a'] = 5",
    "tuple": "t['a'], u = 5, 6",
    "for": "for k in 'ab':\n    t[k] = 5",
    "while": "k = 5\nwhile len(t) < 1:\n    t['a'] = k",
    "if": "if not t:\n    t['a'] = 5",
    "with": "import contextlib\nwith contextlib.suppress(KeyError):\n    t['a'] = 5",
    "try": "try:\n    t['a'] = t['b']\nexcept KeyError:\n    t['a'] = 5",
    "match": "match 5:\n    case k:\n        t['a'] = k",
    "method": "t.update(a=5)",
    "method of a part": "t['c'] = []\nt.setdefault('a', 5)",
    "or": "t |= {'a': 5}",
    "value": "old = t.setdefault('a', 5)",
    "comprehension": "[t.update({k: 5}) for k in 'ab']",
    "walrus": "if (t := {'a': 5}):\n    pass",
    "function": "def fill():\n    t['a'] = 5\nfill()",
    "argument": "def fill(d):\n    d['a'] = 5\nfill(t)",
    "functions": "def one():\n    two()\ndef two():\n    t['a'] = 5\none()",
    "global": "def fill():\n    global t\n    t = {'a': 5}\nfill()",
    "library": "import operator\noperator.setitem(t, 'a', 5)",
    "magic": "%time t['a'] = 5",
    "cell magic": "%%time\nt['a'] = 5",
    "semicolon": "u = 3; t['a'] = 5;",
    "alone": "dict.update(t, a=5)",
    "other name": "u = t\nu['a'] = 5",
    "part": "t['c'] = {}\nu = t['c']\nu['b'] = 5\nt['a'] = t['c'].pop('b')",
    "loop over it": "t['a'] = [4]\nfor v in t.values():\n    v[0] += 1\nt['a'] = v[0]",
    "rows": "t['c'] = [[]]\nfor _, row in enumerate(t['c']):\n    row.append(5)\n"
    "t['a'] = t['c'][0][0]",
    "value of an argument": "def fill(d):\n    d['a'] = 5\n    return d\nu = fill(t)",
    "argument by way of another": "def fill(d):\n    for e in (d,):\n"
    "        e['a'] = 5\ndef both(d):\n    fill(d)\nu = both(t)",
    "decorator": "def keep(g):\n    t['a'] = g()\n@keep\ndef g():\n    return 5",
    "decorator made": "def keep(k):\n    def put(g):\n        t[k] = g()\n"
    "    return put\n@keep('a')\ndef g():\n    return 5",
    "thread": "import threading\ndef fill():\n    t['a'] = 5\n"
    "u = threading.Thread(target=fill)\nu.start()\nu.join()",
    "map": "list(map(t.update, [{'a': 5}]))",
    "await": "async def fill():\n    t['a'] = 5\nawait fill()",
    "async for": "async def g():\n    yield 5\nasync for t['a'] in g():\n    pass",
    "class": "class C:\n    def fill(self):\n        t['a'] = 5\nc = C()\nu = c.fill()",
    "setattr": "class C:\n    pass\nc = C()\nsetattr(c, 'a', 5)\nt = vars(c)",
    "vars": "class C:\n    pass\nt = C()\nvars(t)['a'] = 5\nt = vars(t)",
}


@pytest.mark.parametrize("how", FILLED)
def test_what_a_needed_name_depends_on_is_run(how):
    cells = ["t = {}", FILLED[how], "def f():\n    return t['a']"]
    assert called(cells) == (5, [])


OPEN = {  # code that gives `x` the value 5 without saying `x = 5`
    "await": "async def g():\n    return 5\nx = await g()",
    "async with": "import contextlib\n@contextlib.asynccontextmanager\nasync def g():\n"
    "    yield 5\nasync with g() as x:\n    pass",
    "comprehension": "async def g():\n    yield 5\nx = [k async for k in g()][0]",
    "update": "globals().update(x=5)",
    "item": "globals()['x'] = 5",
    "loop": "for name in 'xyz':\n    globals()[name] = 5",
    "alias": "names = globals()\nnames['x'] = 5",
    "locals": "locals()['x'] = 5",
    "vars": "vars().update({'x': 5})",
    "function": "def put(**given):\n    globals().update(given)\nput(x=5)",
    "global": "def put():\n    global x\n    x = 5\nput()",
    "method": "class C:\n    def put(self):\n        global x\n        x = 5\n"
    "C().put()",
    "builtins": "import builtins as b\nb.x = 5",
    "setattr": "import builtins\nsetattr(builtins, 'x', 5)",
    "__builtins__": "__builtins__.x = 5",
    "__main__": "import __main__\n__main__.x = 5",
    "modules": "import sys\nsys.modules[__name__].x = 5",
    "exec": "code = 'x = 5'\nexec(code)",
    "space": "exec('x = 5', globals())",
    "shell": "get_ipython().user_ns['x'] = 5",
    "push": "get_ipython().push({'x': 5})",
    "if": "if (x := 5) > 3:\n    print(x)",
    "main": "if __name__ == '__main__':\n    x = 5",
    "star": "from math import *\nx = floor(5.5)",
    "unpacked": "*_, x = 4, 5",
    "match": "match {'k': 5}:\n    case {'k': x}:\n        pass",
    "import": "try:\n    import nowhere as x\nexcept ImportError:\n    x = 5",
}


@pytest.mark.parametrize("how", OPEN)
def test_every_way_to_give_a_name_a_value_is_run(how):
    try:
        assert called([OPEN[how], "def f():\n    return x"]) == (5, [])
    finally:
        vars(builtins).pop("x", None)


CHANGED = {
    "import json\njson.x = 5\nx = json.x": 5,
    "import json\nsetattr(json, 'x', 6)\nx = json.x": 6,
    "import os\nos.environ['X_OF_A_TEST'] = '5'\nx = os.environ['X_OF_A_TEST']": "5",
    "from collections import UserDict\nUserDict.five = lambda self: 5\n"
    "x = UserDict().five()": 5,
    "max = 3\ndel max\nx = max(4, 5)": 5,
    "sum = 0\nfor k in range(3):\n    sum += k\ndel sum\nx = sum([2, 3])": 5,
    "import functools\n@functools.singledispatch\ndef g(k):\n    return 1\n"
    "@g.register(int)\ndef _(k):\n    return 5\nx = g(3)": 5,
    "class B:\n    pass\nclass A(B):\n    y = 5\nx = B.__subclasses__()[0].y": 5,
    "import random\nrandom.setstate(random.Random(1).getstate())\n"
    "x = random.random()": 0.13436424411240122,
    "import sys\nsys.setrecursionlimit(5000)\ndef g(k):\n"
    "    return k if k == 1500 else g(k + 1)\nx = g(0)": 1500,
    "import numpy as np\nx = np.zeros((2, 2))\nfor row in x:\n    row += 5\n"
    "x = x.tolist()": [[5, 5], [5, 5]],
    "import numpy as np\nx = np.zeros(3)\nv = x[1:]\nv[0] = 5\nx = x.tolist()": [
        0,
        5,
        0,
    ],
    "import numpy as np\nx = np.zeros(1)\n_ = np.add(x, 5, out=x)\nx = x.tolist()": [5],
    "import heapq\nx = [5, 1]\nheapq.heapify(x)\ny = heapq.heappop(x)": [5],
    "y = iter([4, 5])\nz = next(y)\nx = next(y)": 5,
    "class C:\n    n = 0\n    def step(self):\n        self.n += 1\n        return 1\n"
    "c = C()\nfor _ in range(5):\n    loss = c.step()\nx = c.n": 5,
    "d = {'a': 5}\nx = f'''{d[\"a\"]} it's {d['a']} \"so\" \\n'''": '5 it\'s 5 "so" \n',
    "import functools\n@functools.cache\n@functools.wraps(\n    print)\ndef g():\n"
    "    return 4\nx = g()": 4,
    "x = 3; y = 4": 3,
    "x = 1\nx += 4": 5,
    "x = [1]\nx.append(4)\nx.reverse()\ndel x[0]": [1],
    "import numpy as np\nx = np.zeros(2)\nx[:] = 1\nx *= 2\nx = x.tolist()": [2, 2],
    "class C:\n    x = 0\nC.x = 3\nx = C.x": 3,
    "class C:\n    pass\nx = C()\nx.y = 3\nx = x.y": 3,
    "import random\nrandom.seed(1)\nx = random.random()": 0.13436424411240122,
    "import numpy as np\nx = np.arange(3)\nnp.random.seed(0)\nnp.random.shuffle(x)\n"
    "x = x.tolist()": [2, 1, 0],
    "x = 1\nfor x in range(3):\n    pass": 2,
    "import functools\ndef g():\n    return 4\ng = functools.cache(g)\nx = g()": 4,
    "from __future__ import annotations\ndef g(a: Missing):\n    return 1\nx = g(0)": 1,
    "def g():\n    display(get_ipython().magic('x'))\n    return 1\nx = g()": 1,
    "def g():\n    return 1\ndef g2():\n    return g()\nx = g2()\n"
    "def g():\n    raise NotImplementedError": 1,
}


@pytest.mark.parametrize("code", CHANGED)
def test_the_state_is_that_of_the_notebook(code):
    deepest = sys.getrecursionlimit()
    try:
        assert called([code, "def f():\n    return x"]) == (CHANGED[code], [])
    finally:
        sys.setrecursionlimit(deepest)


def test_a_definition_may_be_made_of_an_earlier_one():
    cells = [
        "def f():\n    return 1",
        "def g(h):\n    return lambda: h() + 1\nf = g(f)",
    ]
    assert called(cells)[0] == 2
    cells = [
        "def f():\n    return 1",
        "try:\n    import nowhere\nexcept ImportError:\n    def f():\n        return 3",
    ]
    assert called(cells)[0] == 3
    cells = ["def f():\n    return 1", "g = f\ndef f():\n    return g() + 3"]
    assert called(cells)[0] == 4


@pytest.mark.parametrize("way", ["eval('h() + m.pi')", "globals()['h']() + 3"])
def test_names_in_text_are_found(way):
    cells = ["import math as m\ndef h():\n    return 2", f"def f():\n    return {way}"]
    value, left_out = called(cells)
    assert round(value) == 5
    assert left_out == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_text_of_a_statement_is_that_of_the_cell(end):
    lines = [
        "é = '😀'; x = f'{é!r}'  # ü",
        "@g(",
        "  1)",
        "def f():",
        "  return x",
        "y",
    ]
    statements, _ = notebook_code.parse([end.join(lines)])
    texts = ["é = '😀'", "x = f'{é!r}'", "@g(\n  1)\ndef f():\n  return x", "y"]
    assert [names.text_of(node) for node in statements] == texts


def test_a_long_cell_is_read_in_time():
    cell = "\n".join(f"x{k} = {k}" for k in range(4_000))
    start = time.process_time()
    assert len(notebook_code.parse([cell])[0]) == 4_000
    assert time.process_time() - start < reading.SECONDS


def test_what_cannot_be_run_is_said():
    cells = [
        "t = [1]\nwith open('/nowhere') as file:\n    t += file",
        "while True:\n    t[0] += 1",
        "t.append(2)",
        "def f():\n    return t[1:]",
    ]
    value, left_out = called(cells, seconds=0.5)
    assert value == [2]
    assert left_out == [
        "`with open('/nowhere') as file:` was not run: FileNotFoundError",
        "`while True:` was not run: it took too long",
    ]
    cells = ["%run helpers.py\nx = 4\n%store -r x\n%pylab", "def f():\n    return x"]
    names = ["%run helpers.py", "%store -r x", "%pylab "]
    said = [f"`{name}` was not run: NotImplementedError" for name in names]
    assert called(cells) == (4, said)
    magic = "get_ipython().run_line_magic('matplotlib', 'inline')"
    assert called([f"x = 4\n{magic}", "def f():\n    return x"]) == (4, [])
    cells = ["x = nothing()\nx = 4", "def f():\n    return x"]
    assert called(cells) == (4, ["`x = nothing()` was not run: NameError"])
    with pytest.raises(NameError):
        called([cells[0].split("\n")[0], cells[1]])


def test_checks_and_figures_are_not_run():
    cells = [
        "from exercises import checks\nimport matplotlib.pyplot as plt",
        "x = [1]\nplt.plot(x)\nchecks.f(f)\nprint(x, g(max(x)), x.copy())\nlen(x)",
        "from rnn_lib import plots\nplots.show(x)\ny = slow(x)\ndel x",
        "for z in x:\n    print(max(x), z)\nshow(max(x))",
        "def f():\n    return max(x)",
    ]
    statements, _ = notebook_code.parse(cells)
    kept = [ast.unparse(node) for node, _ in notebook_code.needed(statements, "f")]
    assert kept == ["x = [1]", "def f():\n    return max(x)"]


def test_of_the_chapters_only_seeds_are_run_as_well():
    """No answer of the book needs training or figures to be run."""
    for chapter in notebooks.chapters():
        cells = hand_ins.solved(chapter=chapter)["cells"]
        code = [c["source"] for c in cells if c["cell_type"] == "code"]
        statements, _ = notebook_code.parse(code)
        for exercise in checks.of_chapter(chapter.stem):
            found = notebook_code.needed(statements, exercise.name)
            more = [ast.unparse(node) for node, must in found if not must]
            assert all("seed" in line for line in more), (exercise.name, more)
            assert len(found) < 10


# One comparison for both


@pytest.mark.parametrize("kind", [">f8", "<f8", ">f4", ">i4", ">c16", "g", "O", "?"])
@pytest.mark.parametrize("form", ["array", "list", "scalar", "transposed", "matrix"])
def test_the_verdict_is_that_of_the_notebook(kind, form):
    exercise = checks.EXERCISES["log_softmax_rows"]

    def answer(logits):
        value = exercise.solution(logits).astype(kind)
        forms = {"list": value.tolist, "scalar": lambda: value.ravel()[0]}
        forms["transposed"] = lambda: np.asfortranarray(value)
        forms["matrix"] = lambda: value[..., :].view(np.ma.MaskedArray)
        return forms.get(form, lambda: value)()

    here = exercise.run(answer)
    there = [
        wire.unpack_outcome(wire.loads(wire.dumps(wire.pack_outcome(one))), 9)
        for one in here
    ]
    assert exercise.judge(there) == exercise.judge(here)
    if (kind, form) in ((">f8", "array"), (">f8", "transposed")):
        assert exercise.judge(there).fraction == 1


# Answers in words

QUESTION = "### Exercise 1.2: Two words\n\nWhat?"
PLACE = "**Your answer (ex-two-words)**"
GIVEN = [
    QUESTION,
    PLACE,
    "## Next section",
    "x = 1",
    "### Exercise 1.3",
    "## End",
]


def graded(*sources: str, code: tuple = ()) -> tuple:
    """Return status and answer of the exercise in words, in a notebook of cells."""
    kinds = {"x = 1": "code", **dict.fromkeys(code, "code")}
    given = [(kinds.get(source, "markdown"), source) for source in GIVEN]
    cells = [(kinds.get(source, "markdown"), source) for source in sources]
    question = checks.Question("two_words", "Two words", "-", 3, 1)
    submission = Submission("a", "a", "plain", cells=cells)
    (result,) = grade_words(submission, [question], given)
    return result.status, result.answer


IN_PLACE = [
    (QUESTION, f"{PLACE}\n\nmine", *GIVEN[2:]),
    (QUESTION, f"{PLACE} mine", *GIVEN[2:]),
    (QUESTION, PLACE, "mine", *GIVEN[2:]),
    (QUESTION, PLACE, "  ", "mine", *GIVEN[2:]),
    (QUESTION, PLACE, PLACE + "\n\nmine", *GIVEN[2:]),
]
FURTHER_ON = [
    (QUESTION, PLACE, GIVEN[2], "mine", *GIVEN[3:]),
    (QUESTION, PLACE, GIVEN[2], "x = 1", "mine", *GIVEN[4:]),
    (QUESTION, "mine", *GIVEN[1:]),
    (QUESTION, "mine", *GIVEN[2:]),
]


@pytest.mark.parametrize("cells", IN_PLACE)
def test_an_answer_in_its_place_is_found(cells):
    assert graded(*cells) == ("to be read", "mine")


@pytest.mark.parametrize("cells", FURTHER_ON)
def test_an_answer_beside_its_place_is_found(cells):
    assert graded(*cells) == ("to be read", f"{FURTHER} mine")


def test_an_answer_in_a_cell_of_code_is_found():
    for text in ("# mine", '"""mine"""'):
        found = graded(QUESTION, PLACE, text, *GIVEN[2:], code=(text,))
        assert found == ("to be read", f"{FURTHER} {text}")


def test_where_an_answer_was_looked_for_is_said():
    assert graded(*GIVEN) == (NOT_ATTEMPTED, "")
    assert graded(*GIVEN, "mine") == (ELSEWHERE, "")
    assert graded("## Other")[0] == "answer not found in the notebook"


# From the hand-in to the table

HELPER = "def letter(row):\n    return 'x'\n"
TABLE = f"TABLE = {{}}\n{HEAD}    return ''.join(symbols[TABLE[k]] for k in "
TABLE += "vectors.argmax(axis=1))"
USE = f"{HEAD}    return ''.join(symbols[ORDER[k]] for k in vectors.argmax(axis=1))"
GIVEN_ORDER = {
    "await": "import asyncio\nasync def make():\n    await asyncio.sleep(0)\n"
    "    return range(26)\nORDER = await make()",
    "globals": "globals()['ORDER'] = range(26)",
    "builtins": "import builtins\nbuiltins.ORDER = range(26)",
    "module": "import numpy as np\nnp.order = range(26)\nORDER = np.order",
    "exec": "exec('ORDER = range(26)')",
    "rows": "ROWS = [[k, 0] for k in range(26)]\nfor row in ROWS:\n"
    "    row[1] = row[0]\n"
    "ORDER = [row[1] for row in ROWS]",
    "other name": "ORDER = [0] * 26\nother = ORDER\nother[:] = range(26)",
    "thread": "import threading\ndef make():\n    global ORDER\n    ORDER = range(26)\n"
    "one = threading.Thread(target=make)\none.start()\none.join()",
    "magic": "%%time\nORDER = range(26)",
}
HONEST = {
    "question": f"{HEAD}    {RIGHT}  # or argmin?\n# really?",
    "capture": f"%%capture\n{ANSWER}",
    "magics": f"%%time\n%matplotlib inline\n!ls\n{HEAD}    %time pass\n    {RIGHT}",
    "help": f"len?\n{ANSWER}\n{NAME}?",
    "table": f"{TABLE}\nfor k in range(26):\n    TABLE[k] = k",
    "shows": f"{HEAD}    display(vectors)\n    {RIGHT}",
    "crash": f"{ANSWER}\nreturn 3",
    "allowed": f"import rnn_lib\nK = len(rnn_lib.ALPHABET)\n{ANSWER}",
    "imported": f"from rnn_lib import *\nfrom rnn_lib import from_one_hot\n{ANSWER}",
    "not used": f"{HEAD}    if vectors is None:\n        import rnn_lib\n"
    f"        return rnn_lib.from_one_hot(vectors)\n    {RIGHT}",
}
HONEST |= {f"order {how}": f"{code}\n{USE}" for how, code in GIVEN_ORDER.items()}
LOST = {
    "run": (f"%run helpers.py\n{USE}", "`%run helpers.py` was not run: NotImpl"),
    "open": (
        f"{TABLE}\nwith open('/nowhere') as file:\n    TABLE.update(file)",
        "`with open('/nowhere') as file:` was not run: FileNotFoundError",
    ),
    "accused": (
        f"import rnn_lib\n{HEAD}    k = rnn_lib.from_one_hot(vectors)\n    {RIGHT}",
        "uses the answer from rnn_lib",
    ),
}


@pytest.mark.grader
def test_honest_answers_get_their_points(tmp_path):
    try:
        sandbox.Box().close()
    except sandbox.NoSandbox as error:
        pytest.skip(str(error))
    sources = HONEST | {name: source for name, (source, _) in LOST.items()}
    for name, source in sources.items():
        path = tmp_path / "in" / f"{name}.ipynb"
        hand_ins.write(path, hand_ins.solved({NAME: source}))
    arguments = ["grade", str(tmp_path / "in"), str(hand_ins.CHAPTER)]
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 0
    with (tmp_path / "out" / "grades.csv").open(encoding="utf-8-sig", newline="") as s:
        rows = {row["student"]: row for row in csv.DictReader(s)}
    points = str(checks.EXERCISES[NAME].points)
    got = {name: rows[name][NAME] for name in HONEST}
    assert got == dict.fromkeys(HONEST, points), json.dumps(rows)
    for name, (_, said) in LOST.items():
        assert rows[name][NAME] == "0"
        assert said in rows[name]["status"]
