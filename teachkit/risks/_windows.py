"""All windows of images, and the way back: for autograd, each the derivative of the other.

As slices of arrays they would do as well, but autograd adds slices up entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from teachkit._optional import optional
from teachkit.arrays import Array, array_namespace, device


class Frame(NamedTuple):
    """Windows of kernel x kernel pixels, `stride` apart, in images of height x width."""

    height: int
    width: int
    kernel: int
    stride: int

    @property
    def rows(self) -> int:
        """How many windows fit in from top to bottom."""
        return (self.height - self.kernel) // self.stride + 1

    @property
    def columns(self) -> int:
        """How many fit in from left to right."""
        return (self.width - self.kernel) // self.stride + 1

    def pixels(self) -> Iterator[tuple[Any, Any]]:
        """For each pixel of a window: where it is in the windows, and where in the image."""
        down, right = ((n - 1) * self.stride + 1 for n in (self.rows, self.columns))
        for i, j in product(range(self.kernel), repeat=2):
            image = (slice(i, i + down, self.stride), slice(j, j + right, self.stride))
            yield (..., i, j, slice(None)), (..., *image, slice(None))


def windows(h: Any, frame: Frame) -> Any:
    """The windows of images h (..., height, width, C): (..., rows, columns, kernel, kernel, C)."""
    return _primitives()[0](h, frame)


@cache
def _primitives() -> tuple[Any, Any]:
    extend = optional("autograd.extend", "autograd", "A convolution")
    cut, laid = extend.primitive(_cut), extend.primitive(_laid)
    extend.defvjp(cut, lambda ans, h, frame: lambda g: laid(g, frame))
    extend.defvjp(laid, lambda ans, g, frame: lambda h: cut(h, frame))
    return cut, laid


def _cut(h: Array, frame: Frame) -> Array:
    *rest, _, _, C = h.shape
    k = frame.kernel
    shape = (*rest, frame.rows, frame.columns, k, k, C)
    found = array_namespace(h).empty(shape, dtype=h.dtype, device=device(h))
    for there, here in frame.pixels():
        found[there] = h[here]
    return found


def _laid(g: Array, frame: Frame) -> Array:
    """The transpose: windows laid on each other, a pixel gets what all windows say of it."""
    shape = (*g.shape[:-5], frame.height, frame.width, g.shape[-1])
    h = array_namespace(g).zeros(shape, dtype=g.dtype, device=device(g))
    for there, here in frame.pixels():
        h[here] += g[there]
    return h


_cut.of_last_axes = _laid.of_last_axes = True  # type: ignore[attr-defined]  # the others are alike
