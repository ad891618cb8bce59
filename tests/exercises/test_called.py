"""What a message prints as the call is a line that works where it is read."""

from __future__ import annotations

import sys

import pytest

from teachkit.exercises import newton


def stub(f, fprime, x): ...  # your code


def test_the_name_under_which_the_notebook_has_the_lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "lesson", newton, raising=False)
    monkeypatch.setattr(main, "newton", stub, raising=False)  # as a learner may
    assert "`lesson.newton_step.hint()`" in repr(newton.newton_step.check(stub))


def test_the_name_of_the_module_elsewhere() -> None:
    assert "`newton.newton_step.hint()`" in repr(newton.newton_step.check(stub))
