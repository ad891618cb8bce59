"""Lesson 16: other ways to write the right answer, slips as learners write them, and the truth."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest
from scipy.linalg import cho_solve, solve_triangular

from teachkit import LinearRisk, leave_one_out
from teachkit.exercises import Exercise
from teachkit.exercises import scaling_up as lesson
from teachkit.exercises._slips.logistic import fit, risks
from teachkit.exercises.scaling_up._hunt import WRONG
from teachkit.losses import Logistic
from tests.exercises.test_every_exercise import written


def by_inverse(L, x, c, r):
    return np.linalg.inv(L @ L.T - c * np.outer(x, x)) @ r


def by_cho_solve(L, x, c, r):
    P, u = cho_solve((L, True), np.column_stack([r, x])).T
    return P + u * (c * (x @ P)) / (1 - c * (x @ u))


def by_halves(L, x, c, r):
    """With w = L^-1 x, (A - c x x')^-1 = L^-T (I + c w w' / (1 - c w.w)) L^-1."""
    w, t = solve_triangular(L, x, lower=True), solve_triangular(L, r, lower=True)
    return solve_triangular(L.T, t + c * w * (w @ t) / (1 - c * (w @ w)))


def by_sinh(m, d):
    return np.sinh(d / 2) / (2 * np.cosh(m / 2) * np.cosh((m + d) / 2))


def by_tanh(m, d):
    T = np.tanh(d / 2)
    return 2 * T / ((1 + np.exp(-m)) * (1 + np.exp(m)) * (1 + np.tanh(m / 2) * T))


def by_the_library(m, d):
    return Logistic().slope_change(m, d, np.ones_like(m))


def one_by_one(m, d):
    found = []
    for one, change in zip(m, d, strict=True):
        s, t, E = 1 / (1 + np.exp(-one)), 1 / (1 + np.exp(one)), np.expm1(change)
        found.append(s * t * E / (1 + s * E))
    return found


def counted_apart(n, p, k):
    first, second, between = 2 * n * p * k, 2 * p * n * k, n * k
    matrix, vectors, scores, curvatures = 2 * n * p, 2 * p * k, 2 * n * k, n
    return (first + second + between) / ((matrix + vectors + scores + curvatures) * 8)


def as_a_fraction(n, p, k):
    return float(Fraction(k * n * (4 * p + 1), 8 * (2 * (n * p + p * k + n * k) + n)))


def by_array_split(X, c, v, l2, rows):
    cuts = range(rows, len(X), rows)
    blocks = zip(np.split(X, cuts), np.split(c, cuts), strict=True)
    return sum(B.T @ (w * (B @ v)) for B, w in blocks) / len(c) + l2 * v


def by_while(X, c, v, l2, rows):
    out, start = l2 * v, 0
    while start < len(X):
        end = min(start + rows, len(X))
        out = out + (c[start:end] * (X[start:end] @ v)) @ X[start:end] / len(X)
        start = end
    return out


def by_ceil(serial, send, each, tasks, workers):
    with_workers = serial + send * workers + np.ceil(tasks / workers) * each
    return (serial + tasks * each) / with_workers


def dealt(serial, send, each, tasks, workers):
    hands = [0] * workers
    for task in range(tasks):
        hands[task % workers] += 1
    return (serial + each * tasks) / (serial + workers * send + each * max(hands))


def mended(line: str, by: str) -> Callable:
    assert line in WRONG
    return written(WRONG.replace(line, by), "leave_one_out_together")


WRITES = "        changes[ready] = D[:, ready].T\n"


def with_a_mask(X, y, theta, l2):
    return mended(WRITES, "        changes[at[done]] = D[:, done].T\n")(X, y, theta, l2)


def written_each_round(X, y, theta, l2):
    return mended(WRITES, "        changes[at] = D.T\n")(X, y, theta, l2)


def with_a_loop(X, y, theta, l2):
    loop = "        for k in ready:\n            changes[at[k]] = D[:, k]\n"
    return mended(WRITES, loop)(X, y, theta, l2)


def by_library(X, y, theta, l2):
    return leave_one_out(LinearRisk(X, y, Logistic(), l2=l2), theta)


PASS = [
    (lesson.solve_without, by_cho_solve),
    (lesson.solve_without, by_halves),
    (lesson.solve_without, by_inverse),
    (lesson.sigma_shift, by_sinh),
    (lesson.sigma_shift, by_tanh),
    (lesson.sigma_shift, by_the_library),
    (lesson.sigma_shift, one_by_one),
    (lesson.intensity, counted_apart),
    (lesson.intensity, as_a_fraction),
    (lesson.blocked_hvp, by_array_split),
    (lesson.blocked_hvp, by_while),
    (lesson.speedup, by_ceil),
    (lesson.speedup, dealt),
    (lesson.leave_one_out_together, with_a_mask),
    (lesson.leave_one_out_together, written_each_round),
    (lesson.leave_one_out_together, with_a_loop),
    (lesson.leave_one_out_together, by_library),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def added_back(L, x, c, r):
    A = L @ L.T
    return np.linalg.solve(A + c * np.outer(x, x), r)


def still_there(L, x, c, r):
    return np.linalg.solve(L @ L.T, r)


def straight(m, d):
    return 1 / (1 + np.exp(-(m + d))) - 1 / (1 + np.exp(-m))


def with_one_minus(m, d):
    s, E = 1 / (1 + np.exp(-m)), np.expm1(d)
    return s * (1 - s) * E / (1 + s * E)


def with_exp(m, d):
    s, E = 1 / (1 + np.exp(-m)), np.exp(d) - 1
    return s * (1 / (1 + np.exp(m))) * E / (1 + s * E)


def rule_of_thumb(n, p, k):
    return 4 * n * p * k / (8 * 2 * n * p)


def whole_blocks(X, c, v, l2, rows):
    total = np.zeros(len(v))
    for b in range(len(X) // rows):
        block = slice(b * rows, (b + 1) * rows)
        total += X[block].T @ (c[block] * (X[block] @ v))
    return total / len(X) + l2 * v


def penalty_inside(X, c, v, l2, rows):
    total = np.zeros(len(v))
    for start in range(0, len(X), rows):
        X_b, c_b = X[start : start + rows], c[start : start + rows]
        total += X_b.T @ (c_b * (X_b @ v)) / len(X) + l2 * v
    return total


def uncut(serial, send, each, tasks, workers):
    return (serial + tasks * each) / (serial + send * workers + tasks * each / workers)


def into_a_copy(X, y, theta, l2):
    return mended(WRITES, "        changes[at][ready] = D[:, ready].T\n")(X, y, theta, l2)


def renamed_and_as_wrong(X, y, theta, l2):
    source = WRONG.replace("moved", "t").replace("range(60)", "range(80)")
    return written(source, "leave_one_out_together")(X, y, theta, l2)


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (lesson.solve_without, added_back, "the point added"),
        (lesson.solve_without, still_there, "no correction"),
        (lesson.sigma_shift, straight, "the difference"),
        (lesson.sigma_shift, with_one_minus, "1 - s cancels"),
        (lesson.sigma_shift, with_exp, "exp minus 1"),
        (lesson.intensity, rule_of_thumb, "X alone"),
        (lesson.blocked_hvp, whole_blocks, "last block lost"),
        (lesson.blocked_hvp, penalty_inside, "ridge once a block"),
        (lesson.speedup, uncut, "refits cut"),
        (lesson.leave_one_out_together, into_a_copy, "nothing kept"),
        (lesson.leave_one_out_together, renamed_and_as_wrong, "still in it"),
    ],
)
def test_a_slip_as_a_learner_writes_it(exercise: Exercise, answer: Callable, name: str) -> None:
    result = exercise.check(answer)
    assert result.mistake == name, repr(result)
    assert not result.solved


def test_the_whole_product_is_right_and_is_told_that_it_is_not_in_blocks() -> None:
    result = lesson.blocked_hvp.check(
        lambda X, c, v, l2, rows: X.T @ (c * (X @ v)) / len(X) + l2 * v
    )
    assert "2 products with X or parts of it, too few for 10 blocks" in " ".join(
        repr(result).split()
    )
    result = lesson.blocked_hvp.check(by_while)
    assert "20 products with X or parts of it, for 10 blocks" in " ".join(repr(result).split())


def test_changes_of_a_sigmoid_are_those_of_fifty_digits() -> None:
    getcontext().prec = 60
    for m, d in lesson.sigma_shift.cases():
        found = lesson.sigma_shift.reference(m, d)
        for one, change, value in zip(m.tolist(), d.tolist(), found, strict=True):
            before, after = (1 / (1 + (-x).exp()) for x in (
                Decimal(one), Decimal(one) + Decimal(change)))  # fmt: skip
            assert value == pytest.approx(float(after - before), rel=1e-13, abs=0.0)


def test_what_the_bug_hunt_says_of_the_wrong_code_is_so() -> None:
    """Rows of other points and rows of 0; the reference is one edit away, and is the retraining."""
    wrong = written(WRONG, "leave_one_out_together")
    assert WRONG.replace("changes[ready]", "changes[at[ready]]") == (
        lesson.leave_one_out_together.reference_source
    )
    for X, y, theta, l2 in risks():
        exact = np.array([fit(X, y, l2, 1.0 - row) - theta for row in np.eye(len(y))])
        right = lesson.leave_one_out_together.reference(X, y, theta, l2)
        np.testing.assert_allclose(right, exact, rtol=1e-6, atol=1e-9 * np.abs(exact).max())
        given = wrong(X, y, theta, l2)
        far = np.abs(given[:, None, :] - exact[None, :, :]).max(axis=2)
        assert any(far[i].argmin() != i and far[i].min() < 1e-6 for i in range(len(y)))
        assert (given == 0).all(axis=1).any()


def test_the_wrong_code_as_it_was_given_is_not_attempted() -> None:
    result = lesson.leave_one_out_together.check(written(WRONG, "leave_one_out_together"))
    assert result.state == "not attempted"
    assert "at[ready]" not in repr(result)
