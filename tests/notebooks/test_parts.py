"""A part starts on its own: after a restart, the cells tagged `setup` before it, then its cells."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests.notebooks.execute import run
from tests.notebooks.lessons import LESSONS, parts, read, tags

LATER = [(path, part) for path in LESSONS for part in range(2, len(parts(read(path).cells)) + 1)]


def alone(path: Path, part: int) -> nbformat.NotebookNode:
    """What is run by who comes back after a break; an error stops nothing."""
    pieces = parts(read(path).cells)
    before = [cell for piece in pieces[: part - 1] for cell in piece if "setup" in tags(cell)]
    cells = [cell for cell in [*before, *pieces[part - 1]] if cell.cell_type == "code"]
    for cell in cells:
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), "raises-exception"]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.mark.parametrize(("path", "part"), LATER, ids=lambda it: getattr(it, "stem", str(it)))
def test_a_part_starts_on_its_own(path: Path, part: int, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("TEACHKIT_PROGRESS", str(tmp_path / "progress.json"))
    notebook = alone(path, part)
    run(notebook, path.parent)
    failed = {
        cell.id
        for cell in notebook.cells
        if any(output.output_type == "error" for output in cell.outputs)
    }
    assert not failed
