"""Three questions on Hessian-vector products."""

from __future__ import annotations

from .. import quiz, right

quadratic = quiz(
    "hessian_vector_products.quadratic",
    """$f(w) = w'Aw/2 + b'w$ is a quadratic. What is the error of the forward difference
    for $Hv$?""",
    right("None but rounding: the formula is exact.",
          """The gradient is a straight line, and every secant of a straight line has its slope.
          That is why a quadratic is no test for a derivative formula."""),
    ("Of order $r$, as always.",
     "The term of order $r$ carries the third derivative of $f$, and a quadratic has none."),
    ("Of order $r^2$.",
     """That is the central difference, for a general $f$. Here even the forward one has no error of
     its own."""),
)

at_zero = quiz(
    "hessian_vector_products.at_zero",
    "Logistic regression at $w = 0$: the forward difference for $Hv$ shows order 2, not 1. Why?",
    ("Because the gradient is 0 there.", "It is not: at $w = 0$ every point pulls with 1/2."),
    ("Because rounding hides the error.",
     "Rounding would make the curve flat or rising, not steeper."),
    ("Because the Hessian is 0 there.",
     r"On the contrary: the curvature $\sigma (1 - \sigma)$ is largest at $w = 0$, namely 1/4."),
    right(r"""Because the third derivative of the loss in its score,
          $\sigma (1 - \sigma) (1 - 2 \sigma)$, is 0 at $\sigma = 1/2$.""",
          r"""The error of order $r$ carries the third derivative. It vanishes at $w = 0$, where all
          $\sigma = 1/2$. So never test a formula there: forward and central agree."""),
)

price = quiz(
    "hessian_vector_products.price",
    """$p = 10{,}000$ parameters. Roughly what do 20 exact products $Hv$ cost, compared with forming
    $H$ by autograd?""",
    ("The same: both need second derivatives.", "$H$ has 10,000 columns, and each is one product."),
    ("About 1/20.", "Forming $H$ is not one product, it is $p$ of them: one for each unit vector."),
    right("About 1/500: $H$ costs one product for each of its 10,000 columns.",
          "20 against 10,000. And $H$ would fill 800 MB, where $Hv$ needs 80 kB."),
)
