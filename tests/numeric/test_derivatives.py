"""Derivatives: against closed forms, SciPy and each other; the orders of the differences."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import array_api_strict
import autograd.numpy as anp
import numpy as np
import pytest
import scipy.optimize

from teachkit import derivatives, functions
from teachkit.arrays import to_numpy
from teachkit.derivatives import (
    finite_gradient,
    finite_jacobian,
    gradient,
    hessian,
    hvp,
    hvp_central,
    hvp_forward,
    jacobian,
    taylor_test,
)
from teachkit.optimize import minimize

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3))
Y = np.sign(RNG.normal(size=40))
THETA = RNG.normal(size=3)
V = RNG.normal(size=3)


def logistic(theta):
    return anp.mean(anp.log(1 + anp.exp(-Y * (X @ theta)))) + 0.05 * anp.sum(theta**2)


def logistic_gradient(theta):
    return X.T @ (-Y / (1 + np.exp(Y * (X @ theta)))) / 40 + 0.1 * theta


def logistic_hessian(theta):
    q = 1 / (1 + np.exp(-Y * (X @ theta)))
    return (X.T * (q * (1 - q))) @ X / 40 + 0.1 * np.eye(3)


def curve(x):
    return anp.array([x[0] * x[1], anp.sin(x[2]), x[0] ** 3, anp.exp(x[1] - x[2])])


def curve_jacobian(x):
    a, b, c = x
    e = np.exp(b - c)
    return np.array([[b, a, 0], [0, 0, np.cos(c)], [3 * a**2, 0, 0], [0, e, -e]])


class TestAutograd:
    def test_gradient_hessian_and_product_agree_with_the_closed_forms(self):
        np.testing.assert_allclose(gradient(logistic)(THETA), logistic_gradient(THETA), atol=1e-15)
        np.testing.assert_allclose(hessian(logistic)(THETA), logistic_hessian(THETA), atol=1e-15)
        Hv = logistic_hessian(THETA) @ V
        np.testing.assert_allclose(hvp(logistic)(THETA, V), Hv, atol=1e-15)

    def test_jacobian_is_rows_by_columns(self):
        J = jacobian(curve)(THETA)
        assert J.shape == (4, 3)
        np.testing.assert_allclose(J, curve_jacobian(THETA), atol=1e-14)

    def test_the_hessian_is_the_jacobian_of_the_gradient(self):
        J = jacobian(gradient(logistic))(THETA)
        np.testing.assert_allclose(J, hessian(logistic)(THETA), atol=1e-15)

    def test_numbers_integers_and_lists(self):
        assert gradient(anp.sin)(1) == pytest.approx(np.cos(1))
        np.testing.assert_array_equal(gradient(lambda x: x[0] ** 2 * x[1])([1, 2]), [4, 1])

    def test_a_constant_has_the_derivative_zero_without_a_warning(self, recwarn):
        np.testing.assert_array_equal(gradient(lambda x: 3.0)([1.0, 2.0]), [0, 0])
        np.testing.assert_array_equal(hessian(lambda x: 3.0 * x[0])([1.0, 2.0]), np.zeros((2, 2)))
        assert not recwarn.list

    @pytest.mark.parametrize(
        "plain",
        [
            lambda x: float(x[0]) ** 2,
            lambda x: np.sum(np.exp(np.dot(X, x))),
            lambda x: sum(x.tolist()),
        ],
    )
    def test_what_autograd_cannot_follow_is_said(self, plain):
        for make in (gradient, hessian):
            with pytest.raises(TypeError, match="import autograd.numpy as np"):
                make(plain)(THETA)
        with pytest.raises(TypeError, match="import autograd.numpy as np"):
            hvp(plain)(THETA, V)

    def test_a_mistake_of_the_function_shows_as_it_is(self):
        with pytest.raises(ZeroDivisionError):
            gradient(lambda x: 1 / 0)(THETA)
        with pytest.raises(IndexError):
            gradient(lambda x: x[7])(THETA)

    @pytest.mark.parametrize("make", [gradient, jacobian, hessian])
    def test_a_forgotten_return_is_told(self, make):
        with pytest.raises(TypeError, match="f gives None: a `return` is missing"):
            make(lambda x: None)(THETA)

    def test_a_product_has_the_dtype_of_x(self):
        product = hvp(lambda x: anp.sum(x**3))
        x = np.ones(2, dtype="float32")
        assert product(x, [1, 2]).dtype == product(x, np.ones(2)).dtype == np.float32

    def test_a_product_can_be_differentiated(self):
        product = hvp(lambda x: anp.sum(x**4))
        third = jacobian(lambda x: product(x, [1.0, 2.0]))(np.array([1.0, 3.0]))
        np.testing.assert_allclose(third, np.diag([24.0, 144.0]))

    @pytest.mark.parametrize("make", [gradient, hessian])
    def test_several_values_have_no_gradient(self, make):
        with pytest.raises(TypeError, match=r"shape \(4,\).*use jacobian"):
            make(curve)(THETA)

    def test_other_array_libraries_are_refused(self):
        with pytest.raises(TypeError, match="NumPy arrays only.*finite_gradient"):
            gradient(lambda x: x[0])(array_api_strict.asarray([1.0, 2.0]))

    def test_a_square_of_a_norm_at_zero_is_told_how_to_be_written(self):
        def detour(w):
            return anp.sum((w - 1) ** 2) + 0.1 * anp.linalg.norm(w) ** 2

        def straight(w):  # what the sentence says
            return anp.sum((w - 1) ** 2) + 0.1 * anp.sum(w**2)

        zero = np.zeros(2)
        for derivative in (gradient, hessian, lambda f: lambda w: hvp(f)(w, np.ones(2))):
            with pytest.raises(ValueError, match=r"(?s)no finite derivative.*as np.sum\(w\*\*2\)"):
                derivative(detour)(zero)
        np.testing.assert_allclose(gradient(straight)(zero), [-2, -2])
        np.testing.assert_allclose(hessian(straight)(zero), 2.2 * np.eye(2))
        np.testing.assert_allclose(gradient(detour)(zero + 0.5), gradient(straight)(zero + 0.5))

        parts = {"gradient": gradient(detour), "hessian": hessian(detour)}
        fit = minimize(SimpleNamespace(value=detour, **parts), zero)
        assert not fit.converged and "Write the square as np.sum(w**2)" in fit.message
        parts = {"gradient": gradient(straight), "hessian": hessian(straight)}
        fit = minimize(SimpleNamespace(value=straight, **parts), zero)
        np.testing.assert_allclose(fit.x, 1 / 1.1, rtol=1e-10)

    @pytest.mark.parametrize(
        "f", [anp.sqrt, lambda x: x**0.5, lambda x: anp.sqrt(anp.sum(x**2)), lambda x: x**0.9]
    )
    def test_a_kink_has_no_derivative_and_beside_it_there_is_one(self, f, recwarn):
        with pytest.raises(ValueError, match="no finite derivative.*move off it"):
            gradient(f)(0.0)
        assert np.isfinite(gradient(f)(0.1))
        assert not recwarn.list

    def test_where_f_itself_is_not_finite_nothing_is_refused(self):
        assert gradient(anp.exp)(1e4) == np.inf

    @pytest.mark.parametrize("make", [gradient, jacobian, hessian, hvp])
    def test_what_is_no_function_is_refused_at_once(self, make):
        with pytest.raises(TypeError, match="A function of x is needed"):
            make(3.0)

    @pytest.mark.parametrize("make", [gradient, jacobian, hessian, hvp])
    def test_a_missing_autograd_is_said(self, make, monkeypatch):
        monkeypatch.setitem(sys.modules, "autograd", None)
        with pytest.raises(ImportError, match="pip install autograd"):
            make(logistic)

    def test_a_v_of_another_shape_is_refused(self):
        with pytest.raises(ValueError, match=r"v has shape \(2,\) and x \(3,\)"):
            hvp(logistic)(THETA, [1.0, 2.0])

    @pytest.mark.parametrize("x", [np.zeros((2, 2)), np.zeros(0), [np.nan, 1.0]])
    def test_a_bad_point_is_refused(self, x):
        with pytest.raises(ValueError, match="x has shape|x holds nan"):
            gradient(lambda x: anp.sum(x**2))(x)


class TestDifferences:
    def test_gradient_and_jacobian_agree_with_the_closed_forms(self):
        g = finite_gradient(logistic, THETA, 1e-5)
        np.testing.assert_allclose(g, logistic_gradient(THETA), rtol=1e-8)
        J = finite_jacobian(curve, THETA, 1e-5)
        np.testing.assert_allclose(J, curve_jacobian(THETA), atol=1e-9)
        H = finite_jacobian(logistic_gradient, THETA, 1e-5)
        np.testing.assert_allclose(H, logistic_hessian(THETA), atol=1e-9)

    def test_they_are_central(self):
        # The same formula by SciPy, at a step where a forward difference is off in the third digit.
        scipys = scipy.optimize.approx_fprime(THETA, logistic, 1e-2)
        ours = finite_gradient(logistic, THETA, 1e-2)
        exact = logistic_gradient(THETA)
        assert np.abs(ours - exact).max() < 1e-2 * np.abs(scipys - exact).max()
        backward = -scipy.optimize.approx_fprime(-THETA, lambda t: logistic(-t), 1e-2)
        np.testing.assert_allclose(ours, (scipys + backward) / 2, rtol=1e-10)

    @pytest.mark.parametrize(
        ("formula", "order", "rs"),
        [
            (hvp_forward, 1, np.logspace(-5, -2, 7)),
            (hvp_central, 2, np.logspace(-3, -1, 5)),
        ],
    )
    def test_orders_of_the_products(self, formula, order, rs):
        Hv = logistic_hessian(THETA) @ V
        errors = [np.linalg.norm(formula(logistic_gradient, THETA, V, r) - Hv) for r in rs]
        slope = np.polyfit(np.log(rs), np.log(errors), 1)[0]
        assert slope == pytest.approx(order, abs=0.03)

    @pytest.mark.parametrize("formula", [hvp_forward, hvp_central])
    def test_r_multiplies_v_as_it_is_given(self, formula):
        once = formula(logistic_gradient, THETA, 4 * V, 1e-2)
        np.testing.assert_allclose(once, 4 * formula(logistic_gradient, THETA, V, 4e-2), rtol=1e-12)
        formulas = {
            hvp_forward: (logistic_gradient(THETA + 0.5 * V) - logistic_gradient(THETA)) / 0.5,
            hvp_central: logistic_gradient(THETA + 0.5 * V) - logistic_gradient(THETA - 0.5 * V),
        }
        ours = formula(logistic_gradient, THETA, V, 0.5)
        np.testing.assert_allclose(ours, formulas[formula], rtol=1e-14)

    def test_any_library_device_and_dtype(self, xp_device):
        f = functions.beale
        x = xp_device.array([1.0, 0.3])
        v = xp_device.array([0.5, -2.0])
        results = {
            "gradient": (finite_gradient(f.value, x, 1e-5), f.gradient([1.0, 0.3])),
            "hessian": (finite_jacobian(f.gradient, x, 1e-5), f.hessian([1.0, 0.3])),
            "forward": (hvp_forward(f.gradient, x, v, 1e-7), f.hessian([1.0, 0.3]) @ [0.5, -2]),
            "central": (hvp_central(f.gradient, x, v, 1e-5), f.hessian([1.0, 0.3]) @ [0.5, -2]),
        }
        for ours, exact in results.values():
            assert xp_device.holds(ours, "float64")
            np.testing.assert_allclose(to_numpy(ours), exact, rtol=1e-6, atol=1e-5)
        single = hvp_central(f.gradient, xp_device.array([1.0, 0.3], "float32"), [0.5, -2], 1e-2)
        assert xp_device.holds(single, "float32")

    def test_numbers(self):
        assert finite_gradient(np.sin, 0.3, 1e-5) == pytest.approx(np.cos(0.3), rel=1e-9)
        J = finite_jacobian(lambda x: np.array([x, x**2]), 2.0, 1e-5)
        np.testing.assert_allclose(J, [1, 4], rtol=1e-9)

    @pytest.mark.parametrize("r", [0, -1e-5, float("nan"), float("inf")])
    def test_a_bad_step_is_refused(self, r):
        for call in (
            lambda: finite_gradient(logistic, THETA, r),
            lambda: finite_jacobian(curve, THETA, r),
            lambda: hvp_forward(logistic_gradient, THETA, V, r),
            lambda: hvp_central(logistic_gradient, THETA, V, r),
        ):
            with pytest.raises(ValueError, match="The step r is .*greater than 0"):
                call()

    def test_a_step_that_rounding_swallows_is_refused(self):
        with pytest.raises(ValueError, match="lost in the rounding"):
            finite_gradient(logistic, THETA, 1e-20)
        for formula in (hvp_forward, hvp_central):
            with pytest.raises(ValueError, match="lost in rounding"):
                formula(logistic_gradient, THETA, V, 1e-20)

    def test_a_step_of_another_type_is_refused(self):
        for r in ("1e-5", None, True, [1e-5]):
            with pytest.raises(TypeError, match="The step r is a number"):
                finite_gradient(logistic, THETA, r)

    @pytest.mark.parametrize("formula", [hvp_forward, hvp_central])
    def test_bad_vectors_are_refused(self, formula):
        with pytest.raises(ValueError, match="v is zero"):
            formula(logistic_gradient, THETA, np.zeros(3), 1e-5)
        with pytest.raises(ValueError, match=r"v has shape \(2,\)"):
            formula(logistic_gradient, THETA, np.ones(2), 1e-5)
        with pytest.raises(ValueError, match="v holds nan"):
            formula(logistic_gradient, THETA, [1, np.nan, 0], 1e-5)
        with pytest.raises(ValueError, match=r"gradient has shape \(\)"):
            formula(logistic, THETA, V, 1e-5)

    def test_a_function_of_the_wrong_kind_is_refused(self):
        with pytest.raises(ValueError, match="use finite_jacobian"):
            finite_gradient(curve, THETA, 1e-5)
        with pytest.raises(ValueError, match=r"shape \(3, 3\)"):
            finite_jacobian(logistic_hessian, THETA, 1e-5)
        with pytest.raises(ValueError, match="The value of the function holds nan"):
            finite_gradient(lambda x: np.nan, THETA, 1e-5)


class TestTaylor:
    @pytest.mark.parametrize("f", functions.ALL, ids=lambda f: f.name.split()[0])
    def test_right_derivatives_have_slopes_two_and_three(self, f):
        for x in np.random.default_rng(3).normal(size=(3, f.p)):
            slopes = taylor_test(f.value, f.gradient, x, hessian=f.hessian)
            quadratic = f in (functions.booth, functions.bowl)
            assert slopes.gradient == pytest.approx(2, abs=0.02)
            assert slopes.hessian == (np.inf if quadratic else pytest.approx(3, abs=0.1))
            assert "the gradient is right" in slopes.message
            assert "so is the Hessian" in slopes.message

    @pytest.mark.parametrize(
        "wrong",
        [
            lambda g: -g,
            lambda g: 2 * g,
            lambda g: g + 1e-3,
            lambda g: 0 * g,
            lambda g: np.append(g[:-1], 0),
        ],
        ids=["sign", "factor", "offset", "zero", "last"],
    )
    @pytest.mark.parametrize("f", functions.ALL, ids=lambda f: f.name.split()[0])
    def test_wrong_gradients_have_slope_one(self, f, wrong):
        x = np.random.default_rng(4).normal(size=f.p)
        slopes = taylor_test(f.value, lambda x: wrong(f.gradient(x)), x, hessian=f.hessian)
        # A small mistake may cancel against the curvature at one h: a dip that bends the slope.
        assert 0.5 < slopes.gradient < 1.5
        assert 0.5 < slopes.hessian < 1.5
        assert "not the gradient" in slopes.message

    @pytest.mark.parametrize(
        "wrong",
        [lambda H: H / 2, lambda H: H - 0.1 * np.eye(3), lambda H: np.diag(np.diag(H))],
        ids=["half", "penalty", "diagonal"],
    )
    def test_wrong_hessians_have_slope_two(self, wrong):
        slopes = taylor_test(
            logistic, logistic_gradient, THETA, hessian=lambda t: wrong(logistic_hessian(t))
        )
        assert slopes.gradient == pytest.approx(2, abs=0.02)
        assert slopes.hessian == pytest.approx(2, abs=0.05)
        assert "the Hessian is not" in slopes.message

    def test_a_forgotten_penalty_is_found(self):
        slopes = taylor_test(logistic, lambda t: logistic_gradient(t) - 0.1 * t, THETA)
        assert slopes.gradient == pytest.approx(1, abs=0.05)
        assert slopes.hessian is None

    def test_exact_models_leave_rounding_only(self):
        linear = taylor_test(lambda x: 3 * x[0] + 1, lambda x: np.array([3.0, 0.0]), [1.0, 2.0])
        assert linear.gradient == np.inf and "nothing but rounding" in linear.message
        for shift in (0.0, 1e8):
            quadratic = taylor_test(
                lambda x, shift=shift: shift + x @ x,
                lambda x: 2 * x,
                [1.0, 2.0],
                hessian=lambda x: 2 * np.eye(2),
            )
            assert quadratic.gradient == pytest.approx(2, abs=0.02)
            assert quadratic.hessian == np.inf

    @pytest.mark.parametrize("scale", [1e-6, 1e6])
    def test_units_do_not_matter(self, scale):
        f = functions.beale
        slopes = taylor_test(
            lambda x: scale * f.value(x / scale),
            lambda x: f.gradient(x / scale),
            scale * np.array([0.4, 0.6]),
            hessian=lambda x: f.hessian(x / scale) / scale,
        )
        assert slopes.gradient == pytest.approx(2, abs=0.1)
        assert slopes.hessian == pytest.approx(3, abs=0.1)

    def test_the_length_of_v_does_not_matter(self):
        slopes = [taylor_test(logistic, logistic_gradient, THETA, c * V) for c in (1, 1e-8, 1e8)]
        assert len({round(s.gradient, 6) for s in slopes}) == 1

    @pytest.mark.parametrize("unit", [1e-3, 1e-6, 1e-9, 1e-12, 1e-15, 1e3, 1e9])
    @pytest.mark.parametrize(
        ("wrong", "verdict"),
        [(1.0, "right"), (-1.0, "wrong"), (2.0, "wrong"), (0.0, "wrong"), (1.1, "wrong")],
    )
    def test_the_scale_on_which_f_bends_is_found(self, unit, wrong, verdict):
        """Coordinates of about `unit`, on which f changes as sin and log do on about 1."""
        for f, slope in (
            (lambda u: np.sum(np.sin(u)), np.cos),
            (lambda u: -np.sum(np.log(u) + np.log(1 - u)), lambda u: 1 / (1 - u) - 1 / u),
        ):
            x = unit * np.array([0.3, 0.8])
            slopes = taylor_test(
                lambda x, f=f: f(x / unit), lambda x, slope=slope: wrong * slope(x / unit) / unit, x
            )
            assert slopes.verdict == verdict, slopes
            if verdict == "right":
                assert slopes.gradient == pytest.approx(2, abs=0.25)

    @pytest.mark.parametrize(("wrong", "verdict"), [(1, "right"), (-1, "wrong"), (0, "wrong")])
    def test_values_with_fewer_digits_than_x(self, wrong, verdict):
        """In float32, and rounded to six decimals."""
        for value in (
            lambda x: float(np.sum(np.sin(x.astype("float32")))),
            lambda x: round(float(np.sum(np.sin(x))), 6),
        ):
            slopes = taylor_test(value, lambda x: wrong * np.cos(x), [0.3, 0.7])
            assert slopes.verdict == verdict, slopes

    @pytest.mark.parametrize("wrong", [1, -1, 2])
    def test_what_rounding_hides_is_not_judged(self, wrong):
        slopes = taylor_test(
            lambda x: 1e16 + np.sum(np.sin(x)), lambda x: wrong * np.cos(x), [1, 2]
        )
        assert slopes.verdict == "cannot tell" and np.isnan(slopes.gradient)
        assert "Rounding does not let tell" in slopes.message
        # The advice, followed:
        slopes = taylor_test(lambda x: np.sum(np.sin(x)), lambda x: wrong * np.cos(x), [1, 2])
        assert slopes.verdict == ("right" if wrong == 1 else "wrong")

    @pytest.mark.parametrize(("wrong", "verdict"), [(1, "right"), (0, "wrong"), (2, "wrong")])
    def test_a_hessian_on_another_scale(self, wrong, verdict):
        """A quadratic term of 1e-20, at a point of about 1 where steps of 1e9 show it."""
        slopes = taylor_test(
            lambda x: np.sum(np.cosh(1e-9 * x)),
            lambda x: 1e-9 * np.sinh(1e-9 * x),
            np.array([0.5, 1.5]),
            hessian=lambda x: wrong * 1e-18 * np.diag(np.cosh(1e-9 * x)),
        )
        assert slopes.verdict == verdict, slopes

    @pytest.mark.parametrize("seed", range(8))
    def test_units_and_constants_in_any_combination(self, seed):
        rng = np.random.default_rng(seed)
        unit, constant = 10.0 ** rng.uniform(-15, 9), rng.choice([0.0, 1.0, 1e3])
        x = unit * rng.uniform(-1, 1, size=int(rng.integers(1, 5)))
        for f, slope in (
            (np.sin, np.cos),
            (np.exp, np.exp),
            (np.arctan, lambda u: 1 / (1 + u * u)),
        ):
            for wrong in (1, -1, 2, 0):
                slopes = taylor_test(
                    lambda x, f=f: constant + np.sum(f(x / unit)),
                    lambda x, slope=slope, wrong=wrong: wrong * slope(x / unit) / unit,
                    x,
                )
                allowed = {"cannot tell", "right" if wrong == 1 else "wrong"}
                assert slopes.verdict in allowed, (f, wrong, unit, slopes)

    def test_a_constant_and_its_gradient(self):
        assert taylor_test(lambda x: 5.0, lambda x: 0 * x, [1.0, 2.0]).verdict == "right"
        assert taylor_test(lambda x: 5.0, lambda x: 0 * x + 1e-3, [1.0, 2.0]).verdict == "wrong"
        assert taylor_test(lambda x: 1e16 + np.sum(np.sin(x)), lambda x: 0 * x, [1, 2]).verdict == (
            "cannot tell"
        )

    def test_the_verdict_is_that_of_the_message(self):
        f = functions.rosenbrock
        x = [0.4, -0.3]
        assert taylor_test(f.value, f.gradient, x, hessian=f.hessian).verdict == "right"
        assert taylor_test(f.value, lambda x: -f.gradient(x), x).verdict == "wrong"
        half = taylor_test(f.value, f.gradient, x, hessian=lambda x: f.hessian(x) / 2)
        assert half.verdict == "wrong" and "the Hessian is not" in half.message

    def test_a_given_direction_sees_only_itself(self):
        wrong = lambda x: functions.beale.gradient(x) * np.array([1, 2])  # noqa: E731
        value, x = functions.beale.value, [1.0, 0.3]
        assert taylor_test(value, wrong, x, [1, 0]).gradient == pytest.approx(2, abs=0.02)
        assert taylor_test(value, wrong, x, [0, 1]).gradient == pytest.approx(1, abs=0.02)
        assert taylor_test(value, wrong, x).gradient == pytest.approx(1, abs=0.05)

    def test_one_coordinate(self):
        slopes = taylor_test(np.exp, np.exp, 0.3, hessian=np.exp)
        assert slopes.gradient == pytest.approx(2, abs=0.02)
        assert slopes.hessian == pytest.approx(3, abs=0.02)

    def test_any_library_and_device_and_float32(self, xp_device):
        f = functions.rosenbrock
        for dtype, room in (("float64", 0.02), ("float32", 0.5)):
            x = xp_device.array([-0.4, 0.8], dtype)
            slopes = taylor_test(f.value, f.gradient, x, hessian=f.hessian)
            assert slopes.gradient == pytest.approx(2, abs=room)
            assert slopes.hessian == pytest.approx(3, abs=max(room, 0.1))
            wrong = taylor_test(f.value, lambda x: 1.1 * f.gradient(x), x)
            assert wrong.gradient == pytest.approx(1, abs=0.2)
            assert "not the gradient" in wrong.message

    def test_the_remainders_are_there_to_be_drawn(self):
        slopes = taylor_test(logistic, logistic_gradient, THETA, hessian=logistic_hessian)
        assert slopes.steps.ndim == 1 and slopes.remainders.shape == (2, slopes.steps.size)
        assert slopes.message in repr(slopes)

    def test_bad_arguments_are_refused(self):
        f, g = logistic, logistic_gradient
        with pytest.raises(ValueError, match="direction has a finite norm above 0"):
            taylor_test(f, g, THETA, np.zeros(3))
        with pytest.raises(ValueError, match=r"v has shape \(2,\)"):
            taylor_test(f, g, THETA, np.ones(2))
        with pytest.raises(ValueError, match=r"gradient has shape \(2,\)"):
            taylor_test(f, lambda x: g(x)[:2], THETA)
        with pytest.raises(ValueError, match=r"Hessian has shape \(3,\)"):
            taylor_test(f, g, THETA, hessian=g)
        with pytest.raises(ValueError, match="one number"):
            taylor_test(g, g, THETA)
        with pytest.raises(ValueError, match="f is finite"):
            taylor_test(lambda x: np.nan, g, THETA)


def test_the_module_offers_what_it_says():
    assert all(callable(getattr(derivatives, name)) for name in derivatives.__all__)
