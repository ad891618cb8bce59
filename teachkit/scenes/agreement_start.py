"""Where the agreement explorer begins: data, a fit and a test point, or why they cannot be had."""

from __future__ import annotations

from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import as_float, quiet, to_numpy
from teachkit.datasets import Split, digits
from teachkit.losses import Logistic
from teachkit.risks import LinearRisk
from teachkit.scenes.agreement import STOPS, AgreementState, Data, choose

Array = np.ndarray
PENALTIES = (1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0)
MOST = 2000  # points: more can be neither told apart nor drawn while one waits
OFFERED = 200  # test points in the menu, at most


def begin(
    data: Any = None, *others: Any, l2: float = 0.01, test: int | None = None,
    leverage: bool = False, stop: float = 0.0, names: tuple[str, str] | None = None,
) -> AgreementState:  # fmt: skip
    """All training points in, and the test point of the largest loss unless one is told."""
    require.real(l2, "l2", "(0, inf)", "It is the penalty; with one, every group has a truth.")
    if stop not in STOPS:
        raise ValueError(f"stop is {stop}; the slider has {', '.join(f'{s:g}' for s in STOPS)}.")
    if names is not None and (isinstance(names, str) or len(names) != 2):
        raise ValueError(
            f"names is {names!r}; it takes two, those of the classes -1 and +1, such as "
            '("digit 3", "digit 8").'
        )
    if data is None:
        data, names = digits(), names or ("digit 3", "digit 8")
    made = _data(data, others, names or ("class −1", "class +1"))
    state = AgreementState(made, float(l2), 0, bool(leverage), float(stop))
    hardest = int(np.argmax(_test_losses(state)))
    return choose(state, hardest if test is None else test)


def _data(data: Any, others: tuple[Any, ...], names: tuple[str, str]) -> Data:
    parts = ("X_train", "y_train", "X_test", "y_test")
    if isinstance(data, Split) and not others:
        X, y, X_test, y_test = (as_float(to_numpy(getattr(data, part)), part) for part in parts)
        features, shape = data.feature_names, data.image_shape
    elif len(others) == 3:
        values = zip((data, *others), ("X", "y", "X_test", "y_test"), strict=True)
        X, y, X_test, y_test = (as_float(to_numpy(value), name) for value, name in values)
        features, shape = (), None
    else:
        raise TypeError(
            "The explorer takes a Split, such as teachkit.datasets.digits(), or X, y, X_test and "
            "y_test: a loss is looked at that the model was not fitted to."
        )
    risk = LinearRisk(X, y, Logistic(), l2=1.0)  # checks X and y, and says what is wrong
    if X_test.ndim != 2 or X_test.shape[1] != risk.p or y_test.shape != X_test.shape[:1]:
        raise ValueError(
            f"X_test has shape {X_test.shape} and y_test {y_test.shape}; X has {risk.p} columns, "
            f"so they are (m, {risk.p}) and (m,)."
        )
    if not len(y_test):
        raise ValueError("There is no test point: X_test has no rows. Give at least one.")
    if not set(np.unique(y_test)) <= {-1.0, 1.0}:
        raise ValueError(
            f"The labels in y_test are {np.unique(y_test)[:5].tolist()}; they are -1 and +1, as in "
            "y. For labels 0 and 1 take 2 * y_test - 1."
        )
    if not 3 <= len(y) <= MOST:
        raise ValueError(
            f"There are {len(y)} training points; 3 to {MOST} can be drawn and retrained while "
            "one waits. Take some of the rows."
        )
    names_of = features or tuple(f"column {j}" for j in range(X.shape[1]))
    return Data(X, y, X_test, y_test, names, tuple(names_of), shape)


@quiet()
def _test_losses(state: AgreementState) -> Array:
    influence, data = state.fit.influence, state.data
    return influence.risk.loss_at(influence.theta, data.X_test / state.fit.scale, data.y_test)


def offered(state: AgreementState) -> list[tuple[str, int]]:
    """Test points, the largest loss at the start first: what each is called, and its number."""
    order = np.argsort(-_test_losses(state), kind="stable")
    some = order[np.unique(np.linspace(0, len(order) - 1, min(OFFERED, len(order))).astype(int))]
    data = state.data
    offers = [*map(int, some)]
    if state.test not in offers:
        offers.insert(0, state.test)
    return [(f"{i}: {data.name_of(data.y_test[i])}", i) for i in offers]


def penalties(state: AgreementState) -> list[tuple[str, float]]:
    """Those on offer, the smallest first, with the one it starts with."""
    return [(f"{value:g}", value) for value in sorted({*PENALTIES, state.l2})]
