"""Koh & Liang's (2017) validation of influence, their Figures 2 and 3, on data that comes along.

Three experiments, each the predicted change of one test loss beside the change that retraining
without the point brings, for the training points of largest predicted influence:

softmax   10-class logistic regression on MNIST, H^-1 v by conjugate gradients and by LiSSA, against
          exact leave-one-out retraining (Figure 2, left and middle)
network   a convolutional network that was stopped early, with damping, against training on
          without the point (Figure 2, right)
hinge     a hinge SVM, predicted through the smooth hinge, against the SVM retrained (Figure 3)

``python -m benchmarks.validation hinge`` runs one of them alone. README.md beside this file has a
run's table and what differs from the paper.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import lsq_linear
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from benchmarks._measured import at_least, insist
from teachkit import (
    AutogradRisk,
    Influence,
    LinearRisk,
    SmoothHinge,
    SoftmaxRisk,
    agreement,
    convolutional,
    datasets,
    leave_one_out,
    lissa,
    minimize,
    nothing_removed,
)
from teachkit.inverse_hvp import ConjugateGradient, Lissa
from teachkit.optimize import NewtonCG
from teachkit.validation import Agreement

HEADER = (
    f"{'':54s}{'points':>7s}{'r':>7s}{'rank r':>8s}{'slope':>7s}{'intercept':>11s}   the paper's r"
)


class Compared(NamedTuple):
    """A line of the table."""

    what: str
    points: int
    found: Agreement
    spread: float  # of the actual changes, the unit of the intercept
    paper: str

    def __str__(self) -> str:
        r, rank, slope, intercept = self.found
        return (
            f"{self.what:54s}{self.points:7d}{r:7.3f}{rank:8.3f}{slope:7.2f}"
            f"{intercept / self.spread:8.3f} sd   {self.paper}"
        )


def compared(what: str, predicted: np.ndarray, actual: np.ndarray, paper: str = "") -> Compared:
    found = agreement(predicted, actual)
    return Compared(what, len(actual), found, float(np.std(actual)), paper)


def largest(predicted: np.ndarray, count: int) -> np.ndarray:
    """The points of largest predicted influence, either way."""
    return np.argsort(-np.abs(predicted), kind="stable")[:count]


def show(lines: Iterable[Compared]) -> None:
    print(HEADER)
    for line in lines:
        print(line, flush=True)


# ---- 10-class logistic regression ---------------------------------------------------------------

TOP, EVERY, SEEDS, SCALE = 500, 20, 5, 25
LISSA = {"repeats": 10, "depth": 5000}
PLOT = "a plot, along y = x"


def softmax() -> None:
    data = datasets.mnist(test_size=0.1)
    # A pixel that is 0 in every training image has weight 0 in every fit: it is left out. So is the
    # column of ones, as in the paper.
    used = np.append(data.X_train[:, :-1].any(axis=0), False)
    X, X_test = data.X_train[:, used], data.X_test[:, used]
    risk = SoftmaxRisk(X, data.y_train, l2=0.01)
    fit = minimize(risk, np.zeros(risk.p), NewtonCG(), tol=1e-13)
    insist(fit.converged, f"The fit ended early: {fit.message}")
    theta = fit.x
    scores = X_test @ theta.reshape(-1, risk.classes)
    wrong = np.flatnonzero(scores.argmax(axis=1) != data.y_test)
    insist(wrong.size, "Every test image is classified rightly: there is none to ask about.")
    x, y = X_test[wrong[0]], int(data.y_test[wrong[0]])
    print(
        f"10-class MNIST, n = {risk.n}, {X.shape[1]} pixels, p = {risk.p}, l2 = 0.01; gradient's "
        f"norm {np.linalg.norm(risk.gradient(theta)):.0e};\n{wrong.size} of {len(X_test)} test "
        "images wrong, the first of them is asked about."
    )
    influence = Influence(risk, theta, inverse_hvp=ConjugateGradient())
    predicted = influence.leave_one_out_loss(x, y)
    top = largest(predicted, TOP)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)  # a retraining that failed
        changes = leave_one_out(risk, theta, top)
    before = risk.loss_at(theta, x, y)
    actual = np.array([risk.loss_at(theta + change, x, y) - before for change in changes])
    removed = nothing_removed(risk, theta)
    least = float(np.linalg.norm(changes, axis=1).min())
    print(
        f"Retrained with nothing removed theta moves by {removed.change:.0e}; without one of these "
        f"{TOP} points by {least:.0e} at least."
    )
    insist(removed.change < 1e-4 * least, "The fit was not finished: retraining finished it too.")
    lines = [compared("conjugate gradients", predicted[top], actual, PLOT)]
    # Newton steps count the curvature that leaves with a point, and cost a solve each.
    some, slope = slice(None, None, EVERY), risk.gradient_at(theta, x, y)
    steps = np.array([slope @ influence.removal(int(i), leverage=True) for i in top[some]])
    what = f"every {EVERY}th of these points"
    lines.append(compared(what, predicted[top][some], actual[some]))
    lines.append(compared(f"{what}, leverage counted", steps, actual[some]))
    safe = Lissa().bind(risk, theta).scale
    for scale in (safe, SCALE):
        by_seed = []
        for seed in range(SEEDS):
            trace = lissa(samples(risk, theta), slope, scale=scale, **LISSA, seed=seed)
            insist(trace.converged, f"LiSSA ended early: {trace.message}")
            by_seed.append(influence.leave_one_out_loss(s_test=trace.x)[top])
        what = f"LiSSA, scale {scale:.0f}, seed"
        lines += [
            compared(f"{what} {seed}", each, actual, PLOT) for seed, each in enumerate(by_seed)
        ]
    show(lines)
    print(
        f"LiSSA: {LISSA['repeats']} repeats of {LISSA['depth']} samples. {safe:.0f} is what no "
        f"sample's curvature exceeds, {SCALE} the paper's scale."
    )
    print(at_least("softmax, conjugate gradients, r", lines[0].found.pearson, 0.99))


def samples(risk: SoftmaxRisk, theta: np.ndarray) -> Callable[..., np.ndarray]:
    """(v, rng) -> (grad^2 L_i + l2 I) v for an example i that rng draws: what `Lissa` takes too.

    Without the looks that the risk's own `example_hvp` has at its arguments, 50,000 times a solve.
    """
    scores = risk.X @ theta.reshape(-1, risk.classes)
    P = np.exp(scores - scores.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)

    def of_example(i: int, v: np.ndarray) -> np.ndarray:
        change = risk.X[i] @ v.reshape(-1, risk.classes)
        pull = P[i] * (change - P[i] @ change)
        return np.outer(risk.X[i], pull).reshape(-1) + risk.l2 * v

    v = np.random.default_rng(0).normal(size=risk.p)
    other = risk.example_hvp(theta, [0])(v) + risk.l2 * v
    insist(np.allclose(of_example(0, v), other), "The products with samples are wrong.")
    return lambda v, rng: of_example(int(rng.integers(risk.n)), v)


# ---- a convolutional network -------------------------------------------------------------------

TRAIN, STEPS, MORE, RATE, MOMENTUM = 500, 1000, 300, 0.1, 0.9
RETRAINED, ASKED, DAMPING = 100, 5, 0.01


def network() -> None:
    digits, rng = load_digits(), np.random.default_rng(0)
    order = rng.permutation(len(digits.data))
    X, y = digits.data[order] / 16, digits.target[order].astype(float)
    X, X_test, y, y_test = X[:TRAIN], X[TRAIN:], y[:TRAIN], y[TRAIN:]
    net = convolutional((8, 8), (4, 8), 10)
    start = net.initial(0)
    risk = AutogradRisk(net.losses, X, y, start, outputs=net.outputs, l2=1e-3)

    def trained(thetas: np.ndarray, weights: np.ndarray, steps: int) -> np.ndarray:
        """Many networks side by side, each with weights of its own, by steps with momentum."""
        speed = np.zeros_like(thetas)
        for _ in range(steps):
            speed = MOMENTUM * speed - RATE * risk.gradients(thetas, weights)
            thetas = thetas + speed
        return thetas

    theta = trained(start[None, :], np.ones((1, TRAIN)), STEPS)[0]
    H = risk.hessian(theta)
    lowest = float(np.linalg.eigvalsh(H)[0])
    wrong = np.flatnonzero(net.outputs(theta, X_test).argmax(axis=1) != y_test)
    insist(wrong.size >= ASKED, f"Of the test images only {wrong.size} are classified wrongly.")
    print(
        f"convolutional network of 4 and 8 channels with tanh on 8 x 8 digits, 10 classes, n = "
        f"{TRAIN}, p = {net.p}, l2 = 0.001;\n{STEPS} steps with momentum; gradient's norm "
        f"{np.linalg.norm(risk.gradient(theta)):.0e}, lambda_min of H {lowest:.4f}; "
        f"{wrong.size} of {len(y_test)} test images wrong."
    )
    asked = wrong[:ASKED]
    slopes = risk.gradient_at(theta, X_test[asked], y_test[asked])
    gradients = risk.example_gradients(theta)

    def predicted(damping: float) -> np.ndarray:
        return slopes @ np.linalg.solve(H + damping * np.eye(net.p), gradients.T) / TRAIN

    top = largest(predicted(DAMPING)[0], RETRAINED)
    weights = np.ones((RETRAINED + 1, TRAIN))  # the last of them is trained on with all points
    weights[np.arange(RETRAINED), top] = 0.0
    after = trained(np.tile(theta, (RETRAINED + 1, 1)), weights, MORE)
    norms = np.linalg.norm(risk.gradients(after, weights), axis=1)
    losses = np.array([risk.loss_at(each, X_test[asked], y_test[asked]) for each in after])
    actual, drift = (
        losses[:-1] - losses[-1],
        losses[-1] - risk.loss_at(theta, X_test[asked], y_test[asked]),
    )
    of_first = actual[:, 0]
    print(
        f"{RETRAINED} networks trained on for {MORE} steps, each without one point, to gradients "
        f"of {norms.min():.0e} to {norms.max():.0e}.\nTrained on with all points the first image's "
        f"loss moves by {drift[0]:+.2f}, {abs(drift[0]) / of_first.std():.1f} sd of the changes: "
        "this drift is taken off."
    )
    tried = {
        "no damping": 0.0,
        "damping 1.1 |lambda_min|": 1.1 * max(-lowest, 0.0),
        f"damping {DAMPING}": DAMPING,
        "damping 0.1": 0.1,
    }
    lines = []
    for name, damping in tried.items():
        of_each = predicted(damping)[:, top]
        paper = ".86" if damping == DAMPING else ""
        lines.append(compared(f"{name}, the first wrong image", of_each[0], of_first, paper))
    show(lines)
    for name, damping in tried.items():
        found = [
            agreement(*both).pearson
            for both in zip(predicted(damping)[:, top], actual.T, strict=True)
        ]
        print(f"{name}, the same points and each of {ASKED} wrong images: r {band(found)}")


# ---- a hinge SVM ------------------------------------------------------------------------------

KINK = 1e-6  # so near to it a margin is on it
TEMPERATURES, HINGES = (0.001, 0.1), 100
FIGURE_3 = {0.0: ".63", 0.001: ".95", 0.1: ".91"}


def hinge() -> None:
    data = datasets.mnist(positive=7, negative=1, test_size=0.2)
    for l2 in (0.1, 0.01):
        _hinge(data.X_train, data.y_train, data.X_test, data.y_test, l2)


def _hinge(X: np.ndarray, y: np.ndarray, X_test: np.ndarray, y_test: np.ndarray, l2: float) -> None:
    n = len(y)
    theta = hinge_svm(X, y, l2, n)
    short = 1 - y * (X @ theta)
    wrong = np.flatnonzero(y_test * (X_test @ theta) < 0)
    insist(wrong.size, "Every test image is classified rightly: there is none to ask about.")
    wrong = wrong[np.argsort((y_test * (X_test @ theta))[wrong])]
    # Only support vectors can change anything: without another point this theta still is the best.
    support = np.flatnonzero(short > -KINK)
    changes = np.zeros((n, X.shape[1]))
    for i in support:
        others = np.arange(n) != i
        changes[i] = hinge_svm(X[others], y[others], l2, n) - theta
    print(
        f"MNIST 7 against 1, n = {n}, l2 = {l2}: {support.size} support vectors, "
        f"{int(np.sum(np.abs(short) <= KINK))} of them on the kink;\n{wrong.size} of {len(y_test)} "
        "test images wrong, the worst of them first."
    )
    pulls = -y_test[wrong, None] * X_test[wrong]  # grad of the hinge at the wrong images
    actual = (
        np.array([np.maximum(0, 1 - y_test[j] * ((theta + changes) @ X_test[j])) for j in wrong])
        - np.maximum(0, 1 - y_test[wrong] * (X_test[wrong] @ theta))[:, None]
    )

    slopes = -(y * (short > KINK))[:, None] * X  # 0 on the kink
    predicted = {(0.0, False): pulls @ slopes.T / (l2 * n)}
    for t in TEMPERATURES:
        with warnings.catch_warnings():
            # theta is the minimum for the hinge, as in the paper, and not for the smooth hinge.
            warnings.filterwarnings("ignore", category=RuntimeWarning)
            influence = Influence(LinearRisk(X, y, SmoothHinge(t), l2=l2), theta)
        s_test = np.array([influence.solve(pull) for pull in pulls])
        for leverage in (False, True):
            predicted[t, leverage] = influence.leave_one_out_loss(s_test=s_test, leverage=leverage)
    # By the prediction at t = 0, as in the paper; of the many that have none, the nearest to 1.
    tops = [np.lexsort((-short, -np.abs(each)))[:HINGES] for each in predicted[0.0, False]]
    lines, bands = [], []
    for (t, leverage), of_each in predicted.items():
        what = f"l2 {l2}, t = {t:g}{', leverage counted' * leverage}"
        paper = "" if leverage or l2 != 0.01 else FIGURE_3[t]
        pairs = [(of_each[j, top], actual[j, top]) for j, top in enumerate(tops)]
        lines.append(compared(f"{what}, the worst image", *pairs[0], paper))
        found = [agreement(*pair).pearson for pair in pairs]
        bands.append(f"{what}, each of {wrong.size} wrong images: r {band(found)}")
    show(lines)
    print(*bands, sep="\n")


def hinge_svm(X: np.ndarray, y: np.ndarray, l2: float, n: int) -> np.ndarray:
    """The minimum of (1/n) sum_i max(0, 1 - y_i x_i' theta) + l2/2 ||theta||^2, and looked at."""
    svc = LinearSVC(
        C=1 / (n * l2), loss="hinge", fit_intercept=False, tol=1e-9, max_iter=10**6, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        theta = svc.fit(X, y).coef_[0]
    insist(
        (left := stationarity(X, y, theta, l2, n)) < 1e-5,
        f"The hinge SVM is not at its minimum: a part of {left:.0e} of l2 theta is unexplained.",
    )
    return theta


def stationarity(X: np.ndarray, y: np.ndarray, theta: np.ndarray, l2: float, n: int) -> float:
    """How far theta is from l2 theta = (1/n) sum_i a_i y_i x_i, relative to l2 ||theta||.

    With a_i = 1 short of margin 1, 0 beyond it, and the best ones in [0, 1] on the kink: theta is
    the minimum where it holds exactly.
    """
    short = 1 - y * (X @ theta)
    kink = np.abs(short) <= KINK
    rest = l2 * theta - (y * (short > KINK)) @ X / n
    if kink.any():
        A = (y[kink, None] * X[kink]).T / n
        rest = rest - A @ lsq_linear(A, rest, bounds=(0.0, 1.0), tol=1e-12).x
    return float(np.linalg.norm(rest) / (l2 * np.linalg.norm(theta)))


def band(values: Sequence[float]) -> str:
    return f"{min(values):.2f} to {max(values):.2f}, median {np.median(values):.2f}"


PARTS: dict[str, Callable[[], None]] = {"softmax": softmax, "network": network, "hinge": hinge}


@threadpool_limits.wrap(limits=1)
def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    for name in parser.parse_args(arguments).parts or PARTS:
        insist(name in PARTS, f"{name} is no part; there are {', '.join(PARTS)}.")
        print(f"\n-- {name}", flush=True)
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
