"""`make notebooks`: run the lessons on a fresh kernel each, and refresh the outputs that changed.

Kept of an output: its text and its picture, which is HTML. Dropped: widget views and their state (a
saved view without a running kernel shows "model not found"), versions and timings, so that a
notebook changes only when what it says or shows has changed.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
import time
from base64 import b64decode
from pathlib import Path

import matplotlib.image
import nbformat
import numpy as np
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

from tests.notebooks.lessons import LESSONS, read

PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")
VIEW = "application/vnd.jupyter.widget-view+json"
KEPT = {"tags", "jupyter"}  # of a cell's metadata; `jupyter` says that its code is folded
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def execute(path: Path) -> bool:
    """Run the notebook; write it if anything in it changed, and say whether."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    notebook = read(path)
    old = [list(cell.get("outputs", [])) for cell in notebook.cells]
    run(notebook, path.parent)
    after = nbformat.writes(clean(notebook, old)) + "\n"
    if after != before:
        beside = path.with_name(f"{path.name}.part")  # a run that is ended leaves no half lesson
        try:
            beside.write_text(after, encoding="utf-8")
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    return after != before


def run(notebook: NotebookNode, folder: Path) -> None:
    """Give the notebook the outputs of a fresh kernel of this Python, working in the folder."""
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name=CURRENT_ENV_KERNEL_NAME,  # this Python, as in the tests
        resources={"metadata": {"path": str(folder)}},
        coalesce_streams=True,
        store_widget_state=False,
        record_timing=False,
    )
    client.create_kernel_manager()
    client.km.kernel_spec_manager = NbvalKernelspecManager(parent=client.km)
    client.execute()


def clean(notebook: NotebookNode, old: list[list[NotebookNode]]) -> NotebookNode:
    """The notebook with nothing in it but what a reader sees; unchanged pictures as they were."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell, old_outputs in zip(notebook.cells, old, strict=True):
        cell.metadata = NotebookNode(
            {key: value for key, value in cell.metadata.items() if key in KEPT}
        )
        if cell.cell_type != "code":
            continue
        cell.outputs = [_clean_output(output) for output in cell.outputs]
        for new, was in zip(cell.outputs, old_outputs, strict=False):
            _keep_the_same_picture(new, was)
    return notebook


def _clean_output(output: NotebookNode) -> NotebookNode:
    if "data" in output:
        output.data.pop(VIEW, None)
        output.metadata = NotebookNode()
    return output


def _keep_the_same_picture(new: NotebookNode, was: NotebookNode) -> None:
    """Where two outputs show the same pixels, the old file (they name the software) stays."""
    outputs = [output.get("data", {}).get("text/html", "") for output in (new, was)]
    pictures = [match[0] for text in outputs if (match := PICTURE.search(text))]
    if len(pictures) == 2 and np.array_equal(*map(_pixels, pictures)):
        new.data["text/html"] = outputs[0].replace(*pictures)


def _pixels(picture: str) -> np.ndarray:
    file = io.BytesIO(b64decode(picture.partition(",")[2]))
    return matplotlib.image.imread(file, format="png")


def main(names: list[str]) -> int:
    chosen = [p for p in LESSONS if not names or any(p.name.startswith(n) for n in names)]
    if not chosen:
        print(f"No lesson's name begins with {' or '.join(names)}.", file=sys.stderr)
        return 1
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TEACHKIT_PROGRESS"] = str(Path(folder) / "progress.json")
        for path in chosen:
            print(f"{path.name:40}", end="", flush=True)
            start = time.perf_counter()
            try:
                changed = execute(path)
            except CellExecutionError as error:
                print(f"stopped, and left as it was:\n\n{error}", file=sys.stderr)
                return 1
            seconds = time.perf_counter() - start
            print(f"{seconds:6.1f} s  {'refreshed' if changed else 'unchanged'}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
