"""Exercises whose checks say what is wrong, not only that something is.

An exercise keeps its solution, the cases on which answers are compared with it,
and the wrong answers that people really give. Running an answer and judging what
came out are two steps: `Exercise.judge` works on data and runs nothing of the
reader's.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from importlib import import_module
from inspect import signature

from exercises.box.runner import SECONDS, Case, Outcome, run_cases
from exercises.checks.console import printable
from exercises.checks.diagnosis import broad_diagnosis, failure, is_constant, matches

__all__ = ["Case", "Exercise", "Outcome", "Question", "Report", "Wrong", "altered"]

BADGE = (
    "display:inline-block;min-width:5.5em;padding:0 .4em;margin:.1em .5em .1em 0;"
    "border-radius:.3em;color:#fff;background:"
)
GREEN, RED = "#1a7f37", "#b3261e"


@dataclass(frozen=True)
class Wrong:
    """A wrong answer that people give.

    Parameters
    ----------
    name : str
        A short name, unique in its exercise.
    function : callable
        It computes the wrong answer.
    message : str
        What was done, to be read after "This is what you get when …".
    section : str
        The heading of the chapter to look at; the exercise's own if empty.
    """

    name: str
    function: Callable
    message: str
    section: str = ""


def altered(
    function: Callable, result: Callable | None = None, /, **changes: Callable
) -> Callable:
    """Return `function` with its result or some of its arguments changed.

    Many wrong answers are the right one with a wrong argument:
    ``altered(next_state.solution, W=np.transpose)`` multiplies by W without
    transposing.

    Parameters
    ----------
    function : callable
    result : callable, optional
        Makes what is returned of what `function` returns.
    **changes : callable
        By the name of an argument: makes the argument that `function` gets.

    Returns
    -------
    callable
        With the parameters of `function`.
    """
    names = list(signature(function).parameters)

    @wraps(function)
    def wrong(*args: object) -> object:
        given = dict(zip(names, args, strict=True))
        given |= {name: change(given[name]) for name, change in changes.items()}
        answer = function(**given)
        return result(answer) if result else answer

    return wrong


@dataclass(frozen=True)
class Report:
    """What a check found.

    Parameters
    ----------
    title : str
        The exercise.
    lines : tuple of (bool, str)
        One per case: whether it passed, and what was tried or went wrong.
    diagnosis : str or None
        What is wrong and where to look; None if nothing is.
    fraction : float
        Share of the points, from 0 to 1.
    wrong : str or None
        Name of the listed wrong answer that was recognised.
    """

    title: str
    lines: tuple[tuple[bool, str], ...]
    diagnosis: str | None
    fraction: float
    wrong: str | None = None

    @property
    def summary(self) -> str:
        """How many cases passed, in words."""
        passed = sum(ok for ok, _ in self.lines)
        if passed == len(self.lines):
            return f"All {passed} checks passed."
        return f"{passed} of {len(self.lines)} checks passed."

    def __repr__(self) -> str:
        """Return the report as plain text that standard output can show."""
        rows = [self.title]
        rows += [f"{_verdict(ok)}  {text}" for ok, text in self.lines]
        if self.diagnosis:
            rows.append(self.diagnosis)
        return printable("\n".join([*rows, self.summary]))

    def _repr_html_(self) -> str:
        """Return the report for a notebook, in words and in colour."""
        rows = [f"<strong>{html.escape(self.title)}</strong>"]
        for ok, text in self.lines:
            badge = f'<span style="{BADGE}{GREEN if ok else RED}">{_verdict(ok)}</span>'
            rows.append(badge + html.escape(text))
        if self.diagnosis:
            rows.append(f"<strong>Diagnosis.</strong> {html.escape(self.diagnosis)}")
        rows.append(html.escape(self.summary))
        page = "\n".join(f"<div>{row}</div>" for row in rows)
        return f'<div class="exercise-report">\n{page}\n</div>'


def _verdict(ok: bool) -> str:
    return "✓ passed" if ok else "✗ failed"


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


@dataclass(frozen=True, eq=False)
class Exercise:
    """An exercise that is answered by a function.

    Parameters
    ----------
    name : str
        The name of the function that the reader writes.
    title : str
    chapter : str
        File name of the chapter, without suffix.
    points, minutes : int
    solution : callable
        The right answer.
    cases : callable
        Returns the list of `Case`, the smallest first.
    section : str
        The heading of the chapter where the matter is explained.
    wrong : list of Wrong
        Wrong answers to recognise; `wrong_answer` adds one.
    forbidden : tuple of str
        What gives the answer away: functions, such as ``"rnn_lib.softmax"``,
        classes, methods and whole modules. A grader's box does not have them, nor
        what is built on them.
    tolerance : float
        Largest difference of two numbers; see `exercises.checks.compare.problem`.
    prepare : str
        ``"module:function"``, if the arguments of a case are not what the
        function takes: called with them, it returns the tuple of real arguments.
        It does not stand in `exercises.checks`, which a grader keeps to itself.
    seconds : float
        How long one case may take.
    """

    name: str
    title: str
    chapter: str
    points: int
    minutes: int
    solution: Callable
    cases: Callable[[], list[Case]]
    section: str
    wrong: list[Wrong] = field(default_factory=list)
    forbidden: tuple[str, ...] = ()
    tolerance: float = 1e-7
    prepare: str = ""
    seconds: float = SECONDS

    def wrong_answer(
        self,
        name: str,
        message: str,
        function: Callable | None = None,
        section: str = "",
    ) -> Callable:
        """Add a `Wrong`, of `function` or, as a decorator, of the one below.

        Parameters
        ----------
        name, message : str
        function : callable, optional
        section : str, optional

        Returns
        -------
        callable
            `function`, or a decorator if there is none.
        """
        if function is None:
            return lambda below: self.wrong_answer(name, message, below, section)
        self.wrong.append(Wrong(name, function, message, section))
        self.__dict__.pop("expected_of_wrong", None)  # kept from an earlier check
        return function

    @cached_property
    def all_cases(self) -> tuple[Case, ...]:
        """The cases, made once."""
        return tuple(self.cases())

    @cached_property
    def expected(self) -> tuple[Outcome, ...]:
        """What the solution does with the cases."""
        return tuple(self.run(self.solution))

    @cached_property
    def expected_of_wrong(self) -> tuple[tuple[Outcome, ...], ...]:
        """What each wrong answer does with the cases."""
        return tuple(tuple(self.run(wrong.function)) for wrong in self.wrong)

    @property
    def preparation(self) -> Callable | None:
        """The function that `prepare` names."""
        if not self.prepare:
            return None
        module, name = self.prepare.split(":")
        return getattr(import_module(module), name)

    def run(self, function: Callable) -> list[Outcome]:
        """Run `function` on all cases and return what happened; never raise."""
        return run_cases(function, self.all_cases, self.preparation, self.seconds)

    def judge(self, outcomes: list[Outcome]) -> Report:
        """Compare outcomes, one per case, with those of the solution.

        Nothing of the reader's runs here: `outcomes` are data.

        Parameters
        ----------
        outcomes : list of Outcome

        Returns
        -------
        Report
        """
        found = [
            failure(right, given, self.tolerance)
            for right, given in zip(self.expected, outcomes, strict=True)
        ]
        lines = tuple(
            (bad is None, case.label if bad is None else f"{case.label}: {bad[1]}")
            for case, bad in zip(self.all_cases, found, strict=True)
        )
        passed = sum(ok for ok, _ in lines)
        if is_constant(self.expected, outcomes):
            passed = 0  # a line may be right by accident
        diagnosis, wrong = None, None
        if passed < len(lines):
            diagnosis, wrong = self._diagnose(outcomes, found)
        return Report(
            f"Exercise {self.name}: {self.title}",
            lines,
            diagnosis,
            passed / len(lines),
            wrong,
        )

    def _diagnose(self, outcomes: list[Outcome], found: list) -> tuple[str, str | None]:
        """Return the diagnosis and the name of the wrong answer, if known."""
        for wrong, theirs in zip(self.wrong, self.expected_of_wrong, strict=True):
            pairs = zip(theirs, outcomes, strict=True)
            if all(matches(*pair, self.tolerance) for pair in pairs):
                section = wrong.section or self.section
                text = f"This is what you get when {wrong.message}."
                return f"{text} See the section “{section}”.", wrong.name
        first = next(i for i, bad in enumerate(found) if bad is not None)
        parameters = list(signature(self.solution).parameters)
        text = broad_diagnosis(
            found[first], outcomes[first], self.all_cases[first], self.name, parameters
        )
        return f"{text} The section “{self.section}” may help.", None

    def __call__(self, function: Callable) -> Report:
        """Run and judge `function`; a notebook shows the report that is returned.

        Parameters
        ----------
        function : callable
            The reader's answer.

        Returns
        -------
        Report
        """
        return self.judge(self.run(function))
