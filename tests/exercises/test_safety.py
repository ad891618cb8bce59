"""Whatever a learner hands in, the check comes back with a result."""

from __future__ import annotations

import _thread
import contextlib
import copy
import functools
import itertools
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teachkit.exercises import Exercise, start_here
from teachkit.exercises._engine import check
from teachkit.exercises._engine.run import Run

TASK = start_here.mean_without
HASTY = replace(TASK, seconds=0.3)


def forever(x, i):
    while True:
        i = i + 1


def forever_and_deaf(x, i):
    while True:
        try:  # noqa: SIM105
            i = i + 1
        except:  # noqa: E722
            pass


def forever_deaf_in_a_helper(x, i):
    def helper():
        try:
            while True:
                pass
        except BaseException:
            return helper

    while True:
        helper()


def asleep(x, i):
    time.sleep(30)


def forever_printing(x, i):
    while True:
        print("and again", i)


def never_ending_recursion(x, i):
    return never_ending_recursion(x, i + 1)


@pytest.mark.parametrize(
    "function", [forever, forever_and_deaf, forever_deaf_in_a_helper, asleep, forever_printing]
)
def test_what_never_ends_is_stopped(function: Any) -> None:
    before = signal.getsignal(signal.SIGINT), sys.gettrace(), sys.stdout
    result = HASTY.check(function)
    assert result.state == "stopped"
    assert "stopped after 0.3 s" in repr(result)
    assert (signal.getsignal(signal.SIGINT), sys.gettrace(), sys.stdout) == before
    for _ in range(1000):  # a late interrupt would strike here
        pass
    assert TASK.check(lambda x, i: np.delete(x, i).mean()).solved


def slow_and_right(x, i):
    time.sleep(0.03)
    return np.delete(x, i).mean()


def test_a_right_answer_that_is_slow_gets_the_time_that_it_takes() -> None:
    result = HASTY.check(slow_and_right)  # 50 cases take five limits
    assert result.solved, repr(result)


def rounds_without_number(x, i):
    total = 0.0
    for _ in range(10**9):
        total += 1 / 10**9
    return total * np.delete(x, i).mean()


def slow_for_the_fourth(x, i):
    for _ in range(10**9 if len(x) > 6 else 1):
        mean = np.delete(x, i).mean()
    return mean


def counts_on(x, i):
    for k in itertools.count():
        if k < 0:
            break
    return np.delete(x, i).mean()


def test_a_loop_over_a_range_has_no_condition_that_fails() -> None:
    text = " ".join(repr(HASTY.check(rounds_without_number)).split())
    assert "too slow: 0.3 s are there for all 4 cases together, and it had done none of" in text
    assert "condition" not in text
    text = " ".join(repr(HASTY.check(slow_for_the_fourth)).split())
    assert "it had done 3 of them, right. Its loops end by themselves" in text
    for endless in (counts_on, forever):
        assert "Look for a loop whose condition never fails" in repr(HASTY.check(endless))


def test_least_squares_of_a_nan_write_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    def answer(x, i):
        return np.linalg.lstsq(np.full((4, 2), np.nan), np.ones(4), rcond=None)[0]

    before = np.linalg.lstsq
    assert "LinAlgError: SVD did not converge in Linear Least Squares" in repr(TASK.check(answer))
    assert np.linalg.lstsq is before
    assert "DLASCL" not in "".join(capfd.readouterr())
    with pytest.raises(np.linalg.LinAlgError, match="SVD did not converge in Linear Least Squares"):
        answer(None, None)  # what NumPy itself says of it


def test_the_limit_is_five_seconds() -> None:
    assert TASK.seconds == 5.0


def test_an_interrupt_that_comes_as_the_call_ends_is_never_left_over() -> None:
    for k in range(60):
        late = replace(TASK, seconds=0.002 + 0.00005 * k)

        def function(x, i, late=late):
            until = time.perf_counter() + late.seconds / 4  # four cases: as long as the limit
            while time.perf_counter() < until:
                pass
            return np.delete(x, i).mean()

        assert late.check(function).state in ("correct", "stopped")
    assert threading.active_count() < 20


def test_a_limit_that_strikes_as_the_last_call_ends_is_no_fault_of_the_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = Run((0.0,) * len(TASK.cases()), None, True, "", (), ())
    monkeypatch.setattr(check, "run", lambda *arguments: done)
    assert TASK.check(lambda x, i: x[0]).state == "stopped"


def test_the_user_s_own_interrupt_is_not_swallowed() -> None:
    before = signal.getsignal(signal.SIGINT)
    timer = threading.Timer(0.2, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        TASK.check(forever)
    assert signal.getsignal(signal.SIGINT) is before


def test_where_sigint_is_ignored_the_limit_holds_and_it_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert HASTY.check(forever).state == "stopped"
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_in_another_thread_it_works_without_a_limit() -> None:
    results = []
    thread = threading.Thread(
        target=lambda: results.append(TASK.check(lambda x, i: np.delete(x, i).mean()))
    )
    thread.start()
    thread.join()
    assert results[0].solved


def raising(error: BaseException) -> Any:
    def function(x, i):
        raise error

    return function


class Unprintable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("bad"),
        SystemExit(3),
        KeyboardInterrupt(),
        GeneratorExit(),
        MemoryError(),
        Unprintable(),
        ExceptionGroup("many", [ValueError("one")]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_exceptions_are_shown_short(error: BaseException) -> None:
    result = TASK.check(raising(error))
    assert result.state == "your code raised"
    assert type(error).__name__ in repr(result)
    assert "raise error" in repr(result), "the line that raised"
    assert "Traceback" not in repr(result)


def test_the_line_is_the_learner_s_and_not_the_library_s() -> None:
    def function(x, i):
        A = np.outer(x, x)
        return np.linalg.solve(A, x[:2])  # this line

    result = TASK.check(function)
    assert "np.linalg.solve(A, x[:2])  # this line" in repr(result)


def test_endless_recursion() -> None:
    result = TASK.check(never_ending_recursion)
    assert result.state == "your code raised"
    assert "calls itself" in repr(result)


def test_a_left_over_ellipsis_is_pointed_out() -> None:
    result = TASK.check(lambda x, i: x.sum() / ...)
    assert "A `...` is still standing" in repr(result)


def test_long_messages_are_cut() -> None:
    assert len(repr(TASK.check(raising(ValueError("word " * 10_000))))) < 1000


def test_printed_output_is_shown_and_cut() -> None:
    def function(x, i):
        print("x" * 30_000)
        return np.delete(x, i).mean()

    result = TASK.check(function)
    assert result.solved
    assert result.printed.startswith("x" * 10_000)
    assert "cut here: 110004 more characters" in result.printed
    assert len(repr(result)) < 11_000


class Odd:
    """Refuses everything."""

    def __array__(self, *a: Any, **k: Any) -> Any:
        raise RuntimeError("no array")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no comparison")

    def __repr__(self) -> str:
        raise RuntimeError("no text")

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "returned None. Perhaps a `return` is missing"),
        ("3.2", "returned a str"),
        ({"mean": 3.2}, "returned a dict"),
        ({3.2}, "returned a set"),
        ([1, None], "None stands among the values"),
        ([[1, 2], [3]], "returned a list; the check expects a number"),
        (3.2 + 1j, "complex"),
        (np.array(3.2 + 1j), "complex"),
        (np.nan, "Your number is NaN"),
        (np.array([np.inf, -np.inf]), "Of your 2 numbers 2 are infinite"),
        (np.mean, "Perhaps the parentheses of a call are missing"),
        (Odd(), "returned an Odd"),
        (True, "returned True or False"),
        (np.zeros(10_000_000), "shape (10000000,) where () is expected"),
        ([0.0] * 2_000_000, "returned a list"),
        (np.zeros((0,)), "shape (0,) where () is expected"),
        (10**400, "returned an int"),
        (np.array(["a"]), "returned an array of shape (1,)"),
        (np.ma.masked, "yours is"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_strange_values_get_a_sentence(value: Any, sentence: str) -> None:
    result = TASK.check(lambda x, i: value)
    assert result.state == "not yet"
    assert sentence in " ".join(repr(result).split())
    assert len(repr(result)) < 1000


def test_a_generator_or_a_coroutine_is_named() -> None:
    async def promise(x, i):
        return 3.2

    assert "generator" in repr(TASK.check(lambda x, i: (value for value in x)))
    waiting = promise(0, 0)
    assert "coroutine" in repr(TASK.check(lambda x, i: waiting))
    waiting.close()


@pytest.mark.parametrize("thing", [None, 3.2, np.zeros(3), "mean_without", ..., [lambda x, i: x]])
def test_what_is_no_function_is_explained_and_not_recorded(thing: Any, progress_file: Path) -> None:
    result = TASK.check(thing)
    assert result.state == "not attempted"
    assert "start_here.mean_without.check(mean_without)" in repr(result)
    assert not progress_file.exists()


def test_a_check_without_arguments_is_explained() -> None:
    assert "wants the function itself" in " ".join(repr(TASK.check()).split())


def test_a_wrong_signature_is_named() -> None:
    result = TASK.check(lambda x: x.mean())
    assert result.state == "not yet"
    assert "`mean_without(x, i)`" in repr(result)
    assert "(x)" in repr(result)


def test_more_arguments_with_defaults_are_fine() -> None:
    assert TASK.check(lambda x, i, axis=None, *more, **options: np.delete(x, i).mean()).solved


def test_changed_arguments_are_noticed_and_spoil_nothing() -> None:
    def function(x, i):
        x[i] = 0.0
        return x.sum() / (x.size - 1)

    before = copy.deepcopy(TASK.cases())
    result = TASK.check(function)
    assert (result.state, result.mistake) == ("not yet", "changes an argument")
    line = function.__code__.co_firstlineno + 1
    assert result.message[0] == (
        f"The numbers are right. But your function changes `x`, in line {line} of the cell:"
    )
    assert result.message[1].text == "x[i] = 0.0"
    assert "made by `x.copy()`" in result.message[2]
    assert "A second name" not in result.message[2]
    for mine, kept in zip(TASK.cases(), before, strict=True):
        np.testing.assert_array_equal(mine[0], kept[0])


def test_an_argument_is_called_by_its_own_name() -> None:
    from teachkit.exercises import quasi_newton

    def function(g, S, Y):
        alpha, q = np.zeros(len(S)), g
        for i in reversed(range(len(S))):
            alpha[i] = S[i] @ q / (S[i] @ Y[i])
            q -= alpha[i] * Y[i]
        r = S[-1] @ Y[-1] / (Y[-1] @ Y[-1]) * q
        for i in range(len(S)):
            r += (alpha[i] - Y[i] @ r / (S[i] @ Y[i])) * S[i]
        return r

    result = quasi_newton.two_loop.check(function)
    assert result.mistake == "changes an argument"
    assert "made by `g.copy()`" in result.message[2]
    assert "A second name for `g` is no copy of it." in result.message[2]


def test_where_an_argument_is_changed_without_a_line_it_is_said_all_the_same() -> None:
    def function(x, i):
        value = np.delete(x, i).mean()
        with contextlib.suppress(ValueError):
            x[i] = 0.0
        return value

    result = TASK.check(function)
    assert result.mistake == "changes an argument"
    assert result.message[0].endswith("changes `x`.")


def test_an_argument_that_is_put_back_is_as_it_was() -> None:
    from teachkit.exercises import newton

    def function(f, x, d, g, c1):
        t, promised, before = 1.0, c1 * g @ d, f(x)
        while True:
            x += t * d  # and back again, but for rounding
            after = f(x)
            x -= t * d
            if after <= before + t * promised:
                return t
            t /= 2

    assert newton.backtrack.check(function).solved


def stub_with_ellipsis(x, i):
    return ...


def stub_with_pass(x, i):
    pass


def stub_with_another_docstring(x, i):
    """Mine."""


@pytest.mark.parametrize(
    "stub", [stub_with_ellipsis, stub_with_pass, stub_with_another_docstring, lambda x, i: None]
)
def test_empty_functions_are_not_attempts(stub: Any, progress_file: Path) -> None:
    assert TASK.check(stub).state == "not attempted"
    assert not progress_file.exists()


def test_a_body_without_return_is_an_attempt() -> None:
    def function(x, i):
        x.sum() - x[i]

    assert TASK.check(function).state == "not yet"


@pytest.mark.parametrize(
    "own",
    [TASK.reference, functools.partial(TASK.reference), TASK.check, start_here.greyed.answer],
)
def test_the_library_s_own_function_is_noticed_kindly(own: Any, progress_file: Path) -> None:
    result = TASK.check(own)
    assert result.state == "not attempted"
    assert "Write yours" in " ".join(repr(result).split())
    assert not progress_file.exists()


def test_a_method_of_the_library_s_influence_is_noticed() -> None:
    from teachkit import losses

    assert TASK.check(losses.Square().value).state == "not attempted"


def test_a_fault_of_the_check_itself_is_owned() -> None:
    def broken() -> Any:
        raise RuntimeError("no cases today")

    result = replace(TASK, cases=broken).check(lambda x, i: 1.0)
    assert "fault of the course" in repr(result)
    assert "no cases today" in repr(result)


def test_results_are_the_same_text_every_time() -> None:
    def answer(x, i):
        return np.delete(x, i).mean() + 1e-3 * x[0] ** 2

    texts = {repr(TASK.check(answer)) for _ in range(3)}
    assert len(texts) == 1


def test_exercise_is_frozen() -> None:
    with pytest.raises(AttributeError):
        TASK.minutes = 3  # type: ignore[misc]
    assert isinstance(TASK, Exercise)
