"""10.5: a group's own Newton step: its curvature leaves with it."""

from __future__ import annotations

import numpy as np

from .. import better, exercise, formula, part
from .._slips import hessian
from .._slips.logistic import curvature, fit
from ._cases import GRADIENTS, any_group, groups, kept, truth


def _singles(X, y, theta, l2, S):
    """c_i x_i'H^-1 x_i / n of the points in S."""
    H_inv = np.linalg.inv(hessian.hessian(X, y, theta, l2))
    return curvature(X, y, theta)[S] * ((X[S] @ H_inv) * X[S]).sum(axis=1) / len(y)


def _in_turn(gradient_of_all):
    """One point after the other, each with the Newton step from where the one before led."""

    def walked(X, y, theta, l2, S):
        here = theta
        for k, i in enumerate(S):
            w = kept(y, S[: k + 1])
            s = 1 / (1 + np.exp(y * (X @ here)))
            H = (X.T * (w * s * (1 - s))) @ X / len(y) + l2 * np.eye(len(theta))
            slope = -(w * y * s) @ X / len(y) + l2 * here if gradient_of_all else (
                y[i] * s[i] * X[i] / len(y))
            here = here - np.linalg.solve(H, slope)
        return here - theta

    return walked


def _row_deleted(X, y, theta, l2, S):
    """One Newton step on the mean over those who stay."""
    X, y = np.delete(X, S, axis=0), np.delete(y, S)
    s = 1 / (1 + np.exp(y * (X @ theta)))
    slope = -(y * s) @ X / len(y) + l2 * theta
    return -np.linalg.solve((X.T * (s * (1 - s))) @ X / len(y) + l2 * np.eye(len(theta)), slope)


_RIDGE = hessian.RIDGE.at(without=("no ridge",)).more(
    ("no ridge", lambda theta: np.zeros((len(theta), len(theta))),
     """The penalty is missing in H (or it was subtracted with H_S). It stays whole when points
     leave: H - H_S still has l2 I, and H_i has none."""),
)

_KEPT = part(
    kept,
    ("sum of single removals", lambda y: np.ones(len(y)),
     """This is the sum of the single removals, (1/n) H^-1 sum of g_i: the group's curvature is
     still in H. Whoever leaves takes what he held along, so it has to be H - sum of H_i / n."""),
    ("group added to H", lambda y, S: 2 - kept(y, S),
     """You added the group's curvature to H. It leaves: H minus the sum of H_i / n, and softer, not
     stiffer."""),
    ("H of the group", lambda y, S: 1 - kept(y, S),
     """Your H is that of the group. Those who stay hold theta after the group has left: H is
     made of their curvatures, and the penalty."""),
    ("one of the group left", lambda y, S: kept(y, S[:1]),
     """Only the first of the group leaves H in yours. All of them do, since they are removed
     together."""),
)


@exercise(
    "10.5",
    "A group's own step",
    prompt="""The points `S`, a list of indices, leave together. Return the change of theta that one
    Newton step on the risk without them makes: (H - sum of H_i / n)^-1 times the sum of
    grad L(z_i) / n, both sums over S, with H_i the Hessian of the loss of point i (no penalty).
    Labels are -1 and +1, and R is the mean of the losses plus l2/2 times the squared length of
    theta.""",
    minutes=6,
    difficulty=2,
    cases=groups,
    draw=any_group,
    hints=(
        """H is the mean of c_k x_k x_k' plus l2 I. What is left of this sum without the points of
        S, with n staying n?""",
        """Whom does each of the two sums run over? H is made of those who hold theta after the
        group has left; what moves theta is the pull that is gone.""",
        """A vector w of weights, 1 for those who stay and 0 for S, in the sum of H; and 1 - w in
        the sum of the gradients.""",
    ),
    explanation="""It is Newton's step on R without S, from theta: there the gradient is minus the
    sum of g_i / n, for the whole of R has gradient 0. A solve for each group, and no longer a sum
    over points; for a square loss it is the truth.""",
    answer=formula(
        lambda X, c, stay, n, ridge, G, count: np.linalg.solve(
            (X.T * (c * stay)) @ X / n + ridge, G.sum(axis=0)) / count,
        c=hessian.CURVATURE.at(without=("one point alone",)),
        stay=_KEPT,
        n=hessian.COUNT,
        ridge=_RIDGE,
        G=GRADIENTS,
        count=lambda y: len(y),
    ),
    mistakes=(
        ("in turn", _in_turn(True), _in_turn(False),
         """You removed the points one after the other, each from where the one before had led.
         That is |S| steps. Asked is one, from `theta`, for all of S together."""),
        ("row-deleted step", _row_deleted,
         """This is the Newton step with the rows deleted, on a mean over n - |S|, so the others
         count more beside the penalty. In this course n stays in the 1/n."""),
        ("stayers without the penalty", lambda X, y, theta, c, stay, n, ridge, S: np.linalg.solve(
            (X.T * (c * stay)) @ X / n + ridge,
            (kept(y, S) * y / (1 + np.exp(y * (X @ theta)))) @ X / len(y)),
         """You took minus the gradients of those who stay. That way leads there, too, if the
         penalty's gradient, + l2 theta, is with them: their sum over n and l2 theta together are
         minus the sum of S."""),
        ("rescaled sum", lambda X, y, theta, l2, S, G, count: (
            np.linalg.solve(hessian.hessian(X, y, theta, l2),
                            G.T @ (1 / (1 - _singles(X, y, theta, l2, S)))) / count),
         """You added the single steps, each divided by its own 1 - h_i. That counts the curvature
         of each point as if it left alone; together they take along more. It is the next
         exercise."""),
        ("one leverage for all", lambda X, y, theta, l2, S, G, count: (
            np.linalg.solve(hessian.hessian(X, y, theta, l2), G.sum(axis=0)) / count
            / (1 - _singles(X, y, theta, l2, S).sum())),
         """You divided the sum of the single removals by 1 minus the sum of the leverages. For
         several points it is a matrix that changes, and not one factor: solve with H - sum of
         H_i / n."""),
        ("H_i without 1/n", lambda X, y, theta, l2, S, c, n, ridge, G, count: (
            np.linalg.solve((X.T * (c * (1 - n * (1 - kept(y, S))))) @ X / n + ridge,
                            G.sum(axis=0)) / count),
         """The H_i that you subtract lack their 1/n. In H every point counts with 1/n, so it leaves
         with 1/n, too."""),
        ("mean of the group's H_i", lambda X, y, theta, l2, S, c, n, ridge, G, count: (
            np.linalg.solve((X.T * (c * (1 - n / len(S) * (1 - kept(y, S))))) @ X / n + ridge,
                            G.sum(axis=0)) / count),
         """You subtract the mean of the group's H_i, over |S|. H is a mean over n, and what leaves
         it is the sum of H_i divided by n."""),
        ("1/|S|", lambda X, c, stay, n, ridge, G, S: np.linalg.solve(
            (X.T * (c * stay)) @ X / n + ridge, G.sum(axis=0)) / len(S),
         """The gradients are divided by |S|, the size of the group: a mean pull. All of them pull
         together, each with 1/n: their sum over n."""),
        ("n - |S|",
         lambda X, y, theta, l2, S, c, ridge, G: np.linalg.solve(
             (X.T * (c * kept(y, S))) @ X / (len(y) - len(S)) + ridge, G.sum(axis=0)
         ) / (len(y) - len(S)),
         lambda X, y, theta, l2, S, c, ridge, G, count: np.linalg.solve(
             (X.T * (c * kept(y, S))) @ X / (len(y) - len(S)) + ridge, G.sum(axis=0)) / count,
         """You divide by n - |S|, the number of those who stay, in the sum of H and perhaps in that
         of the gradients; or l2 loses the share |S|/n, which is equal by algebra. In this course n
         stays what it was and so does the penalty: weights become 0, and that is all."""),
        ("gradient over n - |S|", lambda X, c, stay, n, ridge, G, S, y: np.linalg.solve(
            (X.T * (c * stay)) @ X / n + ridge, G.sum(axis=0)) / (len(y) - len(S)),
         "The gradients are divided by n - |S|. n stays what it was: by n."),
        ("sign", "-1",
         """theta moves along the gradients of those who leave: without them they no longer pull
         against it."""),
        ("no 1/n", "n", "A point has the weight 1/n in R. The gradients are divided by n."),
        ("1/n twice", "1/n",
         """1/n stands there twice, or H is the sum with n l2, which brings its 1/n along."""),
        better("truth", truth,
               """This is the truth: you retrained without the group. The task asks for one Newton
               step."""),
        ("new theta", lambda X, theta, c, stay, n, ridge, G, count: theta + np.linalg.solve(
            (X.T * (c * stay)) @ X / n + ridge, G.sum(axis=0)) / count,
         "This is where theta goes. Asked is the change."),
        ("the others removed", lambda X, y, theta, l2, S, c: np.linalg.solve(
            (X.T * (c * (1 - kept(y, S)))) @ X / len(y) + l2 * np.eye(len(theta)),
            -((1 - kept(y, S)) * -y * (1 - 1 / (1 + np.exp(-y * (X @ theta))))) @ X / len(y)
            - l2 * theta),
         """You removed those who stay and kept S. Turn the weights round."""),
        ("retrained on n - |S|", lambda X, y, theta, l2, S: (
            fit(np.delete(X, S, axis=0), np.delete(y, S), l2) - theta),
         """You retrained with the rows deleted and a mean over n - |S|. Asked is one Newton step
         with n as it was."""),
        ("a row for each", lambda X, c, stay, n, ridge, G, count: np.linalg.solve(
            (X.T * (c * stay)) @ X / n + ridge, G.T).T / count,
         "You return a row for each point of S. Asked is what they do together: (p,)."),
    ),
)
def group_step(X, y, theta, l2, S):
    """Change of theta, (p,), by one Newton step on the risk without the points S."""
    n, p = X.shape
    leaves = np.zeros(n)
    leaves[S] = 1
    m = y * (X @ theta)
    c = 1 / (1 + np.exp(-m)) / (1 + np.exp(m))
    H = (X.T * ((1 - leaves) * c)) @ X / n + l2 * np.eye(p)
    pull = -(leaves * y / (1 + np.exp(m))) @ X / n
    return np.linalg.solve(H, pull)
