"""A benchmark prints no figure that was not measured. Nothing is timed here."""

from __future__ import annotations

import math
import sys
import time
from types import SimpleNamespace

import pytest

from benchmarks import _timing
from benchmarks.__main__ import run
from benchmarks._measured import Unmeasured, against, insist, measured, ratio


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
        raise Unmeasured("The label had settled before.")

    for name, main in (("first", fails), ("second", lambda: print("a figure"))):
        monkeypatch.setitem(sys.modules, f"benchmarks.{name}", SimpleNamespace(main=main))
    assert run(["first", "second"]) == ["first"]
    said = capsys.readouterr().out
    assert "ERROR, not measured: The label had settled before." in said
    assert "a figure" in said
