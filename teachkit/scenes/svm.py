"""Support vector machines, many at once: with the hinge exactly, and with the smooth hinge.

Each of the k machines has rows z_i = y_i (x_i, 1), (n, p), and minimises over theta, (p,),

    c sum_i loss(z_i' theta) + 1/2 sum_j l2_j theta_j^2,    c = 1/n of the whole training set,

so that a machine without one row has one row less, and c and l2 stay what they are.
"""

from __future__ import annotations

import numpy as np

from teachkit.losses import SmoothHinge

Array = np.ndarray
GAP = 1e-13  # between primal and dual value, of their size: then the hinge's theta is found
DECREMENT = 1e-22  # twice what Newton's method still expects to gain, of the value

TRY = (
    "A larger l2 helps; or, where a column is far from 0 beside its spread, to subtract its mean, "
    "and where columns are in very different units, to scale them."
)


def hinge(Z: Array, c: float, l2: Array) -> Array:
    """The hinge's theta of each machine, (k, p), by a primal-dual interior-point method.

    The dual's variables are 0 <= a_i <= c, with l2_j theta_j = sum_i a_i z_ij. The margin is split,
    z_i' theta - 1 = low_i - up_i with both >= 0, and the products low_i a_i and up_i (c - a_i) are
    driven to 0: their sum is how far theta's value is from the minimum. Newton's system for a is
    D + Z diag(1 / l2) Z'; by Woodbury's formula it becomes one of p rows, for theta.

    Source: Ferris & Munson (2002), Interior-point methods for massive support vector machines.
    """
    k, n, p = Z.shape
    theta, a, b = np.zeros((k, p)), np.full((k, n), c / 2), np.full((k, n), c / 2)
    low, up = np.ones((k, n)), np.full((k, n), 2.0)  # b = c - a, which rounding would lose
    for _ in range(100):
        m, off = _margins(Z, theta) - 1, _weighted(Z, a) - l2 * theta
        gap = (low * a + up * b).sum(axis=1, keepdims=True)
        going = gap + (off**2 / l2).sum(axis=1, keepdims=True) > GAP * (c * n)
        if not going.any():
            break
        aim = 0.1 * gap / (2 * n)
        D = low / a + up / b
        wanted = (aim / a - aim / b - m) / D
        M = np.swapaxes(Z, 1, 2) @ (Z / D[:, :, None]) + np.diag(l2)
        dtheta = _solved(M, _weighted(Z, wanted) + off)
        da = wanted - _margins(Z, dtheta) / D
        dlow, dup = (aim - low * da) / a - low, (aim + up * da) / b - up
        ends = [_way(x, dx) for x, dx in ((a, da), (b, -da), (low, dlow), (up, dup))]
        s = np.minimum(1.0, 0.99 * np.min(ends, axis=0))[:, None] * going
        theta, a, b = theta + s * dtheta, a + s * da, b - s * da
        low, up = low + s * dlow, up + s * dup
    return theta


def smooth(Z: Array, c: float, l2: Array, t: float, theta: Array) -> Array:
    """The smooth hinge's theta of each machine, (k, p), by Newton's method from theta, (k, p).

    A step is halved until it gains a tenth of what the gradient promises. Raises ValueError, a
    sentence, where that leads nowhere.
    """
    loss, one = SmoothHinge(t), np.ones(1)

    def value(theta: Array) -> Array:
        return c * loss.value(_margins(Z, theta), one).sum(axis=1) + 0.5 * (l2 * theta**2).sum(1)

    now = value(theta)
    for _ in range(200):
        m = _margins(Z, theta)
        gradient = c * _weighted(Z, loss.slope(m, one)) + l2 * theta
        bend = c * loss.curvature(m, one)
        step = _solved(np.swapaxes(Z, 1, 2) @ (Z * bend[:, :, None]) + np.diag(l2), gradient)
        gain = (gradient * step).sum(axis=1)
        s = (gain > DECREMENT * now).astype(float)
        if not s.any():
            return theta - step
        for _ in range(40):
            after = value(theta - s[:, None] * step)
            short = after > now - 0.1 * s * gain + 1e-15 * now
            if not short.any():
                break
            s = np.where(short, s / 2, s)
        theta, now = theta - s[:, None] * step, after
    raise ValueError(f"The smooth hinge's machine is not found at t = {t:g}. {TRY}")


def _margins(Z: Array, theta: Array) -> Array:
    """z_i' theta, (k, n)."""
    return (Z @ theta[:, :, None])[:, :, 0]


def _weighted(Z: Array, a: Array) -> Array:
    """sum_i a_i z_i, (k, p)."""
    return (a[:, None, :] @ Z)[:, 0, :]


def _solved(M: Array, v: Array) -> Array:
    try:
        return np.linalg.solve(M, v[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:
        raise ValueError(f"To rounding, these points determine no machine. {TRY}") from None


def _way(x: Array, dx: Array) -> Array:
    """How often dx may be added until an x > 0 is 0, the least of a row, (k,)."""
    return (x / np.maximum(-dx, 1e-300 + 1e-12 * x)).min(axis=1)
