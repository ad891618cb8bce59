"""All leave-one-out retrainings of digits even-vs-odd, against one scikit-learn fit for each.

Logistic regression, n = 1797, p = 65 (64 pixels / 16 and a column of ones, penalised like the
rest), l2 = 1e-3, one thread. scikit-learn (lbfgs, tol 1e-8, max_iter 5000) is timed on 60 points
drawn at random, each fit from scratch as it would be for all n; its total is the mean times n. Ours
is timed whole, all 1797 points, the median of five. Both in one run, taking turns.
"""

from __future__ import annotations

import statistics
import time

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from benchmarks._measured import insist, measured, ratio
from teachkit import LinearRisk, Logistic, leave_one_out, retrain

L2 = 1e-3
ROUNDS, FITS = 5, 12


@threadpool_limits.wrap(limits=1)
def main() -> None:
    data = load_digits()
    X = np.column_stack([data.data / 16, np.ones(len(data.data))])
    y = np.where(data.target % 2 == 0, 1.0, -1.0)
    n, p = X.shape
    risk = LinearRisk(X, y, Logistic(), l2=L2)
    theta = retrain(risk, np.zeros(p))
    model = LogisticRegression(
        C=1 / (n * L2), fit_intercept=False, solver="lbfgs", tol=1e-8, max_iter=5000
    )
    sample = np.random.default_rng(0).choice(n, size=(ROUNDS, FITS), replace=False)

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
    faster = ratio("The ratio", one_of_theirs * n, all_of_ours)
    print(f"digits even-vs-odd, n = {n}, p = {p}, l2 = {L2:g}, one thread")
    print(f"teachkit, all {n}:      {all_of_ours:8.3f} s  (median of {ROUNDS})")
    print(f"scikit-learn, one fit:  {one_of_theirs:8.4f} s  (mean of {len(theirs)} random points)")
    print(f"scikit-learn, all {n}:  {one_of_theirs * n:8.1f} s  (that mean times {n})")
    print(f"ratio:                  {faster:8.0f}")
    print(f"largest relative difference of theta on the {len(theirs)} points: {difference:.1e}")


if __name__ == "__main__":
    main()
