"""7.5: what one training point does to the loss at a test point."""

from __future__ import annotations

import numpy as np

from .. import Mistake, exercise
from .._slips.logistic import gradient, hessian, risks, sigma
from ._formulas import inverse, penalised_slope, response, sum_and_n_ridge
from ._inverses import wrong_inverses
from ._slopes import wrong_slopes


def _test_points() -> list[tuple]:
    # Both labels on training and test points, and for each label a test point on the wrong side.
    cases = []
    for X, y, theta, l2 in risks():
        for x_test in (np.array([1.5, 0.4, -1.2]), np.array([-0.9, -1.4, 0.3])):
            for y_test in (1.0, -1.0):
                cases += [(X, y, theta, l2, i, x_test, y_test) for i in (0, 1, 5)]
    return cases


def _factors(X, y, theta, l2, i, x_test, y_test):
    """y_test, y_i, sigma at the test point, sigma at the training point, x_test' H^-1 x_i."""
    metric = x_test @ np.linalg.solve(hessian(X, y, theta, l2), X[i])
    test = sigma(-y_test * (x_test @ theta))
    return y_test, y[i], test, sigma(-y[i] * (X[i] @ theta)), metric


def _influence(*a):
    y_test, y, test, train, metric = _factors(*a)
    return -y_test * y * test * train * metric


def _without(*missing):
    """The product without some of its five positive or negative factors."""

    def score(*a):
        return -np.prod([f for k, f in enumerate(_factors(*a)) if k not in missing])

    return score


def _with_inverse(part):
    """The influence with another matrix in place of H^-1."""

    def score(X, y, theta, l2, i, x_test, y_test):
        test_gradient = -y_test * sigma(-y_test * (x_test @ theta)) * x_test
        return -test_gradient @ part(X, y, theta, l2, i) @ gradient(X, y, theta, i)

    return score


def _with_slope(part):
    """The influence with another vector in place of the gradient of point i."""

    def score(X, y, theta, l2, i, x_test, y_test):
        test_gradient = -y_test * sigma(-y_test * (x_test @ theta)) * x_test
        return -test_gradient @ inverse(X, y, theta, l2, i) @ part(X, y, theta, l2, i)

    return score


def _score_moves(X, y, theta, l2, i, x_test, y_test):
    return -x_test @ response(X, y, theta, l2, i)


def _with_pulls(pull_of):
    """For the test point, the training point and both: pull_of(t, y, y_other) for -y sigma(-m).

    The arguments are t = x'theta, the label of the point and that of the other one.
    """

    def score(at_test, at_train):
        def answer(X, y, theta, l2, i, x_test, y_test):
            t_test, t = x_test @ theta, X[i] @ theta
            test = pull_of(t_test, y_test, y[i]) if at_test else _pull(t_test, y_test)
            train = pull_of(t, y[i], y_test) if at_train else _pull(t, y[i])
            return -test * train * (x_test @ inverse(X, y, theta, l2, i) @ X[i])

        return answer

    return score(True, False), score(False, True), score(True, True)


def _pull(t, y, y_other=None):
    return -y * sigma(-y * t)


_PLUS = _with_pulls(lambda t, y, y_other: -y * sigma(y * t))
_UNLABELLED = tuple(
    answer
    for sign in (1.0, -1.0)
    for answer in _with_pulls(lambda t, y, y_other, sign=sign: -y * sigma(sign * t))
)
_NOWHERE = _with_pulls(lambda t, y, y_other: -sigma(-t))
_OTHER_LABEL = _with_pulls(lambda t, y, y_other: -y * sigma(-y_other * t))
_ZERO_ONE = _with_pulls(lambda t, y, y_other: sigma(t) - y)


@exercise(
    "7.5",
    "The influence on a test loss",
    prompt="""For the logistic regression of 7.3, write d L(z_test, theta) / d eps for training
    point `i`: how the loss at the test point moves, per unit of eps, when eps L(z_i, theta) is
    added to R. It is a product of a sign, two labels, two factors of how wrong the model is, and
    x_test' H^-1 x_i.""",
    minutes=10,
    difficulty=2,
    cases=_test_points,
    hints=(
        "Chain rule: the loss at the test point depends on eps through theta alone. So it is the "
        "gradient at the test point times d theta / d eps.",
        "Both gradients have the form -y sigma(-m) x, each with its own label and its own margin. "
        "Two of the minus signs cancel. Which one is left?",
        "The margin at the test point is m_test = y_test x_test'theta, and its factor is "
        "sigma(-m_test): large where the model is wrong.",
    ),
    explanation="""-g_test' H^-1 g_i, written out. The labels decide the direction; the two
    sigma(-m) say how wrong the model is about each point, so a point that is fitted well has little
    influence however near it is; x_test' H^-1 x_i is nearness, measured by how easily theta gives
    way, and that is up to all points together. H is symmetric, so the two gradients may change
    places.""",
    mistakes=(
        Mistake(
            "sign",
            lambda *a: -_influence(*a),
            "Yours is exactly -1 times the answer. Upweighting a point moves theta against its "
            "gradient, so on a test point just like it the loss falls: the influence of a point on "
            "itself is never positive.",
        ),
        Mistake(
            "no test label",
            _without(0),
            "Right where y_test = +1 and turned where it is -1: the label of the test point is "
            "missing.",
        ),
        Mistake(
            "no training label",
            _without(1),
            "Right where y_i = +1 and turned where it is -1: the label of the training point is "
            "missing.",
        ),
        Mistake(
            "no labels",
            _without(0, 1),
            "Right where both labels agree and turned where they differ: both labels are missing. "
            "A near point of the other class does the opposite of one of the same class.",
        ),
        Mistake(
            "sigma of +m",
            _PLUS[2],
            "You have sigma(+m) twice, the probability of being right. What pulls is how wrong the "
            "model is: sigma(-m).",
        ),
        Mistake(
            "sigma of +m_test",
            _PLUS[0],
            "The training point is right. At the test point you have sigma(+m_test); it is "
            "sigma(-m_test), large where the test point is on the wrong side.",
        ),
        Mistake(
            "sigma of +m_i",
            _PLUS[1],
            "The test point is right. At the training point you have sigma(+m_i); it is "
            "sigma(-m_i), small for a point that is fitted well.",
        ),
        Mistake(
            "no loss factors",
            _without(2, 3),
            "Too large, most of all for points that are fitted well: both factors sigma(-m) are "
            "missing. A gradient is short where the loss is small.",
        ),
        Mistake(
            "no test loss factor",
            _without(2),
            "The factor sigma(-m_test) is missing. For one test point this changes no ranking, "
            "but every value.",
        ),
        Mistake(
            "no training loss factor",
            _without(3),
            "The factor sigma(-m_i) is missing: a training point that is fitted well has a short "
            "gradient, and little influence.",
        ),
        Mistake(
            "the score's change",
            _score_moves,
            "This is how the score x_test'theta moves. The loss moves by that times "
            "-y_test sigma(-m_test), the other factor of the gradient at the test point.",
        ),
        Mistake(
            "label nowhere",
            _NOWHERE,
            "The label is missing, before the sigma and inside it, at one of the points or at "
            "both: right for y = +1 only. A gradient is -y sigma(-y x'theta) x.",
        ),
        Mistake(
            "sigma without its label",
            _UNLABELLED,
            "The labels stand before the two sigmas and must stand inside them too: the margin in "
            "sigma(-m) is m = y x'theta. Sigma of x'theta alone, of either sign, is right for one "
            "class only; you have it at one of the points or at both.",
        ),
        Mistake(
            "label of the other point",
            _OTHER_LABEL,
            "The labels inside the sigmas are exchanged, at one point or at both. Each margin has "
            "the label of its own point: y_test x_test'theta, and y_i x_i'theta.",
        ),
        Mistake(
            "labels 0 and 1",
            _ZERO_ONE,
            "(sigma(x'theta) - y) x is the gradient for labels 0 and 1. Here they are -1 and +1, "
            "for which it is -y sigma(-y x'theta) x, at the test point and at the training point.",
        ),
        Mistake(
            "times 1/n",
            (
                lambda *a: _influence(*a) / len(a[1]),
                _with_inverse(sum_and_n_ridge),
            ),
            "Yours is exactly 1/n times the answer. Either you divided by n, or H is the sum over "
            "the points with n l2: equal by algebra. It is asked per unit of eps, with the H of "
            "R, a mean.",
        ),
        Mistake(
            "times -1/n",
            lambda *a: -_influence(*a) / len(a[1]),
            "Yours is exactly -1/n times the answer. That is the predicted change of the test loss "
            "when the point is removed. What is asked for is the change per unit of eps.",
        ),
        Mistake(
            "penalised gradient",
            _with_slope(penalised_slope),
            "You put l2 theta into the gradient of the training point. In this course the penalty "
            "belongs to R as a whole: eps L(z_i) is added, and L(z_i) has no penalty.",
        ),
        *wrong_inverses(_with_inverse),
        *wrong_slopes(
            _with_slope, only=("gradient of all points", "gradient of R", "another point")
        ),
    ),
)
def up_loss(X, y, theta, l2, i, x_test, y_test):
    """d L(z_test, theta) / d eps for training point i, a number; x_test is (p,), y_test is +-1."""
    m = y * (X @ theta)
    c = 1 / (1 + np.exp(-m)) / (1 + np.exp(m))
    H = (X.T * c) @ X / len(y) + l2 * np.eye(len(theta))
    wrong_test = 1 / (1 + np.exp(y_test * (x_test @ theta)))
    wrong_train = 1 / (1 + np.exp(m[i]))
    return -y_test * y[i] * wrong_test * wrong_train * (x_test @ np.linalg.solve(H, X[i]))
