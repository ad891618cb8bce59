"""The machines that can be tried on this one: kernels of BLAS, levels of SIMD, threads, Pythons."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.environments import environment, oldest_packages, others

# x86's, oldest first; an OpenBLAS that was built without one of them takes a near relative.
CORES = ("Prescott", "Nehalem", "Sandybridge", "Haswell", "Zen", "SkylakeX", "Cooperlake")
CORES += ("SapphireRapids",)
ARM_CORES = ("ARMV8", "CORTEXA57", "NEOVERSEN1", "NEOVERSEV1")
PROBE = """
import json, platform
import numpy as np
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
from threadpoolctl import threadpool_info, threadpool_limits
A = np.random.default_rng(0).normal(size=(130, 130))
np.linalg.inv(A.T @ A), A @ A[0], A[0] @ A[1], np.exp(A).sum(), np.linalg.eigvalsh(A + A.T)
with threadpool_limits(2):
    B = np.ones((1000, 65))
    B.T @ B, B.T @ (2 * B)
blas = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
print(json.dumps({
    "python": platform.python_version(),
    "numpy": np.__version__,
    "blas": blas[0]["internal_api"] if blas else "",
    "kernel": blas[0].get("architecture", "") if blas else "",
    "levels": [name for name in __cpu_dispatch__ if __cpu_features__.get(name)],
    "arm": platform.machine().lower() in ("arm64", "aarch64"),
}))
"""
CLEAN = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "NPY_DISABLE_CPU_FEATURES")


@dataclass(frozen=True)
class Condition:
    """Surroundings in which the lessons run, or the reason why they cannot."""

    name: str
    python: str = sys.executable
    environ: dict[str, str] = field(default_factory=dict)
    draws: tuple[int, ...] = ()
    instead: str = ""

    def surroundings(self) -> dict[str, str]:
        """The whole environment of the process: nothing of the caller's choices stays."""
        kept = {name: value for name, value in os.environ.items() if name not in CLEAN}
        return {**kept, "OPENBLAS_NUM_THREADS": "1", **self.environ}


def probe(condition: Condition) -> dict | None:
    """What runs there: versions, the kernel, the levels that can be switched off; None: nothing."""
    done = subprocess.run(
        [condition.python, "-c", PROBE],
        env=condition.surroundings(),
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return None


def without(levels: list[str]) -> dict[str, str]:
    """NumPy without these levels of SIMD; their names differ from version to version."""
    return {"NPY_DISABLE_CPU_FEATURES": " ".join(levels)}


def newest_levels(levels: list[str]) -> list[str]:
    """Those of AVX-512, which many processors do not have."""
    return [name for name in levels if name.startswith(("AVX512", "X86_V4"))]


def kernels(here: dict) -> Iterator[Condition]:
    if here["blas"] != "openblas":
        yield Condition("other kernels", instead=f"BLAS is {here['blas'] or 'not known'} here")
        return
    seen: dict[str, str] = {}
    for core in ARM_CORES if here["arm"] else CORES:
        condition = Condition(f"kernels for {core}", environ={"OPENBLAS_CORETYPE": core})
        found = probe(condition)
        if found is None:
            yield Condition(condition.name, instead="this processor cannot run them")
        elif found["kernel"] in seen:
            yield Condition(condition.name, instead=f"here the same as {seen[found['kernel']]}")
        else:
            seen[found["kernel"]] = core
            yield condition


def levels(here: dict) -> Iterator[Condition]:
    names, newest = here["levels"], newest_levels(here["levels"])
    if newest:
        yield Condition(f"NumPy without {', '.join(newest)}", environ=without(newest))
    if names and names != newest:
        yield Condition(f"NumPy without {', '.join(names)}", environ=without(names))
    if not names:
        yield Condition("NumPy's other levels of SIMD", instead="there are none to switch off")


def of_another_python(python: str, name: str) -> Iterator[Condition]:
    """As it is, and as on an older processor."""
    found = probe(Condition(name, python))
    if found is None:
        yield Condition(name, instead="NumPy does not load there")
        return
    name = f"{name}, NumPy {found['numpy']}"
    yield Condition(name, python)
    if found["blas"] != "openblas" or found["arm"]:
        return
    fewer = without(newest_levels(found["levels"]))
    # OpenBLAS 0.3.34, which NumPy 2.5 brings, falls over in a product by two threads (scikit-learn
    # takes all there are) when Haswell's kernels are asked for on some newer processors.
    for core in ("Haswell", "Sandybridge"):
        older = Condition(
            f"{name}, kernels for {core}, no AVX-512", python, {"OPENBLAS_CORETYPE": core, **fewer}
        )
        if probe(older):
            yield older
            return


def every(draws: int, named: str = "") -> Iterator[Condition]:
    """All that can be tried here, in the order of the table."""
    as_it_is = Condition("as it is")
    here = probe(as_it_is)
    assert here is not None, "NumPy does not load here"
    label = f"as it is: Python {here['python']}, NumPy {here['numpy']}, {here['kernel']}"
    yield Condition(label)
    yield from kernels(here)
    yield Condition("blocks for a small cache", environ={"OPENBLAS_L2_SIZE": "256"})
    yield from levels(here)
    yield Condition("two threads", environ={"OPENBLAS_NUM_THREADS": "2"})
    for other in others(named):
        python = environment(other)
        yield from of_another_python(str(python), "Python {}.{}.{}".format(*other.version))
    oldest = oldest_packages()
    if oldest is not None:
        yield from of_another_python(str(oldest), "the oldest packages, Python 3.11")
    if draws:
        yield Condition(f"rounded anew, {draws} times", draws=tuple(range(draws)))
