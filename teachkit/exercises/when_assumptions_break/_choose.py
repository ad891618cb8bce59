"""11.3: a damping out of a sweep."""

from __future__ import annotations

import numpy as np

from .. import exercise


def _cases() -> list[tuple]:
    # The best r stands at a damping that is too small; all of them too small; none needed; dampings
    # in no order; r below 0. None lifts to |low| exactly, where rounding would decide, but 0 does.
    lams = np.array([0.0, 0.05, 0.105, 0.13, 0.17, 0.25, 0.4, 0.8])
    r = np.array([0.1, 0.3, 0.95, 0.9, 0.85, 0.8, 0.7, 0.75])
    return [
        (-0.1, lams, r),
        (-0.6, lams, r[::-1]),
        (0.25, lams, r[::-1]),
        (-0.06, lams[[6, 2, 7, 1, 3, 0]], np.array([0.5, 0.85, 0.4, 0.95, 0.6, 0.2])),
        (-0.15, lams[2:], np.array([-0.7, 0.9, -0.1, -0.9, -0.2, -0.5])),
        (0.07, np.array([0.3, 0.0, 0.09]), np.array([0.5, 0.8, 0.6])),
        (-0.04, np.array([0.09, 0.07, 0.6]), np.array([0.3, 0.9, 0.2])),
    ]


def _any_sweep(draw):
    k = draw.whole(1, 6)
    lams = draw.numbers(k, low=0.0, high=1.0)
    lams[draw.index(k)] = draw.pick(0.0, 0.5)
    r = draw.numbers(k, low=-1.0, high=1.0)
    gaps = np.abs(np.subtract.outer(r, r))[~np.eye(k, dtype=bool)]
    low = draw.pick(draw.number(-0.6, 0.0), draw.number(0.01, 0.4), -0.25)
    if (gaps < 1e-6).any() or (np.abs(lams + 2 * low) < 1e-6).any():
        return None
    return low, lams, r


def _best(good, lams, r, low):
    """The damping of the largest r among the good ones; without any, three times |low|."""
    return lams[good][r[good].argmax()] if good.any() else 3 * abs(low)


@exercise(
    "11.3",
    "Choose a damping",
    prompt="""`low` is the smallest eigenvalue of H. `lams`, (k,), are dampings that were tried, in
    any order, and `r`, (k,), is how well the predictions of each correlated with the truth for a
    few points. Return the damping with the largest r among those that lift the smallest eigenvalue
    enough: `low` + lam must be at least |`low`|. If none does, return 3 |`low`|, the next one to
    try.""",
    minutes=5,
    difficulty=2,
    cases=_cases,
    draw=_any_sweep,
    hints=(
        "What does low + lam >= |low| ask of lam when low is negative? And when it is positive?",
        "A mask picks out the dampings that will do: `good = low + lams >= abs(low)`.",
        "`r[good].argmax()` is a place among the good ones, so look it up in `lams[good]`.",
    ),
    explanation="""For a negative `low` this means lam >= 2 |low|; for a positive one everything
    will do, no damping at all included. Why the margin? With lam = 1.1 |low| that eigenvalue
    becomes |low|/10, and whatever a gradient has along that direction is multiplied by ten over
    |low|: the prediction speaks of hardly anything else. A large r there, on a few points, is
    luck.""",
    mistakes=(
        ("no margin", lambda low, lams, r: lams[r.argmax()],
         """You took the largest r of all. Some of these dampings leave H without enough curvature
         along its lowest direction: first ask low + lam >= |low|."""),
        ("tested at the end", lambda low, lams, r: (
            lams[r.argmax()] if low + lams[r.argmax()] >= abs(low) else 3 * abs(low)),
         """You take the largest r of all and test its damping then. Where that one lifts too little
         another may lift enough: test all of them first, and take the largest r among the good
         ones."""),
        ("starts at r = 0", lambda low, lams, r: (
            _best((low + lams >= abs(low)) & (r > 0), lams, r, low)),
         """A damping whose r is 0 or less never wins in yours, as in a loop that begins with
         `best = 0`. The largest r may be negative: begin with -np.inf."""),
        ("just positive", lambda low, lams, r: _best(low + lams > 0, lams, r, low),
         lambda low, lams, r: _best(low + lams >= 0, lams, r, low),
         """You ask for low + lam > 0, just positive definite. A smallest eigenvalue next to 0 is
         the worst of all: its direction fills the whole answer. Ask for |low| at least."""),
        ("10% more", lambda low, lams, r: _best(lams >= 1.1 * abs(low), lams, r, low),
         lambda low, lams, r: _best(lams >= -1.1 * low, lams, r, low),
         lambda low, lams, r: _best(lams >= 1.5 * abs(low), lams, r, low),
         lambda low, lams, r: _best(lams >= -1.5 * low, lams, r, low),
         """Your margin is smaller than the one asked for: low + lam >= |low| is lam >= 2 |low| for
         a negative `low`."""),
        ("lam beyond |low|", lambda low, lams, r: _best(lams >= abs(low), lams, r, low),
         lambda low, lams, r: _best(lams > abs(low), lams, r, low),
         """You compare lam with |low|. What counts is the eigenvalue after lifting, low + lam, and
         for a positive `low` no damping is needed at all."""),
        ("2 |low| always", lambda low, lams, r: _best(lams >= 2 * abs(low), lams, r, low),
         """Right for a negative `low`. For a positive one H is good as it is, and you ask for a
         damping nevertheless: low + lam >= |low| is the condition for both."""),
        ("3 |low|", lambda low, lams, r: _best(lams >= 3 * abs(low), lams, r, low),
         lambda low, lams, r: _best(lams >= -3 * low, lams, r, low),
         """You admit dampings from 3 |low| on. That is where to look next if none will do; one will
         do from low + lam >= |low| on."""),
        ("place among all", lambda low, lams, r: (
            lams[r[low + lams >= abs(low)].argmax()]
            if (low + lams >= abs(low)).any() else 3 * abs(low)),
         """`r[good].argmax()` counts among the good ones only, and you look up that place among all
         dampings. Look it up in `lams[good]`."""),
        ("0 for the others", lambda low, lams, r: (
            lams[(r * (low + lams >= abs(low))).argmax()]
            if (low + lams >= abs(low)).any() else 3 * abs(low)),
         """You put 0 in the place of each r that does not count. That is larger than a negative r,
         so a damping that is too small wins where the others are negative. Leave them out,
         `lams[good]` and `r[good]`, or put -np.inf there."""),
        ("the index", lambda low, lams, r: np.where(low + lams >= abs(low), r, -np.inf).argmax(),
         lambda low, lams, r: r.argmax(),
         "This is an index, the place of the best one. Asked is the damping there."),
        ("the r", lambda low, lams, r: max(r[low + lams >= abs(low)], default=3 * abs(low)),
         "This is the largest r. Asked is the damping that has it."),
        ("the smallest that will do", lambda low, lams, r: (
            min(lams[low + lams >= abs(low)], default=3 * abs(low))),
         """You took the smallest damping that lifts enough. Among those r decides."""),
        ("the largest", lambda low, lams, r: lams.max(),
         lambda low, lams, r: max(lams[low + lams >= abs(low)], default=3 * abs(low)),
         """You took the largest damping. It makes H safest and the answer poorest: lam I in the
         place of H. Among those that will do, r decides."""),
        ("largest in size", lambda low, lams, r: _best(low + lams >= abs(low), lams, abs(r), low),
         """You took the r that is largest in size. An r of -.9 is a prediction with the wrong sign,
         worse than none."""),
        ("smallest r", lambda low, lams, r: _best(low + lams >= abs(low), lams, -r, low),
         "This is the damping with the smallest r. The largest is asked for: argmax."),
        ("nothing else to try", lambda low, lams, r: (
            _best(low + lams >= abs(low), lams, r, low) if (low + lams >= abs(low)).any()
            else lams[r.argmax()]),
         lambda low, lams, r: (
            _best(low + lams >= abs(low), lams, r, low) if (low + lams >= abs(low)).any()
            else lams.max()),
         """Where no damping lifts enough you take one of them all the same. Then 3 |low| is asked
         for, the next one to try."""),
        ("another one to try", lambda low, lams, r: (
            _best(low + lams >= abs(low), lams, r, low) if (low + lams >= abs(low)).any()
            else 2 * abs(low)),
         lambda low, lams, r: (
            _best(low + lams >= abs(low), lams, r, low) if (low + lams >= abs(low)).any()
            else 3 * low),
         "Where no damping lifts enough, 3 |low| is asked for: three times its size."),
        ("more than", lambda low, lams, r: _best(low + lams > abs(low), lams, r, low),
         """You ask for more than |low|. At least |low| will do: >=, so that the damping 0
         is let in where `low` is positive."""),
    ),
)
def choose_damping(low, lams, r):
    """The damping of the largest r with low + lam >= |low|; 3 |low| if there is none."""
    good = low + lams >= abs(low)
    if not good.any():
        return 3 * abs(low)
    return lams[good][r[good].argmax()]
