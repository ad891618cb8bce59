"""The quizzes of lesson 16."""

from __future__ import annotations

from .. import quiz, right

own_tolerance = quiz(
    "scaling_up.own_tolerance",
    r"""A column is done when $|G|$ is small beside the gradient of its own point. Why not when it
    is small beside the largest of all gradients?""",
    (r"Because $G$ has other units in every column.",
     r"""All columns of $G$ are gradients of the same kind of risk: the units are the same. The
     sizes are not."""),
    right(r"Most points move $\theta$ by very little. Their changes would have fewer right digits, "
          "and the smallest perhaps none.",
          r"""The gradient of a point of which the model is sure is thousands of times smaller than
          that of another. What is small beside one is everything there is for the other."""),
    (r"Because the columns of points with a large gradient would never be done.",
     r"""They would: Newton's steps take every column down to rounding. It is the small ones that
     would be called done too early."""),
    (r"Because the columns would then all have to take the same number of rounds.",
     "A column leaves when its own test is passed, whatever the test is."),
)

faster_at_any_size = quiz(
    "scaling_up.faster_at_any_size",
    r"""A GPU moves three hundred times as many bytes a second as a core of the processor. $X$ has
    100 rows and 10 columns. What about one product $H v$?""",
    ("It is three hundred times as fast on the GPU.",
     """That holds once the bytes take far longer than all that comes before: some megabytes at
     least."""),
    ("It is somewhat less than three hundred times as fast: the rest is lost to the operations.",
     "Operations are the smaller part even where X is large: a quarter of one for each byte."),
    right("The processor is faster: it is done before the GPU has begun.",
          """The data are 8 kB, which a core reads in a microsecond; to begin with what it was told
          takes a GPU some twenty."""),
    ("Both take the same time, since the data are so few.",
     "Less time for the bytes is no help where what comes before them is longer than all of it."),
)

cluster_buys = quiz(
    "scaling_up.cluster_buys",
    """Eight workers do the leave-one-out retrainings, each of them one retraining after the other.
    What does that buy for a network, and what for a logistic regression, where one core could do
    all of them at once as in part 1?""",
    ("For both eight times the speed.",
     """For the network nearly so. For the logistic regression eight workers that retrain one by one
     are still slower than one that shares a factor: that is worth two dozens for the digits and
     hundreds for Fashion-MNIST."""),
    right("For the network nearly eight times the speed. For the regression nothing that one "
          "shared factorisation would not do better.",
          """The refits of a network do not share anything: they can go apart. Those of a linear
          model share H, and whoever cuts the work into single refits throws that away."""),
    ("For the network nothing, since training goes step by step.",
     """Within one training the steps wait for each other. Between the trainings without point 3 and
     without point 4 nobody waits."""),
    ("For the regression eight times the speed of part 1, since its columns do not depend on each "
     "other.",
     """The columns could be cut among workers, each with the factor. But workers that retrain each
     point by itself do the work of the factor n times."""),
)

means_of_shards = quiz(
    "scaling_up.means_of_shards",
    """Two shards, of 900 and of 100 examples. Each answers with the gradient of its own risk, a
    mean over its examples and the penalty. How is the gradient over all 1,000 put together?""",
    ("As the mean of both answers.",
     """Then an example of the small shard would count nine times as much as one of the large."""),
    ("As the sum of both answers.",
     "Each is a mean already, and has the penalty: the sum would have it twice."),
    ("As 0.9 of the first and 0.1 of the second, and then plus the penalty.",
     "The penalty is in both answers, with 0.9 and 0.1: that is one whole already."),
    right("As 0.9 of the first and 0.1 of the second.",
          """Weighted by their shares of the examples, means add up to the mean, and the penalty,
          the same in both, comes out once."""),
)
