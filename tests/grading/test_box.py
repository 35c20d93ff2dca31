"""What a submission cannot do in its box, and what it may cost."""

import platform
import time

import pytest

from exercises import checks
from exercises.box import barred
from exercises.grading import grade, running
from tests import hand_ins
from tests.grading import boxed

pytestmark = pytest.mark.grader
FIRST, SECOND = "decode_one_hot", "count_pairs"  # of chapter 1
RIGHT = {name: hand_ins.source_of(name) for name in (FIRST, SECOND)}
LOOK_FOR_FILES = """
import os
def found_files(mark):
    found = []
    tops = ["/", "/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", os.getcwd()]
    for top in tops:
        try:
            found += [n for n in os.listdir(top) if mark in n]
        except OSError:
            pass
    return found
"""


@pytest.fixture(scope="module")
def box():
    box = boxed.box_or_skip()
    yield box
    box.close()


def said(box, body: str, before: str = "") -> str:
    """Return what the code `body` in an answer comes to, as text: a value or error."""
    lines = "\n".join("    " + line for line in body.splitlines())
    source = f"{before}\ndef {FIRST}(vectors, symbols):\n{lines}\n"
    one = boxed.outcomes(box, FIRST, source)[0]
    return f"{one.error}: {one.message}" if one.error else str(one.value)


# No other process ------------------------------------------------------------

ALONE = {
    "fork": "import os\nreturn str(os.fork())",
    "a program": "import subprocess\nreturn str(subprocess.run(['true']))",
    "spawn": "import os\nreturn str(os.posix_spawn('/usr/bin/env', ['env'], {}))",
    "exec": "import os\nos.execv('/usr/bin/env', ['env'])",
    "multiprocessing": "import multiprocessing as m\n"
    "p = m.get_context('fork').Process(target=print)\np.start()\nreturn 'started'",
    "kill the worker": "import os\nos.kill(os.getppid(), 9)\nreturn 'killed'",
    "kill all": "import os\nos.kill(-1, 9)\nreturn 'killed'",
    "limits of another": "import os, resource as r\n"
    "r.prlimit(os.getppid(), r.RLIMIT_CPU, (1, 1))\nreturn 'limited'",
    "owner of signals": "import fcntl, os\n"
    "fcntl.fcntl(3, fcntl.F_SETOWN, os.getppid())\nreturn 'owned'",
}
COLUMN = barred.MACHINES.get(platform.machine(), (0, 0))[0]
CALLS = {
    "unshare": "libc.unshare(0x10000000)",
    "clone": f"libc.syscall({barred.CLONE[COLUMN]}, 0x10000000 | 17, 0, 0, 0, 0)",
    "clone3": "libc.syscall(435, ctypes.byref((ctypes.c_uint64 * 8)(0x10000000)), 64)",
    "setns": "libc.setns(0, 0)",
    "mount": "libc.mount(b'a', b'/tmp', b'tmpfs', 0, 0)",
    "ptrace": "libc.ptrace(16, os.getppid(), 0, 0)",
    "shmget": "libc.shmget(0, 4096, 0o1600)",
    "memfd_create": "libc.memfd_create(b'a', 0)",
    "add_key": f"libc.syscall({barred.ALWAYS['add_key'][COLUMN]},"
    " b'user', b'a', b'b', 1, -4)",
}


@pytest.mark.parametrize("way", ALONE)
def test_a_submission_stays_alone(way, box):
    assert "PermissionError" in said(box, ALONE[way])


@pytest.mark.parametrize("call", CALLS)
def test_system_calls_that_lead_out_are_refused(call, box):
    body = f"import ctypes, os\nlibc = ctypes.CDLL(None)\nreturn str({CALLS[call]})"
    assert said(box, body) == "-1"


def test_no_process_can_be_looked_into(box):
    body = """import os
seen = []
for pid in [n for n in os.listdir("/proc") if n.isdigit() and n != str(os.getpid())]:
    for name in ("mem", "maps", "environ", "fd", "cwd", "root", "map_files", "auxv"):
        path = f"/proc/{pid}/{name}"
        try:
            seen.append(os.listdir(path) if os.path.isdir(path) else open(path).read(1))
        except OSError:
            pass
return str(seen)"""
    assert said(box, body) == "[]"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only there")
def test_calls_of_another_kind_end_the_process(box):
    fork = f"import ctypes\ndef {FIRST}(*args):\n    ctypes.CDLL(None)"
    found = boxed.points(box, {FIRST: f"{fork}.syscall(0x40000000 | 57)"})
    assert found[FIRST].status == "ended the Python process"


def test_threads_are_allowed(box):
    body = "import threading as t\nfound = []\n"
    body += "one = t.Thread(target=found.append, args=(5,))\none.start()\none.join()\n"
    assert said(box, body + "return str(found)") == "[5]"


def test_the_filter_is_one_for_each_known_processor():
    for machine in barred.MACHINES:
        assert len(barred.program(machine, 5)) % 8 == 0
    assert barred.program("x86_64", 5) != barred.program("x86_64", 6)


@pytest.mark.parametrize(
    "body",
    [
        "kept = [bytes(2**28) for _ in range(9)]",
        "import mmap\nkept = [mmap.mmap(-1, 2**28) for _ in range(9)]",
        "import numpy as np\nkept = [np.zeros(2**25) for _ in range(9)]",
    ],
)
def test_memory_ends_at_two_gigabytes(body, box):
    assert "Error" in said(box, f"{body}\nreturn str(len(kept))")


def test_files_end_at_their_size_and_number(box):
    body = "for i in range(9):\n    open(f'{i}', 'wb').write(bytes(2**24 - 1))"
    assert "OSError" in said(box, f"{body}\nreturn 'all written'")
    many = f"def {FIRST}(vectors, symbols):\n    i = 0\n    while True:\n"
    many += "        i += 1\n        open(f'{i}', 'w').close()"
    result = boxed.points(box, {FIRST: many, SECOND: RIGHT[SECOND]}, seconds=30)
    assert result[FIRST].points == 0
    assert result[SECOND].status == "right"


# Nothing stays ---------------------------------------------------------------

LEAVE = {
    "a file": "open('mark', 'w').write('x')",
    "a folder": "os.makedirs('mark/mark')\nos.chmod('mark', 0)",
    "a hidden file": "open('.mark', 'w').write('x')",
    "a link": "os.symlink('/nowhere', 'mark')",
    "a pipe": "os.mkfifo('mark')",
    "shared memory": "open('/dev/shm/mark', 'w')",
    "elsewhere": "open('/var/tmp/mark', 'w')",
    "at home": "open(os.path.expanduser('~/mark'), 'w')",
    "beside the library": "import rnn_lib\n"
    "open(os.path.dirname(rnn_lib.__file__) + '/mark', 'w')",
}


@pytest.mark.parametrize("way", LEAVE)
def test_nothing_survives_into_the_next_exercise(way, box):
    body = "\n".join("        " + line for line in LEAVE[way].splitlines())
    tried = f"    import os\n    try:\n{body}\n    except OSError:\n        pass\n"
    leave = RIGHT[FIRST].replace("    return", f"{tried}    return")
    look = f"def {SECOND}(indices, size):\n    raise ValueError(found_files('mark'))"
    found = boxed.points(box, {FIRST: leave, SECOND: look}, LOOK_FOR_FILES)
    assert found[FIRST].status == "right"
    assert "ValueError: []" in found[SECOND].lines[0][1]


# Time ------------------------------------------------------------------------

IDLE = "import time\n    time.sleep(1000)"
STOPPED = "import os, signal\n    os.kill(os.getpid(), signal.SIGSTOP)"
SWALLOWING = """while True:
        try:
            while True:
                pass
        except BaseException:
            pass"""
SLOW_ENDS = """import atexit, threading, time
    threading.Thread(target=time.sleep, args=(1000,)).start()
    atexit.register(time.sleep, 1000)
    while True:
        pass"""


@pytest.mark.parametrize("body", [SWALLOWING, IDLE, STOPPED, SLOW_ENDS])
def test_the_exercises_of_a_hand_in_share_their_time(body, box):
    """Ten seconds each would be fifty: here two each would be ten."""
    names = [one.name for one in checks.of_chapter("01_one_hot")]
    answers = {name: f"def {name}(*args):\n    {body}" for name in names}
    last = names[-1]
    answers[last] = hand_ins.source_of(last)
    start = time.monotonic()
    found = boxed.points(box, answers, seconds=2)
    took = time.monotonic() - start
    assert [found[name].points for name in names[:-1]] == [0] * 4
    assert found[last].status == "right"
    assert took < 60, "of which 3.4 are the answers'"


def test_slow_loading_is_counted(box):
    answers = {FIRST: RIGHT[FIRST].replace("symbols[k]", "(symbols, SLOW)[0][k]")}
    before = "def slow():\n    while True:\n        pass\nSLOW = slow()"
    start = time.monotonic()
    found = boxed.points(box, answers, before, seconds=1)
    assert found[FIRST].status == "took too long"
    assert time.monotonic() - start < 30


def test_what_a_function_may_do_without_leaves_it_its_time(box):
    names = [one.name for one in checks.of_chapter("01_one_hot")]
    answers = {name: hand_ins.source_of(name) for name in names}
    found = boxed.points(box, answers, "exec('while True: pass')", seconds=5)
    assert {found[name].status for name in names} == {"right"}
    answers[FIRST] = f"def {FIRST}(*args):\n    while True:\n        pass"
    found = boxed.points(box, {FIRST: answers[FIRST]}, "exec('while True: pass')", 5)
    said = "`exec('while True: pass')` was not run: it took too long; took too long"
    assert found[FIRST].status == said


def test_the_budget_leaves_something_for_everyone():
    budget = running.Budget(10)
    given = []
    for _ in range(12):
        given.append(budget.next)
        budget.spend(budget.next)
    assert given == [10, 5, *[1] * 10]


def test_seconds_raise_every_limit(box):
    item = grade.assignment(hand_ins.CHAPTER).items[0]
    once = running.task_of(item, 0, box, running.Budget(10.0), 2**31)
    thrice = running.task_of(item, 0, box, running.Budget(30.0), 2**31)
    assert thrice["case_seconds"] == 3 * once["case_seconds"] == 6
    assert (once["seconds"], thrice["seconds"]) == (10, 30)
    assert thrice["clock"] > once["clock"] > once["seconds"]
    assert dict(thrice["limits"])["RLIMIT_CPU"] == 30


def test_more_seconds_let_a_slow_answer_end(box):
    slow = RIGHT[FIRST].replace(
        "    return",
        "    import time\n    start = time.process_time()\n"
        "    while time.process_time() < start + 0.4:\n        pass\n    return",
    )
    little = boxed.points(box, {FIRST: slow}, seconds=1)[FIRST]
    assert little.status == "took too long"
    assert boxed.points(box, {FIRST: slow}, seconds=10)[FIRST].status == "right"


# Hidden arguments ------------------------------------------------------------

MARK = "sesame"
HIDDEN = f'''
import numpy as np
from exercises.checks import Case, Exercise

EXERCISES = [
    Exercise(
        name="{SECOND}", title="{MARK}", chapter="-", points=5, minutes=1,
        solution=lambda *a: "{MARK}", wrong=(), forbidden=(), section="{MARK}",
        cases=lambda: [Case("{MARK}", (np.array([[0, 1]]), "{MARK}"))],
    )
]
'''
EVERYWHERE = """
import gc, sys
MARK = "".join(["ses", "ame"])
def everything():
    found, frame = [], sys._getframe()
    while frame:
        found += [repr(frame.f_locals), repr(frame.f_globals)]
        frame = frame.f_back
    found += [repr(o) for o in gc.get_objects() if type(o) in (dict, list, tuple, str)]
    found = [text for text in found if MARK in text and "MARK" not in text]
    return repr([text[max(0, text.find(MARK) - 50):][:100] for text in found])
"""
TELLING = {
    "when called": f"def {SECOND}(*args):\n    raise ValueError(repr(args))",
    "when loaded": f"import numpy as np\nkept = everything()\n"
    f"if MARK in kept:\n    raise ValueError(kept)\n"
    f"def {SECOND}(*args):\n    return kept",
    "by a name": f"class {SECOND}(globals()[everything()]):\n    pass",
    "by its type": f"def {SECOND}(*args):\n    return type(str(args), (), {{}})()",
    "by its error": f"def {SECOND}(*args):\n"
    "    raise type(repr(args)[-30:], (Exception,), {})()",
    "by a file": f"def {SECOND}(*args):\n    open('x', 'w').write(str(args))",
}


@pytest.mark.parametrize("way", TELLING)
def test_nothing_tells_a_hidden_argument(way, box, tmp_path):
    (tmp_path / "hidden.py").write_text(HIDDEN, "utf-8")
    late = f"def {FIRST}(*args):\n    raise ValueError(everything(), open('x'))"
    answers = {SECOND: f"{EVERYWHERE}\n{TELLING[way]}", FIRST: late}
    hand_ins.write(tmp_path / "in" / "a.ipynb", hand_ins.solved(answers))
    out = tmp_path / "out"
    files = {"canvas": tmp_path / "canvas.csv", "moodle": tmp_path / "moodle.csv"}
    hidden = tmp_path / "hidden.py"
    files["moodle"].write_text(
        "Identifier,Full name,Grade,Last modified (grade)\nParticipant 1,a,,-\n"
    )
    files["canvas"].write_text("Student,ID,SIS User ID,SIS Login ID,Section,Ch (1)\na")
    grade.grade(tmp_path / "in", hand_ins.CHAPTER, out, hidden=hidden, **files)
    written = [p for p in tmp_path.rglob("*") if p.is_file() and p != hidden]
    texts = {path.name: path.read_text("utf-8", "replace") for path in written}
    own = {name: t for name, t in texts.items() if name != "a.ipynb" and MARK in t}
    assert own == {}
    assert f"{SECOND} (hidden)" in texts["grades.csv"]


def test_the_cases_come_after_the_code_is_loaded(box):
    source = f"{EVERYWHERE}\nFOUND = everything()\ndef NAME(*args):\n    return FOUND"
    kinds = {"rows_alone_agree": "a hint of the batch", "left_over": "left-over path"}
    for name, mark in kinds.items():
        hunting = source.replace('"ses", "ame"', f"{mark[:4]!r}, {mark[4:]!r}")
        found = boxed.outcomes(box, name, hunting.replace("NAME", name))
        assert {one.value for one in found} == {"[]"}


# Resuming --------------------------------------------------------------------


def test_resuming_with_another_setting_grades_again(box, tmp_path, monkeypatch):
    runs = []

    def blank(one, work, *rest):
        runs.append(one.name)
        return work.blanks

    monkeypatch.setattr(grade, "grade_one", blank)
    hand_ins.write(tmp_path / "in" / "a.ipynb", hand_ins.unsolved())
    hidden = tmp_path / "hidden.py"
    hidden.write_text(HIDDEN, "utf-8")
    other = HIDDEN.replace("[[0, 1]]", "[[1, 0]]")

    def run(**options) -> int:
        runs.clear()
        chapter, out = hand_ins.CHAPTER, tmp_path / "out"
        grade.grade(tmp_path / "in", chapter, out, resume=True, **options)
        return len(runs)

    assert run() == 1
    assert run() == 0
    assert run(seconds=20.0) == 1
    assert run(hidden=hidden) == 1
    assert run(hidden=hidden) == 0
    hidden.write_text(other, "utf-8")
    assert run(hidden=hidden) == 1
