"""The step-size explorer's state: a Hessian-vector product by differences, and its error.

The function is the risk of a logistic regression at a random w, never 0: there the third
derivative vanishes, and the forward formula would look better than it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from teachkit.arrays import as_float, quiet, to_numpy
from teachkit.derivatives import best_step, hvp_central, hvp_forward
from teachkit.losses import Logistic
from teachkit.risks import LinearRisk
from teachkit.scenes.units import standardised

Array = np.ndarray
FORMULAS: dict[str, Callable[..., Array]] = {"forward": hvp_forward, "central": hvp_central}
DTYPES = {"float64": np.float64, "float32": np.float32}
LOWEST, HIGHEST = -15.0, 2.0  # of log10 r
GRID = 0.05  # so fine is a step chosen, by hand or by slider
LENGTHS = (-3, 3)  # of log10 |v|


@dataclass(frozen=True, eq=False)
class Setting:
    """A risk in one dtype, a point w and a direction v of one length: what an error curve needs."""

    X: Array
    y: Array
    l2: float
    w: Array
    unit: Array
    dtype: str = "float64"
    length: int = 0

    @cached_property
    def risk(self) -> LinearRisk:
        """R(w) = (1/n) sum_i log(1 + e^(-y_i x_i'w)) + 1/2 l2 |w|^2, in this dtype."""
        kind = DTYPES[self.dtype]
        return LinearRisk(self.X.astype(kind), self.y.astype(kind), Logistic(), l2=self.l2)

    @cached_property
    def place(self) -> tuple[Array, Array]:
        """w and v, rounded to this dtype."""
        kind = DTYPES[self.dtype]
        return self.w.astype(kind), (10.0**self.length * self.unit).astype(kind)

    @cached_property
    @quiet()
    def exact(self) -> Array:
        """H v by the closed form in float64, at the rounded w and v."""
        w, v = (part.astype(float) for part in self.place)
        return LinearRisk(self.X, self.y, Logistic(), l2=self.l2).hvp(w, v)

    @quiet()
    def quotient(self, formula: str, r: float) -> Array:
        """What the formula gives; 0 where w + r v is w, so that nothing changes."""
        w, v = self.place
        try:
            return FORMULAS[formula](self.risk.gradient, w, v, r)
        except ValueError:
            return np.zeros_like(w)

    def error(self, formula: str, r: float) -> float:
        """||quotient - H v|| / ||H v||."""
        off = self.quotient(formula, r).astype(float) - self.exact
        return float(np.linalg.norm(off) / np.linalg.norm(self.exact))

    @cached_property
    def log_steps(self) -> Array:
        """log10 of the steps of the curves, eight a decade."""
        return np.linspace(LOWEST, HIGHEST, int(8 * (HIGHEST - LOWEST)) + 1)

    @cached_property
    def errors(self) -> dict[str, Array]:
        """The error of each formula at each of these steps."""
        return {
            name: np.array([self.error(name, 10.0**log_r) for log_r in self.log_steps])
            for name in FORMULAS
        }

    def best(self, formula: str) -> tuple[float, float]:
        """The step of the curve with the least error, and this error."""
        k = int(np.argmin(self.errors[formula]))
        return float(10.0 ** self.log_steps[k]), float(self.errors[formula][k])

    def rule(self, formula: str) -> float:
        """What `best_step` proposes."""
        return best_step(*self.place, formula=formula)

    @quiet()
    def profile(self, r: float) -> tuple[Array, Array]:
        """Gradient along v, near w: (t / r, rise / (r |Hv|)), for t from -1.4 r to 1.4 r.

        The rise is that of u'g(w + t v), u = Hv / |Hv|: its derivative at 0 is |Hv|, so that in
        these units the exact product has the slope 1.
        """
        w, v = self.place
        kind = DTYPES[self.dtype]
        size = float(np.linalg.norm(self.exact))
        u = (self.exact / size).astype(kind)
        ts = np.linspace(-1.4, 1.4, 113)  # 0 and both ends of the difference are among them
        heights = np.array([u @ self.risk.gradient(w + kind(t * r) * v) for t in ts], dtype=float)
        return ts, (heights - heights[56]) / (r * size)


@dataclass(frozen=True)
class StepSizeState:
    """A setting, the formula that is looked at, and its step."""

    setting: Setting
    formula: str = "forward"
    log_r: float = -1.0

    @property
    def r(self) -> float:
        """The step; it multiplies v."""
        return 10.0**self.log_r

    @cached_property
    def error(self) -> float:
        """The relative error of the formula at this step."""
        return self.setting.error(self.formula, self.r)

    @property
    def distance(self) -> float:
        """How far from w the step leads: r |v|."""
        return self.r * 10.0**self.setting.length

    @property
    def lost(self) -> bool:
        """Whether w + r v is w, in this dtype."""
        return not self.setting.quotient(self.formula, self.r).any()


def begin(X: Any, y: Any, *, l2: float = 0.01, seed: int = 0) -> StepSizeState:
    """Logistic regression on these data; w and v are drawn with the seed, |w| = 3 and |v| = 1.

    Columns that are not of ordinary size are standardised: a w of length 3 means nothing there.
    """
    X, y = as_float(to_numpy(X), "X").astype(float), as_float(to_numpy(y), "y").astype(float)
    LinearRisk(X, y, Logistic(), l2=l2)  # complains of wrong shapes and labels
    X = standardised(X)
    random = np.random.default_rng(seed)
    w, v = random.standard_normal((2, X.shape[1]))
    w, unit = 3 * w / np.linalg.norm(w), v / np.linalg.norm(v)
    return StepSizeState(Setting(X, y, float(l2), w, unit))


def stride(state: StepSizeState, log_r: float) -> StepSizeState:
    """Another step: the nearest of the grid, within the axes."""
    nearest = GRID * round(float(np.clip(log_r, LOWEST, HIGHEST)) / GRID)
    return replace(state, log_r=round(nearest, 6))


def change(state: StepSizeState, **setting: Any) -> StepSizeState:
    """Another dtype or another length of v."""
    return replace(state, setting=replace(state.setting, **setting))
