"""Other right answers to the exercises of lesson 03, which must pass."""

from __future__ import annotations

import numpy as np
import pytest

from teachkit.exercises import newton as lesson


def with_the_inverse(H, g):
    return -np.linalg.inv(H) @ g


def least_squares(H, g):
    return np.linalg.lstsq(H, -g, rcond=None)[0]


def slope_of_logs(errors):
    log = np.log(np.asarray(errors)[-3:])
    return np.diff(log)[1] / np.diff(log)[0]


def put_back(F, x, h):
    J = np.zeros((len(F(x)), len(x)))
    z = x.copy()
    for j in range(len(x)):
        z[j] = x[j] + h
        ahead = F(z)
        z[j] = x[j] - h
        J[:, j] = (ahead - F(z)) / (2 * h)
        z[j] = x[j]
    return J


def by_eigenvectors(H, g, delta):
    values, vectors = np.linalg.eigh(H)
    values = values + max(delta - values.min(), 0)
    return -vectors @ ((vectors.T @ g) / values)


def powers_of_a_half(f, x, d, g, c1):
    return next(
        0.5**k for k in range(60) if f(x) - f(x + 0.5**k * d) >= -c1 * 0.5**k * np.dot(d, g)
    )


PASS = [
    (lesson.newton_step, lambda x, f, df: (x * df(x) - f(x)) / df(x)),
    (lesson.order, slope_of_logs),
    (lesson.order, lambda e: np.log10(e[-2] / e[-1]) / np.log10(e[-3] / e[-2])),
    (lesson.newton_direction, with_the_inverse),
    (lesson.newton_direction, lambda H, g: np.linalg.solve(H.T, -g)),
    (lesson.newton_direction, least_squares),
    (lesson.central_jacobian, put_back),
    (lesson.shifted_direction, by_eigenvectors),
    (lesson.shifted_direction, lambda H, g, delta: by_eigenvectors(H.T, g, delta)),
    (lesson.backtrack, powers_of_a_half),
]  # fmt: skip


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise, function) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)
    assert "Measured" in result.message[0]
