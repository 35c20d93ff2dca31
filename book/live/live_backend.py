"""matplotlib's backend for live cells: it draws into memory and opens no window."""

from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas

__all__ = ["FigureCanvas", "show"]


def show(*args, **kwargs) -> None:
    """Do nothing on ``plt.show()``: the figure appears when the cell has ended."""
