"""Leverage of all n points at the price of p solves and a few arrays of n x p."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from teachkit.influence import Influence
from teachkit.linear import cg
from teachkit.losses import Logistic
from teachkit.retraining import retrain
from teachkit.risks import LinearRisk

pytestmark = pytest.mark.filterwarnings("error")


def made(n, p, **options):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, p))
    y = np.where(X[:, 0] + rng.logistic(size=n) > 0, 1.0, -1.0)
    risk = LinearRisk(X, y, Logistic(), l2=1e-3)
    theta = retrain(risk, np.zeros(p))
    return Influence(risk, theta, **options), theta


def direct(influence, theta):
    """w_i / (n (1 - h_i)) H^-1 g_i, written out."""
    risk = influence.risk
    H = risk.hessian(theta)
    curvature = risk.loss.curvature(risk.X @ theta, risk.y)
    h = curvature * np.einsum("ij,ji->i", risk.X, np.linalg.solve(H, risk.X.T)) / risk.n
    return np.linalg.solve(H, risk.example_gradients(theta).T).T / (risk.n * (1 - h[:, None]))


@pytest.mark.parametrize(("n", "p"), [(300, 6), (5, 8), (6, 6)])
def test_it_agrees_with_the_formula(n, p):
    influence, theta = made(n, p)
    expected = direct(influence, theta)
    np.testing.assert_allclose(influence.removals(leverage=True), expected, rtol=1e-9, atol=1e-14)
    x, y = influence.risk.X[0], influence.risk.y[0]
    slope = influence.risk.gradient_at(theta, x, y)
    on_loss = influence.leave_one_out_loss(x, y, leverage=True)
    np.testing.assert_allclose(on_loss, expected @ slope, rtol=1e-9, atol=1e-14)


def counted(n):
    """An influence with p = 6, and the numbers of columns that it solves for."""
    inner, theta = made(n, 6)
    columns = []

    def solve(v):
        columns.append(1 if v.ndim == 1 else v.shape[1])
        return inner.solve(v)

    return Influence(inner.risk, theta, inverse_hvp=solve), columns


@pytest.mark.parametrize("n", [50, 500])
def test_p_columns_are_solved_for_however_many_points_there_are(n):
    influence, columns = counted(n)
    influence.removals(leverage=True)
    assert sum(columns) == 6
    influence.leave_one_out_loss(influence.risk.X[0], influence.risk.y[0], leverage=True)
    assert sum(columns) == 6 + 1


def test_p_columns_are_solved_for_where_memory_has_room_for_few_rows(monkeypatch):
    monkeypatch.setenv("TEACHKIT_MEMORY", "500")
    influence, columns = counted(50)
    influence.removals(leverage=True)
    influence.self_influence()
    influence.s_test(influence.risk.X, influence.risk.y)
    assert sum(columns) == 6


def test_without_a_hessian_p_products_and_p_solves_are_enough(monkeypatch):
    influence, theta = made(400, 5, inverse_hvp="conjugate_gradient")
    solved, multiplied = [], []
    run, products = cg.run, LinearRisk.linearize

    def counted(*arguments):
        solved.append(1)
        return run(*arguments)

    def watched(self, theta):
        product = products(self, theta)

        def of(v):
            if v.ndim == 2:
                multiplied.append(v.shape[1])
            return product(v)

        return of

    monkeypatch.setattr(cg, "run", counted)
    monkeypatch.setattr(LinearRisk, "linearize", watched)
    monkeypatch.setattr(LinearRisk, "hessian", None)
    ours = influence.removals(leverage=True)
    assert len(solved) == 5
    assert multiplied == [5]
    monkeypatch.undo()
    np.testing.assert_allclose(ours, direct(influence, theta), rtol=1e-7, atol=1e-12)


def test_memory_is_a_few_times_that_of_the_data():
    n, p = 4000, 5
    influence, _ = made(n, p)
    x, y = influence.risk.X[0], influence.risk.y[0]
    for ask in (
        lambda: influence.removals(leverage=True),
        lambda: influence.leave_one_out_loss(x, y, leverage=True),
    ):
        tracemalloc.start()
        try:
            ask()
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 60 * n * p  # bytes: some seven arrays; n x n would be 100 times that
