"""13.5: one direction for several test images."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part


def _several() -> list[tuple]:
    G = np.array([[0.9, -0.4, 0.3], [-0.2, 0.7, 1.1], [0.5, 0.6, -0.8], [-1.3, 0.2, 0.4]])
    H = np.array([[1.2, 0.3, -0.1], [0.3, 0.8, 0.2], [-0.1, 0.2, 0.6]])
    J = np.array([[0.7, -0.5, 0.2], [0.4, 0.9, -0.6], [-0.3, 0.1, 0.8]])
    return [(G, H, J), (G[:2], 2 * H, J.T), (-G[1:], H + np.eye(3), J[::-1])]


def _any_several(draw):
    m, p = draw.whole(2, 5), draw.whole(1, 4)
    M = draw.numbers(p, p, low=-1.0, high=1.0)
    return draw.numbers(m, p), M @ M.T + 0.5 * np.eye(p), draw.numbers(p, draw.whole(1, 4))


@exercise(
    "13.5",
    "Several test images at once",
    prompt="""One training image is to be moved so that the mean loss of m test images grows. `G`,
    (m, p), holds grad_theta L of each test image, a row each; `H`, (p, p), is the Hessian, and `J`,
    (p, d), the mixed derivative grad_x grad_theta L of the training image. Return I_pert,loss of
    the mean loss, (d,): the attack steps along its sign.""",
    minutes=4,
    difficulty=2,
    cases=_several,
    draw=_any_several,
    hints=(
        "For one test image it is -g' H^-1 J. In what is this linear?",
        """The gradient of a mean is the mean of the gradients. So how many solves with H are
        needed?""",
    ),
    explanation="""-(mean of g)' H^-1 J: one solve, however many test images. To vote with signs, a
    vote for each image, forgets how much each would gain; and a test image that is safe, with a
    tiny gradient, would vote as loudly as one that is nearly lost.""",
    answer=formula(
        lambda g, solved, J: -g @ solved @ J,
        g=part(
            lambda G: G.mean(axis=0),
            ("sum", lambda G: G.sum(axis=0),
             """This is for the sum of the losses, m times that of the mean. The signs are the same;
             the mean loss is asked for."""),
            ("one alone", lambda G: G[0], lambda G: G[-1],
             lambda G: G[np.argmax(np.linalg.norm(G, axis=1))],
             lambda G: G[np.argmin(np.linalg.norm(G, axis=1))],
             lambda G: G[np.argmax(np.abs(G).sum(axis=1))],
             """One of the test images alone is attacked in yours. The mean loss is meant, with all
             of them."""),
            ("signs of the gradients", lambda G: np.sign(G).mean(axis=0),
             lambda G: np.sign(G.mean(axis=0)),
             """You take signs in theta. The sign comes last, in the pixels: H^-1 needs the
             gradients themselves."""),
            ("absolute gradients", lambda G: np.abs(G).mean(axis=0),
             "You take absolute values: test images that pull against each other then add up."),
            ("mean of all numbers", lambda G: np.full(G.shape[1], G.mean()),
             """You take the mean of all numbers in G, one for all parameters. The mean goes over
             the test images, `axis=0`, and leaves (p,)."""),
            ("median", lambda G: np.median(G, axis=0),
             """You take the median of the gradients. The gradient of the mean loss is their
             mean."""),
            ("mean over parameters", lambda G: G.mean(axis=1).sum() * np.ones(G.shape[1]),
             "You take the mean over the parameters. It goes over the test images, `axis=0`."),
        ),
        solved=part(
            lambda H: np.linalg.inv(H),
            ("no H", lambda H: np.eye(len(H)),
             """H^-1 is missing: how theta answers is not in it, and directions that other points
             hold count as much as free ones."""),
            ("H for its inverse", lambda H: H, "H stands where its inverse belongs: solve."),
            ("diagonal of H", lambda H: np.diag(1 / np.diag(H)),
             "You divide by the diagonal of H. Its other entries count as well: solve."),
            ("1/H, entry by entry", lambda H: 1 / H,
             """You divide by each entry of H. The inverse of a matrix is not that: solve."""),
            ("H^-1 twice", lambda H: np.linalg.inv(H) @ np.linalg.inv(H),
             """H^-1 stands twice in yours. The gradient of the test loss meets it once, and then
             J."""),
            ("square root of H^-1", lambda H: np.linalg.inv(np.linalg.cholesky(H)),
             lambda H: np.linalg.inv(np.linalg.cholesky(H)).T,
             "You solve with a factor of H and not with H: solve with its transpose as well."),
        ),
    ),
    mistakes=(
        ("sign", "-1",
         """The minus is missing: theta answers against the gradient. Steps along yours lower
         the test losses."""),
        ("votes", lambda G, solved, J: np.sign(-G @ solved @ J).sum(axis=0),
         lambda G, solved, J: np.sign(-G @ solved @ J).mean(axis=0),
         """Each test image has one vote for each pixel in yours, however much it would gain.
         Take the mean of the gradients first; the sign comes at the end."""),
        ("the signs", lambda g, solved, J: np.sign(-g @ solved @ J),
         "These are the signs of the answer. Asked is I_pert,loss itself."),
        ("a row for each", lambda G, solved, J: -G @ solved @ J,
         "You return a row for each test image. Asked is their mean."),
        ("theta's side", lambda g, solved: -g @ solved,
         "This is minus s_test. It has still to meet the mixed derivative J."),
        ("one for the pixels", lambda G, solved, J: -(G @ solved @ J).mean(axis=1),
         "You take the mean over the pixels. It goes over the test images."),
    ),
)  # fmt: skip
def attack_many(G, H, J):
    """I_pert,loss, (d,), of the mean loss of the test images whose gradients are G, (m, p)."""
    g = G.mean(axis=0)
    return -np.linalg.solve(H, g) @ J
