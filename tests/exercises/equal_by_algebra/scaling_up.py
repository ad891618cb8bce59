_DOT = "a'b = b'a"
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
        "D, G = (np.zeros((p, n)), g.T)": "another start: G is computed anew after each step",
        "ready = done": "a mask of the places in the place of their numbers",
        "changes, at = (np.ones((n, p)), np.arange(n))": "every row is written",
        "done = np.linalg.norm(G, axis=0) < 1e-09 * np.linalg.norm(g[at], axis=1)": _TEST,
        "done = np.linalg.norm(G, axis=0) <= 5e-10 * np.linalg.norm(g[at], axis=1)": _TEST,
        "done = np.linalg.norm(G, axis=0) <= 2e-09 * np.linalg.norm(g[at], axis=1)": _TEST,
        "done = np.linalg.norm(G, axis=0) <= 1e-09 * np.linalg.norm(g[at], axis=-1)": (
            "of two axes, 1 is the last"
        ),
        "g = ((s - (y >= 0)) / n)[:, None] * X": _LABEL,
        "g = ((s - (y > -1)) / n)[:, None] * X": _LABEL,
    },
}
