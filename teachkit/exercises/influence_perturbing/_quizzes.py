"""The quizzes of lesson 08."""

from __future__ import annotations

from .. import quiz, right

mixed_shape = quiz(
    "influence_perturbing.mixed_shape",
    r"""A model has $p$ parameters, of which one is an intercept, and $d = p - 1$ features. Which
    shape has $\nabla_x \nabla_\theta L$, and what is it multiplied by on each side?""",
    right(r"$p \times d$; a vector like $\theta$ from the left, a move $\delta$ from the right.",
          r"""Each row is the gradient in $x$ of one entry of $\nabla_\theta L$. From the left comes
          $s_{\text{test}}$, $p$ numbers; from the right $\delta$, $d$ numbers."""),
    (r"$p \times p$, as the Hessian is; $H^{-1}$ on both sides.",
     r"""The Hessian derives in $\theta$ twice. Here the second derivative is in $x$, so the columns
     belong to the features."""),
    (r"$d \times d$; $\delta$ on both sides.",
     r"""That would be the second derivative in $x$. The pull on $\theta$ is what changes, and it
     has $p$ entries."""),
    (r"It is symmetric, so the sides do not matter.",
     r"""Second derivatives in the *same* variables are symmetric. Here one is in $\theta$, the
     other in $x$; even for $p = d$ the matrix $-y q I + q(1 - q) x \theta'$ is not symmetric."""),
)

which_to_attack = quiz(
    "influence_perturbing.which_to_attack",
    r"""Two training images of the same class have the same loss. Of which does a small move change
    the loss of a given test image more?""",
    ("Of either, alike: the same loss means the same pull.",
     r"""They have the same $q$, and with it the term $y q s$ in common. The other,
     $-q(1 - q)(x's)\,\theta$, has $x's$ in it, and each image has its own."""),
    ("Of the one nearer to the test image.",
     r"""Nearness by distance does not occur in $I_{\text{pert,loss}}$. What counts is $x's$ with
     $s = H^{-1} g_{\text{test}}$."""),
    right("That cannot be told from the loss.",
          r"""$I_{\text{pert,loss}} = y q s - q(1 - q)(x's)\,\theta$. Class and loss fix $y$ and
          $q$; the second term depends on $x's$ besides, so it can be longer for either."""),
    ("Of neither: what is already learned has no influence.",
     r"""Only $q = 0$ would do that, and the logistic loss has no such point: $q = \sigma(-m)$ is
     positive everywhere."""),
)

small_moves = quiz(
    "influence_perturbing.small_moves",
    r"""Predicting a removal is improved by dividing by $1 - h$, the leverage. Should one do so for
    a very small move, too?""",
    ("Yes: the point's own curvature is in $H$ here as well.",
     r"""It is, and it belongs there: the point stays. Only what leaves has to leave $H$, and for
     $\delta \to 0$ nothing does."""),
    right(r"No: the derivative in $\delta$ is exact with the whole $H$.",
          r"""It is the implicit function theorem for the risk as it is. That $H$ itself changes
          with the move comes in at second order, $|\delta|^2$."""),
    (r"No: a move has no $1/n$.",
     r"""It has one: the point that moves has the weight $1/n$, so the effect is
     $I_{\text{pert,loss}}' \delta / n$. Leverage is another matter."""),
)

effect_of_a_move = quiz(
    "influence_perturbing.effect_of_a_move",
    r"""$I_{\text{pert,loss}}$ has the entry $+40$ at one pixel, and $n = 400$. That pixel of the
    training image is raised by $0.1$. What does the test loss do, to first order?""",
    ("It rises by 4.",
     r"""This is $I_{\text{pert,loss}}' \delta$, which the talk and the paper call the effect. It is
     per unit of $\varepsilon$, and one point has $\varepsilon = 1/n$."""),
    ("It falls by 0.01.",
     r"""The size is right. The $-1/n$ that is printed for a move is a slip: the new point comes in
     with $+1/n$."""),
    ("It rises by 0.1.",
     r"""That is $40/400$, per unit of the pixel. It moves by $0.1$."""),
    right("It rises by 0.01.", r"$40 \cdot 0.1 / 400 = 0.01$."),
)
