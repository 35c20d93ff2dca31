"""Whatever is handed in, everyone gets a row, and nobody that of somebody else."""

import json
import os
import resource
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from exercises.grading import reading, submissions
from exercises.handout import release
from tests import hand_ins

UNSOLVED = json.dumps(hand_ins.unsolved())
SOLVED = json.dumps(hand_ins.solved())
NAMES = list(hand_ins.exercise_cells(hand_ins.unsolved()))


def zipped(path: Path, **files: str | bytes) -> Path:
    """Write a zip of files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def written(path: Path, data: str | bytes, when: float = 0) -> Path:
    """Write a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    if when:
        os.utime(path, (when, when))
    return path


def found_in(path: Path) -> dict[str, submissions.Submission]:
    """Return the submissions by name; no two may have one."""
    found = submissions.find(path, NAMES)
    assert len({one.name for one in found}) == len(found)
    return {one.name: one for one in found}


# What files do to the code that reads them


def damaged(path: Path) -> None:
    """Write a zip in which the bytes of a member are not what they were."""
    zipped(path, **{"work.ipynb": SOLVED})
    data = bytearray(path.read_bytes())
    data[200:260] = bytes(60)
    path.write_bytes(data)


def bomb(path: Path) -> None:
    """Write a small zip of members each of which is larger than may be read."""
    zeros = b"{" + bytes(110 * 2**20)
    zipped(path, **{f"{number}.ipynb": zeros for number in range(4)})


def many(path: Path) -> None:
    """Write a zip of very many files."""
    zipped(path, **{f"{number}.txt": "" for number in range(3_000)})


def zip_in_zip(path: Path) -> None:
    """Write a zip in a zip in a zip and so on."""
    zipped(path, **{"work.ipynb": SOLVED})
    for _ in range(10):
        zipped(path, **{"more.zip": path.read_bytes()})


def locked(path: Path) -> None:
    """Write a zip whose member asks for a password."""
    zipped(path, **{"work.ipynb": SOLVED})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)


CELL = {"cell_type": "code", "source": "x = 1"}
DEEP = "[" * 100_000
NUMBER = "9" * 100_000
FILES = {  # name: what is in it, and a part of what is said about it
    "deep.ipynb": (DEEP, "not JSON"),
    "deeper.ipynb": ('{"a":' * 100_000, "not JSON"),
    "noise.ipynb": (os.urandom(1000), "not JSON"),
    "nothing.ipynb": (b"", "is empty"),
    "list.ipynb": ("[1, 2]", "not JSON"),
    "string.ipynb": ('"cells"', "not JSON"),
    "cells.ipynb": ('{"cells": {"a": 1}}', "no cells"),
    "sheets.ipynb": ('{"worksheets": [5, {"cells": 7}]}', None),
    "kinds.ipynb": (
        '{"cells": [null, {"cell_type": {"a": []}, "source": 7}, '
        '{"source": [1, null, ["x"]]}, {"cell_type": null, "source": "y"}], '
        '"metadata": 5, "nbformat": "x"}',
        None,
    ),
    "number.ipynb": (f'{{"a": {NUMBER}, "cells": [{json.dumps(CELL)}]}}', None),
    "nan.ipynb": (f'{{"a": NaN, "b": 1e999, "cells": [{json.dumps(CELL)}]}}', None),
    "surrogate.ipynb": (
        '{"cells": [{"cell_type": "code", "source": "x = \\"\\ud800\\"\\u0000"}]}',
        None,
    ),
    "parentheses.ipynb": (
        json.dumps({"cells": [CELL | {"source": "(" * 300_000}]}),
        None,
    ),
    "minus.ipynb": (
        json.dumps({"cells": [CELL | {"source": "-" * 300_000 + "1"}]}),
        None,
    ),
    "magics.ipynb": (json.dumps({"cells": [CELL | {"source": "%a\n" * 90_000}]}), None),
    "dots.ipynb": (
        json.dumps({"cells": [CELL | {"source": "x" + ".x" * 90_000}]}),
        None,
    ),
    "utf16.ipynb": (json.dumps({"cells": [CELL]}).encode("utf-16"), None),
    "latin.ipynb": (
        '{"cells": [{"cell_type": "code", "source": "# é"}]}'.encode("latin-1"),
        None,
    ),
    "a\nb\x1b[31m.ipynb": (UNSOLVED, None),
    "=cmd|'x'!A1.ipynb": (UNSOLVED, None),
    "huge.ipynb": ('{"cells": [], "a": "' + "x" * 110_000_000 + '"}', "too large"),
    "rich.ipynb": ('{"cells": [], "a": "😀' + "x" * 90_000_000 + '"}', None),
    "lists.ipynb": ('{"cells": [], "a": [' + "[],[]," * 15_000_000 + "[]]}", "memory"),
}
MAKERS = {  # name: what makes it, and a part of what is said about it
    "bomb.zip": (bomb, "too large"),
    "damaged.zip": (damaged, "work.ipynb is damaged"),
    "many.zip": (many, "of which 1000 were read"),
    "in-zips.zip": (zip_in_zip, "too many zips"),
    "locked.zip": (locked, "password"),
    "cut.zip": (lambda path: path.write_bytes(b"PK\x03\x04 broken"), "damaged zip"),
    "fifo.ipynb": (os.mkfifo, "no plain file"),
    "dangling.ipynb": (lambda path: path.symlink_to("/nowhere"), "link"),
    "secret.ipynb": (lambda path: path.symlink_to("/etc/passwd"), "link"),
    "round": (lambda path: path.symlink_to("."), "link"),
    "empty": (Path.mkdir, "no file"),
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Hand in every odd file, each also within the folder of a student."""
    folder = tmp_path_factory.mktemp("odd")
    for name, (data, _) in FILES.items():
        written(folder / name, data)
    for name, (make, _) in MAKERS.items():
        make(folder / name)
    written(folder / "good.ipynb", SOLVED)
    written(folder / "inner" / "work.ipynb", SOLVED)
    os.mkfifo(folder / "inner" / "fifo.ipynb")
    (folder / "inner" / "again").symlink_to("..")
    damaged(folder / "inner" / "old.zip")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def read(odd):
    """Read them all."""
    return {one.name: one for one in submissions.find(odd, NAMES)}


@pytest.mark.parametrize("name", [*FILES, *MAKERS, "good", "inner"])
def test_everyone_has_a_row_and_plain_words(name, read):
    shown = submissions.in_line(name.removesuffix(".ipynb").removesuffix(".zip"))
    one = read[shown]
    said = {**FILES, **MAKERS}.get(name, ("", None))[1]
    if said is None:
        assert one.cells is not None, one.problem
    else:
        assert one.cells is None
        assert said in one.problem


MEASURED = """import resource, sys
from pathlib import Path
from exercises.grading import submissions
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
submissions.find(Path(sys.argv[1]), sys.argv[2:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_reading_takes_little_memory(odd):
    command = [sys.executable, "-c", MEASURED, odd, *NAMES]
    own, most = subprocess.check_output(command, cwd=release.ROOT).split()
    assert int(own) < 300_000  # in kB
    assert int(most) < 1_100_000


def test_what_is_good_beside_what_is_damaged_is_graded(read):
    inner = read["inner"]
    assert inner.cells == read["good"].cells
    assert {
        "old.zip" in note or "fifo" in note or "damaged" in note for note in inner.notes
    } == {True}


def test_what_takes_too_long_to_read_costs_its_hand_in(tmp_path):
    cells = [CELL | {"source": "%a\n" * 16_000}] * 20  # IPython's rules take minutes
    written(tmp_path / "slow.ipynb", json.dumps({"cells": cells}))
    written(tmp_path / "good.ipynb", SOLVED)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = found_in(tmp_path)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 2 * reading.SECONDS
    assert found["good"].cells
    assert "too long" in found["slow"].problem


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said(tmp_path):
    written(tmp_path / "anna" / "a.ipynb", SOLVED).chmod(0)
    written(tmp_path / "bert" / "a.ipynb", SOLVED).parent.chmod(0)
    assert {
        "Permission denied" in one.problem for one in found_in(tmp_path).values()
    } == {True}


# Whose it is

MOODLE = "{}_{}_assignsubmission_file_"
METADATA = "submission_{}:\n  :submitters:\n  - :name: {}\n    :email: g@example.org\n"


def test_people_are_found_in_the_zips_of_the_systems(tmp_path):
    path = zipped(
        tmp_path / "all.zip",
        **{
            "Ann Lee_123_assignsubmission_file_/my work.ipynb": UNSOLVED,
            "Ann Lee_123_assignsubmission_onlinetext/onlinetext.html": "",
            "Bo_7_assignsubmission_file_my work.ipynb": UNSOLVED,
            "leebo_LATE_45_678_chapter-1.ipynb": UNSOLVED,
            "leebo_45_679_chapter-2.ipynb": UNSOLVED,
            "assignment_1_export/submission_77/x.ipynb": UNSOLVED,
            "assignment_1_export/submission_metadata.yml": METADATA.format(77, "Gus"),
            "../../../escape.ipynb": UNSOLVED,
            "/absolute.ipynb": UNSOLVED,
            "__MACOSX/._x.ipynb": "junk",
        },
    )
    found = found_in(path)
    assert set(found) == {"Ann Lee", "Bo", "leebo", "Gus", "escape", "absolute"}
    numbers = {name: found[name].id for name in ("Ann Lee", "Bo", "leebo", "Gus")}
    assert numbers == {"Ann Lee": "123", "Bo": "7", "leebo": "45", "Gus": "77"}
    assert all(one.cells for one in found.values())
    assert "2 notebooks" in found["leebo"].notes[0]
    assert not list(tmp_path.parent.glob("escape*"))


@pytest.mark.parametrize("deep", [True, False])
def test_an_export_of_gradescope_may_be_unpacked(deep, tmp_path):
    folder = tmp_path / "assignment_12_export" if deep else tmp_path
    written(folder / "submission_77" / "x.ipynb", UNSOLVED)
    written(folder / "submission_metadata.yml", METADATA.format(77, "Gus"))
    assert set(found_in(tmp_path)) == {"Gus"}


BAD_METADATA = {
    "date": "2024-02-31",
    "date of a key": METADATA.format(77, "2024-02-31"),
    "deep": "[" * 50_000,
    "aliases": "a: &a [x, x]\n"
    + "".join(
        f"{k}: &{k} [{', '.join([f'*{chr(ord(k) - 1)}'] * 9)}]\n" for k in "bcdefghij"
    ),
    "tag": "!!python/object/apply:os.system ['touch pwned']",
    "list": "- 1",
    "noise": bytes(range(256)),
}


@pytest.mark.parametrize("name", BAD_METADATA)
def test_metadata_cost_no_more_than_names(name, tmp_path):
    written(tmp_path / "submission_77" / "x.ipynb", SOLVED)
    written(tmp_path / "submission_metadata.yml", BAD_METADATA[name])
    (one,) = submissions.find(tmp_path, NAMES)
    assert one.cells
    assert one.id == "77"


@pytest.mark.parametrize("name", BAD_METADATA)
def test_metadata_within_a_hand_in_are_not_read(name, tmp_path):
    written(tmp_path / "anna" / "x.ipynb", SOLVED)
    written(tmp_path / "anna" / "submission_metadata.yml", BAD_METADATA[name])
    written(tmp_path / "bert.ipynb", SOLVED)
    found = found_in(tmp_path)
    assert set(found) == {"anna", "bert"}
    assert all(one.cells for one in found.values())


def impostor(folder: Path, claim: str) -> None:
    """Hand in what claims to be somebody else's, by its names and by metadata."""
    for inside in ("", "deeper/", "assignment_1_export/"):
        written(folder / f"{inside}{claim}" / "x.ipynb", SOLVED)
        written(folder / f"{inside}{claim}.ipynb", SOLVED)
        text = METADATA.format(77, "Ann Lee")
        written(folder / f"{inside}submission_metadata.yml", text)
    zipped(folder / "more.zip", **{f"{claim}/x.ipynb": SOLVED, f"../{claim}/y": SOLVED})
    zipped(folder / f"{claim}.zip", **{"x.ipynb": SOLVED})


CLAIMS = [MOODLE.format("Ann Lee", 123), "annlee_123_4567_x", "submission_77"]
VICTIMS = {  # where the work of Ann Lee lies, and that of the impostor
    "moodle": (f"{CLAIMS[0]}/x.ipynb", MOODLE.format("Mal", 9)),
    "canvas": ("annlee_123_4566_x.ipynb", "mal"),
    "gradescope": ("submission_77/x.ipynb", "submission_9"),
    "plain": ("Ann Lee/x.ipynb", "mal"),
}


@pytest.mark.parametrize("victim", VICTIMS)
@pytest.mark.parametrize("packed", [False, True])
def test_nobody_is_graded_as_somebody_else(victim, packed, tmp_path):
    folder, (place, mallory) = tmp_path / "class", VICTIMS[victim]
    for claim in CLAIMS:
        impostor(folder / mallory, claim)
    written(folder / place, UNSOLVED)
    if packed:
        shutil.make_archive(str(tmp_path / "all"), "zip", folder)
    found = submissions.find(tmp_path / "all.zip" if packed else folder, NAMES)
    (own,) = [one for one in found if one.file == place]
    (other,) = [one for one in found if one is not own]
    assert json.dumps(own.code) == json.dumps(
        [c["source"] for c in json.loads(UNSOLVED)["cells"] if c["cell_type"] == "code"]
    )
    assert own.notes == []
    assert other.name in ("Mal", "mal", "submission_9")
    assert any("looks like a name of an LMS" in note for note in other.notes)


def test_a_name_that_reads_as_two_students_is_nobodys(tmp_path):
    ann, mal = MOODLE.format("Ann Lee", 123), MOODLE.format("Mal", 9)
    written(tmp_path / f"{ann}x.ipynb", UNSOLVED)
    written(tmp_path / f"{mal}{ann}x.ipynb", SOLVED)
    written(tmp_path / f"{ann}{mal}" / "x.ipynb", SOLVED)
    found = submissions.find(tmp_path, NAMES)
    assert len(found) == 3
    (own,) = [one for one in found if one.name == "Ann Lee"]
    assert own.cells
    (nobody,) = [one for one in found if one.cells is None]
    assert "two students" in nobody.problem
    (named,) = [one for one in found if one.system == "moodle" and one is not own]
    assert named.id == "9"


ALIKE = ["Zoë", "ZOË", "Zoe\u0308", "Zoë ", " zoë", "Zo\u200bë", "Z-o-ë", "Z o ë"]
ALIKE += [
    "Z_o_ë",
    "Z\u00a0o\u2010ë",
    "Z\u2215o\u2044ë",
    "\x01Zoë",
    "Ｚｏｅ\u0308",
]


def test_names_that_look_the_same_share_nothing(tmp_path):
    folder = tmp_path / "in"
    for name in ALIKE:
        written(folder / name / "x.ipynb", UNSOLVED)
    found = submissions.find(folder, NAMES)
    assert len(found) == len(ALIKE)
    assert len({submissions.looks(one.id) for one in found}) == len(found)
    assert len({one.slug.lower() for one in found}) == len(found)
    assert all("look the same" in one.notes[-1] for one in found)
    again = submissions.find(folder, NAMES)
    assert [one.id for one in again] == [one.id for one in found]


def test_a_name_is_one_line_and_no_path(tmp_path):
    for name in ("a\nb", "a  b", "anna\\x", "anna", " "):
        written(tmp_path / name / "x.ipynb", UNSOLVED)
    found = submissions.find(tmp_path, NAMES)
    names = [one.name for one in found]
    assert names == ["a b", "a b", "anna", "anna\\x", "unnamed"]
    assert len({submissions.looks(one.id) for one in found}) == 5


def test_a_number_of_an_lms_stays_beside_a_name_like_it(tmp_path):
    written(tmp_path / MOODLE.format("Ann Lee", 123) / "x.ipynb", UNSOLVED)
    written(tmp_path / MOODLE.format("Ann Leh", 124) / "x.ipynb", UNSOLVED)
    written(tmp_path / "123" / "x.ipynb", UNSOLVED)
    found = {one.name: one for one in submissions.find(tmp_path, NAMES)}
    assert (found["Ann Lee"].id, found["Ann Leh"].id) == ("123", "124")
    assert found["123"].id.startswith("123 (")


# Which of its files

OLD, NEW = 1_600_000_000, 1_700_000_000


def test_the_notebook_with_the_exercises_is_graded_then_the_newest(tmp_path):
    scratch = json.dumps({"cells": [CELL]})
    written(tmp_path / "a" / "work.ipynb", SOLVED, OLD)
    written(tmp_path / "a" / "scratch.ipynb", scratch, NEW)
    written(tmp_path / "b" / "given.ipynb", UNSOLVED, NEW)
    written(tmp_path / "b" / "work.ipynb", SOLVED, OLD)
    written(tmp_path / "c" / "hw-9.ipynb", SOLVED, OLD)
    changed = hand_ins.solved(
        {hand_ins.VICTIM: f"def {hand_ins.VICTIM}(a, b):\n    pass"}
    )
    written(tmp_path / "c" / "hw-10.ipynb", json.dumps(changed), NEW)
    zipped(tmp_path / "d" / "old.zip", **{"deep/work.ipynb": SOLVED})
    written(tmp_path / "d" / "data.csv", "1,2")
    found = found_in(tmp_path)
    files = {name: one.file.rpartition("/")[2] for name, one in found.items()}
    assert files == dict.fromkeys("abd", "work.ipynb") | {"c": "hw-10.ipynb"}
    assert "the last that has the answers, work.ipynb" in found["a"].notes[0]


def test_a_zip_in_the_zip_of_moodle_is_opened(tmp_path):
    inner = zipped(tmp_path / "inner.zip", **{"Homework/work.ipynb": SOLVED})
    place = MOODLE.format("Ann Lee", 123)
    path = zipped(
        tmp_path / "all.zip",
        **{
            f"{place}/homework.zip": inner.read_bytes(),
            f"{MOODLE.format('Bo', 5)}homework.zip": inner.read_bytes(),
            "leebo_45_679_homework.zip": inner.read_bytes(),
        },
    )
    assert {name: bool(one.cells) for name, one in found_in(path).items()} == {
        "Ann Lee": True,
        "Bo": True,
        "leebo": True,
    }


def test_a_folder_of_zips_and_a_broken_zip(tmp_path):
    zipped(tmp_path / "cleo.zip", **{"work.ipynb": UNSOLVED})
    written(tmp_path / "dan.zip", b"PK\x03\x04 broken")
    found = found_in(tmp_path)
    assert found["cleo"].cells
    assert "damaged zip" in found["dan"].problem
    assert found["dan"].file == "dan.zip"


def test_a_damaged_member_of_the_zip_of_a_class_costs_one(tmp_path):
    files = {f"{MOODLE.format(n, i)}/x.ipynb": SOLVED for i, n in enumerate("ab")}
    path = zipped(tmp_path / "all.zip", **files)
    data = bytearray(path.read_bytes())
    data[200:260] = bytes(60)
    path.write_bytes(data)
    found = found_in(path)
    assert "x.ipynb is damaged" in found["a"].problem
    assert found["b"].cells


def test_nothing_to_grade_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="no files"):
        submissions.find(tmp_path)
    with pytest.raises(ValueError, match="neither"):
        submissions.find(tmp_path / "nowhere")


def test_notebooks_of_format_3_are_read():
    cells = [{"cell_type": "code", "input": ["a", "b"]}]
    old = {"worksheets": [{"cells": cells}, {"cells": cells}]}
    assert reading.cells_of(old) == ([("code", "ab")] * 2, [])


def test_very_long_cells_are_left_out_and_said():
    cells = [{"cell_type": "code", "source": "#" * 600_000}, CELL]
    assert reading.cells_of({"cells": cells}) == (
        [("code", "x = 1")],
        ["1 of its cells left out: too long"],
    )
