"""The names, their split, and what padding may not change."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_lib.names import (
    NAME_SYMBOLS,
    cut_at_end,
    load_names,
    pad_names,
    split_names,
)
from tests.support import PROPERTY, exactly

NAMES = st.lists(st.text("ABCXYZ", min_size=1, max_size=6), min_size=1, max_size=5)


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
