"""Influence against the same formulas written densely, and against differences in eps."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import scipy.linalg
import statsmodels.api as sm

from teachkit.arrays import to_numpy
from teachkit.influence import Influence
from teachkit.inverse_hvp import Cholesky, ConjugateGradient
from teachkit.losses import Hinge, Logistic, Square
from teachkit.risks import LinearRisk
from tests.numeric.dense import LOSSES, Dense, small, small_tests

pytestmark = pytest.mark.filterwarnings("error")

NAMES = sorted(LOSSES)


def close(ours, reference, rtol=1e-10):
    scale = np.max(np.abs(reference))
    np.testing.assert_allclose(to_numpy(ours), reference, rtol=rtol, atol=rtol * scale)


@pytest.fixture(params=NAMES)
def problem(request) -> Dense:
    return small(request.param)


def made(problem, place=None, **options):
    theta = problem.minimum()
    put = theta if place is None else place.array(theta)
    return Influence(problem.risk(place), put, **options), theta


# Dense references, in every array library.


def test_every_row_of_the_table_agrees_with_dense_matrices(problem, xp_device):
    influence, theta = made(problem, xp_device)
    n, w = problem.n, problem.w
    inverse = scipy.linalg.inv(problem.hessian(theta))
    g = problem.example_gradients(theta)
    X_test, y_test = small_tests(problem.name, 4)
    g_test = problem.example_gradients(theta, X_test, y_test)
    tests = xp_device.array(X_test), xp_device.array(y_test)
    one = xp_device.array(X_test[1]), float(y_test[1])

    up_loss = -g_test @ inverse @ g.T
    close(influence.up_params(2), -inverse @ g[2])
    close(influence.up_loss(*tests), up_loss)
    close(influence.up_loss(*one), up_loss[1])
    close(influence.self_influence(), -np.einsum("ij,jk,ik->i", g, inverse, g))
    delta_w = np.random.default_rng(3).normal(size=n)
    close(influence.reweighting(xp_device.array(delta_w)), -inverse @ g.T @ delta_w / n)
    S = [5, 0, 7]
    close(influence.removal(S), inverse @ (w[S] @ g[S]) / n)
    close(influence.removal(5), inverse @ (w[5] * g[5]) / n)
    close(influence.removals(), w[:, None] / n * g @ inverse)
    close(influence.removals(S), (w[:, None] / n * g @ inverse)[S])
    close(influence.leave_one_out_loss(*tests), -w / n * up_loss)
    close(influence.leave_one_out_loss(*one), -w / n * up_loss[1])

    delta = np.array([0.4, -0.3, 0.0])
    moved = problem.example_gradients(theta, problem.X[2:3] + delta, problem.y[2:3])[0]
    predicted = -w[2] / n * inverse @ (moved - g[2])
    close(influence.perturbation(2, xp_device.array(delta)), predicted)
    _, slope, curvature = LOSSES[problem.name]
    x, y = problem.X[2], problem.y[2]
    mixed = slope(x @ theta, y) * np.eye(3) + curvature(x @ theta, y) * np.outer(x, theta)
    close(influence.pert_loss(2, *one), -g_test[1] @ inverse @ mixed)

    results = (
        influence.up_params(2),
        influence.up_loss(*tests),
        influence.self_influence(),
        influence.removals(leverage=True),
        influence.removal(S, leverage=True),
        influence.leave_one_out_loss(*one, leverage=True),
        influence.perturbation(2, xp_device.array(delta)),
        influence.pert_loss(2, *one),
    )
    assert all(xp_device.holds(r, "float64") for r in results)


def test_leverage_is_the_newton_step_on_the_risk_without_the_points(problem, xp_device):
    influence, theta = made(problem, xp_device)
    n, w, g = problem.n, problem.w, problem.example_gradients(theta)
    X_test, y_test = small_tests(problem.name, 4)
    g_test = problem.example_gradients(theta, X_test, y_test)

    def step(S):
        return scipy.linalg.solve(problem.without(S).hessian(theta), w[S] @ g[S]) / n

    singles = np.array([step([i]) for i in range(n)])
    close(influence.removal([5, 0, 7], leverage=True), step([5, 0, 7]))
    close(influence.removals(leverage=True), singles)
    close(influence.removals([7, 2], leverage=True), singles[[7, 2]])
    tests = xp_device.array(X_test), xp_device.array(y_test)
    close(influence.leave_one_out_loss(*tests, leverage=True), g_test @ singles.T)


@pytest.mark.parametrize(
    "method",
    ["conjugate_gradient", Cholesky(), ConjugateGradient(rtol=1e-12), "a callable"],
    ids=str,
)
def test_every_way_of_inverting_gives_the_same(problem, method):
    reference, theta = made(problem)
    if method == "a callable":
        method = reference.solve
    other = Influence(problem.risk(), theta, inverse_hvp=method)
    X_test, y_test = small_tests(problem.name, 4)
    for call in (
        lambda j: j.up_params(1),
        lambda j: j.up_loss(X_test, y_test),
        lambda j: j.self_influence(),
        lambda j: j.removal([1, 2], leverage=True),
        lambda j: j.removals(leverage=True),
        lambda j: j.leave_one_out_loss(X_test[0], y_test[0], leverage=True),
    ):
        close(call(other), call(reference), rtol=1e-8)


def test_damping_is_added_to_the_diagonal(problem):
    influence, theta = made(problem, damping=0.3)
    eye, g = np.eye(3), problem.example_gradients(theta)
    damped = problem.hessian(theta) + 0.3 * eye
    close(influence.up_params(4), -scipy.linalg.solve(damped, g[4]))
    without = problem.without([4, 6]).hessian(theta) + 0.3 * eye
    pull = problem.w[[4, 6]] @ g[[4, 6]] / problem.n
    close(influence.removal([4, 6], leverage=True), scipy.linalg.solve(without, pull))
    without = problem.without([4]).hessian(theta) + 0.3 * eye
    pull = problem.w[4] * g[4] / problem.n
    close(influence.removals([4], leverage=True)[0], scipy.linalg.solve(without, pull))


# Differences: the definitions, with fits by SciPy.


def test_up_params_and_up_loss_are_derivatives_in_eps(problem):
    influence, theta = made(problem)
    X_test, y_test = small_tests(problem.name, 2)
    i, eps = 2, 1e-4

    def at(eps):
        w = problem.w.copy()
        w[i] += problem.n * eps
        return Dense(problem.name, problem.X, problem.y, w, problem.l2).minimum()

    up, down = at(eps), at(-eps)
    close(influence.up_params(i), (up - down) / (2 * eps), rtol=1e-6)
    losses = [problem.loss(t, X_test[1], y_test[1]) for t in (up, down)]
    derivative = (losses[0] - losses[1]) / (2 * eps)
    assert float(influence.up_loss(X_test, y_test)[1, i]) == pytest.approx(derivative, rel=1e-6)
    # reweighting to w + delta_w is eps = delta_w / n
    delta_w = np.zeros(problem.n)
    delta_w[i] = 1e-3
    predicted = influence.reweighting(delta_w)
    close(predicted, at(1e-3 / problem.n) - theta, rtol=2e-3)


def test_pert_loss_is_n_times_the_derivative_in_delta(problem):
    influence, _ = made(problem)
    X_test, y_test = small_tests(problem.name, 2)
    i, r = 2, 1e-4

    def loss(delta):
        moved = problem.with_example(i, problem.X[i] + delta, problem.y[i])
        return problem.loss(moved.minimum(), X_test[0], y_test[0])

    derivative = [(loss(r * e) - loss(-r * e)) / (2 * r) for e in np.eye(3)]
    ours = influence.pert_loss(i, X_test[0], y_test[0])
    close(problem.w[i] * ours / problem.n, np.array(derivative), rtol=1e-6)


def test_perturbation_is_exact_to_first_order_in_delta(problem):
    influence, theta = made(problem)
    i, direction = 2, np.array([0.6, -0.8, 0.0])
    errors = []
    for r in (1e-2, 1e-3):
        moved = problem.with_example(i, problem.X[i] + r * direction, problem.y[i])
        truth = moved.minimum() - theta
        errors.append(np.linalg.norm(influence.perturbation(i, r * direction) - truth))
        assert errors[-1] < 10 * r * np.linalg.norm(truth)  # the printed sign would give 2
    assert errors[1] < 0.02 * errors[0]  # the error is quadratic in delta


def test_a_positive_leave_one_out_loss_means_that_the_point_helped():
    X = np.array([[1.0, 1.0], [-1.0, 1.0], [2.0, 1.0], [-1.5, 1.0], [1.8, 1.0]])
    y = np.array([1.0, -1.0, 1.0, -1.0, -1.0])  # the last one is mislabelled
    problem = Dense("logistic", X, y, np.ones(5), np.full(2, 0.1))
    influence, theta = made(problem)
    x_test, y_test = np.array([1.9, 1.0]), 1.0
    predicted = influence.leave_one_out_loss(x_test, y_test)
    before = problem.loss(theta, x_test, y_test)
    truth = [
        problem.loss(problem.without([i]).minimum(), x_test, y_test) - before for i in range(5)
    ]
    assert predicted[4] < 0 < predicted[2]
    assert truth[4] < 0 < truth[2]


def test_leverages_and_press_of_least_squares_agree_with_statsmodels():
    problem = small("square", n=15)
    fit = sm.OLS(problem.y, problem.X).fit()
    theta = fit.params
    influence = Influence(LinearRisk(problem.X, problem.y, Square()), theta)
    press = fit.get_influence()
    exact = influence.removals(leverage=True)
    deleted = problem.y - np.sum(problem.X * (theta + exact), axis=1)
    close(deleted, press.resid_press)
    close(influence.risk.leverages(theta, influence.solve), press.hat_matrix_diag)
    cook = np.einsum("ij,jk,ik->i", exact, problem.X.T @ problem.X, exact) / (3 * fit.mse_resid)
    close(cook, press.cooks_distance[0])


def test_leverages_of_logistic_regression_agree_with_statsmodels():
    problem = small("logistic", n=40)
    fit = sm.GLM(problem.y > 0, problem.X, family=sm.families.Binomial()).fit(tol=1e-14)
    influence = Influence(LinearRisk(problem.X, problem.y, Logistic()), fit.params)
    leverages = influence.risk.leverages(fit.params, influence.solve)
    close(leverages, fit.get_influence().hat_matrix_diag, rtol=1e-8)
    shift = -influence.up_params(3) / problem.n
    score = -influence.gradients[3]  # of the log-likelihood
    close(shift, -fit.cov_params() @ score, rtol=1e-8)


# How the work is done.


@pytest.mark.parametrize(("m", "columns"), [(1, 1), (3, 3), (5, 5), (30, 6)])
def test_up_loss_solves_for_the_fewer(m, columns):
    problem = small("logistic", n=20, p=6)
    inner, theta = made(problem)
    solved = []

    def solve(v):
        solved.append(1 if v.ndim == 1 else v.shape[1])
        return inner.solve(v)

    influence = Influence(problem.risk(), theta, inverse_hvp=solve)
    X_test, y_test = small_tests("logistic", m, p=6)
    close(influence.up_loss(X_test, y_test), inner.up_loss(X_test, y_test))
    assert sum(solved) == columns  # never more than p: those are the columns of H^-1


def test_training_side_when_there_are_fewer_training_points():
    problem = small("logistic", n=5, p=8, l2=0.5)
    inner, theta = made(problem)
    solved = []

    def solve(v):
        solved.append(v.shape[1])
        return inner.solve(v)

    X_test, y_test = small_tests("logistic", 7, p=8)
    g_test = problem.example_gradients(theta, X_test, y_test)
    H, g = problem.hessian(theta), problem.example_gradients(theta)
    ours = Influence(problem.risk(), theta, inverse_hvp=solve).up_loss(X_test, y_test)
    close(ours, -g_test @ scipy.linalg.solve(H, g.T))
    assert solved == [5]


def test_nothing_removed_and_examples_of_weight_zero():
    influence, _ = made(small("logistic"))
    np.testing.assert_array_equal(influence.removal([]), np.zeros(3))
    np.testing.assert_array_equal(influence.removal([], leverage=True), np.zeros(3))
    assert influence.removals([]).shape == (0, 3)
    np.testing.assert_array_equal(influence.removal(3), np.zeros(3))  # its weight is 0
    assert np.any(influence.up_params(3) != 0.0)  # and it could still be weighted up


def test_float32_stays_float32(xp_device):
    problem = small("logistic")
    theta = problem.minimum()
    influence = Influence(
        problem.risk(xp_device, "float32"), xp_device.array(theta, dtype="float32")
    )
    reference, _ = made(problem)
    assert xp_device.holds(influence.removals(), "float32")
    close(influence.removals(leverage=True), reference.removals(leverage=True), rtol=1e-4)


def test_integers_of_numpy_are_indices_too():
    influence, _ = made(small("logistic"))
    np.testing.assert_array_equal(influence.up_params(np.int64(4)), influence.up_params(4))
    np.testing.assert_array_equal(influence.removal(np.array([1, 2])), influence.removal({1, 2}))


# Where there is no answer.


def test_an_unfinished_fit_is_told_once_with_the_gradient_norm():
    problem = small("logistic")
    theta = problem.minimum() + 0.1
    norm = np.linalg.norm(problem.gradient(theta))
    with pytest.warns(RuntimeWarning, match="not finished") as caught:
        influence = Influence(problem.risk(), theta)
    assert len(caught) == 1
    assert f"{norm:.3g}" in str(caught[0].message)
    assert caught[0].filename == __file__
    influence.removals()  # any warning here would be an error


@pytest.mark.parametrize("weight", [0.01, 1.0, 100.0])
def test_a_fit_that_is_finished_to_a_hundredth_of_a_share_is_not_warned_of(weight):
    problem = small("logistic")
    problem = Dense("logistic", problem.X, problem.y, weight * problem.w, problem.l2)
    theta = problem.minimum()
    share = np.sqrt(
        np.mean((problem.w * np.linalg.norm(problem.example_gradients(theta), axis=1)) ** 2)
    )
    for part, expected in ((0.005, 0), (0.02, 1)):
        step = part * share / problem.n * np.array([1.0, 0.0, 0.0])
        near = theta + np.linalg.solve(problem.hessian(theta), step)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            Influence(problem.risk(), near)
        assert len(caught) == expected


@pytest.mark.parametrize(("off", "expected"), [(1e-13, 0), (1e-9, 1)])
def test_where_no_point_pulls_rounding_is_not_warned_of(off, expected):
    """Interpolated data: every share is 0 to rounding, and so is the gradient."""
    X = small("square").X
    theta = np.array([1.0, -2.0, 0.5]) + off
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Influence(LinearRisk(X, X @ [1.0, -2.0, 0.5], Square()), theta)
    assert len(caught) == expected


def test_a_singular_hessian_is_refused_with_its_eigenvalue_and_a_damping_that_works():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(10, 2))
    X = np.column_stack([X, X[:, 0] + X[:, 1]])
    y = X[:, 0]
    risk = LinearRisk(X, y, Square())
    theta = np.array([1.0, 0.0, 0.0])
    with pytest.raises(ValueError, match="smallest eigenvalue") as refused:
        Influence(risk, theta)
    damping = float(str(refused.value).split("damping=")[1].split()[0].rstrip("."))
    assert np.all(np.isfinite(Influence(risk, theta, damping=damping).removals()))


@pytest.mark.parametrize("method", ["cholesky", "conjugate_gradient"])
def test_a_point_that_alone_determines_a_parameter_has_no_leverage_answer(method):
    rng = np.random.default_rng(1)
    X = np.column_stack([rng.normal(size=(9, 2)), np.zeros(9)])
    X[4, 2] = 0.7
    X = X @ np.linalg.qr(rng.normal(size=(3, 3)))[0]  # so that 1 - h is 0 only to rounding
    y = np.where(rng.random(9) < 0.5, -1.0, 1.0)
    risk = LinearRisk(X, y, Square())
    influence = Influence(risk, np.linalg.lstsq(X, y, rcond=None)[0], inverse_hvp=method)
    for call in (
        lambda: influence.removals(leverage=True),
        lambda: influence.removals([4], leverage=True),
        lambda: influence.leave_one_out_loss(X[0], y[0], leverage=True),
    ):
        with pytest.raises(ValueError, match="example 4.*alone"):
            call()
    if method == "cholesky":
        with pytest.raises(ValueError, match="examples 4, 2.*alone"):
            influence.removal([4, 2], leverage=True)
    assert np.all(np.isfinite(influence.removals()))
    assert np.all(np.isfinite(influence.removals([0, 1, 8], leverage=True)))


@pytest.mark.parametrize("l2", [1e-6, 1e-9, 1e-12])
def test_a_tiny_penalty_leaves_a_leverage_that_is_still_right(l2):
    X = np.column_stack([np.arange(1.0, 8.0), np.zeros(7)])
    X[3, 1] = 1.0
    y = np.array([1.0, 2.5, 2.0, 7.0, 4.0, 5.5, 6.0])
    others = np.delete(np.arange(7), 3)
    slope = X[others, 0] @ y[others] / (X[others, 0] @ X[others, 0] + 3.5 * l2)
    turn = np.array([[0.6, 0.8], [-0.8, 0.6]])  # so that 1 - h loses its digits
    X, without = X @ turn, np.array([slope, 0.0]) @ turn
    problem = Dense("square", X, y, np.ones(7), np.full(2, l2))
    theta = np.linalg.solve(X.T @ X * 2 / 7 + l2 * np.eye(2), X.T @ y * 2 / 7)
    influence = Influence(problem.risk(), theta)
    assert 1.0 - influence.risk.leverages(theta, influence.solve)[3] < 10 * l2
    exact, rtol = without - theta, 2e-15 / l2 + 1e-10  # the residual of point 3 has few digits
    close(influence.removal(3, leverage=True), exact, rtol)
    close(influence.removals([0, 3], leverage=True)[1], exact, rtol)
    x_test = np.array([0.3, -1.0])
    on_loss = influence.leave_one_out_loss(x_test, 2.0, leverage=True)[3]
    close(on_loss, 2 * (x_test @ theta - 2.0) * x_test @ exact, rtol)


def test_a_leverage_that_is_1_to_rounding_costs_no_digits(xp_device):
    problem = small("square", n=15)
    X = problem.X.copy()
    X[4] = 3e6, -5e6, 1e6  # far out: it decides almost alone
    problem = Dense("square", X, problem.y, np.ones(15), problem.l2)
    theta = np.array([0.5, -0.2, 1.0])  # no minimum, so that the gradients have their digits
    with pytest.warns(RuntimeWarning, match="not finished"):
        influence = Influence(problem.risk(xp_device), xp_device.array(theta))
    leverages = influence.risk.leverages(influence.theta, influence.solve)
    assert 1.0 - to_numpy(leverages)[4] < 1e-12
    g = problem.example_gradients(theta)[4]
    step = scipy.linalg.solve(problem.without([4]).hessian(theta), g) / 15
    close(influence.removals([0, 4], leverage=True)[1, :], step, rtol=1e-10)
    x_test = np.array([0.3, -1.0, 1.0])
    on_loss = influence.leave_one_out_loss(xp_device.array(x_test), 1.0, leverage=True)
    close(on_loss[4], 2 * (x_test @ theta - 1.0) * x_test @ step, rtol=1e-10)


def test_a_risk_without_leverages_names_leave_one_out():
    problem = small("logistic")
    risk = problem.risk()
    risk.leverages = None
    influence = Influence(risk, problem.minimum())
    with pytest.raises(ValueError, match="leave_one_out"):
        influence.removals(leverage=True)
    assert influence.removal(1, leverage=True).shape == (3,)


BAD_CALLS = {
    "index too large": (lambda j: j.up_params(12), IndexError, "0 to 11"),
    "negative index": (lambda j: j.removal(-1), IndexError, "Negative"),
    "index that is no integer": (lambda j: j.up_params(1.0), TypeError, "whole number"),
    "boolean": (lambda j: j.removal(True), TypeError, "boolean"),
    "mask": (lambda j: j.removals(np.ones(12, dtype=bool)), TypeError, "mask"),
    "repeated": (lambda j: j.removal([1, 2, 1]), ValueError, "more than once"),
    "all removed": (lambda j: j.removal(range(12)), ValueError, "none of positive weight"),
    "all that count removed": (
        lambda j: j.removal([i for i in range(12) if i != 3]),
        ValueError,
        "none of positive weight",
    ),
    "delta_w of wrong shape": (lambda j: j.reweighting(np.ones(3)), ValueError, "delta_w"),
    "delta_w NaN": (lambda j: j.reweighting(np.full(12, np.nan)), ValueError, "delta_w"),
    "test point of wrong length": (lambda j: j.up_loss(np.ones(2), 1.0), ValueError, "X_test"),
    "test label": (lambda j: j.up_loss(np.ones(3), 0.5), ValueError, "label"),
    "two labels, one point": (lambda j: j.up_loss(np.ones(3), [1.0, 1.0]), ValueError, "y_test"),
    "labels missing": (lambda j: j.up_loss(np.ones((2, 3)), [1.0]), ValueError, "row of X_test"),
    "NaN test point": (lambda j: j.up_loss(np.full(3, np.nan), 1.0), ValueError, "X_test"),
    "no test points": (lambda j: j.up_loss(np.ones((0, 3)), np.ones(0)), ValueError, "no rows"),
    "many for pert_loss": (
        lambda j: j.pert_loss(0, np.ones((2, 3)), [1.0, 1.0]),
        ValueError,
        "one test point",
    ),
    "many for pert_loss, as lists": (
        lambda j: j.pert_loss(0, [[1.0, 1.0, 1.0]] * 2, [1.0, 1.0]),
        ValueError,
        "one test point",
    ),
    "delta of wrong shape": (lambda j: j.perturbation(0, np.ones(2)), ValueError, "delta"),
    "delta infinite": (lambda j: j.perturbation(0, np.full(3, np.inf)), ValueError, "delta"),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_bad_input_is_refused_in_a_sentence(name):
    call, kind, words = BAD_CALLS[name]
    influence, _ = made(small("logistic"))
    with pytest.raises(kind, match=words):
        call(influence)


BAD_MAKES = {
    "negative damping": ({"damping": -1.0}, ValueError, "damping"),
    "damping NaN": ({"damping": float("nan")}, ValueError, "damping"),
    "damping in words": ({"damping": "0.1"}, TypeError, "one number"),
    "no risk": ({"risk": None}, TypeError, "risk is None.*LinearRisk"),
    "a class for a risk": ({"risk": LinearRisk}, TypeError, "the class LinearRisk"),
    "unknown method": ({"inverse_hvp": "lu"}, ValueError, "cholesky"),
    "a class": ({"inverse_hvp": Cholesky}, TypeError, "instance"),
    "damped callable": ({"inverse_hvp": lambda v: v, "damping": 0.1}, ValueError, "callable"),
    "theta of wrong length": ({"theta": np.zeros(4)}, ValueError, "theta"),
    "theta NaN": ({"theta": np.full(3, np.nan)}, ValueError, "theta"),
    "theta of other dtype": ({"theta": np.zeros(3, dtype="float32")}, TypeError, "float32"),
}


@pytest.mark.parametrize("name", BAD_MAKES)
def test_a_bad_start_is_refused_in_a_sentence(name):
    options, kind, words = BAD_MAKES[name]
    problem = small("logistic")
    options = {"risk": problem.risk(), "theta": problem.minimum(), **options}
    with pytest.raises(kind, match=words):
        Influence(options.pop("risk"), options.pop("theta"), **options)


def test_a_gradient_that_overflows_is_no_answer():
    influence, _ = made(small("square"))
    with pytest.raises(ValueError, match="gradient of the loss holds -inf"):
        influence.up_loss(np.full(3, 1e200), 1.0)


def test_gradients_of_a_wrong_shape_are_told_of():
    risk = small("square").risk()
    risk.gradient_at = lambda theta, X, y: np.ones(3)
    influence = Influence(risk, small("square").minimum())
    with pytest.raises(ValueError, match=r"loss has shape \(3,\); it has to be \(1, 3\)"):
        influence.up_loss(np.ones(3), 1.0)


@pytest.mark.parametrize("method", ["a callable", "a risk"])
def test_what_a_users_code_raises_is_not_taken_for_a_lack_of_curvature(method):
    def fails(*args):
        raise ValueError("my own mistake")

    risk, theta = small("logistic").risk(), small("logistic").minimum()
    influence = Influence(risk, theta, inverse_hvp=fails if method == "a callable" else "cholesky")
    if method == "a risk":
        broken = small("logistic").risk()
        broken.hessian = fails
        risk.reweighted = lambda weights: broken
    with pytest.raises(ValueError, match="^my own mistake$"):
        influence.removal(1, leverage=True)


def test_a_loss_with_a_kink_says_which_loss_to_take():
    X = np.array([[1.0], [-1.0], [0.5]])
    risk = LinearRisk(X, np.array([1.0, -1.0, 1.0]), Hinge(), l2=0.1)
    with pytest.raises(ValueError, match="SmoothHinge"):
        Influence(risk, np.array([1.0]))


def test_a_sole_example_cannot_leave():
    risk = LinearRisk(np.ones((2, 1)), np.array([1.0, 2.0]), Square(), l2=0.1, weights=[0.0, 1.0])
    influence = Influence(risk, np.array([2.0 / 1.1]))
    with pytest.raises(ValueError, match="none of positive weight"):
        influence.removals()
    assert influence.removals([0]).shape == (1, 1)
