"""Test functions: derivatives against differences and SciPy, minimisers, grids, libraries."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.optimize

from teachkit import functions
from teachkit.arrays import to_numpy
from teachkit.derivatives import finite_gradient, finite_jacobian

every = pytest.mark.parametrize("f", functions.ALL, ids=lambda f: f.name.split()[0])


@every
def test_derivatives_agree_with_differences(f):
    for x in np.random.default_rng(0).uniform(*np.transpose(f.box), size=(5, f.p)):
        g, H = f.gradient(x), f.hessian(x)
        scipys = scipy.optimize.approx_fprime(x, f.value, 1e-7)
        np.testing.assert_allclose(g, scipys, rtol=1e-4, atol=1e-4 * np.abs(H).max())
        np.testing.assert_allclose(g, finite_gradient(f.value, x, 1e-5), rtol=1e-6, atol=1e-5)
        np.testing.assert_allclose(H, finite_jacobian(f.gradient, x, 1e-5), rtol=1e-6, atol=1e-5)
        np.testing.assert_array_equal(H, H.T)
        np.testing.assert_allclose(f.hvp(x, g), H @ g)


def test_rosenbrock_is_scipys():
    x = np.array([0.3, -0.7])
    assert functions.rosenbrock.value(x) == pytest.approx(scipy.optimize.rosen(x))
    np.testing.assert_allclose(functions.rosenbrock.gradient(x), scipy.optimize.rosen_der(x))
    np.testing.assert_allclose(functions.rosenbrock.hessian(x), scipy.optimize.rosen_hess(x))


@pytest.mark.parametrize(
    ("f", "published"),
    [
        (functions.rosenbrock, 24.2),
        (functions.himmelblau, 170),
        (functions.beale, 14.203125),
        (functions.wood, 19192),
        (functions.powell, 215),
    ],
    ids=lambda v: getattr(v, "name", v),
)
def test_values_at_the_customary_starts_are_those_in_the_literature(f, published):
    assert float(f.value(f.start)) == pytest.approx(published)


@every
def test_minimisers_are_minimisers(f):
    assert f.minimiser == f.minimisers[0]
    for x in f.minimisers:
        assert np.abs(f.gradient(x)).max() < 1e-12
        assert np.linalg.eigvalsh(f.hessian(x)).min() >= 0
        around = x + 0.01 * np.random.default_rng(1).normal(size=(50, f.p))
        assert all(f.value(y) > f.value(x) for y in around)


@every
def test_start_and_minimisers_lie_in_the_box(f):
    low, high = np.transpose(f.box)
    for x in (f.start, *f.minimisers):
        assert (low <= x).all() and (x <= high).all()


@every
def test_a_descent_from_its_start_ends_in_a_minimiser(f):
    end = scipy.optimize.minimize(f.value, f.start, jac=f.gradient, tol=1e-10).x
    distance = min(np.linalg.norm(end - np.array(x)) for x in f.minimisers)
    assert distance < 1e-2


@every
def test_grids_give_what_the_points_give(f):
    grid = np.random.default_rng(2).normal(size=(f.p, 3, 4))
    values, gradients = f.value(grid), f.gradient(grid)
    assert values.shape == (3, 4) and gradients.shape == grid.shape
    for index in np.ndindex(3, 4):
        x = grid[(slice(None), *index)]
        assert values[index] == pytest.approx(f.value(x), rel=1e-14)
        np.testing.assert_allclose(gradients[(slice(None), *index)], f.gradient(x), rtol=1e-12)


@every
def test_any_library_device_and_dtype(f, xp_device):
    x = xp_device.array(f.start, "float32")
    for name, shape in (("value", ()), ("gradient", (f.p,)), ("hessian", (f.p, f.p))):
        result = getattr(f, name)(x)
        assert result.shape == shape
        assert result.dtype == x.dtype
        if shape:
            assert xp_device.holds(result, "float32")
        expected = getattr(f, name)(np.array(f.start))
        np.testing.assert_allclose(to_numpy(result), expected, rtol=1e-5)


def test_lists_and_integers_are_points_too():
    assert float(functions.booth.value([1, 3])) == 0
    assert functions.rosenbrock.gradient([1, 1]).dtype == np.float64


@pytest.mark.parametrize("x", [[1.0], [1.0, 2.0, 3.0], 1.0, np.zeros((3, 2))])
def test_a_wrong_number_of_coordinates_is_said(x):
    with pytest.raises(ValueError, match=r"Rosenbrock's function takes 2 coordinates"):
        functions.rosenbrock.value(x)


def test_the_hessian_of_a_grid_is_refused():
    with pytest.raises(ValueError, match="at one point"):
        functions.rosenbrock.hessian(np.zeros((2, 3)))


def test_products_with_the_hessian():
    f, x = functions.rosenbrock, np.array([0.3, -0.7])
    V = np.array([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]])
    np.testing.assert_allclose(f.hvp(x, V), f.hessian(x) @ V)
    np.testing.assert_allclose(f.hvp(x, [1, 2]), f.hessian(x) @ [1, 2])
    for v in ([1.0, 2.0, 3.0], 1.0, np.ones((2, 1, 1))):
        with pytest.raises(ValueError, match="v has shape.*2 coordinates"):
            f.hvp(x, v)


def test_each_names_its_source():
    assert all(f.source in repr(f) and f.name in repr(f) for f in functions.ALL)
