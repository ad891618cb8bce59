"""Buttons to walk along the steps of a method: the same in every explorer that has steps."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as w

from teachkit.widgets.guard import Guard


class Stepper(w.HBox):
    """Rewind, Back, Step and Run; ``go(k)`` is asked for the state with k steps shown.

    The explorer tells it by ``read(k, last)`` where the state stands.
    """

    def __init__(self, go: Callable[[int], None], guard: Guard) -> None:
        self._k = self._last = 0
        self.rewind_button = self._button("Rewind", lambda: go(0), guard)
        self.back_button = self._button("Back", lambda: go(self._k - 1), guard)
        self.step_button = self._button("Step", lambda: go(self._k + 1), guard)
        self.run_button = self._button("Run", lambda: go(self._last), guard)
        self.step_button.button_style = "primary"
        super().__init__(
            [self.step_button, self.run_button, self.back_button, self.rewind_button],
            layout=w.Layout(flex_flow="row wrap"),
        )

    def read(self, k: int, last: int) -> None:
        """k of ``last`` steps are shown."""
        self._k, self._last = k, last
        self.rewind_button.disabled = self.back_button.disabled = k == 0
        self.step_button.disabled = self.run_button.disabled = k >= last

    def _button(self, name: str, act: Callable[[], None], guard: Guard) -> w.Button:
        button = w.Button(description=name, layout=w.Layout(width="6em"))
        button.on_click(guard(lambda _: act()))
        return button
