"""Hessians that are known by their products alone, and vectors for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from .._engine.draw import Draw
from .._slips.systems import any_bowl, system

Array = np.ndarray


class Hessian(NamedTuple):
    """v -> H v with what a case needs to know of H, and a learner's function is not given."""

    p: int
    times: Callable[[Array], Array]
    largest: float


def _of(H: Array) -> Hessian:
    def times(v: Array) -> Array:
        return H @ v

    return Hessian(len(H), times, float(np.linalg.eigvalsh(H)[-1]))


@cache
def by_hand() -> tuple[Hessian, Hessian]:
    """p = 6 with eigenvalues from .04 to .9, and p = 4 with 0.2 to 1.3: not the size of I."""
    return _of(0.9 / 20 * system(6, 20.0, 21)[0]), _of(1.3 / 6 * system(4, 6.0, 22)[0])


@cache
def pool() -> tuple[Hessian, ...]:
    """Of every p from 1 to 6, some with eigenvalues far above 1 and some far below."""
    drawn = [Draw(f"a Hessian {k}") for k in range(24)]
    return tuple(_of(any_bowl(draw, 1 + k % 6)) for k, draw in enumerate(drawn))


def matrix(hvp: Callable[[Array], Array], p: int) -> Array:
    """H from its products with the columns of I."""
    return np.column_stack([hvp(e) for e in np.eye(p)])
