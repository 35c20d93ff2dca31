"""What the chapters claim of trained networks, measured on eight seeds.

``make seeds`` prints the table, ``python -m reference.seeds 4`` that of chapter 4.
Each chapter has a module here; a claim is a function of a seed that returns a number::

    @claim("updates to all letters, all rows at once")
    def updates_of_a_batch(seed):
        ...
        return updates
"""

from collections.abc import Callable
from dataclasses import dataclass

SEEDS = range(8)


@dataclass(frozen=True)
class Claim:
    """What is measured, and the function that measures it for one seed."""

    chapter: int
    text: str
    measure: Callable[[int], float]


CLAIMS: list[Claim] = []


def claim(text: str):
    """Return a decorator that adds a function of a seed to the table."""

    def add(measure):
        chapter = int(measure.__module__.rpartition("chapter_")[2])
        CLAIMS.append(Claim(chapter, text, measure))
        return measure

    return add
