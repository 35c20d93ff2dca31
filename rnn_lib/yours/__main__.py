"""Train a network on a text of your own, and let it write on.

::

    python -m rnn_lib.yours names.txt --lines
    python -m rnn_lib.yours novel.txt --torch --minutes 10 --save novel.npz
    python -m rnn_lib.yours novel.npz --start "It was " --write 500
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from pathlib import Path

from rnn_lib.validation import check_number
from rnn_lib.yours.ngrams import best_ngram
from rnn_lib.yours.text import Text, read_text, split_text
from rnn_lib.yours.writer import Writer

LARGE = 300_000  # characters from which PyTorch is faster, and better


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    one = argparse.ArgumentParser(
        prog="python -m rnn_lib.yours",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = one.add_argument
    add("file", type=Path, help="a text to learn from, or what --save has written")
    add("--lines", action="store_true", help="each line stands alone, as names do")
    add("--encoding", default="utf-8", help="of the text; default: utf-8")
    add("--torch", action="store_true", help="use PyTorch, and a GPU if there is one")
    add("--hidden", type=int, metavar="H", help="hidden units; default: 128, or 512")
    add("--window", type=int, metavar="T", help="steps of a window; default: 64")
    add("--epochs", type=int, default=100, metavar="N", help="at most; default: 100")
    add("--minutes", type=float, metavar="M", help="at most, with --torch")
    add("--save", type=Path, metavar="FILE", help="a name that ends in .npz")
    add("--start", default="", metavar="TEXT", help="what is written begins with it")
    add("--write", type=int, default=400, metavar="N", help="symbols; default: 400")
    add("--temperature", type=float, default=0.8, help="default: 0.8")
    add("--seed", type=int, default=0, help="another one writes another text")
    return one


def learn(a: argparse.Namespace) -> Writer:
    """Train a writer on the file, and compare it with the best n-gram."""
    text = split_text(read_text(a.file, a.encoding), lines=a.lines, seed=a.seed)
    size = sum(map(len, text.train + text.validation + text.test))
    print(f"{size:,} symbols, {len(text.vocabulary)} of them different")
    if size > LARGE and not a.torch:
        print("This text is large: with --torch it is learnt sooner and better.")
    given = {"hidden_size": a.hidden} if a.hidden else {}
    training = {"epochs": a.epochs, "seed": a.seed}
    training |= {"window": a.window} if a.window else {}
    if a.torch:
        from rnn_lib.yours.torch_writer import TorchWriter

        training |= {"minutes": a.minutes} if a.minutes else {}
        writer = TorchWriter(text.vocabulary, seed=a.seed, **given)
    else:
        writer = Writer(text.vocabulary, seed=a.seed, **given)
    writer.fit(text, **training)
    compare(writer, text)
    return writer


def compare(writer: Writer, text: Text) -> None:
    """Print the loss on the test part, beside that of the best n-gram."""
    ngram = best_ngram(text)
    print(f"after {len(writer.losses)} epochs, on what it has never seen:")
    print(f"  network   {writer.loss(text.test):.4f} nats per symbol")
    print(f"  {ngram.order}-gram    {ngram.loss(text.test):.4f} (Kneser-Ney)")


def load(path: Path) -> Writer:
    """Return the writer in a file, whichever of the two kinds it is."""
    try:
        return Writer.load(path)
    except ValueError as error:
        if "'W'" not in str(error):
            raise
        from rnn_lib.yours.torch_writer import TorchWriter

        return TorchWriter.load(path)


def show(writer: Writer, a: argparse.Namespace) -> None:
    """Print what the writer writes: lines, or running text."""
    given = {"temperature": a.temperature, "seed": a.seed}
    if a.lines:
        print("\n".join(writer.lines(20, a.start, **given)))
    else:
        print(a.start + writer.write(a.start, a.write, **given))


def main(arguments: list[str] | None = None) -> None:
    """Run the command; a mistake of the user is one line on standard error."""
    a = parser().parse_args(arguments)
    if a.save and a.save.suffix != ".npz":
        sys.exit(f"--save: expected a name that ends in .npz, got {a.save}")
    try:
        check_number("--temperature", a.temperature)
        writer = load(a.file) if zipfile.is_zipfile(a.file) else learn(a)
        if a.save:
            writer.save(a.save)
            print(f"saved: {a.save}")
        show(writer, a)
    except (OSError, TypeError, ValueError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
