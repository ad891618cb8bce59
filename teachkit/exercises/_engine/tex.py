"""A formula in TeX as plain text, for what is printed: `H^{-1}` is H^-1 there."""

from __future__ import annotations

import re

INLINE = re.compile(r"\\\((.+?)\\\)")

# Read from top to bottom; what is left of commands is their name (theta, sigma, log), apart from
# what stands before it: n lambda theta. Only a differential is one word, dtheta.
_RULES = [
    (r"\\(?:text|mathrm|mathcal|mathbf)(?:\{([^{}]*)\}| ?(\w))", r"\1\2"),
    (r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)"),
    (r"\\t?frac\{([^{}]*)\}\{([^{}]*)\}", r"(\1)/(\2)"),
    (r"\\t?frac ?([0-9A-Za-z]) ?([0-9A-Za-z])", r"\1/\2"),
    (r"\\tilde ?\{?(\\?\w+)\}?", r"\1~"),
    (r"\\geq?(?![A-Za-z])", ">="),
    (r"\\leq?(?![A-Za-z])", "<="),
    (r"\\neq?(?![A-Za-z])", "!="),
    (r"\^\\top(?![A-Za-z])", "'"),
    (r" ?\\cdot 10\^\{?(-?\d+)\}?", r"e\1"),
    (r" ?\\cdot(?![A-Za-z]) ?", " * "),
    (r"(?<=[A-Za-z0-9'\])}])(?<!\bd)\\(?=[A-Za-z])", r" \\"),
    (r"\\(?:var)?epsilon", "eps"),
    (r"\\[,;:! ]", " "),
    (r"\{,\}", ","),
    (r"\\([A-Za-z]+)", r"\1"),
    (r"[{}]", ""),
    (r" +", " "),
]


def inline(text: str) -> str:
    r"""`$x$` as `\(x\)`: a dollar that a learner prints is a dollar."""
    return re.sub(r"\$([^$]+)\$", r"\\(\1\\)", text)


def plain(text: str) -> str:
    r"""The text with each `\(formula\)` as one can type it."""
    return INLINE.sub(lambda match: typed(match[1]), text)


def typed(formula: str) -> str:
    """One formula as one can type it."""
    for pattern, instead in _RULES:
        formula = re.sub(pattern, instead, formula)
    return formula.strip()
