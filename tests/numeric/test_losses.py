"""Each loss against SciPy, scikit-learn, differences, and arithmetic of many digits."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest
import scipy.special
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st

from teachkit.arrays import to_numpy
from teachkit.losses import (
    Absolute,
    EpsilonInsensitive,
    Hinge,
    Logistic,
    Loss,
    SmoothHinge,
    Square,
    SquaredHinge,
    ZeroOne,
)

SMOOTH = [Square(), SmoothHinge(0.3), Logistic()]
KINKED = [Absolute(), EpsilonInsensitive(0.25), Hinge()]
BENT = [SquaredHinge()]
SCORES = np.random.default_rng(0).normal(scale=2.0, size=200)
LABELS = np.where(np.random.default_rng(1).random(200) < 0.5, -1.0, 1.0)


def test_values_agree_with_scikit_learn_and_scipy():
    def mean(loss):
        return np.mean(loss.value(SCORES, LABELS))

    assert mean(Square()) == pytest.approx(sklearn.metrics.mean_squared_error(LABELS, SCORES))
    assert mean(Absolute()) == pytest.approx(sklearn.metrics.mean_absolute_error(LABELS, SCORES))
    assert mean(Hinge()) == pytest.approx(sklearn.metrics.hinge_loss(LABELS, SCORES))
    assert mean(ZeroOne()) == pytest.approx(sklearn.metrics.zero_one_loss(LABELS, np.sign(SCORES)))
    assert mean(Logistic()) == pytest.approx(
        sklearn.metrics.log_loss(LABELS, scipy.special.expit(SCORES))
    )
    inside = np.maximum(0.0, np.abs(SCORES - LABELS) - 0.25)
    np.testing.assert_allclose(EpsilonInsensitive(0.25).value(SCORES, LABELS), inside)


def test_the_squared_hinge_is_the_hinge_squared_and_bends_at_the_margin_1():
    loss = SquaredHinge()
    np.testing.assert_allclose(loss.value(SCORES, LABELS), Hinge().value(SCORES, LABELS) ** 2)
    assert loss.slope(np.array([1.0, 3.0]), 1.0).tolist() == [0.0, 0.0]
    with pytest.raises(ValueError, match="slope of the squared hinge has no derivative where y s"):
        loss.curvature(np.array([2.0, -1.0]), np.array([1.0, -1.0]))


def test_logistic_derivatives_agree_with_scipy():
    s = scipy.special.expit(SCORES)
    np.testing.assert_allclose(Logistic().slope(SCORES, LABELS), s - (LABELS + 1) / 2, atol=1e-15)
    np.testing.assert_allclose(Logistic().curvature(SCORES, LABELS), s * (1 - s), atol=1e-15)


def test_a_score_of_zero_is_a_mistake():
    assert ZeroOne().value(np.array([0.0, -0.0, 1.0]), np.array([1.0, -1.0, 1.0])).tolist() == [
        1.0,
        1.0,
        0.0,
    ]


@pytest.mark.parametrize("loss", SMOOTH + KINKED + BENT, ids=str)
def test_slope_and_curvature_are_the_derivatives(loss):
    h = 1e-6
    slope = (loss.value(SCORES + h, LABELS) - loss.value(SCORES - h, LABELS)) / (2 * h)
    np.testing.assert_allclose(loss.slope(SCORES, LABELS), slope, atol=1e-7)
    bend = (loss.slope(SCORES + h, LABELS) - loss.slope(SCORES - h, LABELS)) / (2 * h)
    np.testing.assert_allclose(loss.curvature(SCORES, LABELS), bend, atol=1e-7)


@pytest.mark.parametrize("loss", [*SMOOTH, *KINKED, *BENT, ZeroOne()], ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_library_device_and_dtype_are_kept(xp_device, loss, dtype):
    score, y = xp_device.array(SCORES[:, None], dtype), xp_device.array(LABELS[:, None], dtype)
    change = xp_device.array(np.ones((200, 3)), dtype)
    outs = [loss.value(score, y)]
    if not isinstance(loss, ZeroOne):
        outs += [loss.slope(score, y), loss.curvature(score, y)]
        outs += [loss.slope_change(score, change, y)]
        assert outs[-1].shape == (200, 3)
    reference = loss.value(SCORES, LABELS)
    np.testing.assert_allclose(to_numpy(outs[0])[:, 0], reference, rtol=1e-5, atol=1e-5)
    assert all(xp_device.holds(out, dtype) for out in outs)


@pytest.mark.parametrize("loss", [*SMOOTH, *KINKED, *BENT, ZeroOne()], ids=str)
def test_numbers_and_lists_are_welcome(loss):
    assert float(loss.value(0.5, 1)) == float(loss.value(np.array(0.5), np.array(1.0)))
    np.testing.assert_array_equal(
        loss.value([2, -3], [1, -1]), loss.value(np.array([2.0, -3.0]), np.array([1.0, -1.0]))
    )
    np.testing.assert_array_equal(loss.value(SCORES, 1), loss.value(SCORES, np.ones(200)))


@pytest.mark.parametrize("loss", [Logistic(), SmoothHinge(0.1)], ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.filterwarnings("error")
def test_huge_scores_are_harmless(loss, dtype):
    s = np.array([-1e30, -1e4, 1e4, 1e30], dtype)
    y = np.ones(4, dtype)
    np.testing.assert_allclose(loss.value(s, y)[:2], [1e30, 1e4], rtol=1e-3)
    np.testing.assert_array_equal(loss.value(s, y)[2:], 0)
    np.testing.assert_array_equal(loss.slope(s, y), [-1, -1, 0, 0])
    np.testing.assert_array_equal(loss.curvature(s, y), 0)
    np.testing.assert_array_equal(loss.slope_change(s, -2 * s, y), [1, 1, -1, -1])


def exact_sigmoid_change(u: float, du: float) -> Decimal:
    """sigma(u + du) - sigma(u) with 400 digits."""
    with localcontext() as context:
        context.prec = 400
        before, after = (1 / (1 + (-Decimal(z)).exp()) for z in (u, Decimal(u) + Decimal(du)))
        return after - before


@given(
    st.floats(-60, 60),
    st.floats(-200, 200).filter(lambda d: abs(d) > 1e-12),
    st.sampled_from([-1.0, 1.0]),
)
def test_slope_change_has_no_cancellation(s, change, y):
    exact = y * float(exact_sigmoid_change(y * s, y * change))
    mine = Logistic().slope_change(np.float64(s), np.float64(change), np.float64(y))
    assert float(mine) == pytest.approx(exact, rel=1e-12)
    t = 0.5
    u = (y * s - 1.0) / t
    exact = y * float(exact_sigmoid_change(u, y * change / t))
    mine = SmoothHinge(t).slope_change(np.float64(s), np.float64(change), np.float64(y))
    assert float(mine) == pytest.approx(exact, rel=1e-11)


@pytest.mark.parametrize("loss", SMOOTH + KINKED, ids=str)
def test_slope_change_is_the_difference_of_slopes(loss):
    change = np.random.default_rng(2).normal(size=(200, 3))
    mine = loss.slope_change(SCORES[:, None], change, LABELS[:, None])
    plain = loss.slope(SCORES[:, None] + change, LABELS[:, None])
    plain = plain - loss.slope(SCORES[:, None], LABELS[:, None])
    np.testing.assert_allclose(mine, plain, atol=1e-13)


@pytest.mark.parametrize("loss", SMOOTH + KINKED, ids=str)
def test_lists_are_welcome_as_changes_and_what_does_not_fit_is_told(loss):
    s, d, y = [0.3, -2.0], [0.1, 0.2], [1, -1]
    expected = loss.slope_change(np.array(s), np.array(d), np.array(y, dtype=float))
    np.testing.assert_array_equal(loss.slope_change(s, d, y), expected)
    one = loss.slope_change([0.3], [0.1], 1)
    np.testing.assert_array_equal(one, loss.slope_change(np.array([0.3]), np.array([0.1]), 1))
    with pytest.raises(ValueError, match=r"score has shape \(3,\) and y \(2,\)"):
        loss.value(np.ones(3), np.ones(2))
    with pytest.raises(ValueError, match=r"change has shape \(3,\) and score \(2,\)"):
        loss.slope_change(s, np.ones(3), y)


def test_smooth_hinge_tends_to_the_hinge():
    gaps = [
        np.max(SmoothHinge(t).value(SCORES, LABELS) - Hinge().value(SCORES, LABELS))
        for t in (0.1, 0.01, 0.001)
    ]
    assert gaps[0] > gaps[1] > gaps[2] > 0
    assert gaps[2] <= 0.001 * np.log(2)


@pytest.mark.parametrize(
    ("loss", "score", "instead"),
    [
        (Hinge(), -1.0, "SmoothHinge"),
        (Absolute(), 1.0, "Square"),
        (EpsilonInsensitive(0.25), -0.75, "Square"),
        (EpsilonInsensitive(0.25), -1.25, "Square"),
    ],
)
def test_a_kink_names_the_smooth_loss(xp_device, loss, score, instead):
    s, y = xp_device.array([3.0, score]), xp_device.array([-1.0, -1.0])
    if isinstance(loss, Absolute):
        s = xp_device.array([3.0, -1.0])
    for derivative in (loss.slope, loss.curvature):
        with pytest.raises(ValueError, match=f"at index 1 is exactly there.*{instead}"):
            derivative(s, y)
    assert loss.value(s, y).shape == (2,)


def test_a_kink_at_a_single_score():
    with pytest.raises(ValueError, match="this score is exactly there"):
        Hinge().slope(1.0, 1.0)


def test_zero_one_has_no_derivative_anywhere():
    for derivative in (ZeroOne().slope, ZeroOne().curvature):
        with pytest.raises(ValueError, match=r"Logistic\(\) or SmoothHinge"):
            derivative(SCORES, LABELS)


@pytest.mark.parametrize("t", [0, -0.1, np.nan, np.inf, "wide", True])
def test_smooth_hinge_needs_a_width(t):
    with pytest.raises(ValueError, match="t is"):
        SmoothHinge(t)


@pytest.mark.parametrize("number", [np.float64(0.5), np.float32(0.5), np.int64(1), 1])
def test_parameters_may_be_any_real_number_and_never_change_the_dtype(xp_device, number):
    s, y = xp_device.array(SCORES, "float32"), xp_device.array(LABELS, "float32")
    for loss in (SmoothHinge(number), EpsilonInsensitive(number)):
        assert xp_device.holds(loss.value(s, y), "float32")
        assert xp_device.holds(loss.slope(s, y), "float32")


def test_epsilon_may_be_zero_but_not_negative():
    np.testing.assert_array_equal(
        EpsilonInsensitive(0).value(SCORES, LABELS), Absolute().value(SCORES, LABELS)
    )
    with pytest.raises(ValueError, match="epsilon is -1"):
        EpsilonInsensitive(-1)


def test_margin_losses_say_that_they_want_labels():
    assert [loss.binary for loss in (*SMOOTH, *KINKED, ZeroOne())] == [
        False,
        True,
        True,
        False,
        False,
        True,
        True,
    ]


def test_a_loss_of_ones_own_gets_the_plain_slope_change():
    class Quartic(Loss):
        def slope(self, score, y):
            return 4.0 * (score - y) ** 3

    assert Quartic().slope_change(1.0, 1.0, 0.0) == 28.0
