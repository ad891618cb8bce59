"""Two models of 4 and 9: against scikit-learn's kernel, dense matrices and SciPy's minima."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics.pairwise import rbf_kernel

from teachkit.datasets import mnist
from teachkit.figures.draw import draw as draw_figure
from teachkit.risks import frozen_features
from teachkit.scenes.model_comparison import begin, offered, read, weigh
from teachkit.scenes.model_comparison_drawing import (
    describe,
    draw,
    draw_distance,
    image_of,
)
from teachkit.scenes.removal import choose

N, L2, GAMMA, T = 60, 1e-2, 0.03, 0.1


@pytest.fixture(scope="module")
def split():
    return mnist(positive=4, negative=9, test_size=0.3)


@pytest.fixture(scope="module")
def start():
    return begin(n=N, l2=L2, walls=5)


def without(state, *images):
    for i in images:
        state = weigh(state, i, 0.0)
    return state


def kernel_loss(split, test, out=()):
    """The test loss of the support vector machine, its function written as K alpha."""
    X, y = split.X_train[:N], split.y_train[:N]
    K, k = rbf_kernel(X, gamma=GAMMA), rbf_kernel(split.X_test[[test]], X, GAMMA)[0]
    w = np.ones(N)
    w[list(out)] = 0.0

    def value(a):
        f = K @ a
        losses = T * np.logaddexp(0.0, (1.0 - y * f) / T)
        pull = K @ (w * -y * expit((1.0 - y * f) / T)) / N + L2 * f
        return w @ losses / N + 0.5 * L2 * a @ f, pull

    a = minimize(value, np.zeros(N), jac=True, method="BFGS", options={"gtol": 1e-9}).x
    return T * np.logaddexp(0.0, (1.0 - split.y_test[test] * (k @ a)) / T)


def network_theta(split, out=()):
    w = np.ones(N)
    w[list(out)] = 0.0
    fit = LogisticRegression(C=1 / (N * L2), fit_intercept=False, solver="newton-cholesky",
                             tol=1e-12)  # fmt: skip
    return fit.fit(frozen_features(split.X_train[:N]), split.y_train[:N], w).coef_[0]


def network_loss(split, test, out=()):
    score = frozen_features(split.X_test[test]) @ network_theta(split, out)
    return np.logaddexp(0.0, -split.y_test[test] * score)


def test_both_losses_are_those_of_other_libraries_before_and_after(split, start):
    kernel, network = start.sides
    out = [kernel.helpful[0], network.helpful[0], network.harmful[1]]
    state, test = without(start, *out), start.test
    assert kernel.loss_now == pytest.approx(kernel_loss(split, test), rel=1e-4)
    assert network.loss_now == pytest.approx(network_loss(split, test), rel=1e-6)
    kernel, network = state.sides
    assert kernel.loss_retrained == pytest.approx(kernel_loss(split, test, out), rel=1e-4)
    assert network.loss_retrained == pytest.approx(network_loss(split, test, out), rel=1e-6)


def test_effects_and_what_they_are_divided_by_are_dense_matrices(split, start):
    phi, y = frozen_features(split.X_train[:N]), split.y_train[:N]
    theta = network_theta(split)
    s = expit(-y * (phi @ theta))
    H = (phi.T * (s * (1 - s))) @ phi / N + L2 * np.eye(65)
    g = (-y * s)[:, None] * phi
    x, label = frozen_features(split.X_test[start.test]), split.y_test[start.test]
    asked = -label * expit(-label * (x @ theta)) * x
    moved = np.linalg.solve(H, g.T).T
    effects = moved @ asked / N
    h = s * (1 - s) * np.einsum("ij,ij->i", phi, np.linalg.solve(H, phi.T).T) / N
    known = {
        ("", False): effects,
        ("", True): effects / (1 - h),
        ("theta", False): effects / np.linalg.norm(moved, axis=1),
        ("loss", False): effects / np.sqrt(np.einsum("ij,ij->i", g, moved)),
    }
    for (relative, leverage), scores in known.items():
        network = read(start, relative=relative, leverage=leverage).sides[1]
        np.testing.assert_allclose(network.scores, scores, rtol=1e-4, atol=1e-6 * max(abs(scores)))
        gap = scores[network.helpful[:4]] - scores[network.helpful[1:]]
        assert np.all(gap > -1e-6 * max(abs(scores)))
        assert scores[network.helpful[0]] == pytest.approx(scores.max(), rel=1e-4)
        assert scores[network.harmful[0]] == pytest.approx(scores.min(), rel=1e-4)
        assert np.abs(network.shares).max() == pytest.approx(1.0)
        np.testing.assert_allclose(
            network.effects, known["", leverage], rtol=1e-4, atol=1e-6 * max(abs(effects))
        )


def test_with_leverage_predictions_are_nearer_to_the_truth(start):
    out = start.sides[0].helpful[0]
    state = without(start, out)
    with_leverage = read(state, leverage=True)
    for plain, better in zip(state.sides, with_leverage.sides, strict=True):
        true = plain.loss_retrained
        assert better.loss_retrained == pytest.approx(true, rel=1e-6)
        assert abs(better.loss_predicted - true) < abs(plain.loss_predicted - true)


def test_an_image_is_out_of_both_models_and_comes_back(start):
    state = without(start, 5, 5)
    assert state.removed == {5}
    back = weigh(state, 5, 1.0)
    assert back.removed == frozenset()
    for side, first in zip(back.sides, start.sides, strict=True):
        assert side.loss_retrained == pytest.approx(first.loss_now, rel=1e-9)
        assert side.loss_predicted == pytest.approx(first.loss_now, rel=1e-12)


def test_the_last_of_a_class_stays(start):
    nines = np.flatnonzero(start.model.y < 0).tolist()
    state = replace(start, removed=frozenset(nines[1:]))
    with pytest.raises(ValueError, match=f"Image {nines[0]} stays: it is the last of its class"):
        weigh(state, nines[0], 0.0)


def test_another_test_image_keeps_what_is_out(start):
    state = choose(without(start, 5), 3)
    assert (state.test, state.removed) == (3, {5})
    assert draw(state).point("test").label == "Test image 3"
    assert not np.allclose(state.sides[0].effects, start.sides[0].effects)
    with pytest.raises(ValueError, match="no test image 300"):
        choose(start, 300)


def test_it_starts_where_both_find_it_hard_and_offers_all(start):
    names = offered(start)
    assert sorted(i for _, i in names) == [*range(300)]
    assert names[0][1] == start.test
    first, second = (side.loss_now for side in start.sides)
    label = "digit 4" if start.model.y_test[start.test] > 0 else "digit 9"
    assert names[0][0] == f"{start.test}: {label}, losses {first:.2f} and {second:.2f}"


def test_models_of_like_accuracy(split):
    """What the comparison is about: right alike, and for other reasons."""
    kernel, network = begin().model.both
    assert abs(kernel.accuracy - network.accuracy) < 0.02
    assert min(kernel.accuracy, network.accuracy) > 0.96
    right = (frozen_features(split.X_test) @ network.influence.theta) * split.y_test > 0
    assert network.accuracy == pytest.approx(right.mean())


def test_the_walls_are_those_of_the_models_and_an_image_may_stand_in_several(start):
    state = without(start, start.sides[1].helpful[2])
    scene = draw(state)
    walls = [wall for side in state.sides for wall in (side.helpful, side.harmful)]
    for row, wall in enumerate(walls):
        pictures = [p for p in scene.points if p.y == -row and p.toggleable]
        assert [image_of(p.id) for p in pictures] == wall
        for picture in pictures:
            i = image_of(picture.id)
            np.testing.assert_array_equal(picture.values, state.model.image(state.model.X[i]))
            assert picture.weight == float(i not in state.removed)
            effect = f"{state.sides[row // 2].effects[i]:+.4f}".replace("-", "−")
            assert picture.caption.endswith(f"\n{effect}")
    assert [label.text.split(":")[0] for label in scene.labels] == [
        "RBF SVM", "RBF SVM", "network", "network",
    ]  # fmt: skip


def test_the_sentence_and_the_table_have_before_predicted_and_true(start):
    assert describe(start).endswith("of test images right. Take images out.")
    assert draw(start).table[1][2:] == ("", "")
    state = without(start, start.sides[0].helpful[0])
    kernel, network = state.sides
    table = draw(state).table
    for row, side in zip(table[1:], (kernel, network), strict=True):
        losses = side.loss_now, side.loss_predicted, side.loss_retrained
        assert row == (side.name, *(f"{loss:.3f}" for loss in losses))
    assert " 1 image out: RBF SVM +" in describe(state)
    assert describe(state).count("predicted") == describe(state).count("true") == 2


def test_distances_and_ranks_are_counted(split, start):
    scene = draw_distance(start)
    away = np.linalg.norm(split.X_train[:N] - split.X_test[start.test], axis=1)
    for k, (kind, side) in enumerate(zip(("first", "second"), start.sides, strict=True)):
        points = [point for point in scene.points if point.kind == kind]
        np.testing.assert_allclose([point.x for point in points], away)
        np.testing.assert_allclose([point.y for point in points], side.shares)
        strongest = np.argsort(-np.abs(side.effects))[:10]
        ranks = [1 + int(np.sum(away < away[i])) for i in strongest]
        far = np.abs(side.effects)[away > np.median(away)].sum() / np.abs(side.effects).sum()
        said = scene.sentence.split("%.")[k]
        assert f"strongest are the {np.median(ranks):.0f}" in said
        assert f"nearest by median, the farther half has {100 * far:.0f}" in said
    assert [scene.legend[kind].name for kind in ("first", "second")] == ["RBF SVM", "network"]


def test_the_static_picture_has_room_for_walls_and_table(start):
    figure = draw_figure(draw(start))
    plane, beside = figure.axes[:2]
    assert len(plane.images) == 1 + 4 * 5
    assert plane.get_position().width > beside.get_position().width


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"n": 10}, "n is 10; it has to be from 20 to 700"),
        ({"n": 701}, "n is 701"),
        ({"n": 40, "walls": 21}, "1 to 20 here; got 21"),
        ({"l2": 0.0}, "l2 is 0"),
        ({"gamma": -1.0, "n": 30}, "gamma is -1"),
        ({"t": 0.0, "n": 30}, "t is 0"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(given, words):
    with pytest.raises(ValueError, match=words):
        begin(**given)
