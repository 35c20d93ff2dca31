"""What statements change: values of names, also of some that they do not mention.

Python does not say, so it is guessed from the code. Too much is better than too little:
then a statement runs that nobody needs.
"""

import ast
from collections.abc import Iterable

from exercises.box.names import (
    DEFINITIONS,
    IMPORTS,
    declared_names,
    global_names,
    parts,
    symbols,
    used_names,
    words_of,
)

FOR_SHOW = {"matplotlib", "IPython", "exercises", "plots", "diagrams"}  # modules
HARMLESS = {"print", "display", "len", "type", "repr", "help", "list", "sorted"}
CHANGING = {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"}
CHANGING |= {"add", "discard", "update", "setdefault", "popitem", "appendleft", "write"}
CHANGING |= {"extendleft", "popleft", "rotate", "fill", "put", "resize", "shuffle"}
CHANGERS = {"next", "setattr", "delattr", "heappush", "heappop", "heapify", "shuffle"}
CHANGERS |= {"copyto", "fill_diagonal", "put", "place", "putmask", "insort", "setitem"}
SHARING = {"iter", "next", "zip", "enumerate", "reversed", "sorted", "map", "filter"}
SHARING |= {"list", "tuple", "dict", "vars", "getattr"}  # their values hold their own
# A change of one of these may give any name a value.
OPEN = {"globals", "locals", "vars", "exec", "sys", "get_ipython"}
OPEN |= {"builtins", "__builtins__", "__main__"}


def roots(node: ast.AST | None) -> set[str]:
    """Return what a value may be part of: `x` for ``x[1].b(2)`` or ``iter(x)``."""
    match node:
        case ast.Name(id=name):
            return {name}
        case ast.Call(func=ast.Name(id=name), args=args):
            inside = args if name in SHARING else []
            return set().union(*map(roots, inside)) if inside else {name}
        case ast.Call(func=inner):
            return roots(inner)
        case ast.ListComp(elt=inner) | ast.GeneratorExp(elt=inner):
            return roots(inner)
        case ast.Tuple(elts=several) | ast.List(elts=several):
            return set().union(*map(roots, several))
        case ast.BoolOp(values=several):
            return set().union(*map(roots, several))
        case ast.IfExp(body=one, orelse=other):
            return roots(one) | roots(other)
    return roots(node.value) if hasattr(node, "value") else set()


def pairs(nodes: Iterable[ast.AST]):
    """Yield each target with the value that it gets, or gets parts of."""
    for node in nodes:
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from ((target, value) for target in targets)
            case ast.AnnAssign() | ast.NamedExpr():
                yield node.target, node.value
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                yield node.target, node.iter
            case ast.withitem(context_expr=value, optional_vars=target) if target:
                yield target, value


def aliases(nodes: Iterable[ast.AST], functions: set[str]) -> dict[str, set[str]]:
    """Return for names those whose values they may share, or whose functions hold."""
    found: dict[str, set[str]] = {}
    for target, value in pairs(nodes):
        inside = ast.walk(value) if value else ()
        held = {n.id for n in inside if isinstance(n, ast.Name)} & functions
        for part in ast.walk(target):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                found.setdefault(part.id, set()).update(roots(value) | held)
    return found


def led(names: set[str], to: dict[str, set[str]]) -> set[str]:
    """Return names, and all that these lead to."""
    found, todo = set(), list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += to.get(name, ())
    return found


def given_to(call: ast.Call) -> set[str]:
    """Return what the arguments of a call are part of."""
    values = [*call.args, *(word.value for word in call.keywords)]
    return set().union(*map(roots, values))


def stored(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names of which an item or attribute is set or deleted."""
    found = set()
    for node in nodes:
        if isinstance(node, (ast.Attribute, ast.Subscript)):
            found |= set() if isinstance(node.ctx, ast.Load) else roots(node)
        elif isinstance(node, ast.Call) and called(node) in ("setattr", "delattr"):
            found |= given_to(node)
    return found


def settings(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names of modules and such of which something is set, or the seed."""
    nodes = list(nodes)
    found = stored(nodes)
    for node in nodes:
        name = called(node) if isinstance(node, ast.Call) else ""
        if "seed" in name or (name.startswith("set") and "print" not in name):
            found |= roots(node.func)
    return found


def called(call: ast.Call) -> str:
    """Return the name of the function or method that is called."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def calls_alone(nodes: Iterable[ast.AST]) -> set[str]:
    """Return what is given to calls, or has a method called, that stand alone.

    Nobody takes their value, so they are there for something else.
    """
    found = set()
    for node in nodes:
        call = node.value if isinstance(node, ast.Expr) else None
        while call is not None and not isinstance(call, ast.Call):
            call = getattr(call, "elt", getattr(call, "value", None))
            call = call if isinstance(call, ast.AST) else None
        if call and not (isinstance(call.func, ast.Name) and call.func.id in HARMLESS):
            method = isinstance(call.func, ast.Attribute)
            found |= given_to(call) | (roots(call.func) if method else set())
    return found


class Effects:
    """What the functions and classes of a notebook change, and so its statements."""

    def __init__(self, statements: list[ast.stmt]) -> None:
        made = [node for node in statements if isinstance(node, DEFINITIONS)]
        self.defined = {node.name for node in made}
        self.methods, self.takers = set(CHANGING), set(CHANGERS)
        self.learn([n for node in statements for n in ast.walk(node)])
        tops = [part for node in statements for part in parts(node)]
        self.aliases = aliases(tops, self.defined)
        for node in statements:
            if isinstance(node, IMPORTS) and OPEN & set(words_of(node)):
                name = node.names[0].asname or node.names[0].name.split(".")[0]
                self.aliases.setdefault(name, set()).update(OPEN & set(words_of(node)))
        self.of: dict[str, set[str]] = {}
        users: dict[str, set[str]] = {}  # the names that lead to a name
        for node in made:
            self.of.setdefault(node.name, set()).update(self.of_definition(node))
            for name in used_names(node) & self.defined:
                users.setdefault(name, set()).add(node.name)
        for name, others in self.aliases.items():
            for other in others:
                users.setdefault(other, set()).add(name)
        for name, changed in list(self.of.items()):
            for user in led({name}, users) if changed else ():
                self.of.setdefault(user, set()).update(changed)

    def learn(self, nodes: list[ast.AST]) -> None:
        """Note which functions change their object or another argument."""
        functions = [n for n in nodes if isinstance(n, DEFINITIONS[::2])]
        for _ in range(3):  # functions that call functions
            before = len(self.methods), len(self.takers)
            for one in functions:
                inside = list(ast.walk(one))
                given = {getattr(node, "arg", None) for node in ast.walk(one.args)}
                changed = led(self.surely(inside), aliases(inside, set()))
                for name in given & changed:
                    known = self.methods if name in ("self", "cls") else self.takers
                    known.add(one.name)
            if before == (len(self.methods), len(self.takers)):
                break

    def of_definition(self, node: ast.stmt) -> set[str]:
        """Return the global names that a call of something changes or gives a value."""
        inside = list(ast.walk(node))
        changed = self.surely(inside) | calls_alone(inside)
        changed = led(changed, aliases(inside, set())) & global_names(symbols(node)[1:])
        return changed | declared_names(node)

    def of_names(self, names: set[str]) -> set[str]:
        """Return what functions with these names may change."""
        return set().union(*(self.of.get(name, set()) for name in names))

    def surely(self, nodes: list[ast.AST]) -> set[str]:
        """Return the names whose values some code changes itself."""
        found = stored(nodes)
        for node in nodes:
            match node:
                case ast.Attribute(attr=attr, value=value) if attr in self.methods:
                    found |= roots(value)
                case ast.AugAssign(target=target):
                    found |= roots(target)
                case ast.Call(keywords=words):
                    out = [word.value for word in words if word.arg == "out"]
                    found |= set().union(*map(roots, out))
                    found |= given_to(node) if called(node) in self.takers else set()
                case ast.Name(id="exec"):
                    found.add("exec")
        return found

    def of_statement(self, node: ast.stmt) -> set[str]:
        """Return the names that a statement changes, or may change."""
        inside, used = list(parts(node)), used_names(node)
        if isinstance(node, DEFINITIONS):
            heads = [*node.decorator_list, *getattr(node, "bases", ())]
            names = set().union(*map(roots, heads))
            return names | self.of_names(names)
        surely = self.surely(inside) | settings(inside)
        surely |= self.of_names(used)
        maybe = calls_alone(inside)
        led_to = led(surely | maybe, self.aliases) - self.defined
        return surely | led_to
