"""The LiSSA explorer without a front end: against `lissa` itself, step by step."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import teachkit
from teachkit.datasets import digits
from teachkit.losses import Logistic, Loss, Square
from teachkit.risks import LinearRisk
from teachkit.scenes import lissa as scene
from teachkit.scenes import lissa_problem
from teachkit.scenes.lissa import make_safe, redraw
from teachkit.scenes.lissa_drawing import describe, describe_runs, draw, draw_runs, judge, size
from teachkit.scenes.lissa_problem import DEPTHS, recorded
from teachkit.scenes.lissa_start import begin


@cache
def of_digits():
    """The risk, its minimum and the b that the explorer begins with, made here."""
    data = digits()
    risk = LinearRisk(data.X_train, data.y_train, Logistic(), l2=0.01)
    theta = teachkit.minimize(risk, np.zeros(risk.p), tol=1e-12).x
    losses = risk.loss_at(theta, data.X_test, data.y_test)
    worst = int(np.argmax(losses))
    b = risk.gradient_at(theta, data.X_test[worst], data.y_test[worst])
    return risk, theta, b / np.abs(b).max()


@cache
def start():
    return begin()


def small(l2=0.1, n=12, loss=None, seed=4, **told):
    random = np.random.default_rng(seed)
    X, y = random.standard_normal((n, 3)), random.standard_normal(n)
    if loss is None:
        return LinearRisk(X, y, Square(), l2=l2, **told)
    return LinearRisk(X, np.where(np.arange(n) % 2, 1.0, -1.0), loss, l2=l2, **told)


class Sigmoid(Loss):
    """1 / (1 + e^(y s)): bounded, and so not convex."""

    binary = True

    def value(self, s, y):
        return 1 / (1 + np.exp(y * s))

    def slope(self, s, y):
        q = self.value(s, y)
        return -y * q * (1 - q)

    def curvature(self, s, y):
        q = self.value(s, y)
        return q * (1 - q) * (1 - 2 * q)


def replayed(state, run):
    """(x, rng) -> A_j x with the very examples that one run of the explorer takes."""
    risk, theta, _ = of_digits()
    steps = iter(lissa_problem.draws(risk.n, state.batch, len(state.errors), state.seed)[:, run])
    return lambda x, rng: risk.example_hvp(theta, next(steps).tolist())(x) + risk.l2 * x


def test_it_begins_with_the_digits_at_their_minimum():
    risk, theta, b = of_digits()
    state, H = start(), risk.hessian(theta)
    np.testing.assert_allclose(state.problem.b, b, rtol=1e-7)
    np.testing.assert_allclose(state.problem.H, H, rtol=1e-7, atol=1e-12)
    exact = np.linalg.solve(H, b)
    np.testing.assert_allclose(state.problem.exact, exact, rtol=1e-6, atol=1e-9)
    assert state.scale == pytest.approx(teachkit.Lissa().bind(risk, theta).scale, rel=1e-6)
    assert state.half == pytest.approx(np.linalg.eigvalsh(H)[-1] / 2, rel=1e-7)


@pytest.mark.parametrize(("batch", "scale"), [(1, 4.5), (10, 4.5), (1, 1.1), (10, 0.7)])
def test_a_run_is_lissa_with_the_same_samples(batch, scale):
    state = begin(batch=batch, scale=scale, depth=30)
    for run in (0, 7):
        trace = teachkit.lissa(replayed(state, run), state.problem.b, scale=scale, depth=30, seed=0)
        found = np.array([it.x for it in trace.iterates])[recorded(30)]
        np.testing.assert_allclose(state.runs[:, run], found, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("scale", [0.3, 0.51, 4.5, 47.0])
@pytest.mark.parametrize("depth", [1, 2, 100])
def test_without_noise_it_is_lissa_with_all_of_H(scale, depth):
    state = replace(start(), scale=scale, depth=depth, batch=start().problem.n)
    H, b = state.problem.H, state.problem.b
    x = b
    for _ in range(depth):
        x = b + x - H @ x / scale
    np.testing.assert_allclose(state.runs[-1, 0], x / scale, rtol=1e-6, atol=1e-9)
    off = np.linalg.norm(x / scale - state.problem.exact) / np.linalg.norm(state.problem.exact)
    assert state.bias == pytest.approx(off, rel=1e-6)
    assert state.errors == pytest.approx([off], rel=1e-6)
    assert state.noise == pytest.approx([0.0], abs=1e-9)


@pytest.mark.parametrize("n", [11, 249])
def test_samples_hold_no_example_twice_and_each_as_often(n):
    for batch in (1, 10):
        chosen = lissa_problem.draws(n, batch, 20, 3)
        assert (np.diff(np.sort(chosen, axis=-1), axis=-1) > 0).all()
        counts = np.bincount(chosen.ravel(), minlength=n)
        expected = chosen.size / n
        assert len(counts) == n
        assert np.abs(counts - expected).max() < 5 * expected**0.5


def test_the_mean_of_runs_is_what_the_full_batch_finds():
    """Within their spread: bias is what the mean of all has."""
    state = replace(start(), batch=10)
    of_all = np.concatenate([replace(state, seed=seed).runs[-1] for seed in range(10)])
    off = of_all.mean(axis=0) - state.noiseless([state.depth])[0]
    error = of_all.std(axis=0, ddof=1) / len(of_all) ** 0.5
    assert (np.abs(off) <= 4.5 * error + 1e-12).all()
    assert np.linalg.norm(off) < 0.02 * np.linalg.norm(state.problem.exact)


def test_r_is_numpys_and_noise_and_errors_are_what_they_say():
    state = start()
    risk, theta, _ = of_digits()
    G = risk.example_gradients(theta)
    exact = np.linalg.solve(risk.hessian(theta), state.problem.b)
    for run, answer in enumerate(state.runs[-1][:5]):
        r = np.corrcoef(-G @ answer, -G @ exact)[0, 1]
        assert state.r[run] == pytest.approx(r, abs=1e-6)
        off = np.linalg.norm(answer - exact) / np.linalg.norm(exact)
        assert state.errors[run] == pytest.approx(off, rel=1e-5)


def test_the_larger_the_scale_the_less_noise_and_the_more_bias():
    states = [replace(start(), scale=scale) for scale in (1.1, 4.7, 47.0)]
    noise = [np.median(state.noise) for state in states]
    assert noise[0] > 2 * noise[1] > 10 * noise[2]
    bias = [state.bias for state in states]
    assert bias[0] < 0.001 < 0.03 < bias[1] < 0.1 < 0.6 < bias[2]
    assert states[0].r.min() < 0.4 and states[2].r.min() > 0.8


def test_the_danger_is_silent_and_the_full_batch_diverges_only_below_a_half():
    state = start()
    silent = replace(state, scale=1.1)
    assert silent.errors.max() < 2
    assert "Silent danger: below 4.47, the largest eigenvalue of one example" in judge(silent)
    assert judge(state) == "Safe: no sample has an eigenvalue above 4.47."
    full = {scale: replace(state, scale=scale, batch=249) for scale in (0.47, 0.51)}
    assert full[0.47].bias > 1e5
    assert full[0.51].bias < 1e-8
    assert "even the full batch diverges" in judge(full[0.47])
    assert "the full batch converges" in judge(full[0.51])
    assert "even the full batch diverges" in judge(replace(state, scale=0.47))


def test_runs_that_blow_up_are_said_and_nothing_else_breaks():
    state = replace(start(), scale=0.24)
    said = describe_runs(state)
    assert said.endswith("All of them blew up.")
    assert "no answer is left that has an r" in said
    some = replace(start(), scale=0.24, depth=10)
    assert np.isfinite(some.r).all()
    assert "beyond 10¹⁰⁰" in describe(replace(state, depth=2000))


def test_the_words_tell_the_numbers():
    state = start()
    share = 100 * (1 - (1 - state.problem.eigenvalues[0] / state.scale) ** 1001)
    assert f"{share:.0f}% of the smallest eigenvalue's part" in describe(state)
    assert f"the bias is {state.bias:.3f}" in describe(state)
    said = describe_runs(state)
    assert f"noise {np.median(state.noise):.3f}" in said
    assert f"{state.r.min():.3f} at worst, {np.median(state.r):.3f} in the middle" in said
    rows = dict(draw(state).table)
    assert rows["bias"] == f"{state.bias:.3f}"
    assert rows["largest of one example"] == "4.47"
    assert "All examples in each step: no noise" in describe_runs(replace(state, batch=249))
    assert [size(e) for e in (0.25, 2e-5, 1e20, 1e-14, np.inf)] == [
        "0.250", "2.0·10⁻⁵", "1.0·10²⁰", "below 10⁻¹²", "beyond 10¹⁰⁰",
    ]  # fmt: skip


def test_the_sticks_are_the_parts_and_what_the_filter_finds_of_them():
    state = replace(start(), scale=47.0)
    lines = {line.id: line for line in draw(state).lines}
    mu, parts = state.problem.eigenvalues, np.abs(state.problem.parts)
    tallest = np.argmax(parts)
    (found,) = (top for (x, _), (_, top) in lines["found"].pieces
                if x == pytest.approx(np.log10(mu[tallest]), abs=1e-4))  # fmt: skip
    wanted = 1 - (1 - mu[tallest] / 47) ** 1001
    assert found == pytest.approx(wanted, abs=1e-3)
    near = min(lines["filter"].pieces[0], key=lambda place: abs(place[0] - np.log10(mu[tallest])))
    assert near[1] == pytest.approx(wanted, abs=0.02)
    x, height = lines["ridge"].pieces[0][0]
    assert height == pytest.approx(10**x / (10**x + 47 / 1001), abs=1e-3)


def test_the_runs_end_at_their_errors_and_r():
    state = start()
    ends = {view: {} for view in scene.VIEWS}
    for view in scene.VIEWS:
        for line in draw_runs(replace(state, view=view)).lines:
            ends[view][line.id] = [piece[-1] for piece in line.pieces]
    np.testing.assert_allclose(
        [y for _, y in ends["error"]["runs"]], np.log10(state.errors), atol=1e-3
    )
    np.testing.assert_allclose([y for _, y in ends["r"]["runs"]], state.r, atol=1e-3)
    assert ends["error"]["full"] == [(1000.0, pytest.approx(np.log10(state.bias), abs=1e-3))]


def test_other_samples_are_others_and_a_safe_scale_is_on_the_slider():
    state = start()
    assert redraw(state) == replace(state, seed=1)
    assert not np.allclose(redraw(state).runs[-1], state.runs[-1])
    for batch in state.problem.batches:
        safe = make_safe(replace(state, scale=0.24, batch=batch))
        assert safe.scale == safe.safe
        assert safe.scale in state.problem.scales
    labels = [f"{s:.3g}" for s in begin(scale=4.4601).problem.scales]
    assert len(set(labels)) == len(labels)


OWN = {
    "weights": lambda: small(weights=[0.0, 3.0, *[1.0] * 10]),
    "penalties": lambda: small(l2=[0.5, 0.1, 0.0]),
    "few": lambda: small(n=5),
    "two": lambda: small(n=2, loss=Logistic()),
    "one": lambda: small(n=1),
    "eleven": lambda: small(n=11, loss=Logistic()),
    "large": lambda: LinearRisk(1e6 * small().X, 1e6 * small().y, Square(), l2=1e9),
    "tiny": lambda: LinearRisk(1e-6 * small().X, small().y, Square(), l2=1e-14),
}


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("view", scene.VIEWS)
def test_scenes_of_any_risk_are_finite_at_all_ends(name, view):
    state = begin(OWN[name](), view=view, depth=1)
    problem = state.problem
    for scale in (problem.scales[0], state.scale, problem.scales[-1]):
        for batch in problem.batches:
            for depth in (1, 2, 1000):
                now = replace(state, scale=scale, batch=batch, depth=depth)
                with np.errstate(all="raise"):
                    for drawn in (draw(now), draw_runs(now)):
                        json.dumps(drawn.as_dict(), allow_nan=False)
                        assert "nan" not in drawn.sentence + str(drawn.table)


@pytest.mark.parametrize("factor", [1e-300, 5e-324, 1e-3, 1e300])
def test_the_size_of_b_changes_nothing(factor):
    state, b = start(), np.ones(65)
    one = replace(begin(b=b), depth=50, scale=state.scale)
    other = replace(begin(b=factor * b), depth=50, scale=state.scale)
    for draw_it in (draw, draw_runs):
        assert draw_it(other) == draw_it(one)


def test_where_influences_do_not_vary_there_is_no_r_and_the_noise_is_said():
    pixel = np.eye(65)[0]  # it is 0 in all images
    said = describe_runs(begin(b=pixel, depth=10))
    assert "noise below 10⁻¹²; r has no meaning" in said


@pytest.mark.parametrize("name", ["weights", "penalties", "few"])
def test_a_safe_scale_is_that_of_the_library(name):
    risk = OWN[name]()
    state = begin(risk)
    bound = teachkit.Lissa().bind(risk, teachkit.minimize(risk, np.zeros(3), tol=1e-12).x)
    assert state.scale == pytest.approx(bound.scale, rel=1e-7)


def test_one_example_has_no_r_and_all_of_it_is_the_full_batch():
    state = begin(small(n=1))
    assert state.problem.batches == (1,)
    assert state.full
    assert "r has no meaning" in describe_runs(state)
    assert [label.text for label in draw_runs(replace(state, view="r")).labels] == ["no r"]
    (full,) = (line for line in draw_runs(state).lines if line.id == "full")
    assert full.leaves and full.end == "full batch"  # it is exact: below the picture from the start


def test_the_risk_of_another_library_is_read():
    xp = pytest.importorskip("array_api_strict")
    risk = small()
    other = LinearRisk(xp.asarray(risk.X), xp.asarray(risk.y), Square(), l2=0.1)
    np.testing.assert_allclose(begin(other).problem.exact, begin(risk).problem.exact, rtol=1e-9)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"depth": 7}, "depth is 7; the explorer has 1, 2, 3"),
        ({"batch": 5}, "batch is 5; the explorer has 1, 10, 249"),
        ({"view": ["r"]}, "the explorer has error, r"),
        ({"view": "noise"}, "the explorer has error, r"),
        ({"scale": 0.01}, "The slider goes from 0.24 to"),
        ({"scale": -1.0}, "scale is -1"),
        ({"scale": float("nan")}, "scale is nan"),
        ({"seed": -1}, "seed is -1"),
        ({"b": np.zeros(65)}, "b is 0, and so is H\\^-1 b"),
        ({"b": np.full(65, np.inf)}, "b "),
        ({"b": np.ones(3)}, "b "),
        ({"theta": np.ones(3)}, "theta "),
    ],
)
def test_a_wrong_start_is_refused_in_a_sentence(told, words):
    with pytest.raises(ValueError, match=words):
        begin(**told)


def test_an_H_without_an_inverse_is_refused():
    with pytest.raises(ValueError, match="H is not positive definite: its smallest eigenvalue"):
        begin(LinearRisk(np.ones((6, 2)), np.arange(6.0), Square()), np.zeros(2), np.ones(2))
    with pytest.raises(ValueError, match="H is not positive definite: .* smallest eigenvalue is -"):
        begin(small(l2=1e-3, loss=Sigmoid()), np.array([2.0, -2.0, 2.0]), np.ones(3))
    some = begin(small(l2=0.5, loss=Sigmoid()), np.array([2.0, -2.0, 2.0]), np.ones(3))
    assert some.problem.c.min() < 0 < some.problem.eigenvalues[0]
    np.testing.assert_allclose(some.problem.exact, np.linalg.solve(some.problem.H, np.ones(3)))
    with pytest.raises(ValueError, match="Scale the columns of X"):
        begin(LinearRisk(1e-150 * small().X, small().y, Square()), np.zeros(3), np.ones(3))
    with pytest.raises(TypeError, match="samples the examples of a LinearRisk"):
        begin(np.eye(3))


def test_every_depth_is_on_offer():
    for depth in DEPTHS:
        assert recorded(depth)[[0, -1]].tolist() == [0, depth]
