"""The caller's floating-point error state has no say in what the library computes."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from teachkit import datasets, functions
from teachkit.derivatives import (
    best_step,
    finite_gradient,
    finite_jacobian,
    gradient,
    hessian,
    hvp,
    hvp_central,
    hvp_forward,
    taylor_test,
)
from teachkit.linear import CholeskyFactor, conjugate_gradient, conjugate_gradient_steps
from teachkit.optimize import (
    BFGS,
    LBFGS,
    Backtracking,
    Newton,
    NewtonCG,
    SteepestDescent,
    Wolfe,
    bfgs_update,
    descend,
    minimize,
    newton_root,
    newton_root_steps,
    two_loop,
)

TINY, HUGE = np.array([1e-170, 3e-200]), np.array([1e170, 3e200])
F = functions.rosenbrock


class Underflowing:
    """exp(-x^2/2) in each coordinate, upside down: far off, it and its slope are 0 by underflow."""

    def value(self, x):
        return -np.sum(np.exp(-(x**2) / 2))

    def gradient(self, x):
        return x * np.exp(-(x**2) / 2)

    def hessian(self, x):
        return np.diag((1 - x**2) * np.exp(-(x**2) / 2))


G = Underflowing()

CALLS = {
    **{
        f"minimize {d!r} {s!r}": lambda d=d, s=s: minimize(G, [1.5, 0.3], d, s, max_iter=20).x
        for d in (SteepestDescent(), Newton(), NewtonCG(), BFGS(), LBFGS())
        for s in (Backtracking(), Wolfe())
    },
    "minimize, far off": lambda: minimize(G, [45.0, -60.0]).x,
    "minimize, overflow": lambda: minimize(F, [1e80, 1.0], max_iter=2).x,
    "descend": lambda: [it.x for it in descend(G, [1.5, 0.3], SteepestDescent())][-1],
    "newton_root": lambda: newton_root(lambda x: x * np.exp(-(x**2)), np.cos, 30.0).x,
    "newton_root, system": lambda: (
        newton_root(
            lambda x: x**3 * 1e-100, lambda x: np.diag(3e-100 * x**2), [1e-80, 1.0], max_iter=5
        ).x
    ),
    "newton_root_steps": lambda: next(newton_root_steps(np.exp, np.exp, -800.0)).value,
    "conjugate_gradient": lambda: conjugate_gradient(np.diag([1e-200, 1.0]), TINY).x,
    "conjugate_gradient, map": lambda: conjugate_gradient(lambda v: 1e-300 * v, HUGE * 0 + 1).x,
    "conjugate_gradient_steps": lambda: [
        it.x for it in conjugate_gradient_steps(np.diag([2.0, 1.0]), TINY, HUGE)
    ][-1],
    "cholesky": lambda: CholeskyFactor(np.diag(TINY**0.5), damping=1e-300).solve(TINY),
    "bfgs_update": lambda: bfgs_update(np.eye(2), TINY, HUGE),
    "two_loop": lambda: two_loop(TINY, [TINY], [HUGE]),
    "landscapes": lambda: [
        (f.value(np.full(f.p, 1e-200)), f.hessian(np.full(f.p, 1e-170))) for f in functions.ALL
    ][-1][0],
    "finite_gradient": lambda: finite_gradient(G.value, [45.0, 1e-200], 1e-3),
    "finite_jacobian": lambda: finite_jacobian(G.gradient, [45.0, 1e-200], 1e-3),
    "hvp_forward": lambda: hvp_forward(G.gradient, [45.0, 0.1], [1.0, 1e-300], 1e-3),
    "hvp_central": lambda: hvp_central(G.gradient, [45.0, 0.1], [1.0, 1e-300], 1e-3),
    "taylor_test": lambda: taylor_test(G.value, G.gradient, [0.4, 39.0], hessian=G.hessian)[0],
    "best_step": lambda: best_step(TINY),
    "datasets": lambda: datasets.moons(20)[0],
    "real data": lambda: datasets.breast_cancer().X_train,
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("state", ["raise", "warn"])
def test_a_caller_who_hunts_for_nan_gets_the_same_numbers(call, state):
    with np.errstate(all="ignore"):
        expected = CALLS[call]()
    with np.errstate(all=state), warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(CALLS[call](), expected)


def test_derivatives_by_autograd():
    anp = pytest.importorskip("autograd.numpy")
    x = np.array([0.4, 45.0])

    def f(x):
        return anp.sum(anp.exp(-(x**2) / 2))

    g, H = -G.gradient(x), -G.hessian(x)
    with np.errstate(all="raise"):
        found = gradient(f)(x), hessian(f)(x), hvp(f)(x, [1.0, 1.0])
    for ours, right in zip(found, (g, H, np.diag(H)), strict=True):
        np.testing.assert_allclose(ours, right, rtol=1e-12, atol=1e-300)


def test_between_the_steps_the_callers_state_holds():
    for steps in (
        descend(F, F.start),
        conjugate_gradient_steps(np.diag([1.0, 2.0, 3.0]), np.ones(3)),
        newton_root_steps(lambda x: x**2 - 2, lambda x: 2 * x, 1.0),
    ):
        with np.errstate(all="raise"):
            next(steps)
            next(steps)
            with pytest.raises(FloatingPointError):
                np.float64(1e-300) * np.float64(1e-300)
            steps.close()
