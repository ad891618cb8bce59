"""One point's share of the gradient, w_i grad L(z_i, theta) / n: what removing the point changes.

Whatever is called small or finished is measured by it, since it has the units of the problem.
"""

from __future__ import annotations

import math
from typing import Any

from teachkit.arrays import Array, array_namespace, quiet, scalar, to_numpy
from teachkit.risks.gradient_matrix import gradient_norms

NOT_FITTED = 0.01
"""From this part of one point's share on, a gradient says that theta is not the minimum yet."""


def share_norms(risk: Any, theta: Array) -> Any:
    """w_i ||grad L(z_i, theta)||_2 / n, (n,), in main memory.

    Raises ValueError where one of them is not finite.
    """
    with quiet():
        norms = gradient_norms(risk, theta)
        found = to_numpy(risk.weights * norms) / risk.n
    finite = abs(found) < math.inf
    if not finite.all():
        i = int(finite.argmin())
        raise ValueError(
            f"The loss gradient of example {i} has the norm {found[i] * risk.n} at this theta: its "
            "entries are too large for floating-point numbers, or a formula of the risk breaks "
            "down there. Scale the columns of X, or start nearer to the minimum."
        )
    return found


def root_mean_square(values: Array) -> float:
    """sqrt(mean_i values_i^2), where squares would underflow too."""
    xp = array_namespace(values)
    unit = scalar(xp.max(xp.abs(values)))
    return unit * scalar(xp.mean((values / unit) ** 2)) ** 0.5 if unit > 0.0 else 0.0
