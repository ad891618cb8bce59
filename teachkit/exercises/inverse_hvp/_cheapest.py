"""9.2: what each way costs, counted."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part

CHOLESKY, CG, LISSA = "cholesky", "conjugate_gradient", "lissa"


def _jobs() -> list[tuple]:
    return [
        (300, 400, 50, 20, 2000),
        (10000, 300, 10, 10, 1000),
        (40, 50, 1000, 30, 10000),
        (20, 400, 200, 15, 200),
        (1000, 5, 3, 20, 2000),
        (1000, 300, 200, 200, 2000),
        (40, 100, 3, 20, 5000),
        (10, 400, 1, 2000, 30000),
        (2, 10, 1000, 100, 4000),
        (10000, 30, 1, 10, 500000),
    ]


def _costs(n, p, tests, steps, depth):
    form, factor = 2 * n * p**2, p**3 / 3
    return form + factor + tests * 2 * p**2, tests * steps * 4 * n * p, tests * depth * 4 * p


def _cheapest(*costs):
    return (CHOLESKY, CG, LISSA)[int(np.argmin(costs))]


def _any_job(draw):
    """The two cheapest are close, so that every term of the costs decides somewhere."""
    n = draw.pick(draw.whole(2, 20), draw.whole(20, 500), draw.whole(1000, 90000))
    p = draw.pick(draw.whole(2, 20), draw.whole(20, 900))
    tests = draw.pick(1, 1, draw.whole(1, 5), draw.whole(5, 3000))
    cholesky = _costs(n, p, tests, 1, 1)[0]
    near = [draw.pick(0.85, 0.93, 1.07, 1.2, 2.0, 6.0) for _ in range(2)]
    steps = round(near[0] * cholesky / (tests * 4 * n * p))
    depth = round(near[1] * cholesky / (tests * 4 * p))
    if steps < 1 or depth < 1:
        return None
    first, second, _ = sorted(_costs(n, p, tests, steps, depth))
    return (n, p, tests, steps, depth) if second > 1.01 * first else None


@exercise(
    "9.2",
    "The cheapest way",
    prompt="""You need s_test for `tests` test points of one fitted linear model with n training
    points and p parameters. Counted in multiplications and additions: forming H takes 2 n p^2, its
    Cholesky factor p^3 / 3, and with the factor H^-1 v takes 2 p^2 for each v. A product H v takes
    4 n p, and conjugate gradients need `steps` of them for each v. LiSSA needs `depth` products
    with the Hessian of one example for each v, 4 p each. Return the name of the cheapest way:
    "cholesky", "conjugate_gradient" or "lissa". (No two cost the same.)""",
    minutes=6,
    difficulty=1,
    cases=_jobs,
    draw=_any_job,
    draws=300,
    hints=(
        """Which parts of the bill are paid once, and which for each test point?""",
        "H and its factor do not depend on the test point. A solution by products begins anew.",
        """Write the three bills into a dictionary, `costs = {"cholesky": ..., ...}`. `min` takes a
        `key`, by which names are compared: their costs.""",
    ),
    explanation="""The factor is dear and then serves everybody; the two others pay for each test
    point. LiSSA's price does not contain n at all. What the count leaves out: `steps` for three
    digits depends on the eigenvalues, `depth` on the smallest of them and on the scale, and LiSSA's
    answer keeps its noise.""",
    answer=formula(
        lambda form, factor, solves, products, samples: (
            _cheapest(form + factor + solves, products, samples)),
        form=part(
            lambda n, p: 2 * n * p**2,
            ("forming H forgotten", lambda: 0,
             """Forming H is not in your bill: 2 n p^2, which for many training points is most of
             it."""),
            ("H formed for every test point", lambda n, p, tests: 2 * n * p**2 * tests,
             """You form H for each test point. It does not depend on the test point: once is
             enough, for all of them."""),
        ),
        factor=part(
            lambda p: p**3 / 3,
            ("the factor forgotten", lambda: 0,
             "The Cholesky factor is not in your bill: p^3 / 3, once."),
            ("factored for every test point", lambda p, tests: tests * p**3 / 3,
             """You factor H for each test point. One factor serves all of them: what is paid for
             each is 2 p^2."""),
            ("p^3", lambda p: p**3,
             "You count p^3 for the factor. Cholesky takes a third of it, p^3 / 3."),
        ),
        solves=part(
            lambda p, tests: tests * 2 * p**2,
            ("solves forgotten", lambda: 0, lambda p: 2 * p**2, lambda p, tests: 2 * tests * p,
             """With the factor, H^-1 v still takes 2 p^2, for each test point. You count that once,
             or too little, or not at all; with thousands of test points it is most of the
             bill."""),
        ),
        products=part(
            lambda n, p, tests, steps: tests * steps * 4 * n * p,
            ("conjugate gradients once for all", lambda n, p, steps: steps * 4 * n * p,
             """You count the steps of conjugate gradients once. They depend on v: each test point
             begins anew."""),
            ("one step", lambda n, p, tests: tests * 4 * n * p,
             "You count one product for conjugate gradients. Each v takes `steps` of them."),
            ("steps without n", lambda p, tests, steps: tests * steps * 4 * p,
             """A product with H goes over all n training points: 4 n p. Yours is that of one
             example."""),
        ),
        samples=part(
            lambda p, tests, depth: tests * depth * 4 * p,
            ("LiSSA once for all", lambda p, depth: depth * 4 * p,
             """You count LiSSA's steps once. They begin with v: each test point begins anew."""),
            ("LiSSA over all examples", lambda n, p, tests, depth: tests * depth * 4 * n * p,
             lambda p, tests, depth: tests * depth * 4 * p**2,
             """You count 4 n p or 4 p^2 for each step of LiSSA, a product with the whole H. It
             multiplies by the Hessian of one example a step: 4 p, whatever n is."""),
        ),
    ),
    mistakes=(
        ("everything for every test point", lambda form, factor, p, tests, products, samples: (
            _cheapest(tests * (form + factor + 2 * p**2), products, samples)),
         lambda n, p, steps, depth: _cheapest(*_costs(n, p, 1, steps, depth)),
         """Your bill is that of one test point, or everything in it is multiplied by `tests`, which
         is the same comparison. Forming and factoring H does not depend on the test point: both are
         paid once, and what is paid for each is 2 p^2."""),
        ("both once for all",
         lambda n, p, tests, form, factor, solves, steps, depth: (
            _cheapest(form + factor + solves, steps * 4 * n * p, depth * 4 * p)),
         """You count the steps of conjugate gradients and those of LiSSA once. Both begin with v:
         each test point begins anew, so both are multiplied by `tests`."""),
        ("the order taken for the count",
         lambda n, p, solves, products, samples: (
            _cheapest(n * p**2 + p**3 + solves, products, samples)),
         lambda n, p, tests, products, samples: (
            _cheapest(n * p**2 + p**3 + tests * p**2, products, samples)),
         """You took O(n p^2 + p^3) for a count. O leaves the factors out: forming H takes 2 n p^2,
         its Cholesky factor p^3 / 3."""),
        ("steps and depth exchanged",
         lambda n, p, tests, form, factor, solves, steps, depth: _cheapest(
            form + factor + solves, tests * depth * 4 * n * p, tests * steps * 4 * p),
         """steps and depth are exchanged: conjugate gradients take `steps` products of 4 n p, LiSSA
         takes `depth` of 4 p."""),
        ("always cholesky", lambda: CHOLESKY,
         "Yours is always the same. For one test point and large p the products are cheaper."),
        ("always conjugate gradients", lambda: CG,
         """Yours is always the same. For many test points the factor, paid once, is cheaper."""),
        ("the dearest", lambda n, p, tests, steps, depth: (
            (CHOLESKY, CG, LISSA)[int(np.argmax(_costs(n, p, tests, steps, depth)))]),
         "You return the dearest way. The cheapest has the smallest number."),
    ),
)
def cheapest(n, p, tests, steps, depth):
    """The cheapest for `tests` points: "cholesky", "conjugate_gradient" or "lissa"."""
    costs = {
        "cholesky": 2 * n * p**2 + p**3 / 3 + tests * 2 * p**2,
        "conjugate_gradient": tests * steps * 4 * n * p,
        "lissa": tests * depth * 4 * p,
    }
    return min(costs, key=lambda name: costs[name])
