"""Removal as the mathematics has it: weight w_i -> 0, while n stays what it is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from teachkit.arrays import Array, array_namespace, device, scalar, to_numpy
from teachkit.risks.watched import Watched


def without(risk: Any, indices: Collection[int]) -> Any:
    """The risk with weight 0 on these examples; refuses to leave no example at all."""
    xp, w = array_namespace(risk.weights), risk.weights
    return Watched(risk).reweighted(xp.where(removed(risk, indices), 0.0 * w, w))


def removed(risk: Any, indices: Collection[int]) -> Array:
    """The mask of these examples, (n,), on the risk's device.

    Raises ValueError if no example of positive weight stays.
    """
    out = np.zeros(risk.n, dtype=bool)
    out[list(indices)] = True
    stays = (to_numpy(risk.weights) > 0.0) & ~out
    if not stays.any():
        raise ValueError(
            f"Removing {len(indices)} of {risk.n} examples leaves none of positive weight, and "
            "there is nothing to learn from no example. Leave at least one in."
        )
    xp = array_namespace(risk.weights)
    return xp.asarray(out, device=device(risk.weights))


def refuse_the_last(risk: Any, indices: Collection[int]) -> None:
    """Raise ValueError if one of these examples is the only one of positive weight."""
    xp = array_namespace(risk.weights)
    if scalar(xp.sum(xp.astype(risk.weights > 0.0, risk.weights.dtype))) == 1.0:
        only = int(scalar(xp.argmax(risk.weights)))
        removed(risk, [only] if only in indices else [])
