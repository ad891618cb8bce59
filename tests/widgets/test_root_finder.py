"""RootFinder by its traits, as the front end sets them, and by its controls."""

from __future__ import annotations

import base64

import pytest

from teachkit.scenes.root_drawing import START, describe, draw
from teachkit.scenes.root_finding import PRESETS, begin, walk
from teachkit.widgets import RootFinder


@pytest.fixture
def finder() -> RootFinder:
    return RootFinder()


def drag(finder: RootFinder, x: float, y: float = 0.0) -> None:
    plane = finder.plane
    table = {point.id: (point.x, point.y) for point in plane.current.points} | {START: (x, y)}
    serial = plane.scene["answers"]["positions"] + 1
    plane.positions = {"revision": plane.scene["revision"], "serial": serial, "table": table}


def test_the_buttons_walk(finder):
    steps = finder.steps
    assert steps.back_button.disabled and steps.rewind_button.disabled
    steps.step_button.click()
    steps.step_button.click()
    assert finder.state.k == 2
    assert finder.plane.current == draw(finder.state)
    steps.run_button.click()
    assert finder.state.k == finder.state.last
    assert steps.step_button.disabled and steps.run_button.disabled
    assert "That is a root" in finder.plane.scene["sentence"]
    steps.back_button.click()
    assert finder.state.k == finder.state.last - 1
    steps.rewind_button.click()
    assert finder.state.k == 0


def test_a_drag_moves_the_start_along_the_axis(finder):
    finder.steps.step_button.click()
    drag(finder, 1.25, 7.0)
    assert (finder.state.x0, finder.state.k) == (1.25, 1)
    assert finder.plane.current.point(START).y == 0.0
    assert finder.x0.value == 1.25
    finder.undo()
    assert finder.state.x0 == PRESETS[0].x0


def test_the_field_does_what_the_hand_does(finder):
    finder.x0.value = 2.25
    assert finder.plane.current.point(START).x == 2.25
    finder.low.value = 0.0
    finder.high.value = 5.0
    assert finder.state.view == (0.0, 5.0)
    assert finder.plane.scene["axes"]["xlim"] == [0.0, 5.0]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_presets_bring_their_start_and_view(finder, preset):
    finder.preset.value = preset.text
    assert finder.plane.error == ""
    expected = begin(preset.text, preset.x0, preset.view)
    assert finder.plane.current == draw(expected)
    assert finder.text.value == preset.text
    finder.steps.run_button.click()
    assert finder.plane.scene["sentence"] == describe(walk(expected, 100))


def test_a_typed_function_takes_the_place_of_the_preset(finder):
    finder.text.value = "x^2 - 3"
    assert finder.preset.value == ""
    finder.steps.run_button.click()
    assert finder.state.root == pytest.approx(3**0.5)
    finder.undo()
    assert finder.text.value == "x^2 - 3"
    finder.reset()
    assert finder.text.value == PRESETS[0].text
    assert finder.preset.value == PRESETS[0].text


@pytest.mark.parametrize("hostile", ["__import__('os')", "x.real", "", "sin x", "(" * 110])
def test_what_is_no_function_is_said_and_goes_back(finder, hostile):
    before = finder.plane.current
    finder.text.value = hostile
    assert "formula" in finder.plane.error
    assert finder.text.value == PRESETS[0].text
    assert finder.plane.current == before
    finder.text.value = "x - 1"
    assert finder.plane.error == ""


def test_a_picture_without_width_is_refused(finder):
    finder.low.value = 9.0
    assert "left end" in finder.plane.error
    assert finder.low.value == PRESETS[0].view[0]


def test_made_with_a_function_of_ones_own():
    finder = RootFinder("x^2 - 5", x0=3, view=(0, 4))
    assert finder.preset.value == ""
    assert finder.state.view == (0.0, 4.0)
    assert RootFinder("cbrt(x)").state.x0 == 0.3  # a preset's own start
    assert RootFinder("exp(x)-1").state.view == (-4.0, 4.0)
    with pytest.raises(ValueError, match="cannot stand in a formula"):
        RootFinder("open(x)")


def test_the_saved_output_is_a_picture_and_words(finder):
    finder.steps.step_button.click()
    data, metadata = finder._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == f"<RootFinder: {draw(finder.state).alt}>"
    assert metadata["image/png"]["alt"] == draw(finder.state).alt
