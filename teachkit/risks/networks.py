"""Two small networks for `AutogradRisk`: pure functions of one flat theta, and smooth in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import Array, array_namespace, device, quiet, scalar, to_numpy
from teachkit.risks._layers import Convolution, Dense, followed

ACTIVATIONS = ("tanh", "softplus")
"""Smooth ones, since H asks for two derivatives."""


@dataclass(frozen=True)
class Network:
    """A network as functions of all its parameters in one vector theta (p,).

    Its risk is ``AutogradRisk(net.losses, X, y, net.initial(0), outputs=net.outputs, l2=1e-3)``.
    `multilayer` and `convolutional` make one. It can be pickled.

    Attributes
    ----------
    layers : tuple
        What follows each other, with the activation between. theta holds the weights of the first
        and then its biases, those of the second, and so on.
    activation : str
    p : int
        The number of parameters.

    Notes
    -----
    Lesson: 11_when_assumptions_break
    """

    layers: tuple[Convolution | Dense, ...]
    activation: str = "tanh"

    @property
    def p(self) -> int:
        """The number of parameters."""
        return sum(layer.p for layer in self.layers)

    def initial(self, seed: int) -> Array:
        """Parameters to start from, (p,): weights N(0, 1 / inputs of the unit), biases 0.

        The risk has many minima, and another seed may lead to another.

        Source: LeCun, Bottou, Orr and Müller (1998), Efficient BackProp, section 4.6.
        Lesson: 11_when_assumptions_break
        """
        rng = np.random.default_rng(require.whole(seed, "seed"))
        return np.concatenate([layer.initial(rng) for layer in self.layers])

    def outputs(self, theta: Any, X: Any) -> Any:
        """The scores of each row of X (m, d): (m,), or (m, K) for K classes."""
        last = self.layers[-1]
        part = followed().part(theta, slice(self.p - last.p, None))
        scores = last(part, self._hidden(theta, X))
        return scores if last.units > 1 else followed().reshape(scores, (X.shape[0],))

    def features(self, theta: Array, X: Array) -> Array:
        """What the last layer gets to see of each row, (m, units); the scores are linear in it.

        Lesson: 12_understanding_models
        """
        with quiet():
            return self._hidden(theta, X)

    def losses(self, f: Any, y: Any) -> Any:
        """The loss of each row, (m,), for its scores f.

        One score: log(1 + e^(-y f)) for y = -1 or +1. K scores: log sum_k e^f_k - f_y for y in
        0..K-1. Raises ValueError for other labels.
        """
        K = self.layers[-1].units
        _check_labels(y, K)
        xp = followed()
        if K == 1:
            return xp.logaddexp(0.0, xp.multiply(-y, f))
        own = xp.where(y[:, None] == _numbers(K, y)[None, :], f, 0.0)
        return xp.subtract(xp.logsumexp(f, axis=1), xp.sum(own, axis=1))

    def _hidden(self, theta: Any, X: Any) -> Any:
        _check_shapes(theta, X, self)
        h, start = X, 0
        for layer in self.layers[:-1]:
            part = followed().part(theta, slice(start, start + layer.p))
            h = _activated(self.activation, layer(part, h))
            start += layer.p
        return h


def multilayer(sizes: Iterable[int], activation: str = "tanh") -> Network:
    """A multilayer perceptron: each layer multiplies by a matrix, adds biases and bends.

    ``h_0 = x,  h_l = a(h_{l-1} W_l + b_l)``, and the scores are the last layer without a.

    Parameters
    ----------
    sizes : iterable of int
        Inputs, hidden units of each layer, and scores: (64, 16, 10) for ten classes of 8x8 images;
        1 at the end for two classes with labels -1 and +1. Without a hidden layer it is logistic
        or softmax regression.
    activation : str
        a, "tanh" or "softplus": smooth, so that H exists everywhere.

    Returns
    -------
    Network

    Raises
    ------
    ValueError, TypeError
        Fewer than two sizes, one that is no whole number above 0, an unknown activation.

    Notes
    -----
    Source: Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.5.
    Lesson: 11_when_assumptions_break
    """
    sizes = [require.whole(size, f"sizes[{k}]", 1) for k, size in enumerate(sizes)]
    if len(sizes) < 2:
        raise ValueError(
            f"sizes has {len(sizes)} entries; it has to begin with the number of inputs and to end "
            "with that of scores, (64, 16, 10), say."
        )
    layers = (Dense(a, b) for a, b in pairwise(sizes))
    return Network(tuple(layers), _check_activation(activation))


def convolutional(
    image: tuple[int, int],
    channels: Iterable[int],
    scores: int,
    *,
    kernel: int = 3,
    stride: int = 2,
    activation: str = "tanh",
) -> Network:
    """A convolutional network: layers of units that see a small window each, then a dense one.

    All units of a channel share their weights; no pooling, the stride makes images smaller.

    Parameters
    ----------
    image : (int, int)
        Height and width; a row of X holds the pixels line by line.
    channels : iterable of int
        The channels of each layer of convolutions: (8, 16) for two layers.
    scores : int
        One for each class; 1 for two classes with labels -1 and +1.
    kernel, stride : int
        Height and width of a window, and how far it is from the next.
    activation : str
        "tanh" or "softplus": smooth, so that H exists everywhere.

    Returns
    -------
    Network

    Raises
    ------
    ValueError, TypeError
        Sizes that are no whole numbers above 0, a window larger than what it looks at, an unknown
        activation.

    Notes
    -----
    Source: Springenberg et al. (2015), Striving for simplicity: the all convolutional net, section
    2; with tanh as in Koh & Liang (2017), section 4.2.
    Lesson: 11_when_assumptions_break
    """
    height, width = (require.whole(size, f"image[{k}]", 1) for k, size in enumerate(image))
    kernel, stride = require.whole(kernel, "kernel", 1), require.whole(stride, "stride", 1)
    layers: list[Convolution | Dense] = []
    seen = 1
    for k, units in enumerate(channels):
        if min(height, width) < kernel:
            raise ValueError(
                f"Layer {k} of the network gets images of {height} x {width}, smaller than its "
                f"window of {kernel} x {kernel}. Take fewer layers, a smaller stride or kernel."
            )
        units = require.whole(units, f"channels[{k}]", 1)
        layer = Convolution(height, width, seen, units, kernel, stride)
        layers.append(layer)
        height, width, seen = layer.frame.rows, layer.frame.columns, units
    layers.append(Dense(height * width * seen, require.whole(scores, "scores", 1)))
    return Network(tuple(layers), _check_activation(activation))


def _activated(activation: str, h: Any) -> Any:
    xp = followed()
    return xp.tanh(h) if activation == "tanh" else xp.logaddexp(0.0, h)


def _check_activation(activation: Any) -> str:
    if activation not in ACTIVATIONS:
        kink = " It has a kink, where H does not exist; softplus is smooth." * (
            activation == "relu"
        )
        raise ValueError(f"activation is {activation!r}; it can be 'tanh' or 'softplus'.{kink}")
    return activation


def _check_shapes(theta: Any, X: Any, net: Network) -> None:
    inputs = net.layers[0].inputs
    if np.shape(theta) != (net.p,):
        raise ValueError(f"theta has shape {np.shape(theta)}; this network has ({net.p},).")
    if len(np.shape(X)) != 2 or X.shape[1] != inputs:
        raise ValueError(
            f"X has shape {np.shape(X)}; this network takes rows of {inputs} numbers, (m, "
            f"{inputs})."
        )


def _numbers(K: int, like: Array) -> Array:
    return array_namespace(like).arange(K, dtype=like.dtype, device=device(like))


def _check_labels(y: Any, K: int) -> None:
    xp = array_namespace(y)
    if K == 1:
        known = (y == -1.0) | (y == 1.0)
    else:
        known = xp.any(y[:, None] == _numbers(K, y)[None, :], axis=1)
    if not scalar(xp.all(known)):
        wanted = "labels -1 and +1 (one score)" if K == 1 else f"classes 0 to {K - 1} ({K} scores)"
        odd = to_numpy(y)[~to_numpy(known)][0]
        raise ValueError(
            f"y holds {odd:g}, and this network has {wanted}. Give the network a score for each "
            "class, or map the labels."
        )
