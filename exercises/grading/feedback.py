"""One page of feedback per student: one file, no script, nothing from the network."""

import html
import json
import re
from pathlib import PurePosixPath

from exercises.grading.judging import Result
from exercises.grading.marks import Student
from exercises.grading.submissions import Submission
from exercises.grading.tables import (
    number,
    passed,
    points_of,
    shown_name,
    status,
    total,
)
from exercises.handout.release import zip_bytes

CANVAS_FILE = re.compile(r"[^_/]+_(?:LATE_)?\d+_\d+_.+", re.S)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto;
 padding: 0 1rem; color: #1a1a1a; background: #fff }}
h2 {{ font-size: 1.1rem; margin: 2rem 0 .3rem }}
ul {{ list-style: none; padding: 0; margin: .3rem 0 }}
li, p, blockquote {{ overflow-wrap: anywhere }}
.ok {{ color: #1a7f37 }} .no {{ color: #b3261e }}
.say, .comment {{ border-left: 4px solid #b3261e; padding-left: .8rem }}
.comment {{ border-color: #0b57d0; white-space: pre-wrap }}
blockquote {{ border-left: 4px solid #767676; margin: .5rem 0; padding-left: .8rem;
 white-space: pre-wrap }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{student}. {points}</p>
{notes}
{parts}
</main>
</body>
</html>
"""


def line(ok: bool, text: str) -> str:
    """Return one line of a check."""
    kind, verdict = ("ok", "✓ passed") if ok else ("no", "✗ failed")
    return f'<li><span class="{kind}">{verdict}</span> {html.escape(text)}</li>'


def sentence(text: str) -> str:
    """Return `text` with a capital and a full stop."""
    return text[:1].upper() + text[1:] + "."


def remark(text: str) -> list[str]:
    """Return what the teacher wrote, if anything."""
    words = html.escape(text)
    return [f'<p class="comment"><strong>Comment:</strong> {words}</p>'] if text else []


def explained(result: Result) -> str:
    """Return the status; with a part of the points, also where the part comes from."""
    some = passed(result)
    if not some or result.by_hand:
        return sentence(result.status)
    if result.points:
        good, _, count = some.split()[:3]
        some += f"; all count the same, so this is {good}/{count} of the points"
    plain = re.fullmatch(r"\d+ of \d+ checks passed", result.status)
    return ("" if plain else sentence(result.status) + " ") + sentence(some)


def section(result: Result) -> str:
    """Return the part of the page on one exercise; of a hidden one only the points."""
    if result.points is None:
        got = f"not graded yet, {number(result.maximum)} points"
    else:
        got = points_of(result.points, result.maximum)
    rows = [f"<h2>{html.escape(shown_name(result))}: {got}</h2>"]
    if not result.hidden:
        rows.append(f"<p>{html.escape(explained(result))}</p>")
        if result.lines:
            rows.append("<ul>" + "".join(line(*one) for one in result.lines) + "</ul>")
        if result.diagnosis:
            rows.append(f'<p class="say">{html.escape(result.diagnosis)}</p>')
        if result.answer:
            rows.append(f"<blockquote>{html.escape(result.answer)}</blockquote>")
    return "\n".join(rows + remark(result.comment))


def page(student: Student, title: str, most: float) -> str:
    """Return the page of one student."""
    points = "Nothing could be graded."
    if student.total is not None:
        points = points_of(student.total, most) + "."
    late, before = student.late, total(student.results)
    shown = [result for result in student.results if not result.hidden]
    notes = [status(student.submission, shown, brief=True)]
    if late.share and before is not None:
        off = number(late.deducted(before))
        notes.append(f"{late.text}: {off} taken off {number(before)} points")
    return PAGE.format(
        title=html.escape(title),
        student=html.escape(student.submission.name),
        points=points,
        notes="\n".join(
            [f"<p>{html.escape(sentence(note))}</p>" for note in notes]
            + remark(student.comment)
        ),
        parts="\n".join(section(result) for result in student.results),
    )


def place_of(one: Submission, chapter: str) -> str:
    """Return where in the zip the system looks for the feedback to a hand-in.

    Moodle wants the folders of its own zip, Canvas the very names of the files.
    """
    parts = PurePosixPath(one.file.replace("\\", "/")).parts
    if one.system == "moodle":
        name = re.sub(r"[_/\\]", " ", one.name)
        return f"{name}_{one.id}_assignsubmission_file_/{chapter}-feedback.html"
    if one.system == "canvas":
        for part in parts:
            if CANVAS_FILE.fullmatch(part):  # a folder was a zip
                return (
                    part if part in (parts[-1], f"{part[:-4]}.zip") else f"{part}.zip"
                )
    return f"{one.slug}.html"


def file_of(name: str, page: str) -> bytes:
    """Return a page as a file of the kind that its name promises.

    Canvas gives students the feedback under the name of what they handed in.
    """
    if name.lower().endswith(".ipynb"):
        body = re.search(r"<main>(.*)</main>", page, re.S)[1]
        body = re.sub(r"\n\s*\n", "\n<br>\n", body)  # Markdown ends HTML there
        cell = {"cell_type": "markdown", "metadata": {}, "source": body}
        notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        return json.dumps(notebook).encode()
    if name.lower().endswith(".zip"):
        return zip_bytes({"feedback.html": page.encode()})
    return page.encode()
