"""The charts of the course. Every function draws on an Axes and returns it.

``ax`` may be given; otherwise a new figure is made. Colours stand for the same
thing everywhere: see `COLOURS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from rnn_lib.baselines import Floor

COLOURS = {
    "U": "#0072B2",
    "W": "#B84A00",
    "V": "#007A5A",
    "state": "#6A51A3",
    "gradient": "#C51B7D",
}
"""One colour each for U, W, V, the hidden states and gradients."""

GREY = "#5A5A5A"

SERIES = ("#2B2F36", "#9A7200", "#7D858F", "#3B7F8C", "#7A4F2E")
"""Colours of curves and bars that stand for none of these: one after the other."""


def _series_colour(number: int) -> str:
    """Return the colour of series `number`, counted from 0."""
    return SERIES[number % len(SERIES)]


def new_axes(ax: Axes | None = None, width: float = 6.4, height: float = 3.6) -> Axes:
    """Return `ax`, or the Axes of a new figure of that size in inches."""
    if ax is None:
        _, ax = plt.subplots(figsize=(width, height), layout="constrained")
        ax.spines[["top", "right"]].set_visible(False)
    return ax


def plot_matrix(
    values: np.ndarray,
    row_labels: Sequence[str] = (),
    column_labels: Sequence[str] = (),
    *,
    annotate: str | None = None,
    diverging: bool = False,
    colorbar: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw a matrix as coloured cells.

    Parameters
    ----------
    values : array_like, shape (rows, columns)
    row_labels, column_labels : sequence of str, optional
    annotate : str, optional
        Format of the number written into each cell that is not zero, for
        example ".2f".
    diverging : bool
        Colour from -max through 0 to +max instead of from 0 to max.
    colorbar : bool
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    values = np.atleast_2d(np.asarray(values, dtype=float))
    rows, columns = values.shape
    ax = new_axes(ax, min(9.0, 1.5 + 0.28 * columns), min(7.5, 1.0 + 0.28 * rows))
    ax.spines[:].set_visible(True)
    top = float(np.abs(values).max()) or 1.0
    image = ax.imshow(
        values,
        cmap="PuOr" if diverging else "Purples",
        vmin=-top if diverging else 0,
        vmax=top,
        aspect="auto",
    )
    ax.set_xticks(range(len(column_labels)), column_labels)
    ax.set_yticks(range(len(row_labels)), row_labels)
    if annotate is not None:
        for row, column in np.argwhere(values):
            value = values[row, column]
            ax.text(
                column,
                row,
                format(value, annotate),
                ha="center",
                va="center",
                fontsize=8,
                color="white" if abs(value) > 0.6 * top else "black",
            )
    if colorbar:
        ax.figure.colorbar(image, ax=ax)
    return ax


def plot_ladder(
    floors: Mapping[str, Floor],
    reached: Mapping[str, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the loss ladder: one rung per floor, one dot per model.

    The axis is stretched by a square root, so that the low rungs stay apart.

    Parameters
    ----------
    floors : mapping of str to Floor
        What a predictor may see, and its floor.
    reached : mapping of str to float, optional
        Loss of each model, in nats per letter.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax = new_axes(ax, 6.4, 4.6)
    ax.set_yscale("function", functions=(np.sqrt, np.square))
    for name, rung in floors.items():
        ax.plot([0, 1], [rung.loss, rung.loss], color=GREY, linewidth=1.5)
        label = f"sees {name}: {rung.loss:.4f} nats, {100 * rung.accuracy:.1f} %"
        ax.annotate(
            label, (0.01, rung.loss), (0, 4), textcoords="offset points", fontsize=8
        )
    models = dict(reached or {})
    places = np.linspace(0.6, 0.95, len(models)) if len(models) > 1 else [0.8]
    for place, (name, loss) in zip(places, models.items(), strict=False):
        ax.plot(
            place,
            loss,
            "o",
            color=COLOURS["state"],
            label=name,
            clip_on=False,
            zorder=3,
        )
        ax.annotate(name, (place, loss), (6, 6), textcoords="offset points", fontsize=9)
    ax.set(xlim=(0, 1.1), xticks=[], ylabel="loss (nats per letter)")
    ax.set_yticks([0, 0.25, 0.5, 1, 1.5, 2, 2.5, 3])
    ax.set_ylim(0, 1.15 * max([*(f.loss for f in floors.values()), *models.values()]))
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    return ax


def plot_losses(
    curves: Mapping[str, Sequence[float]],
    floors: Mapping[str, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw loss against epoch, over dashed lines at the floors.

    Parameters
    ----------
    curves : mapping of str to sequence of float
        Losses by epoch, in nats per letter, for each run.
    floors : mapping of str to float, optional
        Losses to mark with a line and a label.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax = new_axes(ax, 6.8, 4.0)
    styles = ["-", "--", "-.", ":"]
    for number, (name, losses) in enumerate(curves.items()):
        epochs = range(1, len(losses) + 1)
        style = styles[number % len(styles)]
        ax.plot(epochs, losses, style, color=_series_colour(number), label=name)
    for name, loss in (floors or {}).items():
        ax.axhline(loss, color=GREY, linewidth=0.8, linestyle=(0, (4, 4)))
        ax.annotate(
            f"{name} {loss:.4f}",
            (1, loss),
            (-2, 4),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            fontsize=8,
            color=GREY,
        )
    ax.set(xlabel="epoch", ylabel="loss (nats per letter)")
    ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]))
    ax.legend(frameon=False)
    return ax


def plot_bars(
    values: Mapping[str, Sequence[float]],
    labels: Sequence[str],
    *,
    ylabel: str,
    colors: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw groups of bars, for example the probabilities of each letter.

    Parameters
    ----------
    values : mapping of str to sequence of float
        One series of bars per name, each as long as `labels`.
    labels : sequence of str
        What stands below each group.
    ylabel : str
    colors : sequence of str, optional
        One per series.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax = new_axes(ax)
    width = 0.8 / len(values)
    places = np.arange(len(labels))
    for number, (name, heights) in enumerate(values.items()):
        shift = (number - (len(values) - 1) / 2) * width
        color = colors[number] if colors else _series_colour(number)
        ax.bar(places + shift, heights, width, label=name, color=color)
    ax.set_xticks(places, labels)
    ax.set_ylabel(ylabel)
    if len(values) > 1:
        ax.legend(frameon=False)
    return ax


def plot_lines(
    values: Mapping[str, Sequence[float]],
    *,
    xlabel: str,
    ylabel: str,
    logarithmic: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw one line with markers per name, over 0, 1, 2, ...

    Parameters
    ----------
    values : mapping of str to sequence of float
    xlabel, ylabel : str
    logarithmic : bool
        Whether the vertical axis is logarithmic.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax = new_axes(ax)
    markers = "os^Dv<>*"
    for number, (name, series) in enumerate(values.items()):
        marker = markers[number % len(markers)]
        style = {"markersize": 4, "color": _series_colour(number), "label": name}
        ax.plot(range(len(series)), series, f"-{marker}", **style)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if logarithmic:
        ax.set_yscale("log")
    if len(values) > 1:
        ax.legend(frameon=False)
    return ax
