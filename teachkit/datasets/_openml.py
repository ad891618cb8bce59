"""Data from openml.org: scikit-learn fetches and keeps them; a bar shows how far it is."""

from __future__ import annotations

import gzip
import threading
import warnings
import zlib
from http.client import HTTPException
from pathlib import Path
from typing import Any

from teachkit._drive import bar
from teachkit.datasets.split import sklearn

BROKEN = (ValueError, EOFError, gzip.BadGzipFile, zlib.error, HTTPException)
POLL = 0.2  # seconds between two looks at what has come


def fetched(
    name: str, *, version: int, instead: str, data_home: Any, progress: bool, **options: Any
) -> Any:
    """The data set of this name and version, from the cache once it is there.

    Raises
    ------
    ConnectionError
        If openml.org cannot be reached and the set is not in the cache, or what comes is broken:
        why, and what to try.
    """
    datasets = sklearn("sklearn.datasets")
    home = Path(datasets.get_data_home(data_home)) / "openml"
    try:
        with (
            bar(None, progress, desc=name, unit="B", unit_scale=True) as move,
            _watched(home, move),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore")  # "Retrying ...", once for each of three tries
            return datasets.fetch_openml(
                name, version=version, data_home=str(home.parent), **options
            )
    except BROKEN as error:  # what came is no gzip, no JSON, or has another checksum
        raise ConnectionError(
            f"What came from openml.org is not {name}, or is not whole ({error}). Try once more; "
            "if it comes again, a page to log in may stand between you and the network. What is "
            f"kept of it lies in {home}. Without it, {instead}"
        ) from error
    except OSError as error:  # URLError and timeouts are OSErrors
        raise ConnectionError(
            f"{name} could not be fetched from openml.org ({getattr(error, 'reason', error)}). Is "
            f"there a network, and room on the disk? It is kept in {home} once it has come. "
            f"Without a network, {instead}"
        ) from error


class _watched:
    """Tell `move` how many bytes have come into a folder, until the work ends."""

    def __init__(self, home: Path, move: Any) -> None:
        self.home, self.move, self.done = home, move, threading.Event()
        self.seen = self.size()
        self.thread = threading.Thread(target=self.look, daemon=True)

    def size(self) -> int:
        total = 0
        for path in self.home.rglob("*"):
            try:
                total += path.stat().st_size
            except OSError:  # moved to its place since it was listed
                continue
        return total

    def look(self) -> None:
        while not self.done.wait(POLL):
            now = self.size()
            self.move(max(0, now - self.seen))
            self.seen = max(self.seen, now)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()
