"""The loader that fetches, on a small archive of this machine."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from teachkit import vision
from teachkit.vision import imagenette

DOGS, FISH = "n02102040", "n01440764"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "small.tgz"
    with tarfile.open(path, "w:gz") as held:
        for side, name, file in (
            ("train", DOGS, "a.JPEG"), ("val", DOGS, "b.JPEG"), ("train", FISH, "c.JPEG"),
            ("train", "n03000684", "saw.JPEG"), ("../../..", "n03028079", "../out.JPEG"),
        ):  # fmt: skip
            content = f"{name} {file}".encode()
            member = tarfile.TarInfo(f"imagenette2-320/{side}/{name}/{file}")
            member.size = len(content)
            held.addfile(member, io.BytesIO(content))
    monkeypatch.setattr(imagenette, "URL", path.as_uri())
    monkeypatch.setattr(imagenette, "MD5", hashlib.md5(path.read_bytes()).hexdigest())
    return path


def test_dogs_and_fish_are_fetched_once(archive: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    dogs, fish = vision.fetch_imagenette(data_home=home, progress=False)
    assert (dogs, fish) == (home / DOGS, home / FISH)
    assert sorted(path.name for path in dogs.iterdir()) == ["a.JPEG", "b.JPEG"]
    assert (fish / "c.JPEG").read_text() == f"{FISH} c.JPEG"
    assert sorted(path.name for path in home.iterdir()) == [FISH, DOGS]
    archive.unlink()
    assert vision.fetch_imagenette(data_home=home, progress=False) == (dogs, fish)


def test_another_class_is_taken_when_it_is_asked_for(archive: Path, tmp_path: Path) -> None:
    (saw,) = vision.fetch_imagenette("n03000684", data_home=tmp_path, progress=False)
    assert [path.name for path in saw.iterdir()] == ["saw.JPEG"]
    assert not (tmp_path / DOGS).exists()


def test_another_archive_is_refused_and_nothing_is_left(archive, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(imagenette, "MD5", "0" * 32)
    with pytest.raises(ConnectionError, match="is not Imagenette as it was"):
        vision.fetch_imagenette(data_home=tmp_path / "home", progress=False)
    assert list((tmp_path / "home").iterdir()) == []


def test_without_a_network_a_sentence_says_so(archive: Path, tmp_path: Path) -> None:
    archive.unlink()
    with pytest.raises(ConnectionError, match="could not be fetched .* Is there a network"):
        vision.fetch_imagenette(data_home=tmp_path / "home", progress=False)
    assert list((tmp_path / "home").iterdir()) == []


def test_a_class_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no class 'dogs'\. It has n01440764 \(tench"):
        vision.fetch_imagenette("dogs", data_home=tmp_path)
