"""`make teaching`: what the room will get wrong, written into the notes for whoever teaches.

Each file of notes has a block between marks. It is made from the known mistakes of the lesson's
exercises, so that it says what their checks say; a test holds it fresh.
"""

from __future__ import annotations

import sys
from pathlib import Path

from teachkit.exercises import Exercise
from teachkit.solutions import checks, code, exercises_of
from tests.notebooks.lessons import LESSONS, NOTEBOOKS, read

TEACHING = NOTEBOOKS.parent / "teaching"
BEGIN, END = "<!-- known mistakes -->", "<!-- end of known mistakes -->"
SHOWN = 6  # mistakes of an exercise that are told in full; those of its own come first
HEAD = """
## What the room will get wrong

Made by `make teaching` from the known mistakes of the exercises, in the order in which these stand
in the lesson. The words are those of the checks.
"""


def notes(lesson: Path) -> Path:
    """The notes of a lesson."""
    return TEACHING / f"{lesson.stem}.md"


def asked(lesson: Path) -> list[Exercise]:
    """The exercises of a lesson, in the order in which it asks them."""
    notebook = read(lesson)
    room = exercises_of(notebook)
    paths = [path for cell in notebook.cells if code(cell) for path, _ in checks(code(cell))]
    return [room[path.removeprefix("lesson.")] for path in paths]


def block(lesson: Path) -> str:
    """What stands between the marks."""
    parts = [HEAD]
    for exercise in asked(lesson):
        told, rest = exercise.mistakes[:SHOWN], exercise.mistakes[SHOWN:]
        lines = [f"**{exercise.number} {exercise.title}** (`{exercise.name}`)", ""]
        lines += [f"- *{mistake.name}*: {mistake.message}" for mistake in told]
        if rest:
            lines.append(f"- and known by name: {'; '.join(mistake.name for mistake in rest)}.")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def with_block(text: str, made: str) -> str:
    """The notes with what stands between the marks exchanged; at the end, where there are none."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before.rstrip()}\n\n{BEGIN}\n{made}\n{END}\n{after.lstrip()}"


def main() -> int:
    """Write the block of every lesson."""
    for lesson in LESSONS:
        path = notes(lesson)
        before = path.read_text(encoding="utf-8")
        after = with_block(before, block(lesson))
        path.write_text(after, encoding="utf-8")
        print(f"{path.name:36}{'unchanged' if after == before else 'refreshed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
