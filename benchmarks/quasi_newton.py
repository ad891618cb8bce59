"""L-BFGS and BFGS against SciPy's, with the same objective.

L-BFGS: a logistic regression of 5,000 x 785, l2 = 1e-3, from 0, ten pairs; both stop at the first
iterate whose gradient has a 2-norm of at most 1e-6. BFGS: time per iteration at p = 500, on a sum
of valleys whose evaluation costs next to nothing, so that what is timed is the method.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import OptimizeResult
from scipy.optimize import minimize as scipy_minimize

from benchmarks._measured import insist
from benchmarks._timing import medians, report
from benchmarks.newton import problems
from teachkit import BFGS, LBFGS, LinearRisk, Logistic, Trace, Wolfe, minimize

L2, TOL, ROUNDS = 1e-3, 1e-6, 7
P, STEPS = 500, 60
LBFGS_MOST, BFGS_MOST = 1.1, 0.1  # of SciPy's time


class Valleys:
    """Rosenbrock's function in p / 2 pairs of coordinates, joint calls only."""

    def value_and_gradient(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        a, b = x[::2], x[1::2]
        bend = b - a**2
        gradient = np.empty_like(x)
        gradient[::2], gradient[1::2] = -400 * a * bend - 2 * (1 - a), 200 * bend
        return float(100 * bend @ bend + (1 - a) @ (1 - a)), gradient


def lbfgs() -> None:
    name, X, y = problems()[-1]
    risk = LinearRisk(np.column_stack([X, np.ones(len(X))]), y, Logistic(), l2=L2)
    zero = np.zeros(risk.p)

    def ours() -> Trace:
        return minimize(risk, zero, LBFGS(10), Wolfe(), tol=TOL, max_iter=5000)

    def theirs() -> OptimizeResult:
        norm = np.inf

        def asked(x: np.ndarray) -> tuple[float, np.ndarray]:
            nonlocal norm
            value, gradient = risk.value_and_gradient(x)
            norm = np.linalg.norm(gradient)
            return value, gradient

        def reached(intermediate_result: OptimizeResult) -> None:
            if norm <= TOL:  # of the last evaluation, which is the iterate that was accepted
                raise StopIteration

        options = {"gtol": 0, "ftol": 0, "maxcor": 10, "maxiter": 5000, "maxfun": 50_000}
        return scipy_minimize(
            asked, zero, jac=True, method="L-BFGS-B", callback=reached, options=options
        )

    fit, answer = ours(), theirs()
    insist(fit.converged, f"L-BFGS ended early: {fit.message}")
    norm = np.linalg.norm(risk.gradient(answer.x))
    insist(norm <= TOL, f"SciPy's L-BFGS ended at a gradient of {norm:.1e}, above {TOL:g}.")
    mine, scipys = medians(ROUNDS, ours, theirs)
    report(f"L-BFGS, {name}, {risk.n} x {risk.p}, to {TOL:g}", mine, scipys, "L-BFGS-B", LBFGS_MOST)
    calls, steps = fit.iterates[-1].evaluations, len(fit.iterates) - 1
    print(f"  ours: {calls} gradients in {steps} steps; SciPy's: {answer.nfev} in {answer.nit}")


def bfgs() -> None:
    f, rng = Valleys(), np.random.default_rng(0)
    x0 = np.tile([-1.2, 1.0], P // 2) + 0.3 * rng.normal(size=P)

    def ours():
        return minimize(f, x0, BFGS(), Wolfe(), tol=0, max_iter=STEPS)

    def theirs():
        return scipy_minimize(
            f.value_and_gradient, x0, jac=True, method="BFGS", options={"maxiter": STEPS, "gtol": 0}
        )

    taken = (ours().iterates[-1].k, theirs().nit)
    insist(
        taken == (STEPS, STEPS),
        f"Of {STEPS} iterations BFGS took {taken[0]} and SciPy's {taken[1]}.",
    )
    mine, scipys = (t / STEPS for t in medians(ROUNDS, ours, theirs))
    report(f"BFGS, one iteration at p = {P}", mine, scipys, "SciPy", BFGS_MOST)


def main() -> None:
    lbfgs()
    bfgs()


if __name__ == "__main__":
    main()
