"""The quizzes of lesson 11."""

from __future__ import annotations

from .. import quiz, right

low_r = quiz(
    "when_assumptions_break.low_r",
    r"""A network was stopped early. Influence predicts the effect of 40 removals, each is held
    against training on without the point, and the changes of the test loss are all near $-0.8$,
    while the predictions have both signs. What do you look at first?""",
    ("At $H$: it must have negative eigenvalues.",
     r"""It may have, and that matters for the order of the points. But it does not give all of
     them the same change."""),
    right("At training on with nothing removed.",
          r"""If that alone changes the loss by $-0.8$, it is drift: time passing, no matter who
          leaves. Take it out, and then look at $r$."""),
    ("At the implementation of the gradients.",
     r"""They would be checked by differences, as in lesson 05. The same large change for every
     point is what training that goes on looks like."""),
    (r"At nothing: influence does not work for networks.",
     r"""It may not, but this has not been seen yet. So far two different questions have been
     compared."""),
)

first_damping = quiz(
    "when_assumptions_break.first_damping",
    r"""$H$ has the smallest eigenvalue $-0.004$. Which damping do you try first?""",
    ("$0.004$",
     r"""$-0.004 + 0.004 = 0$: the matrix is singular, and there is nothing to solve."""),
    ("$0.0044$, just enough to make it positive.",
     r"""Then the smallest eigenvalue is $0.0004$, and its inverse 2500. Whatever the gradients
     have along that one direction fills the answer."""),
    right("$0.01$, and then a sweep around it.",
          r"""It lifts the smallest eigenvalue to $0.006$, of the size it had before. Which damping
          is best only a sweep can say, held against a few true retrainings."""),
    ("$10$, to be safe.",
     r"""Safe it is. But $H + 10 I$ is hardly anything but $10 I$: what is left is the product of
     two gradients, and $H$ has no say any more."""),
)

damping_or_penalty = quiz(
    "when_assumptions_break.damping_or_penalty",
    r"""The talk says that damping corresponds to adding an L2 penalty on $\theta$. What is the
    difference?""",
    ("There is none: both add $\\lambda I$ to $H$.",
     r"""Both add $\lambda I$, true. But a penalty has a gradient at $\tilde\theta$ too,
     $\lambda\,\tilde\theta$, so the minimum moves although nothing was removed."""),
    right(r"A penalty holds $\theta$ to 0, damping to the place where it is.",
          r"""Damping is $\lambda/2 \; |\theta - \tilde\theta|^2$: the same second derivative,
          and no gradient at $\tilde\theta$. It answers what a removal does to a model that is held
          there."""),
    ("A penalty is in the loss of every point, damping is not.",
     r"""In this course neither is in the loss of a point. The difference is in where the parabola
     has its bottom."""),
    ("Damping is for networks only.",
     r"""It can be put on any $H$. For a convex risk one can even retrain what it says: with a
     proximal term."""),
)

not_a_support_vector = quiz(
    "when_assumptions_break.not_a_support_vector",
    r"""A support vector machine with the hinge loss is trained again without a point whose margin
    is 2. What happens, and what does the smooth hinge predict?""",
    right("Nothing happens; the prediction is next to nothing.",
          r"""The hinge has slope 0 beyond the margin 1, so the minimum stays where it is. The slope
          of the smooth one is $-\sigma((1 - s)/t)$, which for $t = 0.1$ and $s = 2$ is
          $-0.00005$."""),
    ("The boundary moves away from the point; so is it predicted.",
     r"""A point whose loss has slope 0 pulls at nothing. Nothing moves when it leaves."""),
    ("Nothing happens; the prediction does not exist, for want of curvature.",
     r"""Points on the kink make $H$ a problem. This one has a gradient next to 0
     whatever $H$ is."""),
    ("The boundary moves; the prediction is 0.",
     r"""The minimum of the hinge risk is decided by the support vectors alone. Without a point of
     margin 2 it satisfies the same conditions."""),
)

which_question = quiz(
    "when_assumptions_break.which_question",
    r"""For a network with a weak penalty, damped influence agrees with none of the retrainings from
    scratch. Bae et al. (2022) ask what it does agree with. What did they find?""",
    ("Retraining with the same seed, if one trains long enough.",
     r"""The same seed keeps the way there similar, not the end. Where several minima lie close,
     a removal can lead to another one."""),
    ("The mean over many seeds.",
     r"""That is a good question, and another one: what the point does to an average model. The
     formula knows only the model at hand."""),
    right("Staying near the outputs and parameters at hand while one loss is taken out.",
          r"""The proximal Bregman objective: its minimum without the removal is the network as it
          is, finished or not, and its second derivative is the Gauss-Newton matrix plus
          damping."""),
    ("Nothing: for networks it is noise.",
     r"""Against retraining it can look like noise. Against the question whose tangent it is, it
     agrees well."""),
)
