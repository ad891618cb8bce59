"""2.6: what a generative model of two Gaussian classes says of a new point."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part


def _cases() -> list[tuple]:
    # p1 is never 1/2: there a forgotten prior would not show.
    Sigma = np.array([[1.6, 0.7, -0.3], [0.7, 0.9, 0.2], [-0.3, 0.2, 1.2]])
    mu1, mu0 = np.array([1.1, -0.4, 0.6]), np.array([-0.5, 0.8, 0.3])
    small = np.array([[0.8, -0.5], [-0.5, 1.5]])
    one, zero = np.array([0.6, 1.7]), np.array([-1.1, 0.4])
    return [
        (np.array([0.9, 1.3, -0.7]), mu1, mu0, Sigma, 0.2),
        (np.array([-0.4, 2.1]), one, zero, small, 0.7),
        (np.array([1.5, -0.8]), one, zero, small, 0.1),
        (np.array([-1.2, 0.3, 1.9]), mu1, mu0, Sigma, 0.35),
    ]


def _any_classes(draw):
    p = draw.whole(1, 4)
    M = draw.numbers(p, p, low=-1.0, high=1.0)
    x, mu1, mu0 = (draw.numbers(p, low=-2.5, high=2.5) for _ in range(3))
    if draw.chance(0.3):  # a point in whole numbers, and at times means too
        x = np.round(x).astype(int)
        if draw.chance():
            mu1, mu0 = np.round(mu1).astype(int), np.round(mu0).astype(int)
    return x, mu1, mu0, M @ M.T + draw.number(0.3, 1.0) * np.eye(p), draw.number(0.05, 0.95)


def _distance(x, mu, inverse):
    return (x - mu) @ inverse @ (x - mu)


@exercise(
    "2.6",
    "From P(X, Y) to P(Y | X)",
    prompt="""A generative model: class 1 has probability `p1`, class 0 has 1 - p1; within its class
    x is Gaussian with mean `mu1` or `mu0` and the same covariance `Sigma`. Return the log odds of
    a new point, log P(1 | x) / P(0 | x). `x`, `mu1`, `mu0` are (p,), `Sigma` is (p, p).""",
    minutes=8,
    difficulty=2,
    cases=_cases,
    draw=_any_classes,
    hints=(
        """Bayes: P(1 | x) = p1 N(x; mu1, Sigma) / P(x), and the same for 0. What of this cancels in
        the ratio?""",
        """The log of a Gaussian density is -1/2 (x - mu)' Sigma^-1 (x - mu) plus a constant, here
        the same for both classes. Subtract the one of class 0 from that of class 1, and do not
        forget the two class probabilities. v' Sigma^-1 v is `v @ np.linalg.solve(Sigma, v)`.""",
    ),
    explanation="""log odds = -1/2 d_1 + 1/2 d_0 + log p1/(1 - p1), with d_k = (x - mu_k)' Sigma^-1
    (x - mu_k). The squares of x cancel, and what is left is linear in x: (mu1 - mu0)' Sigma^-1 (x -
    (mu1 + mu0)/2) + log p1/(1 - p1). Logistic regression has the same form, and learns its w and b
    without a model of x.""",
    answer=formula(
        lambda x, mu1, mu0, inverse, middle, prior: (
            (mu1 - mu0) @ inverse @ (x - middle) + prior
        ),
        inverse=part(
            lambda Sigma: np.linalg.inv(Sigma),
            ("Sigma for its inverse", lambda Sigma: Sigma,
             """You multiplied by Sigma. A direction in which the points scatter widely says little,
             so it is divided by: `np.linalg.solve(Sigma, ...)`."""),
            ("naive Bayes", lambda Sigma: np.diag(1 / np.diag(Sigma)),
             """You used the diagonal of Sigma alone, as if the features were independent within a
             class. That model has a name, naive Bayes; this one has the whole Sigma."""),
            ("deviations", lambda Sigma: np.diag(1 / np.sqrt(np.diag(Sigma))),
             """You used the diagonal of Sigma alone, and its roots. It holds variances, and a
             square of x is divided by a variance; and the whole of Sigma is asked for, not the
             features one by one."""),
            ("entry by entry", lambda Sigma: 1 / Sigma,
             """1 / Sigma turns over every entry. The inverse of a matrix is something else:
             `np.linalg.solve(Sigma, ...)` uses it."""),
            ("nearest mean", lambda Sigma: np.eye(len(Sigma)),
             """Sigma is not in it: you compare plain distances to the two means. That would be
             right if the points scattered alike in all directions, with variance 1."""),
        ),
        middle=part(
            lambda mu1, mu0: (mu1 + mu0) / 2,
            ("no half of the means", lambda mu1, mu0: mu1 + mu0,
             """x has to be compared with the middle of the two means, (mu1 + mu0)/2; the half is
             missing."""),
            ("no middle", lambda mu1, mu0: 0 * mu1,
             """This is right only where the two means add up to 0: x is compared with the origin.
             The boundary runs through the middle of the means, (mu1 + mu0)/2 (for equal
             priors)."""),
            ("mean of all", lambda mu1, mu0, p1: p1 * mu1 + (1 - p1) * mu0,
             """You compare x with the mean of all points, p1 mu1 + (1 - p1) mu0. The prior comes in
             by its own term; the middle of the means has no weights."""),
            ("one mean for the middle", lambda mu1: mu1, lambda mu0: mu0,
             """You compare x with one of the means, where the middle of both belongs."""),
        ),
        prior=part(
            lambda p1: np.log(p1 / (1 - p1)),
            ("no prior", lambda: 0.0,
             """The class probabilities are missing: log p1/(1 - p1). At p1 = 1/2 it would not
             show; where class 1 is rare, it takes more to believe in it."""),
            ("prior turned over", lambda p1: np.log((1 - p1) / p1),
             """The prior counts for the wrong class: a rare class 1 makes it more likely in yours.
             It is log p1/(1 - p1), negative for p1 < 1/2."""),
            ("log p1 alone", lambda p1: np.log(p1),
             """The prior of class 0 is missing: the odds have log p1 - log(1 - p1)."""),
            ("the logarithm of p1 alone", lambda p1: np.log(p1) / (1 - p1),
             """The bracket of the logarithm closes too early: it is that of p1/(1 - p1), and not
             that of p1, divided by 1 - p1."""),
            ("other logarithm", lambda p1: np.log10(p1 / (1 - p1)),
             lambda p1: np.log2(p1 / (1 - p1)),
             """You took a logarithm with another base for the prior. Densities have exp, which the
             natural one undoes: `np.log`."""),
            ("no logarithm of the prior", lambda p1: p1 / (1 - p1), lambda p1: p1,
             """The class probabilities enter without a logarithm. All of it is a logarithm of a
             product, so they add log p1/(1 - p1)."""),
        ),
    ),
    mistakes=(
        ("no half of the squares",
         lambda x, mu1, mu0, inverse, prior:
         _distance(x, mu0, inverse) - _distance(x, mu1, inverse) + prior,
         """The 1/2 of the exponent is missing: a Gaussian density has -1/2 (x - mu)' Sigma^-1 (x -
         mu)."""),
        ("the distances added", lambda x, mu1, mu0, inverse, prior:
         prior - _distance(x, mu1, inverse) / 2 - _distance(x, mu0, inverse) / 2,
         """The distance to mu0 counts for class 1: the farther x is from mu0, the likelier is class
         1. So half of its square is added, and that to mu1 taken away."""),
        ("entry by entry in the squares",
         lambda x, mu1, mu0, inverse, prior: prior
         + (x - mu0) * inverse @ (x - mu0) / 2 - (x - mu1) * inverse @ (x - mu1) / 2,
         lambda x, mu1, mu0, inverse, prior: prior
         + (x - mu0) * inverse * (x - mu0) / 2 - (x - mu1) * inverse * (x - mu1) / 2,
         """`*` goes entry by entry, and what comes out is no number. v' Sigma^-1 v sums over rows
         and columns: `@` at both places."""),
        ("classes exchanged", lambda x, mu1, mu0, inverse, middle, prior:
         prior - (mu1 - mu0) @ inverse @ (x - middle),
         """The two means are exchanged: a point near mu1 is given to class 0. Log odds of 1 grow
         along mu1 - mu0."""),
        ("minus the answer", "-1", "These are the log odds of class 0: above the bar stands 1."),
        ("class 1 alone",
         lambda x, mu1, inverse, p1: np.log(p1) - _distance(x, mu1, inverse) / 2,
         """This is the score of class 1 alone. Odds compare: take that of class 0 away."""),
        ("the probability",
         lambda x, mu1, mu0, inverse, middle, prior:
         1 / (1 + np.exp(-(mu1 - mu0) @ inverse @ (x - middle) - prior)),
         """This is P(1 | x) itself. Asked are the log odds, of which it is the sigmoid."""),
        ("the odds",
         lambda x, mu1, mu0, inverse, middle, prior:
         np.exp((mu1 - mu0) @ inverse @ (x - middle) + prior),
         "These are the odds. Asked is their logarithm."),
        ("the class",
         lambda x, mu1, mu0, inverse, middle, prior:
         1.0 * ((mu1 - mu0) @ inverse @ (x - middle) + prior > 0),
         "This is the class that the log odds decide for. Asked are the log odds themselves."),
    ),
)
def lda_log_odds(x, mu1, mu0, Sigma, p1):
    """log P(1 | x) / P(0 | x) of x, (p,), for Gaussian classes that share Sigma, (p, p)."""
    w = np.linalg.solve(Sigma, mu1 - mu0)
    return w @ (x - (mu1 + mu0) / 2) + np.log(p1 / (1 - p1))
