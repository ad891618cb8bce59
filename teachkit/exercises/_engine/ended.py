"""What is said of an answer that was stopped or raised: what was seen, and a likely cause."""

from __future__ import annotations

import copy
import functools
import re
import textwrap
from collections.abc import Callable
from typing import Any

from . import result
from .code import comes_to_an_end, unfinished
from .diagnose import cause
from .display import Code
from .known import Known
from .mistake import Mistake
from .result import Result
from .run import Failure, Run

# What part of an exception's message means, where it is not told by which mistake it is.
_MEANS = (
    ("has no attribute 'append'",
     "An array is as long as it is, and has no `append`: `np.append(x, z)` returns a longer one."),
    (r" \^: ", "`^` is no power in Python: that is `**`."),
    (r"'bitwise_(and|or)' not supported",
     """`&` and `|` take their two neighbours before `<`, `==` and `>` do: brackets belong round
     each comparison, `(a < b) & (c > d)`."""),
    ("'bitwise_xor'", "`^` is no power in Python: that is `**`."),
    ("could not broadcast input array",
     """What is written there has another shape than its place. Was the array to be filled made with
     the right number of rows and of columns?"""),
    ("operands could not be broadcast",
     """Entry by entry, two arrays must have the same shape, or the length 1 where they differ.
     (If a product of matrices or vectors is meant: it is `@`.)"""),
    ("mismatch in its core dimension",
     """`@` sums over the last axis of what stands before it and over the last but one (or the only
     one) of what stands behind it: the two must be equally long."""),
    ("at least two-dimensional",
     "A matrix is wanted there, and got a vector. `np.linalg.solve(A, b)` takes the matrix first."),
    ("truth value of an array",
     """A comparison of arrays gives an array, one answer for each entry. `np.where(asked, a, b)`
     chooses entry by entry, where `if` wants a single answer; `np.all` or `np.any` makes one of
     many; `(a) & (b)` joins two entry by entry, where `and` wants single ones."""),
    (r"'\w*function(_or_method)?'",
     "A function stands where a number or an array is wanted: call it, as `f(x)` does."),
    ("is not defined",
     """Nothing of this name was given a value: is it written otherwise, or is a line missing?
     (After a restart the cells above have to be run again.)"""),
    ("slice indices must be integers",
     """A share of a number is no whole number, also where it looks like one (`3.0`): `round(a)`
     makes one of it."""),
    ("Cannot cast ufunc",
     """An array of whole numbers stays one: no other numbers can be written into it by `+=` and the
     like. `x.astype(float)` is one of numbers with a point."""),
)  # fmt: skip
_LARGER = "`{0}` wants single numbers: `np.{0}imum` compares two arrays entry by entry."
WAITS = "It waits for somebody to type. The arguments hold all that it needs."


def how_it_ended(
    known: Known,
    outcome: Run,
    function: Any,
    repair: Callable[[Run, int], Mistake | None],
    by_hand: int | None = None,
    seconds: float | None = None,
) -> Result | None:
    """What is said where the function was stopped or raised; of a drawn case also which it was.

    The limit was that of the exercise, or these seconds.
    """
    exercise, position = known.exercise, min(len(outcome.values), len(known.cases) - 1)
    where = () if by_hand is None else (f"It was for {known.given(position)}.",)
    say = functools.partial(Result, exercise.heading, printed=outcome.printed)
    limit = exercise.seconds if seconds is None else seconds
    if outcome.stopped:
        mistake = cause(known, outcome) or repair(outcome, position)
        return say(
            result.STOPPED,
            f"stopped after {limit:g} s",
            (*_stopped(known, outcome, limit, function), *where, *_likely(mistake)),
            mistake=None if mistake is None else mistake.name,
            case=copy.deepcopy(known.cases[position]),
        )
    if outcome.failure is not None:
        failure = outcome.failure
        mistake = cause(known, outcome) or repair(outcome, position)
        likely = _likely(mistake) or _plain(failure)
        return say(
            result.RAISED,
            f"your code raised {failure.kind}",
            (*_raised(failure, unfinished(function)), *where, *likely),
            mistake=None if mistake is None else mistake.name,
            case=copy.deepcopy(known.cases[position]),
        )
    return None


def _stopped(known: Known, outcome: Run, seconds: float, function: Any) -> tuple[str | Code, ...]:
    """What was seen when the limit was over."""
    done = len(outcome.values)
    right = known.agree(outcome.values, known.expected[:done])
    at = outcome.failure
    line = "" if at is None else at.line
    if outcome.took > seconds + 2:
        look = (
            f"It could be stopped after {outcome.took:.0f} s only: the time went by inside one "
            "call of compiled code. Is an array much larger than the task needs?"
        )
    elif outcome.lines > 1000:
        look = f"It had printed {outcome.lines} lines by then. Print less, or look for a loop."
    elif "input(" in line:
        look = WAITS
    elif "sleep(" in line:
        look = "It sleeps."
    elif line.startswith(("import ", "from ")):
        look = "It was still importing, which takes long the first time only: check once more."
    elif comes_to_an_end(function):
        count = f"{done} of them" if done else "none of them"
        look = (
            f"It was too slow: {seconds:g} s are there for all {len(known.cases)} cases together, "
            f"and it had done {count}{', right' * (right and done > 0)}. Its loops end by "
            "themselves: would fewer rounds do, or whole arrays in the place of a loop?"
        )
    else:
        look = "Look for a loop whose condition never fails."
    said: list[str | Code] = [f"Your function did not come to an end. {look}"]
    if at is not None and line:
        said += [f"When it was stopped it was at line {at.line_number} of the cell:", Code(line)]
    return tuple(said)


def _raised(failure: Failure, open_name: str | None) -> tuple[str | Code, ...]:
    message = textwrap.shorten(failure.message, 300, placeholder=" ...")
    text = f"{failure.kind}: {message}" if message else failure.kind
    said: list[str | Code] = [text]
    if failure.line:
        said += [f"It was line {failure.line_number} of the cell:", Code(failure.line)]
    if failure.blamed:
        said.append(failure.blamed)
    if failure.kind == "EOFError":
        said.append(WAITS)
    if "ellipsis" in failure.message.lower():
        said.append("A `...` is still standing in your function.")
    if open_name is not None:
        said.append(still_open(open_name))
    elif "NoneType" in failure.message:
        said.append(
            "Something that your code calls returned None: is another exercise of yours still open?"
        )
    if failure.kind == "RecursionError":
        said.append("The function calls itself and never reaches its end.")
    return tuple(said)


def _plain(failure: Failure) -> tuple[str, ...]:
    """What the message means, and how the arrays in the line are shaped."""
    means = [" ".join(text.split()) for part, text in _MEANS if re.search(part, failure.message)]
    if "truth value of an array" in failure.message:
        found = re.search(r"(?<![.\w])(max|min)\(", failure.line)
        means[:0] = [] if found is None else [_LARGER.format(found[1])]
    about_shapes = failure.kind in ("ValueError", "IndexError", "LinAlgError", "TypeError")
    shapes = f"Shapes in this line: {failure.shapes}." if failure.shapes and about_shapes else ""
    return tuple(text for text in (*means[:1], shapes) if text)


def _likely(mistake: Mistake | None) -> tuple[str, ...]:
    return () if mistake is None else (f"A likely cause: {mistake.message}",)


def still_open(name: str) -> str:
    return f"`{name}`, which your code uses, is still open: it returns None."
