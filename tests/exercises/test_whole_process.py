"""Checks and the process around them: streams, warnings, signals, threads, quit()."""

from __future__ import annotations

import builtins
import io
import signal
import site  # noqa: F401  (defines quit and exit where Python did not)
import sys
import threading
import time
import types
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from teachkit.exercises import start_here
from teachkit.exercises._engine import check, clock, ended

TASK = start_here.mean_without
HASTY = replace(TASK, seconds=0.3)


@pytest.fixture(autouse=True)
def nothing_said_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_said", set())


def state() -> tuple[Any, ...]:
    """What a check must leave as it was."""
    return (
        sys.stdout, sys.stderr, sys.stdin, sys.gettrace(), signal.getsignal(signal.SIGINT),
        warnings.showwarning, tuple(warnings.filters),
    )  # fmt: skip


def right(x, i):
    time.sleep(0.002)
    return np.delete(x, i).mean()


def in_threads(count: int, function: Any = right) -> list[Any]:
    results: list[Any] = []
    threads = [
        threading.Thread(target=lambda: results.append(TASK.check(function))) for _ in range(count)
    ]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    for thread in threads:
        thread.join()
    return results


def test_checks_in_two_threads_leave_the_process_as_it_was(capsys: Any) -> None:
    before = state()
    assert all(result.solved for result in in_threads(2))
    assert state() == before
    print("this line arrives")
    assert "this line arrives" in capsys.readouterr().out


def test_a_check_in_the_main_thread_beside_others_leaves_it_too() -> None:
    before = state()
    done = threading.Event()
    others: list[Any] = []

    def again() -> None:
        while not done.is_set():
            others.append(TASK.check(right))

    thread = threading.Thread(target=again)
    thread.start()
    mine = [TASK.check(right) for _ in range(5)]
    done.set()
    thread.join()
    assert all(result.solved for result in (*mine, *others))
    assert state() == before


def test_off_the_main_thread_nothing_is_redirected_and_the_missing_limit_is_said_once(
    capsys: Any,
) -> None:
    def loud(x, i):
        print("from the answer")
        return np.delete(x, i).mean()

    first, second = in_threads(2, loud)
    assert first.printed == second.printed == ""
    assert "from the answer" in capsys.readouterr().out
    assert sorted("no time limit" in repr(result) for result in (first, second)) == [False, True]
    assert "no time limit" not in repr(TASK.check(right))


def test_an_endless_answer_in_a_thread_is_spoken_of_and_disturbs_nobody(capsys: Any) -> None:
    end = threading.Event()

    def endless(x, i):
        while not end.is_set():
            pass
        return np.delete(x, i).mean()

    before = state()
    thread = threading.Thread(target=HASTY.check, args=(endless,), daemon=True)
    thread.start()
    thread.join(0.8)
    try:
        assert thread.is_alive()
        assert state() == before
        print("this line arrives")
        said = capsys.readouterr().out
        assert "this line arrives" in said
        assert "A check runs for 0.3 s now." in said
        assert TASK.check(right).solved

        def forever(x, i):
            while True:
                pass

        assert HASTY.check(forever).state == "stopped"
    finally:
        end.set()
        thread.join()


def test_what_other_threads_print_and_warn_of_during_a_check_passes_through(capsys: Any) -> None:
    end, begun = threading.Event(), threading.Event()

    def chatter() -> None:
        while not end.wait(0.001):
            print("from elsewhere")
            warnings.warn("elsewhere", RuntimeWarning, stacklevel=1)
            begun.set()

    def slow(x, i):
        begun.clear()
        begun.wait(5)
        print("from the answer")
        return x.mean() + 0.123 * i

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        thread = threading.Thread(target=chatter)
        thread.start()
        result = TASK.check(slow)
        end.set()
        thread.join()
    assert result.printed == "from the answer\n" * 4
    assert "from elsewhere" in capsys.readouterr().out
    assert "elsewhere" not in repr(result)
    assert {str(warning.message) for warning in heard} == {"elsewhere"}


def no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)


def test_where_threads_cannot_start_there_is_no_limit_and_it_is_said_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = state()
    no_threads(monkeypatch)
    first, second = TASK.check(right), TASK.check(right)
    assert first.solved
    assert clock.NO_THREADS in first.message
    assert second.solved
    assert clock.NO_THREADS not in second.message
    assert TASK.check(lambda x, i: x.mean()).mistake == "old mean"
    assert state() == before


def test_where_threads_cannot_start_an_interrupt_still_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no_threads(monkeypatch)

    def interrupted(x, i):
        signal.raise_signal(signal.SIGINT)

    # A shell's background jobs begin with interrupts ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert "KeyboardInterrupt" in repr(TASK.check(interrupted))
    finally:
        signal.signal(signal.SIGINT, before)


def test_the_limit_is_not_said_to_be_missing_where_it_is_there() -> None:
    assert "no time limit" not in repr(TASK.check(right))


@pytest.mark.parametrize("name", ["quit", "exit"])
def test_quit_ends_the_answer_and_not_python(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.StringIO("still open")
    monkeypatch.setattr(sys, "stdin", stdin)
    leave = getattr(builtins, name)
    result = TASK.check(lambda x, i: leave())
    assert result.state == "your code raised"
    assert "asked Python to exit" in repr(result)
    assert not stdin.closed


def test_quit_in_a_notebook_does_not_ask_the_kernel_to_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Shell:
        asked = False

        def ask_exit(self) -> None:
            self.asked = True

    shell = Shell()
    module = types.ModuleType("IPython")
    module.get_ipython = lambda: shell  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", module)
    result = TASK.check(lambda x, i: shell.ask_exit())
    assert "asked Python to exit" in repr(result)
    around = TASK.check(lambda x, i: x[TASK.check(lambda x, i: x.mean()).mistake])
    assert around.state == "your code raised", "a check inside a check"
    assert not shell.asked
    shell.ask_exit()
    assert shell.asked, "afterwards it is what it was"


def test_the_limit_of_a_check_around_a_check_holds() -> None:
    before = state()

    def forever(x, i):
        while True:
            pass

    result = HASTY.check(lambda x, i: TASK.check(forever))
    assert result.state == "stopped"
    assert "stopped after 0.3 s" in repr(result)
    assert state() == before


def waiting(x, i):
    time.sleep(30)


def printing(x, i):  # in one line, wherever in the loop it is stopped
    return any(print("again") for _ in iter(int, 1))


LIBRARY: dict[str, Any] = {}
exec("import time\ndef ask(text):\n    time.sleep(30)", LIBRARY)


def typing(x, i):
    input = LIBRARY["ask"]
    return input("n = ")


@pytest.mark.parametrize(
    ("answer", "said", "line"),
    [
        (waiting, "It sleeps.", "time.sleep(30)"),
        (printing, "lines by then. Print less, or look for a loop.", 'print("again")'),
        (typing, "It waits for somebody to type.", 'input("n = ")'),
    ],
)
def test_what_was_seen_of_an_answer_that_was_stopped(answer: Any, said: str, line: str) -> None:
    text = " ".join(repr(HASTY.check(answer)).split())
    assert "stopped after 0.3 s" in text
    assert "did not come to an end" in text
    assert said in text
    assert line in text


def test_a_call_that_lets_nobody_in_is_told_by_how_long_it_took() -> None:
    from teachkit.exercises._engine.run import Failure, Run

    outcome = Run((), Failure("TimeUp", "", 3, "np.linalg.svd(A)"), True, "", (), (), 157.2, 0, "")
    said = ended._stopped(TASK.known, outcome, 5.0, None)
    assert "could be stopped after 157 s only" in said[0]
    assert said[2].text == "np.linalg.svd(A)"


def test_output_is_cut_at_twenty_lines() -> None:
    def talkative(x, i):
        for k in range(100):
            print("line", k)
        return np.delete(x, i).mean()

    lines = TASK.check(talkative).printed.splitlines()
    assert lines[:20] == [f"line {k}" for k in range(20)]
    assert len(lines) == 21
    assert lines[20].startswith("... cut here: ")
