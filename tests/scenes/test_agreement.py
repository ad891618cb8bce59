"""The agreement explorer beside scikit-learn's refits and the formulas written out."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from teachkit.datasets import breast_cancer, digits
from teachkit.scenes import agreement as gesture
from teachkit.scenes.agreement import GROUPS, WAYS
from teachkit.scenes.agreement_drawing import draw, draw_group, draw_looked, row_in_words
from teachkit.scenes.agreement_start import begin, offered, penalties
from teachkit.validation import Agreement

DIGITS = digits()
X, Y, X_TEST, Y_TEST = DIGITS.X_train, DIGITS.y_train, DIGITS.X_test, DIGITS.y_test
N = len(Y)


@pytest.fixture(scope="module")
def start():
    return begin()


def refit(keep, l2=0.01):
    """theta of the rows that stay, by scikit-learn, with the penalty's share of all n."""
    model = LogisticRegression(
        C=1 / (N * l2), fit_intercept=False, solver="newton-cholesky", tol=1e-12, max_iter=200
    )
    return model.fit(X[keep], Y[keep]).coef_[0]


def test_loss(state, theta):
    return float(np.log1p(np.exp(-Y_TEST[state.test] * (X_TEST[state.test] @ theta))))


test_loss.__test__ = False


def by_hand(state, S, l2=0.01):
    """Sum, rescaled sum, and the group's own step, from H, gradients and curvatures."""
    theta = refit(np.full(N, True), l2)
    p = 1 / (1 + np.exp(-X @ theta))
    g = X * (p - (Y > 0))[:, None] / N
    H = (X.T * (p * (1 - p))) @ X / N + l2 * np.eye(X.shape[1])
    h = p * (1 - p) * np.einsum("ij,ij->i", X, np.linalg.solve(H, X.T).T) / N
    H_S = (X[S].T * (p * (1 - p))[S]) @ X[S] / N
    changes = [
        np.linalg.solve(H, g[S].sum(axis=0)),
        np.linalg.solve(H, (g[S] / (1 - h[S])[:, None]).sum(axis=0)),
        np.linalg.solve(H - H_S, g[S].sum(axis=0)),
    ]
    x, y = X_TEST[state.test], Y_TEST[state.test]
    slope = -y * x / (1 + np.exp(y * (x @ theta)))
    now = test_loss(state, theta)
    return [(slope @ d, test_loss(state, theta + d) - now) for d in changes]


def test_it_starts_with_the_hardest_test_image(start):
    theta = refit(np.full(N, True))
    losses = np.log1p(np.exp(-Y_TEST * (X_TEST @ theta)))
    assert start.test == np.argmax(losses)
    assert start.loss_now == pytest.approx(losses.max(), rel=1e-6)


def test_each_truth_is_a_refit_without_the_point(start):
    now = test_loss(start, refit(np.full(N, True)))
    for i in (0, 40, 182):
        without = test_loss(start, refit(np.arange(N) != i)) - now
        assert start.true[i] == pytest.approx(without, abs=1e-7)


def test_leverage_takes_the_slope_to_one(start):
    plain, corrected = (start.agreement(leverage=leverage) for leverage in (False, True))
    line = np.polyfit(start.plain, start.true, 1)
    assert [plain.slope, plain.intercept] == pytest.approx(line, abs=1e-9)
    assert 1.1 < plain.slope < 1.2 and abs(corrected.slope - 1) < 0.02
    assert start.predicted is start.plain
    assert gesture.change(start, leverage=True).predicted == pytest.approx(start.corrected)


@pytest.mark.parametrize("group", ["helpful", "harmful", "random", "neighbours"])
def test_a_group_by_every_way(start, group):
    state = gesture.take_out(start, group)
    S = sorted(state.removed)
    for way, pair in zip(WAYS, by_hand(state, S), strict=False):
        assert state.effect[way] == pytest.approx(pair, rel=1e-5, abs=1e-8), way
    keep = np.full(N, True)
    now = test_loss(state, refit(keep))
    keep[S] = False
    true = test_loss(state, refit(keep)) - now
    assert state.effect["true"].loss == pytest.approx(true, abs=1e-6)


def test_neighbours_do_not_add_up_but_their_own_step_is_near(start):
    effect = gesture.take_out(start, "neighbours").effect
    true = effect["true"].loss
    assert effect["sum"].tangent < 0.5 * true and effect["sum"].loss < 0.6 * true
    assert effect["step"].loss == pytest.approx(true, rel=0.05)


def test_one_point_is_a_group_of_one(start):
    i = int(np.argmax(start.plain))
    effect = gesture.weigh(start, i, 0.0).effect
    assert effect["sum"].tangent == pytest.approx(start.plain[i], rel=1e-9)
    assert effect["rescaled"].tangent == pytest.approx(start.corrected[i], rel=1e-9)
    assert effect["rescaled"] == pytest.approx(effect["step"], rel=1e-9)
    assert effect["true"].loss == pytest.approx(start.true[i], rel=1e-7)


def test_the_group_grows_from_nobody_to_all(start):
    state = gesture.take_out(start, "neighbours")
    sizes, ways = state.growth
    assert sizes[0] == 0 and sizes[-1] == len(state.removed) and len(sizes) <= 13
    assert all(abs(values[0]) < 1e-9 for values in ways.values())
    assert {way: values[-1] for way, values in ways.items()} == {
        way: state.effect[way].loss for way in WAYS
    }
    effects = np.abs(state.plain[state.order])
    assert (np.diff(effects) <= 0).all()
    lines = draw_group(state).lines
    assert [line.end for line in lines] == ["sum", "rescaled sum", "", "Newton step, retrained"]
    ends = [line.pieces[0][-1] for line in lines]
    assert ends == [(float(sizes[-1]), state.effect[way].loss) for way in WAYS]


@pytest.mark.parametrize("stop", [1e-3, 1e-2, 0.1])
def test_a_fit_that_stops_early_shows_as_an_intercept(start, stop):
    state = gesture.change(start, stop=stop)
    theta = state.fit.influence.theta
    p = 1 / (1 + np.exp(-X @ theta))
    gradient = np.linalg.norm(X.T @ (p - (Y > 0)) / N + 0.01 * theta)
    assert state.fit.gradient_norm == pytest.approx(gradient, rel=1e-9)
    assert 1e-10 < gradient <= stop
    drift = start.loss_now - state.loss_now  # what retraining with nothing removed changes
    assert state.agreement(leverage=False).intercept == pytest.approx(drift, rel=0.25)
    assert state.true.mean() == pytest.approx(drift, rel=0.25)
    assert "retraining also finishes the fit" in draw(state).sentence
    out = gesture.take_out(state, "random")
    assert out.growth[1]["true"][0] == pytest.approx(drift, rel=1e-6)
    assert out.growth[1]["sum"][0] == 0


def test_who_is_out_stays_out(start):
    state = gesture.take_out(start, "helpful")
    assert state.removed == set(np.argsort(-start.plain)[:25].tolist())
    other = gesture.choose(gesture.change(state, l2=0.1), 4)
    assert other.removed == state.removed and other.group == "hand" and other.test == 4
    assert gesture.weigh(state, 182, 1.0).removed == state.removed - {182}
    assert gesture.take_out(other, "hand").removed == other.removed
    assert gesture.take_out(other, "none").removed == set()


def test_neighbours_are_of_one_class_and_near(start):
    state = gesture.take_out(start, "neighbours")
    S, first = sorted(state.removed), int(np.argmax(start.plain))
    assert set(Y[S]) == {Y[first]} and first in S
    away = np.linalg.norm(X - X[first], axis=1)
    others = np.setdiff1d(np.flatnonzero(Y[first] == Y), S)
    assert away[S].max() <= away[others].min()


def test_all_of_a_class_may_leave_but_not_everybody(start):
    state = start
    for i in np.flatnonzero(Y > 0):
        state = gesture.weigh(state, int(i), 0.0)
    effect = state.effect
    assert np.isfinite([*effect.values()]).all()
    for i in np.flatnonzero(Y < 0)[:-1]:
        state = gesture.weigh(state, int(i), 0.0)
    with pytest.raises(ValueError, match="has to stay in"):
        gesture.weigh(state, int(np.flatnonzero(Y < 0)[-1]), 0.0)


def test_a_test_point_that_nothing_changes():
    """Its gradient is 0, or lost: there is no line to draw, and a sentence says so."""
    for x in (np.zeros((1, 65)), 1e5 * Y[:1] * X[:1]):
        state = begin(X, Y, x, np.ones(1))
        scene = draw(state)
        assert state.agreement(leverage=False) is None
        assert [line.id for line in scene.lines] == ["diagonal"]
        assert "no training point changes it" in scene.sentence
        scene.as_dict()
        draw_group(gesture.take_out(state, "random")).as_dict()


def test_duplicates_and_tiny_penalties():
    twice = begin(np.r_[X, X], np.r_[Y, Y], X_TEST, Y_TEST)
    assert twice.plain[:N] == pytest.approx(twice.plain[N:], rel=1e-9)
    for l2 in (1e-8, 1e-4):
        state = gesture.take_out(begin(l2=l2), "helpful")
        assert all(np.isfinite(values).all() for values in state.growth[1].values())
        draw(state).as_dict(), draw_group(state).as_dict()


def test_predictions_that_say_nothing_are_said_to(start, monkeypatch):
    nothing = Agreement.of(N, 0.01, 0.02, 0.5, 0.0)
    monkeypatch.setattr(type(start), "agreement", lambda self, *, leverage: nothing)
    assert "not related" in draw(start).sentence


def test_columns_of_any_size_are_one_model():
    scale = np.r_[np.full(64, 1e3), 1.0]
    state = begin(X * scale, Y, X_TEST * scale, Y_TEST, l2=0.01, test=4)
    theta = LogisticRegression(
        C=1 / (N * 0.01), fit_intercept=False, solver="newton-cholesky", tol=1e-13, max_iter=200
    ).fit(X * scale, Y).coef_[0]  # fmt: skip
    loss = np.log1p(np.exp(-Y_TEST[4] * (X_TEST[4] * scale) @ theta))
    assert state.loss_now == pytest.approx(loss, rel=1e-3)


def test_rows_are_told_in_words_and_images_shown(start):
    cancer = begin(breast_cancer())
    assert cancer.data.shape is None
    said = row_in_words(cancer, 7)
    z = np.abs(cancer.data.X[7] - cancer.data.X.mean(axis=0))
    most = np.argmax(z / np.maximum(cancer.data.X.std(axis=0), 1e-9))
    assert f"; {breast_cancer().feature_names[most]} " in said
    looked, test = draw_looked(start, 3).points
    assert np.array(looked.values).ravel() == pytest.approx(X[3, :64])
    assert np.array(test.values).ravel() == pytest.approx(X_TEST[94, :64])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: begin(X, Y), "takes a Split"),
        (lambda: begin("digits"), "takes a Split"),
        (lambda: begin(X, Y, X_TEST[:, :5], Y_TEST), "X has 65 columns"),
        (lambda: begin(X, Y, X_TEST[:0], Y_TEST[:0]), "no test point"),
        (lambda: begin(X, Y, X_TEST, (Y_TEST + 1) / 2), "labels in y_test"),
        (lambda: begin(X, (Y + 1) / 2, X_TEST, Y_TEST), "wants labels"),
        (lambda: begin(np.tile(X, (9, 1)), np.tile(Y, 9), X_TEST, Y_TEST), "2241 training points"),
        (lambda: begin(l2=0.0), "greater than 0"),
        (lambda: begin(stop=0.5), "the slider has 0, 0.001"),
        (lambda: begin(test=108), "from 0 to 107"),
        (lambda: begin(names="38"), "it takes two"),
    ],
)
def test_what_cannot_be_is_refused(wrong, words):
    with pytest.raises((TypeError, ValueError), match=words):
        wrong()


def test_every_group_can_be_taken(start):
    for group in GROUPS:
        draw(gesture.take_out(start, group)).as_dict()
    assert len(offered(start)) == len(Y_TEST)
    assert offered(start)[0] == ("94: digit 3", 94)
    assert [value for _, value in penalties(begin(l2=0.02))][3] == 0.02
