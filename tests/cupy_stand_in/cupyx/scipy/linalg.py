"""The one function of it that is needed."""

import scipy.linalg as _linalg

from cupy._core import _on_device, ndarray

_solve = _on_device(_linalg.solve_triangular, "solve_triangular")


def solve_triangular(
    a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=False
):
    if not (isinstance(a, ndarray) and isinstance(b, ndarray)):
        raise TypeError("cupy.ndarray expected")
    return _solve(a, b, trans, lower, unit_diagonal, check_finite=check_finite)
