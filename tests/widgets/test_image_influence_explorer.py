"""ImageInfluenceExplorer by clicks on its images, without a browser."""

from __future__ import annotations

import numpy as np
import pytest

from teachkit.scenes.image_influence_drawing import describe
from tests.widgets.hand import CASES


@pytest.fixture
def explorer():
    return CASES["images"].make()


def take(explorer, *images):
    """What a click on each of these does."""
    for i in images:
        point = explorer.plane.current.point(str(i))
        explorer.plane.toggle({point.id: 0.0 if point.weight else 1.0})


def out(explorer):
    return {point.id for point in explorer.plane.current.points if point.weight == 0}


def test_every_image_has_a_text_a_number_and_can_be_clicked(explorer):
    state = explorer.state
    for name in ("helpful", "harmful"):
        for i in getattr(state, name):
            digit = "8" if state.model.y[i] > 0 else "3"
            effect = f"{state.effects[i]:+.4f}".replace("-", "−")
            picture = explorer.plane.current.point(str(i))
            assert picture.label == f"Training image {i}"
            assert explorer.plane.current.meanings[picture.kind].name == digit
            assert picture.note == f"without it the test loss changes by {effect}"
            assert (picture.weight, picture.toggleable, picture.draggable) == (1.0, True, False)
    assert all(point.label and not point.draggable for point in explorer.plane.current.points)
    assert explorer.plane.current.sentence == describe(state)
    assert describe(state) in explorer.static_alt()


def test_a_click_takes_an_image_out_and_a_second_puts_it_back(explorer):
    i = explorer.state.harmful[1]
    take(explorer, i)
    assert explorer.state.removed == {i}
    assert out(explorer) == {str(i)}
    assert explorer.plane.current.sentence == describe(explorer.state)
    take(explorer, i)
    assert explorer.state.removed == frozenset()
    assert "all 249 training images in" in explorer.plane.current.sentence


def test_several_add_up(explorer):
    take(explorer, *explorer.state.harmful)
    state = explorer.state
    assert state.removed == set(state.harmful)
    assert "4 images out" in explorer.plane.current.sentence
    assert "sum of the single predictions" in explorer.plane.current.sentence
    change = np.abs(state.true_change[:-1]).max()
    caption = explorer.plane.current.point("theta-3").caption
    assert "true change" in caption
    assert f"±{max(change, np.abs(state.predicted_change[:-1]).max()):.3f}" in caption


def test_another_test_image_has_other_walls(explorer):
    first = explorer.state.helpful
    take(explorer, first[0])
    explorer.chooser.value = 5
    assert explorer.state.test == 5
    assert explorer.state.helpful != first
    assert explorer.state.removed == {first[0]}
    losses = [explorer.state.model.test_losses[i] for _, i in explorer.chooser.options]
    assert losses == sorted(losses, reverse=True)


def test_undo_and_reset(explorer):
    assert explorer.undo_button.disabled
    start = explorer.state
    first = start.helpful[0]
    take(explorer, first)
    explorer.chooser.value = 5
    explorer.undo_button.click()
    assert explorer.chooser.value == start.test
    assert out(explorer) == {str(first)}
    explorer.reset_button.click()
    assert explorer.state is start
    assert out(explorer) == set()
    explorer.undo_button.click()
    assert explorer.state.removed == {first}


def test_a_failure_is_shown_and_changes_nothing(explorer, monkeypatch):
    def fail(*_):
        raise ValueError("no minimum was found")

    monkeypatch.setattr("teachkit.scenes.image_influence.retrain", fail)
    before, i = explorer.state, explorer.state.helpful[2]
    explorer.plane.weights = told(explorer, i)
    assert "no minimum was found" in explorer.plane.error
    assert explorer.state is before
    assert out(explorer) == set()
    monkeypatch.undo()
    explorer.plane.weights = told(explorer, i)
    assert explorer.plane.error == ""
    assert len(explorer.state.removed) == 1


def told(explorer, i):
    """What the front end sends for a click on image i."""
    scene = explorer.plane.scene
    table = {point["id"]: 0.0 if point["id"] == str(i) else 1.0 for point in scene["points"]}
    serial = scene["answers"]["weights"] + 1
    return {"revision": scene["revision"], "serial": serial, "table": table}
