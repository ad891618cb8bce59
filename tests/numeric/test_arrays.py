"""The one door to the array libraries."""

from __future__ import annotations

import subprocess
import sys
import types

import array_api_strict
import numpy as np
import pytest
import scipy.linalg
import scipy.sparse

from teachkit import arrays


@pytest.fixture
def spd():
    M = np.random.default_rng(0).standard_normal((6, 6))
    return M @ M.T + np.eye(6)


def test_lists_and_numbers_have_no_say_in_the_namespace(xp_device):
    x = xp_device.array([1.0])
    assert arrays.array_namespace([1.0], np.float64(2.0), x, 3) is xp_device.xp
    assert arrays.array_namespace([1.0], 2.0) is np


def test_libraries_are_not_mixed():
    with pytest.raises(TypeError, match="different libraries"):
        arrays.array_namespace(np.ones(2), array_api_strict.ones(2))


def test_scalar_reads_one_number_and_nothing_else(xp_device):
    assert arrays.scalar(xp_device.array(2.5)) == 2.5
    assert arrays.scalar(3) == 3.0
    with pytest.raises(ValueError, match=r"shape \(1,\)"):
        arrays.scalar(xp_device.array([2.5]))
    with pytest.raises(TypeError, match="None came.*return"):
        arrays.scalar(None)
    for value in ("high", 1j, [2.5]):
        with pytest.raises(TypeError, match="A single number was expected here and .* came"):
            arrays.scalar(value)


def test_to_numpy_from_anywhere(xp_device):
    out = arrays.to_numpy(xp_device.array([[1.0, 2.0]]))
    assert type(out) is np.ndarray and out.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_as_float_keeps_floats(xp_device, dtype):
    assert xp_device.holds(arrays.as_float(xp_device.array([1, 2], dtype), "x"), dtype)


@pytest.mark.parametrize("dtype", ["int32", "uint8", "bool"])
def test_as_float_converts_whole_numbers_to_the_default_float(xp_device, dtype):
    assert xp_device.holds(arrays.as_float(xp_device.array([1, 0], dtype), "x"), "float64")


@pytest.mark.parametrize("values", [[1, 2], (1.0, 2.0), 3, True, np.float32(1.5), range(3)])
def test_as_float_follows_like(xp_device, values):
    like = xp_device.array([0.0], "float32")
    out = arrays.as_float(values, "x", like=like)
    assert xp_device.holds(out, "float32")
    assert arrays.to_numpy(out).tolist() == np.asarray(values, dtype="float32").tolist()


def test_as_float_does_not_move_arrays():
    like = array_api_strict.ones(2, device=array_api_strict.Device("device1"))
    for x in (np.ones(2), array_api_strict.ones(2)):
        with pytest.raises(TypeError, match=r"y is an array of .* on device"):
            arrays.as_float(x, "y", like=like)


@pytest.mark.parametrize(
    ("values", "error", "says"),
    [
        ([1.0, np.nan, np.inf], ValueError, r"y holds nan at index 1 and 1 more"),
        ([[1.0, 2.0], [3.0, -np.inf]], ValueError, r"y holds -inf at index \(1, 1\)\."),
        (np.inf, ValueError, "y holds inf"),
        ([1.0, None], TypeError, "dtype object"),
        (np.array([1, 2], dtype=object), TypeError, "dtype object"),
        (["a", "b"], TypeError, "Convert each entry"),
        (np.array(["a", "b"], dtype=object), TypeError, r"np.where\(y == 'a', 1, -1\)"),
        ([[1.0], [1.0, 2.0]], ValueError, "different lengths"),
        ([1.0 + 2.0j], TypeError, "complex"),
        (np.ones(2, dtype="float16"), TypeError, "float32 or float64"),
        (scipy.sparse.eye(2), TypeError, r"y\.toarray\(\)"),
        (np.ma.masked_array([1.0, 2.0], [0, 1]), ValueError, "1 masked"),
    ],
)
def test_as_float_says_what_is_wrong(values, error, says):
    with pytest.raises(error, match=says):
        arrays.as_float(values, "y")


def test_as_float_finds_what_is_wrong_on_every_device(xp_device):
    with pytest.raises(ValueError, match="holds nan at index 1"):
        arrays.as_float(xp_device.array([1.0, np.nan]), "y")


def test_cholesky_and_its_solves_agree_with_scipy(xp_device, spd):
    b = np.random.default_rng(1).standard_normal((6, 3))
    L = arrays.cholesky(xp_device.array(spd))
    np.testing.assert_allclose(arrays.to_numpy(L), np.linalg.cholesky(spd), atol=1e-13)
    for rhs in (b, b[:, 0]):
        there = xp_device.array(rhs)
        for mine, reference in [
            (arrays.cho_solve(L, there), scipy.linalg.solve(spd, rhs)),
            (
                arrays.solve_triangular(L, there),
                scipy.linalg.solve_triangular(np.linalg.cholesky(spd), rhs, lower=True),
            ),
            (
                arrays.solve_triangular(L, there, transpose=True),
                scipy.linalg.solve_triangular(np.linalg.cholesky(spd).T, rhs),
            ),
        ]:
            assert xp_device.holds(mine, "float64")
            np.testing.assert_allclose(arrays.to_numpy(mine), reference, atol=1e-12)


def test_float32_is_kept(xp_device, spd):
    L = arrays.cholesky(xp_device.array(spd, "float32"))
    x = arrays.cho_solve(L, xp_device.array(np.ones(6), "float32"))
    assert xp_device.holds(L, "float32") and xp_device.holds(x, "float32")


@pytest.mark.parametrize("A", [[[1.0, 2.0], [2.0, 1.0]], [[0.0, 0.0], [0.0, 0.0]]])
def test_cholesky_that_fails_raises_everywhere(xp_device, A):
    with pytest.raises(arrays.NotPositiveDefiniteError, match="not positive definite"):
        arrays.cholesky(xp_device.array(A))


def test_cholesky_of_nan_raises_everywhere(xp_device):
    with pytest.raises(arrays.NotPositiveDefiniteError):
        arrays.cholesky(xp_device.array([[np.nan, 0.0], [0.0, 1.0]]))


@pytest.mark.parametrize("shape", [(1, 1), (7, 3), (1000, 500), (3, 200_000), (0, 3), (3, 0)])
@pytest.mark.parametrize("vectors", [1, 8])
def test_row_blocks_cover_all_rows_once(shape, vectors):
    X = np.zeros(shape)
    rows = [i for block in arrays.row_blocks(X, vectors) for i in range(shape[0])[block]]
    assert rows == list(range(shape[0]))


def test_row_blocks_stay_in_cache():
    X = np.zeros((1000, 500), dtype="float32")
    sizes = [X[block, :].nbytes for block in arrays.row_blocks(X)]
    assert len(sizes) == 2 and max(sizes) <= 2**20
    assert max(X[block, :].shape[0] for block in arrays.row_blocks(X, 8)) == 100


def test_backend_is_numpy_unless_told(monkeypatch):
    monkeypatch.delenv("TEACHKIT_BACKEND", raising=False)
    assert arrays.backend() is np
    monkeypatch.setenv("TEACHKIT_BACKEND", "NumPy ")
    assert arrays.backend() is np


def test_unknown_backend_is_named(monkeypatch):
    monkeypatch.setenv("TEACHKIT_BACKEND", "torch")
    with pytest.raises(ValueError, match=r"'torch'.*'numpy'.*'cupy'"):
        arrays.backend()


def test_backend_without_cupy_says_what_to_install(monkeypatch):
    monkeypatch.setenv("TEACHKIT_BACKEND", "cupy")
    monkeypatch.setitem(sys.modules, "cupy", None)
    with pytest.raises(ImportError, match="cuda12"):
        arrays.backend()


def test_backend_without_a_gpu_says_so(monkeypatch):
    monkeypatch.setenv("TEACHKIT_BACKEND", "cupy")
    no_gpu = types.SimpleNamespace(cuda=types.SimpleNamespace(is_available=lambda: False))
    monkeypatch.setitem(sys.modules, "cupy", no_gpu)
    with pytest.raises(RuntimeError, match="finds no GPU"):
        arrays.backend()


def test_arrays_load_no_heavy_package():
    code = (
        "import sys, teachkit.arrays, teachkit.losses, teachkit.risks, teachkit.linear;"
        "heavy = {'scipy', 'cupy', 'sklearn', 'autograd', 'matplotlib', 'tqdm', 'IPython'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
