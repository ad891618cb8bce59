"""Lesson 13: other ways to write the right answer, slips as learners write them, and the truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from teachkit import Influence, LinearRisk, retrain_with
from teachkit.exercises import Exercise
from teachkit.exercises import training_set_attacks as lesson
from teachkit.exercises._slips.logistic import fit, risks
from teachkit.exercises._slips.mixed import mixed
from teachkit.exercises.training_set_attacks._defence import deliveries
from teachkit.exercises.training_set_attacks._hunt import WRONG
from teachkit.exercises.training_set_attacks._problems import push_of
from teachkit.losses import Logistic
from tests.exercises.test_every_exercise import written


def clipped_change(x0, x, g, step, budget):
    delta = np.clip(x + step * np.sign(g) - x0, -budget, budget)
    return np.minimum(np.maximum(x0 + delta, 0), 1)


def pixel_by_pixel(x0, x, g, step, budget):
    out = []
    for a, b, c in zip(x0, x, g, strict=True):
        b = b + step * (int(c > 0) - int(c < 0))
        out.append(min(max(b, a - budget, 0), a + budget, 1))
    return out


def with_a_copy(x0, theta, steps, push, step, train):
    x = x0.copy()
    for _ in range(steps):
        g = push(x, theta)
        x[:] = step(x0, x, g)
        theta = train(x)
    return theta


def retrained_before_each_step(x0, theta, steps, push, step, train):
    x = x0
    for _ in range(steps):
        x = step(x0, x, push(x, train(x)))
    return train(x)


def row_by_row(X, images, signs, budget):
    X = X.copy()
    for i, s in zip(images, signs, strict=True):
        X[i] = np.minimum(np.maximum(X[i] + s * budget, 0), 1)
    return X


def with_a_mask_of_changes(X, images, signs, budget):
    change = np.zeros(X.shape)
    change[images] = budget * signs
    return np.clip(X + change, 0, 1)


def sorted_with_python(rates, k):
    gains = [sum(abs(rate) for rate in row) for row in rates]
    return sorted(range(len(gains)), key=gains.__getitem__, reverse=True)[:k]


def by_a_norm(rates, k):
    return np.argsort(np.linalg.norm(rates, ord=1, axis=1))[::-1][:k]


def mean_of_all_pushes(G, H, J):
    return np.mean([-g @ np.linalg.inv(H) @ J for g in G], axis=0)


def copied_in_the_loop(X, y, i, x_test, y_test, l2, step, budget, steps):
    source = WRONG.replace("x0 = X[i]\n", "x0 = np.array(X[i])\n")
    return written(source, "moved_image")(X, y, i, x_test, y_test, l2, step, budget, steps)


def start_from_the_given_images(X, y, i, x_test, y_test, l2, step, budget, steps):
    source = WRONG.replace("    X = X.copy()\n    x0 = X[i]\n", "    x0 = X[i]\n    X = X.copy()\n")
    return written(source, "moved_image")(X, y, i, x_test, y_test, l2, step, budget, steps)


def by_the_number_of_zeros(trusted, images):
    zeros = (trusted == 0).sum(axis=1)
    return (images == 0).sum(axis=1) < zeros.mean() - 2.5 * zeros.std()


def where_nobody_ever_writes(trusted, images):
    rare = (trusted > 0).mean(axis=0) < 0.05
    level = np.quantile((trusted[:, rare] > 0).sum(axis=1), 0.99)
    return list(np.flatnonzero((images[:, rare] > 0).sum(axis=1) > level))


def with_the_sign_taken_before(x0, theta, steps, push, step, train):
    x = x0
    for _ in range(steps):
        x = step(x0, x, np.sign(push(x, theta)))
        theta = train(x)
    return theta


def _grey(images):
    return ((images > 0) & (images < 40 / 255)).mean(axis=1)


def as_the_hints_say(trusted, images):
    return _grey(images) > np.quantile(_grey(trusted), 0.98)


def as_zeros_and_ones(trusted, images):
    return as_the_hints_say(trusted, images).astype(int)


def by_mean_and_spread(trusted, images):
    return _grey(images) > _grey(trusted).mean() + 2 * _grey(trusted).std()


def fewer_zeros_than_the_trusted(trusted, images):
    return (images == 0).sum(axis=1) < np.quantile((trusted == 0).sum(axis=1), 0.02)


def where_hardly_one_has_ink(trusted, images):
    rare = (trusted > 0).mean(axis=0) < 0.01
    level = np.quantile((trusted[:, rare] > 0).sum(axis=1), 0.97)
    return (images[:, rare] > 0).sum(axis=1) > level


PASS = [
    (lesson.attack, with_the_sign_taken_before),
    (lesson.suspects, as_the_hints_say),
    (lesson.suspects, as_zeros_and_ones),
    (lesson.suspects, by_mean_and_spread),
    (lesson.suspects, fewer_zeros_than_the_trusted),
    (lesson.suspects, where_hardly_one_has_ink),
    (lesson.projected_step, clipped_change),
    (lesson.projected_step, pixel_by_pixel),
    (lesson.attack, with_a_copy),
    (lesson.attack, retrained_before_each_step),
    (lesson.random_control, row_by_row),
    (lesson.random_control, with_a_mask_of_changes),
    (lesson.choose_images, sorted_with_python),
    (lesson.choose_images, by_a_norm),
    (lesson.attack_many, mean_of_all_pushes),
    (lesson.moved_image, copied_in_the_loop),
    (lesson.moved_image, start_from_the_given_images),
    (lesson.suspects, by_the_number_of_zeros),
    (lesson.suspects, where_nobody_ever_writes),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def round_the_image_of_now(x0, x, g, step, budget):
    return np.clip(np.clip(x + step * np.sign(g), x - budget, x + budget), 0, 1)


def with_the_gradient(x0, x, g, step, budget):
    return np.clip(np.clip(x + step * g, x0 - budget, x0 + budget), 0, 1)


def as_on_the_slide(x0, theta, steps, push, step, train):
    x, g = x0, push(x0, theta)
    for _ in range(steps):
        x = step(x0, x, g)
        theta = train(x)
    return theta


def written_over(x0, theta, steps, push, step, train):
    for _ in range(steps):
        x0 = step(x0, x0, push(x0, theta))
        theta = train(x0)
    return theta


def without_clipping(X, images, signs, budget):
    X = X.copy()
    X[images] += budget * signs
    return X


def with_signs_that_cancel(rates, k):
    return np.argsort(rates.sum(axis=1))[::-1][:k]


def by_votes(G, H, J):
    return sum(np.sign(-g @ np.linalg.solve(H, J)) for g in G)


def exchanged(x0, x, g, step, budget):
    return np.clip(np.clip(x + budget * np.sign(g), x0 - step, x0 + step), 0, 1)


def clipped_first(x0, x, g, step, budget):
    return np.clip(np.clip(x, x0 - budget, x0 + budget), 0, 1) + step * np.sign(g)


def half_of_the_budget(X, images, signs, budget):
    return row_by_row(X, images, signs, budget / 2)


def partitioned(rates, k):
    return np.argpartition(-np.abs(rates).sum(axis=1), k - 1)[:k]


def one_mean_for_all(G, H, J):
    return -np.linalg.solve(H, np.full(len(H), G.mean())) @ J


def every_other_round(x0, theta, steps, push, step, train):
    x = x0
    for k in range(steps):
        x = step(x0, x, push(x, theta))
        if k % 2:
            theta = train(x)
    return theta


def by_signs_and_as_wrong(X, y, i, x_test, y_test, l2, step, budget, steps):
    source = WRONG.replace("step * g", "step * np.sign(g)")
    return written(source, "moved_image")(X, y, i, x_test, y_test, l2, step, budget, steps)


def renamed_and_as_wrong(X, y, i, x_test, y_test, l2, step, budget, steps):
    source = WRONG.replace("x0", "start").replace("range(12)", "range(15)")
    return written(source, "moved_image")(X, y, i, x_test, y_test, l2, step, budget, steps)


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (lesson.projected_step, round_the_image_of_now, "box round the image of now"),
        (lesson.projected_step, with_the_gradient, "raw gradient"),
        (lesson.attack, as_on_the_slide, "push of the beginning"),
        (lesson.attack, written_over, "box walks along"),
        (lesson.random_control, without_clipping, "not clipped"),
        (lesson.choose_images, with_signs_that_cancel, "signed sum"),
        (lesson.attack_many, by_votes, "votes"),
        (lesson.moved_image, renamed_and_as_wrong, "box walks along"),
        (lesson.projected_step, exchanged, "step and budget exchanged"),
        (lesson.projected_step, clipped_first, "no projection"),
        (lesson.random_control, half_of_the_budget, "half the budget"),
        (lesson.choose_images, partitioned, "not in order"),
        (lesson.attack_many, one_mean_for_all, "mean of all numbers"),
        (lesson.attack, every_other_round, "trained in every other round"),
        (lesson.moved_image, by_signs_and_as_wrong, "by signs, and the box walks along"),
    ],
)
def test_a_slip_as_a_learner_writes_it(exercise: Exercise, answer: Callable, name: str) -> None:
    result = exercise.check(answer)
    assert result.mistake == name, repr(result)
    assert not result.solved


def test_images_written_over_are_not_solved() -> None:
    def in_place(X, images, signs, budget):
        X[images] = np.clip(X[images] + budget * signs, 0, 1)
        return X

    result = lesson.random_control.check(in_place)
    assert not result.solved
    assert "X" in repr(result)


def test_the_wrong_code_as_it_was_given_is_not_attempted() -> None:
    result = lesson.moved_image.check(written(WRONG, "moved_image"))
    assert result.state == "not attempted"
    assert "copy" not in repr(result)


def test_what_the_bug_hunt_says_of_the_wrong_code_is_so() -> None:
    """With one step it is right, with many it leaves the budget, two times or more."""
    wrong = written(WRONG, "moved_image")
    furthest = []
    for X, y, i, *middle, budget, steps in lesson.moved_image.known.cases:
        right = lesson.moved_image.reference(X, y, i, *middle, budget, steps)
        assert np.abs(right - X[i]).max() <= budget + 1e-12
        furthest.append(np.abs(wrong(X, y, i, *middle, budget, steps) - X[i]).max() / budget)
        one = wrong(X, y, i, *middle, budget, 1)
        assert one == pytest.approx(lesson.moved_image.reference(X, y, i, *middle, budget, 1))
    assert max(furthest) > 2


def test_the_push_is_what_the_library_says_and_what_retraining_does() -> None:
    X, y, theta, l2 = risks()[0]
    x_test, delta = np.array([1.5, 0.4, -1.2]), 1e-4 * np.array([0.6, -0.9, 0.5])
    risk = LinearRisk(X, y, Logistic(), l2=l2)
    push = push_of(X, y, theta, l2, 2, x_test, -1.0)
    assert push == pytest.approx(Influence(risk, theta).pert_loss(2, x_test, -1.0))
    new = retrain_with(risk, theta, 2, X[2] + delta, y[2])
    change = np.logaddexp(0, x_test @ new) - np.logaddexp(0, x_test @ theta)
    assert change == pytest.approx(push @ delta / len(y), rel=1e-3)


def test_the_push_on_a_mean_loss_is_the_answer_of_several() -> None:
    X, y, theta, l2 = risks()[1]
    risk = LinearRisk(X, y, Logistic(), l2=l2)
    tests, labels = X[:3] + 0.5, np.array([1.0, 1.0, -1.0])
    G, J = risk.gradient_at(theta, tests, labels), mixed(X[4], y[4], theta)
    each = [Influence(risk, theta).pert_loss(4, x, b) for x, b in zip(tests, labels, strict=True)]
    assert lesson.attack_many.reference(G, risk.hessian(theta), J) == pytest.approx(
        np.mean(each, axis=0)
    )


def test_the_attack_raises_the_test_loss_more_than_it_was() -> None:
    for x0, theta, steps, push, step, train in lesson.attack.known.cases:
        first = push(x0, theta)
        moved = step(x0, x0, first)
        assert (moved - x0) @ first > 0
        assert train(x0) == pytest.approx(theta)
        assert (
            np.abs(lesson.attack.reference(x0, theta, steps, push, step, train) - theta).max()
            > 0.01
        )


def test_the_rubric_has_room_on_both_sides() -> None:
    """Two checks find all and suspect few; distances are far from the aims."""
    for delivery in deliveries():
        levels = 255 * delivery.images
        assert np.abs(levels - np.round(levels)).max() < 1e-9
        assert delivery.changed.sum() == 40
        answers = (lesson.suspects.reference, by_the_number_of_zeros, where_nobody_ever_writes)
        for answer in answers:
            said = np.zeros(200, dtype=bool)
            said[answer(*delivery.case)] = True
            assert said[delivery.changed].mean() >= 0.95
            assert said[~delivery.changed].mean() <= 0.045
        mean = delivery.trusted.mean(axis=0)
        away, usual = (((Z - mean) ** 2).sum(axis=1) for Z in (delivery.images, delivery.trusted))
        assert np.mean((away > np.quantile(usual, 0.95))[delivery.changed]) < 0.5


def test_the_rubric_shows_the_learner_s_own_numbers() -> None:
    result = lesson.suspects.check(lambda trusted, images: np.arange(10))
    said = " ".join(repr(result).split())
    assert (result.state, result.mistake) == ("not yet", None)
    assert "of the images that were changed by 8/255 (at least 90%)." in said
    assert "of those that nobody touched (at most 10%)." in said


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda t, z: as_the_hints_say(t, t), "You judged `trusted`"),
        (lambda t, z: _grey(z), "a score perhaps"),
        (lambda t, z: ((z > 0) & (z < 0.1)).mean(axis=0) > 0.1, "an entry for each pixel"),
        (lambda t, z: z[as_the_hints_say(t, z)], "You return images"),
        (lambda t, z: as_the_hints_say(t, z)[:, None], "the shape (200, 1)"),
        (lambda t, z: np.arange(1, 201), "counted from 1"),
        (lambda t, z: ~as_the_hints_say(t, z), "these are the ones to keep"),
        (lambda t, z: np.zeros(200, dtype=bool), "You suspect none"),
        (lambda t, z: np.argsort(-_grey(z)), "You suspect all of them"),
    ],
)
def test_what_is_no_verdict_is_told_why(answer: Callable, said: str) -> None:
    result = lesson.suspects.check(answer)
    assert not result.solved
    assert said in " ".join(repr(result).split())


def test_too_few_steps_of_newton_are_not_enough() -> None:
    source = WRONG.replace("x0 = X[i]\n", "x0 = X[i].copy()\n").replace("range(12)", "range(4)")
    result = lesson.moved_image.check(written(source, "moved_image"))
    assert not result.solved


@pytest.mark.parametrize("answer", [[], [200], [0.5], "all of them", None])
def test_an_answer_that_names_no_rows_is_a_sentence(answer: object) -> None:
    result = lesson.suspects.check(lambda trusted, images: answer)
    assert not result.solved
    assert "fault of the course" not in repr(result)


def test_the_same_training_with_another_start_is_the_same() -> None:
    X, y, theta, l2 = risks()[0]
    assert fit(X, y, l2) == pytest.approx(theta)
