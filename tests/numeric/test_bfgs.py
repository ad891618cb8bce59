"""BFGS: the update against its formula, the direction against SciPy, and what it costs."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.optimize

from teachkit import datasets, functions
from teachkit.arrays import to_numpy
from teachkit.losses import Logistic
from teachkit.optimize import BFGS, Backtracking, FixedStep, Wolfe, bfgs_update, descend, minimize
from teachkit.optimize._learning import learning
from teachkit.optimize.bfgs import _updated
from teachkit.risks import LinearRisk

every = pytest.mark.parametrize("f", functions.ALL, ids=lambda f: f.name.split()[0])
RNG = np.random.default_rng(0)


def update_by_formula(B, s, y):
    V = np.eye(len(s)) - np.outer(s, y) / (s @ y)
    return V @ B @ V.T + np.outer(s, s) / (s @ y)


class Quadratic:
    """x'Ax / 2 - b'x, and a search that goes to the exact minimum along d."""

    def __init__(self, p, seed, condition=10.0):
        rng = np.random.default_rng(seed)
        Q = np.linalg.qr(rng.normal(size=(p, p)))[0]
        self.A = (Q * np.geomspace(1, condition, p)) @ Q.T
        self.b = rng.normal(size=p)

    def value(self, x):
        return float(x @ self.A @ x / 2 - self.b @ x)

    def gradient(self, x):
        return self.A @ x - self.b

    def exact(self, oracle, point, d):
        t = -float(point.gradient @ d) / float(d @ self.A @ d)
        return oracle.with_gradient(oracle.at(point.x + t * d)), t


def replayed(f, iterates, B):
    """B after each step of a run, from the pairs that its iterates hold."""
    for before, after in pairwise(iterates):
        s, y = after.x - before.x, f.gradient(after.x) - f.gradient(before.x)
        B = s @ y / (y @ y) * np.eye(len(s)) if B is None else B
        B = bfgs_update(B, s, y)
        yield B


# ------------------------------------------------------------------ the update


def test_the_update_is_the_formula():
    for p in (1, 2, 5, 20):
        M, s, y = RNG.normal(size=(p, p)), RNG.normal(size=p), RNG.normal(size=p)
        B = M @ M.T
        np.testing.assert_allclose(bfgs_update(B, s, y), update_by_formula(B, s, y), rtol=1e-9)


def test_the_update_is_scipys():
    strategy = scipy.optimize.BFGS(init_scale=1.0)
    strategy.initialize(4, "inv_hess")
    B = np.eye(4)
    for _ in range(6):
        s = RNG.normal(size=4)
        y = s + 0.2 * RNG.normal(size=4)
        strategy.update(s, y)
        B = bfgs_update(B, s, y)
        np.testing.assert_allclose(B, strategy.get_matrix(), rtol=1e-10)


def test_the_update_is_exactly_symmetric_and_leaves_its_arguments_alone():
    M = RNG.normal(size=(30, 30))
    B, s, y = M @ M.T, RNG.normal(size=30), RNG.normal(size=30)
    B = (B + B.T) / 2
    kept = B.copy()
    new = bfgs_update(B, s, y)
    np.testing.assert_array_equal(new, new.T)
    np.testing.assert_array_equal(B, kept)


def test_no_product_of_two_matrices_is_formed():
    class Watched(np.ndarray):
        def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
            plain = [np.asarray(a) for a in inputs]
            assert ufunc is not np.matmul or min(a.ndim for a in plain) == 1
            watched.append(ufunc)
            return getattr(ufunc, method)(*plain, **kwargs)

    watched = []
    s, y = RNG.normal(size=6), RNG.normal(size=6)
    new = _updated(np.eye(6).view(Watched), s, y)
    assert np.matmul in watched
    np.testing.assert_allclose(new, update_by_formula(np.eye(6), s, y), rtol=1e-9)


def test_the_update_in_any_library_and_device(xp_device):
    M, s, y = RNG.normal(size=(4, 4)), RNG.normal(size=4), RNG.normal(size=4)
    y = y * np.sign(s @ y)
    for dtype, rtol in (("float64", 1e-10), ("float32", 1e-3)):
        there = [xp_device.array(a, dtype) for a in (M @ M.T, s, y)]
        new = bfgs_update(*there)
        assert xp_device.holds(new, dtype)
        np.testing.assert_allclose(to_numpy(new), update_by_formula(M @ M.T, s, y), rtol=rtol)


def test_a_pair_without_curvature_is_refused():
    with pytest.raises(ValueError, match="s'y is 0"):
        bfgs_update(np.eye(2), np.array([1.0, 0.0]), np.array([0.0, 1.0]))


def test_lists_will_do():
    np.testing.assert_array_equal(
        bfgs_update([[2, 0], [0, 2]], [1, 0], [4, 0]), [[0.25, 0], [0, 2]]
    )


@pytest.mark.parametrize(
    ("B", "s", "y", "says"),
    [
        (np.eye(2), np.ones(3), np.ones(3), r"B has shape \(2, 2\), s \(3,\) and y \(3,\)"),
        (np.eye(3), np.ones(3), np.ones(2), r"y \(2,\)"),
        (np.ones(3), np.ones(3), np.ones(3), r"B has shape \(3,\)"),
        (np.eye(2), np.ones((2, 1)), np.ones((2, 1)), r"s \(2, 1\)"),
        (np.eye(2), [np.nan, 1], np.ones(2), "s holds nan"),
        (np.full((2, 2), np.inf), np.ones(2), np.ones(2), "B holds"),
    ],
)
def test_what_does_not_fit_the_update_is_told_in_a_sentence(B, s, y, says):
    with pytest.raises(ValueError, match=says):
        bfgs_update(B, s, y)


# ------------------------------------------------------------------ the answer


@every
def test_it_finds_what_scipy_finds(f):
    fit = minimize(f, f.start, BFGS(), Wolfe(), tol=1e-8, max_iter=300)
    assert fit.converged, fit.message
    theirs = scipy.optimize.minimize(
        f.value, f.start, jac=f.gradient, method="BFGS", options={"gtol": 1e-8}
    )
    assert f.value(fit.x) <= f.value(theirs.x) + 1e-9
    assert min(np.linalg.norm(fit.x - np.array(m)) for m in f.minimisers) < 5e-3


def test_rosenbrock_takes_some_forty_steps():
    fit = minimize(functions.rosenbrock, (-1.2, 1), BFGS(), Wolfe(), tol=1e-8)
    assert 30 <= len(fit.iterates) - 1 <= 45


def test_logistic_regression_on_digits():
    X, y = datasets.digits_parity()
    risk = LinearRisk(X, y, Logistic(), l2=1e-2)
    fit = minimize(risk, np.zeros(65), BFGS(), Wolfe(), tol=1e-8)
    assert fit.converged and 40 <= len(fit.iterates) - 1 <= 60
    np.testing.assert_allclose(fit.x, minimize(risk, np.zeros(65), tol=1e-10).x, atol=1e-6)


def test_convergence_is_superlinear():
    f = functions.rosenbrock
    errors = [
        np.linalg.norm(it.x - 1)
        for it in minimize(f, f.start, BFGS(), Wolfe(), tol=1e-12).iterates[:-1]
    ]
    ratios = np.array(errors[1:]) / errors[:-1]
    assert ratios[-4:].max() < 0.2 < ratios[:-8].mean()


# ------------------------------------------------------------------ the path


def test_the_iterates_follow_from_the_pairs():
    f = functions.rosenbrock
    iterates = minimize(f, f.start, BFGS(), Wolfe(), max_iter=12).iterates
    matrices = replayed(f, iterates, None)
    for B, (now, after) in zip(matrices, pairwise(iterates[1:]), strict=False):
        d = (after.x - now.x) / after.step
        np.testing.assert_allclose(d, -B @ f.gradient(now.x), rtol=1e-6)


def test_the_first_direction_is_the_gradient_of_at_most_length_one():
    for f, x0 in ((functions.rosenbrock, [-1.2, 1.0]), (functions.saddle, [1.001, 0.001])):
        g = f.gradient(np.array(x0))
        after = minimize(f, x0, BFGS(), FixedStep(1e-4), max_iter=1).x
        np.testing.assert_allclose((after - x0) / 1e-4, -g / max(1, np.linalg.norm(g)), rtol=1e-7)


@pytest.mark.parametrize("p", [1, 2, 5, 12, 20])
def test_on_a_quadratic_exact_searches_give_the_inverse_after_p_updates(p):
    f = Quadratic(p, seed=p)
    iterates = []
    for it in descend(f, np.random.default_rng(1).normal(size=p), BFGS(), f.exact):
        iterates.append(it)
        if it.k == p:
            break
    *_, B = replayed(f, iterates, None)
    # In exact arithmetic; rounding costs digits with every update.
    np.testing.assert_allclose(B, np.linalg.inv(f.A), atol=1e-13 if p <= 5 else 1e-6)
    assert iterates[-1].gradient_norm < 1e-9 * iterates[0].gradient_norm


def test_the_gradient_alone_is_asked_for():
    f = functions.himmelblau
    bare = SimpleNamespace(value=f.value, gradient=f.gradient)
    assert minimize(bare, [1.0, 1.0], BFGS(), Wolfe()).converged


def test_each_run_begins_without_memory():
    method = BFGS()
    runs = [minimize(functions.wood, functions.wood.start, method, Wolfe()) for _ in range(2)]
    np.testing.assert_array_equal(runs[0].x, runs[1].x)
    assert len(runs[0].iterates) == len(runs[1].iterates)


# ------------------------------------------------------------------ without curvature


def test_a_pair_that_would_spoil_it_is_left_out_and_the_note_says_so():
    """Armijo alone lets steps through along which the objective curves downwards."""
    fit = minimize(functions.himmelblau, functions.himmelblau.start, BFGS(), Backtracking())
    noted = [it for it in fit.iterates if it.note]
    assert fit.converged and noted and "s'y = -" in noted[0].note and "Wolfe()" in noted[0].note
    for before, after in pairwise(fit.iterates):
        g = functions.himmelblau.gradient(before.x)
        assert g @ (after.x - before.x) < 0


def test_wolfe_never_gives_such_a_pair():
    rng = np.random.default_rng(0)
    for _ in range(30):
        fit = minimize(functions.rosenbrock, rng.uniform(-3, 3, 2), BFGS(), Wolfe(), max_iter=300)
        assert fit.converged and not any(it.note for it in fit.iterates)


def test_a_matrix_lost_in_rounding_is_begun_afresh():
    class Spoilt:
        def __init__(self):
            self.pairs = 0

        def learn(self, s, y):
            self.pairs += 1

        def times(self, g):
            return -g if self.pairs == 2 else g / np.linalg.norm(g) / 10

    direction = SimpleNamespace(begin=lambda objective: learning(Spoilt))
    fit = minimize(functions.booth, [3.0, 3.0], direction, Wolfe(), max_iter=6)
    notes = [it.note for it in fit.iterates]
    assert notes[3] == "B is lost in rounding: begun afresh with steepest descent"
    assert not any(notes[:3])
    assert all(b.value < a.value for a, b in pairwise(fit.iterates))
