"""What is saved comes back; what does not fit is refused, and nothing is run."""

import pickle

import numpy as np
import pytest

from rnn_lib import VanillaRNN, load_parameters, save_parameters
from tests.support import exactly


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_network_comes_back(tmp_path, dtype):
    network = VanillaRNN(4, 3, seed=1, dtype=dtype)
    save_parameters(tmp_path / "a.npz", network.parameters)
    other = VanillaRNN(4, 3, seed=2, dtype=dtype)
    loaded = load_parameters(str(tmp_path / "a.npz"), other.parameters)
    other.set_parameters(loaded)
    assert list(loaded) == list(network.parameters)
    for name, array in network.parameters.items():
        np.testing.assert_array_equal(other.parameters[name], array)
        assert loaded[name].dtype == dtype


def test_saving_again_replaces(tmp_path):
    path = tmp_path / "a.npz"
    for value in (1.0, 2.0):
        save_parameters(path, {"b": np.array([value])})
    assert load_parameters(path, {"b": np.zeros(1)})["b"].tolist() == [2.0]


class Trap:
    """An object whose unpickling leaves a trace."""

    sprung = False

    def __reduce__(self):
        return setattr, (Trap, "sprung", True)


def test_pickled_objects_are_refused_and_not_run(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, b=np.array([Trap()], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        load_parameters(path, {"b": np.zeros(1)})
    path.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(ValueError, match=r"expected a \.npz file, got other"):
        load_parameters(path, {"b": np.zeros(1)})
    assert not Trap.sprung


@pytest.mark.parametrize(
    ("stored", "error", "message"),
    [
        ({"a": np.zeros((2, 3))}, ValueError, "expected the names ['b'], got ['a']"),
        ({"b": np.zeros(3)}, ValueError, "b: expected shape (2, 3), got (3,)"),
        (
            {"b": np.zeros((2, 3), np.float32)},
            TypeError,
            "b: expected dtype float64, got float32",
        ),
        (
            {"b": np.full((2, 3), np.nan)},
            ValueError,
            "b: expected finite numbers, got nan at position (0, 0)",
        ),
        ({}, ValueError, "expected the names ['b'], got []"),
    ],
)
def test_files_that_do_not_fit(tmp_path, stored, error, message):
    np.savez(tmp_path / "a.npz", **stored)
    with pytest.raises(error) as caught:
        load_parameters(tmp_path / "a.npz", {"b": np.ones((2, 3))})
    assert str(caught.value).endswith(message)


def test_what_cannot_be_saved(tmp_path):
    path = tmp_path / "a.npz"
    for wrong in ({}, {1: np.zeros(2)}):
        with pytest.raises(ValueError, match="parameters: expected arrays by name"):
            save_parameters(path, wrong)
    with pytest.raises(ValueError, match="b: expected finite numbers"):
        save_parameters(path, {"b": [np.inf]})
    with pytest.raises(ValueError, match=exactly("b: expected shape (..., n), got ()")):
        save_parameters(path, {"b": 1.0})
    assert not path.exists()
    message = exactly("path: expected a name that ends in .npz, got a.pkl")
    with pytest.raises(ValueError, match=message):
        save_parameters("a.pkl", {"b": [1.0]})
    with pytest.raises(FileNotFoundError):
        load_parameters(path, {"b": np.zeros(1)})
