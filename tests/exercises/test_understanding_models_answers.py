"""Lesson 12: other ways to write the right answer, slips as learners write them, and the truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.linalg import solve_triangular
from scipy.spatial.distance import cdist
from scipy.stats import rankdata

from teachkit import Influence, KernelRisk, LinearRisk
from teachkit.exercises import Exercise
from teachkit.exercises import understanding_models as lesson
from teachkit.exercises._slips.logistic import gradient, hessian, sigma
from teachkit.exercises.understanding_models._hunt import WRONG, _tests
from teachkit.exercises.understanding_models._reasons import aims, pairs
from teachkit.losses import Logistic
from tests.exercises.test_every_exercise import written


def with_scipy(X, gamma, Z):
    L = np.linalg.cholesky(np.exp(-gamma * cdist(X, X, "sqeuclidean")))
    return solve_triangular(L, np.exp(-gamma * cdist(X, Z, "sqeuclidean")), lower=True).T


def in_loops(X, gamma, Z):
    def k(a, b):
        return np.exp(-gamma * np.sum((a - b) ** 2))

    K = np.array([[k(a, b) for b in X] for a in X])
    L_inv = np.linalg.inv(np.linalg.cholesky(K))
    return [L_inv @ np.array([k(a, z) for a in X]) for z in Z]


def by_the_library(X, gamma, Z):
    y = np.where(np.arange(len(X)) % 2, 1.0, -1.0)
    if len(X) == 1:  # a margin loss wants both labels
        return np.exp(-gamma * cdist(Z, X, "sqeuclidean"))
    return KernelRisk(X, y, Logistic(), gamma=gamma, jitter=0.0).features(Z)


def one_sort(influences, k, kind):
    order = np.argsort(influences)
    return order[:k] if kind == "helpful" else order[::-1][:k]


def a_list(influences, k, kind):
    sign = {"helpful": 1, "harmful": -1}[kind]
    return sorted(range(len(influences)), key=lambda i: sign * influences[i])[:k]


def by_writing(X, x_test):
    order = np.argsort(np.linalg.norm(X - x_test, axis=1))
    ranks = np.empty(len(X))
    ranks[order] = np.arange(1, len(X) + 1)
    return ranks


def counted(X, x_test):
    D = [np.sqrt(np.sum((x - x_test) ** 2)) for x in X]
    return [sum(other <= own for other in D) for own in D]


def by_rankdata(X, x_test):
    return rankdata(cdist(X, x_test[None])[:, 0])


def one_after_the_other(X, y, theta, l2, x_test, y_test):
    H, values = hessian(X, y, theta, l2), []
    g_test = -y_test * sigma(-y_test * (x_test @ theta)) * x_test
    for i in range(len(y)):
        move = np.linalg.solve(H, gradient(X, y, theta, i))
        values.append(-g_test @ move / np.sqrt(np.sum(move**2)))
    return values


def without_what_cancels(X, y, theta, l2, x_test, y_test):
    moves = -y[:, None] * X @ np.linalg.inv(hessian(X, y, theta, l2))
    g_test = -y_test * sigma(-y_test * (x_test @ theta)) * x_test
    return -moves @ g_test / np.linalg.norm(moves, axis=1)


def relative_by_the_library(X, y, theta, l2, x_test, y_test):
    influence = Influence(LinearRisk(X, y, Logistic(), l2=l2), theta)
    return influence.up_loss(x_test, y_test) / influence.overall_effect()


def mended(K, y, theta, l2, k_test, y_test):
    line = WRONG.replace("l2 * K", "l2 * np.eye(n)")
    return written(line, "kernel_influences")(K, y, theta, l2, k_test, y_test)


def all_in_alpha(K, y, theta, l2, k_test, y_test):
    """The other way to write it, all of it: f = K alpha, penalty l2/2 alpha'K alpha."""
    alpha = np.linalg.solve(np.linalg.cholesky(K).T, theta)
    f = K @ alpha
    s = sigma(-y * f)
    H = (K * (s * (1 - s))) @ K / len(y) + l2 * K
    G = -(y * s)[:, None] * K
    g_test = -y_test * sigma(-y_test * (k_test @ alpha)) * k_test
    return -G @ np.linalg.solve(H, g_test)


def _named(a, b, least=1.4):
    return 0 if max(a, b) < least * min(a, b) else 1 + (b < a), a, b


def share_of_the_farther_half(first, second, ranks):
    far = ranks > ranks.shape[1] / 2
    return _named(*(np.mean((abs(a) * far).sum(1) / abs(a).sum(1)) for a in (first, second)))


def mean_rank_of_the_five_most_helpful(first, second, ranks):
    def of(a):
        return np.mean([r[np.argsort(i)[:5]].mean() for i, r in zip(a, ranks, strict=True)])

    return list(_named(of(first), of(second)))


def mean_rank_by_influence(first, second, ranks):
    return np.array(
        _named(*(np.mean((abs(a) * ranks).sum(1) / abs(a).sum(1)) for a in (first, second)))
    )


PASS = [
    (lesson.rbf_features, with_scipy),
    (lesson.rbf_features, in_loops),
    (lesson.rbf_features, by_the_library),
    (lesson.top, one_sort),
    (lesson.top, a_list),
    (lesson.distance_rank, by_writing),
    (lesson.distance_rank, counted),
    (lesson.distance_rank, by_rankdata),
    (lesson.relative_influence, one_after_the_other),
    (lesson.relative_influence, without_what_cancels),
    (lesson.relative_influence, relative_by_the_library),
    (lesson.kernel_influences, mended),
    (lesson.kernel_influences, all_in_alpha),
    (lesson.by_nearness, share_of_the_farther_half),
    (lesson.by_nearness, mean_rank_of_the_five_most_helpful),
    (lesson.by_nearness, mean_rank_by_influence),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def distance_itself(X, gamma, Z):
    L = np.linalg.cholesky(np.exp(-gamma * cdist(X, X)))
    return np.linalg.solve(L, np.exp(-gamma * cdist(X, Z))).T


def removal_signs(influences, k, kind):
    rises = -influences / len(influences)
    return np.argsort(rises)[:k] if kind == "helpful" else np.argsort(-rises)[:k]


def sorted_once(X, x_test):
    return np.argsort(np.linalg.norm(X - x_test, axis=1)) + 1


def relative_to_the_loss(X, y, theta, l2, x_test, y_test):
    influence = Influence(LinearRisk(X, y, Logistic(), l2=l2), theta)
    return influence.up_loss(x_test, y_test) / influence.overall_effect("loss")


def renamed_and_as_wrong(K, y, theta, l2, k_test, y_test):
    return written(WRONG.replace("F", "phi"), "kernel_influences")(K, y, theta, l2, k_test, y_test)


def larger_influences(first, second, ranks):
    return _named(abs(first).mean(), abs(second).mean())


def those_of_the_kind(influences, k, kind):
    wanted = influences[influences < 0] if kind == "helpful" else -influences[influences > 0]
    return wanted.argsort()[:k]


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (lesson.top, those_of_the_kind, "places among those left"),
        (lesson.rbf_features, distance_itself, "distance not squared"),
        (lesson.top, removal_signs, "helpful and harmful exchanged"),
        (lesson.distance_rank, sorted_once, "the order"),
        (lesson.relative_influence, relative_to_the_loss, "relative to the losses"),
        (lesson.kernel_influences, renamed_and_as_wrong, "still in it"),
        (lesson.by_nearness, larger_influences, "how large"),
    ],
)
def test_a_slip_as_a_learner_writes_it(exercise: Exercise, answer: Callable, name: str) -> None:
    result = exercise.check(answer)
    assert result.mistake == name, repr(result)
    assert not result.solved


def the_two_forgotten(X, gamma, Z):
    def k(A, B):
        return np.exp(-gamma * ((A**2).sum(1)[:, None] + (B**2).sum(1) - A @ B.T))

    return np.linalg.solve(np.linalg.cholesky(k(X, X)), k(X, Z)).T


def factor_of_the_test_images(X, gamma, Z):
    L = np.linalg.cholesky(np.exp(-gamma * cdist(Z, Z, "sqeuclidean")))
    return np.linalg.solve(L, np.exp(-gamma * cdist(X, Z, "sqeuclidean"))).T


def the_sets_exchanged(X, gamma, Z):
    L = np.linalg.cholesky(np.exp(-gamma * cdist(Z, Z, "sqeuclidean")))
    return np.linalg.solve(L, np.exp(-gamma * cdist(Z, X, "sqeuclidean")))


def with_a_jitter(X, gamma, Z):
    K = np.exp(-gamma * cdist(X, X, "sqeuclidean")) + 1e-3 * np.eye(len(X))
    return np.linalg.solve(np.linalg.cholesky(K), np.exp(-gamma * cdist(X, Z, "sqeuclidean"))).T


def wrong_in_k_alone(X, gamma, Z):
    L = np.linalg.cholesky(np.exp(-gamma * cdist(X, X, "sqeuclidean")))
    return np.linalg.solve(L, np.exp(-gamma * cdist(X, Z))).T


def plus_in_the_exponent(X, gamma, Z):
    L = np.linalg.cholesky(np.exp(gamma * cdist(X, X, "sqeuclidean")))
    return np.linalg.solve(L, np.exp(gamma * cdist(X, Z, "sqeuclidean"))).T


def by_eigenvectors(X, gamma, Z):
    values, V = np.linalg.eigh(np.exp(-gamma * cdist(X, X, "sqeuclidean")))
    return (V.T @ np.exp(-gamma * cdist(X, Z, "sqeuclidean")) / np.sqrt(values)[:, None]).T


def the_last_ones(influences, k, kind):
    return np.argsort(influences if kind == "helpful" else -influences)[-k:]


def those_alone(influences, k, kind):
    of = np.flatnonzero(influences < 0 if kind == "helpful" else influences > 0)
    return of[np.argsort(-abs(influences[of]))][:k]


def from_the_farthest_as_an_order(X, x_test):
    return np.argsort(cdist(X, x_test[None])[:, 0])[::-1] + 1


def by_lengths(X, x_test):
    lengths = np.linalg.norm(X, axis=1) - np.linalg.norm(x_test)
    return np.argsort(np.argsort(abs(lengths))) + 1


def by_one_pixel(X, x_test):
    return np.argsort(np.argsort(abs(X[:, 0] - x_test[0]))) + 1


def over_the_sum_of_absolutes(X, y, theta, l2, x_test, y_test):
    moves = np.linalg.solve(hessian(X, y, theta, l2), (-y * sigma(-y * (X @ theta)) * X.T))
    g_test = -y_test * sigma(-y_test * (x_test @ theta)) * x_test
    return -(g_test @ moves) / abs(moves).sum(axis=0)


def hunted(old, new):
    """The code of the bug hunt with something in the place of its penalty."""
    return lambda *case: written(WRONG.replace(old, new), "kernel_influences")(*case)


def strongest_of_columns(first, second, ranks):
    def of(a):
        return np.median(np.take_along_axis(ranks, np.argsort(-abs(a), axis=0)[:10], axis=0))

    return _named(of(first), of(second))


def first_test_image(first, second, ranks):
    return _named(*(np.median(ranks[0, np.argsort(-abs(a[0]))[:10]]) for a in (first, second)))


def last_test_image(first, second, ranks):
    return _named(*(np.median(ranks[-1, np.argsort(-abs(a[-1]))[:10]]) for a in (first, second)))


def without_ranks(first, second, ranks):
    strongest = (np.argsort(-abs(a), axis=1)[:, :10] for a in (first, second))
    return _named(*(1 / len(set(s.ravel().tolist())) for s in strongest))


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (lesson.rbf_features, the_two_forgotten, "the 2 of the square"),
        (lesson.rbf_features, factor_of_the_test_images, "kernel of Z alone"),
        (lesson.rbf_features, the_sets_exchanged, "kernel of Z alone"),
        (lesson.rbf_features, with_a_jitter, "a jitter on the diagonal"),
        (lesson.rbf_features, wrong_in_k_alone, "distance not squared"),
        (lesson.rbf_features, plus_in_the_exponent, "not a distance"),
        (lesson.rbf_features, by_eigenvectors, "another root"),
        (lesson.top, the_last_ones, "the other end"),
        (lesson.top, those_alone, "only those of the kind"),
        (lesson.distance_rank, from_the_farthest_as_an_order, "the order"),
        (lesson.distance_rank, by_lengths, "difference of the lengths"),
        (lesson.distance_rank, by_one_pixel, "one pixel"),
        (lesson.relative_influence, over_the_sum_of_absolutes, "absolute values added up"),
        (lesson.kernel_influences, hunted("l2 * K", "l2 * np.diag(np.diag(K))"), "diagonal of K"),
        (lesson.kernel_influences, hunted("l2 * K", "l2 * np.mean(np.diag(K)) * np.eye(n)"),
         "diagonal of K"),
        (lesson.kernel_influences, hunted("l2 * K", "l2 * F.T @ F"), "L'L for K"),
        (lesson.by_nearness, strongest_of_columns, "test images for training images"),
        (lesson.by_nearness, first_test_image, "one test image"),
        (lesson.by_nearness, last_test_image, "one test image"),
        (lesson.by_nearness, without_ranks, "how many different"),
    ],
)  # fmt: skip
def test_a_slip_that_had_no_name(exercise: Exercise, answer: Callable, name: str) -> None:
    result = exercise.check(answer)
    assert result.mistake == name, repr(result)
    assert not result.solved


def by_the_median(X, x_test):
    return np.argsort(np.argsort(np.median(abs(X - x_test), axis=1))) + 1


def sorted_down(X, x_test):
    return len(X) + 1 - rankdata(cdist(X, x_test[None])[:, 0])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (by_the_median, "So it ranks well. What it ranks by is another distance"),
        (sorted_down, "yours are 1, 3, 2: look at the ranking first."),
        (by_rankdata, "their places are 3, 1, 2."),
    ],
)
def test_a_line_tells_a_wrong_ranking_from_a_wrong_distance(answer: Callable, said: str) -> None:
    """Any ranking has the numbers 1 to n, so that these are right tells nothing."""
    assert said in " ".join(repr(lesson.distance_rank.check(answer)).split())


def test_an_order_that_is_not_sorted_is_refused() -> None:
    def unsorted(influences, k, kind):
        return np.sort(one_sort(influences, k, kind))

    assert lesson.top.check(unsorted).mistake == "unsorted"


def test_an_answer_to_the_open_question_leaves_its_arrays_alone() -> None:
    def in_place(first, second, ranks):
        np.abs(first, out=first)
        return share_of_the_farther_half(first, second, ranks)

    assert lesson.by_nearness.check(in_place).mistake == "changes an argument"


def test_the_features_have_the_kernel_as_their_inner_products() -> None:
    X = np.array([[0.0, 1.2], [1.5, -0.4], [-1.1, 0.3], [0.4, -1.7]])
    F = lesson.rbf_features.reference(X, 0.4, X)
    z = lesson.rbf_features.reference(X, 0.4, np.array([[0.7, 0.5]]))
    K = np.exp(-0.4 * cdist(X, X, "sqeuclidean"))
    assert np.allclose(F @ F.T, K)
    assert F @ z[0] == pytest.approx(np.exp(-0.4 * ((X - [0.7, 0.5]) ** 2).sum(axis=1)))


def test_what_the_bug_hunt_says_of_the_wrong_code_is_so() -> None:
    """Most signs are right, every number is off, and H is not the derivative of the gradient."""
    wrong = written(WRONG, "kernel_influences")
    for case in _tests():
        values, right = wrong(*case), lesson.kernel_influences.reference(*case)
        assert np.mean(np.sign(values) == np.sign(right)) > 0.5
        assert np.mean(abs(values - right) > 0.02 * abs(right)) > 0.7
    as_given = lesson.kernel_influences.check(wrong)
    assert as_given.state == "not attempted"
    assert "l2 * K" not in repr(as_given)


def test_the_rubric_has_room_on_both_sides() -> None:
    """Where a model goes by nearness the numbers are far apart, else next to each other."""
    for right, case in pairs():
        named, a, b = lesson.by_nearness.reference(*case)
        assert named == right
        ratio = max(a, b) / min(a, b)
        assert ratio < 1.1 if right == 0 else ratio > 5


def test_the_rubric_shows_the_learner_s_own_numbers() -> None:
    result = lesson.by_nearness.check(lambda first, second, ranks: (2, 10.0, 12.0))
    said = " ".join(repr(result).split())
    assert result.state == "not yet"
    assert "You name the second model" in said
    assert "Your numbers are 10 and 12" in said
    assert "1.2 times the smaller" in said


@pytest.mark.parametrize("answer", [(1, -2.0, 3.0), (1, np.nan, 3.0), (0, 0.0, 0.0)])
def test_numbers_that_have_no_ratio_support_nothing(answer: tuple) -> None:
    assert [aim.met for aim in aims(*pairs()[0][1], answer)][1:] == [False, False]


@pytest.mark.parametrize("answer", [(3, 1.0, 2.0), (1, 2.0), "first", None])
def test_an_answer_of_another_kind_is_a_sentence(answer: object) -> None:
    result = lesson.by_nearness.check(lambda first, second, ranks: answer)
    assert not result.solved
    assert "fault of the course" not in repr(result)


def test_the_exercises_are_numbered_as_they_appear_in_the_lesson() -> None:
    order = (
        lesson.rbf_features,
        lesson.top,
        lesson.distance_rank,
        lesson.relative_influence,
        lesson.kernel_influences,
        lesson.by_nearness,
    )
    assert [exercise.number for exercise in order] == [f"12.{k}" for k in range(1, 7)]
