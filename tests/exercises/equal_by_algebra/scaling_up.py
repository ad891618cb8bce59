_DOT = "a'b = b'a"
_SPEED = "the step decides how fast a column gets done, and not where: that is where G is 0"
_TEST = "a test that ends a little sooner or later leaves the same digits"
_LABEL = "a label is -1 or +1"

EQUAL = {
    "solve_without": {
        "return P + u * c * (P @ x) / (1 - c * (x @ u))": _DOT,
        "return P + u * c * (x @ P) / (1 - c * (u @ x))": _DOT,
    },
    "blocked_hvp": {"n = len(c)": "X and c have as many rows"},
    "leave_one_out_together": {
        **{
            f"for _ in range({count}):": "all columns are done long before"
            for count in ("60 + 1", "60 - 1", "1, 60", "59", "61", "120")
        },
        "'without at, D, G = (at[~done], D[:, ~done], G[:, ~done])'": (
            "what is done and goes on is written again, as right as before"
        ),
        "D, G = (np.zeros((p, n)), g.T)": _SPEED,
        "D, G = (np.ones((p, n)), -g.T)": _SPEED,
        "left = 1 + a[at] * (x * u).sum(axis=0)": _SPEED,
        "left = 1": _SPEED,
        "left = 2 - a[at] * (x * u).sum(axis=0)": _SPEED,
        "left = 1 - a[at] / (x * u).sum(axis=0)": _SPEED,
        "left = 1 - a[at]": _SPEED,
        "left = 1 - a[at] * (x * u)": _SPEED,
        "left = 1 - a[at] * (x * u).mean(axis=0)": _SPEED,
        "left = 1 - a[at] * (x + u).sum(axis=0)": _SPEED,
        "left = 1 - a[at] * x.sum(axis=0)": _SPEED,
        "left = 1 - a[at] * u.sum(axis=0)": _SPEED,
        "D = D - P - u * a[at] * (x * P).sum(axis=0)": _SPEED,
        "D = D - P - u * a[at] * (x * P).mean(axis=0) / left": _SPEED,
        "ready = done": "a mask of the places in the place of their numbers",
        "changes, at = (np.ones((n, p)), np.arange(n))": "every row is written",
        "done = np.linalg.norm(G, axis=0) < 1e-09 * np.linalg.norm(g[at], axis=1)": _TEST,
        "done = np.linalg.norm(G) <= 1e-09 * np.linalg.norm(g[at], axis=1)": _TEST,
        "done = np.linalg.norm(G, axis=0) <= 1e-09 / np.linalg.norm(g[at], axis=1)": _TEST,
        "done = np.linalg.norm(G, axis=0) <= 1e-09": _TEST,
        "done = np.linalg.norm(G, axis=0) <= 5e-10 * np.linalg.norm(g[at], axis=1)": _TEST,
        "done = np.linalg.norm(G, axis=0) <= 2e-09 * np.linalg.norm(g[at], axis=1)": _TEST,
        "done = np.linalg.norm(G, axis=0) <= 1e-09 * np.linalg.norm(g[at])": _TEST,
        "done = np.linalg.norm(G, axis=0) <= 1e-09 * np.linalg.norm(g[at - 1], axis=1)": _TEST,
        "done = np.linalg.norm(G, axis=0) <= 1e-09 * np.linalg.norm(g[at], axis=-1)": (
            "of two axes, 1 is the last"
        ),
        "g = ((s - (y >= 0)) / n)[:, None] * X": _LABEL,
        "g = ((s - (y > -1)) / n)[:, None] * X": _LABEL,
    },
}
