"""The five sequences are those of the original notebook, and what is true of them."""

from string import ascii_uppercase as LETTERS

import numpy as np
import pytest

from rnn_lib.data import INPUT_ROWS, TARGET_ROWS, load_five_sequences
from tests.support import exactly


def following(letters: str) -> str:
    """Return the next letter of each, Z followed by A."""
    return letters.translate(str.maketrans(LETTERS, LETTERS[1:] + "A"))


def test_the_input_rows():
    assert INPUT_ROWS == (
        LETTERS,
        LETTERS[::-1],
        LETTERS[1:18:2] + LETTERS[19::2] + LETTERS[::2],
        LETTERS[12:] + LETTERS[:12],
        # The alphabet in blocks of 8, 4, 4, 5, 3 and 2 letters, each backwards.
        "".join(
            LETTERS[start:stop][::-1]
            for start, stop in [(0, 8), (8, 12), (12, 16), (16, 21), (21, 24), (24, 26)]
        ),
    )


def test_the_target_rows():
    first, second, third, fourth, fifth = TARGET_ROWS
    assert first == following(INPUT_ROWS[0])
    assert second == LETTERS
    assert third == following(INPUT_ROWS[2])
    assert fourth == following(INPUT_ROWS[3])
    assert fifth == LETTERS[8:] + LETTERS[:8]


@pytest.mark.parametrize("row", INPUT_ROWS + TARGET_ROWS)
def test_every_row_is_a_permutation(row):
    assert sorted(row) == list(LETTERS)


def test_agreement_with_the_next_letter():
    agreement = [
        sum(a == b for a, b in zip(following(row), answers, strict=True))
        for row, answers in zip(INPUT_ROWS, TARGET_ROWS, strict=True)
    ]
    assert agreement == [26, 2, 26, 26, 1]


def test_no_two_rows_share_a_prefix():
    assert len({row[0] for row in INPUT_ROWS}) == 5


def test_each_target_letter_occurs_five_times():
    everything = "".join(TARGET_ROWS)
    assert {everything.count(letter) for letter in LETTERS} == {5}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_loading_as_arrays(dtype):
    x, targets = load_five_sequences(dtype)
    assert x.dtype == dtype
    assert x.shape == (5, 26, 26)
    assert targets.shape == (5, 26)
    assert targets.dtype == np.intp
    for n in range(5):
        for t in range(26):
            wanted = [float(letter == INPUT_ROWS[n][t]) for letter in LETTERS]
            assert x[n, t].tolist() == wanted
            assert LETTERS[targets[n, t]] == TARGET_ROWS[n][t]


def test_loading_gives_fresh_float64_arrays():
    x, targets = load_five_sequences()
    assert x.dtype == np.float64
    x[...] = 7
    targets[...] = 7
    again_x, again_targets = load_five_sequences()
    assert again_x.sum() == 130
    assert again_targets.sum() == 5 * sum(range(26))


def test_loading_refuses_other_types():
    message = exactly("dtype: expected float32 or float64, got <class 'int'>")
    with pytest.raises(TypeError, match=message):
        load_five_sequences(int)
