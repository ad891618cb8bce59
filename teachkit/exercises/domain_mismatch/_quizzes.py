"""The quizzes of lesson 14."""

from __future__ import annotations

from .. import quiz, right

healthy_sign = quiz(
    "domain_mismatch.healthy_sign",
    r"""The slide: "The one training point (label is -1) have very negative influences", in a plot
    of $-I_{up,loss}(z_i, z_{test})$ for a healthy test child. Which sign has it?""",
    ("Negative, as printed: it has the smaller class.",
     """The size of its class has no say in the sign. Ask what happens to the test child's loss
     when the only healthy child is left out."""),
    right("Positive: without it the healthy test child's loss would rise.",
          r"""$-\frac1n I_{up,loss}$ is the rise of the loss when the row is left out. The healthy
          child held it down; the three in hospital push it up, and theirs is negative."""),
    ("Either one: that depends on the seed.",
     """It does not in any of the twenty seeds: whoever has the test child's features and its label
     helps."""),
    (r"Zero: it is the training row that the model gets right.",
     r"""A row that is fitted well pulls less, $\sigma(-m_i)$ is smaller, but it pulls; and this one
     is not fitted well."""),
)

four_children = quiz(
    "domain_mismatch.four_children",
    """For one wrong test child the four rows on top are all children, out of two thousand. Is that
    the proof that the training set has too few healthy children?""",
    ("Yes: two thousand rows to choose from, and just the four.",
     """Children resemble a child, so children on top are likely with a good training set, too: they
     are the rows most like it. It says where to look."""),
    ("Yes, if the signs differ.",
     """The signs say who pushes up and who holds down. With all 24 children you would see both
     signs as well."""),
    right("No: a lead. The retraining says that they move it; fresh data say that it is wrong.",
          """Influence names rows for *this* model and *this* test child. That they do what is
          predicted is shown by retraining; that children in general are rarely in hospital, by data
          that nobody trained on."""),
    ("No: influences of so few rows are never reliable.",
     """They agree with the retraining within some ten per cent. What they are a proof of is another
     question."""),
)

really_there = quiz(
    "domain_mismatch.really_there",
    """The three rows that harm the healthy test child: what is wrong with them?""",
    ("Their labels: they should be -1.",
     "They really were in hospital. Lesson 15 looks for wrong labels; here there are none."),
    ("They are outliers, and outliers are to be removed.",
     """They are ordinary for children in hospital. What is unusual is that hardly any other child
     is there."""),
    right("Nothing. What is wrong is who is missing beside them.",
          """Harmful for a test child is not wrong. The mismatch is in the numbers: three of four in
          training, one of twenty or so outside. So one collects or reweights rather than
          deletes."""),
    ("Their influence is too large for a linear model.",
     """Four rows alone have a 1 in the child's column, so they alone say what it means. That is as
     it should be in a linear model."""),
)

largest_coefficient = quiz(
    "domain_mismatch.largest_coefficient",
    """A colleague sorts the coefficients by size instead, to find what the model has learned
    wrongly. What is missing in that list?""",
    ("Nothing: a wrong coefficient is a large one.",
     """The child's coefficient is not the largest; at another penalty it is far down, or near the
     top. Size depends on the unit of the column and on the penalty."""),
    right("Which rows it comes from, and for whom it matters.",
          """A coefficient belongs to a column and to all patients. Influence belongs to a row and
          to a test child: that names the four records to be looked at."""),
    ("The intercept, which is the culprit.",
     "The intercept moves all patients alike; older ones are predicted as well as before."),
    ("The p-values.",
     """They would say how surely a coefficient is not 0, given the data as they are. They know
     nothing of who went missing."""),
)
