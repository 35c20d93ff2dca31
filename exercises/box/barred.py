"""System calls that a submission is barred from, by a filter of the Linux kernel.

Behind the filter a process stays alone: it starts no other process or program, opens no
namespace, sends no signal to another process, and leaves nothing behind but files.
Threads are allowed. The filter is a program for the kernel's classic BPF machine.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

# Numbers on x86_64 and on arm64; 0 where there is no such call.
ALWAYS = {
    "fork": (57, 0),
    "vfork": (58, 0),
    "execve": (59, 221),
    "execveat": (322, 281),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "personality": (135, 92),
}
# These name a process in their first argument, which has to be the caller.
OWN_ONLY = {
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "prlimit64": (302, 261),
    "sched_setaffinity": (203, 122),
}
CLONE, CLONE3 = (56, 220), (435, 435)
FCNTL, IOCTL = (72, 25), (16, 29)
CLONE_THREAD = 0x10000
OWNER_OF_SIGNALS = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX
OWNER_OF_SOCKET = (0x8901, 0x8902)  # FIOSETOWN, SIOCSPGRP
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
X32 = 0x40000000  # numbers from here on are of another kind of call on x86_64

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, MACHINE, FIRST, SECOND = 0, 4, 16, 24  # places in what the filter is shown
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000


def step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """Return one instruction of the filter."""
    return struct.pack("=HBBI", code, if_true, if_false, value)


def refuse(error: int = errno.EPERM) -> bytes:
    """Return the instruction that lets the call fail."""
    return step(RETURN, ERROR | error)


def where(number: int, *rule: bytes) -> bytes:
    """Return instructions for one call; `rule` begins with nothing loaded."""
    again = step(LOAD, NUMBER)
    return step(EQUAL, number, 0, len(rule) + 1) + b"".join(rule) + again


def refused_values(place: int, values: tuple[int, ...]) -> list[bytes]:
    """Return a rule that refuses a call where an argument has one of `values`."""
    tests = [part for v in values for part in (step(EQUAL, v, 0, 1), refuse())]
    return [step(LOAD, place), *tests]


def program(machine: str, pid: int) -> bytes:
    """Return the filter for the process `pid`."""
    column, kind = MACHINES[machine]
    parts = [step(LOAD, MACHINE), step(EQUAL, kind, 1, 0), step(RETURN, KILL)]
    parts += [step(LOAD, NUMBER)]
    if machine == "x86_64":
        parts += [step(AT_LEAST, X32, 0, 1), step(RETURN, KILL)]
    for numbers in ALWAYS.values():
        if numbers[column]:
            parts += [step(EQUAL, numbers[column], 0, 1), refuse()]
    for numbers in OWN_ONLY.values():
        own = [step(EQUAL, pid, 1, 0), refuse()]
        if numbers in (OWN_ONLY["prlimit64"], OWN_ONLY["sched_setaffinity"]):
            own = [step(EQUAL, 0, 2, 0), *own]  # 0 means oneself
        parts.append(where(numbers[column], step(LOAD, FIRST), *own))
    thread = step(LOAD, FIRST), step(ANY_BIT, CLONE_THREAD, 1, 0), refuse()
    parts.append(where(CLONE[column], *thread))
    parts += [step(EQUAL, CLONE3[column], 0, 1), refuse(errno.ENOSYS)]
    parts.append(where(FCNTL[column], *refused_values(SECOND, OWNER_OF_SIGNALS)))
    parts.append(where(IOCTL[column], *refused_values(SECOND, OWNER_OF_SOCKET)))
    return b"".join([*parts, step(RETURN, ALLOW)])


def is_possible() -> bool:
    """Tell whether there is a filter for this system."""
    known = sys.platform == "linux" and platform.machine() in MACHINES
    return known and ctypes.CDLL(None).prctl(21, 0, 0, 0, 0) >= 0  # PR_GET_SECCOMP


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def bar() -> None:
    """Put this process behind the filter, for good.

    Raises
    ------
    OSError
        If the kernel refuses it.
    """
    steps = program(platform.machine(), os.getpid())
    given = _Program(len(steps) // 8, steps)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    if libc.prctl(22, 2, ctypes.byref(given), 0, 0) != 0:  # PR_SET_SECCOMP
        raise OSError(ctypes.get_errno(), "the kernel takes no filter of system calls")
