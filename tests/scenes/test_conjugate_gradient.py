"""The conjugate gradient explorer without a front end: its numbers, its gestures, its words."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import cg as scipy_cg

from teachkit.scenes import conjugate_gradient as gesture
from teachkit.scenes.conjugate_gradient import (
    GOAL,
    MANY,
    ConjugateGradientState,
    P,
    spectrum,
)
from teachkit.scenes.conjugate_gradient_drawing import (
    draw,
    draw_errors,
    draw_polynomial,
    left,
)

kappas = st.sampled_from((1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0))
states = st.builds(
    ConjugateGradientState,
    kappa=kappas,
    start=st.sampled_from(((25.0, 1.0), (3.0, -7.0), (-6.0, 0.0), (0.0, 4.0))),
    clusters=st.sampled_from((2, 3, 5, 10, P)),
    spacing=st.sampled_from(("geometric", "even")),
    width=st.sampled_from((0.0, 1e-4, 0.01, 0.1)),
    k=st.sampled_from((0, 1, 2, 3, 7, 20, 60)),
)


# ---- the numbers


def test_the_worst_start_zigzags_at_the_rate_of_the_book_and_cg_takes_two_steps():
    steepest, conjugate = ConjugateGradientState(kappa=25.0, start=(25.0, 1.0)).bowl
    np.testing.assert_allclose(steepest.errors[1:] / steepest.errors[:-1], 24 / 26, rtol=1e-9)
    assert len(conjugate.x) - 1 == 2
    np.testing.assert_allclose(conjugate.x[-1], 0.0, atol=1e-10)


@pytest.mark.parametrize("start", [(20.0, 0.0), (0.0, -5.0)])
def test_on_an_axis_one_step_is_enough_for_both(start):
    for run in ConjugateGradientState(start=start).bowl:
        assert len(run.x) - 1 == 1


@pytest.mark.parametrize(("clusters", "width"), [(P, 0.0), (3, 1e-4), (10, 0.1)])
def test_the_iterates_are_scipys(clusters, width):
    state = ConjugateGradientState(kappa=50.0, clusters=clusters, width=width)
    _, run = state.system
    eigenvalues, kept = run.eigenvalues, []
    scipy_cg(
        np.diag(eigenvalues),
        np.ones(P),
        rtol=0.0,
        maxiter=12,
        callback=lambda x: kept.append(x.copy()),
    )
    for k, x in enumerate(kept[: len(run.x) - 1], start=1):
        np.testing.assert_allclose(run.x[k], x - 1 / eigenvalues, atol=1e-8)


@pytest.mark.parametrize("clusters", [2, 3, 5, 10])
def test_exact_clusters_take_as_many_steps_as_there_are(clusters):
    state = ConjugateGradientState(kappa=25.0, clusters=clusters)
    assert state.system[1].steps_to_goal == clusters


@given(states)
def test_the_bound_holds_while_the_error_is_above_rounding(state):
    errors = state.system[1].errors[: len(state.bound)]
    above = errors > 1e-11
    assert (errors[above] <= 1.0000001 * state.bound[: len(errors)][above]).all()


@given(states)
def test_errors_fall_and_cg_is_never_behind(state):
    for steepest, conjugate in (state.bowl, state.system):
        both = min(len(steepest.errors), len(conjugate.errors))
        assert (conjugate.errors[:both] <= steepest.errors[:both] + 1e-11).all()
        assert (np.diff(steepest.errors) < 0).all()
        assert (np.diff(conjugate.errors) < 1e-11).all()


@given(states)
def test_the_spectrum_runs_from_one_to_kappa(state):
    values = spectrum(state.kappa, state.clusters, state.spacing, state.width)
    assert values.shape == (P,)
    assert values[0] == pytest.approx(1.0)
    assert values[-1] == pytest.approx(state.kappa)
    if state.width == 0.0 and state.kappa > 1:
        assert len(np.unique(values)) == state.clusters


@pytest.mark.parametrize("k", [0, 1, 4, 15])
@pytest.mark.parametrize("clusters", [3, P])
def test_the_polynomial_is_what_is_left_along_each_eigenvector(k, clusters):
    state = ConjugateGradientState(clusters=clusters, k=k)
    _, run = state.system
    measured = run.x[run.at(k)] / run.x[0]
    np.testing.assert_allclose(state.polynomial(run.eigenvalues), measured, atol=1e-10)
    assert state.polynomial(np.zeros(1))[0] == 1.0


def test_steepest_descent_is_counted_to_its_goal_or_given_up():
    slow = ConjugateGradientState(kappa=100.0, start=(25.0, 0.25)).bowl[0]
    assert slow.errors[slow.steps_to_goal] <= GOAL < slow.errors[slow.steps_to_goal - 1]
    assert len(slow.x) <= MANY + 1


# ---- the gestures


def test_the_start_moves_and_is_put_on_an_axis_when_near():
    state = ConjugateGradientState()
    assert gesture.move(state, 10.0, -3.0).start == (10.0, -3.0)
    assert gesture.move(state, 10.0, 0.1).start == (10.0, 0.0)
    with pytest.raises(ValueError, match="nothing left to do"):
        gesture.move(state, 0.1, -0.1)


@given(kappas)
def test_the_worst_start_is_on_the_plane_and_is_the_worst(kappa):
    worst = gesture.worst(ConjugateGradientState(kappa=kappa))
    (x, y), steepest = worst.start, worst.bowl[0]
    assert 0 < x <= 25
    assert 0 < y <= 7.5
    assert steepest.errors[1] == pytest.approx((kappa - 1) / (kappa + 1), abs=1e-12)
    other = gesture.move(worst, 12.0, 2.0).bowl[0]
    assert other.errors[1] <= steepest.errors[1] + 1e-12


# ---- the scenes


@given(states)
def test_every_state_can_be_drawn(state):
    for scene in (draw(state), draw_errors(state), draw_polynomial(state)):
        json.dumps(scene.as_dict(), allow_nan=False)
        assert scene.sentence
        assert scene.alt
    for point in draw(state).points:
        (x0, x1), (y0, y1) = draw(state).axes.xlim, draw(state).axes.ylim
        assert x0 <= point.x <= x1
        assert y0 <= point.y <= y1


def test_the_paths_end_where_the_points_stand():
    scene = draw(ConjugateGradientState(k=7))
    for name in ("steepest", "conjugate"):
        line = next(line for line in scene.lines if line.id == name)
        point = scene.point(name)
        assert line.pieces[0][-1] == (point.x, point.y)
        assert line.pieces[0][0] == (25.0, 1.0)
    assert len(next(line for line in scene.lines if line.id == "steepest").pieces[0]) == 8


def test_the_words_tell_the_numbers():
    state = ConjugateGradientState(k=10)
    scene = draw(state)
    assert scene.sentence.startswith(
        "After 10 steps. In the plane: conjugate gradients arrived at step 2, steepest descent has "
        "0.45 left."
    )
    assert ("factor of this step", "0.923", "–") in scene.table
    assert ("steps to 10⁻⁶", "173", "2") in scene.table
    assert draw(ConjugateGradientState(k=1)).sentence.startswith("After 1 step. In the plane: conj")
    three = ConjugateGradientState(clusters=3)
    assert draw_errors(three).sentence == "With 100 unknowns: 3 different eigenvalues from 1 to 25."
    assert len(draw_polynomial(three).points) == 3
    assert "33 times" in draw_polynomial(three).point("1").note
    assert not draw_polynomial(state).points


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"kappa": 1.0, "k": 60}, "steepest descent arrived at step 1; bound: below 10⁻¹²."),
        ({"clusters": 3}, "conjugate gradients arrived at step 3, steepest descent has 0.39 left"),
        ({"kappa": 2.0}, "steepest descent got below 10⁻⁶ at step 5. With 100 unknowns"),
    ],
)
def test_a_method_that_is_done_is_told_by_its_step(told, words):
    sentence = draw(ConjugateGradientState(**told)).sentence
    assert words in sentence
    assert "nothing" not in sentence


def test_each_curve_has_its_name_and_the_legend_has_no_more():
    scene = draw_errors(ConjugateGradientState())
    assert [line.end for line in scene.lines if line.id != "k"] == [
        "bound 2ρᵏ", "steepest descent", "conjugate gradients",
    ]  # fmt: skip
    assert {line.style for line in scene.lines} == {*scene.legend, "guide"}
    bowl = draw(ConjugateGradientState())
    assert "level lines" in [meaning.name for meaning in bowl.meanings.values()]
    assert set(bowl.legend) == set(bowl.meanings)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "below 10⁻¹²"), (0.45, "0.45"), (3e-6, "3·10⁻⁶"), (1.12, "1.12"), (4e-12, "4·10⁻¹²")],
)
def test_a_share_in_words(share, text):
    assert left(share) == text


def test_a_start_on_an_axis_takes_one_step_and_is_told_so():
    state = ConjugateGradientState(start=(25.0, 0.0), k=3)
    assert "steepest descent needs 1 step to a millionth" in draw(state).alt
    assert draw(state).points[0].note == "after 1 step"


@pytest.mark.parametrize("place", [(1e9, 1.0), (5.0, -30.0), (float("nan"), 1.0)])
def test_a_start_that_could_not_be_seen_is_refused(place):
    with pytest.raises(ValueError, match="the picture of the bowl goes from -9 to 27"):
        gesture.move(ConjugateGradientState(), *place)
