"""A learner's own table, from a CSV file or a DataFrame, as a split that the lessons can use."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from teachkit import arrays
from teachkit._optional import optional
from teachkit.datasets.split import (
    Split,
    check_split,
    split_of,
    split_rows,
    standardised,
    with_ones,
)

FEW = 30  # different texts at most in a column that becomes columns of 0 and 1


@arrays.quiet()
def read_table(
    table: Any,
    label: str,
    *,
    positive: Any = None,
    columns: Sequence[str] | None = None,
    test_size: float = 0.3,
    random_state: int = 0,
) -> Split:
    """Your own data: a table with one row per example, one column of which is the label.

    Parameters
    ----------
    table : str, Path or DataFrame
        A CSV file (the separator is found), or a pandas DataFrame.
    label : str
        The column with the two classes.
    positive : optional
        The class that is +1, as it stands in the table; all others are -1. By default the later
        one of two, in the order of the alphabet or of numbers.
    columns : several str, optional
        The columns to use; all but the label by default.
    test_size : float
        Share of the rows held back, between 0 and 1.
    random_state : int
        Seed of the split.

    Returns
    -------
    Split
        Numbers standardised on the training rows, a column of 0 and 1 for each text of a column
        of texts, and ones last. Labels -1.0 and +1.0.

    Raises
    ------
    FileNotFoundError, ValueError, TypeError, ImportError
        A sentence: no such file or column, missing values (which rows), a column that is constant
        or holds too many texts, labels that are not two classes, a class with a single row.

    Notes
    -----
    Lesson: 07_influence_upweighting
    """
    check_split(test_size, random_state)
    frame, name = _frame(table)
    used = _used(frame, label, columns)
    _refuse_missing(frame[[*used, label]])
    y, positive = _labels(frame[label], label, positive)
    flags, names = _indicators(frame, [c for c in used if not _is_number(frame[c])])
    numbers = [c for c in used if _is_number(frame[c])]
    values = frame[numbers].to_numpy(float)
    infinite = ~np.isfinite(values).all(axis=0)
    if infinite.any():
        column = numbers[int(np.argmax(infinite))]
        raise ValueError(
            f"The column {column!r} holds infinity. Put a number there, or leave it out."
        )

    rows = np.arange(len(y))
    train, test, y_train, y_test = split_rows(rows, y, test_size, random_state)
    for side, labels in (("training", y_train), ("test", y_test)):
        if abs(labels.sum()) == len(labels):
            raise ValueError(
                f"All {len(labels)} {side} rows are of one class: {int((y > 0).sum())} of all "
                f"{len(y)} rows are {positive!r}. Try another random_state, another test_size, or "
                "more rows."
            )
    for column, spread in zip(numbers, np.ptp(values[train], axis=0), strict=True):
        if spread == 0:
            raise ValueError(
                f"The column {column!r} has the same value in every training row, so it tells "
                "nothing. Leave it out: name those to use with columns=."
            )
    X = [
        with_ones(np.column_stack([scaled, flags[part]]))
        for scaled, part in zip(
            standardised(values[train], values[test]), (train, test), strict=True
        )
    ]
    return split_of(
        [*X, y_train, y_test],
        (*map(str, numbers), *names, "ones"),
        f"{name}, {label} = {positive} (+1) against others (-1)",
        source=name,
        licence="your own",
    )


def _frame(table: Any) -> tuple[Any, str]:
    pandas = optional("pandas", "pandas", "A table of your own")
    if isinstance(table, pandas.DataFrame):
        return table.reset_index(drop=True), "your table"
    if not isinstance(table, str | Path):
        raise TypeError(
            f"table is the name of a CSV file or a pandas DataFrame; got {type(table).__name__}."
        )
    path = Path(table)
    if not path.is_file():
        near = sorted(p.name for p in path.parent.glob("*.csv")) if path.parent.is_dir() else []
        there = f"there are {', '.join(near[:5])}" if near else "there is no .csv file"
        raise FileNotFoundError(
            f"There is no file {str(table)!r} (looked in {path.parent.resolve()}; {there})."
        )
    try:
        frame = pandas.read_csv(path, sep=None, engine="python")
    except (ValueError, OSError, csv.Error, pandas.errors.ParserError) as error:
        raise ValueError(
            f"{path.name} could not be read as a table: {error}. It has to be text, a row a line, "
            "with the names of the columns in the first."
        ) from error
    if frame.empty:
        raise ValueError(f"{path.name} has no rows under the names of its columns.")
    return frame, path.name


def _used(frame: Any, label: str, columns: Sequence[str] | None) -> list[str]:
    if isinstance(columns, str):
        raise TypeError(f"columns is a list of names, such as columns=[{columns!r}].")
    used = [c for c in frame.columns if c != label] if columns is None else list(columns)
    for column in (label, *used):
        if column not in frame.columns:
            raise ValueError(
                f"There is no column {column!r}. The columns are "
                f"{', '.join(map(str, frame.columns))}."
            )
    if label in used:
        raise ValueError(f"{label!r} is the label; a model that sees it has nothing to learn.")
    if not used:
        raise ValueError("No column is left to learn from: the table holds the label alone.")
    return used


def _refuse_missing(frame: Any) -> None:
    missing = frame.isna()
    if missing.any(axis=None):
        (column, *_) = frame.columns[missing.any()]
        rows = list(np.flatnonzero(missing[column]))
        raise ValueError(
            f"{len(rows)} rows have no value in the column {column!r} (row {rows[0]} first). "
            "Fill them in, drop them (table.dropna()), or leave the column out."
        )


def _labels(column: Any, label: str, positive: Any) -> tuple[np.ndarray, Any]:
    values = column.to_numpy()
    classes = sorted(set(values.tolist()), key=lambda v: (isinstance(v, str), v))
    shown = ", ".join(map(repr, classes[:6])) + (", ..." if len(classes) > 6 else "")
    if len(classes) < 2:
        raise ValueError(f"The label {label!r} is {shown} in every row; two classes are needed.")
    if positive is None:
        if len(classes) > 2:
            raise ValueError(
                f"The label {label!r} has {len(classes)} values ({shown}). Say which one is +1 "
                f"against all others: positive={classes[-1]!r}."
            )
        positive = classes[-1]
    if positive not in classes:
        raise ValueError(f"positive is {positive!r}, but the label {label!r} holds {shown}.")
    return np.where(values == positive, 1.0, -1.0), positive


def _indicators(frame: Any, texts: list[str]) -> tuple[np.ndarray, list[str]]:
    flags, names = [np.empty((len(frame), 0))], []
    for column in texts:
        values = frame[column].astype(str)
        found = sorted(set(values))
        if len(found) > FEW:
            raise ValueError(
                f"The column {column!r} holds {len(found)} different texts ({found[0]!r}, "
                f"{found[1]!r}, ...), more than {FEW}: a name or a number of each row? Leave it "
                "out: name those to use with columns=."
            )
        flags.append(np.array([[value == text for text in found] for value in values], dtype=float))
        names += [f"{column} {text}" for text in found]
    return np.concatenate(flags, axis=1), names


def _is_number(column: Any) -> bool:
    return column.dtype.kind in "iufb"
