_DOT = "a'b = b'a"

EQUAL = {
    "found": {"k = round(fraction * len(flipped))": "order and flipped have the same length"},
    "fix_and_retrain": {
        "mended = y": "theta is right; that y of the caller is changed is told, and not solved",
    },
    "own_rise": {
        "after = y * (X * (theta + changes)).sum(axis=-1)": "of two axes, 1 is the last",
    },
    "retrained_rises": {
        "rises = np.ones(n)": "every entry is written in its round",
        "new = theta": "new is made anew in each step, and theta is not written to",
        **{
            f"for _ in range({count}):": "nine steps are enough, and more do no harm"
            for count in ("10 + 1", "10 - 1", "1, 10", "9", "11", "20")
        },
        "before = np.log1p(np.exp(-y[i] * (theta @ X[i])))": _DOT,
        "after = np.log1p(np.exp(-y[i] * (new @ X[i])))": _DOT,
        "slope = -(w / y * s) @ X / n + l2 * new": "1/y = y for a label -1 or +1",
    },
}
