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


def anp() -> ModuleType:
    """NumPy as autograd follows it."""
    return optional("autograd.numpy", "autograd", "A network")


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
        W = anp().reshape(part[: -self.units], (self.inputs, self.units))
        return anp().dot(h, W) + part[-self.units :]


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
        np_, m = anp(), h.shape[0]
        h = np_.reshape(h, (m, self.height, self.width, self.channels))
        seen = np_.reshape(windows(h, self.frame), (-1, self.window))
        W = np_.reshape(part[: -self.units], (self.window, self.units))
        return np_.reshape(np_.dot(seen, W) + part[-self.units :], (m, -1))


def _initial(rng: np.random.Generator, inputs: int, units: int) -> Array:
    weights = rng.standard_normal(inputs * units) / math.sqrt(inputs)
    return np.concatenate([weights, np.zeros(units)])
