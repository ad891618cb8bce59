"""6.1 and 6.2: the slope of a bowl, and how far to go down it."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part
from .._slips.systems import any_bowl, any_vector, system


def _places() -> list[tuple]:
    """At 0, where a wrong sign of b shows most, and elsewhere."""
    (A, b), (B, c) = system(4, 5.0, 1), system(6, 20.0, 2)
    return [
        (A, b, np.zeros(4)),
        (A, b, np.array([0.3, -0.2, 0.1, 0.4])),
        (B, c, np.array([0.2, 0.1, -0.3, 0.1, 0.2, -0.1])),
    ]


def _any_place(draw):
    p = draw.whole(1, 5)
    M, b, x = draw.numbers(p, p), any_vector(draw, p), draw.pick(0.0, 1.0, 1.0) * draw.numbers(p)
    return M + M.T, b, x


@exercise(
    "6.1",
    "The slope of a bowl",
    prompt="""q(x) = 1/2 x'A x - b'x with a symmetric A, shape (p, p), and b and x of shape (p,).
    Return the gradient of q at x.""",
    minutes=3,
    difficulty=1,
    cases=_places,
    draw=_any_place,
    hints=(
        "Differentiate the two terms one by one. In one dimension they are a x^2 / 2 and b x.",
        "x'A x holds every x_j twice, once in x' and once in x. What does that do to the 1/2?",
    ),
    explanation="""The 1/2 is there to cancel the 2 of the square: the gradient is A x - b. It is 0
    where A x = b, so the bottom of the bowl is the solution of the system, and b - A x, the
    residual, points straight down.""",
    answer=formula(
        lambda square, line: square - line,
        square=part(
            lambda A, x: A @ x,
            ("the 1/2 forgotten", lambda A, x: 2 * A @ x,
             """Right at x = 0 and wrong elsewhere: the first term is twice too large. The gradient
             of x'A x is 2 A x, and the 1/2 in front of it takes the 2 away."""),
            ("the 1/2 kept", lambda A, x: A @ x / 2,
             """Right at x = 0 and wrong elsewhere: the first term is half of what it should be. The
             gradient of x'A x is 2 A x, so that of 1/2 x'A x is A x."""),
        ),
        line=part(
            lambda b: b,
            ("plus b", lambda b: -b,
             """At x = 0 yours is exactly -1 times the answer: you have A x + b. That is the
             gradient of 1/2 x'A x + b'x, as the slide prints it (slip C2), and its bottom is at
             -A^-1 b. Here b'x is subtracted."""),
            ("no b", lambda: 0.0,
             """b is missing: at x = 0 your bowl is level, and it falls along b there. The gradient
             of b'x is b."""),
            ("b'x left as it is", lambda b, x: b @ x,
             """You differentiated the first term only: b'x is a number, and its gradient is the
             vector b."""),
        ),
    ),
    mistakes=(
        ("A' for the inverse", lambda A, b, x: x - A.T @ b,
         """You have x - A'b. That would put the bottom of the bowl at A'b, as the slide prints the
         solution (slip C1). No inverse and no transpose is needed here: one product with A."""),
        ("the residual", "-1",
         "b - A x is the residual: it points downhill, and a gradient points uphill."),
        ("the error", lambda A, b, x: x - np.linalg.solve(A, b),
         """This is the error, how far x is from the solution. The gradient is A times it, and can
         be had without knowing the solution."""),
        ("the height", lambda A, b, x: x @ A @ x / 2 - b @ x,
         """This is q(x) itself, one number: how high the bowl is at x. The gradient says how it
         rises along each coordinate, a vector (p,)."""),
    ),
)
def quadratic_gradient(A, b, x):
    """The gradient of 1/2 x'A x - b'x at x; A is (p, p) and symmetric, b and x are (p,)."""
    return A @ x - b


def _slopes() -> list[tuple]:
    (A, b), (B, c) = system(4, 5.0, 3), system(6, 20.0, 4)
    return [(A, b), (B, c), (B, 0.1 * c[::-1])]


def _any_slope(draw):
    p = draw.whole(1, 6)
    return any_bowl(draw, p), any_vector(draw, p)


def _measured(steepest_length) -> str:
    """How much of its height over the bottom one step with the learner's length leaves."""
    A, x = np.array([[5.0, 4.0], [4.0, 5.0]]), np.array([5.0, -3.0])
    r = -A @ x

    def left(alpha: float) -> float:
        after = x + alpha * r
        return float((after @ A @ after) / (x @ A @ x))

    yours, best = left(float(steepest_length(A, r))), left((r @ r) / (r @ A @ r))
    start = "One step with yours down a bowl with condition number 9, from (5, -3),"
    if yours > 0.9995:
        ends = "as" if yours < 1.0005 else f"{yours:.3g} times as"
        return f"{start} does not go down: it ends {ends} high above the bottom as it began."
    said = f"{start} leaves {yours:.1%} of the height above the bottom"
    return (
        f"{said}, and no length leaves less."
        if yours < best + 1e-6
        else (f"{said}; the best length leaves {best:.1%}.")
    )


@exercise(
    "6.2",
    "How far down",
    prompt="""At x the residual is r = b - A x, and it points straight down the bowl
    q(x) = 1/2 x'A x - b'x. Return the number alpha for which q(x + alpha r) is smallest.""",
    minutes=5,
    difficulty=2,
    cases=_slopes,
    draw=_any_slope,
    hints=(
        "Along the line, q is a parabola in alpha. Where is its derivative 0?",
        """d/d alpha of q(x + alpha r) is the gradient at x + alpha r, times r. The gradient there
        is -(r - alpha A r).""",
        "So r'(r - alpha A r) = 0.",
    ),
    explanation="""The parabola's slope at alpha is -r'(r - alpha A r); it is 0 at
    alpha = r'r / r'A r. The new residual r - alpha A r is at a right angle to the old one: that is
    the zigzag.""",
    answer=formula(
        lambda slope, curvature: slope / curvature,
        slope=part(
            lambda r: r @ r,
            ("no slope", lambda: 1.0,
             """r'r is missing above the line. The parabola falls with the slope r'r at first and
             bends with r'A r; the step is the quotient of both."""),
        ),
        curvature=part(
            lambda A, r: r @ A @ r,
            ("no curvature", lambda: 1.0,
             """r'A r is missing below the line. Yours is how steeply the bowl falls along r; how
             soon it bends up again decides as well."""),
            ("squared in the wrong place", lambda A, r: A @ r @ (A @ r),
             """Below the line stands |A r|^2, which has A twice. Then alpha would have the wrong
             unit: measure A in other units and the step must scale by their inverse, once."""),
            ("length of A r", lambda A, r: np.linalg.norm(A @ r),
             lambda A, r: np.linalg.norm(r) * np.linalg.norm(A @ r),
             """Below the line stands the length of A r. What bends the parabola is A r along r
             alone, the number r'A r: multiply A r by r once more."""),
        ),
    ),
    mistakes=(
        ("upside down", lambda slope, curvature: curvature / slope,
         """Yours is one over the answer. r'A r / r'r is the curvature along r; the steeper the
         walls, the shorter the step."""),
        ("smallest residual", lambda A, r, curvature: curvature / (A @ r @ (A @ r)),
         """This step makes the next residual |r - alpha A r| as short as it can be. A sensible aim,
         and another one: what is asked for is the lowest point of the bowl along r."""),
        ("square roots",
         lambda slope, curvature: np.sqrt(slope / curvature),
         lambda slope, curvature: np.sqrt(slope) / curvature,
         """You took a square root (or lengths where their squares belong). The slope along r is
         |r|^2, the curvature r'A r, and the step is their quotient."""),
        ("the step itself", lambda slope, curvature, r: slope / curvature * r,
         "This is the step alpha r, a vector. What is asked for is the number alpha."),
        ("uphill", "-1", "r = b - A x already points down, so alpha is positive."),
        ("the 1/2 forgotten", "1/2",
         """It is best for the bowl x'A x - b'x, without the 1/2. Here the parabola in alpha is
         -alpha r'r + 1/2 alpha^2 r'A r, and its derivative loses the 1/2."""),
        ("the 1/2 kept", "2",
         """It leads across the valley to the same height on the other side. In the derivative of
         1/2 alpha^2 r'A r the 1/2 is gone."""),
        ("entry by entry", lambda slope, A, r: slope / (A @ r), lambda A, r: r / (A @ r),
         """Yours is a vector, a length for each entry. All of r is stretched by one number: below
         the line stands r'A r, so multiply A r by r once more."""),
        ("best fixed step", lambda A: 2 / np.linalg.eigvalsh(A)[[0, -1]].sum(),
         """This is the best length that is the same for every r: two over the sum of the smallest
         and the largest eigenvalue. The lowest point along this r depends on r."""),
        ("one over the largest eigenvalue", lambda A: 1 / np.linalg.eigvalsh(A)[-1],
         """A safe step, the same for every r: one over the largest curvature there is. The best
         step knows the curvature along this r, and is longer."""),
    ),
    remark=_measured,
)
def steepest_length(A, r):
    """The alpha that makes q(x + alpha r) smallest, where r = b - A x; A is (p, p), r is (p,)."""
    return (r @ r) / (r @ A @ r)
