"""Checks of arguments whose messages say what was expected and what came."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any

import numpy as np

Shape = tuple[int | str, ...]


def check_size(name: str, value: Any) -> int:
    """Return `value` as an int that is at least 1.

    Raises
    ------
    TypeError
        If `value` is not a whole number (a bool is not one).
    ValueError
        If it is below 1.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name}: expected a whole number, got {value!r}")
    if value < 1:
        raise ValueError(f"{name}: expected at least 1, got {value}")
    return int(value)


def check_number(
    name: str, value: Any, *, below: float = np.inf, positive: bool = False
) -> float:
    """Return `value` as a finite float with ``0 <= value < below``.

    Parameters
    ----------
    name : str
        What the caller calls the number, for the message.
    value : float
    below : float, optional
        The number must be smaller than this.
    positive : bool, optional
        Whether 0 is refused too.

    Raises
    ------
    TypeError
        If `value` is not a real number (a bool is not one).
    ValueError
        If it lies outside the range or is not finite.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name}: expected a number, got {value!r}")
    if not (0 <= value < below and (value or not positive)):
        wanted = "above 0" if positive else "of at least 0"
        limit = "" if below == np.inf else f" and below {below}"
        raise ValueError(
            f"{name}: expected a finite number {wanted}{limit}, got {value}"
        )
    return float(value)


def check_dtype(dtype: Any) -> np.dtype:
    """Return `dtype` as a NumPy dtype, float32 or float64.

    Raises
    ------
    TypeError
        If it is any other type.
    """
    try:
        known = np.dtype(dtype)
    except TypeError:
        known = np.dtype(object)  # None would not do: it equals float64
    if known not in (np.dtype(np.float32), np.dtype(np.float64)):
        raise TypeError(f"dtype: expected float32 or float64, got {dtype!r}")
    return known


def check_array(
    name: str, value: Any, shape: Shape, dtype: np.dtype | None = None
) -> np.ndarray:
    """Return `value` as a finite array of floats with the given shape.

    Parameters
    ----------
    name : str
        What the caller calls the array, for the message.
    value : array_like
        Booleans, integers or real numbers.
    shape : tuple of int or str
        A number fixes the size of an axis; a letter names an axis of any size
        from 1 up; "..." in the first place stands for any number of axes. An
        axis of size 0 is never accepted.
    dtype : numpy.dtype, optional
        Type to convert to. By default float32 stays as it is and everything
        else becomes float64.

    Returns
    -------
    ndarray
        `value` itself where it already fits, else a converted copy.

    Raises
    ------
    TypeError
        If `value` does not hold real numbers.
    ValueError
        If the shape differs, or a value is NaN or infinite.
    """
    array = _as_array(name, value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name}: expected real numbers, got {_describe(array)}")
    _check_shape(name, array, shape)
    if dtype is None:
        dtype = np.dtype(np.float32 if array.dtype == np.float32 else np.float64)
    if array.dtype != dtype:
        with np.errstate(over="ignore", under="ignore"):
            array = array.astype(dtype)
    finite = np.isfinite(array)
    if not finite.all():
        where = tuple(int(i) for i in np.argwhere(~finite)[0])
        raise ValueError(
            f"{name}: expected finite numbers, got {array[where]} at position {where}"
        )
    return array


def check_indices(name: str, value: Any, shape: Shape, size: int) -> np.ndarray:
    """Return `value` as an array of indices, each from 0 to ``size - 1``.

    Raises
    ------
    TypeError
        If `value` does not hold whole numbers of an integer type.
    ValueError
        If the shape differs or an index is out of range.
    """
    array = _as_array(name, value)
    _check_shape(name, array, shape)  # first: an empty list counts as floats
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name}: expected integer indices, got {_describe(array)}")
    outside = (array < 0) | (array >= size)
    if outside.any():
        where = tuple(int(i) for i in np.argwhere(outside)[0])
        raise ValueError(
            f"{name}: expected indices from 0 to {size - 1}, "
            f"got {array[where]} at position {where}"
        )
    return array.astype(np.intp, copy=False)


def check_mask(name: str, value: Any, shape: Shape) -> np.ndarray:
    """Return `value` as an array of booleans of which at least one is true.

    Raises
    ------
    TypeError
        If `value` does not hold booleans.
    ValueError
        If the shape differs or nothing is true.
    """
    array = _as_array(name, value)
    _check_shape(name, array, shape)
    if array.dtype != np.bool_:
        raise TypeError(f"{name}: expected booleans, got {_describe(array)}")
    if not array.any():
        raise ValueError(f"{name}: expected at least one True, got none")
    return array


def check_seed(seed: Any) -> np.random.Generator:
    """Return the random generator that `seed` stands for.

    Raises
    ------
    TypeError
        If `seed` is neither a whole number nor a generator.
    ValueError
        If it is below 0.
    """
    if isinstance(seed, np.random.Generator):
        return seed
    if isinstance(seed, bool) or not isinstance(seed, Integral):
        raise TypeError(
            f"seed: expected a whole number or a random generator, got {seed!r}"
        )
    if seed < 0:
        raise ValueError(f"seed: expected at least 0, got {seed}")
    return np.random.default_rng(seed)


def check_name(name: str, value: Any, known: Iterable[str]) -> str:
    """Return `value`, one of the names in `known`.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{name}: expected one of {sorted(known)}, got {value!r}")
    return value


def _as_array(name: str, value: Any) -> np.ndarray:
    if value is None:
        raise TypeError(f"{name}: expected an array, got None")
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name}: expected an array, got rows of different lengths"
        ) from None


def _check_shape(name: str, array: np.ndarray, shape: Shape) -> None:
    sizes = shape
    if shape[:1] == ("...",):
        sizes = ("n",) * (array.ndim - len(shape) + 1) + shape[1:]
    fits = array.ndim == len(sizes) and all(
        got == want if isinstance(want, int) else got > 0
        for got, want in zip(array.shape, sizes, strict=True)
    )
    if not fits:
        wanted = ", ".join(str(want) for want in shape)
        comma = "," if len(shape) == 1 and shape[0] != "..." else ""
        hint = "; an axis is empty" if 0 in array.shape else ""
        raise ValueError(
            f"{name}: expected shape ({wanted}{comma}), got {array.shape}{hint}"
        )


def _describe(array: np.ndarray) -> str:
    return f"an array of dtype {array.dtype}"
