"""Numbers and labels as explorers write them."""

from __future__ import annotations

import numpy as np
import pytest

from teachkit.scenes.words import (
    counted,
    decimals_for,
    digits,
    listed,
    number,
    round_up,
    scientific,
    signed,
    signed_writer,
    spread,
    writer,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.25, "0.250"), (-1.5, "−1.500"), (-0.0001, "0.000"), (123456.0, "1.23e+05")],
)
def test_numbers_have_a_true_minus_and_a_fixed_width(value, text):
    assert number(value) == text


def test_one_is_singular():
    assert [counted(k, "step") for k in (0, 1, 2)] == ["0 steps", "1 step", "2 steps"]


def test_a_zero_has_no_sign():
    assert [digits(value) for value in (-0.0, 0.0, -0.25)] == ["0", "0", "−0.25"]


def test_a_change_shows_its_sign():
    assert (signed(0.5, 2), signed(-0.5, 2), signed(0.0, 2)) == ("+0.50", "−0.50", "+0.00")


@pytest.mark.parametrize(
    ("values", "decimals"), [((0.31, 0.34), 2), ((0.0031, 0.002), 4), ((12.0,), 2), ((0.0,), 2)]
)
def test_the_largest_keeps_two_digits(values, decimals):
    assert decimals_for(*values) == decimals


def test_lists_read_as_sentences_do():
    assert [listed(["1"]), listed(["1", "2"]), listed(["1", "2", "3"])] == [
        "1",
        "1 and 2",
        "1, 2 and 3",
    ]


@pytest.mark.parametrize(
    ("value", "limit"), [(0.9, 1.0), (1.0, 1.0), (0.0121, 0.015), (7.2, 8), (9.1, 10)]
)
def test_limits_are_round_and_not_too_wide(value, limit):
    assert round_up(value) == pytest.approx(limit)
    assert value <= round_up(value) * (1 + 1e-12)


def test_labels_keep_their_order_and_their_distance():
    moved = spread([0.5, -1.0, 0.52, 0.51], 0.2)
    assert np.argsort(moved).tolist() == [1, 0, 3, 2]
    assert np.diff(sorted(moved)).min() >= 0.2 - 1e-12
    assert moved[:2] == [0.5, -1.0]


def test_powers_of_ten_are_written_as_such():
    assert scientific(6.28e-8) == "6.3·10⁻⁸"
    assert scientific(-1234.0, 0) == "−1·10³"
    assert scientific(0.0) == "0.0·10⁰"


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((1.5, -0.25, 0.0), ["1.500", "−0.250", "0.000"]),
        ((2524.528, 3.2), ["2524.528", "3.200"]),
        ((0.002, 1e-9), ["0.002", "0.000"]),
        ((52340.7, -3.0), ["52341", "−3"]),
        ((3.25e12, 1e3), ["3.25e+12", "0"]),
        ((9.3398e-6, -2.17e-8, 1e-14), ["9.3398e−06", "−2.17e−08", "0"]),
        ((), []),
    ],
)
def test_numbers_of_one_row_keep_digits_that_tell_them_apart(values, texts):
    assert [writer(*values)(value) for value in values] == texts


@pytest.mark.parametrize(
    ("values", "of", "texts"),
    [
        ((0.314, -0.3), 1.0, ["+0.31", "−0.30"]),
        ((4.3e-5, 1e-5), 1.0, ["+0.00004", "+0.00001"]),
        ((4.3e-9, -4.1e-9), 1e-6, ["+4.3e−09", "−4.1e−09"]),
        ((4.3e-17, 0.0), 0.5, ["+0.00000", "+0.00000"]),  # rounding, beside what changes
        ((-6.81e6, -7.15e6), 1e7, ["−6.81e+06", "−7.15e+06"]),
        ((0.0, 0.0), 0.0, ["+0.00", "+0.00"]),
    ],
)
def test_changes_of_any_size_have_a_sign_and_two_digits(values, of, texts):
    assert [signed_writer(*values, of=of)(value) for value in values] == texts
