"""A.1: five statements, right or wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .. import Aim, exercise
from .._engine.words import short
from ._measured import STATEMENTS

RIGHT = [right for right, _, _ in STATEMENTS]


def _no_arguments() -> list[tuple]:
    return [()]


def _but(*turned: int):
    """The right verdicts, these turned over (counted from 1)."""
    return lambda: [right != (k in turned) for k, right in enumerate(RIGHT, 1)]


def aims(given) -> list[Aim]:
    """How many verdicts stand, and no word of which; once all do, the case that decides each."""
    read = _read(given)
    if isinstance(read, str):
        return [Aim(False, read)]
    if read == RIGHT:
        return [
            Aim(True, f"{k}. {statement}: {'right' if right else 'wrong'}. {measured()}")
            for k, (right, statement, measured) in enumerate(STATEMENTS, 1)
        ]
    stand = sum(said == right for said, right in zip(read, RIGHT, strict=True))
    trusted = sum(said and not right for said, right in zip(read, RIGHT, strict=True))
    sentences = [f"{stand} of your five verdicts {'stands' if stand == 1 else 'stand'}."]
    if trusted:
        sentences.append(
            f"{_times(trusted)} you trusted a statement against which there is a case: look for "
            "the smallest that you can do by hand, and at the point or the vector that is special."
        )
    if doubted := 5 - stand - trusted:
        sentences.append(
            f"{_times(doubted)} you doubted a statement that always holds: write down R, H and the "
            "gradient before and after, and see what has changed."
        )
    return [Aim(False, " ".join(sentences))]


def _times(count: int) -> str:
    return ("Once", "Twice", "Three times")[count - 1]


def _read(given: Any) -> list[bool] | str:
    """The five verdicts as they were given, or what is the matter with them."""
    if given is None:
        return "Yours is None: nothing is given back. Is `return` missing before the list?"
    if isinstance(given, str | dict | set) or not isinstance(given, Iterable):
        return f"Yours is {short(given)}. Asked for is a list of five, each True or False."
    entries = list(given)
    if len(entries) != 5:
        there = "There is 1 entry" if len(entries) == 1 else f"There are {len(entries)} entries"
        numbers = " (not the numbers of those that are right)" if _are_numbers(entries) else ""
        return f"{there}. Each of the five statements gets True or False, in their order{numbers}."
    for k, entry in enumerate(entries, 1):
        if np.ndim(entry) != 0 or isinstance(entry, str) or entry not in (0, 1):
            what = f"the text {short(entry)}" if isinstance(entry, str) else short(entry)
            return f"Entry {k} is {what}. Each is True for right or False for wrong."
    return [bool(entry) for entry in entries]


def _are_numbers(entries: list[Any]) -> bool:
    return any(isinstance(e, int | np.integer) and e > 1 for e in entries)


@exercise(
    "A.1",
    "Right or wrong?",
    prompt="Judge five statements before you run anything: return a list of five, True for right "
    "and False for wrong, in their order. The check says how many stand, and not which.\n\n"
    + "\n\n".join(f"{k}. {statement}." for k, (_, statement, _) in enumerate(STATEMENTS, 1)),
    minutes=10,
    difficulty=2,
    cases=_no_arguments,
    hints=(
        """Look for the word that promises much: every, exact, stays. Then try the smallest case
        that you can do by hand: a mean of three numbers, a line, two parameters, one margin.""",
        """1: which of R, H and the gradient changes, if all rows are there twice? 2: is AB
        symmetric? Try a diagonal A and a B whose entries are nearly all alike. 3: take the mean of
        1, 2, 3 and the point in the middle. 4: how does theta depend on y in X'X theta = X'y?
        5: the factor before x is sigma(-m). What is it after m has become -m?""",
        """Where the tools are: 1 and 3 in lesson 07, sections 3 and 4; 2 in lesson 01, where one
        takes (H + H')/2; 4 in lesson 08, with y in the place of x; 5 in lesson 07, section 10.""",
    ),
    explanation="""1 and 4 hold. Rows stored twice leave the mean R, H and every gradient as they
    are, so -H^-1 g is the same. For the square loss theta = (X'X)^-1 X'y is linear in y, and the
    prediction is its slope. 2, 3 and 5 promise too much. AB is not symmetric, so nothing keeps
    x'ABx positive. A penalty makes H larger and draws theta away from the points, whose gradients
    grow. And a label turned over exchanges sigma(-m) for sigma(m), equal at m = 0 alone.""",
    mistakes=(
        ("trusted once", *map(_but, (2, 3, 5)), """One statement that you called right is true in
        the cases that come to mind first, and not in all."""),
        ("doubted once", *map(_but, (1, 4)), """One statement that you called wrong holds by
        algebra, whatever the data."""),
        ("trusting", lambda: [True] * 5, """You called all five right. Each promises much, and not
        all of them keep it."""),
        ("suspicious", lambda: [False] * 5, """You called all five wrong. A strong word may be true:
        some of them hold by two lines of algebra."""),
        ("turned over", _but(1, 2, 3, 4, 5), """Every verdict is turned over. True stands for a
        statement that is right."""),
    ),
    judge=aims,
)
def verdicts():
    """Five verdicts, True for right and False for wrong."""
    return [True, False, False, True, False]
