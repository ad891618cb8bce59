"""What an attack is given, looked at: where it starts, what it may do, and the model after it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import Array, array_namespace, locked, own, quiet, scalar, to_numpy
from teachkit.attacks.projection import levels, projected_step
from teachkit.attacks.reach import free, linear
from teachkit.attacks.records import AttackStep
from teachkit.retraining import retrain
from teachkit.risks import checks


@dataclass(frozen=True, eq=False)
class Plan:
    """What an attack is given, looked at: where it starts, and what it may do."""

    risk: Any
    theta: Array
    images: tuple[int, ...]
    X_test: Array
    y_test: Array
    budget: float
    low: float
    high: float
    grid: int | None
    free: Array  # (d,), 1 for what may move

    @classmethod
    @quiet()
    def of(
        cls,
        risk: Any,
        theta: Any,
        images: Any,
        x_test: Any,
        y_test: Any,
        budget: Any,
        low: Any,
        high: Any,
        grid: Any,
    ) -> Plan:
        risk = linear(risk)
        theta = locked(own(checks.check_theta(theta, risk.p, risk.weights)))
        chosen = checks.check_indices(images, risk.n, "images")
        if not chosen:
            raise ValueError("images is empty: there is no training image to change.")
        X, y, _ = checks.check_test_points(x_test, y_test, risk.p, risk.X)
        risk.loss_at(theta, X, y)  # refuses other labels
        low, high = require.real(low, "low"), require.real(high, "high")
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            raise ValueError(f"low is {low} and high {high}; pixels lie between them: low < high.")
        budget = require.real(budget, "budget", "(0, inf)", "It is how far a pixel may move.")
        if grid is not None:
            grid = require.whole(grid, "grid", 1, why="8-bit images have grid=255.")
            budget = levels(budget, high - low, grid) * (high - low) / grid
        plan = cls(risk, theta, chosen, X, y, budget, low, high, grid, free(risk))
        plan.check_pixels()
        return plan

    def check_pixels(self) -> None:
        """Raise unless the images are such as the attack makes them."""
        X = to_numpy(self.start)[:, to_numpy(self.free) > 0]
        if X.size == 0:
            raise ValueError("X has one column, which is constant: there is no pixel to move.")
        if X.min() < self.low or X.max() > self.high:
            raise ValueError(
                f"The images have pixels from {X.min():.6g} to {X.max():.6g}, and low={self.low}, "
                f"high={self.high}. Give the lowest and highest value that a pixel can have."
            )
        if self.grid is None:
            return
        levels = (X - self.low) / (self.high - self.low) * self.grid
        if np.max(np.abs(levels - np.round(levels))) > 1e-6 * self.grid:
            raise ValueError(
                f"The images have pixels that are none of the {self.grid + 1} levels from low to "
                "high. Give the grid that they have (digits of 16 levels have grid=16), or "
                "grid=None for pixels that may be any number."
            )

    @property
    def start(self) -> Array:
        """The images before the attack, (k, d)."""
        return array_namespace(self.risk.X).stack([self.risk.X[i, :] for i in self.images])

    def step(self, step: Any) -> float:
        """The step, checked, or a quarter of the budget."""
        if step is not None:
            step = require.real(step, "step", "(0, inf)", "It is how far a pixel moves at a time.")
            level = (self.high - self.low) / self.grid if self.grid else 0.0
            if step <= 0.5 * level:
                raise ValueError(
                    f"step is {step:.3g}, and a level of the grid is {level:.3g}: rounding to the "
                    "grid would take each step back. Take step=None, or grid=None."
                )
            return float(step)
        if self.grid is None:
            return self.budget / 4
        level = (self.high - self.low) / self.grid
        return math.ceil(round(self.budget / level) / 4) * level

    def project(self, X: Array, direction: Array, step: float) -> Array:
        """X after a step, with the columns that stay as they were."""
        xp = array_namespace(X)
        to = {"low": self.low, "high": self.high, "grid": self.grid}
        moved = projected_step(self.start, X, direction, step, self.budget, **to)
        return xp.where(self.free > 0, moved, self.start)

    def changed(self, X: Array) -> Any:
        """The risk with these rows."""
        risk = self.risk
        for row, i in enumerate(self.images):
            risk = risk.replaced(i, X[row, :], risk.y[i])
        return risk

    def trained(self, k: int, X: Array, theta: Array) -> AttackStep:
        """Step k, trained again from theta."""
        return self.judged(k, X, retrain(self.changed(X), theta))

    @quiet()
    def judged(self, k: int, X: Array, theta: Array) -> AttackStep:
        """Step k with what theta does to the test points."""
        xp = array_namespace(X)
        losses = self.risk.loss_at(theta, self.X_test, self.y_test)
        margins = self.y_test * (self.X_test @ theta)
        v = xp.mean(X - self.start, axis=0)
        length = scalar(v @ v)
        curvature = scalar(v @ self.changed(X).hvp(theta, v)) / length if length else math.nan
        return AttackStep(k, locked(X), locked(theta), locked(losses), locked(margins), curvature)
