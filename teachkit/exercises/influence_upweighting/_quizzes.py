"""The quizzes of lesson 07."""

from __future__ import annotations

from .. import quiz, right

singular_hessian = quiz(
    "influence_upweighting.singular_hessian",
    r"$H$ is singular. Does the influence $d\theta/d\varepsilon$ exist?",
    right(r"There is no unique $d\theta/d\varepsilon$; a test loss may still have a derivative.",
          """It has one if its gradient and that of the training point both lie in the range of
          $H$. For a linear model the training gradient does whenever every point has a curvature
          $c_i > 0$, as each has with the logistic loss."""),
    ("Yes, take the pseudo-inverse.",
     r"""The pseudo-inverse picks one of many answers. Along the flat directions of $H$, $\theta$
     may move anywhere or jump: no single $d\theta/d\varepsilon$."""),
    ("No, and nothing can be said about any test loss either.",
     """Too much is given up: predictions that do not depend on the flat directions can still have a
     derivative."""),
)

effect_of_removal = quiz(
    "influence_upweighting.effect_of_removal",
    r"""$I_{\text{up,loss}}$ of a training point on a test point is $-3$, and $n = 300$. You remove
    the training point. What does the test loss do?""",
    ("It falls by about 3.",
     r"""$-3$ is per unit of $\varepsilon$, and removing is the step $\varepsilon = -1/n$: both the
     size and the sign change."""),
    ("It falls by about 0.01.",
     "The size is right. Upweighting lowers the loss ($-3$), so removing raises it."),
    right("It rises by about 0.01: the point helped.",
          r"""$-1/n$ times $-3$ is $+0.01$. $I_{\text{up,loss}} < 0$ means that more of this point
          would lower the test loss."""),
    ("""It rises by about
     3.""", r"The sign is right. Removing is the step $\varepsilon = -1/n$, not $-1$."),
)

far_point = quiz(
    "influence_upweighting.far_point",
    """Logistic regression. A training point lies far out, on its own side, with margin 5. What is
    its influence?""",
    ("Large: far points pull hardest.",
     r"Distance is one factor of three. Another is $\sigma(-5)$, about 0.007."),
    right("Small: the model is hardly wrong about it.",
          r"""Its gradient has the factor $\sigma(-5)$, about 0.007, so there is hardly a pull,
          however long the lever. The same point with the other label would pull with 0.993."""),
    ("The same as that of a near point of its class.",
     "Its $x$ is longer and its loss factor smaller; both matter."),
)

sum_of_influences = quiz(
    "influence_upweighting.sum_of_influences",
    r"""Add $I_{\text{up,loss}}$ over all training points, for one test point. The fit is finished,
    and $\lambda > 0$. What is the sum?""",
    ("0: the gradients of a minimum cancel.",
     r"""With $\lambda = 0$ they do. With a penalty the gradients of the losses add up to
     $-n \lambda \theta$, which holds the penalty in balance."""),
    ("The test loss, with its sign turned.",
     "The influences are derivatives with respect to weights, not shares of the loss."),
    right(r"$n \lambda \, g_{\text{test}}' H^{-1} \theta$, and that is not 0.",
          r"""At the minimum the mean of the gradients is $-\lambda \theta$. Minus
          $g_{\text{test}}' H^{-1}$ times their sum is this."""),
)
