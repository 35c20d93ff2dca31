"""Checks for the exercises of the course: ``checks.NAME(function)``.

    from exercises import checks

    checks.decode_one_hot(decode_one_hot)

Each topic is a module with a `Topic`, to which it adds the exercises of a chapter. A
module in this folder is found by itself.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from exercises.checks.engine import Case, Exercise, Outcome, Report, Wrong
from exercises.checks.examiner import whole
from exercises.checks.topic import Question

MODULES = [import_module(f"{__name__}.{one.name}") for one in iter_modules(__path__)]
TOPICS = sorted(
    (module.topic for module in MODULES if hasattr(module, "topic")),
    key=lambda topic: topic.chapter,
)
EXERCISES = {one.name: one for topic in TOPICS for one in topic.exercises}
QUESTIONS = {one.name: one for topic in TOPICS for one in topic.questions}

__all__ = [
    "EXERCISES",
    "QUESTIONS",
    "Case",
    "Exercise",
    "Outcome",
    "Question",
    "Report",
    "Wrong",
    "of_chapter",
    "questions_of",
    "whole",
]


def of_chapter(chapter: str) -> list[Exercise]:
    """Return the exercises with code of a chapter, named by its file.

    Parameters
    ----------
    chapter : str
        Such as ``"01_one_hot"``.

    Returns
    -------
    list of Exercise
    """
    return [one for one in EXERCISES.values() if one.chapter == chapter]


def questions_of(chapter: str) -> list[Question]:
    """Return the exercises in words of a chapter, named by its file.

    Parameters
    ----------
    chapter : str
        Such as ``"01_one_hot"``.

    Returns
    -------
    list of Question
    """
    return [one for one in QUESTIONS.values() if one.chapter == chapter]


def __getattr__(name: str) -> Exercise:
    if name in EXERCISES:
        return EXERCISES[name]
    raise AttributeError(f"there is no check named {name}; see checks.EXERCISES")


def __dir__() -> list[str]:
    return [*__all__, *EXERCISES]
