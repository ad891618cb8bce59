"""13.6: a bug hunt: an attack that leaves its budget."""

from __future__ import annotations

import numpy as np

from .. import exercise
from .._slips.logistic import fit, hessian, sigma
from ._problems import push_of

WRONG = '''def moved_image(X, y, i, x_test, y_test, l2, step, budget, steps):
    """Image i, (d,), after the attack; X is (n, d), x_test is (d,)."""
    n, d = X.shape
    X = X.copy()
    x0 = X[i]
    for _ in range(steps):
        theta = np.zeros(d)
        for _ in range(12):
            q = 1 / (1 + np.exp(y * (X @ theta)))
            H = (X.T * (q * (1 - q))) @ X / n + l2 * np.eye(d)
            theta = theta - np.linalg.solve(H, l2 * theta - (y * q) @ X / n)
        q_test = 1 / (1 + np.exp(y_test * (x_test @ theta)))
        s = np.linalg.solve(H, -y_test * q_test * x_test)
        g = y[i] * q[i] * s - q[i] * (1 - q[i]) * (X[i] @ s) * theta
        moved = X[i] + step * g
        near = np.clip(moved, x0 - budget, x0 + budget)
        X[i] = np.clip(near, 0, 1)
    return X[i]
'''


def _cases() -> list[tuple]:
    # Some pixels end at the budget, some at 0 or 1, and some between; the last has to be trained
    # for longer than the others.
    made = []
    for seed, n, l2, i, step, budget, steps in (
        (3, 7, 0.02, 3, 0.05, 0.25, 5),
        (9, 7, 0.02, 3, 0.05, 0.24, 5),
        (17, 5, 0.02, 4, 0.04, 0.2, 5),
        (43, 7, 0.02, 3, 0.05, 0.22, 5),
        (17, 5, 0.001, 3, 0.05, 0.25, 5),
    ):
        random = np.random.default_rng(seed)
        X, x_test = (0.2 + 0.6 * random.random((n, 4))).round(2), random.random(4).round(2)
        y = np.resize([1.0, -1.0, -1.0, 1.0], n)
        made.append((X, y, i, x_test, 1.0 - 2.0 * (seed % 2 == 0), l2, step, budget, steps))
    return made


def _stepped(x0, x, g, step, budget):
    return np.clip(np.clip(_along(x, g, step), x0 - budget, x0 + budget), 0, 1)


def _along(x, g, step):
    return x + step * g


def _any_attack(draw):
    n, d = draw.whole(3, 7), draw.whole(1, 4)
    X, y, i = draw.numbers(n, d, low=0.0, high=1.0), draw.labels(n), draw.index(n)
    x_test, y_test = draw.numbers(d, low=0.1, high=1.0), draw.pick(-1.0, 1.0)
    l2, budget = draw.number(0.02, 0.5), draw.number(0.05, 0.3)
    step, steps = draw.number(0.02, 0.1), draw.whole(1, 5)
    for _, g in _path(X, y, i, x_test, y_test, l2, step, budget, steps):
        if np.linalg.norm(g) < 1e-3:
            return None
    return X, y, i, x_test, y_test, l2, step, budget, steps


def _path(X, y, i, x_test, y_test, l2, step, budget, steps, move=None):
    """(image, push) before each step, and the image at the end with the last push."""
    move = move or (lambda x0, x, g: _stepped(x0, x, g, step, budget))
    X = X.copy()
    x0, walked = X[i].copy(), []
    for _ in range(steps):
        g = push_of(X, y, fit(X, y, l2), l2, i, x_test, y_test)
        walked.append((X[i].copy(), g))
        X[i] = move(x0, X[i].copy(), g)
    return [*walked, (X[i].copy(), g)]


def _end(move=None, pick=-1):
    """The image at the end of a path whose moves know x0, x, g, step and budget."""

    def of(X, y, i, x_test, y_test, l2, step, budget, steps):
        at = (lambda x0, x, g: move(x0, x, g, step, budget)) if move else None
        return _path(X, y, i, x_test, y_test, l2, step, budget, steps, at)[pick][0]

    return of


def _end_of(steps):
    """The image after so many steps."""

    def of(X, y, i, x_test, y_test, l2, step, budget, all_steps):
        return _path(X, y, i, x_test, y_test, l2, step, budget, steps)[-1][0]

    return of


def _in_parts(walks):
    """With the budget divided by the steps, in a box that walks along or stays."""

    def of(X, y, i, x_test, y_test, l2, step, budget, steps):
        def move(x0, x, g):
            return _stepped(x if walks else x0, x, g, step, budget / steps)

        return _path(X, y, i, x_test, y_test, l2, step, budget, steps, move)[-1][0]

    return of


def _signed(first, second, walks):
    """With the terms of g times these signs, in a box that walks along or stays."""

    def of(X, y, i, x_test, y_test, l2, step, budget, steps):
        X = X.copy()
        x0 = X[i].copy()
        for _ in range(steps):
            theta = fit(X, y, l2)
            q = sigma(-y[i] * (X[i] @ theta))
            g_test = -y_test * sigma(-y_test * (x_test @ theta)) * x_test
            s = np.linalg.solve(hessian(X, y, theta, l2), g_test)
            g = first * y[i] * q * s - second * q * (1 - q) * (X[i] @ s) * theta
            X[i] = _stepped(X[i] if walks else x0, X[i], g, step, budget)
        return X[i]

    return of


def _last_along(X, y, i, x_test, y_test, l2, step, budget, steps):
    x, g = _path(X, y, i, x_test, y_test, l2, step, budget, steps)[-2]
    return _along(x, g, step)


def _frozen(X, y, i, x_test, y_test, l2, step, budget, steps):
    x, g = _path(X, y, i, x_test, y_test, l2, step, budget, 1)[0]
    x0 = x
    for _ in range(steps):
        x = _stepped(x0, x, g, step, budget)
    return x


@exercise(
    "13.6",
    "A bug hunt",
    prompt="""This function runs, and it is wrong: one line is not what it should be. It is the
    whole attack on training image `i`: in each step it trains the model, computes I_pert,loss
    and moves the image by `step` times it, each pixel at most `budget` from
    where they began. With one step its image is right. With many, pixels end two and three
    budgets from where they began: who looked at the images would see it, and any figure of
    flipped predictions would be too good. Mend it.""",
    minutes=6,
    difficulty=2,
    cases=_cases,
    draw=_any_attack,
    draws=25,
    stub=WRONG,
    hints=(
        "The training is right, and so is g. Which lines see to it that the budget is kept?",
        """Print `x0` in each round. It is where the image began: should it change?""",
        """In NumPy, is one row of an array a copy, or the row itself? What happens to `x0` when the
        loop's last line writes into that row?""",
    ),
    explanation="""`x0 = X[i]` is a view: it shows the row itself, and when the row is written,
    x0 has changed with it. So the box walked along with the image, and the budget held for each
    step alone. `X[i].copy()` keeps the start. What gave it away was a thing that every right
    answer has: no pixel is further from its start than the budget. Such a check belongs beside
    each attack.""",
    mistakes=(
        ("box walks along",
         _end(lambda x0, x, g, step, budget: _stepped(x, x, g, step, budget)),
         """These are still the images of the function as it was given: pixels leave the budget. See
         what `x0` is in the second round."""),
        ("by signs, and the box walks along", _end(lambda x0, x, g, step, budget: np.clip(np.clip(
            x + step * np.sign(g), x - budget, x + budget), 0, 1)),
         """You step by the signs of g now. That line was right, and what is wrong is still there:
         pixels leave the budget. See what `x0` is in the second round."""),
        ("downhill, and the box walks along",
         _end(lambda x0, x, g, step, budget: _stepped(x, x, -g, step, budget)),
         """You have turned the sign of g, or of s, and the image moves the other way. It was right,
         and what is wrong is still there: see what `x0` is in the second round."""),
        ("budget in parts", _in_parts(walks=True), _in_parts(walks=False),
         """You divide the budget by the steps. So it is kept, and an image that has used its part
         may not go on, though the budget is that of the whole way: that line was right. See what
         `x0` is in the second round."""),
        ("no box", _end(lambda x0, x, g, step, budget: _along(x, g, step)),
         """Nothing is clipped in yours: neither the budget nor 0 to 1 is kept. The two lines were
         right, but for what x0 holds."""),
        ("budget for all pixels from 0", _end(lambda x0, x, g, step, budget: np.clip(
            _along(x, g, step), 0, budget)),
         "Your pixels end between 0 and the budget. The box lies round where the image began."),
        ("not below 0 and above 1", _end(lambda x0, x, g, step, budget: np.clip(
            _along(x, g, step), x0 - budget, x0 + budget)),
         "The budget is kept now, but pixels leave 0 to 1. That line was right."),
        ("from the start in each step",
         _end(lambda x0, x, g, step, budget: _stepped(x0, x0, g, step, budget)),
         """Each step starts at x0 in yours, or at a row that is never written, and the image never
         goes further than one step. The step starts at `X[i]`, where the last has led; x0 is for
         the box alone."""),
        ("push of the beginning", _frozen,
         """Each of your steps takes the g of the beginning. Either it is computed before the loop,
         or the image that moves is another than `X[i]`, and the model never sees it: what is moved
         has to be written into X, and then the model is trained again."""),
        ("downhill", _end(lambda x0, x, g, step, budget: _stepped(x0, x, -g, step, budget)),
         "The image moves the other way in yours. The sign of g was right."),
        ("by signs", _end(lambda x0, x, g, step, budget: np.clip(np.clip(
            x + step * np.sign(g), x0 - budget, x0 + budget), 0, 1)),
         "You step by the signs of g, as in 13.1. Here the step is along g: that line was right."),
        ("one step fewer", _end(pick=-2), "Your loop takes one step fewer than `steps`."),
        ("another g", _signed(-1, 1, walks=True), _signed(-1, 1, walks=False),
         _signed(1, -1, walks=True), _signed(1, -1, walks=False),
         """You have changed a sign in g. Both of its terms were right; look for the line that lets
         pixels leave the budget."""),
        ("not clipped at the end", _last_along,
         """This is the image before it is clipped in the last round. Return `X[i]`, which is
         within the budget."""),
        ("first step alone", _end_of(1),
         "This is the image after one step. Return it when the loop has ended."),
        ("not moved", _end(pick=0),
         """The image comes back as it was. Perhaps the moved pixels are written into a copy of
         the row and not into X."""),
        ("the change", lambda X, y, i, x_test, y_test, l2, step, budget, steps: (
            _path(X, y, i, x_test, y_test, l2, step, budget, steps)[-1][0] - X[i]),
         "This is by how much the image has moved. Asked is the image."),
    ),
)  # fmt: skip
def moved_image(X, y, i, x_test, y_test, l2, step, budget, steps):
    """Image i, (d,), after the attack; X is (n, d), x_test is (d,)."""
    n, d = X.shape
    X = X.copy()
    x0 = X[i].copy()
    for _ in range(steps):
        theta = np.zeros(d)
        for _ in range(12):
            q = 1 / (1 + np.exp(y * (X @ theta)))
            H = (X.T * (q * (1 - q))) @ X / n + l2 * np.eye(d)
            theta = theta - np.linalg.solve(H, l2 * theta - (y * q) @ X / n)
        q_test = 1 / (1 + np.exp(y_test * (x_test @ theta)))
        s = np.linalg.solve(H, -y_test * q_test * x_test)
        g = y[i] * q[i] * s - q[i] * (1 - q[i]) * (X[i] @ s) * theta
        moved = X[i] + step * g
        near = np.clip(moved, x0 - budget, x0 + budget)
        X[i] = np.clip(near, 0, 1)
    return X[i]
