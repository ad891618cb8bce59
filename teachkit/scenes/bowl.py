"""The bowl explorer's state: a quadratic form in two variables, by eigenvalues and rotation."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from teachkit.arrays import as_float, to_numpy

Array = np.ndarray


@dataclass(frozen=True)
class BowlState:
    """f(x) = 1/2 x'Hx with H = Q diag(first, second) Q', and a point x to look at.

    Q has the columns q1 = (cos a, sin a) and q2 = (-sin a, cos a), where a is ``angle`` in degrees.
    ``size`` is the power of ten in which the eigenvalues are ordinary numbers.
    """

    first: float
    second: float
    angle: float
    x: tuple[float, float] = (2.0, 0.5)
    size: float = 1.0

    @property
    def eigenvalues(self) -> tuple[float, float]:
        """Those of q1 and of q2, in this order."""
        return self.first, self.second

    @property
    def sized(self) -> tuple[float, float]:
        """The eigenvalues in this size."""
        return self.first / self.size, self.second / self.size

    @property
    def Q(self) -> Array:
        """The eigenvectors as columns, (2, 2)."""
        a = math.radians(self.angle)
        return np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])

    @property
    def H(self) -> Array:
        """The symmetric matrix of the form, (2, 2)."""
        return self.Q @ np.diag(self.eigenvalues) @ self.Q.T

    @property
    def value(self) -> float:
        """f at the point."""
        return float(self.x @ self.H @ self.x) / 2

    @property
    def gradient(self) -> Array:
        """H x, (2,)."""
        return self.H @ self.x

    @property
    def condition(self) -> float:
        """The largest over the smallest absolute eigenvalue: ||H||_2 ||H^-1||_2, or inf."""
        sizes = sorted(abs(value) for value in self.eigenvalues)
        return sizes[1] / sizes[0] if sizes[0] > 0 else math.inf

    @property
    def kind(self) -> str:
        """What the signs of the eigenvalues make of it."""
        signs = sorted(math.copysign(value != 0, value) for value in self.eigenvalues)
        return KINDS[int(signs[0]), int(signs[1])]


KINDS = {
    (1, 1): "a bowl",
    (0, 1): "a trough",
    (-1, 1): "a saddle",
    (-1, 0): "a ridge",
    (-1, -1): "a hill",
    (0, 0): "flat",
}
EXAMPLES: dict[str, tuple[float, float, float]] = {
    "round bowl": (1.0, 1.0, 0.0),
    "long valley": (5.0, 0.2, 30.0),
    "[[2, 1], [1, 2]]": (3.0, 1.0, 45.0),
    "[[1, 2], [2, 1]]": (3.0, -1.0, 45.0),
    "[[2, −3], [−3, 2]]": (5.0, -1.0, 135.0),
    "diag(1, 0)": (1.0, 0.0, 0.0),
    "−I": (-1.0, -1.0, 0.0),
}
"""Forms worth looking at: first eigenvalue, second eigenvalue, angle."""


def begin(H: Any = ((2.0, 1.0), (1.0, 2.0))) -> BowlState:
    """The form of a symmetric matrix, (2, 2); q1 belongs to the larger eigenvalue."""
    H = as_float(to_numpy(H), "H")
    if H.shape != (2, 2):
        raise ValueError(
            f"H has shape {H.shape}; the explorer draws forms of two variables, (2, 2). Of more, "
            "look at a 2 x 2 block, or at its eigenvalues: np.linalg.eigvalsh(H)."
        )
    (a, b), (c, d) = map(float, H[0]), map(float, H[1])
    if abs(b - c) > 1e-9 * max(abs(b), abs(c), math.sqrt(abs(a)) * math.sqrt(abs(d))):
        raise ValueError(
            f"H = {H.tolist()} is not symmetric. x'Hx only sees (H + H')/2: pass that, having made "
            "sure that it is what you mean."
        )
    size = power_of_ten(H)
    angle = 0.5 * math.degrees(math.atan2(2 * (b / size), a / size - d / size)) % 180
    first, second = eigenvalues(a / size, b / size, d / size)
    return turn(BowlState(0.0, 0.0, round(angle, 12), size=size), first=first, second=second)


def turn(state: BowlState, **sized: float) -> BowlState:
    """The form with one or both eigenvalues, told in its size, of twelve digits."""
    told = {name: float(f"{value * state.size:.12g}") for name, value in sized.items()}
    return replace(state, **told)  # type: ignore[arg-type]


def eigenvalues(a: float, b: float, d: float) -> tuple[float, float]:
    """Those of ((a, b), (b, d)), the larger first; the one near 0 is det H over the other.

    So it keeps its digits, and is 0 where det H = a d - b^2 is nothing but rounding.
    """
    middle, half = (a + d) / 2, math.hypot((a - d) / 2, b)
    far = middle + math.copysign(half, middle)
    exact = Fraction(a) * Fraction(d) - Fraction(b) ** 2
    rounding = 4 * np.finfo(float).eps * (abs(a * d) + b * b)
    near = float(exact) / far if far and abs(exact) > rounding else 0.0
    return max(far, near), min(far, near)


def power_of_ten(values: Any) -> float:
    """The power of ten that makes the largest of these an ordinary number, which 0.05 to 60 are."""
    largest = float(np.abs(values).max())
    if largest == 0 or 0.05 <= largest <= 60:
        return 1.0
    return float(f"1e{math.floor(math.log10(largest))}")


def example(state: BowlState) -> str:
    """The name of the example that the form is, or ""."""
    form = (*state.sized, state.angle)
    return next((name for name, known in EXAMPLES.items() if known == form), "")


def choose(state: BowlState, name: str) -> BowlState:
    """The example of this name, in the size of the form; none chosen changes nothing."""
    if not name:
        return state
    first, second, angle = EXAMPLES[name]
    return replace(turn(state, first=first, second=second), angle=angle)
