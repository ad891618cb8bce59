"""Other right answers to the exercises of lesson 03, which must pass."""

from __future__ import annotations

from dataclasses import replace

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
    z = x.astype(float)
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


def lifted_where_needed(H, g, delta):
    smallest = min(np.linalg.eigvals(H))
    if smallest < delta:
        H = H - (smallest - delta) * np.identity(len(H))
    return -np.linalg.inv(H) @ g


def asks_after_each_halving(f, x, d, g, c1):
    t, promised, here = 1, c1 * sum(g * d), f(x)
    while True:
        if f(x + t * d) - here <= t * promised:
            return t
        t = t * 0.5


def shrinks_the_way(f, x, d, g, c1):
    way, t = np.array(d), 1.0
    while not f(x + way) <= f(x) + c1 * (g @ way):
        way, t = way / 2, t / 2
    return t


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
    (lesson.shifted_direction, lifted_where_needed),
    (lesson.backtrack, powers_of_a_half),
    (lesson.backtrack, asks_after_each_halving),
    (lesson.backtrack, shrinks_the_way),
]  # fmt: skip


def test_every_start_of_backtracking_leads_downhill() -> None:
    for f, x, d, g, _ in lesson.backtrack.cases():
        assert g @ d < 0
        assert f(x + 1e-6 * d) < f(x)


def forgets_t(f, x, d, g, c1):
    t = 1.0
    while f(x + t * d) > f(x) + c1 * (g @ d):
        t /= 2
    return t


def doubles(f, x, d, g, c1):
    t = 1.0
    while f(x + t * d) > f(x) + c1 * t * (g @ d):
        t *= 2
    return t


def keeps_the_old_value(f, x, d, g, c1):
    t, value = 1.0, f(x + d)
    while value > f(x) + c1 * t * (g @ d):
        t /= 2
    return t


def halves_in_vain(f, x, d, g, c1):
    t = 1.0
    while f(x + t * d) > f(x) + c1 * t * (g @ d):
        t / 2
    return t


def halves_while_it_holds(f, x, d, g, c1):
    t = 1.0
    while f(x + t * d) <= f(x) + c1 * t * (g @ d):
        t /= 2
    return t


def halves_once(f, x, d, g, c1):
    t = 1.0
    if f(x + t * d) > f(x) + c1 * t * (g @ d):
        t = t / 2
    return t


def counts(f, x, d, g, c1):
    t, k = 1.0, 0
    while f(x + t * d) > f(x) + c1 * t * (g @ d):
        t, k = t / 2, k + 1
    return k


def halves_before_it_looks(f, x, d, g, c1):
    t, enough = 1.0, False
    while not enough:
        enough = f(x + t * d) <= f(x) + c1 * t * (g @ d)
        t /= 2
    return t


def lifts_to_zero(H, g, delta):
    smallest = np.linalg.eigh(H)[0].min()
    return -np.linalg.inv(H + max(0, -smallest) * np.eye(len(g))) @ g


def takes_the_last(H, g, delta):
    return np.linalg.solve(H + max(0, delta - np.linalg.eigvalsh(H)[-1]) * np.eye(len(g)), -g)


def second_name(F, x, h):
    J = np.zeros((len(F(x)), len(x)))
    for j in range(len(x)):
        ahead = behind = x
        ahead[j] += h
        behind[j] -= h
        J[:, j] = (F(ahead) - F(behind)) / (2 * h)
    return J


def two_copies(F, x, h):
    J, ahead, behind = np.zeros((len(F(x)), len(x))), x.copy(), x.copy()
    for j in range(len(x)):
        ahead[j] += h
        behind[j] -= h
        J[:, j] = (F(ahead) - F(behind)) / (2 * h)
    return J


def with_cholesky(H, g):
    L = np.linalg.cholesky(H)
    return -np.linalg.solve(L.T, np.linalg.solve(L, g))


def test_slips_as_learners_write_them() -> None:
    # These loops end only because the cases are chosen for it, or change their argument.
    assert "does not change with t" in lesson.backtrack.check(forgets_t).message[0]
    assert "second" in lesson.central_jacobian.check(second_name).message[0]
    assert "was not put back" in lesson.central_jacobian.check(two_copies).message[0]


@pytest.mark.parametrize(
    ("exercise", "function", "mistake"),
    [
        (lesson.backtrack, halves_once, "halves once"),
        (lesson.backtrack, counts, "number of halvings"),
        (lesson.backtrack, halves_before_it_looks, "one halving too many"),
        (lesson.shifted_direction, lifts_to_zero, "delta forgotten"),
        (lesson.shifted_direction, takes_the_last, "largest eigenvalue"),
    ],
)
def test_other_slips_as_learners_write_them(exercise, function, mistake) -> None:
    assert exercise.check(function).mistake == mistake


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (doubles, "doubles"),
        (keeps_the_old_value, "old value"),
        (halves_in_vain, "t stays"),
        (halves_while_it_holds, "condition turned round"),
    ],
)
def test_a_search_that_never_ends_is_told_why(function, mistake) -> None:
    result = replace(lesson.backtrack, seconds=0.5).check(function)
    (known,) = [m for m in lesson.backtrack.mistakes if m.name == mistake]
    assert result.state == "stopped"
    assert result.mistake == mistake
    assert f"A likely cause: {known.message}" in result.message


def test_a_solver_for_bowls_alone_is_refused() -> None:
    assert lesson.newton_direction.check(with_cholesky).state != "correct"


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise, function) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)
    assert "Measured" in result.message[0]
