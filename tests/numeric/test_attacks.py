"""Training-set attacks against a plain loop, and what every attack keeps."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from teachkit.attacks import (
    attack,
    attack_steps,
    choose_images,
    projected_step,
    random_control,
    vulnerability,
)
from teachkit.losses import Logistic, Square
from teachkit.retraining import retrain
from teachkit.risks import LinearRisk

pytestmark = pytest.mark.filterwarnings("error")


def images(n=30, d=12, l2=0.05):
    """Eight-bit images of d pixels with a column of ones, and two test points."""
    rng = np.random.default_rng(3)
    y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
    grey = np.clip(rng.integers(0, 256, (n, d)) * 0.7 + 60 * (y[:, None] > 0), 0, 255)
    X = np.column_stack([np.round(grey) / 255, np.ones(n)])
    risk = LinearRisk(X[:-4], y[:-4], Logistic(), l2=l2)
    return risk, retrain(risk, np.zeros(d + 1)), X[-4:], y[-4:]


def fitted(X, y, l2, start):
    def value(theta):
        m = y * (X @ theta)
        slope = -X.T @ (y * expit(-m)) / len(y) + l2 * theta
        return np.mean(np.logaddexp(0, -m)) + 0.5 * l2 * theta @ theta, slope

    return minimize(value, start, jac=True, method="BFGS", options={"gtol": 1e-11}).x


def plain(X, y, l2, chosen, X_test, y_test, budget, step, steps, refresh):
    """The attack with NumPy and SciPy alone: the gradient through a solve, pixels clipped."""
    X, X0 = X.copy(), X.copy()
    theta, seen = fitted(X, y, l2, np.zeros(X.shape[1])), []
    signs = None
    for _ in range(steps):
        if signs is None or refresh:
            q = expit(y * (X @ theta))
            H = X.T @ (X * (q * (1 - q))[:, None]) / len(y) + l2 * np.eye(X.shape[1])
            slopes = -y_test * expit(-y_test * (X_test @ theta))
            s = np.linalg.solve(H, X_test.T @ slopes / len(y_test))
            signs = {}
            for i in chosen:
                mixed = -y[i] * (1 - q[i]) * np.eye(len(s)) + q[i] * (1 - q[i]) * np.outer(
                    X[i], theta
                )
                signs[i] = np.sign(-s @ mixed)
        for i in chosen:
            moved = np.clip(X[i] + step * signs[i], X0[i] - budget, X0[i] + budget)
            X[i, :-1] = np.clip(moved, 0, 1)[:-1]
        theta = fitted(X, y, l2, theta)
        seen.append(y_test * (X_test @ theta))
    return X[list(chosen)], np.array(seen)


@pytest.mark.parametrize("refresh", [True, False])
@pytest.mark.parametrize("tests", [1, 3])
def test_it_agrees_with_a_plain_loop(refresh, tests):
    risk, theta, X_test, y_test = images()
    X_test, y_test = X_test[:tests], y_test[:tests]
    found = attack(
        risk, theta, (2, 5), X_test, y_test, budget=0.3, step=0.09, steps=5, grid=None,
        refresh=refresh,
    )  # fmt: skip
    X, margins = plain(
        risk.X, risk.y, 0.05, (2, 5), X_test, y_test, 0.3, 0.09, 5, refresh
    )  # fmt: skip
    np.testing.assert_allclose(found.X, X, atol=1e-12)
    np.testing.assert_allclose(found.margins[1:], margins, atol=1e-6)
    assert found.losses[-1].mean() > found.losses[0].mean()
    np.testing.assert_allclose(found.losses, np.logaddexp(0, -found.margins), rtol=1e-12)


def test_one_test_point_is_the_same_alone_and_in_a_list():
    risk, theta, X_test, y_test = images()
    alone = attack(risk, theta, 3, X_test[0], y_test[0], steps=2)
    listed = attack(risk, theta, [3], X_test[:1], y_test[:1], steps=2)
    np.testing.assert_array_equal(alone.X, listed.X)
    assert alone.margins.shape == (3, 1) and alone.images == (3,)


@pytest.mark.parametrize("budget", [1, 2, 8, 32])
def test_pixels_keep_to_the_box_the_grid_and_the_column_of_ones(budget):
    risk, theta, X_test, y_test = images()
    for found in (
        attack(risk, theta, [0, 7], X_test[0], y_test[0], budget=budget / 255, steps=6),
        random_control(risk, theta, [0, 7], X_test[0], y_test[0], budget=budget / 255),
    ):
        start = risk.X[[0, 7]]
        np.testing.assert_array_equal(found.before, start)
        for step in found.steps:
            levels = np.round(255 * step.X)
            np.testing.assert_array_equal(step.X[:, :-1], levels[:, :-1] / 255)
            assert np.abs(levels - 255 * start).max() <= budget + 1e-9
            assert step.X.min() >= 0 and step.X.max() <= 1
            np.testing.assert_array_equal(step.X[:, -1], 1.0)
        assert np.isclose(np.abs(found.X - start).max(), budget / 255)


def test_each_step_is_trained_on_its_own_images():
    risk, theta, X_test, y_test = images()
    found = attack(risk, theta, [4, 1], X_test, y_test, budget=32 / 255, steps=6)
    assert [step.k for step in found.steps] == list(range(7))
    for step in found.steps:
        changed = risk.replaced(4, step.X[0], risk.y[4]).replaced(1, step.X[1], risk.y[1])
        assert np.linalg.norm(changed.gradient(step.theta)) < 1e-10
        np.testing.assert_allclose(step.margins, y_test * (X_test @ step.theta))
        v = (step.X - found.before).mean(axis=0)
        if step.k:
            H = changed.hessian(step.theta)
            assert step.curvature == pytest.approx(v @ H @ v / (v @ v))
    assert np.isnan(found.curvature[0])
    np.testing.assert_array_equal(found.flipped, (found.margins[0] > 0) & (found.margins[-1] <= 0))


def test_what_was_handed_in_stays():
    risk, theta, X_test, y_test = images()
    X, kept = risk.X.copy(), theta.copy()
    found = attack(risk, theta, [1], X_test, y_test, steps=2)
    np.testing.assert_array_equal(risk.X, X)
    np.testing.assert_array_equal(theta, kept)
    with pytest.raises(ValueError, match="read-only"):
        found.X[0, 0] = 3.0


def test_a_column_that_is_always_0_may_move():
    risk, theta, X_test, y_test = images()
    X = np.column_stack([np.zeros(risk.n), risk.X])
    risk = LinearRisk(X, risk.y, Logistic(), l2=0.05)
    test = np.column_stack([np.ones(4), X_test])
    found = attack(risk, retrain(risk, np.r_[0.0, theta]), [1], test[0], y_test[0], steps=2)
    assert found.X[0, 0] > 0


def test_the_control_moves_everything_that_can_by_the_budget_and_is_drawn_once():
    risk, theta, X_test, y_test = images()
    one, again, other = (
        random_control(risk, theta, [0, 1], X_test, y_test, seed=seed) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one.X, again.X)
    assert np.any(one.X != other.X) and len(one.steps) == 2
    start = one.before[:, :-1]
    inside = (start >= 8 / 255) & (start <= 1 - 8 / 255)
    np.testing.assert_allclose(np.abs(one.X[:, :-1] - start)[inside], 8 / 255)


def test_the_images_chosen_can_do_most():
    """By moving every pixel a little along its sign, and training again."""
    risk, theta, X_test, y_test = images()
    rises = []
    for i in range(risk.n):
        found = attack(risk, theta, i, X_test[1], y_test[1], budget=1e-4, step=1e-4, steps=1,
                       grid=None, low=-1, high=2)  # fmt: skip
        rises.append(found.losses[1, 0] - found.losses[0, 0])
    chosen = choose_images(risk, theta, X_test[1], y_test[1], 3)
    assert chosen == tuple(np.argsort(rises)[::-1][:3])
    reach = vulnerability(risk, theta, X_test, y_test)
    assert reach.shape == (4,)
    assert reach[1] * 1e-4 / risk.n == pytest.approx(max(rises), rel=1e-2)
    some = vulnerability(risk, theta, X_test, y_test, images=chosen[1:])
    assert some[1] < reach[1]


def test_a_step_is_projected():
    start, x = np.array([0.0, 0.5, 0.5, 1.0]), np.array([0.0, 0.6, 0.45, 0.95])
    direction = np.array([-3.0, 2.0, 0.0, 0.1])
    found = projected_step(start, x, direction, 0.08, 0.125)
    np.testing.assert_allclose(found, [0.0, 0.625, 0.45, 1.0])
    on_grid = projected_step(start, x, direction, 0.08, 0.125, grid=4)
    np.testing.assert_array_equal(on_grid, [0.0, 0.5, 0.5, 1.0])


def test_an_interrupt_keeps_the_steps_that_are_done(monkeypatch):
    import teachkit.attacks.plan as plan

    risk, theta, X_test, y_test = images()
    whole = attack(risk, theta, [1], X_test, y_test, steps=4, progress=True)
    asked = []

    def interrupted(*of):
        asked.append(of)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return retrain(*of)

    monkeypatch.setattr(plan, "retrain", interrupted)
    found = attack(risk, theta, [1], X_test, y_test, steps=4, progress=True)
    assert found.message == "Interrupted after 2 of 4 steps, which are kept."
    np.testing.assert_array_equal(found.margins, whole.margins[:3])


def test_steps_go_on_for_as_long_as_one_asks():
    risk, theta, X_test, y_test = images()
    walk = attack_steps(risk, theta, [1], X_test, y_test)
    seen = [next(walk) for _ in range(9)]
    assert [step.k for step in seen] == list(range(9))
    found = attack(risk, theta, [1], X_test, y_test, steps=8)
    np.testing.assert_array_equal(found.X, seen[-1].X)


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"budget": 0.5 / 255}, ValueError, "grid=None"),
        ({"budget": -1.0}, ValueError, "budget is -1.0"),
        ({"step": 0.4 / 255}, ValueError, "take each step back"),
        ({"steps": -1}, ValueError, "steps is -1"),
        ({"grid": 16}, ValueError, "17 levels"),
        ({"high": 0.5}, ValueError, "low=0.0, high=0.5"),
        ({"low": 1.0, "high": 0.0}, ValueError, "low < high"),
        ({"images": []}, ValueError, "images is empty"),
        ({"images": [99]}, IndexError, "99"),
        ({"images": [1, 1]}, ValueError, "more than once"),
        ({"y_test": 0.0}, ValueError, "-1 and"),
        ({"risk": object()}, TypeError, "LinearRisk"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(changed, error, words):
    risk, theta, X_test, y_test = images()
    given = {"risk": risk, "theta": theta, "images": 1, "x_test": X_test[0], "y_test": y_test[0]}
    with pytest.raises(error, match=words):
        attack(**given | changed)


def test_a_risk_of_other_targets_is_refused():
    risk, theta, X_test, y_test = images()
    square = LinearRisk(risk.X, risk.X[:, 0], Square(), l2=0.1)
    with pytest.raises(ValueError, match="-1 and"):
        attack(square, theta, 1, X_test[0], y_test[0])


def test_it_runs_on_other_arrays(xp_device):
    risk, theta, X_test, y_test = images()
    there = LinearRisk(
        xp_device.array(risk.X), xp_device.array(risk.y), Logistic(), l2=0.05
    )  # fmt: skip
    asked = (xp_device.array(theta), [2, 3], xp_device.array(X_test), xp_device.array(y_test))
    found, ours = (
        attack(there, *asked, steps=2),
        attack(risk, theta, [2, 3], X_test, y_test, steps=2),
    )
    np.testing.assert_allclose(found.margins, ours.margins, rtol=1e-9)
    assert choose_images(there, asked[0], *asked[2:], 2) == choose_images(
        risk, theta, X_test, y_test, 2
    )
    random_control(there, *asked)
    np.testing.assert_allclose(
        vulnerability(there, asked[0], *asked[2:]), vulnerability(risk, theta, X_test, y_test)
    )
