_TURNED = "q (1 - q) is the same for q and for 1 - q"
_SAME_LENGTH = "X has as many rows as y entries"

EQUAL = {
    "logistic_hvp": {
        "q = 1 / (1 + np.exp(X @ w))": _TURNED,
        "return X.T @ (q * (1 - q) * (X @ v)) / len(X) + l2 * v": _SAME_LENGTH,
    },
    "many": {
        "q = 1 / (1 + np.exp(X @ w))": _TURNED,
        "return X.T @ ((q * (1 - q))[:, None] * (X @ V)) / len(X) + l2 * V": _SAME_LENGTH,
    },
    "hvp": {"return make_jvp(grad(f))(w)(v)[-1]": "a pair has two entries"},
}
