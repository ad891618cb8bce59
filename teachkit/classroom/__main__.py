"""`python -m teachkit.classroom FOLDER`: one page and one table from what learners handed in."""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from teachkit._files import store
from teachkit.exercises._engine.export import printable

from .count import count
from .page import page
from .read import OURS, files, read
from .sheet import sheet

SECONDS = 2.0  # between two looks at the folder
BOM = "\ufeff"  # by which spreadsheets know that the table is UTF-8


def main(arguments: Sequence[str] | None = None) -> int:
    """Write classroom.html and classroom.csv to the working folder; 1 where that cannot be."""
    told = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a name that it has no letters for ends nothing
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        if not told.folder.is_dir():
            print(f"{told.folder} is no folder. Name the one with the exports.", file=sys.stderr)
            return 1
        if told.watch:
            return _watch(told.folder)
        print(write(told.folder))
    except OSError as error:
        print(_trouble(error), file=sys.stderr)
        return 1
    return 0


def write(folder: Path, *, watched: bool = False) -> str:
    """Write both files, and say in sentences what was counted and what was left out."""
    counted = count(read(folder))
    written = page(counted, printable(folder.resolve().name), datetime.now(), watched=watched)
    for name, text in zip(OURS, (written, BOM + sheet(counted)), strict=True):
        store(Path(name).absolute(), text)
    several = len(counted.learners)
    who = "1 learner" if several == 1 else f"{several} learners"
    return "\n".join([f"{' and '.join(OURS)}: {who}.", *counted.left_out, *counted.notes])


def _watch(folder: Path) -> int:
    """Write again whenever a file comes, changes or goes, until Control-C."""
    print(f"Open {OURS[0]}; it follows what comes into {folder}. Control-C ends this.")
    before, said = None, None
    try:
        while True:
            try:
                now = [_stamp(path) for path in files(folder)]
                if now != before:
                    print(write(folder, watched=True))
                    before, said = now, None
            except OSError as error:  # tried again, and said once
                if _trouble(error) != said:
                    said = _trouble(error)
                    print(said, file=sys.stderr)
            time.sleep(SECONDS)
    except KeyboardInterrupt:
        write(folder)
        print(f"\nNo longer watching. {OURS[0]} stays as it is and does not reload any more.")
        return 0


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        about = path.stat()
        return path.name, about.st_mtime_ns, about.st_size
    except OSError:
        return path.name, 0, 0


def _trouble(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    return f"The page could not be written: {error.strerror or error}{where}."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m teachkit.classroom",
        description="What the class got wrong: reads the files that teachkit.exercises.export() "
        "wrote and puts classroom.html and classroom.csv into the working folder. Nothing is sent "
        "anywhere.",
    )
    parser.add_argument("folder", type=Path, help="the folder with the files of the learners")
    parser.add_argument(
        "--watch", action="store_true", help="follow what comes in, until Control-C"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
