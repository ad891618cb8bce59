"""The truth that influence predicts: what theta becomes when the model is trained again.

Every function starts from parameters at hand and takes Newton steps, so a retraining is exact to
rounding and costs a few steps, not a fit from scratch. n stays what it is when a point leaves.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from typing import Any

from teachkit import require
from teachkit._drive import bar
from teachkit.arrays import Array, array_namespace, device, own, put_rows, quiet, scalar
from teachkit.places import crosses
from teachkit.retraining import kernel, linear, softmax  # noqa: F401  (they enter joint retrainings)
from teachkit.retraining.any import Refit, refit
from teachkit.retraining.joint import joint_retraining
from teachkit.retraining.kept import Kept
from teachkit.retraining.one_by_one import each
from teachkit.risks._removal import refuse_the_last, without
from teachkit.risks.checks import check_index, check_indices, check_risk, check_theta
from teachkit.risks.consistency import check_gradients
from teachkit.risks.shares import NOT_FITTED, root_mean_square, share_norms
from teachkit.risks.watched import Watched

__all__ = ["leave_one_out", "retrain", "retrain_with", "retrain_without"]


@crosses
def retrain(risk: Any, theta: Array, *, tol: float = 1e-10) -> Array:
    """The minimum of the risk, trained from theta by full Newton steps, (p,).

    At least one step, then until::

        ||grad R||_2  <=  tol max_i w_i ||grad L(z_i)||_2 / n

    or until rounding lets the gradient fall no further. The tolerance is relative to one point's
    share of the gradient, because that is what the removal of a point changes.

    Parameters
    ----------
    risk : Risk
        R(theta) = (1/n) sum_i w_i L(z_i, theta) + 1/2 sum_j l2_j theta_j^2.
    theta : array (p,)
        Where to start.
    tol : float
        0 <= tol < 1.

    Raises
    ------
    ValueError
        The risk has no unique minimum; theta has the wrong shape or is not finite.

    Warns
    -----
    RuntimeWarning
        The gradient stopped falling before the tolerance and above rounding level.

    Notes
    -----
    Source: Nocedal & Wright (2006), section 3.3.
    Lesson: 07_influence_upweighting
    """
    return _retrained(risk, _start(risk, theta), tol)


@crosses
def retrain_without(
    risk: Any, theta: Array, indices: int | Iterable[int], *, tol: float = 1e-10
) -> Array:
    """theta_{-S}, (p,): the minimum when the examples S have weight 0 and n stays what it is.

    The same as a fit to the other rows alone with the penalty l2 n / (n - |S|), and what
    scikit-learn finds for them under the same C. `retrain` says how it is found and what it
    raises; besides, ValueError if no example of positive weight would be left, or if the parts of
    a risk written by hand do not belong together.

    Lesson: 07_influence_upweighting
    """
    theta = _start(risk, theta)
    _check_parts(risk, theta)
    return _retrained(without(risk, check_indices(indices, risk.n)), theta, tol)


@crosses
def retrain_with(risk: Any, theta: Array, i: int, x: Array, y: Any, *, tol: float = 1e-10) -> Array:
    """The minimum, (p,), when example i is (x, y) instead; its weight stays.

    x is (d,), as a row of the risk's X, and y one target. `retrain` says how it is found and what
    it raises.

    Lesson: 08_influence_perturbing
    """
    theta = _start(risk, theta)
    return _retrained(Watched(risk).replaced(check_index(i, risk.n), x, y), theta, tol)


@crosses
def leave_one_out(
    risk: Any,
    theta: Array,
    indices: int | Iterable[int] | None = None,
    *,
    tol: float = 1e-10,
    progress: bool = False,
    executor: Any = None,
    resume: Any = None,
) -> Array:
    """theta_{-i} - theta for one point after the other, exactly: a row for each, (k, p).

    Row k is the change of the minimum when example indices[k] alone has weight 0, found until::

        ||grad R_{-i}||_2  <=  tol w_i ||grad L(z_i)||_2 / n

    or until only rounding is left. A `LinearRisk`, a `KernelRisk` and a `SoftmaxRisk` have many
    rows computed together (`LinearLeaveOneOut`, `SoftmaxLeaveOneOut`); of any other, subclasses
    included, and for rows that do not converge together, each is refitted by Newton's method.

    Parameters
    ----------
    risk : Risk
    theta : array (p,)
        The fitted parameters. Where they are not the minimum, every row contains what is missing.
    indices : int or iterable of distinct ints, optional
        Which points; all n of them by default.
    tol : float
        0 <= tol < 1.
    progress : bool
        Whether to show a progress bar (needs tqdm). Interrupting leaves none behind.
    executor : concurrent.futures.Executor, optional
        Whose workers refit what is not computed together, a few points at a time: a
        ``ThreadPoolExecutor()``; a ``ProcessPoolExecutor()``, to which the risk has to be pickled;
        dask's ``client.get_executor()``. It is left open.
    resume : path, optional
        A file that keeps the rows that are done: it is written about once a second, whole or not at
        all, and when the work ends or is interrupted. A call that names it again, for the same
        risk, theta and tol, computes the other rows. Several calls may share it.

    Raises
    ------
    ValueError
        The risk has no unique minimum to begin with; the only point of positive weight is asked
        for; theta has the wrong shape or is not finite; the parts of a risk written by hand do not
        belong together; the executor is the one that a `ShardedRisk` asks; `resume` names a file of
        another risk, theta or tol, or one that cannot be read. That file stays as it is.
    TypeError
        The risk cannot be pickled and sent to the executor's processes.
    RuntimeError
        A worker of the executor died, or the executor was shut down.

    Warns
    -----
    RuntimeWarning
        Once, with the indices of the points whose row is NaN, because the risk has no unique
        minimum without them, or did not converge.

    Notes
    -----
    Lesson: 10_agreement_with_truth
    """
    theta, tol = _start(risk, theta), _tolerance(tol)
    chosen = range(risk.n) if indices is None else check_indices(indices, risk.n)
    refuse_the_last(risk, chosen)
    _check_parts(risk, theta)
    if executor is not None:
        require.instance(executor, "executor", ("submit",), "ProcessPoolExecutor()")
        if executor is getattr(risk, "executor", None):
            raise ValueError(
                "The executor is the one that the risk asks its shards by: its workers would wait "
                "for each other. Leave it out, or give leave_one_out another."
            )
    look = {"desc": "retraining", "unit": "point"}
    with Kept(resume, risk, theta, tol) as kept, bar(len(chosen), progress, **look) as advance:
        rows, failed = _rows(risk, theta, chosen, tol, advance, executor, kept)
    if failed:
        warnings.warn(_failure(failed), RuntimeWarning, stacklevel=3)
    return rows


@quiet()
def _rows(
    risk: Any,
    theta: Array,
    chosen: Sequence[int],
    tol: float,
    advance: Callable[[int], Any],
    executor: Any,
    kept: Kept,
) -> tuple[Array, list[int]]:
    """All rows in the order of `chosen`, and the points that failed."""
    xp = array_namespace(theta)
    rows = xp.zeros((len(chosen), theta.shape[0]), dtype=theta.dtype, device=device(theta))
    positions, known = kept.known(chosen, theta)
    put_rows(rows, positions, known)
    advance(len(positions))
    failed: list[int] = []
    left = sorted(set(range(len(chosen))).difference(positions))
    if left:
        minimum = _minimum(risk, theta, tol)
        points = [chosen[k] for k in left]
        with closing(_changes(risk, minimum, points, tol, executor)) as work:
            for done, changes, finished in work:
                found, indices = (minimum - theta)[None, :] + changes, [points[k] for k in done]
                put_rows(rows, [left[k] for k in done], found)
                if finished:
                    kept.add(indices, found)
                else:
                    failed += indices
                advance(len(indices))
    return rows, sorted(failed)


def _changes(
    risk: Any, minimum: Array, points: Sequence[int], tol: float, executor: Any
) -> Generator[tuple[list[int], Array, bool], None, None]:
    """Positions in `points` with theta_{-i} - minimum, (k, p), and whether these are finished."""
    left = set(range(len(points)))
    if (together := joint_retraining(risk)) is not None:
        for done, changes in together(risk, minimum, tol).solve(points):
            left.difference_update(done.tolist())
            yield done.tolist(), changes, True
    if not left:
        return
    alone, targets = sorted(left), tol * share_norms(Watched(risk), minimum)
    asked = [(points[k], float(targets[points[k]])) for k in alone]
    for k, found in each(risk, minimum, asked, executor):
        yield [alone[k]], (found.theta - minimum)[None, :], found.finished


def _retrained(risk: Any, theta: Array, tol: float) -> Array:
    found, tol = Refit(theta, math.inf, finished=False), _tolerance(tol)
    for _ in range(2):  # from a far start the shares are larger than at the minimum
        with quiet():
            asked = Watched(risk, finite=False)
            target = tol * float(share_norms(asked, found.theta).max())
            if found.gradient_norm > target:
                found = refit(risk, found.theta, target)
    if not found.finished:
        warnings.warn(
            f"Retraining stopped with gradient norm {found.gradient_norm:.3g}: it falls no "
            "further, and that is more than rounding explains. The gradient and the Hessian of "
            "the risk may not belong together; check both with taylor_test.",
            RuntimeWarning,
            stacklevel=4,
        )
    return found.theta


def _minimum(risk: Any, theta: Array, tol: float) -> Array:
    """theta, or the minimum near it if theta is so far away that no row would converge."""
    asked = Watched(risk, finite=False)
    share, gradient = share_norms(asked, theta), asked.gradient(theta)
    gradient_norm = scalar(array_namespace(theta).linalg.vector_norm(gradient))
    if gradient_norm <= NOT_FITTED * root_mean_square(share):
        return theta
    return refit(risk, theta, tol * float(share.max())).theta


def _start(risk: Any, theta: Any) -> Array:
    return own(check_theta(theta, check_risk(risk).p, risk.weights))


def _check_parts(risk: Any, theta: Array) -> None:
    """Removal rests on the weights of a risk: those of one written by hand are looked at."""
    asked = Watched(risk)
    if callable(of_shards := getattr(risk, "check_parts", None)):
        of_shards(theta)
    elif not asked.ours:
        check_gradients(asked, theta, asked.example_gradients(theta))


def _tolerance(tol: float) -> float:
    why = "It is a part of one point's share of the gradient; 1e-10 costs hardly more than 1e-3."
    return require.real(tol, "tol", "[0, 1)", why, example="1e-10")


def _failure(failed: list[int]) -> str:
    shown = ", ".join(map(str, failed[:20])) + (", ..." if len(failed) > 20 else "")
    return (
        f"{len(failed)} of the leave-one-out retrainings failed, for the points {shown}: their "
        "rows are NaN where the risk has no unique minimum without the point (it alone determines "
        "a parameter, or the rest can be separated), and not converged otherwise. A larger l2 "
        "makes the minimum unique."
    )
