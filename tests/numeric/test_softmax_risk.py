"""Softmax regression against scikit-learn, autograd, exact digits and two-class logistics."""

from __future__ import annotations

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from teachkit.arrays import to_numpy
from teachkit.derivatives import hvp_test
from teachkit.influence import Influence
from teachkit.losses import Logistic
from teachkit.optimize import minimize
from teachkit.retraining import leave_one_out, retrain, retrain_with, retrain_without
from teachkit.risks import HasExampleHvp, HasLeverages, LinearRisk, Objective, Risk, SoftmaxRisk
from teachkit.risks._classes import Softmax, losses, own_class

N, D, K = 40, 4, 3
RNG = np.random.default_rng(0)
X = np.c_[RNG.normal(size=(N, D - 1)), np.ones(N)]
Y = np.argmax(X @ RNG.normal(size=(D, K)) + RNG.normal(size=(N, K)), axis=1)
P = D * K
THETA, V = RNG.normal(size=P), RNG.normal(size=(P, 3))
WEIGHTS = RNG.integers(0, 4, size=N).astype(float)
L2 = RNG.uniform(0.05, 0.4, size=P)
RISK = SoftmaxRisk(X, Y, l2=L2, weights=WEIGHTS)
ONE_BY_ONE = np.eye(K)[Y]


def by_autograd(theta, X=X, y=Y, weights=WEIGHTS, l2=L2):
    """R written down as in a book, for autograd to differentiate."""
    return anp.sum(weights * loss_by_autograd(theta, X, y)) / len(y) + 0.5 * anp.sum(l2 * theta**2)


def loss_by_autograd(theta, X, y):
    S = X @ anp.reshape(theta, (X.shape[1], -1))
    return anp.log(anp.sum(anp.exp(S), axis=1)) - S[anp.arange(len(y)), y]


def close(ours, reference, rtol=1e-10):
    scale = np.max(np.abs(reference))
    np.testing.assert_allclose(to_numpy(ours), reference, rtol=rtol, atol=rtol * scale)


def test_value_gradient_and_hessian_are_autograds():
    close(RISK.value(THETA), by_autograd(THETA))
    close(RISK.gradient(THETA), autograd.grad(by_autograd)(THETA))
    close(RISK.hessian(THETA), autograd.hessian(by_autograd)(THETA))
    value, gradient = RISK.value_and_gradient(THETA)
    close(value, by_autograd(THETA))
    close(gradient, RISK.gradient(THETA))


def test_products_are_the_hessians():
    H, product = RISK.hessian(THETA), RISK.linearize(THETA)
    for v in (V, V[:, 0], V[:, :0]):
        np.testing.assert_allclose(product(v), H @ v, atol=1e-14)
        np.testing.assert_allclose(RISK.hvp(THETA, v), H @ v, atol=1e-14)
    assert hvp_test(product, RISK.gradient, THETA).verdict == "right"
    np.testing.assert_array_equal(H, H.T)


def test_products_over_many_blocks():
    rng = np.random.default_rng(1)
    risk = SoftmaxRisk(rng.normal(size=(700, 30)), np.arange(700) % 5, l2=0.1)
    theta, v = rng.normal(size=150), rng.normal(size=(150, 2))
    close(risk.hvp(theta, v), risk.hessian(theta) @ v)
    close(risk.hvp(theta, v[:, 0]), risk.hessian(theta) @ v[:, 0])


def test_examples_have_no_weight_and_no_penalty():
    close(RISK.example_losses(THETA), loss_by_autograd(THETA, X, Y))
    jacobian = autograd.jacobian(lambda theta: loss_by_autograd(theta, X, Y))(THETA)
    close(RISK.example_gradients(THETA), jacobian)
    close(RISK.gradient(THETA), WEIGHTS @ RISK.example_gradients(THETA) / N + L2 * THETA)
    close(RISK.loss_at(THETA, X[:5], Y[:5]), RISK.example_losses(THETA)[:5])
    close(RISK.gradient_at(THETA, X[:5], Y[:5]), RISK.example_gradients(THETA)[:5])
    assert RISK.loss_at(THETA, X[3].tolist(), 1).shape == ()
    assert RISK.gradient_at(THETA, X[3], 1.0).shape == (P,)
    assert RISK.loss_at(THETA, X[:0], Y[:0]).shape == (0,)


def test_input_gradient_is_the_mixed_derivative():
    s = V[:, 0]
    for i in (0, np.int64(7), N - 1):

        def pull(x, i=i):
            return autograd.grad(lambda t: loss_by_autograd(t, x[None, :], Y[i : i + 1])[0])(THETA)

        close(RISK.input_gradient(THETA, i, s), autograd.grad(lambda x: pull(x) @ s)(X[i]))


def test_example_hvp_is_the_mean_of_these_examples_curvature():
    chosen = [5, 2, 30]

    def mean(theta):
        return anp.sum(WEIGHTS[chosen] * loss_by_autograd(theta, X[chosen], Y[chosen])) / 3

    close(RISK.example_hvp(THETA, chosen)(V), autograd.hessian(mean)(THETA) @ V)
    everyone = RISK.example_hvp(THETA, range(N))(V) + L2[:, None] * V
    close(everyone, RISK.hvp(THETA, V))
    with pytest.raises(ValueError, match="empty"):
        RISK.example_hvp(THETA, [])


def test_two_classes_are_logistic_regression_of_the_difference():
    """L = log(1 + e^-(s_1 - s_0)) for class 1; W and its penalty are shared by two columns."""
    y, w = (Y > 0).astype(int), WEIGHTS
    l2 = np.array([0.1, 0.2, 0.3, 0.02])
    two = SoftmaxRisk(X, y, l2=np.repeat(2 * l2, 2), weights=w)
    one = LinearRisk(X, 2 * y - 1, Logistic(), l2=l2, weights=w)
    W = retrain(two, np.zeros(2 * D)).reshape(D, 2)
    theta = retrain(one, np.zeros(D))
    close(W[:, 1] - W[:, 0], theta)
    close(two.value(W.reshape(-1)), one.value(theta))
    close(two.example_losses(W.reshape(-1)), one.example_losses(theta))
    both, single = Influence(two, W.reshape(-1)), Influence(one, theta)
    close(both.up_loss(X[:3], y[:3]), single.up_loss(X[:3], 2 * y[:3] - 1))
    close(both.pert_loss(4, X[0], y[0]), single.pert_loss(4, X[0], 2 * y[0] - 1))


@pytest.mark.parametrize("intercept", [False, True])
def test_the_minimum_is_scikit_learns(intercept):
    C = 0.5
    model = LogisticRegression(C=C, fit_intercept=intercept, tol=1e-12, solver="newton-cg")
    model.fit(X[:, :-1], Y, sample_weight=WEIGHTS)
    data = X if intercept else X[:, :-1]
    l2 = np.full((data.shape[1], K), 1 / (N * C))
    W = model.coef_.T
    if intercept:
        l2[-1] = 0.0
        W = np.vstack([W, model.intercept_])
    risk = SoftmaxRisk(data, Y, l2=l2.reshape(-1), weights=WEIGHTS)
    assert np.linalg.norm(risk.gradient(W.reshape(-1))) < 1e-9
    proba = np.exp(-risk.loss_at(W.reshape(-1), data, Y))
    close(proba, model.predict_proba(X[:, :-1])[np.arange(N), Y])
    free = risk.centred()
    found = retrain(free, np.zeros(free.p)).reshape(-1, K)
    close(found - found.mean(axis=1, keepdims=True), W - W.mean(axis=1, keepdims=True), 1e-8)


def test_losses_and_slopes_keep_their_digits():
    gaps = np.array([0.0, 1.0, 30.0, 80.0, 600.0])
    S = np.stack([gaps, 0 * gaps, 0 * gaps - 2000.0], axis=1)
    own = own_class(np.zeros(5, dtype=int), 3)
    np.testing.assert_allclose(losses(S, own), np.logaddexp(0.0, -gaps), rtol=1e-15)
    np.testing.assert_allclose(losses(S[:, ::-1], own), gaps * 0 + 2000 + np.logaddexp(0, gaps))
    small = np.exp(-gaps) / (1 + np.exp(-gaps))
    slopes = Softmax.of(S).slopes(own)
    np.testing.assert_allclose(slopes[:, 0], -small, rtol=1e-14)
    np.testing.assert_allclose(slopes[:, 1], small, rtol=1e-14)
    B = Softmax.of(S).root()
    np.testing.assert_allclose((B @ np.swapaxes(B, 1, 2))[:, 0, 0], small * (1 - small), rtol=1e-13)
    A = np.array([[1.0, 3.0, 0.0]])
    np.testing.assert_allclose(Softmax.of(S).curved(A)[:, 1], 2 * small * (1 - small), rtol=1e-14)
    np.testing.assert_allclose(Softmax.of(S).curvature(0, 0), small * (1 - small), rtol=1e-14)


@pytest.mark.parametrize("size", [1e-12, 1e-3, 1.0, 30.0, 2000.0])
def test_a_change_of_probabilities_keeps_its_digits(size):
    """Against 64 digits of Python's own decimals."""
    from decimal import Decimal, localcontext

    rng = np.random.default_rng(3)
    S, a = 10 * rng.normal(size=(6, 4)), size * rng.normal(size=(6, 4, 2))
    found = Softmax.of(S).rows(slice(0, 6)).change(a)
    with localcontext() as digits:
        digits.prec = 64
        for i in range(6):
            for k in range(2):
                before = [Decimal(float(s)) for s in S[i]]
                after = [s + Decimal(float(m)) for s, m in zip(before, a[i, :, k], strict=True)]
                ps, qs = (
                    [s.exp() / sum(s.exp() for s in of) for s in of] for of in (before, after)
                )
                exact = np.array([float(q - p) for p, q in zip(ps, qs, strict=True)])
                # an error of eps in a is one of eps times P in the change
                room = 1e-15 * np.array([float(p) for p in ps]) * min(size, 1.0)
                np.testing.assert_allclose(found[i, :, k], exact, rtol=1e-11, atol=np.max(room))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_library_device_and_dtype_are_kept(xp_device, dtype):
    def there(a):
        return xp_device.array(a, dtype)

    risk = SoftmaxRisk(
        there(X), xp_device.array(Y, "int64"), l2=L2.tolist(), weights=there(WEIGHTS)
    )
    assert all(xp_device.holds(a, dtype) for a in (risk.X, risk.l2, risk.weights))
    assert xp_device.holds(risk.y, "int64")
    questions = [
        lambda r, t, s, X: r.value(t),
        lambda r, t, s, X: r.gradient(t),
        lambda r, t, s, X: r.value_and_gradient(t)[0],
        lambda r, t, s, X: r.hessian(t),
        lambda r, t, s, X: r.hvp(t, s),
        lambda r, t, s, X: r.linearize(t)(r.hessian(t)),
        lambda r, t, s, X: r.example_losses(t),
        lambda r, t, s, X: r.example_gradients(t),
        lambda r, t, s, X: r.loss_at(t, X[:2, :], [1, 2]),
        lambda r, t, s, X: r.loss_at(t, X[0, :], 1),
        lambda r, t, s, X: r.gradient_at(t, X[:2, :], [1, 0]),
        lambda r, t, s, X: r.gradient_at(t, X[0, :], 1),
        lambda r, t, s, X: r.input_gradient(t, 1, s),
        lambda r, t, s, X: r.example_hvp(t, [1, 2])(s),
        lambda r, t, s, X: r.reweighted(list(range(N))).gradient(t),
        lambda r, t, s, X: r.replaced(2, X[3, :], 1).gradient(t),
        lambda r, t, s, X: r.centred().hessian(t),
    ]
    for ask in questions:
        answer, expected = (
            ask(risk, there(THETA), there(V[:, 0]), there(X)),
            ask(RISK, THETA, V[:, 0], X),
        )
        assert answer.shape == expected.shape
        assert xp_device.holds(answer, dtype) or (answer.shape == () and dtype in str(answer.dtype))
        tolerance = 1e-12 if dtype == "float64" else 2e-5
        np.testing.assert_allclose(to_numpy(answer), expected, rtol=tolerance, atol=tolerance)


def test_influence_and_truth_in_every_library(xp_device):
    risk = SoftmaxRisk(*map(xp_device.array, (X, Y)), l2=xp_device.array(L2))
    theta = minimize(risk, xp_device.array(np.zeros(P)), tol=1e-12).x
    influence = Influence(risk, theta)
    x, y = xp_device.array(X[0]), int(Y[0])
    for found in (
        influence.leave_one_out_loss(x, y),
        influence.removal([1, 2], leverage=True),
        influence.perturbation(3, 0.1 * x),
        influence.pert_loss(3, x, y),
        leave_one_out(risk, theta, [0, 1]),
    ):
        assert xp_device.holds(found, "float64")
    step = influence.removal(7, leverage=True)
    close(step, to_numpy(retrain_without(risk, theta, 7) - theta), 0.1)
    moved = retrain_with(risk, theta, 3, x, 2) - theta
    predicted = influence.toward(risk.replaced(3, x, 2), leverage=True)
    close(predicted, to_numpy(moved), 0.1)


def test_it_is_a_risk_by_its_methods():
    assert all(isinstance(RISK, p) for p in (Objective, Risk, HasExampleHvp))
    assert not isinstance(RISK, HasLeverages)
    assert (RISK.n, RISK.p, RISK.classes) == (N, P, K)
    assert repr(RISK) == "SoftmaxRisk(n=40, p=12, classes=3)"


class MyOwn(SoftmaxRisk):
    """One that the library does not know as its own, so that its parts are looked at."""


class HalvesThePenalty(SoftmaxRisk):
    def hessian(self, theta):
        return super().hessian(theta) - 0.5 * np.diag(self.l2)


def test_its_parts_belong_together():
    given = {"l2": 0.1, "weights": WEIGHTS + 0.5}
    theta = retrain(SoftmaxRisk(X, Y, **given), np.zeros(P))
    Influence(MyOwn(X, Y, **given), theta).pert_loss(3, X[0], 1)
    with pytest.raises(ValueError, match="does not give the derivative of the grad"):
        Influence(HalvesThePenalty(X, Y, **given), theta)


def test_reweighted_and_replaced_share_what_stays():
    greyed = RISK.reweighted(np.where(Y == 1, 0.0, 1.0))
    assert greyed.X is RISK.X and greyed.y is RISK.y and greyed.n == N
    other = RISK.replaced(3, [9, 8, 7, 1], 2)
    changed, y = X.copy(), Y.copy()
    changed[3], y[3] = [9, 8, 7, 1], 2
    close(other.value(THETA), SoftmaxRisk(changed, y, l2=L2, weights=WEIGHTS).value(THETA))
    assert RISK.X[3, 0] == X[3, 0] != 9 and other.y.dtype == np.int64
    assert other.weights is RISK.weights


# H without a penalty is flat where all scores move together.


@pytest.mark.parametrize("l2", [0.0, np.repeat([0.1, 0.1, 0.1, 0.0], K)], ids=["none", "no bias"])
def test_without_a_penalty_the_reason_is_named_and_centred_helps(l2):
    risk = SoftmaxRisk(X, Y, l2=l2)
    rows = 4 if np.isscalar(l2) else 1
    for ask in (lambda: Influence(risk, np.zeros(P)), lambda: retrain(risk, np.zeros(P))):
        with pytest.raises(ValueError, match=f"{rows} of the 4 rows.*centred"):
            ask()
    centred = risk.centred()
    theta = retrain(centred, np.zeros(P))
    sums = theta.reshape(D, K).sum(axis=1)
    np.testing.assert_allclose(sums[-rows:], 0.0, atol=1e-12)
    assert np.linalg.norm(risk.gradient(theta)) < 1e-12
    influence = Influence(centred, theta)
    np.testing.assert_allclose(
        influence.removals().reshape(N, D, K).sum(axis=2)[:, -rows:], 0.0, atol=1e-13
    )
    close(centred.hvp(theta, V), centred.hessian(theta) @ V)
    close(centred.hvp(theta, V[:, 0]), centred.hessian(theta) @ V[:, 0])
    flat = risk.hessian(theta)
    by_pinv = influence.gradients[3] @ np.linalg.pinv(flat, rcond=1e-10) @ influence.gradients.T
    close(influence.up_loss(X[3], Y[3]), -by_pinv, 1e-9)
    assert Influence(risk, theta, damping=0.1).damping == 0.1


def test_centred_changes_nothing_where_every_row_has_a_penalty():
    close(RISK.centred().hessian(THETA), RISK.hessian(THETA), 1e-15)
    assert RISK.why_singular == RISK.centred().why_singular == ""


# What is no label.


@pytest.mark.parametrize(
    ("y", "error", "says"),
    [
        (np.where(Y > 0, 1, -1), ValueError, r"holds -1.*\(y \+ 1\) // 2, or LinearRisk"),
        (Y - 1, ValueError, r"holds -1, .*np.unique\(y, return_inverse=True\)"),
        (Y + 1, ValueError, "no example has the label 0.*np.unique.*classes=4"),
        (np.where(Y > 0, 8, 3), ValueError, "go up to 8, and no example has the label 0"),
        (np.array(list("abc"))[Y], TypeError, r"names such as '.'.*names, y = np.unique"),
        ([["a", "b", "c"][k] for k in Y], TypeError, "names such as"),
        (np.array(list("abc"), dtype=object)[Y], TypeError, "names such as"),
        (Y + 0.5, ValueError, r"holds \d\.5; a label is a whole number.*Square"),
        (Y * np.nan, ValueError, "y holds nan"),
        (np.zeros(N), ValueError, "All 40 labels in y are 0"),
        (ONE_BY_ONE, ValueError, r"y has shape \(40, 3\)"),
        (Y[:-1], ValueError, r"y has shape \(39,\)"),
        (None, TypeError, "y is None"),
    ],
)
def test_what_is_no_label_is_told_in_a_sentence(y, error, says):
    with pytest.raises(error, match=says):
        SoftmaxRisk(X, y)


def test_labels_come_as_whole_numbers_of_any_kind():
    for y in (Y.tolist(), Y.astype("uint8"), Y.astype(float), Y.astype("float32")):
        assert SoftmaxRisk(X, y).y.dtype == np.int64
    assert SoftmaxRisk(X, Y > 0).classes == 2
    assert SoftmaxRisk(X, Y, classes=5).p == 5 * D


def test_influence_takes_labels_by_number_too():
    influence = Influence(RISK, retrain(RISK, THETA))
    with pytest.raises(TypeError, match="y_test holds names such as 'b'.*np.unique"):
        influence.up_loss(X[:2], ["b", "a"])
    with pytest.raises(ValueError, match="y_test holds the label 3"):
        influence.up_loss(X[0], 3)


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (lambda: SoftmaxRisk(X, Y, classes=2), ValueError, "label 2, and 2 classes.*0 to 1"),
        (lambda: SoftmaxRisk(X, Y, classes=1), ValueError, "classes is 1.*2 or more"),
        (lambda: SoftmaxRisk(X, Y, classes=3.0), TypeError, "classes is a whole number"),
        (lambda: SoftmaxRisk(X, Y, l2=[0.1] * D), ValueError, r"l2 has shape \(4,\).*\(12,\)"),
        (lambda: SoftmaxRisk(X[:, 0], Y), ValueError, r"X has shape \(40,\)"),
        (lambda: RISK.gradient(THETA[:4]), ValueError, r"theta has shape \(4,\)"),
        (lambda: RISK.gradient(THETA.reshape(D, K)), ValueError, r"theta has shape \(4, 3\)"),
        (lambda: RISK.loss_at(THETA, X[0], 3), ValueError, "y_test holds the label 3"),
        (lambda: RISK.loss_at(THETA, X[0], "b"), TypeError, "y_test holds names such as 'b'"),
        (lambda: RISK.gradient_at(THETA, X[:2], [0, -1]), ValueError, "y_test holds -1"),
        (lambda: RISK.replaced(0, X[0], 0.5), ValueError, "y holds 0.5"),
        (lambda: RISK.replaced(0, X[0], 3), ValueError, "y holds the label 3"),
        (lambda: RISK.replaced(0, X[0, :3], 1), ValueError, r"x has shape \(3,\)"),
        (lambda: RISK.replaced(N, X[0], 1), IndexError, "i is 40"),
        (lambda: RISK.reweighted(np.zeros(N)), ValueError, "All 40 weights"),
    ],
)
def test_bad_questions_are_answered_in_a_sentence(ask, error, says):
    with pytest.raises(error, match=says):
        ask()
