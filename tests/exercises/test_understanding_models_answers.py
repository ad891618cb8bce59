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


def by_the_largest_product(X, x_test):
    return np.argsort(np.argsort((X * x_test).max(axis=1))) + 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (by_the_median, "So it ranks well. What it ranks by is another distance"),
        (by_the_largest_product, "yours are 1, 2, 3: it is the distance or the ranking."),
        (by_rankdata, "their places are 3, 1, 2."),
    ],
)
def test_a_line_tells_a_wrong_ranking_from_a_wrong_distance(answer: Callable, said: str) -> None:
    """Any ranking has the numbers 1 to n, so that these are right tells nothing."""
    assert said in " ".join(repr(lesson.distance_rank.check(answer)).split())


def ranked(measure):
    return lambda X, x_test: rankdata(measure(X, x_test), method="ordinal")


def the_inverse_on_the_right(X, gamma, Z):
    L = np.linalg.cholesky(np.exp(-gamma * cdist(X, X, "sqeuclidean")))
    return np.exp(-gamma * cdist(Z, X, "sqeuclidean")) @ np.linalg.inv(L)


def the_end_for_harmful(influences, k, kind):
    return np.argsort(influences)[:k] if kind == "helpful" else np.argsort(influences)[-k:]


def the_end_for_both(influences, k, kind):
    return np.argsort(influences)[-k:]


def any_test_label(X, y, theta, l2, x_test, y_test):
    moves = np.linalg.solve(hessian(X, y, theta, l2), (-y * sigma(-y * (X @ theta)) * X.T))
    return sigma(-x_test @ theta) * (x_test @ moves) / np.linalg.norm(moves, axis=0)


def rows_for_gradients(X, y, theta, l2, x_test, y_test):
    moves = np.linalg.solve(hessian(X, y, theta, l2), X.T)
    g_test = -y_test * sigma(-y_test * (x_test @ theta)) * x_test
    return -(g_test @ moves) / np.linalg.norm(moves, axis=0)


def test_label_left_out(X, y, theta, l2, x_test, y_test):
    return y_test * lesson.relative_influence.reference(X, y, theta, l2, x_test, y_test)


test_label_left_out.__test__ = False


def strongest_by(order):
    def of(a, ranks):
        return np.median(np.take_along_axis(ranks, order(a), axis=1))

    return lambda first, second, ranks: _named(of(first, ranks), of(second, ranks))


@pytest.mark.parametrize(
    ("exercise", "answer", "said"),
    [
        (lesson.rbf_features, the_inverse_on_the_right, "untransposed it is what you have"),
        (lesson.top, the_end_for_harmful, "the strongest comes last"),
        (lesson.top, the_end_for_both, "and the strongest of them last"),
        (lesson.distance_rank, ranked(lambda X, x: ((X[:, :-1] - x[:-1]) ** 2).sum(1)),
         "The last pixel is left out"),
        (lesson.distance_rank, ranked(lambda X, x: ((X - X[0]) ** 2).sum(1)),
         "x_test is not in it"),
        (lesson.distance_rank, ranked(lambda X, x: (X**2 - x**2).sum(1)),
         "or is one number that is subtracted from all"),
        (lesson.distance_rank, ranked(lambda X, x: X @ x), "the smallest x'x_test comes first"),
        (lesson.distance_rank, ranked(lambda X, x: -X @ x), "the largest x'x_test first"),
        (lesson.distance_rank, ranked(
            lambda X, x: np.linalg.norm(X, axis=1) - np.linalg.norm(x)),
         "or is one number that is subtracted from all"),
        (lesson.relative_influence, any_test_label, "one of label +1"),
        (lesson.relative_influence, rows_for_gradients, "You solved with X.T"),
        (lesson.relative_influence, test_label_left_out,
         "At the test point: The label is missing in the gradient ("),
        (lesson.kernel_influences, hunted("l2 * K", "l2 * np.eye(n) / n"), "it is divided by n"),
        (lesson.kernel_influences, hunted("l2 * K", "l2 * np.diag(K)"), "to whole columns"),
        (lesson.by_nearness, strongest_by(lambda a: np.argsort(-abs(a), axis=1)[::-1][:, :10]),
         "`[::-1]` turns the rows"),
    ],
)  # fmt: skip
def test_what_a_slip_is_told_is_true_of_it(exercise: Exercise, answer, said: str) -> None:
    result = exercise.check(answer)
    assert not result.solved
    assert said in " ".join(repr(result).split())
    assert "the distance or the ranking" not in " ".join(repr(result).split())


def test_a_wrong_answer_without_its_choice_is_no_fault_of_the_course() -> None:
    result = lesson.top.check(lambda influences, k, kind: np.argsort(influences)[1 : k + 1])
    assert "fault of the course" not in repr(result)


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ([("solve(F,", "solve(F.T,")],
         "still in it, and what was right is changed: `f_test = np.linalg.solve(F, k_test)`"),
        ([("l2 * K", "l2 * np.eye(n)"), ("(F @ theta)", "(K @ theta)")],
         "H's penalty is right now. What is changed was right as given: `s = 1 /"),
        ([("(s * (1 - s))", "s")], "what else was in its line was right"),
    ],
)  # fmt: skip
def test_the_bug_hunt_says_which_right_line_was_changed(
    edits: list, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = WRONG
    for old, new in edits:
        source = source.replace(old, new)
    monkeypatch.setattr("inspect.getsource", lambda function: source)
    result = lesson.kernel_influences.check(written(source, "kernel_influences"))
    assert said in " ".join(repr(result).split())


@pytest.mark.parametrize("turn", [lambda a, b: (1 / a, 1 / b), lambda a, b: (b, a)])
def test_numbers_that_grow_with_nearness_are_told_so(turn: Callable) -> None:
    case = pairs()[0][1]
    named, a, b = lesson.by_nearness.reference(*case)
    measured = aims(*case, (named, *turn(a, b)))[1]
    assert not measured.met
    assert "grows with nearness, or the two are exchanged" in measured.sentence


def test_names_are_no_measures_and_two_near_models_are_alike() -> None:
    assert not aims(*pairs()[0][1], (1, 1.0, 2.0))[1].met
    right, case = pairs()[4]
    _, a, b = lesson.by_nearness.reference(*case)
    assert right == 0
    assert max(a, b) < case[0].shape[1] / 10


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
