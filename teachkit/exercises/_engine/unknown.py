"""Answers that no check could name, kept on the learner's machine for whoever hands them in.

They stand in a file beside the progress file, the newest last; only the last hundred are kept.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from teachkit._files import locked, store

from .progress import PATIENCE, location

KEPT = 100
LONGEST = 4_000  # characters of one answer


def place() -> Path:
    """The file: progress.unknown.jsonl beside progress.json, one answer in each line."""
    path = location()
    return path.with_name(f"{path.stem}.unknown.jsonl")


def keep(exercise: str, function: Callable[..., Any], mark: str, said: str) -> None:
    """Keep one answer, once; what cannot be written is not kept, and nothing is said."""
    entry = {"exercise": exercise, "answer": _source(function), "said": said, "mark": mark}
    try:
        path = place()
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path, PATIENCE) as still_ours:
            lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
            line = json.dumps(entry, sort_keys=True)
            if line not in lines:
                still_ours()
                store(path, "\n".join([*lines[1 - KEPT :], line]) + "\n", private=True)
    except (OSError, ImportError, RuntimeError, ValueError):
        return


def count() -> int:
    """How many there are."""
    try:
        return len(place().read_text(encoding="utf-8").splitlines())
    except (OSError, ImportError, RuntimeError, ValueError):
        return 0


def _source(function: Callable[..., Any]) -> str:
    try:
        return inspect.getsource(function)[:LONGEST]
    except (OSError, TypeError):
        return ""
