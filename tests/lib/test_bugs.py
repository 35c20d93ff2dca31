"""The bug zoo: each network is wrong in the way it says, and in no other."""

import ast
import inspect
import re
from pathlib import Path

import numpy as np
import pytest

import rnn_lib
from book.tools import notebooks
from rnn_lib import VanillaRNN, bugs, check_gradients, probes
from rnn_lib.bugs import BUGS, NoticesBatches
from rnn_lib.probes import PROBES
from tests.cases import Sizes, assert_near, copies
from tests.cases import make_case as random_case

ROOT = Path(__file__).resolve().parents[2]
SOME = Sizes(N=3, T=4, K=6, H=5, out=2)
HEALTHY = {"VanillaRNN": VanillaRNN, "Notices": NoticesBatches}
NAMES = list(BUGS)


def made(kind, sizes=SOME, seed=0):
    """Return a network of `kind`, a healthy one with the same weights, and a case."""
    case = random_case(sizes, seed)
    network = kind(sizes.K, sizes.H, sizes.out)
    network.set_parameters(case.network.parameters)
    return network, case.network, case


def gradients(network, case, h0=None):
    """Return the gradients of the loss on the case, copied."""
    network.loss(case.x, case.targets, h0)
    return copies(network.backward())


def assert_same(got, wanted, tolerance=1e-12):
    """Assert that two dictionaries of arrays agree."""
    assert got.keys() == wanted.keys()
    for name in wanted:
        assert_near(got[name], wanted[name], tolerance)


# What is healthy -------------------------------------------------------------


@pytest.mark.parametrize("kind", HEALTHY.values(), ids=HEALTHY)
def test_what_the_bugs_are_built_from_is_healthy(kind):
    network, healthy, case = made(kind)
    for h0 in (None, case.h0):
        assert_same(gradients(network, case, h0), gradients(healthy, case, h0))
        assert_near(network.logits, healthy.logits, 1e-12)


# The registry ----------------------------------------------------------------


def test_every_broken_network_is_registered_once():
    classes = [value for _, value in inspect.getmembers(bugs, inspect.isclass)]
    broken = {
        kind
        for kind in classes
        if issubclass(kind, VanillaRNN) and kind not in HEALTHY.values()
    }
    registered = [bug.network for bug in BUGS.values()]
    assert set(registered) == broken
    assert len(registered) == len(broken)


def test_every_bug_says_what_is_wrong_and_who_sees_it():
    descriptions = [bug.description for bug in BUGS.values()]
    assert all(re.fullmatch(r"[A-Z].{15,80}\.", text) for text in descriptions)
    assert len(set(descriptions)) == len(BUGS)
    for bug in BUGS.values():
        assert bug.description == inspect.getdoc(bug.network).splitlines()[0]
        assert bug.seen_by
        assert bug.seen_by <= set(PROBES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("probe", [probe for probe in PROBES if probe != "overfit"])
def test_a_probe_sees_the_bugs_it_is_said_to_see(probe, name):
    value = PROBES[probe].measure(BUGS[name].network)
    assert PROBES[probe].passes(value) == (probe not in BUGS[name].seen_by)


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("no transpose", 0),
        ("= instead of +=", 5),
        ("tanh twice", 1),
        ("left-over path", 2),
        ("gradients pile up", 0),
        ("fresh input weights", 0),
        ("saturating start", 0),
    ],
)
def test_what_training_says(name, seed):
    """The others, and eight seeds of each, take longer: the chapter has them."""
    share, bug = probes.overfit(BUGS[name].network, seeds=(seed,)), BUGS[name]
    assert PROBES["overfit"].passes(share) == ("overfit" not in bug.seen_by)


@pytest.mark.parametrize("name", NAMES)
def test_a_bug_is_used_like_any_network(name):
    kind = BUGS[name].network
    network = kind(SOME.K, SOME.H, seed=3, dtype=np.float32)
    rng = np.random.default_rng(0)
    for T in (SOME.T, 2 * SOME.K):
        x = np.eye(SOME.K)[rng.integers(0, SOME.K, (2, T))]
        loss = network.loss(x, rng.integers(0, SOME.K, (2, T)))
        assert np.isfinite(loss)
        found = network.backward()
        assert {n: g.shape for n, g in found.items()} == {
            n: p.shape for n, p in network.parameters.items()
        }
        assert {g.dtype for g in found.values()} == {np.dtype(np.float32)}
        assert network.predict(x).shape == (2, T)
    assert network.generate([0, 1], 3).shape == (3,)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "saturating start"])
def test_a_bug_starts_from_the_weights_of_the_healthy_network(name):
    for seed in (0, 5):
        settings = {"seed": seed, "initialization": "orthogonal"}
        network = BUGS[name].network(4, 3, 2, **settings)
        wanted = VanillaRNN(4, 3, 2, **settings).parameters
        for key, array in network.parameters.items():
            np.testing.assert_array_equal(array, wanted[key])


# Wrong gradients -------------------------------------------------------------


def test_the_missing_transpose_matters_only_if_W_is_not_symmetric():
    network, healthy, case = made(bugs.NoTranspose)
    W = healthy.parameters["W"]
    h = network.hidden_layer.forward(case.x @ healthy.parameters["U"].T, case.h0)
    dz = network.hidden_layer.backward(case.d_states)
    from_next = np.zeros_like(case.h0)
    for t in reversed(range(SOME.T)):
        wanted = (case.d_states[:, t] + from_next) * (1 - h[:, t] ** 2)
        assert_near(dz[:, t], wanted, 1e-12)
        from_next = np.einsum("ni,ji->nj", wanted, W)  # W itself, not W^T
    for one in (network, healthy):
        one.set_parameters({**one.parameters, "W": W + W.T})
    assert_same(gradients(network, case), gradients(healthy, case))


def test_one_path_only_is_right_for_sequences_of_one_letter():
    one_letter = Sizes(N=3, T=1, K=6, H=5, out=2)
    network, healthy, case = made(bugs.OnePath, one_letter)
    assert_same(gradients(network, case), gradients(healthy, case))
    network, healthy, case = made(bugs.OnePath)
    got, wanted = gradients(network, case), gradients(healthy, case)
    assert_same({n: got[n] for n in "Vc"}, {n: wanted[n] for n in "Vc"})
    dh = network.output_layer.backward(
        rnn_lib.cross_entropy_gradient(network.logits, case.targets)
    )
    dz = dh * (1 - network.hidden_layer.states**2)
    assert_near(got["b"], dz.sum(axis=(0, 1)), 1e-12)


@pytest.mark.parametrize(
    ("kind", "term"),
    [
        (bugs.SameStep, lambda dz, h: np.einsum("nti,ntj->ij", dz, h[:, 1:])),
        (bugs.LastTermOnly, lambda dz, h: dz[:, 0].T @ h[:, 0]),
    ],
)
def test_a_wrong_sum_spoils_the_gradient_of_W_alone(kind, term):
    network, healthy, case = made(kind)
    got, wanted = gradients(network, case, case.h0), gradients(healthy, case, case.h0)
    states = healthy.hidden_layer.states
    h = np.concatenate([case.h0[:, None], states], axis=1)
    d_logits = rnn_lib.cross_entropy_gradient(healthy.logits, case.targets)
    dz = healthy.hidden_layer.backward(healthy.output_layer.backward(d_logits))
    assert_near(got.pop("W"), term(dz, h), 1e-12)
    del wanted["W"]
    assert_same(got, wanted)


def test_assigned_and_started_from_zero_the_gradient_of_W_is_zero():
    network, _, case = made(bugs.LastTermOnly)
    assert not gradients(network, case)["W"].any()


def test_tanh_twice_has_the_slope_of_the_wrong_place():
    network, _, case = made(bugs.SlopeOfState, Sizes(N=3, T=1, K=6, H=5, out=2))
    got = gradients(network, case)
    d_logits = rnn_lib.cross_entropy_gradient(network.logits, case.targets)
    h = network.hidden_layer.states
    dz = (d_logits @ network.parameters["V"]) * (1 - np.tanh(h) ** 2)
    assert_near(got["b"], dz.sum(axis=(0, 1)), 1e-12)


# Left over from an earlier call ----------------------------------------------


def test_left_over_path_reaches_the_last_step_of_the_next_call():
    network, healthy, case = made(bugs.LeftOverPath)
    assert_same(gradients(network, case), gradients(healthy, case))
    left = network.hidden_layer.d_initial_state.copy()
    again = gradients(network, case)
    d_logits = rnn_lib.cross_entropy_gradient(healthy.logits, case.targets)
    d_states = healthy.output_layer.backward(d_logits).copy()
    d_states[:, -1] += left
    healthy.hidden_layer.backward(d_states)
    assert_near(again["W"], healthy.hidden_layer.dW, 1e-12)
    assert_near(again["b"], healthy.hidden_layer.db, 1e-12)
    other = random_case(Sizes(N=2, T=4, K=6, H=5, out=2), 1)  # another N
    assert_same(gradients(network, other), gradients(healthy, other))


def test_gradients_pile_up_call_by_call():
    network, healthy, case = made(bugs.GradientsPileUp)
    once = gradients(healthy, case)
    for count in (1, 2, 3):
        got = gradients(network, case)
        assert_same(got, {name: count * g for name, g in once.items()})
        assert_same(network.gradients, got)


def test_batches_are_noticed():
    class Counts(NoticesBatches):
        count = 0

        def another_batch(self):
            self.count += 1

    network = Counts(3, 2)
    a, b = np.eye(3)[None], np.eye(3)[None, ::-1]
    counts = []
    for x in (a, a, b, b.tolist(), a, a[:, :2]):
        network.forward(x)
        counts.append(network.count)
    assert counts == [0, 0, 1, 1, 2, 3]


def test_input_weights_are_drawn_again_for_another_batch_only():
    network, healthy, case = made(bugs.FreshInputWeights)
    other = random_case(SOME, 1)
    drawn = []
    for x in (case.x, case.x, other.x, other.x, case.x):
        network.forward(x)
        drawn.append(network.parameters["U"].copy())
    np.testing.assert_array_equal(drawn[0], healthy.parameters["U"])
    for one, next_one, same in zip(drawn, drawn[1:], [1, 0, 1, 0], strict=False):
        assert np.array_equal(one, next_one) == bool(same)
    assert not np.array_equal(drawn[0], drawn[-1])
    assert np.abs(drawn[-1]).max() <= 1 / np.sqrt(SOME.H)
    for name in "WbVc":
        np.testing.assert_array_equal(
            network.parameters[name], healthy.parameters[name]
        )


def test_a_batch_starts_where_the_batch_before_it_ended():
    network, healthy, case = made(bugs.StateCarriedOver)
    other = random_case(SOME, 1)
    first, end = network.forward(case.x)
    assert_near(first, healthy.forward(case.x)[0], 1e-12)
    assert_near(network.forward(case.x)[0], first, 1e-12)  # the same batch again
    wanted, wanted_end = healthy.forward(other.x, end)
    for _ in range(2):
        logits, final = network.forward(other.x)
        assert_near(logits, wanted, 1e-12)
        assert_near(final, wanted_end, 1e-12)
    assert_near(network.forward(case.x)[0], healthy.forward(case.x, final)[0], 1e-12)
    given = network.forward(other.x, case.h0)[0]
    assert_near(given, healthy.forward(other.x, case.h0)[0], 1e-12)
    one_row = network.forward(case.x[:1])[0]  # no state of that shape: zeros
    assert_near(one_row, healthy.forward(case.x[:1])[0], 1e-12)


# The right gradient of the wrong thing ---------------------------------------


def test_without_tanh_the_network_is_linear_and_its_gradient_right():
    network, _, case = made(bugs.NoTanh)
    none = network.forward(0 * case.x)[0]
    one = network.forward(case.x)[0] - none
    np.testing.assert_allclose(network.forward(3 * case.x)[0] - none, 3 * one)
    errors = check_gradients(network, case.x, case.targets, case.h0)
    assert max(errors.values()) < 1e-7


@pytest.mark.parametrize("H", [8, 32, 128, 200])
def test_saturating_start_is_blind_whatever_its_size(H):
    network = bugs.SaturatingStart(26, H, seed=1)
    network.forward(rnn_lib.load_five_sequences()[0])
    states = network.hidden_layer.states
    assert (states[:, 0] < 1).any()
    assert (states[:, 2:] == 1).all()
    assert (states[:, 1] == 1).mean() > 0.9
    original = VanillaRNN(26, H, seed=1, initialization="original").parameters
    for name, array in network.parameters.items():
        factor = 128 / H if name == "W" else 1
        np.testing.assert_array_equal(array, factor * original[name])


def test_a_sum_is_the_mean_times_the_number_of_positions():
    network, healthy, case = made(bugs.SummedLoss)
    count = SOME.N * SOME.T
    for h0 in (None, case.h0):
        loss = network.loss(case.x, case.targets, h0)
        assert loss == pytest.approx(count * healthy.loss(case.x, case.targets, h0))
        wanted = {name: count * g for name, g in healthy.backward().items()}
        assert_same(copies(network.backward()), wanted)
    given = copies(network.backward(case.d_logits))
    assert_same(given, healthy.backward(case.d_logits))
    assert max(check_gradients(network, case.x, case.targets).values()) < 1e-6


@pytest.mark.parametrize("T", [1, 4, 5, 6, 7, 9])
def test_the_final_state_is_right_only_if_there_are_K_steps(T):
    sizes = Sizes(N=3, T=T, K=6, H=5, out=2)
    network, healthy, case = made(bugs.StatesSizedByVocabulary, sizes)
    logits, final = network.forward(case.x, case.h0)
    wanted, right = healthy.forward(case.x, case.h0)
    assert_near(logits, wanted, 1e-12)
    if T < 6:
        assert not final.any()
    else:
        assert_near(final, healthy.hidden_layer.states[:, 5], 1e-12)
    assert np.allclose(final, right) == (T == 6)


# The table of names ----------------------------------------------------------

TABLE = ROOT / "reference" / "original.md"


def table_rows() -> list[list[str]]:
    """Return the cells of the table of names, without its two head lines."""
    lines = [s for s in TABLE.read_text("utf-8").splitlines() if s.startswith("|")]
    assert "guarded by" in lines[0]
    return [[part.strip() for part in line.split("|")[1:-1]] for line in lines[2:]]


def test_the_table_names_tests_that_exist():
    defined = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.M)
    }
    named = {name for row in table_rows() for name in re.findall(r"`(\w+)`", row[3])}
    assert len(table_rows()) >= 20
    assert all(re.search(r"`test_\w+`", row[3]) for row in table_rows())
    assert named - defined == set()


def test_the_table_names_places_that_exist():
    for _, now, _, _ in table_rows():
        places = re.findall(r"`([\w.]+)`", now)
        assert places
        for place in places:
            module, *names = place.split(".")
            found = pytest.importorskip(f"rnn_lib.{module}")
            for name in names:
                known = hasattr(found, name)  # or set on an instance:
                known = known or re.search(rf"^{name} :", inspect.getdoc(found), re.M)
                assert known, place
                found = getattr(found, name, None)


ORIGINAL = [
    ROOT / "chapters" / "05_broken_notebook.ipynb",
    ROOT / "chapters" / "06_pytorch.ipynb",
]


def names_of(source: str) -> set[str]:
    """Return classes, methods, attributes and global names that `source` defines."""
    tree = ast.parse(source)
    found = {
        node.id
        for node in ast.walk(ast.Module(outermost(tree), []))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
        elif isinstance(node, ast.AnnAssign):
            found.add(node.target.id)
    return found - {"__init__"}


def outermost(tree: ast.Module) -> list[ast.stmt]:
    """Return the statements of a module that are no class and no function."""
    inner = ast.ClassDef | ast.FunctionDef
    return [node for node in tree.body if not isinstance(node, inner)]


def test_the_names_of_a_piece_of_code_are_found():
    source = """
class A:
    a: int = 0
    def f(self, x):
        local = x
        self.b = local
d = A()
for e in range(3):
    g = [h for h in "ab"]
"""
    assert names_of(source) == set("Aafbdegh")


@pytest.mark.parametrize("chapter", ORIGINAL, ids=lambda path: path.stem)
def test_the_table_has_every_name_of_the_original(chapter):
    """Every name that is defined in the cells that show the original."""
    cells = notebooks.read(chapter).cells
    shown = [c.source for c in cells if c.source.startswith("# fmt: off")]
    defined = set().union(*(names_of(source) for source in shown))
    assert len(defined) >= 20
    mapped = {name for row in table_rows() for name in re.findall(r"\w+", row[0])}
    assert defined - mapped == set()
