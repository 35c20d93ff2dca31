"""Checks of arguments: what passes unchanged, what is refused, and what is said."""

from fractions import Fraction

import numpy as np
import pytest

from rnn_lib.validation import (
    check_array,
    check_dtype,
    check_indices,
    check_mask,
    check_name,
    check_number,
    check_seed,
    check_size,
)
from tests.support import exactly, frozen

NOT_NUMBERS = ["1", None, True, False, np.True_, 1j, [1], np.array([1.0])]


# Sizes


@pytest.mark.parametrize("value", [1, 2, 128, np.int64(3), np.uint8(4)])
def test_size_is_returned_as_int(value):
    assert check_size("H", value) == value
    assert type(check_size("H", value)) is int


@pytest.mark.parametrize("value", [2.0, np.float64(3), *NOT_NUMBERS])
def test_size_must_be_whole(value):
    message = exactly(f"H: expected a whole number, got {value!r}")
    with pytest.raises(TypeError, match=message):
        check_size("H", value)


@pytest.mark.parametrize("value", [0, -1, np.int64(-7)])
def test_size_must_be_at_least_one(value):
    with pytest.raises(
        ValueError, match=exactly(f"H: expected at least 1, got {value}")
    ):
        check_size("H", value)


# Numbers


@pytest.mark.parametrize(
    "value", [0, 0.0, 1, 0.25, 1e300, np.float32(0.5), np.int8(3), Fraction(1, 4)]
)
def test_number_is_returned_as_float(value):
    assert check_number("rate", value) == value
    assert type(check_number("rate", value)) is float


@pytest.mark.parametrize("value", NOT_NUMBERS)
def test_number_must_be_real(value):
    message = exactly(f"rate: expected a number, got {value!r}")
    with pytest.raises(TypeError, match=message):
        check_number("rate", value)


@pytest.mark.parametrize(
    ("value", "limits", "wanted"),
    [
        (-1e-9, {}, "of at least 0"),
        (-1, {}, "of at least 0"),
        (np.inf, {}, "of at least 0"),
        (-np.inf, {}, "of at least 0"),
        (np.nan, {}, "of at least 0"),
        (0, {"positive": True}, "above 0"),
        (0.0, {"positive": True}, "above 0"),
        (-2, {"positive": True}, "above 0"),
        (np.nan, {"positive": True}, "above 0"),
        (np.inf, {"positive": True}, "above 0"),
        (1, {"below": 1}, "of at least 0 and below 1"),
        (1.5, {"below": 1}, "of at least 0 and below 1"),
        (-0.5, {"below": 1}, "of at least 0 and below 1"),
        (np.nan, {"below": 1}, "of at least 0 and below 1"),
        (3, {"below": 2.5, "positive": True}, "above 0 and below 2.5"),
    ],
)
def test_number_must_lie_in_its_range(value, limits, wanted):
    message = exactly(f"rate: expected a finite number {wanted}, got {value}")
    with pytest.raises(ValueError, match=message):
        check_number("rate", value, **limits)


def test_number_may_come_close_to_its_limits():
    assert check_number("beta", 0, below=1) == 0
    assert check_number("beta", 0.999999, below=1) == 0.999999
    assert check_number("beta", 1e-300, positive=True) == 1e-300


# Types


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (float, np.float64),
        ("float32", np.float32),
        (np.dtype("f8"), np.float64),
    ],
)
def test_known_types(given, wanted):
    checked = check_dtype(given)
    assert isinstance(checked, np.dtype)
    assert checked == np.dtype(wanted)


@pytest.mark.parametrize(
    "given",
    [int, np.float16, np.int64, complex, bool, object, str, "flaot32", "no type", 3],
)
def test_other_types_are_refused(given):
    message = exactly(f"dtype: expected float32 or float64, got {given!r}")
    with pytest.raises(TypeError, match=message):
        check_dtype(given)


# Arrays


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_array_that_fits_comes_back_itself(dtype):
    array = frozen([[1, 2, 3]], dtype)
    assert check_array("x", array, ("N", 3)) is array
    assert check_array("x", array, (1, "K"), np.dtype(dtype)) is array


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.float16, np.float64),
        (np.longdouble, np.float64),
        (np.int8, np.float64),
        (np.uint64, np.float64),
        (bool, np.float64),
    ],
)
def test_array_type_without_a_wish(given, wanted):
    checked = check_array("x", np.ones((2, 3), given), ("N", "K"))
    assert checked.dtype == wanted
    assert np.array_equal(checked, np.ones((2, 3)))


@pytest.mark.parametrize("wanted", [np.float32, np.float64])
@pytest.mark.parametrize("given", [np.float32, np.float64, np.int64, bool])
def test_array_type_as_asked(given, wanted):
    array = frozen([1, 0, 1], given)
    checked = check_array("x", array, ("T",), np.dtype(wanted))
    assert checked.dtype == wanted
    assert checked.tolist() == [1, 0, 1]
    assert array.dtype == given


def test_array_takes_lists():
    checked = check_array("x", [[0.5, -1], [2, 3]], (2, 2))
    assert checked.tolist() == [[0.5, -1], [2, 3]]


@pytest.mark.parametrize(
    "value", [["a"], [None], [1j], [{}], [10**30], np.array(["2020"], "M8[Y]")]
)
def test_array_must_hold_real_numbers(value):
    dtype = np.asarray(value).dtype
    message = exactly(f"x: expected real numbers, got an array of dtype {dtype}")
    with pytest.raises(TypeError, match=message):
        check_array("x", value, ("T",))


@pytest.mark.parametrize("check", [check_array, check_indices])
@pytest.mark.parametrize("value", [[[1, 2], [3]], [[[1]], [[1], [2]]], [1, [2]]])
def test_ragged_rows_are_refused(check, value):
    message = exactly("x: expected an array, got rows of different lengths")
    arguments = (5,) if check is check_indices else ()
    with pytest.raises(ValueError, match=message) as caught:
        check("x", value, ("N", "T"), *arguments)
    assert caught.value.__suppress_context__  # NumPy's own words would only confuse


SHAPES_REFUSED = [
    ((2, 3), (2, 4), "(2, 4)"),
    ((2, 3), (3, 3), "(3, 3)"),
    ((2, 3), (2, 3, 1), "(2, 3, 1)"),
    ((2, 3), (2,), "(2,)"),
    ((2, 3), (), "()"),
    ((), ("T",), "(T,)"),
    ((4,), (3,), "(3,)"),
    ((4,), ("N", "T", 26), "(N, T, 26)"),
    ((2, 3, 25), ("N", "T", 26), "(N, T, 26)"),
    ((), ("...", "K"), "(..., K)"),
    ((3, 2), ("...", 3), "(..., 3)"),
    ((2,), ("...", "K", 2), "(..., K, 2)"),
]
EMPTY_REFUSED = [
    ((0,), ("T",), "(T,)"),
    ((3, 0), ("N", "T"), "(N, T)"),
    ((0, 3), ("N", 3), "(N, 3)"),
    ((2, 0, 3), ("...",), "(...)"),
    ((0, 3), ("...", "K"), "(..., K)"),
    ((3, 0), ("...", "K"), "(..., K)"),
]


@pytest.mark.parametrize(("given", "shape", "wanted"), SHAPES_REFUSED)
def test_shape_must_match(given, shape, wanted):
    message = exactly(f"x: expected shape {wanted}, got {given}")
    with pytest.raises(ValueError, match=message):
        check_array("x", np.ones(given), shape)
    with pytest.raises(ValueError, match=message):
        check_indices("x", np.ones(given, int), shape, 2)


@pytest.mark.parametrize(("given", "shape", "wanted"), EMPTY_REFUSED)
def test_no_axis_may_be_empty(given, shape, wanted):
    message = exactly(f"x: expected shape {wanted}, got {given}; an axis is empty")
    with pytest.raises(ValueError, match=message):
        check_array("x", np.ones(given), shape)
    with pytest.raises(ValueError, match=message):
        check_indices("x", np.ones(given, int), shape, 2)


@pytest.mark.parametrize(
    ("given", "shape"),
    [
        ((), ()),
        ((4,), ("T",)),
        ((1,), ("T",)),
        ((2, 3), ("N", 3)),
        ((2, 3), (2, 3)),
        ((), ("...",)),
        ((2, 3, 4), ("...",)),
        ((4,), ("...", "K")),
        ((2, 3, 4), ("...", "K")),
        ((2, 3, 4), ("...", 3, 4)),
        ((3, 4), ("...", "K", 4)),
    ],
)
def test_shapes_that_fit(given, shape):
    assert check_array("x", np.ones(given), shape).shape == given
    assert check_indices("x", np.ones(given, int), shape, 2).shape == given


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [None, np.dtype(np.float32)])
def test_array_must_be_finite(bad, dtype):
    array = np.zeros((2, 3, 4))
    array[1, 0, 2] = bad
    array[1, 2, 0] = np.nan  # later: the first one is named
    message = f"x: expected finite numbers, got {bad} at position (1, 0, 2)"
    with pytest.raises(ValueError, match=exactly(message)):
        check_array("x", array, ("N", "T", "K"), dtype)


def test_numbers_too_large_for_float32_are_refused_without_a_warning():
    message = exactly("x: expected finite numbers, got -inf at position (1,)")
    with np.errstate(all="raise"), pytest.raises(ValueError, match=message):
        check_array("x", [1.0, -1e300], ("T",), np.dtype(np.float32))


def test_numbers_too_small_for_float32_become_zero_without_a_warning():
    with np.errstate(all="raise"):
        checked = check_array("x", [1e-300, 1.0], ("T",), np.dtype(np.float32))
    assert checked.tolist() == [0.0, 1.0]


# Indices


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint64, np.intp])
def test_indices_of_any_integer_type(dtype):
    checked = check_indices("targets", frozen([[0, 4], [2, 3]], dtype), (2, "T"), 5)
    assert checked.tolist() == [[0, 4], [2, 3]]
    assert checked.dtype == np.intp


def test_indices_that_fit_come_back_themselves():
    array = frozen([0, 1], np.intp)
    assert check_indices("targets", array, ("T",), 2) is array


@pytest.mark.parametrize("value", [[1.0], [True], ["A"], [None], [1j]])
def test_indices_must_be_integers(value):
    dtype = np.asarray(value).dtype
    message = f"targets: expected integer indices, got an array of dtype {dtype}"
    with pytest.raises(TypeError, match=exactly(message)):
        check_indices("targets", value, ("T",), 5)


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (None, TypeError, "mask: expected an array, got None"),
        (
            [[True], [True, False]],
            ValueError,
            "mask: expected an array, got rows of different lengths",
        ),
        ([True], ValueError, "mask: expected shape (N, T), got (1,)"),
        ([[1]], TypeError, "mask: expected booleans, got an array of dtype int64"),
        ([[False]], ValueError, "mask: expected at least one True, got none"),
    ],
)
def test_masks_that_are_refused(value, error, message):
    with pytest.raises(error, match=exactly(message)):
        check_mask("mask", value, ("N", "T"))


@pytest.mark.parametrize("bad", [-1, 5, 6, -(2**62), 2**62])
def test_indices_must_be_in_range(bad):
    message = f"targets: expected indices from 0 to 4, got {bad} at position (0, 2)"
    with pytest.raises(ValueError, match=exactly(message)):
        check_indices("targets", [[0, 4, bad], [7, 0, 0]], ("N", "T"), 5)


def test_an_index_too_large_for_a_signed_integer_is_out_of_range():
    given = np.array([2**64 - 1], np.uint64)
    message = f"targets: expected indices from 0 to 4, got {2**64 - 1} at position (0,)"
    with pytest.raises(ValueError, match=exactly(message)):
        check_indices("targets", given, ("T",), 5)


# Seeds and names


def test_a_seed_is_a_number_or_a_generator():
    rng = np.random.default_rng(3)
    assert check_seed(rng) is rng
    wanted = np.random.default_rng(7).random()
    assert check_seed(7).random() == check_seed(np.int64(7)).random() == wanted
    assert check_seed(0).random() == np.random.default_rng(0).random()


@pytest.mark.parametrize(
    ("seed", "error", "message"),
    [
        ("a", TypeError, "expected a whole number or a random generator, got 'a'"),
        (1.5, TypeError, "expected a whole number or a random generator, got 1.5"),
        (True, TypeError, "expected a whole number or a random generator, got True"),
        (None, TypeError, "expected a whole number or a random generator, got None"),
        (-1, ValueError, "expected at least 0, got -1"),
    ],
)
def test_seeds_that_are_refused(seed, error, message):
    with pytest.raises(error, match=exactly(f"seed: {message}")):
        check_seed(seed)


@pytest.mark.parametrize("name", ["c", ["a"], None, 1])
def test_names_that_are_refused(name):
    message = exactly(f"thing: expected one of ['a', 'b'], got {name!r}")
    with pytest.raises(ValueError, match=message):
        check_name("thing", name, {"b": 1, "a": 2})


def test_known_name_is_returned():
    assert check_name("thing", "b", ["a", "b"]) == "b"
