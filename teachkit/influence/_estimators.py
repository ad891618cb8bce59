"""Which scikit-learn estimators are known, and which risk each of them minimised.

One more kind is one more function under `reads`, with its class's name; of the kinds that have no
influence function, those under `REFUSED` are told what comes near them. scikit-learn itself is not
needed: what a fitted model says of itself is enough.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

import numpy as np

from teachkit.influence._labels import Labels, Targets, as_numbers
from teachkit.influence._svc import refuse_svc
from teachkit.losses import Logistic, Loss, Square, SquaredHinge
from teachkit.risks import LinearRisk, SoftmaxRisk


class Read(NamedTuple):
    """A fitted model as what it is here."""

    risk: Any
    theta: np.ndarray
    targets: Targets


class Given(NamedTuple):
    """What an estimator was fitted to: rows with a column of ones where it has an intercept."""

    rows: np.ndarray
    y: Any
    weights: np.ndarray  # (n,)
    ones: bool


KINDS: dict[str, Callable[[Any, Given], Read]] = {}
REFUSED: dict[str, Callable[[Any, Given], NoReturn]] = {
    "SVC": lambda model, given: refuse_svc(model, given.weights),
}


def reads(*names: str) -> Callable[[Any], Any]:
    """Enter a function as what reads the fitted models of these classes of scikit-learn."""

    def enter(read: Any) -> Any:
        KINDS.update(dict.fromkeys(names, read))
        return read

    return enter


def check_known(model: Any) -> Callable[[Any, Given], Read]:
    """What reads this model; a sentence if it is of another kind, or not fitted."""
    kind = model if isinstance(model, type) else type(model)
    known, name = ", ".join(sorted(KINDS)), kind.__name__
    every = KINDS | REFUSED
    if isinstance(model, type):
        raise TypeError(f"model is the class {name} itself; it has to be a fitted {name}().")
    if kind.__module__.split(".")[0] != "sklearn" or name not in every:
        inside = " Take its best_estimator_." if hasattr(model, "best_estimator_") else ""
        raise TypeError(
            f"model is {model!r:.80}, a {name}. Known are of scikit-learn {known}, also at the end "
            f"of a Pipeline.{inside} Any other model whose loss can be written down is a risk."
        )
    if not (hasattr(model, "coef_") or hasattr(model, "dual_coef_")):
        raise ValueError(f"The {name} is not fitted: call model.fit(X, y) first.")
    return every[name]


@reads("Ridge", "LinearRegression")
def of_regression(model: Any, given: Given) -> Read:
    """sum_i w_i (x_i' theta - y_i)^2 + alpha ||theta||^2, over n."""
    if np.ndim(model.coef_) != 1:
        raise ValueError(
            f"The {type(model).__name__} has {np.shape(model.coef_)[0]} targets: each of them is a "
            "regression of its own. Fit it to one y, (n,)."
        )
    return _linear(model, given, Square(), 2.0 * _alpha(model), as_numbers)


@reads("RidgeClassifier")
def of_ridge_classifier(model: Any, given: Given) -> Read:
    """The square loss on labels -1 and +1."""
    return _linear(model, given, Square(), 2.0 * _alpha(model), _two(model))


@reads("LogisticRegression")
def of_logistic_regression(model: Any, given: Given) -> Read:
    """C sum_i w_i L_i + ||coef||^2 / 2, over n C; of several classes by softmax."""
    liblinear, classes = model.solver == "liblinear", len(model.classes_)
    multi = getattr(model, "multi_class", None)
    if classes > 2 and (liblinear or multi == "ovr" or _one_against_rest(model)):
        raise ValueError(_SEVERAL.format(classes, type(model).__name__))
    if classes == 2 and multi == "multinomial":
        raise ValueError(
            "multi_class='multinomial' of two classes has a penalty of its own. Fit without it, "
            "and two classes are logistic regression."
        )
    penalty = getattr(model, "penalty", "deprecated")
    l1 = penalty == "deprecated" and model.l1_ratio not in (0, None)
    if l1 or penalty not in ("deprecated", "l2", None):
        raise ValueError(
            f"The LogisticRegression has an l1 penalty (penalty={penalty!r}, l1_ratio="
            f"{model.l1_ratio!r}), which has no derivative where weights are 0: there is no "
            "influence function. Fit it with an l2 penalty or none."
        )
    strength = 0.0 if penalty is None else 1.0 / model.C  # C = inf is no penalty
    if classes == 2:
        scaling = model.intercept_scaling if liblinear else np.inf
        return _linear(model, given, Logistic(), strength, _two(model), scaling)
    return _softmax(model, given, strength)


@reads("LinearSVC")
def of_linear_svc(model: Any, given: Given) -> Read:
    """C sum_i w_i max(0, 1 - y_i s_i)^2 + ||theta||^2 / 2, over n C, the intercept penalised."""
    if model.loss != "squared_hinge":
        raise ValueError(
            f"LinearSVC(loss={model.loss!r}) puts its support vectors exactly on the kink of the "
            "hinge, where there is no curvature: there is no influence function. Fit it with "
            "loss='squared_hinge', which has one; or, as an approximation of the hinge, "
            "LinearRisk(X, y, SmoothHinge(0.1))."
        )
    if model.penalty != "l2":
        raise ValueError(
            f"LinearSVC(penalty={model.penalty!r}): only the l2 penalty has a Hessian."
        )
    signs, scaling = _two(model), model.intercept_scaling
    return _linear(model, given, SquaredHinge(), 1.0 / model.C, signs, scaling)


def _linear(
    model: Any,
    given: Given,
    loss: Loss,
    strength: float,
    targets: Targets,
    scaling: float = np.inf,
) -> Read:
    """LinearRisk with l2 = strength / n, and strength / scaling^2 / n for the intercept."""
    if getattr(model, "positive", False):
        raise ValueError(
            "positive=True keeps coefficients from going below 0, and at such a bound there is no "
            "influence function. Fit it without."
        )
    coef, (n, p) = np.asarray(model.coef_, dtype=float).reshape(-1), given.rows.shape
    l2 = np.full(p, strength / n)
    if given.ones:
        coef = np.append(coef, np.asarray(model.intercept_, dtype=float).reshape(-1))
        l2[-1] /= scaling**2
    y = targets(given.y, "y")
    return Read(LinearRisk(given.rows, y, loss, l2=l2, weights=given.weights), coef, targets)


def _softmax(model: Any, given: Given, strength: float) -> Read:
    """SoftmaxRisk; what has no penalty is centred, since its common shift changes nothing."""
    classes, (n, d) = len(model.classes_), given.rows.shape
    W: Any = np.asarray(model.coef_, dtype=float).T
    l2 = np.full((d, classes), strength / n)
    if given.ones:
        W, l2[-1] = np.vstack([W, model.intercept_]), 0.0
    free = l2[:, 0] == 0.0
    W = np.where(free[:, None], W - W.mean(axis=1, keepdims=True), W)
    targets = Labels(model.classes_)
    y, w = targets(given.y, "y"), given.weights
    risk = SoftmaxRisk(given.rows, y, l2=l2.reshape(-1), weights=w, classes=classes)
    return Read(risk.centred(), W.reshape(-1), targets)


def _two(model: Any) -> Labels:
    """The labels of two classes as -1 and +1."""
    if len(model.classes_) != 2:
        raise ValueError(_SEVERAL.format(len(model.classes_), type(model).__name__))
    return Labels(model.classes_, signs=True)


def _alpha(model: Any) -> float:
    alpha = np.asarray(getattr(model, "alpha", 0.0), dtype=float)
    return float(alpha.reshape(-1)[0])


def _one_against_rest(model: Any) -> bool:
    """Whether the solver is one that did so, before scikit-learn 1.6."""
    if model.solver != "newton-cholesky":
        return False
    import sklearn

    return tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 6)


_SEVERAL = (
    "{} classes and a {} that fits each of them against the rest: these are as many models, and "
    "no single influence function. Fit one for the class in question (y == label), or "
    "LogisticRegression(), whose classes have one loss together."
)
