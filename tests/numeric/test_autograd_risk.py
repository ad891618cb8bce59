"""A risk from losses in code: against closed forms and differences, and what it says of slips."""

from __future__ import annotations

import pickle
import sys
import warnings

import array_api_strict
import autograd.numpy as anp
import numpy as np
import pytest
from autograd.extend import defvjp, primitive
from autograd.scipy.special import logsumexp

from teachkit.derivatives import hvp_test, taylor_test
from teachkit.influence import Influence
from teachkit.inverse_hvp import ConjugateGradient, GaussNewton
from teachkit.losses import Logistic, SmoothHinge, Square
from teachkit.optimize import LBFGS, Wolfe, minimize
from teachkit.retraining import leave_one_out, retrain, retrain_with
from teachkit.risks import (
    AutogradRisk,
    HasExampleHvp,
    HasGaussNewton,
    HasLeverages,
    LinearRisk,
    Objective,
    Risk,
    _rowwise,
)

pytestmark = pytest.mark.filterwarnings("error")

N, D = 30, 4
RNG = np.random.default_rng(0)
X = np.column_stack([RNG.normal(size=(N, D - 1)), np.ones(N)])
Y = np.where(X[:, 0] + RNG.normal(size=N) > 0, 1.0, -1.0)
THETA = RNG.normal(size=D)
V = RNG.normal(size=(D, 3))
WEIGHTS = RNG.integers(0, 4, size=N).astype(float)
L2 = np.array([0.1, 0.2, 0.3, 0.05])


def score(theta, X):
    return X @ theta


def square(f, y):
    return (f - y) ** 2


def logistic(f, y):
    return anp.logaddexp(0.0, -y * f)


def smooth_hinge(f, y):
    return 0.3 * anp.logaddexp(0.0, (1.0 - y * f) / 0.3)


def whole(of_score):
    return lambda theta, X, y: of_score(X @ theta, y)


LINEAR = {
    "square": (square, Square()),
    "logistic": (logistic, Logistic()),
    "smooth hinge": (smooth_hinge, SmoothHinge(0.3)),
}


@pytest.fixture(params=LINEAR)
def pair(request):
    """The same linear model in code, with and without outputs, and in closed form."""
    in_code, closed = LINEAR[request.param]
    given = {"l2": L2, "weights": WEIGHTS}
    return (
        AutogradRisk(whole(in_code), X, Y, 0 * THETA, **given),
        AutogradRisk(in_code, X, Y, 0 * THETA, outputs=score, **given),
        AutogradRisk(in_code, X, Y, 0 * THETA, outputs=score, gauss_newton=True, **given),
        LinearRisk(X, Y, closed, **given),
    )


QUESTIONS = {
    "value": lambda r: r.value(THETA),
    "gradient": lambda r: r.gradient(THETA),
    "value_and_gradient": lambda r: r.value_and_gradient(THETA)[0],
    "gradient, jointly": lambda r: r.value_and_gradient(THETA)[1],
    "hessian": lambda r: r.hessian(THETA),
    "linearize": lambda r: r.linearize(THETA)(V),
    "linearize, no columns": lambda r: r.linearize(THETA)(V[:, :0]),
    "hvp": lambda r: r.hvp(THETA, V[:, 0]),
    "example_losses": lambda r: r.example_losses(THETA),
    "example_gradients": lambda r: r.example_gradients(THETA),
    "loss_at": lambda r: r.loss_at(THETA, X[:3] + 1, [1, -1, 1]),
    "loss_at one": lambda r: r.loss_at(THETA, X[0] + 1, 1),
    "loss_at none": lambda r: r.loss_at(THETA, X[:0], []),
    "gradient_at": lambda r: r.gradient_at(THETA, X[:3] + 1, [1, -1, 1]),
    "gradient_at one": lambda r: r.gradient_at(THETA, X[0] + 1, 1),
    "gradient_at none": lambda r: r.gradient_at(THETA, X[:0], []),
    "input_gradient": lambda r: r.input_gradient(THETA, 7, V[:, 0]),
    "example_hvp": lambda r: r.example_hvp(THETA, [5, 2, 20])(V),
    "example_hvp one": lambda r: r.example_hvp(THETA, 2)(V[:, 0]),
    "reweighted": lambda r: r.reweighted(np.arange(N)).gradient(THETA),
    "replaced": lambda r: r.replaced(3, [1, 2, 3, 1], -Y[3]).gradient(THETA),
    "weights": lambda r: r.replaced(3, [1, 2, 3, 1], -Y[3]).weights,
    "l2": lambda r: r.l2,
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_linear_model_in_code_is_the_linear_risk(pair, question):
    *in_code, closed = pair
    expected = QUESTIONS[question](closed)
    for risk in in_code:
        found = QUESTIONS[question](risk)
        assert found.shape == expected.shape and found.dtype == expected.dtype
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


def test_it_has_the_oracles_of_a_risk(pair):
    for risk in pair[:-1]:
        assert isinstance(risk, Risk) and isinstance(risk, Objective)
        assert isinstance(risk, HasExampleHvp) and isinstance(risk, HasGaussNewton)
        assert not isinstance(risk, HasLeverages)
        assert (risk.n, risk.p) == (N, D)


def test_influence_and_retraining_are_those_of_the_linear_risk():
    risk = AutogradRisk(whole(logistic), X, Y, THETA, l2=L2, weights=WEIGHTS)
    closed = LinearRisk(X, Y, Logistic(), l2=L2, weights=WEIGHTS)
    theta = retrain(closed, THETA)
    np.testing.assert_allclose(retrain(risk, THETA), theta, rtol=1e-10)
    ours, expected = (
        Influence(r, theta, inverse_hvp=method)
        for r, method in ((risk, "conjugate_gradient"), (closed, "cholesky"))
    )
    for ask in (
        lambda found: found.removals(),
        lambda found: found.leave_one_out_loss(X[:2], Y[:2]),
        lambda found: found.perturbation(2, [0.1, 0, -0.1, 0]),
        lambda found: found.pert_loss(2, X[0], Y[0]),
        lambda found: found.removal([1, 4], leverage=True),
    ):
        np.testing.assert_allclose(ask(ours), ask(expected), rtol=1e-7, atol=1e-10)
    with pytest.raises(ValueError, match="AutogradRisk.*leave_one_out"):
        ours.removals(leverage=True)
    some = [0, 5, 7]
    rows = leave_one_out(risk, theta, some)
    np.testing.assert_allclose(rows, leave_one_out(closed, theta, some), rtol=1e-7, atol=1e-11)
    moved = retrain_with(risk, theta, 2, X[0], -Y[0])
    np.testing.assert_allclose(moved, retrain_with(closed, theta, 2, X[0], -Y[0]), rtol=1e-9)


# A small network: tanh units, three classes.

H, K = 5, 3
P = (D + 1) * H + (H + 1) * K
CLASSES = RNG.integers(0, K, size=N)
NET = np.random.default_rng(1).normal(size=P)


def network(theta, X):
    W, b = anp.reshape(theta[: D * H], (D, H)), theta[D * H : (D + 1) * H]
    U, c = anp.reshape(theta[(D + 1) * H : -K], (H, K)), theta[-K:]
    return anp.dot(anp.tanh(X @ W + b), U) + c


def cross_entropy(f, y):
    return logsumexp(f, axis=1) - anp.sum(f * (y[:, None] == np.arange(K)), axis=1)


def by_index(f, y):
    return logsumexp(f, axis=1) - f[np.arange(len(y)), y.astype(int)]


def network_losses(theta, X, y):
    return cross_entropy(network(theta, X), y)


def net(**given):
    given = {"outputs": network, "l2": 0.01, "weights": WEIGHTS} | given
    return AutogradRisk(given.pop("losses", cross_entropy), X, CLASSES, NET, **given)


@pytest.mark.parametrize("outputs", [network, None])
def test_derivatives_of_a_network_are_those_of_its_values(outputs):
    losses = network_losses if outputs is None else cross_entropy
    risk = net(losses=losses, outputs=outputs)
    assert taylor_test(risk.value, risk.gradient, NET, hessian=risk.hessian).verdict == "right"
    assert hvp_test(risk.linearize(NET), risk.gradient, NET).verdict == "right"
    np.testing.assert_allclose(risk.hessian(NET), risk.hessian(NET).T)
    gradients = risk.example_gradients(NET)
    np.testing.assert_allclose(
        WEIGHTS @ gradients / N + 0.01 * NET, risk.gradient(NET), rtol=1e-10, atol=1e-14
    )
    for i in (0, N - 1):
        one = taylor_test(
            lambda t, i=i: risk.example_losses(t)[i], lambda t, i=i: gradients[i], NET
        )
        assert one.verdict == "right"
    s = np.random.default_rng(2).normal(size=P)
    mixed = taylor_test(
        lambda x: risk.gradient_at(NET, x, CLASSES[4]) @ s,
        lambda x: risk.input_gradient(NET, 4, s),
        X[4],
    )
    assert mixed.verdict == "right"


def jacobian(theta):
    """d outputs / d theta by differences, (N, K, P)."""
    steps = 1e-6 * np.eye(P)
    ends = [(network(theta + h, X) - network(theta - h, X)) / 2e-6 for h in steps]
    return np.stack(ends, axis=-1)


def test_the_gauss_newton_matrix_is_written_out():
    J, f = jacobian(NET), network(NET, X)
    q = np.exp(f - logsumexp(f, axis=1)[:, None])
    curvature = q[:, :, None] * np.eye(K) - q[:, :, None] * q[:, None, :]
    expected = np.einsum("i,ija,ijk,ikb->ab", WEIGHTS / N, J, curvature, J) + 0.01 * np.eye(P)
    for risk in (net(), net(losses=by_index)):
        G = risk.linearize_gauss_newton(NET)(np.eye(P))
        np.testing.assert_allclose(G, expected, atol=1e-8)
    risk = net(gauss_newton=True)
    np.testing.assert_allclose(risk.hessian(NET), expected, atol=1e-8)
    np.testing.assert_allclose(risk.hvp(NET, NET), expected @ NET, atol=1e-7)
    some = risk.example_hvp(NET, [3, 8])(np.eye(P))
    two = np.einsum(
        "i,ija,ijk,ikb->ab", WEIGHTS[[3, 8]] / 2, J[[3, 8]], curvature[[3, 8]], J[[3, 8]]
    )
    np.testing.assert_allclose(some, two, atol=1e-8)


def test_the_gauss_newton_matrix_is_not_indefinite_where_H_is():
    H, G = net().hessian(NET), net(gauss_newton=True).hessian(NET)
    assert np.linalg.eigvalsh(H)[0] < -1e-3
    assert np.linalg.eigvalsh(G)[0] > 0.01 - 1e-12  # the penalty, and what is not negative


def test_influence_on_a_network_stopped_early_takes_damping_or_gauss_newton():
    risk = net()
    theta = minimize(risk, NET, LBFGS(), Wolfe(), tol=1e-6, max_iter=15).x
    assert np.linalg.eigvalsh(risk.hessian(theta))[0] < 0.01
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # it is not finished, and says so
        damped = Influence(risk, theta, damping=0.5)
        by_products = Influence(risk, theta, damping=0.5, inverse_hvp=ConjugateGradient(rtol=1e-12))
        of_G = Influence(risk, theta, inverse_hvp=GaussNewton())
        of_itself = Influence(net(gauss_newton=True), theta)
    g = risk.example_gradients(theta)
    expected = np.linalg.solve(
        risk.hessian(theta) + 0.5 * np.eye(P), (WEIGHTS[:, None] * g / N).T
    ).T
    np.testing.assert_allclose(damped.removals(), expected, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(by_products.removals(), expected, rtol=1e-7, atol=1e-11)
    np.testing.assert_allclose(of_G.removals(), of_itself.removals(), rtol=1e-7, atol=1e-10)


def test_a_network_is_retrained_as_influence_predicts():
    risk = net(l2=0.02)
    theta = retrain(risk, minimize(risk, NET, LBFGS(), Wolfe(), tol=1e-6, max_iter=500).x)
    assert np.linalg.norm(risk.gradient(theta)) < 1e-10
    weights = WEIGHTS.copy()
    weights[3] *= 0.99  # a small step, on a risk that bends
    lighter = risk.reweighted(weights)
    moved = retrain(lighter, theta)
    assert np.linalg.norm(lighter.gradient(moved)) < 1e-10
    predicted = Influence(risk, theta).toward(lighter)
    assert np.linalg.norm(predicted - (moved - theta)) < 0.1 * np.linalg.norm(moved - theta) > 0


# All gradients of single examples in one pass.


@pytest.mark.parametrize("losses", [cross_entropy, by_index])
def test_gradients_of_single_examples_come_of_one_pass(losses, monkeypatch):
    monkeypatch.delattr(_rowwise.Rowwise, "_pulled_by_row")  # the loop
    risk = net(losses=losses)
    assert risk.example_gradients(NET).shape == (N, P)


FORMS = {
    "methods, stacked": lambda theta, X, y: (
        (anp.stack([X.T[0] * theta[0], X[:, 1] * theta[1] ** 2]).sum(axis=0) - y) ** 2
    ),
    "einsum": lambda theta, X, y: anp.einsum("ij,j->i", X, theta[[1, 0, 3, 2]]) ** 2,
    "where": lambda theta, X, y: anp.where(X @ theta > y, X @ theta, theta[0] * y) ** 2,
    "concatenated": lambda theta, X, y: anp.mean(
        anp.concatenate([X * theta, anp.ones((X.shape[0], 1)) * theta[0]], axis=1) ** 4, axis=1
    ),
    "squeezed": lambda theta, X, y: (
        anp.squeeze(anp.matmul(anp.expand_dims(X, 1), anp.expand_dims(theta, 1)), axis=(1, 2)) ** 2
    ),
    "norms": lambda theta, X, y: anp.sqrt(anp.sum((X - theta) ** 2, axis=-1) + 0.1),
    "swapped": lambda theta, X, y: anp.max(anp.swapaxes(X * theta, 0, 1), axis=0) + anp.var(theta),
    "if of the shape": lambda theta, X, y: X @ theta**3 if X.shape[1] == 4 else 0 * y,
    "total": lambda theta, X, y: anp.sum(theta**2) * anp.ravel(X[:, :1]) + anp.zeros_like(y),
    "arrays as indices": lambda theta, X, y: (
        (X * theta)[:, np.array([0, 1])][..., 1] ** 2 + theta[np.arange(2)][1] ** 3 * X[:, 0]
    ),
    "array": lambda theta, X, y: X @ anp.array([theta[0], theta[1], theta[0] * theta[2], 1.0]),
    "of one axis each": lambda theta, X, y: X[:, 0] * anp.dot(theta, theta) + anp.dot(X**2, theta),
}
LOOPED = {
    "a norm": lambda theta, X, y: anp.linalg.norm(X * theta, axis=1) ** 4,
    "a cumulated sum": lambda theta, X, y: anp.cumsum(X * theta, axis=1)[:, 2] ** 2,
    "labels as an index": lambda theta, X, y: by_index(X[:, :2] * theta[:2], y > 0),
}


@pytest.mark.parametrize("form", [*FORMS, *LOOPED])
def test_they_are_right_however_the_losses_are_written(form, monkeypatch):
    if form in FORMS:
        monkeypatch.delattr(_rowwise.Rowwise, "_pulled_by_row")
    losses = {**FORMS, **LOOPED}[form]
    found = AutogradRisk(losses, X, Y, THETA).example_gradients(THETA)
    steps = 1e-5 * np.eye(D)
    differences = [(losses(THETA + h, X, Y) - losses(THETA - h, X, Y)) / 2e-5 for h in steps]
    np.testing.assert_allclose(found, np.stack(differences, axis=1), rtol=1e-6, atol=1e-7)


def test_an_if_that_goes_by_the_first_row_is_noticed():
    def losses(theta, X, y):
        s = X @ theta
        return s**2 if s[0] < 0 else s**4 if len(X) == 1 else anp.where(s < 0, s**2, s**4)

    order = np.argsort(-(X @ THETA))  # the first row goes another way than most
    risk = AutogradRisk(losses, X[order], Y, THETA)
    s = X[order] @ THETA
    expected = np.where(s < 0, 2 * s, 4 * s**3)[:, None] * X[order]
    np.testing.assert_allclose(risk.example_gradients(THETA), expected, rtol=1e-10)


def test_many_rows_go_block_by_block(monkeypatch):
    whole = net().example_gradients(NET)
    monkeypatch.setattr(_rowwise, "BLOCK", 1)
    np.testing.assert_allclose(net().example_gradients(NET), whole, rtol=1e-12, atol=1e-15)


def test_rows_that_do_not_count_may_be_anything_but_wrong():
    """The order of rows does not matter, and neither does the company that they keep."""
    order = np.random.default_rng(3).permutation(N)
    shuffled = AutogradRisk(cross_entropy, X[order], CLASSES[order], NET, outputs=network)
    np.testing.assert_allclose(
        shuffled.example_gradients(NET), net().example_gradients(NET)[order], rtol=1e-9, atol=1e-14
    )


@pytest.mark.parametrize(
    "risk", [net(), net(losses=by_index), net(losses=network_losses, outputs=None)]
)
def test_gradients_at_several_thetas_are_those_at_each(risk, monkeypatch):
    rng = np.random.default_rng(8)
    thetas, weights = NET + rng.normal(size=(5, P)), rng.uniform(size=(5, N))
    alone = [risk.reweighted(w).gradient(t) for t, w in zip(thetas, weights, strict=True)]
    own = [risk.gradient(theta) for theta in thetas]
    for block in (2**13, 2 * N):
        monkeypatch.setattr("teachkit.risks.autograd.SIDE_BY_SIDE", block)
        np.testing.assert_allclose(risk.gradients(thetas, weights), alone, rtol=1e-9, atol=1e-13)
        np.testing.assert_allclose(risk.gradients(thetas), own, rtol=1e-9, atol=1e-13)
    assert risk.gradients(thetas[:0]).shape == (0, P)
    monkeypatch.setattr(_rowwise.Rowwise, "tape", None)  # the loop
    assert risk.gradients(thetas).shape == (5, P)


@pytest.mark.parametrize(
    "losses",
    [
        lambda t, X, y: (X @ t) ** 2 if t[0] > 0 else (X @ t) ** 4,
        lambda t, X, y: (X @ t) ** 2 if t[:1] > 0 else (X @ t) ** 4,
        lambda t, X, y: (X @ t) ** 2 if anp.sum(t[:1]) > 0 else (X @ t) ** 4,
        lambda t, X, y: anp.linalg.norm(X * t, axis=1),
    ],
)
def test_thetas_may_go_different_ways(losses):
    risk = AutogradRisk(losses, X, Y, THETA)
    thetas = np.stack([THETA, -THETA, THETA + 1])
    alone = [risk.gradient(theta) for theta in thetas]
    np.testing.assert_allclose(risk.gradients(thetas), alone, rtol=1e-10)


# One tape for many products.


def test_a_tape_is_kept_and_not_written_again():
    calls = []

    def counted(theta, X, y):
        calls.append(1)
        return network_losses(theta, X, y)

    risk = net(losses=counted, outputs=None)
    product = risk.linearize(NET)
    before = len(calls)
    product(np.eye(P)[:, :4])
    assert len(calls) == before
    product(NET)
    assert len(calls) == before


def test_nothing_is_remembered_of_theta():
    risk, theta = net(), NET.copy()
    first = risk.gradient(theta)
    theta += 0.5
    np.testing.assert_allclose(risk.gradient(theta), net().gradient(NET + 0.5), rtol=1e-13)
    theta -= 0.5
    np.testing.assert_allclose(risk.gradient(theta), first, rtol=1e-10)


def test_what_is_handed_in_may_change_afterwards():
    rows, labels, weights = X.copy(), Y.copy(), WEIGHTS.copy()
    risk = AutogradRisk(whole(logistic), rows, labels, THETA, weights=weights)
    before = risk.gradient(THETA)
    rows += 1
    labels *= -1
    weights += 1
    np.testing.assert_array_equal(risk.gradient(THETA), before)
    with pytest.raises(ValueError, match="read-only"):
        risk.X[0, 0] = 1.0
    other = risk.replaced(0, X[1], Y[1])
    assert risk.X[0, 0] == X[0, 0] and other.X[0, 0] == X[1, 0]
    assert other.weights is risk.weights and risk.reweighted(WEIGHTS).X is risk.X


def test_losses_that_work_in_place_change_nothing_of_ours():
    kept = np.empty(N)

    def losses(theta, X, y):
        found = (X @ theta - y) ** 2
        if isinstance(theta, np.ndarray):
            theta[:] = 7.0
            if len(found) == N:
                kept[:] = found
                return kept
        return found

    risk, theta = AutogradRisk(losses, X, Y, THETA), THETA.copy()
    first = risk.example_losses(theta)
    np.testing.assert_array_equal(theta, THETA)
    risk.example_losses(theta + 1)
    np.testing.assert_allclose(first, (X @ THETA - Y) ** 2)
    risk.example_gradients(theta)
    risk.gradients(theta[None])
    np.testing.assert_array_equal(theta, THETA)


def test_float32_stays_float32():
    theta = NET.astype("float32")
    risk = AutogradRisk(
        cross_entropy, X.astype("float32"), CLASSES, theta, outputs=network, l2=0.01
    )
    reference = AutogradRisk(cross_entropy, X, CLASSES, NET, outputs=network, l2=0.01)
    for ask in (
        lambda r, t: r.value(t),
        lambda r, t: r.gradient(t),
        lambda r, t: r.hessian(t),
        lambda r, t: r.linearize_gauss_newton(t)(t),
        lambda r, t: r.example_losses(t),
        lambda r, t: r.example_gradients(t),
        lambda r, t: r.input_gradient(t, 1, t),
        lambda r, t: r.gradient_at(t, r.X[:2], r.y[:2]),
    ):
        found, expected = ask(risk, theta), ask(reference, NET)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)
    with pytest.raises(TypeError, match="dtype float64"):
        risk.gradient(NET)


def test_a_wrong_derivative_is_noticed():
    @primitive
    def doubled(s):
        return 2.0 * s

    defvjp(doubled, lambda ans, s: lambda g: g)
    with pytest.raises(ValueError, match="finds the slope .* wrong derivative: an operation of"):
        AutogradRisk(lambda t, X, y: doubled(X @ t) ** 2, X, Y, THETA)

    def by_axes(axes):
        return lambda t, X, y: (
            X[:, 0] * anp.sum(anp.transpose(anp.reshape(t, (2, 2, 1)), axes)[0, :, 0] ** 3)
        )

    AutogradRisk(by_axes((1, 0, 2)), X, Y, [0.5, -1.2, 2.0, 0.3])
    with pytest.raises(ValueError, match="transpose with negative axes"):
        AutogradRisk(by_axes((-2, 0, 2)), X, Y, [0.5, -1.2, 2.0, 0.3])


def test_theta0_tells_the_dtype():
    risk = AutogradRisk(whole(square), X.astype(int), Y.astype(int), THETA.astype("float32"))
    assert {a.dtype for a in (risk.X, risk.y, risk.l2, risk.weights)} == {np.dtype("float32")}


def test_it_can_be_sent_to_another_process():
    risk = pickle.loads(pickle.dumps(net(gauss_newton=True)))
    np.testing.assert_allclose(risk.gradient(NET), net().gradient(NET), rtol=1e-12)
    assert risk.gauss_newton
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(AutogradRisk(lambda theta, X, y: X @ theta, X, Y, THETA))


# What it says of slips.

np_ = sys.modules["numpy"]


@pytest.mark.parametrize(
    ("losses", "error", "says"),
    [
        (
            lambda t, X, y: anp.mean((X @ t - y) ** 2),
            ValueError,
            "one number for 30 rows.*the mean",
        ),
        (lambda t, X, y: (X @ t)[:5], ValueError, r"shape \(5,\) for 30 rows.*\(30,\)"),
        (lambda t, X, y: (X @ t)[:, None], ValueError, r"\(30, 1\).*np.reshape\(losses, -1\)"),
        (lambda t, X, y: None, TypeError, "gives None: a `return` is missing"),
        (lambda t, X, y: anp.log(X @ t - 100), ValueError, "gave nan for row 0 at theta0"),
        (lambda t, X, y: (X @ t - y) ** 2 / len(y), ValueError, "division by the number of rows"),
        (
            lambda t, X, y: (X @ t - anp.mean(X @ t)) ** 2,
            ValueError,
            "first row is .* among 30 rows and 0 by itself",
        ),
        (lambda t, X, y: np_.exp(np_.dot(X, t)), TypeError, "import autograd.numpy as np"),
        (lambda t, X, y: anp.round(X @ t), ValueError, "do not depend on theta"),
        (lambda t, X, y: 1.0 * (y * (X @ t) < 0), ValueError, "do not depend on theta"),
        (lambda t, X, y: X[:, 0], ValueError, "do not depend on theta"),
        (lambda t, X, y: anp.sqrt(0 * (X @ t)), ValueError, "no finite derivative"),
        (lambda t, X, y: X @ t + 1j, TypeError, "array of losses has dtype complex"),
        (lambda t, X, y: 1 / 0 + X @ t, ValueError, "cannot be computed here"),
        (lambda t, X, y: (X @ t)[99], IndexError, "99"),
        ("losses", TypeError, "losses is 'losses'.*callable"),
    ],
)
def test_losses_that_are_none_are_told_at_once(losses, error, says):
    with pytest.raises(error, match=says):
        AutogradRisk(losses, X, Y, THETA)


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"theta0": np.ones((2, 2))}, ValueError, r"theta0 has shape \(2, 2\).*Flatten"),
        ({"theta0": [np.nan] * D}, ValueError, "theta0 holds nan"),
        ({"X": array_api_strict.asarray(X)}, TypeError, "X is an array of array_api_strict"),
        ({"y": array_api_strict.asarray(Y)}, TypeError, "y is an array of array_api_strict"),
        ({"weights": array_api_strict.asarray(Y)}, TypeError, "weights is an array of array_api_s"),
        ({"theta0": array_api_strict.asarray(THETA)}, TypeError, "X is an array of numpy"),
        ({"X": X[:, 0]}, ValueError, "one row per example"),
        ({"y": Y[:-1]}, ValueError, "one target per row"),
        ({"l2": -1.0}, ValueError, "a penalty is >= 0"),
        ({"weights": -np.ones(N)}, ValueError, "a weight is >= 0"),
        ({"gauss_newton": True}, TypeError, "gauss_newton=True needs the outputs"),
        ({"outputs": 3}, TypeError, "outputs is 3; it has to be a callable"),
        ({"outputs": lambda t, X: anp.sum(X @ t)}, ValueError, "outputs gave one number"),
    ],
)
def test_bad_input_is_told_in_a_sentence(given, error, says):
    losses = logistic if "outputs" in given else whole(logistic)
    given = {"X": X, "y": Y, "theta0": THETA} | given
    with pytest.raises(error, match=says):
        AutogradRisk(losses, given.pop("X"), given.pop("y"), given.pop("theta0"), **given)


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (lambda r: r.gradient(THETA[:2]), ValueError, r"theta has shape \(2,\)"),
        (lambda r: r.gradient(THETA * np.nan), ValueError, "theta holds nan"),
        (lambda r: r.linearize(THETA)(V[:2]), ValueError, r"v has shape \(2, 3\)"),
        (lambda r: r.loss_at(THETA, X[:, :2], Y), ValueError, "X_test has shape"),
        (lambda r: r.gradient_at(THETA, X[:2], Y), ValueError, "y_test has shape"),
        (lambda r: r.input_gradient(THETA, N, THETA), IndexError, "numbered 0 to 29"),
        (lambda r: r.input_gradient(THETA, 0, THETA[:1]), ValueError, "s has shape"),
        (lambda r: r.example_hvp(THETA, []), ValueError, "empty"),
        (lambda r: r.replaced(0, X[0, :2], 1), ValueError, r"x has shape \(2,\)"),
        (lambda r: r.replaced(0, X[0] * np.inf, 1), ValueError, "x holds"),
        (lambda r: r.reweighted(Y), ValueError, "a weight is >= 0"),
        (
            lambda r: r.gradients(THETA),
            ValueError,
            r"thetas has shape \(4,\); it has to be \(k, 4\)",
        ),
        (lambda r: r.gradients(V.T, Y), ValueError, r"weights has shape \(30,\).*\(3, 30\)"),
        (
            lambda r: r.linearize_gauss_newton(THETA),
            TypeError,
            "Gauss-Newton matrix needs the outputs",
        ),
    ],
)
def test_bad_questions_are_told_in_a_sentence(ask, error, says):
    with pytest.raises(error, match=says):
        ask(AutogradRisk(whole(logistic), X, Y, THETA))


def test_a_kink_met_on_the_way_is_told_with_what_to_write():
    risk = AutogradRisk(lambda t, X, y: (X @ t - y) ** 2 + anp.linalg.norm(t) ** 2, X, Y, THETA)
    with pytest.raises(ValueError, match=r"no finite derivative.*np.sum\(w\*\*2\)"):
        risk.gradient(np.zeros(D))
    fit = minimize(risk, np.zeros(D), LBFGS(), Wolfe())
    assert not fit.converged and "no finite derivative" in fit.message


def test_a_missing_second_derivative_is_told():
    risk = AutogradRisk(lambda t, X, y: anp.sum(t**2) ** 0.75 * X[:, 0] ** 2 + X @ t, X, Y, THETA)
    assert np.all(np.isfinite(risk.hessian(THETA)))
    with pytest.raises(ValueError, match="no finite derivative"):
        risk.hessian(np.zeros(D))


def test_a_line_search_may_look_where_losses_overflow():
    risk = AutogradRisk(lambda t, X, y: anp.exp(X @ t) - y * (X @ t), X, Y + 2, 0 * THETA)
    assert risk.value(2000.0 * THETA) == np.inf
    fit = minimize(risk, 9.0 * THETA, tol=1e-8)
    assert fit.converged


def test_without_autograd_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "autograd", None)
    with pytest.raises(ImportError, match="AutogradRisk needs the package 'autograd'"):
        AutogradRisk(whole(logistic), X, Y, THETA)


def test_it_says_what_it_is():
    assert repr(net()) == f"AutogradRisk(n={N}, p={P}, losses=cross_entropy)"
