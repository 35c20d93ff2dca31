"""Runs inside the sandbox: a submission's functions on the grader's arguments.

The grader sends one message with the code cells, then two per exercise. For each
exercise this process forks twice. The keeper reads the second message, which has the
cases; this process never sees it. The child loads the submission's function, asks the
keeper for each case, calls the function and writes what came out into a pipe. The
parent passes the lines on, kills both and says how the child ended. A child that hangs,
exits or floods therefore costs one exercise. Nothing here judges.
"""

import contextlib
import ctypes
import fcntl
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
import time

from exercises.box import barred, keeper, notebook_code, runner, wire
from exercises.box.meter import Meter

NOBODY = 65534
SAY, ASK = 3, 4  # the child's descriptors: to the parent, and to the keeper
MAX_FILES = 1_000  # in /tmp: each also takes memory of the kernel
SHORT = 0.1  # seconds from one look at a child to the next


def error_of(error: BaseException) -> list[str]:
    """Return type and message of `error`."""
    return [runner.type_name(error), runner.safe_text(error)]


def run_exercise(task: dict, cells: list[str], line: keeper.Line, write) -> None:
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
    sys.path.insert(0, line.ask(ask="library")["library"])
    try:
        loaded = notebook_code.load(statements, name, task["seconds"])
        function, left_out = loaded
    except BaseException as error:
        return write({"state": ["raised", ": ".join(error_of(error))]})
    write({"state": ["loaded", runner.safe_text("; ".join(left_out))]})
    late, number = False, 0
    while given := keeper.case_of(line, number):
        outcome = runner.Outcome(skipped=True)
        if not late:
            outcome = runner.run_case(function, *given, task["case_seconds"])
            late = outcome.timed_out
        write({"case": number, **wire.pack_outcome(outcome)})
        number += 1


def limit(task: dict) -> None:
    """Set the limits of this process, which nothing can raise again."""
    for name, value in task["limits"]:
        which = getattr(resource, name)
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # When its time is over, a process gets a signal first that says so.
        more = 1 if which == resource.RLIMIT_CPU else 0
        resource.setrlimit(which, (value, value + more))


def only(descriptors: dict[int, int]) -> None:
    """Keep these open, under the numbers that are their keys, and close all others."""
    null = os.open(os.devnull, os.O_RDWR)
    high = {n: fcntl.fcntl(fd, fcntl.F_DUPFD, 64) for n, fd in descriptors.items()}
    for number in range(max(high) + 1):
        os.dup2(high.get(number, null), number)
    os.closerange(max(high) + 1, 1024)


def child(task: dict, cells: list[str], pipe: int, to_keeper: int) -> None:
    """Run one exercise with limits; never returns."""
    os.setsid()
    only({SAY: pipe, ASK: to_keeper})
    limit(task)
    if barred.is_possible():
        barred.bar()

    def write(message, send=os.write, line=wire.dumps):
        data = memoryview(line(message))
        while data:
            data = data[send(SAY, data) :]

    try:
        line = keeper.Line(socket.socket(fileno=ASK))
        run_exercise(task, cells, line, write)
    except BaseException as error:
        write({"state": ["failed", ": ".join(error_of(error))]})
    os._exit(0)


def keep(task: dict, to_child: int, ready: int) -> None:
    """Read the cases and answer the child; never returns."""
    os.setsid()
    try:
        private = read_message(0)
        only({SAY: ready, ASK: to_child})
        limit(task)
        if barred.is_possible():
            barred.bar()
        os.write(SAY, b"+")
        os.close(SAY)
        keeper.Keeper(private).serve(keeper.Line(socket.socket(fileno=ASK)))
    finally:
        os._exit(0)


def has_ended(pid: int) -> bool:
    """Tell whether a child is over, though not yet collected; not all systems know."""
    if not hasattr(os, "waitid"):
        return False
    look = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, pid, look) is not None


def many_files() -> bool:
    """Tell whether there are too many files in the box's /tmp."""
    if sys.argv[1] != "box":
        return False
    disk = os.statvfs("/tmp")
    return disk.f_files - disk.f_ffree > MAX_FILES


def relay(task: dict, pid: int, pipe: int, meter: Meter, say) -> str:
    """Pass the child's lines on until it ends; return how it ended."""
    deadline, buffer, total = time.monotonic() + task["clock"], b"", 0
    while time.monotonic() < deadline and not meter.over(task["seconds"]):
        over = has_ended(pid)  # processes that it left may keep the pipe open
        if not select.select([pipe], [], [], 0 if over else SHORT)[0]:
            if over:
                return "ended"
            if many_files():
                return "flood"
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


def end(pid: int) -> bool:
    """Kill a child and, without the filter of system calls, what it may have left.

    Tell whether the system had ended it already, because its time was over.
    """
    in_box = sys.argv[1] == "box" and os.getppid() == 1 and os.getpid() < 10
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(-1, signal.SIGKILL) if in_box else os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)  # it may not have a group of its own yet
    status = os.waitpid(pid, 0)[1]
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU


def fork(what, *arguments) -> int:
    """Return the number of a new process that does `what` and never returns."""
    pid = os.fork()
    if pid == 0:
        what(*arguments)
    return pid


def serve(task: dict, cells: list[str], say) -> None:
    """Fork for one exercise, and leave no process behind."""
    ours, theirs = socket.socketpair()
    look, ready = os.pipe()
    keeping = fork(keep, task, ours.fileno(), ready)
    ours.close()
    os.close(ready)
    if os.read(look, 1) != b"+":  # the next message would be taken for another one
        say({"id": task["id"], "end": "unkept", "spent": 0.0})
        sys.exit("the keeper of the cases did not start")
    os.close(look)
    read_end, write_end = os.pipe()
    pid = fork(child, task, cells, write_end, theirs.fileno())
    theirs.close()
    os.close(write_end)
    meter = Meter([pid, keeping])
    how = relay(task, pid, read_end, meter, say)
    meter.over(task["seconds"])
    late = end(pid)
    end(keeping)
    os.close(read_end)
    left = sys.argv[1] == "box" and bool(os.listdir("/tmp"))
    how = "timeout" if late else how
    say({"id": task["id"], "end": how, "spent": meter.spent, "left": left})


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


def read_bytes(descriptor: int, count: int) -> bytes:
    """Return so many bytes, and leave what follows for others to read."""
    data = b""
    while len(data) < count:
        block = os.read(descriptor, count - len(data))
        if not block:
            raise EOFError
        data += block
    return data


def read_message(descriptor: int) -> dict:
    """Return the next message of the grader: eight digits of length, then JSON."""
    return json.loads(read_bytes(descriptor, int(read_bytes(descriptor, 8), 16)))


def main() -> None:
    """Serve until the grader closes the line."""
    out = os.fdopen(os.dup(1), "wb")

    def say(message):
        out.write(wire.dumps(message))
        out.flush()

    start = read_message(0)
    for name in start["imports"]:
        importlib.import_module(name)
    harden()
    say({"ready": True, "barred": barred.is_possible()})
    with contextlib.suppress(EOFError):
        while True:
            serve(read_message(0), start["cells"], say)


if __name__ == "__main__":
    main()
