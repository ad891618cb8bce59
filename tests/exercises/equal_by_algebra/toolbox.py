_SUMS_TO_0 = "p sums to 0, so that a constant added to truth does not count"

EQUAL = {
    "slope_on_loglog": {"keep = (x <= high) & (x >= low)": "both, in either order"},
    "taylor_remainders": {
        "change = [f(x + h * d) for h in hs] - f(x)": "a list minus NumPy's number is an array",
        "first = change - hs * (d @ g(x))": "a'b = b'a",
        "second = first - hs ** 2 / 2 * (H(x) @ d @ d)": "d'H d = (H d)'d",
        "second = first - hs ** 2 / 2 * (d @ (d @ H(x)))": "H is symmetric",
        "second = hs ** 2 / 2 * (d @ H(x) @ d) - first": "its absolute value is returned",
    },
    "is_positive_definite": {
        "return bool(np.linalg.eigvals(H).min() > 0)": "H is symmetric: its eigenvalues are real",
        "return np.linalg.eigvalsh(H).min() > 0": "NumPy's True is read as True",
    },
    "agreement": {
        "slope = (truth - truth.mean()) @ p / (p @ p)": "a'b = b'a",
        "slope = p @ (truth + truth.mean()) / (p @ p)": _SUMS_TO_0,
        "slope = p @ (truth - pred.mean()) / (p @ p)": _SUMS_TO_0,
        "slope = p @ (truth - truth.sum()) / (p @ p)": _SUMS_TO_0,
        "slope = p @ truth / (p @ p)": _SUMS_TO_0,
    },
}
