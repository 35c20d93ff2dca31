"""How the tests of figures read what was drawn."""

from matplotlib.axes import Axes


def texts_of(ax: Axes) -> list[str]:
    """Return what is written into the Axes."""
    return [text.get_text() for text in ax.texts]


def overlaps(ax: Axes) -> list[tuple[str, str]]:
    """Return the pairs of texts in the Axes that cover each other."""
    ax.figure.canvas.draw()
    shown = [text for text in ax.texts if text.get_text()]
    boxes = [text.get_window_extent() for text in shown]
    return [
        (shown[j].get_text(), shown[i].get_text())
        for i in range(len(boxes))
        for j in range(i)
        if boxes[i].overlaps(boxes[j])
    ]


def cut_off(ax: Axes) -> list[str]:
    """Return the texts of the Axes that do not lie whole within the figure."""
    ax.figure.canvas.draw()
    page = ax.figure.bbox
    return [
        text.get_text()
        for text in ax.texts
        if text.get_text()
        and not (
            page.contains(*text.get_window_extent().min)
            and page.contains(*text.get_window_extent().max)
        )
    ]
