"""What a GPU does with the work of one thread of the processor: the same source, on CuPy.

Fashion-MNIST, even class against odd, n = 60,000, p = 785, l2 = 1e-3, float64: the fit, all exact
leave-one-out retrainings, and a Hessian-vector product, each from arrays that lie on the device to
the device's last answer, medians of five after one that compiles. The share is that of the time in
which the device reads as many bytes.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks._fashion import even_or_odd
from benchmarks._measured import Absent, against, at_least, insist, measured, plain, ratio
from teachkit import LinearRisk, Logistic, leave_one_out, retrain

ROUNDS, L2 = 5, 1e-3
SECONDS, MEMORY, SHARE = 1.0, 4.0, 0.4  # of all retrainings; GB beside their answer; of reading


def device() -> Any:
    """CuPy, where it finds a GPU."""
    try:
        import cupy
    except ImportError as error:
        raise Absent(f"CuPy cannot be imported ({error}).") from None
    if not cupy.cuda.is_available():
        raise Absent("CuPy finds no GPU.")
    return cupy


def main() -> None:
    cupy = device()

    def median(what: str, call: Callable[[], object]) -> float:
        taken = []
        for _ in range(ROUNDS + 1):
            cupy.cuda.Device().synchronize()
            start = time.perf_counter()
            call()
            cupy.cuda.Device().synchronize()
            taken.append(time.perf_counter() - start)
        return statistics.median(measured(what, taken[1:]))

    X, y = map(cupy.asarray, even_or_odd())
    name = cupy.cuda.runtime.getDeviceProperties(0)["name"].decode()
    print(f"{name}, CuPy {cupy.__version__}, n = {X.shape[0]}, p = {X.shape[1]}")
    risk = LinearRisk(X, y, Logistic(), l2=L2)
    zero = cupy.zeros(risk.p)
    theta = retrain(risk, zero)
    print(plain(f"{name}: the fit", 1e3 * median("The fit", lambda: retrain(risk, zero)), " ms"))

    pool = cupy.get_default_memory_pool()
    pool.free_all_blocks()
    before = pool.total_bytes()
    rows = leave_one_out(risk, theta)
    extra = (pool.total_bytes() - before - rows.nbytes) / 1e9
    for i in (0, 29_999, 59_999):
        alone = leave_one_out(risk, theta, [i])[0]
        insist(
            float(cupy.linalg.norm(rows[i] - alone)) <= 1e-8 * float(cupy.linalg.norm(alone)),
            f"The row of example {i} differs from its retraining alone.",
        )
    del rows
    all_of_them = median("All retrainings", lambda: leave_one_out(risk, theta))
    print(against(f"{name}: all {risk.n} retrainings", all_of_them, SECONDS, " s"))
    print(against(f"{name}: their memory beside the answer", extra, MEMORY, " GB"))

    H, v = risk.linearize(theta), cupy.asarray(np.random.default_rng(0).normal(size=risk.p))
    reading = median("Reading X", lambda: cupy.sum(X))
    what = f"{name}: HVP, share of the read bandwidth"
    print(at_least(what, ratio(what, reading, median("One HVP", lambda: H(v))), SHARE))


if __name__ == "__main__":
    main()
