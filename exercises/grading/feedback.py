"""One page of feedback per student: one file, no script, nothing from the network."""

import html
from pathlib import Path

from exercises.grading.judging import Result
from exercises.grading.submissions import Submission
from exercises.grading.tables import number, status, total

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
.say {{ border-left: 4px solid #b3261e; padding-left: .8rem }}
blockquote {{ border-left: 4px solid #767676; margin: .5rem 0; padding-left: .8rem;
 white-space: pre-wrap }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{student}. {points}</p>
<p>{status}</p>
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


def section(result: Result) -> str:
    """Return the part of the page on one exercise; of a hidden one only the points."""
    most = number(result.maximum)
    got = f"{number(result.points)} of {most} points"
    if result.points is None:
        got = f"not graded yet, {most} points"
    name = (
        f"Hidden checks of {result.key.split()[0]}" if result.hidden else result.title
    )
    rows = [f"<h2>{html.escape(name)}: {got}</h2>"]
    if result.hidden:
        return rows[0]
    rows.append(f"<p>{html.escape(sentence(result.status))}</p>")
    if result.lines:
        rows.append("<ul>" + "".join(line(*one) for one in result.lines) + "</ul>")
    if result.diagnosis:
        rows.append(f'<p class="say">{html.escape(result.diagnosis)}</p>')
    if result.answer:
        rows.append(f"<blockquote>{html.escape(result.answer)}</blockquote>")
    return "\n".join(rows)


def page(submission: Submission, results: list[Result], title: str, most: float) -> str:
    """Return the page of one student."""
    got = total(results)
    points = "Nothing could be graded."
    if got is not None:
        points = f"{number(got)} of {number(most)} points."
    said = status(submission, [r for r in results if not r.hidden])
    return PAGE.format(
        title=html.escape(title),
        student=html.escape(submission.name),
        points=points,
        status=html.escape(sentence(said)),
        parts="\n".join(section(result) for result in results),
    )


def write_pages(folder: Path, graded: list, title: str, most: float) -> None:
    """Write a page for every student."""
    folder.mkdir(exist_ok=True)
    for submission, results in graded:
        text = page(submission, results, title, most)
        (folder / f"{submission.slug}.html").write_text(text, "utf-8")
