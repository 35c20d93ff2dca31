"""Make the library that a submission sees: `rnn_lib` without what is the answer.

It is cut from the source text, so that the answer is in no file and no process of the
box. In the place of a definition stands an object that refuses to do anything. What is
built on it is cut as well, and private helpers that nothing else uses.
"""

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from exercises.handout.release import ROOT

LIBRARY = "rnn_lib"
STAND_IN = "_withheld"
SLOW = ("torch", "matplotlib")
SOURCE = '''"""What stands in the place of what is not in this copy of rnn_lib."""


class AnswerImported(Exception):
    """The answer itself was used."""


class NotHere(Exception):
    """Something was used that is built on the answer."""


class Withheld:
    """Refuses to do anything; of a class, objects can be made that refuse the same."""

    def __init__(self, name, is_answer, is_class):
        self.__dict__.update(name=name, is_answer=is_answer, is_class=is_class)

    def refuse(self, *args, **kwargs):
        """Raise an error that says why."""
        name = self.__dict__["name"]
        if self.__dict__["is_answer"]:
            raise AnswerImported(f"{name} is the answer itself and not here")
        raise NotHere(f"{name} goes with the answer and is not here")

    def __call__(self, *args, **kwargs):
        if self.__dict__["is_class"]:
            return Withheld(self.__dict__["name"], self.__dict__["is_answer"], False)
        self.refuse()

    def __mro_entries__(self, bases):
        refuse = self.refuse
        return (type("Withheld", (), {"__init__": refuse, "__getattr__": refuse}),)

    def __get__(self, instance, owner=None):
        return self

    def __or__(self, other):
        return self

    def __instancecheck__(self, instance):
        return False

    __ror__, __subclasscheck__ = __or__, __instancecheck__
    __getattr__ = __setattr__ = __getitem__ = __iter__ = __len__ = refuse
'''

Place = tuple[str, str]  # a module and a name in it


@cache
def sources(root: Path = ROOT) -> dict[str, str]:
    """Return the source of each module of the library."""
    top = root / LIBRARY
    files = {".".join(p.relative_to(top).parts): p for p in sorted(top.rglob("*.py"))}
    return {n.removesuffix(".py"): path.read_text("utf-8") for n, path in files.items()}


def packages() -> list[str]:
    """Return the modules that the library imports from elsewhere, but for slow ones."""
    found = set()
    for text in sources().values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom):
                found.add(node.module)
            elif isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
    return sorted(n for n in found if n.split(".")[0] not in (LIBRARY, *SLOW))


def names_of(node: ast.stmt) -> set[str]:
    """Return the names that a definition or an assignment at the top gives a value."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {part.id for part in targets if isinstance(part, ast.Name)}
    return set()


class _Uses(ast.NodeVisitor):
    """Collects the names that are looked up when code runs, so not in annotations."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        self.found.add(node.id)

    def visit_arg(self, node: ast.arg) -> None:
        pass

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for part in [*node.decorator_list, node.args, *node.body]:
            self.visit(part)


def uses(node: ast.stmt) -> set[str]:
    """Return the names that a statement looks up when it, or what it defines, runs."""
    visitor = _Uses()
    visitor.visit(node)
    return visitor.found


class Library:
    """All definitions of the library, and which uses which."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts
        self.trees = {module: ast.parse(text) for module, text in texts.items()}
        self.imported: dict[str, dict[str, Place]] = {}
        self.uses: dict[Place, set[Place]] = {}
        for module, tree in self.trees.items():
            self.imported[module] = {
                alias.asname or alias.name: (
                    node.module.removeprefix(f"{LIBRARY}."),
                    alias.name,
                )
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom)
                and (node.module or "").startswith(f"{LIBRARY}.")
                for alias in node.names
            }
        for module, tree in self.trees.items():
            own = set().union(*map(names_of, tree.body))
            for node in tree.body:
                known = uses(node) if names_of(node) else set()
                places = {self.imported[module].get(name) for name in known} - {None}
                places |= {(module, name) for name in known & own}
                for name in names_of(node):
                    self.uses.setdefault((module, name), set()).update(places)

    def places(self, name: str) -> set[Place]:
        """Return what a name such as ``"rnn_lib.softmax"`` means.

        Raises
        ------
        ValueError
            If there is no such thing in the library.
        """
        path, found = name.removeprefix(f"{LIBRARY}."), set()
        if self.is_module(name):
            found = {place for place in self.uses if place[0] == path}
        elif name.startswith(f"{LIBRARY}."):
            module, _, last = path.rpartition(".")
            place = (module, last) if module else self.imported["__init__"].get(last)
            found = {place} & set(self.uses)
        if not found:
            raise ValueError(f"{name}: there is no such thing to withhold")
        return found

    def is_module(self, name: str) -> bool:
        """Tell whether a name means a module, all of it."""
        return name.removeprefix(f"{LIBRARY}.") in self.texts

    def methods(self, names: Iterable[str]) -> dict[Place, set[str]]:
        """Return the methods among names, such as ``"rnn_lib.Vocabulary.decode"``."""
        found: dict[Place, set[str]] = {}
        for name in names:
            owner, _, method = name.rpartition(".")
            if owner != LIBRARY and owner.rpartition(".")[2][:1].isupper():
                for place in self.places(owner):
                    found.setdefault(place, set()).add(method)
        return found

    def dependents(self, answers: set[Place]) -> set[Place]:
        """Return what is built on the answers, and the helpers of nothing else."""
        cut = set(answers)
        while True:
            users = {p for p, used in self.uses.items() if used & cut}
            by = {place: set() for place in self.uses}
            for user, used in self.uses.items():
                for place in used & set(by) - {user}:
                    by[place].add(user)
            helpers = {p for p in by if p[1].startswith("_") and by[p] and by[p] <= cut}
            more = (users | helpers) - cut
            if not more:
                return cut - answers
            cut |= more


def without_methods(node: ast.stmt, methods: set[str], name: str) -> ast.stmt:
    """Replace methods of a class by stand-ins."""
    for index, part in enumerate(node.body):
        if isinstance(part, ast.FunctionDef) and part.name in methods:
            node.body[index] = stand_in(part.name, f"{name}.{part.name}", True, False)
    return node


def stand_in(name: str, full: str, is_answer: bool, is_class: bool) -> ast.stmt:
    """Return the statement that puts a stand-in under a name."""
    return ast.parse(f"{name} = _Withheld({full!r}, {is_answer}, {is_class})").body[0]


@cache
def library() -> Library:
    """Return the library of this project."""
    return Library(sources())


def stripped(names: Iterable[str]) -> dict[str, str]:
    """Return the source of each module, without what `names` stand for.

    Parameters
    ----------
    names : iterable of str
        Functions, classes and methods, which are the answer, and modules, which go with
        it; see `Exercise.forbidden`.

    Raises
    ------
    ValueError
        If one of them is not in the library.
    """
    names, whole = list(names), library()
    methods = whole.methods(names)
    plain = [
        n for n in names if n.rpartition(".")[2] not in set().union(*methods.values())
    ]
    hidden = set().union(*map(whole.places, plain))
    named = [name for name in plain if not whole.is_module(name)]
    answers = set().union(*map(whole.places, named))
    hidden |= whole.dependents(hidden)
    found = {STAND_IN: SOURCE}
    for module, text in whole.texts.items():
        cut = {
            name: (module, name) in answers for where, name in hidden if where == module
        }
        parts = {name: own for (where, name), own in methods.items() if where == module}
        found[module] = without(module, text, cut, parts) if cut or parts else text
    return found


def without(module: str, text: str, cut: dict[str, bool], parts: dict) -> str:
    """Return the source of a module without some of its names.

    Parameters
    ----------
    module, text : str
        Its name and its source.
    cut : dict of str to bool
        What to leave out, and whether it is the answer itself.
    parts : dict of str to set of str
        Methods to leave out, by class.
    """
    tree, body = ast.parse(text), []
    for node in tree.body:
        own = names_of(node)
        for name in sorted(own & set(cut)):
            full, is_class = (
                f"{LIBRARY}.{module}.{name}",
                isinstance(node, ast.ClassDef),
            )
            body.append(stand_in(name, full, cut[name], is_class))
        if own & set(cut):
            continue
        for name in own & set(parts):
            node = without_methods(node, parts[name], f"{LIBRARY}.{name}")
        body.append(node)
    start = f"from {LIBRARY}.{STAND_IN} import Withheld as _Withheld"
    last = [i for i, n in enumerate(body) if isinstance(n, ast.ImportFrom)]
    tree.body = body
    tree.body[last[0] + 1 : last[0] + 1] = ast.parse(start).body
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"
