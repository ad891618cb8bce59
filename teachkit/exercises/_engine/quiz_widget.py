"""The buttons under a quiz; imported only in a notebook."""

from __future__ import annotations

from typing import Any, Protocol

import ipywidgets

from .display import Listing, Panel, as_html


class Question(Protocol):
    """What a quiz is to its buttons."""

    @property
    def question(self) -> str: ...

    @property
    def lettered(self) -> tuple[tuple[str, Any], ...]: ...

    def answer(self, letter: str) -> Any: ...


def buttons(quiz: Question) -> ipywidgets.Widget:
    """The question, one button for each choice, and below them what is said about the last one."""
    listing = Listing(tuple((f"{letter})", choice.text) for letter, choice in quiz.lettered))
    question = ipywidgets.HTML(as_html(Panel("plain", quiz.question, (listing,))))
    said = ipywidgets.HTML()

    def button(letter: str, text: str) -> ipywidgets.Button:
        made = ipywidgets.Button(
            description=letter, tooltip=text, layout=ipywidgets.Layout(width="4em")
        )

        def pressed(_: ipywidgets.Button) -> None:
            try:
                said.value = quiz.answer(letter)._repr_html_()
            except Exception as error:  # an exception in a callback would show nowhere
                said.value = as_html(Panel("stop", f"{type(error).__name__}: {error}"))

        made.on_click(pressed)
        return made

    row = ipywidgets.HBox([button(letter, choice.text) for letter, choice in quiz.lettered])
    box = ipywidgets.VBox([question, row, said])
    box.add_class("teachkit-quiz")  # where an explorer is on the page, keys on a button stay there
    return box
