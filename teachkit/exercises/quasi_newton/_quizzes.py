"""The quizzes of lesson 04."""

from __future__ import annotations

from .. import quiz, right

no_curvature = quiz(
    "quasi_newton.no_curvature",
    """After a step $s'y$ is negative, and BFGS updates $B$ with this pair all the same. What
    breaks?""",
    right("$B$ is no longer positive definite, and the next direction may lead uphill.",
          """$B_+ y = s$ gives $y'B_+ y = s'y < 0$. And with an indefinite $B$ the slope
          $g'd = -g'Bg$ may be positive."""),
    ("$B$ is no longer symmetric.",
     "It is: $V B V'$ and $ss'$ are symmetric whatever the sign of $s'y$ is."),
    ("The secant equation fails.",
     "It holds: $B_+ y = s$, whenever $s'y$ is not 0. It is the positive sign that is lost."),
)

cost_of_a_step = quiz(
    "quasi_newton.cost_of_a_step",
    """L-BFGS keeps $m$ pairs of vectors of length $p$, and their $s'y$. How many
    multiplications does a direction take?""",
    ("About $p^2$.", "That is BFGS, which multiplies by a matrix. L-BFGS has no matrix."),
    right("About $4 m p + p$.",
          r"""Two in each loop for each pair: a dot product and a vector times a number; and $p$
          for $\gamma$. If the $s'y$ are computed anew each time it is $5 m p + p$."""),
    ("About $m^2 p$.", "Each pair is met twice, once in each loop; pairs do not meet each other."),
)

superlinear = quiz(
    "quasi_newton.superlinear",
    """A method multiplies its error by 0.21, 0.75, 0.28, 0.81, 0.67, 0.20, 0.18, 0.09, 0.07, 0.02,
    0.01, one step after the other. What is it?""",
    ("Linear: some steps gain next to nothing.",
     "Early steps say nothing. Linear means that the factors settle at a number above 0."),
    ("Quadratic: the factors tend to 0.",
     """All quadratic methods are superlinear, not the other way round. Quadratic means that each
     factor is proportional to the error before it: 0.01 would be followed by about 0.0001."""),
    right("Superlinear: the factors tend to 0, if not step by step.",
          """That is the definition, and it asks for no order. The factors of Newton's method fall
          much faster: each is about as small as the error before it."""),
)

what_b_becomes = quiz(
    "quasi_newton.what_b_becomes",
    "BFGS has converged to a minimum superlinearly. What is $B$?",
    right("""A matrix that acts like the inverse Hessian along the last steps, and need not be near
          it elsewhere.""",
          "Being right where one goes is all that is needed (Dennis and Moré 1974)."),
    ("The inverse Hessian there, to rounding: how else could it be so fast.",
     """On a quadratic function, with exact steps, yes. In general it need not be, and it seldom
     is."""),
    ("A multiple of the identity, since the gradient vanishes.",
     "Gradients go to 0, but $s$ and $y$ shrink together: their ratio keeps the curvature."),
)

all_pairs = quiz(
    "quasi_newton.all_pairs",
    "L-BFGS with a memory so large that no pair is ever dropped: is it BFGS?",
    ("Yes, they compute the same directions.",
     r"""Only if both begin with the same matrix. As a rule L-BFGS takes a new $\gamma$ in every
     step."""),
    ("No, the two-loop recursion is only an approximation of the product.",
     "It is exact: the same sum of terms, computed in another order."),
    right(r"""Yes, if the first matrix is one and the same throughout; with a $\gamma$ that is
          renewed in each step it is another method.""",
          r"""With the same first matrix they agree to rounding. With the fresh $\gamma$, L-BFGS can
          need fewer steps than BFGS."""),
)
