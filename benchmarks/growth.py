"""How the time of all leave-one-out retrainings grows with n, up to 60,000 images.

Fashion-MNIST, even class against odd, p = 785, l2 = 1e-3, one thread. Of each n the first n images;
what is timed are the retrainings of points drawn from them, factorisation and all, and the total is
that time times n over their number: what is shared by all columns is then counted more than once,
more so for small n. The exponent is the slope of log time on log n, fitted to all sizes.
"""

from __future__ import annotations

import statistics
import time

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks._fashion import even_or_odd
from benchmarks._measured import against, measured, plain
from teachkit import LinearRisk, Logistic, leave_one_out, retrain

SIZES, COLUMNS, ROUNDS, L2 = (7_500, 15_000, 30_000, 60_000), 1024, 5, 1e-3
EXPONENT = 2.2


@threadpool_limits.wrap(limits=1)
def main() -> None:
    X, y = even_or_odd(max(SIZES))
    rng, work = np.random.default_rng(0), {}
    for n in SIZES:
        risk = LinearRisk(X[:n], y[:n], Logistic(), l2=L2)
        theta = retrain(risk, np.zeros(risk.p))
        work[n] = risk, theta, rng.choice(n, COLUMNS, replace=False)
    taken: dict[int, list[float]] = {n: [] for n in SIZES}
    for _ in range(ROUNDS):
        for n, asked in work.items():
            start = time.process_time()
            leave_one_out(*asked)
            taken[n].append(time.process_time() - start)
    seconds = {
        n: statistics.median(measured(f"{COLUMNS} columns of {n}", each)) * n / COLUMNS
        for n, each in taken.items()
    }
    for n, time_ in seconds.items():
        print(f"all {n}: {time_:9.1f} s, from {COLUMNS} of them")
    exponent = np.polyfit(np.log(list(seconds)), np.log(list(seconds.values())), 1)[0]
    print(plain(f"All {max(SIZES)} retrainings of Fashion-MNIST", seconds[max(SIZES)] / 60, " min"))
    print(against("Their time grows as n to the power of", float(exponent), EXPONENT))


if __name__ == "__main__":
    main()
