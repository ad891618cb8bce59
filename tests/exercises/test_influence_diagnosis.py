"""Lessons 00 and 07: wrong answers that learners give, written as they write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

from teachkit.exercises import Exercise, start_here
from teachkit.exercises import influence_upweighting as lesson
from teachkit.exercises._engine.course import tasks

NAMES = ("nothing", "labels", "loss factor", "inverse Hessian")


def sigma(t):
    return 1 / (1 + np.exp(-t))


def solve_with(change_H: Any = None, change_g: Any = None, after: Any = None) -> dict[str, Any]:
    """The three answers of 7.3 to 7.5 with the same slip in H, in g or at the end."""

    def parts(X, y, theta, l2, i):
        n, p = X.shape
        s = sigma(X @ theta)
        H = (X.T * (s * (1 - s))) @ X / n + l2 * np.eye(p)
        H = H if change_H is None else change_H(X, y, theta, l2, i, s, n, p)
        g = -y[i] * sigma(-y[i] * X[i] @ theta) * X[i]
        g = g if change_g is None else change_g(X, y, theta, l2, i)
        return np.linalg.solve(H, g), n

    def up_params(X, y, theta, l2, i):
        return -parts(X, y, theta, l2, i)[0]

    def removal(X, y, theta, l2, i):
        d, n = parts(X, y, theta, l2, i)
        return d / n

    def up_loss(X, y, theta, l2, i, x_test, y_test):
        d = parts(X, y, theta, l2, i)[0]
        return y_test * sigma(-y_test * x_test @ theta) * (x_test @ d)

    return {"up_params": up_params, "removal": removal, "up_loss": up_loss}


def curved(X, weights, ridge):
    return (X.T * weights) @ X / len(X) + ridge


IN_H = [
    ("l2 on every entry", lambda X, y, t, l2, i, s, n, p: curved(X, s * (1 - s), l2)),
    (
        "last parameter unpenalised",
        lambda X, y, t, l2, i, s, n, p: curved(X, s * (1 - s), np.diag([l2] * (p - 1) + [0])),
    ),
    ("2 l2", lambda X, y, t, l2, i, s, n, p: curved(X, s * (1 - s), 2 * l2 * np.eye(p))),
    ("l2/2", lambda X, y, t, l2, i, s, n, p: curved(X, s * (1 - s), l2 / 2 * np.eye(p))),
    (
        "label in the curvature",
        lambda X, y, t, l2, i, s, n, p: curved(X, y * s * (1 - s), l2 * np.eye(p)),
    ),
    ("curvature not s(1 - s)", lambda X, y, t, l2, i, s, n, p: curved(X, s, l2 * np.eye(p))),
    ("curvature not s(1 - s)", lambda X, y, t, l2, i, s, n, p: curved(X, s**2, l2 * np.eye(p))),
    (
        "outer products",
        lambda X, y, t, l2, i, s, n, p: curved(X, sigma(-y * (X @ t)) ** 2, l2 * np.eye(p)),
    ),
    ("curvature lost", lambda X, y, t, l2, i, s, n, p: X.T @ X / n + l2 * np.eye(p)),
    (
        "p for n",
        lambda X, y, t, l2, i, s, n, p: (X.T * (s * (1 - s))) @ X / p + l2 * np.eye(p),
    ),
    (
        "H of the others",
        lambda X, y, t, l2, i, s, n, p: curved(
            np.delete(X, i, axis=0), np.delete(s * (1 - s), i), l2 * np.eye(p)
        ),
    ),
    (
        "leverage counted",
        lambda X, y, t, l2, i, s, n, p: curved(
            X, s * (1 - s) * (np.arange(n) != i), l2 * np.eye(p)
        ),
    ),
]


@pytest.mark.parametrize("name", ["up_params", "removal", "up_loss"])
@pytest.mark.parametrize(("mistake", "H"), IN_H)
def test_a_slip_in_H_is_named_in_every_exercise(name: str, mistake: str, H: Any) -> None:
    result = getattr(lesson, name).check(solve_with(H)[name])
    assert result.mistake == mistake, repr(result)
    better = mistake == "leverage counted" and name == "removal"
    assert result.state == ("other than asked" if better else "not yet")


IN_G = [
    ("label nowhere", lambda X, y, t, l2, i: -sigma(-X[i] @ t) * X[i]),
    ("the point for its gradient", lambda X, y, t, l2, i: X[i]),
    ("labels 0 and 1", lambda X, y, t, l2, i: (sigma(X[i] @ t) - y[i]) * X[i]),
    ("no loss factor", lambda X, y, t, l2, i: -y[i] * X[i]),
    ("sigma without its label", lambda X, y, t, l2, i: -y[i] * sigma(-X[i] @ t) * X[i]),
    (
        "gradient of all points",
        lambda X, y, t, l2, i: -(X.T * (y * sigma(-y * (X @ t)))).mean(axis=1),
    ),
    ("gradient of R", lambda X, y, t, l2, i: -X.T @ (y * sigma(-y * (X @ t))) / len(y) + l2 * t),
    (
        "another point",
        lambda X, y, t, l2, i: -y[i - 1] * sigma(-y[i - 1] * X[i - 1] @ t) * X[i - 1],
    ),
]


@pytest.mark.parametrize("name", ["up_params", "removal"])
@pytest.mark.parametrize(("mistake", "g"), IN_G)
def test_a_slip_in_the_gradient_is_named(name: str, mistake: str, g: Any) -> None:
    result = getattr(lesson, name).check(solve_with(change_g=g)[name])
    assert result.mistake == mistake, repr(result)


def test_an_index_one_too_high_raises_and_is_named() -> None:
    result = lesson.up_params.check(
        solve_with(
            change_g=lambda X, y, t, l2, i: -y[i + 1] * sigma(-y[i + 1] * X[i + 1] @ t) * X[i + 1]
        )["up_params"]
    )
    assert result.state == "your code raised"
    assert result.mistake == "another point"
    assert result.case is not None and result.case[-1] == 5


def test_a_slip_in_H_with_the_sign_turned_is_two_things() -> None:
    answer = solve_with(IN_H[0][1])["up_params"]
    result = lesson.up_params.check(lambda X, y, theta, l2, i: -answer(X, y, theta, l2, i))
    assert result.mistake == "l2 on every entry"
    assert "Two things at once" in repr(result)


def test_leverage_in_up_params_is_told_kindly() -> None:
    def answer(X, y, theta, l2, i):
        s = sigma(X @ theta)
        H = curved(X, s * (1 - s), l2 * np.eye(len(theta)))
        h = s[i] * (1 - s[i]) * X[i] @ np.linalg.solve(H, X[i]) / len(y)
        return y[i] * sigma(-y[i] * X[i] @ theta) * np.linalg.solve(H, X[i]) / (1 - h)

    result = lesson.up_params.check(answer)
    assert result.mistake == "leverage counted"
    assert "the correction for a removal" in " ".join(repr(result).split())


def loss_with(test: Any, train: Any) -> Callable[..., Any]:
    """up_loss with two functions of (t, own label, other label) for the two sigmas."""

    def up_loss(X, y, theta, l2, i, x_test, y_test):
        s = sigma(X @ theta)
        H = curved(X, s * (1 - s), l2 * np.eye(len(theta)))
        pull = test(x_test @ theta, y_test, y[i]) * train(X[i] @ theta, y[i], y_test)
        return -pull * (x_test @ np.linalg.solve(H, X[i]))

    return up_loss


def right(t, y, other):
    return y * sigma(-y * t)


@pytest.mark.parametrize("places", ["test", "train", "both"])
@pytest.mark.parametrize(
    ("mistake", "pull"),
    [
        ("label nowhere", lambda t, y, other: sigma(-t)),
        ("sigma without its label", lambda t, y, other: y * sigma(-t)),
        ("sigma without its label", lambda t, y, other: y * sigma(t)),
        ("label of the other point", lambda t, y, other: y * sigma(-other * t)),
        ("labels 0 and 1", lambda t, y, other: y - sigma(t)),
        ("loss for its slope", lambda t, y, other: y * np.log1p(np.exp(-y * t))),
    ],
)
def test_slips_with_labels_in_up_loss(places: str, mistake: str, pull: Any) -> None:
    test = pull if places in ("test", "both") else right
    train = pull if places in ("train", "both") else right
    assert lesson.up_loss.check(loss_with(right, right)).solved
    assert lesson.up_loss.check(loss_with(test, train)).mistake == mistake


def test_the_change_of_the_score_is_told_from_that_of_the_loss() -> None:
    def answer(X, y, theta, l2, i, x_test, y_test):
        return x_test @ solve_with()["up_params"](X, y, theta, l2, i)

    assert lesson.up_loss.check(answer).mistake == "the score's change"


def test_the_wrong_reason_is_shown_as_it_is_asked_for() -> None:
    assert 'return "B"' in lesson.proof_order.reference_source
    assert "@" not in lesson.proof_order.reference_source
    for answer in ("B", " b ", ("B",)):
        assert lesson.proof_order.check(lambda answer=answer: answer).solved


def test_z_cut_off_to_a_whole_number_does_not_pass() -> None:
    def sensitivity(T, x, z):
        return (len(x) + 1) * (T(np.append(x, int(z))) - T(x))

    assert lesson.sensitivity.check(sensitivity).mistake == "rounded"


def test_the_median_is_no_stand_in_for_the_mean() -> None:
    result = start_here.most_influential.check(lambda x: np.argmax(np.abs(x - np.median(x))))
    assert result.mistake == "distance from the median"


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: [np.argmax(np.abs(x - x.mean()))],
        lambda x: np.where(np.abs(x - x.mean()) == np.abs(x - x.mean()).max()),
        lambda x: np.argsort(np.abs(x - x.mean()))[-1:],
    ],
)
def test_a_right_index_in_the_wrong_shape(answer: Any) -> None:
    result = start_here.most_influential.check(answer)
    assert result.message[0].startswith("The number is right, its shape is not: return a plain")


def test_several_indices_are_told_as_such() -> None:
    result = start_here.most_influential.check(lambda x: np.argsort(x))
    assert result.message[0] == "Yours has shape (6,); one plain integer is expected."


def test_the_shift_in_place_of_the_new_mean() -> None:
    for answer in (
        lambda x, i: np.delete(x, i).mean() - x.mean(),
        lambda x, i: -(x[i] - x.mean()) / len(x),
    ):
        assert start_here.mean_without.check(answer).mistake == "shift"


def test_sign_and_n_less_1_are_told_as_two_things() -> None:
    result = start_here.predict_shift.check(lambda x, i: (x[i] - x.mean()) / (len(x) - 1))
    assert "exactly -n/(n - 1) times the right answer (n = 6, 7)." in result.message[0]
    assert "Two things at once: the sign, and n exchanged with n - 1." in result.message[0]


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (
            lambda T, x, z: (len(np.append(x, z)) + 1) * (T(np.append(x, z)) - T(x)),
            "n + 2 for n + 1",
        ),
        (lambda T, x, z: (T(np.append(x, z)) - T(x)) / (len(x) + 1), "divided by n + 1"),
        (lambda T, x, z: (len(x) + 1) * (np.mean([*x, z]) - np.mean(x)), "the mean's own"),
        (lambda T, x, z: (len(x) + 1) * (T(z) - T(x)), "T of z alone"),
        (lambda T, x, z: (np.append(x, z) is None) * T(x), "z not there"),
        (lambda T, x, z: x.append(z) or T(x), "append of a list"),
    ],
)
def test_slips_in_the_sensitivity_curve(answer: Any, name: str) -> None:
    assert lesson.sensitivity.check(answer).mistake == name


def read(scores: Any, truth: Any) -> tuple[Any, Any]:
    r = [pearsonr(row, truth)[0] for row in scores]
    return np.array(r), np.array([spearmanr(row, truth)[0] for row in scores])


def judged(nothing: Any, labels: Any, loss: Any, names: Any = NAMES, by_row: bool = True) -> Any:
    """Rows found by the largest of three numbers made of r and rank r, and what is left."""

    def what_is_missing(scores: Any, truth: Any) -> list[str]:
        r, rank = read(scores, truth)
        rows: list[int] = []
        for number in (nothing, labels, loss, lambda r, rank: r):
            left = [k for k in range(4) if k not in rows]
            rows.append(max(left, key=lambda k: number(r[k], rank[k])))
        found = dict(zip(rows, names, strict=True))
        return [found[k] for k in range(4)] if by_row else [names[k] for k in rows]

    return what_is_missing


LARGEST = [lambda r, rank: r, lambda r, rank: rank, min]
LACKS_LABELS = [
    lambda r, rank: -rank,
    lambda r, rank: -abs(rank),
    lambda r, rank: r - rank,
]


def lifted(r: float, rank: float) -> float:
    return rank - r


@pytest.mark.parametrize("labels", LACKS_LABELS)
@pytest.mark.parametrize("nothing", LARGEST)
def test_each_rule_that_the_table_of_scores_speaks_for_is_right(nothing: Any, labels: Any) -> None:
    assert lesson.what_is_missing.check(judged(nothing, labels, lifted)).solved


@pytest.mark.parametrize("labels", LACKS_LABELS)
@pytest.mark.parametrize(
    ("loss", "names", "by_row", "mistake"),
    [
        (lambda r, rank: r - rank, NAMES, True, "exchanged"),
        (lifted, NAMES, False, "names in order of rank"),
        (lambda r, rank: r, NAMES, True, "r for the last two"),
        (lambda r, rank: rank, NAMES, True, "rank r alone"),
    ],
)
def test_slips_in_7_6_are_named_with_each_rule_for_the_labels(
    labels: Any, loss: Any, names: Any, by_row: bool, mistake: str
) -> None:
    answer = judged(LARGEST[0], labels, loss, names, by_row)
    assert lesson.what_is_missing.check(answer).mistake == mistake


def test_other_slips_in_7_6() -> None:
    task = lesson.what_is_missing
    assert (
        task.check(lambda *_: ("nothing", *NAMES[2:], "labels")).mistake == "as the task lists them"
    )
    nearest = judged(LARGEST[0], lambda r, rank: -abs(r), lifted)
    assert task.check(nearest).mistake == "r for the labels"


def test_a_square_loss_is_two_things_and_a_gradient_of_other_size_and_sign_too() -> None:
    squared = solve_with(
        lambda X, y, t, l2, i, s, n, p: X.T @ X / n + l2 * np.eye(p),
        lambda X, y, t, l2, i: (X[i] @ t - y[i]) * X[i],
    )
    said = lesson.up_params.check(squared["up_params"]).message[0]
    assert said == "Two things at once: curvature lost; and square loss."
    turned = solve_with(change_g=lambda X, y, t, l2, i: y[i] * sigma(y[i] * (X[i] @ t)) * X[i])
    result = lesson.up_params.check(turned["up_params"])
    assert result.mistake == "sigma of +m"
    assert str(result.message[0]).startswith("Two things at once. The sign is turned;")


def test_a_whole_step_is_not_a_derivative() -> None:
    up = solve_with()["up_params"]

    def up_loss(X, y, theta, l2, i, x_test, y_test):
        moved = theta + up(X, y, theta, l2, i)
        m, new = y_test * (x_test @ theta), y_test * (x_test @ moved)
        return np.log(1 + np.exp(-new)) - np.log(1 + np.exp(-m))

    assert lesson.up_loss.check(up_loss).mistake == "a whole step"


def test_a_column_for_a_row_raises_and_is_named() -> None:
    columns = solve_with(change_g=lambda X, y, t, l2, i: -y[i] * sigma(-X[:, i] @ t) * X[:, i])
    for name in ("up_params", "removal", "up_loss"):
        result = getattr(lesson, name).check(columns[name])
        assert (result.state, result.mistake) == ("your code raised", "column for row")


def test_a_label_that_stands_twice_is_spoken_of() -> None:
    said = repr(lesson.up_loss.check(loss_with(lambda t, y, o: sigma(-y * t), right)))
    assert "or stands there twice" in said


def test_what_is_asked_in_7_6_is_told_apart_from_how_to_find_it() -> None:
    assert "What to look for" not in lesson.what_is_missing.prompt
    assert "stretched" not in lesson.what_is_missing.prompt
    assert len(lesson.what_is_missing.hints) == 4


def test_no_message_speaks_of_a_reference() -> None:
    for task in (*tasks(start_here), *tasks(lesson)):
        if isinstance(task, Exercise):
            words = (
                task.prompt,
                task.explanation,
                *task.hints,
                *(m.message for m in task.mistakes),
            )
            assert not any("reference" in text or "other points hold" in text for text in words)


def named(pairs: list[tuple[str, Any]], name: str) -> Any:
    return next(change for known, change in pairs if known == name)


@pytest.mark.parametrize("name", ["up_params", "removal"])
@pytest.mark.parametrize("first", ["2 l2", "l2 on every entry", "curvature lost"])
@pytest.mark.parametrize("second", ["label nowhere", "labels 0 and 1", "no loss factor"])
def test_slips_in_two_parts_are_told_as_two_things(name: str, first: str, second: str) -> None:
    answer = solve_with(named(IN_H, first), named(IN_G, second))[name]
    result = getattr(lesson, name).check(answer)
    assert result.state == "not yet"
    assert result.mistake == first
    assert result.message[0] == f"Two things at once: {first}; and {second}."
    assert len(result.message) == 3


def test_slips_at_the_test_point_and_in_H_are_two_things() -> None:
    def up_loss(X, y, theta, l2, i, x_test, y_test):
        H = curved(X, sigma(X @ theta), l2 * np.eye(len(theta)))
        g = -y[i] * sigma(-y[i] * (X[i] @ theta)) * X[i]
        return sigma(-x_test @ theta) * (x_test @ np.linalg.solve(H, g))

    result = lesson.up_loss.check(up_loss)
    assert result.message[0] == "Two things at once: label nowhere; and curvature not s(1 - s)."


def test_a_slip_in_H_and_a_factor_are_two_things() -> None:
    answer = solve_with(named(IN_H, "2 l2"))["removal"]
    result = lesson.removal.check(lambda *case: answer(*case) * len(case[1]))
    assert result.mistake == "2 l2"
    assert result.message[0].startswith("Two things at once: a factor n; and with that put right")


def test_the_place_of_a_slip_is_said_where_there_are_several() -> None:
    def nowhere(t, y, other):
        return sigma(-t)

    places = [(nowhere, right), (right, nowhere), (nowhere, nowhere)]
    said = [lesson.up_loss.check(loss_with(*pulls)).message[0] for pulls in places]
    assert said == ["At the test point:", "At the training point:", "At each of the two:"]
