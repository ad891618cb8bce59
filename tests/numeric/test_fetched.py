"""Loaders that fetch, without a network: what they make of small data, and what they say."""

from __future__ import annotations

import threading
from urllib.error import URLError

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
