"""Lesson 08: other ways to write the right answer, slips as learners write them, and the truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from teachkit import Influence, LinearRisk, retrain_with
from teachkit.exercises import Exercise
from teachkit.exercises import influence_perturbing as lesson
from teachkit.exercises._slips.logistic import risks
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


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
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


def test_the_exercises_are_numbered_as_they_appear_in_the_lesson():
    order = (
        lesson.input_gradient,
        lesson.perturbation,
        lesson.finite_and_infinitesimal,
        lesson.pert_loss,
        lesson.loss_change,
        lesson.best_delta,
    )
    assert [exercise.number for exercise in order] == [f"8.{k}" for k in range(1, 7)]
