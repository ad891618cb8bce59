"""8.5: the effect of a move, with its 1/n."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula


def _cases() -> list[tuple]:
    # One J with more rows than columns: theta has an intercept, and the column of ones stays.
    wide = np.array([[0.7, -0.4], [0.3, 1.2], [-0.9, 0.5]])
    square = np.array([[0.6, -1.1, 0.2], [0.4, 0.8, -0.7], [1.3, -0.2, 0.5]])
    s = np.array([1.4, -0.6, 0.9])
    return [
        (wide, s, np.array([0.8, -1.1]), 6),
        (square, s, np.array([-0.7, 0.5, 1.2]), 7),
        (square, np.array([0.3, 1.7, -0.8]), np.array([1.1, 0.4, -0.9]), 5),
        (wide, s, np.array([-0.5, 0.9]), 2),  # fewer points than parameters
    ]


def _any_move(draw):
    d = draw.whole(1, 4)
    p = d + draw.pick(0, 1)
    n = draw.pick(2, draw.whole(2, 400))
    return draw.numbers(p, d, low=-2.0, high=2.0), draw.numbers(p), draw.numbers(d), n


@exercise(
    "8.5",
    "The effect of a move",
    prompt="""A training point among `n` moves by `delta`, (d,). Its mixed derivative
    grad_x grad_theta L is `J`, (p, d), and `s_test` = H^-1 grad_theta L(z_test), (p,), is known.
    Predict, to first order in delta, by how much the loss at the test point changes.""",
    minutes=3,
    difficulty=1,
    cases=_cases,
    draw=_any_move,
    hints=(
        "How does I_pert,loss look with s_test in it, and what is its shape?",
        """I_pert,loss = -s_test'J is per unit of eps. The loss of one point has the weight 1/n in
        R: which eps is that?""",
    ),
    explanation="""-s_test' J delta / n. I_pert,loss = -s_test'J, (d,), is per unit of eps, and a
    point has eps = 1/n. The talk and the paper call I_pert,loss' delta the approximate effect; it
    is n times that.""",
    answer=formula(lambda J, s_test, delta, n: -(s_test @ J @ delta) / n),
    mistakes=(
        ("no 1/n", lambda J, s_test, delta: -(s_test @ J @ delta),
         """This is I_pert,loss' delta, as printed in the talk and the paper. It is per unit of eps;
         the point that moves has the weight 1/n."""),
        ("sign", "-1",
         """The minus is missing: theta moves against a gradient, by -H^-1 times it, hence
         -s_test'J delta."""),
        ("no 1/n, sign", lambda J, s_test, delta: s_test @ J @ delta,
         "The minus of -H^-1 is missing, and so is the weight 1/n of the point that moves."),
        ("p for n", lambda J, s_test, delta: -(s_test @ J @ delta) / len(s_test),
         lambda J, s_test, delta: -(s_test @ J @ delta) / len(delta),
         """You divided by p or d, the length of a vector. The mean runs over the training points:
         there are `n`."""),
        ("n - 1", lambda J, s_test, delta, n: -(s_test @ J @ delta) / (n - 1),
         "You divided by n - 1. Nobody leaves: the point that moves has the weight 1/n."),
        ("only the size", lambda J, s_test, delta, n: abs(s_test @ J @ delta) / n,
         lambda J, s_test, delta, n: -abs(s_test @ J @ delta) / n,
         """The size is right, and an absolute value has taken the sign away. A move can raise the
         loss or lower it: the sign of -s_test'J delta says which."""),
        ("sizes of the entries",
         lambda J, s_test, delta, n: -(np.abs(s_test @ J) @ np.abs(delta)) / n,
         lambda J, s_test, delta, n: np.abs(s_test @ J) @ np.abs(delta) / n,
         lambda J, s_test, delta, n: -(s_test @ J @ np.abs(delta)) / n,
         """An absolute value has taken the signs of single entries away. A feature that goes down
         changes the loss the other way: delta enters with its signs."""),
        ("J transposed", lambda J, s_test, delta, n: -(delta @ J @ s_test) / n,
         """s_test and delta have changed sides. J is p x d and not symmetric: a vector like theta
         comes from the left, one like x from the right."""),
        ("first rows alone",
         lambda J, s_test, delta, n: -(s_test[: len(delta)] @ J[: len(delta)] @ delta) / n,
         lambda J, s_test, delta, n: s_test[: len(delta)] @ J[: len(delta)] @ delta / n,
         """Only the first d of the p rows of J are in it, and of s_test. The intercept does not
         move, but it answers: J has a row for each of the p parameters, and all of them count."""),
        ("I_pert,loss alone", lambda J, s_test, n: -(s_test @ J) / n, lambda J, s_test: -s_test @ J,
         """This is a number for each feature. Times delta and added up, it is the change of the
         loss."""),
        ("not added up", lambda J, s_test, delta, n: -(s_test @ J) * delta / n,
         """These are the shares of the single features. Their sum is the change of the loss:
         `@` for `*`."""),
        ("no H", lambda J, delta, n: -J @ delta / n,
         """This is how the pull of the point changes, a vector like theta. The loss at the test
         point feels it through s_test."""),
        ("sign of delta alone", lambda J, s_test, delta, n: -(s_test @ J @ np.sign(delta)) / n,
         "The size of delta is not in it, only its signs."),
    ),
)
def loss_change(J, s_test, delta, n):
    """Predicted change of a test loss, a number; J is (p, d), s_test is (p,), delta is (d,)."""
    return -(s_test @ J @ delta) / n
