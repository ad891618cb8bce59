"""7.5: what one training point does to the loss at a test point."""

from __future__ import annotations

import numpy as np

from .. import Mistake, exercise
from .._logistic import gradient, hessian, risks, sigma


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


def _with_matrix(change):
    """The influence with another matrix in place of H^-1."""

    def score(X, y, theta, l2, i, x_test, y_test):
        test_gradient = -y_test * sigma(-y_test * (x_test @ theta)) * x_test
        return -test_gradient @ change(X, y, theta, l2) @ gradient(X, y, theta, i)

    return score


def _sigma_of_plus(test, train):
    def score(*a):
        y_test, y, q_test, q_train, metric = _factors(*a)
        q_test = 1 - q_test if test else q_test
        return -y_test * y * q_test * ((1 - q_train) if train else q_train) * metric

    return score


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
    influence however near it is; x_test' H^-1 x_i is nearness, measured against what the other
    points resist. H is symmetric, so the two gradients may change places.""",
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
            _sigma_of_plus(True, True),
            "You have sigma(+m) twice, the probability of being right. What pulls is how wrong the "
            "model is: sigma(-m).",
        ),
        Mistake(
            "sigma of +m_test",
            _sigma_of_plus(True, False),
            "The training point is right. At the test point you have sigma(+m_test); it is "
            "sigma(-m_test), large where the test point is on the wrong side.",
        ),
        Mistake(
            "sigma of +m_i",
            _sigma_of_plus(False, True),
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
            "no H^-1",
            _with_matrix(lambda X, y, t, l2: np.eye(len(t))),
            "x_test'x_i, where x_test' H^-1 x_i belongs. Without H^-1 all directions count as "
            "equally soft, and the other points make some of them stiff.",
        ),
        Mistake(
            "H instead of its inverse",
            _with_matrix(hessian),
            "You have x_test' H x_i. Stiff directions give way less, so it is H^-1.",
        ),
        Mistake(
            "no ridge",
            _with_matrix(lambda X, y, t, l2: np.linalg.inv(hessian(X, y, t, 0.0))),
            "The penalty is missing in H. It belongs to the risk that was minimised: add l2 to the "
            "diagonal.",
        ),
        Mistake(
            "times 1/n",
            (
                lambda *a: _influence(*a) / len(a[1]),
                _with_matrix(lambda X, y, t, l2: np.linalg.inv(len(y) * hessian(X, y, t, l2))),
            ),
            "Yours is exactly 1/n times the answer. Either you divided by n, or H is the sum over "
            "the points with n l2: equal by algebra. It is asked per unit of eps, with the H of "
            "R, a mean.",
        ),
        Mistake(
            "times -1/n",
            lambda *a: -_influence(*a) / len(a[1]),
            "Yours is exactly -1/n times the answer. That is the predicted change of the test loss "
            "when the point is removed, which comes next; asked is the change per unit of eps.",
        ),
        Mistake(
            "H of the sum",
            _with_matrix(
                lambda X, y, t, l2: np.linalg.inv(
                    len(y) * hessian(X, y, t, 0.0) + l2 * np.eye(len(t))
                )
            ),
            "H is the sum over the points with l2 added once. Take the mean: in R the losses are "
            "divided by n and the penalty is not.",
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
