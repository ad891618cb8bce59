"""The loader that fetches, on a small archive of this machine."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

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


class Archive(BaseHTTPRequestHandler):
    """Serves a file, with and without ranges, and may break off."""

    content = b""
    breaks_after = None  # bytes
    ranges = True
    asked: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.asked.append(wanted)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges else 0
        if start >= len(self.content):
            self.send_error(416)
            return
        body = self.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.breaks_after])

    def log_message(self, *_) -> None:
        pass


@pytest.fixture
def server(archive: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Archive]]:
    class Served(Archive):
        content = archive.read_bytes()
        asked: ClassVar[list[str | None]] = []

    with ThreadingHTTPServer(("127.0.0.1", 0), Served) as listening:
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{listening.server_port}/imagenette2-320.tgz"
        monkeypatch.setattr(imagenette, "URL", address)
        yield Served
        listening.shutdown()
        thread.join()


def broken_off(server: type[Archive], home: Path, after: int = 100) -> Path:
    server.breaks_after = after
    size = len(server.content)
    with pytest.raises(ConnectionError, match=f"broke: {after} of {size} bytes .*it goes on from"):
        vision.fetch_imagenette(data_home=home, progress=False)
    server.breaks_after = None
    (part,) = home.glob("*.part")
    assert part.read_bytes() == server.content[:after]
    return part


def test_what_has_come_is_not_fetched_again(server, tmp_path, capsys) -> None:
    part = broken_off(server, tmp_path)
    dogs, fish = vision.fetch_imagenette(data_home=tmp_path)
    assert server.asked == [None, "bytes=100-"]
    assert len(list(dogs.iterdir())) == 2 and len(list(fish.iterdir())) == 1
    assert not part.exists()
    assert "Imagenette: 100%" in capsys.readouterr().err


def test_a_server_that_knows_no_ranges_begins_anew(server, tmp_path) -> None:
    broken_off(server, tmp_path)
    server.ranges = False
    dogs, _ = vision.fetch_imagenette(data_home=tmp_path, progress=False)
    assert len(list(dogs.iterdir())) == 2


def test_a_whole_archive_that_an_interrupted_call_left_is_used(server, tmp_path) -> None:
    part = broken_off(server, tmp_path)
    part.write_bytes(server.content)
    dogs, _ = vision.fetch_imagenette(data_home=tmp_path, progress=False)
    assert server.asked[1:] == [f"bytes={len(server.content)}-"]
    assert len(list(dogs.iterdir())) == 2 and not part.exists()


def test_a_broken_part_is_thrown_away_and_the_next_call_begins_anew(server, tmp_path) -> None:
    part = broken_off(server, tmp_path)
    part.write_bytes(b"x" * 100)
    with pytest.raises(ConnectionError, match="is not Imagenette .* It is thrown away"):
        vision.fetch_imagenette(data_home=tmp_path, progress=False)
    assert not part.exists()
    dogs, _ = vision.fetch_imagenette(data_home=tmp_path, progress=False)
    assert server.asked[2:] == [None] and len(list(dogs.iterdir())) == 2


def test_an_interrupt_keeps_what_has_come(server, tmp_path, monkeypatch) -> None:
    def stops(total, progress, **look):
        raise KeyboardInterrupt

    part = broken_off(server, tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(imagenette, "bar", stops)
        with pytest.raises(KeyboardInterrupt):
            vision.fetch_imagenette(data_home=tmp_path, progress=False)
    assert part.stat().st_size == 100
    vision.fetch_imagenette(data_home=tmp_path, progress=False)
    assert server.asked[1:] == ["bytes=100-"] * 2


def test_they_are_kept_in_the_users_folder_for_data(server, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("platformdirs.user_data_dir", lambda name: str(tmp_path / name))
    dogs, _ = vision.fetch_imagenette(progress=False)
    assert dogs == tmp_path / "teachkit" / "imagenette" / DOGS


def test_without_a_network_a_sentence_says_so(archive: Path, tmp_path: Path) -> None:
    archive.unlink()
    with pytest.raises(ConnectionError, match="could not be fetched .* Is there a network"):
        vision.fetch_imagenette(data_home=tmp_path / "home", progress=False)
    assert list((tmp_path / "home").iterdir()) == []


def test_a_class_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no class 'dogs'\. It has n01440764 \(tench"):
        vision.fetch_imagenette("dogs", data_home=tmp_path)
