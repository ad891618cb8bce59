"""Is a product the one with the Hessian? It is linear, symmetric, and a derivative."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from teachkit import arrays, require
from teachkit.arrays import Array, LinearMap
from teachkit.boundary import answer
from teachkit.derivatives._point import Function, as_point
from teachkit.derivatives.taylor import taylor_test


class HvpCheck(NamedTuple):
    """What `hvp_test` measured.

    Attributes
    ----------
    linear : float
        By how much H (u - 2 v) differs from H u - 2 H v, as a share of their lengths.
    symmetric : float
        By how much u' H v differs from v' H u, as a share of the lengths of the factors.
    slope : float
        How fast ``w' (grad(x + h v) - grad(x) - h H v)`` shrinks: like h^2 for a right product,
        like h for a wrong one. ``inf`` and ``nan`` as in `TaylorSlopes`.
    message : str
        The same in a sentence.
    verdict : "right", "wrong" or "cannot tell"
    """

    linear: float
    symmetric: float
    slope: float
    message: str
    verdict: str

    def __repr__(self) -> str:
        return f"HvpCheck({self.message})"


@arrays.quiet()
def hvp_test(product: Callable[..., Any], gradient: Function, x: Any) -> HvpCheck:
    """Check a Hessian-vector product: is it linear, symmetric, and the derivative of the gradient?

    For any w, ``H(x) w`` is the gradient of the number ``w' grad f(x)``; `taylor_test` tells
    whether it is. Vectors are drawn with a fixed seed.

    Parameters
    ----------
    product : callable
        v -> H v at this x, such as ``risk.linearize(x)``; or (x, v) -> H v, such as ``risk.hvp`` or
        ``derivatives.hvp(f)``.
    gradient : callable
        x (p,) to (p,); called some 300 times.
    x : array (p,)

    Returns
    -------
    HvpCheck

    Raises
    ------
    ValueError
        If a shape does not fit, or a product or a gradient at x is not finite.

    Notes
    -----
    A product by differences of the gradient passes, too, with the digits that it has.

    Source: Pearlmutter (1994), Fast exact multiplication by the Hessian: H v is the derivative of
    the gradient along v; slopes as in `taylor_test`.
    Lesson: 05_hessian_vector_products
    """
    x = as_point(x)
    H = _at(product, x)
    xp, rng = arrays.array_namespace(x), np.random.default_rng(1)
    u, v, w = (
        xp.asarray(rng.standard_normal(x.shape), dtype=x.dtype, device=arrays.device(x))
        for _ in range(3)
    )
    Hu, Hv = H(u), H(v)
    linear = _share(_norm(H(u - 2 * v) - (Hu - 2 * Hv)), _norm(Hu) + 2 * _norm(Hv))
    uHv, vHu = _dot(u, Hv), _dot(v, Hu)
    symmetric = _share(abs(uHv - vHu), _norm(u) * _norm(Hv) + _norm(v) * _norm(Hu))
    taylor = taylor_test(lambda x: _dot(w, _gradient(gradient, x)), lambda _: H(w), x)
    few = float(xp.finfo(x.dtype).eps) ** 0.4  # what a product by differences may lack: 5e-7

    verdict, start = "wrong", "The product is linear and symmetric"
    if not linear <= few:
        message = (
            f"The product is not linear in v: H (u - 2 v) and H u - 2 H v differ by {linear:.1g} "
            "of their lengths. Look for v in a place where it is squared or normed, and for a term "
            "without v."
        )
    elif not symmetric <= few:
        message = (
            f"The product is not symmetric: u'H v and v'H u differ by {symmetric:.1g} of the "
            "lengths of their factors. A Hessian is symmetric whatever the function: look for a "
            "transpose, and for a factor that stands on one side only."
        )
    elif taylor.verdict == "wrong":
        message = (
            f"{start}, but not the derivative of the gradient: the remainder shrinks like "
            f"h^{taylor.gradient:.2f}, not h^2. Look at factors such as 1/n and 1/2, at the "
            "penalty, and at the x that the curvature was computed for."
        )
    elif taylor.verdict == "cannot tell":
        verdict = taylor.verdict
        message = (
            f"{start}; whether it is the derivative of the gradient, rounding does not let tell: "
            "the gradient changes by no more than the noise in it. Compute it in float64, or at "
            "another x."
        )
    else:
        verdict = "right"
        how = "is nothing but rounding"
        if np.isfinite(taylor.gradient):
            how = f"shrinks like h^{taylor.gradient:.2f}"
        message = f"{start}, and the remainder of the gradient {how}: it is the Hessian's."
    return HvpCheck(linear, symmetric, taylor.gradient, message, verdict)


def _at(product: Callable[..., Any], x: Array) -> LinearMap:
    """v -> H v at x, checked, whichever of the two forms was given."""
    require.function(product, "product", "v -> H v or (x, v) -> H v")
    try:
        inspect.signature(product).bind(x, x)
        before: tuple[Any, ...] = (x,)
    except TypeError:
        before = ()

    def times(v: Array) -> Array:
        Hv = arrays.as_float(answer(product, "H v", *before, v), "H v", like=x)
        return require.shape(Hv, "H v", x.shape, "It has one entry per coordinate.", v=v)

    return times


def _gradient(gradient: Function, x: Array) -> Array:
    g = arrays.as_real(answer(gradient, "The gradient", x), "The gradient", x)
    return require.shape(g, "The gradient", x.shape, "It has one entry per coordinate.", x=x)


def _dot(u: Array, v: Array) -> float:
    return arrays.scalar(arrays.array_namespace(u).sum(u * v))


def _norm(v: Array) -> float:
    return arrays.scalar(arrays.array_namespace(v).linalg.vector_norm(v))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
