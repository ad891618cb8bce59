EQUAL = {
    "hinge": {"return np.maximum(1 - y * score, 0)": "the larger of two, in either order"},
    "epsilon_insensitive": {
        "return np.maximum(np.abs(f - y) - eps, 0)": "the larger of two, in either order",
        "return np.maximum(0, np.abs(y - f) - eps)": "|a| = |-a|",
    },
    "lda_log_odds": {
        "return (x - (mu1 + mu0) / 2) @ w + np.log(p1 / (1 - p1))": "a'b = b'a",
    },
}
