"""The habits of CuPy that the library counts on: of the real one, or of the stand-in for it."""

import copy
import pickle

import numpy as np
import pytest
from scipy.special import expit

from tests.conftest import the_cupy

A = np.array([[2.0, 1.0], [1.0, 3.0]])


@pytest.fixture
def cupy():
    return the_cupy()


@pytest.fixture
def a(cupy):
    return cupy.asarray(A)


def test_an_array_of_the_device_is_none_of_numpy(a, cupy):
    assert not isinstance(a, np.ndarray)
    np.testing.assert_array_equal(a.get(), A)
    np.testing.assert_array_equal(cupy.asnumpy(a), A)


REFUSED = {
    "numpy + a": lambda a: A + a,
    "a + numpy": lambda a: a + A,
    "a numpy 0-d array times a": lambda a: np.array(2.0) * a,
    "numpy @ a": lambda a: A @ a,
    "a @ numpy": lambda a: a @ A,
    "np.matmul": lambda a: np.matmul(A, a),
    "a == numpy": lambda a: a == A,
    "a[0] = numpy": lambda a: a.__setitem__(0, A[0]),
    "a += numpy": lambda a: a.__iadd__(A),
    "np.asarray": lambda a: np.asarray(a),
    "np.array": lambda a: np.array(a),
    "np.full": lambda a: np.full(2, a[0]),
    "np.isin": lambda a: np.isin(a, [1.0]),
    "a list at a 0-d array": lambda a: [1, 2][a[0, 0]],
    "numpy at an index array": lambda a: A[a > 1.0],
}


@pytest.mark.parametrize("habit", REFUSED)
def test_it_is_never_mixed_with_numpys_arrays(habit, a):
    with pytest.raises((TypeError, ValueError, IndexError)):
        REFUSED[habit](a)


FOUND = {
    "a scalar of numpy times a": lambda x: np.float64(2.0) * x,
    "exp": np.exp,
    "expit": expit,
    "sum": np.sum,
    "norm": np.linalg.norm,
    "solve": lambda x: np.linalg.solve(x, x[0]),
    "eigvalsh": np.linalg.eigvalsh,
    "where": lambda x: np.where(x > 1.0, x, 0.0),
    "concatenate": lambda x: np.concatenate([x, x]),
    "argsort": np.argsort,
    "quantile": lambda x: np.quantile(x, 0.3),
    "einsum": lambda x: np.einsum("ij,ij", x, x),
    "logaddexp": lambda x: np.logaddexp(0.0, x),
    "delete": lambda x: np.delete(x, 0, axis=0),
    "outer": lambda x: np.outer(x[0], x[1]),
    "an index array of numpy": lambda x: x[np.array([1, 0])],
    "a mask of numpy": lambda x: x[A[:, 0] > 1.0],
}


@pytest.mark.parametrize("name", FOUND)
def test_functions_of_numpy_find_the_way(name, a, cupy):
    found = FOUND[name](a)
    assert isinstance(found, cupy.ndarray)
    np.testing.assert_allclose(found.get(), FOUND[name](A), rtol=1e-14)


def test_single_numbers_are_read(a):
    one = a[0, 0]
    assert one.ndim == 0
    assert (float(one), int(one), bool(one), f"{one:.1f}") == (2.0, 2, True, "2.0")
    assert a.tolist() == A.tolist()
    assert [float(row[0]) for row in a] == [2.0, 1.0]


def test_a_factor_that_does_not_exist_is_finite_unless_an_error_is_asked_for(cupy):
    import cupyx

    indefinite = cupy.asarray([[1.0, 2.0], [2.0, 1.0]])
    assert np.all(np.isfinite(cupy.linalg.cholesky(indefinite).get()))
    with cupyx.errstate(linalg="raise"), pytest.raises(np.linalg.LinAlgError):
        cupy.linalg.cholesky(indefinite)


def test_what_numpy_alone_knows_is_lacking(a, cupy):
    for name in ("block", "insert", "errstate", "vecdot", "geomspace"):
        assert not hasattr(cupy, name)
    with pytest.raises(TypeError):
        cupy.sum(a, where=a > 1.0)
    with pytest.raises((TypeError, AttributeError)):
        cupy.sum([1.0, 2.0])


def test_copies_are_apart(a):
    for other in (a.copy(), copy.copy(a), copy.deepcopy(a), pickle.loads(pickle.dumps(a))):
        other[0, 0] = 7.0
        assert float(a[0, 0]) == 2.0


def twice_the_root(cupy):
    return cupy.fuse(kernel_name="twice_the_root")(lambda a, t: t * cupy.sqrt(cupy.abs(a)))


def test_a_fused_function_is_the_function(a, cupy):
    np.testing.assert_allclose(twice_the_root(cupy)(a, 2.0).get(), 2.0 * np.sqrt(A))


def test_a_fused_function_looks_at_no_value(a, cupy):
    with pytest.raises(Exception):  # noqa: B017  (CuPy has no name for it)
        cupy.fuse(kernel_name="f")(lambda a: a if a > 0.0 else -a)(a)
