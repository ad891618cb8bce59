"""All benchmarks, or those named: `make bench`, `make bench BENCHMARKS="hvp newton"`.

What they measure is kept in results.json, each with its machine and day, and the tables of the two
README files are made from that. One alone, and nothing kept: `python -m benchmarks.NAME`.
"""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterable
from importlib import import_module

import benchmarks
from benchmarks import _kept
from benchmarks._measured import FIGURES, Absent, Unmeasured


def run(names: Iterable[str]) -> list[str]:
    """Run them all, whatever one of them could not measure; the names of those that could not."""
    unmeasured = []
    for name in names:
        print(f"\n== {name}", flush=True)
        FIGURES.clear()
        try:
            import_module(f"benchmarks.{name}").main()
        except Absent as error:
            print(f"Left out: {error}")
        except Unmeasured as error:
            unmeasured.append(name)
            print(f"ERROR, not measured: {error}")
        else:
            _kept.keep(name, FIGURES)
    return unmeasured


def main(names: list[str]) -> None:
    found = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    known = [name for name in found if not name.startswith("_")]
    if unknown := sorted(set(names) - set(known)):
        sys.exit(f"No benchmark is called {', '.join(unknown)}; there are {', '.join(known)}.")
    unmeasured = run(names or known)
    _kept.write_tables()
    if unmeasured:
        sys.exit(f"\nNot measured, or not all of it: {', '.join(unmeasured)}.")


if __name__ == "__main__":
    main(sys.argv[1:])
