"""How long each notebook runs, from a fresh kernel to its last cell, on two threads of BLAS.

One run each, wall-clock, kernel start included: what a learner waits who chooses "Run All".
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from benchmarks._measured import against

FOLDER = Path(__file__).parents[1] / "notebooks"
MOST = 45
THREADS = "OPENBLAS_NUM_THREADS"


def notebooks() -> Iterator[Path]:
    yield from sorted(FOLDER.glob("[0-9A]*.ipynb"))


def seconds(path: Path) -> float:
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(FOLDER)}}, kernel_name="python3"
    )
    start = time.perf_counter()
    client.execute(env={**os.environ, THREADS: "2"})
    return time.perf_counter() - start


def main() -> None:
    for path in notebooks():
        print(against(f"Lesson {path.stem.split('_')[0]} runs in", seconds(path), MOST, " s"))


if __name__ == "__main__":
    main()
