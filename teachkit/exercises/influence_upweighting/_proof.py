"""7.2: the one wrong justification among five."""

from __future__ import annotations

import functools

from .. import exercise

LINES = {
    "A": "grad R(theta(eps)) + eps grad L(z, theta(eps)) = 0 for every small eps, because "
    "theta(eps) is the minimiser of R + eps L(z, .), and there the gradient vanishes.",
    "B": "theta(eps) is differentiable at eps = 0, because R and L are twice continuously "
    "differentiable and R is strictly convex.",
    "C": "Both sides of the equation of A may be differentiated with respect to eps, because it "
    "holds for all small eps, and not at eps = 0 alone.",
    "D": "The Hessian of L(z, .) is not in the result, because it is multiplied by eps, and eps "
    "is put to 0 after differentiating.",
    "E": "The penalty is in H and not in grad L(z, theta), because it belongs to R, and z brings "
    "its loss alone.",
}


def _no_arguments() -> list[tuple]:
    return [()]


def _always(letter: str):
    return lambda: tuple(letter)


def _as_letters(letter):
    """Compare as a letter, so that "b" and ["B"] are answers, too."""
    return functools.wraps(letter)(lambda: tuple(letter()))


@exercise(
    "7.2",
    "Find the wrong reason",
    prompt="Five sentences about the derivation, each with its reason. One of the reasons is not "
    'enough for what it is to justify. Return its letter, such as `return "A"`.\n\n'
    + "\n\n".join(f"{letter}: {line}" for letter, line in LINES.items()),
    minutes=5,
    difficulty=2,
    cases=_no_arguments,
    hints=(
        "For each sentence, find the line of the proof that it speaks of. What does that line ask "
        "for?",
        """One line rests on a theorem. Which condition of the theorem is about H, and does the
        reason give it?""",
    ),
    explanation="""The implicit function theorem asks for an invertible H (line 2). Strictly convex
    does not give that: theta^4 is strictly convex, and its second derivative at the minimum is 0.
    With an invertible H, theta(eps) is differentiable, whether R is convex elsewhere or not.""",
    mistakes=(
        ("the minimum", _always("A"),
         """A is in order: it is line 1. The gradient of a differentiable function is 0 at a
         minimiser, convex or not."""),
        ("differentiating the equation", _always("C"),
         """C is in order. An equation between functions of eps may be differentiated; one that
         holds at a single eps may not. That theta(eps) has a derivative is another sentence."""),
        ("the point's own Hessian", _always("D"),
         """D is in order: line 3 has eps times that Hessian, and line 4 puts eps = 0."""),
        ("the penalty", _always("E"),
         """E is in order. R + eps L(z, .) has one penalty, that of R, so H has it in it, and what
         is multiplied by eps has not."""),
    ),
    reveal=False,
)
@_as_letters
def proof_order():
    """The letter of the sentence whose reason is not enough, such as "A"."""
    return "B"
