"""The conjugate gradient explorer's state: a bowl, a start, a spectrum, and what two methods do.

A is diagonal throughout, and the solution is 0: in the coordinates of its eigenvectors every
symmetric A looks like that, and x is then the error itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice, takewhile

import numpy as np

from teachkit.arrays import quiet
from teachkit.linear import conjugate_gradient_steps

Array = np.ndarray
P = 100  # unknowns of the large system
STEPS = 60  # that can be looked at
MANY = 1000  # that steepest descent is followed for, to count them
GOAL = 1e-6  # of the first error: where the steps are counted
ROUNDING = 1e-12  # of the first error: below, the errors are those of the arithmetic
FAR, HIGH = 25.0, 7.5  # where the start stands along the flat and the steep axis, at most
PICTURE = ((-9.0, 27.0), (-9.0, 9.0))  # what is seen of the bowl
SNAP = 0.3  # so near to an axis the start is put on it
SPACINGS = ("geometric", "even")


@dataclass(frozen=True, eq=False)
class Run:
    """One method on A = diag(eigenvalues): its errors x_k, (steps + 1, p), and their size."""

    eigenvalues: Array
    x: Array

    @cached_property
    @quiet()
    def errors(self) -> Array:
        """||x_k||_A / ||x_0||_A with ||x||_A = sqrt(x' A x), (steps + 1,)."""
        norms = np.sqrt((self.x**2) @ self.eigenvalues)
        return norms / norms[0]

    @property
    def steps_to_goal(self) -> int | None:
        """The first step with an error of at most GOAL; None where it was not reached."""
        reached = np.flatnonzero(self.errors <= GOAL)
        return int(reached[0]) if reached.size else None

    def at(self, k: int) -> int:
        """Step k, or the last one where the method was finished before."""
        return min(k, len(self.x) - 1)


@quiet()
def steepest_descent(eigenvalues: Array, x: Array) -> Run:
    """x + alpha r with r = -A x and alpha = r'r / r'A r, until the error is at most GOAL."""
    path, size = [x], np.sqrt(eigenvalues @ x**2)
    while np.sqrt(eigenvalues @ x**2) > GOAL * size and len(path) <= MANY:
        r = -eigenvalues * x
        x = x + (r @ r) / (r @ (eigenvalues * r)) * r
        path.append(x)
    return Run(eigenvalues, np.array(path))


@quiet()
def conjugate_gradients(eigenvalues: Array, x: Array) -> Run:
    """The iterates of conjugate gradients from x, until rounding is all that is left.

    The method walks from 0 towards the solution of A s = -A x; x + s are its iterates.
    """
    size = np.sqrt(eigenvalues @ x**2)
    iterates = conjugate_gradient_steps(lambda v: eigenvalues * v, -eigenvalues * x)
    path = [x + it.x for it in islice(iterates, 2 * P)]
    above = takewhile(lambda e: np.sqrt(eigenvalues @ e**2) > ROUNDING * size, path)
    kept = sum(1 for _ in above) + 1  # the step that arrives belongs to the path
    return Run(eigenvalues, np.array(path[:kept]))


def spectrum(kappa: float, clusters: int, spacing: str, width: float) -> Array:
    """P eigenvalues from 1 to kappa in so many clusters, each of this relative width.

    The centres are evenly or geometrically spaced; with P clusters all eigenvalues differ.
    """
    parts = np.array_split(np.arange(P), clusters)
    spread = np.concatenate([np.linspace(-0.5, 0.5, len(part)) * (len(part) > 1) for part in parts])
    exponents = np.linspace(0.0, 1.0, clusters)
    even = 1 + (kappa - 1) * exponents
    centres = np.repeat(even if spacing == "even" else kappa**exponents, [len(p) for p in parts])
    values = centres * (1 + width * spread)
    reach = values[-1] - values[0]
    return 1 + (values - values[0]) * ((kappa - 1) / reach) if kappa > 1 else np.ones(P)


@dataclass(frozen=True, eq=False)
class ConjugateGradientState:
    """Everything the learner can change."""

    kappa: float = 25.0
    start: tuple[float, float] = (FAR, 1.0)
    clusters: int = P
    spacing: str = "geometric"
    width: float = 0.0
    k: int = 10

    @property
    def last(self) -> int:
        """As many steps as are drawn."""
        return STEPS

    @cached_property
    def bowl(self) -> tuple[Run, Run]:
        """Steepest descent and conjugate gradients on diag(1, kappa) from the start."""
        return _both(np.array([1.0, self.kappa]), np.array(self.start))

    @property
    def system(self) -> tuple[Run, Run]:
        """Both on the large system, where b has the same share of every eigenvector."""
        return _system(self.kappa, self.clusters, self.spacing, self.width)

    @cached_property
    def bound(self) -> Array:
        """2 rho^k for k = 0..STEPS, rho = (sqrt(kappa) - 1) / (sqrt(kappa) + 1)."""
        root = np.sqrt(self.kappa)
        return 2 * ((root - 1) / (root + 1)) ** np.arange(STEPS + 1)

    @cached_property
    @quiet()
    def ritz(self) -> Array:
        """The roots of the polynomial of conjugate gradients at step k, on the large system.

        They are the eigenvalues of A on the space of the first k residuals.
        """
        _, conjugate = self.system
        k = conjugate.at(self.k)
        residuals = -conjugate.x[:k] * conjugate.eigenvalues
        Q, _ = np.linalg.qr(residuals.T)
        return np.linalg.eigvalsh((Q.T * conjugate.eigenvalues) @ Q)

    @quiet()
    def polynomial(self, at: Array) -> Array:
        """R_k at these eigenvalues, R_k(0) = 1: what step k leaves of each part of the error."""
        return np.prod(1 - at[:, None] / self.ritz, axis=1)


@lru_cache(maxsize=4)  # another start or step k leaves the large system as it is
def _system(kappa: float, clusters: int, spacing: str, width: float) -> tuple[Run, Run]:
    eigenvalues = spectrum(kappa, clusters, spacing, width)
    return _both(eigenvalues, -1 / eigenvalues)


def _both(eigenvalues: Array, x: Array) -> tuple[Run, Run]:
    return steepest_descent(eigenvalues, x), conjugate_gradients(eigenvalues, x)


def move(state: ConjugateGradientState, x: float, y: float) -> ConjugateGradientState:
    """The start dragged to (x, y); very near to an axis of the bowl it is put on it.

    Raises ValueError, a sentence, at the bottom itself and where it could not be seen.
    """
    (left, right), (bottom, top) = PICTURE
    if not (left <= x <= right and bottom <= y <= top):
        raise ValueError(
            f"The start cannot be at ({x:g}, {y:g}): the picture of the bowl goes from {left:g} to "
            f"{right:g}, and from {bottom:g} to {top:g}. Put it inside."
        )
    x, y = (0.0 if abs(value) < SNAP else float(value) for value in (x, y))
    if x == y == 0.0:
        raise ValueError(
            "The start stays: it was dragged to the bottom, and there is nothing left to do there. "
            "Put it somewhere on the slope."
        )
    return replace(state, start=(x, y))


def worst(state: ConjugateGradientState) -> ConjugateGradientState:
    """The start from which steepest descent is slowest: a multiple of (kappa, 1)."""
    x = min(FAR, HIGH * state.kappa)
    return replace(state, start=(x, x / state.kappa))


def walk(state: ConjugateGradientState, k: int) -> ConjugateGradientState:
    """To step k."""
    return replace(state, k=min(max(k, 0), state.last))


def change(state: ConjugateGradientState, **changes: object) -> ConjugateGradientState:
    """The state with another kappa, clusters, spacing or width."""
    return replace(state, **changes)  # type: ignore[arg-type]
