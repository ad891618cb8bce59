"""3.5: what to do where H is not positive definite."""

from __future__ import annotations

import numpy as np

from teachkit.functions import saddle

from .. import better, exercise, formula, part, rule
from .._engine.convergence import convergence
from ._directions import STEP, any_symmetric, by_eigenvalues, flipped, in_the_plane


def _turned(angle, first, second):
    c, s = np.cos(angle), np.sin(angle)
    axes = np.array([[c, -s], [s, c]])
    return axes @ np.diag([first, second]) @ axes.T


def _several_kinds() -> list[tuple]:
    # Positive definite enough; positive definite but flat; diagonal, so that who lifts to 0 gets a
    # matrix that is singular to the last digit; indefinite with g nearly along the negative
    # eigenvector, so that the plain step leads uphill; three coordinates, of which eigvals does not
    # give the smallest eigenvalue first; even the largest below delta.
    three = np.array([[2.0, 0.3, 0.5], [0.3, -0.5, 2.0], [0.5, 2.0, 1.0]])
    return [
        (_turned(0.5, 2.0, 5.0), np.array([1.0, -2.0]), 0.5),
        (_turned(1.0, 0.1, 3.0), np.array([0.7, 1.1]), 0.6),
        (np.diag([1.5, -0.8]), np.array([0.5, 1.2]), 0.35),
        (_turned(0.7, -1.5, 2.0), np.array([1.3, 1.5]), 0.4),
        (three, np.array([2.0, -0.5, 1.0]), 0.3),
        (_turned(0.4, -0.9, 0.2), np.array([0.6, 1.4]), 0.5),
    ]


def _any_kind(draw):
    # Often several eigenvalues lie below delta, or the smallest stands there twice; or H is 0.
    H, unit = any_symmetric(draw), draw.pick(1.0, 1.0, 1e-7, 1e5)
    H = draw.pick(H, H, H, H, 0 * H)
    return unit * H, draw.numbers(len(H)), unit * draw.number(0.05, 3.0)


def _measured(direction) -> str:
    errors = in_the_plane(lambda H, g: direction(H, g, 0.1), saddle, (0.1, 1.0), (1.0, 0.0), 10)
    return (
        "Measured on x^4/4 - x^2/2 + y^2/2 from (0.1, 1), where H is indefinite: on its way to the "
        f"minimum (1, 0) your direction {convergence(errors)}."
    )


SMALLEST = part(
    lambda H: np.linalg.eigvalsh(H)[0],
    ("largest eigenvalue", lambda H: np.linalg.eigvalsh(H)[-1],
     """You did shift, but by the largest eigenvalue: it comes up to delta, and the smallest stays
     below. eigvalsh gives them in rising order, so the smallest is entry 0."""),
    ("unordered eigenvalues", lambda H: np.linalg.eigvals(H)[0].real,
     """You took the first of the eigenvalues that np.linalg.eig or eigvals gives. They come in no
     particular order; np.linalg.eigvalsh, for symmetric matrices, gives them in rising order."""),
    ("smallest in size", lambda H: min(np.linalg.eigvalsh(H), key=abs),
     "You took the eigenvalue nearest to 0. The smallest of -1.5 and 0.2 is -1.5."),
)

TAU = rule(
    lambda low, delta: max(0.0, delta - low),
    ("no shift", lambda low, delta: 0.0,
     "Right where H is positive definite enough. Elsewhere this step goes to a saddle or uphill."),
    ("always shifts", lambda low, delta: delta,
     """You add delta in every case. It is too little where H is indefinite, and where H is good it
     spoils the fast convergence. How much is needed depends on the smallest eigenvalue."""),
    ("negative shift", lambda low, delta: delta - low,
     "Where H is good already your tau is negative and makes H worse: asked for is tau >= 0."),
    ("lifted to 0", lambda low, delta: max(0, -low) + delta,
     """You lift the smallest eigenvalue to 0 and then add delta, also where nothing was needed. One
     shift does it: delta minus the smallest eigenvalue, if that is positive."""),
    ("delta forgotten", lambda low, delta: max(0, -low),
     """Is your tau max(0, -lambda_min)? That takes the smallest eigenvalue to 0, not to delta:
     H + tau I is singular then, and the system has no solution."""),
    ("size added", lambda low, delta: delta + abs(low),
     """Right where the smallest eigenvalue is negative. Where it is positive it lowers what is
     missing, and you add its size: delta minus the eigenvalue itself, and never less than 0."""),
    ("negative ones only", lambda low, delta: delta - low if low < 0 else 0,
     "You shift only where an eigenvalue is negative. One below delta is too small as well."),
    ("subtracts", lambda low, delta: -max(0, delta - low),
     "You took tau I away from H, so the smallest eigenvalue fell further. Adding tau I lifts it."),
    ("difference turned round", lambda low, delta: max(0, low - delta),
     "You shift where H is good, and not where it is not: missing is delta minus the eigenvalue."),
    ("size of the difference", lambda low, delta: abs(delta - low),
     "Where the smallest eigenvalue is above delta nothing is missing: max(0, ...), not abs."),
    ("delta where needed",
     lambda low, delta: delta if low < delta else 0,
     lambda low, delta: delta if low < 0 else 0,
     """You add delta itself where an eigenvalue is too small. That is too little for a negative one
     and too much for a positive one: what is missing is delta minus it."""),
    better("tries shifts",
           lambda low, delta: next(t for t in (0, *delta * 2.0**np.arange(60)) if low + t >= delta),
           lambda low, delta: next(t for t in delta * np.arange(99) if low + t >= delta),
           """You try larger and larger shifts until one is enough. That leads downhill, and with
           Cholesky's factorisation it is what one does where eigenvalues are too dear. Here the
           smallest tau is asked for, and the smallest eigenvalue tells it."""),
)


@exercise(
    "3.5",
    "A direction that leads downhill",
    prompt="""Write the step d of (H + tau I) d = -g with the smallest tau >= 0 for which all
    eigenvalues of H + tau I are at least `delta`. H is symmetric, and delta > 0.""",
    minutes=8,
    difficulty=2,
    cases=_several_kinds,
    draw=_any_kind,
    hints=(
        """What does adding tau I do to the eigenvalues of H? `np.linalg.eigvalsh(H)` gives them in
        rising order.""",
        """If the smallest eigenvalue is at least delta already, nothing is added. Otherwise tau
        takes it up to delta exactly.""",
    ),
    explanation="""H + tau I has the eigenvalues of H, each plus tau, so tau = max(0, delta -
    lambda_min). All eigenvalues are then at least delta > 0, and g'd = -d'(H + tau I) d < 0: the
    step leads downhill. Where H is good, tau = 0 leaves Newton's step and its order alone.""",
    answer=formula(
        lambda H, g, delta, low, tau, lifted, step: step(lifted(H, tau(low, delta)), g),
        low=SMALLEST,
        tau=TAU,
        lifted=rule(
            lambda H, tau: H + tau * np.eye(len(H)),
            ("identity missing", lambda H, tau: H + tau,
             """NumPy added your tau to every entry of H. It belongs on the diagonal alone: tau
             times np.eye(len(g))."""),
        ),
        step=STEP.at(without=("entry by entry",)),
    ),
    mistakes=(
        ("uphill", "-1", "It leads uphill: on the right-hand side stands -g."),
        ("tau itself", lambda low, delta, tau: tau(low, delta),
         "This is tau, and it is right. The task asks for the step: solve (H + tau I) d = -g."),
        ("steepest descent instead",
         lambda H, g, delta, low: np.linalg.solve(H, -g) if low >= delta else -g,
         lambda H, g, low: np.linalg.solve(H, -g) if low > 0 else -g,
         """Where H is not good you fall back to -g, the direction of steepest descent. It leads
         downhill and forgets all curvature; a shift of H keeps what is good in it."""),
        ("flips the direction", lambda H, g: flipped(H, g),
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
