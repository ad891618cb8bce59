"""What a call takes beside its answer stays inside the budget, and the answer does not show it."""

from __future__ import annotations

import tracemalloc

import autograd.numpy as anp
import numpy as np
import pytest

from teachkit import memory
from teachkit.influence import Influence
from teachkit.losses import Logistic, Square
from teachkit.retraining import leave_one_out, retrain, retrain_without
from teachkit.risks import AutogradRisk, KernelRisk, LinearRisk, SoftmaxRisk
from teachkit.validation import nothing_removed
from tests.conftest import GPU, the_cupy

N, P = 12_000, 24
BUDGET = 400_000  # of what would be 2.3 MB for one more array as long as the data


def data(n=N, p=P):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, p))
    return X, np.where(X[:, 0] + rng.logistic(size=n) > 0, 1.0, -1.0)


def linear(n=N, p=P):
    return LinearRisk(*data(n, p), Logistic(), l2=1e-3)


def softmax(n=N, p=P):
    X, _ = data(n, p)
    return SoftmaxRisk(X, np.argmax(X[:, :3], axis=1), l2=1e-2)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setenv("TEACHKIT_MEMORY", str(BUDGET))


def test_the_default_is_a_part_of_what_is_free(monkeypatch):
    monkeypatch.delenv("TEACHKIT_MEMORY", raising=False)
    monkeypatch.setattr(memory, "free_memory", lambda like: 1000)
    assert memory.budget(np.zeros(1)) == 250


@pytest.mark.parametrize(
    ("asked", "found"),
    [("1000", 1000), ("2 GB", 2 * 10**9), ("1.5gib", 1.5 * 2**30), (" 500MiB ", 500 * 2**20)],
)
def test_a_size_is_read_with_its_unit(asked, found, monkeypatch):
    monkeypatch.setenv("TEACHKIT_MEMORY", asked)
    assert memory.budget(np.zeros(1)) == found


@pytest.mark.parametrize(
    "asked", ["much", "2 TB", "0", "-3", "1e9", "2 G B", "nan", "9" * 400, "9" * 305 + " GB"]
)
def test_what_is_no_size_is_refused(asked, monkeypatch):
    monkeypatch.setenv("TEACHKIT_MEMORY", asked)
    with pytest.raises(ValueError, match=r"TEACHKIT_MEMORY is .*2 GB, 500 MiB"):
        memory.budget(np.zeros(1))
    with pytest.raises(ValueError, match="TEACHKIT_MEMORY"):
        linear(50, 3).hessian(np.zeros(3))


@pytest.mark.parametrize(
    ("n", "bytes_", "most", "lengths"),
    [
        (10, 800, None, [10]),
        (10, 320, None, [4, 4, 2]),
        (10, 800, 3, [3, 3, 3, 1]),
        (3, 1, None, [1, 1, 1]),
        (0, 800, None, []),
    ],
)
def test_tiles_cover_the_rows_once(n, bytes_, most, lengths, monkeypatch):
    monkeypatch.setenv("TEACHKIT_MEMORY", str(bytes_))
    cut = list(memory.tiles(n, 10, np.zeros(1), most))
    assert [tile.stop - tile.start for tile in cut] == lengths
    assert [i for tile in cut for i in range(n)[tile]] == list(range(n))


def test_nobody_looks_for_memory_where_little_is_needed(monkeypatch):
    monkeypatch.delenv("TEACHKIT_MEMORY", raising=False)
    monkeypatch.setattr(memory, "free_memory", lambda like: pytest.fail("asked"))
    assert list(memory.tiles(1000, 100, np.zeros(1))) == [slice(0, 1000)]


CALLS = {
    "hessian": lambda risk, of: risk.hessian(of.theta),
    "leverages": lambda risk, of: risk.leverages(of.theta, of.solve),
    "removals": lambda risk, of: of.removals(),
    "removals, leverage": lambda risk, of: of.removals(leverage=True),
    "removals of some": lambda risk, of: of.removals(range(0, N, 3)),
    "leave_one_out_loss": lambda risk, of: of.leave_one_out_loss(
        risk.X[0], risk.y[0], leverage=True
    ),
    "self_influence": lambda risk, of: of.self_influence(),
    "overall_effect": lambda risk, of: of.overall_effect(),
    "example_curvatures": lambda risk, of: risk.example_curvatures(of.theta),
    "hessian_root": lambda risk, of: squared(risk.hessian_root(of.theta)),
    "s_test of many": lambda risk, of: of.s_test(risk.X, risk.y),
    "up_loss of other points": lambda risk, of: of.up_loss(
        risk.X[0], risk.y[0], of=(risk.X, risk.y)
    ),
    "leave_one_out_loss of many": lambda risk, of: of.leave_one_out_loss(risk.X[:99], risk.y[:99]),
    "rescaled_removal": lambda risk, of: of.rescaled_removal(range(0, N, 2)),
    "perturbation": lambda risk, of: of.perturbation(3, 0.1 * risk.X[4]),
    "Influence": lambda risk, of: Influence(risk, of.theta).gradients,
    "retrain_without": lambda risk, of: retrain_without(risk, of.theta, [3, 4]),
    "nothing_removed": lambda risk, of: np.atleast_1d(nothing_removed(risk, of.theta).change < 1),
}


def squared(A):
    return A.T @ A


@pytest.mark.parametrize("call", CALLS)
def test_a_linear_risk_stays_inside(call, monkeypatch):
    risk = linear()
    theta = retrain(risk, np.zeros(P))
    expected = CALLS[call](risk, Influence(risk, theta))
    monkeypatch.setenv("TEACHKIT_MEMORY", str(BUDGET))
    asked = Influence(risk, theta)
    tracemalloc.start()
    found = CALLS[call](risk, asked)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-15)
    # A few numbers for each example, and H, are no arrays as long as the data.
    assert peak - found.nbytes < BUDGET + 8 * (16 * N + 4 * P * P)


def test_the_hessian_of_a_softmax_risk_stays_inside(monkeypatch):
    risk = softmax()
    theta = np.random.default_rng(1).normal(size=risk.p)
    expected = risk.hessian(theta)
    monkeypatch.setenv("TEACHKIT_MEMORY", str(BUDGET))
    tracemalloc.start()
    found = risk.hessian(theta)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)
    assert peak < BUDGET + 8 * (16 * N + 4 * risk.p**2)


@pytest.mark.parametrize("made", [linear, softmax])
def test_leave_one_out_stays_inside(made, small):
    risk = made(1500, 8)
    theta = retrain(risk, np.zeros(risk.p))
    few = range(0, 1500, 2)
    tracemalloc.start()
    rows = leave_one_out(risk, theta, few)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - rows.nbytes < BUDGET + 8 * 60 * 1500  # p is 8, and 24
    for k in (0, 300, 749):
        alone = leave_one_out(risk, theta, [few[k]])
        np.testing.assert_allclose(rows[k], alone[0], rtol=1e-9, atol=1e-14)


def logistic(theta, X, y):
    return anp.logaddexp(0.0, -y * (X @ theta))


def test_gradients_that_autograd_finds_stay_inside(small):
    X, y = data()
    risk = AutogradRisk(logistic, X, y, np.zeros(P), l2=1e-3)
    tracemalloc.start()
    found = risk.example_gradients(np.ones(P))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - found.nbytes < BUDGET + 8 * 16 * N
    expected = LinearRisk(X, y, Logistic(), l2=1e-3).example_gradients(np.ones(P))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-14)


@pytest.mark.skipif(GPU, reason="The stand-in is counted by tracemalloc, CuPy is not")
@pytest.mark.parametrize(("made", "many"), [(linear, P), (softmax, 6)])
def test_products_with_many_vectors_stay_inside_on_a_gpu(made, many, small, monkeypatch):
    at_home, V = made(), np.random.default_rng(0).normal(size=(made().p, many))
    cupy = the_cupy()
    monkeypatch.setenv("TEACHKIT_BACKEND", "cupy")
    risk = made()
    product, there = risk.linearize(np.ones(risk.p)), cupy.asarray(V)
    tracemalloc.start()
    found = product(there)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < BUDGET + 8 * (16 * N + 4 * P * P)
    expected = at_home.linearize(np.ones(risk.p))(V)
    np.testing.assert_allclose(found.get(), expected, rtol=1e-10, atol=1e-14)


def test_the_features_of_a_kernel_do_not_show_it(monkeypatch):
    X, y = data(60, 3)
    risk = KernelRisk(X, y, Logistic(), gamma=0.3, l2=1e-2)
    expected = risk.features(X[:40] + 0.1)
    monkeypatch.setenv("TEACHKIT_MEMORY", "5000")
    np.testing.assert_allclose(risk.features(X[:40] + 0.1), expected, rtol=1e-12)


def test_a_tile_of_one_row_serves_every_library(xp_device, monkeypatch):
    X, y = data(40, 3)
    X, y = xp_device.array(X), xp_device.array(y)
    risk = LinearRisk(X, y, Square(), l2=1e-2)
    theta = retrain(risk, xp_device.array(np.zeros(3)))
    of = Influence(risk, theta)
    expected = [of.removals(leverage=True), of.self_influence(), leave_one_out(risk, theta)]
    monkeypatch.setenv("TEACHKIT_MEMORY", "1")
    of = Influence(risk, theta)
    found = [of.removals(leverage=True), of.self_influence(), leave_one_out(risk, theta)]
    for a, b in zip(found, expected, strict=True):
        assert xp_device.holds(a)
        assert float(xp_device.xp.max(xp_device.xp.abs(a - b))) < 1e-12
