"""4.1 and 4.3: the secant equation, and when a pair may be used."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part, rule
from ._pairs import any_update, updates


@exercise(
    "4.1",
    "The secant equation",
    prompt="""B, shape (p, p), is a guess at the **inverse** Hessian. After the step `s` the
    gradient has changed by `y`, both (p,). Return what is left of the secant equation B y = s,
    its left side minus its right side: a vector (p,) that is 0 exactly if B explains this pair.""",
    minutes=3,
    difficulty=1,
    cases=updates,
    draw=any_update,
    hints=(
        """On a quadratic function with the Hessian A the pair obeys y = A s. Which equation does
        the inverse of A obey?""",
        "B should turn the change of the gradient into the step. Left side minus right side.",
    ),
    explanation="""For the Hessian itself the equation is y = A s. Multiplied by the inverse it is
    A^-1 y = s, so a guess B at the inverse should have B y = s.""",
    answer=formula(
        lambda left, right: left - right,
        left=part(
            lambda B, y: B @ y,
            ("no B", lambda y: y,
             """B does not occur in yours. y is a change of the gradient and s a step: only B y can
             be compared with s."""),
        ),
        right=part(
            lambda s: s,
            ("left side only", lambda: 0.0,
             """This is the step that B would have expected. Compare it with the step that was
             taken."""),
            ("s in each round", lambda s: len(s) * s,
             """s is taken away p times, once for each term of the sum B y. It belongs behind the
             inner loop: the whole sum minus s."""),
        ),
    ),
    mistakes=(
        ("direct Hessian", lambda B, s, y: B @ s - y,
         """This is the equation of the direct Hessian, A s = y. Here B stands for the inverse: it
         gets the change of the gradient and gives back the step."""),
        ("other sign", "-1",
         "Both are 0 at the same time; asked is the left side of B y = s minus the right side."),
        ("inverted again",
         lambda B, s, y: np.linalg.solve(B, s) - y,
         lambda B, s, y: np.linalg.solve(B, y) - s,
         """You inverted B. It is a guess at the inverse already, and that is its point: there is no
         system to solve."""),
        ("length",
         lambda left, right: np.linalg.norm(left - right),
         lambda left, right: (left - right) @ (left - right),
         """This is the length of what is left (or its square), one number. Asked is the vector
         itself, (p,)."""),
        ("s inside the product", lambda B, s, y: B @ (y - s),
         """You took s away from y and multiplied both by B. y is a change of the gradient and s a
         step: only B y can be compared with s."""),
    ),
)
def secant_residual(B, s, y):
    """What is left of the secant equation, (p,); B is (p, p), the step s and the change y (p,)."""
    return B @ y - s


def _any_gradients(draw):
    p = draw.whole(1, 4)
    g_new, g, s = (draw.numbers(p) for _ in range(3))
    s, unit = s * draw.pick(1.0, 0.1, 0.01), draw.pick(1.0, 1e-9, 1e-15)  # gradients may be small
    g_new, g = unit * g_new, unit * g
    if draw.chance(0.2):  # s'y is 0, whatever rounding does
        where = np.arange(p) % 2 == 0
        return np.where(where, 0.0, g_new), np.where(where, 0.0, g), np.where(where, s, 0.0)
    return (g_new, g, s) if abs(s @ (g_new - g)) > 1e-3 * unit else None


def _gradients() -> list[tuple]:
    # Upwards; downwards although g_new points along s; exactly 0; upwards although g_new does not.
    return [
        (np.array([0.3, -0.2, 1.1]), np.array([-0.9, 0.8, -0.4]), np.array([1.0, -0.5, 0.7])),
        (np.array([0.4, 1.0, 0.2]), np.array([1.9, 1.2, -0.3]), np.array([0.8, 0.5, 0.1])),
        (np.array([3, 1]), np.array([1, 2]), np.array([1, 2])),  # whole: 2 - 2 is 0 on any machine
        (np.array([-2.0, 0.5]), np.array([-5.0, -1.0]), np.array([2.0, 0.5])),
        (np.array([1.0, 4.0]), np.array([4.0, 1.0]), np.array([1.0, -1.0])),
    ]


@exercise(
    "4.3",
    "May this pair be used?",
    prompt="""The step `s` led from a point with the gradient `g` to one with the gradient `g_new`.
    Return two things: the number s'y, and whether BFGS may update B with this pair (True or
    False).""",
    minutes=4,
    difficulty=1,
    cases=_gradients,
    draw=_any_gradients,
    hints=(
        "y is the change of the gradient: the later one minus the earlier one.",
        """B+ has to be positive definite, and B+ y = s. What does that say about y'B+ y? And in the
        update, what is s'y divided by?""",
    ),
    explanation="""If B+ is positive definite and B+ y = s, then s'y = y'B+ y > 0. So a pair with
    s'y <= 0 fits no positive definite B at all: s'y = 0 would be a division by zero, and s'y < 0
    makes B+ indefinite. Conversely s'y > 0 is enough.""",
    answer=formula(
        lambda product, may: (product, may(product)),
        product=part(
            lambda s, g_new, g: s @ (g_new - g),
            ("gradient for its change", lambda s, g_new: s @ g_new, lambda s, g: s @ g,
             """You took one of the gradients itself. y is their change, g_new - g: curvature is how
             the slope changes, not how large it is."""),
            ("y turned", lambda s, g_new, g: s @ (g - g_new),
             """Yours has the sign turned, so the good pairs are refused and the bad ones taken. y
             is the later gradient minus the earlier one."""),
            ("length of y", lambda g_new, g: (g_new - g) @ (g_new - g),
             "This is y'y, which is never negative. Curvature is seen along the step: s'y."),
            ("divided by s's", lambda s, g_new, g: s @ (g_new - g) / (s @ s),
             """The verdict is right. Your number is s'y/(s's), the mean curvature along the step;
             asked is s'y alone, the number that the update divides by."""),
            ("size of s'y",
             lambda s, g_new, g: abs(s @ (g_new - g)),
             lambda s, g_new, g: np.linalg.norm(s) * np.linalg.norm(g_new - g),
             """You took the absolute value, or lengths. The sign of s'y is what decides here: it
             says whether the function bends up along the step."""),
        ),
        may=rule(
            lambda value: value > 0,
            ("answers exchanged", lambda value: value < 0, lambda value: value <= 0,
             """The number is right, and True and False are exchanged: you take the pairs with
             s'y < 0. B+ y = s gives y'B+ y = s'y, which has to be positive."""),
            ("zero allowed", lambda value: value >= 0,
             """Right but for s'y = 0. The update divides by s'y, and no positive definite B+ has
             B+ y = s with s'y = 0."""),
            ("always", lambda value: value != 0, lambda value: True,
             """You take pairs with s'y < 0. The update can be computed there, but B+ y = s gives
             y'B+ y = s'y < 0: B+ is no longer positive definite."""),
        ),
    ),
    mistakes=(
        ("gradient for its change",
         lambda s, g_new, g: (s @ g_new, s @ g_new > s @ g), lambda s, g_new, g: (
             s @ g, s @ g_new > s @ g),
         """You took one of the gradients itself. y is their change, g_new - g: curvature is how
         the slope changes, not how large it is."""),
        ("length 1", lambda s, g_new, g, product: (
            product / (np.linalg.norm(s) * np.linalg.norm(g_new - g)), product > 0),
         """The verdict is right. Your number is the cosine between s and y; asked is s'y itself,
         the number that the update divides by."""),
        ("in the other order", lambda product, may: (may(product), product),
         "The two are exchanged: the number s'y comes first, then True or False."),
    ),
)
def curvature_after(g_new, g, s):
    """The number s'y and True or False: may B be updated? All three arguments are (p,)."""
    sy = s @ (g_new - g)
    return sy, sy > 0
