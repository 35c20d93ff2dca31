"""Measure what processes cost: time of the processor, and time spent asleep.

A wait for a processor that others use costs nothing, so that an answer is not taken for
slow on a busy machine.
"""

import contextlib
import os
import time
from pathlib import Path

ON_THE_CLOCK = 3  # times as long, on a system that does not say what a process does


def processor_time(pid: int) -> float:
    """Return how long a process has been on the processor, ended threads included."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def waits(pid: int) -> tuple[dict[Path, float], bool]:
    """Return how long each thread has waited for a processor, and if one does now.

    A wait is counted when it is over.
    """
    waited, now = {}, False
    with contextlib.suppress(OSError):
        for one in Path(f"/proc/{pid}/task").iterdir():
            state = (one / "stat").read_bytes().rpartition(b")")[2].split()[0]
            now = now or state == b"R"
            waited[one] = 0.0
            with contextlib.suppress(OSError, IndexError):
                waited[one] = int((one / "schedstat").read_bytes().split()[1]) / 1e9
    return waited, now


class Meter:
    """What some processes have cost since it was made."""

    def __init__(self, pids: list[int]) -> None:
        self.pids = pids
        self.had = self.asleep = 0.0
        self.last, self.waited = time.monotonic(), {}

    @property
    def spent(self) -> float:
        """The seconds that the processes have cost, when last looked at."""
        return self.had + self.asleep

    def over(self, seconds: float) -> bool:
        """Look at the processes, and tell whether they have cost more than this."""
        clock = time.monotonic()
        past, self.last = clock - self.last, clock
        if not os.path.isdir("/proc/self/task"):
            self.asleep += past / ON_THE_CLOCK
            return self.spent > seconds
        had = sum(map(processor_time, self.pids)) - self.had
        waited, now = {}, False
        for pid in self.pids:
            more, waiting = waits(pid)
            waited |= more
            now = now or waiting
        longest = max([w - self.waited.get(one, w) for one, w in waited.items()] + [0])
        self.waited = waited
        self.had += max(0.0, had)
        if not now:
            self.asleep += max(0.0, past - max(0.0, had) - longest)
        return self.spent > seconds
