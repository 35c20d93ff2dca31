"""The names, their split, and what padding may not change."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import PROPERTY, exactly

from rnn_lib import Adam, VanillaRNN, evaluate, one_hot, train
from rnn_lib.names import (
    NAME_SYMBOLS,
    cut_at_end,
    load_names,
    pad_names,
    split_names,
)

NAMES = st.lists(st.text("ABCXYZ", min_size=1, max_size=6), min_size=1, max_size=5)


def arrays(names, length=None):
    """Return one-hot inputs, targets and mask."""
    inputs, targets, mask = pad_names(names, length)
    return one_hot(inputs, len(NAME_SYMBOLS)), targets, mask


def network(seed=0):
    return VanillaRNN(len(NAME_SYMBOLS), 7, seed=seed)


# The list


def test_the_list():
    names = load_names()
    assert len(names) == len(set(names)) == 5163
    assert names == sorted(names)
    assert {"MARY", "JAMES", "PATRICIA"} <= set(names)
    assert set("".join(names)) == set(NAME_SYMBOLS.symbols[1:])
    assert (min(map(len, names)), max(map(len, names))) == (2, 11)


def test_a_split_deals_out_every_name_once():
    names = load_names()
    split = split_names(names, validation=500, test=600, seed=3)
    assert [len(part) for part in split] == [4063, 500, 600]
    assert sorted(name for part in split for name in part) == names
    assert split == split_names(names, validation=500, test=600, seed=3)
    assert split != split_names(names, validation=500, test=600, seed=4)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["A", "B", "A"], "names: expected different names, got one of them twice"),
        ("ABC", "names: expected different names, got one of them twice"),
        (["A", "B"], "names: expected more than the 2 to set aside, got 2"),
    ],
)
def test_splits_that_are_refused(names, message):
    with pytest.raises(ValueError, match=exactly(message)):
        split_names(names, validation=1, test=1)


def test_the_split_of_the_chapter_holds_516_names_twice():
    names = load_names()
    assert split_names(names) == split_names(names, validation=516, test=516, seed=0)


SCRIPT = """
import warnings
from rnn_lib.names import load_names
warnings.simplefilter("error")
print(len(load_names()))
"""


def test_the_list_is_read_alike_whatever_the_encoding_of_the_machine():
    """Python warns of a file opened in the encoding of the machine, if asked to."""
    command = [sys.executable, "-X", "warn_default_encoding", "-c", SCRIPT]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("5163\n", "")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"validation": 0}, "validation: expected at least 1, got 0"),
        ({"test": -1}, "test: expected at least 1, got -1"),
    ],
)
def test_sizes_of_a_split_are_checked(settings, message):
    with pytest.raises(ValueError, match=exactly(message)):
        split_names(["A", "B", "C"], **settings)


# Padding


@PROPERTY
@given(NAMES, st.integers(0, 4))
def test_padded_names_can_be_read_back(names, more):
    T = max(map(len, names)) + 1 + more
    inputs, targets, mask = pad_names(names, T)
    assert inputs.shape == targets.shape == mask.shape == (len(names), T)
    for name, read, said, real in zip(names, inputs, targets, mask, strict=True):
        assert NAME_SYMBOLS.decode(read[real]) == "." + name
        assert NAME_SYMBOLS.decode(said[real]) == name + "."
        assert real.tolist() == sorted(real.tolist(), reverse=True)
        assert not read[~real].any()
        assert not said[~real].any()
    assert cut_at_end(targets) == names


@pytest.mark.parametrize(
    ("names", "length", "message"),
    [
        ([], None, "names: expected at least one name, got []"),
        ("MARY", None, "names: expected at least one name, got 'MARY'"),
        (["MARY"], 4, "length: expected at least 5, got 4"),
        (["MARY"], 0, "length: expected at least 1, got 0"),
        (["A.B"], None, "names: expected letters A to Z, got 'A.B'"),
        (
            ["Mary"],
            None,
            "sequence: 'a' at position 1 is not one of the 27 symbols of the "
            "vocabulary",
        ),
    ],
)
def test_names_that_are_refused(names, length, message):
    with pytest.raises(ValueError, match=exactly(message)):
        pad_names(names, length)


@PROPERTY
@given(NAMES, st.integers(0, 9))
def test_padding_to_any_length_changes_neither_loss_nor_gradients(names, more):
    model = network()
    shortest = model.loss(*arrays(names)[:2], mask=arrays(names)[2])
    wanted = {name: g.copy() for name, g in model.backward().items()}
    x, targets, mask = arrays(names, max(map(len, names)) + 1 + more)
    assert model.loss(x, targets, mask=mask) == pytest.approx(shortest, abs=1e-14)
    for name, gradient in model.backward().items():
        np.testing.assert_allclose(gradient, wanted[name], rtol=0, atol=1e-14)


@PROPERTY
@given(NAMES)
def test_a_padded_batch_is_the_mean_of_its_names_one_by_one(names):
    """No padding on this side at all: each name goes through by itself."""
    model = network()
    lone = []
    for name in names:
        x, targets, _ = arrays([name])
        loss = model.loss(x, targets)
        lone.append((len(name) + 1, loss, dict(model.backward())))
    total = sum(count for count, _, _ in lone)
    x, targets, mask = arrays(names)
    loss = model.loss(x, targets, mask=mask)
    assert loss == pytest.approx(sum(n * v for n, v, _ in lone) / total, abs=1e-14)
    for name, gradient in model.backward().items():
        wanted = sum(n * g[name] for n, _, g in lone) / total
        np.testing.assert_allclose(gradient, wanted, rtol=0, atol=1e-14)


def test_what_stands_in_the_padding_has_no_effect():
    model = network()
    x, targets, mask = arrays(["AL", "CLARISSA"])
    loss = model.loss(x, targets, mask=mask)
    wanted = {name: g.copy() for name, g in model.backward().items()}
    x[~mask], targets[~mask] = np.pi, 5
    assert model.loss(x, targets, mask=mask) == loss
    for name, gradient in model.backward().items():
        np.testing.assert_allclose(gradient, wanted[name], rtol=0, atol=1e-14)


def test_training_does_not_see_the_padding():
    names = ["AL", "CLARISSA", "BO", "ANN", "ABEL"]
    trained = []
    for length in (9, 14):
        x, targets, mask = arrays(names, length)
        model = network()
        history = train(
            model, x, targets, mask=mask, optimizer=Adam(0.01), epochs=5, batch_size=2
        )
        trained.append((model.parameters, history))
    (one, first), (other, second) = trained
    np.testing.assert_allclose(first.losses, second.losses, atol=1e-12)
    np.testing.assert_allclose(first.accuracies, second.accuracies, atol=1e-12)
    for name, array in one.items():
        np.testing.assert_allclose(array, other[name], rtol=0, atol=1e-9)


def test_history_averages_over_letters_not_over_batches():
    names = ["AL", "CLARISSA", "ABEL"]
    x, targets, mask = arrays(names)
    model = network()
    history = train(
        model, x, targets, mask=mask, optimizer=Adam(0), epochs=1, batch_size=2
    )
    loss, accuracy = evaluate(model, x, targets, mask)
    assert history.losses[0] == pytest.approx(loss, abs=1e-13)
    assert history.accuracies[0] == pytest.approx(accuracy, abs=1e-13)


def test_a_mask_of_all_true_is_no_mask():
    x, targets, mask = arrays(["ANN", "BOB"])
    assert network().loss(x, targets, mask=mask) == network().loss(x, targets)
    assert evaluate(network(), x, targets, mask) == evaluate(network(), x, targets)


def test_against_the_ignored_index_of_pytorch():
    torch = pytest.importorskip("torch")
    x, targets, mask = arrays(["AL", "CLARISSA", "ANN"])
    model = network()
    loss = model.loss(x, targets, mask=mask)
    model.backward()
    logits = torch.tensor(model.logits, requires_grad=True)
    ignored = torch.tensor(np.where(mask, targets, -100))
    theirs = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ignored.flatten())
    theirs.backward()
    assert loss == pytest.approx(theirs.item(), abs=1e-14)
    mine = model.output_layer.dc
    np.testing.assert_allclose(mine, logits.grad.sum(dim=(0, 1)).numpy(), atol=1e-14)


@pytest.mark.parametrize(
    ("mask", "error", "message"),
    [
        (
            np.ones((2, 4), int),
            TypeError,
            "mask: expected booleans, got an array of dtype int64",
        ),
        (np.ones((2, 3), bool), ValueError, "mask: expected shape (2, 4), got (2, 3)"),
        (
            np.zeros((2, 4), bool),
            ValueError,
            "mask: expected at least one True, got none",
        ),
    ],
)
def test_masks_that_are_refused(mask, error, message):
    x, targets, _ = arrays(["ANN", "BOB"])
    with pytest.raises(error, match=exactly(message)):
        network().loss(x, targets, mask=mask)
    with pytest.raises(error, match=exactly(message)):
        train(network(), x, targets, mask=mask, optimizer=Adam(), epochs=1)


def test_cut_at_end():
    assert cut_at_end([[1, 2, 0, 3], [0, 1, 1, 1], [26, 26, 26, 26]]) == [
        "AB",
        "",
        "ZZZZ",
    ]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ([1, 2], "written: expected shape (N, T), got (2,)"),
        (
            [[1, 27]],
            "written: expected indices from 0 to 26, got 27 at position (0, 1)",
        ),
    ],
)
def test_what_cannot_be_cut(written, message):
    with pytest.raises(ValueError, match=exactly(message)):
        cut_at_end(written)
