"""Fashion-MNIST (Xiao, Rasul & Vollgraf 2017, MIT), from Debian's dataset-fashion-mnist."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np

from benchmarks._measured import Absent

FOLDER = Path("/usr/share/datasets/fashion-mnist")


def even_or_odd(n: int = 60_000) -> tuple[np.ndarray, np.ndarray]:
    """The first n training images with a column of ones, (n, 785), and +1 for an even class."""
    if not FOLDER.is_dir():
        raise Absent(f"{FOLDER} is not there. On Debian: apt install dataset-fashion-mnist.")
    pixels = _read("train-images-idx3-ubyte.gz", 16).reshape(-1, 784)[:n] / 255
    label = _read("train-labels-idx1-ubyte.gz", 8)[:n]
    return np.column_stack([pixels, np.ones(len(pixels))]), np.where(label % 2 == 0, 1.0, -1.0)


def _read(name: str, header: int) -> np.ndarray:
    with gzip.open(FOLDER / name) as file:
        return np.frombuffer(file.read(), dtype=np.uint8, offset=header)
