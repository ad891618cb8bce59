"""3.3: the Newton direction."""

from __future__ import annotations

import numpy as np

from teachkit.functions import himmelblau

from .. import exercise, formula, rule
from .._engine.convergence import convergence


def _quadratic_models() -> list[tuple]:
    # Two bowls and a saddle, to which the step leads uphill: the stationary point of a model need
    # not be its minimum.
    models = [
        ([[4.0, 1.2, -0.7], [1.2, 3.0, 0.9], [-0.7, 0.9, 2.0]], [1.0, -2.0, 0.6]),
        ([[2.5, -0.8, 0.4, 1.1], [-0.8, 3.5, 0.6, -0.3], [0.4, 0.6, 1.8, 0.5],
          [1.1, -0.3, 0.5, 2.2]], [0.5, 1.5, -2.0, 1.0]),
        ([[2.0, 0.7, -0.4], [0.7, -1.5, 0.6], [-0.4, 0.6, 1.2]], [0.4, 2.0, -0.9]),
    ]
    return [(np.array(H), np.array(g)) for H, g in models]


def any_symmetric(draw):
    """A bowl, its opposite, any symmetric matrix, or a diagonal one with few numbers."""
    n = draw.whole(1, 4)
    M = draw.numbers(n, n)
    return draw.pick(M @ M.T, -M @ M.T, M + M.T, np.diag([draw.pick(-1.5, 0.5, 2.0) for _ in M]))


def _any_model(draw):
    H, unit = any_symmetric(draw), draw.pick(1.0, 1.0, 1e-7, 1e5)
    return (unit * H, draw.numbers(len(H))) if np.linalg.cond(H) < 1e3 else None


def in_the_plane(direction, function, start, goal, steps) -> list[float]:
    """Distances from the goal when x moves by direction(H, g) again and again."""
    x = np.array(start)
    errors = [float(np.linalg.norm(x - goal))]
    for _ in range(steps):
        x = x + np.asarray(direction(function.hessian(x), function.gradient(x)), dtype=float)
        errors.append(float(np.linalg.norm(x - goal)))
    return errors


def by_eigenvalues(H, g, change):
    values, vectors = np.linalg.eigh(H)
    return -vectors @ ((vectors.T @ g) / change(values))


def flipped(H, g):
    """The Newton direction, turned round where it leads uphill."""
    d = np.linalg.solve(H, -g)
    return -np.sign(d @ g) * d


def _measured(direction) -> str:
    errors = in_the_plane(direction, himmelblau, (3.4, 2.6), (3.0, 2.0), 8)
    return (
        "Measured on Himmelblau's function from (3.4, 2.6), with full steps: your direction "
        f"{convergence(errors)}."
    )


STEP = rule(
    lambda H, g: -np.linalg.solve(H, g),
    ("gradient", lambda H, g: -g,
     "This is steepest descent, which knows nothing of the curvature: H is missing."),
    ("times H", lambda H, g: -H @ g,
     "You multiplied by H. Where the curvature is large the step must be short: solve H d = -g."),
    ("diagonal", lambda H, g: -g / np.diag(H),
     """You divided each entry of g by its own second derivative, which is right for a diagonal H
     alone. The mixed derivatives couple the coordinates."""),
    ("entry by entry", lambda H, g: -(1 / H) @ g,
     "1/H turns every entry over, and that is not the inverse of a matrix. Solve H d = -g."),
)


@exercise(
    "3.3",
    "The Newton direction",
    prompt="""At a point the function has the gradient `g`, shape (p,), and the Hessian `H`, (p, p).
    Write the step to where the second-order model f + g'd + 1/2 d'Hd is stationary, be it a
    minimum or not.""",
    minutes=4,
    difficulty=1,
    cases=_quadratic_models,
    draw=_any_model,
    hints=(
        "Take the gradient of the model with respect to d, and set it to 0.",
        "That is a linear system for d. `np.linalg.solve(A, b)` solves A d = b; what is b?",
    ),
    explanation="""The gradient of the model is g + H d, so H d = -g. Solving the system is cheaper
    and more exact than forming the inverse.""",
    answer=formula(lambda H, g, step: step(H, g), step=STEP),
    mistakes=(
        ("sign", "-1",
         "It leads uphill. The model is stationary where g + H d = 0, so H d = -g."),
        ("downhill only",
         lambda H, g: by_eigenvalues(H, g, np.abs),
         flipped,
         lambda H, g: np.linalg.solve(H, -g) if g @ np.linalg.solve(H, g) > 0 else -g,
         """Right where H is positive definite. Where it is not you changed signs, or the step, so
         that it leads downhill; that comes in exercise 3.5. Here the stationary point of the model
         is asked for, even if it is a saddle."""),
    ),
    remark=_measured,
)
def newton_direction(H, g):
    """The step d, (p,), at which the model with gradient g, (p,), and Hessian H is stationary."""
    return np.linalg.solve(H, -g)
