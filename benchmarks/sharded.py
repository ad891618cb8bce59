"""Questions to a risk in shards, by one Dask worker and by two.

Logistic regression, 4 shards of 100,000 x 400, in the workers' memory; each worker is a process
with one BLAS thread. An answer is a question to each shard and a sum, waiting included: wall time.
Both clusters are there at once and take turns. Linear would be twice as fast by two: what a
question has to compute is halved, the ten to twenty milliseconds until a worker begins are not.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

import numpy as np

from benchmarks._measured import Absent, at_least, insist, measured, plain, ratio
from teachkit import LinearRisk, Logistic, ShardedRisk

SHARDS, N, P, ROUNDS = 4, 100_000, 400, 9
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


def seconds(ask: Callable[[], Any]) -> float:
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


def compared(what: str, one: Callable[[], Any], two: Callable[[], Any]) -> float:
    """Prints both times; how many times as fast two workers are."""
    insist(np.array_equal(one(), two()), f"One worker and two answer differently: {what}.")
    times = [[seconds(ask) for ask in (one, two)] for _ in range(ROUNDS)]
    by_one, by_two = (
        statistics.median(measured(f"{what} by {who}", taken))
        for who, taken in zip(("one worker", "two"), zip(*times, strict=True), strict=True)
    )
    print(plain(f"{what} in {SHARDS} shards, one Dask worker", 1e3 * by_one, " ms"))
    print(plain(f"{what} in {SHARDS} shards, two Dask workers", 1e3 * by_two, " ms"))
    return ratio(what, by_one, by_two)


def main() -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if (cores or 1) < 2:
        raise Absent("two workers need two cores, and there is one.")
    rng = np.random.default_rng(0)
    theta, v = 0.01 * rng.normal(size=P), rng.normal(size=P)
    print(f"{SHARDS} shards of {N} x {P}, medians of {ROUNDS}")
    times = "in shards: two Dask workers, times as fast as one"
    with ExitStack() as stack:
        one, two = (sharded(stack, workers) for workers in (1, 2))
        asked = [partial(risk.hessian, theta) for risk in (one, two)]
        faster = compared(f"Hessian, {SHARDS * N:,} x {P},", *asked)
        print(at_least(f"Hessian {times}", faster, ASKED))
        asked = [partial(risk.linearize(theta), v) for risk in (one, two)]
        faster = compared(f"HVP, {SHARDS * N:,} x {P},", *asked)
        print(plain(f"HVP {times}", faster, " times"))


if __name__ == "__main__":
    main()
