"""3.4: a Jacobian by central differences, one column at a time."""

from __future__ import annotations

import math

import numpy as np

from teachkit.derivatives import finite_jacobian

from .. import exercise, formula, part, rule


def swirl(x):
    """From R^3 to R^2; every second and third derivative plays a part."""
    return np.array([np.sin(x[0]) * x[1] ** 3 + np.exp(x[2]), x[0] ** 3 * x[2] - np.cos(2 * x[1])])


def tower(x):
    """From R^2 to R^4."""
    u, v = x
    return np.array([np.exp(u * v), u**3 - v, np.sin(3 * v) + u, u * v**4])


def ring(x):
    """From R^n to R^n."""
    return np.sin(x) * np.exp(np.roll(x, 1) / 2)


def total(x):
    """From R^n to R^1."""
    return np.array([np.exp(x / 2).sum() + np.cos(x).prod()])


def _maps() -> list[tuple]:
    return [(swirl, np.array([0.8, 1.3, -0.4]), 0.2), (tower, np.array([1.1, -0.7]), 0.2)]


def _any_map(draw):
    F, n = draw.pick((swirl, 3), (tower, 2), (ring, draw.whole(1, 4)), (total, draw.whole(1, 4)))
    x = draw.numbers(n, low=-2.0, high=2.0) + draw.pick(0.0, 0.0, 3.0)
    x = draw.repeated(x) if n > 1 and draw.chance(0.3) else x
    x = np.rint(x).astype(int) if draw.chance(0.2) else x  # whole numbers are numbers, too
    return F, x, draw.pick(0.01, 0.5, draw.number(0.05, 0.9))


def _measured(jacobian) -> str:
    x = np.array([0.8, 1.3, -0.4])
    exact = finite_jacobian(swirl, x, 1e-5)
    coarse, fine = (
        float(np.abs(np.asarray(jacobian(swirl, x.copy(), h), dtype=float) - exact).max())
        for h in (1e-2, 1e-3)
    )
    if fine > 0.5 * coarse:
        return f"Measured: at h = .001 the error of yours, {fine:.0e}, is no smaller than at .01."
    return (
        f"Measured: from h = .01 to h = .001 the error of yours goes from {coarse:.0e} to "
        f"{fine:.0e}, order {math.log10(coarse / fine):.1f} in h."
    )


def _into(F, x, rows, columns):
    J = np.zeros((rows, columns))
    for j in range(len(x)):
        J[:, j] = F(x)
    return J


def _columns(F, x, h, sides, per):
    """From x + h times a row of A to x + h times that of B; the way is so many h."""
    A, B, way = sides
    ends = [(F(x + h * b), F(x + h * a)) for a, b in zip(A, B, strict=True)]
    return np.column_stack([(ahead - behind) / per(h, way * h) for ahead, behind in ends])


SIDES = part(
    lambda e: (-e, e, 2),
    ("one-sided", lambda e: (0 * e, e, 1), lambda e: (-e, 0 * e, 1),
     """This is a one-sided difference, off by about h times half the second derivative. Take both
     sides and that term cancels."""),
    ("half the step", lambda e: (-e / 2, e / 2, 1),
     "This is a central difference with half the step. Here it is h to each side."),
    ("one array, two names", lambda e: (e, e, 2),
     """All zeros: both sides were taken at the same point. `a = x` gives an array a second name and
     makes no copy. Write x.copy(), or x + h e_j, which is a new array."""),
    ("x not put back", lambda e, sums: (-sums, 2 * e - sums, 2), lambda sums: (-sums, sums, 2),
     """The first column is right, the others are not: x, or a copy of it, was not put back after a
     column, so the next one is taken elsewhere. Work on x + h e_j."""),
).at(e=lambda x: np.eye(len(x)), sums=lambda x: np.tri(len(x)))  # all e_j up to this one


@exercise(
    "3.4",
    "A Jacobian by central differences",
    prompt="""`F` takes x, shape (n,), whole numbers or not, and returns an array of shape (m,).
    Write its Jacobian, (m, n), by central differences with the step `h` in each coordinate. Leave x
    as it is.""",
    minutes=8,
    difficulty=2,
    cases=_maps,
    draw=_any_map,
    rtol=1e-4,
    hints=(
        "One coordinate at a time: what happens to F when x_j alone moves by h, and by -h?",
        "F(x + h e_j) - F(x - h e_j) belongs to a way of 2h. It is one column of J; which one?",
    ),
    explanation="""Column j holds the derivatives with respect to x_j. The terms of order h cancel
    between the two sides, so the error is of order h^2. Working on a fresh x + h e_j leaves the
    caller's x alone.""",
    answer=formula(
        _columns,
        sides=SIDES,
        per=rule(
            lambda h, way: way,
            ("no division", lambda h, way: 1,
             "This is the change of F. A derivative is that change per length of the way."),
        ),
    ),
    mistakes=(
        ("transposed", "transposed",
         "Row i of a Jacobian belongs to F_i, column j to x_j: the shape is (m, n)."),
        ("made square",
         lambda F, x, h: _into(F, x, len(x), len(x)),
         lambda F, x, h: _into(F, x, len(x), len(F(x))),
         """The array that you fill has the wrong shape. J has a row for each of the m numbers that
         F returns and a column for each of the n in x, `np.zeros((m, n))` with m = len(F(x)): it is
         square by chance alone (slip N9 on the slides)."""),
        ("h for 2h", "2", "From x - h e_j to x + h e_j it is 2h."),
        ("all coordinates at once",
         lambda F, x, h: (F(x + h) - F(x - h)) / (2 * h),
         lambda F, x, h: np.column_stack([(F(x + h) - F(x - h)) / (2 * h)] * len(x)),
         """You moved all coordinates together, which gives the sum of the columns. For column j
         add h to x_j alone."""),
    ),
    remark=_measured,
)
def central_jacobian(F, x, h):
    """The Jacobian (m, n) of F at x, (n,), by central differences with step h."""
    columns = [(F(x + h * e) - F(x - h * e)) / (2 * h) for e in np.eye(len(x))]
    return np.column_stack(columns)
