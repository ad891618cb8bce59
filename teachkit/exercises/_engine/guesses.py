"""What a learner guessed before the truth was shown, kept with the progress."""

from __future__ import annotations

from typing import Any

from . import progress

KEPT = 50  # guesses at one question; the first, which the class is shown, always stays
LONGEST = 200  # characters of one
LARGEST = 1e300  # so that sums and differences of a class's are numbers


def keep(
    key: str,
    *,
    guess: float | str,
    truth: float | str,
    prediction: float | str | None = None,
    error: float | None = None,
) -> str:
    """Keep one guess, such as at "07.influence.which point matters most", behind earlier ones.

    A sentence comes back if something was in the way, "" otherwise; nothing raises.
    """
    given = {"guess": guess, "truth": truth, "prediction": prediction, "error": error}
    made = {}
    for name, value in given.items():
        if value is None and name in ("prediction", "error"):
            continue
        kept = _plain(value)
        if kept is None or (name == "error" and isinstance(kept, str)):
            return f"This guess is not kept: its {name} is {value!r:.60}, and no number or name."
        made[name] = kept

    def note(entry: dict[str, Any]) -> None:
        before = entry.get("made", [])
        entry["made"] = [*before[:1], *before[1:][-(KEPT - 2) :], made]

    return progress.update("guesses", key, note)


def _plain(value: Any) -> float | str | None:
    """The value as JSON has it: a text, or a finite number; None where it is neither."""
    if isinstance(value, str):
        return value[:LONGEST]
    try:
        number = float(value)  # NumPy's numbers and 0-d arrays of any library as well
    except (TypeError, ValueError, OverflowError):
        return None
    return number if abs(number) <= LARGEST else None
