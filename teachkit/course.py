"""A learner's own copy of the lessons: `python -m teachkit.course notebooks my_course`.

A lesson is copied once and never written over, so that a pull does not touch an answer. What a
lesson said when it was copied is remembered beside the copies, so that a later change of it can be
told from the learner's own work; so is what CHANGELOG.md said of it, so that what was added since
can be shown. Each file is written beside its place and then put there: it is whole or not there,
also where the disk is full or somebody interrupts.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from ._files import store

RECORD = ".copied.json"
CHANGE = re.compile(r"^- \*\*([\w, ]+)\*\* (.+(?:\n  .+)*)", re.MULTILINE)
VIEW = "application/vnd.jupyter.widget-view+json"
TWINS = {"text/html", "image/png"}  # what can stand in the place of a widget


def fingerprint(notebook: Path) -> str:
    """A hash of what a notebook says: its cells' sources, not their outputs."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    said = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class Copied(NamedTuple):
    """What a lesson said when it was copied, and what CHANGELOG.md had said of it by then."""

    said: str
    changes: tuple[str, ...]


def changes(changelog: Path) -> dict[str, tuple[str, ...]]:
    """What a changelog says of each lesson, newest first; nothing where there is none.

    A line for lessons begins with their numbers: ``- **07, 08** Their explorers ask first.``
    """
    try:
        text = changelog.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for numbers, said in CHANGE.findall(text):
        for number in map(str.strip, numbers.split(",")):
            found[number] = (*found.get(number, ()), " ".join(said.split()))
    return found


def copy_lessons(source: Path, target: Path) -> list[str]:
    """Copy the lessons of `source` that are not in `target` yet; one sentence for each event.

    Raises
    ------
    ValueError
        Where `source` holds no notebook.
    """
    lessons = sorted(source.glob("*.ipynb"))
    if not lessons:
        raise ValueError(
            f"There is no notebook in {str(source)!r}. The lessons are in the folder `notebooks` "
            "of the repository: run this at its top."
        )
    target.mkdir(parents=True, exist_ok=True)
    record = _read_record(target / RECORD)
    changed = changes(source.parent / "CHANGELOG.md")
    said = []
    for lesson in lessons:
        copy = target / lesson.name
        lines = changed.get(lesson.name.split("_")[0], ())
        if not _is_notebook(lesson):
            said.append(
                f"{lesson} cannot be opened: it is no whole notebook, so it is not copied. Get the "
                "repository's own again: git checkout -- notebooks."
            )
            continue
        if not copy.exists():
            store(copy, lesson.read_bytes())
            _remember(target, record, lesson.name, Copied(fingerprint(lesson), lines))
            said.append(f"{copy}: copied, yours to change.")
        elif not _is_notebook(copy):
            said.append(
                f"{copy} cannot be opened: it is no whole notebook. It is left as it is; rename it "
                "and run this again for a new copy."
            )
        elif lesson.name in record:
            now = Copied(fingerprint(lesson), lines)
            if record[lesson.name].said == now.said:
                # Whatever the changelog says by now, this copy has it.
                if record[lesson.name] != now:
                    _remember(target, record, lesson.name, now)
                continue
            news = [line for line in lines if line not in record[lesson.name].changes]
            said.append(
                f"{copy}: the lesson has changed since you copied it; yours is kept. "
                "For the new one, rename yours and run this again."
                + "".join(f"\n  - {line}" for line in news)
            )
    return said


def drop_views(model: dict[str, Any], **_: Any) -> None:
    """Let a lesson be saved without its live widgets where a picture or a text stands beside them.

    A live view is worth nothing without its kernel: a notebook that is opened again would say
    "model not found" in the place of the picture. The server calls this before each save
    (`make lab` asks for it); what it does not know it leaves as it is.
    """
    if model.get("type") != "notebook":
        return
    for cell in model["content"]["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if data.keys() & TWINS:
                data.pop(VIEW, None)


def _is_notebook(path: Path) -> bool:
    try:
        return "cells" in json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return False


def _remember(target: Path, record: dict[str, Copied], name: str, copied: Copied) -> None:
    record[name] = copied
    entries = {lesson: entry._asdict() for lesson, entry in record.items()}
    store(target / RECORD, json.dumps(entries, indent=1, sort_keys=True))


def _read_record(path: Path) -> dict[str, Copied]:
    """What was copied when; nothing where the record is missing or broken.

    Entries that are the fingerprint alone were written before there was a changelog.
    """
    try:
        entries = dict(json.loads(path.read_text(encoding="utf-8")))
        return {
            name: Copied(entry, ())
            if isinstance(entry, str)
            else Copied(str(entry["said"]), tuple(map(str, entry["changes"])))
            for name, entry in entries.items()
        }
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def report(work: Callable[..., list[str]], *given: Any) -> int:
    """Say what was done, or why it could not be; what the command ends with."""
    try:
        print("\n".join(work(*given)))
    except (ValueError, OSError) as error:
        said = str(error)
        if isinstance(error, OSError) and error.filename:
            said = f"{error.strerror}: {error.filename}."
        print(said, file=sys.stderr)
        return 1
    return 0


def main(arguments: list[str]) -> int:
    """Copy the lessons of the first folder named to the second, and say what was done."""
    if len(arguments) > 2 or any(argument.startswith("-") for argument in arguments):
        print("Two folders at most: python -m teachkit.course notebooks my_course", file=sys.stderr)
        return 1
    source, target = [*arguments, *["notebooks", "my_course"][len(arguments) :]]
    nothing = f"{target} has every lesson."
    return report(lambda: copy_lessons(Path(source), Path(target)) or [nothing])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
