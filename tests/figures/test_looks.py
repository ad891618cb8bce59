"""Figures of lessons borrow the looks of the explorers by the name of what they mean."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_hex

from teachkit import datasets, figures
from teachkit.scenes import (
    conjugate_gradient,
    conjugate_gradient_drawing,
    descent,
    descent_drawing,
    memory,
)
from teachkit.scenes.meanings import SHARED, look
from teachkit.scenes.methods import DIRECTIONS


@pytest.mark.parametrize(
    ("name", "colour", "dashes"),
    [
        ("now", "#333333", None),
        ("retrained", "#00805E", (7.5, 3.0)),
        ("predicted", "#B5478A", (1.5, 3.0)),
        ("tangent", "#D55E00", (5.25, 3.0)),
        ("orange dash", "#D55E00", (6.0, 3.0)),
        ("Newton", "#0072B2", None),
        ("L-BFGS", "#00805E", (7.5, 2.25, 1.5, 2.25)),
    ],
)
def test_a_line_looks_as_in_the_explorers(name, colour, dashes):
    figure, axes = plt.subplots()
    (line,) = axes.plot([0, 1], [0, 1], **figures.style(name))
    assert to_hex(line.get_color()).upper() == colour
    drawn = line._dash_pattern[1]  # in points: three quarters of the plane's pixels
    assert (drawn is None) if dashes is None else drawn == pytest.approx(dashes)
    plt.close(figure)


def test_a_point_looks_as_in_the_explorers():
    figure, axes = plt.subplots()
    (star,) = axes.plot([0], [0], **figures.style("test"))
    (out,) = axes.plot([0], [0], **figures.style("removed"))
    assert (star.get_marker(), star.get_linestyle()) == ("*", "None")
    assert to_hex(star.get_markerfacecolor()).upper() == "#B5478A"
    assert out.get_markerfacecolor() == "none"
    assert to_hex(figures.style("test", dark=True)["markerfacecolor"]).upper() == "#E597C3"
    plt.close(figure)


def test_every_method_of_an_explorer_has_a_look_of_its_own():
    methods = [*DIRECTIONS, "conjugate gradients", "secant"]
    looks = [SHARED[name].look for name in methods]
    assert len(set(looks)) == len(methods)
    assert not {SHARED[name].look for name in ("now", "retrained", "predicted")} & set(looks)
    dashes = [(look(SHARED[name])["colour"], tuple(look(SHARED[name])["dash"])) for name in methods]
    assert len(set(dashes)) == len(methods)  # not told apart by their widths alone


def test_the_explorers_draw_a_method_as_figures_do():
    cancer = datasets.breast_cancer()
    kept = memory.draw(memory.begin(cancer.X_train, cancer.y_train, l2=0.1))
    solved = conjugate_gradient_drawing.draw(conjugate_gradient.ConjugateGradientState())
    methods = (("steepest descent", "backtracking"), ("Newton-CG", "Wolfe"))
    walked = descent_drawing.draw(descent.begin("a saddle", methods=methods, k=3))
    for scene, drawn in (
        (kept, {"limited": "L-BFGS", "full": "BFGS", "steepest": "steepest descent"}),
        (solved, {"conjugate": "conjugate gradients", "steepest": "steepest descent"}),
        (walked, {"first": "steepest descent", "second": "Newton-CG"}),
    ):
        assert {line: scene.meanings[line].look for line in drawn} == {
            line: SHARED[name].look for line, name in drawn.items()
        }


@pytest.mark.parametrize("first", DIRECTIONS)
@pytest.mark.parametrize("second", DIRECTIONS)
def test_two_methods_are_told_apart_and_their_points_have_their_colours(first, second):
    methods = ((first, "backtracking"), (second, "Wolfe"))
    meanings = descent_drawing.draw(descent.begin("a saddle", methods=methods, k=3)).legend
    a, b = look(meanings["first"]), look(meanings["second"])
    assert (a["colour"], a["dash"]) != (b["colour"], b["dash"])
    for line, dot in (("first", "first step"), ("second", "second step")):
        assert look(meanings[dot])["colour"] == look(meanings[line])["colour"]


def test_a_style_that_does_not_exist_is_told_those_that_do():
    with pytest.raises(ValueError, match="no style 'refitted'.*retrained.*orange dash"):
        figures.style("refitted")
