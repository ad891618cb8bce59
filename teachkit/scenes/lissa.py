"""The LiSSA explorer's state: scale, depth and samples, and what they find of H^-1 b."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from teachkit.arrays import quiet
from teachkit.scenes.lissa_problem import Problem, left, recorded, sample_runs

Array = np.ndarray
VIEWS = {"error": "error", "r": "r"}


@dataclass(frozen=True)
class LissaState:
    """Everything the learner can change."""

    problem: Problem
    scale: float
    depth: int = 1000
    batch: int = 1
    seed: int = 0
    view: str = "error"

    @property
    def full(self) -> bool:
        """Whether each step takes all examples, and nothing is left to chance."""
        return self.batch == self.problem.n

    @property
    def safe(self) -> float:
        """The smallest scale with which no sample lengthens a vector."""
        return self.problem.largest(self.batch)

    @property
    def half(self) -> float:
        """Half the largest eigenvalue of H: below, the full batch diverges, and every mean."""
        return self.problem.largest(self.problem.n) / 2

    def found(self, mu: Array) -> Array:
        """The filter 1 - (1 - mu / scale)^(depth + 1)."""
        return 1 - left(mu, self.scale, self.depth)

    @cached_property
    def bias(self) -> float:
        """|x - H^-1 b| / |H^-1 b| of the x that the full batch finds, and samples in the mean."""
        return float(self.biases(self.depth))

    @quiet()
    def biases(self, depths: Any) -> Array:
        """The same at other depths: one, or (k, 1) of them."""
        off = left(self.problem.eigenvalues, self.scale, depths) * self.problem.parts
        return np.linalg.norm(off, axis=-1) / np.linalg.norm(self.problem.parts)

    @quiet()
    def noiseless(self, depths: Any) -> Array:
        """What the full batch finds at these depths (k,): (k, p)."""
        steps = np.asarray(depths)[:, None]
        share = 1 - left(self.problem.eigenvalues, self.scale, steps)
        return self.problem.along(share * self.problem.parts)

    @cached_property
    def runs(self) -> Array:
        """The runs' answers at the recorded depths, (depths, runs, p); without chance, one run."""
        if self.full:
            return self.noiseless(recorded(self.depth))[:, None]
        return sample_runs(self.problem, self.scale, self.batch, self.seed, self.depth)

    @cached_property
    @quiet()
    def noise(self) -> Array:
        """|x - what the full batch finds| / |H^-1 b| of each run's answer, (runs,)."""
        off = np.linalg.norm(self.runs[-1] - self.noiseless([self.depth]), axis=-1)
        off = off / np.linalg.norm(self.problem.exact)
        return np.where(np.isfinite(off), off, np.inf)

    @cached_property
    def errors(self) -> Array:
        """Of each run's answer, (runs,)."""
        return self.problem.error(self.runs[-1])

    @cached_property
    def r(self) -> Array:
        """Of each run's influences with the exact ones, (runs,)."""
        return self.problem.r_with_exact(self.runs[-1])

    @cached_property
    @quiet()
    def mean(self) -> Array:
        """The mean of the runs' answers, (1, p)."""
        return self.runs[-1].mean(axis=0, keepdims=True)


def redraw(state: LissaState) -> LissaState:
    """Other samples, all else as it is."""
    return replace(state, seed=state.seed + 1)


def make_safe(state: LissaState) -> LissaState:
    """The smallest scale that is safe for samples of this size."""
    return replace(state, scale=state.safe)
