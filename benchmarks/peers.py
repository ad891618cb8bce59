"""Influence of all n training points on one test point: teachkit against other libraries.

Logistic regression on digits (n = 1797, p = 65) and on MNIST, even against odd (n = 4500, p = 785),
l2 = 0.01, float64, one thread. All sides take turns in one run, each in a process of its own, from
the fitted parameters to n numbers with all set-up; the median of processor time counts. What a
library says is brought to the change of the test loss on removal and compared with teachkit's.

The others are no part of the course's environment: `make bench-peers` installs them into one of
their own, build/peers, and compares; ``--python`` names another that has them.

What is not there is left out, with a sentence; the target is 5 times as fast as each that is.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks._measured import against, insist, measured, ratio
from benchmarks._peer import SIDES
from teachkit import LinearRisk, Logistic, datasets, retrain

PEER = Path(__file__).with_name("_peer.py")
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "MKL", "OPENBLAS")}
ROUNDS, L2 = 5, 0.01
PART = 1 / 5  # of another's time, at most
OURS = ("teachkit, Cholesky", "teachkit, CG")
INSTALL = "`make bench-peers` installs it, and --python names a Python that has it."
THEIRS = Path(__file__).parents[1] / "build" / "peers" / "bin" / "python"


class Side(NamedTuple):
    """A library at work in its own process."""

    name: str
    process: subprocess.Popen[str]
    answers: Path

    def turn(self) -> float:
        """Seconds of processor time."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        insist(said, f"{self.name} died on its turn.")
        return float(said)

    def finish(self) -> np.ndarray:
        """The influences of the last turn, (n,)."""
        self.process.communicate()
        insist(self.process.returncode == 0, f"{self.name} died at its end.")
        return np.load(self.answers)


def problems() -> Iterator[tuple[str, dict[str, Any]]]:
    X, y = datasets.digits_parity()
    yield "digits", fitted(X, y, X[0], y[0])
    even, odd = (0, 2, 4, 6, 8), (1, 3, 5, 7, 9)
    data = datasets.mnist(positive=even, negative=odd)
    yield "MNIST", fitted(data.X_train, data.y_train, data.X_test[0], data.y_test[0])


def fitted(X: Any, y: Any, x_test: Any, y_test: Any) -> dict[str, Any]:
    risk = LinearRisk(X, y, Logistic(), l2=L2)
    theta = retrain(risk, np.zeros(risk.p))
    return {"X": X, "y": y, "theta": theta, "x_test": x_test, "y_test": y_test, "l2": L2}


@contextmanager
def working(name: str, python: str, source: Path, folder: Path) -> Iterator[Side | None]:
    """The side of this name, ready for its turns; None where its library is not there."""
    answers, errors = folder / f"{name}.npy", folder / f"{name}.txt"
    with errors.open("w") as said:
        process = subprocess.Popen(
            [python, "-W", "ignore", str(PEER), name, str(source), str(answers)],
            env={**os.environ, **ONE_THREAD},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    assert process.stdout is not None
    try:
        if process.stdout.readline() == "ready\n":
            yield Side(name, process, answers)
        else:
            process.communicate()
            why = (errors.read_text().strip().splitlines() or ["it said nothing"])[-1]
            print(f"{name}: left out, {why}. {INSTALL}")
            yield None
    finally:
        process.kill()
        process.wait()


def compare(title: str, data: dict[str, Any], python: str, folder: Path) -> None:
    """All sides that are there, turn by turn, and then what they found."""
    source = folder / f"{title}.npz"
    np.savez(source, **data)
    n, p = data["X"].shape
    print(f"\n{title}: n = {n}, p = {p}, medians of {ROUNDS}", flush=True)
    with ExitStack() as stack:
        pythons = {name: sys.executable if name in OURS else python for name in SIDES}
        opened = [stack.enter_context(working(*of, source, folder)) for of in pythons.items()]
        sides = [side for side in opened if side]
        taken: dict[str, list[float]] = {side.name: [] for side in sides}
        for _ in range(ROUNDS + 1):
            for side in sides:
                taken[side.name].append(side.turn())
        found = {side.name: side.finish() for side in sides}
    # The first turn of each warms up and is not counted.
    times = {name: statistics.median(measured(name, each[1:])) for name, each in taken.items()}
    insist(set(OURS) <= set(times), "teachkit itself is not there.")
    ours = min(OURS, key=times.__getitem__)
    for name, time in times.items():
        apart = np.abs(found[name] - found[OURS[0]]).max() / np.abs(found[OURS[0]]).max()
        print(f"{name:24s} {1e3 * time:10.2f} ms   largest difference {apart:.0e} of the largest")
    for name, time in times.items():
        if name not in OURS:
            what = f"Influence of all of {title}, {ours}: time of {name}'s"
            print(against(what, ratio(what, times[ours], time), PART))


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--python",
        default=str(THEIRS) if THEIRS.is_file() else sys.executable,
        help="a Python that has the other libraries",
    )
    told = parser.parse_args(arguments)
    if shutil.which(told.python) is None:
        parser.error(f"--python: there is no program {told.python!r}. {INSTALL}")
    for title, data in problems():
        with tempfile.TemporaryDirectory() as folder:
            compare(title, data, told.python, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
