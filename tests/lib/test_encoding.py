"""Vocabulary and one-hot vectors: there, back, and what is refused."""

import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rnn_lib.encoding import ALPHABET, Vocabulary, from_one_hot, one_hot
from tests.support import PROPERTY, exactly, frozen

symbols = st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=9, unique=True)


@st.composite
def vocabularies_with_indices(draw):
    known = draw(symbols)
    index = st.integers(0, len(known) - 1)
    return known, draw(st.lists(index, min_size=1, max_size=12))


@st.composite
def index_arrays(draw):
    """Indices of any rank from 0 to 3, and the size they are drawn from."""
    size = draw(st.integers(1, 6))
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=3, max_side=4))
    dtype = draw(st.sampled_from([np.int8, np.uint8, np.int64]))
    return draw(hnp.arrays(dtype, shape, elements=st.integers(0, size - 1))), size


# The vocabulary


def test_the_alphabet():
    assert "".join(ALPHABET.symbols) == string.ascii_uppercase
    assert len(ALPHABET) == 26
    assert ALPHABET.encode("AZBY").tolist() == [0, 25, 1, 24]
    assert ALPHABET.decode([0, 25, 1, 24]) == "AZBY"


@PROPERTY
@given(vocabularies_with_indices())
def test_encode_and_decode_undo_each_other(drawn):
    known, indices = drawn
    vocabulary = Vocabulary(known)
    sequence = [known[index] for index in indices]
    encoded = vocabulary.encode(sequence)
    assert encoded.tolist() == indices
    assert encoded.dtype == np.intp
    assert encoded.shape == (len(indices),)
    assert vocabulary.decode(encoded) == "".join(sequence)


@PROPERTY
@given(vocabularies_with_indices())
def test_encode_batch_stacks_single_rows(drawn):
    known, indices = drawn
    vocabulary = Vocabulary(known)
    row = [known[index] for index in indices]
    batch = vocabulary.encode_batch([row, row[::-1], row])
    assert batch.tolist() == [indices, indices[::-1], indices]
    assert batch.dtype == np.intp


@pytest.mark.parametrize("kind", [str, list, tuple, iter])
def test_symbols_keep_their_order(kind):
    vocabulary = Vocabulary(kind("CAB"))
    assert vocabulary.symbols == ("C", "A", "B")
    assert vocabulary.encode("ABC").tolist() == [1, 2, 0]
    assert repr(vocabulary) == "Vocabulary(['C', 'A', 'B'])"


def test_encode_takes_strings_lists_and_arrays():
    rows = [list("BA"), list("AB")]
    assert ALPHABET.encode(rows[0]).tolist() == [1, 0]
    assert ALPHABET.encode(np.array(rows[0])).tolist() == [1, 0]
    assert ALPHABET.encode_batch(np.array(rows)).tolist() == [[1, 0], [0, 1]]
    assert ALPHABET.encode_batch(("BA", "AB")).tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("given_symbols", "error", "message"),
    [
        ("", ValueError, "symbols: expected at least one symbol, got none"),
        ([], ValueError, "symbols: expected at least one symbol, got none"),
        (
            "ABCA",
            ValueError,
            "symbols: expected distinct non-empty strings, got 'A' at position 3",
        ),
        (
            ["A", ""],
            ValueError,
            "symbols: expected distinct non-empty strings, got '' at position 1",
        ),
        (["A", 1], TypeError, "symbols: expected strings, got 1 at position 1"),
        ([None], TypeError, "symbols: expected strings, got None at position 0"),
        (b"A", TypeError, "symbols: expected strings, got 65 at position 0"),
    ],
)
def test_vocabularies_that_are_refused(given_symbols, error, message):
    with pytest.raises(error, match=exactly(message)):
        Vocabulary(given_symbols)


@pytest.mark.parametrize(
    ("sequence", "bad", "position"),
    [
        ("ABc", "c", 2),  # small letters are other symbols
        ("é", "é", 0),
        ("A B", " ", 1),
        (["A", "AB", "c"], "AB", 1),
        (["A", 0], 0, 1),
        ([["A"]], ["A"], 0),
    ],
)
def test_unknown_symbols_are_named_with_their_position(sequence, bad, position):
    message = exactly(
        f"sequence: {bad!r} at position {position} is not one of "
        "the 26 symbols of the vocabulary"
    )
    with pytest.raises(ValueError, match=message):
        ALPHABET.encode(sequence)


@pytest.mark.parametrize("sequence", [5, None, {"A"}, iter("A")])
def test_what_is_no_sequence_is_refused(sequence):
    message = exactly(f"sequence: expected symbols, got {sequence!r}")
    with pytest.raises(TypeError, match=message):
        ALPHABET.encode(sequence)


def test_an_empty_sequence_is_refused():
    message = exactly("sequence: expected at least one symbol, got none")
    with pytest.raises(ValueError, match=message):
        ALPHABET.encode("")


@pytest.mark.parametrize(
    ("sequences", "error", "message"),
    [
        (
            "ABC",
            TypeError,
            "sequences: expected several sequences, got one string 'ABC'",
        ),
        ([], ValueError, "sequences: expected at least one sequence, got none"),
        (
            ["ABC", "A", "ABC", "AB"],
            ValueError,
            "sequences: expected one length for all, got lengths [1, 2, 3]",
        ),
        (
            ["AB", "ABC"],
            ValueError,
            "sequences: expected one length for all, got lengths [2, 3]",
        ),
        (
            ["", ""],
            ValueError,
            "sequence 0 of the batch: sequence: expected at least one symbol, got none",
        ),
        (
            ["AB", "A?"],
            ValueError,
            "sequence 1 of the batch: sequence: '?' at position 1 is not one of "
            "the 26 symbols of the vocabulary",
        ),
    ],
)
def test_batches_that_are_refused(sequences, error, message):
    with pytest.raises(error, match=exactly(message)) as caught:
        ALPHABET.encode_batch(sequences)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("indices", "error", "message"),
    [
        (
            [],
            ValueError,
            "indices: expected shape (T,), got (0,); an axis is empty",
        ),
        ([[0, 1]], ValueError, "indices: expected shape (T,), got (1, 2)"),
        (
            [0, 26],
            ValueError,
            "indices: expected indices from 0 to 25, got 26 at position (1,)",
        ),
        (
            [-1],
            ValueError,
            "indices: expected indices from 0 to 25, got -1 at position (0,)",
        ),
        (
            [0.0],
            TypeError,
            "indices: expected integer indices, got an array of dtype float64",
        ),
    ],
)
def test_indices_that_decode_refuses(indices, error, message):
    with pytest.raises(error, match=exactly(message)):
        ALPHABET.decode(indices)


# One-hot vectors


@PROPERTY
@given(index_arrays(), st.sampled_from([np.float32, np.float64]))
def test_one_hot_and_back(drawn, dtype):
    indices, size = drawn
    indices.setflags(write=False)
    vectors = one_hot(indices, size, dtype)
    assert vectors.dtype == dtype
    assert vectors.shape == (*indices.shape, size)
    for place in np.ndindex(vectors.shape):
        assert vectors[place] == (place[-1] == indices[place[:-1]])
    vectors.setflags(write=False)
    back = from_one_hot(vectors)
    assert np.array_equal(back, indices)
    assert back.shape == indices.shape


def test_one_hot_by_hand():
    vectors = one_hot([[2, 0]], 3)
    assert vectors.tolist() == [[[0, 0, 1], [1, 0, 0]]]
    assert vectors.dtype == np.float64
    assert one_hot(1, 3).tolist() == [0, 1, 0]


def test_one_hot_has_one_dimension_per_symbol():
    """Any two letters are equally far apart, whatever their indices."""
    vectors = one_hot(np.arange(26), 26)
    assert np.array_equal(vectors, np.eye(26))


@pytest.mark.parametrize(
    ("indices", "size", "error", "message"),
    [
        (
            [3],
            3,
            ValueError,
            "indices: expected indices from 0 to 2, got 3 at position (0,)",
        ),
        (
            [[0, -1]],
            3,
            ValueError,
            "indices: expected indices from 0 to 2, got -1 at position (0, 1)",
        ),
        (
            [],
            3,
            ValueError,
            "indices: expected shape (...), got (0,); an axis is empty",
        ),
        (
            [[1], [1, 2]],
            3,
            ValueError,
            "indices: expected an array, got rows of different lengths",
        ),
        (
            [1.0],
            3,
            TypeError,
            "indices: expected integer indices, got an array of dtype float64",
        ),
        (
            "A",
            3,
            TypeError,
            "indices: expected integer indices, got an array of dtype <U1",
        ),
        ([0], 0, ValueError, "size: expected at least 1, got 0"),
        ([0], 3.0, TypeError, "size: expected a whole number, got 3.0"),
    ],
)
def test_one_hot_refuses(indices, size, error, message):
    with pytest.raises(error, match=exactly(message)):
        one_hot(indices, size)


def test_one_hot_refuses_other_types():
    message = exactly("dtype: expected float32 or float64, got <class 'int'>")
    with pytest.raises(TypeError, match=message):
        one_hot([0], 3, int)


@pytest.mark.parametrize(
    "vector",
    [[0, 0, 0], [1, 1, 0], [0.5, 0.5, 0], [2, -1, 0], [0, 2, 0], [1, -1, 1], [0, 1, 2]],
)
def test_from_one_hot_refuses_other_vectors(vector):
    message = exactly("vectors: expected exactly one 1 and else 0 in every vector")
    with pytest.raises(ValueError, match=message):
        from_one_hot([[0, 1, 0], vector])


@pytest.mark.parametrize(
    ("vectors", "error", "message"),
    [
        (1, ValueError, "vectors: expected shape (..., K), got ()"),
        (
            [[]],
            ValueError,
            "vectors: expected shape (..., K), got (1, 0); an axis is empty",
        ),
        (
            [[0, 1], [1]],
            ValueError,
            "vectors: expected an array, got rows of different lengths",
        ),
        (
            [0, np.nan],
            ValueError,
            "vectors: expected finite numbers, got nan at position (1,)",
        ),
        (
            ["A"],
            TypeError,
            "vectors: expected real numbers, got an array of dtype <U1",
        ),
    ],
)
def test_from_one_hot_refuses(vectors, error, message):
    with pytest.raises(error, match=exactly(message)):
        from_one_hot(vectors)


def test_from_one_hot_takes_booleans_and_integers():
    assert from_one_hot(frozen([[False, True], [True, False]])).tolist() == [1, 0]
    assert from_one_hot(frozen([0, 0, 1])).tolist() == 2


COMPOSED, DECOMPOSED = "\u00e9", "e\u0301"  # é, one sign or two


@pytest.mark.parametrize(
    ("symbols", "sequence", "known", "given"),
    [
        ("a" + COMPOSED, DECOMPOSED, COMPOSED, DECOMPOSED),
        ("a" + COMPOSED, "aa" + DECOMPOSED + "a", COMPOSED, DECOMPOSED),
        ("ae" + COMPOSED, "a" + DECOMPOSED, COMPOSED, DECOMPOSED),
        ("a" + DECOMPOSED, COMPOSED, DECOMPOSED, COMPOSED),
        (["a", DECOMPOSED], "a" + COMPOSED, DECOMPOSED, COMPOSED),
        (["a", COMPOSED], ["a", DECOMPOSED], COMPOSED, DECOMPOSED),
        (["a", COMPOSED], np.array(["a", DECOMPOSED]), COMPOSED, DECOMPOSED),
        ("\uac00", "\u1100\u1161", "\uac00", "\u1100\u1161"),  # Korean
    ],
)
def test_a_letter_known_in_another_unicode_form_is_named(
    symbols, sequence, known, given
):
    hint = f"; it has the same letter in another Unicode form, {known!a} instead "
    for encode in (
        Vocabulary(symbols).encode,
        lambda s: Vocabulary(symbols).encode_batch([s]),
    ):
        with pytest.raises(ValueError, match="of the vocabulary") as caught:
            encode(sequence)
        assert hint + f"of {given!a}" in str(caught.value)


@pytest.mark.parametrize(
    "sequence", ["b", "\u00e8", ["a", 3], [3, COMPOSED], "ab\u0301"]
)
def test_other_unknown_letters_get_no_hint(sequence):
    with pytest.raises(ValueError, match="of the vocabulary") as caught:
        Vocabulary("a" + COMPOSED).encode(sequence)
    assert "Unicode" not in str(caught.value)
