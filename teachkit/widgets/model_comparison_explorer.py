"""Two models alike in accuracy, asked which training images help and harm the same test image."""

from __future__ import annotations

from teachkit.scenes.model_comparison import RELATIVE, begin, offered, read, weigh
from teachkit.scenes.model_comparison_drawing import draw, draw_distance, image_of
from teachkit.scenes.removal import choose
from teachkit.widgets.controls import menu, tick
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer


class ModelComparisonExplorer(PlaneExplorer):
    """A support vector machine and a network, 4 against 9: which images are behind one prediction?

    The one has an RBF kernel and the smooth hinge, the other is a logistic layer on the features of
    `four_nine_network`, which stay as they were trained. For both
    R(theta) = (1/n) sum_i w_i L(z_i, theta) + 1/2 l2 |theta|^2, n fixed. The walls hold the images
    whose removal is predicted to raise the loss at the test image most, and to lower it most. One
    that is clicked is out of both models: predicted beside retrained. Effects can be divided by
    what an image does overall (RelatIF), or by 1 - h (leverage). Below, the influence of every
    training image over its distance.

    Parameters
    ----------
    n : int
        Training images, the first of ``datasets.mnist(4, 9, test_size=0.3)``, 20 to 700. A click
        costs some steps of n^3 operations for the kernel: with 400 it is answered at once.
    l2 : float
        The penalty of both models, > 0.
    gamma, t : float
        Of the kernel e^(-gamma |x - z|^2), and of the smooth hinge.
    walls : int
        Images in each wall.

    Raises
    ------
    TypeError, ValueError
        A number is out of its range, or a wall would be too long.

    Notes
    -----
    Source: Koh & Liang (2017), section 5.1; Barshan, Brunet & Dziugaite (2020).
    Lesson: 12_understanding_models
    """

    label_width = "8.5em"

    def __init__(
        self, *, n: int = 400, l2: float = 1e-3, gamma: float = 0.03, t: float = 0.1,
        walls: int = 6,
    ) -> None:  # fmt: skip
        start = begin(n=n, l2=l2, gamma=gamma, t=t, walls=walls)
        ways = [(called, name) for name, called in RELATIVE.items()]
        super().__init__(
            start,
            draw,
            [
                menu("chooser", "Test image", offered(start), shows="test", changes=choose),
                menu("relative", "Over effect", ways, sets=read),
                tick("leverage", "Predictions divided by 1 − h (leverage)", sets=read),
            ],
            beside={"distance": Beside(draw_distance)},
            toggles=lambda state, name, weight: weigh(state, image_of(name), weight),
        )
