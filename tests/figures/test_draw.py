"""The matplotlib twin shows the same points, lines and legend in the same styles."""

from __future__ import annotations

import dataclasses
import io

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from PIL import Image

from teachkit import figures
from teachkit.figures.draw import SHARPNESS, draw, png
from teachkit.figures.looks import MARKERS
from teachkit.scenes import (
    conjugate_gradient,
    conjugate_gradient_drawing,
    descent,
    descent_drawing,
)
from teachkit.scenes.marks import wall_of
from teachkit.scenes.meanings import SHARED, look, style
from teachkit.scenes.scene import Arrow, Axes, Bar, Label, Line, Picture, Point, Scene


@pytest.fixture
def scene() -> Scene:
    points = (
        Point("a", 0.0, 0.5, "positive"),
        Point("b", 1.0, 1.5, "negative", weight=0.0),
        Point("t", 2.0, 2.5, "test", toggleable=False),
    )
    lines = tuple(
        Line(name, (((0, k), (3, k)), ((0, k + 1), (3, k + 1))), name)
        for k, name in enumerate(["now", "retrained", "predicted"])
    )
    return Scene(
        Axes((-1, 3), (-1, 4), "height", "weight"), points, lines,
        arrows=(Arrow("arrow", (0, 0), (1, 1), "retrained"),),
        labels=(Label("label", 1, 1, "here"),),
        sentence="What is seen.",
        table=(("", "now"), ("θ", "1.0")),
    )  # fmt: skip


@pytest.mark.parametrize(("dark", "theme"), [(False, "light"), (True, "dark")])
def test_lines_have_the_style_of_the_plane(scene, dark, theme):
    axes = draw(scene, dark=dark).axes[0]
    drawn = [line for line in axes.lines if line.get_gid()]
    assert [line.get_gid() for line in drawn] == ["now"] * 2 + ["retrained"] * 2 + ["predicted"] * 2
    for line in drawn:
        entry = look(SHARED[line.get_gid()])
        assert to_hex(line.get_color()).upper() == entry[theme]
        assert line.get_linewidth() == pytest.approx(0.75 * entry["width"])
        dashes = line._dash_pattern[1]
        wanted = None if not entry["dash"] else [0.75 * length for length in entry["dash"]]
        assert dashes == (wanted if wanted is None else pytest.approx(wanted))


@pytest.mark.parametrize(("dark", "theme"), [(False, "light"), (True, "dark")])
def test_points_have_the_style_of_the_plane(scene, dark, theme):
    axes = draw(scene, dark=dark).axes[0]
    clouds = {cloud.get_gid(): cloud for cloud in axes.collections}
    positive, out = clouds["positive"], clouds["negative out"]
    assert to_hex(positive.get_facecolor()[0]).upper() == look(SHARED["positive"])[theme]
    assert len(out.get_facecolor()) == 0  # hollow
    assert to_hex(out.get_edgecolor()[0]).upper() == look(SHARED["removed"])[theme]
    np.testing.assert_allclose(out.get_offsets(), [[1.0, 1.5]])


def test_a_point_is_as_large_as_its_size_says(scene):
    larger = dataclasses.replace(scene.points[0], id="larger", size=2.0)
    axes = draw(dataclasses.replace(scene, points=(*scene.points, larger))).axes[0]
    sizes = next(c for c in axes.collections if c.get_gid() == "positive").get_sizes()
    assert sizes[1] == pytest.approx(4 * sizes[0])  # areas


def test_every_shape_of_the_style_can_be_drawn():
    shapes = {entry["shape"] for entry in style()["looks"].values() if "shape" in entry}
    assert {"circle", "star"} <= shapes <= set(MARKERS)


def test_places_that_have_names_show_them_in_the_place_of_numbers(scene):
    named = dataclasses.replace(scene.axes, xnames=("2020", "3", "174"))
    axes = draw(dataclasses.replace(scene, axes=named)).axes[0]
    assert [*axes.get_xticks()] == [0, 1, 2]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["2020", "3", "174"]


def test_axes_words_and_legend(scene):
    figure = draw(scene)
    axes = figure.axes[0]
    assert (axes.get_xlim(), axes.get_ylim()) == ((-1, 3), (-1, 4))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("height", "weight")
    assert figure.get_suptitle() == "What is seen."
    names = [text.get_text() for text in figure.axes[-1].get_legend().get_texts()]
    assert names == [
        "class +1", "class −1", "test point", "taken out", "now", "retrained", "predicted",
    ]  # fmt: skip
    legend = {"positive": SHARED["positive"].called("digit 8"), "now": SHARED["now"].called("")}
    renamed = dataclasses.replace(scene, legend=legend)
    names = [text.get_text() for text in draw(renamed).axes[-1].get_legend().get_texts()]
    assert names == ["digit 8", "class −1", "test point", "taken out", "retrained", "predicted"]


def test_the_table_stands_beside(scene):
    cells = draw(scene).axes[1].tables[0].get_celld()
    assert [cells[k, 0].get_text().get_text() for k in (0, 1)] == ["", "θ"]
    without = draw(dataclasses.replace(scene, table=()))
    assert [axes for axes in without.axes if axes.tables] == []


def test_into_given_axes_it_draws_the_plane_alone(scene):
    figure = mpl.figure.Figure()
    axes = figure.subplots()
    assert draw(scene, axes) is figure
    assert figure.axes == [axes]
    assert axes.get_legend() is None


def a_picture(name="r", x=1.0, y=2.0, kind="now", **more):
    values = ((0.0, 1.0, 2.0, 3.0), (4.0, 5.0, 6.0, 7.0))
    told = {"values": values, "palette": "signed", "vmin": -8, "vmax": 8, "caption": f"{name}\n+1"}
    return Picture(name, x, y, kind, **{**told, **more})


def test_the_top_row_of_a_picture_is_on_top_and_its_frame_says_its_kind(scene):
    axes = draw(dataclasses.replace(scene, points=(a_picture(width=2.0),))).axes[0]
    image = axes.images[0]
    assert image.origin == "upper"
    assert image.get_extent() == [0, 2, 1.5, 2.5]  # twice as wide as high, as its pixels are
    assert to_hex(image.cmap(image.norm(-8.0))).upper() == style()["palettes"]["signed"]["light"][0]
    frame = next(line for line in axes.lines if line.get_gid() == "r")
    assert to_hex(frame.get_color()).upper() == look(SHARED["now"])["light"]
    assert (frame.get_xdata().min(), frame.get_ydata().max()) == (0, 2.5)
    assert "r\n+1" in [text.get_text() for text in axes.texts]


def test_a_wall_has_its_rows_one_below_the_other():
    pictures = [
        a_picture(f"{row}-{k}", k, -row, weight=float(k != 1)) for row in (0, 1) for k in range(3)
    ]
    titles = (Label("title", 0, -1, "The second row"),)
    scene = Scene(wall_of(3, 2), tuple(pictures), labels=titles, sentence="A wall.")
    axes = draw(scene).axes[0]
    assert not axes.axison
    bottom, top = axes.get_ylim()
    assert bottom > top  # it is counted from the top
    places = [image.get_extent() for image in axes.images]
    assert [place[0] for place in places[:3]] == [place[0] for place in places[3:]]
    assert places[0][0] < places[1][0] < places[2][0]
    title = next(text for text in axes.texts if text.get_text() == "The second row")
    assert places[0][2] < title.get_position()[1] < places[3][3]  # (left, right, bottom, top)
    assert [image.get_alpha() for image in axes.images] == [1.0, 0.3, 1.0] * 2
    names = [text.get_text() for text in draw(scene).axes[-1].get_legend().get_texts()]
    assert names == ["taken out", "now"]


def test_a_bar_reaches_from_its_base_to_its_point():
    bars = (Bar("a", 0.0, 2.0, "positive", base=0.5), Bar("b", 1.0, -1.0, "negative", weight=0.0))
    axes = draw(Scene(Axes((-1, 2), (-2, 3)), bars)).axes[0]
    first, second = axes.patches
    assert first.get_bbox().bounds == pytest.approx((-0.4, 0.5, 0.8, 1.5))
    assert second.get_bbox().bounds == pytest.approx((0.6, 0.0, 0.8, -1.0))
    assert to_hex(first.get_facecolor()).upper() == look(SHARED["positive"])["light"]
    assert second.get_facecolor()[3] == 0  # hollow
    clouds = {cloud.get_gid(): cloud for cloud in axes.collections}
    np.testing.assert_allclose(clouds["positive"].get_offsets(), [[0.0, 2.0]])
    np.testing.assert_allclose(clouds["negative out"].get_offsets(), [[1.0, -1.0]])


def test_a_png_is_the_same_each_time_and_small(scene):
    first = png(scene)
    assert first == png(scene)
    assert first[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(first) < 100_000
    assert png(scene, dark=True) != first


@pytest.mark.parametrize("dark", [False, True])
def test_a_png_of_few_colours_keeps_those_of_rare_marks(dark):
    """One star and one dashed line among hundreds of greys are not mixed into another colour."""
    scene = descent_drawing.draw(descent.begin("a saddle", k=5))
    full = io.BytesIO()
    draw(scene, dark=dark).savefig(full, format="png", dpi=100 * SHARPNESS)
    drawn, kept = (
        np.asarray(Image.open(file).convert("RGB"), dtype=int)
        for file in (full, io.BytesIO(png(scene, dark=dark)))
    )
    assert np.abs(drawn - kept).max() <= 16  # of 255


def test_a_log_axis_counts_in_powers_of_ten():
    figure = draw(Scene(Axes((-8.0, 2.0), (0.0, 3.0), xlog=True)))
    figure.canvas.draw()
    axes = figure.axes[0]
    ticks = [text.get_text() for text in axes.get_xticklabels()]
    assert "$10^{-8}$" in ticks
    assert "$10^{0}$" in ticks
    assert not any("^" in text.get_text() for text in axes.get_yticklabels())


def test_with_one_scale_on_both_axes_their_names_stay_in_the_picture():
    """Only with its last height does a low plane have all its ticks, some of them wide."""
    low = conjugate_gradient_drawing.draw(conjugate_gradient.ConjugateGradientState())
    with mpl.rc_context():
        figures.use_style()
        edge = np.asarray(Image.open(io.BytesIO(png(low))).convert("L"))[:, 0]
    assert np.ptp(edge) == 0


def test_an_empty_scene_draws_an_empty_plane():
    figure = draw(Scene(Axes((0, 1), (0, 1))))
    assert figure.axes[0].collections[:] == []


def test_the_house_style_tells_lines_apart_without_colour():
    with mpl.rc_context():
        figures.use_style()
        cycle = list(mpl.rcParams["axes.prop_cycle"])
        assert len({str(look["linestyle"]) for look in cycle}) == len(cycle)
        assert len({look["color"] for look in cycle}) == len(cycle)
        assert mpl.rcParams["axes.spines.top"] is False


def test_what_is_taken_out_has_its_cross_in_the_legend_too(scene):
    crosses = {}
    for out, weight in (("out", 0.0), ("in", 1.0)):
        points = (Point("a", 0.0, 0.5, "positive", weight=weight, toggleable=False),)
        legend = draw(dataclasses.replace(scene, points=points)).axes[-1].get_legend()
        crosses[out] = [line.get_marker() for line in legend.findobj(Line2D)].count("x")
    assert crosses == {"out": 1, "in": 0}
