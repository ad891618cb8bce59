"""BowlExplorer by its controls and traits."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from teachkit.scenes.bowl import EXAMPLES
from teachkit.scenes.bowl_drawing import draw, draw_slices
from teachkit.widgets import BowlExplorer


@pytest.fixture
def bowl() -> BowlExplorer:
    return BowlExplorer()


def drag(bowl: BowlExplorer, x: float, y: float) -> None:
    """As the front end writes it."""
    plane = bowl.plane
    serial = plane.scene["answers"]["positions"] + 1
    table = {"x": (x, y)}
    plane.positions = {"revision": plane.scene["revision"], "serial": serial, "table": table}


def test_sliders_make_the_form(bowl):
    bowl.first.value, bowl.second.value, bowl.angle.value = 4.0, 1.0, 90.0
    np.testing.assert_allclose(bowl.state.H, np.diag([1.0, 4.0]), atol=1e-12)
    assert bowl.plane.current == draw(bowl.state)
    assert bowl.slices.current == draw_slices(bowl.state)
    assert bowl.plane.scene["sentence"].startswith("Eigenvalues 4.00 and 1.00: a bowl")


def test_the_way_through_zero_meets_zero(bowl):
    for value in np.arange(1.0, -1.05, -0.1):  # tenths, with all their rounding
        bowl.second.value = value
        if "trough" in bowl.plane.scene["sentence"]:
            break
    assert bowl.state.second == 0.0
    assert "infinite" in bowl.plane.scene["sentence"]


def test_the_point_is_dragged_and_its_gradient_follows(bowl):
    drag(bowl, -1.0, 2.0)
    assert bowl.state.x == (-1.0, 2.0)
    np.testing.assert_allclose(bowl.state.gradient, [0.0, 3.0], atol=1e-12)
    bowl.form.x.value = 0.5
    assert bowl.state.x == (0.5, 2.0)
    assert bowl.form.inside.layout.display == "none"


def test_examples_and_back(bowl):
    assert bowl.example.value == "[[2, 1], [1, 2]]"
    for name, form in EXAMPLES.items():
        bowl.example.value = name
        assert (bowl.state.first, bowl.state.second, bowl.state.angle) == form
        assert (bowl.first.value, bowl.second.value, bowl.angle.value) == form
    bowl.angle.value = 12.0
    assert bowl.example.value == ""
    bowl.undo_button.click()
    assert bowl.example.value == name
    bowl.reset_button.click()
    assert bowl.state == bowl.history.start
    assert bowl.plane.error == ""


def test_a_glide_of_the_slider_is_one_step_back(bowl):
    start = bowl.state
    for value in (2.9, 2.8, 2.7):
        bowl.first.value = value
    bowl.undo()
    assert bowl.state == start


def test_a_slider_that_rounds_to_its_step_changes_nothing():
    """The front end shows 2.414 as 2.4 and says so; the form is the learner's own, and stays."""
    bowl = BowlExplorer([[1.0, 0.5], [0.5, 2.234]])
    start = bowl.state
    bowl.first.value = round(start.first, 1)
    bowl.angle.value = round(start.angle)
    assert bowl.state is start
    bowl.first.value = round(start.first, 1) + 0.1
    assert bowl.state.first == pytest.approx(2.5)


def test_it_begins_with_the_matrix_it_is_given():
    bowl = BowlExplorer([[0.0, 8.0], [8.0, 0.0]])
    assert bowl.first.value == pytest.approx(8.0)
    assert bowl.first.max >= 8.0
    assert bowl.second.min <= -8.0
    with pytest.raises(ValueError, match="not symmetric"):
        BowlExplorer([[1.0, 2.0], [0.0, 1.0]])


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_a_matrix_in_any_unit_can_be_turned(unit):
    bowl = BowlExplorer(unit * np.array([[2.0, 1.0], [1.0, 2.0]]))
    assert (bowl.first.value, bowl.second.value) == pytest.approx((3.0, 1.0))
    assert bowl.first.description.endswith(f", in {unit:g}")
    bowl.second.value = -2.0
    assert bowl.state.eigenvalues == pytest.approx((3 * unit, -2 * unit), rel=1e-9)
    bowl.example.value = "diag(1, 0)"
    assert bowl.state.eigenvalues == pytest.approx((unit, 0.0), rel=1e-9)
    assert bowl.example.value == "diag(1, 0)"
    assert bowl.plane.error == ""


def test_the_saved_output_is_a_picture_and_words(bowl):
    data, metadata = bowl._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == f"<BowlExplorer: {draw(bowl.state).alt}>"
    assert metadata["image/png"]["alt"] == draw(bowl.state).alt
