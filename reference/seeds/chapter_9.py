"""On your own: the network of one page, and a writer against the best n-gram.

A seed stands for that of the parameters, and for a split of the names.
"""

from functools import cache

from reference import whole
from reference.seeds import claim
from rnn_lib import load_five_sequences, load_names
from rnn_lib.yours import Writer, best_ngram, split_text


@claim("the network of one page: nats on five rows")
def five_rows(seed):
    x, y = load_five_sequences()
    p = whole.start(26, 32, seed)
    whole.train(p, x, y)
    return whole.loss(whole.forward(p, x)[0], y)


@cache
def trained(seed):
    """Return the names, dealt out, and a writer that was trained on them."""
    text = split_text(load_names(), seed=seed)
    writer = Writer(text.vocabulary, hidden_size=64, seed=seed)
    return text, writer.fit(text, epochs=20, seed=seed)


@claim("writer on names: nats per symbol on the test part")
def loss(seed):
    text, writer = trained(seed)
    return writer.loss(text.test)


@claim("how far it is behind the best n-gram")
def behind(seed):
    text, writer = trained(seed)
    return writer.loss(text.test) - best_ngram(text).loss(text.test)


@claim("the same with 256 units and up to 100 epochs")
def larger(seed):
    text = split_text(load_names(), seed=seed)
    writer = Writer(text.vocabulary, hidden_size=256, seed=seed).fit(text, seed=seed)
    return writer.loss(text.test) - best_ngram(text).loss(text.test)


@claim("share of 200 drawn lines that are new")
def new(seed):
    _, writer = trained(seed)
    known = set(load_names())
    drawn = writer.lines(200, temperature=0.8, seed=seed)
    return sum(line not in known for line in drawn) / len(drawn)
