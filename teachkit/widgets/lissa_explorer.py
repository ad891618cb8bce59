"""LiSSA as a filter on the eigenvalues: bias and noise, by scale, depth and size of sample."""

from __future__ import annotations

from typing import Any

from teachkit.scenes.lissa import VIEWS, LissaState, make_safe, redraw
from teachkit.scenes.lissa_drawing import draw, draw_runs
from teachkit.scenes.lissa_problem import DEPTHS
from teachkit.scenes.lissa_start import begin
from teachkit.scenes.words import digits
from teachkit.widgets.controls import choice, switch
from teachkit.widgets.parts import back, button
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer


class LissaExplorer(PlaneExplorer):
    """H^-1 b of a linear model by LiSSA: which share of each eigenvalue's part is found.

    x_0 = b, x_{t+1} = b + x_t - A_t x_t / scale with a random sample A_t of H; x_depth / scale is
    the answer. With H itself in each step 1 - (1 - mu / scale)^(depth + 1) of the part of an
    eigenvalue mu is found: what is missing is the bias, which the samples' answers have in the
    mean, and what they have beside it is the noise.

    Each eigenvalue's stick is as high as its part of H^-1 b. Beside it stand, over the depth, the
    relative error of up to 20 runs, or the correlation r of their influences on the training
    examples with the exact ones.

    Parameters
    ----------
    risk : LinearRisk, optional
        Logistic regression on the digits 3 and 8 with l2 = 0.01, unless told.
    theta : array (p,), optional
        Its minimum, unless told.
    b : array (p,), optional
        Left out, it is the gradient of the loss at the test image of largest loss; for a risk of
        one's own, at its training example of largest loss.
    scale : float, optional
        The smallest that is safe for the samples, unless told.
    depth : int
        1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000 or 2000 steps.
    batch : int or "all"
        Examples of a sample: 1, 10, or all of them.
    seed : int
        Of the samples; *Draw other samples* takes the next.
    view : "error" or "r"
        What is drawn of the runs at first.

    Raises
    ------
    TypeError
        If the risk is not that of a linear model.
    ValueError
        If H is not positive definite, b is 0, or the controls have no such value.

    Notes
    -----
    Lesson: 09_inverse_hvp
    """

    label_width = "6.5em"

    def __init__(
        self, risk: Any = None, theta: Any = None, b: Any = None, *, scale: float | None = None,
        depth: int = 1000, batch: int | str = 1, seed: int = 0, view: str = "error",
    ) -> None:  # fmt: skip
        start = begin(risk, theta, b, scale=scale, depth=depth, batch=batch, seed=seed, view=view)
        problem = start.problem
        super().__init__(
            start,
            draw,
            [
                choice("scale", "Scale", [(digits(s), s) for s in problem.scales]),
                choice("depth", "Depth", DEPTHS),
                switch("batch", "Batch", _sizes(start)),
                switch("view", "Over depth", [(words, name) for name, words in VIEWS.items()]),
            ],
            beside={"runs": Beside(draw_runs, waits=True)},
            under=[
                back(
                    button("safe", "Safe scale", make_safe),
                    button("again", "Draw other samples", redraw),
                )
            ],
        )


def _sizes(state: LissaState) -> list[tuple[str, int]]:
    *few, every = state.problem.batches
    return [*((f"{b}", b) for b in few), (f"all {every}", every)]
