"""Data sets: what they hold, against scikit-learn and the formulas of the lessons."""

from __future__ import annotations

import subprocess
import sys
from importlib import resources

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupShuffleSplit, train_test_split
from sklearn.preprocessing import StandardScaler

from teachkit import arrays, datasets
from teachkit.datasets import _files
from teachkit.datasets.rand_health import NUMBERS, SHARES
from tests.conftest import the_cupy

LOADERS = [
    getattr(datasets, n) for n in ("digits", "breast_cancer", "mnist", "spam", "rand_health")
]


def test_blobs_end_in_an_outlier_of_the_wrong_class():
    X, y = datasets.blobs()
    assert X.shape == (41, 2) and y.shape == (41,)
    assert X[-1].tolist() == [-3, -2] and y[-1] == 1
    assert (y[:20] == -1).all() and (y[20:] == 1).all()
    # Each cloud's mean lies within three standard errors of its centre.
    np.testing.assert_allclose(X[:20].mean(axis=0), [-1.2, -0.8], atol=3 * 0.8 / 20**0.5)
    np.testing.assert_allclose(X[20:40].mean(axis=0), [1.2, 0.8], atol=3 * 0.8 / 20**0.5)
    model = LogisticRegression().fit(X, y)
    assert model.predict(X[-1:]) == [-1]  # the outlier is on the other side of the boundary


def test_line_is_pulled_by_its_last_point():
    x, y = datasets.line()
    assert x.shape == (21, 1) and x[-1, 0] == 4 and y[-1] == 0
    np.testing.assert_allclose(x[:20, 0], np.linspace(-1, 1, 20))
    slope = [np.polyfit(x[:n, 0], y[:n], 1)[0] for n in (21, 20)]
    np.testing.assert_allclose(slope, [0.252, 0.760], atol=5e-4)


def test_moons_lie_on_two_half_circles_that_no_line_separates():
    X, y = datasets.moons(41, noise=0)
    np.testing.assert_allclose(np.hypot(*X[y < 0].T), 1)
    np.testing.assert_allclose(np.hypot(*(X[y > 0] - [1, 0.5]).T), 1)
    assert (y < 0).sum() == 21 and (y > 0).sum() == 20
    assert LogisticRegression(C=1e4).fit(X, y).score(X, y) < 1
    noisy, _ = datasets.moons(41, noise=0.1, seed=3)
    assert 0.05 < (noisy - X).std() < 0.15
    assert not np.array_equal(noisy, datasets.moons(41, noise=0.1, seed=4)[0])


def test_digits_agree_with_scikit_learn():
    bunch = load_digits()
    rows = np.isin(bunch.target, [3, 8])
    X = bunch.data[rows] / 16
    y = np.where(bunch.target[rows] == 8, 1, -1)
    expected = train_test_split(X, y, test_size=0.3, random_state=0)
    split = datasets.digits()
    got = split.X_train, split.X_test, split.y_train, split.y_test
    for ours, theirs in zip(got[:2], expected[:2], strict=True):
        np.testing.assert_array_equal(ours[:, :-1], theirs)
        assert (ours[:, -1] == 1).all()
    for ours, theirs in zip(got[2:], expected[2:], strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert split.X_train.shape == (249, 65) and split.X_test.shape == (108, 65)
    assert len(split.feature_names) == 65 and split.feature_names[-1] == "ones"
    assert "249" in repr(split) and "8" in split.name


def test_digits_takes_any_digits_and_another_split():
    bunch = load_digits()
    split = datasets.digits(positive=(2, 7), negative=1, random_state=5, test_size=0.5)
    y = np.concatenate([split.y_train, split.y_test])
    assert (y == 1).sum() == np.isin(bunch.target, [2, 7]).sum()
    assert (y == -1).sum() == (bunch.target == 1).sum()
    assert abs(len(split.y_train) - len(split.y_test)) <= 1
    other = datasets.digits(positive=(2, 7), negative=1, random_state=6, test_size=0.5)
    assert not np.array_equal(split.X_train, other.X_train)


def test_parity_holds_every_image_with_even_as_plus():
    X, y = datasets.digits_parity()
    assert X.shape == (1797, 65)
    np.testing.assert_array_equal(X[:, :-1], load_digits().data / 16)
    np.testing.assert_array_equal(y, np.where(load_digits().target % 2 == 0, 1, -1))


def test_breast_cancer_is_standardised_on_the_training_rows_alone():
    bunch = load_breast_cancer()
    X_train, X_test, y_train, y_test = train_test_split(
        bunch.data, bunch.target, test_size=0.3, random_state=0
    )
    scaler = StandardScaler().fit(X_train)
    split = datasets.breast_cancer()
    np.testing.assert_allclose(split.X_train[:, :-1], scaler.transform(X_train), atol=1e-12)
    np.testing.assert_allclose(split.X_test[:, :-1], scaler.transform(X_test), atol=1e-12)
    np.testing.assert_array_equal(split.y_train, 2 * y_train - 1)
    np.testing.assert_array_equal(split.y_test, 2 * y_test - 1)
    assert split.X_train.shape == (398, 31) and (split.X_train[:, -1] == 1).all()
    assert len(split.feature_names) == 31


def test_mnist_has_all_ten_classes_or_two_sides():
    ten = datasets.mnist()
    assert ten.X_train.shape == (4500, 785) and ten.X_test.shape == (500, 785)
    assert np.bincount(np.concatenate([ten.y_train, ten.y_test])).tolist() == [500] * 10
    assert ten.X_train.min() == 0 and ten.X_train.max() == 1 and (ten.X_train[:, -1] == 1).all()
    two = datasets.mnist(positive=7, negative=1, test_size=0.2)
    images = _files.shipped("mnist_5000.npz")
    sevens = images["pixels"][images["digit"] == 7] / 255
    ours = np.concatenate([two.X_train[two.y_train > 0], two.X_test[two.y_test > 0]])
    assert sorted(map(bytes, ours[:, :-1])) == sorted(map(bytes, sevens))
    assert len(two.y_train) == 800 and "7 (+1) against 1 (-1)" in two.name


def test_mnists_digits_are_told_apart_by_another_librarys_model():
    split = datasets.mnist(positive=7, negative=1)
    model = LogisticRegression(C=0.1).fit(split.X_train, split.y_train)
    assert model.score(split.X_test, split.y_test) > 0.9


@pytest.mark.parametrize(("name", "record"), _files.records().items())
def test_every_shipped_file_is_as_its_record_says(name, record):
    held = _files.shipped(name)
    assert resources.files(datasets).joinpath("files", name).stat().st_size == record["bytes"]
    assert {key: list(array.shape) for key, array in held.items()} == record["shapes"]
    for key, counts in record["classes"].items():
        assert np.bincount(held[key]).tolist() == counts


def test_every_file_that_is_shipped_has_a_record_and_a_script():
    folder = resources.files(datasets).joinpath("files")
    held = {path.name for path in folder.iterdir() if path.name.endswith(".npz")}
    assert held == set(_files.records())
    for name in held:
        assert folder.joinpath(f"make_{name.removesuffix('.npz')}.py").is_file()


def test_a_changed_file_is_refused(monkeypatch, tmp_path):
    for name in ("mnist_5000.npz", "files.json"):
        content = resources.files(datasets).joinpath("files", name).read_bytes()
        (tmp_path / name).write_bytes(content if name == "files.json" else content[:-1])
    monkeypatch.setattr(_files, "_folder", lambda: tmp_path)
    _files.shipped.cache_clear()
    with pytest.raises(ValueError, match="not as it was shipped"):
        _files.shipped("mnist_5000.npz")


@pytest.mark.parametrize("side", ["positive", "negative"])
def test_mnist_asks_for_both_sides_or_none(side):
    with pytest.raises(ValueError, match="One side of the two"):
        datasets.mnist(**{side: 7})


def rows_of(split):
    return [tuple(row) for X in (split.X_train, split.X_test) for row in X]


def test_spam_has_no_mail_twice_unless_asked_for():
    once, all_ = datasets.spam(), datasets.spam(duplicates=True)
    assert len(rows_of(all_)) == 4601 and len(rows_of(once)) == 4601 - 391
    labelled = [(*row, y) for s in [once] for row, y in zip(rows_of(s), labels_of(s), strict=True)]
    assert len(set(labelled)) == len(labelled)
    assert len(labelled) - len(set(rows_of(once))) == 3  # as mail and as spam
    assert (labels_of(all_) > 0).sum() == 1813


def labels_of(split):
    return np.concatenate([split.y_train, split.y_test])


def test_spams_values_are_logarithms_or_standardised():
    values = _files.shipped("spam.npz")["values"]
    logs, standard = (
        datasets.spam(duplicates=True),
        datasets.spam(duplicates=True, scale="standard"),
    )
    raw = train_test_split(values, test_size=0.2, random_state=0)
    np.testing.assert_allclose(logs.X_test[:, :-1], np.log1p(raw[1]), rtol=1e-12)
    scaler = StandardScaler().fit(raw[0])
    for X, expected in zip((standard.X_train, standard.X_test), raw, strict=True):
        np.testing.assert_allclose(X[:, :-1], scaler.transform(expected), atol=1e-11)
    model = LogisticRegression(C=1).fit(logs.X_train, logs.y_train)
    assert model.score(logs.X_test, logs.y_test) > 0.9
    assert values[:, :-3].max() <= 100  # per cent


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"scale": "raw"}, ValueError, "scale is"),
        ({"duplicates": 1}, TypeError, "True or False"),
    ],
)
def test_spam_refuses_what_it_does_not_know(arguments, error, says):
    with pytest.raises(error, match=says):
        datasets.spam(**arguments)


def test_rand_health_has_each_person_on_one_side():
    split = datasets.rand_health()
    held = _files.shipped("rand_health.npz")
    columns = dict(zip(held["names"], held["values"].T, strict=True))
    known = ~np.isnan(columns["educdec"])
    persons = columns["zper"][known]
    assert len(split.X_train) + len(split.X_test) == known.sum() == 20186
    shuffle = GroupShuffleSplit(1, test_size=0.3, random_state=0)
    train, test = next(shuffle.split(persons, groups=persons))
    assert not set(persons[train]) & set(persons[test])
    np.testing.assert_array_equal(split.y_test > 0, columns["inpdol"][known][test] > 0)
    female = split.feature_names.index("female")
    np.testing.assert_array_equal(split.X_train[:, female], columns["female"][known][train])


def test_rand_children_thins_those_it_trains_on_and_tests_on_other_persons():
    data, split = datasets.rand_children(random_state=3), datasets.rand_health()
    child = data.X[:, data.child] == 1
    assert data.feature_names[data.child] == "age 0-9"
    np.testing.assert_array_equal(np.flatnonzero(child), range(24))
    np.testing.assert_array_equal(data.y[:24], [1.0] * 3 + [-1.0] * 21)
    assert data.y[24:].sum() == 0
    assert set(range(len(data.y))) - set(data.kept) == set(range(4, 24))
    years = {(*x, y) for x, y in zip(split.X_train, split.y_train, strict=True)}
    assert all((*x, y) in years for x, y in zip(data.X, data.y, strict=True))
    young = split.X_test[:, data.child] == 1
    np.testing.assert_array_equal(data.X_test, split.X_test[young])
    np.testing.assert_array_equal(data.y_test, split.y_test[young])
    same, other = (datasets.rand_children(random_state=seed) for seed in (3, 4))
    np.testing.assert_array_equal(same.X, data.X)
    assert not np.array_equal(other.X, data.X)
    with pytest.raises(ValueError, match="random_state"):
        datasets.rand_children(random_state=-1)


def test_rand_healths_columns_are_indicators_shares_and_numbers():
    split = datasets.rand_health()
    names = list(split.feature_names)
    assert len(names) == split.X_train.shape[1] == len(set(names))
    for start in ("site", "year", "coins", "age"):
        mine = [i for i, name in enumerate(names) if name.startswith(start + " ")]
        assert (split.X_train[:, mine].sum(axis=1) == 1).all()
    numbers = split.X_train[:, [names.index(name) for name in NUMBERS]]
    np.testing.assert_allclose(numbers.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(numbers.std(axis=0), 1)
    shares = split.X_train[:, [names.index(name) for name in SHARES]]
    assert shares.min() >= 0 and shares.max() <= 1
    children = sum(X[:, names.index("age 0-9")].sum() for X in (split.X_train, split.X_test))
    assert children == 4339


def test_every_split_says_where_it_comes_from():
    splits = (datasets.digits(), datasets.breast_cancer(), datasets.mnist(7, 1))
    for split in (*splits, datasets.spam(), datasets.rand_health()):
        assert split.source and (split.licence.startswith("CC BY") or "public" in split.licence)
        if split.image_shape is not None:
            assert np.prod(split.image_shape) == split.X_train.shape[1] - 1


def test_data_sets_are_numpys_wherever_risks_keep_them(monkeypatch):
    the_cupy()
    monkeypatch.setenv("TEACHKIT_BACKEND", "cupy")
    split = datasets.digits()
    held = (split.X_train, split.y_train, split.X_test, split.y_test, *datasets.blobs())
    assert all(type(array) is np.ndarray for array in held)


def test_data_handed_out_may_be_changed_without_harm():
    X, _ = datasets.blobs()
    X[:] = 0
    assert (datasets.blobs()[0] != 0).any()


def test_add_ones_keeps_library_device_and_dtype(xp_device):
    X = xp_device.array([[1, 2], [3, 4]], "float32")
    with_ones = datasets.add_ones(X)
    assert xp_device.holds(with_ones, "float32")
    np.testing.assert_array_equal(arrays.to_numpy(with_ones), [[1, 2, 1], [3, 4, 1]])


def test_add_ones_refuses_a_vector():
    with pytest.raises(ValueError, match=r"table X of shape \(n, d\)"):
        datasets.add_ones([1.0, 2.0])


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"positive": (3, 8), "negative": (8, 1)}, ValueError, r"\[8\] stand in positive and in"),
        ({"positive": 10}, ValueError, "10; a digit is one of 0 to 9"),
        ({"negative": (-1,)}, ValueError, "-1; a digit is one of 0 to 9"),
        ({"positive": ()}, ValueError, "names no digit"),
        ({"positive": "8"}, TypeError, "got '8'"),
        ({"positive": (8.0,)}, TypeError, "whole numbers"),
        ({"positive": True}, TypeError, "whole numbers"),
        ({"negative": None}, TypeError, "a digit or several"),
        ({"test_size": 1.0}, ValueError, "share of the data"),
        ({"test_size": float("nan")}, ValueError, "share of the data"),
        ({"test_size": "many"}, TypeError, "share"),
        ({"random_state": -1}, ValueError, "seed"),
        ({"random_state": None}, TypeError, "seed"),
    ],
)
def test_silly_digits_are_refused_with_a_sentence(arguments, error, says):
    with pytest.raises(error, match=says):
        datasets.digits(**arguments)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"n": 1}, ValueError),
        ({"n": 2.5}, TypeError),
        ({"noise": -1}, ValueError),
        ({"noise": float("nan")}, ValueError),
        ({"noise": "much"}, TypeError),
        ({"seed": None}, TypeError),
        ({"seed": "a"}, TypeError),
        ({"seed": -1}, ValueError),
    ],
)
def test_silly_moons_are_refused(arguments, error):
    with pytest.raises(error, match="moons"):
        datasets.moons(**arguments)


def test_datasets_import_neither_scikit_learn_nor_a_plotting_library():
    code = (
        "import sys, teachkit.datasets; print(sorted({'sklearn', 'matplotlib'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_scikit_learn_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.delitem(sys.modules, "sklearn.datasets", raising=False)
    with pytest.raises(ImportError, match="pip install scikit-learn"):
        datasets.digits()
