"""13.1: one projected step of an attack on a training image."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part


def _images() -> list[tuple]:
    # Neither image is at its start, and some pixels are near 0 and 1.
    return [
        (np.array([0.02, 0.5, 0.97, 0.3, 0.6, 0.45]), np.array([0.05, 0.42, 0.9, 0.38, 0.6, 0.41]),
         np.array([-0.8, 1.7, 0.3, 2.1, 0.0, -0.4]), 0.06, 0.1),
        (np.array([0.9, 0.1, 0.55, 0.0, 1.0]), np.array([0.75, 0.3, 0.5, 0.1, 0.85]),
         np.array([3.1, -0.2, -1.4, -0.7, 0.9]), 0.25, 0.2),
        (np.array([0.33, 0.96, 0.04]), np.array([0.25, 0.99, 0.0]),
         np.array([-0.05, 1.3, -2.2]), 0.04, 0.12),
    ]  # fmt: skip


def _any_image(draw):
    d, budget = draw.whole(1, 6), draw.number(0.05, 0.4)
    x0 = np.array([draw.pick(0.0, 1.0, *draw.numbers(4, low=0.0, high=1.0)) for _ in range(d)])
    x = np.clip(x0 + budget * draw.numbers(d, low=-1.0, high=1.0), 0.0, 1.0)
    g = np.array([draw.pick(0.0, *draw.numbers(5)) for _ in range(d)])
    return x0, x, g, draw.number(0.02, 0.5), budget


def _allowed(moved, x0, budget):
    return (np.abs(moved - x0) <= budget) & (moved >= 0) & (moved <= 1)


@exercise(
    "13.1",
    "A step that nobody sees",
    prompt="""A training image began as `x0` and is now `x`, both (d,), with pixels from 0 to 1. `g`
    is what a move of each pixel does to the test loss, I_pert,loss. Move every pixel by `step`
    along the sign of its g. No pixel may end further than `budget` from where it began, below 0 or
    above 1: what goes too far is set to the border. Return the image after the step.""",
    minutes=5,
    difficulty=1,
    cases=_images,
    draw=_any_image,
    hints=(
        """There are three things to hold apart: where the step starts, which way it goes, and where
        the image must stay.""",
        """The step starts at x. The box of width `budget` lies round x0: round x it would walk
        along with the image.""",
        "`np.clip(moved, x0 - budget, x0 + budget)`, and the result once more into 0 to 1.",
    ),
    explanation="""x + step sign(g), projected onto the images that are within the budget and are
    images. The sign spends the whole budget at each pixel, for a limit on the largest change lets
    no pixel take anything from another (exercise 8.6). On the first step x is x0, and most slips
    do not show.""",
    answer=formula(
        lambda start, way, box, step: np.clip(start + step * way, *box),
        start=part(
            lambda x: x,
            ("from x0 again", lambda x0: x0,
             """Your step starts at x0, so what earlier steps have gained is lost. It starts at
             x, where the image is now; x0 is for the box."""),
        ),
        way=part(
            lambda g: np.sign(g),
            ("raw gradient", lambda g: g,
             """You go along g itself. Where g is small the pixel hardly moves, where it is large it
             runs to the border. By the sign each moves by `step`."""),
            ("scaled gradient", lambda g: g / np.linalg.norm(g), lambda g: g / np.abs(g).max(),
             """You go along g, scaled. That is the best step for a 2-norm; with a limit for each
             pixel take its sign."""),
            ("downhill", lambda g: -np.sign(g),
             """You go against the sign of g, which lowers the test loss: that is a repair. The
             attack raises it."""),
            ("only up", lambda g: np.abs(np.sign(g)),
             "Every pixel moves up in yours. Where g is negative, down raises the loss."),
            ("zeros up", lambda g: np.where(g >= 0, 1.0, -1.0),
             lambda g: np.where(g > 0, 1.0, -1.0),
             """A pixel with g = 0 moves in yours. The sign of 0 is 0: such a pixel does
             nothing, and stays."""),
        ),
        box=part(
            lambda x0, budget: (np.maximum(x0 - budget, 0), np.minimum(x0 + budget, 1)),
            ("not below 0 and above 1", lambda x0, budget: (x0 - budget, x0 + budget),
             """Some of your pixels are below 0 or above 1. No image has such pixels, and
             whoever looks at the smallest and the largest value sees it."""),
            ("box round the image of now", lambda x, budget: (
                np.maximum(x - budget, 0), np.minimum(x + budget, 1)),
             lambda: (0, 1),
             """Your image can leave the budget: the box is missing, or lies round the image as
             it is now and walks along with it (the same where the step is within the budget).
             It lies round x0."""),
            ("no projection", lambda: (-np.inf, np.inf),
             """Nothing is projected after the step: your image may leave the budget, and 0 to 1.
             To clip x first helps nothing, for x lies in the box as it is. First the step, then
             the projection, to the budget and to 0 to 1."""),
            ("one end alone", lambda x0, budget: (0, np.minimum(x0 + budget, 1)),
             lambda x0, budget: (np.maximum(x0 - budget, 0), 1),
             lambda x0, budget: (-np.inf, np.minimum(x0 + budget, 1)),
             lambda x0, budget: (np.maximum(x0 - budget, 0), np.inf),
             lambda x0, budget: (np.maximum(x0 - budget, 0), x0 + budget),
             lambda x0, budget: (x0 - budget, np.minimum(x0 + budget, 1)),
             """A border is missing in yours: pixels are held at one end and pass the other. There
             are four, x0 - budget and x0 + budget, 0 and 1: clip at both ends."""),
            ("borders exchanged", lambda x0, budget: (
                np.clip(x0 - budget, 0, 1), np.clip(x0 - budget, 0, 1)),
             lambda x0: (0 * x0, 0 * x0),
             """Your pixels all stand at a border. In `np.clip` the lower border comes first and the
             upper one second."""),
            ("budget in levels", lambda x0, budget: (
                np.maximum(x0 - budget / 255, 0), np.minimum(x0 + budget / 255, 1)),
             """You divide the budget by 255. It is given in the units of the pixels, 0 to 1, as the
             step is."""),
            ("step for budget", lambda x0, step: (
                np.maximum(x0 - step, 0), np.minimum(x0 + step, 1)),
             "Your box has the width of `step`. The image may go as far as `budget` from x0."),
        ),
    ),
    mistakes=(
        ("the step alone", lambda x, start, way, box, step: (
            np.clip(start + step * way, *box) - x),
         "This is by how much the image moves. Asked is where it ends."),
        ("the change so far", lambda x0, start, way, box, step: (
            np.clip(start + step * way, *box) - x0),
         "This is the whole change, from x0. Asked is the image."),
        ("step and budget exchanged", lambda x0, x, way, step, budget: np.clip(
            np.clip(x + budget * way, x0 - step, x0 + step), 0, 1),
         """Step and budget are exchanged in yours: you go by `budget` and stay within `step`. The
         step says how far a pixel goes now, the budget how far it may be from x0 in the end."""),
        ("what goes too far stays", lambda x, start, way, step, x0, budget: np.where(
            _allowed(start + step * way, x0, budget), start + step * way, x),
         lambda x, start, way, step, x0, budget: np.clip(np.where(
             np.abs(start + step * way - x0) <= budget, start + step * way, x), 0, 1),
         """A pixel that would go too far does not move at all in yours. It goes as far as it may:
         to the border."""),
        ("what goes too far goes back", lambda start, way, step, x0, budget: np.where(
            _allowed(start + step * way, x0, budget), start + step * way, x0),
         lambda start, way, step, x0, budget: np.clip(np.where(
             np.abs(start + step * way - x0) <= budget, start + step * way, x0), 0, 1),
         """A pixel that would go too far goes back to x0 in yours, and all that it has gained is
         lost. It is set to the border."""),
        ("change not negative", lambda x0, start, way, step, budget: np.clip(
            np.clip(start + step * way, 0, 1) - x0, 0, budget) + x0,
         """No pixel of yours is below x0. The change may be negative as well: it lies between
         -budget and budget."""),
    ),
)  # fmt: skip
def projected_step(x0, x, g, step, budget):
    """The image after one step, (d,); x0, x and g are (d,)."""
    moved = x + step * np.sign(g)
    near = np.clip(moved, x0 - budget, x0 + budget)
    return np.clip(near, 0, 1)
