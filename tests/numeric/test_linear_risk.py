"""The linear risk against scikit-learn, SciPy and differences, and what it says of bad input."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.optimize
from sklearn.linear_model import LogisticRegression, Ridge

from teachkit.arrays import to_numpy
from teachkit.losses import Absolute, EpsilonInsensitive, Hinge, Logistic, SmoothHinge, Square
from teachkit.risks import HasExampleHvp, HasLeverages, LinearRisk, Objective, Risk

N, P = 40, 4
RNG = np.random.default_rng(0)
X = np.c_[RNG.normal(size=(N, P - 1)), np.ones(N)]
Y = np.where(X[:, 0] + RNG.normal(size=N) > 0, 1.0, -1.0)
THETA = RNG.normal(size=P)
V = RNG.normal(size=(P, 3))
WEIGHTS = RNG.integers(0, 4, size=N).astype(float)
L2 = np.array([0.1, 0.2, 0.3, 0.0])
SMOOTH = [Logistic(), SmoothHinge(0.3), Square()]
ALL = [*SMOOTH, Hinge(), Absolute(), EpsilonInsensitive(0.1)]


def differences(f, x, r=1e-5):
    """The Jacobian of f by central differences."""
    columns = [(f(x + r * e) - f(x - r * e)) / (2 * r) for e in np.eye(x.size)]
    return np.stack(columns, axis=-1)


@pytest.mark.parametrize("loss", ALL, ids=str)
def test_gradient_and_hessian_are_the_derivatives(loss):
    risk = LinearRisk(X, Y, loss, l2=L2, weights=WEIGHTS)
    np.testing.assert_allclose(risk.gradient(THETA), differences(risk.value, THETA), atol=1e-8)
    np.testing.assert_allclose(risk.hessian(THETA), differences(risk.gradient, THETA), atol=1e-8)
    value, gradient = risk.value_and_gradient(THETA)
    assert value == pytest.approx(risk.value(THETA), rel=1e-14)
    np.testing.assert_allclose(gradient, risk.gradient(THETA), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("loss", ALL, ids=str)
def test_risk_is_the_weighted_mean_of_its_examples_and_the_penalty(loss):
    risk = LinearRisk(X, Y, loss, l2=L2, weights=WEIGHTS)
    losses, gradients = risk.example_losses(THETA), risk.example_gradients(THETA)
    assert losses.shape == (N,) and gradients.shape == (N, P)
    penalty = 0.5 * np.sum(L2 * THETA**2)
    assert risk.value(THETA) == pytest.approx(WEIGHTS @ losses / N + penalty, rel=1e-14)
    np.testing.assert_allclose(risk.gradient(THETA), WEIGHTS @ gradients / N + L2 * THETA)
    one_by_one = [differences(lambda t, i=i: risk.example_losses(t)[i], THETA) for i in range(5)]
    np.testing.assert_allclose(gradients[:5], one_by_one, atol=1e-8)


@pytest.mark.parametrize("loss", ALL, ids=str)
def test_hvp_is_the_hessian_times_v(loss):
    risk = LinearRisk(X, Y, loss, l2=L2, weights=WEIGHTS)
    H, product = risk.hessian(THETA), risk.linearize(THETA)
    np.testing.assert_allclose(product(V), H @ V, atol=1e-14)
    np.testing.assert_allclose(product(V[:, 0]), H @ V[:, 0], atol=1e-14)
    np.testing.assert_allclose(risk.hvp(THETA, V), product(V), rtol=1e-13, atol=1e-15)
    assert product(V[:, :0]).shape == (P, 0)


def test_hvp_over_many_blocks():
    wide = np.random.default_rng(1).normal(size=(700, 300))
    y = np.where(wide[:, 0] > 0, 1, -1)
    risk, theta = LinearRisk(wide, y, Logistic(), l2=0.1), np.full(300, 0.1)
    V = np.random.default_rng(2).normal(size=(300, 2))
    np.testing.assert_allclose(risk.hvp(theta, V), risk.hessian(theta) @ V, atol=1e-12)
    np.testing.assert_allclose(risk.hvp(theta, V[:, 0]), risk.hessian(theta) @ V[:, 0], atol=1e-12)


def test_logistic_minimum_is_scikit_learns():
    C = 3.0
    reference = LogisticRegression(C=C, fit_intercept=False, tol=1e-12, solver="newton-cholesky")
    reference.fit(X, Y)
    risk = LinearRisk(X, Y, Logistic(), l2=1 / (N * C))
    assert np.linalg.norm(risk.gradient(reference.coef_[0])) < 1e-9
    H = risk.hessian(reference.coef_[0])
    prob = reference.predict_proba(X)[:, 1]
    expected = X.T @ np.diag(prob * (1 - prob)) @ X / N + np.eye(P) / (N * C)
    np.testing.assert_allclose(H, expected, atol=1e-13)


def test_logistic_minimum_with_weights_and_free_intercept_is_scikit_learns():
    reference = LogisticRegression(C=2.0, tol=1e-12, solver="newton-cholesky")
    reference.fit(X[:, :3], Y, sample_weight=WEIGHTS)
    theta = np.r_[reference.coef_[0], reference.intercept_]
    l2 = np.array([1.0, 1.0, 1.0, 0.0]) / (N * 2.0)
    risk = LinearRisk(X, Y, Logistic(), l2=l2, weights=WEIGHTS)
    assert np.linalg.norm(risk.gradient(theta)) < 1e-9


def test_square_minimum_is_ridge_regression():
    # (s - y)^2 has no factor 1/2, so its penalty of the same strength is l2 = 2 alpha / n.
    reference = Ridge(alpha=5.0, fit_intercept=False, tol=1e-12).fit(X, X[:, 0] - 2 * Y)
    risk = LinearRisk(X, X[:, 0] - 2 * Y, Square(), l2=2 * 5.0 / N)
    assert np.linalg.norm(risk.gradient(reference.coef_)) < 1e-12


def test_scipy_finds_the_same_minimum():
    risk = LinearRisk(X, Y, SmoothHinge(0.5), l2=0.1)
    found = scipy.optimize.minimize(risk.value, THETA, jac=risk.gradient, tol=1e-10)
    assert np.linalg.norm(risk.gradient(found.x)) < 1e-7


@pytest.mark.parametrize("loss", SMOOTH, ids=str)
def test_whole_weights_are_repeated_rows(loss):
    weighted = LinearRisk(X, Y, loss, l2=L2, weights=WEIGHTS)
    times = WEIGHTS.astype(int)
    repeated = LinearRisk(np.repeat(X, times, axis=0), np.repeat(Y, times), loss)
    ratio, penalty = repeated.n / N, 0.5 * np.sum(L2 * THETA**2)
    assert weighted.value(THETA) == pytest.approx(ratio * repeated.value(THETA) + penalty)
    np.testing.assert_allclose(
        weighted.hessian(THETA), ratio * repeated.hessian(THETA) + np.diag(L2), atol=1e-14
    )


@pytest.mark.parametrize("loss", SMOOTH, ids=str)
def test_input_gradient_is_the_mixed_derivative(loss):
    risk, s = LinearRisk(X, Y, loss, l2=L2, weights=WEIGHTS), V[:, 0]
    for i in (0, np.int64(7), N - 1):
        numeric = differences(lambda x, i=i: risk.gradient_at(THETA, x, Y[i]) @ s, X[i])
        np.testing.assert_allclose(risk.input_gradient(THETA, i, s), numeric, atol=1e-7)


def test_other_points_and_training_points_are_treated_alike():
    risk = LinearRisk(X, Y, Logistic(), l2=L2, weights=WEIGHTS)
    losses, gradients = risk.loss_at(THETA, X, Y), risk.gradient_at(THETA, X, Y)
    np.testing.assert_allclose(losses, risk.example_losses(THETA), rtol=1e-13)
    np.testing.assert_allclose(gradients, risk.example_gradients(THETA), rtol=1e-13)
    np.testing.assert_allclose(risk.loss_at(THETA, X[3], Y[3]), risk.example_losses(THETA)[3])
    assert risk.gradient_at(THETA, X[3].tolist(), -1).shape == (P,)
    assert risk.loss_at(THETA, X[:1], [1]).shape == (1,)
    assert risk.loss_at(THETA, X[:0], Y[:0]).shape == (0,)


def test_one_class_is_enough_among_test_points():
    risk = LinearRisk(X, Y, Logistic())
    assert risk.loss_at(THETA, X[:3], np.ones(3)).shape == (3,)


def test_example_hvp_is_the_mean_of_these_examples_curvature():
    risk = LinearRisk(X, Y, Logistic(), l2=L2, weights=WEIGHTS)
    c = Logistic().curvature(X @ THETA, Y)
    chosen = [5, 2, 30]
    expected = sum(WEIGHTS[i] * c[i] * np.outer(X[i], X[i]) for i in chosen) / 3
    np.testing.assert_allclose(risk.example_hvp(THETA, chosen)(V), expected @ V, atol=1e-15)
    one = WEIGHTS[2] * c[2] * np.outer(X[2], X[2])
    np.testing.assert_allclose(risk.example_hvp(THETA, 2)(V[:, 0]), one @ V[:, 0], atol=1e-15)
    everyone = risk.example_hvp(THETA, range(N))(V) + L2[:, None] * V
    np.testing.assert_allclose(everyone, risk.hvp(THETA, V), atol=1e-14)
    with pytest.raises(ValueError, match="empty"):
        risk.example_hvp(THETA, [])


def test_leverages_of_least_squares_are_the_hat_matrix():
    risk = LinearRisk(X, Y, Square())
    H = risk.hessian(THETA)
    hat = np.diag(X @ np.linalg.solve(X.T @ X, X.T))
    h = risk.leverages(THETA, lambda v: np.linalg.solve(H, v))
    np.testing.assert_allclose(h, hat, atol=1e-13)
    assert np.sum(h) == pytest.approx(P)


def test_reweighted_shares_arrays_and_allows_a_greyed_class():
    risk = LinearRisk(X, Y, Logistic(), l2=L2)
    greyed = risk.reweighted(np.where(Y > 0, 1.0, 0.0))
    assert greyed.X is risk.X and greyed.y is risk.y and greyed.l2 is risk.l2
    assert greyed.n == N and np.all(risk.weights == 1)
    expected = np.mean(np.where(Y > 0, risk.example_losses(THETA), 0)) + 0.5 * L2 @ THETA**2
    assert greyed.value(THETA) == pytest.approx(expected)
    assert isinstance(greyed.reweighted([1] * N), LinearRisk)


def test_replaced_changes_one_row_of_a_copy():
    risk = LinearRisk(X, Y, Logistic(), l2=L2, weights=WEIGHTS)
    other = risk.replaced(3, [9, 8, 7, 1], -Y[3])
    changed = X.copy()
    changed[3] = [9, 8, 7, 1]
    y = Y.copy()
    y[3] = -Y[3]
    direct = LinearRisk(changed, y, Logistic(), l2=L2, weights=WEIGHTS)
    assert other.value(THETA) == pytest.approx(direct.value(THETA), rel=1e-14)
    assert other.weights is risk.weights
    assert risk.X[3, 0] == X[3, 0] != 9 and risk.y[3] == Y[3]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_library_device_and_dtype_are_kept(xp_device, dtype):
    def there(a):
        return xp_device.array(a, dtype)

    risk = LinearRisk(
        there(X), xp_device.array(Y, "int64"), Logistic(), l2=L2.tolist(), weights=there(WEIGHTS)
    )
    reference = LinearRisk(X, Y, Logistic(), l2=L2, weights=WEIGHTS)
    theta, s = there(THETA), there(V[:, 0])
    x, other = there(V[:, 1]), risk.replaced(2, there(V[:, 1]), 1)
    assert all(xp_device.holds(a, dtype) for a in (risk.X, risk.y, risk.l2, risk.weights, other.X))
    questions = [
        lambda r, t, s, X: r.value(t),
        lambda r, t, s, X: r.gradient(t),
        lambda r, t, s, X: r.value_and_gradient(t)[0],
        lambda r, t, s, X: r.hessian(t),
        lambda r, t, s, X: r.hvp(t, s),
        lambda r, t, s, X: r.linearize(t)(r.hessian(t)),
        lambda r, t, s, X: r.example_losses(t),
        lambda r, t, s, X: r.example_gradients(t),
        lambda r, t, s, X: r.loss_at(t, X[:2, :], [1, -1]),
        lambda r, t, s, X: r.loss_at(t, X[0, :], 1),
        lambda r, t, s, X: r.gradient_at(t, X[:2, :], [1, -1]),
        lambda r, t, s, X: r.gradient_at(t, X[0, :], 1),
        lambda r, t, s, X: r.input_gradient(t, 1, s),
        lambda r, t, s, X: r.example_hvp(t, [1, 2])(s),
        lambda r, t, s, X: r.leverages(t, lambda v: v),
        lambda r, t, s, X: r.reweighted(list(range(N))).gradient(t),
        lambda r, t, s, X: r.replaced(2, s, 1).gradient(t),
    ]
    for ask in questions:
        answer, expected = ask(risk, theta, s, there(X)), ask(reference, THETA, V[:, 0], X)
        assert answer.shape == expected.shape
        assert xp_device.holds(answer, dtype) or (answer.shape == () and dtype in str(answer.dtype))
        tolerance = 1e-12 if dtype == "float64" else 2e-5
        np.testing.assert_allclose(to_numpy(answer), expected, rtol=tolerance, atol=tolerance)
    assert xp_device.holds(x, dtype)


def test_whole_numbers_become_the_default_float():
    risk = LinearRisk(
        [[1, 2], [3, 4], [5, 6]], [True, False, True], Square(), l2=1, weights=[1, 0, 2]
    )
    for array in (risk.X, risk.y, risk.l2, risk.weights):
        assert array.dtype == np.float64
    assert risk.l2.shape == (2,) and risk.gradient([1, 0]).dtype == np.float64
    assert LinearRisk(X.astype("float32"), Y, Logistic(), l2=0.1).l2.dtype == np.float32
    assert LinearRisk(X, Y.astype("float32"), Logistic()).y.dtype == np.float64


def test_it_is_a_risk_by_its_methods():
    risk = LinearRisk(X, Y, Logistic())
    assert all(isinstance(risk, p) for p in (Objective, Risk, HasLeverages, HasExampleHvp))
    assert (risk.n, risk.p) == (N, P)
    assert repr(risk) == f"LinearRisk(n={N}, p={P}, loss=Logistic())"


def bad(a, index, value):
    a = np.array(a, dtype=float)
    a[index] = value
    return a


@pytest.mark.parametrize(
    ("changed", "error", "says"),
    [
        ({"X": bad(X, (3, 1), np.nan)}, ValueError, r"X holds nan at index \(3, 1\)"),
        ({"y": bad(Y, 4, np.inf)}, ValueError, "y holds inf at index 4"),
        ({"X": X[:, 0]}, ValueError, r"X has shape \(40,\).*X\[:, None\]"),
        ({"X": X[None]}, ValueError, r"X has shape \(1, 40, 4\)"),
        ({"X": X[:0], "y": Y[:0]}, ValueError, "no example"),
        ({"X": X[:, :0]}, ValueError, "no feature"),
        ({"X": []}, ValueError, "X has shape"),
        ({"X": X.astype(object)}, TypeError, "X has dtype object"),
        ({"X": X + 0j}, TypeError, "X has dtype complex"),
        ({"X": X.astype(str)}, TypeError, "X has dtype <U"),
        ({"y": Y[:, None]}, ValueError, r"y has shape \(40, 1\).*reshape\(-1\)"),
        ({"y": Y[:-1]}, ValueError, r"y has shape \(39,\); it has to be \(40,\)"),
        ({"y": (Y + 1) / 2}, ValueError, r"holds 0, 1\. .*2 \* y - 1"),
        ({"y": Y > 0}, ValueError, r"holds 0, 1\. "),
        ({"y": np.where(Y > 0, 7, 3)}, ValueError, r"holds 3, 7\. .*np.where\(y == 7"),
        ({"y": np.arange(N) % 3}, ValueError, "holds 0, 1, 2.*softmax"),
        ({"y": np.where(Y > 0, "spam", "ham")}, TypeError, r"np.where\(y == '(sp|h)am', 1, -1\)"),
        ({"y": X[:, 0]}, ValueError, r"real target.*Square"),
        ({"y": np.ones(N)}, ValueError, r"All 40 labels in y are \+1"),
        ({"y": -np.ones(N)}, ValueError, "All 40 labels in y are -1"),
        ({"l2": -0.1}, ValueError, "l2 goes down to -0.1"),
        ({"l2": [0.1, 0.1, 0.1, -2]}, ValueError, "l2 goes down to -2"),
        ({"l2": [0.1, 0.1]}, ValueError, r"l2 has shape \(2,\)"),
        ({"l2": [0.1]}, ValueError, r"l2 has shape \(1,\)"),
        ({"l2": np.nan}, ValueError, "l2 holds nan"),
        ({"l2": None}, TypeError, "l2 is None"),
        ({"weights": bad(WEIGHTS, 3, -1)}, ValueError, r"weights go down to -1 \(example 3\)"),
        ({"weights": np.zeros(N)}, ValueError, "All 40 weights are 0"),
        ({"weights": np.ones(N - 1)}, ValueError, r"weights have shape \(39,\)"),
        ({"weights": np.ones((N, 1))}, ValueError, r"weights have shape \(40, 1\)"),
        ({"weights": bad(WEIGHTS, 3, np.nan)}, ValueError, "weights holds nan at index 3"),
        ({"loss": Logistic}, TypeError, r"the class Logistic.*Logistic\(\)"),
        ({"loss": "logistic"}, TypeError, "loss is 'logistic'"),
        ({"loss": None}, TypeError, "loss is None"),
    ],
)
def test_bad_data_are_told_in_a_sentence(changed, error, says):
    given = {"X": X, "y": Y, "loss": Logistic(), **changed}
    with pytest.raises(error, match=says):
        LinearRisk(**given)


def test_labels_are_the_business_of_margin_losses():
    assert LinearRisk(X, X[:, 0], Square()).n == N
    assert LinearRisk(X, np.ones(N), Absolute()).n == N


@pytest.mark.parametrize(
    ("theta", "error", "says"),
    [
        (THETA[:3], ValueError, r"theta has shape \(3,\); it has to be \(4,\)"),
        (THETA[:, None], ValueError, r"theta has shape \(4, 1\).*reshape\(-1\)"),
        (1.0, ValueError, r"theta has shape \(\)"),
        (THETA.astype("float32"), TypeError, "float32 and the data have float64"),
        (THETA + 0j, TypeError, "complex"),
        (bad(THETA, 2, np.nan), ValueError, "theta holds nan at index 2"),
        (bad(THETA, 2, np.inf), ValueError, "theta holds inf at index 2"),
        ("theta", TypeError, "dtype <U"),
    ],
)
def test_bad_parameters_are_told_in_a_sentence(theta, error, says):
    risk = LinearRisk(X, Y, Logistic())
    questions = [
        risk.value, risk.gradient, risk.value_and_gradient, risk.hessian, risk.linearize,
        risk.example_losses, risk.example_gradients,
        lambda t: risk.hvp(t, V), lambda t: risk.loss_at(t, X, Y),
        lambda t: risk.gradient_at(t, X, Y), lambda t: risk.input_gradient(t, 0, V[:, 0]),
        lambda t: risk.example_hvp(t, 0), lambda t: risk.leverages(t, lambda v: v),
    ]  # fmt: skip
    for ask in questions:
        with pytest.raises(error, match=says):
            ask(theta)


RISK = LinearRisk(X, Y, Logistic())


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (lambda: RISK.hvp(THETA, np.ones(3)), ValueError, r"v has shape \(3,\).*or \(4, k\)"),
        (lambda: RISK.hvp(THETA, np.ones((1, 4))), ValueError, r"v has shape \(1, 4\)"),
        (lambda: RISK.hvp(THETA, np.ones((4, 1, 1))), ValueError, "v has shape"),
        (lambda: RISK.hvp(THETA, np.ones(4, "float32")), TypeError, "v has dtype float32"),
        (lambda: RISK.input_gradient(THETA, 0, V), ValueError, r"s has shape \(4, 3\)"),
        (lambda: RISK.input_gradient(THETA, N, V[:, 0]), IndexError, "0 to 39"),
        (lambda: RISK.loss_at(THETA, X[:, :3], Y), ValueError, "column of ones"),
        (lambda: RISK.loss_at(THETA, X[0], [1.0]), ValueError, "single X_test"),
        (lambda: RISK.loss_at(THETA, X[:3], Y[:2]), ValueError, r"y_test has shape \(2,\)"),
        (lambda: RISK.loss_at(THETA, X[:2], [0, 1]), ValueError, "y_test holds 0, 1"),
        (lambda: RISK.gradient_at(THETA, X[0], 2), ValueError, "y_test holds 2"),
        (lambda: RISK.loss_at(THETA, X[0] * np.nan, 1), ValueError, "X_test holds nan"),
        (lambda: RISK.reweighted(np.zeros(N)), ValueError, "All 40 weights"),
        (lambda: RISK.reweighted(-np.ones(N)), ValueError, "weights go down to -1"),
        (lambda: RISK.replaced(N, X[0], 1), IndexError, "i is 40"),
        (lambda: RISK.replaced(-1, X[0], 1), IndexError, "Negative"),
        (lambda: RISK.replaced(True, X[0], 1), TypeError, "boolean"),
        (lambda: RISK.replaced(1.0, X[0], 1), TypeError, "whole number"),
        (lambda: RISK.replaced(0, X[0, :3], 1), ValueError, r"x has shape \(3,\)"),
        (lambda: RISK.replaced(0, X[0], [1]), ValueError, r"y \(1,\)"),
        (lambda: RISK.replaced(0, X[0], 0), ValueError, "y holds 0"),
        (lambda: RISK.replaced(0, X[0] * np.inf, 1), ValueError, "x holds"),
        (lambda: RISK.example_hvp(THETA, [1, 1]), ValueError, "example 1 more than once"),
        (lambda: RISK.example_hvp(THETA, [1, N]), IndexError, r"indices\[1\] is 40"),
        (lambda: RISK.example_hvp(THETA, Y > 0), TypeError, r"mask.*flatnonzero"),
        (lambda: RISK.example_hvp(THETA, [True]), TypeError, "boolean"),
        (lambda: RISK.example_hvp(THETA, np.eye(2, dtype=int)), ValueError, r"shape \(2, 2\)"),
        (lambda: RISK.example_hvp(THETA, [0.5]), TypeError, r"indices\[0\] is 0.5"),
        (lambda: RISK.example_hvp(THETA, "01"), TypeError, "whole number"),
        (lambda: RISK.example_hvp(THETA, None), TypeError, "whole number"),
    ],
)
def test_bad_questions_are_answered_in_a_sentence(ask, error, says):
    with pytest.raises(error, match=says):
        ask()


@pytest.mark.parametrize(
    "indices",
    [
        [1, 2],
        (1, 2),
        {1: "a", 2: "b"},
        range(1, 3),
        np.array([1, 2], "uint8"),
        [np.int32(1), 2],
        (i for i in (1, 2)),
    ],
    ids=lambda indices: type(indices).__name__,
)
def test_indices_come_in_any_iterable(indices):
    expected = RISK.example_hvp(THETA, [1, 2])(V)
    np.testing.assert_array_equal(RISK.example_hvp(THETA, indices)(V), expected)


def test_a_loss_without_derivative_says_so_through_the_risk():
    at_zero = LinearRisk(X, np.zeros(N), Absolute())
    with pytest.raises(ValueError, match="no derivative"):
        at_zero.gradient(np.zeros(P))
    assert at_zero.value(np.zeros(P)) == 0


class SumOfSquares(Square):
    """A loss that adds up its examples, which is the risk's part."""

    def value(self, score, y):
        return np.sum(super().value(score, y))

    def slope(self, score, y):
        return np.sum(super().slope(score, y))


@pytest.mark.parametrize(
    "ask",
    [
        lambda risk: risk.value(THETA),
        lambda risk: risk.gradient(THETA),
        lambda risk: risk.example_losses(THETA),
        lambda risk: risk.example_gradients(THETA),
        lambda risk: risk.loss_at(THETA, X[:3], Y[:3]),
        lambda risk: risk.gradient_at(THETA, X[:3], Y[:3]),
    ],
)
def test_a_loss_of_ones_own_that_adds_up_is_told_so(ask):
    with pytest.raises(ValueError, match=r"SumOfSquares\(\) gave .* of shape \(\).*without a sum"):
        ask(LinearRisk(X, Y, SumOfSquares()))
