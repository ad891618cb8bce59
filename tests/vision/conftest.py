"""Pictures that the tests draw, and those that scikit-learn ships."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from teachkit import vision
from teachkit.vision import networks

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


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A stand-in that gives mean and deviation of each colour; how many pictures it saw, a batch
    each.
    """
    seen: list[int] = []

    def loaded(name: str):
        def features(pixels: np.ndarray) -> np.ndarray:
            assert pixels.shape[1:] == (8, 8, 3)
            seen.append(len(pixels))
            return np.hstack([pixels.mean(axis=(1, 2)), pixels.std(axis=(1, 2))])

        return features

    small = replace(networks.NETWORKS["efficientnet-lite0"], size=8, features=6)
    monkeypatch.setitem(networks.NETWORKS, "efficientnet-lite0", small)
    monkeypatch.setattr(networks, "loaded", loaded)
    return seen
