"""One thing in the code taken for another: a function, a number, a name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations

Change = tuple[str, ast.AST]

NUMBERS = {
    0.9: (0.999, 0.99, 0.5),
    0.999: (0.9, 0.99, 0.9999),
    1e-8: (0.0, 1.0, 0.1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6),
}
"""Numbers that are taken for others."""
SLOPES = [
    ("the slope of the sigmoid is taken", "{0} * (1 - {0})"),
    ("tanh is applied to a tanh", "1 - np.tanh({0}) ** 2"),
    ("the slope of the inverse function is taken", "1 / (1 - {0} ** 2)"),
    ("the root of the slope is taken", "np.sqrt(1 - {0} ** 2)"),
]
"""What is taken for the slope of tanh, 1 - h²."""
COUNTS = (130, 26, 5)  # of the five rows
SMALL = (1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)
BUILT_IN = {"min": "max", "max": "min", "any": "all", "all": "any"}
WRITTEN = {
    "tanh": [
        ("the rectifier, max(0, z), is taken in place of `tanh`", "np.maximum(0, {})"),
        ("`tan` is taken in place of `tanh`", "np.tan({})"),
        ("the slope of tanh is taken in place of `tanh`", "1 - np.tanh({}) ** 2"),
        (
            "the softmax is taken in place of `tanh`",
            "np.exp({0}) / np.exp({0}).sum(axis=-1, keepdims=True)",
        ),
    ],
    "softmax": [
        ("the logarithm of the softmax is taken", "np.log(softmax({}))"),
        *(
            (
                f"the softmax runs over {axis} and not over the last axis",
                f"np.exp({{0}}{m}) / np.exp({{0}}{m}).sum({code}, keepdims=True)",
            )
            for m in ("", " - {0}.max()")
            for axis, code in (("axis 0", 0), ("axis 1", 1), ("all axes", None))
        ),
    ],
}
"""What is written in the place of a function."""


def taken(node: ast.AST) -> Iterator[Change]:
    """Yield the changes of one node that take another thing in its place."""
    if type(node) is ast.Call:
        yield from _functions(node)
    elif type(node) is ast.Constant and type(node.value) is float:
        for other in NUMBERS.get(node.value, ()):
            yield f"`{other}` stands for `{node.value}`", ast.Constant(other)
    elif type(node) is ast.BinOp:
        yield from _parts(node)
    elif type(node) is ast.Compare and type(node.comparators[0]) is ast.Constant:
        if type(limit := node.comparators[0].value) is int:
            for other in (limit + 1, limit - 1):
                new = ast.Compare(node.left, node.ops, [ast.Constant(other)])
                yield f"`{other}` stands for `{limit}` in `{ast.unparse(node)}`", new
    elif type(node) is ast.Subscript and ast.unparse(node).startswith("np.eye("):
        letters = f"np.arange(len({ast.unparse(node.value)}))"
        text = f"np.isin({letters}, {ast.unparse(node.slice)}) * 1.0"
        yield _all_positions(node.slice), _expression(text)


def _functions(node: ast.Call) -> Iterator[Change]:
    name = ast.unparse(node.func)
    args = [ast.unparse(one) for one in node.args]
    for text, code in WRITTEN.get(name.removeprefix("np."), ()):
        yield text, _expression(code.format(*args))
    if name.endswith(".sum") and not args and not node.keywords:
        for code in (f"len({name[:-4]})", f"{name[:-4]}.size"):
            yield f"`{code}` stands for `{ast.unparse(node)}`", _expression(code)
    if name in BUILT_IN:
        other = ast.Call(ast.Name(BUILT_IN[name], ast.Load()), node.args, node.keywords)
        yield f"`{BUILT_IN[name]}` is taken in place of `{name}`", other
    if name == "np.log":
        for small in SMALL:
            text = f"{small:g} is added inside the logarithm"
            yield text, _expression(f"np.log({args[0]} + {small})")
    if name == "np.take_along_axis":
        new = _expression(f"np.take({args[0]}, {args[1]}, axis=-1)")
        yield _all_positions(node.args[1]), new


def _all_positions(index: ast.AST) -> str:
    code = ast.unparse(index)
    return (
        f"`[:, :, {code}]` picks the entries of all positions at every position: each "
        "place needs its own, as `np.take_along_axis` gives"
    )


def _parts(node: ast.BinOp) -> Iterator[Change]:
    """Take a fixed number for a divisor, or a name for what is computed from it."""
    yield from _slopes(node)
    yield from _sums(node)
    if type(node.op) is ast.Div and type(node.right) is not ast.Constant:
        for count in COUNTS:
            new = ast.BinOp(node.left, node.op, ast.Constant(count))
            code = ast.unparse(node.right)
            yield f"{count} stands for `{code}`, whatever is given", new
    names = {one.id for one in ast.walk(node) if type(one) is ast.Name}
    simple = all(
        type(one) in (ast.Name, ast.Constant, ast.BinOp)
        for one in ast.walk(node)
        if isinstance(one, ast.expr)
    )
    if simple and len(names) == 1:
        name = names.pop()
        text = f"`{name}` is taken in place of `{ast.unparse(node)}`"
        yield text, ast.Name(name, ast.Load())


def _slopes(node: ast.BinOp) -> Iterator[Change]:
    """Take another slope for that of tanh."""
    square = node.right
    if type(node.op) is not ast.Sub or ast.unparse(node.left) != "1":
        return
    if type(square) is ast.BinOp and type(square.op) is ast.Pow:
        inner = ast.unparse(square.left)
        for text, code in SLOPES if ast.unparse(square.right) == "2" else ():
            new = _expression(code.format(inner))
            yield f"{text}: {_instead(new, node)}", new


def _sums(node: ast.BinOp) -> Iterator[Change]:
    """Leave two or more of the terms of a sum out."""
    terms = terms_of(node)
    if not 3 <= len(terms) <= 6:
        return
    for left_out in (2, 3):
        for some in combinations(range(len(terms)), left_out):
            rest = [one for i, one in enumerate(terms) if i not in some]
            gone = ", ".join(f"`{ast.unparse(terms[i])}`" for i in some)
            if rest:
                new = _expression(" + ".join(f"({ast.unparse(one)})" for one in rest))
                yield f"the terms {gone} are left out", new


def terms_of(node: ast.AST) -> list[ast.AST]:
    """Return the terms of a sum, from left to right."""
    if type(node) is ast.BinOp and type(node.op) is ast.Add:
        return [*terms_of(node.left), *terms_of(node.right)]
    return [node]


def exchanged(tree: ast.FunctionDef) -> Iterator[tuple[int, str, ast.AST]]:
    """Yield places in a function where another of its arrays may be taken.

    Parameters
    ----------
    tree : ast.FunctionDef

    Yields
    ------
    (int, str, ast.AST)
        The place in the walk through the tree, the words and the new node.
    """
    operands = _operands(tree)
    indexed = _indexed(tree)
    for place, node in enumerate(ast.walk(tree)):
        if type(node) is ast.BinOp:
            for side in ("left", "right"):
                turned = _turned(own := getattr(node, side))
                own = own.value if turned else own
                for name in operands if type(own) is ast.Name else ():
                    if name != own.id:
                        sides = {"left": node.left, "right": node.right}
                        sides[side] = _expression(f"{name}.T" if turned else name)
                        new = ast.BinOp(sides["left"], node.op, sides["right"])
                        yield place, _instead(new, node), new
        if type(node) is ast.Subscript and type(node.ctx) is ast.Load:
            index = ast.unparse(node.slice)
            for name in indexed.get(index, ()) if _named(node) else ():
                if name != node.value.id:
                    value = ast.Name(name, ast.Load())
                    new = ast.Subscript(value, node.slice, ast.Load())
                    yield place, _instead(new, node), new


def _instead(new: ast.AST, old: ast.AST) -> str:
    return f"`{ast.unparse(new)}` stands for `{ast.unparse(old)}`"


def _operands(tree: ast.AST) -> list[str]:
    """Return the names with which the function computes, in order."""
    found = [
        side.id
        for node in ast.walk(tree)
        if type(node) is ast.BinOp
        for side in (node.left, node.right)
        for side in [side.value if _turned(side) else side]
        if type(side) is ast.Name
    ]
    return list(dict.fromkeys(found))


def _indexed(tree: ast.AST) -> dict[str, list[str]]:
    """Return, for each index with a name in it, the names that have this index."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if type(node) is ast.Subscript and _named(node):
            names = found.setdefault(ast.unparse(node.slice), [])
            names += [] if node.value.id in names else [node.value.id]
    return found


def _turned(node: ast.AST) -> bool:
    return type(node) is ast.Attribute and node.attr == "T"


def _named(node: ast.Subscript) -> bool:
    return type(node.value) is ast.Name


def _expression(code: str) -> ast.expr:
    return ast.parse(code, mode="eval").body
