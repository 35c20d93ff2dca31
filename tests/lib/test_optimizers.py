"""SGD, Adam and clipping: against torch.optim, closed forms and bounds."""

import math
import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rnn_lib.optimizers import SGD, Adam, clip_by_norm, global_norm, make_optimizer
from tests.support import PROPERTY, exactly, frozen

SHAPES = {"W": (3, 2), "b": (4,), "s": ()}


@st.composite
def gradient_dictionaries(draw, limit=1e100):
    """One to three named arrays of rank 0 to 2, not all zero."""
    count = draw(st.integers(1, 3))
    arrays = hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=0, max_dims=2, max_side=3),
        elements=st.floats(-limit, limit, allow_subnormal=False).filter(
            lambda g: g == 0 or abs(g) > 1e-100
        ),
    )
    gradients = {f"p{n}": draw(arrays) for n in range(count)}
    if not any(g.any() for g in gradients.values()):
        gradients["p0"][...] = 1.0
    return gradients


def some_arrays(rng, scale=1.0):
    return {
        name: np.array(scale * rng.standard_normal(shape))
        for name, shape in SHAPES.items()
    }


def a_hundred_steps_side_by_side(ours, make_theirs, seed):
    """Give both the same start and gradients; compare after every step."""
    rng = np.random.default_rng(seed)
    parameters = some_arrays(rng)
    twins = {
        name: torch.tensor(array, dtype=torch.float64, requires_grad=True)
        for name, array in parameters.items()
    }
    theirs = make_theirs(list(twins.values()))
    for step in range(100):
        gradients = some_arrays(rng, scale=10.0 ** rng.integers(-4, 3))
        if step % 10 == 3:  # steps without a gradient still move Adam
            gradients = {name: np.zeros_like(g) for name, g in gradients.items()}
        for name, twin in twins.items():
            twin.grad = torch.tensor(gradients[name])
        ours.step(parameters, {name: frozen(g) for name, g in gradients.items()})
        theirs.step()
        for name, twin in twins.items():
            wanted = twin.detach().numpy()
            difference = abs(parameters[name] - wanted)
            assert (difference <= 1e-12 * (1 + abs(wanted))).all(), (step, name)


# SGD and Adam


@settings(PROPERTY, max_examples=5)
@given(st.floats(0, 2), st.integers(0, 2**32))
def test_sgd_follows_pytorch_for_a_hundred_steps(rate, seed):
    def theirs(tensors):
        return torch.optim.SGD(tensors, lr=rate)

    a_hundred_steps_side_by_side(SGD(rate), theirs, seed)


@settings(PROPERTY, max_examples=15)
@given(
    st.floats(0, 1),
    st.sampled_from([0.0, 0.3, 0.5, 0.9, 0.99]),
    st.sampled_from([0.0, 0.5, 0.9, 0.999]),
    st.sampled_from([1e-8, 1e-4, 1.0]),
    st.integers(0, 2**32),
)
def test_adam_follows_pytorch_for_a_hundred_steps(rate, beta1, beta2, epsilon, seed):
    def theirs(tensors):
        return torch.optim.Adam(tensors, lr=rate, betas=(beta1, beta2), eps=epsilon)

    a_hundred_steps_side_by_side(Adam(rate, beta1, beta2, epsilon), theirs, seed)


def test_adam_has_the_defaults_of_pytorch():
    a_hundred_steps_side_by_side(Adam(), torch.optim.Adam, 0)
    optimizer = Adam()
    assert (optimizer.learning_rate, optimizer.epsilon) == (0.001, 1e-8)
    assert (optimizer.beta1, optimizer.beta2) == (0.9, 0.999)
    assert optimizer.steps == 0


def test_sgd_by_hand():
    parameters = {"w": np.array([1.0, -2.0])}
    SGD().step(parameters, {"w": np.array([10.0, -5.0])})
    assert parameters["w"].tolist() == [0.0, -1.5]
    SGD(learning_rate=2).step(parameters, {"w": np.array([0.5, 0.25])})
    assert parameters["w"].tolist() == [-1.0, -2.0]


def test_the_first_step_of_adam_has_the_size_of_the_learning_rate():
    """Whatever the size of the gradient: it is divided by its own magnitude."""
    parameters = {"w": np.zeros(5)}
    gradient = np.array([1e-3, -1.0, 1e3, -1e-2, 0.0])
    Adam(0.01).step(parameters, {"w": gradient})
    wanted = -0.01 * gradient / (abs(gradient) + 1e-8)
    np.testing.assert_allclose(parameters["w"], wanted, rtol=1e-12)


def test_adam_counts_its_steps():
    optimizer, parameters = Adam(), {"w": np.zeros(2)}
    for count in (1, 2, 3):
        optimizer.step(parameters, {"w": np.ones(2)})
        assert optimizer.steps == count


@pytest.mark.parametrize("make", [SGD, Adam])
def test_steps_change_the_arrays_themselves(make):
    w = np.ones((2, 2))
    parameters = {"w": w}
    make(0.1).step(parameters, {"w": frozen(np.ones((2, 2)))})
    assert parameters["w"] is w
    assert (w < 1).all()


@pytest.mark.parametrize("make", [SGD, Adam])
def test_a_learning_rate_of_zero_changes_nothing(make):
    parameters = {"w": np.array([1.0, 2.0])}
    make(0).step(parameters, {"w": np.array([3.0, -4.0])})
    assert parameters["w"].tolist() == [1.0, 2.0]


@pytest.mark.parametrize("make", [SGD, Adam])
@pytest.mark.parametrize("rate", [0.01, np.float64(0.01)])
def test_float32_stays_float32_and_close_to_float64(make, rate):
    rng = np.random.default_rng(0)
    start = rng.standard_normal(6)
    single, double = {"w": start.astype(np.float32)}, {"w": start.copy()}
    narrow, wide = make(rate), make(rate)
    for _ in range(20):
        gradient = rng.standard_normal(6)
        narrow.step(single, {"w": gradient.astype(np.float32)})
        wide.step(double, {"w": gradient})
    assert single["w"].dtype == np.float32
    np.testing.assert_allclose(single["w"], double["w"], rtol=1e-5, atol=1e-6)


def test_adam_computes_float32_steps_in_float32():
    """The step of a float32 array is itself made of float32 numbers.

    With epsilon = 1 the first step is 0.5 g / (g + 1) of float32 numbers; done
    in float64 and rounded at the end, some of the thousand would differ.
    """
    gradient = np.random.default_rng(0).uniform(0.1, 9, 1000).astype(np.float32)
    parameters = {"w": np.zeros(1000, np.float32)}
    optimizer = Adam(0.5, beta1=0.0, beta2=0.75, epsilon=1.0)
    optimizer.step(parameters, {"w": gradient})
    root = np.sqrt(np.float32(0.25) * gradient**2) / np.float32(0.5)
    wanted = -(np.float32(0.5) * gradient / (root + np.float32(1)))
    assert np.array_equal(parameters["w"], wanted)


@pytest.mark.parametrize("make", [SGD, Adam])
@pytest.mark.parametrize(
    ("gradients", "message"),
    [
        ({"w": np.ones(2)}, "gradients: expected the names ['b', 'w'], got ['w']"),
        (
            {"w": np.ones(2), "b": np.ones(1), "v": np.ones(1)},
            "gradients: expected the names ['b', 'w'], got ['b', 'v', 'w']",
        ),
        ({}, "gradients: expected the names ['b', 'w'], got []"),
        (
            {"w": np.ones(3), "b": np.ones(1)},
            "gradient of w: expected shape (2,), got (3,)",
        ),
        (
            {"w": np.ones((2, 1)), "b": np.ones(1)},
            "gradient of w: expected shape (2,), got (2, 1)",
        ),
        (
            {"w": np.ones(2), "b": np.ones(())},
            "gradient of b: expected shape (1,), got ()",
        ),
        (
            {"w": np.ones(2), "b": np.array([np.nan])},
            "gradient of b: expected finite numbers, got nan at position (0,)",
        ),
    ],
)
def test_gradients_that_do_not_match_are_refused(make, gradients, message):
    parameters = {"w": np.ones(2), "b": np.ones(1)}
    optimizer = make(0.1)
    with pytest.raises(ValueError, match=exactly(message)):
        optimizer.step(parameters, gradients)
    assert parameters["w"].tolist() == [1, 1]
    assert parameters["b"].tolist() == [1]
    assert getattr(optimizer, "steps", 0) == 0


@pytest.mark.parametrize(
    ("dtype", "scale"),
    [
        (np.float32, 1e30),
        (np.float32, 1e-30),
        (np.float64, 1e200),
        (np.float64, 1e-200),
    ],
)
def test_norm_of_huge_and_tiny_gradients(dtype, scale):
    """3, 4 and 12 make a vector of length 13, at any scale."""
    gradients = {
        "w": (scale * np.array([3, 4])).astype(dtype),
        "b": (scale * np.array([12])).astype(dtype),
    }
    with np.errstate(all="raise"):
        assert global_norm(gradients) == pytest.approx(13 * scale, rel=1e-6)
        clipped, norm = clip_by_norm(gradients, 6.5 * scale)
    assert norm == pytest.approx(13 * scale, rel=1e-6)
    np.testing.assert_allclose(clipped["w"], gradients["w"] / 2, rtol=1e-6)


@st.composite
def scaled_arrays(draw, dtype, lowest, highest):
    """Named arrays with numbers of very different sizes, denormal ones among them."""
    exponents = st.integers(lowest, highest)
    numbers = st.tuples(st.floats(-9, 9, width=32), exponents).map(
        lambda pair: float(np.float64(pair[0]) * 10.0 ** pair[1])
    )
    lists = draw(st.lists(st.lists(numbers, min_size=1, max_size=9), min_size=1))
    return {f"p{n}": np.array(row).astype(dtype) for n, row in enumerate(lists)}


def assert_norm(gradients):
    wanted = math.hypot(*(float(g) for array in gradients.values() for g in array))
    smallest = max(np.finfo(g.dtype).smallest_subnormal for g in gradients.values())
    got = global_norm(gradients)
    assert got == pytest.approx(wanted, rel=1e-5, abs=4 * float(smallest))


@PROPERTY
@given(scaled_arrays(np.float64, -320, 300))
def test_norm_of_float64_numbers_of_any_size(gradients):
    assert_norm(gradients)


@PROPERTY
@given(scaled_arrays(np.float32, -45, 36))
def test_norm_of_float32_numbers_of_any_size(gradients):
    assert_norm(gradients)


@pytest.mark.parametrize("scale", [1e-25, 1e-11, 1e-9, 1.0, 1e9, 1e11, 1e25])
def test_norm_of_many_float32_numbers(scale):
    rng = np.random.default_rng(0)
    gradients = {"w": (scale * rng.standard_normal((300, 1000))).astype(np.float32)}
    wanted = math.hypot(*gradients["w"].ravel().tolist())
    assert global_norm(gradients) == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.float16])
def test_norm_of_numbers_whose_square_does_not_fit_their_type(dtype):
    largest = np.finfo(dtype).max if dtype is np.float16 else np.iinfo(dtype).max
    gradients = {"w": np.full(4, largest, dtype)}
    assert global_norm(gradients) == pytest.approx(2 * float(largest))


def test_adam_takes_gradients_too_small_to_square():
    """Next to epsilon a denormal gradient is nothing; it moves no parameter far."""
    parameters, optimizer = {"w": np.ones(2)}, Adam(0.1)
    for _ in range(5):
        optimizer.step(parameters, {"w": np.array([5e-324, -1e-310])})
    np.testing.assert_allclose(parameters["w"], 1, rtol=1e-15)


@pytest.mark.parametrize(("dtype", "huge"), [(np.float32, 1e20), (np.float64, 1e200)])
def test_adam_refuses_gradients_too_large_to_square(dtype, huge):
    """Their mean square would be infinite for good, and the number never move."""
    parameters = {"v": np.ones(1, dtype), "w": np.ones(2, dtype)}
    optimizer, ones = Adam(0.1), np.ones(1, dtype)
    optimizer.step(parameters, {"v": ones, "w": np.ones(2, dtype)})
    before = {name: array.copy() for name, array in parameters.items()}
    message = (
        rf"\Agradient of w: expected numbers up to .* got {re.escape(f'{huge:g}')};"
    )
    with pytest.raises(ValueError, match=message):
        optimizer.step(parameters, {"v": ones, "w": np.array([1, -huge], dtype)})
    assert optimizer.steps == 1
    for name, array in parameters.items():
        np.testing.assert_array_equal(array, before[name])
    optimizer.step(parameters, {"v": ones, "w": np.ones(2, dtype)})
    assert (parameters["w"] < before["w"]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("beta2", [0.0, 0.9, 0.999, 0.999999])
def test_adam_takes_the_largest_gradients_it_accepts_forever(dtype, beta2):
    largest = float(np.sqrt(np.finfo(dtype).max)) / 2 * (1 - 1e-6)
    parameters, optimizer = {"w": np.zeros(300, dtype)}, Adam(1e-3, beta2=beta2)
    gradient = np.full(300, largest, dtype)  # whose norm is beyond the largest square
    with np.errstate(over="raise", invalid="raise"):
        for _ in range(300):
            before = parameters["w"].copy()
            optimizer.step(parameters, {"w": gradient})
            np.testing.assert_allclose(before - parameters["w"], 1e-3, rtol=2e-2)


def test_adam_squares_gradients_in_the_type_of_the_parameters():
    parameters = {"w": np.zeros(1)}
    Adam(0.1).step(parameters, {"w": np.array([1e30], np.float32)})
    np.testing.assert_allclose(parameters["w"], -0.1)
    single = {"w": np.zeros(1, np.float32)}
    with pytest.raises(
        ValueError, match=r"\Agradient of w: .* float32 holds, got 1e\+30"
    ):
        Adam(0.1).step(single, {"w": np.array([1e30])})


@pytest.mark.parametrize(
    ("dtype", "small", "enough"),
    [(np.float32, 1e-50, 1.2e-19), (np.float64, 1e-160, 1.6e-154)],
)
def test_adam_refuses_an_epsilon_that_its_numbers_do_not_hold(dtype, small, enough):
    parameters = {"w": np.ones(2, dtype)}
    name = np.dtype(dtype).name
    message = rf"\Aepsilon: expected at least .* for numbers of {name}, got {small:g}\Z"
    with pytest.raises(ValueError, match=message):
        Adam(0.1, epsilon=small).step(parameters, {"w": np.zeros(2, dtype)})
    assert parameters["w"].tolist() == [1, 1]
    # With more, gradients too small to be squared move by no more than 30 rates.
    optimizer = Adam(1e-3, epsilon=enough)
    tiny = np.array([0, enough / 10], dtype)
    with np.errstate(invalid="raise", divide="raise"):
        optimizer.step(parameters, {"w": tiny})
    np.testing.assert_allclose(parameters["w"], 1, atol=0.03)


@pytest.mark.parametrize(
    "another",
    [
        {"w": np.ones(2), "b": np.ones(1)},
        {"w": np.ones(2)},
        {"w": np.ones(2), "b": np.ones(1), "v": np.ones(1)},
        {"v": np.ones(2)},
    ],
)
def test_adam_refuses_the_arrays_of_another_network(another):
    """Its running means would be wrong for them, and nothing would show it."""
    first = {"w": np.ones(2), "b": np.ones(1)}
    optimizer = Adam(0.1)
    optimizer.step(first, {"w": np.ones(2), "b": np.ones(1)})
    if "w" in another and another.keys() != first.keys():
        another = another | {"w": first["w"]}
    gradients = {name: np.ones_like(array) for name, array in another.items()}
    message = "parameters: expected the arrays of the first step, got another"
    with pytest.raises(ValueError, match=message):
        optimizer.step(another, gradients)
    assert optimizer.steps == 1
    optimizer.step(dict(reversed(first.items())), {"b": np.ones(1), "w": np.ones(2)})
    assert optimizer.steps == 2


@pytest.mark.parametrize(
    ("dtype", "huge", "max_norm"),
    [(np.float32, 1e30, 1e-20), (np.float64, 1e300, 1e-100)],
)
def test_clipping_by_a_factor_that_is_no_number_keeps_the_direction(
    dtype, huge, max_norm
):
    gradients = {"a": np.array([3 * huge, 0], dtype), "b": np.array([-4 * huge], dtype)}
    clipped, _ = clip_by_norm(gradients, max_norm)
    np.testing.assert_allclose(clipped["a"], [0.6 * max_norm, 0], rtol=1e-6)
    np.testing.assert_allclose(clipped["b"], [-0.8 * max_norm], rtol=1e-6)
    assert clipped["a"].dtype == clipped["b"].dtype == dtype


def test_the_norm_of_the_lowest_whole_number_is_not_negative():
    lowest = np.iinfo(np.int64).min
    assert global_norm({"w": np.array([lowest])}) == 2.0**63


def test_norm_of_nothing_is_zero_and_of_the_infinite_not_finite():
    assert global_norm({}) == 0
    assert global_norm({"w": np.zeros(3)}) == 0
    assert global_norm({"w": np.ones(1), "b": np.array([np.inf])}) == np.inf
    assert np.isnan(global_norm({"w": np.ones(1), "b": np.array([np.nan])}))


def test_the_order_of_names_does_not_matter():
    parameters = {"w": np.ones(2), "b": np.ones(1)}
    SGD(1).step(parameters, {"b": np.full(1, 3.0), "w": np.full(2, 2.0)})
    assert (parameters["w"].tolist(), parameters["b"].tolist()) == ([-1, -1], [-2])


RANGE = "expected a finite number of at least 0"


@pytest.mark.parametrize(
    ("make", "settings_given", "error", "message"),
    [
        (SGD, {"learning_rate": -0.1}, ValueError, f"{RANGE}, got -0.1"),
        (SGD, {"learning_rate": np.nan}, ValueError, f"{RANGE}, got nan"),
        (SGD, {"learning_rate": "fast"}, TypeError, "expected a number, got 'fast'"),
        (Adam, {"learning_rate": -1}, ValueError, f"{RANGE}, got -1"),
        (Adam, {"learning_rate": np.inf}, ValueError, f"{RANGE}, got inf"),
        (Adam, {"learning_rate": None}, TypeError, "expected a number, got None"),
        (Adam, {"beta1": 1}, ValueError, f"{RANGE} and below 1, got 1"),
        (Adam, {"beta1": -0.1}, ValueError, f"{RANGE} and below 1, got -0.1"),
        (Adam, {"beta2": 1.0}, ValueError, f"{RANGE} and below 1, got 1.0"),
        (Adam, {"beta2": -2}, ValueError, f"{RANGE} and below 1, got -2"),
        (Adam, {"beta2": True}, TypeError, "expected a number, got True"),
        (Adam, {"epsilon": 0}, ValueError, "expected a finite number above 0, got 0"),
        (
            Adam,
            {"epsilon": -1e-8},
            ValueError,
            "expected a finite number above 0, got -1e-08",
        ),
    ],
)
def test_settings_that_are_refused(make, settings_given, error, message):
    (name,) = settings_given
    with pytest.raises(error, match=exactly(f"{name}: {message}")):
        make(**settings_given)


def test_optimizers_by_name():
    sgd, adam = make_optimizer("sgd", 0.5), make_optimizer("adam", 0.25)
    assert (type(sgd), sgd.learning_rate) == (SGD, 0.5)
    assert (type(adam), adam.learning_rate) == (Adam, 0.25)


@pytest.mark.parametrize("name", ["Adam", "rmsprop", "", None, SGD])
def test_unknown_optimizers_are_named(name):
    message = exactly(f"optimizer: expected one of ['adam', 'sgd'], got {name!r}")
    with pytest.raises(ValueError, match=message):
        make_optimizer(name, 0.1)


def test_optimizers_by_name_check_the_learning_rate():
    with pytest.raises(ValueError, match=exactly(f"learning_rate: {RANGE}, got -1")):
        make_optimizer("sgd", -1)


# The norm, and clipping


@PROPERTY
@given(gradient_dictionaries())
def test_the_norm_is_that_of_one_long_vector(gradients):
    numbers = [g for array in gradients.values() for g in array.ravel().tolist()]
    norm = global_norm({name: frozen(g) for name, g in gradients.items()})
    assert norm == pytest.approx(math.hypot(*numbers), rel=1e-12)
    assert type(norm) is float


def test_a_norm_of_ordinary_size_is_the_root_of_the_sum_of_squares_to_the_last_bit():
    for seed in range(20):
        g = np.random.default_rng(seed).uniform(-0.1, 0.1, 9)
        assert global_norm({"g": g}) == math.sqrt(np.vdot(g, g))


def test_float32_numbers_are_squared_and_added_in_float32():
    """Next to 1, the square of 1e-4 is lost in float32 and kept in float64."""
    numbers = [1, 1e-4]
    assert global_norm({"g": np.array(numbers, np.float32)}) == 1
    assert global_norm({"g": np.array(numbers, np.float64)}) > 1


def test_norms_by_hand():
    assert global_norm({"a": np.array([[3.0]]), "b": np.array([0.0, 4.0])}) == 5
    assert global_norm({"a": np.zeros(3)}) == 0
    assert global_norm({"a": np.array([3, -4], np.float32)}) == 5
    assert global_norm({"a": np.arange(6.0).reshape(2, 3).T}) == math.sqrt(55)
    assert global_norm({}) == 0


@PROPERTY
@given(gradient_dictionaries(), st.floats(1e-3, 1e3))
def test_clipping_keeps_the_direction_and_caps_the_norm(gradients, share):
    before = global_norm(gradients)
    max_norm = share * before
    originals = {name: frozen(g) for name, g in gradients.items()}
    with np.errstate(all="raise"):
        clipped, norm = clip_by_norm(originals, max_norm)
    assert norm == before
    if before <= max_norm:
        assert clipped is originals
        return
    assert list(clipped) == list(gradients)
    assert global_norm(clipped) == pytest.approx(max_norm, rel=1e-12)
    for name, g in gradients.items():
        assert clipped[name].shape == g.shape
        np.testing.assert_allclose(clipped[name], g * share, rtol=1e-12, atol=0)


@PROPERTY
@given(gradient_dictionaries(), st.floats(1e-3, 1e3))
def test_clipping_twice_changes_nothing_more(gradients, max_norm):
    once, _ = clip_by_norm(gradients, max_norm)
    twice, _ = clip_by_norm(once, max_norm)
    for name in gradients:
        np.testing.assert_allclose(twice[name], once[name], rtol=1e-12, atol=0)


def test_clipping_by_hand():
    gradients = {"a": frozen([3.0]), "b": frozen([[0.0], [-4.0]])}
    clipped, norm = clip_by_norm(gradients, 2.5)
    assert norm == 5
    assert clipped["a"].tolist() == [1.5]
    assert clipped["b"].tolist() == [[0.0], [-2.0]]


def test_clipping_by_norm_is_not_clipping_by_value():
    """Clipping each number to 1 would turn (3, 4) into (1, 1): another direction."""
    clipped, _ = clip_by_norm({"a": np.array([3.0, 4.0])}, 1)
    np.testing.assert_allclose(clipped["a"], [0.6, 0.8], rtol=1e-15)


@pytest.mark.parametrize("max_norm", [5, 5.1, 1e9])
def test_gradients_up_to_the_limit_come_back_themselves(max_norm):
    gradients = {"a": frozen([3.0]), "b": frozen([4.0])}
    clipped, norm = clip_by_norm(gradients, max_norm)
    assert clipped is gradients
    assert norm == 5


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_clipping_keeps_the_type(dtype):
    clipped, norm = clip_by_norm({"a": frozen([3, 4], dtype)}, np.float64(2.5))
    assert clipped["a"].dtype == dtype
    assert clipped["a"].tolist() == [1.5, 2.0]
    assert type(norm) is float


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_clipping_refuses_gradients_that_are_not_finite(bad):
    norm = abs(bad)
    message = exactly(f"gradients: expected a finite norm, got {norm}")
    with pytest.raises(ValueError, match=message):
        clip_by_norm({"a": np.ones(2), "b": np.array([1.0, bad])}, 1.0)


@pytest.mark.parametrize(
    ("max_norm", "error", "message"),
    [
        (0, ValueError, "expected a finite number above 0, got 0"),
        (-1, ValueError, "expected a finite number above 0, got -1"),
        (np.inf, ValueError, "expected a finite number above 0, got inf"),
        (np.nan, ValueError, "expected a finite number above 0, got nan"),
        ("1", TypeError, "expected a number, got '1'"),
    ],
)
def test_limits_that_are_refused(max_norm, error, message):
    with pytest.raises(error, match=exactly(f"max_norm: {message}")):
        clip_by_norm({"a": np.ones(2)}, max_norm)
