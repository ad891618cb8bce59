"""Slips that are in one place of the learner's code: found by putting it right, and named there."""

from __future__ import annotations

import ast
import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from teachkit.exercises import conjugate_gradient, newton, quasi_newton, start_here, toolbox
from teachkit.exercises import influence_upweighting as lesson
from teachkit.exercises._engine import repair
from teachkit.exercises._engine.edits_of_names import something_missing
from teachkit.exercises._engine.task import Task

# Answers as learners write them. Each is wrong in one place.


def begins_anew(x, i):
    for k in range(len(x)):
        s = 0
        if k != i:
            s += x[k]
    return s / (len(x) - 1)


def last_term_alone(x, i):
    s = 0
    for v in x:
        s = v
    return (s - x[i]) / (len(x) - 1)


def behind_the_loop(x, i):
    s, v = 0, 0
    for k in range(len(x)):
        v = x[k]
    s += v
    return (s - x[i]) / (len(x) - 1)


def counts_with_i(x, i):
    s = 0
    for i in range(len(x)):
        s += x[i]
    return (s - x[i]) / (len(x) - 1)


def appends_in_vain(x, i):
    rest = np.array([])
    for k in range(len(x)):
        if k != i:
            np.append(rest, x[k])
    return rest.sum() / (len(x) - 1)


def keeps_no_record(x):
    best, where = 0, 0
    for k in range(len(x)):
        move = abs(x[k] - x.mean())
        if move > best:
            where = k
    return where


def halves_the_way_again(f, x, d, g, c1):
    t = 1.0
    while f(x + t * d) > f(x) + c1 * t * (g @ d):
        d = d * t
        t /= 2
    return t


def computes_in_vain(x, i):
    s = x.mean()
    s - x[i]
    return s / len(x)


def in_whole_numbers(x, i):
    return (x.sum() - x[i]) // (len(x) - 1)


def too_few_rounds(x, i):
    s = 0
    for k in range(1, len(x)):
        s += x[k]
    return (s - x[i]) / (len(x) - 1)


def one_sign(x, i):
    return (x.sum() + x[i]) / (len(x) - 1)


def one_index_too_early(x, i):
    return np.concatenate([x[: i - 1], x[i + 1 :]]).mean()


def shifted_twice(H, g, delta):
    tau = max(0, delta - np.linalg.eigvalsh(H)[0])
    return np.linalg.solve(H + 2 * tau * np.eye(len(g)), -g)


def returns_in_the_loop(pred, truth):
    num = den = 0
    for p, t in zip(pred, truth, strict=True):
        num += (p - pred.mean()) * (t - truth.mean())
        den += (p - pred.mean()) ** 2
        slope = num / den
        return slope, truth.mean() - slope * pred.mean()


def divides_by_the_matrix(H, g):
    return -g / H


def three_steps(x, f, df):
    for _ in range(3):
        x = x - f(x) / df(x)
    return x


def rounds_on_the_way(x, f, df):
    return x - round(f(x) / df(x), 3)


def rounds_an_array(H, g):
    return -np.linalg.solve(H, g.round())


def in_brackets(F, x, h):
    columns = []
    for k in range(len(x)):
        e = np.eye(len(x))[k]
        columns.append(F(x + h * e) - F(x - h * e) / (2 * h))
    return np.array(columns).T


def in_a_chain(errors):
    a, b, c = np.log(errors[-3:])
    return (c - b) / b - a


def mean_in_the_loop(X, y, theta, l2, i):
    n, p = X.shape
    H = np.zeros((p, p))
    for k in range(n):
        s = 1 / (1 + np.exp(-X[k] @ theta))
        H += s * (1 - s) * np.outer(X[k], X[k])
        H /= n
    H += l2 * np.eye(p)
    g = -y[i] / (1 + np.exp(y[i] * (X[i] @ theta))) * X[i]
    return -np.linalg.solve(H, g)


def the_line_too_late(x, f, df):
    step = 0
    x = x - step
    step = f(x) / df(x)
    return x


def the_new_x(x, f, df):
    y = x - f(x) / df(x)
    return x if y else y


def not_transposed(F, x, h):
    n, m = len(x), len(F(x))
    D = np.array([(F(x + h * e) - F(x - h * e)) / (2 * h) for e in np.eye(n)])
    return np.eye(m) @ D if m == n else (D.T @ np.eye(n))


def equal_for_unequal(x, i):
    return np.mean([x[k] for k in range(len(x)) if k == i])


def two_pairs_of_brackets(x, i):
    return x.sum() - x[i] / len(x) - 1


def a_quotient_of_differences(errors):
    l = np.log(errors)  # noqa: E741
    return l[-1] - l[-2] / l[-2] - l[-3]


def steps_with_a_guard(x, f, df):
    for _ in range(20):
        if f(x) == 0:
            break
        x = x - f(x) / df(x)
    return x


def moves_on(f, x, d, g, c1):
    t, before = 1.0, f(x)
    for _ in range(60):
        x = x + t * d
        if f(x) <= before + c1 * t * g @ d:
            return t
        t = t / 2
    return t


def moves_on_in_place(f, x, d, g, c1):
    t, before, z = 1.0, f(x), x.copy()
    while t > 1e-12:
        z += t * d
        if f(z) <= before + c1 * t * g @ d:
            break
        t = t / 2
    return t


def a_power_in_whole_numbers(x, i):
    return (x.sum() - x[i]) * len(x) / (len(x) ^ 2 - len(x))


def a_difference_turned(x, i):
    return (x[i] - x.sum()) / (len(x) - 1)


def a_threshold(g_new, g, s):
    product = s @ (g_new - g)
    return product, product > 1e-8


def two_less(x, i):
    return (x.sum() - x[i]) / (len(x) - 2)


def smallest_for_largest(x):
    return np.argmin(np.abs(x - x.mean()) ** 2)


def entry_by_entry(f, g, H, x, d, hs):
    values = np.array([f(x + h * d) for h in hs])
    first = values - f(x) - hs * (g(x) @ d)
    return abs(first), abs(first - hs**2 / 2 * np.sum(d * H(x) * d))


def the_window_of_the_other(x, y, low, high):
    keep = (y >= low) & (y <= high)
    return np.polyfit(np.log(x[keep]), np.log(y[keep]), 1)[0]


def like_x(F, x, h):
    columns = []
    for j in range(len(x)):
        e = np.zeros_like(x)
        e[j] = h
        columns.append((F(x + e) - F(x - e)) / (2 * h))
    return np.array(columns).T


def vector_first(H, g):
    return np.linalg.solve(-g, H)


def a_column(X, y, theta, l2, i):
    s = 1 / (1 + np.exp(-X @ theta))
    H = (X.T * (s * (1 - s))) @ X / len(X) + l2 * np.eye(len(theta))
    g = -y[i] / (1 + np.exp(y[i] * (X[:, i] @ theta))) * X[:, i]
    return -np.linalg.solve(H, g)


def a_forgotten_matrix(B, s, y):
    sy = s @ y
    V = np.eye(len(s)) - np.outer(s, y) / sy
    return B @ V.T + np.outer(s, s) / sy


def the_sum_for_the_mean(pred, truth):
    p = pred - pred.mean()
    slope = p @ truth / (p @ p)
    return slope, truth.sum() - slope * pred.mean()


def both_ends_alike(x, y, low, high):
    keep = (x >= low) & (x <= x)
    return np.polyfit(np.log(x[keep]), np.log(y[keep]), 1)[0]


def brackets_too_wide(A, b, x):
    return A @ (x - b)


def star_for_at(B, s, y):
    return B * y - s


def last_column_alone(B, s, y):
    r = np.zeros(len(s))
    for i in range(len(s)):
        total = 0
        for j in range(len(s)):
            total = B[i, j] * y[j]
        r[i] = total - s[i]
    return r


def no_brackets_round_y(g_new, g, s):
    product = s @ g_new - g
    return product, product > 0


def entries_of_y(g_new, g, s):
    product = s * (g_new - g)
    return product, product > 0


def no_brackets_in_the_second_loop(g, S, Y):
    q, alpha = g.copy(), np.zeros(len(S))
    for i in reversed(range(len(S))):
        alpha[i] = (S[i] @ q) / (S[i] @ Y[i])
        q = q - alpha[i] * Y[i]
    r = (S[-1] @ Y[-1]) / (Y[-1] @ Y[-1]) * q
    for i in range(len(S)):
        beta = (Y[i] @ r) / (S[i] @ Y[i])
        r = r + alpha[i] - beta * S[i]
    return r


def half_times_h(F, x, h):
    return np.column_stack([(F(x + h * e) - F(x - h * e)) / 2 * h for e in np.eye(len(x))])


def times_the_inverse(H, g):
    return -np.linalg.inv(H) * g


def halves_two(f, x, d, g, c1):
    t = 1
    while f(x + t * d) > f(x) + c1 * t * g @ d:
        t = t / 2
        d = d / 2
    return t


def derivative_at_the_value(x, f, df):
    return x - f(x) / df(f(x))


def a_threshold_of_rounding(g_new, g, s):
    product = s @ (g_new - g)
    return product, product > np.finfo(float).eps


SLIPS: list[tuple[Task, Callable[..., Any], str, str]] = [
    (start_here.mean_without, begins_anew, "begins anew in the loop", "`s = 0`, inside the"),
    (start_here.mean_without, last_term_alone, "last term alone", "`s = v`, each round replaces"),
    (start_here.mean_without, behind_the_loop, "behind the loop", "`s += v`, behind the"),
    (start_here.mean_without, counts_with_i, "loop variable", "counts with `i`, the name of an"),
    (start_here.mean_without, appends_in_vain, "result thrown away", "`rest` stays as it"),
    (start_here.predict_shift, computes_in_vain, "result thrown away", "`s - x[i]`, computes is"),
    (start_here.most_influential, keeps_no_record, "record not kept", "`best = move` there"),
    (newton.backtrack, halves_the_way_again, "a line too much", "without it all comes out right"),
    (start_here.mean_without, in_whole_numbers, "integer division", "7 // 2 is 3"),
    (start_here.mean_without, too_few_rounds, "rounds", "Look where `range(1, len(x))` in line"),
    (start_here.mean_without, one_sign, "one operator", "`+` between `x.sum()` and `x[i]`"),
    (start_here.mean_without, one_index_too_early, "too much", "Look at `i - 1` in line"),
    (newton.shifted_direction, shifted_twice, "too much", "`2` on the left is too much"),
    (toolbox.agreement, returns_in_the_loop, "inside the loop", "belongs behind the loop"),
    (newton.newton_direction, divides_by_the_matrix, "division by a matrix", "np.linalg.solve"),
    (newton.newton_step, three_steps, "a whole iteration", "one step is asked for"),
    (newton.newton_step, rounds_on_the_way, "rounded", "Leave the rounding out"),
    (newton.newton_direction, rounds_an_array, "rounded", "`g.round` in line"),
    (newton.central_jacobian, in_brackets, "brackets", "Look at `F(x + h * e) - F(x - h * e) /"),
    (newton.order, in_a_chain, "brackets", "Look at `(c - b) / b - a`"),
    (newton.newton_step, the_line_too_late, "another order", "belongs before line"),
    (newton.newton_step, the_new_x, "another name", "`y` in its place"),
    (newton.central_jacobian, not_transposed, "transposed", "`D` in line"),
    (start_here.mean_without, equal_for_unequal, "one operator", "the `==` in `k == i`, line"),
    (start_here.mean_without, two_pairs_of_brackets, "brackets", "before it adds and subtracts"),
    (newton.order, a_quotient_of_differences, "brackets", "Look at `l[-1] - l[-2] / l[-2] - l["),
    (newton.newton_step, steps_with_a_guard, "a whole iteration", "one step is asked for"),
    (newton.backtrack, moves_on, "steps add up", "`x = x + t * d`, inside the loop: each round"),
    (newton.backtrack, moves_on_in_place, "steps add up", "`z += t * d`, inside the loop"),
    (start_here.mean_without, a_power_in_whole_numbers, "power", "`^` in line"),
    (start_here.mean_without, a_difference_turned, "the other way round", "`x[i] - x.sum()` in"),
    (quasi_newton.curvature_after, a_threshold, "a small number", "you compare with `1e-08`."),
    (start_here.mean_without, two_less, "another number", "Look at `2` in `len(x) - 2`"),
    (start_here.most_influential, smallest_for_largest, "least influential", "nearest to"),
    (toolbox.taylor_remainders, entry_by_entry, "one operator", "`d` and `H(x)` in line"),
    (newton.central_jacobian, like_x, "whole numbers", "`x.astype(float)`"),
    (quasi_newton.bfgs_update, a_forgotten_matrix, "something missing",
     "in its place all comes out right"),
    (toolbox.agreement, the_sum_for_the_mean, "another function", "Look at `sum` in line"),
    (toolbox.slope_on_loglog, both_ends_alike, "another name", "Look at the third `x` in line"),
    (conjugate_gradient.quadratic_gradient, brackets_too_wide, "brackets",
     ". With other brackets it comes out right."),
    (quasi_newton.secant_residual, star_for_at, "one operator", "it goes entry by entry"),
    (quasi_newton.secant_residual, last_column_alone, "last term alone", "`+=` adds"),
    (quasi_newton.curvature_after, no_brackets_round_y, "brackets", "before it adds and subtracts"),
    (quasi_newton.curvature_after, entries_of_y, "one operator", "it goes entry by entry"),
    (quasi_newton.two_loop, no_brackets_in_the_second_loop, "brackets", "before it adds"),
    (newton.central_jacobian, half_times_h, "brackets", "from the left to the right"),
    (newton.newton_direction, times_the_inverse, "one operator", "it goes entry by entry"),
    (newton.backtrack, halves_two, "a line too much", "`d = d / 2`, which is too much"),
    (newton.newton_step, derivative_at_the_value, "too much", "`f(x)` in line"),
    (quasi_newton.curvature_after, a_threshold_of_rounding, "a small number", "on the units"),
    (lesson.up_params, mean_in_the_loop, "inside the loop", "`H /= n`, inside the loop: it"),
]  # fmt: skip


@pytest.mark.parametrize(("task", "answer", "name", "said"), SLIPS)
def test_a_slip_in_one_place_is_named_there(
    task: Task, answer: Callable[..., Any], name: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repair, "LIMIT", 20.0)  # a busy machine tries fewer edits in a second
    result = task.check(answer)
    assert (result.state, result.mistake, result.unknown) == ("not yet", name, False)
    assert said in " ".join(repr(result).split())
    assert "none of the mistakes that this check knows" not in repr(result)


def test_what_is_said_to_be_missing_is_shown_and_was_perhaps_meant() -> None:
    """Not `t + t` for a factor 2, and no comparison added to numbers."""
    source = """
def answer(r, t):
    good = r > t
    return r * good / t
"""
    (tree,) = ast.parse(source).body
    said = {" ".join(text.split()) for _, text in something_missing(tree, {"r", "t"})}
    assert any(
        "at `t` in line 4: with `r * t` in its place all comes out right." in s for s in said
    )
    assert not any("with `t + t`" in s or "with `t * t`" in s for s in said)
    assert not any("with `good +" in s or "+ good`" in s for s in said)


def test_the_line_is_that_of_the_cell() -> None:
    line = begins_anew.__code__.co_firstlineno + 2
    assert f"Look at line {line}, `s = 0`, inside" in repr(
        start_here.mean_without.check(begins_anew)
    )


def doubled(x):
    """Twice x and x itself."""
    return 2 * x, x


def doubled_in_place(x):
    y = x
    y *= 2
    return y, x


def test_an_argument_under_a_second_name() -> None:
    from teachkit.exercises import exercise

    task = exercise(
        "99.1", "A test", prompt="p", minutes=1, difficulty=1, hints=("one", "two"),
        cases=lambda: [(np.array([1.0, 2.0]),), (np.array([3.0, -1.0, 0.5]),)], explanation="e",
    )(doubled)  # fmt: skip
    result = task.check(doubled_in_place)
    assert result.mistake == "second name"
    assert "Look at this first: your function changes `x`" in result.message[0]
    assert "gives `x` a second name and makes no copy" in result.message[1]


def test_a_known_mistake_keeps_its_own_words() -> None:
    def to_the_root(x, f, df):
        for _ in range(100):
            x = x - f(x) / df(x)
        return x

    result = newton.newton_step.check(to_the_root)
    assert result.mistake == "a whole iteration"
    assert any(text.startswith("This is the root") for text in map(str, result.message))


def test_what_raises_or_never_ends_is_put_right_too() -> None:
    def raises(X, y, theta, l2, i):
        H = sum(l2 * np.eye(3) for X in X)
        return -np.linalg.solve(H, X[i]) / H

    def over_x(x, i):
        s = 0
        for x in x:  # noqa: B020
            s += x
        return (s - x[i]) / (len(x) - 1)

    other = toolbox.slope_on_loglog.check(the_window_of_the_other)
    assert (other.state, other.mistake) == ("your code raised", "another name")
    assert "Look at every `y` in line" in repr(other)
    turned = newton.newton_direction.check(vector_first)
    assert (turned.state, turned.mistake) == ("your code raised", "arguments exchanged")
    column = lesson.up_params.check(a_column)
    assert (column.state, column.mistake) == ("your code raised", "column for row")
    raised = start_here.mean_without.check(over_x)
    assert (raised.state, raised.mistake) == ("your code raised", "loop variable")
    assert "A likely cause: The loop in line" in repr(raised)
    assert lesson.up_params.check(raises).mistake is None

    def in_vain(x, f, df):
        n = 3.0
        while n > 0:
            n - 1
        return x - f(x) / df(x)

    stopped = replace(newton.newton_step, seconds=0.2).check(in_vain)
    assert (stopped.state, stopped.mistake) == ("stopped", "result thrown away")


def residual_within(x, y):
    """What exceeds 1 of the distance."""
    return np.where(abs(x - y) > 1, abs(x - y) - 1, 0)


def residual_charged(x, y):
    return np.where(abs(x - y) > 1, abs(x - y) - 1, abs(x - y))


def test_no_repair_leaves_the_difference_of_one_and_itself() -> None:
    """`x - x` for `x - y` would be right here, and says nothing of the slip."""
    from teachkit.exercises import exercise

    task = exercise(
        "99.1", "A test", prompt="p", minutes=1, difficulty=1, hints=("one", "two"),
        cases=lambda: [(np.array([2.0, 1.4, 7.0]), np.array([3.5, 1.0, 7.7]))], explanation="e",
    )(residual_within)  # fmt: skip
    assert task.check(residual_charged).mistake is None


def test_two_slips_are_none_of_these() -> None:
    def two(x, i):
        return (x.sum() + x[i]) // (len(x) - 1)

    result = start_here.mean_without.check(two)
    assert (result.mistake, result.unknown) == (None, True)


def test_without_its_source_an_answer_is_judged_all_the_same() -> None:
    names: dict[str, Any] = {}
    exec("def f(x, i):\n    return (x.sum() - x[i]) // (len(x) - 1)\n", names)
    for answer in (names["f"], lambda x, i: (x.sum() - x[i]) // (len(x) - 1), np.sum):
        assert start_here.mean_without.check(answer).mistake is None


def test_defaults_and_names_around_the_answer_are_kept() -> None:
    one, more = 1, 0

    def answer(x: np.ndarray, i: int, less=one, *, none=more) -> float:
        return (x.sum() + x[i]) / (len(x) - less) + more + none

    assert start_here.mean_without.check(answer).mistake == "one operator"


CALLS: list[int] = []


def counted(x, i):
    global CALLS
    CALLS = [*CALLS, 1]
    return (x.sum() + x[i]) / (len(x) - 1)


def test_what_edited_code_does_to_its_names_stays_there() -> None:
    assert start_here.mean_without.check(counted).mistake == "one operator"
    assert len(CALLS) == 4, "the edited ones have counted for themselves"
    assert counted(np.arange(3.0), 0) == 1.5


def test_what_takes_long_is_not_run_again() -> None:
    calls: list[int] = []

    def slow(x, i):
        calls.append(1)
        time.sleep(0.15)
        return (x.sum() + x[i]) / (len(x) - 1)

    assert start_here.mean_without.check(slow).mistake is None
    assert len(calls) == 4


def test_where_nothing_can_be_stopped_nothing_is_edited() -> None:
    results: list[Any] = []
    thread = threading.Thread(
        target=lambda: results.append(start_here.mean_without.check(one_sign))
    )
    thread.start()
    thread.join()
    assert results[0].mistake is None


def cost(n, p):
    return n * p**2 / 3 + p**3


def test_no_edit_computes_a_power_that_never_ends() -> None:
    overflown = 0
    for _, edited in repair._edited(cost):
        try:
            edited(10**9, 10**9)
        except Exception as error:
            overflown += isinstance(error, OverflowError)
    assert overflown  # such as p ** p, for which no clock would be in time


def test_edits_that_never_end_are_given_up() -> None:
    def counts_up(x, i):
        k = 0
        while k < 10:
            k += 1
        while k > 0:
            k -= 1
        while k < 5:
            k += 1
        return x[0] ** k + np.sin(x[i])

    assert start_here.mean_without.check(counts_up).mistake is None  # and the check returns


def tries_some(H):
    random = np.random.default_rng(0)
    tried = random.normal(size=(100, len(H)))
    return bool(((tried @ H) * tried).sum(axis=1).min() > 0)


def without_a_point(x, i):
    return x.sum() / 3 + len(x)


def appends_and_more(T, x, z):
    np.append(x, z)
    return T(x) + z**2


def without_the_hessian(f, g, H, x, d, hs):
    first = np.array([f(x + h * d) for h in hs]) - f(x) - hs * (g(x) @ d)
    return abs(first), abs(first - hs**2 * (d @ d) / 3)


@pytest.mark.parametrize(
    ("task", "answer", "name", "said"),
    [
        (toolbox.is_positive_definite, tries_some, "random numbers", "proves nothing of all the"),
        (start_here.mean_without, without_a_point, "an argument left out", "`i` does not occur"),
        (toolbox.taylor_remainders, without_the_hessian, "an argument left out", "`H` does not"),
        (lesson.sensitivity, appends_and_more, "result thrown away", "`np.append(x, z)`, computes"),
    ],
)
def test_what_can_be_seen_where_no_edit_helps(
    task: Task, answer: Callable[..., Any], name: str, said: str
) -> None:
    result = task.check(answer)
    assert (result.state, result.mistake, result.unknown) == ("not yet", name, False)
    assert said in " ".join(repr(result).split())


def test_an_argument_that_the_answer_does_not_depend_on_may_be_left_out() -> None:
    from teachkit.exercises import hessian_vector_products

    def without_labels(X, y, w, v, l2):
        return X.T @ (X @ v) * np.exp(w[0]) + l2 * v

    assert hessian_vector_products.logistic_hvp.check(without_labels).mistake is None


def test_a_secret_is_not_hunted_for_by_edits() -> None:
    def answer(scores, truth):
        return ["labels", "nothing", "loss factor", "inverse Hessian"]

    text = repr(lesson.what_is_missing.check(answer))
    assert not re.search(r"in line \d", text)
