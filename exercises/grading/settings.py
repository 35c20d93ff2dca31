"""A fingerprint of all that decides on points, so that `--resume` notices a change."""

import hashlib
from pathlib import Path

from exercises.handout.release import OURS, ROOT


def code_digest(root: Path = ROOT) -> str:
    """Return a fingerprint of the checks, the grader and the library."""
    found = hashlib.sha256()
    for path in sorted(p for name in OURS for p in (root / name).rglob("*.py")):
        found.update(path.relative_to(root).as_posix().encode() + b"\0")
        found.update(path.read_bytes() + b"\0")
    return found.hexdigest()
