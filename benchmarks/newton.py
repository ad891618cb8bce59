"""Newton's method against scikit-learn's newton-cholesky, to the same norm of the gradient.

Logistic regression from 0, the column of ones penalised like the rest, l2 = 1e-3. scikit-learn fits
at tol 1e-6; ours goes to the 2-norm of the gradient at its answer (and a hundredth more, since in
rounding no two are the same; 1e-13 if it is below that). Both are timed whole, checks of the input
included.
"""

from __future__ import annotations

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from benchmarks._measured import insist
from benchmarks._timing import medians, report
from teachkit import LinearRisk, Logistic, Newton, Trace, minimize

L2, ROUNDS, MOST = 1e-3, 11, 1.0


def problems() -> list[tuple[str, np.ndarray, np.ndarray]]:
    digits, cancer = load_digits(), load_breast_cancer()
    rng = np.random.default_rng(0)
    large = rng.random((5000, 784)) * (rng.random((5000, 784)) < 0.2)
    score = large @ rng.normal(size=784) / 5
    noisy = score - np.median(score) + 0.5 * rng.normal(size=5000)
    return [
        ("digits even-vs-odd", digits.data / 16, np.where(digits.target % 2 == 0, 1.0, -1.0)),
        (
            "breast cancer",
            StandardScaler().fit_transform(cancer.data),
            np.where(cancer.target == 1, 1.0, -1.0),
        ),
        ("random sparse images", large, np.where(noisy > 0, 1.0, -1.0)),
    ]


def main() -> None:
    for name, X, y in problems():
        X = np.column_stack([X, np.ones(len(X))])
        n, p = X.shape
        model = LogisticRegression(
            C=1 / (n * L2), fit_intercept=False, solver="newton-cholesky", tol=1e-6
        )
        risk = LinearRisk(X, y, Logistic(), l2=L2)
        reached = float(np.linalg.norm(risk.gradient(model.fit(X, y).coef_[0])))
        tol = max(1.01 * reached, 1e-13)

        def ours(X=X, y=y, p=p, tol=tol) -> Trace:
            return minimize(LinearRisk(X, y, Logistic(), l2=L2), np.zeros(p), Newton(), tol=tol)

        def theirs(model=model, X=X, y=y) -> LogisticRegression:
            return model.fit(X, y)

        fit = ours()
        insist(fit.converged, f"On {name} Newton's method ended early: {fit.message}")
        insist(
            model.n_iter_[0] < model.max_iter,
            f"On {name} scikit-learn ended at its limit of {model.max_iter} steps.",
        )
        mine, scikit_learns = medians(ROUNDS, ours, theirs)
        report(f"Newton, {name}, {n} x {p}", mine, scikit_learns, "newton-cholesky", MOST)
        print(f"  both to a gradient of {tol:.1e}")
        print(f"  steps: ours {len(fit.iterates) - 1}, scikit-learn's {model.n_iter_[0]}")


if __name__ == "__main__":
    main()
