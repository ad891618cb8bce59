"""A guess is committed before the truth is shown, and its error is what others compute."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from teachkit import datasets
from teachkit.figures import style
from teachkit.scenes import (
    agreement_drawing,
    agreement_start,
    guess,
    image_influence,
    image_influence_drawing,
    influence,
    influence_drawing,
    influence_start,
    perturbation,
    perturbation_drawing,
    pixels,
    pixels_drawing,
)
from teachkit.scenes.agreement_guess import WhatSlope
from teachkit.scenes.guess import NOTHING, asking
from teachkit.scenes.image_influence_guess import WhichImage
from teachkit.scenes.influence_guess import WhereLine, WhichPoint
from teachkit.scenes.perturbation_guess import WhichWay, between
from teachkit.scenes.pixels_guess import WhichPixel

DIGITS = datasets.digits()
BLOBS = datasets.blobs()
LINE = datasets.line()
BEGUN = {
    "point": (lambda: influence_start.begin(*BLOBS), WhichPoint, influence_drawing.draw),
    "line point": (lambda: influence_start.begin(*LINE), WhichPoint, influence_drawing.draw),
    "boundary": (lambda: influence_start.begin(*BLOBS), WhereLine, influence_drawing.draw),
    "line": (lambda: influence_start.begin(*LINE), WhereLine, influence_drawing.draw),
    "way": (lambda: perturbation.begin(*BLOBS), WhichWay, perturbation_drawing.draw),
    "pixel": (lambda: pixels.begin(DIGITS), WhichPixel, pixels_drawing.draw),
    "image": (lambda: image_influence.begin(DIGITS), WhichImage, image_influence_drawing.draw),
    "slope": (lambda: agreement_start.begin(), WhatSlope, agreement_drawing.draw),
}
every = pytest.mark.parametrize("name", BEGUN)
PICKS = [name for name, (_, kind, _) in BEGUN.items() if issubclass(kind, guess.Pick)]


def asked(name):
    """The first round, ready to be guessed, and what is drawn of it."""
    begin, kind, draw = BEGUN[name]
    start = begin()
    state = guess.ask(start, kind("room", start))
    if kind is WhereLine:
        state = influence.weigh(state, 3, 0.0)
    return state, guess.first(draw)


def guessed(name, option=2):
    """The same with a guess."""
    state, draw = asked(name)
    if name in PICKS:
        return guess.pick(state, state.guess.question.options(state)[option][1]), draw
    if name == "slope":
        return guess.put(state, (1.5,)), draw
    handle = next(p for p in draw(state).points if p.id.startswith("guess"))
    return guess.place(state, handle.id, 0.4, 0.9), draw


def fitted(X, y, l2, keep=None):
    """Logistic regression by scikit-learn, n fixed, the column of ones penalised as the rest."""
    keep = np.ones(len(y), dtype=bool) if keep is None else keep
    C = 1 / (len(y) * l2)
    model = LogisticRegression(C=C, fit_intercept=False, solver="newton-cholesky", tol=1e-12)
    return model.fit(X[keep], y[keep]).coef_[0]


def loss(theta, x, y):
    return float(np.log1p(np.exp(-y * (x @ theta))))


def without(n, i):
    return np.arange(n) != i


# ---- the round


@every
def test_a_round_goes_from_question_to_outcome_and_on(name):
    state, draw = guessed(name)
    assert asking(state) and state.guess.number == 1
    after = guess.commit(state)
    assert asking(state), "a gesture changes no state"
    assert not asking(after)
    outcome = after.guess.outcome
    assert outcome.error >= 0 and outcome.predicted_error >= 0
    scene = draw(after)
    assert scene.sentence == outcome.sentence
    assert scene.alt.startswith(outcome.sentence)
    assert guess.commit(after) is after
    assert guess.put(after, (0.0,)) is after, "a committed guess stays"
    new = guess.again(after)
    assert asking(new) and new.guess.number == 2
    assert draw(new) != draw(state)


@every
def test_the_guess_is_drawn_in_its_own_style_beside_the_others(name):
    state, draw = guessed(name)
    scene = draw(guess.commit(state))
    used = {mark.style for mark in (*scene.lines, *scene.arrows)} | {p.kind for p in scene.points}
    assert "guess" in used
    assert scene.meanings["guess"].name == "your guess"
    ours = {"regression", "diagonal"} if name == "slope" else {"predicted", "retrained"}
    assert ours & used
    dashes = style("guess")["linestyle"][1]
    assert dashes != style("now")["linestyle"] and style("guess") != style("predicted")


@every
def test_another_guess_before_it_is_committed_is_no_new_round(name):
    state, draw = guessed(name)
    other, _ = guessed(name, option=4)
    if name in PICKS:
        assert state.guess.values != other.guess.values
        moved = guess.pick(state, int(other.guess.values[0]))
        assert moved.guess.values == other.guess.values
        assert guess.pick(state, 10_000) is state
    assert guess.put(state, state.guess.values) is state
    assert draw(state) == draw(state)


@pytest.mark.parametrize("name", PICKS)
def test_what_is_not_guessed_cannot_be_committed(name):
    with pytest.raises(ValueError, match="Nothing is guessed yet"):
        guess.commit(asked(name)[0])


@every
def test_once_something_changed_the_explorers_own_words_are_back(name):
    state, draw = guessed(name)
    after = guess.commit(state)
    kind = type(after)
    changed = {
        influence.InfluenceState: lambda s: influence.weigh(s, 5, 0.0),
        perturbation.PerturbationState: lambda s: perturbation.stretch(s, 1.0),
        pixels.PixelState: lambda s: pixels.paint(s, 9, True),
    }.get(kind, lambda s: replace(s, removed=frozenset({3})))(after)
    scene = draw(changed)
    assert "You guessed" not in scene.sentence
    assert "guess" in scene.meanings, "the guess is still seen"
    assert changed.guess.outcome is after.guess.outcome


def test_a_line_that_cannot_be_compared_is_refused_in_a_sentence():
    state, _ = asked("line")
    with pytest.raises(ValueError, match="No point is taken out or moved yet"):
        guess.commit(replace(state, weights=np.ones(state.n)))
    with pytest.raises(ValueError, match="Both ends of your guess are at one place"):
        guess.commit(guess.put(state, (0.5, 0.5, 0.5, 0.5)))
    with pytest.raises(ValueError, match="stands upright"):
        guess.commit(guess.put(state, (0.5, 0.0, 0.5, 0.9)))
    way, _ = asked("way")
    with pytest.raises(ValueError, match="has no length"):
        guess.commit(guess.place(way, "guess", *way.X[way.i]))


def test_without_a_question_nothing_waits():
    for begin, _, _ in BEGUN.values():
        assert begin().guess is None
        assert not asking(begin())


def test_panels_beside_wait_too():
    state, _ = guessed("pixel")
    assert guess.later(pixels_drawing.draw_ink, "follows")(state) is NOTHING
    assert guess.later(pixels_drawing.draw_test, "watched")(state) is not NOTHING
    after = guess.commit(state)
    assert guess.later(pixels_drawing.draw_ink, "follows")(after) is not NOTHING


# ---- nothing of the truth before


@every
def test_before_it_is_committed_the_scene_tells_nothing(name):
    for state, draw in (asked(name), guessed(name)):
        scene = draw(state)
        styles = {mark.style for mark in (*scene.lines, *scene.arrows)}
        kinds = {point.kind for point in scene.points}
        told = {"predicted", "retrained", "tangent", "regression", "steepest", "darker", "lighter"}
        assert not told & (styles | kinds)
        assert {point.size for point in scene.points} == {1.0}
        assert not any(p.note for p in scene.points if p.id not in ("test", *THETA))
        assert scene.table == ()


THETA = ("theta-1", "theta-2", "theta-3")  # theta now, and two pictures of no change


@pytest.mark.parametrize("name", ["way", "pixel", "image", "slope"])
def test_before_it_is_committed_the_truth_is_not_computed(name, monkeypatch):
    state, draw = guessed(name)
    for module in ("teachkit.scenes.perturbation", "teachkit.scenes.pixels"):
        monkeypatch.setattr(f"{module}.retrain_with", None)
    for module in ("perturbation.Watching.move", "perturbation.Watching.pert_losses"):
        monkeypatch.setattr(f"teachkit.scenes.{module}", None)
    monkeypatch.setattr("teachkit.scenes.pixels.PixelState.pert_loss", None)
    monkeypatch.setattr("teachkit.scenes.image_influence_guess.leave_one_out", None)
    monkeypatch.setattr("teachkit.scenes.agreement.AgreementState.plain", None)
    monkeypatch.setattr("teachkit.scenes.agreement.AgreementState.true", None)
    draw(state)
    with pytest.raises(TypeError):
        guess.commit(state)


def test_images_stand_in_an_order_that_tells_nothing():
    state, draw = asked("image")
    shown = [int(p.id) for p in draw(state).points if p.id.isdecimal()]
    assert shown == sorted(shown)
    assert set(shown) == {*state.helpful, *state.harmful}


# ---- errors, against independent computations


def test_the_prediction_of_each_of_the_three_stands_above_its_truth():
    state, _ = guessed("line point", option=12)
    after = guess.commit(state)
    (of, predicted), (beside, true) = after.guess.outcome.rows
    assert (of, beside) == ("change, on the tangent", "change, true")
    influences, far = after.answer.influences, after.guess.outcome.numbers.truth
    assert float(predicted.truth.replace("−", "-")) == pytest.approx(influences[far], abs=5e-3)
    assert float(predicted.guess.replace("−", "-")) == pytest.approx(influences[12], abs=5e-3)
    assert abs(float(true.truth.replace("−", "-"))) > 1.2 * abs(influences[far]), "it stops short"


def test_a_way_has_its_prediction_along_i_pert():
    state, draw = guessed("way")
    after = guess.commit(state)
    (_, predicted), _ = after.guess.outcome.rows
    home, there = state.X[state.i], np.array(state.guess.values)
    expected = float(state.pert_loss @ (there - home)) / len(state.y)
    assert float(predicted.guess.replace("−", "-")) == pytest.approx(expected, abs=1e-3)
    styles = [arrow.style for arrow in draw(after).arrows if arrow.style != "guide"]
    assert sorted(styles) == ["guess", "retrained", "steepest"], "I_pert is the prediction's arrow"


def placed(effects, k):
    """How many effects are larger than that of option k."""
    return sum(effect > effects[k] for effect in effects)


def test_the_point_of_a_line_by_least_squares():
    state, _ = guessed("line point")
    X, y = LINE
    rows = np.column_stack([X, np.ones(len(y))])
    x = np.append(state.x_test, 1.0)

    def error(keep):
        return float(x @ np.linalg.lstsq(rows[keep], y[keep])[0] - state.y_test) ** 2

    everyone = error(np.ones(len(y), dtype=bool))
    effects = [abs(error(without(len(y), i)) - everyone) for i in range(len(y))]
    outcome = guess.commit(state).guess.outcome
    assert outcome.numbers.truth == int(np.argmax(effects))
    assert outcome.error == placed(effects, 2)
    assert outcome.predicted_error == placed(effects, outcome.numbers.prediction)


def test_the_point_of_a_classifier_by_scikit_learn():
    state, _ = guessed("point", option=7)
    X, y = BLOBS
    rows, x = np.column_stack([X, np.ones(len(y))]), np.append(state.x_test, 1.0)
    now = loss(fitted(rows, y, 0.01), x, state.y_test)
    thetas = [fitted(rows, y, 0.01, without(len(y), i)) for i in range(len(y))]
    effects = [abs(loss(theta, x, state.y_test) - now) for theta in thetas]
    outcome = guess.commit(state).guess.outcome
    assert outcome.numbers.truth == int(np.argmax(effects))
    assert outcome.error == placed(effects, 7)
    assert outcome.words.guess == "point 7"


@pytest.mark.parametrize("name", ["line", "boundary"])
def test_lines_are_as_far_apart_as_their_places_are(name):
    state, _ = guessed(name)
    (x0, x1), (y0, y1) = state.axes.xlim, state.axes.ylim
    X, y = LINE if name == "line" else BLOBS
    rows, keep = np.column_stack([X, np.ones(len(y))]), without(len(y), 3)
    ax, ay, bx, by = state.guess.values
    if name == "line":
        slope, intercept = np.linalg.lstsq(rows[keep], y[keep])[0]
        x = np.linspace(x0, x1, 100_001)
        x = x[(slope * x + intercept >= y0) & (slope * x + intercept <= y1)]
        up = ay + (x - ax) * (by - ay) / (bx - ax) - (slope * x + intercept)
        expected = np.sqrt(np.mean(up**2)) / (y1 - y0)
    else:
        a, b, c = fitted(rows, y, 0.01, keep)
        t = np.linspace(y0, y1, 100_001)
        places = np.column_stack([-(b * t + c) / a, t])
        places = places[(places[:, 0] >= x0) & (places[:, 0] <= x1)]
        along = np.array([bx - ax, by - ay]) / np.hypot(bx - ax, by - ay)
        off = (places - [ax, ay]) @ [-along[1], along[0]]
        expected = np.sqrt(np.mean(off**2)) / max(x1 - x0, y1 - y0)
    assert guess.commit(state).guess.outcome.error == pytest.approx(100 * expected, rel=1e-3)


def test_a_guess_on_the_true_line_is_not_off():
    state, _ = asked("line")
    slope, intercept = state.answer.retrained
    right = guess.put(state, (0.1, slope * 0.1 + intercept, 0.9, slope * 0.9 + intercept))
    outcome = guess.commit(right).guess.outcome
    assert outcome.error == pytest.approx(0, abs=1e-9)
    assert outcome.numbers.guess == pytest.approx(outcome.numbers.truth)


def test_the_best_way_by_scikit_learn_in_all_directions():
    state, _ = guessed("way")
    X, y = BLOBS
    home, x = X[state.i], np.append(state.watching.x_test, 1.0)
    radius = np.hypot(*(np.array(state.guess.values) - home))
    losses = []
    for angle in np.arange(360):
        moved = np.column_stack([X, np.ones(len(y))])
        way = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        moved[state.i, :2] = home + radius * way
        losses.append(loss(fitted(moved, y, 0.01), x, state.watching.y_test))
    best = float(np.argmax(losses))
    outcome = guess.commit(state).guess.outcome
    assert between(outcome.numbers.truth, best) <= 1.0
    dx, dy = np.array(state.guess.values) - home
    expected = between(np.degrees(np.arctan2(dy, dx)), best)
    assert outcome.error == pytest.approx(expected, abs=1.0)
    assert between(350.0, 20.0) == between(20.0, 350.0) == 30.0


def test_the_point_goes_where_the_arrow_sends_it():
    after = guess.commit(guessed("way")[0])
    assert after.there == pytest.approx((0.4, 0.9))


def test_pixels_by_scikit_learn():
    state, _ = guessed("pixel", option=20)
    X, y, model = DIGITS.X_train, DIGITS.y_train, state.model
    x, label = model.X_test[state.test], state.watched.label
    now, effects = loss(fitted(X, y, 0.01), x, label), []
    for k in range(64):
        painted = X.copy()
        painted[state.i, k] += state.shade * state.ink
        effects.append(abs(loss(fitted(painted, y, 0.01), x, label) - now))
    outcome = guess.commit(state).guess.outcome
    assert outcome.numbers.truth == int(np.argmax(effects))
    assert abs(outcome.error - placed(effects, 20)) <= 1  # two effects may be alike
    assert outcome.words.guess == "row 3, column 5"


def test_images_by_scikit_learn():
    state, _ = guessed("image")
    X, y, model = DIGITS.X_train, DIGITS.y_train, state.model
    x, label = model.X_test[state.test], state.y_test
    now = loss(fitted(X, y, 0.01), x, label)
    offers = [i for _, i in state.guess.question.options(state)]
    effects = [loss(fitted(X, y, 0.01, without(len(y), i)), x, label) - now for i in offers]
    outcome = guess.commit(state).guess.outcome
    assert outcome.numbers.truth == offers[int(np.argmax(effects))]
    assert outcome.error == placed(effects, 2)


def test_the_slope_by_polyfit():
    state, _ = guessed("slope")
    slope, _ = np.polyfit(state.plain, state.true, 1)
    outcome = guess.commit(state).guess.outcome
    assert outcome.numbers == pytest.approx((1.5, 1.0, slope))
    assert outcome.error == pytest.approx(abs(1.5 - slope))
    assert outcome.predicted_error == pytest.approx(abs(1 - slope))
