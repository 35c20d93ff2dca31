"""What the teacher gives beside the hand-ins; all is read before anything is graded."""

import json
from dataclasses import dataclass

from exercises.grading import exports, late, marks, tables
from exercises.grading.overrides import Overrides, one_of
from exercises.grading.submissions import Submission
from exercises.grading.work import Assignment


@dataclass
class Desk:
    """What the teacher gives beside the hand-ins, read before anything is graded."""

    words: marks.Words
    overrides: Overrides
    policy: late.Policy
    worksheet: exports.Worksheet | None = None
    gradebook: exports.Gradebook | None = None

    @property
    def sheets(self) -> list[exports.Sheet]:
        """The tables of other systems."""
        return [sheet for sheet in (self.worksheet, self.gradebook) if sheet]

    def match(
        self, found: list[Submission], work: Assignment
    ) -> tuple[dict, list[str]]:
        """Find everybody in the tables; return who is who, and what is missing."""

        def aliases(one: Submission) -> list[str]:
            return [name for sheet in self.sheets for name in sheet.aliases(one)]

        known = tables.people(found, aliases)
        self.overrides.match(known, work.blanks, work.others)
        self.words.check({question.name for question in work.questions} | work.others)
        if self.worksheet:
            self.policy.times |= self.worksheet.times(found)
        self.policy.match(found, known)
        notes = [text for sheet in self.sheets for text in sheet.missing(found)]
        notes += [text for sheet in self.sheets for text in sheet.scale(work.maximum)]
        return known, notes

    def decide(self, students: list[marks.Student], work: Assignment) -> list[str]:
        """Add what is late, and what is given by hand; return what is not known."""
        for one in students:
            one.late = self.policy.of(one.submission)
            one.results, one.comment = self.overrides.apply(
                one.submission.id, one.results, work.blanks
            )
        unknown = [s for s in students if s.late.share is None]
        unknown += [s for s in students if s.late.text == late.UNKNOWN]
        names = ", ".join(dict.fromkeys(s.submission.name for s in unknown))
        text = f"late or not is not known, nothing taken off: {names}"
        return [text] if names else []


def to_regrade(
    names: list[str], known: dict, work: Assignment
) -> tuple[set[str], set[str]]:
    """Return the ids and the exercises that are meant; ValueError if there are none."""
    ids, keys = set(), set()
    there = list(work.digests)
    for name in names:
        try:
            ids.add(tables.person(name, known, "--regrade").id)
        except ValueError as unknown:
            try:
                keys.add(one_of(name, there, "--regrade"))
            except ValueError:
                raise unknown from None
    return ids, keys


def left_out(folder: tables.Folder, options: dict[str, str]) -> list[str]:
    """Say which options the last run in this folder had and this one has not."""
    path = folder.path / "options.json"
    try:
        last = dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        last = {}
    tables.write_whole(path, json.dumps(options).encode())
    return [
        f"{name} was {value!r} in the last run here and is not given now"
        for name, value in last.items()
        if name not in options
    ]
