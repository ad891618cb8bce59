"""Data live where they are put, and answers come home: the door between a learner and a GPU.

With TEACHKIT_BACKEND=cupy a risk that is made from NumPy arrays has a *double* on the GPU, which
holds the data and does all work. What is asked goes there (theta, v, test points: once a call, and
never X), and what comes of it comes home to NumPy, all of it in one copy. A question that itself
comes from the GPU has its answer there. Nothing is moved anywhere else: a risk made from CuPy
arrays has no double and takes CuPy arrays alone. (Of a `ShardedRisk` the shards have doubles, and
their sums are taken at home.)

Three kinds of things pass: methods of what has a double (`double_asked`), functions that take it
(`crosses`), and functions that are handed over, which see arrays of their own side (`Sent`, and
`Asked` the other way).
"""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable, Generator
from dataclasses import dataclass, fields, is_dataclass, replace
from types import FunctionType
from typing import Any, TypeVar

from teachkit.arrays import (
    as_float,
    bring_home,
    can_move,
    elsewhere,
    is_array,
    is_gpu,
    locked,
    placed,
)
from teachkit.boundary import ours

THERE = "_there"  # the attribute with the double

Kind = TypeVar("Kind", bound=type)


def double(x: Any) -> Any:
    """What does the work of x elsewhere, or None."""
    other = getattr(x, "__dict__", {}).get(THERE)
    return other if other is not None and ours(type(x)) else None


def there(x: Any) -> Any:
    """What is handed in, as the double takes it: arrays go to the GPU, other things as they are."""
    if is_array(x):
        return placed(x)
    if (other := double(x)) is not None:
        return other
    if isinstance(x, tuple) and x and getattr(x[0], "ndim", 0) > 1:  # a pair (X, y)
        return tuple(map(there, x))
    if isinstance(x, type) or theirs(x):
        return x
    if is_dataclass(x) and ours(type(x)) and (not callable(x) or _moves(x)):
        return _with(x, there)
    return Sent(x) if callable(x) else x


def home(found: Any) -> Any:
    """What was found, as the learner takes it: its arrays on the GPU come to NumPy at once."""
    away: dict[int, Any] = {}
    _each(found, lambda x: away.setdefault(id(x), x))
    back = dict(zip(away, bring_home(list(away.values())), strict=True))
    return _each(found, lambda x: back[id(x)])


def _each(x: Any, bring: Callable[[Any], Any]) -> Any:
    if is_gpu(x):
        return bring(x)
    if getattr(type(x), "has_doubles", False):
        return x if double(x) is not None else _at_home(x)
    if inspect.isgenerator(x):
        return _steps(x)
    if isinstance(x, tuple | list):
        parts = [_each(part, bring) for part in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    if not ours(type(x)) and not ours(x):
        return x
    if callable(x) and not isinstance(x, type):
        return Asked(x)
    return _with(x, lambda part: _each(part, bring)) if is_dataclass(x) else x


def _with(x: Any, change: Callable[[Any], Any]) -> Any:
    """The record x with each field changed; itself where none is."""
    now = {field.name: getattr(x, field.name) for field in fields(x)}
    new = {name: change(value) for name, value in now.items()}
    return replace(x, **new) if any(new[name] is not now[name] for name in now) else x


def _moves(x: Any) -> bool:
    """Whether x, which can be called, is a record of matrices, or of plain options as a search."""
    options = (isinstance(getattr(x, field.name), int | float | str) for field in fields(x))
    return getattr(x, "moves", False) or all(options)


def _at_home(other: Any) -> Any:
    made = object.__new__(type(other))
    made.__dict__[THERE] = other
    return made


def _steps(records: Generator[Any, Any, Any]) -> Generator[Any, None, Any]:
    try:
        while True:
            try:
                record = next(records)
            except StopIteration as end:
                return home(end.value)
            yield home(record)
    finally:
        records.close()


@dataclass(frozen=True)
class Sent:
    """A function of the learner's for the double to call: it sees and gives NumPy arrays."""

    function: Callable[..., Any]

    def __call__(self, *arguments: Any) -> Any:
        found = self.function(*map(home, arguments))
        return tuple(map(there, found)) if isinstance(found, tuple) else there(found)


class Asked:
    """A function of the double's, such as v -> H^-1 v, for the learner to call."""

    def __init__(self, function: Any) -> None:
        self.__dict__[THERE] = function

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return _answered(double(self), arguments, options)

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(double(self))

    def __getattr__(self, name: str) -> Any:
        return _of_the_double(self, name)

    def __repr__(self) -> str:
        return repr(double(self))


def crosses(function: Callable[..., Any]) -> Any:
    """A function that takes risks: with a double among the arguments all of the call is there.

    It is not where a method, a direction or a search of the user's is handed in (`theirs`): that is
    asked at home, and asks the risk from there.
    """

    @functools.wraps(function)
    def crossing(*arguments: Any, **options: Any) -> Any:
        given = {**dict(zip(names, arguments, strict=False)), **options}
        if all(double(x) is None for x in given.values()):
            return function(*arguments, **options)
        if any(theirs(x, name) for name, x in given.items()):
            return function(*arguments, **options)
        stays = any(map(is_gpu, given.values()))
        arguments, options = _sent(arguments, options)
        found = function(*arguments, **options)  # here, so that a warning is the caller's
        return found if stays else home(found)

    names = tuple(inspect.signature(function).parameters)
    return crossing


def theirs(x: Any, name: str = "") -> bool:
    """Whether x is a method, direction or search of the user's, which is handed our objects."""
    handed = name == "search" or hasattr(x, "begin") or hasattr(x, "bind")
    return handed and not ours(type(x))


def double_asked(kind: Kind) -> Kind:
    """A class whose public methods and properties are those of the double, where there is one."""
    for name, member in list(vars(kind).items()):
        if name.startswith("_"):
            continue
        if isinstance(member, FunctionType):
            setattr(kind, name, _asking(member))
        elif isinstance(member, property) and member.fget is not None:
            setattr(kind, name, property(_asking(member.fget), doc=member.__doc__))
    kind.has_doubles = True  # type: ignore[attr-defined]
    for name, method in (("__getattr__", _of_the_double), ("__setattr__", _fixed)):
        setattr(kind, name, method)
    return kind


def places(kind: Kind, *, at_once: bool = False) -> Kind:
    """A class of risks, `double_asked`, that get a double when they are made from NumPy arrays.

    Not those of a subclass, nor with a loss or a model of the user's: these may count on NumPy.
    `at_once`: making one is work as well, and is done there.
    """
    double_asked(kind)
    init = kind.__init__  # type: ignore[misc]

    @functools.wraps(init)
    def made(self: Any, *arguments: Any, **options: Any) -> None:
        stays = type(self) is not kind or not elsewhere()
        if stays or not _may_move(*arguments, *options.values()):
            init(self, *arguments, **options)
        elif at_once:
            X = as_float(arguments[0] if arguments else options.pop("X"), "X")
            moved, options = _sent(arguments[1:], options)
            other: Any = object.__new__(kind)
            init(other, placed(X), *moved, **options)
            self.__dict__[THERE] = other
        else:
            init(self, *arguments, **options)  # so that it is refused here, in the same words
            self.__dict__[THERE] = _moved(self)

    kind.__init__ = made  # type: ignore[misc]
    return kind


def _may_move(*given: Any) -> bool:
    """Whether all arrays are NumPy's, and no loss and no model is the user's."""
    return all(can_move(x) if is_array(x) else ours(type(x)) or _plain(x) for x in given)


def _plain(x: Any) -> bool:
    """Whether x is an option, or a method of an object of this library."""
    return ours(x) or not (callable(x) or hasattr(x, "slope"))


def _moved(x: Any) -> Any:
    other = copy.copy(x)
    for name, value in vars(x).items():  # a penalty is a record with arrays
        other.__dict__[name] = _with(value, placed) if is_dataclass(value) else placed(value)
    return other


def _asking(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def asking(self: Any, *arguments: Any, **options: Any) -> Any:
        other = self.__dict__.get(THERE)
        if other is None:
            return method(self, *arguments, **options)
        found = _answered(method, (other, *arguments), options)
        if isinstance(found, type(self)):  # the same risk, changed: what is shared there is here
            for name, value in vars(self).items():
                if getattr(double(found), name, None) is getattr(other, name, self):
                    found.__dict__[name] = value
        return found

    return asking


def _answered(function: Callable[..., Any], arguments: tuple[Any, ...], options: Any) -> Any:
    stays = any(map(is_gpu, (*arguments, *options.values())))
    arguments, options = _sent(arguments, options)
    found = function(*arguments, **options)
    return found if stays else home(found)


def _sent(arguments: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, Any]:
    return tuple(map(there, arguments)), {name: there(x) for name, x in options.items()}


def _fixed(self: Any, name: str, value: Any) -> None:
    if THERE in self.__dict__ and name != THERE:
        raise AttributeError(
            f"{name} cannot be set: this {type(self).__name__} has its data on the GPU, where it "
            "would not be seen. Make another one, by reweighted or replaced, say."
        )
    object.__setattr__(self, name, value)


def _of_the_double(self: Any, name: str) -> Any:
    other = self.__dict__.get(THERE)
    if other is None or name.startswith("__"):
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
    found = home(getattr(other, name))
    if is_array(found):
        self.__dict__[name] = locked(found)
    return found
