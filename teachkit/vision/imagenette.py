"""Imagenette: ten easy classes of ImageNet, for who has a network; fetched once, kept."""

from __future__ import annotations

import hashlib
import os
import tarfile
import tempfile
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

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
PARTIAL, NOTHING_MORE = 206, 416  # what HTTP answers to "from here on"


def fetch_imagenette(
    *classes: str, data_home: str | Path | None = None, progress: bool = True
) -> tuple[Path, ...]:
    """Folders of photographs of some classes of Imagenette, the talk's dogs and fish unless told.

    The first time an archive of 340 MB is fetched and checked, and the pictures of these classes
    are taken out of it: all of them, those that Imagenette holds back too. If it is interrupted,
    the next call goes on from there. The archive is not kept: name at once all that you want.

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
        If the archive cannot be fetched whole, or is not the one that it should be.
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
        archive = home / "imagenette2-320.tgz.part"
        _fetch(archive, progress)
        with tempfile.TemporaryDirectory(dir=home) as folder:
            _take_out(archive, wanted, Path(folder))
            for name in wanted:
                os.replace(Path(folder) / name, home / name)
        archive.unlink()
    return tuple(home / name for name in chosen)


def _home(data_home: Any) -> Path:
    if data_home is not None:
        return Path(data_home).expanduser()
    platformdirs = optional("platformdirs", "platformdirs", "Keeping pictures that were fetched")
    return Path(platformdirs.user_data_dir("teachkit")) / "imagenette"


def _fetch(archive: Path, progress: bool) -> None:
    """The whole archive; what an earlier call has left of it is not fetched again."""
    try:
        size = _come(archive, progress)
    except OSError as error:  # URLError and timeouts are OSErrors
        raise ConnectionError(
            f"Imagenette could not be fetched ({getattr(error, 'reason', error)}). Is there a "
            f"network, and room on the disk? {_kept(archive)} Without a network, any two folders "
            "of pictures will do."
        ) from error
    have = archive.stat().st_size
    if size is not None and have < size:
        raise ConnectionError(
            f"The connection broke: {have} of {size} bytes of Imagenette have come. "
            f"{_kept(archive)}"
        )
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if found != MD5:
        archive.unlink()
        raise ConnectionError(
            f"What came from {URL} is not Imagenette as it was when this was written, or is not "
            f"whole ({have} bytes). It is thrown away. Try once more; if it comes again, a page to "
            "log in may stand between you and the network."
        )


def _come(archive: Path, progress: bool) -> int | None:
    """Fetch what is missing; how many bytes there should be then, where the server says so."""
    have = archive.stat().st_size if archive.exists() else 0
    asked = Request(URL, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        answer = urlopen(asked, timeout=30)
    except HTTPError as error:
        if have and error.code == NOTHING_MORE:
            return None
        raise
    with answer:
        goes_on = getattr(answer, "status", None) == PARTIAL
        have = have if goes_on else 0
        more = answer.headers.get("Content-Length")
        size = have + int(more) if more else None
        look = {"desc": "Imagenette", "unit": "B", "unit_scale": True, "initial": have}
        with archive.open("ab" if goes_on else "wb") as file, bar(size, progress, **look) as move:
            while chunk := answer.read(CHUNK):
                file.write(chunk)
                move(len(chunk))
    return size


def _kept(archive: Path) -> str:
    have = archive.stat().st_size if archive.exists() else 0
    if not have:
        return f"The pictures are kept in {archive.parent} once they have come."
    return f"What has come is kept in {archive}: run it again, and it goes on from there."


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
