"""Lesson 12's last part, run on two folders as a learner runs it: walls, influence, retraining."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from tests.notebooks import solve
from tests.notebooks.lessons import NOTEBOOKS, read
from tests.vision.conftest import drawn, needs_torch

UNNAMED = 'positive, negative = "", ""'
PREDICTED = re.compile(r"(.+): predicted (.+), retrained (.+)")
Part = Callable[[Path, Path], dict[str, Any]]


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch) -> Part:
    """Runs the imports and the cells of the part; returns what they leave, and their figures."""

    def run(positive: Path, negative: Path) -> dict[str, Any]:
        names: dict[str, Any] = {"__name__": "__main__"}
        for cell in read(NOTEBOOKS / "12_understanding_models.ipynb").cells:
            if cell.cell_type == "code" and re.match("setup$|photographs-", cell.id):
                if cell.id == "photographs-read":
                    assert cell.source.count(UNNAMED) == 1
                two = f"positive, negative = {str(positive)!r}, {str(negative)!r}"
                solve.run(cell, cell.source.replace(UNNAMED, two), names)
        return names

    monkeypatch.setattr("teachkit.figures.show", lambda fig, **said: fig.savefig(Path("wall.png")))
    return run


def check(
    names: dict[str, Any], printed: str, positive: Path, negative: Path, near: float | None
) -> None:
    (data,) = names["photos"]
    assert (len(data.y_train), len(data.y_test)) == (18, 6)
    assert "18 pictures to train on, 6 to test on" in printed
    assert "pairs of folders shown: 1\n" in printed
    assert "pairs of folders judged: 1\n" in printed
    judged = PREDICTED.findall(printed)
    predicted, retrained = np.array([row[1:] for row in judged], dtype=float).T
    files = {path.name for folder in (positive, negative) for path in folder.iterdir()}
    assert len(judged) == 5 and {name for name, *_ in judged} <= files
    assert retrained[0] > 0 and (retrained >= 0).all()  # they help
    assert np.all(np.diff(predicted) <= 0)  # the strongest first
    if near is not None:
        np.testing.assert_allclose(predicted, retrained, rtol=near, atol=2e-4)


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.chdir(tmp_path)
    plt.close("all")
    return tuple(drawn(tmp_path / kind, kind, 12) for kind in ("stripes", "discs"))


def test_with_a_stand_in_for_the_network(part, folders, network, monkeypatch, capsys) -> None:
    monkeypatch.setattr("teachkit.vision.networks.find_spec", lambda name: object())
    check(part(*folders), capsys.readouterr().out, *folders, near=None)
    assert sum(network) == 24
    assert Path("wall.png").stat().st_size > 1000


@needs_torch
def test_with_efficientnet(part, folders, capsys) -> None:
    check(part(*folders), capsys.readouterr().out, *folders, near=0.3)
    assert Path("wall.png").stat().st_size > 1000


def test_without_folders_it_has_nothing_to_show_and_says_why(part, capsys, monkeypatch) -> None:
    for found, said in ((None, "pip install 'teachkit[vision]'"), (object(), "Name two folders")):
        with monkeypatch.context() as patched:
            patched.setattr("teachkit.vision.networks.find_spec", lambda name, f=found: f)
            names = part("", "")
        printed = capsys.readouterr().out
        assert said in printed and "pairs of folders judged: 0" in printed
        assert names["photos"] == []
