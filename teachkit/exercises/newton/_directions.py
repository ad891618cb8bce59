"""3.3 and 3.5: the Newton direction, and what to do where H is not positive definite."""

from __future__ import annotations

import numpy as np

from teachkit.functions import himmelblau, saddle

from .. import Mistake, exercise
from .._convergence import convergence


def _quadratic_models() -> list[tuple]:
    # Two bowls and a saddle: the stationary point of a model need not be its minimum.
    first = np.array([[4.0, 1.2, -0.7], [1.2, 3.0, 0.9], [-0.7, 0.9, 2.0]])
    second = np.array(
        [[2.5, -0.8, 0.4, 1.1], [-0.8, 3.5, 0.6, -0.3], [0.4, 0.6, 1.8, 0.5], [1.1, -0.3, 0.5, 2.2]]
    )
    third = np.array([[2.0, 0.7, -0.4], [0.7, -1.5, 0.6], [-0.4, 0.6, 1.2]])
    return [
        (first, np.array([1.0, -2.0, 0.6])),
        (second, np.array([0.5, 1.5, -2.0, 1.0])),
        (third, np.array([0.8, 1.1, -1.7])),
    ]


def _in_the_plane(direction, function, start, goal, steps) -> list[float]:
    """Distances from the goal when x moves by direction(H, g) again and again."""
    x = np.array(start)
    errors = [float(np.linalg.norm(x - goal))]
    for _ in range(steps):
        x = x + np.asarray(direction(function.hessian(x), function.gradient(x)), dtype=float)
        errors.append(float(np.linalg.norm(x - goal)))
    return errors


def _newton_measured(direction) -> str:
    errors = _in_the_plane(direction, himmelblau, (3.4, 2.6), (3.0, 2.0), 8)
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
        Mistake(
            "sign",
            lambda H, g: np.linalg.solve(H, g),
            "Yours is exactly -1 times the step: uphill. The model is stationary where g + H d = "
            "0, so H d = -g.",
        ),
        Mistake(
            "gradient",
            lambda H, g: -g,
            "This is the direction of steepest descent. It leads downhill and knows nothing of "
            "the curvature: H is missing.",
        ),
        Mistake(
            "times H",
            lambda H, g: -H @ g,
            "You multiplied by H where the system has to be solved. Where the curvature is large "
            "the step must be short, and yours is long.",
        ),
        Mistake(
            "diagonal",
            lambda H, g: -g / np.diag(H),
            "You divided each entry of g by its own second derivative. That is right for a "
            "diagonal H alone; the mixed derivatives couple the coordinates.",
        ),
        Mistake(
            "absolute eigenvalues",
            lambda H, g: _by_eigenvalues(H, g, np.abs),
            "Right where H is positive definite. Where it is not you changed signs so that the "
            "step leads downhill; that comes in exercise 3.5. Here the stationary point of the "
            "model is asked for, even if it is a saddle.",
        ),
        Mistake(
            "entry by entry",
            lambda H, g: -(1 / H) @ g,
            "1/H turns every entry over, and that is not the inverse of a matrix. Solve H d = -g.",
        ),
        Mistake(
            "star",
            lambda H, g: -np.linalg.inv(H) * g,
            "Your answer is a matrix: `*` multiplies entry by entry, `@` is the product of a "
            "matrix and a vector.",
        ),
    ),
    remark=_newton_measured,
)
def newton_direction(H, g):
    """The step d, (p,), at which the model with gradient g, (p,), and Hessian H is stationary."""
    return np.linalg.solve(H, -g)


def _turned(angle, first, second):
    c, s = np.cos(angle), np.sin(angle)
    axes = np.array([[c, -s], [s, c]])
    return axes @ np.diag([first, second]) @ axes.T, axes


def _three_kinds() -> list[tuple]:
    # Positive definite enough; positive definite but flat; indefinite with g along the negative
    # eigenvector, so that the plain step leads uphill; indefinite, with three coordinates.
    good, _ = _turned(0.5, 2.0, 5.0)
    flat, _ = _turned(1.0, 0.1, 3.0)
    saddle_like, axes = _turned(0.7, -1.5, 2.0)
    three = np.array([[1.0, 2.0, 0.5], [2.0, -0.5, 0.3], [0.5, 0.3, 2.0]])
    return [
        (good, np.array([1.0, -2.0]), 0.5),
        (flat, np.array([0.7, 1.1]), 0.6),
        (saddle_like, 2.0 * axes[:, 0] + 0.3 * axes[:, 1], 0.4),
        (three, np.array([1.0, -0.5, 2.0]), 0.3),
    ]


def _shift_measured(direction) -> str:
    def with_delta(H, g):
        return direction(H, g, 0.1)

    errors = _in_the_plane(with_delta, saddle, (0.1, 1.0), (1.0, 0.0), 10)
    return (
        "Measured on x^4/4 - x^2/2 + y^2/2 from (0.1, 1), where H is indefinite: on its way to the "
        f"minimum (1, 0) your direction {convergence(errors)}."
    )


def _by_eigenvalues(H, g, change):
    values, vectors = np.linalg.eigh(H)
    return -vectors @ ((vectors.T @ g) / change(values))


def _lifted(H, g, tau):
    return np.linalg.solve(H + tau * np.eye(len(g)), -g)


def _flipped(H, g):
    d = np.linalg.solve(H, -g)
    return -d if d @ g > 0 else d


@exercise(
    "3.5",
    "A direction that leads downhill",
    prompt="""Write the step d of (H + tau I) d = -g with the smallest tau >= 0 for which all
    eigenvalues of H + tau I are at least `delta`. H is symmetric, and delta > 0.""",
    minutes=8,
    difficulty=2,
    cases=_three_kinds,
    hints=(
        "What does adding tau I do to the eigenvalues of H? `np.linalg.eigvalsh(H)` gives them in "
        "rising order.",
        "If the smallest eigenvalue is at least delta already, nothing is added. Otherwise tau "
        "takes it up to delta exactly.",
    ),
    explanation="""H + tau I has the eigenvalues of H, each plus tau, so tau = max(0, delta -
    lambda_min). All eigenvalues are then at least delta > 0, and g'd = -d'(H + tau I) d < 0: the
    step leads downhill. Where H is good, tau = 0 leaves Newton's step and its order alone.""",
    mistakes=(
        Mistake(
            "no shift",
            lambda H, g, delta: np.linalg.solve(H, -g),
            "Right where H is positive definite enough. Where it is not, this plain step goes to "
            "a saddle or uphill: shift H first.",
        ),
        Mistake(
            "always shifts",
            lambda H, g, delta: _lifted(H, g, delta),
            "You add delta in every case. It is too little where H is indefinite, and where H is "
            "good it spoils the fast convergence. How much is needed depends on the smallest "
            "eigenvalue.",
        ),
        Mistake(
            "negative shift",
            lambda H, g, delta: _lifted(H, g, delta - np.linalg.eigvalsh(H)[0]),
            "Your tau is right where it is positive. Where H is good already yours is negative and "
            "makes H worse: the smallest tau >= 0 is asked for.",
        ),
        Mistake(
            "lifted to 0",
            lambda H, g, delta: _lifted(H, g, max(0, -np.linalg.eigvalsh(H)[0]) + delta),
            "You lift the smallest eigenvalue to 0 and then add delta, also where nothing was "
            "needed. One shift does it: delta minus the smallest eigenvalue, if that is positive.",
        ),
        Mistake(
            "size added",
            lambda H, g, delta: _lifted(H, g, delta + abs(np.linalg.eigvalsh(H)[0])),
            "Right where the smallest eigenvalue is negative. Where it is positive its size is "
            "added too, though little or nothing was needed: delta minus the eigenvalue, not its "
            "absolute value, and never less than 0.",
        ),
        Mistake(
            "negative ones only",
            lambda H, g, delta: _lifted(
                H, g, delta - min(np.linalg.eigvalsh(H)) if min(np.linalg.eigvalsh(H)) < 0 else 0
            ),
            "You shift only where an eigenvalue is negative. One between 0 and delta is too small "
            "as well.",
        ),
        Mistake(
            "identity missing",
            lambda H, g, delta: np.linalg.solve(H + max(0, delta - np.linalg.eigvalsh(H)[0]), -g),
            "tau is right, and NumPy added it to every entry of H. It belongs on the diagonal "
            "alone: tau times np.eye(len(g)).",
        ),
        Mistake(
            "subtracts",
            lambda H, g, delta: _lifted(H, g, -max(0, delta - np.linalg.eigvalsh(H)[0])),
            "You took tau I away from H, so the smallest eigenvalue fell further below delta. "
            "Adding tau I lifts it.",
        ),
        Mistake(
            "flips the direction",
            lambda H, g, delta: _flipped(H, g),
            "You turned the whole direction round where it led uphill. Now it leads downhill, but "
            "along the good eigenvectors it goes the wrong way. Shift H, not the answer.",
        ),
        Mistake(
            "absolute eigenvalues",
            (
                lambda H, g, delta: _by_eigenvalues(H, g, np.abs),
                lambda H, g, delta: _by_eigenvalues(H, g, lambda v: np.maximum(np.abs(v), delta)),
                lambda H, g, delta: _by_eigenvalues(H, g, lambda v: np.maximum(v, delta)),
            ),
            "You changed the eigenvalues one by one, by their size or by a floor. That is a good "
            "method too, and often a better one, but not the one asked for: here all of them move "
            "up by the same tau, which needs no eigenvectors.",
            better=True,
        ),
    ),
    remark=_shift_measured,
)
def shifted_direction(H, g, delta):
    """Solve (H + tau I) d = -g; the smallest tau >= 0 that makes every eigenvalue >= delta."""
    tau = max(0.0, delta - np.linalg.eigvalsh(H)[0])
    return np.linalg.solve(H + tau * np.eye(len(g)), -g)
