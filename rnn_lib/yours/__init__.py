"""A text of your own: from a file to a network that writes on.

``python -m rnn_lib.yours FILE`` does all of it; ``--help`` says how. ``text`` reads and
splits, ``ngrams`` counts, ``writer`` is a network in NumPy, ``torch_writer`` one in
PyTorch. They use the modules of `rnn_lib`, none of which knows of them.
"""

from rnn_lib.yours.ngrams import TextNGram, best_ngram
from rnn_lib.yours.text import Text, decode_text, read_text, split_text, windows
from rnn_lib.yours.writer import Writer

__all__ = [
    "Text",
    "TextNGram",
    "Writer",
    "best_ngram",
    "decode_text",
    "read_text",
    "split_text",
    "windows",
]
