"""An answer as a formula of named parts; a slip exchanges one part, and two slips make a pair.

Parts, slips and formulas ask by name for what they need: for arguments of the exercise, for what
`Part.at` gives, and, in a formula, for the parts. A slip that asks for something an exercise has
not got is left out there.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
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


@dataclass(frozen=True, eq=False)
class Slipped:
    """The answer of the exercise with some parts exchanged, as a function of its arguments."""

    formula: Formula
    exchanged: Mapping[str, Function]
    where: str = ""

    def __call__(self, *case: Any) -> Any:
        return self.formula.answer(case, self.exchanged)


@dataclass(frozen=True, eq=False)
class Whole:
    """A wrong answer that is written with the names of the parts."""

    formula: Formula
    function: Function

    def __call__(self, *case: Any) -> Any:
        return call(self.function, self.formula.values(case, {}))


@dataclass(frozen=True)
class Pair:
    """Two slips at once, in two parts."""

    slips: tuple[Mistake, Mistake]
    function: Slipped


@dataclass(frozen=True, eq=False)
class Formula:
    """make(the parts, and whatever else of the case it names) is the answer."""

    make: Function
    parts: Mapping[str, Part]
    arguments: tuple[str, ...] = ()

    def values(self, case: Sequence[Any], exchanged: Mapping[str, Function]) -> dict[str, Any]:
        names: dict[str, Any] = dict(zip(self.arguments, case, strict=True))
        made = {
            name: part.value(exchanged.get(name, part.right), part.names(names))
            for name, part in self.parts.items()
        }
        return {**names, **made}

    def answer(self, case: Sequence[Any], exchanged: Mapping[str, Function]) -> Any:
        return call(self.make, self.values(case, exchanged))

    def of(self, arguments: tuple[str, ...]) -> Formula:
        return replace(self, arguments=arguments)

    def own(self, mistake: Mistake) -> Mistake:
        """A mistake of the exercise: its functions may name the parts."""
        names = {*self.arguments, *self.parts}

        def whole(function: Function) -> Function:
            return Whole(self, function) if fits(function, names) else function

        return replace(mistake, wrong=tuple(map(whole, mistake.functions)))

    def mistakes(self) -> tuple[Mistake, ...]:
        """The slips of all parts; one that several parts know is made in one of them or in all."""
        found: dict[str, Mistake] = {}
        places: dict[tuple[str, int], dict[str, Function]] = {}
        for name, part in self.parts.items():
            for slip, k, function in part.available(self.arguments):
                places.setdefault((slip.name, k), {})[name] = function
                found.setdefault(slip.name, replace(slip, wrong=()))
        for (slip_name, _), exchanged in places.items():
            singles = [
                Slipped(self, {name: function}, self.parts[name].where)
                for name, function in exchanged.items()
            ]
            whole = [Slipped(self, exchanged, "At each of the two:")] if len(exchanged) > 1 else []
            mistake = found[slip_name]
            found[slip_name] = replace(mistake, wrong=(*mistake.functions, *singles, *whole))
        return tuple(found.values())

    def pairs(self, case: Sequence[Any], alike: Callable[[Any], bool]) -> Iterator[Pair]:
        """Two slips in two parts whose answer on this case is alike, in the order of the parts."""
        names = dict(zip(self.arguments, case, strict=True))
        right = self.values(case, {})
        made = {
            name: [
                (slip, k, function, value)
                for slip, k, function in part.available(self.arguments)
                if not slip.better
                and (value := _or_none(part.value, function, part.names(names))) is not None
            ]
            for name, part in self.parts.items()
        }
        for one, two in itertools.combinations(self.parts, 2):
            for (a, k, f, x), (b, m, g, y) in itertools.product(made[one], made[two]):
                if (a.name, k) != (b.name, m):  # the same slip at two places has its own words
                    answer = _or_none(call, self.make, {**right, one: x, two: y})
                    if answer is not None and alike(answer):
                        yield Pair((a, b), Slipped(self, {one: f, two: g}))


def _or_none(function: Function, *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except Exception:  # shapes that do not fit, a matrix that has no inverse
        return None


def formula(make: Function, /, **parts: Part | Callable[..., Any]) -> Formula:
    """An answer made of parts; a plain function among them is a part without slips."""
    return Formula(
        make, {name: p if isinstance(p, Part) else Part(p) for name, p in parts.items()}
    )


def together(own: Sequence[Mistake], catalogue: Sequence[Mistake]) -> tuple[Mistake, ...]:
    """An exercise's own mistakes, then those of the catalogues.

    Where both have a name, the words are the exercise's own and the functions those of both.
    """
    known = {mistake.name: mistake for mistake in catalogue}
    merged = [
        replace(m, wrong=(*m.functions, *known.pop(m.name).functions)) if m.name in known else m
        for m in own
    ]
    return (*merged, *known.values())
