"""What it costs that each point takes its own curvature along: `leverage=True` against without.

Logistic regression of n x 50, l2 = 1e-3, every point's removal and its effect on one test loss, at
two sizes that take turns in one run. Memory is the most that one call holds beyond what stood
before it (its answer included, nothing kept from a call before), in units of X, n p 8 bytes: it
does not grow with n beyond that, whereas an n x n array would be 160 units at the smaller n.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks._measured import against, ratio
from benchmarks._timing import medians
from teachkit import Influence, LinearRisk, Logistic, retrain

SIZES, P, L2, ROUNDS = (8_000, 32_000), 50, 1e-3, 7
SLOWER, GROWTH, MEMORY = 12, 7, 4  # the most: times plain, times for four times n, units of n p
Call = Callable[[Influence, bool], np.ndarray]


def influence_of(n: int) -> tuple[Influence, np.ndarray]:
    """An Influence that was asked nothing yet, and one test point."""
    rng = np.random.default_rng(n)
    X, x_test = rng.normal(size=(n, P)), rng.normal(size=P)
    y = np.where(X @ rng.normal(size=P) / 5 + rng.normal(size=n) > 0, 1.0, -1.0)
    risk = LinearRisk(X, y, Logistic(), l2=L2)
    return Influence(risk, retrain(risk, np.zeros(P))), x_test


def peak(call: Callable[[], object]) -> int:
    """The most bytes that this call holds at once beyond what stood before it."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def main() -> None:
    small, large = SIZES
    asked = {n: influence_of(n) for n in SIZES}
    calls: dict[str, Callable[..., np.ndarray]] = {
        "removals": lambda of, n, leverage: of.removals(leverage=leverage),
        "leave_one_out_loss": lambda of, n, leverage: of.leave_one_out_loss(
            asked[n][1], 1.0, leverage=leverage
        ),
    }
    for n, (of, _) in asked.items():  # the same as the Newton step without the point
        for i in (0, n // 2, n - 1):
            step = of.removal(i, leverage=True)
            np.testing.assert_allclose(of.removals([i], leverage=True)[0], step, rtol=1e-6)

    keys = [(name, n, leverage) for name in calls for n in SIZES for leverage in (False, True)]
    sides = [partial(calls[name], asked[n][0], n, leverage) for name, n, leverage in keys]
    times = dict(zip(keys, medians(ROUNDS, *sides), strict=True))
    print(f"logistic regression, n x {P}, l2 = {L2:g}, one thread, medians of {ROUNDS}")
    for name in calls:
        for n in SIZES:
            plain, with_leverage = times[name, n, False], times[name, n, True]
            print(
                f"{name}, n = {n}: plain {1e3 * plain:.2f} ms, "
                f"leverage=True {1e3 * with_leverage:.2f} ms"
            )
            what = f"{name}, n = {n}: leverage=True, times plain"
            print(against(what, ratio(what, with_leverage, plain), SLOWER))
        what = f"{name}, leverage=True: n = {large}, times n = {small}"
        growth = ratio(what, times[name, large, True], times[name, small, True])
        print(against(what, growth, GROWTH))
        for n in SIZES:
            fresh = Influence(asked[n][0].risk, asked[n][0].theta)
            held = peak(partial(calls[name], fresh, n, True)) / (8 * n * P)
            what = f"{name}, leverage=True, n = {n}, memory beside X in units of X"
            print(against(what, held, MEMORY))


if __name__ == "__main__":
    main()
