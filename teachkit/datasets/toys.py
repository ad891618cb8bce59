"""Small 2-D sets made here, with the points that lessons remove or drag.

X comes raw, without a column of ones (``add_ones`` appends it).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from teachkit import arrays, require


@arrays.quiet()
def blobs() -> tuple[Any, Any]:
    """Two clouds of 20 points, and one gross outlier with the wrong label.

    Class -1 lies around (-1.2, -.8), class +1 around (1.2, .8), standard deviation .8 in each
    coordinate. The last point, index 40, is (-3, -2) labelled +1: it sits deep in the other class.

    Returns
    -------
    X : array (41, 2)
    y : array (41,), labels -1.0 and +1.0

    Notes
    -----
    Lesson: 07_influence_upweighting
    """
    rng = np.random.default_rng(1)
    negative = 0.8 * rng.normal(size=(20, 2)) - (1.2, 0.8)
    positive = 0.8 * rng.normal(size=(20, 2)) + (1.2, 0.8)
    X = np.concatenate([negative, positive, [[-3.0, -2.0]]])
    y = np.concatenate([-np.ones(20), np.ones(20), [1.0]])
    return X, y


@arrays.quiet()
def line() -> tuple[Any, Any]:
    """Twenty points near a line, and one far to the right that pulls it: a leverage point.

    ``y = .8 x + .15 noise`` for 20 values of x from -1 to 1; the last point, index 20, is (4, 0).

    Returns
    -------
    x : array (21, 1)
    y : array (21,), real numbers

    Notes
    -----
    Lesson: 07_influence_upweighting
    """
    x = np.linspace(-1, 1, 20)
    y = 0.8 * x + 0.15 * np.random.default_rng(0).standard_normal(20)
    return np.append(x, 4.0)[:, None], np.append(y, 0.0)


@arrays.quiet()
def moons(n: int = 100, *, noise: float = 0.15, seed: int = 0) -> tuple[Any, Any]:
    """Two half circles that reach into each other: no straight line separates them.

    Class -1 is the upper half of the unit circle, class +1 the lower half of the unit circle
    around (1, .5); normal noise is added to both coordinates.

    Parameters
    ----------
    n : int
        Number of points, at least 2; class -1 gets the odd one.
    noise : float
        Standard deviation of the noise, >= 0.
    seed : int
        The same seed gives the same points.

    Returns
    -------
    X : array (n, 2)
    y : array (n,), labels -1.0 and +1.0

    Notes
    -----
    Lesson: 12_understanding_models
    """
    n = require.whole(n, "n", 2, why="moons has at least one point per class.")
    seed = require.whole(seed, "seed", why="The same seed gives the same moons.")
    noise = require.real(noise, "noise", "[0, inf)", "It is a standard deviation of the moons.")
    lower = n // 2
    upper = n - lower
    s, t = np.linspace(0, np.pi, upper), np.linspace(0, np.pi, lower)
    X = np.concatenate(
        [
            np.stack([np.cos(s), np.sin(s)], axis=1),
            np.stack([1 - np.cos(t), 0.5 - np.sin(t)], axis=1),
        ]
    )
    X += noise * np.random.default_rng(seed).normal(size=X.shape)
    y = np.concatenate([-np.ones(upper), np.ones(lower)])
    return X, y
