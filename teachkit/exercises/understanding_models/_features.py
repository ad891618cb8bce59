"""12.1: features in which a kernel is an inner product."""

from __future__ import annotations

import numpy as np

from .. import better, exercise, formula, part


def _sets() -> list[tuple]:
    X = np.array([[0.0, 1.2], [1.5, -0.4], [-1.1, 0.3], [0.4, -1.7], [0.2, 1.1]])
    Z = np.array([[0.7, 0.5], [-0.9, -0.8], [1.5, -0.4]])
    others = np.array([[1.0, 0.2, -0.5], [-0.6, 1.4, 0.9], [0.3, -1.3, 1.1], [2.0, 0.8, 0.6]])
    return [(X, 0.4, Z), (others, 0.25, np.array([[0.2, 0.4, -0.3], [1.2, -0.7, 0.8]]))]


def _any_set(draw):
    n, m, d = draw.whole(1, 6), draw.whole(1, 4), draw.whole(1, 3)
    X, Z = draw.numbers(n, d, low=-2.0, high=2.0), draw.numbers(m, d, low=-2.0, high=2.0)
    if draw.chance(0.2):
        Z = X[::-1].copy()
    gamma = draw.number(0.2, 2.0)
    return None if np.linalg.eigvalsh(kernel(X, X, gamma))[0] < 0.02 else (X, gamma, Z)


def _squares(A, B):
    return ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2)


def kernel(A, B, gamma):
    """e^(-gamma |a - b|^2) of each row of A with each of B."""
    return np.exp(-gamma * _squares(A, B))


def _other(of):
    """Kernels with another exponent, given the squared distances and gamma."""
    return lambda gamma: lambda A, B: np.exp(-of(_squares(A, B), gamma))


KERNEL = part(
    _other(lambda D, gamma: gamma * D),
    ("distance not squared", _other(lambda D, gamma: gamma * np.sqrt(D)),
     """Your kernel is e^(-gamma |x - z|). That is one, too (Laplace's); the Gaussian one has the
     square of the distance."""),
    ("gamma as a width",
     _other(lambda D, gamma: D / gamma), _other(lambda D, gamma: D / (2 * gamma**2)),
     _other(lambda D, gamma: D / gamma**2), _other(lambda D, gamma: D / (2 * gamma)),
     """You divide by gamma, as by a width. Here gamma multiplies the square: the larger it is, the
     nearer a point has to be to be alike."""),
    ("half of gamma", _other(lambda D, gamma: gamma * D / 2),
     "There is a 1/2 in the exponent, as in a density. k(x, z) = e^(-gamma |x - z|^2)."),
    ("gamma squared", _other(lambda D, gamma: gamma**2 * D),
     "gamma is squared in yours, together with the distance. The square is on the distance alone."),
    ("no gamma", _other(lambda D, gamma: D),
     "gamma is not in it: e^(-gamma |x - z|^2)."),
    ("mean over the pixels",
     lambda gamma: lambda A, B: np.exp(-gamma * _squares(A, B) / A.shape[1]),
     """The squares are averaged over the pixels. The squared distance is their sum."""),
    ("sum of absolute differences",
     lambda gamma: lambda A, B: np.exp(-gamma * abs(A[:, None] - B[None]).sum(axis=2)),
     """Your exponent has the sum of |x - z| over the pixels. That is a kernel, too (Laplace's, with
     another distance); the Gaussian one has the sum of the squares."""),
    ("differences added up",
     lambda gamma: lambda A, B: np.exp(-gamma * (A[:, None] - B[None]).sum(axis=2) ** 2),
     """The differences are added up before they are squared, so that brighter and darker pixels
     cancel. Square each, and then add."""),
    ("the 2 of the square", lambda gamma: lambda A, B: np.exp(-gamma * (_squares(A, B) + A @ B.T)),
     """Your kernel is e^(-gamma (|x|^2 + |z|^2 - x'z)). Multiplied out, the square of a difference
     has the product twice: |x - z|^2 = |x|^2 + |z|^2 - 2 x'z."""),
    ("not a distance",
     _other(lambda D, gamma: -gamma * D),
     lambda gamma: lambda A, B: np.exp(-gamma * (_squares(A, B) + 4 * A @ B.T)),
     """Your K has no factor L, and each Gaussian kernel of different images has one. Is there a
     minus before gamma, and in |x - z|^2 = |x|^2 + |z|^2 - 2 x'z? The kernel of an image with
     itself is 1."""),
    ("inner product", lambda gamma: lambda A, B: A @ B.T + np.eye(len(A), len(B)),
     """Yours is made of inner products x'z, which know nothing of distance. The kernel is
     e^(-gamma |x - z|^2)."""),
)  # fmt: skip


@exercise(
    "12.1",
    "Features for a kernel",
    prompt="""The kernel k(x, z) = e^(-gamma |x - z|^2) says how alike two images are. K, (n, n), is
    that of all pairs of training images, the rows of `X`, and K = L L' with L lower triangular.
    Return the features phi(z) = L^-1 (k(x_1, z), ..., k(x_n, z))' of each row of `Z`, (m, d), one
    row for each: (m, n).""",
    minutes=6,
    difficulty=2,
    cases=_sets,
    draw=_any_set,
    hints=(
        """All squared distances at once: `((X[:, None, :] - Z[None, :, :]) ** 2).sum(axis=2)` is
        (n, m). The same with X twice gives those for K.""",
        """`np.linalg.cholesky(K)` is the lower L. What is phi of a training image, if k of it is a
        column of K = L L'?""",
        """`np.linalg.solve(L, k)` with k (n, m) gives a column for each row of Z. Turn it.""",
    ),
    explanation="""phi(x)'phi(z) = k(x)'L^-T L^-1 k(z) = k(x)'K^-1 k(z), and where one of the two is
    a training image that is k(x, z) itself. So the features of the training images are the rows of
    L, and a linear model on phi is a kernel machine: all that is known of H, g and influence for
    linear models holds. There are n features, one for each training image.""",
    answer=formula(
        lambda X, Z, k, K: np.linalg.solve(np.linalg.cholesky(K(X, X)), k(X, Z)).T,
        K=KERNEL.at("In K, and not in k:"),
        k=KERNEL,
    ),
    mistakes=(
        ("only the kernel", lambda X, Z, k: k(X, Z).T,
         """These are the k(x_i, z). L^-1 is missing: with these features inner products would be
         k(x)'k(z) and not the kernel."""),
        ("K for L", lambda X, Z, k: np.linalg.solve(k(X, X), k(X, Z)).T,
         """You solved with the whole of K. That gives weights which say how f at z is made of f at
         the training images; the features need one half of K, its factor L."""),
        ("upper for lower", lambda X, Z, k: np.linalg.solve(np.linalg.cholesky(k(X, X)).T,
                                                            k(X, Z)).T,
         """Yours is L'^-1 k(z), with the upper factor. From the left it is `solve(L, k)`. With the
         k(z) as rows L^-1 stands on the right and transposed, `k @ inv(L).T`: untransposed it is
         what you have. Try it on the training images: F F' should be K, and K L^-T L^-1 K is."""),
        ("root of each entry", lambda X, Z, k: np.linalg.solve(np.sqrt(k(X, X)), k(X, Z)).T,
         """You took the root of each entry of K. The half of a matrix that is needed is another:
         L with L L' = K, from `np.linalg.cholesky(K)`."""),
        ("diagonal of L", lambda X, Z, k: k(X, Z).T / np.diag(np.linalg.cholesky(k(X, X))),
         """You divided by the diagonal of L. L^-1 is the inverse of the whole matrix:
         `np.linalg.solve(L, k)`."""),
        ("times L", lambda X, Z, k: (np.linalg.cholesky(k(X, X)) @ k(X, Z)).T,
         lambda X, Z, k: k(X, Z).T @ np.linalg.cholesky(k(X, X)),
         "You multiplied by L. phi(z) solves L phi = k(z): `np.linalg.solve(L, k)`."),
        ("the training features", lambda X, Z, k: np.linalg.cholesky(k(X, X)),
         """This is L: its rows are the features of the training images. Asked are those of the rows
         of Z, which have a k(z) of their own."""),
        ("kernel of Z alone", lambda Z, k: np.linalg.cholesky(k(Z, Z)),
         lambda X, Z, k: np.linalg.solve(np.linalg.cholesky(k(Z, Z)), k(X, Z)).T,
         lambda X, Z, k: np.linalg.solve(np.linalg.cholesky(k(Z, Z)), k(Z, X)),
         lambda X, Z, k: np.linalg.solve(np.linalg.cholesky(k(Z, Z)), k(Z, X)).T,
         """You took the factor of the kernel of Z with itself. The model was trained on X, and its
         directions are those of X: K is that of X, and k(z) is between X and Z."""),
        ("no K", lambda X, Z, k: np.linalg.cholesky(k(X, Z)),
         """You took the factor of the table between X and Z, which is k. L is that of K, the kernel
         of the training images with each other: both of its sides are X."""),
        ("one k in each row", lambda X, Z, k: np.linalg.solve(np.linalg.cholesky(k(X, X)), k(Z, X)),
         """Each row of yours is a k(z), and `solve` takes columns: L is (n, n), so k has to be
         (n, m), X first and Z second. Turn what comes out, not what goes in."""),
        ("a jitter on the diagonal",
         *(lambda X, Z, k, e=e: np.linalg.solve(
             np.linalg.cholesky(k(X, X) + e * np.eye(len(X))), k(X, Z)).T
           for e in (0.1, 1e-2, 1e-3)),
         """You added a small number to the diagonal of K. One does so where two images are nearly
         the same and rounding would break the factor. Here it would not, and with so large a number
         inner products of the features are no longer the kernel."""),
        better("another root", lambda X, Z, k: k(X, Z).T @ _root(k(X, X)),
               lambda X, Z, k: k(X, Z).T @ _by_directions(k(X, X)),
               """Yours has another root of K, from its eigenvectors. Its inner products are the
               kernel as well, so each influence would be the same: the features are turned. The
               task names the lower factor L, and so does the lesson's code."""),
        ("transposed", "transposed",
         "One row for each row of Z is asked for, (m, n): `.T` at the end."),
    ),
)
def rbf_features(X, gamma, Z):
    """phi(z) of each row of Z, (m, n); X is (n, d), Z is (m, d)."""
    K = np.exp(-gamma * ((X[:, None, :] - X[None, :, :]) ** 2).sum(axis=2))
    k = np.exp(-gamma * ((X[:, None, :] - Z[None, :, :]) ** 2).sum(axis=2))
    L = np.linalg.cholesky(K)
    return np.linalg.solve(L, k).T


def _root(K):
    values, vectors = np.linalg.eigh(K)
    return (vectors / np.sqrt(np.maximum(values, 1e-12))) @ vectors.T


def _by_directions(K):
    """V D^(-1/2), with K = V D V'."""
    values, vectors = np.linalg.eigh(K)
    return vectors / np.sqrt(np.maximum(values, 1e-12))
