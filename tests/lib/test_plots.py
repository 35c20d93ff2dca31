"""Charts: what can be read from the Axes is what was passed in."""

import inspect
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from rnn_lib import Floor, ladder, plots
from rnn_lib.data import INPUT_ROWS, TARGET_ROWS
from rnn_lib.plots import (
    COLOURS,
    GREY,
    SERIES,
    new_axes,
    plot_bars,
    plot_ladder,
    plot_lines,
    plot_losses,
    plot_matrix,
)
from tests.charts import cut_off, overlaps, texts_of
from tests.support import contrast, frozen

FLOORS = {"nothing": Floor(2.0, 1, 8), "one letter": Floor(0.5, 5, 8)}
CURVES = {"one": frozen(np.array([3.0, 1.0, 0.5])), "two": [2.0, 1.5]}

# One plain call of every chart.
CALLS = {
    "new_axes": new_axes,
    "plot_matrix": partial(plot_matrix, frozen(np.array([[0.0, 1.0], [2.0, -3.0]]))),
    "plot_ladder": partial(plot_ladder, FLOORS, {"a model": 1.0}),
    "plot_losses": partial(plot_losses, CURVES, {"a floor": 0.9}),
    "plot_bars": partial(plot_bars, CURVES | {"two": [1, 2, 3]}, "ABC", ylabel="y"),
    "plot_lines": partial(plot_lines, CURVES, xlabel="x", ylabel="y"),
}


@pytest.fixture(autouse=True)
def no_figure_is_left():
    """Close what a test opened, and fail if something was open before."""
    assert plt.get_fignums() == []
    yield
    plt.close("all")


def tick_labels(axis):
    """Return the labels of the ticks of one axis."""
    return [label.get_text() for label in axis.get_ticklabels()]


def legend_of(ax):
    """Return the texts of the legend, or None if there is none."""
    legend = ax.get_legend()
    return None if legend is None else [text.get_text() for text in legend.texts]


def test_backend_needs_no_screen():
    assert plt.get_backend().lower() == "agg"


# Every chart ----------------------------------------------------------------


def test_every_chart_is_among_the_calls():
    public = {
        name
        for name, value in vars(plots).items()
        if inspect.isfunction(value)
        and value.__module__ == plots.__name__
        and not name.startswith("_")
    }
    assert public == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_chart_makes_one_figure_and_returns_its_axes(name):
    ax = CALLS[name]()
    assert isinstance(ax, plt.Axes)
    assert plt.get_fignums() == [ax.figure.number]
    assert ax.figure.axes == [ax]
    ax.figure.canvas.draw()  # an unknown glyph or a crowded layout would warn


@pytest.mark.parametrize("name", CALLS)
def test_chart_draws_on_the_axes_it_is_given(name):
    figure, (left, right) = plt.subplots(1, 2)
    size = figure.get_size_inches().tolist()
    assert CALLS[name](ax=right) is right
    assert plt.get_fignums() == [figure.number]
    assert figure.axes == [left, right]
    assert figure.get_size_inches().tolist() == size
    assert not left.has_data()
    assert not left.texts
    assert right.has_data() is (name != "new_axes")
    figure.canvas.draw()


def test_colours_differ_and_are_legible_on_white():
    assert set(COLOURS) == {"U", "W", "V", "state", "gradient"}
    assert len({*COLOURS.values(), GREY}) == 6
    for colour in (*COLOURS.values(), GREY):
        assert contrast(colour, "white") >= 4.5


def test_series_have_colours_of_their_own():
    others = {*COLOURS.values(), GREY}
    assert len({*SERIES}) == len(SERIES)
    assert not others & {*SERIES}
    for colour in SERIES:
        assert contrast(colour, "white") >= 3


# new_axes -------------------------------------------------------------------


def test_new_axes_have_the_size_asked_for():
    assert new_axes().figure.get_size_inches().tolist() == [6.4, 3.6]
    figure = new_axes(width=3, height=2).figure
    assert figure.get_size_inches().tolist() == [3, 2]
    assert type(figure.get_layout_engine()).__name__ == "ConstrainedLayoutEngine"


# plot_matrix ----------------------------------------------------------------


def test_matrix_shows_its_values():
    values = frozen(np.array([[0.0, 1.5, -4.0], [2.0, 0.25, 3.0]]))
    ax = plot_matrix(values, ["r", "s"], "ABC")
    (image,) = ax.images
    np.testing.assert_array_equal(image.get_array(), values)
    assert image.get_clim() == (0, 4)
    assert image.get_cmap().name == "Purples"
    assert tick_labels(ax.xaxis) == ["A", "B", "C"]
    assert tick_labels(ax.yaxis) == ["r", "s"]
    assert ax.get_xticks().tolist() == [0, 1, 2]
    assert ax.get_yticks().tolist() == [0, 1]
    assert texts_of(ax) == []
    # Cells fill the Axes, and the first row is on top.
    assert image.get_extent() == [-0.5, 2.5, 1.5, -0.5]
    assert ax.get_aspect() == "auto"
    assert ax.figure.get_size_inches().tolist() == [1.5 + 0.28 * 3, 1.0 + 0.28 * 2]


def test_matrix_without_labels_has_no_ticks():
    ax = plot_matrix([[1, 2], [3, 4]])
    assert ax.get_xticks().size == ax.get_yticks().size == 0
    assert ax.images[0].get_array().dtype == np.float64


def test_diverging_colours_are_symmetric_about_zero():
    ax = plot_matrix([[-1.0, 0.5]], diverging=True)
    assert ax.images[0].get_clim() == (-1, 1)
    assert ax.images[0].get_cmap().name == "PuOr"
    assert plot_matrix([[-1.0, 2.5]], diverging=True).images[0].get_clim() == (
        -2.5,
        2.5,
    )


def test_matrix_of_zeros_still_has_a_scale():
    assert plot_matrix(np.zeros((2, 2))).images[0].get_clim() == (0, 1)


def test_a_vector_is_a_matrix_of_one_row():
    assert plot_matrix([1, 2, 3]).images[0].get_array().shape == (1, 3)


def test_size_of_a_large_matrix_is_limited():
    figure = plot_matrix(np.ones((100, 100))).figure
    assert figure.get_size_inches().tolist() == [9.0, 7.5]


def test_numbers_are_written_into_cells_that_are_not_zero():
    values = np.array([[0.0, 1.0, -10.0], [6.5, 0.0, 6.0]])
    ax = plot_matrix(values, annotate=".1f")
    written = {(text.get_position(), text.get_text()) for text in ax.texts}
    assert written == {
        ((1, 0), "1.0"),
        ((2, 0), "-10.0"),
        ((0, 1), "6.5"),
        ((2, 1), "6.0"),
    }
    for text in ax.texts:
        assert (text.get_ha(), text.get_va()) == ("center", "center")
        dark = abs(float(text.get_text())) > 6
        assert text.get_color() == ("white" if dark else "black")
    assert texts_of(plot_matrix(values, annotate="g"))[0] == "1"


@pytest.mark.parametrize("diverging", [False, True])
def test_numbers_stand_out_from_their_cells(diverging):
    low = -1 if diverging else 0
    values = np.linspace(low, 1, 40).reshape(4, 10)
    ax = plot_matrix(values, annotate=".2f", diverging=diverging)
    (image,) = ax.images
    for text in ax.texts:
        column, row = text.get_position()
        cell = image.cmap(image.norm(values[row, column]))
        assert contrast(cell, text.get_color()) >= 3


def test_colorbar_is_added_where_asked_for():
    ax = plot_matrix([[1.0, 2.0]], colorbar=True)
    figure = ax.figure
    assert len(figure.axes) == 2
    assert figure.axes[0] is ax
    assert ax.images[0].colorbar.ax is figure.axes[1]
    assert figure.axes[1].get_ylim() == (0, 2)


# plot_ladder ----------------------------------------------------------------


def test_ladder_has_a_rung_per_floor_and_a_dot_per_model():
    ax = plot_ladder(FLOORS, {"a": 1.0, "b": 0.25, "c": 1.5})
    rungs, dots = ax.lines[:2], ax.lines[2:]
    assert [line.get_xydata().tolist() for line in rungs] == [
        [[0, 2.0], [1, 2.0]],
        [[0, 0.5], [1, 0.5]],
    ]
    assert [line.get_color() for line in rungs] == [GREY, GREY]
    assert [line.get_ydata().tolist() for line in dots] == [[1.0], [0.25], [1.5]]
    assert [line.get_label() for line in dots] == ["a", "b", "c"]
    places = [float(line.get_xdata()[0]) for line in dots]
    np.testing.assert_allclose(places, [0.6, 0.775, 0.95])
    for line in dots:
        assert (line.get_marker(), line.get_color()) == ("o", COLOURS["state"])
        assert not line.get_clip_on()
        assert line.get_zorder() > rungs[0].get_zorder()
    labels = {text.get_text(): text.xy for text in ax.texts}
    assert labels == {
        "sees nothing: 2.0000 nats, 12.5 %": (0.01, 2.0),
        "sees one letter: 0.5000 nats, 62.5 %": (0.01, 0.5),
        "a": (places[0], 1.0),
        "b": (places[1], 0.25),
        "c": (places[2], 1.5),
    }


def test_ladder_may_stand_without_models_or_with_one_or_two():
    assert len(plot_ladder(FLOORS).lines) == 2
    assert len(plot_ladder(FLOORS, {}).lines) == 2
    ax = plot_ladder(FLOORS, {"only": 0.3})
    assert ax.lines[2].get_xydata().tolist() == [[0.8, 0.3]]
    dots = plot_ladder(FLOORS, {"one": 0.3, "two": 0.4}).lines[2:]
    assert [d.get_xydata().tolist() for d in dots] == [[[0.6, 0.3]], [[0.95, 0.4]]]


def test_axis_of_the_ladder_is_stretched_by_a_root():
    ax = plot_ladder(FLOORS)
    assert ax.figure.get_size_inches().tolist() == [6.4, 4.6]
    assert ax.get_ylim() == pytest.approx((0, 2.3))
    assert ax.get_xlim() == (0, 1.1)
    assert ax.get_ylabel() == "loss (nats per letter)"
    assert ax.get_xticks().size == 0
    assert ax.get_yticks().tolist() == [0, 0.25, 0.5, 1, 1.5, 2, 2.5, 3]
    assert plot_ladder(FLOORS, {"a": 5}).get_ylim() == pytest.approx((0, 5.75))
    assert plot_ladder(FLOORS, {"a": 1}).get_ylim() == pytest.approx((0, 2.3))
    visible = {name for name, spine in ax.spines.items() if spine.get_visible()}
    assert visible == {"left"}
    ax.figure.canvas.draw()
    heights = ax.transData.transform([(0, 0), (0, 0.5), (0, 2)])[:, 1]
    # Half the height for a quarter of the loss, as the square root has it.
    assert heights[1] - heights[0] == pytest.approx((heights[2] - heights[0]) / 2)
    back = ax.transData.inverted().transform([(0, heights[1])])[0, 1]
    assert back == pytest.approx(0.5)


def test_labels_of_the_real_ladder_do_not_cover_each_other():
    ax = plot_ladder(ladder(INPUT_ROWS, TARGET_ROWS))
    assert len(ax.lines) == len(ax.texts) > 3
    assert overlaps(ax) == []
    assert cut_off(ax) == []


# plot_losses ----------------------------------------------------------------


def test_losses_are_drawn_from_epoch_one():
    ax = plot_losses(CURVES, {"floor": 0.9, "chance": 3.2581})
    curves, floors = ax.lines[:2], ax.lines[2:]
    assert curves[0].get_xydata().tolist() == [[1, 3.0], [2, 1.0], [3, 0.5]]
    assert curves[1].get_xydata().tolist() == [[1, 2.0], [2, 1.5]]
    assert [line.get_ydata() for line in floors] == [[0.9, 0.9], [3.2581, 3.2581]]
    assert {line.get_color() for line in floors} == {GREY}
    assert all(line.is_dashed() for line in floors)
    assert [(t.get_text(), t.xy) for t in ax.texts] == [
        ("floor 0.9000", (1, 0.9)),
        ("chance 3.2581", (1, 3.2581)),
    ]
    for text in ax.texts:
        assert text.xycoords == ("axes fraction", "data")
        assert text.get_ha() == "right"
        assert text.get_color() == GREY
    assert legend_of(ax) == ["one", "two"]
    assert not ax.get_legend().get_frame_on()
    assert ax.get_xlabel() == "epoch"
    assert ax.get_ylabel() == "loss (nats per letter)"
    assert ax.get_ylim()[0] == 0
    assert ax.get_ylim()[1] > 3.2581
    assert ax.figure.get_size_inches().tolist() == [6.8, 4.0]


def test_curves_differ_in_colour_and_in_style():
    ax = plot_losses({str(number): [1.0, number] for number in range(5)})
    assert [line.get_color() for line in ax.lines] == [*SERIES]
    styles = [line.get_linestyle() for line in ax.lines]
    assert styles == ["-", "--", "-.", ":", "-"]


def test_a_curve_that_touches_zero_keeps_its_margin():
    ax = plot_losses({"one": [1.0, 0.0]})
    assert ax.get_ylim()[0] == pytest.approx(-0.05)
    assert len(ax.lines) == 1


# plot_bars ------------------------------------------------------------------


def bars_of(container):
    """Return centre, width and height of each bar."""
    return [
        (b.get_x() + b.get_width() / 2, b.get_width(), b.get_height())
        for b in container
    ]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_bars_have_the_heights_given(count):
    values = {
        f"s{n}": frozen(np.array([0.1, 0.2, 0.7]) * (n + 1)) for n in range(count)
    }
    ax = plot_bars(values, "ABC", ylabel="probability")
    assert len(ax.containers) == count
    centres = []
    for number, container in enumerate(ax.containers):
        bars = bars_of(container)
        np.testing.assert_allclose([b[2] for b in bars], values[f"s{number}"])
        np.testing.assert_allclose([b[1] for b in bars], 0.8 / count)
        assert to_hex(container[0].get_facecolor()) == SERIES[number].lower()
        centres.append([b[0] for b in bars])
    # Side by side, and centred on the label.
    np.testing.assert_allclose(np.mean(centres, axis=0), [0, 1, 2], atol=1e-12)
    np.testing.assert_allclose(np.diff(centres, axis=0), 0.8 / count)
    assert ax.get_xticks().tolist() == [0, 1, 2]
    assert tick_labels(ax.xaxis) == ["A", "B", "C"]
    assert ax.get_ylabel() == "probability"
    names = [f"s{n}" for n in range(count)]
    assert [c.get_label() for c in ax.containers] == names
    assert legend_of(ax) == (names if count > 1 else None)


def test_bars_take_the_colours_given():
    colours = [COLOURS["state"], GREY]
    ax = plot_bars({"a": [1], "b": [2]}, ["x"], ylabel="y", colors=colours)
    shown = [to_hex(c[0].get_facecolor(), keep_alpha=False) for c in ax.containers]
    assert shown == [colour.lower() for colour in colours]
    assert not ax.get_legend().get_frame_on()


# plot_lines -----------------------------------------------------------------


def test_lines_are_drawn_over_zero_one_two():
    ax = plot_lines(CURVES, xlabel="step", ylabel="slope")
    first, second = ax.lines
    assert first.get_xydata().tolist() == [[0, 3.0], [1, 1.0], [2, 0.5]]
    assert second.get_xydata().tolist() == [[0, 2.0], [1, 1.5]]
    assert {line.get_linestyle() for line in ax.lines} == {"-"}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "slope")
    assert ax.get_yscale() == "linear"
    assert legend_of(ax) == ["one", "two"]
    assert not ax.get_legend().get_frame_on()


def test_lines_differ_in_marker_until_the_markers_run_out():
    ax = plot_lines({str(n): [1, 2] for n in range(10)}, xlabel="x", ylabel="y")
    markers = [line.get_marker() for line in ax.lines]
    assert len(ax.lines) == 10
    assert len(set(markers[:8])) == 8
    assert markers[8:] == markers[:2]
    assert [line.get_color() for line in ax.lines] == 2 * [*SERIES]


def test_axis_of_lines_may_be_logarithmic_and_one_line_needs_no_legend():
    ax = plot_lines({"one": [1, 10]}, xlabel="x", ylabel="y", logarithmic=True)
    assert ax.get_yscale() == "log"
    assert legend_of(ax) is None
