"""From the learner's function to a Result, with nothing recorded and nothing raised."""

from __future__ import annotations

import dis
import functools
import hashlib
import inspect
import textwrap
from collections.abc import Callable
from types import CodeType
from typing import TYPE_CHECKING, Any

from . import _result
from ._diagnose import cause, diagnose, outputs
from ._display import Code
from ._result import Result
from ._run import Failure, Run, run
from ._values import kind

if TYPE_CHECKING:
    from ._exercise import Exercise


def examine(exercise: Exercise, function: Any) -> Result:
    """Judge one answer: untouched, unusable, stopped, raised, right, or which mistake."""
    early = _before_running(exercise, function)
    if early is not None:
        return early
    cases = [tuple(case) for case in exercise.cases()]
    outcome = run(function, cases, exercise.seconds)
    say = functools.partial(Result, exercise.heading, printed=outcome.printed)
    if outcome.stopped:
        return say(
            _result.STOPPED,
            f"stopped after {exercise.seconds:g} s",
            ("Your function did not come to an end. Look for a loop whose condition never fails.",),
        )
    if outcome.failure is not None:
        mistake = cause(
            outcome.failure.kind,
            outcome.failure.message,
            len(outcome.values),
            cases,
            exercise.mistakes,
        )
        likely = () if mistake is None else (f"A likely cause: {mistake.message}",)
        return say(
            _result.RAISED,
            f"your code raised {outcome.failure.kind}",
            (*_raised(outcome.failure), *likely),
            mistake=None if mistake is None else mistake.name,
        )
    if any(value is Ellipsis for value in outcome.values):
        return _untouched(exercise)
    found = diagnose(
        outcome.values,
        outputs(exercise.reference, cases),
        cases,
        exercise.argument_names,
        exercise.mistakes,
        exercise.rtol,
        exercise.atol,
    )
    remarks = (*_measured(exercise, function), *_remarks(exercise, outcome))
    if found is None:
        word = "1 case" if len(cases) == 1 else f"all {len(cases)} cases"
        return say(_result.CORRECT, f"correct, on {word}.", remarks)
    if found.mistake is not None and found.mistake.better:
        state, headline = _result.BETTER, "better than asked, so not counted as solved."
    else:
        state, headline = _result.NOT_YET, "not yet."
        remarks = (*remarks, *(f"NumPy warned: {text}." for text in outcome.warnings[:1]))
    name = None if found.mistake is None else found.mistake.name
    return say(state, headline, (*found.sentences, *remarks), mistake=name)


def _before_running(exercise: Exercise, function: Any) -> Result | None:
    if not callable(function):
        call = f"`{exercise.lesson}.{exercise.name}.check({exercise.name})`"
        return Result(
            exercise.heading,
            _result.NOT_ATTEMPTED,
            "nothing to check yet.",
            (
                f"The check wants the function itself, without a call: {call}. "
                f"It was given {kind(function)}.",
            ),
        )
    if untouched(exercise, function):
        return _untouched(exercise)
    if _is_ours(exercise, function):
        return Result(
            exercise.heading,
            _result.NOT_ATTEMPTED,
            "that one is the library's own.",
            (
                "It is right, and it was right before you came. Write yours and compare the two: "
                "that is worth more than a tick.",
            ),
        )
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*exercise.argument_names)
    except TypeError:
        return Result(
            exercise.heading,
            _result.NOT_YET,
            "not yet.",
            (
                f"The check calls `{exercise.name}({', '.join(exercise.argument_names)})`, and "
                f"yours takes `{signature}`. Put the arguments back as the task gives them.",
            ),
        )
    return None


def untouched(exercise: Exercise, function: Any) -> bool:
    """Is this the stub, or a function whose body holds nothing?"""
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        return False
    return _is_empty(code) or _mark(code, function.__doc__) == exercise.stub_mark


def _is_empty(code: CodeType) -> bool:
    """Does it do nothing but return None or `...`?"""
    return all(
        step.opname in _NOTHING and ("CONST" not in step.opname or step.argval in (None, ...))
        for step in dis.get_instructions(code)
    )


_NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}


def stub_mark(stub: str, name: str) -> tuple[Any, ...]:
    names: dict[str, Any] = {}
    exec(stub, names)  # our own text
    return _mark(names[name].__code__, names[name].__doc__)


def _mark(code: CodeType, doc: str | None) -> tuple[Any, ...]:
    """What a function does, without its name, its place and its docstring."""
    constants = tuple(
        _mark(constant, None) if isinstance(constant, CodeType) else repr(constant)
        for constant in code.co_consts
        if constant is not None and not (isinstance(constant, str) and constant == doc)
    )
    return code.co_code, code.co_names, constants


def fingerprint(function: Callable[..., Any]) -> str:
    """The same as a short text, which tells whether two answers are the same answer."""
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        return ""
    return hashlib.sha256(repr(_mark(code, function.__doc__)).encode()).hexdigest()[:12]


def _is_ours(exercise: Exercise, function: Any) -> bool:
    while isinstance(function, functools.partial):
        function = function.func
    owner = getattr(function, "__self__", None)
    homes = (
        getattr(function, "__module__", None),
        *(type(o).__module__ for o in (owner, function)),
    )
    return function is exercise.reference or any(
        isinstance(name, str) and name.split(".")[0] == "teachkit" for name in homes
    )


def _untouched(exercise: Exercise) -> Result:
    return Result(
        exercise.heading,
        _result.NOT_ATTEMPTED,
        "not attempted yet.",
        (
            f"Replace the `...` in `{exercise.name}` by your code and run the cell again. "
            f"Stuck? `{exercise.lesson}.{exercise.name}.hint()`",
        ),
    )


def _raised(failure: Failure) -> tuple[str | Code, ...]:
    message = textwrap.shorten(failure.message, 300, placeholder=" ...")
    text = f"{failure.kind}: {message}" if message else failure.kind
    said: list[str | Code] = [text]
    if failure.line:
        said += [f"It was line {failure.line_number} of the cell:", Code(failure.line)]
    if "ellipsis" in failure.message.lower():
        said.append("A `...` is still standing in your function.")
    if failure.kind == "RecursionError":
        said.append("The function calls itself and never reaches its end.")
    return tuple(said)


def _measured(exercise: Exercise, function: Any) -> tuple[str, ...]:
    """What the exercise measures of the function at work; nothing where that does not succeed."""
    if exercise.remark is None:
        return ()
    measured = run(exercise.remark, [(function,)], exercise.seconds)
    return tuple(str(text) for text in measured.values)


def _remarks(exercise: Exercise, outcome: Run) -> tuple[str, ...]:
    if not outcome.mutated:
        return ()
    names = ", ".join(f"`{exercise.argument_names[position]}`" for position in outcome.mutated)
    return (
        f"One remark: your function changes {names}, which belongs to whoever calls it. Here it "
        "got a copy; elsewhere, work on `x.copy()` or without assigning into it.",
    )
