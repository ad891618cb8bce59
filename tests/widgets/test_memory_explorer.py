"""The memory explorer by its traits, without a browser."""

from __future__ import annotations

import pytest

from teachkit import datasets
from teachkit.scenes.memory import draw
from teachkit.widgets import MemoryExplorer


@pytest.fixture(scope="module")
def data():
    cancer = datasets.breast_cancer()
    return cancer.X_train, cancer.y_train


def test_both_sliders_change_the_plane_and_are_gestures(data):
    explorer = MemoryExplorer(*data, l2=0.1)
    explorer.memory.value = 5
    explorer.memory.value = 3
    assert explorer.state.memory == 3
    assert explorer.plane.current == draw(explorer.state)
    explorer.l2.value = 0.01
    assert explorer.plane.current == draw(explorer.state)
    assert explorer.plane.error == ""
    explorer.undo()
    assert (explorer.memory.value, explorer.l2.value) == (3, 0.1)
    explorer.reset()
    assert explorer.memory.value == 10
    assert explorer.reset_button.disabled


def test_the_saved_output_is_the_same_each_time(data):
    explorer = MemoryExplorer(*data, l2=0.1)
    assert repr(explorer) == repr(MemoryExplorer(*data, l2=0.1))
    assert "memory 10, BFGS, and steepest descent" in repr(explorer)
    data_bundle, metadata = explorer._repr_mimebundle_()
    assert data_bundle["image/png"]
    assert metadata["image/png"]["alt"] == explorer.static_alt()
