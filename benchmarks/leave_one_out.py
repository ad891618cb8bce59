"""All leave-one-out retrainings, against one scikit-learn fit for each.

Logistic regression, even against odd, a column of ones penalised like the rest, l2 = 1e-3, one
thread: digits (n = 1797, p = 65) and MNIST (n = 5000, p = 785). scikit-learn (lbfgs, tol 1e-10,
max_iter 20000) is timed on points drawn at random, each fit from scratch as it would be for all n;
its total is the mean times n. Ours is timed whole, all n points, the median of five. Both in one
run, taking turns. Memory is the most that our call holds at once beside what stood before it.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Iterator

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from benchmarks._measured import against, at_least, insist, measured, ratio
from teachkit import LinearRisk, Logistic, datasets, leave_one_out, retrain

L2, ROUNDS, MEMORY = 1e-3, 5, 1024  # MiB


def problems() -> Iterator[tuple[str, np.ndarray, np.ndarray, int, float]]:
    """A name, X, y, how many fits of scikit-learn a round times, and the ratio asked for."""
    yield "digits", *datasets.digits_parity(), 12, 130
    data = datasets.mnist(positive=(0, 2, 4, 6, 8), negative=(1, 3, 5, 7, 9))
    X = np.concatenate([data.X_train, data.X_test])
    yield "MNIST", X, np.concatenate([data.y_train, data.y_test]), 3, 200


def compare(name: str, X: np.ndarray, y: np.ndarray, fits: int, asked: float) -> None:
    n, p = X.shape
    risk = LinearRisk(X, y, Logistic(), l2=L2)
    theta = retrain(risk, np.zeros(p))
    model = LogisticRegression(
        C=1 / (n * L2), fit_intercept=False, solver="lbfgs", tol=1e-10, max_iter=20_000
    )
    sample = np.random.default_rng(0).choice(n, size=(ROUNDS, fits), replace=False)

    ours, theirs, difference = [], [], 0.0
    for points in sample:
        start = time.perf_counter()
        rows = leave_one_out(risk, theta)
        ours.append(time.perf_counter() - start)
        for i in points:
            weights = np.ones(n)
            weights[i] = 0.0
            start = time.perf_counter()
            model.fit(X, y, sample_weight=weights)
            theirs.append(time.perf_counter() - start)
            insist(
                model.n_iter_[0] < model.max_iter,
                f"scikit-learn's fit without example {i} ended at its limit of steps.",
            )
            error = np.linalg.norm(theta + rows[i] - model.coef_[0])
            difference = max(difference, float(error / np.linalg.norm(model.coef_)))

    all_of_ours = statistics.median(measured("All retrainings by teachkit", ours))
    one_of_theirs = statistics.fmean(measured("One fit by scikit-learn", theirs))
    print(f"{name}, n = {n}, p = {p}, l2 = {L2:g}, one thread")
    print(f"teachkit, all {n}:      {all_of_ours:8.3f} s  (median of {ROUNDS})")
    print(f"scikit-learn, one fit:  {one_of_theirs:8.4f} s  (mean of {len(theirs)} random points)")
    print(f"scikit-learn, all {n}:  {one_of_theirs * n:8.1f} s  (that mean times {n})")
    print(f"largest relative difference of theta on the {len(theirs)} points: {difference:.1e}")
    what = f"All {n} retrainings of {name}: times as fast as scikit-learn"
    print(at_least(what, ratio(what, one_of_theirs * n, all_of_ours), asked))
    tracemalloc.start()
    leave_one_out(risk, theta)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    print(against(f"All {n} retrainings of {name}: memory", peak, MEMORY, " MiB"))


@threadpool_limits.wrap(limits=1)
def main() -> None:
    for problem in problems():
        compare(*problem)


if __name__ == "__main__":
    main()
