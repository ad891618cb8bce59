"""Risks written by hand whose parts contradict each other are told what was found."""

from __future__ import annotations

import numpy as np
import pytest

from teachkit.influence import Influence
from teachkit.retraining import leave_one_out, retrain, retrain_without
from teachkit.risks import LinearRisk
from tests.numeric.dense import LOSSES, Dense, small
from tests.numeric.test_handwritten_risk import PoissonRiskWithLeverages
from tests.numeric.test_handwritten_risk import made as poisson

pytestmark = pytest.mark.filterwarnings("error")


class Right:
    """A linear risk in other words; each of the classes below has one part wrong."""

    def __init__(self, inner):
        self.inner, self.n, self.p = inner, inner.n, inner.p
        self.X, self.y, self.weights, self.l2 = inner.X, inner.y, inner.weights, inner.l2

    def value(self, theta):
        return self.inner.value(theta)

    def gradient(self, theta):
        return self.inner.gradient(theta)

    def hessian(self, theta):
        return self.inner.hessian(theta)

    def linearize(self, theta):
        return self.inner.linearize(theta)

    def example_gradients(self, theta):
        return self.inner.example_gradients(theta)

    def gradient_at(self, theta, X, y):
        return self.inner.gradient_at(theta, X, y)

    def loss_at(self, theta, X, y):
        return self.inner.loss_at(theta, X, y)

    def input_gradient(self, theta, i, s):
        return self.inner.input_gradient(theta, i, s)

    def leverages(self, theta, solve):
        return self.inner.leverages(theta, solve)

    def reweighted(self, weights):
        return type(self)(self.inner.reweighted(weights))

    def replaced(self, i, x, y):
        return type(self)(self.inner.replaced(i, x, y))


class Summed(Right):
    def value(self, theta):
        return self.n * super().value(theta)

    def gradient(self, theta):
        return self.n * super().gradient(theta)

    def hessian(self, theta):
        return self.n * super().hessian(theta)

    def linearize(self, theta):
        H = super().linearize(theta)
        return lambda v: self.n * H(v)


class SummedLosses(Right):
    """The penalty stands beside the sum."""

    def gradient(self, theta):
        return self.n * super().gradient(theta) - (self.n - 1) * self.l2 * theta


class Halved(Right):
    def gradient(self, theta):
        return 0.5 * super().gradient(theta)


class ByTheWeights(Right):
    """A weighted mean, divided by the sum of the weights."""

    def gradient(self, theta):
        total = np.sum(self.weights)
        data = super().gradient(theta) - self.l2 * theta
        return data * self.n / total + self.l2 * theta


class Unweighted(Right):
    def gradient(self, theta):
        return self.inner.reweighted(np.ones(self.n)).gradient(theta)


class KeepsItsWeights(Right):
    def reweighted(self, weights):
        return self


class Penalised(Right):
    def example_gradients(self, theta):
        return super().example_gradients(theta) + self.l2 * theta


class Weighted(Right):
    def example_gradients(self, theta):
        return self.weights[:, None] * super().example_gradients(theta)


class NoPenalty(Right):
    def gradient(self, theta):
        return super().gradient(theta) - self.l2 * theta

    def hessian(self, theta):
        return super().hessian(theta) - np.diag(self.l2)

    def linearize(self, theta):
        return self.hessian(theta).__matmul__


class PenaltyTwice(Right):
    def gradient(self, theta):
        return super().gradient(theta) + self.l2 * theta


class PenaltyNTimes(Right):
    def gradient(self, theta):
        return super().gradient(theta) + (self.n - 1) * self.l2 * theta


class Fewer(Right):
    def reweighted(self, weights):
        return Right(LinearRisk(self.X[1:], self.y[1:], self.inner.loss, l2=self.l2))


class OneGone(Right):
    """The gradient forgets the last example."""

    def gradient(self, theta):
        w = self.weights.copy()
        w[-1] = 0.0
        return self.inner.reweighted(w).gradient(theta)


WRONG = [
    (Summed, r"the gradient is 12 times the mean of the example gradients.*it is their sum"),
    (SummedLosses, r"the gradient is 12 times the mean.*their sum"),
    (Halved, r"the gradient is 0.5 times the mean"),
    (ByTheWeights, "divided by the sum of the weights"),
    (Unweighted, "does not change with the weights"),
    (KeepsItsWeights, "other weights than|does not change with the weights"),
    (Penalised, "example_gradients contain the penalty"),
    (Weighted, "example_gradients change with the weights"),
    (NoPenalty, "leaves the penalty out"),
    (PenaltyTwice, "has the penalty twice"),
    (PenaltyNTimes, "has the penalty 12 times"),
    (Fewer, r"11 examples \(n\)"),
    (OneGone, "in another way"),
]


def problem(name="logistic") -> Dense:
    return small(name, l2=0.5)


@pytest.mark.parametrize("name", sorted(LOSSES))
@pytest.mark.parametrize(("kind", "says"), WRONG, ids=[kind.__name__ for kind, _ in WRONG])
def test_what_contradicts_itself_is_told_what_was_found(kind, says, name):
    theta, risk = problem(name).minimum(), kind(problem(name).risk())
    for ask in (
        lambda: Influence(risk, theta),
        lambda: leave_one_out(risk, theta),
        lambda: retrain_without(risk, theta, 5),
    ):
        with pytest.raises(ValueError, match=says):
            ask()


def test_by_the_units_of_no_parameter():
    """Columns a million times larger and smaller change no verdict."""
    p = problem()
    units = np.array([1e6, 1.0, 1e-6])
    scaled = LinearRisk(p.X * units, p.y, LOSSES["logistic"][0], l2=p.l2 * units**2, weights=p.w)
    theta = p.minimum() / units
    for kind, says in WRONG:
        with pytest.raises(ValueError, match=says):
            leave_one_out(kind(scaled), theta)
    ours, expected = (units * leave_one_out(r, theta) for r in (Right(scaled), scaled))
    np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-12)


class HasNoPenalty(Right):
    def hessian(self, theta):
        return super().hessian(theta) - np.diag(self.l2)


class ProductsHaveNoPenalty(Right):
    def linearize(self, theta):
        H = super().linearize(theta)
        return lambda v: H(v) - (self.l2 * v if v.ndim == 1 else self.l2[:, None] * v)


class HalfTheHessian(Right):
    def hessian(self, theta):
        return 0.5 * super().hessian(theta)


class NoWeightsInH(Right):
    def linearize(self, theta):
        return self.inner.reweighted(np.ones(self.n)).linearize(theta)


@pytest.mark.parametrize("name", sorted(LOSSES))
@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (HasNoPenalty, r"hessian\(theta\) @ v leaves the penalty out of H"),
        (ProductsHaveNoPenalty, r"linearize\(theta\)\(v\) leaves the penalty out of H"),
        (HalfTheHessian, r"hessian\(theta\) @ v gives 0.5 times the derivative"),
        (NoWeightsInH, r"linearize\(theta\)\(v\) does not give the derivative"),
    ],
)
def test_an_H_that_is_not_the_derivative_is_told(kind, says, name):
    theta = problem(name).minimum()
    with pytest.raises(ValueError, match=says):
        Influence(kind(problem(name).risk()), theta)


class InputGradientWithoutItsSecondTerm(Right):
    def input_gradient(self, theta, i, s):
        x = self.X[i]
        score = x @ theta
        return self.inner.loss.slope(score, self.y[i]) * s


def test_an_input_gradient_that_is_no_derivative_is_told():
    p = problem()
    risk = InputGradientWithoutItsSecondTerm(p.risk())
    influence = Influence(risk, p.minimum())
    with pytest.raises(ValueError, match="input_gradient gives .* differences"):
        influence.pert_loss(2, p.X[0], p.y[0])
    right = Influence(Right(p.risk()), p.minimum())
    expected = Influence(p.risk(), p.minimum()).pert_loss(2, p.X[0], p.y[0])
    np.testing.assert_allclose(right.pert_loss(2, p.X[0], p.y[0]), expected, rtol=1e-12)


class LeveragesWithoutN(Right):
    def leverages(self, theta, solve):
        return self.n * super().leverages(theta, solve)


class LeveragesWithoutWeights(Right):
    def leverages(self, theta, solve):
        return self.inner.reweighted(np.ones(self.n)).leverages(theta, solve)


@pytest.mark.parametrize("kind", [LeveragesWithoutN, LeveragesWithoutWeights])
def test_leverages_that_are_not_those_of_the_curvature_are_told(kind):
    p = problem()
    influence = Influence(kind(p.risk()), p.minimum())
    with pytest.raises(ValueError, match="leverages gives .* for example .* own curvature"):
        influence.removals(leverage=True)


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_what_is_right_passes(name):
    p = small(name)
    risk, reference, theta = Right(p.risk()), p.risk(), p.minimum()
    for ask in (
        lambda r: Influence(r, theta).removals(leverage=True),
        lambda r: leave_one_out(r, theta),
        lambda r: retrain_without(r, theta, [1, 4]),
        lambda r: retrain(r, np.zeros(3)),
    ):
        expected = ask(reference)
        np.testing.assert_allclose(
            ask(risk), expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max()
        )


@pytest.mark.parametrize("at", [0.0, 1e-6, 0.3, 3.0])
def test_what_is_right_passes_wherever_it_is_asked(at):
    """At the minimum, near it, and where e^s is large; in float32 too."""
    risk = poisson(kind=PoissonRiskWithLeverages)
    theta = retrain(risk, np.zeros(3)) + at
    leave_one_out(risk, theta, [0])
    p = small("logistic")
    for dtype in ("float32", "float64"):
        there = (p.minimum() + at).astype(dtype)
        leave_one_out(Right(p.risk(dtype=dtype)), there, [0])


class HandsOn:
    """Every question goes to another risk, and is noted."""

    def __init__(self, risk):
        self.risk, self.asked = risk, set()

    def __getattr__(self, name):
        self.asked.add(name)
        return getattr(self.risk, name)


class HandsOnTimesN(HandsOn):
    def gradient(self, theta):
        return self.risk.n * self.risk.gradient(theta)


def test_a_wrapper_is_asked_about_what_it_says_itself():
    p = problem()
    theta = p.minimum()
    wrapper = HandsOn(p.risk())
    Influence(wrapper, theta).leave_one_out_loss(p.X[0], p.y[0])
    needed = {"X", "example_gradients", "gradient", "gradient_at", "hessian", "n", "p", "weights"}
    assert (
        wrapper.asked - {"why_singular", "classes", "gradient_matrix"} == needed
    )  # those it may have
    with pytest.raises(ValueError, match="the gradient"):
        Influence(HandsOnTimesN(p.risk()), theta)


class Flat(Right):
    """Interpolated data: no example pulls, and nothing can be told."""

    def example_gradients(self, theta):
        return np.zeros((self.n, self.p))

    def gradient(self, theta):
        return np.zeros(self.p)


def test_where_nothing_can_be_told_nothing_is_said():
    p = small("square", l2=0.0)
    risk = Flat(LinearRisk(p.X, p.X @ [1.0, -2.0, 0.5], LOSSES["square"][0]))
    assert leave_one_out(risk, np.array([1.0, -2.0, 0.5]), [0]).shape == (1, 3)
