"""N-gram models: they are distributions, and agree with counts made by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_lib import AdditiveNGram, KneserNeyNGram
from rnn_lib.names import NAME_SYMBOLS, load_names, split_names
from rnn_lib.ngrams import chen_goodman_discounts, contexts
from tests.support import PROPERTY, exactly

NAMES = st.lists(st.text("ABCD", min_size=1, max_size=6), min_size=1, max_size=8)
ORDERS = st.integers(1, 6)
SPLIT = split_names(load_names())


def indices(text):
    return tuple(NAME_SYMBOLS.encode(text).tolist()) if text else ()


# Contexts


def test_contexts_by_hand():
    found = [(c, s) for c, s in contexts(["ANN", "B"], 3)]
    texts = [(".", "A"), (".A", "N"), ("AN", "N"), ("NN", "."), (".", "B"), (".B", ".")]
    assert found == [(indices(c), indices(s)[0]) for c, s in texts]


# Distributions


@PROPERTY
@given(NAMES, ORDERS, st.text("ABCDE", max_size=7), st.booleans())
def test_probabilities_are_positive_and_add_up_to_one(names, order, text, start):
    context = indices("." * start + text)
    for model in (
        AdditiveNGram(names, order),
        KneserNeyNGram(names, order),
        KneserNeyNGram(names, order, discount=0.75),
    ):
        p = model.probabilities(context)
        assert p.shape == (27,)
        assert (p > 0).all()
        assert math.fsum(p) == pytest.approx(1, abs=1e-12)


@PROPERTY
@given(NAMES, ORDERS, st.text("ABCDE", max_size=7))
def test_a_model_sees_no_more_than_its_context(names, order, text):
    seen = indices(text)[max(0, len(text) - order + 1) :]
    for model in (AdditiveNGram(names, order), KneserNeyNGram(names, order)):
        found = model.probabilities(indices(text))
        assert np.array_equal(found, model.probabilities(seen))


def test_real_names():
    for order in (3, 5):
        model = KneserNeyNGram(SPLIT.train, order)
        for context, _ in contexts(SPLIT.validation, order):
            assert model.probabilities(context).sum() == pytest.approx(1, abs=1e-12)


@PROPERTY
@given(NAMES, ORDERS)
def test_the_loss_is_the_mean_over_all_positions(names, order):
    model = KneserNeyNGram(["ABBA", "DAD"], order)
    nats = []
    for name in names:
        said = indices(name + ".")
        for t, symbol in enumerate(said):
            context = indices("." + name)[: t + 1]
            nats.append(-math.log(model.probabilities(context)[symbol]))
    assert model.loss(names) == pytest.approx(math.fsum(nats) / len(nats), abs=1e-12)


# By hand


def test_additive_by_hand():
    model = AdditiveNGram(["AB", "AC", "A"], 2, added=0.5)
    after_a = model.probabilities(indices("A"))
    wanted = np.full(27, 0.5 / 16.5)
    wanted[[0, 2, 3]] = 1.5 / 16.5
    np.testing.assert_allclose(after_a, wanted, rtol=1e-14)
    np.testing.assert_allclose(model.probabilities(indices("Z")), 1 / 27)
    assert AdditiveNGram(["AB"], 2).added == 0.1


def test_kneser_ney_by_hand():
    """Two names, order 2, one discount of 1/2.

    Bigrams: .A 2, AA 1, AB 1, A. 1, B. 1. So A follows the symbols "." and A,
    B follows A, and the end follows A and B: 2, 1 and 2 predecessors of 5.
    """
    model = KneserNeyNGram(["AAB", "A"], 2, discount=0.5)
    rest = 1.5 / 5 / 27  # three discounts of 1/2, spread over the 27 symbols
    lower = np.full(27, rest)
    lower[[0, 1, 2]] += np.array([1.5, 1.5, 0.5]) / 5
    np.testing.assert_allclose(model.probabilities(()), lower, rtol=1e-14)
    after_a = 1.5 / 3 * lower  # three symbols followed A, once each
    after_a[[0, 1, 2]] += 0.5 / 3
    np.testing.assert_allclose(model.probabilities(indices("A")), after_a, rtol=1e-14)
    after_start = 0.5 / 2 * lower  # A, twice
    after_start[1] += 1.5 / 2
    np.testing.assert_allclose(
        model.probabilities(indices(".")), after_start, rtol=1e-14
    )
    np.testing.assert_allclose(model.probabilities(indices("Z")), lower, rtol=1e-14)


class Strings:
    """Modified Kneser-Ney once more, counted in strings, straight from its formulas."""

    def __init__(self, names, order, discount):
        self.order, self.discount = order, discount
        self.places = [(f".{n}.", i) for n in names for i in range(1, len(n) + 2)]

    def count(self, context, symbol):
        size = len(context)
        ends = [
            text[: i - size]
            for text, i in self.places
            if i >= size and text[i - size : i + 1] == context + symbol
        ]
        if size == self.order - 1 or context.startswith("."):
            return len(ends)
        return len({before[-1] for before in ends})

    def discounts(self, size):
        if self.discount is not None:
            return [self.discount] * 3
        seen = {(t[i - size : i], t[i]) for t, i in self.places if i >= size}
        counts = [self.count(context, symbol) for context, symbol in seen]
        return chen_goodman_discounts(counts)

    def probabilities(self, context):
        lower = self.probabilities(context[1:]) if context else np.full(27, 1 / 27)
        counts = [self.count(context, symbol) for symbol in NAME_SYMBOLS.symbols]
        if sum(counts) == 0:
            return lower
        discounts = [0, *self.discounts(len(context))]
        taken = np.array([discounts[min(count, 3)] for count in counts])
        return (counts - taken + taken.sum() * lower) / sum(counts)


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("discount", [None, 0.75])
def test_kneser_ney_agrees_with_counting_in_strings(order, discount):
    names = SPLIT.train[:12] + ["ANNA", "ANN", "HANNA", "ANNE"]
    model, slow = (
        KneserNeyNGram(names, order, discount),
        Strings(names, order, discount),
    )
    for text in (".", ".A", "AN", "ANN", ".ANN", "HANN", "XAN", "X", ""):
        context = text[max(0, len(text) - order + 1) :]
        found, wanted = model.probabilities(indices(text)), slow.probabilities(context)
        np.testing.assert_allclose(found, wanted, rtol=1e-12)
    assert [d.shape for d in model.discounts] == [(3,)] * order
    for size, discounts in enumerate(model.discounts):
        np.testing.assert_allclose(discounts, slow.discounts(size), rtol=1e-12)


def test_a_common_pair_does_not_make_its_second_letter_likely_elsewhere():
    """U comes up often, but after Q alone: the reason for counting predecessors."""
    names = ["QU"] * 20 + ["AB", "CB", "DB"]
    smoothed = KneserNeyNGram(names, 2, discount=0.5).probabilities(indices("Z"))
    counted = KneserNeyNGram(names, 1, discount=0.5).probabilities(())
    U, B = indices("U")[0], indices("B")[0]
    assert smoothed[U] < smoothed[B]
    assert counted[U] > counted[B]


def test_without_discount_the_counts_are_left():
    model = KneserNeyNGram(["AB", "AC", "AB"], 2, discount=0)
    after_a = model.probabilities(indices("A"))
    assert after_a[[2, 3]].tolist() == pytest.approx([2 / 3, 1 / 3])


def test_discounts_by_hand():
    counts = [1] * 10 + [2] * 5 + [3] * 4 + [4] * 2 + [0, 9]
    share = 10 / 20
    wanted = [1 - 2 * share * 5 / 10, 2 - 3 * share * 4 / 5, 3 - 4 * share * 2 / 4]
    np.testing.assert_allclose(chen_goodman_discounts(counts), wanted, rtol=1e-14)
    assert (chen_goodman_discounts([7]) >= 0.05).all()


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        ((4, 1, 0, 0), [2 / 3, 0.05, 1 / 3]),  # an n_r of 0 is taken as 1; Y = 2/3
        ((100, 1, 1, 1), [0.95, 0.05, 0.05]),  # Y = 50/51, 1 - Y/50 is above 0.95
        ((100, 100, 1, 1), [1 / 3, 1.95, 5 / 3]),  # Y = 1/3, 2 - 1/100 above 1.95
        ((100, 100, 100, 1), [1 / 3, 1, 2.95]),  # 3 - 4/300 is above 2.95
    ],
)
def test_discounts_stay_in_their_range(numbers, wanted):
    """`numbers` are n_1 to n_4: how many counts of 1, 2, 3 and 4 there are."""
    counts = np.repeat([1, 2, 3, 4], numbers)
    np.testing.assert_allclose(chen_goodman_discounts(counts), wanted, rtol=1e-14)


# On the names


def test_kneser_ney_beats_additive_smoothing_from_three_letters_up():
    for order in (3, 4, 5):
        additive = min(
            AdditiveNGram(SPLIT.train, order, added).loss(SPLIT.validation)
            for added in (0.02, 0.05, 0.1, 0.2)
        )
        assert KneserNeyNGram(SPLIT.train, order).loss(SPLIT.validation) < additive


# Bad input


def test_arguments_that_are_refused():
    with pytest.raises(ValueError, match=exactly("order: expected at least 1, got 0")):
        KneserNeyNGram(["A"], 0)
    with pytest.raises(ValueError, match="discount: expected a finite number"):
        KneserNeyNGram(["A"], 2, discount=1.0)
    with pytest.raises(ValueError, match="added: expected a finite number above 0"):
        AdditiveNGram(["A"], 2, added=0)
    with pytest.raises(ValueError, match="names: expected at least one name"):
        AdditiveNGram([], 2)
    with pytest.raises(ValueError, match="context: expected indices from 0 to 26"):
        AdditiveNGram(["A"], 2).probabilities([27])
    message = exactly("context: expected shape (T,), got (1, 2)")
    with pytest.raises(ValueError, match=message):
        AdditiveNGram(["A"], 2).probabilities([[0, 1]])
