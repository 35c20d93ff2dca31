"""Wrong answers to the exercises of chapter 5, from the questions and stubs alone."""

import ast
import copy
import re

import numpy as np

from rnn_lib import check_gradients
from tests.exercises.invented import collector

ANSWERS, wrong = collector()


# never_read


def names_of(source, kind):
    """Return every name of a program that stands in this context, in order."""
    nodes = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)]
    return [node.id for node in nodes if isinstance(node.ctx, kind)]


@wrong("never_read", "a set")
def _(source):
    return set(names_of(source, ast.Store)) - set(names_of(source, ast.Load))


@wrong("never_read", "in the order in which they are assigned")
def _(source):
    stored = dict.fromkeys(names_of(source, ast.Store))
    return [name for name in stored if name not in names_of(source, ast.Load)]


@wrong("never_read", "a name twice that is assigned twice")
def _(source):
    read = names_of(source, ast.Load)
    return sorted(name for name in names_of(source, ast.Store) if name not in read)


@wrong("never_read", "names read and never assigned")
def _(source):
    return sorted(set(names_of(source, ast.Load)) - set(names_of(source, ast.Store)))


@wrong("never_read", "every name that is assigned")
def _(source):
    return sorted(set(names_of(source, ast.Store)))


@wrong("never_read", "attributes count as assigned")
def _(source):
    nodes = list(ast.walk(ast.parse(source)))
    stored = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    stored |= set(names_of(source, ast.Store))
    return sorted(stored - set(names_of(source, ast.Load)))


@wrong("never_read", "attributes count as read")
def _(source):
    nodes = ast.walk(ast.parse(source))
    read = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    read |= set(names_of(source, ast.Load))
    return sorted(set(names_of(source, ast.Store)) - read)


@wrong("never_read", "arguments count as assigned")
def _(source):
    nodes = ast.walk(ast.parse(source))
    stored = {node.arg for node in nodes if isinstance(node, ast.arg)}
    stored |= set(names_of(source, ast.Store))
    return sorted(stored - set(names_of(source, ast.Load)))


@wrong("never_read", "looks at the top of the program only")
def _(source):
    stored = set()
    for line in ast.parse(source).body:
        if isinstance(line, ast.Assign):
            stored |= {t.id for t in line.targets if isinstance(t, ast.Name)}
    return sorted(stored - set(names_of(source, ast.Load)))


@wrong("never_read", "plain assignments only: no loop, no tuple, no with")
def _(source):
    stored = set()
    for line in ast.walk(ast.parse(source)):
        if isinstance(line, ast.Assign):
            stored |= {t.id for t in line.targets if isinstance(t, ast.Name)}
    return sorted(stored - set(names_of(source, ast.Load)))


@wrong("never_read", "the first target of an assignment only")
def _(source):
    stored = set()
    for line in ast.walk(ast.parse(source)):
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            stored.add(line.targets[0].id)
    return sorted(stored - set(names_of(source, ast.Load)))


@wrong("never_read", "compares ctx with the class by ==")
def _(source):
    nodes = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)]
    stored = {node.id for node in nodes if node.ctx == ast.Store}
    read = {node.id for node in nodes if node.ctx == ast.Load}
    return sorted(stored - read)


@wrong("never_read", "one text with commas")
def _(source):
    unread = set(names_of(source, ast.Store)) - set(names_of(source, ast.Load))
    return ", ".join(sorted(unread))


@wrong("never_read", "the first one found")
def _(source):
    for name in sorted(set(names_of(source, ast.Store))):
        if name not in names_of(source, ast.Load):
            return name
    return None


@wrong("never_read", "a name that occurs once in the text")
def _(source):
    return sorted(
        name for name in set(names_of(source, ast.Store)) if source.count(name) == 1
    )


@wrong("never_read", "a regular expression for NAME =")
def _(source):
    stored = set(re.findall(r"^\s*(\w+) =", source, flags=re.MULTILINE))
    return sorted(n for n in stored if len(re.findall(rf"\b{n}\b", source)) == 1)


@wrong("never_read", "the nodes, not their names")
def _(source):
    nodes = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)]
    read = {n.id for n in nodes if isinstance(n.ctx, ast.Load)}
    return [n for n in nodes if isinstance(n.ctx, ast.Store) and n.id not in read]


@wrong("never_read", "sorted from Z to A")
def _(source):
    unread = set(names_of(source, ast.Store)) - set(names_of(source, ast.Load))
    return sorted(unread, reverse=True)


@wrong("never_read", "sorts a list in place and returns what sort returns")
def _(source):
    unread = set(names_of(source, ast.Store)) - set(names_of(source, ast.Load))
    return list(unread).sort()


@wrong("never_read", "names with one letter are left out")
def _(source):
    unread = set(names_of(source, ast.Store)) - set(names_of(source, ast.Load))
    return sorted(name for name in unread if len(name) > 1)


@wrong("never_read", "goes line by line: what is read before it is assigned again")
def _(source):
    nodes = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)]
    unread = set()
    for node in sorted(nodes, key=lambda n: (n.lineno, n.col_offset)):
        if isinstance(node.ctx, ast.Store):
            unread.add(node.id)
        else:
            unread.discard(node.id)
    return sorted(unread)


# changes_its_answer


@wrong("changes_its_answer", "no copy: an array is compared with itself")
def _(network, x, other):
    first, _ = network.forward(x)
    network.forward(other)
    second, _ = network.forward(x)
    return not np.array_equal(first, second)


@wrong("changes_its_answer", "a slice for a copy")
def _(network, x, other):
    first = network.forward(x)[0][:]
    network.forward(other)
    return not np.array_equal(first, network.forward(x)[0])


@wrong("changes_its_answer", "np.asarray for a copy")
def _(network, x, other):
    first = np.asarray(network.forward(x)[0])
    network.forward(other)
    return not np.array_equal(first, network.forward(x)[0])


@wrong("changes_its_answer", "copies the second answer, not the first")
def _(network, x, other):
    first = network.forward(x)[0]
    network.forward(other)
    second = network.forward(x)[0].copy()
    return not np.array_equal(first, second)


@wrong("changes_its_answer", "a copy only after the other has been read")
def _(network, x, other):
    first = network.forward(x)[0]
    network.forward(other)
    first = first.copy()
    second = network.forward(x)[0]
    return first.shape != second.shape or not np.allclose(first, second)


@wrong("changes_its_answer", "the final state for the answer")
def _(network, x, other):
    first = network.forward(x)[1].copy()
    network.forward(other)
    return not np.allclose(first, network.forward(x)[1])


@wrong("changes_its_answer", "the states for the answer")
def _(network, x, other):
    network.forward(x)
    first = network.hidden_layer.states.copy()
    network.forward(other)
    network.forward(x)
    return not np.allclose(first, network.hidden_layer.states)


@wrong("changes_its_answer", "says whether the answers agree")
def _(network, x, other):
    first = network.forward(x)[0].copy()
    network.forward(other)
    return bool(np.allclose(first, network.forward(x)[0]))


@wrong("changes_its_answer", "other is not read in between")
def _(network, x, other):
    first = network.forward(x)[0].copy()
    return not np.allclose(first, network.forward(x)[0])


@wrong("changes_its_answer", "compares the answer to x with that to other")
def _(network, x, other):
    first = network.forward(x)[0].copy()
    second = network.forward(other)[0].copy()
    return first.shape != second.shape or not np.allclose(first, second)


@wrong("changes_its_answer", "an array of comparisons")
def _(network, x, other):
    first = network.forward(x)[0].copy()
    network.forward(other)
    return first != network.forward(x)[0]


@wrong("changes_its_answer", "True only if every number has changed")
def _(network, x, other):
    first = network.forward(x)[0].copy()
    network.forward(other)
    return bool(np.all(first != network.forward(x)[0]))


@wrong("changes_its_answer", "compares the likeliest letters")
def _(network, x, other):
    first = network.predict(x).copy()
    network.forward(other)
    return not np.array_equal(first, network.predict(x))


@wrong("changes_its_answer", "compares the last step only")
def _(network, x, other):
    first = network.forward(x)[0][:, -1].copy()
    network.forward(other)
    return not np.allclose(first, network.forward(x)[0][:, -1])


@wrong("changes_its_answer", "a tolerance of 0.1")
def _(network, x, other):
    first = network.forward(x)[0].copy()
    network.forward(other)
    return not np.allclose(first, network.forward(x)[0], atol=0.1)


@wrong("changes_its_answer", "a copy of the network reads the other")
def _(network, x, other):
    first = network.forward(x)[0].copy()
    copy.deepcopy(network).forward(other)
    return not np.allclose(first, network.forward(x)[0])


@wrong("changes_its_answer", "how far apart the answers are")
def _(network, x, other):
    first = network.forward(x)[0].copy()
    network.forward(other)
    return float(np.abs(first - network.forward(x)[0]).max())


@wrong("changes_its_answer", "a list keeps the arrays that are written over")
def _(network, x, other):
    answers = [network.forward(rows)[0] for rows in (x, other, x)]
    return not np.array_equal(answers[0], answers[2])


@wrong("changes_its_answer", "compares the whole tuples")
def _(network, x, other):
    first = network.forward(x)
    network.forward(other)
    return first != network.forward(x)


@wrong("changes_its_answer", "whether the parameters have changed")
def _(network, x, other):
    network.forward(x)
    before = {name: a.copy() for name, a in network.parameters.items()}
    network.forward(other)
    after = network.parameters
    return any(not np.array_equal(before[name], after[name]) for name in before)


@wrong("changes_its_answer", "prints the answer")
def _(network, x, other):
    first = network.forward(x)[0].copy()
    network.forward(other)
    print(not np.allclose(first, network.forward(x)[0]))


# left_over


def asked_twice(network, x, targets):
    """Return two copies of the gradients."""
    found = []
    for _time in range(2):
        network.loss(x, targets)
        found.append({name: g.copy() for name, g in network.backward().items()})
    return found


@wrong("left_over", "no copy: each array is compared with itself")
def _(network, x, targets):
    network.loss(x, targets)
    first = network.backward()
    network.loss(x, targets)
    second = network.backward()
    return [name for name in first if not np.allclose(first[name], second[name])]


@wrong("left_over", "a copy of the dictionary, not of its arrays")
def _(network, x, targets):
    network.loss(x, targets)
    first = network.backward().copy()
    network.loss(x, targets)
    second = network.backward().copy()
    return [name for name in first if not np.allclose(first[name], second[name])]


@wrong("left_over", "in alphabetical order")
def _(network, x, targets):
    first, second = asked_twice(network, x, targets)
    return sorted(n for n in first if not np.allclose(first[n], second[n]))


@wrong("left_over", "a set of names")
def _(network, x, targets):
    first, second = asked_twice(network, x, targets)
    return {n for n in first if not np.allclose(first[n], second[n])}


@wrong("left_over", "the names that stay the same")
def _(network, x, targets):
    first, second = asked_twice(network, x, targets)
    return [n for n in first if np.allclose(first[n], second[n])]


@wrong("left_over", "True or False for each name")
def _(network, x, targets):
    first, second = asked_twice(network, x, targets)
    return {n: not np.allclose(first[n], second[n]) for n in first}


@wrong("left_over", "True or False for the whole")
def _(network, x, targets):
    first, second = asked_twice(network, x, targets)
    return any(not np.allclose(first[n], second[n]) for n in first)


@wrong("left_over", "if with an array")
def _(network, x, targets):
    first, second = asked_twice(network, x, targets)
    return [n for n in first if first[n] != second[n]]


@wrong("left_over", "the first name only")
def _(network, x, targets):
    first, second = asked_twice(network, x, targets)
    for name in first:
        if not np.allclose(first[name], second[name]):
            return [name]
    return []


@wrong("left_over", "looks at U, W and b only")
def _(network, x, targets):
    first, second = asked_twice(network, x, targets)
    return [n for n in ("U", "W", "b") if not np.allclose(first[n], second[n])]


@wrong("left_over", "compares the parameters")
def _(network, x, targets):
    found = []
    for _time in range(2):
        network.loss(x, targets)
        network.backward()
        found.append({name: a.copy() for name, a in network.parameters.items()})
    first, second = found
    return [n for n in first if not np.allclose(first[n], second[n])]


@wrong("left_over", "makes an update in between")
def _(network, x, targets):
    network.loss(x, targets)
    first = {name: g.copy() for name, g in network.backward().items()}
    for name, array in network.parameters.items():
        array -= 0.1 * first[name]
    network.loss(x, targets)
    second = network.backward()
    return [n for n in first if not np.allclose(first[n], second[n])]


@wrong("left_over", "None for a healthy network")
def _(network, x, targets):
    first, second = asked_twice(network, x, targets)
    names = [n for n in first if not np.allclose(first[n], second[n])]
    return names if names else None


@wrong("left_over", "copies after the second call")
def _(network, x, targets):
    network.loss(x, targets)
    first = network.backward()
    network.loss(x, targets)
    second = {name: g.copy() for name, g in network.backward().items()}
    return [n for n in first if not np.allclose(first[n], second[n])]


@wrong("left_over", "the order U, W, V, b, c")
def _(network, x, targets):
    first, second = asked_twice(network, x, targets)
    return [n for n in "UWVbc" if not np.allclose(first[n], second[n])]


@wrong("left_over", "every number of the array must differ")
def _(network, x, targets):
    first, second = asked_twice(network, x, targets)
    return [n for n in first if np.all(first[n] != second[n])]


@wrong("left_over", "the first number of each array only")
def _(network, x, targets):
    first, second = asked_twice(network, x, targets)
    return [n for n in first if first[n].flat[0] != second[n].flat[0]]


@wrong("left_over", "the first gradient is asked of another, new network")
def _(network, x, targets):
    twin = copy.deepcopy(network)
    twin.loss(x, targets)
    first = {name: g.copy() for name, g in twin.backward().items()}
    network.loss(x, targets)
    second = network.backward()
    return [n for n in first if not np.allclose(first[n], second[n])]


@wrong("left_over", "one text: the names joined")
def _(network, x, targets):
    first, second = asked_twice(network, x, targets)
    return "".join(n for n in first if not np.allclose(first[n], second[n]))


@wrong("left_over", "a tolerance of 0.1")
def _(network, x, targets):
    first, second = asked_twice(network, x, targets)
    return [n for n in first if np.abs(first[n] - second[n]).max() > 0.1]


# shortest_row


def errors(network, x, targets, T):
    return check_gradients(network, x[:, :T], targets[:, :T])


def fails(network, x, targets, T):
    return max(errors(network, x, targets, T).values()) > 1e-6


@wrong("shortest_row", "range(1, T) leaves the whole row out")
def _(network, x, targets):
    for T in range(1, x.shape[1]):
        if fails(network, x, targets, T):
            return T
    return None


@wrong("shortest_row", "starts with no step at all: range(T)")
def _(network, x, targets):
    for T in range(x.shape[1]):
        if fails(network, x, targets, T):
            return T
    return None


@wrong("shortest_row", "the index of the last step, counted from 0")
def _(network, x, targets):
    for t in range(x.shape[1]):
        if fails(network, x, targets, t + 1):
            return t
    return None


@wrong("shortest_row", "cuts the number of rows")
def _(network, x, targets):
    for n in range(1, len(x) + 1):
        if max(check_gradients(network, x[:n], targets[:n]).values()) > 1e-6:
            return n
    return None


@wrong("shortest_row", "all arrays have to be wrong")
def _(network, x, targets):
    for T in range(1, x.shape[1] + 1):
        if min(errors(network, x, targets, T).values()) > 1e-6:
            return T
    return None


@wrong("shortest_row", "the longest that fails")
def _(network, x, targets):
    found = None
    for T in range(1, x.shape[1] + 1):
        if fails(network, x, targets, T):
            found = T
    return found


@wrong("shortest_row", "0 for a healthy network")
def _(network, x, targets):
    for T in range(1, x.shape[1] + 1):
        if fails(network, x, targets, T):
            return T
    return 0


@wrong("shortest_row", "the length of the row for a healthy network")
def _(network, x, targets):
    T = 1
    while T < x.shape[1] and not fails(network, x, targets, T):
        T += 1
    return T


@wrong("shortest_row", "the first length that passes")
def _(network, x, targets):
    for T in range(1, x.shape[1] + 1):
        if not fails(network, x, targets, T):
            return T
    return None


@wrong("shortest_row", "one step at a time, not all from the beginning")
def _(network, x, targets):
    for t in range(x.shape[1]):
        step = slice(t, t + 1)
        found = check_gradients(network, x[:, step], targets[:, step])
        if max(found.values()) > 1e-6:
            return t + 1
    return None


@wrong("shortest_row", "an error above 0 is an error")
def _(network, x, targets):
    for T in range(1, x.shape[1] + 1):
        if max(errors(network, x, targets, T).values()) > 0:
            return T
    return None


@wrong("shortest_row", "looks at W only")
def _(network, x, targets):
    for T in range(1, x.shape[1] + 1):
        if errors(network, x, targets, T)["W"] > 1e-6:
            return T
    return None


@wrong("shortest_row", "looks at U only, the first of the dictionary")
def _(network, x, targets):
    for T in range(1, x.shape[1] + 1):
        if next(iter(errors(network, x, targets, T).values())) > 1e-6:
            return T
    return None


@wrong("shortest_row", "max of the dictionary, which is a name")
def _(network, x, targets):
    for T in range(1, x.shape[1] + 1):
        if max(errors(network, x, targets, T)) > 1e-6:
            return T
    return None


@wrong("shortest_row", "the targets are not cut")
def _(network, x, targets):
    for T in range(1, x.shape[1] + 1):
        if max(check_gradients(network, x[:, :T], targets).values()) > 1e-6:
            return T
    return None


@wrong("shortest_row", "else: return None within the loop")
def _(network, x, targets):
    for T in range(1, x.shape[1] + 1):
        if not fails(network, x, targets, T):
            return None
        return T
    return None


@wrong("shortest_row", "the whole row, if it fails")
def _(network, x, targets):
    T = x.shape[1]
    return T if fails(network, x, targets, T) else None


@wrong("shortest_row", "all lengths that fail")
def _(network, x, targets):
    lengths = range(1, x.shape[1] + 1)
    return [T for T in lengths if fails(network, x, targets, T)]


@wrong("shortest_row", "prints the length")
def _(network, x, targets):
    for T in range(1, x.shape[1] + 1):
        if fails(network, x, targets, T):
            print(T)
            break


@wrong("shortest_row", "an error above 0.1 is an error")
def _(network, x, targets):
    for T in range(1, x.shape[1] + 1):
        if max(errors(network, x, targets, T).values()) > 0.1:
            return T
    return None


# name_the_bug


def wrong_arrays(network, x, targets, T=None):
    """Return the names whose gradient fails a check, on the first T steps."""
    found = check_gradients(network, x[:, :T], targets[:, :T])
    return {name for name, error in found.items() if error > 1e-6}


def symmetric(network):
    W = network.parameters["W"]
    W[:] = (W + W.T) / 2


def by_one_step(network, x, targets):
    """Return the two bugs that show with one step, or None."""
    one = wrong_arrays(network, x, targets, 1)
    if one == {"W"}:
        return "h of the same step"
    return "tanh twice" if one else None


@wrong("name_the_bug", "never healthy")
def _(network, x, targets):
    if name := by_one_step(network, x, targets):
        return name
    if wrong_arrays(network, x, targets) == {"W"}:
        return "= instead of +="
    symmetric(network)
    again = wrong_arrays(network, x, targets)
    return "one path only" if again else "no transpose"


@wrong("name_the_bug", "the two that show with one step are swapped")
def _(network, x, targets):
    one = wrong_arrays(network, x, targets, 1)
    if one:
        return "tanh twice" if one == {"W"} else "h of the same step"
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return "healthy"
    if whole == {"W"}:
        return "= instead of +="
    symmetric(network)
    again = wrong_arrays(network, x, targets)
    return "one path only" if again else "no transpose"


@wrong("name_the_bug", "the last two are swapped")
def _(network, x, targets):
    if name := by_one_step(network, x, targets):
        return name
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return "healthy"
    if whole == {"W"}:
        return "= instead of +="
    symmetric(network)
    again = wrong_arrays(network, x, targets)
    return "no transpose" if again else "one path only"


@wrong("name_the_bug", "W = 0, where a missing path makes no difference either")
def _(network, x, targets):
    if name := by_one_step(network, x, targets):
        return name
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return "healthy"
    if whole == {"W"}:
        return "= instead of +="
    network.parameters["W"][:] = 0
    again = wrong_arrays(network, x, targets)
    return "one path only" if again else "no transpose"


@wrong("name_the_bug", "W is put into the dictionary, not into the network")
def _(network, x, targets):
    if name := by_one_step(network, x, targets):
        return name
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return "healthy"
    if whole == {"W"}:
        return "= instead of +="
    W = network.parameters["W"]
    network.parameters["W"] = (W + W.T) / 2
    again = wrong_arrays(network, x, targets)
    return "one path only" if again else "no transpose"


@wrong("name_the_bug", "W is replaced by its transpose")
def _(network, x, targets):
    if name := by_one_step(network, x, targets):
        return name
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return "healthy"
    if whole == {"W"}:
        return "= instead of +="
    network.parameters["W"][:] = network.parameters["W"].T.copy()
    again = wrong_arrays(network, x, targets)
    return "one path only" if again else "no transpose"


@wrong("name_the_bug", "the lower triangle of W, which is not symmetric")
def _(network, x, targets):
    if name := by_one_step(network, x, targets):
        return name
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return "healthy"
    if whole == {"W"}:
        return "= instead of +="
    network.parameters["W"][:] = np.tril(network.parameters["W"])
    again = wrong_arrays(network, x, targets)
    return "one path only" if again else "no transpose"


@wrong("name_the_bug", "the last two are not told apart")
def _(network, x, targets):
    if name := by_one_step(network, x, targets):
        return name
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return "healthy"
    return "= instead of +=" if whole == {"W"} else "no transpose"


@wrong("name_the_bug", "no check with one step: W alone is = instead of +=")
def _(network, x, targets):
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return "healthy"
    if whole == {"W"}:
        return "= instead of +="
    symmetric(network)
    again = wrong_arrays(network, x, targets)
    return "one path only" if again else "no transpose"


@wrong("name_the_bug", "W alone on the whole row is h of the same step")
def _(network, x, targets):
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return "healthy"
    if whole == {"W"}:
        return "h of the same step"
    if wrong_arrays(network, x, targets, 1):
        return "tanh twice"
    symmetric(network)
    again = wrong_arrays(network, x, targets)
    return "one path only" if again else "no transpose"


@wrong("name_the_bug", "one row for one step: x[:1]")
def _(network, x, targets):
    one = wrong_arrays(network, x[:1], targets[:1])
    if one == {"W"}:
        return "h of the same step"
    if one:
        return "tanh twice"
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return "healthy"
    if whole == {"W"}:
        return "= instead of +="
    symmetric(network)
    again = wrong_arrays(network, x, targets)
    return "one path only" if again else "no transpose"


@wrong("name_the_bug", "two steps where one was meant")
def _(network, x, targets):
    two = wrong_arrays(network, x, targets, 2)
    if two == {"W"}:
        return "h of the same step"
    if two:
        return "tanh twice"
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return "healthy"
    if whole == {"W"}:
        return "= instead of +="
    symmetric(network)
    again = wrong_arrays(network, x, targets)
    return "one path only" if again else "no transpose"


@wrong("name_the_bug", "with one step all but W: wants V and c wrong for tanh twice")
def _(network, x, targets):
    one = wrong_arrays(network, x, targets, 1)
    if one == {"W"}:
        return "h of the same step"
    if one == {"U", "b", "V", "c"}:
        return "tanh twice"
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return "healthy"
    if whole == {"W"}:
        return "= instead of +="
    symmetric(network)
    again = wrong_arrays(network, x, targets)
    return "one path only" if again else "no transpose"


@wrong("name_the_bug", "a missing bug is None")
def _(network, x, targets):
    if name := by_one_step(network, x, targets):
        return name
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return None
    if whole == {"W"}:
        return "= instead of +="
    symmetric(network)
    again = wrong_arrays(network, x, targets)
    return "one path only" if again else "no transpose"


@wrong("name_the_bug", "the name of the class")
def _(network, x, targets):
    return type(network).__name__


@wrong("name_the_bug", "one path is another name than in the zoo")
def _(network, x, targets):
    if name := by_one_step(network, x, targets):
        return name
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return "healthy"
    if whole == {"W"}:
        return "= for +="
    symmetric(network)
    again = wrong_arrays(network, x, targets)
    return "one path" if again else "missing transpose"


@wrong("name_the_bug", "an error above 0 is an error")
def _(network, x, targets):
    def bad(T=None):
        found = check_gradients(network, x[:, :T], targets[:, :T])
        return {name for name, error in found.items() if error > 0}

    if one := bad(1):
        return "h of the same step" if one == {"W"} else "tanh twice"
    whole = bad()
    if not whole:
        return "healthy"
    if whole == {"W"}:
        return "= instead of +="
    symmetric(network)
    return "one path only" if bad() else "no transpose"


@wrong("name_the_bug", "one step is asked for at the end only, so W alone says =")
def _(network, x, targets):
    whole = wrong_arrays(network, x, targets)
    if not whole:
        return "healthy"
    if whole == {"W"}:
        return "= instead of +="
    symmetric(network)
    if not wrong_arrays(network, x, targets):
        return "no transpose"
    return "tanh twice" if wrong_arrays(network, x, targets, 1) else "one path only"


@wrong("name_the_bug", "a list with the one name")
def _(network, x, targets):
    name = by_one_step(network, x, targets)
    if name is None:
        whole = wrong_arrays(network, x, targets)
        name = "healthy" if not whole else "= instead of +="
        if len(whole) > 1:
            symmetric(network)
            again = wrong_arrays(network, x, targets)
            name = "one path only" if again else "no transpose"
    return [name]


# What a second reader did


@wrong("changes_its_answer", "compares the first row only")
def _(network, x, other):
    before = network.forward(x)[0][0].copy()
    network.forward(other)
    return not np.allclose(network.forward(x)[0][0], before)


@wrong("changes_its_answer", "compares the pairs that forward returns")
def _(network, x, other):
    before = network.forward(x)
    network.forward(other)
    return before != network.forward(x)


@wrong("left_over", "compares with zero")
def _(network, x, targets):
    network.loss(x, targets)
    return [k for k, g in network.backward().items() if not np.allclose(g, 0)]


def worst(network, x, targets):
    """Return the largest error of a gradient check."""
    return max(check_gradients(network, x, targets).values())


@wrong("shortest_row", "the last steps and not the first")
def _(network, x, targets):
    for T in range(1, x.shape[1] + 1):
        if worst(network, x[:, -T:], targets[:, -T:]) > 1e-6:
            return T
    return None


@wrong("shortest_row", "fails only if all arrays do")
def _(network, x, targets):
    for T in range(1, x.shape[1] + 1):
        errors = check_gradients(network, x[:, :T], targets[:, :T])
        if min(errors.values()) > 1e-6:
            return T
    return None


@wrong("shortest_row", "how many lengths fail")
def _(network, x, targets):
    lengths = range(1, x.shape[1] + 1)
    failed = sum(worst(network, x[:, :T], targets[:, :T]) > 1e-6 for T in lengths)
    return failed or None


@wrong("shortest_row", "begins with two steps")
def _(network, x, targets):
    for T in range(2, x.shape[1] + 1):
        if worst(network, x[:, :T], targets[:, :T]) > 1e-6:
            return T
    return None


@wrong("shortest_row", "compares the dictionary")
def _(network, x, targets):
    for T in range(1, x.shape[1] + 1):
        if check_gradients(network, x[:, :T], targets[:, :T]) > 1e-6:
            return T
    return None


@wrong("name_the_bug", "checks one step only")
def _(network, x, targets):
    errors = check_gradients(network, x[:, :1], targets[:, :1])
    off = {name for name, error in errors.items() if error > 1e-6}
    if not off:
        return "healthy"
    return "h of the same step" if off == {"W"} else "tanh twice"


@wrong("name_the_bug", "a large letter")
def _(network, x, targets):
    found = worst(network, x[:, :1], targets[:, :1]) > 1e-6
    return "Healthy" if not found else "tanh twice"
