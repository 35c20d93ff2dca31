"""Turn a cell of IPython into plain Python, by IPython's own rules for what is a magic.

Runs where hand-ins are read, inside limits; the box knows no IPython.
"""

import ast

from exercises.box.notebook_code import GIVE_NAMES

RUN_IN_PLACE = {"capture", "time", "prun", "debug"}  # their code runs as if without
MAX_LENGTH = 50_000  # of a cell; IPython's rules take long on longer ones
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


def parsed(source: str) -> ast.Module | None:
    """Return the tree of `source`, or None if it is not Python."""
    try:
        return ast.parse(source)
    except UNREADABLE:
        return None


def call_of(node: ast.AST) -> tuple[str, list[str]] | None:
    """Return method and arguments of what IPython puts in the place of a magic."""
    match node:
        case ast.Call(
            func=ast.Attribute(
                value=ast.Call(func=ast.Name(id="get_ipython")), attr=method
            ),
            args=args,
        ) if all(isinstance(a, ast.Constant) and type(a.value) is str for a in args):
            return method, [a.value for a in args]
    return None


class InPlace(ast.NodeTransformer):
    """Puts code that a magic runs where the magic stands, and `pass` for the rest."""

    def visit_Expr(self, node: ast.Expr):
        """Replace a statement that is a magic."""
        match call_of(node.value):
            case None:
                return self.generic_visit(node)
            case "run_line_magic", [name, line] if name in RUN_IN_PLACE:
                inner = parsed(line)
                return (inner and inner.body) or ast.Pass()
            case "run_line_magic", [name, _] if name in GIVE_NAMES:
                return node
        return ast.Pass()

    def visit_Call(self, node: ast.Call):
        """Replace a magic whose value is used by the code that has this value."""
        match call_of(node):
            case "run_line_magic", [name, line] if name in RUN_IN_PLACE:
                match parsed(line):
                    case ast.Module(body=[ast.Expr(value=value)]):
                        return value
        return self.generic_visit(node)


def transformed(source: str) -> str:
    """Do the work of `plain_python` for a cell that is not Python."""
    from IPython.core.inputtransformer2 import TransformerManager

    lines = TransformerManager().transform_cell(source)
    tree = parsed(lines)
    if tree is None:
        return lines
    match tree.body:
        case [ast.Expr(value=value)]:
            match call_of(value):
                case "run_cell_magic", [name, _, body]:
                    return plain_python(body) if name in RUN_IN_PLACE else ""
    try:
        return ast.unparse(ast.fix_missing_locations(InPlace().visit(tree)))
    except ValueError:  # not every f-string can be written again
        return lines


def plain_python(source: str) -> str:
    """Return a cell as Python; as it is if it is that already, or is neither."""
    if len(source) > MAX_LENGTH or parsed(source):
        return source
    try:
        return transformed(source)
    except (*UNREADABLE, RuntimeError):
        return source
