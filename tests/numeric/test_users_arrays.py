"""Functions of the user's may work in place and reuse their buffers, and records hold still."""

from __future__ import annotations

from itertools import islice
from types import SimpleNamespace

import numpy as np
import pytest

from teachkit import functions
from teachkit.arrays import to_numpy
from teachkit.derivatives import (
    finite_gradient,
    finite_jacobian,
    hvp_central,
    hvp_forward,
    taylor_test,
)
from teachkit.linear import conjugate_gradient, conjugate_gradient_steps
from teachkit.optimize import (
    BFGS,
    LBFGS,
    Backtracking,
    Newton,
    NewtonCG,
    SteepestDescent,
    Wolfe,
    descend,
    minimize,
    newton_root,
    newton_root_steps,
)

F = functions.rosenbrock
A = np.array([[4.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0]])
B = np.array([1.0, -2.0, 0.5])
PLAIN = SimpleNamespace(value=F.value, gradient=F.gradient, hessian=F.hessian)


class Careless:
    """Rosenbrock's function; it spoils each x and v that it gets, and gives away its buffers."""

    def __init__(self, joint=False, linear=False):
        self.g, self.H, self.Hv, self.v = np.zeros(2), np.zeros((2, 2)), np.zeros(2), np.zeros(())
        if joint:
            self.value_and_gradient = lambda x: (self._value(x), self.gradient(x))
        if linear:
            self.linearize = lambda x: self._product(F.hessian(x), x)
        self.linear = linear

    def value(self, x):
        found = self._value(x)
        x[:] = np.nan
        return found

    def _value(self, x):
        self.v[...] = F.value(x)
        return self.v

    def gradient(self, x):
        self.g[:] = F.gradient(x)
        x *= -3.0
        return self.g

    def hessian(self, x):
        self.H[:] = F.hessian(x)
        x += 5.0
        return self.H

    def _product(self, H, x):
        x[:] = 0.0

        def product(v):
            self.Hv[:] = H @ v
            v[:] = 7.0
            return self.Hv

        return product

    def hvp(self, x, v):
        return self._product(F.hessian(x), x)(v)


@pytest.mark.parametrize("search", [Backtracking(), Wolfe()], ids=repr)
@pytest.mark.parametrize(
    "direction", [SteepestDescent(), Newton(), NewtonCG(), BFGS(), LBFGS(3)], ids=repr
)
@pytest.mark.parametrize("options", [{}, {"joint": True}, {"linear": True}], ids=str)
def test_a_careless_objective_gives_the_iterates_of_a_careful_one(options, direction, search):
    careful = minimize(PLAIN, F.start, direction, search, max_iter=40)
    careless = minimize(Careless(**options), F.start, direction, search, max_iter=40)
    assert careless.message == careful.message
    for a, b in zip(careful.iterates, careless.iterates, strict=True):
        np.testing.assert_allclose(b.x, a.x, rtol=1e-10, atol=1e-12)
        assert b.value == pytest.approx(a.value, rel=1e-9, abs=1e-20)


def test_a_careless_direction_gives_the_iterates_of_a_careful_one():
    class Downhill:
        def begin(self, objective):
            def propose(point):
                g = point.gradient
                g *= -1.0
                point.x[:] = 0.0
                return g, ""

            return propose

    careful = minimize(F, F.start, SteepestDescent(), max_iter=10)
    careless = minimize(F, F.start, Downhill(), max_iter=10)
    for a, b in zip(careful.iterates, careless.iterates, strict=True):
        np.testing.assert_allclose(b.x, a.x, rtol=1e-12)


def written_over(iterates, most=8):
    """The x of each record as it comes, with all records spoilt at once."""
    seen = []
    for it in islice(iterates, most):
        seen.append(np.array(it.x))
        for name in ("x", "value", "step"):
            if isinstance(array := getattr(it, name, None), np.ndarray):
                array[:] = 99.0
    return seen


@pytest.mark.parametrize(
    "steps",
    [
        *(
            lambda d=d: descend(F, F.start, d, Wolfe())
            for d in (SteepestDescent(), Newton(), NewtonCG(), BFGS(), LBFGS(3))
        ),
        lambda: conjugate_gradient_steps(A, B),
        lambda: conjugate_gradient_steps(lambda v: A @ v, B, np.ones(3)),
        lambda: newton_root_steps(lambda x: x**3 - B, lambda x: np.diag(3 * x**2), np.ones(3)),
    ],
)
def test_a_record_is_the_readers_own(steps):
    expected = [np.array(it.x) for it in islice(steps(), 8)]
    for a, b in zip(expected, written_over(steps()), strict=True):
        np.testing.assert_array_equal(a, b)


def test_what_conjugate_gradients_were_given_may_be_changed_afterwards():
    a, b, x0 = A.copy(), B.copy(), np.ones(3)
    expected = [it.x for it in conjugate_gradient_steps(a, b, x0)]
    steps = conjugate_gradient_steps(a, b, x0)
    a[:], b[:], x0[:] = 0.0, 0.0, 0.0
    for x, it in zip(expected, steps, strict=True):
        np.testing.assert_array_equal(it.x, x)


def test_a_trace_holds_still_when_its_arguments_change():
    b, x0 = B.copy(), np.zeros(3)
    trace = conjugate_gradient(A, b, x0)
    kept = [it.x.copy() for it in trace.iterates]
    b[:], x0[:] = 5.0, 5.0
    for x, it in zip(kept, trace.iterates, strict=True):
        np.testing.assert_array_equal(it.x, x)
    start = np.array(F.start)
    fit = minimize(F, start)
    start[:] = 5.0
    np.testing.assert_array_equal(fit.iterates[0].x, F.start)


def test_products_and_preconditioners_may_answer_in_one_buffer(xp_device):
    a, b = xp_device.array(A), xp_device.array(B)
    out, other = xp_device.array(np.zeros(3)), xp_device.array(np.zeros(3))

    def product(v):
        out[:] = a @ v
        return out

    def halved(r):
        other[:] = r / xp_device.array(np.diag(A))
        return other

    for preconditioner in (None, halved):
        trace = conjugate_gradient(product, b, rtol=1e-12, preconditioner=preconditioner)
        assert trace.converged and len(trace.iterates) <= 4
        np.testing.assert_allclose(to_numpy(trace.x), np.linalg.solve(A, B), rtol=1e-10)


def buffered(function, shape):
    """It answers in one buffer, and spoils its argument."""
    out = np.zeros(shape)

    def careless(x):
        out[...] = function(x)
        if isinstance(x, np.ndarray):
            x[...] = np.nan
        return out

    return careless


def test_roots():
    def f(x):
        return np.array([x[0] ** 2 + x[1] ** 2 - 4, x[0] * x[1] - 1])

    def df(x):
        return np.array([[2 * x[0], 2 * x[1]], [x[1], x[0]]])

    careful = newton_root(f, df, [2.0, 0.3])
    careless = newton_root(buffered(f, 2), buffered(df, (2, 2)), [2.0, 0.3])
    assert careless.converged
    for a, b in zip(careful.iterates, careless.iterates, strict=True):
        np.testing.assert_allclose(b.x, a.x, rtol=1e-12)
        np.testing.assert_allclose(b.value, a.value, rtol=1e-12, atol=1e-300)


def test_difference_formulas():
    x, v = np.array([0.3, 0.2, 0.1]), np.array([1.0, 2.0, 3.0])
    gradient = buffered(lambda x: A @ x, 3)
    np.testing.assert_allclose(finite_jacobian(gradient, x, 1e-5), A, atol=1e-9)
    np.testing.assert_allclose(finite_gradient(buffered(np.sum, ()), x, 1e-5), 1.0, rtol=1e-9)
    for formula in (hvp_forward, hvp_central):
        np.testing.assert_allclose(formula(gradient, x, v, 1e-5), A @ v, rtol=1e-9)
    square = finite_jacobian(buffered(lambda t: np.array([t, t * t]), 2), np.array(2.0), 1e-5)
    np.testing.assert_allclose(square, [1.0, 4.0], rtol=1e-9)
    assert x.tolist() == [0.3, 0.2, 0.1] and v.tolist() == [1.0, 2.0, 3.0]


def test_taylor_slopes():
    x = np.array([0.4, -0.7])
    slopes = taylor_test(
        buffered(F.value, ()), buffered(F.gradient, 2), x, hessian=buffered(F.hessian, (2, 2))
    )
    assert slopes.verdict == "right"
    assert slopes.hessian == pytest.approx(3, abs=0.1)
    np.testing.assert_array_equal(x, [0.4, -0.7])
