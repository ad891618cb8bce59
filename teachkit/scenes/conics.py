"""Where a quadratic form in the plane is constant: an ellipse, a hyperbola, or nothing."""

from __future__ import annotations

import numpy as np

from teachkit.arrays import quiet
from teachkit.scenes.contours import Pieces

POINTS = 121


@quiet()
def conic(
    inverse: np.ndarray,
    size: float = 1.0,
    centre: tuple[float, float] = (0.0, 0.0),
    *,
    far: float = 100.0,
) -> Pieces:
    """The d with d' M d = size^2 around a centre, for a symmetric M given by its inverse, (2, 2).

    The half-axes of an ellipse are size times the square roots of the eigenvalues of the inverse.
    A hyperbola is drawn as far as ``far`` from its centre; with no positive eigenvalue there is
    nothing to draw.
    """
    values, vectors = np.linalg.eigh(inverse)
    a, b = size * np.sqrt(np.abs(values))
    if values[0] > 0:
        turn = np.linspace(0.0, 2 * np.pi, POINTS)
        branches = [np.stack([a * np.cos(turn), b * np.sin(turn)])]
    elif values[1] > 0:
        end = np.arcsinh(far / max(a, b, 1e-300))
        t = np.linspace(-end, end, POINTS)
        branches = [np.stack([a * np.sinh(t), sign * b * np.cosh(t)]) for sign in (1.0, -1.0)]
    else:
        return ()
    x, y = centre
    return tuple(
        tuple((float(x + u), float(y + v)) for u, v in (vectors @ branch).T) for branch in branches
    )
