"""The layers of a small network: each takes its part of theta, (p,), and m rows of numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from teachkit._optional import optional
from teachkit.arrays import Array
from teachkit.risks._windows import Frame, windows


def followed() -> ModuleType:
    """The functions that autograd follows."""
    optional("autograd", "autograd", "A network")
    from teachkit.derivatives import xp

    return xp


@dataclass(frozen=True)
class Dense:
    """h W + b: h (m, inputs), W (inputs, units), b (units,)."""

    inputs: int
    units: int

    @property
    def p(self) -> int:
        """The number of parameters."""
        return (self.inputs + 1) * self.units

    def initial(self, rng: np.random.Generator) -> Array:
        """Weights N(0, 1 / inputs), then biases 0."""
        return _initial(rng, self.inputs, self.units)

    def __call__(self, part: Any, h: Any) -> Any:
        """The values of the units, (m, units)."""
        xp = followed()
        W = xp.reshape(xp.part(part, slice(0, -self.units)), (self.inputs, self.units))
        return xp.add(xp.matmul(h, W), xp.part(part, slice(-self.units, None)))


@dataclass(frozen=True)
class Convolution:
    """Images (height, width, channels) seen through windows of kernel x kernel pixels::

        out[r, c, u] = b[u] + sum_{i, j, k} W[i, j, k, u] h[r stride + i, c stride + j, k]

    for as many windows as fit in: h (m, height width channels) gives (m, rows columns units), both
    in C order.
    """

    height: int
    width: int
    channels: int
    units: int
    kernel: int
    stride: int

    @property
    def inputs(self) -> int:
        """The numbers of an image."""
        return self.height * self.width * self.channels

    @property
    def frame(self) -> Frame:
        """Where the windows are."""
        return Frame(self.height, self.width, self.kernel, self.stride)

    @property
    def window(self) -> int:
        """The numbers in a window."""
        return self.kernel**2 * self.channels

    @property
    def p(self) -> int:
        """The number of parameters."""
        return (self.window + 1) * self.units

    def initial(self, rng: np.random.Generator) -> Array:
        """Weights N(0, 1 / window), then biases 0."""
        return _initial(rng, self.window, self.units)

    def __call__(self, part: Any, h: Any) -> Any:
        """The values of the units in all windows, (m, rows columns units)."""
        xp, m = followed(), h.shape[0]
        h = xp.reshape(h, (m, self.height, self.width, self.channels))
        seen = xp.reshape(windows(h, self.frame), (-1, self.window))
        W = xp.reshape(xp.part(part, slice(0, -self.units)), (self.window, self.units))
        out = xp.add(xp.matmul(seen, W), xp.part(part, slice(-self.units, None)))
        return xp.reshape(out, (m, -1))


def _initial(rng: np.random.Generator, inputs: int, units: int) -> Array:
    weights = rng.standard_normal(inputs * units) / math.sqrt(inputs)
    return np.concatenate([weights, np.zeros(units)])
