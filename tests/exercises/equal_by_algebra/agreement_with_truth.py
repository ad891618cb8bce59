_DOT = "a'b = b'a"
_LONG = "X and y have the same length"
_LABEL = "1/y = y for a label -1 or +1"
_BOUND = "no case lies on the bound, where rounding would decide"

EQUAL = {
    "leave_out": {
        "new = theta": "new is made anew in each step, and theta is not written to",
        **{
            f"for _ in range({count}):": "nine steps are enough, and more do no harm"
            for count in ("10 + 1", "10 - 1", "1, 10", "9", "11", "20")
        },
        "slope = -(w / y * s) @ X / n + l2 * new": _LABEL,
    },
    "nothing_removed": {
        "new = theta": "new is made anew in each step, and theta is not written to",
        **{
            f"for k in range({count}):": "nineteen steps are enough, and more do no harm"
            for count in ("20 + 1", "20 - 1", "19", "21", "40")
        },
        **{
            f"new = new - np.linalg.solve(X.T * {c} @ X / n + l2 * np.eye(p), slope)": (
                "a stiffer H makes shorter steps, to the same minimum"
            )
            for c in ("s", "(s * 1)")
        },
        "return (first, np.linalg.norm(theta - new))": "a vector and its opposite are as long",
    },
    "leverage": {
        "return c[i] * (np.linalg.solve(H, X[i]) @ X[i]) / len(y)": _DOT,
        "return c[i] * (X[i] @ np.linalg.solve(H, X[i])) / len(X)": _LONG,
        "H = X.T * c @ X / len(X) + l2 * np.eye(len(theta))": _LONG,
    },
    "what_is_broken": {
        "if gradient >= 0.01 * share:": _BOUND,
        "if abs(r) < 2 / k ** 0.5:": _BOUND,
        "if slope <= 0:": _BOUND,
        "if abs(intercept) >= 0.05 * spread:": _BOUND,
        "if slope >= 1.05:": _BOUND,
        "if slope >= 3 or slope < 1 / 3:": _BOUND,
        "if slope > 3 or slope <= 1 / 3:": _BOUND,
        "if r < 0:": "r and the slope have the same sign",
    },
    "group_step": {"pull = -(leaves / y / (1 + np.exp(m))) @ X / n": _LABEL},
    "rescaled": {"h = c[i] * (np.linalg.solve(H, X[i]) @ X[i]) / n": _DOT},
}
