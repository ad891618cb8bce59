"""Where shards are, and who is asked: in turn, by the workers of an executor, by Dask's workers.

A shard is a risk, or a function that loads one. What is done to it (other weights, say, or a
linearization) is done at once where it is kept, and each time anew where it is only loaded.
"""

from __future__ import annotations

import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from teachkit.risks._questions import Question, asked
from teachkit.risks._workers import answer, submitted

AT_ONCE = 8  # answers of Dask's workers that come on one way
LARGE = 2**20  # bytes of an argument, from which on Dask is sent it once and not for each shard

Step = tuple[Question, tuple[Any, ...]]
"""A function of a shard and its further arguments."""


@dataclass(frozen=True, eq=False)
class Here:
    """A shard in memory."""

    shard: Any

    def then(self, step: Question, *arguments: Any) -> Here:
        return Here(asked(self.shard, step, *arguments))

    def open(self) -> Any:
        return self.shard


@dataclass(frozen=True, eq=False)
class Loaded:
    """A function that loads shard k, and the steps that follow: in memory while it is asked."""

    load: Callable[[], Any]
    k: int
    steps: tuple[Step, ...] = ()

    def then(self, step: Question, *arguments: Any) -> Loaded:
        return replace(self, steps=(*self.steps, (step, arguments)))

    def open(self) -> Any:
        try:
            shard = self.load()
        except Exception as error:
            error.add_note(f"It was raised by the function that loads shard {self.k}.")
            raise
        for step, arguments in self.steps:
            shard = asked(shard, step, *arguments)
        return shard


Handle = Here | Loaded


def _handle(shard: Any, k: int) -> Handle:
    return Loaded(shard, k) if callable(shard) else Here(shard)


@dataclass(frozen=True, eq=False)
class InTurn:
    """One shard after the other, here; of those that are loaded one at a time is in memory."""

    handles: tuple[Handle, ...]

    @classmethod
    def of(cls, shards: Iterable[Any]) -> InTurn:
        return cls(tuple(_handle(s, k) for k, s in enumerate(shards)))

    def ask(self, question: Question, arguments: Mapping[int, tuple[Any, ...]]) -> Iterator[Any]:
        """question(shard k, *arguments[k]) for each k, in this order."""
        for k, given in arguments.items():
            yield _opened(self.handles[k], question, given)

    def then(self, step: Question, arguments: Mapping[int, tuple[Any, ...]]) -> Any:
        """The same shards after step(shard k, *arguments[k]); others are left as they are."""
        return replace(self, handles=_after(self.handles, step, arguments))


@dataclass(frozen=True, eq=False)
class ByExecutor(InTurn):
    """All shards at once, by the workers of an executor; it is left open."""

    executor: Any
    kind: str = "The risk of a shard"

    @classmethod
    def at(cls, shards: Iterable[Any], executor: Any) -> ByExecutor:
        handles = InTurn.of(shards).handles
        if not isinstance(executor, ThreadPoolExecutor):
            # What is done to a shard there is not kept, so the shard itself goes along each time.
            handles = tuple(
                Loaded(h.open, k) if isinstance(h, Here) else h for k, h in enumerate(handles)
            )
        return cls(handles, executor)

    def ask(self, question: Question, arguments: Mapping[int, tuple[Any, ...]]) -> Iterator[Any]:
        futures: list[Any] = []
        try:
            for k, given in arguments.items():
                handle = self.handles[k]
                futures.append(submitted(self.executor, _opened, handle, question, given))
            while futures:
                yield answer(futures[0].result, self.kind)
                futures.pop(0)
        finally:
            for future in futures:
                future.cancel()

    def __getstate__(self) -> Any:
        raise TypeError(
            "A ShardedRisk that asks an executor cannot be pickled: to send one to a worker, make "
            "it there, or without an executor."
        )


class OnDask:
    """Shards that stay with Dask's workers: each is a future, which Dask makes again if it is lost.

    A question is a task that runs where the shard is. theta, vectors and weights travel, and what
    is answered.
    """

    def __init__(self, client: Any, handles: tuple[Any, ...], homes: tuple[str, ...]) -> None:
        self.client, self.handles, self.homes = client, handles, homes

    @classmethod
    def of(cls, client: Any, shards: Iterable[Any]) -> OnDask:
        """Each loaded by a worker of its own, as far as there are so many."""
        _refuse_closed(client)
        workers, shards = sorted(client.nthreads()), list(shards)
        if not workers:
            raise RuntimeError(
                "The Dask client has no workers yet. Wait for them: client.wait_for_workers(1)."
            )
        homes = tuple(workers[k % len(workers)] for k in range(len(shards)))
        at = cls(client, (), homes)
        loads = InTurn.of(shards).handles
        loaded = (at._submit(_kept, "load", load, at=k) for k, load in enumerate(loads))
        return cls(client, tuple(loaded), homes)

    def ask(self, question: Question, arguments: Mapping[int, tuple[Any, ...]]) -> Iterator[Any]:
        futures = self._futures(question, arguments)
        try:
            for some in _batched(list(futures)):
                yield from _gathered(self.client, [futures[k] for k in some])
                for k in some:
                    del futures[k]
        finally:
            for future in futures.values():
                future.cancel()

    def then(self, step: Question, arguments: Mapping[int, tuple[Any, ...]]) -> OnDask:
        after = self._futures(step, arguments)
        handles = tuple(after.get(k, handle) for k, handle in enumerate(self.handles))
        return OnDask(self.client, handles, self.homes)

    def _futures(
        self, question: Question, arguments: Mapping[int, tuple[Any, ...]]
    ) -> dict[int, Any]:
        large: dict[int, Any] = {}  # by identity: arguments of several shards are often the same

        def sent(x: Any) -> Any:
            if getattr(x, "nbytes", 0) < LARGE:
                return x
            if id(x) not in large:
                large[id(x)] = self._submit(_same, "argument", x)
            return large[id(x)]

        name = question.__name__
        return {
            k: self._submit(_at_worker, name, self.handles[k], question, *map(sent, given), at=k)
            for k, given in arguments.items()
        }

    def _submit(
        self, task: Callable[..., Any], name: str, *arguments: Any, at: int | None = None
    ) -> Any:
        _refuse_closed(self.client)
        key = f"{name}-{uuid.uuid4().hex}"  # what Dask's dashboard calls it
        # Where the shard is; anywhere, once that worker is no more.
        where: Any = {}
        if at is not None:
            where = {"workers": [self.homes[at]], "allow_other_workers": True}
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Sending large graph")  # it is meant
            return self.client.submit(task, *arguments, key=key, pure=False, **where)

    def __getstate__(self) -> Any:
        raise TypeError(
            "A ShardedRisk whose shards stay with Dask's workers cannot be pickled: they are asked "
            "from here. Make another one where it is needed."
        )


Place = InTurn | OnDask


class _Held:
    """A loaded shard, with the size that Dask counts for it."""

    def __init__(self, shard: Any) -> None:
        self.shard = shard

    def __sizeof__(self) -> int:
        parts = (getattr(self.shard, name, None) for name in ("X", "y", "weights"))
        return 1000 + sum(getattr(x, "nbytes", 0) for x in parts)


def _kept(load: Handle) -> _Held:
    return _Held(load.open())


def _at_worker(shard: Any, question: Question, *arguments: Any) -> Any:
    return asked(shard.shard if isinstance(shard, _Held) else shard, question, *arguments)


def _same(x: Any) -> Any:
    return x


def _opened(handle: Handle, question: Question, arguments: tuple[Any, ...]) -> Any:
    return asked(handle.open(), question, *arguments)


def _after(
    handles: tuple[Handle, ...], step: Question, arguments: Mapping[int, tuple[Any, ...]]
) -> tuple[Handle, ...]:
    return tuple(
        handle.then(step, *arguments[k]) if k in arguments else handle
        for k, handle in enumerate(handles)
    )


def _batched(keys: list[int]) -> Iterator[list[int]]:
    """Some of them at a time: so many answers are held."""
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def _refuse_closed(client: Any) -> None:
    if getattr(client, "status", None) in ("closing", "closed"):
        raise RuntimeError(
            "The Dask client is closed, usually because its `with` block has ended. Ask inside of "
            "it, or make another client, and the ShardedRisk again with that one."
        )


def _gathered(client: Any, futures: list[Any]) -> list[Any]:
    try:
        return answer(partial(client.gather, futures), "The risk of a shard")
    except BaseException as error:
        if "Cancelled" in type(error).__name__:
            raise RuntimeError(
                "Dask has given up a piece of this risk: its client or cluster was closed or "
                "restarted since the ShardedRisk was made. Make it again."
            ) from error
        raise
