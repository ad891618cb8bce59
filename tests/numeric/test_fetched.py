"""Loaders that fetch, without a network: what they make of small data, and what they say."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import numpy as np
import pytest
import sklearn.datasets
import sklearn.datasets._openml as openml
from sklearn.utils import Bunch

from teachkit import datasets
from teachkit.datasets import _openml


@pytest.fixture
def served(monkeypatch, tmp_path):
    """Make openml.org serve this; returns what it was asked for."""
    asked = []

    def serve(bunch, come=b""):
        def fetch(name, **options):
            asked.append((name, options["version"]))
            folder = tmp_path / "openml"
            folder.mkdir(exist_ok=True)
            folder.joinpath("part").write_bytes(come)
            return bunch

        monkeypatch.setattr(sklearn.datasets, "fetch_openml", fetch)
        return asked

    return serve


def test_all_of_mnist_is_prepared_as_the_5000_are(served, tmp_path):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, size=(60, 784)).astype(float)
    digit = np.arange(60) % 10
    asked = served(Bunch(data=pixels, target=digit.astype(str).astype(object)))
    split = datasets.fetch_mnist(7, 1, test_size=0.25, data_home=tmp_path, progress=False)
    assert asked == [("mnist_784", 1)]
    assert split.X_train.shape == (9, 785) and split.X_test.shape == (3, 785)
    ours = np.concatenate([split.X_train, split.X_test])[:, :-1] * 255
    y = np.concatenate([split.y_train, split.y_test])
    for image, label in zip(ours, y, strict=True):
        row = np.abs(pixels - image).max(axis=1).argmin()
        np.testing.assert_allclose(image, pixels[row], atol=1e-9)
        assert digit[row] == (7 if label > 0 else 1)
    ten = datasets.fetch_mnist(data_home=tmp_path, progress=False)
    assert sorted(np.concatenate([ten.y_train, ten.y_test])) == sorted(digit)


def test_hospitals_are_coded_and_split_by_patient(served, tmp_path):
    pandas = pytest.importorskip("pandas")
    rows = 40
    frame = pandas.DataFrame(
        {
            "encounter_id": range(rows),
            "patient_nbr": np.arange(rows) // 3,
            "age": ["[0-10)", "[10-20)"] * (rows // 2),
            "diag_1": [f"code {i}" for i in range(rows)],
            "admission_type_id": np.arange(rows) % 3,
            "num_medications": np.arange(rows) * 2,
            "readmitted": ["NO", "<30", ">30", "NO"] * (rows // 4),
        }
    )
    served(Bunch(frame=frame.copy()))
    split = datasets.fetch_diabetes_hospitals(data_home=tmp_path, progress=False)
    assert split.feature_names == (
        *("age [0-10)", "age [10-20)"),
        *(f"admission_type_id {kind}" for kind in range(3)),
        *("num_medications", "ones"),
    )
    X = np.concatenate([split.X_train, split.X_test])
    y = np.concatenate([split.y_train, split.y_test])
    order = np.argsort(X[:, 5])  # counts rise with the row
    np.testing.assert_array_equal(y[order] > 0, frame["readmitted"] != "NO")
    np.testing.assert_array_equal(X[order, 0] == 1, frame["age"] == "[0-10)")
    step = np.diff(np.sort(X[:, 5])).mean()
    persons = [
        set(np.round((part[:, 5] - X[:, 5].min()) / step).astype(int) // 3)
        for part in (split.X_train, split.X_test)
    ]
    assert persons[0] and persons[1] and not persons[0] & persons[1]
    np.testing.assert_allclose(split.X_train[:, 5].mean(), 0, atol=1e-12)


@pytest.mark.parametrize(
    ("loader", "instead"),
    [("fetch_mnist", r"datasets.mnist\(\)"), ("fetch_diabetes_hospitals", r"rand_health\(\)")],
)
def test_without_a_network_a_sentence_says_what_to_use(loader, instead, monkeypatch, tmp_path):
    if loader == "fetch_diabetes_hospitals":
        pytest.importorskip("pandas")

    def nowhere(*arguments, **options):
        raise URLError("Name or service not known")

    monkeypatch.setattr(openml, "urlopen", nowhere)
    monkeypatch.setattr(openml.time, "sleep", lambda seconds: None)
    with pytest.raises(ConnectionError, match=f"Name or service not known.*{instead}"):
        getattr(datasets, loader)(data_home=tmp_path, progress=False)


ROWS = 40
DIGITS = np.arange(ROWS) % 10
PIXELS = (np.arange(ROWS)[:, None] + np.arange(784)) % 256
NAMES = [*(f"pixel{k}" for k in range(1, 785)), "class"]
ARFF = "\n".join(
    [
        "@RELATION mnist_784",
        *(f"@ATTRIBUTE {name} REAL" for name in NAMES[:-1]),
        "@ATTRIBUTE class {0,1,2,3,4,5,6,7,8,9}",
        "@DATA",
        *(",".join(map(str, [*row, k])) for row, k in zip(PIXELS, DIGITS, strict=True)),
    ]
).encode()


def a_feature(k: int) -> dict[str, str]:
    told = {"index": f"{k}", "name": NAMES[k], "data_type": "numeric" if k < 784 else "nominal"}
    told |= {"is_target": "false" if k < 784 else "true"}
    told |= {"number_of_missing_values": "0"}
    return told | {"is_ignore": "false", "is_row_identifier": "false"}


class OpenML(BaseHTTPRequestHandler):
    """openml.org with a small mnist_784; what it sends of the file can be told."""

    asked: ClassVar[list[str]] = []
    file = staticmethod(gzip.compress)
    page: ClassVar[bytes | None] = None  # in the place of all answers

    def do_GET(self) -> None:
        self.asked.append(self.path)
        api, about = "/api/v1/json/data", {}
        about[f"{api}/list/data_name/mnist_784/limit/2/data_version/1"] = {
            "data": {"dataset": [{"did": 554, "name": "mnist_784", "version": 1}]}
        }
        about[f"{api}/554"] = {"data_set_description": {
            "id": "554", "name": "mnist_784", "version": "1", "format": "ARFF", "status": "active",
            "description": "digits",
            "file_id": "5", "url": "https://www.openml.org/data/v1/download/5/mnist_784.arff",
            "md5_checksum": hashlib.md5(ARFF).hexdigest(), "default_target_attribute": "class",
        }}  # fmt: skip
        about[f"{api}/features/554"] = {
            "data_features": {"feature": [a_feature(k) for k in range(785)]}
        }
        qualities = [{"name": "NumberOfInstances", "value": f"{ROWS}"}]
        about[f"{api}/qualities/554"] = {"data_qualities": {"quality": qualities}}
        packed = self.page is None and self.path not in about
        whole = gzip.compress(ARFF) if packed else self.page
        body = self.file(ARFF) if packed else self.page or json.dumps(about[self.path]).encode()
        self.send_response(200)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(max(len(body), len(whole or b""))))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass


@pytest.fixture
def openml_org(monkeypatch):
    class Served(OpenML):
        asked: ClassVar[list[str]] = []

    def here(request, **options):
        url = request.full_url if hasattr(request, "full_url") else request
        path = urlsplit(url).path.replace("//", "/")
        return urlopen(f"http://127.0.0.1:{listening.server_port}{path}", timeout=30)

    with ThreadingHTTPServer(("127.0.0.1", 0), Served) as listening:
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        monkeypatch.setattr(openml, "urlopen", here)
        monkeypatch.setattr(openml.time, "sleep", lambda seconds: None)
        yield Served
        listening.shutdown()
        thread.join()


def test_mnist_comes_once_and_is_kept(openml_org, tmp_path, capsys):
    split = datasets.fetch_mnist(test_size=0.25, data_home=tmp_path)
    y = np.concatenate([split.y_train, split.y_test])
    assert sorted(y) == sorted(DIGITS) and split.X_train.shape == (30, 785)
    assert "mnist_784" in capsys.readouterr().err
    asked = len(openml_org.asked)
    again = datasets.fetch_mnist(test_size=0.25, data_home=tmp_path, progress=False)
    np.testing.assert_array_equal(again.X_train, split.X_train)
    assert len(openml_org.asked) == asked > 3
    assert [path.name for path in tmp_path.iterdir()] == ["openml"]


@pytest.mark.parametrize(
    "file",
    [
        lambda arff: gzip.compress(arff)[:-50],  # the connection breaks off
        lambda arff: gzip.compress(arff.replace(b"0,1,2", b"0,1,3")),  # another checksum
        lambda arff: b"no gzip at all",
    ],
    ids=["half", "changed", "no gzip"],
)
def test_a_broken_file_is_told_and_comes_anew_the_next_time(openml_org, tmp_path, file):
    openml_org.file = staticmethod(file)
    with pytest.raises(ConnectionError, match=r"is not mnist_784, or is not whole .*Try once more"):
        datasets.fetch_mnist(data_home=tmp_path, progress=False)
    openml_org.file = staticmethod(gzip.compress)
    assert datasets.fetch_mnist(data_home=tmp_path, progress=False).X_train.shape[1] == 785


def test_a_page_to_log_in_is_told_apart_from_data(openml_org, tmp_path):
    openml_org.page = b"<html>Welcome to this hotel</html>"
    with pytest.raises(ConnectionError, match=r"a page to log in may stand between"):
        datasets.fetch_mnist(data_home=tmp_path, progress=False)
    openml_org.page = None
    assert len(datasets.fetch_mnist(data_home=tmp_path, progress=False).y_train) == 34


def test_the_bar_counts_what_has_come(tmp_path, monkeypatch):
    monkeypatch.setattr(_openml, "POLL", 0.001)
    moved, came = [], threading.Event()

    def move(count):
        moved.append(count)
        if sum(moved) == 5000:
            came.set()

    with _openml._watched(tmp_path, move):
        tmp_path.joinpath("part").write_bytes(b"x" * 5000)
        assert came.wait(20)


def test_the_bar_is_shown_and_closed(served, tmp_path, capsys):
    served(Bunch(data=np.zeros((40, 784)), target=np.arange(40) % 10), come=b"x" * 100)
    datasets.fetch_mnist(data_home=tmp_path)
    assert "mnist_784" in capsys.readouterr().err
    assert not [thread for thread in threading.enumerate() if "look" in thread.name]


@pytest.mark.parametrize("loader", ["fetch_mnist", "fetch_diabetes_hospitals"])
def test_a_share_that_makes_no_split_is_refused_before_anything_is_fetched(loader, served):
    asked = served(Bunch())
    with pytest.raises(ValueError, match="share of the data"):
        getattr(datasets, loader)(test_size=2.0)
    assert not asked
