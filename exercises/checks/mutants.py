"""Right solutions with one small mistake in them, made from their code.

Most wrong answers are a right one with one thing changed: an axis, a sign, a term. The
code of a solution says where that can happen.
"""

from __future__ import annotations

import ast
import copy
import inspect
import re
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator
from types import CodeType

from exercises.checks.taken import exchanged, taken, terms_of

Mutant = tuple[str, Callable]
Change = tuple[str, ast.AST]

SWAPS = {
    "mean": ("sum", "median", "max", "std", "var"),
    "sum": ("mean",),
    "max": ("min", "sum", "mean"),
    "argmax": ("argmin", "max"),
    "zeros": ("ones",),
    "zeros_like": ("ones_like",),
    "tanh": ("sinh", "arctan"),
    "eigvals": ("eigvalsh",),
    "log": ("log2", "log10", "log1p"),
    "exp": ("exp2", "expm1", "log"),
}
"""Functions that are taken for others."""

UNDONE = {"exp", "log", "sqrt", "tanh", "abs", "sorted", "set", "softmax", "reversed"}
UNDONE |= {"log_softmax", "_sigmoid", "swapaxes", "copy", "astype", "cumsum"}
"""Functions that are left out."""

OPERATORS = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult, ast.Div),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.FloorDiv: (ast.Mod,),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Eq: (ast.NotEq,),
}
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@"}
SIGNS |= {ast.BitAnd: "&", ast.BitOr: "|", ast.FloorDiv: "//", ast.Mod: "%"}
SIGNS |= {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<="}
SIGNS |= {ast.Eq: "==", ast.NotEq: "!="}
PARTS = {ast.Add: "term", ast.Sub: "term", ast.Mult: "factor", ast.Div: "divisor"}
PARTS |= {ast.MatMult: "factor", ast.BitAnd: "condition", ast.BitOr: "condition"}
AXES = (0, 1, -1, None)
LIBRARY = ("np", "np.linalg")
REDUCE = ("mean", "sum", "max", "prod")
ALONE = ("exp", "log", "sqrt", "tanh", "abs")
CODE = re.compile(r"`(?!\d`)[^`]*`")
SIGMOID = "1 / (1 + np.exp(-({})))"


def mutants(solution: Callable) -> list[Mutant]:
    """Return the mistakes in words, and for each the function that makes it.

    Parameters
    ----------
    solution : callable
        A function in Python; of another one there are no mutants.

    Returns
    -------
    list of (str, callable)
        In words that follow "This is what you get when".
    """
    try:
        trees = _trees(solution)
    except (OSError, TypeError, SyntaxError):
        return []
    found = []
    for name, tree in trees.items():
        nodes = enumerate(ast.walk(tree))
        single = [(i, *change) for i, node in nodes for change in _changes(node)]
        single.sort(key=lambda change: change[0] == 0)  # the function itself last
        for message, news in [*_one_by_one(single), *_everywhere(tree, single)]:
            if "mistake" not in message:  # a switch between ways that are wrong
                found.append((message, _built(solution, trees, name, news)))
    return found


def in_pieces(solution: Callable) -> bool:
    """Tell whether a solution calls functions beside it, whose code nobody sees."""
    try:
        return len(_trees(solution)) > 1
    except (OSError, TypeError, SyntaxError):
        return False


def exchanges(solution: Callable) -> list[Mutant]:
    """Return the same as `mutants`, with one array taken for another."""
    try:
        trees = _trees(solution)
    except (OSError, TypeError, SyntaxError):
        return []
    return [
        (message, _built(solution, trees, name, {place: new}))
        for name, tree in trees.items()
        for place, message, new in exchanged(tree)
    ]


def _one_by_one(single: list[tuple]) -> list[tuple[str, dict]]:
    return [(message, {place: new}) for place, message, new in single]


def _everywhere(tree: ast.AST, single: list[tuple]) -> Iterator[tuple[str, dict]]:
    """Yield each mistake that can be made in several places, made in all of them."""
    nodes = list(ast.walk(tree))
    alike = defaultdict(list)
    for place, message, new in single:
        kind = message if "stands for" in message else CODE.sub("``", message)
        alike[kind].append((place, message, new))
    for changes in alike.values():
        news = {place: new for place, _, new in changes}
        inner = {id(one) for i in news for one in [*ast.walk(nodes[i])][1:]}
        nested = any(id(nodes[i]) in inner for i in news)
        if 1 < len(news) == len(changes) and not nested:
            codes = [code for _, one, _ in changes for code in CODE.findall(one)[:1]]
            others = ", ".join([*dict.fromkeys(codes)][1:])
            with_them = f"with {others}" if others else "elsewhere"
            yield f"{changes[0][1]}, and so {with_them}", news


def _trees(solution: Callable) -> dict[str, ast.FunctionDef]:
    """Return the code of a solution and of the functions beside it that it calls."""
    trees, waiting = {}, [solution]
    while waiting:
        function = waiting.pop()
        try:
            module = ast.parse(textwrap.dedent(inspect.getsource(function)))
        except (OSError, SyntaxError, TypeError):
            continue  # it was made in another way than by a definition
        tree = module.body[0]
        if type(tree) is not ast.FunctionDef:
            continue
        tree.decorator_list = []
        tree.returns = None
        tree.body = [one for one in tree.body if not _is_text(one)]
        for argument in [*tree.args.args, *tree.args.kwonlyargs]:
            argument.annotation = None
        tree = _NoFloat().visit(tree)
        trees[tree.name] = tree
        names = {n.id for n in ast.walk(tree) if type(n) is ast.Name} - {"_", *trees}
        for name in names:
            other = function.__globals__.get(name)
            if inspect.isfunction(other) and other.__module__ == solution.__module__:
                waiting.append(other)
    return trees


class _NoFloat(ast.NodeTransformer):
    """Takes `float` away, which may not be called with what a mistake leaves."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Return the argument of `float`."""
        self.generic_visit(node)
        plain = type(node.func) is ast.Name and node.func.id == "float"
        return node.args[0] if plain and len(node.args) == 1 else node


def _is_text(node: ast.AST) -> bool:
    return type(node) is ast.Expr and type(node.value) is ast.Constant


def _built(
    solution: Callable, trees: dict[str, ast.AST], name: str, news: dict[int, ast.AST]
) -> Callable:
    """Return the solution with other nodes in one tree, compiled when it is called.

    Parameters
    ----------
    solution : callable
    trees : dict of ast.AST
        The code of the solution and of what it calls.
    name : str
        Of the tree in which something is another.
    news : dict of ast.AST
        The new nodes, by the places of the old ones in the walk through the tree.
    """
    space: dict = {}

    def function(*args: object) -> object:
        if not space:
            space.update(solution.__globals__)
            exec(_compiled(trees, name, news), space)
        return space[solution.__name__](*args)

    return function


def _compiled(trees: dict, name: str, news: dict[int, ast.AST]) -> CodeType:
    """Return the code of the trees with new nodes; the trees stay as they are."""
    module = ast.Module(list(trees.values()), [])
    nodes = list(ast.walk(trees[name]))
    new = {id(nodes[place]): node for place, node in news.items()}
    before = []
    for parent in (module, *nodes):
        for field, value in ast.iter_fields(parent):
            if id(value) in new:
                before.append((parent, field, value))
                setattr(parent, field, new[id(value)])
            elif type(value) is list and any(id(one) in new for one in value):
                before.append((parent, field, value))
                setattr(parent, field, [new.get(id(one), one) for one in value])
    try:
        return compile(ast.fix_missing_locations(module), "<a mistake>", "exec")
    finally:
        for parent, field, value in before:
            setattr(parent, field, value)


def _code(node: ast.AST) -> str:
    """Return the code of a node, in a sentence."""
    text = ast.unparse(node)
    text = text.replace("np.newaxis", "None").replace(", None]", ", np.newaxis]")
    return f"`{text}`"


def _changes(node: ast.AST) -> Iterator[Change]:
    """Yield the mistakes that can be made at one node of the code."""
    kinds = {
        ast.Attribute: _of_attribute,
        ast.Call: _of_call,
        ast.BinOp: _of_operator,
        ast.Compare: _of_comparison,
        ast.Subscript: _of_index,
        ast.UnaryOp: _of_sign,
        ast.For: _of_loop,
        ast.AugAssign: _of_sum,
        ast.FunctionDef: _of_function,
        ast.IfExp: _of_condition,
    }
    if type(node) in kinds:
        yield from kinds[type(node)](node)
    yield from taken(node)


def _of_attribute(node: ast.Attribute) -> Iterator[Change]:
    if node.attr == "T":
        yield f"{_code(node.value)} is not transposed", node.value


def _of_sign(node: ast.UnaryOp) -> Iterator[Change]:
    if type(node.op) is ast.USub and type(node.operand) is not ast.Constant:
        yield f"the minus sign before {_code(node.operand)} is missing", node.operand
    if type(node.op) is ast.Invert:
        yield f"{_code(node.operand)} is not turned round", node.operand


def _of_call(node: ast.Call) -> Iterator[Change]:
    name = node.func.attr if type(node.func) is ast.Attribute else ""
    name = node.func.id if type(node.func) is ast.Name else name
    method = type(node.func) is ast.Attribute and _bare(node.func.value) not in LIBRARY
    inner = node.func.value if method else (node.args or [None])[0]
    shown = name.strip("_")
    if name in UNDONE and inner is not None:
        code = _code(inner)
        tail = (
            f": {code} is used as it is" if len(code) < 50 and "`_" not in code else ""
        )
        yield f"`{shown}` is left out{tail}", inner
    if name in SWAPS and type(node.func) is ast.Attribute:
        for other in SWAPS[name]:
            base = (
                node.func.value if other == "eigvalsh" else ast.Name("np", ast.Load())
            )
            func = ast.Attribute(base, other, ast.Load())
            args = [inner, *node.args] if method else node.args
            args = [one for one in args if one is not None]
            new = ast.Call(func, args, node.keywords)
            yield f"`{other}` is taken in place of `{shown}`", new
    yield from _of_order(node, name, inner)
    if inner is not None:
        yield from _of_function_named(node, name, inner)
    if name == "astype":
        yield "the numbers keep their type: `astype` is missing", inner
    if name == "where" and len(node.args) == 3:
        test, one, other = node.args
        yield (
            "the two sides of the condition are exchanged",
            _call(node, test, other, one),
        )
    if name == "reversed":
        yield "the loop runs forwards and not backwards", inner
    if name == "range":
        yield from _of_range(node)
    yield from _of_keywords(node, shown)


def _of_keywords(node: ast.Call, shown: str) -> Iterator[Change]:
    for i, keyword in enumerate(node.keywords):
        if keyword.arg == "keepdims":
            yield "`keepdims=True` is missing", _without(node, i)
        if keyword.arg == "axis":
            for axis in _axes(keyword.value):
                where = "over all axes" if axis is None else f"along axis {axis}"
                text = f"`{shown}` runs {where} instead of axis {_bare(keyword.value)}"
                yield text, _without(node, i, ast.keyword("axis", ast.Constant(axis)))


def _of_function_named(node: ast.Call, name: str, inner: ast.AST) -> Iterator[Change]:
    """Take another function, the first for the largest, or one axis for all."""
    if name == "tanh":
        new = ast.parse(SIGMOID.format(_bare(inner)), mode="eval").body
        yield "the sigmoid is taken in place of `tanh`", new
    if name in ("max", "argmax") and not node.keywords:
        first = ast.Subscript(inner, ast.Constant(0), ast.Load())
        yield f"the first is taken in place of the largest, in {_code(node)}", first
    if name in REDUCE and not any(one.arg == "axis" for one in node.keywords):
        for axis in (0, 1, -1):
            new = ast.keyword("axis", ast.Constant(axis))
            text = f"`{name}` runs along axis {axis} only, not over everything"
            yield text, ast.Call(node.func, node.args, [*node.keywords, new])
        yield from _of_part(node, name, inner)


def _of_part(node: ast.Call, name: str, inner: ast.AST) -> Iterator[Change]:
    """Take a sum, mean or maximum over one row or one step only."""
    for place in ("-1", "0", ":, -1", ":, 0"):
        index = ast.parse(f"x[{place}]", mode="eval").body.slice
        part = ast.Subscript(inner, index, ast.Load())
        func, args = node.func, [part, *node.args[1:]]
        if inner not in node.args:
            func, args = ast.Attribute(part, name, ast.Load()), node.args
        text = f"`{name}` runs over `[{place}]` only, not over everything"
        yield text, ast.Call(func, args, node.keywords)


def _of_order(node: ast.Call, name: str, inner: ast.AST | None) -> Iterator[Change]:
    """Exchange two functions one of which goes into the other, or split a sum."""
    if inner is None:
        return
    if name in ALONE and type(inner) is ast.BinOp and type(inner.op) is ast.Add:
        parts = [ast.Call(node.func, [one], []) for one in (inner.left, inner.right)]
        new = ast.BinOp(parts[0], ast.Add(), parts[1])
        yield f"`{name}` is taken of each term and not of the sum", new
        if len(terms := terms_of(inner)) > 2:
            each = " + ".join(ast.unparse(_call(node, one)) for one in terms)
            new = ast.parse(each, mode="eval").body
            yield f"`{name}` is taken of each of the {len(terms)} terms", new
    if name in ALONE and type(inner) is ast.BinOp and type(inner.op) is ast.Div:
        new = ast.BinOp(_call(node, inner.left), inner.op, inner.right)
        yield f"{_code(inner.right)} divides after `{name}`, and not before", new
    if type(inner) is not ast.Call or type(inner.func) is not ast.Attribute:
        return
    other = inner.func.attr
    if {name in REDUCE, other in REDUCE} != {True, False}:
        return
    if {name in ALONE, other in ALONE} != {True, False}:
        return
    source = inner.args[0] if _bare(inner.func.value) in LIBRARY else inner.func.value
    reduce, alone = (name, other) if name in REDUCE else (other, name)
    rest = node.keywords if name in REDUCE else inner.keywords
    library = ast.Name("np", ast.Load())
    one = ast.Attribute(library, name, ast.Load())
    two = ast.Attribute(library, other, ast.Load())
    inside = ast.Call(one, [source], rest if name in REDUCE else [])
    outside = ast.Call(two, [inside], rest if other in REDUCE else [])
    before = "before" if name in REDUCE else "after"
    yield f"`{reduce}` comes {before} `{alone}`, and not the other way round", outside


def _bare(node: ast.AST) -> str:
    return ast.unparse(node)


def _axes(node: ast.AST) -> Iterator[int | None]:
    try:
        own = ast.literal_eval(node)
    except ValueError:
        return
    yield from (axis for axis in (*AXES, 2) if axis != own)


def _call(node: ast.Call, *args: ast.AST) -> ast.Call:
    return ast.Call(node.func, list(args), node.keywords)


def _without(node: ast.Call, i: int, *new: ast.keyword) -> ast.Call:
    """Return a call with keyword `i` taken out, or replaced."""
    keywords = [*node.keywords[:i], *new, *node.keywords[i + 1 :]]
    return ast.Call(node.func, node.args, keywords)


def _of_range(node: ast.Call) -> Iterator[Change]:
    if len(node.args) == 3:
        start, stop, step = node.args
        early = ast.BinOp(stop, ast.Sub(), step)
        yield "the loop stops one step too early", _call(node, start, early, step)
        late = ast.BinOp(start, ast.Add(), step)
        yield "the loop begins one step too late", _call(node, late, stop, step)
        return
    start, stop = ([ast.Constant(0), *node.args] if len(node.args) == 1 else node.args)[
        :2
    ]
    minus = ast.BinOp(stop, ast.Sub(), ast.Constant(1))
    plus = ast.BinOp(start, ast.Add(), ast.Constant(1))
    yield "the loop stops one step too early", _call(node, start, minus)
    yield "the loop begins one step too late", _call(node, plus, stop)


def _of_operator(node: ast.BinOp) -> Iterator[Change]:
    kind, left, right = type(node.op), node.left, node.right
    if kind is ast.Pow:
        yield from _of_loose_power(left, right)
        yield from _of_power(node)
        return
    yield from _of_brackets(node)
    yield from _of_number(node)
    part = PARTS.get(kind)
    if part:
        last = ast.UnaryOp(ast.USub(), right) if kind is ast.Sub else right
        whole = {ast.Div: "number that is divided"}.get(kind, part)
        yield f"the {part} {_code(right)} is left out", left
        yield f"the {whole} {_code(left)} is left out", last
    if kind in (ast.Mult, ast.Div):
        twice = ast.BinOp(right, ast.Pow(), ast.Constant(2))
        text = f"the {part} {_code(right)} is taken twice"
        yield text, ast.BinOp(left, node.op, twice)
    for other in OPERATORS.get(kind, ()):
        text = f"`{SIGNS[other]}` stands for `{SIGNS[kind]}` in {_code(node)}"
        yield text, ast.BinOp(left, other(), right)
    if kind in (ast.Sub, ast.Div, ast.MatMult):
        yield (
            f"the two sides of {_code(node)} are exchanged",
            ast.BinOp(right, node.op, left),
        )
    if kind is ast.MatMult:
        for side, other in ((left, False), (right, True)):
            turned = ast.Attribute(side, "T", ast.Load())
            if not (type(side) is ast.Attribute and side.attr == "T"):
                pair = (left, turned) if other else (turned, right)
                new = ast.BinOp(pair[0], node.op, pair[1])
                yield f"{_code(side)} is transposed before it is multiplied", new


def _of_power(node: ast.BinOp) -> Iterator[Change]:
    left, right = node.left, node.right
    yield f"{_code(left)} is taken without its power {_code(right)}", left
    if type(right) is not ast.Constant:
        text = f"{_code(left)} is multiplied by {_code(right)}, no power is taken"
        yield text, ast.BinOp(left, ast.Mult(), right)
    size = ast.Attribute(ast.Name("np", ast.Load()), "abs", ast.Load())
    text = f"the absolute value of {_code(left)} is taken and not its square"
    yield text, ast.Call(size, [left], [])
    if type(right) is ast.Constant and right.value == 2:
        yield (
            f"{_code(left)} is doubled, not squared",
            ast.BinOp(left, ast.Mult(), right),
        )
        third = ast.BinOp(left, ast.Pow(), ast.Constant(3))
        yield f"{_code(third)} stands for {_code(node)}", third


def _of_number(node: ast.BinOp) -> Iterator[Change]:
    """Take a whole number for the one before or after it."""
    left, right = node.left, node.right
    for side in (right, left):
        if type(side) is ast.Constant and type(side.value) is int:
            for n in (side.value + 1, side.value - 1):
                pair = (
                    (left, ast.Constant(n))
                    if side is right
                    else (ast.Constant(n), right)
                )
                new = ast.BinOp(pair[0], node.op, pair[1])
                yield f"{_code(new)} stands for {_code(node)}", new


def _of_brackets(node: ast.BinOp) -> Iterator[Change]:
    """Set brackets where none are, or leave them out."""
    kind, left, right = type(node.op), node.left, node.right
    sums, products = (ast.Add, ast.Sub), (ast.Mult, ast.Div)
    if kind in sums and type(right) is ast.BinOp and type(right.op) is ast.Pow:
        inner = ast.BinOp(left, node.op, right.left)
        new = ast.BinOp(inner, right.op, right.right)
        yield f"{_code(new)} stands for {_code(node)}", new
    for side in (left, right):
        if kind not in products or type(side) is not ast.BinOp:
            continue
        if type(side.op) not in sums:
            continue
        if side is right:
            inner = ast.BinOp(left, node.op, side.left)
            new = ast.BinOp(inner, side.op, side.right)
        else:
            inner = ast.BinOp(side.right, node.op, right)
            new = ast.BinOp(side.left, side.op, inner)
        yield f"brackets are missing: {_code(new)} stands for {_code(node)}", new
    if kind in sums and type(right) is ast.BinOp and type(right.op) in products:
        inner = ast.BinOp(left, node.op, right.left)
        new = ast.BinOp(inner, right.op, right.right)
        yield f"{_code(new)} stands for {_code(node)}", new
    if kind in sums and type(left) is ast.BinOp and type(left.op) in products:
        inner = ast.BinOp(left.right, node.op, right)
        new = ast.BinOp(left.left, left.op, inner)
        yield f"{_code(new)} stands for {_code(node)}", new


def _of_loose_power(left: ast.AST, right: ast.AST) -> Iterator[Change]:
    """Leave the brackets of a power out: it binds closer than what stands beside it."""
    text = f"brackets are missing in the power of {_code(left)}"
    if type(left) is ast.BinOp:
        inner = ast.BinOp(left.right, ast.Pow(), right)
        yield text, ast.BinOp(left.left, left.op, inner)
    if type(right) is ast.BinOp:
        inner = ast.BinOp(left, ast.Pow(), right.left)
        yield text, ast.BinOp(inner, right.op, right.right)


def _of_comparison(node: ast.Compare) -> Iterator[Change]:
    for other in OPERATORS.get(type(node.ops[0]), ()):
        text = f"`{SIGNS[other]}` stands for `{SIGNS[type(node.ops[0])]}` in "
        yield text + _code(node), ast.Compare(node.left, [other()], node.comparators)


def _of_index(node: ast.Subscript) -> Iterator[Change]:
    parts = node.slice.elts if type(node.slice) is ast.Tuple else [node.slice]
    for i, part in enumerate(parts):
        for text, new in _of_place(part):
            index = [*parts[:i], new, *parts[i + 1 :]]
            whole = ast.Tuple(index, ast.Load()) if len(index) > 1 else new
            changed = ast.Subscript(node.value, whole, node.ctx)
            yield f"{_code(changed)} stands for {_code(node)}{text}", changed
    for index in _other_axes(parts):
        changed = ast.Subscript(node.value, index, node.ctx)
        text = f"{_code(changed)} stands for {_code(node)}: another axis"
        yield text, changed


def _other_axes(parts: list[ast.AST]) -> Iterator[ast.AST]:
    """Yield an index with its only number on another axis."""
    slices = [_bare(one) in (":", "...") for one in parts]
    if slices.count(False) != 1 or type(parts[slices.index(False)]) is ast.Slice:
        return
    place = _bare(parts[slices.index(False)])
    own = ", ".join(map(_bare, parts))
    for text in (place, f":, {place}", f"..., {place}"):
        if text != own:
            yield ast.parse(f"x[{text}]", mode="eval").body.slice


def _of_place(part: ast.AST) -> Iterator[Change]:
    if type(part) is ast.Slice and not part.step:
        yield from _of_bounds(part)
    if type(part) is ast.Slice and (part.lower or part.upper) and not part.step:
        first, last = ast.Constant(1), ast.UnaryOp(ast.USub(), ast.Constant(1))
        for new in (ast.Slice(), ast.Slice(first), ast.Slice(None, last)):
            if ast.unparse(new) != ast.unparse(part):
                yield "", new
    elif _bare(part) == "-1":
        yield ": the first in place of the last", ast.Constant(0)
    elif _bare(part) == "0":
        yield ": the last in place of the first", ast.Constant(-1)
    elif _bare(part) == "t":
        for op, text in ((ast.Sub(), "before"), (ast.Add(), "after")):
            yield f": the step {text}", ast.BinOp(part, op, ast.Constant(1))


def _of_bounds(part: ast.Slice) -> Iterator[Change]:
    """Let a slice begin or end one place before or after."""
    bounds = {"lower": part.lower, "upper": part.upper}
    for side, bound in bounds.items():
        if bound is None or type(bound) is ast.Constant or _bare(bound) == "-1":
            continue
        for op in (ast.Add(), ast.Sub()):
            moved = ast.BinOp(bound, op, ast.Constant(1))
            yield "", ast.Slice(**bounds | {side: moved})


def _of_loop(node: ast.For) -> Iterator[Change]:
    if type(node.iter) is ast.Subscript:
        whole = ast.For(node.target, node.iter.value, node.body, [])
        yield f"the loop runs over all of {_code(node.iter.value)}", whole
    for first, text in ((None, "without the last"), (1, "without the first")):
        last = ast.UnaryOp(ast.USub(), ast.Constant(1)) if first is None else None
        part = ast.Slice(first and ast.Constant(first), last)
        source = ast.Call(ast.Name("list", ast.Load()), [node.iter], [])
        shorter = ast.Subscript(source, part, ast.Load())
        yield f"the loop runs {text} turn", ast.For(node.target, shorter, node.body, [])
    down = ast.Slice(step=ast.UnaryOp(ast.USub(), ast.Constant(1)))
    back = ast.Subscript(source, down, ast.Load())
    yield "the loop runs the other way", ast.For(node.target, back, node.body, [])
    second = ast.Subscript(source, ast.Slice(step=ast.Constant(2)), ast.Load())
    text = "the loop makes every second turn only"
    yield text, ast.For(node.target, second, node.body, [])
    only = ast.Subscript(source, ast.Slice(None, ast.Constant(1)), ast.Load())
    text = "the loop makes only its first turn"
    yield text, ast.For(node.target, only, node.body, [])
    for i, line in enumerate(node.body):
        if type(line) is ast.Assign and type(line.targets[0]) is ast.Name:
            more = ast.AugAssign(line.targets[0], ast.Add(), line.value)
            body = [*node.body[:i], more, *node.body[i + 1 :]]
            text = f"`+=` is written for `=` in {_code(line)}"
            yield text, ast.For(node.target, node.iter, body, [])
    for i, line in enumerate(node.body):
        if type(line) in (ast.Assign, ast.AugAssign) and len(node.body) > 1:
            rest = [*node.body[:i], *node.body[i + 1 :]]
            text = f"a line of the loop is missing, such as {_code(line)}"
            yield text, ast.For(node.target, node.iter, rest, [])
    for i, line in enumerate(node.body[:-1]):
        body = [*node.body[:i], node.body[i + 1], line, *node.body[i + 2 :]]
        text = f"{_code(node.body[i + 1])} comes before {_code(line)} and not after it"
        yield text, ast.For(node.target, node.iter, body, [])


def _of_sum(node: ast.AugAssign) -> Iterator[Change]:
    sign = SIGNS.get(type(node.op), "+")
    new = ast.Assign([node.target], node.value)
    what = f"`=` is written for `{sign}=` at {_code(node.target)}"
    yield f"{what}, so that only the last one is kept", new
    for other in OPERATORS.get(type(node.op), ()):
        changed = ast.AugAssign(node.target, other(), node.value)
        yield f"`{SIGNS[other]}=` is written for `{sign}=`", changed


def _of_function(node: ast.FunctionDef) -> Iterator[Change]:
    """Move what is set before a loop into the loop, or write powers as elsewhere."""
    code = ast.unparse(node)
    if " ** " in code:
        new = ast.parse(code.replace(" ** ", " ^ ")).body[0]
        yield "`^` is written for a power, which is `**` in Python", new
    for i, loop in enumerate(node.body):
        for line in node.body[:i] if type(loop) is ast.For else ():
            if type(line) is ast.Assign:
                within = ast.For(loop.target, loop.iter, [line, *loop.body], [])
                body = [*node.body[:i], within, *node.body[i + 1 :]]
                text = f"the loop begins anew in every turn, with {_code(line)} in it"
                yield text, _with_body(node, body)
    yield from _of_early_return(node)
    last = node.body[-1]
    if (
        type(last) is ast.Return
        and len(node.body) > 1
        and type(node.body[-2]) is ast.For
    ):
        loop = node.body[-2]
        early = ast.For(loop.target, loop.iter, [*loop.body, last], [])
        text = "`return` stands in the loop, which ends after its first turn"
        yield text, _with_body(node, [*node.body[:-2], early])


def _of_early_return(node: ast.FunctionDef) -> Iterator[Change]:
    """Return what is computed on the way."""
    for i, line in enumerate(node.body[:-1]):
        if type(line) is ast.Assign and type(line.targets[0]) is ast.Name:
            name = ast.Name(line.targets[0].id, ast.Load())
            body = [*node.body[: i + 1], ast.Return(name)]
            text = f"{_code(line.value)} is returned, and what comes after is missing"
            yield text, _with_body(node, body)


def _with_body(node: ast.FunctionDef, body: list[ast.stmt]) -> ast.FunctionDef:
    new = copy.copy(node)
    new.body = body
    return new


def _of_condition(node: ast.IfExp) -> Iterator[Change]:
    if type(node.test) is ast.Name:  # a switch between ways that are wrong
        return
    yield f"{_code(node.body)} is taken in every case", node.body
    yield f"{_code(node.orelse)} is taken in every case", node.orelse
