"""Products are counted however they are written, and nothing else is."""

from __future__ import annotations

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from teachkit import LinearRisk, Logistic
from teachkit.derivatives import count_products, gradient
from teachkit.derivatives.products import Operation, operations

X = np.random.default_rng(0).standard_normal((5, 3))
v, y = np.array([1.0, -2.0, 0.5]), np.array([1.0, -1.0, 1.0, 1.0, -1.0])


@pytest.mark.parametrize(
    "work",
    [
        lambda X: X @ v,
        lambda X: v @ X.T,
        lambda X: np.dot(X, v),
        lambda X: X.dot(v),
        lambda X: X.T.dot(y),
        lambda X: np.einsum("ij,j->i", X, v),
        lambda X: np.tensordot(X, v, axes=1),
        lambda X: X[2] @ v,
        lambda X: np.matmul(X.T * y, X),
        lambda X: -X @ v,
        lambda X: (-X).T @ y,
        lambda X: (y[:, None] * X).dot(v),
        lambda X: (X.T * y / 5) @ y,
        lambda X: np.multiply(X, v)[1] @ v,
    ],
)
def test_each_way_to_write_a_product_counts_once(work):
    assert count_products(work, X).products == 1


def test_blocks_that_numpy_cuts_are_parts_of_X():
    for cut in (np.array_split, np.split, np.vsplit):
        products = count_products(lambda X, cut=cut: [B @ v for B in cut(X, [2, 4])], X).products
        assert products == 3
    by_name = count_products(lambda X: [B @ v for B in np.split(ary=X, indices_or_sections=5)], X)
    assert by_name.products == 5


def test_blocks_that_autograd_cuts_are_too():
    def of(X):
        return autograd.grad(lambda t: sum(anp.sum(anp.tanh(B @ t)) for B in anp.split(X, 5)))(v)

    assert count_products(of, X).products == 5


def test_what_is_left_when_rows_are_deleted_is_a_part_of_X():
    found = operations(lambda X: np.delete(X, 1, axis=0) @ v, X)
    assert found == (Operation(12, (4,)),)


def test_each_operation_says_what_it_took_and_what_came_of_it():
    found = operations(lambda X: X[:2].T @ np.exp(X @ v)[:2], X)
    assert found == (Operation(15, (5,)), Operation(6, (3,)))
    assert operations(lambda X: 2 * X, X) == (Operation(0, (5, 3)),)


def test_a_scaled_X_keeps_counting_and_another_matrix_does_not():
    assert count_products(lambda X: (X.T * y) @ (X @ v), X).products == 2
    for other in (lambda X: (1 / X) @ v, lambda X: (X - 1) @ v, lambda X: (X * X) @ v):
        assert count_products(other, X).products == 0


def test_what_is_made_of_the_results_is_seen_if_followed():
    def brackets(X):
        return X.T @ (np.diag(y * (X @ v)) @ (X @ v))

    assert count_products(brackets, X) == (3, 5)
    assert count_products(brackets, X, follow=True) == (3, 25)


def test_other_operations_are_no_products_but_their_size_is_seen():
    assert count_products(lambda X: 2 * X + X.sum(), X) == (0, 15)
    assert count_products(lambda X: None, X) == (0, 0)
    assert count_products(lambda X: X.T @ X, X) == (1, 9)
    assert count_products(lambda X: np.concatenate([X, X]), X).largest == 30


def test_results_are_plain_and_right():
    found = []
    count_products(lambda X: found.append(X.T @ (y * (X @ v))), X)
    assert type(found[0]) is np.ndarray
    np.testing.assert_allclose(found[0], X.T @ (y * (X @ v)))


def test_a_gradient_by_autograd_is_two_products():
    import autograd.numpy as anp

    def call(X):
        return gradient(lambda w: anp.mean(anp.log(1 + anp.exp(-y * anp.dot(X, w)))))(v)

    assert call(X) == pytest.approx(LinearRisk(X, y, Logistic()).gradient(v), rel=1e-12)
    assert count_products(call, X).products == 2
    assert count_products(call, X, follow=True).products == 2


def test_autograd_differentiates_through_a_scaled_X():
    import autograd.numpy as anp

    def call(X):
        return gradient(lambda w: anp.sum(anp.dot(-X, w) ** 2 + anp.sum(X * w, axis=1) ** 2))(v)

    np.testing.assert_allclose(call(X), 4 * X.T @ (X @ v))
    assert count_products(call, X).products == 2
