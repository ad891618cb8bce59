"""4.5: the product B g from the last few pairs, without the matrix B."""

from __future__ import annotations

import numpy as np

from .. import exercise
from ._measures import recursion_at_work
from ._pairs import any_pairs, pairs


def _histories() -> list[tuple]:
    cases = []
    for p, m, seed in ((5, 3, 11), (4, 2, 31), (6, 4, 23)):
        S, Y = pairs(p, m, seed)
        cases.append((np.random.default_rng(seed + 5).standard_normal(p), S, Y))
    return cases


def _any_history(draw):
    p, m = draw.whole(1, 6), draw.pick(draw.whole(1, 4), draw.whole(1, 12))
    S, Y = any_pairs(draw, p, m)
    return None if Y is None else (draw.numbers(p), S, Y)


def _loops(
    g, S, Y, *, first=None, second=None, rho=None, gamma=None, kept=None, beta=None, r_step=None
):
    """The recursion with its order and its formulas exchangeable."""
    m = len(S)
    rho = rho or (lambda s, y: 1 / (s @ y))
    first = first or (lambda m: range(m)[::-1])
    second = second or range
    gamma = gamma or (lambda S, Y: (S[-1] @ Y[-1]) / (Y[-1] @ Y[-1]))
    beta = beta or (lambda s, y, r, q: y @ r)
    r_step = r_step or (lambda alpha, beta: alpha - beta)
    q, alpha = g.copy(), np.zeros(m)
    for i in first(m):
        alpha[i] = rho(S[i], Y[i]) * (S[i] @ q)
        q = q - alpha[i] * Y[i]
    alpha = alpha if kept is None else kept(alpha)
    r = gamma(S, Y) * q
    for i in second(m):
        b = rho(S[i], Y[i]) * beta(S[i], Y[i], r, q)
        r = r + r_step(alpha[i], b) * S[i]
    return r


def _in_places(g, S, Y, *, slope="s", lost="y", gained="s"):
    """The recursion with s or y in the places that are named: alpha = s'q, q - alpha y, r + s."""
    q, alpha, of = g.copy(), np.zeros(len(S)), {"s": S, "y": Y}
    for i in reversed(range(len(S))):
        alpha[i] = (of[slope][i] @ q) / (S[i] @ Y[i])
        q = q - alpha[i] * of[lost][i]
    r = (S[-1] @ Y[-1]) / (Y[-1] @ Y[-1]) * q
    for i in range(len(S)):
        r = r + (alpha[i] - (Y[i] @ r) / (S[i] @ Y[i])) * of[gained][i]
    return r


def _q_kept(g, S, Y):
    """Every alpha from g itself."""
    alpha = [(s @ g) / (s @ y) for s, y in zip(S, Y, strict=True)]
    q = g - sum(a * y for a, y in zip(alpha, Y, strict=True))
    r = (S[-1] @ Y[-1]) / (Y[-1] @ Y[-1]) * q
    for a, s, y in zip(alpha, S, Y, strict=True):
        r = r + (a - (y @ r) / (s @ y)) * s
    return r


@exercise(
    "4.5",
    "The two-loop recursion",
    prompt="""The pairs are the rows of `S` and `Y`, both (m, p), the oldest first. Return B g,
    (p,), without forming B, where B is gamma I updated by BFGS with one pair after the other and
    gamma = s'y/(y'y) of the newest pair.

    First loop, from the newest pair to the oldest: alpha_i = s_i'q/(s_i'y_i), then q loses
    alpha_i y_i; q begins as g. Then r = gamma q. Second loop, from the oldest pair to the newest:
    beta = y_i'r/(s_i'y_i), then r gains (alpha_i - beta) s_i. The answer is r.""",
    minutes=12,
    difficulty=3,
    cases=_histories,
    draw=_any_history,
    hints=(
        """The alphas of the first loop are needed in the second. Make room for them: `alpha =
        np.zeros(len(S))`.""",
        "`for i in reversed(range(len(S))):` runs from the newest pair to the oldest.",
        "Do not change g: `q = g.copy()`, or `q = q - ...` throughout.",
    ),
    explanation="""B+ g = V B V'g + s (s'g)/(s'y). The newest update is the outermost, so V'g is
    taken with the newest pair first: q = g - alpha y is V'g, and alpha = s'g/(s'y) is kept for the
    other term. At the innermost stands gamma I. On the way out r becomes V r + alpha s = r +
    (alpha - beta) s, from the oldest pair to the newest. For each pair that makes four products of
    vectors of length p, beside s'y.""",
    mistakes=(
        ("loops exchanged",
         lambda g, S, Y: _loops(g, S, Y, first=range, second=lambda m: range(m)[::-1]),
         """With a single pair yours is right. With several the loops run the wrong way round: the
         newest update is the outermost, so the first loop meets the newest pair first."""),
        ("alphas not turned round", lambda g, S, Y: _loops(g, S, Y, kept=lambda alpha: alpha[::-1]),
         """Each alpha meets another pair than its own. The first loop finds the newest pair's alpha
         first, so a list that it appends to begins with the newest and the second loop with the
         oldest: turn the list round, or write into `alpha[i]`."""),
        ("one alpha", lambda g, S, Y: _loops(g, S, Y, kept=lambda alpha: 0 * alpha + alpha[0]),
         """Every step of your second loop uses the same alpha, the last one of the first loop. Each
         pair has its own: keep them all."""),
        ("second loop backwards", lambda g, S, Y: _loops(g, S, Y, second=lambda m: range(m)[::-1]),
         """The first loop is right. The second has to go back the way the first came: the pair that
         was last is now first, the oldest one."""),
        ("first loop backwards", lambda g, S, Y: _loops(g, S, Y, first=range),
         """The second loop is right. The first runs from the newest pair to the oldest, since the
         newest update is the outermost."""),
        ("gamma of the oldest pair",
         lambda g, S, Y: _loops(g, S, Y, gamma=lambda S, Y: (S[0] @ Y[0]) / (Y[0] @ Y[0])),
         """gamma comes from the oldest pair. The newest one, the last row, knows the curvature
         here."""),
        ("s's for s'y", lambda g, S, Y: _loops(g, S, Y, rho=lambda s, y: 1 / (s @ s)),
         "You divided by s's. In both loops the divisor is s'y, the curvature along the step."),
        ("s taken away", lambda g, S, Y: _loops(g, S, Y, r_step=lambda a, b: b - a),
         """In the second loop r loses (alpha - beta) s; it has to gain it. That term is what the
         pair brings in."""),
        ("s for y in q", lambda g, S, Y: _in_places(g, S, Y, lost="s"),
         """In the first loop q loses alpha s. q is a gradient and loses alpha y, a change of the
         gradient: that is V'q."""),
        ("s for y in beta", lambda g, S, Y: _loops(g, S, Y, beta=lambda s, y, r, q: s @ r),
         """beta is made with s'r. r is a step by now, so it is y that it is multiplied by: beta_i =
         y_i'r/(s_i'y_i)."""),
        ("y for s in alpha", lambda g, S, Y: _in_places(g, S, Y, slope="y"),
         """alpha is made with y'q. q is a gradient, so it is s that it is multiplied by: alpha_i =
         s_i'q/(s_i'y_i)."""),
        ("y for s in r", lambda g, S, Y: _in_places(g, S, Y, gained="y"),
         """In the second loop r gains (alpha - beta) y. r is a step, and it gains steps: (alpha -
         beta) s."""),
        ("q for r in beta", lambda g, S, Y: _loops(g, S, Y, beta=lambda s, y, r, q: y @ q),
         """beta is made with q, which the first loop left behind. It has to see the r of that
         moment: beta_i = y_i'r/(s_i'y_i)."""),
        ("no gamma", lambda g, S, Y: _loops(g, S, Y, gamma=lambda S, Y: 1.0),
         """Between the loops r = q: gamma is missing. Without it B begins as I, whatever the units
         of the function are."""),
        ("the other gamma",
         lambda g, S, Y: _loops(g, S, Y, gamma=lambda S, Y: (S[-1] @ S[-1]) / (S[-1] @ Y[-1])),
         """Your gamma is s's/(s'y), the other Barzilai-Borwein length. It is never the smaller of
         the two, and works as well; asked is s'y/(y'y)."""),
        ("gamma upside down",
         lambda g, S, Y: _loops(g, S, Y, gamma=lambda S, Y: (Y[-1] @ Y[-1]) / (S[-1] @ Y[-1])),
         "Your gamma is y'y/(s'y), the size of the Hessian. B is the inverse: s'y/(y'y)."),
        ("plus beta", lambda g, S, Y: _loops(g, S, Y, r_step=lambda a, b: a + b),
         "You add beta where it is taken away: r gains (alpha - beta) s. V r = r - beta s."),
        ("no beta", lambda g, S, Y: _loops(g, S, Y, beta=lambda s, y, r, q: 0.0),
         """beta is missing in the second loop. V stands on both sides of B: the first loop is V',
         and beta is V."""),
        ("q kept", _q_kept,
         """Every alpha of yours comes from g itself. The second one has to see what the first left:
         alpha_i = s_i'q/(s_i'y_i) with the q of that moment."""),
        ("direction", lambda g, S, Y: -_loops(g, S, Y),
         """Yours is exactly -1 times the answer. -B g is the direction of the step; this function
         returns the product B g."""),
    ),
    remark=recursion_at_work,
)
def two_loop(g, S, Y):
    """B g, (p,), by the two-loop recursion; S and Y, (m, p), hold the pairs, oldest first."""
    q, alpha = g.copy(), np.zeros(len(S))
    for i in reversed(range(len(S))):
        alpha[i] = (S[i] @ q) / (S[i] @ Y[i])
        q = q - alpha[i] * Y[i]
    r = (S[-1] @ Y[-1]) / (Y[-1] @ Y[-1]) * q
    for i in range(len(S)):
        beta = (Y[i] @ r) / (S[i] @ Y[i])
        r = r + (alpha[i] - beta) * S[i]
    return r
