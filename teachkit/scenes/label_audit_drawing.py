"""The label audit's scenes: accuracy and wrong labels found over the looks, and the next mail."""

from __future__ import annotations

import html
from collections.abc import Sequence

from teachkit.scenes.drawing import curve, seen, table
from teachkit.scenes.label_audit import ORDERS, AuditState, Ghost, ghost
from teachkit.scenes.marks import Point
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.scene import Axes, Line, Scene, padded_limits
from teachkit.scenes.words import counted, number

TOGETHER = 0.08  # of the height: orders that end so near each other have one name
GHOSTS = {
    "loss": Meaning("orange dash", "loss"),
    "self": Meaning("violet dash", "self-influence"),
    "random": Meaning("grey dash", "random"),
}
LEGEND = {
    "now": SHARED["now"].called("you"),
    **GHOSTS,
    "clean": Meaning("green dash dot", "all labels right"),
    "mistaken": Meaning("orange square", "your mistake"),
}


def ghosts(state: AuditState) -> dict[str, Ghost]:
    """What each order gives to somebody who sees every wrong label."""
    return {order: ghost(state.mails, state.l2, order, state.budget) for order in ORDERS}


def draw(state: AuditState) -> Scene:
    """Accuracy on other mails over the looks: the learner's, and that of each order."""
    known = ghosts(state)
    yours = [100 * value for value in state.accuracies]
    others = {order: [100 * value for value in g.accuracies] for order, g in known.items()}
    clean = 100 * state.clean
    heights = padded_limits([clean, *yours, *(v for line in others.values() for v in line)], 0.08)
    said = describe(state)
    return Scene(
        Axes(
            (0.0, float(state.budget)),
            heights,
            "looks",
            f"other {state.mails.noun}s that are right, %",
        ),
        _marks(state, yours),
        (
            Line("clean", curve((0, state.budget), (clean, clean)), "clean", "all labels right"),
            *_lines(known, others, heights[1] - heights[0]),
            _yours(yours),
        ),
        sentence=said,
        alt=f"Accuracy over looks, yours and that of three orders. {said}",
        table=_table(state, known),
        legend=LEGEND,
    )


def draw_found(state: AuditState) -> Scene:
    """Wrong labels put right over the looks: the other yardstick."""
    known = ghosts(state)
    yours, total = state.found, int(state.mails.wrong.sum())
    found = ", ".join(f"{ORDERS[order]} {number(g.found[-1], 0)}" for order, g in known.items())
    said = f"You put right {yours[-1]} of {total}. Who errs at no look: {found}."
    return Scene(
        Axes((0.0, float(state.budget)), (0.0, 1.05 * total), "looks", "wrong labels put right"),
        (),
        (
            *_lines(known, {order: list(g.found) for order, g in known.items()}, 1.05 * total),
            _yours(yours),
        ),
        sentence=said,
        alt=f"Wrong labels put right over looks, by you and by three orders. {said}",
        legend={"now": LEGEND["now"], **GHOSTS},
    )


def _lines(
    known: dict[str, Ghost], heights: dict[str, list[float]], tall: float
) -> tuple[Line, ...]:
    """The curve of each order; ``tall`` is the height of the picture."""
    names = dict(ORDERS)
    if abs(heights["loss"][-1] - heights["self"][-1]) < TOGETHER * tall:
        names |= {"loss": "", "self": f"{ORDERS['loss']}, {ORDERS['self']}"}
    return tuple(
        Line(order, curve(g.looks, heights[order]), order, ORDERS[order], end=names[order])
        for order, g in known.items()
    )


def _yours(heights: Sequence[float]) -> Line:
    """A curve from the first look on; a place alone is named by the orders that begin there."""
    end = "you" if len(heights) > 1 else ""
    return Line("now", curve(range(len(heights)), heights), "now", "you", end=end)


def _marks(state: AuditState, heights: list[float]) -> tuple[Point, ...]:
    """A mark on the curve for each look at which the learner was mistaken."""
    noun = state.mails.noun.capitalize()
    looks = [(k, i, wrong, bool(state.mails.wrong[i])) for k, (i, wrong) in enumerate(state.said)]
    return tuple(
        seen(
            f"{k + 1}", k + 1, heights[k + 1], "mistaken", f"{noun} {i}", f"{_verdict(was, wrong)}."
        )
        for k, i, wrong, was in looks
        if was != wrong
    )


def _verdict(was: bool, said: bool) -> str:
    """What was said of a label, and what is so."""
    if was:
        return "called wrong, and it was" if said else "called right, and it was wrong"
    return "called wrong, and it was right" if said else "called right, and it was"


def describe(state: AuditState) -> str:
    """How far the audit is and what it has brought."""
    accuracies = state.accuracies
    first, now, clean = (f"{v:.1%}" for v in (accuracies[0], accuracies[-1], state.clean))
    total = int(state.mails.wrong.sum())
    if not state.said:
        return (
            f"{total} of {len(state.mails.y)} labels are wrong. The model gets {first} of other "
            f"{state.mails.noun}s right, with all labels right {clean}. You have "
            f"{counted(state.budget, 'look')}."
        )
    i, wrong = state.said[-1]
    return (
        f"{state.mails.noun.capitalize()} {i}: {_verdict(bool(state.mails.wrong[i]), wrong)}. "
        f"{counted(len(state.said), 'look')}: {state.found[-1]} of {total} put right, "
        f"{state.missed + state.spoiled} mistaken. Accuracy {now}, from {first}; all right: "
        f"{clean}."
    )


def _table(state: AuditState, known: dict[str, Ghost]) -> tuple[tuple[str, ...], ...]:
    """Yours and the orders' at the same number of looks, the last that all of them have."""
    looks = max(k for k in known["loss"].looks if k <= len(state.said))
    rows = [("you", float(state.found[looks]), state.accuracies[looks])]
    for order, g in known.items():
        at = g.looks.index(looks)
        rows.append((ORDERS[order], g.found[at], g.accuracies[at]))
    return table(
        (f"after {counted(looks, 'look')}", "put right", "accuracy"),
        *((name, number(found, 0), f"{right:.1%}") for name, found, right in rows),
    )


def mail(state: AuditState) -> str:
    """The next mail of the queue by its words, or an example by its columns, in HTML."""
    if state.left < 1:
        return "<b>All looks are spent.</b> Undo takes the last one back, Reset all of them."
    i = int(state.queue[0])
    if state.mails.own:
        return _example(state, i)
    named = "spam" if state.mails.y[i] > 0 else "no spam"
    words = ", ".join(
        f"<b>{html.escape(word)}</b>&nbsp;{share:.1f}" for word, share in state.mails.words(i)
    )
    longest, every = state.mails.capitals(i)
    return (
        f'<div style="line-height: 1.5">Mail {i} is labelled <b>{named}</b>. Is that right? Its '
        f"most unusual words and signs, in %: {words or 'none of those that are counted'}. "
        f"{counted(every, 'capital letter')}, the longest run {longest}.</div>"
    )


def _example(state: AuditState, i: int) -> str:
    columns = ", ".join(
        f"<b>{html.escape(name)}</b>&nbsp;{value:+.1f}" for name, value in state.mails.columns(i)
    )
    return (
        f'<div style="line-height: 1.5">Example {i} is labelled <b>{state.mails.y[i]:+.0f}</b>. Is '
        f"that right? Where it is farthest from the mean, in standard deviations: {columns}.</div>"
    )
