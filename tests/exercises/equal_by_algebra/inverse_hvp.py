_ANOTHER_NAME = "nothing is changed in place, so a second name is as good as a copy"
_ROUNDS = "CG ends in p rounds but for rounding, and this allows p or more"

EQUAL = {
    "s_test": {
        "s = np.zeros_like(tol)": "0 plus a vector is a vector, and at least one step is taken",
        "r = g": _ANOTHER_NAME,
        "p = r": _ANOTHER_NAME,
        "alpha = rr / (Hp @ p)": "a'b = b'a",
        "if np.sqrt(r @ r) < tol * np.sqrt(g @ g):": "where they are equal, rounding decides",
        "for _ in range(2 * len(g) + 1):": _ROUNDS,
        "for _ in range(2 * len(g) - 1):": _ROUNDS,
        "for _ in range(1, 2 * len(g)):": _ROUNDS,
        "for _ in range(2 + len(g)):": _ROUNDS,
        "for _ in range(len(g)):": _ROUNDS,
        "for _ in range(1 * len(g)):": _ROUNDS,
        "for _ in range(3 * len(g)):": _ROUNDS,
        "for _ in range(4 * len(g)):": _ROUNDS,
        "for _ in range(2 * (len(g) + 1)):": _ROUNDS,
    },
    "safe_scale": {
        "s = 1 / (1 + np.exp(X @ theta))": "s (1 - s) is the same for s and 1 - s",
        "of_each = s * (1 - s) * (X ** 2).sum(axis=-1)": "of two axes the last is 1",
    },
    "cheapest": {
        "costs = {'cholesky': 2 * n * p ** 2 + p ** 3 // 3 + tests * 2 * p ** 2, "
        "'conjugate_gradient': tests * steps * 4 * n * p, 'lissa': tests * depth * 4 * p}": (
            "a third of one multiplication"
        ),
    },
}
