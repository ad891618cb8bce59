"""Directions times searches: against SciPy and scikit-learn, and what is said when it ends."""

from __future__ import annotations

import sys
from itertools import islice, pairwise
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.optimize
from sklearn.linear_model import LogisticRegression

from teachkit import datasets, functions
from teachkit.arrays import to_numpy
from teachkit.losses import Logistic, Square
from teachkit.optimize import (
    Backtracking,
    FixedStep,
    Iterate,
    Newton,
    SteepestDescent,
    descend,
    minimize,
)
from teachkit.risks import LinearRisk

ROSENBROCK = functions.rosenbrock
every = pytest.mark.parametrize("f", functions.ALL, ids=lambda f: f.name.split()[0])


class Bowl:
    """(a x^2 + b y^2) / 2 + shift, with nothing but what is asked for."""

    def __init__(self, a=1.0, b=25.0, shift=0.0):
        self.diagonal, self.shift = np.array([a, b]), shift

    def value(self, x):
        return self.shift + float(x @ (self.diagonal * x)) / 2

    def gradient(self, x):
        return self.diagonal * x

    def hessian(self, x):
        return np.diag(self.diagonal)


def exhausted(steps):
    """All iterates of a generator, and the sentence it returns."""
    iterates = []
    while True:
        try:
            iterates.append(next(steps))
        except StopIteration as end:
            return iterates, end.value


# ------------------------------------------------------------------ the answer, against references


@every
def test_newton_finds_what_scipy_finds(f):
    fit = minimize(f, f.start, tol=1e-10)
    assert fit.converged, fit.message
    assert min(np.linalg.norm(fit.x - np.array(m)) for m in f.minimisers) < 2e-3
    theirs = scipy.optimize.minimize(f.value, f.start, jac=f.gradient, tol=1e-9)
    assert f.value(fit.x) <= f.value(theirs.x) + 1e-12


@pytest.mark.parametrize("l2", [1e-1, 1e-3])
def test_logistic_regression_is_scikit_learns(l2):
    X, y = datasets.blobs()
    X = datasets.add_ones(X)
    risk = LinearRisk(X, y, Logistic(), l2=l2)
    fit = minimize(risk, np.zeros(3), tol=1e-12)
    assert fit.converged
    model = LogisticRegression(C=1 / (41 * l2), fit_intercept=False, tol=1e-14, max_iter=10_000)
    np.testing.assert_allclose(fit.x, model.fit(X, y).coef_[0], rtol=1e-6)
    slow = minimize(risk, np.zeros(3), SteepestDescent(), tol=1e-7, max_iter=20_000)
    assert slow.converged
    np.testing.assert_allclose(slow.x, fit.x, atol=1e-6 / l2)


def test_real_data_from_any_start():
    split = datasets.breast_cancer()
    risk = LinearRisk(split.X_train, split.y_train, Logistic(), l2=1e-3)
    far = 10 * np.random.default_rng(0).normal(size=31)
    fits = [minimize(risk, x0, tol=1e-11) for x0 in (np.zeros(31), far)]
    assert all(fit.converged for fit in fits)
    np.testing.assert_allclose(fits[0].x, fits[1].x, rtol=1e-6, atol=1e-8)
    # Pure Newton from there runs into a two-cycle or off to infinity, convex as the risk is.
    assert not minimize(risk, far, Newton(), FixedStep()).converged


def test_a_quadratic_takes_one_newton_step():
    X, y = datasets.line()
    X = datasets.add_ones(X)
    fit = minimize(LinearRisk(X, y, Square()), np.array([30.0, -7.0]), tol=1e-10)
    assert len(fit.iterates) == 2
    np.testing.assert_allclose(fit.x, np.linalg.lstsq(X, y)[0], rtol=1e-12)


# ------------------------------------------------------------------ the path, against the formulas


def test_pure_newton_is_the_formula():
    x = np.array(ROSENBROCK.start)
    for it in minimize(ROSENBROCK, x, Newton(), FixedStep(), tol=1e-10).iterates:
        np.testing.assert_allclose(it.x, x, rtol=1e-12)
        x = x - np.linalg.solve(ROSENBROCK.hessian(x), ROSENBROCK.gradient(x))


def test_pure_newton_climbs_on_the_way():
    values = [it.value for it in minimize(ROSENBROCK, (-1.2, 1), Newton(), FixedStep()).iterates]
    np.testing.assert_allclose(values[:5], [24.2, 4.73, 1412, 0.0560, 0.313], rtol=2e-3)


def test_newton_converges_quadratically():
    risk = LinearRisk(*datasets.digits_parity(), Logistic(), l2=1e-3)
    fit = minimize(risk, np.zeros(65), tol=1e-12)
    e0, e1, e2 = [np.linalg.norm(it.x - fit.x) for it in fit.iterates[-5:-2]]
    assert np.log(e2 / e1) / np.log(e1 / e0) == pytest.approx(2, abs=0.2)


def test_newton_is_linear_where_the_hessian_is_singular():
    norms = [it.gradient_norm for it in minimize(functions.powell, functions.powell.start).iterates]
    # Two thirds of the distance are left each time, and the gradient is cubic in it.
    ratios = np.array(norms[-6:-1]) / norms[-7:-2]
    np.testing.assert_allclose(ratios, (2 / 3) ** 3, rtol=0.02)


def test_steepest_descent_has_the_rate_of_the_condition_number():
    steps = minimize(Bowl(), [25.0, 1.0], SteepestDescent(), FixedStep(2 / 26), max_iter=40)
    ratios = [b.gradient_norm / a.gradient_norm for a, b in pairwise(steps.iterates)]
    np.testing.assert_allclose(ratios, 24 / 26, rtol=1e-9)


def test_backtracking_takes_the_first_step_that_meets_armijo():
    search = Backtracking(step=1.0, shrink=0.5, c1=0.3)
    steps = minimize(ROSENBROCK, ROSENBROCK.start, Newton(), search).iterates
    assert {it.step for it in steps[1:]} > {1.0}  # some steps were shortened

    def armijo(x, d, t):
        slope = ROSENBROCK.gradient(x) @ d
        return ROSENBROCK.value(x + t * d) <= ROSENBROCK.value(x) + 0.3 * t * slope

    for before, after in pairwise(steps[:-1]):
        d = -np.linalg.solve(ROSENBROCK.hessian(before.x), ROSENBROCK.gradient(before.x))
        assert armijo(before.x, d, after.step)
        assert after.step == 1.0 or not armijo(before.x, d, 2 * after.step)


@pytest.mark.parametrize("direction", [SteepestDescent(), Newton()])
@every
def test_backtracking_never_climbs(f, direction):
    values = [it.value for it in minimize(f, f.start, direction, max_iter=200).iterates]
    assert np.all(np.diff(values) <= 1e-13 * np.abs(values[:-1]))


def test_tight_tolerances_are_reached_where_values_can_no_longer_judge():
    # 1e6 + x'x: the fall of the last steps is far below the rounding of the value.
    for direction in (Newton(), SteepestDescent()):
        fit = minimize(Bowl(1, 4, 1e6), [3.0, 4.0], direction, Backtracking(step=0.4), tol=1e-9)
        assert fit.converged, fit.message


# ------------------------------------------------------------------ records


def test_the_start_is_the_first_record():
    first = next(descend(ROSENBROCK, [-1.2, 1.0]))
    assert isinstance(first, Iterate)
    assert (first.k, first.step, first.note) == (0, 0.0, "")
    assert first.value == pytest.approx(24.2)
    assert first.gradient_norm == pytest.approx(np.linalg.norm(ROSENBROCK.gradient([-1.2, 1.0])))


def test_records_are_numbered_and_frozen():
    fit = minimize(ROSENBROCK, ROSENBROCK.start)
    assert [it.k for it in fit.iterates] == list(range(len(fit.iterates)))
    assert isinstance(fit.iterates, tuple) and fit.x is fit.iterates[-1].x
    with pytest.raises(AttributeError):
        fit.iterates[0].k = 3
    for it in fit.iterates:
        assert it.value == ROSENBROCK.value(it.x)
        norm = np.linalg.norm(ROSENBROCK.gradient(it.x))  # by another BLAS routine on some machines
        assert it.gradient_norm == pytest.approx(norm, rel=1e-15)


def test_the_start_is_neither_changed_nor_held():
    x0 = np.array([-1.2, 1.0])
    steps = descend(ROSENBROCK, x0)
    first = next(steps)
    x0[:] = 7
    assert first.x.tolist() == [-1.2, 1.0]
    assert next(steps).k == 1 and x0.tolist() == [7, 7]


@pytest.mark.parametrize("joint", [False, True])
def test_evaluations_are_counted(joint):
    calls = []

    def counted(name):
        def call(x):
            calls.append(name)
            return getattr(ROSENBROCK, name)(x)

        return call

    objective = SimpleNamespace(hessian=ROSENBROCK.hessian)
    if joint:
        value, gradient = ROSENBROCK.value, ROSENBROCK.gradient
        objective.value_and_gradient = lambda x: (calls.append("both"), value(x), gradient(x))[1:]
    else:
        objective.value, objective.gradient = counted("value"), counted("gradient")
    for it in descend(objective, ROSENBROCK.start):
        assert it.evaluations == len(calls)
        if it.gradient_norm < 1e-8:
            break
    assert set(calls) == ({"both"} if joint else {"value", "gradient"})


@pytest.mark.parametrize("joint", [None, 1.0, (1.0, np.ones(2), np.eye(2))])
def test_a_joint_call_gives_a_value_and_a_gradient(joint):
    objective = SimpleNamespace(value_and_gradient=lambda x: joint)
    with pytest.raises(TypeError, match="(?s)value_and_gradient gave .*; it has to be a pair"):
        minimize(objective, [1.0, 2.0], SteepestDescent())


def test_an_added_multiple_of_the_identity_is_noted():
    x0 = np.array([0.1, 1.0])  # H = diag(-.97, 1) there
    _, it = islice(descend(functions.saddle, x0), 2)
    assert "not positive definite" in it.note and "I added" in it.note
    # Downhill, and away from the saddle that pure Newton would run into.
    assert it.value < functions.saddle.value(x0) and it.x[0] > x0[0]
    fit = minimize(functions.saddle, x0)
    np.testing.assert_allclose(fit.x, [1, 0], atol=1e-8)


@pytest.mark.parametrize(
    "H",
    [
        [[1.0, 1.0], [1.0, 1.0]],
        [[0.0, 0.0], [0.0, 0.0]],
        [[0.0, 1.0], [1.0, 0.0]],
        [[-1.0, 0.0], [0.0, -1e8]],
        [[1e-12, 0.0], [0.0, -1e-12]],
    ],
)
def test_singular_and_indefinite_hessians_still_give_descent(H):
    x = np.array([1.0, 0.5])
    g = np.array([3.0, -1.0])
    objective = SimpleNamespace(hessian=lambda x: np.array(H))
    d, note = Newton().begin(objective)(SimpleNamespace(x=x, gradient=g))
    assert g @ d < 0 and np.isfinite(d).all()
    assert "I added" in note
    tau = (-g - np.array(H) @ d) @ d / (d @ d)
    np.testing.assert_allclose((np.array(H) + tau * np.eye(2)) @ d, -g, rtol=1e-6)
    assert tau == pytest.approx(float(note.split(": ")[1].split(" I")[0]), rel=0.05)


def test_a_badly_scaled_hessian_is_left_alone():
    bowl = Bowl(1e-12, 1e8)
    fit = minimize(bowl, [1e6, 1.0], tol=1e-14)
    assert fit.converged and len(fit.iterates) == 2 and fit.iterates[1].note == ""


# ------------------------------------------------------------------ array libraries


@pytest.mark.parametrize("search", [Backtracking(), FixedStep(1e-3)])
@pytest.mark.parametrize("direction", [Newton(), SteepestDescent()])
def test_any_library_and_device(direction, search, xp_device):
    x0 = xp_device.array(ROSENBROCK.start)
    fit = minimize(ROSENBROCK, x0, direction, search, max_iter=30)
    ours = minimize(ROSENBROCK, ROSENBROCK.start, direction, search, max_iter=30)
    assert xp_device.holds(fit.x, "float64")
    np.testing.assert_allclose(to_numpy(fit.x), ours.x, rtol=1e-8)
    assert fit.message == ours.message and len(fit.iterates) == len(ours.iterates)
    assert all(type(it.value) is float and type(it.gradient_norm) is float for it in fit.iterates)


def test_risks_in_any_library_and_device(xp_device):
    X, y = datasets.blobs()
    X = datasets.add_ones(X)
    expected = minimize(LinearRisk(X, y, Logistic(), l2=0.01), np.zeros(3), tol=1e-10).x
    for dtype, tol, rtol in (("float64", 1e-10, 1e-8), ("float32", 1e-5, 1e-3)):
        risk = LinearRisk(xp_device.array(X, dtype), xp_device.array(y, dtype), Logistic(), l2=0.01)
        fit = minimize(risk, xp_device.array(np.zeros(3), dtype), tol=tol)
        assert fit.converged and xp_device.holds(fit.x, dtype)
        np.testing.assert_allclose(to_numpy(fit.x), expected, rtol=rtol)


def test_float32_says_where_it_ends():
    X, y = datasets.blobs()
    X = datasets.add_ones(X).astype("float32")
    risk = LinearRisk(X, y.astype("float32"), Logistic(), l2=0.01)
    x0 = np.ones(3, dtype="float32")
    for direction in (Newton(), SteepestDescent()):
        fit = minimize(risk, x0, direction, tol=1e-12, max_iter=5000)
        assert not fit.converged
        assert fit.x.dtype == np.float32
        assert "float32" in fit.message and "float64" in fit.message and "tol" in fit.message
        assert fit.iterates[-1].gradient_norm < 1e-6  # it went as far as that goes


def test_integers_and_lists_become_floats():
    assert minimize(ROSENBROCK, [2, 1]).x.dtype == np.float64
    assert minimize(ROSENBROCK, np.array([2, 1])).converged
    objective = SimpleNamespace(
        value=lambda x: x[0] ** 2, gradient=lambda x: [2 * x[0]], hessian=lambda x: [[2]]
    )
    assert minimize(objective, [3]).x == pytest.approx([0.0], abs=1e-15)


# ------------------------------------------------------------------ endings


def test_a_stationary_start_is_converged_at_once():
    fit = minimize(ROSENBROCK, [1, 1])
    assert fit.converged and len(fit.iterates) == 1
    iterates, message = exhausted(descend(ROSENBROCK, [1, 1]))
    assert len(iterates) == 1 and "exactly 0" in message


def test_the_message_says_what_was_reached():
    fit = minimize(ROSENBROCK, ROSENBROCK.start, tol=1e-6)
    assert fit.iterates[-1].gradient_norm <= 1e-6 < fit.iterates[-2].gradient_norm
    assert "1e-06" in fit.message


def test_too_few_steps():
    fit = minimize(ROSENBROCK, ROSENBROCK.start, max_iter=3)
    assert not fit.converged and fit.iterates[-1].k == 3
    assert "max_iter = 3" in fit.message and "gradient norm" in fit.message
    none = minimize(ROSENBROCK, ROSENBROCK.start, max_iter=0)
    assert not none.converged and len(none.iterates) == 1 and none.x.tolist() == [-1.2, 1.0]


def test_divergence_keeps_the_last_finite_iterate(recwarn):
    fit = minimize(ROSENBROCK, ROSENBROCK.start, SteepestDescent(), FixedStep(1.0))
    assert not fit.converged and "not finite" in fit.message and "smaller step" in fit.message
    assert np.isfinite(fit.x).all() and np.isfinite(fit.iterates[-1].value)
    assert not recwarn.list


def test_a_start_where_nothing_is_defined():
    log = SimpleNamespace(
        value=lambda x: float(np.log(x[0])), gradient=lambda x: 1 / x, hessian=lambda x: -(x**-2)
    )
    fit = minimize(log, [-1.0])
    assert not fit.converged and "not finite at the start" in fit.message
    assert fit.x.tolist() == [-1.0]


def test_backtracking_steps_back_into_the_domain():
    barrier = SimpleNamespace(
        value=lambda x: float(x[0] - np.log(x[0])), gradient=lambda x: 1 - 1 / x
    )
    fit = minimize(barrier, [0.1], SteepestDescent(), max_iter=1000)
    assert fit.converged
    np.testing.assert_allclose(fit.x, [1.0], atol=1e-8)


@pytest.mark.parametrize("direction", [Newton(), SteepestDescent()])
def test_a_gradient_of_another_function_is_suspected(direction):
    wrong = SimpleNamespace(
        value=ROSENBROCK.value,
        gradient=lambda x: -ROSENBROCK.gradient(x),
        hessian=ROSENBROCK.hessian,
    )
    fit = minimize(wrong, ROSENBROCK.start, direction)
    assert not fit.converged and "taylor_test" in fit.message


def test_a_hessian_that_is_not_finite_ends_the_run():
    broken = SimpleNamespace(
        value=ROSENBROCK.value,
        gradient=ROSENBROCK.gradient,
        hessian=lambda x: np.full((2, 2), np.nan),
    )
    fit = minimize(broken, ROSENBROCK.start)
    assert not fit.converged and "Hessian holds NaN" in fit.message


def test_a_direction_that_leads_uphill_is_said():
    class Uphill:
        def begin(self, objective):
            return lambda point: (point.gradient, "")

    fit = minimize(ROSENBROCK, ROSENBROCK.start, Uphill())
    assert not fit.converged and "does not lead downhill" in fit.message


def test_no_minimum_at_all():
    line = SimpleNamespace(value=lambda x: float(x[0]), gradient=lambda x: np.ones(1))
    fit = minimize(line, [0.0], SteepestDescent(), max_iter=20)
    assert not fit.converged and fit.x.tolist() == [-20.0]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("direction", [SteepestDescent(), Newton()], ids=str)
def test_a_fall_without_end_is_said_and_numpy_says_nothing(direction):
    dome = SimpleNamespace(
        value=lambda x: -x @ x, gradient=lambda x: -2 * x, hessian=lambda x: -2 * np.eye(2)
    )
    fit = minimize(dome, [1.0, 2.0], direction, max_iter=1000)
    assert not fit.converged
    assert "below all numbers" in fit.message or "without end" in fit.message
    assert np.all(np.isfinite(fit.x))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("search", [Backtracking(), FixedStep()], ids=str)
def test_a_direction_beyond_all_numbers_ends_the_run(search):
    risk = LinearRisk([[1.0], [2.0]], [1.0, 3.0], Square())
    flat = SimpleNamespace(  # its Hessian is wrong by far, and a risk refuses infinite parameters
        value=risk.value, gradient=risk.gradient, hessian=lambda x: 1e-310 * np.eye(1)
    )
    fit = minimize(flat, [0.0], search=search)
    assert not fit.converged and fit.x.tolist() == [0.0]
    assert "too long" in fit.message or "not finite" in fit.message


def test_values_far_above_the_start_do_not_overflow_in_the_search():
    def wall(x):
        return 1e300 * (x[0] > 0.5) - 1e153 * x[0]

    steep = SimpleNamespace(value=wall, gradient=lambda x: np.array([-1e153]))
    fit = minimize(steep, [0.0], SteepestDescent(), Backtracking(step=1e-153), max_iter=5)
    assert fit.iterates[1].value < 0 and fit.x[0] <= 0.5


def test_a_step_below_rounding_ends_the_run():
    fit = minimize(Bowl(), [1e20, 1.0], SteepestDescent(), FixedStep(1e-20), max_iter=5)
    assert not fit.converged
    iterates, message = exhausted(descend(Bowl(), [1.0, 1.0], Newton(), FixedStep(1e-20)))
    assert len(iterates) == 1 and "rounding" in message


def test_an_interruption_passes_through():
    def value(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        minimize(SimpleNamespace(value=value, gradient=lambda x: x), [1.0], SteepestDescent())


def test_an_error_of_the_objective_passes_through():
    risk = SimpleNamespace(value=lambda x: 1 / 0, gradient=lambda x: x)
    with pytest.raises(ZeroDivisionError):
        minimize(risk, [1.0], SteepestDescent())


def test_a_direction_may_remember_and_each_run_forgets():
    """What BFGS will need: state between steps lives in a run, not in the options."""

    class Averaged:
        def begin(self, objective):
            seen = []

            def propose(point):
                seen.append(point.gradient)
                return -sum(seen) / len(seen), f"{len(seen)} gradients"

            return propose

    method = Averaged()
    for _ in range(2):
        steps = descend(Bowl(), [1, 1], method, FixedStep(0.01))
        notes = [it.note for it in islice(steps, 3)]
        assert notes == ["", "1 gradients", "2 gradients"]


# ------------------------------------------------------------------ arguments


@pytest.mark.parametrize(
    ("missing", "direction"), [("hessian", Newton()), ("gradient", Newton()), ("value", Newton())]
)
def test_a_missing_oracle_is_named(missing, direction):
    objective = SimpleNamespace(
        **{n: getattr(ROSENBROCK, n) for n in ("value", "gradient", "hessian") if n != missing}
    )
    for run in (minimize, descend):
        with pytest.raises(TypeError, match=rf"needs {missing}\(x\)"):
            run(objective, [0.0, 0.0], direction)


def test_steepest_descent_asks_for_no_hessian():
    objective = SimpleNamespace(value=ROSENBROCK.value, gradient=ROSENBROCK.gradient)
    assert next(descend(objective, [0.0, 0.0], SteepestDescent())).k == 0


@pytest.mark.parametrize(
    ("x0", "error", "says"),
    [
        ([np.nan, 1.0], ValueError, "x0 holds nan"),
        ([np.inf, 1.0], ValueError, "x0 holds inf"),
        (1.0, ValueError, r"x0 has shape \(\).*written \[number\]"),
        ([], ValueError, r"x0 has shape \(0,\)"),
        ([[1.0, 2.0]], ValueError, r"x0 has shape \(1, 2\)"),
        ([1.0, 2.0, 3.0], ValueError, "takes 2 coordinates"),
        (["a", "b"], TypeError, "x0 has dtype"),
        (None, TypeError, "x0 "),
        ([1j, 2.0], TypeError, "x0 has dtype complex"),
    ],
)
def test_bad_starts(x0, error, says):
    with pytest.raises(error, match=says):
        minimize(ROSENBROCK, x0)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"tol": -1e-8}, ValueError, "tol is -1e-08"),
        ({"tol": np.nan}, ValueError, "tol is nan"),
        ({"tol": "small"}, TypeError, "tol is a number"),
        ({"max_iter": -1}, ValueError, "max_iter is -1"),
        ({"max_iter": 2.5}, TypeError, "max_iter is a whole number"),
        ({"direction": Newton}, TypeError, r"write Newton\(\)"),
        ({"direction": "newton"}, TypeError, r"direction is 'newton'.*Newton\(\)"),
        ({"direction": Backtracking()}, TypeError, "direction is Backtracking"),
        ({"search": Backtracking}, TypeError, r"write Backtracking\(\)"),
        ({"search": 0.1}, TypeError, "search is 0.1"),
    ],
)
def test_bad_arguments(arguments, error, says):
    with pytest.raises(error, match=says):
        minimize(ROSENBROCK, [0.0, 0.0], **arguments)


@pytest.mark.parametrize("step", [0, -0.1, np.nan, np.inf])
def test_bad_steps(step):
    for search in (FixedStep, Backtracking):
        with pytest.raises(ValueError, match="has to be finite and greater than 0"):
            search(step)


@pytest.mark.parametrize("value", ["1", None, True, [0.5]])
def test_options_that_are_no_numbers(value):
    for make in (FixedStep, Backtracking, lambda v: Backtracking(c1=v)):
        with pytest.raises(TypeError, match="it has to be a number"):
            make(value)


@pytest.mark.parametrize("name", ["shrink", "c1"])
@pytest.mark.parametrize("value", [0, 1, -0.5, np.nan])
def test_bad_options_of_backtracking(name, value):
    with pytest.raises(ValueError, match=f"{name} lies between 0 and 1"):
        Backtracking(**{name: value})


@pytest.mark.parametrize(
    ("name", "wrong", "says"),
    [
        ("gradient", lambda x: x[:1], r"gradient has shape \(1,\)"),
        ("gradient", lambda x: np.eye(2), r"gradient has shape \(2, 2\)"),
        ("gradient", lambda x: [[1.0], [2.0, 3.0]], "gradient cannot be made into an array"),
        ("value", lambda x: x, r"value of the objective has shape \(2,\)"),
        ("hessian", lambda x: x, r"Hessian has shape \(2,\)"),
        ("hessian", lambda x: np.array([[1.0, 2.0], [0.0, 1.0]]), "Hessian is not symmetric"),
    ],
)
def test_oracles_of_the_wrong_shape(name, wrong, says):
    parts = {n: getattr(ROSENBROCK, n) for n in ("value", "gradient", "hessian")}
    with pytest.raises(ValueError, match=says):
        minimize(SimpleNamespace(**{**parts, name: wrong}), [0.5, 0.3])


@pytest.mark.parametrize("wrong", [None, "low", 1j, [1.0]])
def test_a_value_that_is_no_number(wrong):
    parts = {n: getattr(ROSENBROCK, n) for n in ("gradient", "hessian")}
    with pytest.raises(TypeError, match="A single number was expected"):
        minimize(SimpleNamespace(**parts, value=lambda x: wrong), [0.5, 0.3])


def test_a_class_is_no_objective():
    with pytest.raises(TypeError, match="class Bowl itself"):
        minimize(Bowl, [1.0, 1.0])


# ------------------------------------------------------------------ progress


def test_progress_shows_a_bar(capsys):
    minimize(ROSENBROCK, ROSENBROCK.start, progress=True)
    assert "step" in capsys.readouterr().err
    minimize(ROSENBROCK, ROSENBROCK.start)
    assert capsys.readouterr().err == ""


def test_a_missing_tqdm_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    with pytest.raises(ImportError, match="pip install tqdm"):
        minimize(ROSENBROCK, ROSENBROCK.start, progress=True)
