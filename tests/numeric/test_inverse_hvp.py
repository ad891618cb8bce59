"""H^-1 v by every method against a dense solve."""

from __future__ import annotations

import numpy as np
import pytest

from teachkit.arrays import NotPositiveDefiniteError, to_numpy
from teachkit.inverse_hvp import METHODS, Cholesky, ConjugateGradient, bind, conjugate_gradient
from teachkit.losses import Logistic, Square
from teachkit.risks import LinearRisk

N, P = 60, 5
RNG = np.random.default_rng(0)
X = np.c_[RNG.normal(size=(N, P - 1)), np.ones(N)]
Y = np.where(X[:, 0] + RNG.normal(size=N) > 0, 1.0, -1.0)
THETA = RNG.normal(size=P)
V = RNG.normal(size=(P, 3))
RISK = LinearRisk(X, Y, Logistic(), l2=[0.1, 0.1, 0.1, 0.1, 0.0])
SINGULAR = LinearRisk(np.c_[X, X[:, 0]], Y, Logistic())
# LiSSA has noise and bias: test_lissa.py
EVERY = [
    *sorted(set(METHODS) - {"lissa"}),
    Cholesky(),
    ConjugateGradient(),
    ConjugateGradient(rtol=1e-12),
]


@pytest.mark.parametrize("method", EVERY, ids=str)
@pytest.mark.parametrize("damping", [0.0, 0.3])
def test_agrees_with_a_dense_solve(xp_device, method, damping):
    risk = LinearRisk(xp_device.array(X), xp_device.array(Y), Logistic(), l2=RISK.l2.tolist())
    solve = bind(method, risk, xp_device.array(THETA), damping)
    H = RISK.hessian(THETA) + damping * np.eye(P)
    for v in (V, V[:, 0], V[:, :0]):
        x = solve(xp_device.array(v))
        assert xp_device.holds(x, "float64") and x.shape == v.shape
        np.testing.assert_allclose(to_numpy(x), np.linalg.solve(H, v), rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("method", ["cholesky", ConjugateGradient(rtol=1e-4)], ids=str)
def test_float32_is_kept(xp_device, method):
    risk = LinearRisk(xp_device.array(X, "float32"), xp_device.array(Y), Logistic(), l2=0.1)
    x = bind(method, risk, xp_device.array(THETA, "float32"))(xp_device.array(V, "float32"))
    assert xp_device.holds(x, "float32")


def test_a_preconditioner_is_used():
    d = np.logspace(0, 4, P)
    risk = LinearRisk(X * d, Y, Logistic(), l2=1e-3)
    diagonal = np.diag(risk.hessian(THETA / d))
    calls = []

    def precondition(r):
        calls.append(1)
        return r / diagonal

    solve = bind(ConjugateGradient(preconditioner=precondition), risk, THETA / d)
    np.testing.assert_allclose(
        solve(V[:, 0]), np.linalg.solve(risk.hessian(THETA / d), V[:, 0]), rtol=1e-6
    )
    assert calls


UNITS = np.logspace(0, 3, P)
SCALED = LinearRisk(X * UNITS, Y, Logistic(), l2=1e-3, weights=RNG.uniform(0.5, 2.0, size=N))


def test_the_diagonal_is_that_of_H(xp_device):
    risk = LinearRisk(
        xp_device.array(SCALED.X),
        xp_device.array(Y),
        Logistic(),
        l2=1e-3,
        weights=xp_device.array(SCALED.weights),
    )
    found = risk.hessian_diagonal(xp_device.array(THETA / UNITS))
    assert xp_device.holds(found, "float64")
    expected = np.diag(SCALED.hessian(THETA / UNITS))
    np.testing.assert_allclose(to_numpy(found), expected, rtol=1e-12)


class WithoutDiagonal:
    """A risk that has to be asked for its diagonal by products."""

    def __init__(self, inner):
        self.n, self.p, self.weights = inner.n, inner.p, inner.weights
        self.linearize = inner.linearize


@pytest.mark.parametrize("at_once", [64, 2])
@pytest.mark.parametrize("damping", [0.0, 0.3])
def test_columns_in_other_units_are_the_same_to_the_diagonal(
    xp_device, damping, at_once, monkeypatch
):
    """The answer of a dense solve; asked for by name, or found from products, block by block."""
    monkeypatch.setattr(conjugate_gradient, "COLUMNS", at_once)
    risk = LinearRisk(
        xp_device.array(SCALED.X),
        xp_device.array(Y),
        Logistic(),
        l2=1e-3,
        weights=xp_device.array(SCALED.weights),
    )
    theta, H = xp_device.array(THETA / UNITS), SCALED.hessian(THETA / UNITS) + damping * np.eye(P)
    method = ConjugateGradient(rtol=1e-9, preconditioner="diagonal")
    s = 1.0 / np.sqrt(np.diag(H))
    expected = s[:, None] * np.linalg.solve(s[:, None] * H * s, s[:, None] * V)
    for asked in (risk, WithoutDiagonal(risk)):
        solve = bind(method, asked, theta, damping)
        np.testing.assert_allclose(to_numpy(solve.preconditioner.d), np.diag(H), rtol=1e-12)
        x = to_numpy(solve(xp_device.array(V)))
        np.testing.assert_allclose(x / s[:, None], expected / s[:, None], rtol=1e-5, atol=1e-6)


def test_the_diagonal_saves_steps_where_units_differ():
    """In exact arithmetic either takes p steps; what lies between is a matter of the condition."""

    def products(preconditioner):
        count = 0

        class Counted(LinearRisk):
            def linearize(self, theta):
                product = super().linearize(theta)

                def counted(v):
                    nonlocal count
                    count += 1
                    return product(v)

                return counted

        rng = np.random.default_rng(1)
        scales = np.logspace(0, 3, 30)
        X = rng.normal(size=(90, 30)) * scales
        y = np.where(X[:, 0] > 0, 1.0, -1.0)
        solve = bind(
            ConjugateGradient(rtol=1e-8, preconditioner=preconditioner),
            Counted(X, y, Square(), l2=1e-3),
            np.zeros(30),
        )
        before = count
        solve(rng.normal(size=30))
        return count - before

    assert products("diagonal") < products(None) / 2


def test_a_diagonal_that_is_not_positive_is_refused():
    risk = LinearRisk(np.c_[X, 0 * X[:, 0]], Y, Logistic())
    with pytest.raises(NotPositiveDefiniteError, match="entry 5 of its diagonal is 0"):
        bind(ConjugateGradient(preconditioner="diagonal"), risk, np.r_[THETA, 0.0])
    bind(ConjugateGradient(preconditioner="diagonal"), risk, np.r_[THETA, 0.0], 0.1)


def test_a_callable_of_ones_own():
    inverse = np.linalg.inv(RISK.hessian(THETA))
    np.testing.assert_array_equal(bind(lambda v: inverse @ v, RISK, THETA)(V), inverse @ V)


def test_a_method_of_ones_own():
    class Diagonal:
        def bind(self, risk, theta, damping=0.0):
            d = np.diag(risk.hessian(theta)) + damping
            return lambda v: v / d

    expected = V[:, 0] / (np.diag(RISK.hessian(THETA)) + 0.5)
    np.testing.assert_allclose(bind(Diagonal(), RISK, THETA, 0.5)(V[:, 0]), expected)


def test_a_singular_hessian_is_refused_by_cholesky_with_a_damping_that_helps():
    theta = np.r_[THETA, 0.0]
    with pytest.raises(NotPositiveDefiniteError, match=r"H is not positive definite.*flat"):
        bind("cholesky", SINGULAR, theta)
    bind("cholesky", SINGULAR, theta, 1e-6)


def test_conjugate_gradients_say_what_stopped_them():
    flat = np.array([1.0, 0, 0, 0, 0, -1.0])  # H flat = 0: no x has H x = flat
    with pytest.raises(ValueError, match=r"Conjugate gradients.*(positive definite|rtol)"):
        bind("conjugate_gradient", SINGULAR, np.r_[THETA, 0.0])(flat)
    with pytest.raises(ValueError, match="column 1 of v"):
        bind("conjugate_gradient", SINGULAR, np.r_[THETA, 0.0])(np.c_[0 * flat, flat])


def test_unreachable_tolerance_is_an_error_not_a_wrong_number():
    with pytest.raises(ValueError, match="rounding"):
        bind(ConjugateGradient(rtol=0.0), RISK, THETA)(V[:, 0])


def test_a_risk_with_a_wrong_hvp_is_found_out():
    class Wrong(LinearRisk):
        def linearize(self, theta):
            tilt = np.triu(np.ones((P, P)))
            return lambda v: tilt @ v

    with pytest.raises(ValueError, match="not symmetric"):
        bind("conjugate_gradient", Wrong(X, Y, Square()), THETA)


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (lambda: bind("newton", RISK, THETA), ValueError, "'newton'.*'cholesky', 'conjugate_grad"),
        (lambda: bind(Cholesky, RISK, THETA), TypeError, r"class Cholesky.*Cholesky\(\)"),
        (lambda: bind(3, RISK, THETA), TypeError, "inverse_hvp is 3"),
        (lambda: bind(None, RISK, THETA), TypeError, "inverse_hvp is None"),
        (lambda: bind("cholesky", RISK, THETA, -1), ValueError, "damping is -1"),
        (lambda: bind("cholesky", RISK, THETA, np.inf), ValueError, "damping is inf"),
        (lambda: bind("cholesky", RISK, THETA, "a lot"), TypeError, "damping is 'a lot'"),
        (lambda: bind(lambda v: v, RISK, THETA, 0.1), ValueError, "beside an inverse_hvp"),
        (lambda: bind(lambda v: v[:2], RISK, THETA)(V), ValueError, r"gave \(2, 3\)"),
        (lambda: bind(lambda v: v.tolist(), RISK, THETA)(V), ValueError, "gave list"),
        (lambda: bind(lambda v: v.astype("f4"), RISK, THETA)(V), TypeError, "gave float32"),
        (
            lambda: bind(lambda v: v * np.nan, RISK, THETA)(V),
            ValueError,
            "callable's answer holds n",
        ),
        (lambda: bind("cholesky", RISK, THETA[:2]), ValueError, "theta has shape"),
        (lambda: bind("cholesky", RISK, THETA * np.nan), ValueError, "theta holds nan"),
        (lambda: bind("cholesky", RISK, THETA)(V[:2]), ValueError, r"v has shape \(2, 3\)"),
        (lambda: bind("conjugate_gradient", RISK, THETA)(V[:2]), ValueError, "v has shape"),
        (lambda: ConjugateGradient(rtol=-1), ValueError, "rtol is -1"),
        (lambda: ConjugateGradient(preconditioner="jacobi"), ValueError, "'jacobi'.*'diagonal'"),
        (lambda: ConjugateGradient(preconditioner=np.eye(2)), TypeError, "preconditioner is nda"),
    ],
)
def test_bad_input_is_told_in_a_sentence(ask, error, says):
    with pytest.raises(error, match=says):
        ask()
