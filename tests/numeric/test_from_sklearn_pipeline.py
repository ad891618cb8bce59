"""Influence of Pipelines and with DataFrames, against refits of the last step by scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_wine
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_selection import SelectKBest, VarianceThreshold
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    MinMaxScaler,
    OneHotEncoder,
    PolynomialFeatures,
    StandardScaler,
)

from teachkit import Influence, leave_one_out

pd = pytest.importorskip("pandas")
pytestmark = pytest.mark.filterwarnings("error")

WINE = load_wine(as_frame=True)
FRAME = WINE.data.iloc[1::3][["alcohol", "malic_acid", "magnesium", "color_intensity"]]
NAMES = pd.Series(WINE.target.iloc[1::3]).map({0: "barolo", 1: "grignolino", 2: "barbera"})
TEST, TEST_NAMES = WINE.data.iloc[2::30][FRAME.columns], NAMES.iloc[::10]
N, D = FRAME.shape
WEIGHTS = np.random.default_rng(1).uniform(0.5, 2.0, size=N)
SOFTMAX = LogisticRegression(solver="newton-cg", tol=1e-12, max_iter=10_000)
TWO = np.where(NAMES == "barolo", "first", "other")


def fitted(*steps, X=FRAME, y=NAMES):
    model = make_pipeline(*map(clone, steps))
    return model.fit(X, y, **{f"{model.steps[-1][0]}__sample_weight": WEIGHTS})


def of(model, X=FRAME, y=NAMES):
    return Influence.from_sklearn(model, X, y, sample_weight=WEIGHTS)


def refit(model, Z, y, w=WEIGHTS):
    """The last step alone, on what it saw: W or (coef_, intercept_) as theta has them."""
    last = clone(model[-1]).fit(Z, y, sample_weight=w)
    if last.coef_.ndim == 1:
        return np.append(last.coef_, last.intercept_)
    W = np.hstack([last.coef_, last.intercept_[:, None]])
    return W[0] if len(W) == 1 else (W - W.mean(axis=0)).T.reshape(-1)


STEPS = {
    "scaled": (StandardScaler(), MinMaxScaler()),
    "squares": (StandardScaler(), PolynomialFeatures(2, include_bias=False)),
    "pipeline in a pipeline": (make_pipeline(StandardScaler()), "passthrough"),
}


@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize("last", [SOFTMAX, Ridge(alpha=2.0)], ids=["softmax", "ridge"])
def test_every_row_of_the_truth_is_a_refit_of_the_last_step(steps, last):
    y = NAMES if last is SOFTMAX else WINE.data["flavanoids"].iloc[1::3]
    given = [step if isinstance(step, str) else clone(step) for step in STEPS[steps]]
    model = Pipeline([*((str(k), step) for k, step in enumerate(given)), ("last", clone(last))])
    model.fit(FRAME, y, last__sample_weight=WEIGHTS)
    influence = of(model, y=y)
    some = range(0, N, 9)
    truth = influence.theta + leave_one_out(influence.risk, influence.theta, some)
    Z = model[:-1].transform(FRAME)
    for row, i in zip(truth, some, strict=True):
        w = np.where(np.arange(N) == i, 0.0, WEIGHTS)
        np.testing.assert_allclose(row, refit(model, Z, y, w), atol=1e-7 * np.max(np.abs(row)))


def test_points_come_as_frames_rows_and_arrays_and_labels_as_series():
    model = fitted(StandardScaler(), SOFTMAX)
    influence = of(model)
    several = influence.leave_one_out_loss(TEST, TEST_NAMES)
    assert several.shape == (len(TEST), N)
    one = influence.leave_one_out_loss(TEST.iloc[2], TEST_NAMES.iloc[2])
    np.testing.assert_allclose(one, several[2], rtol=1e-9, atol=1e-12)
    by_array = of(fitted(StandardScaler(), SOFTMAX, X=FRAME.to_numpy()), X=FRAME.to_numpy())
    found = by_array.leave_one_out_loss(TEST.to_numpy(), TEST_NAMES.to_list())
    np.testing.assert_allclose(found, several, rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize("steps", ["scaled", "squares"])
@pytest.mark.parametrize("frame", [True, False])
def test_a_raw_row_is_moved_through_the_steps(steps, frame):
    X = FRAME if frame else FRAME.to_numpy()
    model = fitted(*STEPS[steps], SOFTMAX, X=X)
    influence = of(model, X=X)
    i, t, delta = 7, 1e-4, np.array([0.2, -0.5, 8.0, 1.0])

    def moved(by):
        raw = FRAME.to_numpy().copy()
        raw[i] += by
        raw = pd.DataFrame(raw, columns=FRAME.columns) if frame else raw
        return refit(model, model[:-1].transform(raw), NAMES)

    slope = (moved(t * delta) - moved(-t * delta)) / (2 * t)
    predicted = influence.perturbation(i, t * delta) / t
    np.testing.assert_allclose(predicted, slope, atol=2e-3 * np.max(np.abs(slope)))
    x, y = (TEST.iloc[3] if frame else TEST.to_numpy()[3]), TEST_NAMES.iloc[3]
    pull = influence.pert_loss(i, x, y)
    assert pull.shape == (D,)
    z = np.append(model[:-1].transform(TEST.iloc[[3]] if frame else x[None, :])[0], 1.0)
    g = influence.risk.gradient_at(influence.theta, z, list(model.classes_).index(y))
    effect = WEIGHTS[i] * pull @ delta / N
    assert effect == pytest.approx(g @ predicted, abs=1e-3 * abs(g @ predicted) + 1e-9)
    by_s = influence.pert_loss(i, s_test=influence.s_test(x, y))
    np.testing.assert_allclose(by_s, pull, rtol=1e-9)


def test_a_scaler_is_taken_off_by_the_chain_rule():
    """x = mean + scale z: a move of x by delta is one of z by delta / scale."""
    model = fitted(StandardScaler(), SOFTMAX)
    Z = model[:-1].transform(FRAME)
    raw, scaled = of(model), Influence.from_sklearn(model[-1], Z, NAMES, sample_weight=WEIGHTS)
    scale = model[0].scale_
    x, z = FRAME.iloc[3], Z[3]
    np.testing.assert_allclose(
        raw.pert_loss(5, x, NAMES.iloc[3]) * scale, scaled.pert_loss(5, z, NAMES.iloc[3]), rtol=1e-6
    )


def test_columns_of_text_are_encoded_and_cannot_be_moved():
    frame = FRAME.assign(place=np.where(np.arange(N) % 3, "hill", "plain"))
    encode = ColumnTransformer(
        [("numbers", StandardScaler(), list(FRAME.columns)), ("text", OneHotEncoder(), ["place"])]
    )
    model = fitted(encode, SOFTMAX, X=frame)
    influence = of(model, X=frame)
    assert influence.risk.X.shape == (N, D + 2 + 1)
    assert influence.up_loss(frame.iloc[:2], NAMES.iloc[:2]).shape == (2, N)
    assert influence.up_loss(frame.iloc[0], NAMES.iloc[0]).shape == (N,)
    for ask in (
        lambda: influence.perturbation(0, np.zeros(D + 1)),
        lambda: influence.pert_loss(0, frame.iloc[0], NAMES.iloc[0]),
    ):
        with pytest.raises(TypeError, match="Row 0 of X holds what is no number"):
            ask()


def test_where_a_step_jumps_there_is_no_derivative():
    edge = float(FRAME["alcohol"].iloc[4])
    model = fitted(
        ColumnTransformer(
            [("high", Binarizer(threshold=edge), ["alcohol"])], remainder="passthrough"
        ),
        StandardScaler(),
        SOFTMAX,
    )
    influence = of(model)
    with pytest.raises(ValueError, match="no derivative at row 4 along column 0"):
        influence.pert_loss(4, FRAME.iloc[0], NAMES.iloc[0])
    assert influence.pert_loss(5, FRAME.iloc[0], NAMES.iloc[0])[0] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("step", "name"),
    [
        (SelectKBest(k=2), "SelectKBest"),
        (FeatureUnion([("two", SelectKBest(k=2))]), "SelectKBest"),
        (LinearDiscriminantAnalysis(), "LinearDiscriminantAnalysis"),
    ],
)
def test_a_step_that_learnt_from_y_is_refused(step, name):
    with pytest.raises(ValueError, match=f"{name} was fitted to y as well"):
        of(fitted(StandardScaler(), step, SOFTMAX))
    assert of(fitted(VarianceThreshold(), SOFTMAX)).risk.n == N


def test_columns_in_another_order_are_seen():
    model = clone(SOFTMAX).fit(FRAME, NAMES, sample_weight=WEIGHTS)
    other = FRAME[FRAME.columns[::-1]]
    with pytest.raises(ValueError, match="X has the columns color_intensity.*in the same order"):
        of(model, X=other)
    with pytest.raises(ValueError, match="X_test has the columns"):
        of(model).up_loss(other, NAMES)


def test_two_classes_by_name_and_the_data_may_change_afterwards():
    model, frame = fitted(StandardScaler(), SOFTMAX, y=TWO), FRAME.copy()
    influence = of(model, X=frame, y=TWO)
    before = influence.pert_loss(3, FRAME.iloc[1], TWO[1])
    frame.iloc[3] = 0.0
    np.testing.assert_array_equal(influence.pert_loss(3, FRAME.iloc[1], TWO[1]), before)
    rows = influence.removals(leverage=True)
    truth = leave_one_out(influence.risk, influence.theta)
    np.testing.assert_allclose(rows, truth, atol=0.5 * np.max(np.abs(truth)))
