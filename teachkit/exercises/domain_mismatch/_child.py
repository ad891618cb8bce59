"""14.1: the test child to ask about."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part


def _patients() -> list[tuple]:
    X = np.array([
        [0.3, -1.2, 1.0], [2.1, 0.4, 1.0], [-0.7, 0.9, 1.0], [1.6, 1.1, 1.0],
        [0.8, -0.5, 1.0], [-1.9, 2.2, 1.0], [1.2, 1.5, 1.0], [0.5, 0.2, 1.0],
    ])  # fmt: skip
    y = np.array([-1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0])
    is_child = np.array([False, False, True, True, True, True, True, True])
    return [
        # An older one is more wrong, and so is one in hospital.
        (X, y, np.array([1.0, 0.7, -0.9]), is_child),
        (X, y, np.array([-1.1, -0.4, 1.4]), is_child),
        (X[::-1], y[::-1], np.array([-1.0, 0.1, -1.0]), is_child[::-1]),  # all healthy ones right
        (X, -y, np.array([0.6, -0.8, 0.2]), ~is_child),
        (X, -np.ones(8), np.array([0.4, 1.2, -0.3]), is_child),  # several, the worst in the middle
        (X, y, np.array([0.2, 0.14, -0.18]), is_child),  # P between 1/2 and sigma(1/2)
    ]


def _any_patients(draw):
    m, p = draw.whole(1, 8), draw.whole(1, 3)
    X, theta = draw.numbers(m, p), draw.numbers(p)
    y = np.array([draw.pick(-1.0, -1.0, 1.0) for _ in range(m)])
    is_child = np.array([draw.chance(0.6) for _ in range(m)])
    scores = X @ theta
    apart = np.abs(np.subtract.outer(scores, scores))[~np.eye(m, dtype=bool)]
    if (apart < 1e-6).any() or (np.abs(scores) < 1e-6).any():
        return None
    return X, y, theta, is_child


def _worst(scores, asked):
    """The place of the largest score among those asked about, or -1."""
    return int(np.argmax(np.where(asked, scores, -np.inf))) if asked.any() else -1


def _if_asked(row, asked):
    return int(row) if asked[row] else -1


ASKED = part(
    lambda y, scores, is_child: is_child & (y < 0) & (scores > 0),
    ("older patients too", lambda y, scores: (y < 0) & (scores > 0),
     """You look among all patients. Whether the training set has gone wrong about children, a child
     can tell: `is_child` is not in your choice."""),
    ("labels not looked at", lambda scores, is_child: is_child & (scores > 0),
     """You take children whom the model expects in hospital, whether they were there or not. It is
     wrong about those with y = -1 alone."""),
    ("in hospital", lambda y, scores, is_child: is_child & (y > 0) & (scores > 0),
     lambda y, scores, is_child: is_child & (y > 0) & (scores < 0),
     lambda y, is_child: is_child & (y > 0),
     "You look among the children who were in hospital, y = +1. Healthy ones have y = -1."),
    ("right ones", lambda y, scores, is_child: is_child & (y < 0) & (scores < 0),
     """The model is right about this child. Influences on it are there as well, only smaller; but
     what is to be explained is a mistake: x'theta > 0 though y = -1."""),
    ("1/2 for the score", lambda y, scores, is_child: is_child & (y < 0) & (scores > 0.5),
     """1/2 is where P turns, and in yours it is compared with the score: x'theta turns at 0, since
     sigma(0) = 1/2."""),
    ("none is wrong", lambda y, is_child: is_child & (y < 0),
     """Where the model is right about all healthy children, you name one of them all the same.
     Then -1 is asked for."""),
)


@exercise(
    "14.1",
    "Which child to ask about",
    prompt="""`X`, (m, p), and `y`, (m,), are test patients, +1 in hospital and -1 not;
    `is_child`, (m,), is a mask: True for children. The model says "in hospital" where x'theta > 0.
    Return the row of the healthy child about whom it is most wrong: of the children with y = -1
    that it expects in hospital, the one with the largest P(in hospital). Return -1 if there is
    none.""",
    minutes=4,
    difficulty=1,
    cases=_patients,
    draw=_any_patients,
    hints=(
        "Three things have to be true of a row. Write them as a mask each, and join them with `&`.",
        """P grows with x'theta, so the largest score will do. `np.flatnonzero(mask)` are the rows
        where the mask is True.""",
        """`np.argmax(scores[mask])` counts among those that the mask leaves over. Look that place
        up among the rows.""",
    ),
    explanation="""The slide says "a random test point that model got wrong"; in the paper it is a
    random *child*. Of older patients a model is wrong about many, for many reasons. Any wrong child
    would do. For the one of the largest loss nearly all influences are large: the factor
    sigma(-m_test) stands before each of them. Nearness, x_test'H^-1 x_i, has a say as well.""",
    answer=formula(
        _worst,
        scores=part(
            lambda X, theta: X @ theta,
            ("the least wrong", lambda X, theta: np.where(X @ theta > 0, 20 - X @ theta, -30),
             """This is the child with the *smallest* P above 1/2, the one about whom the model is
             least wrong."""),
            ("the first", lambda X, theta: np.where(X @ theta > 0, -np.arange(len(X)), -99),
             lambda X, theta: np.where(X @ theta > 0, np.arange(len(X)), -99),
             "This is the first or the last of these children. Among them the largest P decides."),
        ),
        asked=ASKED.at(scores=lambda X, theta: X @ theta),
    ),
    mistakes=(
        ("place among the chosen", lambda scores, asked: (
            int(np.argmax(scores[asked])) if asked.any() else -1),
         """This is the place among the children chosen, not in X: `np.argmax(scores[mask])` counts
         what the mask has left over. Look it up in `np.flatnonzero(mask)`."""),
        ("surely healthy", lambda y, scores, is_child: (
            _worst(-scores, is_child & (y < 0) & (scores < 0))),
         """The model says of this child that it is healthy, and rightly: its x'theta is the most
         negative. It says "in hospital" where x'theta > 0."""),
        ("far on either side", lambda y, scores, is_child: (
            _worst(abs(scores), is_child & (y < 0))),
         """You take the largest |x'theta|. Far on the negative side the model is sure that a child
         is healthy, and right."""),
        ("any mistake", lambda X, y, theta, is_child: _worst(-y * (X @ theta),
                                                          is_child & (y * (X @ theta) < 0)),
         """You take the child with the largest loss of either kind. A child in hospital whom the
         model thinks healthy is another mistake: asked is a healthy one."""),
        ("conditions after the maximum",
         lambda scores, asked: _if_asked(np.argmax(scores), asked),
         lambda scores, asked, is_child: _if_asked(_worst(scores, is_child), asked),
         lambda scores, asked, y: _if_asked(_worst(scores, y < 0), asked),
         """You take the maximum first and ask then whether it is such a child. If somebody else has
         it, a wrong child further down is not found: the mask comes before `argmax`."""),
        ("empty case forgotten",
         lambda scores, asked: int(np.argmax(scores * asked)),
         lambda scores, y, is_child: int(np.argmax(scores * (is_child & (y < 0)))),
         """Right while there is such a child. Where there is none, `argmax` names a row all the
         same (of nothing but zeros, the first): ask `mask.any()` before, and return -1."""),
        ("the score", lambda scores, asked: max(scores[asked], default=-1),
         lambda scores, asked: max(1 / (1 + np.exp(-scores[asked])), default=-1),
         "This is the score, or P. Asked is the row where it stands."),
        ("all of them", lambda asked: np.flatnonzero(asked),
         "These are all of them. Asked is one: of the largest P."),
    ),
)
def choose_child(X, y, theta, is_child):
    """Row of the healthy child (y = -1) that is most wrongly expected in hospital, or -1."""
    scores = X @ theta
    rows = np.flatnonzero(is_child & (y < 0) & (scores > 0))
    if len(rows) == 0:
        return -1
    return rows[np.argmax(scores[rows])]
