"""A benchmark prints no figure that was not measured. Nothing is timed here."""

from __future__ import annotations

import math
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import minimize

from benchmarks import _kept, _timing, growth, peers, validation
from benchmarks.__main__ import run
from benchmarks._measured import (
    FIGURES,
    Absent,
    Figure,
    Unmeasured,
    against,
    at_least,
    insist,
    measured,
    plain,
    ratio,
)


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch: pytest.MonkeyPatch):
    """No test writes into the checkout, and none leaves a figure behind."""
    monkeypatch.setattr(_kept, "RESULTS", tmp_path / "results.json")
    yield tmp_path / "results.json"
    FIGURES.clear()


def test_measured_figures_pass_unchanged():
    assert measured("A drag", [3.0, 5.0]) == [3.0, 5.0]
    assert ratio("Ours over theirs", 6.0, 3.0) == 2.0


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_a_repeat_that_took_no_time_is_refused(value: float):
    with pytest.raises(Unmeasured, match="A drag, repeat 1, is"):
        measured("A drag", [3.0, value])
    for sides in ((value, 3.0), (3.0, value)):
        with pytest.raises(Unmeasured, match="Ours over theirs"):
            ratio("Ours over theirs", *sides)
    with pytest.raises(Unmeasured, match="Peak memory"):
        against("Peak memory", value, 8)


def test_what_never_ran_is_refused():
    with pytest.raises(Unmeasured, match="A drag was never measured"):
        measured("A drag", [])
    with pytest.raises(Unmeasured, match="ended early"):
        insist(False, "The fit ended early.")


def test_a_clock_that_stands_still_gives_no_median(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(time, "process_time", lambda: 1.0)
    with pytest.raises(Unmeasured, match="processor time of side 0"):
        _timing.medians(3, lambda: None)


def test_a_missed_target_says_so():
    assert "TARGET MISSED" in against("The ratio", 12.5, 12)
    assert "MISSED" not in against("The ratio", 12.0, 12)


@pytest.fixture
def drag():
    pytest.importorskip("playwright")
    from benchmarks import drag

    return drag


def noted(drag, **other):
    """A drag of 400 ms, as the page notes it."""
    seen = {"pressed": 100.0, "released": 500.0, "label": 520.0, "lines": 530.0, "path": 540.0}
    counts = {"answers": 8, "glides": 20, "down": 16_000, "up": 4_000}
    return drag.Drag(**{**seen, **counts, **other})


def test_a_drag_whose_answer_came_before_the_release_is_refused(drag, capsys):
    assert noted(drag).settled == 40.0
    assert noted(drag, lines=590.0).settled == 90.0
    for early in ({"label": 490.0, "path": 480.0}, {"path": 0.0}, {"released": 0.0}):
        with pytest.raises(Unmeasured, match="the answer to this drag was not seen"):
            drag.report("here", [noted(drag), noted(drag, **early)])
    assert capsys.readouterr().out == ""


def test_figures_of_drags(drag, capsys):
    figures = drag.report("here", [noted(drag), noted(drag, path=560.0)])
    assert figures == (20.0, 60.0)
    said = capsys.readouterr().out
    assert "release to rest, median" in said
    assert "answers 20.0 a second, lines move in 50.0 frames" in said
    assert "an answer: 2.0 kB down, 0.5 kB up" in said


def test_a_sentence_that_never_changed_has_no_figure(drag):
    with pytest.raises(Unmeasured, match="never changed"):
        drag.report("here", [noted(drag, answers=0)])


def test_the_others_run_and_the_error_is_told(monkeypatch: pytest.MonkeyPatch, capsys):
    def fails() -> None:
        plain("half of it", 1.0)
        raise Unmeasured("The label had settled before.")

    def lacks() -> None:
        raise Absent("There is no GPU.")

    def works() -> None:
        print(against("a figure", 2.0, 1.0, " s"))

    for name, main in (("first", fails), ("second", lacks), ("third", works)):
        monkeypatch.setitem(sys.modules, f"benchmarks.{name}", SimpleNamespace(main=main))
    assert run(["first", "second", "third"]) == ["first"]
    said = capsys.readouterr().out
    assert "ERROR, not measured: The label had settled before." in said
    assert "Left out: There is no GPU." in said
    [(name, of)] = _kept.read().items()
    assert name == "third"
    assert [Figure(**row) for row in of["figures"]] == [Figure("a figure", 2.0, " s", "at most", 1)]
    assert np.__version__ in of["machine"]


def test_a_table_names_each_figures_machine_and_what_was_missed():
    held = {
        "a": {"machine": "one", "day": "today", "figures": [Figure("fast", 0.1234)._asdict()]},
        "b": {
            "machine": "another",
            "day": "today",
            "figures": [Figure("slow", 1234.5, " s", "at most", 100)._asdict()],
        },
        "c": {"machine": "one", "day": "today", "figures": [Figure("left", 1.0)._asdict()]},
    }
    lines = _kept.table(held, left_out=["c"]).splitlines()
    assert lines[2:] == [
        "| fast [1] | 0.123 |  |  |",
        "| slow [2] | 1234 s | at most 100 s | missed |",
        "",
        "[1] one (today).  ",
        "[2] another (today).",
    ]


@pytest.mark.parametrize("path", _kept.TABLES, ids=lambda path: path.parent.name)
def test_the_tables_that_are_read_are_those_that_were_measured(path, monkeypatch):
    monkeypatch.setattr(_kept, "RESULTS", _kept.HERE / "results.json")
    text = path.read_text(encoding="utf-8")
    assert _kept.with_table(text, _kept.table(_kept.read(), _kept.TABLES[path])) == text


def test_growth_is_left_out_without_its_images(tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks._fashion.FOLDER", tmp_path / "nowhere")
    with pytest.raises(Absent, match="apt install dataset-fashion-mnist"):
        growth.main()


def test_a_correlation_below_its_target_says_so():
    assert "TARGET MISSED" in at_least("r", 0.98, 0.99)
    assert "TARGET MISSED" in at_least("r", -0.5, 0.99)
    assert "MISSED" not in at_least("r", 0.99, 0.99)
    with pytest.raises(Unmeasured, match="r is nan"):
        at_least("r", math.nan, 0.99)


def test_the_hinge_svm_is_the_minimum_that_scipy_finds():
    rng = np.random.default_rng(0)
    X, l2 = rng.normal(size=(30, 3)), 0.1
    y = np.where(X[:, 0] + 0.5 * rng.normal(size=30) > 0, 1.0, -1.0)
    theta = validation.hinge_svm(X, y, l2, 30)

    # The same as a smooth problem, with a slack for each point: the hinge is what it costs.
    def value(z):
        return z[3:].mean() + l2 / 2 * z[:3] @ z[:3]

    def slope(z):
        return np.concatenate([l2 * z[:3], np.full(30, 1 / 30)])

    margins = {
        "type": "ineq",
        "fun": lambda z: y * (X @ z[:3]) + z[3:] - 1,
        "jac": lambda z: np.hstack([y[:, None] * X, np.eye(30)]),
    }
    start = np.concatenate([np.zeros(3), np.ones(30)])
    bounds = [(None, None)] * 3 + [(0, None)] * 30
    options = {"ftol": 1e-14, "maxiter": 500}
    found = minimize(
        value, start, jac=slope, bounds=bounds, constraints=margins, method="SLSQP", options=options
    )
    np.testing.assert_allclose(theta, found.x[:3], atol=1e-6)
    assert validation.stationarity(X, y, theta, l2, 30) < 1e-8
    assert validation.stationarity(X, y, theta + 1e-3, l2, 30) > 1e-3


def test_an_unfinished_hinge_svm_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(validation, "stationarity", lambda *of: 0.1)
    with pytest.raises(Unmeasured, match="not at its minimum"):
        validation.hinge_svm(np.eye(4), np.array([1.0, -1.0, 1.0, -1.0]), 0.1, 4)


def test_a_line_of_the_table_has_every_figure():
    predicted = np.array([1.0, 2.0, 3.0, 4.0])
    line = str(validation.compared("a model", predicted, 2 * predicted + 1, ".86"))
    for figure in (
        "a model",
        "4  1.000   1.000   2.00",
        f"{1 / np.std(2 * predicted):.3f} sd",
        ".86",
    ):
        assert figure in line


def test_an_unknown_part_is_refused():
    with pytest.raises(Unmeasured, match="there are softmax, network, hinge"):
        validation.main(["hings"])


@pytest.fixture
def problem(tmp_path):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 3)), np.where(rng.random(20) < 0.5, 1.0, -1.0)
    data = peers.fitted(X, y, X[0], y[0])
    np.savez(tmp_path / "in.npz", **data)
    return data, tmp_path


@pytest.mark.parametrize("name", peers.OURS)
def test_a_side_takes_turns_and_says_what_it_found(name: str, problem):
    data, folder = problem
    with peers.working(name, sys.executable, folder / "in.npz", folder) as side:
        assert side is not None
        assert side.turn() > 0
        found = side.finish()
    X, y, theta = data["X"], data["y"], data["theta"]
    s = 1 / (1 + np.exp(y * (X @ theta)))
    H = (X.T * (s * (1 - s))) @ X / 20 + data["l2"] * np.eye(3)
    g = -(y * s)[:, None] * X
    np.testing.assert_allclose(found, g @ np.linalg.solve(H, g[0]) / 20, rtol=1e-6)


def test_a_library_that_is_not_there_is_left_out_in_a_sentence(
    problem, capsys, monkeypatch: pytest.MonkeyPatch
):
    _, folder = problem
    (folder / "pyinfluence.py").write_text("raise ImportError('no pyinfluence here')")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    with peers.working("pyinfluence", sys.executable, folder / "in.npz", folder) as side:
        assert side is None
    said = capsys.readouterr().out
    assert "pyinfluence: left out, ImportError: no pyinfluence here" in said
    assert "--python" in said
