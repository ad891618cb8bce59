"""What of a scene is sent: once a whole one, and then all in which the present one differs from it.

The difference is a state and no event: it is always counted from the same whole, so an update that
is lost or overtaken leaves nothing behind. plane_wire.js puts both together again.
"""

from __future__ import annotations

import json
from typing import Any

Message = dict[str, Any]
LISTS = ("lines", "arrows", "labels")
WORTH = 0.5  # a difference longer than this part of the whole is sent as a new whole


class Wire:
    """The whole scene that the front end has, by its number, and what is to be sent next."""

    def __init__(self) -> None:
        self.whole: Message = {"number": 0, "scene": {}}
        self._length = 0

    def since(self, scene: Message) -> Message:
        """``{"whole": number, "changed": parts}``; `whole` is a new one where that is shorter."""
        if self._length:
            changed = difference(self.whole["scene"], scene)
            if _length(changed) < WORTH * self._length:
                return {"whole": self.whole["number"], "changed": changed}
        self.whole = {"number": self.whole["number"] + 1, "scene": scene}
        self._length = _length(scene)
        return {"whole": self.whole["number"], "changed": {}}


def difference(whole: Message, scene: Message) -> Message:
    """The parts of ``scene`` that ``whole`` has not.

    Of lines, arrows and labels those that are new or changed, and of the others their place in
    ``whole``; of points the fields that changed.
    """
    changed = {}
    for part, value in scene.items():
        if value != whole[part]:
            if part in LISTS:
                value = _items(whole[part], value)
            elif part == "points":
                value = _points(whole[part], value)
            changed[part] = value
    return changed


def _items(old: list[Message], new: list[Message]) -> list[Any]:
    places = {item["id"]: k for k, item in enumerate(old)}

    def sent(item: Message) -> Any:
        place = places.get(item["id"])
        return item if place is None or old[place] != item else place

    return [sent(item) for item in new]


def _points(old: list[Message], new: list[Message]) -> Message:
    same = len(old) == len(new) and all(
        a["id"] == b["id"] and a.keys() == b.keys() for a, b in zip(old, new, strict=True)
    )
    if not same:
        return {"items": _items(old, new)}
    fields: dict[str, dict[int, Any]] = {}
    for k, (a, b) in enumerate(zip(old, new, strict=True)):
        if a != b:
            for name, value in b.items():
                if value != a[name]:
                    fields.setdefault(name, {})[k] = value
    return {"fields": {name: _column(column, len(new)) for name, column in fields.items()}}


def _column(column: dict[int, Any], count: int) -> Message:
    """The values of one field, and of which points where it is not all; of texts what differs."""
    values = list(column.values())
    sent: Message = {} if len(values) == count else {"at": list(column)}
    if len(values) > 1 and all(isinstance(value, str) for value in values):
        head = _beginning(values)
        rest = [value[len(head) :] for value in values]
        tail = _beginning([value[::-1] for value in rest])[::-1]
        return {**sent, "head": head, "tail": tail, "to": [v[: len(v) - len(tail)] for v in rest]}
    return {**sent, "to": values}


def _beginning(texts: list[str]) -> str:
    """What all of them begin with: the first and the last of the alphabet tell."""
    first, last = min(texts), max(texts)
    differs = (k for k, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1)
    return first[: next(differs, len(first))]


def _length(message: Message) -> int:
    return len(json.dumps(message, ensure_ascii=False, separators=(",", ":")))
