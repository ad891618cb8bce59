"""Histograms: every guess is in one bin, and the bins are round."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teachkit.classroom.guesses import Histogram, Named, _question
from tests.classroom.made_up import guessed

TITLES = {"07": "What one training point does"}
numbers = st.floats(-1e300, 1e300) | st.sampled_from([0.0, 0.1, 0.3, 0.7, -0.2, 1e-300, 5e-324])


def drawn(guesses: list[Any], truths: Any, **more: Any) -> Any:
    truths = truths if isinstance(truths, list) else [truths] * len(guesses)
    made = [guessed(g, truth=t, **more)["made"][0] for g, t in zip(guesses, truths, strict=True)]
    return _question("07.influence.rise", made, TITLES).drawn


@given(st.lists(numbers, min_size=1, max_size=30), numbers)
def test_each_guess_is_counted_once_and_the_truth_is_in_the_picture(guesses, truth):
    found = drawn(guesses, truth)
    assert sum(bar.guesses for bar in found.bars) + found.below + found.above == len(guesses)
    assert 0 <= found.place(found.truth) <= 100
    assert 1 <= len(found.bars) <= 13
    assert all(a.high == b.low and a.low < a.high for a, b in pairwise(found.bars))


@given(st.lists(st.integers(-30, 30).map(lambda k: k / 10), min_size=1, max_size=24))
def test_numpy_counts_the_same(guesses):
    """Of tenths, which lie on edges: a bin has its lower edge and not its upper one."""
    found = drawn(guesses, 0.0)
    edges = [bar.low for bar in found.bars] + [found.bars[-1].high]
    inside = [g for g in guesses if edges[0] <= g < edges[-1]]
    expected, _ = np.histogram(inside, edges)
    assert [bar.guesses for bar in found.bars] == expected.tolist()


def test_edges_are_the_numbers_that_they_are_said_to_be():
    assert [bar.low for bar in drawn([0.1, 0.9], 0.3).bars] == [k / 10 for k in range(1, 10)]


def test_one_far_guess_does_not_flatten_the_others():
    found = drawn([1.0, 1.1, 1.2, 1.3, 1.4, 1e9, -1e9], 1.25)
    assert (found.below, found.above) == (1, 1)
    assert found.bars[-1].high < 2


def test_all_alike_are_one_bar_beside_the_truth():
    found = drawn([2.0] * 24, 2.0)
    assert [bar.guesses for bar in found.bars if bar.guesses] == [24]
    assert (found.below, found.above) == (0, 0)


def test_truths_that_differ_by_rounding_are_one():
    assert drawn([1.0, 2.0], [0.3, 0.1 + 0.2]).truth == 0.3
    apart = drawn([1.0, 2.5], [0.5, 1.5])
    assert apart.truth is None
    assert apart.numbers == (0.5, 1.0), "guess minus truth"


@pytest.mark.parametrize(("predictions", "one"), [([0.4, 0.4], 0.4), ([0.4, 0.5], None)])
def test_a_prediction_is_drawn_where_it_is_one(predictions, one):
    made = [guessed(1.0, truth=2.0, prediction=told)["made"][0] for told in predictions]
    assert _question("07.influence.rise", made, TITLES).drawn.prediction == one
    assert drawn([1.0], 2.0).prediction is None


def test_names_with_truths_of_their_own_are_right_or_not():
    found = drawn(["a", "b", "c"], ["a", "b", "x"])
    assert found == Named("", "", (("as it came out", 2, True), ("otherwise", 1, False)))


def test_the_truth_stands_among_the_names_though_nobody_guessed_it():
    found = drawn(["b", "b"], "a", prediction="c")
    assert found == Named("a", "c", (("b", 2, False), ("a", 0, True)))


def test_numbers_and_names_are_not_mixed():
    assert drawn([1.0, "a"], 2.0) is None
    assert isinstance(drawn([1.0, 3.0], 2.0), Histogram)


def test_a_key_of_no_lesson_is_shown_as_it_is():
    made = guessed(1.0, truth=2.0)["made"]
    assert _question("99.x.y", made, TITLES).asked == "99.x.y"
    assert _question("<b>", made, TITLES).lesson == ""
    known = _question("07.influence.which point. Really", made, TITLES)
    assert (known.lesson, known.asked) == (
        "07 What one training point does",
        "influence: which point. Really",
    )
