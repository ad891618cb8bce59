"""10.1: the truth for one point: train again without it."""

from __future__ import annotations

import numpy as np

from .. import better, exercise
from .._slips import hessian
from .._slips.logistic import fit, gradient, risks, sigma
from ._cases import any_point_of_many, every_point, kept, truth


def _slope(X, y, theta, l2, weights):
    return -(weights * y * sigma(-y * (X @ theta))) @ X / len(y) + l2 * theta


def _steps(count, hessian_of_all=False):
    """So many Newton steps on the risk without the point; with another H, if asked."""

    def walked(X, y, theta, l2, i):
        w, here = kept(y, [i]), theta
        for _ in range(count):
            m = X @ here
            c = (1.0 if hessian_of_all else w) * sigma(m) * sigma(-m)
            H = (X.T * c) @ X / len(y) + l2 * np.eye(len(theta))
            here = here - np.linalg.solve(H, _slope(X, y, here, l2, w))
        return here - theta

    return walked


def _others(X, y, l2, i):
    return fit(np.delete(X, i, axis=0), np.delete(y, i), l2)


def _unpenalised(count):
    """So many Newton steps with the penalty in H and none in the gradient."""

    def walked(X, y, theta, l2, i):
        w, here = kept(y, [i]), theta
        for _ in range(count):
            c = w * sigma(X @ here) * sigma(-(X @ here))
            H = (X.T * c) @ X / len(y) + l2 * np.eye(len(theta))
            here = here - np.linalg.solve(H, _slope(X, y, here, 0.0, w))
        return here - theta

    return walked


def _of_another_risk(change, case):
    """Whether the change is that of a slip with a name, at the end of a training or none."""
    slips = (slip for slip in leave_out.mistakes if slip.name not in ("prediction", "one step"))
    wrongs = (np.asarray(function(*case)) for slip in slips for function in slip.functions)
    return any(w.shape == change.shape and np.allclose(w, change, atol=1e-4) for w in wrongs)


def _relabelled(X, y, theta, l2, i):
    return fit(X, np.where(np.arange(len(y)) == i, -y, y), l2) - theta


def _climbs(function):
    """Whether a training that ends on the cases by hand grows, or never ends, on a steeper risk."""
    X, y, _, l2 = risks()[0]
    X, l2 = 1.3 * X, l2 + 1.0
    theta = fit(X, y, l2)
    with np.errstate(all="ignore"):
        change = np.asarray(function(X, y, theta, l2, 0), dtype=float)
    slope = _slope(X, y, theta + change, l2, kept(y, [0]))
    return not np.linalg.norm(slope) < 1e-3 * np.linalg.norm(gradient(X, y, theta, 0)) / len(y)


def _finished(function):
    """Whether the retraining came to an end: its gradient beside the pull of the point."""
    left: list[float] = []
    for X, y, theta, l2 in risks():
        for i in range(len(y)):
            change = np.asarray(function(X, y, theta, l2, i), dtype=float)
            if change.shape != theta.shape or not np.isfinite(change).all():
                return ""
            if not left and _of_another_risk(change, (X, y, theta, l2, i)):
                return ""
            slope = _slope(X, y, theta + change, l2, kept(y, [i]))
            share = np.linalg.norm(gradient(X, y, theta, i)) / len(y)
            left.append(float(np.linalg.norm(slope) / share))
    worst = max(left)
    if worst < 2e-8 and _climbs(function):
        return """On a risk with larger features your training diverges: there its steps are too
            long, and each leads further away, or back and forth. The steeper a risk, the shorter a
            step of gradient descent has to be; a Newton step finds its length by itself."""
    if worst < 1e-9:
        return "Without the point, the gradient is 0 to rounding where your training ends."
    if worst < 2e-8:
        return """Where your training ends, the gradient of the risk without the point is less than
            a millionth of the point's own share: finished, for all that follows."""
    if worst > 1.0:
        return f"""Where yours ends, the gradient of the risk without the point is not 0: it has up
            to {worst:.0e} times the length of the point's own share. If these are steps downhill,
            they may be too long: then they go back and forth, or grow."""
    how = " to the last digit that is compared" if worst < 1e-6 else (
        ", or it ended at the minimum of another risk" if worst > 1e-3 else "")
    return f"""Where your training ends, the gradient of the risk without the point is up to
        {worst:.0e} of the point's own share: the training is not finished{how}. Ask for a smaller
        gradient, or take more Newton steps."""


@exercise(
    "10.1",
    "Leave one out",
    prompt="""A logistic regression with labels -1 and +1: R(theta) is the mean of
    log(1 + e^(-y_i x_i'theta)) over the n points plus l2/2 times the squared length of theta, and
    `theta` minimises it. Train again without point `i`, to the end: its weight becomes 0, and n
    stays n in the 1/n. Return by how much theta changes.""",
    minutes=8,
    difficulty=2,
    cases=every_point,
    draw=any_point_of_many,
    remark=_finished,
    hints=(
        """Write R with weights: (1/n) sum of w_k L_k, plus the penalty. Which w is asked for, and
        where do the weights stand in the gradient and in H?""",
        """Start at `theta` and take Newton steps on that risk. The number of right digits doubles
        with each: ten steps are more than enough.""",
        """Or delete the row and let a library train: `LinearRisk(X[rest], y[rest], Logistic(),
        l2=...)`. A mean over n - 1 is n/(n - 1) times too large beside the penalty. Which l2 makes
        up for it?""",
    ),
    explanation="""Removing a point is the weight 1 becoming 0, and nothing else: the others keep
    their 1/n, and the penalty stays. Newton's method from theta needs a few steps, since it starts
    close by. Deleting the row gives the same with the penalty l2 n/(n - 1).""",
    mistakes=(
        ("prediction", lambda X, y, theta, l2, i: (
            np.linalg.solve(hessian.hessian(X, y, theta, l2), gradient(X, y, theta, i)) / len(y)),
         _steps(1, hessian_of_all=True),
         """This is the plain prediction, (1/n) H^-1 grad L(z_i), or one step with the H of all
         points. It is what we want to judge; here the truth is asked for: train until the
         gradient without the point is 0."""),
        better("one step", _steps(1),
               """This is one Newton step on the risk without the point, and a good prediction: the
               one with leverage, which section 4 derives. The truth takes further steps, until the
               gradient is gone."""),
        ("retrained on n - 1",
         lambda X, y, theta, l2, i: _others(X, y, l2, i) - theta,
         """You deleted the row and took the mean over the n - 1 others, with the same l2. That is
         another convention: each of the others now counts n/(n - 1) times as much against the
         penalty. Here only the weight of point i changes. (With the row deleted, the penalty would
         have to be l2 n/(n - 1).) Or the weight is 0 and l2 shrank by (n - 1)/n: equal by
         algebra."""),
        ("penalty the wrong way",
         lambda X, y, theta, l2, i: _others(X, y, l2 * (len(y) - 1) / len(y), i) - theta,
         """Your penalty is l2 (n - 1)/n beside a mean over n - 1, the wrong way round. Multiply R
         by n/(n - 1) to turn 1/n into 1/(n - 1): the penalty is multiplied, too."""),
        ("new theta", lambda X, y, theta, l2, i: theta + truth(X, y, theta, l2, [i]),
         "This is theta without the point. What is asked for is the change: subtract `theta`."),
        ("sign", "-1",
         "A change is new minus old: theta without the point, minus `theta`."),
        ("point alone", lambda X, y, theta, l2, i: (
            fit(X, y, l2, 1.0 - kept(y, [i])) - theta),
         "The weights are turned round: you trained on point i alone. It gets 0, the others 1."),
        ("label turned", _relabelled,
         "You turned the label of the point. That is a relabelling; removed, it has the weight 0."),
        ("another point",
         lambda X, y, theta, l2, i: truth(X, y, theta, l2, [(i + 1) % len(y)]),
         lambda X, y, theta, l2, i: truth(X, y, theta, l2, [(i - 1) % len(y)]),
         """You removed the next point or the one before. Indices count from 0: point i is
         `X[i]`."""),
        ("sum for the mean",
         lambda X, y, theta, l2, i: fit(X, y, l2 / len(y), kept(y, [i])) - theta,
         """Your risk is the sum of the losses with l2, so the penalty is n times too weak beside
         the data. R is a mean: 1/n before the sum, the penalty once."""),
        ("2 l2", lambda X, y, theta, l2, i: fit(X, y, 2 * l2, kept(y, [i])) - theta,
         """Your penalty is twice too strong, l2 times the squared length: its gradient is
         2 l2 theta. R has l2/2, with the gradient l2 theta."""),
        ("no penalty in the gradient",
         *(_unpenalised(count) for count in (5, 6, 8, 10, 12, 15, 20, 25, 30, 50, 100)),
         """The penalty is missing in the gradient: without + l2 theta your steps look for the
         minimum of the losses alone, and theta goes far. It stands in both: l2 theta in the
         gradient, and l2 I in H."""),
        ("nothing moves", lambda X, y, theta, l2, i: 0.0 * theta,
         """Yours is 0. `theta` is the minimum with all points, so a gradient in which point i still
         counts is 0 there, and no step is taken. (Or `theta` was changed in place, and then
         subtracted from itself.)"""),
        ("its length", lambda X, y, theta, l2, i: np.linalg.norm(truth(X, y, theta, l2, [i])),
         "This is the length of the change. Asked is the change itself, (p,)."),
    ),
)
def leave_out(X, y, theta, l2, i):
    """theta_{-i} - theta, (p,): retrained with weight 0 on point i; X is (n, p), y is (n,)."""
    n, p = X.shape
    w = np.ones(n)
    w[i] = 0
    new = theta.copy()
    for _ in range(10):
        s = 1 / (1 + np.exp(y * (X @ new)))
        slope = -(w * y * s) @ X / n + l2 * new
        H = (X.T * (w * s * (1 - s))) @ X / n + l2 * np.eye(p)
        new = new - np.linalg.solve(H, slope)
    return new - theta
