"""Lesson 06: other ways to write the right answer pass, and the cases can tell what they must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from teachkit.exercises import Exercise
from teachkit.exercises import conjugate_gradient as lesson


def cg_with(alpha: Callable[..., float], beta: Callable[..., float]) -> Callable[..., np.ndarray]:
    def cg(A, b, k):
        x, r, p = 0 * b, b.copy(), b.copy()
        for _ in range(k):
            a = alpha(A, r, p)
            x, r_new = x + a * p, r - a * (A @ p)
            p = r_new + beta(A, r, r_new, p) * p
            r = r_new
        return x

    return cg


def by_r_and_p(A, r, p):
    return (r @ p) / (p @ A @ p)


def fletcher_reeves(A, r, r_new, p):
    return (r_new @ r_new) / (r @ r)


def polak_ribiere(A, r, r_new, p):
    return r_new @ (r_new - r) / (r @ r)


def conjugating(A, r, r_new, p):
    return -(r_new @ A @ p) / (p @ A @ p)


def in_the_krylov_space(A, b, k):
    """The lowest point of the bowl in the span of b, Ab, ..., A^(k-1) b."""
    K = np.linalg.qr(np.column_stack([np.linalg.matrix_power(A, j) @ b for j in range(k)]))[0]
    return K @ np.linalg.solve(K.T @ A @ K, K.T @ b)


def true_residual(A, b, k):
    x, p, r = 0 * b, b, b
    for _ in range(k):
        x = x + (r @ p) / (p @ A @ p) * p
        new = b - A @ x
        p, r = new + (new @ new) / (r @ r) * p, new
    return x


def by_a_change_of_variables(A, b, M, k):
    C = np.linalg.cholesky(M)
    inner = np.linalg.solve(C, np.linalg.solve(C, A).T)
    y = lesson.cg.reference((inner + inner.T) / 2, np.linalg.solve(C, b), k)
    return np.linalg.solve(C.T, y)


def with_an_inverse(A, b, M, k):
    return lesson.pcg.reference(A, b, np.linalg.inv(np.linalg.inv(M)), k)


def bound_by_logarithms(kappa, k):
    return 2 * np.exp(k * np.log1p(-2 / (np.sqrt(kappa) + 1)))


def on_the_gradient(H, g, tol):
    """The same with r = g + H d, as Nocedal and Wright write it."""
    d, r, p = 0 * g, g, -g
    for j in range(10 * len(g)):
        if (curvature := p @ H @ p) <= 0:
            return -g if j == 0 else d
        a = (r @ r) / curvature
        d, new = d + a * p, r + a * (H @ p)
        if np.linalg.norm(new) <= tol * np.linalg.norm(g):
            return d
        p, r = -new + (new @ new) / (r @ r) * p, new
    return d


def looked_at_before_each_step(H, g, tol):
    """The loop runs while |r| is too large, and d tells the first direction."""
    d, r, p = np.zeros_like(g), -g, -g
    while np.linalg.norm(r) > tol * np.linalg.norm(g):
        if not p @ H @ p > 0:
            return d if d.any() else -g
        a = (r @ p) / (p @ H @ p)
        d, new = d + a * p, r - a * H @ p
        p, r = new + (new @ new) / (r @ r) * p, new
    return d


def pcg_with(alpha: Callable[..., float], beta: Callable[..., float]) -> Callable[..., np.ndarray]:
    def pcg(A, b, M, k):
        x, r, z = 0 * b, b.copy(), np.linalg.solve(M, b)
        p = z
        for _ in range(k):
            a = alpha(A, r, p)
            x, r_new = x + a * p, r - a * (A @ p)
            z_new = np.linalg.solve(M, r_new)
            p = z_new + beta(A, p, r, z, r_new, z_new) * p
            r, z = r_new, z_new
        return x

    return pcg


def by_the_change_of_r(A, p, r, z, r_new, z_new):
    return z_new @ (r_new - r) / (r @ z)


def by_conjugacy(A, p, r, z, r_new, z_new):
    return -(z_new @ A @ p) / (p @ A @ p)


PASS = [
    (lesson.quadratic_gradient, lambda A, b, x: (A + A.T) @ x / 2 - b),
    (lesson.quadratic_gradient, lambda A, b, x: -(b - x @ A)),
    (lesson.steepest_length, lambda A, r: np.linalg.norm(r) ** 2 / np.dot(r, A.T.dot(r))),
    (lesson.cg, cg_with(by_r_and_p, fletcher_reeves)),
    (lesson.cg, cg_with(by_r_and_p, polak_ribiere)),
    (lesson.cg, cg_with(by_r_and_p, conjugating)),
    (lesson.cg, in_the_krylov_space),
    (lesson.cg, true_residual),
    (lesson.pcg, by_a_change_of_variables),
    (lesson.pcg, pcg_with(by_r_and_p, by_the_change_of_r)),
    (lesson.pcg, pcg_with(by_r_and_p, by_conjugacy)),
    (lesson.pcg, with_an_inverse),
    (lesson.steps_needed, lambda eigenvalues, c: len(set(eigenvalues[np.abs(c) > 0].tolist()))),
    (lesson.cg_bound, bound_by_logarithms),
    (lesson.newton_cg_direction, on_the_gradient),
    (lesson.newton_cg_direction, looked_at_before_each_step),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable[..., object]) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def test_at_one_step_the_mistakes_of_beta_cannot_be_told_apart() -> None:
    """Which is why the cases go on to more steps."""
    A, b, _ = lesson.cg.cases()[0]
    right = lesson.cg.reference(A, b, 1)
    hidden = {
        m.name for m in lesson.cg.mistakes for f in m.functions if np.allclose(f(A, b, 1), right)
    }
    assert {"steepest descent", "beta upside down", "beta negative", "length along r"} <= hidden


def test_the_reference_finishes_in_p_steps() -> None:
    for A, b, k in lesson.cg.cases():
        if k == len(b):
            np.testing.assert_allclose(
                lesson.cg.reference(A, b, k), np.linalg.solve(A, b), rtol=1e-9
            )


@pytest.mark.parametrize("case", lesson.steps_needed.cases())
def test_the_number_of_steps_is_what_the_method_needs(case: tuple) -> None:
    eigenvalues, b = case
    m = lesson.steps_needed.reference(eigenvalues, b)
    errors = [
        np.abs(lesson.cg.reference(np.diag(eigenvalues), b, k) - b / eigenvalues).max()
        for k in (m - 1, m)
    ]
    assert errors[0] > 1e-3 * np.abs(b).max()
    assert errors[1] < 1e-12 * np.abs(b).max()


def test_every_newton_cg_direction_goes_down_and_one_case_meets_each_ending() -> None:
    endings = set()
    for H, g, tol in lesson.newton_cg_direction.cases():
        d = lesson.newton_cg_direction.reference(H, g, tol)
        assert g @ d < 0
        left = np.linalg.norm(H @ d + g) / np.linalg.norm(g)
        endings.add("first" if np.array_equal(d, -g) else "solved" if left <= tol else "stopped")
    assert endings == {"first", "solved", "stopped"}


def the_new_r_forgotten(A, b, k):
    x, r, p = 0 * b, b, b
    for _ in range(k):
        alpha = (r @ r) / (p @ A @ p)
        x, r_new = x + alpha * p, r - alpha * (A @ p)
        p = r_new + (r_new @ r_new) / (r @ r) * p
    return x


def z_made_once(A, b, M, k):
    x, r, z = 0 * b, b, np.linalg.solve(M, b)
    p = z
    for _ in range(k):
        alpha = (r @ z) / (p @ A @ p)
        x, r_new = x + alpha * p, r - alpha * (A @ p)
        p = z + (r_new @ z) / (r @ z) * p
        r = r_new
    return x


def residual_without_A(A, b, k):
    x, r, p = 0 * b, b, b
    for _ in range(k):
        alpha = (r @ r) / (p @ A @ p)
        x, new = x + alpha * p, r - alpha * p
        p, r = new + (new @ new) / (r @ r) * p, new
    return x


def pcg_by(first, z, alpha, beta):
    def pcg(A, b, M, k):
        x, r = 0 * b, b
        z_old = p = first(A, M, r)
        for _ in range(k):
            a = alpha(r, z_old) / (p @ A @ p)
            x, new = x + a * p, r - a * (A @ p)
            z_new = z(A, M, new)
            p = z_new + beta(r, z_old, new, z_new) * p
            r, z_old = new, z_new
        return x

    return pcg


def solved(A, M, r):
    return np.linalg.solve(M, r)


def rz(r, z):
    return r @ z


def newton_by(
    begin=lambda g: (0 * g, -g),
    flat=lambda bend: bend <= 0,
    beta=lambda new, r: (new @ new) / (r @ r),
    size=np.linalg.norm,
    late=False,
    step_first=False,
    sign=1,
):
    """6.7 with a `while`, as learners write it, and one thing in it otherwise."""

    def newton_cg_direction(H, g, tol):
        (d, r), p = begin(g), -g
        before = r
        while size(before if late else r) > tol * size(g):
            with np.errstate(divide="ignore", invalid="ignore"):
                bend = p @ H @ p
                a = (r @ r) / bend
                if step_first:
                    d = d + a * p
                if flat(bend):
                    return d if d.any() else -g
                d = d if step_first else d + a * p
                new = r - a * H @ p
                p, before, r = new + beta(new, r) * p, r, new
        return sign * d

    return newton_cg_direction


def by_the_first_of_each(eigenvalues, c):
    """Asks of each eigenvalue whether its first eigenvector is in b."""
    listed = eigenvalues.tolist()
    return sum(c[listed.index(value)] != 0 for value in set(listed))


def returned_at_once(A, b, k):
    x, r, p = 0 * b, b, b
    for _ in range(k):
        return x + (r @ r) / (p @ A @ p) * p


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (lesson.cg, the_new_r_forgotten, "the new r not kept"),
        (lesson.cg, returned_at_once, "return inside the loop"),
        (lesson.cg, residual_without_A, "residual without A"),
        (lesson.cg, lambda A, b, k: b + lesson.cg.reference(A, b, k), "starts elsewhere"),
        (lesson.pcg, z_made_once, "z not renewed"),
        (
            lesson.pcg,
            pcg_by(solved, solved, lambda r, z: z @ z, lambda r, z, s, q: (q @ q) / (r @ z)),
            "z'z",
        ),
        (
            lesson.pcg,
            pcg_by(lambda A, M, r: np.linalg.solve(r, M), solved, rz, None),
            "arguments of solve",
        ),
        (lesson.newton_cg_direction, newton_by(late=True), "the r before"),
        (lesson.newton_cg_direction, newton_by(size=lambda v: abs(v).max()), "largest entry"),
        (lesson.newton_cg_direction, newton_by(flat=lambda bend: bend < 0), "zero allowed"),
        (lesson.newton_cg_direction, newton_by(begin=lambda g: (-g, -g)), "starts at -g"),
        (lesson.newton_cg_direction, newton_by(sign=-1), "minus d at the end"),
        (
            lesson.newton_cg_direction,
            newton_by(step_first=True),
            "the curvature after the step",
        ),
        (lesson.cg_bound, lambda kappa, k: 2 * (1 - 2 / (kappa**2 + 1)) ** k, "kappa for its root"),
        (lesson.cg_bound, lambda kappa, k: 2 * (1 - 2 / kappa**0.5) ** k, "rate for large kappa"),
        (lesson.cg_bound, lambda kappa, k: 2 * (kappa**0.5 - 1) / (kappa**0.5 + 1), "no k"),
        (
            lesson.cg,
            cg_with(lambda A, r, p: -(r @ r) / (p @ A @ p), fletcher_reeves),
            "minus alpha",
        ),
        (lesson.steps_needed, by_the_first_of_each, "the first of each"),
        (lesson.steps_needed, lambda v, c: len({*v[c != 0]}) + 1, "one more"),
        (
            lesson.cg_bound,
            lambda kappa, k: 2 * (1 - 2 / (kappa**0.5 + 1)) ** (k - 1),
            "exponent k - 1",
        ),
    ],
)
def test_a_slip_as_a_learner_writes_it(
    exercise: Exercise, answer: Callable[..., object], name: str
) -> None:
    assert exercise.check(answer).mistake == name


def test_what_never_ends_for_want_of_beta_is_named_where_it_is_stopped() -> None:
    quick = replace(lesson.newton_cg_direction, seconds=0.5)
    result = quick.check(newton_by(beta=lambda new, r: 0.0))
    assert (result.state, result.mistake) == ("stopped", "steepest descent")


def test_words_for_z_are_said_where_there_is_a_z() -> None:
    no_memory = pcg_by(solved, solved, rz, lambda r, z, new, z_new: 0.0)
    assert "goes along z" in repr(lesson.pcg.check(no_memory))
    with_A = pcg_by(lambda A, M, r: np.linalg.solve(A, r), lambda A, M, r: r, rz, lambda *a: 0.0)
    assert "A stands in the place of M" in " ".join(repr(lesson.pcg.check(with_A)).split())


def by_a_learner(function: Callable[..., object]) -> Callable[..., object]:
    return lambda *arguments: function(*arguments)


def test_what_is_measured_of_an_answer_is_said() -> None:
    def said(exercise: Exercise, name: str = "") -> str:
        wrong = {m.name: m.functions[0] for m in exercise.mistakes}
        result = exercise.check(by_a_learner(wrong.get(name, exercise.reference)))
        return str(result.message[0 if result.solved else -1])

    assert said(lesson.steepest_length).endswith("and no length leaves less.")
    elementwise = lesson.steepest_length.check(lambda A, r: (r @ r) / np.sum(r * A * r))
    assert "; the best length leaves" in str(elementwise.message[-1])
    for mistake in lesson.steepest_length.mistakes:
        measured = said(lesson.steepest_length, mistake.name)
        assert "no length leaves less" not in measured
    assert "ends as high" in said(lesson.steepest_length, "the 1/2 kept")
    assert "times as high" in said(lesson.steepest_length, "upside down")
    for exercise in (lesson.cg, lesson.pcg):
        assert said(exercise).endswith("after 6 steps nothing but rounding.")
    assert "it is not finished after 6 steps: 0.4 of the error" in said(
        lesson.cg, "steepest descent"
    )
    assert "order 2.0" in said(lesson.newton_cg_direction)
    assert "does not converge" in said(lesson.newton_cg_direction, "uphill")


def test_only_the_sum_of_squares_at_an_eigenvalue_counts() -> None:
    """Coefficients that add up to 0 at one eigenvalue are still in b, and cost their step."""

    def by_sums(eigenvalues, c):
        return sum(abs(c[eigenvalues == value].sum()) > 0 for value in set(eigenvalues.tolist()))

    assert lesson.steps_needed.check(by_sums).state == "not yet"


def by_the_lowest_alpha(A, r):
    return min(1.0, (r @ r) / (r @ A @ r))


def given_up(A, b, k):
    """Stops where r'r is below a number that has units."""
    x, r, p = 0 * b, b, b
    for _ in range(k):
        if r @ r < 1e-6:
            break
        x, new = x + (r @ p) / (p @ A @ p) * p, r - (r @ p) / (p @ A @ p) * (A @ p)
        p, r = new + (new @ new) / (r @ r) * p, new
    return x


def three_diagonals(A, b, M, k):
    return lesson.pcg.reference(A, b, np.triu(np.tril(M, 1), -1), k)


def bound_of_at_most_one(kappa, k):
    return min(1.0, 2 * ((kappa**0.5 - 1) / (kappa**0.5 + 1)) ** k)


def nearly_flat_is_flat(H, g, tol):
    """Takes p'Hp <= 1e-6 for no curvature at all, which depends on the units."""
    d, r, p = 0 * g, -g, -g
    for j in range(2 * len(g)):
        if p @ H @ p <= 1e-6:
            return d if j else -g
        a = (r @ r) / (p @ H @ p)
        d, new = d + a * p, r - a * H @ p
        if np.linalg.norm(new) <= tol * np.linalg.norm(g):
            break
        p, r = new + (new @ new) / (r @ r) * p, new
    return d


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (lesson.quadratic_gradient, lambda A, b, x: np.clip(A @ x - b, -10, 10)),
        (lesson.steepest_length, by_the_lowest_alpha),
        (lesson.steepest_length, lambda A, r: r @ r / (r @ A @ r + 1e-8)),
        (lesson.cg, given_up),
        (lesson.cg_bound, bound_of_at_most_one),
        (lesson.pcg, three_diagonals),
        (lesson.steps_needed, lambda v, c: len(set(np.round(v[c != 0], 1)))),
        (lesson.steps_needed, lambda v, c: max(1, len(set(v[c != 0])))),
        (lesson.newton_cg_direction, nearly_flat_is_flat),
    ],
)
def test_what_is_right_on_the_first_cases_alone_is_refused(
    exercise: Exercise, answer: Callable[..., object]
) -> None:
    result = exercise.check(answer)
    assert result.state == "not yet"
    assert result.message[0].startswith(f"Right on the {len(exercise.cases())} cases")


def as_in_cg(A, b, M, k):
    """z in the directions, and r'r left in alpha and beta."""
    x, r, p = 0 * b, b, np.linalg.solve(M, b)
    for _ in range(k):
        alpha = (r @ r) / (p @ A @ p)
        x, new = x + alpha * p, r - alpha * (A @ p)
        p, r = np.linalg.solve(M, new) + (new @ new) / (r @ r) * p, new
    return x


def from_ones_and_upside_down(A, b, k):
    x, r, p = np.ones_like(b), b - A.sum(axis=1), b - A.sum(axis=1)
    for _ in range(k):
        alpha = (r @ r) / (p @ A @ p)
        x, new = x + alpha * p, r - alpha * (A @ p)
        p, r = new + (r @ r) / (new @ new) * p, new
    return x


def nothing_at_first_and_by_squares(H, g, tol):
    d, r, p = 0 * g, -g, -g
    while p @ H @ p > 0:
        a = (r @ r) / (p @ H @ p)
        d, new = d + a * p, r - a * H @ p
        if new @ new <= tol * (g @ g):
            break
        p, r = new + (new @ new) / (r @ r) * p, new
    return d


@pytest.mark.parametrize(
    ("exercise", "answer", "said"),
    [
        (lesson.quadratic_gradient, lambda A, b, x: 2 * A @ x + b, "the 1/2 forgotten; and plus b"),
        (
            lesson.steepest_length,
            lambda A, r: -(r @ r) / (A @ r @ (A @ r)),
            "The sign is turned; with the sign put right, this remains: Below the line stands",
        ),
        (lesson.cg, from_ones_and_upside_down, "starts elsewhere; and beta upside down"),
        (
            lesson.cg_bound,
            lambda kappa, k: ((kappa - 1) / (kappa + 1)) ** k,
            "a factor 1/2; and with that put right, this remains: Far too pessimistic",
        ),
        (lesson.pcg, as_in_cg, "alpha from r'r; and beta from r'r"),
        (
            lesson.newton_cg_direction,
            nothing_at_first_and_by_squares,
            "nothing at the first; and squares compared",
        ),
    ],
)
def test_two_slips_at_once_are_both_named(
    exercise: Exercise, answer: Callable[..., object], said: str
) -> None:
    assert f"Two things at once{'.' if 'sign' in said else ':'} {said}" in " ".join(
        str(text) for text in exercise.check(answer).message
    )
