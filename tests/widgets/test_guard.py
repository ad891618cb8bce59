"""What a callback raises is shown, once, until the next event succeeds."""

from __future__ import annotations

import pytest

from teachkit.widgets.guard import Guard


@pytest.fixture
def shown():
    return []


@pytest.fixture
def guard(shown):
    return Guard(shown.append)


def test_an_exception_is_shown_with_its_last_line_until_the_next_good_event(guard, shown):
    guard(lambda: 1 / 0)()
    assert shown[-1].endswith("ZeroDivisionError: division by zero")
    assert isinstance(guard.exception, ZeroDivisionError)
    assert guard(lambda x: x + 1)(2) == 3
    assert shown[-1] == ""
    assert guard.exception is None


def test_a_callback_inside_a_callback_is_the_same_event(guard, shown):
    good, bad = guard(lambda: None), guard(lambda: 1 / 0)

    @guard
    def first_bad_then_good():
        bad()
        good()

    first_bad_then_good()
    assert "ZeroDivisionError" in shown[-1]
    good()
    assert shown[-1] == ""


def test_what_stops_the_kernel_is_let_through(guard, shown):
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        guard(stop)()
    assert all("KeyboardInterrupt" not in text for text in shown)


def test_the_name_of_the_callback_stays(guard):
    def moved():
        """What it does."""

    assert guard(moved).__name__ == "moved"
