"""Formulas that learners type: their values and slopes, and all that must not be let in."""

from __future__ import annotations

import subprocess
import sys
import warnings

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teachkit.scenes.formula import FUNCTIONS, LONGEST, Formula

GOOD = {
    "x^3 - 2x - 5": lambda x: x**3 - 2 * x - 5,
    "x**2 - 2": lambda x: x**2 - 2,
    "3(x+1)(x-2)": lambda x: 3 * (x + 1) * (x - 2),
    "(x-1)^2 exp(x)": lambda x: (x - 1) ** 2 * anp.exp(x),
    "2e-3x + 1.5e2": lambda x: 2e-3 * x + 150,
    "-x^2": lambda x: -(x**2),
    "2^x / x^-1.5": lambda x: 2**x * x**1.5,
    "x^x": lambda x: x**x,
    "sin(2pi x) + cos(x)/e": lambda x: anp.sin(2 * anp.pi * x) + anp.cos(x) / anp.e,
    "sinh(x) - cosh(x/2) * tanh(x) + tan(x)": lambda x: (
        anp.sinh(x) - anp.cosh(x / 2) * anp.tanh(x) + anp.tan(x)
    ),
    "ln(x) - log(2x)^2 + sqrt(x)": lambda x: anp.log(x) - anp.log(2 * x) ** 2 + anp.sqrt(x),
    "atan(x) + arctan(x^2) + abs(1 - x)": lambda x: (
        anp.arctan(x) + anp.arctan(x**2) + anp.abs(1 - x)
    ),
    "sign(x) sqrt(abs(x))": lambda x: anp.sign(x) * anp.sqrt(anp.abs(x)),
    "cbrt(x)": lambda x: x ** (1 / 3),
    " x² − 2·x × 3 + x³ + π ": lambda x: x**2 - 6 * x + x**3 + anp.pi,
    "+x - -x": lambda x: 2 * x,
    "7": lambda x: 7.0 + 0 * x,
}


@pytest.mark.parametrize("text", GOOD)
@pytest.mark.parametrize("x", [0.4, 1.7, 2.3])
def test_values_and_slopes_are_those_of_autograd(text, x):
    formula, same = Formula(text.replace("2pi x", "2pi*x")), GOOD[text]
    assert formula(x) == pytest.approx(same(x), rel=1e-12)
    assert formula.slope(x) == pytest.approx(autograd.grad(same)(x), rel=1e-12, abs=1e-14)


def test_an_array_gives_arrays_of_its_shape():
    x = np.linspace(-2, 2, 6).reshape(2, 3)
    for text in ("x^2", "3", "exp(x)", "0*x"):
        assert Formula(text)(x).shape == (2, 3)
        assert Formula(text).slope(x).shape == (2, 3)
    np.testing.assert_allclose(Formula("x^3").slope(x), 3 * x**2)


@pytest.mark.parametrize(
    ("text", "x", "slope"),
    [
        ("x^2", 0.0, 0.0),
        ("x^3", -2.0, 12.0),
        ("x^1", 0.0, 1.0),
        ("x^0", 0.0, 0.0),
        ("abs(x)", -1, -1),
    ],
)
def test_slopes_at_places_where_formulas_are_delicate(text, x, slope):
    assert Formula(text).slope(x) == slope


@pytest.mark.parametrize(
    "text", ["1/x", "log(x)", "sqrt(x-1)", "exp(exp(9))", "9**9**9**9", "x^0.5/0"]
)
def test_where_a_formula_is_not_defined_it_is_not_finite_and_nothing_is_raised(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, slope = Formula(text)(0.0), Formula(text).slope(0.0)
    assert not (np.isfinite(value) and np.isfinite(slope)) or text == "exp(exp(9))"


HOSTILE = [
    "__import__('os').system('touch /tmp/owned')",
    "().__class__.__base__.__subclasses__()",
    "x.__class__",
    "exec('1')",
    "eval(x)",
    "print(x)",
    "open(x)",
    "lambda x: x",
    "(lambda: x)()",
    "[x for x in x]",
    "[x]",
    "{x}",
    "x[0]",
    "x if x else x",
    "x < 1",
    "x and x",
    "not x",
    "x or 2",
    "2or x",
    "f'{x}'",
    "'a' * 99999999",
    "1j",
    "True",
    "None",
    "...",
    "x := 3",
    "(x := 3)",
    "x = 3",
    "x; x",
    "import os",
    "yield x",
    "await x",
    "sin(x, x)",
    "sin(*x)",
    "sin(x=1)",
    "sin()",
    "sin",
    "sin(sin)",
    "x(x + 1)",
    "pi(x)",
    "y",
    "x_1",
    "x@x",
    "x // 2",
    "x % 2",
    "x << 9",
    "x | x",
    "~x",
    "x!",
    "0x",
    "1..real",
    "globals()",
    "x\x00",
    "\x00",
    "\\",
    "$x$",
    "<b>x</b>",
    "x\nx",
    "",
    "   ",
    "(" * 100,
    "x" * (LONGEST + 1),
    "9" * 10_000,
    "-" * 5000 + "x",
    "(" * 5000 + "x" + ")" * 5000,
    "ｘ",
    "𝐱",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_formula_is_refused_with_a_sentence(text):
    if text == "0x":  # zero times x, as somebody who types may well mean
        assert Formula(text)(3.0) == 0.0
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match="formula") as caught:
            Formula(text)
    assert type(caught.value) is ValueError
    assert len(str(caught.value)) < 600
    assert str(caught.value).endswith((".", "'"))


@pytest.mark.parametrize("text", ["x sin(x)", "2e^x", "pi x"])
def test_a_product_that_cannot_be_guessed_is_told_how_it_is_written(text):
    with pytest.raises(ValueError, match=r"x\*sin\(x\) and 2\*e\^x"):
        Formula(text)
    assert Formula("x*sin(x) + 2*e^x")(0.0) == 2.0


@pytest.mark.parametrize("given", [None, 3, b"x", ["x"]])
def test_what_is_no_text_is_a_type_error(given):
    with pytest.raises(TypeError, match="is a text"):
        Formula(given)


@pytest.mark.parametrize(
    "text", ["-" * (LONGEST - 1) + "x", "(" * 59 + "x" + ")" * 59, "x" + "**2" * 39]
)
def test_the_deepest_formula_that_is_read_is_evaluated_too(text):
    assert np.isfinite(Formula(text)(1.0))


@given(st.text(max_size=LONGEST))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_formula_or_a_sentence(text):
    check_any(text)


def check_any(text: str) -> None:
    try:
        formula = Formula(text)
    except ValueError as refusal:
        said = str(refusal)
    else:
        said = "a formula"
        assert isinstance(formula(1.5), float)
    assert "formula" in said


PARTS = [
    "x",
    "pi",
    "e",
    "sin",
    "exp",
    "log",
    "__",
    "import",
    "(",
    ")",
    "+",
    "*",
    "**",
    "/",
    "-",
    "1",
    "9",
    ".",
    "e5",
    "os",
    ",",
    "[",
    "]",
    "'",
    "=",
    "if",
    "or",
    "lambda",
    ":",
]


@given(st.lists(st.sampled_from(PARTS), max_size=25).map("".join))
@settings(max_examples=500, deadline=None)
def test_pieces_of_formulas_in_any_order_too(text):
    check_any(text)


LEAVES = st.sampled_from(["x", "2", "0.5", "pi", "(x+1)"])
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]}{t[1]}{t[2]})")
        | st.tuples(st.sampled_from(["sin", "cos", "tanh", "arctan", "abs"]), inner).map(
            lambda t: f"{t[0]}({t[1]})"
        )
        | inner.map(lambda u: f"({u})^2")
    ),
    max_leaves=6,
).filter(lambda text: len(text) <= LONGEST)


@given(TREES, st.floats(-2, 2))
@settings(max_examples=200, deadline=None)
def test_slopes_agree_with_differences(text, x):
    formula, h = Formula(text), 1e-5
    sides = [formula(x + k * h) for k in (-2, -1, 0, 1, 2)]
    if not np.isfinite(sides).all() or max(map(abs, sides)) > 1e3:
        return
    ahead, behind = (sides[3] - sides[2]) / h, (sides[2] - sides[1]) / h
    if abs(ahead - behind) > 1e-2 * (1 + abs(ahead)):
        return  # a kink, or a pole near by
    central = (sides[3] - sides[1]) / (2 * h)
    assert formula.slope(x) == pytest.approx(central, rel=1e-3, abs=1e-4)


def test_nothing_is_compiled_or_executed():
    """A formula is read while `compile`, `exec` and `eval` are out of reach."""
    code = (
        "import ast, builtins\n"
        "from teachkit.scenes.formula import Formula\n"
        "def parse_only(source, name, mode, flags=0, *rest, **more):\n"
        "    assert flags & ast.PyCF_ONLY_AST\n"
        "    return real(source, name, mode, flags, *rest, **more)\n"
        "real, builtins.compile = builtins.compile, parse_only\n"
        "def no(*a, **k): raise SystemExit(3)\n"
        "builtins.exec = builtins.eval = builtins.open = no\n"
        "assert Formula('2x + sin(x)^2').slope(0.0) == 2.0\n"
        "try: Formula('exec(x)')\n"
        "except ValueError: print('fine')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "fine\n", done.stderr


def test_every_function_can_be_named():
    for name in FUNCTIONS:
        assert np.isfinite(Formula(f"{name}(x)")(0.7))
