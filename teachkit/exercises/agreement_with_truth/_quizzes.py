"""The quizzes of lesson 10."""

from __future__ import annotations

from .. import quiz, right

unfinished_fit = quiz(
    "agreement_with_truth.unfinished_fit",
    r"""The gradient of $R$ at $\theta$ is a hundred times as long as what one point pulls with. You
    retrain without each of 400 points, to the end, and plot the true change of a test loss against
    the predicted one. What does the plot look like?""",
    (r"A cloud: predictions from such a $\theta$ are worthless.",
     r"""The influences are taken at a $\theta$ that is not the minimum, and they are off, by a
     factor of up to two in the table that follows; but the points still order themselves along a
     line."""),
    right("A line that is far from the origin.",
          r"""Each retraining also finishes the fit, and moves $\theta$ by the same amount, whoever
          left. That is an intercept many times the spread of the effects, and $r$ hardly sees
          it."""),
    ("A line through the origin with a slope far from 1.",
     """A slope would mean a factor that grows with the effect. Finishing the fit moves every point
     of the plot by the same amount."""),
    ("A line through the origin with slope 1, for the retrainings go to the end.",
     """They do, and the model they are compared with did not: each difference has what was missing
     in it."""),
)

coherent_groups = quiz(
    "agreement_with_truth.coherent_groups",
    """The sum of the influences of a group comes out smaller than what its removal does. For which
    group of 50 is the gap widest, beside what the removal does?""",
    ("50 points at random.",
     """Spread over the data, they take along a little of every direction of $H$, 50 in $n$. A group
     that lies in one place takes most of a few directions."""),
    ("The 50 points with the smallest gradients.",
     r"""Their removal does least. The *relative* gap depends on how much of $H$ leaves in the
     directions in which they pull."""),
    right("50 neighbours of one class.",
          r"""They pull the same way, and they hold $\theta$ in the directions in which they pull.
          With all of them gone, $H - H_S$ is much softer there than $H$."""),
    ("Influences add, so there is none.",
     r"""To first order in the weights they do. Removing 50 points is no small step for $H$: the
     curvature of 50 points leaves with them."""),
)

slope_of_leverage = quiz(
    "agreement_with_truth.slope_of_leverage",
    r"""Influence against true retraining: $r = .98$, slope $1.18$, intercept $0$, and the gradient
    is $10^{-13}$. What do you do?""",
    (r"Multiply all predictions by $1.18$.",
     r"""The line would have slope 1, and each point stays as wrong as it was beside the others. The
     factor belongs to each point, and it is known: $1/(1 - h_i)$."""),
    ("Train longer.",
     "The gradient is 0 to rounding, and the intercept 0: there is nothing left to finish."),
    (r"Look for an $n - 1$ that should be $n$.",
     r"""With hundreds of points that is a fraction of a percent. And a convention for all points
     shows in the intercept."""),
    right(r"Divide each removal by its $1 - h_i$.",
          r"""The slope above 1 says that points go farther than $H$ lets them: their own curvature
          is still in it. Afterwards the slope is near 1, and $r$ is higher as well."""),
)

row_deleted = quiz(
    "agreement_with_truth.row_deleted",
    r"""A colleague deletes the row, keeps $\lambda$ and takes the mean over $n - 1$. For half
    of the points his change of $\theta$ differs from yours by more than all of yours; on the test
    loss the two of you have the same $r$. How can that be?""",
    right("He moves every model by the same piece as well.",
          r"""The others count $n/(n - 1)$ times as much against the penalty, and that moves
          $\theta$ by nearly the same vector whichever point left. On a test loss it is a constant:
          an intercept."""),
    (r"His $\lambda$ is too small, so his fit is not unique.",
     r"""It is as unique as yours. The penalty has less weight beside the mean over $n - 1$, by one
     part in $n$."""),
    ("One of you has not finished training.",
     "That gives a common piece, too. Here both gradients are 0: two risks have two minima."),
    (r"$r$ is always the same for two retrainings.",
     r"""Only if they differ by a constant or a factor. It is what $r$ cannot see; here it is a
     constant."""),
)
