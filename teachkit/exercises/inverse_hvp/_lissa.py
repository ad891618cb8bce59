"""9.3: the recursion of LiSSA, with the same H in every step."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part, rule
from .._engine.parts import call
from ._cases import by_hand, matrix, pool


def _runs() -> list[tuple]:
    """Three steps tell the formulas apart; after 400 those that have the right limit agree."""
    six, four = (hessian.times for hessian in by_hand())
    v, w = np.array([0.8, -1.3, 0.4, 0.9, -0.2, 1.1]), np.array([-0.7, 0.5, 1.2, 0.3])
    return [(six, v, 2.5, 3), (six, v, 2.5, 400), (four, w, 1.7, 3), (six, v, 0.6, 2),
            (four, w, 3.0, 1)]  # fmt: skip


def _any_run(draw):
    hessian = draw.pick(*pool())
    scale = round(hessian.largest * draw.pick(draw.number(0.6, 1.0), draw.number(1.0, 5.0)), 5)
    v = draw.numbers(hessian.p, low=0.2, high=2.0) * draw.pick(-1.0, 1.0)
    return hessian.times, v, scale, draw.pick(0, 1, 2, 3, 7, 60)


@np.errstate(all="ignore")  # a slip may grow without bound
def _recursion(hvp, v, scale, depth, start, step, end):
    x = start
    for _ in range(depth):
        x = call(step, {"hvp": hvp, "v": v, "x": x, "Hx": hvp(x), "scale": scale})
    return call(end, {"x": x, "scale": scale})


def _too_few(function) -> str:
    """How many products it asks for: a loop that ends when x hardly moves asks for too few."""
    hessian, v, scale, depth = by_hand()[0], np.full(6, 0.7), 2.5, 2000
    asked = []

    def counting(x):
        asked.append(x)
        return hessian.times(x)

    function(counting, v, scale, depth)
    count = f"Counted for depth = {depth}: {len(asked)} products with H."
    if not 3 < len(asked) < depth - 1:
        return count
    return (
        f"{count} Your loop stops before depth "
        "steps, as one does that ends when x hardly moves. Exactly depth steps are asked: leave "
        "that test out."
    )


@exercise(
    "9.3",
    "LiSSA, without chance",
    prompt="""Write the recursion. x_0 = v; in each step x_{j+1} = v + x_j - H x_j / scale; after
    `depth` steps return x / scale. H is known by its products hvp(x) = H x; here it is the same in
    every step.""",
    minutes=5,
    difficulty=1,
    cases=_runs,
    draw=_any_run,
    hints=(
        """One line in a loop, and two numbers to look after: scale stands below H in each step, and
        once more at the end. What are they for?""",
        """Which x does H multiply in a step, and which x does the step add to? And what is the
        answer with depth = 0?""",
    ),
    explanation="""With B = I - H / scale the loop is x_{j+1} = v + B x_j, so x_depth is
    (I + B + ... + B^depth) v, a geometric series, and its limit is (I - B)^-1 v = scale H^-1 v.
    Hence the division at the end. Begun with v / scale, and with v / scale added in each step, it
    is the same at every depth: gradient descent on the bowl of lesson 06 with the steps
    1 / scale.""",
    answer=formula(
        _recursion,
        depth=part(
            lambda depth: depth,
            ("one step too many", lambda depth: depth + 1,
             "Yours takes depth + 1 steps. x_0 = v is where it stands before the first."),
            ("return inside the loop", lambda depth: min(depth, 1),
             """Your answer is that of one step, whatever depth is: the `return` stands inside the
             loop, or every step begins at v again, and the new x is never the old one."""),
        ),
        start=part(
            lambda v: v,
            ("one term short", lambda v: 0 * v,
             """Yours lacks one term of the series: it starts at 0, or it takes depth - 1 steps,
             which is the same by algebra. After many steps nobody would see it. x_0 is v."""),
            ("starts at v / scale", lambda v, scale: v / scale,
             """You start at v / scale and then add v in each step. Either scale stands at every v
             and not at the end, or it stands at the end alone. Here x_0 is v."""),
        ),
        step=rule(
            lambda v, x, Hx, scale: v + x - Hx / scale,
            ("H without scale", lambda v, x, Hx: v + x - Hx,
             """scale is missing in the step: x loses H x, not H x / scale. If H has an eigenvalue
             above 2 that diverges; here it converges, and then you divide by a scale that is in
             nothing."""),
            ("multiplied by scale", lambda v, x, Hx, scale: v + x - scale * Hx,
             """H x is multiplied by scale in your step. scale is there to make H small, so it
             divides."""),
            ("x is not kept", lambda v, Hx, scale: v + v - Hx / scale,
             """v stands in the place of the old x: you have v + v - ..., so nothing is added up
             from step to step. (A published version of one library had this in its loop, and
             nobody saw it: the answers look like answers.) The new x is v + x - H x / scale."""),
            ("v forgotten", lambda x, Hx, scale: x - Hx / scale,
             """v is missing in the step. What you have is B^depth v, the last term of the series,
             and it goes to 0. Each step adds v again."""),
            ("x forgotten", lambda v, Hx, scale: v - Hx / scale,
             "The old x is missing in the step: v + x - H x / scale."),
            ("plus", lambda v, x, Hx, scale: v + x + Hx / scale,
             """H x / scale is added in your step: the x grow without end. It is subtracted, since
             B = I - H / scale."""),
            ("scale on all of it",
             lambda v, x, Hx, scale: v + (x - Hx) / scale,
             lambda v, x, Hx, scale: (v + x - Hx) / scale,
             """You divide x by scale in each step, beside H x: brackets too wide. The x as it is
             stays; only H x is divided."""),
            ("H on v", lambda v, x, hvp, scale: v + x - hvp(v) / scale,
             "In your step H is applied to v. It is applied to the x of the step before."),
        ),
        end=rule(
            lambda x, scale: x / scale,
            ("not divided at the end", lambda x: x,
             """This is scale times the answer: the series adds up to scale H^-1 v. Divide by scale
             at the end, once."""),
            ("multiplied at the end", lambda x, scale: x * scale,
             """You multiply by scale at the end. The series adds up to scale H^-1 v, so there is
             one scale too many already: divide."""),
            ("divided twice", lambda x, scale: x / scale**2,
             """You divide by scale twice, perhaps v at the beginning and x at the end. Once is
             enough, at either end."""),
        ),
    ),
    mistakes=(
        ("minus the answer", "-1",
         "A sign is turned: x starts at v, and v is added in each step."),
        ("solved outright", lambda hvp, v: np.linalg.solve(matrix(hvp, len(v)), v),
         """This is H^-1 v itself, whatever depth is. What is asked for is where the recursion
         stands after `depth` steps; it gets there in the end."""),
    ),
    remark=_too_few,
)
def lissa(hvp, v, scale, depth):
    """x / scale after depth steps, (p,): about H^-1 v; hvp(x) gives H x, and v is (p,)."""
    x = v
    for _ in range(depth):
        x = v + x - hvp(x) / scale
    return x / scale
