"""A name is said only where more than chance speaks for it: answers that are few agree by luck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from teachkit.exercises import newton, toolbox
from teachkit.exercises._engine.course import lessons, tasks
from teachkit.exercises._engine.task import Task

TASKS = [task for lesson in lessons() for task in tasks(lesson) if isinstance(task, Task)]


def first_row(H):
    return bool(H[0].sum() > 0)


def largest_beside_the_diagonal(H):
    return bool(np.diag(H).min() > np.abs(H - np.diag(np.diag(H))).max())


def searching(bound: Callable[..., float]) -> Callable[..., float]:
    def backtrack(f, x, d, g, c1):
        t = 1.0
        while f(x + t * d) > f(x) + bound(t, g @ d, c1):
            t /= 2
        return t

    return backtrack


UNLISTED = [
    (toolbox.is_positive_definite, first_row, "one vector"),
    (toolbox.is_positive_definite, largest_beside_the_diagonal, "diagonally dominant"),
    (newton.backtrack, searching(lambda t, slope, c1: c1**2.5 * t * slope), "any decrease"),
    (newton.backtrack, searching(lambda t, slope, c1: c1**1.5 * t * slope), "any decrease"),
    (newton.backtrack, searching(lambda t, slope, c1: -c1 * t), "any decrease"),
]


@pytest.mark.parametrize(("task", "answer", "alike"), UNLISTED)
def test_what_agrees_with_a_known_mistake_by_chance_is_not_told_its_name(
    task: Task, answer: Callable[..., Any], alike: str
) -> None:
    by_hand = [answer(*case) for case in task.known.cases]
    fits = [w.mistake.name for w in task.known.wrongs if task.known.agree(by_hand, w.values)]
    assert fits == [alike]
    result = task.check(answer)
    assert (result.state, result.mistake, result.unknown) == ("not yet", None, True)
    assert "It is none of the mistakes that this check knows." in result.message


def test_where_answers_are_few_is_seen_from_the_answers() -> None:
    assert {task.key for task in TASKS if task.known.few} == {
        "start_here.most_influential",
        "toolbox.is_positive_definite",
        "newton.backtrack",
        "quasi_newton.curvature_after",
        "quasi_newton.satisfies_wolfe",
        "conjugate_gradient.steps_needed",
        "inverse_hvp.cheapest",
        "influence_upweighting.proof_order",
        "influence_upweighting.what_is_missing",
        "agreement_with_truth.what_is_broken",
        "training_set_attacks.choose_images",
        "training_set_attacks.suspects",
        "understanding_models.distance_rank",
        "understanding_models.top",
        "domain_mismatch.choose_child",
        "mislabeled_examples.strategy",
        "slips_on_the_slides.verdicts",
    }
