"""Test functions that lessons draw and tests climb, each an objective for the solvers.

Every one has ``value(x)``, ``gradient(x)``, ``hessian(x)``, a ``start``, its ``minimisers`` (the
first is ``minimiser``) and a ``box`` that shows what matters in a picture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from teachkit import arrays
from teachkit.arrays import Array


@arrays.quietly
@dataclass(frozen=True, eq=False, repr=False)
class Landscape:
    """A function of a few coordinates with its derivatives in closed form.

    Attributes
    ----------
    name, source : str
        What it is called, and where it was first published.
    start : tuple of p floats
        The customary place to begin a descent.
    minimisers : tuple of tuples
        All local minimisers.
    box : tuple of p (low, high) pairs
        A region worth drawing.

    Notes
    -----
    ``value`` and ``gradient`` also take grids: x of shape (p, ...) gives (...) and (p, ...), so
    that ``value(np.stack(np.meshgrid(a, b)))`` is ready for a contour plot. Library, dtype and
    device of what comes back are those of x.
    """

    name: str
    source: str
    start: tuple[float, ...]
    minimisers: tuple[tuple[float, ...], ...]
    box: tuple[tuple[float, float], ...]
    formula: Callable[..., Any]
    first: Callable[..., tuple[Any, ...]]
    second: Callable[..., tuple[tuple[Any, ...], ...]]

    @property
    def p(self) -> int:
        """The number of coordinates."""
        return len(self.start)

    @property
    def minimiser(self) -> tuple[float, ...]:
        """One of the minimisers."""
        return self.minimisers[0]

    def value(self, x: Any) -> Array:
        """f(x), for x (p,) or a grid (p, ...)."""
        return self.formula(*self._coordinates(x))

    def gradient(self, x: Any) -> Array:
        """The partial derivatives, in the shape of x."""
        u = self._coordinates(x)
        xp = arrays.array_namespace(*u)
        return xp.stack([entry + xp.zeros_like(u[0]) for entry in self.first(*u)])

    def hessian(self, x: Any) -> Array:
        """The symmetric matrix of second derivatives, (p, p), for x (p,)."""
        u = self._coordinates(x)
        xp = arrays.array_namespace(*u)
        if u[0].ndim:
            raise ValueError(f"The Hessian of {self.name} is taken at one point x ({self.p},).")
        zero = xp.zeros_like(u[0])
        return xp.stack([xp.stack([entry + zero for entry in row]) for row in self.second(*u)])

    def hvp(self, x: Any, v: Array) -> Array:
        """H(x) v, for v (p,) or (p, k)."""
        H = self.hessian(x)
        v = arrays.as_real(v, "v", H)
        if v.shape[:1] != (self.p,) or v.ndim > 2:
            raise ValueError(
                f"v has shape {tuple(v.shape)}; {self.name} has {self.p} coordinates, so v is "
                f"({self.p},) or ({self.p}, k)."
            )
        return H @ v

    def _coordinates(self, x: Any) -> list[Array]:
        x = arrays.as_real(x, "x")  # a solver may try points that are not finite
        if x.ndim == 0 or x.shape[0] != self.p:
            raise ValueError(
                f"{self.name} takes {self.p} coordinates along the first axis, so x of shape "
                f"({self.p},) or a grid ({self.p}, ...); this x has shape {tuple(x.shape)}."
            )
        xp = arrays.array_namespace(x)
        return [xp.asarray(x[j, ...]) for j in range(self.p)]

    def __reduce_ex__(self, protocol: Any) -> Any:
        """A function of this module is pickled by its name."""
        named = (name for name, value in globals().items() if value is self)
        return next(named, None) or super().__reduce_ex__(protocol)

    def __repr__(self) -> str:
        return f"<{self.name}, {self.p} coordinates: {self.source}>"


rosenbrock = Landscape(
    name="Rosenbrock's function",
    source="Rosenbrock (1960), An automatic method for finding the greatest or least value",
    start=(-1.2, 1.0),
    minimisers=((1.0, 1.0),),
    box=((-2.0, 2.0), (-1.0, 3.0)),
    formula=lambda x, y: 100 * (y - x**2) ** 2 + (1 - x) ** 2,
    first=lambda x, y: (-400 * x * (y - x**2) - 2 * (1 - x), 200 * (y - x**2)),
    second=lambda x, y: ((1200 * x**2 - 400 * y + 2, -400 * x), (-400 * x, 200)),
)

himmelblau = Landscape(
    name="Himmelblau's function",
    source="Himmelblau (1972), Applied Nonlinear Programming",
    start=(0.0, 0.0),
    minimisers=(
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    ),
    box=((-5.0, 5.0), (-5.0, 5.0)),
    formula=lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    first=lambda x, y: (
        4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7),
        2 * (x**2 + y - 11) + 4 * y * (x + y**2 - 7),
    ),
    second=lambda x, y: (
        (12 * x**2 + 4 * y - 42, 4 * x + 4 * y),
        (4 * x + 4 * y, 12 * y**2 + 4 * x - 26),
    ),
)

booth = Landscape(
    name="Booth's function",
    source="Booth (1955), Numerical Methods",
    start=(-5.0, -5.0),
    minimisers=((1.0, 3.0),),
    box=((-10.0, 10.0), (-10.0, 10.0)),
    formula=lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    first=lambda x, y: (10 * x + 8 * y - 34, 8 * x + 10 * y - 38),
    second=lambda x, y: ((10, 8), (8, 10)),
)

bowl = Landscape(
    name="the long bowl (x^2 + 25 y^2) / 2",
    source="Akaike (1959), On a successive transformation of probability distribution: from this "
    "start steepest descent with exact steps gains only 24/26 a step",
    start=(25.0, 1.0),
    minimisers=((0.0, 0.0),),
    box=((-30.0, 30.0), (-6.0, 6.0)),
    formula=lambda x, y: (x**2 + 25 * y**2) / 2,
    first=lambda x, y: (x, 25 * y),
    second=lambda x, y: ((1, 0), (0, 25)),
)

saddle = Landscape(
    name="two valleys and a saddle, x^4/4 - x^2/2 + y^2/2",
    source="made for this course; pure Newton ends in the saddle (0, 0) from wherever "
    "abs(x) < 1/sqrt(5)",
    start=(0.3, 1.0),
    minimisers=((1.0, 0.0), (-1.0, 0.0)),
    box=((-2.0, 2.0), (-2.0, 2.0)),
    formula=lambda x, y: x**4 / 4 - x**2 / 2 + y**2 / 2,
    first=lambda x, y: (x**3 - x, y),
    second=lambda x, y: ((3 * x**2 - 1, 0), (0, 1)),
)

_BEALE = ((1, 1.5), (2, 2.25), (3, 2.625))


def _beale_mixed(x: Array, y: Array) -> Array:
    return sum(2 * j * y ** (j - 1) * (c - 2 * x * (1 - y**j)) for j, c in _BEALE)


beale = Landscape(
    name="Beale's function",
    source="Beale (1958), On an iterative method for finding a local minimum of a function; beside "
    "its minimum it has a valley that falls to .452 as x goes to -infinity",
    start=(1.0, 1.0),
    minimisers=((3.0, 0.5),),
    box=((-4.5, 4.5), (-4.5, 4.5)),
    formula=lambda x, y: sum((c - x * (1 - y**j)) ** 2 for j, c in _BEALE),
    first=lambda x, y: (
        sum(-2 * (c - x * (1 - y**j)) * (1 - y**j) for j, c in _BEALE),
        sum(2 * (c - x * (1 - y**j)) * x * j * y ** (j - 1) for j, c in _BEALE),
    ),
    second=lambda x, y: (
        (sum(2 * (1 - y**j) ** 2 for j, c in _BEALE), _beale_mixed(x, y)),
        (
            _beale_mixed(x, y),
            sum(2 * (x * j * y ** (j - 1)) ** 2 for j, c in _BEALE)
            + 2 * (2.25 - x * (1 - y**2)) * 2 * x
            + 2 * (2.625 - x * (1 - y**3)) * 6 * x * y,
        ),
    ),
)
wood = Landscape(
    name="Wood's function",
    source="Colville (1968), A comparative study of nonlinear programming codes",
    start=(-3.0, -1.0, -3.0, -1.0),
    minimisers=((1.0, 1.0, 1.0, 1.0),),
    box=((-4.0, 4.0),) * 4,
    formula=lambda x, y, z, w: (
        100 * (y - x**2) ** 2
        + (1 - x) ** 2
        + 90 * (w - z**2) ** 2
        + (1 - z) ** 2
        + 10 * (y + w - 2) ** 2
        + (y - w) ** 2 / 10
    ),
    first=lambda x, y, z, w: (
        -400 * x * (y - x**2) - 2 * (1 - x),
        200 * (y - x**2) + 20 * (y + w - 2) + (y - w) / 5,
        -360 * z * (w - z**2) - 2 * (1 - z),
        180 * (w - z**2) + 20 * (y + w - 2) - (y - w) / 5,
    ),
    second=lambda x, y, z, w: (
        (1200 * x**2 - 400 * y + 2, -400 * x, 0, 0),
        (-400 * x, 220.2, 0, 19.8),
        (0, 0, 1080 * z**2 - 360 * w + 2, -360 * z),
        (0, 19.8, -360 * z, 200.2),
    ),
)

powell = Landscape(
    name="Powell's singular function",
    source="Powell (1962), An iterative method for finding stationary values; the Hessian is "
    "singular at the minimiser, so Newton's method is linear there",
    start=(3.0, -1.0, 0.0, 1.0),
    minimisers=((0.0, 0.0, 0.0, 0.0),),
    box=((-4.0, 4.0),) * 4,
    formula=lambda x, y, z, w: (
        (x + 10 * y) ** 2 + 5 * (z - w) ** 2 + (y - 2 * z) ** 4 + 10 * (x - w) ** 4
    ),
    first=lambda x, y, z, w: (
        2 * (x + 10 * y) + 40 * (x - w) ** 3,
        20 * (x + 10 * y) + 4 * (y - 2 * z) ** 3,
        10 * (z - w) - 8 * (y - 2 * z) ** 3,
        -10 * (z - w) - 40 * (x - w) ** 3,
    ),
    second=lambda x, y, z, w: (
        (2 + 120 * (x - w) ** 2, 20, 0, -120 * (x - w) ** 2),
        (20, 200 + 12 * (y - 2 * z) ** 2, -24 * (y - 2 * z) ** 2, 0),
        (0, -24 * (y - 2 * z) ** 2, 10 + 48 * (y - 2 * z) ** 2, -10),
        (-120 * (x - w) ** 2, 0, -10, 10 + 120 * (x - w) ** 2),
    ),
)

ALL = (rosenbrock, himmelblau, booth, bowl, saddle, beale, wood, powell)
