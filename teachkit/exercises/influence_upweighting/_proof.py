"""7.2: the five lines of the derivation, put in order."""

from __future__ import annotations

import functools

from .. import exercise

LINES = {
    "A": "Put eps = 0: H dtheta/deps + grad L(z, theta(0)) = 0.",
    "B": "theta(eps) minimises R + eps L(z, .), so "
    "grad R(theta(eps)) + eps grad L(z, theta(eps)) = 0.",
    "C": "H is invertible, so dtheta/deps = -H^-1 grad L(z, theta(0)).",
    "D": "Differentiate that equation with respect to eps: "
    "[H_R(theta(eps)) + eps H_L(theta(eps))] dtheta/deps + grad L(z, theta(eps)) = 0.",
    "E": "At eps = 0 the equation's derivative with respect to theta is H, which is invertible: "
    "so, by the implicit function theorem, theta(eps) is differentiable near 0.",
}


def _no_arguments() -> list[tuple]:
    return [()]


def _always(order: str):
    return lambda: tuple(order)


def _as_letters(order):
    """Compare letter by letter, so that "b, e, ..." and a list of letters are answers, too."""
    return functools.wraps(order)(lambda: tuple(order()))


@exercise(
    "7.2",
    "Order the proof",
    prompt="Put the five lines of the proof in order and return their letters, such as "
    '`return "ABCDE"`.\n\n' + "\n\n".join(f"{letter}: {line}" for letter, line in LINES.items()),
    minutes=5,
    difficulty=2,
    cases=_no_arguments,
    hints=(
        "A proof begins with what is known. What do you know about a minimum?",
        """Before you differentiate theta(eps) you must know that it has a derivative. Which line
        gives you that?""",
        """Setting eps = 0 and differentiating do not commute: of a number that no longer depends on
        eps every derivative is 0.""",
    ),
    explanation="""The equation of the minimum (B) holds for all small eps. Because H is invertible
    the implicit function theorem gives a differentiable theta(eps) (E), so it may be differentiated
    (D). Only then eps = 0 (A), and H is inverted (C). That H is positive definite, more than
    invertible, is used once: to know that the stationary point is a minimum.""",
    mistakes=(
        ("eps = 0 first", *map(_always, ("BEADC", "BADEC", "BAEDC", "ABEDC", "ABDEC")),
         """You put eps = 0 before you differentiate with respect to eps. Then nothing is left that
         depends on eps, and the derivative of that says 0 = 0."""),
        ("derivative not known to exist",
         *map(_always, ("BDEAC", "BDAEC", "BDACE")),
         """Each step is right once theta(eps) has a derivative, and you differentiate it before you
         know. The implicit function theorem comes first: where H is not invertible, theta(eps) can
         have no derivative at 0."""),
        ("solved too early",
         *map(_always, ("BEDCA", "BECDA", "BECAD")),
         """dtheta/deps = -H^-1 grad L is solved from an equation for it. That equation must stand
         there before: differentiate, put eps = 0, then solve."""),
        ("theorem without its equation", *map(_always, ("EBDAC", "EDBAC")),
         """The implicit function theorem speaks of an equation, "that equation" and "the equation"
         here. It must be there first: the condition of the minimum."""),
        ("differentiated before it stands there", *map(_always, ("DBEAC", "DEBAC", "DBAEC")),
         """You begin by differentiating "that equation", and there is none yet. Which line says an
         equation that holds for all small eps?"""),
        ("inverted before the theorem", *map(_always, ("BCEDA", "BCDEA", "BCDAE")),
         """Early on you solve for dtheta/deps, and no equation has it in it yet: it comes in by
         differentiating."""),
        ("backwards", *map(_always, ("CADEB", "CADBE")),
         """You begin with what is to be shown. That is how one finds a proof; written down, it
         begins with what is known, the condition of the minimum."""),
    ),
    reveal=False,
)
@_as_letters
def proof_order():
    """The letters of the five lines in the order of the proof, such as "ABCDE"."""
    return "BEDAC"
