"""The appendix: verdicts in other forms, the cases that decide, and what is said of each."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from teachkit.exercises import progress
from teachkit.exercises import slips_on_the_slides as lesson
from teachkit.exercises.slips_on_the_slides import _measured as measured
from teachkit.exercises.slips_on_the_slides._measured import STATEMENTS

RIGHT = [right for right, _, _ in STATEMENTS]


@pytest.mark.parametrize(
    "answer",
    [
        lambda: [True, False, False, False, True],
        lambda: (1, 0, 0, 0, 1),
        lambda: np.array([True, False, False, False, True]),
    ],
)
def test_the_verdicts_in_any_form_are_right(answer: Callable[[], object]) -> None:
    result = lesson.verdicts.check(answer)
    assert result.solved, repr(result)
    assert "5 of 5 aims met" in repr(result)


@pytest.mark.parametrize("given", list(product([True, False], repeat=5)))
def test_all_others_are_told_which_verdicts_stand(given: tuple[bool, ...]) -> None:
    result = lesson.verdicts.check(lambda: list(given))
    met = sum(mine == right for mine, right in zip(given, RIGHT, strict=True))
    assert result.solved == (met == 5)
    assert f"{met} of 5 aims met" in repr(result)
    said = " ".join(repr(result).split())
    for (right, statement, _), mine in zip(STATEMENTS, given, strict=True):
        word = "right" if right else "wrong"
        ending = f"{word}, as you said" if mine == right else f"it is {word}"
        assert statement in said and ending in said


@pytest.mark.parametrize("answer", [lambda: [True], lambda: ["right"] * 5, lambda: [2, 0, 0, 0, 1]])
def test_what_is_no_list_of_five_verdicts_is_told_so(answer: Callable[[], object]) -> None:
    result = lesson.verdicts.check(answer)
    assert not result.solved
    assert "five entries are asked for" in " ".join(repr(result).split())


def test_the_cases_decide() -> None:
    """Each number in the sentences speaks for the verdict that stands beside it."""
    assert "differ by rounding" in measured.removal()
    assert "gives 4e-06" in measured.flat_minimum()
    assert "off by 0.007, the central one by 0.053" in measured.differences()
    assert "from 1.04 to 1.48" in measured.residual()
    assert "divided by 1 - h by rounding" in measured.press()


@pytest.mark.parametrize("name", ["A", "a", " A "])
def test_progress_knows_the_appendix_by_its_letter(name: str, progress_file) -> None:
    assert repr(progress(name)).startswith("A The slips on the slides: 0 of 3 done.")
    assert progress().rows[-1][0] == "A The slips on the slides"
