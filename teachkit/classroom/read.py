"""The files that learners handed in: what they hold, or in a sentence why they are left out."""

from __future__ import annotations

import json
import stat
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from teachkit.exercises._engine.export import FORMAT, VERSION, printable

LARGEST = 4_000_000  # bytes; what learners hand in has a few thousand
OURS = ("classroom.html", "classroom.csv")
PROGRESS = {"version", "exercises", "quizzes"}
Entries = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Learner:
    """One learner, as the file of theirs that counts has it."""

    file: str
    id: str
    number: int  # how many files this learner has written so far, this one included
    name: str
    course: str
    exercises: Entries
    quizzes: Entries
    guesses: Entries


@dataclass(frozen=True)
class Handed:
    """Everybody who handed something in, and a sentence for each file that is left out."""

    learners: tuple[Learner, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]


class LeftOut(ValueError):
    """Why a file does not count, as the rest of a sentence that begins with its name."""


def files(folder: Path) -> list[Path]:
    """What may be a file of a learner's, by name."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() == ".json")


def read(folder: Path) -> Handed:
    """Read every ``.json`` in the folder; what is no export is named and left out."""
    found: dict[str, list[Learner]] = defaultdict(list)
    left_out = []
    for path in files(folder):
        try:
            learner = _learner(path)
            found[learner.id].append(learner)
        except LeftOut as why:
            left_out.append(f"{printable(path.name)} {why}")
    counted = []
    for several in found.values():
        one, sentences = _newest(several)
        counted += [one] if one else []
        left_out += sentences
    others = [
        printable(path.name)
        for path in sorted(folder.iterdir())
        if path.suffix.lower() not in (".json", ".tmp", ".lock") and path.name not in OURS
    ]
    learners, notes = _called(counted)
    if others:
        notes.append(f"Not looked at, as their names do not end in .json: {_listed(others)}.")
    return Handed(tuple(learners), tuple(left_out), tuple(notes))


def _learner(path: Path) -> Learner:
    data = _checked(_parsed(_text(path)))
    me = data["learner"]
    return Learner(
        printable(path.name),
        me["id"],
        int(me["number"]),
        printable(me.get("name", "")),
        data["course"],
        data["exercises"],
        data["quizzes"],
        data["guesses"],
    )


def _text(path: Path) -> str:
    try:
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            raise LeftOut("is a folder.")
        if not stat.S_ISREG(about.st_mode):
            raise LeftOut("is no ordinary file.")
        if about.st_size > LARGEST:
            raise LeftOut(f"has {about.st_size / 1e6:.0f} MB; an export has a few thousand bytes.")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise LeftOut(f"cannot be read: {error.strerror or type(error).__name__}.") from error
    except UnicodeDecodeError as error:
        raise LeftOut("is no text, and so no export.") from error


def _parsed(text: str) -> Any:
    if not text.strip():
        raise LeftOut("is empty. Perhaps it is still being copied.")
    try:
        data = json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
        json.dumps(data, ensure_ascii=False).encode()  # half a character cannot be written again
    except (ValueError, RecursionError) as error:
        raise LeftOut("is no whole JSON file. Perhaps it was cut off on the way.") from error
    return data


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    together = dict(pairs)
    if len(together) < len(pairs):
        raise ValueError("a name stands twice in one place")
    return together


def _checked(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        if isinstance(data, dict) and data.keys() >= PROGRESS and "format" not in data:
            raise LeftOut(
                "is a progress file, and no export. `teachkit.exercises.export()` writes one, with "
                "nothing in it that was not meant to be handed in."
            )
        raise LeftOut("is no export of teachkit's.")
    version = data.get("version")
    if type(version) is int and version > VERSION:
        raise LeftOut(
            f"was written by a newer teachkit (its format is {version}, and {VERSION} is known "
            "here). Get the newer course, and run this again."
        )
    try:
        worst = jsonschema.exceptions.best_match(_schema().iter_errors(data))
        what = "" if worst is None else printable(f"{_where(worst)}: {_short(worst.message)}")
    except RecursionError:
        what = "it is nested too deeply"
    if what:
        raise LeftOut(f"does not hold what an export holds ({what}).")
    return data


@cache
def _schema() -> Any:
    text = Path(__file__).with_name("export.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


def _where(error: Any) -> str:
    return " / ".join(str(part)[:60] for part in error.absolute_path) or "all of it"


def _short(message: str) -> str:
    """What was met stands at its beginning, and what is wrong with it at its end."""
    return message if len(message) <= 120 else f"{message[:40]} ... {message[-60:]}"


def _newest(several: list[Learner]) -> tuple[Learner | None, list[str]]:
    """Which of one learner's files counts, and what is said of the others."""
    several.sort(key=lambda one: (-one.number, one.file))
    first, *others = several
    rivals = [one for one in others if one.number == first.number]
    if any(replace(one, file="") != replace(first, file="") for one in rivals):
        names = _listed([one.file for one in (first, *rivals)])
        return None, [
            f"{names} are of one learner and equally new, and differ: none of the files of this "
            f"learner counts ({_listed([one.file for one in several])})."
        ]
    return first, [
        f"{one.file} is a copy of {first.file}, which counts."
        if one in rivals
        else f"{one.file} is of the same learner as {first.file}, which is newer and counts."
        + _two_names(one, first)
        for one in others
    ]


def _two_names(one: Learner, first: Learner) -> str:
    """A machine that was copied with somebody's progress on it makes its learners one."""
    if one.name in ("", first.name) or not first.name:
        return ""
    return (
        f" They have two names, {one.name} and {first.name}: if that is two people, they work with "
        "one progress file, or with copies of it."
    )


def _called(learners: list[Learner]) -> tuple[list[Learner], list[str]]:
    """The learners by name; two of one name, and who has none, get the number that they drew."""
    several = Counter(one.name for one in learners if one.name)
    called = [
        one
        if several[one.name] == 1
        else replace(one, name=f"{one.name or 'no name'} ({one.id[:6]})")
        for one in learners
    ]
    notes = [
        f"{many} learners are called {name}, and all of them count. If it is one who worked on "
        f"{many} machines, keep one of the files."
        for name, many in sorted(several.items())
        if many > 1
    ]
    return sorted(called, key=lambda one: (one.name.casefold(), one.id)), notes


def _listed(names: list[str]) -> str:
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
