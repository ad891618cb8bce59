"""All leave-one-out retrainings against refits by other libraries, point by point."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import brentq
from scipy.special import log_expit
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from teachkit.arrays import to_numpy
from teachkit.influence import Influence
from teachkit.losses import Logistic, SmoothHinge, Square
from teachkit.retraining import (
    leave_one_out,
    linear,
    one_by_one,
    retrain,
    retrain_without,
    together,
)
from teachkit.risks import LinearRisk
from teachkit.validation import agreement
from tests.numeric.dense import LOSSES, Dense, small, with_a_safe_point

pytestmark = pytest.mark.filterwarnings("error")


def close(ours, reference, rtol=1e-10):
    scale = np.max(np.abs(reference))
    np.testing.assert_allclose(to_numpy(ours), reference, rtol=rtol, atol=rtol * scale)


@pytest.fixture(params=sorted(LOSSES))
def problem(request) -> Dense:
    return small(request.param)


def refits(problem):
    return np.array([problem.without([i]).minimum() for i in range(problem.n)])


def test_every_row_agrees_with_a_fit_from_scratch(problem, xp_device):
    theta = problem.minimum()
    ours = leave_one_out(problem.risk(xp_device), xp_device.array(theta))
    assert xp_device.holds(ours, "float64")
    close(ours, refits(problem) - theta)


def test_rows_come_in_the_order_asked_for(problem):
    risk, theta = problem.risk(), problem.minimum()
    all_rows = leave_one_out(risk, theta)
    np.testing.assert_allclose(
        leave_one_out(risk, theta, [7, 0, 4]), all_rows[[7, 0, 4]], rtol=1e-12
    )
    assert leave_one_out(risk, theta, 7).shape == (1, 3)
    assert leave_one_out(risk, theta, []).shape == (0, 3)


def cancer():
    """Every second row of breast cancer, standardised, with a column of ones: (285, 31)."""
    data = load_breast_cancer()
    X, target = data.data[::2], data.target[::2]
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return np.column_stack([X, np.ones(len(X))]), np.where(target == 1, 1.0, -1.0)


def test_all_points_of_breast_cancer_agree_with_scikit_learn():
    X, y = cancer()
    n, l2 = len(y), 1e-2
    rng = np.random.default_rng(0)
    weights = rng.uniform(0.5, 2.0, size=n)
    weights[::40] = 0.0
    risk = LinearRisk(X, y, Logistic(), l2=l2, weights=weights)
    theta = retrain(risk, np.zeros(risk.p))
    ours = theta + leave_one_out(risk, theta)
    model = LogisticRegression(
        C=1 / (n * l2), fit_intercept=False, solver="newton-cholesky", tol=1e-14
    )
    for i in range(n):
        left = weights.copy()
        left[i] = 0.0
        refit = model.fit(X, y, sample_weight=left).coef_[0]
        change = np.linalg.norm(refit - theta)
        error = np.linalg.norm(ours[i] - refit)
        assert error <= 1e-9 * np.linalg.norm(refit)
        assert error <= 1e-6 * change + 1e-12, (i, error, change)


def test_least_squares_agrees_with_statsmodels():
    problem = small("square", n=25)
    fit = sm.OLS(problem.y, problem.X).fit()
    ours = leave_one_out(LinearRisk(problem.X, problem.y, Square()), fit.params)
    influence = fit.get_influence()
    close(fit.params + ours, np.array(influence.params_not_obsi))
    close(problem.y - np.sum(problem.X * (fit.params + ours), axis=1), influence.resid_press)


def test_poisson_of_your_own_loss_agrees_with_statsmodels():
    class Poisson:
        """-log likelihood of counts with mean e^s; no slope_change, no base class."""

        def value(self, score, y):
            return np.exp(score) - y * score

        def slope(self, score, y):
            return np.exp(score) - y

        def curvature(self, score, y):
            return np.exp(score) + 0.0 * y

    rng = np.random.default_rng(2)
    X = np.column_stack([rng.normal(size=(30, 2)), np.ones(30)])
    y = rng.poisson(np.exp(X @ [0.5, -0.3, 1.0])).astype(float)

    def refit(rows):
        family = sm.families.Poisson()
        return sm.GLM(y[rows], X[rows], family=family).fit(tol=1e-14, maxiter=200).params

    theta = refit(np.arange(30))
    ours = leave_one_out(LinearRisk(X, y, Poisson()), theta)
    close(theta + ours, np.array([refit(np.delete(np.arange(30), i)) for i in range(30)]), 1e-9)


def test_a_change_of_slope_of_your_own_may_divide_by_the_change(monkeypatch):
    class Divided(Logistic):
        def slope_change(self, score, change, y):
            return change * (super().slope_change(score, change, y) / change)

    problem = small("logistic")
    X = problem.X.copy()
    X[5] = 0.0  # a score that never moves
    risk = LinearRisk(X, problem.y, Logistic(), l2=problem.l2, weights=problem.w)
    theta = retrain(risk, problem.minimum())
    own = LinearRisk(X, problem.y, Divided(), l2=problem.l2, weights=problem.w)
    monkeypatch.setattr(one_by_one, "refit", lambda *args: 1 / 0)
    rows = [0, 2, 4, 11]
    close(leave_one_out(own, theta, rows), leave_one_out(risk, theta, rows))


def test_rows_that_do_not_converge_together_are_finished_by_newton(problem, monkeypatch):
    risk, theta = problem.risk(), problem.minimum()
    at_once = leave_one_out(risk, theta)
    monkeypatch.setattr(together, "MAX_ROUNDS", 1)
    np.testing.assert_allclose(leave_one_out(risk, theta), at_once, rtol=1e-9, atol=1e-13)


def test_with_the_square_loss_the_first_step_is_the_last(monkeypatch):
    def refit(*args):
        raise AssertionError("A row was left to Newton's method.")

    problem = small("square")
    monkeypatch.setattr(together, "MAX_ROUNDS", 2)  # the second only looks
    monkeypatch.setattr(one_by_one, "refit", refit)
    theta = problem.minimum()
    rows = range(12)[:3]  # point 3 has weight 0
    close(leave_one_out(problem.risk(), theta, rows), (refits(problem) - theta)[:3])


def test_blocks_of_columns_do_not_show_in_the_rows(problem, monkeypatch):
    risk, theta = problem.risk(), problem.minimum()
    whole = leave_one_out(risk, theta)
    monkeypatch.setattr(linear, "COLUMNS", 5)
    np.testing.assert_allclose(leave_one_out(risk, theta), whole, rtol=1e-11, atol=1e-14)


def test_a_gross_outlier_is_retrained_as_exactly_as_any_point():
    rng = np.random.default_rng(1)
    X = np.vstack(
        [
            0.8 * rng.normal(size=(20, 2)) - (1.2, 0.8),
            0.8 * rng.normal(size=(20, 2)) + (1.2, 0.8),
            [(-3.0, -2.0)],
        ]
    )
    X = np.column_stack([X, np.ones(41)])
    y = np.repeat([-1.0, 1.0], [20, 21])
    problem = Dense("logistic", X, y, np.ones(41), np.full(3, 1e-3))
    theta = problem.minimum()
    ours = leave_one_out(problem.risk(), theta)
    close(ours, refits(problem) - theta, rtol=1e-9)
    assert np.linalg.norm(ours[40]) > 4.0  # far beyond what influence predicts


def test_a_point_of_tiny_gradient_keeps_its_digits():
    problem = with_a_safe_point(small("logistic", n=40), 5, margin=25.0)
    theta = problem.minimum()
    g = problem.example_gradients(theta)[5]
    assert 1e-12 < np.linalg.norm(g) < 1e-7
    # So small a change is linear: the dense formula is exact, up to the gradient left at theta.
    left = np.linalg.solve(problem.hessian(theta), problem.gradient(theta))
    without = np.linalg.solve(problem.without([5]).hessian(theta), g / 40) - left
    ours = leave_one_out(problem.risk(), theta, 5)[0]
    np.testing.assert_allclose(ours, without, atol=1e-6 * np.linalg.norm(without))


@pytest.mark.parametrize("away", [1e-6, 1e-2, 3.0])
def test_the_rows_lead_to_the_minimum_even_from_a_theta_that_is_not_one(problem, away):
    theta = problem.minimum() + away * np.array([1.0, -1.0, 0.5])
    ours = theta + leave_one_out(problem.risk(), theta)
    close(ours, refits(problem), rtol=1e-9)


@pytest.mark.parametrize("l2", [1e-4, 1e-8, 1e-12, 1e-16, 1e-30])
@pytest.mark.parametrize("units", [1.0, 1e-6, 1e6])
@pytest.mark.parametrize("t", [None, 0.1, 0.01])
def test_with_next_to_no_penalty_the_minimum_is_far_away_and_is_found(l2, units, t):
    """Of two points one is left: theta = c y x, and c alone has to be found."""
    X, y = units * np.array([[-10.0, 1.0], [-3.0, -1.0]]), np.array([1.0, -1.0])
    penalty = l2 * units**2
    loss = Logistic() if t is None else SmoothHinge(t)
    risk = LinearRisk(X, y, loss, l2=penalty)
    theta = retrain(risk, np.zeros(2))
    rows = leave_one_out(risk, theta)

    def pull(c, x):  # along y x, the logarithms of both sides of the first-order condition
        margin = c * (x @ x)
        u = -margin if t is None else (1.0 - margin) / t
        return log_expit(u) - np.log(2.0 * penalty * c)

    for i, x in enumerate(X[::-1]):
        c = brentq(pull, 1e-9 / (x @ x), 1e4 / (x @ x), args=(x,), xtol=1e-300, rtol=1e-14)
        exact = c * y[1 - i] * x
        np.testing.assert_allclose(theta + rows[i], exact, rtol=1e-9)
        np.testing.assert_allclose(retrain_without(risk, theta, i), exact, rtol=1e-9)


@pytest.mark.parametrize("tol", [1e-10, 1e-4, 0.5])
def test_no_tolerance_takes_the_way_out_for_a_minimum(tol):
    X = np.column_stack([[-3.0, -2.0, 2.5, 1.0, 3.0], np.ones(5)])
    y = np.array([-1.0, -1.0, -1.0, 1.0, 1.0])
    for units in (1.0, 1e9):
        risk = LinearRisk(units * X, y, Logistic())
        theta = retrain(risk, np.zeros(2))
        with pytest.warns(RuntimeWarning, match="separated"):
            ours = leave_one_out(risk, theta, 2, tol=tol)
        assert np.all(np.isnan(ours))
        with pytest.raises(ValueError, match="separated"):
            retrain_without(risk, theta, 2, tol=tol)


@pytest.mark.parametrize("t", [0.3, 0.1])
def test_a_step_to_where_the_loss_is_flat_is_no_minimum(t):
    risk = LinearRisk([[1.0], [1.0]], [1.0, -1.0], SmoothHinge(t))
    with pytest.warns(RuntimeWarning, match="the points 0, 1:"):
        ours = leave_one_out(risk, np.zeros(1))
    assert np.all(np.isnan(ours))


@pytest.mark.parametrize("t", [0.3, 0.01])
def test_the_units_of_a_column_do_not_show(t):
    y = np.where(np.arange(20) % 3 == 0, -1.0, 1.0)
    problem = replace(small("logistic", n=20), y=y, l2=np.array([1e-3, 1e-3, 0.0]))
    S = np.array([1.0, 2.0**12, 2.0**-8])
    plain, scaled = (
        LinearRisk(problem.X * s, problem.y, SmoothHinge(t), l2=problem.l2 * s**2) for s in (1.0, S)
    )
    theta = retrain(plain, np.zeros(3))
    np.testing.assert_allclose(S * retrain(scaled, np.zeros(3)), theta, rtol=1e-8)
    rows = leave_one_out(plain, theta)
    np.testing.assert_allclose(
        S * leave_one_out(scaled, theta / S), rows, rtol=1e-6, atol=1e-9 * np.max(np.abs(theta))
    )


def test_removing_the_only_example_of_a_class():
    problem = small("logistic")
    problem = replace(problem, y=np.where(np.arange(12) == 6, 1.0, -1.0))
    theta = problem.minimum()
    close(theta + leave_one_out(problem.risk(), theta), refits(problem), rtol=1e-8)


def test_points_of_weight_0_change_nothing():
    problem = small("logistic")
    ours = leave_one_out(problem.risk(), problem.minimum(), 3)
    np.testing.assert_allclose(ours, np.zeros((1, 3)), atol=1e-13)


def test_float32_stays_float32_and_warns_of_nothing(xp_device):
    problem = small("logistic", n=30)
    theta = problem.minimum()
    ours = leave_one_out(
        problem.risk(xp_device, "float32"), xp_device.array(theta, dtype="float32")
    )
    assert xp_device.holds(ours, "float32")
    close(ours, refits(problem) - theta, rtol=1e-3)


def test_in_float32_too_all_rows_converge_together(monkeypatch):
    problem = small("logistic", n=30)
    theta = problem.minimum().astype("float32")

    def refit(*args):
        raise AssertionError("A row was left to Newton's method.")

    monkeypatch.setattr(one_by_one, "refit", refit)
    assert leave_one_out(problem.risk(dtype="float32"), theta).shape == (30, 3)


def test_without_a_minimum_the_row_is_nan_and_one_warning_names_the_points():
    rng = np.random.default_rng(1)
    X = np.column_stack([rng.normal(size=(9, 2)), np.zeros(9)])
    X[4, 2] = 0.7
    X = X @ np.linalg.qr(rng.normal(size=(3, 3)))[0]
    y = X @ [1.0, 2.0, 3.0] + rng.normal(size=9)
    theta = np.linalg.lstsq(X, y, rcond=None)[0]
    with pytest.warns(RuntimeWarning, match="the points 4:") as caught:
        ours = leave_one_out(LinearRisk(X, y, Square()), theta)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert np.all(np.isnan(ours[4]))
    for i in np.delete(np.arange(9), 4):
        rows = np.delete(np.arange(9), i)
        close(theta + ours[i], np.linalg.lstsq(X[rows], y[rows], rcond=None)[0], rtol=1e-9)


def test_what_becomes_separable_without_a_point_is_nan():
    X = np.column_stack([[-3.0, -2.0, 2.5, 1.0, 3.0], np.ones(5)])
    y = np.array([-1.0, -1.0, -1.0, 1.0, 1.0])
    risk = LinearRisk(X, y, Logistic())
    theta = retrain(risk, np.zeros(2))
    with pytest.warns(RuntimeWarning, match="separated"):
        ours = leave_one_out(risk, theta)
    assert np.all(np.isnan(ours[2]))
    assert np.all(np.isfinite(ours[[0, 1]]))


def test_a_singular_risk_is_refused():
    X = np.ones((5, 2))
    risk = LinearRisk(X, np.array([1.0, 2.0, 3.0, 4.0, 5.0]), Square())
    with pytest.raises(ValueError, match="no unique minimum.*l2 > 0"):
        leave_one_out(risk, np.array([1.5, 1.5]))


def test_the_sole_example_cannot_leave():
    risk = LinearRisk(np.ones((2, 1)), np.array([1.0, 2.0]), Square(), l2=0.1, weights=[0.0, 1.0])
    with pytest.raises(ValueError, match="none of positive weight"):
        leave_one_out(risk, np.array([2.0 / 1.1]))
    assert leave_one_out(risk, np.array([2.0 / 1.1]), 0).shape == (1, 1)


@pytest.mark.parametrize(
    ("indices", "kind", "words"),
    [
        ([12], IndexError, "0 to 11"),
        ([-1], IndexError, "Negative"),
        ([1, 1], ValueError, "more than once"),
        (np.ones(12, dtype=bool), TypeError, "mask"),
        ([1.0], TypeError, "whole number"),
        (True, TypeError, "boolean"),
    ],
)
def test_bad_indices_are_refused(indices, kind, words):
    problem = small("logistic")
    with pytest.raises(kind, match=words):
        leave_one_out(problem.risk(), problem.minimum(), indices)


def test_a_progress_bar_that_ends_at_the_end(capsys):
    problem = small("logistic")
    leave_one_out(problem.risk(), problem.minimum(), progress=True)
    assert "12/12" in capsys.readouterr().err
    leave_one_out(problem.risk(), problem.minimum())
    assert capsys.readouterr().err == ""


def test_an_interruption_passes_through_and_leaves_nothing_behind(monkeypatch, capsys):
    problem = small("logistic")
    risk, theta = problem.risk(), problem.minimum()
    monkeypatch.setattr(linear, "COLUMNS", 4)
    calls = 0

    class Interrupting(Logistic):
        def slope_change(self, score, change, y):
            nonlocal calls
            calls += 1
            if calls == 8:
                raise KeyboardInterrupt
            return super().slope_change(score, change, y)

    interrupted = LinearRisk(problem.X, problem.y, Interrupting(), l2=problem.l2, weights=problem.w)
    with pytest.raises(KeyboardInterrupt):
        leave_one_out(interrupted, theta, progress=True)
    assert capsys.readouterr().err.endswith(
        "\n"
    )  # the bar is closed: what follows has its own line
    np.testing.assert_array_equal(leave_one_out(interrupted, theta), leave_one_out(risk, theta))


def test_an_interruption_passes_where_rows_come_one_by_one(monkeypatch, capsys):
    calls = 0

    class Interrupting(LinearRisk):
        def hessian(self, theta):
            nonlocal calls
            calls += 1
            if calls == 20:
                raise KeyboardInterrupt
            return super().hessian(theta)

    problem = small("logistic")
    risk = Interrupting(problem.X, problem.y, Logistic(), l2=problem.l2, weights=problem.w)
    theta = problem.minimum()
    with pytest.raises(KeyboardInterrupt):
        leave_one_out(risk, theta, progress=True)
    shown = capsys.readouterr().err
    assert "12/12" not in shown
    assert shown.endswith("\n")
    close(leave_one_out(risk, theta), leave_one_out(problem.risk(), theta), rtol=1e-9)


# Real data: what the lessons claim of prediction and truth.


def digits_3_8():
    data = load_digits()
    of_two = (data.target == 3) | (data.target == 8)
    X = np.column_stack([data.data[of_two] / 16, np.ones(of_two.sum())])
    y = np.where(data.target[of_two] == 3, 1.0, -1.0)
    return train_test_split(X, y, test_size=0.3, random_state=0)


def test_digits_3_against_8_the_prediction_with_leverage_is_the_truth():
    X, X_test, y, y_test = digits_3_8()
    risk = LinearRisk(X, y, Logistic(), l2=0.01)
    theta = retrain(risk, np.zeros(risk.p))
    influence = Influence(risk, theta)
    thetas = theta + leave_one_out(risk, theta)
    margins = y_test[:, None] * (X_test @ np.vstack([theta, thetas]).T)
    losses = np.logaddexp(0.0, -margins)
    truth = losses[:, 1:] - losses[:, :1]
    predicted = influence.leave_one_out_loss(X_test, y_test, leverage=True)
    pooled = agreement(predicted.ravel(), truth.ravel())
    assert 0.9 < pooled.slope < 1.1
    assert pooled.pearson > 0.999
    single = [agreement(p, t).pearson for p, t in zip(predicted, truth, strict=True)]
    assert min(single) > 0.99
    plain = agreement(influence.leave_one_out_loss(X_test, y_test).ravel(), truth.ravel())
    assert plain.slope > pooled.slope + 0.05  # each point's own curvature, left out


class FourthPower(LinearRisk):
    """A penalty of its own besides: .001 sum_j theta_j^4."""

    def gradient(self, theta):
        return super().gradient(theta) + 4e-3 * theta**3

    def hessian(self, theta):
        return super().hessian(theta) + np.diag(12e-3 * theta**2)


def test_a_linear_risk_that_was_changed_is_not_taken_for_one():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(15, 3))
    risk = FourthPower(X, np.sign(X[:, 0] + rng.normal(size=15)), Logistic(), l2=0.01)
    theta = retrain(risk, np.zeros(3))
    close(leave_one_out(risk, theta, 1), [retrain_without(risk, theta, 1) - theta])


@pytest.mark.parametrize("tol", [1e-2, 1e-4, 1e-7])
@pytest.mark.parametrize("l2", [1e-2, 1e-4])
@pytest.mark.parametrize("loss", [Logistic(), SmoothHinge(0.1)], ids=str)
def test_every_row_keeps_the_tolerance_that_was_asked_for(loss, l2, tol):
    """Columns leave once the step that their last gradient gives will be enough: it has to be."""
    X, _, y, _ = digits_3_8()
    risk = LinearRisk(X, y, loss, l2=l2)
    theta = retrain(risk, np.zeros(risk.p))
    share = np.linalg.norm(risk.example_gradients(theta), axis=1) / risk.n
    for i, row in enumerate(leave_one_out(risk, theta, tol=tol)):
        w = np.ones(risk.n)
        w[i] = 0.0
        left = np.linalg.norm(risk.reweighted(w).gradient(theta + row))
        assert left <= tol * share[i] + 1e-14


def test_one_row_at_a_time_by_newton_is_the_same_on_digits():
    X, _, y, _ = digits_3_8()
    risk = LinearRisk(X, y, SmoothHinge(0.1), l2=0.01)
    theta = retrain(risk, np.zeros(risk.p))
    rows = leave_one_out(risk, theta)
    for i in range(0, risk.n, 25):
        close(theta + rows[i], retrain_without(risk, theta, i), rtol=1e-9)
