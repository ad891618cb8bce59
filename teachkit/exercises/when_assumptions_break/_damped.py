"""11.2: influence with a matrix that is lifted."""

from __future__ import annotations

import numpy as np

from .. import better, exercise, formula, part
from ._cases import symmetric

_TURN = np.array([[1.0, 0.4, -0.7], [0.3, -1.2, 0.5], [0.8, 0.6, 1.1]])


def _cases() -> list[tuple]:
    g, gt = np.array([0.7, -1.1, 0.4]), np.array([-0.5, 0.9, 1.3])
    # In the last two lam is small beside the smallest eigenvalue, or hardly beyond its size.
    return [
        (symmetric(np.array(of), turn), one, two, lam)
        for of, turn, one, two, lam in (
            ((-0.2, 0.6, 2.5), _TURN, g, gt, 0.5),
            ((0.1, 0.8, 3.0), _TURN.T, gt, g, 0.35),
            ((-0.4, -0.1, 1.7), _TURN[::-1], g, -gt, 1.3),
            ((0.9, 1.4, 2.0), _TURN, gt, g, 0.5),
            ((-1.6, 0.7, 2.2), _TURN.T, g, gt, 1.7),
        )
    ]


def _any_matrix(draw):
    p = draw.whole(1, 5)
    values = np.sort(draw.numbers(p, low=-0.5, high=3.0))
    lam = max(0.0, -values[0]) + draw.number(0.1, 1.0)
    H = symmetric(values, draw.numbers(p, p) + 3 * np.eye(p))
    return H, draw.numbers(p), draw.numbers(p), lam


def _raised(least):
    """Lam raised to at least so much, a function of the smallest eigenvalue."""

    def inverse(H, lam):
        return np.linalg.inv(H + max(lam, least(np.linalg.eigvalsh(H)[0])) * np.eye(len(H)))

    return inverse


def _by_eigenvalues(change):
    def inverse(H, lam):
        values, axes = np.linalg.eigh(H)
        return (axes / change(values, lam)) @ axes.T

    return inverse


@exercise(
    "11.2",
    "Damped influence",
    prompt="""`H`, (p, p), is the Hessian of the risk at a place where training was stopped;
    eigenvalues of it may be negative. `g` is the gradient of the loss at a training point, `gt`
    that at a test point, both (p,). Return I_up,loss with H + `lam` I in the place of H: the
    predicted change of the test loss per unit of weight on the training point.""",
    minutes=4,
    difficulty=1,
    cases=_cases,
    draw=_any_matrix,
    hints=(
        "Write down I_up,loss as you know it. Where does H stand in it?",
        """lam is added on the diagonal: `lam * np.eye(len(g))`. Nothing else in the formula
        changes.""",
        "-gt' (H + lam I)^-1 g, by `np.linalg.solve`.",
    ),
    explanation="""-gt'(H + lam I)^-1 g. Every eigenvalue mu of H becomes mu + lam, so with lam
    beyond |lambda_min| all of them are positive. What it answers is another question than before:
    it is the influence on a model that is also held to the place where it is, by
    lam/2 times its squared distance from there.""",
    answer=formula(
        lambda gt, inverse, g: -gt @ inverse @ g,
        inverse=part(
            lambda H, lam: np.linalg.inv(H + lam * np.eye(len(H))),
            ("no damping", lambda H: np.linalg.inv(H),
             """lam is not in it. Where an eigenvalue of H is negative, or close to 0, this formula
             follows a direction in which the risk is no bowl."""),
            ("subtracts", lambda H, lam: np.linalg.inv(H - lam * np.eye(len(H))),
             """lam was taken away from H. That makes negative eigenvalues more negative; adding lam
             lifts all of them."""),
            ("lam on every entry", lambda H, lam: np.linalg.inv(H + lam),
             """`H + lam` adds lam to every entry. It stands on the diagonal alone:
             `H + lam * np.eye(p)`."""),
            ("lam outside of the inverse", lambda H, lam: np.linalg.inv(H) + lam * np.eye(len(H)),
             """You inverted H first and then added lam. The inverse of what is not positive
             definite does not get better by that: add lam before you solve."""),
            ("1/lam outside", lambda H, lam: np.linalg.inv(H) + np.eye(len(H)) / lam,
             """You added the inverses of H and of lam I. The inverse of a sum is not the sum of
             the inverses: add first, then solve."""),
            ("half of lam", lambda H, lam: np.linalg.inv(H + lam / 2 * np.eye(len(H))),
             """You added lam/2. It is lam that is added, as a whole: a penalty of 1/2 l2 |theta|^2
             has the half, and its second derivative is l2 I."""),
            ("twice lam", lambda H, lam: np.linalg.inv(H + 2 * lam * np.eye(len(H))),
             "You added 2 lam on the diagonal. It is lam, once."),
            ("lam squared", lambda H, lam: np.linalg.inv(H + lam**2 * np.eye(len(H))),
             "You added lam^2. It is lam itself that is added to each eigenvalue."),
            ("I without lam", lambda H: np.linalg.inv(H + np.eye(len(H))),
             "You added I without lam: every eigenvalue rises by 1."),
            ("a blend", lambda H, lam: np.linalg.inv((1 - lam) * H + lam * np.eye(len(H))),
             """You made H smaller as well, by 1 - lam, as one does with covariances. Damping leaves
             H as it is and adds lam I."""),
            ("Marquardt", lambda H, lam: np.linalg.inv(H + lam * np.diag(np.diag(H))),
             lambda H, lam: np.linalg.inv(H + lam * np.diag(np.abs(np.diag(H)))),
             """You added lam times the diagonal of H, as Marquardt does for least squares. Here it
             is lam times I: the same for each parameter."""),
            ("relative to the largest", lambda H, lam: (
                np.linalg.inv(H + lam * np.linalg.eigvalsh(H)[-1] * np.eye(len(H)))),
             "Your lam counts in units of the largest eigenvalue. It is added as it is."),
            ("H times", lambda H, lam: H + lam * np.eye(len(H)),
             "You multiplied by H + lam I. Influence divides by it: `np.linalg.solve`."),
            ("entry by entry", lambda H, lam: 1 / (H + lam * np.eye(len(H)) + 1e-300),
             """You turned over each entry. The inverse of a matrix is another thing:
             `np.linalg.solve(H + lam I, g)`."""),
            ("lam alone", lambda H, lam: np.eye(len(H)) / lam,
             """H is not in it: gt'g / lam is what remains when the damping is far larger than every
             eigenvalue."""),
            ("squared", lambda H, lam: (
                np.linalg.inv(H @ H + lam * np.eye(len(H))) @ H),
             lambda H, lam: np.linalg.inv(H @ H + lam**2 * np.eye(len(H))) @ H,
             """You solved the least squares problem of H x = g with a penalty, (H^2 + lam I)^-1 H.
             That is positive definite for every lam, and it is not what is asked for: along a
             negative eigenvalue it keeps the wrong sign."""),
            better("lam raised",
                   *(_raised(lambda low, c=c: c * abs(low)) for c in (1.1, 1.5, 2.0)),
                   *(_raised(lambda low, c=c: -c * low) for c in (1.1, 1.5, 2.0)),
                   *(_raised(lambda low, c=c: c * low) for c in (1.1, 1.5, 2.0)),
                   """You raise lam where it is small beside the smallest eigenvalue. How large it
                   should be is the next exercise; here `lam` is given, and taken as it is."""),
            better("absolute eigenvalues",
                   _by_eigenvalues(lambda values, lam: np.abs(values) + lam),
                   """You took the eigenvalues by their size before adding lam. That is a good
                   remedy as well, and another one. Asked is H + lam I."""),
            better("a floor under the eigenvalues", _by_eigenvalues(np.maximum),
                   """You lifted those eigenvalues that lie below lam, and left the others. That is
                   a good remedy as well, and another one. Asked is H + lam I, which lifts all."""),
        ),
    ),
    mistakes=(
        ("sign", "-1",
         """The minus is missing. More weight on a training point moves theta against its gradient:
         the loss of a test point just like it falls."""),
        ("test point alone", lambda gt, inverse: -gt @ inverse @ gt,
         "The test gradient stands on both sides. One of them is g, of the training point."),
        ("training point alone", lambda inverse, g: -g @ inverse @ g,
         "The gradient of the training point stands on both sides: one of them is gt."),
        ("parameters", lambda inverse, g: -inverse @ g,
         "This is I_up,params, a vector. Multiply by the test gradient from the left."),
        ("entry by entry product", lambda gt, inverse, g: -gt * (inverse @ g),
         """You have multiplied entry by entry and not added up. `@` between two vectors does
         both."""),
        ("damped gradient", lambda gt, inverse, g, lam: -gt @ inverse @ (g + lam),
         lambda gt, inverse, g, lam: -gt @ inverse @ (g * (1 + lam)),
         lambda gt, inverse, g, lam: -gt @ inverse @ g * lam,
         "lam is in a gradient too, or before the whole. It belongs into the matrix alone."),
    ),
)
def damped_influence(H, g, gt, lam):
    """I_up,loss with H + lam I for H, a number; H is (p, p), g and gt are (p,)."""
    return -gt @ np.linalg.solve(H + lam * np.eye(len(g)), g)
