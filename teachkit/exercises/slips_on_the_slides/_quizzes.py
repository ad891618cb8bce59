"""The appendix's quizzes."""

from .. import quiz, right

by_sign = quiz(
    "slips_on_the_slides.by_sign",
    "Two of the slips turn the sign of a prediction. Which check finds such a slip most cheaply?",
    ("The shapes of all arrays.", "A vector and its negative have one shape."),
    ("The rank correlation of the sizes with the truth.",
     "Sizes have no sign: a prediction of the wrong sign has all of them right."),
    ("A larger sample.", "More data make a wrong sign more certain."),
    right("One retraining, and the sign of what came out.",
          """One case that is known in truth is enough: a wrong sign is wrong everywhere, and a
          single retraining shows it."""),
)

no_slip = quiz(
    "slips_on_the_slides.no_slip",
    r"""Books write the mixture with $1 - \varepsilon$, the talk adds $\varepsilon L(z, \theta)$ to
    an unchanged mean. Without a penalty, what does that change at $\varepsilon = 0$?""",
    ("The derivative: it is off by the factor $1 - 1/n$.",
     r"""$1 - \varepsilon$ multiplies the others by nearly 1 and moves no minimum by itself: without
     a penalty the derivative is the same."""),
    right("Nothing: the gradients of a minimum sum to 0.",
          r"""Taking $\varepsilon$ from all takes $\varepsilon$ times the mean gradient, which is 0
          at a minimum without penalty."""),
    ("Its sign.", "Both put weight on $z$, and on the same side."),
    (r"Nothing, with a penalty as well, wherever it stands.",
     r"""With a penalty outside of the mixture $\lambda\theta$ is left over: the gradients of the
     losses then sum to $-n\lambda\theta$."""),
)
