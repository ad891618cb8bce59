"""Imagenette: ten easy classes of ImageNet, for who has a network; fetched once, kept."""

from __future__ import annotations

import hashlib
import os
import tarfile
import tempfile
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from teachkit._drive import bar
from teachkit._optional import optional

URL = "https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-320.tgz"
MD5 = "3df6f0d01a2c9592104656642f5e78a3"
CLASSES = {
    "n01440764": "tench, a fish",
    "n02102040": "English springer, a dog",
    "n02979186": "cassette player",
    "n03000684": "chain saw",
    "n03028079": "church",
    "n03394916": "French horn",
    "n03417042": "garbage truck",
    "n03425413": "gas pump",
    "n03445777": "golf ball",
    "n03888257": "parachute",
}
CHUNK = 2**18  # bytes


def fetch_imagenette(
    *classes: str, data_home: str | Path | None = None, progress: bool = True
) -> tuple[Path, ...]:
    """Folders of photographs of some classes of Imagenette, the talk's dogs and fish unless told.

    The first time an archive of 340 MB is fetched and checked, and the pictures of these classes
    are taken out of it: all of them, those that Imagenette holds back too.

    Parameters
    ----------
    *classes : str
        Names of classes in ImageNet: "n02102040" (dogs) and "n01440764" (fish) unless told.
    data_home : str or Path, optional
        Where the folders are put; teachkit's folder for data by default.
    progress : bool
        Show how much has come (needs tqdm).

    Returns
    -------
    tuple of Path
        A folder for each class: what `pictures` takes.

    Raises
    ------
    ConnectionError
        If the archive cannot be fetched, or is not the one that it should be.
    ValueError
        If there is no such class.

    Notes
    -----
    Source: J. Howard, Imagenette (fast.ai), Apache 2.0; the photographs are ImageNet's (Deng and
    others 2009) and belong to who took them.
    Lesson: 12_understanding_models
    """
    chosen = classes or ("n02102040", "n01440764")
    if unknown := [name for name in chosen if name not in CLASSES]:
        known = ", ".join(f"{name} ({what})" for name, what in CLASSES.items())
        raise ValueError(f"Imagenette has no class {unknown[0]!r}. It has {known}.")
    home = _home(data_home)
    wanted = [name for name in chosen if not (home / name).is_dir()]
    if wanted:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home) as folder:
            archive = Path(folder) / "imagenette.tgz"
            _fetch(archive, home, progress)
            _take_out(archive, wanted, Path(folder))
            for name in wanted:
                os.replace(Path(folder) / name, home / name)
    return tuple(home / name for name in chosen)


def _home(data_home: Any) -> Path:
    if data_home is not None:
        return Path(data_home).expanduser()
    platformdirs = optional("platformdirs", "platformdirs", "Keeping pictures that were fetched")
    return Path(platformdirs.user_data_dir("teachkit")) / "imagenette"


def _fetch(archive: Path, home: Path, progress: bool) -> None:
    check = hashlib.md5(usedforsecurity=False)
    try:
        with urlopen(URL, timeout=30) as answer, archive.open("wb") as file:
            size = answer.headers.get("Content-Length")
            look = {"desc": "Imagenette", "unit": "B", "unit_scale": True}
            with bar(int(size) if size else None, progress, **look) as move:
                while chunk := answer.read(CHUNK):
                    file.write(chunk)
                    check.update(chunk)
                    move(len(chunk))
    except OSError as error:  # URLError and timeouts are OSErrors
        raise ConnectionError(
            f"Imagenette could not be fetched ({getattr(error, 'reason', error)}). Is there a "
            f"network? The pictures are kept in {home} once they have come. Without one, any two "
            "folders of pictures will do."
        ) from error
    if check.hexdigest() != MD5:
        raise ConnectionError(
            f"What came from {URL} is not Imagenette as it was when this was written, or is not "
            f"whole ({archive.stat().st_size} bytes). Try once more."
        )


def _take_out(archive: Path, wanted: list[str], folder: Path) -> None:
    """The pictures of these classes, each class in one folder, under their own names alone."""
    for name in wanted:
        (folder / name).mkdir()
    with tarfile.open(archive) as held:
        for member in held:
            path = Path(member.name)
            if member.isfile() and path.parent.name in wanted:
                picture = held.extractfile(member)
                assert picture is not None
                (folder / path.parent.name / path.name).write_bytes(picture.read())
