"""NumPy's, on the device. Where a factorisation fails, numbers come back all the same.

That is so unless ``cupyx.errstate(linalg="raise")`` asks for an error.
"""

import numpy as _np
from numpy.linalg import LinAlgError

import cupyx as _cupyx
from cupy._core import _crossed, _on_device

__all__ = """matrix_power cholesky qr svd eigh eig eigvalsh eigvals norm cond det matrix_rank
    slogdet solve tensorsolve inv pinv tensorinv lstsq cross LinAlgError matmul
    matrix_transpose""".split()

for _name in __all__:
    if _name != "LinAlgError":
        globals()[_name] = _on_device(getattr(_np.linalg, _name), _name)


def _looked_at(function, garbage):
    def asked(*arguments, **options):
        if raising := _cupyx.geterr()["linalg"] == "raise":
            _crossed("read")
        try:
            return function(*arguments, **options)
        except LinAlgError:
            if raising:
                raise
            return garbage(*arguments)

    return asked


cholesky = _looked_at(globals()["cholesky"], lambda A: _on_device(_np.tril, "tril")(A))
solve = _looked_at(globals()["solve"], lambda A, b: _np.nan * b)  # divided by a pivot of 0
inv = _looked_at(globals()["inv"], lambda A: _np.nan * A)
