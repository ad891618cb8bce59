"""3.4: a Jacobian by central differences, one column at a time."""

from __future__ import annotations

import math

import numpy as np

from .. import exercise


def swirl(x):
    """From R^3 to R^2; every second and third derivative plays a part."""
    return np.array([np.sin(x[0]) * x[1] ** 3 + np.exp(x[2]), x[0] ** 3 * x[2] - np.cos(2 * x[1])])


def swirl_jacobian(x):
    a, b, c = x
    return np.array(
        [
            [np.cos(a) * b**3, 3 * np.sin(a) * b**2, np.exp(c)],
            [3 * a**2 * c, 2 * np.sin(2 * b), a**3],
        ]
    )


def tower(x):
    """From R^2 to R^4."""
    u, v = x
    return np.array([np.exp(u * v), u**3 - v, np.sin(3 * v) + u, u * v**4])


def _maps() -> list[tuple]:
    return [
        (swirl, np.array([0.8, 1.3, -0.4]), 0.2),
        (tower, np.array([1.1, -0.7]), 0.2),
    ]


def _measured(jacobian) -> str:
    x = np.array([0.8, 1.3, -0.4])
    exact = swirl_jacobian(x)
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


def _columns(F, x, difference):
    """One column per coordinate of x: difference(F, x, the unit vector of that coordinate)."""
    return np.column_stack([difference(F, x, e) for e in np.eye(len(x))])


def _not_restored(F, x, h):
    z, columns = x.copy(), []
    for j in range(len(x)):
        z[j] += h
        ahead = F(z)
        z[j] -= 2 * h
        columns.append((ahead - F(z)) / (2 * h))
    return np.column_stack(columns)


def _two_copies_not_restored(F, x, h):
    ahead, behind, columns = x.copy(), x.copy(), []
    for j in range(len(x)):
        ahead[j] += h
        behind[j] -= h
        columns.append((F(ahead) - F(behind)) / (2 * h))
    return np.column_stack(columns)


def _all_at_once(F, x, h):
    return (F(x + h) - F(x - h)) / (2 * h)


@exercise(
    "3.4",
    "A Jacobian by central differences",
    prompt="""`F` takes x, shape (n,), and returns an array of shape (m,). Write its Jacobian,
    (m, n), by central differences with the step `h` in each coordinate. Leave x as it is.""",
    minutes=8,
    difficulty=2,
    cases=_maps,
    rtol=1e-4,
    hints=(
        "One coordinate at a time: what happens to F when x_j alone moves by h, and by -h?",
        "F(x + h e_j) - F(x - h e_j) belongs to a way of 2h. It is one column of J; which one?",
    ),
    explanation="""Column j holds the derivatives with respect to x_j. The terms of order h cancel
    between the two sides, so the error is of order h^2. Working on a fresh x + h e_j leaves the
    caller's x alone.""",
    mistakes=(
        ("transposed", lambda F, x, h: (
             _columns(F, x, lambda F, x, e: (F(x + h * e) - F(x - h * e)) / (2 * h)).T
         ),
         """Yours is exactly the transpose. Row i of a Jacobian belongs to F_i, column j to x_j: the
         shape is (m, n)."""),
        ("one-sided",
         lambda F, x, h: _columns(F, x, lambda F, x, e: (F(x + h * e) - F(x)) / h),
         lambda F, x, h: _columns(F, x, lambda F, x, e: (F(x) - F(x - h * e)) / h),
         """This is a one-sided difference. It is off by about h times half the second derivative;
         take both sides and that term cancels."""),
        ("h for 2h",
         lambda F, x, h: _columns(F, x, lambda F, x, e: (F(x + h * e) - F(x - h * e)) / h),
         "Yours is exactly 2 times the Jacobian: from x - h e_j to x + h e_j it is 2h."),
        ("halved, times h",
         lambda F, x, h: _columns(F, x, lambda F, x, e: (F(x + h * e) - F(x - h * e)) / 2 * h),
         """Yours is h^2 times the Jacobian. Python reads a / 2 * h as (a / 2) * h: write a / (2 *
         h)."""),
        ("half the step",
         lambda F, x, h: _columns(F, x, lambda F, x, e: (F(x + h / 2 * e) - F(x - h / 2 * e)) / h),
         """This goes h/2 to each side. It is a central difference too, with half the step; here it
         is h to each side, as in the formula above."""),
        ("one array, two names", lambda F, x, h: np.zeros((len(F(x)), len(x))),
         """All zeros: both sides were taken at the same point. `a = x` gives an array a second name
         and makes no copy. Write x.copy(), or x + h e_j, which is a new array."""),
        ("no division", lambda F, x, h: _columns(F, x, lambda F, x, e: F(x + h * e) - F(x - h * e)),
         """This is the change of F, which shrinks with h. A derivative is that change per length of
         the way."""),
        ("x not put back",
         _not_restored,
         _two_copies_not_restored,
         """The first column is right, the others are not: x, or a copy of it, was not put back
         after a column, so the next one is taken elsewhere. Work on x + h e_j."""),
        ("all coordinates at once", _all_at_once,
         """You moved all coordinates together and got one vector: the sum of the columns. Move them
         one by one."""),
    ),
    remark=_measured,
)
def central_jacobian(F, x, h):
    """The Jacobian (m, n) of F at x, (n,), by central differences with step h."""
    columns = [(F(x + h * e) - F(x - h * e)) / (2 * h) for e in np.eye(len(x))]
    return np.column_stack(columns)
