"""8.1: the mixed derivative, with a vector from the left."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula
from .._slips import mixed
from .._slips.logistic import sigma
from ._cases import any_single_point, single_points


@exercise(
    "8.1",
    "A gradient with respect to the input",
    prompt="""For one point with features `x`, (d,), and label `y`, -1 or +1, the loss is
    log(1 + e^(-y x'theta)). Its gradient in theta is g = -y sigma(-y x'theta) x. Return the
    gradient of the number s'g with respect to *x*, for a fixed vector `s`.""",
    minutes=8,
    difficulty=2,
    cases=single_points,
    draw=any_single_point,
    hints=(
        "Write s'g as one number. At how many places in it does x stand?",
        """With q = sigma(-y x'theta), s'g = -y q (s'x): a product of two functions of x. What is
        the gradient of s'x, and what that of q?""",
        "sigma derived is sigma (1 - sigma), and -y x'theta derived in x is -y theta.",
    ),
    explanation="""-y q s + q (1 - q) (x's) theta: the first term moves the factor x, the second the
    q. It is s'J with the mixed derivative J = -y q I + q (1 - q) x theta', p x d, which is not
    symmetric: s comes from the side of theta, and what remains is a vector like x.""",
    answer=formula(lambda s, J: s @ J, J=mixed.MIXED.at(x_i="x", y_i="y")),
    mistakes=(
        ("saliency", lambda x, y, theta: -y * sigma(-y * (x @ theta)) * theta,
         """This is the gradient of the loss in x, which some call saliency: how this point's own
         loss changes. Asked is how its *pull on theta*, in the direction s, changes."""),
        ("the gradient in theta", lambda x, y, theta: -y * sigma(-y * (x @ theta)) * x,
         """This is g itself, the gradient in theta. Asked is how s'g changes with x."""),
        ("derived in theta",
         """You derived s'g in theta once more: that is H s for this one point. Derive it in x."""),
        ("s'g", lambda x, y, theta, s: -y * sigma(-y * (x @ theta)) * (s @ x),
         """This is the number s'g. Asked is its gradient in x, a vector."""),
        ("entry by entry", lambda x, y, theta, s: (
            -y * sigma(-y * (x @ theta)) * s
            + sigma(x @ theta) * sigma(-(x @ theta)) * s * x * theta),
         """In the second term s and x are multiplied entry by entry. s'x is one number, before the
         vector theta: `(s @ x) * theta`."""),
        ("s'g for the first term", lambda x, y, theta, s: (
            -y * sigma(-y * (x @ theta)) * (s @ x)
            + sigma(x @ theta) * sigma(-(x @ theta)) * (s @ x) * theta),
         """The first term is the number s'g in yours. There the factor x is derived: the gradient
         of s'x in x is the vector s, hence -y q s."""),
        ("minus the answer", "-1", "The gradient of the loss is -y q x, with a minus."),
    ),
)
def input_gradient(x, y, theta, s):
    """The gradient of s'grad_theta L(x, y, theta) in x, (d,); x, theta and s are (d,)."""
    q = 1 / (1 + np.exp(y * (x @ theta)))
    return -y * q * s + q * (1 - q) * (x @ s) * theta
