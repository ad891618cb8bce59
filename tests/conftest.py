"""What all tests share: quiet surroundings, and the array libraries the numeric core must serve."""

from __future__ import annotations

import os
import sys
import tempfile

# Before NumPy is imported anywhere: one thread, no window, no learner's file touched.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "agg")
os.environ["TEACHKIT_PROGRESS"] = os.path.join(
    tempfile.mkdtemp(prefix="teachkit-tests-"), "progress.json"
)

from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import array_api_compat
import array_api_strict
import numpy as np
import pytest
from hypothesis import settings

from teachkit.arrays import array_namespace

# The same examples on every run and machine, and no test that fails because a machine is slow.
settings.register_profile("teachkit", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("teachkit")


class Place(NamedTuple):
    """An array library and a device of it: where a test's arrays live."""

    xp: ModuleType
    device: Any

    def array(self, values: Any, dtype: str | None = None) -> Any:
        """`values` there, with the dtype named ("float32", "int64"); NumPy's choice by default."""
        values = np.asarray(values)
        kind = getattr(self.xp, str(values.dtype) if dtype is None else dtype)
        return self.xp.asarray(values, dtype=kind, device=self.device)

    def holds(self, x: Any, dtype: str | None = None) -> bool:
        """Whether `x` is an array of this library on this device, of this dtype if one is named."""
        if not array_api_compat.is_array_api_obj(x):
            return False
        right_dtype = dtype is None or x.dtype == getattr(self.xp, dtype)
        same_library = array_namespace(x) is self.xp
        return same_library and array_api_compat.device(x) == self.device and right_dtype


def _gpu() -> bool:
    try:
        import cupy

        return cupy.cuda.is_available()
    except ImportError:
        return False


GPU = _gpu()
STAND_IN = Path(__file__).parent / "cupy_stand_in"


def the_cupy() -> ModuleType:
    """CuPy; without a GPU the stand-in in its place, from now on."""
    if not GPU and str(STAND_IN) not in sys.path:
        for name in [name for name in sys.modules if name.split(".")[0] in ("cupy", "cupyx")]:
            del sys.modules[name]
        sys.path.insert(0, str(STAND_IN))
    import cupy

    return cupy


@pytest.fixture(
    params=[
        "numpy",
        "strict",
        "strict-device1",
        pytest.param(
            "cupy",
            marks=[
                pytest.mark.gpu,
                pytest.mark.skipif(not GPU, reason="CuPy and a GPU are needed"),
            ],
        ),
        pytest.param("stand-in", marks=pytest.mark.skipif(GPU, reason="CuPy itself is here")),
    ]
)
def xp_device(request: pytest.FixtureRequest) -> Place:
    """NumPy, array_api_strict on its CPU and on "device1" (both catch NumPy calls), and CuPy.

    Without a GPU a stand-in takes CuPy's place, which refuses what CuPy refuses.
    """
    if request.param == "numpy":
        return Place(np, "cpu")
    if request.param in ("cupy", "stand-in"):
        the_cupy()
        import array_api_compat.cupy as cupy_namespace

        return Place(cupy_namespace, cupy_namespace.empty(0).device)
    name = "CPU_DEVICE" if request.param == "strict" else "device1"
    return Place(array_api_strict, array_api_strict.Device(name))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "gpu: needs CuPy and a GPU, skipped where there is none")
