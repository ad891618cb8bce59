"""4.5: the product B g from the last few pairs, without the matrix B."""

from __future__ import annotations

import numpy as np

import teachkit

from .. import exercise, formula, part, rule
from .._engine.parts import call
from ._measures import recursion_at_work
from ._pairs import CURVATURE, any_pairs, pairs


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


def _recursion(
    g, S, Y, inwards, in_alpha, slope, lost, kept, gamma, outwards, in_beta, change, gained
):
    """The recursion with its orders and its formulas exchangeable."""
    q, alpha = g, np.zeros(len(S))
    for i in inwards(len(S)):
        s, y = S[i], Y[i]
        alpha[i] = call(slope, {"s": s, "y": y, "q": q, "g": g}) / in_alpha(s, y)
        q = q - alpha[i] * lost(s, y)
    alpha, r = kept(alpha), gamma * q
    for i in outwards(len(S)):
        s, y = S[i], Y[i]
        beta = call(change, {"s": s, "y": y, "r": r, "q": q}) / in_beta(s, y)
        r = r + gained(s, y, alpha[i], beta)
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
    answer=formula(
        _recursion,
        inwards=rule(
            lambda m: range(m)[::-1],
            ("first loop backwards", range,
             """The second loop is right. The first runs from the newest pair to the oldest, since
             the newest update is the outermost."""),
        ),
        in_alpha=CURVATURE.at("In the first loop:"),
        slope=rule(
            lambda s, q: s @ q,
            ("y for s in alpha", lambda y, q: y @ q,
             """alpha is made with y'q. q is a gradient, so it is s that it is multiplied by:
             alpha_i = s_i'q/(s_i'y_i)."""),
            ("q kept", lambda s, g: s @ g,
             """Every alpha of yours comes from g itself. The second one has to see what the first
             left: alpha_i = s_i'q/(s_i'y_i) with the q of that moment."""),
        ),
        lost=rule(
            lambda s, y: y,
            ("s for y in q", lambda s, y: s,
             """In the first loop q loses alpha s. q is a gradient and loses alpha y, a change of
             the gradient: that is V'q."""),
            ("q stays", lambda s, y: 0 * y,
             """q never changes in your first loop: it has to lose alpha y of each pair, before the
             next pair is met."""),
        ),
        kept=rule(
            lambda alpha: alpha,
            ("alphas not turned round", lambda alpha: alpha[::-1],
             """Each alpha meets another pair than its own. The first loop finds the newest pair's
             alpha first, so a list that it appends to begins with the newest and the second loop
             with the oldest: turn the list round, or write into `alpha[i]`."""),
            ("one alpha", lambda alpha: 0 * alpha + alpha[0],
             """Every step of your second loop uses the same alpha, the last one of the first loop.
             Each pair has its own: keep them all."""),
        ),
        gamma=part(
            lambda S, Y: (S[-1] @ Y[-1]) / (Y[-1] @ Y[-1]),
            ("gamma of the oldest pair", lambda S, Y: (S[0] @ Y[0]) / (Y[0] @ Y[0]),
             """gamma comes from the oldest pair. The newest one, the last row, knows the curvature
             here."""),
            ("gamma of all pairs", lambda S, Y: np.sum(S * Y) / np.sum(Y * Y),
             """gamma is made of all pairs together, as by `np.sum(S * Y)`. It is that of the newest
             pair alone, which knows the curvature here: s and y are `S[-1]` and `Y[-1]`."""),
            ("no gamma", lambda: 1.0,
             """Between the loops r = q: gamma is missing. Without it B begins as I, whatever the
             units of the function are."""),
            ("the other gamma", lambda S, Y: (S[-1] @ S[-1]) / (S[-1] @ Y[-1]),
             """Your gamma is s's/(s'y), the other Barzilai-Borwein length. It is never the smaller
             of the two, and works as well; asked is s'y/(y'y)."""),
            ("gamma upside down", lambda S, Y: (Y[-1] @ Y[-1]) / (S[-1] @ Y[-1]),
             "Your gamma is y'y/(s'y), the size of the Hessian. B is the inverse: s'y/(y'y)."),
        ),
        outwards=rule(
            range,
            ("second loop backwards", lambda m: range(m)[::-1],
             """The first loop is right. The second has to go back the way the first came: the pair
             that was last is now first, the oldest one."""),
            ("no second loop", lambda m: (),
             """This is gamma q, what is left after the first loop. The second loop is missing, or
             what it computes is not kept: r gains (alpha - beta) s of each pair."""),
        ),
        in_beta=CURVATURE.at("In the second loop:"),
        change=rule(
            lambda y, r: y @ r,
            ("s for y in beta", lambda s, r: s @ r,
             """beta is made with s'r. r is a step by now, so it is y that it is multiplied by:
             beta_i = y_i'r/(s_i'y_i)."""),
            ("q for r in beta", lambda y, q: y @ q,
             """beta is made with q, which the first loop left behind. It has to see the r of that
             moment: beta_i = y_i'r/(s_i'y_i)."""),
            ("no beta", lambda: 0.0,
             """beta is missing in the second loop. V stands on both sides of B: the first loop is
             V', and beta is V."""),
        ),
        gained=rule(
            lambda s, y, alpha, beta: (alpha - beta) * s,
            ("s taken away", lambda s, y, alpha, beta: (beta - alpha) * s,
             """In the second loop r loses (alpha - beta) s; it has to gain it. That term is what
             the pair brings in."""),
            ("plus beta", lambda s, y, alpha, beta: (alpha + beta) * s,
             "You add beta where it is taken away: r gains (alpha - beta) s. V r = r - beta s."),
            ("y for s in r", lambda s, y, alpha, beta: (alpha - beta) * y,
             """In the second loop r gains (alpha - beta) y. r is a step, and it gains steps:
             (alpha - beta) s."""),
        ),
    ),
    mistakes=(
        ("loops exchanged",
         lambda g, S, Y, gamma: teachkit.two_loop(g, S[::-1], Y[::-1], gamma=gamma),
         """With a single pair yours is right. With several the loops run the wrong way round: the
         newest update is the outermost, so the first loop meets the newest pair first."""),
        ("s and y exchanged",
         lambda g, S, Y: teachkit.two_loop(g, Y, S),
         lambda g, S, Y, gamma: teachkit.two_loop(g, Y, S, gamma=gamma),
         """s and y are exchanged throughout: this is a product with a guess at the Hessian itself,
         which has B s = y. B stands for the inverse, B y = s."""),
        ("direction", "-1",
         "-B g is the direction of the step; this function returns the product B g."),
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
