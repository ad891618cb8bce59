"""What a learner has done as one small file, to hand in by choice: nothing is sent anywhere."""

from __future__ import annotations

import importlib.metadata
import json
import math
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teachkit._files import store

from . import progress, unknown
from .display import Panel, Shown

FORMAT, VERSION = "teachkit export", 1
LONGEST = 80  # characters of a name
# What leaves: no fingerprint of an answer, no time of day, and nothing that this version cannot say
# in words.
FIELDS = {
    "exercises": (
        "attempts", "found", "hints", "minutes", "solved", "solution_shown",
        "solved_after_solution",
    ),
    "quizzes": ("answers", "chosen", "right"),
    "guesses": ("made",),
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class Exported(Shown):
    """Where the file is (None where none could be written), and what is said of it."""

    path: Path | None
    panel: Panel

    def _panel(self) -> Panel:
        return self.panel


def export(name: str = "", *, answers: bool = False, folder: str | Path = ".") -> Exported:
    """Write what you have done to one small file, to hand in if you like, and say what is in it.

    Parameters
    ----------
    name : str, optional
        The name that your class sees; without one, a random number stands for you.
    answers : bool
        Whether the answers that no check could name go along, with your code. Without it no code
        of yours is in the file.
    folder : str or Path
        Where the file goes: the working folder, unless told.

    Returns
    -------
    Exported
        Shows itself as sentences; ``path`` is the file, or None where it could not be written.

    Raises
    ------
    TypeError
        Where the name is no text.
    ValueError
        Where the name has more than 80 characters.
    """
    name = _checked(name)
    mine = uuid.uuid4().hex[:12]

    def note(entry: dict[str, Any]) -> None:
        entry.setdefault("learner", mine)
        entry["number"] = entry.get("number", 0) + 1

    in_the_way = progress.update("exports", "all", note)
    data, sentence = progress.read()
    sentence = in_the_way or sentence
    held: dict[str, Any] = {
        section: _entries(data[section], fields) for section, fields in FIELDS.items()
    }
    if in_the_way and not any(held.values()):
        return _not_written("your progress could not be read.", sentence)
    me = data["exports"]["all"]
    learner = {"id": me["learner"], "number": me["number"], **({"name": name} if name else {})}
    handed = _answers() if answers else []
    whole = {
        "format": FORMAT,
        "version": VERSION,
        "course": importlib.metadata.version("teachkit"),
        "learner": learner,
        **held,
        **({"answers": handed} if answers else {}),
    }
    word = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()
    file = "-".join(filter(None, ["teachkit", word, me["learner"][:6]])) + ".json"
    try:
        path = Path(folder).expanduser().absolute() / file
        store(path, json.dumps(whole, indent=1, sort_keys=True))
    except (OSError, RuntimeError, ValueError) as error:  # "~nobody", and what can be no name
        why = str(getattr(error, "strerror", None) or error).rstrip(".")
        return _not_written(f"{why} ({folder}).", sentence)
    said = [
        _what(held),
        f"Your class sees it under the name {name}."
        if name
        else f"It has no name: {me['learner'][:6]} stands for you, a random number.",
        _code(len(handed)) if answers else "None of your code is in it.",
        "Nothing has been sent. The file is text: open it and look, and hand it in if you like. A "
        "later export counts in its place.",
        sentence,
    ]
    return Exported(path, Panel("plain", f"Written: {path}", tuple(filter(None, said))))


def _checked(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(
            f'export takes a name in quotes, export("Ada"), or nothing; yours is {name!r:.80}.'
        )
    plain = printable(name)
    if len(plain) > LONGEST:
        raise ValueError(f"This name has {len(plain)} characters; {LONGEST} are the most.")
    return plain


def printable(name: str) -> str:
    """A name in one line, without what would break or turn the line that it stands in."""
    joiners = "\u200c\u200d"  # which some scripts need between letters
    return " ".join("".join(c if c.isprintable() or c in joiners else " " for c in name).split())


def _not_written(why: str, sentence: str) -> Exported:
    blocks = (sentence,) if sentence else ()
    return Exported(None, Panel("stop", f"No export was written: {why}", blocks))


def _entries(entries: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    kept = {
        key: _plain({field: entry[field] for field in fields if field in entry})
        for key, entry in entries.items()
    }
    return {key: entry for key, entry in kept.items() if entry}


def _plain(value: Any) -> Any:
    """The value without what JSON has no word for, which only a hand could have put there."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        plain = {key: _plain(item) for key, item in value.items()}
        return {key: item for key, item in plain.items() if item is not None}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _answers() -> list[dict[str, str]]:
    try:
        lines = unknown.place().read_text(encoding="utf-8").splitlines()
        entries = [json.loads(line) for line in lines]
        return [{field: str(e[field]) for field in ("exercise", "answer", "said")} for e in entries]
    except (OSError, ImportError, RuntimeError, ValueError, KeyError, TypeError):
        return []


def _what(held: dict[str, Any]) -> str:
    counts = [
        _count(len(held["exercises"]), "exercise", "exercises"),
        _count(len(held["quizzes"]), "quiz", "quizzes"),
        _count(sum(len(e.get("made", ())) for e in held["guesses"].values()), "guess", "guesses"),
    ]
    return (
        f"In it are {counts[0]} (how often you tried, which mistakes the checks named, hints, "
        "whether you solved it and after how many minutes, whether you saw the solution), "
        f"{counts[1]} (your choices) and {counts[2]} (with the truth)."
    )


def _code(count: int) -> str:
    if not count:
        return "There are no answers that the checks could not name, so none of your code is in it."
    answers, verb = _count(count, "answer", "answers"), "is" if count == 1 else "are"
    return f"As you asked, {answers} of yours {verb} in it, code and all."


def _count(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
