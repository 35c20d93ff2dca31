"""The instructor's guide says about each chapter what the chapter says itself.

Rules are small functions that take texts and return a list of problems; each is also
tried on a page that breaks it.
"""

import contextlib
import io
import re
from pathlib import Path

import pytest

from book.tools import notebooks

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "instructors"
GUIDE = (FOLDER / "guide.md").read_text("utf-8")
INTRO = (ROOT / "intro.md").read_text("utf-8")

PARTS = (
    "Objectives",
    "Minutes",
    "Before and after class",
    "Open with this",
    "The misconception to expect",
    "To discuss",
    "Exit ticket",
    "Marking the answers in words",
)
CLOSING = {"Summary", "Check yourself", "Further reading"}
EXERCISE = re.compile(
    r"\{exercise\} ([^\n]+)\n:label: (ex-[\w-]+)\n\s*"
    r"\*\*(\d+) points?, (\d+) minutes?(, in words)?\.\*\*"
)
TIME = re.compile(r"\*\*Time\*\*\s+(\d+) minutes(?:, and (\d+) for the exercises)?")
ROLE = re.compile(r"\{(ref|doc|numref|eq)\}`(?:[^`<]*<)?([^`>]+)>?`")
LABEL = re.compile(r"^\(([\w-]+)\)=|^:(?:label|name): ([\w-]+)", re.M)


def chapter_text(stem: str) -> str:
    """Return the Markdown, the code and the printed output of a chapter."""
    parts = []
    for cell in notebooks.read(ROOT / "chapters" / f"{stem}.ipynb").cells:
        parts.append(cell.source)
        parts += [str(out.get("text", "")) for out in cell.get("outputs", [])]
        caption = cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "")
        parts.append(caption)
    return "\n\n".join(parts)


def chapter_prose(stem: str) -> str:
    """Return the Markdown of a chapter."""
    cells = notebooks.read(ROOT / "chapters" / f"{stem}.ipynb").cells
    return "\n\n".join(c.source for c in cells if c.cell_type == "markdown")


CHAPTERS = {path.stem: chapter_prose(path.stem) for path in notebooks.chapters()}


def page_of(stem: str) -> str:
    """Return the notes on a chapter; empty if there are none."""
    path = FOLDER / f"{stem}.md"
    return path.read_text("utf-8") if path.is_file() else ""


def part_of(page: str, heading: str) -> str:
    """Return what stands below a heading of the second level."""
    found = re.split(r"^## (.+)\n", page, flags=re.M)
    return dict(zip(found[1::2], found[2::2], strict=True)).get(heading, "")


def tables(text: str) -> list[list[list[str]]]:
    """Return the tables of `text` as rows of cells, without heads and rules."""
    found = re.findall(r"(?:^\|.*\|\n?)+", text, re.M)
    return [
        [
            [cell.strip().strip("*") for cell in line.strip().strip("|").split("|")]
            for line in table.strip().splitlines()[2:]
        ]
        for table in found
    ]


def exercises_of(chapter: str) -> dict[str, tuple[str, int, int, bool]]:
    """Return title, minutes, points and "in words" of each exercise of a chapter."""
    found = EXERCISE.findall(chapter)
    return {label: (t, int(m), int(p), bool(w)) for t, label, p, m, w in found}


def exercise_row(cell: str) -> tuple[str, str]:
    """Return label and title from ``{ref}`ex-label`: title``."""
    return re.fullmatch(r"\{ref\}`(ex-[\w-]+)`: (.+)", cell).groups()


def blocks_of(page: str) -> dict[str, tuple[list[str], int]]:
    """Return the sections and the minutes of each block, without the total."""
    rows = tables(part_of(page, "Minutes"))[0][:-1]
    return {name: (sections.split("; "), int(m)) for name, sections, m in rows}


def missing_parts(page: str, chapter: str) -> list[str]:
    """The page has all parts, in order, and none is a heading only."""
    found = tuple(re.findall(r"^## (.+)", page, re.M))
    problems = [] if found == PARTS else [f"parts are {found}"]
    problems += [p for p in PARTS if len(part_of(page, p).split()) < 25]
    title = re.search(r"^# (.+)", chapter, re.M)[1]
    if f"\n# Teaching: {title}\n" not in page:
        problems.append(f"the title is not that of {title}")
    return problems


def wrong_minutes(page: str, chapter: str) -> list[str]:
    """The blocks add up to the time of the chapter, as the total says."""
    blocks, total = blocks_of(page), tables(part_of(page, "Minutes"))[0][-1]
    said = int(TIME.search(chapter)[1])
    summed = sum(minutes for _, minutes in blocks.values())
    if total[0] == "total" and summed == int(total[2]) == said:
        return []
    return [f"blocks add up to {summed}, total {total}, chapter {said}"]


def wrong_sections(page: str, chapter: str) -> list[str]:
    """Each section of the chapter stands in exactly one block."""
    named = sorted(s for sections, _ in blocks_of(page).values() for s in sections)
    prose = re.sub(r"^```.*?^```", "", chapter, flags=re.M | re.S)
    there = sorted(set(re.findall(r"^## (.+)", prose, re.M)) - CLOSING)
    return sorted(set(named) ^ set(there)) or ([] if named == there else ["repeated"])


def wrong_exercises(page: str, chapter: str) -> list[str]:
    """The table of exercises is that of the chapter, and adds up to its time."""
    there = {label: found[:3] for label, found in exercises_of(chapter).items()}
    rows = [row for table in tables(part_of(page, "Minutes"))[1:] for row in table]
    named = {}
    for what, minutes, points, _ in rows:
        label, title = exercise_row(what)
        named[label] = (title, int(minutes), int(points))
    problems = sorted(
        f"{label}: chapter {there.get(label)}, notes {named.get(label)}"
        for label in set(there) | set(named)
        if there.get(label) != named.get(label)
    )
    said = int(TIME.search(chapter)[2] or 0)
    if sum(minutes for _, minutes, _ in there.values()) != said:
        problems.append(f"the chapter says {said} minutes for its exercises")
    if chapter.count("{exercise}") != len(there):
        problems.append("an exercise without points and minutes")
    return problems


def wrong_schemes(page: str, chapter: str) -> list[str]:
    """Each answer in words has a scheme whose points are those of the exercise."""
    marking = part_of(page, PARTS[-1])
    pieces = re.split(r"^\{ref\}`(ex-[\w-]+)`$", marking, flags=re.M)
    schemes = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    words = {k: found[2] for k, found in exercises_of(chapter).items() if found[3]}
    problems = [f"{label} is no answer in words" for label in set(schemes) - set(words)]
    for label, points in words.items():
        rows = tables(schemes.get(label, ""))
        if not rows or sum(int(row[0]) for row in rows[0]) != points:
            problems.append(f"{label}: no scheme of {points} points")
    if not tables(marking) or "Typical partial answers" not in marking:
        problems.append("no scheme, or no partial answers")
    return problems


def missing_answers(page: str, chapter: str) -> list[str]:
    """Questions to discuss and the exit ticket have folded answers."""
    talk, ticket = part_of(page, "To discuss"), part_of(page, "Exit ticket")
    questions = re.findall(r"^\*\*\d\.\*\*", talk, re.M)
    problems = [] if len(questions) >= 3 else ["fewer than three questions"]
    if talk.count("```{dropdown} Answer\n") != len(questions):
        problems.append("a question without an answer")
    if ticket.count("```{dropdown} Answer\n") != 1:
        problems.append("the exit ticket has no answer")
    return problems


RULES = (
    missing_parts,
    wrong_minutes,
    wrong_sections,
    wrong_exercises,
    wrong_schemes,
    missing_answers,
)


def unprinted_numbers(page: str, text: str) -> list[str]:
    """Each decimal, power of ten and count on the page stands in the chapter."""
    prose = page[page.index("## Open with this\n") :]
    pattern = r"\d[\d,]*\.\d+|\d+e[+-]\d+|\d+ of \d+|\d{1,3},\d{3}|\b\d{3,5}\b"
    known = re.sub(r"\s+", " ", text).replace("{,}", ",").replace("/", " of ")
    found = re.findall(rf"(?<![\w.])(?:{pattern})(?![\w]|\.\d)", prose)
    return sorted({n for n in found if not re.search(rf"(?<![\d.]){n}(?!\d)", known)})


@pytest.mark.parametrize("stem", CHAPTERS)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_notes_agree_with_the_chapter(rule, stem):
    assert rule(page_of(stem), CHAPTERS[stem]) == []


@pytest.mark.parametrize("stem", CHAPTERS)
def test_every_number_is_one_that_the_chapter_shows(stem):
    assert unprinted_numbers(page_of(stem), chapter_text(stem)) == []


def test_the_notes_are_those_of_the_chapters_in_the_table_of_contents():
    notes = sorted(path.stem for path in FOLDER.glob("[0-9]*.md"))
    assert notes == sorted(CHAPTERS)


# The two plans


def plans() -> list[list[list[str]]]:
    """Return the tables of the guide that give minutes."""
    return tables(part_of(GUIDE, "Two plans"))


def wrong_rows(table: list[list[str]]) -> list[str]:
    """Blocks and exercises have the minutes of the chapters; the rest adds up."""
    labels = {
        re.search(r"^\((chap-[\w-]+)\)=", CHAPTERS[s], re.M)[1]: s for s in CHAPTERS
    }
    known = {k: v[:2] for c in CHAPTERS.values() for k, v in exercises_of(c).items()}
    problems = []
    for what, minutes in table[:-1]:
        role = ROLE.match(what)
        if role and role[2] in labels:
            blocks = blocks_of(page_of(labels[role[2]]))
            if blocks.get(what.split("`: ")[1], ([], 0))[1] != int(minutes):
                problems.append(f"{what}: not {minutes} minutes")
        elif role:
            label, title = exercise_row(what)
            if known.get(label) != (title, int(minutes)):
                problems.append(f"{what}: chapter {known.get(label)}")
    if sum(int(minutes) for _, minutes in table[:-1]) != int(table[-1][1]):
        problems.append("the total is another")
    return problems


@pytest.mark.parametrize("table", plans(), ids=lambda table: table[1][0])
def test_sessions_add_up_to_two_hours(table):
    assert wrong_rows(table) == []
    assert table[-1] == ["total", "120"]


def test_there_is_a_lab_and_a_unit_whose_first_session_is_the_lab():
    assert len(plans()) == 4
    assert "The session is the lab above" in GUIDE


# Links


def labels_of_the_book() -> set[str]:
    """Return every label that can be referred to."""
    texts = [p.read_text("utf-8") for p in ROOT.glob("*.md")]
    texts += [
        p.read_text("utf-8")
        for f in ("reference", "instructors")
        for p in (ROOT / f).glob("*.md")
    ]
    texts += CHAPTERS.values()
    return {a or b for text in texts for a, b in LABEL.findall(text)}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda p: p.stem)
def test_references_lead_somewhere(path):
    text, labels = path.read_text("utf-8"), labels_of_the_book()
    for kind, target in ROLE.findall(text):
        if kind == "doc":
            assert (path.parent / f"{target}.md").is_file(), target
        elif kind == "ref":
            assert target in labels, target


def test_the_front_page_leads_to_the_guide():
    card = re.search(r":::\{grid-item-card\} Teach\n:link: (\S+)\n", INTRO)
    assert card[1] == "guide"
    assert "(guide)=" in GUIDE
    assert "{ref}`guide`" in INTRO.split("(teach-it)=")[1]


# Code of the guide


def code_blocks() -> list[str]:
    """Return the Python of the guide."""
    return re.findall(r"^```python\n(.*?)^```", GUIDE, re.M | re.S)


def test_the_hidden_check_accepts_the_solution_and_no_wrong_answer():
    space = {"__name__": "hidden"}
    exec(code_blocks()[0], space)
    (exercise,) = space["EXERCISES"]
    assert exercise(exercise.solution).fraction == 1
    for wrong in exercise.wrong:
        assert exercise(wrong.function).fraction < 1, wrong.name
    public = {
        case.args[0].tobytes() for case in space["PUBLIC"]["count_pairs"].all_cases
    }
    assert not public & {case.args[0].tobytes() for case in exercise.all_cases}


def run_variants() -> list[str]:
    """Return the lines that the cell with variants prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code_blocks()[1], {"__name__": "variants"})
    return printed.getvalue().splitlines()


def test_variants_repeat_and_differ():
    lines = run_variants()
    assert lines == run_variants()
    words = [line.split()[1] for line in lines]
    assert len(words) == 30
    assert 10 < len(set(words)) <= 27


# The rules can fail


def replaced(old: str, new: str):
    """Return a function that replaces `old`, which must be there, by `new`."""

    def change(text):
        assert old in text
        return text.replace(old, new)

    return change


FIRST = "01_one_hot"
BREAKS = (
    (missing_parts, replaced("## Exit ticket", "## Ticket")),
    (missing_parts, replaced("# Teaching: Letters as vectors", "# Letters")),
    (wrong_minutes, replaced("Counting | Count before you model | 4", "C | D | 5")),
    (wrong_minutes, replaced("**45**", "**46**")),
    (wrong_sections, replaced("| Scoring a prediction |", "| Scoring |")),
    (wrong_sections, replaced("| Scoring a prediction |", "| The ladder |")),
    (wrong_exercises, replaced("follows what | 8 |", "follows what | 9 |")),
    (wrong_exercises, replaced(": A sixth row |", ": A seventh row |")),
    (wrong_schemes, replaced("\n{ref}`ex-sixth-row`\n", "\n")),
    (wrong_schemes, replaced("| 1 | the lowest rung", "| 2 | the lowest rung")),
    (missing_answers, replaced("```{dropdown} Answer\nNot possible", "Not possible")),
    (missing_answers, replaced("**3.** Someone", "Someone")),
)


@pytest.mark.parametrize(("rule", "damage"), BREAKS)
def test_a_drift_is_found(rule, damage):
    assert rule(damage(page_of(FIRST)), CHAPTERS[FIRST])


def test_a_number_that_the_chapter_does_not_show_is_found():
    text = chapter_text(FIRST)
    for old, new in (("0.8984", "0.8985"), ("81 of 130", "82 of 130")):
        page = replaced(old, new)(page_of(FIRST))
        assert unprinted_numbers(page, text) == [new]


def test_a_session_that_is_too_long_is_found():
    table = plans()[0]
    assert wrong_rows([*table[:-1], ["total", "121"]])
    assert wrong_rows([[table[1][0], "6"], *table[1:]])
