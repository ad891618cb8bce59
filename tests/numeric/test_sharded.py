"""A risk in shards gives the numbers of the whole, whoever computes them, and holds little."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import time
import tracemalloc
import weakref
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from threading import Event
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest

from teachkit.arrays import to_numpy
from teachkit.derivatives import hvp_test
from teachkit.influence import Influence
from teachkit.inverse_hvp import ConjugateGradient, GaussNewton, Lissa
from teachkit.losses import Logistic, SmoothHinge, Square, SquaredHinge
from teachkit.optimize import LBFGS, NewtonCG, minimize
from teachkit.retraining import leave_one_out, retrain, retrain_with, retrain_without
from teachkit.risks import (
    AutogradRisk,
    KernelRisk,
    LinearRisk,
    ShardedRisk,
    SoftmaxRisk,
    multilayer,
)
from tests.numeric.test_handwritten_risk import PoissonRisk, PoissonRiskWithLeverages

pytestmark = pytest.mark.filterwarnings("error")

N, D, M = 31, 4, 5
CUTS = [0, 9, 10, 22, 31]  # unequal, and one of one row
RNG = np.random.default_rng(3)
X = np.column_stack([RNG.normal(size=(N, D - 1)), np.ones(N)])
SCORE = X @ RNG.normal(size=D) + RNG.normal(size=N)
Y = np.where(SCORE > 0.2, 1.0, -1.0)
CLASS = np.digitize(SCORE, [-0.6, 0.8])
W = RNG.uniform(0.3, 2.0, size=N)
W[[3, 12]] = 0.0
L2 = np.array([0.1, 0.2, 0.3, 0.05])
X_TEST = np.column_stack([RNG.normal(size=(M, D - 1)), np.ones(M)])
Y_TEST = np.where(RNG.random(M) < 0.5, 1.0, -1.0)
CLASS_TEST = RNG.integers(3, size=M)
NET = multilayer((D, 2, 1), "softplus")


def linear(loss, rows, y=Y):
    return LinearRisk(X[rows], y[rows], loss, l2=L2, weights=W[rows], classes=2)


def softmax(rows):
    l2 = np.repeat(L2, 3)
    return SoftmaxRisk(X[rows], CLASS[rows], l2=l2, weights=W[rows], classes=3)


def squares(f, y):
    return (f - y) ** 2


def score(theta, X):
    return anp.tanh(X @ theta)


def in_code(rows):
    return AutogradRisk(
        squares, X[rows], Y[rows], np.zeros(D), outputs=score, l2=L2, weights=W[rows]
    )


def network(rows):
    start = NET.initial(0)
    return AutogradRisk(
        NET.losses, X[rows], Y[rows], start, outputs=NET.outputs, l2=0.3, weights=W[rows]
    )


def by_hand(rows, kind=PoissonRisk):
    return kind(X[rows], np.abs(np.round(SCORE))[rows], W[rows], L2)


@dataclass(frozen=True)
class Kind:
    """How a risk of some rows is made, and test points for it."""

    make: Any
    y_test: np.ndarray = field(default_factory=lambda: Y_TEST)

    @property
    def whole(self):
        return self.make(slice(None))

    def loaders(self):
        rows = [slice(a, b) for a, b in pairwise(CUTS)]
        return [partial(self.make, r) for r in rows]

    def sharded(self, executor=None):
        return ShardedRisk([load() for load in self.loaders()], executor)

    def start(self):
        return NET.initial(0) if self.make is network else np.zeros(self.whole.p)


KINDS = {
    "square": Kind(partial(linear, Square(), y=SCORE)),
    "logistic": Kind(partial(linear, Logistic())),
    "smooth hinge": Kind(partial(linear, SmoothHinge(0.5))),
    "squared hinge": Kind(partial(linear, SquaredHinge())),
    "softmax": Kind(softmax, CLASS_TEST),
    "in code": Kind(in_code),
    "network": Kind(network),
    "by hand": Kind(by_hand),
    "by hand, with leverages": Kind(partial(by_hand, kind=PoissonRiskWithLeverages)),
}


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


LOGISTIC = KINDS["logistic"]


def close(ours, reference, rtol=1e-10):
    ours, reference = to_numpy(ours), to_numpy(reference)
    assert ours.shape == reference.shape
    np.testing.assert_allclose(ours, reference, rtol=0, atol=rtol * np.max(np.abs(reference)))


def some_theta(risk):
    return 0.3 * np.random.default_rng(1).normal(size=risk.p)


# The oracles.

ORACLES = {
    "value": lambda r, t, v: r.value(t),
    "gradient": lambda r, t, v: r.gradient(t),
    "value_and_gradient": lambda r, t, v: np.append(r.gradient(t), r.value(t)),
    "hessian": lambda r, t, v: r.hessian(t),
    "linearize, one vector": lambda r, t, v: r.linearize(t)(v[:, 0]),
    "linearize, several": lambda r, t, v: r.linearize(t)(v),
    "hvp": lambda r, t, v: r.hvp(t, v),
    "example_losses": lambda r, t, v: r.example_losses(t),
    "example_gradients": lambda r, t, v: r.example_gradients(t),
    "loss_at": lambda r, t, v: r.loss_at(t, X_TEST, np.abs(Y_TEST)),
    "gradient_at": lambda r, t, v: r.gradient_at(t, X_TEST, np.abs(Y_TEST)),
    "input_gradient": lambda r, t, v: np.stack([r.input_gradient(t, i, v[:, 0]) for i in (9, 30)]),
    "reweighted": lambda r, t, v: r.reweighted(W[::-1]).gradient(t),
    "without the shard of one row": lambda r, t, v: both(r.reweighted(all_but([9])), t, v),
    "without two shards": lambda r, t, v: both(r.reweighted(all_but(range(9, 22))), t, v),
    "back again": lambda r, t, v: both(r.reweighted(all_but([9])).reweighted(W), t, v),
    "replaced": lambda r, t, v: both(r.replaced(10, X[0], r.y[1]), t, v),
    "replaced, then reweighted": lambda r, t, v: both(
        r.replaced(9, X[0], r.y[1]).reweighted(all_but([9])), t, v
    ),
    "reweighted, then replaced": lambda r, t, v: both(
        r.reweighted(all_but([9])).replaced(9, X[0], r.y[1]), t, v
    ),
}
OPTIONAL = {
    "example_curvatures": lambda r, t, v: r.example_curvatures(t),
    "example_hvp": lambda r, t, v: r.example_hvp(t, [22, 1, 9, 2, 30])(v),
    "hessian_diagonal": lambda r, t, v: r.hessian_diagonal(t),
    "hessian_root": lambda r, t, v: (lambda A: A.T @ A)(r.hessian_root(t)),
    "leverages": lambda r, t, v: r.leverages(t, lambda b: np.linalg.solve(r.hessian(t), b)),
    "linearize_gauss_newton": lambda r, t, v: r.linearize_gauss_newton(t)(v),
}


def both(risk, theta, v):
    H = risk.linearize(theta)(v)
    return np.concatenate([risk.gradient(theta), H.ravel(), [risk.value(theta)], risk.y])


def all_but(indices):
    w = W.copy()
    w[list(indices)] = 0.0
    return w


@pytest.mark.parametrize("oracle", ORACLES)
def test_every_oracle_is_that_of_the_whole(oracle, kind):
    sharded, whole = kind.sharded(), kind.whole
    theta = some_theta(whole)
    v = np.random.default_rng(2).normal(size=(whole.p, 3))
    close(ORACLES[oracle](sharded, theta, v), ORACLES[oracle](whole, theta, v))


@pytest.mark.parametrize("oracle", OPTIONAL)
def test_what_is_optional_is_there_where_every_shard_has_it(oracle, kind):
    sharded, whole = kind.sharded(), kind.whole
    has = callable(getattr(whole, oracle, None))
    assert callable(getattr(sharded, oracle, None)) == has
    if has:
        theta, v = some_theta(whole), np.random.default_rng(2).normal(size=(whole.p, 3))
        close(OPTIONAL[oracle](sharded, theta, v), OPTIONAL[oracle](whole, theta, v))


def test_products_with_all_gradients_form_none_of_them(kind):
    sharded, whole = kind.sharded(), kind.whole
    theta, rng = some_theta(whole), np.random.default_rng(2)
    G, g = sharded.gradient_matrix(theta), whole.example_gradients(theta)
    S, s, U, u = (rng.normal(size=k) for k in ((whole.p, 3), whole.p, (2, N), N))
    close(G @ S, g @ S)
    close(G @ s, g @ s)
    close(G.T @ U.T, g.T @ U.T)
    close(G.T @ u, g.T @ u)
    close(G[22, :], g[22, :])
    close(G[8:23, :], g[8:23, :])
    close(G.rows([30, 0, 9]), g[[30, 0, 9]])
    assert G.shape == g.shape


def test_its_products_are_those_of_a_hessian(kind):
    risk = kind.sharded()
    assert hvp_test(risk.linearize(th := some_theta(risk)), risk.gradient, th).verdict == "right"


def test_parts_of_it(kind):
    risk, whole = kind.sharded(), kind.whole
    assert (risk.n, risk.p) == (whole.n, whole.p)
    assert [s.stop for s in risk.slices] == CUTS[1:]
    for name in ("y", "weights", "l2"):
        np.testing.assert_array_equal(getattr(risk, name), getattr(whole, name))
    np.testing.assert_array_equal(risk.X[9, :], X[9])
    np.testing.assert_array_equal(risk.X[5:25], X[5:25])
    assert risk.X.shape == X.shape
    assert f"n={N}, p={whole.p}, 4 shards" in repr(risk)


# What is built on them.

QUESTIONS = {
    "up_params": lambda f, X, y: f.up_params(9),
    "s_test": lambda f, X, y: f.s_test(X, y),
    "up_loss": lambda f, X, y: f.up_loss(X, y),
    "up_loss, one point": lambda f, X, y: f.up_loss(X[0, :], y[0]),
    "up_loss, more points than n": lambda f, X, y: f.up_loss(np.tile(X, (8, 1)), np.tile(y, 8)),
    "up_loss, by s_test": lambda f, X, y: f.up_loss(s_test=f.s_test(X, y)),
    "up_loss, of others": lambda f, X, y: f.up_loss(X, y, of=(X, y)),
    "self_influence": lambda f, X, y: f.self_influence(),
    "overall_effect": lambda f, X, y: f.overall_effect(),
    "overall_effect on the loss": lambda f, X, y: f.overall_effect("loss"),
    "reweighting": lambda f, X, y: f.reweighting(np.cos(np.arange(N))),
    "toward": lambda f, X, y: f.toward(f.risk.reweighted(W[::-1]), leverage=True),
    "removal": lambda f, X, y: f.removal([9, 0, 25]),
    "removal, leverage": lambda f, X, y: f.removal([9, 0, 25], leverage=True),
    "removals": lambda f, X, y: f.removals(),
    "removals of some": lambda f, X, y: f.removals([22, 9, 0]),
    "leave_one_out_loss": lambda f, X, y: f.leave_one_out_loss(X, y),
    "perturbation": lambda f, X, y: f.perturbation(9, 0.1 * np.ones(D)),
    "pert_loss": lambda f, X, y: f.pert_loss(22, X[0, :], y[0]),
}
WITH_LEVERAGES = {
    "removals, leverage": lambda f, X, y: f.removals(leverage=True),
    "rescaled_removal": lambda f, X, y: f.rescaled_removal([9, 0, 25]),
    "leave_one_out_loss, leverage": lambda f, X, y: f.leave_one_out_loss(X, y, leverage=True),
}


@pytest.mark.parametrize("method", ["cholesky", ConjugateGradient(rtol=1e-13)])
def test_influence_asks_it_as_it_asks_any(kind, method):
    whole = kind.whole
    theta = retrain(whole, kind.start())
    ours = Influence(kind.sharded(), theta, inverse_hvp=method)
    theirs = Influence(whole, theta, inverse_hvp=method)
    questions = QUESTIONS | (WITH_LEVERAGES if hasattr(whole, "leverages") else {})
    y_test = np.abs(kind.y_test)
    for name, ask in questions.items():
        try:
            close(ask(ours, X_TEST, y_test), ask(theirs, X_TEST, y_test), 1e-9)
        except AssertionError as error:
            raise AssertionError(name) from error
    close(ours.gradients[:, :], theirs.gradients)


def test_lissa_and_gauss_newton_too():
    for kind, method in (
        (LOGISTIC, Lissa(depth=50, repeats=2)),
        (LOGISTIC, Lissa(depth=50, repeats=2, batch=4)),
        (KINDS["by hand"], Lissa(depth=20, repeats=1)),
        (KINDS["in code"], GaussNewton()),
    ):
        theta = retrain(kind.whole, kind.start())
        found = [
            Influence(risk, theta, inverse_hvp=method).up_loss(X_TEST, Y_TEST)
            for risk in (kind.sharded(), kind.whole)
        ]
        close(*found)


def test_fits_and_retrainings_are_those_of_the_whole(kind):
    risk, whole = kind.sharded(), kind.whole
    theta = retrain(whole, kind.start())
    close(retrain(risk, kind.start()), theta, 1e-9)
    y = risk.y[0]
    close(retrain_with(risk, theta, 9, X[0], y), retrain_with(whole, theta, 9, X[0], y), 1e-9)
    close(retrain_without(risk, theta, [9, 1]), retrain_without(whole, theta, [9, 1]), 1e-9)
    chosen = [25, 9, 3]
    close(leave_one_out(risk, theta, chosen), leave_one_out(whole, theta, chosen), 1e-8)


@pytest.mark.parametrize("direction", [LBFGS(), NewtonCG()])
def test_solvers_see_no_difference(direction):
    found = [
        minimize(r, np.zeros(D), direction=direction, tol=1e-10).x
        for r in (LOGISTIC.sharded(), LOGISTIC.whole)
    ]
    close(*found, 1e-8)


def test_far_columns_have_a_factor_by_the_roots_of_the_shards():
    years = X.copy()
    years[:, 0] += 2e7

    def make(rows):
        return LinearRisk(years[rows], SCORE[rows], Square())

    rows = [slice(a, b) for a, b in pairwise(CUTS)]
    risk, whole = ShardedRisk([make(r) for r in rows]), make(slice(None))
    theta = retrain(whole, np.zeros(D))
    ours, theirs = (Influence(r, theta) for r in (risk, whole))
    assert ours.solve.of_root and theirs.solve.of_root
    close(ours.self_influence(), theirs.self_influence(), 1e-6)
    close(ours.removals(leverage=True), theirs.removals(leverage=True), 1e-6)


@pytest.mark.parametrize("method", ["cholesky", "conjugate_gradient"])
def test_leverages_have_the_digits_of_the_whole_where_one_point_is_far_out(method):
    far = X.copy()
    far[20, :2] *= 1e3

    def make(rows):
        return LinearRisk(far[rows], SCORE[rows], Square(), l2=1e-3)

    whole = make(slice(None))
    sharded = ShardedRisk([make(slice(a, b)) for a, b in pairwise(CUTS)])
    theta = retrain(whole, np.zeros(D))
    ours, theirs = (Influence(r, theta, inverse_hvp=method) for r in (sharded, whole))
    close(ours.removals(leverage=True), theirs.removals(leverage=True))


def test_classes_without_a_penalty_are_centred():
    def make(rows):
        return SoftmaxRisk(X[rows], CLASS[rows], classes=3)

    rows = [slice(a, b) for a, b in pairwise(CUTS)]
    risk, whole = ShardedRisk([make(r) for r in rows]), make(slice(None))
    with pytest.raises(ValueError, match=r"risk.centred\(\)"):
        retrain(risk, np.zeros(3 * D))
    theta = retrain(whole.centred(), np.zeros(3 * D))
    close(retrain(risk.centred(), np.zeros(3 * D)), theta, 1e-9)
    without = risk.centred().reweighted(np.where(np.arange(N) == 9, 0.0, 1.0))
    close(without.hessian(theta), whole.centred().reweighted(without.weights).hessian(theta))


def test_it_lives_where_its_arrays_do(xp_device):
    put = xp_device.array
    rows = [slice(a, b) for a, b in pairwise(CUTS)]
    risk = ShardedRisk(
        LinearRisk(put(X[r]), put(Y[r]), Logistic(), l2=put(L2), weights=put(W[r]), classes=2)
        for r in rows
    )
    theta = retrain(risk, put(np.zeros(D)))
    found = Influence(risk, theta)
    reference = Influence(LOGISTIC.whole, to_numpy(theta))
    of_numpy = {"up_loss, more points than n", "reweighting", "toward", "perturbation"}
    for name, ask in (QUESTIONS | WITH_LEVERAGES).items():
        if name not in of_numpy:
            assert xp_device.holds(ask(found, put(X_TEST), put(Y_TEST)), "float64"), name
    close(found.self_influence(), reference.self_influence(), 1e-9)
    close(found.up_loss(put(X_TEST), put(Y_TEST)), reference.up_loss(X_TEST, Y_TEST), 1e-9)


# Who computes.


def later_first(shard, k):
    """The first shard answers last."""
    time.sleep(0.05 if shard.n == 9 else 0.0)
    return shard.n + k


def test_threads_give_the_same_numbers_to_the_last_digit():
    alone, theta = LOGISTIC.sharded(), some_theta(LOGISTIC.whole)
    with ThreadPoolExecutor(3) as executor:
        risk = LOGISTIC.sharded(executor)
        assert list(risk.each(later_first, 100)) == [109, 101, 112, 109]
        for oracle in ("gradient", "hessian", "example_losses"):
            ours, theirs = (getattr(r, oracle)(theta) for r in (risk, alone))
            np.testing.assert_array_equal(ours, theirs)
        np.testing.assert_array_equal(risk.linearize(theta)(L2), alone.linearize(theta)(L2))
        influence = Influence(risk, retrain(risk, theta))
        close(
            influence.leave_one_out_loss(X_TEST, Y_TEST, leverage=True),
            Influence(LOGISTIC.whole, influence.theta).leave_one_out_loss(
                X_TEST, Y_TEST, leverage=True
            ),
        )
    with pytest.raises(RuntimeError, match="shutdown"):
        risk.gradient(theta)


def ends_here(shard):
    os._exit(1)


def test_processes_give_them_too():
    theta = some_theta(LOGISTIC.whole)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        for shards in (LOGISTIC.loaders(), [load() for load in LOGISTIC.loaders()]):
            risk = ShardedRisk(shards, executor)
            close(risk.linearize(theta)(L2), LOGISTIC.whole.hvp(theta, L2))
            without = risk.reweighted(all_but([9, 2])).gradient(theta)
            close(without, LOGISTIC.whole.reweighted(all_but([9, 2])).gradient(theta))

        class Local(LinearRisk):
            pass

        with pytest.raises(TypeError, match=r"cannot be sent to another process.*ThreadPool"):
            ShardedRisk([Local(X, SCORE, Square())], executor)
        with pytest.raises(TypeError, match="cannot be sent to another process"):
            ShardedRisk([lambda: LOGISTIC.whole], executor)
        with pytest.raises(RuntimeError, match="worker of the executor ended without an answer"):
            list(risk.each(ends_here))
    with pytest.raises(TypeError, match="asks an executor cannot be pickled"):
        pickle.dumps(risk)
    assert pickle.loads(pickle.dumps(LOGISTIC.sharded())).value(theta) == LOGISTIC.sharded().value(
        theta
    )


def test_an_error_in_a_shard_is_raised_here_and_the_rest_is_cancelled():
    done, cancelled = [], Event()

    def broken(shard):
        done.append(shard.n)
        if len(done) > 1:
            assert cancelled.wait(60)
        raise ZeroDivisionError("no such shard")

    with ThreadPoolExecutor(1) as executor:
        risk = LOGISTIC.sharded(executor)
        with pytest.raises(ZeroDivisionError, match="no such shard"):
            list(risk.each(broken))
        cancelled.set()
    assert len(done) <= 2  # the one that broke, and one that had begun by then


# What is held.


def mapped(path, rows, shape):
    data = np.memmap(path, dtype=float, mode="r", shape=shape)[rows]
    return LinearRisk(data[:, :-1], data[:, -1], Logistic(), l2=0.01, classes=2)


class Opened:
    """Loads a shard, and counts how often and how many are in memory at once."""

    loads = 0
    at_once: list[int] = []
    alive: set[int] = set()

    def __init__(self, load):
        self.load = load

    def __call__(self):
        risk = self.load()
        Opened.loads += 1
        weakref.finalize(risk, Opened.alive.discard, id(self))
        Opened.alive.add(id(self))
        Opened.at_once.append(len(Opened.alive))
        return risk


def test_data_of_four_times_a_budget_pass_through_one_shard_at_a_time(tmp_path):
    n, d, count = 20_000, 100, 32
    rng, path = np.random.default_rng(0), tmp_path / "data.bin"
    data = np.column_stack([rng.normal(size=(n, d)), np.zeros(n)])
    data[:, -1] = np.where(data[:, 0] + rng.normal(size=n) > 0, 1.0, -1.0)
    np.memmap(path, dtype=float, mode="w+", shape=data.shape)[:] = data
    whole = LinearRisk(data[:, :-1], data[:, -1], Logistic(), l2=0.01)
    theta = retrain(whole, np.zeros(d))
    points = data[:3, :-1], data[:3, -1]
    expected = Influence(whole, theta)
    reference = expected.up_loss(*points), expected.self_influence()
    budget = data.nbytes // 4
    del data, whole, expected

    size = n // count
    Opened.loads, Opened.at_once, Opened.alive = 0, [], set()
    rows = [slice(k * size, (k + 1) * size) for k in range(count)]
    shards = [Opened(partial(mapped, path, r, (n, d + 1))) for r in rows]
    tracemalloc.start()
    try:
        risk = ShardedRisk(shards)
        assert Opened.loads == count
        found = retrain(risk, np.zeros(d))
        before = Opened.loads
        risk.gradient(found)
        assert Opened.loads == before + count
        influence = Influence(risk, found)
        ours = influence.up_loss(*points), influence.self_influence()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert max(Opened.at_once) == 1
    assert peak < budget
    close(found, theta, 1e-9)
    close(ours[0], reference[0], 1e-9)
    close(ours[1], reference[1], 1e-9)


# What is refused.


def load(k):
    return LOGISTIC.loaders()[k]()


def one(*, l2=L2, loss=None, columns=slice(None), rows=slice(0, 9), dtype=float):
    given = X[rows, columns].astype(dtype), Y[rows].astype(dtype)
    return LinearRisk(*given, loss or Logistic(), l2=l2, classes=2)


TWICE = one()
OTHER = slice(9, None)
REFUSED = {
    "none": (list, ValueError, "shards is empty"),
    "no list": (lambda: TWICE, TypeError, r"list of risks.*ShardedRisk\(\[risk_1"),
    "a function": (lambda: load, TypeError, "list of risks"),
    "no risk": (lambda: [TWICE, 3], TypeError, "Shard 1 is 3; a shard is a risk such as"),
    "loads none": (
        lambda: [TWICE, lambda: None],
        TypeError,
        "Shard 1 was loaded and is None.*return",
    ),
    "p": (
        lambda: [TWICE, one(columns=[0, 1], l2=0.1, rows=OTHER)],
        ValueError,
        "Shard 1 has p = 2 parameters and shard 0 has p = 4",
    ),
    "l2": (
        lambda: [one(l2=0.1), one(l2=0.2, rows=OTHER)],
        ValueError,
        r"Shard 1 has the penalty l2 = 0\.2 and shard 0 has the penalty l2 = 0\.1",
    ),
    "loss": (
        lambda: [TWICE, one(loss=SmoothHinge(0.2), rows=OTHER)],
        ValueError,
        r"Shard 1 has the loss SmoothHinge\(t=0\.2\) and shard 0 has the loss Logistic\(\)",
    ),
    "kind": (
        lambda: [TWICE, in_code(OTHER)],
        ValueError,
        "Shard 1 is a AutogradRisk and shard 0 is a LinearRisk",
    ),
    "classes": (
        lambda: [softmax(slice(0, 9)), SoftmaxRisk(X[9:], CLASS[9:] % 2, l2=1.0)],
        ValueError,
        "SoftmaxRisk.*classes=K",
    ),
    "dtype": (
        lambda: [TWICE, one(rows=OTHER, dtype=np.float32)],
        TypeError,
        "Shard 1 holds float32 and shard 0 float64",
    ),
    "shards in shards": (
        lambda: [ShardedRisk([TWICE]), ShardedRisk([one(rows=OTHER)])],
        TypeError,
        "Shard 0 is a ShardedRisk.*side by side",
    ),
    "one class": (
        lambda: [one(rows=np.flatnonzero(Y > 0)[:4]), one(rows=np.flatnonzero(Y > 0)[4:])],
        ValueError,
        "only one class",
    ),
    "the same risk": (lambda: [TWICE, TWICE], ValueError, "Shards 0 and 1 are the same"),
    "late binding": (
        lambda: [lambda: load(k) for k in range(3)],  # noqa: B023
        ValueError,
        r"Shards 0 and 1 are the same.*sees the last k.*partial\(load, k\)",
    ),
    "kernel": (
        lambda: [KernelRisk(X, Y, Logistic(), gamma=1.0, l2=0.1)],
        TypeError,
        "KernelRisk, whose parameters belong to its own training points",
    ),
    "executor": (lambda: ShardedRisk([TWICE], 4), TypeError, "executor is 4, without submit"),
    "client": (lambda: ShardedRisk.on_dask(4, [TWICE]), TypeError, "client is 4, without submit"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_risk_in_shards_is_told_in_a_sentence(case):
    shards, error, says = REFUSED[case]
    with pytest.raises(error, match=says):
        ShardedRisk(shards())


@pytest.mark.parametrize(
    ("again", "says"),
    [
        (lambda: linear(Logistic(), slice(0, 12)), "it has n = 12 in the place of 9"),
        (lambda: linear(Logistic(), slice(8, None, -1)), "another weights, another y, another X"),
        (lambda: linear(Logistic(), slice(0, 9)).reweighted(np.ones(9)), "it has another weights"),
        (lambda: None, "Shard 0 was loaded and is None"),
    ],
)
def test_a_shard_that_is_another_when_it_is_loaded_again_is_told(again, says):
    first, second = partial(linear, Logistic(), slice(0, 9)), partial(linear, Logistic())
    loads = iter([first, first, again])
    risk = ShardedRisk([lambda: next(loads)(), partial(second, slice(9, 31))])
    close(risk.gradient(np.zeros(D)), LOGISTIC.whole.gradient(np.zeros(D)))
    with pytest.raises((ValueError, TypeError), match=says):
        risk.example_losses(np.zeros(D))


class Seen(PoissonRisk):
    """Its y say whether something was seen; a number is taken as well."""

    def replaced(self, i, x, y):
        return PoissonRisk(self.X, self.y.astype(float), self.weights, self.l2).replaced(i, x, y)


@pytest.mark.parametrize("kind", [bool, np.int8, np.uint8])
def test_targets_of_any_kind_are_looked_at_when_a_shard_is_loaded_again(kind):
    y = (Y > 0).astype(kind)
    loads = iter([Y > 0, Y > 0, Y < 0])
    risk = ShardedRisk([lambda: Seen(X, next(loads).astype(kind), W, L2)])
    close(risk.gradient(L2), PoissonRisk(X, y.astype(float), W, L2).gradient(L2))
    with pytest.raises(ValueError, match="it has another y"):
        risk.gradient(L2)


def test_a_target_that_is_exchanged_may_be_of_another_kind():
    shards = [Seen(X[at], (Y > 0).astype(int)[at], W[at], L2) for at in (slice(9), slice(9, N))]
    risk = ShardedRisk(shards).replaced(12, X[0], 0.5)
    assert risk.y[12] == 0.5
    np.testing.assert_array_equal(np.delete(risk.y, 12), np.delete(Y > 0, 12))


class Fixed(PoissonRisk):
    """Its points stay where they are."""

    def replaced(self, i, x, y):
        raise TypeError("No example can be exchanged here.")


def test_shards_in_which_no_point_can_move_say_so():
    risk = Kind(partial(by_hand, kind=Fixed)).sharded()
    influence = Influence(risk, retrain(risk, np.zeros(D)))
    with pytest.raises(TypeError, match="No example can be exchanged here"):
        influence.perturbation(12, np.ones(D))


def no_file():
    raise OSError("no such file")


@pytest.mark.parametrize("many", [None, ThreadPoolExecutor])
def test_which_shard_could_not_be_loaded_is_told(many):
    with (
        nullcontext() if many is None else many(1) as executor,
        pytest.raises(OSError, match="no such file") as raised,
    ):
        ShardedRisk([partial(linear, Logistic(), slice(0, 9)), no_file], executor)
    assert raised.value.__notes__ == ["It was raised by the function that loads shard 1."]


def test_of_what_is_in_shards_whole_rows_are_fetched_and_nothing_else_is_guessed():
    risk = LOGISTIC.sharded()
    G = Influence(risk, retrain(risk, np.zeros(D))).gradients
    for A in (risk.X, G):
        assert A[np.int64(3)].shape == (D,) and A[5:7].shape == (2, D)
        for at in ((slice(None), 0), (3, 1), [1, 2], 1.5, Y > 0, True):
            with pytest.raises(TypeError, match="whole rows are fetched"):
                A[at]
    assert len(risk.X) == N
    with pytest.raises(TypeError, match="stays where the shards are"):
        np.asarray(risk.X)


def test_an_executor_that_was_shut_down_is_told():
    with ThreadPoolExecutor(1) as executor:
        risk = LOGISTIC.sharded(executor)
    with pytest.raises(RuntimeError, match=r"takes no more work.*with` block has ended"):
        risk.value(np.zeros(D))
    with pytest.raises(RuntimeError, match="takes no more work"):
        leave_one_out(in_code(slice(None)), np.zeros(D), [1], executor=executor)


def test_functions_that_differ_are_told_apart():
    risk = ShardedRisk([lambda k=k: load(k) for k in range(4)])
    close(risk.gradient(L2), LOGISTIC.whole.gradient(L2))
    assert ShardedRisk([lambda: load(0), lambda: load(1)]).n == 10


class Sums(PoissonRisk):
    """Its gradient lacks the 1/n."""

    def gradient(self, theta):
        return self.n * super().gradient(theta)


class Halved(PoissonRisk):
    """Its H is half of what it ought to be."""

    def linearize(self, theta):
        product = super().linearize(theta)
        return lambda v: 0.5 * product(v)


@pytest.mark.parametrize(
    ("kind", "says"), [(Sums, "gradient is 9 times the mean"), (Halved, r"linearize.* 0\.5 times")]
)
def test_parts_of_a_shard_that_do_not_belong_together_are_told(kind, says):
    theta = retrain(KINDS["by hand"].whole, np.zeros(D))
    risk = Kind(partial(by_hand, kind=kind)).sharded()
    with pytest.raises(ValueError, match=f"parts of {kind.__name__} do not belong.*{says}"):
        Influence(risk, theta, inverse_hvp="conjugate_gradient")


class OtherGradients(LinearRisk):
    """What it inherits beside them is not asked."""

    def example_gradients(self, theta):
        return 2.0 * super().example_gradients(theta)


def test_inherited_products_are_not_those_of_other_gradients():
    risk = ShardedRisk([OtherGradients(X, SCORE, Square())])
    G = risk.gradient_matrix(L2)
    expected = 2.0 * LinearRisk(X, SCORE, Square()).example_gradients(L2)
    close(G @ L2, expected @ L2)
    close(G.T @ W, expected.T @ W)
    close(G[3:5, :], expected[3:5])


def test_its_own_executor_is_not_taken_to_refit():
    with ThreadPoolExecutor(1) as executor:
        risk = LOGISTIC.sharded(executor)
        theta = retrain(risk, np.zeros(D))
        with pytest.raises(ValueError, match="its workers would wait for each other"):
            leave_one_out(risk, theta, [1], executor=executor)
        with ThreadPoolExecutor(1) as other:
            rows = leave_one_out(risk, theta, [1], executor=other)
    close(rows, leave_one_out(LOGISTIC.whole, theta, [1]), 1e-8)


def test_questions_are_looked_at_here():
    risk = LOGISTIC.sharded()
    for ask, error, says in (
        (lambda: risk.gradient(np.zeros(3)), ValueError, "theta has shape"),
        (lambda: risk.gradient(np.full(D, np.nan)), ValueError, "theta holds nan"),
        (lambda: risk.linearize(L2)(np.zeros(3)), ValueError, "v has shape"),
        (lambda: risk.input_gradient(L2, N, L2), IndexError, "numbered 0 to 30"),
        (lambda: risk.reweighted(np.zeros(N)), ValueError, "weights are 0"),
        (lambda: risk.replaced(9, X[0], 3.0), ValueError, "labels -1 and"),
        (lambda: risk.example_hvp(L2, []), ValueError, "no examples"),
    ):
        with pytest.raises(error, match=says):
            ask()


def test_one_class_alone_is_allowed_where_it_is_said():
    ones = Y > 0
    with pytest.raises(ValueError, match="only one class"):
        LinearRisk(X[ones], Y[ones], Logistic())
    assert LinearRisk(X[ones], Y[ones], Logistic(), classes=2).n == int(ones.sum())
    with pytest.raises(ValueError, match="classes is 3; a margin loss"):
        LinearRisk(X, Y, Logistic(), classes=3)
