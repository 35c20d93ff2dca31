"""The first command: which Python it takes, what it installs, and from which folder."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STUB = """#!/bin/sh
case "$*" in
  *version_info*) exit {refused} ;;
  *python_version*) echo {version} ;;
  *) echo "$*" >> "{log}" ;;
esac
"""


@pytest.fixture
def folder(tmp_path):
    """Return what the first command needs, in a folder such as people have."""
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    folder = tmp_path / "My Documents (1)" / "Büch"
    (folder / "book" / "tools").mkdir(parents=True)
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copy(ROOT / "book" / "tools" / "environment.sh", folder / "book" / "tools")
    return folder


def stub(path: Path, log: Path, version: str = "3.12.0", refused: int = 0) -> Path:
    """Write a program that says it is this Python, and notes what it is asked to do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(STUB.format(version=version, refused=refused, log=log))
    path.chmod(0o755)
    return path


def make(folder: Path, *arguments: str, active: Path | None = None):
    """Run make in `folder` and return what happened."""
    known = ("VIRTUAL_ENV", "CONDA_DEFAULT_ENV", "MAKEFLAGS")
    environment = {k: v for k, v in os.environ.items() if k not in known}
    if active:
        environment["VIRTUAL_ENV"] = str(active)
    return subprocess.run(
        ["make", "-C", folder, *arguments],
        capture_output=True,
        text=True,
        env=environment,
    )


@pytest.mark.parametrize("place", [".venv", "an environment (2)"])
def test_it_installs_once_and_pytorch_only_where_it_is_needed(folder, place):
    log = folder / "log"
    active = folder / place
    stub(active / "bin" / "python", log)
    for _ in range(2):
        done = make(folder, "light", active=active)
        assert (done.returncode, done.stderr) == (0, "")
    (line,) = log.read_text().splitlines()
    assert "pip" in line
    wanted = Path(folder, line.split(" -r ")[1]).read_text("utf-8")
    assert "numpy==" in wanted
    assert "torch==" not in wanted
    for target in ("install", "install", "light"):
        make(folder, target, "TORCH_INDEX=https://example.org/cpu", active=active)
    torch, rest = log.read_text().splitlines()[1:]
    assert "--index-url https://example.org/cpu torch==" in torch
    assert rest.endswith("-r requirements.txt")


def test_it_installs_anew_when_the_list_has_changed(folder):
    active = folder / ".venv"
    stub(active / "bin" / "python", folder / "log")
    make(folder, "light", active=active)
    with (folder / "requirements.txt").open("a") as file:
        file.write("another==1.0\n")
    make(folder, "light", active=active)
    assert len((folder / "log").read_text().splitlines()) == 2


def test_a_python_for_which_nothing_is_made_is_refused_by_name(folder):
    python = stub(folder / "new python", folder / "log", "3.15.0", refused=1)
    done = make(folder, "light", f"PYTHON={python}")
    assert done.returncode != 0
    assert "needs Python 3.11, 3.12, 3.13 or 3.14" in done.stderr
    assert "new python: 3.15.0" in done.stderr
    assert not (folder / ".venv").exists()
    active = folder / "active"
    stub(active / "bin" / "python", folder / "log", "3.10.1", refused=1)
    done = make(folder, "light", active=active)
    assert "has 3.10.1" in done.stderr
    assert not (folder / "log").exists()


def test_an_environment_without_python_is_named(folder):
    done = make(folder, "light", active=folder / "gone")
    assert f"{folder / 'gone'}, has no bin/python" in done.stderr


def test_the_versions_are_the_same_everywhere():
    texts = [
        (ROOT / name).read_text("utf-8")
        for name in ("README.md", "intro.md", "book/tools/environment.sh")
    ]
    assert all("Python 3.11, 3.12, 3.13 or 3.14" in text for text in texts)
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert 'requires-python = ">=3.11,<3.15"' in project
