"""Training-set attacks, so that data owners know what to check: small changes of training images.

The labels stay, each pixel moves by no more than a budget, and the model is trained again by those
who trust the data. What random signs of the same size do stands beside it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

import numpy as np

from teachkit import require
from teachkit._drive import bar
from teachkit.arrays import Array, array_namespace, device
from teachkit.attacks.plan import Plan
from teachkit.attacks.projection import projected_step
from teachkit.attacks.reach import choose_images, rates, vulnerability
from teachkit.attacks.records import Attack, AttackStep
from teachkit.influence import Influence

__all__ = [
    "Attack",
    "AttackStep",
    "attack",
    "attack_steps",
    "choose_images",
    "projected_step",
    "random_control",
    "vulnerability",
]


def attack(
    risk: Any,
    theta: Array,
    images: int | Iterable[int],
    x_test: Array,
    y_test: Any,
    *,
    budget: float = 8 / 255,
    step: float | None = None,
    steps: int = 10,
    refresh: bool = True,
    low: float = 0.0,
    high: float = 1.0,
    grid: int | None = 255,
    progress: bool = False,
) -> Attack:
    """Move the pixels of some training images so that the loss of test points grows.

    In each step every pixel of image i follows the sign of what its move does to the mean loss of
    the test points, and then the model is trained again, from where it was::

        x_i  <-  P( x_i + step sign( I_pert,loss(z_i, z_test) ) ),      theta <- argmin R

    with I_pert,loss of the image as it is now and of the model as it is now, and P the projection
    of `projected_step`. Labels and weights stay, and so does a last column of X that is constant
    and not 0 (the column of ones).

    Parameters
    ----------
    risk : LinearRisk
        Of a margin loss, labels -1 and +1. A row of X is an image.
    theta : array (p,)
        Its minimum.
    images : int or iterable of distinct ints
        Which training images may be changed; `choose_images` finds those that can do most.
    x_test, y_test : arrays
        One test point, (d,) and a number, or several, (m, d) and (m,).
    budget : float
        How far a pixel may move from where it was, > 0. With a grid, the whole levels in it.
    step : float, optional
        By how much it moves at a time; a quarter of the budget, up to whole levels of the grid.
    steps : int
    refresh : bool
        False freezes the signs at those of the images and the model before the attack.
    low, high : float
        What a pixel may be.
    grid : int or None
        Images have grid + 1 levels from low to high, and keep to them; None for any number.
    progress : bool
        Show a bar (tqdm). Interrupted, with a bar or without, the steps that are done come back.

    Raises
    ------
    ValueError
        The budget is less than a level of the grid; pixels are not between low and high or not on
        the grid; labels are not -1 and +1; the model cannot be trained again.
    TypeError, IndexError
        The risk is no LinearRisk; an index is no whole number, or out of range.

    Notes
    -----
    Source: Koh & Liang (2017), section 5.2.
    Lesson: 13_training_set_attacks
    """
    total = require.whole(steps, "steps", why="It counts steps; with 0 the start is judged.")
    plan = Plan.of(risk, theta, images, x_test, y_test, budget, low, high, grid)
    walk = _walk(plan, plan.step(step), refresh)
    done = [next(walk)]
    message = f"All {total} steps were taken."
    try:
        with bar(total, progress, desc="attack", unit="step") as advance:
            for _ in range(total):
                done.append(next(walk))
                advance(1)
    except KeyboardInterrupt:
        message = f"Interrupted after {len(done) - 1} of {total} steps, which are kept."
    finally:
        walk.close()
    return Attack(plan.images, tuple(done), message)


def attack_steps(
    risk: Any,
    theta: Array,
    images: int | Iterable[int],
    x_test: Array,
    y_test: Any,
    *,
    budget: float = 8 / 255,
    step: float | None = None,
    refresh: bool = True,
    low: float = 0.0,
    high: float = 1.0,
    grid: int | None = 255,
) -> Generator[AttackStep, None, None]:
    """The steps of `attack`, the start first, one after the other for as long as one asks.

    Parameters and errors are those of `attack`.

    Lesson: 13_training_set_attacks
    """
    plan = Plan.of(risk, theta, images, x_test, y_test, budget, low, high, grid)
    return _walk(plan, plan.step(step), refresh)


def random_control(
    risk: Any,
    theta: Array,
    images: int | Iterable[int],
    x_test: Array,
    y_test: Any,
    *,
    budget: float = 8 / 255,
    seed: int = 0,
    low: float = 0.0,
    high: float = 1.0,
    grid: int | None = 255,
) -> Attack:
    """The control of an attack: every pixel moves by the whole budget, with random signs.

    The same images as the attack, one draw of signs, one training; parameters and errors are those
    of `attack`. The signs come from ``default_rng(seed)``.

    Lesson: 13_training_set_attacks
    """
    plan = Plan.of(risk, theta, images, x_test, y_test, budget, low, high, grid)
    rng = np.random.default_rng(require.whole(seed, "seed"))
    xp, X = array_namespace(plan.start), plan.start
    signs = 2 * rng.integers(0, 2, size=tuple(X.shape)) - 1
    free = xp.asarray(signs, dtype=X.dtype, device=device(X)) * plan.free
    first = plan.judged(0, X, plan.theta)
    after = plan.trained(1, plan.project(X, free, plan.budget), plan.theta)
    return Attack(plan.images, (first, after), "One draw of random signs.")


def _walk(plan: Plan, step: float, refresh: bool) -> Generator[AttackStep, None, None]:
    now = plan.judged(0, plan.start, plan.theta)
    yield now
    frozen = None
    while True:
        if frozen is None or refresh:
            influence = Influence(plan.changed(now.X), now.theta)
            frozen = rates(influence, plan.X_test, plan.y_test, plan.images)
        X = plan.project(now.X, frozen, step)
        if bool(array_namespace(X).any(X != now.X)):
            now = plan.trained(now.k + 1, X, now.theta)
        else:  # nothing moves any more
            now = now._replace(k=now.k + 1)
        yield now
