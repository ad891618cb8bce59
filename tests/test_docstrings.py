"""One dialect: what a public docstring holds, in which order, and where."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import teachkit

# As in numpydoc.
ORDER = ["Parameters", "Attributes", "Returns", "Yields", "Raises", "Warns", "Notes", "Examples"]
ROOMS = {
    "arrays",
    "attacks",
    "boundary",
    "datasets",
    "derivatives",
    "functions",
    "influence",
    "inverse_hvp",
    "linear",
    "losses",
    "optimize",
    "require",
    "retraining",
    "risks",
    "trace",
    "validation",
    *teachkit._MODULES,
}
# What every room stands on belongs to no lesson, nor do the parts that explorers are made of.
NO_LESSON = re.compile(r"teachkit\.(arrays|boundary|require|doctor|exercises|figures|widgets)\b")


def public() -> dict[str, Any]:
    """Functions and classes with a public name in a room."""
    found = {}
    for module in ["teachkit", *(f"teachkit.{name}" for name in sorted(ROOMS))]:
        room = importlib.import_module(module)
        names = [name for name in vars(room) if not name.startswith("_")]
        for name in getattr(room, "__all__", names):
            thing = getattr(room, name)
            home = getattr(thing, "__module__", "")
            if home.startswith(module) and (inspect.isfunction(thing) or inspect.isclass(thing)):
                found[f"{home}.{name}"] = thing
    return found


PUBLIC = public()
LESSONS = {path.stem for path in Path(__file__).parents[1].glob("notebooks/[01]*.ipynb")}


def sections(doc: str) -> list[str]:
    return re.findall(r"^(\S.*)\n-{3,}$", doc, re.MULTILINE)


def test_there_is_much_to_look_at():
    for name in (
        "minimize",
        "Wolfe",
        "Influence",
        "retrain",
        "agreement",
        "LinearRisk",
        "hvp_test",
    ):
        assert any(one.endswith(f".{name}") for one in PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_sections_stand_in_the_order_of_numpydoc(name):
    doc = inspect.getdoc(PUBLIC[name])
    assert doc, "no docstring"
    found = sections(doc)
    assert set(found) <= set(ORDER) and found == sorted(found, key=ORDER.index)
    for line, below in zip(doc.splitlines(), doc.splitlines()[1:], strict=False):
        if line in ORDER:
            assert below == "-" * len(line), "a heading is underlined"
    assert not re.search(r"^(Parameters|Raises|Returns), ", doc, re.MULTILINE)


@pytest.mark.parametrize("name", PUBLIC)
def test_source_and_lesson_are_the_last_lines(name):
    doc = inspect.getdoc(PUBLIC[name])
    last = doc.splitlines()
    while last and not re.match(r"(Source|Lesson): ", last[0]):
        last.pop(0)
    if not last:
        return
    assert [line.split(":")[0] for line in last if re.match(r"(Source|Lesson): ", line)] in (
        ["Source", "Lesson"],
        ["Lesson"],
    )
    assert last[-1].startswith("Lesson: ") and "" not in last
    before = doc[: doc.index(last[0])].rstrip().splitlines()
    others = [section for section in sections(doc) if section != "Notes"]
    if others:
        assert sections(doc)[-1] == "Notes", "beside other sections they stand under Notes"
    else:
        assert before[-2:] != ["Notes", "-----"], "alone they need no heading"


@pytest.mark.parametrize("name", PUBLIC)
def test_what_a_lesson_is_about_names_it(name):
    thing, doc = PUBLIC[name], inspect.getdoc(PUBLIC[name])
    lessons = re.findall(r"^Lesson: (.*)$", doc, re.MULTILINE)
    record = inspect.isclass(thing) and not getattr(thing, "begin", None)
    if not (NO_LESSON.match(name) or record):
        assert lessons, "no lesson is named"
    for lesson in ", ".join(lessons).split(", ") if lessons else []:
        assert re.fullmatch(r"\d\d_[a-z_]+", lesson)
        known = [one for one in LESSONS if one.startswith(lesson[:3])]
        assert not known or lesson in known, f"the lesson is called {known}"
