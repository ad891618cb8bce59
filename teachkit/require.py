"""What functions ask of their arguments: each question and its sentence stand here, once.

``require.real(tol, "tol", "[0, inf)")`` hands back what it was given, as the type that was asked
for, or raises with the name, the value seen, and `why`: what the argument means, what to try.
"""

from __future__ import annotations

import numbers
from typing import Any

from teachkit.arrays import Array, is_array, scalar


def is_real(value: Any) -> bool:
    """Whether `value` is a real number, of Python or NumPy; booleans and arrays are not."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def is_whole(value: Any) -> bool:
    """Whether `value` is a whole number, of Python or NumPy; booleans and 2.0 are not."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def real(value: Any, name: str, within: str = "", why: str = "", *, example: str = "") -> float:
    """A number, in an interval if one is named: 0 is in "[0, inf)", infinity and NaN are not.

    Raises TypeError for what is no number, with an `example` of one, and ValueError outside.
    """
    if not is_real(value):
        _refuse(
            TypeError,
            f"{name} is a number such as {example}; got {value!r:.60}"
            if example
            else f"{name} is {value!r:.60}; it has to be a number",
            why,
        )
    if within and not _inside(value, within):
        _refuse(ValueError, _outside(value, name, within), why)
    return float(value)


def whole(value: Any, name: str, least: int = 0, most: int | None = None, why: str = "") -> int:
    """A whole number from `least` to `most`, both included."""
    if not is_whole(value):
        _refuse(TypeError, f"{name} is a whole number; got {value!r:.60}", why)
    if value < least or (most is not None and value > most):
        bounds = f"{least} or more" if most is None else f"from {least} to {most}"
        _refuse(ValueError, f"{name} is {value}; it has to be {bounds}", why)
    return int(value)


def instance(given: Any, name: str, methods: tuple[str, ...], such_as: str) -> Any:
    """An object with these methods, `such_as` "Newton() or LBFGS()"; their classes are none."""
    if isinstance(given, type):
        _refuse(
            TypeError,
            f"{name} is the class {given.__name__} itself; write {given.__name__}() with brackets, "
            "and in them what it needs",
        )
    missing = [method for method in methods if not callable(getattr(given, method, None))]
    if missing:
        without = ", ".join(method for method in missing if not method.startswith("_"))
        what = f"{given!r:.60}{f', without {without}' if without else ''}"
        _refuse(TypeError, f"{name} is {what}; it has to be an object such as {such_as}")
    return given


def function(given: Any, name: str, form: str) -> Any:
    """Something that can be called, of the `form` "x -> f(x)"."""
    if is_array(given) or not callable(given):
        _refuse(TypeError, f"{name} is {given!r:.60}; it has to be a callable {form}")
    return given


def shape(
    array: Array, name: str, wanted: tuple[int, ...], why: str = "", /, **beside: Array
) -> Array:
    """An array of this shape; ``x=x`` lets the sentence tell the shape of x, too."""
    found = tuple(array.shape)
    if found != wanted:
        where = "".join(f" where {known} has shape {tuple(y.shape)}" for known, y in beside.items())
        _refuse(ValueError, f"{name} has shape {found}{where}; it has to be {wanted}", why)
    return array


def damping(value: Any) -> float:
    """A finite number >= 0, or an array of no dimensions with one."""
    if is_array(value) and value.ndim == 0:
        value = scalar(value)
    return real(value, "damping", "[0, inf)", "It is one number, added to the diagonal.")


def _refuse(error: type[Exception], sentence: str, why: str = "") -> None:
    raise error(f"{sentence}. {why}".rstrip())


def _inside(value: Any, within: str) -> bool:
    low, high = map(float, within[1:-1].split(","))
    above = low <= value if within[0] == "[" else low < value
    return bool(above and (value <= high if within[-1] == "]" else value < high))


def _outside(value: Any, name: str, within: str) -> str:
    low, high = within[1:-1].split(", ")
    if high == "inf":
        bound = f"{'>=' if within[0] == '[' else 'greater than'} {low}"
        return f"{name} is {value}; it has to be finite and {bound}"
    ends = {"()": ", both excluded", "[)": f", {high} excluded", "(]": f", {low} excluded"}
    excluded = ends.get(within[0] + within[-1], "")
    return f"{name} lies between {low} and {high}{excluded}; got {value}"
