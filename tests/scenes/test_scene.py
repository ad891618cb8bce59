"""Scenes are plain data: what goes into one comes out as JSON, and nothing that cannot be drawn."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from teachkit.scenes.meanings import SHARED, Meaning, look, style
from teachkit.scenes.scene import (
    Arrow,
    Axes,
    Bar,
    Label,
    Line,
    Picture,
    Point,
    Scene,
    padded_limits,
)


def a_scene() -> Scene:
    return Scene(
        Axes((np.float64(0), 4), (0, np.int64(3)), "x", "y"),
        points=(Point("a", np.float32(0.5), 1, "positive"), Point("b", 2, 2, "negative", 0.0)),
        lines=(Line("l", (((0, 0), (1, 1), (2, 1)), ((3, 3), (4, 4))), "now"),),
        arrows=(Arrow("move", (0, 0), (1, 1), "guide"),),
        labels=(Label("name", 1, 1, "here"),),
        sentence="Two points.",
        table=(("", "now"), ("θ", "1.0")),
        legend={"positive": SHARED["positive"].called("digit 8")},
    )


def test_a_scene_is_json_and_comes_back_the_same():
    plain = a_scene().as_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain["points"][0] == {
        "id": "a", "x": 0.5, "y": 1.0, "kind": "positive", "weight": 1.0, "size": 1.0,
        "label": "", "draggable": True, "toggleable": True, "note": "",
    }  # fmt: skip
    assert plain["lines"][0]["pieces"] == [[[0, 0], [1, 1], [2, 1]], [[3, 3], [4, 4]]]
    assert plain["axes"]["xlim"] == [0.0, 4.0]
    assert plain["legend"] == [
        {"id": "positive", "look": "blue circle", "name": "digit 8"},
        {"id": "negative", "look": "orange square", "name": "class −1"},
        {"id": "removed", "look": "grey circle", "name": "taken out"},
        {"id": "now", "look": "solid ink", "name": "now"},
        {"id": "guide", "look": "grey dash", "name": ""},
    ]


@pytest.mark.parametrize(
    "broken",
    [
        {"points": (Point("p", float("nan"), 0, "positive"),)},
        {"points": (Point("p", 0, 0, "positive", size=float("inf")),)},
        {"lines": (Line("l", (((0, 0), (1, np.inf)),), "now"),)},
        {"arrows": (Arrow("l", (0, 0), (np.nan, 0), "now"),)},
        {"points": (Picture("r", 0, 0, "now", values=((np.nan,),)),)},
        {"points": (Picture("r", 0, 0, "now", values=((0.0,),), vmax=np.inf),)},
        {"points": (Bar("r", 0, 1, "positive", base=np.nan),)},
    ],
)
def test_what_is_not_finite_is_refused_by_name(broken):
    scene = Scene(Axes((0, 1), (0, 1)), **broken)
    with pytest.raises(ValueError, match=r"'[plr]' of the scene holds a number that is not finite"):
        scene.as_dict()


def test_a_bar_is_a_point_with_a_foot():
    plain = Bar("b", 3, np.float32(0.5), "negative", weight=0.0, label="Point 3", base=-1).plain()
    assert plain == {
        "id": "b", "x": 3.0, "y": 0.5, "kind": "negative", "weight": 0.0, "size": 1.0,
        "label": "Point 3", "draggable": False, "toggleable": True, "note": "",
        "base": -1.0, "width": 0.8,
    }  # fmt: skip


def test_a_picture_is_sent_as_shades_row_by_row():
    values = ((-1.0, 0.0, 1.0), (2.0, 3.0, 4.0))  # what lies beyond the ends is as they are
    picture = Picture("p", 1, 2, "now", values=values, palette="signed", vmin=0, vmax=2, width=3)
    plain = picture.plain()
    assert json.loads(json.dumps(plain)) == plain
    assert list(base64.b64decode(plain["pixels"])) == [0, 0, 128, 255, 255, 255]
    assert (plain["columns"], plain["width"], plain["palette"]) == (3, 3.0, "signed")
    assert "values" not in plain


@pytest.mark.parametrize("limits", [(1.0, 1.0), (2.0, 1.0), (0.0, np.inf), (1e9, 1e9 + 1e-7)])
def test_an_axis_has_two_ends_that_can_be_told_apart(limits):
    with pytest.raises(ValueError, match="An axis cannot run from"):
        Axes((0, 1), limits)
    with pytest.raises(ValueError, match="An axis cannot run from"):
        Axes(limits, (0, 1))


def test_two_points_cannot_share_an_id():
    points = (Point("p", 0, 0, "positive"), Point("p", 1, 1, "positive"))
    with pytest.raises(ValueError, match="share the id 'p'"):
        Scene(Axes((0, 1), (0, 1)), points)


def test_moved_and_reweighted_scenes_share_the_rest():
    scene = a_scene()
    moved = scene.with_positions({"b": (3.0, 1.0)})
    assert (moved.point("b").x, moved.point("b").y) == (3.0, 1.0)
    assert moved.point("a") == scene.point("a")
    assert moved.lines is scene.lines
    assert scene.with_weights({"a": 0.0}).point("a").weight == 0
    assert scene.point("b").x == 2
    with pytest.raises(KeyError, match="no point 'c'"):
        scene.with_positions({"c": (0, 0)})
    with pytest.raises(KeyError, match="no point 'c'"):
        scene.point("c")


def test_limits_leave_a_margin_also_around_a_single_value():
    assert padded_limits([0.0, 10.0]) == (-1.5, 11.5)
    assert padded_limits([3.0, 3.0]) == (2.0, 4.0)
    assert padded_limits([0.0, 0.0]) == (-1.0, 1.0)
    assert padded_limits([3e9, 3e9]) == pytest.approx((2e9, 4e9))
    assert padded_limits([-3e-9]) == pytest.approx((-4e-9, -2e-9))


def test_the_legend_holds_what_is_drawn_in_the_order_of_the_scene():
    legend = {
        "bound": Meaning("violet dots", "the bound"),
        "unused": Meaning("solid blue", "not drawn"),
        "now": SHARED["now"].called("error"),
    }
    lines = [Line(name, (((0, 0), (1, 1)),), name) for name in ("now", "retrained", "bound")]
    scene = Scene(Axes((0, 1), (0, 1)), lines=tuple(lines), legend=legend)
    names = [meaning.name for meaning in scene.meanings.values()]
    assert names == ["the bound", "error", "retrained"]


@pytest.mark.parametrize(
    "drawn",
    [
        {"points": (Point("p", 0, 0, "blue"),)},
        {"lines": (Line("l", (((0, 0), (1, 1)),), "blue"),)},
        {"arrows": (Arrow("a", (0, 0), (1, 1), "blue"),)},
    ],
)
def test_what_has_no_meaning_is_refused(drawn):
    with pytest.raises(ValueError, match="draws 'blue', of which nobody says how it looks"):
        Scene(Axes((0, 1), (0, 1)), **drawn)


def _luminance(colour: str) -> float:
    channels = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _entries():
    styles = style()
    for name, entry in {**styles["looks"], "ink": styles["ink"]}.items():
        yield pytest.param(entry, id=name)


@pytest.mark.parametrize("entry", list(_entries()))
def test_colours_stand_out_on_light_and_on_dark(entry):
    """WCAG 2.2, criterion 1.4.11: graphics need a contrast of 3 to their background."""
    assert _contrast(entry["light"], "#FFFFFF") >= 3
    assert _contrast(entry["dark"], "#111111") >= 3


def test_nothing_is_told_apart_by_colour_alone():
    strokes = [
        (tuple(entry["dash"]), entry["width"])
        for entry in style()["looks"].values()
        if "dash" in entry
    ]
    assert len(strokes) >= 12
    assert len(set(strokes)) == len(strokes)
    together = [look(SHARED[kind])["shape"] for kind in ("positive", "negative", "test")]
    assert len(set(together)) == 3
