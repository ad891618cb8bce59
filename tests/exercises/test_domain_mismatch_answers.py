"""Lesson 14: other ways to write the right answer, slips as learners write them, and the truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from teachkit import Influence, LinearRisk, datasets, leave_one_out
from teachkit.exercises import Exercise
from teachkit.exercises import domain_mismatch as lesson
from teachkit.exercises._slips.logistic import fit, gradient, hessian, sigma
from teachkit.exercises.domain_mismatch._hunt import WRONG
from teachkit.exercises.domain_mismatch._repair import BUDGET, aims, trials
from teachkit.losses import Logistic
from tests.exercises.test_every_exercise import written


def risk_of(X, y, l2):
    return LinearRisk(X, y, Logistic(), l2=l2)


def row_by_row(X, y, theta, is_child):
    best, found = 0.0, -1
    for i in range(len(y)):
        if is_child[i] and y[i] == -1 and X[i] @ theta > best:
            best, found = X[i] @ theta, i
    return found


def by_the_loss(X, y, theta, is_child):
    loss = np.where(is_child & (y < 0), np.log1p(np.exp(-y * (X @ theta))), 0)
    return int(loss.argmax()) if loss.max() > np.log(2) else -1


def by_probability_and_sorting(X, y, theta, is_child):
    chance = sigma(X @ theta)
    rows = [i for i in np.argsort(-chance) if is_child[i] and y[i] < 0 and chance[i] > 0.5]
    return rows[0] if rows else -1


def sorted_by_key(influences, k):
    rows = sorted(range(len(influences)), key=lambda i: abs(influences[i]), reverse=True)[:k]
    return [(i, -influences[i] / len(influences)) for i in rows]


def turned_round(influences, k):
    rows = np.argsort(influences**2)[::-1][:k]
    return np.array([rows, -(influences / influences.size)[rows]]).T


def by_the_library(X, y, theta, l2, x_test, y_test):
    return -Influence(risk_of(X, y, l2), theta).up_loss(x_test, y_test)


def one_after_the_other(X, y, theta, l2, x_test, y_test):
    s_test = np.linalg.inv(hessian(X, y, theta, l2)) @ (
        -y_test * sigma(-y_test * (x_test @ theta)) * x_test
    )
    return [gradient(X, y, theta, i) @ s_test for i in range(len(y))]


def label_put_back(X, y, theta, l2, x_test, y_test):
    source = WRONG.replace("np.exp(X @ theta)", "np.exp(X @ theta * y)")
    return written(source, "influences_on")(X, y, theta, l2, x_test, y_test)


def with_masks(influences, groups):
    return [np.mean(abs(influences[groups == g])) for g in np.unique(groups)]


def added_up(influences, groups):
    total, count = np.zeros(max(groups) + 1), np.zeros(max(groups) + 1)
    np.add.at(total, groups, np.abs(influences))
    np.add.at(count, groups, 1)
    return total / count


def the_first_missing(X, y, theta, is_child, missing, budget):
    return np.r_[np.ones(len(y)), np.arange(len(missing)) < budget]


def fewer_and_twice(X, y, theta, is_child, missing, budget):
    w = np.concatenate([np.ones(len(y)), np.zeros(len(missing))])
    w[len(y) : len(y) + 5] = 2.0
    return w


def asked_and_weighed(X, y, theta, is_child, missing, budget):
    w = np.where(is_child & (y > 0), 0.5, 1.0)
    asked = np.zeros(len(missing))
    asked[np.argsort(missing @ theta)[-5:]] = 1
    return list(w) + list(asked)


PASS = [
    (lesson.choose_child, row_by_row),
    (lesson.choose_child, by_the_loss),
    (lesson.choose_child, by_probability_and_sorting),
    (lesson.culprits, sorted_by_key),
    (lesson.culprits, turned_round),
    (lesson.influences_on, by_the_library),
    (lesson.influences_on, one_after_the_other),
    (lesson.influences_on, label_put_back),
    (lesson.by_group, with_masks),
    (lesson.by_group, added_up),
    (lesson.repair, the_first_missing),
    (lesson.repair, fewer_and_twice),
    (lesson.repair, asked_and_weighed),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def a_random_patient(X, y, theta, is_child):
    return row_by_row(X, y, theta, np.ones(len(y), dtype=bool))


def among_the_chosen(X, y, theta, is_child):
    scores = (X @ theta)[is_child & (y < 0) & (X @ theta > 0)]
    return scores.argmax() if len(scores) else -1


def positive_ones(influences, k):
    rows = influences.argsort()[::-1][:k]
    return np.column_stack([rows, -influences[rows] / len(influences)])


def influence_for_rise(influences, k):
    rows = np.argsort(-abs(influences))[:k]
    return np.column_stack([rows, influences[rows] / len(influences)])


def renamed_and_as_wrong(X, y, theta, l2, x_test, y_test):
    source = WRONG.replace("G", "rows")
    return written(source, "influences_on")(X, y, theta, l2, x_test, y_test)


def other_label(X, y, theta, l2, x_test, y_test):
    source = WRONG.replace("np.exp(X @ theta)", "np.exp(-X @ theta)")
    return written(source, "influences_on")(X, y, theta, l2, x_test, y_test)


def signed(influences, groups):
    return [influences[groups == g].mean() for g in range(max(groups) + 1)]


def sums(influences, groups):
    return np.bincount(groups, weights=abs(influences))


def three_deleted(X, y, theta, is_child, missing, budget):
    return np.r_[~(is_child & (y > 0)), np.zeros(len(missing))]


def times_the_mask(X, y, theta, is_child):
    scores = X @ theta
    return int(np.argmax(scores * (is_child & (y == -1) & (scores > 0))))


def asked_after_the_maximum(X, y, theta, is_child):
    row = np.argmax(X @ theta)
    return row if is_child[row] and y[row] < 0 and X[row] @ theta > 0 else -1


def healthy_children_and_then_wrong(X, y, theta, is_child):
    scores = X @ theta
    return int(np.argmax(np.where(is_child & (y < 0) & (scores > 0), scores, -np.inf)))


def the_lesson_s_n(influences, k):
    n = 2178
    rows = np.argsort(-abs(influences))[:k]
    return np.column_stack([rows, -influences[rows] / n])


def exchanged(influences, k):
    rows = np.argsort(-abs(influences))[:k]
    return np.column_stack([-influences[rows] / len(influences), rows])


def the_first_influences(influences, k):
    rows = np.argsort(-abs(influences))[:k]
    return np.column_stack([rows, influences[:k]])


def sorted_among_the_first(influences, k):
    rows = np.argsort(-abs(influences[:k]))
    return np.column_stack([rows, -influences[rows] / len(influences)])


def turned(line, by):
    def answer(X, y, theta, l2, x_test, y_test):
        source = WRONG.replace("np.exp(X @ theta)", "np.exp(y * (X @ theta))").replace(line, by)
        return written(source, "influences_on")(X, y, theta, l2, x_test, y_test)

    return answer


def hunted(line, by):
    def answer(X, y, theta, l2, x_test, y_test):
        source = WRONG.replace(line, by)
        return written(source, "influences_on")(X, y, theta, l2, x_test, y_test)

    return answer


def repeated_indices(influences, groups):
    total = np.zeros(groups.max() + 1)
    total[groups] += abs(influences)
    return total / np.bincount(groups)


def one_row_less(influences, groups):
    return np.bincount(groups, abs(influences)) / (np.bincount(groups) - 1)


def least_of_those_called_healthy(X, y, theta, is_child):
    scores = X @ theta
    rows = np.flatnonzero(is_child & (y < 0) & (scores < 0))
    return rows[np.argmin(scores[rows])] if len(rows) else -1


def a_half_for_the_score(X, y, theta, is_child):
    scores = X @ theta
    rows = np.flatnonzero(is_child & (y < 0) & (scores > 0.5))
    return rows[np.argmax(scores[rows])] if len(rows) else -1


def largest_size_of_a_score(X, y, theta, is_child):
    rows = np.flatnonzero(is_child & (y < 0))
    return rows[np.argmax(np.abs(X @ theta)[rows])] if len(rows) else -1


def into_whole_numbers(influences, k):
    found = np.zeros((k, 2), dtype=int)
    found[:, 0] = np.argsort(-abs(influences))[:k]
    found[:, 1] = -influences[found[:, 0]] / len(influences)
    return found


def half_and_half(influences, k):
    order = np.argsort(influences)
    rows = np.append(order[: k // 2], order[::-1][: k - k // 2][::-1])
    return np.column_stack([rows, -influences[rows] / len(influences)])


def falls_alone(influences, k):
    rows = np.argsort(-abs(influences))[:k]
    return np.column_stack([rows, -abs(influences[rows]) / len(influences)])


def root_mean_square(influences, groups):
    return [np.sqrt(np.mean(influences[groups == g] ** 2)) for g in range(max(groups) + 1)]


def spread(influences, groups):
    return [np.std(influences[groups == g]) for g in np.unique(groups)]


def a_mean_for_each_row(influences, groups):
    return np.array(with_masks(influences, groups))[groups]


def eight_for_twenty(X, y, theta, is_child, missing, budget):
    w = np.r_[np.ones(len(y)), np.zeros(len(missing))]
    w[len(y) + np.argsort(-(missing @ theta))[:budget]] = len(missing) / budget
    return w


def offset_forgotten(X, y, theta, is_child, missing, budget):
    w = np.r_[np.ones(len(y)), np.zeros(len(missing))]
    w[np.argsort(-(missing @ theta))[:budget]] = 1
    return w


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (lesson.choose_child, a_random_patient, "older patients too"),
        (lesson.choose_child, among_the_chosen, "place among the chosen"),
        (lesson.culprits, positive_ones, "most positive"),
        (lesson.culprits, influence_for_rise, "sign of the rise"),
        (lesson.influences_on, renamed_and_as_wrong, "still in it"),
        (lesson.influences_on, other_label, "the other label's"),
        (lesson.by_group, signed, "with signs"),
        (lesson.by_group, sums, "sums"),
        (lesson.repair, three_deleted, "removed"),
        (lesson.choose_child, times_the_mask, "empty case forgotten"),
        (lesson.choose_child, healthy_children_and_then_wrong, "empty case forgotten"),
        (lesson.choose_child, asked_after_the_maximum, "conditions after the maximum"),
        (lesson.culprits, the_lesson_s_n, "another n"),
        (lesson.culprits, exchanged, "columns exchanged"),
        (lesson.culprits, the_first_influences, "of the first rows"),
        (lesson.culprits, sorted_among_the_first, "of the first k alone"),
        (lesson.influences_on, turned("G = -(y", "G = (y"), "sign"),
        (lesson.influences_on, turned("= -y_test", "= y_test"), "sign"),
        (lesson.influences_on, hunted("np.exp(X", "y * np.exp(X"), "label beside the exponential"),
        (
            lesson.influences_on,
            hunted("y_test * (x_test @ theta)", "x_test @ theta"),
            "at the test child too",
        ),
        (lesson.by_group, repeated_indices, "indices count once"),
        (lesson.by_group, one_row_less, "one fewer"),
        (lesson.repair, offset_forgotten, "nothing done"),
        (lesson.choose_child, least_of_those_called_healthy, "surely healthy"),
        (lesson.choose_child, a_half_for_the_score, "1/2 for the score"),
        (lesson.choose_child, largest_size_of_a_score, "far on either side"),
        (lesson.culprits, into_whole_numbers, "cut off"),
        (lesson.culprits, half_and_half, "some of either side"),
        (lesson.culprits, falls_alone, "sizes"),
        (
            lesson.influences_on,
            hunted("1 / (1 + np.exp(X @ theta))", "y / (1 + np.exp(y * (X @ theta)))"),
            "label beside the exponential",
        ),
        (
            lesson.influences_on,
            hunted("np.exp(X @ theta)", "np.exp(y_test * (X @ theta))"),
            "the test child's label",
        ),
        (lesson.by_group, root_mean_square, "root of the mean square"),
        (lesson.by_group, spread, "spread"),
        (lesson.by_group, a_mean_for_each_row, "one a row"),
        (lesson.repair, eight_for_twenty, "eight for twenty"),
    ],
)
def test_a_slip_as_a_learner_writes_it(exercise: Exercise, answer: Callable, name: str) -> None:
    result = exercise.check(answer)
    assert result.mistake == name, repr(result)
    assert not result.solved


def test_an_and_of_comparisons_without_brackets_is_explained() -> None:
    def without(X, y, theta, is_child):
        return np.flatnonzero(is_child & y < 0)[0]

    said = " ".join(repr(lesson.choose_child.check(without)).split())
    assert "brackets belong round each comparison" in said


def test_the_wrong_code_as_it_was_given_is_not_attempted() -> None:
    result = lesson.influences_on.check(written(WRONG, "influences_on"))
    assert result.state == "not attempted"
    assert "np.exp" not in repr(result)


def test_what_the_bug_hunt_says_of_the_wrong_code_is_so() -> None:
    """Beside true retraining it is right for rows in hospital, and for the others it is not."""
    data = datasets.rand_children()
    kept = list(data.kept)
    X, y, l2 = data.X[kept], data.y[kept], 1e-3
    theta = fit(X, y, l2)
    healthy = data.X_test[data.y_test < 0]
    x = healthy[np.argmax(healthy @ theta)]
    wrong = written(WRONG, "influences_on")(X, y, theta, l2, x, -1.0)
    rows = [*range(4), *range(10, len(y), 20)]
    thetas = theta + leave_one_out(risk_of(X, y, l2), theta, rows)
    true = len(y) * (np.logaddexp(0, thetas @ x) - np.logaddexp(0, x @ theta))
    off, ill = np.abs(wrong[rows] / true - 1), y[rows] > 0
    assert np.median(off[ill]) < 0.08
    assert np.median(off[~ill]) > 0.2
    assert np.array_equal(np.sign(wrong[rows]), np.sign(true))
    right = lesson.influences_on.reference(X, y, theta, l2, x, -1.0)
    assert np.median(np.abs(right[rows] / true - 1)[~ill]) < 0.08
    # An order does not see it: the four children are on top of either list.
    for scores in (wrong, right):
        assert set(np.argsort(-np.abs(scores))[:4]) == set(range(4))


def test_the_rubric_has_room_on_both_sides() -> None:
    """Eight children asked meet every aim with room to spare; what is refused is far from it."""
    for trial in trials():
        before, older = trial.right(fit(trial.X, trial.y, 1e-3))
        assert before < 0.6
        for answer in (lesson.repair.reference, the_first_missing):
            right, now = trial.right(trial.trained(np.asarray(answer(*trial.case), dtype=float)))
            assert right >= 0.93
            assert now >= older - 0.007
            theta = trial.trained(np.asarray(answer(*trial.case), dtype=float))
            assert trial.found(theta) >= 0.6
            assert trial.ill_found(theta) >= 2
        removed = trial.trained(three_deleted(*trial.case).astype(float))
        assert before + 0.2 < trial.right(removed)[0] < 0.91


def test_calling_nearly_everybody_healthy_meets_not_all_aims() -> None:
    """Cheap where nine in ten are healthy: those in hospital have to be found as well."""
    for much in (1 / 7, 0.9):
        for trial in trials():
            asked = np.arange(len(trial.missing)) < BUDGET
            w = np.r_[np.where(trial.y > 0, much, 1.0), asked]
            met = [aim.met for aim in aims(*trial.case, w)]
            assert met[:4] + met[5:] == [True] * 5 + [False]


def eight_that_count(much):
    def answer(X, y, theta, is_child, missing, budget):
        return np.r_[np.ones(len(y)), much * (np.arange(len(missing)) < budget)]

    return answer


def test_calling_every_child_the_same_meets_not_all_aims() -> None:
    """All healthy, by much weight; all ill, by none asked and the three weighed up."""
    for trial in trials():
        theta = trial.trained(eight_that_count(3.0)(*trial.case))
        assert trial.right(theta)[0] > 0.99
        assert trial.ill_found(theta) <= 1
    result = lesson.repair.check(eight_that_count(3.0))
    assert not result.solved
    assert "who were in hospital it finds 0, after" in " ".join(repr(result).split())

    def ill(X, y, theta, is_child, missing, budget):
        return np.r_[np.where(is_child & (y > 0), 3.0, 1.0), np.zeros(len(missing))]

    for trial in trials():
        assert trial.right(trial.trained(ill(*trial.case)))[0] < 0.2
    assert not lesson.repair.check(ill).solved


def test_a_weight_of_nearly_nothing_throws_a_row_away_too() -> None:
    def as_good_as_removed(X, y, theta, is_child, missing, budget):
        return np.r_[np.where(is_child & (y > 0), 1e-6, 1.0), np.arange(len(missing)) < 5]

    said = " ".join(repr(lesson.repair.check(as_good_as_removed)).split())
    assert "○ 3 of the rows at hand have a weight below 0.1" in said


def test_the_rubric_shows_the_learner_s_own_numbers() -> None:
    def all_of_them(X, y, theta, is_child, missing, budget):
        return np.r_[np.where(is_child, 4.0, 1.0), np.arange(20) < 9]

    result = lesson.repair.check(all_of_them)
    said = " ".join(repr(result).split())
    assert (result.state, result.mistake) == ("not yet", None)
    assert "You ask 9 of the 20 missing children (at most 8)." in said
    assert "The largest weight is 4 (at most 3" in said
    assert "of the healthy test children right" in said


@pytest.mark.parametrize("answer", [[], np.ones(5), "all", None, np.full(2198, -1.0)])
def test_an_answer_that_is_no_weights_is_a_sentence(answer: object) -> None:
    result = lesson.repair.check(lambda X, y, theta, is_child, missing, budget: answer)
    assert not result.solved
    assert "fault of the course" not in repr(result)


def test_a_weight_of_nothing_is_not_asked_and_its_rubric_is_judged_by_retraining() -> None:
    trial = trials()[0]
    w = np.asarray(lesson.repair.reference(*trial.case), dtype=float)
    met = [aim.met for aim in aims(*trial.case, w)]
    assert met == [True] * 7
    assert np.sum(w[len(trial.y) :] > 0) == BUDGET


def test_what_is_said_of_h_in_the_hunt_speaks_of_its_lines() -> None:
    for line, by in (("+ l2", "+ 0 * l2"), ("+ l2", "+ n * l2")):
        said = " ".join(repr(lesson.influences_on.check(turned(line, by))).split())
        assert "penalty" in said
        assert "directions" not in said
        assert "loop" not in said
