"""Find in the cells of a notebook what one function needs. Runs inside the box."""

import ast
import symtable
import sys
import types

DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
IMPORTS = (ast.Import, ast.ImportFrom)
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


def plain_python(source: str) -> str:
    """Return a cell without the lines that only IPython understands."""
    lines = source.splitlines()
    if lines and lines[0].startswith("%%") and not lines[0].startswith("%%time"):
        return ""
    kept = [
        "pass" if line.startswith(("%", "!", "?")) or line.endswith("?") else line
        for line in lines
    ]
    return "\n".join(kept) + "\n"


def bound_names(node: ast.stmt) -> set[str]:
    """Return the names that a definition, import or assignment gives a value.

    Other statements, and assignments to anything but plain names, have none: they are
    never run.
    """
    if isinstance(node, DEFINITIONS):
        return {node.name}
    if isinstance(node, IMPORTS):
        return {(a.asname or a.name).split(".")[0] for a in node.names}
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        parts = [part for t in targets for part in getattr(t, "elts", [t])]
        plain = all(isinstance(part, ast.Name) for part in parts)
        return {part.id for part in parts} if plain else set()
    if isinstance(node, (ast.If, ast.Try)):
        blocks = [node.body, node.orelse, getattr(node, "finalbody", [])]
        blocks += [handler.body for handler in getattr(node, "handlers", [])]
        inner = [bound_names(part) for block in blocks for part in block]
        return set().union(*inner) if all(inner) else set()
    return set()


def used_names(node: ast.stmt) -> set[str]:
    """Return the global names that `node`, or what it defines, looks up."""
    found = set()
    tables = [symtable.symtable(ast.unparse(node), "cell", "exec")]
    while tables:
        table = tables.pop()
        for symbol in table.get_symbols():
            if table.get_type() == "module" or symbol.is_global():
                found.add(symbol.get_name())
        tables += table.get_children()
    return found


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


def parse(cells: list[str]) -> tuple[list[ast.stmt], list[tuple[str, str]]]:
    """Return the statements of all cells, and each cell that is not Python."""
    statements, broken = [], []
    for source in cells:
        try:
            tree = ast.parse(plain_python(source))
            compile(tree, "cell", "exec")
        except UNREADABLE as error:
            line = getattr(error, "lineno", None)
            reason = getattr(error, "msg", None) or type(error).__name__
            broken.append((source, f"line {line}: {reason}" if line else reason))
        else:
            statements += [part for node in tree.body for part in single(node)]
    return statements, broken


def definition(statements: list[ast.stmt], name: str) -> ast.stmt | None:
    """Return the last definition of `name` that is not the stub, else the stub."""
    own = [node for node in statements if name in bound_names(node)]
    written = [node for node in own if not is_stub(node)]
    return (written or own or [None])[-1]


def needed(statements: list[ast.stmt], name: str) -> list[ast.stmt]:
    """Return what has to run so that `name` works, in the order of the notebook."""
    main = definition(statements, name)
    others = [node for node in statements if name not in bound_names(node)]
    keep, names, todo = {id(main)}, {name}, [main]
    while todo:
        names |= used_names(todo.pop())
        for node in others:
            star = isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
            if id(node) not in keep and (star or bound_names(node) & names):
                keep.add(id(node))
                todo.append(node)
    return [node for node in statements if id(node) in keep]


def load(statements: list[ast.stmt], name: str):
    """Run what `name` needs and return the function."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    for node in needed(statements, name):
        tree = ast.Module(body=[node], type_ignores=[])
        exec(compile(tree, "<notebook>", "exec"), module.__dict__)
    return module.__dict__[name]
