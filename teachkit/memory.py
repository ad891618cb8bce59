"""How much memory a call may take beside its answer, and how rows are cut to stay inside.

Where a formula needs an array as long as the data that is no part of the answer, it is made for a
tile of the rows at a time. One tile is all of them wherever memory allows.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterator

from teachkit.arrays import Array, array_namespace, device, free_memory, is_gpu, row_blocks

VARIABLE = "TEACHKIT_MEMORY"
PART = 0.25  # of what is free
SMALL = 2**24  # bytes that nobody has to look for
UNITS = {"": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 2**10, "mib": 2**20, "gib": 2**30}


def budget(like: Array) -> int:
    """The bytes that a call may take beside its answer, on the device of `like`.

    TEACHKIT_MEMORY says how many, "2 GB" or "500 MiB" say; else a quarter of what is free now.

    Raises ValueError where TEACHKIT_MEMORY is no such size.
    """
    asked = os.environ.get(VARIABLE, "").strip()
    if not asked:
        return int(PART * free_memory(like))
    found = re.fullmatch(r"(\d+\.?\d*|\.\d+)\s*([a-z]*)", asked.lower())
    unit = UNITS.get(found[2]) if found else None
    if found is None or unit is None or not 0.0 < float(found[1]) * unit < math.inf:
        raise ValueError(
            f"{VARIABLE} is {asked!r}; it says how much memory a call may take beside its answer, "
            "as a number of bytes or with a unit: 2 GB, 500 MiB. Unset it for a quarter of what is "
            "free."
        )
    return int(float(found[1]) * unit)


def fits(n: int, numbers: int, like: Array) -> bool:
    """Whether n rows with so many floats each are one tile."""
    return len(list(tiles(n, numbers, like))) <= 1


def blocks(X: Array, vectors: int, numbers: int) -> Iterator[slice]:
    """`row_blocks` of X, that on a GPU are tiles with `numbers` floats for each row."""
    yield from tiles(X.shape[0], numbers, X) if is_gpu(X) else row_blocks(X, vectors)


def tiles(n: int, numbers: int, like: Array, most: int | None = None) -> Iterator[slice]:
    """Slices that cut n rows into tiles, of which one at a time has `numbers` floats for each row.

    They have the dtype of `like`. A tile has one row at least, and all n, or the `most` that are
    wanted, where they fit.
    """
    of_a_row = max(1, numbers) * array_namespace(like).finfo(like.dtype).bits // 8
    rows = max(1, n if most is None else min(n, most))
    if rows * of_a_row > SMALL or os.environ.get(VARIABLE):
        rows = max(1, min(rows, budget(like) // of_a_row))
    for start in range(0, n, rows):
        yield slice(start, min(start + rows, n))


def in_tiles(
    of_rows: Callable[[slice], Array],
    n: int,
    shape: tuple[int, ...],
    numbers: int,
    like: Array,
    most: int | None = None,
) -> Array:
    """What of_rows(tile) gives for the rows of each tile, (n, *shape), put together."""
    xp = array_namespace(like)
    cut = list(tiles(n, numbers, like, most))
    if len(cut) == 1:  # the answer itself, not a copy of it
        return of_rows(cut[0])
    found = xp.empty((n, *shape), dtype=like.dtype, device=device(like))
    for rows in cut:
        found[rows, ...] = of_rows(rows)
    return found
