"""An answer as a formula of named parts, and what one slip in them, or two, make of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .mistake import Function, Mistake
from .parts import Part, call, fits


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
            placed = all(self.parts[name].where for name in exchanged)
            everywhere = Slipped(self, exchanged, "At each of the two:" if placed else "")
            whole = [everywhere] if len(exchanged) > 1 else []
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
