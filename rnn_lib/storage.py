"""Parameters on disk, as a ``.npz`` file: arrays by name.

Such a file may also hold pickled objects, which can run code when they are opened;
``save_parameters`` writes none, and ``load_parameters`` refuses them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rnn_lib.validation import check_array


def save_parameters(path: str | Path, parameters: Mapping[str, np.ndarray]) -> None:
    """Write arrays of real numbers to a ``.npz`` file.

    Parameters
    ----------
    path : str or Path
        Ends in ``.npz``. A file of that name is replaced.
    parameters : mapping of str to array_like
        For example ``network.parameters``.

    Raises
    ------
    TypeError, ValueError
        If the path ends otherwise, a name is not a string, or an array does
        not hold finite real numbers. Nothing is written then.
    """
    path = _npz(path)
    if not parameters or not all(isinstance(name, str) for name in parameters):
        raise ValueError(f"parameters: expected arrays by name, got {parameters!r}")
    arrays = {k: check_array(k, v, ("...", "n")) for k, v in parameters.items()}
    with path.open("wb") as file:
        np.savez(file, **arrays)


def load_parameters(
    path: str | Path, like: Mapping[str, np.ndarray] | None = None
) -> dict[str, np.ndarray]:
    """Read arrays of real numbers from a ``.npz`` file and check them against `like`.

    Nothing in the file is run: pickled objects are refused.

    Parameters
    ----------
    path : str or Path
    like : mapping of str to ndarray, optional
        The names, shapes and types to expect, for example the parameters of
        the network that the arrays are for. Its values do not matter. Without it,
        all arrays of the file are returned.

    Returns
    -------
    dict of str to ndarray
        New arrays; give them to ``network.set_parameters``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError, ValueError
        If the file is no ``.npz``, holds pickled objects or other names, or an
        array has another shape or type or a number that is not finite.
    """
    with _npz(path).open("rb") as file:
        if not zipfile.is_zipfile(file):
            raise ValueError(f"path: expected a .npz file, got other content in {path}")
        file.seek(0)
        with np.load(file, allow_pickle=False) as stored:
            if like is not None and set(stored.files) != set(like):
                raise ValueError(
                    f"{path}: expected the names {sorted(like)}, "
                    f"got {sorted(stored.files)}"
                )
            arrays = {name: stored[name] for name in stored.files}
    for name, array in arrays.items():
        expected = array if like is None else like[name]
        if array.dtype != expected.dtype:
            raise TypeError(
                f"{name}: expected dtype {expected.dtype}, got {array.dtype}"
            )
        check_array(name, array, expected.shape)
    return arrays


def _npz(path: str | Path) -> Path:
    if Path(path).suffix != ".npz":
        raise ValueError(f"path: expected a name that ends in .npz, got {path}")
    return Path(path)
