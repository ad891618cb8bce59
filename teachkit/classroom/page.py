"""The page: what was counted as one HTML file that needs no server and no network."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from pathlib import Path

import jinja2
from markupsafe import Markup

from teachkit.exercises._engine import display
from teachkit.exercises._engine.tex import plain

from .count import Class, Exercise, done
from .guesses import Histogram

HERE = Path(__file__).parent
EVERY = 5  # seconds from one reload to the next


def page(counted: Class, folder: str, written: datetime, *, watched: bool = False) -> str:
    """The whole page; while it is `watched` it reloads itself and has a button that stops this."""
    script = _file("page.js").replace("EVERY", str(EVERY)) if watched else ""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return _template().render(
        counted=counted,
        folder=folder,
        written=f"{written:%H:%M} on {written.day} {written:%B %Y}",
        style=Markup(_file("page.css")),  # ours
        script=Markup(script),  # ours
        policy=f"'sha256-{digest}'" if watched else "'none'",
        every=EVERY,
    )


def _file(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _template() -> jinja2.Template:
    # All that comes from a file of a learner's is escaped where it is put in.
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"words": words, "number": number, "people": people, "pace": pace}
    environment.globals |= {
        "done": done,
        "is_histogram": lambda drawn: isinstance(drawn, Histogram),
    }
    return environment.get_template("page.html")


def words(text: str) -> Markup:
    """A sentence of the course's: formulas as one types them, code as code."""
    return Markup(display.inline(plain(text)))  # display.inline escapes


def number(value: float) -> str:
    """A number in four digits at most."""
    return f"{value + 0.0:.4g}".replace("-", "\N{MINUS SIGN}")


def people(count: int) -> str:
    """How many, in words."""
    return "1 learner" if count == 1 else f"{count} learners"


def pace(exercise: Exercise) -> float:
    """How long the bar of the minutes is, in per cent: the middle is what the exercise states."""
    assert exercise.took is not None
    return min(50 * exercise.took / exercise.task.minutes, 100)
