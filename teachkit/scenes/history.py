"""Undo as a list of states: what every explorer remembers of its own past."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

State = TypeVar("State")


@dataclass(frozen=True)
class History(Generic[State]):
    """The states an explorer went through; the last is the present one.

    ``gesture`` names the gesture that led to the present: states of one gesture (all places
    on the way of one drag) replace each other, so that a single undo takes the whole of it back.
    """

    states: tuple[State, ...]
    gesture: Hashable = None

    @classmethod
    def begin(cls, state: State) -> History[State]:
        """A history that holds only its start."""
        return cls((state,))

    @property
    def start(self) -> State:
        """The first state, which ``reset`` returns to."""
        return self.states[0]

    @property
    def present(self) -> State:
        """The state shown now."""
        return self.states[-1]

    @property
    def can_undo(self) -> bool:
        """Whether there is a state to go back to."""
        return len(self.states) > 1

    def push(self, state: State, gesture: Hashable = None) -> History[State]:
        """Go on to ``state``; with the gesture of the present one, in its place."""
        goes_on = gesture is not None and gesture == self.gesture and self.can_undo
        kept = self.states[:-1] if goes_on else self.states
        return History((*kept, state), gesture)

    def undo(self) -> History[State]:
        """One gesture back; at the start, where it is."""
        return History(self.states[:-1]) if self.can_undo else self

    def reset(self) -> History[State]:
        """On to the start again, as a gesture that can itself be undone."""
        return self if self.present is self.start else self.push(self.start)
