"""Twenty-four files with known contents give exactly this page and this table."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from teachkit.classroom.count import count
from teachkit.classroom.page import page
from teachkit.classroom.read import read
from teachkit.classroom.sheet import HEADER, _cell, sheet
from teachkit.exercises import influence_upweighting, newton, start_here
from tests.classroom.made_up import N, hand_in, the_class

NOW = datetime(2026, 3, 5, 9, 7)


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    return count(read(hand_in(tmp_path_factory.mktemp("class"), the_class())))


@pytest.fixture(scope="module")
def text(counted) -> str:
    return page(counted, "<i>room</i>", NOW)


@pytest.fixture(scope="module")
def soup(text) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def said(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def table(soup: BeautifulSoup, caption: str) -> list[list[str]]:
    """The rows of the one table with this caption, as texts; the width of a bar comes last."""
    (found,) = [t for t in soup.find_all("table") if said(t.caption).startswith(caption)]
    return [
        [*map(said, row.find_all(["th", "td"])), *(bar["style"] for bar in row.select(".bar > i"))]
        for row in found.find_all("tr")
    ]


def after(soup: BeautifulSoup, heading: str) -> str:
    """The first paragraph under a heading."""
    (found,) = [h for h in soup.find_all(re.compile("h[1-3]")) if said(h).startswith(heading)]
    return said(found.find_next("p"))


def test_the_head(soup):
    assert said(soup.h1) == "What the class got wrong"
    where = "24 learners. Written at 09:07 on 5 March 2026 from the folder <i>room</i>."
    assert said(soup.header.find_all("p")[0]) == where
    assert len(soup.header.find_all("p")) == 1, "nothing was left out, and nothing reloads"


def test_where_they_are_stuck(soup):
    assert table(soup, "Every exercise that anybody") == [
        ["Exercise", "Stuck", "Solved", "After seeing the solution", "Took a hint"],
        ["03 Newton's method"],
        ["3.1 A Newton step", "2 of 2", "0", "0", "0", "width: 100.0%"],
        ["07 What one training point does"],
        ["7.4 " + influence_upweighting.removal.title, "7 of 21", "14", "2", "4", "width: 33.3%"],
    ]


def test_which_mistakes_they_make(soup):
    messages = {m.name: m.message for m in influence_upweighting.removal.mistakes}
    rows = table(soup, "Mistakes at 7.4, of 21 who tried")
    assert rows[0] == ["Mistake", "Learners", "Stuck at it"]
    assert [row[1:] for row in rows[1:]] == [
        ["9 of 21", "4", "width: 42.9%"],
        ["5 of 21", "0", "width: 23.8%"],
        ["1 of 21", "0", "width: 4.8%"],
        ["3 of 21", "2", "width: 14.3%"],
        ["2 of 21", "1", "width: 9.5%"],
    ]
    assert [row[0] for row in rows[3:]] == [
        "nothing known",
        "wrong, in a way that no check could name",
        "the code raised an error",
    ]
    for row, name in ((rows[1], N), (rows[2], "sign")):
        assert row[0].startswith(f"{name} ")
        assert row[0][len(name) + 1 :][:25] == messages[name][:25], "the course's own words"
    assert after(soup, "7.4") == "14 of 21 have solved it, 7 are stuck."
    assert {m.name for m in newton.newton_step.mistakes} > {"upside down", "times slope"}
    assert [[r[0].split(" ")[0], *r[1:]] for r in table(soup, "Mistakes at 3.1")[1:]] == [
        ["times", "2 of 2", "2", "width: 100.0%"],
        ["upside", "2 of 2", "0", "width: 100.0%"],
    ]


def test_quizzes_are_bars_of_first_choices(soup):
    rows = table(soup, "First choices at the quiz ratio, of 19")
    assert [row[1:] for row in rows[1:]] == [
        ["3 of 19", "width: 15.8%"],
        ["11 of 19", "width: 57.9%"],
        ["4 of 19", "width: 21.1%"],
        ["1 of 19", "width: 5.3%"],
    ]
    assert [row[0][:2] for row in rows[1:]] == ["a)", "b)", "c)", "d)"]
    assert ["✓ right" in row[0] for row in rows[1:]] == [c.right for c in start_here.ratio.choices]
    (heading,) = [
        h
        for h in soup.find_all("h3")
        if h.find_next("caption") and "ratio" in said(h.find_next("caption"))
    ]
    assert said(heading).startswith("00: A mean of n numbers")
    assert said(heading.find_next("p")) == (
        "16 have chosen the right one by now. The first choice of 1 learner was not kept, and does "
        "not count here."
    )


def test_guesses_are_a_histogram_with_the_truth(soup):
    heading = "07 What one training point does, influence: how far the loss rises"
    assert after(soup, heading) == (
        "12 learners guessed. The guess in the middle is 0.325, the prediction 0.31, the truth "
        "0.34. Far away, and not in the picture: 0 below it, 1 above it."
    )
    (figure,) = [f for f in soup.find_all("figure") if "truth 0.34" in said(f)]
    assert figure.svg["role"] == "img"
    assert figure.svg["aria-label"].startswith("Histogram of 12 guesses; the table")
    assert said(figure.find("text", class_="said")) == "prediction 0.31"
    rows = [
        [said(cell) for cell in row.find_all(["th", "td"])]
        for row in figure.find_next("table").find_all("tr")
    ]
    assert rows == [
        ["From, to", "Learners"],
        ["0 to 0.1", "1"],
        ["0.1 to 0.2", "1"],
        ["0.2 to 0.3", "2"],
        ["0.3 to 0.4 the truth, 0.34", "3"],
        ["0.4 to 0.5", "1"],
        ["0.5 to 0.6", "2"],
        ["0.6 to 0.7", "1"],
        ["from 0.7", "1"],
    ]
    drawn = [float(r["height"].rstrip("%")) for r in figure.find_all("rect")]
    assert drawn == pytest.approx([80 * k / 3 for k in (1, 1, 2, 3, 1, 2, 1)], abs=0.01)
    at = float(figure.find("line", class_="truth")["x1"].rstrip("%"))
    assert at == pytest.approx(100 * 0.34 / 0.7, abs=0.01)


def test_guesses_with_truths_of_their_own_are_how_far_off_they_were(soup):
    heading = "10 Agreement with the truth, agreement: the slope"
    assert after(soup, heading).startswith("4 learners guessed. Each had another truth")
    assert after(soup, heading).endswith("guess minus truth. In the middle: −0.15.")


def test_guesses_that_are_names_are_bars(soup):
    assert table(soup, "First guesses, of 6")[1:] == [
        ["point 17 ✓ the truth", "4 of 6", "width: 66.7%"],
        ["point 3", "2 of 6", "width: 33.3%"],
    ]


def test_minutes_measured_against_minutes_stated(soup):
    stated = influence_upweighting.removal.minutes
    assert stated == 5
    title = f"7.4 {influence_upweighting.removal.title}"
    assert table(soup, "Minutes measured against")[1:] == [
        [title, "5", "7.5", "4 to 900", "8", "6", "width: 75.0%"]
    ]


def test_who_has_done_what(soup):
    rows = table(soup, "Exercises and quizzes done")
    assert rows[0] == ["Learner", "00", "03", "07"]
    assert len(rows) == 25
    of = {row[0]: row[1:] for row in rows[1:]}
    assert of["Ada"] == ["1 of 5", "0 of 10", "1 of 10"]
    assert of["Xia"] == of["no name (000017)"] == ["0 of 5", "0 of 10", "0 of 10"]
    assert "<b>Eve</b>" in of
    assert "terces" in of, "what would turn the line around is left out"


def test_nothing_that_a_file_says_becomes_markup(text, soup):
    assert "<b>Eve" not in text
    assert "&lt;b&gt;Eve&lt;/b&gt;" in text
    assert "<i>room" not in text
    assert soup.find("script") is None
    assert "default-src 'none'" in soup.find("meta", attrs={"http-equiv": True})["content"]


def test_the_page_asks_for_nothing_and_is_small(text, soup):
    assert not soup.find_all(["img", "link", "iframe", "object", "form"])
    assert not re.search(r"https?:|url\(|@import|src=", text)
    assert {a["href"][0] for a in soup.find_all("a")} == {"#"}
    assert {a["href"][1:] for a in soup.find_all("a")} <= {t["id"] for t in soup.find_all(id=True)}
    assert len(text) < 100_000


def test_headings_and_tables_can_be_walked_by_ear(soup):
    levels = [int(h.name[1]) for h in soup.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    for found in soup.find_all("table"):
        assert found.caption
        assert all(th.get("scope") for th in found.find_all("th"))
        assert all(row.find("th") for row in found.find_all("tr"))
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_a_page_that_is_watched_reloads_itself_and_can_be_stopped(counted):
    watched = BeautifulSoup(page(counted, "room", NOW, watched=True), "html.parser")
    assert "location.reload()" in watched.script.string
    assert watched.find("button", id="reloading")
    policy = watched.find("meta", attrs={"http-equiv": True})["content"]
    assert re.search(r"script-src 'sha256-[\w+/]{43}='$", policy)


def test_nobody_is_said(tmp_path):
    empty = BeautifulSoup(page(count(read(tmp_path)), "room", NOW), "html.parser")
    assert said(empty.main) == (
        "No export counts yet. Learners write one with teachkit.exercises.export() ."
    )
    assert not empty.find_all("table")


@pytest.fixture(scope="module")
def rows(counted) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet(counted))))


def row(rows, learner: str, task: str) -> dict[str, str]:
    (found,) = [r for r in rows if (r["learner"], r["task"]) == (learner, task)]
    return {name: value for name, value in found.items() if value}


def test_the_table_has_a_row_for_each_learner_and_task(rows):
    assert len(rows) == 24 * 3 + 12 + 6 + 4
    assert tuple(rows[0]) == HEADER
    assert row(rows, "Ada", "removal") == {
        "learner": "Ada", "lesson": "07", "kind": "exercise", "task": "removal", "state": "solved",
        "attempts": "2", "hints": "0", "minutes": "4.0", "minutes stated": "5",
        "what the attempts were": "no 1/n; correct",
    }  # fmt: skip
    assert row(rows, "Mia", "ratio") == {
        "learner": "Mia", "lesson": "00", "kind": "quiz", "task": "ratio", "state": "right",
        "attempts": "2", "choices": "c b",
    }  # fmt: skip
    assert row(rows, "Ada", "07.influence.how far the loss rises") == {
        "learner": "Ada", "lesson": "07", "kind": "guess", "guess": "0.05", "truth": "0.34",
        "prediction": "0.31", "task": "07.influence.how far the loss rises",
    }  # fmt: skip
    assert row(rows, "Xia", "removal")["state"] == "not started"
    assert row(rows, "no name (000017)", "removal")["attempts"] == "0"


def test_no_name_becomes_a_formula(rows):
    names = {r["learner"] for r in rows}
    assert {"'=1+2", "'+Flo", "'-Gus", "'@Hal", "Bo, Jr.", "Ina & Jo", "李雷"} <= names
    assert not any(value.startswith(("=", "+", "@")) for r in rows for value in r.values())
    assert not any(re.match(r"-(?![\d.]+$)", value) for r in rows for value in r.values())


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a;=1", "a;'=1"), ("a; +1", "a;' +1"), (" \n=1", "'=1"), ("a\n=1", "a =1"),
        ("\uff1d1", "'\uff1d1"), ("sign; no 1/n", "sign; no 1/n"), ("a-b=c", "a-b=c"), (-1.5, -1.5),
    ],
)  # fmt: skip
def test_a_cell_that_semicolons_divide_holds_no_formula_either(text, cell):
    assert _cell(text) == cell


def test_the_same_files_give_the_same_page_whatever_their_order(tmp_path: Path, text, counted):
    other = count(read(hand_in(tmp_path / "other", the_class()[::-1])))
    assert page(other, "<i>room</i>", NOW) == text
    assert sheet(other) == sheet(counted)
