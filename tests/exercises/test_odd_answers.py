"""Answers that did not fit: what passed, what was said wrongly, what fits in part."""

import numpy as np
import pytest

from exercises import checks
from exercises.box.arguments import with_model, with_network
from exercises.box.runner import Case, Outcome
from exercises.checks.diagnosis import fixed_size, is_finite, subsets
from exercises.checks.engine import Exercise
from exercises.checks.errors import help_with
from exercises.checks.parts import wrong_parts

x = np.arange(6.0).reshape(2, 3)


def scaled(x, factor):
    """Return the rows times a factor, divided by their sums; a solution."""
    products = x * factor
    return products / products.sum(axis=1, keepdims=True)


def example(*listed):
    """Return an exercise with cases of which one is odd, and these wrong answers."""
    rng = np.random.default_rng(3)
    one = Exercise(
        name="scaled", title="-", chapter="-", points=1, minutes=1, solution=scaled,
        cases=lambda: [
            Case("a draw", (rng.normal(size=(2, 3)), 0.7)),
            Case("another", (rng.normal(size=(3, 2)), 0.4)),
            Case("larger", (rng.normal(size=(4, 5)), 0.3)),
            Case("one row", (np.ones((1, 2)), 1.0)),
        ],
        section="-",
    )  # fmt: skip
    for name, function in listed:
        one.wrong_answer(name, name, function)
    return one


def plain_means(x, factor):
    return x * factor / x.shape[1]


def test_a_listed_answer_with_another_fault_in_one_case_is_named():
    check = example(("the mean is taken", plain_means))
    report = check(lambda x, f: plain_means(x, f) if len(x) > 1 else None)
    assert report.wrong == "the mean is taken"
    assert "Something else is wrong with scaled(x=[[1., 1.]], factor=1)" in (
        report.diagnosis
    )


def test_a_listed_answer_with_nan_in_some_cases_is_named():
    check = example(("the mean is taken", plain_means))
    report = check(lambda x, f: plain_means(x, f) * (np.nan if f > 0.6 else 1))
    assert report.wrong == "the mean is taken"
    assert "NaN" in report.diagnosis


def test_a_listed_answer_that_is_turned_is_named():
    check = example(("the mean is taken", plain_means))
    report = check(lambda x, f: -plain_means(x, f))
    assert "the mean is taken. Besides, the result is with its sign" in report.kind


def test_one_wrong_case_is_too_little_for_a_name():
    check = example(("the mean is taken", plain_means))
    report = check(lambda x, f: scaled(x, f) if len(x) > 2 else plain_means(x, f) + 1)
    assert report.wrong is None


def test_words_and_truths_are_not_named_in_part():
    """Two listed answers of this kind often differ in a single case."""
    check = checks.rows_alone_agree
    for wrong, outcomes in zip(check.wrong, check.expected_of_wrong, strict=True):
        turned = list(outcomes)
        turned[0] = Outcome(not outcomes[0].value)
        report = check.judge(turned)
        assert report.wrong != wrong.name


def test_what_is_left_out_is_wrong_and_leaves_two_wrong_cases():
    found = [None, ("value", ""), ("nan", ""), ("value", "")]
    outcomes = [Outcome(1.0), Outcome(2.0), Outcome(float("nan")), Outcome(3.0)]
    assert [*subsets(found, outcomes)] == [([2], [0, 1, 3])]
    assert not [*subsets(found[:3], outcomes[:3])]
    found = [("value", ""), ("value", ""), ("shape", ""), ("none", "")]
    outcomes = [Outcome(1.0), Outcome(2.0), Outcome(x), Outcome()]
    assert [odd for odd, _ in subsets(found, outcomes)] == [[2], [3]]


def test_a_wrong_number_that_a_mistake_does_not_explain_keeps_it_from_being_named():
    report = checks.masked_mean(lambda losses, m: losses[m].sum() / (m.sum() - 1))
    assert report.wrong is None


def test_the_mean_taken_off_is_too_little_where_it_is_cold():
    def at_temperature(logits, temperature):
        scores = logits / temperature
        powers = np.exp(scores - scores.mean(axis=-1, keepdims=True))
        return powers / powers.sum(axis=-1, keepdims=True)

    assert checks.at_temperature(at_temperature).fraction < 1


@pytest.mark.parametrize(
    ("value", "finite"),
    [
        (1.0, True), (float("inf"), False), (np.array([1.0, np.nan]), False),
        ({"a": [np.zeros(2), float("nan")]}, False), ("nan", True), (None, True),
    ],
)  # fmt: skip
def test_nan_is_found_wherever_it_is(value, finite):
    assert is_finite(value) is finite


def test_parts_with_the_same_fault_are_told_together():
    right = [Outcome({"U": a, "b": a[0], "V": a + 7.3}) for a in (x, 2.2 * x)]
    given = [
        Outcome({"U": one.value["U"].T, "b": -one.value["b"], "V": one.value["V"].T})
        for one in right
    ]
    text, wrong = wrong_parts(right, given, 1e-7)
    assert "but for 'U' and 'V', each the transpose of the right result" in text
    assert ", and for 'b', which is the right result with its sign turned" in text
    assert len(wrong) == 6
    given[1] = Outcome(given[1].value | {"b": x})
    assert wrong_parts(right, given, 1e-7) == ("", [])


def test_parts_of_another_thing_are_not_looked_for():
    assert wrong_parts([Outcome((1, x))], [Outcome(x)], 1e-7) == ("", [])
    assert wrong_parts([Outcome({"a": x})], [Outcome({"b": x})], 1e-7) == ("", [])
    assert wrong_parts([Outcome(x)], [Outcome(x.T)], 1e-7) == ("", [])


def test_one_shape_for_every_input_is_a_size_in_the_code():
    right, fixed = [Outcome(np.zeros(n)) for n in (2, 3)], [Outcome(x), Outcome(x)]
    assert "a size stands in the code" in fixed_size(right, fixed)
    assert not fixed_size(right, right)
    assert not fixed_size(fixed, right)
    assert not fixed_size(right, [Outcome(1.0), Outcome(1.0)])


def raised(function):
    try:
        function()
    except Exception as error:
        outcome = Outcome(error=type(error).__name__, message=str(error))
        return help_with(outcome, Case("one", (x,)))
    raise AssertionError("nothing was raised")


def test_a_row_that_is_too_long_for_its_place_is_not_to_be_transposed():
    def too_long():
        np.zeros(2)[:] = [1, 2, 3]

    said = raised(too_long)
    assert said == " 3 numbers do not fit into 2: how many places are needed?"


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda: {"a": 1} > 1, "A dict is no number"),
        (lambda: (1, 2) / 2, "has to be unpacked"),
        (lambda: [1] > 0, "A list is no array"),
        (lambda: None + 1, "Something is None"),
        (lambda: np.abs((x, x[0])), "different shapes"),
        (lambda: x @ 2, "A single number stands beside `@`"),
        (lambda: x.transpose(0, 1, 2), "swaps two axes"),
        (lambda: x[np.arange(2), np.arange(3), None], "needs an axis more"),
        (lambda: x.squeeze(0), "drops axes of length 1"),
        (lambda: bool(x == x), "Of a tuple, first take the array"),
    ],
)
def test_an_error_of_numpy_comes_with_what_helps(function, text):
    assert text in raised(function)


def test_an_error_of_pytorch_comes_with_what_helps():
    torch = pytest.importorskip("torch")
    loss = torch.nn.functional.cross_entropy
    logits, targets = torch.zeros(2, 3, 4), torch.zeros(2, 3, dtype=torch.long)
    assert "the classes on axis 1" in raised(lambda: loss(logits, targets))
    flat = logits.transpose(1, 2)
    assert "`reshape` can" in raised(lambda: flat.view(8, 3))
    assert "torch.from_numpy" in raised(lambda: loss(x, x))
    assert "another order" in raised(lambda: loss(logits[:, 0], targets[0]))
    picked = raised(lambda: logits.gather(1, targets[..., None] + 3))
    assert "axis of the classes" in picked


RETURNED = {
    "a generator": (lambda x: (one for one in x), "`list` makes a list"),
    "complex numbers": (lambda x: x + 0j, "`.real` makes real ones"),
    "a method": (lambda x: x.sum, "brackets are missing"),
    "a word in large letters": (lambda x: "HEALTHY", "large and small letters"),
}


@pytest.mark.parametrize("name", RETURNED)
def test_a_thing_of_another_kind_is_told_what_makes_it_right(name):
    function, text = RETURNED[name]
    one = Exercise(
        name="own", title="-", chapter="-", points=1, minutes=1, section="-",
        solution=(lambda x: "healthy") if "word" in name else (lambda x: x + 1),
        cases=lambda: [Case("a", (x,)), Case("b", (2 * x,))],
    )  # fmt: skip
    report = one(function)
    assert text in report.diagnosis
    assert "not a number or an array" not in report.diagnosis
    assert report.kind


def test_more_than_a_wrong_type_is_shown_first():
    report = checks.continuations(
        lambda counts: (counts > 0).sum(axis=0) // (counts > 0).sum()
    )
    assert "the numbers are right" not in report.diagnosis


def test_a_word_that_comes_back_for_all_networks_is_not_a_missing_return():
    report = checks.shortest_row(lambda network, x, targets: None)
    assert "None comes back for every network" in report.diagnosis


def test_only_one_model_gives_all_rows_the_same_and_not_to_the_last_digit():
    model, rows = with_model("along the rows, up to rounding", np.ones((3, 2, 1)) / 7)
    alone = np.concatenate([model(rows[n : n + 1]) for n in range(3)])
    assert np.allclose(alone, model(rows))
    assert (alone != model(rows)).any()


def test_a_network_can_be_wrong_for_one_letter_or_in_one_row():
    letters = np.eye(3)[[[1, 2], [0, 2]]]
    network, read, targets = with_network("one letter wrong", letters, np.ones((2, 2)))
    right, *_ = with_network("healthy", letters, targets)
    for one in (network, right):
        one.loss(read, targets.astype(int))
    off = [k for k, g in right.backward().items() if (network.backward()[k] != g).any()]
    assert off == ["U"]
    network, *_ = with_network("last row jumps", letters, targets)
    before = network.forward(read)[0].copy()
    assert (
        (network.forward(read)[0] != before).any(axis=(1, 2)) == [False, True]
    ).all()
