"""Pictures in a folder: which files, and their pixels as a square."""

from __future__ import annotations

import hashlib
import io
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from teachkit._optional import optional

KINDS = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")


class File(NamedTuple):
    """A picture's file, its bytes, and a hash of them."""

    path: Path
    content: bytes
    digest: str


def listed(folder: Any) -> list[File]:
    """The pictures that lie in a folder, by name; folders in it are not looked into.

    Raises
    ------
    NotADirectoryError
        If there is no such folder.
    ValueError
        If no picture is in it.
    """
    place = Path(folder).expanduser()
    if not place.is_dir():
        raise NotADirectoryError(
            f"There is no folder {str(place)!r} (looked for in {str(Path.cwd())!r}). Give each "
            "class as a folder of pictures."
        )
    kinds = [path for path in sorted(place.iterdir()) if path.suffix.lower() in KINDS]
    if not kinds:
        held = sum(path.is_dir() for path in place.iterdir())
        further = f" It has {held} folders in it: name one of them." if held else ""
        raise ValueError(
            f"There is no picture in the folder {str(place)!r}: no file that ends in "
            f"{', '.join(KINDS)}.{further}"
        )
    contents = [(path, path.read_bytes()) for path in kinds]
    return [File(path, held, hashlib.sha256(held).hexdigest()) for path, held in contents]


def squares(files: list[File], size: int) -> dict[str, np.ndarray]:
    """Pixels (size, size, 3), 0 to 255, of each file that can be read, by its hash.

    The shorter side is scaled to the square and the longer one cut on both sides. A file that
    cannot be read is left out, and a warning names it: one of a thousand should not stop the rest.
    """
    image = optional("PIL.Image", "pillow", "A picture's pixels")
    turned = optional("PIL.ImageOps", "pillow", "A picture's pixels")
    found, broken = {}, []
    for file in files:
        try:
            with image.open(io.BytesIO(file.content)) as picture:
                upright = turned.exif_transpose(picture).convert("RGB")
                square = turned.fit(upright, (size, size), image.Resampling.BICUBIC)
            found[file.digest] = np.asarray(square, dtype=np.uint8)
        except (OSError, ValueError, SyntaxError, image.DecompressionBombError) as error:
            broken.append(f"{file.path} ({error})")
    if broken:
        warnings.warn(
            f"{len(broken)} of {len(files)} pictures cannot be read and are left out: "
            f"{'; '.join(broken[:5])}{'; ...' if len(broken) > 5 else ''}",
            RuntimeWarning,
            stacklevel=4,
        )
    return found
