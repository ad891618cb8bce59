"""Tables of lessons: words flush left, numbers flush right, in HTML and in text."""

from __future__ import annotations

from typing import Any

import pytest

from teachkit.figures import table
from teachkit.figures.tables import Table, tabulated

ROWS = [("digits", 65, "4e+03", "0.03 MB"), ("a small <network>", 1000000, "1e+12", "8 TB")]
HEADER = ["model", "p", "numbers in H", "memory"]


def test_the_text_is_aligned() -> None:
    assert tabulated(ROWS, HEADER).as_text().splitlines() == [
        "model                    p  numbers in H   memory",
        "digits                  65         4e+03  0.03 MB",
        "a small <network>  1000000         1e+12     8 TB",
    ]


def test_headings_stand_as_their_columns_do() -> None:
    said = tabulated(ROWS, HEADER).as_html()
    sides = ["left", "right", "right", "right"]
    for tag in ("th", "td"):
        cells = [part for part in said.split("<") if part.startswith(f"{tag} ")]
        assert [("right" if "text-align: right" in cell else "left") for cell in cells[:4]] == sides
    assert "a small &lt;network&gt;" in said
    assert "nowrap" in said.split("<td")[1]  # the first column does not break


@pytest.mark.parametrize(
    ("cells", "right"),
    [
        (("1", "-2.5", "+3.0e-05"), True),
        (("10%", "", "198%"), True),
        (("-", "7", "nan"), True),
        (("about 1e-4", "below 1e-9"), True),
        (("1,000", "8,000,000.00 MB"), True),
        (("True", "1"), False),
        (("rounding", "1"), False),
        (("1 2 3", "1"), False),
        (("3-8", "1"), False),
    ],
)
def test_what_counts_as_a_number(cells: tuple[str, ...], right: bool) -> None:
    shown = tabulated([("", cell) for cell in cells], ("", "value"))
    assert (1 in shown.right) == right


def test_a_table_shows_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: sent.append((data, raw)))
    table(iter(ROWS), header=HEADER)
    ((data, raw),) = sent
    assert raw
    assert data["text/plain"] == tabulated(ROWS, HEADER).as_text()
    assert data["text/html"] == tabulated(ROWS, HEADER).as_html()


def test_the_texts_of_a_cell_may_be_markup_of_its_own() -> None:
    said = Table(("one",), (("a",),)).as_html(lambda text: f"<code>{text}</code>")
    assert "<code>one</code>" in said
    assert "<code>a</code>" in said


def test_rows_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match=r"Row 1 has 2 cells.*names 1 columns"):
        tabulated([("a",), ("b", "c")], ["one"])
    with pytest.raises(ValueError, match="no row under the header"):
        tabulated([], ["one"])
