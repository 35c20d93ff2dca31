"""No function in the box answers an exercise that is being graded."""

import dataclasses
from pathlib import Path

import pytest

from exercises import checks
from exercises.grading import withheld
from tests import hand_ins
from tests.grading import boxed

pytestmark = pytest.mark.grader
HUNT = Path(__file__).with_name("hunt.py").read_text("utf-8")


@pytest.fixture(scope="module")
def box():
    box = boxed.box_or_skip()
    yield box
    box.close()


def right_ones(exercise, outcomes: list, tables: list[dict]) -> list[str]:
    """Return the names under which every case has the right value.

    Of a tuple, its first two members may also be the answer.
    """
    found = []
    for name in set.intersection(*map(set, tables)):
        values = [table[name] for table in tables]
        tried = [values]
        if all(type(v) is tuple and len(v) > 1 for v in values):
            tried += [[v[0] for v in values], [v[1] for v in values]]
        for one in tried:
            pairs = zip(outcomes, one, strict=True)
            given = [dataclasses.replace(o, value=v, changed=()) for o, v in pairs]
            if exercise.judge(given).fraction == 1:
                found.append(name)
    return found


def hunt(box, exercise, whole: bool = False) -> list[str]:
    """Return the functions in the box that answer an exercise on all its cases."""
    source = f"{HUNT}\n\n{exercise.name} = hunt\n"
    outcomes = boxed.outcomes(box, exercise.name, source, whole)
    assert not any(one.error or one.timed_out for one in outcomes), outcomes[0]
    assert min(one.value[1] for one in outcomes) > 100, "hardly anything was tried"
    return right_ones(exercise, outcomes, [one.value[0] for one in outcomes])


@pytest.mark.parametrize("name", checks.EXERCISES)
def test_nothing_in_the_box_answers_the_exercise(name, box):
    assert hunt(box, checks.EXERCISES[name]) == []


@pytest.mark.parametrize(
    "name", ["log_softmax_rows", "logit_gradient", "clip_gradients"]
)
def test_the_hunt_would_find_an_answer(name, box):
    assert hunt(box, checks.EXERCISES[name], whole=True) != []


WAYS = {
    "log_softmax_rows": [
        "from rnn_lib import log_softmax as f\nreturn f(logits)",
        "import rnn_lib.functional as m\nreturn m.log_softmax(logits)",
        "import sys, rnn_lib\nm = sys.modules['rnn_lib.functional']\n"
        "return m.log_softmax(logits)",
        "from rnn_lib.layers import HiddenLayer as h\n"
        "g = h.__init__.__globals__\nreturn g['tanh_slope'].__globals__"
        "['log_softmax'](logits)",
        "import gc, rnn_lib\nfor one in gc.get_objects():\n"
        "    if getattr(one, '__name__', '') == 'log_softmax':\n"
        "        return one(logits)",
        "import rnn_lib, os\nat = os.path.dirname(rnn_lib.__file__)\nspace = {}\n"
        "exec(open(at + '/functional.py').read(), space)\n"
        "return space['log_softmax'](logits)",
        "import os\nfor at, _, names in os.walk('/box'):\n    for name in names:\n"
        "        text = open(os.path.join(at, name), 'rb').read()\n"
        "        assert b'def log_' + b'softmax' not in text, at\nreturn logits",
    ],
    "decode_one_hot": [
        "import rnn_lib as r\nreturn r.Vocabulary(symbols).decode(vectors.argmax(1))",
        "import rnn_lib as r\nk = r.from_one_hot(vectors)\n"
        "return ''.join(symbols[i] for i in k)",
    ],
    "central_difference": [
        "import rnn_lib\nmoved = theta.astype(float)\n"
        "return rnn_lib.numerical_gradient(lambda: f(moved), moved, step)",
    ],
    "hidden_gradients": [
        "from rnn_lib import HiddenLayer as L\nimport numpy as np\n"
        "layer = L(W, np.zeros(len(W)))\n"
        "return layer.through_time(d_outputs, 1 - states**2)",
    ],
    "clip_gradients": [
        "import rnn_lib\nreturn rnn_lib.clip_by_norm(gradients, max_norm)[0]",
        "from rnn_lib.training import clip_by_norm as c\n"
        "return c(gradients, max_norm)[0]",
    ],
    "pad_symbols": [
        "import rnn_lib, string\n"
        "names = [''.join(string.ascii_uppercase[k - 1] for k in w) for w in words]\n"
        "return tuple(rnn_lib.pad_names(names))",
        "from rnn_lib.yours.text import windows\n"
        "return tuple(windows([[0, *w, 0] for w in words], 99))",
        "import rnn_lib.yours as y\n"
        "return tuple(y.windows([[0, *w, 0] for w in words], 99))",
    ],
    "name_the_bug": [
        "from rnn_lib.bugs import BUGS\nkind = type(network._network)\n"
        "return next((k for k, b in BUGS.items() if b.network is kind), 'healthy')",
        "import gc\nkinds = {'no transpose', 'one path only', 'tanh twice'}\n"
        "for one in gc.get_objects():\n"
        "    if type(one) in (tuple, list):\n        for kind in one:\n"
        "            if type(kind) is str and kind in kinds:\n"
        "                return kind\nreturn 'healthy'",
        "import sys\nframe = sys._getframe()\nwhile frame:\n"
        "    for value in frame.f_locals.values():\n"
        "        args = getattr(value, 'args', None)\n"
        "        if type(args) is tuple and type(args[0]) is str:\n"
        "            return args[0]\n"
        "    frame = frame.f_back\nreturn 'healthy'",
        "name = type(network._network).__name__\n"
        "known = {'NoTranspose': 'no transpose', 'OnePath': 'one path only',\n"
        "         'SameStep': 'h of the same step', 'SlopeOfState': 'tanh twice',\n"
        "         'LastTermOnly': '= instead of +='}\n"
        "return known.get(name, 'healthy')",
    ],
}


def with_body(name: str, body: str) -> str:
    """Return an answer with this body and the arguments of the book's solution."""
    head = next(
        line
        for line in hand_ins.source_of(name, boxed.chapter_of(name)).splitlines()
        if line.startswith("def ")
    )
    return head + "\n" + "\n".join("    " + line for line in body.splitlines())


@pytest.mark.parametrize(
    ("name", "body"), [(name, body) for name, ways in WAYS.items() for body in ways]
)
def test_the_answer_cannot_be_called(name, body, box):
    result = boxed.points(box, {name: with_body(name, body)})[name]
    assert result.points < result.maximum, result.status


ALLOWED = {
    "logit_gradient": "from rnn_lib.functional import softmax\nimport numpy as np\n"
    "return (softmax(logits) - np.eye(logits.shape[-1])[targets]) / targets.size",
    "at_temperature": "import rnn_lib\nreturn rnn_lib.softmax(logits / temperature)",
    "through_tanh": "return d_states * (1 - states**2)",
    "mean_perplexity": "import numpy as np\nfrom rnn_lib import one_hot\n"
    "y = one_hot(targets, probabilities.shape[-1])\n"
    "return float(np.exp(-np.log((probabilities * y).sum(axis=-1)).mean()))",
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_no_answer_may_be_used(name, box):
    answer = with_body(name, ALLOWED[name])
    result = boxed.points(box, {name: answer}, "from rnn_lib import *")[name]
    assert result.status == "right"


def test_the_answer_itself_is_named_as_such(box):
    body = "import rnn_lib\nreturn d_states * rnn_lib.tanh_slope(states)"
    result = boxed.points(box, {"through_tanh": with_body("through_tanh", body)})
    assert result["through_tanh"].status == "uses the answer from rnn_lib"
    body = "import rnn_lib\nreturn rnn_lib.VanillaRNN(2, 2)"
    result = boxed.points(box, {"through_tanh": with_body("through_tanh", body)})
    assert "uses the answer" not in result["through_tanh"].status


BUILT = """
from rnn_lib import VanillaRNN, Adam
from rnn_lib.yours import Writer, split_text
import rnn_lib.yours.text as text
network = VanillaRNN(26, 5, seed=0)
size = len(split_text("ab" * 200).vocabulary) - 3
class Own(VanillaRNN):
    def __init__(self):
        super().__init__(26, 5)
class Other(VanillaRNN):
    def __init__(self):
        self.size = 5
def layers(net: VanillaRNN | None = network):
    return net.hidden_layer if isinstance(net, VanillaRNN) else net.forward(net)
"""
STEP = "import numpy as np\n{}\nreturn np.tanh(x_t @ U.T + h_before @ W.T + b) + size"


def test_what_is_built_on_the_answer_may_stand_where_it_is_not_used(box):
    body = STEP.format("if b is None:\n    return layers(Own()), text, Writer, Adam")
    result = boxed.points(box, {"next_state": with_body("next_state", body)}, BUILT)
    assert result["next_state"].status == "right"


@pytest.mark.parametrize(
    ("use", "named"),
    [
        ("layers()", "network.VanillaRNN"),
        ("network.parameters['W']", "network.VanillaRNN"),
        ("Own()", "network.VanillaRNN"),
        ("Other().forward(x_t)", "network.VanillaRNN"),
        ("Writer(text.Vocabulary('ab')).loss([])", "yours.writer.Writer"),
        (
            "import rnn_lib.layers\nrnn_lib.layers.OutputLayer(W, b).forward(h_before)",
            "",
        ),
    ],
)
def test_what_is_built_on_the_answer_is_named_and_no_offence(use, named, box):
    answer = with_body("next_state", STEP.format(use))
    result = boxed.points(box, {"next_state": answer}, BUILT)["next_state"]
    named = named or "layers.OutputLayer"
    start = f"rnn_lib.{named} goes with the answer and is not here; 0 of "
    assert result.status.startswith(start)
    assert result.points == 0


def test_the_answer_itself_is_one_also_as_a_part(box):
    for use in ("L(W, b).forward(x_t)", "class K(L):\n    pass\nK(W, b)", "L.forward"):
        body = STEP.format(f"from rnn_lib import HiddenLayer as L\n{use}")
        result = boxed.points(box, {"next_state": with_body("next_state", body)}, BUILT)
        assert result["next_state"].status == "uses the answer from rnn_lib"


@pytest.mark.parametrize("name", checks.EXERCISES)
def test_no_answer_is_in_the_text(name):
    withheld_names = checks.EXERCISES[name].forbidden
    texts = withheld.stripped(withheld_names)
    assert set(texts) >= set(withheld.sources()) > {"network", "yours.writer"}
    for full in withheld_names:
        last = full.rpartition(".")[2]
        for text in texts.values():
            assert f"def {last}(" not in text or last == "decode"
            assert f"class {last}(" not in text
            assert f"class {last}:" not in text


def test_what_cannot_be_withheld_is_refused():
    for name in ("rnn_lib.nothing", "numpy.sum", "rnn_lib.functional.nothing"):
        with pytest.raises(ValueError, match="no such thing"):
            withheld.stripped([name])
