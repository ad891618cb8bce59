"""Symmetric positive definite systems by Cholesky: factor once, solve as often as needed."""

from __future__ import annotations

import math

from teachkit import arrays, require
from teachkit.arrays import (
    Array,
    NotPositiveDefiniteError,
    array_namespace,
    device,
    quiet,
    scalar,
)
from teachkit.linear._checks import check_symmetric


class CholeskyFactor:
    """The factor L of A + damping I = L L', for a symmetric A (p, p).

    Factoring costs p^3 / 3 multiplications, each solve p^2 per column.

    Parameters
    ----------
    A : array (p, p)
        Symmetric; the Hessian of a risk, say.
    damping : float
        >= 0, added to the diagonal.
    name : str
        What errors call A.

    Attributes
    ----------
    L : array (p, p)
        Lower triangular.

    Raises
    ------
    NotPositiveDefiniteError
        (A ValueError.) The smallest eigenvalue of A + damping I is at most p eps times the
        largest. The message names that eigenvalue, and a damping that is enough.
    ValueError
        A is not square or not symmetric, holds NaN or infinity; the damping is negative.

    Notes
    -----
    Source: Golub & Van Loan (2013), Matrix Computations, section 4.2.
    Lesson: 09_inverse_hvp
    """

    @quiet()
    def __init__(self, A: Array, *, damping: float = 0.0, name: str = "A") -> None:
        A, damping = check_symmetric(A, name), require.damping(damping)
        xp, p = array_namespace(A), A.shape[0]
        damped = A + damping * xp.eye(p, dtype=A.dtype, device=device(A)) if damping else A
        try:
            self.L = arrays.cholesky(damped)
        except NotPositiveDefiniteError:
            raise NotPositiveDefiniteError(_explain(A, damping, name)) from None
        # Rounding lets one exactly singular matrix in a few hundred pass, so having a factor is
        # not enough. lambda_min = 1 / ||L^-1||_2^2 >= 1 / ||L^-1||_F^2 settles it for all but the
        # nearly singular, at a tenth of the price of the eigenvalues.
        inverse = arrays.solve_triangular(self.L, xp.eye(p, dtype=A.dtype, device=device(A)))
        unit = scalar(xp.max(xp.abs(inverse)))  # its square may overflow
        norm = unit * scalar(xp.linalg.vector_norm(inverse / unit))
        at_least = 1.0 / norm / norm
        at_most = scalar(xp.linalg.trace(damped))
        if not at_least > p * _eps(A) * at_most:
            smallest, largest = _extreme_eigenvalues(damped)
            if smallest <= p * _eps(A) * largest:
                raise NotPositiveDefiniteError(_explain(A, damping, name))

    @quiet()
    def solve(self, b: Array) -> Array:
        """(A + damping I)^-1 b, for b (p,) or (p, k)."""
        return arrays.cho_solve(self.L, b)


def _extreme_eigenvalues(A: Array) -> tuple[float, float]:
    eigenvalues = array_namespace(A).linalg.eigvalsh(A)
    return scalar(eigenvalues[0]), scalar(eigenvalues[-1])


def _explain(A: Array, damping: float, name: str) -> str:
    """The error's sentences: A's smallest eigenvalue, the likely cause, and a damping to try."""
    smallest, largest = _extreme_eigenvalues(A)
    size = max(abs(smallest), abs(largest))
    if size * _eps(A) < float(array_namespace(A).finfo(A.dtype).smallest_normal):
        size = 1.0  # A is 0, or its digits are lost
    enough = 2.0 * max(-smallest, 0.0) + max(1e-6, 10.0 * A.shape[0] * _eps(A)) * size
    what = f"{name} + {damping:g} I" if damping else name
    flat = smallest > -1e-10 * size - A.shape[0] * _eps(A) * size
    cause = (
        "A flat direction is the usual cause: repeated or constant columns, columns in very "
        "different units, or fewer examples than parameters, without a penalty; l2 > 0 on columns "
        "of like size removes it."
        if flat
        else "A point that is no minimum is the usual cause: finish the fit first."
    )
    return (
        f"{what} is not positive definite: the smallest eigenvalue of {name} is {smallest:.3g} "
        f"(the largest {largest:.3g}). {cause} Or try damping={_round_up(enough)}."
    )


def _round_up(x: float) -> str:
    """x to two digits, never below x."""
    unit = 10.0 ** (math.floor(math.log10(x)) - 1)
    return f"{float(f'{math.ceil(x / unit) * unit:.2g}'):g}"


def _eps(A: Array) -> float:
    return float(array_namespace(A).finfo(A.dtype).eps)
