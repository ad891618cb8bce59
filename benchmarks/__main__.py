"""All benchmarks, one after the other: `make bench`; one alone: `python -m benchmarks.NAME`."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import benchmarks

for module in sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__)):
    if not module.startswith("_"):
        print(f"\n== {module}")
        import_module(f"benchmarks.{module}").main()
