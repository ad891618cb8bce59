"""5.6: an exact Hessian-vector product of any function, by automatic differentiation."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from teachkit.derivatives import count_products

from .. import exercise, formula, part
from .._engine.mistake import Aside
from .._slips.product import INSTEAD
from ._cases import direction, large, problems
from ._counted import inexact, with_X


def _cases() -> list[tuple]:
    return [_logistic_case(), _network_case()]


@cache
def _functions() -> list[tuple[int, Any]]:
    X, y, _, l2 = problems()[1]
    return [(6, _network_case()[0]), *((p, _risk(X[:, :p], y, l2)) for p in (1, 2, 3))]


def _any_function(draw):
    p, f = draw.pick(*_functions())
    return f, draw.numbers(p, low=-1.5, high=1.5), draw.numbers(p)


def _logistic_case() -> tuple:
    X, y, w, l2 = problems()[0]
    return _risk(X, y, l2), w, direction(0)


def _risk(X: Any, y: Any, l2: float) -> Any:
    import autograd.numpy as anp

    def logistic(w: Any) -> Any:
        return anp.mean(anp.log(1 + anp.exp(-y * anp.dot(X, w)))) + l2 / 2 * anp.sum(w**2)

    return logistic


def _network_case() -> tuple:
    import autograd.numpy as anp

    random = np.random.RandomState(4)
    inputs, targets = random.normal(size=(5, 2)), random.normal(size=5)

    def network(w: Any) -> Any:
        """Two inputs, two hidden units, one output."""
        hidden = anp.tanh(anp.dot(inputs, anp.reshape(w[:4], (2, 2))))
        return anp.mean((anp.dot(hidden, w[4:]) - targets) ** 2)

    return network, random.normal(size=6), direction(7, 6)


def _gradient(f: Any, w: Any) -> Any:
    from autograd import grad

    return grad(f)(w)


def _hessian(f: Any, w: Any) -> Any:
    from autograd import hessian

    return hessian(f)(w)


def _counted(function: Any) -> str:
    X, y, w, v, l2 = large(None)
    products = count_products(lambda X: function(_risk(X, y, l2), w, v), X).products
    counted = f"Counted for p = 40: {with_X(products)}: {products / 2:g} in gradients."
    if products >= 40:
        return Aside(f"{counted} That pays for every column of H; H v alone costs 2.")
    return counted + inexact(function(_risk(X, y, l2), w, v))


@exercise(
    "5.6",
    "Autograd, in three lines",
    prompt="""`f` takes w, (p,), to a number and is written with `autograd.numpy`. Return its H v at
    `w`, exact to rounding and without forming H. `autograd.grad(f)` is the gradient as a function
    of w; `autograd.make_jvp(F)(w)(v)` gives the pair (F(w), derivative of F along v). (Import what
    you use inside your function.)""",
    minutes=6,
    difficulty=2,
    cases=_cases,
    draw=_any_function,
    draws=12,  # each records a function anew
    rtol=1e-12,  # exact methods agree to 1e-15; no difference of gradients comes near
    remark=_counted,
    hints=(
        """H v is the derivative of the gradient along v. One of the two tools gives gradients, the
        other derivatives along v. Which one goes into the other?""",
        """Or with `grad` alone: g(w)'v is a number, for a fixed v. What is its gradient with
        respect to w?""",
    ),
    explanation="""Forward mode over reverse mode: the derivative along v of the gradient function.
    Reverse over reverse is `grad(lambda u: grad(f)(u) @ v)(w)`: the gradient of the number g'v,
    with v held fixed, is H v. Both are exact, and H is never formed.""",
    answer=formula(
        lambda f, at, along: _hessian(f, at) @ along,
        H=lambda f, w: _hessian(f, w),
        g=lambda f, w: _gradient(f, w),
        at=part(
            lambda w: w,
            ("at v", lambda v: v,
             "This is the Hessian at v. The point is w; v is the direction alone."),
        ),
        along=part(
            lambda v: v,
            ("H w", lambda w: w, "This is H w: the direction is w. It has to be v."),
            ("gradient of |g|^2 / 2", lambda f, w: _gradient(f, w),
             lambda f, w: 2 * _gradient(f, w),
             "You differentiated g'g: that is H g (or twice that). v does not occur in it."),
            ("sum of rows", lambda w: np.ones(len(w)),
             """elementwise_grad (or the gradient of the sum) adds up the columns of H: this is H
             times a vector of ones. Put v in its place: the gradient of g'v."""),
            ("v of length 1", lambda v: v / np.linalg.norm(v),
             """v was divided by its length. H v is linear in v: twice the v gives twice the
             answer."""),
        ),
    ),
    mistakes=(
        *INSTEAD,
        ("grad of a vector",
         lambda f, w: _gradient(lambda u: _gradient(f, u), w),
         """`grad` takes a function whose value is one number. The gradient is a vector: either make
         the number g(u)'v of it first, or take make_jvp."""),
        ("the gradient at v", lambda f, v: _gradient(f, v),
         """This is the gradient at v. v is no point but a direction: H v is the derivative of the
         gradient at w, along v."""),
        ("w and v exchanged", lambda f, w, v: _hessian(f, v) @ w,
         """w and v have changed places: this is the Hessian at v, times w. In `make_jvp(F)(w)(v)`
         the point comes first and then the direction."""),
        ("w for v", lambda H, g, w: H @ w + g,
         """In g(u)'u the second factor depends on u as well, so the product rule adds a term: you
         got H w + g. The vector has to be held fixed, and it is v."""),
        ("w for v, at v", lambda f, v: _hessian(f, v) @ v + _gradient(f, v),
         """In g(u)'u the second factor depends on u as well, and u is v here: this is H v + g with
         H and g at v. Hold v fixed, `g(u) @ v`, and take the gradient at w."""),
        ("sum of rows times v", lambda H, v: H.sum(axis=1) * v,
         """You multiplied the sums of H's columns by v, entry by entry. The v has to be inside,
         before the second differentiation."""),
        ("mean of the products", "1/n",
         "g'v is the *sum* of the products of their entries, and you differentiated the mean."),
        ("the pair", lambda H, g, v: (g, H @ v),
         """make_jvp gives a pair: the gradient itself, and its derivative along v. The second is
         what is asked."""),
        ("the gradient at w + v", lambda f, w, v: _gradient(f, w + v),
         """This is the gradient a whole v further. Asked is how fast it changes on leaving w along
         v, its derivative."""),
        ("the change of the gradient", lambda f, w, v: _gradient(f, w + v) - _gradient(f, w),
         """This is how the gradient changes over the whole step v, and on the way H changes too.
         Asked is its derivative at w, and autograd has that exactly."""),
    ),
)
def hvp(f, w, v):
    """H v at w, (p,), for f: (p,) -> number written with autograd.numpy; w and v are (p,)."""
    from autograd import grad, make_jvp

    return make_jvp(grad(f))(w)(v)[1]
