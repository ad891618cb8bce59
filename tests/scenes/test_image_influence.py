"""The image explorer without a front end: digits 3 and 8, against scikit-learn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from teachkit.datasets import blobs, digits
from teachkit.figures.draw import draw as draw_figure
from teachkit.scenes.image_influence import begin
from teachkit.scenes.image_influence_drawing import describe, draw, scales, theta_images
from teachkit.scenes.removal import choose, toggle


@pytest.fixture(scope="module")
def split():
    return digits()


@pytest.fixture(scope="module")
def start(split):
    return begin(split)


def sklearn_theta(split, l2, removed=()):
    n = len(split.y_train)
    weights = np.ones(n)
    weights[list(removed)] = 0
    model = LogisticRegression(
        C=1 / (n * l2), fit_intercept=False, solver="newton-cholesky", tol=1e-12
    )
    return model.fit(split.X_train, split.y_train, sample_weight=weights).coef_[0]


def without(state, images):
    for i in images:
        state = toggle(state, i)
    return state


def test_it_starts_at_the_test_image_of_largest_loss(split, start):
    theta = sklearn_theta(split, 0.01)
    np.testing.assert_allclose(start.now, theta, rtol=1e-5, atol=1e-7)
    losses = np.log1p(np.exp(-split.y_test * (split.X_test @ theta)))
    assert start.test == np.argmax(losses)
    assert start.loss_now == pytest.approx(losses.max(), rel=1e-6)


def test_the_effects_are_influence_by_hand(split, start):
    X, y, theta = split.X_train, split.y_train, start.now
    gradients = (-y / (1 + np.exp(y * (X @ theta))))[:, None] * X
    s = 1 / (1 + np.exp(-X @ theta))
    H = X.T @ (X * (s * (1 - s))[:, None]) / len(y) + 0.01 * np.eye(65)
    x, label = split.X_test[start.test], split.y_test[start.test]
    slope = -label * x / (1 + np.exp(label * (x @ theta)))
    effects = gradients @ np.linalg.solve(H, slope) / len(y)
    np.testing.assert_allclose(start.effects, effects, rtol=1e-8, atol=1e-12)
    order = np.argsort(effects)
    assert start.harmful == order[:8].tolist()
    assert start.helpful == order[::-1][:8].tolist()
    assert effects[start.helpful].min() > 0 > effects[start.harmful].max()


def test_the_true_change_is_that_of_scikit_learn(split, start):
    state = without(start, start.harmful[:5])
    theta = sklearn_theta(split, 0.01, start.harmful[:5])
    np.testing.assert_allclose(state.now + state.true_change, theta, rtol=1e-5, atol=1e-7)
    x, label = split.X_test[start.test], split.y_test[start.test]
    expected = np.log1p(np.exp(-label * (x @ theta)))
    assert state.loss_retrained == pytest.approx(expected, rel=1e-6)
    assert state.loss_retrained < state.loss_now


def test_the_prediction_is_the_sum_of_the_single_ones(start):
    images = start.harmful[:5]
    state = without(start, images)
    singles = [start.model.influence.removal(i) for i in images]
    np.testing.assert_allclose(state.predicted_change, np.sum(singles, axis=0), rtol=1e-9)
    total = state.loss_tangent - state.loss_now
    assert total == pytest.approx(start.effects[images].sum(), rel=1e-12)
    true = state.loss_retrained - state.loss_now
    assert total == pytest.approx(true, rel=0.2)
    assert 0 < state.relative_error < 0.5


def test_the_predicted_loss_is_the_loss_at_the_predicted_theta(split, start):
    state = without(start, start.harmful[:5])
    x, label = split.X_test[start.test], split.y_test[start.test]
    at = np.log1p(np.exp(-label * (x @ (state.now + state.predicted_change))))
    assert state.loss_predicted == pytest.approx(at, rel=1e-12)
    assert state.loss_predicted > state.loss_tangent  # a convex loss lies above its tangent
    true = state.loss_retrained - state.loss_now
    assert state.loss_predicted - state.loss_now == pytest.approx(true, rel=0.2)


def test_a_click_is_reversible(start):
    state = toggle(toggle(start, 5), 5)
    assert state.removed == frozenset()
    np.testing.assert_allclose(state.true_change, 0, atol=1e-9)
    assert state.loss_predicted == pytest.approx(state.loss_now, rel=1e-12)
    assert start.removed == frozenset()


def test_another_test_image_keeps_what_is_out(start):
    state = choose(toggle(start, 5), 3)
    assert state.test == 3
    assert state.removed == {5}
    assert state.effects[7] != start.effects[7]
    with pytest.raises(ValueError, match="no test image 500"):
        choose(start, 500)


def test_the_last_of_a_class_stays(split):
    few = replace(split, X_train=split.X_train[:4], y_train=np.array([1.0, -1.0, -1.0, -1.0]))
    state = begin(few, walls=2)
    with pytest.raises(ValueError, match="Image 0 stays: it is the last of its class"):
        toggle(state, 0)
    assert toggle(state, 1).removed == {1}


@pytest.mark.parametrize("walls", [0, 125, -1])
def test_walls_of_a_wrong_length_are_refused(split, walls):
    with pytest.raises(ValueError, match=f"1 to 124 here; got {walls}"):
        begin(split, walls=walls)


def test_what_is_no_square_of_pixels_is_refused(split):
    with pytest.raises(ValueError, match="64 columns; a square of pixels"):
        begin(replace(split, X_train=split.X_train[:, 1:]))
    X, y = blobs()
    with pytest.raises(ValueError, match="last column of ones"):
        begin(replace(split, X_train=X, y_train=y, X_test=X, y_test=y))


def test_what_is_no_split_and_names_that_are_not_two_are_refused(split):
    with pytest.raises(TypeError, match="come as tuple; a Split is needed"):
        begin((split.X_train, split.y_train))
    for names in (("a",), "38"):
        with pytest.raises(ValueError, match="it takes two, those of the classes"):
            begin(split, names=names)


def test_theta_and_its_changes_are_images_on_two_scales(start):
    state = without(start, start.harmful[:3])
    (_, now), (_, predicted), (_, true) = theta_images(state)
    assert now.shape == (8, 8)
    assert now[2, 3] == state.now[2 * 8 + 3]
    np.testing.assert_array_equal(predicted.ravel(), state.predicted_change[:-1])
    np.testing.assert_array_equal(true.ravel(), state.true_change[:-1])
    scale, first, second = scales(state)
    assert scale == np.abs(now).max()
    assert first == second == max(np.abs(predicted).max(), np.abs(true).max())


def test_the_sentence_holds_before_predicted_and_true(start):
    assert describe(start).startswith(
        f"Test image {start.test}: loss {start.loss_now:.3f} with all"
    )
    state = without(start, start.harmful[:5])
    predicted = f"{state.loss_predicted - state.loss_now:+.2f}".replace("-", "−")
    true = f"{state.loss_retrained - state.loss_now:+.2f}".replace("-", "−")
    assert describe(state) == (
        f"Test image {start.test}: loss {start.loss_now:.3f}; 5 images out: {predicted} predicted "
        f"(at θ plus the sum of the single predictions), {true} true."
    )
    assert "sum" not in describe(toggle(start, 0))


def test_what_is_out_of_sight_is_named(start):
    seen = {*start.helpful, *start.harmful}
    first, second = [i for i in range(20) if i not in seen][:2]
    assert describe(toggle(start, start.helpful[0])).endswith(" true.")
    state = without(start, [second, start.helpful[0], first])
    assert describe(state).endswith(f" true. In neither wall: {first} and {second}.")


def test_the_static_picture_shows_the_test_image_both_walls_and_theta(start):
    state = toggle(start, start.harmful[0])
    axes = draw_figure(draw(state)).axes[0]
    assert len(axes.images) == 4 + 2 * 8
    pixels = np.asarray(axes.images[0].get_array())
    np.testing.assert_array_equal(pixels, state.model.image(state.model.X_test[state.test]))
    titles = [text.get_text() for text in axes.texts]
    gone = start.harmful[0]
    name = f"{gone}: class {state.model.y[gone]:+.0f}".replace("-", "−")
    assert any(title.startswith(name) for title in titles)
    faded = [image for image in axes.images if image.get_alpha() < 1]
    assert len(faded) == 1
    np.testing.assert_array_equal(faded[0].get_array(), state.model.image(state.model.X[gone]))
    np.testing.assert_array_equal(axes.images[3].get_array().ravel(), state.true_change[:-1])


def test_the_scene_has_a_picture_with_its_words_for_every_image(start):
    state = toggle(start, start.helpful[2])
    scene = draw(state)
    for row, wall in enumerate((state.helpful, state.harmful), start=1):
        for column, i in enumerate(wall):
            picture = scene.point(str(i))
            assert (picture.x, picture.y, picture.toggleable) == (column, -row, True)
            np.testing.assert_array_equal(picture.values, state.model.image(state.model.X[i]))
            effect = f"{state.effects[i]:+.4f}".replace("-", "−")
            assert picture.label == f"Training image {i}"
            assert picture.note == f"without it the test loss changes by {effect}"
            assert picture.caption.endswith(f"\n{effect}")
            assert scene.meanings[picture.kind].name == state.model.name_of(state.model.y[i])
    assert [p.id for p in scene.points if p.weight == 0] == [str(start.helpful[2])]
    assert scene.point("test").label == f"Test image {state.test}"
    largest = max(np.abs(state.predicted_change[:-1]).max(), np.abs(state.true_change[:-1]).max())
    for name, change in (("theta-2", "predicted change"), ("theta-3", "true change")):
        picture = scene.point(name)
        assert picture.vmax == -picture.vmin == largest
        assert picture.caption == f"{change}\nblue +{largest:.3f}\norange −{largest:.3f}"
    scene.as_dict()


@pytest.mark.parametrize("unit", [1 / 255, 255.0, 65535.0])
def test_images_of_another_scale_are_the_same_images(split, start, unit):
    """Theta is the minimum of the documented risk, and the picture is that of the usual pixels."""
    scaled = replace(
        split,
        X_train=np.column_stack([unit * split.X_train[:, :-1], np.ones(len(split.y_train))]),
        X_test=np.column_stack([unit * split.X_test[:, :-1], np.ones(len(split.y_test))]),
    )
    state = begin(scaled)
    weights = np.ones(249)
    assert off_the_minimum(scaled, state.now, weights) < 1e-7
    gone = state.harmful[0]
    weights[gone] = 0.0
    out = toggle(state, gone)
    assert off_the_minimum(scaled, out.now + out.true_change, weights) < 1e-7
    low, high = state.model.shades
    assert (low, high) == (0.0, pytest.approx(unit))
    picture = draw(toggle(state, 3)).point("test")
    usual = draw(choose(start, state.test)).point("test")
    assert picture.plain()["pixels"] == usual.plain()["pixels"]


def off_the_minimum(split, theta, weights, l2=0.01):
    """The largest entry of the gradient of the documented risk, in shares of one image's part."""
    slopes = -split.y_train / (1 + np.exp(split.y_train * (split.X_train @ theta)))
    gradients = (weights * slopes)[:, None] * split.X_train
    share = np.abs(gradients).max(axis=0) / len(weights)
    off = np.abs(gradients.mean(axis=0) + l2 * theta)
    return float((off[share > 0] / share[share > 0]).max())


def test_images_of_whole_numbers_are_images(split):
    bytes_ = np.rint(255 * split.X_train).astype(np.uint8)
    bytes_[:, -1] = 1
    other = np.rint(255 * split.X_test).astype(np.uint8)
    other[:, -1] = 1
    state = begin(replace(split, X_train=bytes_, X_test=other))
    draw(toggle(state, 0)).as_dict()
    assert state.model.shades == (0.0, 255.0)


def test_an_image_stands_in_one_wall_only_however_equal_they_are(split):
    few = replace(split, X_train=np.ones((6, 65)), y_train=np.array([1.0, 1, 1, -1, -1, -1]))
    state = begin(few, walls=3)
    assert set(state.helpful).isdisjoint(state.harmful)
    draw(state).as_dict()
