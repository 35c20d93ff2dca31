"""Find hand-ins with the same code, which is compared as text and never parsed."""

import re

from exercises.grading.marks import Student

COMMENT = re.compile(r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|#[^\n]*')
LOOP = re.compile(r"\bfor\b([\w, ()]{1,200}?)\bin\b")
TARGET = re.compile(r"[\w\s,*()]+")
WORD = re.compile(r"[^\W\d]\w*")
TOKEN = re.compile(r"\.?\w+|[^\w\s]")
LONGEST = 50_000
LEAST = 200  # letters and signs that two hand-ins must share to be worth a look


def answer_cells(cells: list[tuple[str, str]], names: list[str]) -> dict[str, str]:
    """Return the last cell that defines each function."""
    code = [source for kind, source in cells if kind == "code"]
    found = {}
    for name in names:
        own = [source for source in code if re.search(rf"\bdef {name}\b", source)]
        if own:
            found[name] = own[-1]
    return found


def own_names(source: str) -> set[str]:
    """Return the names that code gives to values of its own."""
    heads = [line.partition("=")[0] for line in source.splitlines() if "=" in line]
    parts = [head for head in heads if TARGET.fullmatch(head)] + LOOP.findall(source)
    return {name for part in parts for name in WORD.findall(part)}


def fingerprint(source: str) -> str:
    """Return code without comments, layout, and what its author named inside of it."""
    if len(source) > LONGEST:
        return source
    source = COMMENT.sub("", source)
    own, numbers, parts = own_names(source), {}, []
    for part in TOKEN.findall(source):
        if part in own:
            part = f"name{numbers.setdefault(part, len(numbers))}"
        parts.append(part)
    return " ".join(parts)


def flag(
    students: list[Student],
    names: list[str],
    handed_out: list[tuple[str, str]],
    book: list[tuple[str, str]],
) -> None:
    """Note for the teacher who has the same code as whom, and whether it is the book's.

    Parameters
    ----------
    students : list of Student
    names : list of str
        The functions that are graded.
    handed_out, book : list of (str, str)
        The cells as students got them, and with the solutions.
    """

    def prints(cells: list[tuple[str, str]]) -> dict[str, str]:
        own = answer_cells(cells, names)
        return {name: fingerprint(source) for name, source in own.items()}

    stubs, solutions = prints(handed_out), prints(book)
    groups: dict[str, list[Student]] = {}
    from_book = set()
    for student in students:
        own = prints(student.submission.cells or [])
        answered = {n: text for n, text in own.items() if text != stubs.get(n)}
        key = repr(sorted(answered.items()))
        if sum(map(len, answered.values())) >= LEAST:
            groups.setdefault(key, []).append(student)
        if all(text == solutions.get(n) for n, text in answered.items()):
            from_book.add(key)
    for key, group in groups.items():
        for one in group if len(group) > 1 else []:
            others = [s.submission.name for s in group if s is not one]
            others += ["the book's solutions"] if key in from_book else []
            one.same_code = ", ".join(others)
