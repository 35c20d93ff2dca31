"""Texts of all kinds of files, in several scripts, and what is cut from them."""

import unicodedata

import numpy as np
import pytest

from rnn_lib.yours.text import decode_text, read_text, split_text, windows

POEM = (
    "Καλημέρα, κόσμε\nGünaydın dünya, İstanbul ışığı\nBonjour, où êtes-vous ?\n🙂👩‍🚀"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_of_any_script_is_read(tmp_path, encoding, end):
    path = tmp_path / "poem.txt"
    path.write_bytes(POEM.replace("\n", end).encode(encoding))
    assert read_text(path) == POEM


def test_another_encoding_can_be_named(tmp_path):
    path = tmp_path / "name.txt"
    path.write_bytes("Zoë".encode("cp1252"))
    assert read_text(str(path), encoding="cp1252") == "Zoë"


def test_letters_are_composed():
    assert decode_text(unicodedata.normalize("NFD", "é").encode()) == "é"


def test_a_stray_byte_is_shown_with_its_place(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("eins\nzwei où ".encode() + b"\xe9t\xe9\n")
    with pytest.raises(ValueError, match="byte 0xe9 in line 2, after 'zwei où '"):
        read_text(path)


@pytest.mark.parametrize("data", [b"", b" \n\t", b"\xef\xbb\xbf"])
def test_no_text_is_refused(data):
    with pytest.raises(ValueError, match="expected text, got none"):
        decode_text(data)


def test_what_is_no_text_is_refused():
    with pytest.raises(ValueError, match="a: expected text, got a zero byte in line 2"):
        decode_text(b"P\n\0\0", name="a")
    with pytest.raises(ValueError, match="encoding: expected a name"):
        decode_text(b"a", encoding="none such")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing"):
        read_text(tmp_path / "nothing")


def test_lines_are_dealt_out_whole_and_once():
    lines = [f"name {n}" for n in range(50)]
    text = split_text(lines, seed=3)
    parts = text.train, text.validation, text.test
    assert [len(part) for part in parts] == [40, 5, 5]
    written = [text.vocabulary.decode(piece) for part in parts for piece in part]
    assert sorted(written) == sorted(f"\n{line}\n" for line in lines)
    again = split_text("\n".join(lines), lines=True, seed=3)
    assert all((a == b).all() for a, b in zip(text.train, again.train, strict=True))


def test_running_text_is_dealt_out_in_order():
    source = "".join(chr(97 + n % 7) for n in range(300))
    text = split_text(source)
    pieces = [*text.train, *text.validation, *text.test]
    assert len(pieces) == 3
    assert text.vocabulary.decode(np.concatenate(pieces)) == "\n" + source
    assert text.vocabulary.symbols[0] == "\n"


@pytest.mark.parametrize(
    ("text", "lines", "message"),
    [
        ("too short", None, "text: expected at least 200 characters"),
        (["a", "b"], None, "text: expected at least 20 lines"),
        (["a\nb"] * 30, None, "text: expected a string, or lines"),
        ([1] * 30, None, "text: expected a string, or lines"),
        (["a"] * 30, False, "text: expected a string, or lines"),
    ],
)
def test_what_cannot_be_dealt_out_is_refused(text, lines, message):
    with pytest.raises((TypeError, ValueError), match=message):
        split_text(text, lines=lines)


@pytest.mark.parametrize("share", [0.0, 0.5, 1, "a"])
def test_a_share_that_leaves_nothing_is_refused(share):
    with pytest.raises(ValueError, match="share: expected a number between 0 and 0"):
        split_text("abc" * 200, share=share)


def test_windows_hold_each_target_once():
    rng = np.random.default_rng(0)
    pieces = [rng.integers(0, 9, size) for size in (2, 7, 11, 3)]
    cut = windows(pieces, 4)
    assert cut.inputs.shape == cut.targets.shape == cut.mask.shape == (7, 4)
    assert cut.targets[cut.mask].tolist() == [n for p in pieces for n in p[1:]]
    assert cut.inputs[cut.mask].tolist() == [n for p in pieces for n in p[:-1]]


def test_a_window_longer_than_the_text_is_refused():
    assert windows([np.arange(5)], 4).inputs.shape == (1, 4)
    with pytest.raises(ValueError, match="within the text of 4 targets, got 5"):
        windows([np.arange(5)], 5)
    with pytest.raises(ValueError, match="text of 0 targets"):
        windows([], 5)
    # Lines may all be shorter than a window: it ends with the longest.
    assert windows([np.arange(5), np.arange(3)], 64).inputs.shape == (2, 4)
