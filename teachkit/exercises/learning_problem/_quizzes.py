"""Four questions on the learning problem."""

from __future__ import annotations

from .. import quiz, right

shrinks = quiz(
    "learning_problem.shrinks",
    """$f$ is fixed before the data are drawn. With 100 times the data, how much smaller is the
    typical gap $|I_n[f] - I[f]|$?""",
    ("100 times.",
     "That is its square, the variance: it falls as $1/n$. The gap falls as its root."),
    right("10 times.",
          """$I_n[f]$ is a mean of $n$ independent losses; its variance falls as $1/n$, and its
          standard deviation as the root of that. A digit more costs a hundred times the data."""),
    ("2 times: it is the logarithm that counts.",
     r"""The logarithm in Hoeffding's radius is that of $2/\delta$; $n$ stands below it, under the
     root."""),
    ("It is 0 already: $I_n[f]$ is unbiased.",
     "Its mean is $I[f]$; each single sample is still off, to one side or the other."),
)

after_the_data = quiz(
    "learning_problem.after_the_data",
    """$f_n$ minimises $I_n$ over a set of functions. Why does the law of large numbers not say that
    $I_n[f_n]$ comes near $I[f_n]$?""",
    ("Because the losses may be unbounded.",
     "They may, and that is another difficulty. It fails for the 0-1 loss as well."),
    ("Because the samples are not independent.",
     "The samples are. What is not independent of them is $f_n$."),
    ("Because $f_n$ may not exist.",
     "A minimum may fail to exist. Where it does exist, the law still does not say this."),
    right("Because $f_n$ is chosen by the same data that it is measured on.",
          """The law is about an $f$ that stays while $n$ grows. $f_n$ is the luckiest of all, so
          what is needed is a gap that is small for all of the set at once (or an algorithm that is
          stable)."""),
)

labels = quiz(
    "learning_problem.labels",
    "When is $(1 - y f)^2$ the same as $(y - f)^2$, for every $f$?",
    right("For $y = -1$ and $y = +1$, and no other $y$.",
          """$(y - f)^2 = y^2 (1 - f/y)^2$, and with $y^2 = 1$ also $1/y = y$. With labels 0 and 1
          the first charges 1 for each negative point, whatever $f$ says."""),
    ("For all $y$ other than 0.",
     "Try $y = 2$, $f = 0$: the first gives 1, the second 4."),
    ("For $y = 0$ and $y = 1$.",
     "For $y = 0$ the first is 1 whatever $f$ is, and the second $f^2$."),
    ("Always: it is the square of the same difference.",
     "Only if $y^2 = 1$: try $y = 2$, $f = 0$."),
)

penalty = quiz(
    "learning_problem.penalty",
    r"""You raise $\lambda$ in $I_n[f] + \lambda J(f)$, with a $J$ that is never negative, and
    minimise again. What cannot happen to $I_n$ at the minimum?""",
    ("It stays.", "It can: where $J$ is 0 already, for instance."),
    right("It falls.",
          r"""More weight on $J$ leads to a smaller $J$, and pays with a larger $I_n$. A training
          risk that falls as $\lambda$ rises is a sign that the minimum was not reached."""),
    ("It rises.", "That is what it does as a rule."),
)
