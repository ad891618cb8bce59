"""1.4: is a symmetric matrix positive definite?"""

from __future__ import annotations

import numpy as np

from .. import exercise


def _cases() -> list[tuple]:
    # Each case but the first and the last is one at which a popular test gives the wrong answer.
    return [
        (np.array([[2.0, 1.0], [1.0, 2.0]]),),
        (np.array([[1.0, 2.0], [2.0, 1.0]]),),  # entries and diagonal positive: 3 and -1
        (-np.eye(2),),  # the determinant is +1
        (np.diag([1.0, 0.0]),),  # semidefinite
        (np.array([[2.0, -1.0], [-1.0, 2.0]]),),  # negative entries: 3 and 1
        # Trace, diagonal, determinant and upper left corner are positive: 5, -1, -1.
        (np.array([[1.0, 2.0, 2.0], [2.0, 1.0, 2.0], [2.0, 2.0, 1.0]]),),
        (np.array([[1.0, 2.0], [2.0, 5.0]]),),  # not diagonally dominant: 0.17 and 5.83
        (np.array([[1.0, 2.0], [2.0, -3.0]]),),  # 1.83 and -3.83: one is positive, their sum not
        (np.array([[1.0, -2.0], [-2.0, 1.0]]),),  # 3 and -1, and the sum of the entries negative
        (np.diag([3.0, -1.0]),),  # trace positive, and condition number small
        (np.array([[0.3, 0.1], [0.1, 0.3]]),),  # 0.2 and 0.4: small is no 0
        (np.diag([3.0, 2.0, 0.5]) + 0.1,),
    ]


def _any_matrix(draw):
    # An eigenvalue that decides is at least a fiftieth of a unit, or 0 to the last digit.
    n, unit = draw.whole(1, 5), draw.pick(1.0, 1.0, 1e-9, 1e6)
    M = draw.numbers(n, n)
    flat = np.diag([draw.pick(0.0, 0.5, 3.0) for _ in range(n)])
    deep = M @ M.T - np.linalg.eigvalsh(M @ M.T)[0] * np.eye(n)  # smallest eigenvalue 0
    even = draw.number(0.1, 1.0) * np.eye(n) + draw.number(-1.0, 3.0)
    H = draw.pick(M @ M.T, deep + 0.1 * np.eye(n), deep - 0.1 * np.eye(n), M + M.T, flat, even)
    decides = H is flat or abs(np.linalg.eigvalsh(H)[0]) > 0.02
    return (unit * H,) if decides else None


def _values(H):
    return np.linalg.eigvalsh(H)


@exercise(
    "1.4",
    "Is it a bowl?",
    prompt="""`H` is a symmetric matrix. Return True if it is positive definite, and False if it is
    not: x'Hx > 0 for every x but 0.""",
    minutes=5,
    difficulty=1,
    cases=_cases,
    draw=_any_matrix,
    hints=(
        """In the coordinates of its eigenvectors a quadratic form is a sum of squares, each with a
        factor. Which factors make every such sum positive?""",
        """NumPy has a function for the eigenvalues of a symmetric matrix, `np.linalg.eigvalsh`.
        Which of them decides, and is 0 enough?""",
    ),
    explanation="""x'Hx = sum of lambda_i c_i^2, with c the coordinates of x along the eigenvectors.
    It is positive for every x but 0 exactly if all eigenvalues are, so the smallest decides. A
    Cholesky factorisation that succeeds says the same and is cheaper.""",
    mistakes=(
        ("entries", lambda H: bool((H > 0).all()),
         """You asked whether all entries are positive. [[1, 2], [2, 1]] has only positive entries
         and the eigenvalue -1; [[2, -1], [-1, 2]] has negative ones and is positive definite. The
         entries do not decide."""),
        ("determinant", lambda H: bool(np.linalg.det(H) > 0),
         """You asked for a positive determinant. It is the product of the eigenvalues: two negative
         ones give a plus. -I in two dimensions has determinant 1 and is a hill."""),
        ("diagonal", lambda H: bool((np.diag(H) > 0).all()),
         """You looked at the diagonal. It tells how the form bends along the axes only; [[1, 2],
         [2, 1]] bends up along both and down between them."""),
        ("semidefinite", lambda H: bool((_values(H) >= 0).all()),
         """You allow the eigenvalue 0. diag(1, 0) is flat along its second axis: x'Hx = 0 for an x
         that is not 0. That is positive semidefinite, and such an H has no inverse."""),
        ("largest eigenvalue", lambda H: bool(_values(H).max() > 0),
         """One positive eigenvalue is enough for your test: it calls every saddle a bowl. All of
         them have to be positive, so the smallest decides."""),
        ("trace", lambda H: bool(np.trace(H) > 0),
         """You asked for a positive trace. It is the sum of the eigenvalues: a large positive one
         outweighs a negative one. [[1, 2], [2, 1]] has the trace 2 and is a saddle."""),
        ("determinant and corner",
         lambda H: bool(H[0, 0] > 0 and np.linalg.det(H) > 0),
         lambda H: bool((np.diag(H) > 0).all() and np.linalg.det(H) > 0),
         lambda H: bool(np.trace(H) > 0 and np.linalg.det(H) > 0),
         """Right for 2 x 2 matrices, and not beyond: with eigenvalues 5, -1, -1 the determinant is
         positive and so are trace and diagonal. (Sylvester's test works, but it needs *all* leading
         minors.)"""),
        ("one vector", lambda H: bool(H.sum() > 0),
         """You tried x'Hx at one x, (1, ..., 1), where it is the sum of all entries. It has to be
         positive for every x: [[1, 2], [2, 1]] gives 6 there, and -2 at (1, -1)."""),
        ("symmetric", lambda H: bool(np.allclose(H, H.T)),
         """Yours says True of every symmetric matrix. Symmetric means that the eigenvalues are
         real; it says nothing about their signs."""),
        ("no zero eigenvalue", lambda H: bool(np.linalg.matrix_rank(H) == len(H)),
         """You asked whether H is invertible. A saddle is invertible too. The signs of the
         eigenvalues matter, not only that none is 0."""),
        ("diagonally dominant", lambda H: bool((2 * np.diag(H) > np.abs(H).sum(axis=1)).all()),
         """You asked whether each diagonal entry outweighs the rest of its row. That is enough
         (Gershgorin), and more than is needed: [[1, 2], [2, 5]] is a bowl, too."""),
        ("one answer for each eigenvalue", lambda H: tuple((_values(H) > 0).tolist()),
         """You return one answer for each eigenvalue. One answer for H is asked for: are *all* of
         them positive? `np.all` or the smallest will tell."""),
        ("Cholesky uncaught", lambda H: np.linalg.cholesky(H) is not None,
         """The idea is good: a Cholesky factorisation exists exactly if H is positive definite. So
         this exception is the answer False; catch it with `try` and `except
         np.linalg.LinAlgError`."""),
    ),
)
def is_positive_definite(H):
    """Whether the symmetric matrix H, (p, p), is positive definite."""
    return bool(np.linalg.eigvalsh(H).min() > 0)
