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


CASES = ("by rounding", "x'ABx is -5.8", "0.5 with l2 = 1", "moved by 100", "7.4 times")


def said(result) -> str:
    return " ".join(repr(result).split())


@pytest.mark.parametrize(
    "answer",
    [
        lambda: [True, False, False, True, False],
        lambda: (1, 0, 0, 1, 0),
        lambda: np.array([True, False, False, True, False]),
        lambda: np.array([1.0, 0.0, 0.0, 1.0, 0.0]),
        lambda: [np.True_, np.False_, 0, 1, False],
    ],
)
def test_the_verdicts_in_any_form_are_right(answer: Callable[[], object]) -> None:
    result = lesson.verdicts.check(answer)
    assert result.solved, repr(result)
    assert "5 of 5 aims met" in repr(result)
    for case, (_, statement, _) in zip(CASES, STATEMENTS, strict=True):
        assert statement in said(result) and case in said(result)


def about(given: tuple[bool, ...]) -> tuple[int, int]:
    """How many verdicts stand, and how many statements are trusted that do not hold."""
    pairs = list(zip(given, RIGHT, strict=True))
    return sum(mine == right for mine, right in pairs), sum(
        mine and not right for mine, right in pairs
    )


def test_all_others_are_told_how_many_stand_and_not_which() -> None:
    by_count: dict[tuple[int, int], set[str]] = {}
    for given in product([True, False], repeat=5):
        result = lesson.verdicts.check(lambda given=given: list(given))
        stand, trusted = about(given)
        assert result.solved == (stand == 5)
        if result.solved:
            continue
        assert f"{stand} of your five verdicts stand" in said(result)
        assert not any(text in said(result) for text in CASES)
        assert not any(statement in said(result) for _, statement, _ in STATEMENTS)
        if not all(given) and any(given):  # these two are told what they are
            by_count.setdefault((stand, trusted), set()).add(said(result))
    assert all(len(texts) == 1 for texts in by_count.values())
    assert len(by_count) == 9


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda: [True], "There is 1 entry."),
        (lambda: [1, 4], "There are 2 entries. Each of the five statements gets True or False"),
        (lambda: [1, 4], "not the numbers of those that are right"),
        (list, "There are 0 entries."),
        (lambda: [True, "right", False, True, False], "Entry 2 is the text 'right'."),
        (lambda: [2, 0, 0, 1, 0], "Entry 1 is 2."),
        (lambda: [True, False, False, True, None], "Entry 5 is None."),
        (lambda: [True, False, [False], True, False], "Entry 3 is [False]."),
        (lambda: "TFFTF", "Yours is 'TFFTF'."),
        (lambda: {1: True, 4: True}, "Asked for is a list of five, each True or False."),
        (lambda: True, "Yours is True."),
        (lambda: print("TFFTF"), "Is `return` missing before the list?"),
    ],
)
def test_what_is_no_list_of_five_verdicts_is_told_so(
    answer: Callable[[], object], told: str
) -> None:
    result = lesson.verdicts.check(answer)
    assert not result.solved
    assert told in said(result)


def test_the_cases_decide() -> None:
    """Each number in the sentences speaks for the verdict that stands beside it."""
    for (_, statement, case), told in zip(STATEMENTS, CASES, strict=True):
        assert told in case(), statement
    assert "differ by rounding" in measured.moved_label()
    assert "lowest eigenvalue 1.0" in measured.product() and "has 0.1" in measured.product()
    assert "0.12 times x, turned over 0.88" in measured.turned_label()


@pytest.mark.parametrize("name", ["A", "a", " A "])
def test_progress_knows_the_appendix_by_its_letter(name: str, progress_file) -> None:
    assert repr(progress(name)).startswith("A The slips on the slides: 0 of 3 done.")
    assert progress().rows[-1][0] == "A The slips on the slides"
