"""The smooth hinge explorer's state: a machine, and its removals, predicted and true.

R(theta) = (1/n) sum_i loss(y_i f(x_i)) + 1/2 l2 |theta|^2 with f(x) = theta . (x, 1), the hinge or
the smooth hinge as its loss. The hinge has no curvature to predict a removal with; the smooth hinge
has one, and its own removals are not those of the hinge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import as_float, quiet, to_numpy
from teachkit.datasets import add_ones
from teachkit.influence import Influence
from teachkit.losses import Hinge, SmoothHinge
from teachkit.risks import LinearRisk
from teachkit.scenes.scene import Axes, padded_limits
from teachkit.scenes.svm import hinge, smooth
from teachkit.scenes.units import Units, units_of

Array = np.ndarray
TEST = "test"
WIDTHS = (*(float(f"{f}e{k}") for k in (-3, -2, -1) for f in (1, 1.5, 2, 3, 5, 7)), 1.0)
PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
TRUTHS = ("hinge", "smooth")
MOST = 200  # points: each of them is taken out in turn
KINK = 1e-5  # so near to 1 is a margin of the hinge that is there


def sample(n: int = 60) -> tuple[Array, Array]:
    """Two clouds that overlap, n/2 points each around (-1.3, -.35) and (1.3, .35)."""
    y = np.repeat([1.0, -1.0], n // 2)
    cloud = np.random.default_rng(1).standard_normal((len(y), 2)) * [1.5, 0.65]
    return np.round(cloud + y[:, None] * [1.3, 0.35], 2), y


@dataclass(frozen=True, eq=False)
class Machine:
    """The training set and the penalty, and what the hinge makes of them; X (n, 2), y +-1."""

    X: Array
    y: Array
    l2: float

    @cached_property
    def units(self) -> Units:
        """Those in which the columns have ordinary numbers."""
        return units_of(self.X, None, self.l2)

    def rows(self, X: Array) -> Array:
        """(x, 1) in these units, (k, 3)."""
        return add_ones(self.units.inside(X))

    @cached_property
    def Z(self) -> Array:
        """y_i (x_i, 1), (n, 3): z_i' theta is the margin of point i."""
        return self.y[:, None] * self.rows(self.X)

    @cached_property
    def others(self) -> Array:
        """The rows that are left without each of the points, (n, n - 1, 3)."""
        n = len(self.y)
        return self.Z[[np.delete(np.arange(n), i) for i in range(n)]]

    @cached_property
    @quiet()
    def theta(self) -> Array:
        """The hinge's minimum, (3,), exact."""
        return hinge(self.Z[None], 1 / len(self.y), self.units.penalty)[0]

    @cached_property
    @quiet()
    def thetas(self) -> Array:
        """The hinge's minimum without each of the points, (n, 3), exact."""
        return hinge(self.others, 1 / len(self.y), self.units.penalty)


@dataclass(frozen=True, eq=False)
class HingeState:
    """Everything the learner can change; all thetas are in the units of the machine."""

    machine: Machine
    axes: Axes
    x_test: Array
    y_test: float
    t: float = 0.1
    truth: str = "hinge"
    leverage: bool = False

    @property
    def n(self) -> int:
        """How many training points there are."""
        return len(self.machine.y)

    @cached_property
    @quiet()
    def theta(self) -> Array:
        """The smooth hinge's minimum, (3,)."""
        machine = self.machine
        start = machine.theta[None]
        return smooth(machine.Z[None], 1 / self.n, machine.units.penalty, self.t, start)[0]

    @cached_property
    @quiet()
    def thetas(self) -> Array:
        """The smooth hinge's minimum without each of the points, (n, 3)."""
        machine = self.machine
        start = machine.thetas
        return smooth(machine.others, 1 / self.n, machine.units.penalty, self.t, start)

    @cached_property
    def margins(self) -> Array:
        """y_i f(x_i) under the smooth hinge, (n,)."""
        return self.machine.Z @ self.theta

    @cached_property
    def kink(self) -> Array:
        """Which points the hinge's minimum has on its kink, (n,)."""
        return np.abs(self.machine.Z @ self.machine.theta - 1) <= KINK

    @cached_property
    @quiet()
    def bends(self) -> Array:
        """The curvature of the loss at each margin, by its largest value 1/(4t), (n,)."""
        return 4 * self.t * SmoothHinge(self.t).curvature(self.margins, np.ones(1))

    @cached_property
    @quiet()
    def influence(self) -> Influence:
        """That of the smooth hinge, at its minimum."""
        machine, loss = self.machine, SmoothHinge(self.t)
        rows = machine.rows(machine.X)
        return Influence(LinearRisk(rows, machine.y, loss, l2=machine.units.penalty), self.theta)

    @cached_property
    @quiet()
    def leverages(self) -> Array:
        """h_i = c_i x_i' H^-1 x_i / n, (n,), c_i the curvature of the loss at point i."""
        Z, solve = self.machine.Z, self.influence.solve
        return self.bends / (4 * self.t * self.n) * (Z * solve(Z.T).T).sum(axis=1)

    def test_margin(self, thetas: Array) -> Any:
        """y f(x) of the test point under each theta, (..., 3)."""
        return self.y_test * (thetas @ self.machine.rows(self.x_test[None])[0])

    def test_loss(self, thetas: Array, truth: str) -> Any:
        """Its loss under each theta, by the hinge or the smooth hinge."""
        loss = Hinge() if truth == "hinge" else SmoothHinge(self.t)
        return loss.value(self.test_margin(thetas), np.ones(()))

    @cached_property
    @quiet()
    def predicted(self) -> Array:
        """The change of the test loss without each point, along its tangent, (n,)."""
        x = self.machine.rows(self.x_test[None])[0]
        return self.influence.leave_one_out_loss(x, self.y_test, leverage=self.leverage)

    @cached_property
    @quiet()
    def true(self) -> Array:
        """The change of the test loss as the machine is trained again without each point, (n,)."""
        with_all, without = {
            "hinge": (self.machine.theta, self.machine.thetas),
            "smooth": (self.theta, self.thetas),
        }[self.truth]
        return self.test_loss(without, self.truth) - self.test_loss(with_all, self.truth)


def move(state: HingeState, name: str, x: float, y: float) -> HingeState:
    """A training point (its number), or the test point, dragged to (x, y)."""
    if name == TEST:
        return replace(state, x_test=np.array([x, y]))
    X = state.machine.X.copy()
    X[int(name)] = x, y
    return replace(state, machine=replace(state.machine, X=X))


def set_penalty(state: HingeState, l2: float) -> HingeState:
    """Another penalty."""
    return replace(state, machine=replace(state.machine, l2=l2))


def offered(values: tuple[float, ...], own: float) -> list[tuple[str, float]]:
    """Values on a slider, the one to start with among them."""
    return [(f"{value:g}", value) for value in sorted({*values, own})]


def begin(
    X: Any = None,
    y: Any = None,
    *,
    l2: float = 0.1,
    t: float = 0.1,
    test_point: tuple[Any, Any] | None = None,
    truth: str = "hinge",
    leverage: bool = False,
) -> HingeState:
    """The state to start with; raises ValueError, a sentence, where there is none."""
    if (X is None) != (y is None):
        raise ValueError("X and y come together: points without labels, or labels alone, fit none.")
    if X is None:
        X, y = sample()
        test_point = test_point or ((0.0, -0.5), 1.0)
    X, y = as_float(to_numpy(X), "X"), as_float(to_numpy(y), "y")
    _check_data(X, y)
    why = "It is the penalty: with next to none, nothing bends where no point is near the kink."
    require.real(l2, "l2", "[1e-4, inf)", why)
    why = "It is the width of the rounded corner: below, it is the hinge's to the eye."
    require.real(t, "t", "[1e-4, 100]", why)
    if truth not in TRUTHS:
        raise ValueError(f"truth is {truth!r}; the explorer has {', '.join(TRUTHS)}.")
    x_test, y_test = _on_the_wrong_side(X, y) if test_point is None else test_point
    x_test = as_float(np.atleast_1d(to_numpy(x_test)), "the test point's x")
    if x_test.shape != (2,) or abs(float(y_test)) != 1:
        raise ValueError(
            f"The test point is ({x_test.tolist()}, {y_test}); it takes x as a row of X (2 "
            "numbers) and a label, -1 or +1."
        )
    xlim, ylim = (padded_limits([*X[:, j], x_test[j]], 0.08) for j in (0, 1))
    width, height = xlim[1] - xlim[0], ylim[1] - ylim[0]
    equal = max(width, height) <= 8 * min(width, height)
    axes = Axes(xlim, ylim, "x₁", "x₂", equal=equal)
    return HingeState(
        Machine(X, y, float(l2)), axes, x_test, float(y_test), float(t), truth, bool(leverage)
    )


def _check_data(X: Array, y: Array) -> None:
    if X.ndim != 2 or X.shape[1] != 2 or y.shape != X.shape[:1]:
        raise ValueError(
            f"X has shape {X.shape} and y {y.shape}; the explorer draws X with two columns, and "
            "takes a label, -1 or +1, for each row."
        )
    if set(np.unique(y)) != {-1.0, 1.0}:
        raise ValueError(
            f"The labels are {np.unique(y)[:5].tolist()}; the hinge asks for -1 and +1, both. Map "
            "them first, for instance np.where(y == 1, 1.0, -1.0)."
        )
    for j, column in enumerate(X.T):
        if 0 < np.ptp(column) < 1e-6 * np.abs(column).max():
            raise ValueError(
                f"Column {j} of X runs from {column.min():g} to {column.max():g}: that is so far "
                "from 0 beside its spread that rounding decides. Subtract its mean first."
            )
    if not 3 <= len(y) <= MOST:
        raise ValueError(
            f"There are {len(y)} points; the explorer takes each of them out and trains again, for "
            f"3 to {MOST}. Take a part of them, for instance X[:{MOST}], y[:{MOST}]."
        )


def _on_the_wrong_side(X: Array, y: Array) -> tuple[Array, float]:
    """Class +1, just past the middle between the classes: its loss is not 0, so it can change."""
    return 0.4 * X[y > 0].mean(axis=0) + 0.6 * X[y < 0].mean(axis=0), 1.0
