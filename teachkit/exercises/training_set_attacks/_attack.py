"""13.2: the attack: step, train again, look again."""

from __future__ import annotations

import numpy as np

from .. import exercise
from ._problems import PROBLEMS, long, short


def _attacks() -> list[tuple]:
    images = np.array([0.5, 0.45, 0.62, 0.4]), np.array([0.35, 0.6, 0.5, 0.55])
    return [
        (x0, train(x0), steps, push, step, train)
        for (push, train), x0, step, steps in (
            (PROBLEMS[0], images[1], short, 5),
            (PROBLEMS[1], images[0], short, 3),
            (PROBLEMS[2], images[0], short, 4),
            (PROBLEMS[3], images[0], long, 4),
        )
    ]


def _any_attack(draw):
    push, train = draw.pick(*PROBLEMS)
    x0, steps = draw.numbers(4, low=0.0, high=1.0), draw.whole(1, 5)
    step = draw.pick(short, long)
    x, theta = x0, train(x0)
    for _ in range(steps):
        g = push(x, theta)
        if np.abs(g).min() < 1e-3:
            return None
        x = step(x0, x, g)
        theta = train(x)
    return x0, train(x0), steps, push, step, train


def _loop(g=None, move=None, more=0, end=None):
    """The attack with another push, another step, more or fewer steps, or another answer."""
    g = g or (lambda push, x0, x, theta, first: push(x, theta))
    move = move or (lambda step, x0, x, g: step(x0, x, g))

    def walked(x0, theta, steps, push, step, train):
        x, first = x0, theta
        for _ in range(steps + more):
            x = move(step, x0, x, g(push, x0, x, theta, first))
            theta = train(x)
        return end(train, x0, x) if end else theta

    return walked


def _every_other(first):
    """The model trained in every other round alone, from the first or the second on."""

    def walked(x0, theta, steps, push, step, train):
        x = x0
        for k in range(steps):
            x = step(x0, x, push(x, theta))
            if k % 2 == first:
                theta = train(x)
        return theta

    return walked


@exercise(
    "13.2",
    "The attack",
    prompt="""One training image begins as `x0`, (d,), and `theta`, (p,), is the model trained with
    it. Take `steps` steps of the attack: `push(x, theta)` is I_pert,loss of the image when it looks
    like x and the model is theta, `step(x0, x, g)` makes a projected step along the sign of g as in
    13.1 (it knows how far, and the budget), and `train(x)` returns the model trained with the
    image x. Each step looks at the image as it is now and at the model trained with it. Return the
    model at the end.""",
    minutes=6,
    difficulty=2,
    cases=_attacks,
    draw=_any_attack,
    hints=(
        "What changes from step to step, and what stays as it was in the beginning?",
        """The image and the model change. x0 stays, for the box. So the loop needs an x of its own
        beside x0.""",
        """In each round: first the push where image and model are now, then the step, then the
        training.""",
    ),
    explanation="""The talk writes I_pert,loss(z, z_test) in the iteration, with the z of the
    beginning. What is meant is the image as it is, with the model trained on it: after a few steps
    theta is another, and other signs are right. That is why an attack costs as many trainings as
    steps. Whether train begins at 0 or at the last theta changes nothing but the time.""",
    mistakes=(
        ("push of the beginning",
         _loop(g=lambda push, x0, x, theta, first: push(x0, first)),
         """You compute the push once, for the image and the model before the attack (as the
         slide has it). Both change: compute it in each step, at x and the theta of now."""),
        ("push at x0",
         _loop(g=lambda push, x0, x, theta, first: push(x0, theta)),
         "The model in your push is the new one, and the image is still x0. Take x."),
        ("push of the old model",
         _loop(g=lambda push, x0, x, theta, first: push(x, first)),
         """The image in your push is the new one, and the model is still that before the attack. In
         each step it is trained again, and the next push is taken there."""),
        ("from x0 again",
         _loop(move=lambda step, x0, x, g: step(x0, x0, g)),
         """Each of your steps starts at x0, and the steps before are lost. The second argument of
         `step` is the image of now."""),
        ("box walks along",
         _loop(move=lambda step, x0, x, g: step(x, x, g)),
         """Your box lies round the image of now: it walks along, and the image can end several
         budgets away. Perhaps x0 was written over. The first argument of `step` is the image before
         the attack."""),
        ("downhill", _loop(move=lambda step, x0, x, g: step(x0, x, -g)),
         "You step against the push, and the test loss falls. The attack goes along it."),
        ("one step fewer", _loop(more=-1),
         """This is the model before the last step: the loop ends a step early, or the last
         image is not trained with."""),
        ("trained in every other round", _every_other(1), _every_other(0),
         """The model is trained in every other round alone. Each step looks at the model that was
         trained with the image of the step before: `train(x)` belongs into every round."""),
        ("one step more", _loop(more=1), "Your loop takes one step more than `steps`."),
        ("the image", _loop(end=lambda train, x0, x: x),
         "This is the image at the end. Asked is the model trained with it."),
        ("the clean model", _loop(end=lambda train, x0, x: train(x0)),
         """This is the model before the attack. Perhaps `train` is given x0, or its result is kept
         nowhere."""),
        ("the change", lambda x0, theta, steps, push, step, train: (
            _loop()(x0, theta, steps, push, step, train) - theta),
         "This is by how much theta changes. Asked is theta."),
    ),
)  # fmt: skip
def attack(x0, theta, steps, push, step, train):
    """theta, (p,), after the attack on a training image that began as x0, (d,)."""
    x = x0
    for _ in range(steps):
        x = step(x0, x, push(x, theta))
        theta = train(x)
    return theta
