"""A function of x that somebody typed: read by a whitelist, never run as code.

The text is parsed into Python's syntax tree; only numbers, x, pi, e, + - * / ^ and a dozen
functions of one argument may stand in it. The tree is then evaluated here, node by node, on floats,
with its derivative by the chain rule (dual numbers): nothing of it is compiled or executed.
"""

from __future__ import annotations

import ast
import math
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

LONGEST = 120  # characters; so the tree is small, and its depth far from Python's limit
SIGNS = re.compile(r"[A-Za-z0-9. +\-*/()]*")
TYPOGRAPHY = str.maketrans(
    {"^": "**", "²": "**2", "³": "**3", "·": "*", "×": "*", "−": "-", "π": "pi"}
)
CONSTANTS = {"pi": math.pi, "e": math.e}

# f and f', each of a float64 array.
FUNCTIONS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "sqrt": (np.sqrt, lambda u: 0.5 / np.sqrt(u)),
    "cbrt": (np.cbrt, lambda u: 1 / (3 * np.cbrt(u) ** 2)),
    "exp": (np.exp, np.exp),
    "log": (np.log, lambda u: np.where(u > 0, 1 / u, np.nan)),
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda u: -np.sin(u)),
    "tan": (np.tan, lambda u: 1 / np.cos(u) ** 2),
    "arctan": (np.arctan, lambda u: 1 / (1 + u**2)),
    "sinh": (np.sinh, np.cosh),
    "cosh": (np.cosh, np.sinh),
    "tanh": (np.tanh, lambda u: 1 / np.cosh(u) ** 2),
    "abs": (np.abs, np.sign),
    "sign": (np.sign, np.zeros_like),
}
_ALSO = {"atan": "arctan", "ln": "log"}
_KNOWN = {**FUNCTIONS, **{name: FUNCTIONS[full] for name, full in _ALSO.items()}}

Dual = tuple[Any, Any]  # a value and its derivative with respect to x


@dataclass(frozen=True)
class Formula:
    """A function of one number, typed: ``Formula("x^3 - 2x - 5")``.

    Called with x, a number or an array, it gives f(x) in the shape of x; ``slope`` gives f'(x).
    NaN and infinity come back where f is not defined or too large; nothing is raised.

    Parameters
    ----------
    text : str
        With x, numbers, pi, e, ``+ - * / ^`` (``**`` too), brackets and the functions of
        `FUNCTIONS`; ``2x`` and ``3(x+1)`` are products.

    Raises
    ------
    ValueError
        If the text is no such formula: a sentence that says which part is not.

    Notes
    -----
    Lesson: 03_newton
    """

    text: str
    _tree: ast.expr = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tree", _read(self.text))

    def __call__(self, x: Any) -> Any:
        return self._dual(x)[0]

    def slope(self, x: Any) -> Any:
        """f'(x), by the chain rule through the formula."""
        return self._dual(x)[1]

    def _dual(self, x: Any) -> Dual:
        at = np.asarray(x, dtype=float)
        with np.errstate(all="ignore"):
            value, slope = _evaluate(self._tree, at)
        both = np.broadcast_to(value, at.shape), np.broadcast_to(slope, at.shape)
        return both if at.ndim else (float(both[0]), float(both[1]))


def _evaluate(node: ast.expr, x: Any) -> Dual:
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.float64(number), np.float64(0)
        case ast.Name(id="x"):
            return x, np.ones_like(x)
        case ast.Name(id=name):
            return np.float64(CONSTANTS[name]), np.float64(0)
        case ast.UnaryOp(op=sign, operand=inner):
            u, du = _evaluate(inner, x)
            return (-u, -du) if isinstance(sign, ast.USub) else (u, du)
        case ast.Call(func=ast.Name(id=name), args=[inner]):
            f, df = _KNOWN[name]
            u, du = _evaluate(inner, x)
            return f(u), df(u) * du
        case ast.BinOp(left=left, op=operation, right=right):
            return _OPERATIONS[type(operation)](*_evaluate(left, x), *_evaluate(right, x))
    raise AssertionError(f"{type(node).__name__} was let through")


def _product(u: Any, du: Any, v: Any, dv: Any) -> Dual:
    return u * v, du * v + u * dv


def _quotient(u: Any, du: Any, v: Any, dv: Any) -> Dual:
    return u / v, (du - u / v * dv) / v


def _power(u: Any, du: Any, v: Any, dv: Any) -> Dual:
    if np.all(dv == 0):  # no logarithm: the base may be negative, and the exponent 0
        return u**v, np.where(v == 0, 0.0, v * u ** (v - 1)) * du
    return u**v, u**v * (dv * np.log(u) + v * du / u)


_OPERATIONS: dict[type, Callable[..., Dual]] = {
    ast.Add: lambda u, du, v, dv: (u + v, du + dv),
    ast.Sub: lambda u, du, v, dv: (u - v, du - dv),
    ast.Mult: _product,
    ast.Div: _quotient,
    ast.Pow: _power,
}


# ---- from text to a tree that holds nothing else


def _read(text: str) -> ast.expr:
    if not isinstance(text, str):
        raise TypeError(f"A formula is a text such as 'x^2 - 2'; got {text!r}.")
    if not text.strip():
        raise ValueError("The formula is empty. Type a function of x, such as x^2 - 2.")
    if len(text) > LONGEST:
        raise ValueError(
            f"The formula has {len(text)} characters; at most {LONGEST} are read. Take a shorter "
            "one."
        )
    plain = text.strip().translate(TYPOGRAPHY)
    strange = sorted(set(plain) - set("".join(SIGNS.findall(plain))))
    if strange:
        raise ValueError(f"{strange[0]!r} cannot stand in a formula. {_allowed(text)}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of number and name run together, such as 2or
            tree = ast.parse(_with_products(plain), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(
            f"{text!r} cannot be read as a formula ({_reason(error)}). Type a function of x, such "
            "as x^3 - 2x - 5; after a letter a product has its *, as in x*sin(x) and 2*e^x."
        ) from None
    _check(tree, text)
    return tree


def _with_products(text: str) -> str:
    """2x, 3(x+1) and (x-1)(x+2) as products; 2e5 stays a number, sin(x) a call."""
    names = "|".join(sorted(["x", "pi", *_KNOWN], key=len, reverse=True))
    return re.sub(rf"(?<=[0-9)])\s*(?=(?:{names})\b|\()", "*", text)


def _reason(error: Exception) -> str:
    return error.msg if isinstance(error, SyntaxError) and error.msg else "it is not well formed"


def _check(node: ast.AST, text: str) -> None:
    match node:
        case ast.Constant(value=number) if type(number) in (int, float):
            return
        case ast.Name(id=name) if name == "x" or name in CONSTANTS:
            return
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=inner):
            return _check(inner, text)
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _OPERATIONS:
            _check(left, text)
            return _check(right, text)
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in _KNOWN:
            if not isinstance(inner, ast.Starred):
                return _check(inner, text)
    raise ValueError(f"{_part(node)} cannot stand in a formula. {_allowed(text)}")


def _allowed(text: str) -> str:
    return (
        "Allowed are x, numbers, pi, e, + - * / ^, brackets, and these functions of one number: "
        f"{', '.join(FUNCTIONS)}. The formula was {text!r}."
    )


def _part(node: ast.AST) -> str:
    if isinstance(node, ast.Name) and node.id in _KNOWN:
        return f"'{node.id}' without its argument, as in {node.id}(x),"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "x":
        return f"{ast.unparse(node)!r} (a product is written x*(...))"
    return repr(ast.unparse(node)) if isinstance(node, ast.expr) else type(node).__name__
