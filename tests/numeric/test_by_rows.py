"""Functions of one theta for many of them at once: each operation against a loop."""

from __future__ import annotations

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from autograd.scipy.special import expit, logsumexp

from teachkit.derivatives._by_rows import NoRuleError, by_rows

RNG = np.random.default_rng(0)
THETAS, DATA = RNG.normal(size=(5, 12)), RNG.normal(size=(5, 3))
C2, C3 = RNG.normal(size=(3, 4)), RNG.normal(size=(2, 3, 4))


def matrix(t):
    return anp.reshape(t, (3, 4))


OPERATIONS = {
    "add": lambda t, x: t + 1.0,
    "a row and a matrix": lambda t, x: matrix(t) * x.T,
    "an axis that is not there": lambda t, x: t[:4] + matrix(t),
    "power": lambda t, x: t**3 / (1 + t**2),
    "exp": lambda t, x: anp.exp(anp.tanh(-t)) * expit(t),
    "logaddexp": lambda t, x: anp.logaddexp(0.0, t),
    "maximum": lambda t, x: anp.maximum(t, 0.1),
    "where": lambda t, x: anp.where(t > 0.0, t, 2 * t),
    "where, of a constant": lambda t, x: anp.where(C2 > 0.0, matrix(t), 0.0),
    "sum": lambda t, x: anp.sum(matrix(t)),
    "sum of an axis": lambda t, x: anp.sum(matrix(t), axis=0) * anp.sum(matrix(t), 0),
    "sum of the last, kept": lambda t, x: anp.sum(matrix(t), axis=-1, keepdims=True),
    "sum of two": lambda t, x: anp.sum(matrix(t)[None] * C3, axis=(0, 2)),
    "sum of a number": lambda t, x: anp.sum(t[0]),
    "mean, max, min, prod": lambda t, x: (
        anp.mean(t) + anp.max(matrix(t), axis=1) * anp.min(t) + anp.prod(t[:3])
    ),
    "var, std": lambda t, x: anp.var(matrix(t), axis=1, ddof=1) + anp.std(t),
    "logsumexp": lambda t, x: logsumexp(matrix(t), axis=1) + logsumexp(t),
    "methods": lambda t, x: t.reshape((4, 3)).T.sum(axis=1) + t.mean() + matrix(t).max(axis=1),
    "numpy's own sum": lambda t, x: np.sum(matrix(t), axis=1),
    "ravel, squeeze": lambda t, x: anp.ravel(matrix(t)) * anp.squeeze(t[None, :]),
    "expand_dims": lambda t, x: anp.expand_dims(t, 1) * anp.atleast_2d(t),
    "transpose": lambda t, x: (
        anp.transpose(anp.reshape(t, (2, 3, 2)), (2, 0, 1)) + matrix(t).T[:2, :2, None]
    ),
    "transpose, all": lambda t, x: anp.transpose(anp.reshape(t, (2, 3, 2))),
    "swapaxes": lambda t, x: anp.swapaxes(anp.reshape(t, (2, 3, 2)), 0, -1),
    "a part": lambda t, x: matrix(t)[1:, ::2] + t[0] + t[-1],
    "a new axis": lambda t, x: t[None, ..., None],
    "arrays as indices": lambda t, x: matrix(t)[np.array([0, 2, 0]), np.array([1, 1, 3])],
    "a list, and a slice before": lambda t, x: anp.reshape(t, (2, 3, 2))[:, [0, 2, 0]],
    "a mask": lambda t, x: t[np.arange(12) % 3 == 0],
    "dot, of vectors": lambda t, x: anp.dot(t, t),
    "dot, with a constant": lambda t, x: anp.dot(C2, t[:4]) + anp.dot(t[:3], C2)[:3],
    "dot, matrices": lambda t, x: anp.dot(matrix(t).T, C2) + anp.dot(C2.T, matrix(t)),
    "matmul": lambda t, x: x @ matrix(t) + matrix(t)[0] @ C2.T @ C2,
    "matmul, stacks": lambda t, x: anp.matmul(C3, anp.reshape(t, (4, 3))),
    "matmul, stack of both": lambda t, x: anp.matmul(anp.reshape(t, (3, 2, 2))[:2], C3[:, :2]),
    "matmul, stack and vector": lambda t, x: anp.matmul(C3, t[:4]),
    "einsum": lambda t, x: (
        anp.einsum("ij,kj->ik", matrix(t), C2) + anp.einsum("ij,kj -> ik", C2, matrix(t))
    ),
    "einsum of both": lambda t, x: anp.einsum("ni,ij->j", x, matrix(t)),
    "concatenate": lambda t, x: anp.concatenate([matrix(t), C2], axis=1),
    "concatenate, first axis": lambda t, x: anp.concatenate([t, np.ones(2), x[0]]),
    "stack, vstack, hstack": lambda t, x: (
        anp.stack([t, 2 * t], axis=1) + anp.vstack([t, t]).T + anp.hstack([t[:, None], t[:, None]])
    ),
    "array": lambda t, x: anp.array([t[0], t[1] * t[2], 3.0]),
    "array of arrays": lambda t, x: anp.array([t[:2], t[2:4] ** 2]),
    "zeros_like": lambda t, x: anp.zeros_like(t) + anp.ones_like(matrix(t))[0, 0] * t,
    "astype": lambda t, x: t.astype("float64") ** 2,
    "clip by where, abs": lambda t, x: anp.abs(t) + anp.sqrt(t**2 + 1) + anp.sign(t) * t,
}


def follows_numpys_own() -> bool:
    """NumPy 2.0 hands `out` on to the array's method, which autograd's derivative refuses."""
    try:
        autograd.grad(np.sum)(np.ones(2))
    except TypeError:
        return False
    return True


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_is_that_of_a_loop(name):
    if name == "numpy's own sum" and not follows_numpys_own():
        pytest.skip("with this NumPy autograd by itself cannot follow numpy.sum: no reference")
    f = OPERATIONS[name]
    each = [f(t, x[None]) for t, x in zip(THETAS, DATA, strict=True)]
    found = by_rows(f, THETAS, DATA)
    np.testing.assert_allclose(found, each, rtol=1e-12, atol=1e-14)

    def total(thetas):
        return anp.sum(by_rows(f, thetas, DATA) ** 2)

    gradients = [
        autograd.grad(lambda t, x=x: anp.sum(f(t, x[None]) ** 2))(t)
        for t, x in zip(THETAS, DATA, strict=True)
    ]
    np.testing.assert_allclose(autograd.grad(total)(THETAS), gradients, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize(
    "f",
    [
        lambda t: anp.cumsum(t),
        lambda t: anp.linalg.norm(t),
        lambda t: anp.sort(t),
        lambda t: anp.dot(anp.reshape(t, (2, 3, 2)), np.ones((2, 2, 2))),
        lambda t: anp.reshape(t, (2, 3, 2))[0, :, np.array([0, 1, 0])],
        lambda t: anp.reshape(t, (3, 4), order="F"),
        lambda t: anp.einsum("i,i", t, t),
        lambda t: anp.sum(t, where=np.arange(12) > 3),
        lambda t: anp.array([t[0], 2], dtype="float32"),
        lambda t: np.ones(3),
        lambda t: t if t[0] > 0 else -t,
        lambda t: t if t[:1] > 0 else -t,
        lambda t: t if anp.any(t > 0) else -t,
        lambda t: float(t[0]) * t,
    ],
)
def test_what_it_does_not_know_it_leaves_to_a_loop(f):
    with pytest.raises((NoRuleError, TypeError)):
        by_rows(f, THETAS)


def test_it_may_be_differentiated_twice():
    def f(t):
        return anp.sum(anp.tanh(matrix(t) @ C2.T) ** 2) * t[0] ** 3

    def total(thetas):
        return anp.sum(by_rows(f, thetas))

    V = RNG.normal(size=THETAS.shape)
    found = autograd.make_hvp(total)(THETAS)[0](V)
    each = [autograd.make_hvp(f)(t)[0](v) for t, v in zip(THETAS, V, strict=True)]
    np.testing.assert_allclose(found, each, rtol=1e-9, atol=1e-12)


def test_float32_stays_float32():
    def f(t, x):
        return anp.where(t > 0.0, 2.0 * t, anp.logaddexp(0.0, t)) @ np.ones(12, "float32")

    thetas = THETAS.astype("float32")
    assert by_rows(f, thetas, DATA).dtype == np.float32
