"""The learner's progress: one JSON file, written whole or not at all, that nothing here can lose.

A file that cannot be read is kept aside under another name. What cannot be written stays in memory
and is written with the next change that succeeds. Either is said in a sentence; neither raises.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from teachkit._files import locked, store

VERSION = 1
PATIENCE = 2.0  # seconds to wait for another kernel
OLD = ("exercises", "quizzes")  # every file has these sections; one from before has no other
SECTIONS = (*OLD, "guesses", "exports")
_TYPES: dict[str, tuple[type, ...]] = {
    "attempts": (int,),
    "hints": (int,),
    "answers": (int,),
    "number": (int,),
    "began": (int, float),  # when the first attempt was, in seconds since 1970
    "minutes": (int, float),  # from the first attempt to the solution
    "solved": (bool,),
    "right": (bool,),
    "solution_shown": (bool,),
    "solved_after_solution": (bool,),
    "last": (str,),
    "learner": (str,),
    "found": (list,),
    "chosen": (list,),
    "made": (list,),
}

Change = Callable[[dict[str, Any]], None]
_pending: dict[str, list[tuple[str, str, Change]]] = {}
_absolute: dict[str, Path] = {}  # where a relative TEACHKIT_PROGRESS was when it was first met
_one_thread = threading.RLock()


def location() -> Path:
    """$TEACHKIT_PROGRESS, or progress.json in the user's data folder."""
    told = os.environ.get("TEACHKIT_PROGRESS")
    if told:
        path = _absolute.setdefault(told, Path(told).expanduser().absolute()).resolve()
        if path.exists() and not path.is_file():  # a folder, or /dev/null, which root could replace
            raise OSError(f"{path} is no ordinary file")
        return path
    import platformdirs

    return Path(platformdirs.user_data_dir("teachkit", appauthor=False)) / "progress.json"


def update(section: str, key: str, change: Change) -> str:
    """Apply change to one entry and save; returns a sentence if something was in the way."""
    with _one_thread:
        waiting = _pending.setdefault(_place(), [])
        waiting.append((section, key, change))
        try:
            path = location()
            path.parent.mkdir(parents=True, exist_ok=True)
            with locked(path, PATIENCE) as still_ours:
                data, sentence = _load(path)
                _apply(data, waiting)
                text = json.dumps(data, indent=1, sort_keys=True)
                still_ours()
                store(path, text, private=True)
            waiting.clear()
            return sentence
        except (OSError, ImportError, RuntimeError) as error:
            return _unsaved(error)


def read() -> tuple[dict[str, Any], str]:
    """All entries, the unsaved ones included, and a sentence if something was in the way."""
    with _one_thread:
        data, sentence = _empty(), ""
        try:
            path = location()
            if path.exists():
                with locked(path, PATIENCE):
                    data, sentence = _load(path)
        except (OSError, ImportError, RuntimeError) as error:
            sentence = _unsaved(error)
            with contextlib.suppress(OSError, ImportError, RuntimeError, ValueError):
                found = json.loads(location().read_text(encoding="utf-8-sig"))  # only not writable?
                data = found if _is_valid(found) else data
        _apply(data, _pending.get(_place(), []))
        return data, sentence or _relative()


def _relative() -> str:
    told = os.environ.get("TEACHKIT_PROGRESS", "")
    if not told or told not in _absolute or Path(told).expanduser().is_absolute():
        return ""
    return (
        f"TEACHKIT_PROGRESS is relative; in this kernel it means {_absolute[told]}, and a notebook "
        "in another folder has another file."
    )


def _place() -> str:
    return os.environ.get("TEACHKIT_PROGRESS", "")


def _apply(data: dict[str, Any], changes: list[tuple[str, str, Change]]) -> None:
    for section in SECTIONS:
        data.setdefault(section, {})
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
        data = json.loads(path.read_text(encoding="utf-8-sig"))  # some editors begin with a mark
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
    if not all(section in data for section in OLD):
        return False
    for section in filter(data.__contains__, SECTIONS):
        if not isinstance(data[section], dict):
            return False
        for entry in data[section].values():
            if not isinstance(entry, dict) or not all(
                type(entry[field]) in wanted for field, wanted in _TYPES.items() if field in entry
            ):
                return False
    return True
