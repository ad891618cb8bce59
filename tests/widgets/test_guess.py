"""Explorers with guess=True: by hand and by form the same, nothing of the truth before."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from functools import partial
from typing import Any

import ipywidgets as w
import pytest

from teachkit import datasets, widgets
from teachkit.exercises._engine import guesses
from teachkit.scenes.guess import asking
from tests.widgets.hand import DIGITS, drag, grey, pick

TELLING = ("predicted", "retrained", "tangent", "regression", "steepest")


@dataclass(frozen=True)
class Asked:
    """An explorer that asks, the same guess by hand and by form, and what it is kept as."""

    make: Any
    by_hand: Any
    by_form: Any
    key: str


def second(explorer, k=1):
    """The question of the line, with a point out."""
    explorer.question.value = explorer.question.options[k][1]
    grey(explorer, 3)


def hand_line(explorer):
    drag(explorer, "guess-0", 0.5, 1.5)


def form_line(explorer):
    explorer.form.which.value = "guess-0"
    explorer.form.x.value, explorer.form.y.value = 0.5, 1.5


def hand_way(explorer):
    drag(explorer, "guess", 0.5, 1.5)


def form_way(explorer):
    explorer.form.which.value = "guess"
    explorer.form.x.value, explorer.form.y.value = 0.5, 1.5


def number(value):
    return lambda explorer: setattr(explorer.number, "value", value)


def option(k):
    return lambda explorer: setattr(explorer.pick, "value", k)


def line(make, k=1):
    def made(**more):
        explorer = make(**more)
        if more.get("guess"):
            second(explorer, k)
        return explorer

    return made


BLOBS = partial(widgets.InfluenceExplorer, *datasets.blobs())
LINE = partial(widgets.InfluenceExplorer, *datasets.line())
CASES = {
    "point": Asked(BLOBS, pick(7), option(7), "07.influence.which point matters most"),
    "basic": Asked(
        line(partial(BLOBS, show="basic"), 0), hand_line, form_line,
        "00.influence.where the line will go",
    ),
    "point of a line": Asked(LINE, pick(2), option(2), "07.influence.which point matters most"),
    "boundary": Asked(line(BLOBS), hand_line, form_line, "07.influence.where the line will go"),
    "line": Asked(line(LINE), hand_line, form_line, "07.influence.where the line will go"),
    "way": Asked(
        partial(widgets.PerturbationExplorer, *datasets.blobs()), hand_way, form_way,
        "08.perturbation.which way raises the loss most",
    ),
    "pixel": Asked(
        partial(widgets.PixelExplorer, DIGITS), pick(20), option(20),
        "08.pixels.which pixel matters most",
    ),
    "image": Asked(
        partial(widgets.ImageInfluenceExplorer, DIGITS), pick(30), option(30),
        "07.images.which image helps most",
    ),
    "slope": Asked(
        widgets.AgreementExplorer, lambda e: drag(e, "guess", 0.8, 1.2), number(1.5),
        "10.agreement.slope of truth on prediction",
    ),
    "rows": Asked(
        partial(widgets.AgreementExplorer, datasets.breast_cancer()),
        lambda e: drag(e, "guess", 0.8, 1.2), number(1.5),
        "10.agreement.slope of truth on prediction",
    ),
}  # fmt: skip
LINES = ("boundary", "line", "basic")
every = pytest.mark.parametrize("name", CASES)


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """What is kept, in the order of keeping."""
    made: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(guesses, "keep", lambda key, **told: made.append((key, told)) or "")
    return made


def asked(name):
    return CASES[name].make(guess=True)


def planes(explorer):
    return [explorer.plane, *(getattr(explorer, name) for name in explorer.beside)]


def seen(explorer):
    """All widgets of an explorer that are not hidden."""
    found, waiting = [], [explorer]
    while waiting:
        widget = waiting.pop()
        if widget.layout.display != "none":
            found.append(widget)
            waiting += getattr(widget, "children", ())
    return found


def words(explorer):
    """Whatever is said: in the picture, to those who listen, beside it, and where it is saved."""
    yield from (repr(explorer), explorer.static_alt())
    for plane in planes(explorer):
        scene = plane.current
        yield from (scene.sentence, scene.alt, *(label.text for label in scene.labels))
        for point in scene.points:
            if not point.id.startswith("theta"):  # theta now is no answer
                yield from (point.label, point.note, getattr(point, "caption", ""))
    yield from (widget.value for widget in seen(explorer) if isinstance(widget, w.HTML))


@every
def test_nothing_of_the_truth_is_sent_before_a_guess_is_committed(name):
    explorer = asked(name)
    for _ in range(2):
        for plane in planes(explorer):
            scene = plane.current
            marks = (*scene.lines, *scene.arrows)
            assert not {mark.style for mark in marks} & {*TELLING}
            assert not {point.kind for point in scene.points} & {*TELLING, "darker", "lighter"}
            assert scene.table == ()
            assert {point.size for point in scene.points} <= {1.0}
        for text in words(explorer):
            assert not re.search(r"\d[.]\d", text), text  # no loss, and no change of one
            assert "You guessed" not in text
        assert explorer.outcome.value == ""
        assert asking(explorer.state)
        CASES[name].by_hand(explorer)
    explorer.commit_button.click()
    assert any(re.search(r"\d[.]\d", text) for text in words(explorer))


@every
def test_a_guess_by_hand_is_the_guess_by_form(name, kept):
    first, other = asked(name), asked(name)
    CASES[name].by_hand(first)
    CASES[name].by_form(other)
    assert first.state.guess.values == pytest.approx(other.state.guess.values)
    assert first.plane.current.sentence == other.plane.current.sentence
    for explorer in (first, other):
        assert not explorer.commit_button.disabled
        assert not explorer.plane.error
        explorer.commit_button.click()
        assert not explorer.plane.error
    outcome = first.state.guess.outcome
    assert outcome.error == pytest.approx(other.state.guess.outcome.error)
    assert first.outcome.value == other.outcome.value
    assert [key for key, _ in kept] == [CASES[name].key] * 2
    told = kept[0][1]
    assert told["error"] == outcome.error
    by_name = (
        outcome.words
        if "pick" in first.controls and first.pick.layout.display is None
        else (outcome.numbers)
    )
    assert (told["guess"], told["prediction"], told["truth"]) == by_name


@every
def test_afterwards_all_three_stand_side_by_side(name):
    explorer = asked(name)
    CASES[name].by_hand(explorer)
    explorer.commit_button.click()
    outcome = explorer.state.guess.outcome
    table = html.unescape(explorer.outcome.value)
    assert re.search(r" \d", table) is None, "a number stays with its word"
    for text in (*outcome.words, outcome.off(outcome.error)):
        assert text.replace("\u00a0", " ") in table.replace("\u00a0", " ")
        assert text in explorer.plane.current.sentence
        assert text in explorer.static_alt()
    assert explorer.plane.current.table or name == "image"
    assert explorer.commit_button.disabled and not explorer.again_button.disabled
    shown = {name for name, panel in explorer.beside.items()}
    for panel in shown:
        assert getattr(explorer, panel).current == explorer.beside[panel].draw(explorer.state)


@every
def test_undo_reset_and_a_new_round(name, kept):
    explorer = asked(name)
    CASES[name].by_hand(explorer)
    before = explorer.state
    explorer.commit_button.click()
    assert not asking(explorer.state)
    explorer.undo()
    assert explorer.state is before and asking(explorer.state)
    assert explorer.outcome.value == ""
    explorer.commit_button.click()
    explorer.again_button.click()
    assert asking(explorer.state) and explorer.state.guess.number == 2
    assert explorer.again_button.disabled
    assert "You guessed" not in explorer.plane.current.sentence
    if name in LINES:
        grey(explorer, 5)
    CASES[name].by_hand(explorer)
    explorer.commit_button.click()
    assert [key for key, _ in kept] == [*[CASES[name].key] * 2, f"{CASES[name].key}, round 2"] or (
        explorer.plane.error
    )
    explorer.reset()
    assert explorer.state is explorer.history.start
    assert asking(explorer.state)


@every
def test_what_cannot_be_committed_is_said_and_nothing_is_kept(name, kept):
    explorer = asked(name)
    if name in LINES:
        explorer.undo()
        explorer.commit_button.click()
        assert "No point is taken out or moved yet" in explorer.plane.error
        assert asking(explorer.state)
    elif "pick" in explorer.controls:
        assert explorer.commit_button.disabled
        explorer.commit_button.click()
        assert "Nothing is guessed yet" in explorer.plane.error
    elif "number" in explorer.controls:
        explorer.number.value = 99.0
        assert "it lies between" in explorer.plane.error
        assert explorer.number.value == 0.0
    assert kept == []


@every
def test_what_was_in_the_way_of_keeping_is_said(name, monkeypatch):
    monkeypatch.setattr(guesses, "keep", lambda key, **told: "The disk is full <b>.")
    explorer = asked(name)
    CASES[name].by_hand(explorer)
    explorer.commit_button.click()
    assert explorer.kept.value == "The disk is full &lt;b&gt;."
    explorer.again_button.click()
    assert explorer.kept.value == ""


@every
def test_the_hand_cannot_spoil_the_question(name):
    """What would tell is not there to be turned, and comes back."""
    explorer = asked(name)
    hidden = [n for n in explorer.state.guess.question.hides if hasattr(explorer, n)]
    assert all(getattr(explorer, n).layout.display == "none" for n in hidden)
    CASES[name].by_hand(explorer)
    explorer.commit_button.click()
    assert all(getattr(explorer, n).layout.display is None for n in hidden)


@every
def test_an_uncommitted_guess_has_the_same_picture_each_time(name):
    first, other = asked(name), asked(name)
    assert repr(first) == repr(other)
    assert first.static_html() == other.static_html()


@every
def test_without_guess_nothing_changes(name):
    plain, told = CASES[name].make(), CASES[name].make(guess=False)
    assert plain.state.guess is None and told.state.guess is None
    assert [*plain.controls] == [*told.controls]
    assert not {"pick", "number", "question"} & {*plain.controls}
    assert not hasattr(plain, "commit_button")
    assert not any("teachkit-guess" in widget._dom_classes for widget in seen(plain))
    assert plain.plane.whole == told.plane.whole
    assert "guess" not in json.dumps(plain.plane.whole)


def test_the_question_can_be_changed_and_the_controls_with_it():
    explorer = BLOBS(guess=True)
    assert explorer.epsilon.layout.display == "none"
    pick(7)(explorer)
    second(explorer)
    assert explorer.pick.layout.display == "none"
    assert explorer.epsilon.layout.display is None
    assert "Point 3 out: where does the boundary go?" in explorer.plane.current.sentence
    explorer.undo()
    explorer.undo()
    assert explorer.pick.value == 7


def test_a_new_round_hears_a_click_on_the_same_point():
    explorer = BLOBS(guess=True)
    for way in (explorer.reset, explorer.again_button.click):
        pick(7)(explorer)
        explorer.commit_button.click()
        way()
        assert explorer.plane.selected == ""
        pick(7)(explorer)
        assert explorer.state.guess.values == (7.0,)


def test_a_star_that_moved_is_told():
    explorer = BLOBS(guess=True)
    assert "The star is elsewhere" not in explorer.plane.current.sentence
    pick(7)(explorer)
    explorer.commit_button.click()
    explorer.again_button.click()
    assert explorer.plane.current.sentence.startswith("The star is elsewhere now. Without which")


def test_what_came_of_a_guess_says_that_it_is_of_then_once_something_changed():
    explorer = BLOBS(guess=True)
    pick(7)(explorer)
    explorer.commit_button.click()
    assert "when committed" not in explorer.outcome.value
    grey(explorer, 3)
    assert "when committed" in explorer.outcome.value
    explorer.undo()
    assert "when committed" not in explorer.outcome.value


def test_undo_selects_what_was_guessed_before():
    explorer = BLOBS(guess=True)
    pick(7)(explorer)
    explorer._last = float("-inf")  # the hand rests
    pick(8)(explorer)
    explorer.undo()
    assert explorer.state.guess.values == (7.0,)
    assert explorer.plane.selected == "7"
    pick(8)(explorer)
    assert explorer.state.guess.values == (8.0,)
