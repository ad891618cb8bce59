"""Features of a folder's pictures: computed once, in batches, and kept beside the folder."""

from __future__ import annotations

import os
import tempfile
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from teachkit._drive import bar
from teachkit.vision import networks
from teachkit.vision.files import File, squares

THUMBNAIL = 96  # pixels each way


class Kept:
    """Features and thumbnails of pictures that were seen, by the hash of their files.

    They lie beside the folder, in a file that is whole at any moment: written beside itself and
    then put in its place, when the work ends, however it ends. A picture that is new or changed is
    computed anew, and a file that cannot be read is made again.
    """

    def __init__(self, folder: Path, network: str) -> None:
        self.path = folder.resolve().with_name(f"{folder.resolve().name}.{network}.npz")
        self.new = False
        self.features: dict[str, np.ndarray] = {}
        self.thumbnails: dict[str, np.ndarray] = {}
        try:
            with np.load(self.path, allow_pickle=False) as kept:
                digests, *arrays = kept["digests"].tolist(), kept["features"], kept["thumbnails"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return
        features, thumbnails = arrays
        self.features = dict(zip(digests, features, strict=True))
        self.thumbnails = dict(zip(digests, thumbnails, strict=True))

    def add(self, digests: list[str], features: np.ndarray, thumbnails: np.ndarray) -> None:
        """What a batch gave."""
        self.features.update(zip(digests, features, strict=True))
        self.thumbnails.update(zip(digests, thumbnails, strict=True))
        self.new = True

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *ended: Any) -> None:
        if not self.new:
            return
        try:
            self._write()
        except OSError as error:
            warnings.warn(
                f"Features could not be kept in {self.path} ({error}). They are used now, and "
                "computed again next time.",
                RuntimeWarning,
                stacklevel=3,
            )

    def _write(self) -> None:
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(
                    file,
                    digests=np.array(list(self.features)),
                    features=np.array(list(self.features.values())),
                    thumbnails=np.array(list(self.thumbnails.values())),
                )
            os.replace(name, self.path)
        except BaseException:
            os.unlink(name)
            raise


def features_of(
    files: list[File], folder: Path, network: str, *, batch: int, progress: bool
) -> Kept:
    """The features of each file that can be read; those that were kept are not computed again."""
    kept, size = Kept(folder, network), networks.named(network).size
    new = list({file.digest: file for file in files if file.digest not in kept.features}.values())
    if not new:
        return kept
    forward = networks.loaded(network)
    with kept, bar(len(new), progress, desc=folder.name, unit="picture") as move:
        for start in range(0, len(new), batch):
            some = new[start : start + batch]
            pixels = squares(some, size)
            if pixels:
                all_of_them = np.stack(list(pixels.values()))
                kept.add(list(pixels), forward(all_of_them), _small(all_of_them))
            move(len(some))
    return kept


def _small(pixels: np.ndarray) -> np.ndarray:
    """Thumbnails (n, 96, 96, 3)."""
    from PIL import Image

    small = [Image.fromarray(p).resize((THUMBNAIL, THUMBNAIL)) for p in pixels]
    return np.stack([np.asarray(image, dtype=np.uint8) for image in small])
