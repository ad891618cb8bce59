"""DescentExplorer by its traits, as the front end sets them, and by its controls."""

from __future__ import annotations

import base64

import pytest

from teachkit import functions
from teachkit.scenes.descent_drawing import START, draw, draw_norms
from teachkit.scenes.methods import Method
from teachkit.widgets import DescentExplorer


@pytest.fixture
def explorer() -> DescentExplorer:
    return DescentExplorer()


def drag(explorer: DescentExplorer, x: float, y: float) -> None:
    plane = explorer.plane
    table = {point.id: (point.x, point.y) for point in plane.current.points} | {START: (x, y)}
    serial = plane.scene["answers"]["positions"] + 1
    plane.positions = {"revision": plane.scene["revision"], "serial": serial, "table": table}


def test_the_buttons_and_the_slider_walk(explorer):
    explorer.steps.step_button.click()
    explorer.steps.step_button.click()
    assert (explorer.state.k, explorer.k.value) == (2, 2)
    assert explorer.plane.current == draw(explorer.state)
    assert explorer.norms.current == draw_norms(explorer.state)
    explorer.k.value = 7
    assert explorer.state.k == 7
    explorer.steps.run_button.click()
    assert explorer.state.k == explorer.state.last == explorer.k.max
    explorer.steps.rewind_button.click()
    assert explorer.state.k == explorer.k.value == 0


def test_a_drag_starts_both_methods_elsewhere(explorer):
    explorer.k.value = 5
    drag(explorer, 0.5, 2.0)
    assert explorer.state.start == (0.5, 2.0)
    assert explorer.state.k == 5
    assert (explorer.x.value, explorer.y.value) == (0.5, 2.0)
    assert explorer.plane.error == ""
    explorer.undo()
    assert explorer.state.start == functions.rosenbrock.start


def test_the_fields_do_what_the_hand_does(explorer):
    explorer.x.value = 0.25
    explorer.y.value = -0.5
    assert explorer.state.start == (0.25, -0.5)
    assert (explorer.plane.current.point(START).x, explorer.plane.current.point(START).y) == (
        0.25,
        -0.5,
    )


def test_methods_are_chosen_by_direction_and_search(explorer):
    explorer.directions[0].value = "BFGS"
    explorer.searches[0].value = "Wolfe"
    explorer.searches[1].value = "full step"
    assert explorer.state.methods == (
        Method("BFGS", "Wolfe"),
        Method("steepest descent", "full step"),
    )
    names = {entry["id"]: entry["name"] for entry in explorer.plane.scene["legend"]}
    assert names["first"] == "A: BFGS, Wolfe"
    assert "A is BFGS, Wolfe; B is steepest descent, full step" in explorer.plane.scene["alt"]
    explorer.undo()
    assert explorer.searches[1].value == "backtracking"
    explorer.reset()
    assert explorer.directions[0].value == "Newton"


def test_the_slider_follows_the_method_that_takes_more_steps(explorer):
    explorer.landscape.value = functions.bowl
    explorer.directions[1].value = "plain Newton"
    assert (explorer.state.last, explorer.k.max) == (1, 1)
    explorer.steps.run_button.click()
    explorer.landscape.value = functions.rosenbrock
    assert explorer.k.max == explorer.state.last > 10
    assert explorer.k.value == 0


def test_a_slider_that_glides_is_one_gesture(explorer):
    for k in range(1, 6):
        explorer.k.value = k
    explorer.undo()
    assert explorer.state.k == 0


def test_a_function_of_ones_own_joins_the_menu():
    explorer = DescentExplorer(
        functions.beale, methods=(("L-BFGS", "Wolfe"), ("BFGS", "Wolfe")), k=4
    )
    assert explorer.landscape.value is functions.beale
    assert len(explorer.landscape.options) == 5
    assert explorer.state.k == explorer.k.value == 4
    assert len(DescentExplorer("a saddle").landscape.options) == 4


def test_what_is_refused_is_shown_and_goes_back(explorer):
    explorer.x.value = 1e200
    assert "no finite value" in explorer.plane.error
    assert explorer.x.value == -1.2


def test_the_saved_output_is_a_picture_and_words(explorer):
    explorer.k.value = 3
    data, metadata = explorer._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == f"<DescentExplorer: {draw(explorer.state).alt}>"
    assert metadata["image/png"]["alt"] == draw(explorer.state).alt
