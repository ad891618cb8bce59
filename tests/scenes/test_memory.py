"""The memory explorer without a front end."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.optimize import minimize as scipy_minimize

from teachkit import datasets
from teachkit.losses import Logistic
from teachkit.optimize import BFGS
from teachkit.risks import LinearRisk
from teachkit.scenes.memory import MOST, TOL, begin, change, draw


@pytest.fixture(scope="module")
def state():
    cancer = datasets.breast_cancer()
    return begin(cancer.X_train, cancer.y_train, l2=0.1)


def test_each_run_ends_at_the_minimum_that_scipy_finds(state):
    risk = LinearRisk(state.problem.X, state.problem.y, Logistic(), l2=0.1)
    theirs = scipy_minimize(
        risk.value_and_gradient, np.zeros(risk.p), jac=True, options={"gtol": 1e-10}
    )
    for run in state.runs:
        assert run[-1].gradient_norm <= TOL
        np.testing.assert_allclose(run[-1].x, theirs.x, atol=1e-6)


def test_a_run_is_kept_and_only_what_changes_is_computed(state):
    other = change(state, memory=3)
    assert other.runs[1] is state.runs[1]
    assert other.runs[0] is not state.runs[0]
    assert change(other, memory=10).runs[0] is state.runs[0]


def test_the_words_and_the_table_tell_the_numbers(state):
    scene = draw(state)
    limited, full, steepest = (run[-1].k for run in state.runs)
    assert scene.sentence == (
        f"To a gradient norm of 10⁻⁸: L-BFGS with memory 10 takes {limited} steps, BFGS {full}, "
        f"steepest descent {steepest}."
    )
    assert ("numbers kept", f"{2 * 10 * 31}", f"{31**2}", "0") in scene.table
    assert ("multiplications", "1,271", "2,883", "0") in scene.table
    assert not any(word in scene.alt for word in (str(limited), str(full)))  # counts may differ
    json.dumps(scene.as_dict(), allow_nan=False)


def test_the_curves_are_the_gradient_norms(state):
    for line, run in zip(draw(state).lines, state.runs, strict=True):
        for k, height in line.pieces[0][:-1]:
            assert height == pytest.approx(np.log10(run[int(k)].gradient_norm))


def test_a_run_that_does_not_arrive_says_so(state):
    slow = change(state, l2=1e-4)
    assert len(slow.runs[2]) - 1 == MOST
    assert draw(slow).sentence.endswith(f"steepest descent over {MOST}.")
    assert slow.problem.run(BFGS(), 1e-4) is slow.runs[1]


def test_what_it_begins_with_is_checked():
    cancer = datasets.breast_cancer()
    with pytest.raises(ValueError, match="memory is 7; the slider has 1, 2, 3"):
        begin(cancer.X_train, cancer.y_train, memory=7)
    with pytest.raises(ValueError, match="l2 is 0"):
        begin(cancer.X_train, cancer.y_train, l2=0)
    with pytest.raises(ValueError, match="label"):
        begin(cancer.X_train, cancer.y_train + 1)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_data_in_any_units_take_the_steps_of_standardised_ones(unit):
    random = np.random.default_rng(4)
    X = random.normal(size=(80, 5))
    y = np.where(X @ [1.0, -1.0, 0.5, 0.0, 2.0] + random.normal(size=80) > 0, 1.0, -1.0)
    raw = np.column_stack([unit * (X * [1.0, 30.0, 0.02, 5.0, 1.0]), np.ones(80)])
    tidy = np.column_stack([(X - X.mean(axis=0)) / X.std(axis=0), np.ones(80)])
    there, here = begin(raw, y), begin(tidy, y)
    for run, expected in zip(there.runs, here.runs, strict=True):
        assert abs(run[-1].k - expected[-1].k) <= 2
        np.testing.assert_allclose(run[-1].x, expected[-1].x, rtol=1e-4, atol=1e-6)
    assert all(line.pieces[0] for line in draw(there).lines)
