"""1.2: what a Taylor polynomial leaves over."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part


def _two_variables():
    """f(x) = e^x1 sin x2, with its gradient and Hessian: no third derivative is 0 here."""

    def f(x):
        return np.exp(x[0]) * np.sin(x[1])

    def g(x):
        return np.exp(x[0]) * np.array([np.sin(x[1]), np.cos(x[1])])

    def H(x):
        s, c = np.sin(x[1]), np.cos(x[1])
        return np.exp(x[0]) * np.array([[s, c], [c, -s]])

    return f, g, H


def _any_variables():
    """f(x) = log(e^x1 + e^x2 + ...) + x1^3."""

    def share(x):
        e = np.exp(x - x.max())
        return e / e.sum()

    def f(x):
        return np.log(np.exp(x).sum()) + x[0] ** 3

    def g(x):
        return share(x) + 3 * x[0] ** 2 * np.eye(len(x))[0]

    def H(x):
        q, e = share(x), np.eye(len(x))[0]
        return np.diag(q) - np.outer(q, q) + 6 * x[0] * np.outer(e, e)

    return f, g, H


TWO, ANY = _two_variables(), _any_variables()


def _cases() -> list[tuple]:
    hs = np.array([0.5, 0.2, 0.1, 0.05])
    return [
        (*TWO, np.array([0.3, 0.8]), np.array([1.0, -2.0]), hs),
        (*ANY, np.array([-0.7, 0.4, 1.1]), np.array([1.5, 0.5, -1.0]), hs),
        (*TWO, np.array([0.3, 0.8]), np.array([1.0, 0.5]), hs),  # f bends up here, down above
    ]


def _any_expansion(draw):
    # Steps in any order, forwards and backwards, and of length 0.
    functions, p = draw.pick((TWO, 2), (ANY, draw.whole(1, 4)))
    x, d = draw.numbers(p, low=-2.0, high=2.0), draw.numbers(p, low=-2.0, high=2.0)
    hs = draw.numbers(draw.whole(1, 6), low=0.05, high=1.0) * draw.pick(1.0, 1.0, -1.0)
    hs[draw.index(len(hs))] *= draw.pick(0.0, -1.0, 1.0, 1.0)
    case = (*functions, x, d, hs)
    return case if np.abs(taylor_remainders.reference(*case)[1]).max() > 1e-4 else None


def _changes(f, x, d, hs):
    return np.array([f(x + h * d) for h in hs]) - f(x)


def _both(change, first, second):
    return np.abs(change - first), np.abs(change - first - second)


ALONG_ONES = """f is evaluated at x + h. NumPy adds the number h to every entry of x, a step along
(1, 1, ..., 1). The step goes along d: x + h d."""

AT_X = """You took a derivative at x + h d. Taylor's polynomial knows the function at x alone; that
is what makes it a prediction."""

CHANGE = part(
    _changes,
    ("d not scaled", lambda f, x, d, hs: f(x + d) - f(x) + 0 * hs,
     "f is evaluated at x + d for every h. The step is h d: at x + h d."),
    ("f(x) kept", lambda f, x, d, hs: np.array([f(x + h * d) for h in hs]),
     """Your remainders approach |f(x)| as h gets small, not 0: the first term of the polynomial,
     f(x), is not subtracted."""),
    ("direction forgotten", lambda f, x, hs: _changes(f, x, 1.0, hs), ALONG_ONES),
)

FIRST = part(
    lambda g, x, d, hs: hs * (g(x) @ d),
    ("sign of the first-order term", lambda g, x, d, hs: -hs * (g(x) @ d),
     """The term of first order, h g'd, is added where it has to be subtracted, so the remainder
     shrinks like h only."""),
    ("first-order term not scaled", lambda g, x, d, hs: g(x) @ d + 0 * hs,
     """The term of first order is g'd without its h, so the remainders do not go to 0 at all. It is
     h g'd."""),
    ("derivatives at x + h d", lambda g, x, d, hs: hs * [g(x + h * d) @ d for h in hs],
     AT_X),
)

SECOND = part(
    lambda H, x, d, hs: hs**2 / 2 * (d @ H(x) @ d),
    ("no 1/2", lambda H, x, d, hs: hs**2 * (d @ H(x) @ d),
     """The second-order term needs its factor 1/2: h^2/2 d'H d. Without it the second remainder
     shrinks like h^2, no faster than the first."""),
    ("sign of the second-order term", lambda H, x, d, hs: -(hs**2) / 2 * (d @ H(x) @ d),
     """In the second array the Hessian's term has the wrong sign: the whole polynomial is
     subtracted from f(x + h d), each of its terms."""),
    ("half of h squared", lambda H, x, d, hs: (hs / 2) ** 2 * (d @ H(x) @ d),
     """In the second array you took 1/4 of h^2 d'H d, as if h/2 were squared. Only h is squared,
     and the half stands outside."""),
    ("h instead of h^2", lambda H, x, d, hs: hs / 2 * (d @ H(x) @ d),
     """The second-order term is multiplied by h once; it is h^2/2 d'H d. As it stands, the second
     remainder shrinks like h only."""),
    ("second-order term not scaled", lambda H, x, d, hs: d @ H(x) @ d / 2 + 0 * hs,
     """h is missing in the second-order term, so the second remainder does not go to 0 with it. It
     is h^2/2 d'H d: it belongs to the step h d, as f(x + h d) does."""),
    ("derivatives at x + h d", lambda H, x, d, hs: hs**2 / 2 * [d @ H(x + h * d) @ d for h in hs],
     AT_X),
)


@exercise(
    "1.2",
    "What Taylor leaves over",
    prompt="""`f`, `g` and `H` are functions of x: a value, its gradient (p,), its Hessian (p, p).
    `x` is a point and `d` a direction, both (p,). For every step h in `hs` compute how far
    f(x + h d) is from its Taylor polynomial of first and of second order in h, taken at x. Return
    the absolute remainders as two arrays, each as long as `hs`: first order, then second.""",
    minutes=8,
    difficulty=2,
    cases=_cases,
    draw=_any_expansion,
    hints=(
        """Along the direction d you have a function of one number, phi(h) = f(x + h d). What are
        phi'(0) and phi''(0) in terms of g, H and d?""",
        """phi'(0) = g'd and phi''(0) = d'H d. Taylor's polynomial of second order in h has three
        terms; the last has a factor that is easy to forget.""",
        """Loop over hs, or collect f(x + h d) in a list comprehension; the two polynomials can be
        computed for the whole array hs at once.""",
    ),
    explanation="""phi(h) = f(x + h d) has the derivatives g'd and d'H d at 0, so the polynomials
    are f(x) + h g'd and f(x) + h g'd + h^2/2 d'H d. Their remainders shrink like h^2 and h^3.""",
    answer=formula(_both, change=CHANGE, first=FIRST, second=SECOND),
    mistakes=(
        ("signs of both terms", lambda change, first, second: _both(change, -first, -second),
         """Both terms of the polynomial have the wrong sign, so that neither remainder shrinks
         faster than h. A remainder is f(x + h d) minus the polynomial: minus f(x), minus h g'd,
         minus h^2/2 d'H d. Look for a bracket around the polynomial that is missing."""),
        ("sign in the first array", lambda change, first, second: (
             np.abs(change + first), np.abs(change - first - second)),
         "The second array is right. In the first h g'd is added where it has to be subtracted."),
        ("Hessian without gradient", lambda change, first, second: (
             np.abs(change - first), np.abs(change - second)),
         """The first array is right. The polynomial of second order contains the term of first
         order: subtract both."""),
        ("signs kept",
         lambda change, first, second: (change - first, change - first - second),
         lambda change, first, second: (first - change, first + second - change),
         """The sizes are right; some are negative. The absolute remainders are asked for: on
         log-log axes a negative number has no place."""),
        ("size taken early", lambda change, first, second: (
             np.abs(change - first), np.abs(np.abs(change - first) - second)),
         """The first array is right, and you went on from its absolute values. Where f bends down
         the sign is lost: subtract h^2/2 d'H d first, and take absolute values at the end."""),
        ("direction forgotten", lambda f, g, H, x, hs: (
             _both(_changes(f, x, 1.0, hs), hs * g(x).sum(), hs**2 / 2 * H(x).sum())), ALONG_ONES),
        ("polynomials",
         lambda f, x, first, second: (f(x) + first, f(x) + first + second),
         lambda first, second: (first, first + second),
         """These are the polynomials themselves, or what they add to f(x). What is asked for is
         what they leave over: how far f(x + h d) is from each of them."""),
        ("orders one too low", lambda change, first: (np.abs(change), np.abs(change - first)),
         """These are the remainders of order 0 and 1: your first array is the change of f, and your
         second is the first that is asked for. The polynomial of first order contains h g'd, that
         of second order h^2/2 d'H d as well."""),
        ("one h alone",
         *(lambda change, first, second, k=k: tuple(r[k] for r in _both(change, first, second))
           for k in (-1, 0)),
         """You return two numbers, the remainders of one h: the last, if each round of a loop
         overwrites the one before, or the first, if `return` stands inside it. Collect one number
         for each h: two arrays as long as hs."""),
        ("functions not called", lambda g, d: g @ d, lambda H, d: d @ H @ d,
         "`g` and `H` are functions. The gradient at x is `g(x)`, the Hessian `H(x)`."),
    ),
)
def taylor_remainders(f, g, H, x, d, hs):
    """|f(x + h d) - polynomial| for each h in hs, (m,): of first order, and of second order."""
    change = np.array([f(x + h * d) for h in hs]) - f(x)
    first = change - hs * (g(x) @ d)
    second = first - hs**2 / 2 * (d @ H(x) @ d)
    return np.abs(first), np.abs(second)
