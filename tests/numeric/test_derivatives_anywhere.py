"""Derivatives by autograd through arrays of every library: each function, and whole models."""

from __future__ import annotations

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from autograd.scipy.special import logsumexp

from teachkit.arrays import to_numpy
from teachkit.derivatives import xp
from teachkit.derivatives._box import follow
from teachkit.influence import Influence
from teachkit.losses import Logistic
from teachkit.retraining import leave_one_out, retrain
from teachkit.risks import AutogradRisk, LinearRisk, convolutional, multilayer

RNG = np.random.default_rng(0)
A, B = 0.3 + RNG.random((3, 4)), 0.3 + RNG.random((4,))
M = RNG.normal(size=(4, 2))

# Functions of one array (3, 4), ours and autograd's own.
FUNCTIONS = {
    "exp": (xp.exp, anp.exp),
    "log": (xp.log, anp.log),
    "log1p": (xp.log1p, anp.log1p),
    "expm1": (xp.expm1, anp.expm1),
    "sqrt": (xp.sqrt, anp.sqrt),
    "tanh": (xp.tanh, anp.tanh),
    "sin": (xp.sin, anp.sin),
    "cos": (xp.cos, anp.cos),
    "abs": (lambda x: xp.abs(x - 0.8), lambda x: anp.abs(x - 0.8)),
    "logaddexp": (lambda x: xp.logaddexp(0.0, -x), lambda x: anp.logaddexp(0.0, -x)),
    "logaddexp of two": (lambda x: xp.logaddexp(x, x**2), lambda x: anp.logaddexp(x, x**2)),
    "maximum": (lambda x: xp.maximum(x, 0.8), lambda x: anp.maximum(x, 0.8)),
    "minimum": (lambda x: xp.minimum(0.8, x), lambda x: anp.minimum(0.8, x)),
    "where": (
        lambda x: xp.where(x > 0.8, x**2, 1.0 / x),
        lambda x: anp.where(x > 0.8, x**2, 1.0 / x),
    ),
    "powers": (lambda x: x**3 + 2.0**x - x**0, lambda x: x**3 + 2.0**x - x**0),
    "power of itself": (lambda x: x**x, lambda x: x**x),
    "operators": (
        lambda x: (1.0 - x) * x / (2.0 + x) - (-x) + 3.0 / x,
        lambda x: (1.0 - x) * x / (2.0 + x) - (-x) + 3.0 / x,
    ),
    "sum": (lambda x: xp.sum(x**2, axis=0), lambda x: anp.sum(x**2, axis=0)),
    "sum of all": (lambda x: xp.sum(xp.sin(x)), lambda x: anp.sum(anp.sin(x))),
    "sum, axis kept": (
        lambda x: x / xp.sum(x, axis=-1, keepdims=True),
        lambda x: x / anp.sum(x, axis=-1, keepdims=True),
    ),
    "sum over two": (lambda x: xp.sum(x**2, axis=(0, 1)), lambda x: anp.sum(x**2, axis=(0, 1))),
    "mean": (lambda x: xp.mean(x**2, axis=1), lambda x: anp.mean(x**2, axis=1)),
    "logsumexp": (lambda x: xp.logsumexp(3 * x, axis=1), lambda x: logsumexp(3 * x, axis=1)),
    "reshape": (lambda x: xp.reshape(x, (2, 6)) ** 2, lambda x: anp.reshape(x, (2, 6)) ** 2),
    "transpose": (lambda x: x.T @ x, lambda x: x.T @ x),
    "permute_dims": (
        lambda x: xp.permute_dims(xp.reshape(x, (3, 2, 2)), (2, 0, 1)) ** 2,
        lambda x: anp.transpose(anp.reshape(x, (3, 2, 2)), (2, 0, 1)) ** 2,
    ),
    "slices": (
        lambda x: x[1:, ::2] ** 2 * x[0, 1] + x[:2, -1:],
        lambda x: x[1:, ::2] ** 2 * x[0, 1] + x[:2, -1:],
    ),
    "concat": (
        lambda x: xp.concat([x, x**2, x[:, :1]], axis=1),
        lambda x: anp.concatenate([x, x**2, x[:, :1]], axis=1),
    ),
    "stack": (lambda x: xp.stack([x, x**2], axis=1), lambda x: anp.stack([x, x**2], axis=1)),
    "broadcast_to": (
        lambda x: xp.broadcast_to(x[:1, :] ** 2, (5, 4)),
        lambda x: anp.broadcast_to(x[:1, :] ** 2, (5, 4)),
    ),
}


def twice(f, x, u, v):
    """The value f(x), the pull u' J, and the product of the second derivative of u . f with v."""
    follow(x)

    def pulled(x):
        return autograd.make_vjp(f)(x)[0](u)

    pull, value = autograd.make_vjp(f)(x)
    return value, pull(u), autograd.make_vjp(pulled)(x)[0](v)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_and_two_derivatives_are_those_of_autograds_own(name, xp_device):
    ours, theirs = FUNCTIONS[name]
    shape = np.shape(theirs(A))
    u, v = 1.0 + RNG.random(shape), RNG.normal(size=A.shape)
    expected = twice(theirs, A, u, v)
    found = twice(ours, *map(xp_device.array, (A, u, v)))
    for ours_, theirs_ in zip(found, expected, strict=True):
        assert xp_device.holds(ours_)
        np.testing.assert_allclose(to_numpy(ours_), theirs_, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize(
    ("a", "b"),
    [((3, 4), (4, 2)), ((4,), (4, 2)), ((3, 4), (4,)), ((4,), (4,)), ((5, 3, 4), (4, 2))],
)
def test_products_of_all_shapes(a, b, xp_device):
    a, b = RNG.normal(size=a), RNG.normal(size=b)
    u = np.asarray(RNG.normal(size=np.shape(a @ b)))
    for k in (0, 1):

        def one(x, matmul, k=k, other=(a, b)):
            pair = [x, other[1]] if k == 0 else [other[0], x]
            return matmul(*pair) ** 2

        x, v = (a, b)[k], RNG.normal(size=(a, b)[k].shape)
        expected = twice(lambda x, f=one: f(x, anp.matmul), x, u, v)
        placed = tuple(map(xp_device.array, (a, b)))
        found = twice(
            lambda x, f=one, placed=placed: f(x, xp.matmul, other=placed),
            *map(xp_device.array, (x, u, v)),
        )
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(to_numpy(ours), theirs, rtol=1e-12, atol=1e-13)


def test_an_if_that_asks_for_values_is_refused_on_the_tape(xp_device):
    x = xp_device.array(A)
    follow(x)
    if type(x) is np.ndarray:
        pytest.skip("NumPy's are autograd's own boxes")
    with pytest.raises(TypeError, match="an `if`"):
        autograd.make_vjp(lambda x: x if x else -x)(x)


def logistic(theta, X, y):
    return xp.logaddexp(0.0, xp.multiply(-y, xp.matmul(X, theta)))


def data(n=40, d=3):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(n, d))
    return X, np.where(X[:, 0] + rng.logistic(size=n) > 0, 1.0, -1.0)


def test_a_model_by_hand_is_the_linear_one_in_every_library(xp_device):
    X, y = map(xp_device.array, data())
    zero = xp_device.array(np.zeros(3))
    by_hand, closed = (
        AutogradRisk(logistic, X, y, zero, l2=0.1),
        LinearRisk(X, y, Logistic(), l2=0.1),
    )
    theta = retrain(closed, zero)
    v = xp_device.array(np.array([1.0, -2.0, 0.5]))
    for ours, theirs in (
        (by_hand.value(theta), closed.value(theta)),
        (by_hand.gradient(v), closed.gradient(v)),
        (by_hand.hessian(theta), closed.hessian(theta)),
        (by_hand.hvp(theta, v), closed.hvp(theta, v)),
        (by_hand.example_gradients(theta), closed.example_gradients(theta)),
        (by_hand.input_gradient(theta, 2, v), closed.input_gradient(theta, 2, v)),
        (by_hand.example_hvp(theta, [1, 5])(v), closed.example_hvp(theta, [1, 5])(v)),
        (retrain(by_hand, zero), theta),
        (Influence(by_hand, theta).removals(), Influence(closed, theta).removals()),
        (leave_one_out(by_hand, theta, [0, 3]), leave_one_out(closed, theta, [0, 3])),
    ):
        assert xp_device.holds(ours)
        np.testing.assert_allclose(to_numpy(ours), to_numpy(theirs), rtol=1e-8, atol=1e-12)


NETS = {
    "multilayer, two classes": multilayer((9, 4, 1)),
    "multilayer, softplus, three": multilayer((9, 4, 3), "softplus"),
    "convolutional": convolutional((3, 3), (2,), 3, kernel=2, stride=1),
}


@pytest.mark.parametrize("name", NETS)
def test_a_network_runs_where_its_data_lie(name, xp_device):
    net = NETS[name]
    rng = np.random.default_rng(2)
    X, K = rng.random((12, 9)), net.layers[-1].units
    y = np.where(rng.random(12) < 0.5, 1.0, -1.0) if K == 1 else np.arange(12.0) % K
    theta, v = net.initial(0), rng.normal(size=net.p)

    def answers(place):
        here = [place(x) for x in (X, y, theta, v)]
        risk = AutogradRisk(net.losses, *here[:3], outputs=net.outputs, l2=0.01)
        return [
            risk.example_losses(here[2]),
            risk.gradient(here[2]),
            risk.example_gradients(here[2]),
            risk.hvp(here[2], here[3]),
            risk.linearize_gauss_newton(here[2])(here[3]),
            risk.gradients(here[2][None, :]),
        ]

    for ours, theirs in zip(answers(xp_device.array), answers(np.asarray), strict=True):
        assert xp_device.holds(ours)
        np.testing.assert_allclose(to_numpy(ours), theirs, rtol=1e-11, atol=1e-13)


def test_gradients_of_all_rows_take_one_pass_in_every_library(xp_device):
    X, y = map(xp_device.array, data(300))
    calls = []

    def counted(theta, X, y):
        calls.append(X.shape)
        return logistic(theta, X, y)

    risk = AutogradRisk(counted, X, y, xp_device.array(np.zeros(3)))
    calls.clear()
    risk.example_gradients(xp_device.array(np.ones(3)))
    assert len(calls) < 10


def test_numpys_functions_meet_arrays_of_another_library(xp_device):
    if xp_device.holds(np.zeros(1)):
        pytest.skip("these are NumPy's")
    X, y = map(xp_device.array, data())

    def losses(theta, X, y):
        return anp.logaddexp(0.0, -y * (X @ theta))

    with pytest.raises(TypeError, match=r"teachkit\.derivatives import xp"):
        AutogradRisk(losses, X, y, xp_device.array(np.zeros(3)))
