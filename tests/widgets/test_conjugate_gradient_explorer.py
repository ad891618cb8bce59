"""The conjugate gradient explorer by its traits, without a browser."""

from __future__ import annotations

import pytest

from teachkit.scenes.conjugate_gradient_drawing import draw, draw_errors, draw_polynomial
from teachkit.widgets import ConjugateGradientExplorer


@pytest.fixture
def explorer():
    return ConjugateGradientExplorer()


def drag(explorer, x, y):
    plane = explorer.plane
    serial = plane.positions.get("serial", 0) + 1
    revision = plane.scene["revision"]
    plane.positions = {"revision": revision, "serial": serial, "table": {"start": [x, y]}}


def test_a_drag_moves_the_start_and_is_one_gesture(explorer):
    drag(explorer, 20.0, 4.0)
    drag(explorer, 18.0, 5.0)
    assert explorer.state.start == (18.0, 5.0)
    assert explorer.plane.current == draw(explorer.state)
    assert explorer.plane.scene["answers"]["positions"] == 2
    assert explorer.plane.error == ""
    explorer.undo()
    assert explorer.state.start == (25.0, 1.0)
    assert explorer.undo_button.disabled


def test_the_bottom_is_refused_in_a_sentence(explorer):
    drag(explorer, 0.0, 0.1)
    assert explorer.state.start == (25.0, 1.0)
    assert "nothing left to do" in explorer.plane.error
    drag(explorer, 10.0, 0.1)
    assert explorer.state.start == (10.0, 0.0)
    assert explorer.plane.error == ""


def test_every_control_changes_all_three_planes(explorer):
    for name, value in (
        ("k", 3), ("kappa", 100.0), ("clusters", 5), ("width", 0.01), ("spacing", "even"),
    ):  # fmt: skip
        before = (explorer.errors.current, explorer.polynomial.current)
        getattr(explorer, name).value = value
        assert getattr(explorer.state, name) == value
        assert explorer.plane.current == draw(explorer.state)
        assert explorer.errors.current == draw_errors(explorer.state) != before[0]
        assert explorer.polynomial.current == draw_polynomial(explorer.state) != before[1]
    explorer.reset()
    assert (explorer.k.value, explorer.kappa.value, explorer.clusters.value) == (10, 25.0, 100)
    assert explorer.width.disabled


def test_the_worst_start_comes_back(explorer):
    drag(explorer, 5.0, 5.0)
    explorer.kappa.value = 50.0
    explorer.worst.click()
    assert explorer.state.start == (25.0, 0.5)
    assert explorer.plane.error == ""


def test_the_form_moves_the_start(explorer):
    explorer.plane.selected = "start"
    explorer.form.y.value = -4.0
    assert explorer.state.start == (25.0, -4.0)
    assert explorer.form.inside.layout.display == "none"  # nothing here is in or out


def test_what_it_begins_with_is_checked():
    assert ConjugateGradientExplorer(kappa=50, start=(10, -2)).state.start == (10.0, -2.0)
    with pytest.raises(ValueError, match="the slider has 1, 2, 5"):
        ConjugateGradientExplorer(kappa=7)
    with pytest.raises(ValueError, match="nothing left to do"):
        ConjugateGradientExplorer(start=(0, 0))


def test_the_saved_output_is_the_same_each_time(explorer):
    assert repr(explorer) == repr(ConjugateGradientExplorer())
    assert repr(explorer).startswith("<ConjugateGradientExplorer: The ellipses of a bowl with")
    data, metadata = explorer._repr_mimebundle_()
    assert data["image/png"]
    assert metadata["image/png"]["alt"] == explorer.static_alt()
