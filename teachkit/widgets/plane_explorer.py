"""Explorers made of planes: what the hand holds is drawn at once, what is beside it may wait."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as w

from teachkit.arrays import quiet
from teachkit.scenes import guess as guesses
from teachkit.scenes.guess import Question
from teachkit.scenes.scene import Scene
from teachkit.widgets.explorer import Explorer
from teachkit.widgets.guess import asked_first, guessing
from teachkit.widgets.parts import Part, back, row
from teachkit.widgets.plane import Plane

Draw = Callable[[Any], Scene]
Moves = Callable[[Any, str, float, float], Any]  # state, point, x, y: the next state
Toggles = Callable[[Any, str, float], Any]  # state, point, weight: the next state


def _box(name: str, *children: w.Widget) -> w.Box:
    """A box that explorer.css lays out."""
    box = w.Box(children)
    box.add_class(f"teachkit-{name}")
    return box


def _show_or_hide(plane: Plane, keeps_room: bool) -> None:
    drawn = bool(plane.current.points or plane.current.lines)
    if keeps_room:
        plane.layout.visibility = "visible" if drawn else "hidden"
    else:
        plane.layout.display = "" if drawn else "none"


@dataclass(frozen=True)
class Beside:
    """A plane beside the one under the hand.

    It is drawn again when one of the state's attributes ``of`` has changed (any, unless told), or
    other points are selected. One that ``waits`` is drawn when the hand lets go: for planes that
    take longer to compute than all the rest. One with nothing to draw is not there. One ``below``
    stands under a large plane that is low, and keeps its room.
    """

    draw: Draw
    of: tuple[str, ...] = ()
    waits: bool = False
    below: bool = False

    def parts(self, state: Any) -> tuple[Any, ...]:
        """What of the state is drawn."""
        return tuple(getattr(state, name) for name in self.of) or (state,)


class PlaneExplorer(Explorer):
    """A state on a plane, and beside it what is turned and what else answers: on one screen.

    Nothing moves under the hand: the plane's room is kept, and what may grow stands below what is
    pressed.

    Parameters
    ----------
    start
        The first state.
    draw
        ``draw(state)``, the scene under the hand; a state that it raises for is refused.
    controls
        What is turned and typed, from top to bottom.
    beside
        Further planes, by the names of their attributes.
    moves, toggles
        ``moves(state, id, x, y)`` and ``toggles(state, id, weight)``: the next state when a point
        was dragged, or greyed.
    above, under
        What stands above the plane, such as a stepper, and right under it: Undo and Reset.
    large
        The plane that is drawn large, if not the one under the hand: a name of ``beside``.
    wide
        Whether the plane takes the whole width, and all else stands below it.
    questions
        What is to be guessed before truth and prediction are shown; the first is asked first.
    """

    def __init__(
        self,
        start: Any,
        draw: Draw,
        controls: Iterable[Part],
        *,
        beside: Mapping[str, Beside] | None = None,
        moves: Moves | None = None,
        toggles: Toggles | None = None,
        above: Iterable[Part] = (),
        under: Iterable[Part] = (back(),),
        large: str = "plane",
        wide: bool = False,
        questions: Sequence[Question] = (),
    ) -> None:
        if questions:
            start = guesses.ask(start, questions[0])
            draw, beside, moves = asked_first(questions, draw, beside or {}, moves)
            asked = guessing(questions)
            if wide:
                above = [row(*above, asked)]
            else:
                controls = [asked, *controls]
        self.plane = Plane(draw(start))
        super().__init__(start, self.plane.guard)
        self._draws, self.beside = draw, dict(beside or {})
        self._moves, self._toggles = moves, toggles
        self._drawn: dict[str, tuple[Any, ...]] = {}
        for name, panel in self.beside.items():
            plane = Plane(panel.draw(start), layout=w.Layout())
            if name != large:
                plane.add_class("teachkit-answers")
            _show_or_hide(plane, panel.below)
            if panel.waits:
                plane.add_class("teachkit-waits")
            setattr(self, name, plane)
            self._drawn[name] = self._shown(panel)
        if moves:
            self.plane.on_move(self._moved)
        if toggles:
            self.plane.on_toggle(self._toggled)
        self.plane.on_select(self._selected)
        self.plane.on_brush(self._selected)
        # Letting go belongs to the gesture before: a refusal stays to be read.
        self.plane.observe(self.guard(self._let_go, clears=False), "held")
        first = [*self.build(above), getattr(self, large), *self.build(under)]
        first += [getattr(self, name) for name, panel in self.beside.items() if panel.below]
        rest = [getattr(self, name) for name in ("plane", *self.beside)]
        rest = [plane for plane in rest if plane not in first]
        self._lay_out(first, rest, self.build(controls), wide)
        self.follow()

    def _lay_out(
        self,
        first: Iterable[w.Widget],
        rest: list[w.Widget],
        controls: list[w.Widget],
        wide: bool,
    ) -> None:
        if wide:
            self.children = [*first, *controls, *rest]
            return
        table = _box("room")  # plane_paint.js puts the plane's table into it
        held = [rest.pop(0)] if rest[:1] == [self.plane] else []
        sides = [_box("large", *first), _box("side", *held, *controls, table, *rest)]
        # In the order of reading: what is dragged, then what answers.
        self.children = [_box("halves", *(sides[::-1] if held else sides))]

    @property
    def held(self) -> str:  # type: ignore[override]
        """What the hand holds: the id of a point, "slider", or nothing."""
        return self.plane.held

    def picture(self) -> Scene:
        """The scene of the static picture in a saved notebook."""
        return self._draws(self.state)

    def gesture(self, *name: Hashable) -> Hashable:
        """As for every explorer; what is done to another point is another gesture."""
        return super().gesture(*name, self.plane.selected, *self.plane.brushed)

    def _prepare(self, state: Any) -> Scene:
        return self._draws(state)

    def _show(self, prepared: Scene, *, replace: bool) -> None:
        self.plane.show(prepared, replace=replace)
        self._show_beside()

    @quiet()
    def _show_beside(self) -> None:
        for name, panel in self.beside.items():
            shown = self._shown(panel)
            if shown != self._drawn[name] and not (panel.waits and self.held):
                plane = getattr(self, name)
                plane.show(panel.draw(self.state))
                _show_or_hide(plane, panel.below)
                self._drawn[name] = shown

    def _shown(self, panel: Beside) -> tuple[Any, ...]:
        return (self.plane.selected, tuple(self.plane.brushed), *panel.parts(self.state))

    def _moved(self, table: Mapping[str, tuple[float, float]]) -> None:
        def change(state: Any) -> Any:
            for name, place in table.items():
                state = self._moves(state, name, *place)  # type: ignore[misc]
            return state

        self.go(change, self.gesture("move", *table), replace=False)

    def _toggled(self, table: Mapping[str, float]) -> None:
        def change(state: Any) -> Any:
            for name, weight in table.items():
                state = self._toggles(state, name, weight)  # type: ignore[misc]
            return state

        self.go(change, replace=False)

    def _selected(self, _: Any) -> None:
        self._show_beside()
        self.follow()

    def _let_go(self, change: Any) -> None:
        if not self.held:
            self._show_beside()
            self.follow()
