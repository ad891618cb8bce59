"""A.1: five statements, right or wrong."""

from __future__ import annotations

import numpy as np

from .. import Aim, exercise
from ._measured import STATEMENTS

RIGHT = [right for right, _, _ in STATEMENTS]


def _no_arguments() -> list[tuple]:
    return [()]


def _but(*turned: int):
    """The right verdicts, these turned over (counted from 1)."""
    return lambda: [right != (k in turned) for k, right in enumerate(RIGHT, 1)]


def aims(given) -> list[Aim]:
    """For each statement: what was said of it, what it is, and the case that decides."""
    values = np.asarray(given)
    if values.shape != (5,) or values.dtype.kind not in "bif" or not np.isin(values, (0, 1)).all():
        raise ValueError("five entries are asked for, each of them True or False")
    found = []
    for k, ((right, statement, measured), said) in enumerate(zip(STATEMENTS, values, strict=True)):
        words = "right" if right else "wrong"
        verdict = f"{words}, as you said" if said == right else f"no, it is {words}"
        found.append(Aim(bool(said == right), f"{k + 1}. {statement}: {verdict}. {measured()}"))
    return found


@exercise(
    "A.1",
    "Right or wrong?",
    prompt="Judge five statements before you run anything: return a list of five, True for right "
    "and False for wrong, in their order.\n\n"
    + "\n\n".join(f"{k}. {statement}." for k, (_, statement, _) in enumerate(STATEMENTS, 1)),
    minutes=10,
    difficulty=2,
    cases=_no_arguments,
    hints=(
        """Look for the word that promises too much: exactly, every, strictly. Then try the
        smallest case you can do by hand: two parameters, one point, theta^4.""",
        """1: write the sum with one weight 1/n - 1/n. 2: which power is flat at its minimum?
        3: what do both differences do when r is very large? 4: which of its errors does conjugate
        gradients make as small as it can? 5: lesson 07 tried it on a line.""",
        """Lessons: 1 in 07, section 4; 2 in 07, section 5; 3 in 05, section 3; 4 in 06; 5 in
        07, section 12. Two of the five are right.""",
    ),
    explanation="""1 and 5 are exact: a sum with one weight 0 is the sum without that term, and for
    the square loss the Hessian does not depend on theta. 2 to 4 each promise too much. Strictly
    convex allows a flat minimum, theta^4. Central is better only while r is small. Conjugate
    gradients make the A-norm of the error fall, and the residual follows with ups and downs.""",
    mistakes=(
        ("removal", _but(1), """Four are judged well. About statement 1 you were too suspicious:
        with a penalty it would need an n that stays fixed, and there is none here."""),
        ("strictly convex", _but(2), """Four are judged well. Statement 2 is what one would like to
        be true. Strictly convex is about chords; it lets the curvature be 0 in a single place."""),
        ("central", _but(3), """Four are judged well. Statement 3 holds in the limit r to 0, in real
        numbers. "Every r" has large ones in it."""),
        ("residual", _but(4), """Four are judged well. Statement 4 takes one measure of the error
        for another: what falls in every step is the A-norm of the error."""),
        ("leverage", _but(5), """Four are judged well. Statement 5 is no approximation: for the
        square loss it is the Sherman-Morrison formula."""),
        ("trusting", lambda: [True] * 5, """You called all five right. Each has a strong word in it,
        and three of them do not keep what it promises."""),
        ("suspicious", lambda: [False] * 5, """You called all five wrong. A strong word may be true:
        two of the five are exact, by algebra."""),
        ("turned over", _but(1, 2, 3, 4, 5), """Every verdict is turned over. True stands for a
        statement that is right."""),
    ),
    judge=aims,
)
def verdicts():
    """Five verdicts, True for right and False for wrong."""
    return [True, False, False, False, True]
