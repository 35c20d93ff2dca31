"""The figures to play with: their numbers, their arithmetic, their directive.

The scripts of the pages run here in an embedded JavaScript engine, and what they
compute is compared with rnn_lib.
"""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from book.extensions import figures
from book.tools import export_figures
from rnn_lib import VanillaRNN, floor, ladder, one_hot, softmax, tiny_network
from rnn_lib.data import INPUT_ROWS, TARGET_ROWS
from rnn_lib.examples import TINY_INPUT, TINY_TARGET, TINY_VOCABULARY
from rnn_lib.memory import gradient_norms, spectral_radius
from rnn_lib.tasks import recall

CLOSE = {"rtol": 0, "atol": 1e-12}
EXPORTED = {"rnn-forward": export_figures.tiny, "rnn-backward": export_figures.tiny}


def stored(name):
    return json.loads(figures.needed(name)[-1].read_text("utf-8"))


@pytest.fixture(scope="module", params=figures.SCRIPTS)
def any_figure(request):
    return request.param


@pytest.fixture(scope="module")
def run():
    """Give a function that evaluates JavaScript beside a figure and its data."""
    open_now, engines = [], {}

    def evaluate(name, script, *arguments):
        if name not in engines:
            open_now.append(figures.loaded(name))
            engine, data = open_now[-1].__enter__()
            engine.eval(f"const data = {data}")
            engines[name] = engine
        values = ", ".join(json.dumps(value) for value in arguments)
        found = engines[name].eval(f"JSON.stringify(({script})({values}))")
        return json.loads(found)

    yield evaluate
    for context in open_now:
        context.__exit__(None, None, None)


# The stored numbers


@pytest.mark.parametrize("name", EXPORTED)
def test_stored_numbers_are_those_of_the_library(name):
    computed = EXPORTED[name]()
    assert json.loads(json.dumps(computed)) == stored(name)


def test_the_tiny_network_is_the_one_of_the_chapters():
    for name in ("rnn-forward", "rnn-backward"):
        data = stored(name)
        assert data["symbols"] == "".join(TINY_VOCABULARY.symbols)
        assert (data["input"], data["target"]) == (TINY_INPUT, TINY_TARGET)
        for key, array in tiny_network().parameters.items():
            np.testing.assert_array_equal(data["parameters"][key], array)


def test_rows_and_rungs_are_those_of_chapter_1():
    data = stored("rnn-ladder")
    assert data["inputs"] == list(INPUT_ROWS)
    assert data["targets"] == list(TARGET_ROWS)
    for name, rung in ladder(INPUT_ROWS, TARGET_ROWS).items():
        assert data["ladder"][name] == pytest.approx(rung.loss, abs=1e-12)


@pytest.mark.parametrize("start", ["orthogonal", "uniform"])
@pytest.mark.parametrize("radius", [0.5, 0.9, 1.0, 1.2, 1.5])
def test_measured_lags_are_those_of_the_library(start, radius):
    data = stored("rnn-lag")
    task = recall(64, 80, seed=1)
    network = VanillaRNN(4, 32, initialization=start, seed=0)
    network.hidden_layer.W *= radius / spectral_radius(network.hidden_layer.W)
    assert spectral_radius(network.hidden_layer.W) == pytest.approx(radius)
    norms = gradient_norms(network, task.x, task.targets[:, 0])[::-1]
    logarithms = np.log10(norms / norms[0])
    found = data["measured"][start][data["radii"].index(radius)]
    assert len(found) == 80
    # Stored to three digits; the last one may differ on another processor.
    np.testing.assert_allclose(found, logarithms, rtol=0, atol=1.01e-3)


def test_the_stored_network_has_learned_names():
    from rnn_lib import evaluate, load_names, pad_names, split_names

    network = names_network()
    split = split_names(load_names(), seed=1)
    inputs, targets, mask = pad_names(split.validation)
    loss = evaluate(network, one_hot(inputs, 27), targets, mask=mask)[0]
    assert loss < 2.3


def names_network():
    data = stored("rnn-temperature")
    network = VanillaRNN(27, export_figures.NAME_UNITS)
    network.set_parameters({k: np.array(v) for k, v in data["parameters"].items()})
    return network


# The arithmetic of the pages


@pytest.mark.parametrize("letters", ["ABA", "AAA", "CBC", "BCA"])
def test_forward_pass(run, letters):
    steps = run("rnn-forward", "(letters) => rnnTiny.forward(data, letters)", letters)
    network = tiny_network()
    logits, _ = network.forward(one_hot(TINY_VOCABULARY.encode(letters), 3)[None])
    states = network.hidden_layer.states[0]
    for t, step in enumerate(steps):
        np.testing.assert_allclose(step["h"], states[t], **CLOSE)
        np.testing.assert_allclose(np.tanh(step["z"]), states[t], **CLOSE)
        np.testing.assert_allclose(step["o"], logits[0, t], **CLOSE)
        np.testing.assert_allclose(
            step["probabilities"], softmax(logits[0, t]), **CLOSE
        )


def test_forgetting_starts_each_step_from_zeros(run):
    script = "(letters) => rnnTiny.forward(data, letters, true)"
    steps = run("rnn-forward", script, "ABA")
    for letter, step in zip("ABA", steps, strict=True):
        logits, _ = tiny_network().forward(
            one_hot(TINY_VOCABULARY.encode(letter), 3)[None]
        )
        np.testing.assert_allclose(step["o"], logits[0, 0], **CLOSE)


def test_backward_pass(run):
    script = "() => rnnTiny.backward(data, data.input, data.target)"
    found = run("rnn-backward", script)
    summed = run(
        "rnn-backward",
        "() => rnnTiny.sumOfTerms(rnnTiny.backward(data, data.input, data.target)"
        ".steps, 0)",
    )
    network = tiny_network()
    x = one_hot(TINY_VOCABULARY.encode(TINY_INPUT), 3)[None]
    loss = network.loss(x, TINY_VOCABULARY.encode(TINY_TARGET)[None])
    gradients = network.backward()
    assert found["loss"] == pytest.approx(loss, abs=1e-12)
    np.testing.assert_allclose(summed, gradients["W"], **CLOSE)
    dz = np.array([step["dz"] for step in found["steps"]])
    np.testing.assert_allclose(dz.sum(axis=0), gradients["b"], **CLOSE)
    np.testing.assert_allclose(dz.T @ x[0], gradients["U"], **CLOSE)
    d_o = np.array([step["d_o"] for step in found["steps"]])
    np.testing.assert_allclose(d_o.sum(axis=0), gradients["c"], **CLOSE)


def test_backward_pass_without_the_second_path_is_wrong(run):
    script = "() => rnnTiny.backward(data, data.input, data.target, false)"
    steps = run("rnn-backward", script)["steps"]
    for step in steps:
        assert step["next"] == [0, 0]
        assert step["dh"] == step["output"]


@pytest.mark.parametrize("position", [False, True])
@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("letters", [0, 1, 2, 3, 26])
def test_floors(run, letters, first, position):
    def view(row, t):
        kept = tuple(row[max(0, t + 1 - letters) : t + 1]) if letters else ()
        return kept, first and row[0], position and t

    state = {"letters": letters, "first": first, "position": position}
    script = "(state) => rnnFigures.known['rnn-ladder'].floor(data, state)"
    found = run("rnn-ladder", script, state)
    expected = floor(INPUT_ROWS, TARGET_ROWS, view)
    assert found["loss"] == pytest.approx(expected.loss, abs=1e-12)
    assert (found["correct"], found["total"]) == (expected.correct, expected.total)


@pytest.mark.parametrize("radius", [0.5, 1.0, 1.5])
def test_predicted_lags(run, radius):
    script = "(r, lag) => rnnFigures.known['rnn-lag'].predicted(r, lag)"
    for lag in (0, 1, 40, 79):
        found = run("rnn-lag", script, radius, lag)
        assert found == pytest.approx(np.log10(radius**lag), abs=1e-12)


def test_every_place_of_the_sliders_has_a_measurement(run):
    script = """() => {
        const figure = rnnFigures.known['rnn-lag'], missing = [];
        const control = figure.controls(data).find((c) => c.name === 'radius');
        for (let i = 0; i < data.radii.length; i += 1) {
            const place = Number((control.min + i * control.step).toFixed(2));
            if (data.radii.indexOf(place) !== i) missing.push(place);
        }
        return missing;
    }"""
    assert run("rnn-lag", script) == []


@pytest.mark.parametrize("prefix", ["", "A", "MAR"])
@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.0])
def test_temperature(run, prefix, temperature):
    data = stored("rnn-temperature")
    figure = "rnnFigures.known['rnn-temperature']"
    logits = run("rnn-temperature", f"(p) => {figure}.logits(data, p)", prefix)
    indices = [data["symbols"].index(symbol) for symbol in "." + prefix]
    expected = names_network().forward(one_hot(np.array([indices]), 27))[0][0, -1]
    np.testing.assert_allclose(logits, expected, **CLOSE)
    shares = run("rnn-temperature", f"{figure}.probabilities", logits, temperature)
    np.testing.assert_allclose(shares, softmax(expected / temperature), **CLOSE)


def test_names_are_drawn_as_the_probabilities_say(run):
    script = """(state) => {
        const { random, names } = rnnFigures.known['rnn-temperature'];
        const many = [];
        for (let seed = 0; seed < 250; seed += 1)
            many.push(...names(data, { ...state, seed }));
        return many;
    }"""
    state = {"prefix": "", "temperature": 1}
    many = run("rnn-temperature", script, state)
    assert many == run("rnn-temperature", script, state)
    first = np.array([name[:1] == "A" for name in many]).mean()
    logits = names_network().forward(one_hot(np.array([[0]]), 27))[0][0, -1]
    share = softmax(logits)[1]
    assert abs(first - share) < 4 * np.sqrt(share * (1 - share) / len(many))
    assert all(name.isalpha() and len(name) <= 12 for name in many if name)


# What is shown


def test_every_view_has_a_picture_a_label_and_words(run, any_figure):
    script = f"""() => {{
        const figure = rnnFigures.known['{any_figure}'];
        return figure.view(data, figure.start(data));
    }}"""
    view = run(any_figure, script)
    assert view["picture"].startswith("<svg ")
    assert 'role="img"' in view["picture"]
    assert 'aria-label="' in view["picture"]
    assert view["text"].endswith(".")
    for wrong in ("NaN", "undefined", "Infinity"):
        assert wrong not in json.dumps(view)


def test_the_page_shows_the_start_without_a_script(any_figure):
    html = figures.element(any_figure)
    assert html.startswith(f'<{any_figure} class="play">')
    assert '<div class="play-still"><div class="play-picture"><svg ' in html
    inside = html.split('<script type="application/json">')[1].split("</script>")[0]
    assert json.loads(inside) == stored(any_figure)


# The directive


def directive(name, content):
    """Return a directive as docutils would make it, without a document."""
    play = object.__new__(figures.Play)
    play.arguments, play.content = [name], content
    play.error = ValueError
    return play


def test_an_unknown_figure_is_refused():
    with pytest.raises(ValueError, match="got 'rnn-nothing'"):
        directive("rnn-nothing", []).run()


def test_two_paragraphs_are_refused(monkeypatch):
    from docutils import nodes

    play = directive("rnn-ladder", [])
    env = SimpleNamespace(
        note_dependency=lambda file: None, metadata={"page": {}}, docname="page"
    )
    monkeypatch.setattr(figures.Play, "env", env)
    two = [nodes.paragraph("", "one"), nodes.paragraph("", "two")]
    play.parse_content_to_nodes = lambda: two
    with pytest.raises(ValueError, match="expected one paragraph"):
        play.run()
    assert env.metadata["page"]["figures"] == ["rnn-ladder"]
