"""Draw the page of feedback that `instructors/grading.md` shows; needs Chromium.

python book/tools/feedback_picture.py
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

from exercises.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests" / "grading" / "samples"
PICTURE = ROOT / "instructors" / "feedback.png"
OVERRIDE = "student,exercise,points,comment\nBo Chan,next_state,1.5,{}\n"
COMMENT = '"Right, but write the shapes beside the formula."'
SIZE = "760,1200"
COLOURS = 32
MARGIN = 16
SHARP = 2  # pixels where one is shown


def page_of(folder: Path) -> Path:
    """Grade the sample of Moodle; return the page of a student who is late."""
    table = folder / "overrides.csv"
    table.write_text(OVERRIDE.format(COMMENT), "utf-8")
    command = ["grade", SAMPLES / "moodle.zip", ROOT / "chapters/02_forward_pass.ipynb"]
    command += ["--only", "next_state,states_with_resets", "--out", folder / "out"]
    command += ["--moodle", SAMPLES / "moodle.csv", "--overrides", table]
    command += ["--due", "2026-11-20 23:59", "--penalty", "10 % a day"]
    if main([str(part) for part in command]):
        raise SystemExit("the sample was not graded")
    return next((folder / "out" / "feedback").glob("Bo-*.html"))


def draw(page: Path, picture: Path) -> None:
    """Write what a browser shows of `page`, in few colours and without empty space.

    The picture says by its dots per inch that it is shown at half its size.
    """
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if browser is None:
        raise SystemExit("no Chromium was found; CHROMIUM names one")
    shot = page.with_suffix(".png")
    command = [browser, "--headless", "--no-sandbox", "--hide-scrollbars"]
    command += [
        f"--force-device-scale-factor={SHARP}",
        f"--window-size={SIZE}",
        f"--screenshot={shot}",
    ]
    command.append(page.as_uri())
    subprocess.run(command, check=True, capture_output=True)
    image = Image.open(shot).convert("RGB")
    empty = Image.new("RGB", image.size, "white")
    left, top, right, bottom = ImageChops.difference(image, empty).getbbox()
    more = MARGIN * SHARP
    image = image.crop((left - more, top - more, right + more, bottom + more))
    dpi = (100 * SHARP, 100 * SHARP)
    image.quantize(COLOURS).save(picture, optimize=True, dpi=dpi)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        draw(page_of(Path(folder)), PICTURE)
