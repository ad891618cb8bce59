"""`make digits`: it finds what another machine would print otherwise, and nothing else."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from nbformat import v4, write

from tests.notebooks.digits import conditions
from tests.notebooks.digits.__main__ import Row, differences, table
from tests.notebooks.digits.conditions import Condition, kernels, probe
from tests.notebooks.digits.moved import moved
from tests.notebooks.digits.rounding import INPUT, OPERATION, Rounding
from tests.notebooks.digits.syntax import NAME, HandedInCells
from tests.notebooks.execute import execute

RNG = np.random.default_rng(5)
CELLS = {
    "setup": "import numpy as np\n"
    "from teachkit import conjugate_gradient, datasets\n"
    "X, y = datasets.blobs()\n"
    "x = np.random.default_rng(0).normal(size=1000)\n"
    "A = np.array([[0.1, 0.7], [0.7, 0.2]])",
    "a-sum-with-all-its-digits": "print(x.sum())",
    "a-sum-with-few": "print(f'{x.sum():.3f}')",
    "a-product-with-all-its-digits": "float(x @ x)",
    "a-number-of-a-data-set": "print(X[0, 0])",
    "the-same-rounded": "print(f'{X[0, 0]:.2f}')",
    "a-residual-of-the-size-of-rounding": "R = A @ np.linalg.inv(A) - np.eye(2)\n"
    "print(f'{np.linalg.norm(R):.1e}')",
    "that-it-is-small": "print(np.linalg.norm(R) < 1e-12)",
    "a-count-on-the-edge": "print(sum(np.sum(abs(x) >= np.exp(np.log(abs(t)))) for t in x[:9]))",
    "a-count-of-steps-in-rounding": "D = np.diag(np.logspace(0, 7, 50))\n"
    "print(len(conjugate_gradient(D, x[:50], rtol=1e-9, max_iter=2000).iterates))",
    "labels-and-whole-numbers": "print(set(y), np.array([1.0, 2.5, -3.0]) @ np.ones(3), 2.0**-3)",
    "equal-numbers": "print((A == A.T).all(), len(set(np.array([0.1, 0.3, 0.1]))))",
    "ends-of-a-range": "print(np.linspace(-0.3, 0.7, 5)[[0, -1]])",
    "where-nothing-is-compared": "print(x.sum())",
}
MOVING = {
    "a-sum-with-all-its-digits",
    "a-product-with-all-its-digits",
    "a-number-of-a-data-set",
    "a-residual-of-the-size-of-rounding",
    "a-count-on-the-edge",
    "a-count-of-steps-in-rounding",
}


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("digits") / "00_made_up.ipynb"
    cells = [v4.new_code_cell(source, id=name) for name, source in CELLS.items()]
    cells[-1].metadata["tags"] = ["nbval-ignore-output"]
    write(v4.new_notebook(cells=cells), path)
    execute(path)
    return path


def test_nothing_moves_where_nothing_is_changed(lesson: Path) -> None:
    assert moved(lesson) == {}


def test_rounding_finds_every_number_with_too_many_digits_and_no_other(lesson: Path) -> None:
    found = [moved(lesson, draw) for draw in range(3)]
    assert {cell for run in found for cell in run} == MOVING
    was, now = found[0]["a-sum-with-all-its-digits"]
    assert float(was) == pytest.approx(float(now), rel=1e-11)
    assert was != now
    assert found[0] == moved(lesson, 0), "a draw is the same every time"


def test_an_error_is_a_cell_that_moved(tmp_path: Path) -> None:
    path = tmp_path / "00_broken.ipynb"
    write(v4.new_notebook(cells=[v4.new_code_cell("1 / 0", id="division")]), path)
    found = moved(path)
    assert "ZeroDivisionError" in found["division"][1]


# ---- the changes themselves ----


def test_inputs_move_by_ten_times_a_rounding_and_keep_what_is_exact() -> None:
    x = np.concatenate([RNG.normal(size=400), [0.0, 1.0, -1.0, 7.0]])
    new = Rounding(3).inputs(x)
    off = np.abs(new / np.where(x == 0, 1, x) - 1)
    assert 0.5 * INPUT < off[:400].max() <= 1.1 * INPUT
    np.testing.assert_array_equal(new[400:], x[400:])
    np.testing.assert_array_equal(Rounding(3).inputs(-x), -new)
    np.testing.assert_array_equal(Rounding(3).inputs(x), new)
    assert not np.array_equal(Rounding(4).inputs(x), new)
    assert x.mean() != new.mean()


def test_symmetric_matrices_stay_symmetric() -> None:
    X = RNG.normal(size=(30, 5))
    H, moves = X.T @ X, Rounding(1)
    for new in (moves.inputs(H), moves.product(X.T, X)):
        np.testing.assert_array_equal(new, new.T)
        assert not np.array_equal(new, H)


def test_a_sum_that_cancels_moves_by_the_size_of_its_terms() -> None:
    x = RNG.normal(size=50)
    x = np.concatenate([x, -x, [1e-20]])
    seen = [abs(Rounding(d).called("sum", x.sum) - x.sum()) for d in range(20)]
    assert 0.1 * OPERATION * np.abs(x).sum() < max(seen) <= 2 * OPERATION * np.abs(x).sum()


def test_what_is_exact_on_every_machine_stays() -> None:
    A, b = np.array([[2.0, -3.5], [0.25, 1.0]]), np.array([4.0, 8.0])
    moves = Rounding(2)
    np.testing.assert_array_equal(moves.product(A, b), A @ b)
    assert moves.called("sum", b.sum) == 12.0
    assert moves.called("norm", np.linalg.norm, np.array([3.0, 4.0])) == 5.0
    assert moves.called("exp", np.exp, 0.0) == 1.0
    assert moves.power(0.3, 2) == 0.3**2
    assert moves.called("sum", np.sum, np.arange(5)) == 10


def test_data_of_any_kind_are_moved() -> None:
    x = RNG.normal(size=3)
    first, second = Rounding(0).inputs((x, {"data": x.copy(), "names": ["a"]}))
    np.testing.assert_array_equal(first, second["data"])
    assert not np.array_equal(first, x)
    assert second["names"] == ["a"]


# ---- the machines ----


def test_the_caller_s_own_choices_do_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_L2_SIZE", "128")
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Nehalem")
    around = Condition("a", environ={"OPENBLAS_CORETYPE": "Haswell"}).surroundings()
    assert around["OPENBLAS_CORETYPE"] == "Haswell"
    assert "OPENBLAS_L2_SIZE" not in around
    assert around["OPENBLAS_NUM_THREADS"] == "1"


def test_what_runs_here_is_said() -> None:
    here = probe(Condition("here"))
    assert here is not None
    assert here["numpy"] == np.__version__
    assert here["python"].split(".")[:2] == list(map(str, sys.version_info[:2]))


def test_kernels_that_the_processor_lacks_are_a_row_and_no_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def pretend(condition: Condition) -> dict | None:
        core = condition.environ["OPENBLAS_CORETYPE"]
        return {"SkylakeX": None, "Zen": {"kernel": "Haswell"}}.get(core, {"kernel": core})

    monkeypatch.setattr(conditions, "probe", pretend)
    found = {c.environ.get("OPENBLAS_CORETYPE", c.name): c.instead for c in kernels(HERE)}
    assert found["kernels for SkylakeX"] == "this processor cannot run them"
    assert found["kernels for Zen"] == "here the same as Haswell"
    assert len([core for core, instead in found.items() if not instead]) >= 6
    assert "mkl" in next(kernels({**HERE, "blas": "mkl"})).instead


HERE = {"blas": "openblas", "arm": False, "levels": ["X86_V3", "X86_V4"]}


def test_levels_are_those_that_this_numpy_names() -> None:
    off = [c.environ["NPY_DISABLE_CPU_FEATURES"] for c in conditions.levels(HERE)]
    assert off == ["X86_V4", "X86_V3 X86_V4"]
    (none,) = conditions.levels({**HERE, "levels": []})
    assert none.instead


def test_a_python_that_dies_is_none(tmp_path: Path) -> None:
    killed = tmp_path / "python"
    killed.write_text("#!/bin/sh\nkill -ILL $$\n")
    killed.chmod(0o755)
    assert probe(Condition("killed", str(killed))) is None


# ---- the table ----


def test_the_table_says_which_cells_moved_and_how_often() -> None:
    cell = {"sums": ("1.25", "1.26")}
    found = [
        Row(Condition("as it is"), {"00_a": [{}], "01_b": [{}]}),
        Row(Condition("rounded", draws=(0, 1, 2)), {"00_a": [{}, cell, cell], "01_b": [{}] * 3}),
        Row(Condition("kernels", instead="this processor cannot run them"), {}),
    ]
    head, *lines = table(found).splitlines()
    assert head.split() == ["condition", "lessons", "cells", "that", "moved"]
    assert [" ".join(line.split()) for line in lines] == [
        "as it is 2 of 2 none",
        "rounded 1 of 2 00 sums (2 of 3)",
        "kernels - this processor cannot run them",
    ]
    assert differences(found) == "00 sums, rounded:\n  - 1.25\n  + 1.26"
    json.dumps([row.moved for row in found])


def test_a_stub_is_compiled_as_it_stands_and_any_other_cell_is_not() -> None:
    function = "def f(a, b):\n    return a @ b\n"
    for source, handed in ((function, True), (f"{function}lesson.f.check(f)", False)):
        tree = HandedInCells().visit(ast.parse(source))
        assert (NAME in ast.unparse(tree)) is handed
