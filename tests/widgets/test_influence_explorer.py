"""InfluenceExplorer and ImageInfluenceExplorer: what drags, clicks and controls do to theta."""

from __future__ import annotations

import numpy as np
import pytest

from teachkit.datasets import blobs, line
from teachkit.scenes import influence as gesture
from teachkit.scenes.image_influence_drawing import describe
from teachkit.widgets import InfluenceExplorer
from teachkit.widgets import explorer as shared
from tests.widgets.hand import CASES, drag, grey, settled


@pytest.fixture
def explorer():
    return CASES["influence"].make()


@pytest.fixture
def images():
    return CASES["images"].make()


def test_epsilon_and_the_path_belong_to_the_selected_point(explorer):
    assert explorer.epsilon.disabled
    assert not explorer.path.current.lines
    explorer.plane.selected = "40"
    assert not explorer.epsilon.disabled
    assert "Point 40: weight 1 + n ε = 1.00" in explorer.epsilon_text.value
    assert len(explorer.path.current.lines) == 7
    assert explorer.path.current.lines[-1].pieces[0][0][0] == 0.0
    explorer.epsilon.value = explorer.epsilon.max
    assert explorer.path.current.lines[-1].pieces[0][0][0] == pytest.approx(1 / 41)
    explorer.plane.selected = "test"
    assert explorer.epsilon.disabled


def test_epsilon_and_the_path_belong_to_all_of_an_area(explorer):
    explorer.plane.selected = "40"
    area = [str(i) for i in range(21)]
    explorer.plane.selected, explorer.plane.brushed = "", area
    assert explorer.epsilon_text.value == "21 points: weight 1 + n ε = 1.00 each"
    assert "as 21 points go from out to counting twice" in explorer.path.current.sentence
    explorer.epsilon.value = explorer.epsilon.min
    assert explorer.state.weights.tolist() == 21 * [0.0] + 20 * [1.0]
    assert len(explorer.history.states) == 2
    # The path is at its left end, with all of them out: theta as retrained.
    line = explorer.path.current.lines[0]
    moved = explorer.state.answer.retrained - explorer.state.answer.now
    assert line.pieces[0][0][0] == pytest.approx(-1 / 41)
    assert line.pieces[0][0][1] == pytest.approx(moved[0], rel=1e-6)
    grey(explorer, 3, weight=1.0)
    assert explorer.epsilon_text.value == "21 points: weights 1 + n ε from 0.00 to 1.00"
    assert explorer.epsilon.value == pytest.approx(-20 / 21 / 41, abs=0.6 * explorer.epsilon.step)
    explorer.form.which.value = "7"  # one point is chosen: it is spoken of alone
    assert explorer.plane.brushed == []
    assert explorer.epsilon_text.value == "Point 7: weight 1 + n ε = 0.00"


def test_all_points_of_an_area_cannot_go_where_no_model_is_left():
    explorer = InfluenceExplorer([[0.0], [1.0], [2.0]], [0.0, 1.0, 1.0])
    explorer.plane.brushed = ["0", "1", "2"]
    explorer.epsilon.value = explorer.epsilon.min
    assert "Point 2 stays" in explorer.plane.error
    assert explorer.state.weights.tolist() == [1, 1, 1]


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
    assert explorer.plane.current.arrows == ()


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


def test_leverage_is_exact_for_the_square_loss(explorer):
    explorer.loss.value, explorer.leverage.value = "square", True
    grey(explorer, 40)
    of_line = InfluenceExplorer(*line(), leverage=True)
    assert "loss" not in of_line.controls  # of which there is no choice
    drag(of_line, 20, 1.0, 0.8)
    assert of_line.state.y[20] == 0.8
    for one in (explorer, of_line):
        assert one.state.answer.relative_error < 1e-9


def test_every_image_has_a_text_a_number_and_can_be_clicked(images):
    state, scene = images.state, images.plane.current
    for i in state.helpful + state.harmful:
        effect = f"{state.effects[i]:+.4f}".replace("-", "−")
        picture = scene.point(str(i))
        assert picture.label == f"Training image {i}"
        assert scene.meanings[picture.kind].name == ("8" if state.model.y[i] > 0 else "3")
        assert picture.note == f"without it the test loss changes by {effect}"
        assert (picture.weight, picture.toggleable, picture.draggable) == (1.0, True, False)
    assert all(point.label and not point.draggable for point in scene.points)
    assert scene.sentence == describe(state)
    assert describe(state) in images.static_alt()


def test_a_change_of_theta_that_is_none_yet_says_what_to_do(images):
    def words():
        return {p.id: p.inside for p in images.plane.current.points if p.id.startswith("theta")}

    asked = {"theta-1": "", "theta-2": "take an\nimage out", "theta-3": "take an\nimage out"}
    assert words() == asked
    grey(images, images.state.helpful[0])
    assert not any(words().values())
    images.undo()
    assert words() == asked


def test_several_images_add_up(images):
    for i in images.state.harmful:
        grey(images, i)
    state, scene = images.state, images.plane.current
    assert state.removed == set(state.harmful)
    assert {point.id for point in scene.points if not point.weight} == {*map(str, state.removed)}
    assert "4 images out" in scene.sentence
    assert "sum of the single predictions" in scene.sentence
    change = max(np.abs(of[:-1]).max() for of in (state.true_change, state.predicted_change))
    assert "true change" in scene.point("theta-3").caption
    assert f"blue +{change:.3f}\norange −{change:.3f}" in scene.point("theta-3").caption


def test_another_test_image_has_other_walls(images):
    first = images.state.helpful
    grey(images, first[0])
    images.chooser.value = 5
    assert (images.state.test, images.state.removed) == (5, {first[0]})
    assert images.state.helpful != first
    losses = [images.state.model.test_losses[i] for _, i in images.chooser.options]
    assert losses == sorted(losses, reverse=True)


def test_a_failure_is_shown_and_changes_nothing(images, monkeypatch):
    def fail(*_):
        raise ValueError("no minimum was found")

    before, i = images.state, images.state.helpful[2]
    with monkeypatch.context() as patched:
        patched.setattr("teachkit.scenes.removal.retrain", fail)
        grey(images, i)
    assert "no minimum was found" in images.plane.error
    assert images.state is before
    assert all(point.weight for point in images.plane.current.points)
    grey(images, i)
    assert images.plane.error == ""
    assert images.state.removed == {i}
