"""With TEACHKIT_BACKEND=cupy: work is done on the GPU, and whoever asks in NumPy is answered in it.

Where there is no GPU, a stand-in takes CuPy's place.
"""

import copy
import inspect
import pickle
import warnings
from dataclasses import dataclass

import numpy as np
import pytest

from teachkit import (
    BFGS,
    LBFGS,
    AutogradRisk,
    Backtracking,
    Cholesky,
    ConjugateGradient,
    Influence,
    KernelRisk,
    LinearRisk,
    Lissa,
    Logistic,
    Newton,
    ShardedRisk,
    SmoothHinge,
    SoftmaxRisk,
    Square,
    Wolfe,
    descend,
    leave_one_out,
    minimize,
    multilayer,
    nothing_removed,
    retrain,
    retrain_with,
    retrain_without,
)
from teachkit.losses import Loss
from teachkit.places import double
from tests.conftest import GPU, the_cupy

N, D = 30, 4
RNG = np.random.default_rng(3)
X = np.column_stack([RNG.normal(size=(N, D - 1)), np.ones(N)])
Y = np.where(X[:, 0] + 0.7 * RNG.normal(size=N) > 0, 1.0, -1.0)
W = RNG.uniform(0.5, 1.5, size=N)
NET = multilayer((D, 1))  # without a hidden layer: there is one minimum
KINDS = {
    "linear": lambda: LinearRisk(X, Y, Logistic(), l2=0.1, weights=W),
    "kernel": lambda: KernelRisk(X, Y, SmoothHinge(0.5), gamma=0.3, l2=0.1),
    "softmax": lambda: SoftmaxRisk(X, (Y > 0) + 0, l2=0.1),
    "network": lambda: AutogradRisk(
        NET.losses, X, Y, NET.initial(0), outputs=NET.outputs, l2=0.1, weights=W
    ),
}


@pytest.fixture
def on_gpu(monkeypatch):
    """A function that has risks keep their data on the GPU from now on."""
    cupy = the_cupy()

    def switch():
        monkeypatch.setenv("TEACHKIT_BACKEND", "cupy")
        return cupy

    return switch


@pytest.fixture
def cupy(on_gpu):
    return on_gpu()


def theta_of(risk):
    return np.random.default_rng(5).normal(size=risk.p)


def at_home(found):
    """Whether all arrays in it are NumPy's."""
    if isinstance(found, list | tuple):
        return all(map(at_home, found))
    return isinstance(found, np.ndarray | np.generic | float | int | None)


def oracles(risk):
    theta = theta_of(risk)
    v, several = np.arange(1.0, risk.p + 1), np.ones((risk.p, 2))
    y = Y[:3] if not hasattr(risk, "classes") else (Y[:3] > 0) + 0
    yield "value", lambda: risk.value(theta)
    yield "both", lambda: risk.value_and_gradient(theta)
    yield "hessian", lambda: risk.hessian(theta)
    yield "product", lambda: risk.linearize(theta)(v)
    yield "products", lambda: risk.hvp(theta, several)
    yield "losses", lambda: risk.example_losses(theta)
    yield "gradients", lambda: risk.example_gradients(theta)
    yield "loss at", lambda: risk.loss_at(theta, X[:3], y)
    yield "loss at one", lambda: risk.loss_at(theta, X[0], y[0])
    yield "gradient at", lambda: risk.gradient_at(theta, X[:3], y)
    yield "of two examples", lambda: risk.example_hvp(theta, [0, 2])(v)
    yield "reweighted", lambda: risk.reweighted(np.linspace(0, 1, N)).gradient(theta)
    yield "attributes", lambda: [risk.X, risk.y, risk.weights, risk.l2, risk.n, risk.p]
    if hasattr(risk, "leverages"):
        H = risk.hessian(theta)
        yield "leverages", lambda: risk.leverages(theta, lambda v: np.linalg.solve(H, v))
    if not hasattr(risk, "gamma"):
        yield "input gradient", lambda: risk.input_gradient(theta, 1, v)
        yield "replaced", lambda: risk.replaced(1, X[0], y[0]).gradient(theta)
    if hasattr(risk, "centred"):
        yield "centred", lambda: risk.centred().hessian(theta)
    if hasattr(risk, "features"):
        yield "features", lambda: risk.features(X[:2])
        yield "linear", lambda: risk.linear.X


def questions(risk):
    start = np.zeros(risk.p)
    theta = minimize(risk, start, tol=1e-10).x
    influence = Influence(risk, theta)
    y = Y[:2] if not hasattr(risk, "classes") else (Y[:2] > 0) + 0
    yield "fit", lambda: [it.x for it in minimize(risk, [0.0] * risk.p).iterates]
    yield "steps", lambda: [it.x for it in descend(risk, start, BFGS(), Wolfe())]
    yield "retrain", lambda: retrain(risk, start)
    yield "without", lambda: retrain_without(risk, theta, [1, 2])
    yield "each without", lambda: leave_one_out(risk, theta)
    yield "nothing removed", lambda: nothing_removed(risk, theta).change < 1e-8
    yield "theta", lambda: influence.theta
    yield "gradients", lambda: influence.gradients
    yield "solve", lambda: influence.solve(np.ones(risk.p))
    yield "effect", lambda: influence.up_loss(X[:2], y)
    yield "s_test", lambda: influence.up_loss(s_test=influence.s_test(X[:2], y))
    yield "of others", lambda: influence.up_loss(X[0], y[0], of=(X[:2], y))
    yield "removals", lambda: influence.removals()
    yield "self", lambda: influence.self_influence()
    yield "toward", lambda: influence.toward(risk.reweighted(np.linspace(0, 1, N)), leverage=True)
    yield "of steps", lambda: Influence(risk, theta, inverse_hvp=ConjugateGradient()).up_params(0)
    yield "bound", lambda: Cholesky().bind(risk, theta)(np.ones(risk.p))
    if not hasattr(risk, "gamma"):
        yield "lissa", lambda: Lissa(depth=50).bind(risk, theta).estimate(np.ones(risk.p)).runs
        yield "with", lambda: retrain_with(risk, theta, 0, X[1], y[1])
        yield "moved", lambda: influence.perturbation(0, 0.1 * X[1])
        yield "per move", lambda: influence.pert_loss(0, X[1], y[1])
    if hasattr(risk, "leverages"):
        yield "with leverage", lambda: influence.leave_one_out_loss(X[:2], y, leverage=True)


@pytest.mark.parametrize("asked", [oracles, questions])
@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_is_what_numpy_gives_and_numpys(kind, asked, on_gpu):
    expected = {name: found() for name, found in asked(KINDS[kind]())}
    on_gpu()
    for name, found in asked(KINDS[kind]()):
        answer = found()
        assert at_home(answer), name
        for one, other in zip(flat(answer), flat(expected[name]), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-9, err_msg=name)


def flat(found):
    return found if isinstance(found, list | tuple) else [found]


@pytest.mark.parametrize("kind", KINDS)
def test_the_data_are_on_the_gpu(kind, cupy):
    there = double(KINDS[kind]())
    for name in ("X", "y", "weights", "l2"):
        assert isinstance(getattr(there, name), cupy.ndarray)


# Who hands in what.


def test_cupy_arrays_handed_in_give_cupy_arrays_back(cupy):
    risk = LinearRisk(cupy.asarray(X), cupy.asarray(Y), Logistic(), l2=0.1)
    assert double(risk) is None
    theta = minimize(risk, cupy.zeros(D)).x
    influence = Influence(risk, theta)
    for found in (risk.X, theta, influence.removals(), leave_one_out(risk, theta)):
        assert isinstance(found, cupy.ndarray)
    assert isinstance(minimize(risk, [0.0] * D).x, cupy.ndarray)


@pytest.mark.parametrize(
    "asked", [LinearRisk.gradient, Influence, leave_one_out, retrain], ids=lambda f: f.__name__
)
def test_a_risk_of_cupy_arrays_takes_no_numpy_theta(asked, cupy):
    risk = LinearRisk(cupy.asarray(X), cupy.asarray(Y), Logistic(), l2=0.1)
    with pytest.raises(TypeError, match=r"theta is an array of numpy .* of cupy"):
        asked(risk, np.zeros(D))


def test_libraries_are_not_mixed_in_one_risk(cupy):
    for data in ((cupy.asarray(X), Y), (X, cupy.asarray(Y))):
        with pytest.raises(TypeError, match="same library"):
            LinearRisk(*data, Logistic())
    with pytest.raises(TypeError, match="same library"):
        LinearRisk(X, Y, Logistic(), weights=cupy.asarray(W))


def test_a_question_from_the_gpu_is_answered_there(cupy):
    risk = KINDS["linear"]()
    theta = minimize(risk, cupy.zeros(D)).x
    found = (risk.gradient(theta), retrain(risk, theta), Influence(risk, theta).removals())
    assert all(isinstance(x, cupy.ndarray) for x in (theta, *found))


class Quartic(Loss):
    """Written for NumPy alone."""

    def value(self, score, y):
        return np.array([(s - t) ** 4 for s, t in zip(score, y, strict=True)])

    def slope(self, score, y):
        return np.array([4 * (s - t) ** 3 for s, t in zip(score, y, strict=True)])

    def curvature(self, score, y):
        return np.array([12 * (s - t) ** 2 for s, t in zip(score, y, strict=True)])


class Mine(LinearRisk):
    def value(self, theta):
        return super().value(theta) + float(np.asarray(theta)[0])


def test_what_may_count_on_numpy_stays_there(cupy):
    assert double(LinearRisk(X=X, y=Y, loss=Quartic(), l2=0.1)) is None
    assert double(LinearRisk(X, Y, Quartic())) is None
    assert double(Mine(X, Y, Logistic())) is None
    assert at_home(Mine(X, Y, Logistic()).value(np.ones(D)))


def test_functions_of_the_users_see_numpy_arrays(cupy):
    risk, seen = KINDS["linear"](), []
    theta = minimize(risk, np.zeros(D), tol=1e-10).x
    H = risk.hessian(theta)

    def solve(v):
        seen.append(v)
        return np.linalg.solve(H, v)

    own = Influence(risk, theta, inverse_hvp=solve).removals()
    np.testing.assert_allclose(own, Influence(risk, theta).removals(), rtol=1e-8)
    before = len(seen)
    by_steps = ConjugateGradient(preconditioner=solve).bind(risk, theta)(np.ones(D))
    np.testing.assert_allclose(by_steps, np.linalg.solve(H, np.ones(D)), rtol=1e-8)
    assert len(seen) > before > 0
    assert at_home(seen)


def test_products_of_ours_that_are_at_home_are_asked_there(cupy):
    """A risk written by hand is at home with all that is made of it."""

    class Around:
        def __init__(self, inner):
            self.inner, self._there = inner, "a name of the user's"

        def __getattr__(self, name):
            return getattr(self.__dict__["inner"], name)

    risk = LinearRisk(X, Y, Logistic(), l2=0.1)
    theta = minimize(risk, np.zeros(D), tol=1e-10).x
    expected = Influence(risk, theta).removals(leverage=True)
    found = Influence(Around(risk), theta).removals(leverage=True)
    assert at_home(found)
    np.testing.assert_allclose(found, expected, rtol=1e-8)


def test_a_product_has_the_arguments_of_the_one_that_it_asks(cupy):
    risk = KINDS["linear"]()
    assert list(inspect.signature(risk.linearize(np.zeros(D))).parameters) == ["v"]


def test_an_attribute_that_the_gpu_would_not_see_is_not_set(cupy):
    with pytest.raises(AttributeError, match=r"l2 cannot be set: .* on the GPU"):
        KINDS["linear"]().l2 = np.zeros(D)


def test_directions_and_methods_of_the_users_work_at_home(cupy):
    risk, seen = KINDS["linear"](), []

    class Downhill:
        def begin(self, objective):
            def propose(point):
                seen.extend([point.x, objective.gradient(point.x)])
                return -np.asarray(point.gradient), ""

            return propose

    class Solve:
        def bind(self, risk, theta, damping=0.0):
            H = np.asarray(risk.hessian(theta))
            return lambda v: np.linalg.solve(H, v)

    def search(oracle, point, d):
        seen.extend([point.x, d])
        return oracle.with_gradient(oracle.at(point.x + d)), 1.0

    fit = minimize(risk, np.zeros(D), Downhill(), tol=1e-6, max_iter=2000)
    assert fit.converged
    assert minimize(risk, np.zeros(D), search=search, max_iter=2).iterates[-1].evaluations == 3
    seen.append(Influence(risk, fit.x, inverse_hvp=Solve()).removals())
    assert at_home(seen)


def test_an_estimators_rows_and_labels_are_read_at_home(cupy):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    names = np.where(Y > 0, "yes", "no")
    model = make_pipeline(StandardScaler(), LogisticRegression(tol=1e-10)).fit(X[:, :3], names)
    influence = Influence.from_sklearn(model, X[:, :3], names)
    assert double(influence.risk) is not None
    one, several = X[0, :3], (X[:2, :3], names[:2])
    found = (influence.up_loss(*several), influence.up_loss(one, names[0]))
    assert at_home([*found, influence.pert_loss(0, one, names[0])])
    assert at_home(influence.perturbation(0, 0.1 * one))
    np.testing.assert_allclose(found[0][0], found[1])


# The same object, changed, copied, sent away.


def test_a_changed_risk_shares_what_did_not_change(cupy):
    risk = KINDS["linear"]()
    other = risk.reweighted(np.ones(N))
    assert double(other).X is double(risk).X
    assert other.X is risk.X
    np.testing.assert_array_equal(other.weights, np.ones(N))
    moved = risk.replaced(0, X[1], Y[1])
    np.testing.assert_array_equal(moved.X[0], X[1])
    np.testing.assert_array_equal(risk.X, X)


@pytest.mark.parametrize("kind", KINDS)
def test_copies_and_pickles_answer_alike(kind, cupy):
    risk = KINDS[kind]()
    theta = theta_of(risk)
    for other in (copy.copy(risk), copy.deepcopy(risk), pickle.loads(pickle.dumps(risk))):
        np.testing.assert_array_equal(other.gradient(theta), risk.gradient(theta))
    influence = Influence(risk, retrain(risk, theta))
    other = pickle.loads(pickle.dumps(influence))
    np.testing.assert_array_equal(other.removals(), influence.removals())


def test_records_can_be_written_into(cupy):
    fit = minimize(KINDS["linear"](), np.zeros(D))
    assert fit.x is fit.iterates[-1].x
    fit.iterates[0].x[:] = 7.0
    assert np.all(fit.iterates[1].x != 7.0)


def test_a_name_that_is_not_there_is_said(cupy):
    with pytest.raises(AttributeError, match="no attribute 'gamma'"):
        _ = KINDS["linear"]().gamma


def test_refusals_and_warnings_are_those_of_numpy(cupy):
    risk = KINDS["linear"]()
    with pytest.raises(ValueError, match=r"theta has shape \(3,\)"):
        risk.gradient(np.zeros(3))
    with pytest.raises(ValueError, match="theta holds nan at index 0"):
        risk.gradient(np.full(D, np.nan))
    with pytest.raises(TypeError, match="float32"):
        risk.gradient(np.zeros(D, dtype=np.float32))
    with pytest.raises(TypeError, match="dtype <U1"):
        risk.gradient(np.array(["a"] * D))
    with pytest.raises(ValueError, match=r"2 \* np.asarray\(y\) - 1|np.where\(np.asarray\(y\)"):
        LinearRisk(X, [0, 1] * (N // 2), Logistic())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Influence(risk, np.ones(D))
    assert [w.filename for w in caught] == [__file__]
    with pytest.raises(ValueError, match="not positive definite"):
        Influence(LinearRisk(X, Y, Square(), weights=1.0 * (np.arange(N) < 2)), np.ones(D))


def test_a_gpu_that_is_not_there_is_said_where_a_risk_is_made(monkeypatch):
    monkeypatch.setenv("TEACHKIT_BACKEND", "cupy")
    monkeypatch.setattr(the_cupy().cuda, "is_available", lambda: False)
    with pytest.raises(RuntimeError, match="finds no GPU"):
        KINDS["linear"]()


# What crosses, and how often: each read and each copy waits for the GPU.

counted = pytest.mark.skipif(GPU, reason="The stand-in counts, CuPy does not")


@dataclass
class Crossings:
    cupy: object

    def of(self, question):
        """Reads and copies either way while a question is answered, and the largest copy."""
        self.cupy.crossings.clear(), self.cupy.sizes.clear()
        question()
        kinds = ("to_device", "read", "to_host")
        return tuple(self.cupy.crossings[kind] for kind in kinds), max(self.cupy.sizes, default=0)


@pytest.fixture
def crossings(cupy):
    return Crossings(cupy)


BIG = 400
X_BIG = RNG.normal(size=(BIG, 6))
Y_BIG = np.where(X_BIG[:, 0] + RNG.normal(size=BIG) > 0, 1.0, -1.0)


@counted
@pytest.mark.parametrize("kind", KINDS)
def test_the_data_go_there_once(kind, crossings):
    crossings.of(KINDS[kind])
    assert sum(size == X.size for size in crossings.cupy.sizes) == 1


@counted
def test_theta_goes_there_and_the_answer_comes_home_once_a_call(crossings):
    risk = LinearRisk(X_BIG, Y_BIG, Logistic(), l2=0.01)
    theta = theta_of(risk)
    (there, _, home), size = crossings.of(lambda: risk.value_and_gradient(theta))
    assert (there, home) == (1, 2)  # a number and a vector
    assert size <= risk.p
    (there, _, home), size = crossings.of(lambda: risk.example_gradients(theta))
    assert (there, home, size) == (1, 1, X_BIG.size)
    for found in (lambda: risk.X, lambda: risk.reweighted(risk.weights).X, lambda: risk.n):
        assert crossings.of(found)[1] <= BIG  # X stays in both places


DUE = {  # waits for a step, with one trial of the search: reads and copies
    "Newton": (Newton(), Backtracking(), 12),
    "BFGS": (BFGS(), Wolfe(), 9),
    "LBFGS": (LBFGS(), Wolfe(), 9),
}


@counted
@pytest.mark.parametrize("name", DUE)
def test_a_step_of_a_descent_waits_no_more_often_than_it_must(name, crossings):
    """Its iterate comes home; X and what a method remembers never do."""
    direction, search, due = DUE[name]
    steps = descend(LinearRisk(X_BIG, Y_BIG, Logistic(), l2=0.01), np.zeros(6), direction, search)
    before = next(steps)
    next(steps)  # the first looks whether H is symmetric, or how long the gradient is
    for _ in range(5):
        step = []
        (_, reads, home), size = crossings.of(lambda step=step: step.append(next(steps)))
        trials = step[0].evaluations - before.evaluations if step[0].k > 2 else 1
        before = step[0]
        assert reads + home <= due + 3 * (max(trials, 1) - 1)
        assert size <= 6


@counted
def test_a_step_of_conjugate_gradients_reads_four_numbers(crossings):
    """Two inner products, a norm, and whether x is finite; a fifth where r is made afresh."""
    from teachkit.linear import cg

    risk = double(LinearRisk(X_BIG, Y_BIG, Logistic(), l2=0.01))
    theta = crossings.cupy.zeros(6)
    g = risk.gradient(theta)
    steps = cg.steps(risk.linearize(theta), g, 0 * g)
    next(steps)
    for _ in range(4):
        (there, reads, home), _ = crossings.of(lambda: next(steps))
        assert reads <= 5
        assert there == home == 0


@counted
def test_a_round_of_leave_one_out_reads_one_number_and_one_row_of_flags(crossings):
    """Besides, each time that columns leave, their numbers go there: for rows, and for the rest."""
    risk = LinearRisk(X_BIG, Y_BIG, Logistic(), l2=0.01)
    theta = minimize(risk, np.zeros(6), tol=1e-12).x
    few, all_of_them = (
        crossings.of(lambda indices=indices: leave_one_out(risk, theta, indices))
        for indices in (range(10), None)
    )
    for (there, reads, home), _ in (few, all_of_them):
        rounds = home - 4  # shares, leverages, and both answers
        assert rounds <= 12
        assert reads <= 16 + rounds
        assert there <= 4 + 3 * rounds
    assert all_of_them[1] == X_BIG.size  # the answer, n x p


FEW = {"linear": 1, "softmax": 5}  # elementwise kernels over all scores of all columns


@counted
@pytest.mark.parametrize("kind", FEW)
def test_a_round_of_leave_one_out_passes_over_the_scores_in_few_kernels(kind, crossings):
    """A round has one G, and each further kernel over n k numbers takes as long as reading them."""
    if kind == "linear":
        risk = LinearRisk(X_BIG, Y_BIG, Logistic(), l2=0.01)
    else:
        risk = SoftmaxRisk(X_BIG, np.arange(BIG) % 3, classes=3, l2=0.01)
    theta = minimize(risk, np.zeros(risk.p), tol=1e-12).x
    all_scores = crossings.cupy.kernels
    (_, _, home), _ = crossings.of(lambda: (all_scores.clear(), leave_one_out(risk, theta)))
    rounds = home - 4  # shares, leverages, and both answers
    wide = [size for size in all_scores if size > BIG * BIG // 4]
    assert 1 <= len(wide) <= FEW[kind] * rounds


@counted
def test_influence_brings_home_its_answers_alone(crossings):
    risk = LinearRisk(X_BIG, Y_BIG, Logistic(), l2=0.01)
    theta = minimize(risk, np.zeros(6), tol=1e-12).x
    made = []
    (there, reads, home), size = crossings.of(lambda: made.append(Influence(risk, theta)))
    assert (there, home) == (1, 0)
    assert reads <= 25
    influence = made[0]
    (there, reads, home), size = crossings.of(lambda: influence.up_loss(X_BIG[0], Y_BIG[0]))
    assert (home, size) == (1, BIG)
    assert there + reads <= 9
    (_, reads, home), _ = crossings.of(influence.removals)
    assert (reads, home) == (1, 1)


@counted
@pytest.mark.parametrize("method", ["cholesky", "conjugate_gradient"])
def test_neither_the_rows_of_a_shard_nor_their_gradients_are_sent_about(method, crossings):
    shards = [
        LinearRisk(X_BIG[a : a + 100], Y_BIG[a : a + 100], Logistic(), l2=0.01)
        for a in range(0, BIG, 100)
    ]
    risk, made = ShardedRisk(shards), []
    theta = retrain(risk, np.zeros(6))
    asks = [
        lambda: made.append(Influence(risk, theta, inverse_hvp=method)),
        lambda: retrain_without(risk, theta, [3]),
        lambda: made[0].self_influence(),
        lambda: made[0].overall_effect(),
        lambda: made[0].up_loss(X_BIG[0], Y_BIG[0]),
        lambda: made[0].leave_one_out_loss(X_BIG[0], Y_BIG[0], leverage=True),
    ]
    for k, ask in enumerate(asks):
        assert crossings.of(ask)[1] <= BIG, k
    assert crossings.of(lambda: made[0].removals())[1] == 100 * 6  # the answer, in four parts
    assert crossings.of(lambda: made[0].perturbation(3, X_BIG[4]))[1] <= BIG
