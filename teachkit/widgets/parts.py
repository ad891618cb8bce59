"""What else stands in an explorer: buttons, the form, words, and how all of it is laid out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import ipywidgets as w

from teachkit.widgets.form import Form
from teachkit.widgets.stepper import Stepper

if TYPE_CHECKING:
    from teachkit.widgets.explorer import Explorer


TYPED = "Type instead of dragging"
MORE = "More"


class Part(Protocol):
    """Anything that can be laid out in an explorer."""

    def build(self, explorer: Explorer) -> w.Widget:
        """The widget, wired to this explorer."""
        ...


@dataclass(frozen=True)
class Made:
    """A part made by a function of the explorer."""

    build: Callable[[Explorer], w.Widget]


def button(name: str, label: str, change: Callable[[Any], Any]) -> Part:
    """A button that takes the state on to ``change(state)``."""

    def build(explorer: Explorer) -> w.Widget:
        widget = w.Button(description=label, layout=w.Layout(width="auto"))
        widget.on_click(explorer.guard(lambda _: explorer.go(change)))
        setattr(explorer, name, widget)
        return widget

    return Made(build)


def stepper(walk: Callable[[Any, int], Any]) -> Part:
    """Step, Run, Back and Rewind along ``state.k`` of ``state.last`` steps: ``walk(state, k)``.

    How many there are may take long to compute: it is read when the hand lets go.
    """

    def build(explorer: Explorer) -> w.Widget:
        def go(k: int) -> None:
            explorer.go(lambda state: walk(state, k), explorer.gesture("k"))

        buttons = Stepper(go, explorer.guard)
        explorer.reads(lambda state: buttons.read(state.k, state.last), waits=True)
        setattr(explorer, "steps", buttons)  # noqa: B010
        return buttons

    return Made(build)


def note(says: Callable[[Any], str], name: str = "") -> Part:
    """What ``says(state)``, in HTML."""

    def build(explorer: Explorer) -> w.Widget:
        widget = w.HTML(says(explorer.state))
        explorer.reads(lambda state: setattr(widget, "value", says(state)))
        if name:
            setattr(explorer, name, widget)
        return widget

    return Made(build)


def heading(title: str) -> Part:
    """A few words above what follows."""
    return Made(lambda explorer: w.HTML(f"<b>{title}</b>"))


def row(*parts: Part) -> Part:
    """Parts side by side, as far as there is room."""
    wrap = {"flex_flow": "row wrap", "align_items": "baseline"}
    return Made(lambda explorer: w.HBox(explorer.build(parts), layout=wrap))


def back(*more: Part) -> Part:
    """Undo and Reset, and what else leads to another start."""
    return Made(
        lambda explorer: w.HBox(
            [explorer.undo_button, explorer.reset_button, *explorer.build(more)],
            layout={"flex_flow": "row wrap"},
        )
    )


def closed(title: str, *parts: Part) -> Part:
    """Parts behind a button that opens and closes them."""

    def build(explorer: Explorer) -> w.Widget:
        opens = w.ToggleButton(description=f"▸ {title}", layout={"width": "auto"})
        opens.add_class("teachkit-opens")
        around = explorer.in_sight
        explorer.in_sight = lambda: opens.value and around()
        inside = w.VBox(explorer.build(parts), layout={"display": "none"})
        explorer.in_sight = around

        def turn(change: Any) -> None:
            inside.layout.display = "" if change["new"] else "none"
            opens.description = f"{'▾' if change['new'] else '▸'} {title}"

        opens.observe(turn, "value")
        return w.VBox([opens, inside])

    return Made(build)


def typed(*parts: Part) -> Part:
    """What is typed instead of dragged."""
    return closed(TYPED, *parts)


def more(*parts: Part) -> Part:
    """What is turned rarely, and the plane's *Select an area*."""

    def build(explorer: Explorer) -> w.Widget:
        area = w.Box()
        area.add_class("teachkit-area-room")  # plane_paint.js puts the button into it
        return closed(MORE, *parts, Made(lambda explorer: area)).build(explorer)

    return Made(build)


def form() -> Part:
    """The points by their numbers, for those who would rather type than drag."""

    def build(explorer: Any) -> w.Widget:
        explorer.form = Form(explorer.plane, explorer.in_sight)
        return explorer.form

    return typed(Made(build))
