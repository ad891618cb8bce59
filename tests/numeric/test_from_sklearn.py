"""Influence of fitted scikit-learn models against refits by scikit-learn itself, row by row."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import sklearn
from sklearn.base import clone
from sklearn.datasets import load_wine
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, RidgeClassifier
from sklearn.svm import LinearSVC

from teachkit import Influence, leave_one_out, retrain_without
from teachkit.validation import agreement

pytestmark = pytest.mark.filterwarnings("error")

WINE = load_wine()
ROWS = slice(0, None, 3)
X = ((WINE.data - WINE.data.mean(axis=0)) / WINE.data.std(axis=0))[ROWS, [0, 1, 3, 9]]
N, D = X.shape
NAMES = np.array(["barolo", "grignolino", "barbera"])[WINE.target[ROWS]]
TWO = np.where(WINE.data[ROWS, 5] > 2.3, "rich", "poor")  # phenols; no line tells them apart
REAL = WINE.data[ROWS, 6]  # flavanoids
WEIGHTS = np.random.default_rng(0).uniform(0.5, 2.0, size=N)
NEW = LogisticRegression().get_params()["penalty"] == "deprecated"  # from scikit-learn 1.8 on
L1 = {"l1_ratio": 1.0} if NEW else {"penalty": "l1"}
CLOSE = {"tol": 1e-12, "max_iter": 100_000}

MODELS = {
    "lbfgs": (LogisticRegression(C=0.5, **CLOSE), TWO),
    "newton-cg": (LogisticRegression(C=2.0, solver="newton-cg", **CLOSE), TWO),
    "newton-cholesky": (LogisticRegression(solver="newton-cholesky", **CLOSE), TWO),
    "sag": (LogisticRegression(solver="sag", **CLOSE), TWO),
    "saga": (LogisticRegression(solver="saga", **CLOSE), TWO),
    "liblinear": (LogisticRegression(solver="liblinear", intercept_scaling=3.0, **CLOSE), TWO),
    "no intercept": (LogisticRegression(fit_intercept=False, **CLOSE), TWO),
    "no penalty": (LogisticRegression(C=np.inf, solver="newton-cholesky", **CLOSE), TWO),
    "class weights": (LogisticRegression(class_weight={"rich": 3.0}, **CLOSE), TWO),
    "softmax": (LogisticRegression(C=0.1, **CLOSE), NAMES),
    "softmax newton-cg": (LogisticRegression(C=3.0, solver="newton-cg", **CLOSE), NAMES),
    "softmax saga": (LogisticRegression(C=0.1, solver="saga", **CLOSE), NAMES),
    "softmax, no intercept": (LogisticRegression(fit_intercept=False, **CLOSE), NAMES),
    "ridge": (Ridge(alpha=3.0), REAL),
    "ridge without intercept": (Ridge(alpha=3.0, fit_intercept=False), REAL),
    "least squares": (LinearRegression(), REAL),
    "ridge classifier": (RidgeClassifier(alpha=2.0, class_weight={"poor": 2.0}), TWO),
    "svc": (LinearSVC(C=0.5, intercept_scaling=2.0, dual=False, **CLOSE), TWO),
    "svc without intercept": (LinearSVC(C=0.5, fit_intercept=False, dual=False, **CLOSE), TWO),
}
EVERY = pytest.mark.parametrize("kind", MODELS)


def centred(W):
    return W - W.mean(axis=0)


def theta_of(model):
    """(coef_, intercept_) in the order of theta, without a common shift of several classes."""
    coef, intercept = np.atleast_2d(model.coef_), np.reshape(model.intercept_, (-1, 1))
    W = np.hstack([coef, intercept]) if model.fit_intercept else coef
    return W[0] if len(W) == 1 else centred(W).T.reshape(-1)


def refit(model, y, i=None, X=X, w=WEIGHTS):
    w = w.copy()
    if i is not None:
        w[i] = 0.0
    return clone(model).fit(X, y, sample_weight=w)


@EVERY
def test_every_row_of_the_truth_is_a_refit_and_every_prediction_near_it(kind):
    model, y = MODELS[kind]
    fitted = refit(model, y)
    influence = Influence.from_sklearn(fitted, X, y, sample_weight=WEIGHTS)
    np.testing.assert_allclose(influence.theta, theta_of(fitted), atol=1e-7)
    some = range(0, N, 7)
    refits = np.array([theta_of(refit(model, y, i)) for i in some])
    size = np.max(np.abs(influence.theta))
    truth = leave_one_out(influence.risk, influence.theta, some)
    np.testing.assert_allclose(influence.theta + truth, refits, atol=5e-6 * size)
    predicted = np.array([influence.removal(i, leverage=True) for i in some])
    r, _, slope, _ = agreement(predicted.ravel(), (refits - influence.theta).ravel())
    assert r > 0.95 and 0.7 < slope < 1.4


@EVERY
def test_points_and_labels_are_asked_in_the_form_of_the_model(kind):
    model, y = MODELS[kind]
    influence = Influence.from_sklearn(refit(model, y), X, y, sample_weight=WEIGHTS)
    every = influence.up_loss(X[:4], y[:4])
    assert every.shape == (4, N)
    scale = np.max(np.abs(every))
    np.testing.assert_allclose(influence.up_loss(X[2].tolist(), y[2]), every[2], atol=1e-12 * scale)
    np.testing.assert_allclose(
        influence.up_loss(X, y, of=(X[:4], y[:4])), every.T, atol=1e-9 * scale
    )
    s = influence.s_test(X[2], y[2])
    np.testing.assert_allclose(
        influence.leave_one_out_loss(s_test=s), influence.leave_one_out_loss(X[2], y[2])
    )
    np.testing.assert_allclose(
        influence.self_influence()[:4], np.diag(every), rtol=1e-9, atol=1e-12 * scale
    )


def test_the_loss_is_the_models_own():
    """-log of the probability that the refitted model gives to the label of a test point."""
    model, y = MODELS["softmax"]
    fitted = refit(model, y)
    influence = Influence.from_sklearn(fitted, X, y, sample_weight=WEIGHTS)

    def loss(of):
        return -np.log(of.predict_proba(X[5:6])[0, list(of.classes_).index(y[5])])

    truth = np.array([loss(refit(model, y, i)) - loss(fitted) for i in range(N)])
    r, _, slope, _ = agreement(influence.leave_one_out_loss(X[5], y[5]), truth)
    assert r > 0.98 and 0.9 < slope < 1.3


@pytest.mark.parametrize("kind", ["newton-cg", "softmax newton-cg", "ridge", "svc"])
def test_what_a_move_of_a_row_does_is_what_a_refit_says(kind):
    model, y = MODELS[kind]
    fitted = refit(model, y)
    influence = Influence.from_sklearn(fitted, X, y, sample_weight=WEIGHTS)
    i, delta = 4, np.array([0.3, -0.1, 0.2, 0.1])
    t = 1e-4
    there, back = X.copy(), X.copy()
    there[i], back[i] = X[i] + t * delta, X[i] - t * delta
    ahead, behind = (theta_of(refit(model, y, X=moved)) for moved in (there, back))
    slope = (ahead - behind) / (2 * t)
    predicted = influence.perturbation(i, t * delta) / t
    np.testing.assert_allclose(predicted, slope, atol=2e-3 * np.max(np.abs(slope)))
    g = influence.risk.gradient_at(influence.theta, np.append(X[9], 1.0), influence.risk.y[9])
    effect = WEIGHTS[i] * influence.pert_loss(i, X[9], y[9]) @ delta / N
    assert influence.pert_loss(i, X[9], y[9]).shape == (D,)
    assert effect == pytest.approx(g @ slope, abs=2e-3 * np.linalg.norm(g) * np.linalg.norm(slope))


def test_the_common_shift_of_intercepts_is_taken_out():
    fitted = refit(*MODELS["softmax newton-cg"])
    fitted.intercept_ = fitted.intercept_ + 5.0  # the same model
    influence = Influence.from_sklearn(fitted, X, NAMES, sample_weight=WEIGHTS)
    np.testing.assert_allclose(influence.theta.reshape(D + 1, 3).sum(axis=1), 0.0, atol=1e-9)
    rows = influence.removals().reshape(N, D + 1, 3)
    np.testing.assert_allclose(rows.sum(axis=2), 0.0, atol=1e-9 * np.max(np.abs(rows)))


def test_without_a_penalty_the_shift_of_every_row_is_taken_out():
    two = X[:, 1:3]  # of these two measurements no class can be told apart
    model = LogisticRegression(C=np.inf, solver="newton-cg", **CLOSE)
    fitted = refit(model, NAMES, X=two)
    influence = Influence.from_sklearn(fitted, two, NAMES, sample_weight=WEIGHTS)
    refitted = theta_of(refit(model, NAMES, 7, X=two))
    truth = retrain_without(influence.risk, influence.theta, 7)
    np.testing.assert_allclose(truth, refitted, atol=1e-5 * np.max(np.abs(truth)))


def test_one_solver_fitted_classes_against_the_rest_before_scikit_learn_1_6():
    model = LogisticRegression(solver="newton-cholesky", tol=1e-12)
    fitted = refit(model, NAMES)
    if tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 6):
        with pytest.raises(ValueError, match="against the rest"):
            Influence.from_sklearn(fitted, X, NAMES, sample_weight=WEIGHTS)
    else:
        influence = Influence.from_sklearn(fitted, X, NAMES, sample_weight=WEIGHTS)
        np.testing.assert_allclose(influence.theta, theta_of(fitted), atol=1e-9)


def test_options_are_passed_on_and_it_can_be_pickled():
    fitted = refit(*MODELS["lbfgs"])
    given = (fitted, X, TWO)
    plain = Influence.from_sklearn(*given, sample_weight=WEIGHTS, damping=0.1)
    by_cg = Influence.from_sklearn(
        *given, sample_weight=WEIGHTS, damping=0.1, inverse_hvp="conjugate_gradient"
    )
    np.testing.assert_allclose(by_cg.removals(), plain.removals(), rtol=1e-6, atol=1e-9)
    fresh = pickle.loads(pickle.dumps(Influence.from_sklearn(*given, sample_weight=WEIGHTS)))
    assert fresh.up_loss(X[0], TWO[0]).shape == (N,)


def test_an_unfinished_fit_is_told_where_it_was_asked():
    hasty = LogisticRegression(tol=0.3, max_iter=100).fit(X, TWO)
    with pytest.warns(RuntimeWarning, match="smaller tol") as caught:
        Influence.from_sklearn(hasty, X, TWO)
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("model", "y", "error", "says"),
    [
        (LogisticRegression(), TWO, ValueError, "LogisticRegression is not fitted"),
        (LogisticRegression, TWO, TypeError, r"the class LogisticRegression itself"),
        (
            "model",
            TWO,
            TypeError,
            "Known are of scikit-learn LinearRegression, LinearSVC, Logistic",
        ),
        (
            LogisticRegression(solver="saga", max_iter=5000, **L1),
            TWO,
            ValueError,
            "l1 penalty.*no influence function",
        ),
        (LogisticRegression(class_weight="balanced"), TWO, ValueError, "counts of all labels"),
        (LinearSVC(loss="hinge", max_iter=100_000), TWO, ValueError, "SmoothHinge"),
        (LinearSVC(), NAMES, ValueError, "3 classes and a LinearSVC.*against the rest"),
        (RidgeClassifier(), NAMES, ValueError, "3 classes and a RidgeClassifier"),
        (Ridge(positive=True), REAL, ValueError, "positive=True"),
        (Ridge(), np.c_[REAL, REAL], ValueError, "y has shape"),
    ],
)
def test_what_has_no_influence_function_is_told_in_a_sentence(model, y, error, says):
    if says.startswith(("LogisticRegression is", "the class", "Known")):
        fitted = model
    else:
        fitted = model.fit(X, y)
    with pytest.raises(error, match=says):
        Influence.from_sklearn(fitted, X, y)


FITTED = refit(*MODELS["newton-cg"])


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (
            lambda f: f.up_loss(X[0], "sweet"),
            ValueError,
            "'sweet', which is no class.*'poor', 'rich'",
        ),
        (lambda f: f.up_loss(X[0, :2], "rich"), ValueError, "rows of 4 numbers"),
        (lambda f: f.up_loss(np.append(X[0], 1.0), "rich"), ValueError, "without a column of ones"),
        (lambda f: f.up_loss(X[:2], "rich"), ValueError, r"y_test has shape \(\)"),
        (lambda f: f.pert_loss(0), TypeError, "X_test is None"),
        (lambda f: f.perturbation(0, np.zeros(5)), ValueError, r"delta has shape \(5,\).*\(4,\)"),
        (lambda f: f.perturbation(N, np.zeros(4)), IndexError, "numbered 0 to"),
    ],
)
def test_bad_questions_are_answered_in_a_sentence(ask, error, says):
    influence = Influence.from_sklearn(FITTED, X, TWO, sample_weight=WEIGHTS)
    with pytest.raises(error, match=says):
        ask(influence)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((X[:-1], TWO), "y has shape"),
        ((X[:, :3], TWO), "rows of 4 numbers"),
        ((X * np.nan, TWO), "X holds nan"),
        ((X, np.where(TWO == "rich", 1, 0)), "which is no class of the model"),
    ],
)
def test_data_that_it_was_not_fitted_to_are_told(given, says):
    with pytest.raises(ValueError, match=says):
        Influence.from_sklearn(FITTED, *given)


def test_weights_have_to_be_one_each():
    with pytest.raises(ValueError, match="one per example|shape"):
        Influence.from_sklearn(FITTED, X, TWO, sample_weight=WEIGHTS[:-1])
