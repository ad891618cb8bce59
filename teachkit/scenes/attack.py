"""The attack explorer's state: training images are changed, step by step, to flip a test image.

Each step is one of `attacks.attack_steps`: pixels move along the signs, and the model is trained
again. What was computed once for a test image, a budget and a number of images is kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import quiet
from teachkit.attacks import AttackStep, attack_steps, choose_images, random_control
from teachkit.datasets import add_ones, mnist
from teachkit.losses import Logistic
from teachkit.retraining import retrain
from teachkit.risks import LinearRisk
from teachkit.scenes.images import Images, arrays_of, two_names
from teachkit.scenes.words import number

Array = np.ndarray
LEVELS = 255
BUDGETS = tuple((f"{b:g}/255", float(b)) for b in (0.5, 1, 2, 4, 8, 16, 32))
COUNTS = (1, 2, 5, 10)
STEPS = 10
TESTS = 20  # offered: the right ones next to the border


@dataclass(frozen=True, eq=False)
class Victim:
    """The model before any attack, and what attacks on it have led to so far."""

    images: Images
    risk: Any
    theta: Array
    kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    @cached_property
    @quiet()
    def margins(self) -> Array:
        """y x' theta of each test image, (m,)."""
        return self.images.y_test * (self.images.X_test @ self.theta)

    @property
    def near(self) -> list[int]:
        """The test images that are right, those next to the border first."""
        order = np.argsort(self.margins, kind="stable")
        return [int(i) for i in order if self.margins[i] > 0.0][:TESTS]

    def chosen(self, test: int, count: int) -> tuple[int, ...]:
        """The training images that can do most to this test image."""
        if (key := ("chosen", test)) not in self.kept:
            asked = self.images.X_test[test], self.images.y_test[test]
            self.kept[key] = choose_images(self.risk, self.theta, *asked, max(COUNTS))
        return self.kept[key][:count]

    def steps(self, test: int, count: int, budget: float, k: int) -> tuple[AttackStep, ...]:
        """The first k steps of the attack, and the start before them."""
        key = (test, count, budget)
        if key not in self.kept:
            levels = budget / STEPS if budget < 1 else math.ceil(budget / STEPS)
            within = {**self._within(budget), "step": levels / LEVELS}
            walk = attack_steps(*self._asked(test, count), **within)
            self.kept[key] = (walk, [next(walk)])
        walk, done = self.kept[key]
        try:
            while len(done) <= k:
                done.append(next(walk))
        except BaseException:  # an interrupted walk goes no further: the next begins anew
            del self.kept[key]
            raise
        return tuple(done[: k + 1])

    def control(self, test: int, count: int, budget: float) -> float:
        """The margin after random signs on the same images, by the whole budget."""
        if (key := ("random", test, count, budget)) not in self.kept:
            found = random_control(*self._asked(test, count), **self._within(budget))
            self.kept[key] = float(found.margins[-1, 0])
        return self.kept[key]

    def _asked(self, test: int, count: int) -> tuple[Any, ...]:
        images = self.images
        of = images.X_test[test], images.y_test[test]
        return (self.risk, self.theta, self.chosen(test, count), *of)

    def _within(self, budget: float) -> dict[str, Any]:
        """Below one level there is no other 8-bit image: pixels are any numbers then."""
        return {"budget": budget / LEVELS, "grid": None if budget < 1 else LEVELS}


@dataclass(frozen=True, eq=False)
class AttackState:
    """A test image, who is attacked for it and how strongly, and how many steps are shown."""

    victim: Victim
    test: int
    budget: float = 8.0  # in levels of 255
    count: int = 2
    k: int = 0
    last: int = STEPS

    @property
    def chosen(self) -> tuple[int, ...]:
        """The training images that are changed, the strongest first."""
        return self.victim.chosen(self.test, self.count)

    @property
    def steps(self) -> tuple[AttackStep, ...]:
        """The steps shown, the start first."""
        return self.victim.steps(self.test, self.count, self.budget, self.k)

    @property
    def margins(self) -> Array:
        """y x' theta of the test image after each step shown, trained again, (k + 1,)."""
        return np.array([float(step.margins[0]) for step in self.steps])

    @property
    def random(self) -> float:
        """The same after random signs."""
        return self.victim.control(self.test, self.count, self.budget)

    @property
    def flipped(self) -> bool:
        """Whether the test image is wrong now."""
        return bool(self.margins[-1] <= 0.0)


def step_to(state: AttackState, k: int) -> AttackState:
    """k steps shown, from 0 to the last."""
    return replace(state, k=max(0, min(k, state.last)))


def offered(state: AttackState) -> list[tuple[str, int]]:
    """The right test images next to the border: what each is called, and its number."""
    victim = state.victim
    name, labels = victim.images.name_of, victim.images.y_test
    return [(f"{i}: {name(labels[i])}, margin {number(victim.margins[i], 2)}", i)
            for i in victim.near]  # fmt: skip


@quiet()
def begin(
    split: Any = None,
    *,
    l2: float = 1e-3,
    names: tuple[str, str] | None = None,
    budget: float = 8,
    count: int = 2,
) -> AttackState:
    """No step yet, and the right test image next to the border.

    Without a split: MNIST's 4 (+1) and 9, every 2 x 2 pixels as one, 300 to train on, so that each
    training takes an instant.

    Raises ValueError where the images are no squares of 8-bit pixels from 0 to 1 with a last column
    of ones, no test image is right, or the controls have no such value.
    """
    if split is None:
        arrays, names = small(), names or ("nine", "four")
    else:
        arrays = arrays_of(split)
    if budget not in [value for _, value in BUDGETS]:
        known = ", ".join(f"{value:g}" for _, value in BUDGETS)
        raise ValueError(f"budget is {budget}; the explorer has {known} levels of 255.")
    if count not in COUNTS:
        raise ValueError(f"count is {count}; the explorer has {', '.join(map(str, COUNTS))}.")
    l2 = require.real(l2, "l2", "(0, inf)", "It is the penalty.")
    images = Images(**arrays, names=two_names(names))
    X = images.X
    levels = X[:, :-1] * LEVELS
    if X.min() < 0 or X.max() > 1 or np.abs(levels - np.round(levels)).max() > 1e-6:
        raise ValueError(
            "The pixels are not 8-bit numbers k/255 from 0 to 1, which the budgets are counted in. "
            "teachkit.datasets.mnist(4, 9) has such images."
        )
    risk = LinearRisk(X, images.y, Logistic(), l2=l2)
    victim = Victim(images, risk, retrain(risk, np.zeros(risk.p)))
    if not victim.near:
        raise ValueError("The model is right about none of the test images: none can be flipped.")
    return AttackState(victim, victim.near[0], float(budget), count)


def small(n: int = 300) -> dict[str, Array]:
    """MNIST's 4 (+1) and 9 with 14 x 14 pixels, 8-bit again, n of them to train on."""
    found = arrays_of(mnist(positive=4, negative=9, test_size=0.3))
    for name in ("X", "X_test"):
        blocks = found[name][:, :-1].reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4))
        found[name] = add_ones(np.round(LEVELS * blocks.reshape(len(blocks), -1)) / LEVELS)
    return {**found, "X": found["X"][:n], "y": found["y"][:n]}
