"""The loss explorer's state: the losses of one score, and where on their axis one looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from teachkit.arrays import quiet
from teachkit.losses import (
    Absolute,
    EpsilonInsensitive,
    Hinge,
    Logistic,
    Loss,
    SmoothHinge,
    Square,
    ZeroOne,
)

Array = np.ndarray
GRID = 0.05  # so fine is a place chosen: the kinks at 0, 1 and ±epsilon are among them
DERIVATIVES = ("slope", "curvature")
NEITHER = "neither"


@dataclass(frozen=True)
class Scale:
    """What losses are drawn over: a score f is met with the target y that makes f itself it."""

    name: str
    symbol: str
    y: float
    ends: tuple[float, float]


SCALES = {
    "margin": Scale("margin", "y f(x)", 1.0, (-2.0, 3.0)),
    "residual": Scale("residual", "f(x) − y", 0.0, (-3.0, 3.0)),
}


@dataclass(frozen=True)
class Named:
    """A loss by its name: how it is made, on which scales it stands, and where it has corners."""

    name: str
    make: Callable[[LossState], Loss]
    scales: tuple[str, ...]
    corners: Callable[[LossState], tuple[float, ...]] = lambda _: ()


LOSSES = {
    "zero_one": Named("zero-one", lambda _: ZeroOne(), ("margin",), lambda _: (0.0,)),
    "hinge": Named("hinge", lambda _: Hinge(), ("margin",), lambda _: (1.0,)),
    "smooth_hinge": Named("smooth hinge", lambda s: SmoothHinge(s.t), ("margin",)),
    "logistic": Named("logistic", lambda _: Logistic(), ("margin",)),
    "square": Named("square", lambda _: Square(), ("margin", "residual")),
    "absolute": Named("absolute", lambda _: Absolute(), ("residual",), lambda _: (0.0,)),
    "insensitive": Named(
        "ε-insensitive", lambda s: EpsilonInsensitive(s.epsilon), ("residual",),
        lambda s: (-s.epsilon, s.epsilon) if s.epsilon else (0.0,),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class LossState:
    """Everything the learner can change; ``at`` is the margin or the residual that is looked at."""

    over: str = "margin"
    at: float = 0.5
    t: float = 0.5
    epsilon: float = 0.5
    derivative: str = NEITHER
    chosen: frozenset[str] = frozenset(LOSSES)

    @property
    def scale(self) -> Scale:
        """Margin or residual."""
        return SCALES[self.over]

    @property
    def shown(self) -> tuple[str, ...]:
        """The chosen losses of this scale, in the order of the legend."""
        return tuple(
            key for key, loss in LOSSES.items() if key in self.chosen and self.over in loss.scales
        )

    def ask(self, key: str, what: str, at: float | Array) -> Array:
        """Value, slope or curvature of a loss at this margin or residual.

        Raises ValueError, in the loss's own words, where there is none.
        """
        loss = LOSSES[key].make(self)
        return getattr(loss, what)(np.asarray(at, dtype=float), np.asarray(self.scale.y))

    def here(self, key: str, what: str) -> float | None:
        """The same at the place that is looked at; None where there is none."""
        try:
            return float(self.ask(key, what, self.at))
        except ValueError:
            return None

    def why_not(self, key: str, what: str) -> str:
        """Why there is none here, in the loss's words; "" where there is one."""
        try:
            self.ask(key, what, self.at)
        except ValueError as error:
            return str(error)
        return ""

    @quiet()
    def branches(self, key: str, what: str) -> list[tuple[Array, Array]]:
        """The curve of value, slope or curvature, from corner to corner; none if it has none.

        The ends of a branch stand beside the corner, by so little that nobody sees it.
        """
        low, high = self.scale.ends
        corners = (corner for corner in LOSSES[key].corners(self) if low < corner < high)
        curves = []
        for left, right in pairwise((low, *corners, high)):
            x = np.linspace(left + 1e-9, right - 1e-9, 201)
            try:
                curves.append((x, self.ask(key, what, x)))
            except ValueError:
                return []
        return curves


def look(state: LossState, at: float) -> LossState:
    """Another margin or residual: the nearest of the grid, within the axis."""
    low, high = state.scale.ends
    return replace(state, at=round(GRID * round(float(np.clip(at, low, high)) / GRID), 6))


def turn_to(state: LossState, over: str) -> LossState:
    """The losses of the other scale, at the nearest place that it has."""
    return look(replace(state, over=over), state.at)


def choose(state: LossState, key: str, shown: bool) -> LossState:
    """A loss drawn, or not."""
    return replace(state, chosen=state.chosen | {key} if shown else state.chosen - {key})


def begin(
    over: str = "margin",
    at: float = 0.5,
    *,
    t: float = 0.5,
    epsilon: float = 0.5,
    derivative: str = NEITHER,
) -> LossState:
    """The state to start with; raises ValueError, a sentence, where there is none."""
    for name, value, known in (
        ("over", over, tuple(SCALES)),
        ("derivative", derivative, (NEITHER, *DERIVATIVES)),
    ):
        if value not in known:
            raise ValueError(f"{name} is {value!r}; the explorer has {', '.join(known)}.")
    state = LossState(over, 0.0, SmoothHinge(t).t, EpsilonInsensitive(epsilon).epsilon, derivative)
    return look(state, at)
