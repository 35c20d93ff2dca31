"""A text of your own: read, split, and cut into windows that a network can learn from.

A text is kept as pieces, arrays of indices. Lines that stand alone, such as names, are
a piece each, with a line end before and after; running text is one piece that begins
with a line end. In both, each symbol of a piece is the target of all before it.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rnn_lib.encoding import Vocabulary
from rnn_lib.names import Padded
from rnn_lib.validation import check_seed, check_size

END = "\n"
"""End of a line; symbol 0 of each vocabulary made here."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Bytes at the start of a file, and the encoding that they stand for."""


@dataclass(frozen=True)
class Text:
    """A text as pieces of indices, dealt out.

    Parameters
    ----------
    vocabulary : Vocabulary
        All symbols of the text; the line end is symbol 0.
    lines : bool
        Whether each line stands alone.
    train, validation, test : list of ndarray of int, shape (M,)
        To learn from, to choose settings by, and to look at once.
    """

    vocabulary: Vocabulary
    lines: bool
    train: list[np.ndarray]
    validation: list[np.ndarray]
    test: list[np.ndarray]


def read_text(path: str | Path, encoding: str = "utf-8") -> str:
    """Return the text of a file, with ``\\n`` at line ends and composed letters.

    Parameters
    ----------
    path : str or Path
    encoding : str
        Of the file, unless a byte-order mark names it.

    Returns
    -------
    str

    Raises
    ------
    FileNotFoundError
    ValueError
        If the file is empty, or holds a byte that is no text in this encoding; the
        message says where.
    """
    return decode_text(Path(path).read_bytes(), encoding, str(path))


def decode_text(data: bytes, encoding: str = "utf-8", name: str = "text") -> str:
    """Return the text that `data` stands for, as `read_text` does for a file.

    Parameters
    ----------
    data : bytes
    encoding : str
    name : str
        For messages.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        As `read_text`.
    """
    known = [named for mark, named in MARKS if data.startswith(mark)]
    encoding = known[0] if known else encoding
    try:
        text = data.decode(encoding)
    except LookupError:
        raise ValueError(
            f"encoding: expected a name such as 'utf-8', got {encoding!r}"
        ) from None
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace").splitlines() or [""]
        raise ValueError(
            f"{name}: byte 0x{data[error.start]:02x} in line {len(before)}, after "
            f"{before[-1][-20:]!r}, is not {encoding}. Save the file as UTF-8, or name "
            "its encoding, as in encoding='cp1252'"
        ) from None
    text = text.replace("\r\n", END).replace("\r", END)
    if "\0" in text:
        line = text[: text.index("\0")].count(END) + 1
        raise ValueError(f"{name}: expected text, got a zero byte in line {line}")
    if not text.strip():
        raise ValueError(f"{name}: expected text, got none")
    return unicodedata.normalize("NFC", text)


def split_text(
    text: str | Sequence[str],
    *,
    lines: bool | None = None,
    share: float = 0.1,
    seed: int | np.random.Generator = 0,
) -> Text:
    """Make a vocabulary of a text and deal it out for training and for tests.

    Parameters
    ----------
    text : str or sequence of str
        A list is taken as lines.
    lines : bool, optional
        Whether each line stands alone. Then whole lines are dealt out at random;
        otherwise the end of the text is for tests, what stands before it for
        validation.
    share : float
        How much goes to validation, and as much to test.
    seed : int or numpy.random.Generator

    Returns
    -------
    Text

    Raises
    ------
    TypeError, ValueError
        If the text is too small to be dealt out.
    """
    if not isinstance(text, str):
        wrong = [line for line in text if not isinstance(line, str) or END in line]
        if wrong or lines is False:
            raise TypeError(f"text: expected a string, or lines; got {wrong[:1]!r}")
        text, lines = END.join(text), True
    if not isinstance(share, float) or not 0 < share < 0.5:
        raise ValueError(f"share: expected a number between 0 and 0.5, got {share!r}")
    vocabulary = Vocabulary([END, *sorted({*text} - {END})])
    if lines:
        kept = [line for line in text.split(END) if line.strip()]
        parts = [vocabulary.encode(END + line + END) for line in kept]
        parts = [parts[place] for place in check_seed(seed).permutation(len(parts))]
    else:
        parts = vocabulary.encode(END + text.strip(END))
    held = int(share * len(parts))
    if held < (2 if lines else 20):
        raise ValueError(
            f"text: expected at least {20 if lines else 200} "
            f"{'lines' if lines else 'characters'} to be dealt out, got {len(parts)}"
        )
    dealt = parts[: -2 * held], parts[-2 * held : -held], parts[-held:]
    return Text(vocabulary, bool(lines), *(d if lines else [d] for d in dealt))


def windows(pieces: Sequence[np.ndarray], length: int) -> Padded:
    """Cut pieces into windows; what is shorter is padded.

    Parameters
    ----------
    pieces : sequence of ndarray of int, shape (M,)
    length : int
        T, the longest window. A window begins where the one before it ended.

    Returns
    -------
    Padded
        Inputs, targets and mask, shape (N, T).

    Raises
    ------
    TypeError, ValueError
        If there is no piece of two symbols, or `length` exceeds the longest.

    Examples
    --------
    >>> cut = windows([np.array([0, 3, 1, 2])], 2)
    >>> cut.inputs.tolist(), cut.targets.tolist(), cut.mask.tolist()
    ([[0, 3], [1, 0]], [[3, 1], [2, 0]], [[True, True], [True, False]])
    """
    longest = max((len(piece) - 1 for piece in pieces), default=0)
    T = check_size("length", length)
    if longest < 1 or (len(pieces) == 1 and T > longest):
        raise ValueError(
            f"length: expected a window within the text of {longest} targets, got {T}"
        )
    T = min(T, longest)
    cuts = [
        (piece[i : i + T], piece[i + 1 : i + 1 + T])
        for piece in pieces
        for i in range(0, len(piece) - 1, T)
    ]
    inputs = np.zeros((len(cuts), T), dtype=np.intp)
    targets, mask = np.zeros_like(inputs), np.zeros(inputs.shape, dtype=bool)
    for row, (read, said) in enumerate(cuts):
        inputs[row, : len(said)] = read[: len(said)]
        targets[row, : len(said)] = said
        mask[row, : len(said)] = True
    return Padded(inputs, targets, mask)
