"""Support vector machines of kernels: why they have no influence function, and what is near."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np


def refuse_svc(model: Any, weights: np.ndarray) -> NoReturn:
    """Raise ValueError: C sum_i w_i max(0, 1 - y_i (f(x_i) + b)) + |f|^2 / 2 has no H.

    Made smooth it is another model. Its scores are close, what removals do to it is not: with the
    hinge the support vectors on the kink stay there while a weight falls, until another one comes
    or one of them leaves (Cauwenberghs & Poggio 2001), and no H at one place knows of that.
    """
    kink = (
        f"SVC(kernel={model.kernel!r}) puts support vectors exactly on the kink of the hinge, "
        "where there is no curvature: there is no influence function. "
    )
    if model.kernel == "linear":
        raise ValueError(f"{kink}Fit LinearSVC(), whose squared hinge has one.")
    if model.kernel != "rbf":
        raise ValueError(f"{kink}For kernel='rbf' a KernelRisk with a SmoothHinge comes near it.")
    n, classes = len(weights), np.asarray(model.classes_).tolist()
    if len(classes) == 2:
        l2 = f"{1.0 / (n * model.C):.6g}"
        who = f"X as the SVC saw it, y +1 for {classes[1]!r} and -1 for {classes[0]!r}"
    else:
        l2 = f"1 / (len(y) * {model.C:.6g})"
        who = f"the rows of two of its {len(classes)} classes, y -1 and +1"
    even = bool(np.all(weights == 1.0))
    w, counted = ("", "") if even else (", weights=w", ", w_i what example i counted in the fit")
    raise ValueError(
        f"{kink}A model of its own comes near it, without an intercept: risk = KernelRisk(X, y, "
        f"SmoothHinge(0.1), gamma={model._gamma:.6g}, l2={l2}{w}), with {who}{counted}; "
        "theta = retrain(risk, 0 * risk.weights). How near, risk.features(X) @ theta beside "
        "decision_function(X) says; what removals do to it is not what they do to the SVC."
    )
