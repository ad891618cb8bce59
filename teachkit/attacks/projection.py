"""Steps along signs that stay in a box, and on the levels that pixels have."""

from __future__ import annotations

import math

from teachkit.arrays import Array, array_namespace, quiet


@quiet()
def projected_step(
    start: Array,
    x: Array,
    direction: Array,
    step: float,
    budget: float,
    *,
    low: float = 0.0,
    high: float = 1.0,
    grid: int | None = None,
) -> Array:
    """One step of projected sign ascent, of the shape of x::

        x  <-  P( x + step sign(direction) ),      P onto abs(x - start) <= budget, low <= x <= high

    Parameters
    ----------
    start, x, direction : arrays of one shape
        The image before the attack, as it is now, and what should grow along.
    step, budget : float
        In units of the pixels.
    low, high : float
        What a pixel may be.
    grid : int, optional
        Pixels have grid + 1 values from low to high, 255 for 8 bits: P rounds to the nearest.

    Notes
    -----
    Source: Koh & Liang (2017), section 5.2.
    Lesson: 13_training_set_attacks
    """
    xp = array_namespace(start, x, direction)
    x = x + step * xp.sign(direction)
    x = xp.minimum(xp.maximum(x, start - budget), start + budget)
    x = xp.clip(x, low, high)
    if grid is None:
        return x
    return low + (high - low) * (xp.round((x - low) / (high - low) * grid) / grid)


def levels(budget: float, span: float, grid: int) -> int:
    """How many levels of the grid are in the budget."""
    levels = math.floor(budget * grid / span * (1 + 1e-9))
    if levels < 1:
        raise ValueError(
            f"budget is {budget:.3g}, and a level of the grid is {span / grid:.3g}: no other image "
            f"with {grid + 1} levels is so near. A change that rounding to these levels takes back "
            "is asked for with grid=None; any other needs a larger budget."
        )
    return levels
