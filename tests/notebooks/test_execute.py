"""`make notebooks`: what it keeps, what it drops, and that it rewrites only what changed."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import pytest
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode, v4, write
from PIL import Image, PngImagePlugin

from tests.notebooks import execute
from tests.notebooks.lessons import read


def png(software: str, colour: str = "red") -> str:
    """A small picture whose file says what wrote it."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", software)
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(buffer, "png", pnginfo=info)
    return base64.b64encode(buffer.getvalue()).decode()


def picture(data: str, alt: str = "a red square", **metadata: object) -> NotebookNode:
    shown = f'<img alt="{alt}" src="data:image/png;base64,{data}">'
    said = {"text/html": shown, "text/plain": "a"}
    return v4.new_output("display_data", said, metadata=metadata)


def notebook(*outputs: NotebookNode) -> NotebookNode:
    metadata = {"tags": ["setup"], "collapsed": True}
    cell = v4.new_code_cell("1", outputs=list(outputs), metadata=metadata)
    return v4.new_notebook(cells=[v4.new_markdown_cell("text"), cell], metadata={"widgets": {}})


def test_the_same_pixels_are_no_change() -> None:
    old = [[], [picture(png("matplotlib 3.9"))]]
    same = execute.clean(notebook(picture(png("matplotlib 3.11"))), old)
    assert same.cells[1].outputs[0] == picture(png("matplotlib 3.9"))
    other = execute.clean(notebook(picture(png("matplotlib 3.11", "blue"))), old)
    assert other.cells[1].outputs[0] == picture(png("matplotlib 3.11", "blue"))


def test_other_words_under_the_same_pixels_are_new() -> None:
    new = notebook(picture(png("matplotlib 3.11"), "a square"))
    said = execute.clean(new, [[], [picture(png("matplotlib 3.9"))]])
    assert said.cells[1].outputs[0] == picture(png("matplotlib 3.9"), "a square")


def test_keeps_tags_and_alternative_texts_and_drops_the_rest() -> None:
    said = picture(png("a"), other=1)
    said.data[execute.VIEW] = {"model_id": "random"}
    clean = execute.clean(notebook(said), [[], []])
    assert clean.metadata == execute.METADATA
    assert clean.cells[1].metadata == {"tags": ["setup"]}
    assert clean.cells[1].outputs == [picture(png("a"))]


SOURCES = [
    "import matplotlib.pyplot as plt\nfrom teachkit.figures import show",
    "print('one', end=' ')\nprint('line')",
    "figure, axis = plt.subplots()\naxis.plot([0, 1])\nshow(figure, alt='A line that rises.')",
    "import ipywidgets\nipywidgets.IntSlider()",
]


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[bool], list[str]]:
    """A notebook executed twice: whether it was rewritten, and what it was after each."""
    path = tmp_path_factory.mktemp("notebooks") / "00_lesson.ipynb"
    write(v4.new_notebook(cells=[v4.new_code_cell(source) for source in SOURCES]), path)
    changed, texts = [], []
    for _ in range(2):
        changed.append(execute.execute(path))
        texts.append(path.read_text(encoding="utf-8"))
    return path, changed, texts


def test_a_second_run_changes_nothing(executed: tuple[Path, list[bool], list[str]]) -> None:
    _, changed, texts = executed
    assert changed == [True, False]
    assert texts[0] == texts[1]


def test_what_stands_in_the_file(executed: tuple[Path, list[bool], list[str]]) -> None:
    path, _, texts = executed
    cells = read(path).cells
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4]
    assert [output.text for output in cells[1].outputs] == ["one line\n"]
    (figure,) = cells[2].outputs
    assert figure.data["text/plain"] == "Figure: A line that rises."
    assert ' alt="A line that rises." ' in figure.data["text/html"]
    (slider,) = cells[3].outputs
    assert set(slider.data) == {"text/plain"}
    assert set(json.loads(texts[1])["metadata"]) == {"kernelspec", "language_info"}


def test_an_error_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "00_lesson.ipynb"
    write(v4.new_notebook(cells=[v4.new_code_cell("1 / 0")]), path)
    before = path.read_bytes()
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        execute.execute(path)
    assert path.read_bytes() == before


def test_a_lesson_that_cannot_be_written_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, text: str, encoding: str) -> None:
        self.write_bytes(text.encode(encoding)[:10])
        raise OSError("No space left on device")

    path = tmp_path / "00_tiny.ipynb"
    write(v4.new_notebook(), path)
    before = path.read_bytes()
    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        execute.execute(path)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == before
