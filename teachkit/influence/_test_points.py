"""What is asked about: test points, what is known of them already, and points not yet there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from teachkit.arrays import Array, as_float
from teachkit.memory import in_tiles
from teachkit.risks import checks
from teachkit.risks._labels import refuse_text
from teachkit.risks.watched import Watched


class Rows(NamedTuple):
    """One row per test point, (m, p), and whether there was a single one, (d,) and a number."""

    rows: Array
    single: bool

    def of_each(self, values: Array) -> Array:
        """values (m, ...), or for a single test point its values alone."""
        return values[0, ...] if self.single else values


class Others(NamedTuple):
    """Points whose gradients g_i of the loss are made as they are needed."""

    asked: Watched
    theta: Array
    X: Array
    y: Array

    def rows(self, some: slice = slice(None)) -> Array:
        """g_i, (k, p)."""
        return self.asked.gradient_at(self.theta, self.X[some, :], self.y[some])

    def scores(self, s: Array) -> Array:
        """s_j' g_i, (m, k) for s (m, p): of some of the points at a time."""
        k, numbers = self.X.shape[0], 3 * s.shape[1]
        return in_tiles(lambda r: self.rows(r) @ s.T, k, (s.shape[0],), numbers, s).T


def refuse_none(X: Array) -> None:
    """Raise ValueError for no test points."""
    if X.shape[0] == 0:
        raise ValueError(
            "X_test has no rows: there is no test point whose loss could change. Look for a "
            "filter upstream that left nothing over."
        )


@dataclass(frozen=True, eq=False)
class TestPoints:
    """Gradients at points that are handed in; `read` brings these into the form of the risk's."""

    asked: Watched
    theta: Array
    read: Callable[[Any, Any], tuple[Any, Any]]

    def gradients(self, X_test: Any, y_test: Any) -> Rows:
        """grad L at the test points."""
        X, y, single = self._points(X_test, y_test)
        refuse_none(X)
        return Rows(self.asked.gradient_at(self.theta, X, y), single)

    def each(self, X_test: Any, y_test: Any, solve_rows: Callable[[Array, int], Array]) -> Rows:
        """H^-1 grad L at the test points: of some of them at a time."""
        X, y, single = self._points(X_test, y_test)
        refuse_none(X)

        m, p = X.shape[0], self.asked.p

        def of(rows: slice) -> Array:
            return solve_rows(self.asked.gradient_at(self.theta, X[rows, :], y[rows]), m)

        return Rows(in_tiles(of, m, (p,), 3 * p, self.theta), single)

    def known(self, s_test: Any, X_test: Any, y_test: Any) -> Rows:
        """The s_test that was given; test points beside it have to be as many."""
        s, p = as_float(s_test, "s_test", like=self.theta), self.asked.p
        if s.ndim not in (1, 2) or s.shape[-1] != p:
            raise ValueError(
                f"s_test has shape {tuple(s.shape)}; it has to be ({p},) for one test point or (m, "
                f"{p}): what Influence.s_test gives."
            )
        known = Rows(s[None, :] if s.ndim == 1 else s, s.ndim == 1)
        if X_test is not None:
            asked_for = self.gradients(X_test, y_test)
            m = asked_for.rows.shape[0]
            if (known.single, known.rows.shape[0]) != (asked_for.single, m):
                raise ValueError(
                    f"s_test has shape {tuple(s.shape)} beside {m} test point(s). Give the s_test "
                    "of these points, or leave the points out."
                )
        return known

    def others(self, points: Any) -> Others:
        """Points (X, y) that need not be training points."""
        if not (isinstance(points, tuple | list) and len(points) == 2):
            raise TypeError(
                f"of is {points!r:.60}; it has to be a pair (X, y), points in the form of the "
                "risk's own."
            )
        X, y, _ = self._points(points[0], points[1])
        return Others(self.asked, self.theta, X, y)

    def _points(self, X: Any, y: Any) -> tuple[Array, Array, bool]:
        X, y = self.read(X, y)
        risk = self.asked.risk
        if hasattr(risk, "classes"):
            refuse_text(y, "y_test")
        return checks.check_test_points(X, y, risk.X.shape[1], risk.weights)
