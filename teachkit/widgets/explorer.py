"""What explorers share: a history to go on in and back, and controls that follow the state."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import ipywidgets as w

from teachkit.scenes.history import History
from teachkit.widgets.guard import Guard
from teachkit.widgets.picture import Pictured

PAUSE = 1.0  # seconds of rest that end a gesture, so that undo stops there

Change = Callable[[Any], Any]


class Explorer(Pictured, w.VBox):
    """A state, its history, and undo and reset buttons.

    A subclass calls `_begin`, makes its planes and controls, and then ``super().__init__`` with
    what it is laid out of. It says what it looks like: `_draw` shows the state on its planes,
    `_read` sets its controls as the state has them, `_compute` raises where a state cannot be.
    """

    history: History[Any]

    def __init__(self, children: Sequence[w.Widget] = (), **kwargs: Any) -> None:
        super().__init__(children, **kwargs)
        self.add_class("teachkit-explorer")  # whose keys are its own: focus.js

    def _begin(self, start: Any, guard: Guard) -> None:
        self.history = History.begin(start)
        self.guard = guard
        self._rested, self._last = 0, 0.0
        self._following = False
        self.undo_button = w.Button(description="Undo")
        self.reset_button = w.Button(description="Reset")
        self.undo_button.on_click(guard(self.undo))
        self.reset_button.on_click(guard(self.reset))

    def _draw(self, *, replace: bool) -> None:
        """Show the state; ``replace`` where Python, not the hand, moved or greyed points."""
        raise NotImplementedError

    def _read(self) -> None:
        """Set the controls as the state has them; what they say meanwhile is not listened to."""
        raise NotImplementedError

    def _compute(self, state: Any) -> None:
        """Work out what a state means; raises ValueError where nothing can."""

    @property
    def state(self) -> Any:
        """What is shown now."""
        return self.history.present

    def undo(self, _: Any = None) -> None:
        """Take the last gesture back."""
        self.history = self.history.undo()
        self._show(replace=True)

    def reset(self, _: Any = None) -> None:
        """Back to the start; this too can be undone."""
        self.history = self.history.reset()
        self._show(replace=True)

    def _listen(
        self, control: w.ValueWidget, change: Callable[[Any, Any], Any], *, glides: str = ""
    ) -> None:
        """Go on to ``change(state, value)`` when the control has a new value.

        The values of a control that ``glides``, as a slider does, are one gesture until it rests.
        """

        def changed(event: Any) -> None:
            if glides and rounded(event):
                return
            name = self._ongoing(glides) if glides else None
            self._set(lambda state: change(state, event["new"]), name)

        control.observe(self.guard(changed), "value")

    def _ongoing(self, *name: Hashable) -> Hashable:
        """A name that stays the same from one move of a gesture to the next."""
        now = time.monotonic()
        self._rested += now - self._last > PAUSE
        self._last = now
        return (*name, self._rested)

    def _set(self, change: Change, name: Hashable = None) -> None:
        """What a control asks for; nothing while the controls only follow the state."""
        if not self._following:
            self._go(change, name, replace=True)

    def _go(self, change: Change, name: Hashable = None, *, replace: bool = False) -> None:
        """On to the changed state; where there is none that can be, all stays as it is."""
        try:
            state = change(self.state)
            self._compute(state)
        except ValueError:
            self._follow()
            raise
        if state == self.state:  # a slider that rounds what it was told says it again
            return self._follow()
        self.history = self.history.push(state, name)
        self._show(replace=replace)

    def _show(self, *, replace: bool = False) -> None:
        self._draw(replace=replace)
        self._follow()

    @staticmethod
    def _put(slider: w.ValueWidget, value: float) -> None:
        """Set a slider, but for rounding, which must not push the hand back."""
        if abs(slider.value - value) > _half_step(slider):
            slider.value = value

    def _follow(self) -> None:
        self._following = True
        try:
            self._read()
            self.undo_button.disabled = not self.history.can_undo
            self.reset_button.disabled = self.state is self.history.start
        finally:
            self._following = False


def rounded(event: Any) -> bool:
    """Whether a slider only says again what it was told, rounded to one of its steps."""
    return abs(event["new"] - event["old"]) < _half_step(event["owner"])


def _half_step(control: w.ValueWidget) -> float:
    """Differences below this are the slider's rounding, not the hand's doing."""
    return max(0.49 * float(getattr(control, "step", None) or 0.0), 1e-9)
