"""What the check of 4.2 and 4.5 measures: the learner's update and recursion at work."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

import teachkit
from teachkit import LinearRisk, Logistic
from teachkit.derivatives import count_products
from teachkit.functions import himmelblau
from teachkit.optimize import Wolfe, descend

from ._pairs import pairs, positive

ARRIVED = 1e-12
MOST_STEPS = 300


def update_at_work(update: Any) -> str:
    off = _on_a_bowl(update)
    learned = f"off by {off:.0%} of A^-1" if off < 10 else "nothing like A^-1"
    return (
        "Measured with yours: after 6 exact steps down a bowl 1/2 x'A x in 6 variables, B is "
        f"{'A^-1, to rounding' if off < 1e-8 else learned}. On Himmelblau's function BFGS "
        f"{_progress(_on_a_landscape(update))}."
    )


def _on_a_bowl(update: Any) -> float:
    """How far B is from the inverse of A (6, 6) after 6 exact steps down 1/2 x'A x."""
    A = positive(6, 20)
    x, B = np.ones(6), np.eye(6)
    for _ in range(6):
        g = A @ x
        d = -B @ g
        s = -(g @ d) / (d @ A @ d) * d
        B = np.asarray(update(B, s, A @ s), dtype=float)
        x = x + s
    goal = np.linalg.inv(A)
    return float(np.linalg.norm(B - goal) / np.linalg.norm(goal))


def _on_a_landscape(update: Any) -> list[float]:
    """Distances from a minimum of Himmelblau's function; steps are halved until f falls enough."""
    f, x, B = himmelblau, np.array([3.6, 2.8]), np.eye(2)
    goal, g = np.array(f.minimiser), himmelblau.gradient(np.array([3.6, 2.8]))
    errors = [float(np.linalg.norm(x - goal))]
    while errors[-1] > ARRIVED and len(errors) < 25:
        d, t = -B @ g, 1.0
        while f.value(x + t * d) > f.value(x) + 1e-4 * t * (g @ d) and t > 1e-9:
            t /= 2
        s, g_old = t * d, g
        x, g = x + s, f.gradient(x + s)
        B = np.asarray(update(B, s, g - g_old), dtype=float)
        errors.append(float(np.linalg.norm(x - goal)))
    return errors


def _progress(errors: list[float]) -> str:
    """What the errors do. No order: three of them say little about a superlinear method."""
    if not np.isfinite(errors[-1]):
        return "runs away"
    steps, last = len(errors) - 1, errors[-5:]
    factors = ", ".join(f"{b / a:.1g}" for a, b in itertools.pairwise(last))
    factors = f"the last ones multiply its error by {factors}"
    if errors[-1] > ARRIVED:
        return f"has not arrived after {steps} steps ({factors})"
    right = len(_on_a_landscape(teachkit.bfgs_update)) - 1
    return f"arrives in {steps} steps{_beside(steps, right)}; {factors}"


def recursion_at_work(two_loop: Any) -> str:
    norm, steps = _on_a_regression(two_loop)
    outcome = "reaches" if norm <= 1e-6 else "ends at"
    _, right = _on_a_regression(teachkit.two_loop)
    beside = _beside(steps, right) if norm <= 1e-6 else ""
    return (
        "Measured: L-BFGS with yours and five pairs, on a badly scaled logistic regression, "
        f"{outcome} a gradient norm of {norm:.0e} after {steps} step{'' if steps == 1 else 's'}"
        f"{beside}.{_forms_B(two_loop)}"
    )


def _on_a_regression(two_loop: Any) -> tuple[float, int]:
    """The gradient norm at the end, and the steps: 12 columns, each larger than the one before.

    Here gamma and the order of the loops matter, more than on a function with a curved valley.
    """
    random = np.random.RandomState(2)
    X = random.normal(size=(60, 12)) * np.logspace(-2, 0, 12)
    noise = random.normal(size=60)
    y = np.where(noise + X @ random.normal(size=12) * 33 > 0, 1.0, -1.0)
    risk = LinearRisk(X, y, Logistic(), l2=1e-6)
    for last in descend(risk, np.zeros(12), _With(two_loop), Wolfe()):
        if last.gradient_norm <= 1e-6 or last.k == MOST_STEPS:
            break
    return last.gradient_norm, last.k


@dataclass(frozen=True)
class _With:
    """The direction -two_loop(g, S, Y), with all pairs so far (at most five)."""

    two_loop: Any

    def begin(self, objective: Any) -> Any:
        S: list[np.ndarray] = []
        Y: list[np.ndarray] = []
        before: list[Any] = []

        def propose(point: Any) -> tuple[np.ndarray, str]:
            if before:
                S.append(point.x - before[-1].x)
                Y.append(point.gradient - before[-1].gradient)
            before.append(point)
            if not S:
                return -point.gradient / np.linalg.norm(point.gradient), ""
            Bg = self.two_loop(point.gradient.copy(), np.array(S[-5:]), np.array(Y[-5:]))
            return -np.asarray(Bg, dtype=float), ""

        return propose


def _forms_B(two_loop: Any) -> str:
    S, Y = pairs(40, 3, 11)
    if count_products(lambda S: two_loop(np.ones(40), S, Y), S).largest < 40 * 40:
        return ""
    return (
        " One remark: for p = 40 something with 1600 numbers is formed on the way, as many as B "
        "has. The recursion does with vectors alone."
    )


def _beside(steps: int, right: int) -> str:
    return "" if steps == right else f" (with the right one: {right})"
