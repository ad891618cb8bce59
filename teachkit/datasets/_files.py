"""Data files that come with the library, each checked against its record in files.json."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files

import numpy as np


def records() -> dict[str, dict]:
    """What files.json says of each file: bytes, SHA-256, shapes, counts of each class."""
    return json.loads(_folder().joinpath("files.json").read_text(encoding="utf-8"))


@cache
def shipped(name: str) -> dict[str, np.ndarray]:
    """The arrays of one file, read-only.

    Raises
    ------
    ValueError
        If the file is not, byte for byte, the one that was shipped.
    """
    path = _folder().joinpath(name)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != records()[name]["sha256"]:
        raise ValueError(
            f"The data file {path} is not as it was shipped ({len(content)} bytes): it was changed "
            "or only partly copied. Install teachkit again, or take the file from its repository."
        )
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        arrays = {key: archive[key] for key in archive.files}
    for array in arrays.values():
        array.flags.writeable = False
    return arrays


def _folder():
    return files("teachkit.datasets").joinpath("files")
