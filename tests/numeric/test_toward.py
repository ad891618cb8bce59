"""`Influence.toward`, of which removal, reweighting and perturbation are cases, and `s_test`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.linalg

from teachkit.arrays import to_numpy
from teachkit.influence import Influence
from teachkit.losses import Logistic, Square
from teachkit.retraining import retrain
from teachkit.risks import LinearRisk
from tests.numeric.dense import LOSSES, Dense, small, small_tests

pytestmark = pytest.mark.filterwarnings("error")


def close(ours, reference, rtol=1e-10):
    scale = np.max(np.abs(reference))
    np.testing.assert_allclose(to_numpy(ours), reference, rtol=rtol, atol=rtol * scale)


@pytest.fixture(params=sorted(LOSSES))
def problem(request) -> Dense:
    return small(request.param)


def changed_in_every_way(problem):
    """Weights, two points, a target and the penalty."""
    X, y, w = problem.X.copy(), problem.y.copy(), problem.w.copy()
    X[2] += 0.3, -0.2, 0.0
    X[7] += -0.1, 0.4, 0.0
    y[5] = -y[5]
    w[[0, 4, 9]] = 0.0, 1.7, 0.2
    return replace(problem, X=X, y=y, w=w, l2=1.3 * problem.l2)


@pytest.mark.parametrize("leverage", [False, True])
def test_any_change_agrees_with_dense_matrices(problem, xp_device, leverage):
    theta, other = problem.minimum(), changed_in_every_way(problem)
    influence = Influence(problem.risk(xp_device), xp_device.array(theta))
    H = (other if leverage else problem).hessian(theta)
    pull = other.gradient(theta) - problem.gradient(theta)
    ours = influence.toward(other.risk(xp_device), leverage=leverage)
    assert xp_device.holds(ours, "float64")
    close(ours, -scipy.linalg.solve(H, pull))


def test_with_leverage_it_is_the_truth_for_the_square_loss():
    problem = small("square")
    other = changed_in_every_way(problem)
    influence = Influence(problem.risk(), problem.minimum())
    ours = problem.minimum() + influence.toward(other.risk(), leverage=True)
    close(ours, other.minimum())
    close(ours, retrain(other.risk(), problem.minimum()))


def test_removal_reweighting_and_perturbation_are_cases(problem):
    risk, theta = problem.risk(), problem.minimum()
    influence = Influence(risk, theta)
    size = np.max(np.abs(theta))
    S = [7, 0, 5]
    left = problem.w.copy()
    left[S] = 0.0
    delta_w = 0.5 - 0.4 * problem.w
    delta = np.array([0.4, -0.3, 0.0])
    cases = [
        (risk.reweighted(left), influence.removal(S), False),
        (risk.reweighted(left), influence.removal(S, leverage=True), True),
        (risk.reweighted(problem.w + delta_w), influence.reweighting(delta_w), False),
        (risk.replaced(2, risk.X[2] + delta, risk.y[2]), influence.perturbation(2, delta), False),
    ]
    for changed, named, leverage in cases:
        ours = influence.toward(changed, leverage=leverage)
        np.testing.assert_allclose(ours, named, rtol=0, atol=1e-14 * size)


def test_nothing_changed_is_no_change(problem):
    risk = problem.risk()
    influence = Influence(risk, problem.minimum())
    for leverage in (False, True):
        assert not np.any(influence.toward(risk, leverage=leverage))
        assert not np.any(influence.toward(risk.reweighted(problem.w), leverage=leverage))


def test_a_tiny_perturbation_keeps_its_digits():
    """The difference of two sums would have lost six of them."""
    problem = small("logistic", n=400)
    risk, theta = problem.risk(), problem.minimum()
    influence = Influence(risk, theta)
    delta = np.array([1.0, -2.0, 0.0])
    slope = influence.perturbation(5, 1e-3 * delta) - influence.perturbation(5, -1e-3 * delta)
    close(influence.perturbation(5, 2.0**-30 * delta) / 2.0**-30, slope / 2e-3, rtol=1e-5)
    tiny = influence.toward(risk.replaced(5, risk.X[5] + 2.0**-30 * delta, risk.y[5]))
    close(tiny / 2.0**-30, slope / 2e-3, rtol=1e-3)


@pytest.mark.parametrize("method", ["conjugate_gradient", "a callable"])
@pytest.mark.parametrize("leverage", [False, True])
def test_every_way_of_inverting_gives_the_same(problem, method, leverage):
    risk, theta = problem.risk(), problem.minimum()
    reference = Influence(risk, theta)
    method = reference.solve if method == "a callable" else method
    other = changed_in_every_way(problem).risk()
    ours = Influence(risk, theta, inverse_hvp=method).toward(other, leverage=leverage)
    close(ours, reference.toward(other, leverage=leverage), rtol=1e-8)


def test_damping_goes_to_both_sides(problem):
    theta, other = problem.minimum(), changed_in_every_way(problem)
    influence = Influence(problem.risk(), theta, damping=0.3)
    pull = other.gradient(theta) - problem.gradient(theta)
    for leverage, of in ((False, problem), (True, other)):
        expected = -scipy.linalg.solve(of.hessian(theta) + 0.3 * np.eye(3), pull)
        close(influence.toward(other.risk(), leverage=leverage), expected)


def fewer(problem):
    return LinearRisk(problem.X[1:], problem.y[1:], Logistic(), l2=0.1)


def wider(problem):
    return LinearRisk(np.c_[problem.X, problem.X[:, 0] ** 2], problem.y, Logistic(), l2=0.1)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (fewer, ValueError, r"11 examples \(n\) where .* has 12.*weight 0"),
        (wider, ValueError, r"4 parameters \(p\) where .* has 3"),
        (lambda p: p.risk(dtype="float32"), ValueError, "float32 on cpu where .*float64"),
        (lambda p: p.w, TypeError, "changed is array.*methods of a risk"),
        (lambda p: LinearRisk, TypeError, "changed is the class LinearRisk"),
        (lambda p: None, TypeError, "changed is None"),
    ],
)
def test_what_is_no_changed_risk_is_refused_in_a_sentence(change, error, says):
    problem = small("logistic")
    influence = Influence(problem.risk(), problem.minimum())
    with pytest.raises(error, match=says):
        influence.toward(change(problem))


def test_a_change_that_flattens_the_risk_has_no_answer_with_leverage():
    X = np.array([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [1.0, 1.0]])
    risk = LinearRisk(X, np.array([1.0, 2.5, 2.0, 5.0]), Square())
    influence = Influence(risk, np.linalg.lstsq(X, risk.y, rcond=None)[0])
    flat = risk.reweighted([1.0, 1.0, 1.0, 0.0])
    with pytest.raises(ValueError, match="On the changed risk too little curvature"):
        influence.toward(flat, leverage=True)
    assert np.all(np.isfinite(influence.toward(flat)))


# s_test: one solve for many questions on one test point.


class Counted:
    """A solve that counts the columns it is handed."""

    def __init__(self, solve):
        self.solve, self.columns = solve, 0

    def __call__(self, v):
        self.columns += 1 if v.ndim == 1 else v.shape[1]
        return self.solve(v)


def test_s_test_is_what_every_question_on_a_test_point_needs(problem, xp_device):
    theta = problem.minimum()
    risk, put = problem.risk(xp_device), xp_device.array(theta)
    influence = Influence(risk, put)
    X_test, y_test = small_tests(problem.name, 4)
    tests = xp_device.array(X_test), xp_device.array(y_test)
    one = xp_device.array(X_test[1]), float(y_test[1])
    inverse = scipy.linalg.inv(problem.hessian(theta))
    g_test = problem.example_gradients(theta, X_test, y_test)
    s, s_one = influence.s_test(*tests), influence.s_test(*one)
    assert xp_device.holds(s, "float64")
    close(s, g_test @ inverse)
    close(s_one, inverse @ g_test[1])

    counted = Counted(influence.solve)
    other = Influence(risk, put, inverse_hvp=counted)
    for leverage in (False, True):
        for points, known in ((tests, s), (one, s_one)):
            expected = to_numpy(influence.leave_one_out_loss(*points, leverage=leverage))
            close(influence.leave_one_out_loss(s_test=known, leverage=leverage), expected)
    for points, known in ((tests, s), (one, s_one)):
        expected = to_numpy(influence.up_loss(*points))
        close(other.up_loss(s_test=known), expected)
        close(other.up_loss(*points, s_test=known), expected)
    for i in range(6):
        expected = to_numpy(influence.pert_loss(i, *one))
        close(other.pert_loss(i, s_test=s_one), expected)
        close(other.pert_loss(i, *one, s_test=s_one), expected)
    close(other.leave_one_out_loss(s_test=s_one), to_numpy(influence.leave_one_out_loss(*one)))
    assert counted.columns == 0
    other.s_test(*one)
    assert counted.columns == 1


def test_up_loss_of_other_points(problem):
    """Points that are not there yet, weighted up from 0."""
    theta = problem.minimum()
    influence = Influence(problem.risk(), theta)
    X_test, y_test = small_tests(problem.name, 4)
    X_new, y_new = small_tests(problem.name, 5, seed=6)
    g_test, g_new = (
        problem.example_gradients(theta, *points) for points in ((X_test, y_test), (X_new, y_new))
    )
    expected = -g_test @ scipy.linalg.solve(problem.hessian(theta), g_new.T)
    close(influence.up_loss(X_test, y_test, of=(X_new, y_new)), expected)
    close(influence.up_loss(X_test[0], y_test[0], of=(X_new, y_new)), expected[0])
    s_test = influence.s_test(X_test, y_test)
    close(influence.up_loss(s_test=s_test, of=(X_new, y_new)), expected)
    close(
        influence.up_loss(X_test, y_test, of=(problem.X, problem.y)),
        influence.up_loss(X_test, y_test),
    )


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (lambda j, x, y: j.up_loss(s_test=np.ones(2)), ValueError, r"s_test has shape \(2,\)"),
        (lambda j, x, y: j.up_loss(s_test=np.full(3, np.nan)), ValueError, "s_test holds nan"),
        (lambda j, x, y: j.up_loss(x, y, s_test=np.ones(3)), ValueError, r"beside 2 test point"),
        (lambda j, x, y: j.up_loss(x[0], y[0], s_test=np.ones((1, 3))), ValueError, "beside 1"),
        (lambda j, x, y: j.pert_loss(0, s_test=np.ones((2, 3))), ValueError, "one test point"),
        (lambda j, x, y: j.up_loss(), TypeError, "X_test is None"),
        (lambda j, x, y: j.up_loss(x, y, of=x), TypeError, "a pair"),
        (lambda j, x, y: j.up_loss(x, y, of=(x[:, :2], y)), ValueError, "has shape"),
        (lambda j, x, y: j.s_test(x, y[:1]), ValueError, "row of X_test"),
    ],
)
def test_bad_questions_are_answered_in_a_sentence(ask, error, says):
    problem = small("logistic")
    influence = Influence(problem.risk(), problem.minimum())
    with pytest.raises(error, match=says):
        ask(influence, *small_tests("logistic", 2))
