"""What the checks of 5.4, 5.5 and 5.6 count and measure of an answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from teachkit.derivatives import count_products

from ._cases import hessian_times, large


def with_X(products: int) -> str:
    return f"{products} product{'' if products == 1 else 's'} with X or X'"


def products_of(function: Any, k: int | None) -> int:
    X, *rest = large(k)
    return count_products(lambda X: function(X, *rest), X).products


def too_large(function: Any, k: int | None) -> list[str]:
    """What is larger on the way than it may be: H where n < p, and diag(c) where n > p."""
    said = []
    if (size := _largest(function, k, 30)) >= 40 * 40:
        said.append(
            f"Counted for p = 40: something with {size} numbers is formed on the way, where H has "
            "1600."
        )
    if (size := _largest(function, k, 60)) >= 60 * 60:
        said.append(
            f"Counted for n = 60: something with {size} numbers is formed on the way. diag(c) has "
            "n^2 numbers; multiply entry by entry."
        )
    return said


def _largest(function: Any, k: int | None, n: int) -> int:
    X, *rest = large(k, n)
    return count_products(lambda X: function(X, *rest), X, follow=True).largest


def inexact(found: Any, k: int | None = None) -> str:
    """A sentence about an answer for `large(k)` that is near H v and not exact, or ""."""
    exact, found = hessian_times(*large(k)), np.asarray(found)
    if found.shape != exact.shape:
        return ""
    off = np.linalg.norm(found - exact) / np.linalg.norm(exact)
    if not 1e-13 < off < 1e-3:
        return ""
    return " Close to H v, but not to rounding: is this a difference of gradients?"
