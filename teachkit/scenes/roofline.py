"""The roofline explorer's state: a Hessian-vector product on two machines, and where its time goes.

H V = X' (c (X V)) / n + l2 V of a linear model, X (n, p) and V (p, k), in float64. A machine does
so many operations a second and moves so many bytes a second, both at once: the slower of the two
rules (Williams, Waterman & Patterson 2009).
"""

from __future__ import annotations

from dataclasses import dataclass, field

NUMBER = 8  # bytes of a float64
LAUNCH = 2e-5  # seconds until a GPU has begun with what it was told
BUS = 2.5e10  # bytes a second between a processor's memory and a GPU's
GPU_MEMORY = 8e10  # bytes
VECTORS = tuple(4**j for j in range(9))
PASSES = {"two passes": 2, "in blocks": 1}
LOWEST, HIGHEST = 2.0, 9.0  # of log10 n


@dataclass(frozen=True)
class Machine:
    """Powers of ten of the bytes and of the operations that it manages in a second."""

    bandwidth: float
    peak: float

    @property
    def ridge(self) -> float:
        """Operations for each byte from which on the operations rule."""
        return 10 ** (self.peak - self.bandwidth)

    def rate(self, intensity: float) -> float:
        """Operations a second, at most, with so many for each byte: the roof."""
        return min(10**self.bandwidth * intensity, 10**self.peak)


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

    log_n: float = 4.0
    log_p: float = 3.0
    k: int = 1
    way: str = "two passes"
    travels: bool = False
    cpu: Machine = field(default_factory=lambda: Machine(10.0, 10.5))
    gpu: Machine = field(default_factory=lambda: Machine(12.5, 13.75))

    def product(self, log_n: float | None = None) -> Product:
        """The product for this n, or for another."""
        n = 10 ** (self.log_n if log_n is None else log_n)
        return Product(n, 10**self.log_p, self.k, PASSES[self.way])

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
        "bytes": product.bytes / 10**machine.bandwidth,
        "operations": product.flops / 10**machine.peak,
    }


def seconds(times: dict[str, float]) -> float:
    """Bytes and operations go on at once; the way to a GPU comes before them."""
    return max(times["bytes"], times["operations"]) + times.get("the way to it", 0.0)


def rules(times: dict[str, float]) -> str:
    """What takes longest."""
    return max(times, key=times.__getitem__)
