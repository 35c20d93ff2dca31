"""The training loop: what it does, what it records, and what the course claims."""

import io
import math
import subprocess
import sys
from collections import Counter
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from tqdm import tqdm

import rnn_lib.training
from rnn_lib import (
    SGD,
    Adam,
    History,
    VanillaRNN,
    evaluate,
    load_five_sequences,
    train,
)
from tests.cases import Sizes, assert_says, copies, make_case
from tests.support import frozen

# Seven rows: batches of 3 leave one over.
SIZES = Sizes(N=7, T=4, K=5, H=3, out=6)


def updates_by_hand(network, x, targets, optimizer, *, order, size, max_norm):
    """Train for one epoch; return loss, accuracy and norm of each batch."""
    measured = []
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        loss = network.loss(x[rows], targets[rows])
        right = (network.logits.argmax(axis=2) == targets[rows]).mean()
        gradients = copies(network.backward())
        norm = math.sqrt(sum((g.ravel() @ g.ravel()) for g in gradients.values()))
        if max_norm is not None and norm > max_norm:
            for gradient in gradients.values():
                gradient *= max_norm / norm
        optimizer.step(network.parameters, gradients)
        measured.append((len(rows), loss, right, norm))
    return measured


@pytest.mark.parametrize("batch_size", [None, 1, 3, 7, 100])
@pytest.mark.parametrize("max_norm", [None, 0.05, 1e6])
@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("optimizer", [partial(SGD, 0.5), partial(Adam, 0.01)])
def test_training_is_the_loop_that_one_writes_by_hand(
    batch_size, max_norm, shuffle, optimizer
):
    trained, by_hand = make_case(SIZES), make_case(SIZES).network
    history = train(
        trained.network,
        trained.x,
        trained.targets,
        optimizer=optimizer(),
        epochs=4,
        batch_size=batch_size,
        max_norm=max_norm,
        shuffle=shuffle,
        seed=5,
    )
    hand_optimizer = optimizer()
    rng = np.random.default_rng(5)
    for epoch in range(4):
        order = rng.permutation(SIZES.N) if shuffle else np.arange(SIZES.N)
        measured = updates_by_hand(
            by_hand,
            trained.x,
            trained.targets,
            hand_optimizer,
            order=order,
            size=batch_size or SIZES.N,
            max_norm=max_norm,
        )
        rows, losses, accuracies, norms = np.array(measured).T
        assert rows.sum() == SIZES.N
        loss, accuracy = losses @ rows / SIZES.N, accuracies @ rows / SIZES.N
        assert history.losses[epoch] == pytest.approx(loss, rel=1e-12)
        assert history.accuracies[epoch] == pytest.approx(accuracy, rel=1e-12)
        assert history.gradient_norms[epoch] == pytest.approx(norms.max(), rel=1e-12)
    for name, array in trained.network.parameters.items():
        wanted = by_hand.parameters[name]
        np.testing.assert_allclose(array, wanted, rtol=1e-12, atol=1e-14)


# History --------------------------------------------------------------------


def test_history_starts_empty_and_keeps_its_own_lists():
    first, second = History(), History()
    assert first.losses == first.accuracies == first.gradient_norms == []
    first.losses.append(1.0)
    assert second.losses == []


def test_history_has_one_number_per_epoch():
    case = make_case(SIZES)
    history = train(
        case.network, case.x, case.targets, optimizer=SGD(), epochs=6, batch_size=2
    )
    for series in (history.losses, history.accuracies, history.gradient_norms):
        assert len(series) == 6
        assert {type(number) for number in series} == {float}


def test_history_weighs_batches_by_their_rows():
    """With a learning rate of 0 every way of batching measures the same network."""
    case = make_case(SIZES)
    loss, accuracy = evaluate(case.network, case.x, case.targets)
    for batch_size in (1, 2, 3, 4, 5, 6, 7):
        history = train(
            case.network,
            case.x,
            case.targets,
            optimizer=SGD(0),
            epochs=2,
            batch_size=batch_size,
        )
        assert history.losses == pytest.approx([loss, loss], rel=1e-12)
        assert history.accuracies == pytest.approx([accuracy, accuracy], rel=1e-12)


def test_history_measures_before_the_update():
    case = make_case(SIZES)
    network = case.network
    before = evaluate(network, case.x, case.targets)
    history = train(network, case.x, case.targets, optimizer=SGD(0.5), epochs=1)
    assert (history.losses[0], history.accuracies[0]) == before
    assert evaluate(network, case.x, case.targets)[0] < before[0]


def test_history_keeps_the_norm_before_clipping():
    case = make_case(SIZES)
    settings = {"optimizer": SGD(0), "epochs": 1, "batch_size": 3}
    plain = train(case.network, case.x, case.targets, **settings)
    clipped = train(case.network, case.x, case.targets, max_norm=1e-3, **settings)
    assert clipped.gradient_norms == plain.gradient_norms
    norms = []
    for rows in (slice(0, 3), slice(3, 6), slice(6, 7)):
        case.network.loss(case.x[rows], case.targets[rows])
        squares = [(g**2).sum() for g in case.network.backward().values()]
        norms.append(math.sqrt(sum(squares)))
    assert plain.gradient_norms == pytest.approx([max(norms)], rel=1e-12)
    assert max(norms) > 1.1 * min(norms)


# Batches and order ----------------------------------------------------------


class Reader(VanillaRNN):
    """A network that notes which rows it is shown; row n of x starts with n."""

    def loss(self, x, targets, initial_state=None):
        self.seen.append(x[:, 0, 0].astype(int).tolist())
        np.testing.assert_array_equal(targets[:, 0], x[:, 0, 0] % self.output_size)
        assert initial_state is None
        return super().loss(x, targets, initial_state)


def rows_read(**settings):
    """Return the rows of each batch that a network of seven rows is shown."""
    network = Reader(2, 3)
    network.seen = []
    x = np.zeros((7, 2, 2))
    x[:, 0, 0] = np.arange(7)
    targets = np.stack([np.arange(7) % 2, np.zeros(7, int)], axis=1)
    train(network, frozen(x), frozen(targets), optimizer=SGD(0.1), **settings)
    return network.seen


def test_rows_come_in_order_with_the_remainder_last():
    assert rows_read(epochs=1) == [[0, 1, 2, 3, 4, 5, 6]]
    assert rows_read(epochs=2, batch_size=3) == 2 * [[0, 1, 2], [3, 4, 5], [6]]
    assert rows_read(epochs=1, batch_size=50) == [[0, 1, 2, 3, 4, 5, 6]]


def test_shuffling_shows_every_row_once_per_epoch_in_a_new_order():
    epochs = rows_read(epochs=20, shuffle=True)
    assert all(sorted(epoch) == list(range(7)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) >= 19
    assert list(range(7)) not in epochs


def test_order_is_reproducible_by_its_seed():
    first = rows_read(epochs=3, batch_size=2, shuffle=True, seed=9)
    assert rows_read(epochs=3, batch_size=2, shuffle=True, seed=9) == first
    generator = np.random.default_rng(9)
    assert rows_read(epochs=3, batch_size=2, shuffle=True, seed=generator) == first
    assert rows_read(epochs=3, batch_size=2, shuffle=True, seed=8) != first
    unseeded = rows_read(epochs=3, shuffle=True)
    assert unseeded == rows_read(epochs=3, shuffle=True, seed=0)


# Updates --------------------------------------------------------------------


def test_clipping_bounds_the_step():
    case = make_case(SIZES)
    before = copies(case.network.parameters)
    history = train(
        case.network,
        case.x,
        case.targets,
        optimizer=SGD(1.0),
        epochs=1,
        max_norm=0.01,
    )
    assert history.gradient_norms[0] > 0.1
    moved = [p - before[name] for name, p in case.network.parameters.items()]
    length = math.sqrt(sum((array**2).sum() for array in moved))
    assert length == pytest.approx(0.01, rel=1e-9)


def test_clipping_that_is_not_needed_changes_nothing():
    one, other = make_case(SIZES), make_case(SIZES)
    plain = train(one.network, one.x, one.targets, optimizer=Adam(), epochs=3)
    clipped = train(
        other.network, one.x, one.targets, optimizer=Adam(), epochs=3, max_norm=1e9
    )
    assert plain == clipped
    for name, array in one.network.parameters.items():
        np.testing.assert_array_equal(array, other.network.parameters[name])


def test_nothing_is_clipped_or_shuffled_unless_asked_for():
    one, other = make_case(SIZES), make_case(SIZES)
    for network in (one.network, other.network):
        network.output_layer.V *= 20
    plain = train(one.network, one.x, one.targets, optimizer=SGD(0.1), epochs=2)
    assert min(plain.gradient_norms) > 2
    rows = np.arange(SIZES.N)
    kept = {"size": SIZES.N, "max_norm": None}
    for _ in range(2):
        updates_by_hand(other.network, one.x, one.targets, SGD(0.1), order=rows, **kept)
    for name, array in one.network.parameters.items():
        wanted = other.network.parameters[name]
        np.testing.assert_allclose(array, wanted, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("optimizer", [partial(SGD, 0.2), partial(Adam, 0.01)])
def test_two_calls_with_one_optimizer_are_one_longer_call(optimizer):
    one, other = make_case(SIZES), make_case(SIZES)
    whole = train(one.network, one.x, one.targets, optimizer=optimizer(), epochs=5)
    kept = optimizer()
    first = train(other.network, one.x, one.targets, optimizer=kept, epochs=2)
    second = train(other.network, one.x, one.targets, optimizer=kept, epochs=3)
    assert first.losses + second.losses == whole.losses
    for name, array in one.network.parameters.items():
        np.testing.assert_array_equal(array, other.network.parameters[name])


def test_a_gradient_that_overflows_says_what_to_do():
    """States near 0.5 and V near 1e308: the loss is finite, dL/dz is not."""
    network = VanillaRNN(2, 3)
    values = {name: np.zeros_like(a) for name, a in network.parameters.items()}
    values["V"][0] = 1.7e308
    values["U"][...], values["W"][...] = 1e-3, 1e3
    network.set_parameters(values)
    network.hidden_layer.b[...] = 0
    x = np.zeros((1, 4, 2))
    message = r"\Anorm of the gradient: expected finite numbers, got nan; lower "
    with pytest.raises(ValueError, match=message):
        train(network, x, [[1, 1, 1, 1]], optimizer=SGD(0.1), epochs=1)


def test_an_optimizer_of_ones_own_will_do():
    class Signs:
        def step(self, parameters, gradients):
            for name, parameter in parameters.items():
                parameter -= 0.01 * np.sign(gradients[name])

    case = make_case(SIZES)
    before = copies(case.network.parameters)
    train(case.network, case.x, case.targets, optimizer=Signs(), epochs=1)
    for name, array in case.network.parameters.items():
        np.testing.assert_allclose(np.abs(array - before[name]), 0.01, rtol=1e-9)


@pytest.mark.parametrize("optimizer", [partial(SGD, 0.2), partial(Adam, 0.01)])
def test_training_in_float32_stays_in_float32(optimizer):
    case = make_case(SIZES, dtype=np.float32)
    # Lists and float64 arrays are converted once, on the way in.
    train(
        case.network,
        case.x.astype(np.float64).tolist(),
        case.targets.tolist(),
        optimizer=optimizer(),
        epochs=3,
        batch_size=3,
        max_norm=0.1,
        shuffle=True,
    )
    arrays = [*case.network.parameters.values(), *case.network.gradients.values()]
    arrays.append(case.network.logits)
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_float32_training_stays_close_to_float64():
    x, targets = load_five_sequences()
    losses = []
    for dtype in (np.float32, np.float64):
        rounded = VanillaRNN(26, 32, seed=1, dtype=np.float32).parameters
        network = VanillaRNN(26, 32, dtype=dtype)
        network.set_parameters(rounded)
        history = train(network, x, targets, optimizer=Adam(1e-3), epochs=20)
        losses.append(history.losses)
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-5)


# Evaluation -----------------------------------------------------------------


def test_evaluation_changes_no_parameter():
    case = make_case(SIZES)
    before = copies(case.network.parameters)
    loss, accuracy = evaluate(case.network, case.x, case.targets)
    assert type(loss) is type(accuracy) is float
    assert loss == case.network.loss(case.x, case.targets)
    right = case.network.predict(case.x) == case.targets
    assert accuracy == right.sum() / right.size
    assert 0 < accuracy < 1
    for name, array in case.network.parameters.items():
        np.testing.assert_array_equal(array, before[name])


# What the course says about the five sequences -------------------------------


def test_all_letters_are_learnt():
    x, targets = load_five_sequences()
    network = VanillaRNN(26, 32)
    history = train(network, x, targets, optimizer=Adam(0.02), epochs=120)
    loss, accuracy = evaluate(network, x, targets)
    assert accuracy == 1.0
    assert history.accuracies[0] < 0.15
    # Below the floor of every predictor that sees three letters.
    assert loss < 0.1493
    # At the start it is near a uniform guess.
    assert history.losses[0] == pytest.approx(math.log(26), abs=0.1)


def test_original_initialization_stops_at_the_floor_of_the_first_letter():
    x, targets = load_five_sequences()
    # After the first step a blind predictor can only give the frequencies.
    counts = Counter(targets[:, 1:].ravel().tolist()).values()
    entropy = -sum(n / 125 * math.log(n / 125) for n in counts)
    floor = 125 / 130 * entropy
    assert round(floor, 4) == 3.1294

    network = VanillaRNN(26, 128, initialization="original", seed=0)
    U, W = network.parameters["U"].copy(), network.parameters["W"].copy()
    history = train(network, x, targets, optimizer=Adam(0.02), epochs=300)
    assert min(history.losses) >= floor
    assert history.losses[-1] < floor + 0.01
    np.testing.assert_array_equal(network.parameters["W"], W)
    assert not np.array_equal(network.parameters["U"], U)


# Padding, and numbers that are not finite --------------------------------------


def padded_case():
    """Return a case whose rows 2, 3 and 6 are padding only, and its mask."""
    case = make_case(SIZES)
    mask = np.arange(SIZES.T) < np.array([2, 1, 0, 0, 3, SIZES.T, 0])[:, np.newaxis]
    return case, mask


@pytest.mark.parametrize("batch_size", [1, 2, 3, None])
@pytest.mark.parametrize("shuffle", [True, False])
def test_sequences_of_padding_only_are_in_no_batch(batch_size, shuffle):
    settings = {"batch_size": batch_size, "shuffle": shuffle, "epochs": 3}
    case, mask = padded_case()
    got = train(
        case.network, case.x, case.targets, mask=mask, optimizer=Adam(), **settings
    )
    alone = make_case(SIZES)
    rows = mask.any(axis=1)
    wanted = train(
        alone.network,
        case.x[rows],
        case.targets[rows],
        mask=mask[rows],
        optimizer=Adam(),
        **settings,
    )
    assert got == wanted
    for name, array in case.network.parameters.items():
        np.testing.assert_array_equal(array, alone.network.parameters[name])


def overflowing(c, length=1):
    """Return a network with these output biases, and data of one sequence."""
    network = VanillaRNN(2, 3)
    network.set_parameters(
        {name: np.zeros_like(a) for name, a in network.parameters.items()} | {"c": c}
    )
    return network, np.zeros((1, length, 2)), np.ones((1, length), int)


def test_an_infinite_loss_is_refused_and_not_recorded():
    network, x, targets = overflowing([1e308, -1e308])
    optimizer = Adam()
    message = (
        r"\Aloss: expected finite numbers, got inf; lower the learning rate or clip"
    )
    with pytest.raises(ValueError, match=message):
        train(network, x, targets, optimizer=optimizer, epochs=1)
    assert network.parameters["c"].tolist() == [1e308, -1e308]
    assert optimizer.steps == 0


def test_a_mean_of_losses_that_overflows_is_refused():
    network, x, targets = overflowing([0.8e308, -0.8e308])
    x, targets = np.repeat(x, 2, axis=0), np.repeat(targets, 2, axis=0)
    with np.errstate(over="ignore"), pytest.raises(ValueError, match=r"\Amean loss: "):
        train(network, x, targets, optimizer=SGD(0.1), epochs=1, batch_size=1)


def test_an_infinite_norm_of_the_gradient_is_refused(monkeypatch):
    case = make_case(SIZES)
    huge = {n: np.full_like(a, 1.7e308) for n, a in case.network.parameters.items()}
    monkeypatch.setattr(VanillaRNN, "backward", lambda self: huge)
    before = copies(case.network.parameters)
    message = r"\Anorm of the gradient: expected finite numbers, got inf"
    with pytest.raises(ValueError, match=message):
        train(case.network, case.x, case.targets, optimizer=SGD(1e-300), epochs=1)
    for name, array in case.network.parameters.items():
        np.testing.assert_array_equal(array, before[name])


def test_an_adam_of_another_network_is_refused():
    one, other = make_case(SIZES), make_case(SIZES)
    optimizer = Adam()
    train(one.network, one.x, one.targets, optimizer=optimizer, epochs=2)
    with pytest.raises(ValueError, match="make a new Adam for another network"):
        train(other.network, one.x, one.targets, optimizer=optimizer, epochs=1)
    train(one.network, one.x, one.targets, optimizer=optimizer, epochs=1)


# Progress -------------------------------------------------------------------

SCRIPT = """
import numpy as np
from rnn_lib import SGD, VanillaRNN, train
train(VanillaRNN(2, 3), np.eye(2)[[[0, 1]]], [[1, 0]], optimizer=SGD(), epochs=3)
"""


@pytest.mark.parametrize("disabled", [True, False])
def test_progress_is_written_unless_switched_off(monkeypatch, disabled):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    if disabled:
        monkeypatch.setenv("TQDM_DISABLE", "1")
    command = [sys.executable, "-W", "error", "-c", SCRIPT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert ("epochs:" in done.stderr and "0/3" in done.stderr) is not disabled
    assert (done.stderr == "") is disabled


def test_progress_shows_the_loss_and_goes_away(monkeypatch):
    stream = io.StringIO()
    bar = partial(tqdm, file=stream, disable=False, mininterval=0)
    monkeypatch.setattr(rnn_lib.training, "tqdm", bar)
    case = make_case(SIZES)
    history = train(case.network, case.x, case.targets, optimizer=SGD(), epochs=2)
    shown = stream.getvalue().split("\r")
    assert any(line.startswith("epochs: ") and "0/2" in line for line in shown)
    for epoch, loss in enumerate(history.losses, start=1):
        wanted = f"{epoch}/2", f"loss={loss:.4f}"
        assert any(all(part in line for part in wanted) for line in shown)
    assert "\n" not in stream.getvalue()
    assert shown[-2].strip() == shown[-1] == ""


@pytest.mark.parametrize("loss", [1e300, 123456789.0, 1e6])
def test_progress_shows_a_huge_loss_in_a_few_letters(monkeypatch, loss):
    stream = io.StringIO()
    bar = partial(tqdm, file=stream, disable=False, mininterval=0)
    monkeypatch.setattr(rnn_lib.training, "tqdm", bar)
    network, x, targets = overflowing([loss, 0])
    train(network, x, targets, optimizer=SGD(), epochs=1)
    assert f"loss={loss:.4e}" in stream.getvalue()
    assert max(len(line) for line in stream.getvalue().split("\r")) < 100


def test_progress_is_redrawn_by_the_clock_and_not_by_the_epoch(monkeypatch):
    stream = io.StringIO()
    bar = partial(tqdm, file=stream, disable=False, mininterval=1e9)
    monkeypatch.setattr(rnn_lib.training, "tqdm", bar)
    case = make_case(SIZES)
    train(case.network, case.x, case.targets, optimizer=SGD(), epochs=50)
    assert stream.getvalue().count("epochs") == 1


# Bad input ------------------------------------------------------------------

X = frozen(np.ones((7, 2, 3)))
TARGETS = frozen(np.zeros((7, 2), dtype=int))


@pytest.mark.parametrize(
    ("x", "targets", "error", "parts"),
    [
        (np.ones((7, 3)), TARGETS, ValueError, ["x", "(N, T, 3)", "(7, 3)"]),
        (np.ones((7, 2, 4)), TARGETS, ValueError, ["x", "(N, T, 3)", "(7, 2, 4)"]),
        (np.ones((0, 2, 3)), TARGETS, ValueError, ["x", "(N, T, 3)", "(0, 2, 3)"]),
        (np.full((7, 2, 3), np.inf), TARGETS, ValueError, ["x", "inf", "(0, 0, 0)"]),
        (X, TARGETS[:, :1], ValueError, ["targets", "(7, 2)", "(7, 1)"]),
        (X, TARGETS[:3], ValueError, ["targets", "(7, 2)", "(3, 2)"]),
        (X, TARGETS + 4, ValueError, ["targets", "from 0 to 3", "got 4", "(0, 0)"]),
        (X, TARGETS - 1, ValueError, ["targets", "from 0 to 3", "got -1", "(0, 0)"]),
        (X, TARGETS / 2, TypeError, ["targets", "integer indices", "float64"]),
    ],
)
@pytest.mark.parametrize(
    "call", [partial(train, optimizer=SGD(), epochs=1), evaluate], ids=["train", "eval"]
)
def test_unusable_data_are_refused(call, x, targets, error, parts):
    network = VanillaRNN(3, 2, 4)
    with pytest.raises(error) as caught:
        call(network, x, targets)
    assert_says(caught.value, *parts)


@pytest.mark.parametrize(
    ("settings", "error", "parts"),
    [
        ({"epochs": 0}, ValueError, ["epochs", "at least 1", "got 0"]),
        ({"epochs": -1}, ValueError, ["epochs", "at least 1", "got -1"]),
        ({"epochs": 1.5}, TypeError, ["epochs", "whole number", "1.5"]),
        ({"batch_size": 0}, ValueError, ["batch_size", "at least 1", "got 0"]),
        ({"batch_size": 2.0}, TypeError, ["batch_size", "whole number", "2.0"]),
        ({"max_norm": 0}, ValueError, ["max_norm", "above 0", "got 0"]),
        ({"max_norm": -1}, ValueError, ["max_norm", "above 0", "got -1"]),
        ({"max_norm": "1"}, TypeError, ["max_norm", "a number", "'1'"]),
        ({"optimizer": "adam"}, TypeError, ["optimizer", "SGD or Adam", "'adam'"]),
        ({"optimizer": None}, TypeError, ["optimizer", "SGD or Adam", "None"]),
        ({"optimizer": SGD}, TypeError, ["optimizer", "SGD or Adam", "class"]),
        ({"seed": -1}, ValueError, ["seed", "at least 0", "got -1"]),
        ({"seed": "0"}, TypeError, ["seed", "whole number or a random gen", "'0'"]),
        (
            {"optimizer": SimpleNamespace(step=3)},
            TypeError,
            ["optimizer", "SGD or Adam", "namespace(step=3)"],
        ),
    ],
)
def test_unusable_settings_are_refused_before_anything_changes(settings, error, parts):
    network = VanillaRNN(3, 2, 4)
    kept = copies(network.parameters)
    with pytest.raises(error) as caught:
        train(network, X, TARGETS, **{"optimizer": SGD(), "epochs": 1, **settings})
    assert_says(caught.value, *parts)
    for name, array in network.parameters.items():
        np.testing.assert_array_equal(array, kept[name])


def test_a_number_too_large_for_float32_is_refused_before_anything_changes():
    network = VanillaRNN(3, 2, 4, dtype=np.float32)
    kept = copies(network.parameters)
    x = X.copy()
    x[6, 1, 2] = 1e300
    with pytest.raises(ValueError, match=r"^x: expected finite .* inf .* \(6, 1, 2\)$"):
        train(network, x, TARGETS, optimizer=SGD(), epochs=1, batch_size=1)
    for name, array in network.parameters.items():
        np.testing.assert_array_equal(array, kept[name])


def test_training_that_leaves_the_finite_numbers_is_stopped():
    x, targets = load_five_sequences()
    network = VanillaRNN(26, 8)
    with (
        np.errstate(all="ignore"),
        pytest.raises(ValueError, match="expected finite numbers, got"),
    ):
        train(network, x, targets, optimizer=SGD(1.7e308), epochs=5)
