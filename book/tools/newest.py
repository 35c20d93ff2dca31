"""Try the newest releases: print which pins would move and which outputs would change.

    python book/tools/newest.py

They are installed into an environment of their own, ``_build/newest``.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "_build" / "newest"


def pins(text: str) -> dict[str, str]:
    """Return the version of each package that requirements.txt names."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.M))


def main() -> int:
    """Install, compare the versions, and run all notebooks."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    venv.create(FOLDER, with_pip=True)
    python = FOLDER / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    pinned = pins((ROOT / "requirements.txt").read_text("utf-8"))
    if index := os.environ.get("TORCH_INDEX"):
        subprocess.run(
            [*pip, "install", "-q", "--index-url", index, "torch"], check=True
        )
    subprocess.run([*pip, "install", "-q", *pinned, "-e", ROOT], check=True)
    listed = subprocess.run(
        [*pip, "list", "--format=json"], check=True, capture_output=True
    )
    found = {one["name"].lower(): one["version"] for one in json.loads(listed.stdout)}
    for name, version in pinned.items():
        if found[name] != version:
            print(f"{name}: {version} is pinned, {found[name]} is the newest that fits")
    options = ["-q", "--tb=short", "-W", "default", "-n", "auto"]
    done = subprocess.run(
        [python, "-m", "pytest", "chapters", "reference", *options], cwd=ROOT
    )
    print(
        "Every output stays." if done.returncode == 0 else "Outputs change: see above."
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
