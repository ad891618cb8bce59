"""What shards are asked, and how they are changed: functions that travel to where a shard is.

Each takes the risk of one shard first. What comes back never holds on to the shard's X.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any, ClassVar

from teachkit.arrays import Array, LinearMap, array_namespace, device, own, quiet, scalar
from teachkit.boundary import ours
from teachkit.memory import in_tiles
from teachkit.places import double, home, there
from teachkit.risks._unweighted import Unweighted
from teachkit.risks.consistency import check_curvature, check_gradients
from teachkit.risks.watched import Watched

Question = Callable[..., Any]
GRADIENTS = "example_gradients"


@quiet()
def asked(shard: Any, question: Question, *arguments: Any) -> Any:
    """What a shard answers, in the library's floating-point state, on whatever thread."""
    return question(shard, *arguments)


@dataclass(frozen=True, eq=False)
class Matrix:
    """v -> A v, to be sent along."""

    moves: ClassVar[bool] = True
    A: Array

    def __call__(self, v: Array) -> Array:
        return self.A @ v


# Of the whole shard: weights and penalty in it.


def oracle(shard: Any, name: str, *arguments: Any) -> Any:
    """What the oracle of this name says, looked at if the risk is the user's."""
    watched = Watched(shard, finite=False)
    if hasattr(watched, name):
        return getattr(watched, name)(*arguments)
    return watched.taken(watched.given(getattr(shard, name), *arguments))


def value_and_gradient(shard: Any, theta: Array) -> tuple[Any, Array]:
    """R_k and its gradient, from one call where the risk has it."""
    if callable(getattr(shard, "value_and_gradient", None)):
        return oracle(shard, "value_and_gradient", theta)
    return oracle(shard, "value", theta), oracle(shard, "gradient", theta)


def linearized(shard: Any, theta: Array, name: str) -> LinearMap:
    """v -> H v, or what the oracle of this name gives, to be kept where the shard is."""
    return Watched(shard, finite=False).linearize(theta, name)


def times(product: LinearMap, v: Array) -> Array:
    """What `linearized` gave, applied to v."""
    return product(v)


def hvp(shard: Any, theta: Array, v: Array) -> Array:
    """H v, with nothing kept."""
    return linearized(shard, theta, "linearize")(v)


def hessian_root(shard: Any, theta: Array) -> Array | None:
    """The triangle R of A = Q R, A' A = H: R' R = H too, and it is no longer than p."""
    A = Watched(shard, finite=False).hessian_root(theta)
    return None if A is None else array_namespace(A).linalg.qr(A, mode="reduced")[1]


def example_product(shard: Any, theta: Array, indices: list[int], v: Array) -> Array:
    """The mean over these examples of w_i H_i v."""
    return Watched(shard, finite=False).example_hvp(theta, indices)(v)


# Of its examples: no weight, no penalty. g_i is the gradient of L(z_i, .), G (n_k, p) all of them.


def gradients(shard: Any, theta: Array, chosen: Sequence[int] | slice) -> Array:
    """g_i of these examples, (k, p)."""
    if (other := double(shard)) is not None:  # X and y are there
        return home(gradients(other, there(theta), chosen))
    if not ours(type(shard)):
        return at(oracle(shard, "example_gradients", theta), chosen)
    return shard.gradient_at(theta, at(shard.X, chosen), at(shard.y, chosen))


def numbers(shard: Any, theta: Array, number: Question, *arguments: Any) -> Array:
    """What number(G_b, ...) says of rows G_b of G, (n_k,): of some at a time."""
    if (other := double(shard)) is not None:  # functions of ours compute with any arrays
        moved = (x if isinstance(x, FunctionType) else there(x) for x in arguments)
        return home(numbers(other, there(theta), number, *moved))

    def of(rows: slice) -> Array:
        return number(gradients(shard, theta, rows), *arguments)

    return in_tiles(of, shard.n, (), 3 * shard.p, shard.weights)


def products(shard: Any, theta: Array, S: Array) -> Array:
    """G S, (n_k, m), for S (p, m)."""
    if _known(shard, "example_products"):
        return oracle(shard, "example_products", theta, S)
    return oracle(shard, "example_gradients", theta) @ S


def sums(shard: Any, theta: Array, U: Array) -> Array:
    """G' U, (p, m), for U (n_k, m)."""
    if _known(shard, "example_sums"):
        return oracle(shard, "example_sums", theta, U)
    return oracle(shard, "example_gradients", theta).T @ U


def rows(shard: Any, chosen: Sequence[int] | slice) -> Array:
    """These rows of X, a copy."""
    return own(at(shard.X, chosen))


def checked(shard: Any, theta: Array, curvature: bool) -> None:
    """Raise ValueError where the parts of a shard that is the user's do not belong together."""
    watched = Watched(shard)
    if watched.ours:
        return
    G = watched.example_gradients(theta)
    check_gradients(watched, theta, G)
    if curvature:
        check_curvature(watched, theta, G)


# What is done to a shard.


def reweighted(shard: Any, weights: Array) -> Any:
    """The shard with these weights, all of which may be 0."""
    if scalar(array_namespace(weights).max(weights)) <= 0.0:
        return Unweighted(shard)
    return Watched(shard).reweighted(weights)


def replaced(shard: Any, i: int, x: Array, y: Any) -> Any:
    """The shard with its example i exchanged."""
    return Watched(shard).replaced(i, x, y)


def centred(shard: Any) -> Any:
    """The shard with classes tied together where nothing else does."""
    return shard.centred()


def _known(shard: Any, name: str) -> bool:
    """Whether there is such an oracle, and no younger class has other gradients than it."""
    classes = [vars(kind) for kind in type(getattr(shard, "risk", shard)).__mro__]
    of = (next((k for k, c in enumerate(classes) if o in c), None) for o in (name, GRADIENTS))
    theirs, gradients = of
    return theirs is not None and (gradients is None or theirs <= gradients)


def at(x: Array, chosen: Sequence[int] | slice) -> Array:
    """Rows of x by a slice, or by their numbers in any library."""
    if isinstance(chosen, slice):
        return x[chosen, ...]
    xp = array_namespace(x)
    return xp.take(x, xp.asarray(chosen, dtype=xp.int64, device=device(x)), axis=0)
