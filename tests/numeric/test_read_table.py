"""A learner's own table: what becomes of it, and what is said where it cannot be used."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from teachkit import Influence, LinearRisk, minimize
from teachkit.datasets import read_table
from teachkit.losses import Logistic

pandas = pytest.importorskip("pandas")


def frame(n=40, **columns):
    rng = np.random.default_rng(0)
    return pandas.DataFrame(
        {
            "age": np.linspace(20, 60, n),
            "weight": rng.integers(50, 100, n),
            "town": ["Rome", "Oslo", "Lima", "Oslo"] * (n // 4),
            "ill": ["no", "yes"] * (n // 2),
            **columns,
        }
    )


def test_numbers_are_standardised_and_texts_become_columns():
    table = frame()
    split = read_table(table, "ill")
    assert split.feature_names == (
        "age",
        "weight",
        *(f"town {t}" for t in ("Lima", "Oslo", "Rome")),
        "ones",
    )
    X = np.concatenate([split.X_train, split.X_test])
    order = np.argsort(X[:, 0])  # ages rise with the row
    y = np.concatenate([split.y_train, split.y_test])[order]
    np.testing.assert_array_equal(y > 0, table["ill"] == "yes")
    ages = table["age"].to_numpy()[:, None]
    rows = np.searchsorted(np.sort(X[:, 0]), split.X_train[:, 0])
    scaler = StandardScaler().fit(ages[rows])
    np.testing.assert_allclose(X[order, 0], scaler.transform(ages)[:, 0])
    towns = OneHotEncoder().fit_transform(table[["town"]]).toarray()
    np.testing.assert_array_equal(X[order, 2:5], towns)
    assert "ill = yes (+1)" in split.name and len(split.y_test) == 12


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_says_the_same_as_its_frame(separator, tmp_path):
    path = tmp_path / "mine.csv"
    frame().to_csv(path, sep=separator, index=False)
    for given in (path, str(path)):
        ours, expected = read_table(given, "ill"), read_table(frame(), "ill")
        np.testing.assert_allclose(ours.X_train, expected.X_train, rtol=1e-12)
        np.testing.assert_array_equal(ours.y_test, expected.y_test)
        assert ours.name.startswith("mine.csv")


def test_one_class_of_several_stands_against_all_others():
    table = frame(kind=[0, 1, 2, 1] * 10)
    split = read_table(table, "kind", positive=2, columns=["age"])
    assert (np.concatenate([split.y_train, split.y_test]) > 0).sum() == 10
    assert split.X_train.shape[1] == 2
    assert (
        read_table(frame(), "ill", positive="no").y_train[0]
        == -read_table(frame(), "ill").y_train[0]
    )


def test_a_table_goes_through_to_an_influence():
    split = read_table(frame(), "ill")
    risk = LinearRisk(split.X_train, split.y_train, Logistic(), l2=0.1)
    theta = minimize(risk, np.zeros(risk.p)).x
    effects = Influence(risk, theta).up_loss(split.X_test[0], split.y_test[0])
    assert effects.shape == (28,) and np.isfinite(effects).all()


def test_the_index_of_a_frame_does_not_matter():
    table = frame()
    table.index = np.arange(len(table))[::-1]
    np.testing.assert_array_equal(
        read_table(table, "ill").X_train, read_table(frame(), "ill").X_train
    )


@pytest.mark.parametrize(
    ("table", "label", "options", "error", "says"),
    [
        (frame(), "sick", {}, ValueError, "no column 'sick'. The columns are age"),
        (frame(), "ill", {"columns": ["size"]}, ValueError, "no column 'size'"),
        (frame(), "ill", {"columns": "age"}, TypeError, "list of names"),
        (frame(), "ill", {"columns": ["age", "ill"]}, ValueError, "is the label"),
        (frame()[["ill"]], "ill", {}, ValueError, "No column is left"),
        (frame(ill="no"), "ill", {}, ValueError, "two classes are needed"),
        (frame(ill=["a", "b", "c", "d"] * 10), "ill", {}, ValueError, "has 4 val.*positive='d'"),
        (frame(), "ill", {"positive": "maybe"}, ValueError, "holds 'no', 'yes'"),
        (frame(age=[np.nan, 1.0] * 20), "ill", {}, ValueError, "20 rows have no.*'age'.*row 0"),
        (frame(age=[np.inf, *range(39)]), "ill", {}, ValueError, "'age' holds infinity"),
        (frame(age=1.0), "ill", {}, ValueError, "'age' has the same value"),
        (frame(town=[f"t{i}" for i in range(40)]), "ill", {}, ValueError, "40 different texts"),
        (frame(ill=["yes", *["no"] * 39]), "ill", {}, ValueError, "of one class: 1 of all 40"),
        (3, "ill", {}, TypeError, "CSV file or a pandas DataFrame; got int"),
        (frame(), "ill", {"test_size": 2.0}, ValueError, "share of the data"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_in_a_sentence(table, label, options, error, says):
    with pytest.raises(error, match=says):
        read_table(table, label, **options)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "could not be read"), (b"a,b\n", "no rows"), (b"\xff\xfe\x00\x89", "could not be read")],
)
def test_a_file_that_is_no_table_is_refused(content, says, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=says):
        read_table(path, "b")


def test_a_file_that_is_not_there_names_those_that_are(tmp_path):
    tmp_path.joinpath("other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FileNotFoundError, match=r"no file.*there are other\.csv"):
        read_table(tmp_path / "mine.csv", "b")
    with pytest.raises(FileNotFoundError, match=r"there is no \.csv file"):
        read_table(tmp_path / "nowhere" / "mine.csv", "b")
