"""Dask's workers keep their shards and refit single points, and one that dies costs nothing."""

from __future__ import annotations

import os
import pickle
import signal
from contextlib import contextmanager
from functools import partial

import numpy as np
import pytest

from teachkit.influence import Influence
from teachkit.losses import Logistic
from teachkit.retraining import kept, leave_one_out, retrain
from teachkit.retraining.kept import Kept
from teachkit.risks import LinearRisk, ShardedRisk, _shards

distributed = pytest.importorskip("distributed")

N, D, CUTS = 40, 3, [0, 11, 12, 30, 40]
RNG = np.random.default_rng(0)
X = np.column_stack([RNG.normal(size=(N, D - 1)), np.ones(N)])
Y = np.where(X[:, 0] + RNG.normal(size=N) > 0, 1.0, -1.0)
W = RNG.uniform(0.3, 2.0, size=N)
L2 = np.array([0.1, 0.2, 0.05])


@pytest.fixture(scope="module")
def client():
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def risk_of(rows, kind=LinearRisk):
    return kind(X[rows], Y[rows], Logistic(), l2=L2, weights=W[rows], classes=2)


def load(log, k):
    """Shard k, and a line in the log: who loaded it."""
    with log.open("a") as file:
        file.write(f"{k} {os.getpid()}\n")
    return risk_of(slice(CUTS[k], CUTS[k + 1]))


def loads(log):
    return [tuple(map(int, line.split())) for line in log.read_text().splitlines()]


def loaders(log):
    return [partial(load, log, k) for k in range(len(CUTS) - 1)]


def die_once(flag):
    """Take this process along, as a machine that is switched off, the first time."""
    try:
        flag.touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def close(ours, reference, rtol=1e-10):
    assert ours.shape == reference.shape
    np.testing.assert_allclose(ours, reference, rtol=0, atol=rtol * np.max(np.abs(reference)))


def both_workers(client):
    """Wait until the worker that died has been started again."""
    client.wait_for_workers(2, timeout=120)


def test_each_shard_is_loaded_once_and_stays_where_it_is(client, tmp_path):
    both_workers(client)
    whole, log = risk_of(slice(None)), tmp_path / "log"
    risk = ShardedRisk.on_dask(client, loaders(log))
    theta = retrain(risk, np.zeros(D))
    close(theta, retrain(whole, np.zeros(D)))
    x, y = X[:4] + 0.1, Y[:4]
    ours, theirs = (Influence(r, theta) for r in (risk, whole))
    for ask in (
        lambda f: f.up_loss(x, y),
        lambda f: f.self_influence(),
        lambda f: f.leave_one_out_loss(x, y, leverage=True),
        lambda f: f.removal([11, 3], leverage=True),
        lambda f: f.perturbation(11, L2),
        lambda f: f.pert_loss(39, x[0], 1.0),
    ):
        close(ask(ours), ask(theirs), 1e-9)
    by_products = Influence(risk, theta, inverse_hvp="conjugate_gradient")
    close(by_products.up_loss(x[0], y[0]), theirs.up_loss(x[0], y[0]), 1e-9)
    close(leave_one_out(risk, theta, [11]), leave_one_out(whole, theta, [11]), 1e-8)
    assert sorted(k for k, _ in loads(log)) == [0, 1, 2, 3]
    assert len({process for _, process in loads(log)}) == 2
    with pytest.raises(TypeError, match="stay with Dask's workers cannot be pickled"):
        pickle.dumps(risk)


def test_risks_in_memory_are_sent_there(client, monkeypatch):
    risk = ShardedRisk.on_dask(client, [risk_of(slice(0, 11)), risk_of(slice(11, N))])
    close(risk.gradient(L2), risk_of(slice(None)).gradient(L2))
    assert list(risk.each(type)) == [LinearRisk, LinearRisk]
    monkeypatch.setattr(_shards, "LARGE", 1)  # what is large is sent once for all shards
    close(risk.hvp(L2, L2), risk_of(slice(None)).hvp(L2, L2))


def test_a_cluster_that_was_restarted_is_told(client, tmp_path):
    risk = ShardedRisk.on_dask(client, loaders(tmp_path / "log"))
    for future in risk._shards.place.handles:
        future.cancel()
    with pytest.raises(RuntimeError, match="given up a piece of this risk.*Make it again"):
        risk.gradient(L2)


def test_a_client_that_was_closed_is_told(client, tmp_path):
    with distributed.Client(client.scheduler.address) as another:
        risk = ShardedRisk.on_dask(another, loaders(tmp_path / "log"))
    for ask in (
        lambda: risk.value(np.zeros(D)),
        lambda: risk.reweighted(2.0 * W),
        lambda: ShardedRisk.on_dask(another, loaders(tmp_path / "log")),
    ):
        with pytest.raises(RuntimeError, match="client is closed, usually because"):
            ask()


def test_a_shard_that_is_another_where_it_is_loaded_again_is_told(client, tmp_path):
    both_workers(client)
    changing = [partial(load_less, tmp_path / f"loaded {k}", k) for k in range(len(CUTS) - 1)]
    risk = ShardedRisk.on_dask(client, changing)
    risk.value(np.zeros(D))
    client.restart_workers(list(client.nthreads())[:1])
    with pytest.raises(ValueError, match="loaded again and is not what it was: it has n ="):
        risk.value(np.zeros(D))


def load_less(flag, k):
    """Shard k, and the next time without its last row, or with one more."""
    more = int(flag.exists())
    flag.touch()
    a, b = CUTS[k], CUTS[k + 1]
    return risk_of(slice(a - more * (a > 0), b - more * (a == 0)))


def test_an_error_at_a_worker_is_raised_here(client):
    with pytest.raises(TypeError, match="Shard 1 was loaded and is None"):
        ShardedRisk.on_dask(client, [lambda: risk_of(slice(0, 11)), lambda: None])
    risk = ShardedRisk.on_dask(client, [risk_of(slice(None))])
    with pytest.raises(ZeroDivisionError):
        list(risk.each(lambda shard: 1 / 0))


# Refits of single points.


class Alone(LinearRisk):
    """Its rows are refitted one by one, wherever; with `log`, which and by whom is noted there."""

    log = flag = None

    def reweighted(self, weights):
        left_out = next(iter(np.flatnonzero(weights == 0.0)), None)
        if self.log is not None and left_out is not None:  # and no check of the risk's parts
            with self.log.open("a") as file:
                file.write(f"{left_out} {os.getpid()}\n")
            if left_out == 20 and self.flag is not None:
                die_once(self.flag)
        return super().reweighted(weights)


def alone(log=None, flag=None):
    risk = risk_of(slice(None), Alone)
    risk.log, risk.flag = log, flag
    return risk


THETA = retrain(risk_of(slice(None)), np.zeros(D))
ROWS = leave_one_out(risk_of(slice(None)), THETA)


def test_an_interrupted_run_goes_on_where_it_was(client, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "EVERY", 0.0)
    monkeypatch.setattr(kept, "SHARE", 0.0)
    file, first, second = (tmp_path / name for name in ("rows.npz", "first", "second"))
    with client.get_executor() as executor:
        with interrupted(monkeypatch, after=10), pytest.raises(KeyboardInterrupt):
            leave_one_out(alone(first), THETA, executor=executor, resume=file)
        done = set(Kept(file, alone(), THETA, 1e-10).rows)
        assert len(done) == 10
        rows = leave_one_out(alone(second), THETA, executor=executor, resume=file)
        with pytest.raises(ValueError, match=r"rows\.npz, whose rows are of another theta"):
            leave_one_out(alone(), THETA + 0.01, executor=executor, resume=file)
    close(rows, ROWS, 1e-8)
    again = [i for i, _ in loads(second)]
    assert sorted(again) == sorted(set(range(N)) - done)  # nothing lost, nothing done twice
    assert sorted(os.listdir(tmp_path)) == ["first", "rows.npz", "second"]


@contextmanager
def interrupted(monkeypatch, after):
    """Control-C after so many rows have come back."""
    add, count = Kept.add, iter(range(1, 1000))

    def adding(self, indices, rows):
        add(self, indices, rows)
        if next(count) == after:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Kept, "add", adding)
        yield


# Workers that die.


def answered_by_a_survivor(shard, flag):
    die_once(flag)
    return shard.n


def test_a_worker_killed_in_the_middle_costs_no_result(client, tmp_path):
    both_workers(client)
    whole, log = risk_of(slice(None)), tmp_path / "log"
    risk = ShardedRisk.on_dask(client, loaders(log))
    H, theta = risk.linearize(L2), retrain(whole, np.zeros(D))
    without = risk.reweighted(np.where(np.arange(N) == 11, 0.0, W))
    assert list(risk.each(answered_by_a_survivor, tmp_path / "died")) == [11, 1, 18, 10]
    close(H(theta), whole.hvp(L2, theta))
    close(without.gradient(L2), whole.reweighted(without.weights).gradient(L2))
    close(Influence(risk, theta).self_influence(), Influence(whole, theta).self_influence())
    again = loads(log)
    assert (tmp_path / "died").exists()
    assert len(again) > 4 and {k for k, _ in again} == {0, 1, 2, 3}


def test_points_are_refitted_by_workers_and_a_killed_one_costs_none(client, tmp_path):
    both_workers(client)
    with client.get_executor() as executor:
        rows = leave_one_out(alone(tmp_path / "log", tmp_path / "died"), THETA, executor=executor)
    close(rows, ROWS, 1e-8)
    assert (tmp_path / "died").exists()
    assert {i for i, _ in loads(tmp_path / "log")} == set(range(N))
