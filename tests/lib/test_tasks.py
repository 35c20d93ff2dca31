"""The recall task asks for the first symbol, at the last position."""

import numpy as np
import pytest

from rnn_lib.tasks import recall


@pytest.mark.parametrize(("count", "length", "symbols"), [(7, 5, 4), (1, 1, 1)])
def test_shapes_and_answers(count, length, symbols):
    task = recall(count, length, symbols=symbols, seed=3)
    assert task.x.shape == (count, length, symbols)
    assert task.x.dtype == np.float64
    drawn = task.x.argmax(axis=-1)
    assert np.array_equal(task.x, np.eye(symbols)[drawn])
    assert task.targets.tolist() == [[row[0]] * length for row in drawn]
    assert task.mask.tolist() == [[False] * (length - 1) + [True]] * count


def test_symbols_are_drawn_evenly_and_independently():
    drawn = recall(4000, 3, symbols=2, seed=0).x.argmax(axis=-1)
    counts = np.bincount(drawn @ [4, 2, 1], minlength=8)
    expected = 500
    assert ((counts - expected) ** 2 / expected).sum() < 24.3  # chi-square, 1 in 1000


def test_seed_and_dtype():
    one, again, other = (recall(5, 6, seed=s, dtype=np.float32) for s in (1, 1, 2))
    assert one.x.dtype == np.float32
    assert np.array_equal(one.x, again.x)
    assert not np.array_equal(one.x, other.x)
    rng = np.random.default_rng(1)
    assert np.array_equal(recall(5, 6, seed=rng).x, one.x)
    assert not np.array_equal(recall(5, 6, seed=rng).x, one.x)


def test_four_symbols_and_seed_0_unless_told():
    told = recall(9, 6, symbols=4, seed=0)
    for array, wanted in zip(recall(9, 6), told, strict=True):
        assert np.array_equal(array, wanted)


def test_the_mask_is_of_booleans():
    assert recall(2, 3).mask.dtype == bool


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"count": 0}, ValueError, "count: expected .* got 0"),
        ({"length": 2.5}, TypeError, "length: expected .* got 2.5"),
        ({"symbols": -1}, ValueError, "symbols: expected .* got -1"),
        ({"dtype": int}, (TypeError, ValueError), "dtype"),
        ({"seed": "x"}, (TypeError, ValueError), "seed"),
    ],
)
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        recall(**{"count": 2, "length": 3} | arguments)
