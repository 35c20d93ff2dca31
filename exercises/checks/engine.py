"""Exercises whose checks say what is wrong, not only that something is.

An exercise keeps its solution, the cases on which answers are compared with it,
and the wrong answers that people really give. Running an answer and judging what
came out are two steps: `Exercise.judge` works on data and runs nothing of the
reader's.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from importlib import import_module
from inspect import signature

import numpy as np

from exercises.box.runner import SECONDS, Case, Outcome, run_cases
from exercises.checks.console import unread
from exercises.checks.diagnosis import (
    broad_diagnosis,
    call,
    failure,
    first_to_show,
    fixed_size,
    is_constant,
    is_silent,
    matches,
    plain_kind,
    subsets,
)
from exercises.checks.kinds import Kind, Matter, explain, is_sure, names_of
from exercises.checks.report import Report
from exercises.checks.where import place

__all__ = ["Case", "Exercise", "Outcome", "Report", "Wrong", "altered"]


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
    ways : list of callable
        Other right answers, for their code: see `exercises.checks.mutants`.
        `another_way` adds one.
    forbidden : tuple of str
        What gives the answer away: functions, such as ``"rnn_lib.softmax"``,
        classes, methods and whole modules. A grader's box does not have them, nor
        what is built on them. To use what is named here is said to use the answer,
        but for what a module of those holds that is not named itself.
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
    ways: list[Callable] = field(default_factory=list)
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
            Its parameters may have other names than those of the solution.
        section : str, optional

        Returns
        -------
        callable
            `function`, or a decorator if there is none.
        """
        if function is None:
            return lambda below: self.wrong_answer(name, message, below, section)
        takes, names = signature(function), signature(self.solution)
        wrong = function
        if list(takes.parameters) != list(names.parameters):

            @wraps(self.solution)
            def wrong(*args: object) -> object:
                return function(*args)

        self.wrong.append(Wrong(name, wrong, message, section))
        self.__dict__.pop("expected_of_wrong", None)  # kept from an earlier check
        return function

    def another_way(self, function: Callable) -> Callable:
        """Add a right answer that is written in another way; a decorator."""
        self.ways.append(function)
        self.__dict__.pop("matter", None)
        self.__dict__.pop("kinds", None)
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

    @cached_property
    def matter(self) -> Matter:
        """What the kinds of mistake are made of."""
        given = self.solution, self.ways, self.all_cases, self.expected
        return Matter(*given, self.preparation, self.tolerance, self._listed)

    def _listed(self) -> list[tuple[str, tuple[Outcome, ...]]]:
        messages = [one.message for one in self.wrong]
        return list(zip(messages, self.expected_of_wrong, strict=True))

    @cached_property
    def kinds(self) -> tuple[list[Kind], ...]:
        """The kinds of mistake, made when the first answer needs them."""
        return self.matter.kinds()

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
        near = sum(bad is not None and bad[0] == "dtype" for bad in found)
        if is_constant(self.expected, outcomes):
            passed = near = 0  # a line may be right by accident
        named = None, None, None
        if passed < len(lines):
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")  # about the mean of no numbers and such
                named = self._diagnose(outcomes, found)
        return Report(
            f"Exercise {self.name}: {self.title}",
            lines,
            named[0],
            (passed + near / 2) / len(lines),
            *named[1:],
            near,
        )

    def _answered(self, found: list) -> list[int]:
        """Return the cases whose right answer is not None, where some are None.

        Whoever makes another mistake gives there what he likes.
        """
        some = [i for i, right in enumerate(self.expected) if right.value is not None]
        differ = len(some) < len(found) and any(found[i] for i in some)
        return some if differ else []

    def _diagnose(
        self, outcomes: list[Outcome], found: list
    ) -> tuple[str, str | None, str | None]:
        """Return the diagnosis, the wrong answer's name and the kind, if known."""
        answered = self._answered(found)
        if named := self._named(outcomes) or (
            answered and self._named(outcomes, answered)
        ):
            return named
        for odd, counted in subsets(found, outcomes):
            if named := self._named(outcomes, counted):
                return f"{named[0]} {self._besides(odd, found)}", *named[1:]
        i = first_to_show(found, self.all_cases)
        parameters = names_of(self.solution, len(self.all_cases[i].args))
        text = broad_diagnosis(
            found[i],
            self.expected[i],
            outcomes[i],
            self.all_cases[i],
            self.name,
            parameters,
            is_silent(self.expected, outcomes),
        )
        text += fixed_size(self.expected, outcomes)
        kind = plain_kind(found, outcomes, text)
        if kind is None:
            text += place(self.expected, outcomes, self.all_cases, self.tolerance)
        return f"{text} The section “{self.section}” may help.", None, kind

    def _besides(self, odd: list[int], found: list) -> str:
        """Return what is wrong with one more case."""
        case = self.all_cases[odd[0]]
        shown = call(self.name, case, names_of(self.solution, len(case.args)))
        return f"Something else is wrong with {shown}: {found[odd[0]][1]}."

    def _named(
        self, outcomes: list[Outcome], counted: list[int] | None = None
    ) -> tuple[str, str | None, str | None] | None:
        """Return the same if it is a known mistake in the cases that count."""
        some = range(len(outcomes)) if counted is None else counted
        for wrong, theirs in zip(self.wrong, self.expected_of_wrong, strict=True):
            if all(matches(theirs[i], outcomes[i], self.tolerance) for i in some) and (
                counted is None or is_sure(self.matter, theirs, some)
            ):
                section = wrong.section or self.section
                text = f"This is what you get when {wrong.message}."
                return f"{text} See the section “{section}”.", wrong.name, None
        if text := explain(self.matter, self.kinds, outcomes, counted):
            return f"{text}. The section “{self.section}” may help.", None, text
        return None

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
        return unread(self.judge(self.run(function)))
