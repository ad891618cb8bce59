"""What every lesson keeps to, so that it reads well, compares exactly and serves everyone."""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode

from teachkit.exercises._engine.course import lessons
from tests.notebooks import teaching
from tests.notebooks.execute import KEPT, PICTURE
from tests.notebooks.lessons import LESSONS, NOTEBOOKS, number, read, tags

TAGS = {"setup", "exercise", "widget", "nbval-ignore-output"}
SIZE = 500 * 1024
ALT = 20  # characters: shorter than this, a text says nothing about a figure
PARTS = ["What you'll do", "What you'll learn", "What you'll need"]
CLOSING = ["On your own", "Further reading"]
TEXT_TYPES = {"text/plain", "text/html", "text/markdown"}
# What tells where a notebook was run.
MACHINE = re.compile(r"/home/|/root/|/Users/|/tmp/|/var/|/work/|site-packages|[A-Z]:\\|\.venv")

pytestmark = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def code(path: Path) -> list[NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def prose(path: Path) -> list[NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "markdown"]


def outputs(path: Path) -> Iterator[tuple[NotebookNode, NotebookNode]]:
    for cell in code(path):
        for output in cell.outputs:
            yield cell, output


def headings(path: Path) -> list[tuple[int, str]]:
    """Level and text of every heading, in order; what stands in a code fence is none."""
    text = "\n\n".join(cell.source for cell in prose(path))
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [(len(m[1]), m[2]) for m in re.finditer(r"^(#+) +(.+?)\s*$", text, re.MULTILINE)]


# ---- the cells ----


def test_tags_are_known(path: Path) -> None:
    """A misspelt tag is ignored in silence by everything that reads tags."""
    unknown = {cell.id: tags(cell) - TAGS for cell in read(path).cells if tags(cell) - TAGS}
    assert unknown == {}


def test_only_code_cells_are_tagged(path: Path) -> None:
    assert [cell.id for cell in prose(path) if tags(cell)] == []


def test_the_first_code_cell_is_the_setup(path: Path) -> None:
    cells = code(path)
    assert tags(cells[0]) == {"setup"}
    imports = re.compile(r"^(import|from) ", re.MULTILINE)
    rest = [cell.id for cell in cells[1:] if imports.search(cell.source)]
    assert rest == [], "imports belong into the first cell"


def test_the_exercises_are_imported_as_lesson(path: Path) -> None:
    """A name that no cell binds again: `def newton(...)` would take the checks of newton away."""
    trees = [ast.parse(cell.source) for cell in code(path)]
    names = [
        (alias.name, alias.asname)
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "teachkit.exercises"
        for alias in node.names
    ]
    assert [bound for _, bound in names] in ([], ["lesson"])
    nodes = [node for tree in trees for node in ast.walk(tree)]
    stored = [n for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    bound = {n.id for n in stored} | {n.name for n in nodes if isinstance(n, ast.FunctionDef)}
    assert "lesson" not in bound


def test_cell_ids_are_slugs(path: Path) -> None:
    """They stand in the address of a cell and in every diff."""
    ids = [cell.id for cell in read(path).cells]
    bad = [name for name in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)]
    assert bad == []
    assert len(set(ids)) == len(ids)
    random = [name for name in ids if re.fullmatch(r"[0-9a-f]{8}", name)]
    assert random == [], "ids that a front end made up say nothing"


def test_every_cell_says_something(path: Path) -> None:
    assert [cell.id for cell in read(path).cells if not cell.source.strip()] == []


def test_no_trailing_semicolon(path: Path) -> None:
    """It hides the last value in a front end, but not under nbval."""
    assert [cell.id for cell in code(path) if cell.source.rstrip().endswith(";")] == []


def test_no_magic_and_no_shell(path: Path) -> None:
    """The solved copies run as plain Python."""
    magic = re.compile(r"^\s*[%!]", re.MULTILINE)
    assert [cell.id for cell in code(path) if magic.search(cell.source)] == []


def test_nothing_that_cannot_be_compared(path: Path) -> None:
    """`interact` and `Output` fail under nbval; they are looked for as names, not as text."""
    used: dict[str, set[str]] = {}
    for cell in code(path):
        for node in ast.walk(ast.parse(cell.source)):
            name = getattr(node, "id", None) or getattr(node, "attr", None)
            if name in {
                "interact",
                "interactive",
                "interactive_output",
                "interact_manual",
                "Output",
            }:
                used.setdefault(cell.id, set()).add(name)
    assert used == {}


# ---- the outputs ----


def test_executed_in_order_on_a_fresh_kernel(path: Path) -> None:
    counts = [cell.execution_count for cell in code(path)]
    assert counts == list(range(1, len(counts) + 1)), "make notebooks"


def test_no_output_is_missing(path: Path) -> None:
    """nbval compares nothing in a notebook that was saved without outputs."""
    silent = []
    for cell in code(path):
        last = ast.parse(cell.source).body[-1]
        shows = isinstance(last, ast.Expr) and "setup" not in tags(cell)
        if (shows or re.search(r"\b(print|show)\(", cell.source)) and not cell.outputs:
            silent.append(cell.id)
    assert silent == [], "make notebooks"


def test_nothing_raises(path: Path) -> None:
    """Run All reaches the end; an error that is worth seeing is caught and printed."""
    failed = [cell.id for cell, output in outputs(path) if output.output_type == "error"]
    assert failed == []


def test_no_warning_is_saved(path: Path) -> None:
    loud = [cell.id for cell, output in outputs(path) if output.get("name") == "stderr"]
    assert loud == []


def test_outputs_are_text_and_pictures(path: Path) -> None:
    """Every output has a text; no widget view, no SVG, no LaTeX, no script."""
    for cell, output in outputs(path):
        types = set(output.get("data", {}))
        assert types <= TEXT_TYPES, f"{cell.id}: teachkit.figures.show(figure, alt) shows a figure"
        if types:
            assert "text/plain" in types, cell.id
        assert "<script" not in "".join(output.get("data", {}).get("text/html", "")), cell.id


def test_every_explorer_leaves_a_picture(path: Path) -> None:
    """For those who read the lesson where nothing runs."""
    for cell in code(path):
        data = [output.get("data", {}) for output in cell.outputs]
        explorer = any(re.match(r"<[A-Z]\w+: ", entry.get("text/plain", "")) for entry in data)
        assert explorer == ("widget" in tags(cell)), cell.id
        assert not explorer or any("<img" in entry.get("text/html", "") for entry in data), cell.id


def test_every_figure_has_an_alternative_text(path: Path) -> None:
    """In its HTML, where screen readers find it; and its text says the same."""
    for cell, output in outputs(path):
        data = output.get("data", {})
        for picture in re.findall(r"<img\b[^>]*>", data.get("text/html", "")):
            alt = re.search(r' alt="([^"]*)"', picture)
            said = html.unescape(alt[1]) if alt else ""
            assert len(said) >= ALT, cell.id
            assert said in data["text/plain"], cell.id
    for cell in prose(path):
        alts = re.findall(r"!\[(.*?)\]\(", cell.source) + re.findall(
            r"<img(?![^>]*alt=\"[^\"]{20})", cell.source
        )
        assert all(len(alt) >= ALT for alt in alts), cell.id


def test_nothing_tells_where_it_was_run(path: Path) -> None:
    for cell in read(path).cells:
        texts = [cell.source]
        for output in cell.get("outputs", []):
            texts += [output.get("text", ""), *output.get("traceback", [])]
            texts += [PICTURE.sub("", str(value)) for value in output.get("data", {}).values()]
        found = [match.group() for text in texts if (match := MACHINE.search(text))]
        assert found == [], cell.id


def test_no_widget_state_no_version_no_timing(path: Path) -> None:
    metadata = read(path).metadata
    assert set(metadata) == {"kernelspec", "language_info"}, "make notebooks"
    assert metadata.language_info == {"name": "python"}
    assert [cell.id for cell in read(path).cells if set(cell.metadata) - KEPT] == []


def test_what_is_folded_is_code_that_shows_nothing(path: Path) -> None:
    """A long helper, which the text before it names; nothing else is hidden from a reader."""
    for cell in read(path).cells:
        if "jupyter" in cell.metadata:
            assert cell.metadata.jupyter == {"source_hidden": True}, cell.id
            assert cell.cell_type == "code", cell.id
            assert not cell.outputs, cell.id


def test_size(path: Path) -> None:
    assert path.stat().st_size <= SIZE


# ---- the text ----


def test_one_title_and_headings_in_order(path: Path) -> None:
    levels = [level for level, _ in headings(path)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    skipped = [
        text
        for (level, text), before in zip(headings(path)[1:], levels, strict=False)
        if level > before + 1
    ]
    assert skipped == []


def test_progress_calls_it_by_its_title(path: Path) -> None:
    titles = {module.LESSON: module.TITLE for module in lessons()}
    if number(path) in titles:
        title = headings(path)[0][1].replace("\u2019", "'")
        assert title == f"{number(path)} · {titles[number(path)]}"


def test_exercises_are_numbered_as_they_come(path: Path) -> None:
    asked = [exercise.number for exercise in teaching.asked(path)]
    assert asked == [f"{number(path).removeprefix('0')}.{k + 1}" for k in range(len(asked))]
    titles = " ".join(text for _, text in headings(path))
    assert re.findall(r"Exercise (\w+\.\d+)", titles) == asked


def test_opens_and_closes_as_every_lesson(path: Path) -> None:
    opening = read(path).cells[0]
    assert opening.cell_type == "markdown"
    words = opening.source.replace("\u2019", "'").replace("&nbsp;", " ")
    positions = [words.find(part) for part in PARTS]
    assert -1 not in positions
    assert positions == sorted(positions)
    assert re.search(r"About\b.*?\d+ minutes", words, re.DOTALL)
    titles = [text for level, text in headings(path) if level == 2]
    assert titles[-2:] == CLOSING


def test_links_lead_somewhere(path: Path) -> None:
    """To a lesson that exists, or to an address outside; never to a file of this repository."""
    for cell in prose(path):
        for target in re.findall(r"\]\(([^)\s]+)\)", cell.source):
            if re.match(r"https?://|#|attachment:", target):
                continue
            assert (NOTEBOOKS / target.split("#")[0]) in LESSONS, f"{cell.id}: {target}"


def test_is_as_make_notebooks_writes_it(path: Path) -> None:
    """So that running it again changes nothing but what changed."""
    text = path.read_text(encoding="utf-8")
    raw = json.loads(text)
    assert (raw["nbformat"], raw["nbformat_minor"]) == (4, 5)
    assert text == json.dumps(raw, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
