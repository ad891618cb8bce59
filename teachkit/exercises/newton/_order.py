"""3.2: the order of convergence, read off three errors."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, rule


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


def _any_errors(draw):
    # Most fall, some rise; the last two may be equal, and all of them tiny.
    steps = draw.numbers(draw.whole(3, 8), low=-6.0, high=1.5)
    steps[-1] *= draw.pick(0, 1, 1, 1)
    errors = draw.pick(1.0, 1.0, 1e-14) * np.exp(np.cumsum(steps))
    errors = np.array([float(f"{e:.3g}") for e in errors])
    return (errors,) if abs(np.log(errors[-2] / errors[-3])) > 0.1 else None


def _measured(order) -> str:
    x, newton = 1.0, []
    for _ in range(4):
        newton.append(abs(x - 2**0.5))
        x -= (x * x - 2) / (2 * x)
    found = [float(order(np.array(errors))) for errors in (newton, 0.5 ** np.arange(12))]
    return (
        f"Measured with yours: Newton's method on x^2 = 2 has order {found[0]:.1f} (theory: 2), "
        f"halving an interval {found[1]:.1f} (theory: 1)."
    )


def _log_ratio(a, b):
    return np.log(a) / np.log(b)


ORDER = rule(
    lambda e0, e1, e2: _log_ratio(e2 / e1, e1 / e0),
    ("constant left in", lambda e0, e1, e2: _log_ratio(e2, e1),
     """Yours takes C to be 1. With errors small enough it tends to the right answer, but slowly:
     log C is still in it. Divide two such equations and C is gone."""),
    ("upside down", lambda e0, e1, e2: _log_ratio(e1 / e0, e2 / e1),
     "Yours is one over the order: the logarithm of the later ratio stands on top."),
    ("rate", lambda e0, e1, e2: e2 / e1,
     "This is the rate, by how much one step shrinks the error. The order is the exponent."),
    ("constant", lambda e0, e1, e2: e2 / e1**2,
     "This is the constant C, if the order is 2. The order itself is asked for."),
    ("no logarithms", lambda e0, e1, e2: (e2 / e1) / (e1 / e0),
     """You divided the ratios themselves. From e2/e1 = (e1/e0)^p the exponent comes down by
     logarithms: log(e2/e1) / log(e1/e0)."""),
    ("logarithms of differences",
     lambda e0, e1, e2: _log_ratio(abs(e2 - e1), abs(e1 - e0)),
     """You took logarithms of differences of errors. How much one step shrinks the error is a
     ratio, e2/e1; its logarithm is a difference of logarithms."""),
    ("logarithms divided", lambda e0, e1, e2: _log_ratio(e2, e1) / _log_ratio(e1, e0),
     """You divided quotients of logarithms. The logarithm of a quotient is a difference, not a
     quotient: log(e2/e1), not log(e2)/log(e1)."""),
)


@exercise(
    "3.2",
    "The order of convergence",
    prompt="""A method of order p has errors with e_{k+1} = C e_k^p, more and more exactly as it
    goes on. Write the p that the last three numbers in `errors` give. C is not known.""",
    minutes=6,
    difficulty=2,
    cases=_errors,
    draw=_any_errors,
    hints=(
        "Write down e2 = C e1^p and e1 = C e0^p. How do you get rid of C?",
        "Divide the two equations: e2/e1 = (e1/e0)^p. How does an exponent come down?",
    ),
    explanation="""Dividing takes C away, the logarithm brings p down: p = log(e2/e1) / log(e1/e0).
    It is the slope of the line through (log e0, log e1) and (log e1, log e2). The last three errors
    count, since the formula holds in the limit only.""",
    answer=formula(lambda errors, p: p(*errors[-3:]), p=ORDER),
    mistakes=(
        ("first three", lambda errors, p: p(*errors[:3]),
         """You used the first three errors. The order is a property of the end: early steps are
         still finding their way. Take the last three."""),
        ("all errors", lambda errors: np.polyfit(np.log(errors[:-1]), np.log(errors[1:]), 1)[0],
         """You fitted a line through all the errors. The early ones bend it: the formula holds in
         the limit, so the last three are asked for."""),
    ),
    remark=_measured,
)
def order(errors):
    """The order of convergence p from the last three of the positive errors, shape (k,)."""
    e0, e1, e2 = errors[-3:]
    return np.log(e2 / e1) / np.log(e1 / e0)
