"""Pictures that the tests draw, and those that scikit-learn ships."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from teachkit import vision

needs_torch = pytest.mark.skipif(
    vision.missing() is not None, reason="PyTorch is an extra: `make vision` has it"
)


def drawn(folder: Path, kind: str, count: int, size: tuple[int, int] = (120, 90)) -> Path:
    """A folder of stripes or discs, each in a place and in colours of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(len(kind))
    rows, columns = np.mgrid[: size[1], : size[0]]
    for k in range(count):
        if kind == "stripes":
            shape = np.sin(columns / rng.uniform(3, 5) + rng.uniform(0, 6)) > 0
        else:
            y, x = rng.uniform(30, 60), rng.uniform(40, 80)
            shape = (rows - y) ** 2 + (columns - x) ** 2 < rng.uniform(15, 28) ** 2
        light, dark = rng.uniform(150, 255, 3), rng.uniform(0, 90, 3)
        pixels = np.where(shape[..., None], light, dark).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{kind}-{k:02}.png")
    return folder


@pytest.fixture
def stripes(tmp_path: Path) -> Path:
    return drawn(tmp_path / "stripes", "stripes", 8)


@pytest.fixture
def discs(tmp_path: Path) -> Path:
    return drawn(tmp_path / "discs", "discs", 8)
