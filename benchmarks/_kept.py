"""Figures beside the code: results.json, and the tables of the README files, made from it."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import scipy
from threadpoolctl import threadpool_info

from benchmarks._measured import Figure

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
# Where a table stands, and which benchmarks it leaves out.
TABLES = {HERE / "README.md": (), HERE.parent / "README.md": ("notebooks", "validation")}


def keep(name: str, figures: Sequence[Figure]) -> None:
    """Put the figures of one benchmark in the place of those it had."""
    if not figures:
        return
    held = read()
    held[name] = {
        "machine": machine(),
        "day": date.today().isoformat(),
        "figures": [figure._asdict() for figure in figures],
    }
    RESULTS.write_text(json.dumps(dict(sorted(held.items())), indent=1) + "\n", encoding="utf-8")


def read() -> dict[str, Any]:
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}


def machine() -> str:
    """The processor, how many of it, BLAS's kernels, and what runs."""
    kernels = {blas["architecture"] for blas in threadpool_info() if "architecture" in blas}
    return (
        f"{_processor()}, {os.cpu_count()} cores, OpenBLAS for {'/'.join(sorted(kernels))}, "
        f"Python {platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__}"
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        text = ""
    found = re.search(r"model name\s*:\s*(.+)", text)
    return found[1].strip() if found else platform.processor() or platform.machine()


def table(held: dict[str, Any], left_out: Iterable[str] = ()) -> str:
    """A row for each figure, and under it which machines they are of."""
    machines: list[str] = []
    lines = ["| | measured | asked | |", "|---|---|---|---|"]
    for name, of in held.items():
        if name in left_out:
            continue
        where = f"{of['machine']} ({of['day']})"
        if where not in machines:
            machines.append(where)
        for row in of["figures"]:
            figure = Figure(**row)
            target = "" if figure.target is None else f" {figure.target:g}{figure.unit}"
            missed = "" if figure.kept else "missed"
            what = figure.what.replace("|", "\\|")
            number = f"[{machines.index(where) + 1}]"
            lines.append(
                f"| {what} {number} | {_short(figure.value)}{figure.unit} | "
                f"{figure.bound}{target} | {missed} |"
            )
    notes = [f"[{k}] {where}." for k, where in enumerate(machines, 1)]
    return "\n".join([*lines, "", "  \n".join(notes)])


def _short(value: float) -> str:
    """Three digits, without an exponent."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def with_table(text: str, made: str) -> str:
    """The text with what stands between its marks exchanged."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


def write_tables() -> None:
    for path, left_out in TABLES.items():
        text = path.read_text(encoding="utf-8")
        path.write_text(with_table(text, table(read(), left_out)), encoding="utf-8")
