"""A table as HTML and as aligned text: the same words in a notebook, a file and a terminal."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

# A number as it is printed, with a sign, an exponent or a unit; what is not there is no text.
NUMBER = re.compile(
    r"(|-|–|inf|nan|(about |below |over )?[+−-]?[\d.,]+(e[+-]?\d+)?( ?[%×]| [A-Za-z]{1,2})?)"
)
_CELL = "padding: 2px 16px 2px 0; vertical-align: baseline; text-align:"


@dataclass(frozen=True)
class Table:
    """Texts under one row of headings; the columns in `right` end at one edge, as numbers do."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()

    def as_text(self) -> str:
        """Aligned lines."""
        lines = [self.header, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(
                cell.rjust(width) if column in self.right else cell.ljust(width)
                for column, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        )

    def as_html(self, inline: Any = lambda text: html.escape(text, quote=False)) -> str:
        """A table in the ink of the theme around it; `inline` makes a cell's text HTML.

        On a narrow page it scrolls sideways by itself, and the first column, which names the rows,
        does not break.
        """
        head = "".join(
            f'<th scope="col" style="{self._style(i)}">{inline(text)}</th>' if text else "<td></td>"
            for i, text in enumerate(self.header)
        )
        rows = "".join(
            "<tr>"
            + "".join(
                f'<td style="{self._style(i)}">{inline(cell)}</td>' for i, cell in enumerate(row)
            )
            + "</tr>"
            for row in self.rows
        )
        return (
            '<div style="overflow-x: auto"><table style="color: inherit; font-size: inherit; '
            'margin: 4px 0; font-variant-numeric: tabular-nums">'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def _style(self, column: int) -> str:
        side = "right" if column in self.right else "left"
        return f"{_CELL} {side}" + ("; white-space: nowrap" if column in {0, *self.right} else "")


def table(rows: Iterable[Sequence[Any]], header: Sequence[str]) -> None:
    """Show `rows` under `header`: a table in a notebook, aligned lines in a file or a terminal.

    A column of numbers is flush right, any other flush left, and the heading as its column.

    Parameters
    ----------
    rows : iterable of sequences
        The cells of each row, texts or what `str` makes a text of: a number that is measured is
        handed in with the digits that are stable, such as ``f"{error:.0e}"``.
    header : sequence of str
        What each column is called.

    Raises
    ------
    ValueError
        Where a row has more or fewer cells than `header`, or there is no row.

    Examples
    --------
    >>> table([("0.1", "1.7e-02"), ("0.01", "1.4e-03")], header=["h", "error"])
       h    error
     0.1  1.7e-02
    0.01  1.4e-03
    """
    from IPython.display import display

    shown = tabulated(rows, header)
    display({"text/html": shown.as_html(), "text/plain": shown.as_text()}, raw=True)


def tabulated(rows: Iterable[Sequence[Any]], header: Sequence[str]) -> Table:
    """The rows as a Table, whose columns of numbers are flush right."""
    names = tuple(map(str, header))
    cells = tuple(tuple(map(str, row)) for row in rows)
    for number, row in enumerate(cells):
        if len(row) != len(names):
            raise ValueError(
                f"Row {number} has {len(row)} cells, {row!r}, and the header names {len(names)} "
                f"columns, {names!r}. Give each row one cell for each column; '' is an empty one."
            )
    if not cells:
        raise ValueError(f"There is no row under the header {names!r}. Hand in one at least.")
    columns = enumerate(zip(*cells, strict=True))
    right = {i for i, column in columns if all(map(NUMBER.fullmatch, column))}
    return Table(names, cells, frozenset(right))
