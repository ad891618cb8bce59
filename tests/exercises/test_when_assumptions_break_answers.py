"""Lesson 11: other ways to write the right answer, slips as learners write them, and the truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import expit

from teachkit import SmoothHinge
from teachkit.exercises import Exercise
from teachkit.exercises import when_assumptions_break as lesson
from teachkit.exercises.when_assumptions_break._cases import outputs_of


def drift_by_a_mask(train, loss, theta, weights, i):
    keep = np.arange(len(weights)) != i
    all_of_them, fewer = (loss(train(theta, w)) for w in (weights, weights * keep))
    return all_of_them - loss(theta), fewer - all_of_them


def damped_by_eigenvectors(H, g, gt, lam):
    values, axes = np.linalg.eigh(H)
    return -sum((axes.T @ gt) * (axes.T @ g) / (values + lam))


def damped_on_the_diagonal(H, g, gt, lam):
    lifted = H.copy()
    lifted[np.diag_indices_from(lifted)] += lam
    return -g.T @ np.linalg.inv(lifted) @ gt


def hinge_in_two_halves(s, t):
    z = (1 - s) / t
    return np.maximum(1 - s, 0) + t * np.log1p(np.exp(-abs(z)))


def hinge_in_a_loop(s, t):
    return [1 - m if (1 - m) / t > 40 else t * np.log(1 + np.exp((1 - m) / t)) for m in s]


def curvature_by_sigmoids(s, t):
    return expit((s - 1) / t) * expit((1 - s) / t) / t


def curvature_by_tanh(s, t):
    return (1 - np.tanh((1 - s) / (2 * t)) ** 2) / (4 * t)


def curvature_in_a_loop(s, t):
    z = np.clip((1 - s) / t, -500, 500)
    return [np.exp(v) / (1 + np.exp(v)) ** 2 / t for v in z]


def objective_in_a_loop(theta, theta_s, outputs, y, i, lam):
    total = 0.0
    for f, f_s, label in zip(outputs(theta), outputs(theta_s), y, strict=True):
        tangent = np.log1p(np.exp(-label * f_s)) - label * expit(-label * f_s) * (f - f_s)
        total += (np.log1p(np.exp(-label * f)) - tangent) / len(y)
    total -= np.log1p(np.exp(-y[i] * outputs(theta)[i])) / len(y)
    return total + 0.5 * lam * np.linalg.norm(theta - theta_s) ** 2


def objective_with_the_point_as_a_tangent(theta, theta_s, outputs, y, i, lam):
    """D_i - L_i is minus the tangent of point i, so it may be left out of the sum."""
    f, f_s = outputs(theta), outputs(theta_s)
    L, L_s, slope = np.logaddexp(0, -y * f), np.logaddexp(0, -y * f_s), -y * expit(-y * f_s)
    D = np.delete(L - L_s - slope * (f - f_s), i)
    tangent = L_s[i] + slope[i] * (f[i] - f_s[i])
    return (D.sum() - tangent) / len(y) + lam * ((theta_s - theta) @ (theta_s - theta)) / 2


def choose_by_a_loop(low, lams, r):
    best, found = 3 * abs(low), -2.0
    for lam, value in zip(lams, r, strict=True):
        if low + lam >= abs(low) and value > found:
            best, found = lam, value
    return best


def choose_by_sorting(low, lams, r):
    for k in np.argsort(-r):
        if low >= 0 or lams[k] >= -2 * low:
            return lams[k]
    return -3 * low


PASS = [
    (lesson.drift, drift_by_a_mask),
    (lesson.damped_influence, damped_by_eigenvectors),
    (lesson.damped_influence, damped_on_the_diagonal),
    (lesson.smooth_hinge, hinge_in_two_halves),
    (lesson.smooth_hinge, hinge_in_a_loop),
    (lesson.smooth_hinge, lambda s, t: SmoothHinge(t).value(s, np.ones(len(s)))),
    (lesson.curvature, curvature_by_sigmoids),
    (lesson.curvature, curvature_by_tanh),
    (lesson.curvature, curvature_in_a_loop),
    (lesson.curvature, lambda s, t: SmoothHinge(t).curvature(s, np.ones(len(s)))),
    (lesson.proximal_objective, objective_in_a_loop),
    (lesson.proximal_objective, objective_with_the_point_as_a_tangent),
    (lesson.choose_damping, choose_by_a_loop),
    (lesson.choose_damping, choose_by_sorting),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def drift_in_the_effect(train, loss, theta, weights, i):
    fewer = np.where(np.arange(len(weights)) == i, 0.0, weights)
    return loss(train(theta, weights)) - loss(theta), loss(train(theta, fewer)) - loss(theta)


def forgets_the_tangent(theta, theta_s, outputs, y, i, lam):
    f, f_s = outputs(theta), outputs(theta_s)
    D = np.logaddexp(0, -y * f) - np.logaddexp(0, -y * f_s)
    gone = np.logaddexp(0, -y[i] * f[i]) / len(y)
    return D.mean() - gone + lam / 2 * ((theta - theta_s) @ (theta - theta_s))


def weight_decay(theta, theta_s, outputs, y, i, lam):
    right = objective_in_a_loop(theta, theta_s, outputs, y, i, 0.0)
    return right + lam / 2 * (theta @ theta)


def zero_for_the_others(low, lams, r):
    good = low + lams >= abs(low)
    if not good.any():
        return 3 * abs(low)
    return lams[np.argmax(r * good)]


def raises_lam(H, g, gt, lam):
    lam = max(lam, 1.1 * abs(np.linalg.eigvalsh(H)[0]))
    return -gt @ np.linalg.solve(H + lam * np.eye(len(g)), g)


def raises_lam_where_negative(H, g, gt, lam):
    lam = max(lam, -1.1 * np.linalg.eigvalsh(H)[0])
    return -gt @ np.linalg.solve(H + lam * np.eye(len(g)), g)


def leaves_point_i_out(theta, theta_s, outputs, y, i, lam):
    f, f_s, total = outputs(theta), outputs(theta_s), 0.0
    for j in range(len(y)):
        if j != i:
            tangent = np.logaddexp(0, -y[j] * f_s[j]) - y[j] * expit(-y[j] * f_s[j]) * (f - f_s)[j]
            total += np.logaddexp(0, -y[j] * f[j]) - tangent
    gone = np.logaddexp(0, -y[i] * f[i])
    return (total - gone) / len(y) + lam / 2 * np.sum((theta - theta_s) ** 2)


def hinge_for_small_t(s, t):
    if t < 0.01:
        return np.maximum(0, 1 - s)
    return t * np.log(1 + np.exp((1 - s) / t))


def hinge_too_early(s, t):
    z = (1 - s) / t
    return np.where(z > 2, 1 - s, t * np.log1p(np.exp(np.minimum(z, 2))))


def best_of_all_then_tested(low, lams, r):
    lam = lams[np.argmax(r)]
    return lam if low + lam >= abs(low) else 3 * abs(low)


def a_loop_from_zero(low, lams, r):
    best, found = 3 * abs(low), 0.0
    for lam, value in zip(lams, r, strict=True):
        if low + lam >= abs(low) and value > found:
            best, found = lam, value
    return best


def more_than(low, lams, r):
    good = low + lams > abs(low)
    return lams[good][r[good].argmax()] if good.any() else 3 * abs(low)


def third_derivative(s, t):
    sigma = expit((1 - s) / t)
    return -sigma * (1 - sigma) * (1 - 2 * sigma) / t**2


def swapped_with_the_drift_in_the_effect(train, loss, theta, weights, i):
    fewer = np.where(np.arange(len(weights)) == i, 0.0, weights)
    return loss(train(theta, fewer)) - loss(theta), loss(train(theta, weights)) - loss(theta)


def no_label_in_the_losses(theta, theta_s, outputs, y, i, lam):
    f, f_s = outputs(theta), outputs(theta_s)
    D = np.logaddexp(0, -f) - np.logaddexp(0, -f_s) + y / (1 + np.exp(y * f_s)) * (f - f_s)
    return D.mean() - np.logaddexp(0, -f[i]) / len(y) + lam / 2 * ((theta - theta_s) ** 2).sum()


def the_tangent(theta, theta_s, outputs, y, i, lam):
    f, f_s = outputs(theta), outputs(theta_s)
    D = np.logaddexp(0, -y * f_s) - y / (1 + np.exp(y * f_s)) * (f - f_s)
    gone = np.logaddexp(0, -y[i] * f[i]) / len(y)
    return D.mean() - gone + lam / 2 * ((theta - theta_s) ** 2).sum()


def z_in_front(s, t):
    z = (1 - s) / t
    return t * (z + np.log1p(np.exp(-z)))


def t_before_the_second_term(s, t):
    z = (1 - s) / t
    return np.maximum(0, z) + t * np.log1p(np.exp(-abs(z)))


def no_one_plus(s, t):
    z = (1 - s) / t
    return t * (np.maximum(0, z) + np.log(np.exp(-abs(z))))


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (lesson.choose_damping, best_of_all_then_tested, "tested at the end"),
        (lesson.choose_damping, a_loop_from_zero, "starts at r = 0"),
        (lesson.choose_damping, more_than, "more than"),
        (lesson.smooth_hinge, z_in_front, "overflows on the other side"),
        (lesson.smooth_hinge, t_before_the_second_term, "t before one term alone"),
        (lesson.smooth_hinge, no_one_plus, "e^-|z| without 1 +"),
        (lesson.curvature, third_derivative, "the third derivative"),
        (lesson.curvature, lambda s, t: expit((1 - s) / t) ** 2 / t, "sigma squared"),
        (lesson.drift, swapped_with_the_drift_in_the_effect, "effect first, drift left in"),
        (lesson.proximal_objective, no_label_in_the_losses, "no y in the losses"),
        (lesson.proximal_objective, the_tangent, "the tangent itself"),
        (lesson.choose_damping, zero_for_the_others, "0 for the others"),
        (lesson.damped_influence, raises_lam, "lam raised"),
        (lesson.damped_influence, raises_lam_where_negative, "lam raised"),
        (lesson.proximal_objective, leaves_point_i_out, "point i left out"),
        (lesson.smooth_hinge, hinge_for_small_t, "the hinge for small t"),
        (lesson.smooth_hinge, hinge_too_early, "a straight line too early"),
        (lesson.smooth_hinge,
         lambda s, t: t * np.log1p(np.exp(np.clip((1 - s) / t, None, 30))), "cut off"),
        (lesson.curvature, lambda s, t: 1 / (2 * t * np.cosh((1 - s) / (2 * t)) ** 2),
         "its height"),
        (lesson.curvature, lambda s, t: 1 / (4 * t * np.cosh((1 - s) / t) ** 2), "its width"),
        (lesson.curvature, lambda s, t: 1 / (t * (np.exp((1 - s) / t) + np.exp((s - 1) / t))),
         "no middle term"),
        (lesson.curvature, lambda s, t: np.exp(-abs(1 - s) / t) / (1 + np.exp(-abs(1 - s) / t)) / t,
         "not squared"),
        (lesson.drift, drift_in_the_effect, "drift left in"),
        (lesson.damped_influence, lambda H, g, gt, lam: -gt @ np.linalg.solve(H + lam, g),
         "lam on every entry"),
        (lesson.damped_influence, lambda H, g, gt, lam: -gt @ np.linalg.solve(H, g), "no damping"),
        (lesson.smooth_hinge, lambda s, t: t * np.log(1 + np.exp((1 - s) / t)), "overflows"),
        (lesson.smooth_hinge, lambda s, t: t * np.log1p(np.exp((1 - s) / t)), "overflows"),
        (lesson.smooth_hinge, lambda s, t: np.logaddexp(0, (1 - s) / t), "no t in front"),
        (lesson.curvature, lambda s, t: expit((1 - s) / t) * expit((s - 1) / t), "no 1/t"),
        (lesson.curvature,
         lambda s, t: np.exp((1 - s) / t) / (1 + np.exp((1 - s) / t)) ** 2 / t, "nan"),
        (lesson.proximal_objective, forgets_the_tangent,
         "the linear term of the divergence forgotten"),
        (lesson.proximal_objective, weight_decay,
         "the damping put on theta instead of theta - theta_s"),
        (lesson.choose_damping, lambda low, lams, r: lams[r.argmax()], "no margin"),
        (lesson.choose_damping,
         lambda low, lams, r: lams[r[lams + low >= abs(low)].argmax()]
         if (lams + low >= abs(low)).any() else 3 * abs(low), "place among all"),
    ],
)  # fmt: skip
def test_a_slip_as_a_learner_writes_it(exercise: Exercise, answer: Callable, name: str) -> None:
    with np.errstate(all="ignore"):
        result = exercise.check(answer)
    assert result.mistake == name, repr(result)
    assert not result.solved


def test_weights_that_are_changed_in_place_are_named() -> None:
    def zeroes_the_weight(train, loss, theta, weights, i):
        everyone = loss(train(theta, weights))
        before = loss(theta)
        weights[i] = 0.0
        return everyone - before, loss(train(theta, weights)) - everyone

    result = lesson.drift.check(zeroes_the_weight)
    assert not result.solved
    assert "changes `weights`" in repr(result)


def test_without_the_removal_the_objective_is_smallest_where_training_stopped() -> None:
    """And its gradient with it is that of the removed loss: what one Newton step starts from."""
    outputs, y, i, lam, h = outputs_of(6, 3), np.array([1.0, -1, 1, -1, 1, 1]), 2, 0.3, 1e-5
    theta_s = np.random.default_rng(0).standard_normal(8)

    def objective(theta):
        return lesson.proximal_objective.reference(theta, theta_s, outputs, y, i, lam)

    def removed(theta):
        return -np.logaddexp(0, -y[i] * outputs(theta)[i]) / 6

    def gradient(f):
        return np.array([(f(theta_s + e) - f(theta_s - e)) / (2 * h) for e in h * np.eye(8)])

    np.testing.assert_allclose(gradient(objective), gradient(removed), atol=1e-9)
    rng = np.random.default_rng(1)
    for _ in range(20):
        theta = theta_s + rng.standard_normal(8)
        assert objective(theta) - removed(theta) > objective(theta_s) - removed(theta_s)
