"""What is printed can be printed, whatever letters the console knows."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
REPORT = """
from exercises.checks.engine import Report
from exercises import checks
right = checks.EXERCISES["decode_one_hot"]
print(right(right.solution))
print(right(lambda vectors, symbols: 3))
print(Report("∂L/∂h", ((False, "ž …"),), None, 0.0))
"""


def printed(encoding: str, *arguments: object, returns: int = 0) -> str:
    """Run Python with this encoding of standard output; return what it prints."""
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == returns, done.stderr.decode("utf-8", "replace")
    return done.stdout.decode(encoding).replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("encoding", "passed", "failed", "section", "last"),
    [
        (
            "ascii",
            "passed  ",
            "failed  ",
            '"',
            "\nfailed  \\u017e ...",
        ),
        ("cp1252", "passed  ", "failed  ", "“", "\nfailed  ž …"),
        ("utf-8", "✓ passed  ", "✗ failed  ", "“", "∂L/∂h\n✗ failed  ž …"),
    ],
)
def test_a_report_can_be_printed(encoding, passed, failed, section, last):
    text = printed(encoding, "-c", REPORT)
    assert f"\n{passed}CB in ABC\n" in text
    assert f"\n{failed}CB in ABC: expected a string" in text
    assert f"See the section {section}" in text or f"The section {section}" in text
    assert last in text


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_the_graders_can_name_any_file(encoding, tmp_path):
    chapter = ROOT / "chapters" / "01_one_hot.ipynb"
    out = tmp_path / "Łódź"
    text = printed(encoding, "-m", "exercises", "release", chapter, "--out", out)
    assert "\\u0141" in text
    assert list(out.glob("*.zip"))


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_the_tools_can_name_any_file(encoding, tmp_path):
    path = tmp_path / "Łódź.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)
    tool = ROOT / "book" / "tools" / "notebooks.py"
    assert "\\u0141" in printed(encoding, tool, "--check", path, returns=1)
