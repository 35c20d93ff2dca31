"""Run all exercises of one submission in the box, within limits for all of them."""

import math
import time
from collections.abc import Iterator

from exercises.grading.judging import NOT_STARTED, Item, Result, interpret
from exercises.grading.sandbox import Box, NotStarted, Ran, Worker, WorkerLost
from exercises.grading.submissions import Submission

SECONDS = 10.0  # of the processor, for one exercise
SHARE = 1.5  # times as long for all exercises of a hand-in together
LEAST = 0.1  # of the time for one exercise: for those that come after slow ones
ON_THE_CLOCK = 10  # times as long as on the processor, on a busy machine
PATIENCE = 20.0  # seconds more on the clock
MEMORY = 2 * 2**30
MEMORY_TORCH = 8 * 2**30


class Budget:
    """The time that a hand-in has left."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.left = seconds, SHARE * seconds

    @property
    def next(self) -> float:
        """Seconds for the next exercise: there are always some."""
        return max(LEAST * self.seconds, min(self.seconds, self.left))

    def spend(self, seconds: float) -> None:
        """Count what an exercise took."""
        self.left -= seconds


def task_of(item: Item, number: int, box: Box, budget: Budget, memory: int) -> dict:
    """Return the message that has one exercise run."""
    seconds = budget.next
    # The limit for a case grows and shrinks with that for an exercise.
    for_case = item.exercise.seconds * budget.seconds / SECONDS
    return {
        "id": number,
        "name": item.exercise.name,
        "case_seconds": min(for_case, seconds),
        "seconds": seconds,
        "clock": ON_THE_CLOCK * seconds + PATIENCE,
        "limits": [*box.limits(memory), ["RLIMIT_CPU", math.ceil(seconds)]],
    }


def private_of(item: Item, box: Box) -> dict:
    """Return the message for the keeper of the cases."""
    return {
        "cases": item.cases,
        "prepare": item.exercise.prepare,
        "library": box.library(item.exercise.forbidden),
        "whole": box.library(()),
    }


class Workers:
    """A worker for one submission, and another where one was lost or is used up."""

    def __init__(self, box: Box, cells: list[str], imports: list[str]) -> None:
        self.start = box, cells, imports
        self.worker: Worker | None = None

    def run(self, task: dict, private: dict) -> Ran:
        """Have one exercise run; end the worker if anything is left behind."""
        self.worker = self.worker or Worker(*self.start)
        try:
            ran = self.worker.run(task, private)
        except WorkerLost:  # or NotStarted
            self.end()
            raise
        if ran.left:
            self.end()
        return ran

    def end(self) -> None:
        """End the worker, and with it all that its exercises left."""
        if self.worker:
            self.worker.kill()
        self.worker = None


def results(
    items: list[Item],
    workers: Workers,
    box: Box,
    seconds: float,
    memory: int,
) -> Iterator[Result]:
    """Run and judge the exercises, one after the other."""
    budget = Budget(seconds)
    for number, item in enumerate(items):
        start = time.monotonic()
        try:
            task = task_of(item, number, box, budget, memory)
            ran = workers.run(task, private_of(item, box))
            budget.spend(ran.spent)
            yield interpret(item, ran.said, ran.end)
        except NotStarted as error:
            yield item.result(None, f"{NOT_STARTED}: {error}")
        except WorkerLost as error:
            budget.spend(time.monotonic() - start)
            yield item.result(0.0, f"stopped: {error}")


def beforehand(submission: Submission, items: list[Item], imports: list[str]) -> list:
    """Return which of the packages a worker imports for all exercises at once.

    They take seconds. An exercise that needs another one imports it itself.
    """
    heads = [f"def {item.exercise.name}" for item in items]
    answers = [one for one in submission.code if any(head in one for head in heads)]
    return [name for name in imports if any(name in answer for answer in answers)]


def grade_code(
    submission: Submission,
    items: list[Item],
    box: Box,
    seconds: float,
    imports: list[str],
) -> list[Result]:
    """Run and judge all exercises with code of one submission."""
    memory = MEMORY_TORCH if imports else MEMORY
    workers = Workers(box, submission.code, beforehand(submission, items, imports))
    # Hidden ones come last: then nothing that is shown was said after they ran.
    order = sorted(range(len(items)), key=lambda i: items[i].hidden)
    try:
        ran = results([items[i] for i in order], workers, box, seconds, memory)
        found = dict(zip(order, ran, strict=True))
    finally:
        workers.end()
    return [found[i] for i in range(len(items))]
