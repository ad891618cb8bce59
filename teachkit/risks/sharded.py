"""A risk whose data lie in shards: every question is a weighted sum of the shards' answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import (
    Array,
    LinearMap,
    array_namespace,
    device,
    locked,
    own,
    quietly,
    to_numpy,
)
from teachkit.risks import _questions as questions
from teachkit.risks import checks
from teachkit.risks._alike import OPTIONAL, Facts, check_alike, facts, refuse_same_loaders, same
from teachkit.risks._all_shards import AllShards, Rows
from teachkit.risks._labels import refuse_one_class
from teachkit.risks._shards import ByExecutor, InTurn, OnDask, Place
from teachkit.risks.gradient_matrix import GradientMatrix


@quietly
class ShardedRisk:
    """The risk of data in shards, for data that do not fit in one memory, or one machine.

    R(theta) = sum_k (n_k / n) R_k(theta),    R_k the risk of the n_k examples of shard k

    Every R_k is a mean over its own examples, with its own weights, and has the one common
    penalty, so that R is the risk of all n examples with that penalty. So are its derivatives::

        grad R = sum_k (n_k / n) grad R_k          H v = sum_k (n_k / n) H_k v

    Only theta, vectors, weights and such sums travel between here and the shards; what belongs to
    single examples comes back shard by shard and is put together. The sums are taken in the order
    of the shards, whoever answers first.

    Parameters
    ----------
    shards : iterable of risks, or of functions that load one
        Each a `LinearRisk`, `SoftmaxRisk`, `AutogradRisk` or another object with the methods of a
        risk; or a function without arguments that returns one, from a file or ``np.memmap``, which
        is called for each question. All have the same model, loss, p and l2. A shard of one class
        alone needs ``classes``: ``LinearRisk(X, y, loss, classes=2)``.
    executor : concurrent.futures.Executor, optional
        Whose workers are asked, all shards at once; it is left open. A ``ThreadPoolExecutor()``
        shares memory. To a ``ProcessPoolExecutor()`` each shard is pickled with every question:
        give it functions that load. Without one, shards are asked in turn, here, and of those that
        are loaded one at a time is in memory. For workers that keep their shards see `on_dask`.

    Attributes
    ----------
    n, p : int
        All examples, and the parameters.
    weights, y : arrays (n,)
    l2 : array (p,)
    X
        Rows of X are loaded as they are asked for: ``risk.X[i, :]``, ``risk.X[a:b, :]``.
    slices : tuple of slices
        Which of the n examples shard k holds.
    executor
        As given.

    Raises
    ------
    ValueError
        No shards; shards of different p, loss, penalty or number of classes; the same shard twice;
        one class alone in all of them; a shard that is another when it is loaded again.
    TypeError
        A shard that is no risk, a function that loads none, a `KernelRisk`; a risk that cannot be
        pickled and sent to an executor's process.
    RuntimeError
        A worker of the executor died, or the executor was shut down.

    Notes
    -----
    `minimize`, `Influence`, `retrain` and `leave_one_out` take it as they take any risk. Of the
    gradients of single examples, (n, p), `Influence` then asks for products alone.

    Source: Agarwal, Chapelle, Dudik & Langford (2014), A reliable effective terascale linear
    learning system, section 2.
    Lesson: 16_scaling_up
    """

    def __init__(self, shards: Iterable[Any], executor: Any = None) -> None:
        shards = _shards(shards)
        if executor is None:
            place: Place = InTurn.of(shards)
        else:
            example = "ThreadPoolExecutor(), or ShardedRisk.on_dask(client, shards)"
            require.instance(executor, "executor", ("submit",), example)
            place = ByExecutor.at(shards, executor)
        self._set(place, shards)

    @classmethod
    def on_dask(cls, client: Any, shards: Iterable[Any]) -> ShardedRisk:
        """The same with shards that stay with the workers of a Dask cluster.

        Each is loaded once, by a worker that keeps it, and questions go to where it is. Where a
        worker dies, Dask loads its shards again elsewhere, and no result is lost.

        Parameters
        ----------
        client : distributed.Client
            It is left open, and has to stay so. ``Client(cluster, direct_to_workers=True)`` spares
            answers the way through the scheduler, where workers can be reached from here.
        shards : iterable
            As above. A function that loads travels in the place of its data; a risk is sent through
            the scheduler, which keeps it.

        Raises
        ------
        RuntimeError
            The client has no workers; a shard was lost because client or cluster were closed;
            several workers died over the same shard.

        Notes
        -----
        Lesson: 16_scaling_up
        """
        require.instance(client, "client", ("submit", "nthreads"), "distributed.Client(cluster)")
        shards, made = _shards(shards), cls.__new__(cls)
        made._set(OnDask.of(client, shards), shards)
        return made

    def _set(self, place: Place, shards: list[Any]) -> None:
        """Ask every shard what it is like."""
        known = list(place.ask(facts, {k: (k,) for k in range(len(shards))}))
        check_alike(known)
        first: Facts = known[0]
        xp, ends = array_namespace(first.weights), [0, *np.cumsum([f.n for f in known]).tolist()]
        self._first = first
        self.n, self.p, self.l2 = ends[-1], first.p, locked(first.l2)
        self.slices = tuple(slice(a, b) for a, b in pairwise(ends))
        self.weights = self._bare_weights = locked(xp.concat([f.weights for f in known]))
        self.y = locked(xp.concat([f.y for f in known]))
        if first.binary:
            checks.check_labels(self.y)
        if first.classes is not None:
            self.classes = first.classes
            refuse_one_class(self.y)
        for name in OPTIONAL:
            if not all(name in f.oracles for f in known):
                setattr(self, name, None)
        shares = tuple(f.n / self.n for f in known)
        asked = AllShards(place, self.slices, shares, self.p, self.weights)
        loaded = {k: (k, known[k].mark) for k, shard in enumerate(shards) if callable(shard)}
        self._bare = self._shards = asked.after(same, loaded)

    def __repr__(self) -> str:
        kind = self._first.kind
        return f"ShardedRisk(n={self.n}, p={self.p}, {len(self.slices)} shards, each a {kind})"

    @property
    def X(self) -> Rows:
        """Rows of X, as they are asked for."""
        return Rows(self._shards, self._first.d)

    @property
    def executor(self) -> Any:
        """The executor that is asked, or None."""
        return getattr(self._shards.place, "executor", None)

    @property
    def by_hand(self) -> bool:
        """Whether the shards are of the user's own kind."""
        return not self._first.ours

    def each(self, question: Callable[..., Any], *arguments: Any) -> Iterator[Any]:
        """question(shard, *arguments) for every shard, in order, as they come.

        `question` is a function of a shard's risk; it is sent to where the shard is, and what it
        returns comes back.

        Lesson: 16_scaling_up
        """
        return self._shards.each(question, *arguments)

    def check_parts(self, theta: Array, *, curvature: bool = False) -> None:
        """Raise ValueError where a shard of the user's own kind gives parts that do not fit.

        A gradient that is no mean of its examples', say; with `curvature`, an H that is not its
        derivative. `Influence` and `leave_one_out` ask for it.
        """
        if self.by_hand:
            for _ in self.each(questions.checked, self._theta(theta), curvature):
                pass

    # The risk and its derivatives: weights and penalty included.

    def value(self, theta: Array) -> Any:
        """R(theta) = sum_k (n_k / n) R_k(theta)."""
        return self._shards.weighted(questions.oracle, "value", self._theta(theta))

    def gradient(self, theta: Array) -> Array:
        """grad R = sum_k (n_k / n) grad R_k, (p,)."""
        return self._shards.weighted(questions.oracle, "gradient", self._theta(theta))

    def value_and_gradient(self, theta: Array) -> tuple[Any, Array]:
        """R(theta) and grad R(theta), from one call of each shard."""
        value, gradient = 0.0, 0.0 * self.l2
        pairs = self.each(questions.value_and_gradient, self._theta(theta))
        for share, (R_k, g_k) in zip(self._shards.shares, pairs, strict=True):
            value, gradient = value + share * R_k, gradient + share * g_k
        return value, gradient

    def hessian(self, theta: Array) -> Array:
        """H = sum_k (n_k / n) H_k, (p, p)."""
        return self._shards.weighted(questions.oracle, "hessian", self._theta(theta))

    def linearize(self, theta: Array) -> LinearMap:
        """Return v -> H v = sum_k (n_k / n) H_k v, for v (p,) or (p, k).

        What depends on theta alone is kept with the shards that are kept.
        """
        return self._shards.linearized(own(self._theta(theta)), "linearize")

    def linearize_gauss_newton(self, theta: Array) -> LinearMap:
        """Return v -> G v, the same sum of the Gauss-Newton matrices of the shards."""
        return self._shards.linearized(own(self._theta(theta)), "linearize_gauss_newton")

    def hvp(self, theta: Array, v: Array) -> Array:
        """H v for v (p,) or (p, k). For more than one product keep ``linearize(theta)``."""
        v = checks.check_vectors(v, self.p, self.weights)
        return self._shards.weighted(questions.hvp, self._theta(theta), v)

    def hessian_diagonal(self, theta: Array) -> Array:
        """H_jj, (p,), the same sum of the diagonals."""
        return self._shards.weighted(questions.oracle, "hessian_diagonal", self._theta(theta))

    def hessian_root(self, theta: Array) -> Array | None:
        """A with A' A = H: the triangles sqrt(n_k / n) R_k of the shards, R_k' R_k = H_k.

        None where one of them has none.
        """
        roots = list(self.each(questions.hessian_root, self._theta(theta)))
        if any(root is None for root in roots):
            return None
        scaled = [share**0.5 * root for share, root in zip(self._shards.shares, roots, strict=True)]
        return array_namespace(self.l2).concat(scaled, axis=0)

    def leverages(self, theta: Array, solve: LinearMap) -> Array:
        """h_i = w_i c_i x_i' H^-1 x_i / n, (n,), with solve: v -> H^-1 v; H^-1 (p, p) travels."""
        # What knows v' H^-1 v is made of matrices, and has more digits than their product.
        sent = solve if hasattr(solve, "quadratic") else questions.Matrix(solve(self._eye))
        h = self._shards.joined(questions.oracle, "leverages", self._theta(theta), sent)
        for share, at in zip(self._shards.shares, self.slices, strict=True):
            h[at] *= share
        return h

    # One example at a time: no weight, no penalty.

    def example_losses(self, theta: Array) -> Array:
        """L(z_i, theta), (n,)."""
        return self._shards.joined(questions.oracle, "example_losses", self._theta(theta))

    def example_gradients(self, theta: Array) -> Array:
        """grad L(z_i, theta), (n, p), all of them here: ask `gradient_matrix` for less."""
        return self._shards.joined(questions.oracle, "example_gradients", self._theta(theta))

    def gradient_matrix(self, theta: Array) -> GradientMatrix:
        """The same as a matrix of which only products and rows are ever made."""
        return GradientMatrix(self, own(self._theta(theta)))

    def example_products(self, theta: Array, S: Array) -> Array:
        """grad L(z_i, theta)' S for every i, (n, m) for S (p, m): a block (n_k, m) of each shard.

        For S (p,) it is (n,).
        """
        S = checks.check_vectors(S, self.p, self.weights, "S")
        columns = S if S.ndim == 2 else S[:, None]
        found = self._shards.joined(questions.products, self._theta(theta), columns)
        return found if S.ndim == 2 else found[:, 0]

    def example_sums(self, theta: Array, U: Array) -> Array:
        """sum_i U_ij grad L(z_i, theta), (p, m) for U (n, m), or (p,) for U (n,)."""
        U = checks.check_vectors(U, self.n, self.weights, "U")
        columns = U if U.ndim == 2 else U[:, None]
        parts = {k: (self._theta(theta), columns[at, :]) for k, at in enumerate(self.slices)}
        found: Any = sum(self._shards.place.ask(questions.sums, parts))
        return found if U.ndim == 2 else found[:, 0]

    def example_numbers(self, theta: Array, number: Any, *arguments: Any) -> Array:
        """What number(G_b, ...) says of some rows G_b of all gradients, (n,), at the shards."""
        theta = self._theta(theta)
        return self._shards.joined(questions.numbers, theta, number, *arguments)

    def gradients_of(self, theta: Array, indices: Sequence[int]) -> Array:
        """grad L(z_i, theta) of these examples, (k, p)."""
        return self._shards.picked(questions.gradients, indices, self.p, self._theta(theta))

    def loss_at(self, theta: Array, X: Array, y: Array) -> Array:
        """The losses at other points: X (m, d), y (m,) give (m,). The first shard is asked."""
        return self._shards.one(0, questions.oracle, "loss_at", self._theta(theta), X, y)

    def gradient_at(self, theta: Array, X: Array, y: Array) -> Array:
        """The loss gradients at other points: X (m, d), y (m,) give (m, p)."""
        return self._shards.one(0, questions.oracle, "gradient_at", self._theta(theta), X, y)

    def input_gradient(self, theta: Array, i: int, s: Array) -> Array:
        """The gradient grad_x (s . grad_theta L(z_i, theta)), (d,), of the shard that holds i."""
        k, j = self._shards.where(i)
        return self._shards.one(k, questions.oracle, "input_gradient", self._theta(theta), j, s)

    def example_curvatures(self, theta: Array) -> Array:
        """Bounds on abs(eigenvalues) of w_i H_i, (n,)."""
        return self._shards.joined(questions.oracle, "example_curvatures", self._theta(theta))

    def example_hvp(self, theta: Array, indices: int | Iterable[int]) -> LinearMap:
        """Return v -> the mean over these examples of w_i H_i v, without the penalty."""
        chosen, theta = checks.check_indices(indices, self.n), own(self._theta(theta))
        if not chosen:
            raise ValueError("indices is empty, and a mean over no examples does not exist.")
        parts = self._shards.parts(chosen)

        def product(v: Array) -> Array:
            v = checks.check_vectors(v, self.p, self.weights)
            arguments = {k: (theta, local, v) for k, (_, local) in parts.items()}
            found = self._shards.place.ask(questions.example_product, arguments)
            lengths = (len(local) for _, local in parts.values())
            return sum(m / len(chosen) * Av for m, Av in zip(lengths, found, strict=True))

        return product

    # The same risk, changed.

    def reweighted(self, weights: Array) -> ShardedRisk:
        """The same risk with other weights, (n,); a shard may be wholly at 0."""
        weights = checks.check_weights(weights, self.n, self.weights)
        return self._changed(self._bare, self._bare_weights, weights, self.y)

    def replaced(self, i: int, x: Array, y: Any) -> ShardedRisk:
        """The same risk with example i exchanged for x (d,) and y; its weight stays."""
        k, j = self._shards.where(i)
        bare = self._bare.after(questions.replaced, {k: (j, x, y)})
        after = bare.one(k, facts, k).y  # that may be floats where all were whole numbers
        parts = [after if m == k else self.y[at] for m, at in enumerate(self.slices)]
        targets = locked(array_namespace(after).concat(parts))
        return self._changed(bare, self._bare_weights, self.weights, targets)

    def centred(self) -> ShardedRisk:
        """The same risk of shards that are `SoftmaxRisk.centred`."""
        bare = self._bare.after_all(questions.centred)
        other = self._changed(bare, self._bare_weights, self.weights, self.y)
        other._first = self._first._replace(why_singular="")
        return other

    @property
    def why_singular(self) -> str:
        """Why H is singular whatever the data, a sentence; or nothing."""
        return self._first.why_singular

    def _changed(
        self, bare: AllShards, own_weights: Array, weights: Array, y: Array
    ) -> ShardedRisk:
        other = type(self).__new__(type(self))
        other.__dict__.update(self.__dict__)
        other._bare, other._bare_weights, other.weights, other.y = bare, own_weights, weights, y
        new = {
            k: (weights[at],)
            for k, at in enumerate(self.slices)
            if np.any(to_numpy(weights[at]) != to_numpy(own_weights[at]))
        }
        other._shards = bare.after(questions.reweighted, new)
        return other

    def _theta(self, theta: Array) -> Array:
        return checks.check_theta(theta, self.p, self.weights)

    @property
    def _eye(self) -> Array:
        w = self.weights
        return array_namespace(w).eye(self.p, dtype=w.dtype, device=device(w))


def _shards(shards: Any) -> list[Any]:
    if callable(shards) or hasattr(shards, "example_gradients") or not hasattr(shards, "__iter__"):
        raise TypeError(
            f"shards is {shards!r:.60}; it has to be a list of risks, or of functions that load "
            "one: ShardedRisk([risk_1, risk_2])."
        )
    found = list(shards)
    if not found:
        raise ValueError(
            "shards is empty, and nothing can be learnt from no data. Look for a filter upstream, "
            "or a folder without files."
        )
    for k, shard in enumerate(found):
        if not (callable(shard) or hasattr(shard, "example_gradients")):
            raise TypeError(
                f"Shard {k} is {shard!r:.60}; a shard is a risk such as LinearRisk(X, y, loss), or "
                "a function without arguments that loads one."
            )
    refuse_same_loaders(found)
    return found
