"""1.3: the chain rule with shapes."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part, rule


def _inner(x):
    return np.array([x[0] * x[1], np.sin(x[2]), x[3] ** 2 + x[0]])


def _inner_jacobian(x):
    return np.array(
        [[x[1], x[0], 0.0, 0.0], [0.0, 0.0, np.cos(x[2]), 0.0], [1.0, 0.0, 0.0, 2 * x[3]]]
    )


def _outer_jacobian(u):
    """Of f(u) = (u1 u2^2, e^u3 + u1)."""
    return np.array([[u[1] ** 2, 2 * u[0] * u[1], 0.0], [1.0, 0.0, np.exp(u[2])]])


def _square_inner(x):
    return np.array([x[0] + x[1] ** 2, 2 * x[0] * x[1]])


def _square_inner_jacobian(x):
    return np.array([[1.0, 2 * x[1]], [2 * x[1], 2 * x[0]]])


def _square_outer_jacobian(u):
    """Of f(u) = (u1 - 3 u2, u1^2 u2)."""
    return np.array([[1.0, -3.0], [2 * u[0] * u[1], u[0] ** 2]])


def _cases() -> list[tuple]:
    return [
        (_outer_jacobian, _inner, _inner_jacobian, np.array([0.7, -1.2, 0.4, 0.9])),
        (_square_outer_jacobian, _square_inner, _square_inner_jacobian, np.array([1.5, -0.5])),
    ]


def _radius(x):
    return np.array([x @ x])


def _radius_jacobian(x):
    return np.array([2 * x])


def _stacked(x):
    return np.concatenate([x**2, np.sin(x)])


def _stacked_jacobian(x):
    return np.vstack([np.diag(2 * x), np.diag(np.cos(x))])


def _any_functions(draw):
    # Shapes of all kinds, of one row, of one column, and square ones.
    inner = (_radius, _radius_jacobian), (_stacked, _stacked_jacobian)
    (g, Jg), n = draw.pick(
        *((functions, draw.whole(1, 4)) for functions in inner),
        ((_inner, _inner_jacobian), 4), ((_square_inner, _square_inner_jacobian), 2),
    )
    x = draw.numbers(n, low=-2.0, high=2.0)
    outer = {2: _square_outer_jacobian, 3: _outer_jacobian}.get(len(g(x)), _radius_jacobian)
    return draw.pick(outer, _radius_jacobian, _stacked_jacobian), g, Jg, x


@exercise(
    "1.3",
    "The chain rule with shapes",
    prompt="""`g` maps x, (n,), to u, (k,), and f maps u to m numbers. `Jf` and `Jg` are functions
    that give their Jacobians, (m, k) and (k, n). Return the Jacobian of the composition
    x -> f(g(x)) at x.""",
    minutes=5,
    difficulty=1,
    cases=_cases,
    draw=_any_functions,
    hints=(
        """x takes a small step dx. How does u = g(x) move? And how does f move then? Write both as
        matrix times vector.""",
        "f's Jacobian belongs to the place where f is evaluated. Which place is that?",
        """The result has one row for each output of f and one column for each input of g: (m, n).
        There is only one order of the two matrices that gives it.""",
    ),
    explanation="""du = Jg(x) dx and df = Jf(u) du at u = g(x), so df = Jf(g(x)) Jg(x) dx: the outer
    function's Jacobian on the left, evaluated at the inner function's value.""",
    answer=formula(
        lambda outer, inner, product: product(outer, inner),
        outer=part(
            lambda Jf, g, x: Jf(g(x)),
            ("outer Jacobian at x", lambda Jf, x: Jf(x),
             """The shapes fit and the order is right, but you took f's Jacobian at x. f never sees
             x; it sees g(x)."""),
        ),
        inner=part(
            lambda Jg, x: Jg(x),
            ("inner Jacobian at g(x)", lambda g, Jg, x: Jg(g(x)),
             "You took g's Jacobian at g(x). g is evaluated at x, so its Jacobian is, too."),
        ),
        product=rule(
            lambda A, B: A @ B,
            ("wrong order", lambda A, B: B @ A,
             """The two matrices stand in the wrong order. The Jacobian of the outer function stands
             on the left: (m, k) times (k, n). With square matrices nothing complains, and the
             result is wrong."""),
            ("elementwise", lambda A, B: A * B,
             """`*` multiplies entry by entry. The chain rule sums over the k numbers in between:
             the matrix product `@`."""),
            ("factors transposed", lambda A, B: A.T @ B.T,
             """Both factors are transposed but stand in the old order. A transposed product turns
             round, (AB)' = B'A'; here nothing needs transposing."""),
        ),
    ),
    mistakes=(
        ("transposed", "transposed",
         "A row for each output, a column for each input: df = J dx."),
    ),
)
def chain(Jf, g, Jg, x):
    """The Jacobian of x -> f(g(x)) at x, (m, n), from Jf(u), (m, k), g(x), (k,), Jg(x), (k, n)."""
    return Jf(g(x)) @ Jg(x)
