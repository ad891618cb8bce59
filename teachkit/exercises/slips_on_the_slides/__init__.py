"""Exercise of the appendix: five statements about what the course has shown, right or wrong."""

from ._quizzes import by_sign, no_slip
from ._verdicts import verdicts

__all__ = ["by_sign", "no_slip", "verdicts"]

LESSON = "A"
TITLE = "The slips on the slides"
