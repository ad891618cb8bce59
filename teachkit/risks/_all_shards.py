"""Shards as one: who holds an example, and answers that are summed or put side by side."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np

from teachkit.arrays import Array, LinearMap, array_namespace, device, put_rows
from teachkit.risks import _questions as questions
from teachkit.risks import checks
from teachkit.risks._shards import Place


@dataclass(frozen=True, eq=False)
class AllShards:
    """The shards at a place, asked together: their answers come in their order, whoever is first.

    `slices` says which of the n examples shard k holds, `shares` its n_k / n, and `like` (n,) which
    library, dtype and device answers have.
    """

    place: Place
    slices: tuple[slice, ...]
    shares: tuple[float, ...]
    p: int
    like: Array

    @property
    def n(self) -> int:
        """All examples."""
        return self.slices[-1].stop

    def each(self, question: Callable[..., Any], *arguments: Any) -> Iterator[Any]:
        """question(shard, *arguments) for every shard, as they come."""
        return self.place.ask(question, self._to_all(*arguments))

    def one(self, k: int, question: Callable[..., Any], *arguments: Any) -> Any:
        """question(shard k, *arguments)."""
        (found,) = self.place.ask(question, {k: arguments})
        return found

    def weighted(self, question: Callable[..., Any], *arguments: Any) -> Any:
        """sum_k (n_k / n) answer_k."""
        total: Any = 0.0
        for share, found in zip(self.shares, self.each(question, *arguments), strict=True):
            total = total + share * found
        return total

    def joined(self, question: Callable[..., Any], *arguments: Any) -> Array:
        """What belongs to single examples, (n, ...): a shard's is put in its place as it comes."""
        xp, found = array_namespace(self.like), None
        for at, part in zip(self.slices, self.each(question, *arguments), strict=True):
            if found is None:
                shape = (self.n, *part.shape[1:])
                found = xp.empty(shape, dtype=part.dtype, device=device(part))
            found[at, ...] = part
            del part  # not held while the next is made
        return found

    def picked(
        self, question: Callable[..., Any], indices: Sequence[int], width: int, *before: Any
    ) -> Array:
        """Rows (k, width) of these examples, from the shards that hold them."""
        w, parts = self.like, self.parts(indices)
        like = {"dtype": w.dtype, "device": device(w)}
        found = array_namespace(w).zeros((len(indices), width), **like)
        arguments = {k: (*before, local) for k, (_, local) in parts.items()}
        for (at, _), rows in zip(parts.values(), self.place.ask(question, arguments), strict=True):
            put_rows(found, at, rows)
        return found

    def parts(self, indices: Sequence[int]) -> dict[int, tuple[list[int], list[int]]]:
        """For each shard with some of these: their positions in `indices`, and in the shard."""
        parts: dict[int, tuple[list[int], list[int]]] = {}
        for position, i in enumerate(indices):
            k, j = self.where(i)
            at, local = parts.setdefault(k, ([], []))
            at.append(position)
            local.append(j)
        return dict(sorted(parts.items()))

    def where(self, i: int) -> tuple[int, int]:
        """The shard that holds example i, and its number there."""
        i = checks.check_index(i, self.n)
        k = bisect_right(self.slices, i, key=lambda at: at.stop)
        return k, i - self.slices[k].start

    def linearized(self, theta: Array, oracle: str) -> LinearMap:
        """v -> sum_k (n_k / n) A_k v, of linear maps that stay where the shards are."""
        return Sum(self.after(questions.linearized, self._to_all(theta, oracle)))

    def after(
        self, step: Callable[..., Any], arguments: Mapping[int, tuple[Any, ...]]
    ) -> AllShards:
        """The same shards after step(shard k, *arguments[k]); others are left as they are."""
        return replace(self, place=self.place.then(step, arguments)) if arguments else self

    def after_all(self, step: Callable[..., Any], *arguments: Any) -> AllShards:
        """The same shards, each after step(shard, *arguments)."""
        return self.after(step, self._to_all(*arguments))

    def _to_all(self, *arguments: Any) -> dict[int, tuple[Any, ...]]:
        return dict.fromkeys(range(len(self.slices)), arguments)


class Sum:
    """v -> sum_k (n_k / n) A_k v."""

    def __init__(self, parts: AllShards) -> None:
        self.parts = parts

    def __call__(self, v: Array) -> Array:
        v = checks.check_vectors(v, self.parts.p, self.parts.like)
        return self.parts.weighted(questions.times, v)


class Rows:
    """Rows of X (n, d) that are fetched as they are asked for."""

    def __init__(self, shards: AllShards, d: int) -> None:
        self._shards, self.shape = shards, (shards.n, d)
        self.ndim, self.dtype = 2, shards.like.dtype

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, at: Any) -> Array:
        i, found = rows_asked_for(at, "X", self.shape[0])
        rows = self._shards.picked(questions.rows, found, self.shape[1])
        return rows if isinstance(i, slice) else rows[0, :]

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(
            "X of a risk in shards stays where the shards are, and is no array here. Take some of "
            "its rows, risk.X[a:b, :], or ask the shards: risk.each(question)."
        )


def rows_asked_for(at: Any, name: str, n: int) -> tuple[Any, Sequence[int]]:
    """i of name[i, :], an index or a slice, and the rows that it means.

    Raises TypeError for anything else.
    """
    i, columns = at if isinstance(at, tuple) and len(at) == 2 else (at, slice(None))
    whole = isinstance(columns, slice) and columns == slice(None)
    if whole and isinstance(i, slice):
        return i, range(*i.indices(n))
    single = hasattr(i, "__index__") and getattr(i, "ndim", 0) == 0
    if whole and single and not isinstance(i, bool | np.bool_):
        return i, [i.__index__()]
    raise TypeError(
        f"{name}[{at!r:.60}]: of a matrix in shards whole rows are fetched, {name}[i, :] or "
        f"{name}[a:b, :]. Take columns from these."
    )
