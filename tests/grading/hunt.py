"""Handed in by a test: calls every function of the course that a box holds.

The test reads this file as text, and names `hunt` after an exercise. It returns what
each function returned, by its name, and how many there were.
"""

import contextlib
import copy
import gc
import importlib
import os
import sys
import types

RUN_BY_THE_GRADER = ("barred", "keeper", "runner", "wire", "worker")
RUN_BY_THE_GRADER += ("notebook_code", "names", "effects")
NOT_OURS = ["/proc", "/sys", "/dev", "/usr", "/etc", "/bin", "/sbin", "/site"]
NOT_OURS += ["/lib", "/lib32", "/lib64", os.path.realpath(sys.base_prefix)]
FOUND = []


def home_of(one):
    """Return the name of the module that something comes from."""
    if isinstance(one, types.ModuleType):
        return one.__name__
    home = getattr(one, "__module__", None)
    return home if type(home) is str else ""


def is_ours(one):
    """Tell whether something is of the course and may know an answer."""
    package, *rest = home_of(one).split(".")
    if package == "exercises" and rest[:1] == ["box"]:
        return rest[1:] and rest[1] not in RUN_BY_THE_GRADER
    return package in ("rnn_lib", "exercises", "found") and rest != ["_withheld"]


def import_all():
    """Import every module, and run every file that can be read.

    Those that need PyTorch or matplotlib take tensors or draw, and seconds to import.
    """
    sys.modules["torch"] = sys.modules["matplotlib"] = None
    names = ["exercises.box.arguments", "exercises.checks", "exercises.checks.forward"]
    with contextlib.suppress(ImportError):
        folder = os.path.dirname(importlib.import_module("rnn_lib").__file__)
        for at, _, files in sorted(os.walk(folder)):
            inside = at[len(os.path.dirname(folder)) + 1 :].replace(os.sep, ".")
            files = sorted(name for name in files if name.endswith(".py"))
            names += [f"{inside}.{name[:-3]}" for name in files]
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError as error:
            if (error.name or "").startswith("rnn_lib"):
                raise
    kept = []
    for folder, inner, files in os.walk("/"):
        inner[:] = [n for n in inner if os.path.join(folder, n) not in NOT_OURS]
        for name in files:
            path = os.path.join(folder, name)
            if name.endswith(".py") and not path.startswith("/box/exercises/box/"):
                kept.append({"__name__": "found"})
                with contextlib.suppress(Exception), open(path) as stream:
                    exec(stream.read(), kept[-1])
    return kept


def inside(one):
    """Return what an object leads to."""
    if isinstance(one, types.FunctionType):
        led = list(one.__globals__.values()) if is_ours(one) else []
        for cell in one.__closure__ or ():
            with contextlib.suppress(ValueError):
                led.append(cell.cell_contents)
        return led
    if isinstance(one, (types.ModuleType, type)):
        return list(vars(one).values()) if is_ours(one) else []
    if isinstance(one, (staticmethod, classmethod, types.MethodType)):
        return [one.__func__]
    if isinstance(one, property):
        return [one.fget]
    return list(one.values()) if type(one) is dict else list(one)


def everything():
    """Return all functions, classes and bound methods of the course."""
    kept = import_all()
    known = (types.FunctionType, types.ModuleType, type, staticmethod, classmethod)
    known += (types.MethodType, property, dict, list, tuple, set)
    found, seen, todo = [], set(), [kept, *sys.modules.values(), *gc.get_objects()]
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, (types.FunctionType, type)) and is_ours(one):
            found.append(one)
        if isinstance(one, known):
            todo += inside(one)
        elif is_ours(type(one)):
            for name in dir(type(one)):
                if callable(getattr(type(one), name, None)) and name[:2] != "__":
                    found.append(getattr(one, name))
    return found


def copied(argument):
    """Return a copy of data; a network stays what it is."""
    return argument if is_ours(type(argument)) else copy.deepcopy(argument)


def hunt(*args):
    if not FOUND:
        FOUND.extend(everything())
    said = {}
    for number, one in enumerate(FOUND):
        try:
            value = one(*map(copied, args))
        except BaseException:
            continue
        if value is not None:
            name = getattr(one, "__qualname__", type(one).__name__)
            said[f"{home_of(one)}.{name} {number}"] = value
    return said, len(FOUND)
