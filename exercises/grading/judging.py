"""Judge what came out of the box, and find the answers in words."""

import threading
from dataclasses import asdict, dataclass, field

from exercises.box import runner, wire
from exercises.grading.submissions import Submission, clean

NOT_ATTEMPTED = "not attempted"
TO_READ = "to be read"
NOT_STARTED = "no worker could be started"
ELSEWHERE = "no answer between its question and the next; there are words elsewhere"
MARK = "Your answer (ex-"
FURTHER = "[not in the cell for it]"
USES_ANSWER = "uses the answer from rnn_lib"

_judging = threading.Lock()  # `run_case` redirects streams of the whole process


@dataclass
class Result:
    """One exercise of one student; `points` is None where nothing could be graded."""

    key: str
    title: str
    maximum: float
    points: float | None
    status: str
    lines: list = field(default_factory=list)
    diagnosis: str = ""
    answer: str = ""
    hidden: bool = False
    comment: str = ""
    by_hand: bool = False

    as_dict = asdict


def status_of_hidden(points: float | None, most: float, status: str) -> str:
    """Return a status that no submission has a part in."""
    if not status or status.startswith(NOT_STARTED):
        return status.partition(":")[0]
    if points is None:
        return "not graded"
    return "right" if points == most else "not right"


@dataclass(frozen=True)
class Item:
    """An exercise with code, ready to be sent."""

    key: str
    exercise: object
    cases: list
    hidden: bool = False

    @classmethod
    def of(cls, exercise, hidden: bool = False) -> "Item":
        """Compute what the judge needs, once and before any thread starts."""
        _ = exercise.expected, exercise.expected_of_wrong
        cases = [[wire.pack(c.args), c.read_only] for c in exercise.all_cases]
        key = f"{exercise.name} (hidden)" if hidden else exercise.name
        return cls(key, exercise, cases, hidden)

    def result(self, points: float | None, status: str, **more) -> Result:
        """Return a result for this exercise; of a hidden one, nothing that was said."""
        title, most = self.exercise.title, self.exercise.points
        if self.hidden:
            title, more = f"Hidden checks of {self.exercise.name}", {}
            status = status_of_hidden(points, most, status)
        return Result(self.key, title, most, points, status, hidden=self.hidden, **more)


def read_lines(said: list[bytes]) -> list[dict]:
    """Return the messages of a child; raise WireError for junk."""
    messages = [wire.loads(line) for line in said]
    wire.need(bool(messages), "nothing was said")
    state = messages[0].get("state")
    wire.need(wire.is_list(state, 2), "the first line is no state")
    for part in state:
        wire.text(part, 1000)
    return messages


def outcomes_of(messages: list[dict], item: Item, end: str) -> list[runner.Outcome]:
    """Return an outcome per case; what is missing was stopped."""
    cases = item.exercise.all_cases
    wire.need(len(messages) <= len(cases), "more outcomes than cases")
    outcomes = []
    for index, (message, case) in enumerate(zip(messages, cases, strict=False)):
        wire.need(message.get("case") == index, "a case out of order")
        outcomes.append(wire.unpack_outcome(message, len(case.args)))
    missing = len(cases) - len(outcomes)
    if missing and end == "timeout":
        skipped = [runner.Outcome(skipped=True)] * (missing - 1)
        return [*outcomes, runner.Outcome(timed_out=True), *skipped]
    gone = runner.Outcome(error="ProcessEnded", message="it ended the Python process")
    return [*outcomes, *[gone] * missing]


def judged(item: Item, outcomes: list[runner.Outcome], left_out: str = "") -> Result:
    """Return the result of judging `outcomes`; `left_out` is what was not run."""
    errors = {outcome.error for outcome in outcomes}
    if "AnswerImported" in errors:
        return item.result(0.0, USES_ANSWER)
    gone = [one.message for one in outcomes if one.error == "NotHere"][:1]
    left_out = "; ".join(filter(None, [left_out, *map(clean, gone)]))
    try:
        with _judging:
            report = item.exercise.judge(outcomes)
    except Exception as error:  # a judge that stumbles costs the exercise only
        return item.result(None, f"the check failed: {type(error).__name__}")
    lines = [(bool(ok), clean(str(text))) for ok, text in report.lines]
    points = round(item.exercise.points * min(max(report.fraction, 0.0), 1.0), 2)
    if "ProcessEnded" in errors:
        status = "ended the Python process"
    elif any(outcome.timed_out for outcome in outcomes):
        status = "took too long"
    elif report.fraction == 1:
        status = "right"
    else:
        status = report.summary.removesuffix(".")
    if left_out and status != "right":
        status = f"{left_out}; {status.replace(' checks passed', ' passed')}"
    more = {"lines": lines, "diagnosis": clean(report.diagnosis or "")}
    return item.result(points, status, **more)


def interpret(item: Item, said: list[bytes], end: str) -> Result:
    """Turn what a child said into a result; junk costs this exercise."""
    if not said:
        reasons = {"timeout": "took too long", "flood": "wrote too much"}
        return item.result(0.0, reasons.get(end, "ended the Python process"))
    try:
        messages = read_lines(said)
        state, detail = messages[0]["state"]
        detail = clean(detail)
        if state == "loaded":
            return judged(item, outcomes_of(messages[1:], item, end), detail)
    except wire.WireError:
        return item.result(0.0, "gave an answer that cannot be read")
    if state == "stub":
        return item.result(0.0, NOT_ATTEMPTED)
    if detail.startswith("AnswerImported: "):
        return item.result(0.0, USES_ANSWER)
    statuses = {
        "missing": "function not found in the notebook",
        "syntax": f"its cell is not Python: {detail}",
        "raised": f"its cell cannot be run: {detail}",
    }
    blank = state in statuses
    return item.result(
        None if blank else 0.0, statuses.get(state, f"stopped: {detail}")
    )


class Words:
    """The text in a notebook, and what of it the student wrote."""

    def __init__(self, cells: list, handed_out: list) -> None:
        self.cells = cells
        self.known = {source.strip() for _, source in handed_out}
        self.used: set[int] = set()

    def is_own(self, index: int) -> bool:
        """Tell whether the student wrote a cell, in words; comments are words too."""
        kind, source = self.cells[index]
        text = source.strip()
        if not text or text in self.known:
            return False
        said = all(line.strip()[:1] in ("#", "") for line in text.split("\n"))
        quoted = text[:3] == text[-3:] and text[:3] in ('"""', "'''")
        return kind != "code" or said or quoted

    def below(self, start: int) -> str:
        """Return what stands in the cells right below, up to one that is not new."""
        found = []
        for index in range(start, len(self.cells)):
            kind, source = self.cells[index]
            if kind == "code" or source.strip() in self.known or MARK in source:
                break
            found.append(source)
            self.used.add(index)
        return "\n\n".join(found)

    def around(self, start: int, stop: int) -> str:
        """Return all that the student wrote between two cells."""
        found = []
        for index in range(start, stop):
            if MARK not in self.cells[index][1] and self.is_own(index):
                found.append(self.cells[index][1])
                self.used.add(index)
        return "\n\n".join(found)

    def next_exercise(self, start: int) -> int:
        """Return where the next exercise or the place for an answer is, or the end."""
        for index in range(start, len(self.cells)):
            source = self.cells[index][1]
            if MARK in source or source.startswith("### Exercise"):
                return index
        return len(self.cells)

    def are_elsewhere(self) -> bool:
        """Tell whether the student wrote words that are no answer so far."""
        places = set(range(len(self.cells))) - self.used
        return any(MARK not in self.cells[i][1] and self.is_own(i) for i in places)


def answer_in(words: Words, name: str, handed_out: list) -> str | None:
    """Return the answer in words to exercise `name`, or None if its cell is gone.

    It stands in the cell with the mark of the exercise, with cells of text that the
    student added right below. If nothing is there, it is what the student wrote between
    the question and the next exercise.
    """
    mark = f"{MARK}{name.replace('_', '-')})"
    places = [i for i, (_, source) in enumerate(words.cells) if mark in source]
    for place in places:
        own = words.cells[place][1].split(mark, 1)[1].strip("*: \n")
        answer = "\n\n".join(filter(None, [own, words.below(place + 1)]))
        if clean(answer).strip():
            return clean(answer).strip()
    before = [source.strip() for _, source in handed_out]
    marked = [i for i, source in enumerate(before) if mark in source]
    question = before[max(marked[0] - 1, 0)] if marked else None
    found = [i for i, (_, s) in enumerate(words.cells) if s.strip() == question]
    if not found and not places:
        return None
    start = found[0] + 1 if found else places[0]
    answer = words.around(start, words.next_exercise((places or found)[0] + 1))
    return clean(f"{FURTHER} {answer}").strip() if answer.strip() else ""


def grade_words(submission: Submission, questions: list, handed_out: list) -> list:
    """Return a result for each exercise in words, still without points."""
    words, given = Words(submission.cells, handed_out), Words(handed_out, handed_out)
    results = []
    for question in questions:
        answer = answer_in(words, question.name, handed_out)
        empty = answer_in(given, question.name, handed_out)
        result = Result(question.name, question.title, question.points, None, TO_READ)
        if answer is None:
            result.status = "answer not found in the notebook"
        elif answer in ("", empty):
            result.points, result.status = 0.0, NOT_ATTEMPTED
        else:
            result.answer = answer[:20_000]
        results.append(result)
    for result in results:
        if result.status == NOT_ATTEMPTED and words.are_elsewhere():
            result.status = ELSEWHERE
    return results
