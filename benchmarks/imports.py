"""What importing costs in a fresh Python, beside the NumPy that it loads.

`import teachkit` loads nothing before a name is asked for; those of a fit, its influence and its
retraining are asked for here. Each import in a process of its own, the three in turn, the median of
processor time; that of a Python which imports nothing is taken off both.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

from benchmarks._measured import against, measured, plain, ratio

ROUNDS, MOST = 11, 3.0
NAMES = "Influence, LinearRisk, Logistic, leave_one_out, minimize"
STATEMENTS = ("pass", "import numpy", f"from teachkit import {NAMES}")


def seconds(statement: str) -> float:
    """Of processor time, in a fresh Python."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", statement], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    taken: dict[str, list[float]] = {statement: [] for statement in STATEMENTS}
    for _ in range(ROUNDS + 1):
        for statement, times in taken.items():
            times.append(seconds(statement))
    # The first of each reads its files from the disk, and is not counted.
    nothing, numpy, teachkit = (
        statistics.median(measured(statement, times[1:])) for statement, times in taken.items()
    )
    took = teachkit - nothing
    print(plain(f"Importing {NAMES}", 1e3 * took, " ms"))
    print(against("the same, times import numpy", ratio("Imports", took, numpy - nothing), MOST))


if __name__ == "__main__":
    main()
