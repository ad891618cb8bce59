_SAME_LENGTH = "S and Y have the same length"
_COMMUTES = "a'b = b'a"
_EDGE = "they differ where both sides are one number, and there rounding decides"

EQUAL = {
    "secant_residual": {"return y @ B - s": "B is symmetric"},
    "curvature_after": {"sy = (g_new - g) @ s": _COMMUTES},
    "bfgs_update": {
        "sy = y @ s": _COMMUTES,
        "V = np.outer(s, y) / sy - np.eye(len(s))": "V stands twice, and its sign with it",
        "V = np.eye(len(B)) - np.outer(s, y) / sy": "B has as many rows as s entries",
        "V = np.eye(len(y)) - np.outer(s, y) / sy": "y is as long as s",
    },
    "satisfies_wolfe": {
        "slope, slope_end = (d @ grad(x), grad(x + t * d) @ d)": _COMMUTES,
        "slope, slope_end = (grad(x) @ d, d @ grad(x + t * d))": _COMMUTES,
        "return f(x + t * d) < f(x) + c1 * t * slope and slope_end >= c2 * slope": _EDGE,
        "return f(x + t * d) <= f(x) + c1 * t * slope and slope_end > c2 * slope": _EDGE,
    },
    "two_loop": {
        "q, alpha = (g, np.zeros(len(S)))": "q - alpha y is a new array: nothing is written into g",
        "q, alpha = (g.copy(), np.ones(len(S)))": "each alpha is set before it is read",
        "q, alpha = (g.copy(), np.zeros(len(S) + 1))": "the one too many is never read",
        "q, alpha = (g.copy(), np.zeros(len(Y)))": _SAME_LENGTH,
        "for i in reversed(range(len(Y))):": _SAME_LENGTH,
        "for i in range(len(Y)):": _SAME_LENGTH,
        "alpha[i] = q @ S[i] / (S[i] @ Y[i])": _COMMUTES,
        "alpha[i] = S[i] @ q / (Y[i] @ S[i])": _COMMUTES,
        "r = Y[-1] @ S[-1] / (Y[-1] @ Y[-1]) * q": _COMMUTES,
        "beta = r @ Y[i] / (S[i] @ Y[i])": _COMMUTES,
        "beta = Y[i] @ r / (Y[i] @ S[i])": _COMMUTES,
    },
}
