"""Folders, files, features that are kept: with a stand-in for the network, so they run anywhere."""

from __future__ import annotations

import shutil
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from teachkit import vision
from teachkit.vision import networks
from teachkit.vision.features import Kept
from teachkit.vision.files import listed, squares


def test_two_folders_are_a_data_set(network, stripes: Path, discs: Path) -> None:
    data = vision.pictures(stripes, discs, progress=False)
    assert "stripes (+1) against discs (-1)': 12 to train on, 4 to test on" in repr(data)
    assert data.feature_names[-1] == "ones"
    assert (data.X_train[:, -1] == 1.0).all()
    assert sorted(data.y_train) == 6 * [-1.0] + 6 * [1.0]
    assert sorted(data.y_test) == 2 * [-1.0] + 2 * [1.0]
    assert data.thumbnails_train.shape == (12, 96, 96, 3)
    for side in ("train", "test"):
        files, labels = getattr(data, f"files_{side}"), getattr(data, f"y_{side}")
        assert [path.parent.name for path in files] == [
            "stripes" if label > 0 else "discs" for label in labels
        ]
    for file, row, small in zip(data.files_test, data.X_test, data.thumbnails_test, strict=True):
        square = squares([f for f in listed(file.parent) if f.path == file], 8)
        (pixels,) = square.values()
        np.testing.assert_allclose(row[:3], pixels.mean(axis=(0, 1)))
        wide = np.asarray(Image.fromarray(pixels).resize((96, 96)))
        np.testing.assert_array_equal(small, wide)
    assert {*data.files_train, *data.files_test} == {*stripes.iterdir(), *discs.iterdir()}
    with pytest.raises(FrozenInstanceError):
        data.network = ""
    again = vision.pictures(stripes, discs, progress=False, random_state=1)
    assert again.files_test != data.files_test


def test_features_are_computed_once_and_for_what_is_new(network, stripes, discs) -> None:
    first = vision.pictures(stripes, discs, batch=3, progress=False)
    assert network == [3, 3, 2, 3, 3, 2]
    kept = {path.name for path in stripes.parent.iterdir() if path.is_file()}
    assert kept == {"stripes.efficientnet-lite0.npz", "discs.efficientnet-lite0.npz"}
    network.clear()
    again = vision.pictures(stripes, discs, progress=False)
    assert network == []
    np.testing.assert_array_equal(again.X_train, first.X_train)
    shutil.copy(stripes / "stripes-00.png", stripes / "copy.png")  # the same bytes: known
    shutil.copy(discs / "discs-00.png", stripes / "stripes-03.png")  # changed, and known of discs
    Image.new("RGB", (30, 40), "red").save(stripes / "new.PNG")
    grown = vision.pictures(stripes, discs, progress=False)
    assert network == [2]
    assert len(grown.y_train) + len(grown.y_test) == 18
    (stripes / "new.PNG").unlink()
    assert len(vision.pictures(stripes, discs, progress=False).y_train) == 12
    for path in stripes.parent.glob("*.npz"):
        path.write_bytes(path.read_bytes()[:100])
    network.clear()
    mended = vision.pictures(stripes, discs, progress=False)
    assert sum(network) == 16  # of 17, two have the same bytes
    assert mended.X_train.shape == (12, 7)


def test_an_interrupted_run_keeps_what_is_done_and_leaves_nothing_half(
    network, stripes, discs, monkeypatch
) -> None:
    loaded = networks.loaded

    def stops(name: str):
        features = loaded(name)

        def forward(pixels: np.ndarray) -> np.ndarray:
            if len(network) == 2:
                raise KeyboardInterrupt
            return features(pixels)

        return forward

    with monkeypatch.context() as patched:
        patched.setattr(networks, "loaded", stops)
        with pytest.raises(KeyboardInterrupt):
            vision.pictures(stripes, discs, batch=3, progress=False)
    assert [path.name for path in stripes.parent.iterdir() if path.is_file()] == [
        "stripes.efficientnet-lite0.npz"
    ]
    assert len(Kept(stripes, "efficientnet-lite0").features) == 6
    network.clear()
    vision.pictures(stripes, discs, batch=3, progress=False)
    assert network == [2, 3, 3, 2]


def test_features_that_cannot_be_kept_are_used_all_the_same(
    network, stripes, discs, monkeypatch
) -> None:
    def full(*_, **__):
        raise OSError("no space left on the disk")

    monkeypatch.setattr("teachkit.vision.features.np.savez", full)
    with pytest.warns(RuntimeWarning, match="could not be kept .*no space left"):
        data = vision.pictures(stripes, discs, progress=False)
    assert len(data.y_train) == 12
    assert [path for path in stripes.parent.iterdir() if path.is_file()] == []


def test_a_broken_picture_is_named_and_left_out(network, stripes, discs) -> None:
    (stripes / "broken.jpg").write_bytes(b"no picture")
    whole = (stripes / "stripes-00.png").read_bytes()
    (stripes / "half.png").write_bytes(whole[: len(whole) // 2])
    (stripes / "notes.txt").write_text("not a picture")
    (stripes / ".DS_Store").write_bytes(b"")
    with pytest.warns(RuntimeWarning, match=r"2 of 10 pictures cannot be read .*broken\.jpg"):
        data = vision.pictures(stripes, discs, progress=False)
    assert len(data.y_train) + len(data.y_test) == 16


def test_every_kind_of_picture_is_read(network, tmp_path: Path, discs: Path) -> None:
    folder = tmp_path / "kinds"
    folder.mkdir()
    for k, (kind, mode) in enumerate(
        [("png", "RGBA"), ("jpg", "L"), ("JPEG", "RGB"), ("gif", "P"), ("bmp", "RGB"),
         ("tiff", "RGB"), ("webp", "RGB"), ("PNG", "1")]
    ):  # fmt: skip
        Image.new("RGB", (20 + k, 30), (30 * k, 100, 50)).convert(mode).save(folder / f"{k}.{kind}")
    data = vision.pictures(folder, discs, progress=False)
    assert (data.y_train > 0).sum() + (data.y_test > 0).sum() == 8


def test_a_square_is_cut_from_the_middle_and_upright(tmp_path: Path) -> None:
    picture = Image.new("RGB", (40, 20), "black")
    picture.paste("white", (10, 0, 30, 20))
    folder = tmp_path / "one"
    folder.mkdir()
    picture.save(folder / "middle.png")
    turned = Image.new("RGB", (20, 20), "black")
    turned.paste("white", (0, 0, 20, 10))  # white above, but the camera was held on its side
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(folder / "turned.png", exif=exif)
    middle, upright = squares(listed(folder), 10).values()
    assert middle.min() > 200
    assert upright[:, -3:].min() > 200
    assert upright[:, :3].max() < 50


REFUSED = [
    (lambda a, b: vision.pictures(a.parent / "cats", b), NotADirectoryError, "no folder .*cats"),
    (lambda a, b: vision.pictures(a.parent, b), ValueError, "It has 3 folders in it: name one"),
    (lambda a, b: vision.pictures(a.parent / "empty", b), ValueError, "no picture in the folder"),
    (lambda a, b: vision.pictures(a, a.parent / "stripes"), ValueError, "Both classes are the"),
    (lambda a, b: vision.pictures(a, b, network="vgg"), ValueError, "there are efficientnet-lite0"),
    (lambda a, b: vision.pictures(a, b, test_size=2), ValueError, "test_size"),
    (lambda a, b: vision.pictures(a, b, batch=0), ValueError, "batch"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "words"), REFUSED)
def test_what_cannot_be_is_refused_in_a_sentence(network, stripes, discs, call, error, words):
    (stripes.parent / "empty").mkdir()
    with pytest.raises(error, match=words):
        call(stripes, discs)
    assert network == []


def test_a_class_of_three_is_too_few(network, stripes, discs) -> None:
    for path in sorted(stripes.iterdir())[3:]:
        path.unlink()
    with pytest.raises(ValueError, match="has 3 pictures that can be read; 4 are the least"):
        vision.pictures(stripes, discs, progress=False)


def test_one_sentence_says_what_to_install(monkeypatch, stripes, discs) -> None:
    monkeypatch.setattr(networks, "find_spec", lambda name: None)
    said = vision.missing()
    assert said is not None and "pip install 'teachkit[vision]'" in said
    assert "torchvision" in (vision.missing("inception-v3") or "")
    with pytest.raises(ImportError, match="Your own pictures need torch"):
        vision.pictures(stripes, discs, progress=False)
    assert [path for path in stripes.parent.iterdir() if path.is_file()] == []
    monkeypatch.setattr(networks, "find_spec", lambda name: object())
    assert vision.missing() is None
