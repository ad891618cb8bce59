"""What one shard is like, and whether all are shards of one risk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from teachkit.arrays import Array, array_namespace, own, to_numpy
from teachkit.boundary import ours
from teachkit.places import double
from teachkit.risks._questions import at, rows
from teachkit.risks.checks import check_risk
from teachkit.risks.kernel import KernelRisk

LOOKED_AT = 200  # rows at most, which tell whether a shard is the one that it was
OPTIONAL = (
    "centred",
    "example_curvatures",
    "example_hvp",
    "hessian_diagonal",
    "hessian_root",
    "leverages",
    "linearize_gauss_newton",
)
"""Oracles that a risk in shards has where each of its shards has them."""


class Mark(NamedTuple):
    """What tells that a shard which is loaded again is the same, but for rounding."""

    n: int
    p: int
    parts: dict[str, np.ndarray]


class Facts(NamedTuple):
    """What is known of a shard without its X."""

    kind: str
    n: int
    p: int
    d: int
    loss: str
    l2: Array
    weights: Array
    y: Array
    classes: int | None
    binary: bool
    why_singular: str
    ours: bool
    oracles: frozenset[str]
    mark: Mark


def facts(shard: Any, k: int) -> Facts:
    """Those of shard k; TypeError where it is no risk, or of a kind that has no shards."""
    if not hasattr(shard, "example_gradients"):
        raise TypeError(
            f"Shard {k} was loaded and is {shard!r:.60}, which is no risk. What loads a shard "
            "returns one: lambda: LinearRisk(X, y, loss, l2=l2). Is a return missing?"
        )
    check_risk(shard, f"Shard {k}")
    if hasattr(shard, "gradient_matrix"):
        raise TypeError(
            f"Shard {k} is a {type(shard).__name__}, whose data are in shards themselves. Hand "
            "these over side by side: ShardedRisk([*shards, *more])."
        )
    if isinstance(shard, KernelRisk):
        raise TypeError(
            f"Shard {k} is a KernelRisk, whose parameters belong to its own training points: two "
            "of them have none in common. A model with features that stay, LinearRisk, has shards."
        )
    return Facts(
        type(shard).__name__,
        int(shard.n),
        int(shard.p),
        int((double(shard) or shard).X.shape[1]),
        _loss(shard),
        own(shard.l2),
        own(shard.weights),
        own(shard.y),
        getattr(shard, "classes", None),
        bool(getattr(getattr(shard, "loss", None), "binary", False)),
        str(getattr(shard, "why_singular", "")),
        ours(type(shard)),
        frozenset(name for name in OPTIONAL if callable(getattr(shard, name, None))),
        _mark(shard),
    )


def _mark(shard: Any) -> Mark:
    n, there = int(shard.n), double(shard) or shard
    some = sorted(set(np.linspace(0, n - 1, min(n, LOOKED_AT)).astype(int).tolist()))
    X = rows(there, some)
    return Mark(
        n,
        int(shard.p),
        {
            "l2": to_numpy(shard.l2),
            "weights": to_numpy(at(shard.weights, some)),
            "y": to_numpy(at(shard.y, some)),
            "X": to_numpy(array_namespace(X).sum(X, axis=1)),
        },
    )


def same(shard: Any, k: int, before: Mark) -> Any:
    """Shard k, loaded once more; ValueError where it is not what it was."""
    if not hasattr(shard, "example_gradients"):
        facts(shard, k)
    now, what = _mark(shard), []
    for name, is_now, was in (("n", now.n, before.n), ("p", now.p, before.p)):
        if is_now != was:
            what.append(f"{name} = {is_now} in the place of {was}")
    if not what:
        what = [f"another {name}" for name, x in now.parts.items() if _apart(x, before.parts[name])]
    if what:
        raise ValueError(
            f"Shard {k} was loaded again and is not what it was: it has {', '.join(what)}. What "
            "loads a shard returns the same each time. A file that is still written, or a shuffle "
            "without a seed, is the usual cause."
        )
    return shard


def _apart(a: np.ndarray, b: np.ndarray) -> bool:
    if a.shape != b.shape or a.dtype.kind not in "fiu":  # classes by name, or true and false
        return not np.array_equal(a, b)
    tolerance = 1e-3 if a.dtype == np.float32 else 1e-6
    return bool(np.max(np.abs(a - b)) > tolerance * np.max(np.abs(b)))


def check_alike(shards: list[Facts]) -> None:
    """Raise ValueError, naming two shards, where they are not of one model with one penalty."""
    first = shards[0]
    for k, other in enumerate(shards):
        if other.weights.dtype != first.weights.dtype:
            raise TypeError(
                f"Shard {k} holds {other.weights.dtype} and shard 0 {first.weights.dtype}: mixed, "
                "half of the digits would be lost or made up. Give all shards one dtype."
            )
        for name, what in _SAME.items():
            mine, theirs = getattr(other, name), getattr(first, name)
            if name == "l2":
                if np.array_equal(to_numpy(mine), to_numpy(theirs)):
                    continue
                mine, theirs = _one_if_all(mine), _one_if_all(theirs)
            if mine != theirs:
                hint = _HINTS.get(name, "")
                raise ValueError(
                    f"Shard {k} {what.format(mine)} and shard 0 {what.format(theirs)}. The shards "
                    f"of one risk share model, loss and penalty.{hint}"
                )


_SAME = {
    "kind": "is a {}",
    "p": "has p = {} parameters",
    "d": "has rows of {} numbers",
    "classes": "has {} classes",
    "loss": "has the loss {}",
    "l2": "has the penalty l2 = {}",
}
_HINTS = {
    "p": " A shard that lacks the last class needs to be told of it: SoftmaxRisk(..., classes=K).",
    "classes": " Tell all of them how many there are: SoftmaxRisk(..., classes=K).",
    "l2": " It is outside the mean over examples, and the same for a shard as for all of them.",
}


def refuse_same_loaders(shards: Iterable[Any]) -> None:
    """Raise ValueError where two functions can only load one and the same shard.

    ``[lambda: load(k) for k in range(4)]`` has the last k four times.
    """
    seen: dict[Any, int] = {}
    key: Any
    for k, load in enumerate(shards):
        key = id(load)
        if hasattr(load, "__code__"):
            cells = tuple(map(id, load.__closure__ or ()))
            defaults = tuple(map(id, load.__defaults__ or ()))
            of = id(getattr(load, "__self__", None))
            key = (load.__code__, of, cells, defaults, repr(load.__kwdefaults__))
        if key in seen:
            raise ValueError(
                f"Shards {seen[key]} and {k} are the same: the same risk, or functions with "
                "nothing that differs between them. In a loop `lambda: load(k)` sees the last k; "
                "write functools.partial(load, k)."
            )
        seen[key] = k


def _loss(shard: Any) -> str:
    """The loss in words that are the same in another process."""
    if hasattr(shard, "loss"):
        return _named(shard.loss)
    parts = (getattr(shard, name, None) for name in ("losses", "outputs", "gauss_newton"))
    return " of ".join(_named(part) for part in parts if part not in (None, False))


def _named(thing: Any) -> str:
    if (holder := getattr(thing, "__self__", None)) is not None:  # a method of a network, say
        return f"{_named(holder)}.{thing.__name__}"
    if hasattr(thing, "__qualname__"):
        return f"{thing.__module__}.{thing.__qualname__}"
    words = repr(thing)
    return type(thing).__name__ if " at 0x" in words else words


def _one_if_all(l2: Array) -> Any:
    values = to_numpy(l2)
    return float(values[0]) if np.all(values == values[0]) else values.tolist()
