"""Lesson 08: other ways to write the right answer, slips as learners write them, and the truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from teachkit import Influence, LinearRisk, datasets, retrain_with
from teachkit.exercises import Exercise
from teachkit.exercises import influence_perturbing as lesson
from teachkit.exercises._slips.logistic import risks
from teachkit.exercises.influence_perturbing._cases import NOTEBOOK_N
from teachkit.losses import Logistic

STEP = 1e-6


def sigma(t):
    return 1 / (1 + np.exp(-t))


def risk_of(X, y, l2):
    return LinearRisk(X, y, Logistic(), l2=l2)


def gradient(x, y, theta):
    return -y * sigma(-y * (x @ theta)) * x


def up_params(x, label, X, y, theta, l2):
    """d theta / d eps of a point (x, label), with H in terms of the sum."""
    n, p = X.shape
    s = sigma(X @ theta)
    H = (X.T * (s * (1 - s))) @ X + n * l2 * np.eye(p)
    return -n * np.linalg.inv(H) @ gradient(x, label, theta)


def jacobian(x, y, theta):
    """grad_x grad_theta L by central differences, a column for each feature."""
    columns = [
        (gradient(x + e, y, theta) - gradient(x - e, y, theta)) / (2 * STEP)
        for e in STEP * np.eye(len(x))
    ]
    return np.array(columns).T


def by_differences_of_the_gradient(x, y, theta, s):
    return s @ jacobian(x, y, theta)


def by_the_risk(x, y, theta, s):
    other = np.vstack([x, -x])  # a margin loss asks for both labels
    return risk_of(other, np.array([y, -y]), 0.0).input_gradient(theta, 0, s)


def by_two_influences(X, y, theta, l2, i, delta):
    one, other = (up_params(x, y[i], X, y, theta, l2) for x in (X[i] + delta, X[i]))
    return (one - other) / len(X)


def by_the_library(X, y, theta, l2, i, delta):
    return Influence(risk_of(X, y, l2), theta).perturbation(i, delta)


def pert_loss_by_the_library(X, y, theta, l2, i, x_test, y_test):
    return Influence(risk_of(X, y, l2), theta).pert_loss(i, x_test, y_test)


def by_the_whole_matrix(X, y, theta, l2, i, x_test, y_test):
    n, p = X.shape
    s = sigma(X @ theta)
    H = (X.T * (s * (1 - s))) @ X / n + l2 * np.eye(p)
    q = sigma(-y[i] * (X[i] @ theta))
    J = -y[i] * q * np.eye(p) + q * (1 - q) * np.outer(X[i], theta)
    return -(gradient(x_test, y_test, theta) @ np.linalg.inv(H) @ J)


def in_a_loop(g, budget, norm):
    if norm == 2:
        return budget / np.sqrt(sum(entry**2 for entry in g)) * g
    return [budget if entry > 0 else -budget for entry in g]


def as_a_list(x, y, theta, delta):
    return [gradient(x + delta, y, theta) - gradient(x, y, theta), jacobian(x, y, theta) @ delta]


PASS = [
    (lesson.input_gradient, by_differences_of_the_gradient),
    (lesson.input_gradient, by_the_risk),
    (lesson.perturbation, by_two_influences),
    (lesson.perturbation, by_the_library),
    (lesson.pert_loss, pert_loss_by_the_library),
    (lesson.pert_loss, by_the_whole_matrix),
    (lesson.loss_change, lambda J, s_test, delta, n: -np.einsum("a,ab,b", s_test, J, delta) / n),
    (lesson.loss_change, lambda J, s_test, delta, n: -(J @ (delta / n)) @ s_test),
    (lesson.best_delta, in_a_loop),
    (lesson.best_delta, lambda g, budget, norm: (
        g * budget / (g @ g) ** 0.5 if norm == 2 else g / np.abs(g) * budget)),
    (lesson.finite_and_infinitesimal, as_a_list),
]  # fmt: skip


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def as_printed(X, y, theta, l2, i, delta):
    one, other = (up_params(x, y[i], X, y, theta, l2) for x in (X[i] + delta, X[i]))
    return -(one - other) / len(X)


def without_the_old_point(X, y, theta, l2, i, delta):
    return up_params(X[i] + delta, y[i], X, y, theta, l2) / len(X)


def by_the_mixed_derivative(X, y, theta, l2, i, delta):
    n, p = X.shape
    s = sigma(X @ theta)
    H = (X.T * (s * (1 - s))) @ X / n + l2 * np.eye(p)
    return -np.linalg.solve(H, jacobian(X[i], y[i], theta) @ delta) / n


def retrained(X, y, theta, l2, i, delta):
    return retrain_with(risk_of(X, y, l2), theta, i, X[i] + delta, y[i]) - theta


def without_penalty(X, y, theta, l2, i, x_test, y_test):
    return by_the_whole_matrix(X, y, theta, 0.0, i, x_test, y_test)


def printed_left_side(X, y, theta, l2, i, x_test, y_test):
    return gradient(x_test, y_test, theta)


def one_place(x, y, theta, s):
    return -y * sigma(-y * (x @ theta)) * s


def exchanged(x, y, theta, s):
    return jacobian(x, y, theta) @ s


def matrix_from_the_left(x, y, theta, delta):
    change = gradient(x + delta, y, theta) - gradient(x, y, theta)
    return np.array([change, delta @ jacobian(x, y, theta)])


def hessian_of(X, y, theta, l2):
    s = sigma(X @ theta)
    return (X.T * (s * (1 - s))) @ X / len(X) + l2 * np.eye(len(theta))


def by_q(x, y, theta, s, q):
    return -y * q * s + q * (1 - q) * (x @ s) * theta


def first_sign_lost(x, y, theta, s):
    q = sigma(-y * (x @ theta))
    return y * q * s + q * (1 - q) * (x @ s) * theta


def no_label_in_q(x, y, theta, s):
    return by_q(x, y, theta, s, sigma(-(x @ theta)))


def no_label_at_all(x, y, theta, s):
    q = sigma(-(x @ theta))
    return -q * s + q * (1 - q) * (x @ s) * theta


def entry_by_entry(x, y, theta, s):
    q = sigma(-y * (x @ theta))
    return -y * q * s + q * (1 - q) * theta * s * x


def the_sum_divided_as_a_whole(X, y, theta, l2, i, delta):
    s = sigma(X @ theta)
    H = ((X.T * (s * (1 - s))) @ X + l2 * np.eye(len(theta))) / len(X)
    new, old = (gradient(x, y[i], theta) for x in (X[i] + delta, X[i]))
    return -np.linalg.solve(H, new - old) / len(X)


def two_pulls_added(X, y, theta, l2, i, delta):
    new, old = (gradient(x, y[i], theta) for x in (X[i] + delta, X[i]))
    return -np.linalg.solve(hessian_of(X, y, theta, l2), new + old) / len(X)


def mixed_derivative_transposed(X, y, theta, l2, i, delta):
    change = delta @ jacobian(X[i], y[i], theta)
    return -np.linalg.solve(hessian_of(X, y, theta, l2), change) / len(X)


def moved_and_corrected(X, y, theta, l2, i, delta):
    s, H = sigma(X[i] @ theta), hessian_of(X, y, theta, l2)
    h = s * (1 - s) * (X[i] @ np.linalg.solve(H, X[i])) / len(X)
    return by_two_influences(X, y, theta, l2, i, delta) / (1 - h)


def second_row_negated(x, y, theta, delta):
    change = gradient(x + delta, y, theta) - gradient(x, y, theta)
    return np.array([change, -jacobian(x, y, theta) @ delta])


def hessian_for_the_mixed_derivative(x, y, theta, delta):
    q = sigma(-y * (x @ theta))
    change = gradient(x + delta, y, theta) - gradient(x, y, theta)
    return np.array([change, q * (1 - q) * x * (x @ delta)])


def of_the_test_at_the_training_point(X, y, theta, l2, i, x_test, y_test):
    s = np.linalg.solve(hessian_of(X, y, theta, l2), gradient(x_test, y_test, theta))
    return -by_q(X[i], y_test, theta, s, sigma(-y_test * (X[i] @ theta)))


def of_the_test_inside_q(X, y, theta, l2, i, x_test, y_test):
    s = np.linalg.solve(hessian_of(X, y, theta, l2), gradient(x_test, y_test, theta))
    return -by_q(X[i], y[i], theta, s, sigma(-y_test * (X[i] @ theta)))


def training_label_at_the_test_point(X, y, theta, l2, i, x_test, y_test):
    s = np.linalg.solve(hessian_of(X, y, theta, l2), gradient(x_test, y[i], theta))
    return -s @ jacobian(X[i], y[i], theta)


def labels_crossed(X, y, theta, l2, i, x_test, y_test):
    s = np.linalg.solve(hessian_of(X, y, theta, l2), gradient(x_test, y[i], theta))
    return -s @ jacobian(X[i], y_test, theta)


def q_of_the_test_point(X, y, theta, l2, i, x_test, y_test):
    q = sigma(-y_test * (x_test @ theta))
    s = np.linalg.solve(hessian_of(X, y, theta, l2), -y_test * q * x_test)
    return -by_q(X[i], y[i], theta, s, q)


def x_of_the_test_point(X, y, theta, l2, i, x_test, y_test):
    s = np.linalg.solve(hessian_of(X, y, theta, l2), gradient(x_test, y_test, theta))
    q = sigma(-y[i] * (X[i] @ theta))
    return y[i] * q * s - q * (1 - q) * (x_test @ s) * theta


def roles_exchanged(X, y, theta, l2, i, x_test, y_test):
    s = np.linalg.solve(hessian_of(X, y, theta, l2), gradient(X[i], y[i], theta))
    return -s @ jacobian(x_test, y_test, theta)


def corrected_for_a_removal(X, y, theta, l2, i, x_test, y_test):
    s, H = sigma(X[i] @ theta), hessian_of(X, y, theta, l2)
    h = s * (1 - s) * (X[i] @ np.linalg.solve(H, X[i])) / len(X)
    return by_the_whole_matrix(X, y, theta, l2, i, x_test, y_test) / (1 - h)


def solved_twice(X, y, theta, l2, i, x_test, y_test):
    H = hessian_of(X, y, theta, l2)
    s = np.linalg.solve(H, gradient(x_test, y_test, theta))
    return -(np.linalg.solve(H, s) @ jacobian(X[i], y[i], theta))


def cut_off(g, budget, norm):
    return np.clip(g, -budget, budget) if norm != 2 else budget * g / np.linalg.norm(g)


def cut_off_both(g, budget, norm):
    return np.clip(g, -budget, budget)


def left_where_it_fits(g, budget, norm):
    length = np.linalg.norm(g)
    long = budget * g / length if length > budget else g
    return long if norm == 2 else budget * np.sign(g)


def only_the_first_rows(J, s_test, delta, n):
    d = len(delta)
    return -s_test[:d] @ J[:d] @ delta / n


def a_matrix_for_s(X, y, theta, l2, i, x_test, y_test):
    s = np.linalg.inv(hessian_of(X, y, theta, l2)) * gradient(x_test, y_test, theta)
    return -by_q(X[i], y[i], theta, s, sigma(-y[i] * (X[i] @ theta)))


def a_matrix_for_s_and_the_whole_J(X, y, theta, l2, i, x_test, y_test):
    s = np.linalg.inv(hessian_of(X, y, theta, l2)) * gradient(x_test, y_test, theta)
    return -s @ jacobian(X[i], y[i], theta)


def s_times_the_pull(X, y, theta, l2, i, x_test, y_test):
    s = np.linalg.solve(hessian_of(X, y, theta, l2), gradient(x_test, y_test, theta))
    return -s * gradient(X[i], y[i], theta)


def hessian_with_one_q(X, y, theta, l2, i):
    q = sigma(-y[i] * (X[i] @ theta))
    return q * (1 - q) * X.T @ X / len(X) + l2 * np.eye(len(theta))


def moved_with_one_q(X, y, theta, l2, i, delta):
    new, old = (gradient(x, y[i], theta) for x in (X[i] + delta, X[i]))
    return -np.linalg.solve(hessian_with_one_q(X, y, theta, l2, i), new - old) / len(X)


def pert_loss_with_one_q(X, y, theta, l2, i, x_test, y_test):
    s = np.linalg.solve(hessian_with_one_q(X, y, theta, l2, i), gradient(x_test, y_test, theta))
    return -s @ jacobian(X[i], y[i], theta)


def hessian_by_n(X, y, theta, l2, n):
    s = sigma(X @ theta)
    return (X.T * (s * (1 - s))) @ X / n + l2 * np.eye(len(theta))


def pert_loss_by_the_notebook(X, y, theta, l2, i, x_test, y_test):
    s = np.linalg.solve(hessian_by_n(X, y, theta, l2, NOTEBOOK_N), gradient(x_test, y_test, theta))
    return -s @ jacobian(X[i], y[i], theta)


def pert_loss_over_the_notebooks_n(X, y, theta, l2, i, x_test, y_test):
    return by_the_whole_matrix(X, y, theta, l2, i, x_test, y_test) / NOTEBOOK_N


def both_over_the_notebooks_n(x, y, theta, delta):
    return np.array(as_a_list(x, y, theta, delta)) / NOTEBOOK_N


def pulls_at_the_new_place(x, y, theta, delta):
    there, here = gradient(x + delta, y, theta), gradient(x, y, theta)
    return np.array([there, here + jacobian(x, y, theta) @ delta])


def number_for_the_first_term(x, y, theta, s):
    q = sigma(-y * (x @ theta))
    return s @ gradient(x, y, theta) + q * (1 - q) * (x @ s) * theta


def shared_among_the_entries(g, budget, norm):
    return budget / len(g) * (g if norm == 2 else np.sign(g))


def signs_shared_among_the_entries(g, budget, norm):
    return budget / len(g) * np.sign(g)


def length_shared_among_the_entries(g, budget, norm):
    return budget / len(g) * (g / np.linalg.norm(g) if norm == 2 else np.sign(g))


def best_over_the_notebooks_n(g, budget, norm):
    return lesson.best_delta.reference(g, budget, norm) / NOTEBOOK_N


def by(length):
    """The best move, with another length of g for the 2-norm."""
    return lambda g, budget, norm: budget * (g / length(g) if norm == 2 else np.sign(g))


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (lesson.loss_change, only_the_first_rows, "first rows alone"),
        (lesson.pert_loss, a_matrix_for_s, "entry by entry"),
        (lesson.pert_loss, a_matrix_for_s_and_the_whole_J, "entry by entry"),
        (lesson.pert_loss, s_times_the_pull, "gradient for the mixed derivative"),
        (lesson.perturbation, moved_with_one_q, "one q for all in H"),
        (lesson.pert_loss, pert_loss_with_one_q, "one q for all in H"),
        (lesson.pert_loss, pert_loss_by_the_notebook, "n of the notebook"),
        (lesson.pert_loss, pert_loss_over_the_notebooks_n, "n of the notebook"),
        (lesson.finite_and_infinitesimal, both_over_the_notebooks_n, "n of the notebook"),
        (lesson.finite_and_infinitesimal, pulls_at_the_new_place, "pulls for changes"),
        (lesson.input_gradient, number_for_the_first_term, "s'g for the first term"),
        (lesson.best_delta, shared_among_the_entries, "divided by d"),
        (lesson.best_delta, signs_shared_among_the_entries, "divided by d"),
        (lesson.best_delta, length_shared_among_the_entries, "divided by d"),
        (lesson.best_delta, best_over_the_notebooks_n, "n of the notebook"),
        (lesson.best_delta, by(lambda g: np.abs(g).sum()), "1-norm"),
        (lesson.best_delta, by(lambda g: g @ g), "divided by the square"),
        (lesson.best_delta, by(lambda g: 1.0), "2-norm not scaled"),
        (lesson.input_gradient, first_sign_lost, "sign of the first term"),
        (lesson.input_gradient, no_label_in_q, "no label in q"),
        (lesson.input_gradient, no_label_at_all, "no label in either place"),
        (lesson.input_gradient, entry_by_entry, "entry by entry"),
        (lesson.perturbation, the_sum_divided_as_a_whole, "l2/n"),
        (lesson.perturbation, two_pulls_added, "pulls added"),
        (lesson.perturbation, mixed_derivative_transposed, "infinitesimal and transposed"),
        (lesson.perturbation, moved_and_corrected, "leverage counted"),
        (lesson.finite_and_infinitesimal, second_row_negated, "second row turned round"),
        (lesson.finite_and_infinitesimal, hessian_for_the_mixed_derivative, "derived in theta"),
        (lesson.pert_loss, of_the_test_at_the_training_point, "label of the other point"),
        (lesson.pert_loss, of_the_test_inside_q, "label of the other point"),
        (lesson.pert_loss, training_label_at_the_test_point, "label of the other point"),
        (lesson.pert_loss, labels_crossed, "label of the other point"),
        (lesson.pert_loss, q_of_the_test_point, "q of the test point"),
        (lesson.pert_loss, x_of_the_test_point, "x of the test point"),
        (lesson.pert_loss, roles_exchanged, "roles exchanged"),
        (lesson.pert_loss, corrected_for_a_removal, "leverage counted"),
        (lesson.pert_loss, solved_twice, "H^-1 twice"),
        (
            lesson.loss_change,
            lambda J, s_test, delta, n: -s_test @ J @ delta / len(s_test),
            "p for n",
        ),
        (lesson.loss_change, lambda J, s_test, delta, n: -s_test @ J @ delta / (n - 1), "n - 1"),
        (lesson.loss_change, lambda J, s_test, delta, n: s_test @ J @ delta / (n - 1), "n - 1"),
        (
            lesson.loss_change,
            lambda J, s_test, delta, n: np.abs(s_test @ J @ delta) / n,
            "only the size",
        ),
        (
            lesson.loss_change,
            lambda J, s_test, delta, n: -s_test @ J @ np.abs(delta) / n,
            "sizes of the entries",
        ),
        (lesson.best_delta, cut_off, "cut off"),
        (lesson.best_delta, cut_off_both, "cut off"),
        (lesson.best_delta, left_where_it_fits, "not stretched"),
        (
            lesson.best_delta,
            lambda g, budget, norm: (
                budget * g / np.sqrt(len(g)) if norm == 2 else budget * np.sign(g)
            ),
            "divided by sqrt(d)",
        ),
        (lesson.input_gradient, one_place, "second term lost"),
        (lesson.input_gradient, exchanged, "mixed derivative transposed"),
        (
            lesson.input_gradient,
            lambda x, y, theta, s: -y * sigma(-y * (x @ theta)) * theta,
            "saliency",
        ),
        (lesson.perturbation, as_printed, "printed sign"),
        (lesson.perturbation, without_the_old_point, "new point alone"),
        (lesson.perturbation, by_the_mixed_derivative, "infinitesimal"),
        (lesson.perturbation, retrained, "retrained"),
        (lesson.pert_loss, without_penalty, "no ridge"),
        (lesson.pert_loss, printed_left_side, "gradient at the test point"),
        (lesson.loss_change, lambda J, s_test, delta, n: -s_test @ J @ delta, "no 1/n"),
        (lesson.loss_change, lambda J, s_test, delta, n: s_test @ J @ delta / n, "sign"),
        (lesson.best_delta, lambda g, budget, norm: budget * np.sign(g), "sign for the 2-norm"),
        (
            lesson.best_delta,
            lambda g, budget, norm: budget * g / np.linalg.norm(g),
            "gradient for the max-norm",
        ),
        (
            lesson.best_delta,
            lambda g, budget, norm: budget * g / np.linalg.norm(g, norm),
            "gradient scaled to the max-norm",
        ),
        (lesson.finite_and_infinitesimal, matrix_from_the_left, "mixed derivative transposed"),
    ],
)
def test_a_slip_as_a_learner_writes_it(exercise: Exercise, answer: Callable, name: str) -> None:
    result = exercise.check(answer)
    assert result.mistake == name, repr(result)
    assert not result.solved


def a_sigma_without_brackets(x, y, theta, s):
    q = 1 / 1 + np.exp(y * (x @ theta))
    return -y * q * s + q * (1 - q) * (x @ s) * theta


def one_division_too_few(X, y, theta, l2, i, delta):
    m = X @ theta
    c = 1 / (1 + np.exp(-m)) / (1 + np.exp(m))
    H = (X.T * c) @ X / len(y) + l2 * np.eye(len(theta))
    there = X[i] + delta
    old = -y[i] / (1 + np.exp(y[i] * m[i])) * X[i]
    new = -y[i] / (1 + np.exp(y[i] * (there @ theta))) * there
    return -np.linalg.solve(H, new - old / len(y))


@pytest.mark.parametrize(
    ("exercise", "answer", "said"),
    [
        (lesson.input_gradient, a_sigma_without_brackets, "brackets"),
        (lesson.perturbation, one_division_too_few, "brackets"),
    ],
)
def test_a_slip_of_one_place_is_found_by_the_engine(exercise, answer, said) -> None:
    result = exercise.check(answer)
    assert not result.solved
    assert said in repr(result)


def test_the_effect_of_a_move_is_the_truth_to_first_order():
    """With its 1/n and its sign: retrained with the point a little to either side."""
    X, y, theta, l2 = risks()[0]
    risk = risk_of(X, y, l2)
    x_test, delta = np.array([1.5, 0.4, -1.2]), np.array([0.6, -0.9, 0.5])
    s_test = np.linalg.solve(risk.hessian(theta), gradient(x_test, 1.0, theta))
    J = jacobian(X[2], y[2], theta)
    predicted = lesson.loss_change.reference(J, s_test, delta, len(y))
    by_pert_loss = lesson.pert_loss.reference(X, y, theta, l2, 2, x_test, 1.0) @ delta / len(y)
    h = 1e-3
    losses = []
    for side in (h, -h):
        there = retrain_with(risk, theta, 2, X[2] + side * delta, y[2])
        losses.append(np.log1p(np.exp(-(x_test @ there))))
    truth = (losses[0] - losses[1]) / (2 * h)
    assert predicted == pytest.approx(truth, rel=1e-4)
    assert by_pert_loss == pytest.approx(truth, rel=1e-4)


def test_the_notebook_has_as_many_images_as_the_mistakes_say():
    assert len(datasets.digits().X_train) == NOTEBOOK_N


@pytest.mark.parametrize("norm", [2, np.inf])
def test_no_delta_within_the_budget_gains_more(norm):
    random = np.random.RandomState(0)
    g = random.normal(size=5)
    best = lesson.best_delta.reference(g, 0.7, norm)
    assert np.linalg.norm(best, norm) == pytest.approx(0.7)
    others = random.normal(size=(500, 5))
    others *= 0.7 / np.linalg.norm(others, norm, axis=1, keepdims=True)
    assert (others @ g).max() < g @ best


def test_the_straight_line_leaves_out_a_square():
    x, y, theta, delta = np.array([1.2, -0.7]), -1.0, np.array([0.4, 0.9]), np.array([0.6, 1.0])
    gaps = []
    for t in (1e-2, 1e-3):
        finite, line = lesson.finite_and_infinitesimal.reference(x, y, theta, t * delta)
        gaps.append(np.linalg.norm(finite - line) / np.linalg.norm(line))
    assert gaps[0] / gaps[1] == pytest.approx(10, rel=0.05)
