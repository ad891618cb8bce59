"""Lesson 15: other ways to write the right answer, slips as learners write them, and the truth."""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable

import numpy as np
import pytest

from teachkit import Influence, LinearRisk, retrain_without
from teachkit import leave_one_out as all_retrained
from teachkit.exercises import Exercise
from teachkit.exercises import mislabeled_examples as lesson
from teachkit.exercises._slips.logistic import fit, gradient, hessian, risks, sigma
from teachkit.exercises.mislabeled_examples._hunt import WRONG
from teachkit.exercises.mislabeled_examples._strategy import aims, audits
from teachkit.losses import Logistic
from tests.exercises.test_every_exercise import written


def risk_of(X, y, l2):
    return LinearRisk(X, y, Logistic(), l2=l2)


def one_after_the_other(X, y, theta, l2):
    H, values = hessian(X, y, theta, l2), []
    for i in range(len(y)):
        g = gradient(X, y, theta, i)
        values.append(-g @ np.linalg.solve(H, g))
    return values


def by_cholesky(X, y, theta, l2):
    L = np.linalg.cholesky(hessian(X, y, theta, l2))
    G = -(y * sigma(-y * (X @ theta)))[:, None] * X
    return -np.sum(np.linalg.solve(L, G.T) ** 2, axis=0)


def without_the_label_that_cancels(X, y, theta, l2):
    G = sigma(-y * (X @ theta))[:, None] * X
    return -np.diag(G @ np.linalg.inv(hessian(X, y, theta, l2)) @ G.T)


def by_the_library(X, y, theta, l2):
    return Influence(risk_of(X, y, l2), theta).self_influence()


def as_influences_on_test_points(X, y, theta, l2):
    influence = Influence(risk_of(X, y, l2), theta)
    return [influence.up_loss(X[i], y[i])[i] for i in range(len(y))]


def with_sets(order, flipped, fraction):
    looked = set(order[: round(len(order) * fraction)].tolist())
    wrong = set(np.flatnonzero(flipped).tolist())
    return len(looked & wrong) / len(wrong)


def counted(order, flipped, fraction):
    hits = 0
    for i in order[: round(fraction * flipped.size)]:
        if flipped[i]:
            hits += 1
    return hits / np.count_nonzero(flipped)


def off_the_curve(order, flipped, fraction):
    curve = np.concatenate([[0], np.cumsum(flipped[order])])
    return curve[round(fraction * len(order))] / curve[-1]


def by_places(X, y, truth, order, k, train):
    return train(X, np.where(np.isin(np.arange(len(y)), order[:k]), truth, y))


def turned_where_wrong(X, y, truth, order, k, train):
    y = y.copy()
    for i in order[:k]:
        if y[i] != truth[i]:
            y[i] = -y[i]
    return list(train(X, y))


def rows_sorted_too(X, y, truth, order, k, train):
    return train(X[order], np.concatenate([truth[order][:k], y[order][k:]]))


def with_logaddexp(X, y, theta, changes):
    rises = np.zeros(len(y))
    for i in range(len(y)):
        m, new = y[i] * (X[i] @ theta), y[i] * (X[i] @ (theta + changes[i]))
        rises[i] = np.logaddexp(0, -new) - np.logaddexp(0, -m)
    return rises


def off_the_diagonal(X, y, theta, changes):
    scores = X @ (theta + changes).T
    return np.diag(-np.log(sigma(y[:, None] * scores))) + np.log(sigma(y * (X @ theta)))


def put_back_at_the_end(X, y, theta, l2):
    source = WRONG.replace(
        "        rises[i] = after - before\n",
        "        rises[i] = after - before\n        w[i] = 1\n",
    )
    return written(source, "retrained_rises")(X, y, theta, l2)


def put_back_in_the_next_round(X, y, theta, l2):
    source = WRONG.replace("        w[i] = 0\n", "        w[i - 1], w[i] = 1, 0\n")
    return written(source, "retrained_rises")(X, y, theta, l2)


def retrained_by_the_library(X, y, theta, l2):
    changes = all_retrained(risk_of(X, y, l2), theta)
    return with_logaddexp(X, y, theta, changes)


def largest_loss(X, y, theta, l2, budget):
    return np.argsort(y * (X @ theta))[:budget]


def largest_loss_as_a_mask(X, y, theta, l2, budget):
    return np.isin(np.arange(len(y)), largest_loss(X, y, theta, l2, budget))


def loss_of_models_that_have_not_seen_the_mail(X, y, theta, l2, budget):
    margins = np.zeros(len(y))
    for k in range(5):
        fold = np.arange(len(y)) % 5 == k
        margins[fold] = y[fold] * (X[fold] @ fit(X[~fold], y[~fold], l2))
    return list(np.argsort(margins)[:budget])


PASS = [
    (lesson.self_influence, one_after_the_other),
    (lesson.self_influence, by_cholesky),
    (lesson.self_influence, without_the_label_that_cancels),
    (lesson.self_influence, by_the_library),
    (lesson.self_influence, as_influences_on_test_points),
    (lesson.found, with_sets),
    (lesson.found, counted),
    (lesson.found, off_the_curve),
    (lesson.fix_and_retrain, by_places),
    (lesson.fix_and_retrain, turned_where_wrong),
    (lesson.fix_and_retrain, rows_sorted_too),
    (lesson.own_rise, with_logaddexp),
    (lesson.own_rise, off_the_diagonal),
    (lesson.retrained_rises, put_back_at_the_end),
    (lesson.retrained_rises, put_back_in_the_next_round),
    (lesson.retrained_rises, retrained_by_the_library),
    (lesson.strategy, largest_loss),
    (lesson.strategy, largest_loss_as_a_mask),
    (lesson.strategy, loss_of_models_that_have_not_seen_the_mail),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def positive(X, y, theta, l2):
    return -np.array(one_after_the_other(X, y, theta, l2))


def with_the_probability_of_being_right(X, y, theta, l2):
    G = sigma(y * (X @ theta))[:, None] * X
    return -np.sum(G.T * np.linalg.solve(hessian(X, y, theta, l2), G.T), axis=0)


def without_slopes(X, y, theta, l2):
    return -np.sum(X.T * np.linalg.solve(hessian(X, y, theta, l2), X.T), axis=0)


def hits(order, flipped, fraction):
    return np.mean(flipped[order[: round(fraction * len(order))]])


def labels_turned(X, y, truth, order, k, train):
    y = y.copy()
    y[order[:k]] *= -1
    return train(X, y)


def wrong_ones_taken_out(X, y, truth, order, k, train):
    out = [i for i in order[:k] if y[i] != truth[i]]
    return train(np.delete(X, out, axis=0), np.delete(y, out))


def a_copy_that_is_not_used(X, y, truth, order, k, train):
    y[order][:k] = truth[order][:k]
    return train(X, y)


def straight(X, y, theta, changes):
    return [gradient(X, y, theta, i) @ changes[i] for i in range(len(y))]


def renamed_and_as_wrong(X, y, theta, l2):
    source = WRONG.replace("new", "t").replace("range(10)", "range(30)")
    return written(source, "retrained_rises")(X, y, theta, l2)


def mended_and(line, by):
    """The reference of the hunt with another line spoilt, as it stands in a cell."""
    source = lesson.retrained_rises.reference_source
    assert line in source
    return cell(source.replace(line, by), "retrained_rises")


def cell(source, name):
    place = f"<a cell, {hash(source)}>"
    linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
    names = {"np": np, "__name__": "__main__"}
    exec(compile(source, place, "exec"), names)
    return names[name]


def sizes_of_the_wrong_ones(X, y, theta, l2):
    return np.abs(renamed_and_as_wrong(X, y, theta, l2))


def a_label_left_over(X, y, theta, l2):
    return y * np.array(one_after_the_other(X, y, theta, l2))


def looked_at_in_flipped(order, flipped, fraction):
    k = round(fraction * len(order))
    return len(set(order[:k]) & set(flipped)) / sum(flipped)


def exchanged(order, flipped, fraction):
    k = round(fraction * len(order))
    return order[flipped[:k]].sum() / flipped.sum()


def first_of_the_flipped(order, flipped, fraction):
    k = round(fraction * len(order))
    return flipped[:k][order].sum() / flipped.sum()


def better_than_chance(order, flipped, fraction):
    k = max(round(fraction * len(order)), 1)
    return flipped[order[:k]].mean() / flipped.mean()


def to_the_first_places(X, y, truth, order, k, train):
    m = y.copy()
    m[:k] = truth[order[:k]]
    return train(X, m)


def from_zeros(X, y, truth, order, k, train):
    m = np.zeros(len(y))
    m[order[:k]] = truth[order[:k]]
    return train(X, m)


def an_accuracy(X, y, truth, order, k, train):
    return np.mean(np.sign(X @ by_places(X, y, truth, order, k, train)) == truth)


def one_on_top_of_the_other(X, y, theta, changes):
    rises, new = [], theta
    for i in range(len(y)):
        new = new + changes[i]
        rises.append(
            np.logaddexp(0, -y[i] * (X[i] @ new)) - np.logaddexp(0, -y[i] * (X[i] @ theta))
        )
    return rises


def first_model_for_all(X, y, theta, changes):
    return np.logaddexp(0, -y * (X @ (theta + changes[0]))) - np.logaddexp(0, -y * (X @ theta))


def best_ones_last(X, y, theta, l2, budget):
    return np.argsort(np.log1p(np.exp(-y * (X @ theta))))[::-1][-budget:]


def least_sure(X, y, theta, l2, budget):
    return np.argsort(np.abs(X @ theta))[:budget]


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (lesson.self_influence, positive, "sign"),
        (lesson.self_influence, with_the_probability_of_being_right, "sigma of +m"),
        (lesson.self_influence, without_slopes, "no loss factor"),
        (lesson.found, hits, "precision"),
        (lesson.fix_and_retrain, labels_turned, "turned round"),
        (lesson.fix_and_retrain, wrong_ones_taken_out, "wrong ones left out"),
        (lesson.fix_and_retrain, a_copy_that_is_not_used, "not put right"),
        (lesson.own_rise, straight, "first order"),
        (lesson.retrained_rises, renamed_and_as_wrong, "still in it"),
        (lesson.strategy, least_sure, "where the model wavers"),
        (lesson.self_influence, a_label_left_over, "a label left over"),
        (lesson.found, looked_at_in_flipped, "points for marks"),
        (lesson.found, exchanged, "order and flipped exchanged"),
        (lesson.found, first_of_the_flipped, "order and flipped exchanged"),
        (lesson.found, better_than_chance, "lift"),
        (lesson.fix_and_retrain, to_the_first_places, "written to the first places"),
        (lesson.fix_and_retrain, from_zeros, "no copy of y"),
        (lesson.fix_and_retrain, an_accuracy, "accuracy"),
        (lesson.own_rise, one_on_top_of_the_other, "changes that add up"),
        (lesson.own_rise, first_model_for_all, "one model for all"),
        (lesson.retrained_rises, sizes_of_the_wrong_ones, "sizes of what is wrong"),
        (lesson.strategy, best_ones_last, "most at ease"),
    ],
)
def test_a_slip_as_a_learner_writes_it(exercise: Exercise, answer: Callable, name: str) -> None:
    result = exercise.check(answer)
    assert result.mistake == name, repr(result)
    assert not result.solved


@pytest.mark.parametrize(
    ("line", "by", "name"),
    [
        ("-(w * y * s)", "-(w * s)", "a right line changed"),
        ("-(w * y * s)", "(w * y * s)", "a right line changed"),
        ("np.exp(y * (X @ new))", "np.exp(-y * (X @ new))", "a right line changed"),
        (" + l2 * new", "", "a right line changed"),
        ("new - np.linalg", "new + np.linalg", "a right line changed"),
        ("-y[i] * (X[i] @ theta)", "-(X[i] @ theta)", "a right line changed"),
        ("        new = theta.copy()\n", "        new = X[i].copy()\n", "a right line changed"),
        ("after - before", "before - after", "sign"),
    ],
)
def test_another_line_spoilt_once_the_bug_is_mended_is_told(line: str, by: str, name: str) -> None:
    """The line is shown as it was given, and nothing of the bug."""
    result = lesson.retrained_rises.check(mended_and(line, by))
    assert (result.state, result.mistake) == ("not yet", name), repr(result)
    said = " ".join(repr(result).split())
    assert "The bug is mended. But" in said
    assert "was right as it was given" in said
    assert "np.ones" not in said


def test_of_a_bug_that_is_still_there_its_line_is_not_told() -> None:
    spoilt = WRONG.replace("after - before", "before - after")
    said = " ".join(repr(lesson.retrained_rises.check(cell(spoilt, "retrained_rises"))).split())
    assert "The bug is mended" not in said
    assert "np.ones" not in said


def test_what_stays_from_one_call_to_the_next_is_told() -> None:
    """As where the repairs of one budget are still there at the next."""
    source = """
kept = {}
def fix_and_retrain(X, y, truth, order, k, train):
    m = kept.setdefault(len(y), y.copy())
    m[order[:k]] = truth[order[:k]]
    return train(X, m)
"""
    result = lesson.fix_and_retrain.check(cell(source, "fix_and_retrain"))
    assert result.mistake == "a name from outside"
    assert "`kept` comes from outside your function" in " ".join(repr(result).split())


def test_a_share_for_a_number_of_points_is_explained() -> None:
    def unrounded(order, flipped, fraction):
        return flipped[order[: fraction * len(order)]].sum() / flipped.sum()

    assert "`round(a)`" in repr(lesson.found.check(unrounded))


def test_a_failed_and_a_passed_audit_show_numbers_of_the_same_mails() -> None:
    baseline = re.compile(r"after (\S+) with the wrong labels; without any it would be (\S+)\.")
    passed, failed = (
        " ".join(repr(lesson.strategy.check(answer)).split())
        for answer in (largest_loss, least_sure)
    )
    assert baseline.search(passed)[0] == baseline.search(failed)[0]


def test_labels_put_right_in_place_are_not_solved() -> None:
    def in_place(X, y, truth, order, k, train):
        y[order[:k]] = truth[order[:k]]
        return train(X, y)

    result = lesson.fix_and_retrain.check(in_place)
    assert not result.solved
    assert "y" in repr(result)


def test_what_the_bug_hunt_says_of_the_wrong_code_is_so() -> None:
    """Its first number is right, the last of all is a loss of log 2, and one move mends it."""
    wrong = written(WRONG, "retrained_rises")
    for X, y, theta, l2 in risks():
        values, right = wrong(X, y, theta, l2), lesson.retrained_rises.reference(X, y, theta, l2)
        assert values[0] == pytest.approx(right[0])
        assert np.abs(values[1:] - right[1:]).min() > 0.01
        last = np.log1p(np.exp(-y[-1] * (X[-1] @ theta)))
        assert values[-1] == pytest.approx(np.log(2) - last, abs=1e-6)
    audit = audits()[0]
    X, y = audit.X[:200], audit.y[:200]
    theta, turned = fit(X, y, 1e-3), np.arange(200)[::-1]
    values = wrong(X, y, theta, 1e-3)
    assert np.mean(values < 0) > 0.1
    other = wrong(X[turned], y[turned], theta, 1e-3)[turned]
    assert np.mean(np.abs(other - values) > 1e-3) > 0.5
    line = "    w = np.ones(n)\n"
    moved = WRONG.replace(line, "").replace("        w[i] = 0\n", f"    {line}        w[i] = 0\n")
    assert moved == lesson.retrained_rises.reference_source


def test_the_wrong_code_as_it_was_given_is_not_attempted() -> None:
    result = lesson.retrained_rises.check(written(WRONG, "retrained_rises"))
    assert result.state == "not attempted"
    assert "w = " not in repr(result)


def test_a_self_influence_predicts_a_rise_and_the_rise_is_never_negative() -> None:
    for X, y, theta, l2 in risks():
        changes = np.array(
            [retrain_without(risk_of(X, y, l2), theta, i) - theta for i in range(len(y))]
        )
        rises = lesson.own_rise.reference(X, y, theta, changes)
        influences = lesson.self_influence.reference(X, y, theta, l2)
        assert (rises > 0).all()
        assert (influences < 0).all()
        assert np.corrcoef(rises, -influences / len(y))[0, 1] > 0.9
        assert lesson.retrained_rises.reference(X, y, theta, l2) == pytest.approx(rises, abs=1e-9)


def test_the_rubric_has_room_on_both_sides() -> None:
    """Loss and self-influence meet each aim with room to spare, and chance is far from it."""
    for audit in audits():
        y, budget = audit.y, audit.budget
        least = {90: 0.8, 60: 0.6}[budget]
        wrong, clean = audit.accuracy(y), audit.accuracy(audit.truth)
        assert np.sum(y != audit.truth) == 60
        for answer in (largest_loss, lesson.strategy.reference):
            mended = y.copy()
            looked = answer(*audit.case)
            mended[looked] = audit.truth[looked]
            assert np.mean((mended == audit.truth)[y != audit.truth]) >= least + 0.04
            assert (audit.accuracy(mended) - wrong) / (clean - wrong) >= 0.75
        met = [aim.met for aim in aims(*audit.case, np.arange(budget))]
        assert met[0]
        assert not met[1]


def test_the_rubric_shows_the_learner_s_own_numbers() -> None:
    result = lesson.strategy.check(lambda X, y, theta, l2, budget: np.argsort(y * (X @ theta))[:30])
    said = " ".join(repr(result).split())
    assert (result.state, result.mistake) == ("not yet", None)
    assert "You look at 30 of the 600 mails (at most 90)." in said
    assert "of the wrong labels (at least 80%)." in said
    assert "of what they cost is back (at least 60%)." in said


@pytest.mark.parametrize("answer", [[], [600], [0.5], "all of them", None])
def test_an_answer_that_names_no_rows_is_a_sentence(answer: object) -> None:
    result = lesson.strategy.check(lambda X, y, theta, l2, budget: answer)
    assert not result.solved
    assert "fault of the course" not in repr(result)


def test_the_same_mail_twice_counts_once_and_the_last_rows_may_be_counted_backwards() -> None:
    audit = audits()[0]
    (first, second) = (aims(*audit.case, rows)[0] for rows in ([5, 5, 599], [-1, 5]))
    assert first == second
    assert "look at 2 of" in first.sentence
