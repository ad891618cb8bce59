"""12.5: a bug hunt: the influence through a kernel, with one line that belongs elsewhere."""

from __future__ import annotations

import ast
import inspect
import textwrap

import numpy as np

from .. import better, exercise, formula, part
from .._slips import gradient, hessian
from .._slips.logistic import curvature, fit

WRONG = '''def kernel_influences(K, y, theta, l2, k_test, y_test):
    """I_up,loss(z_i, z_test) of every training image, (n,)."""
    n = len(y)
    F = np.linalg.cholesky(K)
    f_test = np.linalg.solve(F, k_test)
    s = 1 / (1 + np.exp(y * (F @ theta)))
    G = -(y * s)[:, None] * F
    H = (F.T * (s * (1 - s))) @ F / n + l2 * K
    s_test = 1 / (1 + np.exp(y_test * (f_test @ theta)))
    g_test = -y_test * s_test * f_test
    return -G @ np.linalg.solve(H, g_test)
'''


def _images(X, y, l2, gamma, x_test, y_test, slope=0.0):
    """K of the images, the fit, and k of the test image; a slope adds a linear kernel."""
    K = np.exp(-gamma * ((X[:, None, :] - X[None, :, :]) ** 2).sum(axis=2)) + slope * X @ X.T
    k_test = np.exp(-gamma * ((X - x_test) ** 2).sum(axis=1)) + slope * X @ x_test
    return K, y, fit(np.linalg.cholesky(K), y, l2), l2, k_test, y_test


def _tests() -> list[tuple]:
    X = np.array([[0.0, 1.2], [1.5, -0.4], [-1.1, 0.3], [0.4, -1.7], [2.2, 1.1], [-0.5, 1.6]])
    Z = np.array([[1.0, 0.2], [-0.6, 1.4], [0.3, -1.3], [2.0, 0.8], [-1.7, -0.4]])
    y = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    return [
        _images(X, y, 0.08, 0.5, np.array([0.7, 0.5]), -1.0),
        _images(Z, -y[:5], 0.05, 0.4, np.array([0.4, -0.6]), 1.0),
        _images(Z, y[:5], 0.12, 0.7, np.array([-0.9, 0.8]), -1.0, 0.3),
    ]


def _any_test(draw):
    n, d = draw.whole(2, 7), draw.whole(1, 3)
    X, y = draw.numbers(n, d, low=-2.0, high=2.0), draw.labels(n)
    gamma, l2 = draw.number(0.3, 1.5), draw.number(0.02, 0.4)
    if np.linalg.eigvalsh(np.exp(-gamma * ((X[:, None] - X) ** 2).sum(axis=2)))[0] < 0.02:
        return None
    x_test, y_test = draw.numbers(d, low=-2.0, high=2.0), draw.pick(-1.0, 1.0)
    return _images(X, y, l2, gamma, x_test, y_test, draw.pick(0.0, draw.number(0.1, 0.6)))


_OWN = ("no label", "label nowhere", "sigma of +m", "curvature for slope", "no loss factor")
_POINT = gradient.POINT.at(
    without=[slip.name for slip in gradient.POINT.slips if slip.name not in _OWN]
)


def _through(function):
    """A formula for the Hessian of X, on the features that K has."""
    return lambda K, y, theta, l2: function(np.linalg.cholesky(K), y, theta, l2)


def _with_test(F, s, H, theta, f_test, y_test):
    """The answer with other features of the test image."""
    g_test = -y_test / (1 + np.exp(y_test * (f_test @ theta))) * f_test
    return -(F * s[:, None]) @ np.linalg.solve(H, g_test)


def _with_features(K, y, theta, l2, k_test, y_test):
    """K and k_test as if they were features, with the penalty of alpha."""
    s = -y / (1 + np.exp(y * (K @ theta)))
    H = hessian.hessian(K, y, theta, 0.0) + l2 * K
    return _with_test(K, s, H, theta, k_test, y_test)


_RIDGES = ("no ridge", "2 l2", "l2/2", "l2 on every entry", "n times the ridge", "I without l2",
           "H of the sum", "curvature lost", "outer products")  # fmt: skip


def _penalty(of):
    """H with another matrix in the place of I."""
    return lambda K, y, theta, l2: (
        hessian.hessian(np.linalg.cholesky(K), y, theta, 0.0) + l2 * of(K)
    )


H = part(
    _through(hessian.hessian),
    ("still in it", _penalty(lambda K: K),
     """These are still the numbers of the function as it was given. Take H v for some v and the
     difference of two gradients of R: which of the two terms of H does not fit?"""),
    ("inverse of K", _penalty(np.linalg.inv),
     """You put K^-1 where K was. That is the penalty for values of f at the training images. theta
     are coordinates of phi, and |f|^2 is |theta|^2 itself."""),
    ("L for K", _penalty(np.linalg.cholesky),
     "You put L where K was. The second derivative of l2/2 |theta|^2 is l2 times the identity."),
    ("diagonal of K", _penalty(lambda K: np.diag(np.diag(K))),
     _penalty(lambda K: np.trace(K) / len(K) * np.eye(len(K))),
     """You put the diagonal of K where K was. For this lesson's kernel that is 1 everywhere and so
     it would be right; other kernels have other numbers there. The second derivative of
     l2/2 |theta|^2 is l2 times the identity, whatever the kernel."""),
    ("L'L for K", _penalty(lambda K: np.linalg.cholesky(K).T @ np.linalg.cholesky(K)),
     """You put L'L where K was. No product of L belongs there: the penalty l2/2 |theta|^2 does not
     know of the features, and its second derivative is l2 times the identity."""),
    ("n for I", _penalty(lambda K: np.eye(len(K)) / len(K)),
     _penalty(lambda K: np.diag(np.diag(K)) / len(K)),
     """The penalty is too weak: it is divided by n in yours. R has it once, outside of the
     mean."""),
    ("l2 on whole columns", _penalty(lambda K: np.tile(np.diag(K), (len(K), 1))),
     """`np.diag(K)` is a vector, and NumPy adds it to every row: l2 is added to whole columns of H.
     The second derivative of l2/2 |theta|^2 is l2 times the identity, on the diagonal alone."""),
    *(
        (slip.name, *map(_through, slip.functions), slip.message)
        for slip in hessian.HESSIAN.slips
        if slip.name in _RIDGES
    ),
)  # fmt: skip


def _statements(source):
    for function in ast.parse(textwrap.dedent(source)).body:
        if isinstance(function, ast.FunctionDef):
            return [ast.unparse(line) for line in function.body]
    return []


def _lines_changed(function):
    """Which lines that were right as given are others now, where most of them are as they were."""
    if all(np.allclose(function(*case), kernel_influences.reference(*case)) for case in _tests()):
        return "Written with alpha and l2 K throughout, the numbers would be the same."
    try:
        own = _statements(inspect.getsource(inspect.unwrap(function)))
    except (OSError, TypeError, SyntaxError):
        return ""
    wrong = next(line for line in _statements(WRONG) if "l2 * K" in line)
    gone = [line for line in _statements(WRONG)[1:] if line not in own and line != wrong]
    if not gone and any("l2 * K" in line for line in own) and wrong not in own:
        return "The mistake given is still in it; what else was in its line was right."
    if not gone or len(gone) > 2:
        return ""
    lines = " and ".join(f"`{line}`" for line in gone)
    if wrong in own:
        return f"The mistake given is still in it, and what was right is changed: {lines} before."
    mended = wrong.replace("l2 * K", "l2 * np.eye(n)") in own
    begin = "H's penalty is right now. " if mended else ""
    return f"{begin}What is changed was right as given: {lines}."


@exercise(
    "12.5",
    "A bug hunt",
    prompt="""This function runs, and it is wrong in one line. It is to return I_up,loss(z_i,
    z_test) of every training image for a kernel machine with the logistic loss: K, (n, n), is the
    kernel of the training images, the Gaussian or any other, `k_test`, (n,), that of the test image
    with each of them, and `theta`, (n,), minimises
    R = mean log(1 + e^(-y_i phi(x_i)'theta)) + l2/2 |theta|^2 with the features phi of exercise
    12.1. Its signs are mostly right and so is much of the order. But after true retraining the loss
    moves by something else, for most images. Mend it.""",
    minutes=7,
    difficulty=2,
    cases=_tests,
    draw=_any_test,
    stub=WRONG,
    remark=_lines_changed,
    hints=(
        """Which lines can be checked alone? F F' is K. f_test of a training image is its row of F.
        The gradient of R at theta is 0.""",
        """H is left: it is the derivative of the gradient of R. Derive the penalty l2/2 |theta|^2
        twice.""",
        """Kernel machines are written in two ways: f(x) = sum of alpha_j k(x_j, x) has the penalty
        l2/2 alpha'K alpha. With features it is f(x) = phi(x)'theta. Which of the two is this?""",
    ),
    explanation="""In H stood the penalty of the other way to write the model: l2 K belongs to
    alpha, and l2 I to theta = L'alpha. Both give the same influence if *all* of it is written one
    way. What had been right hid it: a Gaussian K has ones on its diagonal, so for images that are
    far apart K is nearly I. The difference of two gradients sees it at once, as in lesson 05.""",
    answer=formula(
        lambda F, s, H, f_test, g_test: -(F * s[:, None]) @ np.linalg.solve(H, g_test),
        F=lambda K: np.linalg.cholesky(K),
        f_test=lambda K, k_test: np.linalg.solve(np.linalg.cholesky(K), k_test),
        s=lambda K, y, theta: -y / (1 + np.exp(y * (np.linalg.cholesky(K) @ theta))),
        H=H,
        g_test=_POINT.at(
            "At the test image:",
            x_i=lambda K, k_test: np.linalg.solve(np.linalg.cholesky(K), k_test),
            y_i="y_test",
        ),
    ),
    mistakes=(
        ("sign", "-1",
         """Every number has the other sign: I_up,loss is -g_test'H^-1 g_i. The sign of the last
         line was right."""),
        ("divided by n", "-1/n",
         """That is the predicted rise of the loss without each image. Asked is I_up,loss, per unit
         of eps: the last line was right."""),
        ("values for features", lambda K, s, F, H, k_test, y, theta, y_test: (
            -(F * s[:, None]) @ np.linalg.solve(
                H, -y_test / (1 + np.exp(y_test * (k_test @ theta))) * k_test)),
         """k_test stands where the features of the test image belong. The line of f_test was right:
         it gives a training image its row of F."""),
        ("half of it with alpha", lambda K, y, theta, l2, k_test, y_test: _with_features(
            K, y, theta, l2, k_test, y_test),
         """You put K and k_test in the place of the features, and left theta as it was. Written
         with alpha all of it changes: theta = L'alpha, so alpha is to be solved for first."""),
        ("penalised gradient", lambda F, s, H, g_test, theta, l2: (
            -(F * s[:, None] + l2 * theta) @ np.linalg.solve(H, g_test)),
         """You put l2 theta into the gradient of each image. In this course the penalty stays
         whole, and L(z_i) has none: the line of G was right."""),
        ("upper for lower", lambda K, s, F, H, k_test, theta, y_test: _with_test(
            F, s, H, theta, np.linalg.solve(F.T, k_test), y_test),
         """f_test is solved with the upper factor in yours. The line was right: L phi = k, and for
         a training image phi is its row of F."""),
        ("times L", lambda K, s, F, H, k_test, theta, y_test: _with_test(
            F, s, H, theta, F @ k_test, y_test),
         """f_test is multiplied by L in yours. The line was right: L phi = k, and for a training
         image phi is its row of F."""),
        better("leverage counted", lambda F, s, H, g_test, y, theta: (
            -(F * s[:, None]) @ np.linalg.solve(H, g_test)
            / (1 - curvature(F, y, theta) * ((F @ np.linalg.inv(H)) * F).sum(axis=1) / len(y))),
               """Yours is divided by 1 - h_i, which a removal asks for; with a kernel that matters
               much. What is to be mended is the influence, per unit of eps."""),
    ),
)
def kernel_influences(K, y, theta, l2, k_test, y_test):
    """I_up,loss(z_i, z_test) of every training image, (n,)."""
    n = len(y)
    F = np.linalg.cholesky(K)
    f_test = np.linalg.solve(F, k_test)
    s = 1 / (1 + np.exp(y * (F @ theta)))
    G = -(y * s)[:, None] * F
    H = (F.T * (s * (1 - s))) @ F / n + l2 * np.eye(n)
    s_test = 1 / (1 + np.exp(y_test * (f_test @ theta)))
    g_test = -y_test * s_test * f_test
    return -G @ np.linalg.solve(H, g_test)
