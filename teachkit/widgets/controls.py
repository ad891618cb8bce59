"""What is turned, chosen and typed in an explorer, each declared once.

A control is its widget, what this shows of a state, and what it changes in one. The control ``l2``
shows ``state.l2``, or what ``shows`` says (a function of the state, or a path such as
``"fit.l2"``). It goes on to ``changes(state, value)``, or ``sets(state, l2=value)``, which is
``dataclasses.replace`` unless told. Other traits of the widget follow the state by their names, as
in ``disabled=lambda state: state.k == 0``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import ipywidgets as w

if TYPE_CHECKING:
    from teachkit.widgets.explorer import Explorer

Reading = Callable[[Any], Any]  # of a state
Writing = Callable[[Any, Any], Any]  # of a state and a value: the next state


@dataclass(frozen=True)
class Control:
    """A widget with a value.

    The values of one that ``glides`` are one gesture until it rests. One that ``waits`` follows the
    state when the hand lets go: for readings that take long to compute, and for a slider of what is
    dragged, whose answer, the value as it rounds it, would come when the hand is further on. One
    that ``keeps`` what was refused leaves it there to be mended, and is marked as wrong.
    """

    name: str
    kind: type[w.ValueWidget]
    looks: Mapping[str, Any]
    follows: Mapping[str, Reading]
    changes: Writing
    glides: bool = False
    waits: bool = False
    keeps: bool = False

    def build(self, explorer: Explorer) -> w.ValueWidget:
        """The widget, also as ``explorer.controls[name]`` and as an attribute of this name."""
        style = {"description_width": explorer.label_width, **self.looks.get("style", {})}
        now = {trait: shown(explorer.state) for trait, shown in self.follows.items()}
        widget = self.kind(**{**self.looks, "style": style, **now})
        explorer.controls[self.name] = widget
        setattr(explorer, self.name, widget)

        def read(state: Any) -> None:
            for trait, shown in self.follows.items():
                value = shown(state)
                if trait == "value" and explorer.still_wrong(self.name, value):
                    continue
                if trait != "value" or not _rounded(widget, value):
                    setattr(widget, trait, value)
            if self.keeps:
                wrong = self.name in explorer.refused
                (widget.add_class if wrong else widget.remove_class)("teachkit-wrong")

        def changed(event: Any) -> None:
            if explorer.following or (self.glides and _rounded(widget, event["old"])):
                return
            gesture = explorer.gesture(self.name) if self.glides else None
            if self.keeps:
                explorer.refused[self.name] = self.follows["value"](explorer.state)
            explorer.go(lambda state: self.changes(state, event["new"]), gesture)
            if explorer.refused.pop(self.name, None) is not None:
                explorer.follow()

        explorer.reads(read, waits=self.waits)
        widget.observe(explorer.guard(changed), "value")
        return widget


def _rounded(widget: w.ValueWidget, value: Any) -> bool:
    """Whether a slider is off this value by its own rounding only.

    Rounding must not push the hand back, and a slider that says it again makes no gesture.
    """
    step = getattr(widget, "step", None) or 0.0
    return step > 0 and abs(widget.value - value) < 0.49 * step


def control(
    kind: type[w.ValueWidget],
    name: str,
    label: str,
    looks: Mapping[str, Any],
    *,
    glides: bool = False,
    waits: bool = False,
    keeps: bool = False,
    width: str = "auto",
    shows: Reading | str = "",
    changes: Writing | None = None,
    sets: Callable[..., Any] = replace,
    **follows: Reading,
) -> Control:
    """Any widget with a value as a control: what all the functions below have in common."""
    return Control(
        name,
        kind,
        {"description": label, "layout": {"width": width}, **looks},
        {**follows, "value": _reading(shows or name)},  # after the ends that bound it
        changes or (lambda state, value: sets(state, **{name: value})),
        glides,
        waits,
        keeps,
    )


def _reading(shows: Reading | str) -> Reading:
    return attrgetter(shows) if isinstance(shows, str) else shows


def slider(
    name: str, label: str, reach: tuple[float, float], step: float, *, readout: str = ".2f",
    **told: Any,
) -> Control:  # fmt: skip
    """A real number. The slider counts in steps, and a tenth is no binary number: 0 has to be 0."""
    sets = told.pop("sets", replace)
    told.setdefault("changes", lambda state, value: sets(state, **{name: round(value, 6)}))
    looks = {"min": reach[0], "max": reach[1], "step": step, "readout_format": readout}
    return control(w.FloatSlider, name, label, looks, glides=True, **told)


def counter(name: str, label: str, most: int, **told: Any) -> Control:
    """A whole number from 0 to ``most``, on a slider."""
    return control(w.IntSlider, name, label, {"min": 0, "max": most}, glides=True, **told)


def choice(name: str, label: str, options: Any, **told: Any) -> Control:
    """One of a few values in their order, on a slider."""
    return control(w.SelectionSlider, name, label, {"options": options}, glides=True, **told)


def menu(name: str, label: str, options: Any, **told: Any) -> Control:
    """One of several, by name."""
    return control(w.Dropdown, name, label, {"options": options}, **told)


def switch(name: str, label: str, options: Any, **told: Any) -> Control:
    """One of two or three, all of them in sight."""
    looks = {"options": options, "style": {"button_width": "8em"}}
    return control(w.ToggleButtons, name, label, looks, **told)


def tick(name: str, label: str, **told: Any) -> Control:
    """Yes or no."""
    return control(w.Checkbox, name, label, {"indent": False}, **told)


def field(
    name: str, label: str, *, digits: int = 6, shows: Reading | str = "",
    label_width: str | None = None, **told: Any,
) -> Control:  # fmt: skip
    """A number to be typed; it shows so many digits, the others stay in the state."""
    shown = _reading(shows or name)
    looks = {"style": {"description_width": label_width}} if label_width else {}
    return control(
        w.FloatText, name, label, looks, shows=lambda s: float(f"{shown(s):.{digits}g}"), **told
    )


def pair(
    *fields: tuple[Any, ...], of: str, changes: Callable[[Any, float, float], Any], **told: Any
) -> list[Control]:
    """The two numbers of the state's ``of``, to be typed: a name, a label and its width each."""

    def one(k: int, name: str, label: str, label_width: str | None = None) -> Control:
        def change(state: Any, value: float) -> Any:
            both = [*getattr(state, of)]
            both[k] = value
            return changes(state, *both)

        width = {"width": "6.5em"} if label_width else {}
        shown = {"shows": lambda s: getattr(s, of)[k], "label_width": label_width}
        return field(name, label, changes=change, **{**told, **shown, **width})

    return [one(k, *named) for k, named in enumerate(fields)]


def entry(name: str, label: str, **told: Any) -> Control:
    """Words to be typed, and heard once they are finished; those refused stay to be mended."""
    return control(w.Text, name, label, {"continuous_update": False}, keeps=True, **told)
