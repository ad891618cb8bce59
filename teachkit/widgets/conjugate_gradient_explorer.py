"""Steepest descent and conjugate gradients down the same bowl, step by step."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from teachkit.scenes import conjugate_gradient as gesture
from teachkit.scenes.conjugate_gradient import SPACINGS, STEPS, ConjugateGradientState, P
from teachkit.scenes.conjugate_gradient_drawing import START, draw, draw_errors, draw_polynomial
from teachkit.scenes.scene import Scene
from teachkit.widgets.explorer import Explorer
from teachkit.widgets.form import Form
from teachkit.widgets.plane import Plane

KAPPAS = (1, 2, 5, 10, 25, 50, 100)
CLUSTERS = (("2", 2), ("3", 3), ("5", 5), ("10", 10), ("100", P))
WIDTHS = (("0", 0.0), ("0.0001", 1e-4), ("0.01", 0.01), ("0.1", 0.1))


class ConjugateGradientExplorer(Explorer):
    """A bowl 1/2 x' A x with a start to drag, and a system of 100 unknowns with a spectrum to set.

    In the plane A = diag(1, kappa); steepest descent takes its best step each time. The large
    system has eigenvalues from 1 to kappa. Its errors are measured in the A-norm, ||x||_A =
    sqrt(x' A x), and the bound 2 ((sqrt(kappa) - 1) / (sqrt(kappa) + 1))^k is drawn above them.

    Parameters
    ----------
    kappa : float
        The condition number, 1, 2, 5, 10, 25, 50 or 100.
    start : (x, y), optional
        Where both methods start in the plane; (25, 25 / kappa), the worst place, unless told.

    Raises
    ------
    ValueError
        If kappa is none of these, or the start is the solution itself.

    Notes
    -----
    Lesson: 06_conjugate_gradient
    """

    def __init__(self, kappa: float = 25, start: tuple[float, float] | None = None) -> None:
        if kappa not in KAPPAS:
            known = ", ".join(map(str, KAPPAS))
            raise ValueError(f"kappa is {kappa}; the slider has {known}. Take one of these.")
        state = gesture.worst(ConjugateGradientState(kappa=float(kappa)))
        if start is not None:
            state = gesture.move(state, *start)
        self.plane = Plane(draw(state))
        self._begin(state, self.plane.guard)
        self.errors = Plane(draw_errors(state))
        self.polynomial = Plane(draw_polynomial(state))
        self.plane.on_move(self._moved)
        self._make_controls()
        super().__init__([self.plane, self._lay_out()])
        self._follow()

    def picture(self) -> Scene:
        """The scene of the static picture in a saved notebook."""
        return draw(self.state)

    def _make_controls(self) -> None:
        state: ConjugateGradientState = self.state
        look: dict[str, Any] = {
            "layout": w.Layout(width="auto"),
            "style": {"description_width": "6.5em"},
        }
        self.form = Form(self.plane)
        self.worst = w.Button(description="Worst start")
        self.worst.on_click(self.guard(lambda _: self._go(gesture.worst, replace=True)))
        self.k = w.IntSlider(state.k, min=0, max=STEPS, description="Step k", **look)
        self.kappa = w.SelectionSlider(
            options=[(str(kappa), float(kappa)) for kappa in KAPPAS],
            value=state.kappa, description="Condition κ", **look,
        )  # fmt: skip
        self.clusters = w.SelectionSlider(
            options=CLUSTERS, value=state.clusters, description="Clusters", **look
        )
        self.width = w.SelectionSlider(
            options=WIDTHS, value=state.width, description="Width", **look
        )
        self.spacing = w.Dropdown(
            options=SPACINGS, value=state.spacing, description="Spacing", **look
        )
        for name in ("k", "kappa", "clusters", "width"):
            self._listen(getattr(self, name), _setter(name), glides=name)
        self._listen(self.spacing, _setter("spacing"))

    def _lay_out(self) -> w.Widget:
        buttons = w.HBox([self.undo_button, self.reset_button, self.worst])
        for button in buttons.children:
            button.layout.width = "auto"
        spectrum = [w.HTML("<b>The 100 eigenvalues</b>"), self.clusters, self.width, self.spacing]
        controls = w.VBox(
            [buttons, self.k, self.kappa, self.form, *spectrum],
            layout=w.Layout(flex="1 1 280px", max_width="26em"),
        )
        beside = w.Layout(flex="1 1 300px", min_width="0", max_width="36em")
        panels = [w.VBox([panel], layout=beside) for panel in (self.errors, self.polynomial)]
        wrap = w.Layout(flex_flow="row wrap", align_items="flex-start")
        return w.HBox([controls, *panels], layout=wrap)

    def _moved(self, table: dict[str, tuple[float, float]]) -> None:
        place = table[START]
        self._go(lambda state: gesture.move(state, *place), self._ongoing("start"))

    def _draw(self, *, replace: bool) -> None:
        self.plane.show(draw(self.state), replace=replace)
        self.errors.show(draw_errors(self.state))
        self.polynomial.show(draw_polynomial(self.state))

    def _read(self) -> None:
        for name in ("k", "kappa", "clusters", "width", "spacing"):
            getattr(self, name).value = getattr(self.state, name)
        self.width.disabled = self.state.clusters == P


def _setter(name: str) -> Any:
    return lambda state, value: gesture.change(state, **{name: value})
