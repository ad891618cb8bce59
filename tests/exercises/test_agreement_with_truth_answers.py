"""Lesson 10: other ways to write the right answer, slips as learners write them, and the truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from teachkit import Influence, LinearRisk, retrain, retrain_without
from teachkit import leave_one_out as all_retrained
from teachkit.exercises import Exercise
from teachkit.exercises import agreement_with_truth as lesson
from teachkit.exercises._slips.logistic import risks
from teachkit.losses import Logistic
from teachkit.validation import nothing_removed


def sigma(t):
    return 1 / (1 + np.exp(-t))


def risk_of(X, y, l2):
    return LinearRisk(X, y, Logistic(), l2=l2)


def gradient_of(X, y, theta, l2, w, n=None):
    return -(w * y * sigma(-y * (X @ theta))) @ X / (n or len(y)) + l2 * theta


def hessian_of(X, y, theta, l2, w):
    c = w * sigma(X @ theta) * sigma(-(X @ theta))
    return np.einsum("i,ij,ik->jk", c, X, X) / len(y) + l2 * np.eye(len(theta))


def newton(X, y, theta, l2, w, steps=12):
    for _ in range(steps):
        H = hessian_of(X, y, theta, l2, w)
        theta = theta - np.linalg.inv(H) @ gradient_of(X, y, theta, l2, w)
    return theta


def without(y, i):
    w = np.ones(len(y))
    w[i] = 0
    return w


def with_the_row_deleted(X, y, theta, l2, i):
    X, y, n = np.delete(X, i, axis=0), np.delete(y, i), len(y)
    return newton(X, y, 0 * theta, l2 * n / (n - 1), np.ones(n - 1), steps=30) - theta


def with_the_features_at_zero(X, y, theta, l2, i):
    X = X.copy()
    X[i] = 0
    return newton(X, y, theta, l2, np.ones(len(y))) - theta


def with_one_hessian_for_all_steps(X, y, theta, l2, i):
    w, new, H = without(y, i), theta, hessian_of(X, y, theta, l2, np.ones(len(y)))
    for _ in range(300):
        new = new - np.linalg.solve(H, gradient_of(X, y, new, l2, w))
    return new - theta


def until_the_gradient_is_gone(X, y, theta, l2, i):
    w, new, g = without(y, i), theta, np.ones(1)
    while np.linalg.norm(g) > 1e-12:
        g = gradient_of(X, y, new, l2, w)
        new = new - np.linalg.solve(hessian_of(X, y, new, l2, w), g)
    return list(new - theta)


def by_the_library(X, y, theta, l2, i):
    return retrain_without(risk_of(X, y, l2), theta, i) - theta


def as_a_row_of_all(X, y, theta, l2, i):
    return all_retrained(risk_of(X, y, l2), theta)[i]


def deleted_by_the_library(X, y, theta, l2, i):
    n = len(y)
    rest = np.arange(n) != i
    return retrain(risk_of(X[rest], y[rest], l2 * n / (n - 1)), theta) - theta


def checked_by_the_library(X, y, theta, l2):
    return nothing_removed(risk_of(X, y, l2), theta)


def checked_from_zero(X, y, theta, l2):
    ones = np.ones(len(y))
    change = newton(X, y, 0 * theta, l2, ones, steps=30) - theta
    return [np.sqrt(np.sum(gradient_of(X, y, theta, l2, ones) ** 2)), (change @ change) ** 0.5]


def hat_of_scaled_rows(X, y, theta, l2, i):
    s = sigma(X @ theta)
    A = np.sqrt(s * (1 - s))[:, None] * X
    return np.diag(A @ np.linalg.inv(A.T @ A + len(y) * l2 * np.eye(X.shape[1])) @ A.T)[i]


def by_determinants(X, y, theta, l2, i):
    inside = np.linalg.det(hessian_of(X, y, theta, l2, np.ones(len(y))))
    return 1 - np.linalg.det(hessian_of(X, y, theta, l2, without(y, i))) / inside


def one_name_at_a_time(r, slope, intercept, spread, gradient, share, k):
    name = "agreement"
    name = "leverage" if slope > 1.05 else name
    name = "offset" if not -0.05 <= intercept / spread <= 0.05 else name
    name = "factor" if abs(np.log(abs(slope))) > np.log(3) else name
    name = "sign" if r < 0 else name
    name = "unrelated" if r * r * k <= 4 else name
    return "unfinished" if gradient / share > 0.01 else name


def step_by_the_library(X, y, theta, l2, S):
    return Influence(risk_of(X, y, l2), theta).removal(S, leverage=True)


def step_of_the_others(X, y, theta, l2, S):
    """Newton's step on the risk of those who stay: minus H^-1 of its gradient."""
    w = without(y, S)
    return newton(X, y, theta, l2, w, steps=1) - theta


def step_by_woodbury(X, y, theta, l2, S):
    H_inv = np.linalg.inv(hessian_of(X, y, theta, l2, np.ones(len(y))))
    A, s = X[S], sigma(X[S] @ theta)
    C = np.diag(s * (1 - s)) / len(y)
    pull = -(y[S] * sigma(-y[S] * (A @ theta))) @ A / len(y)
    inner = np.linalg.inv(np.linalg.inv(C) - A @ H_inv @ A.T)
    return (H_inv + H_inv @ A.T @ inner @ A @ H_inv) @ pull


def rescaled_by_the_library(X, y, theta, l2, S):
    return Influence(risk_of(X, y, l2), theta).rescaled_removal(S)


def rescaled_as_single_steps(X, y, theta, l2, S):
    return sum(step_of_the_others(X, y, theta, l2, [i]) for i in S)


PASS = [
    (lesson.leave_out, with_the_row_deleted),
    (lesson.leave_out, with_the_features_at_zero),
    (lesson.leave_out, with_one_hessian_for_all_steps),
    (lesson.leave_out, until_the_gradient_is_gone),
    (lesson.leave_out, by_the_library),
    (lesson.leave_out, as_a_row_of_all),
    (lesson.leave_out, deleted_by_the_library),
    (lesson.nothing_removed, checked_by_the_library),
    (lesson.nothing_removed, checked_from_zero),
    (lesson.leverage, hat_of_scaled_rows),
    (lesson.leverage, by_determinants),
    (lesson.what_is_broken, one_name_at_a_time),
    (lesson.group_step, step_by_the_library),
    (lesson.group_step, step_of_the_others),
    (lesson.group_step, step_by_woodbury),
    (lesson.rescaled, rescaled_by_the_library),
    (lesson.rescaled, rescaled_as_single_steps),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def deleted(X, y, theta, l2, i):
    X, y = np.delete(X, i, axis=0), np.delete(y, i)
    return newton(X, y, theta, l2, np.ones(len(y))) - theta


def one_step(X, y, theta, l2, i):
    return newton(X, y, theta, l2, without(y, i), steps=1) - theta


def one_step_of_the_check(X, y, theta, l2):
    ones = np.ones(len(y))
    change = newton(X, y, theta, l2, ones, steps=1) - theta
    return np.linalg.norm(gradient_of(X, y, theta, l2, ones)), np.linalg.norm(change)


def with_residuals(X, y, theta, l2, i):
    g = -y[i] * sigma(-y[i] * (X[i] @ theta)) * X[i]
    return g @ np.linalg.inv(hessian_of(X, y, theta, l2, np.ones(len(y)))) @ g / len(y)


def by_r_alone(r, slope, intercept, spread, gradient, share, k):
    return "agreement" if r > 0.9 else "sign" if r < -0.9 else "unrelated"


def the_slope_first(r, slope, intercept, spread, gradient, share, k):
    name = one_name_at_a_time(r, slope, intercept, spread, 0.0, share, k)
    return "unfinished" if name == "agreement" and gradient > 0.01 * share else name


def summed(X, y, theta, l2, S):
    return Influence(risk_of(X, y, l2), theta).removal(S)


def divided_by_the_group(X, y, theta, l2, S):
    return step_of_the_others(X, y, theta, l2, S) * len(y) / len(S)


def mean_over_who_stays(X, y, theta, l2, S):
    k = len(y) - len(S)
    g = -(y[S] * sigma(-y[S] * (X[S] @ theta))) @ X[S]
    H = hessian_of(X, y, theta, 0.0, without(y, S)) * len(y) / k + l2 * np.eye(len(theta))
    return np.linalg.solve(H, g / k)


def divided_by_all_at_once(X, y, theta, l2, S):
    h = [hat_of_scaled_rows(X, y, theta, l2, i) for i in S]
    return summed(X, y, theta, l2, S) / (1 - sum(h))


def unpenalised_in_the_gradient(X, y, theta, l2, i):
    w, new = without(y, i), theta
    for _ in range(10):
        new = new - np.linalg.solve(hessian_of(X, y, new, l2, w), gradient_of(X, y, new, 0.0, w))
    return new - theta


def stayers_alone(X, y, theta, l2, S):
    w = without(y, S)
    return -np.linalg.solve(hessian_of(X, y, theta, l2, w), gradient_of(X, y, theta, 0.0, w))


def row_deleted_step(X, y, theta, l2, S):
    X, y = np.delete(X, S, axis=0), np.delete(y, S)
    return newton(X, y, theta, l2, np.ones(len(y)), steps=1) - theta


def one_after_the_other(X, y, theta, l2, S):
    new = theta
    for k in range(len(S)):
        new = newton(X, y, new, l2, without(y, S[: k + 1]), steps=1)
    return new - theta


def twice_counted(X, y, theta, l2, S):
    factors = [1 - hat_of_scaled_rows(X, y, theta, l2, i) for i in S]
    H = hessian_of(X, y, theta, l2, without(y, S))
    g = [-y[i] * sigma(-y[i] * (X[i] @ theta)) * X[i] / len(y) for i in S]
    return sum(np.linalg.solve(H, gi / f) for gi, f in zip(g, factors, strict=True))


def last_name(r, slope, intercept, spread, gradient, share, k):
    name = "agreement"
    name = "unfinished" if gradient > 0.01 * share else name
    name = "unrelated" if abs(r) <= 2 / k**0.5 else name
    name = "sign" if slope < 0 else name
    name = "factor" if not 1 / 3 <= abs(slope) <= 3 else name
    name = "offset" if abs(intercept) > 0.05 * spread else name
    return "leverage" if slope > 1.05 else name


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (lesson.leave_out, deleted, "retrained on n - 1"),
        (lesson.leave_out, one_step, "one step"),
        (lesson.nothing_removed, one_step_of_the_check, "one Newton step"),
        (lesson.leverage, with_residuals, "residual squared"),
        (
            lesson.leverage,
            lambda X, y, theta, l2, i: len(y) * hat_of_scaled_rows(X, y, theta, l2, i),
            "no 1/n",
        ),
        (lesson.what_is_broken, by_r_alone, "r alone"),
        (lesson.what_is_broken, the_slope_first, "fit looked at last"),
        (lesson.group_step, summed, "sum of single removals"),
        (lesson.group_step, rescaled_by_the_library, "rescaled sum"),
        (lesson.group_step, divided_by_the_group, "1/|S|"),
        (lesson.group_step, mean_over_who_stays, "n - |S|"),
        (lesson.leave_out, unpenalised_in_the_gradient, "no penalty in the gradient"),
        (lesson.what_is_broken, last_name, "last that holds"),
        (lesson.group_step, stayers_alone, "stayers without the penalty"),
        (lesson.group_step, row_deleted_step, "row-deleted step"),
        (lesson.group_step, one_after_the_other, "in turn"),
        (lesson.rescaled, twice_counted, "counted twice"),
        (lesson.rescaled, summed, "plain sum"),
        (lesson.rescaled, divided_by_all_at_once, "leverages added"),
        (lesson.rescaled, step_of_the_others, "group step"),
    ],
)
def test_a_slip_as_a_learner_writes_it(exercise: Exercise, answer: Callable, name: str) -> None:
    result = exercise.check(answer)
    assert result.mistake == name, repr(result)
    assert not result.solved


def test_a_training_that_is_not_finished_is_told_its_gradient():
    def loose(X, y, theta, l2, i):
        w, new = without(y, i), theta
        for _ in range(30):
            new = new - gradient_of(X, y, new, l2, w)
        return new - theta

    result = lesson.leave_out.check(loose)
    assert not result.solved
    assert "the training is not finished" in " ".join(repr(result).split())


@pytest.mark.parametrize("k", range(len(lesson.leave_out.mistakes)))
def test_a_slip_in_the_risk_is_not_told_to_train_longer(k):
    mistake = lesson.leave_out.mistakes[k]
    if mistake.name in ("prediction", "one step"):
        return
    for wrong in mistake.functions:
        result = lesson.leave_out.check(
            lambda X, y, theta, l2, i, wrong=wrong: wrong(X, y, theta, l2, i)
        )
        assert "not finished" not in " ".join(repr(result).split()), mistake.name


def descent(length, steps):
    def leave_out(X, y, theta, l2, i):
        w, new = (np.arange(len(y)) != i).astype(float), theta
        with np.errstate(all="ignore"):
            for _ in range(steps):
                s = 1 / (1 + np.exp(y * (X @ new)))
                new = new - length * (l2 * new - (w * y * s) @ X / len(y))
        return new - theta

    return leave_out


@pytest.mark.parametrize(
    ("length", "said"),
    [(1, "your training diverges"), (3, "they may be too long"), (5, "grown out of all bounds")],
)
def test_a_training_that_diverges_is_told_so(length, said):
    """Also where it diverges on the drawn cases alone: not that its gradient is 0."""
    told = " ".join(repr(lesson.leave_out.check(descent(length, 500))).split())
    assert said in told
    assert "the gradient is 0" not in told


def test_both_classes_stay_when_a_group_leaves():
    for case in lesson.group_step.drawn.cases:
        _, y, _, _, S = case
        assert len(set(np.delete(y, S))) == 2


def test_a_finished_training_is_told_so():
    result = lesson.leave_out.check(by_the_library)
    assert "the gradient is 0 to rounding" in " ".join(repr(result).split())


def test_the_exercises_say_what_the_library_says():
    for X, y, theta, l2 in risks():
        influence = Influence(risk_of(X, y, l2), theta)
        truth = all_retrained(risk_of(X, y, l2), theta)
        ratios = influence.removals(leverage=True) / influence.removals()
        for i in range(len(y)):
            case = (X, y, theta, l2, i)
            assert lesson.leave_out.reference(*case) == pytest.approx(truth[i], abs=1e-9)
            assert ratios[i] == pytest.approx(1 / (1 - lesson.leverage.reference(*case)))


def test_each_prediction_of_a_group_is_nearer_than_the_one_before():
    """Plain sum, rescaled sum, the group's own step: in this order, summed over the groups."""
    far = np.zeros(3)
    for X, y, theta, l2 in risks():
        influence = Influence(risk_of(X, y, l2), theta)
        for S in ([1, 4], [2, 0, 5], [3]):
            truth = retrain_without(risk_of(X, y, l2), theta, S) - theta
            three = (
                influence.removal(S),
                lesson.rescaled.reference(X, y, theta, l2, S),
                lesson.group_step.reference(X, y, theta, l2, S),
            )
            far += [np.linalg.norm(each - truth) / np.linalg.norm(truth) for each in three]
    assert far[0] > far[1] > far[2]
