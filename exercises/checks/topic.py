"""What the exercises of one chapter have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from exercises.checks.engine import Exercise


@dataclass(frozen=True)
class Question:
    """An exercise that is answered in words.

    Parameters
    ----------
    name : str
        The name in its marker line, ``**Your answer (ex-…)**``, with ``_`` for ``-``.
    title : str
    chapter : str
        File name of the chapter, without suffix.
    points, minutes : int
    """

    name: str
    title: str
    chapter: str
    points: int
    minutes: int


@dataclass(frozen=True)
class Topic:
    """The exercises of a chapter, in the order in which they are written.

    Parameters
    ----------
    chapter : str
        File name of the chapter, without suffix.
    exercises : list of Exercise
        Those that are answered by a function; `exercise` adds one.
    questions : list of Question
        Those that are answered in words; `question` adds one.
    """

    chapter: str
    exercises: list[Exercise] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def exercise(self, **settings: object) -> Callable[[Callable], Exercise]:
        """Return a decorator that makes an exercise of its solution.

        Parameters
        ----------
        **settings
            Attributes of `Exercise`, all but `name`, `chapter` and `solution`.

        Returns
        -------
        callable
        """

        def make(solution: Callable) -> Exercise:
            one = Exercise(
                name=solution.__name__,
                chapter=self.chapter,
                solution=solution,
                **settings,
            )
            self.exercises.append(one)
            return one

        return make

    def question(self, name: str, title: str, points: int, minutes: int) -> None:
        """Add an exercise that is answered in words.

        Parameters
        ----------
        name, title : str
        points, minutes : int
            See `Question`, for all four.
        """
        self.questions.append(Question(name, title, self.chapter, points, minutes))
