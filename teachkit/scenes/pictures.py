"""Training and test images as pictures of a scene, framed by their class."""

from __future__ import annotations

import numpy as np

from teachkit.scenes.images import Images
from teachkit.scenes.marks import Picture
from teachkit.scenes.meanings import Meaning

Array = np.ndarray
SMALL = 0.78  # a picture on a wall, in columns


def frames(negative: str = "", positive: str = "") -> dict[str, Meaning]:
    """What the frames of pictures mean: for a legend."""
    return {
        "negative": Meaning("orange dash", negative),
        "positive": Meaning("solid blue", positive),
    }


def values_of(image: Array) -> tuple[tuple[float, ...], ...]:
    """An image (rows, columns) as a picture holds it."""
    return tuple(map(tuple, image.tolist()))


def asked_picture(images: Images, i: int, place: tuple[float, float], width: float) -> Picture:
    """Test image i, which is looked at only."""
    low, high = images.shades
    label = float(images.y_test[i])
    return Picture(
        "test", *place, _class(label), label=f"Test image {i}", toggleable=False,
        values=values_of(images.image(images.X_test[i])), vmin=low, vmax=high, width=width,
        caption=f"test image\n{i}: {images.name_of(label)}",
    )  # fmt: skip


def training_picture(
    images: Images, i: int, place: tuple[float, float], name: str, weight: float, effect: str,
    note: str,
) -> Picture:  # fmt: skip
    """Training image i with what its removal does, in or out by its weight."""
    low, high = images.shades
    label = float(images.y[i])
    return Picture(
        name, *place, _class(label), weight, label=f"Training image {i}", note=note,
        values=values_of(images.image(images.X[i])), vmin=low, vmax=high, width=SMALL,
        caption=f"{i}: {images.name_of(label)}\n{effect}",
    )  # fmt: skip


def _class(label: float) -> str:
    return "positive" if label > 0 else "negative"
