"""InfluenceExplorer: what a drag, greying and every control do to the three thetas."""

from __future__ import annotations

import numpy as np
import pytest

from teachkit.datasets import blobs, line
from teachkit.scenes import influence as gesture
from teachkit.scenes.influence_drawing import describe
from teachkit.widgets import InfluenceExplorer
from teachkit.widgets import explorer as shared
from tests.widgets.hand import drag, grey, settled


@pytest.fixture
def explorer():
    return InfluenceExplorer(*blobs())


def test_a_drag_retrains_and_predicts(explorer):
    drag(explorer, 3, 0.5, 1.5)
    expected = gesture.move(explorer.history.start, 3, 0.5, 1.5)
    np.testing.assert_allclose(explorer.state.answer.retrained, expected.answer.retrained)
    assert explorer.plane.scene["sentence"].startswith("Point 3 moved: test loss ")
    drag(explorer, "test", 1.0, 2.0)
    assert explorer.state.test_place == (1.0, 2.0)
    assert settled(explorer)


def test_epsilon_acts_on_the_selected_point(explorer):
    assert explorer.epsilon.disabled
    explorer.plane.selected = "40"
    assert not explorer.epsilon.disabled
    assert "Point 40: weight 1 + n ε = 1.00" in explorer.epsilon_text.value
    explorer.epsilon.value = 0.5 / 41
    assert explorer.plane.current.point("40").weight == pytest.approx(1.5)
    explorer.plane.selected = "test"
    assert explorer.epsilon.disabled


def test_following_a_selection_is_no_gesture(explorer):
    explorer.plane.selected = "7"
    grey(explorer, 7)
    for name in ("8", "7"):
        explorer.plane.selected = name
    assert len(explorer.history.states) == 2


def test_a_slider_that_says_its_rounded_zero_is_no_gesture():
    """With six points the front end's 0 is the sum of twenty steps from -1/6, 2.8e-17."""
    X, y = blobs()
    explorer = InfluenceExplorer(X[[0, 1, 2, -4, -3, -2]], y[[0, 1, 2, -4, -3, -2]])
    explorer.plane.selected = "2"
    revision = explorer.plane.scene["revision"]
    explorer.epsilon.value = 2.7755575615628914e-17
    assert explorer.plane.scene["revision"] == revision  # a new one would drop what the hand does
    assert not explorer.history.can_undo


def test_the_path_belongs_to_the_selected_point(explorer):
    assert not explorer.path.current.lines
    explorer.plane.selected = "40"
    assert len(explorer.path.current.lines) == 7
    assert explorer.path.current.lines[-1].pieces[0][0][0] == 0.0
    explorer.epsilon.value = explorer.epsilon.max
    assert explorer.path.current.lines[-1].pieces[0][0][0] == pytest.approx(1 / 41)


def test_the_path_is_not_computed_under_the_hand(explorer, monkeypatch):
    explorer.plane.selected = explorer.plane.held = "40"
    computed = []
    monkeypatch.setattr(
        "teachkit.scenes.influence_drawing.theta_path",
        lambda *args: computed.append(args) or gesture.theta_path(*args),
    )
    drag(explorer, 40, 0.5, 1.5)
    explorer.plane.held, explorer.epsilon.value = "slider", explorer.epsilon.max
    assert computed == []
    assert explorer.plane.scene["sentence"].startswith("Point 40 weighs")
    explorer.plane.held = ""
    assert len(computed) == 1
    assert settled(explorer)


def test_a_reset_is_taken_back_to_the_place_before(explorer):
    drag(explorer, 3, 0.5, 1.5)
    explorer.undo_button.click()
    assert explorer.plane.current.arrows == ()
    drag(explorer, 3, 0.6, 1.5)
    explorer.reset_button.click()
    assert explorer.state is explorer.history.start
    explorer.undo_button.click()
    assert explorer.state.X[3].tolist() == [0.6, 1.5]


def test_a_drag_is_one_gesture_until_the_hand_rests(explorer, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(shared.time, "monotonic", lambda: clock[0])
    for x in (0.1, 0.2, 0.3):
        drag(explorer, 3, x, 0.0)
        clock[0] += 0.05
    clock[0] += 5
    drag(explorer, 3, 0.4, 0.0)
    drag(explorer, 4, 0.4, 0.1)
    assert len(explorer.history.states) == 4
    explorer.undo()
    explorer.undo()
    assert explorer.state.X[3].tolist() == [0.3, 0.0]
    explorer.undo()
    np.testing.assert_array_equal(explorer.state.X, explorer.history.start.X)


def test_a_refusal_is_shown_and_changes_nothing():
    explorer = InfluenceExplorer([[0.0, 0.0], [1.0, 1.0]], [-1, 1])
    grey(explorer, 0)
    shown = explorer.plane.scene
    grey(explorer, 1)
    assert "Point 1 stays: it would be the last one" in explorer.plane.error
    assert explorer.state.weights.tolist() == [0, 1]
    assert explorer.plane.scene["points"] == shown["points"]
    grey(explorer, 0, weight=1.0)
    assert explorer.plane.error == ""


def test_a_control_that_is_refused_goes_back():
    explorer = InfluenceExplorer([[0.0], [1.0], [2.0]], [0.0, 1.0, 1.0])
    grey(explorer, 0)
    grey(explorer, 1)
    assert "no unique minimum" in explorer.plane.error
    assert explorer.state.weights.tolist() == [0, 1, 1]
    explorer.l2.value = 0.1
    grey(explorer, 1)
    assert explorer.plane.error == ""
    explorer.l2.value = 0.0
    assert "no unique minimum" in explorer.plane.error
    assert explorer.l2.value == explorer.state.fit.l2 == 0.1
    explorer.plane.selected = "2"
    explorer.epsilon.value = explorer.epsilon.min
    assert "Point 2 stays" in explorer.plane.error
    assert explorer.epsilon.value == pytest.approx(0.0)


def test_the_form_greys_as_the_hand_does(explorer):
    other = InfluenceExplorer(*blobs())
    other.form.which.value, other.form.x.value, other.form.inside.value = "3", 0.5, False
    drag(explorer, 3, 0.5, other.state.X[3, 1])
    grey(explorer, 3)
    assert describe(other.state) == describe(explorer.state)
    assert other.plane.current.points == explorer.plane.current.points
    assert other.epsilon.value == other.epsilon.min
    other.undo()
    assert other.form.inside.value is True


def test_leverage_is_exact_for_the_square_loss(explorer):
    explorer.loss.value, explorer.leverage.value = "square", True
    grey(explorer, 40)
    of_line = InfluenceExplorer(*line(), leverage=True)
    assert "loss" not in of_line.controls  # of which there is no choice
    drag(of_line, 20, 1.0, 0.8)
    assert of_line.state.y[20] == 0.8
    for one in (explorer, of_line):
        assert one.state.answer.relative_error < 1e-9


def test_a_penalty_of_ones_own_joins_the_slider():
    explorer = InfluenceExplorer(*blobs(), l2=0.02)
    penalties = [value for _, value in explorer.l2.options]
    assert explorer.l2.value == 0.02
    assert penalties == sorted(penalties)
