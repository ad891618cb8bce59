"""11.4: the objective that influence does answer for a network (Bae et al. 2022)."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part
from ._cases import outputs_of

_THETA = np.array([0.6, -0.9, 1.1, 0.4, -0.7, 0.8, 1.3, -1.0])
_STOPPED = np.array([0.9, -0.4, 0.7, 0.9, -1.2, 0.3, 0.8, -1.5])
_Y = np.array([1.0, -1.0, 1.0, -1.0, -1.0, 1.0])


def _cases() -> list[tuple]:
    return [
        (_THETA, _STOPPED, outputs_of(6, 3), _Y, 1, 0.4),
        (_STOPPED, _THETA, outputs_of(6, 3), -_Y, 4, 0.7),
        (_THETA[:6], 1.2 * _STOPPED[:6], outputs_of(5, 2), _Y[:5], 2, 1.3),
    ]


def _any_objective(draw):
    n, d = draw.whole(2, 6), draw.whole(1, 3)
    p = 2 * d + 2
    y = np.array([draw.pick(-1.0, 1.0) for _ in range(n)])
    theta_s = draw.numbers(p, low=-1.5, high=1.5)
    theta = theta_s + draw.numbers(p, low=-1.0, high=1.0) * draw.pick(0.0, 1.0, 1.0, 1.0)
    return theta, theta_s, outputs_of(n, d), y, draw.index(n), draw.number(0.0, 1.5)


def _loss(f, y):
    return np.logaddexp(0, -y * f)


def _slope(f, y):
    return -y / (1 + np.exp(y * f))


def _divergence(f, f_s, y):
    return _loss(f, y) - _loss(f_s, y) - _slope(f_s, y) * (f - f_s)


def _of_outputs(per_point):
    """A slip of the mean divergence: per_point(f, f_s, y), one number for each training point."""
    return lambda outputs, theta, theta_s, y: per_point(outputs(theta), outputs(theta_s), y).mean()


def _without_labels(f, f_s, y, i):
    """The objective but for the damping, the loss that of the label +1, and the slope that of y."""
    tangent = _loss(f_s, 1) + _slope(f_s, y) * (f - f_s)
    return (_loss(f, 1) - tangent).mean() - _loss(f[i], 1) / len(y)


def _without(outputs, theta, theta_s, y, i):
    return np.delete(_divergence(outputs(theta), outputs(theta_s), y), i)


@exercise(
    "11.4",
    "What influence does answer",
    prompt="""A network with outputs f = `outputs(theta)`, (n,), one for each training point with
    label `y`, -1 or +1, and with the loss L(f, y) = log(1 + e^(-y f)), was stopped at `theta_s`.
    Return the *proximal Bregman objective* of removing point `i`, a number: the mean over all n
    points of D_j, minus L(f_i, y_i)/n, plus `lam`/2 times |theta - theta_s|^2. Here
    D_j = L(f_j, y_j) - L(f_j at theta_s, y_j) - L'(f_j at theta_s, y_j) (f_j - f_j at theta_s),
    with the derivative L' in f.""",
    minutes=10,
    difficulty=3,
    cases=_cases,
    draw=_any_objective,
    hints=(
        """You need the outputs at two places, outputs(theta) and outputs(theta_s). Which of the
        terms is 0 for theta = theta_s, and which is not?""",
        "L' in f is -y sigma(-y f), that is -y / (1 + e^(y f)). In D_j it is taken at theta_s.",
        """D_j is the loss minus its tangent at theta_s. All n points are in the mean of D_j, i too;
        its loss is then subtracted once, with weight 1/n.""",
    ),
    explanation="""D_j >= 0 is how far the loss lies above its tangent, a distance between outputs:
    at theta_s it is 0 and so is its gradient, even where training was stopped early. So without
    the removal the minimum is theta_s itself, and no drift is left. The second derivative there is
    the Gauss-Newton matrix plus lam I, never negative. One Newton step from theta_s is
    (1/n)(G + lam I)^-1 grad L_i: influence with damping.""",
    answer=formula(
        lambda near, removed, held: near - removed + held,
        near=part(
            _of_outputs(_divergence),
            ("the linear term of the divergence forgotten",
             _of_outputs(lambda f, f_s, y: _loss(f, y) - _loss(f_s, y)),
             """The linear term of the divergence is forgotten: yours is the loss minus the loss at
             theta_s. That has a slope at theta_s wherever training was not finished, so even with
             nothing removed the minimum lies elsewhere, and the drift is back."""),
            ("the loss alone", _of_outputs(lambda f, f_s, y: _loss(f, y)),
             """The mean of the losses stands in the place of the divergence. Subtract from each its
             tangent at theta_s, value and slope."""),
            ("value at theta_s forgotten",
             _of_outputs(lambda f, f_s, y: _loss(f, y) - _slope(f_s, y) * (f - f_s)),
             """L(f at theta_s) is not subtracted. That is a constant and moves no minimum, but the
             divergence is to be 0 at theta_s."""),
            ("plus the linear term",
             _of_outputs(lambda f, f_s, y: (
                 _loss(f, y) - _loss(f_s, y) + _slope(f_s, y) * (f - f_s))),
             "The linear term is added. The tangent is subtracted, value and slope."),
            ("slope at theta",
             _of_outputs(lambda f, f_s, y: _loss(f, y) - _loss(f_s, y) - _slope(f, y) * (f - f_s)),
             """The slope L' is taken at theta. The tangent touches where training stopped: L' at
             the outputs of theta_s. (Yours is minus the divergence the other way round.)"""),
            ("the other way round", _of_outputs(lambda f, f_s, y: _divergence(f_s, f, y)),
             """The divergence is not symmetric, and yours has its two places exchanged: the tangent
             is that at theta_s, the value that at theta."""),
            ("slope in the margin",
             _of_outputs(lambda f, f_s, y: (
                 _loss(f, y) - _loss(f_s, y) + (f - f_s) / (1 + np.exp(y * f_s)))),
             """The label is missing before the slope: yours is the derivative in the margin y f. In
             f it is -y sigma(-y f)."""),
            ("sigma of +m",
             _of_outputs(lambda f, f_s, y: (
                 _loss(f, y) - _loss(f_s, y) + y / (1 + np.exp(-y * f_s)) * (f - f_s))),
             """L' has sigma(+y f), the probability of being right. The derivative of
             log(1 + e^(-m)) is -sigma(-m)."""),
            ("the tangent itself",
             _of_outputs(lambda f, f_s, y: _loss(f_s, y) + _slope(f_s, y) * (f - f_s)),
             """D_j is the tangent in yours. It is what lies between: the loss at theta minus the
             tangent."""),
            ("f for the difference",
             _of_outputs(lambda f, f_s, y: _loss(f, y) - _loss(f_s, y) - _slope(f_s, y) * f),
             "The slope is multiplied by f. It is multiplied by how far f has gone: f - f_s."),
            ("half the square",
             _of_outputs(lambda f, f_s, y: (f - f_s) ** 2 / 2),
             _of_outputs(lambda f, f_s, y: (f - f_s) ** 2),
             """You took the squared distance of the outputs, which is the divergence of the square
             loss. Each loss has its own: here it is the logistic one."""),
            ("the sum", lambda outputs, theta, theta_s, y: (
                _divergence(outputs(theta), outputs(theta_s), y).sum()),
             "The divergences are added up. Take their mean over the n points."),
            ("point i left out", lambda outputs, theta, theta_s, y, i: (
                _without(outputs, theta, theta_s, y, i).sum() / len(y)),
             lambda outputs, theta, theta_s, y, i: _without(outputs, theta, theta_s, y, i).mean(),
             """The divergence of point i is left out, and its loss subtracted besides: it goes
             twice. All n points are in the mean of D_j."""),
        ),
        removed=part(
            lambda outputs, theta, y, i: _loss(outputs(theta)[i], y[i]) / len(y),
            ("no 1/n", lambda outputs, theta, y, i: _loss(outputs(theta)[i], y[i]),
             """The loss of point i is subtracted with the weight 1. In a mean of n it has
             1/n."""),
            ("1/(n - 1)", lambda outputs, theta, y, i: (
                _loss(outputs(theta)[i], y[i]) / (len(y) - 1)),
             "The weight of a removed point is 1/n in this course, with or without it."),
            ("nothing removed", lambda: 0.0,
             """Nothing is removed in yours: its minimum is theta_s. Subtract the loss of point i,
             with weight 1/n."""),
            ("added", lambda outputs, theta, y, i: -_loss(outputs(theta)[i], y[i]) / len(y),
             """The loss of point i is added, as if it came in a second time. To remove it is a
             weight of -1/n."""),
            ("its divergence", lambda outputs, theta, theta_s, y, i: (
                _divergence(outputs(theta), outputs(theta_s), y)[i] / len(y)),
             """You subtracted the divergence of point i. That has no slope at theta_s, so nothing
             would move: what pulls is its loss L."""),
            ("its loss at theta_s", lambda outputs, theta_s, y, i: (
                _loss(outputs(theta_s)[i], y[i]) / len(y)),
             """The loss of point i is that at theta_s, a constant. It has to be able to change:
             L at theta."""),
            ("change of its loss", lambda outputs, theta, theta_s, y, i: (
                (_loss(outputs(theta), y) - _loss(outputs(theta_s), y))[i] / len(y)),
             """You subtracted the change of the loss of point i since theta_s. That differs by a
             constant alone, which moves no minimum; asked is L itself."""),
        ),
        held=part(
            lambda theta, theta_s, lam: lam / 2 * ((theta - theta_s) ** 2).sum(),
            ("the damping put on theta instead of theta - theta_s",
             lambda theta, lam: lam / 2 * (theta**2).sum(),
             """The damping holds theta to 0: that is weight decay. Damping holds it to the place
             where training stopped, theta - theta_s. As a penalty at 0 it would move theta with
             nothing removed."""),
            ("no damping", lambda: 0.0,
             """The damping is missing. The divergence looks at outputs alone: directions of theta
             that change no output are held by lam/2 |theta - theta_s|^2 only."""),
            ("no half", lambda theta, theta_s, lam: lam * ((theta - theta_s) ** 2).sum(),
             "The damping lacks the factor 1/2. With it the second derivative is lam I."),
            ("not squared", lambda theta, theta_s, lam: lam / 2 * np.linalg.norm(theta - theta_s),
             "The length of theta - theta_s is not squared."),
            ("mean of squares", lambda theta, theta_s, lam: (
                lam / 2 * ((theta - theta_s) ** 2).mean()),
             "You took the mean of the squares. |theta - theta_s|^2 is their sum."),
            ("theta_s alone", lambda theta_s, lam: lam / 2 * (theta_s**2).sum(),
             "Your damping is of theta_s, a constant. It measures theta - theta_s."),
            ("outputs held", lambda outputs, theta, theta_s, lam: (
                lam / 2 * ((outputs(theta) - outputs(theta_s)) ** 2).sum()),
             """The damping is on the outputs. The divergence looks after those; lam holds the
             parameters, |theta - theta_s|^2."""),
            ("over n", lambda theta, theta_s, lam, y: (
                lam / 2 * ((theta - theta_s) ** 2).sum() / len(y)),
             "The damping is divided by n. It stands outside the mean, as a penalty does."),
            ("subtracted", lambda theta, theta_s, lam: -lam / 2 * ((theta - theta_s) ** 2).sum(),
             "The damping is subtracted, which drives theta away. It is added."),
        ),
    ),
    mistakes=(
        ("no y in the losses",
         lambda outputs, theta, theta_s, y, i, held: (
            _without_labels(outputs(theta), outputs(theta_s), y, i) + held),
         lambda outputs, theta, theta_s, y, i, held: (
            _without_labels(outputs(theta), outputs(theta_s), np.ones(len(y)), i) + held),
         """The label is missing in the losses: L(f, y) is log(1 + e^(-y f)), and yours takes every
         label for +1."""),
        ("minus the answer", "-1", "The whole has its sign turned round: what is minimised is D, "
         "minus the loss of point i, plus the damping."),
        ("n times", "n",
         """Yours is n times the answer: a sum over the points and no 1/n, with a damping n times as
         strong. The mean is asked for."""),
    ),
)
def proximal_objective(theta, theta_s, outputs, y, i, lam):
    """The objective at theta, a number; outputs(theta) and y are (n,), theta and theta_s (p,)."""
    f, f_s = outputs(theta), outputs(theta_s)
    slope = -y / (1 + np.exp(y * f_s))
    D = np.logaddexp(0, -y * f) - np.logaddexp(0, -y * f_s) - slope * (f - f_s)
    held = lam / 2 * ((theta - theta_s) ** 2).sum()
    return D.mean() - np.logaddexp(0, -y[i] * f[i]) / len(y) + held
