"""1.2: what a Taylor polynomial leaves over."""

from __future__ import annotations

import numpy as np

from .. import exercise


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


def _three_variables():
    """f(x) = log(e^x1 + e^x2 + e^x3) + x1^3."""

    def share(x):
        e = np.exp(x - x.max())
        return e / e.sum()

    def f(x):
        return np.log(np.exp(x).sum()) + x[0] ** 3

    def g(x):
        return share(x) + np.array([3 * x[0] ** 2, 0.0, 0.0])

    def H(x):
        q = share(x)
        return np.diag(q) - np.outer(q, q) + np.diag([6 * x[0], 0.0, 0.0])

    return f, g, H


def _cases() -> list[tuple]:
    hs = np.array([0.5, 0.2, 0.1, 0.05])
    return [
        (*_two_variables(), np.array([0.3, 0.8]), np.array([1.0, -2.0]), hs),
        (*_three_variables(), np.array([-0.7, 0.4, 1.1]), np.array([1.5, 0.5, -1.0]), hs),
    ]


def _pieces(f, g, H, x, d, hs):
    """The true changes of f, and the terms of first and second order."""
    changes = np.array([f(x + h * d) for h in hs]) - f(x)
    return changes, hs * (g(x) @ d), hs**2 * (d @ H(x) @ d)


def _of(formula):
    """A wrong answer made of these pieces."""
    return lambda *case: formula(*_pieces(*case))


def _both(changes, first, second):
    return np.abs(changes - first), np.abs(changes - first - second)


def _one_h(f, g, H, x, d, hs):
    changes, first, _ = _pieces(f, g, H, x, d, hs)
    return _both(changes, first, hs * (d @ H(x) @ d) / 2)


def _unscaled(f, g, H, x, d, hs):
    _, first, second = _pieces(f, g, H, x, d, hs)
    return _both(f(x + d) - f(x), first, second / 2)


def _no_h_first(f, g, H, x, d, hs):
    changes, first, second = _pieces(f, g, H, x, d, hs)
    return _both(changes, first / hs, second / 2)


def _no_h(f, g, H, x, d, hs):
    changes, first, second = _pieces(f, g, H, x, d, hs)
    return _both(changes, first / hs, second / hs**2 / 2)


def _no_h_second(f, g, H, x, d, hs):
    changes, first, second = _pieces(f, g, H, x, d, hs)
    return _both(changes, first, second / hs**2 / 2)


def _value_kept(f, g, H, x, d, hs):
    changes, first, second = _pieces(f, g, H, x, d, hs)
    return _both(changes + f(x), first, second / 2)


def _polynomials(f, g, H, x, d, hs):
    _, first, second = _pieces(f, g, H, x, d, hs)
    return f(x) + first, f(x) + first + second / 2


def _without_d(f, g, H, x, d, hs):
    """f is taken at x + h, that is along (1, 1, ..., 1)."""
    along, _, _ = _pieces(f, g, H, x, np.ones_like(x), hs)
    _, first, second = _pieces(f, g, H, x, d, hs)
    return _both(along, first, second / 2)


def _nowhere_d(f, g, H, x, d, hs):
    changes, first, second = _pieces(f, g, H, x, np.ones_like(x), hs)
    return _both(changes, first, second / 2)


def _at(place):
    """The remainders of one h alone."""

    def wrong(*case):
        changes, first, second = _pieces(*case)
        return tuple(remainder[place] for remainder in _both(changes, first, second / 2))

    return wrong


def _wrong_point(f, g, H, x, d, hs):
    changes = np.array([f(x + h * d) for h in hs]) - f(x)
    first = hs * np.array([g(x + h * d) @ d for h in hs])
    second = hs**2 * np.array([d @ H(x + h * d) @ d for h in hs])
    return _both(changes, first, second / 2)


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
    mistakes=(
        ("no 1/2", _of(_both),
         """The first array is right. The second-order term needs its factor 1/2: h^2/2 d'H d.
         Without it the second remainder shrinks like h^2, no faster than the first."""),
        ("sign of the second-order term",
         _of(lambda changes, first, second: _both(changes, first, -second / 2)),
         """The first array is right. In the second the Hessian's term has the wrong sign: the whole
         polynomial is subtracted from f(x + h d), each of its terms."""),
        ("signs of both terms",
         _of(lambda changes, first, second: _both(changes, -first, -second / 2)),
         """Both terms of the polynomial have the wrong sign, so that neither remainder shrinks
         faster than h. A remainder is f(x + h d) minus the polynomial: minus f(x), minus h g'd,
         minus h^2/2 d'H d. Look for a bracket around the polynomial that is missing."""),
        ("sign of the first-order term",
         _of(lambda changes, first, second: _both(changes, -first, second / 2)),
         _of(
             lambda changes, first, second: (
                 np.abs(changes + first),
                 np.abs(changes - first - second / 2),
             )
         ),
         """The term of first order, h g'd, is added where it has to be subtracted, so the remainder
         shrinks like h only."""),
        ("half of h squared", _of(lambda changes, first, second: _both(changes, first, second / 4)),
         """The first array is right. In the second you took 1/4 of h^2 d'H d, as if h/2 were
         squared: (h/2)^2 is h^2/4. Only h is squared, and the half stands outside."""),
        ("h instead of h^2", _one_h,
         """The first array is right. The second-order term is multiplied by h once; it is h^2/2 d'H
         d. As it stands, the second remainder shrinks like h only."""),
        ("d not scaled", _unscaled,
         "f is evaluated at x + d for every h. The step is h d: at x + h d."),
        ("first-order term not scaled", _no_h_first,
         """The term of first order is g'd without its h, so the remainders do not go to 0 at all.
         It is h g'd."""),
        ("polynomial without h",
         _no_h,
         _no_h_second,
         """h is missing in the polynomial, so a remainder does not go to 0 with it. The terms are h
         g'd and h^2/2 d'H d: they belong to the step h d, as f(x + h d) does."""),
        ("f(x) kept", _value_kept,
         """Your remainders approach |f(x)| as h gets small, not 0: the first term of the
         polynomial, f(x), is not subtracted."""),
        ("Hessian without gradient",
         _of(
             lambda changes, first, second: (
                 np.abs(changes - first),
                 np.abs(changes - second / 2),
             )
         ),
         """The first array is right. The polynomial of second order contains the term of first
         order: subtract both."""),
        ("signs kept",
         _of(lambda changes, first, second: (changes - first, changes - first - second / 2)),
         _of(lambda changes, first, second: (first - changes, first + second / 2 - changes)),
         """The sizes are right; some are negative. The absolute remainders are asked for: on
         log-log axes a negative number has no place."""),
        ("derivatives at x + h d", _wrong_point,
         """You took gradient and Hessian at x + h d. Taylor's polynomial knows the function at x
         alone; that is what makes it a prediction."""),
        ("direction forgotten",
         _without_d,
         _nowhere_d,
         """f is evaluated at x + h. NumPy adds the number h to every entry of x, which is a step
         along (1, 1, ..., 1). The step goes along d: x + h d."""),
        ("polynomials",
         _polynomials,
         _of(lambda changes, first, second: (first, first + second / 2)),
         """These are the polynomials themselves, or what they add to f(x). What is asked for is
         what they leave over: how far f(x + h d) is from each of them."""),
        ("orders one too low",
         _of(lambda changes, first, second: (np.abs(changes), np.abs(changes - first))),
         """These are the remainders of order 0 and 1: your first array is the change of f, and your
         second is the first that is asked for. The polynomial of first order contains h g'd, that
         of second order h^2/2 d'H d as well."""),
        ("one h alone",
         _at(-1),
         _at(0),
         """You return two numbers, the remainders of one h: the last, if each round of a loop
         overwrites the one before, or the first, if `return` stands inside it. Collect one number
         for each h: two arrays as long as hs."""),
        ("functions not called",
         lambda f, g, H, x, d, hs: g @ d,
         lambda f, g, H, x, d, hs: d @ H @ d,
         "`g` and `H` are functions. The gradient at x is `g(x)`, the Hessian `H(x)`."),
    ),
)
def taylor_remainders(f, g, H, x, d, hs):
    """|f(x + h d) - polynomial| for each h in hs, (m,): of first order, and of second order."""
    change = np.array([f(x + h * d) for h in hs]) - f(x)
    first = change - hs * (g(x) @ d)
    second = first - hs**2 / 2 * (d @ H(x) @ d)
    return np.abs(first), np.abs(second)
