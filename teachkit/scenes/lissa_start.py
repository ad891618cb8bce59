"""Where the LiSSA explorer begins: a risk, theta and b that it can sample, or why it cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import as_float, quiet, to_numpy
from teachkit.losses import Logistic
from teachkit.optimize import minimize
from teachkit.risks import LinearRisk
from teachkit.risks.checks import check_theta, check_vectors
from teachkit.scenes.lissa import VIEWS, LissaState
from teachkit.scenes.lissa_problem import DEPTHS, Problem

Array = np.ndarray


def begin(
    risk: Any = None, theta: Any = None, b: Any = None, *, scale: float | None = None,
    depth: int = 1000, batch: int | str = 1, seed: int = 0, view: str = "error",
) -> LissaState:  # fmt: skip
    """The state to start with; raises ValueError, a sentence, where there is none.

    Without a risk it is logistic regression on the digits 3 and 8, and b the gradient of the loss
    at the test image that it gets most wrong; with one, at its training example of largest loss.
    """
    tested: tuple[Any, Any] | None = None
    if risk is None:
        from teachkit.datasets import digits

        data = digits()
        tested = to_numpy(data.X_test), to_numpy(data.y_test)
        risk = LinearRisk(to_numpy(data.X_train), to_numpy(data.y_train), Logistic(), l2=0.01)
    if type(risk) is not LinearRisk:  # a subclass may have another H
        raise TypeError(
            f"risk is {type(risk).__name__}; the explorer samples the examples of a LinearRisk, "
            "many thousand times. Give one, or use teachkit.Lissa with yours."
        )
    risk = _of_numpy(risk)
    if theta is None:
        theta = minimize(risk, np.zeros(risk.p), tol=1e-10).x
    else:
        theta = check_theta(as_float(to_numpy(theta), "theta"), risk.p, risk.X)
    if b is None:
        X, y = tested or (risk.X, risk.y)
        worst = int(np.argmax(risk.loss_at(theta, X, y)))
        b = risk.gradient_at(theta, X[worst], y[worst])
    else:
        b = check_vectors(as_float(to_numpy(b), "b"), risk.p, risk.X, "b", columns=False)
    problem = Problem(
        np.asarray(risk.X),
        np.asarray(risk.weights * risk.loss.curvature(risk.X @ theta, risk.y)),
        np.asarray(risk.l2),
        np.asarray(risk.example_gradients(theta)),
        _of_size_1(np.asarray(b)),
    )
    _check(problem)
    size = problem.n if batch == "all" else batch
    for name, value, known in (("depth", depth, DEPTHS), ("batch", size, problem.batches),
                               ("view", view, VIEWS)):  # fmt: skip
        if value not in tuple(known):
            raise ValueError(f"{name} is {value}; the explorer has {', '.join(map(str, known))}.")
    if scale is None:
        scale = problem.largest(int(size))
    else:
        problem = replace(problem, told=(_told(problem, scale),))
        (scale,) = problem.told
    return LissaState(problem, scale, int(depth), int(size), require.whole(seed, "seed", 0), view)


def _of_numpy(risk: LinearRisk) -> LinearRisk:
    """The same risk in float64, whatever library its arrays are of."""
    parts = (np.asarray(to_numpy(part), dtype=float) for part in (risk.X, risk.y, risk.l2))
    X, y, l2 = parts
    return LinearRisk(X, y, risk.loss, l2=l2, weights=np.asarray(to_numpy(risk.weights), float))


def _of_size_1(b: Array) -> Array:
    """Its largest entry is 1 or -1. Raises ValueError, a sentence, where all are 0."""
    if not b.any():
        raise ValueError(
            "b is 0, and so is H^-1 b, at any scale and depth. Take the gradient of the loss at a "
            "point whose loss is not at its minimum."
        )
    return b / np.abs(b).max()


def _told(problem: Problem, scale: Any) -> float:
    """The scale, if the slider has room for it."""
    low, high = problem.scales[0], problem.scales[-1]
    why = f"The slider goes from {low:.3g} to {high:.3g}, around the largest eigenvalues."
    scale = require.real(scale, "scale", "(0, inf)", why)
    if not low <= scale <= high:
        raise ValueError(f"scale is {scale:g}. {why}")
    return scale


@quiet()
def _check(problem: Problem) -> None:
    """Refuse an H without an inverse, or with none that floats can hold."""
    if not np.isfinite(problem.H).all():
        raise ValueError(
            "H has numbers that are not finite: the curvatures overflow at this theta. Scale the "
            "columns of X, or take a smaller theta."
        )
    low, high = problem.eigenvalues[[0, -1]]
    if low <= len(problem.b) * np.finfo(float).eps * high:
        raise ValueError(
            f"H is not positive definite: its smallest eigenvalue is {low:.3g}, its largest "
            f"{high:.3g}, and along the smallest no scale leads to H^-1 b. Take a larger l2, or "
            "theta at the minimum."
        )
    if not 1e-100 < low <= high < 1e100:
        raise ValueError(
            f"H has eigenvalues from {low:.3g} to {high:.3g}, whose squares are no numbers of "
            "float64 any more. Scale the columns of X."
        )
