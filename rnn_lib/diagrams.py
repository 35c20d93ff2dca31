"""Drawings of the network itself: unrolled, with gradients, side by side.

Like `rnn_lib.plots`, each function draws on an Axes and returns it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from rnn_lib.plots import COLOURS, GREY, new_axes

_ROW = {"x": 0.0, "h": 1.3, "o": 2.6}


def draw_unrolled(
    letters: Sequence[str],
    answers: Sequence[str] | None = None,
    *,
    gradients: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw the network once per time step, one colour per weight array.

    Parameters
    ----------
    letters : sequence of str
        The input letter of each step.
    answers : sequence of str, optional
        What to write above each step, for example the targets.
    gradients : bool
        Whether to add dashed arrows for the way back: from the output of each
        step, and from each step to the one before.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax = new_axes(ax, 1.6 + 1.7 * len(letters), 3.8)
    _box(ax, -1.6, _ROW["h"], r"$h_{-1}=0$", GREY)
    for t, letter in enumerate(letters):
        x = 2.0 * t
        _box(ax, x, _ROW["x"], f"$x_{{{t}}}$: {letter}", COLOURS["U"])
        _box(ax, x, _ROW["h"], f"$h_{{{t}}}$", COLOURS["state"])
        _box(ax, x, _ROW["o"], f"$o_{{{t}}}$", COLOURS["V"])
        if answers is not None:
            ax.text(x, _ROW["o"] + 0.5, answers[t], ha="center", fontsize=11)
        _arrow(ax, (x, _ROW["x"] + 0.3), (x, _ROW["h"] - 0.3), "U")
        start = x - 1.15 if t == 0 else x - 1.55
        _arrow(ax, (start, _ROW["h"]), (x - 0.45, _ROW["h"]), "W")
        _arrow(ax, (x, _ROW["h"] + 0.3), (x, _ROW["o"] - 0.3), "V")
        if gradients:
            _arrow(ax, (x + 0.3, _ROW["o"] - 0.3), (x + 0.3, _ROW["h"] + 0.3))
            if t + 1 < len(letters):
                _arrow(ax, (x + 1.55, _ROW["h"] - 0.2), (x + 0.45, _ROW["h"] - 0.2))
    ax.set_xlim(-2.2, 2.0 * len(letters) - 1.1)
    ax.set_ylim(-0.5, _ROW["o"] + 0.9)
    ax.axis("off")
    return ax


def draw_two_paths(ax: Axes | None = None) -> Axes:
    """Draw one hidden state, the two places it feeds, and the way back from each.

    Solid arrows are the forward pass. Dashed arrows are the backward pass, each
    labelled with the gradient that it carries.

    Parameters
    ----------
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax = new_axes(ax, 6.8, 3.7)
    _box(ax, -3.6, 0.0, "$z_t$", COLOURS["state"])
    _box(ax, 0.0, 0.0, "$h_t$", COLOURS["state"])
    _box(ax, 3.6, 0.0, "$z_{t+1}$", COLOURS["state"])
    _box(ax, 0.0, 2.2, "$o_t$", COLOURS["V"])
    tanh = {"arrowstyle": "-|>", "color": GREY, "linewidth": 1.8}
    ax.annotate("", (-0.5, 0.12), (-3.1, 0.12), arrowprops=tanh)
    ax.text(-1.8, 0.22, "tanh", color=GREY, ha="center")
    _arrow(ax, (0.5, 0.12), (3.1, 0.12), "W")
    _arrow(ax, (-0.15, 0.35), (-0.15, 1.85), "V")
    carried = {
        ((0.15, 1.85), (0.15, 0.35)): (1.15, 1.0, r"$V^\top\,dL/do_t$"),
        ((3.1, -0.12), (0.5, -0.12)): (1.8, -0.5, r"$W^\top\,dL/dz_{t+1}$"),
        ((-0.5, -0.12), (-3.1, -0.12)): (-1.8, -0.5, r"$(1-h_t^2)\odot dL/dh_t$"),
    }
    for (start, end), (x, y, label) in carried.items():
        _arrow(ax, start, end)
        ax.text(x, y, label, color=COLOURS["gradient"], ha="center", fontsize=12)
    ax.text(
        0, -0.85, "the two add up\nto $dL/dh_t$", color=COLOURS["gradient"], ha="center"
    )
    ax.set(xlim=(-4.2, 4.2), ylim=(-1.0, 2.6))
    ax.axis("off")
    return ax


def draw_weight_map(
    pairs: Mapping[str, str],
    shapes: Mapping[str, tuple[int, ...]],
    ax: Axes | None = None,
) -> Axes:
    """Draw which parameter here is which parameter there.

    Each array is a rectangle with its number of rows as height and its number
    of columns as width, all on one scale; a bias is a column of width 1, drawn
    wide enough to be seen.

    Parameters
    ----------
    pairs : mapping of str to str
        Name in VanillaRNN, and name in the PyTorch model; " + " between two
        names stands for the sum of two arrays of the same shape.
    shapes : mapping of str to tuple of int
        Shape of each parameter, under its name in VanillaRNN.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax = new_axes(ax, 7.2, 5.2)
    scale = max(size for name in pairs for size in shapes[name])
    y = 0.0
    for ours, theirs in pairs.items():
        color = COLOURS.get(ours, GREY)
        rows, columns = (*shapes[ours], 1)[:2]
        width, height = max(0.05, columns / scale), max(0.05, rows / scale)
        middle = y - max(height, 0.2) / 2
        ax.text(0.0, middle, ours, color=color, fontsize=13, weight="bold", va="center")
        ax.text(0.3, middle, str(shapes[ours]), family="monospace", va="center")
        names = theirs.split(" + ")
        corners = [1.7, *(4.1 + 0.25 * number for number in range(len(names)))]
        for x in corners:
            corner = (x, middle - height / 2)
            ax.add_patch(Rectangle(corner, width, height, ec=color, fc=f"{color}33"))
        style = {"arrowstyle": "-|>", "color": color, "linewidth": 1.5}
        ax.annotate("", (4.0, middle), (1.8 + width, middle), arrowprops=style)
        label = "\n+ ".join(names)
        x = corners[-1] + width + 0.15
        ax.text(x, middle, label, family="monospace", va="center", color=color)
        y = middle - max(height, 0.2) / 2 - 0.2
    ax.text(0.0, 0.2, "VanillaRNN", fontsize=11)
    ax.text(4.1, 0.2, "nn.RNN and nn.Linear", fontsize=11)
    ax.set(xlim=(-0.1, 7.2), ylim=(y, 0.5), aspect="equal")
    ax.axis("off")
    return ax


def _box(ax: Axes, x: float, y: float, text: str, color: str) -> None:
    """Draw a rounded box with its text centred at (x, y)."""
    shape = FancyBboxPatch(
        (x - 0.35, y - 0.2), 0.7, 0.4, boxstyle="round,pad=0.1", ec=color, fc="white"
    )
    ax.add_patch(shape)
    ax.text(x, y, text, ha="center", va="center", fontsize=11)


def _arrow(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], weight: str = ""
) -> None:
    """Draw an arrow in the colour of `weight`, or a dashed one for a gradient."""
    color = COLOURS[weight or "gradient"]
    style = {"arrowstyle": "-|>", "color": color, "linewidth": 1.8}
    if not weight:
        style["linestyle"] = "--"
    ax.annotate("", end, start, arrowprops=style)
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    ax.annotate(
        weight, middle, (-6, 5), textcoords="offset points", color=color, ha="right"
    )
