"""3.2: the order of convergence, read off three errors."""

from __future__ import annotations

import numpy as np

from .. import exercise


def _errors() -> list[tuple]:
    # A constant of 20 (e1 = 20 e0^2), which a ratio of logarithms to the base 1 takes long to
    # forget; one that settles late; orders 1, 1.6 and 3.
    return [
        (np.array([1e-2, 2e-3, 8e-5, 1.28e-7]),),
        (np.array([0.9, 0.5, 0.2, 0.03, 0.0006]),),
        (np.array([4.0, 1.9, 0.97, 0.55, 0.31]),),
        (np.array([0.3, 0.08, 0.011, 3.7e-4]),),
        (np.array([0.7, 0.2, 0.01, 1.1e-6]),),
    ]


def _measured(order) -> str:
    x, newton = 1.0, []
    low, high, halving = 1.0, 2.0, []
    root = 2**0.5
    for _ in range(4):
        newton.append(abs(x - root))
        x -= (x * x - 2) / (2 * x)
    for _ in range(12):
        halving.append(high - low)
        middle = (low + high) / 2
        low, high = (middle, high) if middle < root else (low, middle)
    found = [float(order(np.array(errors))) for errors in (newton, halving)]
    return (
        f"Measured with yours: Newton's method on x^2 = 2 has order {found[0]:.1f} (theory: 2), "
        f"halving an interval {found[1]:.1f} (theory: 1)."
    )


def _log_ratio(a, b):
    return np.log(a) / np.log(b)


@exercise(
    "3.2",
    "The order of convergence",
    prompt="""A method of order p has errors with e_{k+1} = C e_k^p, more and more exactly as it
    goes on. Write the p that the last three numbers in `errors` give. C is not known.""",
    minutes=6,
    difficulty=2,
    cases=_errors,
    hints=(
        "Write down e2 = C e1^p and e1 = C e0^p. How do you get rid of C?",
        "Divide the two equations: e2/e1 = (e1/e0)^p. How does an exponent come down?",
    ),
    explanation="""Dividing takes C away, the logarithm brings p down: p = log(e2/e1) / log(e1/e0).
    It is the slope of the line through (log e0, log e1) and (log e1, log e2). The last three errors
    count, since the formula holds in the limit only.""",
    mistakes=(
        ("constant left in", lambda errors: _log_ratio(errors[-1], errors[-2]),
         """Yours takes C to be 1. With errors small enough it tends to the right answer, but
         slowly: log C is still in it. Divide two such equations and C is gone."""),
        ("upside down", lambda errors: _log_ratio(errors[-2] / errors[-3], errors[-1] / errors[-2]),
         """Yours is exactly one over the order. The later ratio is the smaller one, and its
         logarithm stands on top."""),
        ("rate", lambda errors: errors[-1] / errors[-2],
         """This is the rate: by how much one step shrinks the error. It goes to 0 for every order
         above 1; the order is the exponent."""),
        ("constant", lambda errors: errors[-1] / errors[-2] ** 2,
         """This is the constant C, if the order is 2. You are asked for the order itself, which
         nobody has told you."""),
        ("first three", lambda errors: _log_ratio(errors[2] / errors[1], errors[1] / errors[0]),
         """You used the first three errors. The order is a property of the end: early steps are
         still finding their way. Take the last three."""),
        ("all errors", lambda errors: np.polyfit(np.log(errors[:-1]), np.log(errors[1:]), 1)[0],
         """You fitted a line through all the errors. The early ones bend it: the formula holds in
         the limit, so the last three are asked for."""),
        ("logarithms divided",
         lambda errors: _log_ratio(errors[-1], errors[-2]) / _log_ratio(errors[-2], errors[-3]),
         """You divided quotients of logarithms. The logarithm of a quotient is a difference, not a
         quotient: log(e2/e1), not log(e2)/log(e1)."""),
    ),
    remark=_measured,
)
def order(errors):
    """The order of convergence p from the last three of the positive errors, shape (k,)."""
    e0, e1, e2 = errors[-3:]
    return np.log(e2 / e1) / np.log(e1 / e0)
