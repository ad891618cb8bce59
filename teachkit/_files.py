"""Files that are written whole or not at all, and one kernel at a time.

The lock is a file beside the one that is written. It holds a word of its owner's, so that nobody
takes another's for its own, and it counts as left behind once it is 10 s old: by the clock of the
disk that holds it, which need not be this machine's.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

STALE = 10.0  # seconds after which a lock belongs to nobody
LOOK = 0.25  # seconds between two looks at how old it is


def store(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write beside the file, then put it in its place; for those the umask lets, or its owner."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        if not private:
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(name, 0o666 & ~mask)
        for attempt in range(5):
            try:
                os.replace(name, path)
                return
            except PermissionError:  # Windows, while another kernel reads the file
                if attempt == 4:
                    raise
                time.sleep(0.05)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


@contextlib.contextmanager
def locked(path: Path, patience: float) -> Iterator[Callable[[], None]]:
    """One kernel at a time; gives a function that raises if the lock is no longer its own."""
    lock, word = path.with_name(path.name + ".lock"), uuid.uuid4().hex
    now = time.monotonic()
    until, look = now + patience, now
    while not _take(lock, word):
        now = time.monotonic()
        if now >= look:
            _break_if_left(lock)
            look = now + LOOK
        if now > until:
            raise TimeoutError("another notebook holds the file")
        time.sleep(0.01)

    def still_ours() -> None:
        if _word(lock) != word:
            raise TimeoutError("another notebook took the file over")

    try:
        yield still_ours
    finally:
        if _word(lock) == word:
            with contextlib.suppress(OSError):
                lock.unlink()


def _take(lock: Path, word: str) -> bool:
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except (FileExistsError, PermissionError) as error:
        if isinstance(error, PermissionError) and not lock.exists():
            raise
        return False
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(word)
    return True


def _word(lock: Path) -> str | None:
    try:
        return lock.read_text(encoding="ascii")
    except (OSError, ValueError):
        return None


def _age(lock: Path) -> float:
    """Seconds since the lock was made, both times told by the disk that holds it."""
    with tempfile.NamedTemporaryFile(dir=lock.parent, prefix=lock.name) as now:
        return os.fstat(now.fileno()).st_mtime - lock.stat().st_mtime


def _break_if_left(lock: Path) -> None:
    """Remove a lock that its kernel left behind, and none that has come in its place since."""
    with contextlib.suppress(OSError):
        judged = _word(lock)
        if _age(lock) <= STALE or judged is None:
            return
        aside = lock.with_name(f"{lock.name}.{uuid.uuid4().hex}")
        os.rename(lock, aside)  # only one kernel can move it
        try:
            if _word(aside) != judged:  # another broke it first and made its own: give it back
                os.link(aside, lock)
        finally:
            aside.unlink()
