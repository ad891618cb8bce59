"""Names at the ends of lines in matplotlib, and what is said of lines outside the picture."""

from __future__ import annotations

import math
from itertools import pairwise, product
from operator import itemgetter
from typing import Any

from matplotlib.axes import Axes as MplAxes

from teachkit.figures.looks import PAPER, colour
from teachkit.scenes.marks import Axes, Line
from teachkit.scenes.scene import Scene

FRAMES = {True: (310.0, 195.0), False: (380.0, 250.0)}  # points: a plane with a table, and without
LETTER, LINE = 4.5, 13.0  # points: a letter's width, a line's height
MARGIN = 8.0  # points to the left and right of the plane
NEAR = 0.02  # of the picture: ends that are one place
HASTE = 0.01  # of the picture's lines: what a name may lie on to stand at an earlier choice
ARROWS = "→↗↑↖←↙↓↘"
Place = tuple[float, float]
Side = tuple[bool, bool]  # whether to the right, and whether above
Choice = tuple[str, Place, Side]
Box = tuple[float, float, float, float]


def draw_names(scene: Scene, ax: MplAxes, dark: bool) -> None:
    """The ``end`` of each line that has one: at its last place in sight, if there is room.

    What the legend does not name has its name in any case.
    """
    frame = _frame(scene)
    taken = []
    for label in scene.labels:
        place = _part((label.x, label.y), scene.axes)
        taken.append(_box((label.text, place, (place[0] <= 0.5, True)), frame))
    named = [line for line in scene.lines if line.end]
    cuts = [_cut(line, scene.axes) for line in named]
    ends = [[_part(place, scene.axes) for place in seen[-1:] + seen[:1]] for seen in cuts]
    for k, line in enumerate(named):
        others = [end for there in ends[:k] + ends[k + 1 :] for end in there]
        choices = _choices(line.end, ends[k], others)
        if line.leaves or not choices:
            choices = [_outside(line, scene.axes, cuts[k])]
        costs = [
            _cost(_box(choice, frame), taken, scene, frame) + HASTE * j
            for j, choice in enumerate(choices)
        ]
        least = min(costs)
        if least == math.inf and scene.meanings[line.style].name and ends[k] and not line.leaves:
            continue
        best = choices[costs.index(least)]
        taken.append(_box(best, frame))
        words, place, (right, above) = best
        text: Any = ax.annotate(
            words, place, xycoords="axes fraction",
            xytext=(4 if right else -4, 4 if above else -12),
            textcoords="offset points", ha="left" if right else "right", fontsize=9,
            color=colour(scene.meanings[line.style], dark), gid=f"end-{line.id}",
            bbox={"facecolor": PAPER[dark], "edgecolor": "none", "alpha": 0.7, "pad": 0.5},
        )  # fmt: skip
        text.set_in_layout(False)


def _part(place: Place, axes: Axes) -> Place:
    """From 0 to 1 along both axes."""
    (x0, x1), (y0, y1) = axes.xlim, axes.ylim
    return (place[0] - x0) / (x1 - x0), (place[1] - y0) / (y1 - y0)


def _cut(line: Line, axes: Axes) -> list[Place]:
    """The ends of what is seen of each stretch of the line. Source: Liang and Barsky (1984)."""
    seen: list[Place] = []
    for piece in line.pieces:
        for a, b in pairwise(piece):
            first, last = 0.0, 1.0
            for start, stop, (low, high) in zip(a, b, (axes.xlim, axes.ylim), strict=True):
                if start != stop:
                    ends = sorted(((low - start) / (stop - start), (high - start) / (stop - start)))
                    first, last = max(first, ends[0]), min(last, ends[1])
                elif not low <= start <= high:
                    last = -1.0
            if first <= last:
                seen += [_along(a, b, first), _along(a, b, last)]
    return seen


def _along(a: Place, b: Place, part: float) -> Place:
    return a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])


def _nearest(line: Line, axes: Axes) -> Place | None:
    """The place of the line that is nearest to the middle of the picture, as parts of it."""
    best, away = None, math.inf
    for piece in line.pieces:
        for a, b in pairwise([_part(place, axes) for place in piece]):
            ux, uy = b[0] - a[0], b[1] - a[1]
            length = ux * ux + uy * uy
            part = ((0.5 - a[0]) * ux + (0.5 - a[1]) * uy) / length if length else 0.0
            place = _along(a, b, min(max(part, 0.0), 1.0))
            far = math.hypot(place[0] - 0.5, place[1] - 0.5)
            if far < away:
                best, away = place, far
    return best


def _sides(place: Place, other: Place) -> list[Side]:
    """Where a name stands at an end, best inwards, at an edge where the rest of the line is not."""
    x, y = place
    right, above = x <= 0.5, y < 0.5
    if 0.02 < y < 0.98:
        at_edge = not 0.02 < x < 0.98
        above = y < 0.1 or (y < 0.9 and not (at_edge and other[1] > y))
    elif 0.15 < x < 0.85:
        right = other[0] <= x
    return [*product((right, not right), (above, not above))]


def _choices(words: str, ends: list[Place], others: list[Place]) -> list[Choice]:
    """Around its ends, the last first, but around those that other lines share last of all."""
    shared = [any(math.dist(end, other) <= NEAR for other in others) for end in ends]
    return [
        (words, end, side)
        for end, other, _ in sorted(zip(ends, ends[::-1], shared, strict=True), key=itemgetter(2))
        for side in _sides(end, other)
    ]


def _cost(box: Box, taken: list[Box], scene: Scene, frame: Place) -> float:
    """How much of the lines a name in this box would lie on, in parts of the picture."""
    x, y, width, height = box
    aside = x < -MARGIN or x + width > frame[0] + MARGIN
    outside = aside or y < 0 or y + height > frame[1]
    if outside or any(_overlap(box, other) for other in taken):
        return math.inf
    (x0, x1), (y0, y1) = scene.axes.xlim, scene.axes.ylim
    across, up = (x1 - x0) / frame[0], (y1 - y0) / frame[1]
    window = Axes(
        (x0 + x * across, x0 + (x + width) * across), (y0 + y * up, y0 + (y + height) * up)
    )
    length = 0.0
    for line in scene.lines:
        seen = [_part(place, scene.axes) for place in _cut(line, window)]
        length += sum(map(math.dist, seen[::2], seen[1::2]))
    return length


def _frame(scene: Scene) -> Place:
    """About how many points wide and high the plane is."""
    width, height = FRAMES[bool(scene.table)]
    if not scene.axes.equal:
        return width, height
    (x0, x1), (y0, y1) = scene.axes.xlim, scene.axes.ylim
    unit = min(width / (x1 - x0), height / (y1 - y0))
    return unit * (x1 - x0), unit * (y1 - y0)


def _outside(line: Line, axes: Axes, seen: list[Place]) -> Choice:
    """What is said of a line that is not in sight, or leaves it, and where."""
    words = f"{line.end}: outside the picture"
    here = _part(seen[-1], axes) if seen else _nearest(line, axes)
    if here is None:
        return words, (1.0, 0.05), (False, True)
    start, stop = (here, _part(line.pieces[-1][-1], axes)) if seen else ((0.5, 0.5), here)
    turn = round(math.atan2(stop[1] - start[1], stop[0] - start[0]) / (math.pi / 4)) % 8
    x, y = (min(max(value, 0.02), 0.98) for value in here)
    return f"{words} {ARROWS[turn]}", (x, y), (x <= 0.5, y < 0.9)


def _box(choice: Choice, frame: Place) -> Box:
    words, place, (right, above) = choice
    x, y, width = place[0] * frame[0], place[1] * frame[1], LETTER * len(words)
    return (x + 4 if right else x - 4 - width), (y + 2 if above else y - 2 - LINE), width, LINE


def _overlap(a: Box, b: Box) -> bool:
    across = a[0] < b[0] + b[2] and b[0] < a[0] + a[2]
    return across and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]
