"""What a grader asks: silence for a right answer, the check's words for any other, no record."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from teachkit.exercises import NotSolved
from teachkit.exercises import start_here as lesson


@pytest.fixture(autouse=True)
def progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TEACHKIT_PROGRESS", str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"


def right(x, i):
    return (x.sum() - x[i]) / (len(x) - 1)


def wrong(x, i):
    return x.mean()


def untouched(x, i):
    """The mean of all values of x but the one at index i."""
    # your code


def test_a_right_answer_is_met_with_silence(progress: Path) -> None:
    assert lesson.mean_without.grade(right) is None
    assert not progress.exists()


def test_a_wrong_one_with_the_words_of_the_check(progress: Path) -> None:
    with pytest.raises(NotSolved) as raised:
        lesson.mean_without.grade(wrong)
    assert not progress.exists()
    assert str(raised.value) == repr(lesson.mean_without.check(wrong))
    assert isinstance(raised.value, AssertionError)  # which is what graders expect


@pytest.mark.parametrize("answer", [untouched, None, 3])
def test_what_is_no_attempt_is_not_solved(answer: object) -> None:
    with pytest.raises(NotSolved, match="not attempted|nothing to check"):
        lesson.mean_without.grade(answer)


def test_the_library_s_own_is_not_solved() -> None:
    with pytest.raises(NotSolved, match="library's own"):
        lesson.mean_without.grade(lesson.mean_without.reference)


def test_ipython_prints_the_words_and_no_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    # A shell puts itself in the place of the main module: what follows is to find the old one.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    shell = InteractiveShell()
    shell.user_ns.update(lesson=lesson, wrong=wrong)
    shell.run_cell("lesson.mean_without.grade(wrong)")
    said = "".join(capsys.readouterr())
    assert repr(lesson.mean_without.check(wrong)) in said
    assert "Traceback" not in said and "grade(" not in said


def test_a_fault_of_the_check_itself_is_no_wrong_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("teachkit.exercises._engine.grade.examine", broken)
    with pytest.raises(RuntimeError, match="broken"):
        lesson.mean_without.grade(right)
