"""What `Influence.from_sklearn` says to an SVC, and why: the model that it names, beside refits."""

from __future__ import annotations

import re

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, scale
from sklearn.svm import SVC, NuSVC

from teachkit import Influence, KernelRisk, SmoothHinge, leave_one_out, retrain

pytestmark = pytest.mark.filterwarnings("error")

IRIS = load_iris()
KIND = IRIS.target_names[IRIS.target]
TWO = KIND != "setosa"
RAW, X, KINDS = IRIS.data[TWO], scale(IRIS.data[TWO]), KIND[TWO]
Y = np.where(KINDS == "virginica", 1.0, -1.0)
N = len(Y)
WEIGHTS = np.random.default_rng(0).uniform(0.5, 2.0, size=N)
RBF = SVC(tol=1e-10)


def sentence(model, X=X, y=KINDS, **given):
    with pytest.raises(ValueError, match="no influence function") as caught:
        Influence.from_sklearn(model, X, y, **given)
    return str(caught.value)


def named(says, t=0.1, X=X):
    """The risk in the sentence, made as it stands there but for the t of the loss."""
    code = re.search(r"risk = (KernelRisk\(.*?\)), with", says)[1]
    code = code.replace("SmoothHinge(0.1)", f"SmoothHinge({t})")
    names = {"KernelRisk": KernelRisk, "SmoothHinge": SmoothHinge}
    return eval(code, names | {"X": X, "y": Y, "w": WEIGHTS})


def scores(risk):
    return risk.features(risk.X) @ retrain(risk, 0 * risk.weights)


@pytest.mark.parametrize("gamma", ["scale", "auto", 0.5])
@pytest.mark.parametrize("C", [0.3, 1.0])
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["even", "weighted"])
def test_the_model_that_is_named_comes_near(gamma, C, weights):
    """But for the hinge, which is rounded over t, and the intercept, which is small here."""
    svc = clone(RBF).set_params(gamma=gamma, C=C).fit(RAW, KINDS, sample_weight=weights)
    says = sentence(svc, RAW, sample_weight=weights)
    truth, risk = svc.decision_function(RAW), named(says, X=RAW)
    numbers = {"scale": 1 / (4 * np.var(RAW)), "auto": 1 / 4}
    assert risk.gamma == pytest.approx(numbers.get(gamma, gamma), rel=1e-5)
    np.testing.assert_allclose(risk.l2, 1 / (N * C), rtol=1e-5)
    np.testing.assert_allclose(risk.weights, np.ones(N) if weights is None else weights)
    wide, narrow = (np.max(np.abs(scores(named(says, t, RAW)) - truth)) for t in (0.1, 0.01))
    assert wide < 0.35 and narrow < 0.15 and narrow < 0.8 * wide


def test_what_removals_do_to_it_is_not_what_they_do_to_the_svc():
    svc = clone(RBF).fit(X, KINDS)
    risk, before = named(sentence(svc)), svc.decision_function(X)
    theta = retrain(risk, 0 * risk.weights)
    assert np.corrcoef(risk.features(X) @ theta, before)[0, 1] > 0.99
    some = range(0, N, 4)
    ours = leave_one_out(risk, theta, some) @ risk.features(X).T
    refits = [
        clone(RBF)
        .set_params(gamma=svc._gamma)
        .fit(X, KINDS, sample_weight=np.where(np.arange(N) == i, 0.0, 1.0))
        for i in some
    ]
    truth = np.array([refit.decision_function(X) - before for refit in refits])
    assert 0.6 < np.corrcoef(ours.ravel(), truth.ravel())[0, 1] < 0.95


def test_a_pipeline_is_told_of_what_its_svc_saw():
    model = make_pipeline(StandardScaler(), clone(RBF)).fit(RAW, KINDS, svc__sample_weight=WEIGHTS)
    alone = clone(RBF).fit(X, KINDS, sample_weight=WEIGHTS)
    says = sentence(model, RAW, sample_weight=WEIGHTS)
    assert says == sentence(alone, sample_weight=WEIGHTS)
    assert "y +1 for 'virginica' and -1 for 'versicolor', w_i what example i counted" in says


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (SVC(kernel="linear"), "Fit LinearSVC()"),
        (SVC(kernel="poly"), "For kernel='rbf' a KernelRisk with a SmoothHinge"),
        (SVC(class_weight={"virginica": 2.0}), "weights=w), with X as the SVC saw it"),
    ],
)
def test_other_svcs_are_told_what_there_is(model, says):
    assert says in sentence(clone(model).fit(X, KINDS))


def test_several_classes_are_taken_in_pairs():
    says = sentence(SVC(C=2.0).fit(scale(IRIS.data), KIND), scale(IRIS.data), KIND)
    assert "l2=1 / (len(y) * 2)), with the rows of two of its 3 classes, y -1 and +1" in says


def test_an_svc_that_is_not_fitted_and_kinds_nobody_knows():
    for model in (SVC(), SVC(kernel="linear")):
        with pytest.raises(ValueError, match="The SVC is not fitted"):
            Influence.from_sklearn(model, X, KINDS)
    with pytest.raises(TypeError, match="a NuSVC. Known are") as caught:
        Influence.from_sklearn(NuSVC().fit(X, KINDS), X, KINDS)
    assert " SVC" not in str(caught.value)
