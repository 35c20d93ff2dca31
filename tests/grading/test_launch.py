"""Launch buttons and the notebooks that they open, made from one setting."""

import re
import sys
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest

from book.tools import notebooks
from exercises.handout import launch, release
from tests.small_book import SmallBook
from tests.support import exactly

ROOT = Path(launch.__file__).resolve().parents[2]
HOME = launch.Home("https://github.com/example/rnn-book", "main", "https://hub.test")
FIRST = ROOT / "chapters" / "01_one_hot.ipynb"
TORCH = ROOT / "chapters" / "06_pytorch.ipynb"
SAMPLE = """
repository:
  url: https://github.com/example/rnn-book/
  branch: main
launch_buttons:
  jupyterhub_url: https://hub.test/
"""


# The setting


def read(tmp_path, text):
    """Return the home that a _config.yml with this text names."""
    config = tmp_path / "_config.yml"
    config.write_text(text, "utf-8")
    return launch.read_home(config)


def test_the_setting_names_everything(tmp_path):
    assert read(tmp_path, SAMPLE) == HOME
    short = "repository:\n  url: https://gitlab.com/example/rnn-book.git\n"
    assert read(tmp_path, short) == launch.Home("https://gitlab.com/example/rnn-book")


@pytest.mark.parametrize(
    "text",
    [
        "title: A book\n",
        "repository:\n  url:\n",
        "repository:\n  branch: main\n",
        "launch_buttons:\n  jupyterhub_url: https://hub.test\n",
    ],
)
def test_without_an_address_there_is_no_home(tmp_path, text):
    assert read(tmp_path, "title: A book\n" + text) is None


@pytest.mark.parametrize(
    "url", ["https://example.org/a/b", "http://github.com/a/b", "https://github.com/a"]
)
def test_an_address_that_is_no_repository_is_refused(tmp_path, url):
    message = (
        "repository.url in _config.yml: expected https://github.com/owner/name "
        f"or https://gitlab.com/owner/name, got {url}"
    )
    with pytest.raises(ValueError, match=exactly(message)):
        read(tmp_path, f"repository:\n  url: {url}\n")


# The addresses


def test_addresses_of_a_chapter():
    found = launch.links(HOME, FIRST)
    assert list(found) == ["Colab", "Binder", "JupyterHub"]
    assert found["Colab"] == (
        "https://colab.research.google.com/github/example/rnn-book/blob/main/"
        "students/01_one_hot.ipynb"
    )
    binder = urlsplit(found["Binder"])
    assert binder.netloc + binder.path == "mybinder.org/v2/gh/example/rnn-book/main"
    place = "lab/tree/students/01_one_hot.ipynb"
    assert parse_qs(binder.query) == {"urlpath": [place]}
    hub = urlsplit(found["JupyterHub"])
    assert hub.netloc + hub.path == "hub.test/hub/user-redirect/git-pull"
    assert parse_qs(hub.query) == {
        "repo": [HOME.url],
        "branch": ["main"],
        "urlpath": ["lab/tree/rnn-book/students/01_one_hot.ipynb"],
    }


def test_a_service_that_cannot_open_a_chapter_is_not_offered():
    assert list(launch.links(HOME, TORCH)) == ["Colab", "JupyterHub"]
    alone = launch.Home(HOME.url)
    assert list(launch.links(alone, FIRST)) == ["Colab", "Binder"]
    gitlab = launch.Home("https://gitlab.com/example/rnn-book", "new/start")
    (address,) = launch.links(gitlab, FIRST).values()
    assert "/v2/gl/example%2Frnn-book/new%2Fstart?" in address


# The notebooks


def test_the_notebooks_in_the_repository_are_those_of_the_chapters():
    folder = ROOT / launch.FOLDER
    home = launch.read_home()
    chapters = notebooks.chapters() if home else []
    stored = {p.name: p.read_text("utf-8") for p in folder.glob("*")}
    wanted = {p.name: launch.launch_notebook(p, home) for p in chapters}
    assert stored == wanted, "run `make notebooks`"


def test_notebooks_come_and_go_with_the_setting(tmp_path):
    folder = tmp_path / "students"
    launch.write_notebooks(folder, HOME, [FIRST, TORCH])
    assert sorted(p.name for p in folder.iterdir()) == [FIRST.name, TORCH.name]
    before = (folder / FIRST.name).read_bytes()
    launch.write_notebooks(folder, HOME, [FIRST])
    assert [p.name for p in folder.iterdir()] == [FIRST.name]
    assert (folder / FIRST.name).read_bytes() == before
    launch.write_notebooks(folder, None, [FIRST])
    assert not folder.exists()


@pytest.mark.parametrize("path", notebooks.chapters(), ids=lambda path: path.stem)
def test_a_launch_notebook_is_the_students_with_another_start(path):
    mine = nbformat.reads(launch.launch_notebook(path, HOME), 4).cells
    students = release.student_notebook(path).cells
    assert mine[0] == students[0]
    assert mine[3:] == students[2:]
    assert mine[2].source == launch.install_cell(HOME)
    assert "Before you start" in mine[1].source
    assert ("Binder has no PyTorch" in mine[1].source) == (
        path.stem[:2] in ("07", "08")
    )
    assert "Colab" not in "".join(cell.source for cell in students)


def run_install(monkeypatch, tmp_path, found):
    """Run the cell with rnn_lib there or not; return the calls and the new paths."""
    calls = []
    fake = SimpleNamespace(run=lambda *a, **k: calls.append((*a, k)))
    monkeypatch.setitem(sys.modules, "subprocess", fake)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: found)
    monkeypatch.setattr(sys, "path", before := list(sys.path))
    monkeypatch.chdir(tmp_path)
    exec(launch.install_cell(HOME), {})
    return calls, [path for path in sys.path if path not in before]


def test_the_first_cell_does_nothing_where_rnn_lib_is(monkeypatch, tmp_path):
    assert run_install(monkeypatch, tmp_path, "a module") == ([], [])


def test_the_first_cell_installs_rnn_lib_where_it_is_missing(monkeypatch, tmp_path):
    before = list(sys.path)
    calls, _ = run_install(monkeypatch, tmp_path, None)
    ((command, settings),) = calls
    assert command[:4] == [sys.executable, "-m", "pip", "install"]
    assert command[-2:] == [
        "--editable",
        "git+https://github.com/example/rnn-book@main#egg=rnn_lib",
    ]
    assert settings == {"check": True}
    assert sys.path == [str(tmp_path / "rnn-lib"), *before]


# Binder


def test_binder_has_the_versions_of_the_book():
    lines = (ROOT / ".binder" / "requirements.txt").read_text("utf-8").splitlines()
    lines = [line for line in lines if line and not line.startswith("#")]
    pinned = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert set(lines) < set(pinned)
    names = {line.split("==")[0] for line in lines}
    code = [c for p in notebooks.chapters() for c in release.code_of(notebooks.read(p))]
    assert names == release.packages_of(code) - {"torch"} | {"tqdm", "-e ."}


# The pages

CONF = """
extensions = ["myst_nb", "book.extensions.launch_buttons"]
html_theme = "sphinx_book_theme"
html_theme_options = {}
nb_execution_mode = "off"
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Build a book of two pages with the setting and then without it."""
    small = SmallBook(tmp_path_factory.mktemp("book"), CONF)
    built = {"folder": small.html}
    for name, text in (("with", SAMPLE), ("without", "title: A book\n")):
        (small.source / "_config.yml").write_text(text, "utf-8")
        built[name] = small.build()
    return built


def test_a_chapter_has_the_buttons(pages):
    page = pages["with"]["chapters/01_a"].replace("&amp;", "&")
    for start in (
        f"{launch.COLAB}/github/example/rnn-book/blob/main/students/01_a.ipynb",
        f"{launch.BINDER}/gh/example/rnn-book/main?urlpath=",
        f"{HOME.hub}/hub/user-redirect/git-pull?repo=",
        f"{HOME.url}/edit/main/chapters/01_a.ipynb",
        f"{HOME.url}/issues/new",
    ):
        assert f'href="{start}' in page, start
    for logo in re.findall(r'src="([^"]*logo_\w+\.\w+)"', page):
        assert (pages["folder"] / "chapters" / logo).resolve().is_file()
    assert page.count("/logo_") == 3


def test_a_page_without_code_has_no_launch_button(pages):
    page = pages["with"]["index"]
    assert f'href="{HOME.url}"' in page
    assert "mybinder" not in page


TRACES = ("launch-", "colab", "mybinder", "user-redirect", "source-buttons")


def traces(page: str) -> list[str]:
    """Return what a page has of the buttons."""
    return [trace for trace in TRACES if trace in page]


def test_without_the_setting_no_page_has_a_trace(pages):
    assert traces(pages["with"]["chapters/01_a"]) == list(TRACES)
    for page in pages["without"].values():
        assert traces(page) == []
        assert "github.com/example" not in page
        assert "hub.test" not in page


def test_the_book_has_the_buttons_or_no_trace_of_them(book):
    home = launch.read_home()
    for path in notebooks.chapters():
        page = (book / "chapters" / f"{path.stem}.html").read_text("utf-8")
        assert ("launch-buttons" in page) is (home is not None)
    if home is None:
        pages = {path: path.read_text("utf-8") for path in book.rglob("*.html")}
        found = {path: traces(page) for path, page in pages.items()}
        assert {path: names for path, names in found.items() if names} == {}
