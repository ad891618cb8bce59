"""Guess first: what is asked, how it is typed, *Commit*, and what came of it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import ipywidgets as w

from teachkit.scenes import guess as gesture
from teachkit.scenes.guess import HANDLE, Guess, Pick, Question, asking
from teachkit.widgets.controls import control, menu
from teachkit.widgets.explorer import Explorer
from teachkit.widgets.parts import Made, Part

WIDE = {"width": "auto"}


def asked_first(
    questions: Sequence[Question], draw: gesture.Draw, beside: Mapping[str, Any], moves: Any
) -> tuple[gesture.Draw, dict[str, Any], Any]:
    """Draws and moves of an explorer that asks these: no truth before a guess is committed."""

    def later(name: str, panel: Any) -> Any:
        of = (*panel.of, "guess") if panel.of else ()  # none is the whole state
        return replace(panel, draw=gesture.later(panel.draw, name), of=of)

    def move(state: Any, name: str, x: float, y: float) -> Any:
        made = name.startswith(HANDLE)
        return (gesture.place if made else moves)(state, name, x, y)

    panels = {name: later(name, panel) for name, panel in beside.items()}
    return gesture.first(draw), panels, move


def guessing(questions: Sequence[Question]) -> Part:
    """What is asked and typed, and what came of it."""

    def build(explorer: Any) -> w.Widget:
        parts = [_options()] if any(isinstance(question, Pick) for question in questions) else []
        parts += [_number(question) for question in questions if question.field]
        if len(questions) > 1:
            parts.insert(0, _menu(questions))
        explorer.commit_button = _button("Commit", explorer, lambda: _commit(explorer))
        explorer.again_button = _button("New round", explorer, lambda: explorer.go(gesture.again))
        explorer.commit_button.button_style = "primary"
        explorer.outcome = w.HTML()
        explorer.kept = w.HTML()
        buttons = w.HBox([explorer.commit_button, explorer.again_button])
        part = w.VBox([*explorer.build(parts), buttons, explorer.outcome, explorer.kept])
        part.add_class("teachkit-guess")
        explorer.plane.observe(explorer.guard(lambda _: _selected(explorer)), "selected")
        shown: dict[str, Any] = {}
        names = {name for question in questions for name in question.hides}

        def read(state: Any) -> None:
            told = {name: getattr(explorer, name) for name in names if hasattr(explorer, name)}
            _read(explorer, state, told, shown)

        explorer.reads(read)
        return part

    return Made(build)


def _menu(questions: Iterable[Question]) -> Part:
    named = [(question.name, question) for question in questions]
    return menu("question", "Guess", named, shows="guess.question", changes=gesture.ask)


def _options() -> Part:
    """One of several, for those who would rather choose than click."""
    return control(
        w.Dropdown, "pick", "Your guess", {},
        shows=lambda state: -1 if (picked := _picked(state)) is None else picked,
        changes=gesture.pick,
        options=lambda s: [("choose one", -1), *s.guess.question.options(s)],
        disabled=lambda state: not asking(state),
    )  # fmt: skip


def _number(question: Question) -> Part:
    """A guess that is a number."""
    assert question.field is not None
    name, low, high = question.field

    def change(state: Any, value: float) -> Any:
        if not low <= value <= high:
            raise ValueError(
                f"Your {name} is {value:g}; it lies between {low:g} and {high:g} here."
            )
        return gesture.put(state, (float(value),))

    return control(
        w.FloatText, "number", f"Your {name}", {"step": 0.1}, width="14em",
        shows=lambda state: state.guess.values[0], changes=change,
        disabled=lambda state: not asking(state),
    )  # fmt: skip


def _picked(state: Any) -> int | None:
    question = state.guess.question
    return question.picked(state, state.guess.values) if isinstance(question, Pick) else None


def _selected(explorer: Any) -> None:
    """The point under the hand is the guess, where one of several is asked for."""
    name = explorer.plane.selected
    if name.isdecimal() and isinstance(explorer.state.guess.question, Pick):
        gestured = Explorer.gesture(explorer, "guess")
        explorer.go(lambda state: gesture.pick(state, int(name)), gestured)


def _read(explorer: Any, state: Any, hidden: dict[str, w.Widget], shown: dict[str, Any]) -> None:
    question, waits, picked = state.guess.question, asking(state), _picked(state)
    for name, widget in hidden.items():
        widget.layout.display = "none" if waits and name in question.hides else None
    if "pick" in explorer.controls:
        explorer.pick.layout.display = None if isinstance(question, Pick) else "none"
    explorer.commit_button.disabled = not waits or (isinstance(question, Pick) and picked is None)
    explorer.again_button.disabled = waits
    explorer.outcome.value = "" if waits else _table(state)
    if waits:
        explorer.kept.value = ""
    # Selected is what is guessed, after Undo and in a new round too: so the next click is heard.
    if waits and picked != shown.get("picked"):
        explorer.plane.selected = "" if picked is None else str(picked)
    shown["picked"] = picked


def _table(state: Any) -> str:
    guess, when = state.guess, "" if gesture.news(state) else "when committed"
    assert guess.outcome is not None
    head, *rows = guess.outcome.table(guess.question.what)
    columns = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in head[1:])
    lines = [f"<tr><td>{when}</td>{columns}</tr>"]
    for name, *cells in rows:
        # Where a cell is narrow, "row 3, column 5" is broken at its comma.
        kept = (re.sub(r" (?=\d)", "\u00a0", html.escape(cell)) for cell in cells)
        told = "".join(f"<td>{cell}</td>" for cell in kept)
        lines.append(f'<tr><th scope="row">{html.escape(name)}</th>{told}</tr>')
    return f"<table>{''.join(lines)}</table>"


def _button(label: str, explorer: Explorer, act: Any) -> w.Button:
    button = w.Button(description=label, layout=WIDE)
    button.on_click(explorer.guard(lambda _: act()))
    return button


def _commit(explorer: Any) -> None:
    if asking(explorer.state):
        explorer.go(gesture.commit)
        explorer.kept.value = html.escape(_keep(explorer.state.guess))


def _keep(guess: Guess) -> str:
    """Keep the guess with the learner's progress; a sentence if something was in the way."""
    from teachkit.exercises._engine import guesses

    assert guess.outcome is not None
    outcome, again = guess.outcome, f", round {guess.number}" if guess.number > 1 else ""
    said = outcome.words if isinstance(guess.question, Pick) else outcome.numbers
    return guesses.keep(
        f"{guess.question.key}{again}",
        guess=said.guess,
        truth=said.truth,
        prediction=said.prediction,
        error=outcome.error,
    )
