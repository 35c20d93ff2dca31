"""The command that runs the chapters, and the book's own Sphinx extensions."""

import base64
import io
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from book.extensions import fetched_files, prerendered_math
from book.tools import notebooks

ROOT = Path(notebooks.__file__).resolve().parents[2]


def small_notebook(*sources, **metadata):
    """Return a notebook with one code cell for each source."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def stream(name, text):
    """Return a piece of printed output."""
    return nbformat.v4.new_output("stream", name=name, text=text)


# Plots


def as_png(image, **options) -> bytes:
    """Return `image` as a file."""
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def test_a_picture_keeps_the_colours_that_it_has_most_of():
    pixels = np.zeros((6, 6, 3), np.uint8)  # black, white and a little grey
    pixels[3:] = 255
    pixels[0, 0] = 30
    png = as_png(Image.fromarray(pixels), dpi=(200, 200))
    small = notebooks.with_main_colours(png, most=2)
    pixels[0, 0] = 0
    image = Image.open(io.BytesIO(small))
    np.testing.assert_array_equal(np.asarray(image.convert("RGB")), pixels)
    np.testing.assert_allclose(image.info["dpi"], 200, atol=0.1)
    assert notebooks.with_main_colours(small) == small


def test_a_picture_that_one_can_see_through_stays_as_it_is():
    png = as_png(Image.new("RGBA", (4, 4), (10, 20, 30, 100)))
    assert notebooks.with_main_colours(png) == png


def test_a_recorded_plot_has_two_pixels_where_one_is_shown(tmp_path):
    path = tmp_path / "a.ipynb"
    source = "import matplotlib.pyplot as plt\n\n_ = plt.plot([1, 2])"
    nbformat.write(small_notebook(source), path)
    notebooks.execute(path)
    (output,) = notebooks.read(path).cells[0].outputs
    image = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
    shown = output.metadata["image/png"]
    assert image.mode == "P"
    assert image.size[0] // 2 == shown["width"] > 500
    assert image.size[1] // 2 == shown["height"]


# Canonical form


def test_canonical_text_keeps_only_listed_metadata():
    notebook = small_notebook("1 + 1", widgets={"state": {}}, authors=["me"])
    notebook.cells[0].metadata.update(
        tags=["hide-input"], collapsed=True, execution={"iopub.status.busy": "now"}
    )
    result = nbformat.v4.reads(notebooks.canonical_text(notebook))
    assert set(result.metadata) == {"kernelspec", "language_info"}
    assert "version" not in result.metadata.language_info
    assert result.cells[0].metadata == {"tags": ["hide-input"]}
    assert result.cells[0].id == notebook.cells[0].id


def test_canonical_text_does_not_change_its_argument():
    notebook = small_notebook("1 + 1", authors=["me"])
    before = nbformat.v4.writes(notebook)
    notebooks.canonical_text(notebook)
    assert nbformat.v4.writes(notebook) == before


def test_canonical_text_of_canonical_text_is_the_same():
    notebook = small_notebook("print(1)\n\n", "")
    notebook.cells[0].outputs = [stream("stdout", "1\n"), stream("stdout", "2\n")]
    once = notebooks.canonical_text(notebook)
    assert once.endswith("}\n")
    assert notebooks.canonical_text(nbformat.v4.reads(once)) == once


def test_neighbouring_streams_are_joined_and_others_are_not():
    pieces = [("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d")]
    joined = notebooks.merged_streams([stream(*piece) for piece in pieces])
    assert [(o.name, o.text) for o in joined] == [
        ("stdout", "ab"),
        ("stderr", "c"),
        ("stdout", "d"),
    ]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (ROOT / "rnn_lib" / "layers.py", "rnn_lib/layers.py"),
        (Path(sysconfig.get_path("purelib")) / "a.py", "site-packages/a.py"),
        (Path(sysconfig.get_path("stdlib")) / "json" / "b.py", "python/json/b.py"),
        (Path.home() / "c.py", "~/c.py"),
    ],
)
def test_scrub_takes_folders_out_of_tracebacks(path, shown):
    assert notebooks.scrub(f"File {path}:12, in f") == f"File {shown}:12, in f"


def test_a_frame_that_repeats_is_stored_twice():
    frames = ["head", "call", *["again\n"] * 900, "last", "RecursionError: too deep"]
    short = notebooks.without_repeats(frames)
    marker = "    [... the same frame, again and again ...]\n"
    assert short[:5] == ["head", "call", "again\n", "again\n", marker]
    assert short[5:] == frames[-2:]
    assert notebooks.without_repeats(short) == short
    assert notebooks.without_repeats(["a", "b", "b", "a"]) == ["a", "b", "b", "a"]


def test_stored_tracebacks_are_clean_and_short():
    notebook = small_notebook("f()")
    frames = [f"{ROOT}/rnn_lib/layers.py in f"] * 500
    error = nbformat.v4.new_output("error", ename="E", evalue="e", traceback=frames)
    notebook.cells[0].outputs = [error]
    stored = nbformat.v4.reads(notebooks.canonical_text(notebook)).cells[0].outputs[0]
    assert stored.traceback[:2] == ["rnn_lib/layers.py in f"] * 2
    assert len(stored.traceback) == 3
    assert len(error.traceback) == 500


def test_executing_twice_gives_the_same_bytes(tmp_path):
    path = tmp_path / "small.ipynb"
    source = "import os\nprint('a')\nprint( os.environ['TQDM_DISABLE'] )"
    nbformat.write(small_notebook(source, "6*7"), path)
    command = [sys.executable, "book/tools/notebooks.py", str(path)]
    runs = []
    for _ in range(2):
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        runs.append(path.read_bytes())
    assert runs[0] == runs[1]
    first, second = notebooks.read(path).cells
    assert first.source.endswith('print(os.environ["TQDM_DISABLE"])')
    assert [o.text for o in first.outputs] == ["a\n1\n"]
    assert second.outputs[0].data["text/plain"] == "42"
    assert notebooks.is_canonical(path)


def test_a_notebook_that_fails_is_left_alone(tmp_path):
    path = tmp_path / "broken.ipynb"
    path.write_text(notebooks.canonical_text(small_notebook("1 / 0")), "utf-8")
    before = path.read_bytes()
    command = [sys.executable, "book/tools/notebooks.py", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert path.read_bytes() == before


def test_check_finds_a_notebook_that_is_not_canonical(tmp_path):
    path = tmp_path / "loose.ipynb"
    nbformat.write(small_notebook("1", authors=["me"]), path)
    command = [sys.executable, "book/tools/notebooks.py", "--check", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "not in canonical form" in done.stdout
    path.write_text(notebooks.canonical_text(notebooks.read(path)), "utf-8")
    assert subprocess.run(command, cwd=ROOT).returncode == 0


# Sphinx extensions


@pytest.mark.parametrize(
    ("tex", "drawn"),
    [
        (r"a = b", r"a = b"),
        (r"a &= b \\ c &= d", r"\begin{aligned}a &= b \\ c &= d\end{aligned}"),
        (r"a \\ b", r"\begin{gathered}a \\ b\end{gathered}"),
        (r"\begin{align}a\end{align}", r"\begin{align*}a\end{align*}"),
        (r"\begin{align*}a\end{align*}", r"\begin{align*}a\end{align*}"),
        (r"\begin{cases}a \\ b\end{cases}", r"\begin{cases}a \\ b\end{cases}"),
    ],
)
def test_displayed_formulas_reach_katex_without_numbers(tex, drawn):
    assert prerendered_math.for_katex(tex) == drawn


def test_katex_files_that_differ_are_found(tmp_path):
    hashes = fetched_files.KATEX.hashes()
    names = set(hashes)
    assert {"LICENSE", "katex.min.css", "katex.min.js"} < names
    (tmp_path / "LICENSE").write_text("another text")
    assert set(fetched_files.wrong_files(tmp_path, hashes)) == names
