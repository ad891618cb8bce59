"""The attack explorer's state against the library's own attack, and what its scenes say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from teachkit.attacks import attack, choose_images, random_control
from teachkit.datasets import digits
from teachkit.scenes.attack import BUDGETS, STEPS, begin, offered, step_to
from teachkit.scenes.attack_drawing import draw, draw_images

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def start():
    return begin()


def asked(state):
    images = state.victim.images
    return images.X_test[state.test], images.y_test[state.test]


def test_it_starts_with_the_right_answer_next_to_the_border(start):
    margins = start.victim.margins
    assert margins[start.test] == margins[margins > 0].min() == pytest.approx(start.margins[0])
    assert offered(start)[0][1] == start.test
    assert start.k == 0 and not start.flipped
    victim = start.victim
    assert start.chosen == choose_images(victim.risk, victim.theta, *asked(start), 2)


@pytest.mark.parametrize("budget", [0.5, 8.0])
def test_its_steps_are_those_of_an_attack(start, budget):
    state = step_to(replace(start, budget=budget), 4)
    victim, grid = state.victim, None if budget < 1 else 255
    step = 0.05 / 255 if budget < 1 else 1 / 255
    of = (victim.risk, victim.theta, state.chosen, *asked(state))
    found = attack(*of, budget=budget / 255, step=step, steps=4, grid=grid)
    np.testing.assert_allclose(state.margins, found.margins[:, 0], rtol=1e-9)
    np.testing.assert_allclose(state.steps[-1].X, found.X, atol=1e-12)
    control = random_control(*of, budget=budget / 255, grid=grid)
    assert state.random == pytest.approx(control.margins[-1, 0])


def test_ten_clicks_are_ten_steps_and_fill_the_box(start):
    state = start
    for k in range(1, STEPS + 1):
        state = step_to(state, state.k + 1)
        assert state.k == k == state.steps[-1].k
        assert len(state.margins) == k + 1
    assert step_to(state, 11).k == STEPS and step_to(state, -1).k == 0
    moved = np.abs(state.steps[-1].X - state.steps[0].X)
    assert moved.max() == pytest.approx(8 / 255)
    assert state.margins[-1] < state.margins[0]
    assert step_to(state, 3).margins == pytest.approx(state.margins[:4])


def test_influence_does_more_than_random_signs_and_more_with_more(start):
    ends = []
    for _, budget in BUDGETS:
        state = step_to(replace(start, budget=budget), STEPS)
        assert state.margins[-1] < state.random
        ends.append(state.margins[-1])
    assert ends == sorted(ends, reverse=True)


def test_the_scenes_tell_what_became_of_it(start):
    assert "has the margin" in draw(start).sentence
    state = step_to(replace(start, budget=32.0, count=10), STEPS)
    assert state.flipped
    scene = draw(state)
    assert "now called" in scene.sentence and "After random signs it is" in scene.sentence
    assert len(scene.points) == STEPS + 1
    images = draw_images(state)
    assert [p.id for p in images.points] == ["test", "before", "after", "change"]
    before, after, change = (np.array(p.values) for p in images.points[1:])
    np.testing.assert_allclose(change, 10 * (after - before), atol=1e-12)


def test_an_interrupt_spoils_nothing(start, monkeypatch):
    import teachkit.attacks.plan as plan

    def interrupted(*_):
        raise KeyboardInterrupt

    fresh = replace(start, victim=replace(start.victim, kept={}))
    halted = step_to(fresh, 2)
    with monkeypatch.context() as patched:
        patched.setattr(plan, "retrain", interrupted)
        with pytest.raises(KeyboardInterrupt):
            halted.margins  # noqa: B018
    np.testing.assert_allclose(step_to(fresh, 2).margins, step_to(start, 2).margins)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"budget": 3}, "budget is 3"),
        ({"count": 3}, "count is 3"),
        ({"l2": 0.0}, "l2 is 0"),
        ({"split": digits()}, "8-bit"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(told, words):
    with pytest.raises(ValueError, match=words):
        begin(**told)
