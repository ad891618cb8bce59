EQUAL = {
    "shifted_direction": {
        "return np.linalg.solve(H + tau * np.eye(len(H)), -g)": "H has as many rows as g entries",
        "tau = max(delta - np.linalg.eigvalsh(H)[0], 0.0)": "the larger of two, in either order",
    },
    "backtrack": {
        "while f(x + t * d) > f(x) + c1 * t * (d @ g):": "a'b = b'a",
        "while f(x + t * d) >= f(x) + c1 * t * (g @ d):": (
            "they differ where f is the bound to the last digit, and there rounding decides"
        ),
    },
}
