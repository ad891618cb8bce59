"""Every explorer with what to try in it, and what the front end does to one, by its traits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from teachkit import datasets, widgets

DIGITS = datasets.digits()


@dataclass(frozen=True)
class Case:
    """An explorer, a point with two places for it, and values that cannot be guessed."""

    make: Callable[[], Any]
    point: str = ""
    places: tuple[tuple[float, float], ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


def _of_digits(kind: Any, **more: Any) -> Callable[[], Any]:
    return partial(kind, DIGITS.X_train, DIGITS.y_train, **more)


CASES = {
    "agreement": Case(widgets.AgreementExplorer),
    "attack": Case(widgets.AttackExplorer),
    "bowl": Case(widgets.BowlExplorer, "x", ((-1, 2), (0.5, 1)), {"example": "long valley"}),
    "conjugate": Case(widgets.ConjugateGradientExplorer, "start", ((20, 4), (18, 5))),
    "descent": Case(widgets.DescentExplorer, "start", ((0.5, 2), (0.25, -0.5))),
    "generative": Case(widgets.GenerativeExplorer, "3", ((0.5, 1.5), (0.4, 0.1)), {"n": 80}),
    "images": Case(partial(widgets.ImageInfluenceExplorer, DIGITS, walls=4, names=("3", "8"))),
    "influence": Case(
        partial(widgets.InfluenceExplorer, *datasets.blobs()), "3", ((0.5, 1.5), (0.4, 0.1))
    ),
    "line": Case(
        partial(widgets.InfluenceExplorer, *datasets.line()), "3", ((0.5, 0.25), (1, 0.5))
    ),
    "audit": Case(partial(widgets.LabelAudit, mails=200, budget=20)),
    "comparison": Case(partial(widgets.ModelComparisonExplorer, n=60, walls=4)),
    "lissa": Case(widgets.LissaExplorer, values={"scale": 47.0, "batch": 10}),
    "loss": Case(widgets.LossExplorer, "at", ((-1.5, 0), (1.0, 0)), {"at": 1.25}),
    "memory": Case(_of_digits(widgets.MemoryExplorer, l2=0.1)),
    "mismatch": Case(widgets.MismatchExplorer, values={"l2": 0.01}),
    "perturbation": Case(
        partial(widgets.PerturbationExplorer, *datasets.blobs()), "3", ((0.5, 1.5), (0.4, 0.1))
    ),
    "pixels": Case(partial(widgets.PixelExplorer, DIGITS, names=("3", "8"))),
    "risk": Case(widgets.RiskExplorer, values={"n": 100}),
    "roofline": Case(widgets.RooflineExplorer),
    "root": Case(
        widgets.RootFinder, "start", ((1.25, 7), (2.25, 0)), {"preset": "sin(x)", "text": "x^2-3"}
    ),
    "secant": Case(widgets.SecantExplorer, "start", ((0.2, 2), (0.4, 2.5))),
    "smooth hinge": Case(widgets.SmoothHingeExplorer, "3", ((0.5, 1.5), (0.4, 0.1)), {"l2": 0.3}),
    "step": Case(_of_digits(widgets.StepSizeExplorer), "r", ((-5, 0.7), (-6, 0.2))),
}


def of_contributing() -> dict[str, Any]:
    """The explorer that CONTRIBUTING.md shows how to write; its last words join the cases."""
    text = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.split("## How to write an explorer")[1].split("\n## ")[0]
    names: dict[str, Any] = {"__name__": __name__, "CASES": CASES, "Case": Case}
    exec("\n".join(re.findall("```python\n(.*?)```", section, re.DOTALL)), names)
    return names


MEAN = of_contributing()


def write(explorer: Any, name: str, table: Mapping[str, Any]) -> None:
    """A whole table, as the front end writes it."""
    plane = explorer.plane
    here = {"positions": lambda p: (p.x, p.y), "weights": lambda p: p.weight}[name]
    table = {point.id: here(point) for point in plane.current.points} | table
    serial = plane.scene["answers"][name] + 1
    message = {"revision": plane.scene["revision"], "serial": serial, "table": table}
    setattr(plane, name, message)


def drag(explorer: Any, name: int | str, x: float, y: float) -> None:
    write(explorer, "positions", {str(name): (x, y)})


def grey(explorer: Any, *indices: int, weight: float = 0.0) -> None:
    write(explorer, "weights", {str(i): weight for i in indices})


def out(*indices: int) -> Callable[[Any], None]:
    return lambda explorer: grey(explorer, *indices)


def back_in(*indices: int) -> Callable[[Any], None]:
    return lambda explorer: grey(explorer, *indices, weight=1.0)


def to(name: int | str, x: float, y: float) -> Callable[[Any], None]:
    return lambda explorer: drag(explorer, name, x, y)


def pick(name: int | str) -> Callable[[Any], None]:
    return lambda explorer: setattr(explorer.plane, "selected", str(name))


def after(name: str, moves: Iterable[Any]) -> Any:
    """The explorer after values of controls, places of its point, buttons, and what else."""
    case = CASES[name]
    explorer = case.make()
    for move in moves:
        if isinstance(move, dict):
            for control, value in move.items():
                explorer.controls[control].value = value
        elif isinstance(move, tuple):
            drag(explorer, case.point, *move)
        elif isinstance(move, str):
            home = explorer.steps if move in ("step", "run") else explorer
            (getattr(home, f"{move}_button", None) or getattr(home, move)).click()
        else:
            move(explorer)
    return explorer


def settled(explorer: Any) -> bool:
    """Whether every plane shows the state, and nothing went wrong."""
    panels = [
        getattr(explorer, name).current == panel.draw(explorer.state)
        for name, panel in explorer.beside.items()
    ]
    return explorer.plane.current == explorer.picture() and all(panels) and not explorer.plane.error
