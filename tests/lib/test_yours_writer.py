"""Both writers learn, write and go on in a new session; the command names mistakes."""

import itertools

import numpy as np
import pytest

from rnn_lib.yours import __main__ as yours
from rnn_lib.yours.text import split_text, windows
from rnn_lib.yours.writer import Writer

torch = pytest.importorskip("torch")
from rnn_lib.yours import torch_writer  # noqa: E402
from rnn_lib.yours.torch_writer import TorchWriter  # noqa: E402

RUNNING = "the cat sat on the mat; the hat. " * 30
LINES = [f"{a}{b}{c}" for a in "bmrt" for b in "aeou" for c in "dnst"]
KINDS = [
    lambda text: Writer(text.vocabulary, 24, seed=1),
    lambda text: TorchWriter(text.vocabulary, 24, seed=1, device="cpu"),
]


@pytest.fixture(params=KINDS, ids=["numpy", "torch"])
def make(request):
    return request.param


@pytest.mark.parametrize("source", [RUNNING, LINES], ids=["running", "lines"])
def test_a_writer_learns(make, source):
    text = split_text(source)
    writer = make(text)
    before = writer.loss(text.test)
    assert before == pytest.approx(np.log(len(text.vocabulary)), abs=0.3)
    assert writer.fit(text, epochs=12, window=16, batch_size=8) is writer
    assert writer.loss(text.validation) == pytest.approx(min(writer.losses), abs=1e-6)
    assert writer.loss(text.test) < before - 0.5


def test_the_loss_is_a_mean_over_all_symbols(make):
    text = split_text(LINES)
    writer = make(text)
    one_by_one = [writer.loss([piece]) * (len(piece) - 1) for piece in text.test]
    symbols = sum(len(piece) - 1 for piece in text.test)
    assert writer.loss(text.test) == pytest.approx(sum(one_by_one) / symbols, rel=1e-5)


def test_training_ends_when_nothing_is_gained(make):
    text = split_text(RUNNING)
    writer = make(text).fit(text, epochs=50, patience=2, learning_rate=1e-12)
    assert len(writer.losses) < 9


def test_the_rate_falls_to_zero_while_the_minutes_pass(monkeypatch):
    rates, clock = [], itertools.count()

    class Adam(torch.optim.Adam):
        def step(self):
            rates.append(self.param_groups[0]["lr"])
            return super().step()

    monkeypatch.setattr(torch.optim, "Adam", Adam)
    monkeypatch.setattr(torch_writer.time, "monotonic", lambda: next(clock))
    text = split_text(RUNNING)
    KINDS[1](text).fit(text, window=16, batch_size=4, learning_rate=0.01, minutes=1)
    assert 0.009 < rates[0] < 0.01
    assert sorted(rates, reverse=True) == rates
    assert rates[-1] < 0.001
    with pytest.raises(ValueError, match="minutes: expected a positive number, got 0"):
        KINDS[1](text).fit(text, minutes=0)


def test_an_interruption_keeps_the_best_so_far(make, monkeypatch):
    text = split_text(RUNNING)
    writer, real = make(text), type(make(text)).loss
    calls = []

    def loss(self, pieces, *more):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(self, pieces, *more)

    monkeypatch.setattr(type(writer), "loss", loss)
    writer.fit(text, epochs=9, window=16, batch_size=8)
    assert len(writer.losses) == 2
    assert real(writer, text.validation) == pytest.approx(min(writer.losses), abs=1e-6)


def test_it_goes_on_writing_in_a_new_session(make, tmp_path):
    text = split_text(RUNNING)
    writer = make(text).fit(text, epochs=2, window=16)
    writer.save(tmp_path / "a.npz")
    loaded = yours.load(tmp_path / "a.npz")
    assert type(loaded) is type(writer)
    assert loaded.vocabulary.symbols == writer.vocabulary.symbols
    for temperature in (0.0, 0.7):
        given = {"temperature": temperature, "seed": 2}
        assert loaded.write("the ", 30, **given) == writer.write("the ", 30, **given)
    assert len(writer.write(length=7)) == 7


def test_lines_begin_as_asked_and_end_at_the_line_end(make):
    text = split_text(LINES)
    lines = make(text).fit(text, epochs=8).lines(12, "ba", longest=5, seed=1)
    assert len(lines) == 12
    assert all(line.startswith("ba") and "\n" not in line for line in lines)
    assert max(map(len, lines)) <= 7


def test_unknown_letters_and_other_files_are_refused(make, tmp_path):
    text = split_text(RUNNING)
    writer = make(text)
    with pytest.raises(ValueError, match="'Z' at position 1"):
        writer.write("Z")
    np.savez(tmp_path / "b.npz", a=np.ones(2))
    with pytest.raises(ValueError, match=r"expected 'symbols' and .* got \['a'\]"):
        type(writer).load(tmp_path / "b.npz")
    with pytest.raises(ValueError, match="window"):
        writer.fit(text, window=100_000)


def test_a_text_of_one_line_shorter_than_a_window_is_refused():
    text = split_text("ab" * 100)
    with pytest.raises(ValueError, match="a window within the text of 160 targets"):
        Writer(text.vocabulary).fit(text, window=200)


def test_windows_of_lines_are_no_longer_than_the_lines():
    assert windows(split_text(LINES).train, 64).inputs.shape[1] == 4


def run(capsys, *arguments):
    yours.main([str(argument) for argument in arguments])
    return capsys.readouterr().out


@pytest.mark.parametrize("more", [[], ["--torch", "--minutes", "0.05"]])
def test_the_command_learns_saves_and_writes_on(tmp_path, capsys, more):
    (tmp_path / "a.txt").write_text(RUNNING, "utf-8")
    file = tmp_path / "a.npz"
    first = run(
        capsys, tmp_path / "a.txt", "--epochs", 2, "--hidden", 16, "--save", file, *more
    )
    assert "991 symbols, 13 of them different" in first
    assert "-gram" in first
    assert f"saved: {file}" in first
    second = run(capsys, file, "--start", "the ", "--write", 20)
    assert len(second) == 4 + 20 + 1
    assert second.startswith("the ")


def test_the_command_writes_lines(tmp_path, capsys):
    (tmp_path / "a.txt").write_text("\n".join(LINES), "utf-8")
    written = run(capsys, tmp_path / "a.txt", "--lines", "--epochs", 1, "--hidden", 8)
    assert len(written.splitlines()) == 4 + 20


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.txt"], "nothing.txt"),
        (["a.txt", "--save", "a.bin"], "--save: expected a name that ends in .npz"),
        (["a.txt"], "expected at least 200 characters"),
        (["a.txt", "--temperature", "-1"], "--temperature: expected"),
        (["bad.txt"], "byte 0xe9 in line 1"),
    ],
)
def test_a_mistake_is_one_line(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("short", "utf-8")
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9")
    with pytest.raises(SystemExit) as stopped:
        yours.main(arguments)
    assert message in str(stopped.value)
    assert "\n" not in str(stopped.value)
