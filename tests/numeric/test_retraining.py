"""Retraining against fits from scratch by SciPy and scikit-learn."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

from teachkit.arrays import to_numpy
from teachkit.losses import Logistic, SmoothHinge, Square
from teachkit.retraining import leave_one_out, retrain, retrain_with, retrain_without
from teachkit.risks import LinearRisk
from tests.numeric.dense import LOSSES, Dense, small, with_a_safe_point

pytestmark = pytest.mark.filterwarnings("error")


def close(ours, reference, rtol=1e-10):
    scale = np.max(np.abs(reference))
    np.testing.assert_allclose(to_numpy(ours), reference, rtol=rtol, atol=rtol * scale)


@pytest.fixture(params=sorted(LOSSES))
def problem(request) -> Dense:
    return small(request.param)


def test_every_retraining_agrees_with_a_fit_from_scratch(problem, xp_device):
    risk, theta = problem.risk(xp_device), xp_device.array(problem.minimum())
    i, x, y = 2, np.array([1.5, -0.5, 1.0]), -problem.y[2]
    new_x = xp_device.array(x)
    results = (
        (retrain(risk, xp_device.array(np.zeros(3))), problem.minimum()),
        (retrain_without(risk, theta, 5), problem.without([5]).minimum()),
        (retrain_without(risk, theta, [0, 5, 7]), problem.without([0, 5, 7]).minimum()),
        (retrain_without(risk, theta, []), problem.minimum()),
        (retrain_with(risk, theta, i, new_x, y), problem.with_example(i, x, y).minimum()),
    )
    for ours, reference in results:
        assert xp_device.holds(ours, "float64")
        close(ours, reference)


def test_removal_keeps_n_as_scikit_learn_does_with_the_same_C():
    problem = replace(small("logistic", n=30), w=np.ones(30), l2=np.full(3, 0.05))
    theta = problem.minimum()
    S = [4, 9, 17]
    kept = np.delete(np.arange(30), S)
    model = LogisticRegression(
        C=1 / (30 * 0.05), fit_intercept=False, solver="newton-cholesky", tol=1e-14
    )
    model.fit(problem.X[kept], problem.y[kept])
    close(retrain_without(problem.risk(), theta, S), model.coef_[0], rtol=1e-9)


def test_removal_of_the_square_loss_agrees_with_ridge_regression():
    problem = replace(small("square", n=20), l2=np.full(3, 0.1))
    S = [1, 2, 19]
    w = problem.without(S).w
    model = Ridge(alpha=20 * 0.1 / 2, fit_intercept=False, solver="cholesky")
    model.fit(problem.X, problem.y, sample_weight=w)
    close(retrain_without(problem.risk(), problem.minimum(), S), model.coef_)


def test_the_only_example_of_a_class_may_leave(xp_device):
    problem = small("logistic")
    problem = replace(problem, y=np.where(np.arange(12) == 6, 1.0, -1.0))
    theta = xp_device.array(problem.minimum())
    ours = retrain_without(problem.risk(xp_device), theta, 6)
    close(ours, problem.without([6]).minimum(), rtol=1e-8)


@pytest.mark.parametrize("start", [0.0, 3.0, -20.0])
def test_a_far_start_ends_at_the_same_minimum(start, problem):
    close(retrain(problem.risk(), np.full(3, start)), problem.minimum())


@pytest.mark.parametrize("units", [1e-9, 1.0, 1e9])
def test_a_minimum_at_0_is_found_whatever_the_units(units):
    X = units * small("logistic").X
    risk = LinearRisk(np.vstack([X, X]), np.repeat([1.0, -1.0], 12), Logistic())
    found = units * retrain(risk, np.full(3, 0.5 / units))
    np.testing.assert_allclose(found, 0.0, atol=1e-14)
    np.testing.assert_allclose(units * retrain(risk, found / units), 0.0, atol=1e-14)


def test_full_steps_that_overshoot_are_caught_by_a_line_search():
    X = np.array([[1.0], [-1.0], [1.0]])
    risk = LinearRisk(X, np.array([1.0, -1.0, -1.0]), SmoothHinge(0.01), l2=0.01)
    from_left, from_right = (retrain(risk, np.array([s])) for s in (-4.0, 4.0))
    np.testing.assert_allclose(from_left, from_right, rtol=1e-9)
    assert abs(risk.gradient(from_left)[0]) < 1e-12


def test_a_point_of_tiny_gradient_still_moves_theta_and_by_the_right_amount():
    problem = with_a_safe_point(small("logistic"), 5, margin=40.0)
    theta = problem.minimum()
    gradient = np.linalg.norm(problem.example_gradients(theta)[5])
    assert 1e-9 < gradient < 1e-4
    change = retrain_without(problem.risk(), theta, 5) - theta
    first_order = np.linalg.solve(problem.hessian(theta), problem.example_gradients(theta)[5]) / 12
    close(change, first_order, rtol=1e-3)


def test_the_tolerance_is_relative_to_one_point():
    problem = small("logistic")
    risk, theta = problem.risk(), problem.minimum()
    share = np.max(problem.w * np.linalg.norm(problem.example_gradients(theta), axis=1)) / 12
    others = problem.without([0])
    for tol in (0.5, 1e-3, 1e-10):
        found = retrain_without(risk, theta, 0, tol=tol)
        assert np.linalg.norm(others.gradient(found)) <= tol * share


def test_one_step_more_than_the_tolerance_asks_squares_the_error():
    problem = small("logistic")
    risk, others = problem.risk(), problem.without([0])
    exact = others.minimum()
    tol = 0.1  # the first step is enough for it
    share = np.max(problem.w * np.linalg.norm(problem.example_gradients(exact), axis=1)) / 12
    first = np.linalg.solve(others.hessian(problem.minimum()), others.gradient(problem.minimum()))
    once = problem.minimum() - first
    assert np.linalg.norm(others.gradient(once)) < tol * share
    twice = retrain_without(risk, problem.minimum(), 0, tol=tol)
    assert np.linalg.norm(twice - exact) < 0.1 * np.linalg.norm(once - exact)


def test_retraining_with_nothing_changed_changes_nothing(problem):
    theta = problem.minimum()
    np.testing.assert_allclose(retrain(problem.risk(), theta), theta, rtol=1e-13)


def test_float32_ends_without_a_warning(xp_device):
    problem = small("logistic")
    theta = xp_device.array(problem.minimum(), dtype="float32")
    risk = problem.risk(xp_device, "float32")
    for S in ([], [5], [0, 7]):
        found = retrain_without(risk, theta, S)
        assert xp_device.holds(found, "float32")
        close(found, problem.without(S).minimum(), rtol=1e-5)


# Where there is no minimum.


def test_separable_classes_without_a_penalty_have_no_minimum():
    X = np.column_stack([[-3.0, -2.0, 2.5, 1.0, 3.0], np.ones(5)])
    y = np.array([-1.0, -1.0, -1.0, 1.0, 1.0])
    risk = LinearRisk(X, y, Logistic())
    theta = retrain(risk, np.zeros(2))
    with pytest.raises(ValueError, match="no minimum.*separated.*l2 > 0"):
        retrain_without(risk, theta, 2)


def test_a_parameter_that_the_point_alone_determines_has_no_unique_minimum():
    X = np.array([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [1.0, 1.0]])
    y = np.array([1.0, 2.5, 2.0, 5.0])
    theta = np.linalg.lstsq(X, y, rcond=None)[0]
    risk = LinearRisk(X, y, Square())
    with pytest.raises(ValueError, match="no unique minimum.*l2 > 0"):
        retrain_without(risk, theta, 3)
    close(retrain_without(risk, theta, 0), np.linalg.lstsq(X[1:], y[1:], rcond=None)[0])


class NoisyGradient:
    """A risk whose gradient is a thousandth beside the truth, differently at each theta."""

    def __init__(self, inner):
        self.inner = inner

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def gradient(self, theta):
        return self.inner.gradient(theta) + 1e-3 * np.sin(1e9 * theta)


def test_a_gradient_that_cannot_reach_0_is_warned_of():
    problem = small("logistic")
    with pytest.warns(RuntimeWarning, match="gradient norm") as caught:
        retrain(NoisyGradient(problem.risk()), problem.minimum())
    assert caught[0].filename == __file__


BAD_CALLS = {
    "all removed": (lambda r, t: retrain_without(r, t, range(12)), ValueError, "none of positive"),
    "out of range": (lambda r, t: retrain_without(r, t, 12), IndexError, "0 to 11"),
    "negative": (lambda r, t: retrain_without(r, t, [-1]), IndexError, "Negative"),
    "repeated": (lambda r, t: retrain_without(r, t, [1, 1]), ValueError, "more than once"),
    "mask": (lambda r, t: retrain_without(r, t, np.zeros(12, bool)), TypeError, "mask"),
    "theta": (lambda r, t: retrain(r, t[:2]), ValueError, "theta"),
    "theta NaN": (lambda r, t: retrain(r, t * np.nan), ValueError, "theta"),
    "tol": (lambda r, t: retrain(r, t, tol=-1e-3), ValueError, "tol"),
    "tol 1": (lambda r, t: retrain(r, t, tol=1.0), ValueError, "tol"),
    "new x": (lambda r, t: retrain_with(r, t, 0, np.ones(2), 1.0), ValueError, "x has shape"),
    "new label": (lambda r, t: retrain_with(r, t, 0, np.ones(3), 3.0), ValueError, "label"),
    "new NaN": (lambda r, t: retrain_with(r, t, 0, np.full(3, np.nan), 1.0), ValueError, "finite"),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_bad_input_is_refused_in_a_sentence(name):
    call, kind, words = BAD_CALLS[name]
    problem = small("logistic")
    with pytest.raises(kind, match=words):
        call(problem.risk(), problem.minimum())


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("loss", [Logistic(), Square()])
def test_gradients_beyond_all_numbers_are_told_in_a_sentence(loss):
    X = np.array([[1e200, 1.0], [-1.0, 1.0], [2.0, 1.0]])
    risk = LinearRisk(X, np.array([1.0, -1.0, 1.0]), loss, l2=0.1)
    for ask in (retrain, lambda r, t: retrain_without(r, t, 1), leave_one_out):
        with pytest.raises(ValueError, match="too large.*[Ss]cale"):
            ask(risk, np.zeros(2))


def test_no_warning_of_numpy_escapes_from_extreme_data():
    X = np.column_stack([[1e6, -1e6, 1.0, 2.0], np.ones(4)])
    risk = LinearRisk(X, np.array([1.0, -1.0, -1.0, 1.0]), Logistic(), l2=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        theta = retrain(risk, np.zeros(2))
    assert np.linalg.norm(risk.gradient(theta)) < 1e-9


@pytest.mark.parametrize("n", [5, 20, 60])
def test_what_can_be_separated_in_one_direction_alone_has_no_minimum(n):
    """The last point alone has the last feature, whose weight grows by 1 with each Newton step.

    Its gradient soon drowns in the rounding of the other points', which nothing separates.
    """
    rng = np.random.default_rng(n)
    x, y = rng.normal(size=n), np.where(np.arange(n) % 2, 1.0, -1.0)
    x[:4] = [1.0, -1.0, -1.0, 1.0]
    X = np.column_stack([x, np.ones(n), np.arange(n) == n - 1])
    with pytest.raises(ValueError, match="no minimum.*separated"):
        retrain(LinearRisk(X, y, Logistic()), np.zeros(3))
