"""A network that comes trained, and what its last layer gets to see of images."""

from __future__ import annotations

import numpy as np

from teachkit.arrays import Array, array_namespace, as_float, device, to_numpy
from teachkit.risks.networks import Network, convolutional

SIDE = 28


def four_nine_network() -> tuple[Network, Array]:
    """A small convolutional network trained to tell the digit 4 (+1) from 9 (-1), and its theta.

    Two layers of convolutions, 8 and 16 channels, windows of 4 x 4 that are 3 apart, tanh; then
    64 features and one score. Trained with l2 = 1e-3 on the training images of
    ``datasets.mnist(4, 9, test_size=0.3)``. Its weights come with the library: training stops in
    one of many minima, and rounding decides in which.

    Returns
    -------
    net : Network
    theta : array (p,)

    Notes
    -----
    Lesson: 12_understanding_models
    """
    from teachkit.datasets._files import shipped  # whoever has no images does without all of it

    net = convolutional((SIDE, SIDE), (8, 16), 1, kernel=4, stride=3)
    return net, shipped("four_nine_network.npz")["theta"].astype(float)


def frozen_features(X: Array) -> Array:
    """What the last layer of `four_nine_network` sees of each image, a last column of ones.

    phi(x) = (h(x), 1) with h between -1 and 1: ``LinearRisk(frozen_features(X), y, Logistic(),
    l2=1e-3)`` is the network with all but its last layer held as it was trained. What it says of a
    point leaves out what the point did to h.

    Parameters
    ----------
    X : array (m, 785) or (785,)
        Images as `datasets.mnist` has them: pixels from 0 to 1 row by row, a last column of ones.

    Returns
    -------
    array (m, 65) or (65,)

    Raises
    ------
    ValueError
        X is no such images.

    Notes
    -----
    Source: Koh & Liang (2017), section 5.1.
    Lesson: 12_understanding_models
    """
    X = as_float(X, "X")
    rows = to_numpy(X)
    if rows.ndim not in (1, 2) or rows.shape[-1] != SIDE**2 + 1 or np.any(rows[..., -1] != 1.0):
        raise ValueError(
            f"X has shape {rows.shape}; images come as datasets.mnist has them, {SIDE**2} pixels "
            "and a last column of ones, which teachkit.datasets.add_ones puts there."
        )
    net, theta = four_nine_network()
    h = net.features(theta, np.atleast_2d(rows)[:, :-1].astype(float))
    phi = np.column_stack([h, np.ones(len(h))])[0 if rows.ndim == 1 else slice(None)]
    return array_namespace(X).asarray(phi, dtype=X.dtype, device=device(X))
