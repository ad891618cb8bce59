"""LiSSA against its filter in the eigenbasis, which it is in expectation, and bound to a risk."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teachkit.arrays import to_numpy
from teachkit.influence import Influence
from teachkit.inverse_hvp import Lissa, NotConvergedError, bind
from teachkit.inverse_hvp._samples import largest_eigenvalue
from teachkit.inverse_hvp.gauss_newton import WithGaussNewton
from teachkit.linear import lissa, lissa_steps
from teachkit.losses import Logistic
from teachkit.retraining import retrain
from teachkit.risks import LinearRisk, SoftmaxRisk
from tests.numeric.dense import LOSSES, small, small_tests

pytestmark = pytest.mark.filterwarnings("error")

P = 5
RNG = np.random.default_rng(0)
V = RNG.normal(size=(P, 3))
ROWS = RNG.normal(size=(12, P))
EACH = np.einsum("ni,nj->nij", ROWS, ROWS) + 0.2 * np.eye(P)  # the A_j, each with its own ridge
A = EACH.mean(axis=0)
SAFE = max(np.linalg.eigvalsh(each)[-1] for each in EACH)


def filtered(A, v, scale, depth):
    """phi(A) v with phi(mu) = (1 - (1 - mu / scale)^(depth + 1)) / mu."""
    mu, Q = np.linalg.eigh(A)
    phi = (1.0 - (1.0 - mu / scale) ** (depth + 1)) / mu
    return Q @ (phi * (Q.T @ v).T).T


def one_of_them(x, rng):
    return EACH[rng.integers(len(EACH))] @ x


def whole(x, rng):
    return A @ x


# The recursion.


@pytest.mark.parametrize("depth", [0, 1, 3, 400])
@pytest.mark.parametrize("times", [0.51, 1.0, 20.0])
def test_with_A_itself_it_is_the_filter(depth, times):
    scale = times * np.linalg.eigvalsh(A)[-1]
    for v in (V, V[:, 0]):
        trace = lissa(whole, v, scale=scale, depth=depth, seed=0)
        assert trace.converged and len(trace.iterates) == depth + 1 and trace.x.shape == v.shape
        np.testing.assert_allclose(trace.x, filtered(A, v, scale, depth), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_library(xp_device, dtype):
    there, scale = xp_device.array(A, dtype), np.linalg.eigvalsh(A)[-1]
    v = xp_device.array(V, dtype)
    trace = lissa(lambda x, rng: there @ x, v, scale=scale, depth=50, repeats=2, seed=0)
    assert xp_device.holds(trace.x, dtype)
    assert xp_device.holds(trace.iterates[-1].standard_error, dtype)
    tol = 1e-12 if dtype == "float64" else 1e-4
    expected = filtered(A, V, scale, 50)
    np.testing.assert_allclose(to_numpy(trace.x), expected, rtol=tol, atol=tol)


def test_from_samples_the_mean_is_the_filter_within_the_standard_error():
    """The steps' A_j are independent, so the expectation is the filter, at every depth."""
    steps = lissa_steps(one_of_them, V[:, 0], scale=SAFE, repeats=400, seed=0)
    for depth, it in zip(range(31), steps, strict=False):
        if depth not in (1, 5, 15, 30):
            continue
        expected = filtered(A, V[:, 0], SAFE, depth)
        assert np.all(np.abs(it.x - expected) <= 5 * it.standard_error)
        assert np.max(it.standard_error) < 0.05 * np.linalg.norm(expected), "it tells something"


def test_the_standard_error_is_how_far_means_are_off():
    """Squares of (x - expectation) / standard error, 500 of them: their mean is about 1.

    Of a t distribution with 19 degrees of freedom the square has mean 1.12 and variance 3.6; the
    entries of one run go together, so that at least 100 independent draws give 0.19.
    """
    expected = filtered(A, V[:, 0], SAFE, 8)
    squares = []
    for seed in range(100):
        end = lissa(one_of_them, V[:, 0], scale=SAFE, depth=8, repeats=20, seed=seed).iterates[-1]
        squares.append(((end.x - expected) / end.standard_error) ** 2)
    assert abs(np.mean(squares) - 1.12) < 5 * 0.19


def test_seeds_reproduce_and_repeats_leave_each_run_alone():
    def run(seed, repeats):
        return lissa(one_of_them, V[:, 0], scale=SAFE, depth=9, repeats=repeats, seed=seed).x

    np.testing.assert_array_equal(run(3, 4), run(3, 4))
    assert np.linalg.norm(run(3, 4) - run(4, 4)) > 1e-3
    problem = small("logistic")
    one, four = (
        bind(Lissa(depth=9, repeats=r, seed=3), problem.risk(), problem.minimum()).estimate(V[:3])
        for r in (1, 4)
    )
    np.testing.assert_array_equal(one.runs[0], four.runs[0])
    assert np.max(np.abs(four.runs[0] - four.runs[1])) > 1e-3


def test_columns_go_through_the_same_samples():
    together = lissa(one_of_them, V, scale=SAFE, depth=40, repeats=3, seed=1).x
    for j in range(3):
        alone = lissa(one_of_them, V[:, j], scale=SAFE, depth=40, repeats=3, seed=1).x
        np.testing.assert_allclose(together[:, j], alone, rtol=1e-12, atol=1e-13)


@given(st.integers(0, 500), st.floats(1.0, 50.0), st.sampled_from([1e-200, 1.0, 1e150]))
@settings(max_examples=25)
def test_a_safe_scale_never_ends_a_run(seed, times, unit):
    trace = lissa(one_of_them, unit * V, scale=times * SAFE, depth=60, repeats=2, seed=seed)
    assert trace.converged and len(trace.iterates) == 61
    assert np.all(np.isfinite(trace.x)) and np.any(trace.x)


def test_the_trace_tells_the_run():
    trace = lissa(one_of_them, V[:, 0], scale=SAFE, depth=7, repeats=3, seed=0)
    assert [it.k for it in trace.iterates] == list(range(8))
    assert trace.iterates[-1].x is trace.x and "7 steps in each of 3 runs" in trace.message
    before = 0.0 * V[:, 0]
    for it in trace.iterates:
        assert it.change_norm == pytest.approx(np.linalg.norm(it.x - before))
        before = it.x
    single = lissa(one_of_them, V[:, 0], scale=SAFE, depth=7, seed=0)
    assert np.all(np.isnan(single.iterates[-1].standard_error))


def test_too_small_a_scale_ends_the_run_with_a_sentence():
    scale = 0.45 * np.linalg.eigvalsh(A)[-1]
    trace = lissa(whole, V[:, 0], scale=scale, depth=5000, seed=0)
    assert not trace.converged and f"scale={scale:g}" in trace.message
    assert "Stopped at step" in trace.message and np.all(np.isfinite(trace.x))
    assert len(trace.iterates) < 1000


def test_negative_eigenvalues_end_the_run():
    trace = lissa(lambda x, rng: -A @ x, V, scale=10.0, depth=5000, seed=0)
    assert not trace.converged and "negative" in trace.message and "damp" in trace.message


def test_what_is_not_finite_ends_the_run():
    calls = iter(range(100))
    broken = lissa(
        lambda x, rng: A @ x * (1.0 if next(calls) < 4 else np.nan), V, scale=9.0, depth=9, seed=0
    )
    assert not broken.converged and "NaN or infinity" in broken.message and "step 5" in str(broken)
    assert np.all(np.isfinite(broken.x)) and len(broken.iterates) == 5
    zero = lissa(lambda x, rng: np.nan * x, 0.0 * V, scale=9.0, depth=9, seed=0)
    assert "NaN or infinity" in zero.message
    flat = lissa(lambda x, rng: 0.0 * x, [1e308, 1e308], scale=1.0, depth=9, seed=0)
    assert not flat.converged and "overflowed" in flat.message
    with pytest.raises(ValueError, match="overflowed"):
        lissa(whole, [1e308], scale=1e-3, depth=9, seed=0)


def test_the_bar_shows_only_when_asked_and_goes_when_interrupted(capsys):
    lissa(whole, V, scale=20.0, depth=3, seed=0)
    assert capsys.readouterr().err == ""
    calls = iter(range(100))

    def impatient(x, rng):
        if next(calls) == 2:
            raise KeyboardInterrupt
        return A @ x

    with pytest.raises(KeyboardInterrupt):
        lissa(impatient, V, scale=20.0, depth=9, seed=0, progress=True)
    assert "step" in capsys.readouterr().err


def test_a_function_that_works_in_place_spoils_nothing():
    def in_place(x, rng):
        x *= 2.0
        return x

    trace = lissa(in_place, V, scale=4.0, depth=30, seed=0)
    np.testing.assert_allclose(trace.x, V / 2.0, rtol=1e-8)


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"sample_hvp": A}, TypeError, "sample_hvp is"),
        ({"sample_hvp": lambda x, rng: x[:2]}, ValueError, r"gave \(2, 3\) for an x of shape"),
        ({"sample_hvp": lambda x, rng: None}, ValueError, "gave NoneType"),
        ({"v": V * np.nan}, ValueError, "v holds nan"),
        ({"v": V[None]}, ValueError, r"v has shape \(1, 5, 3\)"),
        ({"v": []}, ValueError, r"v has shape \(0,\)"),
        ({"scale": 0.0}, ValueError, "scale is 0.0"),
        ({"scale": np.inf}, ValueError, "scale is inf"),
        ({"scale": None}, TypeError, "scale is a number"),
        ({"depth": -1}, ValueError, "depth is -1"),
        ({"depth": 2.0}, TypeError, "depth is a whole number"),
        ({"repeats": 0}, ValueError, "repeats is 0"),
        ({"seed": None}, TypeError, "seed is a whole number"),
        ({"seed": -1}, ValueError, "seed is -1"),
    ],
)
def test_bad_input_is_told_in_a_sentence(given, error, says):
    with pytest.raises(error, match=says):
        lissa(**{"sample_hvp": whole, "v": V, "scale": 9.0, "depth": 3, "seed": 0, **given})


# Bound to a risk.


class ByWeights:
    """A risk that gives no curvature one example at a time."""

    def __init__(self, inner):
        self.inner = inner

    def __getattr__(self, name):
        if name in ("inner", "example_hvp", "example_curvatures"):
            raise AttributeError(name)
        return getattr(self.inner, name)

    def reweighted(self, weights):
        return ByWeights(self.inner.reweighted(weights))


class GaussNewtonOf:
    """A risk of a linear model, whose Gauss-Newton matrix is H."""

    def __init__(self, inner):
        self.inner = inner
        self.n, self.p, self.weights = inner.n, inner.p, inner.weights

    def linearize_gauss_newton(self, theta):
        return self.inner.linearize(theta)


def with_hidden_penalty(problem):
    """A linear risk with .1 sum_j theta_j^2 besides, of which `l2` and `example_hvp` are silent."""

    class Hidden(LinearRisk):
        def gradient(self, theta):
            return super().gradient(theta) + 0.2 * theta

        def hessian(self, theta):
            return super().hessian(theta) + 0.2 * np.eye(3)

        def linearize(self, theta):
            inner = super().linearize(theta)
            return lambda v: inner(v) + 0.2 * v

    loss = LOSSES[problem.name][0]
    return Hidden(problem.X, problem.y, loss, l2=problem.l2, weights=problem.w)


@pytest.fixture(params=sorted(LOSSES))
def problem(request):
    return small(request.param)


def damped(problem, damping):
    return problem.hessian(problem.minimum()) + damping * np.eye(3)


@pytest.mark.parametrize("damping", [0.0, 0.3])
def test_with_all_examples_in_a_batch_it_is_the_filter_of_H(problem, damping, xp_device):
    theta, method = xp_device.array(problem.minimum()), Lissa(depth=20, repeats=1, batch=12)
    solve = bind(method, problem.risk(xp_device), theta, damping)
    for v in (V[:3], V[:3, 0], V[:3, :0]):
        x = solve(xp_device.array(v))
        assert xp_device.holds(x, "float64") and x.shape == v.shape
        expected = filtered(damped(problem, damping), v, solve.scale, 20)
        np.testing.assert_allclose(to_numpy(x), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("damping", [0.0, 0.3])
def test_deep_enough_it_agrees_with_cholesky_the_damping_too(damping):
    """A damping is added to H, as with every other method: no scale multiplies it."""
    problem = small("logistic")
    risk, theta = problem.risk(), problem.minimum()
    found = bind(Lissa(depth=2000, repeats=1, batch=12), risk, theta, damping)(V[:3])
    np.testing.assert_allclose(found, bind("cholesky", risk, theta, damping)(V[:3]), rtol=1e-8)


@pytest.mark.parametrize("batch", [1, 4])
def test_from_samples_it_is_the_filter_within_its_own_spread(problem, batch):
    damping, depth = 0.1, 15
    method = Lissa(depth=depth, repeats=200, batch=batch, seed=1)
    solve = bind(method, problem.risk(), problem.minimum(), damping)
    found = solve.estimate(V[:3, :2])
    expected = filtered(damped(problem, damping), V[:3, :2], solve.scale, depth)
    assert found.runs.shape == (200, 3, 2)
    assert np.all(np.abs(found.x - expected) <= 5 * found.standard_error)
    assert np.max(found.standard_error) < 0.05 * np.max(np.abs(expected)), "it tells something"


def test_in_every_library_the_samples_are_the_same(problem, xp_device):
    method, theta = Lissa(depth=25, repeats=2, batch=2, seed=4), problem.minimum()
    there = bind(method, problem.risk(xp_device), xp_device.array(theta), 0.1)
    x = there(xp_device.array(V[:3]))
    assert xp_device.holds(x, "float64")
    here = bind(method, problem.risk(), theta, 0.1)
    np.testing.assert_allclose(to_numpy(x), here(V[:3]), rtol=1e-10, atol=1e-12)
    assert there.scale == pytest.approx(here.scale, rel=1e-12)


def test_asked_by_weights_the_samples_are_the_same(problem):
    """Example 3 has weight 0: drawn alone, the penalty is all that is left of H."""
    theta = problem.minimum()
    for batch in (1, 5):
        one, other = (
            bind(Lissa(scale=50.0, depth=20, repeats=2, batch=batch, seed=2), risk, theta, 0.1)
            for risk in (problem.risk(), ByWeights(problem.risk()))
        )
        np.testing.assert_allclose(other(V[:3]), one(V[:3]), rtol=1e-9, atol=1e-11)


def test_a_penalty_of_ones_own_is_in_every_sample():
    problem = small("logistic")
    solve = bind(Lissa(depth=10, repeats=150), with_hidden_penalty(problem), problem.minimum())
    found = solve.estimate(V[:3, 0])
    expected = filtered(damped(problem, 0.2), V[:3, 0], solve.scale, 10)
    assert np.all(np.abs(found.x - expected) <= 5 * found.standard_error)
    without = filtered(damped(problem, 0.0), V[:3, 0], solve.scale, 10)
    assert np.any(np.abs(found.x - without) > 5 * found.standard_error)


def test_the_scale_left_out_is_the_largest_curvature_of_a_sample(problem):
    theta, damping = problem.minimum(), 0.1
    each = problem.w[:, None, None] * problem.example_hessians(theta)
    of_each = np.linalg.eigvalsh(each)[:, -1]
    for risk, rtol in ((problem.risk(), 1e-10), (ByWeights(problem.risk()), 0.3)):
        for batch in (1, 4):
            largest = np.mean(np.sort(of_each)[-batch:]) + 0.2 + damping
            scale = bind(Lissa(batch=batch), risk, theta, damping).scale
            assert scale == pytest.approx(largest, rel=rtol)
            highest = max(
                np.linalg.eigvalsh(each[list(S)].mean(axis=0) + np.diag(problem.l2))[-1] + damping
                for S in np.random.default_rng(0).permuted(
                    np.tile(np.arange(12), (200, 1)), axis=1
                )[:, :batch]
            )
            assert scale >= 0.999 * highest
    lambda_max = np.linalg.eigvalsh(damped(problem, damping))[-1]
    full = bind(Lissa(batch=12), problem.risk(), theta, damping)
    assert full.scale == pytest.approx(lambda_max, rel=2e-2)
    assert f"{full.scale:.4g}" in repr(full)


@given(st.integers(0, 200))
@settings(max_examples=20)
def test_the_power_method_finds_the_largest_eigenvalue_by_size(seed):
    rng = np.random.default_rng(seed)
    Q, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    mu = np.append(rng.uniform(-1, 1, size=5), rng.choice([-3.0, 3.0]))
    found = largest_eigenvalue(lambda v: Q @ (mu * (Q.T @ v)), V[:, 0].repeat(2)[:6])
    assert 3.0 * (1 - 1e-5) <= found <= 3.0 * (1 + 2e-2)


def test_a_scale_that_is_too_small_is_refused_with_the_number_that_it_has_to_be(problem):
    risk, theta = problem.risk(), problem.minimum()
    largest = bind(Lissa(), risk, theta).scale
    with pytest.raises(ValueError, match=rf"scale is .*eigenvalues up to {largest:.4g}.*any amou"):
        bind(Lissa(scale=0.99 * largest), risk, theta)
    assert bind(Lissa(scale=largest), risk, theta).scale == largest
    lambda_max = np.linalg.eigvalsh(damped(problem, 0.0))[-1]
    with pytest.raises(ValueError, match="half the largest eigenvalue of H.*diverges"):
        bind(Lissa(scale=0.49 * lambda_max, batch=12), risk, theta)
    just = bind(Lissa(scale=0.51 * lambda_max, batch=12, depth=40, repeats=1), risk, theta)
    expected = filtered(damped(problem, 0.0), V[:3], just.scale, 40)
    np.testing.assert_allclose(just(V[:3]), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("l2", [0.05, 0.0])
@pytest.mark.parametrize("classes", [2, 4])
def test_of_a_softmax_risk_too_and_the_penalty_that_centres_it(classes, l2):
    rng = np.random.default_rng(3)
    y = np.arange(20) % classes
    risk = SoftmaxRisk(rng.normal(size=(20, 3)), y, l2=l2, weights=rng.uniform(0.5, 2.0, size=20))
    risk = risk if l2 else risk.centred()
    theta = retrain(risk, np.zeros(risk.p))
    of_each = [
        np.linalg.eigvalsh(risk.example_hvp(theta, i)(np.eye(risk.p)))[-1] for i in range(20)
    ]
    bounds = risk.example_curvatures(theta)
    assert np.all(bounds >= 0.9999 * np.array(of_each))
    if classes == 2:
        np.testing.assert_allclose(bounds, of_each, rtol=1e-10)
    np.testing.assert_allclose(risk.hessian_diagonal(theta), np.diag(risk.hessian(theta)))
    solve = bind(Lissa(depth=10, repeats=150, batch=2), risk, theta, 0.1)
    assert solve.samples.by_examples
    v = rng.normal(size=risk.p)
    found, expected = (
        solve.estimate(v),
        filtered(risk.hessian(theta) + 0.1 * np.eye(risk.p), v, solve.scale, 10),
    )
    assert np.all(np.abs(found.x - expected) <= 5 * found.standard_error)
    whole = bind(Lissa(depth=10, repeats=1, batch=20), risk, theta, 0.1)
    H = risk.hessian(theta) + 0.1 * np.eye(risk.p)
    np.testing.assert_allclose(whole(v), filtered(H, v, whole.scale, 10), rtol=1e-9, atol=1e-12)


def test_a_risk_without_examples_is_taken_whole_or_refused():
    problem = small("logistic")
    alone = WithGaussNewton(GaussNewtonOf(problem.risk()))
    with pytest.raises(TypeError, match=r"example_hvp or reweighted.*batch=12"):
        Lissa().bind(alone, problem.minimum())
    found = Lissa(depth=2000, repeats=1, batch=12).bind(alone, problem.minimum())(V[:3])
    np.testing.assert_allclose(found, np.linalg.solve(damped(problem, 0.0), V[:3]), rtol=1e-8)


def test_the_estimate_tells_its_spread_and_its_residual():
    problem = small("logistic")
    solve = bind(Lissa(depth=30, repeats=6), problem.risk(), problem.minimum(), 0.1)
    v = np.column_stack([V[:3, 0], 1e-180 * V[:3, 1], 0.0 * V[:3, 0]])
    found = solve.estimate(v)
    np.testing.assert_array_equal(found.x, solve(v))
    np.testing.assert_allclose(found.x, found.runs.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.standard_error, found.runs.std(axis=0, ddof=1) / 6**0.5)
    H = damped(problem, 0.1)
    for j, said in enumerate(found.relative_residual[:2]):
        left = np.linalg.norm(v[:, j] / v[0, j] - H @ (found.x[:, j] / v[0, j]))
        assert said == pytest.approx(left / np.linalg.norm(v[:, j] / v[0, j]))
    assert found.relative_residual[2] == 0.0 and not np.any(found.x[:, 2])
    assert np.ndim(solve.estimate(V[:3, 0]).relative_residual) == 0


def test_influence_by_lissa_is_influence_by_the_filter_within_the_spread_of_its_runs():
    problem = small("logistic", n=30)
    theta, (X_test, y_test) = problem.minimum(), small_tests("logistic", 3)
    by_lissa = Influence(problem.risk(), theta, inverse_hvp=Lissa(depth=60, repeats=40))
    found = by_lissa.up_loss(X_test, y_test)
    g, g_test = (problem.example_gradients(theta, *at) for at in ((), (X_test, y_test)))
    scale = by_lissa.solve.scale
    expected = -filtered(problem.hessian(theta), g_test.T, scale, 60).T @ g.T
    runs = -np.einsum("rpm,np->rmn", by_lissa.solve.estimate(g_test.T).runs, g)
    np.testing.assert_allclose(found, runs.mean(axis=0), rtol=1e-9, atol=1e-12)
    assert np.all(np.abs(found - expected) <= 5 * runs.std(axis=0, ddof=1) / 40**0.5 + 1e-12)
    s_test = by_lissa.s_test(X_test, y_test)
    np.testing.assert_allclose(by_lissa.up_loss(s_test=s_test), found, rtol=1e-10, atol=1e-12)
    again = pickle.loads(pickle.dumps(by_lissa))
    np.testing.assert_array_equal(again.s_test(X_test, y_test), s_test)


def test_its_name():
    problem = small("square")
    solve = Influence(problem.risk(), problem.minimum(), inverse_hvp="lissa").solve
    assert (solve.method.depth, solve.method.repeats, solve.method.batch) == (5000, 10, 1)


@pytest.mark.parametrize("batch", [1, 12])
def test_negative_curvature_raises(batch):
    class Saddle(LinearRisk):
        """theta_0 goes downhill for ever."""

        def hessian(self, theta):
            return super().hessian(theta) - np.diag([3.0, 0.0, 0.0])

        def linearize(self, theta):
            return self.hessian(theta).__matmul__

    problem = small("logistic")
    risk = Saddle(problem.X, problem.y, Logistic(), l2=problem.l2)
    with pytest.raises(NotConvergedError, match="not positive definite|none may be negative"):
        bind(Lissa(depth=300, repeats=1, batch=batch), risk, problem.minimum())(V[:3, 0])
    safe = Lissa(depth=30, repeats=1, batch=batch)
    found = bind(safe, risk, problem.minimum(), 4.0)(V[:3, 0])
    assert np.all(np.isfinite(found))


def test_a_flat_direction_raises():
    X = np.column_stack([RNG.normal(size=(9, 2)), np.zeros(9)])
    risk = LinearRisk(X, np.where(X[:, 0] > 0, 1.0, -1.0), Logistic())
    with pytest.raises(NotConvergedError, match=r"not positive definite.*damping"):
        bind(Lissa(depth=50), risk, np.zeros(3))([0.0, 0.0, 1.0])
    with pytest.raises(ValueError, match="H is 0"):
        bind(Lissa(), LinearRisk(0.0 * X, risk.y, Logistic()), np.zeros(3))


def test_progress_and_interruption(capsys):
    problem = small("logistic")
    solve = bind(Lissa(depth=5, progress=True), problem.risk(), problem.minimum())
    solve(V[:3, 0])
    assert "LiSSA" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (lambda b: b(Lissa(batch=13)), ValueError, "batch is 13 and the risk has 12"),
        (lambda b: Lissa(batch=0), ValueError, "batch is 0"),
        (lambda b: Lissa(scale=-1.0), ValueError, "scale is -1"),
        (lambda b: Lissa(depth=1.5), TypeError, "depth is a whole number"),
        (lambda b: Lissa(seed="a"), TypeError, "seed is a whole number"),
        (lambda b: b(Lissa)(V), TypeError, r"class Lissa.*Lissa\(\)"),
        (lambda b: b(Lissa(depth=2))(V), ValueError, "v has shape"),
        (lambda b: b(Lissa(depth=2))(V[:3] * np.nan), ValueError, "v holds nan"),
    ],
)
def test_what_cannot_be_bound_is_told_in_a_sentence(ask, error, says):
    problem = small("logistic")
    with pytest.raises(error, match=says):
        ask(lambda method: bind(method, problem.risk(), problem.minimum()))
