"""Bug hunts, which begin with wrong code, and open questions, which a rubric judges."""

from __future__ import annotations

import numpy as np
import pytest

from teachkit.exercises import Aim, Exercise, Mistake, exercise
from tests.exercises.test_every_exercise import written

BUGGY = '''def mean(x):
    """The mean of x."""
    total = 0.0
    for value in x:
        total += value
    return total / (len(x) - 1)
'''


def make(reference, **options) -> Exercise:
    settings = {
        "prompt": "p", "minutes": 1, "difficulty": 1,
        "cases": lambda: [(np.array([1.0, 2.0, 6.0]),), (np.array([4.0, 5.0]),)],
        "hints": ("one", "two"), "explanation": "e",
        "mistakes": (Mistake("sum", lambda x: x.sum(), "This is the sum."),),
    }  # fmt: skip
    return exercise("99.1", "A test", **{**settings, **options})(reference)


def hunt(**options) -> Exercise:
    def mean(x):
        """The mean of x."""
        total = 0.0
        for value in x:
            total += value
        return total / len(x)

    return make(mean, stub=BUGGY, **options)


def few(judge=None) -> Exercise:
    def few(x):
        """Places of values of x whose sum is at least half of all."""
        return np.argsort(-x)[:2]

    def aims(x, places):
        share = x[np.asarray(places)].sum() / x.sum()
        return [
            Aim(bool(share >= 0.5), f"They hold {share:.0%} of the sum (at least 50%)."),
            Aim(len(places) <= 2, f"They are {len(places)} (at most 2)."),
        ]

    mistakes = (Mistake("smallest", lambda x: np.argsort(x)[:1], "These are the smallest."),)
    return make(few, judge=judge or aims, mistakes=mistakes)


def test_wrong_code_as_it_was_given_is_not_attempted_and_says_what_to_do():
    result = hunt().check(written(BUGGY, "mean"))
    assert result.state == "not attempted"
    assert "It runs, and it is wrong: mend it" in repr(result)
    commented = BUGGY.replace("total = 0.0", "total = 0.0  # mine")
    assert hunt().check(written(commented, "mean")).state == "not attempted"


def test_the_line_that_is_wrong_is_not_told():
    still = written(BUGGY.replace("total = 0.0", "total = 1.0"), "mean")
    result = hunt().check(still)
    assert result.state == "not yet"
    assert "len(x) - 1" not in repr(result) and "line" not in repr(result)
    assert hunt().check(written(BUGGY.replace("(len(x) - 1)", "len(x)"), "mean")).solved


def test_any_answer_that_meets_every_aim_is_right():
    for answer in (lambda x: np.argsort(-x)[:2], lambda x: [int(np.argmax(x))]):
        result = few().check(answer)
        assert result.solved, repr(result)
        assert "2 of 2 aims met." in repr(result) and "✓ They hold" in repr(result)


def test_aims_that_are_not_met_are_shown_with_their_numbers():
    result = few().check(lambda x: range(len(x)))
    assert (result.state, result.mistake) == ("not yet", None)
    assert "1 of 2 aims met." in repr(result)
    assert "○ They are 3 (at most 2)." in repr(result) and "✓ They hold 100%" in repr(result)
    assert "<strong>○</strong> They are 3" in result._repr_html_()
    np.testing.assert_array_equal(result.case[0], [1, 2, 6])


def test_a_known_mistake_of_an_open_question_is_named():
    result = few().check(lambda x: np.argsort(x)[:1])
    assert result.mistake == "smallest"
    assert "These are the smallest." in result.message


@pytest.mark.parametrize("answer", [None, "text", lambda: 1, [99], np.full((2, 2), 0.5)])
def test_an_answer_that_cannot_be_judged_is_a_sentence(answer):
    result = few().check(lambda x: answer)
    assert result.state in ("not yet", "not attempted")
    assert "fault of the course" not in repr(result)


def spoiling(x):
    x[0] = 0.0
    return np.argsort(-x)[:2]


def test_an_answer_that_meets_the_aims_and_changes_what_it_is_given_is_not_solved():
    result = few().check(spoiling)
    assert (result.state, result.mistake) == ("not yet", "changes an argument")
    assert "All aims are met. But your function changes `x`" in repr(result)

    def on_a_copy(x):
        x = x.copy()
        x[0] = 0.0
        return np.argsort(-x)[:2]

    assert few().check(on_a_copy).solved


def test_an_answer_that_misses_an_aim_and_changes_what_it_is_given_is_told_both():
    def most(x):
        spoiling(x)
        return [0, 1, 2][: len(x)]

    said = " ".join(repr(few().check(most)).split())
    assert "Look at this first: your function changes `x`" in said
    assert "1 of 2 aims met." in said


def test_the_numbers_are_those_of_the_first_case_unless_it_meets_every_aim():
    """So that what is said of one answer and of the next can be compared."""
    found = " ".join(repr(few().check(lambda x: np.argsort(-x)[:2])).split())
    assert "Both cases meet them. The numbers of the first:" in found
    missed = " ".join(repr(few().check(lambda x: np.argsort(-x)[:3])).split())
    assert "The numbers of case 1 of 2:" in missed
    assert "hold 89% of" in found and "hold 100% of" in missed
    later = few().check(lambda x: [2] if len(x) == 3 else [])
    assert "Case 1 meets every aim. The numbers of case 2 of 2:" in " ".join(repr(later).split())
    np.testing.assert_array_equal(later.case[0], [4, 5])
