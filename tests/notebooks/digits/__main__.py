"""Run the lessons on every machine that can be tried here, and say in one table what moved."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.notebooks.digits.conditions import Condition, every
from tests.notebooks.digits.moved import ROOT, Moved
from tests.notebooks.lessons import LESSONS

WORKERS = min(os.cpu_count() or 1, 8)


@dataclass(frozen=True)
class Row:
    """A condition, and for each lesson what moved in each of its runs."""

    condition: Condition
    moved: dict[str, list[Moved]]

    @property
    def held(self) -> int:
        return sum(not any(runs) for runs in self.moved.values())

    def cells(self) -> Iterator[tuple[str, int, tuple[str, str]]]:
        """Each cell that moved, in how many runs, and the first line that did: then and now."""
        for lesson, runs in self.moved.items():
            for cell in dict.fromkeys(cell for run in runs for cell in run):
                lines = [run[cell] for run in runs if cell in run]
                yield f"{lesson[:2]} {cell}", len(lines), lines[0]


def run(condition: Condition, lesson: Path, draw: int | None) -> Moved:
    """One lesson in these surroundings, in a process of its own."""
    command = [condition.python, "-m", "tests.notebooks.digits.moved", str(lesson)]
    if draw is not None:
        command.append(str(draw))
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=condition.surroundings(),
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        said = done.stderr.strip().splitlines()
        return {"(the run)": ("", said[-1] if said else f"ended with {done.returncode}")}


def rows(conditions: Iterator[Condition], lessons: list[Path]) -> Iterator[Row]:
    """Each condition tried on each lesson, as many at a time as there are cores."""
    with ThreadPoolExecutor(WORKERS) as pool:
        for condition in conditions:
            if condition.instead:
                yield Row(condition, {})
                continue
            runs = {
                lesson.stem: [
                    pool.submit(run, condition, lesson, draw) for draw in condition.draws or (None,)
                ]
                for lesson in lessons
            }
            yield Row(condition, {name: [r.result() for r in some] for name, some in runs.items()})


def table(found: list[Row]) -> str:
    """One line for each condition: how many lessons held, and which cells moved."""
    width = max(len(row.condition.name) for row in found)
    lines = [f"{'condition':{width}}  lessons  cells that moved"]
    for row in found:
        said = row.condition.instead or ", ".join(
            cell + (f" ({count} of {len(row.condition.draws)})" if row.condition.draws else "")
            for cell, count, _ in row.cells()
        )
        held = "-" if row.condition.instead else f"{row.held} of {len(row.moved)}"
        lines.append(f"{row.condition.name:{width}}  {held:>7}  {said or 'none'}")
    return "\n".join(lines)


def differences(found: list[Row]) -> str:
    """What each cell that moved says, the first time it did."""
    said: dict[str, str] = {}
    for row in found:
        for cell, _, (was, now) in row.cells():
            said.setdefault(cell, f"{cell}, {row.condition.name}:\n  - {was}\n  + {now}")
    return "\n".join(said.values())


def main(names: list[str]) -> int:
    lessons = [p for p in LESSONS if not names or any(p.name.startswith(n) for n in names)]
    if not lessons:
        print(f"No lesson's name begins with {' or '.join(names)}.", file=sys.stderr)
        return 1
    draws = int(os.environ.get("DRAWS") or 20)
    found = []
    for row in rows(every(draws, os.environ.get("OTHER_PYTHON", "")), lessons):
        found.append(row)
        print(f"... {table([row]).splitlines()[-1]}", flush=True)
    print()
    for text in filter(None, (differences(found), table(found))):
        print(text + "\n")
    moved = any(any(row.cells()) for row in found)
    if moved:
        print("What moves is to be printed with fewer digits, or as a range.", file=sys.stderr)
    return int(moved)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
