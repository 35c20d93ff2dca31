"""Where the repository is, and the notebooks that the launch buttons open.

``repository`` in ``_config.yml`` names it. While it is not set, there are no buttons
and no such notebooks. Once it is, ``python -m exercises launch`` writes them into the
folder ``students``: what students get, with a cell that installs `rnn_lib` where it is
missing.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import nbformat
import yaml

from exercises.handout.release import (
    ROOT,
    code_of,
    imported,
    packages_of,
    student_notebook,
)

FOLDER = "students"
COLAB = "https://colab.research.google.com"
BINDER = "https://mybinder.org/v2"
SETUP = """> **Before you start.** Run the next cell: it installs `rnn_lib`, the package
> of the course, where that is missing, as on Google Colab. Write your answers where it
> says `raise NotImplementedError`. Do not rename the functions: they are found by name.
> Colab and Binder forget the notebook when the session ends, so download it before."""
WITHOUT_TORCH = """
> Binder has no PyTorch: there, leave out the cells that import it and those after them
> that use it."""
INSTALL = """\
# Installs rnn_lib where it is missing, as on Google Colab. Elsewhere it does nothing.
import importlib.util
import subprocess
import sys
from pathlib import Path

if importlib.util.find_spec("rnn_lib") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--src", "."]
    source = "git+{url}@{branch}#egg=rnn_lib"
    subprocess.run([*pip, "--editable", source], check=True)
    sys.path.insert(0, str(Path("rnn-lib").resolve()))"""


@dataclass(frozen=True)
class Home:
    """Where the repository is, and the JupyterHub of a class, if there is one."""

    url: str  # https://github.com/owner/name, or the same on gitlab.com
    branch: str = "main"
    hub: str = ""

    @property
    def parts(self) -> list[str]:
        """Return forge, owner and name."""
        return self.url.removeprefix("https://").split("/")


def read_home(config: Path = ROOT / "_config.yml") -> Home | None:
    """Return what `config` says about the repository; None if it names none."""
    settings = yaml.safe_load(config.read_text("utf-8"))
    repository = settings.get("repository") or {}
    url = (repository.get("url") or "").rstrip("/").removesuffix(".git")
    if not url:
        return None
    if not re.fullmatch(r"https://git(?:hub|lab)\.com/[\w.-]+/[\w.-]+", url):
        raise ValueError(
            "repository.url in _config.yml: expected https://github.com/owner/name "
            f"or https://gitlab.com/owner/name, got {url}"
        )
    hub = (settings.get("launch_buttons") or {}).get("jupyterhub_url") or ""
    return Home(url, repository.get("branch") or "main", hub.rstrip("/"))


def needs_torch_at_once(chapter: Path) -> bool:
    """Tell whether the first code cell of `chapter` imports PyTorch."""
    return "torch" in imported(code_of(nbformat.read(chapter, 4))[0])


def links(home: Home, chapter: Path) -> dict[str, str]:
    """Return the address that opens the notebook of `chapter`, by the service.

    Colab opens notebooks of GitHub only. Binder has no PyTorch, so a chapter that
    begins with it is not offered there.
    """
    forge, owner, name = home.parts
    path = f"{FOLDER}/{chapter.name}"
    found = {}
    if forge == "github.com":
        place = f"{owner}/{name}/blob/{home.branch}/{path}"
        found["Colab"] = f"{COLAB}/github/{place}"
    if not needs_torch_at_once(chapter):
        repository = {
            "github.com": f"gh/{owner}/{name}",
            "gitlab.com": f"gl/{owner}%2F{name}",
        }[forge]
        branch = quote(home.branch, safe="")
        query = urlencode({"urlpath": f"lab/tree/{path}"})
        found["Binder"] = f"{BINDER}/{repository}/{branch}?{query}"
    if home.hub:
        place = f"lab/tree/{name}/{path}"
        query = {"repo": home.url, "branch": home.branch, "urlpath": place}
        pull = f"{home.hub}/hub/user-redirect/git-pull"
        found["JupyterHub"] = f"{pull}?{urlencode(query)}"
    return found


def install_cell(home: Home) -> str:
    """Return the code that installs `rnn_lib` where it is missing."""
    return INSTALL.replace("{url}", home.url).replace("{branch}", home.branch)


def launch_notebook(chapter: Path, home: Home) -> str:
    """Return the file that the launch buttons of `chapter` open."""
    torch = "torch" in packages_of(code_of(nbformat.read(chapter, 4)))
    setup = SETUP + (
        WITHOUT_TORCH if torch and links(home, chapter).get("Binder") else ""
    )
    cells = [
        nbformat.v4.new_markdown_cell(setup, id="before-you-start"),
        nbformat.v4.new_code_cell(install_cell(home), id="install-rnn-lib"),
    ]
    return nbformat.writes(student_notebook(chapter, cells)) + "\n"


def write_notebooks(folder: Path, home: Home | None, chapters: list[Path]) -> None:
    """Make `folder` hold the notebooks of `chapters`; remove it if there is no home."""
    shutil.rmtree(folder, ignore_errors=True)
    if home:
        folder.mkdir()
        for chapter in chapters:
            (folder / chapter.name).write_text(launch_notebook(chapter, home), "utf-8")
