"""A class of twenty-four, made up: what each of them has done at four tasks and three questions."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

REMOVAL, HIDDEN, QUIZ = "influence_upweighting.removal", "newton.newton_step", "start_here.ratio"
RISE = "07.influence.how far the loss rises"
WHICH = "07.influence.which point matters most"
SLOPE = "10.agreement.the slope"
NAMES = [
    "Ada", "Bo, Jr.", "=1+2", "<b>Eve</b>", "+Flo", "-Gus", "@Hal", "Ina & Jo", "Käthe", "李雷",
    "\u202eterces", "Mia", "Nils", "Ole", "Pia", "Quy", "Ria", "Sam", "Tom", "Uma", "Vic", "Wen",
    "Xia", "",
]  # fmt: skip


def tried(*found: str, hints: int = 0, **more: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {"attempts": len(found), "found": list(found), **more}
    if hints:
        entry["hints"] = hints
    if found[-1] == "correct":
        entry |= {"solved": True, "solved_after_solution": bool(more.get("solution_shown"))}
    return entry


def voted(*chosen: str, right: bool) -> dict[str, Any]:
    return {"answers": len(chosen), "chosen": list(chosen), "right": right}


def guessed(*values: Any, truth: Any, **more: Any) -> dict[str, Any]:
    return {"made": [{"guess": value, "truth": truth, **more} for value in values]}


N = "no 1/n"
REMOVALS: list[dict[str, Any] | None] = [
    tried(N, "correct", minutes=4.0),
    tried(N, N, "correct", minutes=6.0, hints=1),
    tried("sign", N, "correct", minutes=8.0),
    tried(N, "correct", minutes=10.0, solution_shown=True),
    tried(N, "not yet", "correct", minutes=12.0, solution_shown=True, hints=2),
    tried(N, hints=1),
    tried("sign", N),
    tried(N, "your code raised", N),
    tried(N),
    *[tried("correct", minutes=0.0)] * 6,
    tried("sign", "correct", minutes=5.0),
    tried("sign", "correct", minutes=7.0),
    tried("sign", "correct", minutes=900.0),
    tried("not yet"),
    tried(N[:2] + "thing known", "not yet"),
    tried("your code raised"),
    {"hints": 1},
    None,
    None,
]  # fmt: skip
VOTES: list[dict[str, Any] | None] = [
    *[voted("b", right=True)] * 11,
    *[voted("c", "b", right=True)] * 4,
    *[voted("a", right=False)] * 3,
    voted("d", "a", right=False),
    {"answers": 2, "chosen": ["b"], "right": True},  # from a version that kept no choices at first
    *[None] * 4,
]  # fmt: skip
RISES = [0.05, 0.1, 0.2, 0.2, 0.3, 0.3, 0.35, 0.4, 0.5, 0.5, 0.6, 40.0]


def the_class() -> list[dict[str, Any]]:
    exports = []
    for k, name in enumerate(NAMES):
        exercises = {REMOVAL: REMOVALS[k]} if REMOVALS[k] else {}
        if k < 2:
            exercises[HIDDEN] = tried("upside down", "times slope")
        quizzes = {QUIZ: VOTES[k]} if VOTES[k] else {}
        guesses = {}
        if k < len(RISES):
            guesses[RISE] = guessed(RISES[k], -7.0, truth=0.34, prediction=0.31)
        if k < 6:
            guesses[WHICH] = guessed("point 17" if k < 4 else "point 3", truth="point 17")
        if k < 4:
            guesses[SLOPE] = guessed(1.0, truth=1.0 + 0.1 * k)
        exports.append(
            {
                "format": "teachkit export",
                "version": 1,
                "course": version("teachkit"),
                "learner": {"id": f"{k:06x}abcdef", "number": 1} | ({"name": name} if name else {}),
                "exercises": exercises,
                "quizzes": quizzes,
                "guesses": guesses,
            }
        )
    return json.loads(json.dumps(exports))  # no two share an entry


def hand_in(folder: Path, exports: list[dict[str, Any]]) -> Path:
    """Put the files into a folder, under names that say nothing."""
    folder.mkdir(exist_ok=True)
    for k, export in enumerate(exports):
        (folder / f"export-{k:02}.json").write_text(json.dumps(export), encoding="utf-8")
    return folder
