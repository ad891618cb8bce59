"""Agreement against SciPy, and the check that nothing was removed."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as hypothesis_arrays

from teachkit.validation import Agreement, agreement, nothing_removed
from tests.numeric.dense import small

pytestmark = pytest.mark.filterwarnings("error")


def from_scipy(predicted, actual):
    line = scipy.stats.linregress(predicted, actual)
    rank = scipy.stats.spearmanr(predicted, actual).statistic
    return line.rvalue, rank, line.slope, line.intercept


def test_it_agrees_with_scipy_ties_included(xp_device):
    rng = np.random.default_rng(0)
    predicted = np.round(rng.normal(size=60), 1)  # many ties
    actual = 1.3 * predicted + np.round(rng.normal(size=60), 1) + 5.0
    assert len(np.unique(predicted)) < 50
    ours = agreement(xp_device.array(predicted), xp_device.array(actual))
    np.testing.assert_allclose(ours, from_scipy(predicted, actual), rtol=1e-12)
    assert ours.pearson == ours[0]
    assert all(type(v) is float for v in ours)


def test_no_correlation_exceeds_1():
    rng = np.random.default_rng(0)
    for _ in range(200):
        predicted = rng.normal(size=rng.integers(2, 9))
        ours = agreement(predicted, rng.choice([-1, 1]) * rng.uniform(0.1, 9) * predicted)
        assert max(abs(ours.pearson), abs(ours.spearman)) <= 1.0


def test_the_slope_is_of_truth_on_prediction():
    ours = agreement([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0])
    np.testing.assert_allclose(ours, (1.0, 1.0, 2.0, 1.0))


def test_a_correlation_hides_a_factor_that_the_slope_shows():
    rng = np.random.default_rng(1)
    truth = rng.normal(size=50)
    ours = agreement(truth / 398, truth)
    assert ours.pearson == pytest.approx(1.0)
    assert ours.slope == pytest.approx(398.0)


def test_a_flipped_sign():
    ours = agreement([1.0, 2.0, 3.0], [-2.0, -4.0, -6.0])
    np.testing.assert_allclose(ours, (-1.0, -1.0, -2.0, 0.0), atol=1e-14)


@given(
    hypothesis_arrays(float, (7, 2), elements=st.floats(-1, 1).map(lambda v: round(v, 3))),
    st.sampled_from([1e-170, 1e-9, 1.0, 1e150]),
)
def test_it_agrees_with_scipy_whatever_the_units(pairs, unit):
    predicted, actual = pairs.T
    if np.ptp(predicted) == 0 or np.ptp(actual) == 0:
        with pytest.raises(ValueError, match="constant"):
            agreement(predicted, actual)
        return
    r, rank, slope, intercept = from_scipy(predicted, actual)
    ours = agreement(unit * predicted, unit * actual)
    np.testing.assert_allclose(ours[:3], (r, rank, slope), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(ours.intercept / unit, intercept, rtol=1e-9, atol=1e-9)


def test_lists_and_integers_are_welcome():
    assert agreement([1, 2, 4], (1, 2, 4)) == pytest.approx((1.0, 1.0, 1.0, 0.0), abs=1e-14)


@pytest.mark.parametrize(
    ("predicted", "actual", "words"),
    [
        ([1.0, 2.0], [1.0, 2.0, 3.0], "2 values and actual has 3"),
        ([1.0], [2.0], "at least two"),
        ([], [], "at least two"),
        ([1.0, 1.0, 1.0], [1.0, 2.0, 3.0], "predicted is constant"),
        ([1.0, 2.0, 3.0], [0.3, 0.1 + 0.2, 0.3], "actual is constant"),
        ([1.0, np.nan], [1.0, 2.0], "predicted holds nan at index 1"),
        ([1.0, 2.0], [1.0, np.inf], "actual holds inf at index 1"),
        (np.ones((2, 2)), np.ones((2, 2)), "shape"),
    ],
)
def test_what_has_no_agreement_is_refused_in_a_sentence(predicted, actual, words):
    with pytest.raises(ValueError, match=words):
        agreement(predicted, actual)


@pytest.mark.parametrize("points", [3, 10, 200])
def test_figures_that_chance_gives_are_called_so(points):
    """By SciPy's p-value of r, where ranks say no more."""
    rng = np.random.default_rng(0)
    called = 0
    for _ in range(200):
        predicted, actual = rng.normal(size=(2, points)) + rng.choice([0.0, 0.5]) * rng.normal(
            size=points
        )
        ours = agreement(predicted, actual)
        p_value = scipy.stats.pearsonr(predicted, actual).pvalue
        p_of_ranks = scipy.stats.pearsonr(*map(scipy.stats.rankdata, (predicted, actual))).pvalue
        assert bool(ours.verdict) == (min(p_value, p_of_ranks) >= 0.05)
        called += bool(ours.verdict)
    assert 20 < called < 200


def test_unrelated_numbers_say_so_where_they_are_printed():
    rng = np.random.default_rng(3)
    unrelated = agreement(*rng.normal(size=(2, 30)))
    assert "Not related, as far as 30 points can tell" in unrelated.verdict
    assert repr(unrelated).endswith(unrelated.verdict) and unrelated.verdict in str(unrelated)
    related = agreement([1.0, 2.0, 3.0, 4.0], [1.1, 1.9, 3.2, 3.9])
    assert related.verdict == "" and related.points == 4
    assert repr(related).startswith("Agreement(pearson=0.9") and repr(related).endswith(")")
    assert "Two points" in agreement([1.0, 2.0], [3.0, 4.0]).verdict
    assert pickle.loads(pickle.dumps(unrelated)).verdict == unrelated.verdict
    assert Agreement(1.0, 1.0, 1.0, 0.0).verdict == ""


def test_either_correlation_alone_is_a_relation():
    far = np.append(np.random.default_rng(0).normal(size=20), 100.0)
    assert agreement(far, np.append(far[::-1][1:], 100.0)).verdict == ""
    grows = np.arange(12.0)
    assert agreement(grows, np.exp(grows**2 / 2)).verdict == ""


def test_nothing_removed_is_0_at_the_minimum_and_measures_an_unfinished_fit(xp_device):
    problem = small("logistic")
    risk, theta = problem.risk(xp_device), problem.minimum()
    done = nothing_removed(risk, xp_device.array(theta))
    assert done.gradient_norm < 1e-14
    assert done.change < 1e-13
    off = theta + np.array([0.01, 0.0, -0.02])
    norm, change = nothing_removed(risk, xp_device.array(off))
    assert norm == pytest.approx(np.linalg.norm(problem.gradient(off)))
    assert change == pytest.approx(np.linalg.norm(theta - off), rel=1e-9)
