"""ImageInfluenceExplorer by its buttons, without a browser."""

from __future__ import annotations

import re

import numpy as np
import pytest

from teachkit.scenes.image_influence import describe
from tests.widgets.hand import CASES


@pytest.fixture
def explorer():
    return CASES["images"].make()


def test_every_image_has_a_text_a_number_and_a_button(explorer):
    state = explorer.state
    for name in ("helpful", "harmful"):
        for i, picture, button in zip(
            getattr(state, name), explorer.pictures[name], explorer.buttons[name], strict=True
        ):
            digit = "8" if state.model.y[i] > 0 else "3"
            effect = f"{state.effects[i]:+.4f}".replace("-", "−")
            expected = f'alt="Training image {i}, {digit}; without it the test loss changes by'
            assert f"{expected} {effect}" in picture.value
            assert button.description == f"Take out {i}"
    assert all('alt="' in value for value in re.findall("<img[^>]*>", explorer.theta.value))
    assert explorer.status.text == describe(state)
    assert describe(state) in explorer.static_alt()


def test_a_click_takes_an_image_out_and_a_second_puts_it_back(explorer):
    i, button = explorer.state.harmful[1], explorer.buttons["harmful"][1]
    button.value = True
    assert explorer.state.removed == {i}
    assert button.description == f"Put back {i}"
    assert "teachkit-gone" in explorer.pictures["harmful"][1].value
    assert explorer.status.text == describe(explorer.state)
    button.value = False
    assert explorer.state.removed == frozenset()
    assert "all 249 training images in" in explorer.status.text


def test_several_add_up(explorer):
    for button in explorer.buttons["harmful"]:
        button.value = True
    state = explorer.state
    assert state.removed == set(state.harmful)
    assert "4 images out" in explorer.status.text
    assert "sum of the single predictions" in explorer.status.text
    change = np.abs(state.true_change[:-1]).max()
    assert "true change" in explorer.theta.value
    assert f"±{max(change, np.abs(state.predicted_change[:-1]).max()):.3f}" in explorer.theta.value


def test_another_test_image_has_other_walls_and_undo_brings_back_the_first(explorer):
    start, first = explorer.state, explorer.state.helpful
    explorer.buttons["helpful"][0].value = True
    explorer.chooser.value = 5
    assert explorer.state.test == 5
    assert explorer.state.helpful != first
    assert explorer.state.removed == {first[0]}
    losses = [explorer.state.model.test_losses[i] for _, i in explorer.chooser.options]
    assert losses == sorted(losses, reverse=True)
    explorer.undo_button.click()
    assert explorer.chooser.value == start.test
    assert explorer.buttons["helpful"][0].value is True
    explorer.reset_button.click()
    assert explorer.buttons["helpful"][0].value is False
    explorer.undo_button.click()
    assert explorer.state.removed == {first[0]}


def test_a_failure_is_shown_and_changes_nothing(explorer, monkeypatch):
    def fail(*_):
        raise ValueError("no minimum was found")

    monkeypatch.setattr("teachkit.scenes.image_influence.retrain", fail)
    before, button = explorer.state, explorer.buttons["helpful"][2]
    button.value = True
    assert "no minimum was found" in explorer.status.error
    assert explorer.state is before
    assert button.value is False
    monkeypatch.undo()
    button.value = True
    assert explorer.status.error == ""
    assert len(explorer.state.removed) == 1
