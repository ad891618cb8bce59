"""The quizzes of lesson 03."""

from __future__ import annotations

from .. import quiz, right

fast_but_linear = quiz(
    "newton.fast_but_linear",
    r"""A method has the errors $10^{-2}$, $3 \cdot 10^{-6}$, $10^{-9}$, $3.5 \cdot 10^{-13}$. Is it
    quadratic?""",
    right(r"No: the later steps each multiply the error by about $3.5 \cdot 10^{-4}$.",
          """Right: a constant factor is order 1, however small it is. A slope taken by a forward
          difference with $h = 0.001$ does exactly this."""),
    ("Yes: it gains more than three digits a step.",
     """Digits per step do not tell. A quadratic method doubles the number of right digits; from 6
     it would go to 12 and not to 9."""),
    ("It cannot be told from four errors.",
     r"Three are enough: $\log(e_2/e_1)/\log(e_1/e_0)$ of the last three is 1.0."),
)

multiple_root = quiz(
    "newton.multiple_root",
    """You stop Newton's method when a step is shorter than $10^{-6}$. The root has multiplicity 20.
    How far are you from it?""",
    ("About $10^{-6}$, as the step says.",
     """A step is no error. At a simple root it is the error of the point before; here each step
     goes 1/20 of the way."""),
    ("About $10^{-12}$, the square of the step.",
     """That is a simple root, where Newton's method is quadratic. At a multiple root it is linear,
     with the factor $(m - 1)/m$."""),
    right(r"About $2 \cdot 10^{-5}$: 19 times the step.",
          "A step goes $1/m$ of the way that is left, so the rest is $m - 1$ times the step."),
)

one_step = quiz(
    "newton.one_step",
    """$f$ is a quadratic function with an invertible Hessian. Where does Newton's method end, and
    after how many steps?""",
    right("At the stationary point, after one step, be it a minimum, a maximum or a saddle.",
          "The step solves gradient = 0, and asks for nothing else."),
    ("At the minimum, after one step, from anywhere.",
     """One step, from anywhere: the model is the function. But not every quadratic function has a
     minimum."""),
    ("It depends on the condition number how many steps it takes.",
     """That is steepest descent. Newton's method does not notice a change of coordinates, and in
     the right coordinates every bowl is round."""),
)

rising_step = quiz(
    "newton.rising_step",
    "A Newton step with a positive definite Hessian made $f$ larger. What does that mean?",
    ("There is a mistake in the gradient or in the Hessian.",
     "There may be none. On Rosenbrock's function the right step takes $f$ from 4.7 to 1412."),
    ("The direction leads uphill.",
     """With a positive definite $H$ it never does: $g'd = -g'H^{-1} g < 0$. A short
     enough step along it lowers $f$."""),
    right("The step went further than the quadratic model is good for.",
          "The direction is right, the length is not: that is what a line search is for."),
)
