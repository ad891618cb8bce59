"""Guesses are kept with the progress, in order, and the first is never lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teachkit.exercises import _progress, progress, start_here
from teachkit.exercises._engine.guesses import KEPT, keep

KEY = "07.influence.which point matters most"


def made(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))["guesses"][KEY]["made"]


def test_each_key_keeps_its_guesses_in_order(progress_file: Path) -> None:
    assert keep(KEY, guess="point 3", truth="point 17") == ""
    assert keep(KEY, guess=np.float32(0.5), truth=1, prediction=0.75, error=np.array(-0.5)) == ""
    assert keep("08.perturbation.how far", guess=2.0, truth=3.0) == ""
    assert made(progress_file) == [
        {"guess": "point 3", "truth": "point 17"},
        {"guess": 0.5, "truth": 1.0, "prediction": 0.75, "error": -0.5},
    ]


def test_the_first_guess_stays_and_of_the_others_the_newest(progress_file: Path) -> None:
    for k in range(KEPT + 20):
        keep(KEY, guess=k, truth=0.0)
    guesses = [one["guess"] for one in made(progress_file)]
    assert guesses == [0, *range(21, KEPT + 20)]


@pytest.mark.parametrize("value", [np.nan, np.inf, 1j, [1.0, 2.0], object(), 10**400, -1e301])
@pytest.mark.parametrize("name", ["guess", "truth", "error"])
def test_what_is_no_number_and_no_name_is_refused_in_a_sentence(
    progress_file: Path, name: str, value: Any
) -> None:
    given: dict[str, Any] = {"guess": 1.0, "truth": 2.0, name: value}
    assert f"not kept: its {name} is" in keep(KEY, **given)
    assert not progress_file.exists()


def test_an_error_is_a_number(progress_file: Path) -> None:
    assert "its error is 'large'" in keep(KEY, guess=1.0, truth=2.0, error="large")
    assert "its guess is None" in keep(KEY, guess=None, truth=2.0)
    assert not progress_file.exists()


def test_a_file_from_before_is_read_and_gets_the_new_sections(progress_file: Path) -> None:
    old = {
        "version": 1,
        "exercises": {
            start_here.mean_without.key: {"attempts": 1, "found": ["old mean"], "last": "0"}
        },
        "quizzes": {start_here.ratio.key: {"answers": 1, "right": False}},
    }
    progress_file.write_text(json.dumps(old), encoding="utf-8")
    assert progress().notes[-1].startswith("`progress")  # nothing was in the way
    assert keep(KEY, guess=1.0, truth=2.0) == ""
    data = json.loads(progress_file.read_text(encoding="utf-8"))
    assert {section: data[section] for section in old} == old
    assert data["version"] == _progress.VERSION == 1


@pytest.mark.parametrize("guesses", ["null", "[]", '{"a": 1}', '{"a": {"made": 3}}'])
def test_a_section_of_guesses_that_is_none_is_kept_aside(progress_file: Path, guesses: str) -> None:
    text = f'{{"version": 1, "exercises": {{}}, "quizzes": {{}}, "guesses": {guesses}}}'
    progress_file.write_text(text, encoding="utf-8")
    assert "could not be read" in keep(KEY, guess=1.0, truth=2.0)
    assert (progress_file.parent / "progress.damaged-1.json").read_text() == text
    assert len(made(progress_file)) == 1
