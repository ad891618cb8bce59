"""What explorers share: a state, the way back, and controls that follow it."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from teachkit.arrays import quiet
from teachkit.scenes.history import History
from teachkit.widgets.guard import TURN, Guard
from teachkit.widgets.picture import Pictured

if TYPE_CHECKING:
    from teachkit.widgets.parts import Part

PAUSE = 1.0  # seconds of rest that end a gesture, so that undo stops there

Change = Callable[[Any], Any]


class Explorer(Pictured, w.VBox):
    """A state and its history, undo and reset, and controls; whatever changes is a gesture.

    A subclass builds its controls and other parts, and lays them out as its children. `_prepare`
    works out what is to be seen of a state and raises where nothing can, `_show` shows it.
    """

    label_width = "6em"
    held = ""  # what the hand holds
    in_sight: Callable[[], bool] = staticmethod(lambda: True)  # whether what is being built is
    history: History[Any]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # Whatever a learner's np.seterr says: what is not finite is refused where it is drawn.
        if "__init__" in vars(cls):  # where the first state is computed
            cls.__init__ = quiet()(vars(cls)["__init__"])  # type: ignore[method-assign]

    def __init__(self, start: Any, guard: Guard) -> None:
        super().__init__()
        self.add_class("teachkit-explorer")  # whose keys are its own: focus.js
        self.history = History.begin(start)
        self.guard = guard
        self.controls: dict[str, w.ValueWidget] = {}
        self.refused: dict[str, Any] = {}  # a control that keeps what was typed: what is instead
        self.following = False
        self._readers: list[tuple[Callable[[Any], None], Callable[[], bool]]] = []
        self._rested, self._last = 0, 0.0
        self.undo_button = w.Button(description="Undo", layout={"width": "6em"})
        self.reset_button = w.Button(description="Reset", layout={"width": "6em"})
        self.undo_button.add_class("teachkit-undo")  # for Control+Z: plane.js
        self.undo_button.on_click(guard(self.undo))
        self.reset_button.on_click(guard(self.reset))

    def build(self, parts: Iterable[Part]) -> list[w.Widget]:
        """The widgets of these parts, in their order."""
        return [part.build(self) for part in parts]

    def reads(self, read: Callable[[Any], None], *, waits: bool = False) -> None:
        """Call ``read(state)`` when the state has changed; if it waits, when the hand lets go.

        What is out of sight waits as well: each reading is a message to the front end.
        """
        in_sight = self.in_sight
        self._readers.append((read, lambda: waits or not in_sight()))

    def _prepare(self, state: Any) -> Any:
        """What is to be seen of a state; raises, and so refuses it, where nothing can be."""

    def _show(self, prepared: Any, *, replace: bool) -> None:
        """Show it; ``replace`` where Python, not the hand, moved or greyed points."""

    @property
    def state(self) -> Any:
        """What is shown now."""
        return self.history.present

    def undo(self, _: Any = None) -> None:
        """Take the last gesture back, or what was typed in vain."""
        self._past(self.history if self.refused else self.history.undo())

    def reset(self, _: Any = None) -> None:
        """Back to the start; this too can be undone."""
        self._past(self.history.reset())

    @quiet()
    def _past(self, history: History[Any]) -> None:
        with TURN:  # also where a cell asks for it while a hand drags
            prepared = self._prepare(history.present)
            self.history = history
            self.refused.clear()
            self._show(prepared, replace=True)
            self.follow()

    @quiet()
    def go(self, change: Change, gesture: Hashable = None, *, replace: bool = True) -> None:
        """On to ``change(state)``; where there is none that can be shown, all stays as it is."""
        with TURN:
            try:
                state = change(self.state)
                if state != self.state:  # else a control only says again what it was told
                    prepared = self._prepare(state)
                    self.history = self.history.push(state, gesture)
                    self._show(prepared, replace=replace)
            finally:
                self.follow()

    def gesture(self, *name: Hashable) -> Hashable:
        """A name that stays the same from one move of a gesture to the next."""
        now = time.monotonic()
        self._rested += now - self._last > PAUSE
        self._last = now
        return (*name, self._rested)

    def still_wrong(self, control: str, shown: Any) -> bool:
        """Whether this control holds what was refused, and the state is not another since."""
        if control in self.refused and self.refused[control] != shown:
            del self.refused[control]
        return control in self.refused

    @quiet()
    def follow(self) -> None:
        """Set the controls as the state has them; what they say meanwhile is no gesture."""
        self.following = True
        try:
            for read, waits in self._readers:
                if not (self.held and waits()):
                    read(self.state)
            self.undo_button.disabled = not (self.history.can_undo or self.refused)
            self.reset_button.disabled = self.state is self.history.start and not self.refused
        finally:
            self.following = False
