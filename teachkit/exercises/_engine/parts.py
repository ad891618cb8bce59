"""The parts of which answers are made, and the slips that exchange one.

Parts, slips and formulas ask by name for what they need: for arguments of the exercise, for what
`Part.at` gives, and, in a formula, for the parts. A slip that asks for something an exercise has
not got is left out there.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from .mistake import Function, Mistake, slips

Names = Mapping[str, Any]


@cache
def _asked(function: Function) -> tuple[tuple[str, bool], ...]:
    """The names of the arguments, each with whether it must be given; *a is no name."""
    known = inspect.signature(function).parameters.values()
    return tuple(
        ("*" * (p.kind is p.VAR_POSITIONAL) + p.name, p.default is p.empty) for p in known
    )


def call(function: Function, names: Names) -> Any:
    """Call function with the values that its arguments' names have."""
    return function(**{name: names[name] for name, _ in _asked(function) if name in names})


def fits(function: Function, names: Names | set[str]) -> bool:
    return all(name in names for name, needed in _asked(function) if needed)


@dataclass(frozen=True)
class Part:
    """One part of a formula: `right` computes it, and each slip computes something in its place.

    `where` is said before the message of a slip, such as "At the test point:". A `rule` is not
    computed: the functions themselves are what the formula gets, such as the beta of a loop.
    """

    right: Function
    slips: tuple[Mistake, ...] = ()
    where: str = ""
    rule: bool = False
    given: Mapping[str, str | Function] = field(default_factory=dict)

    def at(
        self,
        where: str = "",
        *,
        without: Sequence[str] = (),
        called: Mapping[str, str] | None = None,
        **given: str | Function,
    ) -> Part:
        """The same part elsewhere: what its names mean there, without some slips or renamed."""
        kept = (slip for slip in self.slips if slip.name not in without)
        named = tuple(replace(s, name=(called or {}).get(s.name, s.name)) for s in kept)
        return replace(
            self, where=where or self.where, slips=named, given={**self.given, **given}
        )

    def more(self, *rows: tuple[Any, ...] | Mistake) -> Part:
        """The same part with further slips."""
        return replace(self, slips=(*self.slips, *slips(*rows)))

    def through(self, outer: Function, *rows: tuple[Any, ...] | Mistake) -> Part:
        """outer(the part), with its slips, and further ones in the whole."""

        def inside(function: Function) -> Function:
            def whole(**names: Any) -> Any:
                return outer(call(function, names))

            whole.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
            return whole

        own = tuple(replace(s, wrong=tuple(map(inside, s.functions))) for s in self.slips)
        return replace(self, right=inside(self.right), slips=(*own, *slips(*rows)))

    def names(self, names: Names) -> Names:
        """What the part's own formulas may ask for, out of what the case gives."""
        own = dict(names)
        for name, meaning in self.given.items():
            own[name] = names[meaning] if isinstance(meaning, str) else call(meaning, names)
        return own

    def value(self, function: Function, names: Names) -> Any:
        return function if self.rule else call(function, names)

    def available(self, arguments: Sequence[str]) -> Iterator[tuple[Mistake, int, Function]]:
        """The slips that can be made with these arguments: the mistake, its place, the function."""
        names = {*arguments, *self.given}
        for slip in self.slips:
            for k, function in enumerate(slip.functions):
                if self.rule or fits(function, names):
                    yield slip, k, function


def part(right: Function, *rows: tuple[Any, ...] | Mistake, where: str = "") -> Part:
    """A part and the catalogue of its slips, as rows (name, function, ..., message)."""
    return Part(right, slips(*rows), where)


def rule(right: Function, *rows: tuple[Any, ...] | Mistake, where: str = "") -> Part:
    """A part that is a function itself, such as r, z -> beta."""
    return Part(right, slips(*rows), where, rule=True)
