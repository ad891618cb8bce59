"""Armijo's line f(x) + c1 t g'd, on or below which a step has to end."""

from __future__ import annotations

from .._engine.parts import rule

BOUND = rule(
    lambda fx, c1, t, slope: fx + c1 * t * slope,
    ("any decrease", lambda fx, c1, t, slope: fx,
     """You accept any fall, however small, and ever smaller falls can come to rest where there is
     no minimum. Armijo's condition asks for a share of what the slope promises: f(x) + c1 t
     g'd."""),
    ("whole promise", lambda fx, c1, t, slope: fx + t * slope,
     """You ask for all that the slope promises, c1 = 1. A function that curves upwards never keeps
     it, however short the step. The share c1 of it is enough."""),
    ("sign", lambda fx, c1, t, slope: fx - c1 * t * slope,
     "Your bound lies above f(x): g'd is negative, so minus makes it a permission to rise."),
    ("t missing", lambda fx, c1, t, slope: fx + c1 * slope,
     """Your bound does not change with t: a step of 1/64 would have to bring as much as the full
     one, and it may find none. A step t promises t times the slope."""),
    ("f(x) missing",
     lambda fx, c1, t, slope: c1 * t * slope,
     lambda fx, c1, t, slope: c1 * (fx + t * slope),
     """In your bound f(x) is missing, or multiplied by c1 as well: it asks where f lies, and not
     how far it falls. Add a constant to f, and the answer must stay the same."""),
    ("t squared", lambda fx, c1, t, slope: fx + c1 * t**2 * slope,
     "t stands twice in your bound. The slope promises t times g'd, once."),
)
