"""The perturbation explorer's state: one training point is moved, its label stays.

The move is delta = |delta| (cos, sin) from where the point was. Two predictions go with it: the
finite one, which takes the gradient at both places, and the infinitesimal one, the tangent at
delta = 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from teachkit.arrays import quiet
from teachkit.influence import Influence
from teachkit.retraining import retrain_with
from teachkit.scenes import influence_start
from teachkit.scenes.guess import Guess
from teachkit.scenes.influence import Fit
from teachkit.scenes.scene import Axes
from teachkit.scenes.words import round_up

Array = np.ndarray
TEST = "test"


@dataclass(frozen=True)
class Move:
    """What a move does: theta, (3,), and the test loss, by retraining and by both predictions.

    The predicted losses are linear in the change of theta: L + grad L(z_test)' (change of theta).
    """

    retrained: Array
    finite: Array
    infinitesimal: Array
    loss_retrained: float
    loss_finite: float
    loss_infinitesimal: float


@dataclass(frozen=True, eq=False)
class Watching:
    """The model, and what every move of a training point does to the loss at this test point."""

    fit: Fit
    x_test: Array
    y_test: float

    @property
    def influence(self) -> Influence:
        """In the units of the fit."""
        return self.fit.influence

    @cached_property
    def test_row(self) -> Array:
        """The test point as the risk has it, (3,)."""
        return np.append(self.fit.units.inside(self.x_test), 1.0)

    @cached_property
    @quiet()
    def pull(self) -> Array:
        """grad L(z_test), (3,)."""
        influence = self.influence
        return influence.risk.gradient_at(
            influence.theta, self.test_row[None, :], np.array([self.y_test])
        )[0]

    @property
    def now(self) -> Array:
        """Theta with every point where it was, (3,)."""
        return self.fit.units.outside(self.influence.theta)

    @cached_property
    @quiet()
    def loss_now(self) -> float:
        influence = self.influence
        return float(influence.risk.loss_at(influence.theta, self.test_row, self.y_test))

    @cached_property
    @quiet()
    def pert_losses(self) -> Array:
        """I_pert,loss of every training point, (n, 2), per unit of eps."""
        influence = self.influence
        s = influence.s_test(self.test_row, self.y_test)
        rows = [influence.pert_loss(i, s_test=s)[:2] for i in range(influence.risk.n)]
        return np.array(rows) / self.fit.units.scale

    @quiet()
    def move(self, i: int, delta: Array) -> Move:
        """Point i moved by delta, (2,)."""
        units, influence = self.fit.units, self.influence
        theta, risk = influence.theta, influence.risk
        step = np.append(delta / units.scale, 0.0)  # the column of ones stays
        mixed = np.array([risk.input_gradient(theta, i, s) for s in np.eye(risk.p)])
        changes = {
            "retrained": retrain_with(risk, theta, i, risk.X[i] + step, risk.y[i]) - theta,
            "finite": influence.perturbation(i, step),
            "infinitesimal": -influence.solve(mixed @ step) / risk.n,
        }
        after = theta + changes["retrained"]

        def loss(name: str) -> float:
            return self.loss_now + float(self.pull @ changes[name])

        def outside(name: str) -> Array:
            return units.outside(theta + changes[name])

        return Move(
            retrained=outside("retrained"),
            finite=outside("finite"),
            infinitesimal=outside("infinitesimal"),
            loss_retrained=float(risk.loss_at(after, self.test_row, self.y_test)),
            loss_finite=loss("finite"),
            loss_infinitesimal=loss("infinitesimal"),
        )


@dataclass(frozen=True, eq=False)
class PerturbationState:
    """Which training point is moved, how far, and in which direction (an angle, in radians)."""

    watching: Watching
    axes: Axes
    i: int
    radius: float = 0.0
    direction: float = 0.0
    guess: Guess | None = field(default=None, repr=False)

    @property
    def X(self) -> Array:
        """Where the points are before the move, (n, 2)."""
        return self.watching.fit.X

    @property
    def y(self) -> Array:
        """Labels, (n,)."""
        return self.watching.fit.y

    @property
    def l2(self) -> float:
        return self.watching.fit.l2

    @property
    def delta(self) -> Array:
        """The move, (2,)."""
        return self.radius * np.array([math.cos(self.direction), math.sin(self.direction)])

    @property
    def there(self) -> Array:
        """Where the moved point is, (2,)."""
        return self.X[self.i] + self.delta

    @property
    def pert_loss(self) -> Array:
        """I_pert,loss of the chosen point, (2,)."""
        return self.watching.pert_losses[self.i]

    @property
    def angle(self) -> float:
        """Degrees from I_pert,loss to the move, in [0, 360): 0 along it, 180 against it."""
        return round(math.degrees(self.direction - self._steepest), 9) % 360.0

    @property
    def _steepest(self) -> float:
        return math.atan2(self.pert_loss[1], self.pert_loss[0])

    @property
    def reach(self) -> float:
        """How far the slider moves a point: half of the picture."""
        (x0, x1), (y0, y1) = self.axes.xlim, self.axes.ylim
        return round_up(max(x1 - x0, y1 - y0) / 2)

    @cached_property
    def answer(self) -> Move:
        """What the move does."""
        return self.watching.move(self.i, self.delta)

    @property
    def shown_to(self) -> float:
        """The largest |delta| of `along`: the next round number above the one now."""
        return min(round_up(1.2 * self.radius), 2 * self.reach) if self.radius else self.reach / 4

    def along(self, points: int = 21) -> tuple[Array, list[Move]]:
        """|delta| from 0 to `shown_to` in this direction, (k,), and what each of them does."""
        lengths = np.linspace(0.0, self.shown_to, points)
        unit = np.array([math.cos(self.direction), math.sin(self.direction)])
        return lengths, [self.watching.move(self.i, length * unit) for length in lengths]


def place(state: PerturbationState, name: str, x: float, y: float) -> PerturbationState:
    """The point of this id dragged to (x, y): the test point, or the one that is moved now.

    Any other point that was moved is where it was again.
    """
    if name == TEST:
        return replace(state, watching=replace(state.watching, x_test=np.array([x, y])))
    i = int(name)
    dx, dy = (float(to - here) for to, here in zip((x, y), state.X[i], strict=True))
    radius = math.hypot(dx, dy)
    direction = math.atan2(dy, dx) if radius else state.direction
    return replace(state, i=i, radius=radius, direction=direction)


def stretch(state: PerturbationState, radius: float) -> PerturbationState:
    """The same direction, so far."""
    return replace(state, radius=radius)


def turn(state: PerturbationState, angle: float) -> PerturbationState:
    """The same |delta|, so many degrees from I_pert,loss."""
    return replace(state, direction=state._steepest + math.radians(angle))


def penalise(state: PerturbationState, l2: float) -> PerturbationState:
    """Another penalty; the move stays."""
    fit = replace(state.watching.fit, l2=l2)
    return replace(state, watching=replace(state.watching, fit=fit))


def begin(
    X: Any, y: Any, *, test_point: tuple[Any, Any] | None = None, l2: float = 0.01
) -> PerturbationState:
    """Nothing is moved; chosen is the point whose moves matter most, and the way along I_pert."""
    known = influence_start.begin(X, y, test_point=test_point, l2=l2)
    if known.is_line:
        raise ValueError(
            f"X has shape {known.X.shape}; points are moved on a plane, so X takes two columns, "
            "with labels -1 and +1."
        )
    watching = Watching(known.fit, known.x_test, known.y_test)
    lengths = np.linalg.norm(watching.pert_losses, axis=1)
    return turn(PerturbationState(watching, known.axes, int(lengths.argmax())), 0.0)
