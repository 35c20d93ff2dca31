"""Find in the cells of a notebook what one function needs, and run it, in the box.

What a function needs is found from the names that it uses: the statements that give
them a value or change it, and what these need in turn. The rest of a notebook, such as
its training and its figures, is not run.
"""

import __future__

import ast
import asyncio
import builtins
import inspect
import re
import sys
import time
import types

from exercises.box.effects import FOR_SHOW, OPEN, Effects, settings
from exercises.box.names import (
    DEFINITIONS,
    IMPORTS,
    bound_names,
    declared_names,
    parts,
    symbols,
    text_of,
    used_names,
    words_of,
)

SIMPLE = (*DEFINITIONS, *IMPORTS, ast.Assign, ast.AnnAssign)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
MORE = 0.4  # of the time for an exercise
GIVE_NAMES = {"run", "load", "pylab", "store"}  # magics; what they give is not known
UNSEEN = {"eval", "exec", "globals"}  # what they look up does not stand in the code
AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT  # as in a notebook
MAGIC = re.compile(r"get_ipython\(\)\.run_line_magic\('(\w+)', '(.*)'\)")


def is_stub(node: ast.stmt) -> bool:
    """Tell whether a function does nothing but raise NotImplementedError."""
    if not isinstance(node, ast.FunctionDef):
        return False
    body = [
        part
        for part in node.body
        if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
    ]
    if len(body) != 1 or not isinstance(body[0], ast.Raise) or body[0].exc is None:
        return False
    return "NotImplementedError" in ast.unparse(body[0].exc)


def single(node: ast.stmt) -> list[ast.stmt]:
    """Split an import of several names, so that each is run only where it is needed."""
    if isinstance(node, ast.Import):
        return [ast.Import(names=[a], lineno=1, col_offset=0) for a in node.names]
    if isinstance(node, ast.ImportFrom):
        where = {"module": node.module, "level": node.level}
        where |= {"lineno": 1, "col_offset": 0}
        return [ast.ImportFrom(names=[a], **where) for a in node.names]
    return [node]


def problem_of(error: BaseException) -> str:
    """Return what is wrong with code that is not Python."""
    line = getattr(error, "lineno", None)
    reason = getattr(error, "msg", None) or type(error).__name__
    return f"line {line}: {reason}" if line else reason


def parse(cells: list[str]) -> tuple[list[ast.stmt], list[tuple[str, str]]]:
    """Return the statements of all cells, and each cell that is not Python."""
    statements, broken = [], []
    for source in cells:
        try:
            found = [part for node in ast.parse(source).body for part in single(node)]
        except UNREADABLE as error:
            broken.append((source, problem_of(error)))
            continue
        for node in found:
            text = text_of(node, source)
            try:
                compile(ast.Module([node], []), "cell", "exec", AWAIT)
                symbols(node)
            except UNREADABLE as error:  # such as `return` outside a function
                broken.append((text, problem_of(error)))
            else:
                statements.append(node)
    return statements, broken


def definition(statements: list[ast.stmt], name: str) -> ast.stmt | None:
    """Return the last definition of `name` that is not the stub, else the stub."""
    own = [node for node in statements if name in bound_names(node)]
    own = [node for node in own if not isinstance(node, LOOPS)] or own
    written = [node for node in own if not is_stub(node)]
    return (written or own or [None])[-1]


class Notebook:
    """The statements of a notebook, with what each gives a value, changes and uses."""

    def __init__(self, statements: list[ast.stmt]) -> None:
        self.bound = {id(node): bound_names(node) for node in statements}
        stubs = {id(node) for node in statements if is_stub(node)}
        written = self.names([n for n in statements if id(n) not in stubs])
        self.statements = [
            n
            for n in statements
            if id(n) not in stubs or not self.bound[id(n)] & written
        ]
        imports = [n for n in statements if isinstance(n, IMPORTS)]
        self.imported = self.names(imports)
        self.for_show = self.names([n for n in imports if FOR_SHOW & set(words_of(n))])
        self.effects = Effects(self.statements)
        self.given = self.names(statements).union(*map(declared_names, statements))
        self.given -= self.imported
        self.changed = {id(node): self.changed_by(node) for node in self.statements}

    def names(self, statements: list[ast.stmt]) -> set[str]:
        """Return all names that `statements` give a value."""
        return set().union(*(self.bound[id(node)] for node in statements))

    def changed_by(self, node: ast.stmt) -> set[str]:
        """Return the names whose values a statement may change; of modules, if set."""
        if isinstance(node, IMPORTS):
            return set()
        if isinstance(node, ast.Expr) and used_names(node) & self.for_show:
            return set()  # a check, or a figure
        known = self.given | OPEN | (settings(parts(node)) & self.imported)
        return self.effects.of_statement(node) & known

    def closure(self, main: ast.stmt, name: str, more: bool) -> list[ast.stmt]:
        """Return the statements that `main` needs; with `more` not only simple ones."""
        own = [node for node in self.statements if name in self.bound[id(node)]]
        others = [node for node in self.statements if node not in own]
        touched, always = {}, set()
        for node in others:
            bound = self.bound[id(node)] if more or isinstance(node, SIMPLE) else set()
            touched[id(node)] = bound | self.changed[id(node)] if more else bound
            if is_star(node) or (more and self.changed[id(node)] & OPEN):
                always.add(id(node))
        todo, keep, names = [main], {id(main)}, {name}
        while todo:
            node = todo.pop()
            names |= used_names(node)
            if names & UNSEEN:
                names |= self.imported - self.for_show | self.effects.defined
            found = [n for n in others if id(n) in always or touched[id(n)] & names]
            if name in used_names(node) and (
                node is not main or is_made_of(main, name)
            ):
                found += own[: own.index(main)]
            found = [n for n in found if id(n) not in keep]
            keep |= set(map(id, found))
            todo += found
        return [node for node in self.statements if id(node) in keep]


def is_star(node: ast.stmt) -> bool:
    """Tell whether a statement imports names that it does not say."""
    return isinstance(node, ast.ImportFrom) and node.names[0].name == "*"


def is_made_of(node: ast.stmt, name: str) -> bool:
    """Tell whether a statement uses the earlier value, as in ``f = faster(f)``."""
    return symbols(node)[0].lookup(name).is_referenced()


def needed(statements: list[ast.stmt], name: str) -> list[tuple[ast.stmt, bool]]:
    """Return what has to run so that `name` works, and without what it cannot.

    The order is that of the notebook. Definitions, imports and assignments to names are
    what it cannot do without.
    """
    notebook, main = Notebook(statements), definition(statements, name)
    must = set(map(id, notebook.closure(main, name, more=False)))
    return [(n, id(n) in must) for n in notebook.closure(main, name, more=True)]


class Silent:
    """Stands for what only a notebook has: takes everything and does nothing."""

    def __call__(self, *args, **kwargs) -> None:
        """Do nothing."""

    def __getattr__(self, name: str):
        """Return something that does nothing."""
        return Silent()


class Shell(Silent):
    """Stands for IPython: its names are those of the notebook."""

    def __init__(self, names: dict) -> None:
        self.user_ns = self.user_global_ns = names
        self.push = names.update

    def run_line_magic(self, name: str, line: str) -> None:
        """Refuse a magic that would have given names a value."""
        if name in GIVE_NAMES:
            raise NotImplementedError(f"%{name}")


def future_of(statements: list[ast.stmt]) -> int:
    """Return the flags for `compile` that imports from __future__ ask for."""
    flags = 0
    for node in statements:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            flags |= getattr(__future__, node.names[0].name).compiler_flag
    return flags


def new_module() -> types.ModuleType:
    """Return the module in which a notebook runs, with what a notebook has."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    module.__builtins__ = builtins
    module.display, module.get_ipython = Silent(), lambda: Shell(module.__dict__)
    return module


def execute(node: ast.stmt, names: dict, flags: int) -> None:
    """Run a statement; one with `await` in a loop of its own."""
    tree = ast.Module(body=[node], type_ignores=[])
    code = compile(tree, "<notebook>", "exec", flags | AWAIT, dont_inherit=True)
    value = eval(code, names)
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(value)


def load(statements: list[ast.stmt], name: str, seconds: float = 10.0):
    """Run what `name` needs; return the function, and what could not be run, in words.

    What the function may do without has a part of the `seconds` of the processor, so
    that something is left for the function. An error elsewhere is raised if it leaves a
    name without a value.
    """
    from exercises.box import runner  # with NumPy; to look at code takes none of it

    module, flags = new_module(), future_of(statements)
    left_out, left, missing = [], MORE * seconds, {}
    for node, must in needed(statements, name):
        start = time.process_time()
        try:
            if must:
                execute(node, module.__dict__, flags)
                continue
            with runner.time_limit(max(left, 0.01)):
                execute(node, module.__dict__, flags)
        except BaseException as error:
            if must:
                missing |= dict.fromkeys(bound_names(node), error)
            line = runner.cut(text_of(node).split("\n")[0], 200)
            late = isinstance(error, runner.TimeUp)
            why = "it took too long" if late else runner.type_name(error)
            line = runner.cut(MAGIC.sub(r"%\1 \2", line), 60)
            left_out.append(f"`{line}` was not run: {why}")
        left -= time.process_time() - start
    for bound, error in missing.items():
        if bound not in module.__dict__:
            raise error
    return module.__dict__[name], left_out
