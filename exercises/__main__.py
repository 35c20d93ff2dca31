"""The command line: ``python -m exercises release``, ``grade`` and a few more."""

import argparse
import sys
from pathlib import Path

from exercises.grading import autograder, grade
from exercises.grading.sandbox import NoSandbox
from exercises.handout import launch, release

LOUD = """
WARNING: WITHOUT A SANDBOX. The code of every student runs with YOUR rights: it can
read and change your files and use your network. Do this only on a machine that has
nothing to lose.
"""


def plan_options(command: argparse.ArgumentParser) -> None:
    """Add the options that say what counts."""
    add = command.add_argument
    add("--only", metavar="NAMES", help="the exercises that count, or a CSV file")
    add("--points", metavar="NAME=POINTS", help="other points, or a CSV file")
    add("--overrides", type=Path, metavar="FILE", help="default: OUT/overrides.csv")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m exercises", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)

    one = commands.add_parser("release", help="make the student zip of a chapter")
    one.add_argument("chapters", nargs="+", type=Path)
    one.add_argument("--out", type=Path, default=Path("release"))

    one = commands.add_parser("grade", help="grade a folder or zip of submissions")
    one.add_argument(
        "submissions", type=Path, help="folder, or zip of Moodle or Canvas"
    )
    one.add_argument("chapter", type=Path, help="such as chapters/01_one_hot.ipynb")
    one.add_argument("--out", type=Path, help="default: grades-CHAPTER")
    add = one.add_argument
    plan_options(one)
    add("--hidden", type=Path, metavar="FILE", help="more exercises")
    add("--resume", action="store_true", help="keep what is graded")
    add("--regrade", action="append", metavar="NAME", help="a student or an exercise")
    add("--seconds", type=float, default=10.0, help="of the processor, per exercise")
    add("--due", metavar="DATE", help="such as '2026-11-20 23:59'")
    add("--extensions", type=Path, metavar="FILE", help="student, due, handed in")
    add("--penalty", metavar="SHARE", help="for being late, such as '10 %% a day'")
    add("--moodle", type=Path, metavar="FILE", help="worksheet of Moodle to fill in")
    add("--canvas", type=Path, metavar="FILE", help="gradebook of Canvas to fill in")
    add("--assignment", metavar="NAME", help="the column of the gradebook")
    one.add_argument("--no-sandbox", action="store_true", help="dangerous")

    one = commands.add_parser("launch", help="write the notebooks of launch buttons")

    one = commands.add_parser("autograder", help="make a zip for Gradescope")
    one.add_argument("chapter", type=Path)
    one.add_argument("--out", type=Path, default=Path("release"))
    plan_options(one)

    one = commands.add_parser("gradescope", help="runs inside Gradescope's container")
    one.add_argument("chapter", type=Path)
    one.add_argument("--folder", type=Path, default=Path("/autograder"))
    plan_options(one)
    return top


def run_grade(a: argparse.Namespace) -> None:
    """Grade, and say where the results are."""
    if a.no_sandbox:
        print(LOUD, file=sys.stderr)
    out = a.out or Path(f"grades-{a.chapter.stem}")
    problems = grade.grade(
        a.submissions,
        a.chapter,
        out,
        sandbox=not a.no_sandbox,
        hidden=a.hidden,
        resume=a.resume,
        seconds=a.seconds,
        canvas=a.canvas,
        moodle=a.moodle,
        only=a.only,
        points=a.points,
        overrides=a.overrides,
        due=a.due,
        extensions=a.extensions,
        penalty=a.penalty,
        regrade=a.regrade,
        assignment_name=a.assignment,
    )
    for problem in problems:
        print(f"Note: {problem}.", file=sys.stderr)
    print(f"Grades: {out / 'grades.csv'}. Feedback pages: {out / 'feedback'}.")
    for system, given in (("Moodle", a.moodle), ("Canvas", a.canvas)):
        if given:
            table = out / f"{system.lower()}.csv"
            print(f"For {system}: {table} and {out / 'feedback.zip'}.")
    to_read = out / "to-read.csv"
    if len(to_read.read_text("utf-8-sig").splitlines()) > 1:
        print(f"Answers in words: give points in {to_read}, then run with --resume.")
        print("Until then, they are missing in the totals.")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0 if all went well."""
    sys.stdout.reconfigure(errors="backslashreplace")  # for the names of files
    a = parser().parse_args(arguments)
    try:
        if a.command == "release":
            for chapter in a.chapters:
                print(release.release(chapter, a.out))
        elif a.command == "launch":
            chapters = sorted((launch.ROOT / "chapters").glob("*.ipynb"))
            folder = launch.ROOT / launch.FOLDER
            launch.write_notebooks(folder, launch.read_home(), chapters)
        elif a.command == "autograder":
            plan = a.only, a.points, a.overrides
            print(autograder.autograder(a.chapter, a.out, *plan))
        elif a.command == "gradescope":
            plan = a.only, a.points, a.overrides
            autograder.grade_here(a.chapter, a.folder, *plan)
        else:
            run_grade(a)
    except NoSandbox as error:
        print(f"{error}.\nNothing was graded.", file=sys.stderr)
        print("Install bubblewrap, or read about --no-sandbox in", file=sys.stderr)
        print(
            "instructors/grading.md: it runs students' code unguarded.", file=sys.stderr
        )
        return 2
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
