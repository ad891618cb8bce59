"""The roofline explorer's state: a Hessian-vector product on two machines, and where its time goes.

H V = X' (c (X V)) / n + l2 V of a linear model, X (n, p) and V (p, k), in float64. A machine does
so many operations a second and moves so many bytes a second, both at once: the slower of the two
rules (Williams, Waterman & Patterson 2009).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

NUMBER = 8  # bytes of a float64
LAUNCH = 2e-5  # seconds until a GPU has begun with what it was told
BUS = 2.5e10  # bytes a second between a processor's memory and a GPU's
GPU_MEMORY = 8e10  # bytes
VECTORS = tuple(4**j for j in range(9))
PASSES = {"two passes": 2, "in blocks": 1}
Speeds = tuple[float, float]
CORE: Speeds = (10e9, 30e9)  # bytes and operations a second of a core of an ordinary processor
H100: Speeds = (3.35e12, 44e12)  # memory as its maker says, products of float64 as measured


def ladder(low: float, high: float, steps: tuple[float, ...], *named: float) -> tuple[float, ...]:
    """Each of the steps times each power of ten, from low to high, and those that are named."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    rungs = {float(f"{step}e{power}") for power in powers for step in steps}
    return tuple(sorted({rung for rung in rungs if low <= rung <= high} | {*named}))


SIZES = tuple(map(int, ladder(1e2, 1e9, (1, 2, 3, 6))))  # n
WIDTHS = tuple(map(int, ladder(10, 1e4, (1, 2, 3, 6), 785)))  # p; 785 is Fashion-MNIST's
FINE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
REACH = {  # the slowest and the fastest that can be set
    ("cpu", "bandwidth"): (1e9, 1e12),
    ("cpu", "peak"): (1e9, 1e13),
    ("gpu", "bandwidth"): (1e10, 3e13),
    ("gpu", "peak"): (1e11, 1e15),
}


@dataclass(frozen=True)
class Machine:
    """The bytes and the operations that it manages in a second."""

    bandwidth: float
    peak: float

    @property
    def ridge(self) -> float:
        """Operations for each byte from which on the operations rule."""
        return self.peak / self.bandwidth

    def rate(self, intensity: float) -> float:
        """Operations a second, at most, with so many for each byte: the roof."""
        return min(self.bandwidth * intensity, self.peak)


@dataclass(frozen=True)
class Product:
    """H V with its counts."""

    n: float
    p: float
    k: int
    passes: int

    @property
    def flops(self) -> float:
        """Multiplications and additions: X V and X' times it take 2 n p k each, c takes n k."""
        return 4.0 * self.n * self.p * self.k + self.n * self.k

    @property
    def bytes(self) -> float:
        """X once or twice, c, V and H V; X V goes out and comes back where X is read twice."""
        away = 2.0 * self.n * self.k if self.passes == 2 else 0.0
        return NUMBER * (self.passes * self.n * self.p + self.n + 2.0 * self.p * self.k + away)

    @property
    def intensity(self) -> float:
        return self.flops / self.bytes

    @property
    def size(self) -> float:
        """Bytes of X."""
        return NUMBER * self.n * self.p


@dataclass(frozen=True)
class RooflineState:
    """Everything the learner can change."""

    n: int = 10_000
    p: int = 1_000
    k: int = 1
    way: str = "two passes"
    travels: bool = False
    cpu: Machine = field(default_factory=lambda: Machine(*CORE))
    gpu: Machine = field(default_factory=lambda: Machine(*H100))

    def product(self, n: float | None = None) -> Product:
        """The product for this n, or for another."""
        return Product(self.n if n is None else n, self.p, self.k, PASSES[self.way])

    def on_bus(self, product: Product) -> bool:
        """Whether X goes to the GPU for this product: because it is told to, or does not fit."""
        return self.travels or product.size > GPU_MEMORY

    def cpu_times(self, product: Product) -> dict[str, float]:
        """Seconds that each thing alone would take."""
        return _times(self.cpu, product)

    def gpu_times(self, product: Product) -> dict[str, float]:
        """The same on the GPU, with what comes before the work."""
        travel = product.size / BUS if self.on_bus(product) else 0.0
        return {**_times(self.gpu, product), "the way to it": LAUNCH + travel}


def _times(machine: Machine, product: Product) -> dict[str, float]:
    return {
        "bytes": product.bytes / machine.bandwidth,
        "operations": product.flops / machine.peak,
    }


def seconds(times: dict[str, float]) -> float:
    """Bytes and operations go on at once; the way to a GPU comes before them."""
    return max(times["bytes"], times["operations"]) + times.get("the way to it", 0.0)


def rules(times: dict[str, float]) -> str:
    """What takes longest."""
    return max(times, key=times.__getitem__)
