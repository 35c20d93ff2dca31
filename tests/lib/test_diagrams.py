"""Drawings: which boxes there are, and which arrow leads from where to where."""

import inspect
from functools import partial
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyBboxPatch, Rectangle

from rnn_lib import VanillaRNN, diagrams
from rnn_lib.diagrams import draw_two_paths, draw_unrolled, draw_weight_map
from rnn_lib.plots import COLOURS, GREY
from tests.charts import cut_off, overlaps, texts_of

PAIRS = {
    "U": "rnn.weight_ih_l0",
    "W": "rnn.weight_hh_l0",
    "b": "rnn.bias_ih_l0 + rnn.bias_hh_l0",
    "V": "fc.weight",
    "c": "fc.bias",
}
SHAPES = {name: p.shape for name, p in VanillaRNN(26, 128).parameters.items()}

# One plain call of every drawing.
CALLS = {
    "draw_unrolled": partial(draw_unrolled, "ABA", "BAC", gradients=True),
    "draw_two_paths": draw_two_paths,
    "draw_weight_map": partial(draw_weight_map, PAIRS, SHAPES),
}


@pytest.fixture(autouse=True)
def no_figure_is_left():
    """Close what a test opened, and fail if something was open before."""
    assert plt.get_fignums() == []
    yield
    plt.close("all")


def boxes_of(ax):
    """Return text, centre and colour of every rounded box."""
    boxes = {}
    for patch in ax.patches:
        if isinstance(patch, FancyBboxPatch):
            centre = (
                patch.get_x() + patch.get_width() / 2,
                patch.get_y() + patch.get_height() / 2,
            )
            (label,) = [t for t in ax.texts if np.allclose(t.get_position(), centre)]
            assert (label.get_ha(), label.get_va()) == ("center", "center")
            assert to_hex(patch.get_facecolor()) == "#ffffff"
            boxes[label.get_text()] = (centre, to_hex(patch.get_edgecolor()))
    return boxes


def arrows_of(ax):
    """Return start, end, colour and dashedness of every arrow."""
    arrows = []
    for note in ax.texts:
        patch = getattr(note, "arrow_patch", None)
        if patch is not None:
            assert "->" in str(note.arrowprops["arrowstyle"]).replace("-|>", "->")
            start, end = note.xyann, note.xy
            colour = to_hex(patch.get_edgecolor())
            arrows.append((start, end, colour, patch.get_linestyle() == "--"))
    return arrows


def edges_of(ax):
    """Return each arrow as (box it leaves, box it reaches, colour, dashed).

    An arrow belongs to the nearest box, whose border its tip must not cross
    and must come near to.
    """
    boxes = boxes_of(ax)

    def nearest(point):
        name = min(boxes, key=lambda n: np.hypot(*np.subtract(point, boxes[n][0])))
        dx, dy = np.abs(np.subtract(point, boxes[name][0]))
        # Half of a box and its rounding: 0.45 wide, 0.3 high.
        beyond = max(dx - 0.45, dy - 0.3)
        assert -1e-9 <= beyond <= 0.15, (point, name)
        return name

    return [
        (nearest(a), nearest(b), colour, dash) for a, b, colour, dash in arrows_of(ax)
    ]


# Every drawing --------------------------------------------------------------


def test_every_drawing_is_among_the_calls():
    public = {
        name
        for name, value in vars(diagrams).items()
        if inspect.isfunction(value)
        and value.__module__ == diagrams.__name__
        and not name.startswith("_")
    }
    assert public == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_drawing_makes_one_figure_without_axis_lines(name):
    ax = CALLS[name]()
    assert isinstance(ax, plt.Axes)
    assert plt.get_fignums() == [ax.figure.number]
    assert ax.figure.axes == [ax]
    assert not ax.axison


@pytest.mark.parametrize("name", CALLS)
def test_drawing_uses_the_axes_it_is_given(name):
    figure, (left, right) = plt.subplots(1, 2)
    assert CALLS[name](ax=right) is right
    assert plt.get_fignums() == [figure.number]
    assert figure.axes == [left, right]
    assert not left.texts
    assert not left.patches
    assert right.texts


@pytest.mark.parametrize("name", CALLS)
def test_nothing_is_covered_or_cut_off(name):
    ax = CALLS[name]()
    assert overlaps(ax) == []
    assert cut_off(ax) == []
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    for patch in ax.patches:
        shape = patch.get_path().transformed(patch.get_patch_transform())
        box = shape.get_extents()
        assert left <= box.x0 <= box.x1 <= right
        assert bottom <= box.y0 <= box.y1 <= top


# draw_unrolled --------------------------------------------------------------


@pytest.mark.parametrize("letters", ["A", "AB", "ABA", ["x", "y", "z", "x", "y"]])
@pytest.mark.parametrize("gradients", [False, True])
def test_unrolled_network_has_one_copy_of_each_weight_per_step(letters, gradients):
    ax = draw_unrolled(letters, gradients=gradients)
    boxes = boxes_of(ax)
    wanted = {"$h_{-1}=0$": GREY}
    edges = []
    for t, letter in enumerate(letters):
        x, h, o = f"$x_{{{t}}}$: {letter}", f"$h_{{{t}}}$", f"$o_{{{t}}}$"
        before = f"$h_{{{t - 1}}}$" if t else "$h_{-1}=0$"
        wanted |= {x: COLOURS["U"], h: COLOURS["state"], o: COLOURS["V"]}
        edges += [
            (x, h, COLOURS["U"], False),
            (before, h, COLOURS["W"], False),
            (h, o, COLOURS["V"], False),
        ]
        if gradients:
            edges.append((o, h, COLOURS["gradient"], True))
            if t:
                edges.append((h, before, COLOURS["gradient"], True))
    colours = {name: colour for name, (_, colour) in boxes.items()}
    assert colours == {name: colour.lower() for name, colour in wanted.items()}
    lowered = [(a, b, colour.lower(), dash) for a, b, colour, dash in edges]
    assert sorted(edges_of(ax)) == sorted(lowered)
    assert overlaps(ax) == []


def test_time_runs_to_the_right_and_the_network_upwards():
    boxes = boxes_of(draw_unrolled("ABC"))
    states = [
        boxes[name][0] for name in ("$h_{-1}=0$", "$h_{0}$", "$h_{1}$", "$h_{2}$")
    ]
    xs, ys = zip(*states, strict=True)
    assert all(np.diff(xs) > 1)
    assert len(set(ys)) == 1
    for t, letter in enumerate("ABC"):
        column = [
            boxes[n][0]
            for n in (f"$x_{{{t}}}$: {letter}", f"$h_{{{t}}}$", f"$o_{{{t}}}$")
        ]
        xs, ys = zip(*column, strict=True)
        assert len(set(xs)) == 1
        assert all(np.diff(ys) > 1)


@pytest.mark.parametrize("gradients", [False, True])
def test_arrows_of_the_way_forward_are_named_in_their_colour(gradients):
    ax = draw_unrolled("ABA", gradients=gradients)
    named = [
        (text.get_text(), to_hex(text.get_color()), text.xy)
        for text in ax.texts
        if text.get_text() in {"U", "V", "W"}
    ]
    assert len(named) == 9
    for name, colour, place in named:
        assert colour == COLOURS[name].lower()
        near = [
            tint
            for start, end, tint, _ in arrows_of(ax)
            if np.allclose(np.add(start, end) / 2, place)
        ]
        assert near == [colour]


def test_answers_stand_above_the_outputs():
    ax = draw_unrolled("AB", ["one", "two"])
    boxes = boxes_of(ax)
    for t, answer in enumerate(["one", "two"]):
        (text,) = [text for text in ax.texts if text.get_text() == answer]
        x, y = boxes[f"$o_{{{t}}}$"][0]
        assert text.get_position()[0] == x
        assert text.get_position()[1] > y + 0.3
        assert text.get_ha() == "center"
    assert "one" not in texts_of(draw_unrolled("AB"))
    assert len(draw_unrolled("AB", "CD").texts) == len(draw_unrolled("AB").texts) + 2


def test_a_longer_sequence_gets_a_wider_figure():
    sizes = [draw_unrolled("A" * n).figure.get_size_inches() for n in (1, 2, 5)]
    widths, heights = np.transpose(sizes)
    assert widths[1] - widths[0] == pytest.approx((widths[2] - widths[1]) / 3)
    assert widths[1] - widths[0] > 1
    assert len(set(heights)) == 1


# draw_two_paths -------------------------------------------------------------


def test_two_paths_lead_into_one_state_and_back():
    ax = draw_two_paths()
    state, output = COLOURS["state"].lower(), COLOURS["V"].lower()
    colours = {name: colour for name, (_, colour) in boxes_of(ax).items()}
    assert colours == {
        "$z_t$": state,
        "$h_t$": state,
        "$z_{t+1}$": state,
        "$o_t$": output,
    }
    gradient = COLOURS["gradient"].lower()
    assert sorted(edges_of(ax)) == sorted(
        [
            ("$z_t$", "$h_t$", GREY.lower(), False),
            ("$h_t$", "$z_{t+1}$", COLOURS["W"].lower(), False),
            ("$h_t$", "$o_t$", output, False),
            ("$o_t$", "$h_t$", gradient, True),
            ("$z_{t+1}$", "$h_t$", gradient, True),
            ("$h_t$", "$z_t$", gradient, True),
        ]
    )


@pytest.mark.parametrize(
    ("label", "start", "end"),
    [
        (r"$V^\top\,dL/do_t$", "$o_t$", "$h_t$"),
        (r"$W^\top\,dL/dz_{t+1}$", "$z_{t+1}$", "$h_t$"),
        (r"$(1-h_t^2)\odot dL/dh_t$", "$h_t$", "$z_t$"),
    ],
)
def test_each_way_back_is_labelled_with_what_it_carries(label, start, end):
    ax = draw_two_paths()
    (text,) = [text for text in ax.texts if text.get_text() == label]
    assert to_hex(text.get_color()) == COLOURS["gradient"].lower()
    place = text.get_position()
    ways = [
        (np.hypot(*(np.add(a, b) / 2 - place)), edge[:2])
        for (a, b, _, dashed), edge in zip(arrows_of(ax), edges_of(ax), strict=True)
        if dashed
    ]
    assert min(ways)[1] == (start, end)


def test_forward_arrows_and_the_sum_are_named():
    ax = draw_two_paths()
    colours = {text.get_text(): to_hex(text.get_color()) for text in ax.texts}
    assert colours["tanh"] == GREY.lower()
    assert colours["W"] == COLOURS["W"].lower()
    assert colours["V"] == COLOURS["V"].lower()
    (text,) = [text for text in ax.texts if "add up" in text.get_text()]
    assert text.get_text() == "the two add up\nto $dL/dh_t$"
    assert text.get_position()[0] == boxes_of(ax)["$h_t$"][0][0]


# draw_weight_map ------------------------------------------------------------


def rows_of(ax):
    """Return the rectangles of the map by the colour they are drawn in, top down."""
    patches = [p for p in ax.patches if isinstance(p, Rectangle)]
    middles = sorted({round(p.get_y() + p.get_height() / 2, 9) for p in patches})
    return [
        [p for p in patches if round(p.get_y() + p.get_height() / 2, 9) == middle]
        for middle in reversed(middles)
    ]


def test_each_parameter_is_drawn_once_here_and_once_per_name_there():
    ax = draw_weight_map(PAIRS, SHAPES)
    rows = rows_of(ax)
    assert [len(row) for row in rows] == [2, 2, 3, 2, 2]
    for name, row in zip(PAIRS, rows, strict=True):
        colour = COLOURS.get(name, GREY).lower()
        assert {to_hex(p.get_edgecolor()) for p in row} == {colour}
        assert {to_hex(p.get_facecolor(), keep_alpha=True) for p in row} == {
            f"{colour}33"
        }
        # Side by side, none over another.
        lefts = sorted((p.get_x(), p.get_x() + p.get_width()) for p in row)
        assert all(a[1] < b[0] for a, b in pairwise(lefts))
    for above, below in pairwise(rows):
        assert above[0].get_y() > below[0].get_y() + below[0].get_height()


def test_rectangles_have_the_proportions_of_the_arrays():
    shapes = {"U": (40, 10), "W": (40, 40), "b": (40,)}
    ax = draw_weight_map({"U": "a", "W": "b", "b": "c"}, shapes)
    for row, size in zip(rows_of(ax), [(0.25, 1), (1, 1), (0.05, 1)], strict=True):
        for patch in row:
            assert (patch.get_width(), patch.get_height()) == pytest.approx(size)
    assert ax.get_aspect() == 1
    # A small array stays large enough to be seen.
    ax = draw_weight_map({"U": "a", "c": "b"}, {"U": (100, 100), "c": (1,)})
    assert {(p.get_width(), p.get_height()) for p in rows_of(ax)[1]} == {(0.05, 0.05)}


def test_names_and_shapes_stand_beside_their_arrays():
    ax = draw_weight_map(PAIRS, SHAPES)
    written = {text.get_text(): text for text in ax.texts}
    assert {"VanillaRNN", "nn.RNN and nn.Linear"} <= set(written)
    for (ours, theirs), row in zip(PAIRS.items(), rows_of(ax), strict=True):
        middle = row[0].get_y() + row[0].get_height() / 2
        there = theirs.replace(" + ", "\n+ ")
        right = max(patch.get_x() + patch.get_width() for patch in row)
        for name in (ours, str(SHAPES[ours]), there):
            text = written[name]
            assert text.get_position()[1] == pytest.approx(middle)
            assert text.get_va() == "center"
        assert written[there].get_position()[0] > right
        assert written[ours].get_position()[0] < min(p.get_x() for p in row)
        colour = COLOURS.get(ours, GREY).lower()
        for name in (ours, there):
            assert to_hex(written[name].get_color()) == colour


def test_arrows_lead_from_here_to_there():
    ax = draw_weight_map(PAIRS, SHAPES)
    arrows = arrows_of(ax)
    assert len(arrows) == 5
    for name, row, (start, end, colour, dashed) in zip(
        PAIRS, rows_of(ax), arrows, strict=True
    ):
        ours, theirs = row[0], row[1]
        middle = ours.get_y() + ours.get_height() / 2
        assert start[1] == end[1] == pytest.approx(middle)
        assert ours.get_x() + ours.get_width() < start[0] < end[0] < theirs.get_x()
        assert colour == COLOURS.get(name, GREY).lower()
        assert not dashed
