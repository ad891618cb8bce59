"""Which cells of a lesson print something else than what is committed? `-m ... LESSON [DRAW]`.

It runs in the surroundings that are tried: another Python, another kernel of BLAS, other rounding.
Its last line is JSON: for each cell that moved, the first line that differs, then and now.
"""

from __future__ import annotations

import configparser
import copy
import json
import os
import re
import sys
import tempfile
from functools import cache
from itertools import zip_longest
from pathlib import Path

from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode, v4

from tests.notebooks.execute import run
from tests.notebooks.lessons import read, tags

ROOT = Path(__file__).resolve().parents[3]
BEGIN = (
    "import sys; sys.path.insert(0, {root!r}); from tests.notebooks.digits.syntax import install; "
)
TEXTS = ("text/plain", "text/html", "text/markdown")

Moved = dict[str, tuple[str, str]]


def moved(path: Path, draw: int | None = None) -> Moved:
    """Run the lesson, with rounding drawn anew if a draw is given, and compare what it prints."""
    committed = read(path)
    notebook = copy.deepcopy(committed)
    if draw is not None:
        begin = v4.new_code_cell(BEGIN.format(root=str(ROOT)) + f"install({draw})")
        notebook.cells.insert(0, begin)
    try:
        run(notebook, path.parent)
    except CellExecutionError as error:
        last = str(error).strip().splitlines()[-1]
        stopped = next(cell for cell in notebook.cells if _failed(cell))
        return {stopped.id: ("(no error)", last)}
    ran = notebook.cells[len(notebook.cells) - len(committed.cells) :]
    return {
        was.id: _difference(printed(was), printed(now))
        for was, now in zip(committed.cells, ran, strict=True)
        if "nbval-ignore-output" not in tags(was) and printed(was) != printed(now)
    }


def _failed(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def printed(cell: NotebookNode) -> str:
    """All text that the cell shows, with what `tests/nbval_sanitize.cfg` excuses taken out."""
    parts: dict[str, str] = {}
    for output in cell.get("outputs", []):
        texts = output.get("data", {})
        shown = texts or {output.get("name", ""): output.get("text", "")}
        for kind, text in shown.items():
            if kind in ("stdout", "stderr", *TEXTS):
                parts[kind] = parts.get(kind, "") + text
    text = "\n".join(parts[kind] for kind in sorted(parts))
    for pattern, replacement in _sanitizers():
        text = pattern.sub(replacement, text)
    return text


@cache
def _sanitizers() -> list[tuple[re.Pattern[str], str]]:
    config = configparser.RawConfigParser()
    config.read(ROOT / "tests" / "nbval_sanitize.cfg", encoding="utf-8")
    return [(re.compile(config[s]["regex"]), config[s]["replace"]) for s in config.sections()]


def _difference(was: str, now: str) -> tuple[str, str]:
    """The first line that differs, in both."""
    lines = zip_longest(was.splitlines(), now.splitlines(), fillvalue="(nothing)")
    return next((a, b) for a, b in lines if a != b)


def main(name: str, draw: str = "") -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TEACHKIT_PROGRESS"] = str(Path(folder) / "progress.json")
        print(json.dumps(moved(Path(name), int(draw) if draw else None)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
