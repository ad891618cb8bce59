"""6.5: the bound that knows nothing but the condition number."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part


def _conditions() -> list[tuple]:
    return [(100.0, 5), (100.0, 20), (4.0, 3), (1e4, 50)]


def _any_condition(draw):
    kappa = draw.pick(1.0, draw.number(1.05, 3.0), draw.number(3.0, 99.0), draw.number(99.0, 999.0))
    k = draw.pick(0, 1, draw.whole(0, 9), draw.whole(10, 99))
    return (kappa, k) if kappa > 1 or k > 0 else None  # 0^0 is a convention


@exercise(
    "6.5",
    "The bound",
    prompt="""Return the bound on the A-norm of the error after k steps over that of the first
    error: twice the k-th power of steepest descent's rate, (kappa - 1)/(kappa + 1), but with the
    root of kappa in the place of kappa.""",
    minutes=3,
    difficulty=1,
    cases=_conditions,
    draw=_any_condition,
    hints=(
        "Two lines: the root of kappa, and the formula.",
        "For kappa = 4 the root is 2, the rate is 1/3, and each step divides the bound by 3.",
    ),
    explanation="""It comes from the polynomial of degree k that is smallest on the whole interval
    from the smallest to the largest eigenvalue (Chebyshev's). Conjugate gradients choose the best
    polynomial for the eigenvalues that are there, so they are at least as good.""",
    answer=formula(
        lambda c, rate, power: c * rate**power,
        c=part(
            lambda: 2.0,
            ("factor 2 lost", lambda: 1.0,
             """Yours is exactly half the bound, and too good to be true: for spread-out eigenvalues
             the measured error comes above it. The 2 is that of Chebyshev's polynomials."""),
        ),
        rate=part(
            lambda kappa: (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1),
            ("kappa for its root", lambda kappa: (kappa - 1) / (kappa + 1),
             lambda kappa: (kappa**2 - 1) / (kappa**2 + 1),
             """Far too pessimistic: kappa stands where its root belongs (or its square does).
             (kappa - 1)/(kappa + 1) is the rate of steepest descent; the root is what conjugate
             gradients gain."""),
            ("one root", lambda kappa: (np.sqrt(kappa) - 1) / (kappa + 1),
             lambda kappa: (kappa - 1) / (np.sqrt(kappa) + 1),
             "The root of kappa stands at one place alone: it belongs above and below the line."),
            ("rate for large kappa", lambda kappa: np.exp(-2 / np.sqrt(kappa)),
             lambda kappa: 1 - 2 / np.sqrt(kappa),
             """Your rate is what rho comes near to for large kappa, nearly 1 - 2/sqrt(kappa). Asked
             is rho itself."""),
            ("root of the quotient", lambda kappa: np.sqrt((kappa - 1) / (kappa + 1)),
             """You took the root of the whole quotient. It is kappa that gets the root, above and
             below the line: (sqrt(kappa) - 1) / (sqrt(kappa) + 1)."""),
            ("brackets", lambda kappa: np.sqrt(kappa) - 1 / np.sqrt(kappa) + 1,
             """Brackets are missing: without them only the 1 is divided. Above and below the line
             stand whole sums."""),
            ("minus the rate", lambda kappa: (1 - np.sqrt(kappa)) / (np.sqrt(kappa) + 1),
             """Right for even k and of the wrong sign for odd k: your rate is negative. Above the
             line stands sqrt(kappa) - 1, in this order."""),
            ("upside down", lambda kappa: (np.sqrt(kappa) + 1) / (np.sqrt(kappa) - 1),
             "A bound that grows: the rate is upside down. It has to be below 1."),
        ),
        power=part(
            lambda k: k,
            ("exponent 2k", lambda k: 2 * k,
             """The exponent is 2k. That is how the *square* of the error falls, the height above
             the bottom of the bowl (and then the factor would be 4)."""),
            ("no k", lambda: 1,
             "k does not occur in yours: it is the bound after one step. rho is the rate of each."),
            ("exponent k - 1", lambda k: k - 1,
             """The exponent is k - 1, so yours is the bound one step earlier. After k = 0 steps
             nothing is gained yet: 2 rho^0."""),
            ("exponent k + 1", lambda k: k + 1,
             """The exponent is k + 1, so yours promises a step too much. After k = 0 steps nothing
             is gained yet: 2 rho^0."""),
        ),
    ),
    mistakes=(
        ("2 inside the power", lambda rate, k: (2 * rate) ** k,
         """The 2 stands inside the brackets and is raised to the k-th power, too. It is a single 2
         in front."""),
        ("k times", lambda rate, k: 2 * rate * k,
         "The rate is multiplied by k. It is raised to the k-th power, `** k`."),
        ("half of it in the power",
         lambda kappa, k: 2 * (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1) ** k,
         lambda kappa, k: 2 * (np.sqrt(kappa) - 1) ** k / (np.sqrt(kappa) + 1),
         """Only one half of the quotient is raised to the k-th power: `**` comes before `/`. Put
         brackets around the whole rate, `2 * (above / below) ** k`."""),
    ),
)
def cg_bound(kappa, k):
    """The bound on |x_k - x*|_A / |x_0 - x*|_A for condition number kappa after k steps."""
    root = np.sqrt(kappa)
    return 2 * ((root - 1) / (root + 1)) ** k
