"""The secant explorer by its traits, without a browser."""

from __future__ import annotations

import pytest

from teachkit.scenes.secant import ARMIJO, BOWL, ROSENBROCK, WOLFE
from teachkit.scenes.secant_drawing import draw, draw_close_up, draw_errors
from teachkit.widgets import SecantExplorer


@pytest.fixture
def explorer():
    return SecantExplorer()


def drag(explorer, x, y):
    plane = explorer.plane
    serial = plane.positions.get("serial", 0) + 1
    revision = plane.scene["revision"]
    plane.positions = {"revision": revision, "serial": serial, "table": {"start": [x, y]}}


def all_follow(explorer):
    assert explorer.plane.current == draw(explorer.state)
    assert explorer.close_up.current == draw_close_up(explorer.state)
    assert explorer.errors.current == draw_errors(explorer.state)


def test_step_back_run_and_rewind(explorer):
    steps = explorer.steps
    assert steps.back_button.disabled
    steps.step_button.click()
    steps.step_button.click()
    assert explorer.state.k == 2
    steps.back_button.click()
    assert explorer.state.k == 1
    steps.run_button.click()
    assert explorer.state.k == explorer.state.last
    assert steps.step_button.disabled
    all_follow(explorer)
    steps.rewind_button.click()
    assert explorer.state.k == 0
    all_follow(explorer)
    assert explorer.plane.error == ""


def test_a_walk_is_one_gesture_and_a_drag_another(explorer):
    for _ in range(3):
        explorer.steps.step_button.click()
    drag(explorer, 0.2, 2.0)
    drag(explorer, 0.4, 2.5)
    assert (explorer.state.start, explorer.state.k) == ((0.4, 2.5), 3)
    all_follow(explorer)
    assert explorer.plane.scene["answers"]["positions"] == 2
    explorer.undo()
    assert (explorer.state.start, explorer.state.k) == ((-1.2, 1.0), 3)
    explorer.undo()
    assert explorer.state.k == 0
    assert explorer.undo_button.disabled


def test_a_minimum_is_refused_in_a_sentence(explorer):
    drag(explorer, 1.0, 1.0)
    assert explorer.state.start == (-1.2, 1.0)
    assert "the gradient is 0 there" in explorer.plane.error
    drag(explorer, 1.1, 1.0)
    assert explorer.plane.error == ""


def test_the_menus_change_the_run(explorer):
    explorer.search.value = ARMIJO
    assert explorer.state.search == ARMIJO
    explorer.function.value = BOWL
    assert (explorer.state.view_name, explorer.state.start) == (BOWL, (25.0, 1.0))
    all_follow(explorer)
    explorer.reset()
    assert (explorer.function.value, explorer.search.value) == (ROSENBROCK, WOLFE)


def test_the_form_moves_the_start(explorer):
    explorer.plane.selected = "start"
    explorer.form.x.value = 0.25
    assert explorer.state.start == (0.25, 1.0)
    assert explorer.form.inside.layout.display == "none"  # nothing here is in or out


def test_what_it_begins_with():
    explorer = SecantExplorer(search="Armijo", start=(-0.9, 2.0), steps=3)
    assert (explorer.search.value, explorer.state.k) == (ARMIJO, 3)
    assert explorer.steps.run_button.disabled  # uphill: the run is at its end
    with pytest.raises(ValueError, match="the explorer has"):
        SecantExplorer("a hill")


def test_the_saved_output_is_the_same_each_time(explorer):
    assert repr(explorer) == repr(SecantExplorer())
    assert repr(explorer).startswith("<SecantExplorer: Level lines of Rosenbrock's function")
    data, metadata = explorer._repr_mimebundle_()
    assert data["image/png"]
    assert metadata["image/png"]["alt"] == explorer.static_alt()
