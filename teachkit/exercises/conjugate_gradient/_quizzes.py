"""The quizzes of lesson 06."""

from __future__ import annotations

from .. import quiz, right

one_step = quiz(
    "conjugate_gradient.one_step",
    """The bowl has condition number 25. From one start steepest descent arrives in a single step.
    Where was it?""",
    ("Nowhere: with a condition number of 25 it always zigzags.",
     """It zigzags from almost everywhere. On an axis of the ellipses the gradient points at the
     bottom, whatever the condition number."""),
    right("On an axis of the ellipses.",
          """There the residual is an eigenvector of $A$, so the line through it meets the bottom:
          only one eigenvalue occurs in the error."""),
    ("Close to the bottom.",
     """How close does not matter. A bowl looks the same at every size: the zigzag of a start ten
     times nearer is the same zigzag, ten times smaller."""),
)

steps_in_practice = quiz(
    "conjugate_gradient.steps_in_practice",
    r"""$\kappa = 100$, $p = 100$ eigenvalues. The bound $2 \rho^k$ falls below $10^{-6}$ at step
    73. How many steps does the method need?""",
    ("Exactly 73.",
     "A bound says at most. It knows the two ends of the spectrum and nothing between."),
    ("100: as many as there are eigenvalues.",
     "100 steps would end it exactly, in exact arithmetic. To six digits fewer are enough."),
    right("At most 73; how many depends on where the eigenvalues lie between 1 and 100.",
          """Spread evenly over the interval they need fewer steps than spread geometrically (the
          cell after the bound counts both), and in a few clusters fewer still."""),
    ("About 7, the root of 73.", r"The root of the condition number is already inside $\rho$."),
)

last_curvature = quiz(
    "conjugate_gradient.last_curvature",
    "During a run $p'Ap$ comes out negative. What has been learnt?",
    right("$A$ is not positive definite, and $p$ shows a direction in which $q$ falls without end.",
          """A matter of one number that is computed anyway. Newton's method stops there and uses
          what it has; an influence computation has to damp."""),
    ("There is a bug: $p'Ap$ is a square.",
     """It is a square only if $A$ is positive definite. For a Hessian away from a minimum it need
     not be."""),
    ("Nothing, as long as the residual keeps falling.",
     """The residual may well fall: the linear system can have a solution all the same. But that
     solution is a saddle of the bowl, not its minimum."""),
)
