"""The names in a statement: those that it gives a value, and those that it looks up."""

import ast
import builtins
import functools
import symtable

DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
IMPORTS = (ast.Import, ast.ImportFrom)


@functools.lru_cache(1)
def lines_of(source: str) -> list[bytes]:
    """Return the lines of a cell, as Python counts them and their bytes."""
    return source.replace("\r\n", "\n").replace("\r", "\n").encode().split(b"\n")


def segment(source: str, node: ast.AST) -> str:
    """Return the part of a cell that a node stands for."""
    lines = lines_of(source)[node.lineno - 1 : node.end_lineno]
    lines[-1] = lines[-1][: node.end_col_offset]
    lines[0] = lines[0][node.col_offset :]
    return b"\n".join(lines).decode()


def text_of(node: ast.stmt, source: str = "") -> str:
    """Return the source of a statement; `source` is that of its cell, at first."""
    if source and getattr(node, "end_lineno", None):
        made = [*getattr(node, "decorator_list", ()), node]
        lines = [segment(source, part) for part in made]
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
    """Return the names that a statement gives a value.

    What is deleted keeps its value; but a name of Python's gets its own back.
    """
    found = symbols(node)[0].get_symbols()
    names = {s.get_name() for s in found if s.is_assigned() or s.is_imported()}
    return names & set(dir(builtins)) if isinstance(node, ast.Delete) else names


def used_names(node: ast.stmt) -> set[str]:
    """Return the global names that `node`, or what it defines, looks up."""
    outer, *inner = symbols(node)
    return {s.get_name() for s in outer.get_symbols()} | global_names(inner)


def global_names(tables: list[symtable.SymbolTable]) -> set[str]:
    """Return the names in functions and classes that mean global ones."""
    return {s.get_name() for t in tables for s in t.get_symbols() if s.is_global()}


def declared_names(node: ast.stmt) -> set[str]:
    """Return the names that functions in `node` declare to be global."""
    found = [s for table in symbols(node)[1:] for s in table.get_symbols()]
    return {s.get_name() for s in found if s.is_declared_global()}


def words_of(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the words of the modules that an import names."""
    module = getattr(node, "module", None) or ""
    return [*module.split("."), *node.names[0].name.split(".")]


def parts(node: ast.AST):
    """Yield `node` and what runs with it: not the bodies of functions in it."""
    yield node
    if not isinstance(node, (*DEFINITIONS, ast.Lambda)):
        for child in ast.iter_child_nodes(node):
            yield from parts(child)
