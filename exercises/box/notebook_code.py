"""Find in the cells of a notebook what one function needs, and run it, in the box.

What a function needs is found from the names that it uses: the statements that give
them a value or change it, and what these need in turn. The rest of a notebook, such as
its training and its figures, is not run.
"""

import __future__

import ast
import functools
import symtable
import sys
import time
import types

DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
IMPORTS = (ast.Import, ast.ImportFrom)
SIMPLE = (*DEFINITIONS, *IMPORTS, ast.Assign, ast.AnnAssign)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
MORE_SECONDS = 4.0
FOR_SHOW = {"matplotlib", "IPython", "exercises", "plots", "diagrams"}  # modules
HARMLESS = {"print", "display", "len", "type", "repr", "help", "list", "sorted"}
CHANGING = {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"}
CHANGING |= {"add", "discard", "update", "setdefault", "popitem", "appendleft", "write"}
CHANGING |= {"extendleft", "popleft", "rotate", "fill", "put", "resize", "shuffle"}


def text_of(node: ast.stmt, source: str = "") -> str:
    """Return the source of a statement; `source` is that of its cell, at first."""
    if source and getattr(node, "end_lineno", None):
        made = [*getattr(node, "decorator_list", ()), node]
        lines = [ast.get_source_segment(source, part) for part in made]
        node.text = "\n".join([f"@{line}" for line in lines[:-1]] + lines[-1:])
    return getattr(node, "text", None) or ast.unparse(node)


@functools.cache
def symbols(node: ast.stmt) -> list[symtable.SymbolTable]:
    """Return the table of names of a statement, then those of what is nested in it."""
    tables = [symtable.symtable(text_of(node), "cell", "exec")]
    for table in tables:
        tables += table.get_children()
    return tables


def bound_names(node: ast.stmt) -> set[str]:
    """Return the names that a statement gives a value."""
    if isinstance(node, ast.Delete):
        return set()
    found = symbols(node)[0].get_symbols()
    return {s.get_name() for s in found if s.is_assigned() or s.is_imported()}


def used_names(node: ast.stmt) -> set[str]:
    """Return the global names that `node`, or what it defines, looks up."""
    outer, *inner = symbols(node)
    found = [s for table in inner for s in table.get_symbols() if s.is_global()]
    return {s.get_name() for s in [*outer.get_symbols(), *found]}


def parts(node: ast.AST):
    """Yield `node` and what runs with it: not the bodies of functions in it."""
    yield node
    if not isinstance(node, (*DEFINITIONS, ast.Lambda)):
        for child in ast.iter_child_nodes(node):
            yield from parts(child)


def root(node: ast.AST) -> str | None:
    """Return `x` for ``x``, ``x.a``, ``x[1].b(2)`` and the like."""
    while not isinstance(node, ast.Name):
        node = getattr(node, "func", None) or getattr(node, "value", None)
        if not isinstance(node, ast.AST):
            return None
    return node.id


def changed_names(node: ast.AST) -> tuple[set[str], set[str]]:
    """Return the names whose values a statement changes, and those that it may change.

    It changes what it sets an item or attribute of, or calls a method like `append` of.
    Of a call that stands alone, also the other names in it may change.
    """
    surely, maybe, alone = set(), set(), set()
    for part in parts(node):
        if isinstance(part, ast.Expr):
            alone.add(id(getattr(part.value, "elt", part.value)))
        elif isinstance(part, (ast.Attribute, ast.Subscript)):
            if not isinstance(part.ctx, ast.Load):
                surely.add(root(part))
        elif isinstance(part, ast.Call):
            method = isinstance(part.func, ast.Attribute)
            if method and part.func.attr in CHANGING:
                surely.add(root(part.func))
            if id(part) in alone and root(part.func) not in HARMLESS:
                given = [*part.args, *(word.value for word in part.keywords)]
                maybe |= set(map(root, [part.func] * method + given))
    return surely - {None}, maybe - {None}


def called_names(node: ast.AST) -> set[str]:
    """Return the names of the functions that a statement calls."""
    calls = (part.func for part in parts(node) if isinstance(part, ast.Call))
    return {call.id for call in calls if isinstance(call, ast.Name)}


def effects(function: ast.FunctionDef) -> set[str]:
    """Return the global names that a call of `function` gives a value or changes."""
    table = symbols(function)[0].get_children()[-1]
    inside = set().union(*(set().union(*changed_names(n)) for n in function.body))
    found = table.get_symbols()
    names = {s.get_name() for s in found if s.is_declared_global()}
    return names | (inside & {s.get_name() for s in found if s.is_global()})


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
                compile(ast.Module([node], []), "cell", "exec")
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
        self.given = self.names(statements) - self.names(imports)
        self.for_show = self.names([n for n in imports if FOR_SHOW & set(words_of(n))])
        definitions = [n for n in statements if isinstance(n, DEFINITIONS)]
        self.defined = self.names(definitions)
        functions = [n for n in definitions if isinstance(n, ast.FunctionDef)]
        self.effects = {node.name: effects(node) for node in functions}
        for _ in range(3):  # functions that call functions
            for node in functions:
                inner = set().union(*map(called_names, node.body))
                self.effects[node.name] |= self.effects_of(inner)

    def names(self, statements: list[ast.stmt]) -> set[str]:
        """Return all names that `statements` give a value."""
        return set().union(*(self.bound[id(node)] for node in statements))

    def effects_of(self, functions: set[str]) -> set[str]:
        """Return the global names that calls of `functions` may change."""
        return set().union(*(self.effects.get(name, set()) for name in functions))

    def changed(self, node: ast.stmt) -> set[str]:
        """Return the names whose values a statement may change, not of modules."""
        if isinstance(node, (*DEFINITIONS, *IMPORTS)):
            return set()
        if isinstance(node, ast.Expr):
            if used_names(node) & self.for_show:
                return set()  # a check, or a figure
            calls = [part.func for part in parts(node) if isinstance(part, ast.Call)]
            if any("seed" in getattr(call, "attr", "") for call in calls):
                return used_names(node)
        surely, maybe = changed_names(node)
        surely |= self.effects_of(called_names(node))
        return (surely | (maybe - self.defined)) & self.given

    def closure(self, main: ast.stmt, name: str, more: bool) -> list[ast.stmt]:
        """Return the statements that `main` needs; with `more` not only simple ones."""
        own = [node for node in self.statements if name in self.bound[id(node)]]
        todo, touched = [main], {}
        if symbols(main)[0].lookup(name).is_referenced():  # as in `f = faster(f)`
            todo += own[: own.index(main)]
        for node in self.statements:
            bound = self.bound[id(node)] if more or isinstance(node, SIMPLE) else set()
            touched[id(node)] = bound | self.changed(node) if more else bound
        keep, names = set(map(id, todo)), {name}
        others = [node for node in self.statements if node not in own]
        while todo:
            names |= used_names(todo.pop())
            for node in others:
                star = isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
                if id(node) not in keep and (star or touched[id(node)] & names):
                    keep.add(id(node))
                    todo.append(node)
        return [node for node in self.statements if id(node) in keep]


def words_of(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the words of the modules that an import names."""
    module = getattr(node, "module", None) or ""
    return [*module.split("."), *node.names[0].name.split(".")]


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


def future_of(statements: list[ast.stmt]) -> int:
    """Return the flags for `compile` that imports from __future__ ask for."""
    flags = 0
    for node in statements:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            flags |= getattr(__future__, node.names[0].name).compiler_flag
    return flags


def load(statements: list[ast.stmt], name: str):
    """Run what `name` needs; return the function, and what could not be run, in words.

    What the function may do without has `MORE_SECONDS` of the processor in all. An
    error elsewhere is raised if it leaves a name without a value.
    """
    from exercises.box import runner  # with NumPy; to look at code takes none of it

    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    module.display, module.get_ipython = Silent(), lambda: Silent()
    flags, left_out, left, missing = future_of(statements), [], MORE_SECONDS, {}
    for node, must in needed(statements, name):
        tree = ast.Module(body=[node], type_ignores=[])
        code = compile(tree, "<notebook>", "exec", flags, dont_inherit=True)
        start = time.process_time()
        try:
            if must:
                exec(code, module.__dict__)
                continue
            with runner.time_limit(max(left, 0.01)):
                exec(code, module.__dict__)
        except BaseException as error:
            if must:
                missing |= dict.fromkeys(bound_names(node), error)
            line = runner.cut(text_of(node).split("\n")[0], 60)
            late = isinstance(error, runner.TimeUp)
            why = "it took too long" if late else runner.type_name(error)
            left_out.append(f"`{line}` was not run: {why}")
        left -= time.process_time() - start
    for bound, error in missing.items():
        if bound not in module.__dict__:
            raise error
    return module.__dict__[name], left_out
