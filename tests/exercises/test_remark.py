"""What an exercise measures on the learner's own function, and says beside the verdict."""

from __future__ import annotations

import math

import numpy as np
import pytest

from teachkit.exercises import Exercise, Mistake, exercise, newton
from teachkit.exercises._engine.convergence import convergence
from teachkit.exercises._engine.course import lessons, tasks
from teachkit.exercises._engine.mistake import Aside


def make(remark, **options) -> Exercise:
    def half(x):
        """Half of x."""
        return x / 2

    settings = {
        "prompt": "p", "minutes": 1, "difficulty": 1, "cases": lambda: [(3.0,), (5.0,)],
        "hints": ("one", "two"), "explanation": "e", "remark": remark,
        "mistakes": (Mistake("all", lambda x: x, "This is all of it."),),
    }  # fmt: skip
    return exercise("99.1", "A test", **{**settings, **options})(half)


def says_eighth(function) -> str:
    return f"Three times in a row: {function(function(function(8.0))):g}."


def test_the_remark_stands_beside_right_and_wrong_answers():
    task = make(says_eighth)
    right = task.check(lambda x: 0.5 * x)
    assert right.solved
    assert right.message == ("Three times in a row: 1.",)
    wrong = task.check(lambda x: x)
    assert wrong.message == ("This is all of it.", "Three times in a row: 8.")


@pytest.mark.parametrize("answer", [None, "text", np.ones(3), lambda: 1])
def test_an_answer_that_cannot_be_measured_is_judged_all_the_same(answer):
    result = make(says_eighth).check(lambda x: answer)
    assert result.state == "not yet"
    assert "in a row" not in repr(result)


def test_a_right_answer_that_came_about_otherwise_than_asked_does_not_count():
    task = make(lambda function: Aside("It was to be done by hand."))
    result = task.check(lambda x: x / 2)
    assert (result.state, result.solved) == ("other than asked", False)
    assert result.message == ("The numbers are right.", "It was to be done by hand.")
    assert task.check(lambda x: x).state == "not yet"


def test_a_way_that_the_task_rules_out_may_have_a_name():
    task = make(lambda function: Aside("It was to be done by hand.", "by machine"))
    assert task.check(lambda x: x / 2).mistake == "by machine"
    assert Aside("It was to be done by hand.").name is None


def test_a_function_that_works_in_place_spoils_no_measurement():
    def says_twice(function):
        x = np.ones(2)
        return f"First {function(x)[0]:g}, then {function(x)[0]:g}."

    def in_place(x):
        x /= 4
        return x

    task = make(says_twice, cases=lambda: [(np.ones(3),)])
    assert "First 0.25, then 0.25." in task.check(in_place).message


def test_a_remark_has_a_time_limit_and_what_it_prints_is_not_shown():
    def endless(function):
        while True:
            function(1.0)

    def loud(function):
        print("noise")
        return "Measured."

    assert make(endless).check(lambda x: x / 2).solved  # after the limit
    result = make(loud).check(lambda x: x / 2)
    assert result.message == ("Measured.",)
    assert result.printed == ""


def test_no_remark_on_what_was_not_attempted():
    assert "in a row" not in repr(make(says_eighth).check(lambda x: ...))


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        ([1.0, 2.0, 4.0], "does not converge (errors 1, 2, 4, ...)"),
        ([1.0, math.nan, 2.0], "does not converge"),
        ([1.0, 0.0, 0.0], "arrives in 1 step"),
        ([1.0, 0.0, math.nan, math.nan], "arrives in 1 step"),
        ([7e-5, 6.9e-5, 9e-7, 1e-13], "without a clear order"),
        ([1.0, 0.25, 0.0625, 0.015625], "converges with order 1.0: each step multiplies the error"),
        ([1e-1, 1e-2, 1e-4, 1e-8], "converges with order 2.0 (errors 0.1, 0.01, 1e-04, 1e-08)"),
        ([1.0, 0.1, 0.3, 0.2], "without a clear order"),
        ([1.0, 1.0, 1.0, 1.0], "does not converge"),
        ([1.0, 0.3, 0.3, 0.3], "comes to rest at an error of 0.3 and no nearer"),
        ([1e-1, 1e-2, 9e-4, 9e-4, 9e-4], "comes to rest at an error of 9e-04 and no nearer"),
    ],
)
def test_convergence_in_words(errors, said):
    assert said in convergence(errors)


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (newton.newton_step, "order 2.0"),
        (newton.order, "x^2 = 2 has order 2.0 (theory: 2), halving an interval 1.0 (theory: 1)"),
        (newton.newton_direction, "order 2.0"),
        (newton.central_jacobian, "order 2.0 in h"),
        (newton.shifted_direction, "order 2.0"),
        (newton.backtrack, "order 2.0"),
    ],
)
def test_lesson_03_measures_the_methods(task, said):
    reference = task.reference
    result = task.check(lambda *arguments: reference(*arguments))
    assert result.solved
    assert said in result.message[0]
    assert result.message[0].startswith("Measured")


def test_a_slower_method_is_measured_as_slower():
    def diagonal(H, g):
        return -g / np.diag(H)

    assert "order 1.0: each step multiplies the error by about 0.4" in repr(
        newton.newton_direction.check(diagonal)
    ).replace("\n", " ")


EXERCISES = [t for lesson in lessons() for t in tasks(lesson) if getattr(t, "remark", None)]


@pytest.mark.parametrize("task", EXERCISES, ids=lambda task: task.key)
def test_every_remark_says_something_of_the_reference(task):
    assert task.remark(task.reference).endswith(".")


ALONE = "That works; the case above shows that it does not always do so."


def test_what_works_on_the_example_is_said_to_work_there_alone():
    result = newton.newton_step.check(
        lambda x, f, df: x - f(x) / df(x) if x < 2.4 else 2 * x  # no edit is tried in a lambda
    )
    place = result.message.index(ALONE)
    assert "converges with order 2.0" in result.message[place - 1]
    for slow in (lambda x, f, df: x - f(x), lambda x, f, df: x + f(x) / df(x)):
        assert ALONE not in newton.newton_step.check(slow).message
    right = newton.newton_step.check(lambda x, f, df: x - f(x) / df(x))
    assert ALONE not in right.message
