"""A name that the learner has overwritten is blamed by its own name and line."""

from __future__ import annotations

import linecache
from typing import Any

import numpy as np
import pytest

from teachkit.exercises import start_here

TASK = start_here.mean_without
cells = iter(range(1, 1000))


def cell(source: str, **names: Any) -> Any:
    """The function f of a notebook cell; cells are kept as IPython keeps them."""
    place, names = f"<cell {next(cells)}>", {"np": np, **names}
    linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
    exec(compile(source, place, "exec"), names)
    return names.get("f")


def said(source: str, **names: Any) -> str:
    result = TASK.check(cell(source, **names))
    assert result.state == "your code raised"
    return " ".join(repr(result).split())


LATER = "Choose another name there."


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("sum = 0\n    for v in x:\n        sum += v\n    return sum(x)",
         "`sum` is a number here, and no function: line 2 of the cell has given the name another"),
        ("max = x.max()\n    return max(x)", "`max` is a number here, and no function: line 2 of"),
        ("np = 3\n    return np.mean(x)", "`np` is a number here, and no module: line 2 of the"),
        ("n = len(x)\n    sum = sum(x) - x[i]\n    return sum / n",
         "Line 3 gives `sum` a value, so in all of the function `sum` is a name of its own"),
        ("return x(i)", "`x` is an argument, an array of shape (6,). An index stands in square"),
        ("return (x.sum() - x[i]) / (len(x) - 1)(1)", "no function: is a `*` missing?"),
        ("return 2(x[i])", "no function: is a `*` missing?"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_a_name_overwritten_in_the_function(body: str, sentence: str) -> None:
    assert sentence in said(f"def f(x, i):\n    {body}\n")


def test_a_name_overwritten_in_another_cell() -> None:
    cell("sigma = 3\n")
    text = said("def f(x, i):\n    return sigma(x[i])\n", sigma=3)
    assert "`sigma` is a number here, and no function: `sigma = 3`, outside the function," in text
    assert LATER in text
    assert "brings Python's own back" not in text


def test_one_of_python_s_own_names_can_be_had_back() -> None:
    text = said("def f(x, i):\n    return abs(x[i])\n", abs=3)
    assert "`abs = ...`, outside the function," in text
    assert "`del abs` brings Python's own back." in text


@pytest.mark.parametrize(
    "body",
    [
        "return x.average()",  # the array has no such method
        "return np.averag(x)",
        "return [][0]",
        "return x + None",
        "return (lambda: x(i))()",  # it is not this line's own name
    ],
)
def test_no_other_name_is_blamed(body: str) -> None:
    text = said(f"def f(x, i):\n    {body}\n")
    assert LATER not in text
    assert "is a number here" not in text


def test_a_name_that_the_library_stumbles_over_is_not_the_learner_s() -> None:
    text = said("def f(x, i):\n    return np.linalg.inv(x)\n", inv=3)
    assert LATER not in text


def test_who_waits_for_a_typed_answer_is_told() -> None:
    text = said("def f(x, i):\n    return float(input('n = '))\n")
    assert "EOFError" in text
    assert "It waits for somebody to type." in text


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("x.append(3)\n    return x.mean()", "`np.append(x, z)` returns a longer one."),
        ("return x.mean() ^ 2", "`^` is no power in Python: that is `**`."),
        ("A = np.zeros((2, 3))\n    A[:, 0] = x\n    return A",
         "made with the right number of rows and of columns? Shapes in this line: `A` is (2, 3), "
         "`x` is (6,)."),
        ("return np.eye(4) * x", "(If a product of matrices or vectors is meant: it is `@`.)"),
        ("return np.eye(4) @ x", "the two must be equally long. Shapes in this line: `x` is (6,)."),
        ("return np.linalg.solve(x, np.eye(6))[0] * i", "takes the matrix first."),
        ("z = np.arange(6)\n    z -= x\n    return z", "An array of whole numbers stays one"),
        ("return x.mean() / max", "call it, as `f(x)` does."),
        ("return x[(x > 0) and (x < 3)].mean()", "`(a) & (b)` joins two entry by entry"),
        ("return mean(x)", "Nothing of this name was given a value"),
        ("return x[:, i]", "Shapes in this line: `x` is (6,)."),
    ],
)  # fmt: skip
def test_what_an_exception_means(body: str, sentence: str) -> None:
    assert sentence in said(f"def f(x, i):\n    {body}\n")


def test_a_likely_cause_stands_in_its_place() -> None:
    text = said("def f(x, i):\n    return (x.sum() - x(i)) / (len(x) - 1)\n")
    assert "`x` is an argument, an array of shape (6,). An index stands in square brackets" in text
    assert "Shapes in this line: `x` is (6,)." in text
