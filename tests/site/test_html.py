"""The pages as they were written: links, pictures, headings, formulas, and the glossary."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from tests.notebooks.lessons import LESSONS, read
from tests.site.conftest import SITE

PAGES = sorted(SITE.rglob("*.html"))
NAMES = {page.relative_to(SITE).as_posix(): page for page in PAGES}
LESSON_PAGES = {path: f"notebooks/{path.stem}.html" for path in LESSONS}
MATHS = re.compile(r"\$\$.+?\$\$|(?<![\\$])\$(?!\$)[^$]+?\$", re.DOTALL)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)

_soups: dict[Path, BeautifulSoup] = {}


def soup(page: Path) -> BeautifulSoup:
    if page not in _soups:
        _soups[page] = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    return _soups[page]


def article(name: str) -> Tag:
    found = soup(NAMES[name]).find("article")
    assert isinstance(found, Tag)
    return found


def ids(page: Path) -> set[str]:
    return {str(tag["id"]) for tag in soup(page).find_all(id=True)}


every_page = pytest.mark.parametrize("name", sorted(NAMES))
every_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def test_every_lesson_has_its_page() -> None:
    assert set(LESSON_PAGES.values()) == {name for name in NAMES if name.startswith("notebooks/")}
    assert {"index.html", "glossary.html", "search.html"} <= set(NAMES)


@every_page
def test_every_link_leads_somewhere(name: str) -> None:
    page = NAMES[name]
    tags = soup(page).find_all(["a", "link", "script", "img", "source"])
    targets = {str(tag.get("href") or tag.get("src") or "") for tag in tags}
    dead = []
    for target in targets:
        parts = urlsplit(target)
        if parts.scheme or parts.netloc or not (parts.path or parts.fragment):
            continue
        there = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        there = there / "index.html" if there.is_dir() else there
        found = there.is_file() and there.is_relative_to(SITE)
        if found and parts.fragment:
            found = unquote(parts.fragment) in ids(there)
        if not found:
            dead.append(target)
    assert dead == []


@every_page
def test_every_id_is_there_once(name: str) -> None:
    found = [str(tag["id"]) for tag in soup(NAMES[name]).find_all(id=True)]
    assert sorted(found) == sorted(set(found))


@every_page
def test_every_picture_says_what_it_shows(name: str) -> None:
    pictures = soup(NAMES[name]).find_all("img")
    assert [str(tag)[:80] for tag in pictures if len(str(tag.get("alt", ""))) < 20] == []


@every_page
def test_one_title_and_headings_in_order(name: str) -> None:
    levels = [int(tag.name[1]) for tag in article(name).find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(now <= before + 1 for before, now in pairwise(levels))


@every_page
def test_nothing_of_the_page_is_elsewhere(name: str) -> None:
    """Scripts, styles, fonts and pictures; links that a reader clicks may lead out."""
    page = soup(NAMES[name])
    used = [tag.get("src") for tag in page.find_all(src=True)]
    used += [tag["href"] for tag in page.find_all("link") if "canonical" not in tag.get("rel", [])]
    assert [address for address in used if re.match(r"(https?:)?//", str(address))] == []


@every_lesson
def test_a_lesson_is_all_there(path: Path) -> None:
    """Its figures and explorers, its code and its formulas, as many as the notebook has."""
    page, notebook = article(LESSON_PAGES[path]), read(path)
    html = [
        output.get("data", {}).get("text/html", "")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    ]
    assert len(page.find_all("img")) == sum(text.count("<img") for text in html)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(page.select(".cell_input")) == len(code)
    silent = [cell for cell in code if not cell.outputs]
    assert len(page.select(".cell_output")) == len(code) - len(silent)
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    formulas = MATHS.findall(CODE.sub("", prose))
    shown = sum(len(re.findall(r"\\\(.+?\\\)", text, re.DOTALL)) for text in html)  # by a quiz, say
    assert len(page.select(".cell_output .math .katex")) == shown
    assert len(page.select(".math .katex")) == len(formulas) + shown
    assert page.select(".katex-error") == []


@every_lesson
def test_no_tex_is_left_in_the_text(path: Path) -> None:
    page = BeautifulSoup(str(article(LESSON_PAGES[path])), "html.parser")
    for tag in page.select("pre, code, .math"):
        tag.decompose()
    assert re.findall(r"\$[^\d\s][^$\n]*\$|\\\(|\\[a-z]{3,}", page.get_text()) == []


@every_lesson
def test_a_lesson_leads_to_the_glossary_and_has_buttons(path: Path) -> None:
    page = article(LESSON_PAGES[path])
    terms = [tag["href"] for tag in page.select("a:has(> .term)")]
    assert terms
    assert len(terms) == len(set(terms)), "a term is linked once a lesson"
    assert all(str(target).startswith("../glossary.html#term-") for target in terms)
    buttons = {tag.get_text(): str(tag["href"]) for tag in page.select(".launch a")}
    assert {"Binder", "Colab", "Codespaces"} < set(buttons)
    assert path.name in unquote(buttons["Binder"])
    assert buttons["Colab"].endswith(path.name)


def entries() -> list[tuple[list[Tag], Tag]]:
    """Each entry of the glossary: its names and its definition."""
    found: list[tuple[list[Tag], Tag]] = []
    names: list[Tag] = []
    for tag in article("glossary.html").select("dl.glossary > *"):
        if tag.name == "dt":
            names.append(tag)
        else:
            found.append((names, tag))
            names = []
    return found


def test_each_term_leads_to_where_it_is_introduced() -> None:
    assert len(entries()) > 40
    for names, definition in entries():
        (introduced,) = definition.select(":scope > p > a")
        assert str(introduced["href"]).startswith("notebooks/"), names[0].get_text()


def test_a_term_lists_the_lessons_that_link_it() -> None:
    linked: dict[str, set[str]] = {}
    for name in LESSON_PAGES.values():
        for tag in article(name).select("a:has(> .term)"):
            linked.setdefault(str(tag["href"]).split("#")[1], set()).add(name)
    for names, definition in entries():
        listed = {str(tag["href"]).split("#")[0] for tag in definition.select("details.uses li a")}
        assert listed
        assert linked.pop(str(names[0]["id"])) == listed, names[0].get_text()
    assert linked == {}


def test_the_first_page_leads_to_every_lesson() -> None:
    targets = {str(tag["href"]) for tag in article("index.html").select("table a")}
    assert targets == set(LESSON_PAGES.values())
    assert article("index.html").select("#teachkit-flagship")
