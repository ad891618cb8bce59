"""Hessian-vector products of a risk in shards, by one Dask worker and by two.

Logistic regression, 4 shards of 50,000 x 200, in the workers' memory; each worker is a process with
one BLAS thread. A product is a question to each shard and a sum, waiting included: wall time. Both
clusters are there at once and take turns. Linear would be twice as fast by two.
"""

from __future__ import annotations

import os
import statistics
import time
from contextlib import ExitStack
from functools import partial
from typing import Any

import numpy as np

from benchmarks._measured import Absent, at_least, insist, measured, plain, ratio
from teachkit import LinearRisk, Logistic, ShardedRisk

SHARDS, N, P, ROUNDS = 4, 50_000, 200, 15
ASKED = 1.7  # times as fast


def load(k: int) -> LinearRisk:
    """Shard k: the data are made where they are used."""
    rng = np.random.default_rng(k)
    X = rng.random((N, P))
    return LinearRisk(X, np.where(rng.random(N) < 0.5, 1.0, -1.0), Logistic(), l2=1e-3)


def sharded(stack: ExitStack, workers: int) -> ShardedRisk:
    """The risk with its shards in a cluster of its own, spread evenly."""
    from distributed import Client, LocalCluster

    cluster = LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0"
    )
    stack.enter_context(cluster)
    client = stack.enter_context(Client(cluster, direct_to_workers=True))
    risk = ShardedRisk.on_dask(client, [partial(load, k) for k in range(SHARDS)])
    held = [worker for worker, keys in client.has_what().items() if keys]
    insist(len(held) == workers, f"The shards lie with {len(held)} of {workers} Dask workers.")
    return risk


def seconds(H: Any, v: np.ndarray) -> float:
    start = time.perf_counter()
    H(v)
    return time.perf_counter() - start


def main() -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if (cores or 1) < 2:
        raise Absent("two workers need two cores, and there is one.")
    rng = np.random.default_rng(0)
    theta, v = 0.01 * rng.normal(size=P), rng.normal(size=P)
    with ExitStack() as stack:
        products = [sharded(stack, workers).linearize(theta) for workers in (1, 2)]
        one, two = (H(v) for H in products)  # this product waits for the linearization
        insist(np.array_equal(one, two), "One worker and two give different products.")
        times = [[seconds(H, v) for H in products] for _ in range(ROUNDS)]
    by_one, by_two = (
        statistics.median(measured(f"A product by {who}", taken))
        for who, taken in zip(("one worker", "two"), zip(*times, strict=True), strict=True)
    )
    print(f"{SHARDS} shards of {N} x {P}, the median of {ROUNDS} products")
    print(plain("HVP of 200,000 x 200 in 4 shards, one Dask worker", 1e3 * by_one, " ms"))
    print(plain("HVP of 200,000 x 200 in 4 shards, two Dask workers", 1e3 * by_two, " ms"))
    what = "HVP in shards: two Dask workers, times as fast as one"
    print(at_least(what, ratio(what, by_one, by_two), ASKED))


if __name__ == "__main__":
    main()
