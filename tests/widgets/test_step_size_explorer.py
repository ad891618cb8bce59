"""StepSizeExplorer by its controls and traits."""

from __future__ import annotations

import base64

import pytest

from teachkit.datasets import digits
from teachkit.scenes.step_size_drawing import draw, draw_profile
from teachkit.widgets import StepSizeExplorer

SPLIT = digits()


@pytest.fixture
def explorer() -> StepSizeExplorer:
    return StepSizeExplorer(SPLIT.X_train, SPLIT.y_train)


def drag(explorer: StepSizeExplorer, log_r: float, height: float = 0.0) -> None:
    """As the front end writes it."""
    plane = explorer.plane
    serial = plane.scene["answers"]["positions"] + 1
    table = {"r": (log_r, height)}
    plane.positions = {"revision": plane.scene["revision"], "serial": serial, "table": table}


def test_a_drag_goes_along_the_curve(explorer):
    drag(explorer, -5.0, 0.7)  # the hand may be anywhere: the height is the error's
    assert explorer.state.log_r == -5.0
    point = explorer.plane.current.point("r")
    assert 10**point.y == pytest.approx(explorer.state.error)
    assert explorer.log_r.value == -5.0
    assert explorer.profile.current == draw_profile(explorer.state)


def test_controls_change_formula_numbers_and_length(explorer):
    explorer.log_r.value = -6.0
    coarse = explorer.state.error
    explorer.formula.value = "central"
    assert explorer.state.error < coarse / 100
    explorer.dtype.value = "float32"
    assert "float32" in explorer.plane.scene["sentence"]
    explorer.length.value = -3
    assert explorer.state.distance == pytest.approx(1e-9)
    assert explorer.plane.current == draw(explorer.state)
    explorer.undo_button.click()
    assert explorer.length.value == 0
    explorer.reset_button.click()
    assert (explorer.formula.value, explorer.dtype.value) == ("forward", "float64")
    assert explorer.state is explorer.history.start
    assert explorer.plane.error == ""


def test_curves_are_not_computed_again_for_another_step(explorer):
    errors = explorer.state.setting.errors
    explorer.log_r.value = -9.0
    assert explorer.state.setting.errors is errors


def test_the_saved_output_is_a_picture_and_words(explorer):
    data, metadata = explorer._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == f"<StepSizeExplorer: {draw(explorer.state).alt}>"
    assert metadata["image/png"]["alt"] == draw(explorer.state).alt
