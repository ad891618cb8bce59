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
from tests.exercises.test_mislabeled_examples_answers import cell


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


def until_nobody_is_left(X, y, theta, l2):
    loop = "    for _ in range(60):\n"
    ends = "    while len(at):\n"
    return written(
        WRONG.replace(loop, ends).replace("changes[ready]", "changes[at[ready]]"),
        "leave_one_out_together",
    )(X, y, theta, l2)


def sooner(X, y, theta, l2):
    return written(
        WRONG.replace("1e-9", "2e-10").replace("changes[ready]", "changes[at[ready]]"),
        "leave_one_out_together",
    )(X, y, theta, l2)


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
    (lesson.leave_one_out_together, until_nobody_is_left),
    (lesson.leave_one_out_together, sooner),
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


def ends_with_L(L, x, c, r):
    w, t = np.linalg.solve(L, x), np.linalg.solve(L, r)
    return np.linalg.solve(L, t + w * (c * (w @ t) / (1 - c * (w @ w))))


def two_formulas(m, d):
    s = 1 / (1 + np.exp(-m))
    slope = np.exp(-m) * s**2
    return np.where(np.abs(d) < 1e-8, slope * d, 1 / (1 + np.exp(-m - d)) - s)


def over_one_denominator(m, d):
    return np.exp(-m) * np.expm1(d) / ((1 + np.exp(-m)) * (1 + np.exp(-(m + d))))


def in_the_middle(m, d):
    h = m + d / 2
    return d / ((1 + np.exp(h)) * (1 + np.exp(-h)))


def additions_counted(n, p, k):
    operations = n * k * (2 * p - 1) + n * k + p * k * (2 * n - 1)
    return operations / (16 * (n * p + p * k + n * k) + 8 * n)


def with_work_alone(serial, send, each, tasks, workers):
    busy = min(tasks, workers)
    return (serial + tasks * each) / (serial + send * busy + -(-tasks // busy) * each)


def rest_one_by_one(serial, send, each, tasks, workers):
    rounds = tasks // workers + tasks % workers
    return (serial + tasks * each) / (serial + send * workers + rounds * each)


def uncut(serial, send, each, tasks, workers):
    return (serial + tasks * each) / (serial + send * workers + tasks * each / workers)


def into_a_copy(X, y, theta, l2):
    return mended(WRITES, "        changes[at][ready] = D[:, ready].T\n")(X, y, theta, l2)


def renamed_and_as_wrong(X, y, theta, l2):
    source = WRONG.replace("moved", "t").replace("range(60)", "range(80)")
    return written(source, "leave_one_out_together")(X, y, theta, l2)


def told_upper(L, x, c, r):
    P, u = cho_solve((L, False), r), cho_solve((L, False), x)
    return P + c * u * (x @ P) / (1 - c * (x @ u))


def x_transposed(L, x, c, r):
    return np.linalg.solve(L @ L.T - c * x @ x.T, r)


def starred(L, x, c, r):
    P, u = cho_solve((L, True), r), cho_solve((L, True), x)
    return P + c * u * x * P / (1 - c * u * x)


def two_sigmas_subtracted(m, d):
    s, E = 1 / (1 + np.exp(-m)), np.expm1(d)
    return s * (1 + E) / (1 + s * E) - s


def c_added_as_well(n, p, k):
    return (4 * n * p * k + 2 * n * k) / (8 * (2 * n * p + n + 2 * p * k + 2 * n * k))


def as_the_library_reads(n, p, k):
    return (4 * n * p * k + n * k) / (8 * (n * p + n + 2 * p * k))


def one_vector_with_X(n, p, k):
    return (4 * n * p + n * k) / (8 * (2 * n * p + n + 2 * p * k + 2 * n * k))


def no_brackets(n, p, k):
    return (4 * n * p * k + n * k) / 8 * 2 * n * p + n + 2 * p * k + 2 * n * k


def without_a_step(X, c, v, l2, rows):
    total = np.zeros(len(v))
    for a in range(len(X)):
        total += X[a : a + rows].T @ (c[a : a + rows] * (X[a : a + rows] @ v))
    return total / len(X) + l2 * v


def columns_cut(X, c, v, l2, rows):
    total = np.zeros(len(v))
    for a in range(0, len(v), rows):
        part = X[:, a : a + rows]
        total[a : a + rows] = part.T @ (c * (part @ v[a : a + rows]))
    return total / len(X) + l2 * v


def c_behind(X, c, v, l2, rows):
    total = np.zeros(len(v))
    for a in range(0, len(X), rows):
        part = X[a : a + rows]
        total += c[a : a + rows] * (part.T @ (part @ v))
    return total / len(X) + l2 * v


def to_all_in_each_round(serial, send, each, tasks, workers):
    rounds = -(-tasks // workers)
    return (serial + tasks * each) / (serial + rounds * (send * workers + each))


def when_its_data_are_there(serial, send, each, tasks, workers):
    free = np.array([serial + send * (k + 1) for k in range(workers)])
    for _ in range(tasks):
        free[free.argmin()] += each
    return (serial + tasks * each) / free.max()


def times_its_mirror(L, x, c, r):
    return np.linalg.solve(L * L.T - c * np.outer(x, x), r)


def one_minus_tanh_squared(m, d):
    T, E = np.tanh(m / 2), np.expm1(d)
    return (1 - T**2) / 4 * E / (1 + (1 + T) / 2 * E)


def large_ones_alone(n, p, k):
    return 4 * n * p * k / (8 * (2 * n * p + 2 * p * k))


def divided_alone(n, p, k):
    return 4 * n * p * k + n * k / (8 * (2 * n * p + n + 2 * p * k + 2 * n * k))


def all_of_it_each_time(X, c, v, l2, rows):
    total = np.zeros(len(v))
    for _ in range(0, len(X), rows):
        total += X.T @ (c * (X @ v))
    return total / len(X) + l2 * v


def in_a_list(X, c, v, l2, rows):
    cuts = [slice(a, a + rows) for a in range(0, len(X), rows)]
    return np.array([X[b].T @ (c[b] * (X[b] @ v)) for b in cuts]) / len(X) + l2 * v


def one_at_least(serial, send, each, tasks, workers):
    return max(1, by_ceil(serial, send, each, tasks, workers))


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (lesson.solve_without, told_upper, "taken for an upper one"),
        (lesson.solve_without, x_transposed, "x'x for x x'"),
        (lesson.solve_without, starred, "entry by entry"),
        (lesson.sigma_shift, two_sigmas_subtracted, "the difference"),
        (lesson.intensity, c_added_as_well, "c times X V twice"),
        (lesson.intensity, as_the_library_reads, "as in blocks"),
        (lesson.intensity, one_vector_with_X, "k only at the vectors"),
        (lesson.intensity, no_brackets, "brackets"),
        (lesson.blocked_hvp, without_a_step, "a block at every row"),
        (lesson.blocked_hvp, columns_cut, "blocks of columns"),
        (lesson.blocked_hvp, c_behind, "c after X'"),
        (lesson.speedup, to_all_in_each_round, "sent in each round"),
        (lesson.speedup, one_at_least, "never below 1"),
        (lesson.speedup, when_its_data_are_there, "each as soon as it can"),
        (lesson.solve_without, times_its_mirror, "taken for an upper one"),
        (lesson.sigma_shift, one_minus_tanh_squared, "1 - s cancels"),
        (lesson.intensity, large_ones_alone, "c times X V not counted"),
        (lesson.intensity, divided_alone, "brackets above"),
        (lesson.blocked_hvp, all_of_it_each_time, "all of X for each block"),
        (lesson.blocked_hvp, in_a_list, "blocks not added up"),
        (lesson.solve_without, added_back, "the point added"),
        (lesson.solve_without, still_there, "no correction"),
        (lesson.sigma_shift, straight, "the difference"),
        (lesson.sigma_shift, with_one_minus, "1 - s cancels"),
        (lesson.sigma_shift, with_exp, "exp minus 1"),
        (lesson.intensity, rule_of_thumb, "X alone"),
        (lesson.blocked_hvp, whole_blocks, "last block lost"),
        (lesson.blocked_hvp, penalty_inside, "ridge once a block"),
        (lesson.speedup, uncut, "refits cut"),
        (lesson.solve_without, ends_with_L, "halves, and L at the end"),
        (lesson.sigma_shift, two_formulas, "two formulas"),
        (lesson.sigma_shift, over_one_denominator, "expm1(d) for 1 - e^-d"),
        (lesson.sigma_shift, in_the_middle, "the slope in the middle"),
        (lesson.intensity, additions_counted, "an addition fewer"),
        (lesson.speedup, with_work_alone, "sent to those with work"),
        (lesson.speedup, rest_one_by_one, "the rest one by one"),
        (lesson.leave_one_out_together, into_a_copy, "nothing kept"),
        (lesson.leave_one_out_together, renamed_and_as_wrong, "still in it"),
    ],
)
def test_a_slip_as_a_learner_writes_it(exercise: Exercise, answer: Callable, name: str) -> None:
    result = exercise.check(answer)
    assert result.mistake == name, repr(result)
    assert not result.solved


def in_a_loop(one_block: str) -> Callable:
    """What is added to `total` for the rows b of each block."""
    return written(
        "def blocked_hvp(X, c, v, l2, rows):\n"
        "    n, total = len(X), np.zeros(len(v))\n"
        "    for start in range(0, n, rows):\n"
        "        b = slice(start, start + rows)\n"
        f"        total = total + {one_block}\n"
        "    return total / n + l2 * v\n",
        "blocked_hvp",
    )


def by_rows(X, c, v, l2, rows):
    return sum(c[i] * (X[i] @ v) * X[i] for i in range(len(X))) / len(X) + l2 * v


def all_scores_first(X, c, v, l2, rows):
    scores = np.concatenate([X[k : k + rows] @ v for k in range(0, len(X), rows)])
    return X.T @ (c * scores) / len(X) + l2 * v


RIGHT_OTHERWISE = [
    (lambda X, c, v, l2, rows: ((X.T * c) @ X / len(X) + l2 * np.eye(len(v))) @ v, "H formed"),
    (lambda X, c, v, l2, rows: np.einsum("ij,i,ik", X, c, X) @ v / len(X) + l2 * v, "H formed"),
    (in_a_loop("(X[b].T * c[b]) @ X[b] @ v"), "H formed"),
    (in_a_loop("X[b].T @ (np.diag(c[b]) @ (X[b] @ v))"), "diag(c) formed"),
    (lambda X, c, v, l2, rows: X.T @ np.diag(c) @ (X @ v) / len(X) + l2 * v, "diag(c) formed"),
    (lambda X, c, v, l2, rows: X.T @ (c * (X @ v)) / len(X) + l2 * v, "not in blocks"),
    (by_rows, "blocks of another size"),
    (all_scores_first, "scores first"),
    (in_a_loop("X[b].T @ (c * (X @ v))[b]"), "all of X in a block"),
]


@pytest.mark.parametrize(("answer", "name"), RIGHT_OTHERWISE)
def test_a_product_that_is_right_and_not_in_blocks_is_told_what_was_formed(answer, name) -> None:
    result = lesson.blocked_hvp.check(answer)
    assert (result.state, result.mistake) == ("other than asked", name), repr(result)


def test_of_one_block_it_is_not_said_that_x_is_read_twice() -> None:
    first = in_a_loop("X[b].T @ (c[b] * (X[b] @ v))\n        break")
    said = " ".join(repr(lesson.blocked_hvp.check(first)).split())
    assert "Only the first block" in said
    assert "read twice" not in said


def test_parts_of_columns_are_not_called_rows() -> None:
    said = " ".join(repr(lesson.blocked_hvp.check(columns_cut)).split())
    assert "all rows and a part of the columns" in said
    assert "at most" not in said


@pytest.mark.parametrize("answer", [by_array_split, by_while])
def test_a_product_in_blocks_is_counted(answer) -> None:
    said = " ".join(repr(lesson.blocked_hvp.check(answer)).split())
    assert "18 products with X or parts of it, for 9 blocks" in said


def test_h_itself_is_told_from_that_of_a_block() -> None:
    whole, block = (repr(lesson.blocked_hvp.check(RIGHT_OTHERWISE[k][0])) for k in (0, 2))
    assert "H itself" in " ".join(whole.split())
    assert "the part of H that belongs to a block" in " ".join(block.split())


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


MENDED = WRONG.replace("changes[ready]", "changes[at[ready]]")
OWN = "1e-9 * np.linalg.norm(g[at], axis=1)"
LEAVES = "        at, D, G = at[~done], D[:, ~done], G[:, ~done]\n"
HUNTED = [
    (MENDED, OWN, "1e-9", "one tolerance for all"),
    (MENDED, OWN, "1e-8", "one tolerance for all"),
    (MENDED, OWN, "1e-9 * np.linalg.norm(g, axis=1).max()", "one tolerance for all"),
    (MENDED, OWN, "1e-9 * np.linalg.norm(g[at])", "one tolerance for all"),
    (MENDED, OWN, "1e-9 * np.linalg.norm(g[at - 1], axis=1)", "another point's tolerance"),
    (MENDED, OWN, "1e-9 * np.linalg.norm(g[: len(at)], axis=1)", "another point's tolerance"),
    (MENDED, OWN, "1e-9 / np.linalg.norm(g[at], axis=1)", "divided by its gradient"),
    (WRONG, "1e-9", "0.1", "looser tolerance"),
    (MENDED.replace("D[:, ready].T", "B[:, ready].T"), "        x = X[at].T",
     "        x, B = X[at].T, D", "the round before"),
    (WRONG, "moved[at, np", "moved[np.arange(len(at)), np", "another row out"),
    (WRONG, LEAVES, "", "nobody leaves"),
    (WRONG, "np.flatnonzero(done)", "np.flatnonzero(done & done.all())\n        done &= done.all()",
     "nobody leaves"),
    (MENDED, "np.linalg.norm(G, axis=0)", "np.linalg.norm(G)", "more rounds than needed"),
    (MENDED, "1e-9", "1e-13", "more rounds than needed"),
    (WRONG, "changes[ready] =", "changes[ready] +=", "added to it"),
    (WRONG, "changes[ready] = D[:, ready].T", "changes[done] = D[:, done].T", "a mask of places"),
    (WRONG, "np.flatnonzero(done)", "at[done]", "points where places belong"),
    (WRONG, WRITES + LEAVES, "        at = at[~done]\n        changes[at[ready]] = D[:, ready].T\n"
     "        D, G = D[:, ~done], G[:, ~done]\n", "left before it was written"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "line", "by", "name"), HUNTED)
def test_another_mending_is_told_apart_and_named(code, line, by, name) -> None:
    assert line in code
    answer = written(code.replace(line, by), "leave_one_out_together")
    result = lesson.leave_one_out_together.check(answer)
    assert result.mistake == name, repr(result)
    assert not result.solved
    assert "at[ready]" not in repr(result)


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("left = 1 - a[at] * (x * u).sum(axis=0)", "left = 1"),
        ("left = 1 - a", "left = 1 + a"),
        ("(x * P).sum(axis=0) / left", "(x * P).sum(axis=0)"),
        ("range(60)", "range(9)"),
    ],
)
def test_another_step_or_too_few_rounds_leave_a_column_undone(line, by) -> None:
    """A point with a leverage near 1, in columns of its own, is done at once by its own step."""
    result = lesson.leave_one_out_together.check(
        written(MENDED.replace(line, by), "leave_one_out_together")
    )
    assert (result.state, result.mistake) == ("not yet", None), repr(result)


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("1e-9", "1e-12"),
        (OWN, "1e-9"),
        ("left = 1 - a", "left = 1 + a"),
        ("np.flatnonzero(done)", "at[~done]"),
        ("at, D, G = at[~done],", "at, D, G = np.flatnonzero(~done),"),
    ],
)
def test_a_line_that_was_right_is_told_where_the_bug_is_still_there(line, by) -> None:
    assert line in WRONG
    answer = cell(WRONG.replace(line, by), "leave_one_out_together")
    result = lesson.leave_one_out_together.check(answer)
    said = " ".join(repr(result).split())
    assert not result.solved
    assert "was right as it was given, and is another line now. The bug is still there" in said
    assert "`changes[" not in said


def test_where_a_change_begins_right_it_is_told_where_it_is_wrong() -> None:
    spoilt = MENDED.replace("s - (y > 0)", "s - y")
    result = lesson.leave_one_out_together.check(written(spoilt, "leave_one_out_together"))
    said = " ".join(repr(result).split())
    assert "yours begins as it should; at [1, 1] it is -0.6869, and -0.1398 is expected" in said


def refitted(X, y, theta, l2):
    found = []
    for i in range(len(y)):
        rest, signs, new = np.delete(X, i, axis=0), np.delete(y, i), theta.copy()
        for _ in range(25):
            s = 1 / (1 + np.exp(-rest @ new))
            G = rest.T @ (s - (signs > 0)) / len(y) + l2 * new
            H = (rest.T * (s * (1 - s))) @ rest / len(y) + l2 * np.eye(len(new))
            new = new - np.linalg.solve(H, G)
        found.append(new - theta)
    return np.array(found)


def masked_and_refitted(X, y, theta, l2):
    found = []
    for i in range(len(y)):
        stay, new = np.arange(len(y)) != i, theta.copy()
        for _ in range(25):
            s = 1 / (1 + np.exp(-X[stay] @ new))
            G = X[stay].T @ (s - (y[stay] > 0)) / len(y) + l2 * new
            H = (X[stay].T * (s * (1 - s))) @ X[stay] / len(y) + l2 * np.eye(len(new))
            new = new - np.linalg.solve(H, G)
        found.append(new - theta)
    return np.array(found)


@pytest.mark.parametrize("answer", [refitted, masked_and_refitted])
def test_retrainings_one_after_the_other_are_not_what_was_asked(answer) -> None:
    result = lesson.leave_one_out_together.check(answer)
    assert (result.state, result.mistake) == ("other than asked", "one by one"), repr(result)


def test_fewer_digits_are_measured_where_no_mistake_is_named() -> None:
    result = lesson.leave_one_out_together.check(
        written(MENDED.replace("1e-9", "1e-4"), "leave_one_out_together")
    )
    assert "So the columns leave too early" in " ".join(repr(result).split())


def test_the_wrong_code_as_it_was_given_is_not_attempted() -> None:
    result = lesson.leave_one_out_together.check(written(WRONG, "leave_one_out_together"))
    assert result.state == "not attempted"
    assert "at[ready]" not in repr(result)
