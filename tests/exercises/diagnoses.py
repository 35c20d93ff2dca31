"""How many wrong answers, invented from the questions alone, do the checks name?

    python -m tests.exercises.diagnoses [--list] [EXERCISE ...]

With ``--list`` every answer is printed, with what was done and what the check says,
for a reader who judges whether it misleads.
"""

from __future__ import annotations

import argparse
import gc
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from exercises import checks

GROUPS = ("named: listed", "named: of a kind", "hint of kind", "expected/got", "passed")
HINTS = (
    "wrong type",
    "Their type",
    "kind of thing",
    "axis",
    "axes",
    "shape",
    "order",
    "raised",
    "NaN",
    "returns None",
    "not come to an end",
    "changes an array",
    "items, got",
    "item, got",
    "key",
    "Only one case",
    "All is right but",
)
"""Words of a diagnosis that says more than which number was expected."""


@dataclass(frozen=True)
class Diagnosis:
    """One wrong answer, and what its check says.

    Parameters
    ----------
    exercise, done : str
        The exercise, and what the reader did.
    group : str
        One of `GROUPS`.
    text : str
    """

    exercise: str
    done: str
    group: str
    text: str


def invented() -> list[tuple[str, str, Callable]]:
    """Return all wrong answers: exercise, what the reader did, function."""
    modules = [
        import_module(f"tests.exercises.invented.chapter_{n}") for n in range(1, 9)
    ]
    return [one for module in modules for one in module.ANSWERS]


def diagnose(exercise: str, done: str, function: Callable) -> Diagnosis:
    """Return what the check of an exercise says to an answer."""
    check = checks.EXERCISES[exercise]
    report = check.judge(check.run(function))
    text = report.diagnosis or ""
    if report.fraction == 1:
        group = "passed"
    elif report.wrong:
        group = "named: listed"
    elif report.kind:
        group = "named: of a kind"
    else:
        told = any(word in text for word in HINTS)
        group = "hint of kind" if told else "expected/got"
    return Diagnosis(exercise, done, group, text)


def table(found: list[Diagnosis]) -> str:
    """Return how many answers are in each group, by chapter and together."""
    chapters = Counter((_chapter(one), one.group) for one in found)
    rows = [f"{'':18}" + "".join(f"{group:>18}" for group in GROUPS)]
    for chapter in sorted({_chapter(one) for one in found}):
        counts = [chapters[chapter, group] for group in GROUPS]
        rows.append(f"{chapter[:18]:18}" + "".join(f"{n:18}" for n in counts))
    counts = [sum(one.group == group for one in found) for group in GROUPS]
    rows.append(f"{'all':18}" + "".join(f"{n:18}" for n in counts))
    shares = [f"{100 * n / len(found):.1f} %" for n in counts]
    rows.append(f"{'':18}" + "".join(f"{share:>18}" for share in shares))
    return "\n".join(rows)


def _chapter(one: Diagnosis) -> str:
    return checks.EXERCISES[one.exercise].chapter


def main(arguments: list[str] | None = None) -> None:
    """Print the table, and with ``--list`` every diagnosis."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("exercises", nargs="*")
    parser.add_argument("--list", action="store_true", help="print every diagnosis")
    a = parser.parse_args(arguments)
    answers = [one for one in invented() if not a.exercises or one[0] in a.exercises]
    found = [diagnose(*one) for one in answers]
    gc.collect()
    for group in GROUPS if a.list else ():
        for one in found:
            if one.group == group:
                print(f"[{group}] {one.exercise}: {one.done}\n    {one.text}")
    print(table(found))


if __name__ == "__main__":
    main()
