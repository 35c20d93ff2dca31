"""The copies of `rnn_lib` that a box holds, each without other answers.

The copy for one exercise holds the answers to others. So each lies in a folder with a
name that cannot be guessed, and the folder around them cannot be listed. A submission
learns the name of the copy that is meant for it.
"""

import py_compile
import secrets
import shutil
import threading
from importlib.util import cache_from_source
from pathlib import Path

from exercises.grading.withheld import LIBRARY, ROOT, sources, stripped

HIDDEN = 0o311  # to go through, not to be listed
DATA = "datasets"


class Libraries:
    """Makes the copies that are asked for, below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        self.folder.chmod(HIDDEN)
        self._made: dict[frozenset, str] = {}
        self._compiled: dict[tuple[str, str], Path] = {}
        self._lock = threading.Lock()

    def of(self, withheld: tuple[str, ...]) -> str:
        """Return where the copy without these names lies, below the box.

        Raises
        ------
        ValueError
            If one of them is not in the library.
        """
        with self._lock:
            key = frozenset(withheld)
            if key not in self._made:
                self._made[key] = self._make(stripped(withheld) if key else sources())
            return f"{self.folder.name}/{self._made[key]}"

    def _make(self, texts: dict[str, str]) -> str:
        name = secrets.token_hex(16)
        package = self.folder / name / LIBRARY
        package.mkdir(parents=True)
        shutil.copytree(ROOT / LIBRARY / DATA, package / DATA)
        for module, text in texts.items():
            path = package / f"{module.replace('.', '/')}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
            self._compile(module, text, path)
        for path in (package.parent, package, *package.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        return name

    def _compile(self, module: str, text: str, path: Path) -> None:
        """Write the bytecode beside `path`: the worker writes none."""
        known = self._compiled.get((module, text))
        place = Path(cache_from_source(str(path)))
        place.parent.mkdir(exist_ok=True)
        if known:
            shutil.copyfile(known, place)
            return
        always = py_compile.PycInvalidationMode.UNCHECKED_HASH
        shown = f"{LIBRARY}/{module.replace('.', '/')}.py"
        py_compile.compile(
            str(path), str(place), shown, doraise=True, invalidation_mode=always
        )
        self._compiled[module, text] = place

    def unlock(self) -> None:
        """Let the folder be listed again, so that it can be removed."""
        self.folder.chmod(0o755)
