"""The loss explorer without a front end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from teachkit.losses import Hinge, Logistic, SmoothHinge
from teachkit.scenes.loss import LOSSES, SCALES, begin, choose, look, turn_to
from teachkit.scenes.loss_drawing import describe, describe_derivative, draw, draw_derivative

# Value, slope and curvature by hand: at a margin m, or at a residual r beyond the corner.
BY_HAND = {
    "zero_one": lambda m: (float(m <= 0),),
    "hinge": lambda m: (max(0, 1 - m), -float(m < 1), 0.0),
    "smooth_hinge": lambda m: (
        0.3 * np.log1p(np.exp((1 - m) / 0.3)), -expit((1 - m) / 0.3),
        expit((1 - m) / 0.3) * expit((m - 1) / 0.3) / 0.3,
    ),
    "logistic": lambda m: (np.log1p(np.exp(-m)), -expit(-m), expit(m) * expit(-m)),
    "absolute": lambda r: (abs(r), np.sign(r), 0.0),
    "insensitive": lambda r: (max(0, abs(r) - 0.7), np.sign(r) * (abs(r) > 0.7), 0.0),
}  # fmt: skip


@pytest.mark.parametrize("at", [-1.35, -0.4, 0.45, 1.8])
@pytest.mark.parametrize("over", SCALES)
def test_what_it_reads_is_the_loss_by_hand(over, at):
    state = begin(over, at, t=0.3, epsilon=0.7)
    squared = {"margin": 1 - at, "residual": at}[over]
    by_hand = BY_HAND | {
        "square": lambda _: (squared**2, {"margin": -2, "residual": 2}[over] * squared, 2.0)
    }
    assert len(state.shown) == {"margin": 5, "residual": 3}[over]
    for key in state.shown:
        found = [state.here(key, what) for what in ("value", "slope", "curvature")]
        wanted = [*by_hand[key](at), None, None][:3]
        assert found == pytest.approx(wanted), key


def test_where_a_loss_has_no_derivative_its_own_words_say_why():
    on, off = begin(at=1.0, derivative="slope"), begin(at=0.95, derivative="slope")
    with pytest.raises(ValueError) as refusal:
        Hinge().slope(np.asarray(1.0), np.asarray(1.0))
    assert on.here("hinge", "slope") is None
    assert str(refusal.value) in describe_derivative(on)
    assert str(refusal.value) not in describe_derivative(off)
    assert "hinge −1.00" in describe_derivative(off)
    assert "The zero-one loss has no usable derivative" in describe_derivative(off)
    assert "on-hinge" not in {point.id for point in draw_derivative(on).points}
    rows = {row[0]: row[1:] for row in draw(on).table}
    assert rows["hinge"] == ("0.000", "none", "none")
    corner = look(begin("residual", 0.0, epsilon=0.3), -0.3)
    assert "|s - y| = epsilon" in corner.why_not("insensitive", "curvature")


def test_a_curve_is_broken_where_the_loss_has_a_corner():
    state = begin(derivative="slope")
    lines = {line.id: line for line in draw_derivative(state).lines}
    assert "zero_one" not in lines
    left, right = lines["hinge"].pieces
    assert {y for _, y in left} == {-1.0}
    assert {y for _, y in right} == {0.0}
    assert left[-1][0] == right[0][0] == 1.0
    jump = {line.id: line for line in draw(state).lines}["zero_one"]
    assert [piece[0][1] for piece in jump.pieces] == [1.0, 0.0]
    free = replace(turn_to(state, "residual"), epsilon=0.0)
    assert len(free.branches("insensitive", "value")) == 2
    wide = begin("residual", epsilon=5.0)  # its corners are outside of the picture
    ((_, heights),) = wide.branches("insensitive", "slope")
    assert not heights.any()


def test_the_smooth_hinge_tends_to_the_hinge_and_its_curvature_to_a_peak():
    far = []
    for t in (1.0, 0.5, 0.1):
        state = begin(at=1.0, t=t)
        assert state.here("smooth_hinge", "curvature") == pytest.approx(1 / (4 * t))
        far.append(state.here("smooth_hinge", "value"))
        assert far[-1] == pytest.approx(t * np.log(2))
    assert far == sorted(far, reverse=True)


def test_the_labels_do_not_matter_only_their_product_with_the_score():
    m = np.linspace(-2, 3, 11)
    for loss in (Logistic(), SmoothHinge(0.4)):
        np.testing.assert_allclose(loss.value(m, np.ones(11)), loss.value(-m, -np.ones(11)))


def test_a_place_is_on_the_grid_and_on_the_axis():
    assert look(begin(), 0.9876).at == 1.0
    assert look(begin(), 99.0).at == 3.0
    assert turn_to(look(turn_to(begin(), "residual"), -2.9), "margin").at == -2.0


def test_losses_can_be_left_out_all_of_them_too():
    state = begin()
    for key in LOSSES:
        state = choose(state, key, False)
        assert key not in {line.id for line in draw(state).lines}
        draw_derivative(replace(state, derivative="slope")).as_dict()
    assert "No loss is chosen" in describe(state)
    assert choose(state, "hinge", True).shown == ("hinge",)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (-0.5, "the sign is wrong"),
        (0.0, "no sign at all"),
        (0.5, "less than 1"),
        (1.0, "1 or more"),
    ],
)
def test_the_sentence_says_what_a_margin_means(at, words):
    assert words in describe(begin(at=at))


def test_nothing_is_drawn_beside_unless_asked():
    scene = draw_derivative(begin())
    assert not scene.lines and not scene.points
    with pytest.raises(ValueError, match="derivative is 'third'"):
        begin(derivative="third")
