"""7.3: what the weight of one training point does to the parameters."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula
from .._slips import gradient, hessian, scale
from .._slips.logistic import any_point
from ._cases import every_point


@exercise(
    "7.3",
    "The influence on the parameters",
    prompt="""Logistic regression, labels -1 and +1, with
    R(theta) = (1/n) sum_i log(1 + e^(-y_i x_i'theta)) + l2/2 |theta|^2. At its minimum `theta`,
    write d theta / d eps for training point `i`: how theta moves, per unit of eps, when
    eps L(z_i, theta) is added to R.""",
    minutes=10,
    difficulty=2,
    cases=every_point,
    draw=any_point,
    hints=(
        """The derivation ends in H dtheta/deps + grad L(z_i) = 0. What are the two pieces, and
        which of them contains the penalty?""",
        """With the margins m = y (X theta): the gradient of one loss is -y_i sigma(-m_i) x_i. Its
        derivative brings the factor sigma(m) sigma(-m), and the label squares away.""",
        """H is the mean over the points, plus l2 on its diagonal. Then one `np.linalg.solve`, and
        mind the sign.""",
    ),
    explanation="""H is the second derivative of R, so it is a mean with l2 I added; the gradient is
    that of one loss L(z_i), which has no penalty in it. dtheta/deps = -H^-1 grad L(z_i). Nothing is
    divided by n: it is the change per unit of eps.""",
    answer=formula(lambda H_inv, g: -H_inv @ g, H_inv=hessian.INVERSE, g=gradient.TRAINING),
    mistakes=(
        ("sign", "-1",
         """A point with more weight lowers its own loss, so theta moves against its gradient:
         -H^-1 g."""),
        *scale.PER_EPS,
        ("l2/n",
         """The ridge in H is n times too weak, so the answer is too long: you have the mean plus
         l2/n. In R the losses are divided by n and the penalty is not."""),
    ),
)
def up_params(X, y, theta, l2, i):
    """d theta / d eps for training point i; X is (n, p), y and theta (n,) and (p,); gives (p,)."""
    m = y * (X @ theta)
    c = 1 / (1 + np.exp(-m)) / (1 + np.exp(m))
    H = (X.T * c) @ X / len(y) + l2 * np.eye(len(theta))
    g = -y[i] / (1 + np.exp(m[i])) * X[i]
    return -np.linalg.solve(H, g)
