"""10.4: what is broken? Reading the figures of an agreement together."""

from __future__ import annotations

from .. import exercise

_NAMES = ("unfinished", "unrelated", "sign", "factor", "offset", "leverage", "agreement")

# r, slope, intercept, spread, gradient, share, k: each of the first ones has one thing wrong, then
# come several at once, and figures that look alike until they are put beside each other.
_ALL = (
    (0.998, 1.01, 1e-5, 0.004, 1e-12, 0.006, 249),
    (0.97, 1.18, 2e-5, 0.004, 1e-13, 0.006, 249),
    (0.91, 1.20, 0.11, 0.004, 0.07, 0.006, 249),
    (0.03, 2.10, 1e-4, 0.004, 1e-12, 0.006, 249),
    (-0.98, -1.05, 1e-5, 0.004, 1e-12, 0.006, 249),
    (0.99, 247.0, 1e-5, 0.004, 1e-12, 0.006, 249),
    (0.99, 0.0041, 1e-5, 0.004, 1e-12, 0.006, 249),
    (0.998, 1.02, 3e-4, 0.004, 1e-12, 0.006, 249),
    (0.998, 1.02, -3e-4, 0.004, 1e-12, 0.006, 249),
    # A small gradient beside a smaller share, and a large one beside a larger share.
    (0.995, 1.02, 1e-6, 2e-4, 4e-4, 5e-4, 398),
    (0.999, 1.01, 2e-3, 0.3, 0.02, 4.0, 398),
    # Few points: r = .5 of ten is chance; of 249 it is not.
    (0.55, 1.30, 1e-5, 0.004, 1e-12, 0.006, 10),
    (0.55, 1.30, 1e-5, 0.004, 1e-12, 0.006, 249),
    (-0.55, -1.30, 1e-5, 0.004, 1e-12, 0.006, 10),
    (0.35, 1.01, 1e-5, 0.004, 1e-12, 0.006, 400),
    (0.004, 0.90, 1e-5, 0.004, 1e-12, 0.006, 250),
    # Slopes below 1, and intercepts that are small only before they are put beside the spread.
    (0.99, 0.90, 1e-5, 0.004, 1e-12, 0.006, 249),
    (0.99, 0.98, 0.06, 2.5, 1e-9, 0.9, 249),
    (0.99, 1.30, 0.30, 2.5, 1e-9, 0.9, 249),
    (-0.99, -250.0, 1.0, 2.5, 1e-9, 0.9, 249),
    (-0.97, -1.1, 0.9, 2.5, 0.3, 0.9, 249),
    (0.01, 40.0, 0.9, 2.5, 0.3, 0.9, 249),
    (0.02, -30.0, 0.9, 2.5, 1e-9, 0.9, 249),
    (0.98, 9.0, 0.9, 2.5, 1e-9, 0.9, 249),
    (0.98, 2.4, 0.01, 2.5, 1e-9, 0.9, 249),
    (0.98, 0.5, 0.01, 2.5, 1e-9, 0.9, 249),
    # Just beyond and just within 3 and 1/3.
    (0.98, 3.15, 0.01, 2.5, 1e-9, 0.9, 249),
    (0.98, 2.85, 0.01, 2.5, 1e-9, 0.9, 249),
    (0.98, 0.32, 0.01, 2.5, 1e-9, 0.9, 249),
    (0.98, 0.35, 0.01, 2.5, 1e-9, 0.9, 249),
    # An r that is chance, though not by a bound that is half as wide, or .7 of it, or fixed.
    (0.17, 1.01, 1e-5, 0.004, 1e-12, 0.006, 50),
    (0.08, 1.01, 1e-5, 0.004, 1e-12, 0.006, 398),
)


def _cases() -> list[tuple]:
    return list(_ALL)


def _any_figures(draw):
    # Each figure far from the bound that decides about it, or near it on either side.
    near = draw.number(0.55, 1.8)
    k, unit = draw.pick(10, 50, 250, 1000), draw.pick(1.0, 1e-3, 30.0)
    share = draw.pick(1.0, 1e-3, 20.0) * draw.number(0.5, 2.0)
    gradient = share * draw.pick(1e-9, 1e-9, 1e-9, 0.01 * near, draw.number(0.02, 20.0))
    r = draw.pick(0.99, 0.95, 0.8, 0.5, 2 * near / k**0.5, draw.number(0.001, 0.2, 3))
    slope = draw.pick(1.0, 1.02, 0.9, 1.2, 3 * near, near / 3, k, 1 / k, 1 + 0.05 * near)
    if draw.chance(0.2):
        r, slope = -r, -slope
    spread = draw.number(0.5, 2.0) * unit
    intercept = spread * draw.pick(0.0, 0.01, 0.05 * near, 1.0) * draw.pick(1.0, -1.0)
    figures = (r, slope, intercept, spread, gradient, share, k)
    return figures if abs(r) < 1 and _decided(*figures) else None


def _decided(r, slope, intercept, spread, gradient, share, k):
    """Whether no figure is near the bound that decides about it."""
    ratios = (
        100 * gradient / share, abs(r) * k**0.5 / 2, abs(slope) / 3, 3 * abs(slope),
        20 * abs(intercept) / spread, 1 + 10 * (abs(slope) - 1.05),
    )
    return slope != 0 and r != 0 and all(abs(ratio - 1) > 0.02 for ratio in ratios)


def _tests(r, slope, intercept, spread, gradient, share, k):
    """What holds for each name but the last."""
    return {
        "unfinished": gradient > 0.01 * share,
        "unrelated": abs(r) <= 2 / k**0.5,
        "sign": slope < 0,
        "factor": abs(slope) > 3 or abs(slope) < 1 / 3,
        "offset": abs(intercept) > 0.05 * spread,
        "leverage": slope > 1.05,
    }


def _first(order=_NAMES[:-1], **tests):
    """The first name of `order` that holds, with some tests exchanged."""

    def read(r, slope, intercept, spread, gradient, share, k):
        given = (r, slope, intercept, spread, gradient, share, k)
        holds = _tests(*given)
        holds.update({name: test(*given) for name, test in tests.items()})
        return next((name for name in order if holds[name]), "agreement")

    return read


def _without(name):
    return _first(tuple(n for n in _NAMES[:-1] if n != name))


def _last(name):
    return _first((*(n for n in _NAMES[:-1] if n != name), name))


@exercise(
    "10.4",
    "What is broken?",
    prompt="""`k` removals were predicted and retrained. `r`, `slope` and `intercept` are those of
    the line of truth on prediction, `spread` is the standard deviation of the true changes,
    `gradient` the length of grad R at theta, and `share` what one point pulls with: the median
    length of grad L(z_i)/n. Return the first of these names that holds.

    "unfinished": the gradient is more than a hundredth of a point's share. "unrelated": r is no
    farther from 0 than 2/sqrt(k), as chance alone can be. "sign": the line falls. "factor": it is
    more than 3 times too steep, or more than 3 times too flat. "offset": the intercept, on either
    side, is more than a twentieth of the spread. "leverage": the slope is above 1.05. And
    "agreement" if none does.""",
    minutes=6,
    difficulty=2,
    cases=_cases,
    draw=_any_figures,
    hints=(
        """No figure is large or small by itself: beside what does each of them stand in the
        sentences above?""",
        """From the top: each `if` may take for granted that those above it did not hold. On which
        sides of 0 can an r, an intercept, a slope lie?""",
        """2/sqrt(k) is `2 / k**0.5`, and `abs` takes away a sign. A line is too steep or too flat
        by the size of its slope; by its sign it falls.""",
    ),
    explanation="""A fit that is not finished comes first: retraining then also finishes it, and no
    other figure means anything. Next comes r, since the slope and intercept of a cloud are noise.
    A falling line is a sign, a slope of hundreds a factor such as n: slips of the formula. An
    offset is what all retrainings have in common though nothing is left to finish: a convention,
    such as a mean over n - 1. What remains above 1 is leverage, and no slip at all.""",
    mistakes=(
        ("r alone", lambda r, slope, intercept, spread, gradient, share, k: (
            "agreement" if r > 0.9 else "sign" if r < -0.9 else "unrelated"),
         """You went by r. It knows nothing of factors, offsets, or of a fit that is not
         finished: r = .91 went with an intercept of 28 spreads."""),
        ("gradient by itself", _first(
            unfinished=lambda r, slope, intercept, spread, gradient, share, k: gradient > 0.01),
         """You compared the gradient with .01. Put it beside a point's share: where that is .0005,
         a gradient of .0004 is nearly a whole point."""),
        ("gradient beside a whole share", _first(
            unfinished=lambda r, slope, intercept, spread, gradient, share, k: gradient > share),
         "You allow a gradient as large as a point's share. A hundredth of it is the bound."),
        ("gradient beside the spread", _first(
            unfinished=lambda r, slope, intercept, spread, gradient, share, k: (
                gradient > 0.01 * spread)),
         """You put the gradient beside the spread of the changes. A gradient is compared with a
         gradient: one point's share."""),
        ("intercept by itself", _first(
            offset=lambda r, slope, intercept, spread, gradient, share, k: abs(intercept) > 0.05),
         """You compared the intercept with .05. It has the unit of a loss: put it beside the
         spread."""),
        ("one side of the intercept", _first(
            offset=lambda r, slope, intercept, spread, gradient, share, k: (
                intercept > 0.05 * spread)),
         "An intercept below 0 is an offset as well. `abs` takes away the sign."),
        ("sign of r in chance", _first(
            unrelated=lambda r, slope, intercept, spread, gradient, share, k: r <= 2 / k**0.5),
         """You call a negative r unrelated. r = -.98 is as close a relation as there is; it has the
         wrong sign, which is the next name."""),
        ("2/k for chance", _first(
            unrelated=lambda r, slope, intercept, spread, gradient, share, k: abs(r) <= 2 / k),
         "By chance r has the size 1/sqrt(k), not 1/k: the bound is 2/sqrt(k)."),
        ("half the bound for chance", _first(
            unrelated=lambda r, slope, intercept, spread, gradient, share, k: abs(r) <= 1 / k**0.5),
         """Your bound is 1/sqrt(k), the usual size of an r that is chance. A third of such r are
         larger: the bound is twice that, 2/sqrt(k)."""),
        ("sqrt(2/k) for chance", _first(
            unrelated=lambda r, slope, intercept, spread, gradient, share, k: (
                abs(r) <= (2 / k) ** 0.5)),
         "Your bound is sqrt(2/k). The 2 stands before the root: 2/sqrt(k), `2 / k**0.5`."),
        ("a fixed r for chance", *(
            _first(unrelated=lambda r, slope, intercept, spread, gradient, share, k, c=c: (
                abs(r) <= c))
            for c in (0.1, 0.2, 0.3, 0.5)),
         """You compare r with a fixed number. .55 is chance with 10 points and none with 249: the
         bound is 2/sqrt(k)."""),
        ("too steep alone", _first(
            factor=lambda r, slope, intercept, spread, gradient, share, k: abs(slope) > 3),
         """You look for a slope that is too steep. One of .004 has lost a factor as well: less than
         1/3 is too flat."""),
        ("distance from 1", _first(
            factor=lambda r, slope, intercept, spread, gradient, share, k: abs(slope - 1) > 3),
         """You ask how far the slope is from 1, by subtraction. Steep and flat are factors: more
         than 3, or less than 1/3."""),
        ("leverage on both sides", _first(
            leverage=lambda r, slope, intercept, spread, gradient, share, k: (
                abs(slope - 1) > 0.05)),
         """You call a slope of .9 leverage, too. A point takes curvature along, so theta goes
         *farther* than predicted: leverage makes slopes above 1."""),
        ("leverage below 1", _first(
            leverage=lambda r, slope, intercept, spread, gradient, share, k: slope < 0.95),
         """You look for leverage below 1. The line is that of truth on prediction, and the truth is
         the larger one: H loses the point's curvature, so theta goes farther."""),
        ("leverage above 1", _first(
            leverage=lambda r, slope, intercept, spread, gradient, share, k: slope > 1.0),
         "The bound is 1.05. A slope of 1.02 is called agreement here."),
        ("fit looked at last", _last("unfinished"),
         """You look at the gradient last. It comes first: if the fit is not finished, no other
         figure means anything."""),
        ("fit not looked at", _without("unfinished"),
         """You never ask whether the fit was finished, or with a bound that never holds. It is the
         commonest cause, and the one that spoils all the other figures."""),
        ("chance not looked at", _without("unrelated"),
         "The slope of a cloud is noise. Ask first whether r is more than chance, 2/sqrt(k)."),
        ("offset not looked at", _without("offset"),
         """The intercept is not looked at, or with a bound that never holds. r and the slope cannot
         see what all points share."""),
        ("r before the fit", _first(("unrelated", "unfinished", "sign", "factor", "offset",
                                     "leverage")),
         """Both hold there, and the gradient stands above r: if the fit is not finished, r means
         nothing either."""),
        ("leverage before the factor", _first(("unfinished", "unrelated", "sign", "leverage",
                                               "factor", "offset")),
         """Every slope above 3 is above 1.05, too, so what you call leverage is a lost factor: it
         stands above, and so does the offset."""),
        ("last that holds", _first(_NAMES[-2::-1]),
         """You return the last name that holds: a later `if` overwrites what an earlier one found.
         Asked is the first, so return at once, or use `elif`."""),
        ("slope before r", _first(("unfinished", "sign", "factor", "unrelated", "offset",
                                   "leverage")),
         """You judge the slope before r. Where r is chance the slope is, too: look at r first."""),
        ("leverage before the offset", _first(("unfinished", "unrelated", "sign", "factor",
                                               "leverage", "offset")),
         "Both hold there, and the offset stands above: return the first name that holds."),
        ("offset before the slope", _first(("unfinished", "unrelated", "offset", "sign", "factor",
                                            "leverage")),
         """Both hold there, and sign and factor stand above the offset: return the first name that
         holds."""),
        ("factor before the sign", _first(("unfinished", "unrelated", "factor", "sign", "offset",
                                           "leverage")),
         "Both hold there, and the sign stands above: return the first name that holds."),
        ("all that hold", lambda r, slope, intercept, spread, gradient, share, k: tuple(
            name for name, holds in _tests(
                r, slope, intercept, spread, gradient, share, k).items() if holds),
         "You return all that hold. Asked is the first name, from above."),
    ),
)
def what_is_broken(r, slope, intercept, spread, gradient, share, k):
    """The first name that holds, such as "unfinished"; "agreement" if none does."""
    if gradient > 0.01 * share:
        return "unfinished"
    if abs(r) <= 2 / k**0.5:
        return "unrelated"
    if slope < 0:
        return "sign"
    if slope > 3 or slope < 1 / 3:
        return "factor"
    if abs(intercept) > 0.05 * spread:
        return "offset"
    if slope > 1.05:
        return "leverage"
    return "agreement"
