"""All benchmarks, one after the other: `make bench`; one alone: `python -m benchmarks.NAME`."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterable
from importlib import import_module

import benchmarks
from benchmarks._measured import Unmeasured


def run(names: Iterable[str]) -> list[str]:
    """Run them all, whatever one of them could not measure; the names of those that could not."""
    unmeasured = []
    for name in names:
        print(f"\n== {name}", flush=True)
        try:
            import_module(f"benchmarks.{name}").main()
        except Unmeasured as error:
            unmeasured.append(name)
            print(f"ERROR, not measured: {error}")
    return unmeasured


if __name__ == "__main__":
    found = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    unmeasured = run(name for name in found if not name.startswith("_"))
    if unmeasured:
        sys.exit(f"\nNot measured, or not all of it: {', '.join(unmeasured)}.")
