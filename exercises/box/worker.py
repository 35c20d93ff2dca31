"""Runs inside the sandbox: a submission's functions on the grader's arguments.

The grader sends one line with the code cells, then one line per exercise. For each
exercise this process forks. The child loads the function, calls it on each case and
writes what came out into a pipe. The parent passes the lines on, kills what is left
and says how the child ended. A child that hangs, exits or floods therefore costs one
exercise. Nothing here judges.
"""

import ctypes
import importlib
import json
import os
import resource
import select
import signal
import sys
import time
import types

from exercises.box import notebook_code, runner, wire

NOBODY = 65534
NOT_BEFOREHAND = {"__init__", "plots", "diagrams"}
TORCH = {"torch_distributed", "torch_names", "torch_twin"}  # seconds to import


class AnswerImported(Exception):
    """The submission uses a function of rnn_lib that is the answer itself."""


def hide_answers(forbidden: list[str]) -> None:
    """Give rnn_lib, as the submission sees it, stand-ins for the answers.

    A forbidden name is that of a function or of a whole module. The modules themselves
    keep their own functions, so what is allowed still works.
    """
    hidden = {name.split(".")[-1] for name in forbidden}
    copies = {}
    for name in [n for n in sys.modules if n.split(".")[0] == "rnn_lib"]:
        copies[name] = types.ModuleType(name)
        copies[name].__dict__.update(sys.modules[name].__dict__)
    for name, copy in copies.items():
        for key, value in list(copy.__dict__.items()):
            if f"{name}.{key}" in copies:
                copy.__dict__[key] = copies[f"{name}.{key}"]
            elif key in hidden or (name in forbidden and callable(value)):
                copy.__dict__[key] = StandIn(f"{name}.{key}")
    sys.modules.update(copies)


class StandIn:
    """Takes the place of an answer and refuses to do anything."""

    def __init__(self, name: str) -> None:
        self.__dict__["name"] = name

    def refuse(self, *args, **kwargs):
        """Raise AnswerImported."""
        name = self.__dict__["name"]
        raise AnswerImported(f"{name} is the answer itself and may not be used here")

    __call__ = __getattr__ = __setattr__ = __getitem__ = __iter__ = __len__ = refuse


def error_of(error: BaseException) -> list[str]:
    """Return type and message of `error`."""
    return [runner.type_name(error), runner.safe_text(error)]


def run_exercise(task: dict, cells: list[str], write) -> None:
    """Load the function of one exercise and run its cases."""
    name = task["name"]
    statements, broken = notebook_code.parse(cells)
    found = notebook_code.definition(statements, name)
    if found is None:
        reasons = [why for source, why in broken if f"def {name}" in source]
        state = ["syntax", reasons[-1][:300]] if reasons else ["missing", ""]
        return write({"state": state})
    if notebook_code.is_stub(found):
        return write({"state": ["stub", ""]})
    prepare = None
    if task["prepare"]:
        module, function = task["prepare"].split(":")
        prepare = getattr(importlib.import_module(module), function)
    hide_answers(task["forbidden"])
    try:
        function, left_out = notebook_code.load(statements, name)
    except BaseException as error:
        return write({"state": ["raised", ": ".join(error_of(error))]})
    write({"state": ["loaded", runner.safe_text("; ".join(left_out))]})
    late = False
    for index, (args, read_only) in enumerate(task["cases"]):
        outcome = runner.Outcome(skipped=True)
        if not late:
            case = runner.Case("", wire.unpack(args), read_only)
            outcome = runner.run_case(function, case, prepare, task["case_seconds"])
            late = outcome.timed_out
        write({"case": index, **wire.pack_outcome(outcome)})


def child(task: dict, cells: list[str], pipe: int) -> None:
    """Run one exercise with limits; never returns."""
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.dup2(pipe, 3)
    os.closerange(4, 1024)
    for name, value in task["limits"]:
        limit = getattr(resource, name)
        hard = resource.getrlimit(limit)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # When its time is over, a process gets a signal first that says so.
        more = 1 if limit == resource.RLIMIT_CPU else 0
        resource.setrlimit(limit, (value, value + more))

    def write(message, send=os.write, line=wire.dumps):
        data = memoryview(line(message))
        while data:
            data = data[send(3, data) :]

    try:
        run_exercise(task, cells, write)
    except BaseException as error:
        write({"state": ["failed", ": ".join(error_of(error))]})
    os._exit(0)


def has_ended(pid: int) -> bool:
    """Tell whether a child is over, though not yet collected; not all systems know."""
    if not hasattr(os, "waitid"):
        return False
    look = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, pid, look) is not None


def relay(task: dict, pid: int, pipe: int, say) -> str:
    """Pass the child's lines on until it ends; return how it ended."""
    deadline, buffer, total = time.monotonic() + task["clock"], b"", 0
    while time.monotonic() < deadline:
        over = has_ended(pid)  # processes that it left may keep the pipe open
        if not select.select([pipe], [], [], 0 if over else 0.2)[0]:
            if over:
                return "ended"
            continue
        block = os.read(pipe, 2**20)
        total += len(block)
        if total > wire.MAX_LINE // 2:
            return "flood"
        if not block:
            return "ended"
        *lines, buffer = (buffer + block).split(b"\n")
        for line in lines:
            say({"id": task["id"], "said": line.decode("latin-1")})
    return "timeout"


def kill_child(pid: int) -> bool:
    """Kill the child, and in the box every process that it may have left.

    Tell whether the system had ended it already, because its time was over.
    """
    in_box = sys.argv[1] == "box" and os.getppid() == 1 and os.getpid() < 10
    try:
        if in_box:
            os.kill(-1, signal.SIGKILL)
        else:
            os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    status = os.waitpid(pid, 0)[1]
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU


def serve(task: dict, cells: list[str], say) -> None:
    """Fork for one exercise, and leave no process behind."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        child(task, cells, write_end)
    os.close(write_end)
    end = relay(task, pid, read_end, say)
    late = kill_child(pid)
    os.close(read_end)
    say({"id": task["id"], "end": "timeout" if late else end})


def become(user: int) -> None:
    """Become a user who owns nothing."""
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def harden() -> None:
    """Give up root, and let no child look into or command this process."""
    if os.geteuid() == 0:
        os.setgroups([])
        try:
            become(int(sys.argv[2]))
        except OSError:  # in a container that knows no such number
            become(NOBODY)
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE off
        libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS


def import_library(more: list[str]) -> None:
    """Import what submissions may need, before the first fork."""
    package = importlib.import_module("rnn_lib")
    for folder in package.__path__:
        for file in sorted(os.listdir(folder)):
            module, suffix = os.path.splitext(file)
            if suffix == ".py" and module not in NOT_BEFOREHAND | TORCH:
                importlib.import_module(f"rnn_lib.{module}")
    importlib.import_module("exercises.box.arguments")
    for name in more:
        importlib.import_module(name)


def main() -> None:
    """Serve until the grader closes the line."""
    out = os.fdopen(os.dup(1), "wb")

    def say(message):
        out.write(wire.dumps(message))
        out.flush()

    start = json.loads(sys.stdin.buffer.readline())
    import_library(start["imports"])
    harden()
    say({"ready": True})
    for line in sys.stdin.buffer:
        serve(json.loads(line), start["cells"], say)


if __name__ == "__main__":
    main()
