"""A loss with every answer looked at: it works element by element, and its parts fit together."""

from __future__ import annotations

from typing import Any

import numpy as np

from teachkit.arrays import Array, array_namespace, as_real, device, own, quiet, to_numpy
from teachkit.boundary import ours
from teachkit.losses import Loss


class Elementwise:
    """The value, slope, curvature and change of slope of a loss, one number for each score.

    Raises ValueError for an answer of another shape, such as a sum or a mean over examples.
    """

    def __init__(self, loss: Loss) -> None:
        self.loss = _check_loss(loss)
        self.binary = bool(getattr(loss, "binary", False))
        self._ours, self._has_change = ours(type(loss)), _has_change_of_its_slope(loss)

    def value(self, score: Array, y: Array) -> Array:
        return self._ask("value", score, y, like=score)

    def slope(self, score: Array, y: Array) -> Array:
        return self._ask("slope", score, y, like=score)

    def curvature(self, score: Array, y: Array) -> Array:
        return self._ask("curvature", score, y, like=score)

    def slope_change(self, score: Array, change: Array, y: Array) -> Array:
        """slope(score + change) - slope(score), for a change (n, k) of scores (n, 1).

        No change is none of the slope either, also where a user's formula divides 0 by 0.
        """
        if self._has_change:
            found = self._ask("slope_change", score, change, y, like=change)
            if self._ours:
                return found
            xp = array_namespace(change)
            return xp.where(change == 0.0, xp.zeros_like(found), found)
        return self.slope(score + change, y + 0.0 * change) - self.slope(score, y)

    def _ask(self, name: str, *arguments: Array, like: Array) -> Array:
        if not self._ours:
            arguments = tuple(map(own, arguments))
        found = getattr(self.loss, name)(*arguments)
        shape = tuple(getattr(found, "shape", ()))
        if shape != like.shape:
            raise ValueError(
                f"{self.loss!r} gave {name.replace('_', ' ')}s of shape {shape} for scores of "
                f"shape {tuple(like.shape)}; a loss works element by element, without a sum or a "
                "mean."
            )
        return found if self._ours else as_real(found, f"The {name} of {self.loss!r}", like)


def _has_change_of_its_slope(loss: Any) -> bool:
    """Whether its slope_change is that of its slope: not where a subclass has another slope."""
    if not hasattr(loss, "slope_change"):
        return False
    home = {
        name: next((k for k, cls in enumerate(type(loss).__mro__) if name in vars(cls)), -1)
        for name in ("slope", "slope_change")
    }
    return home["slope_change"] <= home["slope"]


@quiet()
def check_parts(loss: Elementwise, y: Array) -> None:
    """Raise ValueError where slope or curvature of a user's loss is not the derivative it is.

    Compared with central differences at a few scores, where those of two steps agree: near a kink,
    or where a formula overflows, nothing can be told.
    """
    if loss._ours:
        return
    xp = array_namespace(y)
    scores = xp.linspace(-1.7, 2.3, 9, dtype=y.dtype, device=device(y))
    y = xp.take(y, xp.asarray(np.arange(9) % y.shape[0], device=device(y)))
    r = float(xp.finfo(y.dtype).eps) ** 0.25
    for name, of in (("slope", "value"), ("curvature", "slope")):
        try:
            wide, narrow = (_differences(getattr(loss, of), scores, y, h) for h in (r, r / 2))
            given = to_numpy(getattr(loss, name)(scores, y))
        except (ValueError, NotImplementedError):  # no derivative there; who asks for it is told
            continue
        size = np.maximum(np.abs(narrow), np.abs(given))
        clear = np.abs(wide - narrow) <= 1e-3 * np.max(np.abs(narrow), initial=0.0)
        wrong = clear & (np.abs(given - narrow) > 0.02 * size + 1e-6 * np.max(size))
        if np.any(wrong):
            k = int(np.flatnonzero(wrong)[0])
            raise ValueError(
                f"The {name} of {loss.loss!r} is {given[k]:.4g} at the score "
                f"{to_numpy(scores)[k]:.4g} and y = {to_numpy(y)[k]:g}, where differences of its "
                f"{of} give {narrow[k]:.4g}. Every method works element by element, without a mean "
                f"or a sum; look for a factor or a sign in the {name}. (An approximate H goes into "
                "inverse_hvp, not into a loss.)"
            )


def _differences(function: Any, scores: Array, y: Array, r: float) -> np.ndarray:
    return to_numpy(function(scores + r, y) - function(scores - r, y)) / (2.0 * r)


def _check_loss(loss: Any) -> Loss:
    if isinstance(loss, type):
        raise TypeError(
            f"loss is the class {loss.__name__}; a loss is an instance of it: {loss.__name__}() "
            "with its parameters, if it has any, in the brackets."
        )
    if not all(callable(getattr(loss, name, None)) for name in ("value", "slope", "curvature")):
        raise TypeError(
            f"loss is {loss!r}; it has to be a loss such as Logistic(), Square() or "
            "SmoothHinge(t), or an object with the methods value, slope and curvature."
        )
    return loss
