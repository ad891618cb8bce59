"""What the agreement explorer asks: how far off are the predictions, as the slope of the truth?"""

from __future__ import annotations

from dataclasses import replace

from teachkit.scenes.agreement import AgreementState, choose
from teachkit.scenes.agreement_drawing import across, thing
from teachkit.scenes.agreement_start import offered
from teachkit.scenes.drawing import curve
from teachkit.scenes.guess import Outcome, Question, Three, Values, handle
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.scene import Axes, Line, Scene
from teachkit.scenes.words import number

AT = 0.8  # of the largest prediction: where the line is held
MOST = 2.5  # the steepest slope that can be guessed, either way
AXES = Axes(
    (-1.0, 1.0), (-AT * MOST, AT * MOST), "predicted change, the largest is 1", "true change"
)
LEGEND = {"guess": SHARED["guess"], "diagonal": Meaning("grey dash", "truth = prediction")}


class WhatSlope(Question):
    """The slope of the true changes of the test loss on those predicted; 1 where they are right."""

    name = "slope of truth on prediction"
    what = "slope"
    hides = ("row",)
    field = ("slope", -MOST, MOST)

    def opens(self, state: AgreementState, number: int) -> AgreementState:
        """Nobody is out; from the second round on, another test point."""
        state = replace(state, removed=frozenset(), group="none")
        if number == 1:
            return state
        tests = [i for _, i in offered(self.start)]
        return choose(state, tests[(number - 1) % len(tests)])

    def first(self, state: AgreementState) -> Values:
        return (0.0,)

    def place(self, state: AgreementState, values: Values, name: str, x: float, y: float) -> Values:
        return (max(-MOST, min(MOST, round(y / AT, 2))),)

    def asks(self, state: AgreementState) -> str:
        return (
            f"Each of {state.n} points leaves alone: by what factor is the true change of the loss "
            f"at test {thing(state)} {state.test} the predicted one? Drag the line to your slope, "
            "then commit it."
        )

    def draw(self, state: AgreementState, values: Values) -> Scene:
        (slope,) = values
        said = self.asks(state)
        lines = (
            Line("diagonal", curve((-1, 1), (-1, 1)), "diagonal", "truth = prediction"),
            Line("guess", across(slope, 0.0, AXES), "guess", end=f"slope {number(slope, 2)}"),
        )
        held = handle(AT, AT * slope, "Your slope")
        return Scene(
            AXES, (held,), lines, sentence=said, alt=f"No point is drawn yet. {said}", legend=LEGEND
        )

    def compare(self, state: AgreementState, values: Values) -> Outcome:
        found = state.agreement(leverage=state.leverage)
        if found is None:
            raise ValueError(
                "No training point changes the loss here, so there is no slope. Choose another "
                "test point."
            )
        slopes = Three(values[0], 1.0, float(found.slope))
        return Outcome(
            numbers=slopes,
            words=Three(*(number(slope, 2) for slope in slopes)),
            error=abs(slopes.guess - slopes.truth),
            predicted_error=abs(1.0 - slopes.truth),
            off=lambda error: number(error, 2),
            drawn=values[0],
        )

    def mark(self, state: AgreementState, scene: Scene, outcome: Outcome) -> Scene:
        pieces = across(outcome.drawn, 0.0, scene.axes)
        end = f"guess, {number(outcome.drawn, 2)}"
        line = Line("guess", pieces, "guess", "your guess", end=end)
        legend = {**scene.legend, "guess": SHARED["guess"]}
        return replace(scene, lines=(*scene.lines, line) if pieces else scene.lines, legend=legend)
