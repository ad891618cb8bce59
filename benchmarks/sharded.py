"""Questions to a risk in shards, by one Dask worker, by two, and by two processes without Dask.

Logistic regression, 4 shards of 100,000 x 400, in the workers' memory; each worker is a process
with one BLAS thread. An answer is a question to each shard and a sum, waiting included: wall time.
All are there at once and take turns, each asked twice and timed the second time. Near linear means:
nearly as fast as two plain processes, which are sent the question by a pipe and keep their shards
too. How much faster than one these are is the machine's share.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

import numpy as np

from benchmarks._measured import Absent, against, insist, measured, plain, ratio
from teachkit import LinearRisk, Logistic, ShardedRisk

SHARDS, N, P, ROUNDS = 4, 100_000, 400, 7
ASKED = 1.2  # times what two plain processes take, at most


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


def answers(pipe: Any, theta: np.ndarray, numbers: list[int]) -> None:
    """A process that keeps these shards, and answers with the sum over them."""
    shards = [load(k) for k in numbers]
    maps = [shard.linearize(theta) for shard in shards]
    while (asked := pipe.recv()) is not None:
        if isinstance(asked, str):
            pipe.send(sum(shard.hessian(theta) for shard in shards))
        else:
            pipe.send(sum(H(asked) for H in maps))


class Processes:
    """Two processes with two shards each, without Dask."""

    def __init__(self, stack: ExitStack, theta: np.ndarray) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pipes = []
        for w in range(2):
            here, there = spawn.Pipe()
            numbers = list(range(w, SHARDS, 2))
            process = spawn.Process(target=answers, args=(there, theta, numbers), daemon=True)
            process.start()
            stack.callback(process.join)
            stack.callback(here.send, None)
            self.pipes.append(here)

    def __call__(self, question: str | np.ndarray) -> np.ndarray:
        for pipe in self.pipes:
            pipe.send(question)
        return sum(pipe.recv() for pipe in self.pipes) / SHARDS  # type: ignore[no-any-return]


def seconds(ask: Callable[[], Any]) -> float:
    ask()  # a core that has rested while one worker was asked takes half a second to wake
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


WHO = ("one Dask worker", "two Dask workers", "two processes without Dask")


def compared(what: str, *asked: Callable[[], Any]) -> float:
    """Prints the times of all and what two gain; two Dask workers' time over two processes'."""
    one, *others = (ask() for ask in asked)
    for other in others:
        insist(np.allclose(other, one, rtol=1e-10), f"They answer differently: {what}.")
    times = [[seconds(ask) for ask in asked] for _ in range(ROUNDS)]
    by = [
        statistics.median(measured(f"{what} by {who}", taken))
        for who, taken in zip(WHO, zip(*times, strict=True), strict=True)
    ]
    for who, taken in zip(WHO, by, strict=True):
        print(plain(f"{what}, {SHARDS * N:,} x {P}, in {SHARDS} shards, {who}", 1e3 * taken, " ms"))
    for who, taken in zip(WHO[1:], by[1:], strict=True):
        print(plain(f"{what} in shards: {who}, times as fast as one", ratio(what, by[0], taken)))
    return ratio(what, by[1], by[2])


def main() -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if (cores or 1) < 2:
        raise Absent("two workers need two cores, and there is one.")
    rng = np.random.default_rng(0)
    theta, v = 0.01 * rng.normal(size=P), rng.normal(size=P)
    print(f"{SHARDS} shards of {N} x {P}, medians of {ROUNDS}")
    with ExitStack() as stack:
        one, two = (sharded(stack, workers) for workers in (1, 2))
        plainly = Processes(stack, theta)
        asked = [partial(risk.hessian, theta) for risk in (one, two)]
        share = compared("Hessian", *asked, partial(plainly, "hessian"))
        what = "in shards: two Dask workers, times the time of two processes"
        print(against(f"Hessian {what}", share, ASKED))
        asked = [partial(risk.linearize(theta), v) for risk in (one, two)]
        print(plain(f"HVP {what}", compared("HVP", *asked, partial(plainly, v))))


if __name__ == "__main__":
    main()
