"""Arrays and functions of the user's: neither kept, nor trusted, nor written into."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import scipy.linalg

from teachkit.influence import Influence
from teachkit.inverse_hvp import Cholesky, ConjugateGradient, bind
from teachkit.losses import (
    Absolute,
    EpsilonInsensitive,
    Hinge,
    Logistic,
    Loss,
    SmoothHinge,
    Square,
    ZeroOne,
)
from teachkit.retraining import leave_one_out, retrain, retrain_with, retrain_without
from teachkit.risks import LinearRisk
from teachkit.validation import agreement
from tests.numeric.dense import LOSSES, Dense, small, small_tests

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(params=sorted(LOSSES))
def problem(request) -> Dense:
    return small(request.param)


def everything(influence, problem):
    """One array for each question that an Influence answers."""
    X_test, y_test = small_tests(problem.name, 4)
    one = X_test[1], float(y_test[1])
    return [
        influence.up_params(2),
        influence.up_loss(X_test, y_test),
        influence.s_test(*one),
        influence.self_influence(),
        influence.overall_effect(),
        influence.removal([5, 0], leverage=True),
        influence.removals(leverage=True),
        influence.leave_one_out_loss(*one, leverage=True),
        influence.perturbation(2, np.array([0.4, -0.3, 0.0])),
        influence.pert_loss(2, *one),
        influence.toward(problem.without([1, 4]).risk(), leverage=True),
    ]


def same(ours, reference, rtol=1e-12):
    for a, b in zip(ours, reference, strict=True):
        np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol * np.max(np.abs(b)))


# What is handed in may change afterwards, or be worked on in place.


def test_theta_may_go_on_being_trained_in_place(problem):
    theta = problem.minimum()
    influence, other = (Influence(problem.risk(), t) for t in (theta, theta.copy()))
    theta += 1.0
    influence.theta[:] = 0.0  # a copy
    same(everything(influence, problem), everything(other, problem))


def test_the_data_may_change_after_a_risk_was_made(problem):
    given = [problem.X.copy(), problem.y.copy(), problem.l2.copy(), problem.w.copy()]
    X, y, l2, w = given
    risk = LinearRisk(X, y, LOSSES[problem.name][0], l2=l2, weights=w)
    new_w = np.ones(problem.n)
    reweighted = risk.reweighted(new_w)
    x = np.ones(3)
    replaced = risk.replaced(1, x, problem.y[1])
    for array in (*given, new_w, x):
        array *= -0.5
    theta = problem.minimum()
    np.testing.assert_array_equal(risk.gradient(theta), problem.risk().gradient(theta))
    expected = problem.risk().reweighted(np.ones(problem.n)).gradient(theta)
    np.testing.assert_array_equal(reweighted.gradient(theta), expected)
    expected = problem.risk().replaced(1, np.ones(3), problem.y[1]).gradient(theta)
    np.testing.assert_array_equal(replaced.gradient(theta), expected)
    assert reweighted.X is risk.X and replaced.weights is risk.weights


def test_nobody_writes_into_a_risk_or_an_influence_by_mistake():
    problem = small("logistic")
    risk = problem.risk()
    for known in (risk, risk.reweighted(np.ones(12)), risk.replaced(1, np.ones(3), 1.0)):
        for array in (known.X, known.y, known.l2, known.weights):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0.5
    with pytest.raises(ValueError, match="read-only"):
        LinearRisk([[1], [2]], [1, 2], Square()).weights[0] = 0.0
    influence = Influence(risk, problem.minimum())
    with pytest.raises(ValueError, match="read-only"):
        influence.gradients *= risk.weights[:, None]


def test_what_comes_back_is_nobodys_but_the_callers():
    problem = small("square")
    risk = problem.risk()
    theta = retrain(risk, np.zeros(3))
    found = retrain(risk, theta)
    found += 1.0
    without = retrain_without(risk, theta, [])
    without += 1.0
    np.testing.assert_allclose(theta, problem.minimum(), rtol=1e-12)


class ChangesItself(LinearRisk):
    def reweighted(self, weights):
        self.weights = weights
        return self


class ReplacesItself(LinearRisk):
    def replaced(self, i, x, y):
        self.X = self.X.copy()
        self.X[i] = x
        return self


def test_a_risk_that_changes_itself_is_told():
    problem = small("logistic")
    theta = problem.minimum()
    made = [
        kind(problem.X, problem.y, Logistic(), l2=problem.l2, weights=problem.w)
        for kind in (ChangesItself, ReplacesItself)
    ]
    with pytest.raises(
        ValueError, match=r"reweighted\(weights\) of ChangesItself changes the risk"
    ):
        retrain_without(made[0], theta, 3)
    with pytest.raises(ValueError, match=r"replaced\(i, x, y\) of ReplacesItself changes the risk"):
        retrain_with(made[1], theta, 3, np.ones(3), 1.0)


@pytest.mark.parametrize("p", [3, 20])
def test_an_inverse_hvp_may_overwrite_its_argument_and_reuse_its_answer(p):
    problem = small("logistic", p=p, n=12)
    risk, theta = problem.risk(), problem.minimum()
    factor = scipy.linalg.cho_factor(risk.hessian(theta))
    answer = np.empty(p)

    def overwrites(v):
        return scipy.linalg.cho_solve(factor, v, overwrite_b=True)

    def reuses(v):
        if v.ndim == 2:
            return overwrites(v)
        answer[:] = overwrites(v)
        return answer

    class Method:
        def bind(self, risk, theta, damping=0.0):
            theta *= np.nan
            return reuses

    reference = Influence(risk, theta)
    for method in (overwrites, reuses, Method()):
        influence = Influence(risk, theta, inverse_hvp=method)
        first = influence.up_params(3)
        same(
            [influence.up_params(4), influence.up_params(3), first],
            [reference.up_params(4), reference.up_params(3), reference.up_params(3)],
            1e-9,
        )
        same([influence.removals()], [reference.removals()], 1e-9)
        v = np.ones(p)
        bind(overwrites, risk, theta)(v)
        np.testing.assert_array_equal(v, 1.0)
    h = risk.leverages(theta, overwrites)
    same([risk.leverages(theta, overwrites), h], [h, risk.leverages(theta, reference.solve)], 1e-9)


class InPlace(LinearRisk):
    """Works on what it is given, and answers with one buffer each."""

    def gradient(self, theta):
        self.buffer = getattr(self, "buffer", np.empty(self.p))
        self.buffer[:] = super().gradient(theta)
        theta *= np.nan
        return self.buffer

    def example_gradients(self, theta):
        self.rows = getattr(self, "rows", np.empty((self.n, self.p)))
        self.rows[:] = super().example_gradients(theta)
        theta *= np.nan
        return self.rows

    def gradient_at(self, theta, X, y):
        found = super().gradient_at(theta, X, y)
        X *= np.nan
        return found

    def linearize(self, theta):
        inner = super().linearize(theta.copy())
        theta *= np.nan

        def product(v):
            found = inner(v.copy())
            v *= np.nan
            return found

        return product

    def reweighted(self, weights):
        changed = super().reweighted(weights.copy())
        weights *= np.nan
        return changed


@pytest.mark.parametrize("method", ["cholesky", "conjugate_gradient"])
def test_a_risk_may_work_in_place(method, problem):
    theta = problem.minimum()
    loss = LOSSES[problem.name][0]
    risk = InPlace(problem.X, problem.y, loss, l2=problem.l2, weights=problem.w)
    ours = everything(Influence(risk, theta, inverse_hvp=method), problem)
    reference = problem.risk()
    same(ours, everything(Influence(reference, theta, inverse_hvp=method), problem), 1e-8)
    same([leave_one_out(risk, theta)], [leave_one_out(reference, theta)], 1e-9)
    same([retrain_without(risk, theta, [1, 2])], [retrain_without(reference, theta, [1, 2])], 1e-9)
    x = np.array([0.5, 0.5, 1.0])
    moved = [retrain_with(r, theta, 5, x, problem.y[5]) for r in (risk, reference)]
    same(moved[:1], moved[1:], 1e-9)


# A loss of one's own.


class Averaged(Logistic):
    """The mean for all: the right shape, and the wrong numbers."""

    def curvature(self, score, y):
        found = super().curvature(score, y)
        return np.full_like(found, np.mean(found))


class Summed(Logistic):
    def curvature(self, score, y):
        return np.sum(super().curvature(score, y))


class Turned(Square):
    def slope(self, score, y):
        return 2.0 * (y - score)


class Doubled:
    """Right in itself, but for a factor in its slope; it inherits nothing."""

    def value(self, score, y):
        return (score - y) ** 2

    def slope(self, score, y):
        return 4.0 * (score - y)

    def curvature(self, score, y):
        return 4.0 + 0.0 * score


@pytest.mark.parametrize(
    ("loss", "says"),
    [
        (Averaged(), r"The curvature of Averaged\(\) is .* differences of its slope give"),
        (Turned(), r"The slope of Turned\(\) is .* differences of its value give"),
        (Doubled(), "The slope of .*Doubled.* is .* differences of its value give"),
    ],
)
def test_a_loss_whose_parts_do_not_fit_is_refused(loss, says):
    problem = small("logistic")
    with pytest.raises(ValueError, match=says):
        LinearRisk(problem.X, problem.y, loss, l2=0.1)


def test_a_curvature_of_another_shape_is_refused():
    problem = small("logistic")
    theta = problem.minimum()
    risk = LinearRisk(problem.X, problem.y, Summed(), l2=problem.l2, weights=problem.w)
    for ask in (
        lambda: risk.hessian(theta),
        lambda: risk.linearize(theta),
        lambda: risk.example_hvp(theta, [1, 2]),
        lambda: risk.input_gradient(theta, 1, theta),
        lambda: risk.leverages(theta, lambda v: v),
        lambda: Influence(risk, theta),
        lambda: leave_one_out(risk, theta),
        lambda: retrain(risk, theta),
    ):
        with pytest.raises(ValueError, match=r"Summed\(\) gave curvatures of shape \(\)"):
            ask()


class InPlaceLogistic(Loss):
    """Right, and careless with its arguments."""

    binary = True

    def value(self, score, y):
        score *= y
        return np.logaddexp(0.0, -score)

    def slope(self, score, y):
        score *= -y
        return -y / (1.0 + np.exp(-score))

    def curvature(self, score, y):
        np.exp(-np.abs(score), out=score)
        y *= 0.0
        return score / (1.0 + score) ** 2


def test_a_loss_may_work_in_place():
    problem = small("logistic")
    risk = LinearRisk(problem.X, problem.y, InPlaceLogistic(), l2=problem.l2, weights=problem.w)
    theta = problem.minimum()
    reference = everything(Influence(problem.risk(), theta), problem)
    same(everything(Influence(risk, theta), problem), reference, 1e-10)
    value, gradient = risk.value_and_gradient(theta + 0.5)
    same([value, gradient], [risk.value(theta + 0.5), problem.gradient(theta + 0.5)], 1e-10)


def test_an_inherited_change_of_slope_is_not_that_of_another_slope():
    class Twice(Logistic):
        """Its slope_change is still that of Logistic."""

        def value(self, score, y):
            return 2.0 * super().value(score, y)

        def slope(self, score, y):
            return 2.0 * super().slope(score, y)

        def curvature(self, score, y):
            return 2.0 * super().curvature(score, y)

    problem = small("logistic")
    risk = LinearRisk(problem.X, problem.y, Twice(), l2=2 * problem.l2, weights=problem.w)
    theta = problem.minimum()
    same([leave_one_out(risk, theta)], [leave_one_out(problem.risk(), theta)], 1e-9)


# Advice that is given works.


@pytest.mark.parametrize(
    "labels",
    [
        np.array([1, 0, 1], dtype="uint8"),
        2 * np.array([1, 0, 1], dtype="uint8") - 1,
        np.array([1, 0, 1], dtype="uint16"),
        2 * np.array([1, 0, 1], dtype="uint64") - 1,
        np.array([1, 0, 1]),
        np.array([1.0, 0.0, 1.0]),
        np.array([1.0, 0.0, 1.0], dtype="float32"),
        np.array([True, False, True]),
        [1, 0, 1],
        [True, False, True],
        (1.0, 0.0, 1.0),
        [7, 3, 7],
        np.array([0.3, 0.1, 0.3], dtype="float32"),
        np.array([0.3, 0.1, 0.3]),
        np.array([1000001, 1000000, 1000001]),
        np.array([255, 0, 255], dtype="uint8"),
    ],
    ids=lambda labels: f"{type(labels).__name__}-{getattr(labels, 'dtype', '')}-{max(labels)}",
)
def test_advice_on_labels_is_executed_on_what_it_is_given_for(labels):
    X = np.array([[1.0], [-2.0], [0.5]])
    for dtype in ("float64", "float32"):
        with pytest.raises(ValueError, match="wants labels -1 and") as told:
            LinearRisk(X.astype(dtype), labels, Logistic())
        advice = str(told.value).split("take ")[1].rstrip(".")
        better = eval(advice, {"np": np}, {"y": labels})
        risk = LinearRisk(X.astype(dtype), better, Logistic())
        np.testing.assert_array_equal(risk.y, [1.0, -1.0, 1.0])


@pytest.mark.parametrize(
    ("X", "y"),
    [
        ([1.0, 2.0, 4.0], [1.0, 2.0, 3.0]),
        (np.array([1.0, 2.0, 4.0]), [1.0, 2.0, 3.0]),
        ([[1.0], [2.0], [4.0]], [[1.0], [2.0], [3.0]]),
        ([[1.0], [2.0], [4.0]], np.array([[1.0, 2.0, 3.0]])),
    ],
)
def test_advice_on_shapes_is_executed_on_what_it_is_given_for(X, y):
    with pytest.raises(ValueError, match="has shape") as told:
        LinearRisk(X, y, Square())
    advice = str(told.value).split("Then " if "Then " in str(told.value) else "Take ")[1]
    better = eval(advice.rstrip("."), {"np": np}, {"X": X, "y": y})
    given = (better, y) if "Then " in str(told.value) else (X, better)
    assert LinearRisk(*given, Square()).n == 3


@pytest.mark.parametrize("y", [["no", "yes", "no"], np.array(["no", "yes", "no"])])
def test_advice_on_words_is_executed_on_what_it_is_given_for(y):
    X = np.array([[1.0], [-2.0], [0.5]])
    with pytest.raises(TypeError, match="Labels: ") as told:
        LinearRisk(X, y, Logistic())
    better = eval(str(told.value).split("Labels: ")[1].rstrip("."), {"np": np}, {"y": y})
    np.testing.assert_array_equal(LinearRisk(X, better, Logistic()).y, [1.0, -1.0, 1.0])


# Sent to another process.


@pytest.mark.parametrize("method", ["cholesky", "conjugate_gradient", "a callable"])
def test_an_influence_can_be_sent_to_another_process(problem, method):
    theta = problem.minimum()
    method = Cholesky().bind(problem.risk(), theta) if method == "a callable" else method
    influence = Influence(problem.risk(), theta, inverse_hvp=method, damping=0.0)
    before = everything(influence, problem)
    again = pickle.loads(pickle.dumps(influence))  # after its caches are filled
    fresh = pickle.loads(
        pickle.dumps(Influence(problem.risk(), theta, inverse_hvp=method, damping=0.0))
    )
    for sent in (again, fresh):
        same(everything(sent, problem), before, 1e-14)


@pytest.mark.parametrize(
    "thing",
    [
        *(Square(), Absolute(), EpsilonInsensitive(0.1), ZeroOne(), Hinge(), SmoothHinge(0.3)),
        *(Logistic(), Cholesky(), ConjugateGradient(rtol=1e-6)),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_losses_and_methods_can_be_sent(thing):
    assert pickle.loads(pickle.dumps(thing)) == thing


@pytest.mark.parametrize("method", [Cholesky(), ConjugateGradient()])
def test_risks_products_and_solves_can_be_sent(problem, method):
    risk, theta = problem.risk(), problem.minimum()
    v = np.array([1.0, -2.0, 0.5])
    for ask in (
        lambda r: r.gradient(theta),
        lambda r: r.reweighted(np.ones(12)).hessian(theta),
        lambda r: pickle.loads(pickle.dumps(r.linearize(theta)))(v),
        lambda r: pickle.loads(pickle.dumps(r.example_hvp(theta, [1, 2])))(v),
        lambda r: pickle.loads(pickle.dumps(method.bind(r, theta)))(v),
    ):
        same([ask(pickle.loads(pickle.dumps(risk)))], [ask(risk)], 1e-14)


# The caller's floating-point error state.


@pytest.fixture
def raising():
    with np.errstate(all="raise"):
        yield
        assert set(np.geterr().values()) == {"raise"}  # as it was


def test_no_loss_is_disturbed_by_what_numpy_may_raise(raising):
    score = np.array([-800.0, -1e-320, 0.3, 800.0, 1e300])
    y = np.array([1.0, -1.0, 1.0, -1.0, 1.0])
    for loss in (Square(), EpsilonInsensitive(0.1), SmoothHinge(0.01), Logistic()):
        for name in ("value", "slope", "curvature"):
            getattr(loss, name)(score, y)
        loss.slope_change(score, -score, y)
    assert Logistic().value(800.0, -1.0) == 800.0


def test_nothing_is_disturbed_by_what_numpy_may_raise(raising):
    for name in sorted(LOSSES):
        problem = small(name)
        with np.errstate(all="warn"):
            theta = problem.minimum()
        risk = LinearRisk(
            problem.X, problem.y, LOSSES[name][0], l2=1e-200 + problem.l2, weights=problem.w
        )
        far = np.array([900.0, -900.0, 1e-200])
        risk.value(far)
        risk.value_and_gradient(far)
        risk.hessian(far)
        tiny = np.array([1e-160, -1e-180, 1e-200])
        risk.linearize(far)(tiny)
        risk.input_gradient(far, 1, tiny)
        retrain(risk, np.array([30.0, -30.0, 1e-200]))
        leave_one_out(risk, theta)
        for method in ("cholesky", "conjugate_gradient"):
            influence = Influence(risk, theta, inverse_hvp=method)
            everything(influence, problem)
            influence.up_loss(np.full((2, 3), 1e-200), problem.y[:2])
            influence.perturbation(2, np.full(3, 1e-200))
    agreement([1e-300, 2e-300, 4e-300], [1e-170, 3e-170, 4e-170])
