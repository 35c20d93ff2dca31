"""Write the hand-ins of the samples, small notebooks in the zips of three systems.

    python -m tests.grading.samples.make

The tables beside them are written by hand, with the columns that each system exports.
"""

import json
from pathlib import Path

from exercises.handout.release import zip_bytes

HERE = Path(__file__).parent
RIGHT = {
    "count_parameters": """def count_parameters(vocab_size, hidden_size):
    K, H = vocab_size, hidden_size
    return H * K + H * H + H + K * H + K""",
    "next_state": """def next_state(x_t, h_before, U, W, b):
    return np.tanh(x_t @ U.T + h_before @ W.T + b)""",
    "states_with_resets": """def states_with_resets(x, starts, U, W, b):
    states = np.empty((*x.shape[:2], len(b)))
    h = np.zeros((len(x), len(b)))
    for t in range(x.shape[1]):
        h = np.where(starts[:, t, None], 0, h)
        h = np.tanh(x[:, t] @ U.T + h @ W.T + b)
        states[:, t] = h
    return states""",
}
NO_RESETS = RIGHT["states_with_resets"].replace(
    "np.where(starts[:, t, None], 0, h)", "h"
)
COPIED = (
    RIGHT["states_with_resets"]
    .replace("states", "out")
    .replace("def out_", "def states_")
)
WORDS = "**Your answer (ex-what-to-keep)**\n\nKeep the state inside a text."


def notebook(**answers: str) -> bytes:
    """Return a notebook with the right answers, but for those that are given."""
    sources = ["import numpy as np", *(RIGHT | answers).values()]
    keys = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**keys, "source": source} for source in sources]
    cells.append({"cell_type": "markdown", "metadata": {}, "source": WORDS})
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


ANN = notebook()
BO = notebook(states_with_resets=NO_RESETS)
CLEO = notebook(states_with_resets="# all my own work\n" + COPIED)
EVE = notebook(
    next_state="def next_state(x_t, h_before, U, W, b):\n    return h_before"
)
NAME = "02_forward_pass.ipynb"
METADATA = """submission_{0}1:
  :submitters:
  - :name: Ann Lee
    :sid: '7001'
    :email: ann@example.org
  :created_at: 2026-11-19 22:12:03.284270000 Z
  :score: 0.0
  :status: processed
  :history: []
submission_{0}2:
  :submitters:
  - :name: Bo Chan
    :sid: '7002'
    :email: bo@example.org
  :created_at: 2026-11-22 09:30:00.000000000 Z
  :score: 0.0
  :status: processed
  :history: []
"""


def samples() -> dict[str, bytes]:
    """Return the zips, by name."""
    file = "_assignsubmission_file_/"
    moodle = {
        f"Ann Lee_4101{file}{NAME}": ANN,
        f"Bo Chan_4102{file}{NAME}": BO,
        f"Cleo Ruiz_4103{file}my work.ipynb": CLEO,
        f"=Eve O'Neil_4105{file}{NAME}": EVE,
        f"Zoë Größe_4106{file}essay.docx": b"no notebook",
    }
    canvas = {
        f"leeann_4501_90001_{NAME}": ANN,
        "chanbo_LATE_4502_90002_02_forward_pass-1.ipynb": BO,
        f"ruizcleo_4503_90003_{NAME}": CLEO,
    }
    top = "assignment_60_export/"
    gradescope = {
        f"{top}submission_metadata.yml": METADATA.format(50).encode(),
        f"{top}submission_501/{NAME}": ANN,
        f"{top}submission_502/{NAME}": BO,
    }
    zips = {"moodle": moodle, "canvas": canvas, "gradescope": gradescope}
    return {f"{name}.zip": zip_bytes(files) for name, files in zips.items()}


if __name__ == "__main__":
    for name, data in samples().items():
        (HERE / name).write_bytes(data)
