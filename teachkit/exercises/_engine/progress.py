"""The learner's progress: one JSON file, written whole or not at all, that nothing here can lose.

A file that cannot be read is kept aside under another name. What cannot be written stays in memory
and is written with the next change that succeeds. Either is said in a sentence; neither raises.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

VERSION = 1
PATIENCE = 2.0  # seconds to wait for another kernel
STALE = 10.0  # seconds after which a lock belongs to nobody
SECTIONS = ("exercises", "quizzes")
_TYPES = {
    "attempts": int,
    "hints": int,
    "answers": int,
    "solved": bool,
    "right": bool,
    "solution_shown": bool,
    "solved_after_solution": bool,
    "last": str,
}

Change = Callable[[dict[str, Any]], None]
_pending: dict[str, list[tuple[str, str, Change]]] = {}


def location() -> Path:
    """$TEACHKIT_PROGRESS, or progress.json in the user's data folder."""
    told = os.environ.get("TEACHKIT_PROGRESS")
    if told:
        path = Path(told).expanduser().resolve()
        if path.exists() and not path.is_file():  # a folder, or /dev/null, which root could replace
            raise OSError(f"{path} is no ordinary file")
        return path
    import platformdirs

    return Path(platformdirs.user_data_dir("teachkit", appauthor=False)) / "progress.json"


def update(section: str, key: str, change: Change) -> str:
    """Apply change to one entry and save; returns a sentence if something was in the way."""
    waiting = _pending.setdefault(_place(), [])
    waiting.append((section, key, change))
    try:
        path = location()
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path):
            data, sentence = _load(path)
            _apply(data, waiting)
            _store(path, data)
        waiting.clear()
        return sentence
    except (OSError, ImportError, RuntimeError) as error:
        return _unsaved(error)


def read() -> tuple[dict[str, Any], str]:
    """All entries, the unsaved ones included, and a sentence if something was in the way."""
    data, sentence = _empty(), ""
    try:
        path = location()
        if path.exists():
            with _locked(path):
                data, sentence = _load(path)
    except (OSError, ImportError, RuntimeError) as error:
        sentence = _unsaved(error)
        with contextlib.suppress(OSError, ImportError, RuntimeError, ValueError):
            found = json.loads(location().read_text(encoding="utf-8"))  # perhaps only not writable
            data = found if _is_valid(found) else data
    _apply(data, _pending.get(_place(), []))
    return data, sentence


def _place() -> str:
    return os.environ.get("TEACHKIT_PROGRESS", "")


def _apply(data: dict[str, Any], changes: list[tuple[str, str, Change]]) -> None:
    for section, key, change in changes:
        change(data[section].setdefault(key, {}))


def _empty() -> dict[str, Any]:
    return {"version": VERSION, **{section: {} for section in SECTIONS}}


def _unsaved(error: BaseException) -> str:
    if isinstance(error, ImportError):
        why = "the package platformdirs is missing (`pip install teachkit[lab]`)"
    else:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return (
        f"Your progress could not be saved: {why}. It is kept while this notebook runs, and "
        "everything works without it."
    )


def _load(path: Path) -> tuple[dict[str, Any], str]:
    if not path.exists() or not path.stat().st_size:
        return _empty(), ""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        data = None
    version = data.get("version") if isinstance(data, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise OSError(f"{path.name} was written by a newer teachkit and is left untouched")
    if _is_valid(data):
        return data, ""
    kept = _aside(path)
    return _empty(), (
        f"The file with your progress could not be read. It is kept as {kept.name} by the new one."
    )


def _aside(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    os.replace(path, kept)
    return kept


def _is_valid(data: Any) -> bool:
    if not isinstance(data, dict) or data.get("version") != VERSION:
        return False
    for section in SECTIONS:
        if not isinstance(data.get(section), dict):
            return False
        for entry in data[section].values():
            if not isinstance(entry, dict) or not all(
                type(entry[field]) is wanted for field, wanted in _TYPES.items() if field in entry
            ):
                return False
    return True


def _store(path: Path, data: dict[str, Any]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(data, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
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
def _locked(path: Path) -> Iterator[None]:
    """One kernel at a time. A lock left behind by a kernel that died is removed after 10 s."""
    lock = path.with_name(path.name + ".lock")
    until = time.monotonic() + PATIENCE
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except (FileExistsError, PermissionError) as error:
            if isinstance(error, PermissionError) and not lock.exists():
                raise
        with contextlib.suppress(OSError):
            if time.time() - lock.stat().st_mtime > STALE:
                lock.unlink()
        if time.monotonic() > until:
            raise TimeoutError("another notebook holds the file")
        time.sleep(0.01)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.unlink()
