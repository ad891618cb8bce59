"""3.3: the Newton direction."""

from __future__ import annotations

import numpy as np

from teachkit.functions import himmelblau

from .. import exercise
from .._engine.convergence import convergence


def _quadratic_models() -> list[tuple]:
    # Two bowls and a saddle, to which the step leads uphill: the stationary point of a model need
    # not be its minimum.
    first = np.array([[4.0, 1.2, -0.7], [1.2, 3.0, 0.9], [-0.7, 0.9, 2.0]])
    second = np.array(
        [[2.5, -0.8, 0.4, 1.1], [-0.8, 3.5, 0.6, -0.3], [0.4, 0.6, 1.8, 0.5], [1.1, -0.3, 0.5, 2.2]]
    )
    third = np.array([[2.0, 0.7, -0.4], [0.7, -1.5, 0.6], [-0.4, 0.6, 1.2]])
    return [
        (first, np.array([1.0, -2.0, 0.6])),
        (second, np.array([0.5, 1.5, -2.0, 1.0])),
        (third, np.array([0.4, 2.0, -0.9])),
    ]


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


def _downhill(H, g, other):
    """The step, and in its place another one where it leads uphill."""
    d = np.linalg.solve(H, -g)
    return other(d) if d @ g > 0 else d


def _measured(direction) -> str:
    errors = in_the_plane(direction, himmelblau, (3.4, 2.6), (3.0, 2.0), 8)
    return (
        "Measured on Himmelblau's function from (3.4, 2.6), with full steps: your direction "
        f"{convergence(errors)}."
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
    hints=(
        "Take the gradient of the model with respect to d, and set it to 0.",
        "That is a linear system for d. `np.linalg.solve(A, b)` solves A d = b; what is b?",
    ),
    explanation="""The gradient of the model is g + H d, so H d = -g. Solving the system is cheaper
    and more exact than forming the inverse.""",
    mistakes=(
        ("sign", lambda H, g: np.linalg.solve(H, g),
         """Yours is exactly -1 times the step: uphill. The model is stationary where g + H d = 0,
         so H d = -g."""),
        ("gradient", lambda H, g: -g,
         """This is the direction of steepest descent. It leads downhill and knows nothing of the
         curvature: H is missing."""),
        ("times H", lambda H, g: -H @ g,
         """You multiplied by H where the system has to be solved. Where the curvature is large the
         step must be short, and yours is long."""),
        ("diagonal", lambda H, g: -g / np.diag(H),
         """You divided each entry of g by its own second derivative. That is right for a diagonal H
         alone; the mixed derivatives couple the coordinates."""),
        ("absolute eigenvalues", lambda H, g: by_eigenvalues(H, g, np.abs),
         """Right where H is positive definite. Where it is not you changed signs so that the step
         leads downhill; that comes in exercise 3.5. Here the stationary point of the model is asked
         for, even if it is a saddle."""),
        ("downhill only",
         lambda H, g: _downhill(H, g, lambda d: -d),
         lambda H, g: _downhill(H, g, lambda d: -g),
         """Right where the step leads downhill. Where it leads uphill you took another one; what to
         do about that comes in exercise 3.5. Here the stationary point of the model is asked for,
         even if it is a saddle."""),
        ("entry by entry", lambda H, g: -(1 / H) @ g,
         "1/H turns every entry over, and that is not the inverse of a matrix. Solve H d = -g."),
        ("star", lambda H, g: -np.linalg.inv(H) * g,
         """Your answer is a matrix: `*` multiplies entry by entry, `@` is the product of a matrix
         and a vector."""),
    ),
    remark=_measured,
)
def newton_direction(H, g):
    """The step d, (p,), at which the model with gradient g, (p,), and Hessian H is stationary."""
    return np.linalg.solve(H, -g)
