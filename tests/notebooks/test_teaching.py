"""Notes for whoever teaches: minutes that add up, every vote, and no number of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from teachkit.exercises._engine.course import lessons, tasks
from teachkit.exercises._engine.quiz import Quiz
from tests.notebooks import minutes, teaching
from tests.notebooks.lessons import LESSONS, NOTEBOOKS, number, parts, read

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| (.+) \|$", re.MULTILINE)
README = (teaching.TEACHING / "README.md").read_text(encoding="utf-8")


def notes(path: Path) -> str:
    """What somebody wrote: all but the block that is made."""
    text = teaching.notes(path).read_text(encoding="utf-8")
    before, _, rest = text.partition(teaching.BEGIN)
    return before + rest.partition(teaching.END)[2]


def section(path: Path, heading: str) -> str:
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", notes(path), re.DOTALL | re.MULTILINE)
    assert found, f"{path.stem} has no section {heading!r}"
    return found[1]


def plans(path: Path) -> list[list[tuple[int, str, str]]]:
    """The rows of each table of minutes: how many, which sections, what happens."""
    tables = section(path, "Minutes").split("| minutes |")[1:]
    return [[(int(m), where.strip(), what) for m, where, what in ROW.findall(t)] for t in tables]


def test_every_lesson_has_notes_and_nothing_else_has() -> None:
    there = {path.name for path in teaching.TEACHING.glob("*.md")}
    assert there == {"README.md", *(f"{path.stem}.md" for path in LESSONS)}
    for path in LESSONS:
        assert f"({path.stem}.md)" in README


@each_lesson
def test_what_the_room_gets_wrong_is_what_the_checks_know(path: Path) -> None:
    text = teaching.notes(path).read_text(encoding="utf-8")
    assert teaching.with_block(text, teaching.block(path)) == text, "`make teaching` refreshes it"


@each_lesson
def test_the_plan_takes_as_long_as_the_lesson(path: Path) -> None:
    found = [sum(row[0] for row in plan) for plan in plans(path)]
    assert found == minutes.lesson(path)


@each_lesson
def test_the_plan_names_sections_of_its_part(path: Path) -> None:
    """An end of "7–9" is a heading of the part, and the plan goes from its front to its back."""
    for part, plan in zip(parts(read(path).cells), plans(path), strict=True):
        text = "\n".join(cell.source for cell in part if cell.cell_type == "markdown")
        headings = re.findall(r"^#{2,3} (?:Exercise )?(\w+)", text, re.MULTILINE)
        named = [end for _, where, _ in plan for end in where.split("–")]
        first = "1" if "1" in named and "1" not in headings else None  # the hook comes before it
        places = [0 if end == first else headings.index(end) for end in named]
        assert places == sorted(places)


@each_lesson
def test_the_plan_has_every_exercise_once(path: Path) -> None:
    told = " ".join(what for plan in plans(path) for *_, what in plan)
    named = [
        n
        for run in re.findall(r"[Ee]xercises? ((?:\w+\.\d+(?:, | and )?)+)", told)
        for n in re.findall(r"\w+\.\d+", run)
    ]
    asked = [exercise.number for exercise in teaching.asked(path)]
    assert sorted(named) == sorted(asked)


@each_lesson
def test_every_quiz_is_voted_on_and_has_words_for_after(path: Path) -> None:
    (module,) = [module for module in lessons() if number(path) == module.LESSON]
    quizzes = {task.key: task for task in tasks(module) if isinstance(task, Quiz)}
    after = re.findall(r"^- `([\w.]+)` \*Then say:\* (.+)$", section(path, "Votes"), re.MULTILINE)
    assert sorted(key for key, _ in after) == sorted(quizzes)
    told = " ".join(what for plan in plans(path) for *_, what in plan)
    assert sorted(re.findall(r"`([a-z_]+\.[a-z_]+)`", told)) == sorted(quizzes)
    for key, words in after:
        letter = re.match(r"([a-h])\b", words)
        if letter:  # the choice that is named first is the right one
            assert dict(quizzes[key].lettered)[letter[1]].right, key


@each_lesson
def test_a_guess_that_the_lesson_asks_for_has_words_for_after(path: Path) -> None:
    asks = any("guess=True" in cell.source for cell in read(path).cells)
    line = r"^- \*\*Guess\*\* `(\w+)\..+`.* \*Then say:\* .+$"
    found = re.findall(line, section(path, "Votes"), re.MULTILINE)
    assert set(found) <= {number(path)}
    assert found or not asks


@each_lesson
def test_the_sketch_fits_on_a_board(path: Path) -> None:
    (sketch,) = re.findall(r"```\n(.*?)```", section(path, "On the board"), re.DOTALL)
    lines = sketch.splitlines()
    assert 4 <= len(lines) <= 16
    assert max(map(len, lines)) <= 72


@each_lesson
def test_it_says_where_to_stop_and_is_short(path: Path) -> None:
    assert section(path, "When time is short").strip()
    assert len(notes(path).split()) <= 750


@each_lesson
def test_every_number_is_the_lessons(path: Path) -> None:
    """Of two digits or more: no cell computes what the notes make up."""
    notebook = read(path)
    shown = [cell.source for cell in notebook.cells]
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            shown.append(output.get("text", "") or output.get("data", {}).get("text/plain", ""))
    shown += [e.prompt for e in teaching.asked(path)]
    (module,) = [module for module in lessons() if number(path) == module.LESSON]
    for task in tasks(module):
        if isinstance(task, Quiz):
            shown += [task.question, *(c.text + c.why for c in task.choices)]
    known = set(re.findall(r"\d[\d,.]*\d|\.\d+", "\n".join(shown)))
    written = re.sub(r"^\| \d+ \|[^|]+\|", "", notes(path), flags=re.MULTILINE)  # the minutes
    written = re.sub(r"\b[\dA]+\.\d\b(?!\d)", "", written)  # numbers of exercises
    written = re.sub(r"\]\([^)]*\)|[Ll]essons? \d+( to \d+)?( and \d+)?", "", written)
    written = re.sub(r"^# .*$", "", written, flags=re.MULTILINE)
    made_up = [n for n in re.findall(r"\d[\d,.]*\d|\.\d+", written) if n not in known]
    assert made_up == []


def test_links_of_the_folder_lead_somewhere() -> None:
    for path in teaching.TEACHING.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
        assert [t for t in targets if not (path.parent / t).exists()] == []


def test_the_commands_that_its_readme_names_are_there() -> None:
    makefile = (NOTEBOOKS.parent / "Makefile").read_text(encoding="utf-8")
    for command in re.findall(r"`make (\w+)`", README):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), command


def test_a_block_is_put_between_its_marks() -> None:
    once = teaching.with_block("# Title\n\ntext\n", "made")
    assert once == f"# Title\n\ntext\n\n{teaching.BEGIN}\nmade\n{teaching.END}\n"
    assert teaching.with_block(once, "made") == once
    assert teaching.with_block(once, "other") == once.replace("made", "other")
