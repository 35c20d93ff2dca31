"""The n-gram model of any text is that of the names, counted in another way."""

import numpy as np
import pytest

from rnn_lib import KneserNeyNGram
from rnn_lib.names import NAME_SYMBOLS
from rnn_lib.yours.ngrams import TextNGram, best_ngram
from rnn_lib.yours.text import split_text

TRAIN = ["ANNA", "HANNA", "HANNAH", "JOHANNA", "ANTON", "ANN", "OTTO", "NATHAN"]
TEST = ["HANNO", "ANNO", "ZZ"]


def pieces(names):
    return [NAME_SYMBOLS.encode(f".{name}.") for name in names]


@pytest.mark.parametrize("order", [1, 2])
def test_it_agrees_with_the_model_of_names(order):
    ours = TextNGram(pieces(TRAIN), len(NAME_SYMBOLS), order)
    theirs = KneserNeyNGram(TRAIN, order)
    assert ours.loss(pieces(TEST)) == pytest.approx(theirs.loss(TEST), abs=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_probabilities_after_a_context_add_up_to_one(order):
    model = TextNGram(pieces(TRAIN), len(NAME_SYMBOLS), order)
    for before in ("A", "HAN", "QX"):
        start = NAME_SYMBOLS.encode("." + before)
        known = model.loss([start]) * (len(start) - 1)  # of what stands before
        each = [np.append(start, symbol) for symbol in range(len(NAME_SYMBOLS))]
        p = [np.exp(known - model.loss([piece]) * len(start)) for piece in each]
        assert sum(p) == pytest.approx(1, abs=1e-9)


def test_the_best_order_is_chosen_on_the_validation_part():
    rng = np.random.default_rng(0)
    source = "".join("abcd"[n % 4] if rng.random() < 0.9 else "e" for n in range(4000))
    text = split_text(source)
    best = best_ngram(text, longest=4)
    losses = [
        TextNGram(text.train, len(text.vocabulary), n).loss(text.validation)
        for n in (1, 2, 3, 4)
    ]
    assert best.loss(text.validation) == min(losses)
    assert best.order == 1 + int(np.argmin(losses)) > 1


def test_an_order_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"order: expected 1000 \*\* order below"):
        TextNGram([np.arange(9)], 1000, 7)
    with pytest.raises(ValueError, match="order"):
        TextNGram([np.arange(9)], 10, 0)
