"""3.5: what to do where H is not positive definite."""

from __future__ import annotations

import numpy as np

from teachkit.functions import saddle

from .. import better, exercise
from .._engine.convergence import convergence
from ._directions import by_eigenvalues, in_the_plane


def _turned(angle, first, second):
    c, s = np.cos(angle), np.sin(angle)
    axes = np.array([[c, -s], [s, c]])
    return axes @ np.diag([first, second]) @ axes.T, axes


def _several_kinds() -> list[tuple]:
    # Positive definite enough; positive definite but flat; diagonal, so that eigenvalues are exact
    # and who lifts to 0 gets a matrix that is singular to the last digit; indefinite with g along
    # the negative eigenvector, so that the plain step leads uphill; three coordinates, of which
    # eigvals does not give the smallest eigenvalue first; even the largest below delta.
    good, _ = _turned(0.5, 2.0, 5.0)
    flat, _ = _turned(1.0, 0.1, 3.0)
    saddle_like, axes = _turned(0.7, -1.5, 2.0)
    three = np.array([[2.0, 0.3, 0.5], [0.3, -0.5, 2.0], [0.5, 2.0, 1.0]])
    small, _ = _turned(0.4, -0.9, 0.2)
    return [
        (good, np.array([1.0, -2.0]), 0.5),
        (flat, np.array([0.7, 1.1]), 0.6),
        (np.diag([1.5, -0.8]), np.array([0.5, 1.2]), 0.35),
        (saddle_like, 2.0 * axes[:, 0] + 0.3 * axes[:, 1], 0.4),
        (three, np.array([2.0, -0.5, 1.0]), 0.3),
        (small, np.array([0.6, 1.4]), 0.5),
    ]


def _measured(direction) -> str:
    def with_delta(H, g):
        return direction(H, g, 0.1)

    errors = in_the_plane(with_delta, saddle, (0.1, 1.0), (1.0, 0.0), 10)
    return (
        "Measured on x^4/4 - x^2/2 + y^2/2 from (0.1, 1), where H is indefinite: on its way to the "
        f"minimum (1, 0) your direction {convergence(errors)}."
    )


def _lifted(H, g, tau):
    return np.linalg.solve(H + tau * np.eye(len(g)), -g)


def _smallest(H):
    return np.linalg.eigvalsh(H)[0]


def _missing(H, delta):
    """The right tau."""
    return max(0.0, delta - _smallest(H))


def _tried(H, g, delta, larger):
    """With the first tau of a rising sequence that is enough."""
    tau = 0.0
    while _smallest(H) + tau < delta:
        tau = larger(tau)
    return _lifted(H, g, tau)


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
    cases=_several_kinds,
    hints=(
        """What does adding tau I do to the eigenvalues of H? `np.linalg.eigvalsh(H)` gives them in
        rising order.""",
        """If the smallest eigenvalue is at least delta already, nothing is added. Otherwise tau
        takes it up to delta exactly.""",
    ),
    explanation="""H + tau I has the eigenvalues of H, each plus tau, so tau = max(0, delta -
    lambda_min). All eigenvalues are then at least delta > 0, and g'd = -d'(H + tau I) d < 0: the
    step leads downhill. Where H is good, tau = 0 leaves Newton's step and its order alone.""",
    mistakes=(
        ("no shift", lambda H, g, delta: np.linalg.solve(H, -g),
         """Right where H is positive definite enough. Where it is not, this plain step goes to a
         saddle or uphill: shift H first."""),
        ("always shifts", lambda H, g, delta: _lifted(H, g, delta),
         """You add delta in every case. It is too little where H is indefinite, and where H is good
         it spoils the fast convergence. How much is needed depends on the smallest eigenvalue."""),
        ("negative shift", lambda H, g, delta: _lifted(H, g, delta - _smallest(H)),
         """Your tau is right where it is positive. Where H is good already yours is negative and
         makes H worse: the smallest tau >= 0 is asked for."""),
        ("lifted to 0", lambda H, g, delta: _lifted(H, g, max(0, -_smallest(H)) + delta),
         """You lift the smallest eigenvalue to 0 and then add delta, also where nothing was needed.
         One shift does it: delta minus the smallest eigenvalue, if that is positive."""),
        ("delta forgotten", lambda H, g, delta: _lifted(H, g, max(0, -_smallest(H))),
         """Is your tau max(0, -lambda_min)? That takes the smallest eigenvalue to 0, not to delta:
         H + tau I is singular then, and the system has no solution."""),
        ("size added", lambda H, g, delta: _lifted(H, g, delta + abs(_smallest(H))),
         """Right where the smallest eigenvalue is negative. Where it is positive its size is added
         too, though little or nothing was needed: delta minus the eigenvalue, not its absolute
         value, and never less than 0."""),
        ("negative ones only",
         lambda H, g, delta: _lifted(H, g, _missing(H, delta) if _smallest(H) < 0 else 0),
         """You shift only where an eigenvalue is negative. One between 0 and delta is too small as
         well."""),
        ("identity missing", lambda H, g, delta: np.linalg.solve(H + _missing(H, delta), -g),
         """tau is right, and NumPy added it to every entry of H. It belongs on the diagonal alone:
         tau times np.eye(len(g))."""),
        ("subtracts", lambda H, g, delta: _lifted(H, g, -_missing(H, delta)),
         """You took tau I away from H, so the smallest eigenvalue fell further below delta. Adding
         tau I lifts it."""),
        ("largest eigenvalue",
         lambda H, g, delta: _lifted(H, g, max(0, delta - np.linalg.eigvalsh(H)[-1])),
         lambda H, g, delta: _lifted(H, g, delta - np.linalg.eigvalsh(H)[-1]),
         """You did shift, but by the largest eigenvalue: it comes up to delta, and the smallest
         stays below. eigvalsh gives them in rising order, so the smallest is entry 0."""),
        ("unordered eigenvalues",
         lambda H, g, delta: _lifted(H, g, max(0, delta - np.linalg.eigvals(H)[0])),
         """You took the first of the eigenvalues that np.linalg.eig or eigvals gives. They come in
         no particular order; np.linalg.eigvalsh, for symmetric matrices, gives them in rising
         order."""),
        ("difference turned round", lambda H, g, delta: _lifted(H, g, max(0, _smallest(H) - delta)),
         """You shift where H is good already, and leave it where it is not: in max(0, ...) the
         difference is turned round. What is missing is delta minus the smallest eigenvalue."""),
        ("size of the difference", lambda H, g, delta: _lifted(H, g, abs(delta - _smallest(H))),
         """Right where the smallest eigenvalue is below delta. Where it is above, nothing is
         missing, and the size of the difference still says how much: max(0, ...), not abs."""),
        ("delta where needed",
         lambda H, g, delta: _lifted(H, g, delta if _smallest(H) < delta else 0),
         lambda H, g, delta: _lifted(H, g, delta if _smallest(H) < 0 else 0),
         """You add delta itself where an eigenvalue is too small. That is too little for a negative
         one and too much for a positive one: what is missing is delta minus it."""),
        ("uphill", lambda H, g, delta: _lifted(H, -g, _missing(H, delta)),
         """Yours is exactly -1 times the step: the shift is right, and the step leads uphill. On
         the right-hand side stands -g."""),
        ("tau itself", lambda H, g, delta: _missing(H, delta),
         "This is tau, and it is right. The task asks for the step: solve (H + tau I) d = -g."),
        better("tries shifts",
               lambda H, g, delta: _tried(H, g, delta, lambda tau: max(2 * tau, delta)),
               lambda H, g, delta: _tried(H, g, delta, lambda tau: tau + delta),
               """You try larger and larger shifts until one is enough. That leads downhill, and
               with Cholesky's factorisation it is what one does where eigenvalues are too dear.
               Here the smallest tau is asked for, and the smallest eigenvalue tells it."""),
        ("steepest descent instead",
         lambda H, g, delta: np.linalg.solve(H, -g) if _smallest(H) >= delta else -g,
         lambda H, g, delta: np.linalg.solve(H, -g) if _smallest(H) > 0 else -g,
         """Where H is not good you fall back to -g, the direction of steepest descent. It leads
         downhill and forgets all curvature; a shift of H keeps what is good in it."""),
        ("flips the direction", lambda H, g, delta: _flipped(H, g),
         """You turned the whole direction round where it led uphill. Now it leads downhill, but
         along the good eigenvectors it goes the wrong way. Shift H, not the answer."""),
        better("absolute eigenvalues",
               lambda H, g, delta: by_eigenvalues(H, g, np.abs),
               lambda H, g, delta: by_eigenvalues(H, g, lambda v: np.maximum(np.abs(v), delta)),
               lambda H, g, delta: by_eigenvalues(H, g, lambda v: np.maximum(v, delta)),
               """You changed the eigenvalues one by one, by their size or by a floor. That is a
               good method too, and often a better one, but not the one asked for: here all of them
               move up by the same tau, which needs no eigenvectors."""),
    ),
    remark=_measured,
)
def shifted_direction(H, g, delta):
    """Solve (H + tau I) d = -g; the smallest tau >= 0 that makes every eigenvalue >= delta."""
    tau = max(0.0, delta - np.linalg.eigvalsh(H)[0])
    return np.linalg.solve(H + tau * np.eye(len(g)), -g)
