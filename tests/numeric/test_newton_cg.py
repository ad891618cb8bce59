"""Newton-CG: the Newton direction from products alone, and what negative curvature does to it."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.optimize

from teachkit import datasets, functions
from teachkit.losses import Logistic
from teachkit.optimize import Backtracking, FixedStep, Newton, NewtonCG, Wolfe, minimize
from teachkit.risks import LinearRisk

every = pytest.mark.parametrize("f", functions.ALL, ids=lambda f: f.name.split()[0])


def direction_at(objective, x):
    x = np.array(x)
    g = objective.gradient(x)
    point = SimpleNamespace(x=x, value=0.0, gradient=g, gradient_norm=float(np.linalg.norm(g)))
    return NewtonCG().begin(objective)(point)


def quadratic(eigenvalues, b, seed=0):
    p = len(eigenvalues)
    Q = np.linalg.qr(np.random.default_rng(seed).normal(size=(p, p)))[0]
    A, b = (Q * np.array(eigenvalues)) @ Q.T, np.array(b)
    return SimpleNamespace(
        value=lambda x: float(x @ A @ x / 2 - b @ x),
        gradient=lambda x: A @ x - b,
        hvp=lambda x, v: A @ v,
        A=A,
    )


# ------------------------------------------------------------------ the answer


@every
@pytest.mark.parametrize("search", [Wolfe(), Backtracking()], ids=repr)
def test_it_finds_a_minimum_that_newton_finds_too(f, search):
    fit = minimize(f, f.start, NewtonCG(), search, tol=1e-8, max_iter=2000)
    assert fit.converged, fit.message
    assert min(np.linalg.norm(fit.x - np.array(m)) for m in f.minimisers) < 5e-3


def test_it_finds_what_scipy_finds():
    f = functions.rosenbrock
    fit = minimize(f, f.start, NewtonCG(), Wolfe(), tol=1e-10)
    theirs = scipy.optimize.minimize(
        f.value, f.start, jac=f.gradient, hessp=f.hvp, method="Newton-CG", options={"xtol": 1e-10}
    )
    np.testing.assert_allclose(fit.x, theirs.x, atol=1e-6)


@pytest.mark.parametrize("data", ["digits", "cancer"])
def test_logistic_regression_on_real_data(data):
    if data == "digits":
        X, y = datasets.digits_parity()
    else:
        split = datasets.breast_cancer()
        X, y = split.X_train, split.y_train
    risk = LinearRisk(X, y, Logistic(), l2=1e-3)
    zero = np.zeros(risk.p)
    fit = minimize(risk, zero, NewtonCG(), Wolfe(), tol=1e-10)
    assert fit.converged and not any(it.note for it in fit.iterates)
    exact = minimize(risk, zero, Newton(), tol=1e-10)
    np.testing.assert_allclose(fit.x, exact.x, rtol=1e-6, atol=1e-8)
    assert len(fit.iterates) < 3 * len(exact.iterates)


def test_convergence_is_superlinear():
    risk = LinearRisk(*datasets.digits_parity(), Logistic(), l2=1e-3)
    norms = [
        it.gradient_norm for it in minimize(risk, np.zeros(65), NewtonCG(), tol=1e-12).iterates
    ]
    orders = np.diff(np.log(norms))[1:] / np.diff(np.log(norms))[:-1]
    assert max(orders[-3:]) > 1.3 and norms[-1] < norms[-2] ** 1.3


# ------------------------------------------------------------------ the direction


@pytest.mark.parametrize("size", [1e-6, 1e-2, 1.0, 1e3])
def test_the_residual_meets_the_forcing_sequence(size):
    f = quadratic(np.geomspace(1, 1e4, 40), size * np.random.default_rng(1).normal(size=40))
    d, note = direction_at(f, np.zeros(40))
    g = f.gradient(np.zeros(40))
    norm = np.linalg.norm(g)
    assert note == ""
    assert np.linalg.norm(f.A @ d + g) <= min(0.5, np.sqrt(norm)) * norm * (1 + 1e-6)
    # And no further: it is not the Newton direction to all digits.
    assert np.linalg.norm(f.A @ d + g) > 1e-4 * min(0.5, np.sqrt(norm)) * norm


def test_far_from_the_minimum_few_products_are_enough():
    risk = LinearRisk(*datasets.digits_parity(), Logistic(), l2=1e-3)
    counts = []

    def linearize(x):
        H = risk.linearize(x)
        counts.append(0)

        def product(v):
            counts[-1] += 1
            return H(v)

        return product

    counted = SimpleNamespace(value_and_gradient=risk.value_and_gradient, linearize=linearize)
    fit = minimize(counted, np.zeros(65), NewtonCG(), Wolfe(), tol=1e-9)
    assert fit.converged and len(counts) == len(fit.iterates) - 1
    assert counts[0] <= 10 < counts[-1] <= 65


def test_negative_curvature_along_the_gradient():
    f = quadratic([-2.0, -2.0, -2.0], [1.0, 2.0, 2.0])
    d, note = direction_at(f, np.zeros(3))
    np.testing.assert_allclose(d, np.array([1.0, 2.0, 2.0]) / 2)  # -g over the curvature's size
    assert note == "negative curvature along the gradient: stopped there"


def test_no_curvature_along_the_gradient():
    f = SimpleNamespace(gradient=lambda x: np.array([3.0, 0.0]), hvp=lambda x, v: 0 * v)
    d, note = direction_at(f, [1.0, 1.0])
    np.testing.assert_array_equal(d, [-3.0, 0.0])
    assert "negative curvature along the gradient" in note


def test_negative_curvature_met_later():
    A = np.diag([3.0, 1.0, -1.0])
    f = SimpleNamespace(gradient=lambda x: A @ x - 1.0, hvp=lambda x, v: A @ v)
    d, note = direction_at(f, np.zeros(3))
    assert note == "negative curvature after 1 step of CG: stopped there"
    # By hand: z = (1, 1, 1) first; then along p, which curves downwards, by r'r / |p'Ap|.
    r = 1 - A @ np.ones(3)
    p = r + (r @ r) / 3
    assert p @ A @ p < 0
    np.testing.assert_allclose(d, 1 + (r @ r) / abs(p @ A @ p) * p)


def test_every_direction_leads_downhill_and_the_notes_tell_the_truth():
    rng = np.random.default_rng(0)
    seen = set()
    for f in functions.ALL:
        for x in rng.uniform(*np.transpose(f.box), (40, f.p)):
            d, note = direction_at(f, x)
            assert f.gradient(x) @ d < 0
            seen.add(note.split(" of ")[0])
            if note:
                assert np.linalg.eigvalsh(f.hessian(x))[0] < 0
    assert {"", "negative curvature along the gradient: stopped there"} < seen


def test_it_leaves_a_saddle_that_pure_newton_runs_into():
    x0 = np.array([0.3, 1.0])
    fit = minimize(functions.saddle, x0, NewtonCG(), Wolfe())
    np.testing.assert_allclose(np.abs(fit.x), [1, 0], atol=1e-7)


def test_a_direction_that_promises_too_much_is_shortened():
    """To twice the fall of the last step; never near the minimum."""
    f = functions.rosenbrock
    iterates = minimize(f, f.start, NewtonCG(), Wolfe(), tol=1e-10).iterates
    shortened = 0
    for (a, b), (_, c) in zip(pairwise(iterates), pairwise(iterates[1:]), strict=False):
        d = (c.x - b.x) / c.step
        promised, fell = -f.gradient(b.x) @ d / 2, a.value - b.value
        assert promised <= 2 * fell * (1 + 1e-6)
        shortened += promised >= 2 * fell * (1 - 1e-6)
    assert 0 < shortened < len(iterates) / 2
    last, end = iterates[-2:]
    full, _ = direction_at(f, last.x)
    np.testing.assert_allclose(end.x - last.x, full, rtol=1e-6)


# ------------------------------------------------------------------ oracles


def test_any_one_of_the_three_oracles_is_enough():
    f = functions.himmelblau
    parts = {
        "linearize": lambda x: lambda v: f.hessian(x) @ v,
        "hvp": f.hvp,
        "hessian": lambda x: f.hessian(x).tolist(),
    }
    fits = [
        minimize(
            SimpleNamespace(value=f.value, gradient=f.gradient, **{name: parts[name]}),
            [1.0, 1.0],
            NewtonCG(),
            Wolfe(),
        )
        for name in parts
    ]
    for fit in fits:
        assert fit.converged
        np.testing.assert_allclose(fit.x, fits[0].x, rtol=1e-12)


def test_none_of_them_is_said():
    bare = SimpleNamespace(value=lambda x: 0.0, gradient=lambda x: x)
    with pytest.raises(TypeError, match=r"NewtonCG needs hessian.*linearize.*LBFGS\(\)"):
        minimize(bare, [1.0], NewtonCG())


def test_a_product_of_the_wrong_shape():
    f = functions.rosenbrock
    wrong = SimpleNamespace(value=f.value, gradient=f.gradient, hvp=lambda x, v: v[:1])
    with pytest.raises(ValueError, match=r"H v has shape \(1,\) where v has shape \(2,\)"):
        minimize(wrong, f.start, NewtonCG())


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_product_that_is_not_finite_ends_the_run(bad):
    f = functions.rosenbrock
    wrong = SimpleNamespace(value=f.value, gradient=f.gradient, hvp=lambda x, v: bad * v)
    fit = minimize(wrong, f.start, NewtonCG())
    assert not fit.converged and "H v holds NaN or infinity" in fit.message
    assert fit.x.tolist() == list(f.start)


def test_pure_steps_are_the_formula():
    f = quadratic([1.0, 2.0, 5.0], [1.0, -1.0, 2.0])
    fit = minimize(f, np.zeros(3), NewtonCG(), FixedStep(), tol=1e-10)
    assert fit.converged
    np.testing.assert_allclose(fit.x, np.linalg.solve(f.A, [1.0, -1.0, 2.0]), rtol=1e-8)
