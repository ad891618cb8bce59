"""Guess first: an explorer asks, the learner commits a guess, and only then the truth is shown.

A state that can ask has a field ``guess``: None, or a `Guess`. It is changed by pure gestures, as
everything is. Until it is committed the question alone draws the scene, from what may be known, and
the explorer's own scene is not made at all. Afterwards the guess is drawn into that one, beside
prediction and truth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np

from teachkit.scenes.marks import Axes, Point
from teachkit.scenes.scene import Scene
from teachkit.scenes.words import counted

Array = np.ndarray
Values = tuple[float, ...]
Draw = Callable[[Any], Scene]
HANDLE = "guess"  # ids of points that a guess is made with begin like this
NOTHING = Scene(Axes((0.0, 1.0), (0.0, 1.0)))


class Three(NamedTuple):
    """Something of the guess, of the prediction and of the truth."""

    guess: Any
    prediction: Any
    truth: Any


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of a guess.

    ``numbers`` are guess, prediction and truth as they are kept, ``words`` the same as they are
    read, and ``rows`` what else is told of the three. ``error`` is how far off the guess is,
    ``predicted_error`` the prediction, as ``off`` writes it. ``drawn`` is what the question marks.
    """

    numbers: Three
    words: Three
    error: float
    predicted_error: float
    off: Callable[[float], str]
    rows: tuple[tuple[str, Three], ...] = ()
    drawn: Any = None

    @property
    def sentence(self) -> str:
        """All three, and the errors."""
        guess, prediction, truth = self.words
        errors = self.off(self.error), self.off(self.predicted_error)
        return (
            f"You guessed {guess}; predicted is {prediction}, true is {truth}. "
            "Your guess is {} off, the prediction {}.".format(*errors)
        )

    def table(self, what: str) -> tuple[tuple[str, ...], ...]:
        """Guess, prediction and truth side by side."""
        errors = self.off(self.error), self.off(self.predicted_error), ""
        rows = ((what, self.words), *self.rows, ("error", errors))
        return (("", "your guess", "predicted", "true"), *((name, *row) for name, row in rows))


class Question:
    """What an explorer asks, how a guess is made, and what it is compared with.

    ``name`` is what is asked for, ``what`` the same in a word; ``hides`` are attributes of the
    explorer, controls and buttons, that would tell or spoil; ``keeps`` are its planes that tell
    nothing. A guess that is one number has a ``field`` for those who type: its name and reach.
    """

    name: str
    what: str
    hides: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    field: tuple[str, float, float] | None = None

    def __init__(self, room: str, start: Any) -> None:
        self.room, self.start = room, start

    @property
    def key(self) -> str:
        """Under which guesses are kept."""
        return f"{self.room}.{self.name}"

    def opens(self, state: Any, number: int) -> Any:
        """The state in which round ``number`` is asked, 1 the first."""
        return state

    def first(self, state: Any) -> Values:
        """Where a guess begins."""
        return ()

    def options(self, state: Any) -> list[tuple[str, int]]:
        """Those of which one is picked: what each is called, and its number."""
        return []

    def place(self, state: Any, values: Values, name: str, x: float, y: float) -> Values:
        """The guess with its handle of this id at (x, y)."""
        return values

    def asks(self, state: Any) -> str:
        """The question and what to do, in a sentence or two."""
        raise NotImplementedError

    def draw(self, state: Any, values: Values) -> Scene:
        """The scene before the truth: it holds nothing of truth or prediction."""
        raise NotImplementedError

    def compare(self, state: Any, values: Values) -> Outcome:
        """Guess, prediction and truth; raises ValueError, a sentence, where there is no answer."""
        raise NotImplementedError

    def commits(self, state: Any, values: Values) -> Any:
        """The state once the guess is committed."""
        return state

    def mark(self, state: Any, scene: Scene, outcome: Outcome) -> Scene:
        """The explorer's scene with the guess in it."""
        raise NotImplementedError


class Pick(Question):
    """A question whose answer is one of several: ``values`` is its number, or nothing yet.

    The guess's error is how many of them come before it in truth.
    """

    of = "point"

    def picked(self, state: Any, values: Values) -> int | None:
        """What is guessed, if it is still offered."""
        known = {number for _, number in self.options(state)}
        return int(values[0]) if values and int(values[0]) in known else None

    def rank(
        self, state: Any, values: Values, predicted: Array, true: Array,
        say: Callable[[float], str], size: Callable[[Array], Array] = np.abs,
    ) -> Outcome:  # fmt: skip
        """Of all options' effects, which ``say`` writes, the one of the largest size is right."""
        numbers = [number for _, number in self.options(state)]
        called = {number: name for name, number in self.options(state)}
        guess = self.picked(state, values)
        if guess is None:
            raise ValueError(f"Nothing is guessed yet. {self.asks(state)}")
        k = numbers.index(guess)
        sizes = size(true)
        best, most = int(np.argmax(size(predicted))), int(np.argmax(sizes))
        places = Three(k, best, most)
        three = Three(*(numbers[place] for place in places))
        return Outcome(
            numbers=three,
            words=Three(*(called[number] for number in three)),
            error=float(np.count_nonzero(sizes > sizes[k])),
            predicted_error=float(np.count_nonzero(sizes > sizes[best])),
            off=lambda count: counted(int(count), "place"),
            rows=changes(*(Three(*(say(of[at]) for at in places)) for of in (predicted, true))),
        )


@dataclass(frozen=True, eq=False)
class Guess:
    """A round of a question: the guess, and what came of it once it was committed.

    ``asked`` is the state that the outcome is about.
    """

    question: Question
    number: int = 1
    values: Values = ()
    outcome: Outcome | None = None
    asked: Any = None


def changes(predicted: Three, true: Three) -> tuple[tuple[str, Three], ...]:
    """Rows: how the loss changes by what each of the three says, along the tangent and in truth."""
    return ("change, on the tangent", predicted), ("change, true", true)


def handle(x: float, y: float, label: str, name: str = HANDLE) -> Point:
    """A point to drag that a guess is made with."""
    return Point(name, x, y, "guess end", label=label, toggleable=False)


def asking(state: Any) -> bool:
    """Whether a question waits for its guess."""
    guess = getattr(state, "guess", None)
    return guess is not None and guess.outcome is None


def ask(state: Any, question: Question, number: int = 1) -> Any:
    """Round ``number`` of this question; in the first round of one everything else stays."""
    opened = question.opens(state, number)
    return replace(opened, guess=Guess(question, number, question.first(opened)))


def put(state: Any, values: Values) -> Any:
    """Another guess; one that is committed stays."""
    if not asking(state) or values == state.guess.values:
        return state
    return replace(state, guess=replace(state.guess, values=values))


def pick(state: Any, number: int) -> Any:
    """One of the options as the guess; anything else leaves it as it was."""
    if not asking(state) or number not in {k for _, k in state.guess.question.options(state)}:
        return state
    return put(state, (float(number),))


def place(state: Any, name: str, x: float, y: float) -> Any:
    """The guess's handle of this id dragged to (x, y)."""
    guess = state.guess
    return put(state, guess.question.place(state, guess.values, name, x, y))


def commit(state: Any) -> Any:
    """The guess is made: truth and prediction are computed, and compared with it."""
    if not asking(state):
        return state
    guess = state.guess
    outcome = guess.question.compare(state, guess.values)
    after = guess.question.commits(state, guess.values)
    return replace(after, guess=replace(guess, outcome=outcome, asked=after))


def again(state: Any) -> Any:
    """A new round of the same question."""
    return ask(state, state.guess.question, state.guess.number + 1)


def news(state: Any) -> bool:
    """Whether nothing has changed since the guess was committed."""
    asked = state.guess.asked
    return all(
        getattr(state, field.name) is getattr(asked, field.name)
        for field in fields(state)
        if field.name not in ("guess", "warm")
    )


def first(draw: Draw) -> Draw:
    """What is drawn on the plane under the hand: by the question, or by ``draw`` with its guess."""

    def drawn(state: Any) -> Scene:
        guess = state.guess
        if asking(state):
            return guess.question.draw(state, guess.values)
        scene, outcome = draw(state), guess.outcome
        if news(state):
            told = outcome.sentence
            scene = replace(scene, sentence=told, alt=f"{told} {scene.alt}")
        return guess.question.mark(state, scene, outcome)

    return drawn


def later(draw: Draw, name: str) -> Draw:
    """What is drawn beside it: nothing, until the guess is committed."""

    def drawn(state: Any) -> Scene:
        hidden = asking(state) and name not in state.guess.question.keeps
        return NOTHING if hidden else draw(state)

    return drawn
