"""Start a worker in a box without network, and talk to it.

The box is bubblewrap: the system read-only, an empty /tmp of limited size, its own
processes, no network, and of the course only `exercises.box` and, for each exercise,
`rnn_lib` without what answers it.
"""

import itertools
import json
import os
import select
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from exercises.box import wire
from exercises.grading.libraries import Libraries
from exercises.grading.withheld import packages

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 300  # on a busy machine
TMP_BYTES = str(64 * 2**20)
FIRST_USER = 1_500_000_000  # numbers that no account has

_users = itertools.count()


class NoSandbox(RuntimeError):
    """There is no bubblewrap, or the system does not let it work."""


class WorkerLost(RuntimeError):
    """The worker died, hangs or breaks the protocol."""


class NotStarted(WorkerLost):
    """The worker did not even start: not the fault of a submission."""


class Ran(NamedTuple):
    """What came of one exercise."""

    said: list[bytes]  # the lines of the child
    end: str  # "ended", "timeout" or "flood"
    spent: float  # seconds, of the processor or asleep
    left: bool  # whether it left files behind


def make_box() -> Path:
    """Return a new folder with what a worker runs."""
    box = Path(tempfile.mkdtemp(prefix="box-"))
    box.chmod(0o755)
    no_bytecode = shutil.ignore_patterns("__pycache__")
    part = "exercises/box"
    shutil.copytree(ROOT / part, box / part, ignore=no_bytecode)
    return box


def site_folder() -> str:
    """Return the folder of the installed packages."""
    return sysconfig.get_path("purelib")


def library_homes() -> list[Path]:
    """Return the folders in which the exercises may lie on this machine."""
    base = os.path.realpath(sys.base_prefix)
    installed = sysconfig.get_path("purelib", vars={"base": base, "platbase": base})
    homes = [ROOT, *(Path(installed, name) for name in ("rnn_lib", "exercises"))]
    return [home for home in homes if home.exists()]


def launcher(box: str, site: str, mode: str) -> list[str]:
    """Return the command that starts a worker which imports from `box` and `site`.

    Started by root, each worker becomes a user of its own: the system counts processes
    by user, so that a fork bomb does not use up the share of another submission.
    """
    user = str(FIRST_USER + next(_users) % 10_000)
    start = (
        f"import sys; sys.path[:0] = [{box!r}]; sys.path.append({site!r});"
        f" sys.argv = ['worker', {mode!r}, {user!r}];"
        " import runpy; runpy.run_module('exercises.box.worker', run_name='__main__')"
    )
    python = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    return [python, "-I", "-S", "-B", "-c", start]


def bubblewrap(box: Path, secrets: tuple[Path, ...], as_root: bool) -> list[str]:
    """Return the bwrap command line up to the program to run."""
    command = ["bwrap", "--die-with-parent", "--new-session", "--unshare-ipc"]
    command += ["--unshare-pid", "--unshare-net", "--unshare-uts"]
    command += ["--unshare-cgroup-try", "--hostname", "box", "--cap-drop", "ALL"]
    if as_root:  # the worker becomes nobody; then limits on processes hold
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user", "--uid", "65534", "--gid", "65534"]
    command += ["--ro-bind", "/usr", "/usr"]
    for folder in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(folder):
            command += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            command += ["--ro-bind", folder, folder]
    command += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    base = os.path.realpath(sys.base_prefix)
    if not base.startswith("/usr/") and base != "/usr":
        for parent in reversed(Path(base).parents[:-1]):
            command += ["--perms", "0755", "--dir", str(parent)]
        command += ["--ro-bind", base, base]
    command += ["--ro-bind", str(box), "/box", "--ro-bind", site_folder(), "/site"]
    for name in ("rnn_lib", "exercises"):
        if (Path(site_folder()) / name).exists():
            command += ["--tmpfs", f"/site/{name}"]
    command += ["--proc", "/proc", "--dev", "/dev"]
    command += ["--perms", "1777", "--size", TMP_BYTES, "--tmpfs", "/tmp"]
    for secret in secrets:
        if any(str(secret).startswith(shown + "/") for shown in ("/usr", base)):
            empty = ["--ro-bind", "/dev/null"] if secret.is_file() else ["--tmpfs"]
            command += [*empty, str(secret)]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]


def environment() -> dict[str, str]:
    """Return the variables that a worker sees: nothing of the instructor's."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    return {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8", **threads}


def own_tasks() -> int:
    """Return how many processes and threads this user has; some systems count all."""
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == os.getuid():
                count += len(os.listdir(process / "task"))
        except OSError:
            continue
    return count


class Box:
    """A way to start workers; `check` finds out whether it works here."""

    def __init__(self, sandbox: bool = True, secrets: tuple[Path, ...] = ()) -> None:
        self.folder = make_box()
        self.libraries = Libraries(self.folder / "libraries")
        self.sandbox = sandbox
        self.secrets = tuple(p.resolve() for p in (*library_homes(), *secrets))
        self.as_root = os.geteuid() == 0
        if sandbox:
            self.check()

    def check(self) -> None:
        """Raise NoSandbox, with the reason, if no worker starts in a box."""
        if shutil.which("bwrap") is None:
            raise NoSandbox("bubblewrap (the command bwrap) is not installed")
        reason = "no reason given"
        for as_root in sorted({self.as_root, False}, reverse=True):
            self.as_root = as_root
            probe = [*bubblewrap(self.folder, self.secrets, as_root), "true"]
            done = subprocess.run(probe, capture_output=True, text=True, timeout=120)
            reason = (done.stderr.strip().splitlines() or [reason])[-1]
            if done.returncode == 0:
                try:
                    worker = Worker(self, [], [])
                except NotStarted as error:
                    reason = f"no worker starts in it: {error}"
                    continue
                worker.kill()
                if worker.barred:
                    return
                reason = "the kernel has no filter of system calls for it"
        raise NoSandbox(f"bubblewrap does not work on this system: {reason}")

    def command(self) -> list[str]:
        """Return the command that starts a worker."""
        if self.sandbox:
            front = bubblewrap(self.folder, self.secrets, self.as_root)
            return [*front, *launcher("/box", "/site", "box")]
        return launcher(str(self.folder), site_folder(), "open")

    def library(self, withheld: tuple[str, ...]) -> str:
        """Return where a worker finds the library without what is withheld."""
        return (
            f"{'/box' if self.sandbox else self.folder}/{self.libraries.of(withheld)}"
        )

    def limits(self, memory: int) -> list:
        """Return the limits of a child, by the names of the `resource` module."""
        tasks = 64 if os.geteuid() == 0 else 64 + own_tasks()
        limits = [["RLIMIT_AS", memory], ["RLIMIT_FSIZE", 16 * 2**20]]
        limits += [["RLIMIT_CORE", 0], ["RLIMIT_NOFILE", 128], ["RLIMIT_NPROC", tasks]]
        return limits

    def close(self) -> None:
        """Remove the folder."""
        self.libraries.unlock()
        shutil.rmtree(self.folder, ignore_errors=True)


class Worker:
    """One running worker, for one submission."""

    def __init__(self, box: Box, cells: list[str], imports: list[str]) -> None:
        self.process = subprocess.Popen(
            box.command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            cwd="/",
            start_new_session=True,
            bufsize=0,
        )
        os.set_blocking(self.process.stdin.fileno(), False)
        self.buffer = b""
        try:
            # Without a box, the user that a worker becomes may read no file of Python.
            imports = imports if box.sandbox else [*packages(), *imports]
            self.send({"cells": cells, "imports": imports}, START_SECONDS)
            hello = self.receive(time.monotonic() + START_SECONDS)
            wire.need(hello.get("ready") is True, "no greeting")
            self.barred = hello.get("barred") is True
        except (WorkerLost, wire.WireError) as error:
            self.kill()
            raise NotStarted(str(error)) from error

    def send(self, message: dict, seconds: float = 30) -> None:
        """Write one message, within a time limit."""
        text = json.dumps(message).encode("ascii")
        data = memoryview(b"%08x" % len(text) + text)
        deadline = time.monotonic() + seconds
        while data:
            left = deadline - time.monotonic()
            pipe = self.process.stdin.fileno()
            if left <= 0 or not select.select([], [pipe], [], left)[1]:
                raise WorkerLost("the worker does not listen")
            try:
                data = data[os.write(pipe, data[: 2**16]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise WorkerLost("the worker has ended") from error

    def receive(self, deadline: float) -> dict:
        """Return the next message."""
        pipe = self.process.stdout.fileno()
        while b"\n" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([pipe], [], [], left)[0]:
                raise WorkerLost("the worker does not answer")
            block = os.read(pipe, 2**20)
            if not block:
                raise WorkerLost("the worker has ended")
            self.buffer += block
            if len(self.buffer) > 2 * wire.MAX_LINE:
                raise WorkerLost("the worker floods")
        line, self.buffer = self.buffer.split(b"\n", 1)
        try:
            return wire.loads(line)
        except wire.WireError as error:
            raise WorkerLost("the worker talks nonsense") from error

    def run(self, task: dict, private: dict) -> Ran:
        """Have one exercise run; only the keeper of the cases sees `private`."""
        deadline = time.monotonic() + task["clock"] + 10
        self.send(task)
        self.send(private)
        said = []
        while True:
            message = self.receive(deadline)
            if message.get("id") != task["id"]:
                raise WorkerLost("the worker talks of something else")
            if "end" in message:
                spent = message.get("spent")
                if type(spent) is not float:
                    raise WorkerLost("the worker talks nonsense")
                if message["end"] == "unkept":
                    raise NotStarted("the keeper of the cases did not start")
                left = message.get("left") is True
                return Ran(said, str(message["end"])[:20], spent, left)
            line = message.get("said")
            if type(line) is not str:
                raise WorkerLost("the worker talks nonsense")
            said.append(line.encode("latin-1", "replace"))

    def kill(self) -> None:
        """End the worker; the processes in its box end with it."""
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            stream.close()
        self.process.wait()
